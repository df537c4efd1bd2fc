# %% [markdown]
# # 06 Boston: predict a price, and compare fairly
#
# In this notebook you learn
# - to train a network that predicts a number, and why the shape of the target matters;
# - to recognise errors that are computed wrongly, and to compute them right;
# - to compare models fairly: with k folds, without leaks, and with an idea of the spread.
#
# **110 minutes, on any CPU.** You know the training loop (notebook 03) and loaders (notebook 04).

# %% [markdown]
# ## Why
#
# A well-known tutorial trains a network on Boston's house prices and finds it better than linear
# regression: an error of about 15 against 22. Both numbers were measured on the rows that the
# models had learned from. A larger model nearly always looks better that way. So the tutorial does not
# show what it claims, and we shall measure again.
#
# The same tutorial warns of a trap, and it is right: a target of the wrong shape does not raise
# an error. The subtraction silently compares every district with every other one.
#
# ![A column of three predictions minus a row of three targets gives nine differences; only the three on the diagonal belong to the same district.](figures/boston_broadcast.svg)

# %% tags=["setup"]
import matplotlib.pyplot as plt
import torch
from torch import nn

import helpers
from helpers.exercises import boston

# %% [markdown]
# ## 1. Look at the data first

# %%
table = helpers.load_boston()
print(table.shape, "missing values:", int(table.isna().sum().sum()))
some = ["crim", "nox", "rm", "black", "lstat", "medv"]
table[some].describe().loc[["min", "mean", "max"]].round(1)

# %% [markdown]
# Each row is a district in and around Boston in 1970: `crim` is the crime rate, `nox` the nitric oxides in
# the air, `rm` the mean number of rooms, `tax` the property tax, `rad` a number for the access to main roads, `lstat` the share of people whom the authors called of
# lower status, in per cent. The **target**, what we predict, is `medv`: the median value of a home
# in 1000 dollars.

# %%
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
ax.hist(table["medv"], bins=30)
ax.set(xlabel="median value (1000 dollars)", ylabel="districts")
print("districts at the highest value:", int((table["medv"] == 50).sum()))

# %% [markdown]
# *Figure: most districts lie near 20; a small peak stands at 50; the last bar reaches from 48.5 to
# 50.* The peak is not real: values above 50 were cut off to 50 when the data was collected.
#
# ### Where the table comes from, and about `black`
#
# David Harrison and Daniel Rubinfeld published the study in 1978. They asked what people pay for
# clean air, so `nox` was their main column. The others were there to explain the rest of the
# price. Later the table was copied for teaching, mostly without its history.
#
# One column is `black` = 1000 (B − 0.63)², where B is the share of Black residents. The formula
# assumes that prices first fall and then rise again as this share grows. The authors gave no proper
# evidence for that. **Predict:** can you compute the share back from the column?

# %%
share = torch.linspace(0, 1, 101)
black = 1000 * (share - 0.63) ** 2
fig, ax = plt.subplots(figsize=(5, 2.6), layout="constrained")
ax.plot(share, black)
ax.set(xlabel="share of Black residents, B", ylabel="the column black")
print("10 for B = 0.53 and 0.73:", black[[53, 73]].round().tolist())
print(f"for B = 0: {black[0]:.1f}, for B = 1: {black[100]:.1f}")
print("the highest value in the table:", table["black"].max())

# %% [markdown]
# *Figure: a parabola with its lowest point, 0, at B = 0.63. From there it rises to 396.9 at B = 0
# and to 136.9 at B = 1.* You cannot always: below 136.9, two shares give the same value.
#
# So the column describes people by race, through a formula without a foundation. A model that uses it
# learns from that. For this reason scikit-learn removed the data set in version 1.2. Its function is gone:

# %%
import sklearn.datasets

print("load_boston" in sklearn.datasets.__all__)

# %% [markdown]
# We keep the table to talk about exactly this. Sections 2 to 6 repeat the tutorial, with all 13
# columns. From section 7 on we leave `black` out, and measure there what that costs. Do not use
# this table to say anything about house prices.

# %% [markdown]
# ## 2. From the table to tensors
#
# ### Exercise 1: from the table to tensors (5 minutes, complete)
#
# Write `make_tensors(table)`. It returns two tensors: `X`, all columns but `medv`, and `y`, the column
# `medv`. Take it by its name: a table may have other columns, in another order.
# Both are `float32`. `y` has shape (N, 1), like the output of a network with one output.


# %% exercise="boston.tensors"
def make_tensors(table):
    """Return X (N, features) and y (N, 1) as float32."""
    ### BEGIN SOLUTION
    X = table.drop(columns="medv").to_numpy()
    y = table[["medv"]].to_numpy()
    return torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
    ### END SOLUTION


# %%
boston.tensors.check(make_tensors)

# %% [markdown]
# The notebook goes on with its own tensors.

# %%
X = torch.tensor(table.drop(columns="medv").to_numpy(), dtype=torch.float32)  # (506, 13)
y = torch.tensor(table["medv"].to_numpy(), dtype=torch.float32)  # (506,)
print(tuple(X.shape), tuple(y.shape))

# %% [markdown]
# ## 3. The trap: a target of shape (N,)
#
# **Predict:** what is the shape of predictions (506, 1) minus targets (506,)?

