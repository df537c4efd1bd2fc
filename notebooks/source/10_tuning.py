# %% [markdown]
# # 10 Tuning: find a better setting, and know that it is better
#
# In this notebook you learn
# - what to tune first, and how to try rates and settings without wasting trials;
# - to let Optuna search within a budget of seconds, stop hopeless trials, and go on after a break;
# - to tell a better setting from a lucky seed, and from luck on the test rows.
#
# **100 minutes, on any CPU.** You know the training loop and early stopping (notebook 03), loaders
# (notebook 04) and the rain data (notebook 05).

# %% [markdown]
# ## Why
#
# Training finds the weights of a network. But you choose the learning rate, the batch size, the
# width, the dropout: these are the **hyper-parameters**, and one choice of all of them is a
# **setting**. Everyone tries a few settings, sees a lower loss, and keeps that one. But the loss
# also changes when only the seed changes. And whoever tries many settings will find one that had
# luck. This notebook searches in an orderly way, and then finds out whether the result is real.
#
# ![A loop: choose a setting, train on days before 2015, measure on the days of 2015, many times within a budget. Then once, at the end, the default and the best setting are measured on the days from 2016 on, with ten seeds each.](figures/tuning_loop.svg)

# %% tags=["setup"]
import math
import matplotlib.pyplot as plt
import torch
import helpers
from helpers.exercises import tuning

# %% [markdown]
# ## 1. A small task, and a run of about a second
#
# Search on a small task: a hundred runs of a second are worth more than two of a minute. We take
# the rain in Australia: from today's measurements, will it rain tomorrow?

# %% tags=["data-dependent"]
table = helpers.load_rain()
real = table.attrs["source"] == "real"
year = table["Date"].dt.year
print(table.shape, "from", year.min(), "to", year.max())

# %% [markdown]
# The features are the numbers (without `RISK_MM`, which is tomorrow's rain), a flag for each
# missing one, the words as columns of 0 and 1 (`get_dummies`), and the season as an angle.

# %%
import pandas as pd

numbers = table.select_dtypes("number").drop(columns="RISK_MM")
words = table[["Location", "WindGustDir", "WindDir9am", "WindDir3pm", "RainToday"]]
angle = 2 * math.pi * table["Date"].dt.day_of_year / 365.25
season = pd.DataFrame({"sine": angle.map(math.sin), "cosine": angle.map(math.cos)})
parts = [numbers, numbers.isna().add_suffix(" missing"), pd.get_dummies(words), season]
features = pd.concat(parts, axis=1).astype("float32")

# %% [markdown]
# They are scaled with the mean and standard deviation of the years before 2015. What is missing
# becomes 0, which is the mean. `clip` keeps a rare value, such as a storm, from counting too much.

# %%
mean, std = features[year < 2015].mean(), features[year < 2015].std()
scaled = ((features - mean) / std).fillna(0).clip(-5, 5)
X = torch.tensor(scaled.to_numpy(), dtype=torch.float32)
y = torch.tensor((table["RainTomorrow"] == "Yes").to_numpy()).float().unsqueeze(1)  # (N, 1)

# %% tags=["data-dependent"]
past, val, test = (
    (X[rows], y[rows])
    for rows in (torch.tensor(part.to_numpy()) for part in (year < 2015, year == 2015, year > 2015))
)
print("features:", X.shape[1], "days:", len(past[0]), len(val[0]), len(test[0]))

# %% [markdown]
# The split is by time. `past` is for training, `val` for choosing. We do not touch `test` until the
# last section.
#
# ### The default setting
#
# `lr` and `weight_decay` are what the optimizer AdamW takes if you say nothing, `batch_size` is
# what `helpers.make_loader` takes. AdamW is Adam with a **weight decay**: each step also makes
# every weight a little smaller. That is **regularisation**, like dropout: it makes learning by
# heart harder.

# %%
DEFAULT = {"lr": 0.001, "batch_size": 64, "width": 64, "dropout": 0.0, "weight_decay": 0.01}
optimizer = torch.optim.AdamW([torch.zeros(1)])
assert all(optimizer.defaults[name] == DEFAULT[name] for name in ("lr", "weight_decay"))

# %%
from torch import nn


def make_model(width, dropout):
    """Return a network with two hidden layers of this width, and one logit."""
    first = nn.Linear(X.shape[1], width), nn.ReLU(), nn.Dropout(dropout)
    second = nn.Linear(width, width), nn.ReLU(), nn.Dropout(dropout)
    return nn.Sequential(*first, *second, nn.Linear(width, 1))


# %% [markdown]
# The seed decides everything that is random in a run: which 10,000 days of the past are used
# (4,000 of the stand-in), the first weights, the order of the batches, what dropout hides.


