"""`python tests/mutation.py` weakens the checks, one change at a time, and tries all answers again.

A change that no trial notices is a survivor: either a wrong answer is missing in tests/answers/, or
what was changed says nothing. Two kinds of change are tried:
- a statement such as `expect(...)` or `raise ...` is taken out;
- an argument of the cases stays what it is in the simplest case (`--cases`): a wrong answer that
  hard-codes it must then pass. This takes long, and a survivor may well be harmless.
`mutation.py iris boston` tries those modules.
"""

import argparse
import ast
import dataclasses
import inspect
import multiprocessing
import os
import sys
import time
from types import CodeType, FunctionType

os.environ["COURSE_PROGRESS"] = ""
os.environ.setdefault("OMP_NUM_THREADS", "1")  # two processes on two cores

import trials

from helpers import exercises
from helpers.exercises import EXERCISES, core

SHARED = ("compare", "core", "labs", "networks", "sandbox")


def main():
    """Try every mutant of the modules named; print the survivors; return 1 if there are any."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", help="such as iris; all if none is named")
    parser.add_argument("--cases", action="store_true", help="hold arguments of the cases still")
    options = parser.parse_args()
    topics = list(dict.fromkeys(key.split(".")[0] for key in EXERCISES))
    names = options.modules or [*topics, *SHARED]
    started = time.perf_counter()
    # A process for each change: some wrong answers remember that they have been tried.
    with multiprocessing.get_context("fork").Pool(2, maxtasksperchild=1) as pool:
        for fault in pool.imap(first_fault, EXERCISES, chunksize=1):  # else all seems noticed
            if fault:
                sys.exit(f"Mend this first: {fault}")
        if options.cases:
            tasks = [(key, name) for key in in_topics(names) for name in EXERCISES[key].cases[0]]
            results = pool.imap(held_still, tasks, chunksize=1)
        else:
            tasks = [(name, number) for name in names for number in range(count_mutants(name))]
            results = pool.imap(taken_out, tasks, chunksize=1)
        survivors = 0
        for line in filter(None, results):  # each at once: all of them take an hour
            print(line, flush=True)
            survivors += 1
    seconds = time.perf_counter() - started
    print(f"{len(tasks)} changes in {seconds:.0f} s, {survivors} survived.")
    return 1 if survivors and not options.cases else 0


def first_fault(key):
    """Return the first fault of a check, "" if there is none."""
    return next((fault for trial in trials.trials(key) if (fault := trial.fault())), "")


# ---- Statements taken out --------------------------------------------------------------------


def taken_out(task):
    """Take out statement number so and so of a module; return its line if nobody misses it."""
    name, number = task
    module = getattr(exercises, name)
    function, keys, line, code = list(mutants(module))[number]
    function.__code__ = code
    if any(first_fault(key) for key in keys):
        return ""
    text = inspect.getsource(module).splitlines()[line - 1].strip()
    return f"helpers/exercises/{name}.py:{line}: {text}"


def count_mutants(name):
    """Return how many statements of a module can be taken out."""
    return len(list(mutants(getattr(exercises, name))))


def mutants(module):
    """Yield (function, keys of the exercises it matters to, line, code without that line)."""
    tree = ast.parse(inspect.getsource(module))
    for definition, function, keys in functions(module, tree):
        for block, index in statements(definition):
            statement = block[index]
            block[index] = ast.copy_location(ast.Pass(), statement)
            code = compile(tree, module.__file__, "exec")
            block[index] = statement
            yield function, keys, statement.lineno, code_of(code, definition)


def functions(module, tree):
    """Yield (definition, function, keys) for the functions of a module and the methods in it."""
    topic = module.__name__.rsplit(".", 1)[-1]
    own = [key for key in EXERCISES if key.startswith(f"{topic}.")] or list(EXERCISES)
    for definition in tree.body:
        value = getattr(module, getattr(definition, "name", ""), None)
        if isinstance(value, core.Exercise):
            yield definition, value.use, [value.key]
        elif isinstance(definition, ast.FunctionDef):
            function = inspect.unwrap(value)
            if isinstance(function, FunctionType):
                yield definition, function, own
        elif isinstance(definition, ast.ClassDef):
            for method in definition.body:
                function = vars(value).get(getattr(method, "name", ""))
                if isinstance(function, FunctionType):
                    yield method, function, own


def statements(definition):
    """Return (block, index) for each statement to take out."""
    found = []
    for node in ast.walk(definition):
        for block in (getattr(node, name, []) for name in ("body", "orelse", "finalbody")):
            if isinstance(block, list):
                found += [(block, i) for i, s in enumerate(block) if is_assertion(s)]
    return found


def is_assertion(statement):
    """Return True for `raise ...` and for a call of a function, such as expect(...)."""
    if isinstance(statement, ast.Raise):
        return statement.exc is not None
    call = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
    return call and isinstance(statement.value.func, ast.Name)


def code_of(module_code, definition):
    """Return the code of a function from that of its module: the one that starts at its line."""
    first = min([definition.lineno, *(d.lineno for d in definition.decorator_list)])
    found = [module_code]
    for code in found:
        found += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return next(
        code
        for code in found
        if code.co_name == definition.name and code.co_firstlineno in (first, definition.lineno)
    )


# ---- Arguments held still --------------------------------------------------------------------


def in_topics(names):
    """Return the keys of the exercises of these topics."""
    return [key for key in EXERCISES if key.split(".")[0] in names]


def held_still(task):
    """Hold an argument still in all cases; return a line if no wrong answer profits from it."""
    key, name = task
    exercise = EXERCISES[key]
    simplest = exercise.cases[0][name]
    held = dataclasses.replace(
        exercise, strategy=exercise.strategy.map(lambda case: {**case, name: simplest})
    )
    if any(passes(held, answer) for answer, _ in trials.answers.WRONG[key]):
        return ""
    return f"{key}: {name} could always be {core.cases.literal_of(simplest)}"


def passes(exercise, answer):
    """Return True if the exercise lets a wrong answer pass."""
    return exercise.grade(answer).status == core.PASSED


if __name__ == "__main__":
    sys.exit(main())
