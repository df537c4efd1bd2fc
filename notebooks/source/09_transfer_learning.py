# %% [markdown]
# # 09 Transfer learning: start from what a network knows already
#
# In this notebook you learn
# - to use a trained network for new classes: replace its head, freeze its body, or train both at
#   two rates;
# - to freeze a network so that really nothing in it changes;
# - to find out whether one method leads another by more than chance, with repeats and error bars.
#
# **105 minutes, on any CPU.** You know `helpers.train` and CIFAR-10 (notebook 07) and what
# convolution, batch norm and a learning-rate schedule are (notebook 08).

# %% [markdown]
# ## Why
#
# A good network needs thousands of pictures of each class. You often have twenty. But a network
# that was trained on other classes has learned edges, textures and shapes, which your classes have
# as well. **Transfer learning** keeps that part, the **body**, and replaces only the last layer,
# the **head**. In this notebook a network learns eight classes of CIFAR-10. Then it shall tell two
# others apart, from 20, 100 or 500 pictures of each, and we measure what the start from eight
# classes is worth.
#
# ![A network for eight classes consists of a body and a head. The body is copied to a second network, where a new head for two classes stands behind it; the old head stays behind.](figures/transfer_head.svg)

# %% tags=["setup"]
import copy
import torch
from torch import nn
import helpers
from helpers.exercises import transfer

# %% [markdown]
# ## 1. Eight old classes and two new ones
#
# The new classes are number 3 and 5: cat and dog. The network of section 2 is trained without them.
# (If CIFAR-10 is not on your computer, handwritten digits take its place, and these are "three" and
# "five".)

# %% tags=["data-dependent"]
train_set, test_set = helpers.load_cifar10(train=True), helpers.load_cifar10(train=False)
real = train_set.source == "real"
new = [3, 5]
old = [label for label in range(10) if label not in new]
print([train_set.classes[label] for label in old])
print([train_set.classes[label] for label in new])

# %% [markdown]
# Class numbers must run from 0 without a gap: `CrossEntropyLoss` takes them as numbers of columns.
# So the eight old classes become 0 to 7, and the two new ones 0 and 1.


# %%
def choose(pictures, labels):
    """Return the pictures of these classes, X uint8 (N, 3, 32, 32), and y with 0, 1, 2, ..."""
    X, y = helpers.to_tensors(pictures)
    rows = torch.isin(y, torch.tensor(labels))
    number = torch.full((10,), -1)
    number[labels] = torch.arange(len(labels))
    return X[rows], number[y[rows]]


X_old, y_old = choose(train_set, old)
X_new, y_new = choose(train_set, new)
X_test, y_test = choose(test_set, new)
assert y_old.unique().tolist() == list(range(8))
assert y_new.unique().tolist() == [0, 1]

# %% tags=["data-dependent"]
print(tuple(X_old.shape), tuple(X_new.shape), tuple(X_test.shape))

# %% tags=["data-picture"]
titles = [train_set.classes[new[label]] for label in y_new[:16]]
_ = helpers.show_images(X_new[:16].permute(0, 2, 3, 1), titles)

# %% [markdown]
# *Figure: 16 pictures of the two new classes. With so few pixels, cats and dogs look alike: a hard
# pair.*

# %% [markdown]
# ## 2. A network for the eight old classes
#
# It is the network of notebook 08: five blocks of convolution, batch norm and ReLU. At the end each
# of the 256 maps is averaged over the picture: 256 numbers, the **features**. All that makes
# features is the body; the head is one linear layer.


# %%
def block(inputs, outputs):
    """Return the layers of one block."""
    conv = nn.Conv2d(inputs, outputs, kernel_size=3, padding=1, bias=False)
    return conv, nn.BatchNorm2d(outputs), nn.ReLU()


