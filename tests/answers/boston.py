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


wrong("boston.tensors", "pass your function make_tensors itself")((1, 2))


@wrong("boston.tensors", "y must be a tensor, yours is of type list")
def target_as_a_list(table):
    return convert(table)[0], table["medv"].tolist()


@wrong("boston.tensors", "X must be a tensor, yours is of type list")
def features_as_lists(table):
    return table.drop(columns="medv").to_numpy().tolist(), convert(table)[1]


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


@wrong("boston.standardise", "you divide by the variance")
def divides_by_the_variance(X_train, X_val):
    return by(X_train, X_train.mean(0), X_train.var(0)), by(X_val, X_train.mean(0), X_train.var(0))


@wrong("boston.standardise", "you divide by the variance")
def divides_by_the_biased_variance(X_train, X_val):
    mean, var = X_train.mean(0), X_train.var(0, unbiased=False)
    return by(X_train, mean, var), by(X_val, mean, var)


@wrong("boston.standardise", "divides first and then subtracts")
def without_brackets(X_train, X_val):
    mean, std = X_train.mean(0), X_train.std(0)
    return X_train - mean / std, X_val - mean / std


@wrong("boston.standardise", "you scale each row with its own numbers")
def each_row_for_itself(X_train, X_val):
    mean, std = X_train.mean(1, keepdim=True), X_train.std(1, keepdim=True)
    return by(X_train, mean, std), by(X_val, X_train.mean(), X_train.std())


@wrong("boston.standardise", "the scaled X_val must be a tensor")
def second_as_an_array(X_train, X_val):
    scaled = by(X_train, X_train.mean(0), X_train.std(0))
    return scaled, by(X_val, X_train.mean(0), X_train.std(0)).numpy()


@wrong("boston.standardise", "RuntimeError")
def means_of_the_rows(X_train, X_val):
    return by(X_train, X_train.mean(1), X_train.std(1)), by(X_val, X_train.mean(1), X_train.std(1))


wrong("boston.standardise", "pass your function standardise itself")(torch.zeros(3, 2))


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


