# %% [markdown]
# # 07 CIFAR-10: classify small pictures, and look at every class
#
# In this notebook you learn
# - to turn pictures into numbers and back, and to train a network on 50,000 of them;
# - to write a training and a test loop whose numbers are right, and to save what was learned;
# - to look behind one accuracy: at each class, at the mistakes, and at what such a network cannot
#   see.
#
# **115 minutes, on any CPU.** You know the training loop (notebook 03) and loaders (notebook 04).

# %% [markdown]
# ## Why
#
# A well-known tutorial classifies the pictures of CIFAR-10 with the simplest network there is: all
# pixels in one row, and three linear layers. It reports that 53 percent of new pictures are right.
# We get there too, in a fraction of its time. On the way we mend its slips: it shows the pictures
# too dark, it averages numbers that must be weighted, and it reads a file in a way that is not
# safe. And we ask what it did not ask: which classes are confused, and what happens to a picture
# that moves by three pixels?
#
# ![A picture with three channels of 32 by 32 pixels is flattened to a row of 3072 numbers. Linear layers with ReLU lead to 1024 and 512 hidden units, and a last linear layer to 10 logits.](figures/cifar10_network.svg)

# %% tags=["setup"]
import matplotlib.pyplot as plt
import torch
from torch import nn

import helpers
from helpers.exercises import cifar10

# %% [markdown]
# ## 1. Look at the pictures first

# %% tags=["data-dependent"]
train_set = helpers.load_cifar10()
real = train_set.source == "real"
X_train, y_train = helpers.to_tensors(train_set)
print(X_train.shape, X_train.dtype, y_train.shape, y_train.dtype)

# %% [markdown]
# 50,000 pictures with three colours and 32 x 32 pixels, each pixel a whole number from 0 to 255,
# and 50,000 class numbers. All of it stays in memory as two tensors.
#
# If the cell has printed STAND-IN, the real pictures are not on your computer, and you have 5,000
# coloured digits in their place. Everything below works with them. Only the figures in the text do
# not hold then.

# %% tags=["data-dependent"]
print(*train_set.classes)
print(torch.bincount(y_train).tolist())

# %% [markdown]
# Ten classes, equally many pictures of each. So whoever guesses is right in a tenth of all cases.

# %% tags=["data-picture"]
titles = [train_set.classes[label] for label in y_train[:16]]
_ = helpers.show_images(train_set.data[:16], titles)

# %% [markdown]
# *Figure: the first 16 training pictures, with their classes. Run the cell to see them: photographs
# are not saved in this course's notebooks, because they are not ours to publish.*
#
# The course looks in two places: first for the original file, then for a copy that keeps every
# picture in a file of its own. Such a file may be a JPEG, which changes pixels a little. The saved
# outputs below were made with such a JPEG copy; the published figures come from the original
# pictures. Keep that in mind where we compare them.
#
# What do the pictures of a class have in common? Their mean is a picture too.

# %%
means = torch.stack([X_train[y_train == k].float().mean(dim=0) / 255 for k in range(10)])
_ = helpers.show_images(means, train_set.classes, columns=5)

# %% [markdown]
# *Figure: the mean picture of each class.* Of the real pictures little is left but colour and a
# blur: blue behind airplanes and ships, brown and green around deer and frogs. That already helps
# to guess.

# %% [markdown]
# ## 2. From bytes to numbers
#
# A network learns best from numbers around 0. The tutorial divides by 255, subtracts 0.5 and
# divides by 0.5.
#
# **Predict:** what becomes of black, 0, and of white, 255?

# %%
by_hand = (X_train[:4].float() / 255 - 0.5) / 0.5
black_and_white = torch.tensor([0, 255]).float()
print(((black_and_white / 255 - 0.5) / 0.5).tolist())

# %% [markdown]
# Black is -1, white is 1. torchvision has the same as two transforms of one picture,
# `helpers.normalize` as a function of a whole batch.

# %%
from torchvision.transforms import v2

to_float = v2.ToDtype(torch.float32, scale=True)  # divides by 255
steps = v2.Compose([to_float, v2.Normalize(mean=[0.5] * 3, std=[0.5] * 3)])
torch.testing.assert_close(steps(X_train[:4]), by_hand)
torch.testing.assert_close(helpers.normalize(X_train[:4]), by_hand)

# %% [markdown]
# As a `transform` of the loader it is applied to each batch as it is taken. So the pictures in
# memory stay bytes, a quarter of the size of floats. `pick_device()` returns a GPU if there is one,
# else the CPU; the loader keeps the pictures on that device. The model must be moved there too,
# with `.to(device)`.


# %%
device = helpers.pick_device()


def make_loader(X, y, batch_size=64, shuffle=True):
    """Return a loader of normalized batches on the device."""
    options = {"shuffle": shuffle, "seed": 0, "transform": helpers.normalize, "device": device}
    return helpers.make_loader(X, y, batch_size, **options)


# %% [markdown]
# The tutorial takes batches of 4. (It takes the first one with `dataiter.next()`, which no longer
# exists: `next(iter(loader))` does it.)
#
# **Predict:** which shapes and dtypes has such a batch, and how many batches make an epoch?

