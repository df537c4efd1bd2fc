"""Answers to the exercises of 06_boston_regression."""

from functools import cache

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from answers import obvious, right, unfinished, wrong
from helpers import load_boston, rmse

# ---- boston.tensors -------------------------------------------------------------------------


@wrong("boston.tensors", "choose it by its name")
def tensors_through_numpy(table):
    numbers = torch.from_numpy(table.to_numpy().astype("float32"))
    return numbers[:, :-1], numbers[:, -1].reshape(-1, 1)


@right("boston.tensors")
def tensors_with_unsqueeze(table):
    X = torch.tensor(table.drop("medv", axis=1).values).float()
    return [X, torch.tensor(table["medv"].values).float().unsqueeze(1)]


def convert(table, dtype=torch.float32):
    """Return the right tensors, for a wrong answer to spoil."""
    X, y = tensors_with_unsqueeze(table)
    return X.to(dtype), y.to(dtype)


@wrong("boston.tensors", "y has no column: predictions will have shape")
def target_without_a_column(table):
    X, y = convert(table)
    return X, y.squeeze(1)


@wrong("boston.tensors", "X still holds the column medv")
def target_among_the_features(table):
    return torch.tensor(table.to_numpy(), dtype=torch.float32), convert(table)[1]


@wrong("boston.tensors", "X is torch.float64, right is torch.float32")
def in_float64(table):
    return convert(table, torch.float64)


@wrong("boston.tensors", "y is torch.int64, right is torch.float32")
def target_in_whole_dollars(table):
    X, y = convert(table)
    return X, (1000 * y).long()


@wrong("boston.tensors", "changes table, which is passed in")
def drops_in_place(table):
    y = torch.tensor(table[["medv"]].to_numpy(), dtype=torch.float32)
    del table["medv"]
    return torch.tensor(table.to_numpy(), dtype=torch.float32), y


@wrong("boston.tensors", "X is of type ndarray, and must be a tensor")
def forgets_the_tensors(table):
    return table.drop(columns="medv").to_numpy(), table[["medv"]].to_numpy()


@wrong("boston.tensors", "y is of type DataFrame, and must be a tensor")
def forgets_the_second_tensor(table):
    return convert(table)[0], table[["medv"]]


@wrong("boston.tensors", "make_tensors must return two tensors, X and y, yours is a tensor")
def features_alone(table):
    return convert(table)[0]


@wrong("boston.tensors", "right is")
def drops_the_first_column(table):
    X = torch.tensor(table.iloc[:, 1:].to_numpy(), dtype=torch.float32)
    return X, convert(table)[1]


@wrong("boston.tensors", "y is")
def takes_another_target(table):
    return convert(table)[0], torch.tensor(table.iloc[:, :1].to_numpy(), dtype=torch.float32)


wrong("boston.tensors", "pass your function make_tensors itself")((1, 2))


@wrong("boston.tensors", "of type list, and must be a tensor")
def target_as_a_list(table):
    return convert(table)[0], table["medv"].tolist()


@wrong("boston.tensors", "of type list, and must be a tensor")
def features_as_lists(table):
    return table.drop(columns="medv").to_numpy().tolist(), convert(table)[1]


@obvious("boston.tensors")
def tensors_cell_by_cell(table):
    X, y = [], []
    for i in range(len(table)):
        row = table.iloc[i].to_dict()
        y.append([float(row["medv"])])
        X.append([float(row[name]) for name in table.columns if name != "medv"])
    return torch.FloatTensor(X), torch.FloatTensor(y)


@right("boston.tensors")
def tensors_from_a_changed_copy(table):
    table = table.copy()
    y = torch.as_tensor(table.pop("medv").to_numpy(), dtype=torch.float32)[:, None]
    return torch.as_tensor(table.to_numpy(), dtype=torch.float32), y


@wrong("boston.tensors", "With")
def features_in_alphabetical_order(table):
    X = table[sorted(set(table.columns) - {"medv"})].to_numpy()
    return torch.tensor(X, dtype=torch.float32), convert(table)[1]


@wrong("boston.tensors", "X has shape (1, 1), right is (1, 2)")
def target_first(table):
    return convert(table)[::-1]


@wrong("boston.tensors", "in")
def names_of_the_real_table(table):
    names = ["crim", "zn", "indus", "chas", "nox", "rm", "age", "dis", "rad", "tax"]
    return torch.tensor(table[names].to_numpy(), dtype=torch.float32), convert(table)[1]


@wrong("boston.tensors", "y has shape (1, 1, 1)")
def one_column_too_many(table):
    X, y = convert(table)
    return X, y.unsqueeze(1)


@wrong("boston.tensors", "X is ")
def features_scaled_already(table):
    X, y = convert(table)
    return X - X.mean(dim=0) + 1, y


@wrong("boston.tensors", "changes table, which is passed in")
def adds_a_column(table):
    table["y"] = table["medv"]
    return convert(table.drop(columns="y"))


@wrong("boston.tensors", "X has shape ")
def transposed(table):
    X, y = convert(table)
    return X.T, y


@wrong("boston.tensors", "y is ")
def target_in_dollars(table):
    X, y = convert(table)
    return X, 1000 * y


ROWS = []


@wrong("boston.tensors", "it remembers an earlier call")
def collects_tables(table):
    ROWS.append(table)
    X, y = convert(table)
    return X.repeat(len(ROWS), 1), y.repeat(len(ROWS), 1)


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


@wrong("boston.standardise", "so the validation rows leak in")
def fitted_on_both(X_train, X_val):
    both = torch.cat([X_train, X_val])
    return by(X_train, both.mean(0), both.std(0)), by(X_val, both.mean(0), both.std(0))


@wrong("boston.standardise", "each column needs its own")
def one_mean_for_all(X_train, X_val):
    return by(X_train, X_train.mean(), X_train.std()), by(X_val, X_train.mean(), X_train.std())


@wrong("boston.standardise", "the scaled X_train is [[")
def forgets_the_std(X_train, X_val):
    return X_train - X_train.mean(0), X_val - X_train.mean(0)


@wrong("boston.standardise", "the scaled X_val is [[")
def forgets_the_std_of_the_second(X_train, X_val):
    return by(X_train, X_train.mean(0), X_train.std(0)), X_val - X_train.mean(0)


@wrong("boston.standardise", "Keep both in variables first")
def replaces_the_first(X_train, X_val):
    X_train = by(X_train, X_train.mean(0), X_train.std(0))
    return X_train, by(X_val, X_train.mean(0), X_train.std(0))


@wrong("boston.standardise", "X_val comes back as it was")
def scales_only_the_first(X_train, X_val):
    return by(X_train, X_train.mean(0), X_train.std(0)), X_val


@wrong("boston.standardise", "changes X_train, which is passed in")
def in_place(X_train, X_val):
    mean, std = X_train.mean(0), X_train.std(0)
    X_train -= mean
    X_val -= mean
    return X_train / std, X_val / std


@wrong("boston.standardise", "changes X_val, which is passed in")
def second_in_place(X_train, X_val):
    mean, std = X_train.mean(0), X_train.std(0)
    return by(X_train, mean, std), X_val.sub_(mean).div_(std)


@wrong(
    "boston.standardise",
    "standardise must return two tensors, the scaled X_train and X_val, yours is",
)
def returns_one(X_train, X_val):
    return by(X_train, X_train.mean(0), X_train.std(0))


@wrong("boston.standardise", "the scaled X_train is of type ndarray, and must be a tensor")
def as_arrays(X_train, X_val):
    return X_train.numpy(), X_val.numpy()


@wrong("boston.standardise", "the scaled X_val has shape (2, 1), right is (1, 1)")
def returns_the_first_twice(X_train, X_val):
    scaled = by(X_train, X_train.mean(0), X_train.std(0))
    return scaled, scaled


@wrong("boston.standardise", "the scaled X_train has shape (1, 1), right is (2, 1)")
def in_the_wrong_order(X_train, X_val):
    return by(X_val, X_train.mean(0), X_train.std(0)), by(X_train, X_train.mean(0), X_train.std(0))


