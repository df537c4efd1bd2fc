"""Answers to the exercises of 04_dataloaders."""

import math

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

from answers import right, wrong

# ---- dataloaders.memory ---------------------------------------------------------------------


@right("dataloaders.memory")
def with_an_empty_tensor(shape, dtype, budget):
    return int(budget // torch.empty(shape, dtype=dtype).nbytes)


@right("dataloaders.memory")
def by_adding_up(size, kind, bytes_there):
    one = math.prod(size) * torch.tensor([], dtype=kind).element_size()
    return (bytes_there - bytes_there % one) // one


@wrong("dataloaders.memory", "the answer must be a whole number, an int, yours is a float")
def rounded_but_a_float(shape, dtype, budget):
    return float(budget // (math.prod(shape) * dtype.itemsize))


@wrong("dataloaders.memory", "a part of an item is no item")
def not_rounded(shape, dtype, budget):
    return budget / (math.prod(shape) * dtype.itemsize)


@wrong("dataloaders.memory", "you round up")
def rounded_up(shape, dtype, budget):
    return math.ceil(budget / (math.prod(shape) * dtype.itemsize))


@wrong("dataloaders.memory", "you count numbers, not bytes")
def forgets_the_dtype(shape, dtype, budget):
    return budget // math.prod(shape)


@wrong("dataloaders.memory", "that depends on the dtype")
def always_four_bytes(shape, dtype, budget):
    return budget // (math.prod(shape) * 4)


@wrong("dataloaders.memory", "you count bits")
def in_bits(shape, dtype, budget):
    return budget // (math.prod(shape) * dtype.itemsize * 8)


@wrong("dataloaders.memory", "you add the sizes up")
def adds_the_sizes(shape, dtype, budget):
    return budget // (sum(shape) * dtype.itemsize)


@wrong("dataloaders.memory", "4 items fit, yours is 3")
def keeps_one_in_reserve(shape, dtype, budget):
    return budget // (math.prod(shape) * dtype.itemsize) - 1


@wrong("dataloaders.memory", "4 items fit, yours is 0.24")
def the_other_way_round(shape, dtype, budget):
    return math.prod(shape) * dtype.itemsize / budget


@wrong("dataloaders.memory", "must be a plain number, yours is a tensor")
def as_a_tensor(shape, dtype, budget):
    return torch.tensor(budget // (math.prod(shape) * dtype.itemsize))


@wrong("dataloaders.memory", "IndexError")
def three_sizes_only(shape, dtype, budget):
    return budget // (shape[0] * shape[1] * shape[2] * dtype.itemsize)


# ---- dataloaders.dataset --------------------------------------------------------------------


@right("dataloaders.dataset")
class FromTheTableEachTime(Dataset):
    def __init__(self, frame, transform=None):
        self.frame, self.change = frame, transform

    def __len__(self):
        return self.frame.shape[0]

    def __getitem__(self, place):
        *x, y = self.frame.iloc[place].tolist()
        x = torch.tensor(x)
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


@wrong("dataloaders.dataset", "is the row with the index 0 (.loc)")
class TakesRowsByLabel(Base):
    def __init__(self, table, transform=None):
        super().__init__(table, transform)
        self.table = table

    def __getitem__(self, i):
        *x, y = self.table.loc[i].tolist()
        return torch.tensor(x), int(y)


@wrong("dataloaders.dataset", "y of item 0 of FlowerDataset(table) should be 2, yours is 1")
class TakesTheTargetByLabel(Base):
    def __init__(self, table, transform=None):
        super().__init__(table, transform)
        self.target = table["target"]

    def __getitem__(self, i):
        return self.X[i], int(self.target[i])


@wrong("dataloaders.dataset", "target is still among them")
class TargetAmongTheFeatures(Base):
    columns = slice(0, None)


@wrong(
    "dataloaders.dataset",
    "x of item 0 of FlowerDataset(table) must have shape (4,), yours has (3,)",
)
class OneColumnTooFew(Base):
    columns = slice(1, -1)


@wrong(
    "dataloaders.dataset",
    "x of item 0 of FlowerDataset(table) must be torch.float32, yours is torch.float64",
)
class InFloat64(Base):
    dtype = torch.float64


@wrong("dataloaders.dataset", "y of item 0 of FlowerDataset(table) must be a whole number")
class TargetAsAFloat(Base):
    def __getitem__(self, i):
        return self.X[i], self.y[i].float()


@wrong("dataloaders.dataset", "an int or an int64 tensor, yours is of type float")
class TargetAsAPythonFloat(Base):
    def __getitem__(self, i):
        return self.X[i], float(self.y[i])


@wrong("dataloaders.dataset", "must have shape (), yours has (1,)")
class TargetInAColumn(Base):
    def __getitem__(self, i):
        return self.X[i], self.y[i : i + 1]


@wrong("dataloaders.dataset", "x of item 0 of FlowerDataset(table) must be a tensor")
class ForgetsTheTensor(Base):
    def __getitem__(self, i):
        return self.X[i].numpy(), self.y[i]


@wrong("dataloaders.dataset", "must be a tensor, yours is of type list")
class AsAList(Base):
    def __getitem__(self, i):
        return self.X[i].tolist(), self.y[i]


@wrong("dataloaders.dataset", "of FlowerDataset(another table), [0] should be")
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


@wrong("dataloaders.dataset", "must be a pair: return x, y. Yours is a tensor")
class ForgetsTheTarget(Base):
    def __getitem__(self, i):
        return self.X[i]


@wrong("dataloaders.dataset", "must be a pair: return x, y. Yours is None")
class ForgetsTheReturn(Base):
    def __getitem__(self, i):
        self.X[i], self.y[i]


@wrong("dataloaders.dataset", "x of item 0 of FlowerDataset(table), [0] should be")
class StartsAtOne(Base):
    def __getitem__(self, i):
        return super().__getitem__((i + 1) % len(self))


@wrong("dataloaders.dataset", "the length of FlowerDataset(table) must be 9")
class CountsColumns(Base):
    def __len__(self):
        return self.X.shape[1]


@wrong("dataloaders.dataset", "the length of FlowerDataset(another table) must be 3")
class AlwaysNine(Base):
    def __len__(self):
        return 9


@wrong("dataloaders.dataset", "must be an object with the method __len__")
class WithoutALength:
    def __init__(self, table, transform=None):
        pass

    def __getitem__(self, i):
        return torch.zeros(4), 0


@wrong("dataloaders.dataset", "must be an object with the method __getitem__")
class WithoutItems:
    def __init__(self, table, transform=None):
        self.table = table

    def __len__(self):
        return len(self.table)


@wrong("dataloaders.dataset", "changes the table that is passed in")
class TakesTheTargetOut(Base):
    def __init__(self, table, transform=None):
        super().__init__(table, transform)
        table.pop("target")


@wrong("dataloaders.dataset", "transform is never called")
class ForgetsTheTransform(Base):
    def __getitem__(self, i):
        return self.X[i], self.y[i]


@wrong("dataloaders.dataset", "the result of transform is not used")
class DropsTheResult(Base):
    def __getitem__(self, i):
        if self.transform:
            self.transform(self.X[i])
        return self.X[i], self.y[i]


@wrong("dataloaders.dataset", "in __init__: call it in __getitem__")
class TransformsAtOnce(Base):
    def __init__(self, table, transform=None):
        super().__init__(table)
        if transform:
            self.X = torch.stack([transform(x) for x in self.X])


@wrong("dataloaders.dataset", "for 2 items taken, transform was called 4 times")
class TransformsTwice(Base):
    def __getitem__(self, i):
        x = self.X[i]
        return (self.transform(self.transform(x)) if self.transform else x), self.y[i]


@wrong("dataloaders.dataset", "what transform is given must be a tensor")
class TransformsAnArray(Base):
    def __getitem__(self, i):
        x = self.X[i].numpy()
        return torch.as_tensor(self.transform(x) if self.transform else x), self.y[i]


@wrong("dataloaders.dataset", "what transform is given for item 2, [0] should be")
class TransformsAnotherRow(Base):
    def __getitem__(self, i):
        return (self.transform(self.X[0]) if self.transform else self.X[i]), self.y[i]


@wrong("dataloaders.dataset", "x of item 2 with a transform, [0] should be")
class AddsTheTransform(Base):
    def __getitem__(self, i):
        return (self.transform(self.X[i]) + self.X[i] if self.transform else self.X[i]), self.y[i]


@wrong("dataloaders.dataset", "NameError: name 'tabel' is not defined")
class MisspellsInInit(Dataset):
    def __init__(self, table, transform=None):
        self.table = tabel  # noqa: F821


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


@wrong("dataloaders.self_data", "is none of the rows that it was given")
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


@wrong("dataloaders.self_data", "the length of the first of two data sets must be 7")
class LengthOfTheGlobalData(Rows):
    def __len__(self):
        return len(data)


@wrong("dataloaders.self_data", "comes from the other data set")
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


@wrong("dataloaders.self_data", "must have shape (4,), yours has (3,)")
class DropsTwoColumns(Rows):
    def __getitem__(self, i):
        return self.data[i, :-2], self.data[i, -1].long()


@wrong("dataloaders.self_data", "x of item 0 of the first of two data sets, [0] should be")
class FromTheEnd(Rows):
    def __getitem__(self, i):
        return self.data[-1 - i, :-1], self.data[i, -1].long()


@wrong("dataloaders.self_data", "must be a whole number, torch.int64, yours is torch.float32")
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


@right("dataloaders.train_epoch")
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


@wrong("dataloaders.train_epoch", "you divide by the number of batches, not of rows")
def mean_of_means(*args):
    return epoch(*args)[0].mean().item()


@wrong("dataloaders.train_epoch", "you return the sum of the batch losses")
def sum_of_means(*args):
    return epoch(*args)[0].sum().item()


@wrong("dataloaders.train_epoch", "you return the sum over all rows")
def sum_over_rows(*args):
    losses, sizes = epoch(*args)
    return (losses * sizes).sum().item()


@wrong("dataloaders.train_epoch", "multiply it by len(X) before you add")
def means_over_rows(*args):
    losses, sizes = epoch(*args)
    return (losses.sum() / sizes.sum()).item()


@wrong("dataloaders.train_epoch", "the loss of the last batch only")
def last_loss(*args):
    return epoch(*args)[0][-1].item()


@wrong("dataloaders.train_epoch", "the loss should be")
def loss_afterwards(model, loader, loss_fn, optimizer):
    epoch(model, loader, loss_fn, optimizer)
    with torch.no_grad():
        losses = torch.stack([loss_fn(model(X), y) for X, y in loader])
    return mean_of(losses, torch.tensor([float(len(y)) for _, y in loader]))


@wrong("dataloaders.train_epoch", "call model.train() before the loop")
def stays_in_eval_mode(*args):
    return mean_of(*epoch(*args, train=False))


@wrong("dataloaders.train_epoch", "is optimizer.step() called?")
def forgets_the_step(*args):
    return mean_of(*epoch(*args, step=False))


@wrong("dataloaders.train_epoch", "call optimizer.zero_grad()")
def forgets_zero_grad(*args):
    return mean_of(*epoch(*args, zero=False))


@wrong("dataloaders.train_epoch", "is the return inside the loop?")
def returns_in_the_loop(model, loader, loss_fn, optimizer):
    return mean_of(*epoch(model, list(loader)[:1], loss_fn, optimizer))


@wrong("dataloaders.train_epoch", "only one step was made, with the last batch")
def steps_after_the_loop(model, loader, loss_fn, optimizer):
    for batch in loader:
        last = batch
    return mean_of(*epoch(model, [last], loss_fn, optimizer))


@wrong("dataloaders.train_epoch", "are not those of one step for each batch")
def one_step_with_all(model, loader, loss_fn, optimizer):
    X, y = (torch.cat(parts) for parts in zip(*loader, strict=True))
    return mean_of(*epoch(model, [(X, y)], loss_fn, optimizer))


@wrong("dataloaders.train_epoch", "are not those of one step for each batch")
def two_epochs(model, loader, loss_fn, optimizer):
    first = mean_of(*epoch(model, loader, loss_fn, optimizer))
    epoch(model, loader, loss_fn, optimizer)
    return first


@wrong("dataloaders.train_epoch", "never calls the model")
def trains_another_model(model, loader, loss_fn, optimizer):
    own = nn.Linear(4, 3)
    return mean_of(*epoch(own, loader, loss_fn, torch.optim.SGD(own.parameters(), lr=0.5)))


@wrong("dataloaders.train_epoch", "must be a plain number, yours is a tensor")
def keeps_the_graph(*args):
    losses, sizes = epoch(*args)
    return (losses * sizes).sum() / sizes.sum()


@wrong("dataloaders.train_epoch", "the loss must be a number, yours is None")
def forgets_the_return(*args):
    epoch(*args)


@wrong("dataloaders.train_epoch", "the loss must be a number, yours is of type list")
def returns_all_losses(*args):
    return epoch(*args)[0].tolist()


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


@wrong("dataloaders.loaders", "val_loader gives 20 of 23 rows")
def as_the_colleague_did(train_set, val_set, batch_size, seed):
    torch.manual_seed(seed)
    train_loader = DataLoader(train_set, batch_size, shuffle=True)
    val_loader = DataLoader(val_set, batch_size, shuffle=True, drop_last=True)
    return train_loader, val_loader


@wrong("dataloaders.loaders", "does not keep the order of its set")
def shuffles_both(train_set, val_set, batch_size, seed):
    return train_loader_of(train_set, batch_size, seed), train_loader_of(val_set, batch_size, seed)


@wrong("dataloaders.loaders", "give train_loader its own generator")
def with_the_global_seed(train_set, val_set, batch_size, seed):
    torch.manual_seed(seed)
    return DataLoader(train_set, batch_size, shuffle=True), DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "train_loader is not shuffled")
def shuffles_nothing(train_set, val_set, batch_size, seed):
    return DataLoader(train_set, batch_size), DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "the second epoch has the same order")
def shuffles_once(train_set, val_set, batch_size, seed):
    return list(train_loader_of(train_set, batch_size, seed)), DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "yours ignores the seed")
