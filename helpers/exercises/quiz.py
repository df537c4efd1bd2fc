"""Quizzes: questions with a few choices, answered at once, with a reason for every choice.

The question and its choices stand in the notebook; here stand the right letter and the reasons.
"""

from dataclasses import dataclass

from helpers.exercises.core import say, strict
from helpers.exercises.verdicts import (
    ERROR,
    NOT_STARTED,
    PASSED,
    WRONG,
    ExerciseNotPassed,
    Result,
)


@dataclass(frozen=True)
class Question:
    """One question: the letter of the right choice, and a reason for each letter."""

    right: str
    reasons: dict[str, str]


class Quiz:
    """The questions of one notebook, numbered from 1: `iris.quiz(2, "b")` answers the second."""

    def __init__(self, *questions):
        self.questions = questions

    def __call__(self, number, choice):
        """Print whether the choice is right, and why."""
        result = self.grade(number, choice)
        say(result)
        if strict() and result.status != PASSED:
            raise ExerciseNotPassed(f"question {number}: {result}")

    def grade(self, number, choice):
        """Return the Result for a choice; change nothing."""
        if type(number) is not int or not 1 <= number <= len(self.questions):
            shown = repr(number)[:40]
            return Result(ERROR, f"there is no question {shown}: 1 to {len(self.questions)}.")
        question = self.questions[number - 1]
        letters = ", ".join(f'"{letter}"' for letter in question.reasons)
        if choice is ...:
            return Result(NOT_STARTED, f"replace the ... by one of {letters}.")
        letter = choice.strip().lower() if isinstance(choice, str) else choice
        if not isinstance(letter, str) or letter not in question.reasons:
            return Result(ERROR, f"answer with one of {letters}, in quotes.")
        status = PASSED if letter == question.right else WRONG
        return Result(status, question.reasons[letter])
