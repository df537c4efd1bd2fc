"""Checks of the exercises in 04_dataloaders."""

import itertools
import math
from contextlib import contextmanager

import numpy as np
import torch
from hypothesis import strategies as st
from torch import nn
from torch.utils.data import DataLoader

from helpers.exercises.cases import (
    Code,
    cases,
    choices,
    classes,
    lists,
    one_of,
    sizes,
    tensors,
    ticks,
)
from helpers.exercises.cases import loaders as any_loader
from helpers.exercises.compare import difference, kind, show
from helpers.exercises.core import Facts, call, exercise, expect, take
from helpers.exercises.networks import watch
from helpers.exercises.quiz import Question, Quiz
from helpers.exercises.verdicts import StudentError

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
            lambda right, shape, dtype, budget: budget / math.prod(shape) / dtype.itemsize
        ),
        "you round up, but the last item does not fit: round down with //.": (
            lambda right, shape, dtype, budget: -right(shape, dtype, -budget)
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
    expect(
        not isinstance(answer, np.integer),
        "the answer must be a plain int, yours is a number of NumPy: use math.prod, or int(...).",
    )
    return answer


# ---- What both data sets need ---------------------------------------------------------------


def items(dataset, source):
    """Return the length and all items of a data set made of source, which must not change."""
    for method in ("__len__", "__getitem__"):
        expect(hasattr(type(dataset), method), f"a data set must have the method {method}.")
    facts = Facts({"the length of the data set": call(dataset.__len__)})
    for i in (*reversed(range(len(source))), 0):  # in any order, and again
        pair = call(lambda _, i=i: dataset[i], source)
        expect(
            isinstance(pair, tuple | list) and len(pair) == 2,
            f"item {i} must be a pair: return x, y. Yours is {kind(pair)}.",
        )
        x, y = pair
        expect(
            y.shape == () and y.dtype == torch.int64
            if isinstance(y, torch.Tensor)
            else isinstance(y, int | np.int64) and not isinstance(y, bool),
            f"y of item {i} must be a whole number, an int or an int64 tensor of shape (); "
            f"yours is {show(y)}.",
        )
        facts |= {f"x of item {i}": x, f"y of item {i}": int(y)}
    return facts


class Items:
    """A data set made of a length and of a function that gives item i."""

    def __init__(self, length, item):
        self.length, self.item = length, item

    def __len__(self):
        return self.length

    def __getitem__(self, i):
        return self.item(i)


# ---- 2. A data set over a table -------------------------------------------------------------


@cases
def tables(draw):
    """A table with its target last, its rows in any order, and a transform or none."""
    n = draw(sizes(1, 5))
    numbers = {"b": range(-2, 3), "target": range(4)}  # of the other columns: decimals
    names = [*draw(one_of("a", "ba", "acb", "zbya", "b")), "target"]
    columns = {name: draw(choices(numbers.get(name, ticks(-2, 2)), n)) for name in names}
    index = draw(st.permutations(range(n) if n < 5 else (20, 20, 21, 22, 23)))
    transforms = (
        *("lambda x: 2 * x + 1", "lambda x: x.round()"),
        *("lambda x: x.reshape(-1, 1)", "lambda x: x > 0"),
    )
    transform = draw(st.none() | one_of(*map(Code, transforms)))
    return {"table": Code(f"pd.DataFrame({columns}, index={index})"), "transform": transform}


LARGE = (
    "pd.DataFrame(torch.randn(113, 9).numpy() * 100).add_prefix('x')"
    ".assign(target=300 * torch.arange(113).numpy() - 600)"
)


def by_label(right, table, transform=None):
    """Take rows by their label."""
    dataset = right(table, transform)
    return Items(len(table), lambda i: dataset[table.index.get_loc(i)])


def drops_the_result(right, table, transform=None):
    """Call transform, and return x as it was."""
    plain, changed = right(table), right(table, transform)
    return Items(len(table), lambda i: changed[i] and plain[i])


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
            by_label
        ),
        "the result of transform is not used: x = transform(x).": drops_the_result,
    },
)
def dataset(FlowerDataset, table, transform):
    """FlowerDataset(table, transform=None) -> a data set of pairs (x, y), row by row."""
    seen = []

    def watched(x):
        seen.append(x)
        return transform(x)

    try:
        flowers = call(FlowerDataset, table, **({"transform": watched} if transform else {}))
        expect(not seen, "transform is called in __init__: call it in __getitem__, each time anew.")
        call(FlowerDataset, table[::-1] + 1)  # made later, it must change nothing
        facts = items(flowers, table)
    except StudentError as problem:
        if not isinstance(problem.error, KeyError | ValueError):
            raise
        raise StudentError(f"{problem}\n  {TABLES}", problem.error) from problem
    if transform is None:
        return facts
    taken = len(table) + 1
    expect(seen, "transform is never called: where one is given, x must be transform(x).")
    expect(
        len(seen) == taken,
        f"{taken} items were taken, and transform was called {len(seen)} times: call it once in "
        "each __getitem__.",
    )
    facts["what transform is given for item 0"] = seen[-1]
    return facts