# %%
predictions = torch.zeros(506, 1)
print(tuple((predictions - y).shape))

# %% [markdown]
# It is (506, 506): every prediction is compared with all 506 targets. The mean of the squares is still one number,
# and gradient descent makes it smaller. Watch what it learns. `X` is scaled here, so that each
# column has mean 0 and standard deviation 1: the steps then suit all columns alike.


# %%
def learn(X, y, epochs=300):
    """Return the predictions of a small network after training on all rows at once."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(13, 50), nn.LeakyReLU(), nn.Linear(50, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _epoch in range(epochs):
        loss = ((model(X) - y) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model(X).detach()


# %%
X_scaled = (X - X.mean(dim=0)) / X.std(dim=0)
wrong = learn(X_scaled, y)
right = learn(X_scaled, y.unsqueeze(1))
print(f"mean of y {y.mean():.0f}, standard deviation of y {y.std():.0f}")
print(f"(N,):   mean {wrong.mean():.0f}, standard deviation {wrong.std():.0f}")
print(f"(N, 1): mean {right.mean():.0f}, standard deviation {right.std():.0f}")

# %%
fig, axes = plt.subplots(1, 2, figsize=(7, 3.2), layout="constrained", sharex=True, sharey=True)
for ax, y_pred, shape in zip(axes, (wrong, right), ("(N,)", "(N, 1)"), strict=True):
    ax.plot([5, 50], [5, 50], color="#BBBBBB")
    ax.scatter(y, y_pred, s=6)
    ax.set(title=f"target of shape {shape}", xlabel="true value (1000 dollars)")
_ = axes[0].set_ylabel("prediction (1000 dollars)")

# %% [markdown]
# *Figure: predictions against true values; on the grey line both are equal. Left, with a target (N,),
# the predictions lie on a flat line. Right, with (N, 1), they follow the grey line.*
#
# With the wrong shape the network predicts about the mean for every district. Mathematics says why: the
# mean of all those squares is the variance of `y`, which no network can change, plus the
# mean squared distance of the predictions from the mean of `y`. The second part is smallest, 0, when
# every prediction is that mean.

# %%
everything = ((right - y) ** 2).mean()  # 506 times 506 squares
variance = y.var(correction=0)
torch.testing.assert_close(everything, variance + ((right - y.mean()) ** 2).mean())
print(f"with the wrong shape no loss is below {variance:.0f}")

# %% [markdown]
# PyTorch's own `MSELoss` computes the same wrong number. It warns, but it goes on, and in a long
# output a warning is easily missed. Here we catch it, to look at its first sentence.

# %%
import warnings

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    loss = nn.MSELoss()(right, y)
torch.testing.assert_close(loss, everything)
print(str(caught[0].message).split(". ")[0])

# %% [markdown]
# `helpers.train` refuses such a target instead:

# %%
linear = nn.Linear(13, 1)
optimizer = torch.optim.Adam(linear.parameters())
try:
    helpers.train(linear, (X, y), nn.MSELoss(), optimizer, epochs=1, progress=False)
except ValueError as error:
    print(error)

# %% [markdown]
# ### Exercise 2: a loss that no shape can fool (5 minutes, debug)
#
# The bug is in the line `loss = ((model(X) - y) ** 2).mean()` of `learn`: it trusts every shape.
# Write `mse(y_pred, y)`, which does not. `y_pred` has shape (N, 1).
# - If `y` has N values, of shape (N, 1) or (N,), it returns their mean squared error as a tensor
#   with its graph, so that a network can learn from it. Do not change `y` itself.
# - If `y` has another number of values than `y_pred`, it raises a `ValueError`.


# %% exercise="boston.mse"
def mse(y_pred, y):
    """Return the mean squared error; y is (N, 1) or (N,) for y_pred (N, 1)."""
    ### BEGIN SOLUTION
    if y.numel() != y_pred.numel():
        raise ValueError(f"{y_pred.numel()} predictions, but {y.numel()} targets")
    return ((y_pred - y.reshape(y_pred.shape)) ** 2).mean()
    ### END SOLUTION


# %%
boston.mse.check(mse)

# %% [markdown]
# From here on the notebook uses a target of the right shape.

# %%
target = y.unsqueeze(1)  # (506, 1)

# %% [markdown]
# ## 4. The tutorial's network
#
# ### Exercise 3: the network for house prices (4 minutes, complete)
#
# Write `make_network(features)`: three `nn.Linear`, from `features` inputs to 200, to 100, to 1, with
# a LeakyReLU after the first and the second. LeakyReLU multiplies negative numbers by 0.01 where
# ReLU makes them 0.


# %% exercise="boston.network"
def make_network(features):
    """Return a new network, features -> 200 -> 100 -> 1 with LeakyReLU."""
    ### BEGIN SOLUTION
    return nn.Sequential(
        nn.Linear(features, 200),
        nn.LeakyReLU(),
        nn.Linear(200, 100),
        nn.LeakyReLU(),
        nn.Linear(100, 1),
    )
    ### END SOLUTION


# %%
boston.network.check(make_network)

# %% [markdown]
# As in the tutorial: Adam with a learning rate of 0.001, batches of 50 rows, 300 epochs, all rows
# for training, and `X` as it is, not scaled. `fused=True`, as in notebook 03, changes nothing but the
# time.


# %%
def new_network(features):
    """Return a new network of the tutorial's kind."""
    hidden = nn.Linear(features, 200), nn.LeakyReLU(), nn.Linear(200, 100), nn.LeakyReLU()
    return nn.Sequential(*hidden, nn.Linear(100, 1))


