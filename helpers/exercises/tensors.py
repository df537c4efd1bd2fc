"""Checks of the exercises in 01_tensors."""

import copy

import torch
from hypothesis import strategies as st

from helpers.exercises.cases import Code, cases, choices, classes, one_of, sizes, tensors
from helpers.exercises.compare import kind, show
from helpers.exercises.core import Facts, call, exercise, expect
from helpers.exercises.quiz import Question, Quiz
from helpers.exercises.verdicts import NotStarted

quiz = Quiz(
    Question(
        right="b",
        reasons={
            "a": "torch.tensor(array) copies and would keep the old number; from_numpy does not.",
            "b": "The tensor and the array are two names for the same memory.",
            "c": "from_numpy takes over the array's dtype, so it never needs a copy.",
        },
    ),
    Question(
        right="c",
        reasons={
            "a": "That is the sum over dim=0: one sum for each of the four columns.",
            "b": "That needs keepdim=True; without it the dimension disappears.",
            "c": "Dimension 1, of size 4, disappears: one sum for each of the 20 rows.",
        },
    ),
    Question(
        right="a",
        reasons={
            "a": "From the right: 1 against 5 gives 5, and 8 against nothing gives 8.",
            "b": "Only if the second had 8 numbers could it be meant so; and that would be (8, 8).",
            "c": "Sizes must be equal, or one of them 1 or missing. That holds in both places.",
        },
    ),
    Question(
        right="c",
        reasons={
            "a": "The shape would be right and the picture lost, as the figure in section 9 shows.",
            "b": "view reads the row in memory anew, like reshape: the colours get mixed up.",
            "c": "permute(0, 3, 1, 2) keeps every number with its own pixel and colour.",
        },
    ),
    Question(
        right="b",
        reasons={
            "a": "That exchanges rows and columns. The message speaks of dtypes, not of shapes.",
            "b": "double is float64, float is float32: .float() makes both float32.",
            "c": "Both may be on the same device already. The message speaks of dtypes.",
        },
    ),
)


# ---- Cases ----------------------------------------------------------------------------------

DTYPES = one_of(torch.float32, torch.float64)


@cases
def measured(draw):
    """An array of any type of numbers, and a label for each of its rows."""
    n, d = draw(sizes(1, 4)), draw(sizes(1, 3))
    numbers = draw(tensors((n, d), (0.0, 0.5, -1.0, 0.1, -2.5, 123.5))).numpy()
    labels = draw(choices((0.0, 1.0, 2.0, 7.0, 1000.0), n))
    dtype = draw(one_of("float64", "float32", "int64"))
    return {"measurements": numbers.astype(dtype), "labels": labels}


@cases
def grey_pictures(draw):
    """Small grey pictures without a dark pixel, and the size of a square that lies in them."""
    n, height, width = draw(sizes(1, 3)), draw(sizes(1, 4)), draw(sizes(1, 4))
    dtype = draw(one_of(torch.float32, torch.uint8, torch.int64, torch.float64))
    images = draw(tensors((n, height, width), (1, 2, 9, 16), dtype))
    size = draw(one_of(*range(1, min(height, width) + 1), 0))
    return {"images": images, "size": size}


@cases
def predicted(draw):
    """Probabilities, among them 0, 1 and exactly 0.5, and classes."""
    n, c = draw(sizes(1, 4)), draw(sizes(1, 4))
    shares = draw(tensors((n, c), (0, 1, 2, 3), draw(DTYPES)))
    shares[:, -1] += shares.sum(dim=1) == 0  # no row of zeros alone
    y = draw(classes((n,), c))
    return {"probs": shares / shares.sum(dim=1, keepdim=True), "y": y}


@cases
def tables(draw):
    """A table, and a dim along which it is nowhere constant."""
    dim, others, along = draw(one_of(1, 0)), draw(one_of(3, 2, 1, 4)), draw(sizes(3, 4))
    shape = (others, along) if dim == 1 else (along, others)
    X = draw(tensors(shape, dtype=draw(DTYPES)))
    X.select(dim, draw(sizes(0, along - 1))).add_(5 + torch.arange(others))
    return {"X": X, "dim": dim}