# %%
def start(setting, seed):
    """Return a new model, its optimizer, and a loader over the days that the seed draws."""
    torch.manual_seed(seed)
    rows = torch.randperm(len(past[0]))[: 10_000 if real else 4_000]
    days = past[0][rows], past[1][rows]
    model = make_model(setting["width"], setting["dropout"])
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=setting["lr"], weight_decay=setting["weight_decay"]
    )
    loader = helpers.make_loader(*days, setting["batch_size"], shuffle=True, seed=seed)
    return model, optimizer, loader


# %% [markdown]
# The next function trains for 8 epochs. It has `yield` in place of `return`: it hands out a result
# after each epoch, and goes on when it is asked for the next one. Whoever uses it in a `for` loop
# can stop after any epoch.

# %%
loss_fn = nn.BCEWithLogitsLoss()


def epochs_of(setting, seed):
    """Train, and after each of 8 epochs yield the model and its validation loss."""
    model, optimizer, loader = start(setting, seed)
    for _epoch in range(8):
        helpers.train(model, loader, loss_fn, optimizer, epochs=1, progress=False)
        yield model, helpers.evaluate(model, val, loss_fn)["loss"]


# %% [markdown]
# A run keeps a copy of the model from its best epoch: early stopping, as in notebook 03. Its score
# is the lowest validation loss. So a better setting must beat the default *with* early stopping.

# %%
import copy


def run(setting, seed):
    """Return the model of the best epoch, and the validation loss of each epoch."""
    losses, best = [], None
    for model, loss in epochs_of(setting, seed):
        losses.append(loss)
        if loss == min(losses):
            best = copy.deepcopy(model)
    return best, losses


# %% tags=["nbval-ignore-output"]
# %%time
_, default_losses = run(DEFAULT, seed=0)

# %% tags=["data-dependent"]
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
ax.plot(range(1, 9), default_losses, "o-", color="#0072B2")
ax.set(xlabel="epoch", ylabel="validation loss (cross-entropy)")
assert default_losses[-1] > 1.01 * min(default_losses)

# %% [markdown]
# *Figure: the validation loss of the default setting. It falls first, and rises again: the network
# overfits.*

# %% [markdown]
# ## 2. What to tune first
#
# There are five numbers to choose. Change one at a time, and look how far the score moves.
#
# **Predict:** which of the five moves it most?

# %%
tries = {
    "lr": [0.0001, 0.001, 0.01, 0.1],
    "batch_size": [64, 256, 1024],
    "width": [16, 64, 256],
    "dropout": [0.0, 0.3, 0.6],
    "weight_decay": [0.01, 0.1, 1.0],
}
scores = {name: {DEFAULT[name]: min(default_losses)} for name in tries}
for name, values in tries.items():
    for value in set(values) - {DEFAULT[name]}:
        scores[name][value] = min(run(DEFAULT | {name: value}, seed=0)[1])

# %% tags=["data-dependent"]
fig, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
for name in reversed(tries):
    ax.plot(list(scores[name].values()), [name] * len(scores[name]), "o-", color="#0072B2")
ax.axvline(min(default_losses), linestyle="--", color="#777777")
_ = ax.set(xlabel="lowest validation loss (cross-entropy)")

# %% [markdown]
# *Figure: one row for each hyper-parameter, one point for each value; the others stay at the
# default (dashed). The points of `lr` lie furthest apart.*

# %%
spread = {name: max(of.values()) - min(of.values()) for name, of in scores.items()}
print("the largest spread:", max(spread, key=spread.get))

# %% [markdown]
# It is the learning rate, as nearly always. Hence the usual order:
# 1. the learning rate, because a wrong one spoils every other choice;
# 2. batch size and width: they decide mostly how long a run takes, and how much can be learned;
# 3. regularisation (dropout, weight decay), once the network is able to overfit.
#
# When you change the batch size or the width, look at the learning rate again: they act together.

# %% [markdown]
# ## 3. Rates live on a logarithmic scale
#
# **Predict:** draw a rate uniformly between 0.0001 and 0.1. How often is it below 0.001?

# %%
torch.manual_seed(0)
uniform = 0.0001 + (0.1 - 0.0001) * torch.rand(100_000)
print(f"{(uniform < 0.001).float().mean():.0%}")

# %% [markdown]
# In one draw of a hundred. From 0.0001 to 0.001 is as large a step, a factor of 10, as from 0.01 to
# 0.1, yet nearly all the draws lie in the last one. For rates, factors count. So draw the
# *logarithm* uniformly: such a number is **log-uniform**, and each factor of 10 gets an equal
# share.
#
# ### Exercise 1: log-uniform numbers (5 minutes, complete)
#
# Write `log_uniform(low, high, n, seed)`. It returns a tensor of shape (n,), of decimals between
# `low` and `high` (0 < low < high), each drawn at random and on its own, so that its logarithm is
# uniform. The same seed, a whole number from 0 on, gives the same numbers, another seed others.


