# %% [markdown]
# # 01 Tensors: shape, type and memory
#
# In this notebook you learn
# - to make a tensor, and to read its shape, its type and its place in memory;
# - to select, join, reduce and combine numbers without a loop;
# - to recognise three silent mistakes: memory that is shared, numbers that overflow, and shapes
#   that broadcast.
#
# **80 minutes, on any CPU.** You know Python and have seen NumPy arrays before.

# %% [markdown]
# ## Why
#
# A network sees nothing but tensors. A **tensor** is a block of numbers of one type, with a shape.
# A table, a picture and a network's weights are all tensors; the shape says which number means
# what. When a network does not learn, the reason is often a tensor of the wrong shape or type, and
# PyTorch may not complain. This notebook shows the few rules from which all shapes follow.
#
# ![Five tensors: one number of shape (), a row of shape (4,), a table of shape (3, 4), a picture with three colours of shape (3, H, W), and a batch of pictures of shape (N, 3, H, W).](figures/tensors_dimensions.svg)

# %% tags=["setup"]
import matplotlib.pyplot as plt
import numpy as np
import torch

import helpers
from helpers.exercises import tensors

# %% [markdown]
# ## 1. Make a tensor
#
# From a list of lists. Here are the temperatures, in °C, of three cities on four days.

# %%
temperatures = torch.tensor(
    [[20.0, 18.0, 24.0, 26.0], [13.0, 17.0, 15.0, 11.0], [33.0, 28.0, 30.0, 29.0]]
)
print(temperatures.shape, temperatures.dtype, temperatures.device)

# %% [markdown]
# The **shape** says three rows (cities) and four columns (days). The **dtype** is the type of
# every number in it. The **device** is the memory that holds it: the computer's own, or that of a
# graphics processor (GPU).
#
# **Predict:** which dtype does each of these three lists get?

# %%
for numbers in ([1, 2, 3], [1, 2, 3.0], [True, False]):
    print(numbers, torch.tensor(numbers).dtype)

# %% [markdown]
# Whole numbers become `int64`, and one decimal point is enough for `float32`. Networks compute in
# `float32`. NumPy's usual type is `float64`, and it stays `float64` unless you say otherwise.

# %%
array = np.array([1.0, 2.0, 3.0])
print(torch.tensor(array).dtype, torch.tensor(array, dtype=torch.float32).dtype)

# %% [markdown]
# There are two ways from an array to a tensor.
#
# **Predict:** after the array has changed, what does each of the two tensors hold in its first
# place?

# %%
copied = torch.tensor(array)
shared = torch.from_numpy(array)
array[0] = 100
print(copied[0].item(), shared[0].item())

# %% [markdown]
# `torch.tensor` copies. `torch.from_numpy` makes a tensor on the **same memory**: it costs
# nothing, but a change in one is a change in the other. `.numpy()`, the way back, shares as well.
# (`.item()` takes a single number out of a tensor.)

# %%
shared.numpy()[1] = -1
print(array)

# %% [markdown]
# Often a tensor is made from nothing but its shape. `arange` leaves out its end, like Python's
# `range`. `linspace` includes it, and its last argument is the number of points.

# %%
print(torch.zeros(2, 3))
print(torch.ones(3, dtype=torch.int64))
print(torch.arange(0, 10, 2), torch.linspace(0, 1, 5))

# %% [markdown]
# `zeros`, `ones`, `full`, `rand` and `randn` have sisters whose names end in `_like`. They take the
# shape, the dtype and the device from another tensor. Decide otherwise where you need to: random numbers between 0 and 1 cannot be
# whole numbers, so `rand_like` of whole numbers needs a dtype.

# %%
counts = torch.tensor([[4, 0], [1, 7]])
print(torch.zeros_like(counts))
print(torch.rand_like(counts, dtype=torch.float32).dtype)

# %% [markdown]
# Random numbers come from a generator. A **seed** sets its starting point: the same seed gives the
# same numbers, so that you can repeat what you did.

