"""Checks of the exercises in 06_boston_regression."""

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from helpers.datasets import BOSTON_COLUMNS
from helpers.exercises.core import (
    Wrong,
    call,
    exercise,
    expect,
    expect_close,
    expect_function,
    expect_number,
    expect_tensor,
    expect_type,
    is_close,
)
from helpers.exercises.quiz import Question, Quiz

quiz = Quiz(
    Question(
        right="b",
        reasons={
            "a": "Broadcasting turns the row into 20 rows before anything is subtracted.",
            "b": "(20, 1) and (20,) broadcast to (20, 20): each prediction against each target.",
            "c": "No error: these two shapes can be broadcast, and that is the trap.",
        },
    ),
    Question(
        right="a",
        reasons={
            "a": "The small batch counts as much as a full one, although it has fewer rows.",
            "b": "The order of the batches does not change a mean.",
            "c": "With equal batches both are the same; it is the small last batch that differs.",
        },
    ),
    Question(
        right="c",
        reasons={
            "a": "Then the validation rows have had a say in how the training rows look.",
            "b": "Then the same district would get different numbers in the two parts.",
            "c": "What is learned from data is learned from the training rows, the scaling too.",
        },
    ),
    Question(
        right="b",
        reasons={
            "a": "It has seen these rows. A large network can learn them by heart.",
            "b": "On its own training rows the larger model nearly always looks better.",
            "c": "Neither number was measured on new prices, so neither is their ratio.",
        },
    ),
    Question(
        right="c",
        reasons={
            "a": "Each model still learns from (k - 1)/k of the rows, not from more.",
            "b": "It takes k trainings instead of one.",
            "c": "k results show how far a result scatters, which a single one cannot.",
        },
    ),
)


@exercise(
    title="From the table to tensors",
    notebook="06_boston_regression",
    minutes=8,
    difficulty="complete",
    hints=[
        'table.drop(columns="medv") leaves the 13 features, .to_numpy() makes an array of them.',
        "torch.tensor(array, dtype=torch.float32) gives the type that nn.Linear computes in.",
        "y.unsqueeze(1), or table[['medv']] with two pairs of brackets, gives shape (N, 1).",
    ],
)
def tensors(make_tensors):
    """make_tensors(table) -> X float32 (N, 13), y float32 (N, 1)."""
    expect_function(make_tensors, "make_tensors")
    import pandas as pd

    table = pd.DataFrame(torch.randn(9, 14).double().numpy(), columns=BOSTON_COLUMNS)
    copy = table.copy()
    answer = call(make_tensors, table)
    expect(
        isinstance(answer, tuple | list) and len(answer) == 2,
        "make_tensors must return two tensors: return X, y.",
    )
    X, y = answer
    expect(table.equals(copy), "your function changes the table that is passed in: work on a copy.")
    expect_tensor(X, "X")
    expect(X.shape != (9, 14), "X still holds the column medv, which is the answer: drop it.")
    expect_tensor(X, "X", shape=(9, 13), dtype=torch.float32)
    expect_tensor(y, "y")
    expect(
        y.shape != (9,),
        "y has shape (9,) and the predictions will have (9, 1): their difference would be (9, 9).",
    )
    expect_tensor(y, "y", shape=(9, 1), dtype=torch.float32)
    expected = torch.tensor(copy.to_numpy())
    expect_close(X, expected[:, :13], "X")
    expect_close(y, expected[:, 13:], "y")