def always_seed_zero(train_set, val_set, batch_size, seed):
    return train_loader_of(train_set, batch_size, 0), DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "train_loader must give each of the 43 rows once, yours gives 40")
def drops_training_rows(train_set, val_set, batch_size, seed):
    train_loader = train_loader_of(train_set, batch_size, seed, drop_last=True)
    return train_loader, DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "43 rows with batch_size=10 make batches")
def always_sixteen(train_set, val_set, batch_size, seed):
    return train_loader_of(train_set, 16, seed), DataLoader(val_set, 16)


@wrong("dataloaders.loaders", "23 rows with batch_size=10 make batches")
def validates_at_once(train_set, val_set, batch_size, seed):
    return train_loader_of(train_set, batch_size, seed), DataLoader(val_set, len(val_set))


@wrong("dataloaders.loaders", "train_loader gives rows of the validation set")
def in_the_wrong_order(train_set, val_set, batch_size, seed):
    return DataLoader(val_set, batch_size), train_loader_of(train_set, batch_size, seed)


@wrong("dataloaders.loaders", "val_loader gives rows of the training set")
def the_training_set_twice(train_set, val_set, batch_size, seed):
    return train_loader_of(train_set, batch_size, seed), DataLoader(train_set, batch_size)


@wrong("dataloaders.loaders", "it must be possible to walk through it again")
def a_used_up_iterator(train_set, val_set, batch_size, seed):
    return iter(train_loader_of(train_set, batch_size, seed)), DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "in its second epoch val_loader gives 0 of 23 rows")