# %%
torch.manual_seed(0)
first, second = torch.rand(3), torch.rand(3)
torch.manual_seed(0)
again = torch.rand(3)
print(torch.equal(first, second), torch.equal(first, again))

# %% [markdown]
# ### Exercise 1: from measurements to tensors (5 minutes, complete)
#
# Write `convert(measurements, labels)`. `measurements` is a NumPy array of shape (N, D), of
# decimals or of whole numbers. `labels` is a list of N class numbers as a CSV file gives them, such
# as `[2.0, 0.0, 1.0]`. Return three tensors:
# - `X`, the measurements as `float32`, shape (N, D);
# - `y`, the labels as `int64`, shape (N,);
# - `weights`, a weight of 1 for each row, `float32`, shape (N,).
#
# `X` must not share its memory with the array, even if the array already is `float32`.


# %% exercise="tensors.convert"
def convert(measurements, labels):
    """Return X float32 (N, D), y int64 (N,) and weights float32 (N,), all of them copies."""
    ### BEGIN SOLUTION
    X = torch.tensor(measurements, dtype=torch.float32)
    y = torch.tensor(labels, dtype=torch.int64)
    weights = torch.ones(len(y), dtype=torch.float32)
    return X, y, weights
    ### END SOLUTION


# %%
tensors.convert.check(convert)

# %% [markdown]
# Stuck? Run `tensors.convert.hint()` in a new cell, as often as you like, and then
# `tensors.convert.solution()`.

# %% [markdown]
# ## 2. dtype and device
#
# A dtype has a size. `uint8`, the type of most pictures, has one byte: it holds the whole numbers
# from 0 to 255.
#
# **Predict:** what is 250 + 10 in `uint8`?

# %%
bright = torch.tensor([250], dtype=torch.uint8)
print(bright + 10, bright.element_size(), "byte")
print(bright.float() + 10, bright.float().element_size(), "bytes")

# %% [markdown]
# 260 does not fit, so it starts again at 0 and becomes 4, without a warning. Convert first, with
# `.float()` or `.to(torch.float32)`, then compute. The price is four times the memory.
#
# When two dtypes meet in `+` or `*`, PyTorch takes the higher kind: bool, then whole numbers, then
# floats. Of two of the same kind it takes the larger. A plain Python number counts by its kind
# alone: that is why `bright + 10` stayed `uint8`. Division with `/` always gives floats.

