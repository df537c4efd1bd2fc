"""Packaging: one list of requirements, and an import that costs little."""

import re
import subprocess
import sys
from pathlib import Path

import helpers

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

COURSE = Path(helpers.__file__).resolve().parents[1]
REQUIREMENTS = [
    line
    for line in (COURSE / "requirements.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
PROJECT = tomllib.loads((COURSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_what_helpers_needs_is_required_with_the_same_bounds():
    assert set(PROJECT["dependencies"]) <= set(REQUIREMENTS)


def test_requirements_end_with_the_course_and_pin_nothing_but_nbval():
    assert REQUIREMENTS[-1] == "-e ."
    assert [line for line in REQUIREMENTS if "==" in line] == ["nbval==0.11.0"]
    assert all(re.search(r"[>=]=\d", line) for line in REQUIREMENTS[:-1])


def test_conda_installs_the_same():
    text = (COURSE / "environment.yml").read_text(encoding="utf-8")
    assert "-r requirements.txt" in text
    assert f"python{PROJECT['requires-python']}" in text


def test_importing_helpers_leaves_the_heavy_packages_alone():
    heavy = ["torchvision", "pandas", "matplotlib", "sklearn", "livelossplot", "pooch", "tqdm.auto"]
    code = f"import sys, helpers; print([name for name in {heavy} if name in sys.modules])"
    command = [sys.executable, "-c", code]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, cwd=COURSE).stdout
    assert shown.strip() == "[]"


def test_the_public_names_exist():
    assert all(hasattr(helpers, name) for name in helpers.__all__)
    assert sorted(helpers.__all__) == helpers.__all__
