"""The tutorials' way against the course's: the same training, its seconds and its result.

A step of a small network is to a good part Adam's bookkeeping. The notebooks take the fused Adam,
which updates all parameters in one call, and so does the course's way here.
"""

import statistics
import time
from dataclasses import dataclass
from types import SimpleNamespace

import torch
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, Subset, TensorDataset
from torchvision import transforms

import helpers


@dataclass
class Task:
    """One training in two ways: functions without arguments that return the trained model.

    score: a function of the model; more_is_better says how to read what it returns.
    """

    name: str
    theirs: callable
    ours: callable
    result: str
    score: callable


def tasks(quick):
    """Yield all tasks; quick: fewer epochs and pictures."""
    yield iris(300 if quick else 3000)
    yield boston(30 if quick else 300)
    yield rain(2 if quick else 7)
    for amp in (False, True):
        yield cifar10(1_000 if quick else 10_000, 1, amp)


def compare(task, pairs, say):
    """Return a row of the report: the medians of alternating runs, and of the pairs' ratios."""
    seconds, scores = [], []
    for pair in range(pairs):
        say(f"{task.name}: pair {pair + 1} of {pairs}")
        runs = [run(way, task.score, seed=pair) for way in (task.theirs, task.ours)]
        seconds.append([run[0] for run in runs])
        scores.append([run[1] for run in runs])
    theirs, ours = map(statistics.median, zip(*seconds, strict=True))
    their_score, our_score = map(statistics.median, zip(*scores, strict=True))
    return {
        "what": task.name,
        "tutorial_s": round(theirs, 3),
        "course_s": round(ours, 3),
        "times_faster": round(statistics.median(a / b for a, b in seconds), 2),
        "result": task.result,
        "tutorial_result": round(their_score, 3),
        "course_result": round(our_score, 3),
    }


def run(way, score, seed):
    """Return the seconds of a training and the score of its model."""
    helpers.seed_everything(seed)
    start = time.perf_counter()
    model = way()
    return time.perf_counter() - start, score(model)


# ---- Iris: 3000 epochs of one full batch -----------------------------------------------------


def iris(epochs):
    """4 -> 1024 -> 3, Adam at 1e-4, the validation loss after each epoch."""
    X, y = load_iris(return_X_y=True)
    X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
    X_train, X_val, y_train, y_val = train_test_split(X, y, random_state=0)
    loss_fn = nn.CrossEntropyLoss()

    def start(fused=None):
        model = nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3))
        return model, torch.optim.Adam(model.parameters(), lr=1e-4, fused=fused)

    def theirs():
        model, optimizer = start()
        train_losses, val_losses = [], []
        for _ in range(epochs):
            model.train()
            optimizer.zero_grad()
            loss = loss_fn(model(X_train), y_train)
            loss.backward()
            optimizer.step()
            train_losses.append(loss.item())
            model.eval()
            with torch.no_grad():
                val_losses.append(loss_fn(model(X_val), y_val).item())
        return model

    def ours():
        model, optimizer = start(fused=True)
        parts = (X_train, y_train), (X_val, y_val)
        helpers.train(model, parts[0], loss_fn, optimizer, epochs, parts[1], progress=False)
        return model

    def score(model):
        return helpers.evaluate(model, (X_val, y_val), loss_fn)["loss"]

    return Task(f"iris, {epochs} epochs", theirs, ours, "validation loss", score)


# ---- Boston: batches of 50, and four worker processes ----------------------------------------


def boston(epochs):
    """13 -> 200 -> 100 -> 1, Adam at 1e-3; the tutorial's loader starts 4 workers each epoch."""
    table = helpers.load_boston()
    X = torch.tensor(StandardScaler().fit_transform(table.drop(columns="medv")))
    X, y = X.float(), torch.tensor(table[["medv"]].to_numpy(), dtype=torch.float32)
    loss_fn = nn.MSELoss()

    def start(fused=None):
        hidden = nn.Linear(13, 200), nn.LeakyReLU(), nn.Linear(200, 100), nn.LeakyReLU()
        model = nn.Sequential(*hidden, nn.Linear(100, 1))
        return model, torch.optim.Adam(model.parameters(), lr=1e-3, fused=fused)

    def theirs():
        model, optimizer = start()
        loader = DataLoader(TensorDataset(X, y), batch_size=50, shuffle=True, num_workers=4)
        losses = []
        for _ in range(epochs):
            total = 0.0
            for inputs, targets in loader:
                optimizer.zero_grad()
                loss = loss_fn(model(inputs), targets)
                loss.backward()
                optimizer.step()
                total += loss.item()
            losses.append(total / len(loader))
        return model

    def ours():
        model, optimizer = start(fused=True)
        loader = helpers.make_loader(X, y, 50, shuffle=True)
        helpers.train(model, loader, loss_fn, optimizer, epochs, progress=False)
        return model

    def score(model):
        return helpers.evaluate(model, (X, y), loss_fn)["loss"]

    return Task(f"Boston, {epochs} epochs", theirs, ours, "training MSE", score)


