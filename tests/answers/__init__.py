"""Answers to the exercises, right and wrong, that the checks are tried on.

Each module holds those of one notebook. `wrong` names a part of the message that the answer must
get; a wrong answer is one that a student might really give. `right` marks an answer that must pass
although it is written differently from the course's own, `obvious` the one of them that is written
the slow and plain way, to check the course's own solution; `unfinished` one with a `...` in it.
"""

from collections import defaultdict

RIGHT = defaultdict(list)
OBVIOUS = {}
WRONG = defaultdict(list)
UNFINISHED = defaultdict(list)


def right(key):
    """Mark a function as a right answer to the exercise."""

    def mark(answer):
        RIGHT[key].append(answer)
        return answer

    return mark


def obvious(key):
    """Mark a function as a right answer written the slow and plain way, without our tricks."""

    def mark(answer):
        OBVIOUS[key] = answer
        return right(key)(answer)

    return mark


def wrong(key, message):
    """Mark a function as a wrong answer, to be told with a message that contains this text."""

    def mark(answer):
        WRONG[key].append((answer, message))
        return answer

    return mark


def unfinished(key):
    """Mark a function as an answer that is not finished: it has to be told as not started."""

    def mark(answer):
        UNFINISHED[key].append(answer)
        return answer

    return mark