def a_used_up_val_iterator(train_set, val_set, batch_size, seed):
    return train_loader_of(train_set, batch_size, seed), iter(DataLoader(val_set, batch_size))


@wrong("dataloaders.loaders", "X and y belong to different rows")
def shuffles_x_alone(train_set, val_set, batch_size, seed):
    X, y = train_set.tensors
    mixed = torch.utils.data.TensorDataset(X.flip(0), y)
    return train_loader_of(mixed, batch_size, seed), DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "must have shape (10, 3), yours has (10, 1)")
def keeps_one_column(train_set, val_set, batch_size, seed):
    X, y = train_set.tensors
    narrow = torch.utils.data.TensorDataset(X[:, :1], y)
    return train_loader_of(narrow, batch_size, seed), DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "train_loader must give batches (X, y) of two tensors")
def a_dataset_for_a_loader(train_set, val_set, batch_size, seed):
    return [train_set.tensors[0]], DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "train_loader must be a DataLoader")
def the_data_sets_themselves(train_set, val_set, batch_size, seed):
    return train_set, val_set


@wrong("dataloaders.loaders", "train_loader gave no batch")
def an_empty_loader(train_set, val_set, batch_size, seed):
    return [], DataLoader(val_set, batch_size)


@wrong("dataloaders.loaders", "must return two loaders")
def one_loader(train_set, val_set, batch_size, seed):
    return train_loader_of(train_set, batch_size, seed)


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


