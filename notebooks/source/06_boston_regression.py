# %% [markdown]
# # 06 Boston: predict a price, and compare fairly
#
# In this notebook you learn
# - to train a network that predicts a number, and why the shape of the target matters;
# - to compute the loss of an epoch correctly;
# - to compare two models fairly, with scaling that does not leak and with k-fold validation.
#
# **60 minutes, on any CPU.** You know the training loop (notebook 03) and loaders (notebook 04).

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
# the air, `rm` the mean number of rooms. The target is `medv`, the median value of a home in
# 1000 dollars.

# %%
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
ax.hist(table["medv"], bins=30)
ax.set(xlabel="median value (1000 dollars)", ylabel="districts")
print("districts at the highest value:", int((table["medv"] == 50).sum()))

# %% [markdown]
# *Figure: most districts lie near 20; a small peak stands at 50; the last bar reaches from 48.5 to
# 50.* The peak is not real: values
# above 50 were cut off to 50 when the data was collected.
#
# ### About `black`
#
# `black` is computed from the share of Black residents with a formula that assumes how racial
# segregation acts on prices. Nobody has shown that assumption to be true. scikit-learn removed the
# data set in version 1.2 for this reason. Sections 2 to 5 repeat a tutorial and use all 13 columns;
# section 6, our own comparison, leaves `black` out.

# %% [markdown]
# ## 2. From the table to tensors
#
# ### Exercise 1: from the table to tensors (8 minutes, complete)
#
# Write `make_tensors(table)`. It returns two tensors: `X`, all columns but `medv`, and `y`, the column
# `medv`.
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
# Every prediction is compared with all 506 targets. The mean of the squares is still one number,
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

# %% [markdown]
# With the wrong shape the network predicts about the mean for every district: that is the best
# answer when each district must match all prices at once. `helpers.train` refuses such a target:

# %%
linear = nn.Linear(13, 1)
optimizer = torch.optim.Adam(linear.parameters())
try:
    helpers.train(linear, (X, y), nn.MSELoss(), optimizer, epochs=1, progress=False)
except ValueError as error:
    print(error)

# %%
target = y.unsqueeze(1)  # (506, 1), to be used from here on

# %% [markdown]
# ## 4. The tutorial's network
#
# ### Exercise 2: the network for house prices (5 minutes, complete)
#
# Write `make_network(features)`: linear layers from `features` inputs to 200, to 100, to 1, with
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
# for training, and `X` as it is, not scaled. `live_plot=True` draws the curve while the network trains.


