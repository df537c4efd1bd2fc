"""Checks of the exercises in 06_boston_regression."""

import math
from contextlib import ExitStack
from functools import partial
from itertools import permutations
from operator import mul

import numpy as np
import pandas as pd
import torch
from hypothesis import strategies as st
from torch import nn

from helpers.exercises.cases import Code, cases, choices, lists, loaders, one_of, sizes, ticks
from helpers.exercises.cases import tensors as numbers
from helpers.exercises.compare import difference, kind, same_number
from helpers.exercises.core import Facts, call, exercise, expect, take
from helpers.exercises.networks import use_network, watch
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

# ---- 1. From the table to tensors -----------------------------------------------------------


def pair(answer, wanted):
    """Return an answer that must be two values; raise Wrong with `wanted` if it is not."""
    two = isinstance(answer, tuple | list) and len(answer) == 2
    expect(two, f"{wanted}, yours is {kind(answer)}.")
    return answer


@cases
def tables(draw):
    """A table with medv and some other columns, in any order."""
    rows, names = draw(sizes(1, 4)), ("rm", "tax", "crim", "black", "chas")
    names = draw(st.lists(one_of(*names), min_size=1, max_size=4, unique=True))
    names.insert(len(names) - draw(sizes(0, len(names))), "medv")
    column = choices(ticks(-2, 2), rows) | choices(range(701), rows)
    return {"table": pd.DataFrame({name: draw(column) for name in names})}


@exercise(
    hints=[
        'table.drop(columns="medv") leaves the features, .to_numpy() makes an array of them.',
        "torch.tensor(array, dtype=torch.float32) gives the type that nn.Linear computes in.",
        "y.unsqueeze(1), or table[['medv']] with two pairs of brackets, gives shape (N, 1).",
    ],
    cases=tables,
    more_cases=(
        {
            "table": Code(
                "pd.DataFrame(np.random.rand(101, 9) * 100, columns=[*'abc', 'medv', *'defgh'])"
            )
        },
    ),
    examples=40,
    exact_dtype=True,
    mistakes={
        "y has no column: predictions will have shape (N, 1), and minus (N,) they give (N, N). "
        "Make y (N, 1).": lambda right, table: (right(table)[0], right(table)[1].squeeze(1)),
        "X still holds the column medv, which is the answer: drop it.": lambda right, table: (
            torch.tensor(table.to_numpy(), dtype=torch.float32),
            right(table)[1],
        ),
        "you take the last column for medv: choose it by its name, since it may stand anywhere.": (
            lambda right, table: right(
                table.set_axis([*range(table.shape[1] - 1), "medv"], axis="columns")
            )
        ),
        "the two are swapped: return X, y.": lambda right, table: right(table)[::-1],
    },
)
def tensors(make_tensors, table):
    """make_tensors(table) -> X float32 (N, features), y float32 (N, 1)."""
    X, y = pair(call(make_tensors, table), "make_tensors must return two tensors, X and y")
    return Facts({"X": X, "y": y})


# ---- 2. A loss that no shape can fool -------------------------------------------------------


@cases
def predictions(draw):
    """Predictions (N, 1), and targets of the right number of values or of another one."""
    n, dtype = draw(sizes(1, 4)), draw(one_of(torch.float32, torch.float64))
    shapes = ((m, *rest) for m in range(1, 6) for rest in ((), (1,), (2,)))
    others = [shape for shape in shapes if math.prod(shape) != n]
    shape = draw(one_of((n, 1), (n,)) | one_of(*others))
    y_pred = draw(numbers((n, 1), dtype=dtype)).requires_grad_()
    return {"y_pred": y_pred, "y": draw(numbers(shape, dtype=dtype))}


