"""Every answer that the checks are tried on, and what must come of it."""

import contextlib
import importlib
import re
import sys
import time
import warnings
from dataclasses import dataclass

import answers
import numpy as np
import torch

from helpers.exercises import EXERCISES, cases, core, source

# Seconds: a busy machine may take long for what takes one elsewhere, and must say the same.
core.TIME_LIMIT, cases.PATIENCE = 120, 60

for module in sorted({key.split(".")[0] for key in EXERCISES}):
    importlib.import_module(f"answers.{module}")


MESSAGES = {}  # the last one to each answer, by key and id: grading all again takes minutes


@dataclass(frozen=True)
class Trial:
    """An answer to an exercise.

    kind: stub, solution, right, wrong, unfinished or garbage. text: what the message must contain.
    """

    key: str
    kind: str
    answer: object
    text: str = ""

    def __str__(self):
        name = getattr(self.answer, "__name__", type(self.answer).__name__)
        return f"{self.key}-{self.kind}-{name}"

    def fault(self):
        """Grade the answer; return in a sentence what the check did wrong, "" if nothing."""
        result = EXERCISES[self.key].grade(self.answer)
        MESSAGES[self.key, id(self.answer)] = result.message
        if self.kind in ("stub", "unfinished"):
            wanted = (core.NOT_STARTED,)
        elif self.kind in ("solution", "right"):
            wanted = (core.PASSED,)
        else:
            wanted = (core.WRONG, core.ERROR)
        if result.status not in wanted:
            return f"{self} should be {' or '.join(wanted)}, but: {result}"
        if "could not be checked" in result.message:
            return f"{self} was too strange for the check: {result}"
        if not 0 < len(result.message) < 1500 or len(result.message.splitlines()) > 12:
            return f"{self} gets a message of the wrong length: {result}"
        if bare(self.text) not in bare(result.message):
            return f"{self} should be told {self.text!r}, but: {result}"
        return ""


def bare(text):
    """Return a text without its numbers: another release of hypothesis may find another case."""
    return re.sub(r"-?\d+(\.\d+)?(e[+-]\d+)?", "#", text)


def message(key, answer):
    """Return what an answer is told, from an earlier trial if there was one."""
    place = key, id(answer)
    return MESSAGES[place] if place in MESSAGES else EXERCISES[key].grade(answer).message


def trials(key):
    """Return all trials of an exercise."""
    made = [
        Trial(key, "stub", source.run(key, source.stub(key))),
        Trial(key, "solution", source.answer(key)),
    ]
    made += [Trial(key, "right", answer) for answer in answers.RIGHT[key]]
    made += [Trial(key, "wrong", answer, text) for answer, text in answers.WRONG[key]]
    made += [Trial(key, "unfinished", answer) for answer in answers.UNFINISHED[key]]
    for answer in GARBAGE:
        made.append(Trial(key, "garbage", answer, "" if callable(answer) else "pass your "))
    return made


# ---- Garbage: what no exercise asks for -------------------------------------------------------


def raises(*args):
    raise RuntimeError("first line\nsecond line")


def exits(*args):
    raise SystemExit(1)


class Ends(BaseException):
    """Not an Exception, and it cannot even be printed."""

    def __str__(self):
        raise RuntimeError


def ends(*args):
    raise Ends


def closes_the_output(*args):
    sys.stdout.close()
    print("is there anybody?")


def prints(*args):
    print("hello")


def warns(*args):
    warnings.warn("careful", stacklevel=1)


def returns_a_tensor(*args):
    return torch.full((3, 2), torch.nan)


def returns_an_array(*args):
    return np.ones((3, 2), dtype=np.float32)


def changes_its_input(*args):
    for value in args:
        if isinstance(value, torch.Tensor):
            value.detach().zero_()
        elif isinstance(value, list | dict):
            value.clear()
    return args[0] if args else None


GARBAGE = [
    *(None, "text", 3.14, float("nan"), [], {}, object(), torch.zeros(3), torch.nn.Linear, print),
    *(lambda: None, lambda *args: None, lambda *args: "text", lambda *args: 0, lambda *args: []),
    *(lambda *args: (None, None), lambda *args: ("a", "b"), lambda *args: torch.nn.Identity()),
    *(
        lambda *args: args,
        lambda a, b, c, d, e, f: None,
        raises,
        exits,
        ends,
        closes_the_output,
        prints,
        warns,
    ),
    *(returns_a_tensor, returns_an_array, changes_its_input),
]


# ---- What never ends --------------------------------------------------------------------------


def takes_too_long(*args):
    time.sleep(30)


def swallows_everything(*args):
    while True:
        with contextlib.suppress(Exception):
            time.sleep(30)
