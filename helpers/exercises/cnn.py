"""Checks of the exercises in 08_cifar10_cnn."""

import math
from inspect import isfunction

import torch
from hypothesis import strategies as st
from torch import nn
from torch.overrides import TorchFunctionMode

from helpers.exercises.cases import Code, cases, lists, one_of, sizes, tensors
from helpers.exercises.core import call, exercise, expect
from helpers.exercises.networks import use_network
from helpers.exercises.quiz import Question, Quiz

quiz = Quiz(
    Question(
        right="b",
        reasons={
            "a": "Each kernel covers all 16 channels of its input: 16 x 3 x 3 numbers.",
            "b": "There are 32 kernels, and each has 3 x 3 numbers for each of the 16 channels.",
            "c": "The same weights are used at every place. The maps' size depends on it.",
        },
    ),
    Question(
        right="c",
        reasons={
            "a": "It would be with padding 2.",
            "b": "28 - 5 is how far the kernel can move. Its first place counts as well.",
            "c": "The kernel can move by 28 - 5 = 23 pixels, and its first place counts: 24.",
        },
    ),
    Question(
        right="a",
        reasons={
            "a": "If a picture has 512 numbers and not 2048, four of them become one row.",
            "b": "view copies nothing; it only groups the same numbers in another way.",
            "c": "Gradients pass through view.",
        },
    ),
    Question(
        right="b",
        reasons={
            "a": "Without it the answer is the same; it only costs memory.",
            "b": "In training mode batch norm uses the mean and the variance of the batch.",
            "c": "That belongs to the training. A prediction makes no step.",
        },
    ),
    Question(
        right="c",
        reasons={
            "a": "That would need a draw for each picture, as in helpers.random_flip.",
            "b": "It takes batches as well.",
            "c": "The transform draws once for whatever it is given.",
        },
    ),
)


# ---- Functions that are written by hand -----------------------------------------------------


def by_hand(function, *args, without):
    """Return function(*args); refuse one that calls a function of PyTorch with such a name."""
    used = set()

    class Watch(TorchFunctionMode):
        def __torch_function__(self, called, types, args=(), kwargs=None):
            name = getattr(called, "__name__", "")
            used.update({name} if any(part in name for part in without) else ())
            return called(*args, **(kwargs or {}))

    try:
        with Watch():
            return call(function, *args)
    finally:
        names = ", ".join(sorted(used))
        expect(not used, f"you call PyTorch's own {names}: here it is to be done by hand.")


# ---- 1. Convolve ----------------------------------------------------------------------------


@cases
def picture_and_kernel(draw):
    """A picture, and a kernel that fits into it at one place or more."""
    a, b = draw(sizes(1, 3)), draw(sizes(1, 3))
    H, W = a + draw(sizes(0, 3)), b + draw(sizes(0, 3))
    dtype, double = draw(one_of((torch.float32, ""), (torch.float64, ".double()")))
    counting = torch.arange(1, H * W + 1, dtype=dtype).reshape(H, W)
    picture = draw(one_of(counting, Code(f"torch.randn({H}, {W}){double}")))
    return {"picture": picture, "kernel": draw(tensors((a, b), dtype=dtype))}


@exercise(
    hints=[
        "Two loops: `for row in range(H - a + 1)`, and one for the columns inside.",
        "The window is picture[row : row + a, column : column + b].",
        "Put (window * kernel).sum() into a tensor that torch.zeros has made.",
    ],
    cases=picture_and_kernel,
    more_cases=(
        {"picture": torch.eye(5, 8), "kernel": torch.tensor([[-1.0, 0.0, 1.0]] * 3)},
        {"picture": torch.eye(2), "kernel": torch.ones(2, 2)},
        {"picture": Code("torch.randn(13, 40)"), "kernel": Code("torch.randn(11, 2)")},
        {"picture": Code("torch.randn(17, 29).T"), "kernel": Code("torch.randn(2, 9)")},
    ),
    examples=40,
    mistakes={
        "there are H - a + 1 rows, W - b + 1 columns.": lambda right, *args: right(*args)[:-1, :-1],
        "the kernel is turned around: use it as it is.": (
            lambda right, picture, kernel: right(picture, kernel.flip(0, 1))
        ),
    },
)
def convolve(convolve, picture, kernel):
    """convolve(picture, kernel) -> the sums of products at all places where the kernel fits."""
    return by_hand(convolve, picture, kernel, without=("conv",))


# ---- 2. The size of the output --------------------------------------------------------------


@cases
def row_and_kernel(draw):
    """A kernel that fits into a row with its padding."""
    n, padding = draw(sizes(1, 12) | one_of(28, 32, 227)), draw(sizes(0, 5))
    kernel, stride = draw(sizes(1, min(n + 2 * padding, 13))), draw(sizes(1, 9))
    return {"n": n, "kernel": kernel, "stride": stride, "padding": padding}


