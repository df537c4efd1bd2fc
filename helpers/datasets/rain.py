"""Rain in Australia: from R's file to arrays that are kept, and from those to a table."""

import numpy as np

from helpers.datasets.files import BadFile

ROWS = 142_193
ROWS_AFTER = 144_224
LAST_DAY = 17_342  # of weatherAUS.RData: 25 June 2017, in days since 1970
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
MEASURED = [name for name in NUMBERS if name != "RISK_MM"]  # what is known today
NAMES = ["Location", "WindGustDir", "WindDir9am", "WindDir3pm"]
KEYS = ["Date", *NUMBERS, *TEXTS, *(f"{column} names" for column in TEXTS)]


def read_rdata(path):
    """Return the arrays of rattle.data's weatherAUS.RData: the years up to June 2017.

    Date: int32, days since 1970. A number: float64, NaN where missing. A text: int8, an index
    into the array "<column> names", -1 where missing. Only rows where RainTomorrow is known.
    """
    return to_arrays(path, read_known(path), ROWS)


def read_years_after(path):
    """Return such arrays of rattle's weatherAUS.RData: the days after those of the older file.

    Its own first years are incomplete: 1,204 days of 2016, where the older file has 17,508.
    """
    table = read_known(path)
    return to_arrays(path, table[table["Date"] > LAST_DAY], ROWS_AFTER)


def read_known(path):
    """Return the table of an R file: the rows where RainTomorrow is known."""
    import rdata

    constructors = {
        **rdata.conversion.DEFAULT_CLASS_MAP,
        "Date": lambda days, attributes: days,  # a plain number of days: take it as it is
        "tbl_df": rdata.conversion.DEFAULT_CLASS_MAP["data.frame"],  # a tibble is one, too
    }
    try:
        table = rdata.read_rda(path, constructor_dict=constructors)["weatherAUS"][COLUMNS]
    except KeyError as error:
        raise BadFile(path, f"{error} is missing in it") from None
    return table[table["RainTomorrow"].notna()]


def to_arrays(path, table, rows):
    """Return the table as arrays; refuse it if it has not so many rows."""
    if len(table) != rows:
        raise BadFile(path, f"it holds {len(table):,} of {rows:,} days")
    arrays = {"Date": table["Date"].to_numpy(np.int32)}
    for column in NUMBERS:
        numbers = table[column].to_numpy(np.float64, na_value=np.nan)
        # R marks a missing number by a NaN of its own, of which NumPy warns in every calculation.
        arrays[column] = np.where(np.isnan(numbers), np.nan, numbers)
    for column in TEXTS:
        names = table[column].astype("category").cat
        arrays[column] = names.codes.to_numpy(np.int8)
        arrays[f"{column} names"] = names.categories.to_numpy(str)
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


def make_set(part, basis):
    """Return (X, y) of a part of the table: 131 features and the target, (N, 131) and (N, 1).

    The medians, means and deviations, stations and directions are those of basis alone.
    """
    import torch

    y = torch.tensor((part["RainTomorrow"] == "Yes").to_numpy(), dtype=torch.float32)
    return make_features(part, basis), y.unsqueeze(1)


def make_features(part, basis):
    """Return what is known of each day: numbers, flags of missing ones, place, wind, season."""
    import pandas as pd
    import torch

    median = basis[MEASURED].median()
    filled = basis[MEASURED].fillna(median)
    columns = [(part[MEASURED].fillna(median) - filled.mean()) / filled.std()]
    columns.append(part[MEASURED].isna())
    for name in NAMES:
        kinds = pd.CategoricalDtype(sorted(basis[name].dropna().unique()))
        columns.append(pd.get_dummies(part[name].astype(kinds)))
    angle = 2 * np.pi * part["Date"].dt.day_of_year / 365.25
    columns += [np.sin(angle), np.cos(angle)]
    return torch.from_numpy(pd.concat(columns, axis=1).to_numpy(dtype="float32"))


def tree_columns(part, basis):
    """Return what is known of each day for trees: numbers with their gaps, names as categories."""
    import pandas as pd

    kinds = {name: pd.CategoricalDtype(sorted(basis[name].dropna().unique())) for name in NAMES}
    return part[MEASURED + NAMES].astype(kinds).assign(day=part["Date"].dt.day_of_year)