@wrong("dataloaders.weights", "does not balance three or more classes")
def one_minus_the_share(targets):
    return 1 - torch.bincount(targets)[targets] / len(targets)


@wrong("dataloaders.weights", "of the total weight; it should be")
def with_the_root(targets):
    return torch.bincount(targets)[targets].float().rsqrt()


@wrong("dataloaders.weights", "the class totals are right, but")
def one_row_for_the_class(targets):
    weights = torch.full((len(targets),), 1e-9)
    for label in targets.unique():
        weights[(targets == label).nonzero()[0]] = 1.0
    return weights


@wrong("dataloaders.weights", "the weights must be decimals")
def whole_numbers(targets):
    return 1000 // torch.bincount(targets)[targets]


@wrong("dataloaders.weights", "each weight must be a positive number")
def only_the_rarest(targets):
    counts = torch.bincount(targets)[targets]
    return (counts == counts.min()).float()


@wrong(
    "dataloaders.weights", "what balanced_weights returns must have shape (12,), yours has (12, 1)"
)
def in_a_column(targets):
    return (1 / torch.bincount(targets)[targets]).unsqueeze(1)


@wrong("dataloaders.weights", "must be a tensor, yours is of type list")
def as_a_list(targets):
    return weights_in_a_loop(targets).tolist()