@exercise(
    hints=[
        "y.numel() is the number of values in y, whatever its shape.",
        "If the numbers of values differ: raise ValueError('...').",
        "y.reshape(y_pred.shape) makes (N, 1) of (N,) and leaves (N, 1) as it is.",
    ],
    cases=predictions,
    more_cases=(
        {"y_pred": Code("torch.randn(101, 1).requires_grad_()"), "y": Code("torch.randn(101)")},
    ),
    examples=100,
    raises=ValueError,
    mistakes={
        "you compare each prediction with every target: give y the shape of the predictions "
        "first.": (
            lambda right, y_pred, y: ((y_pred - y) ** 2).mean(),
            lambda right, y_pred, y: right(y_pred, y) * 0 + ((y_pred - y) ** 2).mean(),
            lambda right, y_pred, y: right(y_pred, y) * 0 + ((y_pred - y.flatten()) ** 2).mean(),
        ),
        "you add the squares up: return their mean.": (
            lambda right, y_pred, y: right(y_pred, y) * len(y)
        ),
        "you return the root: the mean of the squares itself is asked for.": (
            lambda right, y_pred, y: right(y_pred, y).sqrt()
        ),
    },
)
def mse(mse, y_pred, y):
    """mse(y_pred, y) -> the mean squared error with its graph, for y (N, 1) or (N,)."""
    loss = call(mse, y_pred, y)
    if not isinstance(loss, torch.Tensor) or loss.dim():
        return Facts({"the loss": loss})
    gradient = None
    if loss.requires_grad:
        (gradient,) = call(torch.autograd.grad, loss, y_pred, allow_unused=True)
    expect(
        gradient is not None,
        "the loss has lost its graph, so nothing could learn from it: return it without .item(), "
        ".detach() or no_grad().",
    )
    return Facts({"the loss": loss.detach(), "the gradient of the loss": gradient})


# ---- 3. The network -------------------------------------------------------------------------


@cases
def rows(draw):
    """A number of features and some rows, large enough that outputs become negative."""
    features, n = draw(sizes(1, 15)), draw(sizes(1, 4))
    return {"features": features, "X": draw(numbers((n, features), ticks(-40, 40, 10)))}


def layers(one, other, *last):
    """Return a mistake: the three layers with other modules between and after them."""
    return lambda right, features: nn.Sequential(
        *(nn.Linear(features, 200), one, nn.Linear(200, 100), other, nn.Linear(100, 1), *last)
    )


@exercise(
    hints=[
        "Three nn.Linear layers: features to 200, 200 to 100, 100 to 1.",
        "nn.LeakyReLU() stands after the first and after the second, nothing after the third.",
    ],
    cases=rows,
    more_cases=({"features": 13, "X": Code("100 * torch.randn(101, 13)")},),
    examples=16,
    mistakes={
        "there is no LeakyReLU between the layers, so together they are one linear layer.": (
            layers(nn.Identity(), nn.Identity())
        ),
        "one LeakyReLU is missing: one follows the first layer, another the second.": (
            layers(nn.LeakyReLU(), nn.Identity()),
            layers(nn.Identity(), nn.LeakyReLU()),
        ),
        "you use ReLU: LeakyReLU is asked for.": layers(nn.ReLU(), nn.ReLU()),
        "nothing may follow the last layer: a price has no upper or lower end.": (
            layers(nn.LeakyReLU(), nn.LeakyReLU(), nn.LeakyReLU()),
            layers(nn.LeakyReLU(), nn.LeakyReLU(), nn.ReLU()),
        ),
    },
)
def network(make_network, features, X):
    """make_network(features) -> nn.Module, features -> 200 -> 100 -> 1 with LeakyReLU."""
    return use_network(make_network, (features,), X)


# ---- 4. The loss of an epoch ----------------------------------------------------------------

NO_GRAPH = "the forward pass records a graph: use `with torch.no_grad():`."
MODELS = one_of(
    "nn.Linear({}, 1)",
    "nn.Sequential(nn.Linear({}, 3), nn.LeakyReLU(), nn.Linear(3, 1))",
    "nn.Sequential(nn.Linear({}, 3), nn.Dropout(0.5), nn.Linear(3, 1)).eval()",
)
LOSSES = one_of(
    Code("nn.MSELoss()"),
    Code("nn.L1Loss()"),
    Code("lambda y_pred, y: (y_pred - y).abs().sqrt().mean()"),
)


