# %% [markdown]
# # 03 Iris: train a network, and find out what it learned
#
# In this notebook you learn
# - to write a training loop, and to measure inside it on data that the network has not seen;
# - to recognise underfitting and overfitting from two curves, and to stop in time;
# - to find out what a setting does, one knob at a time, with functions of your own.
#
# **90 minutes, on any CPU.** You know tensors (notebook 01) and what `backward()` does (notebook 02).

# %% [markdown]
# ## Why
#
# A network with enough parameters can learn almost anything by heart. What we want is a network
# that is right about flowers it has never seen. So there are two questions in every training:
# does the loss fall, and does it fall for the right reason? This notebook answers both on
# 150 flowers, four measurements each, three species.
#
# ![Four measurements are connected to 1024 hidden units with ReLU, and those to three outputs, the logits, one for each species.](figures/iris_network.svg)

# %% tags=["setup"]
import matplotlib.pyplot as plt
import torch
from torch import nn

import helpers
from helpers.exercises import iris

plt.style.use("helpers.course")
torch.set_num_threads(1)  # small tensors: one thread is faster than two (04 explains)

# %% [markdown]
# ## 1. Look at the data first

# %%
from sklearn.datasets import load_iris

data = load_iris(as_frame=True)
data.frame.groupby("target").mean().round(1)

# %% [markdown]
# Each row is the mean of the 50 flowers of a species: setosa (0), versicolor (1), virginica (2). A
# network computes with `float32`; class labels are whole numbers, `int64`.

# %%
X = torch.tensor(data.data.to_numpy(), dtype=torch.float32)
y = torch.tensor(data.target.to_numpy())
print(X.shape, X.dtype, y.shape, y.dtype)


# %%
def draw_species(ax, X, y):
    """Draw petal width against petal length, each species with its colour and marker."""
    for label, (colour, marker) in enumerate([("C2", "o"), ("C3", "s"), ("C5", "^")]):
        petals = X[y == label, 2:]  # (n, 2)
        ax.scatter(*petals.T, s=16, c=colour, marker=marker, label=data.target_names[label])
    ax.set(xlabel="petal length (cm)", ylabel="petal width (cm)")
    ax.legend()


draw_species(plt.subplots()[1], X, y)

# %% [markdown]
# *Figure: petal width against petal length. Setosa lies apart; versicolor and virginica touch.*
#
# ### Three sets
#
# The network learns from the **training set**. On the **validation set** we measure as often as we
# like, and choose settings by it; so its numbers become a little too good. The **test set** is put
# away now, and used once, at the end. `stratify` gives each species the same share.

# %%
from sklearn.model_selection import train_test_split

X_rest, X_test, y_rest, y_test = train_test_split(X, y, test_size=30, random_state=0, stratify=y)
X_train, X_val, y_train, y_val = train_test_split(
    X_rest, y_rest, test_size=30, random_state=0, stratify=y_rest
)
train_set, val_set, test_set = (X_train, y_train), (X_val, y_val), (X_test, y_test)
print(len(X_train), len(X_val), len(X_test), torch.bincount(y_val).tolist())

# %% [markdown]
# ## 2. A network before training
#
# `nn.Sequential` passes its input through one layer after the other. `nn.Linear(4, 8)` computes 8
# weighted sums of 4 numbers, each plus a bias: the **hidden units**. `nn.ReLU` replaces negative
# numbers by 0: without it, two linear layers would be no more than one.

# %% tags=["approx-0.01"]
torch.manual_seed(0)
untrained = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
logits = untrained(X_train)  # (90, 3)
logits[:3]

# %% [markdown]
# Three numbers for each flower, one for each species: its **logits**. The largest is the network's
# choice. `softmax` turns them into probabilities that sum to 1. The
# **cross-entropy** is minus the logarithm of the probability that the network gives to the true
# species, averaged over the flowers.
#
# **Predict:** a network that knows nothing gives each of three species the probability 1/3. What is
# its cross-entropy, with the natural logarithm?

# %%
know_nothing = torch.zeros(90, 3)
probs = know_nothing.softmax(dim=1)
by_hand = -probs[torch.arange(90), y_train].log().mean()
print(f"{by_hand:.2f} {nn.CrossEntropyLoss()(know_nothing, y_train):.2f}")

# %% [markdown]
# It is ln 3 = 1.10. `nn.CrossEntropyLoss` takes the logits: it applies the softmax itself. An
# untrained network usually starts higher: it is not undecided, but wrong at random.

# %% tags=["approx-0.01"]
loss_fn = nn.CrossEntropyLoss()
print(f"{loss_fn(logits, y_train):.2f}")

