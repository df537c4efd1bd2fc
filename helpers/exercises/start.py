"""Checks of the exercises in 00_start_here."""

from helpers.exercises.core import Wrong, call, exercise, expect, expect_function, expect_type
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
    title="Double",
    notebook="00_start_here",
    minutes=2,
    difficulty="complete",
    hints=[
        "A list comprehension makes a new list: [f(number) for number in numbers].",
        "What stands in the place of f(number)? 2 * number.",
    ],
)
def double(double):
    """double(numbers) -> a new list with each number times 2."""
    expect_function(double, "double")
    for numbers in ([3, 1, 2], [-1.5, 0.0, 4.0, 4.0], []):
        given = list(numbers)
        answer = call(double, given)
        expect_type(answer, list, f"double({numbers})")
        expect(
            given == numbers, "your function changes the list that is passed in: make a new list."
        )
        expected = [2 * number for number in numbers]
        if numbers and answer == numbers * 2:
            raise Wrong("a list times 2 is repeated: go through its numbers one by one.")
        expect(answer == expected, f"double({numbers}) must be {expected}, yours is {answer}.")


@exercise(
    title="Bug hunt: count samples, not batches",
    notebook="00_start_here",
    minutes=2,
    difficulty="debug",
    hints=[
        "How many samples are in 2000 batches of 4?",
        "An f-string computes what is in its braces: {batches * batch_size}.",
    ],
)
def bug_hunt(report):
    """report(batches, batch_size) -> the text "<number of samples> samples"."""
    expect_function(report, "report")
    for batches, batch_size in ((2000, 4), (7, 64), (1, 1)):
        answer = call(report, batches, batch_size)
        expect_type(answer, str, f"report({batches}, {batch_size})")
        expected = f"{batches * batch_size} samples"
        expect(
            answer == expected,
            f'report({batches}, {batch_size}) must be "{expected}", yours is "{answer[:60]}".',
        )
