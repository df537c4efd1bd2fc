"""Where a student's code is run: from a known state, watched, and everything is put back after."""

import contextlib
import io
import os
import random
import signal
import sys
import threading
import traceback
import warnings
from contextlib import contextmanager, nullcontext

import numpy as np
import torch
from torch import nn
from torch._tensor_str import PRINT_OPTS

from helpers.errors import meaning
from helpers.exercises.verdicts import NotStarted, StudentError, TookTooLong, Wrong
from helpers.loaders import TensorLoader

LONGEST_PRINT = 10_000  # letters that are kept of what an answer prints

# ---- A known state --------------------------------------------------------------------------

# Switches of the whole kernel: how to read one, how to set it, and what a fresh kernel has.
# The first two no answer may leave changed: all code that follows would compute something else.
SWITCHES = {
    "autograd": (torch.is_grad_enabled, torch.set_grad_enabled, True),
    "the default dtype": (torch.get_default_dtype, torch.set_default_dtype, torch.float32),
    "threads": (torch.get_num_threads, torch.set_num_threads, 1),
    "deterministic": (
        *(torch.are_deterministic_algorithms_enabled, torch.use_deterministic_algorithms, False),
    ),
    "anomaly": (torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly, False),
    "NumPy's errors": (
        *(np.geterr, lambda errors: np.seterr(**errors)),
        {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"},
    ),
    "NumPy's printing": (np.get_printoptions, lambda shown: np.set_printoptions(**shown), None),
    "torch's printing": (
        *(lambda: dict(vars(PRINT_OPTS)), lambda shown: vars(PRINT_OPTS).update(shown), None),
    ),
    "the folder": (os.getcwd, os.chdir, None),
    "the environment": (lambda: dict(os.environ), lambda all_: replace(os.environ, all_), None),
}
JUDGED = ("autograd", "the default dtype")


def replace(mapping, other):
    """Make a mapping equal to another."""
    mapping.clear()
    mapping.update(other)


def turn(name, value):
    """Set a switch if it stands otherwise: setting alone may be slow, or import a lot."""
    get, put, _ = SWITCHES[name]
    if value is not None and get() != value:
        put(value)


@contextmanager
def known_state():
    """Give student code the state of a fresh kernel on the CPU; put the notebook's back after."""
    before = {name: get() for name, (get, _, _) in SWITCHES.items()}
    figures = open_figures()
    try:
        for name, (_, _, known) in SWITCHES.items():
            turn(name, known)
        with (
            generators_put_back(),
            on_the_cpu(),
            torch.inference_mode(False),
            torch.autocast("cpu", enabled=False),
        ):
            yield
    finally:
        for name, value in before.items():
            turn(name, value)
        for figure in open_figures() - figures:
            sys.modules["matplotlib.pyplot"].close(figure)


def on_the_cpu():
    """Make new tensors on the CPU; do nothing if they are: the switch slows every operation."""
    return nullcontext() if torch.get_default_device().type == "cpu" else torch.device("cpu")


@contextmanager
def generators_put_back():
    """Put back the state of every random generator, those of GPUs too."""
    gpus = range(torch.cuda.device_count()) if torch.cuda.is_initialized() else ()
    states = np.random.get_state(), random.getstate()
    with torch.random.fork_rng(devices=gpus):
        try:
            yield
        finally:
            np.random.set_state(states[0])
            random.setstate(states[1])


def open_figures():
    """Return the numbers of matplotlib's open figures."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    return set(pyplot.get_fignums()) if pyplot else set()


def seed_all(seed):
    """Seed the generators of the CPU."""
    torch.default_generator.manual_seed(seed)
    np.random.seed(seed)
    random.seed(seed)


class Printed(io.StringIO):
    """What was printed, cut off after the first letters; it cannot be closed."""

    def write(self, text):
        """Keep as much as there is room for."""
        super().write(text[: max(0, LONGEST_PRINT - self.tell())])
        return len(text)

    def close(self):
        """Do nothing: an answer that closes its output must not silence the check."""


@contextmanager
def quiet(printed):
    """Keep what is printed, and drop warnings: a check calls an answer many times."""
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(Printed()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield


@contextmanager
def time_limit(seconds):
    """Raise TookTooLong after this many seconds; Windows and side threads have no such alarm."""
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_):
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)  # again each second, should one be swallowed
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# ---- One call -------------------------------------------------------------------------------

names = {}  # of the values of the case that is tried now, so that a message can say "X"
calls = 0  # in this case: each call starts from a seed of its own


def begin(case):
    """Say which case is tried now: name -> value."""
    global names, calls
    names, calls = dict(case), 0


def call(function, *args, may_change=(), **kwargs):
    """Return function(*args), run from a known state.

    Raises StudentError if it raises, NotStarted if it returns `...`, and Wrong if it leaves a
    switch or one of its arguments changed, unless may_change names it: "model", or only
    "model.mode", "model.weights", "model.buffers", "model.gradients", "model.requires_grad".
    """
    global calls
    calls += 1
    watched = {name_of(arg, i): (arg, snapshot(arg)) for i, arg in enumerate(args)}
    seed_all(calls)
    before_call = {name: SWITCHES[name][0]() for name in JUDGED}
    try:
        value = function(*args, **kwargs)
    except (KeyboardInterrupt, TookTooLong, Wrong):  # Wrong: from a function passed in
        raise
    except BaseException as error:  # SystemExit too, and whatever else an answer may raise
        raise StudentError(describe(error), error) from error
    finally:
        left = [name for name in JUDGED if SWITCHES[name][0]() != before_call[name]]
        for name in left:
            turn(name, before_call[name])
    if value is ...:
        raise NotStarted
    if left:
        raise Wrong(
            "your code leaves autograd switched off for all that follows: use "
            "`with torch.no_grad():`, which switches it on again."
            if left[0] == "autograd"
            else f"your code leaves {left[0]} changed for all that follows."
        )
    for name, (arg, before) in watched.items():
        for part, was in before.items():
            whole = f"{name}.{part}" if part else name
            if name not in may_change and whole not in may_change:
                expect_unchanged(name, part, was, snapshot(arg)[part])
    return value


def take(iterable, limit):
    """Return the items of an iterable, at most limit of them: one that never ends must end here."""

    def collect():
        items = []
        for item in iterable:
            items.append(item)
            if len(items) == limit:
                break
        return items

    return call(collect)


def name_of(value, place):
    """Return the name that a value has in this case, or "argument 2"."""
    return next((n for n, known in names.items() if known is value), f"argument {place + 1}")


def snapshot(value):
    """Return what of a value a function could change, part by part, as copies; {} if nothing."""
    if isinstance(value, nn.Module):
        parameters = dict(value.named_parameters())
        return {
            "weights": frozen({name: p.detach() for name, p in parameters.items()}),
            "buffers": frozen(dict(value.named_buffers())),
            "gradients": frozen({n: p.grad for n, p in parameters.items() if p.grad is not None}),
            "requires_grad": [p.requires_grad for p in parameters.values()],
            "mode": [module.training for module in value.modules()],
        }
    data = getattr(value, "dataset", value)  # of a DataLoader
    if hasattr(data, "tensors"):
        return {"": frozen(list(data.tensors))}
    if isinstance(value, TensorLoader):
        return {"": frozen([value.X, value.y])}
    copied = frozen(value)
    return {} if copied is None else {"": copied}


def frozen(value):
    """Return a deep copy to compare with later; None for what is not followed."""
    if isinstance(value, torch.Tensor):
        if isinstance(value, nn.parameter.UninitializedParameter):
            return None
        grad = None if not value.is_leaf or value.grad is None else value.grad.clone()
        return value.detach().clone(), value.requires_grad, grad
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, list | tuple):
        return type(value), [frozen(item) for item in value]
    if isinstance(value, dict):
        return {key: frozen(item) for key, item in value.items()}
    if type(value).__module__.startswith("pandas"):
        return value.copy()
    return value if isinstance(value, int | float | str) else None


def is_same(one, other):
    """Return True if two copies of the same thing agree; NaN equals NaN."""
    if type(one) is not type(other):
        return False
    if isinstance(one, torch.Tensor):
        return (
            one.shape == other.shape
            and one.dtype == other.dtype
            and (torch.equal(one, other) or torch.equal(one.nan_to_num(7e7), other.nan_to_num(7e7)))
        )
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=one.dtype != "O")
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(is_same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(is_same(one[key], other[key]) for key in one)
    if type(one).__module__.startswith("pandas"):
        return one.equals(other)
    return one == other or one != one


def expect_unchanged(name, part, before, after):
    """Raise Wrong if the two snapshots differ; say what of the argument has changed."""
    if is_same(before, after):
        return
    mode = "training" if part == "mode" and after[0] else "evaluation"
    raise Wrong(
        {
            "": f"your function changes {name}, which is passed in: make a new one instead of "
            f"changing {name} in place.",
            "weights": f"your function changes the weights of {name}: here it must only use them.",
            "buffers": f"your function changes the buffers of {name} (such as the running means of "
            "batch norm): measure in evaluation mode.",
            "gradients": f"your function leaves other gradients in {name}: do without backward().",
            "requires_grad": f"your function changes requires_grad of parameters of {name}.",
            "mode": f"your function leaves {name} in {mode} mode: put it back.",
        }[part]
    )


def describe(error):
    """Return "TypeError: ... (line 3 of your cell: `...`)", and what PyTorch's message means."""
    try:
        text = " ".join(str(error).split())
    except Exception:  # an exception of the student's own, whose __str__ fails
        text = ""
    text = f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        # A notebook's cell has lines, but no file on the disk.
        if frame.line and not os.path.exists(frame.filename) and "<frozen" not in frame.filename:
            text += f" (line {frame.lineno} of your cell: `{frame.line[:80]}`)"
            break
    meant = meaning(error)
    return f"{text}\n  This means: {meant}" if meant else text
