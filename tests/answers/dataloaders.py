"""Answers to the exercises of 04_dataloaders."""

import itertools
import math

import numpy as np
import pandas as pd
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

from answers import obvious, right, wrong
from helpers.loaders import make_loader

# ---- dataloaders.memory ---------------------------------------------------------------------


@right("dataloaders.memory")
def with_an_empty_tensor(shape, dtype, budget):
    return int(budget // torch.empty(shape, dtype=dtype).nbytes)


@right("dataloaders.memory")
def by_adding_up(size, kind, bytes_there):
    one = math.prod(size) * torch.tensor([], dtype=kind).element_size()
    return (bytes_there - bytes_there % one) // one


@wrong("dataloaders.memory", "of type float, and must be a whole number (int)")
def rounded_but_a_float(shape, dtype, budget):
    return float(budget // (math.prod(shape) * dtype.itemsize))


@wrong("dataloaders.memory", "a part of an item is no item")
def not_rounded(shape, dtype, budget):
    return budget / (math.prod(shape) * dtype.itemsize)


@wrong("dataloaders.memory", "a part of an item is no item")
def rounded_up(shape, dtype, budget):
    return math.ceil(budget / (math.prod(shape) * dtype.itemsize))


@wrong("dataloaders.memory", "you count numbers, not bytes")
def forgets_the_dtype(shape, dtype, budget):
    return budget // math.prod(shape)


@wrong("dataloaders.memory", "you count 4 bytes for each number")
def always_four_bytes(shape, dtype, budget):
    return budget // (math.prod(shape) * 4)


@wrong("dataloaders.memory", "yours returns 0, right is 1")
def in_bits(shape, dtype, budget):
    return budget // (math.prod(shape) * dtype.itemsize * 8)


@wrong("dataloaders.memory", "yours returns")
def adds_the_sizes(shape, dtype, budget):
    return budget // (sum(shape) * dtype.itemsize)


@wrong("dataloaders.memory", "yours returns -1, right is 0")
def keeps_one_in_reserve(shape, dtype, budget):
    return budget // (math.prod(shape) * dtype.itemsize) - 1


@wrong("dataloaders.memory", "ZeroDivisionError")
def the_other_way_round(shape, dtype, budget):
    return math.prod(shape) * dtype.itemsize / budget


@wrong("dataloaders.memory", "your result is a tensor, and must be a plain number")
def as_a_tensor(shape, dtype, budget):
    return torch.tensor(budget // (math.prod(shape) * dtype.itemsize))


@wrong("dataloaders.memory", "IndexError")
def three_sizes_only(shape, dtype, budget):
    return budget // (shape[0] * shape[1] * shape[2] * dtype.itemsize)


@obvious("dataloaders.memory")
def by_subtracting(shape, dtype, budget):
    size_of_one = dtype.itemsize
    for size in shape:
        size_of_one = size_of_one * size
    items = 0
    while budget >= size_of_one:
        budget = budget - size_of_one
        items += 1
    return items


@right("dataloaders.memory")
def with_an_int_around(shape, dtype, budget):
    return int(budget / (math.prod(shape) * dtype.itemsize))


@wrong("dataloaders.memory", "yours is a number of NumPy, no plain int")
def with_numpy(shape, dtype, budget):
    return budget // (np.prod(shape) * dtype.itemsize)


@wrong("dataloaders.memory", "ValueError: too many values to unpack")
def three_dimensions_at_most(shape, dtype, budget):
    depth, height, width = (1,) * (3 - len(shape)) + shape
    return budget // (depth * height * width * dtype.itemsize)


@wrong("dataloaders.memory", "yours returns 2, right is 1")
def three_dimensions_of_all(shape, dtype, budget):
    return budget // (math.prod(shape[-3:]) * dtype.itemsize)


@wrong("dataloaders.memory", "yours returns 1, right is 0")
def one_at_least(shape, dtype, budget):
    return max(1, budget // (math.prod(shape) * dtype.itemsize))


@wrong("dataloaders.memory", "yours returns 0, right is 1")
def must_be_below_the_budget(shape, dtype, budget):
    return max(0, budget - 1) // (math.prod(shape) * dtype.itemsize)


@wrong("dataloaders.memory", "torch.finfo() requires a floating point")
def for_decimals_only(shape, dtype, budget):
    return budget // (math.prod(shape) * torch.finfo(dtype).bits // 8)


@wrong("dataloaders.memory", "dtype = torch.bool")
def a_bool_is_a_bit(shape, dtype, budget):
    bits = 1 if dtype == torch.bool else dtype.itemsize * 8
    return budget * 8 // (math.prod(shape) * bits)


@wrong("dataloaders.memory", "yours returns 1, right is 0")
def to_the_nearest(shape, dtype, budget):
    return round(budget / (math.prod(shape) * dtype.itemsize))


@wrong("dataloaders.memory", "your result is None (is the return missing?)")
def forgets_to_return(shape, dtype, budget):
    budget // (math.prod(shape) * dtype.itemsize)


@wrong("dataloaders.memory", "yours returns 1, right is 0")
def with_a_product_in_float32(shape, dtype, budget):
    numbers = int(torch.tensor(shape, dtype=torch.float32).prod())
    return budget // (numbers * dtype.itemsize)


# ---- dataloaders.dataset --------------------------------------------------------------------


@right("dataloaders.dataset")
class FromTheTableEachTime(Dataset):
    def __init__(self, frame, transform=None):
        self.frame, self.change = frame, transform

    def __len__(self):
        return self.frame.shape[0]

    def __getitem__(self, place):
        *x, y = self.frame.iloc[place].tolist()
        x = torch.tensor(x, dtype=torch.float32)
        return [self.change(x) if self.change else x, int(y)]


@right("dataloaders.dataset")
class WithoutTheBaseClass:
    def __init__(self, table, transform=None):
        numbers = table.to_numpy()
        self.X = torch.from_numpy(numbers[:, :-1].astype("float32"))
        self.y = table["target"].to_numpy()
        self.transform = transform or (lambda x: x)

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return self.transform(self.X[i]), self.y[i]


class Base(Dataset):
    """The right data set, for a wrong answer to spoil."""

    columns = slice(0, -1)
    dtype = torch.float32

    def __init__(self, table, transform=None):
        self.X = torch.tensor(table.to_numpy()[:, self.columns], dtype=self.dtype)
        self.y = torch.tensor(table["target"].to_numpy())
        self.transform = transform

    def __len__(self):
        return len(self.X)

    def __getitem__(self, i):
        x = self.X[i]
        return (x if self.transform is None else self.transform(x)), self.y[i]


@wrong("dataloaders.dataset", "the number of calls of transform")
class TakesRowsByLabel(Base):
    def __init__(self, table, transform=None):
        super().__init__(table, transform)
        self.table = table

    def __getitem__(self, i):
        *x, y = self.table.loc[i].tolist()
        return torch.tensor(x), int(y)


@wrong("dataloaders.dataset", "the number of calls of transform for 2 items is 0, right is 2")
class TakesTheTargetByLabel(Base):
    def __init__(self, table, transform=None):
        super().__init__(table, transform)
        self.target = table["target"]

    def __getitem__(self, i):
        return self.X[i], int(self.target[i])


@wrong("dataloaders.dataset", "target is still among the features")
class TargetAmongTheFeatures(Base):
    columns = slice(0, None)


@wrong("dataloaders.dataset", "x of item 0 has shape (0,), right is (1,)")
class OneColumnTooFew(Base):
    columns = slice(1, -1)


@wrong("dataloaders.dataset", "x of item 0 is torch.float64, right is torch.float32")
class InFloat64(Base):
    dtype = torch.float64


@wrong("dataloaders.dataset", "y of item 0 must be an int, or an int64 tensor")
class TargetAsAFloat(Base):
    def __getitem__(self, i):
        return self.X[i], self.y[i].float()


@wrong("dataloaders.dataset", "an int, or an int64 tensor of shape (); yours is 0.0")
class TargetAsAPythonFloat(Base):
    def __getitem__(self, i):
        return self.X[i], float(self.y[i])


@wrong("dataloaders.dataset", "an int, or an int64 tensor of shape (); yours is torch.tensor([0])")
class TargetInAColumn(Base):
    def __getitem__(self, i):
        return self.X[i], self.y[i : i + 1]


@wrong("dataloaders.dataset", "x of item 0 is of type ndarray, and must be a tensor")
class ForgetsTheTensor(Base):
    def __getitem__(self, i):
        return self.X[i].numpy(), self.y[i]


@wrong("dataloaders.dataset", "of type list, and must be a tensor")
class AsAList(Base):
    def __getitem__(self, i):
        return self.X[i].tolist(), self.y[i]


@wrong("dataloaders.dataset", "IndexError: index")
class KeepsTheFirstTable(Base):
    first = None

    def __init__(self, table, transform=None):
        super().__init__(table, transform)
        self.n = len(table)
        if KeepsTheFirstTable.first is None or self.n == 9:
            KeepsTheFirstTable.first = self.X, self.y
        self.X, self.y = KeepsTheFirstTable.first

    def __len__(self):
        return self.n


@wrong("dataloaders.dataset", "item 0 must be (x, y). Yours is a tensor")
class ForgetsTheTarget(Base):
    def __getitem__(self, i):
        return self.X[i]


@wrong("dataloaders.dataset", "item 0 must be (x, y). Yours is None (is the return missing?)")
class ForgetsTheReturn(Base):
    def __getitem__(self, i):
        self.X[i], self.y[i]


@wrong("dataloaders.dataset", "of item")
class StartsAtOne(Base):
    def __getitem__(self, i):
        return super().__getitem__((i + 1) % len(self))


@wrong("dataloaders.dataset", "the length of the data set is")
class CountsColumns(Base):
    def __len__(self):
        return self.X.shape[1]


@wrong("dataloaders.dataset", "the length of the data set is 9, right is 1")
class AlwaysNine(Base):
    def __len__(self):
        return 9


@wrong("dataloaders.dataset", "has no attribute '__len__'")
class WithoutALength:
    def __init__(self, table, transform=None):
        pass

    def __getitem__(self, i):
        return torch.zeros(4), 0


@wrong("dataloaders.dataset", "'WithoutItems' object is not subscriptable")
class WithoutItems:
    def __init__(self, table, transform=None):
        self.table = table

    def __len__(self):
        return len(self.table)


@wrong("dataloaders.dataset", "your function changes table, which is passed in")
class TakesTheTargetOut(Base):
    def __init__(self, table, transform=None):
        super().__init__(table, transform)
        table.pop("target")


@wrong("dataloaders.dataset", "the number of calls of transform for 2 items is 0, right is 2")
class ForgetsTheTransform(Base):
    def __getitem__(self, i):
        return self.X[i], self.y[i]


@wrong("dataloaders.dataset", "the result of transform is not used")
class DropsTheResult(Base):
    def __getitem__(self, i):
        if self.transform:
            self.transform(self.X[i])
        return self.X[i], self.y[i]


@wrong("dataloaders.dataset", "the number of calls of transform in __init__ is 1, right is 0")
class TransformsAtOnce(Base):
    def __init__(self, table, transform=None):
        super().__init__(table)
        if transform:
            self.X = torch.stack([transform(x) for x in self.X])


@wrong("dataloaders.dataset", "the number of calls of transform for 2 items is 4, right is 2")
class TransformsTwice(Base):
    def __getitem__(self, i):
        x = self.X[i]
        return (self.transform(self.transform(x)) if self.transform else x), self.y[i]


@wrong("dataloaders.dataset", "and must be a tensor")
class TransformsAnArray(Base):
    def __getitem__(self, i):
        x = self.X[i].numpy()
        return torch.as_tensor(self.transform(x) if self.transform else x), self.y[i]


@wrong("dataloaders.dataset", "x of item")
class TransformsAnotherRow(Base):
    def __getitem__(self, i):
        return (self.transform(self.X[0]) if self.transform else self.X[i]), self.y[i]


@wrong("dataloaders.dataset", "x of item")
class AddsTheTransform(Base):
    def __getitem__(self, i):
        return (self.transform(self.X[i]) + self.X[i] if self.transform else self.X[i]), self.y[i]


@wrong("dataloaders.dataset", "NameError: name 'tabel' is not defined")
class MisspellsInInit(Dataset):
    def __init__(self, table, transform=None):
        self.table = tabel  # noqa: F821


@obvious("dataloaders.dataset")
class RowByRow:
    def __init__(self, table, transform=None):
        self.rows, self.transform = [], transform
        for place in range(len(table)):
            x, y = [], None
            for name in table.columns:
                value = table[name].iloc[place]
                if name == "target":
                    y = int(value)
                else:
                    x.append(float(value))
            self.rows.append((x, y))

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        x, y = self.rows[i]
        x = torch.tensor(x, dtype=torch.float32)
        if self.transform is not None:
            x = self.transform(x)
        return x, y


@wrong("dataloaders.dataset", "TypeError: int() argument must be")
class WithLabelsOfPlaces(Dataset):
    def __init__(self, table, transform=None):
        self.table, self.transform = table.copy(), transform

    def __len__(self):
        return self.table.index.size

    def __getitem__(self, i):
        row = self.table.loc[self.table.index[i]]
        x = torch.FloatTensor(row.iloc[:-1].to_numpy(dtype="float32"))
        return (self.transform(x) if self.transform else x), torch.tensor(int(row["target"]))


class BaseOfTables(Base):
    """The right data set that keeps its table."""

    def __init__(self, table, transform=None):
        super().__init__(table, transform)
        self.table = table


@wrong("dataloaders.dataset", "rows go by their label, the index of the table")
class ByLabel(BaseOfTables):
    def __getitem__(self, i):
        x = torch.tensor(self.table.loc[i].to_numpy()[:-1], dtype=torch.float32)
        return (self.transform(x) if self.transform else x), int(self.table.loc[i, "target"])


@wrong("dataloaders.dataset", "write .to_numpy() behind it")
class TargetOutOfASeries(Base):
    def __init__(self, table, transform=None):
        super().__init__(table, transform)
        self.y = torch.tensor(table["target"])


@wrong("dataloaders.dataset", "The row at place i is table.iloc[i]")
class AsksForAColumn(BaseOfTables):
    def __getitem__(self, i):
        row = self.table[i]
        return torch.tensor(row[:-1]), row[-1]


@wrong("dataloaders.dataset", "write .to_numpy() behind it")
class TensorOfASeries(BaseOfTables):
    def __getitem__(self, i):
        row = self.table.iloc[i]
        return torch.tensor(row.drop("target")).float(), int(row["target"])


@wrong("dataloaders.dataset", "has shape (1,)")
class OneColumnOnly(Base):
    columns = slice(0, 1)


@wrong("dataloaders.dataset", "x of item 0 has shape (2,), right is (1,)")
class FourColumns(Base):
    def __init__(self, table, transform=None):
        super().__init__(table, transform)
        self.X = torch.tensor(table.iloc[:, :4].to_numpy(), dtype=torch.float32)


@wrong("dataloaders.dataset", "has shape")
class DecimalColumnsOnly(Base):
    def __init__(self, table, transform=None):
        super().__init__(table, transform)
        self.X = torch.tensor(table.select_dtypes("float").to_numpy(), dtype=torch.float32)


@wrong("dataloaders.dataset", "x of item")
class ColumnsInOrderOfNames(Base):
    def __init__(self, table, transform=None):
        super().__init__(table[[*sorted(table.columns.drop("target")), "target"]], transform)


@wrong("dataloaders.dataset", "of item 1 is")
class SortsTheRows(Base):
    def __init__(self, table, transform=None):
        super().__init__(table.sort_index(), transform)


@wrong("dataloaders.dataset", "StopIteration")
class OnlyInOrder(Base):
    def __init__(self, table, transform=None):
        super().__init__(table, transform)
        self.rows = iter(zip(self.X, self.y, strict=True))

    def __getitem__(self, i):
        x, y = next(self.rows)
        return (x if self.transform is None else self.transform(x)), y


@wrong("dataloaders.dataset", "the number of calls of transform for 2 items is 1, right is 2")
class KeepsWhatWasTransformed(Base):
    def __getitem__(self, i):
        self.kept = getattr(self, "kept", {})
        if i not in self.kept:
            self.kept[i] = super().__getitem__(i)
        return self.kept[i]


@wrong("dataloaders.dataset", "x of item 0 is torch.float32, right is torch.bool")
class DecimalsInTheEnd(Base):
    def __getitem__(self, i):
        x, y = super().__getitem__(i)
        return x.float(), y


@wrong("dataloaders.dataset", "x of item")
class OnTheClassOfTables(Base):
    def __init__(self, table, transform=None):
        super().__init__(table, transform)
        OnTheClassOfTables.rows = self.X

    def __getitem__(self, i):
        x = OnTheClassOfTables.rows[i]
        return (x if self.transform is None else self.transform(x)), self.y[i]


@wrong("dataloaders.dataset", "your function changes table, which is passed in")
class AddsAColumn(BaseOfTables):
    def __getitem__(self, i):
        self.table["seen"] = 1
        return super().__getitem__(i)


@wrong("dataloaders.dataset", "has shape")
class FlattensInTheEnd(Base):
    def __getitem__(self, i):
        x, y = super().__getitem__(i)
        return x.flatten(), y


@wrong("dataloaders.dataset", "x of item")
class RoundsToOneDecimal(Base):
    def __init__(self, table, transform=None):
        super().__init__(table.round({name: 1 for name in table.columns}), transform)


@wrong("dataloaders.dataset", "is torch.int64, right is torch.float32")
class WithoutADtype(Base):
    def __init__(self, table, transform=None):
        super().__init__(table, transform)
        self.X = torch.tensor(table.drop(columns="target").to_numpy())
        self.X = self.X.float() if self.X.is_floating_point() else self.X


# ---- dataloaders.self_data ------------------------------------------------------------------

data = torch.randn(112, 5)


@right("dataloaders.self_data")
class RowsInTwoParts(Dataset):
    def __init__(self, data):
        self.X, self.y = data.split([data.shape[1] - 1, 1], dim=1)

    def __len__(self):
        return self.y.numel()

    def __getitem__(self, i):
        return self.X[i], int(self.y[i])


@right("dataloaders.self_data")
class RowsAsAList:
    def __init__(self, rows):
        self.rows = [(row[:-1], row[-1].to(torch.int64)) for row in rows]

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        return self.rows[i]


@wrong("dataloaders.self_data", "data alone is a variable of the notebook")
class StillTheGlobalData(Dataset):
    def __init__(self, data):
        self.data = data

    def __len__(self):
        return len(self.data)

    def __getitem__(self, i):
        row = data[i]
        return row[:-1], row[-1].long()


class Rows(Dataset):
    """The right data set, for a wrong answer to spoil."""

    def __init__(self, data):
        self.data = data

    def __len__(self):
        return len(self.data)

    def __getitem__(self, i):
        return self.data[i, :-1], self.data[i, -1].long()


@wrong("dataloaders.self_data", "the length of the data set is")
class LengthOfTheGlobalData(Rows):
    def __len__(self):
        return len(data)


@wrong("dataloaders.self_data", "keep the data on self, not on the class")
class OnTheClass(Rows):
    def __init__(self, data):
        self.n = len(data)
        OnTheClass.data = data

    def __len__(self):
        return self.n


@wrong("dataloaders.self_data", "y of item")
class LabelFromTheGlobalData(Rows):
    def __getitem__(self, i):
        return self.data[i, :-1], data[i, -1].long()


@wrong("dataloaders.self_data", "still holds the last column")
class WithTheLastColumn(Rows):
    def __getitem__(self, i):
        return self.data[i], self.data[i, -1].long()


@wrong("dataloaders.self_data", "x of item 0 has shape (0,), right is (1,)")
class DropsTwoColumns(Rows):
    def __getitem__(self, i):
        return self.data[i, :-2], self.data[i, -1].long()


@wrong("dataloaders.self_data", "x of item")
class FromTheEnd(Rows):
    def __getitem__(self, i):
        return self.data[-1 - i, :-1], self.data[i, -1].long()


@wrong("dataloaders.self_data", "y of item 0 must be an int, or an int64 tensor")
class LabelAsAFloat(Rows):
    def __getitem__(self, i):
        return self.data[i, :-1], self.data[i, -1]


@wrong("dataloaders.self_data", "NameError: name 'rows' is not defined")
class AnotherGlobal(Rows):
    def __getitem__(self, i):
        return rows[i]  # noqa: F821


@wrong("dataloaders.self_data", "has no attribute 'data'")
class NeverKept(Rows):
    def __init__(self, data):
        pass


@obvious("dataloaders.self_data")
class NumberByNumber:
    def __init__(self, data):
        self.numbers = data.tolist()

    def __len__(self):
        count = 0
        for _ in self.numbers:
            count += 1
        return count

    def __getitem__(self, i):
        x = []
        for place, number in enumerate(self.numbers[i]):
            if place == len(self.numbers[i]) - 1:
                y = int(number)
            else:
                x.append(number)
        return torch.tensor(x, dtype=torch.float32), y


@right("dataloaders.self_data")
class WithAnotherName(Dataset):
    def __init__(self, data):
        self.X, self.y = data[:, :-1].clone(), data[:, -1].to(torch.long)

    def __len__(self):
        return self.X.size(0)

    def __getitem__(self, i):
        return [self.X[i], self.y[i]]


@wrong("dataloaders.self_data", "right is (1,)")
class FourMeasurements(Rows):
    def __getitem__(self, i):
        return self.data[i, :4], self.data[i, -1].long()


@wrong("dataloaders.self_data", "IndexError")
class TargetInColumnFour(Rows):
    def __getitem__(self, i):
        return self.data[i, :-1], self.data[i, 4].long()


@wrong("dataloaders.self_data", "y of item 0 must be an int, or an int64 tensor")
class LabelInAColumn(Rows):
    def __getitem__(self, i):
        return self.data[i, :-1], self.data[i, -1:].long()


@wrong("dataloaders.self_data", "y of item 0 must be an int, or an int64 tensor")
class LabelAsInt32(Rows):
    def __getitem__(self, i):
        return self.data[i, :-1], self.data[i, -1].int()


@wrong("dataloaders.self_data", "x of item 0 is torch.float64, right is torch.float32")
class InDouble(Rows):
    def __init__(self, data):
        self.data = data.double()


@wrong("dataloaders.self_data", "x of item 0 is torch.int64, right is torch.float32")
class AllWhole(Rows):
    def __init__(self, data):
        self.data = data.long()


@wrong("dataloaders.self_data", "which is passed in")
class ScalesInPlace(Rows):
    def __init__(self, data):
        data[:, :-1] -= 1
        self.data = data


@wrong("dataloaders.self_data", "x of item")
class NoNegativeNumbers(Rows):
    def __getitem__(self, i):
        return self.data[i, :-1].abs(), self.data[i, -1].long()


@wrong("dataloaders.self_data", "y of item")
class TwoClasses(Rows):
    def __getitem__(self, i):
        return self.data[i, :-1], int(self.data[i, -1] > 0)


all_sets = []


@wrong("dataloaders.self_data", "IndexError")
class InAGlobalList(Rows):
    def __init__(self, data):
        self.data = data
        all_sets.append(data)

    def __getitem__(self, i):
        return all_sets[0][i, :-1], self.data[i, -1].long()


@wrong("dataloaders.self_data", "y of item")
class LabelThroughABytes(Rows):
    def __getitem__(self, i):
        return self.data[i, :-1], self.data[i, -1].to(torch.uint8).long()


# ---- dataloaders.train_epoch ----------------------------------------------------------------


@right("dataloaders.train_epoch")
def with_two_lists(model, loader, loss_fn, optimizer):
    model.train(True)
    losses, sizes = [], []
    for inputs, labels in loader:
        optimizer.zero_grad(set_to_none=False)
        loss = loss_fn(model(inputs), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
        sizes.append(float(labels.shape[0]))
    return float(torch.stack(losses).double() @ torch.tensor(sizes).double() / sum(sizes))


@wrong("dataloaders.train_epoch", "has no attribute 'dataset'")
def with_the_length_of_the_data_set(model, loader, loss_fn, optimizer):
    losses, sizes = epoch(model, loader, loss_fn, optimizer)
    return (losses @ sizes).item() / len(loader.dataset)


@right("dataloaders.train_epoch")
def with_zero_grad_last(model, loader, loss_fn, optimizer):
    total = rows = 0
    for X, y in loader:
        model.train()
        loss = loss_fn(model(X), y)
        loss.backward()
        optimizer.step()
        model.zero_grad()
        total, rows = total + loss.item() * len(y), rows + len(y)
    return total / rows


def epoch(model, loader, loss_fn, optimizer, *, zero=True, step=True, train=True):
    """Run one epoch with one thing wrong; return the losses and the sizes of the batches."""
    if train:
        model.train()
    losses, sizes = [], []
    for X, y in loader:
        loss = loss_fn(model(X), y)
        if zero:
            optimizer.zero_grad()
        loss.backward()
        if step:
            optimizer.step()
        losses.append(loss.item())
        sizes.append(len(y))
    return torch.tensor(losses), torch.tensor(sizes).float()


def mean_of(losses, sizes):
    return ((losses * sizes).sum() / sizes.sum()).item()


@wrong(
    "dataloaders.train_epoch",
    "multiply each loss by len(X), add them up, and divide by the number of all rows",
)
def mean_of_means(*args):
    return epoch(*args)[0].mean().item()


@wrong(
    "dataloaders.train_epoch",
    "multiply each loss by len(X), add them up, and divide by the number of all rows",
)
def sum_of_means(*args):
    return epoch(*args)[0].sum().item()


@wrong(
    "dataloaders.train_epoch",
    "multiply each loss by len(X), add them up, and divide by the number of all rows",
)
def sum_over_rows(*args):
    losses, sizes = epoch(*args)
    return (losses * sizes).sum().item()


@wrong(
    "dataloaders.train_epoch",
    "multiply each loss by len(X), add them up, and divide by the number of all rows",
)
def means_over_rows(*args):
    losses, sizes = epoch(*args)
    return (losses.sum() / sizes.sum()).item()


@wrong("dataloaders.train_epoch", "the loss is")
def last_loss(*args):
    return epoch(*args)[0][-1].item()


@wrong("dataloaders.train_epoch", "the loss is")
def loss_afterwards(model, loader, loss_fn, optimizer):
    epoch(model, loader, loss_fn, optimizer)
    with torch.no_grad():
        losses = torch.stack([loss_fn(model(X), y) for X, y in loader])
    return mean_of(losses, torch.tensor([float(len(y)) for _, y in loader]))


@wrong("dataloaders.train_epoch", "call model.train() before the loop")
def stays_in_eval_mode(*args):
    return mean_of(*epoch(*args, train=False))


@wrong("dataloaders.train_epoch", "optimizer passed in is 0, right is 1")
def forgets_the_step(*args):
    return mean_of(*epoch(*args, step=False))


@wrong("dataloaders.train_epoch", "call optimizer.zero_grad()")
def forgets_zero_grad(*args):
    return mean_of(*epoch(*args, zero=False))


@wrong("dataloaders.train_epoch", "optimizer passed in is 1, right is 2")
def returns_in_the_loop(model, loader, loss_fn, optimizer):
    return mean_of(*epoch(model, list(loader)[:1], loss_fn, optimizer))


@wrong("dataloaders.train_epoch", "optimizer passed in is 1, right is 2")
def steps_after_the_loop(model, loader, loss_fn, optimizer):
    for batch in loader:
        last = batch
    return mean_of(*epoch(model, [last], loss_fn, optimizer))


@wrong("dataloaders.train_epoch", "optimizer passed in is 1, right is 2")
def one_step_with_all(model, loader, loss_fn, optimizer):
    X, y = (torch.cat(parts) for parts in zip(*loader, strict=True))
    return mean_of(*epoch(model, [(X, y)], loss_fn, optimizer))


@wrong("dataloaders.train_epoch", "optimizer passed in is 2, right is 1")
def two_epochs(model, loader, loss_fn, optimizer):
    first = mean_of(*epoch(model, loader, loss_fn, optimizer))
    epoch(model, loader, loss_fn, optimizer)
    return first


@wrong("dataloaders.train_epoch", "mat1 and mat2 shapes cannot be multiplied (1x1 and 4x3)")
def trains_another_model(model, loader, loss_fn, optimizer):
    own = nn.Linear(4, 3)
    return mean_of(*epoch(own, loader, loss_fn, torch.optim.SGD(own.parameters(), lr=0.5)))


@wrong("dataloaders.train_epoch", "the loss is a tensor, and must be a plain number")
def keeps_the_graph(*args):
    losses, sizes = epoch(*args)
    return (losses * sizes).sum() / sizes.sum()


@wrong("dataloaders.train_epoch", "the loss is None (is the return missing?)")
def forgets_the_return(*args):
    epoch(*args)


@wrong("dataloaders.train_epoch", "of type list, and must be a plain number")
def returns_all_losses(*args):
    return epoch(*args)[0].tolist()


@obvious("dataloaders.train_epoch")
def row_by_row(model, loader, loss_fn, optimizer):
    for module in model.modules():
        module.training = True
    loss_of_each_row = []
    for batch in loader:
        X, y = batch[0], batch[1]
        for p in model.parameters():
            p.grad = None
        loss = loss_fn(model(X), y)
        loss.backward()
        optimizer.step()
        for _ in range(X.shape[0]):
            loss_of_each_row.append(loss.item())
    return sum(loss_of_each_row) / len(loss_of_each_row)


@right("dataloaders.train_epoch")
def with_the_rows_counted_before(model, loader, loss_fn, optimizer):
    rows = sum(len(y) for _, y in loader)
    losses, sizes = epoch(model, loader, loss_fn, optimizer)
    return float((losses * sizes).sum()) / rows


@right("dataloaders.train_epoch")
def over_a_list(model, loader, loss_fn, optimizer):
    return mean_of(*epoch(model, list(loader), loss_fn, optimizer))


@right("dataloaders.train_epoch")
def with_forward(model, loader, loss_fn, optimizer):
    model.train()
    mean, rows = 0.0, 0
    for X, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model.forward(X), y)
        torch.autograd.backward(loss)
        optimizer.step()
        rows += len(y)
        mean += (loss.item() - mean) * len(y) / rows
    return mean


@wrong("dataloaders.train_epoch", "the loss is")
def with_cross_entropy(model, loader, loss_fn, optimizer):
    return mean_of(*epoch(model, loader, F.cross_entropy, optimizer))


@wrong("dataloaders.train_epoch", "optimizer passed in is 0")
def with_an_optimizer_of_its_own(model, loader, loss_fn, optimizer):
    own = torch.optim.SGD(model.parameters(), lr=0.5)
    return mean_of(*epoch(model, loader, loss_fn, own))


@wrong("dataloaders.train_epoch", "optimizer passed in is 0")
def steps_by_hand(model, loader, loss_fn, optimizer):
    model.train()
    losses, sizes = [], []
    for X, y in loader:
        loss = loss_fn(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= 0.5 * p.grad
        losses.append(loss.item())
        sizes.append(len(y))
    return mean_of(torch.tensor(losses), torch.tensor(sizes))


@wrong("dataloaders.train_epoch", "optimizer passed in is 2")
def two_steps(model, loader, loss_fn, optimizer):
    model.train()
    losses, sizes = [], []
    for X, y in loader:
        loss = loss_fn(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        optimizer.step()
        losses.append(loss.item())
        sizes.append(len(y))
    return mean_of(torch.tensor(losses), torch.tensor(sizes))


@wrong("dataloaders.train_epoch", "the loss is measured after the step")
def loss_after_each_step(model, loader, loss_fn, optimizer):
    model.train()
    losses, sizes = [], []
    for X, y in loader:
        optimizer.zero_grad()
        loss_fn(model(X), y).backward()
        optimizer.step()
        losses.append(loss_fn(model(X), y).item())
        sizes.append(len(y))
    return mean_of(torch.tensor(losses), torch.tensor(sizes))


@wrong("dataloaders.train_epoch", "the loss is")
def rows_of_the_first_batch(model, loader, loss_fn, optimizer):
    losses, sizes = epoch(model, loader, loss_fn, optimizer)
    return (losses * sizes[0]).sum().item() / sizes.sum().item()


@wrong("dataloaders.train_epoch", "the number of steps of the optimizer passed in is")
def the_same_batch_again(model, loader, loss_fn, optimizer):
    batches = [next(iter(loader)) for _ in range(len(list(loader)) + 1)]
    return mean_of(*epoch(model, batches, loss_fn, optimizer))


@wrong("dataloaders.train_epoch", "your function changes loader, which is passed in")
def centres_in_place(model, loader, loss_fn, optimizer):
    X = loader.dataset.tensors[0] if hasattr(loader, "dataset") else loader.X
    X -= X.mean() + 1
    return mean_of(*epoch(model, loader, loss_fn, optimizer))


@wrong("dataloaders.train_epoch", "the loss is")
def only_the_top_in_training_mode(model, loader, loss_fn, optimizer):
    model.training = True
    return mean_of(*epoch(model, loader, loss_fn, optimizer, train=False))


@wrong("dataloaders.train_epoch", "leaves autograd switched off")
def switches_autograd_off(*args):
    mean = mean_of(*epoch(*args))
    torch.set_grad_enabled(False)
    return mean


every_loss = []


@wrong("dataloaders.train_epoch", "the loss")
def with_all_earlier_losses(*args):
    losses, sizes = epoch(*args)
    every_loss.append((losses, sizes))
    return mean_of(*(torch.cat(parts) for parts in zip(*every_loss, strict=True)))


@wrong(
    "dataloaders.train_epoch",
    "multiply each loss by len(X), add them up, and divide by the number of all rows",
)
def with_the_batch_size(model, loader, loss_fn, optimizer):
    losses, sizes = epoch(model, loader, loss_fn, optimizer)
    return losses.sum().item() * float(sizes[0]) / (len(sizes) * float(sizes[0]))


@wrong("dataloaders.train_epoch", "the loss is")
def the_first_64_rows_of_a_batch(model, loader, loss_fn, optimizer):
    batches = [(X[:64], y[:64]) for X, y in loader]
    return mean_of(*epoch(model, batches, loss_fn, optimizer))


@wrong("dataloaders.train_epoch", "of a second epoch")
def forgets_the_momentum(model, loader, loss_fn, optimizer):
    mean = mean_of(*epoch(model, loader, loss_fn, optimizer))
    optimizer.state.clear()
    return mean


@wrong("dataloaders.train_epoch", "requires_grad")
def unfreezes_all(model, loader, loss_fn, optimizer):
    model.requires_grad_(True)
    return mean_of(*epoch(model, loader, loss_fn, optimizer))


# ---- dataloaders.loaders --------------------------------------------------------------------


@right("dataloaders.loaders")
def with_samplers(train_set, val_set, batch_size, seed):
    generator = torch.Generator()
    generator.manual_seed(seed)
    sampler = torch.utils.data.RandomSampler(train_set, generator=generator)
    order = torch.utils.data.SequentialSampler(val_set)
    return [
        DataLoader(train_set, batch_size=batch_size, sampler=sampler),
        DataLoader(val_set, batch_size=batch_size, sampler=order, drop_last=False),
    ]


class OwnLoader:
    """A loader without DataLoader."""

    def __init__(self, dataset, batch_size, generator=None):
        self.dataset, self.batch_size, self.generator = dataset, batch_size, generator

    def __iter__(self):
        rows = torch.arange(len(self.dataset))
        if self.generator is not None:
            rows = torch.randperm(len(self.dataset), generator=self.generator)
        for part in rows.split(self.batch_size):
            yield self.dataset[part]


@right("dataloaders.loaders")
def without_dataloader(train_set, val_set, batch_size, seed):
    generator = torch.Generator().manual_seed(seed)
    return OwnLoader(train_set, batch_size, generator), OwnLoader(val_set, batch_size)


def train_loader_of(dataset, batch_size, seed, **more):
    generator = torch.Generator().manual_seed(seed)
    return DataLoader(dataset, batch_size, shuffle=True, generator=generator, **more)


@wrong("dataloaders.loaders", "give all rows (no drop_last)")
def as_the_colleague_did(train_set, val_set, batch_size, seed):
    torch.manual_seed(seed)
    train_loader = DataLoader(train_set, batch_size, shuffle=True)
    val_loader = DataLoader(val_set, batch_size, shuffle=True, drop_last=True)
    return train_loader, val_loader


@wrong("dataloaders.loaders", "the y of val_loader (no shuffle here) is")
def shuffles_both(train_set, val_set, batch_size, seed):
    return train_loader_of(train_set, batch_size, seed), train_loader_of(val_set, batch_size, seed)


@wrong("dataloaders.loaders", "with the same seed train_loader has other orders")
def with_the_global_seed(train_set, val_set, batch_size, seed):
    torch.manual_seed(seed)
    return DataLoader(train_set, batch_size, shuffle=True), DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "train_loader is not shuffled anew in each epoch: use shuffle=True")
def shuffles_nothing(train_set, val_set, batch_size, seed):
    return DataLoader(train_set, batch_size), DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "train_loader is not shuffled anew in each epoch")
def shuffles_once(train_set, val_set, batch_size, seed):
    return list(train_loader_of(train_set, batch_size, seed)), DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "another seed gives the same order")
def always_seed_zero(train_set, val_set, batch_size, seed):
    return train_loader_of(train_set, batch_size, 0), DataLoader(val_set, batch_size)


@wrong(
    "dataloaders.loaders",
    "train_loader gives 0 rows in an epoch, its data set has 1: give all rows (no drop_last)",
)
def drops_training_rows(train_set, val_set, batch_size, seed):
    train_loader = train_loader_of(train_set, batch_size, seed, drop_last=True)
    return train_loader, DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "the list of batch sizes of val_loader is [2], right is [1, 1]")
def always_sixteen(train_set, val_set, batch_size, seed):
    return train_loader_of(train_set, 16, seed), DataLoader(val_set, 16)


@wrong("dataloaders.loaders", "the list of batch sizes of val_loader is [2], right is [1, 1]")
def validates_at_once(train_set, val_set, batch_size, seed):
    return train_loader_of(train_set, batch_size, seed), DataLoader(val_set, len(val_set))


@wrong("dataloaders.loaders", "in epoch 1 the X of train_loader in the order of y is")
def in_the_wrong_order(train_set, val_set, batch_size, seed):
    return DataLoader(val_set, batch_size), train_loader_of(train_set, batch_size, seed)


@wrong("dataloaders.loaders", "in epoch 1 the X of val_loader is")
def the_training_set_twice(train_set, val_set, batch_size, seed):
    return train_loader_of(train_set, batch_size, seed), DataLoader(train_set, batch_size)


@wrong("dataloaders.loaders", "no iterator, which is used up after one epoch")
def a_used_up_iterator(train_set, val_set, batch_size, seed):
    return iter(train_loader_of(train_set, batch_size, seed)), DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "no iterator, which is used up after one epoch")
def a_used_up_val_iterator(train_set, val_set, batch_size, seed):
    return train_loader_of(train_set, batch_size, seed), iter(DataLoader(val_set, batch_size))


@wrong("dataloaders.loaders", "the X of train_loader in the order of y is")
def shuffles_x_alone(train_set, val_set, batch_size, seed):
    X, y = train_set.tensors
    mixed = torch.utils.data.TensorDataset(X.flip(0), y)
    return train_loader_of(mixed, batch_size, seed), DataLoader(val_set, batch_size)


@wrong(
    "dataloaders.loaders",
    "the X of train_loader in the order of y has shape (1, 1), right is (1, 3)",
)
def keeps_one_column(train_set, val_set, batch_size, seed):
    X, y = train_set.tensors
    narrow = torch.utils.data.TensorDataset(X[:, :1], y)
    return train_loader_of(narrow, batch_size, seed), DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "a batch of train_loader must be (X, y). Yours is a tensor")
