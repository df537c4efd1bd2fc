"""Makes made_up_rain.RData, a small file of invented days in the form of weatherAUS.RData.

Run `python tests/made_up_rain.py` to write it anew: it needs rdata 1.0, which Python 3.10 cannot
have. That is why the file is kept.
"""

import gzip
from pathlib import Path

import numpy as np

from helpers.datasets import rain

PATH = Path(__file__).with_suffix(".RData")


def read():
    """Return the content of the file."""
    return PATH.read_bytes()


def make(days=40, unknown=3):
    """Write the file; its last rows do not know RainTomorrow."""
    import pandas as pd
    import rdata

    rng = np.random.default_rng(0)
    table = {"Date": np.arange(14214.0, 14214 + days)}
    for column in rain.NUMBERS:
        table[column] = rng.uniform(0, 5, days).round(1)
    table["Sunshine"][::2] = np.nan
    for column, names in (("Location", ["Albury", "Uluru"]), ("WindGustDir", ["N", "SW"])):
        table[column] = pd.Categorical.from_codes(rng.integers(0, 2, days), names)
    table["WindDir9am"] = pd.Categorical.from_codes([-1] * 9 + [0] * (days - 9), ["E"])
    table["WindDir3pm"] = table["WindGustDir"]
    today = (table["Rainfall"] > 1).astype(int)
    table["RainToday"] = pd.Categorical.from_codes(today, ["No", "Yes"])
    tomorrow = np.where(np.arange(days) < days - unknown, table["RISK_MM"] > 1, -1)
    table["RainTomorrow"] = pd.Categorical.from_codes(tomorrow.astype(int), ["No", "Yes"])
    frame = pd.DataFrame(table)[rain.COLUMNS]
    rdata.write_rda(PATH, {"weatherAUS": frame}, compression=None)
    content = PATH.read_bytes()
    for column in rain.TEXTS:  # R's missing text is -2**31, for which rdata writes 0
        codes = frame[column].cat.codes.to_numpy(int)
        missing = np.where(codes < 0, -(2**31), codes + 1)
        content = content.replace(to_bytes(codes + 1), to_bytes(missing))
    PATH.write_bytes(gzip.compress(content, mtime=0))


def to_bytes(numbers):
    """Return integers as an R file holds them."""
    return numbers.astype(">i4").tobytes()


if __name__ == "__main__":
    make()
