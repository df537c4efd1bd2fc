"""Checks of the exercises in 01_tensors."""

import torch
from hypothesis import strategies as st

from helpers.exercises.cases import Code, cases, grid, lists, one_of, sizes, tensors
from helpers.exercises.compare import kind, show
from helpers.exercises.core import Facts, call, exercise, expect
from helpers.exercises.quiz import Question, Quiz
from helpers.exercises.verdicts import StudentError

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
            "a": "The shape would be right and the picture lost, as the figure in section 8 shows.",
            "b": "view reads the row in memory anew, like reshape: the colours get mixed up.",
            "c": "permute(0, 3, 1, 2) keeps every number with its own pixel and colour.",
        },
    ),
    Question(
        right="b",
        reasons={
            "a": "It makes all tones weaker at the ends. Weak ones are seen because less leaks.",
            "b": "The ends fade out, so the repeated signal has hardly a kink where it is joined.",
            "c": "The peaks get wider: that is the price of the window.",
        },
    ),
)


# ---- Cases ----------------------------------------------------------------------------------

DTYPES = one_of(torch.float32, torch.float64)


@cases
def measured(draw):
    """An array of any type of numbers, and a label for each of its rows."""
    n, d = draw(sizes(1, 4)), draw(sizes(1, 3))
    numbers = draw(tensors((n, d), one_of(0.0, 0.5, -1.0, 0.1, -2.5, 1234.5))).numpy()
    labels = draw(lists(one_of(0.0, 1.0, 2.0, 7.0, 1000.0), n, n))
    dtype = draw(one_of("float64", "float32", "int64"))
    return {"measurements": numbers.astype(dtype), "labels": labels}


@cases
def predicted(draw):
    """Probabilities, among them 0, 1 and exactly 0.5, and classes."""
    c, dtype = draw(sizes(1, 4)), draw(DTYPES)
    row = st.tuples(lists(st.integers(0, 3), c, c), st.integers(0, c - 1))
    shares, labels = zip(*draw(lists(row, 1, 5)), strict=True)
    shares = torch.tensor(shares, dtype=dtype)
    shares[:, -1] += shares.sum(dim=1) == 0  # no row of zeros alone
    return {"probs": shares / shares.sum(dim=1, keepdim=True), "y": torch.tensor(labels)}


@cases
def tables(draw):
    """A table, and a dim along which it is nowhere constant."""
    dim, others = draw(one_of(1, 0)), draw(one_of(2, 1, 3, 4))
    along = draw(sizes(2, 5))
    shape = (others, along) if dim == 1 else (along, others)
    X = draw(tensors(shape, dtype=draw(DTYPES)))
    X.select(dim, draw(sizes(0, along - 1))).add_(5 + torch.arange(others))
    return {"X": X, "dim": dim}


@cases
def points(draw):
    """Points in rows, some of them in both; seldom 20 of them, with squares that are rounded."""
    n, m, d, dtype = draw(sizes(1, 3)), draw(sizes(1, 3)), draw(sizes(1, 4)), draw(DTYPES)
    numbers = one_of(0.0, 0.5, -0.5, 0.3, 0.7, 1.0, -1.3, 2.0, -2.0)
    A, B = draw(tensors((n, d), numbers, dtype)), draw(tensors((m, d), numbers, dtype))
    if draw(st.booleans()):
        B = torch.cat([B, A])
    if draw(one_of(*[False] * 9, True)):
        A, B = Code(f"torch.rand(20, {d + 1}).round(decimals=1)"), Code("A.clone()")
    return {"A": A, "B": B}


@cases
def pictures(draw):
    """Pictures of any size, with their colours last."""
    shape = draw(sizes(1, 3)), draw(sizes(1, 3)), draw(sizes(1, 3)), 3
    greys = draw(one_of((0, 255, 1, 51, 128, 200), (0, 1), (51, 200)))
    return {"images": draw(tensors(shape, one_of(*greys), torch.uint8))}


