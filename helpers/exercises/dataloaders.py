"""Checks of the exercises in 04_dataloaders."""

import copy
import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from helpers.exercises.core import (
    Wrong,
    call,
    exercise,
    expect,
    expect_close,
    expect_function,
    expect_number,
    expect_tensor,
    is_close,
    kind,
)
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


# ---- What several checks need ---------------------------------------------------------------


def expect_items(dataset, rows, name):
    """Expect an object with a length, which must be rows, and with items."""
    for method in ("__len__", "__getitem__"):
        expect(
            hasattr(type(dataset), method),
            f"{name} must be an object with the method {method}, yours is {kind(dataset)}.",
        )
    length = call(dataset.__len__)
    expect(
        isinstance(length, int | np.integer) and length == rows,
        f"the length of {name} must be {rows}, the number of rows passed in; yours is {length!r}.",
    )


def take(dataset, i, name):
    """Return x and y of item i; expect x to be a tensor and y to be a class number."""
    item = call(dataset.__getitem__, i)
    expect(
        isinstance(item, tuple | list) and len(item) == 2,
        f"{name} must be a pair: return x, y. Yours is {kind(item)}.",
    )
    x, y = item
    expect_tensor(x, f"x of {name}")
    if isinstance(y, torch.Tensor):
        expect_tensor(y, f"y of {name}", shape=())
        expect(
            y.dtype == torch.int64,
            f"y of {name} must be a whole number, torch.int64, yours is {y.dtype}.",
        )
        return x, int(y)
    expect(
        isinstance(y, int | np.int64) and not isinstance(y, bool),
        f"y of {name} must be a whole number: an int or an int64 tensor, yours is {kind(y)}.",
    )
    return x, int(y)


# ---- The exercises --------------------------------------------------------------------------