# %% tags=["data-dependent"]
loader = make_loader(X_train, y_train, batch_size=4)
X, y = next(iter(loader))
print(X.shape, X.dtype, y.shape, y.dtype)
print(len(loader))

# %% [markdown]
# `[4, 3, 32, 32]` of `float32`, `[4]` of `int64`, and 12,500 batches.

# %% [markdown]
# ## 3. The network
#
# `nn.Flatten` puts the 3 x 32 x 32 numbers of a picture into one row of 3072. Three linear layers
# follow: to 1024, to 512, and to 10 logits. How many numbers are there to learn?
#
# ### Exercise 1: count the parameters (4 minutes, complete)
#
# Write `count_parameters(sizes)`. `sizes` is a list such as `[3072, 1024, 512, 10]`: there is a
# linear layer from each size to the next. Return the number of all weights and biases as an `int`.
# A list may have any length from 2.


# %% exercise="cifar10.parameters"
def count_parameters(sizes):
    """Return the number of weights and biases between these sizes."""
    ### BEGIN SOLUTION
    return sum((sizes[i] + 1) * sizes[i + 1] for i in range(len(sizes) - 1))
    ### END SOLUTION


# %%
cifar10.parameters.check(count_parameters)

# %% [markdown]
# ### Exercise 2: the network as a module (6 minutes, complete)
#
# Write the class `Network`, made without arguments: `Network()`. `forward(X)` takes pictures of
# shape (N, 3, 32, 32) and returns logits of shape (N, 10): flatten, linear to 1024, ReLU, linear to
# 512, ReLU, linear to 10. Use `nn.Linear` for the layers.


# %% exercise="cifar10.network"
class Network(nn.Module):
    """A picture in one row, and three linear layers: 3072 -> 1024 -> 512 -> 10."""

    def __init__(self):
        super().__init__()
        ### BEGIN SOLUTION
        self.flatten = nn.Flatten()
        self.layers = nn.Sequential(
            nn.Linear(3072, 1024),
            nn.ReLU(),
            nn.Linear(1024, 512),
            nn.ReLU(),
            nn.Linear(512, 10),
        )
        ### END SOLUTION

    def forward(self, X):
        """Return the logits, (N, 10)."""
        ### BEGIN SOLUTION
        return self.layers(self.flatten(X))
        ### END SOLUTION


# %%
cifar10.network.check(Network)

# %% [markdown]
# The notebook goes on with the same network from `nn.Sequential`, so that it runs with any answer
# of yours.


# %%
def make_network():
    """Return a new network, 3072 -> 1024 -> 512 -> 10, on the device."""
    hidden = nn.Linear(3072, 1024), nn.ReLU(), nn.Linear(1024, 512), nn.ReLU()
    return nn.Sequential(nn.Flatten(), *hidden, nn.Linear(512, 10)).to(device)


# %% [markdown]
# **Predict:** which part of all parameters belongs to the first layer: a third, a half, or more?

# %%
torch.manual_seed(0)
model = make_network()
total = sum(p.numel() for p in model.parameters())
first = sum(p.numel() for p in model[1].parameters())
print(f"{total:,} parameters, {first / total:.0%} of them in the first layer")

# %% [markdown]
# 3,676,682, and 86 percent of them in the first layer: it has a weight for every pixel and every
# hidden unit.

# %%
if cifar10.parameters.done():
    print("yours agrees:", count_parameters([3072, 1024, 512, 10]) == total)

# %% [markdown]
# ## 4. Bug hunt: the dark pictures
#
# To look at pictures from a loader, the normalization must be undone. The tutorial does that with
# `img / 2 + .05`.


# %%
def broken_unnormalize(X):
    """Return the pictures as they were. Or are they?"""
    return X / 2 + 0.05


for name, value in (("black", 0), ("white", 255)):
    X = helpers.normalize(torch.full((1, 3, 1, 1), value, dtype=torch.uint8))
    print(f"{name}: was {value / 255:.2f}, is {broken_unnormalize(X).mean().item():.2f}")

# %% [markdown]
# Black comes out below 0 and white as a middle grey. Drawn, everything below 0 is black: the
# pictures are far too dark, and many details are gone.

# %% tags=["data-picture"]
X, y = next(iter(make_loader(X_train, y_train, batch_size=8)))
_ = helpers.show_images(broken_unnormalize(X))

# %% [markdown]
# *Figure: eight training pictures, far too dark. They are not saved; run the cell to see them.*
#
# ### Exercise 3: the dark pictures (5 minutes, debug)
#
# Write `unnormalize(X, mean, std)`, which undoes `(x - mean) / std` for any mean and standard
# deviation. `X` is a `float32` tensor of shape (N, 3, H, W); `mean` and `std` are tuples of three
# numbers, one for each channel. Return the pictures in [0, 1], in the same shape, and leave `X` as it is. The tuples must
# become tensors first, in a shape that broadcasts with (N, 3, H, W).


# %% exercise="cifar10.unnormalize"
def unnormalize(X, mean, std):
    """Return X * std + mean, for each channel its own."""
    ### BEGIN SOLUTION
    mean, std = torch.tensor(mean).view(3, 1, 1), torch.tensor(std).view(3, 1, 1)
    return X * std + mean
    ### END SOLUTION


# %%
cifar10.unnormalize.check(unnormalize)

