"""`python tests/mutation.py` takes each statement out of each check, and tries all answers again.

A statement that can go without any trial noticing is a survivor: either a wrong answer is missing
in tests/answers/, or the statement says nothing. `mutation.py iris boston` tries those modules.
"""

import argparse
import ast
import inspect
import os
import sys
import time
from types import CodeType, FunctionType

os.environ["COURSE_PROGRESS"] = ""

import trials

from helpers import exercises
from helpers.exercises import EXERCISES, core


def main():
    """Try every mutant of the modules named; print the survivors; return 1 if there are any."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", help="such as iris; all and core if none is named")
    topics = list(dict.fromkeys(key.split(".")[0] for key in EXERCISES))
    names = parser.parse_args().modules or [*topics, "core"]
    tried = {key: trials.trials(key) for key in EXERCISES}
    for trial in (trial for key in EXERCISES for trial in tried[key]):
        if fault := trial.fault():  # every mutant would seem to be noticed
            sys.exit(f"Mend this first: {fault}")
    count = survivors = 0
    started = time.perf_counter()
    for name in names:
        module = getattr(exercises, name)
        for function, keys, line, code in mutants(module):
            count += 1
            original, function.__code__ = function.__code__, code
            try:
                noticed = any(trial.fault() for key in keys for trial in tried[key])
            finally:
                function.__code__ = original
            if not noticed:
                survivors += 1
                text = inspect.getsource(module).splitlines()[line - 1].strip()
                print(f"helpers/exercises/{name}.py:{line}: {text}", flush=True)
    seconds = time.perf_counter() - started
    print(f"{count} statements taken out in {seconds:.0f} s, {survivors} survived.")
    return 1 if survivors else 0


def mutants(module):
    """Yield (function, keys of the exercises it matters to, line, code without that line)."""
    tree = ast.parse(inspect.getsource(module))
    for definition in tree.body:
        if not isinstance(definition, ast.FunctionDef):
            continue
        function, keys = find(module, definition.name)
        if not isinstance(function, FunctionType):
            continue
        for block, index in statements(definition):
            statement = block[index]
            block[index] = ast.copy_location(ast.Pass(), statement)
            code = compile(tree, module.__file__, "exec")
            block[index] = statement
            yield function, keys, statement.lineno, code_of(code, definition.name)


def find(module, name):
    """Return the function of this name, an exercise's test perhaps, and the keys it matters to."""
    value = inspect.unwrap(getattr(module, name))
    topic = module.__name__.rsplit(".", 1)[-1]
    if isinstance(value, core.Exercise):
        return value.test, [value.key]
    return value, [key for key in EXERCISES if topic == "core" or key.startswith(f"{topic}.")]


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
        return True
    call = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
    return call and isinstance(statement.value.func, ast.Name)


def code_of(module_code, name):
    """Return the code of a function from that of its module."""
    constants = [c for c in module_code.co_consts if isinstance(c, CodeType)]
    return next(constant for constant in constants if constant.co_name == name)


if __name__ == "__main__":
    sys.exit(main())