@cases
def points(draw):
    """Points in rows; with halves every way to compute a distance is exact."""
    d, dtype = draw(sizes(1, 3)), draw(DTYPES)
    return {name: draw(tensors((draw(sizes(1, 3)), d), dtype=dtype)) for name in ("A", "B")}


@cases
def pictures(draw):
    """Small pictures with their colours last."""
    shape = draw(sizes(1, 2)), draw(sizes(1, 3)), draw(sizes(1, 3)), 3
    greys = draw(one_of((51, 255, 1, 0, 128, 200), (1, 0)))
    return {"images": draw(tensors(shape, greys, torch.uint8))}


@cases
def errors(draw):
    """Predictions and targets, each of them (N,) or (N, 1), with the same N or not."""
    n, dtype = draw(sizes(1, 4)), draw(DTYPES)
    rows = {"y_pred": n, "y": draw(one_of(n, n, n, 1, 2, 5))}
    shapes = {name: draw(one_of((size,), (size, 1))) for name, size in rows.items()}
    return {name: draw(tensors(shape, dtype=dtype)) for name, shape in shapes.items()}


# ---- 1. From measurements to tensors --------------------------------------------------------


def named(answer, *names):
    """Return the tensors of an answer by their names."""
    expect(
        isinstance(answer, tuple | list) and len(answer) == len(names),
        f"return {len(names)} tensors: return {', '.join(names)}.",
    )
    return Facts(zip(names, answer, strict=True))


@exercise(
    hints=[
        "torch.tensor(data, dtype=...) takes a list or an array, and always makes a copy.",
        "Class numbers are torch.int64, measurements and weights torch.float32.",
        "torch.ones(N) has shape (N,), and N is len(labels).",
    ],
    cases=measured,
    more_cases=(
        {  # not in the order of memory, float32 already
            "measurements": Code("torch.randn(9, 151).numpy().T"),
            "labels": Code("torch.randint(5000, (151,)).double().tolist()"),
        },
    ),
    exact_dtype=True,
    mistakes={
        "X shares its memory with measurements when that is float32 already, so a change in one "
        "is a change in the other: make a copy.": (
            lambda right, m, labels: (torch.from_numpy(m).float(), *right(m, labels)[1:])
        ),
    },
)
def convert(convert, measurements, labels):
    """convert(measurements, labels) -> X float32 (N, D), y int64 (N,), weights float32 (N,)."""
    answer = named(call(convert, measurements, labels), "X", "y", "weights")
    facts = copy.deepcopy(answer)
    measurements[:] = 100
    facts["after measurements has become 100 everywhere, X"] = answer["X"]
    return facts


# ---- 2. Cover a corner ------------------------------------------------------------------------


def covered(images, *places):
    """Return a copy of images with these places set to 0."""
    images = images.clone()
    images[places] = 0
    return images


@exercise(
    hints=[
        "images.clone() is a copy. Change it, and return it.",
        "One index for each dimension: all pictures, the first rows, the first columns.",
        "covered[:, :size, :size] = 0",
    ],
    cases=grey_pictures,
    more_cases=(
        {"images": Code("torch.rand(131, 9, 12) + 1"), "size": 7},
        {"images": Code("torch.rand(2, 40, 33).transpose(1, 2) + 1"), "size": 33},
    ),
    exact_dtype=True,
    mistakes={
        "without an index for the pictures, this covers the first of them: write "
        "covered[:, :size, :size].": (
            lambda right, images, size: covered(images, slice(size), slice(size))
        ),
        "whole rows are covered: the square needs :size for the columns too.": (
            lambda right, images, size: covered(images, slice(None), slice(size))
        ),
        "whole columns are covered: the square needs :size for the rows too.": (
            lambda right, images, size: covered(images, ..., slice(size))
        ),
        "this is the square alone: change a part of the copy, and return the whole copy.": (
            lambda right, images, size: right(images, size)[:, :size, :size]
        ),
    },
)
def cover(cover, images, size):
    """cover(images, size) -> a copy, with a square of 0 in the upper left corner of each."""
    answer = call(cover, images, size)
    facts = Facts({"your result": copy.deepcopy(answer)})
    images[:] = 7
    facts["after images has become 7 everywhere, your result"] = answer
    return facts


