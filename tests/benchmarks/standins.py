"""Measures the stand-ins: how fast they are made, and what models learn from them.

Run: python tests/benchmarks/standins.py
"""

import time

import pandas as pd
import torch
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import nn

from helpers import accuracy, evaluate, make_loader, normalize, to_tensors, train
from helpers.datasets import standins
from helpers.datasets.pictures import Pictures
from helpers.datasets.rain import NUMBERS


def rain():
    """Print the seconds for 20,000 rows, and a logistic regression's scores on the later years."""
    standins.make_rain(100)  # the first call imports pandas
    start = time.perf_counter()
    table = standins.make_rain()
    print(f"rain: {len(table):,} rows in {time.perf_counter() - start:.2f} s")
    measured = table[[name for name in NUMBERS if name != "RISK_MM"]]
    X = pd.concat([measured, pd.get_dummies(table["Location"])], axis=1)
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
    train_set, test_set = (Pictures(X, y, standins.DIGITS, "stand-in") for X, y in parts)
    X, y = to_tensors(train_set)
    train_loader = make_loader(normalize(X), y, shuffle=True, seed=0)
    X, y = to_tensors(test_set)
    test_loader = make_loader(normalize(X), y)
    for name, make in (("fully connected", make_dense), ("convolutional", make_cnn)):
        torch.manual_seed(0)
        model = make()
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
        loss_fn = nn.CrossEntropyLoss()
        start = time.perf_counter()
        train(model, train_loader, loss_fn, optimizer, epochs=3, progress=False)
        seconds = time.perf_counter() - start
        score = evaluate(model, test_loader, loss_fn, {"accuracy": accuracy})["accuracy"]
        print(f"digits: {name}: {score:.1%} after 3 epochs in {seconds:.0f} s")


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
