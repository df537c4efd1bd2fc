"""Answers to the exercises of 05_rain_ann."""

import numpy as np
import pandas as pd
import torch
from torch import nn

from answers import right, unfinished, wrong

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


wrong("rain.ann", "has gone through a sigmoid")(
    two_layers(hidden, output, lambda self, X: relu_between(self, X).sigmoid())
)
wrong("rain.ann", "there is no ReLU between")(
    two_layers(hidden, output, lambda self, X: self.output(self.hidden(X)))
)
wrong("rain.ann", "a ReLU after the last layer")(
    two_layers(hidden, output, lambda self, X: relu_between(self, X).relu())
)
wrong("rain.ann", "the output[0, 0] should be")(
    two_layers(hidden, output, lambda self, X: self.output(self.hidden(X).tanh()))
)
wrong("rain.ann", "must have shape (6, 1), yours has (6,)")(
    two_layers(hidden, output, lambda self, X: relu_between(self, X).flatten())
)
wrong("rain.ann", "should have the layers 50 -> 20 -> 1")(
    two_layers(lambda features: nn.Linear(features, 30), lambda _: nn.Linear(30, 1), relu_between)
)
wrong("rain.ann", "RuntimeError")(two_layers(lambda _: nn.Linear(50, 20), output, relu_between))
wrong("rain.ann", "pass your class ANN itself")(AsSequential(50))
wrong("rain.ann", "ANN(50) must be a Module, yours is of type Linear2")(
    lambda features: type("Linear2", (), {})()
)
wrong("rain.ann", "the output for X (6, 50) must be a tensor")(
    two_layers(hidden, output, lambda self, X: relu_between(self, X).tolist())
)
unfinished("rain.ann")(two_layers(hidden, output, lambda self, X: ...))


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


@wrong("rain.accuracy", "this is the fraction of wrong rows")
def accuracy_of_errors(logits, y):
    return ((logits > 0) != (y == 1)).float().mean().item()


@wrong("rain.accuracy", "not be in percent")
def accuracy_in_percent(logits, y):
    return 100 * ((logits > 0) == (y == 1)).float().mean().item()


@wrong("rain.accuracy", "the number of right rows: divide")
def accuracy_as_a_count(logits, y):
    return ((logits > 0) == (y == 1)).sum().item()


@wrong("rain.accuracy", "that of a logit is 0")
def accuracy_with_logits_at_half(logits, y):
    return ((logits > 0.5) == (y == 1)).float().mean().item()


@wrong("rain.accuracy", "every sigmoid is above 0")
def accuracy_with_sigmoid_at_0(logits, y):
    return ((logits.sigmoid() > 0) == (y == 1)).float().mean().item()


@wrong("rain.accuracy", "must be a plain number")
def accuracy_as_a_tensor(logits, y):
    return ((logits > 0) == (y == 1)).float().mean()


@wrong("rain.accuracy", "must raise a ValueError; yours returns a number")
def accuracy_of_any_shape(logits, y):
    return ((logits > 0) == (y == 1)).float().mean().item()


@wrong("rain.accuracy", "it must raise a ValueError, but: AssertionError")
def accuracy_with_assert(logits, y):
    assert logits.shape == y.shape
    return ((logits > 0) == (y == 1)).float().mean().item()


@wrong("rain.accuracy", "rows should be")
def accuracy_of_the_first_half(logits, y):
    half = len(y) // 2
    return ((logits > 0) == (y == 1))[:half].float().mean().item()


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


@wrong("rain.find_leaks", "'below' gives nothing away")
def leaks_in_both_directions(table, y):
    low, high = table[y], table[~y]
    apart = (low.min() > high.max()) | (low.max() < high.min())
    return thresholds(table, y, table.columns[apart.to_numpy()])


@wrong("rain.find_leaks", "'ends' gives nothing away")
def leaks_by_largest(table, y):
    return thresholds(table, y, table.columns[(table[y].max() > table[~y].max()).to_numpy()])


@wrong("rain.find_leaks", "'mean' gives nothing away")
def leaks_by_mean(table, y):
    higher = (table[y].mean() > table[~y].mean() + 0.05).to_numpy()
    names = [name for name in table.columns[higher] if name not in ("ends", "touch")]
    return thresholds(table, y, names)


@wrong("rain.find_leaks", "'touch' gives nothing away")
def leaks_with_equal(table, y):
    return thresholds(table, y, table.columns[(table[y].min() >= table[~y].max()).to_numpy()])


@wrong("rain.find_leaks", "rain gives the answer away (missing values are passed over)")
def leaks_spoiled_by_missing(table, y):
    found = {}
    for name in table:
        column = table[name].to_numpy()
        if column[y].min() > column[~y].max():
            found[name] = column[~y].max()
    return found


@wrong("rain.find_leaks", "the result must be a dict, yours is of type list")
def leaks_without_thresholds(table, y):
    return list(leaks_by_loop(table, y))


@wrong("rain.find_leaks", "but your result has the keys []")
def no_leaks(table, y):
    return {}