@cases
def errors(draw):
    """Predictions and targets, each of them (N,) or (N, 1), with the same N or not."""
    dtype, number = draw(DTYPES), grid(-2, 2)
    y_pred, y = map(list, zip(*draw(lists(st.tuples(number, number), 1, 5)), strict=True))
    longer = draw(one_of("y", "y_pred"))
    more = draw(st.just([]) | lists(number, 1, 3))
    case = {"y_pred": y_pred, "y": y}
    case[longer] = case[longer] + more
    return {
        name: torch.tensor(numbers, dtype=dtype).reshape(draw(one_of((-1,), (-1, 1))))
        for name, numbers in case.items()
    }


# ---- 1. From measurements to tensors --------------------------------------------------------


def with_table(make):
    """Return a wrong answer: its X is make(measurements)."""
    return lambda right, measurements, labels: (
        make(measurements),
        *right(measurements, labels)[1:],
    )


@exercise(
    hints=[
        "torch.tensor(data, dtype=...) takes a list or an array, and always makes a copy.",
        "Class numbers are torch.int64, measurements and weights torch.float32.",
        "torch.ones(N) has shape (N,), and N is len(labels).",
    ],
    cases=measured,
    exact_dtype=True,
    mistakes={
        "X keeps the type of the array, and NumPy's usual type is float64: ask for "
        "dtype=torch.float32.": with_table(torch.tensor),
        "y holds decimals, but class numbers are whole numbers: ask for dtype=torch.int64.": (
            lambda right, m, labels: (right(m, labels)[0], torch.tensor(labels), torch.ones(len(m)))
        ),
        "X shares its memory with measurements when that is float32 already, so a change in one "
        "is a change in the other: make a copy.": with_table(lambda m: torch.from_numpy(m).float()),
    },
)
def convert(convert, measurements, labels):
    """convert(measurements, labels) -> X float32 (N, D), y int64 (N,), weights float32 (N,)."""
    answer = call(convert, measurements, labels)
    expect(
        isinstance(answer, tuple | list) and len(answer) == 3,
        "convert must return three tensors: return X, y, weights.",
    )
    X, y, weights = answer
    expect(isinstance(X, torch.Tensor), f"X must be a tensor, yours is {kind(X)}.")
    facts = Facts({"X": X.clone(), "y": y, "weights": weights})
    measurements[:] = 100
    facts["after measurements has become 100 everywhere, X"] = X
    return facts


# ---- 2. Select ------------------------------------------------------------------------------


def with_p_true(make):
    """Return two wrong answers: p_true is make(probs, y); unsure is right, or goes by it."""
    return (
        lambda right, probs, y: (make(probs, y), right(probs, y)[1]),
        lambda right, probs, y: (make(probs, y), probs[make(probs, y) < 0.5]),
    )


def with_unsure(make):
    """Return a wrong answer: unsure is make(probs, p_true)."""
    return lambda right, probs, y: (right(probs, y)[0], make(probs, right(probs, y)[0]))


@exercise(
    hints=[
        "temperatures[cities, days] in this section picks one number for each row.",
        "The rows are torch.arange(len(y)), the columns are y.",
        "p_true < 0.5 is a mask of shape (N,): as an index of probs it selects whole rows.",
    ],
    cases=predicted,
    examples=80,
    mistakes={
        "probs[:, y] takes N columns of every row, so its shape is (N, N): name the row as well, "
        "with torch.arange(len(y)).": with_p_true(lambda probs, y: probs[:, y]),
        "p_true holds the largest probability of each row: take that of the true class.": (
            with_p_true(lambda probs, y: probs.amax(dim=1))
        ),
        "unsure is the mask itself: use it as an index, probs[mask].": (
            with_unsure(lambda probs, p: p < 0.5)
        ),
        "unsure holds single probabilities: it must hold whole rows of probs.": (
            with_unsure(lambda probs, p: p[p < 0.5])
        ),
        "unsure holds rows whose probability is exactly 0.5: below means <, not <=.": (
            with_unsure(lambda probs, p: probs[p <= 0.5])
        ),
        "unsure holds the other rows: take those below 0.5.": (
            with_unsure(lambda probs, p: probs[p > 0.5]),
            with_unsure(lambda probs, p: probs[p >= 0.5]),
        ),
        "unsure goes by the largest probability of a row: go by that of the true class.": (
            with_unsure(lambda probs, p: probs[probs.amax(dim=1) < 0.5])
        ),
    },
)
def select(select, probs, y):
    """select(probs, y) -> p_true (N,), unsure (M, C): the rows of probs with p_true < 0.5."""
    answer = call(select, probs, y)
    expect(
        isinstance(answer, tuple | list) and len(answer) == 2,
        "select must return two tensors: return p_true, unsure.",
    )
    return Facts({"p_true": answer[0], "unsure": answer[1]})