# %%
def train_network(X, y, val_set=None, epochs=300, live_plot=False):
    """Return a trained network, 13 -> 200 -> 100 -> 1, and its history."""
    torch.manual_seed(0)
    hidden = nn.Linear(X.shape[1], 200), nn.LeakyReLU(), nn.Linear(200, 100), nn.LeakyReLU()
    model = nn.Sequential(*hidden, nn.Linear(100, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    loader = helpers.make_loader(X, y, batch_size=50, shuffle=True, seed=0)
    show = {"live_plot": live_plot, "progress": False}
    history = helpers.train(model, loader, nn.MSELoss(), optimizer, epochs, val_set, **show)
    return model, history


# %% tags=["nbval-ignore-output"]
model, history = train_network(X, target, live_plot=True)

# %% [markdown]
# *Figure: the mean squared error of each epoch. It falls steeply, then slowly and with small jumps,
# because each batch is different.*
#
# Now linear regression, and both errors on the training rows. **Predict:** which one is lower?

# %%
from sklearn.linear_model import LinearRegression

linear = LinearRegression().fit(X, target)
linear_mse = ((linear.predict(X) - target.numpy()) ** 2).mean()
print(f"{linear_mse:.1f}")

# %% tags=["nbval-ignore-output"]
network_mse = helpers.evaluate(model, (X, target), nn.MSELoss())["loss"]
print(f"{network_mse:.1f}")
assert network_mse < 17

# %% [markdown]
# This is the tutorial's comparison: 21.9 for linear regression and less for the network, how much
# less depends a little on the computer. The network has more than 23,000 parameters for 506 rows, so
# it is no surprise that it fits them better than 14 parameters can.

# %%
sum(p.numel() for p in model.parameters())

# %% [markdown]
# ## 5. Bug hunt: the loss of an epoch
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
    print(f"batches of {size}: {100 * (ratio - 1):.0f} percent too high")
    assert ratio > 1.05

# %% [markdown]
# All three are more than 5 percent too high, and by different amounts.
#
# ### Exercise 3: the loss of an epoch (8 minutes, debug)
#
# There are two mistakes. One is named above; find the other. Write it again, so that the result does not depend on the batches: it
# must be the mean over all rows. Record no graph.


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
# ## 6. A fair comparison
#
# Two things must be right. First, the rows on which a model is measured must be new to it. That
# holds for the scaling too: its mean and standard deviation are learned from data, so they must come
# from the training rows alone. Otherwise the validation rows **leak** into the training.
#
# ### Exercise 4: scale without looking at the validation rows (8 minutes, build)
#
# Write `standardise(X_train, X_val)`. It returns both, minus the mean and divided by the standard
# deviation of each column of `X_train`. Do not change the inputs.


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
# ### Exercise 5: k folds (12 minutes, build)
#
# Write `k_fold(n, k, seed)`. It shuffles the row numbers 0 to n - 1 with the seed, a whole number,
# cuts them into k parts as equal as possible, and returns a list of k pairs `(train_rows, val_rows)`.


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
# scikit-learn has the same in `KFold`. The notebook uses that, so it runs even if your answer is not
# finished. First, for each fold, the scaled data, now without `black`.

# %%
from sklearn.model_selection import KFold

X_fair = X[:, [name != "black" for name in table.columns[:-1]]]  # (506, 12)
folds = []
for train_rows, val_rows in KFold(5, shuffle=True, random_state=0).split(X_fair):
    mean, std = X_fair[train_rows].mean(dim=0), X_fair[train_rows].std(dim=0)
    scaled = (X_fair - mean) / std
    train_set, val_set = (
        (scaled[train_rows], target[train_rows]),
        (scaled[val_rows], target[val_rows]),
    )
    folds.append((train_set, val_set))

# %% [markdown]
# Then each model on each fold. The error is the **RMSE**, the root of the mean squared error, in 1000
# dollars like the prices.

# %%
linear_rmse = []
for (X_train, y_train), (X_val, y_val) in folds:
    linear = LinearRegression().fit(X_train, y_train)
    y_pred = torch.tensor(linear.predict(X_val), dtype=torch.float32)  # (rows, 1)
    linear_rmse.append(helpers.rmse(y_pred, y_val))

# %%
network_rmse = []
for train_set, val_set in folds:
    model, _ = train_network(*train_set)
    y_pred, y_val = helpers.predict(model, val_set)
    network_rmse.append(helpers.rmse(y_pred, y_val))

# %% [markdown]
# **Predict:** is the network still better than linear regression?

# %%
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
for pair in zip(linear_rmse, network_rmse, strict=True):
    ax.plot([0, 1], pair, "o-", color="#0072B2", alpha=0.6)
ax.set_xticks([0, 1], ["linear regression", "network"])
_ = ax.set(xlim=(-0.5, 1.5), ylim=(0, None), ylabel="RMSE (1000 dollars)")

# %% [markdown]
# *Figure: the RMSE of linear regression on the left and of the network on the right; each line is a
# fold. All five fall towards the network.*

# %%
better = [a < b for a, b in zip(network_rmse, linear_rmse, strict=True)]
gain = 1 - sum(network_rmse) / sum(linear_rmse)
print("the network is better in", sum(better), "of 5 folds")
print("its RMSE is lower by 15 to 45 percent:", 0.15 < gain < 0.45)
mean, std = torch.tensor(network_rmse).mean(), torch.tensor(network_rmse).std()
print("its five RMSE scatter by more than a tenth of their mean:", bool(std > 0.1 * mean))

# %% [markdown]
# So the network *is* better: here the tutorial's claim is true, although its comparison could not
# have shown it. The folds scatter widely. That is why we compare fold by fold: the network is ahead in
# each of the five.

# %% [markdown]
# ## Recap
#
# - Predictions and target must have the same shape, (N, 1) and (N, 1).
# - The loss of an epoch is the mean over all rows: weight each batch by its number of rows.
# - Fit the scaling on the training rows, measure on other rows, and repeat with k folds.

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
