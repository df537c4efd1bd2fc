"""Build the notebooks: from each source a student and a solved version, executed.

python notebooks/build.py            builds all; `build.py 03 06` builds those
python notebooks/build.py --text 03  executes nothing: takes over new text and comments
python notebooks/build.py --check    executes nothing; fails where a notebook is not what its
                                     source gives
"""

import argparse
import ast
import base64
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from helpers.datasets import overview
from helpers.exercises.source import hide_solutions, show_solutions

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NOTEBOOKS = Path(__file__).resolve().parent
SOURCES = NOTEBOOKS / "source"
FIGURES = NOTEBOOKS / "figures"
MAX_BYTES = 1_000_000
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

FIND_HELPERS = """\
import sys
from pathlib import Path
folders = [Path.cwd(), *Path.cwd().parents, *map(Path, sys.path)]
root = next((f for f in folders if (f / "helpers" / "doctor.py").is_file()), None)
if root is None:
    {otherwise}
sys.path.insert(0, str(root))

"""
CLONE = """\
!git clone -q --depth 1 --branch {ref} {repository} course
    !pip install -q -e course
    root = Path("course").resolve()"""
NOTHING_TO_CLONE = """\
sys.exit("Open this notebook inside a copy of the whole course: helpers is missing.")"""


def main():
    """Build or check the notebooks that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="the beginnings of the names, such as 03")
    parser.add_argument("--check", action="store_true", help="compare only; execute nothing")
    parser.add_argument("--text", action="store_true", help="no code changed: keep the outputs")
    options = parser.parse_args()
    sources = find_sources(options.names)
    if options.check:
        problems = [problem for path in sources for problem in check(path)]
        problems += [] if options.names else check_strays(sources)
        for problem in problems:
            print(problem)
        print(f"{len(sources)} sources, {len(problems)} problems.")
        sys.exit(1 if problems else 0)
    for path in sources:
        build(path, options.text)
    if not options.text:  # solved late, and run twice?
        command = [sys.executable, str(NOTEBOOKS / "rerun.py"), *options.names]
        sys.exit(subprocess.run(command, check=False).returncode)


def find_sources(names):
    """Return the source files whose names start with one of the names; all if there are none."""
    sources = sorted(SOURCES.glob("[0-9]*.py"))
    chosen = [path for path in sources if not names or path.name.startswith(tuple(names))]
    if not chosen:
        sys.exit(f"No source in {SOURCES} starts with {' or '.join(names)}.")
    return chosen


def targets(source):
    """Return the student's and the solved notebook of a source, as (path, solved)."""
    name = f"{source.stem}.ipynb"
    return [(NOTEBOOKS / name, False), (NOTEBOOKS / "solutions" / name, True)]


# ---- From the source to a notebook ---------------------------------------------------------


def make_notebook(source, solved):
    """Return the notebook that a source gives, not executed."""
    notebook = jupytext.read(source)
    notebook.metadata = nbformat.from_dict(METADATA)
    seen = {}
    for number, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", [])
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        if cell.cell_type == "code":
            cell.source = (show_solutions if solved else hide_solutions)(cell.source)
            if "setup" in tags:
                cell.source = find_helpers() + cell.source
        elif solved:
            cell.source = re.sub(r"\]\((?!https?:)", "](../", cell.source)  # one folder deeper
        if number == 0:
            cell.source += introduction(source, solved)
        cell.id = cell_id(cell.source, seen)
    return notebook


