"""Data files: the folders where they lie, what is said of a bad one, and arrays kept ready."""

import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np

COURSE = Path(__file__).resolve().parents[2]
DATA = COURSE / "data"

# What a flipped bit in the headers of an .npz file can lead to.
DECODING = (ValueError, SyntaxError, NotImplementedError, RuntimeError, MemoryError)


class BadFile(ValueError):
    """A data file that cannot be used: the text names the file, the fault and the remedy."""

    def __init__(self, path, what, remedy="Replace the file by a fresh copy."):
        super().__init__(f"{path}: {what}. {remedy}")
        self.what = what


def mirror_folder():
    """Return the folder $COURSE_DATA; None if it is not set.

    A relative path counts from the current folder, or else from the course's folder, because a
    notebook's current folder is notebooks/.
    """
    text = os.environ.get("COURSE_DATA")
    if not text:
        return None
    return Path(text) if Path(text).is_dir() else COURSE / text


def cache_folder():
    """Return the folder for downloaded and prepared data: $COURSE_CACHE, or else data/cache/."""
    return COURSE / os.environ.get("COURSE_CACHE", "data/cache")


def offline():
    """Return whether COURSE_OFFLINE forbids the network."""
    return os.environ.get("COURSE_OFFLINE", "0") not in ("", "0")


def check_sha256(path, sha256):
    """Refuse a file whose checksum is known and does not fit."""
    import pooch

    if sha256 is not None and pooch.file_hash(str(path)) != sha256:
        raise BadFile(path, "its checksum is wrong: it is damaged, or another version")


def identity(path):
    """Return a text that changes when the file does, without reading it."""
    facts = path.stat()
    return f"{path.name} {facts.st_size} {int(facts.st_mtime)}"


def save_arrays(path, arrays):
    """Write arrays to an .npz file: whole or not at all, whoever reads or writes it meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix="part-") as folder:
        part = Path(folder) / path.name
        np.savez(part, **arrays)
        os.replace(part, path)


def load_arrays(path, keys, origin=None):
    """Return these arrays of an .npz file; None if it is not there or was made from another file.

    origin: the identity of the file that the arrays must have been made from; None for any.
    BadFile: it is damaged. The format carries a checksum of each array, and no pickles are read.
    """
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as stored:
            if origin is not None and str(stored["origin"]) != origin:
                return None
            return {key: stored[key] for key in keys}
    except (zipfile.BadZipFile, OSError, EOFError, KeyError, *DECODING) as error:
        raise BadFile(path, "the file is damaged", "It was left aside.") from error