# ---- Rain: 99,535 rows in batches of 128 -----------------------------------------------------


def rain(epochs):
    """50 -> 20 -> 1, Adam; the tutorial counts its accuracy row by row in Python."""
    import pandas as pd

    table = helpers.load_rain().dropna(subset=["RISK_MM"])
    features = pd.get_dummies(table[["RISK_MM", "Location"]], columns=["Location"])
    X = torch.tensor(StandardScaler().fit_transform(features.astype("float32")))
    y = torch.tensor((table["RainTomorrow"] == "Yes").to_numpy(), dtype=torch.float32)[:, None]
    X_train, X_test, y_train, y_test = train_test_split(X.float(), y, test_size=0.3, random_state=0)
    loss_fn = nn.BCEWithLogitsLoss()

    def start(fused=None):
        model = nn.Sequential(nn.Linear(X.shape[1], 20), nn.ReLU(), nn.Linear(20, 1))
        return model, torch.optim.Adam(model.parameters(), fused=fused)

    def theirs():
        model, optimizer = start()
        loader = DataLoader(TensorDataset(X_train, y_train), batch_size=128, shuffle=True)
        for _ in range(epochs):
            total, right = 0.0, 0
            for inputs, targets in loader:
                optimizer.zero_grad()
                logits = model(inputs)
                loss = loss_fn(logits, targets)
                loss.backward()
                optimizer.step()
                total += loss.item()
                guesses = torch.softmax(logits, dim=0)
                for guess, target in zip(guesses, targets, strict=True):
                    right += int(guess == target)
        return model

    def ours():
        model, optimizer = start(fused=True)
        loader = helpers.make_loader(X_train, y_train, 128, shuffle=True)
        metrics = {"accuracy": helpers.binary_accuracy}
        helpers.train(model, loader, loss_fn, optimizer, epochs, metrics=metrics, progress=False)
        return model

    def score(model):
        metrics = {"accuracy": helpers.binary_accuracy}
        return helpers.evaluate(model, (X_test, y_test), loss_fn, metrics)["accuracy"]

    return Task(f"rain, {epochs} epochs", theirs, ours, "test accuracy", score)


# ---- CIFAR-10: fully connected, batches of 4 against 64 ----------------------------------------


def cifar10(pictures, epochs, amp):
    """3072 -> 1024 -> 512 -> 10, SGD: transformed picture by picture, or batch by batch.

    The rate grows with the batch, from 0.001 for 4 to 0.016 for 64. The tutorial's loop has the
    order of PyTorch's quickstart: gradients are cleared between the loss and backward().
    """
    half = transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    transform = transforms.Compose([transforms.ToTensor(), half])
    slow_set = Subset(helpers.load_cifar10(transform=transform), range(pictures))
    whole = helpers.load_cifar10()
    few = SimpleNamespace(data=whole.data[:pictures], targets=whole.targets[:pictures])
    X_test, y_test = helpers.to_tensors(helpers.load_cifar10(train=False))
    loss_fn = nn.CrossEntropyLoss()

    def start(lr):
        hidden = nn.Linear(3072, 1024), nn.ReLU(), nn.Linear(1024, 512), nn.ReLU()
        model = nn.Sequential(nn.Flatten(), *hidden, nn.Linear(512, 10))
        return model, torch.optim.SGD(model.parameters(), lr=lr)

    def theirs():
        model, optimizer = start(0.001)
        loader = DataLoader(slow_set, batch_size=4, shuffle=True)
        for _ in range(epochs):
            total = 0.0
            for inputs, targets in loader:
                loss = loss_fn(model(inputs), targets)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                total += loss.item()
        return model

    def ours():
        model, optimizer = start(0.016)
        X, y = helpers.to_tensors(few)  # its time counts
        loader = helpers.make_loader(X, y, 64, shuffle=True, transform=helpers.normalize)
        helpers.train(model, loader, loss_fn, optimizer, epochs, amp=amp, progress=False)
        return model

    def score(model):
        metrics = {"accuracy": helpers.accuracy}
        test_set = helpers.normalize(X_test), y_test
        return helpers.evaluate(model, test_set, loss_fn, metrics)["accuracy"]

    name = f"CIFAR-10, {pictures:,} pictures, {'bfloat16' if amp else 'float32'}"
    return Task(name, theirs, ours, "test accuracy", score)
