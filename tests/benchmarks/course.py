"""What the course itself costs: its import, its size on the disk, each notebook."""

import os
import statistics
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

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
        command = [sys.executable, "-m", "nbclient.cli", path.name]
        rows.append({"what": f"{path.stem}, solved", "seconds": run(command, path.parent)})
    say("course: pytest --nbval, some minutes")
    command = [sys.executable, "-m", "pytest", "--nbval", "-q"]
    rows.append({"what": "pytest --nbval", "seconds": run(command, NOTEBOOKS.parent)})
    return rows


def run(command, folder):
    """Return the seconds that a command takes, without a record of passed exercises."""
    environment = {**os.environ, "COURSE_PROGRESS": ""}
    environment.pop("MPLBACKEND", None)  # it would suppress the figures
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
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
