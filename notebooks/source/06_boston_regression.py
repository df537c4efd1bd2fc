# %% [markdown]
# # 06 Boston: predict a price, and compare fairly
#
# In this notebook you learn
# - to train a network that predicts a number, and why the shape of the target matters;
# - to compare models fairly: on rows that are new to them, with k folds, with an idea of the spread;
# - to ask "new for whom?": an error on new rows from known towns says little about new towns.
#
# **90 minutes, on any CPU.** You know the training loop (notebook 03) and loaders (notebook 04).

# %% [markdown]
# ## Why
#
# A well-known tutorial trains a network on Boston's house prices and sets it beside linear
# regression. It prints no result. With its code we get a mean squared error of about 12 against 22,
# both on the rows that the models have learned from. A larger model nearly always looks better
# there. So we measure again, twice: on new rows, and on new towns.
#
# The same tutorial warns of a trap, and it is right: a target of the wrong shape raises no error.
# The subtraction compares every district with every other one.
#
# ![A column of three predictions minus a row of three targets gives nine differences; only the three on the diagonal belong to the same district.](figures/boston_broadcast.svg)

# %% tags=["setup"]
import matplotlib.pyplot as plt
import torch
from torch import nn

import helpers
from helpers.exercises import boston

plt.style.use("helpers.course")
torch.set_num_threads(1)  # small tensors: one thread is faster than two (04 explains)

# %% [markdown]
# ## 1. Look at the data first

# %%
table = helpers.load_boston()
print(table.shape, "missing values:", int(table.isna().sum().sum()))
table.describe().loc[["min", "mean", "max"]].round(1).T

# %% [markdown]
# Each row is a district in or around Boston in 1970. The **target**, what we predict, is `medv`: the
# median value of a home, in 1000 dollars. The other columns are the **features**:
# - of the district: `crim` crime rate, `chas` 1 at the river Charles, `nox` nitric oxides in the air,
#   `rm` rooms, `age` share of old houses, `dis` distance to work, `lstat` share of people whom the
#   authors called of lower status, and `black`, see below;
# - of its whole town: `zn` land for large plots, `indus` land for industry, `rad` access to main
#   roads, `tax` property tax, `ptratio` pupils per teacher.

# %%
fig, ax = plt.subplots()
ax.hist(table["medv"], bins=30, color="C5")
ax.set(xlabel="median value (1000 dollars)", ylabel="districts")
print("districts at the highest value:", int((table["medv"] == 50).sum()))

# %% [markdown]
# *Figure: most districts lie near 20; a small peak stands at 50.* The peak is not real: values above
# 50 were cut off to 50 when the data was collected.
#
# **About `black`.** David Harrison and Daniel Rubinfeld made the table in 1978, to find out what
# people pay for clean air. This column is 1000 (B − 0.63)², where B is the share of Black
# residents. The formula assumes that prices first fall and then rise with this share; the authors
# gave no proper evidence. A model that uses it learns from race, through a formula without a
# foundation. So scikit-learn removed the data set in version 1.2. We keep the table to talk about
# exactly this, and leave the column out from section 5 on (an Extra measures what that costs). Do
# not use this table to say anything about house prices.
#
# ## 2. From the table to tensors
#
# ### Exercise 1: from the table to tensors (4 minutes, complete)
#
# Write `make_tensors(table)`. It returns two tensors: `X`, all columns but `medv`, and `y`, the
# column `medv`. Take it by its name: a table may have other columns, in another order. Both are
# `float32`. `y` has shape (N, 1), like the output of a network with one output.


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
# The notebook's own tensors; are they yours?

# %%
X_all = torch.tensor(table.drop(columns="medv").to_numpy(), dtype=torch.float32)  # (506, 13)
y = torch.tensor(table[["medv"]].to_numpy(), dtype=torch.float32)  # (506, 1)
if boston.tensors.done():
    torch.testing.assert_close(make_tensors(table), (X_all, y))
print(tuple(X_all.shape), tuple(y.shape))

# %% [markdown]
# ## 3. The trap: a target of shape (N,)
#
# **Predict:** what is the shape of predictions (506, 1) minus targets (506,)?

# %%
y_flat = y.flatten()  # (506,)
print(tuple((torch.zeros(506, 1) - y_flat).shape))

# %% [markdown]
# It is (506, 506): every prediction is compared with all 506 targets.
#
# ### Bug hunt: the loss that trusts every shape
#
# The mean of the squares is still one number, and gradient descent makes it smaller. Watch what it
# learns. To **standardise** a column means: subtract its mean and divide by its standard deviation.
# The steps then suit all columns alike.


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
X_standard = (X_all - X_all.mean(dim=0)) / X_all.std(dim=0)
wrong, right = learn(X_standard, y_flat), learn(X_standard, y)
fig, axes = plt.subplots(1, 2, figsize=(7, 3.2), sharex=True, sharey=True)
for ax, y_pred, shape in zip(axes, (wrong, right), ("(N,)", "(N, 1)"), strict=True):
    ax.plot([5, 50], [5, 50], color="grey")
    ax.scatter(y, y_pred, s=6, color="C4")
    ax.set(title=f"target of shape {shape}", xlabel="true value (1000 dollars)")
_ = axes[0].set_ylabel("prediction (1000 dollars)")

# %% [markdown]
# *Figure: predictions against true values; on the grey line both are equal. Left, with a target
# (N,), the predictions lie near a flat line. Right, with (N, 1), they follow the grey line.*
#
# With the wrong shape the network predicts about the mean for everyone. Mathematics says why: the
# mean of all those squares is the variance of `y`, which no network can change, plus the mean
# squared distance of the predictions from the mean of `y`. PyTorch's own `MSELoss` computes the
# same number, here for the good predictions on the right. It warns, but it goes on.

# %% tags=["approx-0.01"]
import warnings

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    torch_loss = nn.MSELoss()(right, y_flat)
by_hand = y.var(correction=0) + ((right - y.mean()) ** 2).mean()
print(f"MSELoss {torch_loss:.1f}, by hand {by_hand:.1f}, right {nn.MSELoss()(right, y):.1f}")
print(str(caught[0].message).split(". ")[0])