@wrong("rain.find_leaks", "but your result has the keys [5]")
def leaks_by_number(table, y):
    return {list(table).index(name): value for name, value in leaks_by_loop(table, y).items()}


@wrong("rain.find_leaks", "the keys should be ['rain'], yours are ['rain', 'b']")
def leaks_and_a_noisy_column(table, y):
    return leaks_by_loop(table, y) | {"b": 1.0}


@wrong("rain.find_leaks", "the threshold of 'rain' is your smallest value with True")
def leaks_with_the_smallest_true(table, y):
    return {name: table[name][y].min() for name in leaks_by_loop(table, y)}


@wrong("rain.find_leaks", "the threshold of 'rain' should be")
def leaks_with_the_middle(table, y):
    middle = (table[y].min() + table[~y].max()) / 2
    return {name: middle[name] for name in leaks_by_loop(table, y)}


@wrong("rain.find_leaks", "the threshold of 'rain' must be a number, yours is of type bool")
def leaks_with_true(table, y):
    return dict.fromkeys(leaks_by_loop(table, y), True)


@wrong("rain.find_leaks", "rain gives the answer away")
def leaks_above_one(table, y):
    names = [n for n in table if (table[n][y].dropna() > 1).all() and table[n][~y].max() <= 1]
    return thresholds(table, y, [name for name in names if name != "touch"])


# ---- rain.split_by_year ---------------------------------------------------------------------


@right("rain.split_by_year")
def split_with_timestamps(table, first_year):
    start = pd.Timestamp(year=first_year, month=1, day=1)
    return [table[table["Date"] < start], table[table["Date"] >= start]]


@right("rain.split_by_year")
def split_with_lists(table, first_year):
    early = [day.year < first_year for day in table["Date"]]
    return table[early].reset_index(drop=True), table[[not e for e in early]]


@wrong("rain.split_by_year", "the first table must hold the years [2013, 2014, 2015, 2015]")
def split_one_year_late(table, first_year):
    late = table["Date"].dt.year > first_year
    return table[~late], table[late]


@wrong("rain.split_by_year", "the first table must hold the years")
def split_swapped(table, first_year):
    late = table["Date"].dt.year >= first_year
    return table[late], table[~late]


@wrong("rain.split_by_year", "the first table must hold the years")
def split_always_2015(table, first_year):
    late = table["Date"].dt.year >= 2015
    return table[~late], table[late]


@wrong("rain.split_by_year", "has lost its column Date")
def split_without_dates(table, first_year):
    late = table["Date"].dt.year >= first_year
    table = table.drop(columns="Date")
    return table[~late], table[late]


@wrong("rain.split_by_year", "must hold its rows in their order, with all columns")
def split_sorted(table, first_year):
    return split_with_timestamps(table.sort_values("Date"), first_year)


@wrong("rain.split_by_year", "must hold its rows in their order, with all columns")
def split_only_dates(table, first_year):
    return split_with_timestamps(table[["Date"]], first_year)


@wrong("rain.split_by_year", "the first table must be a DataFrame")
def split_into_masks(table, first_year):
    late = table["Date"].dt.year >= first_year
    return ~late, late


@wrong("rain.split_by_year", "the result must be a tuple or list, yours is of type DataFrame")
def split_only_early(table, first_year):
    return table[table["Date"].dt.year < first_year]


@wrong("rain.split_by_year", "return two tables, yours are 1")
def split_into_one(table, first_year):
    return (table,)


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


@wrong("rain.prepare", "filled with 0, not with the median")
def prepare_by_zero(train, other):
    return prepared(train, other, median=lambda part: 0.0)


@wrong("rain.prepare", "other is filled and scaled by its own numbers: use those of train")
def prepare_each_by_its_own(train, other):
    return prepared(train, other, median=lambda part: part.median(), basis=lambda part: part)


@wrong("rain.prepare", "other is scaled by its own mean and deviation: use those of train")
def prepare_scaled_by_its_own(train, other):
    return prepared(train, other, basis=lambda part: part)


@wrong("rain.prepare", "other is filled with its own median: use those of train")
def prepare_filled_by_its_own(train, other):
    tensors = []
    filled = train.fillna(train.median())
    for part in (train, other):
        scaled = (part.fillna(part.median()) - filled.mean()) / filled.std()
        both = np.concatenate([scaled, part.isna()], axis=1)
        tensors.append(torch.tensor(both, dtype=torch.float32))
    return tensors


@wrong("rain.prepare", "the columns of train[0, 0] should be")
def prepare_by_range(train, other):
    parts = prepared(train, other)
    parts[0][:, : train.shape[1]] /= 2
    return parts


@wrong("rain.prepare", "use those of train")
def prepare_by_both(train, other):
    return prepared(train, other, basis=lambda part: pd.concat([train, other]))


@wrong("rain.prepare", "from train after filling, not before")
def prepare_scaled_before_filling(train, other):
    tensors = []
    for part in (train, other):
        scaled = (part.fillna(train.median()) - train.mean()) / train.std()
        both = np.concatenate([scaled, part.isna()], axis=1)
        tensors.append(torch.tensor(both, dtype=torch.float32))
    return tensors


