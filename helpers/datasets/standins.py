"""Stand-ins: data to practise with where the real data cannot be had."""

import numpy as np

from helpers.datasets import rain
from helpers.datasets.files import DATA

DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
DIRECTIONS = [
    *("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE"),
    *("S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"),
]
WHOLE = ["WindGustSpeed", "WindSpeed9am", "WindSpeed3pm", "Humidity9am", "Humidity3pm"]
WHOLE += ["Cloud9am", "Cloud3pm"]
FIRST_DAY, END_DAY, LAST_END_DAY = "2007-11-01", "2017-06-26", "2026-01-31"  # ends: not included


def make_rain(rows=20_000, seed=0, first_day=FIRST_DAY, end_day=END_DAY):
    """Return made-up days with the columns, stations and missing fractions of the real data.

    A Gaussian copula: correlated normal numbers are turned into ranks, and those into values with
    the quantiles of each station. Source: data/rain_*.csv, computed from the real data.
    """
    import pandas as pd

    rng = np.random.default_rng(seed)
    quantiles = pd.read_csv(DATA / "rain_quantiles.csv")
    days = quantiles.groupby("Location")["days"].max()
    stations = np.sort(rng.choice(len(days), size=rows, p=days / days.sum()))
    normal = correlated_normal(rows, rng)
    columns = dict(zip(rain.NUMBERS, to_values(normal, stations, quantiles).T, strict=True))
    columns["MaxTemp"] = np.maximum(columns["MinTemp"], columns["MaxTemp"])
    columns["Location"] = days.index.to_numpy(object)[stations]
    columns["Date"] = draw_dates(
        normal[:, rain.NUMBERS.index("Temp3pm")], stations, rng, first_day, end_day
    )
    columns |= draw_directions(stations, rng)
    columns["RainToday"] = np.where(columns["Rainfall"] > 1, "Yes", "No").astype(object)
    columns["RainTomorrow"] = np.where(columns["RISK_MM"] > 1, "Yes", "No").astype(object)
    remove_some(columns, rng)
    table = rain.make_table(columns)
    return table.sort_values(["Location", "Date"], kind="stable", ignore_index=True)


def make_rain_after(rows=20_000, seed=1):
    """Return made-up days of the years after: of the same climate, with the same missing values."""
    return make_rain(rows, seed, first_day=END_DAY, end_day=LAST_END_DAY)


def correlated_normal(rows, rng):
    """Return normal numbers (rows, 17) with the correlations of the weather's measurements."""
    import pandas as pd

    table = pd.read_csv(DATA / "rain_correlation.csv", index_col=0)
    correlation = table.loc[rain.NUMBERS, rain.NUMBERS].to_numpy()
    # Measured pair by pair, the matrix may have eigenvalues slightly below zero.
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(values.clip(0))
    return rng.standard_normal((rows, len(rain.NUMBERS))) @ root.T


def to_values(normal, stations, quantiles):
    """Return, for normal numbers, the measurements (rows, 17) with the same ranks at each station.

    stations: for each row the number of its station, in alphabetical order.
    """
    from scipy.special import ndtr

    levels = [name for name in quantiles.columns if name.startswith("q")]
    shares = [int(level[1:]) / 100 for level in levels]
    known = quantiles.set_index(["variable", "Location"])[levels].sort_index()
    ranks = ndtr(normal)
    values = np.empty_like(normal)
    for column, variable in enumerate(rain.NUMBERS):
        for station, heights in enumerate(known.loc[variable].to_numpy()):
            here = stations == station
            values[here, column] = np.interp(ranks[here, column], shares, heights)
        values[:, column] = values[:, column].round(0 if variable in WHOLE else 1)
    return values


def draw_dates(warmth, stations, rng, first_day, end_day):
    """Return a day for each row, in days since 1970: no date twice at a station.

    Warm days lie in summer rather than in winter. The day end_day itself is not drawn.
    warmth: a normal number for each row. stations: for each row the number of its station.
    """
    days = np.arange(np.datetime64(first_day), np.datetime64(end_day)).astype(np.int32)
    midsummer = np.datetime64("2010-01-20").astype(int)
    season = np.cos(2 * np.pi * (days - midsummer) / 365.25)
    dates = np.empty(len(stations), dtype=np.int32)
    for station in np.unique(stations):
        rows = np.flatnonzero(stations == station)
        drawn = rng.choice(len(days), size=len(rows), replace=False)
        heat = season[drawn] + rng.normal(0, 0.5, size=len(rows))
        dates[rows[np.argsort(warmth[rows])]] = days[drawn[np.argsort(heat)]]
    return dates


def draw_directions(stations, rng):
    """Return three columns of wind directions, which lie around each station's usual wind."""
    usual = rng.uniform(0, 16, size=stations.max() + 1)[stations]
    gust = usual + rng.normal(0, 3, size=len(stations))
    columns = {}
    for column, spread in (("WindGustDir", 0), ("WindDir9am", 2.5), ("WindDir3pm", 1.5)):
        direction = gust + rng.normal(0, spread, size=len(stations))
        columns[column] = np.array(DIRECTIONS, dtype=object)[direction.round().astype(int) % 16]
    return columns


def remove_some(columns, rng):
    """Set values to NaN, in each column as large a part as is missing in the real data.

    A day that lacks one measurement often lacks others: in the real data, a station has no
    instrument for them. So one random number decides for all columns of a row.
    """
    import pandas as pd

    fractions = pd.read_csv(DATA / "rain_missing.csv", index_col="variable")["missing_fraction"]
    luck = rng.random(len(columns["Date"]))
    for column, fraction in fractions.items():
        if fraction > 0:
            columns[column][luck < fraction] = np.nan


def make_digits(train=True):
    """Return coloured handwritten digits: X uint8 (N, 32, 32, 3), y int64 (N,), N = 5,000 or 1,000.

    Each class has equally many. A digit that somebody wrote appears several times, in different
    colours and places, but never in both parts. Source: scikit-learn's load_digits.
    """
    from sklearn.datasets import load_digits

    rng = np.random.default_rng(0 if train else 1)
    digits = load_digits()
    rows = choose_digits(digits.target, train, rng)
    return paint(enlarge(digits.images[rows] / 16, rng), rng), digits.target[rows]


def choose_digits(y, train, rng):
    """Return the rows to show, mixed: 500 of each class for training, 100 for the test.

    The first five sixths of a class are for training; rows are repeated until they suffice.
    """
    chosen = []
    for label in range(10):
        own = np.flatnonzero(y == label)
        cut = len(own) * 5 // 6
        chosen.append(np.resize(own[:cut], 500) if train else np.resize(own[cut:], 100))
    return rng.permutation(np.concatenate(chosen))


def enlarge(images, rng):
    """Return images (N, 8, 8) as (N, 32, 32): three times as large, somewhere in the frame."""
    framed = np.zeros((len(images), 32, 32))
    for i, (top, left) in enumerate(rng.integers(0, 9, size=(len(images), 2))):
        framed[i, top : top + 24, left : left + 24] = images[i].repeat(3, axis=0).repeat(3, axis=1)
    return framed


def paint(images, rng):
    """Return images in [0, 1] (N, 32, 32) as uint8 (N, 32, 32, 3), ink and paper in any colours."""
    paper = rng.integers(0, 256, size=(len(images), 1, 1, 3))
    ink = (paper + rng.integers(96, 161, size=paper.shape)) % 256  # every channel differs
    mixed = paper + (ink - paper) * images[..., None] + rng.normal(0, 8, size=(*images.shape, 3))
    return mixed.round().clip(0, 255).astype(np.uint8)