# %% [markdown]
# A target of size `[506]`, an input of size `[506, 1]`: here it says what is wrong. `helpers.train`
# refuses such a target:

# %%
one_layer = nn.Linear(13, 1)
optimizer = torch.optim.Adam(one_layer.parameters())
try:
    helpers.train(one_layer, (X_all, y_flat), nn.MSELoss(), optimizer, epochs=1, progress=False)
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

# %% tags=["approx-0.01"]
if boston.mse.done():
    print(f"with (N,) {mse(right, y_flat):.1f}, with (N, 1) {mse(right, y):.1f}")

# %% [markdown]
# ## 4. The tutorial's comparison
#
# ### Exercise 3: the network for house prices (3 minutes, complete)
#
# Write `make_network(features)`: three `nn.Linear`, from `features` inputs to 200, to 100, to 1,
# with a LeakyReLU after the first and the second. LeakyReLU multiplies negative numbers by 0.01
# where ReLU makes them 0.


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
# As in the tutorial: Adam with a rate of 0.001, batches of 50 rows, 300 epochs, all rows for
# training, and `X` as it is, not standardised. `fused=True` only saves time. This takes
# some seconds.


# %%
def new_network(features):
    """Return a new network of the tutorial's kind."""
    hidden = nn.Linear(features, 200), nn.LeakyReLU(), nn.Linear(200, 100), nn.LeakyReLU()
    return nn.Sequential(*hidden, nn.Linear(100, 1))


def train_in_batches(model, X, y, epochs=300, live_plot=False):
    """Train the model as the tutorial does; return its history."""
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001, fused=True)
    loader = helpers.make_loader(X, y, batch_size=50, shuffle=True, seed=0)
    show = {"live_plot": live_plot, "progress": False}
    return helpers.train(model, loader, nn.MSELoss(), optimizer, epochs, **show)


# %% tags=["nbval-ignore-output"]
torch.manual_seed(0)
tutorial_model = new_network(13)
raw_history = train_in_batches(tutorial_model, X_all, y, live_plot=True)

# %% [markdown]
# *Figure: the mean squared error of each epoch falls, with small jumps.*
# The tutorial plots it under the name "accuracy". It is none: an accuracy should rise, and has no
# unit.

# %% tags=["approx-0.2"]
from sklearn.linear_model import LinearRegression

linear = LinearRegression().fit(X_all, y)
linear_mse = ((linear.predict(X_all) - y.numpy()) ** 2).mean()
late_mse = torch.tensor(raw_history["train_loss"][-20:]).median().item()
print(f"linear regression {linear_mse:.1f}, network {late_mse:.1f} (median of 20 epochs)")

# %% [markdown]
# And your network, trained in the same way, with other starting weights:

# %% tags=["approx-0.2"]
if boston.network.done():
    torch.manual_seed(1)
    my_network = make_network(13)
    my_history = train_in_batches(my_network, X_all, y)
    print(f"yours {torch.tensor(my_history['train_loss'][-20:]).median():.1f}")
print("parameters", sum(p.numel() for p in tutorial_model.parameters()), linear.coef_.size + 1)

# %% [markdown]
# That is the tutorial's comparison: more than 23,000 parameters against 14, on 506 rows that both
# know.
#
# ## 5. New rows
#
# The rows on which a model is measured must be new to it. That holds for the standardising too: its
# means and standard deviations are learned from data, so they must come from the training rows
# alone. Otherwise the validation rows **leak** into the training.
#
# ### Exercise 4: scale without looking at the validation rows (4 minutes, build)
#
# Write `standardise(X_train, X_val)`. It returns both, minus the mean and divided by the standard
# deviation of each column of `X_train`. (Its sum of squares may be divided by N or by N - 1.) No
# column of `X_train` is constant. Do not change the inputs.


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
# 506 rows are few, and one split can be lucky. With **k-fold validation** the rows are cut into k
# parts. Each part is the validation set once, while the model trains on the others: k results
# instead of one, and a fair prediction for every row.
#
# ### Exercise 5: k folds (6 minutes, build)
#
# Write `k_fold(n, k, seed)`. It shuffles the row numbers 0 to n - 1 with the seed, a whole number of
# at least 0, cuts them into k parts as equal as possible (k is 2 to n), and returns k pairs
# `(train_rows, val_rows)` of row numbers. The same seed gives the same pairs.


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
# `cross_validate` takes the folds, and a function `fit` that learns from the training rows and
# returns its predictions for the validation rows. The error is the **RMSE**, the root of the mean
# squared error: it is in 1000 dollars, like the prices. From here on without `black`:


# %%
def cross_validate(fit, X, y, folds):
    """Return a fair prediction for each row (N, 1), and the RMSE of each fold (k,)."""
    y_pred, errors = torch.zeros_like(y), []
    for train_rows, val_rows in folds:
        y_pred[val_rows] = fit(X[train_rows], y[train_rows], X[val_rows])
        errors.append(helpers.rmse(y_pred[val_rows], y[val_rows]))
    return y_pred, torch.tensor(errors)


names = [name for name in table.columns if name not in ("black", "medv")]
X = torch.tensor(table[names].to_numpy(), dtype=torch.float32)  # (506, 12)


# %%
def fit_linear(X_train, y_train, X_val):
    """Train linear regression; return its predictions for X_val."""
    model = LinearRegression().fit(X_train, y_train)
    return torch.tensor(model.predict(X_val), dtype=torch.float32)


# %% [markdown]
# First scikit-learn's `KFold`, then yours, with other folds.

# %% tags=["approx-0.01"]
from sklearn.model_selection import KFold

row_folds = {seed: list(KFold(5, shuffle=True, random_state=seed).split(X)) for seed in range(3)}
print([f"{error:.2f}" for error in cross_validate(fit_linear, X, y, row_folds[0])[1]])
if boston.k_fold.done():
    print([f"{error:.2f}" for error in cross_validate(fit_linear, X, y, k_fold(506, 5, 0))[1]])

