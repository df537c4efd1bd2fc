"""Transforms of whole batches against the same done picture by picture."""

import numpy as np
import pytest
import torch
from torchvision.transforms import v2

from helpers import normalize, random_flip, random_shift, to_tensors
from helpers.datasets.pictures import Pictures

DEVICES = ["cpu"]
if torch.accelerator.is_available():
    DEVICES.append(torch.accelerator.current_accelerator().type)


@pytest.fixture(name="X", params=DEVICES)
def make_batch(request):
    seeded = torch.Generator().manual_seed(0)
    X = torch.randint(1, 256, (200, 3, 8, 10), dtype=torch.uint8, generator=seeded)
    return X.to(request.param)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_to_tensors_puts_the_channels_first():
    data = np.arange(4 * 32 * 32 * 3).reshape(4, 32, 32, 3).astype(np.uint8)
    pictures = Pictures(data, [3, 1, 2, 0], list("abcd"), "real")
    X, y = to_tensors(pictures)
    assert (X.shape, X.dtype, y.dtype) == ((4, 3, 32, 32), torch.uint8, torch.int64)
    assert y.tolist() == [3, 1, 2, 0]
    torch.testing.assert_close(X[2], v2.functional.pil_to_tensor(pictures[2][0]))
    X[0] = 0
    assert data[0].max() > 0  # a copy


@pytest.mark.parametrize(
    ("mean", "std"), [(0.5, 0.5), ((0.4, 0.5, 0.6), (0.2, 0.3, 0.4)), (0.1, (1.0, 2.0, 3.0))]
)
def test_normalize_is_torchvisions(X, mean, std):
    means, stds = (list(v) if isinstance(v, tuple) else [v] * 3 for v in (mean, std))
    steps = [v2.ToDtype(torch.float32, scale=True), v2.Normalize(means, stds)]
    expected = v2.Compose(steps)(X)
    torch.testing.assert_close(normalize(X, mean, std), expected)
    torch.testing.assert_close(normalize(X.float() / 255, mean, std), expected)


def test_normalize_keeps_other_floats(X):
    assert normalize(X.double() / 255).dtype == torch.float64


def test_flip_mirrors_about_half(X):
    flipped = random_flip(X, seeded())
    mirrored = (flipped == X.flip(3)).flatten(1).all(dim=1)
    kept = (flipped == X).flatten(1).all(dim=1)
    assert (mirrored ^ kept).all()
    assert 70 < mirrored.sum() < 130
    assert flipped.dtype == X.dtype


@pytest.mark.parametrize("pixels", [0, 1, 3])
def test_shift_moves_each_picture_by_its_own_offset(X, pixels):
    shifted = random_shift(X, pixels, seeded())
    assert (shifted.shape, shifted.dtype) == (X.shape, X.dtype)
    offsets = set()
    for before, after in zip(X.cpu(), shifted.cpu(), strict=True):
        padded = torch.nn.functional.pad(before, [pixels] * 4)
        found = [
            (down, right)
            for down in range(2 * pixels + 1)
            for right in range(2 * pixels + 1)
            if torch.equal(after, padded[:, down : down + 8, right : right + 10])
        ]
        assert len(found) == 1
        offsets.update(found)
    assert len(offsets) > 0.9 * (2 * pixels + 1) ** 2


@pytest.mark.parametrize("change", [random_flip, random_shift])
def test_a_generator_decides(X, change):
    torch.testing.assert_close(change(X, generator=seeded(1)), change(X, generator=seeded(1)))
    assert not torch.equal(change(X, generator=seeded(1)), change(X, generator=seeded(2)))


@pytest.mark.parametrize("change", [random_flip, random_shift])
def test_without_a_generator_the_global_seed_decides(X, change):
    torch.manual_seed(1)
    first = change(X)
    torch.manual_seed(1)
    torch.testing.assert_close(change(X), first)


@pytest.mark.parametrize("change", [random_flip, random_shift, normalize])
def test_the_batch_itself_is_left_alone(X, change):
    before = X.clone()
    changed = change(X)
    torch.testing.assert_close(X, before)
    assert changed.device == X.device