@exercise(
    title="Scale without looking at the validation rows",
    notebook="06_boston_regression",
    minutes=8,
    difficulty="build",
    hints=[
        "X_train.mean(dim=0) is one mean for each column, shape (13,).",
        "Subtract the same mean from both parts and divide both by the same standard deviation: "
        "those of X_train.",
    ],
)
def standardise(standardise):
    """standardise(X_train, X_val) -> both scaled with the mean and std of X_train's columns."""
    expect_function(standardise, "standardise")
    X_train, X_val = 3 * torch.randn(40, 13) + 5, torch.randn(11, 13) - 2
    given = X_train.clone(), X_val.clone()
    answer = call(standardise, X_train, X_val)
    expect(
        isinstance(answer, tuple | list) and len(answer) == 2,
        "standardise must return two tensors: the scaled X_train and the scaled X_val.",
    )
    expect(
        torch.equal(X_train, given[0]) and torch.equal(X_val, given[1]),
        "your function changes its inputs in place (like X -= ...): make new tensors.",
    )
    train, val = answer
    expect_tensor(train, "the scaled X_train", shape=(40, 13))
    expect_tensor(val, "the scaled X_val", shape=(11, 13))
    expect(
        not is_close(val.mean(dim=0), torch.zeros(13), 1e-3),
        "the scaled X_val has mean 0, so it was scaled with its own numbers: "
        "use the mean and std of X_train for both.",
    )
    expect(
        not is_close(val, X_val, 1e-3),
        "X_val comes back as it was. Was X_train replaced before its mean and std were used for "
        "X_val? Keep both in variables first.",
    )
    together = torch.cat([X_train, X_val])
    expect(
        not is_close(train, (X_train - together.mean(dim=0)) / together.std(dim=0), 0.02),
        "your mean and std come from both parts together: that lets the validation rows leak in.",
    )
    expect(
        not is_close(train, (X_train - X_train.mean()) / X_train.std(), 1e-3),
        "you use one mean for the whole table: each column needs its own, with dim=0.",
    )
    # Both definitions of the standard deviation will do: divided by N or by N - 1.
    correction = 0 if is_close(train[0, 0], scale(X_train, X_train, 0)[0, 0], 1e-5) else 1
    expect_close(train, scale(X_train, X_train, correction), "the scaled X_train")
    expect_close(val, scale(X_val, X_train, correction), "the scaled X_val")


def scale(X, X_train, correction):
    """Return X scaled with the mean and standard deviation of X_train's columns."""
    return (X - X_train.mean(dim=0)) / X_train.std(dim=0, correction=correction)


@exercise(
    title="The network for house prices",
    notebook="06_boston_regression",
    minutes=5,
    difficulty="complete",
    hints=[
        "Three nn.Linear layers: features to 200, 200 to 100, 100 to 1.",
        "nn.LeakyReLU() stands after the first and after the second, nothing after the third.",
    ],
)
def network(make_network):
    """make_network(features) -> nn.Module, features -> 200 -> 100 -> 1 with LeakyReLU."""
    expect_function(make_network, "make_network")
    for features in (13, 12):
        model = call(make_network, features)
        expect_type(model, nn.Module, f"make_network({features})")
        weights = [tuple(p.shape) for p in model.parameters() if p.dim() == 2]
        expect(
            weights == [(200, features), (100, 200), (1, 100)],
            f"make_network({features}) must have weights of shape (200, {features}), (100, 200) "
            f"and (1, 100), yours have {', '.join(map(str, weights)) or 'none'}.",
        )
        expect(
            len(list(model.parameters())) == 6,
            "each of the three layers needs its bias: leave out bias=False.",
        )
        X = 10 * torch.randn(6, features)
        output = call(model, X)
        expect_tensor(output, f"the output for X (6, {features})", shape=(6, 1))
        linear = call(model, X) + call(model, -X) - 2 * call(model, 0 * X)
        expect(
            not is_close(linear, torch.zeros(6, 1), 1e-3),
            "there is no LeakyReLU between the layers, so together they are one linear layer.",
        )
        name = "with LeakyReLU after the first and second layer only, the output"
        expect_close(output, leaky_forward(model, X), name, tolerance=1e-3)


def leaky_forward(model, X):
    """Return what the three layers must compute: LeakyReLU after the first two."""
    w1, b1, w2, b2, w3, b3 = model.parameters()
    hidden = nn.functional.leaky_relu(X @ w1.T + b1)
    return nn.functional.leaky_relu(hidden @ w2.T + b2) @ w3.T + b3


