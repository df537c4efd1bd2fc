"""CIFAR-10 from both of its archives, made small."""

import io
import pickle
import struct
import zlib

import numpy as np
import pytest
import torch
from loopback import make_archive, make_batches, make_folders
from PIL import Image
from torch.utils.data import DataLoader
from torchvision.datasets import CIFAR10
from torchvision.transforms import v2

from helpers import datasets
from helpers.datasets import pictures
from helpers.datasets.files import BadFile

SMALL = {"train": 5, "test": 2}


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(pictures, "PER_CLASS", SMALL)


def written(tmp_path, content, name="cifar10.tgz"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_folders_give_each_picture_its_own_label(tmp_path, kind):
    arrays = pictures.read_folders(written(tmp_path, make_folders(SMALL, kind)))
    for part, per_class in SMALL.items():
        X, y = arrays[f"{part} X"], arrays[f"{part} y"]
        assert X.shape == (10 * per_class, 32, 32, 3)
        assert (X.dtype, y.dtype) == (np.uint8, np.int64)
        assert (X[:, 0, 0, 0] // 10).tolist() == y.tolist()
        assert np.bincount(y).tolist() == [per_class] * 10


def test_classes_are_mixed_always_alike(tmp_path):
    path = written(tmp_path, make_folders(SMALL))
    y = pictures.read_folders(path)["train y"]
    assert (np.diff(y) < 0).any()
    assert y.tolist() == pictures.read_folders(path)["train y"].tolist()


@pytest.mark.parametrize(
    ("size", "mode"), [((32, 31), "RGB"), ((33, 32), "RGB"), ((4000, 4000), "L")]
)
def test_pictures_of_another_size_are_refused(tmp_path, size, mode):
    file = io.BytesIO()
    Image.new(mode, size).save(file, "png")
    path = written(tmp_path, make_archive({"cifar10/train/cat/1.png": file.getvalue()}))
    with pytest.raises(BadFile, match=rf"cat/1.png in it has {size[0]} x {size[1]} pixels"):
        pictures.read_folders(path)


def test_grey_pictures_get_three_channels(tmp_path):
    file = io.BytesIO()
    Image.new("L", (32, 32), 7).save(file, "png")
    X = pictures.decode(tmp_path, "x.png", file.getvalue())
    assert X.shape == (32, 32, 3)
    assert (X == 7).all()


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n broken"])
def test_what_is_no_picture_is_refused(tmp_path, content):
    path = written(tmp_path, make_archive({"cifar10/train/cat/1.png": content}))
    with pytest.raises(BadFile, match=r"cat/1.png in it is not a readable picture"):
        pictures.read_folders(path)


def test_a_picture_that_would_fill_the_memory_is_refused(tmp_path):
    header = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = [struct.pack(">I", 13) + header, struct.pack(">I", 0) + b"IDAT"]
    sums = [struct.pack(">I", zlib.crc32(part)) for part in (header, b"IDAT")]
    content = b"\x89PNG\r\n\x1a\n" + chunks[0] + sums[0] + chunks[1] + sums[1]
    with pytest.raises(BadFile, match="not a readable picture"):
        pictures.decode(tmp_path, "x.png", content)


def test_other_formats_are_not_decoded(tmp_path):
    file = io.BytesIO()
    Image.new("RGB", (32, 32)).save(file, "bmp")
    path = written(tmp_path, make_archive({"cifar10/train/cat/1.png": file.getvalue()}))
    with pytest.raises(BadFile, match="not a readable picture"):
        pictures.read_folders(path)


def test_missing_pictures_are_counted(tmp_path):
    path = written(tmp_path, make_folders({"train": 5, "test": 1}))
    with pytest.raises(BadFile, match="1 of 2 pictures of the class airplane for test"):
        pictures.read_folders(path)


def test_batches_keep_pixels_and_labels(tmp_path):
    content, expected = make_batches(SMALL)
    arrays = pictures.read_batches(written(tmp_path, content, "cifar-10-python.tar.gz"))
    for part, (X, y) in expected.items():
        assert (arrays[f"{part} X"] == X).all()
        assert arrays[f"{part} y"].tolist() == y.tolist()


def test_batches_are_what_torchvision_reads(tmp_path, monkeypatch):
    content, _ = make_batches(SMALL)
    path = written(tmp_path, content, "cifar-10-python.tar.gz")
    meta = pickle.dumps({"label_names": pictures.CLASSES})
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    (folder / "batches.meta").write_bytes(meta)
    for name, batch in pictures.read_members(path, lambda name: "batch" in name.split("/")[-1]):
        (tmp_path / name).write_bytes(batch)
    monkeypatch.setattr(CIFAR10, "_check_integrity", lambda self: True)
    monkeypatch.setattr("torchvision.datasets.cifar.check_integrity", lambda *args: True)
    theirs = CIFAR10(tmp_path, train=True)
    ours = pictures.read_batches(path)
    assert (ours["train X"] == theirs.data).all()
    assert ours["train y"].tolist() == theirs.targets


def test_a_missing_batch_is_noticed(tmp_path):
    content, _ = make_batches(SMALL)
    batches = dict(pictures.read_members(written(tmp_path, content), lambda name: True))
    del batches["cifar-10-batches-py/data_batch_3"]
    with pytest.raises(BadFile, match=r"of 5 pictures of the class \w+ for training"):
        pictures.read_batches(written(tmp_path, make_archive(batches)))


class Harmful:
    """Prints a line when it is unpickled carelessly."""

    def __reduce__(self):
        return print, ("code of a stranger runs",)


def test_a_pickle_runs_no_code(tmp_path, capsys):
    content = make_archive({"cifar-10-batches-py/test_batch": pickle.dumps(Harmful())})
    with pytest.raises(BadFile, match=r"builtins.print does not belong into a picture"):
        pictures.read_batches(written(tmp_path, content))
    assert capsys.readouterr().out == ""


def test_the_address_is_torchvisions():
    official = datasets.CIFAR10.sources[0]
    assert official.urls == (CIFAR10.url,)
    assert official.file == CIFAR10.filename
    assert official.sha256 is not None


@pytest.fixture
def train_set():
    X = np.arange(6 * 32 * 32 * 3).reshape(6, 32, 32, 3).astype(np.uint8)
    return pictures.Pictures(X, np.arange(6), pictures.CLASSES, "real")


def test_items_are_as_in_torchvision(train_set):
    image, label = train_set[2]
    assert isinstance(image, Image.Image)
    assert (np.asarray(image) == train_set.data[2]).all()
    assert (type(label), label) == (int, 2)
    assert train_set.class_to_idx["truck"] == 9


def test_transforms_and_a_dataloader_work(train_set):
    train_set.transform = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])
    X, y = next(iter(DataLoader(train_set, batch_size=4)))
    assert (X.shape, X.dtype) == ((4, 3, 32, 32), torch.float32)
    torch.testing.assert_close(X[1, 2], torch.from_numpy(train_set.data[1, :, :, 2]) / 255)
    assert (y.tolist(), y.dtype) == ([0, 1, 2, 3], torch.int64)