# %% [markdown]
# Everyone meets two errors: data in NumPy's `float64`, and labels as decimals.

# %%
for X_wrong, y_wrong in ((X_train.double(), y_train), (X_train, y_train.float())):
    try:
        loss_fn(untrained(X_wrong), y_wrong)
    except RuntimeError as error:
        print(error)

# %% [markdown]
# The first line: the data (`mat1`) is Double, `float64`, the weights (`mat2`) are Float, `float32`.
# Cure: `X.float()`. The second: the target, our `y`, must be Long, `int64`. Cure: `y.long()`.
#
# ### Exercise 1: a network for iris (3 minutes, complete)
#
# Write `make_network()`: an `nn.Linear` from 4 measurements to **1024** hidden units, a ReLU, and
# an `nn.Linear` to the logits of the 3 species.


# %% exercise="iris.network"
def make_network():
    """Return a new network, 4 -> 1024 -> ReLU -> 3."""
    ### BEGIN SOLUTION
    return nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3))
    ### END SOLUTION


# %%
iris.network.check(make_network)

# %% [markdown]
# **Predict:** how many parameters, weights and biases together, does this network have?

# %%
print(1024 * (4 + 1) + 3 * (1024 + 1))

# %% [markdown]
# A hidden unit has 4 weights and 1 bias, an output 1024 weights and 1 bias: 8195 parameters for 90
# flowers.
#
# ## 3. One training step, then many
#
# An **optimizer** changes the parameters. Ours is **Adam**: it moves each parameter against a moving
# average of its gradients, divided by their usual size (notebook 02 builds it by hand). One step of
# training has five lines. First forward, two lines: from the data to the logits, and to the loss.

# %%
torch.manual_seed(0)
small = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
optimizer = torch.optim.Adam(small.parameters(), lr=0.01)
logits = small(X_train)
loss = loss_fn(logits, y_train)

# %% [markdown]
# Then backward, three lines: forget the old gradients, compute the new ones, and move the
# parameters. `lr`, the **learning rate**, says how far. (To run this cell again, run the one above
# first.)

# %% tags=["approx-0.01"]
optimizer.zero_grad()
loss.backward()
optimizer.step()
print(f"before {loss:.3f}, after {loss_fn(small(X_train), y_train):.3f}")

# %% [markdown]
# One pass over all the training data is called an **epoch**. The same five lines, 200 times:

# %%
losses = []
for _epoch in range(200):
    logits = small(X_train)
    loss = loss_fn(logits, y_train)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())

# %% [markdown]
# `.item()` takes the number out of the tensor, which would keep its graph alive (notebook 02).

# %%
_ = helpers.plot_history({"train_loss": losses})

# %% [markdown]
# *Figure: the loss falls, first quickly, then slowly.*
#
# ## 4. What about flowers it has not seen?
#
# Some layers behave differently when we measure: dropout, for example, sets random values to 0 in
# training. `model.eval()` puts the model into **evaluation mode**, `model.train()` into **training
# mode**. And inside `torch.no_grad()` no graph is recorded.

# %% tags=["approx-0.01"]
small.eval()
with torch.no_grad():
    val_logits = small(X_val)
accuracy = (val_logits.argmax(dim=1) == y_val).float().mean()  # argmax: where the largest logit is
print(f"{accuracy:.2f}")

# %% [markdown]
# The **accuracy** is the fraction of flowers for which the network's choice is the true species.
#
# ### Exercise 2: evaluate on unseen data (6 minutes, build)
#
# Write `evaluate(model, X, y)`. It returns two plain numbers, the cross-entropy and the accuracy.
# It measures in evaluation mode, records no graph, and leaves the model in evaluation mode.


# %% exercise="iris.evaluate"
def evaluate(model, X, y):
    """Return (loss, accuracy) of the model on (X, y)."""
    ### BEGIN SOLUTION
    model.eval()
    with torch.no_grad():
        logits = model(X)
    loss = nn.functional.cross_entropy(logits, y)
    accuracy = (logits.argmax(dim=1) == y).float().mean()
    return loss.item(), accuracy.item()
    ### END SOLUTION


# %%
iris.evaluate.check(evaluate)

# %% [markdown]
# Yours, on both sets. The star in `*val_set` passes `X_val` and `y_val`.

# %% tags=["approx-0.01"]
if iris.evaluate.done():
    print("training    loss {:.2f}, accuracy {:.2f}".format(*evaluate(small, *train_set)))
    print("validation  loss {:.2f}, accuracy {:.2f}".format(*evaluate(small, *val_set)))