# %%
def train_network(X, y, epochs=300, live_plot=False):
    """Return a network trained as in the tutorial, and its history."""
    torch.manual_seed(0)
    model = new_network(X.shape[1])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001, fused=True)
    loader = helpers.make_loader(X, y, batch_size=50, shuffle=True, seed=0)
    show = {"live_plot": live_plot, "progress": False}
    history = helpers.train(model, loader, nn.MSELoss(), optimizer, epochs, **show)
    return model, history


# %% [markdown]
# `live_plot=True` draws the curve while the network trains.

# %% tags=["nbval-ignore-output"]
model, history = train_network(X, target, live_plot=True)

# %% [markdown]
# *Figure: the mean squared error of each epoch. It falls steeply, then slowly and with small jumps,
# because each batch is different.* The tutorial plots such an error under the name "accuracy". It is
# none: an accuracy should rise, and it has no unit. This one is in (1000 dollars)².
#
# Now linear regression, and both errors on the training rows. **Predict:** which one is lower?

# %%
from sklearn.linear_model import LinearRegression

linear = LinearRegression().fit(X, target)
linear_mse = ((linear.predict(X) - target.numpy()) ** 2).mean()
print(f"{linear_mse:.1f}")

# %% [markdown]
# The network's error jumps from epoch to epoch, so we look at the median of its last 20 epochs, and
# at the network as it ended.

# %% tags=["nbval-ignore-output"]
median = torch.tensor(history["train_loss"][-20:]).median().item()
network_mse = helpers.evaluate(model, (X, target), nn.MSELoss())["loss"]
print(f"median of the last 20 epochs {median:.0f}, at the end {network_mse:.0f}")
assert median <= 16
assert network_mse < linear_mse

# %% [markdown]
# This is the tutorial's comparison: 21.9 for linear regression and at most 16 for the network. How
# much less depends a little on the computer. **Predict:** how many parameters does each have?

# %%
print(sum(p.numel() for p in model.parameters()), linear.coef_.size + linear.intercept_.size)

# %% [markdown]
# More than 23,000 parameters for 506 rows against 14: it is no surprise that the network fits these
# rows better.
#
# Two more things in the tutorial's code are out of date. It wraps tensors in `Variable`, which has done
# nothing since PyTorch 0.4. And it writes `nn.MSELoss(reduce="mean")`. The argument is
# `reduction`; `reduce` is an old one that takes True or False. A string that is not empty counts as true.
# **Predict:** what does `reduce="none"` do, if `reduction="none"` gives one loss for each row?

# %%
print(type(torch.autograd.Variable(X)) is torch.Tensor)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # PyTorch says that `reduce` will be removed
    old = nn.MSELoss(reduce="none")
print(tuple(old(right, target).shape), tuple(nn.MSELoss(reduction="none")(right, target).shape))

# %% [markdown]
# It gives one number, the mean, as every other string would. `reduce="mean"` was right by luck.

# %% [markdown]
# ## 5. Scaling on and off
#
# The columns of `X` have very different sizes:

# %%
table[["nox", "rm", "tax", "black"]].agg(["min", "max"]).round(1)

# %% [markdown]
# The tutorial leaves it open whether to scale. There are two usual ways. **Min-max scaling** moves each
# column into the range from 0 to 1. **Standard scaling** gives it mean 0 and standard deviation 1. By hand
# first, then compared with scikit-learn's (which divides by N in the standard deviation).

# %%
from sklearn.preprocessing import MinMaxScaler, StandardScaler

low, high = X.amin(dim=0), X.amax(dim=0)
X_minmax = (X - low) / (high - low)
X_standard = (X - X.mean(dim=0)) / X.std(dim=0, correction=0)
tolerance = {"rtol": 1e-3, "atol": 1e-4, "check_dtype": False}
torch.testing.assert_close(torch.tensor(MinMaxScaler().fit_transform(X)), X_minmax, **tolerance)
torch.testing.assert_close(torch.tensor(StandardScaler().fit_transform(X)), X_standard, **tolerance)

# %% [markdown]
# **Predict:** which of the two models will scaling help on the training rows, linear regression or the
# network?

# %%
for name, scaled in (("none", X), ("min-max", X_minmax), ("standard", X_standard)):
    y_pred = torch.tensor(LinearRegression().fit(scaled, target).predict(scaled))
    print(f"{name:8}: {((y_pred - target) ** 2).mean():.1f}")

# %%
curves = {"none": history["train_loss"]}
for name, scaled in (("min-max", X_minmax), ("standard", X_standard)):
    _, other = train_network(scaled, target)
    curves[name] = other["train_loss"]

# %%
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
for (name, losses), colour in zip(curves.items(), ("#0072B2", "#E69F00", "#009E73"), strict=True):
    ax.plot(losses, color=colour, label=name)
ax.axhline(linear_mse, color="#777777", linestyle="--", label="linear regression")
ax.set(xlabel="epoch", ylabel="training MSE ((1000 dollars)²)", yscale="log")
_ = ax.legend()

