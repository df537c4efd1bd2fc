"""`python -m helpers.exercises` lists the exercises; `--solution KEY` prints one's solution."""

import argparse
import difflib
import sys

from helpers.exercises import EXERCISES, passed


def show():
    """Print a line for each exercise, under the name of its notebook."""
    done, notebook = passed(), None
    for key, exercise in EXERCISES.items():
        heading = exercise.heading
        if heading.notebook != notebook:
            notebook = heading.notebook
            print(notebook)
        sign = "✓" if key in done else "○"
        level = f"{heading.minutes} min, {heading.difficulty}"
        print(f"  {sign} {key:<28}{level:<18}{heading.title}")
    print(f"{len(EXERCISES)} exercises, {len(done)} passed.")


def solution(key):
    """Print the solution of an exercise; return 1 if there is no such exercise."""
    if key in EXERCISES:
        EXERCISES[key].solution()
        return 0
    near = difflib.get_close_matches(key, EXERCISES, n=3, cutoff=0.3)
    meant = f" Did you mean {' or '.join(near)}?" if near else ""
    print(f"There is no exercise {key!r}.{meant}", file=sys.stderr)
    return 1


def main():
    """List the exercises, or print the solution that the command line names."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.exercises", description="List the exercises."
    )
    parser.add_argument("--solution", metavar="KEY", help="print the solution of this exercise")
    key = parser.parse_args().solution
    if key is not None:
        return solution(key)
    show()
    return 0


if __name__ == "__main__":
    sys.exit(main())
