"""Checks of the exercises in 04_dataloaders."""

import math

import numpy as np
import torch
from hypothesis import strategies as st

from helpers.exercises.cases import (
    Code,
    cases,
    choices,
    lists,
    one_of,
    orders,
    sizes,
    tensors,
    ticks,
)
from helpers.exercises.cases import loaders as any_loader
from helpers.exercises.compare import difference, kind, show
from helpers.exercises.core import Facts, call, exercise, expect, take
from helpers.exercises.networks import watch
from helpers.exercises.quiz import Question, Quiz

quiz = Quiz(
    Question(
        right="c",
        reasons={
            "a": "3 batches hold 90 rows. The other 10 make a batch as well.",
            "b": "30 is the number of rows in a batch, not the number of batches.",
            "c": "Three batches of 30 and one of 10: each batch is one step.",
        },
    ),
    Question(
        right="a",
        reasons={
            "a": "Each batch is a step, and each step improves the network a little.",
            "b": "A gradient from 4 rows is less exact than one from all rows, but much cheaper.",
            "c": "An epoch shows every row once, whatever the batch size.",
        },
    ),
    Question(
        right="b",
        reasons={
            "a": "The accuracy compares pairs, and each pair stays together in any order.",
            "b": "Prediction 0 belongs to whichever row came first, not to row 0 of the table.",
            "c": "Measuring changes no weights, in whatever order the rows come.",
        },
    ),
    Question(
        right="a",
        reasons={
            "a": "The same rare rows come again and again: more weight, no new knowledge.",
            "b": "A sampler yields row numbers only. It can make no new rows.",
            "c": "The sampler belongs to one loader, that of the training set.",
        },
    ),
    Question(
        right="c",
        reasons={
            "a": "Starting workers costs more than indexing a small tensor ever will.",
            "b": "An iterable is for data that does not fit or has no row numbers.",
            "c": "It takes each batch with one indexing operation, with no items to join.",
        },
    ),
)


# ---- What several exercises need ------------------------------------------------------------


def parts(value, what, *names):
    """Return a value that must be a tuple or a list, with one part for each name."""
    expect(
        isinstance(value, tuple | list) and len(value) == len(names),
        f"{what} must be ({', '.join(names)}). Yours is {kind(value)}.",
    )
    return value


def items(dataset, source):
    """Return the length and all items of a data set made of source, which must not change."""
    facts = Facts({"the length of the data set": call(lambda: dataset.__len__())})
    for i in (*reversed(range(len(source))), 0):  # in any order, and again
        x, y = parts(call(lambda _, i=i: dataset[i], source), f"item {i}", "x", "y")
        expect(
            y.shape == () and y.dtype == torch.int64
            if isinstance(y, torch.Tensor)
            else isinstance(y, int | np.integer),
            f"y of item {i} must be an int, or an int64 tensor of shape (); yours is {show(y)}.",
        )
        facts |= {f"x of item {i}": x, f"y of item {i}": int(y)}
    return facts


# ---- 1. The largest batch -------------------------------------------------------------------

DTYPES = (
    *(torch.float32, torch.uint8, torch.int64, torch.float64, torch.bfloat16, torch.bool),
    *(torch.int16, torch.int32, torch.int8, torch.complex64, torch.complex128, torch.float16),
)


