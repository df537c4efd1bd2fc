"""Every check is tried on the stub, the solution, right and wrong answers, and garbage."""

import dataclasses
import io
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import answers
import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
import torch
import trials
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

import helpers
from helpers.exercises import EXERCISES, cases, core, records, sandbox, source
from helpers.exercises import __main__ as command_line

COURSE = Path(helpers.__file__).parents[1]
KEYS = sorted(EXERCISES)
TRIALS = [trial for key in KEYS for trial in trials.trials(key)]


@pytest.mark.parametrize("key", KEYS)
def test_every_exercise_is_described_and_tried(key):
    exercise = EXERCISES[key]
    assert len(answers.WRONG[key]) >= 3
    assert len(answers.RIGHT[key]) >= 1
    assert key in answers.OBVIOUS
    assert len(exercise.hints) >= 2
    assert exercise.heading.minutes >= 1
    assert exercise.heading.difficulty in ("complete", "debug", "build")


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


@pytest.mark.parametrize("key", KEYS)
def test_every_mistake_is_told_to_somebody(key):
    told = "\n".join(trials.message(key, answer) for answer, _ in answers.WRONG[key])
    untold = [sentence for sentence in EXERCISES[key].mistakes if sentence not in told]
    assert not untold


@pytest.mark.parametrize("key", KEYS)
def test_other_cases_make_no_difference(key, monkeypatch):
    """Right stays right, and wrong wrong, on cases made from another seed."""
    monkeypatch.setattr(cases, "SEED", 20)
    other = dataclasses.replace(EXERCISES[key])
    solution = other.grade(source.answer(key))
    assert solution.status == core.PASSED, solution
    for answer in answers.RIGHT[key]:
        result = other.grade(answer)
        assert result.status == core.PASSED, (answer, result)


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
    def answer(numbers):
        print("the numbers:", numbers, "x" * 1000)
        return numbers

    exercise.check(answer)
    shown = capsys.readouterr().out
    assert shown.startswith("✗ wrong: your function returns the list passed in: make a new list.")
    assert len(shown.splitlines()[-1]) < 250
    assert shown.splitlines()[-1].startswith("Your code printed: the numbers: []")


def test_what_is_printed_without_end_is_cut_off(exercise, monkeypatch):
    def answer(numbers):
        while True:
            print(numbers, "x" * 10_000)

    monkeypatch.setattr(core, "TIME_LIMIT", 0.5)
    result = exercise.grade(answer)
    assert result.status == core.ERROR
    assert len(result.printed) == sandbox.LONGEST_PRINT


def test_an_exception_names_the_students_line():
    code = "def make_network():\n    layers = 3\n    return nn.Linear(layers, undefined)\n"
    result = EXERCISES["iris.network"].grade(source.run("iris.network", code))
    assert result.status == core.ERROR
    assert "NameError: name 'undefined' is not defined (line 3 of your cell" in result.message
    assert "return nn.Linear(layers, undefined)" in result.message


def test_an_exception_in_a_class_names_the_students_line():
    code = source.solution("dataloaders.dataset").replace("len(self.X)", "len(self.missing)")
    answer = source.run("dataloaders.dataset", code)
    result = EXERCISES["dataloaders.dataset"].grade(answer)
    assert result.status == core.ERROR
    assert "of your cell: `return len(self.missing)`" in result.message


def test_grading_leaves_the_random_numbers_alone():
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    EXERCISES["iris.network"].grade(answers.RIGHT["iris.network"][0])
    assert torch.equal(torch.rand(3), expected)


# ---- The state of the kernel ------------------------------------------------------------------

STATES = {
    "float64": (torch.get_default_dtype, torch.set_default_dtype, torch.float64, torch.float32),
    "no autograd": (torch.is_grad_enabled, torch.set_grad_enabled, False, True),
    "meta": (torch.get_default_device, torch.set_default_device, torch.device("meta"), "cpu"),
    "anomaly": (torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly, True, False),
    "deterministic": (
        *(torch.are_deterministic_algorithms_enabled, torch.use_deterministic_algorithms),
        *(True, False),
    ),
    "NumPy raises": (
        *(np.geterr, lambda errors: np.seterr(**errors)),
        *(dict.fromkeys(("divide", "over", "under", "invalid"), "raise"), np.geterr()),
    ),
    "three threads": (torch.get_num_threads, torch.set_num_threads, 3, 1),
    "autocast": (
        *(lambda: torch.is_autocast_enabled("cpu"),),
        *(lambda on: torch.set_autocast_enabled("cpu", on), True, False),
    ),
}


