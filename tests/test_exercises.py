"""Every check is tried on the stub, the solution, right and wrong answers, and garbage."""

import importlib
import inspect
import linecache
import re

import answers
import pytest
import torch

from helpers.exercises import EXERCISES, core, records, source

for module in sorted({exercise.key.split(".")[0] for exercise in EXERCISES.values()}):
    importlib.import_module(f"answers.{module}")

KEYS = sorted(EXERCISES)
WRONG = [(key, answer, text) for key in KEYS for answer, text in answers.WRONG[key]]
RIGHT = [(key, answer) for key in KEYS for answer in answers.RIGHT[key]]


def raises(*args):
    raise RuntimeError("first line\nsecond line")


def exits(*args):
    raise SystemExit(1)


def prints(*args):
    print("hello")


def returns_a_tensor(*args):
    return torch.full((3, 2), torch.nan)


GARBAGE = [
    *(None, "text", 3.14, float("nan"), [], {}, object(), torch.zeros(3), torch.nn.Linear, print),
    *(lambda: None, lambda *args: None, lambda *args: "text", lambda *args: 0, lambda *args: []),
    *(lambda *args: (None, None), lambda *args: ("a", "b"), lambda *args: torch.nn.Identity()),
    *(lambda *args: args, lambda a, b, c, d, e, f: None, raises, exits, prints, returns_a_tensor),
]


def notebook_text(key):
    path = source.SOURCES / f"{EXERCISES[key].notebook}.py"
    return path.read_text(encoding="utf-8")


def answer_from(key, code):
    """Run an exercise's cell after its notebook's imports; return what the check is given."""
    text = notebook_text(key)
    setup = re.search(r'^# %% tags=\["setup"\]\n(.*?)^# %%', text, re.MULTILINE | re.DOTALL)[1]
    name = re.search(rf"^{re.escape(key)}\.check\((\w+)\)$", text, re.MULTILINE)[1]
    namespace = {"__name__": "notebook"}
    exec(setup, namespace)
    cell = f"<cell {key}>"
    linecache.cache[cell] = (len(code), None, code.splitlines(keepends=True), cell)
    exec(compile(code, cell, "exec"), namespace)
    return namespace[name]


@pytest.mark.parametrize("key", KEYS)
def test_every_exercise_is_described_and_tried(key):
    exercise = EXERCISES[key]
    text = notebook_text(key)
    assert len(answers.WRONG[key]) >= 3
    assert len(answers.RIGHT[key]) >= 1
    assert len(exercise.hints) >= 2
    heading = f"{exercise.minutes} minutes, {exercise.difficulty}"
    assert heading in text
    assert f'exercise="{key}"' in text


@pytest.mark.parametrize("key", KEYS)
def test_the_stub_is_not_started(key):
    result = EXERCISES[key].grade(answer_from(key, source.stub(key)))
    assert result.status == core.NOT_STARTED


@pytest.mark.parametrize("key", KEYS)
def test_the_solution_passes(key):
    result = EXERCISES[key].grade(answer_from(key, source.solution(key)))
    assert result.status == core.PASSED, result


@pytest.mark.parametrize(("key", "answer"), RIGHT, ids=lambda v: getattr(v, "__name__", str(v)))
def test_right_answers_pass(key, answer):
    result = EXERCISES[key].grade(answer)
    assert result.status == core.PASSED, result


