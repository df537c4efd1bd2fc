"""Measures the stand-ins: how fast they are made, and what models learn from them.

Run: python tests/benchmarks/standins.py
"""

import time

import torch
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import nn

from helpers import accuracy, evaluate, make_loader, normalize, standins, train
from helpers.rain import NUMBERS


def rain():
    """Print the seconds for 20,000 rows, and a logistic regression's scores on the later years."""
    standins.make_rain(100)  # the first call imports pandas
    start = time.perf_counter()
    table = standins.make_rain()
    print(f"rain: {len(table):,} rows in {time.perf_counter() - start:.2f} s")
    X = table[[name for name in NUMBERS if name != "RISK_MM"]]
    y = table["RainTomorrow"] == "Yes"
    early = table["Date"].dt.year < 2016
    steps = SimpleImputer(add_indicator=True), StandardScaler(), LogisticRegression(max_iter=500)
    model = make_pipeline(*steps).fit(X[early], y[early])
    auc = roc_auc_score(y[~early], model.predict_proba(X[~early])[:, 1])
    print(f"rain: {early.mean():.1%} before 2016; always No {(~y[~early]).mean():.1%}")
    print(f"rain: logistic regression {model.score(X[~early], y[~early]):.1%}, AUC {auc:.3f}")


def digits():
    """Print the test accuracy of a fully connected and of a convolutional network."""
    start = time.perf_counter()
    parts = [standins.make_digits(train) for train in (True, False)]
    print(f"digits: made in {time.perf_counter() - start:.2f} s")
    loaders = [
        make_loader(normalize(torch.from_numpy(X).permute(0, 3, 1, 2)), torch.from_numpy(y), seed=0)
        for X, y in parts
    ]
    loaders[0].shuffle = True
    for name, make in (("fully connected", make_dense), ("convolutional", make_cnn)):
        torch.manual_seed(0)
        model = make()
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
        loss_fn = nn.CrossEntropyLoss()
        start = time.perf_counter()
        train(model, loaders[0], loss_fn, optimizer, epochs=5, progress=False)
        seconds = time.perf_counter() - start
        score = evaluate(model, loaders[1], loss_fn, {"accuracy": accuracy})["accuracy"]
        print(f"digits: {name}: {score:.1%} after 5 epochs in {seconds:.0f} s")


def make_dense():
    """Return the fully connected network of the CIFAR-10 notebook."""
    return nn.Sequential(
        nn.Flatten(),
        *(nn.Linear(3072, 1024), nn.ReLU()),
        *(nn.Linear(1024, 512), nn.ReLU()),
        nn.Linear(512, 10),
    )


def make_cnn():
    """Return a small convolutional network."""
    return nn.Sequential(
        *(nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        nn.Flatten(),
        nn.Linear(32 * 8 * 8, 10),
    )


if __name__ == "__main__":
    rain()
    digits()
