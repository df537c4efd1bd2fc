"""Measures an epoch of make_loader against DataLoader(TensorDataset): 99,535 x 50, batches of 128.

Run: python tests/benchmarks/loaders.py
"""

import statistics
import time

import torch
from torch.utils.data import DataLoader, TensorDataset

from helpers import make_loader

ROWS, COLUMNS, BATCH_SIZE, REPEATS = 99_535, 50, 128, 5


def main():
    """Print the median seconds of an epoch of each loader, in order and shuffled, and the ratio."""
    torch.manual_seed(0)
    X, y = torch.randn(ROWS, COLUMNS), torch.randint(0, 2, (ROWS,)).float()
    for shuffle in (False, True):
        theirs = seconds_an_epoch(DataLoader(TensorDataset(X, y), BATCH_SIZE, shuffle=shuffle))
        ours = seconds_an_epoch(make_loader(X, y, BATCH_SIZE, shuffle=shuffle))
        order = "shuffled" if shuffle else "in order"
        seconds = f"DataLoader {theirs:.3f} s, make_loader {ours:.4f} s"
        print(f"{order}: {seconds}, ratio {theirs / ours:.0f}")


def seconds_an_epoch(loader):
    """Return the median time of going once through all batches."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        for _batch in loader:
            pass
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    main()
