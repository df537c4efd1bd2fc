"""Checks of the exercises in 04_dataloaders."""

import itertools
import math
from contextlib import contextmanager

import numpy as np
import torch
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader

from helpers.exercises.cases import Code, cases, classes, grid, lists, one_of, sizes, tensors
from helpers.exercises.cases import loaders as any_loader
from helpers.exercises.compare import kind, show
from helpers.exercises.core import Facts, call, exercise, expect, take
from helpers.exercises.networks import watch
from helpers.exercises.networks import weights as weights_of
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


@cases
def budgets(draw):
    """A shape, a dtype, and a budget that is enough for some items, or just not."""
    shape = tuple(draw(lists(sizes(1, 9), 1, 5)))
    dtypes = (
        torch.float32,
        torch.uint8,
        torch.int64,
        torch.float64,
        torch.bfloat16,
        torch.bool,
        torch.int16,
    )
    dtype = draw(one_of(*dtypes))
    item = torch.empty(shape, dtype=dtype).nbytes
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
    examples=120,
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
        "you count bits: a byte has 8 bits, and dtype.itemsize is in bytes.": (
            lambda right, shape, dtype, budget: right((8, *shape), dtype, budget)
        ),
        "you add the sizes up: an item has as many numbers as their product.": (
            lambda right, shape, dtype, budget: right((sum(shape),), dtype, budget)
        ),
        "where not even one item fits, the answer is 0.": (
            lambda right, *args: max(1, right(*args))
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
    numbers = {"b": st.integers(-2, 2), "target": sizes(0, 3)}  # of the other columns: decimals
    names = [*draw(one_of("a", "ba", "acb", "zbya")), "target"]
    columns = {name: draw(lists(numbers.get(name, grid(-2, 2)), n, n)) for name in names}
    labels = range(n) if n < 5 else range(20, 20 + n)
    index = draw(st.permutations(labels))
    transforms = (
        "lambda x: 2 * x + 1",
        "lambda x: x.round()",
        "lambda x: x.reshape(-1, 1)",
        "lambda x: x > 0",
    )
    transform = draw(st.none() | one_of(*map(Code, transforms)))
    return {"table": Code(f"pd.DataFrame({columns}, index={index})"), "transform": transform}


def flowers(x=lambda table, i: table.iloc[i, :-1], y=lambda table, i: table["target"].iloc[i]):
    """Return a wrong answer, where x(table, i) or y(table, i) is something else."""

    def make(right, table, transform=None):
        def item(i):
            row = torch.tensor(x(table, i).to_numpy(), dtype=torch.float32)
            return row if transform is None else transform(row), int(y(table, i))

        return Items(len(table), item)

    return make


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
    examples=40,
    exact_dtype=True,
    mistakes={
        "target is still among the features: the network would be given the answer.": (
            flowers(x=lambda table, i: table.iloc[i])
        ),
        "rows go by their label, the index of the table: item i is the row at place i, .iloc[i].": (
            flowers(x=lambda table, i: table.loc[i].iloc[:-1], y=lambda t, i: t["target"].loc[i]),
            flowers(x=lambda table, i: table.loc[i].iloc[:-1]),
            flowers(y=lambda table, i: table["target"].loc[i]),
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
    facts |= {"what transform is given for item 0": seen[-1]}
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


data = None  # stands for the notebook's variable


def pair(data, i):
    """Return item i."""
    return data[i, :-1], data[i, -1].long()


class FromTheNotebook(Items):
    """The colleague's data set: its items come from the notebook's data."""

    def __init__(self, data_):
        super().__init__(len(data_), lambda i: pair(data, i))


class OnTheClass(Items):
    """All data sets hold what the last one was given."""

    def __init__(self, data):
        OnTheClass.last = data
        super().__init__(len(data), lambda i: pair(OnTheClass.last, i))


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
    exact_dtype=True,
    mistakes={
        "the items come from data, a variable of the notebook: use self.data.": FromTheNotebook,
        "all data sets share what the last one was given: keep it on self, not on the class.": (
            OnTheClass
        ),
        "x still holds the last column: the row without it is row[:-1].": (
            lambda right, data: Items(len(data), lambda i: (data[i], pair(data, i)[1]))
        ),
    },
)
def self_data(RowDataset, data, val_data):
    """RowDataset(data) -> a data set of pairs: the row without its last column, the last column."""
    with in_the_notebook(RowDataset, data):
        dataset = call(RowDataset, val_data)
        call(RowDataset, data + 1)  # made later, it must change nothing
        return items(dataset, val_data)


# ---- 4. One epoch with a loader -------------------------------------------------------------

MODELS = one_of(
    "nn.Linear({}, {})", "nn.Sequential(nn.Linear({}, 6), nn.Dropout(0.5), nn.Linear(6, {}))"
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
    n, d, k = draw(sizes(1, 7)), draw(sizes(1, 3)), draw(sizes(2, 4))
    if draw(st.booleans()):
        y, losses = tensors((n, k)), one_of("MSELoss()", "L1Loss()")
    else:
        y, losses = (
            classes((n,), k),
            one_of("CrossEntropyLoss()", "CrossEntropyLoss(label_smoothing=0.2)"),
        )
    loaders = any_loader((2, 3, 1, 4))
    if n > 1:
        loaders |= one_of(Code("DataLoader(TensorDataset(X, y), batch_size=2, drop_last=True)"))
    return {
        "X": draw(tensors((n, d))),
        "y": draw(y),
        "model": Code(draw(MODELS).format(d, k) + draw(one_of("", ".eval()"))),
        "loader": draw(loaders),
        "loss_fn": Code(f"nn.{draw(losses)}"),
        "optimizer": Code(f"torch.optim.{draw(OPTIMIZERS)}"),
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
    examples=24,
    also_right=(  # it looks at all batches before, to count the rows
        lambda right, model, loader, *args: (list(loader), right(model, loader, *args))[1],
    ),
    mistakes={
        "all batches count the same, so a small last batch counts too much: multiply each loss by "
        "len(X), and divide by the number of rows.": slip(
            lambda losses, rows: sum(losses) / len(losses)
        ),
        "you return the sum of the batch losses: weigh each by len(X) and divide by the number of "
        "rows.": slip(lambda losses, rows: sum(losses)),
        "you return the sum over all rows: divide by their number.": (
            slip(lambda losses, rows: mean_over_rows(losses, rows) * sum(rows))
        ),
        "a batch loss is a mean: multiply it by len(X) before you add.": (
            slip(lambda losses, rows: sum(losses) / sum(rows))
        ),
        "you return the loss of the last batch only.": slip(lambda losses, rows: losses[-1]),
        "len(loader.dataset) counts rows that the loader leaves out, and not every loader has a "
        ".dataset: count the rows in the loop.": (
            lambda right, model, loader, *args: (
                right(model, batches := list(loader), *args)
                * sum(len(y) for _, y in batches)
                / len(loader.dataset)
            )
        ),
        "the loss is measured after the step: take it before.": slip(after=True),
        "the gradients of all batches add up: call optimizer.zero_grad() before each backward().": (
            slip(zero=False)
        ),
        "only one step is made, with the first batch: is the return inside the loop?": (
            lambda right, model, loader, *args: right(model, list(loader)[:1], *args)
        ),
        "only one step is made, with the last batch: the five lines belong inside the loop.": (
            lambda right, model, loader, *args: right(model, list(loader)[-1:], *args)
        ),
        "another loss is taken than the loss_fn passed in.": (
            lambda right, model, loader, loss_fn, optimizer: right(
                model, loader, F.cross_entropy, optimizer
            )
        ),
    },
)
def train_epoch(train_epoch, X, y, model, loader, loss_fn, optimizer):
    """train_epoch(model, loader, loss_fn, optimizer) -> the mean loss over all rows."""
    steps = []
    optimizer.register_step_post_hook(lambda *_: steps.append(1))
    with watch(model) as seen:
        loss = call(train_epoch, model, loader, loss_fn, optimizer, may_change=("model",))
    expect(seen, "your function never calls the model that is passed in.")
    expect(
        all(one.training for one in seen),
        "the model is called in evaluation mode: call model.train() before the loop.",
    )
    return Facts(
        {"the number of steps of the optimizer": len(steps), "the loss": loss, **weights_of(model)}
    )


# ---- 5. A pair of loaders -------------------------------------------------------------------

SET = "TensorDataset(torch.arange({}.0, {}).reshape({}, {}), torch.arange({}, {}))"
MANY = 20  # rows: with so many no right answer repeats an order by chance


@cases
def pairs(draw):
    """Two data sets, y being the number of the row, a batch size and a seed."""
    case = {}
    for name, first in (("train_set", 0), ("val_set", 100)):
        n, d = draw(one_of(*range(1, 8), MANY, 25)), draw(one_of(1, 3))
        code = SET.format(first * d, (first + n) * d, n, d, first, first + n)
        case[name] = Code(code)
    case["batch_size"] = draw(one_of(2, 1, 3, 4, 7, 100))
    return {**case, "seed": draw(one_of(0, 1, 2, 3, 123))}


def loaders_with(train=(), val=()):
    """Return a wrong answer: the right loaders, made with other settings."""

    def make_loaders(right, train_set, val_set, batch_size, seed):
        how = {"shuffle": True, "generator": torch.Generator().manual_seed(seed), **dict(train)}
        return DataLoader(train_set, batch_size, **how), DataLoader(
            val_set, batch_size, **dict(val)
        )

    return make_loaders


def walk(loader, name, dataset):
    """Return X of all rows of one epoch, the row numbers y, and the sizes of the batches."""
    expect(
        hasattr(type(loader), "__iter__"), f"{name} must be a DataLoader, yours is {kind(loader)}."
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
    return X[y.argsort()], y.tolist(), [len(y) for _, y in batches]


def expect_shuffled(epochs, again, other):
    """Expect orders that mix the rows, are new in each epoch, and depend on the seed alone."""
    n = len(epochs[0])
    expect(epochs[0] != sorted(epochs[0]), "train_loader is not shuffled: use shuffle=True.")
    expect(
        epochs[0] != epochs[1],
        "the second epoch of train_loader has the same order as the first: shuffle each anew.",
    )
    expect(
        epochs[: len(again)] == again,
        "with the same seed train_loader has other orders if other random numbers are drawn, or "
        "other loaders used, in between: give generator=torch.Generator().manual_seed(seed) to "
        "train_loader alone.",
    )
    expect(epochs[0] != other, "another seed gives the same order: make the generator with seed.")
    steps = [abs(a - b) for rows in epochs for a, b in itertools.pairwise(rows)]
    moves = [abs(row - place) for rows in epochs for place, row in enumerate(rows)]
    expect(  # of n shuffled rows 2 in n stay beside a neighbour, and all move by n/3 on average
        steps.count(1) < len(steps) / 3 and sum(moves) > len(moves) * n / 5,
        "train_loader hardly mixes the rows, they keep their neighbours or stay near their places: "
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
    examples=30,
    mistakes={
        "val_loader drops its small last batch: every row must be measured.": (
            loaders_with(val={"drop_last": True})
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
    made = []
    for number in (seed, seed, seed + 1):
        made.append(call(make_loaders, train_set, val_set, batch_size, number))
        expect(
            isinstance(made[-1], tuple | list) and len(made[-1]) == 2,
            "make_loaders must return two loaders: return train_loader, val_loader. "
            f"Yours is {kind(made[-1])}.",
        )
    (train_loader, val_loader), (again, _), (other, _) = made
    facts, orders = Facts(), {"train_loader": [], "val_loader": []}
    for epoch in (1, 2):
        for name, loader, dataset in (
            ("train_loader", train_loader, train_set),
            ("val_loader", val_loader, val_set),
        ):
            X, y, batch_sizes = walk(loader, name, dataset)
            orders[name].append(y)
            facts |= {
                f"in epoch {epoch} of {name} the sorted list of rows": sorted(y),
                f"in epoch {epoch} of {name} the list of batch sizes": batch_sizes,
                f"in epoch {epoch} of {name} X in the order of y": X,
            }
    expect(
        all(rows == sorted(rows) for rows in orders["val_loader"]),
        "val_loader does not keep the order of its data set, so predictions would stand beside "
        "other rows: no shuffle here.",
    )
    if len(train_set) >= MANY and all(
        len(rows) == len(train_set) for rows in orders["train_loader"]
    ):
        walks = [again] * 2 + [other] + [train_loader] * 4
        rows = [walk(loader, "train_loader", train_set)[1] for loader in walks]
        expect_shuffled(orders["train_loader"] + rows[3:], rows[:2], rows[2])
    return facts


# ---- 6. Balanced weights --------------------------------------------------------------------


@cases
def labels(draw):
    """Class numbers, in any order; some classes have many rows, some none."""
    return {"targets": draw(classes((draw(sizes(1, 9)),), draw(sizes(1, 7))))}


@exercise(
    hints=[
        "torch.bincount(targets) counts the rows of each class, shape (classes,).",
        "A row of a class with n rows gets the weight 1/n: together they weigh 1.",
        "counts[targets] looks up the count of its own class for each row, shape (N,).",
    ],
    cases=labels,
    examples=100,
    mistakes={
        "yours is one weight for each class, and the sampler needs one for each row: look them up "
        "with weights[targets].": lambda right, targets: 1 / torch.bincount(targets),
        "all rows have the same weight, so the rare class stays rare: use 1 / count.": (
            lambda right, targets: torch.ones(len(targets))
        ),
        "the weights grow with the count, so the common class is drawn even more often: use "
        "1 / count.": lambda right, targets: torch.bincount(targets)[targets].float(),
        "1 minus the share of a class does not balance three or more classes: use 1 / count.": (
            lambda right, targets: 1 - torch.bincount(targets)[targets] / len(targets)
        ),
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
    return Facts({"(weights / weights.sum())": answer / answer.sum().abs()})  # -1 stays negative


# ---- 7. A collate function ------------------------------------------------------------------


@cases
def batches(draw):
    """Sequences of any length and dtype, each with its label."""
    dtype = draw(one_of(torch.int64, torch.float32, torch.float64))
    numbers = grid(-2, 2) if dtype.is_floating_point else st.integers(-2, 26)
    pair = sizes(1, 5).flatmap(lambda n: st.tuples(tensors((n,), numbers, dtype), sizes(0, 9)))
    return {"batch": draw(lists(pair, 1, 4))}


def padded(batch, pad=0, **how):
    """Return the three tensors, padded in another way."""
    sequences = [sequence for sequence, _ in batch]
    how = {"batch_first": True, "padding_value": pad} | how
    lengths = torch.tensor([len(sequence) for sequence in sequences])
    return nn.utils.rnn.pad_sequence(sequences, **how), lengths, torch.tensor([y for _, y in batch])


def by_length(sign):
    """Return a wrong answer that sorts the items first."""
    return lambda right, batch: right(sorted(batch, key=lambda item: sign * len(item[0])))


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
    examples=100,
    exact_dtype=True,
    mistakes={
        "each item is a column of X: pad_sequence needs batch_first=True.": (
            lambda right, batch: padded(batch, batch_first=False)
        ),
        "you pad at the beginning: the zeros belong at the end of each row.": (
            lambda right, batch: padded(batch, padding_side="left")
        ),
        "the places after the end of a sequence must hold 0.": (
            lambda right, batch: padded(batch, -1),
            lambda right, batch: padded(batch, -100),
        ),
        "the items are sorted by length: keep their order.": (by_length(1), by_length(-1)),
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
