# %% [markdown]
# # 04 Data loaders: feed a network in batches
#
# In this notebook you learn
# - to write a `Dataset` of your own, over a table and over files, and to draw batches from it with
#   a `DataLoader`;
# - to train and to measure in batches, in an order that you can repeat;
# - to say what fills the memory, and to compare batch sizes fairly.
#
# **90 minutes, on any CPU.** You know tensors (notebook 01) and the training loop (notebook 03).

# %% [markdown]
# ## Why
#
# So far every step has used all the data at once. That works for 150 flowers, but not for a folder
# of photographs that is larger than the memory. So a network is fed in **batches**: a few rows for
# each step. Four parts share the work, and you can replace each. A *data set* knows the items, a
# *sampler* chooses which ones come next, a *collate* function joins them, and the *loader* runs the
# three.
#
# ![A sampler gives row numbers, the data set turns each number into an item, the collate function joins the items to a batch of tensors X and y, and the batch goes to the model.](figures/dataloaders_pipeline.svg)

# %% tags=["setup"]
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset, random_split

import helpers
from helpers.exercises import dataloaders

plt.style.use("helpers.course")
torch.set_num_threads(1)  # small tensors: one thread is faster than two (see Extra)

# %% [markdown]
# ## 1. A data set is a length and items
#
# First we write some files, into a temporary folder. Here is iris as a table of text, a CSV file.

# %%
import tempfile
from pathlib import Path

from sklearn.datasets import load_iris

temporary = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)  # deleted at the end
folder = Path(temporary.name)
load_iris(as_frame=True).frame.to_csv(folder / "iris.csv", index=False)

# %% [markdown]
# `read_csv` reads it back. 112 rows are for training, 38 for validation.

# %%
from sklearn.model_selection import train_test_split

flowers = pd.read_csv(folder / "iris.csv")
train_table, val_table = train_test_split(
    flowers, test_size=38, random_state=0, stratify=flowers["target"]
)
train_table.head(3)

# %% [markdown]
# The last column, `target`, is the species as a number. The bold numbers on the left, the *index*,
# are the old row numbers, in a random order. The row at *place* 0 is `train_table.iloc[0]`.
# `train_table.loc[0]` would be the row with the *label* 0: another flower, or none (here none, a
# `KeyError`). One row of a table has one dtype for all columns: in it, the target is a decimal.
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
# 5, and the pair of 3 and 9; nothing is computed before you ask.
#
# ### Exercise 1: a data set over a table (6 minutes, complete)
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

# %% [markdown]
# For rows that are tensors PyTorch has `TensorDataset`. Both hold the same items.

# %%
X_train = torch.tensor(train_table.drop(columns="target").to_numpy(), dtype=torch.float32)
X_val = torch.tensor(val_table.drop(columns="target").to_numpy(), dtype=torch.float32)
y_train = torch.tensor(train_table["target"].to_numpy())
y_val = torch.tensor(val_table["target"].to_numpy())
train_set, val_set = TensorDataset(X_train, y_train), TensorDataset(X_val, y_val)
print(len(train_set), len(val_set), train_set[0])

# %%
if dataloaders.dataset.done():
    own_set = FlowerDataset(train_table)
    print(len(own_set), own_set[0])

# %% [markdown]
# ## 2. A data set over files
#
# Scikit-learn brings 1797 real handwritten digits of 8 pixels by 8 pixels. We write each into a PNG
# file, in a folder named by its class.

# %%
from sklearn.datasets import load_digits

digits = load_digits()  # images: 0 to 16
pixels = (digits.images * 255 / 16).round().astype("uint8")  # (1797, 8, 8), 0 to 255
for i, (picture, digit) in enumerate(zip(pixels, digits.target, strict=True)):
    path = folder / "digits" / str(digit) / f"{i:04}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(path)

# %%
paths = sorted((folder / "digits").glob("*/*.png"))
image = Image.open(paths[200])
print(len(paths), paths[200].relative_to(folder).as_posix(), image.size, image.mode)

# %% [markdown]
# An opened picture is an image object. A **transform** turns it into a tensor. By hand: divide the
# bytes by 255, and put a dimension for the one colour in front. (The mode `L` means one grey
# channel.) torchvision's `v2` does the same in two steps. It returns a `tv_tensors.Image`, a kind of tensor.

# %%
from torchvision.transforms import v2

to_tensor = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])
by_hand = torch.tensor(list(image.tobytes())).reshape(1, 8, 8) / 255
torch.testing.assert_close(by_hand, torch.Tensor(to_tensor(image)))
print(by_hand.shape, by_hand.max())

# %% [markdown]
# ### Exercise 2: a data set over files (6 minutes, build)
#
# Write `PictureDataset(paths, transform)`. `paths` is a list of paths (`pathlib.Path`) to pictures.
# Item `i` is a pair `(x, y)`:
# - `x` is `transform(image)`, where `image` is what `Image.open` gives for path `i`, unchanged;
# - `y` is the name of the picture's folder, the last one in the path, as a whole number.
#
# `__init__` opens no picture. When an item is taken, its picture alone is opened, and `transform`
# called once.


# %% exercise="dataloaders.files"
class PictureDataset(Dataset):
    """Pictures in files as pairs (x, y); y is the name of the folder."""

    def __init__(self, paths, transform):
        ### BEGIN SOLUTION
        self.paths = paths
        self.transform = transform
        ### END SOLUTION

    def __len__(self):
        ### BEGIN SOLUTION
        return len(self.paths)
        ### END SOLUTION

    def __getitem__(self, i):
        ### BEGIN SOLUTION
        path = self.paths[i]
        with Image.open(path) as image:
            return self.transform(image), int(path.parent.name)
        ### END SOLUTION


# %%
dataloaders.files.check(PictureDataset)