# ---- 3. Standardise a table -----------------------------------------------------------------


def standard(X, dim, keep_mean=True, keep_std=True):
    """Standardise, with or without keepdim=True."""
    return (X - X.mean(dim, keepdim=keep_mean)) / X.std(dim, keepdim=keep_std)


@exercise(
    hints=[
        "X.mean(dim=dim) has lost a dimension. With which argument does it stay, with size 1?",
        "X.mean(dim=dim, keepdim=True) can be subtracted from X, whatever dim is.",
        "X.std(dim=dim, keepdim=True) is what remains to divide by.",
    ],
    cases=tables,
    examples=80,
    also_right=(  # the other definition of the standard deviation: divided by N, not by N - 1
        lambda right, X, dim: (
            (X - X.mean(dim, keepdim=True)) / X.std(dim, keepdim=True, correction=0)
        ),
    ),
    mistakes={
        "with dim=1 the mean or std of row i is taken for column i: they must stand in a column, "
        "so use keepdim=True for both.": (
            lambda right, X, dim: standard(X, dim, keep_mean=False, keep_std=False),
            lambda right, X, dim: standard(X, dim, keep_mean=False),
            lambda right, X, dim: standard(X, dim, keep_std=False),
        ),
        "there is one mean for the whole table: each column or row needs its own, so reduce with "
        "dim=dim.": lambda right, X, dim: (X - X.mean()) / X.std(),
        "the result does not go by dim as it should: use the dim that is passed in.": (
            lambda right, X, dim: right(X, 0),
            lambda right, X, dim: right(X, 1),
            lambda right, X, dim: right(X, 1 - dim),
        ),
        "you divide by the variance: divide by the standard deviation, X.std.": (
            lambda right, X, dim: right(X, dim) / X.std(dim, keepdim=True)
        ),
        "the mean is subtracted, but nothing is divided by the standard deviation.": (
            lambda right, X, dim: X - X.mean(dim, keepdim=True)
        ),
        "/ comes before -, so only the mean is divided: write (X - mean) / std.": (
            lambda right, X, dim: X - X.mean(dim, keepdim=True) / X.std(dim, keepdim=True)
        ),
    },
)
def standardise(standardise, X, dim):
    """standardise(X, dim) -> X minus its mean along dim, divided by its std along dim."""
    return call(standardise, X, dim)


# ---- 4. Pairwise distances ------------------------------------------------------------------


def differences(A, B):
    """Return the differences of all pairs of rows, (N, M, D)."""
    return A.unsqueeze(1) - B


@exercise(
    hints=[
        "All pairs of rows need a dimension for the rows of A and one for those of B.",
        "A.unsqueeze(1) has shape (N, 1, D). Which shape has its difference from B?",
        "Square the differences (N, M, D), sum over the last dimension, and take the root.",
    ],
    cases=points,
    examples=70,
    mistakes={
        "A - B takes row i of A with row i of B: for all pairs, give A a dimension for the rows "
        "of B, A.unsqueeze(1).": (
            lambda right, A, B: ((A - B) ** 2).sum(dim=1).sqrt(),
            lambda right, A, B: ((A - B) ** 2).sum().sqrt(),
        ),
        "these are squared distances: take the root, .sqrt().": (
            lambda right, A, B: right(A, B) ** 2
        ),
        "these are sums of absolute differences: square them, sum, and take the root.": (
            lambda right, A, B: differences(A, B).abs().sum(dim=2)
        ),
        "A and B are exchanged: row i of the result belongs to row i of A.": (
            lambda right, A, B: right(B, A)
        ),
        "the squares are still to be summed over the last dimension, D.": (
            lambda right, A, B: differences(A, B) ** 2,
            lambda right, A, B: differences(A, B).abs(),
        ),
        "you take the mean of the squares: take their sum.": (
            lambda right, A, B: (differences(A, B) ** 2).mean(dim=2).sqrt()
        ),
        "you add the differences up before they are squared, so they cancel: square, sum, root.": (
            lambda right, A, B: differences(A, B).sum(dim=2).abs()
        ),
    },
)
def distances(distances, A, B):
    """distances(A, B) -> (N, M), the Euclidean distance of each row of A from each row of B."""
    answer = call(distances, A, B)
    if isinstance(answer, torch.Tensor):
        expect(
            not answer.isnan().any(),
            "a distance is nan: rounding has made a square a little negative, as it may for equal "
            "points. Use .clamp(min=0) before the root.",
        )
        # rounding may make 0.001 of the distance of equal points
        answer = answer.masked_fill(answer.float().abs() < 0.005, 0)
    return answer


