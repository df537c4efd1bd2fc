"""`python tests/sweep.py 200` tries solutions and right answers on cases from that many seeds.

Each seed gives other cases, other data and other initial weights; the notebook's state takes turns
among those of tests/test_exercises.py. None may be refused. It prints a line for each that is.
"""

import argparse
import dataclasses
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor

os.environ["COURSE_PROGRESS"] = ""
os.environ.setdefault("OMP_NUM_THREADS", "1")  # two processes on two cores

import trials
from test_exercises import STATES

from helpers.exercises import EXERCISES, cases, core, source


def try_seeds(task):
    """Try the right answers of an exercise on cases from each seed; return those refused."""
    key, seeds = task
    refused = []
    for seed in seeds:
        cases.SEED = seed
        exercise = dataclasses.replace(EXERCISES[key])  # without the cases of another seed
        name = list(STATES)[seed % len(STATES)]
        _, put, strange, usual = STATES[name]
        put(strange)
        try:
            for answer in (source.answer(key), *trials.answers.RIGHT[key]):
                result = exercise.grade(answer)
                if result.status != core.PASSED:
                    refused.append(f"{key}, seed {seed}, {name}, {answer.__name__}: {result}")
        finally:
            put(usual)
    return (len(trials.answers.RIGHT[key]) + 1) * len(seeds), refused


def main():
    """Try all exercises; return 1 if a right answer was refused."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("seeds", type=int, help="how many")
    parser.add_argument("topics", nargs="*", help="such as iris; all if none is named")
    options = parser.parse_args()
    keys = [k for k in EXERCISES if not options.topics or k.split(".")[0] in options.topics]
    started = time.perf_counter()
    tasks = [(key, range(1, options.seeds + 1)) for key in keys]
    with ProcessPoolExecutor(2) as pool:
        results = list(pool.map(try_seeds, tasks))
    refused = [line for _, lines in results for line in lines]
    print("\n".join(refused))
    count, seconds = sum(tried for tried, _ in results), time.perf_counter() - started
    print(f"{count} trials of right answers in {seconds:.0f} s, {len(refused)} refused.")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
