"""The stand-ins have the form of the real data, and models learn from them."""

import made_up_rain
import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.datasets import load_digits
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import nn

from helpers import accuracy, evaluate, make_loader, normalize, train
from helpers.datasets import rain, standins
from helpers.datasets.files import DATA

MEASURED = [name for name in rain.NUMBERS if name != "RISK_MM"]


@pytest.fixture(scope="module")
def table():
    return standins.make_rain()


def test_rain_has_the_columns_and_dtypes_of_the_real_data(table, tmp_path, monkeypatch):
    monkeypatch.setattr(rain, "ROWS", 37)
    path = tmp_path / "weatherAUS.RData"
    path.write_bytes(made_up_rain.read())
    real = rain.to_table(rain.read_rdata(path))
    assert len(table) == 20_000
    pd.testing.assert_series_equal(table.dtypes, real.dtypes)


def test_rain_has_the_stations_in_their_order(table):
    stations = pd.read_csv(DATA / "rain_quantiles.csv")["Location"].unique()
    assert table["Location"].unique().tolist() == sorted(stations)
    assert table["Location"].nunique() == 49


def test_rain_tomorrow_is_exactly_risk_over_one(table):
    assert ((table["RainTomorrow"] == "Yes") == (table["RISK_MM"] > 1)).all()
    assert set(table["RainTomorrow"]) == {"Yes", "No"}
    known = table["RainToday"].notna()
    assert (known == table["Rainfall"].notna()).all()
    assert ((table["RainToday"] == "Yes") == (table["Rainfall"] > 1))[known].all()


def test_rain_misses_as_much_as_the_real_data(table):
    real = pd.read_csv(DATA / "rain_missing.csv", index_col="variable")["missing_fraction"]
    missing = table.isna().mean()
    assert (missing - real).abs().max() < 0.01  # 3 standard errors of 20,000 rows
    assert (missing[real == 0] == 0).all()


def test_rain_keeps_each_stations_values(table):
    real = pd.read_csv(DATA / "rain_quantiles.csv").set_index(["Location", "variable"])
    for station in ("Cairns", "Hobart", "Uluru"):
        here = table[table["Location"] == station]
        for variable in ("Temp9am", "Humidity3pm", "WindGustSpeed"):
            known = real.loc[(station, variable)]
            values = here[variable].dropna()
            assert values.between(known["q00"], known["q100"]).all()
            spread = known["q75"] - known["q25"]
            assert abs(values.median() - known["q50"]) < 0.3 * spread


def test_rain_keeps_the_correlations(table):
    real = pd.read_csv(DATA / "rain_correlation.csv", index_col=0)
    pair = ["MaxTemp", "Temp3pm"]
    assert table[pair].corr().iloc[0, 1] == pytest.approx(real.loc[pair[0], pair[1]], abs=0.05)
    assert table["Humidity3pm"].corr(table["RISK_MM"] > 1) > 0.35
    assert not (table["MinTemp"] > table["MaxTemp"]).any()


def test_rain_has_plausible_dates_and_winds(table):
    assert table["Date"].between("2007-11-01", "2017-06-25").all()
    assert not table.duplicated(["Location", "Date"]).any()
    assert 0.75 < (table["Date"].dt.year < 2016).mean() < 0.9
    month = table["Date"].dt.month
    assert table["Temp3pm"][month == 1].mean() > table["Temp3pm"][month == 7].mean() + 5
    assert set(table["WindGustDir"].dropna()) == set(standins.DIRECTIONS)
    assert (table["WindDir9am"] == table["WindGustDir"]).mean() > 1 / 16


def test_rain_is_the_same_for_the_same_seed(table):
    pd.testing.assert_frame_equal(standins.make_rain(), table)
    few = standins.make_rain(50, seed=1)
    assert len(few) == 50
    assert not few["Temp3pm"].equals(standins.make_rain(50, seed=2)["Temp3pm"])