@pytest.mark.parametrize(
    ("key", "answer", "text"), WRONG, ids=lambda v: getattr(v, "__name__", str(v)[:20])
)
def test_wrong_answers_get_their_own_message(key, answer, text):
    result = EXERCISES[key].grade(answer)
    assert result.status in (core.WRONG, core.ERROR), result
    assert text in result.message
    assert "could not be checked" not in result.message
    assert len(result.message.splitlines()) <= 3


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("answer", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_told_calmly(key, answer):
    result = EXERCISES[key].grade(answer)
    assert result.status in (core.WRONG, core.ERROR), result
    assert 0 < len(result.message) < 500
    assert len(result.message.splitlines()) <= 3
    assert "could not be checked" not in result.message, result


def test_an_exception_names_the_students_line():
    code = "def make_network():\n    layers = 3\n    return nn.Linear(layers, undefined)\n"
    result = EXERCISES["iris.network"].grade(answer_from("iris.network", code))
    assert result.status == core.ERROR
    assert "NameError: name 'undefined' is not defined (line 3 of your cell" in result.message
    assert "return nn.Linear(layers, undefined)" in result.message


def test_an_exception_in_a_class_names_the_students_line():
    code = source.solution("dataloaders.dataset").replace("len(self.X)", "len(self.missing)")
    answer = answer_from("dataloaders.dataset", code)
    result = EXERCISES["dataloaders.dataset"].grade(answer)
    assert result.status == core.ERROR
    assert "of your cell: `return len(self.missing)`" in result.message


def test_grading_leaves_the_random_numbers_alone():
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    EXERCISES["iris.network"].grade(answers.RIGHT["iris.network"][0])
    assert torch.equal(torch.rand(3), expected)


@pytest.fixture
def exercise(monkeypatch, tmp_path):
    """Return a fresh exercise whose right answer is 42, with a record of its own."""
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "folder" / "progress.json"))

    def test(answer):
        core.expect(answer == 42, "the answer is 42.")

    return core.Exercise("a.b", "A title", "00_none", 1, "build", ["one", "two"], test)


def test_check_prints_one_line_and_remembers(exercise, capsys):
    assert not exercise.done()
    assert "First solve" in capsys.readouterr().out
    exercise.check(...)
    assert capsys.readouterr().out.startswith("○ not started: A title.")
    exercise.check(41)
    assert capsys.readouterr().out == "✗ wrong: the answer is 42.\n"
    assert records.passed() == set()
    exercise.check(42)
    assert capsys.readouterr().out == "✓ passed: A title.\n"
    assert records.passed() == {"a.b"}
    assert exercise.done()
    exercise.check(41)
    assert not exercise.passed


def test_strict_checks_raise(exercise, monkeypatch):
    monkeypatch.setenv("COURSE_STRICT", "1")
    exercise.check(42)
    for answer in (..., 41):
        with pytest.raises(core.ExerciseNotPassed, match=r"a\.b"):
            exercise.check(answer)


def test_hints_come_one_by_one_and_then_the_solution(exercise, capsys):
    for _ in range(3):
        exercise.hint()
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "Hint 1 of 2: one",
        "Hint 2 of 2: two",
        "No more hints. a.b.solution() shows one way to do it.",
    ]


def test_the_solution_is_the_code_of_the_source(capsys):
    EXERCISES["iris.network"].solution()
    shown = capsys.readouterr().out
    assert "nn.Linear(1024, 3)" in shown
    assert "###" not in shown
    assert shown.strip() in source.show_solutions(notebook_text("iris.network"))


@pytest.mark.parametrize("text", ["", "{", '{"a": 1}', "[1, 2", "\x00"])
def test_a_corrupt_record_is_no_obstacle(exercise, text):
    path = records.path()
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    assert records.passed() == set()
    exercise.check(42)
    assert records.passed() == {"a.b"}


def test_a_record_that_cannot_be_written_is_no_obstacle(exercise, monkeypatch, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "file" / "progress.json"))
    exercise.check(42)
    assert "✓ passed" in capsys.readouterr().out


def test_progress_marks_what_was_passed(monkeypatch, tmp_path):
    from helpers import progress

    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))
    records.remember("iris.fit")
    table = progress()
    assert len(table) == len(EXERCISES)
    assert list(table.loc[table["passed"] == "✓", "exercise"]) == [EXERCISES["iris.fit"].title]


def test_stubs_keep_the_indentation():
    code = "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n"
    assert source.hide_solutions(code) == "def f():\n    return ...  # your code here"
    code = "x = 1\n### BEGIN SOLUTION\ny = 2\n### END SOLUTION\nz = 3"
    assert source.hide_solutions(code) == "x = 1\n...  # your code here\nz = 3"
    assert source.show_solutions(code) == "x = 1\ny = 2\nz = 3"
    code = 'quiz(1, "b")  ### STUB: quiz(1, ...)'
    assert source.hide_solutions(code) == "quiz(1, ...)"
    assert source.show_solutions(code) == 'quiz(1, "b")'
    with pytest.raises(ValueError, match="END SOLUTION"):
        source.hide_solutions("### BEGIN SOLUTION\ny = 2")


def test_every_exercise_cell_belongs_to_an_exercise():
    assert set(source.exercise_cells()) == set(EXERCISES)
    assert all(inspect.getdoc(exercise.test) for exercise in EXERCISES.values())
