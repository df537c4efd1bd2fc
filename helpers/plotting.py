"""Plots: functions that draw into an Axes and return it."""

import torch

from helpers import mistakes

# Okabe and Ito's colours, which colour-blind readers can tell apart.
BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#E69F00", "#009E73", "#CC79A7"


def plot_history(history, metric="loss", ax=None):
    """Draw train_<metric> and, where there is one, val_<metric> against the epoch."""
    ax = ax or new_axes()
    names = [name for name in (f"train_{metric}", f"val_{metric}") if name in history]
    if not names:
        known = sorted({name.split("_", 1)[1] for name in history if "_" in name})
        raise ValueError(f"The history has no {metric!r}, only: {', '.join(known)}.")
    labels = {"train": "training", "val": "validation"}
    for name, colour in zip(names, (BLUE, ORANGE), strict=False):
        epochs = range(1, len(history[name]) + 1)
        ax.plot(epochs, history[name], color=colour, label=labels[name.split("_", 1)[0]])
    ax.set(xlabel="epoch", ylabel=metric)
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.legend()
    return ax


def plot_confusion(logits, y, classes, ax=None):
    """Draw how often each true class (row) was predicted as each class (column).

    logits: (N, classes). y: int64 (N,). classes: the names, in the order of the columns.
    """
    n = len(classes)
    if logits.dim() != 2 or logits.shape[1] != n:
        raise ValueError(
            f"{n} names need {n} columns of logits, the logits have shape {tuple(logits.shape)}."
        )
    mistakes.check_classes(logits, y)
    ax = ax or new_axes()
    y_pred = logits.argmax(dim=1)
    counts = torch.bincount(y.cpu() * n + y_pred.cpu(), minlength=n * n).reshape(n, n)
    ax.imshow(counts.numpy(), cmap="Blues")
    ax.grid(False)
    for row in range(n):
        for column in range(n):
            dark = counts[row, column] > counts.max() / 2
            ax.text(
                column,
                row,
                int(counts[row, column]),
                ha="center",
                va="center",
                color="white" if dark else "black",
            )
    ax.set(xlabel="predicted class", ylabel="true class")
    slanted = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"} if n > 4 else {}
    ax.set_xticks(range(n), classes, **slanted)
    ax.set_yticks(range(n), classes)
    return ax


def show_images(images, titles=None, columns=8):
    """Draw images in a grid; return the array of Axes.

    images: uint8 (N, H, W, 3) or floats in [0, 1] (N, 3, H, W); the other way round works too.
    """
    import matplotlib.pyplot as plt

    images = colours_last(torch.as_tensor(images))
    if images.is_floating_point():
        images = images.clamp(0, 1)
    if titles is not None and len(titles) < len(images):
        raise ValueError(f"There are {len(images)} images, but only {len(titles)} titles.")
    rows = -(-len(images) // columns)
    _, axes = plt.subplots(rows, columns, figsize=(1.2 * columns, 1.4 * rows), squeeze=False)
    for i, ax in enumerate(axes.flat):
        ax.axis("off")
        if i < len(images):
            ax.imshow(images[i].cpu().numpy(), interpolation="nearest")
        if i < len(images) and titles is not None:
            ax.set_title(titles[i], fontsize=8)
    return axes


def colours_last(images):
    """Return pictures as (N, H, W, channels), whatever of (N, channels, H, W) they were before."""
    if images.dim() != 4:
        raise ValueError(
            f"Images have 4 dimensions, (N, H, W, 3) or (N, 3, H, W), these have shape "
            f"{tuple(images.shape)}: use images.unsqueeze(0) for one picture in colour, "
            "images.unsqueeze(1) for many in grey."
        )
    first, last = (images.shape[axis] in (1, 3, 4) for axis in (1, 3))
    if first and last:  # so small a picture can be both
        first = images.is_floating_point()
    return images.permute(0, 2, 3, 1) if first else images


def new_axes():
    """Return the Axes of a new figure of the course's usual size."""
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(5, 3.2), layout="constrained")[1]