# %% [markdown]
# Now the network. It takes one batch of all rows and a rate of 0.01: 300 steps instead of some
# 3000. (On these folds that is no worse than the tutorial's training: an Extra.)


# %%
def train_steps(model, X, y, lr=0.01, steps=300, decay=0.0, loss_fn=nn.functional.mse_loss):
    """Train the model, with all rows as one batch."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=decay, fused=True)
    helpers.train(model, (X, y), loss_fn, optimizer, steps, progress=False)


def scale(X_train, X_val):
    """Return both, standardised with the numbers of X_train."""
    mean, std = X_train.mean(dim=0), X_train.std(dim=0)
    return (X_train - mean) / std, (X_val - mean) / std


# %%
def fit_network(X_train, y_train, X_val, seed=0, **options):
    """Train the network on standardised columns; return its predictions for X_val."""
    torch.manual_seed(seed)
    X_train, X_val = scale(X_train, X_val)
    model = new_network(X_train.shape[1])
    train_steps(model, X_train, y_train, **options)
    with torch.no_grad():
        return model(X_val)


# %% [markdown]
# **Gradient boosting** adds up many small decision trees, each of which corrects a
# part of the error of the earlier ones. For tables it is hard to beat.

# %%
from sklearn.ensemble import GradientBoostingRegressor


def fit_boosting(X_train, y_train, X_val):
    """Train scikit-learn's gradient boosting; return its predictions for X_val."""
    trees = GradientBoostingRegressor(random_state=0).fit(X_train, y_train.flatten())
    return torch.tensor(trees.predict(X_val), dtype=torch.float32).unsqueeze(1)


fits = {"linear": fit_linear, "network": fit_network, "boosting": fit_boosting}

# %% [markdown]
# **Predict:** is the network still better than linear regression? We cut the rows three times, with
# three seeds. (About ten seconds.)

# %% tags=["approx-0.05"]
row_errors, row_predictions = {}, {}
for name, fit in fits.items():
    results = [cross_validate(fit, X, y, folds) for folds in row_folds.values()]
    row_errors[name] = torch.cat([errors for _, errors in results])  # (15,)
    row_predictions[name] = results[0][0]  # of the first cut, (506, 1)
    print(f"{name:9}", *(f"{errors.mean():.2f}" for _, errors in results))

# %%
fig, axes = plt.subplots(1, 2, figsize=(7, 3.2), sharex=True, sharey=True)
for ax, name, colour in zip(axes, ("linear", "network"), ("C3", "C4"), strict=True):
    ax.plot([0, 50], [0, 50], color="grey")
    ax.scatter(y, row_predictions[name], s=6, color=colour)
    ax.set(title=name, xlabel="true value (1000 dollars)")
_ = axes[0].set_ylabel("fair prediction (1000 dollars)")

# %% [markdown]
# *Figure: predictions for rows that the model has not seen. At the upper end linear regression stays
# below the grey line; the network follows it.*
#
# ### How sure is that?
#
# All models meet the same folds. So look at the differences, fold by fold. The **standard error**
# says how far a mean may be off by chance. For n independent differences with variance v it is
# √(v/n). Ours are not independent: two trainings share most of their rows. Nadeau and Bengio put
# 1/n + (validation rows / training rows) in the place of 1/n; here that is 1/15 + 1/4. As a rule
# of thumb we call a difference clear when it is larger than three such standard errors.


# %%
def gain(a, b, share=1 / 4):
    """Return by how much b's RMSE is lower on average, and the corrected standard error."""
    difference = a - b
    variance = difference.var() * (1 / len(difference) + share)
    return difference.mean().item(), variance.sqrt().item()


# %% tags=["approx-0.05"]
for name in ("linear", "boosting"):
    mean, error = gain(row_errors[name], row_errors["network"])
    print(f"{name} minus network: {mean:.2f}, standard error {error:.2f}")

# %%
fig, ax = plt.subplots()
ax.axhline(0, color="grey")
for x, (name, colour) in enumerate([("linear", "C3"), ("boosting", "C2")]):
    difference = row_errors[name] - row_errors["network"]
    ax.plot([x - 0.1] * len(difference), difference, "o", color=colour)
    mean, error = gain(row_errors[name], row_errors["network"])
    ax.errorbar(x + 0.1, mean, 3 * error, fmt="s", color="black", capsize=4)
ax.set_xticks([0, 1], ["linear", "boosting"])
_ = ax.set(xlim=(-0.6, 1.6), ylabel="RMSE minus the network's\n(1000 dollars)")

# %% [markdown]
# *Figure: differences of 15 folds as dots, and their mean with three corrected standard errors.
# Linear lies above 0, boosting on both sides.*
#
# So on new rows the network is clearly better than linear regression, and not clearly better or
# worse than boosting. The tutorial seems to be right.
#
# ## 6. Lab: scaling, width, decay
#
# One knob at a time, for a network with one hidden layer. `scaled`: are the columns standardised?
# `width`: the number of hidden units. `decay`: **weight decay**, by which each step also pulls
# every parameter a little towards 0. Your `k_fold` cuts and your `standardise` scales.

# %%
settings = {"as it is": {}, "scaled=False": {"scaled": False}}
settings |= {"width=3": {"width": 3}, "width=100": {"width": 100}}
settings |= {"decay=0.1": {"decay": 0.1}, "decay=10": {"decay": 10.0}}


def experiment(X_train, y_train, X_val, standardise, scaled=True, width=50, decay=0.0):
    """Train with these knobs; return the predictions for X_val."""
    if scaled:
        X_train, X_val = standardise(X_train, X_val)
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(12, width), nn.LeakyReLU(), nn.Linear(width, 1))
    train_steps(model, X_train, y_train, lr=0.03, decay=decay)
    with torch.no_grad():
        return model(X_val)


# %% [markdown]
# A setting is `"worse"` or `"better"` if its mean RMSE differs from the first's by more than 0.4,
# otherwise it is `"about the same"`. First write what you expect. Then complete the loop: call
# `experiment(X[train_rows], y[train_rows], X[val_rows], standardise, **knobs)`, compute the
# `helpers.rmse` of its predictions, and append it to `rmses`.

