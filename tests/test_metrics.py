"""Metrics against scikit-learn and against the traps they refuse."""

import math

import pytest
import torch
from sklearn import metrics

from helpers import accuracy, binary_accuracy, rmse


def test_metrics_agree_with_scikit_learn():
    torch.manual_seed(0)
    logits, y = torch.randn(57, 4), torch.randint(0, 4, (57,))
    assert accuracy(logits, y) == pytest.approx(metrics.accuracy_score(y, logits.argmax(1)))
    logits, y = torch.randn(57, 1), torch.randint(0, 2, (57, 1)).float()
    assert binary_accuracy(logits, y) == pytest.approx(metrics.accuracy_score(y, logits > 0))
    predictions, y = torch.randn(57, 1), torch.randn(57, 1)
    assert rmse(predictions, y) == pytest.approx(metrics.root_mean_squared_error(y, predictions))


def test_logits_between_0_and_1_are_logits():
    assert binary_accuracy(torch.tensor([0.2, 0.4]), torch.tensor([1.0, 1.0])) == 1.0


@pytest.mark.parametrize("metric", [binary_accuracy, rmse])
def test_a_column_against_a_row_is_refused(metric):
    with pytest.raises(ValueError, match=r"\(5, 1\), y has \(5,\)"):
        metric(torch.zeros(5, 1), torch.zeros(5))


def test_accuracy_refuses_a_single_logit_and_wrong_labels():
    with pytest.raises(ValueError, match="use binary_accuracy"):
        accuracy(torch.zeros(5, 1), torch.zeros(5, dtype=torch.int64))
    with pytest.raises(ValueError, match="must be int64"):
        accuracy(torch.zeros(5, 2), torch.zeros(5))
    with pytest.raises(ValueError, match="y holds 2"):
        accuracy(torch.zeros(5, 2), torch.full((5,), 2))


def test_binary_accuracy_refuses_columns_and_other_labels():
    logits = torch.tensor([1.0, -1.0])
    for two_columns in (torch.zeros(5, 2), torch.zeros(5, 1, 1)):
        with pytest.raises(ValueError, match=r"one logit a row.*use accuracy"):
            binary_accuracy(two_columns, two_columns)
    with pytest.raises(ValueError, match="y holds -1"):
        binary_accuracy(logits, torch.tensor([1.0, -1.0]))
    with pytest.raises(ValueError, match="y holds nan"):
        binary_accuracy(logits, torch.tensor([1.0, math.nan]))
    for y in ([1, 0], [1.0, 0.0], [0.9, 0.1], [True, False]):
        assert binary_accuracy(logits, torch.tensor(y)) == 1.0


def test_nan_logits_are_not_right():
    logits = torch.zeros(4, 3)
    logits[1, 2] = math.nan
    assert math.isnan(accuracy(logits, torch.full((4,), 2)))
    assert math.isnan(binary_accuracy(logits[:, 2], torch.zeros(4)))
