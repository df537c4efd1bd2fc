"""What the course itself costs: its import, its size on the disk, each notebook."""

import os
import statistics
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def measure(quick, say):
    """Return rows of seconds: imports, and unless quick each solved notebook and all tests."""
    repeats = 2 if quick else 5
    rows = []
    for module in ("torch", "helpers"):
        say(f"course: import {module}")
        times = [import_seconds(module) for _ in range(repeats + 1)][1:]
        rows.append({"what": f"import {module}", "seconds": round(statistics.median(times), 2)})
    rows.append({"what": "installed packages, GB", "seconds": None, "size": installed_size()})
    if quick:
        return rows
    for path in sorted(NOTEBOOKS.glob("solutions/*.ipynb")):
        say(f"course: {path.stem}")
        rows.append({"what": f"{path.stem}, solved", "seconds": notebook_seconds(path)})
    say("course: pytest --nbval, some minutes")
    rows.append({"what": "pytest --nbval", "seconds": pytest_seconds()})
    return rows


def notebook_seconds(path):
    """Return the seconds that a notebook takes, from the start of its kernel to the last cell."""
    environment = {**os.environ, "COURSE_PROGRESS": ""}  # no record of passed exercises
    environment.pop("MPLBACKEND", None)  # it would suppress the figures
    notebook = nbformat.read(path, as_version=4)
    folder = {"metadata": {"path": str(path.parent)}}
    start = time.perf_counter()
    NotebookClient(notebook, timeout=900, resources=folder).execute(env=environment)
    return round(time.perf_counter() - start, 1)


def pytest_seconds():
    """Return the seconds of all tests; where they fail, say so at the end of their output."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "pytest", "--nbval", "-q"]
    done = subprocess.run(
        command, cwd=NOTEBOOKS.parent, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{done.stdout[-3000:]}\nThe tests fail: no time was measured.")
    return round(time.perf_counter() - start, 1)


def import_seconds(module):
    """Return the seconds a fresh interpreter needs to import a module."""
    code = f"import time; s = time.perf_counter(); import {module}; print(time.perf_counter() - s)"
    return float(subprocess.check_output([sys.executable, "-c", code]))


def installed_size():
    """Return the size of all packages of this Python environment, in GB."""
    packages = Path(sysconfig.get_path("purelib"))
    files = (path for path in packages.rglob("*") if path.is_file() and not path.is_symlink())
    return round(sum(path.stat().st_size for path in files) / 1e9, 2)
