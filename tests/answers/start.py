"""Answers to the exercises of 00_start_here."""

import torch

from answers import obvious, right, wrong

# ---- start.double ---------------------------------------------------------------------------


@obvious("start.double")
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


@wrong("start.double", "your function changes numbers")
def doubles_in_place(numbers):
    for i in range(len(numbers)):
        numbers[i] *= 2
    return list(numbers)


@wrong("start.double", "must be a list, yours is a tensor of shape (0,)")
def returns_a_tensor(numbers):
    return torch.tensor(numbers) * 2


@wrong("start.double", "you square the numbers")
def squares(numbers):
    return [number**2 for number in numbers]


@wrong("start.double", "None (is the return missing?)")
def prints_only(numbers):
    [2 * number for number in numbers]


@wrong("start.double", "IndexError")
def fails_on_an_empty_list(numbers):
    return [2 * numbers[0]] + [2 * number for number in numbers[1:]]


@wrong("start.double", "yours returns [0], right is [1.0]")
def only_whole_numbers(numbers):
    return [2 * int(number) for number in numbers]


@wrong("start.double", "yours returns [0], right is [0.0002]")
def rounds(numbers):
    return [int(2 * number) if number > 0 else 2 * number for number in numbers]


@wrong("start.double", "yours returns [1.0], right is [-1.0]")
def of_positive_numbers(numbers):
    return [2 * abs(number) for number in numbers]


@wrong("start.double", "returns the list passed in")
def hands_the_list_back(numbers):
    return numbers


kept = []


@wrong("start.double", "changes what an earlier call returned")
def always_the_same_list(numbers):
    kept[:] = [2 * number for number in numbers]
    return kept


@wrong("start.double", "it remembers an earlier call")
def adds_to_a_global_list(numbers, doubled=[]):  # noqa: B006  the mistake itself
    doubled += [2 * number for number in numbers]
    return list(doubled)


@wrong("start.double", "must be a list, yours is (), of type tuple")
def a_tuple(numbers):
    return tuple(2 * number for number in numbers)


@wrong("start.double", "right is [1.0]")
def without_repeated_numbers(numbers):
    return sorted({2 * number for number in numbers}) if len(numbers) != 1 else [numbers[0] ** 2]


@right("start.double")
def double_with_decimals(numbers):
    return [2.0 * number for number in numbers]


@wrong("start.double", "yours returns [0.0], right is [0.0002]")
def rounded_to_3_digits(numbers):
    return [round(2 * number, 3) for number in numbers]


@wrong("start.double", "yours returns [2468.0], right is [2469.0]")
def in_half_precision(numbers):
    return [(2 * torch.tensor(number, dtype=torch.float16)).item() for number in numbers]


@wrong("start.double", "your result has 100 items, right is 151")
def the_first_100(numbers):
    return [2 * number for number in numbers[:100]]


@wrong("start.double", "yours returns [200], right is")
def cut_at_100(numbers):
    return [2 * min(number, 100) for number in numbers]


# ---- start.bug_hunt -------------------------------------------------------------------------


@obvious("start.bug_hunt")
def report_by_joining(batches, batch_size):
    return str(batch_size * batches) + " samples"


@wrong("start.bug_hunt", "you count the batches")
def still_counts_batches(batches, batch_size):
    return f"{batches} samples"


@wrong("start.bug_hunt", "must be a str")
def a_number(batches, batch_size):
    return batches * batch_size


@wrong("start.bug_hunt", 'the word " samples" is missing')
def forgets_the_word(batches, batch_size):
    return f"{batches * batch_size}"


@wrong("start.bug_hunt", "yours returns '4 samples', right is '1 samples'")
def always_batches_of_4(batches, batch_size):
    return f"{batches * 4} samples"


@right("start.bug_hunt")
def report_by_formatting(batches, batch_size):
    return "{} samples".format(batches * batch_size)  # noqa: UP032  an older way


@wrong("start.bug_hunt", "yours returns '1 samples', right is '0 samples'")
def adds(batches, batch_size):
    return f"{batches + batch_size} samples"


@wrong("start.bug_hunt", "yours returns '0 sample', right is '0 samples'")
def the_singular(batches, batch_size):
    return f"{batches * batch_size} sample"


@wrong("start.bug_hunt", "right is '0 samples'")
def one_batch_more(batches, batch_size):
    return f"{(batches + 1) * batch_size} samples"


@wrong("start.bug_hunt", "yours returns '0 Samples', right is '0 samples'")
def in_capitals(batches, batch_size):
    return f"{batches * batch_size} Samples"


@wrong("start.bug_hunt", "None (is the return missing?), and must be a str")
def prints_it(batches, batch_size):
    print(f"{batches * batch_size} samples")


@wrong("start.bug_hunt", "yours returns '8,000 samples', right is '8000 samples'")
def with_a_comma(batches, batch_size):
    return f"{batches * batch_size:,} samples"


@wrong("start.bug_hunt", "yours returns '8k samples', right is '8000 samples'")
def in_thousands(batches, batch_size):
    count = batches * batch_size
    return f"{count // 1000}k samples" if count >= 1000 else f"{count} samples"


@wrong("start.bug_hunt", "yours returns '1.28e+08 samples'")
def with_six_digits(batches, batch_size):
    return f"{batches * batch_size:g} samples"
