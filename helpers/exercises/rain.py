"""Checks of the exercises in 05_rain_ann."""

from functools import partial

import numpy as np
import pandas as pd
import torch
from hypothesis import strategies as st
from torch import nn

from helpers.exercises.cases import cases, grid, lists, one_of, sizes, tensors
from helpers.exercises.compare import kind
from helpers.exercises.core import Facts, call, exercise, expect
from helpers.exercises.networks import use_network
from helpers.exercises.quiz import Question, Quiz

quiz = Quiz(
    Question(
        right="c",
        reasons={
            "a": "That is sigmoid. A softmax makes its numbers add up to 1, here over the rows.",
            "b": "That is softmax(dim=1) of one column.",
            "c": "dim=0 runs down the batch: the rows share one probability.",
        },
    ),
    Question(
        right="a",
        reasons={
            "a": "Always saying No is right on 78 percent of the days, and needs no model.",
            "b": "An accuracy is no share of a task: without any learning it is 78 percent here.",
            "c": "78 against 22 is not balanced. That is why accuracy alone says so little.",
        },
    ),
    Question(
        right="b",
        reasons={
            "a": "Today's humidity at 3 pm is known in the evening.",
            "b": "It is measured after the forecast is made.",
            "c": "The month of tomorrow is known to everybody.",
        },
    ),
    Question(
        right="c",
        reasons={
            "a": "With more test rows they would still not be known at the time of training.",
            "b": "It hardly saves time, and that would be no reason.",
            "c": "What is computed from the test rows would let the future into the training.",
        },
    ),
    Question(
        right="b",
        reasons={
            "a": "That would be right if a false alarm cost nine times as much.",
            "b": "1 / (1 + 9) = 0.1: there, nine times the risk of rain equals that of none.",
            "c": "0.5 is right only if both mistakes cost the same.",
        },
    ),
)


def two(function, *args, what):
    """Return the two things that a function gives, in a tuple or in a new list."""
    parts = call(function, *args)
    expect(isinstance(parts, tuple | list), f"return two {what}; this is {kind(parts)}.")
    expect(len(parts) == 2, f"return two {what}; these are {len(parts)}.")
    new = isinstance(parts, tuple) or parts is not call(function, *args)
    expect(new, "your function returns the same list each time: make a new one in each call.")
    return parts


# ---- 1. The network -------------------------------------------------------------------------


def network(features, *, between=nn.ReLU, last=nn.Identity, biases=(True, True)):
    """Return the network, or one with another middle or end, or without a bias."""
    hidden = nn.Linear(features, 20, bias=biases[0])
    return nn.Sequential(hidden, between(), nn.Linear(20, 1, bias=biases[1]), last())


@cases
def rows(draw):
    """A number of features, and rows that have as many."""
    features = draw(sizes(1, 6) | one_of(20, 50))
    return {"features": features, "X": draw(tensors((draw(sizes()), features)))}


@exercise(
    hints=[
        "In __init__: self.hidden = nn.Linear(features, 20), and a second layer 20 -> 1.",
        "In forward: the first layer, torch.relu, the second layer. No sigmoid: the loss does it.",
    ],
    cases=rows,
    examples=15,
    mistakes={
        "the output has gone through a sigmoid: return the logits, since the loss applies the "
        "sigmoid itself.": lambda right, features: network(features, last=nn.Sigmoid),
        "there is no ReLU between the two layers, so together they are only one linear layer.": (
            lambda right, features: network(features, between=nn.Identity)
        ),
        "a ReLU follows the last layer: a logit may be negative.": (
            lambda right, features: network(features, last=nn.ReLU)
        ),
        "the output has lost its second dimension: return (N, 1), as the last layer gives it.": (
            lambda right, features: network(features, last=partial(nn.Flatten, 0))
        ),
        "each of the two layers needs its bias.": tuple(
            lambda right, features, biases=biases: network(features, biases=biases)
            for biases in ((True, False), (False, True), (False, False))
        ),
    },
)
def ann(make_ann, features, X):
    """ANN(features) -> nn.Module, features -> 20 -> ReLU -> 1, returning logits."""
    facts = use_network(make_ann, (features,), X)
    return facts