@wrong("boston.standardise", "the scaled X_train is [[-0.5], [0.5]]")
def divides_by_the_variance(X_train, X_val):
    return by(X_train, X_train.mean(0), X_train.var(0)), by(X_val, X_train.mean(0), X_train.var(0))


@wrong("boston.standardise", "the scaled X_train is [[")
def divides_by_the_biased_variance(X_train, X_val):
    mean, var = X_train.mean(0), X_train.var(0, unbiased=False)
    return by(X_train, mean, var), by(X_val, mean, var)


@wrong("boston.standardise", "the scaled X_train is [[")
def without_brackets(X_train, X_val):
    mean, std = X_train.mean(0), X_train.std(0)
    return X_train - mean / std, X_val - mean / std


@wrong("boston.standardise", "the scaled X_train is [[")
def each_row_for_itself(X_train, X_val):
    mean, std = X_train.mean(1, keepdim=True), X_train.std(1, keepdim=True)
    return by(X_train, mean, std), by(X_val, X_train.mean(), X_train.std())


@wrong("boston.standardise", "the scaled X_val is of type ndarray, and must be a tensor")
def second_as_an_array(X_train, X_val):
    scaled = by(X_train, X_train.mean(0), X_train.std(0))
    return scaled, by(X_val, X_train.mean(0), X_train.std(0)).numpy()


@wrong("boston.standardise", "the scaled X_train has shape (2, 2), right is (2, 1)")
def means_of_the_rows(X_train, X_val):
    return by(X_train, X_train.mean(1), X_train.std(1)), by(X_val, X_train.mean(1), X_train.std(1))


wrong("boston.standardise", "pass your function standardise itself")(torch.zeros(3, 2))


@obvious("boston.standardise")
def scaled_number_by_number(X_train, X_val):
    n, columns = X_train.shape
    parts = X_train.tolist(), X_val.tolist()
    for c in range(columns):
        values = [row[c] for row in X_train.tolist()]
        mean = sum(values) / n
        std = (sum((v - mean) ** 2 for v in values) / (n - 1)) ** 0.5
        for part in parts:
            for row in part:
                row[c] = (row[c] - mean) / std
    return torch.tensor(parts[0]), torch.tensor(parts[1])


@right("boston.standardise")
def scaled_by_scikit_learn(X_train, X_val):
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(X_train)
    return tuple(torch.as_tensor(scaler.transform(X), dtype=X.dtype) for X in (X_train, X_val))


@wrong("boston.standardise", "the scaled X_val is")
def two_definitions_of_std(X_train, X_val):
    mean = X_train.mean(0)
    return by(X_train, mean, X_train.std(0)), by(X_val, mean, X_train.std(0, correction=0))


@wrong("boston.standardise", "the scaled X_train is")
def std_never_below_1(X_train, X_val):
    mean, std = X_train.mean(0), X_train.std(0).clamp(min=1)
    return by(X_train, mean, std), by(X_val, mean, std)


@wrong("boston.standardise", "the scaled X_train is")
def scaled_to_0_to_1(X_train, X_val):
    low, high = X_train.amin(0), X_train.amax(0)
    return by(X_train, low, high - low), by(X_val, low, high - low)


@wrong("boston.standardise", "has shape (2, 13), right is (2, 1)")
def scales_13_columns(X_train, X_val):
    mean, std = torch.zeros(13), torch.ones(13)
    return by(X_train, mean, std), by(X_val, mean, std)


@wrong("boston.standardise", "the scaled X_val")
def clips_the_validation_rows(X_train, X_val):
    mean, std = X_train.mean(0), X_train.std(0)
    return by(X_train, mean, std), by(X_val, mean, std).clamp(-2, 2)


@wrong("boston.standardise", "the scaled X_train is")
def by_the_median(X_train, X_val):
    mean, std = X_train.median(0).values, X_train.std(0)
    return by(X_train, mean, std), by(X_val, mean, std)


@wrong("boston.standardise", "the scaled X_train is [[")
def without_brackets_biased(X_train, X_val):
    mean, std = X_train.mean(0), X_train.std(0, correction=0)
    return X_train - mean / std, X_val - mean / std


NUMBERS = []


@wrong("boston.standardise", "it remembers an earlier call")
def keeps_the_first_numbers(X_train, X_val):
    if not NUMBERS or len(NUMBERS[0]) != X_train.shape[1]:
        NUMBERS[:] = [X_train.mean(0), X_train.std(0)]
    return by(X_train, *NUMBERS), by(X_val, *NUMBERS)


@wrong("boston.standardise", "leaves the default dtype changed")
def sets_the_default_dtype(X_train, X_val):
    torch.set_default_dtype(torch.float64)
    return with_the_biased_std(X_train, X_val)


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


@wrong("boston.network", "you use ReLU: LeakyReLU is asked for")
def with_relu(features):
    return stack(features, nn.ReLU)


@wrong("boston.network", "nothing may follow the last layer")
def ends_in_leaky_relu(features):
    return stack(features, nn.LeakyReLU, (200, 100), nn.LeakyReLU())


@wrong("boston.network", "a LeakyReLU is missing")
def without_any_activation(features):
    return stack(features, nn.Identity)


@wrong("boston.network", "the sorted list of the shapes of all parameters")
def with_swapped_sizes(features):
    return stack(features, sizes=(100, 200))


@wrong("boston.network", "this layer expects 13 features, and is given 1")
def always_13_features(features):
    return stack(13)


@wrong("boston.network", "of all parameters has 5 items, right is 6")
def boston_without_a_bias(features):
    model = stack(features)
    model[0].bias = None
    return model


@wrong("boston.network", "has shape (1,), right is (1, 1)")
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


@wrong("boston.network", "the network must return a tensor, yours returns")
class NetworkThatReturnsTwo(NetworkAsAClass):
    def forward(self, X):
        return super().forward(X), X


@wrong("boston.network", "of all parameters has 8 items, right is 6")
def with_prelu(features):
    return stack(features, nn.PReLU)


@wrong("boston.network", "must be an nn.Module, yours is")
def a_list_of_layers(features):
    return [nn.Linear(features, 200), nn.LeakyReLU(), nn.Linear(200, 100), nn.Linear(100, 1)]


@wrong("boston.network", "None (is the return missing?)")
def network_without_return(features):
    stack(features)


