"""`python -m helpers.datasets` lists the data sets; with --download it fetches them."""

import argparse
import sys

from helpers import datasets
from helpers.datasets.fetching import fetch


def show():
    """Print what there is to know of each data set."""
    for row in datasets.overview():
        print(f"{row['title']:<13}{row['source']:<10}{row['where']}")
        print(f"{'':<23}{row['size']}, licence: {row['licence']}; {row['origin']}")


def download_all():
    """Make sure that every data set is here; return how many are not."""
    failed = 0
    boston = datasets.boston_row()
    if boston["source"] == "missing":  # it is shipped: there is nothing to download
        failed += 1
        print(f"{boston['title']:<13}FAILED    {boston['where']}")
    for data_set in (datasets.RAIN, datasets.RAIN_AFTER, datasets.CIFAR10):
        arrays, faults = fetch(data_set.name, data_set.sources, data_set.keys)
        if arrays is None:
            failed += 1
            print(f"{data_set.title:<13}FAILED    {' '.join(faults)}")
        else:
            print(f"{data_set.title:<13}real      {datasets.locate(data_set)}")
    return failed


def main():
    """List the data sets, or with --download fetch them; return 1 if one cannot be had."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.datasets", description="List the data sets."
    )
    parser.add_argument("--download", action="store_true", help="fetch the sets not yet here")
    if parser.parse_args().download:
        return 1 if download_all() else 0
    show()
    return 0


if __name__ == "__main__":
    sys.exit(main())