# ---- 2. The metric --------------------------------------------------------------------------


@cases
def scored(draw):
    """Logits and y: of the same shape, or not."""
    n = draw(sizes(1, 6))
    shape = draw(one_of((n, 1), (n,)))
    others = (n, 1), (n,), (1, 1), (1,), (n + 1, 1), (n + 1,)
    y_shape = draw(st.just(shape) | st.just(shape) | one_of(*others))
    dtype = draw(one_of(torch.float32, torch.float64))
    logits = one_of(0.5, -0.5, 0.0, 0.25, -0.25, 1.0, -1.0, 3.0, -3.0, 120.0)
    logits = draw(tensors(shape, logits, dtype)).requires_grad_(draw(st.booleans()))
    return {"logits": logits, "y": draw(tensors(y_shape, one_of(0.0, 1.0), dtype))}


def says_right(logits, y):
    """Return which rows are right, if the shapes are the same."""
    return (logits > 0) == (y == 1)


def metrics(hits, give=torch.mean):
    """Return a wrong metric twice, with the check of the shapes and without it.

    hits: a function of logits and y that returns the rows that count as right.
    """

    def measure(right, logits, y):
        return give(hits(logits, y).float()).item()

    def check_and_measure(right, logits, y):
        right(logits, y)  # raises ValueError
        return measure(right, logits, y)

    return check_and_measure, measure


@exercise(
    hints=[
        "logits > 0 says Yes; y == 1 is Yes. Where are the two equal?",
        "The mean of True and False, as floats, is the fraction of True; .item() makes a number.",
        "First compare logits.shape and y.shape, and raise ValueError if they differ.",
    ],
    cases=scored,
    examples=100,
    raises=ValueError,
    mistakes={
        "this is still the tutorial's metric: a logit above 0 means Yes, without any softmax.": (
            metrics(lambda logits, y: logits.softmax(dim=0) == y)
        ),
        "this is the fraction of wrong rows: count those that are right.": (
            metrics(lambda logits, y: ~says_right(logits, y))
        ),
        "the accuracy must be a fraction from 0 to 1, not in percent.": (
            metrics(says_right, lambda hits: 100 * hits.mean())
        ),
        "this is the number of right rows: divide it by the number of rows.": (
            metrics(says_right, torch.sum)
        ),
        "0.5 is the limit of a probability; that of a logit is 0.": (
            metrics(lambda logits, y: (logits > 0.5) == (y == 1))
        ),
        "a logit of exactly 0 is not above 0, so it means No.": (
            metrics(lambda logits, y: (logits >= 0) == (y == 1))
        ),
        "every sigmoid is above 0: compare the logits with 0, or their sigmoid with 0.5.": (
            metrics(lambda logits, y: (logits.sigmoid() > 0) == (y == 1))
        ),
        "you compare the logits themselves with y: first ask which of them are above 0.": (
            metrics(lambda logits, y: logits == y)
        ),
        "only a Yes counts as right: a No that is said to be No is right as well.": (
            metrics(lambda logits, y: (logits > 0) & (y == 1))
        ),
        "shapes that differ may broadcast, and then every row is compared with every other one: "
        "compare logits.shape with y.shape first.": metrics(says_right)[1],
    },
)
def accuracy(accuracy, logits, y):
    """accuracy(logits, y) -> the fraction of right rows; ValueError for different shapes."""
    return call(accuracy, logits, y)


# ---- 3. The leak ----------------------------------------------------------------------------

NUMBERS = one_of(0, 1, -1, 2, -2, 3, -3, float("nan"))
NAMES = st.permutations(["a", "b", "RISK_MM"])


@st.composite
def frames(draw, columns):
    """DataFrames of these columns, with an index of any kind."""
    rows = len(next(iter(columns.values())))
    index = draw(one_of(range(rows), range(100, 100 + rows), range(rows, 0, -1)))
    return pd.DataFrame(columns, index=list(index))