# ---- 3. Select ------------------------------------------------------------------------------


@exercise(
    hints=[
        "temperatures[cities, days] in this section picks one number for each row.",
        "The rows are torch.arange(len(y)), the columns are y.",
        "p_true < 0.5 is a mask of shape (N,): as an index of probs it selects whole rows.",
    ],
    cases=predicted,
    more_cases=(
        {  # nearly 0.5
            "probs": torch.tensor([[0.4999, 0.5001], [0.49999, 0.50001], [0.5, 0.5]]),
            "y": torch.tensor([0, 0, 1]),
        },
        {  # not in the order of memory
            "probs": Code("(3 * torch.randn(11, 103)).softmax(dim=0).T"),
            "y": Code("torch.randint(11, (103,))"),
        },
    ),
    mistakes={
        "probs[:, y] takes N columns of every row, so its shape is (N, N): name the row as well, "
        "with torch.arange(len(y)).": (
            lambda right, probs, y: (probs[:, y], probs[probs[:, y] < 0.5])
        ),
        "p_true holds the largest probability of each row: take that of the true class.": (
            lambda right, probs, y: (probs.amax(1), probs[probs.amax(1) < 0.5])
        ),
        "doubtful says which rows they are: use it as an index, probs[mask].": (
            lambda right, probs, y: (right(probs, y)[0], right(probs, y)[0] < 0.5),
            lambda right, probs, y: (right(probs, y)[0], (right(probs, y)[0] < 0.5).nonzero()),
        ),
        "doubtful holds rows whose probability is exactly 0.5: below means <, not <=.": (
            lambda right, probs, y: (right(probs, y)[0], probs[right(probs, y)[0] <= 0.5])
        ),
    },
)
def select(select, probs, y):
    """select(probs, y) -> p_true (N,), doubtful (M, C): the rows of probs with p_true < 0.5."""
    return named(call(select, probs, y), "p_true", "doubtful")


# ---- 4. Standardise a table -----------------------------------------------------------------


@exercise(
    hints=[
        "X.mean(dim=dim) has lost a dimension. With which argument does it stay, with size 1?",
        "X.mean(dim=dim, keepdim=True) can be subtracted from X, whatever dim is.",
        "X.std(dim=dim, keepdim=True) is what remains to divide by.",
    ],
    cases=tables,
    examples=80,
    more_cases=(
        {"X": torch.tensor([[0.0, 1.0, -1.0], [2.0, 0.0, 0.5]]), "dim": 0},
        {"X": torch.tensor([[0.0, 1.0], [2.0, 0.0], [0.0, 0.5]]), "dim": 1},
        {"X": Code("1000.0 + torch.randint(-9, 10, (131, 9))"), "dim": 0},  # digits are lost
        {"X": Code("torch.randn(11, 127) ** 7"), "dim": 1},  # outliers
        {"X": Code("1e-7 * torch.randn(4, 3)"), "dim": 0},
    ),
    also_right=(
        lambda right, X, dim: (X - X.mean(dim, True)) / X.std(dim, correction=0, keepdim=True),
    ),
    mistakes={
        "with dim=1 the mean or std of row i is taken for column i: they must stand in a column, "
        "so use keepdim=True for both.": lambda right, X, dim: (X - X.mean(dim)) / X.std(dim),
        "there is one mean for the whole table: each column or row needs its own, so reduce with "
        "dim=dim.": lambda right, X, dim: (X - X.mean()) / X.std(),
        "the result does not go by dim as it should: use the dim that is passed in.": (
            lambda right, X, dim: right(X, 0),
            lambda right, X, dim: right(X, 1 - dim),
        ),
        "/ comes before -, so only the mean is divided: write (X - mean) / std.": (
            lambda right, X, dim: X - X.mean(dim, keepdim=True) / X.std(dim, keepdim=True)
        ),
    },
)
def standardise(standardise, X, dim):
    """standardise(X, dim) -> X minus its mean along dim, divided by its std along dim."""
    return call(standardise, X, dim)


