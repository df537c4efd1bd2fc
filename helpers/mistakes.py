"""The mistakes that everyone makes once, each refused with one clear sentence."""

import math

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import Dataset

CLASS_LOSSES = (nn.CrossEntropyLoss, nn.NLLLoss)
PAIRED_LOSSES = (
    nn.MSELoss,
    nn.L1Loss,
    nn.SmoothL1Loss,
    nn.HuberLoss,
    nn.BCELoss,
    nn.BCEWithLogitsLoss,
)


def check_loader(loader):
    """Refuse what looks like a loader and is none: a Dataset, or a pair that holds no tensors."""
    if isinstance(loader, Dataset):
        raise ValueError("This is a Dataset, which yields single items: wrap it in a DataLoader.")
    if isinstance(loader, tuple):
        if len(loader) != 2 or not all(isinstance(part, torch.Tensor) for part in loader):
            kinds = ", ".join(type(part).__name__ for part in loader)
            raise ValueError(f"A full batch is a tuple (X, y) of two tensors, not ({kinds}).")
        if len(loader[0]) != len(loader[1]):
            raise ValueError(
                f"X has {len(loader[0])} rows and y has {len(loader[1])}: the numbers must agree."
            )


def check_not_empty(count, name):
    """Refuse a loader that gave no batch."""
    if count == 0:
        raise ValueError(
            f"The {name} gave no batch: is its data set empty, is it a generator that is used up, "
            "or does drop_last drop its only batch?"
        )


def check_optimizer(model, optimizer):
    """Refuse an optimizer that was made for another model."""
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    if not any(id(p) in held for p in model.parameters()):
        raise ValueError(
            "The optimizer holds no parameter of this model: create it again after the model."
        )


def check_inputs(model, X, amp=False):
    """Refuse inputs on another device than the model, or of another floating type."""
    parameter = next(model.parameters(), None)
    if parameter is None:
        return
    if X.device.type != parameter.device.type:
        raise ValueError(
            f"The model is on {parameter.device.type}, the data on {X.device.type}: "
            "pass device=... and both are moved there."
        )
    if X.is_floating_point() and X.dtype != parameter.dtype and not amp:
        raise ValueError(
            f"The model computes in {name_of(parameter.dtype)}, X is {name_of(X.dtype)}: "
            f"convert it once with X = X.to({parameter.dtype})."
        )


def check_targets(logits, y, loss_fn):
    """Refuse targets whose shape, type or range does not fit the outputs and the loss."""
    if logits.device.type != y.device.type:
        raise ValueError(
            f"The model's output is on {logits.device.type}, y on {y.device.type}: "
            "pass device=... and both are moved there."
        )
    soft_labels = y.is_floating_point() and y.shape == logits.shape
    if (isinstance(loss_fn, CLASS_LOSSES) or loss_fn is F.cross_entropy) and not soft_labels:
        check_classes(logits, y, getattr(loss_fn, "ignore_index", -100))
    elif isinstance(loss_fn, PAIRED_LOSSES):
        check_same_shape(logits, y)
        if not y.is_floating_point():
            raise ValueError(f"y is {name_of(y.dtype)}, this loss needs decimals: use y.float().")
    elif y.is_floating_point() and {logits.shape, y.shape} == {(len(y), 1), (len(y),)}:
        check_same_shape(logits, y)
    if y.dtype == torch.float64 and logits.dtype == torch.float32:
        raise ValueError("y is float64, the model computes in float32: use y.float().")


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


def check_loss(loss, epoch, optimizer):
    """Refuse to go on when the loss is no longer a finite number."""
    if not math.isfinite(loss):
        lr = optimizer.param_groups[0]["lr"]
        raise FloatingPointError(
            f"The training loss became {loss} in epoch {epoch + 1}. Try a smaller learning rate "
            f"(it is {lr:g}), and check that X and y hold no NaN."
        )


def name_of(dtype):
    """Return "float32" for torch.float32."""
    return str(dtype).removeprefix("torch.")