# %% [markdown]
# ## 5. Validation inside the loop
#
# Two curves tell more than two numbers at the end. So we measure in every epoch.
#
# ### Exercise 3: train and validate (10 minutes, build)
#
# Write `fit(model, train_set, val_set, optimizer, epochs)`. Each set is a pair `(X, y)`. In each
# epoch
# 1. in training mode, make one step on the whole training set; the epoch's training loss is the
#    cross-entropy that this step used, from before `optimizer.step()`;
# 2. then, in evaluation mode and without a graph, measure the cross-entropy on the whole validation
#    set. You may call your `evaluate`.
#
# Return two lists, the training losses and the validation losses, with a plain number for each
# epoch. The mode at the end does not matter.


# %% exercise="iris.fit"
def fit(model, train_set, val_set, optimizer, epochs):
    """Train the model; return (train_losses, val_losses), a number for each epoch."""
    ### BEGIN SOLUTION
    loss_fn = nn.CrossEntropyLoss()
    (X, y), (X_val, y_val) = train_set, val_set
    train_losses, val_losses = [], []
    for _epoch in range(epochs):
        model.train()
        loss = loss_fn(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        train_losses.append(loss.item())
        model.eval()
        with torch.no_grad():
            val_losses.append(loss_fn(model(X_val), y_val).item())
    return train_losses, val_losses
    ### END SOLUTION


# %%
iris.fit.check(fit)

# %% [markdown]
# Now your large network and your loop, 3000 epochs at a rate of 0.0001. `%%time` prints how long a
# cell takes, here some seconds.

# %% tags=["nbval-ignore-output"]
# %%time
if iris.network.done() and iris.fit.done():
    torch.manual_seed(0)
    large = make_network()
    adam = torch.optim.Adam(large.parameters(), lr=1e-4)
    adam_losses, adam_val_losses = fit(large, train_set, val_set, adam, epochs=3000)
    print(f"training loss from {adam_losses[0]:.2f} to {adam_losses[-1]:.2f}")

# %%
if iris.network.done() and iris.fit.done():
    _ = helpers.plot_history({"train_loss": adam_losses, "val_loss": adam_val_losses})

# %% [markdown]
# *Figure: both curves fall, and the validation loss ends below the training loss.*
#
# You may read elsewhere that a lower validation loss is a sign of underfitting. Not here: both
# losses are small. Often the validation set is just easier, and with another split the order turns
# round (an Extra). And the training loss is taken before its step.
#
# **Predict:** will `torch.optim.SGD`, which subtracts `lr` times the gradient, be faster or
# slower than Adam at the same rate of 0.0001? And at 0.1?

# %%
if iris.network.done() and iris.fit.done():
    fig, ax = plt.subplots()
    ax.plot(range(1, 3001), adam_losses, label=f"Adam, rate 0.0001: {adam_losses[-1]:.2f}")
    for lr, colour in ((0.0001, "C2"), (0.1, "C4")):
        torch.manual_seed(0)
        other = make_network()
        sgd = torch.optim.SGD(other.parameters(), lr=lr)
        losses_of_sgd, _ = fit(other, train_set, val_set, sgd, epochs=3000)
        label = f"SGD, rate {lr}: {losses_of_sgd[-1]:.2f}"
        ax.plot(range(1, 3001), losses_of_sgd, color=colour, label=label)
    ax.set(xlabel="epoch", ylabel="training loss", yscale="log")
    _ = ax.legend()

# %% [markdown]
# *Figure: three training losses on a logarithmic scale, with their last values. At the same rate SGD
# is far behind Adam; at 0.1 it first jumps, and ends a little lower.*
#
# Each optimizer needs a rate of its own.
#
# ### The course's own loop
#
# From now on the notebooks use `helpers.train` and `helpers.evaluate`. This is the heart of
# `helpers.train`, one epoch. Only the batches are new: a loader yields the training set in parts
# (notebook 04).


# %%
def train_epoch(model, loader, loss_fn, optimizer):
    """Show the model every batch once; return the mean loss."""
    model.train()
    loss_sum, count = 0.0, 0
    for X, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(X), y)
        loss.backward()
        optimizer.step()
        loss_sum += loss.item() * len(X)  # the last batch may be smaller
        count += len(X)
    return loss_sum / count


# %% [markdown]
# Around it `helpers.train` evaluates after each epoch, returns a **history** (a dict of lists), and
# explains the usual mistakes. A tuple `(X, y)` stands for one batch with all data. Is its validation
# loss yours?


# %%
def one_hidden_layer(width):
    """Return a new network, 4 -> width -> ReLU -> 3, always with the same weights."""
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, width), nn.ReLU(), nn.Linear(width, 3))


