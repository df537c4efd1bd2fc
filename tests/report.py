"""`python tests/report.py` prints how many answers each check was tried on, and every fault.

`report.py --seconds` prints instead how long checks take: right answers in a fresh kernel's state,
then all answers.
"""

import argparse
import os
import statistics
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

os.environ["COURSE_PROGRESS"] = ""
os.environ.setdefault("OMP_NUM_THREADS", "1")  # two processes on two cores

import trials

from helpers.exercises import EXERCISES

KINDS = ("stub", "solution", "right", "wrong", "unfinished", "garbage")


def try_all(key):
    """Try all answers to an exercise; return its key, counts by kind, faults and seconds."""
    count, faults, seconds = Counter(), [], []
    for trial in trials.trials(key):
        started = time.perf_counter()
        fault = trial.fault()
        seconds.append((time.perf_counter() - started, str(trial)))
        count[trial.kind] += 1
        if fault:
            faults.append(fault)
    return key, count, faults, seconds


def main():
    """Try every answer; print a Markdown table; return 1 if a check was at fault."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", action="store_true", help="print the slowest checks too")
    options = parser.parse_args()
    started, total, faults, seconds = time.perf_counter(), Counter(), [], []
    print(f"| exercise | {' | '.join(KINDS)} | faults |")
    print("|---" * (len(KINDS) + 2) + "|")
    with ProcessPoolExecutor(2) as pool:
        for key, count, found, own in pool.map(try_all, EXERCISES):
            print(f"| {key} | {' | '.join(str(count[kind]) for kind in KINDS)} | {len(found)} |")
            total += count
            faults += found
            seconds += own
    print(f"| {len(EXERCISES)} exercises | ", end="")
    print(f"{' | '.join(str(total[kind]) for kind in KINDS)} | {len(faults)} |\n")
    for fault in faults:
        print(fault)
    if options.seconds:
        seconds.sort()
        print(f"median {statistics.median(second for second, _ in seconds):.3f} s; the slowest:")
        for second, name in seconds[-10:]:
            print(f"  {second:.2f} s {name}")
    print(
        f"{total.total()} answers in {time.perf_counter() - started:.0f} s: "
        f"{len(faults)} let through or refused wrongly."
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