@cases
def leaky(draw):
    """A table and y: in some columns True lies above False, by much or by little, or below."""
    y = np.array(draw(st.permutations([True, False, *draw(lists(st.booleans(), 0, 5))])))
    columns = {}
    for name in draw(NAMES)[: draw(sizes(1, 3))]:
        numbers = np.array([draw(NUMBERS) for _ in y], dtype="float64")
        for group in (y, ~y):
            if np.isnan(numbers[group]).all():
                numbers[group] = 0
        columns[name] = numbers + draw(one_of(0, 40, -40)) + y * draw(one_of(0, 7, 6, 3, -7))
        if not np.isnan(numbers).any() and draw(st.booleans()):
            columns[name] = columns[name].astype("int64")
    return {"table": draw(frames(columns)), "y": y}


def leaks(gives_away, threshold=lambda yes, no: no.max()):
    """Return a wrong answer with this rule for the columns, or with this threshold.

    Both are functions of a column's values in rows with True, and in those with False.
    """

    def find(right, table, y):
        parts = {name: (table[name][y], table[name][~y]) for name in table}
        return {name: threshold(*both) for name, both in parts.items() if gives_away(*both)}

    return find


def is_above(yes, no):
    """Return True if all of the first lie above all of the second, as the statement asks."""
    return yes.min() > no.max()


@exercise(
    hints=[
        "table[name][y] are a column's values in rows with True, table[name][~y] the others.",
        "All values of the first are larger if its min() is above the max() of the second.",
        "min and max of pandas pass over missing values by themselves. The max() is the threshold.",
    ],
    cases=leaky,
    examples=60,
    mistakes={
        "a value with True that equals one with False is not larger: ask for >, not >=.": (
            leaks(lambda yes, no: yes.min() >= no.max())
        ),
        "a column in which True lies *below* False does not count: ask for one direction only.": (
            leaks(lambda yes, no: is_above(yes, no) or yes.max() < no.min())
        ),
        "compare the smallest value with True, and the largest one with False: otherwise values of "
        "the two may be mixed.": (
            leaks(lambda yes, no: yes.max() > no.max()),
            leaks(lambda yes, no: yes.min() > no.min()),
            leaks(lambda yes, no: yes.mean() > no.mean()),
        ),
        "a missing value spoils min and max of NumPy and of Python, as NaN: pass over it, as those "
        "of pandas do.": leaks(lambda yes, no: np.min(yes.to_numpy()) > np.max(no.to_numpy())),
        "a missing value is no 0: pass over it.": (
            leaks(lambda yes, no: is_above(yes.fillna(0), no.fillna(0)))
        ),
        "the threshold is the largest value with False, not the smallest with True.": (
            leaks(is_above, lambda yes, no: yes.min())
        ),
        "the threshold is the largest value with False, not the middle between the two.": (
            leaks(is_above, lambda yes, no: (yes.min() + no.max()) / 2)
        ),
    },
)
def find_leaks(find_leaks, table, y):
    """find_leaks(table, y) -> {name: threshold} where every True lies above every False."""
    return call(find_leaks, table, y)


# ---- 4. Split by time -----------------------------------------------------------------------


@cases
def dated(draw):
    """A table with dates near the ends of years, and a first year, perhaps before or after all."""
    days = one_of("2015-06-15", "2015-12-31", "2016-01-01", "2014-12-31", "2015-01-01")
    days = draw(lists(days | one_of("2016-02-29", "1999-07-01", "2030-07-01"), 1, 6))
    columns = {
        "Date": pd.to_datetime(days),
        "Rainfall": draw(lists(grid(0, 2), len(days), len(days))),
        "Location": draw(lists(one_of("Perth", "Cobar"), len(days), len(days))),
    }
    others = draw(st.permutations(["Rainfall", "Location"]))[: draw(sizes(0, 2))]
    names = draw(st.permutations(["Date", *others]))
    first_year = draw(one_of(2015, 2016, 2014, 2000, 2031, 1999))
    return {"table": draw(frames(columns))[names], "first_year": first_year}