@exercise(
    title="Bug hunt: the loss of an epoch",
    notebook="06_boston_regression",
    minutes=8,
    difficulty="debug",
    hints=[
        "With 11 batches, what is the last value of i?",
        "The last batch has fewer rows, so its mean must count for less: weight it by len(X).",
        "Add up loss.item() * len(X) over the batches, and divide by the number of rows.",
    ],
)
def bug_hunt(epoch_loss):
    """epoch_loss(model, loader, loss_fn) -> the mean loss over all rows, whatever the batches."""
    expect_function(epoch_loss, "epoch_loss")
    for rows, batch_size in ((23, 5), (20, 5), (7, 4)):
        X, y = torch.randn(rows, 3), 4 * torch.randn(rows, 1)
        model = nn.Linear(3, 1)
        loader = DataLoader(TensorDataset(X, y), batch_size)
        recorded = []
        model.register_forward_hook(lambda *_, seen=recorded: seen.append(torch.is_grad_enabled()))
        answer = expect_number(call(epoch_loss, model, loader, nn.MSELoss()), "the loss")
        recorded_by_answer = any(recorded)
        with torch.no_grad():
            losses = torch.stack([nn.functional.mse_loss(model(a), b) for a, b in loader])
            expected = nn.functional.mse_loss(model(X), y)
        case = f"for {rows} rows in batches of {batch_size}"
        expect(
            not is_close(answer, losses.sum() / (len(losses) - 1)),
            f"{case} you divide by {len(losses) - 1}, the last index; "
            f"there are {len(losses)} batches.",
        )
        expect(
            is_close(answer, expected) or not is_close(answer, losses.mean()),
            f"{case} you divide by the number of batches, not of samples: "
            "the small last batch then counts too much.",
        )
        expect(
            not is_close(answer, losses.sum() / rows),
            f"{case} you add up the means of the batches: multiply each by len(X) first.",
        )
        expect_close(answer, expected, f"{case} the loss")
        expect(
            not recorded_by_answer,
            "the forward pass records a graph: use `with torch.no_grad():`.",
        )


@exercise(
    title="K folds",
    notebook="06_boston_regression",
    minutes=12,
    difficulty="build",
    hints=[
        "torch.randperm(n) shuffles 0 ... n - 1; .tensor_split(k) cuts it into k even parts.",
        "Fold i validates on part i and trains on all other parts: torch.cat joins them.",
    ],
)
def k_fold(k_fold):
    """k_fold(n, k, seed) -> k pairs (train_rows, val_rows); each row validates exactly once."""
    expect_function(k_fold, "k_fold")
    for n, k in ((20, 5), (23, 4), (506, 5)):
        folds = call(k_fold, n, k, 0)
        expect(hasattr(folds, "__iter__"), f"k_fold must return {k} pairs, yours is not a list.")
        folds = list(folds)
        case = f"k_fold({n}, {k}, 0)"
        expect(len(folds) == k, f"{case} must give {k} folds, yours gives {len(folds)}.")
        seen = []
        for i, fold in enumerate(folds):
            expect(
                isinstance(fold, tuple | list) and len(fold) == 2,
                f"fold {i} must be a pair (train_rows, val_rows).",
            )
            train, val = (rows_of(part, f"fold {i}") for part in fold)
            expect(
                len(val) <= n // 2,
                f"fold {i} of {case} validates on {len(val)} of {n} rows: "
                "the pair is (train_rows, val_rows), is yours the other way round?",
            )
            expect(
                not set(train) & set(val),
                f"fold {i} of {case} validates on rows it trains on.",
            )
            expect(
                len(set(train)) == len(train) and set(train) | set(val) == set(range(n)),
                f"fold {i} of {case} must use each of the {n} rows once; "
                f"yours uses {len(set(train) | set(val))} different rows.",
            )
            expect(
                n // k <= len(val) <= -(-n // k),
                f"fold {i} of {case} validates on {len(val)} rows: "
                f"the parts must be as equal as they can be, {n // k} or {-(-n // k)} rows.",
            )
            seen += val
        expect(
            sorted(seen) == list(range(n)),
            f"over the {k} folds each row must validate exactly once, "
            f"yours reach only {len(set(seen))} of {n}.",
        )
        expect(
            seen != sorted(seen),
            "the rows are not shuffled: neighbours in a table are often alike, so shuffle first.",
        )
    same = [rows_of(val, "a fold") for _, val in call(k_fold, 40, 4, 1)]
    again = [rows_of(val, "a fold") for _, val in call(k_fold, 40, 4, 1)]
    other = [rows_of(val, "a fold") for _, val in call(k_fold, 40, 4, 2)]
    expect(same == again, "the same seed must give the same folds: use torch.manual_seed(seed).")
    expect(same != other, "another seed must give other folds: yours ignores the seed.")


def rows_of(part, name):
    """Return the row numbers of one part of a fold as a list of int."""
    if not isinstance(part, torch.Tensor | np.ndarray | list | tuple):
        raise Wrong(f"the parts of {name} must be row numbers, yours is {type(part).__name__}.")
    return [int(row) for row in part]
