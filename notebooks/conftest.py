"""What nbval needs to run the notebooks strictly: see .github/CONTRIBUTING.md."""

import os

import matplotlib.font_manager  # noqa: F401  builds its cache here, not with a note in a first cell
from nbval.plugin import IPyNbCell

os.environ.pop("MPLBACKEND", None)  # it would suppress the figures
os.environ["COURSE_PROGRESS"] = ""  # a test run passes no exercise for anyone
os.environ["COURSE_STRICT"] = "0"
os.environ["COURSE_OFFLINE"] = "1"  # a test run downloads nothing


def pytest_collection_modifyitems(items):
    """Give a loaded machine time to deliver a cell's output; nbval waits 5 s."""
    for item in items:
        if isinstance(item, IPyNbCell):
            item.output_timeout = 60
