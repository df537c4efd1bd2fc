"""`python tests/benchmarks/run.py` measures the tutorials' way against the course's, and more.

--quick: fewer epochs, rows and repeats, under two minutes. --only tutorials limit: those groups.
A table is printed, and everything is written to a JSON file. See README.md beside this file.
"""

import argparse
import json
import os
import platform
import sys
import time
from pathlib import Path

os.environ.setdefault("COURSE_OFFLINE", "1")

import course
import growth
import limit
import overhead
import pandas as pd
import torch
import tutorials

from helpers.datasets import overview

HERE = Path(__file__).parent


def measure_tutorials(quick, say):
    """Return the rows of all tasks."""
    pairs = 1 if quick else 3
    return [tutorials.compare(task, pairs, say) for task in tutorials.tasks(quick)]


GROUPS = {
    "tutorials": measure_tutorials,
    "overhead": overhead.measure,
    "limit": limit.measure,
    "growth": growth.measure,
    "course": course.measure,
}


def main():
    """Measure the groups that the command line names; print tables; write the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="under two minutes")
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=list(GROUPS))
    parser.add_argument("--out", type=Path, default=HERE / "benchmarks.json", help="JSON file")
    options = parser.parse_args()
    report = {"machine": machine(), "quick": options.quick}
    for name in options.only:
        started = time.perf_counter()
        report[name] = GROUPS[name](options.quick, say)
        say(f"{name}: done in {time.perf_counter() - started:.0f} s")
        print(f"\n== {name}\n{pd.DataFrame(report[name]).to_string(index=False)}", flush=True)
        options.out.write_text(json.dumps(report, indent=1), encoding="utf-8")
    print(f"\nWritten to {options.out}.")


def machine():
    """Return what the figures depend on."""
    return {
        "system": platform.platform(terse=True),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "data": {row["name"]: row["source"] for row in overview()},
    }


def say(text):
    """Show on stderr what is being measured."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
