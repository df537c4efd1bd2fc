"""Rain in Australia: from R's file to arrays that are kept, and from those to a table."""

import numpy as np

from helpers.datasets.files import BadFile

ROWS = 142_193
NUMBERS = [
    *("MinTemp", "MaxTemp", "Rainfall", "Evaporation", "Sunshine", "WindGustSpeed"),
    *("WindSpeed9am", "WindSpeed3pm", "Humidity9am", "Humidity3pm", "Pressure9am", "Pressure3pm"),
    *("Cloud9am", "Cloud3pm", "Temp9am", "Temp3pm", "RISK_MM"),
]
TEXTS = ["Location", "WindGustDir", "WindDir9am", "WindDir3pm", "RainToday", "RainTomorrow"]
COLUMNS = [
    *("Date", "Location", "MinTemp", "MaxTemp", "Rainfall", "Evaporation", "Sunshine"),
    *("WindGustDir", "WindGustSpeed", "WindDir9am", "WindDir3pm", "WindSpeed9am", "WindSpeed3pm"),
    *("Humidity9am", "Humidity3pm", "Pressure9am", "Pressure3pm", "Cloud9am", "Cloud3pm"),
    *("Temp9am", "Temp3pm", "RainToday", "RISK_MM", "RainTomorrow"),
]
KEYS = ["Date", *NUMBERS, *TEXTS, *(f"{column} names" for column in TEXTS)]


def read_rdata(path):
    """Return the arrays of weatherAUS.RData, for the rows where RainTomorrow is known.

    Date: int32, days since 1970. A number: float64, NaN where missing. A text: int8, an index
    into the array "<column> names", -1 where missing.
    """
    import rdata

    # R's class Date is a plain number of days: take it as it is.
    constructors = {**rdata.conversion.DEFAULT_CLASS_MAP, "Date": lambda days, attributes: days}
    try:
        table = rdata.read_rda(path, constructor_dict=constructors)["weatherAUS"][COLUMNS]
    except KeyError as error:
        raise BadFile(path, f"{error} is missing in it") from None
    table = table[table["RainTomorrow"].notna()]
    if len(table) != ROWS:
        raise BadFile(path, f"it holds {len(table):,} of {ROWS:,} days")
    arrays = {"Date": table["Date"].to_numpy(np.int32)}
    for column in NUMBERS:
        numbers = table[column].to_numpy(np.float64, na_value=np.nan)
        # R marks a missing number by a NaN of its own, of which NumPy warns in every calculation.
        arrays[column] = np.where(np.isnan(numbers), np.nan, numbers)
    for column in TEXTS:
        arrays[column] = table[column].cat.codes.to_numpy(np.int8)
        arrays[f"{column} names"] = table[column].cat.categories.to_numpy(str)
    return arrays


def to_table(arrays):
    """Return the arrays as a DataFrame of 24 columns: dates, numbers and texts."""
    columns = {"Date": arrays["Date"], **{column: arrays[column] for column in NUMBERS}}
    for column in TEXTS:
        names = np.append(arrays[f"{column} names"].astype(object), np.nan)
        columns[column] = names[arrays[column]]  # -1 is the last name: NaN
    return make_table(columns)


def make_table(columns):
    """Return a DataFrame with the columns in their order; Date is given in days since 1970."""
    import pandas as pd

    dates = columns["Date"].astype("datetime64[D]").astype("datetime64[s]")
    return pd.DataFrame({**columns, "Date": dates}, columns=COLUMNS)