# %% [markdown]
# torchvision has such a class, `ImageFolder`. It gives every picture three colours.

# %%
from torchvision.datasets import ImageFolder

ready = ImageFolder(folder / "digits", transform=to_tensor)
print(len(ready), ready[200][0].shape, ready[200][1], ready.classes)

# %%
if dataloaders.files.done():
    pictures = PictureDataset(paths, to_tensor)
    print(len(pictures), pictures[200][0].shape, pictures[200][1])
    print("largest difference:", (pictures[200][0] - ready[200][0]).abs().max().item())

# %% [markdown]
# ## 3. From items to batches
#
# First by hand. To join pairs to a batch, put all the `x` on top of each other, and all the `y`.


# %%
def batch_by_hand(dataset, rows):
    """Return the batch (X, y) of these rows of a data set."""
    items = [dataset[row] for row in rows]
    return torch.stack([x for x, _ in items]), torch.tensor([int(y) for _, y in items])


# %% [markdown]
# A `DataLoader` does the same.

# %%
fifties = DataLoader(train_set, batch_size=50)
X, y = next(iter(fifties))  # the first batch
torch.testing.assert_close((X, y), batch_by_hand(train_set, range(50)))
print(X.shape, X.dtype, y.shape, y.dtype)

# %% [markdown]
# **Predict:** 112 rows in batches of 50. How many batches are there, and how long is the last one?

# %%
print(len(fifties), [len(y) for _, y in fifties])

# %% [markdown]
# Three; the last one has 12 rows, and `drop_last=True` would leave it out. With `shuffle=True` each
# epoch has a new order. Here is one shuffled batch of pictures.

# %%
torch.manual_seed(0)
X, y = next(iter(DataLoader(ready, batch_size=16, shuffle=True)))
_ = helpers.show_images(X, y.tolist())

# %% [markdown]
# *Figure: a batch of 16 digits with their classes.*
#
# The collate function also makes tensors of numbers. **Predict:** which dtype does a batch of
# Python's decimals get? And a batch of NumPy's rows?

# %%
from torch.utils.data import default_collate

for item in (torch.tensor([0.5]), 3, 0.5, np.array([0.5, 1.5])):
    print(f"{type(item).__name__:8}", default_collate([item, item]).dtype)

# %% [markdown]
# Python and NumPy compute in 64 bits, so their decimals become `float64`. A network's parameters are
# `float32`. You know this error from notebook 03:

# %%
doubles = default_collate([np.array([5.1, 3.5, 1.4, 0.2]), np.array([6.2, 2.9, 4.3, 1.3])])
try:
    nn.Linear(4, 3)(doubles)
except RuntimeError as error:
    print(error)

# %% [markdown]
# Two matrices are multiplied, the batch and the weights. The batch is `Double`, `float64`; the
# weights are `Float`, `float32`. Repair it where it begins, in the data set: make each `x` a
# `float32` tensor.

# %% [markdown]
# ## 4. Train and measure in batches
#
# The five lines of notebook 03 do not change. They only move into a second loop, over the batches
# of a loader. One pass over the loader is one epoch: with 112 rows in batches of 16, 7 steps
# instead of one. Each step follows the gradient of 16 rows, a rough direction (an Extra). This is
# training with **mini-batches**.
#
# ### Exercise 3: one epoch with a loader (6 minutes, build)
#
# Write `train_epoch(model, loader, loss_fn, optimizer)`. It puts the model into training mode,
# leaves it there, and makes one step for each batch of the loader. It returns the **mean loss over
# all rows**, a plain number, of the losses taken before each step. `loss_fn` returns the mean over a
# batch; the last batch may be smaller. Count the rows as they come: a loader may leave some out
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
# ### Exercise 4: measure in batches (5 minutes, build)
#
# Write `evaluate(model, loader, loss_fn)`. It returns two plain numbers: the **mean loss over all
# rows** of the loader, and the **accuracy**, a fraction of all rows. `loss_fn` returns the mean
# over a batch; the model returns logits of shape (rows, classes); `y` are class numbers. As above
# the last batch may be smaller, and the loader need not have a `.dataset`. Measure in evaluation
# mode, and record no graph. In which mode you leave the model does not matter.


# %% exercise="dataloaders.evaluate"
def evaluate(model, loader, loss_fn):
    """Return (loss, accuracy) of the model, the mean over all rows of the loader."""
    ### BEGIN SOLUTION
    model.eval()
    total, right, rows = 0.0, 0, 0
    with torch.no_grad():
        for X, y in loader:
            logits = model(X)
            total += loss_fn(logits, y).item() * len(X)
            right += (logits.argmax(dim=1) == y).sum().item()
            rows += len(X)
    return total / rows, right / rows
    ### END SOLUTION


# %%
dataloaders.evaluate.check(evaluate)

# %% [markdown]
# Now train with your own data set and your own two functions.

# %%
loss_fn = nn.CrossEntropyLoss()


