"""Checks of the exercises in 00_start_here."""

from hypothesis import strategies as st

from helpers.exercises.cases import Code, grid, lists, one_of, sizes
from helpers.exercises.compare import kind
from helpers.exercises.core import call, exercise, expect
from helpers.exercises.quiz import Question, Quiz

quiz = Quiz(
    Question(
        right="b",
        reasons={
            "a": "A wrong answer is marked with ✗ wrong, and the line says what is wrong.",
            "b": "Replace the ... by your code, run the cell, and then the check again.",
            "c": "The check has been run, and it found the ... that stands for your answer.",
        },
    ),
    Question(
        right="c",
        reasons={
            "a": "That works, but you learn more from one hint at a time.",
            "b": "Later exercises build on earlier ones; a hint gets you on sooner.",
            "c": "One hint at a time, then solution() if nothing else helps.",
        },
    ),
    Question(
        right="a",
        reasons={
            "a": "It has the same columns or shapes, so all code runs; its results mean nothing.",
            "b": "No row of a stand-in is real: only its form is.",
            "c": "A line says that it is used, and the notebook goes on.",
        },
    ),
    Question(
        right="b",
        reasons={
            "a": "Then you read the answer instead of thinking of it.",
            "b": "A prediction that turns out wrong shows you what to learn.",
            "c": "Wherever you read Predict, in the text between the cells.",
        },
    ),
    Question(
        right="c",
        reasons={
            "a": "That is what a list does. A tensor computes with its numbers.",
            "b": "A tensor can be multiplied by a number.",
            "c": "Each number of a tensor is multiplied.",
        },
    ),
)


@exercise(
    hints=[
        "A list comprehension makes a new list: [f(number) for number in numbers].",
        "What stands in the place of f(number)? 2 * number.",
    ],
    cases=st.fixed_dictionaries({"numbers": lists(grid(-2, 2) | one_of(3, 1e-4, 1234.5, 10**10))}),
    more_cases=({"numbers": Code("[n / 8 for n in range(-50, 101)]")},),
    mistakes={
        "a list times 2 is repeated: take its numbers one by one.": lambda right, x: x * 2,
        "you square the numbers: 2 * number doubles one.": lambda right, x: [n**2 for n in x],
    },
)
def double(double, numbers):
    """double(numbers) -> a new list with each number times 2."""
    answer = call(double, numbers)
    expect(isinstance(answer, list), f"double(numbers) must be a list, yours is {kind(answer)}.")
    expect(answer is not numbers, "your function returns the list passed in: make a new list.")
    return answer


@exercise(
    hints=[
        "How many samples are in 2000 batches of 4?",
        "An f-string computes what is in its braces: {batches * batch_size}.",
    ],
    cases=st.fixed_dictionaries({"batches": sizes(0, 9), "batch_size": sizes(1, 9)}),
    more_cases=({"batches": 2000, "batch_size": 4}, {"batches": 10**6, "batch_size": 128}),
    mistakes={
        "you count the batches: each holds batch_size samples.": (
            lambda right, batches, batch_size: f"{batches} samples"
        ),
        'the word " samples" is missing.': lambda right, b, size: f"{b * size}",
    },
)
def bug_hunt(report, batches, batch_size):
    """report(batches, batch_size) -> the text "<number of samples> samples"."""
    return call(report, batches, batch_size)