# %% exercise="tuning.log_uniform"
def log_uniform(low, high, n, seed):
    """Return n random numbers between low and high; their logarithm is uniform."""
    ### BEGIN SOLUTION
    generator = torch.Generator().manual_seed(seed)
    u = torch.rand(n, generator=generator)
    return torch.exp(math.log(low) + u * (math.log(high) - math.log(low)))
    ### END SOLUTION


# %%
tuning.log_uniform.check(log_uniform)

# %%
if tuning.log_uniform.done():
    below = (log_uniform(0.0001, 0.1, 100_000, seed=0) < 0.001).float().mean()
    print("below 0.001 is about a third:", bool(0.32 < below < 0.35))

# %% [markdown]
# ## 4. A learning-rate range test
#
# How large may the rate be? Let it grow during a single epoch, from far too small to far too large,
# and write down the loss of each batch. That is a **range test**. It costs one epoch.


# %%
def range_test(setting, seed):
    """Return the rates of one epoch, from 1e-5 to 1, and the loss of each batch."""
    model, optimizer, loader = start(setting, seed)
    lrs, losses = torch.logspace(-5, 0, len(loader)).tolist(), []
    for (X, y), lr in zip(loader, lrs, strict=True):
        optimizer.param_groups[0]["lr"] = lr
        loss = loss_fn(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return lrs, losses


# %% [markdown]
# `param_groups[0]` is where an optimizer keeps its settings; they may be changed between steps.
#
# **Predict:** what will the curve look like, from left to right?

# %% tags=["data-dependent"]
lrs, losses = range_test(DEFAULT, seed=0)
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
ax.plot(lrs, losses, color="#0072B2")
_ = ax.set(xscale="log", xlabel="learning rate", ylabel="loss of the batch", ylim=(0, 1.2))

# %% [markdown]
# *Figure: the loss of each batch against the rate. It is flat on the left, where the steps are too
# small to learn; it falls in the middle; and it rises and jumps on the right, where they are too
# large.*
#
# The lowest point is already close to breaking, so one takes a smaller rate. A common rule: a tenth
# of the rate at the lowest loss. And because single batches are noisy, smooth the curve first.
#
# ### Exercise 2: choose a rate from a range test (8 minutes, build)
#
# Write `choose_lr(lrs, losses)`, for two lists of equal length, the rates rising. If a loss is NaN
# or infinite, the training has broken: use only the losses before the first such one. (The first
# loss of all is always finite.) Replace each loss by the mean of itself and of up to two neighbours
# on each side (at the ends there are fewer). Find the lowest mean, the first of them if several are
# equal, and return the rate there divided by 10, a plain number.


# %% exercise="tuning.choose_lr"
def choose_lr(lrs, losses):
    """Return a tenth of the rate at the lowest smoothed loss."""
    ### BEGIN SOLUTION
    end = next((i for i, loss in enumerate(losses) if not math.isfinite(loss)), len(losses))
    means = []
    for i in range(end):
        part = losses[max(i - 2, 0) : min(i + 3, end)]
        means.append(sum(part) / len(part))
    return lrs[means.index(min(means))] / 10
    ### END SOLUTION


# %%
tuning.choose_lr.check(choose_lr)

# %%
if tuning.choose_lr.done():
    rate = choose_lr(lrs, losses)
    print("between 0.0003 and 0.01:", 0.0003 < rate < 0.01)

# %% [markdown]
# The test does not give the best rate. It gives, for the cost of one epoch, the right power of ten
# or its neighbour. A search can start from there. And here it says that the default rate is not
# bad.

# %% [markdown]
# ## 5. Random search against a grid
#
# Two hyper-parameters, nine trials. A **grid** takes three values of each, in all combinations. A
# **random search** draws each setting anew. Suppose that only the rate matters.
#
# **Predict:** how many different rates does each of them try?

# %%
torch.manual_seed(0)
axis = torch.linspace(0, 1, 3)
grid = torch.cartesian_prod(axis, axis)  # (9, 2): column 0 is the rate, column 1 the dropout
scattered = torch.rand(9, 2)
for name, trials in (("grid", grid), ("random", scattered)):
    print(f"{name:6} {len(trials)} trials, {len(trials[:, 0].unique())} different rates")

# %%
fig, axes = plt.subplots(1, 2, figsize=(7, 3.2), layout="constrained", sharey=True)
for ax, name, trials in zip(axes, ("grid", "random search"), (grid, scattered), strict=True):
    rates = 10 ** (3 * trials[:, 0] - 4)
    ax.plot(rates, 0.6 * trials[:, 1], "o", color="#0072B2")
    ax.plot(rates, [-0.08] * 9, "|", markersize=12, color="#E69F00")
    ax.set(title=name, xscale="log", xlabel="learning rate")
_ = axes[0].set(ylabel="dropout")

# %% [markdown]
# *Figure: nine trials each. The orange strokes below are the rates alone: three for the grid, nine
# for the random search.*
#
# The grid repeats each rate three times and learns nothing new from it. How much does that matter?
# Let the best rate lie anywhere, 10,000 times, and measure how far the nearest trial is from it, in
# powers of ten.

# %%
best = 3 * torch.rand(10_000, 1)  # (10000, 1)
to_grid = (3 * axis - best).abs().min(dim=1).values
to_random = (3 * torch.rand(10_000, 9) - best).abs().min(dim=1).values
print(f"grid {to_grid.mean():.1f}, random {to_random.mean():.1f} powers of ten")
print(f"random is nearer in {(to_random < to_grid).float().mean():.0%}")

# %% [markdown]
# On average the random search comes more than twice as near. If both hyper-parameters mattered
# equally, the advantage would be smaller; but usually a few of many matter, and you do not know
# which. And a random search can stop at any time, while half a grid leaves a corner out.
#
# ### Exercise 3: random search within a budget (10 minutes, build)
#
# Write `random_search(sample, objective, budget, clock)`. `sample()` returns a new random setting,
# a dict. `objective(setting)` trains with it and returns its loss. `clock()` returns the time in
# seconds, for example `time.perf_counter`; its first value is not 0. A trial may begin while fewer
# than `budget` seconds have passed since your function was called; the first one may always begin.
# Return `(best_setting, best_loss, trials)`: the setting with the lowest loss, this loss, and the
# number of trials. A loss may be NaN: such a trial counts, but it never wins. At least one loss is
# finite; of two equally low ones, either may win.


# %% exercise="tuning.random_search"
def random_search(sample, objective, budget, clock):
    """Return the best setting, its loss, and the number of trials within the budget."""
    ### BEGIN SOLUTION
    start = clock()
    best_setting, best_loss, trials = None, math.inf, 0
    while trials == 0 or clock() - start < budget:
        setting = sample()
        loss = objective(setting)
        trials += 1
        if loss < best_loss:
            best_setting, best_loss = setting, loss
    return best_setting, best_loss, trials
    ### END SOLUTION


# %%
tuning.random_search.check(random_search)

# %% [markdown]
# Because the clock is an argument, the check can pass one of its own, and needs no waiting. Here is
# yours on a cheap problem, for a tenth of a second.

# %%
import random
import time


def sample():
    """Return a random setting."""
    return {"lr": 10 ** random.uniform(-4, -1)}


def cheap(setting):
    """Return a made-up loss, lowest at a rate of 0.003."""
    return (math.log10(setting["lr"] / 0.003)) ** 2


if tuning.random_search.done():
    setting, loss, count = random_search(sample, cheap, 0.1, time.perf_counter)
    print("more than 20 trials, a loss below 0.1:", count > 20, loss < 0.1)

# %% [markdown]
# ## 6. Optuna: search, prune, resume
#
# Optuna is a library for such searches. Each **trial** asks for its values; a **study** keeps all
# trials. Three things go beyond your function:
# - its **sampler** draws at random first, and then near what was good (its name is TPE);
# - a **pruner** ends a trial early if it lags behind, which saves seconds for others;
# - a study can live in a file, and go on after a break.
#
# Optuna reports every trial on the screen; one line asks it to be quiet.

# %%
import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)


