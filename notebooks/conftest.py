"""What nbval needs to run the notebooks strictly: see .github/CONTRIBUTING.md."""

import os

if "PYTEST_XDIST_WORKER" in os.environ:  # two processes on two cores: a thread for each
    os.environ.setdefault("OMP_NUM_THREADS", "1")

import matplotlib.font_manager  # noqa: F401  builds its cache here, not with a note in a first cell
from nbval.plugin import IPyNbCell

from helpers.datasets import overview

os.environ.pop("MPLBACKEND", None)  # it would suppress the figures
os.environ["COURSE_PROGRESS"] = ""  # a test run passes no exercise for anyone
os.environ["COURSE_STRICT"] = "0"
os.environ["COURSE_OFFLINE"] = "1"  # a test run downloads nothing


def pytest_collection_modifyitems(items):
    """Compare what depends on the data only where all of it is real; wait for slow machines."""
    cells = [item for item in items if isinstance(item, IPyNbCell)]
    real = bool(cells) and all(row["source"] == "real" for row in overview())
    for item in cells:
        item.output_timeout = 60  # nbval waits 5 s for a cell's output
        if "data-dependent" in item.cell.metadata.get("tags", []) and not real:
            item.options["check"] = False
