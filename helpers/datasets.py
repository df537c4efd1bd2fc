"""Data sets: found on the computer where they can be, and always said where they come from."""

import os
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"

BOSTON_COLUMNS = [
    *("crim", "zn", "indus", "chas", "nox", "rm", "age"),
    *("dis", "rad", "tax", "ptratio", "black", "lstat", "medv"),
]


def load_boston():
    """Return the Boston house prices: 506 districts, 13 features and medv, in $1000.

    Source: Harrison and Rubinfeld (1978); see data/README.md for `black`.
    """
    path = find("boston.csv")
    table = read_table(path, BOSTON_COLUMNS)
    if len(table) != 506:
        raise bad_file(path, f"there are {len(table)} of 506 rows")
    table.attrs["source"] = "real"
    return table


def find(name):
    """Return the path of a data file: in the folder $COURSE_DATA if it is there, else in data/."""
    mirror = os.environ.get("COURSE_DATA")
    if mirror and (Path(mirror) / name).is_file():
        return Path(mirror) / name
    return DATA / name


def read_table(path, columns):
    """Return these columns of a CSV file as numbers; say in one sentence what is wrong with it."""
    import pandas as pd

    try:
        table = pd.read_csv(path, dtype=str)
    except FileNotFoundError:
        raise FileNotFoundError(f"{path} is not there: get the course's data/ folder.") from None
    except pd.errors.EmptyDataError:
        raise bad_file(path, "the file is empty") from None
    except (pd.errors.ParserError, UnicodeDecodeError):
        raise bad_file(path, "this is not a readable CSV file") from None
    if missing := [name for name in columns if name not in table.columns]:
        raise bad_file(path, f"there is no column {', '.join(missing)}")
    numbers = table[columns].apply(pd.to_numeric, errors="coerce")
    for row, column in zip(*numbers.isna().to_numpy().nonzero(), strict=True):
        name, text = columns[column], table[columns].iloc[row, column]
        what = f"is {text!r}, not a number" if isinstance(text, str) else "is missing"
        raise bad_file(path, f"in line {row + 2}, {name} {what}")
    return numbers


def bad_file(path, what):
    """Return the error for a data file that cannot be used."""
    return ValueError(f"{path}: {what}. Replace the file by a fresh copy of the course's own.")