# %%
expected = dict.fromkeys(settings, "?")
### BEGIN SOLUTION
expected |= {"scaled=False": "about the same", "width=3": "worse", "width=100": "better"}
expected |= {"decay=0.1": "better", "decay=10": "about the same"}
### END SOLUTION

# %% tags=["approx-0.05"]
if boston.standardise.done() and boston.k_fold.done():
    lab_errors = {}
    for name, knobs in settings.items():
        rmses = []
        for train_rows, val_rows in k_fold(len(X), 5, seed=0):
            ### BEGIN SOLUTION
            y_pred = experiment(X[train_rows], y[train_rows], X[val_rows], standardise, **knobs)
            rmses.append(helpers.rmse(y_pred, y[val_rows]))
            ### END SOLUTION
        lab_errors[name] = torch.tensor(rmses)
        print(f"{name:13}{lab_errors[name].mean():6.2f}  expected: {expected.get(name, '?')}")

# %% [markdown]
# ### Exercise 6: what each row shows (4 minutes, complete)
#
# Label each row by your table: `"better"`, `"worse"` or `"about the same"`.


# %% exercise="boston.lab"
def my_labels():
    """Return what each row shows, a dict from the row's name to its label."""
    return {
        "scaled=False": "worse",  ### STUB: "scaled=False": ...,
        "width=3": "worse",  ### STUB: "width=3": ...,
        "width=100": "about the same",  ### STUB: "width=100": ...,
        "decay=0.1": "about the same",  ### STUB: "decay=0.1": ...,
        "decay=10": "worse",  ### STUB: "decay=10": ...,
    }


# %%
boston.lab.check(my_labels)

# %%
if boston.lab.done():
    for name, label in my_labels().items():
        if expected.get(name) != label:
            print(f"{name:13} expected: {expected.get(name, '?'):15} shows: {label}")

# %% [markdown]
# Scaling counts: without it the steps do not suit the columns. A width of 3 is too
# simple, 100 gains little. A strong decay holds all parameters near 0, the bias too, so the
# predictions stay far too low. No knob gains more than 0.4.
#
# ## 7. New for whom?
#
# The table has no column for the town. But `zn`, `indus`, `rad`, `tax` and `ptratio` belong to
# whole towns, so rows in which all five agree count as one town. (Two alike small towns may
# become one.)

# %%
of_the_town = ["zn", "indus", "rad", "tax", "ptratio"]
towns = torch.tensor(table.groupby(of_the_town, sort=False).ngroup().to_numpy())  # (506,)
print(
    "towns:", len(towns.unique()), " rows of the largest:", towns.bincount().topk(4).values.tolist()
)

# %% [markdown]
# **Predict:** in our shuffled folds, how many of 100 validation rows have a row of their own town
# among the training rows?

# %% tags=["approx-0.01"]
for train_rows, val_rows in row_folds[0]:
    known = torch.isin(towns[val_rows], towns[train_rows])
    print(f"{100 * known.float().mean():.0f}", end=" ")

# %% [markdown]
# Nearly all. So section 5 measured how well a model fills gaps in towns that it knows. That is one
# honest question: a new district in a known town. Another is: a town that the model has never seen.
# For that a whole town must be in training or in validation: **grouped** folds.
#
# ### Exercise 7: folds by town (5 minutes, build)
#
# Write `town_fold(towns, k, seed)`. `towns` is a tensor (N,) with the number of each row's town;
# the numbers run from 0 to T - 1, and each occurs. It shuffles the *towns* with the seed (a whole
# number of at least 0), cuts them into k parts with as equal numbers of towns as possible (k is 2
# to T), and returns k pairs `(train_rows, val_rows)` of row numbers: each part's rows are the
# validation rows once, and all other rows train. The same seed gives the same pairs. You may call
# your `k_fold`.


# %% exercise="boston.town_fold"
def town_fold(towns, k, seed):
    """Return k pairs (train_rows, val_rows); no town is in both of a pair."""
    ### BEGIN SOLUTION
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(int(towns.max()) + 1, generator=generator)
    folds = []
    for part in order.tensor_split(k):
        inside = torch.isin(towns, part)  # (N,), True for the rows of these towns
        folds.append(((~inside).nonzero().flatten(), inside.nonzero().flatten()))
    return folds
    ### END SOLUTION


# %%
boston.town_fold.check(town_fold)

# %% [markdown]
# scikit-learn has `GroupKFold` for this. The course's folds apply `KFold` to the town numbers:

# %% tags=["approx-0.01"]
town_folds = {}
for seed in range(3):
    parts = KFold(5, shuffle=True, random_state=seed).split(range(len(towns.unique())))
    masks = [torch.isin(towns, torch.tensor(val_towns)) for _, val_towns in parts]
    town_folds[seed] = [(torch.where(~mask)[0], torch.where(mask)[0]) for mask in masks]
print([f"{error:.1f}" for error in cross_validate(fit_linear, X, y, town_folds[0])[1]])
if boston.town_fold.done():
    print([f"{error:.1f}" for error in cross_validate(fit_linear, X, y, town_fold(towns, 5, 0))[1]])

# %% [markdown]
# The second line is yours. In both one fold stands out.
#
# **Predict:** on shuffled rows the RMSE was about 3.3 for the network and 3.2 for boosting. What
# will they be on new towns? (About ten seconds.)

# %% tags=["approx-0.05"]
town_errors = {}
for name, fit in fits.items():
    results = [cross_validate(fit, X, y, folds)[1] for folds in town_folds.values()]
    town_errors[name] = torch.cat(results)  # (15,)
    print(f"{name:9}", *(f"{errors.mean():6.2f}" for errors in results))

# %%
fig, ax = plt.subplots()
looks = {"linear": ("C3", "s"), "network": ("C4", "o"), "boosting": ("C2", "^")}
for x, (name, (colour, marker)) in enumerate(looks.items()):
    for shift, errors in ((-0.15, row_errors[name]), (0.15, town_errors[name])):
        ax.plot([x + shift] * len(errors), errors, marker, color=colour, alpha=0.6)
