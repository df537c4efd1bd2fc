# %% [markdown]
# # 04 Data loaders: feed a network in batches
#
# In this notebook you learn
# - to write a `Dataset` of your own, and to draw batches from it with a `DataLoader`;
# - to train with mini-batches, and to measure what they gain and what they cost;
# - to fit a loader to its data: pictures in folders, rare classes, sequences, files too large for
#   memory.
#
# **105 minutes, on any CPU.** You know tensors (notebook 01) and the training loop (notebook 03).

# %% [markdown]
# ## Why
#
# So far every step has used all the data at once. That works for 150 flowers. It does not work for
# a folder of photographs that is larger than the memory. So a network is fed in **batches**: a few
# rows for each step. PyTorch splits the work into four small parts, and you can replace each of
# them. A *data set* knows the items, a *sampler* chooses which ones come next, a *collate* function
# puts them together, and the *loader* runs the three for you.
#
# ![A sampler gives row numbers, the data set turns each number into an item, the collate function joins the items to a batch of tensors X and y, and the batch goes to the model.](figures/dataloaders_pipeline.svg)

# %% tags=["setup"]
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

import helpers
from helpers.exercises import dataloaders

# %% [markdown]
# ## 1. How much fits into memory?
#
# A colour picture is three tables of numbers, one each for red, green and blue. A usual size for
# networks is 224 pixels by 224 pixels.
#
# **Predict:** how many numbers is that? About 1000, 50,000 or 150,000?

# %%
picture = torch.zeros(3, 224, 224)
print(picture.numel())
assert picture.numel() == 3 * 224 * 224 == 150_528

# %% [markdown]
# 150,528 numbers for one small picture. (A tutorial that many people read writes "224x244"; that is
# a slip.) The bytes depend on the type. By hand it is numbers times
# bytes for each number; PyTorch gives the same.

# %%
bytes_by_hand = picture.numel() * 4  # float32: 32 bits are 4 bytes
assert bytes_by_hand == picture.numel() * picture.dtype.itemsize == picture.nbytes
print(torch.uint8.itemsize, torch.bfloat16.itemsize, torch.float32.itemsize, torch.int64.itemsize)

# %% [markdown]
# As `float32` a picture takes four times the memory that it takes as `uint8`, the type in which
# it comes from a camera. So a large data set stays `uint8`, and each batch is converted when it is
# needed.
#
# ### Exercise 1: the largest batch (4 minutes, complete)
#
# Write `largest_batch(shape, dtype, budget)`. `shape` is the shape of one item, a tuple of one or
# more sizes, such as `(3, 224, 224)`, `dtype` its type, such as `torch.float32`, and `budget` a
# whole number of bytes. Return how many whole items fit into the budget, as a plain `int`. It may
# be 0.


# %% exercise="dataloaders.memory"
def largest_batch(shape, dtype, budget):
    """Return the number of items of this shape and dtype that fit into budget bytes."""
    ### BEGIN SOLUTION
    numbers = 1
    for size in shape:
        numbers *= size
    return budget // (numbers * dtype.itemsize)
    ### END SOLUTION


# %%
dataloaders.memory.check(largest_batch)

# %% [markdown]
# Stuck? Run `dataloaders.memory.hint()` in a new cell, as often as you like, and then
# `dataloaders.memory.solution()`.

# %%
if dataloaders.memory.done():
    gigabyte = 10**9
    for dtype in (torch.uint8, torch.float32):
        print(dtype, largest_batch((3, 224, 224), dtype, gigabyte), "pictures in a gigabyte")

# %% [markdown]
# ## 2. A data set is a length and items
#
# Look at the data first: iris, as a table. 112 rows are for training, 38 for validation.

# %%
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split

table = load_iris(as_frame=True).frame
train_table, val_table = train_test_split(
    table, test_size=38, random_state=0, stratify=table["target"]
)
train_table.head(3)

# %% [markdown]
# The last column, `target`, is the species as a number. Look at the bold numbers on the left, the
# *index* of the table. It still holds the old row numbers, in a random order. The row at place 0 is
# `train_table.iloc[0]`. The row with the index 0 would be `train_table.loc[0]`, another flower or
# none at all.
#
# A **map-style data set** is any object that answers two questions: how many items are there, and
# what is item number `i`? Python asks them with `len(dataset)` and `dataset[i]`. A class answers
# them with two methods.


# %%
class Squares(Dataset):
    """The numbers 0, 1, 2 ... and their squares."""

    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        return torch.tensor([float(i)]), i * i


# %% [markdown]
# An item is usually a pair: the input `x` of the network and its target `y`. **Predict:** what
# do `len(squares)` and `squares[3]` give? Is anything computed before you ask?

# %%
squares = Squares(5)
print(len(squares), squares[3])

