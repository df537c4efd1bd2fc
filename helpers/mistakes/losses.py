"""The loss of a batch and of an epoch, and what PyTorch says while it is computed."""

import math
import re

import torch

from helpers.mistakes.words import kind

# What PyTorch says about mistakes that cannot be seen before, and what it means.
UNCLEAR = {
    r"Expected more than 1 value per channel when training": (
        "In training, batch norm needs at least two rows in each batch, and one has fewer: make "
        "the loader with drop_last=True, or with another batch_size."
    ),
    r"got Byte and |Input type \((unsigned char|torch\.(cuda\.)?ByteTensor)|got type torch.uint8": (
        "X holds whole numbers from 0 to 255 (uint8), the layers need decimals: "
        "use X.float() / 255."
    ),
    r"target dtype to be Long|nll_loss.* not implemented for": (
        "Class labels must be int64: use y.long()."
    ),
}


def check_number(loss):
    """Refuse a loss that is no tensor, or more than one number."""
    if not isinstance(loss, torch.Tensor):
        raise TypeError(
            f"loss_fn returned {kind(loss)}, not a tensor, so it has no gradient: "
            "return it without .item()."
        )
    if loss.numel() != 1:
        raise ValueError(
            f"loss_fn returned a tensor of shape {tuple(loss.shape)}, not one number: "
            "take its .mean()."
        )


def check_batch_loss(loss, X):
    """Refuse a loss from which no step can be made."""
    check_number(loss)
    if len(X) == 0:
        raise ValueError("The train_loader gave an empty batch, without rows: leave it out.")
    if not loss.requires_grad:
        raise ValueError(
            "The loss has no graph, so no gradient can be computed: use neither detach() nor "
            ".data nor .item() in the model and in loss_fn, nor no_grad() around the training."
        )


def check_loss(loss, epoch, optimizer):
    """Refuse to go on when the loss is no longer a finite number."""
    if not math.isfinite(loss):
        lr = optimizer.param_groups[0]["lr"]
        raise FloatingPointError(
            f"The training loss became {loss} in epoch {epoch + 1}. Try a smaller learning rate "
            f"(it is {lr:g}), and check that X and y hold no NaN."
        )


def check_val_loss(loss, epoch):
    """Refuse to go on when nothing can be said about the validation set."""
    if math.isnan(loss):
        raise FloatingPointError(
            f"The validation loss became nan in epoch {epoch + 1}, while the training loss is a "
            "number: check that X and y of the validation set hold no NaN."
        )


def name_error(error):
    """Raise a clear sentence in place of an error that has one; it takes the history along."""
    for pattern, sentence in UNCLEAR.items():
        if re.search(pattern, str(error)):
            clear = ValueError(sentence)
            clear.history = error.history
            raise clear from error