def new_network():
    """Return a small network for the flowers, always the same, and its optimizer."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    return model, torch.optim.Adam(model.parameters(), lr=0.01)


def train_flowers(epochs):
    """Train on the flowers with your own functions; return the history."""
    model, optimizer = new_network()
    train_loader = DataLoader(FlowerDataset(train_table), batch_size=16, shuffle=True)
    val_loader = DataLoader(FlowerDataset(val_table), batch_size=16)
    history = {"train_loss": [], "val_loss": []}
    for _epoch in range(epochs):
        history["train_loss"].append(train_epoch(model, train_loader, loss_fn, optimizer))
        history["val_loss"].append(evaluate(model, val_loader, loss_fn)[0])
    return history


# %%
own_loop = [dataloaders.dataset, dataloaders.train_epoch, dataloaders.evaluate]
if all(exercise.done() for exercise in own_loop):
    history = train_flowers(epochs=40)
    _ = helpers.plot_history(history)

# %% [markdown]
# *Figure: with your functions both losses fall together, over 40 epochs of 7 steps.*
#
# `helpers.train` does the same, for later notebooks. From the same seed it gives the same numbers.
# The last training and validation loss, first the course's, then yours:

# %% tags=["approx-0.01"]
theirs, optimizer = new_network()
loaders = DataLoader(train_set, batch_size=16, shuffle=True), DataLoader(val_set, batch_size=16)
their_history = helpers.train(
    theirs, loaders[0], loss_fn, optimizer, 40, loaders[1], progress=False
)
print(f"training {their_history['train_loss'][-1]:.3f}", end=", ")
print(f"validation {their_history['val_loss'][-1]:.3f}")

# %% tags=["approx-0.01"]
if all(exercise.done() for exercise in own_loop):
    print(f"training {history['train_loss'][-1]:.3f}", end=", ")
    print(f"validation {history['val_loss'][-1]:.3f}")

# %% [markdown]
# ### On another device
#
# A model may lie on a graphics card. Then each batch must go there too. No card is needed to meet
# the error: PyTorch's device `meta` knows shapes, but no numbers.

# %%
try:
    nn.Linear(4, 3, device="meta")(X_val)
except RuntimeError as error:
    print(error)

# %% [markdown]
# The weights are on one device, the data on another, and PyTorch copies nothing by itself. (With a
# card the message begins *Expected all tensors to be on the same device*.) The remedy:
# `model.to(device)` once, and in both loops, as the first line, `X, y = X.to(device),
# y.to(device)`. So only one batch lies on the card at a time. `helpers.train` and
# `helpers.evaluate` have that line, and `device=` names the device. For an NVIDIA card there is
# `DataLoader(..., pin_memory=True)`, which prepares the copy.

# %% [markdown]
# ## 5. Split, shuffle, repeat
#
# `random_split` splits any data set. Each part is a `Subset`: it holds the data set and a list of
# row numbers, and copies nothing.

# %%
generator = torch.Generator().manual_seed(0)
train_pictures, val_pictures = random_split(ready, [1437, 360], generator=generator)
print(len(train_pictures), len(val_pictures), val_pictures.indices[:5])
print("rows in both:", len(set(train_pictures.indices) & set(val_pictures.indices)))

# %% [markdown]
# Both parts share one data set, and so its transform. `Subset` with the same indices cuts the same
# part out of another data set in the same order: here out of your `PictureDataset`. Train on its files:

# %% tags=["approx-0.01"]
digit_loop = [dataloaders.files, dataloaders.train_epoch, dataloaders.evaluate]
if all(exercise.done() for exercise in digit_loop):
    torch.manual_seed(0)
    reader = nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    reader_optimizer = torch.optim.Adam(reader.parameters(), lr=0.01)
    own_train = DataLoader(Subset(pictures, train_pictures.indices), batch_size=64, shuffle=True)
    own_val = DataLoader(Subset(pictures, val_pictures.indices), batch_size=64)
    for epoch in (1, 2, 3):
        train_loss = train_epoch(reader, own_train, loss_fn, reader_optimizer)
        val_loss, accuracy = evaluate(reader, own_val, loss_fn)
        print(f"epoch {epoch}: {train_loss:.2f} {val_loss:.2f}, accuracy {accuracy:.2f}")

# %% [markdown]
# ### The same order again
#
# To repeat a result, repeat the order of the rows. `torch.manual_seed` alone is fragile: any random
# number drawn in between changes it. (A `range` has a length and items: it is a data set.)


# %%
def order(loader):
    """Return the row numbers of one epoch."""
    return [int(row) for batch in loader for row in batch]


for drawn_before in (0, 1):
    torch.manual_seed(0)
    torch.rand(drawn_before)  # somebody adds a line
    print(order(DataLoader(range(112), batch_size=16, shuffle=True))[:8])

# %% [markdown]
# The remedy is a generator that belongs to the loader alone. **Predict:** is the second epoch in the
# same order as the first? And a loader made again with the same seed?

# %%
for _loader in ("made", "made again"):
    generator = torch.Generator().manual_seed(0)
    seeded = DataLoader(range(112), batch_size=16, shuffle=True, generator=generator)
    print(order(seeded)[:8], order(seeded)[:8])
    torch.rand(1)

# %% [markdown]
# Each epoch is new, and the whole series can be repeated.
#
# ### Bug hunt: the shuffled validation set
#
# A colleague shuffles the validation loader too. Then the predictions go into the table of
# validation flowers, row by row.

# %% tags=["approx-0.01"]
shuffled = DataLoader(val_set, batch_size=16, shuffle=True, generator=generator)
scores = helpers.evaluate(theirs, shuffled, loss_fn, {"accuracy": helpers.accuracy})
logits, _ = helpers.predict(theirs, shuffled)
in_the_table = (logits.argmax(dim=1) == y_val).float().mean()
print(f"measured {scores['accuracy']:.2f}, in the table {in_the_table:.2f}")

# %% [markdown]
# Nearly all predictions are right, but they stand beside other flowers. The accuracy does not show
# it: it compares the pairs that the loader gives. Whoever measures keeps the order, and leaves out
# no row.
#
# ### Exercise 5: a pair of loaders (4 minutes, debug)
#
# Three things are wrong in the colleague's function.
#
# ```python
# def make_loaders(train_set, val_set, batch_size, seed):
#     torch.manual_seed(seed)
#     train_loader = DataLoader(train_set, batch_size, shuffle=True)
#     val_loader = DataLoader(val_set, batch_size, shuffle=True, drop_last=True)
#     return train_loader, val_loader
# ```
#
# Write it again. The sets are `TensorDataset`s. Both loaders give all rows, in batches (X, y) of
# `batch_size` rows (the last one may be smaller). The training loader shuffles all rows anew in
# each epoch. Its orders depend on the seed alone, even if other random numbers are drawn, or the
# validation loader is used, in between; another seed gives other orders. The validation loader
# keeps the order of its data set.


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

# %% tags=["approx-0.01"]
if dataloaders.loaders.done():
    _, in_order = make_loaders(train_set, val_set, batch_size=16, seed=0)
    logits, _ = helpers.predict(theirs, in_order)
    print(f"in the table {(logits.argmax(dim=1) == y_val).float().mean():.2f}")

# %% [markdown]
# ## 6. What fills the memory
#
# Photographs often have 224 by 224 pixels, in three colours. A lesson that many people read (with
# the slip "224x244") says that 1000 of them flood the memory of any graphics card. Let us count.

# %%
photo = torch.zeros(3, 224, 224)
print(photo.numel(), "numbers,", photo.numel() * photo.dtype.itemsize, "bytes,", photo.nbytes)

# %% [markdown]
# 150,528 numbers of 4 bytes each in `float32`; 1000 pictures take 0.6 gigabytes: that
# floods no card. But training keeps more than the batch. Take ResNet-50, a
# well-known network, and one step with Adam.

# %%
from torchvision.models import resnet50

from helpers.graphs import count_kept


def bytes_of(tensors):
    """Return the bytes of some tensors together."""
    return sum(tensor.nbytes for tensor in tensors)


def kept_for_backward(model, X):
    """Return the megabytes that autograd keeps until backward(), and call it."""
    with count_kept() as megabytes:
        loss = model(X).sum()
        found = megabytes()  # what is kept right now
    loss.backward()  # now the gradients are there as well
    return found


# %% [markdown]
# For the backward pass autograd keeps what each layer was given: the **activations** (notebook 02).
# We measure one picture and two; the difference is what one more costs.

# %%
network = resnet50()
adam = torch.optim.Adam(network.parameters())
one, two = (kept_for_backward(network, torch.zeros(n, 3, 224, 224)) for n in (1, 2))
adam.step()
state = [value for values in adam.state.values() for value in values.values()]

# %% [markdown]
# **Predict:** which is the largest part when 1000 pictures are one batch: the pictures, the
# parameters, their gradients, Adam's state, or the activations?

# %%
gigabytes = {
    "1000 pictures": 1000 * photo.nbytes / 1e9,
    "parameters": bytes_of(network.parameters()) / 1e9,
    "gradients": bytes_of(p.grad for p in network.parameters()) / 1e9,
    "Adam's state": bytes_of(state) / 1e9,
    "activations of 1000 pictures": 1000 * (two - one) / 1e3,
}
print(pd.Series(gigabytes).round(2).to_string())

# %% [markdown]
# A gradient is as large as its parameter, and Adam keeps two more numbers for each. That is little
# here. Only the pictures and the activations grow with the batch, and the activations are far
# larger. (They include the pictures, which the first layer keeps.) So the lesson's sentence is
# wrong about the pictures, and nearly right about training with all of them at once. When the
# memory is full, take a smaller batch.
#
# ## 7. Lab: a fair comparison of batch sizes
#
# The same lesson observes: with mini-batches an epoch takes longer, yet far fewer epochs are
# needed. Its rate is always 0.0001. Count the epochs until the validation loss is below 0.2, and
# vary the batch size *and* the rate, so that each batch size can show its best.


# %%
def epochs_needed(batch_size, lr, seed, limit=600):
    """Return the number of epochs until the validation loss is below 0.2; limit if never."""
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3))
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    train_loader = DataLoader(train_set, batch_size, shuffle=True)
    val_loader = DataLoader(val_set, batch_size=38)
    for epoch in range(1, limit + 1):
        train_epoch(model, train_loader, loss_fn, optimizer)
        if evaluate(model, val_loader, loss_fn)[0] < 0.2:
            return epoch
    return limit


# %% [markdown]
# ### Exercise 6: the loop over settings (5 minutes, complete)
#
# Write `compare(measure, batch_sizes, rates, seeds)`. `measure(batch_size, lr, seed)` is a function
# that returns a number, such as `epochs_needed`. Call it once for each batch size, rate and seed of
# the three lists, which are not empty. Return a list of dicts, one for each batch size and rate:
# all rates in their order for the first batch size, then for the next. The keys are `"batch size"`,
# `"lr"`, and for the numbers of all seeds `"mean"`, `"lowest"` and `"highest"`.


# %% exercise="dataloaders.lab"
def compare(measure, batch_sizes, rates, seeds):
    """Return one dict for each batch size and rate, with mean, lowest and highest over seeds."""
    ### BEGIN SOLUTION
    rows = []
    for batch_size in batch_sizes:
        for lr in rates:
            numbers = [measure(batch_size, lr, seed) for seed in seeds]
            row = {"batch size": batch_size, "lr": lr, "mean": sum(numbers) / len(numbers)}
            rows.append(row | {"lowest": min(numbers), "highest": max(numbers)})
    return rows
    ### END SOLUTION


# %%
dataloaders.lab.check(compare)

# %% [markdown]
# First write down what you expect: which of the rates 0.0001, 0.001, 0.01 and 0.1 is the best for
# each batch size? 112 is the full batch.

# %%
expected = {4: 0.001, 16: 0.01, 112: 0.1}  ### STUB: expected = {4: ..., 16: ..., 112: ...}

# %% [markdown]
# The next cell trains 36 networks with your functions, in about ten seconds.

# %% tags=["approx-0.01"]
lab = [dataloaders.lab, dataloaders.train_epoch, dataloaders.evaluate]
if all(exercise.done() for exercise in lab):
    results = pd.DataFrame(compare(epochs_needed, [4, 16, 112], [1e-4, 1e-3, 1e-2, 1e-1], range(3)))
    print(results.pivot(index="batch size", columns="lr", values="mean").round(1).to_string())

# %% [markdown]
# These are mean numbers of epochs, over three seeds. Now the best rate of each batch size, beside
# what you expected:

# %% tags=["approx-0.01"]
if all(exercise.done() for exercise in lab):
    best = results.loc[results.groupby("batch size")["mean"].idxmin()].set_index("batch size")
    best["steps"] = best["mean"] * [len(DataLoader(train_set, size)) for size in best.index]
    best["expected lr"] = expected
    print(best.to_string(float_format="{:.4g}".format))

# %% [markdown]
# At 0.0001 the observation holds: 28 epochs with batches of 4, 359 with the full batch. With its
# best rate each needs far fewer, and batches of 4 still the fewest. Here one rate is the best for
# all three; only the search could tell. The rate matters more than the batch size. Counted in steps
# small batches gain nothing: the full batch needs 14. (We look once an epoch, so the other two
# numbers are rounded up.) And the time?

# %% tags=["nbval-ignore-output"]
from time import perf_counter

if all(exercise.done() for exercise in lab):
    for size in (4, 16, 112):
        start = perf_counter()
        epochs_needed(size, lr=1e-6, seed=0, limit=20)
        ms = (perf_counter() - start) / 20 * 1000
        to_the_goal = ms * best.loc[size, "mean"]
        print(f"batches of {size:3}: {ms:.1f} ms an epoch, {to_the_goal:.0f} ms to the goal")

# %% [markdown]
# An epoch takes longer with small batches: it has more steps. But fewer epochs are needed, so to the
# goal all three take about as long.
#
# ## 8. Challenge: one hundred steps
#
# Train a network for the digits in exactly **100 steps**, with batches of **at most 256** pictures.
# The goal is a validation loss **below 0.2**. You choose the batch size, the optimizer and its rate.


# %%
from itertools import chain, islice, repeat

X_digits = torch.tensor(pixels).reshape(1797, 64).float() / 255
y_digits = torch.tensor(digits.target)


def loss_after(batch_size, make_optimizer, seed, steps=100):
    """Return the validation loss on digits; the seed also decides on the split."""
    torch.manual_seed(seed)
    train, val = torch.randperm(1797).split([1437, 360])
    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    optimizer = make_optimizer(model.parameters())
    loader = helpers.make_loader(X_digits[train], y_digits[train], batch_size, shuffle=True)
    epochs = repeat(loader)  # the loader again and again, as often as it takes
    for X, y in islice(chain.from_iterable(epochs), steps):
        optimizer.zero_grad()
        loss_fn(model(X), y).backward()
        optimizer.step()
    return helpers.evaluate(model, (X_digits[val], y_digits[val]), loss_fn)["loss"]


# %% [markdown]
# (`helpers.make_loader` is a fast loader for tensors in memory.) The usual first choice is far from
# the goal:


# %% tags=["approx-0.01"]
def usual(parameters):
    """Return Adam with its default rate."""
    return torch.optim.Adam(parameters, lr=0.001)


print([round(loss_after(16, usual, seed), 2) for seed in range(5)])

# %% [markdown]
# ### Exercise 7: one hundred steps (7 minutes, build)
#
# Write `recipe()`. It returns a pair `(batch_size, make_optimizer)`: an `int` from 1 to 256, and a
# function such as `usual`, which returns a new optimizer whose `step()` needs no argument. The
# check calls `loss_after` with five seeds that you do not know. The **mean** of the losses must be
# below 0.2. The check says how far it is.


# %% exercise="dataloaders.challenge"
def recipe():
    """Return (batch_size, make_optimizer) for 100 steps."""
    ### BEGIN SOLUTION
    return 256, lambda parameters: torch.optim.Adam(parameters, lr=0.02)
    ### END SOLUTION


# %%
dataloaders.challenge.check(recipe)

# %%
if dataloaders.challenge.done():
    fig, ax = plt.subplots()
    counts = [10, 20, 50, 100, 200]
    recipes = [("usual", "C2", 16, usual), ("yours", "C3", *recipe())]
    for name, colour, size, make_optimizer in recipes:
        losses = [loss_after(size, make_optimizer, seed=0, steps=n) for n in counts]
        ax.plot(counts, losses, "o-", color=colour, label=name)
    ax.axhline(0.2, color="grey", linewidth=0.8)
    ax.set(xlabel="steps", ylabel="validation loss", xscale="log", yscale="log")
    _ = ax.legend()

# %% [markdown]
# *Figure: the validation loss against the number of steps, for the usual choice and yours, one seed.
# The grey line is the goal.*

# %% [markdown]
# ## Extra: two data sets, one content
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
broken = BrokenRows(val_data)
print("its length:         ", len(broken))
print("its item 0:         ", broken[0][0])
print("validation flower 0:", X_val[0])
print("training flower 0:  ", X_train[0])

# %% [markdown]
# The length is right, so nothing looks wrong. But every item comes from the training data.
#
# ### Exercise 8: two data sets, one content (4 minutes, debug)
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

# %%
if dataloaders.self_data.done():
    print("item 0 of yours:    ", RowDataset(val_data)[0][0])

# %% [markdown]
# A script without a variable `data` would stop at once, with a `NameError`. In a notebook all names
# of all cells are there, and the bug stays hidden. A method should use `self` and its arguments.

# %% [markdown]
# ## Extra: why a few rows are enough
#
# A step follows the gradient of one batch. How near is its direction to that of the gradient of all
# rows? The **cosine** of the angle between them is 1 for the same direction, 0 for a right angle.


# %%
def gradient(model, X, y):
    """Return the gradient of the loss for all parameters, as one long tensor."""
    grads = torch.autograd.grad(loss_fn(model(X), y), list(model.parameters()))
    return torch.cat([grad.flatten() for grad in grads])


# %% tags=["approx-0.01"]
torch.manual_seed(0)
fresh = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
full = gradient(fresh, X_train, y_train)
for batch_size in (1, 4, 16, 64):
    batches = [torch.randperm(112)[:batch_size] for _ in range(200)]
    parts = [gradient(fresh, X_train[rows], y_train[rows]) for rows in batches]
    cosines = nn.functional.cosine_similarity(torch.stack(parts), full)
    print(f"{batch_size:2} rows: mean cosine {cosines.mean():.2f}")

# %% [markdown]
# Few rows give a rough direction, more rows a better one. But each further row adds less. In a large
# network it costs as much arithmetic as the first.

# %% [markdown]
# ## Extra: how many pictures fit?
#
# ### Exercise 9: the largest batch (3 minutes, complete)
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

# %%
if dataloaders.memory.done():
    for dtype in (torch.uint8, torch.float32):
        print(dtype, largest_batch((3, 224, 224), dtype, 10**9), "pictures in a gigabyte")

# %% [markdown]
# ## Extra: rare classes
#
# Nine of ten rows belong to one class. A network that always names it is right in nine of ten
# cases, and has learned nothing. Take 54 threes and 6 eights of the digits.


# %%
def rare_sets(seed):
    """Return (X, y) of 54 threes (0) and 6 eights (1) for training, and of all others."""
    generator = torch.Generator().manual_seed(seed)
    threes, eights = X_digits[y_digits == 3], X_digits[y_digits == 8]
    threes = threes[torch.randperm(len(threes), generator=generator)]
    eights = eights[torch.randperm(len(eights), generator=generator)]
    parts = (threes[:54], eights[:6]), (threes[54:], eights[6:])
    return [(torch.cat([a, b]), torch.tensor([0] * len(a) + [1] * len(b))) for a, b in parts]


(X_rare, y_rare), _ = rare_sets(seed=0)
print(torch.bincount(y_rare).tolist())

# %% [markdown]
# One remedy is to draw the rare class more often. A **sampler** decides which rows come next.
# `WeightedRandomSampler` draws each row with a probability in proportion to its weight, and it may
# draw a row several times. By hand, with a weight of 1 for each three and 9 for each eight:

# %%
from torch.utils.data import WeightedRandomSampler

weights = torch.where(y_rare == 1, 9.0, 1.0).double()
generator = torch.Generator().manual_seed(0)
by_hand = torch.multinomial(weights, 60, replacement=True, generator=generator)
generator.manual_seed(0)
sampler = WeightedRandomSampler(weights, num_samples=60, generator=generator)
assert list(sampler) == by_hand.tolist()

# %% [markdown]
# **Predict:** how many of the 60 drawn rows are eights? And how many *different* eights are there?

# %%
print("drawn:", torch.bincount(y_rare[by_hand]).tolist())
print("different eights:", len(by_hand[y_rare[by_hand] == 1].unique()))

# %% [markdown]
# About half, but they are the same six again and again. Balancing makes the network look at them;
# it adds no knowledge about them. Balance the training set only. The validation set stays as the
# world is.
#
# ### Exercise 10: balanced weights (5 minutes, build)
#
# Write `balanced_weights(targets)`. `targets` is an `int64` tensor (N,) of class numbers, 0 or
# more, for any number of classes; some numbers in between may not occur. Return a tensor (N,) of
# decimals, **one positive weight for each row**. All classes that occur have the same total weight,
# and all rows of a class the same weight. Only the proportions count.


# %% exercise="dataloaders.weights"
def balanced_weights(targets):
    """Return one weight for each row, the same total for each class."""
    ### BEGIN SOLUTION
    counts = torch.bincount(targets)
    return 1 / counts[targets]
    ### END SOLUTION


# %%
dataloaders.weights.check(balanced_weights)

# %% [markdown]
# Does it help? There is another remedy: leave the rows alone, and let a rare one count more in the
# loss, with `nn.CrossEntropyLoss(weight=...)`, one weight for each class. Train all three ways, with
# ten seeds, and measure the accuracy on each class for itself.


# %%
def accuracy_by_class(sampler_weights, class_weights, seed):
    """Return the fraction of new threes, and of new eights, that a trained network recognises."""
    (X, y), (X_new, y_new) = rare_sets(seed)
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 2))
    weights = torch.ones(60) if sampler_weights is None else sampler_weights(y)
    replacement = sampler_weights is not None
    sampler = WeightedRandomSampler(weights, 60, replacement)
    helpers.train(
        model,
        DataLoader(TensorDataset(X, y), batch_size=16, sampler=sampler),
        nn.CrossEntropyLoss(weight=class_weights),
        torch.optim.Adam(model.parameters(), lr=0.003),
        epochs=30,
        progress=False,
    )
    logits, _ = helpers.predict(model, (X_new, y_new))
    right = logits.argmax(dim=1) == y_new
    return right[y_new == 0].float().mean(), right[y_new == 1].float().mean()


# %%
def show_ways(ways):
    """Print mean and standard deviation over ten seeds of both accuracies."""
    for name, (sampler_weights, class_weights) in ways.items():
        found = [accuracy_by_class(sampler_weights, class_weights, s) for s in range(10)]
        threes, eights = torch.tensor(found).T
        for digit, accuracies in (("threes", threes), ("eights", eights)):
            print(f"{name:14} {digit} {accuracies.mean():.2f} ± {accuracies.std():.2f}")


# %% tags=["approx-0.01"]
show_ways({"as they are": (None, None), "class weights": (None, torch.tensor([1.0, 9.0]))})

# %% tags=["approx-0.01"]
if dataloaders.weights.done():
    show_ways({"your sampler": (balanced_weights, None)})

# %% [markdown]
# Both remedies find more of the eights, and lose a few threes. Between the two there is no clear
# difference: the scatter over the seeds is larger.
#
# ## Extra: items of different length
#
# The usual collate function stacks tensors, so all must have the same shape. Words do not: each
# letter is a number here, a is 1 and z is 26. (A list of pairs is a data set too.)

# %%
names = ["setosa", "versicolor", "virginica"]
words = [(torch.tensor([ord(c) - 96 for c in name]), i) for i, name in enumerate(names)]
print(words[0])
try:
    next(iter(DataLoader(words, batch_size=3)))
except RuntimeError as error:
    print(error)

# %% [markdown]
# "At entry 0" and "at entry 1" are the first two items: 6 letters and 10. The remedy is
# **padding**: fill the short sequences up, here with 0, which stands for no letter. By hand:

# %%
sequences = [sequence for sequence, _ in words]
longest = max(len(sequence) for sequence in sequences)
padded_by_hand = torch.zeros(3, longest, dtype=torch.int64)
for row, sequence in enumerate(sequences):
    padded_by_hand[row, : len(sequence)] = sequence
padded = nn.utils.rnn.pad_sequence(sequences, batch_first=True)
torch.testing.assert_close(padded_by_hand, padded)
print(padded)

# %% [markdown]
# Here the zeros still show where a word ends. In other data, such as temperatures, 0 may be a true
# value. So a batch carries the lengths as well.
#
# ### Exercise 11: a collate function (7 minutes, build)
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
#
# ## Extra: faster loaders
#
# Before the loaders, the processor itself: it has several cores. Does it help a small network to
# compute with two **threads**?


# %%
from timeit import timeit


def seconds(function):
    """Return how long the fastest of three calls of a function takes."""
    return min(timeit(function, number=1) for _ in range(3))


# %% tags=["nbval-ignore-output"]
wide = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 10))
for threads in (2, 1):
    torch.set_num_threads(threads)
    print(threads, f"threads: {seconds(lambda: [wide(X_digits[:64]) for _ in range(200)]):.4f} s")

# %% [markdown]
# Threads must be woken and waited for. For little work that costs as much as it saves, or more, and
# most where the cores are busy with other things. So the set-up cell asks for one.
#
# Now the loaders. A `DataLoader` takes one item after the other and then joins them. For tensors in
# memory that is wasteful: one indexing operation can take all rows of a batch. A `BatchSampler`
# yields lists of row numbers. With `batch_size=None` the loader passes each list to the data set as
# it is.

# %%
from torch.utils.data import BatchSampler, RandomSampler, SequentialSampler

rows = BatchSampler(SequentialSampler(train_set), batch_size=16, drop_last=False)
print(next(iter(rows)))
whole = DataLoader(train_set, batch_size=None, sampler=rows)
for fast, slow in zip(whole, DataLoader(train_set, batch_size=16), strict=True):
    torch.testing.assert_close(list(fast), list(slow))

# %% [markdown]
# The same batches. `helpers.make_loader` cuts the rows out of the tensors without any `DataLoader`.
# How long does one epoch take on 20,000 rows?

# %% tags=["nbval-ignore-output"]
from functools import partial

many = TensorDataset(torch.randn(20_000, 50), torch.zeros(20_000))
rows = BatchSampler(RandomSampler(many), batch_size=128, drop_last=False)
fast_and_slow = {
    "item by item": DataLoader(many, batch_size=128, shuffle=True),
    "by batch": DataLoader(many, batch_size=None, sampler=rows),
    "make_loader": helpers.make_loader(*many.tensors, batch_size=128, shuffle=True),
}
for name, loader in fast_and_slow.items():
    print(f"{name:12} {seconds(partial(list, loader)):.4f} s")

# %% [markdown]
# `make_loader` is the fastest by far. Later notebooks use it for their tensors in memory; for files
# a `DataLoader` is the right tool.
#
# ### Workers, and what they cost
#
# With `num_workers=2` two more Python processes fetch the batches while the network computes. They
# help where an item is slow to fetch. Here is a data set that waits 5 milliseconds for each item, as
# if it read from a slow disk. A worker may be a new Python, which does not know the classes of your
# notebook. So the class must stand in a file, a module, that can be imported.

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
# How a worker starts depends on the system. `fork` copies the running Python; `spawn` starts a new
# one, which imports everything again; `forkserver` copies a small one that was started for it.
# Windows and macOS use `spawn`, Linux `forkserver` since Python 3.14 and `fork` before.
# `persistent_workers=True` keeps the workers for the next epoch. The cell may take half a minute.

# %% tags=["nbval-ignore-output"]
import multiprocessing

none = DataLoader(SlowItems(), batch_size=8)
print(f"{'no workers':12} {timeit(partial(list, none), number=1):.2f} s")
methods = set(multiprocessing.get_all_start_methods())
if sys.platform == "darwin":
    methods -= {"fork"}  # not safe on macOS
for method in sorted(methods):
    loader = DataLoader(
        SlowItems(),
        batch_size=8,
        num_workers=2,
        persistent_workers=True,
        multiprocessing_context=method,
    )
    first, second = (timeit(partial(list, loader), number=1) for _ in range(2))
    print(f"{method:12} {first:.2f} s, second epoch {second:.2f} s")
    del loader  # its workers stop

# %% [markdown]
# Two workers wait for two items at the same time, so the second epoch is shorter. The first
# includes starting the workers, which costs most with a new Python. **Predict:** are two workers
# faster than none for 112 flowers in memory?

# %% tags=["nbval-ignore-output"]
for num_workers in (0, 2):
    loader = DataLoader(train_set, batch_size=16, num_workers=num_workers)
    print(num_workers, f"workers: {seconds(partial(list, loader)):.4f} s")

# %% [markdown]
# No: to start them takes longer than the whole epoch. Begin with `num_workers=0`, measure, and add
# workers when the network waits for its data.
#
# ## Extra: a file larger than the memory
#
# Sometimes there is no item number `i`: a file is read line by line, or data arrives from a
# network. For that there is the **iterable-style** data set. It needs no length and has no
# `__getitem__`, only an iterator. Here is a file of 20,000 lines; think of a billion.

# %%
with open(folder / "many.csv", "w") as file:
    file.writelines(f"{number % 7},{number}\n" for number in range(20_000))


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
print(f"all at once    {peak(lambda: list(lines)):6.0f} kB")
print(f"batch by batch {peak(lambda: [len(y) for _, y in DataLoader(lines, 100)]):6.0f} kB")

# %% [markdown]
# The price: nobody knows how long it is, and the loader cannot shuffle it, as that needs row
# numbers. Both questions are refused.

# %%
for ask in (lambda: len(lines), lambda: DataLoader(lines, shuffle=True)):
    try:
        ask()
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)


# %% [markdown]
# A **shuffle buffer** mixes the rows roughly: it holds some rows, and each time gives a random one
# of them away and takes in the next.


# %%
def shuffle_buffer(items, size, generator):
    """Yield all items, each drawn from a buffer of so many."""
    buffer = []
    for item in items:
        buffer.append(item)
        if len(buffer) == size:
            place = torch.randint(size, (), generator=generator).item()
            yield buffer.pop(place)
    for place in torch.randperm(len(buffer), generator=generator).tolist():
        yield buffer[place]


# %%
for size in (1, 100, 10_000):
    generator = torch.Generator().manual_seed(0)
    order_of_rows = torch.tensor([y for _, y in shuffle_buffer(lines, size, generator)])
    moved = (order_of_rows - torch.arange(20_000)).abs().float()
    print(f"buffer of {size:6}: moved by {moved.mean():.0f} places, all: {len(order_of_rows)}")

# %% [markdown]
# On average a row is moved by fewer places than the buffer holds. If the file is sorted by class, a
# small buffer does not help: shuffle the lines of the file once, when you write it.
#
# With several workers each would read the whole file. So each must take its own part: worker 0 of 2
# takes lines 0, 2, 4 and so on. `get_worker_info()` says which worker it is, and `None` outside
# workers.

# %%
(folder / "shared_lines.py").write_text("""
from itertools import islice
from torch.utils.data import IterableDataset, get_worker_info

