"""Loaders for tensors that fit into memory: a whole batch at a time, not row by row."""

import itertools

import torch

from helpers import mistakes


def make_loader(
    X,
    y,
    batch_size=64,
    *,
    shuffle=False,
    seed=None,
    drop_last=False,
    transform=None,
    device=None,
):
    """Return a loader over the rows of X and y, to be used like a DataLoader.

    shuffle: a new order each epoch; with a seed, the same orders each time the loader is made.
    drop_last: leave out a last batch that is smaller than batch_size.
    transform: a function of the batch X, for example an augmentation; it returns the new X.
    device: keep the tensors there, so that a batch is taken without copying it from the CPU.
    """
    mistakes.check_loader((X, y))
    mistakes.check_whole("batch_size", batch_size, at_least=1)
    return TensorLoader(X.to(device), y.to(device), batch_size, shuffle, seed, drop_last, transform)


class TensorLoader:
    """Yields batches (X, y), each cut out of the tensors with one indexing operation."""

    def __init__(self, X, y, batch_size, shuffle, seed, drop_last, transform):
        self.X, self.y = X, y
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.drop_last = drop_last
        self.transform = transform
        self.generator = None if seed is None else torch.Generator().manual_seed(seed)

    def __len__(self):
        full, rest = divmod(len(self.X), self.batch_size)
        return full if self.drop_last or rest == 0 else full + 1

    def __iter__(self):
        if self.shuffle:
            order = torch.randperm(len(self.X), generator=self.generator).to(self.X.device)
            # X[rows] is the same as index_select, but starts threads, which stall on a busy CPU.
            parts = (
                (self.X.index_select(0, rows), self.y.index_select(0, rows))
                for rows in order.split(self.batch_size)
            )
        else:
            parts = zip(self.X.split(self.batch_size), self.y.split(self.batch_size), strict=True)
        for X, y in itertools.islice(parts, len(self)):  # drop_last: one fewer
            yield (X if self.transform is None else self.transform(X)), y
