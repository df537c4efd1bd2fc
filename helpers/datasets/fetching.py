"""The arrays of a real data set: from the folder $COURSE_DATA, the cache, or the network."""

import contextlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from helpers.datasets import files
from helpers.datasets.downloads import DownloadFailed, download
from helpers.datasets.files import BadFile


@dataclass(frozen=True)
class Source:
    """One file that holds a whole data set, and where it can be downloaded.

    sha256: None if it is not known; then `read` must not trust what is in the file.
    read: a function of the path that returns a dict of arrays.
    """

    file: str
    urls: tuple[str, ...]
    sha256: str | None
    read: Callable


def fetch(name, sources, keys):
    """Return these arrays of a data set, None if no source has them, and the faults met: sentences.

    What is read is kept in the cache as <name>.npz.
    """
    faults = []
    for attempt in attempts(files.cache_folder() / f"{name}.npz", sources, keys):
        try:
            arrays = attempt()
        except (BadFile, DownloadFailed) as error:
            faults.append(str(error))
        except OSError as error:
            faults.append(f"{error.filename or name}: {error.strerror or error}.")
        else:
            if arrays is not None:
                return arrays, faults
    return None, faults


def attempts(cache, sources, keys):
    """Yield, in their order, functions that each try one way; they return None if it is not there.

    cache: the path of the prepared arrays.
    """
    yield check_mirror
    for source, path in files_there(sources):
        yield partial(read_file, source, path, cache, keys)
    yield partial(files.load_arrays, cache, keys)
    yield check_online
    if not files.offline():
        urls = [(source, url) for source in sources for url in source.urls]
        for source, url in urls:
            patient = url == urls[-1][1]  # there is no other source to turn to
            yield partial(read_download, source, url, cache, keys, patient)


def check_mirror():
    """Refuse a COURSE_DATA that is no folder."""
    folder = files.mirror_folder()
    if folder is not None and not folder.is_dir():
        raise BadFile(f"COURSE_DATA={folder}", "there is no such folder", "Correct the path.")


def check_online():
    """Say that COURSE_OFFLINE is the reason why nothing is downloaded."""
    if files.offline():
        raise DownloadFailed("COURSE_OFFLINE forbids the network.")


def files_there(sources):
    """Return the pairs (source, path) of the files that lie in the mirror or in the cache."""
    folders = [files.mirror_folder(), files.cache_folder()]
    places = [(source, folder / source.file) for folder in folders if folder for source in sources]
    return [(source, path) for source, path in places if path.is_file()]


def read_file(source, path, cache, keys):
    """Return the arrays of a file: as the cache has them prepared, or else read and kept there."""
    origin = files.identity(path)
    try:
        arrays = files.load_arrays(cache, keys, origin)
    except BadFile:  # it is made anew
        arrays = None
    if arrays is None:
        files.check_sha256(path, source.sha256)
        arrays = source.read(path)
        keep(cache, arrays, origin)
    return {key: arrays[key] for key in keys}


def read_download(source, url, cache, keys, patient):
    """Return the arrays of a file from the network; where the disk allows, keep it and them."""
    try:
        arrays, origin = download_into(cache.parent, source, url, patient)
    except OSError:  # full or read-only: the system's folder for temporary files may do
        arrays, origin = download_into(Path(tempfile.gettempdir()), source, url, patient)
    keep(cache, arrays, origin)
    return {key: arrays[key] for key in keys}


def download_into(folder, source, url, patient):
    """Return the arrays of a file from the network and its identity; leave the file in the cache.

    It is downloaded under another name and moved when it has proved good, so that no half of a
    file is ever found, even if two processes download at once.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="part-") as part:
        path = Path(part) / source.file
        download(url, path, source.sha256, patient=patient)
        try:
            arrays = source.read(path)
        except BadFile as error:
            host = urlsplit(url).netloc
            raise DownloadFailed(f"{host} sent a file that is no use: {error.what}.") from error
        origin = files.identity(path)
        if folder == files.cache_folder():
            with contextlib.suppress(OSError):  # Windows: another process reads the one there
                os.replace(path, folder / source.file)
    return arrays, origin


def keep(cache, arrays, origin):
    """Write the prepared arrays to the cache, or say that it cannot be done."""
    try:
        files.save_arrays(cache, {**arrays, "origin": origin})
    except OSError as error:
        reason = error.strerror or error
        print(f"{cache} could not be written ({reason}): the data is prepared anew each time.")