@wrong("dataloaders.weights", "changes targets in place")
def in_place(targets):
    weights = weights_in_a_loop(targets)
    targets.zero_()
    return weights


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


@wrong("dataloaders.collate", "pad to the longest, not to a fixed length")
def padded_to_twenty(batch):
    X, lengths, y = parts(batch)
    return F.pad(X, (0, 20 - X.shape[1])), lengths, y


@wrong("dataloaders.collate", "you pad at the beginning")
def padded_in_front(batch):
    _, lengths, y = parts(batch)
    longest = int(lengths.max())
    return torch.stack([F.pad(s, (longest - len(s), 0)) for s, _ in batch]), lengths, y


@wrong("dataloaders.collate", "after the end of a sequence must hold 0")
def padded_with_minus_one(batch):
    return parts(batch, padding_value=-1)


@wrong("dataloaders.collate", "the items are sorted by length")
def sorted_by_length(batch):
    return parts(sorted(batch, key=lambda item: -len(item[0])))


@wrong("dataloaders.collate", "the items are sorted by length")
def sorted_the_other_way(batch):
    return parts(sorted(batch, key=lambda item: len(item[0])))


@wrong("dataloaders.collate", "must have shape (3, 7), yours has (3, 3)")
def cut_to_the_shortest(batch):
    shortest = min(len(sequence) for sequence, _ in batch)
    return parts([(sequence[:shortest], label) for sequence, label in batch])


