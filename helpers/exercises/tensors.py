"""Checks of the exercises in 01_tensors."""

import numpy as np
import torch

from helpers.exercises.core import (
    StudentError,
    Wrong,
    call,
    exercise,
    expect,
    expect_close,
    expect_function,
    expect_number,
    expect_tensor,
    is_close,
)
from helpers.exercises.quiz import Question, Quiz

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


@exercise(
    title="From measurements to tensors",
    notebook="01_tensors",
    minutes=5,
    difficulty="complete",
    hints=[
        "torch.tensor(data, dtype=...) takes a list or an array, and always makes a copy.",
        "Class numbers are torch.int64, measurements and weights torch.float32.",
        "torch.ones(N) has shape (N,), and N is len(labels).",
    ],
)
def convert(convert):
    """convert(measurements, labels) -> X float32 (N, D), y int64 (N,), weights float32 (N,)."""
    expect_function(convert, "convert")
    for rows, dtype in ((7, np.float64), (4, np.float32)):
        measurements = np.random.randn(rows, 3).astype(dtype)
        labels = np.random.randint(1, 5, rows).astype(float).tolist()
        given = torch.tensor(measurements), list(labels)
        answer = call(convert, measurements, labels)
        expect(
            isinstance(answer, tuple | list) and len(answer) == 3,
            "convert must return three tensors: return X, y, weights.",
        )
        X, y, weights = answer
        expect(
            np.array_equal(measurements, given[0].numpy()) and labels == given[1],
            "your function changes what is passed in: make new tensors.",
        )
        expect_tensor(X, "X", shape=(rows, 3))
        expect(
            X.dtype != torch.float64,
            "X is torch.float64, NumPy's usual type: ask for dtype=torch.float32.",
        )
        expect_tensor(X, "X", dtype=torch.float32)
        expect_tensor(y, "y", shape=(rows,))
        expect(
            not y.is_floating_point(),
            f"y is {y.dtype}, but class numbers are whole numbers: ask for dtype=torch.int64.",
        )
        expect_tensor(y, "y", dtype=torch.int64)
        expect_tensor(weights, "weights", shape=(rows,), dtype=torch.float32)
        expect_close(X, given[0], "X")
        expect_close(y, given[1], "y")
        expect_close(weights, torch.ones(rows), "weights")
        measurements[:] = 0
        expect(
            is_close(X, given[0]),
            "X shares its memory with measurements when those are float32 already: "
            "a change there changes X too. Make a copy.",
        )


@exercise(
    title="Select",
    notebook="01_tensors",
    minutes=5,
    difficulty="complete",
    hints=[
        "temperatures[cities, days] in this section picks one number for each row.",
        "The rows are torch.arange(len(y)), the columns are y.",
        "p_true < 0.5 is a mask of shape (N,): as an index of probs it selects whole rows.",
    ],
)
def select(select):
    """select(probs, y) -> p_true (N,), unsure (M, C): the rows of probs with p_true < 0.5."""
    expect_function(select, "select")
    for probs, y in (make_probs(8, 3), make_probs(5, 5), (torch.eye(4)[:3], torch.arange(3))):
        rows, given = len(probs), (probs.clone(), y.clone())
        answer = call(select, probs, y)
        expect(
            isinstance(answer, tuple | list) and len(answer) == 2,
            "select must return two tensors: return p_true, unsure.",
        )
        expect(
            torch.equal(probs, given[0]) and torch.equal(y, given[1]),
            "your function changes its inputs in place: make new tensors.",
        )
        probs, y = given
        p_true, unsure = answer
        expected = probs[torch.arange(rows), y]
        expect(
            not is_close(p_true, probs[:, y]),
            f"probs[:, y] takes {rows} columns for each row and has shape ({rows}, {rows}): "
            "name the row as well, with torch.arange.",
        )
        expect_tensor(p_true, "p_true", shape=(rows,))
        expect(
            is_close(p_true, expected) or not is_close(p_true, probs.max(dim=1).values),
            "p_true holds the largest probability of each row, not that of the true class.",
        )
        expect_close(p_true, expected, "p_true")
        expect_tensor(unsure, "unsure")
        expect(
            unsure.dtype != torch.bool,
            "unsure is the mask itself: use it as an index, probs[mask].",
        )
        few, low = probs[expected < 0.5], expected[expected < 0.5]
        expect(
            not is_close(unsure, low),
            "unsure holds single probabilities: it must hold whole rows of probs.",
        )
        expect(
            is_close(unsure, few) or not is_close(unsure, probs[expected <= 0.5]),
            "unsure holds a row whose probability is exactly 0.5: below means <, not <=.",
        )
        expect(
            is_close(unsure, few) or not is_close(unsure, probs[probs.max(dim=1).values < 0.5]),
            "unsure goes by the largest probability of a row: go by that of the true class.",
        )
        expect_close(unsure, few, "unsure")


