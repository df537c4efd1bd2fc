"""Data sets: the real ones where they can be had, stand-ins where not, and always said which."""

import contextlib
import zipfile
from dataclasses import dataclass

from helpers.datasets import files, pictures, rain, standins
from helpers.datasets.fetching import Source, fetch, files_there
from helpers.datasets.files import DATA, BadFile

BOSTON_COLUMNS = [
    *("crim", "zn", "indus", "chas", "nox", "rm", "age"),
    *("dis", "rad", "tax", "ptratio", "black", "lstat", "medv"),
]


@dataclass(frozen=True)
class DataSet:
    """What is said of a data set, and the files that hold it, the best first."""

    name: str
    title: str
    origin: str
    size: str
    licence: str
    stand_in: str
    sources: tuple[Source, ...]
    keys: tuple[str, ...]


COMMIT = "7c4af93150a711deebb7f4c8dbd7258a878881fc"
RAIN = DataSet(
    name="rain",
    title="Rain",
    origin="Australian Bureau of Meteorology, in the R package rattle.data 1.0.2",
    size="1.9 MB",
    licence="CC BY",
    stand_in="days made up from statistics of the real ones",
    sources=(
        Source(
            file="weatherAUS.RData",
            urls=(
                f"https://raw.githubusercontent.com/cran/rattle.data/{COMMIT}/data/weatherAUS.RData",
                f"https://cdn.jsdelivr.net/gh/cran/rattle.data@{COMMIT}/data/weatherAUS.RData",
            ),
            sha256="1e80913720857395a054a3d3df2227d9b375b2175f238946ff669eb8cb25391f",
            read=rain.read_rdata,
        ),
    ),
    keys=tuple(rain.KEYS),
)
COMMIT_AFTER = "bf78d23bc485a630f89291668d39a1965584e6d1"
RAIN_AFTER = DataSet(
    name="rain_after",
    title="Rain, later",
    origin="Australian Bureau of Meteorology, in the R package rattle 5.6.2",
    size="3.5 MB",
    licence="CC BY",
    stand_in=RAIN.stand_in,
    sources=(
        Source(
            file="weatherAUS-2026.RData",
            urls=(
                f"https://raw.githubusercontent.com/cran/rattle/{COMMIT_AFTER}/data/weatherAUS.RData",
                f"https://cdn.jsdelivr.net/gh/cran/rattle@{COMMIT_AFTER}/data/weatherAUS.RData",
            ),
            sha256="0440c2497a575b9815afb63f16a2866466839a56beeeb74eaf0c80faee366c81",
            read=rain.read_years_after,
        ),
    ),
    keys=RAIN.keys,
)
CIFAR10 = DataSet(
    name="cifar10",
    title="CIFAR-10",
    origin="Krizhevsky 2009, from the University of Toronto or fast.ai",
    size="170 MB",
    licence="none stated",
    stand_in="coloured handwritten digits",
    sources=(
        Source(
            file="cifar-10-python.tar.gz",
            urls=("https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",),
            sha256="6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
            read=pictures.read_batches,
        ),
        Source(
            file="cifar10.tgz",
            urls=("https://s3.amazonaws.com/fast-ai-imageclas/cifar10.tgz",),
            sha256=None,  # nobody publishes it: read_folders trusts nothing in the file
            read=pictures.read_folders,
        ),
    ),
    keys=(*pictures.KEYS["train"], *pictures.KEYS["test"]),
)


def load_boston():
    """Return the Boston house prices: 506 districts, 13 features and medv, in $1000.

    Source: Harrison and Rubinfeld (1978); see data/README.md for `black`.
    """
    path = find("boston.csv")
    table = read_table(path, BOSTON_COLUMNS)
    if len(table) != 506:
        raise BadFile(path, f"there are {len(table)} of 506 rows")
    table.attrs["source"] = "real"
    return table


def load_rain(years_after=False):
    """Return the weather of 142,193 days at 49 Australian stations, and whether it rained the next.

    They end on 25 June 2017. With years_after: the 144,224 days after it, up to January 2026.
    A DataFrame of 24 columns; attrs["source"] is "real", or "stand-in" for 20,000 made-up days.
    Units: mm, degrees Celsius, hours, km/h, per cent, hPa, eighths of the sky.
    """
    data_set = RAIN_AFTER if years_after else RAIN
    make_stand_in = standins.make_rain_after if years_after else standins.make_rain
    arrays = fetch_or_tell(data_set, data_set.keys)
    table = make_stand_in() if arrays is None else rain.to_table(arrays)
    table.attrs["source"] = "stand-in" if arrays is None else "real"
    return table


