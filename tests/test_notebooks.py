"""The notebooks follow the course's rules for cells, questions and pictures."""

import re
import statistics

import nbformat
import pytest

from helpers.exercises.source import SOURCES

NOTEBOOKS = SOURCES.parent
PATHS = sorted([*NOTEBOOKS.glob("*.ipynb"), *NOTEBOOKS.glob("solutions/*.ipynb")])


@pytest.fixture(params=PATHS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def notebook(request):
    return request.param, nbformat.read(request.param, as_version=4)


def code_of(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def text_of(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_there_are_notebooks():
    assert len(PATHS) >= 4


def test_code_cells_are_short(notebook):
    lengths = [len([line for line in code.splitlines() if line]) for code in code_of(notebook[1])]
    assert max(lengths) <= 20
    assert statistics.median(lengths) <= 6


def test_there_is_one_short_set_up_cell(notebook):
    cells = [c for c in notebook[1].cells if "setup" in c.metadata.get("tags", [])]
    assert len(cells) == 1
    own = cells[0].source.partition("sys.path.insert(0, str(root))")[2]  # build.py adds the rest
    assert len([line for line in own.splitlines() if line]) <= 12


def test_each_has_its_parts(notebook):
    text = text_of(notebook[1])
    assert re.search(r"^# \d\d ", text)
    assert text.count("**Predict:**") >= 3
    for part in ("In this notebook you learn", " minutes, on ", "Bug hunt", "## Recap", "## Quiz"):
        assert part in text, part
    assert len(re.findall(r"^- \[", text.split("## Where to go on")[1], re.MULTILINE)) >= 3


def test_every_picture_has_alt_text_or_a_caption(notebook):
    path, notebook = notebook
    for alt, target in re.findall(r"!\[(.*?)\]\((.*?)\)", text_of(notebook)):
        assert len(alt) > 20
        assert (path.parent / target).is_file()
    cells = notebook.cells
    for cell, following in zip(cells, [*cells[1:], None], strict=True):
        pictures = [o for o in cell.get("outputs", []) if "image/png" in o.get("data", {})]
        if pictures:
            assert following is not None
            assert following.source.startswith("*Figure: "), cell.source


def test_links_within_the_course_lead_somewhere(notebook):
    path, notebook = notebook
    for target in re.findall(r"\]\((?!https?:)(.*?)\)", text_of(notebook)):
        assert (path.parent / target).exists(), target


def test_readme_and_map_list_every_notebook_with_its_minutes():
    readme = (NOTEBOOKS.parent / "README.md").read_text(encoding="utf-8")
    start = text_of(nbformat.read(NOTEBOOKS / "00_start_here.ipynb", as_version=4))
    for path in NOTEBOOKS.glob("*.ipynb"):
        minutes = re.search(r"\*\*(\d+) minutes", text_of(nbformat.read(path, as_version=4)))[1]
        row = rf"\]\((notebooks/)?{path.name}\) \| .*? \| {minutes} \|"
        assert re.search(row, readme), path.name
        assert re.search(row, start) or path.name.startswith("00"), path.name