@cases
def epochs(draw):
    """A model, a loader over X and y, and a loss function; two batches at least at first."""
    n, features = draw(one_of(2, 1, 3, 4, 5)), draw(sizes(1, 2))
    size = draw(one_of(1, 2, 3, 6))
    batch, last = f"batch_size={size}", f"batch_size={min(n, size)}, drop_last=True"
    more = one_of(
        Code(f"make_loader(X, y, {batch})"),
        Code(f"make_loader(X, y, {last})"),
        Code(f"DataLoader(TensorDataset(X, y), {last})"),
    )
    return {
        "model": Code(draw(MODELS).format(features)),
        **{"X": draw(numbers((n, features))), "y": draw(numbers((n, 1)))},
        "loader": draw(loaders((size,)) | more),
        "loss_fn": draw(LOSSES),
    }


def spoilt_mean(compute):
    """Return a mistake: compute(loss of each batch, number of rows of each batch)."""

    def mistake(right, model, loader, loss_fn):
        with torch.no_grad():
            batches = [(loss_fn(model(X), y).item(), len(X)) for X, y in loader]
        return compute(*zip(*batches, strict=True))

    return mistake


def two_passes(right, model, loader, loss_fn):
    """Take the predictions in one pass over the loader, the targets in another."""
    with torch.no_grad():
        y_pred = torch.cat([model(X) for X, _ in loader])
    return loss_fn(y_pred, torch.cat([y for _, y in loader])).item()


@exercise(
    hints=[
        "With 11 batches, what is the last value of i?",
        "The last batch has fewer rows, so its mean must count for less: weight it by len(X).",
        "Add up loss.item() * len(X) over the batches, and divide by the number of rows.",
    ],
    cases=epochs,
    more_cases=tuple(
        {
            **{"model": Code("nn.Linear(13, 1)"), "X": Code("torch.randn(101, 13)")},
            **{"y": Code("torch.randn(101, 1)"), "loader": Code(loader)},
            "loss_fn": Code("nn.MSELoss()"),
        }
        for loader in ("make_loader(X, y, 32)", "[(X[:90], y[:90]), (X[90:], y[90:])]")
    ),
    mistakes={
        "you divide by the last index, which is one less than the number of batches.": (
            spoilt_mean(lambda losses, rows: sum(losses) / (len(rows) - 1))
        ),
        "you divide by the number of batches: a small last batch then counts as much as a full "
        "one. Weight each batch by len(X), and divide by the number of rows.": (
            spoilt_mean(lambda losses, rows: sum(losses) / len(rows))
        ),
        "you add up the means of the batches: multiply each by len(X) first.": (
            spoilt_mean(lambda losses, rows: sum(losses) / sum(rows))
        ),
        "you add the losses up: divide by the number of rows.": (
            spoilt_mean(lambda losses, rows: sum(losses)),
            spoilt_mean(lambda losses, rows: sum(map(mul, losses, rows))),
        ),
        "predictions and targets come from two passes over the loader, and it may shuffle anew in "
        "each: take both in one loop.": two_passes,
    },
)
def bug_hunt(epoch_loss, model, loader, loss_fn, X, y):
    """epoch_loss(model, loader, loss_fn) -> the mean loss over all rows, whatever the batches."""
    with watch(model) as seen:
        loss = call(epoch_loss, model, loader, loss_fn)
    expect(seen, "your function does not call the model passed in: the body uses another one.")
    expect(not any(one.recording for one in seen), NO_GRAPH)
    return Facts({"the loss": loss})


# ---- 5. Three models, one number ------------------------------------------------------------


@cases
def several(draw):
    """Models with their names, and data; 13 features at first, as the notebook's own model has."""
    n, features = draw(sizes(1, 4)), draw(one_of(13, 1, 2))
    names = draw(st.lists(one_of("a", "b", "big", "new"), min_size=1, max_size=3, unique=True))
    return {
        **{name: Code(draw(MODELS).format(features)) for name in names},
        **{"X": draw(numbers((n, features))), "y": draw(numbers((n, 1)))},
        "models": Code("{" + ", ".join(f'"{name}": {name}' for name in names) + "}"),
    }