# %% [markdown]
# 5, and the pair of 3 and 9. Nothing is computed before you ask for it. So the items of a data set
# may lie on a disk, in files that are opened one at a time.
#
# ### Exercise 2: a data set over a table (7 minutes, complete)
#
# Complete the class `FlowerDataset(table, transform=None)`. The last column of the table is
# `target`. Item `i` belongs to the row at place `i`. It is a pair `(x, y)`:
# - `x`: all columns but `target`, a `float32` tensor of shape (columns,);
# - `y`: the target, a whole number: an `int` (NumPy's too), or an `int64` tensor of shape ().
#
# If there is a `transform`, then `x` is `transform(x)`, called anew, once, each time an item is
# taken. The table itself stays as it is.


# %% exercise="dataloaders.dataset"
class FlowerDataset(Dataset):
    """The rows of a table as pairs (x, y)."""

    def __init__(self, table, transform=None):
        ### BEGIN SOLUTION
        self.X = torch.tensor(table.drop(columns="target").to_numpy(), dtype=torch.float32)
        self.y = torch.tensor(table["target"].to_numpy())
        self.transform = transform
        ### END SOLUTION

    def __len__(self):
        ### BEGIN SOLUTION
        return len(self.X)
        ### END SOLUTION

    def __getitem__(self, i):
        ### BEGIN SOLUTION
        x = self.X[i]
        if self.transform is not None:
            x = self.transform(x)
        return x, self.y[i]
        ### END SOLUTION


# %%
dataloaders.dataset.check(FlowerDataset)

# %%
if dataloaders.dataset.done():
    print(FlowerDataset(train_table)[0])
    print(FlowerDataset(train_table, transform=torch.round)[0])

# %% [markdown]
# For rows that are tensors already, PyTorch has such a class: `TensorDataset`. The notebook goes on
# with it, so that everything below runs with any answer of yours.

# %%
from torch.utils.data import TensorDataset


def to_tensors(table):
    """Return X (rows, 4) float32 and y (rows,) int64."""
    X = torch.tensor(table.drop(columns="target").to_numpy(), dtype=torch.float32)
    return X, torch.tensor(table["target"].to_numpy())


# %%
X_train, y_train = to_tensors(train_table)
X_val, y_val = to_tensors(val_table)
train_set, val_set = TensorDataset(X_train, y_train), TensorDataset(X_val, y_val)
x, y = train_set[0]
print(len(train_set), len(val_set), x.shape, x.dtype, y)

# %% [markdown]
# ## 3. Bug hunt: two data sets, one content
#
# A colleague keeps the table as one tensor: measurements in front, the species in the last column.
# The validation accuracy looks very good. Here is the symptom.


# %%
class BrokenRows(Dataset):
    def __init__(self, data):
        self.data = data

    def __len__(self):
        return len(self.data)

    def __getitem__(self, i):
        row = data[i]
        return row[:-1], row[-1].long()


# %%
data = torch.tensor(train_table.to_numpy(), dtype=torch.float32)  # (112, 5)
val_data = torch.tensor(val_table.to_numpy(), dtype=torch.float32)  # (38, 5)
rows = BrokenRows(val_data)
print("as long as the validation data:", len(rows) == len(val_data))
print("its item 0 is a validation flower:", torch.equal(rows[0][0], val_data[0, :-1]))
print("its item 0 is a training flower:  ", torch.equal(rows[0][0], data[0, :-1]))

# %% [markdown]
# The length is right, so nothing looks wrong. But every item comes from the training data.
#
# ### Exercise 3: two data sets, one content (4 minutes, debug)
#
# This bug stands in a tutorial that many people read. Write `RowDataset(data)` without it. `data`
# is a `float32` tensor (N, columns), with two or more columns; it stays as it is. The last column
# holds whole numbers. Item `i` is a pair: row `i` without its last column, and the last column as
# a whole number (an `int`, or an `int64` tensor of shape ()).


# %% exercise="dataloaders.self_data"
class RowDataset(Dataset):
    """The rows of a tensor as pairs (x, y); y is the last column."""

    def __init__(self, data):
        ### BEGIN SOLUTION
        self.data = data
        ### END SOLUTION

    def __len__(self):
        ### BEGIN SOLUTION
        return len(self.data)
        ### END SOLUTION

    def __getitem__(self, i):
        ### BEGIN SOLUTION
        row = self.data[i]
        return row[:-1], row[-1].long()
        ### END SOLUTION


# %%
dataloaders.self_data.check(RowDataset)

# %% [markdown]
# A script without a variable `data` would stop at once, with a NameError. In a notebook all names
# of all cells are there, and the bug stays hidden. A method should use `self` and its arguments.

# %% [markdown]
# ## 4. From items to batches
#
# First by hand. To join pairs to a batch, put all the `x` on top of each other, and all the `y`.