def cell_id(text, seen):
    """Return an id that depends on the cell's text alone, so that it stays from build to build."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    seen[digest] = seen.get(digest, -1) + 1
    return f"{digest}-{seen[digest]}"


def course():
    """Return the table [tool.course] of pyproject.toml: repository and ref, empty until set."""
    text = (NOTEBOOKS.parent / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["tool"]["course"]


def find_helpers():
    """Return the lines of the set-up cell that find the course, or on Colab fetch it."""
    where = course()
    known = where["repository"] and where["ref"]
    return FIND_HELPERS.format(otherwise=CLONE.format(**where) if known else NOTHING_TO_CLONE)


def introduction(source, solved):
    """Return what the first cell says at its end: which version this is, and how to open it."""
    name, where = f"{source.stem}.ipynb", course()
    lines = ["", ""]
    if solved:
        lines.append(f"*This is the solved version. Try [yours](../{name}) first.*")
    if where["repository"] and where["ref"]:
        folder = "notebooks/solutions" if solved else "notebooks"
        place = where["repository"].removeprefix("https://github.com/").removesuffix(".git")
        url = (
            f"https://colab.research.google.com/github/{place}/blob/{where['ref']}/{folder}/{name}"
        )
        lines.append(f"[Open in Colab]({url})")
    return "\n".join(lines).rstrip()


# ---- Building ------------------------------------------------------------------------------


def build(source, text_only=False):
    """Execute both versions, then write them: an error leaves the old files as they are.

    text_only: take the outputs from the old files instead.
    """
    notebooks = {}
    for path, solved in targets(source):
        path.parent.mkdir(exist_ok=True)
        notebooks[path] = make_notebook(source, solved)
        if text_only:
            take_outputs(notebooks[path], path)
        else:
            refuse_stand_ins(notebooks[path], path)
            execute(notebooks[path], path, strict=solved)
            drop_data_pictures(notebooks[path])
            keep_noisy_outputs(notebooks[path], path)
        if not solved:
            hide_predicted(notebooks[path])
    for path, notebook in notebooks.items():
        temporary = path.with_suffix(".tmp")
        nbformat.write(notebook, temporary)
        temporary.replace(path)
        for picture, data in saved_pictures(path, notebook):
            picture.write_bytes(data)
        print(f"{path.relative_to(NOTEBOOKS.parent)}: {path.stat().st_size / 1000:.0f} kB")


def saved_pictures(path, notebook):
    """Return (file, content) of what a cell tagged figure-NAME draws: 00 shows such pictures.

    It is the solved version's picture that counts.
    """
    found = []
    for cell in code_cells(notebook) if path.parent.name == "solutions" else []:
        drawn = [o.data["image/png"] for o in cell.outputs if "image/png" in o.get("data", {})]
        for tag in cell.metadata.get("tags", []):
            if tag.startswith("figure-"):
                file = FIGURES / f"{tag.removeprefix('figure-')}.png"
                found.append((file, base64.b64decode(drawn[0])))
    return found


def take_outputs(notebook, path):
    """Take all outputs from the saved notebook, if its code is the same but for comments."""
    old = code_cells(nbformat.read(path, as_version=4)) if path.exists() else []
    if list(map(code_of, old)) != list(map(code_of, code_cells(notebook))):
        sys.exit(f"In {path.name} more than the text has changed: build it without --text.")
    for cell, old_cell in zip(code_cells(notebook), old, strict=True):
        cell.outputs, cell.execution_count = old_cell.outputs, old_cell.execution_count


def code_of(cell):
    """Return what a cell does, whatever its comments say; its text if it is no plain Python."""
    try:
        return ast.dump(ast.parse(cell.source))
    except SyntaxError:
        return cell.source


def hide_predicted(notebook):
    """Take out what the student is to predict: a cell not run yet. The solved version shows it."""
    for cell in predicted(notebook):
        cell.outputs, cell.execution_count = [], None


def predicted(notebook):
    """Return the code cells that are asked about.

    After each **Predict:** these are the first with output, and those that follow without a word.
    """
    found, asked, answered = [], False, False
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            if "**Predict:**" in cell.source:
                asked, answered = True, False
            elif answered:
                asked = False
        elif asked and (cell.outputs or cell.execution_count is None):
            found.append(cell)
            answered = True
    return found


def refuse_stand_ins(notebook, path):
    """Stop where the saved outputs must come from real data, and a data set is not here."""
    if tagged(notebook, "data-dependent"):
        missing = [row["title"] for row in overview() if row["source"] != "real"]
        if missing:
            sys.exit(f"{path.stem} is built with the real data only: {', '.join(missing)} is not.")


def drop_data_pictures(notebook):
    """Take out drawings of a data set's own pictures, which are not ours to publish."""
    for cell in tagged(notebook, "data-picture"):
        for output in cell.outputs:
            output.get("data", {}).pop("image/png", None)


def execute(notebook, path, strict):
    """Run all cells as a student would; strict: a check that does not pass is an error."""
    environment = {name: text for name, text in os.environ.items() if name != "MPLBACKEND"}
    environment["COURSE_PROGRESS"] = ""  # the author's run passes no exercise for anyone
    environment["COURSE_STRICT"] = "1" if strict else "0"
    client = NotebookClient(
        notebook,
        timeout=900,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute(env=environment)  # without MPLBACKEND, which would suppress the figures
    except CellExecutionError as error:
        sys.exit(f"{path.name} ({'solved' if strict else 'student'}) fails:\n{error}")
    notebook.metadata = nbformat.from_dict(METADATA)  # the kernel adds its own version
    for cell in code_cells(notebook):
        for output in cell.outputs:  # a widget's id is random, and its state is not saved
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)