@exercise(
    hints=[
        "Which names in the function are neither its arguments nor made in it?",
        "Call the model of the loop, on the X that is passed in, and subtract the y that is "
        "passed in.",
    ],
    cases=several,
    more_cases=(
        {
            **{"a": Code("nn.Linear(9, 1)"), "X": Code("torch.randn(101, 9)")},
            **{"y": Code("torch.randn(101, 1)"), "models": Code('{"a": a}')},
        },
    ),
    examples=30,
    mistakes={
        "you return the root of the error: the mean squared error itself is asked for.": (
            lambda right, *args: {name: error**0.5 for name, error in right(*args).items()}
        ),
        "you add the squares up: the mean is asked for.": lambda right, models, X, y: {
            name: error * len(X) for name, error in right(models, X, y).items()
        },
        "only the last model is in the dict: make the dict once, before the loop.": (
            lambda right, *args: dict([list(right(*args).items())[-1]])
        ),
    },
)
def compare(compare, models, X, y, **networks):
    """compare(models, X, y) -> a dict from each model's name to its mean squared error."""
    with ExitStack() as stack:
        seen = {name: stack.enter_context(watch(model)) for name, model in networks.items()}
        # The models stand among the arguments too, so that it is seen if one of them is changed.
        errors = call(lambda *args: compare(*args[:3]), models, X, y, *networks.values())
    expect(isinstance(errors, dict), f"compare must return a dict, yours is {kind(errors)}.")
    for name, passes in seen.items():
        expect(passes, f"models[{name!r}] is never called: the body uses another model.")
        expect(not any(one.recording for one in passes), NO_GRAPH)
        shown = torch.cat([one.X for one in passes])
        expect(
            all((shown == row).all(dim=1).any() for row in X),
            "the models are not shown the rows of X: the body uses other data.",
        )
    expect(
        difference(call(compare, models, X, y + 100), errors),
        "with another y the errors stay the same: the body uses another target than y, or returns "
        "the dict of an earlier call.",
    )
    return errors


# ---- 6. Scale without looking at the validation rows ----------------------------------------


@cases
def two_parts(draw):
    """X_train, in which no column is constant, and X_val."""
    columns, dtype = draw(sizes(1, 4)), draw(one_of(torch.float32, torch.float64))
    some = draw(numbers((draw(sizes(1, 5)), columns), ticks(-4, 4), dtype))
    X_val = draw(numbers((draw(sizes(1, 5)), columns), ticks(-4, 4), dtype))
    return {"X_train": torch.cat([some, some[:1] + 2]), "X_val": X_val}


def by(mean, std, *parts):
    """Return the parts, scaled with these numbers."""
    return [(X - mean) / std for X in parts]


def either(mistake):
    """Return a mistake (std, X_train, X_val) for both definitions of the standard deviation."""
    by_n_less_1, by_n = torch.std, partial(torch.std, correction=0)
    return (
        lambda right, *parts: mistake(by_n_less_1, *parts),
        lambda right, *parts: mistake(by_n, *parts),
    )


def both(std, a, b):
    """Scale with the numbers of both parts together."""
    return by(torch.cat([a, b]).mean(0), std(torch.cat([a, b]), 0), a, b)


