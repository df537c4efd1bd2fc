"""What labs and challenges hand in: the labels of a table's rows, and recipes for a training."""

import numpy as np
import torch
from torch import nn

from helpers.exercises.compare import kind, show
from helpers.exercises.core import call, expect


def expect_label(my_labels, row, right, known, reason):
    """Expect the label of a row to be one of `right`; my_labels() -> a dict, row to label.

    Labs are checked by hand: a student who is told the right label learns nothing, so the reason
    says where to look.
    """
    labels = call(my_labels)
    expect(isinstance(labels, dict), f"return a dict, row to label; yours is {kind(labels)}.")
    label = labels.get(row, ...)
    expect(label is not ..., f'the row "{row}" has no label yet.')
    allowed = isinstance(label, str) and label in known
    expect(allowed, f"a label is one of {', '.join(known)}; yours is {kind(label)}.")
    expect(label in right, f'the row "{row}" does not show "{label}". {reason}')


def use_recipe(recipe, *arguments, names, X, outputs, parameters):
    """Return what recipe(*arguments) gives, after a look at whether the rules allow it.

    names: of what it gives, "model" and "optimizer" among them. X: some rows, for which the model
    must give (rows, outputs). parameters: how many it may have.
    """
    made = call(recipe, *arguments)
    count = len(made) if isinstance(made, list | tuple) else None
    yours = kind(made) if count is None else f"a tuple of {count}"
    expect(count == len(names), f"return ({', '.join(names)}); yours is {yours}.")
    parts = dict(zip(names, made, strict=True))
    model, optimizer = parts["model"], parts["optimizer"]
    expect(isinstance(model, nn.Module), f"the model is {kind(model)}, and must be an nn.Module.")
    known = type(optimizer).__module__.startswith("torch.optim")
    expect(known, f"the optimizer is {kind(optimizer)}, and must be one of torch.optim.")
    model.eval()
    with torch.no_grad():
        shape = tuple(getattr(call(model, X), "shape", ()))  # lazy layers find out their sizes
    wanted = len(X), outputs
    expect(shape == wanted, f"for {len(X)} rows the model gives shape {shape}, right is {wanted}.")
    own = {id(p) for p in model.parameters()}
    learning = {id(p) for p in model.parameters() if p.requires_grad}
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    expect(learning <= held, "the optimizer does not hold all parameters of the model.")
    expect(held <= own, "the optimizer holds parameters that model.parameters() does not give.")
    count = sum(p.numel() for p in model.parameters())
    expect(count <= parameters, f"the model has {count:,} parameters, {parameters:,} are allowed.")
    return made


def expect_number(number, name, low, high):
    """Expect a whole number from low to high, NumPy's too."""
    whole = isinstance(number, int | np.integer) and not isinstance(number, bool)
    message = f"{name} must be a whole number from {low} to {high}, yours is {show(number)}."
    expect(whole and low <= number <= high, message)
