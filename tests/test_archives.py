"""Archives from strangers: whatever is in them, nothing is unpacked and one sentence is said."""

import gzip
import io
import tarfile

import pytest
from loopback import make_archive

from helpers.datasets import archives
from helpers.datasets.archives import read_members
from helpers.datasets.files import BadFile

FILES = {"a/one.txt": b"one", "a/two.txt": b"two", "a/three.bin": b"3"}


def read(tmp_path, content, wanted=lambda name: name.endswith(".txt")):
    path = tmp_path / "archive.tar.gz"
    path.write_bytes(content)
    found = dict(read_members(path, wanted))
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    return found


def special(name, kind, target=""):
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


def test_wanted_files_are_read(tmp_path):
    assert read(tmp_path, make_archive(FILES)) == {"a/one.txt": b"one", "a/two.txt": b"two"}


def test_a_leading_dot_is_no_part_of_a_name(tmp_path):
    assert read(tmp_path, make_archive({"./a/one.txt": b"one"})) == {"a/one.txt": b"one"}


def test_folders_are_passed_over(tmp_path):
    folder = special("b", tarfile.DIRTYPE)
    assert len(read(tmp_path, make_archive(FILES, [folder]))) == 2


@pytest.mark.parametrize(
    "name", ["../out.txt", "a/../../out.txt", "/out.txt", "..\\out.txt", "C:/out.txt"]
)
def test_a_name_that_leads_out_is_refused(tmp_path, name):
    with pytest.raises(BadFile, match="a name that leads out of it") as caught:
        read(tmp_path, make_archive({**FILES, name: b"x"}))
    assert str(tmp_path / "archive.tar.gz") in str(caught.value)
    assert not (tmp_path.parent / "out.txt").exists()


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE]
)
def test_a_link_or_device_is_refused(tmp_path, kind):
    with pytest.raises(BadFile, match=r"holds a link or a device, 'a/four\.txt'"):
        read(tmp_path, make_archive(FILES, [special("a/four.txt", kind, "a/one.txt")]))


def test_an_archive_that_swells_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_BYTES", 1_000_000)
    content = make_archive({"a/zeros.bin": bytes(2_000_000)})
    assert len(content) < 10_000
    with pytest.raises(BadFile, match="unpacks to more than 1,000,000 bytes"):
        read(tmp_path, content)


def test_too_many_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_FILES", 2)
    with pytest.raises(BadFile, match="more than 2 files"):
        read(tmp_path, make_archive(FILES))


@pytest.mark.parametrize("share", [0, 0.01, 0.3, 0.6, 0.9, 0.999])
def test_an_archive_cut_off_anywhere_is_refused(tmp_path, share):
    content = make_archive({f"a/{i}.txt": bytes([i]) * 3000 for i in range(30)})
    with pytest.raises(BadFile, match="damaged or cut off"):
        read(tmp_path, content[: int(share * len(content))])


def test_a_tar_cut_off_within_a_file_is_refused(tmp_path):
    content = gzip.decompress(make_archive({"a/one.txt": bytes(5000)}))
    with pytest.raises(BadFile, match="damaged or cut off"):
        read(tmp_path, gzip.compress(content[:2000]))


def test_a_flipped_bit_is_noticed(tmp_path):
    content = bytearray(make_archive({"a/one.txt": bytes(range(256)) * 100}))
    content[-6] ^= 1  # in the checksum at the end
    with pytest.raises(BadFile, match="damaged or cut off"):
        read(tmp_path, bytes(content))


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>Not found</html>", gzip.compress(b"no tar")],
    ids=["empty", "page", "gzip"],  # what gzip makes holds the time, so it cannot name a test
)
def test_what_is_no_archive_is_refused(tmp_path, content):
    with pytest.raises(BadFile, match="damaged or cut off"):
        read(tmp_path, content)


def test_an_uncompressed_tar_is_refused_calmly(tmp_path):
    file = io.BytesIO()
    tarfile.open(fileobj=file, mode="w").close()
    with pytest.raises(BadFile, match="damaged or cut off"):
        read(tmp_path, file.getvalue())