# %% [markdown]
# *Figure: the training error of the network without scaling, with min-max and with standard scaling,
# on a logarithmic axis. The standard curve ends lowest and the one without scaling highest. The
# dashed line is linear regression.*

# %%
ends = {name: torch.tensor(losses[-20:]).median().item() for name, losses in curves.items()}
print("from the lowest to the highest:", sorted(ends, key=ends.get))
print("with standard scaling below 5:", ends["standard"] < 5)

# %% [markdown]
# Linear regression is not moved at all: its weights make up for every scale. The network
# goes in small steps from a random start, and for it scaling matters a great deal. But an
# error below 5 on rows that it knows says nothing yet about others. Before we measure that, two bugs.

# %% [markdown]
# ## 6. Bug hunt: two errors that are not what they seem
#
# The tutorial adds up the batch losses and divides by the last `i` of `enumerate`. Here is the
# symptom: the same model and the same rows, cut into batches of different size. **Predict:** does the
# result depend on the batch size?


# %%
def broken_epoch_loss(model, loader, loss_fn):
    """Return the mean loss of an epoch. Or does it?"""
    total = 0.0
    for i, (X, y) in enumerate(loader):
        total += loss_fn(model(X), y).item()
    return total / i


# %% tags=["nbval-ignore-output"]
for size in (50, 100, 250):
    loader = helpers.make_loader(X, target, batch_size=size)
    ratio = broken_epoch_loss(model, loader, nn.MSELoss()) / network_mse
    print(f"batches of {size}: {100 * (ratio - 1):.0f} per cent too high")
    assert ratio > 1.05

# %% [markdown]
# All three are more than 5 per cent too high, and by different amounts.
#
# ### Exercise 4: the loss of an epoch (6 minutes, debug)
#
# The mean is computed with two mistakes. One is named above; find the other. Write it again, so that the result does not depend on the batches: it
# must be the mean over all rows that the loader gives, as a plain number. `loss_fn(y_pred, y)` gives the mean over a batch.
# Not every loader has a `.dataset`. Record no graph, and leave the model as it is.


# %% exercise="boston.bug_hunt"
def epoch_loss(model, loader, loss_fn):
    """Return the mean loss over all rows of the loader."""
    ### BEGIN SOLUTION
    total, rows = 0.0, 0
    with torch.no_grad():
        for X, y in loader:
            total += loss_fn(model(X), y).item() * len(X)
            rows += len(X)
    return total / rows
    ### END SOLUTION


# %%
boston.bug_hunt.check(epoch_loss)

# %% [markdown]
# The second bug is of another kind. The tutorial has a function `get_mse(model)`, which computes with
# a global model and ignores the one that it is given. Here three models are compared.


# %%
def broken_compare(models, X, y):
    """Return the mean squared error of each model. Or does it?"""
    errors = {}
    for name, network in models.items():
        errors[name] = ((model(X) - target) ** 2).mean().item()
    return errors


# %%
torch.manual_seed(1)
three = {"trained": model, "new": new_network(13), "one layer": nn.Linear(13, 1)}
errors = broken_compare(three, X, target)
print("different errors:", len(set(errors.values())))

# %% [markdown]
# A trained and an untrained model with the same error: that cannot be.
#
# ### Exercise 5: three models, one number (4 minutes, debug)
#
# Write `compare(models, X, y)` without the bug; one more of its kind is in the same line. `models` is
# a dict from a name to a model. It returns a dict from each name to the model's mean squared error on
# `X` and `y` (N, 1), as a plain number. Record no graph, and leave the models as they are.


# %% exercise="boston.compare"
def compare(models, X, y):
    """Return a dict from each model's name to its mean squared error on (X, y)."""
    ### BEGIN SOLUTION
    errors = {}
    with torch.no_grad():
        for name, network in models.items():
            errors[name] = ((network(X) - y) ** 2).mean().item()
    return errors
    ### END SOLUTION


# %%
boston.compare.check(compare)

# %%
if boston.compare.done():
    errors = compare(three, X, target)
    print("different errors:", len(set(errors.values())))
    print("the trained one is best:", min(errors, key=errors.get) == "trained")

# %% [markdown]
# ## 7. A fair comparison
#
# Two things must be right. First, the rows on which a model is measured must be new to it. That
# holds for the scaling too: its mean and standard deviation are learned from data, so they must come
# from the training rows alone. Otherwise the validation rows **leak** into the training.
#
# ### Exercise 6: scale without looking at the validation rows (5 minutes, build)
#
# Write `standardise(X_train, X_val)`. It returns both, minus the mean and divided by the standard
# deviation of each column of `X_train`. (Its sum of squares may be
# divided by N or by N - 1.) No column of `X_train` is constant. Do not change the inputs.


# %% exercise="boston.standardise"
def standardise(X_train, X_val):
    """Return X_train and X_val, scaled with the numbers of X_train."""
    ### BEGIN SOLUTION
    mean, std = X_train.mean(dim=0), X_train.std(dim=0)
    return (X_train - mean) / std, (X_val - mean) / std
    ### END SOLUTION


# %%
boston.standardise.check(standardise)

# %% [markdown]
# Second, 506 rows are few. One split can be lucky. With **k-fold validation** the rows are cut
# into k parts. Each part is the validation set once, while the model trains on the others: k
# results instead of one, and an idea of how far they scatter.
#
# The rows must be shuffled first, because neighbouring rows of this table are often from the same town:

