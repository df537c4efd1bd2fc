"""Quizzes: questions with a few choices, answered at once, with a reason for every choice.

The question and its choices stand in the notebook; here stand the right letter and the reasons.
"""

import os
from dataclasses import dataclass

from helpers.exercises.core import ERROR, NOT_STARTED, PASSED, WRONG, ExerciseNotPassed, Result


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
        print(result)
        if os.environ.get("COURSE_STRICT") == "1" and result.status != PASSED:
            raise ExerciseNotPassed(f"question {number}: {result}")

    def grade(self, number, choice):
        """Return the Result for a choice; change nothing."""
        if number not in range(1, len(self.questions) + 1):
            return Result(ERROR, f"there is no question {number!r}.")
        question = self.questions[number - 1]
        letters = ", ".join(f'"{letter}"' for letter in question.reasons)
        if choice is ...:
            return Result(NOT_STARTED, f"replace the ... by one of {letters}.")
        if not isinstance(choice, str) or choice.lower() not in question.reasons:
            return Result(ERROR, f"answer with one of {letters}.")
        status = PASSED if choice.lower() == question.right else WRONG
        return Result(status, question.reasons[choice.lower()])