# ---- 5. A batch of pictures -----------------------------------------------------------------


@exercise(
    hints=[
        "permute takes the old numbers of the dimensions in their new order.",
        "In NHWC the channel is dimension 3; in the result it comes second: permute(0, 3, ...).",
        "Convert with .float(), then divide by 255.",
    ],
    cases=pictures,
    more_cases=(
        {"images": Code("torch.randint(256, (2, 3, 5, 3), dtype=torch.uint8)")},
        {"images": Code("torch.randint(256, (37, 20, 28, 3), dtype=torch.uint8)[:, ::4, ::4]")},
    ),
    exact_dtype=True,
    mistakes={
        "the colours are still last: use permute.": lambda right, images: images.float() / 255,
        "you divide by the largest value of this batch, so that the same grey differs from batch "
        "to batch: divide by 255.": (
            lambda right, images: images.permute(0, 3, 1, 2) / images.max()
        ),
        "the colours are mixed up: reshape and view read the row in memory anew, permute "
        "exchanges the dimensions.": (
            lambda right, images: images.reshape(right(images).shape) / 255
        ),
        "height and width are exchanged: the order is N, C, H, W, so permute(0, 3, 1, 2).": (
            lambda right, images: right(images).transpose(2, 3)
        ),
    },
)
def to_batch(to_batch, images):
    """to_batch(images): uint8 (N, H, W, 3) -> float32 (N, 3, H, W) in [0, 1]."""
    return call(to_batch, images)


# ---- 6. Lab: predict ten shapes -------------------------------------------------------------

# Predictions have one right answer each, so this check is written by hand: PyTorch itself says what
# is right, and each expression has its own rule to be told.
RULES = {
    "A[0]": "a single number as an index takes its dimension away.",
    "A[0:1]": "a slice keeps its dimension, here with size 1.",
    "A.sum(dim=0)": "dim=0 says which dimension disappears: the first, of size 3.",
    "A.sum(dim=1, keepdim=True)": "keepdim=True keeps the dimension that is reduced, with size 1.",
    "A - A.mean(dim=1)": "the mean over dim=1 has one size, the number of rows. Compare the two "
    "shapes from the right: is each pair equal, or one of them 1?",
    "A @ B": "the inner sizes, 4 and 4, must be equal, and disappear; the outer two are left.",
    "A @ B + v": "A @ B is a table with 5 columns; v is repeated for each of its rows.",
    "v.unsqueeze(1) - v": "that is (5, 1) against (5,): from the right, 1 against 5 and 5 against "
    "nothing. What has size 1, or is missing, is repeated.",
    "torch.stack([A, A])": "stack makes a new first dimension, with a place for each tensor.",
    "images.reshape(2, -1)": "-1 is whatever is left: all numbers of one picture, 8 * 8 * 3.",
}


def found_shape(expression, values):
    """Return the shape that an expression has in PyTorch, or "error"."""
    try:
        return tuple(eval(expression, {"torch": torch, **values}).shape)
    except RuntimeError:
        return "error"


def expect_prediction(expression, predicted, right):
    """Expect a prediction that is right; say the rule, but not the shape, if it is not."""
    if isinstance(predicted, list | tuple):
        predicted = tuple(predicted)
    expect(
        isinstance(predicted, tuple) or predicted == "error",
        f"your prediction for {expression} is {show(predicted)}: write a shape as a tuple, such as "
        '(3, 4) or (3,), or write "error".',
    )
    said = "no error" if predicted == "error" else f"not {show(predicted)}"
    expect(predicted == right, f"{expression} is {said}: {RULES[expression]}")


