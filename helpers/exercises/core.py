"""What every exercise is made of: the Exercise, and the expectations that its check states."""

import ast
import inspect
import io
import os
import random
import signal
import textwrap
import threading
import traceback
import warnings
from contextlib import contextmanager, nullcontext, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field

import numpy as np
import torch

from helpers.exercises import records, source

NOT_STARTED, PASSED, WRONG, ERROR = "not started", "passed", "wrong", "error"
TIME_LIMIT = 20  # seconds for one check: none needs 2 on a slow laptop


@dataclass(frozen=True)
class Result:
    """What a check found: a status (not started, passed, wrong or error) and a message.

    printed: what the student's code printed meanwhile.
    """

    status: str
    message: str
    printed: str = ""

    def __str__(self):
        sign = {PASSED: "✓", NOT_STARTED: "○"}.get(self.status, "✗")
        return f"{sign} {self.status}: {self.message}"


class NotStarted(Exception):
    """The answer is still the stub."""


class Wrong(Exception):
    """The answer is not what was asked for; the message says why."""


class StudentError(Exception):
    """The student's code raised an exception; the message gives it and its line."""


class TookTooLong(BaseException):
    """The time limit is over. No Exception, lest `except Exception` in an answer swallow it."""


class ExerciseNotPassed(AssertionError):
    """Raised by a check that does not pass when COURSE_STRICT=1."""


@dataclass
class Exercise:
    """One exercise: check an answer, ask for a hint, look at the solution.

    test: a function of the answer that returns when it is right and raises otherwise.
    """

    key: str
    title: str
    notebook: str
    minutes: int
    difficulty: str
    hints: list[str]
    test: callable = field(repr=False)
    hints_given: int = field(default=0, repr=False)
    passed: bool = field(default=False, repr=False)

    def grade(self, answer):
        """Return the Result for an answer; print nothing and change nothing."""
        printed = io.StringIO()
        try:
            if answer is ... or is_stub(answer, self.key):
                raise NotStarted
            with fixed_randomness(), quiet(printed), time_limit(TIME_LIMIT):
                self.test(answer)
            status, message = PASSED, f"{self.title}."
        except NotStarted:
            status, message = NOT_STARTED, f"{self.title}. Replace the ... in the cell above."
        except Wrong as wrong:
            status, message = WRONG, str(wrong)
        except StudentError as error:
            status, message = ERROR, str(error)
        except TookTooLong:
            status = ERROR
            message = f"stopped after {TIME_LIMIT} seconds. Is there a loop that never ends?"
        except Exception as error:  # an answer so strange that the check itself stumbles
            status, message = ERROR, f"this answer could not be checked ({describe(error)})."
        return Result(status, message, printed.getvalue())

    def check(self, answer):
        """Grade the answer and print the result in a line; remember that it passed."""
        result = self.grade(answer)
        self.passed = result.status == PASSED
        if self.passed:
            records.remember(self.key)
        print(result)
        if result.printed and not self.passed:  # many people look for a mistake with print
            print(f"Your code printed: {textwrap.shorten(result.printed, 200)}")
        if os.environ.get("COURSE_STRICT") == "1" and not self.passed:
            raise ExerciseNotPassed(f"{self.key}: {result}")

    def hint(self):
        """Print one more hint at each call; after the last, point to the solution."""
        if self.hints_given < len(self.hints):
            hint = self.hints[self.hints_given]
            self.hints_given += 1
            print(f"Hint {self.hints_given} of {len(self.hints)}: {hint}")
        else:
            print(f"No more hints. {self.key}.solution() shows one way to do it.")

    def solution(self):
        """Print the solution, taken from the notebook's source."""
        print(source.solution(self.key))

    def done(self):
        """Return True once the check has passed in this kernel; otherwise say what comes first."""
        if not self.passed:
            print(f'→ First solve the exercise "{self.title}" and run its check.')
        return self.passed


def exercise(*, title, notebook, minutes, difficulty, hints):
    """Make an Exercise of the check function below; its key is <module>.<function>."""

    def decorate(test):
        key = f"{test.__module__.rsplit('.', 1)[-1]}.{test.__name__}"
        return Exercise(key, title, notebook, minutes, difficulty, hints, test)

    return decorate


@contextmanager
def fixed_randomness():
    """Seed every generator, make tensors on the CPU, and put everything back afterwards.

    That includes autograd's switch, which an answer may have left off.
    """
    recording = torch.is_grad_enabled()
    on_cpu = torch.get_default_device().type == "cpu"
    states = torch.get_rng_state(), np.random.get_state(), random.getstate()
    torch.manual_seed(0)
    np.random.seed(0)
    random.seed(0)
    try:
        with nullcontext() if on_cpu else torch.device("cpu"):
            yield
    finally:
        torch.set_grad_enabled(recording)
        torch.set_rng_state(states[0])
        np.random.set_state(states[1])
        random.setstate(states[2])


