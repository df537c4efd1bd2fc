"""Checks of the exercises in 06_boston_regression."""

from collections import Counter
from itertools import islice, pairwise

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from helpers.datasets import BOSTON_COLUMNS
from helpers.exercises.core import (
    StudentError,
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
from helpers.metrics import rmse

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
    minutes=5,
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
    minutes=5,
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
    expect(
        not is_close(train.mean(dim=1), torch.zeros(40), 1e-3),
        "you scale each row with its own numbers: dim=0 gives one mean for each column.",
    )
    for correction in (0, 1):
        mean, var = X_train.mean(dim=0), X_train.var(dim=0, correction=correction)
        expect(
            not is_close(train, (X_train - mean) / var, 1e-3),
            "you divide by the variance; the standard deviation is its root: .std(dim=0), "
            "not .var(dim=0).",
        )
        expect(
            not is_close(train, X_train - mean / var.sqrt(), 1e-3),
            "X_train - mean / std divides first and then subtracts: write (X_train - mean) / std.",
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
    minutes=4,
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
            sorted(weights) == [(1, 100), (100, 200), (200, features)],
            f"make_network({features}) must have weights of shape (200, {features}), (100, 200) "
            f"and (1, 100), yours have {', '.join(map(str, weights)) or 'none'}.",
        )
        shapes = [tuple(p.shape) for p in model.parameters() if p.dim() != 2]
        expect(
            {(200,), (100,), (1,)} <= set(shapes),
            "each of the three layers needs its bias: leave out bias=False.",
        )
        expect(
            len(shapes) == 3,
            "there are parameters besides the weights and biases of three linear layers: "
            "LeakyReLU itself has none.",
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
    layers = {tuple(p.shape): p for p in model.parameters()}
    hidden = nn.functional.leaky_relu(X @ layers[200, X.shape[1]].T + layers[200,])
    hidden = nn.functional.leaky_relu(hidden @ layers[100, 200].T + layers[100,])
    return hidden @ layers[1, 100].T + layers[1,]


@exercise(
    title="Bug hunt: the loss of an epoch",
    notebook="06_boston_regression",
    minutes=6,
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
    minutes=8,
    difficulty="build",
    hints=[
        "torch.randperm(n) shuffles 0 ... n - 1; .tensor_split(k) cuts it into k even parts.",
        "torch.manual_seed(seed) before it makes the shuffle depend on the seed.",
        "Fold i validates on part i and trains on all other parts: torch.cat joins them.",
    ],
)
def k_fold(k_fold):
    """k_fold(n, k, seed) -> k pairs (train_rows, val_rows); each row validates exactly once."""
    expect_function(k_fold, "k_fold")
    for n, k in ((20, 5), (23, 4)):
        validation_parts(k_fold, n, k, 0)
    parts = validation_parts(k_fold, 506, 5, 1)
    again = validation_parts(k_fold, 506, 5, 1)
    other = validation_parts(k_fold, 506, 5, 2)
    expect(
        all(looks_shuffled(part) for part in parts),
        "the rows are not shuffled: neighbours in a table are often alike, so shuffle all row "
        "numbers before you cut them.",
    )
    expect(parts == again, "the same seed must give the same folds: use torch.manual_seed(seed).")
    expect(
        {frozenset(part) for part in parts} != {frozenset(part) for part in other},
        "another seed must put other rows together: yours ignores the seed.",
    )


def validation_parts(k_fold, n, k, seed):
    """Return the validation rows of each fold as lists, after a look at every fold."""
    folds = call(k_fold, n, k, seed)
    expect(hasattr(folds, "__iter__"), f"k_fold must return {k} pairs, yours is not a list.")
    folds = call(list, islice(folds, 1000))
    case = f"k_fold({n}, {k}, {seed})"
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
            sorted(train + val) == list(range(n)),
            f"fold {i} of {case} must use each of the rows 0 to {n - 1} once; "
            f"yours lists {len(train + val)} rows, {len(set(train + val))} of them different.",
        )
        expect(
            n // k <= len(val) <= -(-n // k),
            f"fold {i} of {case} validates on {len(val)} rows: "
            f"the parts must be as equal as they can be, {n // k} or {-(-n // k)} rows.",
        )
        seen.append(val)
    reached = len({row for part in seen for row in part})
    expect(
        reached == n,
        f"over the {k} folds each row must validate exactly once, yours reach only {reached} "
        f"of {n}.",
    )
    return seen


def rows_of(part, name):
    """Return the row numbers of one part of a fold as a list of int."""
    expect(
        isinstance(part, torch.Tensor | np.ndarray | list | tuple | range),
        f"the parts of {name} must be row numbers, yours is {type(part).__name__}.",
    )
    rows = np.array(part.tolist() if isinstance(part, torch.Tensor) else call(list, part))
    expect(
        rows.dtype != bool,
        f"the parts of {name} must be row numbers, yours is a mask of True and False.",
    )
    expect(
        rows.ndim == 1 and (rows.dtype.kind in "iu" or rows.size == 0),
        f"the parts of {name} must be flat lists of whole row numbers.",
    )
    return rows.astype(int).tolist()


def looks_shuffled(part):
    """Return True if the rows of a part lie irregularly in the table.

    Without a shuffle, a part is a block or every k-th row: its gaps are nearly all the same.
    """
    rows = sorted(part)
    gaps = Counter(b - a for a, b in pairwise(rows))
    return len(gaps) >= 6 and max(gaps.values()) < 0.6 * len(rows)


@exercise(
    title="Bug hunt: a loss that no shape can fool",
    notebook="06_boston_regression",
    minutes=5,
    difficulty="debug",
    hints=[
        "y.numel() is the number of values in y, whatever its shape.",
        "If the numbers of values differ: raise ValueError('...').",
        "y.reshape(y_pred.shape) makes (N, 1) of (N,) and leaves (N, 1) as it is.",
    ],
)
def mse(mse):
    """mse(y_pred, y) -> the mean squared error as a tensor, for y (N, 1) or (N,)."""
    expect_function(mse, "mse")
    for n in (7, 1):
        y_pred, y = torch.randn(n, 1, requires_grad=True), 3 * torch.randn(n, 1) + 2
        expected = nn.functional.mse_loss(y_pred, y).detach()
        for given in (y.clone(), y.squeeze(1).clone()):
            shape = tuple(given.shape)
            answer = call(mse, y_pred, given)
            case = f"for predictions ({n}, 1) and y {shape}"
            expect_tensor(answer, "the loss", shape=())
            expect(
                given.shape == shape and torch.equal(given.flatten(), y.flatten()),
                f"{case} your function changes y in place: make a new tensor.",
            )
            if n > 1:
                name_mistakes_of_mse(answer, y_pred, y, expected, case)
            expect_close(answer, expected, f"{case} the loss")
            expect(
                answer.requires_grad,
                "the loss has lost its graph, so nothing could learn from it: "
                "return it without .item(), .detach() or no_grad.",
            )
    for shape in ((1,), (1, 1), (6,), (6, 1), (7, 2)):
        expect_value_error(mse, torch.randn(7, 1), torch.randn(shape))


def name_mistakes_of_mse(answer, y_pred, y, expected, case):
    """Recognise a broadcast, a sum and a root by their results."""
    expect(
        not is_close(answer, ((y_pred - y.flatten()) ** 2).mean()),
        f"{case} you compare each prediction with every target: "
        "give y the shape of the predictions first.",
    )
    expect(
        not is_close(answer, len(y) * expected),
        f"{case} you add the squares up: the mean is asked for.",
    )
    expect(
        not is_close(answer, expected.sqrt()),
        f"{case} you return the root: the mean of the squares is asked for.",
    )


def expect_value_error(mse, y_pred, y):
    """Expect mse to raise a ValueError for these two tensors."""
    case = f"for predictions {tuple(y_pred.shape)} and y {tuple(y.shape)}"
    try:
        call(mse, y_pred, y)
    except StudentError as error:
        raised = error.__cause__
        expect(
            isinstance(raised, ValueError),
            f"{case} your function must raise a ValueError, it raises {type(raised).__name__}: "
            "compare the numbers of values first.",
        )
    else:
        expect(
            False,
            f"{case} your function must raise a ValueError: the numbers of values differ.",
        )


@exercise(
    title="Bug hunt: three models, one number",
    notebook="06_boston_regression",
    minutes=4,
    difficulty="debug",
    hints=[
        "Which names in the function are neither its arguments nor made in it?",
        "Call the model of the loop, on the X that is passed in, and subtract the y that is "
        "passed in.",
    ],
)
def compare(compare):
    """compare(models, X, y) -> a dict from each model's name to its mean squared error."""
    expect_function(compare, "compare")
    # As large as the notebook's own data: a global in place of an argument then gives a number.
    X, y = torch.randn(506, 13), 5 * torch.randn(506, 1)
    models = {name: nn.Linear(13, 1) for name in ("one", "two", "three")}
    recorded = []
    for model in models.values():
        model.register_forward_hook(lambda *_: recorded.append(torch.is_grad_enabled()))
    answer = call(compare, dict(models), X, y)
    expect_type(answer, dict, "what compare returns")
    expect(
        set(answer) == set(models),
        f"the keys must be the names of the models, {sorted(models)}; "
        f"yours are {sorted(map(str, answer))}.",
    )
    answer = {name: expect_number(answer[name], f"the error of {name!r}") for name in models}
    called = list(recorded)
    with torch.no_grad():
        expected = {name: nn.functional.mse_loss(m(X), y).item() for name, m in models.items()}
    expect(
        len(set(answer.values())) > 1,
        "all models get the same number: is it the model of the loop that you call?",
    )
    first = "one"
    expect(
        not is_close(answer[first], expected[first] ** 0.5),
        "you return the root of the error: the mean squared error itself is asked for.",
    )
    expect(
        not is_close(answer[first], expected[first] * len(X)),
        "you add the squares up: the mean is asked for.",
    )
    for name in models:
        expect_close(answer[name], expected[name], f"the error of {name!r}")
    expect(not any(called), "the forward pass records a graph: use `with torch.no_grad():`.")


@exercise(
    title="Permutation importance",
    notebook="06_boston_regression",
    minutes=7,
    difficulty="build",
    hints=[
        "X.clone() is a copy, which may be changed.",
        "order = torch.randperm(len(X)) is a new order; X[order, column] is the column in it.",
        "The answer is helpers.rmse(predict(X_shuffled), y) minus helpers.rmse(predict(X), y).",
    ],
)
def importance(importance):
    """importance(predict, X, y, column, seed) -> the rise of the RMSE when a column is shuffled."""
    expect_function(importance, "importance")
    for column in (0, 2, 1):
        check_importance(importance, column)
    first, again, other = (check_importance(importance, 0, seed) for seed in (1, 1, 2))
    expect(
        torch.equal(first, again),
        "the same seed must give the same order: use torch.manual_seed(seed).",
    )
    expect(
        not torch.equal(first, other),
        "another seed must give another order: yours ignores the seed.",
    )


def check_importance(importance, column, seed=0):
    """Check the importance of one column; return the shuffled column that the model was shown."""
    weights = torch.tensor([[3.0], [0.0], [-1.0], [0.5]])  # column 1 does not matter
    generator = torch.Generator().manual_seed(0)  # the same data for all seeds of the student's
    X = torch.randn(60, 4, generator=generator)
    y = X @ weights + torch.randn(60, 1, generator=generator)
    given, inputs = (X.clone(), y.clone()), []

    def predict(X):
        inputs.append(X.clone())
        return X @ weights

    rise = expect_number(call(importance, predict, X, y, column, seed), "the importance")
    expect(
        torch.equal(X, given[0]) and torch.equal(y, given[1]),
        "your function changes X or y in place: shuffle the column of a copy, X.clone().",
    )
    X, y = given
    shuffled = [seen for seen in inputs if not torch.equal(seen, X)]
    expect(shuffled, "predict must be called on an X with one column shuffled; yours never is.")
    seen = shuffled[-1]
    expect_tensor(seen, "the X that you pass to predict", shape=X.shape)
    others = [c for c in range(4) if c != column]
    expect(
        torch.equal(seen[:, others], X[:, others]),
        f"for column {column} you change other columns too: only this one may be shuffled.",
    )
    expect(
        torch.equal(seen[:, column].sort().values, X[:, column].sort().values),
        f"the shuffled column {column} must hold the numbers of the column in another order; "
        "yours holds other numbers.",
    )
    before, after = rmse(X @ weights, y), rmse(seen @ weights, y)
    expect(
        column == 1 or not is_close(rise, before - after),
        "the sign is wrong: it is the error after shuffling minus the error before.",
    )
    expect(
        not is_close(rise, after),
        "you return the error after shuffling: subtract the error before.",
    )
    expect(
        column == 1 or not is_close(rise, after**2 - before**2),
        "you return the rise of the MSE: take the root of each error first.",
    )
    expect_close(rise, after - before, f"the importance of column {column}", 1e-3)
    return seen[:, column]