def train_network(model, train_set, val_set, lr, epochs, patience=None):
    """Train the model with Adam; return its history, with losses and accuracies."""
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    options = {"metrics": {"accuracy": helpers.accuracy}, "patience": patience, "progress": False}
    return helpers.train(model, train_set, loss_fn, optimizer, epochs, val_set, **options)


# %% tags=["approx-0.01"]
if iris.fit.done():
    mine = one_hidden_layer(16)
    _, my_curve = fit(mine, train_set, val_set, torch.optim.Adam(mine.parameters(), lr=0.01), 100)
    theirs = train_network(one_hidden_layer(16), train_set, val_set, lr=0.01, epochs=100)
    print(f"yours {my_curve[-1]:.3f}, helpers.train {theirs['val_loss'][-1]:.3f}")

# %% [markdown]
# ## 6. Too little, and too much
#
# **Underfitting**: the training loss is high. Two common reasons are very different. Left, a model
# that is **too simple**: one linear layer that sees the two sepal columns only. Right, **too little
# training**: a network with all four columns, but a rate of 0.0001.

# %%
torch.manual_seed(0)
simple = nn.Linear(2, 3)  # no hidden layer, sepal length and width only
simple_sets = (X_train[:, :2], y_train), (X_val[:, :2], y_val)
simple_history = train_network(simple, *simple_sets, lr=0.3, epochs=1500)
slow_history = train_network(one_hidden_layer(16), train_set, val_set, lr=1e-4, epochs=1500)

# %%
fig, axes = plt.subplots(1, 2, figsize=(8, 3.2), sharey=True)
helpers.plot_history(simple_history, ax=axes[0]).set(title="too simple", ylim=(0, 1.3))
_ = helpers.plot_history(slow_history, ax=axes[1]).set(title="too little training")

# %% [markdown]
# *Figure: left, both losses hardly fall after epoch 500; right, both
# are still falling.*

# %% tags=["approx-0.01"]
for history in (simple_history, slow_history):
    losses_1500 = history["train_loss"]
    print(f"{losses_1500[999]:.2f} after 1000 epochs, {losses_1500[1499]:.2f} after 1500")

# %% [markdown]
# On the left the training loss has almost stopped: more training would not help, more information
# would: the petals. On the right it still falls: train longer, or at a larger rate.
#
# **Overfitting**: the network learns what is true of the training set alone. We train on 30 flowers
# and validate on 90, with five splits.
#
# **Predict:** what will the validation loss do, with 1024 hidden units and a rate of 0.01? And the
# accuracy?

# %%
few_histories = []
for seed in range(5):
    parts = train_test_split(X_rest, y_rest, train_size=30, random_state=seed, stratify=y_rest)
    few, many, y_few, y_many = parts
    big = one_hidden_layer(1024)
    few_histories.append(train_network(big, (few, y_few), (many, y_many), lr=0.01, epochs=1000))

# %%
fig, axes = plt.subplots(1, 2, figsize=(8, 3.2))
for history in few_histories:
    helpers.plot_history(history, ax=axes[0]).set(ylim=(0, 0.8))
    helpers.plot_history(history, "accuracy", axes[1]).set(ylim=(0.6, 1.02))
for ax in axes:
    ax.legend(["training", "validation"])

# %% [markdown]
# *Figure: five splits. The training loss falls to 0. The validation loss falls first and then rises;
# the validation accuracy hardly changes.*

# %% tags=["approx-0.01"]
for history in few_histories:
    val_losses, accuracies = history["val_loss"], history["val_accuracy"]
    best = val_losses.index(min(val_losses))
    print(f"lowest {val_losses[best]:.2f} {accuracies[best]:.2f}", end="   ")
    print(f"last {val_losses[-1]:.2f} {accuracies[-1]:.2f}")

# %% [markdown]
# Left the lowest validation loss with the accuracy of that epoch, right those of the last epoch.
# The loss grows by more than half in every split, the accuracy changes by 0.02 at most. So the
# network hardly makes more mistakes: it becomes **too sure of its mistakes**. Here are the flowers
# that the last network gets wrong, and the probabilities that two networks give to their choice:
# one trained up to the lowest loss, and the last.

# %% tags=["approx-0.01"]
early = one_hidden_layer(1024)
train_network(early, (few, y_few), (many, y_many), lr=0.01, epochs=best + 1)
probs_early, probs_last = (
    helpers.predict(network, (many, y_many))[0].softmax(dim=1) for network in (early, big)
)
mistakes = probs_last.argmax(dim=1) != y_many
print("lowest loss", [round(p, 2) for p in probs_early[mistakes].amax(dim=1).tolist()])
print("last       ", [round(p, 2) for p in probs_last[mistakes].amax(dim=1).tolist()])

