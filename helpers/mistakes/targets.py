"""The model's outputs, and the targets that they are compared with."""

import torch
from torch import nn
from torch.nn import functional as F

from helpers.mistakes.words import kind, name_of

CLASS_LOSSES = (nn.CrossEntropyLoss, nn.NLLLoss)
BINARY_LOSSES = (nn.BCELoss, nn.BCEWithLogitsLoss)
PAIRED_LOSSES = (nn.MSELoss, nn.L1Loss, nn.SmoothL1Loss, nn.HuberLoss, *BINARY_LOSSES)
CLASS_FUNCTIONS = (F.cross_entropy, F.nll_loss)
BINARY_FUNCTIONS = (F.binary_cross_entropy, F.binary_cross_entropy_with_logits)


def check_output(logits):
    """Refuse a model that returns something else than one tensor."""
    if logits is None:
        raise TypeError("The model returns None: its forward must end with return.")
    if not isinstance(logits, torch.Tensor):
        raise TypeError(
            f"The model returns {kind(logits)}, it must return one tensor: choose one in forward "
            "(an nn.LSTM, for example, returns its state as well)."
        )


def check_targets(logits, y, loss_fn):
    """Refuse targets whose shape, type or range does not fit the outputs and the loss."""
    check_output(logits)
    if logits.device.type != y.device.type:
        raise ValueError(
            f"The model's output is on {logits.device.type}, y on {y.device.type}: "
            "pass device=... and both are moved there."
        )
    soft_labels = y.is_floating_point() and y.shape == logits.shape
    needs_logs = isinstance(loss_fn, nn.NLLLoss) or loss_fn is F.nll_loss
    if needs_logs:
        check_logs(logits)
    if is_one_of(loss_fn, CLASS_LOSSES, CLASS_FUNCTIONS) and (needs_logs or not soft_labels):
        check_classes(logits, y, getattr(loss_fn, "ignore_index", -100))
    elif isinstance(loss_fn, PAIRED_LOSSES):
        check_same_shape(logits, y)
        if not y.is_floating_point():
            raise ValueError(f"y is {name_of(y.dtype)}, this loss needs decimals: use y.float().")
    elif y.is_floating_point() and {logits.shape, y.shape} == {(len(y), 1), (len(y),)}:
        check_same_shape(logits, y)
    if is_one_of(loss_fn, BINARY_LOSSES, BINARY_FUNCTIONS):
        check_probabilities(y)
    if y.dtype == torch.float64 and logits.dtype == torch.float32:
        raise ValueError("y is float64, the model computes in float32: use y.float().")


def is_one_of(loss_fn, classes, functions):
    """Tell whether a loss was made from one of the classes, or is one of the functions."""
    return isinstance(loss_fn, classes) or any(loss_fn is function for function in functions)


def check_classes(logits, y, ignore_index=-100):
    """Refuse class labels that are not int64 of shape (N,) within [0, classes)."""
    if logits.dim() < 2:
        raise ValueError(
            f"Class labels need a column of outputs for each class, "
            f"the model's output has shape {tuple(logits.shape)}."
        )
    if y.dtype != torch.int64:
        raise ValueError(f"Class labels must be int64, y is {name_of(y.dtype)}: use y.long().")
    expected = logits.shape[:1] + logits.shape[2:]
    if y.shape != expected:
        raise ValueError(
            f"For outputs of shape {tuple(logits.shape)} the class labels must have shape "
            f"{tuple(expected)}, y has {tuple(y.shape)}."
        )
    classes = logits.shape[1]
    if y.numel() == 0 or (y.min() >= 0 and y.max() < classes):
        return  # nearly always: what follows takes longer, and every batch comes by
    wrong = y[((y < 0) | (y >= classes)) & (y != ignore_index)]
    if len(wrong):
        raise ValueError(
            f"The model has {classes} outputs, so labels run from 0 to {classes - 1}; "
            f"y holds {int(wrong[0])}."
        )


def check_same_shape(logits, y):
    """Refuse (N, 1) against (N,): PyTorch would silently compare every row with every other."""
    if logits.shape != y.shape:
        mend = ""
        if logits.shape == (len(y), 1) and y.dim() == 1:
            mend = " Use y.unsqueeze(1)."
        elif y.shape == (len(logits), 1) and logits.dim() == 1:
            mend = " Use y.squeeze(1)."
        raise ValueError(
            f"The model's output has shape {tuple(logits.shape)}, y has {tuple(y.shape)}: "
            f"they must be equal.{mend}"
        )


def check_probabilities(y):
    """Refuse labels outside 0..1: with them the loss can fall without end."""
    if y.numel() == 0 or (y.min() >= 0 and y.max() <= 1):
        return
    wrong = y[~((y >= 0) & (y <= 1))]  # NaN too
    raise ValueError(
        f"Labels of two classes must be 0.0 and 1.0, or between; y holds {wrong[0].item():g}."
    )


def check_logs(logits):
    """Refuse outputs that cannot be logarithms of probabilities, since they are positive."""
    if (logits > 1e-3).any():  # a rounded 0 is fine
        raise ValueError(
            "NLLLoss needs the logarithms of probabilities, which are at most 0, but the model's "
            f"output holds {logits.max().item():.3g}: take nn.CrossEntropyLoss."
        )