@exercise(
    hints=[
        "X_train.mean(dim=0) is one mean for each column, shape (features,).",
        "Subtract the same mean from both parts and divide both by the same standard deviation: "
        "those of X_train.",
    ],
    cases=two_parts,
    more_cases=(
        {"X_train": Code("50 + torch.randn(101, 9)"), "X_val": Code("torch.randn(67, 9)")},
        {"X_train": Code("1e-7 * torch.randn(5, 2)"), "X_val": Code("1e-7 * torch.randn(4, 2)")},
    ),
    also_right=(lambda right, a, b: by(a.mean(0), a.std(0, correction=0), a, b),),
    mistakes={
        "X_val is scaled with its own numbers: use the mean and std of X_train for both.": (
            either(lambda std, *parts: [by(X.mean(0), std(X, 0), X)[0] for X in parts])
        ),
        "your mean and std come from both parts together, so the validation rows leak in.": (
            either(both)
        ),
        "you use one mean for the whole table: each column needs its own, with dim=0.": (
            either(lambda std, a, b: by(a.mean(), std(a), a, b))
        ),
        "you divide by the variance; the standard deviation is its root, .std(dim=0).": (
            either(lambda std, a, b: by(a.mean(0), std(a, 0) ** 2, a, b))
        ),
        "X - mean / std divides first and then subtracts: write (X - mean) / std.": (
            either(lambda std, a, b: [X - a.mean(0) / std(a, 0) for X in (a, b)])
        ),
        "nothing is divided by the standard deviation.": (
            lambda right, a, b: by(a.mean(0), 1, a, b)
        ),
        "X_val comes back as it was. Was X_train replaced before its mean and std were used for "
        "X_val? Keep both in variables first.": (
            either(lambda std, a, b: [*by(a.mean(0), std(a, 0), a), b])
        ),
        "the two are swapped: return X_train first.": lambda right, *parts: right(*parts)[::-1],
    },
)
def standardise(standardise, X_train, X_val):
    """standardise(X_train, X_val) -> both scaled with the mean and std of X_train's columns."""
    wanted = "standardise must return two tensors, the scaled X_train and X_val"
    train, val = pair(call(standardise, X_train, X_val), wanted)
    return Facts({"the scaled X_train": train, "the scaled X_val": val})


# ---- 7. K folds -----------------------------------------------------------------------------

SEEDS = 60  # so many shuffles show whether chance decides
SAME = (
    "the same seed must give the same {}: use torch.manual_seed(seed), and keep nothing from an "
    "earlier call."
)


@cases
def folding(draw):
    """Numbers of rows and folds, and a seed; a few with so many rows that a shuffle shows."""
    n = draw(one_of(*range(2, 15), 20))
    return {"n": n, "k": draw(sizes(2, n if n < 20 else 5)), "seed": draw(sizes(0, 999))}


def rows_of(part):
    """Return the row numbers of one part of a fold as a list of int."""
    allowed = torch.Tensor | np.ndarray | list | tuple | range
    expect(isinstance(part, allowed), f"a part of a fold holds row numbers, yours is {kind(part)}.")
    rows = part.tolist() if hasattr(part, "tolist") else call(list, part)
    if isinstance(rows, list):
        rows = [row.item() if getattr(row, "ndim", 1) == 0 else row for row in rows]
    expect(
        isinstance(rows, list) and all(type(row) is int for row in rows),
        "a part of a fold must be a flat list of whole row numbers, not a mask or a table of them.",
    )
    return rows


def folds_of(k_fold, n, k, seed):
    """Return the folds of an answer as pairs of lists."""
    folds = call(k_fold, n, k, seed)
    expect(hasattr(folds, "__iter__"), f"k_fold must return k pairs, yours is {kind(folds)}.")
    wanted = "each fold must be a pair (train_rows, val_rows)"
    return [tuple(map(rows_of, pair(fold, wanted))) for fold in take(folds, 100)]


def expect_shuffled(k_fold, n, k, seed):
    """Expect that each row meets each other row, and each fold, as often as chance has it."""
    place = torch.zeros(SEEDS, n)  # the fold in which a row validates
    for i in range(SEEDS):
        for fold, (_, val) in enumerate(folds_of(k_fold, n, k, seed + i)):
            place[i, val] = fold
    together = place.unsqueeze(2) == place.unsqueeze(1)
    cuts = len({part.numpy().tobytes() for part in together})
    expect(
        cuts > 0.6 * SEEDS,
        f"{SEEDS} different seeds give only {cuts} different cuts into parts: shuffle all row "
        "numbers, and let the seed decide how.",
    )
    others = ~torch.eye(n, dtype=torch.bool)
    expect_chance(together & others, others, "rows {} and {} are in the same part")
    folds = place.unsqueeze(2) == torch.arange(k)
    expect_chance(folds, torch.ones(n, k), "row {} validates in fold {}")