def a_dataset_for_a_loader(train_set, val_set, batch_size, seed):
    return [train_set.tensors[0]], DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "use a DataLoader")
def the_data_sets_themselves(train_set, val_set, batch_size, seed):
    return train_set, val_set


@wrong("dataloaders.loaders", "train_loader gives 0 rows in an epoch")
def an_empty_loader(train_set, val_set, batch_size, seed):
    return [], DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "the result must be (train_loader, val_loader)")
def one_loader(train_set, val_set, batch_size, seed):
    return train_loader_of(train_set, batch_size, seed)


class PlainLoader:
    """A loader that goes by lists of row numbers."""

    def __init__(self, dataset, batch_size, generator=None):
        self.dataset, self.batch_size, self.generator = dataset, batch_size, generator

    def __iter__(self):
        left, rows = list(range(len(self.dataset))), []
        while left:
            place = 0
            if self.generator is not None:
                place = int(torch.randint(len(left), (1,), generator=self.generator))
            rows.append(left.pop(place))
        while rows:
            batch, rows = rows[: self.batch_size], rows[self.batch_size :]
            items = [self.dataset[row] for row in batch]
            yield torch.stack([x for x, _ in items]), torch.stack([y for _, y in items])


@obvious("dataloaders.loaders")
def plain_loaders(train_set, val_set, batch_size, seed):
    generator = torch.Generator()
    generator.manual_seed(seed)
    return PlainLoader(train_set, batch_size, generator), PlainLoader(val_set, batch_size)


