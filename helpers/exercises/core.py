"""What every exercise is made of: cases, the official solution, and mistakes known by name.

An answer is right if it does what the official solution does in all cases. Only if it does not,
a known mistake is looked for, and the smallest case in which it fails.
"""

import ast
import inspect
import os
import sys
import textwrap
from dataclasses import dataclass, field
from functools import cached_property, partial

from helpers.exercises import cases, compare, records, sandbox, source
from helpers.exercises.compare import Facts, kind
from helpers.exercises.sandbox import call, take
from helpers.exercises.verdicts import (
    ERROR,
    NOT_STARTED,
    PASSED,
    WRONG,
    ExerciseNotPassed,
    NotStarted,
    Result,
    StudentError,
    TookTooLong,
    Wrong,
)

__all__ = ["Facts", "Wrong", "call", "exercise", "expect", "take"]

TIME_LIMIT = 20  # seconds for one check: none needs 3 on a slow laptop
ROUNDS = 3  # so many cases are tried a second time at the end


@dataclass
class Exercise:
    """One exercise: check an answer, ask for a hint, look at the solution.

    use: a function (answer, **case) that uses an answer in one case and returns what is compared
    with what the official solution gives; it raises Wrong where a condition is broken.
    strategy: makes the cases; more_cases: those that it does not make, larger ones for example, and
    the statement's own. mistakes: a sentence -> a wrong answer, a function (right, *args), or
    a tuple of them.
    also_right: further solutions that the statement allows. raises: the error that the statement
    asks for in some cases. exact_dtype: the statement names the dtype, or asks for an int.
    """

    key: str
    hints: list[str] = field(repr=False)
    use: callable = field(repr=False)
    strategy: object = field(repr=False)
    more_cases: tuple = field(default=(), repr=False)
    mistakes: dict = field(default_factory=dict, repr=False)
    also_right: tuple = field(default=(), repr=False)
    raises: type | tuple = field(default=(), repr=False)
    exact_dtype: bool = field(default=False, repr=False)
    examples: int = field(default=60, repr=False)
    hints_given: int = field(default=0, repr=False)
    passed: bool = field(default=False, repr=False)

    @property
    def heading(self):
        """What the notebook's heading says: notebook, title, minutes and difficulty."""
        return source.heading(self.key)

    @property
    def title(self):
        """The title, such as "Bug hunt: the loss that swings"."""
        return self.heading.title

    # ---- What the student calls -----------------------------------------------------------

    def check(self, answer):
        """Grade the answer and print the result; remember that it passed."""
        result = self.grade(answer)
        self.passed = result.status == PASSED
        if self.passed:
            records.remember(self.key)
        say(result)
        if result.printed and not self.passed:  # many people look for a mistake with print
            say(f"Your code printed: {textwrap.shorten(result.printed, 200)}")
        if strict() and not self.passed:
            raise ExerciseNotPassed(f"{self.key}: {result}")

    def hint(self):
        """Print one more hint at each call; after the last, point to the solution."""
        if self.hints_given < len(self.hints):
            hint = self.hints[self.hints_given]
            self.hints_given += 1
            say(f"Hint {self.hints_given} of {len(self.hints)}: {hint}")
        else:
            say(f"No more hints. {self.key}.solution() shows one way to do it.")

    def solution(self):
        """Print the solution, taken from the notebook's source."""
        say(source.solution(self.key))

    def done(self):
        """Return True once the check has passed in this kernel; otherwise say what comes first."""
        if not self.passed:
            say(f'→ First solve the exercise "{self.title}" and run its check.')
        return self.passed

    # ---- Grading --------------------------------------------------------------------------

    def grade(self, answer):
        """Return the Result for an answer; print nothing and change nothing."""
        printed = sandbox.Printed()
        try:
            with sandbox.known_state(), sandbox.quiet(printed):
                self.prepare()
                with sandbox.time_limit(TIME_LIMIT):
                    self.judge(answer)
            status, message = PASSED, f"{self.title}."
        except NotStarted:
            status, message = NOT_STARTED, f"{self.title}. Replace the ... in the cell above."
        except Wrong as wrong:
            status, message = WRONG, str(wrong)
        except StudentError as error:
            status, message = ERROR, str(error)
        except TookTooLong:
            status = ERROR
            message = f"stopped after {TIME_LIMIT} seconds. Is there a loop that never ends?"
        except Exception as error:  # an answer so strange that the check itself stumbles
            status = ERROR
            message = f"this answer could not be checked ({sandbox.describe(error)})."
        return Result(status, message, printed.getvalue())

    def prepare(self):
        """Make the cases and what is right in them, once a kernel, before the clock starts."""
        for specification in self.specifications:
            for case in self.cases:
                self.right(specification, case)

    def judge(self, answer):
        """Return if the answer is right; otherwise raise what is to be told."""
        if answer is ... or is_stub(answer, self.key):
            raise NotStarted
        answer = getattr(answer, "_torchdynamo_orig_callable", answer)  # compiled: takes too long
        self.expect_kind(answer)
        alive = self.specifications
        previous = kept = None
        for case in self.cases:
            rights = [self.right(right, case) for right in alive]
            outcome = self.run(answer, case)
            if not sandbox.is_same(sandbox.frozen(previous), kept):
                raise Wrong(
                    "a later call of your function changes what an earlier call returned: make a "
                    "new object in its body. One in the def line, or outside, is made once."
                )
            fitting = [
                right
                for right, outcome_of in zip(alive, rights, strict=True)
                if not self.fault(outcome, outcome_of)
            ]
            if not fitting:
                self.tell(answer, case, alive[0])
            alive = fitting
            previous, kept = outcome, sandbox.frozen(outcome)
        for case in self.cases[:ROUNDS]:
            if self.fault(self.run(answer, case), self.right(alive[0], case)):
                raise Wrong(REMEMBERS)

    @cached_property
    def cases(self):
        """The cases that every answer is tried on, the simplest first."""
        return [*cases.generate(self.strategy, self.examples), *self.more_cases]

    @cached_property
    def specifications(self):
        """What is right: the official solution, and whatever else the statement allows."""
        official = source.answer(self.key)
        return [official, *(wrapped(other, official) for other in self.also_right)]

    def right(self, specification, case):
        """Return what a right answer gives in a case; computed once, before the student's."""
        known = self.__dict__.setdefault("known", {})
        place = id(specification), id(case)
        if place not in known:
            outcome = self.run(specification, case)
            asked = isinstance(outcome, StudentError) and isinstance(outcome.error, self.raises)
            if isinstance(outcome, Wrong | StudentError) and not asked:
                raise AssertionError(f"The official solution of {self.key} fails: {outcome}")
            known[place] = case, outcome  # the case stays, and so its id
        return known[place][1]

    def run(self, answer, case):
        """Return what an answer gives in a case: a value, or the Wrong or StudentError raised."""
        values = cases.build(case)
        sandbox.begin(values)
        try:
            return self.use(answer, **values)
        except (Wrong, StudentError) as problem:
            return problem

    def fault(self, outcome, right):
        """Return what is wrong with an outcome, "" if nothing."""
        if isinstance(right, StudentError) and isinstance(outcome, StudentError):
            error = type(right.error).__name__
            same = isinstance(outcome.error, type(right.error))
            return "" if same else f"your function must raise a {error} here, but: {outcome}"
        if isinstance(right, Wrong) and isinstance(outcome, Wrong):  # both of a wrong answer
            return "" if str(outcome) == str(right) else str(outcome)
        if isinstance(outcome, Wrong | StudentError):
            return str(outcome)
        if isinstance(right, Wrong | StudentError):  # the statement asks for an error
            error = type(getattr(right, "error", right)).__name__
            value = next(iter(outcome.values())) if isinstance(outcome, Facts) else outcome
            return f"your function must raise a {error}, and yours returns {compare.show(value)}"
        return compare.difference(outcome, right, exact_dtype=self.exact_dtype)

    def tell(self, answer, case, right):
        """Raise Wrong or StudentError: what is wrong, and the smallest case in which it shows."""
        first = self.cases[0]
        if case is not first:
            if self.fault(self.run(answer, first), self.right(right, first)):
                raise Wrong(REMEMBERS)
            if not any(case is other for other in self.more_cases):  # else small ones are right
                case = self.smallest(answer, case, right)
        outcome, wanted = self.run(answer, case), self.right(right, case)
        fault = self.fault(outcome, wanted)
        if not fault:  # it failed a moment ago
            raise Wrong(REMEMBERS)
        place = f"\n  With {cases.show_case(case)}"
        sentence = "" if isinstance(outcome, Wrong) else self.mistake(answer, case)
        if sentence:
            fault = f"{sentence}\n  Here {fault}"  # no capital: it may open with a name
        if isinstance(outcome, StudentError):
            raise StudentError(fault + place, outcome.error)
        raise Wrong(fault + ("" if fault.endswith((".", "?", ")")) else ".") + place)

    def smallest(self, answer, case, right):
        """Return the smallest case in which the answer fails in the same way as in this one."""

        def way(case):
            outcome, wanted = self.run(answer, case), self.right(right, case)
            return type(outcome) if self.fault(outcome, wanted) else None

        seen = way(case)
        return cases.smallest(self.strategy, lambda c: way(c) is seen, 2 * self.examples, case)

    def mistake(self, answer, failing):
        """Return the sentence of the mistake that gives what the answer gives in all cases.

        "" if there is none, or more than one.
        """
        official = self.specifications[0]
        found = [
            (text, wrapped(function, official))
            for text, functions in self.mistakes.items()
            for function in (functions if isinstance(functions, tuple) else (functions,))
        ]
        for case in (failing, *self.cases):
            outcome = self.run(answer, case) if found else None
            found = [
                (text, wrong)
                for text, wrong in found
                if not self.fault(outcome, self.run(wrong, case))
            ]
        texts = {text for text, _ in found}
        return texts.pop() if len(texts) == 1 else ""

    def expect_kind(self, answer):
        """Expect a function where a function is asked for, a class where a class is."""
        name = source.name(self.key)
        if isinstance(self.specifications[0], type):
            if not isinstance(answer, type) and not inspect.isfunction(answer):  # one may make it
                brackets = f", without brackets: {self.key}.check({name})"
                raise Wrong(f"pass your class {name} itself{brackets}; this is {kind(answer)}.")
        elif not callable(answer):
            raise Wrong(f"pass your function {name} itself; this is {kind(answer)}.")


