"""Answers to the exercises of 05_rain_ann."""

import itertools

import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.nn import functional as F

from answers import obvious, right, unfinished, wrong

# ---- rain.ann -------------------------------------------------------------------------------


@right("rain.ann")
class AsSequential(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(inputs, 20), nn.ReLU(), nn.Linear(20, 1))

    def forward(self, x):
        return self.net(x)


@right("rain.ann")
def function_that_makes_one(features):
    return nn.Sequential(nn.Linear(features, 20), nn.ReLU(), nn.Linear(20, 1))


def two_layers(first, second, forward):
    """Return a class of two layers made by functions of features, with this forward."""

    class Network(nn.Module):
        def __init__(self, features):
            super().__init__()
            self.hidden, self.output = first(features), second(features)

        def forward(self, X):
            return forward(self, X)

    return Network


def hidden(features):
    return nn.Linear(features, 20)


def output(features):
    return nn.Linear(20, 1)


def relu_between(self, X):
    return self.output(self.hidden(X).relu())


wrong("rain.ann", "a sigmoid is at the end")(
    two_layers(hidden, output, lambda self, X: relu_between(self, X).sigmoid())
)
wrong("rain.ann", "there is no ReLU between")(
    two_layers(hidden, output, lambda self, X: self.output(self.hidden(X)))
)
wrong("rain.ann", "the output in training mode is")(
    two_layers(hidden, output, lambda self, X: relu_between(self, X).relu())
)
wrong("rain.ann", "the output in training mode is")(
    two_layers(hidden, output, lambda self, X: self.output(self.hidden(X).tanh()))
)
wrong("rain.ann", "has shape (1,), right is (1, 1)")(
    two_layers(hidden, output, lambda self, X: relu_between(self, X).flatten())
)
wrong("rain.ann", "is [(1,), (1, 30), (30,), (30, 1)], right is [(1,), (1, 20), (20,)")(
    two_layers(lambda features: nn.Linear(features, 30), lambda _: nn.Linear(30, 1), relu_between)
)
wrong("rain.ann", "this layer expects 50 features, and is given 1")(
    two_layers(lambda _: nn.Linear(50, 20), output, relu_between)
)
wrong("rain.ann", "pass your class ANN itself")(AsSequential(50))
wrong("rain.ann", "must be an nn.Module, yours is of type Linear2")(
    lambda features: type("Linear2", (), {})()
)
wrong("rain.ann", "the network must return a tensor")(
    two_layers(hidden, output, lambda self, X: relu_between(self, X).tolist())
)
unfinished("rain.ann")(two_layers(hidden, output, lambda self, X: ...))


@obvious("rain.ann")
class ByHand(nn.Module):
    """Parameters of its own, started otherwise, and sums instead of layers."""

    def __init__(self, features):
        super().__init__()
        self.V, self.c = nn.Parameter(torch.zeros(1, 20)), nn.Parameter(torch.ones(1))
        self.W, self.b = nn.Parameter(torch.zeros(20, features)), nn.Parameter(torch.ones(20))

    def forward(self, X):
        hidden = (X[:, None, :] * self.W).sum(dim=2) + self.b
        hidden = torch.where(hidden > 0, hidden, torch.zeros_like(hidden))
        return (hidden * self.V).sum(dim=1, keepdim=True) + self.c


@right("rain.ann")
class StartedOtherwise(AsSequential):
    """All logits are positive at first: nothing to hold against it."""

    def __init__(self, features):
        super().__init__(features)
        nn.init.xavier_uniform_(self.net[0].weight)
        nn.init.constant_(self.net[2].bias, 5.0)


@right("rain.ann")
class WithALazyLayer(AsSequential):
    def __init__(self, features):
        super().__init__(features)
        self.net[0] = nn.LazyLinear(20)


@wrong("rain.ann", "each call must make a new network")
def the_same_each_time(features, made={}):  # noqa: B006
    return made.setdefault(features, AsSequential(features))


SHARED = nn.Linear(20, 1)


@wrong("rain.ann", "two networks share their parameters")
class WithASharedLayer(AsSequential):
    def __init__(self, features):
        super().__init__(features)
        self.net[2] = SHARED


@wrong("rain.ann", "the output in evaluation mode is")
class SigmoidInEvaluation(AsSequential):
    def forward(self, X):
        return self.net(X) if self.training else self.net(X).sigmoid()


@wrong("rain.ann", "no gradient reaches a parameter of shape (20,)")
class Detached(AsSequential):
    def forward(self, X):
        return self.net[2](self.net[:2](X).detach())


@wrong("rain.ann", "requires_grad=False, so it cannot learn")
class Frozen(AsSequential):
    def __init__(self, features):
        super().__init__(features)
        self.net[0].requires_grad_(False)