@right("dataloaders.loaders")
def with_make_loader(train_set, val_set, batch_size, seed):
    return (
        make_loader(*train_set.tensors, batch_size, shuffle=True, seed=seed),
        make_loader(*val_set.tensors, batch_size),
    )


@right("dataloaders.loaders")
def with_a_generator_each(train_set, val_set, batch_size, seed):
    return (
        train_loader_of(train_set, batch_size, seed),
        DataLoader(val_set, batch_size, generator=torch.Generator().manual_seed(seed)),
    )


@wrong("dataloaders.loaders", "to train_loader alone")
def with_one_generator_for_both(train_set, val_set, batch_size, seed):
    generator = torch.Generator().manual_seed(seed)
    return (
        DataLoader(train_set, batch_size, shuffle=True, generator=generator),
        DataLoader(val_set, batch_size, generator=generator),
    )


shared = torch.Generator()


@wrong("dataloaders.loaders", "to train_loader alone")
def with_a_global_generator(train_set, val_set, batch_size, seed):
    shared.manual_seed(seed)
    return (
        DataLoader(train_set, batch_size, shuffle=True, generator=shared),
        DataLoader(val_set, batch_size),
    )


@wrong(
    "dataloaders.loaders",
    "val_loader gives 0 rows in an epoch, its data set has 1: give all rows (no drop_last)",
)
def drops_validation_rows(train_set, val_set, batch_size, seed):
    return (
        train_loader_of(train_set, batch_size, seed),
        DataLoader(val_set, batch_size, drop_last=True),
    )


