# %% [markdown]
# # 01 Tensors: shape, type and memory
#
# In this notebook you learn
# - to make a tensor, and to read its shape, its type and its place in memory;
# - to select, join, reduce and combine numbers without a loop;
# - to recognise three silent mistakes, and to read the five errors that everybody meets.
#
# **90 minutes, on any CPU.** You know Python and have seen NumPy arrays before.

# %% [markdown]
# ## Why
#
# A network sees nothing but tensors. A **tensor** is a block of numbers of one type, with a shape.
# A table, a picture and a network's weights are all tensors; the shape says which number means
# what. When a network does not learn, the reason is often a tensor of the wrong shape or type, and
# PyTorch may not complain. This notebook shows the few rules from which all shapes follow.
#
# ![Five tensors: one number of shape (), a row of shape (4,), a table of shape (3, 4), a picture with three colours of shape (3, H, W), and a batch of pictures of shape (N, 3, H, W).](figures/tensors_dimensions.svg)
#
# In shapes, N says how many there are, D how many columns, H is the height and W the width.

# %% tags=["setup"]
import matplotlib.pyplot as plt
import torch

from helpers.exercises import tensors

plt.style.use("helpers.course")
torch.set_num_threads(1)  # small tensors: one thread is faster than two (04 explains)

# %% [markdown]
# ## 1. Why no loops
#
# Each operation of PyTorch has a fixed cost, however small the tensor. A Python loop pays it for
# every number. A **vectorised** computation, one that works on the whole tensor, pays it once. Here
# are both ways to add up 30,000 squares.

# %% tags=["approx-0.01"]
torch.manual_seed(0)
x = torch.rand(30_000)  # 30,000 random numbers between 0 and 1
looped = sum(number.item() ** 2 for number in x)
print(f"{looped:.0f} {(x**2).sum():.0f}")

# %% [markdown]
# **Predict:** how many times as long does the loop take? (`repeat` returns the seconds of a few
# runs. The smallest is the fairest: nothing else was in the way.)

# %% tags=["nbval-ignore-output"]
from timeit import repeat

loop_time = min(repeat(lambda: sum(number.item() ** 2 for number in x), number=1, repeat=2))
whole_time = min(repeat(lambda: (x**2).sum(), number=1, repeat=30))
print(f"the loop takes {loop_time / whole_time:.0f} times as long")
assert loop_time > 10 * whole_time

# %% [markdown]
# At least 10 times, says the `assert` in the last line; where this was written, thousands of times.
# Shapes and dimensions are how you write without a loop.

# %% [markdown]
# ## 2. Make a tensor
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
for values in ([1, 2, 3], [1, 2, 3.0], [True, False]):
    print(values, torch.tensor(values).dtype)

# %% [markdown]
# Whole numbers become `int64`, and one decimal point is enough for `float32`. Networks compute in
# `float32`. NumPy's usual type is `float64`, and it stays `float64` unless you say otherwise.

# %%
import numpy as np

array = np.array([1.0, 2.0, 3.0])
print(torch.tensor(array).dtype, torch.tensor(array, dtype=torch.float32).dtype)

# %% [markdown]
# There are two ways from an array to a tensor.
#
# **Predict:** after the array has changed, what does each of the two tensors hold in its first
# place? (`.item()` takes a single number out of a tensor.)

# %%
array = np.array([1.0, 2.0, 3.0])
copied = torch.tensor(array)
shared = torch.from_numpy(array)
array[0] = 100
print(copied[0].item(), shared[0].item())

# %% [markdown]
# `torch.tensor` copies. `torch.from_numpy` makes a tensor on the **same memory**: it costs
# nothing, but a change in one is a change in the other. `.numpy()`, the way back, shares as well.
#
# Often a tensor is made from nothing but its shape. `arange` leaves out its end, like Python's
# `range`. `linspace` includes it, and its last argument is the number of points.

# %%
print(torch.zeros(2, 3))
print(torch.ones(3, dtype=torch.int64))
print(torch.arange(0, 10, 2), torch.linspace(0, 1, 5))

# %% [markdown]
# `rand` draws random numbers evenly from 0 to 1, `randn` from the normal distribution (mean 0,
# standard deviation 1). `zeros`, `ones`, `full`, `rand` and `randn` have sisters whose names end in
# `_like`: they take shape, dtype and device from another tensor. Random numbers between 0 and 1
# cannot be whole numbers, so `rand_like` of whole numbers needs a dtype.

# %%
counts = torch.tensor([[4, 0], [1, 7]])
print(torch.zeros_like(counts))
print(torch.rand_like(counts, dtype=torch.float32).dtype)

# %% [markdown]
# A **seed** sets the starting point of the random numbers: the same seed gives the same numbers, so
# that you can repeat what you did.

# %%
torch.manual_seed(0)
print(torch.rand(3), torch.rand(3))
torch.manual_seed(0)
print(torch.rand(3))

