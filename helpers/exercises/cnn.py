"""Checks of the exercises in 08_cifar10_cnn."""

import math
from functools import partial
from inspect import isfunction

import torch
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F
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


class Watch(TorchFunctionMode):
    """Note the names of all functions of PyTorch that are called meanwhile."""

    def __init__(self):
        super().__init__()
        self.names = set()

    def __torch_function__(self, function, types, args=(), kwargs=None):
        """Note the name and call the function."""
        self.names.add(getattr(function, "__name__", ""))
        return function(*args, **(kwargs or {}))


def by_hand(function, *args, without):
    """Return function(*args); refuse one that calls a function of PyTorch with such a name."""
    watch = Watch()
    try:
        with watch:
            return call(function, *args)
    finally:
        used = ", ".join(sorted(n for n in watch.names if any(part in n for part in without)))
        expect(not used, f"you call PyTorch's own {used}: here it is to be done by hand.")


# ---- 1. Convolve ----------------------------------------------------------------------------


@cases
def picture_and_kernel(draw):
    """A picture, and a kernel that fits into it at one place or more."""
    a, b = draw(sizes(1, 4)), draw(sizes(1, 4))
    H, W = a + draw(sizes(0, 3)), b + draw(sizes(0, 3))
    dtype, double = draw(one_of((torch.float32, ""), (torch.float64, ".double()")))
    counting = torch.arange(1, H * W + 1, dtype=dtype).reshape(H, W)
    picture = draw(one_of(counting, Code(f"torch.randn({H}, {W}){double}")))
    return {"picture": picture, "kernel": draw(tensors((a, b), dtype=dtype))}


def framed(right, picture, kernel, less=0):
    """Put half a kernel of zeros around the picture; less=1: as large as before also if even."""
    a, b = kernel.shape
    frame = (b - less) // 2, b // 2, (a - less) // 2, a // 2
    return right(F.pad(picture, frame), kernel)


