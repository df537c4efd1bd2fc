"""The Boston table, and one sentence for each way in which the file can be bad."""

import pytest

from helpers import datasets, load_boston

GOOD = (datasets.DATA / "boston.csv").read_text(encoding="utf-8")


@pytest.fixture
def mirror(monkeypatch, tmp_path):
    """Return a file that is found in place of the shipped one."""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    return tmp_path / "boston.csv"


def test_the_shipped_table():
    table = load_boston()
    assert table.shape == (506, 14)
    assert list(table.columns) == datasets.BOSTON_COLUMNS
    assert not table.isna().any().any()
    assert table["medv"].mean() == pytest.approx(22.53, abs=0.01)
    assert table.attrs["source"] == "real"


def test_a_copy_in_the_mirror_comes_first(mirror):
    mirror.write_text(GOOD.replace("0.00632,18", "77,18"), encoding="utf-8")
    assert load_boston().loc[0, "crim"] == 77


def test_a_mirror_without_the_file_is_passed_over(mirror):
    assert load_boston().loc[0, "crim"] == 0.00632


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        (GOOD.replace("lstat", "other", 1), "there is no column lstat"),
        (GOOD.replace("6.421", "six"), "in line 3, rm is 'six', not a number"),
        (GOOD.replace("6.421", ""), "in line 3, rm is missing"),
        (GOOD[:5000], "is missing"),
        (GOOD[: GOOD.index("\n", 5000) + 1], "of 506 rows"),
        (GOOD + "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n", "not a readable CSV file"),
        ("\x00\x01\x02", "there is no column crim"),
    ],
)
def test_a_bad_file_is_told_in_one_sentence_and_left_alone(mirror, text, message):
    mirror.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message) as caught:
        load_boston()
    told = str(caught.value)
    assert str(mirror) in told
    assert "Replace the file" in told
    assert "\n" not in told
    assert mirror.read_text(encoding="utf-8") == text


def test_bytes_that_are_no_text(mirror):
    mirror.write_bytes(b"crim,zn\n\xff\xfe\xfd,1\n")
    with pytest.raises(ValueError, match="not a readable CSV file"):
        load_boston()
