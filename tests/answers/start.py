"""Answers to the exercises of 00_start_here."""

import torch

from answers import right, wrong

# ---- start.double ---------------------------------------------------------------------------


@right("start.double")
def double_with_a_loop(numbers):
    doubled = []
    for number in numbers:
        doubled.append(number + number)
    return doubled


@right("start.double")
def double_with_map(numbers):
    return list(map(lambda number: number * 2, numbers))


@wrong("start.double", "a list times 2 is repeated")
def repeats(numbers):
    return numbers * 2


@wrong("start.double", "changes the list that is passed in")
def doubles_in_place(numbers):
    for i in range(len(numbers)):
        numbers[i] *= 2
    return list(numbers)


@wrong("start.double", "must be a list, yours is a tensor of shape (3,)")
def returns_a_tensor(numbers):
    return torch.tensor(numbers) * 2


@wrong("start.double", "must be [6, 2, 4], yours is [9, 1, 4]")
def squares(numbers):
    return [number**2 for number in numbers]


@wrong("start.double", "None (is the return missing?)")
def prints_only(numbers):
    [2 * number for number in numbers]


@wrong("start.double", "IndexError")
def fails_on_an_empty_list(numbers):
    return [2 * numbers[0]] + [2 * number for number in numbers[1:]]


@wrong("start.double", "must be [-3.0, 0.0, 8.0, 8.0]")
def only_whole_numbers(numbers):
    return [2 * int(number) for number in numbers]


# ---- start.bug_hunt -------------------------------------------------------------------------


@right("start.bug_hunt")
def report_by_joining(batches, batch_size):
    return str(batch_size * batches) + " samples"


@wrong("start.bug_hunt", 'must be "8000 samples", yours is "2000 samples"')
def still_counts_batches(batches, batch_size):
    return f"{batches} samples"


@wrong("start.bug_hunt", "must be a str, yours is of type int")
def a_number(batches, batch_size):
    return batches * batch_size


@wrong("start.bug_hunt", 'yours is "8000"')
def forgets_the_word(batches, batch_size):
    return f"{batches * batch_size}"


@wrong("start.bug_hunt", 'must be "448 samples"')
def always_batches_of_4(batches, batch_size):
    return f"{batches * 4} samples"