@exercise(
    title="The largest batch",
    notebook="04_dataloaders",
    minutes=4,
    difficulty="complete",
    hints=[
        "One item has as many numbers as the product of all sizes in shape: math.prod(shape).",
        "dtype.itemsize is the number of bytes of one number. The bytes of an item are numbers "
        "times itemsize.",
        "budget // bytes_of_an_item counts whole items: // rounds down.",
    ],
)
def memory(largest_batch):
    """largest_batch(shape, dtype, budget) -> how many whole items fit into budget bytes."""
    expect_function(largest_batch, "largest_batch")
    for shape, dtype, budget in (
        ((3, 4, 5), torch.float32, 1000),
        ((10,), torch.float32, 400),
        ((10,), torch.float32, 399),
        ((3, 224, 224), torch.uint8, 10**9),
        ((3, 224, 224), torch.float64, 10**6),
        ((2, 30), torch.bfloat16, 1_000_001),
        ((5,), torch.int64, 83),
    ):
        answer = call(largest_batch, shape, dtype, budget)
        case = f"for items of shape {shape}, {dtype} and {budget} bytes"
        number = expect_number(answer, f"{case} the answer")
        numbers = math.prod(shape)
        expected = budget // (numbers * dtype.itemsize)
        if number == expected:
            expect(
                not isinstance(answer, float),
                "the answer must be a whole number, an int, yours is a float: divide with //.",
            )
            continue
        known = {
            budget / (numbers * dtype.itemsize): "a part of an item is no item: round down with //",
            -(-budget // (numbers * dtype.itemsize)): "you round up, but the last item does not "
            "fit: round down with //",
            budget
            // numbers: "you count numbers, not bytes: one number takes dtype.itemsize bytes",
            budget // (numbers * 4): "you count 4 bytes for a number, but that depends on the "
            "dtype: dtype.itemsize",
            budget // (numbers * dtype.itemsize * 8): "you count bits: a byte has 8 bits, and "
            "dtype.itemsize is in bytes",
            budget // (sum(shape) * dtype.itemsize): "you add the sizes up: an item has as "
            "many numbers as their product",
        }
        for wrong, reason in known.items():
            expect(number != wrong, f"{case} you answer {number:g}: {reason}.")
        raise Wrong(f"{case} {expected} items fit, yours is {number:g}.")


@exercise(
    title="A data set over a table",
    notebook="04_dataloaders",
    minutes=7,
    difficulty="complete",
    hints=[
        "Keep what you need on self in __init__. table.drop(columns='target').to_numpy() are the "
        "measurements, torch.tensor(..., dtype=torch.float32) makes the tensor.",
        "With a tensor self.X, row i is self.X[i]. With the table it is table.iloc[i], by place.",
        "In __getitem__: if self.transform is not None: x = self.transform(x).",
    ],
)
def dataset(flower_dataset):
    """FlowerDataset(table, transform=None) -> a data set of pairs (x, y), row by row."""
    import pandas as pd

    expect_function(flower_dataset, "FlowerDataset")
    table = pd.DataFrame(torch.randn(9, 4).double().numpy(), columns=list("abcd"))
    table["target"] = [2, 0, 1, 1, 0, 2, 2, 1, 0]
    table.index = [3, 7, 1, 0, 8, 5, 2, 6, 4]  # as after a split
    given = table.copy()
    flowers = call(flower_dataset, table)
    name = "FlowerDataset(table)"
    expect_items(flowers, 9, name)
    check_rows(flowers, given, name)
    second = given.iloc[[4, 2, 6]].set_axis([20, 30, 40])  # not one label is a place
    flowers = call(flower_dataset, second.copy())
    expect_items(flowers, 3, "FlowerDataset(another table)")
    check_rows(flowers, second, "FlowerDataset(another table)")
    expect(
        table.equals(given), "your class changes the table that is passed in: leave it as it is."
    )
    check_transform(flower_dataset, given)


def check_rows(flowers, table, name):
    """Expect item i to be the row at place i."""
    X = torch.tensor(table.drop(columns="target").to_numpy(), dtype=torch.float32)
    for i in range(len(table)):
        item = f"item {i} of {name}"
        x, y = take(flowers, i, item)
        expect(
            x.shape != (5,),
            f"x of {item} has 5 numbers: target is still among them. The network would be given "
            "the answer.",
        )
        expect_tensor(x, f"x of {item}", shape=(4,), dtype=torch.float32)
        labels = list(table.index)
        by_label = labels.index(i) if i in labels else None
        expect(
            by_label in (None, i) or not is_close(x, X[by_label]),
            f"item {i} is the row with the index {i} (.loc): take place {i}, .iloc[{i}].",
        )
        expect_close(x, X[i], f"x of {item}, ")
        expected = int(table["target"].iloc[i])
        expect(y == expected, f"y of {item} should be {expected}, yours is {y}.")


def check_transform(flower_dataset, table):
    """Expect the transform to be called on the tensor x, once for each time an item is taken."""
    seen = []

    def transform(x):
        seen.append(x)
        return 10 * x + len(seen)

    flowers = call(flower_dataset, table, transform)
    early = len(seen)
    results = [take(flowers, 2, "item 2 with a transform")[0] for _ in range(2)]
    expect(
        seen,
        "transform is never called: x must be transform(x) where one is given.",
    )
    expect(
        early == 0 and len(seen) == 2,
        f"for 2 items taken, transform was called {len(seen)} times, {early} of them in __init__: "
        "call it in __getitem__, once for each item.",
    )
    X = torch.tensor(table.drop(columns="target").to_numpy(), dtype=torch.float32)
    for number, (x, result) in enumerate(zip(seen, results, strict=True), start=1):
        expect_tensor(x, "what transform is given", shape=(4,), dtype=torch.float32)
        expect_close(x, X[2], "what transform is given for item 2, ")
        expect(
            not is_close(result, X[2]),
            "the result of transform is not used: x = transform(x).",
        )
        expect_close(result, 10 * X[2] + number, "x of item 2 with a transform, ")


@exercise(
    title="Two data sets, one content",
    notebook="04_dataloaders",
    minutes=4,
    difficulty="debug",
    hints=[
        "Inside a method, data alone is a name of the notebook. What belongs to this object is on "
        "self.",
        "__init__ keeps it: self.data = data. All other methods use self.data.",
    ],
)
def self_data(row_dataset):
    """RowDataset(data) -> a data set of pairs: the row without its last column, the last column."""
    expect_function(row_dataset, "RowDataset")
    sets = []
    for n in (7, 9):  # both are there at the same time, as those for training and validation
        data = torch.randn(n, 5)
        data[:, -1] = torch.randint(0, 3, (n,)).float()
        sets.append((data, call(row_dataset, data.clone())))
    for (data, rows), number in zip(sets, ("first", "second"), strict=True):
        name = f"the {number} of two data sets"
        expect_items(rows, len(data), name)
        for i in range(len(data)):
            item = f"item {i} of {name}"
            x, y = take(rows, i, item)
            expect(
                x.shape != (5,),
                f"x of {item} still holds the last column: the row without it is row[:-1].",
            )
            expect_tensor(x, f"x of {item}", shape=(4,), dtype=torch.float32)
            other = sets[1][0] if number == "first" else sets[0][0]
            expect(
                not (other[:, :-1] == x).all(dim=1).any(),
                f"{item} comes from the other data set: what they keep must be on self, "
                "not on the class or in a global name.",
            )
            expect(
                (data[:, :-1] == x).all(dim=1).any(),
                f"{item} is none of the rows that it was given: __getitem__ reads a `data` from "
                "outside the class. Use self.data.",
            )
            expect_close(x, data[i, :-1], f"x of {item}, ")
            expected = int(data[i, -1])
            expect(y == expected, f"y of {item} should be {expected}, yours is {y}.")


@exercise(
    title="One epoch with a loader",
    notebook="04_dataloaders",
    minutes=8,
    difficulty="build",
    hints=[
        "model.train() first, then `for X, y in loader:` with the five lines inside.",
        "A batch's loss is a mean. loss.item() * len(X) is the sum over its rows: add those up.",
        "Count the rows as well, and return the total divided by the number of rows.",
    ],
)
def train_epoch(train_epoch):
    """train_epoch(model, loader, loss_fn, optimizer) -> the mean loss over all rows."""
    expect_function(train_epoch, "train_epoch")
    for rows, batch_size in ((12, 5), (9, 8)):
        X, y = torch.randn(rows, 4), torch.randint(0, 3, (rows,))
        loader = DataLoader(TensorDataset(X, y), batch_size)
        model = nn.Linear(4, 3)
        before = copy.deepcopy(model)
        model.eval()
        modes = []
        model.register_forward_hook(lambda m, *_, modes=modes: modes.append(m.training))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        answer = call(train_epoch, model, loader, nn.CrossEntropyLoss(), optimizer)
        loss = expect_number(answer, "the loss")
        expect(modes, "your function never calls the model that is passed in.")
        expect(all(modes), "the model is in evaluation mode: call model.train() before the loop.")
        check_steps(model, before, list(loader))
        check_epoch_loss(loss, before, list(loader))


def run_epoch(model, loader, zero=True):
    """Return a copy of the model after one epoch, and the loss of each batch."""
    model = copy.deepcopy(model)
    losses = []
    for X, y in loader:
        loss = F.cross_entropy(model(X), y)
        if zero:
            model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= 0.5 * p.grad
        losses.append(loss.item())
    return model, torch.tensor(losses)


def check_steps(model, before, loader):
    """Expect the weights after one step for each batch, each with its own gradient."""
    weight = model.weight
    expect(
        not torch.equal(weight, before.weight),
        "the model that was passed in did not change: is optimizer.step() called?",
    )
    expect(
        not is_close(weight, run_epoch(before, loader[:1])[0].weight),
        "only one step was made, with the first batch: is the return inside the loop?",
    )
    expect(
        not is_close(weight, run_epoch(before, loader, zero=False)[0].weight),
        "the gradients of all batches add up: call optimizer.zero_grad() before each backward().",
    )
    expect(
        not is_close(weight, run_epoch(before, loader[-1:])[0].weight),
        "only one step was made, with the last batch: the five lines belong inside the loop.",
    )
    expect(
        is_close(weight, run_epoch(before, loader)[0].weight),
        f"after {len(loader)} batches the weights are not those of one step for each batch: "
        "forward, loss, zero_grad, backward and step, all five inside the loop, once.",
    )


def check_epoch_loss(loss, before, loader):
    """Expect the mean over all rows of the losses taken before each step."""
    losses = run_epoch(before, loader)[1]
    rows = torch.tensor([float(len(y)) for _, y in loader])
    known = {
        losses.mean(): "you divide by the number of batches, not of rows: "
        "the small last batch then counts too much",
        losses.sum(): "you return the sum of the batch losses: weigh each by len(X) and divide "
        "by the number of rows",
        (losses * rows).sum(): "you return the sum over all rows: divide by their number",
        losses.sum() / rows.sum(): "a batch loss is a mean: multiply it by len(X) before you add",
        losses[-1]: "you return the loss of the last batch only",
    }
    for wrong, reason in known.items():
        expect(not is_close(loss, wrong), f"{reason}.")
    expect_close(loss, (losses * rows).sum() / rows.sum(), "the loss")


@exercise(
    title="A pair of loaders",
    notebook="04_dataloaders",
    minutes=5,
    difficulty="debug",
    hints=[
        "torch.manual_seed is shared by everyone. torch.Generator().manual_seed(seed) is a "
        "generator of your own.",
        "DataLoader takes it with generator=..., together with shuffle=True.",
        "The validation loader needs neither shuffle nor drop_last.",
    ],
)
def loaders(make_loaders):
    """make_loaders(train_set, val_set, batch_size, seed) -> train_loader, val_loader."""
    expect_function(make_loaders, "make_loaders")
    train_set, val_set = numbered(0, 43), numbered(100, 123)
    train_loader, val_loader = pair(make_loaders, train_set, val_set, 10, 3)
    first, sizes = walk(train_loader, "train_loader")
    expect(first, "train_loader gave no batch.")
    expect(
        not set(first) & set(range(100, 123)),
        "train_loader gives rows of the validation set: return train_loader first, then "
        "val_loader, each over its own set.",
    )
    expect(
        sorted(first) == list(range(43)),
        f"train_loader must give each of the 43 rows once, yours gives {len(set(first))} of them "
        f"in {len(first)}.",
    )
    expect(
        sizes == [10, 10, 10, 10, 3],
        f"43 rows with batch_size=10 make batches of 10, 10, 10, 10 and 3; yours: {sizes}.",
    )
    expect(first != sorted(first), "train_loader is not shuffled: use shuffle=True.")
    second, _ = walk(train_loader, "train_loader")
    expect(second != first, "the second epoch has the same order: each epoch must shuffle anew.")
    expect(
        sorted(second) == list(range(43)),
        f"in its second epoch train_loader gives {len(second)} rows, not 43: it must be possible "
        "to walk through it again.",
    )
    check_val_loader(val_loader)
    epochs = []
    for seed in (3, 3, 4):
        again, _ = pair(make_loaders, train_set, val_set, 10, seed)
        torch.rand(len(epochs) + 1)  # other random numbers are drawn in between
        epochs.append([walk(again, "train_loader")[0] for _ in range(2)])
    expect(
        epochs[0] == epochs[1],
        "with the same seed the orders differ if other random numbers are drawn in between: "
        "give train_loader its own generator=torch.Generator().manual_seed(seed).",
    )
    expect(epochs[0] != epochs[2], "another seed gives the same orders: yours ignores the seed.")


def check_val_loader(val_loader):
    """Expect all 23 rows in their order, twice."""
    for epoch in ("", "in its second epoch "):
        rows, sizes = walk(val_loader, "val_loader")
        expect(
            not set(rows) & set(range(43)),
            "val_loader gives rows of the training set: it must be made of val_set.",
        )
        expect(
            len(rows) == 23,
            f"{epoch}val_loader gives {len(rows)} of 23 rows: every row must be measured, "
            "the small last batch too.",
        )
        expect(
            rows == list(range(100, 123)),
            "val_loader does not keep the order of its set: predictions would stand beside other "
            "rows. No shuffle here.",
        )
        expect(
            sizes == [10, 10, 3],
            f"23 rows with batch_size=10 make batches of 10, 10 and 3; yours: {sizes}.",
        )


def numbered(start, stop):
    """Return a data set whose y is the number of the row."""
    y = torch.arange(start, stop)
    return TensorDataset(y.float().unsqueeze(1).repeat(1, 3), y)


def pair(make_loaders, *args):
    """Return the two loaders that the student's function gives."""
    answer = call(make_loaders, *args)
    expect(
        isinstance(answer, tuple | list) and len(answer) == 2,
        f"make_loaders must return two loaders: return train_loader, val_loader. "
        f"Yours is {kind(answer)}.",
    )
    return answer


def walk(loader, name):
    """Return the row numbers of one epoch and the sizes of its batches."""
    expect(
        hasattr(type(loader), "__iter__") and not isinstance(loader, str),
        f"{name} must be a DataLoader, yours is {kind(loader)}.",
    )
    rows, sizes = [], []
    for batch in call(list, loader):
        expect(
            isinstance(batch, tuple | list)
            and len(batch) == 2
            and all(isinstance(part, torch.Tensor) and part.dim() for part in batch),
            f"{name} must give batches (X, y) of two tensors, yours gives {kind(batch)}.",
        )
        X, y = batch
        expect_tensor(X, f"X of {name}", shape=(len(y), 3))
        expect(
            is_close(X[:, 0], y),
            f"in a batch of {name} X and y belong to different rows: shuffle the pairs, "
            "not each for itself.",
        )
        rows += [int(number) for number in y]
        sizes.append(len(y))
    return rows, sizes


@exercise(
    title="Balanced weights",
    notebook="04_dataloaders",
    minutes=5,
    difficulty="build",
    hints=[
        "torch.bincount(targets) counts the rows of each class, shape (classes,).",
        "A row of a class with n rows gets the weight 1/n: together they weigh 1.",
        "counts[targets] looks up the count of its own class for each row, shape (N,).",
    ],
)
def weights(balanced_weights):
    """balanced_weights(targets) -> one weight for each row, the same total for each class."""
    expect_function(balanced_weights, "balanced_weights")
    for counts in ([9, 3], [2, 11, 5, 1], [4, 0, 8]):
        targets = torch.repeat_interleave(torch.tensor(counts))
        targets = targets[torch.randperm(len(targets))]
        given = targets.clone()
        answer = call(balanced_weights, targets)
        expect(torch.equal(targets, given), "your function changes targets in place.")
        n, classes = len(targets), len(counts)
        expect_tensor(answer, "what balanced_weights returns")
        expect(
            tuple(answer.shape) != (classes,) or classes == n,
            f"yours is one weight for each class, shape ({classes},): the sampler needs one for "
            f"each row, shape ({n},). Look them up with weights[targets].",
        )
        expect_tensor(answer, "what balanced_weights returns", shape=(n,))
        expect(
            answer.is_floating_point(),
            f"the weights must be decimals, such as torch.float32, yours are {answer.dtype}.",
        )
        expect(
            bool(torch.isfinite(answer).all() and (answer > 0).all()),
            "each weight must be a positive number: no row may be left out.",
        )
        check_balance(answer, targets, torch.tensor(counts))


def check_balance(answer, targets, counts):
    """Expect the same share for each class, and within a class for each row."""
    answer = answer.detach().double() / answer.detach().double().sum()
    by_row = counts[targets].double()
    known = {
        "equal": torch.ones(len(targets), dtype=torch.float64),
        "counts": by_row,
        "complement": 1 - by_row / len(targets),
    }
    reasons = {
        "equal": "all rows have the same weight, so the rare class stays rare",
        "counts": "the weights grow with the count, so the common class is drawn even more often: "
        "use 1 / count",
        "complement": "1 minus the share of a class does not balance three or more classes, "
        "and with 9 to 3 rows only by chance: use 1 / count",
    }
    right = (1 / by_row) / (1 / by_row).sum()
    for name, weights_ in known.items():
        expect(
            is_close(weights_, right * weights_.sum(), 1e-6)
            or not is_close(answer, weights_ / weights_.sum(), 1e-6),
            f"{reasons[name]}.",
        )
    shares = [answer[targets == label].sum().item() for label in range(len(counts))]
    present = [label for label in range(len(counts)) if counts[label] > 0]
    for label in present:
        expect(
            is_close(shares[label], 1 / len(present), 1e-4),
            f"with {counts.tolist()} rows, class {label} has {shares[label]:.1%} of the total "
            f"weight; it should be {1 / len(present):.1%}, as for every class.",
        )
    expect_close(answer, right, "the class totals are right, but, scaled to sum 1, weight ", 1e-5)


@exercise(
    title="A collate function",
    notebook="04_dataloaders",
    minutes=7,
    difficulty="build",
    hints=[
        "Take the batch apart first: [sequence for sequence, _ in batch], and the labels likewise.",
        "nn.utils.rnn.pad_sequence(sequences, batch_first=True) pads with 0 at the end.",
        "lengths is torch.tensor([len(s) for s in sequences]): ints become int64 by themselves.",
    ],
)
def collate(collate):
    """collate(batch) -> X (batch, longest), lengths (batch,), y (batch,)."""
    expect_function(collate, "collate")
    for lengths, dtype in (([3, 7, 5], torch.int64), ([4, 1, 2, 4], torch.float32), ([6], None)):
        dtype = dtype or torch.int64
        sequences = [torch.randint(1, 27, (n,)).to(dtype) for n in lengths]
        labels = torch.randint(0, 9, (len(lengths),)).tolist()
        answer = call(collate, list(zip([s.clone() for s in sequences], labels, strict=True)))
        expect(
            isinstance(answer, tuple | list) and len(answer) == 3,
            f"collate must return three tensors: return X, lengths, y. Yours is {kind(answer)}.",
        )
        X, lengths_, y = answer
        b, longest = len(lengths), max(lengths)
        expect_tensor(X, "X")
        expect(
            tuple(X.shape) != (longest, b) or b == longest,
            f"X has shape ({longest}, {b}), one column for each item: "
            "pad_sequence needs batch_first=True.",
        )
        expect(
            X.dim() != 2 or X.shape[0] != b or X.shape[1] <= longest,
            f"X is {X.shape[-1] if X.dim() else 0} wide, but the longest sequence of this batch "
            f"has {longest}: pad to the longest, not to a fixed length.",
        )
        expect_tensor(X, f"for sequences of lengths {lengths} X", shape=(b, longest), dtype=dtype)
        expect_tensor(lengths_, "lengths", shape=(b,), dtype=torch.int64)
        expect_tensor(y, "y", shape=(b,), dtype=torch.int64)
        check_padding(X, lengths_, y, sequences, labels)


def check_padding(X, lengths, y, sequences, labels):
    """Expect each sequence at the start of its row, zeros after it, and its length and label."""
    expected = nn.utils.rnn.pad_sequence(sequences, batch_first=True)
    true_lengths = torch.tensor([len(s) for s in sequences])
    left = torch.stack([F.pad(s, (expected.shape[1] - len(s), 0)) for s in sequences])
    expect(
        torch.equal(left, expected) or not is_close(X, left),
        "you pad at the beginning: the zeros belong at the end of each row.",
    )
    order = torch.argsort(true_lengths, descending=True, stable=True)
    for changed in (order, order.flip(0)):
        expect(
            torch.equal(expected[changed], expected) or not is_close(X, expected[changed]),
            "the items are sorted by length: keep their order.",
        )
    covered = torch.arange(X.shape[1]) < true_lengths.unsqueeze(1)
    expect(
        not is_close(X[covered], expected[covered]) or not (X[~covered] != 0).any(),
        "the places after the end of a sequence must hold 0.",
    )
    expect_close(X, expected, "X")
    expect(
        bool((true_lengths == X.shape[1]).all()) or not (lengths == X.shape[1]).all(),
        "lengths holds the length after padding: take each length before you pad.",
    )
    expect_close(lengths, true_lengths, "lengths")
    expect_close(y, torch.tensor(labels), "y")
