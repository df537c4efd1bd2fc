"""Compare what an answer gives with what is right, and say in a clause where they differ."""

import math
import re

import numpy as np
import torch

TOLERANCE = 1e-4  # relative: float32 adds up in another order, and no real mistake is as small
SMALLEST = 1e-5  # absolute: below it, a difference is rounding
LONGEST = 160  # letters for a value in a message


class Facts(dict):
    """What is found about an answer in one case, name -> value, compared in this order."""


def difference(yours, right, name="", exact_dtype=False):
    """Return where two values differ, such as "yours returns 2, right is 0"; "" if they agree.

    Numbers agree within a tolerance, whole numbers exactly; NaN equals NaN; 2.0 is 2. Lists and
    tuples are the same thing. Tensors agree in shape and in the kind of their dtype. exact_dtype:
    they agree in the dtype itself, and 2.0 is no whole number.
    """
    if isinstance(right, Facts):
        parts = (difference(yours.get(n), right[n], n, exact_dtype) for n in right)
        return next((part for part in parts if part), "")
    subject = name or "your result"
    if wrong := wrong_kind(yours, right, subject, exact_dtype):
        return wrong
    if isinstance(right, torch.Tensor):
        return tensors(yours, right, name, exact_dtype)
    if isinstance(right, np.ndarray):
        return tensors(torch.as_tensor(yours), torch.as_tensor(right), name, exact_dtype)
    if isinstance(right, list | tuple):
        places = range(len(right)) if len(yours) == len(right) else None
        return inside(yours, right, places, name, exact_dtype)
    if isinstance(right, dict):
        return inside(yours, right, right if set(yours) == set(right) else None, name, exact_dtype)
    if type(right).__module__.startswith("pandas"):
        if yours.equals(right):
            return ""
        return f"{subject} is {show(yours)}, right is {show(right)}"
    return "" if same_number(yours, right) else values(yours, right, name)


def inside(yours, right, places, name, exact_dtype):
    """Return where two lists or dicts differ: both are shown if they are short.

    places: what to compare one by one, None if the two do not hold the same places.
    """
    subject, found = name or "your result", ""
    if places is None:
        found = f"{subject} has {len(yours)} items, right is {len(right)}"
        if isinstance(right, dict) and len(yours) == len(right):
            found = f"{subject} has the keys {show(list(yours))}, right are {show(list(right))}"
    for place in places or ():
        here = f"{name} at [{place!r}]" if " " in name else f"{subject}[{place!r}]"
        if found := difference(yours[place], right[place], here, exact_dtype):
            break
    if not found or re.search(r"\bdtype|torch\.|and must be", found):
        return found
    short = max(len(literal(yours)), len(literal(right))) <= LONGEST // 3
    return values(yours, right, name) if short else found


def wrong_kind(yours, right, subject, exact_dtype):
    """Return a clause if a value is of another kind than the right one, else ""."""
    if isinstance(right, torch.Tensor):
        wanted, fits = "a tensor", isinstance(yours, torch.Tensor)
    elif isinstance(right, np.ndarray):
        wanted, fits = "an array", isinstance(yours, np.ndarray)
    elif isinstance(right, bool):
        allowed = bool if exact_dtype else bool | np.bool_
        wanted, fits = "a plain True or False", isinstance(yours, allowed)
    elif isinstance(right, int | float | np.number):
        number = isinstance(yours, int | float | np.number) and not isinstance(yours, bool)
        whole = not (exact_dtype and isinstance(right, int)) or isinstance(yours, int | np.integer)
        wanted, fits = "a whole number (int)" if number else "a plain number", number and whole
        if isinstance(yours, torch.Tensor) and yours.numel() == 1:
            return f"{subject} is a tensor, and must be a plain number: use .item()"
    elif isinstance(right, list | tuple):
        wanted, fits = "a list or tuple", isinstance(yours, list | tuple)
    elif right is None:
        wanted, fits = "None", yours is None
    elif type(right).__module__.startswith("pandas"):
        wanted, fits = f"a {type(right).__name__}", isinstance(yours, type(right))
    else:
        wanted, fits = f"a {type(right).__name__}", isinstance(yours, type(right))
    return "" if fits else f"{subject} is {kind(yours)}, and must be {wanted}"