@exercise(
    hints=[
        "The formula stands above the exercise. Python's // divides and rounds down.",
        "n + 2 * padding - kernel is how far the kernel can move.",
    ],
    cases=row_and_kernel,
    more_cases=({"n": 1999, "kernel": 31, "stride": 16, "padding": 15},),
    examples=100,
    exact_dtype=True,
    mistakes={
        "use // in place of /.": lambda right, n, k, s, p: (n + 2 * p - k) / s + 1,
        "the first place is missing: + 1.": lambda right, *args: right(*args) - 1,
        "padding is put on both sides: twice.": lambda right, n, k, s, p: (n + p - k) // s + 1,
        "round down, not up.": lambda right, n, k, s, p: -(-(n + 2 * p - k) // s) + 1,
        "add 1 after the division, not before.": lambda right, n, k, s, p: (n + 2 * p - k + 1) // s,
    },
)
def output_size(output_size, n, kernel, stride, padding):
    """output_size(n, kernel, stride, padding) -> the number of places, an int."""
    return call(output_size, n, kernel, stride, padding)


# ---- 3. One block ---------------------------------------------------------------------------


def chain(*middle, padding=1):
    """Return a convolution, what stands in the middle, and a linear layer."""
    conv = nn.Conv2d(3, 32, kernel_size=3, padding=padding)
    return nn.Sequential(conv, *middle, nn.Flatten(), nn.LazyLinear(2))


def four_in_one(right):
    """Put four pictures into one row, as BrokenNet does."""
    return chain(nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(0), nn.Unflatten(0, (-1, 32 * 64 * 64)))


@exercise(
    hints=[
        "How many numbers has a picture after pooling? 32 maps of how many pixels?",
        "The linear layer takes 32 * 32 * 32 numbers.",
        "X.flatten(start_dim=1) makes a row of each picture, and never mixes two.",
    ],
    # 4 comes first: this many pictures BrokenNet takes for one, without an error.
    cases=st.builds(lambda n: {"X": Code(f"torch.randn({n}, 3, 64, 64)")}, one_of(4, 1, 6)),
    more_cases=({"X": Code("torch.randn(33, 3, 64, 64)")},),
    examples=3,
    exact_dtype=True,
    mistakes={
        "4 pictures give only 1 row: view puts them together. A picture has 32 * 32 * 32 numbers "
        "after pooling: give the linear layer this size.": four_in_one,
        "there is no ReLU after the convolution.": lambda right: chain(nn.MaxPool2d(2)),
        "padding=1 is missing.": lambda right: chain(nn.ReLU(), nn.MaxPool2d(2), padding=0),
        "your output ends in a softmax: return the logits.": (
            lambda right: nn.Sequential(right(), nn.Softmax(dim=1))
        ),
    },
)
def one_block(OneBlock, X):
    """OneBlock() -> nn.Module; forward (N, 3, 64, 64) -> logits (N, 2)."""
    expect(not isfunction(OneBlock), "OneBlock must be a class: class OneBlock(nn.Module).")
    facts, model = use_network(OneBlock, (), X), call(OneBlock)
    call(model, X[:8])
    facts["the shape of the output for X[:8] and then X[:4]"] = tuple(call(model, X[:4]).shape)
    return facts


# ---- 4. Batch norm --------------------------------------------------------------------------


@cases
def maps_and_eps(draw):
    """X (N, C, H, W), and eps."""
    shape = [draw(sizes(1, most)) for most in (2, 3, 2, 3)]
    X = draw(tensors(shape, dtype=draw(one_of(torch.float32, torch.float64))))
    return {"X": X, "eps": draw(one_of(0.1, 1.0, 0.001))}


def mean(X, dims=(0, 2, 3)):
    """Return the mean of each channel, (1, C, 1, 1), or over other dimensions."""
    return X.mean(dim=dims, keepdim=True)


def normed(X, eps, dims=(0, 2, 3), correction=0):
    """Return X, normalised over these dimensions."""
    variance = X.var(dim=dims, correction=correction, keepdim=True)
    return (X - mean(X, dims)) / (variance + eps).sqrt()


@exercise(
    hints=[
        "A mean for each channel is a mean over the dimensions 0, 2 and 3.",
        "X.mean(dim=(0, 2, 3), keepdim=True) has shape (1, C, 1, 1), which broadcasts with X.",
        "X.var(dim=..., correction=0, keepdim=True) divides by the count.",
    ],
    cases=maps_and_eps,
    more_cases=(
        {"X": torch.tensor([[[[-1.0, 1.0]]]]), "eps": 1.0},
        {"X": Code("0.01 * torch.randn(101, 2, 3, 5)"), "eps": 1e-5},
        # Sums and means of these numbers are exact, so a right answer loses nothing.
        {"X": Code("100 + torch.randint(-2, 3, (16, 9, 4, 32)) / 8"), "eps": 1e-4},
    ),
    examples=25,
    mistakes={
        "take one mean and one variance for each channel, over dim=(0, 2, 3).": tuple(
            lambda right, X, eps, dims=dims: normed(X, eps, dims)
            for dims in (0, (2, 3), (1, 2, 3), (0, 1, 2, 3))
        ),
        "divide by the count, not by count - 1: correction=0.": (
            lambda right, X, eps: normed(X, eps, correction=1)
        ),
        "add eps before the root, not after it.": (
            lambda right, X, eps: (X - mean(X)) / (mean((X - mean(X)) ** 2).sqrt() + eps)
        ),
        "subtract the mean first, then square: the other order loses digits.": (
            lambda right, X, eps: (X - mean(X)) / (mean(X**2) - mean(X) ** 2 + eps).sqrt()
        ),
    },
)
def batch_norm(batch_norm, X, eps):
    """batch_norm(X, eps) -> (X - mean) / sqrt(variance + eps), for each channel of (N, C, H, W)."""
    norms = "batch_norm", "instance_norm", "group_norm", "layer_norm", "rms_norm"
    return by_hand(batch_norm, X, eps, without=norms)


# ---- 5. The receptive field -----------------------------------------------------------------


@exercise(
    hints=[
        "Keep two numbers, field and jump, both 1 at the beginning, and loop over the layers.",
        "First field += (kernel - 1) * jump, and only then jump *= stride.",
    ],
    cases=st.fixed_dictionaries({"layers": lists(st.tuples(sizes(1, 7), sizes(1, 4)), 0, 5)}),
    more_cases=(
        {"layers": [*[(3, 1), (2, 2)] * 2, (3, 1), (3, 1), (2, 2), (3, 1)]},
        {"layers": [(31, 1), *[(2, 1), (3, 1)] * 9, (11, 7), (2, 9), (5, 1)]},
    ),
    examples=60,
    exact_dtype=True,
    mistakes={
        "after a stride of 2, neighbours lie 2 pixels apart: widen by (kernel - 1) * jump.": (
            lambda right, layers: right([(kernel, 1) for kernel, _ in layers])
        ),
        "multiply the jump after the field has grown.": (
            lambda right, layers: right([part for k, s in layers for part in ((1, s), (k, 1))])
        ),
        "a layer adds kernel - 1.": lambda right, layers: right([(k + 1, s) for k, s in layers]),
    },
)
def receptive_field(receptive_field, layers):
    """receptive_field(layers) -> the width in pixels of what one number of the last layer sees."""
    return call(receptive_field, layers)


# ---- 6. Mirror some -------------------------------------------------------------------------


@cases
def some_pictures(draw):
    """X (N, C, H, W), floats or bytes, and which of them are chosen."""
    shape = draw(sizes(1, 4)), draw(sizes(1, 4)), draw(sizes(1, 4)), draw(sizes(1, 6))
    counting = torch.arange(1.0, math.prod(shape) + 1).reshape(shape)
    floats, bytes_ = f"torch.randn{shape}", f"torch.randint(256, {shape}, dtype=torch.uint8)"
    halves = Code(f"{floats}.half()"), Code(f"{floats}.bfloat16()")
    X = draw(one_of(counting, Code(floats), Code(bytes_), *halves))
    return {"X": X, "chosen": draw(tensors(shape[:1], (True, False), torch.bool))}


@exercise(
    hints=[
        "X.flip(3) mirrors all pictures: it turns the order of the columns around.",
        "torch.where(condition, A, B) takes A where the condition is True, and B elsewhere.",
        "The condition must broadcast with (N, C, H, W): chosen.view(-1, 1, 1, 1).",
    ],
    cases=some_pictures,
    more_cases=(
        {"X": Code("torch.randn(71, 3, 2, 13)"), "chosen": Code("torch.rand(71) < 0.5")},
        # Too large for float32.
        {"X": Code("torch.randn(3, 9, 5, 37).double() * 1e200"), "chosen": torch.ones(3).bool()},
    ),
    examples=40,
    exact_dtype=True,
    mistakes={
        "only the chosen ones are to be mirrored.": lambda right, X, chosen: X.flip(3),
        "the others are mirrored, not the chosen ones.": lambda right, X, chosen: right(X, ~chosen),
        "turn around the columns, dimension 3, and no other dimension.": tuple(
            lambda right, X, c, dims=dims: torch.where(c.view(-1, 1, 1, 1), X.flip(dims), X)
            for dims in (0, 1, 2, (2, 3), (1, 2, 3))
        ),
    },
)
def flip(flip, X, chosen):
    """flip(X, chosen) -> a new tensor, X (N, C, H, W) mirrored left to right where chosen."""
    answer = call(flip, X, chosen)
    if isinstance(answer, torch.Tensor):
        expect(
            answer.untyped_storage().data_ptr() != X.untyped_storage().data_ptr(),
            "your function returns X itself, or a part of it: make a new tensor.",
        )
    return answer
