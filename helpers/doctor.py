"""What a student pastes into a question: `python -m helpers.doctor` describes this machine."""

import importlib.metadata
import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

NEEDED = [
    *("torch", "torchvision", "numpy", "pandas", "scikit-learn", "matplotlib", "pooch", "rdata"),
    *("livelossplot", "tqdm", "hypothesis"),
]
TOOLS = [  # for notebook 10, and to edit, build and test the notebooks; Colab has its own
    *("optuna", "tensorboard", "ipykernel", "ipywidgets", "jupyterlab", "jupytext", "nbclient"),
    *("pytest", "pytest-xdist", "nbval", "ruff"),
]
COURSE = Path(__file__).resolve().parents[1]


def report():
    """Return the lines of the report, and the list of problems found."""
    lines = [
        f"Python      {platform.python_version()} at {sys.executable}",
        f"System      {platform.system()} {platform.release()}, {platform.machine()}, "
        f"{os.cpu_count()} processors",
        f"Course      {COURSE}",
        f"Disk        {shutil.disk_usage(COURSE).free / 1e9:.0f} GB free",
    ]
    problems = []
    for check in (check_packages, check_torch, check_data, check_folders, check_name):
        try:
            more_lines, more_problems = check()
        except Exception as error:  # a broken package, for example
            what = check.__name__.removeprefix("check_")
            more_lines = [f"{what.capitalize():<12}unknown"]
            more_problems = [f"The {what} could not be looked at ({first_line(error)})."]
        lines += more_lines
        problems += more_problems
    settings = {name: text for name, text in os.environ.items() if name.startswith("COURSE_")}
    lines.append(f"Settings    {settings or 'none'}")
    return lines, problems


def first_line(error):
    """Return the first line of what an error says, or what it is."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def check_packages():
    """Return the versions of the packages, and which of the needed ones are missing."""
    versions, problems = [], []
    for name in NEEDED + TOOLS:
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            versions.append(f"no {name}")
            if name in NEEDED:
                problems.append(f"{name} is not installed: run `pip install -r requirements.txt`.")
    return [f"Packages    {', '.join(versions)}"], problems


def check_torch():
    """Return what PyTorch computes with, and whether torch and torchvision fit together."""
    try:
        import torch
        import torchvision

        from helpers.training import pick_device

        device = pick_device()
        (torch.ones(2, device=device) + 1).sum().item()
        torchvision.ops.nms(torch.rand(1, 4), torch.rand(1), 0.5)
    except Exception as error:  # whatever it is, it belongs into the report
        mend = "install torch and torchvision together, from the same package index."
        return ["Device      unknown"], [f"PyTorch does not work ({first_line(error)}): {mend}"]
    return [f"Device      {device}, {torch.get_num_threads()} threads on the CPU"], []


def check_data():
    """Return which data sets are there."""
    from helpers.datasets import overview

    lines, problems = [], []
    for row in overview():
        lines.append(f"{row['title']:<12}{row['source']}: {row['where']}")
        if row["source"] == "missing":
            problems.append(row["where"])
    return lines, problems


def check_folders():
    """Return which of the folders that the course writes into refuse it."""
    from helpers.datasets.files import cache_folder
    from helpers.exercises import records

    kept = "downloads are not kept: let COURSE_CACHE name another folder."
    remembered = "what you have passed is forgotten: let COURSE_PROGRESS name a file elsewhere."
    folders = [(cache_folder(), kept)]
    folders += [(records.path().parent, remembered)] if records.path() else []
    problems = []
    for folder, consequence in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
        except OSError as error:
            problems.append(f"{folder} cannot be written to ({error.strerror}), so {consequence}")
    return [], problems


def check_name():
    """Return whether another module or package called helpers may be imported in our place."""
    folders = {Path(folder).resolve() for folder in sys.path} - {COURSE}
    others = [f / name for f in folders for name in ("helpers.py", "helpers/__init__.py")]
    mend = "may hide the course's package of that name: rename it, or start somewhere else."
    return [], [f"{other} {mend}" for other in others if other.is_file()]


def main():
    """Print the report; return 1 if there is a problem."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a folder's name may hold any letters
    lines, problems = report()
    print("\n".join(lines))
    for problem in problems:
        print(f"PROBLEM     {problem}")
    print("Everything is in place." if not problems else f"{len(problems)} to mend.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
