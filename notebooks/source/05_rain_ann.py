# %% [markdown]
# # 05 Rain: three wrong numbers, and an honest one
#
# In this notebook you learn
# - to train a classifier with one output, and to test the metric before you believe it;
# - to find a leak: a column that knows the answer;
# - to measure a model on later years, beside fair rivals, and to choose a threshold for a cost.
#
# **90 minutes, on any CPU.** You know the training loop (notebook 03) and loaders (notebook 04).

# %% [markdown]
# ## Why
#
# Will it rain tomorrow? A well-known tutorial trains a network on ten years of Australian weather
# and reports an accuracy of 74.66 percent. Always saying "No" is right more often. This notebook
# finds out what that number counts, meets two more wrong numbers, and then sets its model an exam:
# eight years of weather that came after all its data.
#
# ![A time line from 2007 to 2026. A network learns from the years to 2014, decisions are made on 2015, it is tested on 2016 to June 2017, and the years after, to January 2026, lie in a closed envelope.](figures/rain_time.svg)

# %% tags=["setup"]
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from torch import nn

import helpers
from helpers.exercises import rain

plt.style.use("helpers.course")
torch.set_num_threads(1)  # small tensors: one thread is faster than two (04 explains)

# %% [markdown]
# ## 1. Look at the data first

# %% tags=["data-dependent"]
table = helpers.load_rain()
real = table.attrs["source"] == "real"
print(table.shape, "stations:", table["Location"].nunique(), "until", table["Date"].max().date())
table[["Date", "Location", "Rainfall", "Humidity3pm", "WindDir3pm", "RainTomorrow"]].head(3)

# %% [markdown]
# One row is one day at one weather station. The **target**, what we predict, is `RainTomorrow`. If a
# line about a STAND-IN was printed, you have made-up days of the same form: everything runs, but
# the figures in the text are those of the real data.
#
# **Predict:** it does not rain often. How often is a model right that always says "No"?

# %% tags=["data-dependent"]
is_rain = (table["RainTomorrow"] == "Yes").to_numpy()
print(f"Yes: {is_rain.mean():.1%}, right with always No: {1 - is_rain.mean():.1%}")

# %% [markdown]
# The two classes are not **balanced**: one is much larger. So an accuracy alone says little; keep
# 77.6 in mind.

# %% tags=["data-dependent"]
rainy = pd.Series(100 * is_rain, index=table.index)
fig, axes = plt.subplots(1, 2, sharey=True)
rainy.groupby(table["Date"].dt.month).mean().plot.bar(ax=axes[0], color="C2", rot=0)
by_station = rainy.groupby(table["Location"]).mean().sort_values()
axes[1].bar(range(len(by_station)), by_station, color="C2", width=1.0)
axes[0].set(xlabel="month", ylabel="days before rain (%)")
_ = axes[1].set(xlabel="49 stations, from dry to wet")

# %% [markdown]
# *Figure: how often rain follows, by month and by station. Winter, in Australia June to August, is
# wetter than summer, and stations differ more than months.* Many values are missing:

# %% tags=["data-dependent"]
missing = table.isna().mean().sort_values(ascending=False)
print(missing[missing > 0.1].map("{:.1%}".format).to_string())
never = table["Sunshine"].isna().groupby(table["Location"]).mean() == 1
print("stations that never measure the sunshine:", never.sum())

# %% [markdown]
# ## 2. The tutorial's model
#
# The tutorial takes two columns: `RISK_MM` and the station. A station is a name, not a number, so
# it becomes 49 columns with a single 1 in each row. That is called **one-hot**. All rows are scaled
# together, and 30 percent of them are drawn at random for the test.

# %%
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

tutorial_columns = pd.get_dummies(table[["RISK_MM", "Location"]], dtype="float32")
scaled_columns = StandardScaler().fit_transform(tutorial_columns)
split = train_test_split(scaled_columns, is_rain[:, None], test_size=0.30, random_state=101)
split = [torch.tensor(part, dtype=torch.float32) for part in split]
tutorial_train, tutorial_test = (split[0], split[2]), (split[1], split[3])  # (X, y), (X, y)
print("features:", split[0].shape[1], "columns of y:", split[2].shape[1], split[2].dtype)

# %% [markdown]
# `y` has shape (N, 1) and holds 0.0 and 1.0: a model with one output, and its loss, need that.
#
# ### Exercise 1: the network for rain (3 minutes, complete)
#
# Write the class `ANN`, made with `ANN(features)`: an `nn.Linear` from `features` inputs to 20, a
# ReLU, and an `nn.Linear` from 20 to 1. `forward(X)` takes (N, features) and returns (N, 1),
# without a sigmoid.


# %% exercise="rain.ann"
class ANN(nn.Module):
    """One hidden layer: features -> 20 -> 1."""

    def __init__(self, features):
        super().__init__()
        ### BEGIN SOLUTION
        self.hidden = nn.Linear(features, 20)
        self.output = nn.Linear(20, 1)
        ### END SOLUTION

    def forward(self, X):
        """Return one logit for each row, (N, 1)."""
        ### BEGIN SOLUTION
        return self.output(torch.relu(self.hidden(X)))
        ### END SOLUTION


# %%
rain.ann.check(ANN)

# %% [markdown]
# The output is a **logit**: above 0 the model says "Yes". The function `sigmoid` turns
# it into a probability of "Yes". The loss is **binary cross-entropy**, BCE: minus the logarithm of
# the probability that the model gave to what came true, averaged over the rows.
# `BCEWithLogitsLoss` takes the logits and applies the sigmoid itself. By hand, on two rows:

# %%
two_logits, two_y = torch.tensor([[2.0], [-1.0]]), torch.tensor([[1.0], [0.0]])
two_probs = 1 / (1 + torch.exp(-two_logits))  # the sigmoid
by_hand = -(two_probs[0].log() + (1 - two_probs[1]).log()) / 2
print(f"{by_hand.item():.4f} {nn.BCEWithLogitsLoss()(two_logits, two_y):.4f}")

# %% [markdown]
# A usual error: `y` of shape (N,) beside an output of shape (N, 1).

# %%
try:
    nn.BCEWithLogitsLoss()(two_logits, two_y.flatten())
except ValueError as error:
    print(error)

# %% [markdown]
# The target has size `[2]`, the input (the logits) `[2, 1]`. Cure: `y.unsqueeze(1)`.
#
# Now one epoch of the tutorial's training. Its loss is the sum over the batches. For the accuracy
# it puts the logits of a batch through `softmax(dim=0)`, and counts where the result equals the
# label.


# %%
def count_right(logits, y):
    """Return how many rows of a batch the tutorial calls right."""
    return (logits.softmax(dim=0) == y).sum().item()


