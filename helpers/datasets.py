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
        raise ValueError(
            f"{path} holds {len(table)} of 506 rows: replace it by the course's own copy."
        )
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

    mend = "replace it by a fresh copy."
    try:
        table = pd.read_csv(path, dtype=str)
    except FileNotFoundError:
        raise FileNotFoundError(
            f"{path} is not there: get the data/ folder of the course."
        ) from None
    except pd.errors.EmptyDataError:
        raise ValueError(f"{path} is empty: {mend}") from None
    except (pd.errors.ParserError, UnicodeDecodeError):
        raise ValueError(f"{path} is not a readable CSV file: {mend}") from None
    if missing := [name for name in columns if name not in table.columns]:
        raise ValueError(f"{path} has no column {', '.join(missing)}: {mend}")
    numbers = table[columns].apply(pd.to_numeric, errors="coerce")
    for row, name in zip(*numbers.isna().to_numpy().nonzero(), strict=True):
        text, line = table[columns].iloc[row, name], row + 2
        if isinstance(text, str):
            raise ValueError(
                f"{path}, line {line}: {columns[name]} is {text!r}, not a number: {mend}"
            )
        raise ValueError(
            f"{path}, line {line}: {columns[name]} is missing, is the file cut off? {mend}"
        )
    return numbers