@wrong("dataloaders.loaders", "the list of batch sizes of val_loader is")
def sixteen_at_most(train_set, val_set, batch_size, seed):
    size = min(batch_size, 16)
    return train_loader_of(train_set, size, seed), DataLoader(val_set, size)


class ShufflesSomehow:
    """A loader whose rows are put into an order by a function of a generator."""

    def __init__(self, dataset, batch_size, seed, order):
        self.dataset, self.batch_size, self.order = dataset, batch_size, order
        self.generator = torch.Generator().manual_seed(seed)

    def __iter__(self):
        rows = self.order(len(self.dataset), self.batch_size, self.generator)
        for part in rows.split(self.batch_size):
            yield self.dataset[part]


def turned(n, batch_size, generator):
    return torch.arange(n).roll(int(torch.randint(1, max(n, 2), (1,), generator=generator)))


@wrong("dataloaders.loaders", "train_loader")
def turns_the_rows(train_set, val_set, batch_size, seed):
    loader = ShufflesSomehow(train_set, batch_size, seed, turned)
    return loader, DataLoader(val_set, batch_size)


def inside_batches(n, batch_size, generator):
    parts = torch.arange(n).split(batch_size)
    return torch.cat([part[torch.randperm(len(part), generator=generator)] for part in parts])