# %% [markdown]
# The cross-entropy counts that, the accuracy does not: look at both.
#
# The best network was at the lowest point of the validation loss: stop there. That is **early
# stopping**. A curve has small bumps, so wait some epochs before you stop: the **patience**. This
# point is chosen by the validation flowers, so its loss is a little too good.
#
# ### Exercise 4: when to stop (6 minutes, build)
#
# Write `best_epoch(val_losses, patience)`. It walks through the losses, and stops as soon as
# `patience` epochs have passed without a loss lower than the lowest so far. It returns the number
# of the best epoch seen until then, counted from 0. It never looks at what comes after the stop. An
# equal loss is no improvement. If it never has to stop, it returns the best of all epochs.


# %% exercise="iris.best_epoch"
def best_epoch(val_losses, patience):
    """Return the epoch whose weights early stopping keeps."""
    ### BEGIN SOLUTION
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best
    ### END SOLUTION


# %%
iris.best_epoch.check(best_epoch)

# %% [markdown]
# Yours, on the five curves:

# %%
if iris.best_epoch.done():
    fig, ax = plt.subplots()
    for history in few_histories:
        best = best_epoch(history["val_loss"], patience=100)
        ax.plot(range(1, 1001), history["val_loss"], color="C1")
        ax.plot(best + 1, history["val_loss"][best], "o", color="C4", zorder=3)
    _ = ax.set(xlabel="epoch", ylabel="validation loss", ylim=(0, 0.8))

# %% [markdown]
# *Figure: the five validation losses, and on each the epoch that your function keeps.*
#
# With `patience=100`, `helpers.train` does this as it trains, and puts the best weights back. The
# last split, counted from 1:

# %% tags=["approx-0.01"]
stopped = train_network(one_hidden_layer(1024), (few, y_few), (many, y_many), 0.01, 1000, 100)
print("helpers.train keeps epoch", len(stopped["val_loss"]) - 100)
if iris.best_epoch.done():
    print("yours keeps epoch       ", best_epoch(few_histories[-1]["val_loss"], 100) + 1)

# %% [markdown]
# ## 7. A lab: one knob at a time
#
# Each row changes *one* knob of the first row: 16 hidden units, 4 columns, 90 flowers, a rate of
# 0.01, 1000 epochs. Your `fit` trains, your `evaluate` measures.

# %%
settings = {"as it is": {}, "epochs=20": {"epochs": 20}}
settings |= {"lr=0.0001": {"lr": 1e-4}, "lr=1": {"lr": 1.0}}
settings |= {"columns=2": {"columns": 2}}  # the sepals only
settings |= {"hidden=0": {"hidden": 0}}  # no hidden layer: one linear layer
settings |= {"hidden=1024": {"hidden": 1024}, "flowers=12": {"flowers": 12}}


def experiment(sets, fit, evaluate, hidden=16, columns=4, flowers=90, lr=0.01, epochs=1000):
    """Train with these knobs; return both curves, and the losses and accuracies at the end."""
    torch.manual_seed(0)
    model = nn.Linear(columns, 3)
    if hidden:
        model = nn.Sequential(nn.Linear(columns, hidden), nn.ReLU(), nn.Linear(hidden, 3))
    (X, y), (X_val, y_val) = sets
    few_rows, val_rows = (X[:flowers, :columns], y[:flowers]), (X_val[:, :columns], y_val)
    curves = fit(model, few_rows, val_rows, torch.optim.Adam(model.parameters(), lr=lr), epochs)
    return curves, [*evaluate(model, *few_rows), *evaluate(model, *val_rows)]


# %% [markdown]
# A row can show five things: `"fits"`, `"too simple"` (the model, or what it sees), `"too little
# training"`, `"overfits"` and `"rate too large"` (the loss jumps, or is stuck). Before you run the
# rows, write what you expect: `expected["epochs=20"] = "fits"`, and so on. Then complete the loop:
# call `experiment((train_set, val_set), fit, evaluate, **knobs)`, where `**` passes the dict as
# keyword arguments, and store the two things that it returns in `curves[name]` and `rows[name]`.

# %%
expected = dict.fromkeys(settings, "?")
### BEGIN SOLUTION
expected |= {"as it is": "fits", "epochs=20": "too little training", "lr=1": "rate too large"}
expected |= {"lr=0.0001": "too little training", "columns=2": "too simple"}
expected |= {"hidden=0": "too simple", "hidden=1024": "overfits", "flowers=12": "overfits"}
### END SOLUTION