def expect_chance(seen, possible, text):
    """Expect each possible thing to be seen about as often as the others in its column."""
    share = seen.float().mean(dim=0)
    chance = share.sum(dim=0) / possible.sum(dim=0) * possible
    unusual = (share - chance) ** 2 / (chance * (1 - chance) / SEEDS).clamp(min=1e-4)
    place = divmod(unusual.argmax().item(), share.shape[1])
    expect(
        unusual.max() < 36 and unusual.sum() < 4 * possible.sum(),  # by chance 1 each, on average
        f"{text.format(*place)} for {SEEDS * share[place]:.0f} of {SEEDS} seeds, by chance it "
        f"would be about {SEEDS * chance[place]:.0f}: shuffle all row numbers before the cut.",
    )


def shuffled(X, seed):
    """Return the rows of a tensor in the order that torch.randperm gives."""
    return X[torch.randperm(len(X), generator=torch.Generator().manual_seed(seed))]


def cut_by(cut):
    """Return a mistake: cut(shuffled rows, k) gives the validation parts."""

    def mistake(right, n, k, seed):
        parts = cut(shuffled(torch.arange(n), seed), k)
        return [(torch.cat([*parts[:i], *parts[i + 1 :]]), part) for i, part in enumerate(parts)]

    return mistake