# ---- 5. A batch of pictures -----------------------------------------------------------------


@exercise(
    hints=[
        "permute takes the old numbers of the dimensions in their new order.",
        "In NHWC the channel is dimension 3; in the result it comes second: permute(0, 3, ...).",
        "Convert with .float(), then divide by 255.",
    ],
    cases=pictures,
    exact_dtype=True,
    mistakes={
        "the colours are still last: use permute.": lambda right, images: images.float() / 255,
        "the numbers still run from 0 to 255: divide by 255.": (
            lambda right, images: images.permute(0, 3, 1, 2).float()
        ),
        "// cuts off what comes after the point: divide with /.": (
            lambda right, images: images.permute(0, 3, 1, 2) // 255,
            lambda right, images: (images.permute(0, 3, 1, 2) // 255).float(),
        ),
        "you divide by the largest value of this batch, so that the same grey differs from batch "
        "to batch: divide by 255.": lambda right, images: images.permute(0, 3, 1, 2) / images.max(),
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


# ---- 6. The error of perfect predictions ----------------------------------------------------


def after_rows(error):
    """Return a wrong answer that compares the rows, as the right one does, before error(a, b)."""

    def mean_error(right, y_pred, y):
        right(y_pred, y)
        return error(y_pred.reshape(-1), y.reshape(-1)).item()

    return mean_error


def each_with_each(right, y_pred, y):
    """Compare the rows, and broadcast as before."""
    right(y_pred, y)
    return (y_pred - y).abs().mean().item()


@exercise(
    hints=[
        "Bring both to the same shape before you subtract: .reshape(-1) gives (N,) for both.",
        "Compare the numbers of rows first: (1,) against (5,) would broadcast as well.",
        "if len(y_pred) != len(y): raise ValueError(...)",
    ],
    cases=errors,
    examples=100,
    mistakes={
        "(N, 1) and (N,) broadcast to (N, N), each prediction with each target: give both the "
        "same shape before you subtract.": each_with_each,
        "you return the sum of the differences: take their mean.": (
            after_rows(lambda a, b: (a - b).abs().sum())
        ),
        "differences above and below cancel: take .abs() before the mean.": (
            after_rows(lambda a, b: (a - b).mean()),
            after_rows(lambda a, b: (a - b).mean().abs()),
        ),
        "these are squared differences: the absolute error takes .abs().": (
            after_rows(lambda a, b: ((a - b) ** 2).mean())
        ),
    },
)
def bug_hunt(mean_error, y_pred, y):
    """mean_error(y_pred, y) -> the mean absolute error, for (N,) or (N, 1) each."""
    fits = len(y_pred) == len(y)
    rows = "the numbers of rows differ: compare them first, and raise a ValueError."
    try:
        answer = call(mean_error, y_pred, y)
    except StudentError as problem:
        refused = isinstance(problem.error, ValueError)
        expect(fits or refused, f"{rows} Yours raises {type(problem.error).__name__}.")
        expect(not (fits and refused), f"the rows fit, but your function raises {problem}")
        raise
    returned = answer is ValueError or isinstance(answer, ValueError)
    expect(not returned, "your function returns the error: write raise in place of return.")
    expect(fits, f"{rows} Yours returns {show(answer)}.")
    return answer