# %%
def batches_by_hand(dataset, batch_size):
    """Yield batches (X, y) in the order of the data set."""
    for start in range(0, len(dataset), batch_size):
        stop = min(start + batch_size, len(dataset))
        items = [dataset[i] for i in range(start, stop)]
        yield torch.stack([x for x, _ in items]), torch.stack([y for _, y in items])


# %% [markdown]
# A `DataLoader` does the same.

# %%
loader = DataLoader(train_set, batch_size=50)
for by_hand, batch in zip(batches_by_hand(train_set, 50), loader, strict=True):
    torch.testing.assert_close(list(by_hand), list(batch))

# %% [markdown]
# `assert_close` would raise an error if anything were different. It says nothing: both give the same
# batches.
#
# **Predict:** 112 rows in batches of 50. How many batches are there, and how long is the last one?

# %%
print(len(loader), [len(y) for _, y in loader])

# %% [markdown]
# Three, and the last one has only 12 rows. `drop_last=True` would leave it out. With
# `shuffle=True` each epoch has a new order. To draw one batch, ask for the first.

# %%
torch.manual_seed(0)
loader = DataLoader(train_set, batch_size=16, shuffle=True)
X, y = next(iter(loader))
print(X.shape, X.dtype, y.shape, y.dtype)

# %% [markdown]
# A new dimension stands in front: 16 items. Here is that batch among all training flowers.

# %%
import matplotlib.pyplot as plt

fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
ax.scatter(X_train[:, 2], X_train[:, 3], s=14, color="lightgrey", label="all 112")
for label, (marker, colour) in enumerate([("o", "#0072B2"), ("s", "#E69F00"), ("^", "#009E73")]):
    ax.scatter(*X[y == label, 2:].T, marker=marker, color=colour, label=f"species {label}")
ax.set(xlabel="petal length (cm)", ylabel="petal width (cm)")
_ = ax.legend()

# %% [markdown]
# *Figure: one batch of 16 flowers in colour, the other training flowers in grey. The batch is a
# small sample of all of them.*
#
# A batch looks roughly like the whole. So its gradient points roughly in the right direction, and
# it is much cheaper. That is the idea of training with **mini-batches**.

# %% [markdown]
# ## 5. Train with a loader
#
# The five lines of notebook 03 do not change. They only move into a second loop.