def make_probs(rows, classes):
    """Return probs (rows, classes) and y (rows,); p_true is 0.5, 0.9, 0.1 in the first rows."""
    probs = (2 * torch.randn(rows, classes)).softmax(dim=1)
    y = torch.randint(0, classes, (rows,))
    for row, p in enumerate((0.5, 0.9, 0.1)):
        probs[row] = (1 - p) / (classes - 1)
        probs[row, y[row]] = p
    return probs, y


@exercise(
    title="Standardise a table",
    notebook="01_tensors",
    minutes=5,
    difficulty="build",
    hints=[
        "X.mean(dim=dim) has lost a dimension. With which argument does it stay, with size 1?",
        "X.mean(dim=dim, keepdim=True) can be subtracted from X, whatever dim is.",
        "X.std(dim=dim, keepdim=True) is what remains to divide by.",
    ],
)
def standardise(standardise):
    """standardise(X, dim) -> X minus its mean along dim, divided by its std along dim."""
    expect_function(standardise, "standardise")
    for shape, dim in (((6, 4), 0), ((5, 5), 1), ((3, 7), 1)):
        X = 3 * torch.randn(shape) + torch.arange(shape[1]) + 5
        given = X.clone()
        answer = call(standardise, X, dim)
        case = f"with dim={dim} and X {shape} the result"
        expect(
            torch.equal(X, given),
            "your function changes X in place (like X -= ...): make a new tensor.",
        )
        expect_tensor(answer, case, shape=shape)
        mean, std = X.mean(dim=dim, keepdim=True), X.std(dim=dim, keepdim=True)
        others = X.mean(dim=1 - dim, keepdim=True), X.std(dim=1 - dim, keepdim=True)
        expect(
            not is_close(answer, (X - X.mean()) / X.std(), 1e-3),
            f"{case} has one mean for the whole table: each "
            f"{'row' if dim else 'column'} needs its own, so reduce with dim=dim.",
        )
        expect(
            not is_close(answer, (X - others[0]) / others[1], 1e-3),
            f"{case} is standardised along dim={1 - dim}: use the dim that is passed in.",
        )
        if shape[0] == shape[1]:
            lined_up = (X - mean.T) / std.T, (X - mean.T) / std, (X - mean) / std.T
            expect(
                not any(is_close(answer, mistake, 1e-3) for mistake in lined_up),
                f"{case} takes row i's mean or std for column i: "
                f"they must stand in a column, ({shape[0]}, 1), so use keepdim=True.",
            )
        expect(
            not is_close(answer, (X - mean) / std**2, 1e-3),
            f"{case} is divided by the variance: divide by the standard deviation, X.std.",
        )
        # Both definitions of the standard deviation will do: divided by N or by N - 1.
        biased = X.std(dim=dim, keepdim=True, correction=0)
        expected = [(X - mean) / divisor for divisor in (std, biased)]
        expect_close(answer, expected[is_close(answer, expected[1])], case)


@exercise(
    title="Pairwise distances",
    notebook="01_tensors",
    minutes=7,
    difficulty="build",
    hints=[
        "All pairs of rows need a dimension for the rows of A and one for those of B.",
        "A.unsqueeze(1) has shape (N, 1, D). Which shape has its difference from B?",
        "Square the differences (N, M, D), sum over the last dimension, and take the root.",
    ],
)
def distances(distances):
    """distances(A, B) -> (N, M), the Euclidean distance of each row of A from each row of B."""
    expect_function(distances, "distances")
    for n, m, d in ((6, 4, 3), (3, 5, 2), (4, 4, 3), (1, 7, 2)):
        A, B = torch.randn(n, d), torch.randn(m, d)
        given = A.clone(), B.clone()
        answer = call(distances, A, B)
        case = f"for A ({n}, {d}) and B ({m}, {d}) the result"
        expect(
            torch.equal(A, given[0]) and torch.equal(B, given[1]),
            "your function changes its inputs in place: make new tensors.",
        )
        expect_tensor(answer, case)
        expect(
            n == m or answer.shape != (m, n),
            f"{case} has shape ({m}, {n}): a row of it belongs to a row of A, so ({n}, {m}).",
        )
        expect(
            answer.shape != (n, m, d),
            f"{case} has shape ({n}, {m}, {d}): the squares are still to be summed over D.",
        )
        differences = A.double().unsqueeze(1) - B.double()
        expected = (differences**2).sum(dim=2)
        expect(
            not is_close(answer, expected, 1e-3),
            f"{case} holds squared distances: take the root, .sqrt().",
        )
        expected = expected.sqrt()
        expect(
            not is_close(answer, differences.abs().sum(dim=2), 1e-3),
            f"{case} holds sums of absolute differences: square them, sum, and take the root.",
        )
        expect(
            not is_close(answer, expected.T, 1e-3),
            f"{case} has A and B exchanged: row i must belong to row i of A.",
        )
        expect_close(answer, expected, case, tolerance=1e-3)
    A = torch.randn(20, 3)
    answer = call(distances, A, A.clone())
    expect_tensor(answer, "the result", shape=(20, 20))
    expect(
        not answer.isnan().any(),
        "the distance of a point from itself is nan: rounding made its square negative, "
        "so use .clamp(min=0) before the root.",
    )
    expect_close(answer.diagonal(), torch.zeros(20), "the distance of a point from itself", 5e-3)