# %%
def objective(trial):
    """Train with the values that the trial suggests; return the lowest validation loss."""
    setting = {
        "lr": trial.suggest_float("lr", 3e-4, 1e-2, log=True),
        "batch_size": trial.suggest_categorical("batch_size", [64, 128, 256]),
        "width": trial.suggest_categorical("width", [64, 128]),
        "dropout": trial.suggest_float("dropout", 0.0, 0.6),
        "weight_decay": trial.suggest_float("weight_decay", 1e-2, 10, log=True),
    }
    losses = []
    for three in zip(*(epochs_of(setting, seed) for seed in range(3)), strict=True):
        losses.append(sum(loss for _, loss in three) / 3)
        trial.report(losses[-1], step=len(losses))
        if trial.should_prune():
            raise optuna.TrialPruned
    return min(losses)


# %% [markdown]
# The range test and section 2 have told us where to look: near the default rate, and at stronger
# weight decay. Each trial trains three networks side by side, with three seeds, and counts their
# mean: one seed alone would tell more about its days than about the setting.
#
# `log=True` is your `log_uniform`. `report` tells the study the loss after each epoch. The
# `MedianPruner` compares it with the earlier trials at the same epoch: if the best loss so far is
# higher than the **median** of theirs (half of them were better), the trial ends. It lets the first
# five trials run to their end, and looks at no trial before its second epoch.
#
# The file is a database, SQLite. Here it lies in a temporary folder; put yours next to your
# notebook.

