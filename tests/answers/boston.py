"""Answers to the exercises of 06_boston_regression."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from answers import right, wrong

# ---- boston.tensors -------------------------------------------------------------------------


@right("boston.tensors")
def tensors_through_numpy(table):
    numbers = torch.from_numpy(table.to_numpy().astype("float32"))
    return numbers[:, :-1], numbers[:, -1].reshape(-1, 1)


@right("boston.tensors")
def tensors_with_unsqueeze(table):
    X = torch.tensor(table.drop("medv", axis=1).values).float()
    return [X, torch.tensor(table["medv"].values).float().unsqueeze(1)]


def convert(table, dtype=torch.float32):
    """Return the right tensors, for a wrong answer to spoil."""
    X, y = tensors_through_numpy(table)
    return X.to(dtype), y.to(dtype)


@wrong("boston.tensors", "y has shape (9,)")
def target_without_a_column(table):
    X, y = convert(table)
    return X, y.squeeze(1)


@wrong("boston.tensors", "X still holds the column medv")
def target_among_the_features(table):
    return torch.tensor(table.to_numpy(), dtype=torch.float32), convert(table)[1]


@wrong("boston.tensors", "X must be torch.float32, yours is torch.float64")
def in_float64(table):
    return convert(table, torch.float64)


@wrong("boston.tensors", "y must be torch.float32, yours is torch.int64")
def target_in_whole_dollars(table):
    X, y = convert(table)
    return X, (1000 * y).long()


@wrong("boston.tensors", "changes the table that is passed in")
def drops_in_place(table):
    y = torch.tensor(table[["medv"]].to_numpy(), dtype=torch.float32)
    del table["medv"]
    return torch.tensor(table.to_numpy(), dtype=torch.float32), y


@wrong("boston.tensors", "X must be a tensor, yours is of type ndarray")
def forgets_the_tensors(table):
    return table.drop(columns="medv").to_numpy(), table[["medv"]].to_numpy()


@wrong("boston.tensors", "y must be a tensor, yours is of type DataFrame")
def forgets_the_second_tensor(table):
    return convert(table)[0], table[["medv"]]


@wrong("boston.tensors", "must return two tensors")
def features_alone(table):
    return convert(table)[0]


@wrong("boston.tensors", "X[0, 0] should be")
def drops_the_first_column(table):
    X = torch.tensor(table.drop(columns="crim").to_numpy(), dtype=torch.float32)
    return X, convert(table)[1]


@wrong("boston.tensors", "y[0, 0] should be")
def takes_another_target(table):
    return convert(table)[0], torch.tensor(table[["crim"]].to_numpy(), dtype=torch.float32)


# ---- boston.standardise ---------------------------------------------------------------------


@right("boston.standardise")
def with_the_biased_std(X_train, X_val):
    mean, std = X_train.mean(0), X_train.std(0, unbiased=False)
    return [(X_train - mean) / std, (X_val - mean) / std]


@right("boston.standardise")
def in_double_precision(X_train, X_val):
    mean, std = X_train.double().mean(0, keepdim=True), X_train.double().std(0, keepdim=True)
    return (X_train - mean) / std, (X_val - mean) / std


def by(X, mean, std):
    """Return X, scaled."""
    return (X - mean) / std


@wrong("boston.standardise", "scaled with its own numbers")
def each_with_its_own(X_train, X_val):
    return by(X_train, X_train.mean(0), X_train.std(0)), by(X_val, X_val.mean(0), X_val.std(0))


@wrong("boston.standardise", "lets the validation rows leak in")
def fitted_on_both(X_train, X_val):
    both = torch.cat([X_train, X_val])
    return by(X_train, both.mean(0), both.std(0)), by(X_val, both.mean(0), both.std(0))


@wrong("boston.standardise", "each column needs its own")
def one_mean_for_all(X_train, X_val):
    return by(X_train, X_train.mean(), X_train.std()), by(X_val, X_train.mean(), X_train.std())


@wrong("boston.standardise", "the scaled X_train[0, 0] should be")
def forgets_the_std(X_train, X_val):
    return X_train - X_train.mean(0), X_val - X_train.mean(0)


@wrong("boston.standardise", "the scaled X_val[0, 0] should be")
def forgets_the_std_of_the_second(X_train, X_val):
    return by(X_train, X_train.mean(0), X_train.std(0)), X_val - X_train.mean(0)


@wrong("boston.standardise", "Keep both in variables first")
def replaces_the_first(X_train, X_val):
    X_train = by(X_train, X_train.mean(0), X_train.std(0))
    return X_train, by(X_val, X_train.mean(0), X_train.std(0))


@wrong("boston.standardise", "X_val comes back as it was")
def scales_only_the_first(X_train, X_val):
    return by(X_train, X_train.mean(0), X_train.std(0)), X_val


@wrong("boston.standardise", "in place")
def in_place(X_train, X_val):
    mean, std = X_train.mean(0), X_train.std(0)
    X_train -= mean
    X_val -= mean
    return X_train / std, X_val / std


@wrong("boston.standardise", "in place")
def second_in_place(X_train, X_val):
    mean, std = X_train.mean(0), X_train.std(0)
    return by(X_train, mean, std), X_val.sub_(mean).div_(std)


@wrong("boston.standardise", "must return two tensors")
def returns_one(X_train, X_val):
    return by(X_train, X_train.mean(0), X_train.std(0))


@wrong("boston.standardise", "the scaled X_train must be a tensor")
def as_arrays(X_train, X_val):
    return X_train.numpy(), X_val.numpy()


@wrong("boston.standardise", "the scaled X_val must have shape (11, 13), yours has (40, 13)")
def returns_the_first_twice(X_train, X_val):
    scaled = by(X_train, X_train.mean(0), X_train.std(0))
    return scaled, scaled


@wrong("boston.standardise", "the scaled X_train must have shape (40, 13), yours has (11, 13)")
def in_the_wrong_order(X_train, X_val):
    return by(X_val, X_train.mean(0), X_train.std(0)), by(X_train, X_train.mean(0), X_train.std(0))


# ---- boston.network -------------------------------------------------------------------------


@right("boston.network")
class NetworkAsAClass(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.one, self.two = nn.Linear(features, 200), nn.Linear(200, 100)
        self.three = nn.Linear(100, 1)

    def forward(self, X):
        return self.three(F.leaky_relu(self.two(F.leaky_relu(self.one(X)))))


def stack(features, activation=nn.LeakyReLU, sizes=(200, 100), *last):
    """Return a network with something of another kind."""
    first, second = sizes
    return nn.Sequential(
        nn.Linear(features, first),
        activation(),
        nn.Linear(first, second),
        activation(),
        nn.Linear(second, 1),
        *last,
    )


@right("boston.network")
def nested(features):
    return nn.Sequential(stack(features), nn.Identity())


@right("boston.network")
def with_one_activation_used_twice(features):
    activation = nn.LeakyReLU()
    return stack(features, lambda: activation)


@wrong("boston.network", "with LeakyReLU after the first and second layer only, the output")
def with_relu(features):
    return stack(features, nn.ReLU)


@wrong("boston.network", "with LeakyReLU after the first and second layer only, the output")
def ends_in_leaky_relu(features):
    return stack(features, nn.LeakyReLU, (200, 100), nn.LeakyReLU())


@wrong("boston.network", "there is no LeakyReLU between the layers")
def without_any_activation(features):
    return stack(features, nn.Identity)


@wrong("boston.network", "(200, 13), (100, 200) and (1, 100), yours have (100, 13)")
def with_swapped_sizes(features):
    return stack(features, sizes=(100, 200))


@wrong("boston.network", "make_network(12) must have weights of shape (200, 12)")
def always_13_features(features):
    return stack(13)


@wrong("boston.network", "each of the three layers needs its bias")
def boston_without_a_bias(features):
    model = stack(features)
    model[0].bias = None
    return model


@wrong("boston.network", "must have shape (6, 1), yours has (6,)")
def flattened(features):
    return stack(features, nn.LeakyReLU, (200, 100), nn.Flatten(0))


@wrong("boston.network", "None (is the return missing?)")
def network_without_return(features):
    stack(features)


# ---- boston.bug_hunt ------------------------------------------------------------------------


@right("boston.bug_hunt")
@torch.no_grad()
def loss_of_all_joined(model, loader, loss_fn):
    parts = [(model(X), y) for X, y in loader]
    return loss_fn(torch.cat([p for p, _ in parts]), torch.cat([y for _, y in parts])).item()


@right("boston.bug_hunt")
@torch.no_grad()
def divided_by_the_data_set(model, loader, loss_fn):
    total = sum(loss_fn(model(X), y).item() * len(X) for X, y in loader)
    return total / len(loader.dataset)


@wrong("boston.bug_hunt", "multiply each by len(X) first")
def forgets_the_weights(model, loader, loss_fn):
    return sum(batch_losses(model, loader, loss_fn)) / len(loader.dataset)


@wrong("boston.bug_hunt", "records a graph")
def records_a_graph(model, loader, loss_fn):
    total = sum(loss_fn(model(X), y).item() * len(X) for X, y in loader)
    return total / len(loader.dataset)


def batch_losses(model, loader, loss_fn):
    """Return the loss of each batch as a number."""
    return [loss_fn(model(X), y).item() for X, y in loader]


@wrong("boston.bug_hunt", "you divide by 4, the last index; there are 5 batches")
def divides_by_the_last_index(model, loader, loss_fn):
    losses = batch_losses(model, loader, loss_fn)
    return sum(losses) / (len(losses) - 1)


@wrong("boston.bug_hunt", "you divide by the number of batches, not of samples")
def mean_of_means(model, loader, loss_fn):
    return float(np.mean(batch_losses(model, loader, loss_fn)))


@wrong("boston.bug_hunt", "the loss should be")
def the_sum(model, loader, loss_fn):
    return sum(batch_losses(model, loader, loss_fn))


@wrong("boston.bug_hunt", "the loss should be")
def divides_by_the_first_batch(model, loader, loss_fn):
    size = len(next(iter(loader))[0])
    losses = batch_losses(model, loader, loss_fn)
    return sum(loss * size for loss in losses) / (size * len(loader) + 1)


@wrong("boston.bug_hunt", "the loss must be a plain number, yours is a tensor")
def adds_up_tensors(model, loader, loss_fn):
    total = sum(loss_fn(model(X), y) * len(X) for X, y in loader)
    return total / sum(len(X) for X, _ in loader)


@wrong("boston.bug_hunt", "the loss must be a number, yours is None")
def prints_instead(model, loader, loss_fn):
    batch_losses(model, loader, loss_fn)


# ---- boston.k_fold --------------------------------------------------------------------------


@right("boston.k_fold")
def folds_from_scikit_learn(n, k, seed):
    from sklearn.model_selection import KFold

    return KFold(k, shuffle=True, random_state=seed).split(np.arange(n))


@right("boston.k_fold")
def folds_of_lists(n, k, seed):
    torch.manual_seed(seed)
    rows = torch.randperm(n).tolist()
    parts = [rows[i::k] for i in range(k)]
    return [([r for r in rows if r not in set(part)], part) for part in parts]


def cut(n, k, seed, rows=None):
    """Return right folds, of these rows if given."""
    generator = torch.Generator().manual_seed(seed)
    rows = torch.randperm(n, generator=generator) if rows is None else rows
    parts = rows.tensor_split(k)
    return [(torch.cat(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]


@wrong("boston.k_fold", "is yours the other way round?")
def pairs_swapped(n, k, seed):
    return [(val, train) for train, val in cut(n, k, seed)]


@wrong("boston.k_fold", "as equal as they can be")
def cut_with_chunk(n, k, seed):
    torch.manual_seed(seed)
    parts = torch.randperm(n).chunk(k)
    return [(torch.cat(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]


@wrong("boston.k_fold", "validates on rows it trains on")
def trains_on_everything(n, k, seed):
    return [(torch.arange(n), val) for _, val in cut(n, k, seed)]


@wrong("boston.k_fold", "the rows are not shuffled")
def in_order(n, k, seed):
    return cut(n, k, seed, torch.arange(n))


@wrong("boston.k_fold", "yours ignores the seed")
def ignores_the_seed(n, k, seed):
    return cut(n, k, 0)


@wrong("boston.k_fold", "the same seed must give the same folds")
def never_seeds(n, k, seed):
    return cut(n, k, 0, torch.randperm(n))


@wrong("boston.k_fold", "must use each of the 23 rows once")
def drops_the_rest(n, k, seed):
    return cut(n, k, seed, torch.randperm(n)[: n - n % k])


@wrong("boston.k_fold", "as equal as they can be")
def all_the_rest_in_the_last(n, k, seed):
    rows = torch.randperm(n).tolist()
    size = n // k
    parts = [rows[i * size : (i + 1) * size if i < k - 1 else n] for i in range(k)]
    return [([r for r in rows if r not in set(part)], part) for part in parts]


@wrong("boston.k_fold", "each row must validate exactly once")
def k_random_splits(n, k, seed):
    size, folds = n // k, []
    for _ in range(k):
        rows = torch.randperm(n)
        folds.append((rows[size:], rows[:size]))
    return folds


@wrong("boston.k_fold", "must give 5 folds, yours gives 2")
def one_split(n, k, seed):
    return cut(n, k, seed)[0]


@wrong("boston.k_fold", "must be a pair (train_rows, val_rows)")
def validation_rows_alone(n, k, seed):
    return [val for _, val in cut(n, k, seed)]


@wrong("boston.k_fold", "yours is not a list")
def a_number(n, k, seed):
    return n // k


@wrong("boston.k_fold", "must be row numbers, yours is slice")
def slices(n, k, seed):
    size = n // k
    return [(slice(0, i * size), slice(i * size, (i + 1) * size)) for i in range(k)]


@wrong("boston.k_fold", "must use each of the 20 rows once")
def trains_on_one_other_part(n, k, seed):
    folds = cut(n, k, seed)
    return [(folds[i - 1][1], folds[i][1]) for i in range(k)]


@wrong("boston.k_fold", "must use each of the 20 rows once")
def trains_twice_on_some(n, k, seed):
    return [(torch.cat([train, train[:1]]), val) for train, val in cut(n, k, seed)]