def load_cifar10(train=True, transform=None):
    """Return CIFAR-10's 50,000 training or 10,000 test pictures as a Dataset of (image, label).

    .data: uint8 (N, 32, 32, 3). .source: "real", or "stand-in" for 5,000 + 1,000 digits.
    transform: a function of a PIL image, for example one of torchvision.transforms.v2.
    """
    part = "train" if train else "test"
    arrays = fetch_or_tell(CIFAR10, pictures.KEYS[part])
    if arrays is None:
        X, y = standins.make_digits(train)
        return pictures.Pictures(X, y, standins.DIGITS, "stand-in", transform)
    X, y = (arrays[key] for key in pictures.KEYS[part])
    return pictures.Pictures(X, y, pictures.CLASSES, "real", transform)


def fetch_or_tell(data_set, keys):
    """Return arrays of the real data; None, with one printed line, if a stand-in must do."""
    arrays, faults = fetch(data_set.name, data_set.sources, keys)
    if arrays is None:
        print(
            f"{data_set.title}: this is a STAND-IN ({data_set.stand_in}), not the real data. "
            f"{' '.join(faults)} For the real data, run `python -m helpers.datasets --download` "
            "where there is a network, or follow data/README.md."
        )
    elif faults:
        print(f"{data_set.title}: this is the real data. But: {' '.join(faults)}")
    return arrays


def find(name):
    """Return the path of a shipped file: in the folder $COURSE_DATA if it is there, or in data/."""
    mirror = files.mirror_folder()
    if mirror is not None and (mirror / name).is_file():
        return mirror / name
    return DATA / name


def read_table(path, columns):
    """Return these columns of a CSV file as numbers; say in one sentence what is wrong with it."""
    import pandas as pd

    try:
        table = pd.read_csv(path, dtype=str)
    except FileNotFoundError:
        raise FileNotFoundError(f"{path} is not there: get the course's data/ folder.") from None
    except pd.errors.EmptyDataError:
        raise BadFile(path, "the file is empty") from None
    except (pd.errors.ParserError, UnicodeDecodeError):
        raise BadFile(path, "this is not a readable CSV file") from None
    if missing := [name for name in columns if name not in table.columns]:
        raise BadFile(path, f"there is no column {', '.join(missing)}")
    numbers = table[columns].apply(pd.to_numeric, errors="coerce")
    for row, column in zip(*numbers.isna().to_numpy().nonzero(), strict=True):
        name, text = columns[column], table[columns].iloc[row, column]
        what = f"is {text!r}, not a number" if isinstance(text, str) else "is missing"
        raise BadFile(path, f"in line {row + 2}, {name} {what}")
    return numbers


def overview():
    """Return a dict for each data set: name, title, source, where, size, licence, origin.

    source: "real", "stand-in", or "missing" for a shipped file that is not usable.
    """
    rows = [boston_row()]
    for data_set in (RAIN, RAIN_AFTER, CIFAR10):
        path = locate(data_set)
        row = {
            "source": "stand-in" if path is None else "real",
            "where": data_set.stand_in if path is None else str(path),
        }
        named = ("name", "title", "size", "licence", "origin")
        rows.append(row | {name: getattr(data_set, name) for name in named})
    return rows


def boston_row():
    """Return Boston's row of the overview."""
    row = {
        "name": "boston",
        "title": "Boston",
        "size": "35 kB",
        "licence": "none stated",
        "origin": "Harrison and Rubinfeld 1978",
    }
    try:
        load_boston()
    except (OSError, ValueError) as error:
        return row | {"source": "missing", "where": str(error)}
    return row | {"source": "real", "where": str(find("boston.csv"))}


def locate(data_set):
    """Return where the real data lies on this computer, None if it does not."""
    for source, path in files_there(data_set.sources):
        with contextlib.suppress(BadFile, OSError):
            files.check_sha256(path, source.sha256)
            return path
    prepared = files.cache_folder() / f"{data_set.name}.npz"
    return prepared if zipfile.is_zipfile(prepared) else None