# %% [markdown]
# ### Exercise 1: from measurements to tensors (5 minutes, complete)
#
# Write `convert(measurements, labels)`. `measurements` is a NumPy array of shape (N, D), of
# decimals or of whole numbers. `labels` is a list of N class numbers as a CSV file gives them, such
# as `[2.0, 0.0, 1.0]`. Return three tensors:
# - `X`, the measurements as `float32`, shape (N, D);
# - `y`, the labels as `int64`, shape (N,);
# - `weights`, how much each row counts: 1 for all, `float32`, shape (N,).
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
# Now real data, which comes with scikit-learn: 13 chemical measurements of 178 wines, made by three
# growers. Your function makes tensors of them.

# %%
from sklearn.datasets import load_wine

wine = load_wine()
print(wine.data.shape, wine.data.dtype, wine.feature_names[:2], "...", wine.feature_names[-1])

# %%
if tensors.convert.done():
    wine_table, wine_labels, wine_weights = convert(wine.data, wine.target.tolist())
    print(wine_table.dtype, wine_labels.dtype, wine_weights.shape)
    print("wines of each grower:", torch.bincount(wine_labels).tolist())

# %% [markdown]
# ## 3. dtype and device
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
# And if two dtypes meet? It depends on the operation. `+` stands here for `*` and most others that
# work number by number; `@` is the matrix product (section 8).


# %%
def result_dtype(operation, first, second):
    """Return the dtype of operation(A, B) for A and B of these dtypes, or "error"."""
    A, B = torch.ones(2, 2, dtype=first), torch.ones(2, 2, dtype=second)
    try:
        return operation(A, B).dtype
    except RuntimeError:
        return "error"


# %%
import pandas as pd

i64, f32, f64 = torch.int64, torch.float32, torch.float64
pairs = [(torch.bool, i64), (torch.uint8, i64), (i64, i64), (i64, f32), (f32, f32), (f32, f64)]
# *p stands for the two dtypes of a pair, one after the other.
rows = [(*p, result_dtype(torch.add, *p), result_dtype(torch.matmul, *p)) for p in pairs]
pd.DataFrame(rows, columns=["A", "B", "A + B", "A @ B"])

# %% [markdown]
# `+` takes the higher kind: bool, then whole numbers, then floats; within a kind, one that holds
# both. `@` converts nothing: both sides must have the same dtype. As NumPy's floats are
# `float64`, this is one of the first errors that you will meet (section 10).
#
# A plain Python number counts by its kind alone: that is why `bright + 10` stayed `uint8`.
# Division with `/` always gives floats.