# %%
import tempfile

folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
storage = f"sqlite:///{folder.name}/study.db"
pruner = optuna.pruners.MedianPruner(n_startup_trials=5, n_warmup_steps=2)
study = optuna.create_study(
    study_name="rain",
    storage=storage,
    direction="minimize",
    sampler=optuna.samplers.TPESampler(seed=0),
    pruner=pruner,
)
study.enqueue_trial(DEFAULT)

# %% [markdown]
# `enqueue_trial` makes the default the first trial: so the search starts from what you have.
#
# ### A budget
#
# Say beforehand what the search may cost: here **60 seconds** in all. `optimize` stops after
# `n_trials`, or after `timeout` seconds, whichever comes first. A trial that is running then is
# still finished. `catch` lets the search go on when a trial fails, as `helpers.train` does with a
# loss of NaN. Ten trials first:

# %%
BUDGET = 60


def search(study, n_trials, seconds):
    """Go on with the study; return the seconds that it took."""
    began = time.perf_counter()
    study.optimize(objective, n_trials, timeout=seconds, catch=FloatingPointError)
    return time.perf_counter() - began


used = search(study, n_trials=10, seconds=BUDGET / 2)

# %% [markdown]
# Now let us pretend that the power fails. All that we had in memory is gone; the file is not.

# %%
del study
sampler = optuna.samplers.TPESampler(seed=1)
study = optuna.load_study(study_name="rain", storage=storage, sampler=sampler, pruner=pruner)
finished = len(study.trials)
assert 1 <= finished <= 10

# %% tags=["nbval-ignore-output"]
used += search(study, n_trials=20, seconds=BUDGET - used)
longest = max(trial.duration.total_seconds() for trial in study.trials)
print(f"{finished} trials, then {len(study.trials) - finished} more, {used:.0f} seconds in all")
assert used < BUDGET + 2 * longest + 1

# %% [markdown]
# The study went on where it had stopped: the trials before the break are all there, and the sampler
# learns from them. On a slow computer the budget ends the search before the thirtieth trial.
#
# **Predict:** the file keeps the trials, but not the sampler. Why did we pass `seed=1` after the
# break, and not 0 again?


# %%
def first_rate(seed):
    """Return the first rate that a new random sampler proposes."""
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=seed))
    return study.ask().suggest_float("lr", 1e-4, 1e-1, log=True)


print(first_rate(0) == first_rate(0), first_rate(0) == first_rate(1))

# %% [markdown]
# A new sampler with the old seed draws the same random numbers again: it would repeat settings that
# are in the file already. (`study.ask()` makes a trial without `optimize`; you may use that in
# loops of your own.)
#
# ### What the study has seen
#
# `trials_dataframe` has one row for each trial, for your own tables and plots.

# %% tags=["nbval-ignore-output"]
trials = study.trials_dataframe()
complete = trials[trials["state"] == "COMPLETE"]
print(trials["state"].value_counts().to_dict())
rows = [0, study.best_trial.number]
trials.loc[rows, ["value", *(f"params_{name}" for name in DEFAULT)]].round(4)

# %% [markdown]
# The upper row is the default, the lower one the best setting found. Did pruning save anything?

# %% tags=["nbval-ignore-output"]
assert study.best_value <= trials.loc[0, "value"]
epochs_run = sum(len(trial.intermediate_values) for trial in study.trials)
print(f"{epochs_run / (8 * len(trials)):.0%} of all epochs were run")

# %% tags=["data-dependent"]
fig, axes = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
for trial in study.trials:
    colour = "#0072B2" if trial.state.name == "COMPLETE" else "#E69F00"
    curve = trial.intermediate_values
    axes[0].plot(list(curve), list(curve.values()), ".-", color=colour)
axes[0].set(xlabel="epoch", ylabel="validation loss", ylim=(None, 0.5))
axes[1].plot(complete["number"], complete["value"], "o", color="#0072B2")
axes[1].plot(complete["number"], complete["value"].cummin(), color="#009E73")
_ = axes[1].set(xlabel="trial", ylabel="lowest validation loss")

# %% [markdown]
# *Figure: left, the curve of each trial: orange ones were pruned, none before its second
# epoch. Right, the trials that were not pruned (blue), and the best so far (green).*
#
# Which values were good? Look at the points, and not at the winner alone.

# %% tags=["data-dependent"]
fig, axes = plt.subplots(1, 3, figsize=(8, 3), layout="constrained", sharey=True)
for ax, name in zip(axes, ("lr", "dropout", "weight_decay"), strict=True):
    ax.plot(complete[f"params_{name}"], complete["value"], "o", color="#0072B2")
    ax.set(xlabel=name, xscale="linear" if name == "dropout" else "log")