# %%
town = table[["tax", "ptratio"]]  # tax and pupils per teacher are the same all over a town
same = (town == town.shift()).all(axis=1)
print("more than four fifths are like the row above:", bool(same.mean() > 0.8))

# %% [markdown]
# **Predict:** five folds, cut with and without a shuffle: what changes in the errors? The error is the **RMSE**, the
# root of the mean squared error, in 1000 dollars like the prices.

# %%
from sklearn.model_selection import KFold

for kind, cut in (("in order", KFold(5)), ("shuffled", KFold(5, shuffle=True, random_state=0))):
    errors = []
    for a, b in cut.split(X):  # the row numbers for training and for validation
        y_pred = torch.tensor(LinearRegression().fit(X[a], target[a]).predict(X[b]))
        errors.append(helpers.rmse(y_pred, target[b]))
    print(kind, [f"{error:.1f}" for error in errors])

# %% [markdown]
# In order, one fold is far worse than the others: the model meets districts of a kind that it has not
# learned from. Shuffled, the five are closer together.
#
# ### Exercise 7: k folds (8 minutes, build)
#
# Write `k_fold(n, k, seed)`. It shuffles the row numbers 0 to n - 1 with the seed, a whole number of at least 0,
# cuts them into k parts as equal as possible (k is 2 to n), and returns k pairs `(train_rows, val_rows)`
# of row numbers. The same seed gives the same pairs.