class Network(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.body = nn.Sequential(
            *(*block(3, 32), nn.MaxPool2d(2)),
            *(*block(32, 64), nn.MaxPool2d(2)),
            *(*block(64, 128), *block(128, 128), nn.MaxPool2d(2)),
            *(*block(128, 256), nn.AdaptiveAvgPool2d(1), nn.Flatten()),
        )
        self.head = nn.Linear(256, classes)

    def forward(self, X):
        return self.head(self.body(X))  # (N, 3, 32, 32) -> (N, 256) -> (N, classes)


# %% [markdown]
# Where do the parameters lie? **Predict:** what part of them belongs to the head?

# %%
network = Network(classes=8).to(memory_format=torch.channels_last)
body, head = (sum(p.numel() for p in m.parameters()) for m in (network.body, network.head))
print(f"body {body}, head {head}: {100 * head / (body + head):.1f} % of all")

# %% [markdown]
# Less than one in a hundred. Nearly all that the network learns, it learns in the body, and that is
# what we want to keep.
#
# The pictures stay `uint8` in memory. Each batch is normalised when it is needed, and for training
# moved and mirrored, as in notebook 08. (Digits are not mirrored: a mirrored 3 is no 3.)


# %%
def prepare(X):
    """Return a batch as the network wants it: float32, each channel around 0."""
    return helpers.normalize(X, mean=(0.491, 0.482, 0.447), std=(0.247, 0.243, 0.262))


def augment(X):
    """Return a batch for training: prepared, moved by up to 2 pixels, half of it mirrored."""
    X = helpers.random_shift(prepare(X), pixels=2)
    return helpers.random_flip(X) if real else X


# %% [markdown]
# bfloat16 computes faster on some CPUs and slower on others, so we time a few training steps with
# both and take the faster one. Your numbers will differ.


# %%
import time


def seconds_for(steps, amp):
    """Return the time of some training steps, in bfloat16 if amp."""
    model = Network(classes=8).to(memory_format=torch.channels_last)
    X, y = torch.zeros(128, 3, 32, 32), torch.zeros(128, dtype=torch.int64)
    start = time.perf_counter()
    for _step in range(steps):
        with torch.autocast("cpu", torch.bfloat16, enabled=amp):
            loss = nn.functional.cross_entropy(model(X), y)
        loss.backward()
    return time.perf_counter() - start


# %% tags=["nbval-ignore-output"]
_ = seconds_for(1, amp=False), seconds_for(1, amp=True)  # the first call is slow
amp = seconds_for(3, amp=True) < seconds_for(3, amp=False)
print("bfloat16" if amp else "float32")

# %% [markdown]
# All trainings of this notebook go through the next function: the rate rises and falls once
# (OneCycle, up to the rate that each group of the optimizer has), and labels are smoothed. We count
# in steps, because the sets of pictures will have different sizes.


# %%
def fit(model, optimizer, X, y, steps, batch_size, seed):
    """Train the model for about this many steps, and return the history."""
    loader = helpers.make_loader(
        X, y, batch_size, shuffle=True, seed=seed, drop_last=True, transform=augment
    )
    epochs = max(1, round(steps / len(loader)))
    rates = [group["lr"] for group in optimizer.param_groups]
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, rates, epochs * len(loader))
    loss_fn = nn.CrossEntropyLoss(label_smoothing=0.1)
    how = {"scheduler": scheduler, "amp": amp, "progress": False}
    return helpers.train(model, loader, loss_fn, optimizer, epochs, **how)


def sgd(parameters, lr):
    """Return the optimizer of this notebook; parameters may be a list of groups."""
    return torch.optim.SGD(parameters, lr, momentum=0.9, nesterov=True, weight_decay=5e-4)


# %% [markdown]
# ### Keep what was expensive
#
# The training takes about a minute, so its result is kept in a file. A kept result is only good if
# it belongs to this data and this network. So the file holds a **key** as well: a text that is
# another one as soon as a pixel, a label, the number of steps or the network is another. Whoever
# changes anything else in the training must put that into the key as well.

# %%
import hashlib

from helpers.datasets.files import cache_folder


def fingerprint(tensors):
    """Return a text that is another one as soon as a single number is another."""
    digest = hashlib.sha256()
    for tensor in tensors:
        digest.update(tensor.contiguous().numpy())
    return digest.hexdigest()


STEPS = 900 if real else 180
key = f"{fingerprint([X_old, y_old])}, {STEPS} steps, seed 0, rate 0.1, {network}"
path = cache_folder() / f"transfer_{train_set.source}.pt"


# %% [markdown]
# A file may be missing, damaged, or from other data. In each case the remedy is the same: train
# anew. `torch.load` does not notice when a few numbers in a file have been damaged, so the file
# holds a fingerprint of the weights as well. `weights_only=True` lets `torch.load` read nothing but
# tensors, numbers and texts. Without it, a file can contain a program, and loading runs it.


# %%
def load_weights(path, key):
    """Return the weights that are kept under this key, None if there are none."""
    try:
        kept = torch.load(path, weights_only=True)
        whole = kept["digest"] == fingerprint(kept["weights"].values())
        return kept["weights"] if whole and kept["key"] == key else None
    except Exception:  # whatever is wrong with the file, it is made again
        return None


# %% [markdown]
# The file is written under another name and then moved. So nobody ever reads half of a file, not
# even when two notebooks run at once.

# %%
import os


