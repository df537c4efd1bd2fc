# %% [markdown]
# # 03 Iris: train a network, and find out what it learned
#
# In this notebook you learn
# - to write a training loop in five lines, and to put it into a function;
# - to measure a network on data that it has not seen;
# - to recognise underfitting and overfitting from two curves, and to stop in time.
#
# **75 minutes, on any CPU.** You know tensors (notebook 01) and what `backward()` does (notebook 02).

# %% [markdown]
# ## Why
#
# A network with enough parameters can learn almost anything by heart. What we want is a network
# that is right about flowers it has never seen. So there are two questions in every training:
# does the loss fall, and does it fall for the right reason? This notebook answers both on the
# smallest data set that is still interesting: 150 flowers, four measurements each, three species.
#
# ![Four measurements are connected to 1024 hidden units with ReLU, and those to three outputs, the logits, one for each species.](figures/iris_network.svg)

# %% tags=["setup"]
import matplotlib.pyplot as plt
import torch
from torch import nn

from helpers.exercises import iris

# %% [markdown]
# ## 1. Look at the data first

# %%
from sklearn.datasets import load_iris

data = load_iris(as_frame=True)
data.frame.groupby("target").mean().round(1)

# %% [markdown]
# Each row is one species: setosa (0), versicolor (1), virginica (2). Setosa has much smaller
# petals. The other two are closer to each other, as a plot shows.

# %%
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
for label, marker in enumerate("os^"):
    part = data.frame[data.frame["target"] == label]
    ax.scatter(part["petal length (cm)"], part["petal width (cm)"], s=14, marker=marker)
ax.set(xlabel="petal length (cm)", ylabel="petal width (cm)")
_ = ax.legend(data.target_names)

# %% [markdown]
# *Figure: petal width against petal length. Setosa lies apart; versicolor and virginica touch.*
#
# A network computes with `float32`, and class labels are whole numbers, `int64`.

# %%
X = torch.tensor(data.data.to_numpy(), dtype=torch.float32)
y = torch.tensor(data.target.to_numpy())
print(X.shape, X.dtype, y.shape, y.dtype)

# %% [markdown]
# ## 2. A small network, before training
#
# `nn.Sequential` passes its input through one layer after the other. `nn.Linear(4, 8)` computes
# 8 weighted sums of 4 numbers. `nn.ReLU` replaces negative numbers by 0: without it, two linear
# layers would be no more than one.

# %%
torch.manual_seed(0)
small = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
logits = small(X)  # (150, 3)
logits[:3]

# %% [markdown]
# Three numbers for each flower, one for each species. They are called **logits**: the largest one
# is the network's choice. `softmax` turns them into probabilities that sum to 1. The
# **cross-entropy** is minus the logarithm of the probability that the network gives to the true
# species, averaged over the flowers.
#
# **Predict:** a network that knows nothing gives each of three species the probability 1/3. What is
# its cross-entropy, with the natural logarithm?

# %%
know_nothing = torch.zeros(150, 3)
probs = know_nothing.softmax(dim=1)
by_hand = -probs[torch.arange(150), y].log().mean()
torch.testing.assert_close(by_hand, nn.CrossEntropyLoss()(know_nothing, y))
print(f"{by_hand:.2f}")

# %% [markdown]
# It is ln 3 = 1.10. `nn.CrossEntropyLoss` gives the same number, and it takes the logits: it
# applies the softmax itself. An untrained network usually starts higher: it is not undecided, but
# wrong at random.

# %%
loss_fn = nn.CrossEntropyLoss()
print(f"{loss_fn(small(X), y):.1f}")

# %% [markdown]
# ### Exercise 1: a network for iris (5 minutes, complete)
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
# Stuck? Run `iris.network.hint()` in a new cell, as often as you like, and then
# `iris.network.solution()`.
#
# **Predict:** how many parameters, weights and biases together, does this network have?

# %%
print(1024 * (4 + 1) + 3 * (1024 + 1))