@exercise(
    hints=[
        "Two loops: `for row in range(H - a + 1)`, and one for the columns inside.",
        "The window is picture[row : row + a, column : column + b].",
        "Put (window * kernel).sum() into a tensor that torch.zeros has made.",
    ],
    cases=picture_and_kernel,
    examples=100,
    mistakes={
        "the last row and column are missing: the first place counts as well, so there are "
        "H - a + 1 rows and W - b + 1 columns.": lambda right, *args: right(*args)[:-1, :-1],
        "there is a frame around the picture: use only places where the kernel fits completely.": (
            framed,
            partial(framed, less=1),
        ),
        "the kernel is turned around: use it as it is.": (
            lambda right, picture, kernel: right(picture, kernel.flip(0, 1))
        ),
        "you take the mean of the products: add them up.": (
            lambda right, picture, kernel: right(picture, kernel) / kernel.numel()
        ),
        "you add up the window alone: multiply it by the kernel first.": (
            lambda right, picture, kernel: right(picture, torch.ones_like(kernel))
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
    n, padding = draw(sizes(1, 12) | one_of(28, 32, 224)), draw(sizes(0, 3))
    kernel, stride = draw(sizes(1, min(n + 2 * padding, 7))), draw(sizes(1, 4))
    return {"n": n, "kernel": kernel, "stride": stride, "padding": padding}


@exercise(
    hints=[
        "The formula stands above the exercise. Python's // divides and rounds down.",
        "n + 2 * padding - kernel is how far the kernel can move.",
    ],
    cases=row_and_kernel,
    examples=200,
    mistakes={
        "use //, which rounds down to an int: / gives a float.": (
            lambda right, n, kernel, stride, padding: (n + 2 * padding - kernel) / stride + 1
        ),
        "the first place is missing: + 1.": lambda right, *args: right(*args) - 1,
        "the padding is put on both sides: twice.": (
            lambda right, n, kernel, stride, padding: (n + padding - kernel) // stride + 1
        ),
        "the kernel itself needs room: subtract it.": (
            lambda right, n, kernel, stride, padding: (n + 2 * padding) // stride + 1
        ),
        "a rest that is too short for a step is lost: round down.": (
            lambda right, n, kernel, stride, padding: -(-(n + 2 * padding - kernel) // stride) + 1
        ),
        "+ 1 comes last: first divide by the stride, then add the first place.": (
            lambda right, n, kernel, stride, padding: (n + 2 * padding - kernel + 1) // stride
        ),
        "the kernel takes steps of stride: divide by it.": (
            lambda right, n, kernel, stride, padding: n + 2 * padding - kernel + 1
        ),
    },
)
def output_size(output_size, n, kernel, stride, padding):
    """output_size(n, kernel, stride, padding) -> the number of places, an int."""
    return call(output_size, n, kernel, stride, padding)


# ---- 3. One block ---------------------------------------------------------------------------


ROW = 32 * 32 * 32  # numbers that a picture has after pooling


def chain(*middle, features=ROW):
    """Return a convolution, what stands in the middle, and a linear layer."""
    conv = nn.Conv2d(3, 32, kernel_size=3, padding=1)
    return nn.Sequential(conv, *middle, nn.Flatten(), nn.Linear(features, 2))


def four_in_one(right):
    """Put four pictures into one row, as BrokenNet does."""
    rows = nn.Flatten(0), nn.Unflatten(0, (-1, 4 * ROW))
    return chain(nn.ReLU(), nn.MaxPool2d(2), *rows, features=4 * ROW)


@exercise(
    hints=[
        "How many numbers has a picture after pooling? 32 maps of how many pixels?",
        "The linear layer takes 32 * 32 * 32 numbers.",
        "X.flatten(start_dim=1) makes a row of each picture, and never mixes two.",
    ],
    # 4 comes first: this many pictures BrokenNet takes for one, without an error.
    cases=st.fixed_dictionaries(
        {"X": one_of(4, 1, 2, 3, 8, 9).map(lambda n: Code(f"torch.randn({n}, 3, 64, 64)"))}
    ),
    examples=6,
    exact_dtype=True,
    mistakes={
        "4 pictures give only 1 row: a picture has 32 * 32 * 32 numbers after pooling, and view "
        "puts four of them together. Give the linear layer this size.": four_in_one,
        "there is no max-pooling: it follows the ReLU.": (
            lambda right: chain(nn.ReLU(), features=4 * ROW)
        ),
        "there is no ReLU after the convolution.": lambda right: chain(nn.MaxPool2d(2)),
        "you pool with the mean: take the maximum.": (
            lambda right: chain(nn.ReLU(), nn.AvgPool2d(2))
        ),
        "your output ends in a softmax: return the logits.": (
            lambda right: nn.Sequential(right(), nn.Softmax(dim=1)),
            lambda right: nn.Sequential(right(), nn.LogSoftmax(dim=1)),
        ),
        "a ReLU follows the linear layer: logits may be negative.": (
            lambda right: nn.Sequential(right(), nn.ReLU())
        ),
    },
)
def one_block(OneBlock, X):
    """OneBlock() -> nn.Module; forward (N, 3, 64, 64) -> logits (N, 2)."""
    expect(not isfunction(OneBlock), "OneBlock must be a class: class OneBlock(nn.Module).")
    facts, model = use_network(OneBlock, (), X), call(OneBlock)
    expect(
        list(model.parameters()),
        "model.parameters() finds no weights. It does not see layers that are made in forward, or "
        "kept in a plain list: name each one in __init__, self.conv = nn.Conv2d(...).",
    )
    expect(
        torch.allclose(call(model, X), call(model, X), atol=1e-4, equal_nan=True),
        "called twice with the same pictures in training mode, the network gives two answers: "
        "leave out Dropout, and whatever else is random.",
    )
    return facts


# ---- 4. Batch norm --------------------------------------------------------------------------


@cases
def maps_and_eps(draw):
    """X (N, C, H, W), and eps."""
    shape = draw(sizes(1, 3)), draw(sizes(1, 3)), draw(sizes(1, 3)), draw(sizes(1, 3))
    dtype = draw(one_of(torch.float32, torch.float64))
    return {"X": draw(tensors(shape, dtype=dtype)), "eps": draw(one_of(0.1, 1.0, 0.001))}


def normed(X, eps, dims=(0, 2, 3), correction=0):
    """Return X, normalised over these dimensions."""
    mean = X.mean(dim=dims, keepdim=True)
    return (X - mean) / (X.var(dim=dims, correction=correction, keepdim=True) + eps).sqrt()


def parts(X):
    """Return X without its mean, and the variance, for each channel."""
    dims = (0, 2, 3)
    return X - X.mean(dim=dims, keepdim=True), X.var(dim=dims, correction=0, keepdim=True)


@exercise(
    hints=[
        "A mean for each channel is a mean over the dimensions 0, 2 and 3.",
        "X.mean(dim=(0, 2, 3), keepdim=True) has shape (1, C, 1, 1), which broadcasts with X.",
        "X.var(dim=..., correction=0, keepdim=True) divides by the count.",
    ],
    cases=maps_and_eps,
    examples=80,
    mistakes={
        "you take a mean for each pixel, over the pictures only: over dim=(0, 2, 3).": (
            lambda right, X, eps: normed(X, eps, 0)
        ),
        "you take a mean for each picture: over dim=(0, 2, 3).": (
            lambda right, X, eps: normed(X, eps, (2, 3)),
            lambda right, X, eps: normed(X, eps, (1, 2, 3)),
        ),
        "you take one mean for all: one for each channel, over dim=(0, 2, 3).": (
            lambda right, X, eps: normed(X, eps, (0, 1, 2, 3))
        ),
        "your variance divides by count - 1 (torch's default): divide by the count, "
        "correction=0.": lambda right, X, eps: normed(X, eps, correction=1),
        "eps is added after the root: add it before.": (
            lambda right, X, eps: parts(X)[0] / (parts(X)[1].sqrt() + eps)
        ),
        "you divide by the variance: take its root.": (
            lambda right, X, eps: parts(X)[0] / (parts(X)[1] + eps)
        ),
        "the eps passed in is not used: add it to the variance, before the root.": (
            lambda right, X, eps: normed(X, 0),
            lambda right, X, eps: normed(X, 1e-5),
        ),
        "the mean is not subtracted.": lambda right, X, eps: X / (parts(X)[1] + eps).sqrt(),
    },
)
def batch_norm(batch_norm, X, eps):
    """batch_norm(X, eps) -> (X - mean) / sqrt(variance + eps), for each channel of (N, C, H, W)."""
    norms = "batch_norm", "instance_norm", "group_norm", "layer_norm", "rms_norm"
    return by_hand(batch_norm, X, eps, without=norms)


# ---- 5. The receptive field -----------------------------------------------------------------


def widened(layers, grow=lambda jump, _, stride: jump * stride, early=False):
    """Return the field that comes out if the jump grows in this way, or too early."""
    field, jump = 1, 1
    for kernel, stride in layers:
        next_jump = grow(jump, kernel, stride)
        field += (kernel - 1) * (next_jump if early else jump)
        jump = next_jump
    return field


@exercise(
    hints=[
        "Keep two numbers, field and jump, both 1 at the beginning, and loop over the layers.",
        "First field += (kernel - 1) * jump, and only then jump *= stride.",
    ],
    cases=st.fixed_dictionaries({"layers": lists(st.tuples(sizes(1, 7), sizes(1, 4)), 0, 7)}),
    examples=200,
    mistakes={
        "the field begins with 1 pixel.": lambda right, layers: right(layers) - 1,
        "neighbours move apart after a stride: widen by (kernel - 1) * jump.": (
            lambda right, layers: widened(layers, lambda jump, *_: jump)
        ),
        "the jump grows by the stride, not by the kernel.": (
            lambda right, layers: widened(layers, lambda jump, kernel, _: jump * kernel)
        ),
        "the stride multiplies the jump, it is not added.": (
            lambda right, layers: widened(layers, lambda jump, _, stride: jump + stride)
        ),
        "all strides so far count: multiply the jump by the stride, do not replace it by it.": (
            lambda right, layers: widened(layers, lambda jump, _, stride: stride)
        ),
        "the jump of a layer's input counts: multiply it by the stride afterwards.": (
            lambda right, layers: widened(layers, early=True)
        ),
        "a layer adds kernel - 1 pixels, not kernel.": (
            lambda right, layers: sum(kernel for kernel, _ in layers),
            lambda right, layers: right([(kernel + 1, stride) for kernel, stride in layers]),
        ),
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
    X = draw(one_of(counting, Code(floats), Code(bytes_)))
    return {"X": X, "chosen": draw(tensors(shape[:1], one_of(True, False), torch.bool))}


def turned(*dims):
    """Return a wrong answer that turns around these dimensions of the chosen pictures."""
    return lambda right, X, chosen: torch.where(chosen.view(-1, 1, 1, 1), X.flip(dims), X)


@exercise(
    hints=[
        "X.flip(3) mirrors all pictures: it turns the order of the columns around.",
        "torch.where(condition, A, B) takes A where the condition is True, and B elsewhere.",
        "The condition must broadcast with (N, C, H, W): chosen.view(-1, 1, 1, 1).",
    ],
    cases=some_pictures,
    examples=80,
    exact_dtype=True,
    mistakes={
        "nothing is mirrored.": lambda right, X, chosen: X.clone(),
        "all pictures are mirrored, not only the chosen ones.": lambda right, X, chosen: X.flip(3),
        "the chosen ones stay, and the others are mirrored.": (
            lambda right, X, chosen: right(X, ~chosen)
        ),
        "the pictures are upside down: turn the columns around, dimension 3.": turned(2),
        "the colours are exchanged: turn dimension 3 around.": turned(1),
        "the pictures are upside down as well: turn only dimension 3 around.": turned(2, 3),
        "the colours are exchanged and the pictures upside down as well: turn only dimension 3 "
        "around.": turned(1, 2, 3),
        "the pictures change places: turn dimension 3 around.": turned(0),
        "you return the chosen pictures alone: return all of them.": (
            lambda right, X, chosen: X[chosen].flip(3)
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
