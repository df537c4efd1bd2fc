"""What helpers.train costs beyond the same loop written by hand, and what importing helpers costs.

python tests/benchmarks/overhead.py [pairs]

Both loops run in turn, in one process, on the same data; the ratio of each pair counts, and the
median of the ratios is the result.
"""

import contextlib
import io
import statistics
import subprocess
import sys
import time

import torch
from sklearn.datasets import load_iris
from torch import nn

import helpers


def iris():
    """3000 epochs of one full batch: 4 -> 1024 -> 3, as in notebook 03."""
    X, y = load_iris(return_X_y=True)
    X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
    model = nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3))
    return model, [(X, y)], (X, y), nn.CrossEntropyLoss(), 1e-4, 3000


def boston():
    """300 epochs of batches of 50: 13 -> 200 -> 100 -> 1, as in notebook 06."""
    table = helpers.load_boston()
    X = torch.tensor(table.drop(columns="medv").to_numpy(), dtype=torch.float32)
    y = torch.tensor(table[["medv"]].to_numpy(), dtype=torch.float32)
    hidden = nn.Linear(13, 200), nn.LeakyReLU(), nn.Linear(200, 100), nn.LeakyReLU()
    loader = helpers.make_loader(X, y, 50, shuffle=True)
    return nn.Sequential(*hidden, nn.Linear(100, 1)), loader, loader, nn.MSELoss(), 1e-3, 300


def by_hand(model, loader, loss_fn, optimizer, epochs):
    """Train with the loop of notebook 03, for batches; return the loss of each epoch."""
    losses = []
    for _ in range(epochs):
        model.train()
        total, rows = 0.0, 0
        for X, y in loader:
            loss = loss_fn(model(X), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.detach() * len(X)
            rows += len(X)
        losses.append((total / rows).item())
    return losses


def seconds(problem, way):
    """Return the seconds that one training takes, by hand or with helpers.train."""
    torch.manual_seed(0)
    model, batches, loader, loss_fn, lr, epochs = problem()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    start = time.perf_counter()
    if way == "by hand":
        by_hand(model, batches, loss_fn, optimizer, epochs)
    else:
        helpers.train(model, loader, loss_fn, optimizer, epochs, progress=way == "with a bar")
    return time.perf_counter() - start


def compare(problem, way, pairs):
    """Print the median ratio of helpers.train to the loop by hand."""
    with contextlib.redirect_stderr(io.StringIO()):  # where the bars go
        seconds(problem, way)  # the first run warms the caches
        times = [(seconds(problem, way), seconds(problem, "by hand")) for _ in range(pairs)]
    ratio = statistics.median(ours / theirs for ours, theirs in times)
    ours, theirs = (statistics.median(column) for column in zip(*times, strict=True))
    name = f"{problem.__name__}, {way}"
    print(f"{name:24} train {ours:.2f} s, by hand {theirs:.2f} s, ratio {ratio:.3f}")


def import_seconds(module):
    """Return the seconds a fresh interpreter needs to import a module."""
    code = f"import time; s = time.perf_counter(); import {module}; print(time.perf_counter() - s)"
    return float(subprocess.check_output([sys.executable, "-c", code]))


def main():
    """Run all comparisons."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    for problem in (iris, boston):
        for way in ("without a bar", "with a bar"):
            compare(problem, way, pairs)
    both = [(import_seconds("helpers"), import_seconds("torch")) for _ in range(pairs + 1)][1:]
    ours, theirs = (statistics.median(column) for column in zip(*both, strict=True))
    more = statistics.median(a - b for a, b in both)
    print(f"import helpers {ours:.2f} s, import torch {theirs:.2f} s, difference {more:+.2f} s")


if __name__ == "__main__":
    main()