@exercise(
    hints=[
        "torch.randperm(n) shuffles 0 ... n - 1; .tensor_split(k) cuts it into k even parts.",
        "torch.manual_seed(seed) before it makes the shuffle depend on the seed.",
        "Fold i validates on part i and trains on all other parts: torch.cat joins them.",
    ],
    cases=folding,
    more_cases=(
        *({"n": 20, "k": 5, "seed": 446}, {"n": 506, "k": 5, "seed": 1234}),
        {"n": 404, "k": 11, "seed": 2},
    ),
    examples=25,
    mistakes={
        "the pair is the other way round: (train_rows, val_rows).": (
            lambda right, *args: [(val, train) for train, val in right(*args)]
        ),
        "train_rows holds rows of val_rows too: join only the other parts.": (
            lambda right, n, *args: [(range(n), val) for _, val in right(n, *args)]
        ),
        "the parts are not as equal as possible, or too few: use tensor_split(k), not chunk(k) or "
        "split(n // k).": (
            cut_by(lambda rows, k: rows.chunk(k)),
            cut_by(lambda rows, k: rows.split(len(rows) // k)),
        ),
        "the rows left over all go into the last part: spread them over the parts.": (
            cut_by(lambda rows, k: rows.tensor_split([i * (len(rows) // k) for i in range(1, k)]))
        ),
        "the rows left over belong to no part: each row must validate once.": (
            cut_by(lambda rows, k: rows[: len(rows) - len(rows) % k].tensor_split(k))
        ),
    },
)
def k_fold(k_fold, n, k, seed):
    """k_fold(n, k, seed) -> k pairs (train_rows, val_rows); each row validates exactly once."""
    found = folds_of(k_fold, n, k, seed)
    expect(
        folds_of(k_fold, n, k, seed) == found,
        SAME.format("folds"),
    )
    validating = sorted(row for _, val in found for row in val)
    each_once = validating == list(range(n))
    if n == 20 and each_once:
        expect_shuffled(k_fold, n, k, seed)
    if (
        n > 20 and each_once and len(found) == k
    ):  # far too many for chance to leave the first fold in order, or the same twice
        first, other = found[0][1], folds_of(k_fold, n, k, seed + 1)[0][1]
        spread = max(first, default=n) - min(first, default=0)
        expect(spread >= 2 * len(first), "shuffle all row numbers before the cut.")
        expect(sorted(first) != sorted(other), "another seed must give another shuffle.")
    return Facts(
        {
            "the number of folds": len(found),
            "the list of the sizes of all val_rows, sorted,": sorted(len(val) for _, val in found),
            "the list of the rows in all val_rows, sorted,": validating,
            "for each fold, the list of its rows in both parts, sorted,": [
                sorted(train + val) for train, val in found
            ],
        }
    )


# ---- 8. Permutation importance --------------------------------------------------------------


@cases
def shuffles(draw):
    """A model that weighs the columns, and few rows, so that each order of a column is tried."""
    columns, n, seed = draw(sizes(1, 4)), draw(sizes(1, 4)), draw(sizes(0, 99))
    column = draw(sizes(0, columns - 1))
    factors = draw(lists(one_of([1.0], [-2.0], [0.5], [0.0]), columns, columns))
    X, y = draw(numbers((n, columns))), draw(numbers((n, 1), (1.0, 0.0, 2.5, -1.0)))
    predict = Code(f"lambda X: X @ torch.tensor({factors})")
    return {"predict": predict, "X": X, "y": y, "column": column, "seed": seed}


def rise(predict, X, y, X_changed):
    """Return by how much the RMSE rises with another X."""
    return rmse(predict(X_changed), y) - rmse(predict(X), y)


def every_order(X, column):
    """Yield X with its column in every order; if they are many, all its values but one are 0."""
    values = X[:, column].tolist()
    turned = (values[i:] + values[:i] for i in range(len(X)))
    for order in permutations(values) if len(X) <= 5 else turned:
        yield with_column(X, column, torch.tensor(order))


def with_column(X, column, values):
    """Return a copy of X with other values in a column."""
    X = X.clone()
    X[:, column] = values
    return X


def spoilt(compute):
    """Return a mistake: compute(error before, error after)."""

    def mistake(right, predict, X, y, column, seed):
        before = rmse(predict(X), y)
        return compute(before, before + right(predict, X, y, column, seed))

    return mistake


@exercise(
    hints=[
        "X.clone() is a copy, which may be changed.",
        "order = torch.randperm(len(X)) is a new order; X[order, column] is the column in it.",
        "The answer is helpers.rmse(predict(X_shuffled), y) minus helpers.rmse(predict(X), y).",
    ],
    cases=shuffles,
    examples=60,
    more_cases=(
        {
            **{"predict": Code("lambda X: X @ torch.tensor([[1.0], [-2.0]])")},
            **{"X": Code("torch.randn(5, 2)"), "y": Code("torch.randn(5, 1)")},
            **{"column": 1, "seed": 3},
        },
        {
            "predict": Code("lambda X: X.sum(dim=1, keepdim=True)"),
            "X": Code("torch.randn(70, 13) * (torch.arange(13) != 9) + torch.eye(13, 70).T"),
            **{"y": Code("torch.randn(70, 1)"), "column": 9, "seed": 1},
        },
    ),
    mistakes={
        "the sign is wrong: it is the error after shuffling minus the error before.": (
            spoilt(lambda before, after: before - after)
        ),
        "you return the error after shuffling: subtract the error before.": (
            spoilt(lambda before, after: after)
        ),
        "you return the rise of the MSE: take the root of each error first.": (
            spoilt(lambda before, after: after**2 - before**2)
        ),
        "you shuffle whole rows: only one column may change its order.": (
            lambda right, predict, X, y, column, seed: rise(predict, X, y, shuffled(X, seed))
        ),
        "you set the column to 0: shuffle it.": lambda right, predict, X, y, column, seed: rise(
            predict, X, y, with_column(X, column, 0)
        ),
        "you shuffle the first column: shuffle the one whose number is passed in.": (
            lambda right, predict, X, y, column, seed: right(predict, X, y, 0, seed)
        ),
    },
)
def importance(importance, predict, X, y, column, seed):
    """importance(predict, X, y, column, seed) -> the rise of the RMSE when a column is shuffled."""
    possible = [rise(predict, X, y, X_changed) for X_changed in every_order(X, column)]
    name = "no order of the column gives your number: it"
    found = call(importance, predict, X, y, column, seed)
    is_number = isinstance(found, float | np.floating)
    if not is_number or not any(same_number(found, one) for one in possible):
        return Facts({name: found})
    expect(
        same_number(call(importance, predict, X, y, column, seed), found),
        SAME.format("order"),
    )
    if len(X) == 5 and len({round(one, 4) for one in possible}) == 120:
        results = {round(call(importance, predict, X, y, column, i), 4) for i in range(SEEDS)}
        expect(
            len(results) > SEEDS / 3,
            f"{SEEDS} different seeds give only {len(results)} different results: let the seed "
            "decide about the whole order, and return the difference as it is.",
        )
    X_shuffled = with_column(X, column, shuffled(X[:, column], seed))
    return Facts({name: rise(predict, X, y, X_shuffled)})
