"""The chain mirror, cache, download, stand-in: every fault ends in good data or in one sentence."""

import errno
import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import made_up_rain
import numpy as np
import pandas as pd
import pytest
from loopback import (
    CUT,
    DRIP,
    Server,
    closed_port,
    make_archive,
    make_batches,
    make_folders,
    sha256,
    truncated,
)

from helpers import augment, datasets, doctor
from helpers.datasets import __main__ as command
from helpers.datasets import downloads, files, load_boston, load_cifar10, load_rain, pictures, rain

REAL = os.environ.get("COURSE_DATA")
SMALL = {"train": 5, "test": 2}


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    """No network, no real data, an empty cache."""
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("COURSE_DATA", raising=False)
    monkeypatch.setattr(downloads, "PAUSE_SECONDS", 0)
    return tmp_path / "cache"


@pytest.fixture
def cache(alone):
    return alone


@pytest.fixture(scope="module")
def rdata_content():
    return made_up_rain.read()


def use_sources(monkeypatch, data_set, *pairs):
    """Let a set come from these (URL, sha256), each for another of its sources."""
    sources = [
        replace(source, urls=(url,), sha256=checksum)
        for source, (url, checksum) in zip(data_set.sources, pairs, strict=True)
    ]
    monkeypatch.setattr(datasets, data_set.name.upper(), replace(data_set, sources=sources))


@pytest.fixture
def server(monkeypatch, rdata_content):
    """A server with small real data; the network is allowed."""
    monkeypatch.delenv("COURSE_OFFLINE")
    monkeypatch.setattr(rain, "ROWS", 37)
    monkeypatch.setattr(rain, "ROWS_AFTER", 27)
    monkeypatch.setattr(rain, "LAST_DAY", 14223)  # the made-up days begin with 14214
    monkeypatch.setattr(pictures, "PER_CLASS", SMALL)
    batches, _ = make_batches(SMALL)
    with Server() as server:
        server.answers["/rain"] = [rdata_content]
        server.answers["/later"] = [rdata_content]
        server.answers["/official"] = [batches]
        server.answers["/folders"] = [make_folders(SMALL)]
        use_sources(monkeypatch, datasets.RAIN, (server.url("/rain"), sha256(rdata_content)))
        use_sources(monkeypatch, datasets.RAIN_AFTER, (server.url("/later"), sha256(rdata_content)))
        use_sources(
            monkeypatch,
            datasets.CIFAR10,
            (server.url("/official"), sha256(batches)),
            (server.url("/folders"), None),
        )
        yield server