@exercise(
    hints=[
        'table["Date"].dt.year is a column of years.',
        'late = table["Date"].dt.year >= first_year; table[late] are its rows.',
    ],
    cases=dated,
    examples=50,
    mistakes={
        "the rows of first_year itself belong to the second table.": (
            lambda right, table, first_year: right(table, first_year + 1)
        ),
        "the two are swapped: the earlier years come first.": (
            lambda right, *args: right(*args)[::-1]
        ),
        "the rows are sorted: keep them in their order.": (
            lambda right, table, first_year: right(table.sort_values("Date"), first_year)
        ),
    },
)
def split_by_year(split_by_year, table, first_year):
    """split_by_year(table, first_year) -> the rows before that year, and the others."""
    parts = two(split_by_year, table, first_year, what="tables")
    facts = Facts()
    for name, part in zip(("first", "second"), parts, strict=True):
        expect(
            isinstance(part, pd.DataFrame),
            f"the {name} table must be a DataFrame, yours is {kind(part)}.",
        )
        facts[f"the list of the columns of the {name} table, sorted,"] = sorted(part)
        facts[f"the {name} table"] = part[sorted(part)].reset_index(drop=True)
    return facts


# ---- 5. Fill and scale ----------------------------------------------------------------------


@cases
def with_holes(draw):
    """Two tables of the same columns; each column of train holds two different values."""
    n, others = draw(sizes(2, 5)), draw(sizes(1, 3))
    train, other = {}, {}
    numbers = one_of(0, 1, -1, 2, -2, 20, -30, float("nan"))
    for name in draw(NAMES)[: draw(sizes(1, 2))]:
        train[name] = np.array([draw(numbers) for _ in range(n)], dtype="float64")
        other[name] = np.array([draw(numbers) for _ in range(others)], dtype="float64")
        if len({number for number in train[name] if number == number}) < 2:  # NaN is not NaN
            train[name][:2] = 0, 1
    return {"train": draw(frames(train)), "other": draw(frames(other))}


def prepared(
    right,
    train,
    other,
    *,
    fill=lambda part, train, other: train.median(),
    basis=lambda full, part, train, other: full(train),
    scale=True,
    flags=pd.DataFrame.isna,
    ddof=1,
):
    """Return what prepare returns, or with one thing wrong.

    fill: what replaces a missing value. basis: the table whose mean and deviation are taken;
    full(table) is a table with its missing values replaced.
    """
    tensors = []
    for part in (train, other):
        filling = fill(part, train, other)
        table = basis(lambda table, filling=filling: table.fillna(filling), part, train, other)
        values = part.fillna(filling)
        if scale:
            values = (values - table.mean()) / table.std(ddof=ddof)
        both = np.concatenate([values, flags(part)], axis=1)
        tensors.append(torch.tensor(both, dtype=torch.float32))
    return tuple(tensors)


def slips(**wrong):
    """Return prepared with one thing wrong, for each of the two standard deviations."""
    return tuple(partial(prepared, ddof=ddof, **wrong) for ddof in (1, 0))


