"""Measures loading the data sets: seconds and peak memory, first from the source, then the cache.

Run: COURSE_DATA=../shared/data python tests/benchmarks/datasets.py
"""

import os
import subprocess
import sys
import tempfile

CALLS = ("load_rain()", "load_cifar10()", "load_cifar10(train=False)")
PROGRAM = """
import sys, time
import pandas, PIL.Image, helpers
start = time.perf_counter()
data = helpers.{call}
seconds = time.perf_counter() - start
source = data.source if hasattr(data, "source") else data.attrs["source"]
try:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB; bytes on a Mac
    memory = f"{{peak / (2**20 if sys.platform == 'darwin' else 2**10):.0f}} MiB"
except ImportError:
    memory = "unknown"
print(f"{{len(data):,}} rows, {{source}}, {{seconds:.2f}} s, peak memory {{memory}}")
"""


def main():
    """Print one line for each call, made in a process of its own, at first with an empty cache."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "COURSE_CACHE": cache}
        for when in ("first time", "afterwards"):
            for call in CALLS:
                arguments = [sys.executable, "-c", PROGRAM.format(call=call)]
                print(f"{call:<27}{when}: ", end="", flush=True)
                subprocess.run(arguments, env=environment, check=True)


if __name__ == "__main__":
    main()