_ = axes[0].set(ylabel="lowest validation loss")

# %% [markdown]
# *Figure: each trial that was not pruned, against its rate, its dropout and its weight decay. Where
# the low points crowd, the sampler has searched more.*
#
# Optuna has these plots ready-made: `plot_intermediate_values(study)`, `plot_optimization_history`
# and `plot_slice` in `optuna.visualization.matplotlib`. They warn that they may still change, so we
# drew our own. And it estimates which hyper-parameter mattered:

# %% tags=["nbval-ignore-output"]
importances = optuna.importance.get_param_importances(study)
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
ax.barh(list(importances)[::-1], list(importances.values())[::-1], color="#0072B2")
_ = ax.set(xlabel="share of the differences between trials")

# %% [markdown]
# *Figure: the estimated importance of each hyper-parameter; the shares add up to 1. After so few
# trials, take them as a hint.*

# %% [markdown]
# ## 7. TensorBoard: all curves on one page
#
# **TensorBoard** is a page in the browser that shows curves, and compares runs by their settings. A
# `SummaryWriter` writes what it shows: `add_scalar` one point of a curve, `add_hparams` a setting
# with its result. Usually you call them while training; the study has kept everything, so we can do
# it now.

# %%
from torch.utils.tensorboard import SummaryWriter

runs = f"{folder.name}/runs"
for trial in study.trials:
    curve = trial.intermediate_values
    with SummaryWriter(f"{runs}/trial_{trial.number:02}") as writer:
        for epoch, loss in curve.items():
            writer.add_scalar("val_loss", loss, epoch)
        result = {"lowest_val_loss": min(curve.values(), default=math.nan)}
        writer.add_hparams(trial.params, result, run_name=".")

# %% [markdown]
# To open it in a notebook, run these two lines in a new cell, with the folder of your runs:
#
#     %load_ext tensorboard
#     %tensorboard --logdir runs
#
# The next cell does the same for this study. Set the switch to `True`. The page appears under the
# cell; *Scalars* (or *Time Series*) has the curves, and *HParams* a table of the settings, with a
# plot in which each line is a trial.

# %%
show_tensorboard = False
if show_tensorboard:
    from IPython import get_ipython

    get_ipython().run_line_magic("load_ext", "tensorboard")
    get_ipython().run_line_magic("tensorboard", f"--logdir {runs}")

# %% [markdown]
# The files can be read without the page, too. Here is the curve of the default setting:

# %%
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

events = EventAccumulator(f"{runs}/trial_00").Reload().Scalars("val_loss")
curve = study.trials[0].intermediate_values
torch.testing.assert_close(
    [event.value for event in events], list(curve.values()), rtol=1e-5, atol=0
)
print(len(events), "points")

# %% [markdown]
# ## 8. Seeds and noise
#
# The best trial has a lower loss than the default. But how far does a single setting scatter? Ten
# runs of the default, with ten new seeds:

# %%
SEEDS = range(100, 110)
default_runs = [run(DEFAULT, seed) for seed in SEEDS]
default_val = torch.tensor([min(losses) for _, losses in default_runs], dtype=torch.float64)
print(
    "highest and lowest differ by more than 1 percent:",
    bool(default_val.max() > 1.01 * default_val.min()),
)

# %% [markdown]
# More than one percent, and nothing was changed but the seed. A gain of that size, seen with one
# seed, says nothing.
#
# The **standard deviation** says how far single runs lie from their mean. The mean of n runs
# scatters less: its **standard error**, as in notebook 09, is the standard deviation divided by the
# square root of n. Four times as many runs halve it. By hand, and with torch:

# %%
n = len(default_val)
deviation = ((default_val - default_val.mean()) ** 2).sum().div(n - 1).sqrt()
torch.testing.assert_close(deviation, default_val.std())
error = deviation / n**0.5
print("the error is about a third of the deviation:", bool(0.3 < error / deviation < 0.35))

# %% [markdown]
# To compare two settings, run both with the same seeds. Here a seed draws the days of training as
# well: with a lucky choice of days, both settings do well. So take the difference for each seed,
# and ask how far the differences scatter. That is a **paired** comparison: what both share drops
# out.
#
# ### Exercise 4: beyond noise, or not (8 minutes, build)
#
# Write `beyond_noise(a, b)`, for two lists of losses of equal length, at least two each; `a[i]` and
# `b[i]` have the same seed. If you have done notebook 09: it is its `compare`, but a difference in
# either direction counts. Return `(difference, error, beyond)`, plain numbers and a plain `True` or
# `False`. `difference` is the mean of all `a[i] - b[i]`. `error` is its standard error: the
# standard deviation of the differences (the one that divides by n - 1), divided by the square root
# of n. `beyond` is True if the difference, without its sign, is larger than twice the error, and
# otherwise False.