@pytest.fixture
def strange_state():
    """Switch everything over that a notebook may leave switched over."""
    for _, put, strange, _ in STATES.values():
        put(strange)
    yield
    for _, put, _, usual in STATES.values():
        put(usual)


@pytest.mark.parametrize("key", KEYS)
def test_no_state_of_the_notebook_refuses_a_solution(key, strange_state):
    result = EXERCISES[key].grade(source.answer(key))
    assert result.status == core.PASSED, result
    assert {name: get() for name, (get, *_) in STATES.items()} == {
        name: strange for name, (_, _, strange, _) in STATES.items()
    }


def test_what_an_answer_switches_over_is_put_back(exercise, tmp_path):
    def answer(numbers):
        np.random.seed(3)
        np.seterr(all="raise")
        np.set_printoptions(precision=1)
        torch.set_printoptions(precision=1)
        torch.set_num_threads(2)
        os.chdir(tmp_path)
        os.environ["HOME"] = "/nowhere"
        plt.figure()
        return [2 * number for number in numbers]

    np.random.seed(0)
    before = (str(torch.tensor(0.12345)), str(np.array(0.12345)), np.geterr(), os.getcwd())
    environment, threads, figures = dict(os.environ), torch.get_num_threads(), plt.get_fignums()
    assert exercise.grade(answer).status == core.PASSED
    assert np.random.rand() == pytest.approx(0.5488135)
    assert before == (str(torch.tensor(0.12345)), str(np.array(0.12345)), np.geterr(), os.getcwd())
    assert (environment, threads) == (dict(os.environ), torch.get_num_threads())
    assert plt.get_fignums() == figures


def test_an_answer_that_leaves_a_switch_over_is_told(exercise):
    def without_gradients(numbers):
        torch.set_grad_enabled(False)
        return [2 * number for number in numbers]

    def in_doubles(numbers):
        torch.set_default_dtype(torch.float64)
        return [2 * number for number in numbers]

    assert "leaves autograd switched off" in exercise.grade(without_gradients).message
    assert "leaves the default dtype changed" in exercise.grade(in_doubles).message
    assert torch.is_grad_enabled()
    assert torch.get_default_dtype() == torch.float32


def test_what_remembers_earlier_calls_is_told(exercise):
    doubled, kept = [], []

    def adds_up(numbers):
        doubled.extend(2 * number for number in numbers)
        return list(doubled)

    def returns_the_same_list(numbers):
        kept[:] = [2 * number for number in numbers]
        return kept

    assert "it remembers an earlier call" in exercise.grade(adds_up).message
    assert "changes what an earlier call returned" in exercise.grade(returns_the_same_list).message


def test_a_compiled_answer_is_judged_as_it_was_written(exercise):
    @torch.compile
    def compiled(numbers):
        return [2 * number for number in numbers]

    assert exercise.grade(compiled).status == core.PASSED


def test_a_stub_with_another_docstring_is_not_started():
    for key in ("start.double", "autograd.neuron"):
        code = source.stub(key).replace('"""', '"""Mine: ', 1)
        result = EXERCISES[key].grade(source.run(key, code))
        assert result.status == core.NOT_STARTED, result


def test_endless_iterators_are_cut_off():
    assert core.take(iter(int, 1), 5) == [0] * 5
    assert core.take([1, 2], 5) == [1, 2]


# ---- Check, hint, solution --------------------------------------------------------------------


@pytest.fixture
def exercise(monkeypatch, tmp_path):
    """Return a fresh copy of the first exercise, with a record of its own."""
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "folder" / "progress.txt"))
    hints = ["one", "two"]
    return dataclasses.replace(EXERCISES["start.double"], hints=hints, hints_given=0, passed=False)


def right(numbers):
    return [number + number for number in numbers]


def empty(numbers):
    return []


WRONG = "✗ wrong: yours returns [], right is [0.0].\n  With numbers = [0.0]\n"


def test_check_prints_the_result_and_remembers(exercise, capsys):
    assert not exercise.done()
    assert "First solve" in capsys.readouterr().out
    exercise.check(...)
    assert capsys.readouterr().out.startswith("○ not started: Double.")
    exercise.check(empty)
    assert capsys.readouterr().out == WRONG
    assert records.passed() == set()
    exercise.check(right)
    assert capsys.readouterr().out == "✓ passed: Double.\n"
    assert records.passed() == {"start.double"}
    assert exercise.done()
    exercise.check(empty)
    assert not exercise.passed