ax.set_xticks(range(3), [f"rows   towns\n{name}" for name in looks])
ax.set(yscale="log", ylabel="RMSE (1000 dollars)")
ax.set_yticks([2, 5, 10, 20, 50], [2, 5, 10, 20, 50])
ax.minorticks_off()

# %% [markdown]
# *Figure: the RMSE of 15 folds of rows (left of each pair) and of 15 folds of towns (right), on a
# logarithmic scale. In three folds of towns the network's error is above 50.*
#
# Now the network is the worst of the three. But do not believe a mean before you have seen what it
# is made of:

# %% tags=["approx-0.05"]
print("rows ", *(f"{len(val_rows):6}" for _, val_rows in town_folds[0]))
for name in fits:
    print(f"{name:9}", *(f"{error:6.1f}" for error in town_errors[name][:5]))

# %% [markdown]
# These are the folds of the first seed. In four of them the network is ahead of linear
# regression, as before. In the last one it fails: there is the largest town, 132 rows.
#
# ### One town on its own
#
# So train on all other towns, and predict these 132 rows. A model that knows nothing, and always
# predicts the mean of the training rows, is the measure.

# %% tags=["approx-0.05"]
inside = towns == towns.bincount().argmax()
X_other, y_other, X_big, y_big = X[~inside], y[~inside], X[inside], y[inside]
print(f"mean of the others {helpers.rmse(y_other.mean().expand(132, 1), y_big):.1f}")
for name, fit in fits.items():
    print(f"{name:9} {helpers.rmse(fit(X_other, y_other, X_big), y_big):.1f}")
big_predictions = [fit_network(X_other, y_other, X_big, seed) for seed in range(3)]
print("network, three starts", *(f"{helpers.rmse(p, y_big):.1f}" for p in big_predictions))

# %% [markdown]
# Only boosting is better than knowing nothing. Why do the others fail? Here are the largest values,
# in standard deviations from the mean of the other towns.

# %% tags=["approx-0.01"]
Z_other, Z_big = scale(X_other, X_big)
for name in ("crim", "rad", "tax", "lstat", "rm"):
    i = names.index(name)
    print(f"{name:6} others {Z_other[:, i].max():5.1f}, this town {Z_big[:, i].max():6.1f}")

# %% [markdown]
# A crime rate of 142 standard deviations, where it has learned up to 6. There the network
# **extrapolates**: with LeakyReLU it goes on in straight lines, for ever. (`rad` is 12 in every
# row.) A tree asks only "is `crim` above 3?", in the table's unit, so it answers the same for 4 and
# for 89. The test: the same models, but values outside the training rows' range are moved to its
# edge (`clamp`).

# %% tags=["approx-0.05"]
low, high = X_other.amin(dim=0), X_other.amax(dim=0)
for seed in range(3):
    clamped = fit_network(X_other, y_other, X_big.clamp(low, high), seed)
    print(f"{helpers.rmse(big_predictions[seed], y_big):.1f} becomes", end=" ")
    print(f"{helpers.rmse(clamped, y_big):.1f}")
for name in ("linear", "boosting"):
    clamped = fits[name](X_other, y_other, X_big.clamp(low, high))
    print(f"{name} {helpers.rmse(clamped, y_big):.1f}")

# %% [markdown]
# Much of the error was extrapolation. Two of the three networks are still no better than
# the mean.
#
# What to conclude?
# - "Better" has no meaning before you say for whom. For a gap in a known town, network and boosting
#   are close. For a new town boosting had the lowest mean in all three cuts, higher than for new rows.
# - Split as the model will be used: by town, by patient, by station, by time. Rows of one group
#   on both sides hide the error for new groups.
# - Look at each fold, and compare new inputs with the training rows before you believe a
#   prediction.
#
# ## 8. Challenge: a network for new towns
#
# ### Exercise 8: a network for new towns (7 minutes, build)
#
# Write `recipe()`. It returns a new, untrained model, an optimizer that holds its parameters, and a
# number of steps. The check cuts the table (without `black`) into five folds by town, twice, with
# seeds of its own. In each fold it standardises the 12 columns with the training rows, calls
# `recipe()`, trains the model with the mean squared error and all training rows as one batch, and
# measures the RMSE on the new towns in evaluation mode. **The goal: a mean RMSE of at most 5.2 in
# both. The budget: 1000 parameters and 100 steps.** (Linear regression has about 6.2, boosting
# about 4.) Any layers are allowed (`nn.Hardtanh(low, high)` is `clamp` as a layer), and
# any optimizer of `torch.optim` whose `step()` needs no argument.


# %% exercise="boston.challenge"
def recipe():
    """Return (model, optimizer, steps)."""
    ### BEGIN SOLUTION
    edge = nn.Hardtanh(-2, 2)  # moves every value into the range from -2 to 2
    model = nn.Sequential(edge, nn.Linear(12, 50), nn.ReLU(), nn.Linear(50, 1))
    return model, torch.optim.Adam(model.parameters(), lr=0.03), 100
    ### END SOLUTION


# %%
boston.challenge.check(recipe)

# %% [markdown]
# Your recipe, on the largest town. (The mean had 11.9, the network 62 to 74.)

# %% tags=["approx-0.05"]
if boston.challenge.done():
    torch.manual_seed(0)
    own_model, own_optimizer, own_steps = recipe()
    train_set = (Z_other, y_other)
    helpers.train(own_model, train_set, nn.MSELoss(), own_optimizer, own_steps, progress=False)
    own_predictions, _ = helpers.predict(own_model, (Z_big, y_big))
    print(f"yours {helpers.rmse(own_predictions, y_big):.1f}")

# %% [markdown]
# ## Extra: the tutorial's own training
#
# Is our quick training to blame for the failure? Here is the tutorial's, in batches, on standardised
# columns: on five folds of rows, then on five folds of towns. (Ten seconds each.)


# %% tags=["approx-0.1"]
def fit_in_batches(X_train, y_train, X_val):
    """Train the network as the tutorial does, standardised; return its predictions for X_val."""
    torch.manual_seed(0)
    X_train, X_val = scale(X_train, X_val)
    model = new_network(X_train.shape[1])
    train_in_batches(model, X_train, y_train)
    with torch.no_grad():
        return model(X_val)