REMEMBERS = (
    "called again with the same arguments, your function gives something else: it remembers an "
    "earlier call, in a global list for example, or it draws random numbers. Make everything anew "
    "inside it."
)


def wrapped(mistake, right):
    """Return a wrong answer made of a mistake: a function (right, *args), or a class as it is."""
    return mistake if isinstance(mistake, type) else partial(mistake, right)


def exercise(*, hints, cases, **declared):
    """Make an Exercise of the function below, its `use`; its key is <module>.<function>."""

    def decorate(use):
        key = f"{use.__module__.rsplit('.', 1)[-1]}.{use.__name__}"
        return Exercise(key, hints, use, cases, **declared)

    return decorate


def expect(condition, message):
    """Raise Wrong with the message unless the condition holds."""
    if not condition:
        raise Wrong(message)


def is_stub(answer, key):
    """Return True if the code of a function or class is still what the unsolved notebook holds."""
    stub = source.stub(key)
    if stub is None:
        return False
    parts = vars(answer).values() if isinstance(answer, type) else [answer]
    functions = [getattr(part, "__func__", part) for part in parts]  # of a static method
    functions = [function for function in functions if inspect.isfunction(function)]
    known = [bare(n) for n in ast.walk(ast.parse(stub)) if isinstance(n, ast.FunctionDef)]
    try:
        own = [ast.parse(textwrap.dedent(inspect.getsource(f))).body[0] for f in functions]
    except (OSError, SyntaxError, IndexError, TypeError):
        return False
    return bool(own) and all(bare(definition) in known for definition in own)


def bare(node):
    """Return a definition as text, without docstrings."""
    for inner in ast.walk(node):
        if (
            isinstance(inner, ast.FunctionDef | ast.ClassDef)
            and ast.get_docstring(inner) is not None
        ):
            inner.body = inner.body[1:]
    return ast.dump(node)


def strict():
    """Return True if a check that does not pass must raise: COURSE_STRICT=1, or true, yes, on."""
    return os.environ.get("COURSE_STRICT", "").strip().lower() in ("1", "true", "yes", "on")


def say(text):
    """Print a text, on consoles too that know no ✓."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    print(str(text).encode(encoding, "replace").decode(encoding))
