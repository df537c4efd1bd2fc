"""Run notebooks as people do: solve an exercise late, go back to a section.

python notebooks/rerun.py            tries all notebooks; `rerun.py 03 06` tries those

Solved late: after the student's notebook has run to its end, the exercises are solved, and their
cells, their checks and the cells gated by them are run in order. They must give what they give in
the solved notebook. Run twice: at the end of the solved notebook every section runs once more, the
last one first, so that each meets what later ones have left behind.
"""

import argparse
import importlib.util
import os
import re
import sys
from contextlib import contextmanager
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

NOTEBOOKS = Path(__file__).resolve().parent
ERROR = "error: "
NOT_YET = ("08", "09", "10")  # these still bind names again in later sections


def load(name):
    """Import build.py or conftest.py, which belong to no package."""
    spec = importlib.util.spec_from_file_location(f"notebooks_{name}", NOTEBOOKS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


build, conftest = load("build"), load("conftest")


def main():
    """Try the notebooks that the command line names; return 1 if there was a problem."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="the beginnings of the names, such as 03")
    sources = build.find_sources(parser.parse_args().names)
    sources = [source for source in sources if not source.name.startswith(NOT_YET)]
    problems = [problem for source in sources for problem in rerun(source)]
    print(*problems, f"{len(sources)} notebooks, {len(problems)} problems.", sep="\n")
    return 1 if problems else 0


def rerun(source):
    """Return a sentence for each cell of a notebook that fails, or gives something else."""
    student, solved = (build.make_notebook(source, solved) for solved in (False, True))
    solutions = [(place, cell) for place, cell in enumerate(solved.cells) if is_code(cell)]
    problems = []
    with kernel(solved) as run:
        wanted = {place: run(place, cell) for place, cell in solutions}
        for place, text in wanted.items():
            if text.startswith(ERROR):
                problems.append(f"{source.stem}: {text}\n{solved.cells[place].source}\n")
        for section in reversed(sections(solved)):
            for place, cell in section:
                found = run(place, cell)
                if found.startswith(ERROR):
                    problems.append(f"{source.stem}, run twice: {found}\n{cell.source}\n")
    with kernel(student) as run:
        unsolved = {place: cell.source for place, cell in enumerate(student.cells)}
        for place, cell in enumerate(student.cells):
            if is_code(cell):
                run(place, cell)
        for place, cell in solutions:
            if unsolved[place] != cell.source or re.search(r"\.(check|done)\(", cell.source):
                found, text = run(place, cell), wanted[place]
                if differ(found, text, cell.metadata.get("tags", [])):
                    what = f"{found}instead of\n{text}"
                    problems.append(f"{source.stem}, solved late: {what}\n{cell.source}\n")
    return problems


def sections(notebook):
    """Return the code cells of each section, (place, cell); a section starts with a ## heading."""
    found = [[]]
    for place, cell in enumerate(notebook.cells):
        if re.search("^## ", cell.source, re.MULTILINE) and not is_code(cell):
            found.append([])
        if is_code(cell):
            found[-1].append((place, cell))
    return found


def is_code(cell):
    """Return True for a code cell."""
    return cell.cell_type == "code"


@contextmanager
def kernel(notebook):
    """Yield a function that runs a cell in one kernel; it returns its text, or ERROR and why."""
    folder = {"metadata": {"path": str(NOTEBOOKS)}}
    client = NotebookClient(notebook, timeout=900, kernel_name="python3", resources=folder)

    def run(place, cell):
        try:
            client.execute_cell(cell, place)
        except CellExecutionError as error:
            return f"{ERROR}{error.ename}: {error.evalue}\n"
        return "".join(map(text_of, cell.outputs))

    environment = {**os.environ, "COURSE_PROGRESS": "", "COURSE_STRICT": "0"}
    environment.pop("MPLBACKEND", None)
    with client.setup_kernel(env=environment):
        yield run


def text_of(output):
    """Return what an output says; figures say nothing."""
    if "image/png" in output.get("data", {}) or output.get("name") == "stderr":
        return ""
    return output.get("text") or output.get("data", {}).get("text/plain", "") + "\n"


def differ(found, wanted, tags):
    """Return True if a cell gives something else, beyond what its tags allow."""
    for tag in tags:
        if tag.startswith("approx-"):
            found = conftest.near(found, wanted, float(tag.removeprefix("approx-")))
    if "nbval-ignore-output" in tags:
        return found.startswith(ERROR)
    return found != wanted


if __name__ == "__main__":
    sys.exit(main())