def tutorial_epoch(model, loader, loss_fn, optimizer):
    """Train for one epoch as the tutorial does; return the sum of the losses and the accuracy."""
    loss_sum, right, rows = 0.0, 0, 0
    for X, y in loader:
        logits = model(X)
        loss = loss_fn(logits, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss_sum += loss.item()
        right += count_right(logits, y)
        rows += len(y)
    return loss_sum, right / rows


# %% [markdown]
# It trains with Adam at its default rate, 0.001, in batches of 128, for 7 epochs. (The stand-in has
# a seventh of the rows: there 49 epochs are as many steps.)


# %%
def train_as_the_tutorial(model, train_set, epochs, seed):
    """Train the model; return the losses and the accuracies, one for each epoch."""
    optimizer, loss_fn = torch.optim.Adam(model.parameters(), lr=0.001), nn.BCEWithLogitsLoss()
    loader = helpers.make_loader(*train_set, 128, shuffle=True, seed=seed)
    rows = [tutorial_epoch(model, loader, loss_fn, optimizer) for _epoch in range(epochs)]
    losses, accuracies = zip(*rows, strict=True)
    return losses, accuracies


def tutorial_network(seed):
    """Return the tutorial's network, 50 -> 20 -> 1, with weights drawn by this seed."""
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(50, 20), nn.ReLU(), nn.Linear(20, 1))


# %% [markdown]
# The training takes some seconds.

# %%
tutorial_epochs = 7 if real else 49
tutorial_model = tutorial_network(seed=0)
run = train_as_the_tutorial(tutorial_model, tutorial_train, tutorial_epochs, seed=0)
fig, axes = plt.subplots(1, 2)
for ax, curve, name in zip(axes, run, ["sum of the batch losses", '"accuracy"'], strict=True):
    ax.plot(range(1, tutorial_epochs + 1), curve, "o-")
    ax.set(xlabel="epoch", ylabel=name)

# %% [markdown]
# *Figure: the two curves of the tutorial, trained here: the loss falls, the "accuracy" rises from
# 0.* The tutorial's own run went from a loss of 294.88 to 13.16 and from 0.13 to 74.13 percent. Now
# the test rows:


# %%
def tutorial_accuracy(model, test_set, batch_size=128):
    """Return the tutorial's accuracy of the model, measured in batches."""
    loader = helpers.make_loader(*test_set, batch_size)
    with torch.no_grad():
        return sum(count_right(model(X), y) for X, y in loader) / len(test_set[1])


# %% tags=["nbval-ignore-output"]
tutorial_score = tutorial_accuracy(tutorial_model, tutorial_test)
print(f"losses {run[0][0]:.0f} to {run[0][-1]:.0f}, on the test rows {tutorial_score:.1%}")
assert 0.60 < tutorial_score < 0.80

# %% [markdown]
# **The first wrong number:** 74.66 percent in the tutorial, 72 here. Your class, from the same seed:

# %% tags=["nbval-ignore-output"]
if rain.ann.done():
    torch.manual_seed(0)
    own_ann = ANN(50)
    own_run = train_as_the_tutorial(own_ann, tutorial_train, tutorial_epochs, seed=0)
    print(f"losses {own_run[0][0]:.0f} to {own_run[0][-1]:.0f}", end=", ")
    print(f"on the test rows {tutorial_accuracy(own_ann, tutorial_test):.1%}")

# %% [markdown]
# ## 3. Bug hunt: the accuracy that counts something else
#
# The loss is very low, yet the accuracy is below that of always "No". Another symptom: measure the
# same model on the same rows, in batches of another size.
#
# **Predict:** does an accuracy depend on the batch size?

# %% tags=["nbval-ignore-output"]
shares = {n: tutorial_accuracy(tutorial_model, tutorial_test, n) for n in (16, 128, 1024)}
for size, share in shares.items():
    print(f"batches of {size}: {share:.0%}")
assert shares[16] + 0.2 < shares[128] < shares[1024]

# %% [markdown]
# It must not, but this one does. So we test the metric on three rows, with the logits 4, 2 and -3.
#
# **Predict:** what does `softmax(dim=0)` return? And `softmax(dim=1)`, with one column?

# %%
three = torch.tensor([[4.0], [2.0], [-3.0]])
print([round(p, 3) for p in three.softmax(dim=0).flatten().tolist()])
print(three.softmax(dim=1).flatten().tolist())

# %% [markdown]
# The first three numbers add up to 1: `dim=0` runs down the batch, so the rows share one
# probability, and two rows can never both be close to 1. With `dim=1` each row is alone and gets 1.
# A softmax needs a column for each class; for one logit, the function is `sigmoid`.
#
# Then comes `==` with a float. **Predict:** the label "No" is 0. When is the result of a softmax
# *exactly* 0?

# %%
for low in (-50.0, -100.0, -110.0):
    share = torch.tensor([[0.0], [low]]).softmax(dim=0)[1].item()
    print(f"logits 0 and {low:.0f}: {share:.1e}, exactly 0: {share == 0.0}")

# %% [markdown]
# The smallest positive `float32` is about 1e-45. A smaller number becomes 0: that is called
# **underflow**. So a "No" counts as right only where its logit lies about 104 or more below the
# largest logit of its batch. Here are the logits of one batch.

# %%
batch_y = tutorial_test[1][:128]
with torch.no_grad():
    batch_logits = tutorial_model(tutorial_test[0][:128])
limit = batch_logits.max().item() - 104
fig, ax = plt.subplots()
for label, name, colour in ((0, "No", "C3"), (1, "Yes", "C5")):
    ax.hist(batch_logits[batch_y == label].numpy(), bins=20, color=colour, label=name)
ax.axvline(limit, color="C4", linestyle="--", label="104 below the largest")
ax.axvline(0, color="grey", linewidth=0.8)
ax.set(xlabel="logit", ylabel="rows of one batch")
_ = ax.legend()

# %% [markdown]
# *Figure: the logits of 128 test rows. The "No" lie left of 0 (the grey line), the "Yes" right of
# it: the model is right. Left of the dashed line the softmax is exactly 0.* There a "No" counts as
# right, and a "Yes" as wrong. This batch has one very large logit, so each "No" counts. Where the
# largest is below 90, the dashed line lies left of all these "No", and none counts. Larger batches
# tend to larger maxima, so the "accuracy" rises. And of the "Yes" only one row of a batch can get
# the number 1: this "accuracy" can hardly go above the share of "No". It measures how far the
# logits lie apart, and they move apart while the network trains.
#
# ### Exercise 2: repair the metric (4 minutes, debug)
#
# Write `accuracy(logits, y)`. It returns the fraction of rows that are right, a plain number from 0
# to 1. `logits` and `y` have the same shape, (N, 1) or (N,), and `y` holds 0.0 and 1.0. A logit
# above 0 means "Yes". `logits` may come straight from a model, with its graph. If the shapes
# differ, raise a `ValueError`: (N, 1) against (N,) would compare every row with every other one.


