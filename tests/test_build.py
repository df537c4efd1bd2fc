"""The build: what it makes of a source, what it refuses, and what its check finds."""

import importlib.util
import os
import shutil
import subprocess
import sys

import nbformat
import pytest

from helpers.exercises.source import SOURCES

NOTEBOOKS = SOURCES.parent
SOURCE = '''\
# %% [markdown]
# # Title
# ![a picture](figures/a.svg) and [a page](https://example.org)

# %% tags=["setup"]
import sys

# %% exercise="a.b"
def answer():
    """Return 42."""
    ### BEGIN SOLUTION
    return 42
    ### END SOLUTION


# %%
print(answer())

# %% tags=["nbval-ignore-output"]
import time

print(time.time())

# %%
print(1)

# %% [markdown]
# **Predict:** what comes?

# %%
silent = 1

# %%
print(silent)

# %%
print(silent)

# %% [markdown]
# It is 1.

# %%
print(1)
'''


@pytest.fixture
def course(tmp_path):
    """Return a small course of one notebook, with the real build.py."""
    folder = tmp_path / "a course" / "notebooks"
    (folder / "source").mkdir(parents=True)
    shutil.copy(NOTEBOOKS / "build.py", folder)
    (folder / "rerun.py").touch()
    shutil.copy(NOTEBOOKS.parent / "pyproject.toml", folder.parent)
    (folder.parent / "helpers").mkdir()
    (folder.parent / "helpers" / "doctor.py").touch()
    (folder / "source" / "01_small.py").write_text(SOURCE, encoding="utf-8")
    return folder