@cases
def budgets(draw):
    """A shape, a dtype, and a budget that is enough for some items, or just not."""
    shape, dtype = tuple(draw(lists(sizes(1, 9), 1, 7))), draw(one_of(*DTYPES))
    item = math.prod(shape) * dtype.itemsize
    budget = draw(one_of(*range(6), 6643)) * item + draw(one_of(0, 1, -1, item // 2))
    return {"shape": shape, "dtype": dtype, "budget": max(budget, 0)}


@exercise(
    hints=[
        "One item has as many numbers as the product of all sizes in shape: math.prod(shape).",
        "dtype.itemsize is the number of bytes of one number. The bytes of an item are numbers "
        "times itemsize.",
        "budget // bytes_of_an_item counts whole items: // rounds down.",
    ],
    cases=budgets,
    more_cases=(
        {"shape": (3, 224, 224), "dtype": torch.float32, "budget": 10**9},
        {"shape": (4097, 4097), "dtype": torch.uint8, "budget": 4097**2 - 1},
        {"shape": (50_000, 50_001), "dtype": torch.int8, "budget": 10**10},
        {"shape": (1, 2, 1, 1, 1, 2, 1, 1, 1, 1, 3), "dtype": torch.int16, "budget": 30_000_031},
    ),
    examples=120,
    exact_dtype=True,
    mistakes={
        "a part of an item is no item: round down with //.": (
            lambda right, shape, dtype, budget: budget / math.prod(shape) / dtype.itemsize,
            lambda right, shape, dtype, budget: -right(shape, dtype, -budget),
        ),
        "you count numbers, not bytes: one number takes dtype.itemsize bytes.": (
            lambda right, shape, dtype, budget: right(shape, torch.uint8, budget)
        ),
        "you count 4 bytes for each number, but that depends on the dtype: dtype.itemsize.": (
            lambda right, shape, dtype, budget: right(shape, torch.float32, budget)
        ),
    },
)
def memory(largest_batch, shape, dtype, budget):
    """largest_batch(shape, dtype, budget) -> how many whole items fit into budget bytes."""
    answer = call(largest_batch, shape, dtype, budget)
    numpy = isinstance(answer, np.integer)
    expect(not numpy, "yours is a number of NumPy, no plain int: use math.prod, or int(...).")
    return answer


# ---- 2. A data set over a table -------------------------------------------------------------


@cases
def tables(draw):
    """A table with its target last, its rows in any order, and a transform or none."""
    n = draw(sizes(1, 5))
    numbers = {"b": range(-2, 3), "target": range(4)}  # of the other columns: decimals
    names = [*draw(one_of("a", "ba", "acb", "zbya", "b")), "target"]
    columns = {name: draw(choices(numbers.get(name, ticks(-2, 2)), n)) for name in names}
    index = draw(orders(range(n) if n < 5 else (20, 20, 21, 22, 23)))
    change = draw(one_of(None, "2 * x + 1", "x.round()", "x.reshape(-1, 1)", "x > 0"))
    return {
        "table": Code(f"pd.DataFrame({columns}, index={index})"),
        "transform": change and Code(f"lambda x: {change}"),
    }


LARGE = (
    "pd.DataFrame(torch.randn(113, 9).numpy() * 100).add_prefix('x')"
    ".assign(target=300 * torch.arange(113).numpy() - 600)"
)


@exercise(
    hints=[
        "Keep what you need on self in __init__. table.drop(columns='target').to_numpy() are the "
        "measurements, torch.tensor(..., dtype=torch.float32) makes the tensor.",
        "With a tensor self.X, row i is self.X[i]. With the table it is table.iloc[i], by place.",
        "In __getitem__: if self.transform is not None: x = self.transform(x).",
    ],
    cases=tables,
    more_cases=(
        {"table": Code(LARGE), "transform": None},
        {"table": Code(LARGE), "transform": Code("lambda x: x.tolist()")},
    ),
    examples=40,
    exact_dtype=True,
    mistakes={
        "target is still among the features: the network would be given the answer.": (
            lambda right, table, transform=None: right(table.assign(last=table.target), transform)
        ),
        "rows go by their label, the index of the table: item i is the row at place i, .iloc[i].": (
            lambda right, table, transform=None: right(table.loc[range(len(table))], transform)
        ),
        "the result of transform is not used: x = transform(x).": (
            lambda right, table, transform=None: right(
                table, transform and (lambda x: (transform(x), x)[1])
            )
        ),
    },
)
def dataset(FlowerDataset, table, transform):
    """FlowerDataset(table, transform=None) -> a data set of pairs (x, y), row by row."""
    seen = []

    def watched(x):
        seen.append(x)
        return transform(x)

    flowers = call(FlowerDataset, table, **({"transform": watched} if transform else {}))
    calls = {"the number of calls of transform in __init__": len(seen)}
    call(FlowerDataset, table[::-1] + 1)  # made later, it must change nothing
    facts = items(flowers, table)
    calls[f"the number of calls of transform for {len(table) + 1} items"] = len(seen)
    calls["what transform is given for item 0"] = seen[-1] if seen else None
    return Facts(calls | facts)


# ---- 3. Two data sets, one content ----------------------------------------------------------


@cases
def rows(draw):
    """Rows of two or more numbers, the last of them whole."""
    n, columns = draw(sizes(1, 4)), draw(sizes(2, 6))
    X, y = draw(tensors((n, columns - 1))), draw(tensors((n, 1), range(4)))
    return {"data": torch.cat([X, y], dim=1)}


TURNED = "torch.cat([torch.randn(9, 113) * 100, torch.arange(113.0).reshape(1, 113) * 300]).T"


@exercise(
    hints=[
        "Inside a method, data alone is a name of the notebook. What belongs to this object is on "
        "self.",
        "__init__ keeps it: self.data = data. All other methods use self.data.",
    ],
    cases=rows,
    more_cases=({"data": Code(TURNED)},),
    exact_dtype=True,
    mistakes={
        "x still holds the last column: the row without it is row[:-1].": (
            lambda right, data: [(row, int(row[-1])) for row in data]
        ),
    },
)
def self_data(RowDataset, data):
    """RowDataset(data) -> a data set of pairs: the row without its last column, the last column."""
    dataset, other = call(RowDataset, data), call(RowDataset, data + 1)
    facts = items(dataset, data)
    expect(
        difference(items(other, data + 1), facts),
        "two data sets made of different data hold the same items: keep the data on self, not on "
        "the class, and use self.data in all methods: data alone is a variable of the notebook.",
    )
    return facts


# ---- 4. One epoch with a loader -------------------------------------------------------------


def problem(n, d, k, model, loader, loss_fn, optimizer):
    """Return a case: n rows of d numbers, with k outputs or classes, and what trains on them."""
    y = f"torch.randint({k}, ({n},))" if "Cross" in loss_fn else f"torch.randn({n}, {k})"
    return {
        "X": Code(f"torch.randn({n}, {d})"),
        "y": Code(y),
        "model": Code(model.format(d, k)),
        "loader": loader,
        "loss_fn": Code(f"nn.{loss_fn}"),
        "optimizer": Code(f"torch.optim.{optimizer}"),
    }


@st.composite
def problems(draw):
    """Small problems; some models are in evaluation mode."""
    models = (
        "nn.Linear({}, {})",
        "nn.Sequential(nn.Linear({}, 6), nn.Dropout(0.5), nn.Linear(6, {})).eval()",
        "nn.Sequential(nn.Linear({}, 6).requires_grad_(False), nn.Tanh(), nn.Linear(6, {}))",
    )
    losses = "MSELoss()", "L1Loss()", "CrossEntropyLoss()", "CrossEntropyLoss(label_smoothing=0.2)"
    optimizers = (
        "SGD(model.parameters(), lr=0.5)",
        "SGD(model.parameters(), lr=0.1, momentum=0.9)",
        "Adam(model.parameters(), lr=0.1)",
        "SGD(list(model.parameters())[:1], lr=0.5)",
    )
    n, d, k = draw(sizes(1, 7)), draw(sizes(1, 3)), draw(sizes(1, 4))
    model, loader = draw(one_of(*models)), draw(any_loader((2, 3, 1, 4)))
    return problem(n, d, k, model, loader, draw(one_of(*losses)), draw(one_of(*optimizers)))


def slip(result=lambda losses, rows: np.average(losses, weights=rows), *, zero=True, after=False):
    """Return a wrong answer: result(losses, rows), or what is done with a batch, is another."""

    def train_epoch(right, model, loader, loss_fn, optimizer):
        model.train()
        losses, rows = [], []
        for X, y in loader:
            loss = loss_fn(model(X), y)
            if zero:
                optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append((loss_fn(model(X), y) if after else loss).item())
            rows.append(len(X))
        return result(losses, rows)

    return train_epoch


def large(loader):
    """Return a case with many rows, and a network with batch norm."""
    model = "nn.Sequential(nn.Linear({}, 16), nn.BatchNorm1d(16), nn.Linear(16, {}))"
    how = Code(loader), "CrossEntropyLoss()", "Adam(model.parameters(), lr=0.01)"
    return problem(133, 9, 8, model, *how)


@exercise(
    hints=[
        "model.train() first, then `for X, y in loader:` with the five lines inside.",
        "A batch's loss is a mean. loss.item() * len(X) is the sum over its rows: add those up.",
        "Count the rows as well, and return the total divided by the number of rows.",
    ],
    cases=problems(),
    more_cases=(
        large("list(zip(X.split(97), y.split(97)))"),
        large("DataLoader(TensorDataset(X, y), 5, drop_last=True)"),
        large("DataLoader(TensorDataset(X, y), 50, True, generator=torch.Generator())"),
    ),
    examples=30,
    also_right=(  # it looks at all batches before, to count the rows
        lambda right, model, loader, *args: (list(loader), right(model, loader, *args))[1],
    ),
    mistakes={
        "a batch's loss is the mean over its rows, and a batch may be small: multiply each loss by "
        "len(X), add them up, and divide by the number of all rows.": (
            slip(lambda losses, rows: sum(losses) / len(losses)),
            slip(lambda losses, rows: sum(losses) / sum(rows)),
            slip(lambda losses, rows: sum(losses)),
            slip(lambda losses, rows: np.dot(losses, rows)),
        ),
        "the loss is measured after the step: take it before.": slip(after=True),
        "the gradients of all batches add up: call optimizer.zero_grad() before each backward().": (
            slip(zero=False)
        ),
    },
)
def train_epoch(train_epoch, X, y, model, loader, loss_fn, optimizer):
    """train_epoch(model, loader, loss_fn, optimizer) -> the mean loss over all rows."""
    steps, facts = [], Facts()
    optimizer.register_step_post_hook(lambda *_: steps.append(1))
    may_change = ("model.weights", "model.buffers", "model.gradients", "model.mode")
    for epoch in ("", " of a second epoch"):
        with watch(model) as seen:
            loss = call(train_epoch, model, loader, loss_fn, optimizer, may_change=may_change)
        expect(
            model.training and all(one.training for one in seen),
            "the model is used, or left, in evaluation mode: call model.train() before the loop.",
        )
        facts |= {f"the number of steps{epoch} of the optimizer passed in": len(steps)}
        facts |= {f"the loss{epoch}": loss}
        facts |= {f"the model's {n}{epoch}": v.clone() for n, v in model.state_dict().items()}
    return facts


# ---- 5. A pair of loaders -------------------------------------------------------------------

SET = "TensorDataset(torch.rand({}, {}), torch.arange({}).flip(0))"
PICTURES = "TensorDataset(torch.arange(678).reshape(113, 3, 2), torch.arange(113.0, 0.0, -1))"
MANY = 20  # rows: with so many no right answer repeats an order by chance
EPOCHS = 30  # then each row comes before each other one in at least one of them


@cases
def pairs(draw):
    """Two data sets, y naming the row, a batch size and a seed."""
    case = {}
    for name in ("train_set", "val_set"):
        n = draw(one_of(1, 2, 3, 5, 7, MANY))
        case[name] = Code(SET.format(n, draw(one_of(1, 3)), n))
    case["batch_size"] = draw(one_of(2, 1, 3, 4, 7, 100))
    return {**case, "seed": draw(one_of(0, 1, 2, 3, 123))}


def walk(loader, name, dataset):
    """Return X and y of all rows of one epoch, and the sizes of the batches."""
    batches = take(loader, len(dataset) + 1)
    for batch in batches:
        X, y = parts(batch, f"a batch of {name}", "X", "y")
        tensors = all(isinstance(part, torch.Tensor) and part.dim() for part in (X, y))
        expect(
            tensors and len(X) == len(y),
            f"a batch of {name} must be two tensors with a row for each item; use a DataLoader.",
        )
    batch_sizes = [len(y) for _, y in batches]
    expect(
        sum(batch_sizes) == len(dataset),
        f"{name} gives {sum(batch_sizes)} rows in an epoch, its data set has {len(dataset)}: give "
        "all rows (no drop_last), and return no iterator, which is used up after one epoch.",
    )
    X, y = map(torch.cat, zip(*batches, strict=True))
    return X, y, batch_sizes


def expect_shuffled(rows, epochs, again, others):
    """Expect orders that mix the rows, are new in each epoch, and depend on the seed alone."""
    expect(
        len({*map(tuple, epochs), tuple(rows)}) == 1 + len(epochs),
        "train_loader is not shuffled anew in each epoch: use shuffle=True, and make no list.",
    )
    expect(
        epochs[: len(again)] == again,
        "with the same seed train_loader has other orders if other random numbers are drawn, or "
        "other loaders used, in between: give generator=torch.Generator().manual_seed(seed) to "
        "train_loader alone.",
    )
    seeded = epochs[0] not in others
    expect(seeded, "another seed gives the same order: make the generator with seed.")
    places = torch.tensor(epochs).argsort()
    before = (places.unsqueeze(1) < places.unsqueeze(2)).any(dim=0)
    beside = ((places.unsqueeze(1) - places.unsqueeze(2)).abs() == 1).sum(dim=0)  # 3 on average
    expect(
        before.sum() == before.numel() - len(rows) and beside.max() <= len(epochs) / 2,
        "train_loader hardly mixes the rows, some always come before others or stay side by side: "
        "shuffle single rows, all at once.",
    )


@exercise(
    hints=[
        "torch.manual_seed is shared by everyone. torch.Generator().manual_seed(seed) is a "
        "generator of your own.",
        "DataLoader takes it with generator=..., together with shuffle=True.",
        "The validation loader needs neither shuffle nor drop_last.",
    ],
    cases=pairs,
    more_cases=(
        {"train_set": Code(PICTURES), "val_set": Code(PICTURES), "batch_size": 41, "seed": 2024},
    ),
    examples=30,
)
def loaders(make_loaders, train_set, val_set, batch_size, seed):
    """make_loaders(train_set, val_set, batch_size, seed) -> train_loader, val_loader."""

    def make(seed):
        made = call(make_loaders, train_set, val_set, batch_size, seed)
        return parts(made, "the result", "train_loader", "val_loader")

    def orders(loader, epochs):
        return [walk(loader, "train_loader", train_set)[1].tolist() for _ in range(epochs)]

    (train_loader, val_loader), (again, _), facts, epochs = make(seed), make(seed), Facts(), []
    for epoch in ("in epoch 1", "in epoch 2"):
        X, y, batch_sizes = walk(train_loader, "train_loader", train_set)
        epochs.append(y.tolist())
        facts[f"{epoch} the list of batch sizes of train_loader"] = batch_sizes
        facts[f"{epoch} the sorted y of train_loader"] = y.sort().values
        facts[f"{epoch} the X of train_loader in the order of y"] = X[y.argsort()]
        X, y, batch_sizes = walk(val_loader, "val_loader", val_set)
        facts[f"{epoch} the list of batch sizes of val_loader"] = batch_sizes
        facts[f"{epoch} the y of val_loader (no shuffle here)"] = y
        facts[f"{epoch} the X of val_loader"] = X
    if len(train_set) >= MANY:
        epochs += orders(train_loader, EPOCHS)
        others = [orders(make(seed + more)[0], 1)[0] for more in (1, 60_000)]
        expect_shuffled(train_set.tensors[1].tolist(), epochs, orders(again, 2), others)
    return facts


# ---- 6. Balanced weights --------------------------------------------------------------------


@cases
def labels(draw):
    """Class numbers, in any order; some classes have many rows, some none."""
    n, count = draw(sizes(1, 9)), draw(sizes(1, 7))
    return {"targets": draw(tensors((n,), range(count), torch.int64))}


MANY_CLASSES = "torch.cat([torch.arange(40) * 33, torch.ones(257), torch.arange(23) % 3]).long()"


@exercise(
    hints=[
        "torch.bincount(targets) counts the rows of each class, shape (classes,).",
        "A row of a class with n rows gets the weight 1/n: together they weigh 1.",
        "counts[targets] looks up the count of its own class for each row, shape (N,).",
    ],
    cases=labels,
    more_cases=({"targets": Code(MANY_CLASSES)},),
    examples=100,
    mistakes={
        "yours is one weight for each class, and the sampler needs one for each row: look them up "
        "with weights[targets].": lambda right, targets: 1 / torch.bincount(targets),
        "all rows have the same weight, so the rare class stays rare: use 1 / count.": (
            lambda right, targets: torch.ones(len(targets))
        ),
        "the weights grow with the count, so the common class is drawn even more often: use "
        "1 / count.": lambda right, targets: torch.bincount(targets)[targets].float(),
    },
)
def weights(balanced_weights, targets):
    """balanced_weights(targets) -> one weight for each row, the same total for each class."""
    answer = call(balanced_weights, targets)
    decimals = isinstance(answer, torch.Tensor) and answer.is_floating_point()
    expect(
        decimals, f"the weights must be a float tensor (torch.float32); yours is {show(answer)}."
    )
    answer = answer.detach().double()
    expect((answer > 0).all(), f"the weights must be positive, yours are {show(answer.tolist())}.")
    return Facts({"(weights / weights.sum())": answer / answer.sum()})


# ---- 7. A collate function ------------------------------------------------------------------


@cases
def batches(draw):
    """Sequences of any length and dtype, each with its label."""
    whole = (torch.int64, torch.int32, torch.uint8, torch.bool)
    dtype = draw(one_of(torch.float32, *whole, torch.float64, torch.float16))
    numbers = range(27) if dtype in whole else ticks(-2, 2)
    pair = sizes(1, 5).flatmap(lambda n: st.tuples(tensors((n,), numbers, dtype), sizes(0, 9)))
    return {"batch": draw(lists(pair, 1, 4))}


MANY_ITEMS = "[(torch.arange(n) + 2**24, 300 * n) for n in (520, 1, *range(140, 100, -1))]"


def lengths_from(count):
    """Return a wrong answer whose lengths are counted in the padded X."""
    return lambda right, batch: (right(batch)[0], count(right(batch)[0]), right(batch)[2])


@exercise(
    hints=[
        "Take the batch apart first: [sequence for sequence, _ in batch], and the labels likewise.",
        "nn.utils.rnn.pad_sequence(sequences, batch_first=True) pads with 0 at the end.",
        "lengths is torch.tensor([len(s) for s in sequences]): ints become int64 by themselves.",
    ],
    cases=batches,
    more_cases=(
        {"batch": Code(MANY_ITEMS)},
        {"batch": Code("[(torch.randn(n) * 100, n) for n in (3, 1, 12, *range(7, 70, 2))]")},
    ),
    examples=100,
    exact_dtype=True,
    mistakes={
        "each item is a column of X: pad_sequence needs batch_first=True.": (
            lambda right, batch: (right(batch)[0].T, *right(batch)[1:])
        ),
        "lengths holds the length after padding: take each length before you pad.": (
            lengths_from(lambda X: torch.full((len(X),), X.shape[1]))
        ),
        "lengths counts the numbers that are not 0, but a 0 in a sequence is a number like any "
        "other: take each length before you pad.": (lengths_from(lambda X: (X != 0).sum(dim=1))),
    },
)
def collate(collate, batch):
    """collate(batch) -> X (batch, longest), lengths (batch,), y (batch,)."""
    names = "X", "lengths", "y"
    return Facts(zip(names, parts(call(collate, batch), "the result", *names), strict=True))
