"""Every check is tried on the stub, the solution, right and wrong answers, and garbage."""

import inspect
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import answers
import nbformat
import pytest
import torch
import trials
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

import helpers
from helpers.exercises import EXERCISES, core, records, source
from helpers.exercises import __main__ as command_line

KEYS = sorted(EXERCISES)
TRIALS = [trial for key in KEYS for trial in trials.trials(key)]


@pytest.mark.parametrize("key", KEYS)
def test_every_exercise_is_described_and_tried(key):
    exercise = EXERCISES[key]
    text = trials.notebook_text(key)
    assert len(answers.WRONG[key]) >= 3
    assert len(answers.RIGHT[key]) >= 1
    assert len(exercise.hints) >= 2
    heading = f"{exercise.minutes} minutes, {exercise.difficulty}"
    assert heading in text
    assert f'exercise="{key}"' in text


@pytest.mark.parametrize("trial", TRIALS, ids=str)
def test_each_answer_gets_what_it_deserves(trial):
    fault = trial.fault()
    assert not fault, fault


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="Windows has no such alarm")
@pytest.mark.parametrize("key", KEYS)
def test_what_never_ends_is_stopped(key, monkeypatch):
    monkeypatch.setattr(core, "TIME_LIMIT", 0.2)
    result = EXERCISES[key].grade(trials.takes_too_long)
    assert result.status in (core.WRONG, core.ERROR)
    assert "could not be checked" not in result.message, result


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="Windows has no such alarm")
def test_the_time_limit_says_so_and_leaves_no_alarm(monkeypatch):
    monkeypatch.setattr(core, "TIME_LIMIT", 0.1)
    before = signal.getsignal(signal.SIGALRM)
    for answer in (trials.takes_too_long, trials.swallows_everything):
        started = time.monotonic()
        result = EXERCISES["start.double"].grade(answer)
        assert time.monotonic() - started < 20
        assert result.message.startswith("stopped after 0.1 seconds. Is there a loop")
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_a_check_in_a_side_thread_has_no_time_limit_and_works():
    results = []
    answer = answers.RIGHT["start.double"][0]
    thread = threading.Thread(
        target=lambda: results.append(EXERCISES["start.double"].grade(answer))
    )
    thread.start()
    thread.join()
    assert results[0].status == core.PASSED


def test_grading_prints_nothing_and_warns_of_nothing(capfd, recwarn):
    for answer in (trials.prints, trials.warns):
        EXERCISES["start.double"].grade(answer)
    assert capfd.readouterr() == ("", "")
    assert not recwarn.list


def test_a_check_shows_what_a_wrong_answer_printed(exercise, capsys):
    class Answer:
        def __eq__(self, other):
            print("in __eq__:", other, "x" * 1000)
            return False

    exercise.check(Answer())
    first, second = capsys.readouterr().out.splitlines()
    assert first == "✗ wrong: the answer is 42."
    assert second.startswith("Your code printed: in __eq__: 42")
    assert len(second) < 250


def test_an_exception_names_the_students_line():
    code = "def make_network():\n    layers = 3\n    return nn.Linear(layers, undefined)\n"
    result = EXERCISES["iris.network"].grade(trials.answer_from("iris.network", code))
    assert result.status == core.ERROR
    assert "NameError: name 'undefined' is not defined (line 3 of your cell" in result.message
    assert "return nn.Linear(layers, undefined)" in result.message


def test_an_exception_in_a_class_names_the_students_line():
    code = source.solution("dataloaders.dataset").replace("len(self.X)", "len(self.missing)")
    answer = trials.answer_from("dataloaders.dataset", code)
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
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "folder" / "progress.txt"))

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
    assert shown.strip() in source.show_solutions(trials.notebook_text("iris.network"))


@pytest.mark.parametrize("content", [b"", b"a.", b"iris.fit\niris.ne", b"\x00\xff", b"\n\n"])
def test_a_corrupt_record_is_no_obstacle(exercise, content):
    path = records.path()
    path.parent.mkdir()
    path.write_bytes(content)
    assert "a.b" not in records.passed()
    exercise.check(42)
    assert "a.b" in records.passed()