in_batches = cross_validate(fit_in_batches, X, y, row_folds[0])[1]
print(f"rows:  in batches {in_batches.mean():.2f}, ours {row_errors['network'][:5].mean():.2f}")

# %% tags=["approx-0.1"]
in_batches = cross_validate(fit_in_batches, X, y, town_folds[0])[1]
print("towns:", *(f"{error:.1f}" for error in in_batches))

# %% [markdown]
# On rows both trainings do the same within 0.1, and on the largest town both fail.
#
# ## Extra: scaling and the training error
#
# The tutorial leaves it open whether to scale. There are two usual ways. **Min-max scaling** moves
# each column into the range from 0 to 1; **standard scaling** is what section 3 did. (Some seconds.)

# %% tags=["approx-0.2"]
X_minmax = (X_all - X_all.amin(dim=0)) / (X_all.amax(dim=0) - X_all.amin(dim=0))
curves = {"none": raw_history["train_loss"]}
for name, scaled in (("min-max", X_minmax), ("standard", X_standard)):
    y_pred = torch.tensor(LinearRegression().fit(scaled, y).predict(scaled))
    print(f"linear regression, {name}: {((y_pred - y) ** 2).mean():.1f}")
    torch.manual_seed(0)
    curves[name] = train_in_batches(new_network(13), scaled, y)["train_loss"]

# %%
fig, ax = plt.subplots()
for (name, losses), colour in zip(curves.items(), ("C0", "C3", "C2"), strict=True):
    ax.plot(range(1, 301), losses, color=colour, label=name)
ax.axhline(linear_mse, color="grey", linestyle="--", label="linear regression")
ax.set(xlabel="epoch", ylabel="training MSE ((1000 dollars)²)", yscale="log")
_ = ax.legend()

# %% [markdown]
# *Figure: the training error of the network with three scalings, on a logarithmic axis. The standard
# curve ends lowest, the one without scaling highest.*
#
# Linear regression is not moved at all: its weights make up for every scale. The network goes in
# small steps from a random start, and for it scaling matters.
#
# ## Extra: `Variable`, and `reduce`
#
# Two more things in the tutorial's code are out of date. It wraps tensors in `Variable`, which has
# done nothing since PyTorch 0.4. And it writes `nn.MSELoss(reduce="mean")`. The argument is
# `reduction`; `reduce` is an old one that takes True or False, and a string that is not empty counts
# as true. So what does `reduce="none"` do, if `reduction="none"` gives one loss for each row?

# %%
print(type(torch.autograd.Variable(y)))
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # PyTorch says that `reduce` will be removed
    old = nn.MSELoss(reduce="none")
print(tuple(old(right, y).shape), tuple(nn.MSELoss(reduction="none")(right, y).shape))

# %% [markdown]
# It gives the mean, as any string that is not empty would. `reduce="mean"` was right by luck.
#
# ## Extra: the loss that depends on the batches
#
# The tutorial adds up the batch losses and divides by the last `i` of `enumerate`. Here is the
# symptom. **Predict:** the same model and the same rows, in batches of different size: does the
# result change?


# %%
def broken_epoch_loss(model, loader, loss_fn):
    """Return the mean loss of an epoch. Or does it?"""
    total = 0.0
    for i, (X, y) in enumerate(loader):
        total += loss_fn(model(X), y).item()
    return total / i


# %% tags=["approx-0.01"]
zeros = nn.Linear(13, 1)
nn.init.zeros_(zeros.weight)
nn.init.zeros_(zeros.bias)  # now it predicts 0 for everyone
for size in (50, 100, 250):
    loader = helpers.make_loader(X_all, y, batch_size=size)
    print(f"batches of {size:3}: {broken_epoch_loss(zeros, loader, nn.MSELoss()):.1f}")
print(f"all rows:       {(y**2).mean():.1f}")

# %% [markdown]
# ### Exercise 9: the loss of an epoch (5 minutes, debug)
#
# The mean is computed with two mistakes. One is named above; find the other. Write it again, so that
# the result does not depend on the batches: it must be the mean over all rows that the loader gives,
# as a plain number. `loss_fn(y_pred, y)` gives the mean over a batch. Not every loader has a
# `.dataset`. Record no graph, and leave the model as it is.


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

# %% tags=["approx-0.01"]
if boston.bug_hunt.done():
    for size in (50, 100, 250):
        loader = helpers.make_loader(X_all, y, batch_size=size)
        print(f"batches of {size:3}: {epoch_loss(zeros, loader, nn.MSELoss()):.1f}")

# %% [markdown]
# ## Extra: three models, one number
#
# The tutorial has a function `get_mse(model)`, which computes with a global model and ignores the
# one that it is given. Here three models are compared in that way.


# %% tags=["approx-0.2"]
def broken_compare(models, X, y):
    """Return the mean squared error of each model. Or does it?"""
    errors = {}
    for name, network in models.items():
        errors[name] = ((tutorial_model(X) - y) ** 2).mean().item()
    return errors


torch.manual_seed(1)
three = {"trained": tutorial_model, "new": new_network(13), "one layer": nn.Linear(13, 1)}
print([f"{error:.1f}" for error in broken_compare(three, X_all, y).values()])

# %% [markdown]
# A trained and an untrained model with the same error: that cannot be.
#
# ### Exercise 10: three models, one number (4 minutes, debug)
#
# Write `compare(models, X, y)` without the bug. `models` is a dict from a name to a model. It
# returns a dict from each name to the model's mean squared error on `X` and `y` (N, 1), as a plain
# number. Record no graph, and leave the models as they are.


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

# %% tags=["approx-0.2"]
if boston.compare.done():
    print([f"{error:.1f}" for error in compare(three, X_all, y).values()])

# %% [markdown]
# ## Extra: with and without `black`
#
# Can the share B be computed back from the column 1000 (B − 0.63)²?