def without_flags(*tensors):
    """Return only the first half of the columns."""
    return [tensor[:, : tensor.shape[1] // 2] for tensor in tensors]


@exercise(
    hints=[
        "median = train.median() is a Series; part.fillna(median) fills each column with its own.",
        "Mean and standard deviation come from train.fillna(median), for both tables.",
        "The flags are part.isna(). pd.concat([scaled, flags], axis=1) puts them behind.",
        'torch.from_numpy(both.to_numpy(dtype="float32")) makes the tensor.',
    ],
    cases=with_holes,
    examples=20,
    exact_dtype=True,
    also_right=(partial(prepared, ddof=0),),
    mistakes={
        "missing values are filled with the mean, not with the median.": (
            slips(fill=lambda part, train, other: train.mean())
        ),
        "missing values are filled with 0, not with the median.": slips(fill=lambda *_: 0.0),
        "missing values are left: NaN is no number to compute with.": (
            slips(fill=lambda *_: np.nan, basis=lambda full, part, train, other: train)
        ),
        "other is filled and scaled by its own numbers: use those of train.": slips(
            fill=lambda part, train, other: part.median(),
            basis=lambda full, part, train, other: full(part),
        ),
        "other is scaled by its own mean and deviation: use those of train.": (
            slips(basis=lambda full, part, train, other: full(part))
        ),
        "other is filled with its own median: use that of train.": slips(
            fill=lambda part, train, other: part.median(),
            basis=lambda full, part, train, other: train.fillna(train.median()),
        ),
        "mean and deviation come from both tables: use those of train.": (
            slips(basis=lambda full, part, train, other: full(pd.concat([train, other])))
        ),
        "take mean and deviation from train after filling, not before.": (
            slips(basis=lambda full, part, train, other: train)
        ),
        "the columns are filled, but not scaled.": slips(scale=False),
        "the flags are the wrong way round: 1 where the value was missing.": (
            slips(flags=pd.DataFrame.notna)
        ),
        "the flags are all 0: take them from the table as it was before filling.": (
            slips(flags=lambda part: part.isna() & False)
        ),
        "the flags are missing: they come behind the columns.": (
            lambda right, *tables: without_flags(*right(*tables)),
            lambda right, *tables: without_flags(*prepared(right, *tables, ddof=0)),
        ),
    },
)
def prepare(prepare, train, other):
    """prepare(train, other) -> two tensors: filled and scaled by train, then the flags."""
    parts = two(prepare, train, other, what="tensors")
    return Facts({"the tensor for train": parts[0], "the tensor for other": parts[1]})


# ---- 6. Precision and recall ----------------------------------------------------------------


@cases
def said(draw):
    """What a model says, and what came true."""
    n = draw(sizes(1, 7))
    return {name: draw(tensors((n,), st.booleans(), torch.bool)) for name in ("y_pred", "y")}


def share(part, whole):
    """Return how large a part of the rows of `whole` is, 0.0 if there are none."""
    return (part & whole).sum().item() / max(whole.sum().item(), 1)


@exercise(
    hints=[
        "(y_pred & y).sum() counts the hits: the model says True, and it is.",
        "Precision divides the hits by y_pred.sum(), recall by y.sum().",
        "max(count, 1) avoids a division by 0; the hits are 0 then anyway.",
    ],
    cases=said,
    examples=100,
    mistakes={
        "the two are swapped: precision divides by how often the model says True, recall by how "
        "often it is true.": lambda right, y_pred, y: right(y, y_pred),
        "precision looks only at rows where the model says True; yours is the accuracy.": (
            lambda right, y_pred, y: (
                (y_pred == y).float().mean().item(),
                right(y_pred, y)[1],
            )
        ),
        "divide the hits by how often the model says True (precision) and by how often it is true "
        "(recall), not by the number of rows.": (
            lambda right, y_pred, y: ((y_pred & y).float().mean().item(), share(y_pred, y)),
            lambda right, y_pred, y: (share(y, y_pred), (y_pred & y).float().mean().item()),
            lambda right, y_pred, y: ((y_pred & y).float().mean().item(),) * 2,
        ),
        "0 / 0 is NaN: say what comes out if the model never says True, or nothing is true.": (
            lambda right, y_pred, y: (
                ((y_pred & y).sum() / y_pred.sum()).item(),
                ((y_pred & y).sum() / y.sum()).item(),
            )
        ),
        "these are the numbers of the class False: count the rows with True.": (
            lambda right, y_pred, y: right(~y_pred, ~y)
        ),
    },
)
def precision_recall(precision_recall, y_pred, y):
    """precision_recall(y_pred, y) -> two numbers."""
    answer = two(precision_recall, y_pred, y, what="numbers")
    return Facts({"the precision": answer[0], "the recall": answer[1]})


# ---- 7. The threshold -----------------------------------------------------------------------


@cases
def forecasts(draw):
    """Probabilities, what came true, and two costs.

    The probabilities are fractions of 2 that meet a threshold exactly, or lie between two of them.
    """
    n = draw(sizes(1, 6))
    dtype = draw(one_of(torch.float32, torch.float64))
    probs = one_of(0.5, 0.0, 1.0, 0.25, 0.75, 0.005, 0.125, 0.375, 0.605, 0.995)
    costs = one_of(1, 2, 4, 0, 0.5, 9)
    return {
        "probs": draw(tensors((n,), probs, dtype)),
        "y": draw(tensors((n,), st.booleans(), torch.bool)),
        "missed": draw(costs),
        "false_alarm": draw(costs),
    }


def cost_of(probs, y, missed, false_alarm, t, says_yes=torch.ge):
    """Return the total cost of a threshold."""
    yes = says_yes(probs, t)
    return missed * (~yes & y).sum().item() + false_alarm * (yes & ~y).sum().item()


def costs_of(*args, **options):
    """Return the total cost of each of the 101 thresholds."""
    return [cost_of(*args, step / 100, **options) for step in range(101)]


def cheapest(costs, steps=range(101)):
    """Return the first of these thresholds that has the lowest cost."""
    return min(steps, key=lambda step: costs[step]) / 100


def added_up(right, probs, y, missed, false_alarm):
    """Add 0.01 again and again: 1.00 is never reached."""
    return cheapest(costs_of(probs, y, missed, false_alarm), range(100))


@exercise(
    hints=[
        "For one threshold: says_yes = probs >= t; (~says_yes & y).sum() rainy days are missed.",
        "cost = missed * (~says_yes & y).sum() + false_alarm * (says_yes & ~y).sum()",
        "Try step / 100 for step in range(101), and keep a threshold only if it is cheaper.",
    ],
    cases=forecasts,
    examples=50,
    mistakes={
        "several thresholds have the lowest cost: return the smallest of them.": (
            lambda right, *args: cheapest(costs_of(*args), range(100, -1, -1))
        ),
        "the two costs are swapped: a rainy day without a Yes costs missed.": (
            lambda right, probs, y, missed, false_alarm: right(probs, y, false_alarm, missed)
        ),
        "a probability equal to t says Yes: ask for probs >= t.": (
            lambda right, *args: cheapest(costs_of(*args, says_yes=torch.gt))
        ),
        "this is the most expensive threshold: look for the lowest cost.": (
            lambda right, *args: cheapest([-cost for cost in costs_of(*args)])
        ),
        "the formula holds only if the probabilities mean what they say: try all thresholds.": (
            lambda right, probs, y, missed, false_alarm: round(
                false_alarm / (missed + false_alarm), 2
            )
        ),
        "the threshold 1.00 is never tried.": added_up,
        "the threshold 0.00 is never tried.": (
            lambda right, *args: cheapest(costs_of(*args), range(1, 101))
        ),
        "return a threshold between 0 and 1, not the number of its step.": (
            lambda right, *args: 100 * right(*args)
        ),
        "try 0.00, 0.01, ..., 1.00 for the threshold, and not the probabilities.": (
            lambda right, probs, *others: min(probs.tolist(), key=partial(cost_of, probs, *others))
        ),
        "this is the lowest cost: return its threshold.": (
            lambda right, *args: float(min(costs_of(*args)))
        ),
    },
)
def best_threshold(best_threshold, probs, y, missed, false_alarm):
    """best_threshold(probs, y, missed, false_alarm) -> a number among 0.00, 0.01, ..., 1.00."""
    t = call(best_threshold, probs, y, missed, false_alarm)
    plain = isinstance(t, int | float | np.number)
    expect(plain, f"return a plain number (of a tensor: .item()); this is {kind(t)}.")
    cost = cost_of(probs, y, missed, false_alarm, t)
    return Facts({"the pair (threshold, its total cost)": (t, cost)})
