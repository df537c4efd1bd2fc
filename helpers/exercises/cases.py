"""The cases that a check tries: made by strategies of hypothesis, which also finds the smallest.

A case is a dict, name -> value. Values lie on coarse grids, so that ties, zeros and boundaries
come up by themselves; the simplest comes first.
"""

import contextlib
import copy
import itertools
import math
import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import numpy as np
import pandas as pd
import torch
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from helpers.exercises import sandbox
from helpers.exercises.compare import literal, show
from helpers.loaders import make_loader

set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "hypothesis")  # nothing beside the notebooks
SEED = 0
TRIES = 80  # of a failing answer on smaller cases, so that its message is the same everywhere
PATIENCE = 1.5  # seconds for them, for a slow answer


@dataclass(frozen=True)
class Code:
    """A value given by the code that makes it; names of the case's earlier values may occur."""

    text: str


NAMESPACE = {
    **{"torch": torch, "nn": nn, "np": np, "pd": pd, "math": math},
    **{"DataLoader": DataLoader, "TensorDataset": TensorDataset, "make_loader": make_loader},
}


def build(case):
    """Return a case with every value made anew, name -> value."""
    sandbox.seed_all(SEED)
    values = {}
    for name, value in case.items():
        coded = isinstance(value, Code)
        values[name] = eval(value.text, NAMESPACE | values) if coded else copy.deepcopy(value)
    return values


def show_case(case):
    """Return a case as code to paste: in one line if it is short, else a line for each value."""
    texts = [
        f"{name} = {value.text if isinstance(value, Code) else show(value)}"
        for name, value in case.items()
    ]
    code = " ".join(value.text for value in case.values() if isinstance(value, Code))
    if "rand" in code or "nn." in code:
        texts.insert(0, "torch.manual_seed(0)")
    line = "; ".join(texts)
    return line if len(line) <= 90 else "\n".join(["these:", *(f"    {text}" for text in texts)])


# ---- Strategies -----------------------------------------------------------------------------


AWAY = 7**15  # no module holds numbers near it


def sizes(low=1, high=5):
    """Whole numbers from low to high, the smallest first.

    hypothesis likes to draw numbers that it finds in the modules loaded so far. Drawn far away and
    moved back, they are the same in every kernel.
    """
    return st.integers(AWAY, AWAY + high - low).map(lambda number: number - AWAY + low)


def ticks(low, high, step=0.5):
    """Return the decimals of a coarse grid, 0 first, then by size."""
    numbers = [low + i * step for i in range(round((high - low) / step) + 1)]
    return sorted(numbers, key=lambda number: (abs(number), number < 0))


def grid(low, high, step=0.5):
    """Decimals on a coarse grid."""
    return one_of(*ticks(low, high, step))


def one_of(*values):
    """One of these values, the simplest first."""
    return sizes(0, len(values) - 1).map(values.__getitem__)


def lists(elements, low=0, high=6):
    """Lists of so many elements."""
    return st.lists(elements, min_size=low, max_size=high)


HALVES = ticks(-2, 2)


def choices(values, count):
    """Lists of so many of these values, by a seed: much quicker than each drawn for itself."""

    def chosen(seed):  # a small one takes the first values only, the simplest
        return random.Random(seed).choices(values[: seed + 1], k=count)

    return sizes(0, 99).map(chosen)


def orders(values):
    """These values in any order, as they are first."""
    return sizes(0, 99).map(
        lambda s: random.Random(s).sample(values, len(values)) if s else [*values]
    )


def tensors(shape, values=HALVES, dtype=torch.float32):
    """Small tensors of a shape, filled with these values."""
    numbers = choices(values, math.prod(shape))
    return numbers.map(lambda numbers: torch.tensor(numbers, dtype=dtype).reshape(shape))


def classes(shape, count):
    """Tensors of class numbers from 0 to count - 1, int64."""
    return tensors(shape, range(count), torch.int64)


def loaders(batch_sizes=(1, 2, 3)):
    """Loaders over the X and y that stand before them in the case: torch's, and the course's."""
    batches = "DataLoader(TensorDataset(X, y), batch_size={})"
    shuffled = (
        "DataLoader(TensorDataset(X, y), batch_size={}, shuffle=True, "
        "generator=torch.Generator().manual_seed(1))"
    )
    ours = "make_loader(X, y, {}, shuffle=True, seed=2)"
    changed = "make_loader(X, y, {}, shuffle=True, seed=1, transform=lambda X: X + 1)"
    return st.builds(
        lambda text, size: Code(text.format(size)),
        one_of(batches, shuffled, ours, changed),
        one_of(*batch_sizes),
    )


# A strategy for a whole case is a function of `draw`, as hypothesis has it:
#     @cases
#     def rows(draw):
#         n = draw(sizes())
#         return {"X": draw(tensors((n, 2))), "y": draw(classes((n,), 3))}
def cases(function):
    """Turn a function of `draw` that returns a case into a strategy."""
    return st.composite(function)()


# ---- Generating and shrinking ---------------------------------------------------------------


def settings(examples):
    """Return settings that write nothing, and know no deadline."""
    return hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
    )


def generate(strategy, examples):
    """Return different cases, the simplest first."""
    found = {}

    @hypothesis.seed(SEED)
    @settings(examples)
    @hypothesis.given(strategy)
    def collect(case):
        found.setdefault(str({name: literal_of(value) for name, value in case.items()}), case)

    collect()
    return list(found.values())


def literal_of(value):
    """Return a text that tells values of a case apart."""
    return value.text if isinstance(value, Code) else f"{type(value).__name__} {literal(value, 17)}"


class Enough(BaseException):
    """The search for a smaller case is over; hypothesis stops at once for no Exception."""


def smallest(strategy, fails, examples, otherwise):
    """Return the smallest case found for which fails(case) is True; `otherwise` if none is.

    The search ends after so many tries, or when a student would wait too long.
    """
    found, end, tries = [otherwise], time.perf_counter() + PATIENCE, itertools.count()

    def tried(case):
        if next(tries) >= TRIES or time.perf_counter() > end:
            raise Enough
        if fails(case):
            found.append(case)
            return True
        return False

    with contextlib.suppress(hypothesis.errors.NoSuchExample, hypothesis.errors.Flaky, Enough):
        hypothesis.find(strategy, tried, settings=settings(examples), random=random.Random(SEED))
    return found[-1]