@right("boston.network")
class NetworkNamedFromTheEnd(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.out = nn.Linear(100, 1)
        self.middle = nn.Linear(200, 100)
        self.first = nn.Linear(inputs, 200)
        self.activation = nn.LeakyReLU()

    def forward(self, X):
        return self.out(self.activation(self.middle(self.activation(self.first(X)))))


@wrong("boston.network", "must be a tensor, yours is of type tuple")
class NetworkThatReturnsTwo(NetworkAsAClass):
    def forward(self, X):
        return super().forward(X), X


@wrong("boston.network", "parameters besides the weights and biases of three linear layers")
def with_prelu(features):
    return stack(features, nn.PReLU)


@wrong("boston.network", "must be a Module, yours is of type list")
def a_list_of_layers(features):
    return [nn.Linear(features, 200), nn.LeakyReLU(), nn.Linear(200, 100), nn.Linear(100, 1)]


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


@wrong("boston.k_fold", "must use each of the rows 0 to 22 once")
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


@wrong("boston.k_fold", "must use each of the rows 0 to 19 once")
def trains_on_one_other_part(n, k, seed):
    folds = cut(n, k, seed)
    return [(folds[i - 1][1], folds[i][1]) for i in range(k)]


@wrong("boston.k_fold", "must use each of the rows 0 to 19 once")
def trains_twice_on_some(n, k, seed):
    return [(torch.cat([train, train[:1]]), val) for train, val in cut(n, k, seed)]


@right("boston.k_fold")
def folds_from_numpy(n, k, seed):
    parts = np.array_split(np.random.default_rng(seed).permutation(n), k)
    return tuple(
        (np.concatenate([p for j, p in enumerate(parts) if j != i]), parts[i]) for i in range(k)
    )


@right("boston.k_fold")
def folds_dealt_like_cards(n, k, seed):
    import random

    rows = list(range(n))
    random.Random(seed).shuffle(rows)
    for i in range(k):
        yield [row for j, row in enumerate(rows) if j % k != i], sorted(rows[i::k])


def dealt(rows, k):
    """Return folds of every k-th of these rows, as lists."""
    rows = [int(row) for row in rows]
    parts = [rows[i::k] for i in range(k)]
    return [([r for r in rows if r not in set(part)], part) for part in parts]


@wrong("boston.k_fold", "the rows are not shuffled")
def every_kth_row(n, k, seed):
    return dealt(range(n), k)


@wrong("boston.k_fold", "the rows are not shuffled")
def every_kth_row_after_a_turn(n, k, seed):
    return dealt(torch.arange(n).roll(seed), k)


@wrong("boston.k_fold", "the rows are not shuffled")
def every_kth_row_from_the_end(n, k, seed):
    return dealt([(seed - i) % n for i in range(n)], k)


@wrong("boston.k_fold", "the rows are not shuffled")
def in_order_after_a_turn(n, k, seed):
    return cut(n, k, seed, torch.arange(n).roll(7 * seed))


@wrong("boston.k_fold", "the rows are not shuffled")
def shuffles_the_parts_alone(n, k, seed):
    torch.manual_seed(seed)
    parts = [part[torch.randperm(len(part))] for part in torch.arange(n).tensor_split(k)]
    return [(torch.cat(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]


@wrong("boston.k_fold", "the rows are not shuffled")
def shuffles_blocks_of_ten(n, k, seed):
    torch.manual_seed(seed)
    blocks = torch.arange(n).split(10)
    rows = torch.cat([blocks[i] for i in torch.randperm(len(blocks))])
    return cut(n, k, seed, rows)


@wrong("boston.k_fold", "the rows are not shuffled")
def multiplies_the_rows(n, k, seed):
    return cut(n, k, seed, torch.arange(n) * 129 % n)


@wrong("boston.k_fold", "yours ignores the seed")
def changes_only_the_order(n, k, seed):
    folds = cut(n, k, 0)
    return folds[seed % k :] + folds[: seed % k]


@wrong("boston.k_fold", "is a mask of True and False")
def masks(n, k, seed):
    return [(~mask, mask) for mask in (torch.arange(n) % k == i for i in range(k))]


@wrong("boston.k_fold", "must be flat lists of whole row numbers")
def rows_in_a_column(n, k, seed):
    return [(train.unsqueeze(1), val.unsqueeze(1)) for train, val in cut(n, k, seed)]


@wrong("boston.k_fold", "must be flat lists of whole row numbers")
def rows_as_decimals(n, k, seed):
    return [(train.float(), val.float()) for train, val in cut(n, k, seed)]


@wrong("boston.k_fold", "each row must validate exactly once")
def the_same_fold_each_time(n, k, seed):
    return [cut(n, k, seed)[0]] * k


@wrong("boston.k_fold", "gives 1000")
def folds_without_end(n, k, seed):
    while True:
        yield from cut(n, k, seed)


@wrong("boston.k_fold", "NameError")
def fails_at_the_second_fold(n, k, seed):
    yield cut(n, k, seed)[0]
    yield missing  # noqa: F821


# ---- boston.mse -----------------------------------------------------------------------------


@right("boston.mse")
def mse_by_dimensions(y_pred, y):
    if y.dim() == 1:
        y = y.unsqueeze(1)
    if y.shape != y_pred.shape:
        raise ValueError("shapes differ")
    return torch.nn.functional.mse_loss(y_pred, y)


@right("boston.mse")
def mse_of_flat_tensors(predictions, targets):
    a, b = predictions.flatten(), targets.double().flatten()
    if len(a) != len(b):
        raise ValueError
    return sum((a - b) ** 2) / len(a)


def checked(y_pred, y):
    """Raise the ValueError that is asked for."""
    if y.numel() != y_pred.numel():
        raise ValueError("numbers of values differ")


@wrong("boston.mse", "you compare each prediction with every target")
def mse_of_any_shape(y_pred, y):
    checked(y_pred, y)
    return ((y_pred - y) ** 2).mean()


@wrong("boston.mse", "you compare each prediction with every target")
def mse_that_flattens_the_target(y_pred, y):
    checked(y_pred, y)
    return ((y_pred - y.flatten()) ** 2).mean()


@wrong("boston.mse", "you add the squares up")
def mse_as_a_sum(y_pred, y):
    checked(y_pred, y)
    return ((y_pred - y.reshape(-1, 1)) ** 2).sum()


@wrong("boston.mse", "you return the root")
def mse_with_a_root(y_pred, y):
    return mse_by_dimensions(y_pred, y).sqrt()


@wrong("boston.mse", "the loss should be")
def mean_absolute_error(y_pred, y):
    checked(y_pred, y)
    return (y_pred - y.reshape(-1, 1)).abs().mean()


@wrong("boston.mse", "must have shape (), yours has (7, 1)")
def mse_of_each_row(y_pred, y):
    checked(y_pred, y)
    return (y_pred - y.reshape(-1, 1)) ** 2


@wrong("boston.mse", "the loss must be a tensor, yours is of type float")
def mse_as_a_number(y_pred, y):
    return mse_by_dimensions(y_pred, y).item()


@wrong("boston.mse", "the loss has lost its graph")
def mse_detached(y_pred, y):
    return mse_by_dimensions(y_pred.detach(), y)


@wrong("boston.mse", "changes y in place")
def mse_turns_the_target(y_pred, y):
    checked(y_pred, y)
    if y.dim() == 1:
        y.unsqueeze_(1)
    return ((y_pred - y) ** 2).mean()


@wrong("boston.mse", "changes y in place")
def mse_overwrites_the_target(y_pred, y):
    checked(y_pred, y)
    target = y.view(-1, 1)
    return target.sub_(y_pred).pow(2).mean()


@wrong("boston.mse", "for predictions (7, 1) and y (1,) your function must raise a ValueError: the")
def mse_that_refuses_nothing(y_pred, y):
    return ((y_pred - y.reshape(-1, 1)) ** 2).mean()


@wrong("boston.mse", "must raise a ValueError, it raises RuntimeError")
def mse_that_lets_view_complain(y_pred, y):
    return ((y_pred - y.view(y_pred.shape)) ** 2).mean()


@wrong("boston.mse", "must raise a ValueError, it raises AssertionError")
def mse_with_an_assertion(y_pred, y):
    assert y.numel() == y_pred.numel()
    return mse_by_dimensions(y_pred, y)


@wrong("boston.mse", "ValueError: shapes differ")
def mse_that_refuses_flat_targets(y_pred, y):
    if y.shape != y_pred.shape:
        raise ValueError("shapes differ")
    return ((y_pred - y) ** 2).mean()


@wrong("boston.mse", "for predictions (7, 1) and y (7, 2)")
def mse_that_counts_rows_only(y_pred, y):
    if len(y) != len(y_pred):
        raise ValueError("numbers of rows differ")
    return ((y_pred - (y.unsqueeze(1) if y.dim() == 1 else y)) ** 2).mean()


# ---- boston.compare -------------------------------------------------------------------------

torch_state = torch.get_rng_state()
GLOBAL_MODEL, GLOBAL_TARGET = nn.Linear(13, 1), torch.randn(506, 1)
torch.set_rng_state(torch_state)


@right("boston.compare")
@torch.no_grad()
def compare_with_mse_loss(networks, inputs, targets):
    return {key: F.mse_loss(net(inputs), targets).item() for key, net in networks.items()}


@right("boston.compare")
def compare_in_eval_mode(models, X, y):
    result = {}
    for name in reversed(list(models)):
        with torch.inference_mode():
            y_pred = models[name].eval()(X)
        result[name] = float(np.mean((y_pred - y).numpy() ** 2))
    return result


@wrong("boston.compare", "all models get the same number")
@torch.no_grad()
def compare_by_the_global_model(models, X, y):
    return {name: F.mse_loss(GLOBAL_MODEL(X), y).item() for name in models}


@wrong("boston.compare", "the error of 'one' should be")
@torch.no_grad()
def compare_with_the_global_target(models, X, y):
    return {name: F.mse_loss(m(X), GLOBAL_TARGET).item() for name, m in models.items()}


@wrong("boston.compare", "records a graph")
def compare_with_a_graph(models, X, y):
    return {name: F.mse_loss(m(X), y).item() for name, m in models.items()}


@wrong("boston.compare", "the error of 'one' must be a plain number, yours is a tensor")
@torch.no_grad()
def compare_without_item(models, X, y):
    return {name: F.mse_loss(m(X), y) for name, m in models.items()}


@wrong("boston.compare", "must be a dict, yours is of type list")
@torch.no_grad()
def compare_as_a_list(models, X, y):
    return [F.mse_loss(m(X), y).item() for m in models.values()]


@wrong("boston.compare", "must be a dict, yours is of type float")
@torch.no_grad()
def compare_returns_in_the_loop(models, X, y):
    for m in models.values():
        return F.mse_loss(m(X), y).item()


@wrong("boston.compare", "the keys must be the names of the models, ['one', 'three', 'two']; yours")
@torch.no_grad()
def compare_by_number(models, X, y):
    return {i: F.mse_loss(m(X), y).item() for i, m in enumerate(models.values())}


@wrong("boston.compare", "yours are ['three']")
@torch.no_grad()
def compare_keeps_the_last(models, X, y):
    for name, m in models.items():
        errors = {name: F.mse_loss(m(X), y).item()}
    return errors


@wrong("boston.compare", "you return the root of the error")
def compare_by_rmse(models, X, y):
    return {name: e**0.5 for name, e in compare_with_mse_loss(models, X, y).items()}


@wrong("boston.compare", "you add the squares up")
def compare_by_sums(models, X, y):
    return {name: e * len(X) for name, e in compare_with_mse_loss(models, X, y).items()}


@wrong("boston.compare", "the error of 'two' should be")
def compare_adds_up(models, X, y):
    errors, total = {}, 0.0
    for name, error in compare_with_mse_loss(models, X, y).items():
        total += error
        errors[name] = total
    return errors


# ---- boston.importance ----------------------------------------------------------------------


def shuffled_column(X, column, seed):
    """Return X with one column shuffled."""
    generator = torch.Generator().manual_seed(seed)
    X = X.clone()
    X[:, column] = X[torch.randperm(len(X), generator=generator), column]
    return X


def rmse_of(y_pred, y):
    """Return the root of the mean squared error."""
    return ((y_pred - y) ** 2).mean().sqrt().item()


@right("boston.importance")
def importance_by_joining(model, rows, target, j, seed):
    torch.manual_seed(seed)
    order = torch.randperm(len(rows))
    mixed = torch.cat([rows[:, :j], rows[order, j : j + 1], rows[:, j + 1 :]], dim=1)
    return rmse_of(model(mixed), target) - rmse_of(model(rows), target)


@right("boston.importance")
def importance_with_numpy(predict, X, y, column, seed):
    before = rmse_of(predict(X), y)
    numbers = X.numpy().copy()
    np.random.default_rng(seed).shuffle(numbers[:, column])
    return rmse_of(predict(torch.from_numpy(numbers)), y) - before


@right("boston.importance")
def importance_that_puts_back(predict, X, y, column, seed):
    before, kept = rmse_of(predict(X), y), X[:, column].clone()
    X[:, column] = shuffled_column(X, column, seed)[:, column]
    after = rmse_of(predict(X), y)
    X[:, column] = kept
    return np.float64(after - before)


@wrong("boston.importance", "changes X or y in place")
def importance_in_place(predict, X, y, column, seed):
    before = rmse_of(predict(X), y)
    torch.manual_seed(seed)
    X[:, column] = X[torch.randperm(len(X)), column]
    return rmse_of(predict(X), y) - before


@wrong("boston.importance", "changes X or y in place")
def importance_changes_the_target(predict, X, y, column, seed):
    after = rmse_of(predict(shuffled_column(X, column, seed)), y)
    before = y.sub_(predict(X)).pow(2).mean().sqrt().item()
    return after - before


@wrong("boston.importance", "yours never is")
def importance_shuffles_the_target(predict, X, y, column, seed):
    torch.manual_seed(seed)
    return rmse_of(predict(X), y[torch.randperm(len(y))]) - rmse_of(predict(X), y)


@wrong("boston.importance", "for column 0 you change other columns too")
def importance_shuffles_whole_rows(predict, X, y, column, seed):
    torch.manual_seed(seed)
    return rmse_of(predict(X[torch.randperm(len(X))]), y) - rmse_of(predict(X), y)


@wrong("boston.importance", "for column 2 you change other columns too")
def importance_of_the_first_column(predict, X, y, column, seed):
    return rmse_of(predict(shuffled_column(X, 0, seed)), y) - rmse_of(predict(X), y)


@wrong("boston.importance", "yours holds other numbers")
def importance_with_zeros(predict, X, y, column, seed):
    X_new = X.clone()
    X_new[:, column] = 0
    return rmse_of(predict(X_new), y) - rmse_of(predict(X), y)


@wrong("boston.importance", "yours holds other numbers")
def importance_draws_with_replacement(predict, X, y, column, seed):
    torch.manual_seed(seed)
    X_new = X.clone()
    X_new[:, column] = X[torch.randint(len(X), (len(X),)), column]
    return rmse_of(predict(X_new), y) - rmse_of(predict(X), y)


@wrong("boston.importance", "must have shape (60, 4), yours has (60, 3)")
def importance_without_the_column(predict, X, y, column, seed):
    keep = [c for c in range(X.shape[1]) if c != column]
    try:
        return rmse_of(predict(X[:, keep]), y) - rmse_of(predict(X), y)
    except RuntimeError:
        return 0.0


@wrong("boston.importance", "the sign is wrong")
def importance_the_other_way_round(predict, X, y, column, seed):
    return rmse_of(predict(X), y) - rmse_of(predict(shuffled_column(X, column, seed)), y)


@wrong("boston.importance", "subtract the error before")
def importance_without_the_difference(predict, X, y, column, seed):
    return rmse_of(predict(shuffled_column(X, column, seed)), y)


@wrong("boston.importance", "you return the rise of the MSE")
def importance_by_mse(predict, X, y, column, seed):
    after = F.mse_loss(predict(shuffled_column(X, column, seed)), y)
    return (after - F.mse_loss(predict(X), y)).item()


@wrong("boston.importance", "the importance of column 0 should be")
def importance_as_a_ratio(predict, X, y, column, seed):
    return rmse_of(predict(shuffled_column(X, column, seed)), y) / rmse_of(predict(X), y)


@wrong("boston.importance", "the importance must be a plain number, yours is a tensor")
def importance_without_item(predict, X, y, column, seed):
    after = F.mse_loss(predict(shuffled_column(X, column, seed)), y).sqrt()
    return after - F.mse_loss(predict(X), y).sqrt()


@wrong("boston.importance", "yours ignores the seed")
def importance_with_one_seed(predict, X, y, column, seed):
    return rmse_of(predict(shuffled_column(X, column, 0)), y) - rmse_of(predict(X), y)


@wrong("boston.importance", "yours ignores the seed")
def importance_reverses(predict, X, y, column, seed):
    X_new = X.clone()
    X_new[:, column] = X[:, column].flip(0)
    return rmse_of(predict(X_new), y) - rmse_of(predict(X), y)


@wrong("boston.importance", "the same seed must give the same order")
def importance_without_a_seed(predict, X, y, column, seed):
    X_new = X.clone()
    X_new[:, column] = X[torch.randperm(len(X)), column]
    return rmse_of(predict(X_new), y) - rmse_of(predict(X), y)


wrong("boston.bug_hunt", "pass your function epoch_loss itself")(3.5)


wrong("boston.k_fold", "pass your function k_fold itself")([])


wrong("boston.mse", "pass your function mse itself")(torch.tensor(1.0))


wrong("boston.compare", "pass your function compare itself")({})


wrong("boston.importance", "pass your function importance itself")(0.5)
wrong("boston.network", "pass your function make_network itself")(None)