@obvious("boston.network")
class NetworkByHand(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.W = nn.ParameterList()
        self.b = nn.ParameterList()
        for inputs, outputs in ((features, 200), (200, 100), (100, 1)):
            self.W.append(torch.randn(outputs, inputs))
            self.b.append(torch.randn(outputs))

    def forward(self, X):
        for i in range(3):
            X = X @ self.W[i].T + self.b[i]
            if i < 2:
                X = torch.where(X > 0, X, 0.01 * X)
        return X


@right("boston.network")
def with_lazy_layers(features):
    lazy = nn.LazyLinear(200), nn.LeakyReLU(), nn.LazyLinear(100), nn.LeakyReLU()
    return nn.Sequential(*lazy, nn.LazyLinear(1))


ONE_NETWORK = {}


@wrong("boston.network", "each call must make a new network")
def always_the_same_network(features):
    return ONE_NETWORK.setdefault(features, stack(features))


@wrong("boston.network", "two networks share their parameters")
def with_a_shared_last_layer(features):
    model = stack(features)
    model[4] = ONE_NETWORK.setdefault("last", nn.Linear(100, 1))
    return model


@wrong("boston.network", "a LeakyReLU is missing")
def with_one_activation(features):
    model = stack(features)
    model[3] = nn.Identity()
    return model


@wrong("boston.network", "the output in training mode is")
def with_another_slope(features):
    return stack(features, lambda: nn.LeakyReLU(0.1))


@wrong("boston.network", "nothing may follow the last layer")
def ends_in_relu(features):
    return stack(features, nn.LeakyReLU, (200, 100), nn.ReLU())


@wrong("boston.network", "the output in evaluation mode is")
class NetworkWithoutNegativePrices(NetworkAsAClass):
    def forward(self, X):
        y_pred = super().forward(X)
        return y_pred if self.training else y_pred.clamp(min=0)


@wrong("boston.network", "the output in training mode is")
def boston_with_dropout(features):
    return nn.Sequential(stack(features), nn.Dropout(0.1))


@wrong("boston.network", "requires_grad=False")
def frozen(features):
    return stack(features).requires_grad_(False)


@wrong("boston.network", "no gradient reaches")
class NetworkWithoutAGraph(NetworkAsAClass):
    def forward(self, X):
        return super().forward(X).detach()


@wrong("boston.network", "your function changes")
class NetworkThatScalesInPlace(NetworkAsAClass):
    def forward(self, X):
        X /= 10
        return super().forward(X * 10)


@wrong("boston.network", "is new, and untrained, in each call")
class NetworkThatIsAlwaysNew(NetworkAsAClass):
    def forward(self, X):
        self.three = nn.Linear(100, 1)
        return super().forward(X)


# ---- boston.bug_hunt ------------------------------------------------------------------------


@right("boston.bug_hunt")
@torch.no_grad()
def loss_of_all_joined(model, loader, loss_fn):
    parts = [(model(X), y) for X, y in loader]
    return loss_fn(torch.cat([p for p, _ in parts]), torch.cat([y for _, y in parts])).item()


@wrong("boston.bug_hunt", "has no attribute 'dataset'")
@torch.no_grad()
def divided_by_the_data_set(model, loader, loss_fn):
    total = sum(loss_fn(model(X), y).item() * len(X) for X, y in loader)
    return total / len(loader.dataset)


@wrong("boston.bug_hunt", "multiply each by len(X) first")
def forgets_the_weights(model, loader, loss_fn):
    return sum(batch_losses(model, loader, loss_fn)) / sum(len(X) for X, _ in loader)


@wrong("boston.bug_hunt", "records a graph")
def records_a_graph(model, loader, loss_fn):
    total = sum(loss_fn(model(X), y).item() * len(X) for X, y in loader)
    return total / sum(len(X) for X, _ in loader)


@torch.no_grad()
def batch_losses(model, loader, loss_fn):
    """Return the loss of each batch as a number."""
    return [loss_fn(model(X), y).item() for X, y in loader]


@wrong("boston.bug_hunt", "you divide by the last index")
def divides_by_the_last_index(model, loader, loss_fn):
    losses = batch_losses(model, loader, loss_fn)
    return sum(losses) / (len(losses) - 1)


@wrong("boston.bug_hunt", "you divide by the number of batches")
def mean_of_means(model, loader, loss_fn):
    return float(np.mean(batch_losses(model, loader, loss_fn)))


@wrong("boston.bug_hunt", "the loss is")
def the_sum(model, loader, loss_fn):
    return sum(batch_losses(model, loader, loss_fn))


@wrong("boston.bug_hunt", "the loss is")
def divides_by_the_first_batch(model, loader, loss_fn):
    size = len(next(iter(loader))[0])
    losses = batch_losses(model, loader, loss_fn)
    return sum(loss * size for loss in losses) / (size * len(loader) + 1)


@wrong("boston.bug_hunt", "the loss is a tensor, and must be a plain number: use .item()")
@torch.no_grad()
def adds_up_tensors(model, loader, loss_fn):
    total = sum(loss_fn(model(X), y) * len(X) for X, y in loader)
    return total / sum(len(X) for X, _ in loader)


@wrong("boston.bug_hunt", "the loss is None (is the return missing?), and must be a plain number")
def prints_instead(model, loader, loss_fn):
    batch_losses(model, loader, loss_fn)


@obvious("boston.bug_hunt")
def loss_row_by_row(model, loader, loss_fn):
    losses = []
    for X, y in loader:
        for i in range(len(X)):
            with torch.no_grad():
                losses.append(float(loss_fn(model(X[i : i + 1]), y[i : i + 1])))
    return sum(losses) / len(losses)


@right("boston.bug_hunt")
def loss_with_the_mode_put_back(model, loader, loss_fn):
    was = model.training
    model.eval()
    with torch.inference_mode():
        pairs = [(loss_fn(model.forward(X), y), y.shape[0]) for X, y in loader]
    model.train(was)
    return float(np.average([loss.item() for loss, _ in pairs], weights=[n for _, n in pairs]))


@wrong("boston.bug_hunt", "the loss is")
@torch.no_grad()
def loss_of_two_passes(model, loader, loss_fn):
    y_pred = torch.cat([model(X) for X, _ in loader])
    return loss_fn(y_pred, torch.cat([y for _, y in loader])).item()


@wrong("boston.bug_hunt", "the loss is")
@torch.no_grad()
def always_the_squared_error(model, loader, loss_fn):
    return loss_of_all_joined(model, loader, nn.MSELoss())


@wrong("boston.bug_hunt", "autograd switched off for all that follows")
def switches_autograd_off(model, loader, loss_fn):
    torch.set_grad_enabled(False)
    return loss_of_all_joined(model, loader, loss_fn)


@wrong("boston.bug_hunt", "leaves model in evaluation mode")
def leaves_evaluation_mode(model, loader, loss_fn):
    model.eval()
    return loss_of_all_joined(model, loader, loss_fn)


@wrong("boston.bug_hunt", "the loss is")
@torch.no_grad()
def batches_times_their_size(model, loader, loss_fn):
    total = sum(loss_fn(model(X), y).item() * loader.batch_size for X, y in loader)
    return total / (len(loader) * loader.batch_size)


@wrong("boston.bug_hunt", "has no attribute 'dataset'")
@torch.no_grad()
def looks_into_the_data_set(model, loader, loss_fn):
    X, y = loader.dataset.tensors
    return loss_fn(model(X), y).item()


@wrong("boston.bug_hunt", "does not call the model passed in")
@torch.no_grad()
def uses_the_global_model(model, loader, loss_fn):
    return loss_of_all_joined(lambda X: X[:, :1], loader, loss_fn)


@wrong("boston.bug_hunt", "the loss is")
@torch.no_grad()
def takes_the_last_batch(model, loader, loss_fn):
    for X, y in loader:
        loss = loss_fn(model(X), y).item()
    return loss


@wrong("boston.bug_hunt", "changes the weights of model")
def trains_meanwhile(model, loader, loss_fn):
    loss = loss_of_all_joined(model, loader, loss_fn)
    with torch.no_grad():
        for p in model.parameters():
            p -= 0.1
    return loss


@wrong("boston.bug_hunt", "changes loader, which is passed in")
@torch.no_grad()
def scales_the_rows_in_place(model, loader, loss_fn):
    loss = loss_of_all_joined(model, loader, loss_fn)
    for X, _ in loader:
        X += 1
    return loss


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


@wrong("boston.k_fold", "the pair is the other way round")
def pairs_swapped(n, k, seed):
    return [(val, train) for train, val in cut(n, k, seed)]


@wrong("boston.k_fold", "tuple index out of range")
def cut_with_chunk(n, k, seed):
    torch.manual_seed(seed)
    parts = torch.randperm(n).chunk(k)
    return [(torch.cat(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]


@wrong("boston.k_fold", "train_rows holds rows of val_rows too")
def trains_on_everything(n, k, seed):
    return [(torch.arange(n), val) for _, val in cut(n, k, seed)]


@wrong("boston.k_fold", "shuffle all row numbers before the cut")
def in_order(n, k, seed):
    return cut(n, k, seed, torch.arange(n))


@wrong("boston.k_fold", "shuffle all row numbers before the cut")
def ignores_the_seed(n, k, seed):
    return cut(n, k, 0)


@wrong("boston.k_fold", "the same seed must give the same order")
def never_seeds(n, k, seed):
    return cut(n, k, 0, torch.randperm(n))


@wrong("boston.k_fold", "is [1, 1], right is [1, 2]")
def drops_the_rest(n, k, seed):
    torch.manual_seed(seed)
    return cut(n, k, seed, torch.randperm(n)[: n - n % k])


@wrong("boston.k_fold", "is [1, 1, 3], right is [1, 2, 2]")
def all_the_rest_in_the_last(n, k, seed):
    torch.manual_seed(seed)
    rows = torch.randperm(n).tolist()
    size = n // k
    parts = [rows[i * size : (i + 1) * size if i < k - 1 else n] for i in range(k)]
    return [([r for r in rows if r not in set(part)], part) for part in parts]


@wrong("boston.k_fold", "the list of the rows in all val_rows, sorted, is")
def k_random_splits(n, k, seed):
    torch.manual_seed(seed)
    size, folds = n // k, []
    for _ in range(k):
        rows = torch.randperm(n)
        folds.append((rows[size:], rows[:size]))
    return folds


@wrong("boston.k_fold", "each fold must be a pair (train_rows, val_rows), yours is a tensor")
def one_split(n, k, seed):
    return cut(n, k, seed)[0]


@wrong("boston.k_fold", "must be a pair (train_rows, val_rows)")
def validation_rows_alone(n, k, seed):
    return [val for _, val in cut(n, k, seed)]


@wrong("boston.k_fold", "return k pairs of row numbers; yours is 1")
def a_number(n, k, seed):
    return n // k


@wrong("boston.k_fold", "a part of a fold holds row numbers, yours is of type slice")
def slices(n, k, seed):
    size = n // k
    return [(slice(0, i * size), slice(i * size, (i + 1) * size)) for i in range(k)]


@wrong("boston.k_fold", "for each fold, the list of its rows in both parts, sorted, is")
def trains_on_one_other_part(n, k, seed):
    folds = cut(n, k, seed)
    return [(folds[i - 1][1], folds[i][1]) for i in range(k)]


@wrong("boston.k_fold", "for each fold, the list of its rows in both parts, sorted, is")
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


@wrong("boston.k_fold", "shuffle all row numbers before the cut")
def every_kth_row(n, k, seed):
    return dealt(range(n), k)


@wrong("boston.k_fold", "shuffle all row numbers before the cut")
def every_kth_row_after_a_turn(n, k, seed):
    return dealt(torch.arange(n).roll(seed), k)


@wrong("boston.k_fold", "shuffle all row numbers before the cut")
def every_kth_row_from_the_end(n, k, seed):
    return dealt([(seed - i) % n for i in range(n)], k)


@wrong("boston.k_fold", "shuffle all row numbers before the cut")
def in_order_after_a_turn(n, k, seed):
    return cut(n, k, seed, torch.arange(n).roll(7 * seed))


@wrong("boston.k_fold", "shuffle all row numbers before the cut")
def shuffles_the_parts_alone(n, k, seed):
    torch.manual_seed(seed)
    parts = [part[torch.randperm(len(part))] for part in torch.arange(n).tensor_split(k)]
    return [(torch.cat(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]


@wrong("boston.k_fold", "shuffle all row numbers before the cut")
def shuffles_blocks_of_ten(n, k, seed):
    torch.manual_seed(seed)
    blocks = torch.arange(n).split(10)
    rows = torch.cat([blocks[i] for i in torch.randperm(len(blocks))])
    return cut(n, k, seed, rows)


@wrong("boston.k_fold", "the list of the rows in all val_rows, sorted, is")
def multiplies_the_rows(n, k, seed):
    return cut(n, k, seed, torch.arange(n) * 129 % n)


@wrong("boston.k_fold", "shuffle all row numbers before the cut")
def changes_only_the_order(n, k, seed):
    folds = cut(n, k, 0)
    return folds[seed % k :] + folds[: seed % k]


@wrong("boston.k_fold", "not a mask or a table of them")
def masks(n, k, seed):
    return [(~mask, mask) for mask in (torch.arange(n) % k == i for i in range(k))]


@wrong("boston.k_fold", "not a mask or a table of them")
def rows_in_a_column(n, k, seed):
    return [(train.unsqueeze(1), val.unsqueeze(1)) for train, val in cut(n, k, seed)]


@wrong("boston.k_fold", "must be a flat list of whole row numbers")
def rows_as_decimals(n, k, seed):
    return [(train.float(), val.float()) for train, val in cut(n, k, seed)]


@wrong("boston.k_fold", "the list of the rows in all val_rows, sorted, is")
def the_same_fold_each_time(n, k, seed):
    return [cut(n, k, seed)[0]] * k


@wrong("boston.k_fold", "the number of folds is 100, right is 2")
def folds_without_end(n, k, seed):
    while True:
        yield from cut(n, k, seed)


@wrong("boston.k_fold", "NameError")
def fails_at_the_second_fold(n, k, seed):
    yield cut(n, k, seed)[0]
    yield missing  # noqa: F821


@obvious("boston.k_fold")
def folds_card_by_card(n, k, seed):
    import random

    cards, chance = list(range(n)), random.Random(seed)
    hands = [[] for _ in range(k)]
    for i in range(n):
        hands[i % k].append(cards.pop(chance.randrange(len(cards))))
    folds = []
    for hand in hands:
        rest = []
        for other in hands:
            if other is not hand:
                rest += other
        folds.append((rest, hand))
    return folds


@right("boston.k_fold")
def folds_by_number(n, k, seed):
    torch.manual_seed(seed)
    number = (torch.arange(n) % k)[torch.randperm(n)]
    return [
        ((number != i).nonzero().flatten(), (number == i).nonzero().flatten()) for i in range(k)
    ]


@wrong("boston.k_fold", "the list of the sizes of all val_rows, sorted, is")
def as_many_chunks_as_there_are(n, k, seed):
    torch.manual_seed(seed)
    parts = torch.randperm(n).chunk(k)
    return [(torch.cat(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(len(parts))]


@wrong("boston.k_fold", "shuffle all row numbers before the cut")
def shuffles_blocks_of_two(n, k, seed):
    torch.manual_seed(seed)
    blocks = torch.arange(n).split(2)
    return cut(n, k, seed, torch.cat([blocks[i] for i in torch.randperm(len(blocks))]))


@wrong("boston.k_fold", "shuffle all row numbers before the cut")
def shuffles_each_half(n, k, seed):
    torch.manual_seed(seed)
    rows = torch.cat([torch.randperm(n // 2), n // 2 + torch.randperm(n - n // 2)])
    return cut(n, k, seed, rows)


@wrong("boston.k_fold", "shuffle all row numbers before the cut")
def leaves_the_first_row(n, k, seed):
    torch.manual_seed(seed)
    return cut(n, k, seed, torch.cat([torch.zeros(1, dtype=int), 1 + torch.randperm(n - 1)]))


@wrong("boston.k_fold", "shuffle all row numbers before the cut")
def looks_at_the_last_digit(n, k, seed):
    return cut(n, k, seed % 10)


@wrong("boston.k_fold", "the number of folds is 5")
def always_five(n, k, seed):
    return cut(n, 5, seed)


@wrong(
    "boston.k_fold",
    "for each fold, the list of its rows in both parts, sorted, is [[0, 2], [1, 1]]",
)
def rows_from_1(n, k, seed):
    return [(train + 1, val) for train, val in cut(n, k, seed)]


FOLDS = []


@wrong("boston.k_fold", "the same seed must give the same order")
def collects_folds(n, k, seed):
    FOLDS.extend(cut(n, k, seed))
    return FOLDS


@wrong("boston.k_fold", "the same seed must give the same order")
def seeds_the_wrong_generator(n, k, seed):
    np.random.seed(seed)
    return cut(n, k, seed, torch.randperm(n))


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


@wrong("boston.mse", "the loss is 0.25, right is 0.125")
def mse_as_a_sum(y_pred, y):
    checked(y_pred, y)
    return ((y_pred - y.reshape(-1, 1)) ** 2).sum()


@wrong("boston.mse", "you return the root")
def mse_with_a_root(y_pred, y):
    return mse_by_dimensions(y_pred, y).sqrt()


@wrong("boston.mse", "the loss is")
def mean_absolute_error(y_pred, y):
    checked(y_pred, y)
    return (y_pred - y.reshape(-1, 1)).abs().mean()


@wrong("boston.mse", "the loss has shape (1, 1), right is ()")
def mse_of_each_row(y_pred, y):
    checked(y_pred, y)
    return (y_pred - y.reshape(-1, 1)) ** 2


@wrong("boston.mse", "of type float, and must be a tensor")
def mse_as_a_number(y_pred, y):
    return mse_by_dimensions(y_pred, y).item()


@wrong("boston.mse", "the loss has lost its graph")
def mse_detached(y_pred, y):
    return mse_by_dimensions(y_pred.detach(), y)


@wrong("boston.mse", "changes y, which is passed in")
def mse_turns_the_target(y_pred, y):
    checked(y_pred, y)
    if y.dim() == 1:
        y.unsqueeze_(1)
    return ((y_pred - y) ** 2).mean()


@wrong("boston.mse", "changes y, which is passed in")
def mse_overwrites_the_target(y_pred, y):
    checked(y_pred, y)
    target = y.view(-1, 1)
    return target.sub_(y_pred).pow(2).mean()


@wrong("boston.mse", "must raise a ValueError, and yours returns")
def mse_that_refuses_nothing(y_pred, y):
    return ((y_pred - y.reshape(-1, 1)) ** 2).mean()


@wrong("boston.mse", "must raise a ValueError here, but: RuntimeError")
def mse_that_lets_view_complain(y_pred, y):
    return ((y_pred - y.view(y_pred.shape)) ** 2).mean()


@wrong("boston.mse", "must raise a ValueError here, but: AssertionError")
def mse_with_an_assertion(y_pred, y):
    assert y.numel() == y_pred.numel()
    return mse_by_dimensions(y_pred, y)


@wrong("boston.mse", "ValueError: shapes differ")
def mse_that_refuses_flat_targets(y_pred, y):
    if y.shape != y_pred.shape:
        raise ValueError("shapes differ")
    return ((y_pred - y) ** 2).mean()


@wrong("boston.mse", "must raise a ValueError, and yours returns")
def mse_that_counts_rows_only(y_pred, y):
    if len(y) != len(y_pred):
        raise ValueError("numbers of rows differ")
    return ((y_pred - (y.unsqueeze(1) if y.dim() == 1 else y)) ** 2).mean()


@obvious("boston.mse")
def mse_value_by_value(y_pred, y):
    flat = [y[i, j] for i in range(len(y)) for j in range(y.shape[1])] if y.dim() == 2 else list(y)
    if len(flat) != len(y_pred):
        raise ValueError("numbers of values differ")
    total = 0.0
    for i in range(len(flat)):
        total = total + (y_pred[i, 0] - flat[i]) ** 2
    return total / len(flat)


@right("boston.mse")
def mse_with_an_error_of_its_own(y_pred, y):
    class ShapeError(ValueError):
        pass

    if y.shape not in (y_pred.shape, y_pred.shape[:1]):
        raise ShapeError
    return F.mse_loss(y_pred[:, 0], y.view(-1))


@wrong("boston.mse", "the loss has lost its graph")
def mse_made_to_look_right(y_pred, y):
    return mse_by_dimensions(y_pred.detach(), y).requires_grad_()


@wrong("boston.mse", "the loss has lost its graph")
@torch.no_grad()
def mse_without_grad(y_pred, y):
    return mse_by_dimensions(y_pred, y)


@wrong("boston.mse", "ValueError")
def mse_of_seven(y_pred, y):
    if y.numel() != 7:
        raise ValueError
    return mse_by_dimensions(y_pred, y)


@wrong("boston.mse", "the loss is")
def mse_minus_one(y_pred, y):
    loss = mse_by_dimensions(y_pred, y)
    return loss * len(y) / max(len(y) - 1, 1)


@wrong("boston.mse", "the loss is")
def mse_halved(y_pred, y):
    return mse_by_dimensions(y_pred, y) / 2


@wrong("boston.mse", "changes y_pred, which is passed in")
def mse_that_learns_at_once(y_pred, y):
    mse_by_dimensions(y_pred, y).backward()
    return mse_by_dimensions(y_pred, y)


@wrong("boston.mse", "must raise a ValueError, and yours returns")
def mse_that_cuts_the_target(y_pred, y):
    y = y.flatten()[: len(y_pred)]
    return ((y_pred[: len(y), 0] - y) ** 2).mean()


@wrong("boston.mse", "you compare each prediction with every target")
def mse_as_in_learn(y_pred, y):
    return ((y_pred - y) ** 2).mean()


@wrong("boston.mse", "the gradient of the loss is")
def mse_with_half_a_graph(y_pred, y):
    loss = mse_by_dimensions(y_pred, y)
    return loss.detach() + (loss - loss.detach()) / 2


@wrong("boston.mse", "must raise a ValueError, and yours returns")
def mse_returns_the_error(y_pred, y):
    if y.numel() != y_pred.numel():
        return ValueError("numbers of values differ")
    return mse_by_dimensions(y_pred, y)


# ---- boston.compare -------------------------------------------------------------------------

torch_state = torch.get_rng_state()
GLOBAL_MODEL, GLOBAL_TARGET = nn.Linear(13, 1), torch.randn(506, 1)
torch.set_rng_state(torch_state)


@right("boston.compare")
@torch.no_grad()
def compare_with_mse_loss(networks, inputs, targets):
    return {key: F.mse_loss(net(inputs), targets).item() for key, net in networks.items()}


@wrong("boston.compare", "leaves a in evaluation mode")
def compare_left_in_eval_mode(models, X, y):
    with torch.no_grad():
        return {name: F.mse_loss(m.eval()(X), y).item() for name, m in models.items()}


@right("boston.compare")
def compare_in_eval_mode(models, X, y):
    result = {}
    for name in reversed(list(models)):
        with torch.inference_mode():
            training = models[name].training
            y_pred = models[name].eval()(X)
            models[name].train(training)
        result[name] = float(np.mean((y_pred - y).numpy() ** 2))
    return result


@wrong("boston.compare", "leaves a in training mode: put it back")
@torch.no_grad()
def compare_and_train_on(models, X, y):
    errors = {name: F.mse_loss(model.eval()(X), y).item() for name, model in models.items()}
    for model in models.values():
        model.train()
    return errors


@wrong("boston.bug_hunt", "leaves model in training mode: put it back")
def epoch_loss_and_train_on(model, loader, loss_fn):
    model.eval()
    with torch.no_grad():
        sums = [(loss_fn(model(X), y).item() * len(X), len(X)) for X, y in loader]
    model.train()
    return sum(total for total, _ in sums) / sum(rows for _, rows in sums)


@wrong("boston.compare", "does not call models['a'] passed in here")
@torch.no_grad()
def compare_by_the_global_model(models, X, y):
    return {name: F.mse_loss(GLOBAL_MODEL(X), y).item() for name in models}


@wrong("boston.compare", "the body uses another target than y")
@torch.no_grad()
def compare_with_the_global_target(models, X, y):
    return {name: F.mse_loss(m(X), GLOBAL_TARGET).item() for name, m in models.items()}


tutorial_model, X_all = nn.Linear(13, 1), torch.randn(506, 13)


@wrong("boston.compare", "the body uses the notebook's tutorial_model: use the model of the loop")
def compare_by_the_notebooks_model(models, X, y):
    errors = {}
    with torch.no_grad():
        for name in models:
            errors[name] = ((tutorial_model(X) - y) ** 2).mean().item()
    return errors


@wrong("boston.compare", "the body uses the notebook's X_all: use its argument X")
def compare_on_the_notebooks_rows(models, X, y):
    errors = {}
    with torch.no_grad():
        for name, network in models.items():
            errors[name] = ((network(X_all[: len(y)]) - y) ** 2).mean().item()
    return errors


@wrong("boston.compare", "records a graph")
def compare_with_a_graph(models, X, y):
    return {name: F.mse_loss(m(X), y).item() for name, m in models.items()}


@wrong("boston.compare", "is a tensor, and must be a plain number: use .item()")
@torch.no_grad()
def compare_without_item(models, X, y):
    return {name: F.mse_loss(m(X), y) for name, m in models.items()}


@wrong("boston.compare", "of type list, and must be a dict")
@torch.no_grad()
def compare_as_a_list(models, X, y):
    return [F.mse_loss(m(X), y).item() for m in models.values()]


@wrong("boston.compare", "of type float, and must be a dict")
@torch.no_grad()
def compare_returns_in_the_loop(models, X, y):
    for m in models.values():
        return F.mse_loss(m(X), y).item()


@wrong("boston.compare", "yours returns {0: ")
@torch.no_grad()
def compare_by_number(models, X, y):
    return {i: F.mse_loss(m(X), y).item() for i, m in enumerate(models.values())}


@wrong("boston.compare", "right is {")
@torch.no_grad()
def compare_keeps_the_last(models, X, y):
    for name, m in models.items():
        errors = {name: F.mse_loss(m(X), y).item()}
    return errors


@wrong("boston.compare", "right is {")
def compare_by_rmse(models, X, y):
    return {name: e**0.5 for name, e in compare_with_mse_loss(models, X, y).items()}


@wrong("boston.compare", "right is {")
def compare_by_sums(models, X, y):
    return {name: e * len(X) for name, e in compare_with_mse_loss(models, X, y).items()}


@wrong("boston.compare", "right is {")
def compare_adds_up(models, X, y):
    errors, total = {}, 0.0
    for name, error in compare_with_mse_loss(models, X, y).items():
        total += error
        errors[name] = total
    return errors


@obvious("boston.compare")
def compare_row_by_row(models, X, y):
    errors = {}
    for name in models:
        total = 0.0
        for i in range(len(X)):
            with torch.no_grad():
                total += (models[name](X[i : i + 1]).item() - y[i].item()) ** 2
        errors[name] = total / len(X)
    return errors


@wrong("boston.compare", "autograd switched off for all that follows")
def compare_switches_autograd_off(models, X, y):
    torch.set_grad_enabled(False)
    return compare_with_mse_loss(models, X, y)


@wrong("boston.compare", "models['a'] is shown rows that are not in X")
@torch.no_grad()
def compare_on_the_global_rows(models, X, y):
    X = torch.ones(len(y), X.shape[1])
    return {name: F.mse_loss(m(X), y).item() for name, m in models.items()}


@wrong("boston.compare", "does not call models['b'] passed in here")
@torch.no_grad()
def compare_by_the_first_model(models, X, y):
    first = next(iter(models.values()))
    return {name: F.mse_loss(first(X), y).item() for name in models}


@wrong("boston.compare", "right is {")
@torch.no_grad()
def compare_three_names(models, X, y):
    m = next(iter(models.values()))
    errors = compare_with_mse_loss(models, X, y)
    return {"one": F.mse_loss(m(X), y).item(), **errors}


@wrong("boston.compare", "right is {")
@torch.no_grad()
def compare_flat_targets(models, X, y):
    return {name: ((m(X) - y.flatten()) ** 2).mean().item() for name, m in models.items()}


@wrong("boston.compare", "changes models, which is passed in")
def compare_takes_out(models, X, y):
    errors = compare_with_mse_loss(models, X, y)
    models.clear()
    return errors


@wrong("boston.compare", "changes y, which is passed in")
@torch.no_grad()
def compare_in_place(models, X, y):
    errors = {}
    for name, m in models.items():
        errors[name] = (y.sub_(m(X)) ** 2).mean().item()
    return errors


@wrong("boston.compare", "changes the weights of a")
def compare_and_trains(models, X, y):
    errors = compare_with_mse_loss(models, X, y)
    for m in models.values():
        for p in m.parameters():
            p.data += 0.1
    return errors


@wrong("boston.compare", "right is {")
def compare_rounded(models, X, y):
    return {name: round(e, 1) for name, e in compare_with_mse_loss(models, X, y).items()}


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


@wrong("boston.importance", "changes X, which is passed in")
def importance_in_place(predict, X, y, column, seed):
    before = rmse_of(predict(X), y)
    torch.manual_seed(seed)
    X[:, column] = X[torch.randperm(len(X)), column]
    return rmse_of(predict(X), y) - before


@wrong("boston.importance", "changes y, which is passed in")
def importance_changes_the_target(predict, X, y, column, seed):
    after = rmse_of(predict(shuffled_column(X, column, seed)), y)
    before = y.sub_(predict(X)).pow(2).mean().sqrt().item()
    return after - before


@wrong("boston.importance", "no order of the column gives your number")
def importance_shuffles_the_target(predict, X, y, column, seed):
    torch.manual_seed(seed)
    return rmse_of(predict(X), y[torch.randperm(len(y))]) - rmse_of(predict(X), y)


@wrong("boston.importance", "you shuffle whole rows")
def importance_shuffles_whole_rows(predict, X, y, column, seed):
    torch.manual_seed(seed)
    return rmse_of(predict(X[torch.randperm(len(X))]), y) - rmse_of(predict(X), y)


@wrong("boston.importance", "no order of the column gives your number")
def importance_of_the_first_column(predict, X, y, column, seed):
    return rmse_of(predict(shuffled_column(X, 0, seed)), y) - rmse_of(predict(X), y)


@wrong("boston.importance", "no order of the column gives your number")
def importance_with_zeros(predict, X, y, column, seed):
    X_new = X.clone()
    X_new[:, column] = 0
    return rmse_of(predict(X_new), y) - rmse_of(predict(X), y)


@wrong("boston.importance", "no order of the column gives your number")
def importance_draws_with_replacement(predict, X, y, column, seed):
    torch.manual_seed(seed)
    X_new = X.clone()
    X_new[:, column] = X[torch.randint(len(X), (len(X),)), column]
    return rmse_of(predict(X_new), y) - rmse_of(predict(X), y)


@wrong("boston.importance", "no order of the column gives your number")
def importance_without_the_column(predict, X, y, column, seed):
    keep = [c for c in range(X.shape[1]) if c != column]
    try:
        return rmse_of(predict(X[:, keep]), y) - rmse_of(predict(X), y)
    except RuntimeError:
        return 0.0


@wrong("boston.importance", "it is 0.437, right is -0.437")
def importance_the_other_way_round(predict, X, y, column, seed):
    return rmse_of(predict(X), y) - rmse_of(predict(shuffled_column(X, column, seed)), y)


@wrong("boston.importance", "subtract the error before")
def importance_without_the_difference(predict, X, y, column, seed):
    return rmse_of(predict(shuffled_column(X, column, seed)), y)


@wrong("boston.importance", "no order of the column gives your number")
def importance_by_mse(predict, X, y, column, seed):
    after = F.mse_loss(predict(shuffled_column(X, column, seed)), y)
    return (after - F.mse_loss(predict(X), y)).item()


@wrong("boston.importance", "no order of the column gives your number")
def importance_as_a_ratio(predict, X, y, column, seed):
    return rmse_of(predict(shuffled_column(X, column, seed)), y) / rmse_of(predict(X), y)


@wrong("boston.importance", "is a tensor, and must be a plain number: use .item()")
def importance_without_item(predict, X, y, column, seed):
    after = F.mse_loss(predict(shuffled_column(X, column, seed)), y).sqrt()
    return after - F.mse_loss(predict(X), y).sqrt()


@wrong("boston.importance", "different seeds give only")
def importance_with_one_seed(predict, X, y, column, seed):
    return rmse_of(predict(shuffled_column(X, column, 0)), y) - rmse_of(predict(X), y)


@wrong("boston.importance", "different seeds give only")
def importance_reverses(predict, X, y, column, seed):
    X_new = X.clone()
    X_new[:, column] = X[:, column].flip(0)
    return rmse_of(predict(X_new), y) - rmse_of(predict(X), y)


@wrong("boston.importance", "the same seed must give the same order")
def importance_without_a_seed(predict, X, y, column, seed):
    X_new = X.clone()
    X_new[:, column] = X[torch.randperm(len(X)), column]
    return rmse_of(predict(X_new), y) - rmse_of(predict(X), y)


@obvious("boston.importance")
def importance_number_by_number(predict, X, y, column, seed):
    import random

    values = [row[column] for row in X.tolist()]
    random.Random(seed).shuffle(values)
    rows = X.tolist()
    for i in range(len(rows)):
        rows[i][column] = values[i]
    errors = []
    for table in (rows, X.tolist()):
        total = 0.0
        for row, truth in zip(table, y.tolist(), strict=True):
            total += (predict(torch.tensor([row])).item() - truth[0]) ** 2
        errors.append((total / len(table)) ** 0.5)
    return errors[0] - errors[1]


@right("boston.importance")
def importance_in_batches(predict, X, y, column, seed):
    mixed = shuffled_column(X, column, seed)
    after = torch.cat([predict(part) for part in mixed.split(16)])
    before = torch.cat([predict(part) for part in X.split(16)])
    return rmse_of(after, y) - rmse_of(before, y)


@right("boston.importance")
def importance_in_single_numbers(predict, X, y, column, seed):
    mixed = shuffled_column(X, column, seed)
    return np.float32(rmse_of(predict(mixed), y) - rmse_of(predict(X), y))


@wrong("boston.importance", "the same")
def importance_takes_seed_0_for_none(predict, X, y, column, seed):
    mixed = X.clone()
    generator = np.random.default_rng(seed or None)
    mixed[:, column] = X[:, column][generator.permutation(len(X))]
    return rmse_of(predict(mixed), y) - rmse_of(predict(X), y)


@wrong("boston.importance", "no order of the column gives your number")
def importance_of_batches(predict, X, y, column, seed):
    mixed = shuffled_column(X, column, seed)
    parts = zip(predict(mixed).split(32), predict(X).split(32), y.split(32), strict=True)
    return float(np.mean([rmse_of(a, c) - rmse_of(b, c) for a, b, c in parts]))


@wrong("boston.importance", "no order of the column gives your number")
def importance_with_the_mean(predict, X, y, column, seed):
    mixed = X.clone()
    mixed[:, column] = X[:, column].mean()
    return rmse_of(predict(mixed), y) - rmse_of(predict(X), y)


@wrong("boston.importance", "IndexError")
def importance_of_60_rows(predict, X, y, column, seed):
    torch.manual_seed(seed)
    mixed = X.clone()
    mixed[:, column] = X[torch.randperm(60), column]
    return rmse_of(predict(mixed), y) - rmse_of(predict(X), y)


@wrong("boston.importance", "different seeds give only")
def importance_that_turns(predict, X, y, column, seed):
    mixed = X.clone()
    mixed[:, column] = X[:, column].roll(seed)
    return rmse_of(predict(mixed), y) - rmse_of(predict(X), y)


@wrong("boston.importance", "no order of the column gives your number")
def importance_shuffles_every_column(predict, X, y, column, seed):
    mixed = X
    for c in range(X.shape[1]):
        mixed = shuffled_column(mixed, c, seed + c)
    return rmse_of(predict(mixed), y) - rmse_of(predict(X), y)


@wrong("boston.importance", "return the difference as it is")
def importance_never_negative(predict, X, y, column, seed):
    return max(0.0, importance_by_joining(predict, X, y, column, seed))


@wrong("boston.importance", "no order of the column gives your number")
def importance_of_the_absolute_error(predict, X, y, column, seed):
    after = F.l1_loss(predict(shuffled_column(X, column, seed)), y)
    return (after - F.l1_loss(predict(X), y)).item()


@wrong("boston.importance", "no order of the column gives your number")
def importance_of_ten_shuffles(predict, X, y, column, seed):
    args = predict, X, y, column
    return sum(importance_by_joining(*args, seed + i) for i in range(10)) / 10


wrong("boston.bug_hunt", "pass your function epoch_loss itself")(3.5)


wrong("boston.k_fold", "pass your function k_fold itself")([])


wrong("boston.mse", "pass your function mse itself")(torch.tensor(1.0))


wrong("boston.compare", "pass your function compare itself")({})


wrong("boston.importance", "pass your function importance itself")(0.5)
wrong("boston.network", "pass your function make_network itself")(None)


# ---- boston.lab -----------------------------------------------------------------------------

LABELS = {
    **{"scaled=False": "worse", "width=3": "worse", "width=100": "about the same"},
    **{"decay=0.1": "about the same", "decay=10": "worse"},
}


def lab_error(X, y, scaled=True, width=50, decay=0.0):
    """Return the mean RMSE of the lab's network over five folds of rows."""
    errors = []
    for train, val in cut(len(X), 5, 0):
        X_train, X_val = X[train], X[val]
        if scaled:
            X_train, X_val = (part - X[train].mean(0) for part in (X_train, X_val))
            X_train, X_val = (part / X[train].std(0) for part in (X_train, X_val))
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(12, width), nn.LeakyReLU(), nn.Linear(width, 1))
        optimizer = torch.optim.AdamW(model.parameters(), lr=0.03, weight_decay=decay)
        for _ in range(300):
            optimizer.zero_grad()
            F.mse_loss(model(X_train), y[train]).backward()
            optimizer.step()
        with torch.no_grad():
            errors.append(rmse(model(X_val), y[val]))
    return sum(errors) / 5


@cache
def lab_measured():
    """Train the lab's rows, and label each by its difference from the first."""
    table = load_boston()
    X = torch.tensor(table.drop(columns=["black", "medv"]).to_numpy(), dtype=torch.float32)
    y = torch.tensor(table[["medv"]].to_numpy(), dtype=torch.float32)
    base = lab_error(X, y)
    rows = {
        **{"scaled=False": {"scaled": False}, "width=3": {"width": 3}},
        **{"width=100": {"width": 100}, "decay=0.1": {"decay": 0.1}, "decay=10": {"decay": 10}},
    }
    labels = {}
    for row, knobs in rows.items():
        rise = lab_error(X, y, **knobs) - base
        labels[row] = "worse" if rise > 0.4 else "better" if rise < -0.4 else "about the same"
    return labels


@obvious("boston.lab")
def lab_labels_as_measured():
    return dict(lab_measured())


@right("boston.lab")
def lab_labels_with_a_row_of_my_own():
    return {"mine": "better", "as it is": "about the same", **LABELS}


@wrong("boston.lab", 'the row "scaled=False" does not show "about the same"')
def lab_scaling_does_not_matter():
    return {**LABELS, "scaled=False": "about the same"}


@wrong("boston.lab", 'the row "width=3" does not show "better"')
def lab_small_is_better():
    return {**LABELS, "width=3": "better"}


@wrong("boston.lab", 'the row "width=100" does not show "better"')
def lab_large_is_better():
    return {**LABELS, "width=100": "better"}


@wrong("boston.lab", 'the row "decay=0.1" does not show "better"')
def lab_decay_is_better():
    return {**LABELS, "decay=0.1": "better"}


@wrong("boston.lab", 'the row "decay=10" does not show "about the same"')
def lab_decay_does_not_matter():
    return {**LABELS, "decay=10": "about the same"}


@wrong("boston.lab", "has no label yet")
def lab_one_is_open():
    return {**LABELS, "decay=10": ...}


@wrong("boston.lab", "has no label yet")
def lab_one_is_missing():
    return {row: label for row, label in LABELS.items() if row != "width=3"}


@wrong("boston.lab", "a label is one of better")
def lab_in_numbers():
    return {**LABELS, "width=3": 4.4}


@wrong("boston.lab", "return a dict")
def lab_as_a_list():
    return list(LABELS.values())


@unfinished("boston.lab")
def lab_not_begun():
    return ...


# ---- boston.town_fold -----------------------------------------------------------------------


def by_parts(towns, parts):
    """Return folds of rows for these parts of town numbers."""
    inside = [torch.isin(towns, torch.as_tensor(part)) for part in parts]
    return [((~rows).nonzero().flatten(), rows.nonzero().flatten()) for rows in inside]


@obvious("boston.town_fold")
def town_fold_row_by_row(towns, k, seed):
    import random

    names = sorted(set(towns.tolist()))
    random.Random(seed).shuffle(names)
    folds = []
    for i in range(k):
        chosen, train, val = names[i::k], [], []
        for row, town in enumerate(towns.tolist()):
            if town in chosen:
                val.append(row)
            else:
                train.append(row)
        folds.append((train, val))
    return folds


@right("boston.town_fold")
def town_fold_by_k_fold(towns, k, seed):
    return by_parts(towns, [val for _, val in cut(len(towns.unique()), k, seed)])


@right("boston.town_fold")
def town_fold_with_scikit_learn(towns, k, seed):
    from sklearn.model_selection import GroupKFold

    folds = GroupKFold(k, shuffle=True, random_state=seed)
    return folds.split(np.zeros(len(towns)), groups=towns.numpy())


@right("boston.town_fold")
def town_fold_as_a_generator(towns, k, seed):
    order = np.random.default_rng(seed).permutation(int(towns.max()) + 1)
    for part in np.array_split(order, k):
        inside = np.isin(towns.numpy(), part)
        yield np.flatnonzero(~inside), np.flatnonzero(inside)


@wrong("boston.town_fold", "has rows in train_rows and in val_rows of one fold")
def town_fold_of_rows(towns, k, seed):
    return cut(len(towns), k, seed)


@wrong("boston.town_fold", "the list of the numbers of towns in val_rows")
def town_fold_of_even_rows(towns, k, seed):
    parts, names = [[] for _ in range(k)], towns.unique(return_counts=True)
    shuffled = torch.randperm(len(names[0]), generator=torch.Generator().manual_seed(seed))
    for town in sorted(shuffled.tolist(), key=lambda town: -names[1][town]):
        smallest = min(parts, key=lambda part: sum(int(names[1][t]) for t in part))
        smallest.append(town)
    return by_parts(towns, parts)


@wrong("boston.town_fold", "shuffle all towns before the cut")
def town_fold_in_order(towns, k, seed):
    return by_parts(towns, torch.arange(int(towns.max()) + 1).tensor_split(k))


@wrong("boston.town_fold", "shuffle all towns before the cut")
def town_fold_with_one_seed(towns, k, seed):
    return town_fold_by_k_fold(towns, k, 0)


@wrong("boston.town_fold", "the same seed must give the same order")
def town_fold_without_a_seed(towns, k, seed):
    return by_parts(towns, torch.randperm(int(towns.max()) + 1).tensor_split(k))


@wrong("boston.town_fold", "the pair is the other way round")
def town_fold_swapped(towns, k, seed):
    return [(val, train) for train, val in town_fold_by_k_fold(towns, k, seed)]


@wrong("boston.town_fold", "the numbers of their rows are asked for")
def town_fold_of_numbers(towns, k, seed):
    return cut(int(towns.max()) + 1, k, seed)


@wrong("boston.town_fold", "not a mask")
def town_fold_of_masks(towns, k, seed):
    parts = [val for _, val in cut(int(towns.max()) + 1, k, seed)]
    return [(~torch.isin(towns, part), torch.isin(towns, part)) for part in parts]


@wrong("boston.town_fold", "has rows in train_rows and in val_rows of one fold")
def town_fold_trains_on_everything(towns, k, seed):
    return [(torch.arange(len(towns)), val) for _, val in town_fold_by_k_fold(towns, k, seed)]


@wrong("boston.town_fold", "the list of the rows in all val_rows, sorted, is")
def town_fold_one_row_each(towns, k, seed):
    first = torch.tensor([towns.tolist().index(t) for t in range(int(towns.max()) + 1)])
    return [(first[train], first[val]) for train, val in cut(len(first), k, seed)]


@wrong("boston.town_fold", "each fold must be a pair (train_rows, val_rows)")
def town_fold_validation_alone(towns, k, seed):
    return [val for _, val in town_fold_by_k_fold(towns, k, seed)]


@wrong("boston.town_fold", "the number of folds is")
def town_fold_five_always(towns, k, seed):
    return town_fold_by_k_fold(towns, 5, seed)


@wrong("boston.town_fold", "changes towns, which is passed in")
def town_fold_sorts(towns, k, seed):
    folds = town_fold_by_k_fold(towns, k, seed)
    towns.copy_(towns.sort()[0])
    towns += 1
    return folds


@unfinished("boston.town_fold")
def town_fold_not_begun(towns, k, seed):
    return ...


# ---- boston.challenge -----------------------------------------------------------------------


def town_recipe(*layers, lr=0.03, steps=100, make=torch.optim.Adam, **options):
    """Return a recipe for these layers, the course's if there are none."""
    usual = nn.Hardtanh(-2, 2), nn.Linear(12, 50), nn.ReLU(), nn.Linear(50, 1)
    model = nn.Sequential(*(layers or usual))
    return model, make(model.parameters(), lr=lr, **options), steps


class Without(nn.Module):
    """Leaves out crim and rad, the columns 0 and 8."""

    def forward(self, X):
        return X[:, [1, 2, 3, 4, 5, 6, 7, 9, 10, 11]]


@obvious("boston.challenge")
def without_two_columns():
    layers = nn.Hardtanh(-3, 3), nn.Linear(10, 50), nn.ReLU(), nn.Linear(50, 1)
    return town_recipe(Without(), *layers)


@right("boston.challenge")
def that_starts_at_the_mean():
    model, optimizer, steps = town_recipe()
    nn.init.constant_(model[-1].bias, 22.5)
    return model, optimizer, steps


@right("boston.challenge")
def with_fewer_units():
    return town_recipe(nn.Hardtanh(-2, 2), nn.LazyLinear(30), nn.LeakyReLU(), nn.LazyLinear(1))


@right("boston.challenge")
def with_tighter_bounds():
    return list(town_recipe(nn.Hardtanh(-1.5, 1.5), nn.Linear(12, 50), nn.ReLU(), nn.Linear(50, 1)))


@right("boston.challenge")
def in_fewer_steps():
    return town_recipe(lr=0.05, steps=60)


@wrong("boston.challenge", "the goal is 5.2")
def without_bounds():
    return town_recipe(nn.Linear(12, 50), nn.ReLU(), nn.Linear(50, 1))


@wrong("boston.challenge", "the goal is 5.2")
def linear_regression():
    return town_recipe(nn.Linear(12, 1), lr=0.5)


@wrong("boston.challenge", "on the training rows the mean is 2")
def at_the_default_rate():
    return town_recipe(lr=0.001)


@wrong("boston.challenge", "the goal is 5.2")
def with_much_decay():
    layers = nn.Linear(12, 50), nn.ReLU(), nn.Linear(50, 1)
    return town_recipe(*layers, make=torch.optim.AdamW, weight_decay=1.0)


@wrong("boston.challenge", "has 22,801 parameters, 1,000 are allowed")
def with_the_tutorials_network():
    first = nn.Linear(12, 200), nn.Tanh(), nn.Linear(200, 100), nn.Tanh()
    return town_recipe(nn.Hardtanh(-2, 2), *first, nn.Linear(100, 1))


@wrong("boston.challenge", "from 1 to 100, yours is 300")
def in_too_many_steps():
    return town_recipe(steps=300)


@wrong("boston.challenge", "does not hold all parameters")
def with_another_models_optimizer():
    model, _, steps = town_recipe()
    return model, town_recipe()[1], steps


TRAINED, ITS_OPTIMIZER, _ = town_recipe()


@wrong("boston.challenge", "the model has learned already")
def the_same_model_again():
    return TRAINED, ITS_OPTIMIZER, 100


@wrong("boston.challenge", "return (model, optimizer, steps); yours is a tuple of 2")
def without_steps():
    return town_recipe()[:2]


@wrong("boston.challenge", "must be a whole number")
def with_half_a_step():
    return town_recipe(steps=99.5)


@wrong("boston.challenge", "must be an nn.Module")
def the_optimizer_second_to_last():
    return town_recipe()[::-1]


@wrong("boston.challenge", "must be one of torch.optim")
def with_a_rate_alone():
    model, _, steps = town_recipe()
    return model, 0.03, steps


@wrong("boston.challenge", ", right is (385, 1)")
def with_flat_predictions():
    return town_recipe(nn.Linear(12, 50), nn.ReLU(), nn.Linear(50, 1), nn.Flatten(0))


@wrong("boston.challenge", "mat1 and mat2")
def for_thirteen_columns():
    return town_recipe(nn.Linear(13, 50), nn.ReLU(), nn.Linear(50, 1))


@unfinished("boston.challenge")
def a_recipe_not_begun():
    return ...
