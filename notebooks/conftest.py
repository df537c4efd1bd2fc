"""What nbval needs to run the notebooks strictly: see .github/CONTRIBUTING.md."""

import os
import re

if "PYTEST_XDIST_WORKER" in os.environ:  # two processes on two cores: a thread for each
    os.environ.setdefault("OMP_NUM_THREADS", "1")

import matplotlib.font_manager  # noqa: F401  builds its cache here, not with a note in a first cell
from nbval.plugin import IPyNbCell

from helpers.datasets import overview

os.environ.pop("MPLBACKEND", None)  # it would suppress the figures
os.environ["COURSE_PROGRESS"] = ""  # a test run passes no exercise for anyone
os.environ["COURSE_STRICT"] = "0"
os.environ["COURSE_OFFLINE"] = "1"  # a test run downloads nothing


NUMBER = re.compile(r" *[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE)  # and its padding


def pytest_collection_modifyitems(items):
    """Compare what depends on the data only where all of it is real; wait for slow machines.

    A cell tagged approx-0.01 may differ by that much in each number.
    """
    cells = [item for item in items if isinstance(item, IPyNbCell)]
    real = bool(cells) and all(row["source"] == "real" for row in overview())
    for item in cells:
        item.output_timeout = 60  # nbval waits 5 s for a cell's output
        tags = item.cell.metadata.get("tags", [])
        if "data-dependent" in tags and not real:
            item.options["check"] = False
        for tag in tags:
            if tag.startswith("approx-"):
                compare_approximately(item, float(tag.removeprefix("approx-")))


def compare_approximately(item, tolerance):
    """Let a cell compare its outputs as always, after near numbers were made equal."""
    compare = item.compare_outputs

    def compare_near(new, saved, *skipped):
        pairs = zip(new, saved, strict=True) if len(new) == len(saved) else ()
        return compare([near(*pair, tolerance) for pair in pairs] or new, saved, *skipped)

    item.compare_outputs = compare_near


def near(new, saved, tolerance):
    """Return an output (or a part of one, or its text) with the saved numbers where they are near.

    tolerance: relative, and absolute below 1. Another count of numbers changes nothing.
    """
    if isinstance(new, dict) and isinstance(saved, dict):
        parts = {key: near(new[key], saved.get(key), tolerance) for key in new}
        return type(new)(parts)
    if not isinstance(new, str) or not isinstance(saved, str):
        return new
    wanted = NUMBER.findall(saved)
    if len(wanted) != len(NUMBER.findall(new)):
        return new
    numbers = iter(wanted)

    def choose(found):
        number = next(numbers)
        allowed = tolerance * max(1, abs(float(number))) + 1e-9  # 0.31 - 0.30 is more than 0.01
        return number if abs(float(found[0]) - float(number)) <= allowed else found[0]

    return NUMBER.sub(choose, new)