@wrong("dataloaders.loaders", "train_loader")
def shuffles_inside_batches(train_set, val_set, batch_size, seed):
    loader = ShufflesSomehow(train_set, batch_size, seed, inside_batches)
    return loader, DataLoader(val_set, batch_size)


def inside_tens(n, batch_size, generator):
    return inside_batches(n, 10, generator)


@wrong("dataloaders.loaders", "hardly mixes the rows")
def shuffles_with_a_small_buffer(train_set, val_set, batch_size, seed):
    loader = ShufflesSomehow(train_set, batch_size, seed, inside_tens)
    return loader, DataLoader(val_set, batch_size)


def with_replacement(n, batch_size, generator):
    return torch.randint(n, (n,), generator=generator)


@wrong("dataloaders.loaders", "the sorted y of train_loader is [0, 0, 2], right is [0, 1, 2]")
def draws_with_replacement(train_set, val_set, batch_size, seed):
    loader = ShufflesSomehow(train_set, batch_size, seed, with_replacement)
    return loader, DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "train_loader gives 2 rows in an epoch, its data set has 1")
def never_ends(train_set, val_set, batch_size, seed):
    loader = train_loader_of(train_set, batch_size, seed)
    return itertools.cycle(loader), DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "another seed gives the same order")
def two_seeds_only(train_set, val_set, batch_size, seed):
    return train_loader_of(train_set, batch_size, min(seed, 1)), DataLoader(val_set, batch_size)


kept_loaders = {}


@wrong("dataloaders.loaders", "train_loader gives 1 rows in an epoch, its data set has 2")
def keeps_its_loaders(train_set, val_set, batch_size, seed):
    if seed not in kept_loaders:
        kept_loaders[seed] = train_loader_of(train_set, batch_size, seed)
    return kept_loaders[seed], DataLoader(val_set, batch_size)


def first_row_first(n, batch_size, generator):
    return torch.cat([torch.tensor([0]), 1 + torch.randperm(n - 1, generator=generator)])


@wrong("dataloaders.loaders", "hardly mixes the rows")
def keeps_the_first_row(train_set, val_set, batch_size, seed):
    loader = ShufflesSomehow(train_set, batch_size, seed, first_row_first)
    return loader, DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "another seed gives the same order")
def ten_seeds(train_set, val_set, batch_size, seed):
    return train_loader_of(train_set, batch_size, seed % 10), DataLoader(val_set, batch_size)


class BatchesInAnyOrder:
    """Batches of neighbours, in a new order, their rows in a new order."""

    def __init__(self, n, size, seed):
        self.n, self.size, self.generator = n, size, torch.Generator().manual_seed(seed)

    def __len__(self):
        return -(-self.n // self.size)

    def __iter__(self):
        batches = torch.arange(self.n).split(self.size)
        for i in torch.randperm(len(batches), generator=self.generator):
            order = torch.randperm(len(batches[i]), generator=self.generator)
            yield batches[i][order].tolist()


@wrong("dataloaders.loaders", "")
def whole_batches_shuffled(train_set, val_set, batch_size, seed):
    order = BatchesInAnyOrder(len(train_set), batch_size, seed)
    return DataLoader(train_set, batch_sampler=order), DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "stay side by side")
def pairs_shuffled(train_set, val_set, batch_size, seed):
    pairs = BatchesInAnyOrder(len(train_set), 2, seed)

    class Rows:
        def __len__(self):
            return len(train_set)

        def __iter__(self):
            return (row for pair in pairs for row in pair)

    return DataLoader(train_set, batch_size, sampler=Rows()), DataLoader(val_set, batch_size)


# ---- dataloaders.weights --------------------------------------------------------------------


@right("dataloaders.weights")
def weights_in_a_loop(targets):
    classes = targets.tolist()
    return torch.tensor([1000 / classes.count(label) for label in classes], dtype=torch.float64)


@right("dataloaders.weights")
def weights_that_sum_to_one(targets):
    _, place, counts = targets.unique(return_inverse=True, return_counts=True)
    weights = counts.float().reciprocal()[place]
    return weights / weights.sum()


@wrong("dataloaders.weights", "yours is one weight for each class")
def one_for_each_class(targets):
    return 1 / torch.bincount(targets)


@wrong("dataloaders.weights", "the weights grow with the count")
def by_count(targets):
    return torch.bincount(targets)[targets].float()


@wrong("dataloaders.weights", "all rows have the same weight")
def all_equal(targets):
    return torch.ones(len(targets))


@wrong("dataloaders.weights", "the weights must be positive")
def one_minus_the_share(targets):
    return 1 - torch.bincount(targets)[targets] / len(targets)


@wrong("dataloaders.weights", "is [0.4142, 0.2929, 0.2929]")
def with_the_root(targets):
    return torch.bincount(targets)[targets].float().rsqrt()


@wrong("dataloaders.weights", "right is [0.5, 0.5]")
def one_row_for_the_class(targets):
    weights = torch.full((len(targets),), 1e-9)
    for label in targets.unique():
        weights[(targets == label).nonzero()[0]] = 1.0
    return weights


@wrong("dataloaders.weights", "the weights must be a float tensor")
def whole_numbers(targets):
    return 1000 // torch.bincount(targets)[targets]


@wrong("dataloaders.weights", "the weights must be positive")
def only_the_rarest(targets):
    counts = torch.bincount(targets)[targets]
    return (counts == counts.min()).float()


@wrong("dataloaders.weights", "has shape (1, 1), right is (1,)")
def in_a_column(targets):
    return (1 / torch.bincount(targets)[targets]).unsqueeze(1)


@wrong("dataloaders.weights", "the weights must be a float tensor")
def as_a_list(targets):
    return weights_in_a_loop(targets).tolist()


@wrong("dataloaders.weights", "your function changes targets, which is passed in")
def in_place(targets):
    weights = weights_in_a_loop(targets)
    targets.zero_()
    return weights


@obvious("dataloaders.weights")
def weights_counted_by_hand(targets):
    weights = []
    for target in targets:
        rows = 0
        for other in targets:
            if other == target:
                rows += 1
        weights.append(1.0 / rows)
    return torch.tensor(weights)


@right("dataloaders.weights")
def weights_by_a_table_of_pairs(targets):
    return 1 / (targets.unsqueeze(1) == targets).sum(dim=1)


@right("dataloaders.weights")
def weights_as_the_share_of_a_class(targets):
    counts = torch.bincount(targets, minlength=100).double()
    return len(targets) / ((counts > 0).sum() * counts[targets])


@wrong("dataloaders.weights", "(weights / weights.sum())")
def for_four_classes(targets):
    weights = torch.ones(len(targets))
    for c in range(4):
        weights[targets == c] = 1 / (targets == c).sum()
    return weights


@wrong("dataloaders.weights", "weights")
def for_two_classes(targets):
    ones = targets.float().mean()
    return torch.where(targets == 1, 1 / ones, 1 / (1 - ones))


@wrong("dataloaders.weights", "IndexError")
def without_empty_classes(targets):
    counts = targets.unique(return_counts=True)[1]
    return 1 / counts[targets]


@wrong("dataloaders.weights", "(weights / weights.sum())")
def by_classes_in_order(targets):
    counts = torch.bincount(targets)
    return torch.repeat_interleave(1 / counts, counts)


@wrong("dataloaders.weights", "the weights must be positive")
def negative(targets):
    return -1 / torch.bincount(targets)[targets]


@wrong("dataloaders.weights", "(weights / weights.sum())")
def plus_one(targets):
    return 1 / (torch.bincount(targets)[targets] + 1)


@wrong("dataloaders.weights", "(weights / weights.sum())")
def squared(targets):
    return torch.bincount(targets)[targets].float() ** -2


@wrong("dataloaders.weights", "(weights / weights.sum())")
def in_order_of_the_rows(targets):
    return 1 / torch.bincount(targets)[targets.sort().values]


@wrong("dataloaders.weights", "(weights / weights.sum())")
def counts_in_bytes(targets):
    counts = torch.bincount(targets).to(torch.uint8)
    return 1 / counts[targets]


# ---- dataloaders.collate --------------------------------------------------------------------