# %% exercise="tuning.beyond_noise"
def beyond_noise(a, b):
    """Return the mean difference, its standard error, and whether it is beyond noise."""
    ### BEGIN SOLUTION
    differences = torch.tensor(a, dtype=torch.float64) - torch.tensor(b, dtype=torch.float64)
    difference = differences.mean().item()
    error = differences.std().item() / len(a) ** 0.5
    return difference, error, abs(difference) > 2 * error
    ### END SOLUTION


# %%
tuning.beyond_noise.check(beyond_noise)

# %% [markdown]
# How many seeds are enough? Let us compare a setting with itself: pure noise, 20,000 times. The
# rule "more than twice the error" should say no.
#
# **Predict:** how often does it say yes nevertheless, with 3, 5 and 10 seeds?

# %%
torch.manual_seed(0)
for n in (3, 5, 10):
    noise = torch.randn(20_000, n)  # differences between equal settings
    ratio = noise.mean(dim=1).abs() / (noise.std(dim=1) / n**0.5)
    print(f"{n:2} seeds: {(ratio > 2).float().mean():.0%} false alarms")

# %% [markdown]
# With three seeds the rule is wrong nearly one time in five, with ten one time in thirteen. Three
# seeds are a first look, five the least, ten are better. And a small difference needs more of them:
# to see one half as large, four times as many.

# %% [markdown]
# ### A second round for the best
#
# The best trials of the study lie close together, within what three seeds scatter. Which of them is
# first, is mostly luck. So the three best run again, with three new seeds each, and the new mean
# decides.

# %%
best_three = complete.nsmallest(3, "value")["number"]
finalists = [study.trials[number].params for number in best_three]
means = [sum(min(run(setting, seed)[1]) for seed in (50, 51, 52)) / 3 for setting in finalists]
found = finalists[means.index(min(means))]

# %% [markdown]
# ## 9. Bug hunt: tuned on the test set
#
# A colleague has 200 settings. He measures each one on 100 test rows, keeps the best, and reports
# its accuracy. To see what that is worth, let us take 200 models that know nothing: each one tosses
# a coin.
#
# **Predict:** what accuracy does the best one have?


# %%
def coin_accuracy(rows, seed):
    """Return the accuracy of a model that guesses, on rows with random labels."""
    generator = torch.Generator().manual_seed(seed)
    y_pred, y = torch.randint(0, 2, (2, rows), generator=generator)
    return (y_pred == y).double().mean().item()


settings = [{"seed": seed} for seed in range(200)]
test_score = lambda setting: coin_accuracy(100, setting["seed"])  # noqa: E731
val_score = lambda setting: coin_accuracy(100, 1000 + setting["seed"])  # noqa: E731


# %%
def broken_choose_and_report(settings, val_score, test_score):
    """Return the best setting and its accuracy. Or does it?"""
    best = max(settings, key=test_score)
    return best, test_score(best)


best, reported = broken_choose_and_report(settings, val_score, test_score)
print(f"reported {reported:.0%}, on 100,000 new rows {coin_accuracy(100_000, 5000):.0%}")

# %% [markdown]
# The report says far more than 50 percent, and there is nothing to know. The best of 200 has luck,
# and its luck does not come again. That is the **winner's curse**: whatever was chosen because its
# number is high, has a number that is too high. The fewer the rows and the more the settings, the
# worse.
#
# ### Exercise 5: tuned on the test set (5 minutes, debug)
#
# Write `choose_and_report(settings, val_score, test_score)`. `settings` is a list of dicts, and not
# empty. Both other arguments are functions of a setting that return an accuracy; no two validation
# scores are equal. Return `(best, score)`: the setting with the highest validation score, and its
# test score. `test_score` may be called only once.


# %% exercise="tuning.bug_hunt"
def choose_and_report(settings, val_score, test_score):
    """Return the best setting, chosen by validation, and its test score."""
    ### BEGIN SOLUTION
    best = max(settings, key=val_score)
    return best, test_score(best)
    ### END SOLUTION


# %%
tuning.bug_hunt.check(choose_and_report)

# %%
if tuning.bug_hunt.done():
    _, reported = choose_and_report(settings, val_score, test_score)
    print("near 50 percent:", 0.35 < reported < 0.65)

# %% [markdown]
# The validation score of the winner is cursed as well, and so is the best loss of our study. That
# does no harm, as long as nobody reports it.

# %% [markdown]
# ## 10. The test, once
#
# Now the setting that was found, with the same ten seeds as the default. Both are measured on days
# that had no part in anything: those from 2016 on.

# %%
found_runs = [run(found, seed) for seed in SEEDS]


def test_losses(runs):
    """Return the test loss of each run, at its best epoch."""
    losses = [helpers.evaluate(model, test, loss_fn)["loss"] for model, _ in runs]
    return torch.tensor(losses, dtype=torch.float64)