# %%
share = torch.linspace(0, 1, 101)
fig, ax = plt.subplots(figsize=(5, 2.6))
ax.plot(share, 1000 * (share - 0.63) ** 2, color="C3")
_ = ax.set(xlabel="share of Black residents, B", ylabel="the column black")

# %% [markdown]
# *Figure: a parabola with its lowest point at B = 0.63. It rises to 397 at B = 0 and to 137 at B =
# 1.*
#
# Not always: below 137 two shares give the same value. How much worse do the models become without
# the column? The first cut into folds of rows again, now with it.

# %% tags=["approx-0.05"]
columns = [i for i, name in enumerate(table.drop(columns="medv")) if name != "black"]
torch.testing.assert_close(X_all[:, columns], X)  # the same rows, one column fewer
for name, fit in fits.items():
    with_black = cross_validate(fit, X_all, y, row_folds[0])[1]
    mean, error = gain(row_errors[name][:5], with_black)
    print(f"{name:9} better with black by {mean:.2f}, standard error {error:.2f}")

# %% [markdown]
# No difference is larger than its standard error: the column can be left out at no cost that we
# could measure. If it had helped, the question would remain whether a model should use it: an error
# is not the only thing that counts.
#
# ## Extra: train too long, and weight decay
#
# Are 300 steps a good choice? Here are 1000, on the first fold of rows.

# %%
from functools import partial

fold_train, fold_val = row_folds[0][0]
Z_train, Z_val = scale(X[fold_train], X[fold_val])
torch.manual_seed(0)
long_model = new_network(12)
optimizer = torch.optim.AdamW(long_model.parameters(), lr=0.01, weight_decay=0.0, fused=True)
long_train, long_val = (Z_train, y[fold_train]), (Z_val, y[fold_val])
long_history = helpers.train(
    long_model, long_train, nn.MSELoss(), optimizer, 1000, long_val, progress=False
)

# %%
ax = helpers.plot_history(long_history)
_ = ax.set(xlabel="step", ylabel="MSE ((1000 dollars)²)", ylim=(0, 40))

# %% [markdown]
# *Figure: the training loss falls towards 0. The validation loss falls steeply, and later rises
# slowly.* This is overfitting. Does weight decay help? (Each of the next three cells takes up to ten
# seconds.)

# %% tags=["approx-0.1"]
long = partial(fit_network, steps=1000)
long_errors = cross_validate(long, X, y, row_folds[0])[1]
print(f"1000 steps {long_errors.mean():.2f}")

# %% tags=["approx-0.1"]
long_decay = partial(fit_network, steps=1000, decay=1.0)
decay_errors = cross_validate(long_decay, X, y, row_folds[0])[1]
print(f"1000 steps with decay {decay_errors.mean():.2f}")
mean, error = gain(long_errors, decay_errors)
print(f"better by {mean:.2f}, standard error {error:.2f}")

# %% [markdown]
# But a fair test has a fair rival: the ordinary network with 300 steps. First against 1000 steps
# with decay, on the same five folds, then with 300 steps for both, on all 15.

# %% tags=["approx-0.1"]
short_decay = partial(fit_network, decay=1.0)
results = [cross_validate(short_decay, X, y, folds)[1] for folds in row_folds.values()]
ordinary = row_errors["network"]
for rival, decayed in ((ordinary[:5], decay_errors), (ordinary, torch.cat(results))):
    mean, error = gain(rival, decayed)
    print(f"better by {mean:.2f}, standard error {error:.2f}")

# %% [markdown]
# Weight decay mends what the long training has spoilt. Beside the ordinary network it gains about as
# much as its standard error, or less: nothing that we can call clear. A fair rival is one that was
# trained with the same care.
#
# ## Extra: a few large residuals
#
# A **residual** is the true value minus the prediction. Here are those of the network in section 5,
# each row predicted once as a new row, and the two with the largest squares.

# %%
y_fair = row_predictions["network"]
residual = (y - y_fair).flatten()
cut = y.flatten() == 50
fig, ax = plt.subplots()
ax.axhline(0, color="grey")
ax.plot(y_fair[~cut], residual[~cut], "o", markersize=3, color="C4", label="other districts")
ax.plot(y_fair[cut], residual[cut], "^", color="C0", label="true value 50")
ax.set(xlabel="prediction (1000 dollars)", ylabel="residual (1000 dollars)")
_ = ax.legend()

# %% [markdown]
# *Figure: residuals against predictions. Most lie near 0; two lie beyond 20 and -20.*

# %% tags=["approx-0.1"]
squares = residual**2 / (residual**2).sum()
for i in squares.topk(2).indices:
    print(f"true {y[i].item():4.1f}, predicted {y_fair[i].item():4.1f}", end=", ")
    print(f"{100 * squares[i]:.0f} per cent of the squares")
print(f"the 16 districts cut at 50: {100 * squares[cut].sum():.0f} per cent")

# %% [markdown]
# Two of 506 rows make about a fifth of all squares. The first is no cut district: its price is
# 21.9, and the network says more than twice that. The second makes most of the share of the 16
# districts whose price was cut at 50. (The cut itself makes a prediction that is too low look
# *better*.)
#
# A squared error gives such rows much weight. The **absolute** error gives them less, and the
# **Huber** loss is squared for errors below 1 and absolute above. Does training with them help?

# %% tags=["approx-0.1"]
losses = {"squared": nn.MSELoss(), "Huber": nn.HuberLoss(), "absolute": nn.L1Loss()}
for name, loss_fn in losses.items():
    fit = partial(fit_network, loss_fn=loss_fn)
    y_pred, rmses = cross_validate(fit, X, y, row_folds[0])
    mae = (y - y_pred).abs().mean()
    print(f"{name:9} RMSE {rmses.mean():.2f}, mean absolute error {mae:.2f}")