# %% tags=["approx-0.01"]
if iris.evaluate.done() and iris.fit.done():
    curves, rows = {}, {}
    for name, knobs in settings.items():
        ### BEGIN SOLUTION
        curves[name], rows[name] = experiment((train_set, val_set), fit, evaluate, **knobs)
        ### END SOLUTION
    print("                training    validation  expected")
    for name, numbers in rows.items():
        guess = expected.get(name, "?")
        print(f"{name:12}", *(f"{number:6.2f}" for number in numbers), f" {guess}")

# %% [markdown]
# The pairs are loss and accuracy. And the curves:

# %%
if iris.evaluate.done() and iris.fit.done() and curves:
    fig, axes = plt.subplots((len(curves) + 3) // 4, 4, figsize=(9, 4.2), sharey=True)
    for ax, (name, (train_losses, val_losses)) in zip(axes.flat, curves.items(), strict=False):
        epochs = range(1, len(train_losses) + 1)
        ax.plot(epochs, train_losses)
        ax.plot(epochs, val_losses)
        ax.set(title=name, ylim=(0, 1.4))

# %% [markdown]
# *Figure: your curves, the loss against the epoch: training blue, validation orange.*
#
# ### Exercise 5: what each row shows (5 minutes, complete)
#
# Label each row with one of the five, by your table and your curves.


# %% exercise="iris.lab"
def my_labels():
    """Return what each row shows, a dict from the row's name to its label."""
    return {
        "as it is": "fits",
        "epochs=20": "too little training",  ### STUB: "epochs=20": ...,
        "lr=0.0001": "too little training",  ### STUB: "lr=0.0001": ...,
        "lr=1": "rate too large",  ### STUB: "lr=1": ...,
        "columns=2": "too simple",  ### STUB: "columns=2": ...,
        "hidden=0": "fits",  ### STUB: "hidden=0": ...,
        "hidden=1024": "fits",  ### STUB: "hidden=1024": ...,
        "flowers=12": "overfits",  ### STUB: "flowers=12": ...,
    }


# %%
iris.lab.check(my_labels)

# %%
if iris.lab.done():
    for name, label in my_labels().items():
        if expected[name] != label:
            print(f"{name:12} expected: {expected[name]:12} shows: {label}")

# %% [markdown]
# Two rows surprise many people. One linear layer fits as well: so in `columns=2` it is the missing
# petals that make the model too simple. And 1024 hidden units show no overfitting here; but these
# 30 flowers are easy ones: with most other splits 1024 units do overfit (an Extra). At `lr=1` the
# loss stands at 1.10: it knows nothing. Now add two rows to `settings`, and run the lab again.
#
# ## 8. A new flower, and the test set
#
# A network like the lab's first, with 300 epochs:

# %% tags=["approx-0.01"]
model = one_hidden_layer(16)
history_16 = train_network(model, train_set, val_set, lr=0.01, epochs=300)
print(f"validation loss {history_16['val_loss'][-1]:.2f}")

# %% [markdown]
# It names a **new flower**. A network takes batches: `unsqueeze(0)` makes one of a single flower.

# %% tags=["approx-0.01"]
flower = torch.tensor([6.1, 2.9, 4.9, 1.7])  # sepals, then petals
model.eval()
with torch.no_grad():
    probs = model(flower.unsqueeze(0)).softmax(dim=1)[0]  # (3,)
for name, p in zip(data.target_names, probs, strict=True):
    print(f"{name:12}{p:.2f}")

# %% [markdown]
# Its answer is virginica, and it is not sure: the flower lies where two species touch.
#
# All choices are made. So now, once, the test set. The **confusion matrix** shows which species are
# taken for which.

# %% tags=["approx-0.01"]
test_logits, _ = helpers.predict(model, test_set)
print(f"loss {loss_fn(test_logits, y_test):.2f}; 0.95 to the power of 30: {0.95**30:.2f}")
_ = helpers.plot_confusion(test_logits, y_test, data.target_names)

# %% [markdown]
# *Figure: the 30 test flowers, true species in rows, predicted species in columns.*
#
# No mistake. But 30 flowers are few: a network that is wrong about one flower in twenty makes none
# here with the probability printed above.
#
# ## Bug hunt
#
# A colleague measures a trained and an untrained network, and gets the same accuracy for both.
#
# ### Exercise 6: the accuracy that never changes (4 minutes, debug)


# %% tags=["approx-0.01"]
def broken_accuracy_of(classifier, X, y):
    """Return the fraction that the classifier gets right."""
    with torch.no_grad():
        logits = model(X_train)
    return (logits.argmax(dim=1) == y_train).float().mean().item()


for name, classifier in (("trained", model), ("untrained", untrained)):
    print(f"{name:10} {broken_accuracy_of(classifier, X_val, y_val):.2f}")

# %% [markdown]
# Write it again, without the bug. This one is real: the tutorial on house prices that notebook 06
# corrects has a function `get_mse(model)` that ignores its argument.


# %% exercise="iris.bug_hunt"
def accuracy_of(classifier, X, y):
    """Return the fraction that the classifier gets right."""
    ### BEGIN SOLUTION
    with torch.no_grad():
        logits = classifier(X)
    return (logits.argmax(dim=1) == y).float().mean().item()
    ### END SOLUTION


# %%
iris.bug_hunt.check(accuracy_of)

# %% tags=["approx-0.01"]
if iris.bug_hunt.done():
    for name, classifier in (("trained", model), ("untrained", untrained)):
        print(f"{name:10} {accuracy_of(classifier, X_val, y_val):.2f}")

# %% [markdown]
# A notebook makes this bug easy: all functions see all names of all cells. Let a function take what
# it works on as arguments.
#
# ## Challenge: learn from 30 flowers
#
# ### Exercise 7: neither too little nor too much (8 minutes, build)
#
# Write `recipe()`. It returns a new, untrained model, an optimizer that holds its parameters, and a
# number of epochs. The check trains your model as `fit` does, on 30 flowers, and measures the loss
# on 90 others at the end, for ten new splits, each with a new `recipe()`. **The goal: a mean
# validation loss of at most 0.14. The budget: 200 parameters and 200 epochs.** Any layers and any
# optimizer of `torch.optim` whose `step()` needs no argument are allowed. The check tells how far
# you are from the goal.


# %% exercise="iris.challenge"
def recipe():
    """Return (model, optimizer, epochs)."""
    ### BEGIN SOLUTION
    model = nn.Sequential(nn.Linear(4, 24), nn.ReLU(), nn.Linear(24, 3))
    return model, torch.optim.Adam(model.parameters(), lr=0.01), 150
    ### END SOLUTION


# %%
iris.challenge.check(recipe)

# %% tags=["nbval-ignore-output"]
if iris.fit.done() and iris.challenge.done():
    own_model, own_optimizer, own_epochs = recipe()
    own_curves = fit(own_model, (few, y_few), (many, y_many), own_optimizer, own_epochs)
    _ = helpers.plot_history({"train_loss": own_curves[0], "val_loss": own_curves[1]})

# %% [markdown]
# *Figure: your recipe on one split of 30 and 90 flowers.*

# %% [markdown]
# ## Extra: where the network's choice changes
#
# Let the two petal measurements vary, keep the other two at their means, and colour each point by
# the network's choice: its **decision regions**. `torch.cartesian_prod` makes all pairs of two
# lists.

# %%
lengths, widths = torch.linspace(1, 7, 200), torch.linspace(0, 2.6, 200)
petals = torch.cartesian_prod(lengths, widths)  # (40000, 2)
sepals = X_train[:, :2].mean(dim=0).expand(len(petals), 2)
model.eval()
with torch.no_grad():
    choices = model(torch.cat([sepals, petals], dim=1)).argmax(dim=1)
regions = choices.reshape(200, 200).T  # a row for each width, a column for each length

# %% tags=["figure-start_iris"]
fig, ax = plt.subplots()
ax.contourf(
    lengths, widths, regions, levels=[-0.5, 0.5, 1.5, 2.5], colors=["C2", "C3", "C5"], alpha=0.25
)
draw_species(ax, X_val, y_val)
_ = ax.legend(loc="lower right")

# %% [markdown]
# *Figure: three regions, side by side from small to large petals, and the validation flowers, in the
# colours of section 1.*

# %% [markdown]
# ## Extra: is a network needed at all?
#
# Always measure something simple as well: a **baseline**. Logistic regression is one linear layer.

# %%
from sklearn.linear_model import LogisticRegression

baseline = LogisticRegression(max_iter=1000).fit(X_train, y_train)
net_logits, _ = helpers.predict(model, val_set)
print("baseline, wrong of 30:", int((baseline.predict(X_val) != y_val.numpy()).sum()))
print("network,  wrong of 30:", int((net_logits.argmax(dim=1) != y_val).sum()))

# %% [markdown]
# On these 30 flowers both are right about each one, as the lab's row `hidden=0` has suggested. Later
# data sets will be harder.

# %% [markdown]
# ## Extra: which curve is the lower one?
#
# Section 5 met a validation loss below the training loss. Here are the last losses for six splits of
# the same 120 flowers.

# %% tags=["approx-0.01"]
for seed in range(6):
    a, b, y_a, y_b = train_test_split(
        X_rest, y_rest, test_size=30, random_state=seed, stratify=y_rest
    )
    other = train_network(one_hidden_layer(16), (a, y_a), (b, y_b), lr=0.01, epochs=300)
    print(f"training {other['train_loss'][-1]:.2f}  validation {other['val_loss'][-1]:.2f}")

# %% [markdown]
# The first row is the split of this notebook. In four of the six the validation loss is the higher
# one. So which curve is lower says little when the validation set is small.
#
# The same splits with 1024 hidden units and 1000 epochs, as in the lab: the lowest validation loss,
# and the last. (This takes some seconds.)

# %% tags=["approx-0.05"]
for seed in range(6):
    a, b, y_a, y_b = train_test_split(
        X_rest, y_rest, test_size=30, random_state=seed, stratify=y_rest
    )
    wide = train_network(one_hidden_layer(1024), (a, y_a), (b, y_b), lr=0.01, epochs=1000)
    print(f"lowest {min(wide['val_loss']):.2f}  last {wide['val_loss'][-1]:.2f}")

# %% [markdown]
# In four of the six the loss rises to more than twice its lowest: 1024 hidden units overfit 90
# flowers, and our own split, the first row, does not show it. One split is one opinion.

# %% [markdown]
# ## Extra: standardise the measurements
#
# To **standardise** a column means: subtract its mean and divide by its standard deviation, both of
# the training set. The columns are then of the same size. Does it help? How many epochs until the
# training loss is below 0.2, with and without it:

# %%
mean, std = X_train.mean(dim=0), X_train.std(dim=0)
standard_sets = ((X_train - mean) / std, y_train), ((X_val - mean) / std, y_val)
for seed in range(5):
    for name, sets in (("raw", (train_set, val_set)), ("standardised", standard_sets)):
        torch.manual_seed(seed)
        network = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3))
        falling = train_network(network, *sets, lr=0.01, epochs=300)["train_loss"]
        first = next(epoch for epoch, loss in enumerate(falling, start=1) if loss < 0.2)
        print(f"{name} {first:3}", end="   ")
    print()

