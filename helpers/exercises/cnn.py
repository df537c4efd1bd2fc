"""Checks of the exercises in 08_cifar10_cnn."""

import torch
from torch import nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from helpers.exercises.core import (
    call,
    exercise,
    expect,
    expect_close,
    expect_function,
    expect_number,
    expect_tensor,
    expect_type,
    is_close,
    kind,
)
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


class Watch(TorchFunctionMode):
    """Note the names of all functions of PyTorch that are called meanwhile."""

    def __init__(self):
        super().__init__()
        self.names = set()

    def __torch_function__(self, function, types, args=(), kwargs=None):
        self.names.add(getattr(function, "__name__", ""))
        return function(*args, **(kwargs or {}))


def call_by_hand(function, *args, ready_made):
    """Return function(*args); refuse one that calls a ready-made function of PyTorch."""
    with Watch() as watch:
        value = call(function, *args)
    used = sorted(watch.names & ready_made)
    expect(not used, f"you call PyTorch's own {', '.join(used)}: here it is to be done by hand.")
    return value


@exercise(
    title="Convolve",
    notebook="08_cifar10_cnn",
    minutes=8,
    difficulty="build",
    hints=[
        "Two loops: `for row in range(H - a + 1)`, and one for the columns inside.",
        "The window is picture[row : row + a, column : column + b].",
        "Put (window * kernel).sum() into a tensor that torch.zeros has made.",
    ],
)
def convolve(convolve):
    """convolve(picture, kernel) -> the sums of products at all places where the kernel fits."""
    expect_function(convolve, "convolve")
    for size, kernel_size in (((5, 8), (3, 3)), ((6, 5), (2, 4)), ((4, 4), (4, 1))):
        picture, kernel = torch.randn(size), torch.randn(kernel_size)
        given = picture.clone(), kernel.clone()
        name = f"for a picture {size} and a kernel {kernel_size} the result"
        answer = call_by_hand(
            convolve, picture, kernel, ready_made={"conv2d", "conv1d", "convolution"}
        )
        expect(
            torch.equal(picture, given[0]) and torch.equal(kernel, given[1]),
            "your function changes what is passed in: put the sums into a new tensor.",
        )
        expected = correlate(picture, kernel)
        expect_tensor(answer, name)
        expect(
            answer.shape != (size[0] - kernel_size[0], size[1] - kernel_size[1]),
            f"{name} has a row and a column too few: the first place counts as well.",
        )
        expect(
            answer.shape != size or answer.shape == expected.shape,
            f"{name} is as large as the picture: use only places where the kernel fits completely.",
        )
        known = {
            correlate(picture, kernel.flip(0, 1)): "the kernel is turned around: use it as it is",
            expected / kernel.numel(): "you take the mean of the products: add them up",
            correlate(picture, torch.ones(kernel_size)): "you add up the window alone: multiply "
            "it by the kernel first",
        }
        for wrong, reason in known.items():
            expect(is_close(answer, expected) or not is_close(answer, wrong), f"{reason}.")
        expect_close(answer, expected, name)


def correlate(picture, kernel):
    """Return PyTorch's own answer for one channel."""
    return F.conv2d(picture[None, None], kernel[None, None])[0, 0]