@right("dataloaders.collate")
def collate_by_hand(batch):
    lengths = torch.tensor([sequence.numel() for sequence, _ in batch])
    X = torch.zeros(len(batch), int(lengths.max()), dtype=batch[0][0].dtype)
    for row, (sequence, _) in enumerate(batch):
        X[row, : len(sequence)] = sequence
    return [X, lengths, torch.tensor([label for _, label in batch])]


@right("dataloaders.collate")
def collate_with_pad(items):
    sequences, labels = zip(*items, strict=True)
    longest = max(map(len, sequences))
    X = torch.stack([F.pad(s, (0, longest - len(s))) for s in sequences])
    return X, torch.tensor(list(map(len, sequences))), torch.LongTensor(labels)


def parts(batch, **how):
    """Return the three parts, padded in another way."""
    sequences = [sequence for sequence, _ in batch]
    X = nn.utils.rnn.pad_sequence(sequences, **({"batch_first": True} | how))
    return X, torch.tensor([len(s) for s in sequences]), torch.tensor([y for _, y in batch])


@wrong("dataloaders.collate", "pad_sequence needs batch_first=True")
def one_column_for_each(batch):
    return parts(batch, batch_first=False)


@wrong("dataloaders.collate", "X has shape (1, 20), right is (1, 1)")
def padded_to_twenty(batch):
    X, lengths, y = parts(batch)
    return F.pad(X, (0, 20 - X.shape[1])), lengths, y


@wrong("dataloaders.collate", "X is [[0.0, -0.5]")
def padded_in_front(batch):
    _, lengths, y = parts(batch)
    longest = int(lengths.max())
    return torch.stack([F.pad(s, (longest - len(s), 0)) for s, _ in batch]), lengths, y


@wrong("dataloaders.collate", "X is [[0.0, -1.0]")
def padded_with_minus_one(batch):
    return parts(batch, padding_value=-1)


@wrong("dataloaders.collate", " is ")
def sorted_by_length(batch):
    return parts(sorted(batch, key=lambda item: -len(item[0])))


@wrong("dataloaders.collate", " is ")
def sorted_the_other_way(batch):
    return parts(sorted(batch, key=lambda item: len(item[0])))


@wrong("dataloaders.collate", "X has shape")
def cut_to_the_shortest(batch):
    shortest = min(len(sequence) for sequence, _ in batch)
    return parts([(sequence[:shortest], label) for sequence, label in batch])


@wrong("dataloaders.collate", "X is torch.float32, right is torch.int64")
def always_float(batch):
    X, lengths, y = parts(batch)
    return X.float(), lengths, y


@wrong("dataloaders.collate", "X is torch.int64, right is torch.float32")
def always_whole(batch):
    X, lengths, y = parts(batch)
    return X.long(), lengths, y


@wrong("dataloaders.collate", "X is")
def from_back_to_front(batch):
    return parts([(sequence.flip(0), label) for sequence, label in batch])


@wrong("dataloaders.collate", "lengths holds the length after padding")
def lengths_after_padding(batch):
    X, lengths, y = parts(batch)
    return X, torch.full_like(lengths, X.shape[1]), y


@wrong("dataloaders.collate", "lengths is [0], right is [1]")
def lengths_minus_one(batch):
    X, lengths, y = parts(batch)
    return X, lengths - 1, y


@wrong("dataloaders.collate", "lengths is torch.float32, right is torch.int64")
def lengths_as_decimals(batch):
    X, lengths, y = parts(batch)
    return X, lengths.float(), y


@wrong("dataloaders.collate", "lengths is [1], of type list, and must be a tensor")
def lengths_as_a_list(batch):
    X, lengths, y = parts(batch)
    return X, lengths.tolist(), y


@wrong("dataloaders.collate", "lengths has shape (), right is (1,)")
def one_length(batch):
    X, lengths, y = parts(batch)
    return X, lengths.max(), y


@wrong("dataloaders.collate", "y is torch.float32, right is torch.int64")
def labels_as_decimals(batch):
    X, lengths, y = parts(batch)
    return X, lengths, y.float()


@wrong("dataloaders.collate", "y has shape (1, 1), right is (1,)")
def labels_in_a_column(batch):
    X, lengths, y = parts(batch)
    return X, lengths, y.unsqueeze(1)


@wrong("dataloaders.collate", "y is [")
def labels_in_reverse(batch):
    X, lengths, y = parts(batch)
    return X, lengths, y.flip(0)


@wrong("dataloaders.collate", "of type list, and must be a tensor")
def without_padding(batch):
    _, lengths, y = parts(batch)
    return [sequence for sequence, _ in batch], lengths, y


@wrong("dataloaders.collate", "the result must be (X, lengths, y)")
def without_lengths(batch):
    X, _, y = parts(batch)
    return X, y


@wrong("dataloaders.collate", "lengths is None (is the return missing?)")
def stacks_them(batch):
    return torch.stack([sequence for sequence, _ in batch]), None, None


@obvious("dataloaders.collate")
def collate_number_by_number(batch):
    longest = 0
    for sequence, _ in batch:
        longest = max(longest, len(sequence))
    rows, lengths, labels = [], [], []
    for sequence, label in batch:
        row = []
        for place in range(longest):
            row.append(sequence[place].item() if place < len(sequence) else 0)
        rows.append(row)
        lengths.append(len(sequence))
        labels.append(label)
    dtype = batch[0][0].dtype
    return torch.tensor(rows, dtype=dtype), torch.tensor(lengths), torch.tensor(labels)


@wrong("dataloaders.collate", "a 0 in a sequence is a number like any other")
def lengths_from_what_is_not_zero(batch):
    X, _, y = parts(batch)
    return X, (X != 0).sum(1), y


@wrong("dataloaders.collate", "lengths is")
def lengths_from_what_is_positive(batch):
    X, _, y = parts(batch)
    return X, (X > 0).sum(1), y


@wrong("dataloaders.collate", "lengths is")
def lengths_up_to_the_last_number(batch):
    X, _, y = parts(batch)
    places = torch.arange(1, X.shape[1] + 1)
    return X, ((X != 0) * places).max(dim=1).values, y


@wrong("dataloaders.collate", "right is (1, 5)")
def four_at_most(batch):
    return parts([(sequence[:4], label) for sequence, label in batch])


@wrong("dataloaders.collate", "X has shape (1,), right is (1, 1)")
def one_length_without_a_batch(batch):
    X, lengths, y = parts(batch)
    return X.squeeze(1) if X.shape[1] == 1 else X, lengths, y


@wrong("dataloaders.collate", "X is torch.float32, right is torch.float64")
def whole_or_float32(batch):
    X, lengths, y = parts(batch)
    return X.float() if X.is_floating_point() else X, lengths, y


@wrong("dataloaders.collate", "X is torch.float32, right is torch.int64")
def zeros_without_a_dtype(batch):
    _, lengths, y = parts(batch)
    X = torch.zeros(len(batch), int(lengths.max()))
    for row, (sequence, _) in enumerate(batch):
        X[row, : len(sequence)] = sequence
    return X, lengths, y


@wrong("dataloaders.collate", "RuntimeError: stack expects each tensor")
def stacks_what_differs(batch):
    X, y = zip(*batch, strict=True)
    return torch.stack(X), torch.tensor([len(x) for x in X]), torch.tensor(y)


@wrong("dataloaders.collate", "your function changes batch, which is passed in")
def sorts_in_place(batch):
    batch.sort(key=lambda item: -len(item[0]))
    return parts(batch)


@wrong("dataloaders.collate", "y is")
def labels_of_two_classes(batch):
    X, lengths, y = parts(batch)
    return X, lengths, (y > 0).long()


@wrong("dataloaders.collate", "X is")
def nothing_negative(batch):
    X, lengths, y = parts(batch)
    return X.clamp(min=0), lengths, y


@wrong("dataloaders.collate", "X has shape")
def one_place_more(batch):
    X, lengths, y = parts(batch)
    return F.pad(X, (0, 1)), lengths, y


@wrong("dataloaders.collate", "X[0, 1] is 16777216, right is 16777217")
def through_float32(batch):
    X, lengths, y = parts([(sequence.float(), label) for sequence, label in batch])
    return X.to(batch[0][0].dtype), lengths, y


@wrong("dataloaders.collate", "right is")
def at_most_100(batch):
    return parts([(sequence[:100], label) for sequence, label in batch])


# ---- dataloaders.files ----------------------------------------------------------------------


@right("dataloaders.files")
class PicturesWithoutTheBaseClass:
    def __init__(self, files, change):
        self.items = [(str(path), int(path.parts[-2])) for path in files]
        self.change = change

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        name, label = self.items[i]
        return [self.change(Image.open(name)), label]


@right("dataloaders.files")
class PicturesThatStayOnceOpened(Dataset):
    def __init__(self, paths, transform):
        self.paths, self.transform, self.kept = tuple(paths), transform, {}

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, i):
        if i not in self.kept:
            with open(self.paths[i], "rb") as file:
                image = Image.open(file)
                image.load()
            self.kept[i] = image
        return self.transform(self.kept[i]), torch.tensor(int(self.paths[i].parent.name))


@obvious("dataloaders.files")
class PicturesStepByStep:
    def __init__(self, paths, transform):
        self.paths = []
        for path in paths:
            self.paths.append(path)
        self.transform = transform

    def __len__(self):
        number = 0
        for _path in self.paths:
            number += 1
        return number

    def __getitem__(self, i):
        image = Image.open(self.paths[i])
        image.load()
        x = self.transform(image)
        image.close()
        folder = str(self.paths[i]).replace("\\", "/").split("/")[-2]
        return x, int(folder)


class Pictures(Dataset):
    """The right data set, for a wrong answer to spoil."""

    def __init__(self, paths, transform):
        self.paths, self.transform = paths, transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, i):
        with Image.open(self.paths[i]) as image:
            return self.transform(self.change(image)), self.label(self.paths[i])

    def change(self, image):
        return image

    def label(self, path):
        return int(path.parent.name)


@wrong("dataloaders.files", "the pictures are opened in __init__")
class OpensAllAtOnce(Pictures):
    def __init__(self, paths, transform):
        super().__init__(paths, transform)
        self.images = [Image.open(path).copy() for path in paths]

    def __getitem__(self, i):
        return self.transform(self.images[i]), self.label(self.paths[i])


@wrong("dataloaders.files", "the pictures are opened in __init__")
class OpensAllButReadsThemLater(Pictures):
    def __init__(self, paths, transform):
        super().__init__(paths, transform)
        self.images = [Image.open(path) for path in paths]

    def __getitem__(self, i):
        return self.transform(self.images[i]), self.label(self.paths[i])


