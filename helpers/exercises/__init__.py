"""The exercises of the course, all in one registry."""

from helpers.exercises import (
    autograd,
    boston,
    cifar10,
    cnn,
    dataloaders,
    iris,
    rain,
    records,
    start,
    tensors,
    transfer,
    tuning,
)
from helpers.exercises.core import Exercise

EXERCISES = {
    exercise.key: exercise
    for module in (
        *(start, tensors, autograd, iris, dataloaders, rain, boston, cifar10),
        *(cnn, transfer, tuning),
    )
    for exercise in vars(module).values()
    if isinstance(exercise, Exercise)
}


def passed():
    """Return the keys of the exercises passed here and now, or earlier as far as remembered."""
    remembered = records.passed()
    return {key for key, exercise in EXERCISES.items() if exercise.passed or key in remembered}


def progress():
    """Return a table with a row for each notebook: what is passed, what is left, what is next."""
    import pandas as pd

    done, notebooks = passed(), {}
    for exercise in EXERCISES.values():
        notebooks.setdefault(exercise.notebook, []).append(exercise)
    rows = []
    for notebook, exercises in notebooks.items():
        left = [exercise for exercise in exercises if exercise.key not in done]
        rows.append(
            {
                "notebook": notebook,
                "passed": f"{len(exercises) - len(left)} of {len(exercises)}",
                "minutes left": sum(exercise.minutes for exercise in left),
                "next": left[0].title if left else "✓ all done",
            }
        )
    return pd.DataFrame(rows)