@contextmanager
def quiet(printed):
    """Keep what is printed in a StringIO, and drop warnings: a check calls an answer many times."""
    with redirect_stdout(printed), redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def time_limit(seconds):
    """Raise TookTooLong after this many seconds; Windows and side threads have no such alarm."""
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_):
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)  # again each second, should one be swallowed
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# ---- Running the student's code -------------------------------------------------------------


def call(function, *args, **kwargs):
    """Return function(*args); an exception in it becomes a StudentError with the student's line."""
    try:
        value = function(*args, **kwargs)
    except (Exception, SystemExit) as error:
        raise StudentError(describe(error)) from error
    if value is ...:
        raise NotStarted
    return value


def describe(error):
    """Return "TypeError: ... (line 3 of your cell: `...`)" for an exception."""
    text = " ".join(str(error).split())
    text = f"{type(error).__name__}: {text[:300]}" if text else type(error).__name__
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        # A notebook's cell has lines, but no file on the disk.
        if frame.line and not os.path.exists(frame.filename) and "<frozen" not in frame.filename:
            return f"{text} (line {frame.lineno} of your cell: `{frame.line}`)"
    return text


def is_stub(answer, key):
    """Return True if a function's code is still what the unsolved notebook holds."""
    stub = source.stub(key)
    if stub is None or not inspect.isfunction(answer):
        return False
    try:
        own = ast.parse(textwrap.dedent(inspect.getsource(answer))).body[0]
    except (OSError, SyntaxError, IndexError, TypeError):
        return False
    return ast.dump(own) in map(ast.dump, ast.parse(stub).body)


# ---- Expectations: each returns when it is met and raises Wrong when not ------------------------


def expect(condition, message):
    """Fail with the message unless the condition holds."""
    if not condition:
        raise Wrong(message)


def expect_function(answer, name):
    """Expect something that can be called."""
    expect(callable(answer), f"pass your function {name} itself; this is {kind(answer)}.")


def expect_type(value, types, name):
    """Expect a value of one of the types."""
    types = types if isinstance(types, tuple) else (types,)
    wanted = " or ".join(type_.__name__ for type_ in types)
    expect(isinstance(value, types), f"{name} must be a {wanted}, yours is {kind(value)}.")


def expect_tensor(value, name, shape=None, dtype=None):
    """Expect a tensor, of this shape and dtype if given."""
    expect(isinstance(value, torch.Tensor), f"{name} must be a tensor, yours is {kind(value)}.")
    if shape is not None:
        expect(
            tuple(value.shape) == tuple(shape),
            f"{name} must have shape {tuple(shape)}, yours has {tuple(value.shape)}.",
        )
    if dtype is not None:
        expect(value.dtype == dtype, f"{name} must be {dtype}, yours is {value.dtype}.")


def expect_number(value, name):
    """Expect a plain Python number, not a tensor that drags its graph along; return it."""
    if isinstance(value, torch.Tensor):
        raise Wrong(f"{name} must be a plain number, yours is a tensor: use .item().")
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    expect(number, f"{name} must be a number, yours is {kind(value)}.")
    return float(value)


def expect_close(value, expected, name, tolerance=1e-4):
    """Expect numbers that agree; name the first place where they do not."""
    value = torch.as_tensor(value, dtype=torch.float64).detach()
    expected = torch.as_tensor(expected, dtype=torch.float64).detach()
    expect(
        value.shape == expected.shape,
        f"{name} must have shape {tuple(expected.shape)}, yours has {tuple(value.shape)}.",
    )
    far = ~torch.isclose(value, expected, rtol=tolerance, atol=tolerance)
    if far.any():
        place = far.nonzero()[0].tolist()
        where = f"[{', '.join(map(str, place))}]" if place else ""
        raise Wrong(
            f"{name}{where} should be {expected[tuple(place)].item():.4g}, "
            f"yours is {value[tuple(place)].item():.4g}."
        )


def is_close(value, expected, tolerance=1e-4):
    """Return True if the numbers agree: used to recognise a known mistake by its result."""
    try:
        expect_close(value, expected, "", tolerance)
    except (Wrong, TypeError, ValueError, RuntimeError):
        return False
    return True


def kind(value):
    """Return a short description of a value for a message."""
    if value is None:
        return "None (is the return missing?)"
    if isinstance(value, torch.Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    return f"of type {type(value).__name__}"
