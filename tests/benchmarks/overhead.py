"""What train and evaluate cost beyond the same loops written by hand.

Both loops run in turn, in one process, on the same data; the ratio of each pair counts, and the
median of the ratios is the result.
"""

import contextlib
import io
import statistics
import time

import torch
from sklearn.datasets import load_iris
from torch import nn

import helpers


def iris():
    """1000 epochs of one full batch: 4 -> 1024 -> 3, as in notebook 03."""
    X, y = load_iris(return_X_y=True)
    X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
    model = nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3))
    return model, [(X, y)], (X, y), nn.CrossEntropyLoss(), 1e-4, 1000


def boston():
    """100 epochs of batches of 50: 13 -> 200 -> 100 -> 1, as in notebook 06."""
    table = helpers.load_boston()
    X = torch.tensor(table.drop(columns="medv").to_numpy(), dtype=torch.float32)
    y = torch.tensor(table[["medv"]].to_numpy(), dtype=torch.float32)
    hidden = nn.Linear(13, 200), nn.LeakyReLU(), nn.Linear(200, 100), nn.LeakyReLU()
    loader = helpers.make_loader(X, y, 50, shuffle=True)
    return nn.Sequential(*hidden, nn.Linear(100, 1)), loader, loader, nn.MSELoss(), 1e-3, 100


def rain():
    """10 epochs of batches of 128 drawn rows: 50 -> 20 -> 1, as in notebook 05."""
    X, y = torch.randn(20_000, 50), torch.randint(0, 2, (20_000, 1)).float()
    model = nn.Sequential(nn.Linear(50, 20), nn.ReLU(), nn.Linear(20, 1))
    loader = helpers.make_loader(X, y, 128, shuffle=True)
    return model, loader, loader, nn.BCEWithLogitsLoss(), 1e-3, 10


def by_hand(model, loader, loss_fn, optimizer, epochs):
    """Train with the same lines as train_epoch, and no more; return the loss of each epoch."""
    losses = []
    for _ in range(epochs):
        model.train()
        total, rows = 0.0, 0
        for X, y in loader:
            optimizer.zero_grad()
            loss = loss_fn(model(X), y)
            loss.backward()
            optimizer.step()
            total += loss.detach() * len(X)
            rows += len(X)
        losses.append((total / rows).item())
    return losses


def training_seconds(problem, way):
    """Return the seconds that one training takes, by hand or with helpers.train, and its steps."""
    torch.manual_seed(0)
    model, batches, loader, loss_fn, lr, epochs = problem()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, fused=True)
    start = time.perf_counter()
    if way == "by hand":
        by_hand(model, batches, loss_fn, optimizer, epochs)
    else:
        helpers.train(model, loader, loss_fn, optimizer, epochs, progress=way == "with a bar")
    return time.perf_counter() - start, epochs * len(batches)


def evaluation_seconds(problem, way):
    """Return the seconds of 300 evaluations, by hand or with helpers.evaluate, and their number."""
    torch.manual_seed(0)
    model, batches, loader, loss_fn, _, _ = problem()
    start = time.perf_counter()
    for _ in range(300):
        if way == "by hand":
            model.eval()
            with torch.no_grad():
                outputs, targets = zip(*((model(X), y) for X, y in batches), strict=True)
                loss_fn(torch.cat(outputs), torch.cat(targets)).item()
            model.train()
        else:
            helpers.evaluate(model, loader, loss_fn)
    return time.perf_counter() - start, 300


def compare(problem, way, pairs, timed=training_seconds):
    """Return a row: the median ratio of ours to the loop by hand, and the time of a step."""
    with contextlib.redirect_stderr(io.StringIO()):  # where the bars go
        timed(problem, way)  # the first run warms the caches
        times = [(timed(problem, way)[0], timed(problem, "by hand")) for _ in range(pairs)]
    steps = times[0][1][1]
    name = "train" if timed is training_seconds else "evaluate"
    return {
        "what": f"{name}, {problem.__name__}, {way}",
        "course_s": round(statistics.median(ours for ours, _ in times), 3),
        "by_hand_s": round(statistics.median(theirs for _, (theirs, _) in times), 3),
        "ratio": round(statistics.median(ours / theirs for ours, (theirs, _) in times), 3),
        "step_ms": round(1000 * statistics.median(t / steps for _, (t, _) in times), 3),
    }


def measure(quick, say):
    """Return the rows of all comparisons."""
    pairs, rows = 1 if quick else 7, []
    for problem in (iris, boston, rain):
        for way in ("without a bar", "with a bar"):
            say(f"overhead: {problem.__name__} {way}")
            rows.append(compare(problem, way, pairs))
        rows.append(compare(problem, "in all", pairs, evaluation_seconds))
    return rows