# %% [markdown]
# From four of the five starts it takes fewer epochs. All four columns are in centimetres and of
# similar size, so there is little to gain; notebooks 05 and 06 have columns of very different sizes.

# %% [markdown]
# ## Recap
#
# - A training loop is five lines: forward, loss, `zero_grad`, `backward`, `step`. After each epoch,
#   measure on the validation set: in evaluation mode, without a graph.
# - Underfitting: the training loss is high. If it still falls, train more; if not, the rate is too
#   large, the model too simple, or information is missing. Overfitting: the
#   validation loss rises while the training loss falls. Early stopping keeps the weights from the
#   lowest point.
# - Turn one knob at a time, say before what you expect, and look at losses and accuracies. Use the
#   test set once.

# %% [markdown]
# ## Quiz
#
# Replace each `...` by the letter of your choice, in quotes.
#
# **1.** What is the cross-entropy of an untrained network that gives all three species the same
# probability?
# - **a** 0
# - **b** 1.10
# - **c** it can be anything

# %%
iris.quiz(1, "b")  ### STUB: iris.quiz(1, ...)

# %% [markdown]
# **2.** What happens if `optimizer.zero_grad()` is forgotten?
# - **a** the loss is wrong
# - **b** PyTorch raises an error
# - **c** the gradients of all steps add up