TABLES = (
    "About tables: the row at place i is table.iloc[i], and table[i] is a column. torch.tensor "
    "takes neither: make an array first, with .to_numpy()."
)


# ---- 3. Two data sets, one content ----------------------------------------------------------


@cases
def two_sets(draw):
    """The notebook's data, and the other data of which a data set is made."""
    n, columns = draw(sizes(1, 4)), draw(one_of(2, 3, 4, 6))
    sets = {}
    for name, rows in (("data", n + draw(sizes(0, 2))), ("val_data", n)):
        X, y = draw(tensors((rows, columns - 1))), draw(classes((rows, 1), 4))
        sets[name] = torch.cat([X, y.float()], dim=1)
    return sets


TURNED = "torch.cat([torch.randn(9, 113) * 100, torch.arange(113.0).reshape(1, 113) * 300]).T"


class FromTheNotebook(Items):
    """The colleague's data set: its items come from the notebook's data."""

    def __init__(self, data_):
        super().__init__(len(data_), lambda i: (data[i, :-1], data[i, -1].long()))


data = None  # stands for the notebook's variable


@contextmanager
def in_the_notebook(answer, value):
    """Let `data` be this value where a class was written, as it is in the notebook."""
    names = getattr(getattr(answer, "__getitem__", None), "__globals__", {})
    before = {"data": names["data"]} if "data" in names else {}
    names["data"] = value
    try:
        yield
    finally:
        del names["data"]
        names.update(before)


@exercise(
    hints=[
        "Inside a method, data alone is a name of the notebook. What belongs to this object is on "
        "self.",
        "__init__ keeps it: self.data = data. All other methods use self.data.",
    ],
    cases=two_sets,
    more_cases=({"data": Code("torch.randn(127, 10)"), "val_data": Code(TURNED)},),
    exact_dtype=True,
    mistakes={
        "the items come from data, a variable of the notebook: use self.data.": FromTheNotebook,
        "x still holds the last column: the row without it is row[:-1].": (
            lambda right, data: Items(len(data), lambda i: (data[i], right(data)[i][1]))
        ),
    },
)
def self_data(RowDataset, data, val_data):
    """RowDataset(data) -> a data set of pairs: the row without its last column, the last column."""
    with in_the_notebook(RowDataset, data):
        dataset = call(RowDataset, val_data)
        facts = items(dataset, val_data)
        call(RowDataset, data + 1)
        expect(
            not difference(items(dataset, val_data), facts),
            "a data set made later changes what an earlier one gives: keep the data on self, not "
            "on the class or in a global variable.",
        )
        return facts


# ---- 4. One epoch with a loader -------------------------------------------------------------

MODELS = one_of(
    "nn.Linear({}, {})",
    "nn.Sequential(nn.Linear({}, 6), nn.Dropout(0.5), nn.Linear(6, {}))",
    "nn.Sequential(nn.Linear({}, 6).requires_grad_(False), nn.Tanh(), nn.Linear(6, {}))",
)
OPTIMIZERS = one_of(
    "SGD(model.parameters(), lr=0.5)",
    "SGD(model.parameters(), lr=0.1, momentum=0.9)",
    "Adam(model.parameters(), lr=0.1)",
    "SGD(list(model.parameters())[:1], lr=0.5)",
)