# %%
torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
loss_fn = nn.CrossEntropyLoss()
for X, y in loader:
    loss = loss_fn(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

# %% [markdown]
# One pass over the loader is one epoch: here 7 steps instead of one.

# %%
print(len(loader))

# %% [markdown]
# ### Exercise 4: one epoch with a loader (8 minutes, build)
#
# Write `train_epoch(model, loader, loss_fn, optimizer)`. It puts the model into training mode,
# leaves it there, and makes one step for each batch of the loader. It returns the **mean loss over all rows**, a plain
# number, of the losses taken before each step. `loss_fn` returns the mean over a batch; the last
# batch may be smaller than the others. Count the rows as they come: a loader may leave some out
# (`drop_last=True`), and not every loader has a `.dataset`.


# %% exercise="dataloaders.train_epoch"
def train_epoch(model, loader, loss_fn, optimizer):
    """Train for one epoch; return the mean loss over all rows, each taken before its step."""
    ### BEGIN SOLUTION
    model.train()
    total, rows = 0.0, 0
    for X, y in loader:
        loss = loss_fn(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(X)
        rows += len(X)
    return total / rows
    ### END SOLUTION


# %%
dataloaders.train_epoch.check(train_epoch)

# %% [markdown]
# `helpers.train` does the same for many epochs. Now a network with 1024 hidden units and the
# learning rate 0.0001, as in notebook 03, with three batch sizes. 112 is the full batch.


# %%
def train_in_batches(batch_size, epochs):
    """Return the history of a new network, 4 -> 1024 -> 3, trained in batches of this size."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
    train_loader = DataLoader(train_set, batch_size=batch_size, shuffle=True)
    val_loader = DataLoader(val_set, batch_size=38)
    return helpers.train(
        model, train_loader, loss_fn, optimizer, epochs, val_loader, progress=False
    )


# %% [markdown]
# **Predict:** which batch size needs the fewest epochs to reach a loss of 0.2? Which one needs the
# fewest seconds? So small a network gains nothing from several processor cores; with one thread
# the times scatter less.

# %%
torch.set_num_threads(1)
histories = {
    batch_size: train_in_batches(batch_size, epochs)
    for batch_size, epochs in [(4, 80), (16, 200), (112, 800)]
}

# %%
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
colours = {4: "#0072B2", 16: "#E69F00", 112: "#009E73"}
for size, history in histories.items():
    colour = colours[size]
    epochs = range(1, len(history["seconds"]) + 1)
    ax.plot(epochs, history["train_loss"], color=colour, label=f"batches of {size}")
    ax.plot(epochs, history["val_loss"], ":", color=colour)
ax.axhline(0.2, color="grey", linewidth=0.8)
ax.set(xlabel="epoch", ylabel="cross-entropy", xscale="log")
_ = ax.legend()

# %% [markdown]
# *Figure: the training loss against the epoch for batches of 4, 16 and 112 rows; dotted, the
# validation loss. The epoch axis is logarithmic; the grey line is a loss of 0.2. The smaller the
# batch, the earlier the loss falls.*
#
# Now in numbers: when does the training loss first fall below 0.2?


# %%
def summary(size, history):
    """Return the epochs, steps and seconds until the training loss is below 0.2."""
    epochs = next(i for i, loss in enumerate(history["train_loss"], 1) if loss < 0.2)
    return {
        "batch size": size,
        "epochs": epochs,
        "steps": epochs * len(DataLoader(train_set, size)),
        "seconds": sum(history["seconds"][:epochs]),
        "milliseconds per epoch": 1000 * torch.tensor(history["seconds"]).median().item(),
    }


# %% tags=["nbval-ignore-output"]
import pandas as pd

results = pd.DataFrame([summary(size, history) for size, history in histories.items()])
results = results.set_index("batch size")
assert results["milliseconds per epoch"][4] > results["milliseconds per epoch"][112]
results.round(2)

# %%
epochs = results["epochs"]
print("batches of 16: less than a third of the epochs:", epochs[16] < epochs[112] / 3)
print("batches of 4: less than a tenth of the epochs:", epochs[4] < epochs[112] / 10)
print("the smaller the batch, the more steps:", results["steps"].is_monotonic_decreasing)

# %% [markdown]
# With small batches an epoch takes longer, as it has more steps. But far fewer epochs are needed,
# because each step already improves the network. Counted in steps it is the other way round: the
# gradient of the full batch is the most exact, so it needs the fewest steps. In seconds the three are much closer together
# than in epochs: read the table, it holds the times of your own computer. The larger the data set,
# the clearer the gain: a step with 16 rows costs the same, however many rows wait behind it. (The
# learning rate was the same for all three. Each batch size could have a better one.)

# %% [markdown]
# ## 6. The same order again
#
# To repeat a result, the order of the rows must be the same. `torch.manual_seed` alone is
# fragile: any random number drawn in between changes the order.


# %%
def order(loader):
    """Return the row numbers of one epoch."""
    return [int(i) for batch in loader for i in batch]


torch.manual_seed(0)
first = order(DataLoader(range(112), batch_size=16, shuffle=True))
torch.manual_seed(0)
torch.rand(1)  # somebody adds a line
print(order(DataLoader(range(112), batch_size=16, shuffle=True)) == first)

# %% [markdown]
# A `range` is a data set too: it has a length and items. The remedy is a generator that belongs to
# the loader alone.


# %%
def seeded_loader(seed):
    """Return a loader with a random generator of its own."""
    generator = torch.Generator().manual_seed(seed)
    return DataLoader(range(112), batch_size=16, shuffle=True, generator=generator)


# %% [markdown]
# **Predict:** is the second epoch in the same order as the first? And a loader made again with the
# same seed?

# %%
seeded, again = seeded_loader(seed=0), seeded_loader(seed=0)
first, second = order(seeded), order(seeded)
torch.rand(1)
print("second epoch like the first:", second == first)
print("the same seed, the same orders:", [order(again), order(again)] == [first, second])

# %% [markdown]
# Each epoch is new, and the whole series can be repeated.
#
# ## 7. Bug hunt: the shuffled validation set
#
# A colleague shuffles the validation loader too. The accuracy from `helpers.evaluate` is good. Then
# the predictions go into the table, beside the flowers they belong to.

# %%
train_loader = DataLoader(train_set, batch_size=16, shuffle=True)
_ = helpers.train(model, train_loader, loss_fn, optimizer, 40, progress=False)
torch.manual_seed(0)
val_loader = DataLoader(val_set, batch_size=16, shuffle=True)
scores = helpers.evaluate(model, val_loader, loss_fn, {"accuracy": helpers.accuracy})
print("evaluate, above 0.9:", scores["accuracy"] > 0.9)

# %%
logits, _ = helpers.predict(model, val_loader)
y_pred = logits.argmax(dim=1)
print("beside the table, below 0.6:", bool((y_pred == y_val).float().mean() < 0.6))

# %% [markdown]
# The predictions are right, but they stand beside other flowers. The accuracy could not show it:
# it compares the pairs as they come from the loader. Shuffling helps training only. Whoever
# measures keeps the order, and leaves out no row.
#
# ### Exercise 5: a pair of loaders (5 minutes, debug)
#
# Here is the colleague's function. Three things in it are wrong.
#
# ```python
# def make_loaders(train_set, val_set, batch_size, seed):
#     torch.manual_seed(seed)
#     train_loader = DataLoader(train_set, batch_size, shuffle=True)
#     val_loader = DataLoader(val_set, batch_size, shuffle=True, drop_last=True)
#     return train_loader, val_loader
# ```
#
# Write it again. The two sets are `TensorDataset`s. Both loaders give all rows, in batches (X, y)
# of `batch_size` rows (the last one may be smaller). The training loader shuffles all rows anew in
# each epoch, and the orders depend on the seed alone: they are the same even if other random numbers
# are drawn, or the validation loader is used, in between. Another seed gives other orders. The
# validation loader keeps the order of its data set.


# %% exercise="dataloaders.loaders"
def make_loaders(train_set, val_set, batch_size, seed):
    """Return a shuffled train_loader and a val_loader in order."""
    ### BEGIN SOLUTION
    generator = torch.Generator().manual_seed(seed)
    train_loader = DataLoader(train_set, batch_size, shuffle=True, generator=generator)
    val_loader = DataLoader(val_set, batch_size)
    return train_loader, val_loader
    ### END SOLUTION


# %%
dataloaders.loaders.check(make_loaders)

# %% [markdown]
# ## 8. Data sets that exist already
#
# torchvision brings many well-known data sets. Each is a class like yours. FashionMNIST holds
# small grey pictures of clothes. With a network connection one line fetches it:
# `FashionMNIST("../data/cache", train=True, download=True)`. So that you need no connection, we write
# a tiny set in its file format: ten pictures, one for each class. They show bars, not clothes.


# %%
import struct
import tempfile
from pathlib import Path


def write_idx(path, tensor):
    """Write a uint8 tensor as an idx file: a code, the sizes, then the bytes."""
    head = struct.pack(f">{1 + tensor.dim()}i", 0x0800 + tensor.dim(), *tensor.shape)
    path.write_bytes(head + bytes(tensor.flatten().tolist()))


# %%
temporary = tempfile.TemporaryDirectory()  # deleted when the notebook is closed
folder = Path(temporary.name)
raw = folder / "FashionMNIST" / "raw"
raw.mkdir(parents=True)
bars = torch.zeros(10, 28, 28, dtype=torch.uint8)
for i in range(10):
    bars[i, 24 - 2 * i :, 8:20] = 255
for part in ("train", "t10k"):
    write_idx(raw / f"{part}-images-idx3-ubyte", bars)
    write_idx(raw / f"{part}-labels-idx1-ubyte", torch.arange(10).byte())

# %% [markdown]
# Now the real class reads it. `train=False` would read the test set.

# %%
from torchvision.datasets import FashionMNIST

fashion = FashionMNIST(folder, train=True)
print(len(fashion), fashion.data.shape, fashion.data.dtype, fashion.targets.tolist())
print(fashion.classes[:3], fashion.class_to_idx["Sneaker"])

# %% [markdown]
# `.data` holds the raw pictures, `.targets` the class numbers, `.classes` their names, and
# `.class_to_idx` turns a name into its number. An item is a pair, like yours.

# %%
image, label = fashion[7]
print(type(image).__name__, image.size, label, fashion.classes[label])

# %% [markdown]
# The picture is an image object, not a tensor. A **transform** turns it into one. By hand: take the
# bytes, divide by 255, and add a dimension for the one colour. torchvision has this as `ToTensor`.

# %%
from torchvision.transforms import ToTensor

by_hand = fashion.data[7].float().div(255).unsqueeze(0)  # (1, 28, 28)
torch.testing.assert_close(by_hand, ToTensor()(image))

# %% [markdown]
# **Predict:** with `transform=ToTensor()`, what is the largest number in item 7? And what is the
# largest number in `.data`?

# %%
fashion = FashionMNIST(folder, train=True, transform=ToTensor())
x, label = fashion[7]
print(x.shape, x.max().item(), fashion.data.max().item())

# %% [markdown]
# 1 and 255. The transform is called when an item is taken; `.data` stays raw. Whoever computes with
# `.data` must scale it.
#
# ### Pictures in folders
#
# Your own pictures need no class at all. Put them into one folder for each class, and `ImageFolder`
# reads them. We draw 54 circles and 6 squares.

# %%
from PIL import Image, ImageDraw

torch.manual_seed(0)
for name, shape, count in [("circle", "ellipse", 54), ("square", "rectangle", 6)]:
    (folder / "shapes" / name).mkdir(parents=True)
    for i in range(count):
        picture = Image.new("RGB", (32, 32), "white")
        left, top = torch.randint(2, 16, (2,)).tolist()
        draw = getattr(ImageDraw.Draw(picture), shape)
        draw((left, top, left + 13, top + 13), fill="#0072B2")
        picture.save(folder / "shapes" / name / f"{i:02}.png")

# %%
from torchvision.datasets import ImageFolder

shapes = ImageFolder(folder / "shapes", transform=ToTensor())
print(len(shapes), shapes.classes, shapes.class_to_idx)
print(shapes[0][0].shape, shapes[0][1], shapes.targets[50:58])

# %% [markdown]
# The classes are the names of the folders, in alphabetical order. Now one batch.

# %%
torch.manual_seed(0)
X, y = next(iter(DataLoader(shapes, batch_size=16, shuffle=True)))
_ = helpers.show_images(X, [shapes.classes[label] for label in y])
assert 1 <= (y == 1).sum() <= 3

# %% [markdown]
# *Figure: a batch of 16 pictures with their classes. Squares are rare.*
#
# ## 9. Rare classes
#
# Nine of ten pictures are circles. A network that always says "circle" is right in nine of ten
# cases, and has learned nothing. One remedy is to draw the rare class more often. A
# **sampler** decides which rows come next. `WeightedRandomSampler` draws each row with a
# probability in proportion to its weight, and it may draw a row several times.

# %%
targets = torch.tensor(shapes.targets)
print(torch.bincount(targets).tolist())

# %% [markdown]
# By hand, with a weight of 1 for each circle and 9 for each square, 54 against 54 in all:

# %%
from torch.utils.data import WeightedRandomSampler

weights = torch.where(targets == 1, 9.0, 1.0).double()
generator = torch.Generator().manual_seed(0)
by_hand = torch.multinomial(weights, 60, replacement=True, generator=generator)
generator.manual_seed(0)
sampler = WeightedRandomSampler(weights, num_samples=60, generator=generator)
assert list(sampler) == by_hand.tolist()

# %% [markdown]
# **Predict:** how many of the 60 rows are now squares? And how many *different* squares are there?

# %%
print("before:", torch.bincount(targets).tolist())
print("after: ", torch.bincount(targets[by_hand]).tolist())
print("different squares:", len(by_hand[targets[by_hand] == 1].unique()))

# %% [markdown]
# About half of the 60 are squares now, but they are the same six again and again. Balancing makes
# the network look at them; it adds no knowledge about them. Balance the training set only. The
# validation set stays as the world is.
#
# ### Exercise 6: balanced weights (5 minutes, build)
#
# Write `balanced_weights(targets)`. `targets` is an `int64` tensor (N,) of class numbers, 0 or more,
# for any number of classes; some numbers in between may not occur. Return a tensor (N,) of decimals, **one
# positive weight for each row**. All classes that occur have the same total weight, and all rows of
# a class the same weight. Only the proportions count.


# %% exercise="dataloaders.weights"
def balanced_weights(targets):
    """Return one weight for each row, the same total for each class."""
    ### BEGIN SOLUTION
    counts = torch.bincount(targets)
    return 1 / counts[targets]
    ### END SOLUTION


# %%
dataloaders.weights.check(balanced_weights)

# %%
if dataloaders.weights.done():
    generator = torch.Generator().manual_seed(0)
    sampler = WeightedRandomSampler(balanced_weights(targets), 60, generator=generator)
    labels = torch.cat([y for _, y in DataLoader(shapes, batch_size=16, sampler=sampler)])
    print("before:", torch.bincount(targets).tolist(), "after:", torch.bincount(labels).tolist())

# %% [markdown]
# ## 10. Items of different length
#
# The loader joins the items of a batch with a **collate function**. The usual one stacks tensors,
# so all must have the same shape. Words do not: each letter is a number here, a is 1 and z is 26.

# %%
names = ["setosa", "versicolor", "virginica"]
words = [(torch.tensor([ord(c) - 96 for c in name]), i) for i, name in enumerate(names)]
print(words[0])
try:
    next(iter(DataLoader(words, batch_size=3)))
except RuntimeError as error:
    print(str(error).split(",")[0])

# %% [markdown]
# A list of pairs is a data set too. The remedy for its different lengths is **padding**: fill the
# short sequences up, here with 0, which stands for no letter. By hand:

# %%
sequences = [sequence for sequence, _ in words]
longest = max(len(sequence) for sequence in sequences)
by_hand = torch.zeros(3, longest, dtype=torch.int64)
for row, sequence in enumerate(sequences):
    by_hand[row, : len(sequence)] = sequence
padded = nn.utils.rnn.pad_sequence(sequences, batch_first=True)
torch.testing.assert_close(by_hand, padded)
print(padded)

# %% [markdown]
# Here the zeros still show where a word ends. In other data, such as temperatures, 0 may be a true
# value. So a batch carries the lengths as well.
#
# ### Exercise 7: a collate function (7 minutes, build)
#
# Write `collate(batch)`. `batch` is a list of pairs: a tensor of shape (length,), of length 1 or
# more, and a class number, an `int`. Return three tensors:
# - `X`: shape (batch, longest), padded with 0 at the end, in the dtype of the sequences;
# - `lengths`: shape (batch,), `int64`, the true lengths;
# - `y`: shape (batch,), `int64`.
#
# The order of the items stays.


# %% exercise="dataloaders.collate"
def collate(batch):
    """Return X (batch, longest), lengths (batch,) and y (batch,)."""
    ### BEGIN SOLUTION
    sequences = [sequence for sequence, _ in batch]
    X = nn.utils.rnn.pad_sequence(sequences, batch_first=True)
    lengths = torch.tensor([len(sequence) for sequence in sequences])
    y = torch.tensor([label for _, label in batch])
    return X, lengths, y
    ### END SOLUTION


# %%
dataloaders.collate.check(collate)

# %%
if dataloaders.collate.done():
    for X, lengths, y in DataLoader(words, batch_size=2, collate_fn=collate):
        print(X.shape, lengths.tolist(), y.tolist())

# %% [markdown]
# Each batch is only as wide as its own longest word.

# %% [markdown]
# ## 11. A whole batch at a time
#
# A `DataLoader` takes one item after the other and then joins them. For tensors in memory that is
# wasteful: one indexing operation can take all rows of a batch. A `BatchSampler` yields lists of row
# numbers. With `batch_size=None` the loader passes each list to the data set as it is.

# %%
from torch.utils.data import BatchSampler, RandomSampler, SequentialSampler

rows = BatchSampler(SequentialSampler(train_set), batch_size=16, drop_last=False)
print(next(iter(rows)))
whole = DataLoader(train_set, batch_size=None, sampler=rows)
for fast, slow in zip(whole, DataLoader(train_set, batch_size=16), strict=True):
    torch.testing.assert_close(list(fast), list(slow))

# %% [markdown]
# The same batches. `helpers.make_loader` goes one step further: it cuts the rows out of the tensors
# without any `DataLoader`. How long does one epoch take on 20,000 rows?


# %%
import time


def seconds(loader):
    """Return how long one pass over a loader takes."""
    start = time.perf_counter()
    for _batch in loader:
        pass
    return time.perf_counter() - start


# %% tags=["nbval-ignore-output"]
large = TensorDataset(torch.randn(20_000, 50), torch.zeros(20_000))
rows = BatchSampler(RandomSampler(large), batch_size=128, drop_last=False)
loaders = {
    "item by item": DataLoader(large, batch_size=128, shuffle=True),
    "by batch": DataLoader(large, batch_size=None, sampler=rows),
    "make_loader": helpers.make_loader(*large.tensors, batch_size=128, shuffle=True),
}
times = {name: min(seconds(loader) for _ in range(3)) for name, loader in loaders.items()}
print({name: f"{time:.4f} s" for name, time in times.items()})
assert times["item by item"] > 2 * times["make_loader"]

# %% [markdown]
# `make_loader` is the fastest by far, and later notebooks use it for their tensors in memory. For
# files that do not fit there, a `DataLoader` is the right tool.
#
# ## 12. Workers, and what they cost
#
# With `num_workers=2` two more Python processes fetch the batches while the network computes. To
# start them takes time, in every epoch.
#
# **Predict:** 112 flowers in batches of 16. Are two workers faster than none?

# %% tags=["nbval-ignore-output"]
alone = seconds(DataLoader(train_set, batch_size=16))
helped = seconds(DataLoader(train_set, batch_size=16, num_workers=2))
print(f"no workers {alone:.4f} s, two workers {helped:.4f} s")
assert helped > alone

# %% [markdown]
# No. The workers take longer to start than the whole epoch takes without them. They help where an
# item is slow to fetch. Here is a data set that waits 5 milliseconds for each item, as if it read
# from a slow disk. On Windows and macOS, and on Linux since Python 3.14, a worker starts as a new
# Python, which does not know the classes of your notebook. So the class must stand in a file, a
# module, that can be imported.

# %%
import sys

(folder / "slow_items.py").write_text("""
import time

class SlowItems:
    def __len__(self):
        return 160

    def __getitem__(self, i):
        time.sleep(0.005)
        return i
""")
sys.path.insert(0, str(folder))
from slow_items import SlowItems

# %% [markdown]
# `persistent_workers=True` keeps the workers for the next epoch, so that they start only once.

# %% tags=["nbval-ignore-output"]
alone = seconds(DataLoader(SlowItems(), batch_size=8))
two_workers = DataLoader(SlowItems(), batch_size=8, num_workers=2, persistent_workers=True)
first, second = seconds(two_workers), seconds(two_workers)
print(f"no workers {alone:.2f} s, two workers {first:.2f} s, second epoch {second:.2f} s")
assert second < alone

# %% [markdown]
# Two workers wait for two items at the same time. So begin with `num_workers=0`, measure, and add
# workers when the network waits for its data.
#
# ## 13. A file larger than the memory
#
# Sometimes there is no item number `i`: a file is read line by line, or data arrives from a network.
# For that there is the **iterable-style** data set. It has no length and no `__getitem__`, only an
# iterator. Here is a file of 20,000 lines; think of a billion.

# %%
generator = torch.Generator().manual_seed(0)
numbers = torch.randint(0, 100, (20_000, 5), generator=generator)
with open(folder / "many.csv", "w") as file:
    file.writelines(",".join(map(str, row)) + "\n" for row in numbers.tolist())


# %%
from torch.utils.data import IterableDataset


class Lines(IterableDataset):
    """The lines of a file as pairs (x, y); y is the last number."""

    def __init__(self, path):
        self.path = path

    def __iter__(self):
        with open(self.path) as file:
            for line in file:
                *x, y = map(int, line.split(","))
                yield torch.tensor(x, dtype=torch.float32), y


# %% [markdown]
# `yield` hands out one item and waits until the next one is asked for. Only one line and one
# batch are in memory at a time. `tracemalloc` measures the largest amount of memory that Python
# needed. (It does not count the numbers inside the tensors; with them the difference is larger.)

# %%
import tracemalloc


def peak(read):
    """Return the largest memory in kB while read() runs."""
    tracemalloc.start()
    read()
    kilobytes = tracemalloc.get_traced_memory()[1] / 1000
    tracemalloc.stop()
    return kilobytes


# %% tags=["nbval-ignore-output"]
lines = Lines(folder / "many.csv")
all_at_once = peak(lambda: list(lines))
batch_by_batch = peak(lambda: [len(y) for _, y in DataLoader(lines, batch_size=100)])
print(f"all at once {all_at_once:.0f} kB, batch by batch {batch_by_batch:.0f} kB")
assert batch_by_batch < all_at_once / 4

# %% [markdown]
# The loader still gives every row, in the order of the file.

# %%
batches = list(DataLoader(lines, batch_size=100))
torch.testing.assert_close(torch.cat([y for _, y in batches]), numbers[:, -1])
print(len(batches), batches[0][0].shape)

# %% [markdown]
# The price: nobody knows how long it is, and it cannot be shuffled, as that needs row numbers. Both
# questions are refused.

# %%
for ask in (lambda: len(lines), lambda: DataLoader(lines, shuffle=True)):
    try:
        ask()
    except (TypeError, ValueError) as error:
        print(type(error).__name__)

# %% [markdown]
# So shuffle the lines of the file once, when you write it. And with several workers each would read
# the whole file, so that every row comes several times: then each worker must take its own part.

# %% [markdown]
# ## Recap
#
# - A `Dataset` has `__len__` and `__getitem__`, and uses nothing but `self`. A `DataLoader` adds the
#   order, the batches and, if needed, workers.
# - At the same learning rate small batches need far fewer epochs, and an epoch takes longer. Training data is shuffled, with
#   a generator of its own; validation data is not.
# - `ImageFolder` reads pictures, a weighted sampler balances rare classes, a collate function pads
#   sequences, and an `IterableDataset` reads what does not fit into memory.

# %% [markdown]
# ## Quiz
#
# Replace each `...` by the letter of your choice.
#
# **1.** 100 rows, `batch_size=30`, nothing is dropped. How many steps has an epoch?
# - **a** 3
# - **b** 30
# - **c** 4

# %%
dataloaders.quiz(1, "c")  ### STUB: dataloaders.quiz(1, ...)

# %% [markdown]
# **2.** Why does training with batches of 4 need fewer epochs than with the full batch?
# - **a** it makes more steps in each epoch
# - **b** its gradients are more exact
# - **c** it sees fewer rows in each epoch

# %%
dataloaders.quiz(2, "a")  ### STUB: dataloaders.quiz(2, ...)

# %% [markdown]
# **3.** What does a shuffled validation loader spoil?
# - **a** the accuracy
# - **b** the match between predictions and the rows of the table
# - **c** the weights of the model

# %%
dataloaders.quiz(3, "b")  ### STUB: dataloaders.quiz(3, ...)

# %% [markdown]
# **4.** One row in a hundred belongs to the rare class. What does a weighted sampler change?
# - **a** the rare rows are drawn more often, though there are no more of them
# - **b** the data set gets new rare rows
# - **c** the validation set is balanced as well

# %%
dataloaders.quiz(4, "a")  ### STUB: dataloaders.quiz(4, ...)

# %% [markdown]
# **5.** All the data is a tensor of 5 MB in memory. Which loader suits best?
# - **a** `num_workers=4`
# - **b** an `IterableDataset`
# - **c** `helpers.make_loader`

# %%
dataloaders.quiz(5, "c")  ### STUB: dataloaders.quiz(5, ...)

# %% [markdown]
# ## Where to go on
#
# - [PyTorch's `torch.utils.data`](https://docs.pytorch.org/docs/stable/data.html): every argument of
#   the loader, and how workers share an `IterableDataset`.
# - [torchvision's data sets](https://docs.pytorch.org/vision/stable/datasets.html): the list of what
#   is there, with the interface of each.
# - [PyTorch on reproducibility](https://docs.pytorch.org/docs/stable/notes/randomness.html): seeds,
#   generators and workers.