def run(course, *arguments):
    command = [sys.executable, str(course / "build.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def load(course):
    """Import a course's build.py as a module."""
    spec = importlib.util.spec_from_file_location("build", course / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def outputs(path):
    return ["".join(o.get("text", "") for o in c.get("outputs", [])) for c in read(path).cells]


def read(path):
    return nbformat.read(path, as_version=4)


def test_both_versions_are_executed_and_a_second_build_changes_nothing(course):
    built = run(course)
    assert built.returncode == 0, built.stderr
    student, solved = course / "01_small.ipynb", course / "solutions" / "01_small.ipynb"
    assert "return 42" not in student.read_text(encoding="utf-8")
    assert outputs(student)[3] == "Ellipsis\n"
    assert outputs(solved)[3] == "42\n"
    assert "return ...  # your code here" in read(student).cells[2].source
    assert "return 42" in read(solved).cells[2].source
    assert "](figures/a.svg)" in read(student).cells[0].source
    assert "](../figures/a.svg)" in read(solved).cells[0].source
    assert "](https://example.org)" in read(solved).cells[0].source
    ids = [cell.id for cell in read(student).cells]
    assert len(set(ids)) == len(ids)
    before = student.read_bytes(), solved.read_bytes()
    assert run(course).returncode == 0
    assert (student.read_bytes(), solved.read_bytes()) == before
    assert run(course, "--check").returncode == 0


def test_what_is_to_be_predicted_is_not_shown_to_the_student(course):
    assert run(course).returncode == 0
    student, solved = course / "01_small.ipynb", course / "solutions" / "01_small.ipynb"
    assert outputs(student)[-5:] == ["", "", "", "", "1\n"]
    assert outputs(solved)[-5:] == ["", "1\n", "1\n", "", "1\n"]
    counts = [cell.get("execution_count") for cell in read(student).cells[-5:]]
    assert counts[0] is not None
    assert counts[1:3] == [None, None]
    assert counts[4] is not None
    saved = student.read_bytes()
    assert run(course, "--text").returncode == 0
    assert student.read_bytes() == saved
    shown = read(student)
    shown.cells[-4].execution_count = 9
    shown.cells[-4].outputs = [nbformat.v4.new_output("stream", name="stdout", text="1\n")]
    nbformat.write(shown, student)
    assert "shows what the student is to predict" in run(course, "--check").stdout
    assert run(course, "--text").returncode == 0
    assert student.read_bytes() == saved


def test_what_is_built_is_run_again_as_people_do(course):
    (course / "rerun.py").write_text("import sys; sys.exit(sys.argv[1:] == ['01'])")
    assert run(course, "01").returncode == 1
    assert run(course).returncode == 0


def test_the_check_names_what_does_not_belong_together(course):
    assert "is missing" in run(course, "--check").stdout
    assert run(course, "01").returncode == 0
    source = course / "source" / "01_small.py"
    source.write_text(SOURCE.replace("print(1)", "print(2)"), encoding="utf-8")
    found = run(course, "--check")
    assert found.returncode == 1
    assert found.stdout.count("is not what its source gives") == 2
    source.write_text(SOURCE, encoding="utf-8")

    student = course / "01_small.ipynb"
    saved = student.read_text(encoding="utf-8")
    notebook = read(student)
    notebook.cells[-1].execution_count = None
    nbformat.write(notebook, student)
    assert "was not executed" in run(course, "--check").stdout
    notebook.cells[-1].execution_count = 9
    notebook.cells[-1].outputs = [nbformat.v4.new_output("stream", name="stderr", text="Warning")]
    nbformat.write(notebook, student)
    assert "holds a warning" in run(course, "--check").stdout
    notebook.cells[-1].outputs = [nbformat.v4.new_output("error", ename="E", evalue="")]
    nbformat.write(notebook, student)
    assert "holds an error" in run(course, "--check").stdout
    student.write_text(saved + " " * 1_000_000, encoding="utf-8")
    assert "is larger than 1 MB" in run(course, "--check").stdout
    student.write_text(saved, encoding="utf-8")
    (course / "99_stray.ipynb").write_text(saved, encoding="utf-8")
    assert "99_stray.ipynb has no source" in run(course, "--check").stdout


def test_a_cell_that_raises_leaves_the_old_notebooks_as_they_are(course):
    assert run(course).returncode == 0
    student = course / "01_small.ipynb"
    before = student.read_bytes()
    (course / "source" / "01_small.py").write_text(SOURCE + "\n# %%\n1 / 0\n", encoding="utf-8")
    failed = run(course)
    assert failed.returncode != 0
    assert "ZeroDivisionError" in failed.stderr
    assert student.read_bytes() == before


def test_a_new_comment_needs_no_execution(course):
    source, student = course / "source" / "01_small.py", course / "01_small.ipynb"
    assert run(course).returncode == 0
    new = SOURCE.replace("print(time.time())", "print(time.time())  # seconds")
    source.write_text(new, encoding="utf-8")
    before = outputs(student)
    assert run(course, "--text").returncode == 0
    assert "# seconds" in student.read_text(encoding="utf-8")
    assert outputs(student) == before
    source.write_text(new.replace("time.time()", "time.sleep(0)"), encoding="utf-8")
    assert "more than the text has changed" in run(course, "--text").stderr


def test_new_text_alone_needs_no_execution(course):
    source, student = course / "source" / "01_small.py", course / "01_small.ipynb"
    assert "more than the text has changed" in run(course, "--text").stderr  # nothing is built yet
    assert run(course).returncode == 0
    before = outputs(student)
    source.write_text(SOURCE.replace("# # Title", "# # A new title"), encoding="utf-8")
    assert run(course, "--text", "01").returncode == 0
    assert "A new title" in read(student).cells[0].source
    assert outputs(student) == before
    assert run(course, "--check").returncode == 0
    source.write_text(SOURCE.replace("print(1)", "print(2)"), encoding="utf-8")
    assert "more than the text has changed" in run(course, "--text").stderr
    assert "A new title" in read(student).cells[0].source


def test_an_unknown_name_is_told(course):
    assert "No source" in run(course, "77").stderr


# ---- Cells that show a data set -------------------------------------------------------------

DEPENDENT = """
# %% tags=["data-dependent"]
print("rows of the data")
"""
PICTURE = """
# %% tags=["data-picture"]
import matplotlib.pyplot as plt

figure, ax = plt.subplots()
"""


def pretend_sources(module, monkeypatch, *found):
    rows = [{"title": f"Set {number}", "source": name} for number, name in enumerate(found)]
    monkeypatch.setattr(module, "overview", lambda: rows)


def test_what_depends_on_the_data_is_built_with_the_real_data_only(course, monkeypatch):
    source = course / "source" / "01_small.py"
    source.write_text(SOURCE + DEPENDENT, encoding="utf-8")
    build = load(course)
    pretend_sources(build, monkeypatch, "real", "stand-in")
    with pytest.raises(SystemExit, match="01_small is built with the real data only: Set 1"):
        build.build(source)
    assert not (course / "01_small.ipynb").exists()
    pretend_sources(build, monkeypatch, "real", "real")
    build.build(source)
    assert outputs(course / "01_small.ipynb")[-1] == "rows of the data\n"


@pytest.mark.parametrize("found", ["real", "stand-in"])
def test_what_depends_on_the_data_is_compared_with_the_real_data_only(monkeypatch, found):
    spec = importlib.util.spec_from_file_location("nb_conftest", NOTEBOOKS / "conftest.py")
    conftest = importlib.util.module_from_spec(spec)
    for name in ("COURSE_PROGRESS", "COURSE_STRICT", "COURSE_OFFLINE"):
        monkeypatch.setenv(name, os.environ.get(name, ""))  # put back afterwards
    spec.loader.exec_module(conftest)
    pretend_sources(conftest, monkeypatch, "real", found)
    items = []
    for tags in ([], ["data-dependent"]):
        item = object.__new__(conftest.IPyNbCell)
        item.cell = nbformat.v4.new_code_cell("1", metadata={"tags": tags})
        item.options = {"check": True}
        items.append(item)
    conftest.pytest_collection_modifyitems([object(), *items])
    assert [item.options["check"] for item in items] == [True, found == "real"]


def test_pictures_of_a_data_set_are_not_saved(course):
    source = course / "source" / "01_small.py"
    source.write_text(SOURCE + PICTURE, encoding="utf-8")
    assert run(course).returncode == 0
    student = course / "01_small.ipynb"
    (drawing,) = read(student).cells[-1].outputs
    assert list(drawing.data) == ["text/plain"]
    assert run(course, "--check").returncode == 0
    notebook = read(student)
    notebook.cells[-1].outputs[0].data["image/png"] = "aGVsbG8="
    nbformat.write(notebook, student)
    assert "holds a picture of a data set" in run(course, "--check").stdout


def test_minutes_are_counted(course):
    source = course / "source" / "01_small.py"
    text = SOURCE.replace("# # Title", f"# # Title\n# **10 minutes** {'word ' * 1300}")
    more = "# %% [markdown]\n# ### Exercise 1: more (7 minutes, build)\n\n"
    source.write_text(more + text, encoding="utf-8")
    notebook = load(course).make_notebook(source, solved=False)
    assert load(course).minutes(notebook) == 25  # 10 for the text, 2 of code, 7, and 5
    notebook.cells.append(nbformat.v4.new_markdown_cell("## Extra: more" + 1300 * " word"))
    assert load(course).minutes(notebook) == 25
    source.write_text(text + more, encoding="utf-8")
    assert run(course).returncode == 0
    assert "says 10 minutes, and takes 25" in run(course, "--check").stdout


# ---- The set-up cell ----------------------------------------------------------------------


def set_up(course, folder, *, path="", report="root"):
    """Run the set-up cell in a folder, as a kernel would; return the finished process."""
    cell = load(course).find_helpers() + f"print({report})"
    command = [sys.executable, "-c", cell]
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_course_is_found_from_any_folder_of_it(course):
    deep = course / "my own" / "copies"
    deep.mkdir(parents=True)
    for folder in (course.parent, course, deep):
        assert set_up(course, folder).stdout.strip() == str(course.parent)


def test_another_package_called_helpers_is_passed_over(course, tmp_path):
    decoy = tmp_path / "decoy"
    (decoy / "helpers").mkdir(parents=True)
    (decoy / "helpers" / "__init__.py").touch()
    (course.parent / "helpers" / "__init__.py").touch()
    report = "__import__('helpers').__file__"
    found = set_up(course, course, path=str(decoy), report=report).stdout.strip()
    assert found == str(course.parent / "helpers" / "__init__.py")


def test_an_installed_course_is_found_from_elsewhere(course, tmp_path):
    found = set_up(course, tmp_path, path=str(course.parent))
    assert found.stdout.strip() == str(course.parent)


def test_without_a_course_a_sentence_says_what_to_do(course, monkeypatch):
    build = load(course)
    assert "inside a copy of the whole course" in build.find_helpers()
    assert "Colab" not in build.introduction(SOURCES / "03_iris.py", solved=False)


def test_colab_fetches_the_course_once_the_repository_is_known(course, monkeypatch):
    settings = course.parent / "pyproject.toml"
    text = settings.read_text(encoding="utf-8")
    text = text.replace('repository = ""', 'repository = "https://github.com/o/r"')
    settings.write_text(text.replace('ref = ""', 'ref = "v1"'), encoding="utf-8")
    build = load(course)
    assert (
        "!git clone -q --depth 1 --branch v1 https://github.com/o/r course" in build.find_helpers()
    )
    link = "https://colab.research.google.com/github/o/r/blob/v1/notebooks/03_iris.ipynb"
    assert link in build.introduction(SOURCES / "03_iris.py", solved=False)