@pytest.fixture
def mirror(monkeypatch, tmp_path, server, rdata_content):
    """A folder with all files, as a classroom may share it; the network is forbidden."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    (folder / "weatherAUS.RData").write_bytes(rdata_content)
    (folder / "cifar10.tgz").write_bytes(server.answers["/folders"][0])
    monkeypatch.setenv("COURSE_DATA", str(folder))
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    return folder


def names(folder):
    return sorted(path.name for path in folder.rglob("*"))


def one_line(capsys):
    out = capsys.readouterr().out
    assert out.count("\n") == 1, out
    return out


# Boston


def test_boston_is_complete():
    table = load_boston()
    assert table.shape == (506, 14)
    assert table.attrs["source"] == "real"
    assert table["medv"].mean() == pytest.approx(22.533, abs=1e-3)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: "", "the file is empty"),
        (lambda text: text[: len(text) // 2], "of 506 rows|is missing"),
        (lambda text: text.replace("medv", "price"), "there is no column medv"),
        (lambda text: text.replace(",24\n", ",a lot\n", 1), "'a lot', not a number"),
    ],
)
def test_a_bad_boston_file_is_refused(monkeypatch, tmp_path, change, sentence):
    text = (files.DATA / "boston.csv").read_text()
    (tmp_path / "boston.csv").write_text(change(text))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    with pytest.raises(ValueError, match=sentence) as caught:
        load_boston()
    assert str(tmp_path / "boston.csv") in str(caught.value)
    assert "fresh copy" in str(caught.value)


def test_a_missing_boston_file_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(datasets, "DATA", tmp_path)
    with pytest.raises(FileNotFoundError, match="get the course's data/ folder"):
        load_boston()


# Where the data comes from


def test_download_then_cache(server, cache, capsys):
    first = load_rain()
    second = load_rain()
    assert first.attrs["source"] == second.attrs["source"] == "real"
    pd.testing.assert_frame_equal(first, second)
    assert server.asked == ["/rain"]
    assert names(cache) == ["rain.npz", "weatherAUS.RData"]
    assert capsys.readouterr().out == ""


def test_rain_is_read_rightly(mirror):
    table = load_rain()
    assert table.shape == (37, 24)  # the last three rows do not know RainTomorrow
    assert list(table.columns) == rain.COLUMNS
    assert table["Date"].iloc[[0, 36]].dt.strftime("%Y-%m-%d").tolist() == [
        "2008-12-01",
        "2009-01-06",
    ]
    assert table["Sunshine"].isna().tolist() == [i % 2 == 0 for i in range(37)]
    assert table["WindDir9am"].isna().sum() == 9
    assert set(table["WindDir9am"].dropna()) == {"E"}
    assert (table["RainTomorrow"] == "Yes").tolist() == (table["RISK_MM"] > 1).tolist()
    assert table["Humidity9am"].dtype == np.float64


def test_the_years_after_are_read_and_kept_apart(server, cache):
    before, after = load_rain(), load_rain(years_after=True)
    assert server.asked == ["/rain", "/later"]
    assert after.shape == (27, 24)
    assert after.attrs["source"] == "real"
    pd.testing.assert_frame_equal(after, before[10:].reset_index(drop=True))
    pd.testing.assert_frame_equal(load_rain(years_after=True), after)
    pd.testing.assert_frame_equal(load_rain(), before)
    assert server.asked == ["/rain", "/later"]
    expected = ["rain.npz", "rain_after.npz", "weatherAUS-2026.RData", "weatherAUS.RData"]
    assert names(cache) == expected


def test_the_years_after_have_a_stand_in_of_their_own(capsys):
    after = load_rain(years_after=True)
    assert after.attrs["source"] == "stand-in"
    assert one_line(capsys).startswith("Rain, later: this is a STAND-IN")
    assert after["Date"].min() > pd.Timestamp("2017-06-25")


def test_too_few_years_after_are_refused(mirror, monkeypatch):
    monkeypatch.setattr(rain, "ROWS_AFTER", 144_224)
    with pytest.raises(files.BadFile, match="27 of 144,224 days"):
        rain.read_years_after(mirror / "weatherAUS.RData")


def test_the_features_use_the_numbers_of_the_basis_alone(mirror):
    table = load_rain()
    basis, part = table[:20], table[20:]
    X, y = rain.make_set(part, basis)
    stations = basis["Location"].nunique()
    winds = sum(basis[name].nunique() for name in rain.NAMES[1:])
    assert X.shape == (17, 2 * 16 + stations + winds + 2)
    assert y.shape == (17, 1)
    assert y.flatten().tolist() == (part["RainTomorrow"] == "Yes").tolist()
    scaled = rain.make_set(basis, basis)[0][:, :16]
    assert scaled.mean(dim=0).abs().max() < 1e-5
    assert (scaled.std(dim=0) - 1).abs().max() < 1e-5
    assert X[:, 16:32].tolist() == part[rain.MEASURED].isna().astype(float).to_numpy().tolist()
    assert list(rain.tree_columns(part, basis)) == [*rain.MEASURED, *rain.NAMES, "day"]


def test_cifar10_comes_from_the_official_archive_first(server, cache):
    train_set, test_set = load_cifar10(), load_cifar10(train=False)
    assert server.asked == ["/official"]
    assert (len(train_set), len(test_set)) == (50, 20)
    assert (train_set.source, test_set.source) == ("real", "real")
    assert train_set.classes[3] == "cat"
    assert names(cache) == ["cifar-10-python.tar.gz", "cifar10.npz"]


def test_the_mirror_comes_before_the_cache(server, mirror, cache, monkeypatch):
    assert load_cifar10().data[0].std() == 0  # from folders: pictures of one colour
    assert names(cache) == ["cifar10.npz"]
    official = server.answers["/official"][0]
    (mirror / "cifar-10-python.tar.gz").write_bytes(official)
    assert load_cifar10().data[0].std() > 0  # the prepared arrays are of another file
    monkeypatch.delenv("COURSE_DATA")
    assert load_cifar10().data[0].std() > 0  # but they do without one
    assert server.asked == []


def test_a_file_in_the_mirror_comes_before_one_in_the_cache(server, mirror, cache):
    cache.mkdir()
    (cache / "cifar-10-python.tar.gz").write_bytes(server.answers["/official"][0])
    assert load_cifar10().data[0].std() == 0


def test_the_mirror_is_never_written(mirror):
    before = names(mirror)
    load_rain(), load_cifar10()
    assert names(mirror) == before


def test_a_relative_mirror_counts_from_the_course_too(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA", "data")
    monkeypatch.chdir(tmp_path)
    assert datasets.find("boston.csv") == files.COURSE / "data" / "boston.csv"
    (tmp_path / "data").mkdir()
    assert files.mirror_folder() == Path("data")


def test_a_second_load_reads_only_the_cache(mirror, monkeypatch):
    expected = load_cifar10().data
    monkeypatch.setattr(pictures, "read_members", None)
    assert (load_cifar10().data == expected).all()


def test_offline_never_touches_the_network(server, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    monkeypatch.setattr(socket, "socket", None)
    monkeypatch.setattr(socket, "getaddrinfo", None)
    assert load_rain().attrs["source"] == "stand-in"
    assert "COURSE_OFFLINE forbids the network" in one_line(capsys)
    assert load_cifar10(train=False).source == "stand-in"
    assert "COURSE_OFFLINE forbids the network" in one_line(capsys)
    assert server.asked == []


@pytest.mark.parametrize(("value", "expected"), [("", False), ("0", False), ("1", True)])
def test_course_offline(monkeypatch, value, expected):
    monkeypatch.setenv("COURSE_OFFLINE", value)
    assert files.offline() is expected


# Faults of the network


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (404, "error 404"),
        (500, "error 500"),
        ((CUT, b"x" * 5000), "broke the connection off"),
        (b"<html>log in first</html>", "wrong checksum"),
    ],
)
def test_a_bad_server_ends_in_a_stand_in_that_says_so(server, cache, capsys, answer, reason):
    server.answers["/rain"] = [answer]
    assert load_rain().attrs["source"] == "stand-in"
    line = one_line(capsys)
    assert reason in line
    assert "STAND-IN" in line
    assert "python -m helpers.datasets --download" in line
    assert names(cache) == []


def test_no_network_ends_in_a_stand_in(server, monkeypatch, cache, capsys):
    use_sources(monkeypatch, datasets.CIFAR10, (closed_port(), "0"), (closed_port(), None))
    assert load_cifar10().source == "stand-in"
    assert one_line(capsys).count("could not be reached") == 2
    assert names(cache) == []


@pytest.mark.parametrize("answers", [[500], [(CUT, b"")]])
def test_passing_faults_end_in_real_data(server, capsys, answers):
    content = server.answers["/rain"][0]
    server.answers["/rain"] = [*[(a[0], content) if a != 500 else a for a in answers], content]
    assert load_rain().attrs["source"] == "real"
    assert len(server.asked) == 2
    assert capsys.readouterr().out == ""


def test_the_second_source_is_used_and_named(server, cache, capsys):
    server.answers["/official"] = [404]
    train_set = load_cifar10()
    assert train_set.source == "real"
    assert (train_set.data[:, 0, 0, 0] // 10).tolist() == train_set.targets
    assert "this is the real data. But: " in one_line(capsys)
    assert names(cache) == ["cifar10.npz", "cifar10.tgz"]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda content: content[: len(content) // 2], "damaged or cut off"),
        (truncated, "damaged or cut off"),
        (lambda content: make_archive({"../cifar10/x.png": b""}), "leads out of it"),
        (lambda content: make_archive({}), "0 of 5 pictures of the class airplane"),
    ],
)
def test_a_bad_archive_is_not_kept(server, tmp_path, cache, capsys, spoil, reason):
    server.answers["/official"] = [404]
    server.answers["/folders"] = [spoil(server.answers["/folders"][0])]
    assert load_cifar10().source == "stand-in"
    line = one_line(capsys)
    assert reason in line
    assert "part-" not in line  # the name of a folder that is gone helps nobody
    assert names(tmp_path) == ["cache"]


TWO = """
import sys
from dataclasses import replace
from helpers import datasets
from helpers.datasets import rain
rain.ROWS = 37
source = replace(datasets.RAIN.sources[0], urls=(sys.argv[1],), sha256=sys.argv[2])
datasets.RAIN = replace(datasets.RAIN, sources=(source,))
print(datasets.load_rain().attrs["source"])
"""


def test_two_processes_at_once(server, cache):
    content = server.answers["/rain"][0]
    server.answers["/rain"] = [(DRIP, content)]
    arguments = [sys.executable, "-c", TWO, server.url("/rain"), sha256(content)]
    both = [
        subprocess.Popen(arguments, cwd=files.COURSE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [process.communicate(timeout=60)[0].strip() for process in both] == ["real", "real"]
    assert server.asked == ["/rain", "/rain"]
    assert names(cache) == ["rain.npz", "weatherAUS.RData"]
    assert load_rain().attrs["source"] == "real"
    assert len(server.asked) == 2


# Faults of the disk


@pytest.mark.parametrize("from_mirror", [True, False])
def test_a_folder_that_cannot_be_written(
    server, mirror, monkeypatch, tmp_path, capsys, from_mirror
):
    if not from_mirror:
        monkeypatch.delenv("COURSE_DATA")
        monkeypatch.delenv("COURSE_OFFLINE")
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "file" / "cache"))
    before = names(tmp_path)
    assert load_rain().attrs["source"] == "real"
    assert "could not be written" in one_line(capsys)
    assert names(tmp_path) == before


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_read_only_folder(server, cache, capsys):
    cache.mkdir()
    cache.chmod(0o500)
    assert load_rain().attrs["source"] == "real"
    assert "could not be written" in one_line(capsys)
    assert names(cache) == []


def test_a_disk_that_fills_while_the_arrays_are_written(mirror, monkeypatch, cache, capsys):
    def savez(path, **arrays):
        Path(path).write_bytes(b"half of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "savez", savez)
    assert load_cifar10().source == "real"
    assert "could not be written (No space left on device)" in one_line(capsys)
    assert names(cache) == []


def test_a_disk_that_fills_during_the_download(server, cache, capsys):
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, limits[1]))
    try:
        table = load_rain()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert table.attrs["source"] == "stand-in"
    assert os.strerror(errno.EFBIG) in one_line(capsys)
    assert names(cache) == []


SPOILT = {
    "cut": lambda content: content[: len(content) // 2],
    "empty": lambda content: b"",
    "garbage": lambda content: b"garbage" * 100,
    "flipped": lambda content: content[:3000] + bytes([content[3000] ^ 1]) + content[3001:],
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_corrupt_cache_is_made_anew(mirror, cache, capsys, spoil):
    expected = load_cifar10().data
    path = cache / "cifar10.npz"
    path.write_bytes(spoil(path.read_bytes()))
    train_set = load_cifar10()
    assert train_set.source == "real"
    assert (train_set.data == expected).all()
    assert files.load_arrays(path, ["train X"])["train X"].shape == (50, 32, 32, 3)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_corrupt_cache_and_nothing_else(mirror, cache, monkeypatch, capsys, spoil):
    load_cifar10()
    monkeypatch.delenv("COURSE_DATA")
    path = cache / "cifar10.npz"
    path.write_bytes(spoil(path.read_bytes()))
    assert load_cifar10().source == "stand-in"
    assert f"{path}: the file is damaged" in one_line(capsys)


def test_any_flipped_byte_of_the_cache_is_harmless(mirror, cache):
    expected = load_rain()
    content = (cache / "rain.npz").read_bytes()
    for place in np.random.default_rng(0).integers(0, len(content), 60):
        spoilt = bytearray(content)
        spoilt[place] ^= 0xFF
        (cache / "rain.npz").write_bytes(spoilt)
        pd.testing.assert_frame_equal(load_rain(), expected)


def test_a_pickle_in_the_cache_is_not_read(cache):
    cache.mkdir()
    np.savez(cache / "rain.npz", **{key: np.array([print]) for key in rain.KEYS})
    assert load_rain().attrs["source"] == "stand-in"


def test_a_damaged_download_in_the_cache_is_replaced(server, cache, capsys):
    load_rain()
    (cache / "rain.npz").unlink()
    (cache / "weatherAUS.RData").write_bytes(b"garbage")
    assert load_rain().attrs["source"] == "real"
    assert "its checksum is wrong" in one_line(capsys)
    assert server.asked == ["/rain", "/rain"]


def test_a_damaged_mirror_is_named(mirror, capsys):
    (mirror / "weatherAUS.RData").write_bytes(b"garbage")
    assert load_rain().attrs["source"] == "stand-in"
    line = one_line(capsys)
    assert f"{mirror / 'weatherAUS.RData'}: its checksum is wrong" in line
    assert "Replace the file by a fresh copy" in line


def test_an_rdata_file_without_a_column_is_refused(mirror, monkeypatch):
    monkeypatch.setattr(rain, "COLUMNS", [*rain.COLUMNS, "Snow"])
    with pytest.raises(files.BadFile, match="Snow"):
        rain.read_rdata(mirror / "weatherAUS.RData")


def test_an_rdata_file_with_too_few_days_is_refused(mirror, monkeypatch):
    monkeypatch.setattr(rain, "ROWS", 142_193)
    with pytest.raises(files.BadFile, match="37 of 142,193 days"):
        rain.read_rdata(mirror / "weatherAUS.RData")


def test_a_mirror_that_is_not_there_is_named(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "share"))
    assert load_rain().attrs["source"] == "stand-in"
    assert f"COURSE_DATA={tmp_path / 'share'}: there is no such folder" in one_line(capsys)


# The list


def test_overview_without_data(tmp_path):
    rows = {row["name"]: row for row in datasets.overview()}
    assert {name: row["source"] for name, row in rows.items()} == {
        "boston": "real",
        "rain": "stand-in",
        "rain_after": "stand-in",
        "cifar10": "stand-in",
    }
    assert all(row["size"] and row["licence"] and row["origin"] for row in rows.values())


def test_overview_with_data(mirror, cache, monkeypatch):
    where = [row["where"] for row in datasets.overview()][1:]
    stand_in = "days made up from statistics of the real ones"
    assert where == [str(mirror / "weatherAUS.RData"), stand_in, str(mirror / "cifar10.tgz")]
    load_rain()
    monkeypatch.delenv("COURSE_DATA")
    where = [row["where"] for row in datasets.overview()][1:]
    assert where == [str(cache / "rain.npz"), stand_in, "coloured handwritten digits"]


def test_overview_does_not_call_a_damaged_file_real(mirror, cache):
    (mirror / "weatherAUS.RData").write_bytes(b"garbage")
    cache.mkdir()
    (cache / "rain.npz").write_bytes(b"garbage")
    assert datasets.overview()[1]["source"] == "stand-in"


def test_overview_names_a_missing_boston(monkeypatch, tmp_path):
    monkeypatch.setattr(datasets, "DATA", tmp_path)
    row = datasets.overview()[0]
    assert row["source"] == "missing"
    assert "boston.csv is not there" in row["where"]


def test_the_doctor_lists_all_sets(monkeypatch, tmp_path):
    lines, problems = doctor.check_data()
    assert [line.partition(":")[0].rsplit(maxsplit=1) for line in lines] == [
        ["Boston", "real"],
        ["Rain", "stand-in"],
        ["Rain, later", "stand-in"],
        ["CIFAR-10", "stand-in"],
    ]
    assert problems == []
    monkeypatch.setattr(datasets, "DATA", tmp_path)
    assert "boston.csv is not there" in doctor.check_data()[1][0]


def run_command(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["helpers.datasets", *arguments])
    return command.main()


def test_the_command_lists(monkeypatch, capsys):
    assert run_command(monkeypatch) == 0
    out = capsys.readouterr().out
    assert all(title in out for title in ("Boston", "Rain", "Rain, later", "CIFAR-10"))


def test_the_command_downloads(server, cache, monkeypatch, capsys):
    assert run_command(monkeypatch, "--download") == 0
    assert names(cache) == [
        "cifar-10-python.tar.gz",
        "cifar10.npz",
        "rain.npz",
        "rain_after.npz",
        "weatherAUS-2026.RData",
        "weatherAUS.RData",
    ]
    assert capsys.readouterr().out.count(" real ") == 3
    assert run_command(monkeypatch, "--download") == 0
    assert sorted(server.asked) == ["/later", "/official", "/rain"]


def test_the_command_fails_with_a_reason(server, monkeypatch, capsys):
    server.answers["/rain"] = [404]
    assert run_command(monkeypatch, "--download") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Rain         FAILED")
    assert "error 404" in lines[0]
    assert lines[1].startswith("Rain, later  real")
    assert lines[2].startswith("CIFAR-10     real")


def test_the_command_notices_a_missing_boston(server, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(datasets, "DATA", tmp_path)
    assert run_command(monkeypatch, "--download") == 1
    assert "boston.csv is not there" in capsys.readouterr().out.splitlines()[0]


def test_the_command_runs_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "helpers.datasets", "--download"],
        cwd=files.COURSE,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stdout.count("COURSE_OFFLINE forbids the network") == 3
    assert done.stderr == ""


# The real data, where it is there


@pytest.fixture
def real(monkeypatch):
    if REAL is None:
        pytest.skip("COURSE_DATA is not set")
    monkeypatch.setenv("COURSE_DATA", REAL)


@pytest.mark.skipif(REAL is None, reason="COURSE_DATA is not set")
def test_the_real_rain(real):
    table = load_rain()
    if table.attrs["source"] != "real":
        pytest.skip("no rain in COURSE_DATA")
    assert table.shape == (142_193, 24)
    assert table["Location"].nunique() == 49
    assert ((table["RainTomorrow"] == "Yes") == (table["RISK_MM"] > 1)).all()
    assert not table.duplicated(["Location", "Date"]).any()
    assert (table["Date"].dt.year < 2016).mean() == pytest.approx(0.82, abs=0.005)
    published = pd.read_csv(files.DATA / "rain_missing.csv", index_col="variable")
    missing = table.isna().mean()
    assert (missing - published["missing_fraction"]).abs().max() < 1e-4
    with np.errstate(invalid="raise"):  # R's own NaN would raise here
        table[rain.NUMBERS].to_numpy() * 2.0


@pytest.mark.skipif(REAL is None, reason="COURSE_DATA is not set")
def test_the_real_years_after(real):
    before, after = load_rain(), load_rain(years_after=True)
    if before.attrs["source"] != "real" or after.attrs["source"] != "real":
        pytest.skip("no rain in COURSE_DATA")
    assert after.shape == (144_224, 24)
    pd.testing.assert_series_equal(after.dtypes, before.dtypes)
    assert before["Date"].max() == pd.Timestamp("2017-06-25")
    assert after["Date"].agg(["min", "max"]).dt.strftime("%Y-%m-%d").tolist() == [
        "2017-06-26",
        "2026-01-30",
    ]
    for column in rain.TEXTS:  # the same stations, directions and answers
        assert set(after[column].dropna()) == set(before[column].dropna())
    assert ((after["RainTomorrow"] == "Yes") == (after["RISK_MM"] > 1)).all()
    assert not after.duplicated(["Location", "Date"]).any()
    with np.errstate(invalid="raise"):  # R's own NaN would raise here
        after[rain.NUMBERS].to_numpy() * 2.0


@pytest.mark.skipif(REAL is None, reason="COURSE_DATA is not set")
def test_the_real_cifar10(real):
    train_set = load_cifar10()
    if train_set.source != "real":
        pytest.skip("no CIFAR-10 in COURSE_DATA")
    assert train_set.data.shape == (50_000, 32, 32, 3)
    assert np.bincount(train_set.targets).tolist() == [5000] * 10
    test_set = load_cifar10(train=False)
    assert test_set.data.shape == (10_000, 32, 32, 3)
    assert np.bincount(test_set.targets).tolist() == [1000] * 10
    # The tolerance is for copies whose pictures are JPEG files.
    assert train_set.data.mean((0, 1, 2)) / 255 == pytest.approx(augment.CIFAR10_MEAN, abs=0.003)
    assert train_set.data.std((0, 1, 2)) / 255 == pytest.approx(augment.CIFAR10_STD, abs=0.003)