@wrong("dataloaders.files", "the pictures are opened in __init__")
class TransformsAllAtOnce(Pictures):
    def __init__(self, paths, transform):
        right_one = Pictures(paths, transform)
        self.items = [right_one[i] for i in range(len(paths))]

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]


@wrong("dataloaders.files", "for item 1 another picture is opened: open paths[1]")
class OpensAllForEachItem(Pictures):
    def __getitem__(self, i):
        images = [Image.open(path) for path in self.paths]
        return self.transform(images[i]), self.label(self.paths[i])


@wrong("dataloaders.files", "the number of calls of transform for 2 items is 4, right is 2")
class TransformsPicturesTwice(Pictures):
    def __getitem__(self, i):
        super().__getitem__(i)
        return super().__getitem__(i)


@wrong("dataloaders.files", "the number of calls of transform for 2 items is 1, right is 2")
class KeepsTransformedPictures(Pictures):
    def __init__(self, paths, transform):
        super().__init__(paths, transform)
        self.kept = {}

    def __getitem__(self, i):
        if i not in self.kept:
            self.kept[i] = super().__getitem__(i)
        return self.kept[i]


@wrong("dataloaders.files", "IndexError: list index out of range")
class WithoutRepeatedPaths(Pictures):
    def __init__(self, paths, transform):
        super().__init__(list(dict.fromkeys(paths)), transform)


@wrong("dataloaders.files", "for item 1 another picture is opened")
class SortsThePaths(Pictures):
    def __init__(self, paths, transform):
        super().__init__(sorted(paths), transform)


@wrong("dataloaders.files", "y of item")
class SortsThePathsInPlace(Pictures):
    def __init__(self, paths, transform):
        paths.sort()
        super().__init__(paths, transform)


@wrong("dataloaders.files", "y of item 0 must be an int")
class FolderAsText(Pictures):
    def label(self, path):
        return path.parent.name


@wrong("dataloaders.files", "y of item")
class FirstDigitOfTheFolder(Pictures):
    def label(self, path):
        return int(path.parent.name[0])


@wrong("dataloaders.files", "y of item")
class NumberAmongTheFolders(Pictures):
    def label(self, path):
        folders = sorted({path.parent.name for path in self.paths})
        return folders.index(path.parent.name)


@wrong("dataloaders.files", "ValueError: invalid literal for int()")
class NameOfTheFile(Pictures):
    def label(self, path):
        return int(path.stem)


@wrong("dataloaders.files", "transform is given a tensor of shape (1, 1): give it what Image.open")
class TransformsATensor(Pictures):
    def change(self, image):
        return torch.tensor(np.asarray(image))


@wrong("dataloaders.files", "transform is given")
class TransformsAPath(Pictures):
    def __getitem__(self, i):
        return self.transform(self.paths[i]), self.label(self.paths[i])


@wrong("dataloaders.files", "x of item 0")
class AlwaysInColour(Pictures):
    def change(self, image):
        return image.convert("RGB")


@wrong("dataloaders.files", "x of item 0")
class AlwaysGrey(Pictures):
    def change(self, image):
        return image.convert("L")


@wrong("dataloaders.files", "x of item 0")
class AlwaysSmall(Pictures):
    def change(self, image):
        return image.resize((8, 8))


@wrong("dataloaders.files", "x of item 0 is")
class WithoutTheTransform(Pictures):
    def __getitem__(self, i):
        with Image.open(self.paths[i]) as image:
            return torch.tensor(np.asarray(image)), self.label(self.paths[i])


@wrong("dataloaders.files", "item 0 must be (x, y)")
class WithoutTheClass(Pictures):
    def __getitem__(self, i):
        return super().__getitem__(i)[0]


@wrong("dataloaders.files", "call transform inside the with block")
class ClosesItTooEarly(Pictures):
    def __getitem__(self, i):
        with Image.open(self.paths[i]) as image:
            pass
        return self.transform(image), self.label(self.paths[i])


@wrong("dataloaders.files", "the length of the data set is")
class CountsOneTooFew(Pictures):
    def __len__(self):
        return len(self.paths) - 1


# ---- dataloaders.evaluate -------------------------------------------------------------------


@right("dataloaders.evaluate")
@torch.no_grad()
def with_everything_joined(model, loader, loss_fn):
    model.eval()
    outputs, labels = zip(*[(model(X), y) for X, y in loader], strict=True)
    logits, y = torch.cat(outputs), torch.cat(labels)
    model.train()
    return [loss_fn(logits, y).item(), float((logits.argmax(1) == y).float().mean())]


@right("dataloaders.evaluate")
def with_weighted_means(model, loader, loss_fn):
    was_training = model.training
    model.train(False)
    losses, rights, rows = [], [], []
    for X, y in loader:
        with torch.inference_mode():
            logits = model(X)
            losses.append(float(loss_fn(logits, y)))
        rights.append(float((logits.max(dim=1).indices == y).double().mean()))
        rows.append(len(y))
    model.train(was_training)
    return np.average(losses, weights=rows), np.average(rights, weights=rows)


@obvious("dataloaders.evaluate")
def measured_row_by_row(model, loader, loss_fn):
    model.eval()
    total, right_ones, rows = 0.0, 0, 0
    with torch.no_grad():
        for X, y in loader:
            for i in range(len(X)):
                logits = model(X[i : i + 1])
                total += float(loss_fn(logits, y[i : i + 1]))
                best = 0
                for k in range(logits.shape[1]):
                    if logits[0, k] > logits[0, best]:
                        best = k
                right_ones += int(best == y[i])
                rows += 1
    return total / rows, right_ones / rows


def measure(model, loader, loss_fn):
    """Return the losses, the numbers right and the numbers of rows of all batches."""
    model.eval()
    found = []
    with torch.no_grad():
        for X, y in loader:
            logits = model(X)
            found.append((loss_fn(logits, y).item(), int((logits.argmax(1) == y).sum()), len(X)))
    return map(np.array, zip(*found, strict=True))


@wrong("dataloaders.evaluate", "a mean of the batches' means")
def means_of_means(model, loader, loss_fn):
    losses, rights, rows = measure(model, loader, loss_fn)
    return losses.mean(), (rights / rows).mean()


@wrong("dataloaders.evaluate", "a mean of the batches' means")
def mean_of_the_losses(model, loader, loss_fn):
    losses, rights, rows = measure(model, loader, loss_fn)
    return losses.mean(), rights.sum() / rows.sum()


@wrong("dataloaders.evaluate", "a mean of the batches' means")
def mean_of_the_accuracies(model, loader, loss_fn):
    losses, rights, rows = measure(model, loader, loss_fn)
    return (losses * rows).sum() / rows.sum(), (rights / rows).mean()


@wrong("dataloaders.evaluate", "the two numbers are swapped")
def accuracy_first(model, loader, loss_fn):
    return with_everything_joined(model, loader, loss_fn)[::-1]


@wrong("dataloaders.evaluate", "the accuracy is a fraction from 0 to 1")
def in_percent(model, loader, loss_fn):
    loss, accuracy = with_everything_joined(model, loader, loss_fn)
    return loss, 100 * accuracy


@wrong("dataloaders.evaluate", "the accuracy is a fraction from 0 to 1")
def number_right(model, loader, loss_fn):
    losses, rights, rows = measure(model, loader, loss_fn)
    return (losses * rows).sum() / rows.sum(), int(rights.sum())


@wrong("dataloaders.evaluate", "only one batch is measured")
def first_batch(model, loader, loss_fn):
    losses, rights, rows = measure(model, loader, loss_fn)
    return losses[0], rights[0] / rows[0]


@wrong("dataloaders.evaluate", "only one batch is measured")
def last_batch(model, loader, loss_fn):
    losses, rights, rows = measure(model, loader, loss_fn)
    return losses[-1], rights[-1] / rows[-1]


@wrong("dataloaders.evaluate", "the loss is")
def sum_of_the_losses(model, loader, loss_fn):
    losses, rights, rows = measure(model, loader, loss_fn)
    return losses.sum(), rights.sum() / rows.sum()


@wrong("dataloaders.evaluate", "the loss is")
def by_the_number_of_rows(model, loader, loss_fn):
    losses, rights, rows = measure(model, loader, loss_fn)
    return losses.sum() / rows.sum(), rights.sum() / rows.sum()


@wrong("dataloaders.evaluate", "the model runs in training mode")
def in_training_mode(model, loader, loss_fn):
    model.train()
    total, right_ones, rows = 0.0, 0, 0
    with torch.no_grad():
        for X, y in loader:
            logits = model(X)
            total += loss_fn(logits, y).item() * len(X)
            right_ones += (logits.argmax(1) == y).sum().item()
            rows += len(X)
    return total / rows, right_ones / rows


@wrong("dataloaders.evaluate", "the forward pass records a graph")
def with_a_graph(model, loader, loss_fn):
    model.eval()
    total, right_ones, rows = 0.0, 0, 0
    for X, y in loader:
        logits = model(X)
        total += loss_fn(logits, y).item() * len(X)
        right_ones += (logits.argmax(1) == y).sum().item()
        rows += len(X)
    return total / rows, right_ones / rows


@wrong("dataloaders.evaluate", "has no attribute 'dataset'")
def by_the_data_set(model, loader, loss_fn):
    losses, rights, rows = measure(model, loader, loss_fn)
    n = len(loader.dataset)
    return (losses * rows).sum() / n, rights.sum() / n


@wrong("dataloaders.evaluate", "the accuracy is")
def by_the_batch_size(model, loader, loss_fn):
    losses, rights, _ = measure(model, loader, loss_fn)
    rows = len(losses) * loader.batch_size
    return losses.mean(), rights.sum() / rows


@wrong("dataloaders.evaluate", "the loss is")
def always_cross_entropy(model, loader, loss_fn):
    return with_everything_joined(model, loader, F.cross_entropy)


@wrong("dataloaders.evaluate", "the loss is")
def after_a_softmax(model, loader, loss_fn):
    return with_everything_joined(nn.Sequential(model, nn.Softmax(1)), loader, loss_fn)


@wrong("dataloaders.evaluate", "the accuracy is")
def smallest_logit(model, loader, loss_fn):
    model.eval()
    total, right_ones, rows = 0.0, 0, 0
    with torch.no_grad():
        for X, y in loader:
            logits = model(X)
            total += loss_fn(logits, y).item() * len(X)
            right_ones += (logits.argmin(1) == y).sum().item()
            rows += len(X)
    return total / rows, right_ones / rows