def keep_noisy_outputs(notebook, path):
    """Keep the saved output of cells that never give the same twice (times, live plots).

    Only while all code is as it was: a build that changes nothing then leaves no difference.
    """
    if not path.exists():
        return
    old = nbformat.read(path, as_version=4)
    if [cell.source for cell in code_cells(old)] != [cell.source for cell in code_cells(notebook)]:
        return
    noisy = tagged(notebook, "nbval-ignore-output"), tagged(old, "nbval-ignore-output")
    for cell, old_cell in zip(*noisy, strict=True):
        cell.outputs = old_cell.outputs


def code_cells(notebook):
    """Return the code cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tagged(notebook, tag):
    """Return the code cells with this tag."""
    return [cell for cell in code_cells(notebook) if tag in cell.metadata.get("tags", [])]


# ---- Checking ------------------------------------------------------------------------------


def check(source):
    """Return a sentence for each way in which a source's notebooks are not what it gives."""
    problems = []
    for path, solved in targets(source):
        name = path.relative_to(NOTEBOOKS.parent).as_posix()
        if not path.exists():
            problems.append(f"{name} is missing: build it.")
            continue
        made, saved = make_notebook(source, solved), nbformat.read(path, as_version=4)
        if [as_written(cell) for cell in made.cells] != [as_written(cell) for cell in saved.cells]:
            problems.append(f"{name} is not what its source gives: build it again.")
        said = re.search(r"\*\*(\d+) minutes", made.cells[0].source)
        if said and not solved and int(said[1]) != minutes(made):
            problems.append(f"{name} says {said[1]} minutes, and takes {minutes(made)}.")
        cells = code_cells(saved)
        hidden = [] if solved else predicted(saved)
        if any(cell.execution_count is None for cell in cells if cell not in hidden):
            problems.append(f"{name} holds a cell that was not executed.")
        if any(cell.outputs for cell in hidden):
            problems.append(f"{name} shows what the student is to predict: build it again.")
        outputs = [output for cell in cells for output in cell.outputs]
        if any(output.output_type == "error" for output in outputs):
            problems.append(f"{name} holds an error.")
        if any(output.get("name") == "stderr" for output in outputs):
            problems.append(f"{name} holds a warning: mend what it warns about.")
        drawn = [output for cell in tagged(saved, "data-picture") for output in cell.outputs]
        if any("image/png" in output.get("data", {}) for output in drawn):
            problems.append(f"{name} holds a picture of a data set: build it again.")
        for picture, data in saved_pictures(path, saved):
            if not picture.exists() or picture.read_bytes() != data:
                problems.append(f"{picture.name} is not what {name} draws: build it again.")
        if path.stat().st_size > MAX_BYTES:
            problems.append(f"{name} is larger than {MAX_BYTES / 1e6:.0f} MB.")
    return problems


def minutes(notebook):
    """Return how long a student needs, rounded to five: text, code, the exercises, and a start.

    Sections headed "## Extra" do not count: nobody needs them later.
    """
    cells, extra = [], False
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            extra = cell.source.startswith("## Extra")
        cells += [] if extra else [cell]
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    words = len(re.findall(r"\w[\w'.-]*", text))
    lines = sum(len(re.findall(r"\S.*", cell.source)) for cell in cells if cell.cell_type == "code")
    exercises = re.findall(r"^### Exercise .*\((\d+) minutes?", text, re.MULTILINE)
    return 5 * round((words / 130 + lines / 10 + sum(map(int, exercises)) + 5) / 5)


def as_written(cell):
    """Return what of a cell comes from the source."""
    return cell.id, cell.cell_type, cell.source, dict(cell.metadata)


def check_strays(sources):
    """Return a sentence for each notebook that has no source."""
    wanted = {path for source in sources for path, _ in targets(source)}
    found = [*NOTEBOOKS.glob("*.ipynb"), *NOTEBOOKS.glob("solutions/*.ipynb")]
    return [f"{path.name} has no source." for path in sorted(set(found) - wanted)]


if __name__ == "__main__":
    main()