# %% exercise="rain.accuracy"
def accuracy(logits, y):
    """Return the fraction of rows whose logit lies on the right side of 0."""
    ### BEGIN SOLUTION
    if logits.shape != y.shape:
        raise ValueError(f"logits {tuple(logits.shape)}, but y {tuple(y.shape)}")
    return ((logits > 0) == (y == 1)).float().mean().item()
    ### END SOLUTION


# %%
rain.accuracy.check(accuracy)

# %% [markdown]
# The same model, and a second one from another seed: the tutorial's number, yours, and that of
# `helpers.binary_accuracy`.

# %%
other_model = tutorial_network(seed=1)
_ = train_as_the_tutorial(other_model, tutorial_train, tutorial_epochs, seed=1)

# %% tags=["nbval-ignore-output"]
for model in (tutorial_model, other_model):
    outputs = helpers.predict(model, tutorial_test)  # (logits, y)
    print(f"the tutorial's {tutorial_accuracy(model, tutorial_test):.1%}", end=", ")
    if rain.accuracy.done():
        print(f"yours {accuracy(*outputs):.2%}", end=", ")
    print(f"the course's {helpers.binary_accuracy(*outputs):.2%}")
    assert not real or helpers.binary_accuracy(*outputs) > 0.99

# %% [markdown]
# Both networks had learned the task, and the metric hid it. A metric is code, and code has bugs:
# before you believe it, try it on three rows that you can judge yourself.

# %% [markdown]
# ## 4. Too good: the leak
#
# **The second wrong number:** more than 99 percent. Too good for weather. Does one of the
# features know the answer?
#
# ### Exercise 3: find the leak (5 minutes, build)
#
# Write `find_leaks(table, y)`. `table` is a DataFrame of numbers, with any index, in which a value
# may occur twice, and some values are missing (NaN). `y` is an array of True and False, one for
# each row. A column **gives the answer away** if all its values in rows with True are larger than
# all its values in rows with False. Missing values are passed over; each column has at least one
# value in both kinds of rows. Return a dict: its keys are the names of these columns, and its
# values are the thresholds, that is, the largest value of the column in rows with False. Return an
# empty dict if there is no such column.


# %% exercise="rain.find_leaks"
def find_leaks(table, y):
    """Return {name: threshold} of the columns in which every True lies above every False."""
    ### BEGIN SOLUTION
    leaks = {}
    for name in table.columns:
        threshold = table[name][~y].max()
        if table[name][y].min() > threshold:
            leaks[name] = threshold
    return leaks
    ### END SOLUTION


# %%
rain.find_leaks.check(find_leaks)

# %% tags=["data-dependent"]
if rain.find_leaks.done():
    for name, threshold in find_leaks(table.select_dtypes("number"), is_rain).items():
        print(f"the answer is Yes exactly where {name} > {threshold:.1f}")

# %% [markdown]
# `RISK_MM` is the rain of *tomorrow* in mm, and "Yes" means more than 1 mm: the label was made from
# this column. Such a feature is a **leak**: it holds what will be known only after the prediction.
# So that one comparison is right in 100 percent.

# %% [markdown]
# ## 5. The honest model
#
# A forecast may use only what is known today. And it is used on days that come after those it has
# learned from. So we cut the data by time. The network trains on the years before 2015; decisions
# are made on 2015, the validation set; the years from 2016 on are the test set.

# %% tags=["data-dependent"]
year = table["Date"].dt.year
train_table, val_table, test_table = table[year < 2015], table[year == 2015], table[year > 2015]
print("training, validation, test:", len(train_table), len(val_table), len(test_table))

# %% [markdown]
# ### Exercise 4: fill and scale without leaking (7 minutes, build)
#
# Write `prepare(train, other)`. Both are DataFrames with the same columns of `float64` numbers, and
# with any index. Some values are missing; each column of `train` holds at least two different
# values. Return two `float32` tensors, for `train` and for `other`, of shape (rows, 2 * columns):
# - first the columns: a missing value is replaced by the column's **median** in `train`, then the
#   mean is subtracted, and the result divided by the standard deviation. Both are those of the
#   *filled* column in `train`. You may divide by N or by N - 1 in the deviation;
# - then a **flag** for each column: 1.0 where the value was missing, else 0.0.
#
# The two DataFrames must stay as they are.
#
# Why `train` alone? The tutorial fitted its scaler on all rows, so the test rows had a say in it.
# Why flags? That a value is missing can tell what kind of station it is.


# %% exercise="rain.prepare"
def prepare(train, other):
    """Return both tables filled, scaled and with flags, by the numbers of train alone."""
    ### BEGIN SOLUTION
    median = train.median()
    filled = train.fillna(median)
    mean, std = filled.mean(), filled.std()
    tensors = []
    for part in (train, other):
        scaled = (part.fillna(median) - mean) / std
        both = pd.concat([scaled, part.isna()], axis=1).to_numpy(dtype="float32")
        tensors.append(torch.from_numpy(both))
    return tensors
    ### END SOLUTION


# %%
rain.prepare.check(prepare)

# %% [markdown]
# Your function makes the first 32 features. `helpers.datasets.rain.make_set(part, basis)` makes the
# same ones, and adds the station, the three wind directions (one-hot), and the day of the year as a
# point on a circle, so that 31 December lies beside 1 January. It returns `(X, y)`.
#
# **Predict:** how many features are that? There are 16 measurements with their flags, 49 stations,
# and three columns of 16 wind directions each.

# %%
from helpers.datasets.rain import MEASURED, make_set, tree_columns

train_set = make_set(train_table, train_table)
val_set = make_set(val_table, train_table)
test_set = make_set(test_table, train_table)
print("features:", train_set[0].shape[1])
if rain.prepare.done():
    own_features, _ = prepare(train_table[MEASURED], val_table[MEASURED])
    difference = (own_features - train_set[0][:, :32]).abs().max()
    print(f"yours: {own_features.shape[1]}, the largest difference is {difference:.3f}")

# %% [markdown]
# The network has two hidden layers. **Dropout** sets a fifth of the hidden numbers to 0 at random
# in each training step, so that the network cannot rely on any single one. `live_plot=True` draws
# the curves while it trains.


