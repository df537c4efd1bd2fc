"""Metrics: functions of (logits, y) that return one number; accuracies lie in [0, 1]."""

import math

import torch

from helpers import mistakes


def accuracy(logits, y):
    """Return the fraction of rows whose largest logit is the true class; nan for NaN logits.

    logits: (N, classes). y: int64 (N,).
    """
    if logits.dim() != 2 or logits.shape[1] < 2:
        raise ValueError(
            f"accuracy needs a column for each class, the logits have shape {tuple(logits.shape)}: "
            "for a single logit use binary_accuracy."
        )
    mistakes.check_classes(logits, y)
    if logits.isnan().any():  # argmax would take NaN for the largest
        return math.nan
    return (logits.argmax(dim=1) == y).float().mean().item()


def binary_accuracy(logits, y):
    """Return the fraction of rows on the right side of logit 0, which is probability 0.5.

    logits and y: (N,) or (N, 1), both the same; y holds 0 and 1. The result is nan for NaN logits.
    """
    mistakes.check_same_shape(logits, y)
    if logits.shape not in ((len(logits),), (len(logits), 1)):
        raise ValueError(
            f"binary_accuracy needs one logit a row, the logits have shape {tuple(logits.shape)}: "
            "for a column for each class use accuracy."
        )
    mistakes.check_probabilities(y)
    if logits.isnan().any():  # NaN > 0 is false, and would count as class 0
        return math.nan
    return ((logits > 0) == (y > 0.5)).float().mean().item()


def rmse(predictions, y):
    """Return the root of the mean squared error, in the unit of y. Both (N,) or both (N, 1)."""
    mistakes.check_same_shape(predictions, y)
    return torch.mean((predictions - y) ** 2).sqrt().item()