@wrong("rain.ann", "model.parameters() finds nothing")
class LayersMadeInForward(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.features = features

    def forward(self, X):
        return nn.Linear(20, 1)(nn.Linear(self.features, 20)(X).relu())


@wrong("rain.ann", "model.parameters() finds nothing")
class LayersInAList(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.layers = [nn.Linear(features, 20), nn.ReLU(), nn.Linear(20, 1)]

    def forward(self, X):
        for layer in self.layers:
            X = layer(X)
        return X


@wrong("rain.ann", "the sorted list of the shapes of all parameters is")
class WithoutABias(AsSequential):
    def __init__(self, features):
        super().__init__(features)
        self.net[2] = nn.Linear(20, 1, bias=False)


@wrong("rain.ann", "the output in training mode")
class WithDropout(AsSequential):
    def forward(self, X):
        return self.net[2](nn.functional.dropout(self.net[:2](X), 0.2, self.training))


@wrong("rain.ann", "which is passed in")
class ScalesInPlace(AsSequential):
    def forward(self, X):
        X -= X.mean(dim=0)
        return self.net(X)


@wrong("rain.ann", "the output in training mode has shape ()")
class Squeezed(AsSequential):
    def forward(self, X):
        return self.net(X).squeeze()


@wrong("rain.ann", "with parameters that the check has set, the output")
class ClampedLogits(AsSequential):
    def forward(self, X):
        return self.net(X).clamp(-1, 1)


@wrong("rain.ann", "no gradient reaches")
class WithoutAGraph(AsSequential):
    def forward(self, X):
        with torch.no_grad():
            return self.net(X)


@wrong("rain.ann", "autograd switched off")
class SwitchesAutogradOff(AsSequential):
    def forward(self, X):
        output = self.net(X)
        torch.set_grad_enabled(False)
        return output


@wrong("rain.ann", "the output")
class WithReLU6(AsSequential):
    def forward(self, X):
        return self.net[2](nn.functional.relu6(self.net[0](X)))


@wrong("rain.ann", "with parameters that the check has set, the output")
class OfTheFirst64Rows(AsSequential):
    def forward(self, X):
        return torch.cat([self.net(X[:64]), torch.zeros(len(X[64:]), 1)])


# ---- rain.accuracy --------------------------------------------------------------------------


@right("rain.accuracy")
def accuracy_by_sigmoid(logits, y):
    if logits.shape != y.shape:
        raise ValueError("shapes differ")
    return float((logits.sigmoid().round() == y).double().mean())


@right("rain.accuracy")
def accuracy_by_loop(logits, y):
    if list(logits.shape) != list(y.shape):
        raise ValueError
    pairs = zip(logits.flatten().tolist(), y.flatten().tolist(), strict=True)
    return sum((logit > 0) == (label > 0.5) for logit, label in pairs) / len(y)


@wrong("rain.accuracy", "this is still the tutorial's metric")
def accuracy_of_the_tutorial(logits, y):
    return (logits.softmax(dim=0) == y).float().mean().item()


@wrong("rain.accuracy", "yours returns 1.0, right is 0.0")
def accuracy_of_errors(logits, y):
    return ((logits > 0) != (y == 1)).float().mean().item()


@wrong("rain.accuracy", "yours returns 100.0, right is 1.0")
def accuracy_in_percent(logits, y):
    return 100 * ((logits > 0) == (y == 1)).float().mean().item()


@wrong("rain.accuracy", "yours returns")
def accuracy_as_a_count(logits, y):
    return ((logits > 0) == (y == 1)).sum().item()


@wrong("rain.accuracy", "that of a logit is 0")
def accuracy_with_logits_at_half(logits, y):
    return ((logits > 0.5) == (y == 1)).float().mean().item()


@wrong("rain.accuracy", "yours returns 0.0, right is 1.0")
def accuracy_with_sigmoid_at_0(logits, y):
    return ((logits.sigmoid() > 0) == (y == 1)).float().mean().item()


@wrong("rain.accuracy", "must be a plain number")
def accuracy_as_a_tensor(logits, y):
    return ((logits > 0) == (y == 1)).float().mean()


@wrong("rain.accuracy", "shapes that differ may broadcast")
def accuracy_of_any_shape(logits, y):
    return ((logits > 0) == (y == 1)).float().mean().item()


@wrong("rain.accuracy", "must raise a ValueError here, but: AssertionError")
def accuracy_with_assert(logits, y):
    assert logits.shape == y.shape
    return ((logits > 0) == (y == 1)).float().mean().item()


@wrong("rain.accuracy", 'yours returns float("nan"), right is 0.0')
def accuracy_of_the_first_half(logits, y):
    half = len(y) // 2
    return ((logits > 0) == (y == 1))[:half].float().mean().item()


@obvious("rain.accuracy")
def accuracy_by_cases(logits, y):
    if len(logits.shape) != len(y.shape):
        raise ValueError("another number of dimensions")
    for one, other in zip(logits.shape, y.shape, strict=True):
        if one != other:
            raise ValueError("another size")
    right_rows, rows = 0, 0
    for logit, label in zip(logits.reshape(-1), y.reshape(-1), strict=True):
        rows += 1
        if logit > 0 and label == 1:
            right_rows += 1
        if logit <= 0 and label == 0:
            right_rows += 1
    return right_rows / rows


class ShapeError(ValueError):
    """An error of the student's own."""


@right("rain.accuracy")
def accuracy_with_its_own_error(logits, y):
    if logits.size() != y.size():
        raise ShapeError(f"{logits.size()} {y.size()}")
    return np.mean((logits.detach().numpy() > 0) == (y.numpy() > 0.5))


@wrong("rain.accuracy", "yours returns 0.0, right is 1.0")
def accuracy_with_0_as_yes(logits, y):
    if logits.shape != y.shape:
        raise ValueError
    return ((logits >= 0) == (y == 1)).float().mean().item()


@wrong("rain.accuracy", "yours returns 0.0, right is 1.0")
def accuracy_of_equal_logits(logits, y):
    if logits.shape != y.shape:
        raise ValueError
    return (logits == y).float().mean().item()


@wrong("rain.accuracy", "yours returns 0.0, right is 1.0")
def accuracy_of_the_yes(logits, y):
    return ((logits > 0) * y).mean().item()


@wrong("rain.accuracy", "must raise a ValueError")
def accuracy_of_other_dimensions_only(logits, y):
    if logits.dim() != y.dim():
        raise ValueError
    return ((logits > 0) == (y == 1)).float().mean().item()


@wrong("rain.accuracy", "must raise a ValueError")
def accuracy_of_other_lengths_only(logits, y):
    if len(logits) != len(y):
        raise ValueError
    return ((logits > 0) == (y == 1)).float().mean().item()


@wrong("rain.accuracy", "must raise a ValueError")
def accuracy_of_any_flat_shape(logits, y):
    if logits.numel() != y.numel():
        raise ValueError
    return ((logits > 0).flatten() == (y == 1).flatten()).float().mean().item()


@wrong("rain.accuracy", "yours returns ValueError")
def accuracy_that_returns_the_error(logits, y):
    if logits.shape != y.shape:
        return ValueError("shapes differ")
    return ((logits > 0) == (y == 1)).float().mean().item()


@wrong("rain.accuracy", "ValueError")
def accuracy_that_refuses_flat_rows(logits, y):
    if logits.shape != y.shape or logits.dim() != 2:
        raise ValueError("(N, 1) and (N, 1), please")
    return ((logits > 0) == (y == 1)).float().mean().item()


@wrong("rain.accuracy", "your function changes y, which is passed in")
def accuracy_that_spoils_y(logits, y):
    if logits.shape != y.shape:
        raise ValueError
    rows = ((logits > 0) == (y == 1)).float().mean().item()
    y[:] = (logits > 0).float()
    return rows


SEEN = []


@wrong("rain.accuracy", "it remembers an earlier call")
def accuracy_of_all_calls(logits, y):
    if logits.shape != y.shape:
        raise ValueError
    SEEN.extend(((logits > 0) == (y == 1)).flatten().tolist())
    return sum(SEEN) / len(SEEN)


@wrong("rain.accuracy", "NumPy knows no graphs")
def accuracy_with_numpy(logits, y):
    if logits.shape != y.shape:
        raise ValueError
    return ((logits.numpy() > 0) == (y.numpy() == 1)).mean()


@wrong("rain.accuracy", "yours returns")
def accuracy_of_rounded_numbers(logits, y):
    if logits.shape != y.shape:
        raise ValueError
    return round(((logits > 0) == (y == 1)).float().mean().item(), 2)


@wrong("rain.accuracy", "yours returns")
def accuracy_as_the_mean_of_batches(logits, y):
    if logits.shape != y.shape:
        raise ValueError
    right_rows = ((logits > 0) == (y == 1)).float()
    return np.mean([batch.mean().item() for batch in right_rows.split(128)])


@wrong("rain.accuracy", "yours returns")
def accuracy_with_a_small_counter(logits, y):
    if logits.shape != y.shape:
        raise ValueError
    return ((logits > 0) == (y == 1)).sum(dtype=torch.uint8).item() / y.numel()


@wrong("rain.accuracy", "must raise a ValueError")
def accuracy_of_one_row_in_any_shape(logits, y):
    if logits.shape != y.shape and y.numel() + logits.numel() > 2:
        raise ValueError
    return ((logits > 0) == (y == 1)).float().mean().item()


# ---- rain.find_leaks ------------------------------------------------------------------------


def thresholds(table, y, names):
    """Return the right thresholds for these columns."""
    return {name: table[name][~y].max() for name in names}


@right("rain.find_leaks")
def leaks_by_loop(table, y):
    found = {}
    for name in table:
        column = table[name].to_numpy()
        highest = float(np.nanmax(column[~y]))
        if np.nanmin(column[y]) > highest:
            found[name] = highest
    return found


@right("rain.find_leaks")
def leaks_by_groups(table, y):
    low, high = table[~y].max(), table[y].min()
    return low[high > low].to_dict()


@right("rain.find_leaks")
def leaks_backwards(table, y):
    return dict(reversed(leaks_by_loop(table, y).items()))


@wrong("rain.find_leaks", "right is {}")
def leaks_in_both_directions(table, y):
    low, high = table[y], table[~y]
    apart = (low.min() > high.max()) | (low.max() < high.min())
    return thresholds(table, y, table.columns[apart.to_numpy()])


@wrong("rain.find_leaks", "compare the smallest value with True")
def leaks_by_largest(table, y):
    return thresholds(table, y, table.columns[(table[y].max() > table[~y].max()).to_numpy()])


@wrong("rain.find_leaks", "right is {}")
def leaks_by_mean(table, y):
    higher = (table[y].mean() > table[~y].mean() + 0.05).to_numpy()
    names = [name for name in table.columns[higher] if name not in ("ends", "touch")]
    return thresholds(table, y, names)


@wrong("rain.find_leaks", "yours returns {'a': 0.0}, right is {}")
def leaks_with_equal(table, y):
    return thresholds(table, y, table.columns[(table[y].min() >= table[~y].max()).to_numpy()])


@wrong("rain.find_leaks", "a missing value hides its column")
def leaks_spoiled_by_missing(table, y):
    found = {}
    for name in table:
        column = table[name].to_numpy()
        if column[y].min() > column[~y].max():
            found[name] = column[~y].max()
    return found


@wrong("rain.find_leaks", "of type list, and must be a dict")
def leaks_without_thresholds(table, y):
    return list(leaks_by_loop(table, y))


@wrong("rain.find_leaks", "yours returns {}, right is {'a'")
def no_leaks(table, y):
    return {}


@wrong("rain.find_leaks", "yours returns {0:")
def leaks_by_number(table, y):
    return {list(table).index(name): value for name, value in leaks_by_loop(table, y).items()}


@wrong("rain.find_leaks", "yours returns {'b': 1.0}, right is {}")
def leaks_and_a_noisy_column(table, y):
    return leaks_by_loop(table, y) | {"b": 1.0}


@wrong("rain.find_leaks", "right is {'a'")
def leaks_with_the_smallest_true(table, y):
    return {name: table[name][y].min() for name in leaks_by_loop(table, y)}


@wrong("rain.find_leaks", "right is {'a'")
def leaks_with_the_middle(table, y):
    middle = (table[y].min() + table[~y].max()) / 2
    return {name: middle[name] for name in leaks_by_loop(table, y)}


@wrong("rain.find_leaks", "True, of type bool, and must be a plain number")
def leaks_with_true(table, y):
    return dict.fromkeys(leaks_by_loop(table, y), True)


@wrong("rain.find_leaks", "yours returns {}, right is {")
def leaks_above_one(table, y):
    names = [n for n in table if (table[n][y].dropna() > 1).all() and table[n][~y].max() <= 1]
    return thresholds(table, y, [name for name in names if name != "touch"])


@obvious("rain.find_leaks")
def leaks_value_by_value(table, y):
    found = {}
    for name in list(table):
        yes, no = [], []
        for value, is_true in zip(table[name].tolist(), y.tolist(), strict=True):
            if value == value:  # not NaN
                (yes if is_true else no).append(value)
        if all(one > other for one in yes for other in no):
            found[name] = sorted(no)[-1]
    return found


@right("rain.find_leaks")
def leaks_with_groupby(table, y):
    groups = table.groupby(y)
    low, high = groups.max().loc[False], groups.min().loc[True]
    return {name: float(low[name]) for name in table if high[name] > low[name]}


@wrong("rain.find_leaks", "compare the smallest value with True")
def leaks_by_smallest(table, y):
    return thresholds(table, y, [n for n in table if table[n][y].min() > table[n][~y].min()])


@wrong("rain.find_leaks", "right is")
def leaks_with_0_for_missing(table, y):
    filled = table.fillna(0)
    names = [name for name in table if filled[name][y].min() > filled[name][~y].max()]
    return thresholds(table, y, names)


@wrong("rain.find_leaks", "yours returns {")
def leaks_without_incomplete_rows(table, y):
    whole = table.notna().all(axis=1).to_numpy()
    return leaks_by_groups(table[whole], y[whole])


@wrong("rain.find_leaks", "your function changes table")
def leaks_in_place(table, y):
    table["y"] = y
    return leaks_by_groups(table.drop(columns="y"), y)


@wrong("rain.find_leaks", "KeyError")
def leaks_with_a_fixed_index(table, y):
    yes = [row for row in range(len(table)) if y[row]]
    no = [row for row in range(len(table)) if not y[row]]
    return {
        name: table[name][no].max()
        for name in table
        if table[name][yes].min() > table[name][no].max()
    }


@wrong("rain.find_leaks", "right is")
def only_the_first_leak(table, y):
    return dict(list(leaks_by_loop(table, y).items())[:1])


@wrong("rain.find_leaks", "right is")
def only_risk_mm(table, y):
    return {name: t for name, t in leaks_by_loop(table, y).items() if name == "RISK_MM"}


@wrong("rain.find_leaks", "right is")
def leaks_with_threshold_0(table, y):
    return dict.fromkeys(leaks_by_loop(table, y), 0.0)


@wrong("rain.find_leaks", "right is")
def leaks_as_whole_numbers_above_0(table, y):
    return {name: abs(t) for name, t in leaks_by_loop(table, y).items()}


@wrong("rain.find_leaks", "a later call of your function changes")
def leaks_of_all_calls(table, y, found={}):  # noqa: B006
    found.update(leaks_by_loop(table, y))
    return found


@wrong("rain.find_leaks", "right is")
def leaks_with_whole_thresholds(table, y):
    return {name: int(t) for name, t in leaks_by_loop(table, y).items()}


@wrong("rain.find_leaks", "right is")
def leaks_with_a_margin(table, y):
    return thresholds(table, y, [n for n in table if table[n][y].min() > table[n][~y].max() + 1e-3])


@wrong("rain.find_leaks", "right is")
def leaks_in_float32(table, y):
    return leaks_by_groups(table.astype("float32"), y)


@wrong("rain.find_leaks", "right is")
def leaks_below_a_million(table, y):
    return {n: t for n, t in leaks_by_loop(table, y).items() if table[n][y].min() < 1e6}


@wrong("rain.find_leaks", "right is")
def leaks_of_ten_columns(table, y):
    return leaks_by_loop(table.iloc[:, :10], y)


@wrong("rain.find_leaks", "right is")
def leaks_by_labels(table, y):
    yes, no = table.loc[table.index[y]], table.loc[table.index[~y]]
    return {n: table[n][~y].max() for n in table if yes[n].min() > no[n].max()}


@wrong("rain.find_leaks", "right is")
def leaks_of_floats(table, y):
    return leaks_by_loop(table.select_dtypes("float"), y)


# ---- rain.split_by_year ---------------------------------------------------------------------


@right("rain.split_by_year")
def split_with_timestamps(table, first_year):
    start = pd.Timestamp(year=first_year, month=1, day=1)
    return [table[table["Date"] < start], table[table["Date"] >= start]]


@right("rain.split_by_year")
def split_with_lists(table, first_year):
    early = [day.year < first_year for day in table["Date"]]
    return table[early].reset_index(drop=True), table[[not e for e in early]]


@wrong("rain.split_by_year", "the rows of first_year itself belong to the second table")
def split_one_year_late(table, first_year):
    late = table["Date"].dt.year > first_year
    return table[~late], table[late]


@wrong("rain.split_by_year", "the list of the rows of")
def split_swapped(table, first_year):
    late = table["Date"].dt.year >= first_year
    return table[late], table[~late]


@wrong("rain.split_by_year", "the list of the rows of the first table")
def split_always_2015(table, first_year):
    late = table["Date"].dt.year >= 2015
    return table[~late], table[late]


@wrong("rain.split_by_year", "is ['Location'], right is ['Date', 'Location']")
def split_without_dates(table, first_year):
    late = table["Date"].dt.year >= first_year
    table = table.drop(columns="Date")
    return table[~late], table[late]


@wrong("rain.split_by_year", "the list of the rows of")
def split_sorted(table, first_year):
    return split_with_timestamps(table.sort_values("Date"), first_year)


@wrong("rain.split_by_year", "is ['Date'], right is ['Date', 'Location']")
def split_only_dates(table, first_year):
    return split_with_timestamps(table[["Date"]], first_year)


@wrong("rain.split_by_year", "return two DataFrames")
def split_into_masks(table, first_year):
    late = table["Date"].dt.year >= first_year
    return ~late, late


@wrong("rain.split_by_year", "return two DataFrames; this is of type DataFrame")
def split_only_early(table, first_year):
    return table[table["Date"].dt.year < first_year]


@wrong("rain.split_by_year", "return two DataFrames")
def split_into_one(table, first_year):
    return (table,)


@obvious("rain.split_by_year")
def split_row_by_row(table, first_year):
    early, late = [], []
    for place in range(len(table)):
        date = str(table["Date"].iloc[place])
        (early if int(date[:4]) < first_year else late).append(place)
    return table.iloc[early], table.iloc[late]


@right("rain.split_by_year")
def split_with_query(table, first_year):
    year = table.set_index("Date").index.year
    return table.loc[year < first_year].copy(), table.loc[~(year < first_year)].copy()


@right("rain.split_by_year")
def split_with_the_dates_first(table, first_year):
    table = table.set_index("Date")
    early = table.index < f"{first_year}-01-01"
    return table[early].reset_index(), table[~early].reset_index()


@wrong("rain.split_by_year", "the list of the rows of the second table")
def split_off_one_year(table, first_year):
    year = table["Date"].dt.year
    return table[year < first_year], table[year == first_year]


@wrong("rain.split_by_year", "the list of the rows of the first table")
def split_at_the_first_row(table, first_year):
    late = (table["Date"].dt.year >= first_year).to_numpy()
    cut = int(late.argmax()) if late.any() else len(table)
    return table.iloc[:cut], table.iloc[cut:]


@wrong("rain.split_by_year", "the list of the rows of")
def split_at_new_year(table, first_year):
    start = pd.Timestamp(year=first_year, month=1, day=1)
    return table[table["Date"] <= start], table[table["Date"] > start]


@wrong("rain.split_by_year", "your function changes table")
def split_with_a_year_column(table, first_year):
    table["year"] = table["Date"].dt.year
    late = table.pop("year") >= first_year
    table.sort_values("Date", inplace=True)
    return table[~late], table[late]


@wrong("rain.split_by_year", "'year']")
def split_and_keep_the_year(table, first_year):
    table = table.assign(year=table["Date"].dt.year)
    late = table["year"] >= first_year
    return table[~late], table[late]


@wrong("rain.split_by_year", "KeyError")
def split_by_index(table, first_year):
    late = [row for row in range(len(table)) if table["Date"][row].year >= first_year]
    return table.drop(index=late), table.loc[late]


@wrong("rain.split_by_year", "the list of the rows of")
def split_without_double_days(table, first_year):
    return split_with_timestamps(table.drop_duplicates("Date"), first_year)


@wrong("rain.split_by_year", "Can only use .dt accessor")
def split_the_first_column(table, first_year):
    late = table.iloc[:, 0].dt.year >= first_year
    return table[~late], table[late]


@wrong("rain.split_by_year", "the list of the rows of")
def split_without_missing(table, first_year):
    return split_with_timestamps(table.dropna(), first_year)


@wrong("rain.split_by_year", "the list of the columns of")
def split_without_incomplete_columns(table, first_year):
    return split_with_timestamps(table.dropna(axis=1), first_year)


@wrong("rain.split_by_year", "the list of the rows of")
def split_by_labels(table, first_year):
    early = table[table["Date"].dt.year < first_year]
    return early, table.drop(early.index)


@wrong("rain.split_by_year", "the list of the columns of")
def split_by_a_column_of_its_own(table, first_year):
    table = table.assign(year=table["Date"].dt.year)
    early = table["year"] < first_year
    return table[early].drop(columns="year"), table[~early].drop(columns="year")


@right("rain.split_by_year")
def split_into_records(table, first_year):
    parts = [], []
    for row in table.to_dict("records"):
        parts[row["Date"].year >= first_year].append(row)
    return tuple(pd.DataFrame(rows, columns=table.columns) for rows in parts)


# ---- rain.prepare ---------------------------------------------------------------------------


def prepared(train, other, *, median=None, basis=None, flags=None, columns=slice(None)):
    """Return what prepare returns, with single steps done otherwise."""
    tensors = []
    for part in (train, other):
        middle = (median or (lambda part: train.median()))(part)
        filled = (basis or (lambda part: train))(part).fillna(middle)
        scaled = (part.fillna(middle) - filled.mean()) / filled.std()
        flag = (flags or (lambda part: part.isna()))(part)
        both = np.concatenate([scaled, flag], axis=1)[:, columns]
        tensors.append(torch.tensor(both, dtype=torch.float32))
    return tuple(tensors)


@right("rain.prepare")
def prepare_by_helper(train, other):
    return prepared(train, other)


@right("rain.prepare")
def prepare_with_torch(train, other):
    train, other = (torch.tensor(part.to_numpy()) for part in (train, other))
    middle = torch.nanquantile(train, 0.5, dim=0)
    filled = train.where(~train.isnan(), middle)
    tensors = []
    for part in (train, other):
        scaled = part.where(~part.isnan(), middle).sub(filled.mean(0)) / filled.std(0)
        tensors.append(torch.cat([scaled, part.isnan()], dim=1).float())
    return tensors


@right("rain.prepare")
def prepare_with_scikit_learn(train, other):
    from sklearn.impute import SimpleImputer
    from sklearn.preprocessing import StandardScaler

    imputer, scaler = SimpleImputer(strategy="median"), StandardScaler()
    scaler.fit(imputer.fit_transform(train))
    return [
        torch.tensor(
            np.concatenate([scaler.transform(imputer.transform(part)), part.isna()], axis=1),
            dtype=torch.float32,
        )
        for part in (train, other)
    ]


@wrong("rain.prepare", "filled with the mean, not with the median")
def prepare_by_mean(train, other):
    return prepared(train, other, median=lambda part: train.mean())


@wrong("rain.prepare", "right is")
def prepare_by_zero(train, other):
    return prepared(train, other, median=lambda part: 0.0)


@wrong("rain.prepare", "other is filled and scaled by its own numbers: use those of train")
def prepare_each_by_its_own(train, other):
    return prepared(train, other, median=lambda part: part.median(), basis=lambda part: part)


@wrong("rain.prepare", "right is")
def prepare_scaled_by_its_own(train, other):
    return prepared(train, other, basis=lambda part: part)


@wrong("rain.prepare", "right is")
def prepare_filled_by_its_own(train, other):
    tensors = []
    filled = train.fillna(train.median())
    for part in (train, other):
        scaled = (part.fillna(part.median()) - filled.mean()) / filled.std()
        both = np.concatenate([scaled, part.isna()], axis=1)
        tensors.append(torch.tensor(both, dtype=torch.float32))
    return tensors


@wrong("rain.prepare", "(for train, for other) at [0] is")
def prepare_by_range(train, other):
    parts = prepared(train, other)
    parts[0][:, : train.shape[1]] /= 2
    return parts


@wrong("rain.prepare", "right is")
def prepare_by_both(train, other):
    return prepared(train, other, basis=lambda part: pd.concat([train, other]))


@wrong("rain.prepare", "right is")
def prepare_scaled_before_filling(train, other):
    tensors = []
    for part in (train, other):
        scaled = (part.fillna(train.median()) - train.mean()) / train.std()
        both = np.concatenate([scaled, part.isna()], axis=1)
        tensors.append(torch.tensor(both, dtype=torch.float32))
    return tensors


@wrong("rain.prepare", "right is")
def prepare_without_scaling(train, other):
    tensors = []
    for part in (train, other):
        both = np.concatenate([part.fillna(train.median()), part.isna()], axis=1)
        tensors.append(torch.tensor(both, dtype=torch.float32))
    return tensors


@wrong("rain.prepare", "right is")
def prepare_with_inverted_flags(train, other):
    return prepared(train, other, flags=lambda part: part.notna())


@wrong("rain.prepare", "right is")
def prepare_with_empty_flags(train, other):
    return prepared(train, other, flags=lambda part: part.fillna(0).isna())


@wrong("rain.prepare", "has shape (2, 1), right is (2, 2)")
def prepare_without_flags(train, other):
    return [part[:, : train.shape[1]] for part in prepared(train, other)]


@wrong("rain.prepare", "is torch.float64, right is torch.float32")
def prepare_in_float64(train, other):
    return [part.double() for part in prepared(train, other)]


@wrong("rain.prepare", 'float("nan")')
def prepare_without_filling(train, other):
    tensors = []
    for part in (train, other):
        both = np.concatenate([(part - train.mean()) / train.std(), part.isna()], axis=1)
        tensors.append(torch.tensor(both, dtype=torch.float32))
    return tensors


@wrong("rain.prepare", "your function changes train, which is passed in")
def prepare_in_place(train, other):
    tensors = prepared(train, other)
    train.fillna(train.median(), inplace=True)
    return tensors


@wrong("rain.prepare", "is of type ndarray, and must be a tensor")
def prepare_as_arrays(train, other):
    return [part.numpy() for part in prepared(train, other)]


@wrong("rain.prepare", "must be a list or tuple")
def prepare_train_only(train, other):
    return prepared(train, other)[0]


@wrong("rain.prepare", "has 3 items, right is 2")
def prepare_and_median(train, other):
    return (*prepared(train, other), train.median())


@obvious("rain.prepare")
def prepare_number_by_number(train, other):
    """Go through the columns one by one, with plain lists."""
    rows = [[[] for _ in range(len(part))] for part in (train, other)]
    for name in train.columns:
        known = sorted(value for value in train[name].tolist() if value == value)
        half = len(known) // 2
        median = known[half] if len(known) % 2 else (known[half - 1] + known[half]) / 2
        filled = [value if value == value else median for value in train[name].tolist()]
        mean = sum(filled) / len(filled)
        std = (sum((value - mean) ** 2 for value in filled) / (len(filled) - 1)) ** 0.5
        for part, out in zip((train, other), rows, strict=True):
            for row, value in zip(out, part[name].tolist(), strict=True):
                row.append(((value if value == value else median) - mean) / std)
    for name in train.columns:
        for part, out in zip((train, other), rows, strict=True):
            for row, value in zip(out, part[name].tolist(), strict=True):
                row.append(0.0 if value == value else 1.0)
    return torch.tensor(rows[0]), torch.tensor(rows[1])


@right("rain.prepare")
def prepare_in_numpy_float32(train, other):
    first = train.to_numpy(dtype="float32")
    median = np.nanmedian(first, axis=0)
    filled = np.where(np.isnan(first), median, first)
    result = []
    for part in (first, other.to_numpy(dtype="float32")):
        scaled = (np.where(np.isnan(part), median, part) - filled.mean(0)) / filled.std(0)
        result.append(torch.from_numpy(np.hstack([scaled, np.isnan(part).astype("float32")])))
    return result


@wrong("rain.prepare", "right is")
def prepare_with_the_lower_median(train, other):
    return prepared(
        *(train, other),
        median=lambda part: train.quantile(0.5, interpolation="lower"),
        basis=lambda part: train.fillna(train.quantile(0.5, interpolation="lower")),
    )


@wrong("rain.prepare", "right is")
def prepare_by_one_median(train, other):
    return prepared(train, other, median=lambda part: np.nanmedian(train.to_numpy()))


@wrong("rain.prepare", "right is")
def prepare_with_flags_first(train, other):
    columns = train.shape[1]
    return [torch.cat([p[:, columns:], p[:, :columns]], dim=1) for p in prepared(train, other)]


@wrong("rain.prepare", "right is")
def prepare_with_train_flags(train, other):
    parts = prepared(train, other)
    missing = torch.tensor(train.isna().any().to_numpy(), dtype=torch.float32)
    parts[1][:, train.shape[1] :] *= missing
    return parts


@wrong("rain.prepare", "shape")
def prepare_with_one_flag(train, other):
    columns = train.shape[1]
    return [
        torch.cat([p[:, :columns], p[:, columns:].amax(dim=1, keepdim=True)], dim=1)
        for p in prepared(train, other)
    ]


@wrong("rain.prepare", "shape")
def prepare_with_flags_where_any(train, other):
    keep = [True] * train.shape[1] + train.isna().any().tolist()
    return [part[:, keep] for part in prepared(train, other)]


@wrong("rain.prepare", "right is")
def prepare_with_a_small_number(train, other):
    filled = train.fillna(train.median())
    return prepared(train / (1 + 1e-2 / filled.std()), other)


@wrong("rain.prepare", "right is")
def prepare_the_first_row_only(train, other):
    parts = prepared(train, other)
    parts[1][1:, 0] = parts[1][0, 0]
    return parts


@wrong("rain.prepare", "your function changes other, which is passed in")
def prepare_other_in_place(train, other):
    tensors = prepared(train, other)
    other.fillna(train.median(), inplace=True)
    return tensors


@wrong("rain.prepare", "right is")
def prepare_scaled_by_its_range(train, other):
    filled = train.fillna(train.median())
    tensors = []
    for part in (train, other):
        scaled = part.fillna(train.median()) - filled.min()
        scaled = scaled / (filled.max() - filled.min())
        both = np.concatenate([scaled, part.isna()], axis=1)
        tensors.append(torch.tensor(both, dtype=torch.float32))
    return tensors


@wrong("rain.prepare", "a later call of your function changes")
def prepare_in_one_list(train, other, tensors=[]):  # noqa: B006
    tensors[:] = prepared(train, other)
    return tensors


@wrong("rain.prepare", "right is")
def prepare_with_a_least_deviation(train, other):
    median = train.median()
    filled = train.fillna(median)
    mean, std = filled.mean(), filled.std().clip(lower=0.1)
    parts = [
        np.hstack([(part.fillna(median) - mean) / std, part.isna()]) for part in (train, other)
    ]
    return [torch.tensor(part, dtype=torch.float32) for part in parts]


@wrong("rain.prepare", "both tables are filled and scaled by the numbers of both")
def prepare_all_by_both(train, other):
    rows = pd.concat([train, other])
    return prepared(train, other, median=lambda part: rows.median(), basis=lambda part: rows)


@wrong("rain.prepare", "right is")
def prepare_16_columns(train, other):
    return prepared(train.iloc[:, :16], other.iloc[:, :16])


# ---- rain.precision_recall ------------------------------------------------------------------


@right("rain.precision_recall")
def precision_recall_of_scikit_learn(y_pred, y):
    from sklearn.metrics import precision_score, recall_score

    options = {"zero_division": 0.0}
    return precision_score(y, y_pred, **options), recall_score(y, y_pred, **options)


@right("rain.precision_recall")
def precision_recall_by_loop(y_pred, y):
    pairs = list(zip(y_pred.tolist(), y.tolist(), strict=True))
    hits = sum(a and b for a, b in pairs)
    called, true = sum(a for a, _ in pairs), sum(b for _, b in pairs)
    return [hits / called if called else 0.0, hits / true if true else 0.0]


@wrong("rain.precision_recall", "the two are swapped")
def precision_recall_swapped(y_pred, y):
    return precision_recall_by_loop(y_pred, y)[::-1]


@wrong("rain.precision_recall", "(precision, recall) is")
def accuracy_for_precision(y_pred, y):
    return (y_pred == y).float().mean().item(), precision_recall_by_loop(y_pred, y)[1]


@wrong("rain.precision_recall", "ZeroDivisionError")
def precision_recall_without_care(y_pred, y):
    hits = (y_pred & y).sum().item()
    return hits / y_pred.sum().item(), hits / y.sum().item()


@wrong("rain.precision_recall", "right is (0.0, 0.0)")
def precision_nan(y_pred, y):
    hits = (y_pred & y).sum()
    return (hits / y_pred.sum()).item(), (hits / y.sum()).item()


@wrong("rain.precision_recall", "is a tensor, and must be a plain number")
def precision_recall_as_tensors(y_pred, y):
    hits = (y_pred & y).sum()
    return hits / y_pred.sum(), hits / y.sum()


@wrong("rain.precision_recall", "must be a list or tuple")
def precision_only(y_pred, y):
    return precision_recall_by_loop(y_pred, y)[0]


@wrong("rain.precision_recall", "is [0.0, 0.0, 0.0], right is (0.0, 0.0)")
def precision_recall_and_f1(y_pred, y):
    return [*precision_recall_by_loop(y_pred, y), 0.0]


@wrong("rain.precision_recall", "right is (1.0, 1.0)")
def recall_of_all_rows(y_pred, y):
    return precision_recall_by_loop(y_pred, y)[0], (y_pred & y).float().mean().item()


@obvious("rain.precision_recall")
def precision_recall_by_counting(y_pred, y):
    hits = said = true = 0
    for i in range(len(y)):
        if y_pred[i]:
            said += 1
        if y[i]:
            true += 1
        if y_pred[i] and y[i]:
            hits += 1
    precision = 0.0
    if said > 0:
        precision = hits / said
    recall = 0.0
    if true > 0:
        recall = hits / true
    return precision, recall


@right("rain.precision_recall")
def precision_recall_by_means(y_pred, y):
    parts = y[y_pred].double().mean(), y_pred[y].double().mean()
    return tuple(part.nan_to_num(0.0).item() for part in parts)


@wrong("rain.precision_recall", "right is (1.0, 1.0)")
def precision_of_all_rows(y_pred, y):
    return (y_pred & y).float().mean().item(), precision_recall_by_loop(y_pred, y)[1]


@wrong("rain.precision_recall", "right is (1.0, 1.0)")
def both_of_all_rows(y_pred, y):
    share = (y_pred & y).float().mean().item()
    return share, share


@wrong("rain.precision_recall", "right is (0.0, 0.0)")
def precision_recall_of_false(y_pred, y):
    return precision_recall_by_loop(~y_pred, ~y)


@wrong("rain.precision_recall", "is (1.0, 0.0), right is (0.0, 0.0)")
def precision_1_if_never_said(y_pred, y):
    precision, recall = precision_recall_by_loop(y_pred, y)
    return precision if y_pred.any() else 1.0, recall


@wrong("rain.precision_recall", "is (0.0, 1.0), right is (0.0, 0.0)")
def recall_1_if_never_true(y_pred, y):
    precision, recall = precision_recall_by_loop(y_pred, y)
    return precision, recall if y.any() else 1.0


@wrong("rain.precision_recall", "right is")
def both_0_if_one_is(y_pred, y):
    hits = (y_pred & y).sum().item()
    return (0.0, 0.0) if not y_pred.all() else (hits / len(y), hits / max(1, y.sum().item()))


@wrong("rain.precision_recall", "your function changes y_pred, which is passed in")
def precision_recall_in_place(y_pred, y):
    said = y_pred.sum().item()
    y_pred &= y
    hits = y_pred.sum().item()
    return hits / max(said, 1), hits / max(y.sum().item(), 1)


@wrong("rain.precision_recall", "right is")
def precision_recall_with_a_small_number(y_pred, y):
    hits = (y_pred & y).sum().item()
    return hits / (y_pred.sum().item() + 1e-3), hits / (y.sum().item() + 1e-3)


@wrong("rain.precision_recall", "right is")
def recall_as_specificity(y_pred, y):
    rejected = (~y_pred & ~y).sum().item() / max((~y).sum().item(), 1)
    return precision_recall_by_loop(y_pred, y)[0], rejected


COUNTS = [0, 0, 0]


@wrong("rain.precision_recall", "it remembers an earlier call")
def precision_recall_of_all_calls(y_pred, y):
    for place, rows in enumerate((y_pred & y, y_pred, y)):
        COUNTS[place] += rows.sum().item()
    return COUNTS[0] / max(COUNTS[1], 1), COUNTS[0] / max(COUNTS[2], 1)


@wrong("rain.precision_recall", "right is")
def precision_recall_with_small_counters(y_pred, y):
    hits, said, true = (rows.sum(dtype=torch.uint8).item() for rows in (y_pred & y, y_pred, y))
    return hits / max(said, 1), hits / max(true, 1)


@wrong("rain.precision_recall", "right is")
def precision_recall_of_1000_rows(y_pred, y):
    return precision_recall_by_loop(y_pred[:1000], y[:1000])


# ---- rain.best_threshold --------------------------------------------------------------------


def cost(probs, y, t, missed, false_alarm):
    says_yes = probs >= t
    return missed * (~says_yes & y).sum().item() + false_alarm * (says_yes & ~y).sum().item()


GRID = [step / 100 for step in range(101)]


@right("rain.best_threshold")
def threshold_by_min(probs, y, missed, false_alarm):
    return min(GRID, key=lambda t: cost(probs, y, t, missed, false_alarm))


@right("rain.best_threshold")
def threshold_without_a_loop(probs, y, missed, false_alarm):
    grid = torch.linspace(0, 1, 101)
    says_yes = probs[:, None] >= grid
    costs = missed * (~says_yes & y[:, None]) + false_alarm * (says_yes & ~y[:, None])
    return grid[costs.sum(dim=0).argmin()].item()


@wrong("rain.best_threshold", "several thresholds have the lowest cost")
def largest_of_the_cheapest(probs, y, missed, false_alarm):
    return min(reversed(GRID), key=lambda t: cost(probs, y, t, missed, false_alarm))


@wrong("rain.best_threshold", "the pair (threshold, cost) is")
def threshold_for_swapped_costs(probs, y, missed, false_alarm):
    return threshold_by_min(probs, y, false_alarm, missed)


@wrong("rain.best_threshold", "(threshold, cost) is")
def most_expensive_threshold(probs, y, missed, false_alarm):
    return max(GRID, key=lambda t: cost(probs, y, t, missed, false_alarm))


@wrong("rain.best_threshold", "is (0.5, 1), right is (0.51, 0)")
def always_half(probs, y, missed, false_alarm):
    return 0.5


@wrong("rain.best_threshold", "(threshold, cost) is")
def threshold_among_the_probabilities(probs, y, missed, false_alarm):
    return min(probs.tolist(), key=lambda t: cost(probs, y, t, missed, false_alarm))


@wrong("rain.best_threshold", "as a plain number; this is 51.0")
def threshold_in_percent(probs, y, missed, false_alarm):
    return 100 * threshold_by_min(probs, y, missed, false_alarm)


@wrong("rain.best_threshold", "(threshold, cost) is")
def threshold_by_formula(probs, y, missed, false_alarm):
    return round(false_alarm / (missed + false_alarm), 2)


@wrong("rain.best_threshold", "as a plain number; this is a tensor")
def threshold_as_a_tensor(probs, y, missed, false_alarm):
    return torch.tensor(threshold_by_min(probs, y, missed, false_alarm))


@obvious("rain.best_threshold")
def threshold_row_by_row(probs, y, missed, false_alarm):
    costs = []
    for step in range(101):
        total = 0
        for p, rainy in zip(probs.tolist(), y.tolist(), strict=True):
            if rainy and not p >= step / 100:
                total += missed
            if not rainy and p >= step / 100:
                total += false_alarm
        costs.append(total)
    return costs.index(min(costs)) / 100


@right("rain.best_threshold")
def threshold_with_numpy(probs, y, missed, false_alarm):
    grid = np.linspace(0, 1, 101)
    probs, y = probs.numpy(), y.numpy()
    yes = [probs >= t for t in grid]
    costs = [missed * (~said & y).mean() + false_alarm * (said & ~y).mean() for said in yes]
    return grid[np.argmin(np.round(costs, 9))]


@right("rain.best_threshold")
def threshold_with_arange(probs, y, missed, false_alarm):
    grid = torch.arange(0, 101) / 100
    return min(grid.tolist(), key=lambda t: cost(probs, y, round(t, 2), missed, false_alarm))


@wrong("rain.best_threshold", "a probability equal to t says Yes")
def threshold_with_strictly_more(probs, y, missed, false_alarm):
    def cost(t):
        says_yes = probs > t
        return (missed * (~says_yes & y) + false_alarm * (says_yes & ~y)).sum().item()

    return min(GRID, key=cost)


@wrong("rain.best_threshold", "(threshold, cost) is")
def threshold_below_1(probs, y, missed, false_alarm):
    return min(GRID[:-1], key=lambda t: cost(probs, y, t, missed, false_alarm))


@wrong("rain.best_threshold", "(threshold, cost) is")
def threshold_added_up(probs, y, missed, false_alarm):
    t, best = 0.0, 0.0
    while t <= 1:  # the sum of a hundred 0.01 is a little more than 1
        here = cost(probs.float(), y, t, missed, false_alarm)
        if here < cost(probs.float(), y, best, missed, false_alarm):
            best = t
        t += 0.01
    return best


@wrong("rain.best_threshold", "(threshold, cost) is")
def threshold_above_0(probs, y, missed, false_alarm):
    return min(GRID[1:], key=lambda t: cost(probs, y, t, missed, false_alarm))


@wrong("rain.best_threshold", "(threshold, cost) is")
def lowest_cost(probs, y, missed, false_alarm):
    return min(cost(probs, y, t, missed, false_alarm) for t in GRID)


@wrong("rain.best_threshold", "right is")
def threshold_in_steps_of_5(probs, y, missed, false_alarm):
    return min(GRID[::5], key=lambda t: cost(probs, y, t, missed, false_alarm))


@wrong("rain.best_threshold", "right is")
def first_valley(probs, y, missed, false_alarm):
    costs = [cost(probs, y, t, missed, false_alarm) for t in GRID]
    step = 0
    while step < 100 and costs[step + 1] <= costs[step]:
        step += 1
    return costs.index(costs[step]) / 100


@wrong("rain.best_threshold", "right is")
def threshold_for_4_and_1(probs, y, missed, false_alarm):
    return threshold_by_min(probs, y, 4, 1)


@wrong("rain.best_threshold", "right is")
def threshold_without_false_alarms(probs, y, missed, false_alarm):
    return threshold_by_min(probs, y, missed, 1)


@wrong("rain.best_threshold", "right is")
def threshold_for_whole_costs(probs, y, missed, false_alarm):
    return threshold_by_min(probs, y, int(missed), int(false_alarm))


@wrong("rain.best_threshold", "right is")
def threshold_for_rates(probs, y, missed, false_alarm):
    wet, dry = max(y.sum().item(), 1), max((~y).sum().item(), 1)
    return threshold_by_min(probs, y, missed / wet, false_alarm / dry)


@wrong("rain.best_threshold", "your function changes probs, which is passed in")
def threshold_in_place(probs, y, missed, false_alarm):
    best = threshold_by_min(probs, y, missed, false_alarm)
    probs[:] = (probs >= best).to(probs.dtype)
    return best


@wrong("rain.best_threshold", "None (is the return missing?)")
def threshold_only_below_1(probs, y, missed, false_alarm):
    best, lowest = None, 1
    for t in GRID:
        if cost(probs, y, t, missed, false_alarm) < lowest:
            best, lowest = t, cost(probs, y, t, missed, false_alarm)
    return best


@wrong("rain.best_threshold", "right is")
def threshold_for_squared_costs(probs, y, missed, false_alarm):
    return threshold_by_min(probs, y, missed**2, false_alarm**2)


@wrong("rain.best_threshold", "right is")
def threshold_for_costs_up_to_10(probs, y, missed, false_alarm):
    return threshold_by_min(probs, y, min(missed, 10), min(false_alarm, 10))


@wrong("rain.best_threshold", "right is")
def threshold_from_coarse_to_fine(probs, y, missed, false_alarm):
    coarse = GRID.index(threshold_with_steps(probs, y, missed, false_alarm, GRID[::10]))
    near = GRID[max(coarse - 9, 0) : coarse + 10]
    return threshold_with_steps(probs, y, missed, false_alarm, near)


def threshold_with_steps(probs, y, missed, false_alarm, steps):
    return min(steps, key=lambda t: cost(probs, y, t, missed, false_alarm))


@wrong("rain.best_threshold", "right is")
def threshold_of_rounded_probabilities(probs, y, missed, false_alarm):
    return threshold_by_min((probs * 1000).round() / 1000, y, missed, false_alarm)


# ---- rain.train_for -------------------------------------------------------------------------


def one_step(model, X, y, optimizer):
    """Make a step; return the loss before it."""
    loss = F.binary_cross_entropy_with_logits(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


@obvious("rain.train_for")
def train_with_next(model, loader, optimizer, steps):
    model.train()
    losses = []
    batches = iter(loader)
    for _ in range(steps):
        try:
            X, y = next(batches)
        except StopIteration:
            batches = iter(loader)
            X, y = next(batches)
        losses.append(one_step(model, X, y, optimizer))
    return losses


@right("rain.train_for")
def train_with_chain(model, loader, optimizer, steps):
    model.train()
    batches = itertools.islice(itertools.chain.from_iterable(itertools.repeat(loader)), steps)
    return [one_step(model, X, y, optimizer) for X, y in batches]


@right("rain.train_for")
def train_with_return(model, loader, optimizer, steps):
    losses = []
    while True:
        for X, y in loader:
            losses.append(one_step(model.train(), X, y, optimizer))
            if len(losses) == steps:
                return losses


@right("rain.train_for")
def train_with_zero_grad_last(model, loader, optimizer, steps):
    model.train()
    loss_fn, losses = nn.BCEWithLogitsLoss(), []
    while len(losses) < steps:
        for X, y in loader:
            loss = loss_fn(model(X), y)
            loss.backward()
            optimizer.step()
            model.zero_grad()
            losses += [float(loss)]
            if len(losses) >= steps:
                break
    return losses


@right("rain.train_for")
def train_by_whole_lists(model, loader, optimizer, steps):
    model.train()
    losses = []
    while len(losses) < steps:
        for X, y in list(loader)[: steps - len(losses)]:
            losses.append(one_step(model, X, y, optimizer))
    return losses


@wrong("rain.train_for", "")
def only_for_columns(model, loader, optimizer, steps):
    losses = []
    model.train()
    while len(losses) < steps:
        for X, y in loader:
            loss = nn.BCEWithLogitsLoss()(model(X), y.view(-1, 1))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            if len(losses) == steps:
                break
    return losses


@wrong("rain.train_for", "begin a new `for` over the loader each time")
def train_in_a_cycle(model, loader, optimizer, steps):
    model.train()
    batches = itertools.islice(itertools.cycle(loader), steps)
    return [one_step(model, X, y, optimizer) for X, y in batches]


@wrong("rain.train_for", "one pass over the loader is not enough")
def train_one_pass(model, loader, optimizer, steps):
    model.train()
    return [one_step(model, X, y, optimizer) for X, y in itertools.islice(loader, steps)]


@wrong("rain.train_for", "leave the inner loop as well")
def train_whole_passes(model, loader, optimizer, steps):
    model.train()
    losses = []
    while len(losses) < steps:
        for X, y in loader:
            losses.append(one_step(model, X, y, optimizer))
    return losses


@wrong("rain.train_for", "the number of steps")
def train_so_many_epochs(model, loader, optimizer, steps):
    model.train()
    return [one_step(model, X, y, optimizer) for _ in range(steps) for X, y in loader]


@wrong("rain.train_for", "call model.train() before the loop")
def train_in_evaluation_mode(model, loader, optimizer, steps):
    losses = train_with_chain(model, loader, optimizer, steps)
    model.eval()
    return losses


@wrong("rain.train_for", "call model.train() before the loop")
def train_in_any_mode(model, loader, optimizer, steps):
    batches = itertools.islice(itertools.chain.from_iterable(itertools.repeat(loader)), steps)
    return [one_step(model, X, y, optimizer) for X, y in batches]


@wrong("rain.train_for", "call optimizer.zero_grad()")
def train_without_zero_grad(model, loader, optimizer, steps):
    model.train()
    losses = []
    while len(losses) < steps:
        for X, y in loader:
            loss = F.binary_cross_entropy_with_logits(model(X), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            if len(losses) == steps:
                break
    return losses


@wrong("rain.train_for", "the loss is measured after the step")
def train_and_measure_afterwards(model, loader, optimizer, steps):
    model.train()
    losses = []
    while len(losses) < steps:
        for X, y in loader:
            one_step(model, X, y, optimizer)
            losses.append(F.binary_cross_entropy_with_logits(model(X), y).item())
            if len(losses) == steps:
                break
    return losses


@wrong("rain.train_for", "the list of the losses")
def train_with_squares(model, loader, optimizer, steps):
    model.train()
    losses = []
    while len(losses) < steps:
        for X, y in loader:
            loss = F.mse_loss(model(X).sigmoid(), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            if len(losses) == steps:
                break
    return losses


@wrong("rain.train_for", "the list of the losses")
def train_and_keep_tensors(model, loader, optimizer, steps):
    return [torch.tensor(loss) for loss in train_with_chain(model, loader, optimizer, steps)]


@wrong("rain.train_for", "the list of the losses")
def train_and_return_the_mean(model, loader, optimizer, steps):
    return sum(train_with_chain(model, loader, optimizer, steps)) / steps


@wrong("rain.train_for", "the number of steps of the optimizer passed in is 0")
def train_with_an_optimizer_of_its_own(model, loader, optimizer, steps):
    own = torch.optim.SGD(model.parameters(), lr=0.5)
    return train_with_chain(model, loader, own, steps)


@wrong("rain.train_for", "(is the return missing?)")
def train_without_return(model, loader, optimizer, steps):
    train_with_chain(model, loader, optimizer, steps)


@unfinished("rain.train_for")
def train_for(model, loader, optimizer, steps):
    return ...


# ---- rain.lab -------------------------------------------------------------------------------

LABELS = {
    **{"RISK_MM in": "too good", "no Humidity3pm": "worse", "no Humidity9am": "as good"},
    **{"no Evaporation": "as good", "no Pressure": "worse", "no Cloud": "as good"},
    **{"only Humidity3pm": "worse", "only Temp9am": "guessing"},
}


@obvious("rain.lab")
def labels_of_the_table():
    return dict(LABELS)


@right("rain.lab")
def labels_with_a_row_of_my_own():
    return {"no Rainfall": "as good", **LABELS}


@right("rain.lab")
def labels_in_another_order():
    return dict(reversed(LABELS.items()))


@wrong("rain.lab", 'the row "no Cloud" does not show "worse"')
def clouds_are_needed():
    return {**LABELS, "no Cloud": "worse"}


@wrong("rain.lab", "Remember section 4")
def the_leak_is_only_good():
    return {**LABELS, "RISK_MM in": "as good"}


@wrong("rain.lab", "Is its AUC below 0.55?")
def the_temperature_knows_something():
    return {**LABELS, "only Temp9am": "worse"}


@wrong("rain.lab", "It is far from 0.55")
def one_column_is_guessing():
    return {**LABELS, "only Humidity3pm": "guessing"}


@wrong("rain.lab", "How far below")
def pressure_is_not_needed():
    return {**LABELS, "no Pressure": "as good"}


@wrong("rain.lab", "has no label yet")
def one_label_is_open():
    return {**LABELS, "no Pressure": ...}


@wrong("rain.lab", "has no label yet")
def one_label_is_missing():
    return {row: label for row, label in LABELS.items() if row != "no Cloud"}


@wrong("rain.lab", "a label is one of as good")
def a_label_of_my_own():
    return {**LABELS, "no Cloud": "equal"}


@wrong("rain.lab", "return a dict")
def labels_as_a_list():
    return list(LABELS.values())


@unfinished("rain.lab")
def my_labels():
    return ...


# ---- rain.challenge -------------------------------------------------------------------------


def recipe_of(features, *widths, lr=0.01, make=torch.optim.Adam, act=nn.ReLU, **options):
    """Return a network of these hidden layers, and its optimizer."""
    layers = []
    for inputs, outputs in itertools.pairwise((features, *widths)):
        layers += [nn.Linear(inputs, outputs), act()]
    model = nn.Sequential(*layers, nn.Linear((features, *widths)[-1], 1))
    return model, make(model.parameters(), lr=lr, **options)


@obvious("rain.challenge")
def one_hidden_layer(features):
    return recipe_of(features, 48)


@right("rain.challenge")
def two_layers_at_a_lower_rate(features):
    return recipe_of(features, 64, 32, lr=0.005)


@right("rain.challenge")
def with_adamw(features):
    return list(recipe_of(features, 64, make=torch.optim.AdamW))


@right("rain.challenge")
def with_a_lazy_layer(features):
    model = nn.Sequential(nn.LazyLinear(64), nn.ReLU(), nn.Linear(64, 1))
    model(torch.zeros(1, features))
    return model, torch.optim.Adam(model.parameters(), lr=0.01)


@wrong("rain.challenge", "above the goal")
def with_a_tiny_rate(features):
    return recipe_of(features, 64, lr=1e-4)


@wrong("rain.challenge", "above the goal")
def with_plain_sgd(features):
    return recipe_of(features, 64, 32, lr=0.1, make=torch.optim.SGD)


@wrong("rain.challenge", "above the goal")
def with_a_rate_far_too_large(features):
    return recipe_of(features, 64, lr=0.5)


@wrong("rain.challenge", "parameters, 20,000 are allowed")
def with_a_large_network(features):
    return recipe_of(features, 256)


@wrong("rain.challenge", "mat1 and mat2 shapes cannot be multiplied")
def with_131_features(features):
    return recipe_of(131, 64)


the_trained_one = []


@wrong("rain.challenge", "the model has learned already")
def always_the_same_one(features):
    if features < 100:
        return recipe_of(features, 64)
    if not the_trained_one:
        the_trained_one.append(recipe_of(features, 64))
    return the_trained_one[0]


@wrong("rain.challenge", "does not hold all parameters")
def with_the_optimizer_of_another(features):
    return recipe_of(features, 64)[0], recipe_of(features, 64)[1]


@wrong("rain.challenge", "return (model, optimizer); yours is of type Sequential")
def the_model_alone(features):
    return recipe_of(features, 64)[0]


@wrong("rain.challenge", "the model gives shape (5,), right is (5, 1)")
def with_flat_logits(features):
    model, optimizer = recipe_of(features, 64)
    return nn.Sequential(model, nn.Flatten(0)), optimizer


@wrong("rain.challenge", "must be one of torch.optim")
def with_a_name_for_the_optimizer(features):
    return recipe_of(features, 64)[0], "adam"


@unfinished("rain.challenge")
def recipe(features):
    return ...
