"""CIFAR-10: a Dataset of small colour pictures, and how it is read from its two archives."""

import io
import pickle
import re

import numpy as np
from torch.utils.data import Dataset

from helpers.datasets.archives import read_members
from helpers.datasets.files import BadFile

CLASSES = [
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
]
PER_CLASS = {"train": 5000, "test": 1000}
BATCHES = {"train": [f"data_batch_{i}" for i in range(1, 6)], "test": ["test_batch"]}
PICTURE_NAME = re.compile(rf"cifar10/(train|test)/({'|'.join(CLASSES)})/[^/]+\.(png|jpe?g)")
KEYS = {part: [f"{part} X", f"{part} y"] for part in PER_CLASS}


class Pictures(Dataset):
    """Pictures with a label each, with the attributes of torchvision's CIFAR10.

    data: uint8 (N, 32, 32, 3). targets: a list of N class numbers. classes: their names.
    source: "real" or "stand-in". transform: a function of a PIL image, or None.
    """

    def __init__(self, data, targets, classes, source, transform=None):
        self.data = data
        self.targets = [int(target) for target in targets]
        self.classes = list(classes)
        self.class_to_idx = {name: i for i, name in enumerate(self.classes)}
        self.source = source
        self.transform = transform

    def __len__(self):
        return len(self.data)

    def __getitem__(self, index):
        from PIL import Image

        image = Image.fromarray(self.data[index])
        return (image if self.transform is None else self.transform(image)), self.targets[index]


def read_batches(path):
    """Return the arrays of the official cifar-10-python.tar.gz, whose checksum must be checked.

    Source: https://www.cs.toronto.edu/~kriz/cifar.html describes the format.
    """
    arrays = {}
    for part, per_class in PER_CLASS.items():
        arrays[f"{part} X"] = np.empty((10 * per_class, 32, 32, 3), dtype=np.uint8)
        arrays[f"{part} y"] = np.full(10 * per_class, -1)
    places = {name: (part, i) for part, names in BATCHES.items() for i, name in enumerate(names)}
    members = {f"cifar-10-batches-py/{name}" for name in places}
    for name, content in read_members(path, members.__contains__):
        part, i = places[name.rpartition("/")[2]]
        X, y = read_batch(path, name, content)
        rows = slice(i * len(y), (i + 1) * len(y))
        arrays[f"{part} X"][rows], arrays[f"{part} y"][rows] = X, y
    return checked(path, arrays)


def read_batch(path, name, content):
    """Return one pickled batch: X uint8 (N, 32, 32, 3), y (N,)."""
    try:
        batch = NumbersOnly(io.BytesIO(content), encoding="latin1").load()
    except pickle.UnpicklingError as error:
        raise BadFile(path, f"{name} in it is no batch of pictures ({error})") from error
    return batch["data"].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), batch["labels"]


class NumbersOnly(pickle.Unpickler):
    """Reads pickled arrays, lists and texts; refuses anything that could run code.

    dtype is made from its name alone: NumPy 2.4 warns of the further arguments that old files give.
    """

    def find_class(self, module, name):
        """Return what a pickle asks for by name, if it is one of the three parts of an array."""
        if (module, name) == ("numpy", "dtype"):
            return lambda code, *_: np.dtype(code)
        if (module, name) == ("numpy", "ndarray"):
            return np.ndarray
        if (module, name) == ("numpy.core.multiarray", "_reconstruct"):
            return np.empty(0).__reduce__()[0]  # the same function, which NumPy 2 keeps elsewhere
        raise pickle.UnpicklingError(f"{module}.{name} does not belong into a picture")


def read_folders(path):
    """Return the arrays of cifar10.tgz: cifar10/{train,test}/<class>/*.png or *.jpg.

    Nothing in it is trusted: pictures are decoded, everything else is passed over.
    """
    contents = dict(read_members(path, PICTURE_NAME.fullmatch))
    arrays = {}
    for part in PER_CLASS:
        names = sorted(name for name in contents if name.startswith(f"cifar10/{part}/"))
        labels = np.array([CLASSES.index(name.split("/")[2]) for name in names], dtype=np.int64)
        # Mix the classes, as in the official files: the first thousand pictures show all of them.
        order = np.random.default_rng(0).permutation(len(names))
        X = np.empty((len(names), 32, 32, 3), dtype=np.uint8)
        for row, i in enumerate(order):
            X[row] = decode(path, names[i], contents.pop(names[i]))
        arrays |= {f"{part} X": X, f"{part} y": labels[order]}
    return checked(path, arrays)


def decode(path, name, content):
    """Return one PNG or JPEG file as uint8 (32, 32, 3)."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=["PNG", "JPEG"]) as image:
            if image.size == (32, 32):  # known before anything is decoded
                return np.asarray(image.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadFile(path, f"{name} in it is not a readable picture") from error
    raise BadFile(path, f"{name} in it has {image.width} x {image.height} pixels, not 32 x 32")


def checked(path, arrays):
    """Return the arrays if each class has as many pictures as it should have."""
    for part, expected in PER_CLASS.items():
        y = arrays[f"{part} y"]
        counts = np.bincount(y[y >= 0], minlength=len(CLASSES))
        for name, count in zip(CLASSES, counts, strict=True):
            if count != expected:
                what = f"it holds {count:,} of {expected:,} pictures of the class {name}"
                raise BadFile(path, f"{what} for {'training' if part == 'train' else 'test'}")
    return arrays