@wrong("rain.prepare", "the columns are filled, but not scaled")
def prepare_without_scaling(train, other):
    tensors = []
    for part in (train, other):
        both = np.concatenate([part.fillna(train.median()), part.isna()], axis=1)
        tensors.append(torch.tensor(both, dtype=torch.float32))
    return tensors


@wrong("rain.prepare", "the flags are the wrong way round")
def prepare_with_inverted_flags(train, other):
    return prepared(train, other, flags=lambda part: part.notna())


@wrong("rain.prepare", "the flags of train[")
def prepare_with_empty_flags(train, other):
    return prepared(train, other, flags=lambda part: part.fillna(0).isna())


@wrong("rain.prepare", "must have shape (40, 6), yours has (40, 3)")
def prepare_without_flags(train, other):
    return [part[:, : train.shape[1]] for part in prepared(train, other)]


@wrong("rain.prepare", "must be torch.float32, yours is torch.float64")
def prepare_in_float64(train, other):
    return [part.double() for part in prepared(train, other)]


@wrong("rain.prepare", "still holds missing values")
def prepare_without_filling(train, other):
    tensors = []
    for part in (train, other):
        both = np.concatenate([(part - train.mean()) / train.std(), part.isna()], axis=1)
        tensors.append(torch.tensor(both, dtype=torch.float32))
    return tensors


@wrong("rain.prepare", "changes the tables that it is given")
def prepare_in_place(train, other):
    tensors = prepared(train, other)
    train.fillna(train.median(), inplace=True)
    return tensors


@wrong("rain.prepare", "the tensor for train must be a tensor, yours is of type ndarray")
def prepare_as_arrays(train, other):
    return [part.numpy() for part in prepared(train, other)]


@wrong("rain.prepare", "the result must be a tuple or list")
def prepare_train_only(train, other):
    return prepared(train, other)[0]


@wrong("rain.prepare", "return two tensors, yours are 3")
def prepare_and_median(train, other):
    return (*prepared(train, other), train.median())


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


@wrong("rain.precision_recall", "yours is the accuracy")
def accuracy_for_precision(y_pred, y):
    return (y_pred == y).float().mean().item(), precision_recall_by_loop(y_pred, y)[1]


@wrong("rain.precision_recall", "ZeroDivisionError")
def precision_recall_without_care(y_pred, y):
    hits = (y_pred & y).sum().item()
    return hits / y_pred.sum().item(), hits / y.sum().item()


@wrong("rain.precision_recall", "precision (0 called True")
def precision_nan(y_pred, y):
    hits = (y_pred & y).sum()
    return (hits / y_pred.sum()).item(), (hits / y.sum()).item()


@wrong("rain.precision_recall", "must be a plain number, yours is a tensor")
def precision_recall_as_tensors(y_pred, y):
    hits = (y_pred & y).sum()
    return hits / y_pred.sum(), hits / y.sum()


@wrong("rain.precision_recall", "the result must be a tuple or list")
def precision_only(y_pred, y):
    return precision_recall_by_loop(y_pred, y)[0]


@wrong("rain.precision_recall", "yours are 3 values")
def precision_recall_and_f1(y_pred, y):
    return [*precision_recall_by_loop(y_pred, y), 0.0]


@wrong("rain.precision_recall", "recall (")
def recall_of_all_rows(y_pred, y):
    return precision_recall_by_loop(y_pred, y)[0], (y_pred & y).float().mean().item()


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


@wrong("rain.best_threshold", "return the smallest")
def largest_of_the_cheapest(probs, y, missed, false_alarm):
    return min(reversed(GRID), key=lambda t: cost(probs, y, t, missed, false_alarm))


@wrong("rain.best_threshold", "the two costs are swapped")
def threshold_for_swapped_costs(probs, y, missed, false_alarm):
    return threshold_by_min(probs, y, false_alarm, missed)


@wrong("rain.best_threshold", "this is the most expensive threshold")
def most_expensive_threshold(probs, y, missed, false_alarm):
    return max(GRID, key=lambda t: cost(probs, y, t, missed, false_alarm))


@wrong("rain.best_threshold", "yours, 0.50, costs")
def always_half(probs, y, missed, false_alarm):
    return 0.5


@wrong("rain.best_threshold", "the threshold must be one of 0.00, 0.01")
def threshold_among_the_probabilities(probs, y, missed, false_alarm):
    return min(probs.tolist(), key=lambda t: cost(probs, y, t, missed, false_alarm))


@wrong("rain.best_threshold", "the threshold must be one of 0.00, 0.01")
def threshold_in_percent(probs, y, missed, false_alarm):
    return 100 * threshold_by_min(probs, y, missed, false_alarm)


@wrong("rain.best_threshold", "with missed=4 and false_alarm=1")
def threshold_by_formula(probs, y, missed, false_alarm):
    return round(false_alarm / (missed + false_alarm), 2)


@wrong("rain.best_threshold", "must be a plain number, yours is a tensor")
def threshold_as_a_tensor(probs, y, missed, false_alarm):
    return torch.tensor(threshold_by_min(probs, y, missed, false_alarm))
