"""Loaders and what they yield."""

from types import GeneratorType

import torch
from torch.utils.data import Dataset

from helpers.mistakes.words import kind, name_of


def is_full_batch(loader):
    """Tell whether this is one batch that holds everything: (X, y), or a DataLoader's [X, y]."""
    if isinstance(loader, list):
        return bool(loader) and isinstance(loader[0], torch.Tensor)
    return isinstance(loader, tuple)


def check_loader(loader):
    """Refuse what looks like a loader and is none: a Dataset, or a pair that holds no tensors."""
    items_only = hasattr(loader, "__getitem__") and not hasattr(loader, "__iter__")
    if isinstance(loader, Dataset) or items_only:
        raise ValueError("This is a Dataset, which yields single items: wrap it in a DataLoader.")
    if is_full_batch(loader):
        if len(loader) != 2 or not all(isinstance(part, torch.Tensor) for part in loader):
            kinds = ", ".join(type(part).__name__ for part in loader)
            raise ValueError(f"A full batch is a tuple (X, y) of two tensors, not ({kinds}).")
        if len(loader[0]) != len(loader[1]):
            raise ValueError(
                f"X has {len(loader[0])} rows and y has {len(loader[1])}: the numbers must agree."
            )
    elif isinstance(loader, torch.Tensor) or not hasattr(loader, "__iter__"):
        raise TypeError(
            f"A loader must yield batches (X, y), not be {kind(loader)}: "
            "pass a DataLoader, or a tuple (X, y)."
        )


def checked(loader):
    """Yield the batches of a loader; refuse the first if it is no pair of tensors."""
    for i, batch in enumerate(loader):
        if i == 0:  # the others are of the same kind
            check_batch(batch)
        yield batch


def check_batch(batch):
    """Refuse a batch that is no pair of tensors with a row for each item."""
    if not isinstance(batch, tuple | list) or len(batch) != 2:
        found = kind(batch) + (f" of {len(batch)}" if isinstance(batch, tuple | list) else "")
        raise TypeError(
            f"Each batch must be a pair (X, y), the loader yields {found}: "
            "let the dataset return two things, X and y."
        )
    for name, part in zip("Xy", batch, strict=True):
        if not isinstance(part, torch.Tensor):
            raise TypeError(
                f"In a batch, {name} must be one tensor, the loader yields {kind(part)}: "
                "convert it with torch.as_tensor, or join several with torch.cat."
            )
        if part.dim() == 0:
            raise ValueError(
                f"{name} is a single number, so these are no batches but single items: "
                "give the DataLoader a batch_size."
            )


def check_lasts(name, loader):
    """Refuse what yields its batches only once, although there is more than one epoch."""
    if isinstance(loader, GeneratorType | zip):
        raise ValueError(
            f"The {name} is {kind(loader)} that is used up after one epoch: pass a DataLoader, or "
            "a list of its batches."
        )


def check_not_empty(count, name):
    """Refuse a loader that gave no batch."""
    if count == 0:
        raise ValueError(
            f"The {name} gave no batch: is its data set empty, is it a generator that is used up, "
            "or does drop_last drop its only batch?"
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
    converted = amp and X.dtype != torch.float64  # which autocast leaves alone
    if X.is_floating_point() and X.dtype != parameter.dtype and not converted:
        raise ValueError(
            f"The model computes in {name_of(parameter.dtype)}, X is {name_of(X.dtype)}: "
            f"convert it once with X = X.to({parameter.dtype})."
        )