# %%
def train_network(train_set, val_set, seed, live_plot=False):
    """Return a network for rain, trained for 12 epochs, and its history."""
    torch.manual_seed(seed)
    first = nn.Linear(train_set[0].shape[1], 64), nn.ReLU(), nn.Dropout(0.2)
    second = nn.Linear(64, 32), nn.ReLU(), nn.Dropout(0.2)
    model = nn.Sequential(*first, *second, nn.Linear(32, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    loader = helpers.make_loader(*train_set, 512, shuffle=True, seed=seed)
    options = {"metrics": {"accuracy": helpers.binary_accuracy}, "live_plot": live_plot}
    options["progress"] = not live_plot
    loss_fn = nn.BCEWithLogitsLoss()
    return model, helpers.train(model, loader, loss_fn, optimizer, 12, val_set, **options)


# %% [markdown]
# **Predict:** will the validation loss rise within 12 epochs, as it did for 30 flowers in notebook
# 03?

# %% tags=["nbval-ignore-output"]
network, history = train_network(train_set, val_set, seed=0, live_plot=True)

# %% [markdown]
# *Figure: loss and accuracy after each epoch. Training and validation end close to each other.* With
# so many rows and such a small network the validation loss levels off, with one bump.

# %% [markdown]
# ### Beside fair rivals
#
# A number alone says little. Four rivals: always "No"; **persistence**, "tomorrow as today";
# **logistic regression**, a single linear layer with BCE; and **gradient boosting**, many small
# decision trees, each of which corrects the ones before. Trees take missing values and names as
# they are (`tree_columns`). Boosting was tuned on 2015: rate, leaves, number of trees. (The next
# cell takes up to half a minute.)


# %%
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

labels = train_set[1].flatten().numpy()
logistic = LogisticRegression(max_iter=500).fit(train_set[0].numpy(), labels)
options = {"learning_rate": 0.05, "max_leaf_nodes": 63, "max_iter": 360, "early_stopping": False}
boosting = HistGradientBoostingClassifier(
    **options, categorical_features="from_dtype", random_state=0
)
boosting = boosting.fit(tree_columns(train_table, train_table), labels)

# %% [markdown]
# Besides the accuracy we compute the **AUC**. Take a random day before rain, and a random day
# before no rain: the AUC is the probability that the model gives the first one the higher number
# (equal ones count half). 0.5 is guessing, 1 is perfect, and no threshold is needed.


# %%
from sklearn.metrics import roc_auc_score


def probability(network, data):
    """Return a network's probabilities of rain, (N,)."""
    return helpers.predict(network, data)[0].sigmoid().flatten().numpy()


def forecasts(part, data, network, logistic, boosting):
    """Return each model's probabilities of rain for a part of the table."""
    return {
        "always No": np.zeros(len(part)),
        "persistence": (part["Rainfall"] > 1).to_numpy(float),
        "logistic regression": logistic.predict_proba(data[0].numpy())[:, 1],
        "gradient boosting": boosting.predict_proba(tree_columns(part, train_table))[:, 1],
        "network": probability(network, data),
    }


def compare(probs, y):
    """Return a table of the accuracy and the AUC of each model."""
    came = y.flatten().numpy() == 1
    rows = {name: [((p > 0.5) == came).mean(), roc_auc_score(came, p)] for name, p in probs.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["accuracy", "AUC"])


# %% [markdown]
# **Predict:** always "No" is right on 77 percent of the test days. What does "tomorrow as today"
# reach? And the network?

# %% tags=["approx-0.01", "data-dependent"]
probs = forecasts(test_table, test_set, network, logistic, boosting)
print(compare(probs, test_set[1]).round(3).to_string())

# %% [markdown]
# Persistence, with 74.8 percent, is below always "No". The network is about one and a half points
# ahead of logistic regression. Boosting is as good, or nearly. Two more seeds of the network:

# %% tags=["nbval-ignore-output"]
for seed in (1, 2):
    another, _ = train_network(train_set, None, seed=seed)
    row = compare({"network": probability(another, test_set)}, test_set[1]).loc["network"]
    print(f"seed {seed}: accuracy {row['accuracy']:.3f}, AUC {row['AUC']:.3f}")
    assert not real or (0.853 < row["accuracy"] < 0.862 and 0.885 < row["AUC"] < 0.893)

# %% [markdown]
# In accuracy the seeds differ by one thousandth, and boosting is one to three behind; in AUC
# about four. (An Extra asks how much the days matter.) And a
# confession: the network's design was found with a look at these test years. So the last section
# asks years that nobody looked at.
#
# ## 6. The third wrong number: rows drawn at random
#
# The tutorial drew its test rows at random from all years. We do so, with section 5's sizes.
#
# **Predict:** is the accuracy higher or lower than with the split by time?

# %% tags=["nbval-ignore-output"]
shuffled = table.sample(frac=1, random_state=0)
random_train, random_test = shuffled[: len(train_table)], shuffled[-len(test_table) :]
random_sets = make_set(random_train, random_train), make_set(random_test, random_train)
random_network, _ = train_network(random_sets[0], None, seed=0)

# %% tags=["approx-0.01", "data-dependent"]
random_probs = {"rows at random": probability(random_network, random_sets[1])}
print(compare({"split by time": probs["network"]}, test_set[1]).round(3).to_string())
print(compare(random_probs, random_sets[1][1]).round(3).to_string(header=False))

# %% [markdown]
# **The third wrong number:** 86.5 percent with an AUC of .90, instead of 85.7 and .89. The network
# is no better. The test days come from other, easier years, and the network has seen other stations
# on the same days. (An Extra takes these two apart.) A random split answers a question that nobody
# has: how well do you know a day among those from which you learned?
#
# ## 7. Decide: the threshold for a cost
#
# The network says 30 percent. Does rain follow on 30 percent of such days? The **reliability
# diagram** sorts the days by the stated probability into ten bins, and counts.

# %%
p, came = probs["network"], test_set[1].flatten().numpy() == 1
bins = np.minimum((10 * p).astype(int), 9)
by_bin = pd.DataFrame({"p": p, "came": came}).groupby(bins)
fig, axes = plt.subplots(1, 2)
axes[0].plot([0, 1], [0, 1], "--", color="grey")
axes[0].plot(by_bin["p"].mean(), by_bin["came"].mean(), "o-", color="C2")
axes[0].set(xlabel="stated probability", ylabel="share of days before rain")
axes[1].bar(0.05 + by_bin["p"].count().index / 10, by_bin["p"].count(), width=0.09, color="C2")
_ = axes[1].set(xlabel="stated probability", ylabel="days")

# %% [markdown]
# *Figure: left, what is stated against what happens; on the dashed line the two agree. Right, how
# many days each point stands for.* These probabilities mean what they say. So they can be used to
# decide.
#
# A gardener waters in the evening, unless the forecast says "Yes". Watering before rain, a missed
# rain, wastes 4 dollars of water. Not watering before a dry day, a false alarm, costs 1 dollar.
#
# **Predict:** from which probability on should the forecast say "Yes": from 0.5, more, or less?
#
# ### Exercise 5: the cheapest threshold (5 minutes, build)
#
# Write `best_threshold(probs, y, missed, false_alarm)`. `probs` is a float tensor (N,), and `y` a
# tensor of True and False (N,). With a threshold `t` the model says "Yes" where `probs >= t`. Each
# rainy day without a "Yes" costs `missed`. Each "Yes" on a dry day costs `false_alarm`. Try the 101
# thresholds 0.00, 0.01, ..., 1.00, and return the one with the lowest total cost, as a plain
# number. If several have it, return the smallest of them.


# %% exercise="rain.best_threshold"
def best_threshold(probs, y, missed, false_alarm):
    """Return the threshold in 0.00, 0.01, ..., 1.00 with the lowest total cost."""
    ### BEGIN SOLUTION
    best, lowest = None, float("inf")
    for step in range(101):
        says_yes = probs >= step / 100
        cost = missed * (~says_yes & y).sum() + false_alarm * (says_yes & ~y).sum()
        if cost < lowest:
            best, lowest = step / 100, cost
    return best
    ### END SOLUTION


# %%
rain.best_threshold.check(best_threshold)

# %% [markdown]
# A threshold is a decision, so the validation year makes it, and not the test.


# %%
def mean_cost(probs, came, threshold):
    """Return the cost of a day in dollars: 4 for a missed rain, 1 for a false alarm."""
    says_yes = probs >= threshold
    return (4 * (~says_yes & came).sum() + (says_yes & ~came).sum()) / len(came)


val_probs, val_came = probability(network, val_set), val_set[1].flatten().numpy() == 1
steps = [step / 100 for step in range(101)]
costs = [mean_cost(val_probs, val_came, t) for t in steps]
chosen = steps[int(np.argmin(costs))]
fig, ax = plt.subplots()
ax.plot(steps, costs, color="C1")
ax.axvline(0.2, linestyle="--", color="grey")
_ = ax.set(xlabel="threshold", ylabel="mean cost of a day in 2015 (dollars)")

# %% [markdown]
# *Figure: the cost against the threshold. From 0.12 to 0.2 it is nearly flat: there any will
# do.* The dashed line is a formula: with probability p of rain, "No" costs 4p on average and
# "Yes" costs 1 - p, so "Yes" is cheaper where 4p > 1 - p, that is, above 1 / (4 + 1) = 0.2.

# %% tags=["nbval-ignore-output"]
print(f"the course's threshold {chosen:.2f}")
if rain.best_threshold.done():
    print("yours", best_threshold(torch.tensor(val_probs), torch.tensor(val_came), 4, 1))

# %% [markdown]
# The test days. **Predict:** with the lower threshold the cost falls. Does the accuracy rise?

# %% tags=["nbval-ignore-output"]
for name, t in (("always Yes", 0), ("always No", 2), ("0.5", 0.5), (f"{chosen:.2f}", chosen)):
    share = ((probs["network"] >= t) == came).mean()
    print(f"{name:10}  cost {mean_cost(probs['network'], came, t):.3f}  accuracy {share:.1%}")

# %% [markdown]
# The cost falls from 0.45 to 0.33 dollars a day: good for the gardener. The accuracy falls from 86
# percent to 76, **here below always "No"** (with another seed it may lie above). The cost of a
# mistake decides; the data cannot tell you that.
#
# ## 8. Lab: features in and out
#
# Which measurements matter? First a training loop of your own, with a budget of steps.
#
# ### Exercise 6: train for so many steps (5 minutes, build)
#
# Write `train_for(model, loader, optimizer, steps)`. It puts the model into training mode, and
# makes exactly `steps` steps (1 or more) with `nn.BCEWithLogitsLoss()`, one for each batch (X, y)
# of the loader. When the loader is used up, begin again with a new `for` over it: a loader that
# shuffles then gives a new order. Return the losses, a list of `steps` plain numbers, each taken
# before its step. The loader has at least one batch; `model(X)` and `y` have the same shape.


# %% exercise="rain.train_for"
def train_for(model, loader, optimizer, steps):
    """Train for so many steps; return the losses, each taken before its step."""
    ### BEGIN SOLUTION
    loss_fn = nn.BCEWithLogitsLoss()
    model.train()
    losses = []
    while len(losses) < steps:
        for X, y in loader:
            loss = loss_fn(model(X), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            if len(losses) == steps:
                break
    return losses
    ### END SOLUTION


# %%
rain.train_for.check(train_for)

# %% [markdown]
# The lab uses your `prepare` and your `train_for`: a small network, 400 steps, some columns.

# %%
settings = {"all": MEASURED, "RISK_MM in": [*MEASURED, "RISK_MM"]}
for out in ("Humidity3pm", "Humidity9am", "Evaporation", "Pressure", "Cloud"):
    settings[f"no {out}"] = [name for name in MEASURED if not name.startswith(out)]
settings |= {"only Humidity3pm": ["Humidity3pm"], "only Temp9am": ["Temp9am"]}


def experiment(prepare, train_for, columns, parts, seed):
    """Train on some columns; return the AUC in the validation year."""
    X_train, X_val = prepare(parts[0][columns], parts[1][columns])
    y_train, y_val = ((part["RainTomorrow"] == "Yes").to_numpy() for part in parts)
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(X_train.shape[1], 32), nn.ReLU(), nn.Linear(32, 1))
    y_train = torch.tensor(y_train, dtype=torch.float32).unsqueeze(1)
    loader = helpers.make_loader(X_train, y_train, 512, shuffle=True, seed=seed)
    train_for(model, loader, torch.optim.Adam(model.parameters(), lr=0.01), 400)
    model.eval()
    with torch.no_grad():
        return roc_auc_score(y_val, model(X_val).flatten())


# %% [markdown]
# A row can show four things: `"as good"` (median within 0.005 of `all`'s), `"worse"`,
# `"guessing"` (an AUC below 0.55) and `"too good"`. Write what you expect: `expected["no Cloud"] =
# "worse"`, and so on. Then complete the loop: for each setting, `results[name]` is a list of three
# numbers, what `experiment(prepare, train_for, columns, parts, seed)` returns for the seeds 0, 1
# and 2.

# %%
expected = dict.fromkeys(settings, "?")
### BEGIN SOLUTION
expected |= {"RISK_MM in": "too good", "no Humidity3pm": "worse", "no Humidity9am": "worse"}
expected |= {"no Evaporation": "worse", "no Pressure": "worse", "no Cloud": "worse"}
expected |= {"only Humidity3pm": "worse", "only Temp9am": "worse"}
### END SOLUTION

# %% [markdown]
# (It trains 27 small networks, in half a minute.)

# %% tags=["approx-0.01", "data-dependent"]
if rain.prepare.done() and rain.train_for.done():
    parts, results = (train_table, val_table), {}
    for name, columns in settings.items():
        ### BEGIN SOLUTION
        results[name] = [experiment(prepare, train_for, columns, parts, s) for s in (0, 1, 2)]
        ### END SOLUTION
    for name, numbers in results.items():
        print(f"{name:17}", *(f"{number:.3f}" for number in numbers), " ", expected.get(name))

# %% [markdown]
# ### Exercise 7: what each row shows (3 minutes, complete)
#
# Label each row with one of the four, by your table.


# %% exercise="rain.lab"
def my_labels():
    """Return what each row shows, a dict from the row's name to its label."""
    return {
        "RISK_MM in": "too good",  ### STUB: "RISK_MM in": ...,
        "no Humidity3pm": "worse",  ### STUB: "no Humidity3pm": ...,
        "no Humidity9am": "as good",  ### STUB: "no Humidity9am": ...,
        "no Evaporation": "as good",  ### STUB: "no Evaporation": ...,
        "no Pressure": "worse",  ### STUB: "no Pressure": ...,
        "no Cloud": "as good",  ### STUB: "no Cloud": ...,
        "only Humidity3pm": "worse",  ### STUB: "only Humidity3pm": ...,
        "only Temp9am": "guessing",  ### STUB: "only Temp9am": ...,
    }


# %%
rain.lab.check(my_labels)

# %%
if rain.lab.done():
    for name, label in my_labels().items():
        if expected[name] != label:
            print(f"{name:17} expected: {expected[name]:9} shows: {label}")

# %% [markdown]
# A column that you can leave out need not be useless: the others may say the same. Now add two rows
# to `settings`, and run the lab again.
#
# ## 9. The exam: the years after
#
# After June 2017 the weather went on: 144,224 days at the same stations, to January 2026. No model
# is trained again.
#
# **Predict:** the network learned from years to 2014. Which accuracy will it have, and will it be
# worse in 2025 than in 2018? Write two numbers down.

# %%
my_guess = {"all": 0.84, "2025": 0.83}  ### STUB: my_guess = {"all": ..., "2025": ...}

# %% tags=["approx-0.01", "data-dependent"]
after_table = helpers.load_rain(years_after=True)  # the first time takes about 20 s
after_set = make_set(after_table, train_table)
after_probs = forecasts(after_table, after_set, network, logistic, boosting)
print("my guess:", my_guess)
print(compare(after_probs, after_set[1]).round(3).to_string())

# %% [markdown]
# The network has 86 percent and an AUC of .895, a little above the test years: it passed. So did
# boosting, now a thousandth ahead. And the gardener's cost, at 0.5 and at the chosen
# threshold:

# %% tags=["approx-0.01", "data-dependent"]
after_came = after_set[1].flatten().numpy() == 1
for t in (0.5, chosen):
    print(f"cost: {mean_cost(after_probs['network'], after_came, t):.2f}")

# %% [markdown]
# Year by year:

# %% tags=["approx-0.01", "data-dependent"]
after_years = after_table["Date"].dt.year.to_numpy()
fig, ax = plt.subplots()
for name, colour in (("network", "C2"), ("logistic regression", "C3"), ("always No", "C5")):
    after_right = pd.Series((after_probs[name] > 0.5) == after_came)
    by_year = 100 * after_right.groupby(after_years).mean().loc[:2025]
    ax.plot(by_year.index, by_year, "o-", color=colour, label=name)
    print(f"{name:20}", *(f"{share:.1f}" for share in by_year))
ax.set(xlabel="year (2017: from 26 June)", ylabel="right (%)")
_ = ax.legend()

# %% [markdown]
# *Figure: the accuracy of three models, year by year. The three curves mostly move together.* In
# dry 2019 all are right more often, in wet 2022 less often. For the network the years range from 84
# to 88 percent, more than the difference between it and logistic regression. Over always "No" its
# lead holds. And the test years, with 85.7 percent, were a little hard on it.

# %% [markdown]
# ## Extra: a challenge of two hundred steps
#
# ### Exercise 8: two hundred steps (6 minutes, build)
#
# Write `recipe(features)`. It returns a new, untrained model for rows of `features` numbers, with
# one logit, and an optimizer that holds its parameters. The check trains it as `train_for` does,
# **200 steps** with batches of 512, on all 131 features of the years before 2015, and measures the
# loss on 2015 in evaluation mode, with seeds you do not know. **The goal: a mean
# validation loss of at most 0.33** (on the stand-in 0.366). **The budget: 20,000 parameters.** Any
# layers, and any optimizer of `torch.optim` whose `step()` needs no argument. Section 5's recipe
# does not reach it.


# %% exercise="rain.challenge"
def recipe(features):
    """Return (model, optimizer)."""
    ### BEGIN SOLUTION
    model = nn.Sequential(nn.Linear(features, 64), nn.ReLU(), nn.Linear(64, 1))
    return model, torch.optim.Adam(model.parameters(), lr=0.01)
    ### END SOLUTION


# %%
rain.challenge.check(recipe)

# %% tags=["approx-0.01", "data-dependent"]
if rain.challenge.done() and rain.train_for.done():
    torch.manual_seed(0)
    own_network, own_optimizer = recipe(131)
    own_loader = helpers.make_loader(*train_set, 512, shuffle=True, seed=0)
    own_losses = train_for(own_network, own_loader, own_optimizer, 200)
    own_scores = helpers.evaluate(own_network, val_set, nn.BCEWithLogitsLoss())
    own_probs = {"in the exam": probability(own_network, after_set)}
    print(f"validation loss {own_scores['loss']:.3f}")
    print(compare(own_probs, after_set[1]).round(3).to_string())

# %% [markdown]
# ## Extra: precision, recall and all thresholds at once
#
# The **confusion matrix** of the test days: rows are what came true, columns what the network said
# at a probability of 0.5.

# %% tags=["data-dependent"]
two_columns = torch.tensor(np.stack([1 - probs["network"], probs["network"]], axis=1))
_ = helpers.plot_confusion(two_columns, torch.tensor(came).long(), ["No", "Yes"])

# %% [markdown]
# *Figure: the network misses many rainy days (below left), and calls fewer dry days rainy (above
# right).*
#
# **Precision**: of the days for which the model says "Yes", which fraction was rainy? **Recall**: of
# the rainy days, which fraction did it find?
#
# ### Exercise 9: precision and recall (6 minutes, build)
#
# Write `precision_recall(y_pred, y)`. Both are tensors of True and False, of shape (N,): what the
# model says, and what came true. Return `(precision, recall)` as two plain numbers. If the model
# never says True, precision is 0.0. If nothing is true, recall is 0.0.


# %% exercise="rain.precision_recall"
def precision_recall(y_pred, y):
    """Return (precision, recall) for the class True."""
    ### BEGIN SOLUTION
    hits = (y_pred & y).sum().item()
    precision = hits / max(y_pred.sum().item(), 1)
    recall = hits / max(y.sum().item(), 1)
    return precision, recall
    ### END SOLUTION


# %%
rain.precision_recall.check(precision_recall)

# %% tags=["nbval-ignore-output"]
if rain.precision_recall.done():
    for t in (0.5, chosen):
        says_yes = torch.tensor(probs["network"] >= t)
        precision, recall = precision_recall(says_yes, torch.tensor(came))
        print(f"threshold {t:.2f}: precision {precision:.2f}, recall {recall:.2f}")

# %% [markdown]
# At 0.5 a "Yes" is right about three times out of four, but about half of the rainy days are
# missed. The lower threshold finds far more of them, and gives more false alarms. The **ROC curve**
# shows all thresholds at once. Its axes: the share of dry days that are called rainy, and the share
# of rainy days that are found. **Predict:** which curve does guessing give?

# %% tags=["data-dependent"]
from sklearn.metrics import roc_curve

fig, ax = plt.subplots()
for name, colour in (("network", "C2"), ("logistic regression", "C3")):
    false_alarms, found, _ = roc_curve(came, probs[name])
    ax.plot(false_alarms, found, color=colour, label=name)
ax.plot([0, 1], [0, 1], "--", color="grey", label="guessing")
ax.set(xlabel="dry days called rainy (share)", ylabel="rainy days found (share)")
_ = ax.legend()

# %% [markdown]
# *Figure: each point is a threshold. Guessing gives the diagonal: of both kinds of days the same
# share. Further up and to the left is better.* The AUC is the area under the curve, hence its name.

# %% [markdown]
# ## Extra: how sure are the differences?
#
# The test days are a sample, too. Stations that lie close share the weather of a day, so *days*,
# not rows, are drawn again, with replacement, a thousand times: a **bootstrap**. The middle 95
# percent of the results show how far a difference in accuracy could move.


# %%
def over_days(rows, days, draws=1000):
    """Return the middle 95 percent of the mean of rows, when the days are drawn again."""
    by_day = pd.DataFrame({"sum": rows, "count": 1}).groupby(days.to_numpy()).sum().to_numpy()
    rng = np.random.default_rng(0)
    drawn = by_day[rng.integers(0, len(by_day), (draws, len(by_day)))].sum(axis=1)
    return np.percentile(drawn[:, 0] / drawn[:, 1], [2.5, 97.5])


# %% tags=["nbval-ignore-output"]
for rival in ("logistic regression", "gradient boosting"):
    gain = ((probs["network"] > 0.5) == came) * 1.0 - ((probs[rival] > 0.5) == came)
    low, high = over_days(gain, test_table["Date"])
    print(f"network against {rival}: {gain.mean():+.4f}, between {low:+.4f} and {high:+.4f}")
    assert not real or (low > 0.005 if rival == "logistic regression" else abs(gain.mean()) < 0.005)

# %% [markdown]
# Ahead of logistic regression by 1.1 to 1.8 points; the difference from boosting may be chance.

# %% [markdown]
# ## Extra: neighbours, or easier years?
#
# Section 6 mixed two causes. One at a time: take one half of the *same* test rows, and put the other
# half into the training, in place of as many old rows.

# %% tags=["nbval-ignore-output"]
halves = test_table.sample(frac=1, random_state=0)
half, near_by = halves[: len(halves) // 2], halves[len(halves) // 2 :]
old_rows = train_table.sample(len(train_table) - len(near_by), random_state=0)
mixed_set = make_set(pd.concat([old_rows, near_by]), train_table)
mixed_network, _ = train_network(mixed_set, None, seed=0)

# %% tags=["approx-0.01", "data-dependent"]
half_set = make_set(half, train_table)
half_probs = {"years before 2015": probability(network, half_set)}
half_probs["with the same days"] = probability(mixed_network, half_set)
print(compare(half_probs, half_set[1]).round(3).to_string())

# %% [markdown]
# On this half the neighbours add about a thousandth to the AUC, and nothing visible to the
# accuracy. So most of section 6's difference comes from the years: some are
# harder than others.

# %% [markdown]
# ## Extra: where to cut
#
# ### Exercise 10: split by time (2 minutes, complete)
#
# Write `split_by_year(table, first_year)`. `table` is a DataFrame with any index, in which a value
# may occur twice. Its column `Date` holds dates, in any order; the other columns may have any names
# and missing values. Return two DataFrames: the rows of the years before `first_year`, and the rows
# from that year on. One of them may be empty. Keep the rows in their order, with all columns. Their
# index does not matter.


# %% exercise="rain.split_by_year"
def split_by_year(table, first_year):
    """Return the rows before first_year, and those from that year on."""
    ### BEGIN SOLUTION
    late = table["Date"].dt.year >= first_year
    return table[~late], table[late]
    ### END SOLUTION


# %%
rain.split_by_year.check(split_by_year)

# %% tags=["data-dependent"]
if rain.split_by_year.done():
    for first_year in (2012, 2014, 2016):
        early, late = split_by_year(table, first_year)
        shares = [(part["RainTomorrow"] == "Yes").mean() for part in (early, late)]
        print(f"before {first_year}: {len(early):6} days, rain {shares[0]:.1%}", end="   ")
        print(f"from then on: {len(late):6} days, rain {shares[1]:.1%}")

# %% [markdown]
# A later cut leaves more days to learn from, and fewer to test on. The share of rain differs a
# little from one part to the other, as years do.

# %% [markdown]
# ## Extra: the tutorial's three variants
#
# The notebook that belongs to the tutorial (its text links to it) goes on with three variants, on
# the same leaking features, and reports 80.38, 77.56 and 96.63 percent. Two of them have **two
# outputs**, one logit for each class. Then the loss is `CrossEntropyLoss`, as for iris, and the
# labels have shape (N,) and `int64`.

# %%
leaky_labels = [part.flatten().long() for part in (tutorial_train[1], tutorial_test[1])]
one_output = (*tutorial_train, *tutorial_test, nn.BCEWithLogitsLoss(), helpers.binary_accuracy)
two_outputs = (tutorial_train[0], leaky_labels[0], tutorial_test[0], leaky_labels[1])
two_outputs += nn.CrossEntropyLoss(), helpers.accuracy

# %% [markdown]
# One variant takes SGD with **momentum** 0.9: each step goes along a running sum of the gradients,
# in which the older ones fade (notebook 02 builds it). And `StepLR` multiplies the learning rate by
# `gamma` after each `step_size` epochs: by 0.1 after 7. Plotted:

# %%
weight = nn.Parameter(torch.zeros(1))
sgd = torch.optim.SGD([weight], lr=0.001, momentum=0.9)
scheduler = torch.optim.lr_scheduler.StepLR(sgd, step_size=7, gamma=0.1)
rates = []
for _epoch in range(10):
    rates.append(scheduler.get_last_lr()[0])
    sgd.step()
    scheduler.step()
fig, ax = plt.subplots()
ax.step(range(1, 11), rates, where="mid")
_ = ax.set(xlabel="epoch", ylabel="learning rate", yscale="log", xticks=range(1, 11))

# %% [markdown]
# *Figure: the rate is 0.001 for seven epochs, and 0.0001 for the last three.*
#
# A fifth of the training rows becomes a validation set, which decides which weights are kept:
# `patience=epochs` never stops early, and puts the best weights back at the end.


# %%
import itertools


def variant(sizes, data, epochs, sgd=False):
    """Train a variant of the tutorial's network; return its test accuracy."""
    X, y, X_test, y_test, loss_fn, metric = data
    torch.manual_seed(0)
    layers = [nn.Linear(50, sizes[0])]
    for inputs, outputs in itertools.pairwise(sizes):
        layers += [nn.ReLU(), nn.Linear(inputs, outputs)]
    model, scheduler = nn.Sequential(*layers), None
    optimizer = torch.optim.Adam(model.parameters())
    if sgd:
        optimizer = torch.optim.SGD(model.parameters(), lr=0.001, momentum=0.9)
        scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    cut = len(X) // 5  # train_test_split has shuffled the rows
    loader = helpers.make_loader(X[cut:], y[cut:], 128, shuffle=True, seed=0)
    options = {"scheduler": scheduler, "patience": epochs, "progress": False}
    helpers.train(model, loader, loss_fn, optimizer, epochs, (X[:cut], y[:cut]), **options)
    return metric(*helpers.predict(model, (X_test, y_test)))


# %% [markdown]
# The three trainings take about 20 s.

# %% tags=["nbval-ignore-output"]
variants = {
    "50-20-2, 80.38 %": variant((20, 2), two_outputs, 7),
    "50-30-10-1, 77.56 %": variant((30, 10, 1), one_output, 12),
    "50-30-10-2, 96.63 %": variant((30, 10, 2), two_outputs, 10, sgd=True),
}
for name, score in variants.items():
    print(f"{name} there, {score:.1%} here")
assert not real or min(variants.values()) > 0.95

# %% [markdown]
# All three are above 95 percent here, because all three see the answer. 77.56, with one output, is
# about the share of "No", where the metric of section 3 ends. 80.38, with two outputs, lies above
# it: with two columns another metric is needed, and the ceiling of section 3 does not hold for it.
# What exactly it counted there we did not measure.

# %% [markdown]
# ## Extra: the same training with Lightning
#
# The tutorial recommends PyTorch Lightning, a training loop that others maintain. You write what is
# special about your model, and leave the loop to a `Trainer`. It is not installed here, so this code
# was not run:
#
# ```python
# class Rain(lightning.LightningModule):
#     def __init__(self, model):
#         super().__init__()
#         self.model = model
#
#     def training_step(self, batch, batch_idx):
#         X, y = batch
#         return nn.functional.binary_cross_entropy_with_logits(self.model(X), y)
#
#     def configure_optimizers(self):
#         return torch.optim.Adam(self.parameters(), lr=0.001)
#
# lightning.Trainer(max_epochs=12).fit(Rain(model), train_loader)
# ```
#
# Logging, checkpoints and several GPUs come with it. It would have kept none of the three wrong
# numbers away.

# %% [markdown]
# ## Recap
#
# - One output and `BCEWithLogitsLoss`: "Yes" is a logit above 0. Try a metric on three rows that
#   you can judge yourself, and compare its result with always "No".
# - A result that is too good often comes from a leak. Look for what is known only later: here
#   `RISK_MM`, from which the label was made.
# - Test on later years, fit everything on the training rows, and put tuned rivals beside your model.
#   If the probabilities mean what they say, the threshold follows from the cost.

# %% [markdown]
# ## Quiz
#
# Replace each `...` by the letter of your choice, in quotes.
#
# **1.** A model has one output and a batch of 32 rows. What does `softmax(dim=0)` of its logits
# return?
# - **a** the probability of "Yes" for each row
# - **b** 1 for each row
# - **c** 32 numbers that add up to 1 over the batch

# %%
rain.quiz(1, "c")  ### STUB: rain.quiz(1, ...)

# %% [markdown]
# **2.** On 78 percent of the days it does not rain. A model is right on 75 percent. What follows?
# - **a** always "No" would be right more often
# - **b** the model has learned three quarters of the task
# - **c** the data is balanced

# %%
rain.quiz(2, "a")  ### STUB: rain.quiz(2, ...)

# %% [markdown]
# **3.** Which of these columns would leak, if you predict in the evening whether it rains tomorrow?
# - **a** today's humidity at 3 pm
# - **b** tomorrow's humidity at 9 am
# - **c** the month

# %%
rain.quiz(3, "b")  ### STUB: rain.quiz(3, ...)

# %% [markdown]
# **4.** Why are medians, means and standard deviations taken from the training rows alone?
# - **a** because the test rows are too few
# - **b** because it is faster
# - **c** because the test stands for a future that is not known yet

# %%
rain.quiz(4, "c")  ### STUB: rain.quiz(4, ...)

# %% [markdown]
# **5.** A missed rain costs nine times as much as a false alarm, and the probabilities are
# reliable. From which probability on do you say "Yes"?
# - **a** 0.9
# - **b** 0.1
# - **c** 0.5

# %%
rain.quiz(5, "b")  ### STUB: rain.quiz(5, ...)

# %% [markdown]
# ## Where to go on
#
# - [scikit-learn on metrics](https://scikit-learn.org/stable/modules/model_evaluation.html): what
#   each number for a classifier measures, and which one suits which question.
# - [scikit-learn on common pitfalls](https://scikit-learn.org/stable/common_pitfalls.html): leaks
#   through scaling, filling and selection.
# - [PyTorch Lightning](https://lightning.ai/docs/pytorch/stable/): the loop that others maintain,
#   for when you know what yours does.