# %%
whole = torch.tensor([1, 2])
print((whole + 1).dtype, (whole + 0.5).dtype, (whole / 2).dtype, (whole // 2).dtype)

# %% [markdown]
# `float32` is the higher kind, but it has only about 7 digits. A large whole number may lose its
# last one there.

# %%
large = torch.tensor([2**24 + 1])
print(large, large + torch.tensor([0.0]))

# %% [markdown]
# **Devices.** A GPU computes many numbers at the same time, but only with tensors in its own
# memory. The line that begins with `device =` is the one that you will read everywhere. `cuda`
# means a GPU from NVIDIA or AMD. `helpers.pick_device` looks for others too, such as `mps` in an
# Apple computer.

# %% tags=["nbval-ignore-output"]
import helpers

device = "cuda" if torch.cuda.is_available() else "cpu"
print(device, helpers.pick_device())

# %% [markdown]
# `device=` makes a tensor there at once. `.to(device)` returns a copy there, or the tensor itself if
# that is where it is. `.cpu()` brings it back: NumPy needs that, as it knows the computer's own
# memory only.

# %%
made_there = torch.zeros(3, 4, device=device)
summed = made_there + temperatures.to(device)
print(summed.cpu().numpy()[0])  # the rest of this notebook stays on the CPU

# %% [markdown]
# ## 4. Shape and memory
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
# Place 3: in `m.T` one step to the right is 3 places in memory. Where no strides give the new shape,
# `view` refuses and `reshape` makes a copy. So `reshape` works for every shape with as many numbers,
# but whether the result shares its memory depends on the strides.

# %%
try:
    m.T.view(6)
except RuntimeError as error:
    print(error)
print(m.T.reshape(6))

# %% [markdown]
# In shapes, -1 stands for "whatever is left". `unsqueeze(d)` puts a dimension of size 1 at place
# `d`, `squeeze(d)` takes it away again. `ndim` counts the dimensions.

# %%
print(m.reshape(-1).shape, m.reshape(3, -1).shape)
column = numbers.unsqueeze(1)
print(numbers.unsqueeze(0).shape, column.shape, column.ndim, column.squeeze(1).shape)

# %% [markdown]
# ## 5. Select, change, join
#
# Indexing works as in NumPy. A single number takes away a dimension, a slice keeps it.

# %%
print(temperatures[0], temperatures[:, -1])
print(temperatures[0:1].shape, temperatures[:, ::2].shape)

# %% [markdown]
# A **mask** is a tensor of True and False; as an index it picks what is True: single numbers with a
# mask of the whole shape, whole rows with a mask of one dimension. `&` means and, `|` or, `~` not.
# Parentheses are needed: `&` binds tighter than `>`.

# %%
mild = (temperatures > 15) & (temperatures < 25)  # (3, 4)
warm_at_first = temperatures[:, 0] > 15  # (3,)
print(temperatures[mild])
print(temperatures[warm_at_first])

# %% [markdown]
# ### In place: change the tensor itself
#
# An operation **in place** changes a tensor instead of making a new one. `+=` does that, and so does
# every method whose name ends in `_`.
#
# **Predict:** `b` is a second name for `a`. What do the three lines print?

# %%
a = torch.zeros(2)
b = a
b += 1
print(a, b)
b = b + 1
print(a, b)
b.mul_(10)
print(a, b)

# %% [markdown]
# `b += 1` changed the one tensor that both names mean. `b = b + 1` made a new one, which `mul_`
# then changed. A function that works in place changes your data: `a.clone()` makes a copy first.
#
# Slices are views, masks make copies. But **on the left of `=`** both change the tensor itself.

# %%
changed = temperatures.clone()
changed[changed > 28].zero_()  # changes a copy only, which is lost
changed[:, 0] = 0
changed[changed > 28] = 28
print(changed)

# %% [markdown]
# `torch.where(mask, this, that)` takes `this` where the mask is True and `that` elsewhere. It makes
# a new tensor, so nothing else changes.

# %%
print(torch.where(temperatures > 28, 28.0, temperatures))

# %% [markdown]
# | shares its memory (a view) | is a copy | may be either |
# |---|---|---|
# | `t[0]`, `t[:, 1:]`, `t.T`, `view`, `squeeze`, `unsqueeze` | `t[mask]`, `t[rows, columns]`, `clone` | `reshape`, `t.to(...)`, `t.float()` |
# | `torch.from_numpy`, `t.numpy()` | `torch.tensor(array)` | |
#
# ### Exercise 2: cover a corner (3 minutes, build)
#
# Write `cover(images, size)` for grey pictures `images` of shape (N, H, W), of any dtype. It returns
# the same pictures with a square of `size` times `size` pixels set to 0, in the upper left corner
# of each. `size` is between 0 and the smaller of H and W. The result has the shape and the dtype of
# `images`, and is a copy: `images` stays as it was, and shares no memory with it.


# %% exercise="tensors.cover"
def cover(images, size):
    """Return a copy of images (N, H, W) with the upper left square of each set to 0."""
    ### BEGIN SOLUTION
    covered = images.clone()
    covered[:, :size, :size] = 0
    return covered
    ### END SOLUTION


# %%
tensors.cover.check(cover)

# %% [markdown]
# Here are scikit-learn's handwritten digits.

# %%
from sklearn.datasets import load_digits

digits = load_digits()
digit_images = torch.tensor(digits.images, dtype=torch.float32)  # (1797, 8, 8)
print(digit_images.shape, digit_images.min().item(), digit_images.max().item())

# %%
if tensors.cover.done():
    fig, axes = plt.subplots(1, 5, figsize=(5, 1.3))
    for size, ax in enumerate(axes):
        ax.imshow(cover(digit_images[:1], size)[0])
        ax.set_title(f"size {size}")
        ax.axis("off")

# %% [markdown]
# *Figure: the first digit, a 0, covered by your function.*
#
# ### Pairs of indices, and joining
#
# One index for each dimension, of the same length, picks one number for each pair: here one chosen
# day for each city.

# %%
cities, days = torch.arange(3), torch.tensor([3, 1, 0])
print(temperatures[cities, days])

# %% [markdown]
# `cat` joins tensors along a dimension that is there. `stack` makes a new dimension.
#
# **Predict:** what shapes do these have?

# %%
week, next_week = torch.zeros(3, 4), torch.ones(3, 4)
print(torch.cat([week, next_week], dim=0).shape, torch.cat([week, next_week], dim=1).shape)
print(torch.stack([week, next_week]).shape)

# %% [markdown]
# With `cat` one size grows, with `stack` a 2 is put in front: two tables.
#
# ### Exercise 3: select (5 minutes, complete)
#
# A network has given each of N rows a probability for each of C classes: `probs` has shape (N, C).
# The true classes are `y`, `int64` of shape (N,). Write `select(probs, y)`. It returns two tensors
# and changes neither of its inputs:
# - `p_true`, shape (N,): of each row, the probability of its true class;
# - `doubtful`, shape (M, C): the M rows of `probs` in which that probability is below 0.5, in their
#   order: the network is unsure, or sure of a wrong class. There may be none: then M is 0.


# %% exercise="tensors.select"
def select(probs, y):
    """Return p_true (N,) and doubtful (M, C)."""
    ### BEGIN SOLUTION
    p_true = probs[torch.arange(len(y)), y]
    doubtful = probs[p_true < 0.5]
    return p_true, doubtful
    ### END SOLUTION


# %%
tensors.select.check(select)

# %% [markdown]
# A classifier from scikit-learn (logistic regression) learns the first 900 digits. It gives
# probabilities for the 897 others, whose corners your `cover` has covered.
#
# **Predict:** from which size on do many digits become doubtful?

# %%
from sklearn.linear_model import LogisticRegression

classifier = LogisticRegression(max_iter=1000).fit(digits.data[:900], digits.target[:900])
new_images, new_labels = digit_images[900:], torch.tensor(digits.target[900:])

# %% tags=["approx-0.01"]
if tensors.cover.done() and tensors.select.done():
    for size in range(5):
        covered = cover(new_images, size).reshape(-1, 64)  # (897, 64)
        probs = torch.tensor(classifier.predict_proba(covered))  # (897, 10)
        p_true, doubtful = select(probs, new_labels)
        print(f"size {size}: {len(doubtful)} doubtful, mean p_true {p_true.mean():.2f}")

# %% [markdown]
# Up to size 2 next to nothing changes: there the paper is mostly white. From 3 on the square hides
# strokes, as in the figure.

# %% [markdown]
# ## 6. Reduce: `dim` and `keepdim`
#
# `mean`, `sum`, `max` and others reduce many numbers to one. `dim` says along which dimension, and
# that is the dimension which disappears.
#
# **Predict:** `temperatures` has shape (3, 4). What shapes do these two means have?

# %%
print(temperatures.mean(dim=0), temperatures.mean(dim=1))

# %% [markdown]
# ![The table of temperatures, (3, 4), twice. The mean over dim=0 goes down the columns and gives four numbers, one for each day. The mean over dim=1 goes along the rows and gives three numbers, one for each city.](figures/tensors_dim.svg)
#
# Without `dim` one number is left. With `keepdim=True` the dimension stays, with size 1: the next
# section needs that.

# %%
print(temperatures.mean(), temperatures.mean(dim=1, keepdim=True))

# %% [markdown]
# `max` with a `dim` returns two things: the values, and where they are. `sort` does the same.
# `argmax` gives the places alone.

# %%
highest, at_day = temperatures.max(dim=1)
print(highest, at_day, temperatures.argmax(dim=1))
ordered, order = temperatures[0].sort(descending=True)
print(ordered, order)

# %% [markdown]
# A missing number is often stored as **NaN**, "not a number". A sum or mean with a NaN in it is NaN.
# It is not even equal to itself: ask with `isnan()`. `nanmean` leaves it out.

# %%
measured = temperatures.clone()
measured[0, 2] = torch.nan  # a thermometer failed
print(measured.mean(dim=1), measured.nanmean(dim=1))
print((measured == torch.nan).sum().item(), measured.isnan().sum().item())

# %% [markdown]
# ## 7. Broadcasting
#
# What is the sum of two tensors of different shape? PyTorch writes the shapes below each other,
# **from the right**. In each place the two sizes must be equal, or one of them is 1 or missing. A
# size of 1, or a missing one, is repeated: it is **broadcast**. Nothing is copied for that.
#
# ![A column of shape (3, 1) is repeated to the right, a row of shape (4,) is repeated downwards; their sum has shape (3, 4).](figures/tensors_broadcast.svg)

# %%
tens = torch.tensor([[0], [10], [20]])
ones = torch.tensor([1, 2, 3, 4])
print(tens + ones)

# %% [markdown]
# How far is each day from the mean of its city? **Predict:** which of these two means can be
# subtracted, the one of shape (3,) or that of (3, 1)?

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
print(square - square.mean(dim=1))
print(square - square.mean(dim=1, keepdim=True))

# %% [markdown]
# The same shape, but other numbers.
#
# ### Exercise 4: standardise a table (5 minutes, build)
#
# Networks learn best from numbers of similar size. To **standardise** is to subtract the mean and
# to divide by the standard deviation (how far the numbers typically lie from their mean). Write
# `standardise(X, dim)` for a table `X` of shape (N, D): with `dim=0` it standardises each column,
# with `dim=1` each row. It returns a new tensor of the same shape. `X.std` is the standard
# deviation (divided by N - 1; the one divided by N is right as well). It may be small, but is never
# 0, so add nothing to it. `X` stays as it was.


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
# The wines need it: their column of proline has much larger numbers than that of alcohol.

# %%
wines = torch.tensor(wine.data, dtype=torch.float32)  # (178, 13)

# %% tags=["approx-0.01"]
if tensors.standardise.done():
    for name, table in (("as measured", wines), ("standardised", standardise(wines, 0))):
        print(f"{name}, the first wine: alcohol {table[0, 0]:.2f}, proline {table[0, 12]:.2f}")

# %% [markdown]
# Now the columns can be compared: the first wine has 1.5 standard deviations more alcohol than the
# mean, and 1.0 more proline.

# %% [markdown]
# ## 8. The matrix product
#
# `*` multiplies number by number. `@` (or `torch.matmul`) is the product of matrices: each row of
# the first with each column of the second, multiplied and summed up. A network's linear layer is
# such a product, plus one number for each output, the bias. Written with broadcasting, it is this:

# %%
torch.manual_seed(0)
inputs, weights = torch.rand(4, 3), torch.rand(3, 5)
by_hand = (inputs.unsqueeze(2) * weights).sum(dim=1)  # (4, 3, 1) * (3, 5) -> (4, 3, 5) -> (4, 5)
torch.testing.assert_close(by_hand, inputs @ weights)
print((inputs @ weights).shape)

# %% [markdown]
# `assert_close` raises an error unless two tensors agree up to rounding. It said nothing, so they
# do. The inner sizes, 3 and 3, must be equal; they disappear.

# %% [markdown]
# ## 9. Pictures: NHWC and NCHW
#
# Two photographs come with scikit-learn. As a file gives them, pictures are `uint8` with the
# colours last: **NHWC**, for number, height, width, channel. We take every fourth pixel.

# %%
from sklearn.datasets import load_sample_images

photos = torch.tensor(np.stack(load_sample_images().images))[:, ::4, ::4]
print(photos.shape, photos.dtype, photos.min().item(), photos.max().item())

# %% [markdown]
# PyTorch's layers for pictures expect **NCHW**: the channels come second. `permute` names the old
# dimensions in their new order. `reshape` can give the same shape.
#
# **Predict:** do both give the same picture?

# %%
permuted = photos.permute(0, 3, 1, 2)
reshaped = photos.reshape(2, 3, 107, 160)
print(permuted.shape, reshaped.shape)

# %%
fig, axes = plt.subplots(1, 2, figsize=(5, 2))
for ax, batch, title in zip(axes, (permuted, reshaped), ("permute", "reshape"), strict=True):
    ax.imshow(batch[0].permute(1, 2, 0))  # imshow wants the colours last
    ax.set_title(title)
    ax.axis("off")

# %% [markdown]
# *Figure: after permute a photograph of a tower, after reshape stripes, and no tower.
# (Photograph: danielbuechele, CC BY 2.0.)*
#
# The shape is right and the picture is lost: `reshape` keeps the numbers in the order in which they
# are read, and only cuts that row anew. It takes red, green and blue of one pixel for neighbours in
# one channel. `permute` exchanges the strides. Look at a picture after each change.
#
# ### Exercise 5: a batch of pictures (4 minutes, build)
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
# Your batch of the two photographs, the mean of each colour in them, and torchvision's own function
# for a single picture.

# %% tags=["approx-0.01"]
from torchvision.transforms.functional import to_tensor

if tensors.to_batch.done():
    photo_batch = to_batch(photos)
    print(photo_batch.mean(dim=(2, 3)))  # (2, 3): red, green, blue of each photograph
    gap = (photo_batch[0] - to_tensor(photos[0].numpy())).abs().max()
    print(f"largest difference from torchvision: {gap:.6f}")

# %% [markdown]
# On average the tower's photograph is grey: its three means are nearly equal.

# %% [markdown]
# ## 10. Five errors that you will meet, and how to read them
#
# Read an error from its last line: what kind it is, then the numbers in it. Here `try` and `except`
# print that line alone. Without them a cell stops at an error; `helpers.explain()`, in a new cell,
# then says it in plain words.
#
# **1. Shapes that cannot be multiplied.** Five samples of 3 features meet weights for 4.

# %%
samples = torch.ones(5, 3)
try:
    samples @ torch.ones(4, 2)
except RuntimeError as error:
    print(error)

# %% [markdown]
# (Try it: run `samples @ torch.ones(4, 2)` in a new cell, then `helpers.explain()` in another.)
#
# "mat1" is the left side, "mat2" the right one: (5x3 and 4x2). The two numbers in the middle, 3 and
# 4, must be equal. In a network: this layer expects 4 features and is given 3.
#
# **2. Shapes that do not broadcast.**

# %%
try:
    samples - torch.ones(5)
except RuntimeError as error:
    print(error)

# %% [markdown]
# "a" is the left side, "b" the right one. In dimension 1, the last one, 3 meets 5; "non-singleton"
# means that neither is 1. The repair is often `keepdim=True` or `unsqueeze(1)`.
#
# **3. Dtypes that differ in `@`.** Data from NumPy meets weights in `float32`.

# %%
from_numpy = torch.tensor(np.ones((5, 3)))
try:
    from_numpy @ torch.ones(3, 2)
except RuntimeError as error:
    print(error)
print((from_numpy.float() @ torch.ones(3, 2)).dtype)

# %% [markdown]
# These are the old names from C: "float" is `float32`, "double" is `float64`, "long int" is
# `int64`. Convert the data with `.float()`, once, where you load it.
#
# **4. The mean of whole numbers.**

# %%
votes = torch.tensor([1, 0, 1, 1])
try:
    votes.mean()
except RuntimeError as error:
    print(error)
print(votes.float().mean())

# %% [markdown]
# "Long" is `int64` again. A mean is seldom whole, and PyTorch does not guess: say `.float()` first,
# with True and False as well. `(guess == y).float().mean()` is how an accuracy is written.
#
# **5. Two devices.** Tensors that are combined must be on the same device. Every computer has the
# device `meta`, which knows shapes and holds no numbers; so we can meet this error without a GPU.

# %%
on_meta = samples.to("meta")
try:
    on_meta + samples
except RuntimeError as error:
    print(error)

# %% [markdown]
# With a GPU the message reads (quoted here, not run): *Expected all tensors to be on the same
# device, but found at least two devices, cuda:0 and cpu!* `cuda:0` is the first GPU. Look for the
# tensor that was forgotten, and give it `.to(device)`.

# %% [markdown]
# ## 11. From NumPy: what has another name
#
# | NumPy | PyTorch | note |
# |---|---|---|
# | `axis=` | `dim=` | `axis=` often works too |
# | `a.copy()` | `t.clone()` | |
# | `a.astype(np.float32)` | `t.to(torch.float32)`, `t.float()` | |
# | `np.concatenate` | `torch.cat` | `stack` is `stack` |
# | `np.expand_dims(a, 1)`, `a[:, None]` | `t.unsqueeze(1)`, `t[:, None]` | |
# | `a.transpose(0, 2, 1)` | `t.permute(0, 2, 1)` | `t.transpose(1, 2)` exchanges two |
# | `a.size` | `t.numel()` | `t.size()` is the shape |
# | `a.max(axis=0)` | `t.amax(dim=0)` | `t.max(dim=0)`: values *and* places |
# | `a.std()` divides by N | `t.std()` divides by N - 1 | `t.std(correction=0)` by N |
# | `a[::-1]` | `t.flip(0)` | no negative steps |

# %%
four = np.array([1.0, 2.0, 3.0, 4.0])
print(f"{four.std():.3f} {torch.tensor(four).std():.3f}", torch.tensor(four).std(correction=0))

# %% [markdown]
# ## 12. Lab: ten shapes
#
# Here are four tensors. Predict ten shapes, without running anything.

# %%
A, B = torch.zeros(3, 4), torch.zeros(4, 5)
v = torch.zeros(5)
images = torch.zeros(2, 8, 8, 3)

# %% [markdown]
# ### Exercise 6: predict ten shapes (5 minutes, complete)
#
# In `shapes()`, replace each `...` by the shape that you expect: a tuple such as `(3, 4)`, with one
# size `(3,)`. Where you expect an error, write `"error"`. Leave the ten expressions on the left as
# they are. The check names the first prediction that is wrong, with the rule.


# %% exercise="tensors.shapes"
def shapes():
    """Return ten predictions, expression -> its shape (a tuple), or "error"."""
    return {
        "A[0]": (4,),  ### STUB: "A[0]": ...,
        "A[0:1]": (1, 4),  ### STUB: "A[0:1]": ...,
        "A.sum(dim=0)": (4,),  ### STUB: "A.sum(dim=0)": ...,
        "A.sum(dim=1, keepdim=True)": (3, 1),  ### STUB: "A.sum(dim=1, keepdim=True)": ...,
        "A - A.mean(dim=1)": "error",  ### STUB: "A - A.mean(dim=1)": ...,
        "A @ B": (3, 5),  ### STUB: "A @ B": ...,
        "A @ B + v": (3, 5),  ### STUB: "A @ B + v": ...,
        "v.unsqueeze(1) - v": (5, 5),  ### STUB: "v.unsqueeze(1) - v": ...,
        "torch.stack([A, A])": (2, 3, 4),  ### STUB: "torch.stack([A, A])": ...,
        "images.reshape(2, -1)": (2, 192),  ### STUB: "images.reshape(2, -1)": ...,
    }


# %%
tensors.shapes.check(shapes)

# %% [markdown]
# Now PyTorch's answers. Then turn the knobs: change a size of `A`, `B` or `v` above, say which lines
# will differ, run that cell, then the next one.

# %%
if tensors.shapes.done():
    for expression, predicted in shapes().items():
        try:
            found = tuple(eval(expression).shape)  # eval runs a text as code
        except RuntimeError:
            found = "error"
        print(f"{expression:28} predicted {predicted}, found {found}")

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
# It should be 0. And it stays the same when the predictions change places.

# %%
print(broken_error(y_pred[[3, 1, 0, 2]], y), tuple((y_pred - y).shape))

# %% [markdown]
# (4, 1) and (4,) broadcast to (4, 4): each prediction is compared with each target. Some losses,
# such as `nn.MSELoss`, warn of such shapes; a subtraction does not. Trained with this mistake and
# the squared error, a network predicts the mean for everyone: notebook 06 shows that.
#
# ### Exercise 7: the error of perfect predictions (5 minutes, debug)
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
# Two models predict a wine's flavanoids: a line through its phenols, and the mean for every wine.
# Which one is better? Ask the colleague, then your own function.

# %%
from sklearn.linear_model import LinearRegression

phenols, flavanoids = wine.data[:, [5]], wine.data[:, 6]  # (178, 1) and (178,)
line = LinearRegression().fit(phenols, flavanoids.reshape(-1, 1))
target = torch.tensor(flavanoids)  # (178,)
by_line = torch.tensor(line.predict(phenols))  # (178, 1)
by_mean = torch.full_like(by_line, target.mean())  # (178, 1)

# %% tags=["approx-0.01"]
print(f"broken: line {broken_error(by_line, target):.2f}, mean {broken_error(by_mean, target):.2f}")
if tensors.bug_hunt.done():
    print(f"yours: line {mean_error(by_line, target):.2f}, mean {mean_error(by_mean, target):.2f}")

# %% [markdown]
# The broken error calls the line the worse of the two. In truth its error is less than half as
# large. (Measured on the wines that the line was fitted to; later notebooks do better.)

# %% [markdown]
# ## Extra: distances without a loop
#
# With broadcasting, all pairs of the rows of two tables are computed at once.
#
# ### Exercise 8: pairwise distances (7 minutes, build)
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

# %% [markdown]
# Whose wine is it? A simple guess: it comes from the same grower as the wine next to it, the one at
# the smallest distance.
#
# **Predict:** for how many of the 178 wines is that right, before and after standardising?

# %% tags=["approx-0.01"]
growers = torch.tensor(wine.target)  # (178,)
if tensors.standardise.done() and tensors.distances.done():
    for name, table in (("as measured", wines), ("standardised", standardise(wines, 0))):
        gaps = distances(table, table)
        gaps.fill_diagonal_(torch.inf)  # a wine is not its own neighbour
        guess = growers[gaps.argmin(dim=1)]
        share = table[:, 12].var() / table.var(dim=0).sum()  # variance: standard deviation squared
        print(f"{name}: {(guess == growers).sum()} of {len(growers)}, proline's share {share:.1%}")

# %% [markdown]
# As measured, nearly all of the squared distances, averaged over all pairs, is the difference in
# proline, whose numbers are the largest. Standardised, each of the 13 columns has the same share on
# average.
#
# Now compare with `torch.cdist`. For more than 25 rows it computes |a|² + |b|² - 2ab. That
# costs digits where distances are small and numbers large, unless you forbid it.

# %% tags=["nbval-ignore-output"]
if tensors.distances.done():
    for mode in ("use_mm_for_euclid_dist_if_necessary", "donot_use_mm_for_euclid_dist"):
        gap = (distances(wines, wines) - torch.cdist(wines, wines, compute_mode=mode)).abs().max()
        print(f"{mode}: largest difference {gap:.4f}")

# %% [markdown]
# ## Extra: side by side in memory
#
# A processor fetches memory in pieces of neighbouring numbers. Here are a million numbers side by
# side, a million with a stride of 16, and all 16 million.
#
# **Predict:** which of the three sums takes longest?

# %% tags=["nbval-ignore-output"]
many = torch.rand(16_000_000)
side_by_side, apart = many[:1_000_000], many[::16]
for name, part in (("side by side", side_by_side), ("apart", apart), ("all", many)):
    seconds = min(repeat(part.sum, number=1, repeat=20))
    print(f"{name}: {len(part)} numbers, stride {part.stride()}: {1000 * seconds:.2f} ms")

# %% [markdown]
# The first two sums add equally many numbers. Yet the second usually takes many times as long,
# about as long as the third, which adds all 16 million: for both, nearly the same memory is
# fetched. A tensor whose numbers lie side by side, row after row, is **contiguous**.
# `.contiguous()` makes such a copy: worth it when a tensor with large strides is read often.

# %%
print(apart.is_contiguous(), apart.contiguous().stride())

# %% [markdown]
# ## Extra: eigenvectors
#
# `torch.linalg` holds the rest of linear algebra. Take two columns of the wines, standardised:
# phenols and flavanoids. The **variance** of a column is the sum of the squared distances from its
# mean, divided by N - 1; it is the square of the standard deviation. The **covariance** says
# in the same way how far two columns vary together. A matrix holds them all.

# %% tags=["approx-0.01"]
cloud = torch.tensor(wine.data[:, [5, 6]], dtype=torch.float32)  # (178, 2)
cloud = (cloud - cloud.mean(dim=0)) / cloud.std(dim=0)
covariance = cloud.T @ cloud / (len(cloud) - 1)  # (2, 2)
torch.testing.assert_close(covariance, torch.cov(cloud.T))
print(covariance)

# %% [markdown]
# An **eigenvector** of a matrix is a direction that the matrix only stretches; the **eigenvalue**
# says how much. For a covariance these are the directions in which the cloud is longest and
# shortest, and the eigenvalues are the variances along them. `eigh` is the function for symmetric
# matrices such as this one.

# %% tags=["approx-0.01"]
eigenvalues, eigenvectors = torch.linalg.eigh(covariance)  # (2,), ascending; (2, 2), in columns
longest = eigenvectors[:, 1]
torch.testing.assert_close(covariance @ longest, eigenvalues[1] * longest)
print(eigenvalues, f"variance along the longest: {(cloud @ longest).var():.2f}")

# %%
fig, ax = plt.subplots()
ax.scatter(*cloud.T, s=8, color="C0", alpha=0.5)
for value, vector in zip(eigenvalues, eigenvectors.T, strict=True):
    ends = torch.stack([-vector, vector]) * 2 * value.sqrt()  # (2, 2), one end in each row
    ax.plot(*ends.T, color="C1", linewidth=3)
_ = ax.set(xlabel="phenols, standardised", ylabel="flavanoids, standardised", aspect="equal")

# %% [markdown]
# *Figure: 178 wines and two lines along the eigenvectors of their covariance, reaching two standard
# deviations to both sides. One runs along the cloud, the other across it.*
#
# Along the longest direction lie 1.86 of the total variance of 2: one number for each wine would
# tell most of what the two tell. This is **principal component analysis** (PCA).

# %% [markdown]
# ## Extra: a window for a signal
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
# **Predict:** what does the window do to the peaks of the two tones: narrower, as wide, or wider?


# %%
def spectrum(x):
    """Return the strength of the frequencies 0, 1, 2, ... Hz in one second; the largest is 1."""
    strength = torch.fft.rfft(x).abs()
    return strength / strength.max()


plain, windowed = spectrum(signal), spectrum(signal * window)
fig, ax = plt.subplots()
ax.semilogy(plain, color="C0", label="as it is")
ax.semilogy(windowed, color="C1", linestyle="--", label="with a Hamming window")
ax.set(xlabel="frequency (Hz)", ylabel="strength (largest = 1)")
_ = ax.legend()

# %% [markdown]
# *Figure: both spectra have their peak near 20 Hz. As it is, the signal's spectrum falls slowly,
# with a small bump at 40 Hz; with the window it falls steeply, and a peak stands at 40 Hz.*

# %% tags=["approx-0.01"]
for name, strengths in (("as it is", plain), ("with a window", windowed)):
    neighbours = torch.cat([strengths[35:38], strengths[43:46]])
    print(f"{name}: at 40 Hz {strengths[40] / neighbours.max():.1f} times the largest within 5 Hz")

# %% [markdown]
# Each tone alone: how many frequencies show more than a tenth of its peak, without the window and
# with it?

# %%
for name, tone in (("20.5 Hz", loud), ("40 Hz", weak)):
    widths = [(spectrum(t) > 0.1).sum().item() for t in (tone, tone * window)]
    print(f"{name}: {widths[0]} without, {widths[1]} with")

# %% [markdown]
# The wide foot of the tone that leaked disappears. That is not free: a tone of whole vibrations,
# such as 40 Hz, gets wider.
#
# Windows are used wherever a piece is cut out of a longer signal, for example before speech is
# given to a network.

# %% [markdown]
# ## Recap
#
# - Shape, dtype and device describe a tensor; strides say how it lies in memory. Networks want
#   `float32`.
# - Indices and masks select, `cat` and `stack` join, `dim` is the dimension that a reduction takes
#   away, and broadcasting compares shapes from the right.
# - Silent mistakes: views and `from_numpy` share their memory; `uint8` starts again after 255;
#   a column (N, 1) against (N,) gives (N, N). Print the shape before you trust a number. Loud ones
#   name the shapes, dtypes or devices that do not fit: read those first.

# %% [markdown]
# ## Quiz
#
# Replace each `...` by the letter of your choice, in quotes.
#
# **1.** `t = torch.from_numpy(array)`, then `array[0] = 5`. What is `t[0]`?
# - **a** what it was before
# - **b** 5
# - **c** it depends on the dtype

# %%
tensors.quiz(1, "b")  ### STUB: tensors.quiz(1, ...)

# %% [markdown]
# **2.** `X` has shape (20, 4). What shape does `X.sum(dim=1)` have?
# - **a** (4,)
# - **b** (20, 1)
# - **c** (20,)

# %%
tensors.quiz(2, "c")  ### STUB: tensors.quiz(2, ...)

# %% [markdown]
# **3.** What shape does the sum of a tensor (8, 1) and a tensor (5,) have?
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
# **5.** "expected m1 and m2 to have the same dtype, but got: double != float". What helps?
# - **a** `.T` on one of the two
# - **b** `.float()` on the left one
# - **c** `.to(device)` on both

# %%
tensors.quiz(5, "b")  ### STUB: tensors.quiz(5, ...)

# %% [markdown]
# ## Where to go on
#
# - [PyTorch on broadcasting](https://docs.pytorch.org/docs/stable/notes/broadcasting.html): the
#   rule of section 7 in full, with what holds in place.
# - [PyTorch on views](https://docs.pytorch.org/docs/stable/tensor_view.html): the list of all
#   operations that share memory.
# - [NumPy for absolute beginners](https://numpy.org/doc/stable/user/absolute_beginners.html): if
#   slices and masks were new to you; nearly all of it holds for tensors.
