"""How close training comes to what the machine can do: the matrix products of a step, counted."""

import itertools
import time

import torch
from torch import nn

import helpers

BATCH_SIZE, WIDTHS, EPOCHS = 64, (3072, 1024, 512, 10), 5


def measure(quick, say):
    """Return rows: the machine's rate for float32 and bfloat16, and what a CIFAR-10 step reaches.

    Rates in GFLOP/s: 1e9 multiplications and additions of matrix products in a second.
    """
    steps, rows = 20 if quick else 100, []
    for dtype in (torch.float32, torch.bfloat16):
        say(f"limit: {dtype}")
        limit = max(product_rate(size, dtype) for size in (512, 1024, 2048))
        seconds = step_seconds(steps, dtype)
        rate = step_flops() / seconds / 1e9
        rows.append(
            {
                "what": f"CIFAR-10 step, batch {BATCH_SIZE}, {str(dtype).removeprefix('torch.')}",
                "limit_gflops": round(limit, 1),
                "reached_gflops": round(rate, 1),
                "share": round(rate / limit, 3),
                "step_ms": round(1000 * seconds, 3),
            }
        )
    return rows


def product_rate(size, dtype):
    """Return the rate of size x size products, in GFLOP/s: the best of several."""
    a, b = (torch.randn(size, size).to(dtype) for _ in range(2))
    times = []
    for _ in range(10):
        start = time.perf_counter()
        a @ b
        times.append(time.perf_counter() - start)
    return 2 * size**3 / min(times) / 1e9


def step_flops():
    """Return the arithmetic of one step: each layer's product forward and twice backward.

    The first layer needs no gradient for its inputs.
    """
    products = [2 * BATCH_SIZE * a * b for a, b in itertools.pairwise(WIDTHS)]
    return 3 * sum(products) - products[0]


def step_seconds(steps, dtype):
    """Return the seconds of a step of helpers.train, loader included: the best epoch of several."""
    torch.manual_seed(0)
    layers = [nn.Linear(a, b) for a, b in itertools.pairwise(WIDTHS)]
    model = nn.Sequential(layers[0], nn.ReLU(), layers[1], nn.ReLU(), layers[2])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.016)
    rows = steps * BATCH_SIZE
    X, y = torch.randn(rows, WIDTHS[0]), torch.randint(0, WIDTHS[-1], (rows,))
    loader = helpers.make_loader(X, y, BATCH_SIZE, shuffle=True)
    options = {"amp": dtype == torch.bfloat16, "progress": False}
    history = helpers.train(model, loader, nn.CrossEntropyLoss(), optimizer, EPOCHS, **options)
    return min(history["seconds"]) / steps
