"""Archives from strangers: their files are read in memory, nothing is unpacked to the disk."""

import gzip
import tarfile
import zlib
from pathlib import PurePosixPath

from helpers.datasets.files import BadFile

MAX_BYTES = 400_000_000  # CIFAR-10 unpacks to about 200 MB
MAX_FILES = 100_000


def read_members(path, wanted):
    """Yield (name, content) for each file in a .tar.gz archive whose name `wanted` accepts.

    BadFile: the archive is damaged or cut off, swells beyond the limits, or holds what an honest
    one does not hold: links, devices, names that lead out of its folder.
    """
    try:
        with gzip.open(path) as unzipped:
            stream = Limited(unzipped, path)
            with tarfile.open(fileobj=stream, mode="r|") as archive:
                for number, member in enumerate(archive):
                    check_member(path, member, number)
                    name = str(PurePosixPath(member.name))
                    if member.isfile() and wanted(name):
                        yield name, archive.extractfile(member).read()
                    archive.members.clear()  # a list of all that was read, which nobody needs
            while stream.read(2**16):  # gzip compares its checksum at the very end
                pass
    except BadFile:
        raise
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error, ValueError) as error:
        raise BadFile(path, "the archive is damaged or cut off") from error


def check_member(path, member, number):
    """Refuse a link, a device, a name that leads out of the archive, and too many files."""
    name = PurePosixPath(member.name)
    if number >= MAX_FILES:
        raise BadFile(path, f"the archive holds more than {MAX_FILES:,} files")
    if name.is_absolute() or ".." in name.parts or "\\" in member.name or ":" in name.parts[0]:
        raise BadFile(path, f"the archive holds a name that leads out of it, {member.name!r}")
    if not (member.isfile() or member.isdir()):
        raise BadFile(path, f"the archive holds a link or a device, {member.name!r}")


class Limited:
    """A stream that gives MAX_BYTES at most, so that a small archive cannot fill the memory."""

    def __init__(self, stream, path):
        self.stream, self.path, self.left = stream, path, MAX_BYTES

    def read(self, size):
        """Return the next bytes, or refuse to go on."""
        data = self.stream.read(size)
        self.left -= len(data)
        if self.left < 0:
            raise BadFile(self.path, f"the archive unpacks to more than {MAX_BYTES:,} bytes")
        return data
