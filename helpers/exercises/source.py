"""Exercises as they stand in notebooks/source: the stub that a student sees, and the solution.

In a source file an exercise is a cell that opens with `# %% exercise="iris.network"`. What lies
between the two markers is the solution; the student sees `...` in its place.
"""

import linecache
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2] / "notebooks" / "source"
BEGIN, END, STUB = "### BEGIN SOLUTION", "### END SOLUTION", "### STUB: "


def hide_solutions(code):
    """Return the code with a stub in place of each solution.

    The stub is `return ...` where the solution ends in a return, and `...` elsewhere. A line that
    ends with `### STUB: code` is replaced by that code.
    """
    lines, solution = [], None
    for line in code.splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        if line.strip() == BEGIN:
            solution = []
        elif line.strip() == END:
            returns = any(text.startswith(f"{indent}return") for text in solution)
            lines.append(f"{indent}{'return ...' if returns else '...'}  # your code here")
            solution = None
        elif solution is not None:
            solution.append(line)
        else:
            lines.append(indent + line.partition(STUB)[2] if STUB in line else line)
    if solution is not None:
        raise ValueError(f"{BEGIN} without {END}")
    return "\n".join(lines)


def show_solutions(code):
    """Return the code with the solutions and without the markers."""
    lines = [line for line in code.splitlines() if line.strip() not in (BEGIN, END)]
    return "\n".join(line.partition(STUB)[0].rstrip() for line in lines)


@cache
def exercise_cells():
    """Return the code of every exercise cell, a dict from key to text with the markers."""
    cells = {}
    for path in sorted(SOURCES.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        for cell in re.split(r"^(?=# %%(?: |$))", text, flags=re.MULTILINE):
            head, _, code = cell.partition("\n")
            if match := re.search(r'exercise="([\w.]+)"', head):
                cells[match[1]] = code.strip()
    return cells


@cache
def setup(topic):
    """Return what the set-up cell of the notebook of this topic defines, a dict."""
    text = notebook_text(topic)
    code = re.search(r'^# %% tags=\["setup"\]\n(.*?)^# %%', text, re.MULTILINE | re.DOTALL)[1]
    namespace = {"__name__": "solution"}
    exec(code, namespace)
    return namespace


@cache
def notebook_path(topic):
    """Return the source of the notebook in which the exercises of a topic stand."""
    for path in sorted(SOURCES.glob("*.py")):
        if f'exercise="{topic}.' in path.read_text(encoding="utf-8"):
            return path
    raise FileNotFoundError(f"notebooks/source with the exercises of {topic} is not here")


@cache
def notebook_text(topic):
    """Return the text of that source."""
    return notebook_path(topic).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Heading:
    """What stands over an exercise: `### Exercise 2: the loss that swings (3 minutes, debug)`."""

    notebook: str
    title: str
    minutes: int
    difficulty: str


@cache
def heading(key):
    """Return the Heading of an exercise, the last one before its cell."""
    topic = key.partition(".")[0]
    before = notebook_text(topic).partition(f'exercise="{key}"')[0]
    pattern = r"^# ### Exercise \d+: (.*) \((\d+) minutes?, (\w+)\)$"
    title, minutes, difficulty = re.findall(pattern, before, re.MULTILINE)[-1]
    title = f"Bug hunt: {title}" if difficulty == "debug" else title[0].upper() + title[1:]
    return Heading(notebook_path(topic).stem, title, int(minutes), difficulty)


def name(key):
    """Return the name of the function or class that an exercise asks for."""
    pattern = rf"^\s*{re.escape(key)}\.check\((\w+)\)$"
    return re.search(pattern, notebook_text(key.partition(".")[0]), re.MULTILINE)[1]


def run(key, code):
    """Run an exercise's cell after its notebook's set-up cell; return what the check is given."""
    namespace = dict(setup(key.partition(".")[0]))
    cell = f"<cell {key} {hash(code)}>"  # as in a kernel, every text has a name of its own
    linecache.cache[cell] = (len(code), None, code.splitlines(keepends=True), cell)
    exec(compile(code, cell, "exec"), namespace)
    return namespace[name(key)]


@cache
def answer(key):
    """Return the official solution itself, a function or a class."""
    return run(key, solution(key))


def stub(key):
    """Return the code that the student starts from, None where the sources are not there."""
    code = exercise_cells().get(key)
    return None if code is None else hide_solutions(code)


def solution(key):
    """Return the solved code of an exercise."""
    code = exercise_cells().get(key)
    if code is None:
        return f"The solution of {key} is not here: look into notebooks/solutions of the course."
    return show_solutions(code)
