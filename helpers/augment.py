"""Transforms of a whole batch of pictures at once, on the device where it lies."""

import torch
from torch.nn import functional as F

# Of CIFAR-10's training pictures, per channel: red, green, blue, each in [0, 1].
CIFAR10_MEAN = (0.491, 0.482, 0.447)
CIFAR10_STD = (0.247, 0.243, 0.262)


def to_tensors(pictures):
    """Return the pictures of a Dataset such as load_cifar10's: X uint8 (N, 3, H, W), y int64."""
    X = torch.from_numpy(pictures.data).permute(0, 3, 1, 2).contiguous()
    return X, torch.tensor(pictures.targets)


def normalize(X, mean=0.5, std=0.5):
    """Return (X - mean) / std as float32, for X in [0, 1], or uint8 in [0, 255].

    X: (N, C, H, W). mean, std: a number, or one for each channel.
    """
    if X.dtype == torch.uint8:
        X = X / 255
    mean, std = (torch.as_tensor(v, dtype=X.dtype, device=X.device) for v in (mean, std))
    return (X - mean.view(-1, 1, 1)).div_(std.view(-1, 1, 1))


def random_flip(X, generator=None):
    """Return the batch X (N, C, H, W) with about half of its pictures mirrored, left to right.

    generator: a seeded torch.Generator, for the same choice each time.
    """
    chosen = draw(2, len(X), X.device, generator).bool()
    return torch.where(chosen.view(-1, 1, 1, 1), X.flip(3), X)


def random_shift(X, pixels=4, generator=None):
    """Return the batch X (N, C, H, W), each picture moved up to `pixels` along each axis.

    What moves in at an edge is 0: the mean colour if X is normalized already, else black.
    """
    height, width = X.shape[2:]
    padded = F.pad(X, (pixels, pixels, pixels, pixels))
    windows = padded.unfold(2, height, 1).unfold(3, width, 1)  # a view of every possible shift
    down, right = draw(2 * pixels + 1, 2 * len(X), X.device, generator).view(2, -1)
    return windows[torch.arange(len(X), device=X.device), :, down, right]


def draw(below, count, device, generator):
    """Return `count` random integers in [0, below), drawn where the generator is."""
    source = device if generator is None else generator.device
    return torch.randint(below, (count,), generator=generator, device=source).to(device)