# %% exercise="boston.k_fold"
def k_fold(n, k, seed):
    """Return k pairs (train_rows, val_rows); each row is in val_rows exactly once."""
    ### BEGIN SOLUTION
    generator = torch.Generator().manual_seed(seed)
    parts = torch.randperm(n, generator=generator).tensor_split(k)
    return [(torch.cat(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]
    ### END SOLUTION


# %%
boston.k_fold.check(k_fold)

# %% [markdown]
# The notebook uses scikit-learn's `KFold`, so it runs even if your answer is not finished. This makes
# the folds for all that follows. Unless we ask for raw columns, each fold is scaled with its own training rows.


# %%
def make_folds(X, raw=False, seed=0):
    """Return five folds ((X_train, y_train), (X_val, y_val))."""
    folds = []
    for a, b in KFold(5, shuffle=True, random_state=seed).split(X):
        scaled = X if raw else (X - X[a].mean(dim=0)) / X[a].std(dim=0)
        folds.append(((scaled[a], target[a]), (scaled[b], target[b])))
    return folds


# %% [markdown]
# From here on without `black`:

# %%
names = [name for name in table.columns if name not in ("black", "medv")]
X_fair = torch.tensor(table[names].to_numpy(), dtype=torch.float32)  # (506, 12)
folds = make_folds(X_fair)

# %% [markdown]
# `cross_validate` takes a function `fit`. That one trains on `X` and `y` and returns another function, from
# new rows to predictions.


# %%
def cross_validate(fit, folds):
    """Return the predictions for the validation rows of each fold, and the RMSE of each fold."""
    predictions = [fit(*train_set)(X_val) for train_set, (X_val, _) in folds]
    targets = [y_val for _, (_, y_val) in folds]
    errors = [helpers.rmse(*pair) for pair in zip(predictions, targets, strict=True)]
    return predictions, torch.tensor(errors)


# %%
def fit_linear(X, y):
    """Train linear regression."""
    linear = LinearRegression().fit(X, y)
    return lambda X: torch.tensor(linear.predict(X), dtype=torch.float32)  # (rows, 1)


def fit_network(X, y):
    """Train the tutorial's network as in section 4."""
    model, _ = train_network(X, y)
    return lambda X: model(X).detach()


# %% [markdown]
# A third kind of model, as a measure for both. **Gradient boosting** adds up many small decision
# trees; each new tree mends a part of what the earlier ones got wrong. For tables it is hard to beat.

# %%
from sklearn.ensemble import GradientBoostingRegressor


def fit_boosting(X, y):
    """Train scikit-learn's gradient boosting."""
    trees = GradientBoostingRegressor(random_state=0).fit(X, y.flatten())
    return lambda X: torch.tensor(trees.predict(X), dtype=torch.float32).unsqueeze(1)


# %%
errors = {}
_, errors["network, raw"] = cross_validate(fit_network, make_folds(X_fair, raw=True))
fits = {"linear regression": fit_linear, "network": fit_network, "boosting": fit_boosting}
for name, fit in fits.items():
    _, errors[name] = cross_validate(fit, folds)

# %% [markdown]
# **Predict:** is the network still better than linear regression, with raw columns and with scaled ones? The cell below draws the mean over
# the folds with an **error bar**, one standard deviation of the five results up and down, and each fold as
# a dot.


# %%
def plot_errors(errors):
    """Draw the RMSE of each fold, and its mean with an error bar, for each model."""
    _, ax = plt.subplots(figsize=(6.5, 3.2), layout="constrained")
    for x, rmse in enumerate(errors.values()):
        ax.plot([x - 0.12] * len(rmse), rmse, "o", color="#0072B2", alpha=0.5)
        ax.errorbar(x + 0.12, rmse.mean(), rmse.std(), fmt="s", color="#E69F00", capsize=4)
    ax.set_xticks(range(len(errors)), errors)
    ax.set(ylim=(0, None), ylabel="RMSE (1000 dollars)")
    return ax


_ = plot_errors(errors)

# %% [markdown]
# *Figure: the RMSE of the five folds as dots, beside them the mean with one standard deviation up and
# down. Linear regression and the network on raw columns lie high; the network on scaled columns and
# boosting lie lower, at about the same height.*

# %% tags=["nbval-ignore-output"]
for name, rmse in errors.items():
    print(f"{name:17}: {rmse.mean():.1f} ± {rmse.std():.1f}")
assert 4.5 < errors["linear regression"].mean() < 5.2
assert 3.0 < errors["network"].mean() < 3.8
assert 4.0 < errors["network, raw"].mean() < 5.6
assert 2.7 < errors["boosting"].mean() < 3.8

# %% [markdown]
# The mean of the network on scaled columns lies between 3.0 and 3.8, that of linear regression between 4.5 and 5.2. But the
# folds scatter, because some hold more unusual districts than others. All models meet the same folds.
# So look at the differences, fold by fold: what is hard for both drops out. The **standard error**
# of their mean is their standard deviation divided by the root of their number. As a rule of thumb, we
# call a difference clear when it is larger than three standard errors.


# %%
def gain(a, b):
    """Return by how much b has the lower RMSE: the mean over the folds and its standard error."""
    difference = a - b
    return difference.mean().item(), difference.std().item() / len(difference) ** 0.5


# %%
for a, b in (("linear regression", "network, raw"), ("linear regression", "network")):
    mean, error = gain(errors[a], errors[b])
    print(f"{b} clearly better than {a}:", mean > 3 * error)
mean, error = gain(errors["boosting"], errors["network"])
print("network clearly better than boosting:", mean > 3 * error)

# %% [markdown]
# So the fair answer is another one. On raw columns, as in section 4, the network is *not* clearly better than linear
# regression, although its error on the training rows was so much lower. On scaled columns it is, and
# by far. Against gradient boosting it is not clearly better. Note also how much lower an error looks
# on rows that a model knows: the scaled network had an MSE below 5 there, which is an RMSE below 2.3.
#
# ### With and without `black`
#
# **Predict:** how much worse do the models become without the column? The same folds again, now with it:

# %%
folds_with = make_folds(X)
without_black = {}
for name, fit in fits.items():
    _, with_black = cross_validate(fit, folds_with)
    without_black[name] = errors[name] - with_black

# %%
ax = plot_errors(without_black)
ax.axhline(0, color="#777777", linestyle="--")
_ = ax.set(ylim=(-1.5, 1.5), ylabel="rise of the RMSE\nwithout black (1000 dollars)")

# %% [markdown]
# *Figure: the RMSE without `black` minus the RMSE with it, for each fold, and the mean with one standard deviation. All
# three means lie close to the dashed line at 0, which stands for no difference.*

# %%
for name, rise in without_black.items():
    error = rise.std() / len(rise) ** 0.5
    print(f"{name:17}: a clear rise: {bool(rise.mean() > 3 * error)}", end=", ")
    print("a mean rise below 0.3:", bool(rise.mean() < 0.3))

# %% [markdown]
# None of the three becomes clearly worse. The column can be left out at no cost that we could measure. If
# it had helped, the question would remain whether a model should use it: an error is not the only
# thing that counts.

# %% [markdown]
# ## 8. Train too long, and what helps
#
# Are 300 epochs in batches of 50 a good choice? The tutorial does not say how it came to them. Let us train far
# more: 1000 steps with all rows as one batch, at a learning rate of 0.01. Then an epoch is one step. `AdamW` is Adam with
# **weight decay**: each step also pulls every parameter a little towards 0. Small parameters make a
# smoother function.


# %%
def train_long(train_set, val_set=None, steps=1000, weight_decay=0.0, patience=None):
    """Return a network trained for up to that many steps, and its history."""
    torch.manual_seed(0)
    model = new_network(train_set[0].shape[1])
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, weight_decay=weight_decay)
    stop = {"patience": patience, "progress": False}
    history = helpers.train(model, train_set, nn.MSELoss(), optimizer, steps, val_set, **stop)
    return model, history


# %%
_, history = train_long(*folds[0])
ax = helpers.plot_history(history)
_ = ax.set(ylim=(0, 40), ylabel="MSE ((1000 dollars)²)")

# %% [markdown]
# *Figure: the training loss falls towards 0. The validation loss of this fold falls steeply at first,
# and later rises slowly. The first epochs are cut off above 40.*

# %%
print("at the end, training below 2:", history["train_loss"][-1] < 2)
rise = history["val_loss"][-1] / min(history["val_loss"])
print("validation above its lowest by more than a tenth:", rise > 1.1)

# %% [markdown]
# This is overfitting, as in notebook 03. Two cures: early stopping and weight decay. Early stopping must watch
# some rows, and the validation rows of the fold are not allowed: they measure the result. Rows that decide
# anything about the training belong to it. So a third of the training rows finds the best number of steps.
# (We chose that share by trying a few, so the result may be a little too good.) Then a new network learns from
# all training rows, for that many steps.


# %%
def fit_long(X, y):
    """Train for 1000 steps."""
    model, _ = train_long((X, y))
    return lambda X: model(X).detach()


def fit_decay(X, y):
    """Train for 1000 steps with weight decay."""
    model, _ = train_long((X, y), weight_decay=1.0)
    return lambda X: model(X).detach()


# %%
def find_steps(X, y):
    """Return the best number of steps, found with a third of the rows."""
    order = torch.randperm(len(X), generator=torch.Generator().manual_seed(0))
    watch, learn = order.tensor_split([len(X) // 3])
    _, history = train_long((X[learn], y[learn]), (X[watch], y[watch]), patience=100)
    return history["val_loss"].index(min(history["val_loss"])) + 1


def fit_stopped(X, y):
    """Train on all rows, for that many steps."""
    model, _ = train_long((X, y), steps=find_steps(X, y))
    return lambda X: model(X).detach()


# %% [markdown]
# **Predict:** will both help, and will either bring the network ahead of boosting?

# %%
results = {name: errors[name] for name in ("linear regression", "network")}
_, results["long"] = cross_validate(fit_long, folds)
_, results["stopped"] = cross_validate(fit_stopped, folds)
predictions, results["decay"] = cross_validate(fit_decay, folds)
results["boosting"] = errors["boosting"]
_ = plot_errors(results)

# %% [markdown]
# *Figure: as before, for six models: linear regression, the network of section 7, the same network trained
# long, with early stopping, with weight decay, and gradient boosting. The long training is the worst of
# the four networks, weight decay the best.*

# %% tags=["nbval-ignore-output"]
for name, rmse in results.items():
    mean, error = gain(results["long"], rmse)
    print(f"{name:17}: {rmse.mean():.1f} ± {rmse.std():.1f}", end=", ")
    print(f"lower than long by {mean:.2f} ± {error:.2f}")
assert gain(results["long"], results["decay"])[0] > 0.2
assert gain(results["long"], results["stopped"])[0] > 0
networks = {name: results[name].mean() for name in ("network", "long", "stopped", "decay")}
assert sorted(networks, key=networks.get)[0] == "decay"
assert sorted(networks, key=networks.get)[-1] == "long"

# %% [markdown]
# Both means are lower than that of the long training. Are the differences clear, by our rule?

# %%
for name in ("decay", "stopped"):
    mean, error = gain(results["long"], results[name])
    print(f"{name} clearly better than long:", mean > 3 * error)
mean, error = gain(results["boosting"], results["decay"])
print("decay clearly better than boosting:", mean > 3 * error)
print("steps in the first fold, fewer than 500:", find_steps(*folds[0][0]) < 500)

# %% [markdown]
# Weight decay earns its place here: the optimizer takes one more number, and the error is clearly lower. For early stopping, five folds cannot
# show it: the rows that it watches are few, and so a noisy guide. It earns its place in another way. It finds the
# number of steps by itself, and stops in time.
#
# Against boosting, the network with weight decay is again not clearly better. Two remarks on honesty:
# - We tried a few values of weight decay on such folds before we wrote 1.0. So that result is a little too good. The strict way is
#   to choose inside the training rows, or to keep a test set that is used once, at the end.
# - The five trainings share most of their rows. So the standard error is a little too small. That is one reason why
#   our rule asks for three.

# %% [markdown]
# ## 9. Look at the errors, and at the columns
#
# A mean hides much. A **residual** is the true value minus the prediction. Each district was a
# validation row once, so there is one fair prediction for each.

# %%
y_pred = torch.cat(predictions)  # (506, 1), in the order of the folds
y_true = torch.cat([y_val for _, (_, y_val) in folds])
residual = y_true - y_pred
cut = y_true == 50

# %%
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
ax.axhline(0, color="#777777", linestyle="--")
ax.scatter(y_pred[~cut], residual[~cut], s=8, color="#0072B2", label="other districts")
ax.scatter(y_pred[cut], residual[cut], s=20, color="#E69F00", marker="^", label="true value 50")
ax.set(xlabel="prediction (1000 dollars)", ylabel="residual (1000 dollars)")
_ = ax.legend()

# %% [markdown]
# *Figure: residuals against predictions. Most points lie around the dashed line at 0. The triangles, the
# districts with a true value of 50, lie on a falling line, most of them above 0 and one more than 20 above.*

# %%
inside = (residual.abs() < 3).float().mean()
print("more than two thirds are within 3000 dollars:", bool(inside > 2 / 3))
share = (residual[cut] ** 2).sum() / (residual**2).sum()
print("districts cut at 50:", f"{100 * cut.float().mean():.0f} per cent")
print("they make more than a tenth of the sum of squares:", bool(share > 0.1))
print("most of them are predicted too low:", bool(residual[cut].median() > 0))

# %% [markdown]
# 3 per cent of the districts make more than a tenth of the sum of squares: those whose true value was cut
# at 50. A squared error gives much weight to a few large mistakes, and here even the data is wrong.
#
# ### Which columns matter?
#
# One way to ask a trained model: shuffle one column of the validation rows, so that its values belong to the wrong
# districts, and predict again. The rise of the error is the column's **permutation importance**. A column that the
# model does not use gives 0.
#
# ### Exercise 8: permutation importance (7 minutes, build)
#
# Write `importance(predict, X, y, column, seed)`. `predict` is a function from rows to predictions (N, 1);
# `column` is the number of a column. It shuffles that column with the seed, and returns, as a
# plain number, the RMSE of the predictions on the shuffled rows minus the RMSE on the rows as they are.
# The same seed gives the same order, other seeds give others. Do not change `X`. `helpers.rmse(y_pred, y)` computes the RMSE.


# %% exercise="boston.importance"
def importance(predict, X, y, column, seed):
    """Return by how much the RMSE rises when one column is shuffled."""
    ### BEGIN SOLUTION
    torch.manual_seed(seed)
    X_shuffled = X.clone()
    X_shuffled[:, column] = X[torch.randperm(len(X)), column]
    return helpers.rmse(predict(X_shuffled), y) - helpers.rmse(predict(X), y)
    ### END SOLUTION


# %%
boston.importance.check(importance)

# %% [markdown]
# scikit-learn has the same as `permutation_importance`. It repeats the shuffling, ten times here,
# because one shuffle can be lucky. This is gradient boosting on the first fold. **Predict:** which
# columns come first?

# %%
from sklearn.inspection import permutation_importance

(X_train, y_train), (X_val, y_val) = folds[0]
trees = GradientBoostingRegressor(random_state=0).fit(X_train, y_train.flatten())
how = {"scoring": "neg_root_mean_squared_error", "n_repeats": 10, "random_state": 0}
found = permutation_importance(trees, X_val, y_val.flatten(), **how)
order = found.importances_mean.argsort()
print("the first two:", sorted(names[i] for i in order[-2:]))

# %%
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
bars = {"xerr": found.importances_std[order], "color": "#0072B2", "capsize": 3}
ax.barh([names[i] for i in order], found.importances_mean[order], **bars)
_ = ax.set_xlabel("rise of the RMSE (1000 dollars)")

# %% [markdown]
# *Figure: how much the RMSE rises when a column is shuffled, the mean of ten shuffles and their
# standard deviation. `lstat` and `rm` stand out; the bars of several columns are close to 0.*
#
# Does the network with weight decay see it in the same way?

# %%
if boston.importance.done():
    predict = fit_decay(X_train, y_train)
    rises = {name: importance(predict, X_val, y_val, i, seed=0) for i, name in enumerate(names)}
    print("lstat is among its first two:", "lstat" in sorted(rises, key=rises.get)[-2:])
    by_trees = dict(zip(names, found.importances_mean, strict=True))
    print("it needs rad, and the trees hardly do:", bool(rises["rad"] > 1 > 5 * by_trees["rad"]))

# %% [markdown]
# Only in part. The network leans on `rad`, and the trees hardly use it. One reason: `rad` and `tax` say
# nearly the same, so a model can use one in place of the other.

# %%
print(f"correlation of rad and tax: {table['rad'].corr(table['tax']):.2f}")

# %% [markdown]
# So take care with the word importance. It says what this model uses, not what causes a price.

# %% [markdown]
# ## Recap
#
# - Predictions and target must have the same shape, (N, 1) and (N, 1). Otherwise a network learns
#   the mean.
# - The loss of an epoch is the mean over all rows: weight each batch by its number of rows. A function
#   measures the model and the data that it is given, nothing else.
# - Fit the scaling on the training rows, measure on other rows, repeat with k shuffled folds, and compare
#   fold by fold. Scale the columns for a network. Early stopping and weight decay help a network that is trained long.

# %% [markdown]
# ## Quiz
#
# Replace each `...` by the letter of your choice.
#
# **1.** Predictions have shape (20, 1), targets (20,). What shape does their difference have?
# - **a** (20, 1)
# - **b** (20, 20)
# - **c** none, it is an error

# %%
boston.quiz(1, "b")  ### STUB: boston.quiz(1, ...)

# %% [markdown]
# **2.** When can the mean of the batch losses differ from the loss over all rows?
# - **a** when the last batch is smaller
# - **b** when the batches are shuffled
# - **c** always

# %%
boston.quiz(2, "a")  ### STUB: boston.quiz(2, ...)

# %% [markdown]
# **3.** On which rows are the mean and standard deviation for scaling computed?
# - **a** on all rows
# - **b** on each part for itself
# - **c** on the training rows, for both parts

# %%
boston.quiz(3, "c")  ### STUB: boston.quiz(3, ...)

# %% [markdown]
# **4.** A network has MSE 15 and linear regression 22, both on the training rows. What follows?
# - **a** the network predicts new prices better
# - **b** nothing about new prices
# - **c** the network is better by a third on new prices

# %%
boston.quiz(4, "b")  ### STUB: boston.quiz(4, ...)

# %% [markdown]
# **5.** What does k-fold validation give that one split does not?
# - **a** a model that learned from more rows
# - **b** less computing
# - **c** an idea of how far the result scatters

# %%
boston.quiz(5, "c")  ### STUB: boston.quiz(5, ...)

# %% [markdown]
# ## Where to go on
#
# - [PyTorch on broadcasting](https://docs.pytorch.org/docs/stable/notes/broadcasting.html): the
#   rules behind (N, 1) minus (N,).
# - [scikit-learn on cross-validation](https://scikit-learn.org/stable/modules/cross_validation.html):
#   more ways to split, for example by time or by group.
# - [scikit-learn on common pitfalls](https://scikit-learn.org/stable/common_pitfalls.html): leaks
#   in pre-processing, with examples.