# %% tags=["data-picture"]
if cifar10.unnormalize.done():
    half = (0.5, 0.5, 0.5)
    _ = helpers.show_images(unnormalize(X.cpu(), half, half))

# %% [markdown]
# *Figure: the same eight pictures with your function, as bright as they should be.*

# %% [markdown]
# ## 5. The loss: what does a wrong answer cost?
#
# The **cross-entropy** of one picture is minus the logarithm of the probability that the network
# gives to the true class.

# %%
torch.manual_seed(0)
logits, label = torch.randn(1, 10), torch.tensor([3])
by_hand = -logits.softmax(dim=1)[0, 3].log()
torch.testing.assert_close(nn.CrossEntropyLoss()(logits, label), by_hand)

# %% [markdown]
# **Predict:** the network doubles the probability of the true class, from 0.01 to 0.02 or from 0.4
# to 0.8. In which case does the loss fall further?

# %%
p = torch.linspace(0.01, 1, 200)
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
ax.plot(p, -p.log())
ax.plot(0.1, -torch.tensor(0.1).log(), "o")
_ = ax.set(xlabel="probability of the true class", ylabel="cross-entropy")

# %% [markdown]
# *Figure: the loss against the probability of the true class. It is 0 where the network is sure and
# right, and grows without end towards probability 0. The point is a guess among ten classes.*

# %%
loss_of = {p: -torch.tensor(p).log() for p in (0.01, 0.02, 0.1, 0.4, 0.8)}
torch.testing.assert_close(loss_of[0.01] - loss_of[0.02], loss_of[0.4] - loss_of[0.8])
print(f"{loss_of[0.1]:.2f}, and with 0.01: {loss_of[0.01]:.2f}")

# %% [markdown]
# It falls by the same amount, ln 2: only the ratio of the two probabilities counts. To be sure and
# wrong is expensive: 4.61 where the true class got 0.01. A guess among ten classes costs ln 10 =
# 2.30, and an untrained network starts near that:

# %%
loss_fn = nn.CrossEntropyLoss()
few_loader = make_loader(X_train[:1280], y_train[:1280])
start = helpers.evaluate(model, few_loader, loss_fn)["loss"]
assert 2.25 < start < 2.35

# %% [markdown]
# ## 6. Bug hunt: the mean of the means
#
# You have written training loops before. The tutorial's, shortened:


# %%
def broken_train_epoch(model, loader, loss_fn, optimizer):
    """Train for one epoch; return the loss and the accuracy. Or do these come out wrong?"""
    model.train()
    total, right = 0.0, 0.0
    for X, y in loader:
        logits = model(X)
        loss = loss_fn(logits, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
        right += (logits.argmax(dim=1) == y).float().mean().item()
    return total / len(loader), right / len(loader)


# %% [markdown]
# A test that finds such bugs: with a learning rate of 0 nothing changes, so the batch size must not
# matter.
#
# **Predict:** 65 pictures make one batch of 65, or a batch of 64 and one of 1. How much does that
# last picture count then?

# %% tags=["data-dependent"]
standing = torch.optim.SGD(model.parameters(), lr=0.0)
results = []
for batch_size in (65, 64):
    loader = make_loader(X_train[:65], y_train[:65], batch_size, shuffle=False)
    results.append(broken_train_epoch(model, loader, loss_fn, standing)[1])
    print(f"batches of {batch_size}: accuracy {results[-1]:.2f}")
assert abs(results[0] - results[1]) > 0.03

# %% [markdown]
# It counts as much as the 64 others together, and the accuracy is another one. With 50,000 pictures
# in batches of 64 the last batch holds 16, and the error is smaller. But it is there, and nobody
# sees it.

# %%
assert 50_000 % 64 == 10_000 % 64 == 16

# %% [markdown]
# ### Exercise 4: the mean of the means (7 minutes, debug)
#
# Write `train_epoch(model, loader, loss_fn, optimizer)`. It trains for one epoch and returns
# `(loss, accuracy)`, two plain numbers: the means over all rows of the loader. Call the model once
# for each batch, in training mode, and take both numbers from these logits, before the step. They
# must be right for any batch size, for any `loss_fn` that returns the mean over the rows of a
# batch, and for any loader, even a list of batches: do nothing but loop over it.


# %% exercise="cifar10.train_epoch"
def train_epoch(model, loader, loss_fn, optimizer):
    """Train for one epoch; return (loss, accuracy) over all rows."""
    ### BEGIN SOLUTION
    model.train()
    total, right, rows = 0.0, 0, 0
    for X, y in loader:
        logits = model(X)
        loss = loss_fn(logits, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(X)
        right += (logits.argmax(dim=1) == y).sum().item()
        rows += len(X)
    return total / rows, right / rows
    ### END SOLUTION


# %%
cifar10.train_epoch.check(train_epoch)

# %% [markdown]
# ### Exercise 5: the test loop (7 minutes, build)
#
# Write `test_loop(model, loader, loss_fn)`. It returns `(loss, accuracy)`, two plain numbers: the
# means over all rows of the loader, which may shuffle, or be a list of batches. `loss_fn` returns
# the mean over the rows that it is given. The model is called in evaluation mode, no graph is recorded, and no weight
# changes.


# %% exercise="cifar10.test_loop"
def test_loop(model, loader, loss_fn):
    """Return (loss, accuracy) of the model over all rows."""
    ### BEGIN SOLUTION
    model.eval()
    outputs, targets = [], []
    with torch.no_grad():
        for X, y in loader:
            outputs.append(model(X))
            targets.append(y)
    logits, y = torch.cat(outputs), torch.cat(targets)
    accuracy = (logits.argmax(dim=1) == y).float().mean()
    return loss_fn(logits, y).item(), accuracy.item()
    ### END SOLUTION


# %%
cifar10.test_loop.check(test_loop)

# %% [markdown]
# Your two loops and the course's own must agree. We try it with two copies of the model, on 1,290
# training pictures, so that the last batch has only 10. `copy.deepcopy` copies an object with
# everything in it: the copies share no weights. The test set stays untouched until the end.

# %%
import copy


def twin():
    """Return a copy of the model, the same batches for each, the loss and an optimizer."""
    trial = copy.deepcopy(model)
    loader = make_loader(X_train[:1290], y_train[:1290])
    return trial, loader, loss_fn, torch.optim.SGD(trial.parameters(), lr=0.016)


# %%
if cifar10.train_epoch.done() and cifar10.test_loop.done():
    yours, ours = twin(), twin()
    metrics = {"accuracy": helpers.accuracy}
    history = helpers.train(*ours, epochs=1, metrics=metrics, progress=False)
    scores = helpers.evaluate(*ours[:3], metrics)
    expected = [history["train_loss"][0], history["train_accuracy"][0], *scores.values()]
    numbers = [*train_epoch(*yours), *test_loop(*yours[:3])]
    torch.testing.assert_close([float(x) for x in numbers], expected, rtol=1e-4, atol=1e-4)
    print("your loops agree")

# %% [markdown]
# From here on we use `helpers.train` and `helpers.evaluate`.

# %% [markdown]
# ## 7. Small batches or large ones?
#
# The tutorial trains with batches of 4 at a learning rate of 0.001, and waits long for each epoch.
# (It says that it prints every 2000 samples. It prints every 2000 batches, which are 8000 samples.)
# Batches of 64 need 16 times fewer steps. To get as far with them, each step should be about 16
# times as long: a rate of 0.016. This is the **linear scaling rule**. It holds while the weights
# change little from one step to the next; with much larger batches it ends.
#
# We compare over a slice of an epoch, the same pictures in the same order. All three slices together
# take about half a minute on two cores.


# %%
import time


def train_slice(batch_size, lr, pictures=9600):
    """Return the loss of each step on the first pictures of an epoch, and the seconds."""
    torch.manual_seed(0)
    model = make_network()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses, start = [], time.perf_counter()
    loader = make_loader(X_train, y_train, batch_size)
    for _step, (X, y) in zip(range(pictures // batch_size), loader, strict=False):
        loss = loss_fn(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return torch.tensor(losses), time.perf_counter() - start


# %% [markdown]
# **Predict:** how will the curve of batches of 64 at a rate of 0.016 lie to that of batches of 4 at
# 0.001? And how many times faster will it be: 16 times?

# %% tags=["nbval-ignore-output"]
by_4, seconds_4 = train_slice(4, 0.001)
by_64, seconds_64 = train_slice(64, 0.016)
by_64_slow, _ = train_slice(64, 0.001)
print(f"batches of 64 are {seconds_4 / seconds_64:.0f} times faster")
assert seconds_4 > 2 * seconds_64

# %% [markdown]
# Several times faster, how much depends on the computer. It is the same arithmetic, but in a few
# large pieces: a processor spends less time on starting each piece, and reads the weights less
# often. On a CPU it is usually less than 16 times, because the arithmetic itself remains. Now the
# curves; each point is the mean over 960 pictures.


# %%
def smooth(losses, steps):
    """Return the mean of each group of so many steps; a rest is left out."""
    return losses[: len(losses) // steps * steps].reshape(-1, steps).mean(dim=1)


curves = {
    "4 at 0.001": smooth(by_4, 240),
    "64 at 0.016": smooth(by_64, 15),
    "64 at 0.001": smooth(by_64_slow, 15),
}

# %%
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
for (name, curve), style in zip(curves.items(), ("o-", "s--", "^:"), strict=True):
    seen = 960 * torch.arange(1, len(curve) + 1)
    ax.plot(seen, curve, style, label=name)
ax.set(xlabel="pictures seen", ylabel="cross-entropy")
_ = ax.legend(title="batches of")

# %% [markdown]
# *Figure: the loss against the number of pictures seen. The curves of 4 at 0.001 and 64 at 0.016
# lie on each other. With batches of 64 at 0.001 the loss hardly falls.*

# %%
gap = (curves["4 at 0.001"] - curves["64 at 0.016"]).abs().max()
slow = curves["64 at 0.001"] - curves["64 at 0.016"]
assert gap < 0.05
assert slow[-1] > (0.1 if real else 0)

# %% [markdown]
# The same curve in a fraction of the time, as far as we have looked. And the other curve shows the
# usual mistake: larger batches at the old rate look fast, but learn less from the same pictures.
#
# ### Fewer bits
#
# Can each step be faster as well? **bfloat16** is a number of 16 bits instead of 32. It reaches as
# far as `float32`, but it keeps only 8 binary digits.
#
# **Predict:** what is 257 in bfloat16?

# %%
print(torch.tensor([1.0, 100.0, 256.0, 257.0]).bfloat16().tolist())

# %% [markdown]
# Between 256 and 512, eight binary digits are enough for the even numbers only, so 257 becomes 256.
# For a matrix product inside a network that is often precise enough. **Autocast** computes such
# products in bfloat16. The weights stay in `float32`, because many small steps would be lost in
# rounding. `helpers.train` does it with `amp=True`. Measure first, a few steps are enough:


# %%
def epoch_seconds(amp):
    """Return the seconds of an epoch of 20 steps, after one to warm up."""
    torch.manual_seed(0)
    model = make_network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.016)
    options = {"epochs": 2, "amp": amp, "progress": False}
    history = helpers.train(model, few_loader, loss_fn, optimizer, **options)
    assert model[1].weight.dtype == torch.float32
    return history["seconds"][-1]


# %% tags=["nbval-ignore-output"]
ratio = epoch_seconds(amp=False) / epoch_seconds(amp=True)
print(f"with bfloat16 a step is {ratio:.1f} times as fast")

# %% [markdown]
# A number above 1 means faster. It pays only on chips that have bfloat16 built in: current GPUs,
# and some CPUs. On all others it is imitated, and usually slower than `float32`. The output above
# is that of one computer; yours may say the opposite. That is why we measure, and why we go on in
# `float32`, which works the same everywhere.

# %% [markdown]
# ## 8. Ten epochs
#
# The tutorial trains for ten epochs. We train nine at 0.016, then one more at a rate ten times
# smaller, for a reason that we shall see. On a CPU with two cores this takes a minute or two.

# %% tags=["nbval-ignore-output"]
torch.manual_seed(0)
model = make_network()
optimizer = torch.optim.SGD(model.parameters(), lr=0.016)
train_loader = make_loader(X_train, y_train)
options = {"metrics": {"accuracy": helpers.accuracy}, "live_plot": True}
history = helpers.train(model, train_loader, loss_fn, optimizer, epochs=9, **options)

# %% [markdown]
# *Figure: training accuracy and training loss of each epoch. The loss falls in every epoch; the
# epochs count from 0 here.*

# %%
loss = torch.tensor(history["train_loss"])
assert bool((loss.diff() < 0).all())
assert not real or 1.0 < loss[-1] < 1.3

# %% [markdown]
# Why a smaller rate at the end? Let two copies go on for 180 steps, one at 0.016 and one at 0.0016,
# and look at the loss on 5,000 training pictures after every 30 steps. It takes about ten seconds.

# %%
some_loader = make_loader(X_train[:5000], y_train[:5000], 500, shuffle=False)


def go_on(lr, steps=180, every=30):
    """Return the loss of a copy that trains on, measured every so many steps."""
    trial = copy.deepcopy(model)
    optimizer = torch.optim.SGD(trial.parameters(), lr=lr)
    losses = [helpers.evaluate(trial, some_loader, loss_fn)["loss"]]
    loader = make_loader(X_train, y_train)  # made anew: the same batches for each rate
    for step, (X, y) in zip(range(1, steps + 1), loader, strict=False):
        loss = loss_fn(trial(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % every == 0:
            losses.append(helpers.evaluate(trial, some_loader, loss_fn)["loss"])
    return losses


# %% [markdown]
# **Predict:** ten times shorter steps: does the loss fall more slowly?

# %%
long_steps, short_steps = go_on(0.016), go_on(0.0016)
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
for losses, style in ((long_steps, "o-"), (short_steps, "s--")):
    ax.plot(30 * torch.arange(len(losses)), losses, style)
ax.set(xlabel="steps", ylabel="cross-entropy")
_ = ax.legend(["0.016", "0.0016"], title="learning rate")

# %% [markdown]
# *Figure: the loss on 5,000 training pictures while two copies train on. On the real pictures it
# goes up and down at 0.016, and falls at 0.0016.*

# %%
if real:
    assert max(torch.tensor(long_steps).diff()) > 0.01
    assert short_steps[-1] < min(long_steps)

# %% [markdown]
# The short steps get lower, and at once. At the long ones each batch pulls the weights to and fro,
# so it is luck where the last step leaves them. So the tenth epoch has short steps. This figure
# needed no test picture.
#
# An optimizer keeps its options in `param_groups`, a list with a dict for each group of parameters.
# Ours has one group, and we change its rate. The epoch takes about ten seconds.

# %% tags=["nbval-ignore-output"]
optimizer.param_groups[0]["lr"] = 0.0016
helpers.train(model, train_loader, loss_fn, optimizer, epochs=1, progress=False)
after = helpers.evaluate(model, some_loader, loss_fn)["loss"]
print(f"before {short_steps[0]:.2f}, after {after:.2f}")
assert after < short_steps[0]

# %% [markdown]
# The published run kept its rate to the end. So a part of what we may gain on it comes from this
# last epoch.

# %% [markdown]
# ## 9. Save what was learned
#
# A trained network is its code and its numbers. The numbers are in `model.state_dict()`, a dict
# from a name to a tensor.

# %%
for name, value in model.state_dict().items():
    print(name, tuple(value.shape))

# %% [markdown]
# `torch.save(model, path)` would write the whole object, and `torch.load` would have to run code
# from the file to build it again. A file from a stranger could then do anything. With
# `weights_only=True` only tensors and a few plain types are read, and everything else is refused.
# Since PyTorch 2.6 that is the default; we write it down, so that older versions are safe as well,
# and every reader sees it:

# %%
import pickle
import tempfile
from pathlib import Path

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "model.pt"
    torch.save(model, path)
    try:
        torch.load(path, weights_only=True)
    except pickle.UnpicklingError as error:
        print("refused:", type(error).__name__)

# %% [markdown]
# ### Exercise 6: save and load (6 minutes, build)
#
# Write `save_and_load(model, new_model, path)`. It writes the `state_dict` of `model` into the file
# `path` (a `pathlib.Path`) with `torch.save`, reads that file with `torch.load` and
# `weights_only=True` (since PyTorch 2.6 it may be left out), puts the numbers into `new_model` with
# its method `load_state_dict`, and returns `new_model`. Afterwards the file holds the `state_dict`
# and nothing else, even if there was a file before, and `model` is as it was. Both models have the
# same layers. Call `torch.load` by this name: the check watches it.


# %% exercise="cifar10.save_and_load"
def save_and_load(model, new_model, path):
    """Return new_model with the weights of model, by way of a file."""
    ### BEGIN SOLUTION
    torch.save(model.state_dict(), path)
    new_model.load_state_dict(torch.load(path, weights_only=True))
    return new_model
    ### END SOLUTION


# %%
cifar10.save_and_load.check(save_and_load)

# %% [markdown]
# Does the round trip change anything? Compare without any tolerance. `helpers.predict` returns a
# pair, the logits of all batches and their y; `[0]` takes the logits. The temporary folder is
# deleted at the end.
#
# **Predict:** how large is the file?

# %%
if cifar10.save_and_load.done():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.pt"
        loaded = save_and_load(model, make_network(), path)
        print(f"{path.stat().st_size / 1e6:.1f} MB")
    logits, same = (helpers.predict(m, some_loader)[0] for m in (model, loaded))
    print("exactly the same logits:", torch.equal(logits, same))

# %% [markdown]
# 3,676,682 numbers of 4 bytes are 14.7 MB, and the copy gives exactly the same logits.

# %%
assert round(4 * total / 1e6, 1) == 14.7

# %% [markdown]
# ## 10. The test set, once
#
# Now the 10,000 test pictures, in one pass: from these logits come all figures of this section. The
# tutorial shuffles its test set. That changes no accuracy, but predictions then no longer stand
# beside their pictures. Ours keeps its order.

# %% tags=["data-dependent"]
test_set = helpers.load_cifar10(train=False)
X_test, y_test = helpers.to_tensors(test_set)
test_loader = make_loader(X_test, y_test, 500, shuffle=False)
logits = helpers.predict(model, test_loader)[0].cpu()  # (10000, 10)
probs = logits.softmax(dim=1)
y_pred = logits.argmax(dim=1)
print(tuple(logits.shape))

# %% tags=["data-picture"]
titles = [
    f"{test_set.classes[a]}?\n({test_set.classes[b]})"
    for a, b in zip(y_pred[:16], y_test[:16], strict=True)
]
_ = helpers.show_images(test_set.data[:16], titles)

# %% [markdown]
# *Figure: the first 16 test pictures; above each the network's choice, and in brackets the true
# class. Not saved; run the cell to see them.*

# %% tags=["nbval-ignore-output"]
accuracy = helpers.accuracy(logits, y_test)
print(f"{accuracy:.1%} of {len(y_test):,} test pictures are right")
assert accuracy > 0.12
assert not real or 0.53 <= accuracy < 0.58

# %% [markdown]
# A little more than the 53 percent of the tutorial, which prints no decimals. (On the digits that
# stand in for the pictures it is far less: ten epochs of so few of them are not enough.) Is the
# network equally good at all classes?
#
# ### Exercise 7: accuracy per class, without a loop (7 minutes, build)
#
# Write `per_class_accuracy(y_pred, y, classes)`. `y_pred` and `y` are `int64` tensors of shape
# (N,), predicted and true class numbers from 0 to `classes` - 1. Return a float tensor of shape
# (classes,): for each true class the fraction of its pictures that are right. Every class occurs in
# `y`, but perhaps not in `y_pred`. Try it without a loop: `torch.bincount(x, minlength=n)` counts
# how often each of the numbers 0 to n - 1 occurs in `x`.


# %% exercise="cifar10.per_class"
def per_class_accuracy(y_pred, y, classes):
    """Return the fraction right of each true class, (classes,)."""
    ### BEGIN SOLUTION
    right = torch.bincount(y[y_pred == y], minlength=classes)
    return right / torch.bincount(y, minlength=classes)
    ### END SOLUTION


# %%
cifar10.per_class.check(per_class_accuracy)

# %% [markdown]
# The same with a loop, beside the figures that the tutorial has published.

# %% tags=["nbval-ignore-output"]
import pandas as pd

ours = torch.stack([(y_pred[y_test == k] == k).float().mean() for k in range(10)])
published = [58.9, 61.2, 33.5, 35.4, 52.8, 49.4, 60.6, 59.6, 64.5, 63.1]
columns = {"published (%)": published, "ours (%)": [round(100 * x, 1) for x in ours.tolist()]}
pd.DataFrame(columns, index=test_set.classes)

# %%
if cifar10.per_class.done():
    yours = torch.as_tensor(per_class_accuracy(y_pred, y_test, 10), dtype=torch.float32)
    torch.testing.assert_close(yours, ours)
    print("yours agrees")

# %%
far = (100 * ours - torch.tensor(published)).abs().max()
assert not real or far < 20
assert not real or ours.max() - ours.min() > 0.2
of = dict(zip(test_set.classes, ours, strict=True))
assert not real or max(of["bird"], of["cat"]) < accuracy < of["ship"]

# %% [markdown]
# One accuracy hides a lot. Between the easiest and the hardest class there are more than 20 points,
# in both columns: birds and cats are hard, ships are easier. For a single class the two columns may
# differ by several points. Both come from the same test pictures, so that is due to the training
# most of all: with other random numbers it ends with other preferences. With 1,000 *other* test
# pictures, chance would move a figure by one or two points as well; that is the **standard error**
# of a fraction, computed below.

# %%
standard_error = (0.5 * 0.5 / 1000) ** 0.5
assert 0.01 < standard_error < 0.02
assert max(published) - min(published) > 20

# %% [markdown]
# ### Which classes are confused?

# %% tags=["nbval-ignore-output"]
fig, ax = plt.subplots(figsize=(6, 5.4), layout="constrained")
_ = helpers.plot_confusion(logits, y_test, test_set.classes, ax)

# %% [markdown]
# *Figure: true classes in rows, predicted classes in columns. The diagonal holds what is right.
# Large numbers beside it show what is confused, for example cats and dogs.*
#
# ### Exercise 8: the most confused pairs (8 minutes, build)
#
# Write `most_confused(matrix, k)`. `matrix[a, b]` counts pictures of class a that were taken for b,
# an `int64` tensor of shape (C, C). A pair of classes is confused `matrix[a, b] + matrix[b, a]`
# times, both directions together; that number may be 0. Return a list of the `k` most confused
# pairs as tuples `(a, b, count)` of plain whole numbers, with a < b, the largest count first. Of pairs
# with equal counts any may come first. `k` is at least 1 and at most the number of pairs. Do not
# change `matrix`.


# %% exercise="cifar10.confused"
def most_confused(matrix, k):
    """Return the k most confused pairs as (a, b, count), a < b, the largest count first."""
    ### BEGIN SOLUTION
    a, b = torch.triu_indices(len(matrix), len(matrix), offset=1)  # all pairs a < b
    counts, places = (matrix + matrix.T)[a, b].topk(k)
    return list(zip(a[places].tolist(), b[places].tolist(), counts.tolist(), strict=True))
    ### END SOLUTION


# %%
cifar10.confused.check(most_confused)

# %% tags=["nbval-ignore-output"]
matrix = torch.bincount(10 * y_test + y_pred, minlength=100).reshape(10, 10)
if cifar10.confused.done():
    for a, b, count in most_confused(matrix, 5):
        print(test_set.classes[int(a)], "and", test_set.classes[int(b)], int(count))

# %%
mixed = matrix + matrix.T - 2 * matrix.diag().diag()
pair = {test_set.classes[k] for k in divmod(int(mixed.argmax()), 10)}
assert not real or pair == {"cat", "dog"}
high = mixed.flatten().topk(20).values[-1]  # of ten pairs, each stands there twice
assert not real or mixed[0, 8] >= high

# %% [markdown]
# Cats and dogs are confused most. Look at the other large numbers of the matrix: which of these pairs
# look alike to you, too?
#
# ### The most confident mistakes
#
# `probs.max(dim=1)` says how sure the network is.
#
# **Predict:** are there pictures for which it is more than 90 percent sure, and wrong?

# %% tags=["nbval-ignore-output"]
sure = probs.max(dim=1).values  # (10000,)
wrong = y_pred != y_test
sure_and_wrong = int((wrong & (sure > 0.9)).sum())
print("more than 90 percent sure:", int((sure > 0.9).sum()), "and wrong:", sure_and_wrong)
assert not real or 20 < sure_and_wrong < 300

# %% tags=["data-picture"]
worst = (sure * wrong).argsort(descending=True)[:8]
titles = [f"{test_set.classes[y_pred[i]]}?\n({test_set.classes[y_test[i]]})" for i in worst]
_ = helpers.show_images(test_set.data[worst], titles)

# %% [markdown]
# *Figure: the eight mistakes of which the network is most sure; the true class stands in brackets.
# Not saved; run the cell to see them.*
#
# On the real pictures there are dozens of such mistakes, among many more that are right: sure is
# not certain. It often helps to look at these pictures: some have an unusual background, some are
# hard for people too.

# %% [markdown]
# ## 11. What this network cannot see
#
# Move each test picture by three pixels. For us it shows the same thing. At the edge that becomes
# free, the last row or column is repeated.


# %%
def shift(X, right=0, down=0):
    """Return the pictures, moved by so many pixels."""
    rows = (torch.arange(32) - down).clamp(0, 31)
    columns = (torch.arange(32) - right).clamp(0, 31)
    return X[:, :, rows][:, :, :, columns]


# %% [markdown]
# **Predict:** what happens to the accuracy when all pictures move by three pixels: nothing, a
# little, or does the network only guess?

# %%
moves = {
    "not moved": {},
    "right": {"right": 3},
    "left": {"right": -3},
    "down": {"down": 3},
    "up": {"down": -3},
}
scores = {}
for name, move in moves.items():
    loader = make_loader(shift(X_test, **move), y_test, 500, shuffle=False)
    scores[name] = helpers.accuracy(*helpers.predict(model, loader))

# %% tags=["nbval-ignore-output"]
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
bars = ax.bar(scores.keys(), [100 * score for score in scores.values()])
ax.bar_label(bars, fmt="%.0f")
ax.axhline(10, color="black", linestyle="--")
_ = ax.set(xlabel="moved by 3 pixels", ylabel="accuracy (%)", ylim=(0, 65))

# %% [markdown]
# *Figure: the accuracy on the test pictures as they are, and moved by three pixels in four
# directions. The dashed line is a guess among ten classes.*

# %%
assert abs(scores["not moved"] - accuracy) < 0.001
loss_of_points = [scores["not moved"] - scores[name] for name in moves if name != "not moved"]
assert not real or min(loss_of_points) > 0.01
assert not real or max(loss_of_points) > 0.04

# %% [markdown]
# In every direction the accuracy falls, in the worst one by more than 4 points. The network has
# learned weights of their own for each pixel. What it knows about a wheel at one place, it does not
# know three pixels further. (We have decided nothing by these numbers: the model was finished
# before. That is why the test pictures may be used here.)
#
# There is more that it cannot see. Put the 3072 numbers of every picture in another order, the same
# one for all. We see only noise then. Put the weights of the first layer in that order too:

# %%
order = torch.randperm(3072).to(device)
scrambled = copy.deepcopy(model)
scrambled[1].weight.data = model[1].weight.data[:, order]
X = helpers.normalize(X_test[:8]).to(device).flatten(start_dim=1)  # (8, 3072)
torch.testing.assert_close(scrambled(X[:, order]), model(X), rtol=1e-3, atol=1e-4)

# %% [markdown]
# The logits are the same. So for such a network the order of the pixels means nothing. It does not
# know which pixels are neighbours. Before the training all its weights are random, so it could
# learn scrambled pictures just as well. Pictures are not like that: neighbours belong together, and
# a wheel is a wheel wherever it is. Convolutional layers are built on exactly these two facts.

# %% [markdown]
# ## Recap
#
# - Bytes become numbers around 0 with `(x / 255 - mean) / std`, and `x * std + mean` brings them
#   back. Batches of 64 at a rate 16 times larger follow the curve of batches of 4, in a fraction of
#   the time.
# - Weight the numbers of a batch by its rows, or join all logits first. Measure in evaluation mode,
#   without a graph. Save the `state_dict`, and load it with `weights_only=True`.
# - One accuracy hides classes that are much better or worse. A fully connected network knows
#   nothing about neighbours, and a shift by three pixels costs it accuracy.

# %% [markdown]
# ## Quiz
#
# Replace each `...` by the letter of your choice.
#
# **1.** After `(x / 255 - 0.5) / 0.5`, a pixel has the value -1 in all three channels. What colour
# was it?
# - **a** grey
# - **b** black
# - **c** white

# %%
cifar10.quiz(1, "b")  ### STUB: cifar10.quiz(1, ...)

# %% [markdown]
# **2.** You go from batches of 4 to batches of 64 and want the same curve over the pictures seen.
# What about the learning rate?
# - **a** it stays as it is
# - **b** it becomes 16 times smaller
# - **c** it becomes 16 times larger

# %%
cifar10.quiz(2, "c")  ### STUB: cifar10.quiz(2, ...)

# %% [markdown]
# **3.** 10,000 pictures in batches of 64, the last batch has 16. What is wrong with the mean of the
# batch accuracies?
# - **a** the last 16 pictures count too much
# - **b** the training learns something wrong
# - **c** nothing: a mean of means is the mean

# %%
cifar10.quiz(3, "a")  ### STUB: cifar10.quiz(3, ...)

# %% [markdown]
# **4.** Why never `torch.load(path, weights_only=False)` with a file from a stranger?
# - **a** because the numbers are rounded
# - **b** because the file becomes larger
# - **c** because the file could run code on your computer

# %%
cifar10.quiz(4, "c")  ### STUB: cifar10.quiz(4, ...)

# %% [markdown]
# **5.** Why does a shift by three pixels disturb a fully connected network?
# - **a** because it does not see colours
# - **b** because every pixel has its own weights
# - **c** because it has too few outputs

# %%
cifar10.quiz(5, "b")  ### STUB: cifar10.quiz(5, ...)

# %% [markdown]
# ## Where to go on
#
# - [The home of CIFAR-10](https://www.cs.toronto.edu/~kriz/cifar.html): where the pictures come
#   from, and how they were labelled.
# - [PyTorch on saving and
#   loading](https://docs.pytorch.org/tutorials/beginner/saving_loading_models.html): checkpoints
#   with an optimizer, other devices, parts of a model.
# - [PyTorch on automatic mixed precision](https://docs.pytorch.org/docs/stable/amp.html): which
#   operations autocast computes in bfloat16, and which it does not.