@exercise(
    title="A batch of pictures",
    notebook="01_tensors",
    minutes=5,
    difficulty="build",
    hints=[
        "permute takes the old numbers of the dimensions in their new order.",
        "In NHWC the channel is dimension 3; in the result it comes second: permute(0, 3, ...).",
        "Convert with .float(), then divide by 255.",
    ],
)
def to_batch(to_batch):
    """to_batch(images): uint8 (N, H, W, 3) -> float32 (N, 3, H, W) in [0, 1]."""
    expect_function(to_batch, "to_batch")
    for n, height, width in ((2, 4, 6), (5, 4, 4), (1, 7, 2)):
        images = torch.randint(0, 200, (n, height, width, 3), dtype=torch.uint8)
        given = images.clone()
        answer = call(to_batch, images)
        expect(
            torch.equal(images, given),
            "your function changes images in place: make a new tensor.",
        )
        expect_tensor(answer, "the batch")
        expect(
            answer.shape != images.shape,
            f"the batch still has its colours last, {tuple(images.shape)}: use permute.",
        )
        expect_tensor(answer, "the batch", shape=(n, 3, height, width), dtype=torch.float32)
        expected = images.permute(0, 3, 1, 2).double() / 255
        expect(
            not is_close(answer, expected * 255),
            "the batch runs from 0 to 255: divide by 255.",
        )
        expect(
            not is_close(answer, torch.zeros_like(expected)),
            "the batch is all 0: // cuts off what comes after the point, so divide with /.",
        )
        expect(
            not is_close(answer, expected * 255 / images.max()),
            "you divide by the largest value of this batch: then the same grey differs from batch "
            "to batch. Divide by 255.",
        )
        expect(
            not is_close(answer, images.reshape(answer.shape).double() / 255),
            "the colours are mixed up: reshape and view read the row in memory anew, "
            "permute exchanges the dimensions.",
        )
        expect(
            not is_close(answer, expected.transpose(2, 3)),
            "height and width are exchanged: the order is N, C, H, W, so permute(0, 3, 1, 2).",
        )
        expect_close(answer, expected, "the batch")


@exercise(
    title="Bug hunt: the error of perfect predictions",
    notebook="01_tensors",
    minutes=5,
    difficulty="debug",
    hints=[
        "Bring both to the same shape before you subtract: .reshape(-1) gives (N,) for both.",
        "Compare the numbers of rows first: (1,) against (5,) would broadcast as well.",
        "if len(y_pred) != len(y): raise ValueError(...)",
    ],
)
def bug_hunt(mean_error):
    """mean_error(y_pred, y) -> the mean absolute error, for (N,) or (N, 1) each."""
    expect_function(mean_error, "mean_error")
    fitting = ((7, 1), (7,)), ((7,), (7, 1)), ((7,), (7,)), ((7, 1), (7, 1)), ((1, 1), (1,))
    for first, second in fitting:
        y_pred, y = 3 * torch.randn(first), 3 * torch.randn(second)
        given = y_pred.clone(), y.clone()
        case = f"for y_pred {first} and y {second}"
        try:
            answer = call(mean_error, y_pred, y)
        except StudentError as error:
            if isinstance(error.__cause__, ValueError):
                raise Wrong(f"{case} you raise a ValueError, but the rows fit.") from error
            raise
        number = expect_number(answer, f"{case} the error")
        expect(
            y_pred.shape == first and y.shape == second,
            "your function changes the shape of its input in place: use reshape or squeeze, "
            "without _ at the end.",
        )
        expect(
            torch.equal(y_pred, given[0]) and torch.equal(y, given[1]),
            "your function changes its inputs in place: make new tensors.",
        )
        a, b = y_pred.reshape(-1).double(), y.reshape(-1).double()
        expected, pairs = (a - b).abs().mean(), (a.unsqueeze(1) - b).abs()
        if is_close(number, expected):
            continue
        expect(
            not is_close(number, pairs.mean()),
            f"{case} you average {pairs.numel()} differences, not {len(a)}: "
            "give both the same shape before you subtract.",
        )
        expect(
            not is_close(number, (a - b).abs().sum()),
            f"{case} you return the sum of the differences: take their mean.",
        )
        expect(
            not is_close(number, (a - b).mean()),
            f"{case} differences above and below cancel: take .abs() before the mean.",
        )
        expect_close(number, expected, f"{case} the error")
    for first, second in (((5, 1), (1,)), ((1,), (5,)), ((6,), (3,)), ((4, 1), (8, 1))):
        case = f"for y_pred {first} and y {second}"
        try:
            call(mean_error, torch.randn(first), torch.randn(second))
        except StudentError as error:
            if isinstance(error.__cause__, ValueError):
                continue
            name = type(error.__cause__).__name__
            raise Wrong(
                f"{case} your function raises {name}: compare the numbers of rows first, "
                "and raise a ValueError."
            ) from error
        raise Wrong(
            f"{case} your function returns a number, although the rows do not fit: "
            "raise a ValueError."
        )