# %% [markdown]
# Hardly: on these folds both errors change little, whichever of the three is used in training.
#
# ## Extra: which columns matter?
#
# One way to ask a trained model: shuffle one column of the validation rows, so that its values
# belong to the wrong districts, and predict again. The rise of the error is the column's
# **permutation importance**. A column that the model does not use gives 0.
#
# ### Exercise 11: permutation importance (7 minutes, build)
#
# Write `importance(predict, X, y, column, seed)`. `predict` is a function from rows to predictions
# (N, 1); `column` is the number of a column. It shuffles that column with the seed, and returns, as
# a plain number, the RMSE of the predictions on the shuffled rows minus the RMSE on the rows as
# they are. The same seed gives the same order, other seeds give others. Do not change `X`.
# `helpers.rmse(y_pred, y)` computes the RMSE.


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
# Two models of the first fold of rows, ten shuffles each: one shuffle can be lucky.

# %%
from sklearn.inspection import permutation_importance

trees = GradientBoostingRegressor(random_state=0).fit(Z_train, y[fold_train].flatten())
how = {"scoring": "neg_root_mean_squared_error", "n_repeats": 10, "random_state": 0}
of_trees = permutation_importance(trees, Z_val, y[fold_val].flatten(), **how).importances_mean


def predict_with_trees(Z):
    """Return the predictions of boosting, (N, 1)."""
    return torch.tensor(trees.predict(Z), dtype=torch.float32).unsqueeze(1)


torch.manual_seed(0)
seen_model = new_network(12)
train_steps(seen_model, Z_train, y[fold_train])


# %%
def predict_with_network(Z):
    """Return the predictions of the network, (N, 1)."""
    with torch.no_grad():
        return seen_model(Z)


if boston.importance.done():
    rises = {}
    for name, predict in (("boosting", predict_with_trees), ("network", predict_with_network)):
        rises[name] = [
            sum(importance(predict, Z_val, y[fold_val], i, seed) for seed in range(10)) / 10
            for i in range(12)
        ]

# %%
if boston.importance.done():
    places = torch.arange(12)
    fig, ax = plt.subplots(figsize=(6, 4))
    ax.barh(places + 0.2, rises["boosting"], 0.4, color="C2", label="boosting, yours")
    ax.barh(places - 0.2, rises["network"], 0.4, color="C4", label="network, yours")
    ax.plot(of_trees, places + 0.2, "k|", label="boosting, scikit-learn's")
    ax.set_yticks(places, names)
    ax.set(xlabel="rise of the RMSE (1000 dollars)", xlim=(0, 6))
    _ = ax.legend(loc="center right")

# %% [markdown]
# *Figure: the mean rise of the RMSE over ten shuffles, for each column. The marks are
# scikit-learn's `permutation_importance` with shuffles of its own.*
#
# Here both lean on `lstat`, `rm` and `dis`, and the network on `rad`, `crim` and `nox` as well.

# %% tags=["approx-0.1"]
rad, tax = names.index("rad"), names.index("tax")
print(f"correlation of rad and tax: {table['rad'].corr(table['tax']):.2f}")
base = helpers.rmse(predict_with_network(Z_val), y[fold_val])
for together in ([rad], [tax], [rad, tax]):
    total = 0.0
    for seed in range(10):
        order = torch.randperm(len(Z_val), generator=torch.Generator().manual_seed(seed))
        Z_shuffled = Z_val.clone()
        Z_shuffled[:, together] = Z_val[order][:, together]
        total += helpers.rmse(predict_with_network(Z_shuffled), y[fold_val]) - base
    print([names[i] for i in together], f"{total / 10:.2f}")

# %% [markdown]
# Shuffling `rad` alone costs *more* than shuffling both together. The two columns nearly say the
# same, so shuffling one makes pairs that do not exist, such as the best access to roads with a low
# tax. That may be why (though shuffling `tax` makes them too). So shuffle together what belongs
# together, and take care with the word importance: it says what this model uses, not what causes a
# price.

# %% [markdown]
# ## Recap
#
# - Predictions and target must have the same shape, (N, 1) and (N, 1). Otherwise a network learns the
#   mean.
# - Fit the scaling on the training rows, measure on other rows, repeat with k folds and several seeds,
#   compare fold by fold, and correct the standard error for the rows that the trainings share.
# - Say for whom the rows are new, and split in that way. A network goes on in straight lines outside
#   what it has seen: on the largest town it was worse than a constant.

# %% [markdown]
# ## Quiz
#
# Replace each `...` by the letter of your choice, in quotes.
#
# **1.** Predictions have shape (20, 1), targets (20,). What shape does their difference have?
# - **a** (20, 1)
# - **b** (20, 20)
# - **c** none, it is an error

# %%
boston.quiz(1, "b")  ### STUB: boston.quiz(1, ...)

# %% [markdown]
# **2.** In a new town a feature lies far outside the training rows. What does a network with
# LeakyReLU do?
# - **a** it stays near the prices that it has seen
# - **b** it goes on in a straight line
# - **c** it raises an error

# %%
boston.quiz(2, "b")  ### STUB: boston.quiz(2, ...)

# %% [markdown]
# **3.** On which rows are the mean and standard deviation for scaling computed?
# - **a** on all rows
# - **b** on each part for itself
# - **c** on the training rows, for both parts

# %%
boston.quiz(3, "c")  ### STUB: boston.quiz(3, ...)

# %% [markdown]
# **4.** A model for patients is measured on shuffled rows; each patient has many rows. What does the
# error say?
# - **a** how good it is for new patients
# - **b** how good it is for new rows of patients that it knows
# - **c** nothing

# %%
boston.quiz(4, "b")  ### STUB: boston.quiz(4, ...)

# %% [markdown]
# **5.** Why is √(variance / n) too small a standard error for the differences of k folds?
# - **a** k is too small
# - **b** the folds are of different size
# - **c** the trainings share most of their rows

# %%
boston.quiz(5, "c")  ### STUB: boston.quiz(5, ...)

# %% [markdown]
# ## Where to go on
#
# - [scikit-learn on cross-validation](https://scikit-learn.org/stable/modules/cross_validation.html):
#   more ways to split, by time or by group.
# - [scikit-learn on common pitfalls](https://scikit-learn.org/stable/common_pitfalls.html): leaks
#   in pre-processing, with examples.
# - [PyTorch on broadcasting](https://docs.pytorch.org/docs/stable/notes/broadcasting.html): the
#   rules behind (N, 1) minus (N,).