@exercise(
    title="The size of the output",
    notebook="08_cifar10_cnn",
    minutes=4,
    difficulty="complete",
    hints=[
        "The formula stands above the exercise. Python's // divides and rounds down.",
        "n + 2 * padding - kernel is how far the kernel can move.",
    ],
)
def output_size(output_size):
    """output_size(n, kernel, stride, padding) -> the width of the output."""
    expect_function(output_size, "output_size")
    cases = (32, 3, 1, 0), (28, 5, 1, 2), (32, 3, 2, 1), (11, 4, 3, 1), (9, 4, 3, 0), (6, 6, 1, 0)
    for n, kernel, stride, padding in cases:
        case = f"output_size({n}, {kernel}, {stride}, {padding})"
        size = call(output_size, n, kernel, stride, padding)
        expect(not isinstance(size, float), f"{case} must be an int, yours is a float: use //.")
        size = expect_number(size, case)
        layer = nn.Conv1d(1, 1, kernel, stride, padding, device="meta")
        expected = layer(torch.zeros(1, 1, n, device="meta")).shape[2]
        room = n + 2 * padding - kernel
        known = (
            (room // stride, "the first place is missing: + 1"),
            ((room - padding) // stride + 1, "the padding is put on both sides: twice"),
            ((room + kernel) // stride + 1, "the kernel itself needs room: subtract it"),
            (-(-room // stride) + 1, "a rest that is too short for a step is lost: round down"),
            (room + 1, "the kernel takes steps of stride: divide by it"),
        )
        for wrong, reason in known:
            expect(size == expected or size != wrong, f"{case}: {reason}.")
        expect(size == expected, f"{case} should be {expected}, yours is {size:.10g}.")


@exercise(
    title="Bug hunt: eight pictures in, two out",
    notebook="08_cifar10_cnn",
    minutes=8,
    difficulty="debug",
    hints=[
        "How many numbers has a picture after pooling? 32 maps of how many pixels?",
        "The linear layer takes 32 * 32 * 32 numbers.",
        "X.flatten(start_dim=1) makes a row of each picture, and never mixes two.",
    ],
)
def one_block(one_block):
    """OneBlock() -> nn.Module; forward (N, 3, 64, 64) -> logits (N, 2)."""
    expect(
        not isinstance(one_block, nn.Module),
        "pass the class OneBlock itself, without brackets; this is already a module made from it.",
    )
    expect_function(one_block, "OneBlock")
    expect(
        isinstance(one_block, type),
        f"OneBlock must be a class, class OneBlock(nn.Module), yours is {kind(one_block)}.",
    )
    model = call(one_block)
    expect_type(model, nn.Module, "OneBlock()")
    made = len(list(model.parameters()))
    X = torch.randn(4, 3, 64, 64)
    logits = call(model, X.clone())
    expect_tensor(logits, "the output for 4 pictures")
    expect(
        tuple(logits.shape) != (1, 2),
        "4 pictures give only 1 row: a picture has 32 * 32 * 32 numbers after pooling, and view "
        "has put four of them together. Give the linear layer this size.",
    )
    expect_tensor(logits, "the output for 4 pictures", shape=(4, 2), dtype=torch.float32)
    again = call(model, X.clone())
    expect(
        len(list(model.parameters())) == made and is_close(again, logits),
        "layers are made inside forward: what an optimizer was given does not hold them, and what "
        "they learn is lost. Make them in __init__.",
    )
    found = {tuple(p.shape): p for p in model.parameters()}
    expect(
        found,
        "model.parameters() finds no weights: layers in a plain list are not seen. Give each one a "
        "name, self.conv = nn.Conv2d(...).",
    )
    wanted = [(32, 3, 3, 3), (32,), (2, 32 * 32 * 32), (2,)]
    expect(
        sorted(found) == sorted(wanted) and len(list(model.parameters())) == 4,
        "there must be a convolution with weights (32, 3, 3, 3) and a linear layer with weights "
        f"(2, 32768), each with a bias; yours are {', '.join(map(str, found))}.",
    )
    expect(
        not is_close(logits.sum(dim=1), torch.ones(4)),
        "each row of your output sums to 1, so it ends in a softmax: return the logits.",
    )
    maps = F.conv2d(X, found[wanted[0]], found[(32,)], padding=1)
    weight, bias = found[(2, 32768)], found[(2,)]

    def finish(maps, pool=F.max_pool2d):
        return pool(maps, 2).flatten(1) @ weight.T + bias

    expected = finish(maps.relu())
    known = {
        finish(maps): "there is no ReLU after the convolution",
        finish(maps.relu(), F.avg_pool2d): "you pool with the mean: take the maximum",
        finish(maps.relu()).relu(): "a ReLU follows the linear layer: logits may be negative",
    }
    for wrong, reason in known.items():
        same = is_close(logits, wrong, 1e-3)
        expect(is_close(logits, expected, 1e-3) or not same, f"{reason}.")
    expect_close(logits, expected, "the output for 4 pictures", tolerance=1e-3)
    expect_tensor(call(model, X[:1].clone()), "the output for 1 picture", shape=(1, 2))


@exercise(
    title="Batch norm",
    notebook="08_cifar10_cnn",
    minutes=7,
    difficulty="build",
    hints=[
        "A mean for each channel is a mean over the dimensions 0, 2 and 3.",
        "X.mean(dim=(0, 2, 3), keepdim=True) has shape (1, C, 1, 1), which broadcasts with X.",
        "X.var(dim=..., correction=0, keepdim=True) divides by the count.",
    ],
)
def batch_norm(batch_norm):
    """batch_norm(X, eps) -> (X - mean) / sqrt(variance + eps), for each channel of (N, C, H, W)."""
    expect_function(batch_norm, "batch_norm")
    for shape, eps in (((6, 3, 4, 5), 1e-5), ((2, 4, 3, 3), 0.1)):
        X = 2 + 3 * torch.randn(shape)
        given = X.clone()
        answer = call_by_hand(
            batch_norm,
            X,
            eps,
            ready_made={"batch_norm", "native_batch_norm", "instance_norm", "group_norm"},
        )
        expect(torch.equal(X, given), "your function changes X in place: make a new tensor.")
        name = f"for X of shape {shape} and eps={eps} the result"
        expect_tensor(answer, name, shape=shape)
        expected = F.batch_norm(X, None, None, training=True, eps=eps)
        mean, variance = moments(X, (0, 2, 3))
        known = {
            normed(X, (0,), eps): "you take the mean over the pictures only, one for each pixel: "
            "over dim=(0, 2, 3)",
            normed(X, (2, 3), eps): "you take a mean for each picture: over dim=(0, 2, 3)",
            normed(X, (1, 2, 3), eps): "you take a mean for each picture: over dim=(0, 2, 3)",
            normed(X, (0, 1, 2, 3), eps): "you take one mean for all: one for each channel",
            (X - mean) / (X.var(dim=(0, 2, 3), keepdim=True) + eps).sqrt(): "your variance divides "
            "by count - 1 (torch's default): divide by the count, correction=0",
            (X - mean) / (variance.sqrt() + eps): "eps is added after the root: add it before",
            (X - mean) / (variance + eps): "you divide by the variance: take its root",
            (X - mean) / variance.sqrt(): "eps is missing",
            X / (variance + eps).sqrt(): "the mean is not subtracted",
        }
        for wrong, reason in known.items():
            close = is_close(answer, expected, 1e-4)
            expect(close or not is_close(answer, wrong, 1e-4), f"{reason}.")
        expect_close(answer, expected, name)


def moments(X, dims):
    """Return mean and variance over these dimensions, which are kept."""
    return X.mean(dim=dims, keepdim=True), X.var(dim=dims, correction=0, keepdim=True)


def normed(X, dims, eps):
    """Return X, normalised over these dimensions."""
    mean, variance = moments(X, dims)
    return (X - mean) / (variance + eps).sqrt()


@exercise(
    title="The receptive field",
    notebook="08_cifar10_cnn",
    minutes=8,
    difficulty="build",
    hints=[
        "Keep two numbers, field and jump, both 1 at the beginning, and loop over the layers.",
        "First field += (kernel - 1) * jump, and only then jump *= stride.",
    ],
)
def receptive_field(receptive_field):
    """receptive_field(layers) -> how many pixels in a row one number of the last layer sees."""
    expect_function(receptive_field, "receptive_field")
    conv, pool, wide = (3, 1), (2, 2), (5, 3)
    cases = [conv], [conv, conv], [pool, conv], [conv, pool, conv, pool, conv], [wide, conv, pool]
    for layers in (*cases, []):
        case = f"receptive_field({layers})"
        given = list(layers)
        field = call(receptive_field, given)
        expect(given == layers, "your function changes the list that is passed in.")
        field = expect_number(field, case)
        expected = pixels_with_gradient(layers)
        known = (
            (expected - 1, "the field begins with 1 pixel"),
            (
                widened(layers, grow=lambda jump, *_: jump),
                "neighbours move apart after a stride: widen by (kernel - 1) * jump",
            ),
            (
                widened(layers, grow=lambda jump, kernel, _: jump * kernel),
                "the jump grows by the stride, not by the kernel",
            ),
            (
                widened(layers, grow=lambda jump, _, stride: jump + stride),
                "the stride multiplies the jump, it is not added",
            ),
            (
                widened(layers, early=True),
                "the jump of a layer's input counts: multiply it by the stride afterwards",
            ),
            (sum(kernel for kernel, _ in layers), "a layer adds kernel - 1 pixels, not kernel"),
        )
        for wrong, reason in known:
            expect(field == expected or field != wrong, f"{case}: {reason}.")
        expect(field == expected, f"{case} should be {expected}, yours is {field:.10g}.")


def pixels_with_gradient(layers):
    """Return how many of 64 pixels have an influence on the first number of the last layer."""
    X = torch.zeros(1, 1, 64, requires_grad=True)
    out = X * 1
    for kernel, stride in layers:
        out = F.avg_pool1d(out, kernel, stride)
    out[0, 0, 0].backward()
    return int((X.grad != 0).sum())


def widened(layers, grow=lambda jump, _, stride: jump * stride, early=False):
    """Return the field that comes out if the jump grows in this way, or too early."""
    field, jump = 1, 1
    for kernel, stride in layers:
        next_jump = grow(jump, kernel, stride)
        field += (kernel - 1) * (next_jump if early else jump)
        jump = next_jump
    return field


@exercise(
    title="Mirror some",
    notebook="08_cifar10_cnn",
    minutes=5,
    difficulty="complete",
    hints=[
        "X.flip(3) mirrors all pictures: it turns the order of the columns around.",
        "torch.where(condition, A, B) takes A where the condition is True, and B elsewhere.",
        "The condition must broadcast with (N, C, H, W): chosen.view(-1, 1, 1, 1).",
    ],
)
def flip(flip):
    """flip(X, chosen) -> X (N, C, H, W), mirrored left to right where chosen."""
    expect_function(flip, "flip")
    some = torch.tensor([True, False, False, True, True])
    for chosen in (some, ~some, some & False, some | True):
        X = torch.rand(5, 3, 4, 4)
        given = X.clone()
        case = f"with chosen={chosen.tolist()}"
        answer = call(flip, X, chosen.clone())
        expect(torch.equal(X, given), "your function changes X in place: make a new tensor.")
        expect_tensor(answer, f"{case} the result", shape=X.shape)
        expected = torch.stack([x.flip(2) if c else x for x, c in zip(X, chosen, strict=True)])
        where = chosen.view(-1, 1, 1, 1)
        known = {
            X: "nothing is mirrored",
            X.flip(3): "all pictures are mirrored, not only the chosen ones",
            torch.where(where, X, X.flip(3)): "the chosen ones stay, and the others are mirrored",
            torch.where(where, X.flip(2), X): "the pictures are upside down: turn the columns "
            "around, dimension 3",
            torch.where(where, X.flip(1), X): "the colours are exchanged: turn dimension 3 around",
            torch.where(where, X.flip(2, 3), X): "the pictures are upside down as well: turn only "
            "dimension 3 around",
            torch.where(where, X.flip(0), X): "the pictures change places: turn dimension 3 around",
            torch.where(where, X.transpose(2, 3), X): "rows and columns are exchanged: use flip(3)",
        }
        for wrong, reason in known.items():
            expect(is_close(answer, expected) or not is_close(answer, wrong), f"{case} {reason}.")
        expect_close(answer, expected, f"{case} the result")