def test_the_years_after_are_of_the_same_form(table):
    after = standins.make_rain_after()
    pd.testing.assert_series_equal(after.dtypes, table.dtypes)
    assert set(after["Location"]) == set(table["Location"])
    assert after["Date"].between("2017-06-26", "2026-01-30").all()
    assert not after.duplicated(["Location", "Date"]).any()
    rainy, rainy_before = ((part["RainTomorrow"] == "Yes").mean() for part in (after, table))
    assert rainy == pytest.approx(rainy_before, abs=0.015)


def test_rain_is_as_hard_as_the_real_data(table):
    X = pd.concat([table[MEASURED], pd.get_dummies(table["Location"])], axis=1)
    y = table["RainTomorrow"] == "Yes"
    early = table["Date"].dt.year < 2016
    model = make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression(max_iter=500))
    model.fit(X[early], y[early])
    assert model.score(X[~early], y[~early]) == pytest.approx(0.84, abs=0.02)
    auc = roc_auc_score(y[~early], model.predict_proba(X[~early])[:, 1])
    assert auc == pytest.approx(0.88, abs=0.03)


@pytest.fixture(scope="module")
def digits():
    return [standins.make_digits(train) for train in (True, False)]


def test_digits_have_the_form_of_cifar10(digits):
    for (X, y), per_class in zip(digits, (500, 100), strict=True):
        assert X.shape == (10 * per_class, 32, 32, 3)
        assert (X.dtype, y.dtype) == (np.uint8, np.int64)
        assert np.bincount(y).tolist() == [per_class] * 10
        assert (np.diff(y) < 0).any()  # the classes are mixed


def test_digits_are_the_same_each_time(digits):
    for (X, y), part in zip(digits, (True, False), strict=True):
        X_again, y_again = standins.make_digits(part)
        assert (X_again == X).all()
        assert (y_again == y).all()


def test_no_digit_is_in_both_parts():
    y = load_digits().target
    train_rows, test_rows = (
        set(standins.choose_digits(y, part, np.random.default_rng(0))) for part in (True, False)
    )
    assert train_rows
    assert not train_rows & test_rows
    assert len(train_rows | test_rows) == len(y)


def test_digits_differ_in_colour_and_place(digits):
    X, y = digits[0]
    zeros = X[y == 0].astype(float)
    papers = zeros[:, 0, 0]  # the corner
    assert papers.std(axis=0).min() > 40
    contrast = np.abs(zeros - papers[:, None, None]).max(axis=(1, 2))
    assert contrast.min() > 50  # every digit can be seen, in each channel


@pytest.fixture
def one_thread():
    """Compute in one thread: with small batches more gain little, and stall on a busy CPU."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.usefixtures("one_thread")
def test_a_small_cnn_beats_a_fully_connected_network(digits):
    # Every second picture and pixel will do.
    train_part, test_part = (
        (
            normalize(torch.from_numpy(X[::2, ::2, ::2]).permute(0, 3, 1, 2)),
            torch.from_numpy(y[::2]),
        )
        for X, y in digits
    )
    scores = {}
    for make in (make_dense, make_cnn):
        torch.manual_seed(0)
        model, loss_fn = make(), nn.CrossEntropyLoss()
        loader = make_loader(*train_part, shuffle=True, seed=0)
        optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
        train(model, loader, loss_fn, optimizer, epochs=6, progress=False)
        scores[make] = evaluate(model, test_part, loss_fn, {"accuracy": accuracy})["accuracy"]
    assert scores[make_cnn] > scores[make_dense] + 0.1


def make_dense():
    return nn.Sequential(nn.Flatten(), nn.Linear(768, 64), nn.ReLU(), nn.Linear(64, 10))


def make_cnn():
    return nn.Sequential(
        *(nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        nn.Flatten(),
        nn.Linear(32 * 4 * 4, 10),
    )
