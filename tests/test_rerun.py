"""Notebooks survive how people work, and rerun.py notices where one does not."""

import shutil
import subprocess
import sys

import pytest

from helpers.exercises.source import SOURCES

NOTEBOOKS = SOURCES.parent
SOURCE = """\
# %% [markdown]
# # Title

# %% tags=["setup"]
class Exercise:
    def done(self):
        return answer() is not ...

a, count = Exercise(), 0

# %% exercise="a.b"
def answer():
    ### BEGIN SOLUTION
    return 42
    ### END SOLUTION


# %%
number, items = 1, []

# %%
if a.done():
    print(number)

# %%
number = NUMBER

# %% tags=["approx-0.1"]
if a.done():
    count += 0.01
    print(f"about {5 + count}")

# %% [markdown]
# ## 2. More

# %%
more = items.copy()

# %% [markdown]
# ## 3. The end

# %%
items = ITEMS
"""


def rerun(folder, *names):
    """Run rerun.py of a course."""
    command = [sys.executable, str(folder / "rerun.py"), *names]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)


@pytest.fixture
def course(tmp_path):
    """Return the folder of a course without any notebook."""
    folder = tmp_path / "notebooks"
    (folder / "source").mkdir(parents=True)
    for name in ("build.py", "conftest.py", "rerun.py", "../pyproject.toml"):
        shutil.copy(NOTEBOOKS / name, folder / name)
    (tmp_path / "helpers").mkdir()
    (tmp_path / "helpers" / "doctor.py").touch()
    return folder


@pytest.mark.parametrize(
    ("number", "items", "problems"),
    [
        (1, "[1, 2]", []),
        (2, "[1, 2]", ["solved late: 2\ninstead of\n1\n"]),
        (1, "()", ["run twice: error: AttributeError"]),
        (1, "1 / 0", ["01_small: error: ZeroDivisionError", "run twice: error: ZeroDivisionError"]),
    ],
)
def test_what_fails_late_or_twice_is_named(course, number, items, problems):
    text = SOURCE.replace("NUMBER", str(number)).replace("ITEMS", items)
    (course / "source" / "01_small.py").write_text(text, encoding="utf-8")
    found = rerun(course)
    assert found.returncode == bool(problems), found.stdout + found.stderr
    assert f"{len(problems)} problems" in found.stdout
    assert all(problem in found.stdout for problem in problems)


@pytest.mark.parametrize("name", ["00", "01", "02", "03", "04"])
def test_the_notebook_can_be_solved_late_and_run_twice(name):
    found = rerun(NOTEBOOKS, name)
    assert found.returncode == 0, found.stdout
