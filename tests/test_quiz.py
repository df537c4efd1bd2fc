"""Quizzes: every choice has its reason, and the notebooks show the choices that exist."""

import importlib
import re

import pytest
import torch

from helpers.exercises import EXERCISES, core
from helpers.exercises.quiz import Question, Quiz
from helpers.exercises.source import SOURCES

MODULES = sorted({exercise.key.split(".")[0] for exercise in EXERCISES.values()})


@pytest.mark.parametrize("name", MODULES)
def test_the_notebook_shows_the_choices_that_have_reasons(name):
    quiz = importlib.import_module(f"helpers.exercises.{name}").quiz
    notebook = next(
        e.heading.notebook for key, e in EXERCISES.items() if key.startswith(f"{name}.")
    )
    text = (SOURCES / f"{notebook}.py").read_text(encoding="utf-8")
    assert len(quiz.questions) == 5
    for number, question in enumerate(quiz.questions, start=1):
        shown = re.search(
            rf"^# \*\*{number}\.\*\*(.*?)^# %%\n(.*?)$", text, re.DOTALL | re.MULTILINE
        )
        assert re.findall(r"^# - \*\*(\w)\*\* ", shown[1], re.MULTILINE) == list(question.reasons)
        call = f"{name}.quiz({number}, "
        assert shown[2] == f'{call}"{question.right}")  ### STUB: {call}...)'


@pytest.mark.parametrize("name", MODULES)
def test_every_choice_is_answered(name):
    quiz = importlib.import_module(f"helpers.exercises.{name}").quiz
    for number, question in enumerate(quiz.questions, start=1):
        for letter, reason in question.reasons.items():
            result = quiz.grade(number, letter)
            assert (result.status == core.PASSED) == (letter == question.right)
            assert result.message == reason
            assert len(reason) > 20
    letters = [question.right for question in quiz.questions]
    assert len(set(letters)) > 1  # not always the same letter


@pytest.mark.parametrize("choice", [None, "z", 1, ["b"], "", "ab"])
def test_no_letter_of_the_question_is_told(choice):
    quiz = Quiz(Question("a", {"a": "yes", "b": "no"}))
    assert quiz.grade(1, choice) == core.Result(
        core.ERROR, 'answer with one of "a", "b", in quotes.'
    )


@pytest.mark.parametrize("number", [0, 3, -1, 1.0, True, "1", None, [1], torch.ones(2)])
def test_no_number_of_a_question_is_told(number):
    quiz = Quiz(Question("a", {"a": "yes", "b": "no"}), Question("b", {"a": "no", "b": "yes"}))
    result = quiz.grade(number, "a")
    assert result.status == core.ERROR
    assert result.message.startswith("there is no question ")
    assert result.message.endswith(": 1 to 2.")


def test_strict_quizzes_raise(monkeypatch, capsys):
    quiz = Quiz(Question("a", {"a": "yes", "b": "no"}))
    quiz(1, ...)
    assert capsys.readouterr().out == '○ not started: replace the ... by one of "a", "b".\n'
    assert quiz.grade(2, "a").status == core.ERROR
    monkeypatch.setenv("COURSE_STRICT", "1")
    quiz(1, "A")
    for choice in ("b", ...):
        with pytest.raises(core.ExerciseNotPassed, match="question 1"):
            quiz(1, choice)
