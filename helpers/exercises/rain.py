"""Checks of the exercises in 05_rain_ann."""

import numpy as np
import torch
from torch import nn

from helpers.exercises.core import (
    StudentError,
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


# ---- 1. The network ----------------------------------------------------------------------------


@exercise(
    title="The network for rain",
    notebook="05_rain_ann",
    minutes=5,
    difficulty="complete",
    hints=[
        "In __init__: self.hidden = nn.Linear(features, 20), and a second layer 20 -> 1.",
        "In forward: the first layer, torch.relu, the second layer. No sigmoid: the loss does it.",
    ],
)
def ann(make):
    """ANN(features) -> a module, features -> 20 -> ReLU -> 1."""
    expect(
        callable(make) and not isinstance(make, nn.Module),
        "pass your class ANN itself, without brackets: ann.check(ANN).",
    )
    for features in (50, 7):
        model = call(make, features)
        expect_type(model, nn.Module, f"ANN({features})")
        X = torch.randn(6, features)
        output = call(model, X)
        expect_tensor(output, f"the output for X (6, {features})", shape=(6, 1))
        sizes = sorted(tuple(p.shape) for p in model.parameters())
        expect(
            sizes == sorted([(20, features), (20,), (1, 20), (1,)]),
            f"ANN({features}) should have the layers {features} -> 20 -> 1; "
            f"the shapes of its parameters are {sizes}.",
        )
        expect_logits(model, X, output)


def expect_logits(model, X, output):
    """Expect Linear, ReLU, Linear with the model's own parameters."""
    weights = {tuple(p.shape): p.detach() for p in model.parameters()}
    hidden = X @ weights[(20, X.shape[1])].T + weights[(20,)]
    second, bias = weights[(1, 20)], weights[(1,)]
    logits = hidden.relu() @ second.T + bias
    for mistake, message in (
        (logits.sigmoid(), "the output has gone through a sigmoid: return the logits."),
        (hidden @ second.T + bias, "there is no ReLU between the layers."),
        (logits.relu(), "there is a ReLU after the last layer: a logit may be negative."),
    ):
        expect(not is_close(output, mistake), message)
    expect_close(output, logits, "the output")


# ---- 2. The metric -----------------------------------------------------------------------------


@exercise(
    title="Repair the metric",
    notebook="05_rain_ann",
    minutes=6,
    difficulty="debug",
    hints=[
        "logits > 0 says Yes; y == 1 is Yes. Where are the two equal?",
        "The mean of True and False, as floats, is the fraction of True; .item() makes a number.",
        "First compare logits.shape and y.shape, and raise ValueError if they differ.",
    ],
)
def accuracy(accuracy):
    """accuracy(logits, y) -> a number; ValueError for different shapes."""
    expect_function(accuracy, "accuracy")
    for rows in (40, 7):
        logits = 3 * torch.randn(rows, 1) - 1
        y = (torch.rand(rows, 1) < 0.4).float()
        logits[:3], y[:3] = 0.3, 1.0  # between the limits of a logit and of a probability
        for shape in ((rows, 1), (rows,)):
            given = logits.reshape(shape).clone(), y.reshape(shape).clone()
            value = expect_number(call(accuracy, *given), "the accuracy")
            name_the_metric(value, *given)
            right = ((given[0] > 0) == (given[1] == 1)).float().mean().item()
            expect_close(value, right, f"the accuracy of {rows} rows")
    try:
        call(accuracy, torch.randn(5, 1), torch.ones(5))
    except StudentError as error:
        expect(
            str(error).startswith("ValueError"),
            f"for shapes (5, 1) and (5,) it must raise a ValueError, but: {error}",
        )
    else:
        raise Wrong("logits (5, 1) and y (5,) must raise a ValueError; yours returns a number.")


def name_the_metric(value, logits, y):
    """Raise Wrong if the value is what one of the usual mistakes gives."""
    right = ((logits > 0) == (y == 1)).float().mean().item()
    for mistake, message in (
        ((logits.softmax(0) == y).float().mean(), "this is still the tutorial's metric."),
        (1 - right, "this is the fraction of wrong rows."),
        (100 * right, "the accuracy must lie between 0 and 1, not be in percent."),
        (right * len(y), "this is the number of right rows: divide by how many there are."),
        (
            ((logits > 0.5) == (y == 1)).float().mean(),
            "0.5 is the limit of a probability; that of a logit is 0.",
        ),
        (
            ((logits.sigmoid() > 0) == (y == 1)).float().mean(),
            "every sigmoid is above 0: compare the logits with 0, or their sigmoid with 0.5.",
        ),
    ):
        if not is_close(right, mistake) and is_close(value, mistake):
            raise Wrong(f"{message} It should be {right:.4g}, yours is {value:.4g}.")


# ---- 3. The leak -------------------------------------------------------------------------------


@exercise(
    title="Find the leak",
    notebook="05_rain_ann",
    minutes=8,
    difficulty="build",
    hints=[
        "table[name][y] are a column's values in rows with True, table[name][~y] the others.",
        "All values of the first are larger if its min() is above the max() of the second.",
        "min and max of pandas pass over missing values by themselves. The max() is the threshold.",
    ],
)
def find_leaks(find_leaks):
    """find_leaks(table, y) -> {name: threshold} where every True lies above every False."""
    expect_function(find_leaks, "find_leaks")
    for wanted in (["rain"], [], ["b", "rain"]):
        table, y = leaky_table(wanted)
        leaks = call(find_leaks, table.copy(), y.copy())
        expect_type(leaks, dict, "the result")
        for name, message in (
            ("below", "every True lies *below* every False: only the other direction counts"),
            ("ends", "the largest True is above the largest False, but others are mixed"),
            ("mean", "only the means differ: values of True and False are mixed"),
            ("touch", "the smallest True equals the largest False: it must be larger"),
        ):
            expect(name not in leaks, f"{name!r} gives nothing away: {message}.")
        missed = [name for name in wanted if name not in leaks]
        expect(
            not missed,
            f"{', '.join(missed)} gives the answer away (missing values are passed over), "
            f"but your result has the keys {list(leaks)}.",
        )
        expect(len(leaks) == len(wanted), f"the keys should be {wanted}, yours are {list(leaks)}.")
        for name in wanted:
            threshold = expect_number(leaks[name], f"the threshold of {name!r}")
            low, high = table[name][~y].max(), table[name][y].min()
            expect(
                not is_close(threshold, high),
                f"the threshold of {name!r} is your smallest value with True, {high:.4g}: no value "
                f"with False is above {low:.4g}, so take that.",
            )
            expect_close(threshold, low, f"the threshold of {name!r}")


def leaky_table(leaks):
    """Return a table of 60 rows in which these columns give y away, and y."""
    import pandas as pd

    y = np.random.rand(60) < 0.3
    y[:4] = True, False, True, False
    noise = np.random.rand(60)
    columns = {"b": noise.copy(), "below": np.where(y, -noise - 1, noise)}
    columns |= {"ends": np.where(y, noise + 0.5, noise), "mean": noise + 0.3 * y}
    columns |= {"touch": np.where(y, 1 + noise, -noise), "rain": noise.copy()}
    columns["ends"][:4] = 1.6, 0.9, 0.2, 0.1
    columns["mean"][:4] = 0.1, 0.9, 0.2, 0.8
    columns["touch"][:2] = 1.0, 1.0
    for name, least in zip(leaks, (40, -3), strict=False):  # no fixed threshold fits both
        columns[name] = least + np.where(y, 1.1 + noise, noise)
        columns[name][[5, 9]] = np.nan
    return pd.DataFrame(columns, index=np.arange(100, 160)), y


# ---- 4. Split by time --------------------------------------------------------------------------


@exercise(
    title="Split by time",
    notebook="05_rain_ann",
    minutes=4,
    difficulty="complete",
    hints=[
        'table["Date"].dt.year is a column of years.',
        'late = table["Date"].dt.year >= first_year; table[late] are its rows.',
    ],
)
def split_by_year(split_by_year):
    """split_by_year(table, first_year) -> the rows before that year, and the others."""
    import pandas as pd

    expect_function(split_by_year, "split_by_year")
    dates = ["2015-12-31", "2014-05-01", "2016-01-01", "2013-07-09", "2016-08-02", "2015-01-01"]
    table = pd.DataFrame({"Date": pd.to_datetime(dates), "Rainfall": np.random.rand(6)})
    for first_year in (2016, 2015):
        parts = call(split_by_year, table.copy(), first_year)
        expect_type(parts, (tuple, list), "the result")
        expect(len(parts) == 2, f"return two tables, yours are {len(parts)}.")
        late = table["Date"].dt.year >= first_year
        for part, rows, name in zip(parts, (table[~late], table[late]), ORDER, strict=True):
            expect_type(part, pd.DataFrame, f"{name} table")
            expect("Date" in part, f"{name} table has lost its column Date.")
            years = part["Date"].dt.year.tolist() if len(part) else []
            wanted = rows["Date"].dt.year.tolist()
            expect(
                sorted(years) == sorted(wanted),
                f"for {first_year}, {name} table must hold the years {sorted(wanted)}, "
                f"yours holds {sorted(years)}.",
            )
            expect(
                part.reset_index(drop=True).equals(rows.reset_index(drop=True)),
                f"{name} table must hold its rows in their order, with all columns.",
            )


ORDER = ("the first", "the second")


# ---- 5. Fill and scale -------------------------------------------------------------------------


@exercise(
    title="Fill and scale without leaking",
    notebook="05_rain_ann",
    minutes=9,
    difficulty="build",
    hints=[
        "median = train.median() is a Series; part.fillna(median) fills each column with its own.",
        "Mean and standard deviation come from train.fillna(median), for both tables.",
        "The flags are part.isna(). pd.concat([scaled, flags], axis=1) puts them behind.",
        'torch.from_numpy(both.to_numpy(dtype="float32")) makes the tensor.',
    ],
)
def prepare(prepare):
    """prepare(train, other) -> two tensors: filled and scaled by train, then the flags."""
    expect_function(prepare, "prepare")
    for rows, columns in ((40, 3), (25, 2)):
        train, other = holes(rows, columns), holes(10, columns) + 4
        given = train.copy(), other.copy()
        parts = call(prepare, *given)
        expect(
            given[0].equals(train) and given[1].equals(other),
            "your function changes the tables that it is given: work on a copy.",
        )
        expect_type(parts, (tuple, list), "the result")
        expect(len(parts) == 2, f"return two tensors, yours are {len(parts)}.")
        for part, table, name in zip(parts, (train, other), ("train", "other"), strict=True):
            shape = (len(table), 2 * columns)
            expect_tensor(part, f"the tensor for {name}", shape=shape, dtype=torch.float32)
            expect(not part.isnan().any(), f"the tensor for {name} still holds missing values.")
            flags = torch.tensor(table.isna().to_numpy(dtype="float32"))
            expect(
                not is_close(part[:, columns:], 1 - flags),
                "the flags are the wrong way round: 1 where the value was missing.",
            )
            expect_close(part[:, columns:], flags, f"the flags of {name}")
            name_the_scaling(part[:, :columns], train, other, table, name)


def holes(rows, columns):
    """Return a skewed table of numbers, some of them missing in each column."""
    import pandas as pd

    values = np.exp(np.random.randn(rows, columns)) * np.arange(1, columns + 1)
    for column in range(columns):
        values[np.random.permutation(rows)[: rows // 5], column] = np.nan
    names = [f"column {number}" for number in range(columns)]
    return pd.DataFrame(values, columns=names)


def name_the_scaling(part, train, other, table, name):
    """Expect the table scaled by train; recognise what else people do."""
    import pandas as pd

    def scale(filling, basis, ddof=1):
        """Return the table filled, and scaled with the mean and deviation of basis."""
        scaled = (table.fillna(filling) - basis.mean()) / basis.std(ddof=ddof)
        return torch.tensor(scaled.to_numpy(dtype="float32"))

    median, own = train.median(), table.median()
    filled, filled_by_own = train.fillna(median), table.fillna(own)
    right = scale(median, filled)
    if is_close(part, scale(median, filled, ddof=0)):
        return  # dividing by N is a standard deviation as well
    both = pd.concat([train, other]).fillna(median)
    for mistake, message in (
        (
            scale(train.mean(), train.fillna(train.mean())),
            "missing values are filled with the mean, not with the median.",
        ),
        (scale(0.0, train.fillna(0.0)), "missing values are filled with 0, not with the median."),
        (scale(own, filled_by_own), f"{name} is filled and scaled by its own numbers"),
        (scale(median, table.fillna(median)), f"{name} is scaled by its own mean and deviation"),
        (scale(own, filled), f"{name} is filled with its own median"),
        (scale(median, both), "mean and deviation come from both tables"),
        (scale(median, train), "take mean and deviation from train after filling, not before."),
        (torch.tensor(table.fillna(median).to_numpy()), "the columns are filled, but not scaled."),
    ):
        if not is_close(right, mistake) and is_close(part, mistake):
            raise Wrong(message if message.endswith(".") else f"{message}: use those of train.")
    expect_close(part, right, f"the columns of {name}")


# ---- 6. Precision and recall -------------------------------------------------------------------


@exercise(
    title="Precision and recall",
    notebook="05_rain_ann",
    minutes=6,
    difficulty="build",
    hints=[
        "(y_pred & y).sum() counts the hits: the model says True, and it is.",
        "Precision divides the hits by y_pred.sum(), recall by y.sum().",
        "max(count, 1) avoids a division by 0; the hits are 0 then anyway.",
    ],
)
def precision_recall(precision_recall):
    """precision_recall(y_pred, y) -> two numbers."""
    expect_function(precision_recall, "precision_recall")
    never = torch.zeros(12, dtype=torch.bool)
    some = torch.rand(12) < 0.5
    some[0] = True
    for y_pred, y in (
        *((torch.rand(50) < 0.3, torch.rand(50) < 0.6) for _ in range(3)),
        *((never, some), (some, never), (never, never)),
    ):
        values = call(precision_recall, y_pred.clone(), y.clone())
        expect_type(values, (tuple, list), "the result")
        expect(len(values) == 2, f"return precision and recall; yours are {len(values)} values.")
        values = [expect_number(v, name) for v, name in zip(values, NAMES, strict=True)]
        hits = (y_pred & y).sum().item()
        right = [hits / max(count, 1) for count in (y_pred.sum().item(), y.sum().item())]
        expect(
            is_close(right, right[::-1]) or not is_close(values, right[::-1]),
            "the two are swapped: precision divides by what the model calls True.",
        )
        accuracy = (y_pred == y).float().mean().item()
        expect(
            is_close(right[0], accuracy) or not is_close(values[0], accuracy),
            "precision looks only at rows that the model calls True; yours is the accuracy.",
        )
        case = f" ({int(y_pred.sum())} called True, {int(y.sum())} true, {hits} both)"
        for value, number, name in zip(values, right, NAMES, strict=True):
            expect_close(value, number, name + case)


NAMES = ("precision", "recall")


# ---- 7. The threshold --------------------------------------------------------------------------


@exercise(
    title="The cheapest threshold",
    notebook="05_rain_ann",
    minutes=8,
    difficulty="build",
    hints=[
        "For one threshold: says_yes = probs >= t; (~says_yes & y).sum() rainy days are missed.",
        "cost = missed * (~says_yes & y).sum() + false_alarm * (says_yes & ~y).sum()",
        "Try step / 100 for step in range(101), and keep a threshold only if it is cheaper.",
    ],
)
def best_threshold(best_threshold):
    """best_threshold(probs, y, missed, false_alarm) -> a number among 0.00, 0.01, ..., 1.00."""
    expect_function(best_threshold, "best_threshold")
    for rows, missed, false_alarm in ((60, 4, 1), (60, 1, 6), (200, 1, 1), (30, 3, 2)):
        # No probability lies on the grid, so that rounding decides nothing.
        probs = (torch.rand(rows) * 99).floor() / 100 + 0.005
        y = torch.rand(rows) < probs
        t = call(best_threshold, probs.clone(), y.clone(), missed, false_alarm)
        t = expect_number(t, "the threshold")
        expect(
            -1e-6 <= t <= 1 + 1e-6 and abs(100 * t - round(100 * t)) < 1e-3,
            f"the threshold must be one of 0.00, 0.01, ..., 1.00; yours is {t:.6g}.",
        )
        costs = costs_of(probs, y, missed, false_alarm)
        cheapest = [step / 100 for step in range(101) if costs[step] == min(costs)]
        case = f"with missed={missed} and false_alarm={false_alarm}"
        swapped = costs_of(probs, y, false_alarm, missed)
        mistakes = {
            swapped.index(min(swapped)): "the two costs are swapped",
            costs.index(max(costs)): "this is the most expensive threshold",
        }
        step = round(100 * t)
        expect(
            step / 100 not in cheapest[1:],
            f"{case} several thresholds cost {min(costs)}: return the smallest, {cheapest[0]}; "
            f"yours is {t:.2f}.",
        )
        named = "" if step / 100 in cheapest else mistakes.get(step, "")
        expect(not named, f"{named}: {case}, {cheapest[0]} is best, yours is {t:.2f}.")
        expect(
            step / 100 == cheapest[0],
            f"{case} the threshold {cheapest[0]} costs {min(costs)}, yours, {t:.2f}, "
            f"costs {costs[step]}.",
        )


def costs_of(probs, y, missed, false_alarm):
    """Return the total cost of each of the 101 thresholds."""
    costs = []
    for step in range(101):
        says_yes = probs >= step / 100
        wet, carried = (~says_yes & y).sum().item(), (says_yes & ~y).sum().item()
        costs.append(missed * wet + false_alarm * carried)
    return costs