def tensors(yours, right, name, exact_dtype):
    """Return where two tensors differ; for small ones both are shown whole."""
    subject = name or "your result"
    if yours.shape != right.shape:
        return f"{subject} has shape {tuple(yours.shape)}, right is {tuple(right.shape)}"
    if yours.dtype != right.dtype and (exact_dtype or family(yours) != family(right)):
        return f"{subject} is {yours.dtype}, right is {right.dtype}"
    yours, right = yours.detach(), right.detach()
    if yours.dtype == right.dtype and torch.equal(yours, right):  # much faster for large ones
        return ""
    if family(right) == "float":
        double = exact_dtype and right.dtype == torch.float64  # float32 on the way is a mistake
        tolerance = (
            {"rtol": 1e-9, "atol": 1e-9} if double else {"rtol": TOLERANCE, "atol": SMALLEST}
        )
        near = torch.isclose(yours.double(), right.double(), equal_nan=True, **tolerance)
    else:
        near = yours == right
    if near.all():
        return ""
    if right.numel() <= 6:
        return values(yours.tolist(), right.tolist(), name)
    place = tuple((~near).nonzero()[0].tolist())
    index = f"[{', '.join(map(str, place))}]"
    where = f"{name} at {index}" if " " in name else f"{subject}{index}"
    return values(yours[place].item(), right[place].item(), where)


def family(tensor):
    """Return the kind of a dtype: float, complex, bool or int."""
    if tensor.is_complex():
        return "complex"
    if tensor.dtype == torch.bool:
        return "bool"
    return "float" if tensor.is_floating_point() else "int"


def same_number(yours, right):
    """Return True if two values agree; decimals within the tolerance, NaN with NaN."""
    if isinstance(right, float | np.floating) or isinstance(yours, float | np.floating):
        return (yours != yours and right != right) or math.isclose(
            yours, right, rel_tol=TOLERANCE, abs_tol=SMALLEST
        )
    return bool(yours == right)


def values(yours, right, name):
    """Return "yours returns 2, right is 0", with as many digits as it takes to see it."""
    for digits in range(4, 18):
        shown, wanted = show(yours, digits), show(right, digits)
        if shown != wanted:
            break
    return f"{f'{name} is' if name else 'yours returns'} {shown}, right is {wanted}"


def show(value, digits=6):
    """Return a value as a student would type it, or its shape where that is too long."""
    text = literal(value, digits)
    if len(text) <= LONGEST:
        return text
    if hasattr(value, "shape"):
        return f"{'a tensor' if isinstance(value, torch.Tensor) else 'a table'} of shape " + str(
            tuple(value.shape)
        )
    return f"{text[: LONGEST - 4]} ..."


def literal(value, digits=6):
    """Return the code that gives a value."""
    if isinstance(value, torch.Tensor):
        if not value.numel():
            return f"torch.empty({tuple(value.shape)}, dtype={value.dtype})"
        usual = {torch.float32, torch.bool, torch.int64}
        dtype = "" if value.dtype in usual else f", dtype={value.dtype}"
        grad = ", requires_grad=True" if value.requires_grad else ""
        return f"torch.tensor({literal(value.tolist(), digits)}{dtype}{grad})"
    if isinstance(value, np.ndarray):
        usual = value.dtype in (np.float64, np.int64, bool)
        dtype = "" if usual else f", dtype=np.{value.dtype}"
        return f"np.array({literal(value.tolist(), digits)}{dtype})"
    if isinstance(value, float | np.floating):
        whole = len(str(int(abs(value)))) if abs(value) < 1e7 else 0  # 123456.0, not 1.2e+05
        text = f"{value:.{max(digits, whole)}g}"
        if not math.isfinite(value):
            return f'float("{text}")'
        return text if set(text) & set(".e") else f"{text}.0"
    if isinstance(value, list):
        return f"[{', '.join(literal(item, digits) for item in value)}]"
    if isinstance(value, tuple):
        inner = ", ".join(literal(item, digits) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, dict):
        pairs = (f"{literal(k, digits)}: {literal(v, digits)}" for k, v in value.items())
        return f"{{{', '.join(pairs)}}}"
    if type(value).__name__ == "DataFrame":
        columns = {name: value[name].tolist() for name in value.columns}
        usual = list(value.index) == list(range(len(value)))
        index = "" if usual else f", index={literal(value.index.tolist(), digits)}"
        return f"pd.DataFrame({literal(columns, digits)}{index})"
    if type(value).__name__ == "Timestamp":
        return f'pd.Timestamp("{str(value).removesuffix(" 00:00:00")}")'
    return repr(value)


def kind(value):
    """Return a short description of a value for a message."""
    if value is None:
        return "None (is the return missing?)"
    if isinstance(value, torch.Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    text = literal(value)
    shown = f"{text}, " if isinstance(value, int | float | str | list | tuple | dict) else ""
    numpy = "np." if isinstance(value, np.generic) else ""
    return f"{shown if len(text) < 40 else ''}of type {numpy}{type(value).__name__}"