class Numbers(IterableDataset):
    def __init__(self, path, shared):
        self.path, self.shared = path, shared

    def __iter__(self):
        worker = get_worker_info()
        start, step = (worker.id, worker.num_workers) if worker and self.shared else (0, 1)
        with open(self.path) as file:
            for line in islice(file, start, None, step):
                yield int(line.split(",")[-1])
""")
from shared_lines import Numbers

# %%
for shared in (False, True):
    loader = DataLoader(Numbers(folder / "many.csv", shared), batch_size=100, num_workers=2)
    rows = torch.cat(list(loader))
    print(f"shared: {shared}, {len(rows)} rows, {len(rows.unique())} different ones")

# %% [markdown]
# ## Extra: data sets that exist already
#
# torchvision brings many well-known data sets. Each is a class like yours. FashionMNIST holds 70,000
# small grey pictures of clothes, 60,000 of them for training. Its names are known without the data:

# %%
from torchvision.datasets import FashionMNIST

print(FashionMNIST.classes)

# %% [markdown]
# The pictures are downloaded once (about 30 MB) if you ask for it: change `False` to `True`.

# %% tags=["nbval-ignore-output"]
download = False
try:
    fashion = FashionMNIST("../data/cache", train=True, download=download, transform=to_tensor)
    print(len(fashion), fashion.data.shape, fashion.data.dtype, fashion.class_to_idx)
    print(fashion[0][0].shape, fashion[0][0].max(), fashion.data.max())
except RuntimeError as error:
    print(error)

# %% [markdown]
# `.data` holds the raw pictures, `.targets` the class numbers, and `.class_to_idx` turns a name into
# its number. The transform is called when an item is taken; `.data` stays raw, 0 to 255. Whoever
# computes with `.data` must scale it.

# %% [markdown]
# ## Recap
#
# - A `Dataset` has `__len__` and `__getitem__`, and uses nothing but `self`; files are opened in
#   `__getitem__`. A `DataLoader` adds the order and the batches.
# - Losses and accuracies are means over rows. Training data is shuffled, with a generator of its
#   own; validation data is not.
# - The activations grow with the batch; parameters, gradients and Adam's state do not. Batch sizes
#   are compared at the best rate of each.

# %% [markdown]
# ## Quiz
#
# Replace each `...` by the letter of your choice, in quotes.
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
# **4.** ResNet-50 trains with 1000 photographs in one batch. What fills the memory?
# - **a** the photographs
# - **b** the parameters and Adam's state
# - **c** the activations that autograd keeps

# %%
dataloaders.quiz(4, "c")  ### STUB: dataloaders.quiz(4, ...)

# %% [markdown]
# **5.** Two batch sizes are to be compared. Which comparison is fair?
# - **a** both with the same learning rate
# - **b** each with its own best learning rate
# - **c** the smaller one with the smaller learning rate

# %%
dataloaders.quiz(5, "b")  ### STUB: dataloaders.quiz(5, ...)

# %% [markdown]
# ## Where to go on
#
# - [PyTorch's `torch.utils.data`](https://docs.pytorch.org/docs/stable/data.html): every argument of
#   the loader, and how workers share an `IterableDataset`.
# - [torchvision's data sets](https://docs.pytorch.org/vision/stable/datasets.html): all of them,
#   with the interface of each.
# - [PyTorch on reproducibility](https://docs.pytorch.org/docs/stable/notes/randomness.html): seeds,
#   generators and workers.