@wrong("dataloaders.evaluate", "the loss is a tensor, and must be a plain number")
def as_tensors(model, loader, loss_fn):
    return tuple(map(torch.tensor, with_everything_joined(model, loader, loss_fn)))


@wrong("dataloaders.evaluate", "the result must be (loss, accuracy). Yours is")
def loss_only(model, loader, loss_fn):
    return with_everything_joined(model, loader, loss_fn)[0]


@wrong("dataloaders.evaluate", "your function changes the weights of model")
def trains_a_little(model, loader, loss_fn):
    answer = with_everything_joined(model, loader, loss_fn)
    with torch.no_grad():
        next(model.parameters()).add_(1)
    return answer


@wrong("dataloaders.evaluate", "your function leaves other gradients in model")
def goes_backward(model, loader, loss_fn):
    model.eval()
    for X, y in loader:
        loss_fn(model(X), y).backward()
    return with_everything_joined(model, loader, loss_fn)


@wrong("dataloaders.evaluate", "leaves autograd switched off")
def never_switches_back(model, loader, loss_fn):
    torch.set_grad_enabled(False)
    return with_everything_joined(model, loader, loss_fn)


@wrong("dataloaders.evaluate", "your function does not call the model passed in")
def always_perfect(model, loader, loss_fn):
    return 0.0, 1.0


# ---- dataloaders.lab ------------------------------------------------------------------------


@right("dataloaders.lab")
def with_a_product(measure, batch_sizes, rates, seeds):
    rows = []
    for size, rate in itertools.product(batch_sizes, rates):
        found = np.array([measure(size, rate, seed) for seed in seeds])
        row = {"lowest": found.min(), "highest": found.max(), "mean": found.mean()}
        rows.append({"lr": rate, "batch size": size, **row})
    return rows


@right("dataloaders.lab")
def seeds_outside(measure, batch_sizes, rates, seeds):
    found = {}
    for seed in seeds:
        for lr in rates:
            for size in batch_sizes:
                found.setdefault((size, lr), []).append(measure(batch_size=size, lr=lr, seed=seed))
    return tuple(summed(size, lr, found[size, lr]) for size in batch_sizes for lr in rates)


@obvious("dataloaders.lab")
def one_by_one(measure, batch_sizes, rates, seeds):
    rows = []
    for batch_size in batch_sizes:
        for lr in rates:
            total, lowest, highest, count = 0, None, None, 0
            for seed in seeds:
                number = measure(batch_size, lr, seed)
                total += number
                count += 1
                if lowest is None or number < lowest:
                    lowest = number
                if highest is None or number > highest:
                    highest = number
            row = {"batch size": batch_size, "lr": lr, "mean": total / count}
            row["lowest"] = lowest
            row["highest"] = highest
            rows.append(row)
    return rows


def summed(size, lr, numbers):
    """Return a right row."""
    mean = sum(numbers) / len(numbers)
    ends = {"lowest": min(numbers), "highest": max(numbers)}
    return {"batch size": size, "lr": lr, "mean": mean, **ends}


@wrong("dataloaders.lab", "the loop over the rates is the inner one")
def rates_outside(measure, batch_sizes, rates, seeds):
    return [
        summed(size, lr, [measure(size, lr, seed) for seed in seeds])
        for lr in rates
        for size in batch_sizes
    ]


@wrong("dataloaders.lab", "only the last row is there")
def list_made_inside(measure, batch_sizes, rates, seeds):
    for size in batch_sizes:
        for lr in rates:
            rows = [summed(size, lr, [measure(size, lr, seed) for seed in seeds])]
    return rows


@wrong("dataloaders.lab", "one seed only is used")
def first_seed_only(measure, batch_sizes, rates, seeds):
    return one_by_one(measure, batch_sizes, rates, seeds[:1])


@wrong("dataloaders.lab", "the sorted list of calls of measure")
def measured_three_times(measure, batch_sizes, rates, seeds):
    return [
        {
            **{"batch size": size, "lr": lr},
            "mean": sum(measure(size, lr, seed) for seed in seeds) / len(seeds),
            "lowest": min(measure(size, lr, seed) for seed in seeds),
            "highest": max(measure(size, lr, seed) for seed in seeds),
        }
        for size in batch_sizes
        for lr in rates
    ]


@wrong("dataloaders.lab", "has the keys ['batch_size', 'lr', 'mean', 'lowest', 'highest']")
def another_name(measure, batch_sizes, rates, seeds):
    rows = one_by_one(measure, batch_sizes, rates, seeds)
    return [{"batch_size": row.pop("batch size"), **row} for row in rows]


@wrong("dataloaders.lab", "the list")
def the_median(measure, batch_sizes, rates, seeds):
    rows = []
    for size, lr in itertools.product(batch_sizes, rates):
        found = [measure(size, lr, seed) for seed in seeds]
        rows.append(summed(size, lr, found) | {"mean": float(np.median(found))})
    return rows


@wrong("dataloaders.lab", "the list")
def the_sum(measure, batch_sizes, rates, seeds):
    rows = one_by_one(measure, batch_sizes, rates, seeds)
    return [row | {"mean": row["mean"] * len(seeds)} for row in rows]


@wrong("dataloaders.lab", "the list")
def ends_swapped(measure, batch_sizes, rates, seeds):
    rows = one_by_one(measure, batch_sizes, rates, seeds)
    return [row | {"lowest": row["highest"], "highest": row["lowest"]} for row in rows]


@wrong("dataloaders.lab", "the list")
def with_other_keys(measure, batch_sizes, rates, seeds):
    rows = one_by_one(measure, batch_sizes, rates, seeds)
    return [{name.replace(" ", "_"): value for name, value in row.items()} for row in rows]


@wrong("dataloaders.lab", "the list is of type DataFrame, and must be a list or tuple")
def as_a_table(measure, batch_sizes, rates, seeds):
    return pd.DataFrame(one_by_one(measure, batch_sizes, rates, seeds))


@wrong("dataloaders.lab", "the list")
def rate_before_size(measure, batch_sizes, rates, seeds):
    rows = []
    for size in batch_sizes:
        for lr in rates:
            rows.append(summed(size, lr, [measure(lr, size, seed) for seed in seeds]))
    return rows


@wrong("dataloaders.lab", "the list has")
def pairs_side_by_side(measure, batch_sizes, rates, seeds):
    return [
        summed(size, lr, [measure(size, lr, seed) for seed in seeds])
        for size, lr in zip(batch_sizes, rates, strict=False)
    ]


@wrong("dataloaders.lab", "the list")
def returns_after_the_first_size(measure, batch_sizes, rates, seeds):
    rows = []
    for size in batch_sizes:
        for lr in rates:
            rows.append(summed(size, lr, [measure(size, lr, seed) for seed in seeds]))
        return rows


# ---- dataloaders.challenge ------------------------------------------------------------------


@right("dataloaders.challenge")
def with_momentum():
    return 256, lambda parameters: torch.optim.SGD(parameters, lr=0.2, momentum=0.9)


@right("dataloaders.challenge")
def with_a_smaller_batch():
    def make_optimizer(parameters):
        return torch.optim.AdamW(parameters, lr=0.02, weight_decay=0.1)

    return [128, make_optimizer]


@obvious("dataloaders.challenge")
def adam_with_a_high_rate():
    def make_optimizer(parameters):
        return torch.optim.Adam(list(parameters), lr=0.03)

    batch_size = 200
    return batch_size, make_optimizer


@wrong("dataloaders.challenge", "The goal is below 0.2; guessing gives 2.303")
def the_usual():
    return 16, torch.optim.Adam


@wrong("dataloaders.challenge", "The goal is below 0.2")
def plain_sgd():
    return 256, lambda parameters: torch.optim.SGD(parameters, lr=0.1)


@wrong("dataloaders.challenge", "The goal is below 0.2")
def much_too_fast():
    return 256, lambda parameters: torch.optim.SGD(parameters, lr=10)


@wrong("dataloaders.challenge", "batch_size must be an int from 1 to 256, yours is 1437")
def the_full_batch():
    return 1437, lambda parameters: torch.optim.Adam(parameters, lr=0.01)


@wrong("dataloaders.challenge", "batch_size must be an int from 1 to 256, yours is 128.0")
def half_of_it():
    return 256 / 2, lambda parameters: torch.optim.Adam(parameters, lr=0.02)


@wrong("dataloaders.challenge", "make_optimizer must be a function")
def a_rate_instead():
    return 256, 0.02


@wrong("dataloaders.challenge", "make_optimizer must return an optimizer of torch.optim")
def makes_an_optimizer_for_nobody():
    def make_optimizer(parameters):
        torch.optim.Adam(parameters, lr=0.02)

    return 256, make_optimizer


@wrong("dataloaders.challenge", "the result must be (batch_size, make_optimizer). Yours is")
def the_optimizer_alone():
    return lambda parameters: torch.optim.Adam(parameters, lr=0.02)


@wrong("dataloaders.challenge", "make_optimizer must be a function")
def an_optimizer_made_already():
    return 256, torch.optim.Adam(nn.Linear(64, 10).parameters(), lr=0.02)


@wrong("dataloaders.challenge", "The goal is below 0.2")
def for_another_model():
    another = nn.Linear(64, 10)
    return 256, lambda parameters: torch.optim.Adam(another.parameters(), lr=0.02)


@wrong("dataloaders.challenge", "closure")
def with_a_closure():
    return 256, torch.optim.LBFGS


# ---- A result instead of the function -------------------------------------------------------

wrong("dataloaders.memory", "pass your function largest_batch itself")(6643)
wrong("dataloaders.dataset", "pass your class FlowerDataset itself")([(torch.zeros(4), 0)])
wrong("dataloaders.self_data", "pass your class RowDataset itself")(Rows(data))
wrong("dataloaders.train_epoch", "pass your function train_epoch itself")(1.1)
wrong("dataloaders.loaders", "pass your function make_loaders itself")(([], []))
wrong("dataloaders.weights", "pass your function balanced_weights itself")(torch.ones(3))
wrong("dataloaders.collate", "pass your function collate itself")((torch.zeros(2, 3), None, None))
wrong("dataloaders.files", "pass your class PictureDataset itself")([(torch.zeros(1, 8, 8), 0)])
wrong("dataloaders.evaluate", "pass your function evaluate itself")((1.1, 0.5))
wrong("dataloaders.lab", "pass your function compare itself")([])
wrong("dataloaders.challenge", "pass your function recipe itself")((256, torch.optim.Adam))
