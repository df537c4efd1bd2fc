"""Checks of the exercises in 04_dataloaders."""

import itertools
import math
import tempfile
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import numpy as np
import torch
from hypothesis import strategies as st
from PIL import Image
from torch import nn
from torch.nn import functional as F

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
from helpers.exercises.core import Facts, Wrong, call, exercise, expect, take
from helpers.exercises.networks import watch
from helpers.exercises.quiz import Question, Quiz
from helpers.exercises.verdicts import StudentError
from helpers.loaders import make_loader

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
        right="c",
        reasons={
            "a": "1000 photographs of 224 x 224 x 3 numbers are 0.6 gigabytes.",
            "b": "Those do not grow with the batch: together 0.3 gigabytes.",
            "c": "Each layer's input is kept for the backward pass, for each photograph.",
        },
    ),
    Question(
        right="b",
        reasons={
            "a": "That rate may suit one of them and not the other: it decides the result.",
            "b": "Each shows what it can do. The rates are searched with the same care.",
            "c": "Nothing says that this rate is the right one for it: try several for each.",
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


def items(dataset, source, place=lambda i: nullcontext()):
    """Return the length and all items of a data set made of source, which must not change.

    place(i): a context in which item i is taken.
    """
    facts = Facts({"the length of the data set": call(lambda: dataset.__len__())})
    for i in (*reversed(range(len(source))), 0):  # in any order, and again
        with place(i):
            x, y = parts(call(lambda _, i=i: dataset[i], source), f"item {i}", "x", "y")
        expect(
            y.shape == () and y.dtype == torch.int64
            if isinstance(y, torch.Tensor)
            else isinstance(y, int | np.integer),
            f"y of item {i} must be an int, or an int64 tensor of shape (); yours is {show(y)}"
            + (": write int(...) around it." if isinstance(y, float) else "."),
        )
        facts |= {f"x of item {i}": x, f"y of item {i}": int(y)}
    return facts


# ---- 1. A data set over a table --------------------------------------------------------------


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


# ---- 2. A data set over files ----------------------------------------------------------------


OPENED = (
    "the pictures are opened in __init__, all of them: keep the paths there, and open one picture "
    "in __getitem__."
)


@cases
def picture_files(draw):
    """Paths in folders named by numbers, in any order, pictures of one size, and a transform."""
    names = draw(orders(("3/a.png", "12/7.png", "0/b.png", "3/0.png", "more/10/3.png")))
    changes = "torch.tensor(np.asarray(image)) / 255", "image.size", "np.asarray(image).tolist()"
    return {
        "names": names[: draw(sizes(1, 5))],
        "height": draw(sizes(1, 4)),
        "width": draw(one_of(1, 3, 2)),
        "mode": draw(one_of("L", "RGB")),
        "transform": Code(f"lambda image: {draw(one_of(*changes))}"),
    }


def write_picture(path, height, width, mode, seed):
    """Write a picture of random bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shape = (height, width) if mode == "L" else (height, width, 3)
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, shape, np.uint8)).save(path)


def opened_before(right, paths, transform):
    """Open all pictures at the start; transform them when they are asked for."""
    images = {str(path): Image.open(path).copy() for path in paths}
    return right(paths, lambda image: transform(images[image.filename]))


@exercise(
    hints=[
        "__init__ keeps the two arguments on self, and does nothing else.",
        "In __getitem__: `with Image.open(self.paths[i]) as image:`, and inside it the transform. "
        "Behind the block the picture is closed.",
        "path.parent is the folder of a path, path.parent.name its name, a text: int(...) makes "
        "the number.",
    ],
    cases=picture_files,
    more_cases=(
        {
            "names": Code('[f"{n % 23}/{n}.png" for n in range(31)]'),
            "height": 9,
            "width": 31,
            "mode": "L",
            "transform": Code("lambda image: torch.tensor(np.asarray(image)).unsqueeze(0)"),
        },
        {
            "names": ["3/a.png", "0/b.png", "3/a.png"],  # one of them twice
            "height": 2,
            "width": 2,
            "mode": "L",
            "transform": Code("lambda image: np.asarray(image).tolist()"),
        },
    ),
    examples=16,
    exact_dtype=True,
    mistakes={
        OPENED: (
            lambda right, paths, transform: [right(paths, transform)[i] for i in range(len(paths))],
            opened_before,
        ),
    },
)
def files(PictureDataset, names, height, width, mode, transform):
    """PictureDataset(paths, transform) -> a data set of pairs: transform(image), the folder."""
    changed = []

    def watched(image):
        changed.append(image)
        opened = isinstance(image, Image.Image)
        expect(opened, f"transform is given {kind(image)}: give it what Image.open(path) returns.")
        try:
            image.load()
        except Exception:
            closed = "the picture is closed already: call transform inside the with block."
            raise Wrong(closed) from None
        return transform(image)

    @contextmanager
    def alone(i):
        """Let picture i be there, and no other one."""
        write_picture(paths[i], height, width, mode, seed=paths.index(paths[i]))
        try:
            yield
        except StudentError as error:
            expect(
                not isinstance(error.error, FileNotFoundError),
                f"for item {i} another picture is opened: open paths[{i}], and no other one.",
            )
            raise
        with suppress(PermissionError):  # Windows keeps a file that is open
            paths[i].unlink()

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        paths = [Path(folder, name) for name in names]
        for path in paths:
            write_picture(path, height, width, mode, seed=999)
        pictures = call(PictureDataset, paths, watched)
        call(PictureDataset, paths[:1], str)  # made later, it must change nothing
        try:
            for path in set(paths):
                path.unlink()
        except PermissionError:  # Windows keeps a file that is open
            raise Wrong(OPENED) from None
        facts = items(pictures, paths, alone)
        facts[f"the number of calls of transform for {len(paths) + 1} items"] = len(changed)
        return facts


# ---- 3. One epoch with a loader --------------------------------------------------------------


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


# ---- 4. Measure in batches -------------------------------------------------------------------


@st.composite
def measurements(draw):
    """Small problems with classes; models that behave differently in training."""
    models = (
        "nn.Linear({}, {})",
        "nn.Sequential(nn.Linear({}, 6), nn.Dropout(0.5), nn.Linear(6, {}))",
        "nn.Sequential(nn.BatchNorm1d({0}), nn.Linear({0}, {1})).eval()",
    )
    losses = "CrossEntropyLoss()", "CrossEntropyLoss(label_smoothing=0.2)"
    n, d, k = draw(sizes(1, 7)), draw(sizes(1, 3)), draw(sizes(1, 4))
    model, loader = draw(one_of(*models)), draw(any_loader((2, 3, 1, 4)))
    case = problem(n, d, k, model, loader, draw(one_of(*losses)), "SGD(model.parameters())")
    return {name: value for name, value in case.items() if name != "optimizer"}


def measured(result):
    """Return a wrong answer: result(losses, rights, rows) of the lists of all batches."""

    def evaluate(right, model, loader, loss_fn):
        losses, rights, rows = [], [], []
        with torch.no_grad():
            model.eval()
            for X, y in loader:
                logits = model(X)
                losses.append(loss_fn(logits, y).item())
                rights.append((logits.argmax(dim=1) == y).sum().item())
                rows.append(len(X))
        return result(np.array(losses), np.array(rights), np.array(rows))

    return evaluate


def large_measurement(loader):
    """Return a case with many rows, and a network with batch norm in training mode."""
    case = large(loader)
    return {name: value for name, value in case.items() if name != "optimizer"}


@exercise(
    hints=[
        "model.eval() first, then `with torch.no_grad():` around the loop `for X, y in loader:`.",
        "Three sums grow in the loop: the loss times len(X), the number of right rows, the rows.",
        "logits.argmax(dim=1) == y is True where the row is right; .sum().item() counts them.",
    ],
    cases=measurements(),
    more_cases=(
        large_measurement("list(zip(X.split(97), y.split(97)))"),
        large_measurement("DataLoader(TensorDataset(X, y), 5, drop_last=True)"),
        large_measurement("DataLoader(TensorDataset(X, y), 50, True, generator=torch.Generator())"),
    ),
    examples=40,
    mistakes={
        "a mean of the batches' means: a small last batch counts too much. Multiply each loss by "
        "len(X), count the right rows, and divide by the number of all rows.": (
            measured(lambda loss, right, n: (loss.mean().item(), (right / n).mean().item())),
            measured(lambda loss, right, n: (loss.mean().item(), right.sum().item() / n.sum())),
            measured(lambda loss, right, n: (np.average(loss, weights=n), (right / n).mean())),
        ),
        "the two numbers are swapped: return the loss first, then the accuracy.": (
            lambda right, *args: right(*args)[::-1]
        ),
        "the accuracy is a fraction from 0 to 1: divide the number right by that of all rows.": (
            measured(lambda loss, right, n: (np.average(loss, weights=n), right.sum().item())),
            lambda right, *args: (right(*args)[0], 100 * right(*args)[1]),
        ),
        "only one batch is measured: add up over all batches, and return after the loop.": (
            measured(lambda loss, right, n: (loss[0], right[0] / n[0])),
            measured(lambda loss, right, n: (loss[-1], right[-1] / n[-1])),
        ),
    },
)
def evaluate(evaluate, X, y, model, loader, loss_fn):
    """evaluate(model, loader, loss_fn) -> (loss, accuracy), the mean over all rows."""
    with watch(model) as seen:
        answer = call(evaluate, model, loader, loss_fn, may_change=("model.mode",))
    expect(seen, "your function does not call the model passed in: does it use another one?")
    for one in seen:
        expect(not one.training, "the model runs in training mode: call model.eval() first.")
        expect(not one.recording, "the forward pass records a graph: use torch.no_grad().")
    return Facts(
        zip(
            ("the loss", "the accuracy"),
            parts(answer, "the result", "loss", "accuracy"),
            strict=True,
        )
    )


# ---- 5. A pair of loaders --------------------------------------------------------------------

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


# ---- 6. The loop over settings ---------------------------------------------------------------


@cases
def settings(draw):
    """Lists of settings, and what is measured with them."""
    formulas = "batch_size / lr + seed", "(7 * seed) % 5 - lr", "int(batch_size * (seed % 3))"
    return {
        "measure": Code(f"lambda batch_size, lr, seed: {draw(one_of(*formulas))}"),
        "batch_sizes": draw(orders((4, 16, 112, 1)))[: draw(sizes(1, 3))],
        "rates": draw(orders((0.5, 0.25, 2.0, 1e-4)))[: draw(sizes(1, 4))],
        "seeds": draw(orders((0, 1, 5, 7, 3)))[: draw(sizes(1, 5))],
    }


@exercise(
    hints=[
        "Two loops, one inside the other: `for batch_size in batch_sizes:`, `for lr in rates:`.",
        "Inside them: numbers = [measure(batch_size, lr, seed) for seed in seeds].",
        "The mean is sum(numbers) / len(numbers); min and max give the other two.",
    ],
    cases=settings,
    more_cases=(
        {
            "measure": Code("lambda batch_size, lr, seed: math.sin(batch_size * lr + seed)"),
            "batch_sizes": [1, 32, 512, 64, 8],
            "rates": [0.1, 0.3, 0.003, 1.0, 3.0, 7e-5],
            "seeds": Code("range(11)"),
        },
    ),
    examples=40,
    mistakes={
        "all batch sizes come for the first rate, then for the next: the loop over the rates is "
        "the inner one.": lambda right, measure, batch_sizes, rates, seeds: [
            row for lr in rates for row in right(measure, batch_sizes, [lr], seeds)
        ],
        "only the last row is there: append to a list that is made before the loops.": (
            lambda right, *args: right(*args)[-1:]
        ),
        "one seed only is used: take the mean over all of them.": (
            lambda right, measure, batch_sizes, rates, seeds: right(
                measure, batch_sizes, rates, seeds[:1]
            )
        ),
    },
)
def lab(compare, measure, batch_sizes, rates, seeds):
    """compare(measure, batch_sizes, rates, seeds) -> a dict for each batch size and rate."""
    calls = []

    def watched(batch_size, lr, seed):
        calls.append((batch_size, lr, seed))
        return measure(batch_size, lr, seed)

    rows = call(compare, watched, batch_sizes, rates, seeds)
    return Facts({"the list": rows, "the sorted list of calls of measure": sorted(calls)})


# ---- 7. One hundred steps --------------------------------------------------------------------

# Written by hand: there are many right answers, and none is the specification. What counts is the
# goal, on seeds and splits that the notebook does not use.
STEPS, LARGEST_BATCH, GOAL = 100, 256, 0.2


def loss_after(batch_size, make_optimizer, seed):
    """Return the validation loss on digits after STEPS steps, as the notebook's function does."""
    from sklearn.datasets import load_digits

    X, y = (torch.as_tensor(array) for array in load_digits(return_X_y=True))
    X = X.float() / 16
    torch.manual_seed(seed)
    train, val = torch.randperm(len(X)).split([1437, 360])
    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    optimizer = call(make_optimizer, model.parameters())
    expect(
        isinstance(optimizer, torch.optim.Optimizer),
        f"make_optimizer must return an optimizer of torch.optim, yours returns {kind(optimizer)}.",
    )
    torch.manual_seed(seed + 1)  # `call` has set another one
    loader = make_loader(X[train], y[train], batch_size, shuffle=True)
    epochs = itertools.repeat(loader)
    for X_batch, y_batch in itertools.islice(itertools.chain.from_iterable(epochs), STEPS):
        optimizer.zero_grad()
        F.cross_entropy(model(X_batch), y_batch).backward()
        call(optimizer.step)
    with torch.no_grad():
        return F.cross_entropy(model(X[val]), y[val]).item()


@exercise(
    hints=[
        "What does loss_after give with the usual choice and 1000 steps? The usual rate is far too "
        "small for 100.",
        "Vary one thing at a time: first the rate, in steps of 3, then the batch size.",
        "With few steps each may cost much: take the largest batch that is allowed. Adam then "
        "stands a rate far above 0.001, and so does SGD with momentum=0.9.",
    ],
    cases=st.just({"first_seed": 1000}),
)
def challenge(recipe, first_seed):
    """recipe() -> (batch_size, make_optimizer) that reach the goal within 100 steps."""
    answer = call(recipe)
    batch_size, make_optimizer = parts(answer, "the result", "batch_size", "make_optimizer")
    whole = isinstance(batch_size, int) and not isinstance(batch_size, bool)
    expect(
        whole and 1 <= batch_size <= LARGEST_BATCH,
        f"batch_size must be an int from 1 to {LARGEST_BATCH}, yours is {show(batch_size)}.",
    )
    expect(
        callable(make_optimizer),
        "make_optimizer must be a function of the model's parameters that returns an optimizer; "
        f"yours is {kind(make_optimizer)}.",
    )
    losses = [loss_after(batch_size, make_optimizer, first_seed + i) for i in range(5)]
    mean = sum(losses) / len(losses)
    expect(
        mean < GOAL,
        f"after {STEPS} steps the mean of five validation losses is {mean:.3f} (from "
        f"{min(losses):.3f} to {max(losses):.3f}). The goal is below {GOAL}; guessing gives 2.303.",
    )
    return Facts({"the goal is reached": True})


# ---- 8. Two data sets, one content -----------------------------------------------------------


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


# ---- 9. The largest batch --------------------------------------------------------------------

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


# ---- 10. Balanced weights --------------------------------------------------------------------


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


# ---- 11. A collate function ------------------------------------------------------------------


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