@exercise(
    hints=[
        "Write down the shape of each tensor first; then ask which dimensions go, stay, or come.",
        "Sections 4 to 8 have a rule for each: index, dim, keepdim, broadcasting, @, stack, -1.",
        "One of the ten is an error. Compare the shapes on both sides of each sign.",
    ],
    cases=st.just(
        {
            "A": Code("torch.zeros(3, 4)"),
            "B": Code("torch.zeros(4, 5)"),
            "v": Code("torch.zeros(5)"),
            "images": Code("torch.zeros(2, 8, 8, 3)"),
        }
    ),
)
def shapes(shapes, **values):
    """shapes() -> a dict, expression -> its shape as a tuple, or "error"."""
    answer = call(shapes)
    expect(isinstance(answer, dict), f"return a dict of ten predictions, yours is {kind(answer)}.")
    for expression in RULES:
        expect(expression in answer, f"{expression} is missing: leave the ten expressions there.")
    still_open = [expression for expression in RULES if answer[expression] is ...]
    if len(still_open) == len(RULES):
        raise NotStarted
    for expression in RULES:
        if expression not in still_open:
            expect_prediction(expression, answer[expression], found_shape(expression, values))
    expect(not still_open, f"right so far; these are still open: {', '.join(still_open)}.")
    return sorted(RULES)  # all are right: nothing is left to compare


# ---- 7. The error of perfect predictions ----------------------------------------------------


def after_rows(error):
    """Return a wrong answer that compares the rows, as the right one does, before error(a, b)."""
    return lambda right, y_pred, y: (right(y_pred, y), error(y_pred, y).item())[1]


@exercise(
    hints=[
        "Bring both to the same shape before you subtract: .reshape(-1) gives (N,) for both.",
        "Compare the numbers of rows first: (1,) against (5,) would broadcast as well.",
        "if len(y_pred) != len(y): raise ValueError(...)",
    ],
    cases=errors,
    examples=110,
    more_cases=tuple(
        {"y_pred": Code(f"torch.randn({one})"), "y": Code(f"torch.randn({other})")}
        for one, other in (("113, 1", 113), (113, "113, 1"), (113, 112), (1, 5), ("5, 1", 1))
    ),
    raises=ValueError,
    mistakes={
        "(N, 1) and (N,) broadcast to (N, N), each prediction with each target: give both the "
        "same shape before you subtract.": after_rows(lambda a, b: (a - b).abs().mean()),
        "differences above and below cancel: take .abs() before the mean.": (
            after_rows(lambda a, b: (a.flatten() - b.flatten()).mean())
        ),
    },
)
def bug_hunt(mean_error, y_pred, y):
    """mean_error(y_pred, y) -> the mean absolute error, for (N,) or (N, 1) each."""
    return call(mean_error, y_pred, y)


# ---- 8. Pairwise distances, an extra ---------------------------------------------------------


@exercise(
    hints=[
        "All pairs of rows need a dimension for the rows of A and one for those of B.",
        "A.unsqueeze(1) has shape (N, 1, D). Which shape has its difference from B?",
        "Square the differences (N, M, D), sum over the last dimension, and take the root.",
    ],
    cases=points,
    more_cases=(
        {
            "A": Code("torch.randint(-9, 10, (53, 13)).float()"),
            "B": Code("torch.randint(-9, 10, (41, 13)).float()"),
        },
        {"B": Code("torch.rand(300, 2) / 10"), "A": Code("B[:9]")},  # equal points, rounded
    ),
    mistakes={
        "A - B takes row i of A with row i of B: for all pairs, give A a dimension for the rows "
        "of B, A.unsqueeze(1).": lambda right, A, B: ((A - B) ** 2).sum(dim=1).sqrt(),
        "these are squared distances: take the root.": lambda right, A, B: right(A, B) ** 2,
        "A and B are exchanged: row i belongs to row i of A.": lambda right, A, B: right(B, A),
    },
)
def distances(distances, A, B):
    """distances(A, B) -> (N, M), the Euclidean distance of each row of A from each row of B."""
    answer = call(distances, A, B)
    if isinstance(answer, torch.Tensor):
        expect(
            not answer.isnan().any(),
            "a distance is nan. If you expand the square, rounding may make it a little negative "
            "for equal points: use .clamp(min=0) before the root.",
        )
        # rounding may make 0.0001 of the distance of equal points
        answer = answer.masked_fill(answer.abs() < 0.0005, 0)
    return answer