@wrong("dataloaders.collate", "X must be torch.int64, yours is torch.float32")
def always_float(batch):
    X, lengths, y = parts(batch)
    return X.float(), lengths, y


@wrong("dataloaders.collate", "X must be torch.float32, yours is torch.int64")
def always_whole(batch):
    X, lengths, y = parts(batch)
    return X.long(), lengths, y


@wrong("dataloaders.collate", "X[0, 0] should be")
def from_back_to_front(batch):
    return parts([(sequence.flip(0), label) for sequence, label in batch])


@wrong("dataloaders.collate", "lengths holds the length after padding")
def lengths_after_padding(batch):
    X, lengths, y = parts(batch)
    return X, torch.full_like(lengths, X.shape[1]), y


@wrong("dataloaders.collate", "lengths[0] should be")
def lengths_minus_one(batch):
    X, lengths, y = parts(batch)
    return X, lengths - 1, y


@wrong("dataloaders.collate", "lengths must be torch.int64, yours is torch.float32")
def lengths_as_decimals(batch):
    X, lengths, y = parts(batch)
    return X, lengths.float(), y


@wrong("dataloaders.collate", "lengths must be a tensor, yours is of type list")
def lengths_as_a_list(batch):
    X, lengths, y = parts(batch)
    return X, lengths.tolist(), y


@wrong("dataloaders.collate", "lengths must have shape (3,), yours has ()")
def one_length(batch):
    X, lengths, y = parts(batch)
    return X, lengths.max(), y


@wrong("dataloaders.collate", "y must be torch.int64, yours is torch.float32")
def labels_as_decimals(batch):
    X, lengths, y = parts(batch)
    return X, lengths, y.float()


@wrong("dataloaders.collate", "y must have shape (3,), yours has (3, 1)")
def labels_in_a_column(batch):
    X, lengths, y = parts(batch)
    return X, lengths, y.unsqueeze(1)


@wrong("dataloaders.collate", "y[")
def labels_in_reverse(batch):
    X, lengths, y = parts(batch)
    return X, lengths, y.flip(0)


@wrong("dataloaders.collate", "X must be a tensor, yours is of type list")
def without_padding(batch):
    _, lengths, y = parts(batch)
    return [sequence for sequence, _ in batch], lengths, y


@wrong("dataloaders.collate", "must return three tensors")
def without_lengths(batch):
    X, _, y = parts(batch)
    return X, y


@wrong("dataloaders.collate", "RuntimeError: stack expects each tensor")
def stacks_them(batch):
    return torch.stack([sequence for sequence, _ in batch]), None, None


# ---- A result instead of the function -------------------------------------------------------

wrong("dataloaders.memory", "pass your function largest_batch itself")(6643)
wrong("dataloaders.dataset", "pass your function FlowerDataset itself")([(torch.zeros(4), 0)])
wrong("dataloaders.self_data", "pass your function RowDataset itself")(Rows(data))
wrong("dataloaders.train_epoch", "pass your function train_epoch itself")(1.1)
wrong("dataloaders.loaders", "pass your function make_loaders itself")(([], []))
wrong("dataloaders.weights", "pass your function balanced_weights itself")(torch.ones(3))
wrong("dataloaders.collate", "pass your function collate itself")((torch.zeros(2, 3), None, None))
