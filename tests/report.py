"""`python tests/report.py` prints how many answers each check was tried on, and every fault."""

import os
import sys
import time
from collections import Counter

os.environ["COURSE_PROGRESS"] = ""

import trials

from helpers.exercises import EXERCISES

KINDS = ("stub", "solution", "right", "wrong", "unfinished", "garbage")


def main():
    """Try every answer; print a Markdown table; return 1 if a check was at fault."""
    started, total, faults = time.perf_counter(), Counter(), []
    print(f"| exercise | {' | '.join(KINDS)} | faults |")
    print("|---" * (len(KINDS) + 2) + "|")
    for key in EXERCISES:
        tried = trials.trials(key)
        found = [fault for fault in (trial.fault() for trial in tried) if fault]
        count = Counter(trial.kind for trial in tried)
        print(f"| {key} | {' | '.join(str(count[kind]) for kind in KINDS)} | {len(found)} |")
        total += count
        faults += found
    print(f"| {len(EXERCISES)} exercises | ", end="")
    print(f"{' | '.join(str(total[kind]) for kind in KINDS)} | {len(faults)} |\n")
    for fault in faults:
        print(fault)
    seconds = time.perf_counter() - started
    print(
        f"{total.total()} answers in {seconds:.0f} s: {len(faults)} let through or refused wrongly."
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