# %% [markdown]
# Each of the 1024 hidden units has 4 weights and 1 bias, each of the 3 outputs 1024 weights and 1
# bias: 8195 parameters for 150 flowers. Such a network may be able to learn every flower by heart.
# Keep that in mind for section 5.

# %% [markdown]
# ## 3. One training step, then many
#
# An **optimizer**, here Adam, holds the parameters and changes them. One step of training has five
# lines. First forward, two lines: from the data to the logits, and from the logits to the loss.

# %%
torch.manual_seed(0)
small = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))  # a fresh one
optimizer = torch.optim.Adam(small.parameters(), lr=0.01)
logits = small(X)
loss = loss_fn(logits, y)

# %% [markdown]
# Then backward, three lines: forget the old gradients, compute the new ones, and move each parameter
# a little against its gradient. `lr`, the **learning rate**, says how far.

# %%
optimizer.zero_grad()
loss.backward()
optimizer.step()
print(bool(loss_fn(small(X), y) < loss))

# %% [markdown]
# The loss is lower than before the step. One pass over all the data is called an **epoch**. The
# same five lines, 200 times:

# %%
losses = []
for _epoch in range(200):
    logits = small(X)
    loss = loss_fn(logits, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())

# %% [markdown]
# `.item()` takes the number out of the tensor. The tensor itself would keep its graph alive, step
# after step, as notebook 02 has shown.

# %%
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
ax.plot(losses)
ax.set(xlabel="epoch", ylabel="cross-entropy")
assert losses[-1] < 0.3 < 1.0 < losses[0]

# %% [markdown]
# *Figure: the loss falls from above 1 to below 0.3.*
#
# ### Exercise 2: the training loop as a function (10 minutes, build)
#
# Write `fit(model, X, y, epochs, lr)`. It trains the model on all the data at once, for that many
# epochs, and returns a list with the loss of each epoch, before its step, as a plain number. Use Adam,
# as above, or SGD.