def save_weights(path, key, weights):
    """Keep the weights under this key; where the folder cannot be written, do nothing."""
    part = path.with_name(f"{path.name}-{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        digest = fingerprint(weights.values())
        torch.save({"key": key, "digest": digest, "weights": weights}, part)
        os.replace(part, path)
    except (OSError, RuntimeError):
        if part.exists():
            part.unlink()


# %% [markdown]
# And here it is used. The first run trains, for about a minute on two cores; every later one reads.

# %%
weights = load_weights(path, key)
if weights is None:
    helpers.seed_everything(0)
    network = Network(classes=8).to(memory_format=torch.channels_last)
    fit(network, sgd(network.parameters(), lr=0.1), X_old, y_old, STEPS, batch_size=128, seed=0)
    save_weights(path, key, network.state_dict())
else:
    network.load_state_dict(weights)
assert load_weights(path, "another key") is None

# %% [markdown]
# How good is it on new pictures of the eight old classes? `autocast` around the call computes in
# bfloat16 here too, if that is faster.


# %%
def score(model, X, y):
    """Return the model's accuracy on these pictures."""
    loader = helpers.make_loader(X, y, batch_size=500, transform=prepare)
    with torch.autocast("cpu", torch.bfloat16, enabled=amp):
        return helpers.evaluate(model, loader, nn.CrossEntropyLoss(), metrics)["accuracy"]


metrics = {"accuracy": helpers.accuracy}
X_old_test, y_old_test = choose(test_set, old)
old_accuracy = score(network, X_old_test, y_old_test)
print("between 75 and 99 percent right:", 0.75 < old_accuracy < 0.99)

# %% [markdown]
# Good enough to borrow from. From here on this network is never changed: we work on copies.

# %% [markdown]
# ## 3. A new head
#
# The old head has eight outputs, none of them for a cat. It must go. The body stays.
#
# ### Exercise 1: replace the head (6 minutes, complete)
#
# Write `replace_head(model, classes)`. It returns a copy of the model in which `.head` is a new
# `nn.Linear` with so many outputs. The copy's body has the same weights and running statistics as
# the model's, and can still be trained. The model itself does not change, and shares nothing with
# the copy. Take the number of features from the model, whose `.head` is an `nn.Linear`: it is not
# always 256.


# %% exercise="transfer.head"
def replace_head(model, classes):
    """Return a copy of the model with a new head."""
    ### BEGIN SOLUTION
    changed = copy.deepcopy(model)
    changed.head = nn.Linear(model.head.in_features, classes)
    return changed
    ### END SOLUTION


# %%
transfer.head.check(replace_head)

# %% [markdown]
# A tempting shortcut is to change the number of outputs. **Predict:** what shape does the output of
# `layer` have?

# %%
layer = nn.Linear(256, 8)
layer.out_features = 2
print(tuple(layer(torch.zeros(1, 256)).shape))

# %% [markdown]
# Still (1, 8). `out_features` is a note that the layer carries, and no one reads it. What counts is
# `layer.weight`, of shape (8, 256).

# %% [markdown]
# ## 4. Freeze the body
#
# The simplest transfer trains nothing but the new head. The body is **frozen**. Two things are
# needed for that. First, no gradients: `requires_grad_(False)` on a module switches them off for
# all its parameters. The optimizer gets what is left.

# %%
model = copy.deepcopy(network)
model.head = nn.Linear(256, 2)
model.body.requires_grad_(False)
trainable = [p for p in model.parameters() if p.requires_grad]
print([tuple(p.shape) for p in trainable])

# %% [markdown]
# A weight and a bias: the head. Now we train the head for about 30 steps, on the two new classes.
# **Predict:** is the body afterwards what it was?

# %%
helpers.seed_everything(0)
X, y = X_new[:1000], y_new[:1000]
_ = fit(model, sgd(trainable, lr=0.1), X, y, steps=30, batch_size=32, seed=0)
before, after = network.body.state_dict(), model.body.state_dict()
changed = [name for name in before if not torch.equal(before[name], after[name])]
print("changed:", sorted({name.split(".")[1] for name in changed}))

# %% [markdown]
# No weight and no bias has changed, but three things in the batch norm layers have. `running_mean`
# and `running_var` hold the mean and the variance that are used in evaluation mode;
# `num_batches_tracked` counts batches. They are no parameters but **buffers**: they have no
# gradient, and no optimizer moves them. Each forward pass in training mode does. `helpers.train`
# calls `model.train()`, as every training loop must. This is what such a pass does to the first
# batch norm layer:

# %%
body = copy.deepcopy(network.body).train()
X = prepare(X_new[:64]).contiguous(memory_format=torch.channels_last)
before = body[1].running_mean.clone()
with torch.no_grad():
    mean = body[0](X).mean(dim=(0, 2, 3))  # (32,), one for each channel
    body(X)
torch.testing.assert_close(body[1].running_mean, 0.9 * before + 0.1 * mean)

# %% [markdown]
# Each pass moves the running mean by a tenth of the way to the mean of the batch. After about 30
# passes hardly anything is left of the eight old classes. What harm does that do? Put the old head
# behind the body that was "frozen", and ask for the old classes again.

# %% tags=["nbval-ignore-output"]
drifted = copy.deepcopy(network)
drifted.body.load_state_dict(model.body.state_dict())
drifted_accuracy = score(drifted, X_old_test, y_old_test)
print(f"before {100 * old_accuracy:.0f} %, after {100 * drifted_accuracy:.0f} %")
assert not real or drifted_accuracy < old_accuracy - 0.01

# %% [markdown]
# On the real pictures it has become worse, although nothing was trained in it. And the new head has
# been chasing features that moved while it learned. So this is the second thing that a frozen body
# needs: it must stay in evaluation mode.
#
# ### Bug hunt
#
# A colleague knows that and calls `body.eval()` as well. It does not help:


# %%
def broken_freeze(body):
    """Return the body, frozen. Or is it?"""
    body.requires_grad_(False)
    body.eval()
    return body


model = nn.Sequential(broken_freeze(copy.deepcopy(network.body)), nn.Linear(256, 2))
model.train()  # as helpers.train does at the start of each epoch
print(model[0].training)

# %% [markdown]
# `model.train()` reaches every module inside, and puts the body back into training mode.
#
# ### Exercise 2: the frozen body that drifts (10 minutes, debug)
#
# Write `freeze(body)`, for any module. It returns a module that
# - computes from the start what the body computes in evaluation mode, and has no parameter that
#   asks for a gradient;
# - stays like that when `train()` or `eval()` is called on it, or on a model that contains it.
#
# It may change the body that is passed in, or wrap it.


# %% exercise="transfer.freeze"
def freeze(body):
    """Return a module that computes what the body does in evaluation mode, always."""
    ### BEGIN SOLUTION

    class Frozen(nn.Module):
        def __init__(self, body):
            super().__init__()
            self.body = body.requires_grad_(False).eval()

        def train(self, mode=True):
            return super().train(False)

        def forward(self, X):
            return self.body(X)

    return Frozen(body)
    ### END SOLUTION


# %%
transfer.freeze.check(freeze)

# %% [markdown]
# ### Frozen once and for all
#
# What never changes need not be computed again. The features of a picture are always the same, so
# we compute them once, and train the head on them alone, without the body. `helpers.predict`
# measures in evaluation mode, so nothing drifts.


# %%
def features_of(body, X, y):
    """Return the body's features of these pictures, computed in evaluation mode."""
    loader = helpers.make_loader(X, y, batch_size=500, transform=prepare)
    with torch.autocast("cpu", torch.bfloat16, enabled=amp):
        return helpers.predict(body, loader)[0].float()  # (N, 256)


def fit_head(head, features, y, lr, epochs, seed):
    """Train a head on features, with Adam."""
    loader = helpers.make_loader(features, y, batch_size=32, shuffle=True, seed=seed)
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    helpers.train(head, loader, nn.CrossEntropyLoss(), optimizer, epochs, progress=False)


# %% [markdown]
# 600 pictures, 50 epochs, and a good deal of the answer is there:

# %%
torch.manual_seed(0)
head = nn.Linear(256, 2)
features = features_of(network.body, X_new[:600], y_new[:600])
fit_head(head, features, y_new[:600], lr=0.003, epochs=50, seed=0)
held_out = features_of(network.body, X_new[600:1000], y_new[600:1000])
accuracy = helpers.accuracy(head(held_out), y_new[600:1000])
print("right on other pictures, more than 60 percent:", accuracy > 0.6)

# %% [markdown]
# The price: the pictures cannot be shifted and mirrored anew in each epoch, because that would
# change their features.

# %% [markdown]
# ## 5. Fine-tune: two learning rates
#
# **Fine-tuning** trains the body as well. The new head starts from random numbers and has a long
# way to go; the body is good already. With one large rate for both, the first steps, which follow
# the gradients of a head that knows nothing, would spoil the body. So the body gets a small rate
# and the head a large one.
#
# An optimizer takes a list of **parameter groups** in place of the parameters. Each group is a dict
# with its own rate. `sgd` above passes it on:

# %%
model = copy.deepcopy(network)
parts = [{"params": model.body.parameters(), "lr": 0.01}, {"params": model.head.parameters()}]
optimizer = sgd(parts, lr=0.1)
print([(len(group["params"]), group["lr"]) for group in optimizer.param_groups])

# %% [markdown]
# 15 parameter tensors with the rate 0.01, and 2 with the rate 0.1, which holds for every group that
# names none.
#
# ### Exercise 3: two learning rates (8 minutes, build)
#
# Write `make_optimizer(model, body_lr, head_lr)` for a model with a `.body` and a `.head`. It
# returns a `torch.optim.SGD` with momentum 0.9, in which the body's parameters have the rate
# `body_lr` and the head's `head_lr`. The body, or a part of it, may be frozen: parameters that do
# not require a gradient are left out of the optimizer. Weight decay and Nesterov are up to you.


# %% exercise="transfer.groups"
def make_optimizer(model, body_lr, head_lr):
    """Return SGD with a rate for the body and one for the head."""
    ### BEGIN SOLUTION
    body = [p for p in model.body.parameters() if p.requires_grad]
    head = [p for p in model.head.parameters() if p.requires_grad]
    groups = [{"params": body, "lr": body_lr}, {"params": head, "lr": head_lr}]
    return torch.optim.SGD(groups, momentum=0.9)
    ### END SOLUTION


# %%
transfer.groups.check(make_optimizer)

# %% [markdown]
# ## 6. The experiment
#
# Three ways to a network for the two new classes:
# - **from scratch**: all weights start from random numbers, and it trains for twice as many steps;
# - **frozen features**: only a head, as in section 4;
# - **fine-tuned**: body and head, at two rates.
#
# Which pictures one gets is luck: twenty clear photographs teach more than twenty blurred ones. So
# each way is tried with five draws of pictures. All three get the same draws.
#
# ### Exercise 4: draw k pictures of each class (10 minutes, build)
#
# Write `draw(y, k, seed)`. It returns an `int64` tensor of one dimension, with the numbers of k
# rows of **each** class that occurs in `y`: drawn at random, each row of a class with the same
# chance, none twice, in any order. k is at least 1, and no class has fewer than k rows. The same
# seed, a whole number from 0 on, gives the same rows; another seed gives others. The labels need
# not be 0, 1, 2, ...


# %% exercise="transfer.draw"
def draw(y, k, seed):
    """Return the numbers of k random rows of each class."""
    ### BEGIN SOLUTION
    generator = torch.Generator().manual_seed(seed)
    rows = []
    for label in y.unique():
        own = (y == label).nonzero().flatten()
        rows.append(own[torch.randperm(len(own), generator=generator)[:k]])
    return torch.cat(rows)
    ### END SOLUTION


# %%
transfer.draw.check(draw)

# %% [markdown]
# scikit-learn can do it too: `train_test_split` with `stratify` keeps the classes' shares equal,
# and here both classes are equally large.

# %%
from sklearn.model_selection import train_test_split


def sample(k, seed):
    """Return k pictures of each new class, X and y."""
    rows = torch.arange(len(y_new))
    if 2 * k < len(y_new):
        rows, _ = train_test_split(rows, train_size=2 * k, random_state=seed, stratify=y_new)
    return X_new[rows], y_new[rows]


print(torch.bincount(sample(20, seed=0)[1]).tolist())

# %% [markdown]
# The three ways as functions. They take pictures and a seed and return a trained network. Rates and
# steps were chosen beforehand, and measured on training pictures: the test pictures of the two
# classes are used here for the first time.


# %%
def scratch(X, y, seed):
    model = Network(classes=2).to(memory_format=torch.channels_last)
    fit(model, sgd(model.parameters(), lr=0.02), X, y, steps=120, batch_size=32, seed=seed)
    return model


def frozen(X, y, seed):
    model = copy.deepcopy(network)
    model.head = nn.Linear(256, 2)
    fit_head(model.head, features_of(model.body, X, y), y, lr=0.003, epochs=50, seed=seed)
    return model


def fine_tuned(X, y, seed):
    model = copy.deepcopy(network)
    model.head = nn.Linear(256, 2)
    body, head = model.body.parameters(), model.head.parameters()
    optimizer = sgd([{"params": body, "lr": 0.01}, {"params": head}], lr=0.1)
    fit(model, optimizer, X, y, steps=60, batch_size=32, seed=seed)
    return model


# %% [markdown]
# **Predict:** which is best with 20 pictures of each class, and which with 500? And how far will
# five draws of 20 pictures lie apart: by 1, 5 or 20 percentage points? The cell takes about a
# minute.

# %%
METHODS = {"scratch": scratch, "frozen": frozen, "fine-tuned": fine_tuned}
SIZES = [20, 100, 500]
DRAWS = 5 if real else 2  # the digits only show that the code runs
results = {(name, k): [] for name in METHODS for k in SIZES}
for k in SIZES:
    for seed in range(DRAWS):
        X, y = sample(k, seed)
        for name, method in METHODS.items():
            helpers.seed_everything(seed)
            model = method(X, y, seed)
            results[name, k].append(score(model, X_test, y_test))

# %% [markdown]
# ### Mean and standard error
#
# Five accuracies scatter. Their mean scatters less. How far the mean would move if all five draws
# were made again is estimated by the **standard error**: the standard deviation of one draw,
# divided by the root of the number of draws.


# %%
def mean_and_error(scores):
    """Return the mean of the scores and its standard error."""
    scores = torch.tensor(scores)
    return scores.mean().item(), (scores.std() / len(scores) ** 0.5).item()


# %% [markdown]
# Is that true? Make 10,000 times five draws from a normal distribution with standard deviation 1.
# The means must scatter by 1 / √5 = 0.45.

# %%
torch.manual_seed(0)
means = torch.randn(10_000, 5).mean(dim=1)
torch.testing.assert_close(means.std(), torch.tensor(5**-0.5), rtol=0.03, atol=0)
print(f"{5**-0.5:.2f}")

# %% [markdown]
# Now the result, test accuracy in per cent, as mean ± standard error.

# %% tags=["nbval-ignore-output"]
print(f"{'pictures of each class':24}", *(f"{k:<12}" for k in SIZES))
for name in METHODS:
    pairs = [mean_and_error(results[name, k]) for k in SIZES]
    cells = [f"{100 * mean:.0f} ± {100 * error:.1f}" for mean, error in pairs]
    print(f"{name:24}", *(f"{cell:12}" for cell in cells))

# %% tags=["data-dependent"]
import matplotlib.pyplot as plt

fig, ax = plt.subplots(figsize=(5.5, 3.4), layout="constrained")
styles = ("#0072B2", 0.94), ("#E69F00", 1), ("#009E73", 1.06)  # colour, and a shift to the side
for name, (colour, shift) in zip(METHODS, styles, strict=True):
    pairs = [mean_and_error(results[name, k]) for k in SIZES]
    means, errors = (100 * torch.tensor(column) for column in zip(*pairs, strict=True))
    x = [k * shift for k in SIZES]
    ax.errorbar(x, means, 2 * errors, marker="o", capsize=4, color=colour, label=name)
ax.set(xscale="log", xlabel="labelled pictures of each class", ylabel="test accuracy (%)")
ax.set_xticks(SIZES, SIZES)
ax.minorticks_off()
_ = ax.legend()

# %% [markdown]
# *Figure: test accuracy on the two new classes against the number of labelled pictures; the bars
# reach two standard errors up and down.*

# %% [markdown]
# On CIFAR-10, 20 pictures of each class from scratch are hardly better than guessing, which gives
# 50 %. What eight other classes have taught is worth far more: with 20 and with 100 pictures
# fine-tuning leads beyond the error bars. We call it that when not even bars of two standard errors
# touch.

# %% tags=["nbval-ignore-output"]
for k in (20, 100):
    fine, fine_error = mean_and_error(results["fine-tuned", k])
    plain, plain_error = mean_and_error(results["scratch", k])
    apart = fine - 2 * fine_error > plain + 2 * plain_error
    print(f"{k} pictures of each class: fine-tuned leads beyond the error bars: {apart}")
    assert not real or fine - fine_error > plain + plain_error

# %% [markdown]
# Between the two ways of transfer it depends. With 20 pictures, frozen features are about as good,
# and far quicker. With 500 there is enough to improve the body with, and fine-tuning leads. Five
# draws of 20 pictures lie several percentage points apart: a single draw would be a poor judge.

# %%
mean = {key: mean_and_error(scores)[0] for key, scores in results.items()}
if real:
    assert mean["scratch", 20] < 0.62
    assert abs(mean["fine-tuned", 20] - mean["frozen", 20]) < 0.06
    assert mean["fine-tuned", 500] > mean["frozen", 500]
    assert 0.01 < max(results["fine-tuned", 20]) - min(results["fine-tuned", 20]) < 0.15

# %% [markdown]
# One thing the figure does not say: 120 steps are few for 1000 pictures. With more steps, the
# network from scratch may still gain at 500. The figure compares the ways at this effort, not what
# each could reach in the end.
#
# Which mistakes are left? This is the last fine-tuned network, from 500 pictures of each class:

# %%
logits, y = helpers.predict(model, helpers.make_loader(X_test, y_test, 500, transform=prepare))
_ = helpers.plot_confusion(logits, y, [test_set.classes[label] for label in new])

# %% [markdown]
# *Figure: the confusion matrix on the test pictures; the true class in rows, the predicted one in
# columns. The diagonal holds the right answers.*

# %% [markdown]
# ### Compare draw by draw
#
# Both methods were given the same draws, and a lucky draw lifts both. So compare them draw by draw,
# like the folds of notebook 06: the luck cancels in the difference.
#
# ### Exercise 5: does one method lead beyond its errors (10 minutes, build)
#
# Write `compare(a, b)` for two lists of accuracies, at least two each, where `a[i]` and `b[i]` come
# from the same draw. It returns three values, plain numbers and a plain `True` or `False`:
# - the mean of the differences `a[i] - b[i]`;
# - the standard error of that mean, with the standard deviation that divides by n - 1;
# - whether the mean is more than twice the standard error above 0.


# %% exercise="transfer.compare"
def compare(a, b):
    """Return the mean of a - b, its standard error, and whether a leads."""
    ### BEGIN SOLUTION
    differences = torch.tensor(a) - torch.tensor(b)
    mean = differences.mean().item()
    error = (differences.std() / len(a) ** 0.5).item()
    return mean, error, mean > 2 * error
    ### END SOLUTION


# %%
transfer.compare.check(compare)

# %% tags=["nbval-ignore-output"]
if transfer.compare.done():
    for first, second in (("fine-tuned", "scratch"), ("fine-tuned", "frozen")):
        for k in SIZES:
            mean, error, leads = compare(results[first, k], results[second, k])
            gap = f"{100 * mean:+.1f} ± {100 * error:.1f}"
            print(f"{k:3}: {first} - {second}: {gap}, leads: {leads}")

# %% [markdown]
# Twice the standard error is a custom, no law of nature. With only five draws even pure chance goes
# beyond it more often than one would think:

# %%
torch.manual_seed(0)
chance = torch.randn(100_000, 5)
beyond = chance.mean(dim=1).abs() > 2 * chance.std(dim=1) / 5**0.5
print(f"{100 * beyond.float().mean():.0f} % of 100,000 comparisons without any difference")

# %% [markdown]
# So a lead of just over two errors deserves more draws, and a lead of ten does not. And these error
# bars know only about the draws of pictures and the random start. All results share one body and
# one test set.

# %% [markdown]
# ## 7. A network from ImageNet
#
# Our body learned from 40,000 small pictures. `torchvision.models` has networks that learned from
# ImageNet: over a million photographs in 1000 classes. A well-known tutorial loads one like this:
#
#     net = models.ResNet50(pretrained=True)
#
# **Predict:** what happens?

# %%
from torchvision import models

try:
    models.ResNet50(pretrained=True)
except AttributeError as error:
    print(error)

# %% [markdown]
# There is no such class. The function is `resnet50`, in small letters. Its old argument
# `pretrained=True` is deprecated, because it does not say *which* weights. Today it takes
# `weights=`: each set of weights has a name and brings its own preprocessing along.

# %%
weights = models.ResNet18_Weights.IMAGENET1K_V1
transform = weights.transforms()
print(len(weights.meta["categories"]), "classes")
print(transform)

# %% [markdown]
# Enlarge to 256, cut out the middle 224, normalise with these means. The weights have learned from
# pictures that were prepared in this way; with others the network still runs, and is silently
# worse. **Predict:** what shape do two of our pictures have after it?

# %%
print(tuple(transform(X_test[:2]).shape))

# %% [markdown]
# Each picture is 49 times as large as before, which costs time. We use `resnet18`, the smallest of
# the family; `resnet50` is used in the same way.
#
# The tutorial replaces the last layer, which is called `fc` here, by a head with one hidden layer:
# features -> 500 -> ReLU -> dropout -> 2. Frozen in the way of section 4:


# %%
def make_head(features):
    """Return the tutorial's head."""
    hidden = nn.Linear(features, 500), nn.ReLU(), nn.Dropout(0.5)
    return nn.Sequential(*hidden, nn.Linear(500, 2))


net = models.resnet50(weights=None).requires_grad_(False)
net.fc = make_head(net.fc.in_features)
optimizer = torch.optim.Adam([p for p in net.parameters() if p.requires_grad], lr=1e-4)
print([tuple(p.shape) for p in optimizer.param_groups[0]["params"]])

# %% [markdown]
# The order matters: freeze first, then put in the new head, whose parameters ask for gradients by
# themselves. A ResNet-50 has 2048 features. The optimizer holds the two layers of the head and
# nothing else.
#
# `weights=None` gives a network of random numbers, without any download. The real weights come from
# the internet once; then they lie in PyTorch's own cache. The next function gets them, or gives up
# within seconds.

# %%
from pathlib import Path
from urllib.request import urlopen

from helpers.datasets.files import offline


def get_weights(weights):
    """Return the weights; None if they are neither here nor to be had from the internet."""
    kept = Path(torch.hub.get_dir()) / "checkpoints" / weights.url.rpartition("/")[2]
    try:
        if not kept.is_file():
            if offline():
                return None
            urlopen(weights.url, timeout=3).close()  # is there an answer?
        return weights.get_state_dict(progress=False, check_hash=True)
    except (OSError, RuntimeError):  # no internet, too slow, or a damaged file
        return None


# %% tags=["nbval-ignore-output"]
net, state = models.resnet18(weights=None), get_weights(weights)
there = state is not None
if there:
    net.load_state_dict(state)
print("trained on ImageNet" if there else "random weights: the real ones cannot be had here")

# %% [markdown]
# With the real weights we take 100 pictures of each class to train and 200 pictures to measure.
# With random ones there is nothing to be learned about accuracy, so a few pictures must do to run
# the same code.
#
# Body and head come apart when `fc` becomes `nn.Identity`, a layer that returns its input. Then, as
# in section 4, the features are computed once.

# %%
n_train, n_test = (200, 200) if there else (16, 8)
body = copy.deepcopy(net)
body.fc = nn.Identity()
loaders = [
    helpers.make_loader(X[:n], y[:n], batch_size=8, transform=transform)
    for X, y, n in ((*sample(n_train // 2, seed=0), n_train), (X_test, y_test, n_test))
]
(features, y), (test_features, y_seen) = (helpers.predict(body, loader) for loader in loaders)
assert features.shape == (n_train, 512)

# %% [markdown]
# Then the head alone, with the tutorial's Adam and its rate of 1e-4, and the whole put together
# again. In evaluation mode it gives what the parts give.

# %%
torch.manual_seed(0)
net.fc = make_head(512)
fit_head(net.fc, features, y, lr=1e-4, epochs=30, seed=0)
logits, _ = helpers.predict(net, loaders[1])
torch.testing.assert_close(logits, net.fc.eval()(test_features), rtol=1e-3, atol=1e-3)

# %% tags=["nbval-ignore-output"]
accuracy = helpers.accuracy(logits, y_seen)
print(f"{100 * accuracy:.0f} % of {n_test} pictures" if there else "ran with random weights")
assert accuracy > 0.6 or not there

# %% [markdown]
# The tutorial also prints an accuracy without `torch.no_grad()`, so each measurement records a
# graph that nobody needs. `helpers.predict` records none:

# %%
print(logits.requires_grad)

# %% [markdown]
# ## Recap
#
# - A trained network serves new classes with a new head. Freeze the body when you have few pictures
#   or little time; fine-tune it, with a smaller rate than the head's, when you can.
# - Frozen means: no parameter asks for a gradient, the optimizer holds only the rest, and the body
#   is in evaluation mode, so that no running statistics drift. `model.train()` undoes that, unless
#   somebody prevents it.
# - Repeat with several draws, give each method the same ones, and believe a lead that is large
#   against its standard error.

# %% [markdown]
# ## Quiz
#
# Replace each `...` by the letter of your choice.
#
# **1.** What is kept of the old network when it is transferred to new classes?
# - **a** the head
# - **b** body and head
# - **c** the body

# %%
transfer.quiz(1, "c")  ### STUB: transfer.quiz(1, ...)

# %% [markdown]
# **2.** All parameters of a body have `requires_grad=False`, and the model is in training mode.
# What can still change in the body?
# - **a** the running statistics of batch norm
# - **b** nothing
# - **c** whatever the optimizer holds

# %%
transfer.quiz(2, "a")  ### STUB: transfer.quiz(2, ...)

# %% [markdown]
# **3.** Why does the body get a smaller learning rate than the head?
# - **a** because the body needs no gradient
# - **b** because large steps would spoil what it knows
# - **c** because that is faster

# %%
transfer.quiz(3, "b")  ### STUB: transfer.quiz(3, ...)

# %% [markdown]
# **4.** Over five draws method A is ahead of B by 2 percentage points, with a standard error of 3.
# What follows?
# - **a** A is better
# - **b** nothing yet
# - **c** A and B are equally good

# %%
transfer.quiz(4, "b")  ### STUB: transfer.quiz(4, ...)

# %% [markdown]
# **5.** Why use `weights.transforms()` and not your own means?
# - **a** the network learned from pictures that were prepared like this
# - **b** all networks need the same means
# - **c** the network would not run otherwise

# %%
transfer.quiz(5, "a")  ### STUB: transfer.quiz(5, ...)

# %% [markdown]
# ## Where to go on
#
# - [torchvision's models and weights](https://docs.pytorch.org/vision/stable/models.html): all
#   networks with their weights, their accuracies and their preprocessing.
# - [PyTorch's
#   `nn.BatchNorm2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html):
#   what it does in training and in evaluation, and its running statistics.
# - [PyTorch's `torch.optim`](https://docs.pytorch.org/docs/stable/optim.html): per-parameter
#   options, with more about groups and schedules.