default_test, found_test = test_losses(default_runs), test_losses(found_runs)

# %% [markdown]
# **Predict:** is the gain beyond noise?

# %% tags=["data-dependent"]
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
for pair in zip(default_test, found_test, strict=True):
    ax.plot([0, 1], pair, "o-", color="#0072B2", alpha=0.6)
ax.set_xticks([0, 1], ["default", "found"])
_ = ax.set(xlim=(-0.5, 1.5), ylabel="test loss (cross-entropy)")

# %% [markdown]
# *Figure: the test loss of the default on the left, of the setting found on the right; each line is
# a seed. Most lines fall.*

# %% tags=["nbval-ignore-output"]
differences = default_test - found_test
error = differences.std() / len(differences) ** 0.5
print(f"{differences.mean():.4f} ± {error:.4f}")
print("the found setting is better, beyond noise:", bool(differences.mean() > 2 * error))
assert differences.mean() > 0

# %% [markdown]
# The default had early stopping too, and still the setting that the search found is better, on
# years that it has not seen: the output above says by how many standard errors. (The cell insists
# only on "better". On another processor the search may take another path, and a short search does
# not always find as much.)
#
# One thing must be added. The author of this notebook has tried several designs, other numbers of
# days and other ranges, and has seen their test losses. So even this result is a little too good:
# section 9 holds for authors too.
#
# SciPy's paired t-test computes the same ratio of difference and error. And does your function
# agree?

# %%
from scipy.stats import ttest_rel

ratio = ttest_rel(default_test, found_test).statistic
torch.testing.assert_close(float(ratio), (differences.mean() / error).item())
if tuning.beyond_noise.done():
    yours = beyond_noise(default_test.tolist(), found_test.tolist())
    assert yours[2] == (abs(ratio) > 2)

# %% [markdown]
# Was it worth it to compare in pairs?

# %% tags=["nbval-ignore-output"]
apart = (default_test.var() + found_test.var()).sqrt()
print(
    "the differences scatter less than two unrelated runs would:", bool(differences.std() < apart)
)

# %% [markdown]
# ## Recap
#
# - Tune the learning rate first, then batch size and width, then regularisation. A range test costs
#   one epoch. Draw rates log-uniformly, and draw settings at random rather than from a grid.
# - Optuna suggests, prunes and remembers. State a budget in seconds, keep the study in a file, and
#   load it with another sampler seed.
# - Compare with at least five seeds, in pairs, against twice the standard error. Choose on the
#   validation rows, and measure once on the test rows: the best of many is always too good.

# %% [markdown]
# ## Quiz
#
# Replace each `...` by the letter of your choice.
#
# **1.** You have a new network and time for one small search. What do you tune first?
# - **a** the number of layers
# - **b** the learning rate
# - **c** the seed

# %%
tuning.quiz(1, "b")  ### STUB: tuning.quiz(1, ...)

# %% [markdown]
# **2.** Nine trials on a 3 by 3 grid of rate and dropout: how many different rates are tried?
# - **a** three
# - **b** nine
# - **c** it depends on the dropout

# %%
tuning.quiz(2, "a")  ### STUB: tuning.quiz(2, ...)

# %% [markdown]
# **3.** The median pruner has ended a trial after its third epoch. What do you know?
# - **a** with more epochs the setting would be bad, too
# - **b** until then it was worse than half of the earlier trials
# - **c** its loss became NaN

# %%
tuning.quiz(3, "b")  ### STUB: tuning.quiz(3, ...)

# %% [markdown]
# **4.** Setting A has a validation loss of 0.345, setting B 0.343, each with one seed. What
# follows?
# - **a** B is better
# - **b** they are equally good
# - **c** nothing, until you know how far one setting scatters

# %%
tuning.quiz(4, "c")  ### STUB: tuning.quiz(4, ...)

# %% [markdown]
# **5.** You keep the lowest of 50 validation losses. As an estimate of the loss on new data it is
# - **a** about right
# - **b** too high, on average
# - **c** too low, on average

# %%
tuning.quiz(5, "c")  ### STUB: tuning.quiz(5, ...)

# %% [markdown]
# ## Where to go on
#
# - [Optuna's key
#   features](https://optuna.readthedocs.io/en/stable/tutorial/10_key_features/index.html): search
#   spaces with conditions, other samplers and pruners, several processes at once.
# - [PyTorch on TensorBoard](https://docs.pytorch.org/docs/stable/tensorboard.html): everything that
#   a `SummaryWriter` can write, from histograms to pictures.
# - [PyTorch's recipe on
#   reproducibility](https://docs.pytorch.org/docs/stable/notes/randomness.html): what a seed
#   decides, and where results differ between computers all the same.