# %% exercise="iris.fit"
def fit(model, X, y, epochs, lr):
    """Train the model on (X, y); return the loss of each epoch."""
    ### BEGIN SOLUTION
    loss_fn = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _epoch in range(epochs):
        logits = model(X)
        loss = loss_fn(logits, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
    ### END SOLUTION


# %%
iris.fit.check(fit)

# %% [markdown]
# Now the large network, 3000 epochs at a learning rate of 0.0001. `%%time` prints how long a
# cell takes.

# %% tags=["nbval-ignore-output"]
# %%time
if iris.network.done() and iris.fit.done():
    torch.manual_seed(0)
    losses = fit(make_network(), X, y, epochs=3000, lr=1e-4)
    print(f"from {losses[0]:.2f} to {losses[-1]:.2f}")

# %% [markdown]
# The loss falls far below 1.10: with a small learning rate it takes its time, but it gets there.
#
# `%timeit` repeats a statement often enough to measure a short one. Here is the forward pass of
# the small network for all 150 flowers.

# %% tags=["nbval-ignore-output"]
# %timeit small(X)

# %% [markdown]
# ## 4. What about flowers it has not seen?
#
# To find out, hide some. We train on 112 flowers, the **training set**, and measure on the other
# 38, the **validation set**. `stratify` gives each species the same share in both.

# %%
from sklearn.model_selection import train_test_split


def split(y, seed):
    """Return the row numbers of 112 flowers for training and 38 for validation."""
    return train_test_split(torch.arange(150), test_size=38, random_state=seed, stratify=y)


# %%
train_rows, val_rows = split(y, seed=0)
X_train, y_train = X[train_rows], y[train_rows]
X_val, y_val = X[val_rows], y[val_rows]
print(len(X_train), len(X_val), torch.bincount(y_val).tolist())

# %% [markdown]
# Two things are different when we measure. Some layers, such as dropout (in training it sets random
# values to 0), behave differently then: `model.eval()` switches them off, `model.train()` on again. And no gradient is
# needed: inside `torch.no_grad()` nothing is recorded, which saves time and memory.

# %%
small.eval()
with torch.no_grad():
    logits = small(X_val)
small.train()
print(logits.requires_grad)

# %% [markdown]
# The network's choice is the column with the largest logit. The **accuracy** is the fraction of
# flowers for which that is the true species. `small` has seen these flowers in section 3, so its
# accuracy here says nothing about new ones.

# %%
y_pred = logits.argmax(dim=1)  # (38,)
accuracy = (y_pred == y_val).float().mean()
print(bool(accuracy > 0.9))

# %% [markdown]
# ### Exercise 3: evaluate on unseen data (8 minutes, build)
#
# Write `evaluate(model, X, y)`. It returns two plain numbers, the cross-entropy and the accuracy.
# It measures in evaluation mode, records no graph, and leaves the model in training mode, even if it
# was in evaluation mode before.


# %% exercise="iris.evaluate"
def evaluate(model, X, y):
    """Return (loss, accuracy) of the model on (X, y)."""
    ### BEGIN SOLUTION
    model.eval()
    with torch.no_grad():
        logits = model(X)
    model.train()
    loss = nn.functional.cross_entropy(logits, y)
    accuracy = (logits.argmax(dim=1) == y).float().mean()
    return loss.item(), accuracy.item()
    ### END SOLUTION


# %%
iris.evaluate.check(evaluate)

# %% [markdown]
# You have now written both halves of `helpers.train` and `helpers.evaluate`, the functions that
# all later notebooks use. They do the same, for batches too. When one of the usual mistakes happens,
# they explain it in a sentence. A tuple `(X, y)` stands for one batch with all the data.

# %%
import helpers

scores = helpers.evaluate(small, (X_val, y_val), loss_fn, {"accuracy": helpers.accuracy})
torch.testing.assert_close(scores["accuracy"], accuracy.item())
print(sorted(scores))

# %% [markdown]
# ### Two curves
#
# `helpers.train` evaluates on the validation set after each epoch. It returns a **history**: a
# dict of lists, one number for each epoch. The next function makes a network of a given width and
# trains it, so that we can compare. With `fused=True`, Adam updates all parameters in one call: the
# same numbers, in less time.


# %%
def train_width(width, train_set, val_set, lr, epochs, patience=None):
    """Return a trained network with one hidden layer of this width, and its history."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, width), nn.ReLU(), nn.Linear(width, 3))
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, fused=True)
    history = helpers.train(
        model, train_set, loss_fn, optimizer, epochs, val_set, patience=patience, progress=False
    )
    return model, history


# %% [markdown]
# **Predict:** which curve will lie lower, training or validation?

# %%
train_set, val_set = (X_train, y_train), (X_val, y_val)
model, history = train_width(1024, train_set, val_set, lr=1e-3, epochs=400)
_ = helpers.plot_history(history)
assert history["val_loss"][-1] < history["train_loss"][-1] < 0.1

# %% [markdown]
# *Figure: both losses fall below 0.1; the validation loss ends below the training loss.*
#
# The validation loss is the lower one. You may read elsewhere that this is a sign of
# underfitting. Not here: both losses are small and fall only slowly. The 38 flowers happen to be easy
# ones. With another split the order turns round.

# %%
lower = []
for seed in range(6):
    a, b = split(y, seed)
    _, other = train_width(1024, (X[a], y[a]), (X[b], y[b]), lr=1e-3, epochs=400)
    lower.append(other["val_loss"][-1] < other["train_loss"][-1])
print("validation loss is the lower one in", sum(lower), "of 6 splits")

# %% [markdown]
# So which curve is lower says little when the validation set is small. There are two more harmless
# reasons for a lower validation loss. Dropout disturbs the network in training only. And the training
# loss is taken before the steps of its epoch, the validation loss after them. Underfitting shows
# differently: both losses are high and still falling.

# %% [markdown]
# ## 5. Too little, and too much
#
# **Underfitting**: the model is too small, or it was not trained long enough, to catch what is
# there. With two hidden units and the small learning rate, 3000 epochs are not enough.

# %%
_, history = train_width(2, train_set, val_set, lr=1e-4, epochs=3000)
_ = helpers.plot_history(history)
assert min(history["train_loss"]) > 0.5
assert history["train_loss"][-1] < history["train_loss"][-100]

# %% [markdown]
# *Figure: both losses stay above 0.5, close together, and are still falling.*
#
# **Overfitting**: the model learns what is true of the training set alone. The fewer flowers, the
# easier. Let us train on 30 flowers and validate on the other 120.
#
# **Predict:** what will the two curves do, with 1024 hidden units and a learning rate of 0.01?

# %%
few, others = train_test_split(torch.arange(150), train_size=30, random_state=0, stratify=y)
few_sets = (X[few], y[few]), (X[others], y[others])
_, history = train_width(1024, *few_sets, lr=0.01, epochs=1500)
_ = helpers.plot_history(history).set_ylim(0, 1.5)

# %% [markdown]
# *Figure: the training loss falls to 0. The validation loss falls first and then rises. The first
# epochs are cut off above 1.5.*

# %%
assert history["train_loss"][-1] < 0.01
assert history["val_loss"][-1] > 2 * min(history["val_loss"])

# %% [markdown]
# At its end the validation loss is more than twice its lowest value: the network goes on adapting to
# its 30 flowers. The best network was the one at the lowest point of the validation curve: stop
# there. That is **early stopping**. A curve has small bumps. So wait some epochs before you stop;
# their number is the **patience**.
#
# ### Exercise 4: when to stop (10 minutes, build)
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
# `helpers.train` does this with `patience=...`, and puts the best weights back at the end.

# %%
stopped, history = train_width(1024, *few_sets, lr=0.01, epochs=1500, patience=100)
scores = helpers.evaluate(stopped, few_sets[1], loss_fn)
torch.testing.assert_close(scores["loss"], min(history["val_loss"]))
print("fewer than 500 epochs:", len(history["val_loss"]) < 500)

# %% [markdown]
# Does your function agree? After the best epoch come 100 without an improvement, and epochs count
# from 0: so the number of epochs is that of the best one plus 101.

# %%
if iris.best_epoch.done():
    best = best_epoch(history["val_loss"], patience=100)
    print("it agrees:", len(history["val_loss"]) == best + 101)

# %% [markdown]
# ## 6. Is a network needed at all?
#
# Always ask that, and always measure something simple first: a **baseline**. Logistic regression
# is one linear layer.

# %%
from sklearn.linear_model import LogisticRegression

baseline = LogisticRegression(max_iter=1000).fit(X_train, y_train)
print("wrong of 38:", int((baseline.predict(X_val) != y_val.numpy()).sum()))

# %% [markdown]
# And the network, trained as in section 4:

# %%
model, _ = train_width(1024, train_set, val_set, lr=1e-3, epochs=400)
logits, _ = helpers.predict(model, val_set)
print("wrong of 38:", int((logits.argmax(dim=1) != y_val).sum()))

# %% [markdown]
# On this split the network is not better than one linear layer, for all its 8195 parameters; another
# split may turn that round. Later data sets will be harder. The **confusion matrix** shows which
# species are taken for which.

# %%
_ = helpers.plot_confusion(logits, y_val, data.target_names)

# %% [markdown]
# *Figure: true species in rows, predicted species in columns. Setosa is always recognised.*
#
# Where does its choice change from one species to the next? Let the two petal measurements vary, keep
# the other two at their means, and colour each point by the network's choice: its **decision
# regions**.

# %%
length, width = torch.meshgrid(
    torch.linspace(1, 7, 200), torch.linspace(0, 2.6, 200), indexing="xy"
)
sepals = X.mean(dim=0)[:2].expand(200 * 200, 2)
grid = torch.cat([sepals, length.reshape(-1, 1), width.reshape(-1, 1)], dim=1)  # (40000, 4)
with torch.no_grad():
    regions = model(grid).argmax(dim=1).reshape(200, 200)

# %%
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
ax.contourf(length, width, regions, levels=[-0.5, 0.5, 1.5, 2.5], alpha=0.25)
for label, marker in enumerate("os^"):
    ax.scatter(X_val[y_val == label, 2], X_val[y_val == label, 3], s=14, marker=marker)
_ = ax.set(xlabel="petal length (cm)", ylabel="petal width (cm)")

# %% [markdown]
# *Figure: three regions, side by side from small to large petals, and the validation flowers: setosa
# as circles, versicolor as squares, virginica as triangles.*
#
# The confusion matrix counts one mistake, but no triangle lies in the squares' region. Each flower has
# its own sepals, and the regions are drawn for mean ones.

# %% [markdown]
# ## Bug hunt
#
# A colleague measures a trained and an untrained network, and gets the same accuracy for both.
#
# ### Exercise 5: the accuracy that never changes (5 minutes, debug)
#
# First look at the symptom.


# %%
def broken_accuracy_of(classifier, X, y):
    """Return the fraction that the classifier gets right."""
    logits = model(X_train)
    return (logits.argmax(dim=1) == y_train).float().mean().item()


torch.manual_seed(1)
untrained = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
for name, classifier in (("trained", model), ("untrained", untrained)):
    print(f"{name:10} {broken_accuracy_of(classifier, X_val, y_val):.2f}")

# %% [markdown]
# Write it again, without the bug. This one is real: it stands in a tutorial that many people read.


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

# %% [markdown]
# A notebook makes this bug easy: every name of every cell is there for all functions. A function
# should take the model and the data that it works on as arguments.

# %% [markdown]
# ## 7. Read `helpers.train`
#
# You have written a training loop. All later notebooks use the course's own, so read it once. This
# is its heart, the function that trains for one epoch:

# %%
import inspect

print(inspect.getsource(helpers.training.train_epoch))

# %% [markdown]
# It is long for a first look. Look at the numbered comments, 1 to 5: you know what stands below
# them. The rest, from top to bottom:
# - `model.train()` switches dropout and batch norm to training.
# - The loop takes batches. A tuple `(X, y)` counts as one batch; notebook 04 is about smaller ones.
# - `check` is true in the first epoch. `mistakes` then looks for wrong shapes, types and devices,
#   and says in a sentence what it finds.
# - Steps 1 to 4 are your five lines. `autocast` does nothing unless you ask for `amp`, a faster and
#   coarser way to compute; a `scheduler` changes the learning rate as training goes on.
# - Step 5 adds up the loss, weighted by the number of rows: the last batch may be smaller.
#   `loss.detach()` is the loss without its graph.
# - `join_sums` and `join_rows` matter only when several processes train together.
#
# `helpers.train` calls it once for each epoch, evaluates, keeps the history and the best weights, and
# stops when the patience has run out, or when you interrupt it.

# %% [markdown]
# ## Recap
#
# - A training loop is five lines: forward, loss, `zero_grad`, `backward`, `step`.
# - Measure on data that the network has not seen, in evaluation mode, without recording a graph.
# - Underfitting: both losses are high. Overfitting: the training loss falls while the validation
#   loss rises. Early stopping keeps the weights from the lowest point.

# %% [markdown]
# ## Quiz
#
# Replace each `...` by the letter of your choice.
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
# **4.** Both losses are small and hardly fall any more, and the validation loss, on 38 rows, is the lower one. What
# is it?
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
# - [`helpers/training.py`](../helpers/training.py): the loop that you have written yourself, with
#   batches and a few safeguards. `helpers.train??` shows it in a cell.
# - [PyTorch's `nn.CrossEntropyLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html):
#   what it expects, with the formula.
# - [scikit-learn on learning and validation curves](https://scikit-learn.org/stable/modules/learning_curve.html):
#   the same two curves for any model.