def test_two_notebooks_at_once_lose_nothing(exercise):
    code = "from helpers.exercises import records as r\nfor i in range(200): r.remember(f'{0}.{i}')"
    course = str(Path(helpers.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": course}
    commands = [[sys.executable, "-c", code.replace("{0}", name)] for name in ("one", "two")]
    running = [subprocess.Popen(command, env=environment) for command in commands]
    assert [process.wait(timeout=120) for process in running] == [0, 0]
    assert len(records.passed()) == 400


def test_a_record_that_cannot_be_written_is_no_obstacle(exercise, monkeypatch, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "file" / "progress.txt"))
    exercise.check(42)
    assert "✓ passed" in capsys.readouterr().out


@pytest.fixture
def record(monkeypatch, tmp_path):
    """Return the path of a fresh record; no exercise is passed."""
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.txt"))
    for exercise in EXERCISES.values():
        monkeypatch.setattr(exercise, "passed", False)
    return tmp_path / "progress.txt"


def test_progress_says_what_is_done_and_what_is_next(record):
    iris = [exercise for exercise in EXERCISES.values() if exercise.notebook == "03_iris"]
    for exercise in (iris[0], iris[2]):
        records.remember(exercise.key)
    table = helpers.progress().set_index("notebook")
    assert set(table.index) == {exercise.notebook for exercise in EXERCISES.values()}
    row = table.loc["03_iris"]
    assert row["passed"] == f"2 of {len(iris)}"
    assert row["next"] == iris[1].title
    assert row["minutes left"] == sum(e.minutes for e in iris) - iris[0].minutes - iris[2].minutes
    for exercise in iris:
        records.remember(exercise.key)
    assert helpers.progress().set_index("notebook").loc["03_iris", "next"] == "✓ all done"


def test_progress_knows_this_kernel_even_if_nothing_can_be_remembered(record, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", "")
    EXERCISES["start.double"].check(answers.RIGHT["start.double"][0])
    assert helpers.progress()["passed"].iloc[0] == "1 of 2"


def test_the_command_line_lists_the_exercises(record, monkeypatch, capsys):
    records.remember("iris.fit")
    monkeypatch.setattr(sys, "argv", ["exercises"])
    assert command_line.main() == 0
    shown = capsys.readouterr().out
    for key, exercise in EXERCISES.items():
        sign = "✓" if key == "iris.fit" else "○"
        assert re.search(rf"^  {sign} {re.escape(key)} .*{re.escape(exercise.title)}$", shown, re.M)
    assert shown.endswith(f"{len(EXERCISES)} exercises, 1 passed.\n")


def test_the_command_line_prints_a_solution(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["exercises", "--solution", "iris.network"])
    assert command_line.main() == 0
    assert capsys.readouterr().out == source.solution("iris.network") + "\n"
    monkeypatch.setattr(sys, "argv", ["exercises", "--solution", "iris.netwrok"])
    assert command_line.main() == 1
    assert "Did you mean iris.network" in capsys.readouterr().err


def test_a_strict_unsolved_notebook_stops_at_its_first_check(monkeypatch):
    """That every other one does so too follows: its stub is not started, a strict check raises."""
    monkeypatch.setenv("COURSE_STRICT", "1")
    monkeypatch.setenv("COURSE_PROGRESS", "")
    notebook = nbformat.read(source.SOURCES.parent / "00_start_here.ipynb", as_version=4)
    folder = {"metadata": {"path": str(source.SOURCES.parent)}}
    client = NotebookClient(notebook, kernel_name="python3", resources=folder)
    with pytest.raises(CellExecutionError, match=r"start\.double: ○ not started"):
        client.execute()
    first = next(cell for cell in notebook.cells if ".check(" in cell.source)
    assert [output.ename for output in first.outputs if output.output_type == "error"] == [
        "ExerciseNotPassed"
    ]


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