# %%
whole, half = torch.tensor([1, 2]), torch.tensor([0.5, 0.5])
print((whole + half).dtype, (whole / 2).dtype, (whole // 2).dtype)

# %% [markdown]
# Two surprises. A large whole number may lose its last digit on the way to `float32`, which has
# about 7 of them. And the matrix product `@` (section 7) converts nothing: both sides must have
# the same dtype. NumPy's floats are `float64`, so this is one of the first errors that you will meet.

# %%
print(torch.tensor([2**24 + 1]), torch.tensor([2**24 + 1]) + torch.tensor([0.0]))
try:
    torch.ones(2, 2) @ torch.ones(2, 2, dtype=torch.float64)
except RuntimeError as error:
    print(error)

# %% [markdown]
# A GPU computes many numbers at the same time, but only with tensors in its own memory. PyTorch
# calls it an **accelerator**: `cuda` is one from NVIDIA or AMD, `mps` the one in an Apple computer.
# The usual lines look for one and otherwise take the CPU. They are what `helpers.pick_device`
# holds.

# %% tags=["nbval-ignore-output"]
if torch.accelerator.is_available():
    device = torch.accelerator.current_accelerator()
else:
    device = torch.device("cpu")
assert device == helpers.pick_device()
print(device)

# %% [markdown]
# `.to(device)` returns a copy there; on the device where it already is, the tensor itself. Tensors
# that are combined must be on the same device. This notebook stays on the CPU: it is small.

# %%
on_device = temperatures.to(device)
back = on_device.cpu()
print(on_device.device.type == device.type, torch.equal(back, temperatures))

# %% [markdown]
# ## 3. Shape, strides and views
#
# In memory all numbers of a tensor lie in one row. The shape and the **strides** say how to
# read it: the strides count how many steps to go in memory for one step in each dimension.

# %%
numbers = torch.arange(6)
m = numbers.view(2, 3)
print(m)
print(m.stride())

# %% [markdown]
# One row down is 3 steps in memory, one column to the right is 1. The transpose `m.T`, with rows
# and columns exchanged, is the same memory with the strides exchanged.
#
# ![The numbers 0 to 5 lie in memory in one row. m reads them as two rows of three, with strides (3, 1). m.T reads them as three rows of two, with strides (1, 3).](figures/tensors_strides.svg)
#
# `view` and `.T` copy nothing. Such a tensor is called a **view** of the other.
#
# **Predict:** `m.T[0, 1]` is set to 100. Which place of `numbers` changes?

# %%
m.T[0, 1] = 100
print(m.T.stride(), numbers)

# %% [markdown]
# Place 3: in `m.T` one step to the right is 3 places in memory. Neighbours in a row no longer lie
# side by side: it is not **contiguous**. Where no strides give the new shape, `view` refuses and
# `reshape` makes a copy. So `reshape` works for every shape with as many numbers, but whether the
# result shares its memory depends on the strides.

# %%
flat = m.T.reshape(6)
print(flat, m.T.is_contiguous(), flat.data_ptr() == m.data_ptr())
try:
    m.T.view(6)
except RuntimeError:
    print("view refuses")

# %% [markdown]
# In shapes, -1 stands for "whatever is left", and `unsqueeze` adds a dimension of size 1. You will
# meet both often.

# %%
print(m.reshape(-1).shape, m.reshape(3, -1).shape)
print(numbers.unsqueeze(0).shape, numbers.unsqueeze(1).shape)

# %% [markdown]
# ### In place
#
# An operation **in place** changes the tensor itself instead of making a new one. `+=` does that,
# and so does every method whose name ends in `_`.
#
# **Predict:** `b` is a second name for `a`. What is in `a` after each line that changes `b`?

# %%
a = torch.zeros(2)
b = a
b += 1
b = b + 1
b.mul_(10)
print(a, b)

# %% [markdown]
# `b += 1` changed the one tensor that both names mean. `b = b + 1` made a new one, so `mul_` did
# not reach `a` any more. A function that gets your tensor and works in place changes your data.
# `a.clone()` makes a copy.

# %% [markdown]
# ## 4. Select and join
#
# Indexing works as in NumPy. A single number takes away a dimension, a slice keeps it.

# %%
print(temperatures[0], temperatures[:, -1])
print(temperatures[0:1].shape, temperatures[:, ::2].shape)

# %% [markdown]
# A **mask** is a tensor of True and False. As an index it picks the places that are True. `&`
# means and, `|` means or, `~` means not; the parentheses are needed.

# %%
mild = (temperatures > 15) & (temperatures < 25)
print(mild.sum().item(), temperatures[mild])

# %% [markdown]
# One index for each dimension, of the same length, picks one number for each pair: here one chosen
# day for each city. You will use this to pick the probability of the right class.

# %%
cities, days = torch.arange(3), torch.tensor([3, 1, 0])
print(temperatures[cities, days])

# %% [markdown]
# Slices are views; masks and tensors of indices make copies.
#
# `cat` joins tensors along a dimension that is there. `stack` makes a new dimension.
#
# **Predict:** which shapes do these have?

# %%
week, next_week = torch.zeros(3, 4), torch.ones(3, 4)
print(torch.cat([week, next_week], dim=0).shape, torch.cat([week, next_week], dim=1).shape)
print(torch.stack([week, next_week]).shape)

# %% [markdown]
# With `cat` one size grows, with `stack` a 2 is put in front: two tables.
#
# ### Exercise 2: select (5 minutes, complete)
#
# A network has given each of N rows a probability for each of C classes: `probs` has shape (N, C).
# The true classes are `y`, `int64` of shape (N,). Write `select(probs, y)`. It returns two tensors
# and changes neither of its inputs:
# - `p_true`, shape (N,): of each row, the probability of its true class;
# - `unsure`, shape (M, C): the M rows of `probs` in which that probability is below 0.5, in their
#   order. There may be none: then M is 0.


# %% exercise="tensors.select"
def select(probs, y):
    """Return p_true (N,) and unsure (M, C)."""
    ### BEGIN SOLUTION
    p_true = probs[torch.arange(len(y)), y]
    unsure = probs[p_true < 0.5]
    return p_true, unsure
    ### END SOLUTION


# %%
tensors.select.check(select)

# %% [markdown]
# ## 5. Reduce: `dim` and `keepdim`
#
# `mean`, `sum`, `max` and others reduce many numbers to one. `dim` says along which dimension, and
# that is the dimension which disappears.
#
# **Predict:** `temperatures` has shape (3, 4). What shape does its mean over `dim=1` have?

# %%
print(temperatures.mean())
print(temperatures.mean(dim=1), temperatures.mean(dim=0))

# %% [markdown]
# Over the columns (`dim=1`): one mean for each city. Over the rows (`dim=0`): one for each day.
# With `keepdim=True` the dimension stays, with size 1. That is what the next section needs.

# %%
print(temperatures.mean(dim=1, keepdim=True))

# %% [markdown]
# `max` with a `dim` returns two things: the values, and where they are. `sort` does the same.
# `argmax` gives the places alone.

# %%
values, days = temperatures.max(dim=1)
print(values, days, torch.equal(days, temperatures.argmax(dim=1)))
values, order = temperatures[0].sort(descending=True)
print(values, order)

# %% [markdown]
# ## 6. Broadcasting
#
# What is the sum of two tensors of different shape? PyTorch writes the shapes below each other,
# **from the right**. In each place the two sizes must be equal, or one of them is 1 or missing. A
# size of 1, or a missing one, is repeated: it is **broadcast**. Nothing is copied for that.
#
# ![A column of shape (3, 1) is repeated to the right, a row of shape (4,) is repeated downwards; their sum has shape (3, 4).](figures/tensors_broadcast.svg)

# %%
column = torch.tensor([[0], [10], [20]])
row = torch.tensor([1, 2, 3, 4])
print(column + row)

# %% [markdown]
# We want to know how far each day is from the mean of its city.
#
# **Predict:** which of these two means can be subtracted, the one of shape (3,) or that of (3, 1)?

# %%
for city_mean in (temperatures.mean(dim=1), temperatures.mean(dim=1, keepdim=True)):
    try:
        print(temperatures - city_mean)
    except RuntimeError as error:
        print(tuple(city_mean.shape), "fails:", error)

# %% [markdown]
# The shape (3,) is read as (1, 3), and its 3 stands below the 4 days. With `keepdim=True` the
# shape is (3, 1): the 3 stands below the 3 cities, and the 1 is repeated.
#
# It was good luck that one failed. With three cities and *three* days both can be subtracted, and
# the first one silently takes the wrong city's mean:

# %%
square = temperatures[:, :3]
silent = square - square.mean(dim=1)
right = square - square.mean(dim=1, keepdim=True)
print(silent.shape == right.shape, torch.equal(silent, right))

# %% [markdown]
# The same shape, but other numbers.
#
# ### Exercise 3: standardise a table (5 minutes, build)
#
# Networks learn best from numbers of similar size. To **standardise** is to subtract the mean and
# to divide by the standard deviation. Write `standardise(X, dim)` for a table `X` of shape (N, D):
# with `dim=0` it standardises each column, with `dim=1` each row. It returns a new tensor of the
# same shape. `X.std` is the standard deviation (divided by N - 1; the one divided by N is right as
# well). It may be small, but is never 0, so add nothing to it. `X` stays as it was.


# %% exercise="tensors.standardise"
def standardise(X, dim):
    """Return X with mean 0 and standard deviation 1 along dim."""
    ### BEGIN SOLUTION
    mean = X.mean(dim=dim, keepdim=True)
    std = X.std(dim=dim, keepdim=True)
    return (X - mean) / std
    ### END SOLUTION


# %%
tensors.standardise.check(standardise)

# %% [markdown]
# ## 7. Products, eigenvalues, distances
#
# `*` multiplies number by number. `@` (or `torch.matmul`) is the product of matrices: each row of
# the first with each column of the second, multiplied and summed up. A network's linear layer is such a product.
# Written with broadcasting, it is this:

# %%
torch.manual_seed(0)
A, B = torch.rand(4, 3), torch.rand(3, 5)
by_hand = (A.unsqueeze(2) * B).sum(dim=1)  # (4, 3, 1) * (3, 5) -> (4, 3, 5) -> (4, 5)
torch.testing.assert_close(by_hand, A @ B)
print((A @ B).shape)

# %% [markdown]
# `assert_close` raises an error unless two tensors agree up to rounding. It said nothing, so they
# do. The inner sizes, 3 and 3, must be equal; they disappear.
#
# `torch.linalg` holds the rest of linear algebra. One example: the **covariance** of a cloud of
# points says how strongly its columns vary, and how far they vary together.

# %%
points = torch.randn(300, 2) @ torch.tensor([[2.0, 1.0], [0.0, 0.5]])  # (300, 2)
centred = points - points.mean(dim=0)
covariance = centred.T @ centred / (len(points) - 1)  # (2, 2)
torch.testing.assert_close(covariance, torch.cov(points.T))

# %% [markdown]
# An **eigenvector** of a matrix is a direction that the matrix only stretches; the **eigenvalue**
# says how much. For a covariance these are the directions in which the cloud is longest and
# shortest, and the eigenvalues are the variances along them. `eigh` is the function for symmetric
# matrices such as this one.

# %%
eigenvalues, eigenvectors = torch.linalg.eigh(covariance)  # (2,), ascending; (2, 2), in columns
longest = eigenvectors[:, 1]
torch.testing.assert_close(covariance @ longest, eigenvalues[1] * longest)
torch.testing.assert_close((centred @ longest).var(), eigenvalues[1])

# %%
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
ax.scatter(*centred.T, s=8, color="#0072B2", alpha=0.4)
for value, vector in zip(eigenvalues, eigenvectors.T, strict=True):
    ends = torch.stack([-vector, vector]) * 2 * value.sqrt()  # (2, 2), one end in each row
    ax.plot(*ends.T, color="#E69F00", linewidth=3)
_ = ax.set(xlabel="first column", ylabel="second column", aspect="equal")

# %% [markdown]
# *Figure: 300 points and two lines along the eigenvectors of their covariance, reaching two standard
# deviations to both sides. One runs along the cloud, the other across it.*
#
# ### Exercise 4: pairwise distances (7 minutes, build)
#
# Write `distances(A, B)` for points in rows: `A` has shape (N, D), `B` has shape (M, D). It
# returns a tensor of shape (N, M) with the distance of each row of `A` from each row of `B`: the
# root of the sum of the squared differences. `A` and `B` stay as they were. `torch.cdist` does the
# same, and a loop would do; with broadcasting you need neither. Try that.


# %% exercise="tensors.distances"
def distances(A, B):
    """Return the Euclidean distances (N, M) between the rows of A and of B."""
    ### BEGIN SOLUTION
    differences = A.unsqueeze(1) - B  # (N, 1, D) - (M, D) -> (N, M, D)
    return (differences**2).sum(dim=2).sqrt()
    ### END SOLUTION


# %%
tensors.distances.check(distances)

# %%
if tensors.distances.done():
    gaps = distances(points[:9], points) - torch.cdist(points[:9], points)
    print("as torch.cdist, up to rounding:", bool(gaps.abs().max() < 0.01))

# %% [markdown]
# ## 8. Pictures: NHWC and NCHW
#
# Two photographs come with scikit-learn. As a file gives them, pictures are `uint8` with the
# colours last: **NHWC**, for number, height, width, channel. We take every fourth pixel.

# %%
from sklearn.datasets import load_sample_images

photos = torch.tensor(np.stack(load_sample_images().images))[:, ::4, ::4]
print(photos.shape, photos.dtype, photos.min().item(), photos.max().item())

# %% [markdown]
# PyTorch's layers for pictures expect **NCHW**: the channels come second. `permute` puts the
# dimensions into another order, without a copy. `reshape` to the same shape only reads the row in
# memory anew.
#
# **Predict:** do both give the same picture?

# %%
permuted = photos.permute(0, 3, 1, 2)
reshaped = photos.reshape(2, 3, 107, 160)
print(permuted.shape == reshaped.shape, torch.equal(permuted, reshaped))

# %%
fig, axes = plt.subplots(1, 2, figsize=(5, 2), layout="constrained")
for ax, batch, title in zip(axes, (permuted, reshaped), ("permute", "reshape"), strict=True):
    ax.imshow(batch[0].permute(1, 2, 0))  # imshow wants the colours last
    ax.set_title(title)
    ax.axis("off")

# %% [markdown]
# *Figure: after permute a photograph of a tower, after reshape nothing but coloured stripes.
# (Photograph: danielbuechele, CC BY 2.0.)*
#
# The shape is right and the picture is lost: `reshape` took red, green and blue of one pixel for
# neighbours in one channel. Look at a picture after each change.
#
# ### Exercise 5: a batch of pictures (5 minutes, build)
#
# Write `to_batch(images)` for `images` of type `uint8` and shape (N, H, W, 3). It returns them as
# `float32` of shape (N, 3, H, W), from 0 (was 0) to 1 (was 255), and leaves `images` as it was.


# %% exercise="tensors.to_batch"
def to_batch(images):
    """Return uint8 (N, H, W, 3) as float32 (N, 3, H, W) in [0, 1]."""
    ### BEGIN SOLUTION
    return images.permute(0, 3, 1, 2).float() / 255
    ### END SOLUTION


# %%
tensors.to_batch.check(to_batch)

# %% [markdown]
# ## 9. A window for a signal
#
# A tensor of one dimension can be a sound. This one lasts one second, with 200 samples. It is a
# loud tone of 20.5 Hz (vibrations per second) and one of 40 Hz that is a hundred times weaker.

# %%
time = torch.arange(200) / 200  # (200,), in seconds
loud = torch.sin(2 * torch.pi * 20.5 * time)
weak = 0.01 * torch.sin(2 * torch.pi * 40 * time)
signal = loud + weak

# %% [markdown]
# The **Fourier transform** says how much of each frequency is in a signal. It takes the signal as
# if it went on for ever, the second repeated again and again. But 20.5 vibrations do not end where
# they began: at each repetition there is a kink, and a kink contains all frequencies. The loud
# tone **leaks** into the whole spectrum.
#
# The remedy is a **window**: a curve that is 1 in the middle and small at both ends. Multiplied by
# it, the signal fades in and out, and the kink nearly disappears. Hamming's window is a cosine:

# %%
n = torch.arange(200)
window = 0.54 - 0.46 * torch.cos(2 * torch.pi * n / 200)
torch.testing.assert_close(window, torch.hamming_window(200))
print(f"{window.min():.2f} {window.max():.2f}")

# %% [markdown]
# **Predict:** in which spectrum will the tone of 40 Hz stand out?


# %%
def spectrum(x):
    """Return the strength of the frequencies 0, 1, 2, ... Hz in one second; the largest is 1."""
    strength = torch.fft.rfft(x).abs()
    return strength / strength.max()


plain, windowed = spectrum(signal), spectrum(signal * window)
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
ax.semilogy(plain, color="#E69F00", label="as it is")
ax.semilogy(windowed, color="#0072B2", linestyle="--", label="with a Hamming window")
ax.set(xlabel="frequency (Hz)", ylabel="strength (largest = 1)")
_ = ax.legend()

# %% [markdown]
# *Figure: both spectra have their peak near 20 Hz. As it is, the signal's spectrum falls slowly,
# with hardly a bump at 40 Hz; with the window it falls steeply, and a peak stands at 40 Hz.*

# %%
for name, strengths in (("as it is", plain), ("with a window", windowed)):
    neighbours = torch.cat([strengths[35:38], strengths[43:46]])
    print(name, bool(strengths[40] > 3 * neighbours.max()))

# %% [markdown]
# Only with the window is the value at 40 Hz more than three times as large as those nearby. The
# price: a tone gets wider. Here is the weak one alone, and how many frequencies show more than a
# tenth of its peak.

# %%
print((spectrum(weak) > 0.1).sum().item(), (spectrum(weak * window) > 0.1).sum().item())

# %% [markdown]
# Windows are used wherever a piece is cut out of a longer signal, for example before speech is
# given to a network.

# %% [markdown]
# ## 10. Why no loops?
#
# Each operation of PyTorch has a fixed cost, however small the tensor. A Python loop pays it for
# every number; a **vectorised** computation, one that works on the whole tensor, pays it once.

# `repeat` from Python's `timeit` runs a function a few times and returns the seconds of each run.
# The smallest is the fairest: nothing else was in the way.

# %%
x = torch.rand(30_000)
looped = sum(number.item() ** 2 for number in x)
torch.testing.assert_close((x**2).sum().item(), looped, rtol=1e-4, atol=0)

# %% tags=["nbval-ignore-output"]
from timeit import repeat

loop = min(repeat(lambda: sum(number.item() ** 2 for number in x), number=1, repeat=2))
vectorised = min(repeat(lambda: (x**2).sum(), number=1, repeat=30))
print(f"the loop takes {loop / vectorised:.0f} times as long")
assert loop > 10 * vectorised

# %% [markdown]
# The last line holds on any computer; yours probably shows a much larger number. That is why this
# notebook is about dimensions and broadcasting: they are how you write without a loop.
#
# Memory matters too. A processor fetches memory in pieces of neighbouring numbers. Here are a
# million numbers side by side, and a million with a stride of 16.

# %% tags=["nbval-ignore-output"]
many = torch.rand(16_000_000)
side_by_side, apart = many[:1_000_000], many[::16]
# %timeit -n 5 -r 3 side_by_side.sum()
# %timeit -n 5 -r 3 apart.sum()
# %timeit -n 5 -r 3 many.sum()
print(side_by_side.stride(), apart.stride(), len(side_by_side) == len(apart))

# %% [markdown]
# The first two sums add equally many numbers. Yet the second usually takes several times as long,
# nearly as long as the third, which adds all 16 million: nearly the same memory is fetched for both.
# `.contiguous()` makes a copy that lies side by side: worth it when a tensor with large strides is
# read often.

# %% [markdown]
# ## Bug hunt
#
# A network with one output gives predictions of shape (N, 1). The targets, read from a column of a
# table, have shape (N,). A colleague measures the mean absolute error: how far the predictions are
# from the targets on average.
#
# **Predict:** here every prediction is exactly right. What is the error?


# %%
def broken_error(y_pred, y):
    """Return the mean absolute error. Or does it?"""
    return (y_pred - y).abs().mean().item()


y = torch.tensor([1.0, 2.0, 3.0, 4.0])
y_pred = y.unsqueeze(1)  # (4, 1)
print(broken_error(y_pred, y))

# %% [markdown]
# It should be 0. Another symptom: the error stays the same when the predictions change places.

# %%
print(broken_error(y_pred[[3, 1, 0, 2]], y), tuple((y_pred - y).shape))

# %% [markdown]
# (4, 1) and (4,) broadcast to (4, 4): each prediction is compared with each target. In a squared
# loss this mistake makes a network predict the mean for everyone; notebook 06 shows that.
#
# ### Exercise 6: the error of perfect predictions (5 minutes, debug)
#
# Write it again as `mean_error(y_pred, y)`. Each of the two may have shape (N,) or (N, 1). It
# returns the mean absolute error as a plain number, and leaves its inputs as they were. If the two
# have different numbers of rows, it raises a `ValueError`: one target must not be compared with
# five predictions.


# %% exercise="tensors.bug_hunt"
def mean_error(y_pred, y):
    """Return the mean absolute error of (N,) or (N, 1) against (N,) or (N, 1)."""
    ### BEGIN SOLUTION
    if len(y_pred) != len(y):
        raise ValueError(f"{len(y_pred)} predictions and {len(y)} targets do not fit.")
    return (y_pred.reshape(-1) - y.reshape(-1)).abs().mean().item()
    ### END SOLUTION


# %%
tensors.bug_hunt.check(mean_error)

# %% [markdown]
# ## Recap
#
# - Shape, dtype and device describe a tensor; strides say how it lies in memory. Networks want
#   `float32`.
# - Indices and masks select, `cat` and `stack` join, `dim` is the dimension that a reduction takes
#   away, and broadcasting compares shapes from the right.
# - Silent mistakes: `from_numpy` and views share their memory; `uint8` starts again after 255;
#   a column (N, 1) against (N,) gives (N, N). Print the shape before you trust a number.

# %% [markdown]
# ## Quiz
#
# Replace each `...` by the letter of your choice.
#
# **1.** `t = torch.from_numpy(array)`, then `array[0] = 5`. What is `t[0]`?
# - **a** what it was before
# - **b** 5
# - **c** it depends on the dtype

# %%
tensors.quiz(1, "b")  ### STUB: tensors.quiz(1, ...)

# %% [markdown]
# **2.** `X` has shape (20, 4). Which shape has `X.sum(dim=1)`?
# - **a** (4,)
# - **b** (20, 1)
# - **c** (20,)

# %%
tensors.quiz(2, "c")  ### STUB: tensors.quiz(2, ...)

# %% [markdown]
# **3.** Which shape has the sum of a tensor (8, 1) and a tensor (5,)?
# - **a** (8, 5)
# - **b** (8,)
# - **c** none, it is an error

# %%
tensors.quiz(3, "a")  ### STUB: tensors.quiz(3, ...)

# %% [markdown]
# **4.** How do pictures get from (N, H, W, 3) to (N, 3, H, W)?
# - **a** `reshape`, as the shape is all that matters
# - **b** `view`, as nothing needs to be copied
# - **c** `permute`, as dimensions change places

# %%
tensors.quiz(4, "c")  ### STUB: tensors.quiz(4, ...)

# %% [markdown]
# **5.** Why is a piece of a signal multiplied by a Hamming window before its spectrum is computed?
# - **a** to make weak tones louder
# - **b** so that a loud tone leaks less into other frequencies
# - **c** to make the peaks narrower

# %%
tensors.quiz(5, "b")  ### STUB: tensors.quiz(5, ...)

# %% [markdown]
# ## Where to go on
#
# - [PyTorch on broadcasting](https://docs.pytorch.org/docs/stable/notes/broadcasting.html): the
#   rule of section 6 in full, with what holds in place.
# - [PyTorch on views](https://docs.pytorch.org/docs/stable/tensor_view.html): the list of all
#   operations that share memory.
# - [NumPy for absolute beginners](https://numpy.org/doc/stable/user/absolute_beginners.html): if
#   slices and masks were new to you; nearly all of it holds for tensors.
