"""The exercises of the course, all in one registry."""

import importlib
from functools import cache

from helpers.exercises import records

TOPICS = (
    *("start", "tensors", "autograd", "iris", "dataloaders", "rain", "boston", "cifar10"),
    *("cnn", "transfer", "tuning"),
)


@cache
def registry():
    """Return all exercises, key -> Exercise; a notebook that needs one topic imports only that."""
    from helpers.exercises.core import Exercise

    modules = [importlib.import_module(f"helpers.exercises.{topic}") for topic in TOPICS]
    found = [value for module in modules for value in vars(module).values()]
    return {value.key: value for value in found if isinstance(value, Exercise)}


def __getattr__(name):
    """Return EXERCISES, made when it is asked for."""
    if name == "EXERCISES":
        return registry()
    raise AttributeError(f"helpers.exercises has no {name!r}.")


def passed():
    """Return the keys of the exercises passed here and now, or earlier as far as remembered."""
    remembered = records.passed()
    return {key for key, exercise in registry().items() if exercise.passed or key in remembered}


def progress():
    """Return a table with a row for each notebook: what is passed, what is left, what is next."""
    import pandas as pd

    done, notebooks = passed(), {}
    for exercise in registry().values():
        notebooks.setdefault(exercise.heading.notebook, []).append(exercise)
    rows = []
    for notebook, exercises in notebooks.items():
        left = [exercise for exercise in exercises if exercise.key not in done]
        rows.append(
            {
                "notebook": notebook,
                "passed": f"{len(exercises) - len(left)} of {len(exercises)}",
                "minutes left": sum(exercise.heading.minutes for exercise in left),
                "next": left[0].title if left else "✓ all done",
            }
        )
    return pd.DataFrame(rows)