# %%
iris.quiz(2, "c")  ### STUB: iris.quiz(2, ...)

# %% [markdown]
# **3.** The training loss falls, the validation loss has been rising for 200 epochs. What is it?
# - **a** overfitting
# - **b** underfitting
# - **c** too small a learning rate

# %%
iris.quiz(3, "a")  ### STUB: iris.quiz(3, ...)

# %% [markdown]
# **4.** Both losses are small and hardly fall any more, and the validation loss, on 30 rows, is the
# lower one. What is it?
# - **a** underfitting
# - **b** overfitting
# - **c** perhaps an easy validation set

# %%
iris.quiz(4, "c")  ### STUB: iris.quiz(4, ...)

# %% [markdown]
# **5.** Which weights does a model have after early stopping with `helpers.train`?
# - **a** the last ones
# - **b** the best ones
# - **c** the mean of the last few

# %%
iris.quiz(5, "b")  ### STUB: iris.quiz(5, ...)

# %% [markdown]
# ## Where to go on
#
# - [`helpers/training.py`](../helpers/training.py): your loop, with batches and a few safeguards.
# - [PyTorch's `nn.CrossEntropyLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html):
#   what it expects, with the formula.
# - [scikit-learn on learning and validation curves](https://scikit-learn.org/stable/modules/learning_curve.html):
#   the same two curves for any model.