@cases
def trainings(draw):
    """Rows, a loader over them, and what it takes to train; some models are in evaluation mode."""
    n, d, k = draw(sizes(1, 7)), draw(sizes(1, 3)), draw(sizes(1, 4))
    y, losses = tensors((n, k)), one_of("MSELoss()", "L1Loss()")
    if k > 1 and draw(st.booleans()):
        y = classes((n,), k)
        losses = one_of("CrossEntropyLoss()", "CrossEntropyLoss(label_smoothing=0.2)")
    loaders = any_loader((2, 3, 1, 4))
    if n > 1:
        loaders |= one_of(
            Code("DataLoader(TensorDataset(X, y), batch_size=2, drop_last=True)"),
            Code("[(X[:1], y[:1]), (X[1:], y[1:])]"),
        )
    return {
        "X": draw(tensors((n, d))),
        "y": draw(y),
        "model": Code(draw(MODELS).format(d, k) + draw(one_of("", ".eval()"))),
        "loader": draw(loaders),
        "loss_fn": Code(f"nn.{draw(losses)}"),
        "optimizer": Code(f"torch.optim.{draw(OPTIMIZERS)}"),
    }


def large(loader, optimizer):
    """Return a case with many rows and a network with batch norm."""
    return {
        "X": Code("torch.randn(133, 9)"),
        "y": Code("torch.arange(133) % 8"),
        "model": Code("nn.Sequential(nn.Linear(9, 16), nn.BatchNorm1d(16), nn.Linear(16, 8))"),
        "loader": Code(loader),
        "loss_fn": Code("nn.CrossEntropyLoss()"),
        "optimizer": Code(f"torch.optim.{optimizer}"),
    }


def mean_over_rows(losses, rows):
    """Return the mean of the losses, each weighed by its number of rows."""
    return sum(loss * n for loss, n in zip(losses, rows, strict=True)) / sum(rows)


def slip(result=mean_over_rows, *, zero=True, after=False):
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