@pytest.mark.parametrize("yes", ["1", "true", " True", "YES", "on"])
def test_strict_checks_raise(exercise, monkeypatch, yes):
    monkeypatch.setenv("COURSE_STRICT", yes)
    exercise.check(right)
    for answer in (..., empty):
        with pytest.raises(core.ExerciseNotPassed, match=r"start\.double"):
            exercise.check(answer)
    monkeypatch.setenv("COURSE_STRICT", "false")
    exercise.check(empty)


def test_a_console_without_the_check_mark_is_no_obstacle(exercise, monkeypatch):
    console = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    monkeypatch.setattr(sys, "stdout", console)
    exercise.check(right)
    exercise.check(...)
    console.flush()
    assert console.buffer.getvalue().splitlines()[0] == b"? passed: Double."


def test_hints_come_one_by_one_and_then_the_solution(exercise, capsys):
    for _ in range(3):
        exercise.hint()
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "Hint 1 of 2: one",
        "Hint 2 of 2: two",
        "No more hints. start.double.solution() shows one way to do it.",
    ]


def test_the_solution_is_the_code_of_the_source(capsys):
    EXERCISES["iris.network"].solution()
    shown = capsys.readouterr().out
    assert "nn.Linear(1024, 3)" in shown
    assert "###" not in shown
    assert shown.strip() in source.show_solutions(source.notebook_text("iris"))


@pytest.mark.parametrize("content", [b"", b"a.", b"iris.fit\niris.ne", b"\x00\xff", b"\n\n"])
def test_a_corrupt_record_is_no_obstacle(exercise, content):
    path = records.path()
    path.parent.mkdir()
    path.write_bytes(content)
    assert "start.double" not in records.passed()
    exercise.check(right)
    assert "start.double" in records.passed()


def test_what_is_no_file_of_ours_is_not_touched(exercise, monkeypatch, tmp_path):
    huge, pipe = tmp_path / "huge", tmp_path / "pipe"
    with huge.open("wb") as file:
        file.truncate(3_000_000_000)
    names = [str(huge), str(tmp_path), "with\0nul", "~no-such-user/progress.txt"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(pipe)
        names += [str(pipe), "/dev/full"]
    for name in names:
        if "\0" in name:
            monkeypatch.setattr(records, "path", lambda name=name: Path(name))
        else:
            monkeypatch.setenv("COURSE_PROGRESS", name)
        exercise.check(right)
        assert exercise.passed
        assert records.passed() == set()
        monkeypatch.undo()
    assert huge.stat().st_size == 3_000_000_000


def test_the_home_folder_is_understood(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("COURSE_PROGRESS", "~/progress.txt")
    records.remember("a.b")
    assert (tmp_path / "progress.txt").read_text().split() == ["a.b"]


def test_two_notebooks_at_once_lose_nothing(exercise):
    code = "from helpers.exercises import records as r\nfor i in range(200): r.remember(f'{0}.{i}')"
    environment = {**os.environ, "PYTHONPATH": str(COURSE)}
    commands = [[sys.executable, "-c", code.replace("{0}", name)] for name in ("one", "two")]
    running = [subprocess.Popen(command, env=environment) for command in commands]
    assert [process.wait(timeout=120) for process in running] == [0, 0]
    assert len(records.passed()) == 400


def test_a_record_that_cannot_be_written_is_no_obstacle(exercise, monkeypatch, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "file" / "progress.txt"))
    exercise.check(right)
    assert "✓ passed" in capsys.readouterr().out


@pytest.fixture
def record(monkeypatch, tmp_path):
    """Return the path of a fresh record; no exercise is passed."""
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.txt"))
    for exercise in EXERCISES.values():
        monkeypatch.setattr(exercise, "passed", False)
    return tmp_path / "progress.txt"


def test_progress_says_what_is_done_and_what_is_next(record):
    iris = [exercise for exercise in EXERCISES.values() if exercise.heading.notebook == "03_iris"]
    for exercise in (iris[0], iris[2]):
        records.remember(exercise.key)
    table = helpers.progress().set_index("notebook")
    assert set(table.index) == {exercise.heading.notebook for exercise in EXERCISES.values()}
    row = table.loc["03_iris"]
    assert row["passed"] == f"2 of {len(iris)}"
    assert row["next"] == iris[1].title
    assert (
        row["minutes left"]
        == sum(e.heading.minutes for e in iris) - iris[0].heading.minutes - iris[2].heading.minutes
    )
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
    assert all(exercise.use.__doc__ for exercise in EXERCISES.values())


def test_the_example_for_contributors_is_a_check_of_the_course():
    text = (COURSE / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
    example = re.search(r"<!-- from (\S+) -->\n```python\n(.*?)```", text, re.DOTALL)
    assert example[2] in (COURSE / example[1]).read_text(encoding="utf-8")
    assert len(example[2].splitlines()) < 30
