"""Checks of the exercises in 00_start_here."""

from hypothesis import strategies as st

from helpers.exercises.cases import Code, grid, lists, one_of, sizes
from helpers.exercises.compare import kind
from helpers.exercises.core import call, exercise, expect
from helpers.exercises.quiz import Question, Quiz

quiz = Quiz(
    Question(
        right="c",
        reasons={
            "a": "That is what a list does. A tensor computes with its numbers.",
            "b": "A tensor can be multiplied by a number.",
            "c": "Each number of a tensor is multiplied.",
        },
    ),
    Question(
        right="b",
        reasons={
            "a": "0.1 + 0.2 is 0.30000000000000004, so this would never stop.",
            "b": "It allows for the last digits, which a computer rounds.",
            "c": "The text has the rounded digits too: 0.1 + 0.2 gives 0.30000000000000004.",
        },
    ),
    Question(
        right="a",
        reasons={
            "a": "Each batch holds 16 pictures: 500 * 16 = 8000.",
            "b": "500 is the number of batches.",
            "c": "Each of the 500 batches holds 16 pictures: multiply.",
        },
    ),
    Question(
        right="c",
        reasons={
            "a": "A row holds what the pictures show; these are in the row dog.",
            "b": "Each picture shows one class.",
            "c": "The row says what the picture shows, the column what the network said.",
        },
    ),
    Question(
        right="b",
        reasons={
            "a": "The examples stay what they are.",
            "b": "It adjusts them until its answers fit the examples.",
            "c": "The code stays the same: only the numbers it computes with change.",
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