@exercise(
    hints=[
        "model.train() first, then `for X, y in loader:` with the five lines inside.",
        "A batch's loss is a mean. loss.item() * len(X) is the sum over its rows: add those up.",
        "Count the rows as well, and return the total divided by the number of rows.",
    ],
    cases=trainings,
    more_cases=(
        large("list(zip(X.split(97), y.split(97)))", "SGD(model.parameters(), lr=0.1)"),
        large("make_loader(X, y, 5, shuffle=True, seed=2)", "Adam(model.parameters(), lr=1e-4)"),
    ),
    examples=24,
    also_right=(  # it looks at all batches before, to count the rows
        lambda right, model, loader, *args: (list(loader), right(model, loader, *args))[1],
    ),
    mistakes={
        "all batches count the same, so a small last batch counts too much: multiply each loss by "
        "len(X), and divide by the number of rows.": slip(
            lambda losses, rows: sum(losses) / len(losses)
        ),
        "you return a sum: a mean over rows is the sum over all rows, divided by their number.": (
            slip(lambda losses, rows: sum(losses)),
            slip(lambda losses, rows: mean_over_rows(losses, rows) * sum(rows)),
        ),
        "a batch loss is a mean: multiply it by len(X) before you add.": (
            slip(lambda losses, rows: sum(losses) / sum(rows))
        ),
        "the loss is measured after the step: take it before.": slip(after=True),
        "the gradients of all batches add up: call optimizer.zero_grad() before each backward().": (
            slip(zero=False)
        ),
        "only one step is made, with the first batch: is the return inside the loop?": (
            lambda right, model, loader, *args: right(model, list(loader)[:1], *args)
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
        expect(seen, "your function never calls the model that is passed in.")
        expect(
            all(one.training for one in seen),
            "the model is called in evaluation mode: call model.train() before the loop.",
        )
        expect(model.training, "leave the model in training mode: no model.eval() here.")
        facts |= {f"the number of steps{epoch} of the optimizer passed in": len(steps)}
        facts |= {f"the loss{epoch}": loss}
        facts |= {f"the model's {n}{epoch}": v.clone() for n, v in model.state_dict().items()}
    return facts


# ---- 5. A pair of loaders -------------------------------------------------------------------

SET = "TensorDataset(torch.arange({}.0, {}).reshape({}, {}), torch.arange({}, {}).flip(0))"
MANY = 20  # rows: with so many no right answer repeats an order by chance
EPOCHS = 24  # then each row is at times in the first half and at times in the second


@cases
def pairs(draw):
    """Two data sets, y naming the row, a batch size and a seed."""
    case = {}
    for name, first in (("train_set", 0), ("val_set", 100)):
        n, d = draw(one_of(*range(1, 8), MANY)), draw(one_of(1, 3))
        code = SET.format(first * d, (first + n) * d, n, d, first, first + n)
        case[name] = Code(code)
    case["batch_size"] = draw(one_of(2, 1, 3, 4, 7, 100))
    return {**case, "seed": draw(one_of(0, 1, 2, 3, 123))}


PICTURES = "TensorDataset(torch.arange(678).reshape(113, 3, 2), torch.arange({}, 0.0, -1))"


def loaders_with(train=(), val=()):
    """Return a wrong answer: the right loaders, made with other settings."""

    def make_loaders(right, train_set, val_set, batch_size, seed):
        how = {"shuffle": True, "generator": torch.Generator().manual_seed(seed), **dict(train)}
        return DataLoader(train_set, batch_size, **how), DataLoader(
            val_set, batch_size, **dict(val)
        )

    return make_loaders


def walk(loader, name, dataset):
    """Return X and y of all rows of one epoch, and the sizes of the batches."""
    loops = hasattr(type(loader), "__iter__")
    expect(loops, f"{name} must be a DataLoader, yours is {kind(loader)}.")
    expect(
        not hasattr(loader, "__next__"),
        f"{name} is an iterator, which is used up after one epoch: return the loader itself.",
    )
    batches = take(loader, len(dataset) + 1)
    for batch in batches:
        expect(
            isinstance(batch, tuple | list)
            and len(batch) == 2
            and all(isinstance(part, torch.Tensor) and part.dim() for part in batch)
            and len(batch[0]) == len(batch[1]),
            f"{name} must give batches (X, y) of two tensors, yours gives {kind(batch)}.",
        )
    X, y = (torch.cat(parts) for parts in zip(*batches or [dataset[:0]], strict=True))
    return X, y, [len(y) for _, y in batches]


def expect_shuffled(rows, epochs, again, others):
    """Expect orders that mix the rows, are new in each epoch, and depend on the seed alone."""
    expect(epochs[0] != rows, "train_loader is not shuffled: use shuffle=True.")
    expect(
        len(set(map(tuple, epochs))) == len(epochs),
        "two epochs of train_loader have the same order: shuffle each anew.",
    )
    expect(
        epochs[: len(again)] == again,
        "with the same seed train_loader has other orders if other random numbers are drawn, or "
        "other loaders used, in between: give generator=torch.Generator().manual_seed(seed) to "
        "train_loader alone.",
    )
    expect(
        epochs[0] not in others,
        "another seed gives the same order: make the generator with seed.",
    )
    halves = [set(order[: len(rows) // 2]) for order in epochs]
    neighbours = [set(itertools.pairwise(order)) for order in (rows, *epochs)]
    kept = [len(one & two) for one, two in itertools.pairwise(neighbours)]  # mixed: 1 on average
    expect(
        set.union(*halves) == set(rows)
        and not set.intersection(*halves)
        and sum(kept) < len(rows) * len(epochs) / 4,
        "train_loader hardly mixes the rows, some keep their neighbours or stay near their places: "
        "shuffle single rows, all at once.",
    )


def the_colleagues(right, train_set, val_set, batch_size, seed):
    """Return the loaders of the statement, unchanged."""
    torch.manual_seed(seed)
    train_loader = DataLoader(train_set, batch_size, shuffle=True)
    return train_loader, DataLoader(val_set, batch_size, shuffle=True, drop_last=True)


@exercise(
    hints=[
        "torch.manual_seed is shared by everyone. torch.Generator().manual_seed(seed) is a "
        "generator of your own.",
        "DataLoader takes it with generator=..., together with shuffle=True.",
        "The validation loader needs neither shuffle nor drop_last.",
    ],
    cases=pairs,
    more_cases=(
        {
            "train_set": Code(PICTURES.format(113.0)),
            "val_set": Code(PICTURES.format(113.0)),
            "batch_size": 41,
            "seed": 2024,
        },
    ),
    examples=30,
    mistakes={
        "val_loader drops its small last batch: every row must be measured.": (
            loaders_with(val={"drop_last": True}),
            the_colleagues,
        ),
        "train_loader drops its small last batch: it must give all rows.": (
            loaders_with(train={"drop_last": True})
        ),
        "the two loaders are swapped: return train_loader first, then val_loader.": (
            lambda right, train_set, val_set, *args: right(val_set, train_set, *args),
            lambda right, *args: right(*args)[::-1],
        ),
    },
)
def loaders(make_loaders, train_set, val_set, batch_size, seed):
    """make_loaders(train_set, val_set, batch_size, seed) -> train_loader, val_loader."""

    def make(seed):
        made = call(make_loaders, train_set, val_set, batch_size, seed)
        expect(
            isinstance(made, tuple | list) and len(made) == 2,
            "make_loaders must return two loaders: return train_loader, val_loader. "
            f"Yours is {kind(made)}.",
        )
        return made

    def orders(loader, epochs):
        return [walk(loader, "train_loader", train_set)[1].tolist() for _ in range(epochs)]

    loaders, facts = make(seed), Facts()
    again, others = make(seed)[0], [make(seed + more)[0] for more in (1, 60, 100, 1000)]
    epochs = []
    for epoch in (1, 2):
        for name, loader, dataset in zip(
            ("train_loader", "val_loader"), loaders, (train_set, val_set), strict=True
        ):
            X, y, batch_sizes = walk(loader, name, dataset)
            rows = y.argsort()
            facts |= {
                f"in epoch {epoch} of {name} the sorted list of y": y[rows],
                f"in epoch {epoch} of {name} the list of batch sizes": batch_sizes,
                f"in epoch {epoch} of {name} X in the order of y": X[rows],
            }
            if name == "train_loader":
                epochs.append(y.tolist())
            expect(
                name == "train_loader"
                or sorted(y.tolist()) != sorted(val_set.tensors[1].tolist())
                or y.tolist() == val_set.tensors[1].tolist(),
                "val_loader does not keep the order of its data set, so predictions would stand "
                "beside other rows: no shuffle here.",
            )
    if len(train_set) >= MANY and len(epochs[0]) == len(train_set):
        epochs += orders(loaders[0], EPOCHS)
        rows = train_set.tensors[1].tolist()
        others = [orders(other, 1)[0] for other in others]
        expect_shuffled(rows, epochs, orders(again, 2), others)
    return facts


# ---- 6. Balanced weights --------------------------------------------------------------------


@cases
def labels(draw):
    """Class numbers, in any order; some classes have many rows, some none."""
    return {"targets": draw(classes((draw(sizes(1, 9)),), draw(sizes(1, 7))))}


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
    expect(isinstance(answer, torch.Tensor), f"return a tensor; yours is {kind(answer)}.")
    expect(
        answer.is_floating_point(),
        f"the weights must be decimals, such as torch.float32, yours are {answer.dtype}.",
    )
    answer = answer.detach().double()
    expect((answer > 0).all(), f"the weights must be positive, yours are {show(answer.tolist())}.")
    return Facts({"(weights / weights.sum())": answer / answer.sum()})


# ---- 7. A collate function ------------------------------------------------------------------


@cases
def batches(draw):
    """Sequences of any length and dtype, each with its label."""
    whole = (torch.int64, torch.int32, torch.uint8, torch.bool)
    dtype = draw(one_of(torch.int64, torch.float32, *whole[1:], torch.float64, torch.float16))
    low = 0 if dtype == torch.uint8 else -2
    numbers = range(low, 27) if dtype in whole else ticks(-2, 2)
    pair = sizes(1, 5).flatmap(lambda n: st.tuples(tensors((n,), numbers, dtype), sizes(0, 9)))
    return {"batch": draw(lists(pair, 1, 4))}


MANY_ITEMS = "[(torch.arange(n) + 2**24, 300 * n) for n in (520, 1, *range(140, 100, -1))]"


def padded(batch, **how):
    """Return the three tensors, padded in another way."""
    sequences = [sequence for sequence, _ in batch]
    lengths = torch.tensor([len(sequence) for sequence in sequences])
    X = nn.utils.rnn.pad_sequence(sequences, **{"batch_first": True, **how})
    return X, lengths, torch.tensor([y for _, y in batch])


def lengths_from(count):
    """Return a wrong answer whose lengths are counted in the padded X."""

    def collate(right, batch):
        X, _, y = right(batch)
        return X, count(X), y

    return collate


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
            lambda right, batch: padded(batch, batch_first=False)
        ),
        "you pad at the beginning: the zeros belong at the end of each row.": (
            lambda right, batch: padded(batch, padding_side="left")
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
    answer = call(collate, batch)
    expect(
        isinstance(answer, tuple | list) and len(answer) == 3,
        f"collate must return three tensors: return X, lengths, y. Yours is {kind(answer)}.",
    )
    return Facts(zip(("X", "lengths", "y"), answer, strict=True))
