"""Checks of the exercises in 07_cifar10_classifier."""

import inspect
import tempfile
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from unittest import mock

import numpy as np
import torch
from hypothesis import strategies as st
from torch import nn

from helpers.exercises.cases import Code, cases, classes, lists, loaders, one_of, sizes, tensors
from helpers.exercises.compare import kind
from helpers.exercises.core import Facts, Wrong, call, exercise, expect
from helpers.exercises.networks import use_network, watch, weights
from helpers.exercises.quiz import Question, Quiz

quiz = Quiz(
    Question(
        right="b",
        reasons={
            "a": "Grey is half of 255, about 127, and becomes about 0.",
            "b": "0/255 is 0, and (0 - 0.5)/0.5 is -1: the darkest value there is.",
            "c": "White is 255: it becomes (1 - 0.5)/0.5 = 1.",
        },
    ),
    Question(
        right="c",
        reasons={
            "a": "Then an epoch has 16 times fewer steps, each as short as before: it learns less.",
            "b": "That makes the few steps even shorter.",
            "c": "There are 16 times fewer steps in an epoch, so each may be 16 times as long.",
        },
    ),
    Question(
        right="a",
        reasons={
            "a": "The 16 pictures of the last batch count as much as 64 others.",
            "b": "The loss of an epoch is a number that is shown; the steps do not depend on it.",
            "c": "Only if all batches are equally large. Here the last one is smaller.",
        },
    ),
    Question(
        right="c",
        reasons={
            "a": "The numbers are the same: weights_only rounds nothing.",
            "b": "The file is as large as before; weights_only is about reading.",
            "c": "A file can hold instructions. With weights_only they are refused, not obeyed.",
        },
    ),
    Question(
        right="b",
        reasons={
            "a": "The colours are there: three numbers for each pixel.",
            "b": "Each pixel has weights of its own. A moved picture meets other weights.",
            "c": "Ten logits are enough for ten classes.",
        },
    ),
)


# ---- Cases ----------------------------------------------------------------------------------

LOSSES = one_of(
    Code("nn.CrossEntropyLoss()"),
    Code("nn.CrossEntropyLoss(label_smoothing=0.2)"),
    Code("nn.MultiMarginLoss()"),
    Code("lambda logits, y: (1 - logits[range(len(y)), y]).abs().mean()"),
)
OPTIMIZERS = one_of(
    Code("torch.optim.SGD(model.parameters(), lr=0.5)"),
    Code("torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)"),
    Code("torch.optim.Adam(model.parameters(), lr=0.1)"),
)
DEEP = "nn.Sequential(nn.Linear({a}, 4), nn.ReLU(), nn.Linear(4, {b}))"
WITH_DROPOUT = "nn.Sequential(nn.Linear({a}, 8), nn.Dropout(0.5), nn.Linear(8, {b}))"
WITH_BATCH_NORM = "nn.Sequential(nn.Linear({a}, {b}), nn.BatchNorm1d({b}))"


@st.composite
def networks(draw, a, b, *texts):
    """A network from a inputs to b outputs, in training or in evaluation mode."""
    text, mode = draw(one_of("nn.Linear({a}, {b})", *texts)), draw(one_of("", ".eval()"))
    return Code(text.format(a=a, b=b) + mode)


@st.composite
def batches(draw, *texts):
    """A model, X (N, a) and y (N,), a loader over them, and a loss."""
    n, a, b = draw(sizes(1, 7)), draw(sizes(1, 3)), draw(sizes(2, 4))
    return {
        "model": draw(networks(a, b, *texts)),
        "X": draw(tensors((n, a))),
        "y": draw(classes((n,), b)),
        "loader": draw(loaders()),
        "loss_fn": draw(LOSSES),
    }


@cases
def training(draw):
    """What train_epoch is given."""
    return {**draw(batches(DEEP)), "optimizer": draw(OPTIMIZERS)}


# ---- 1. Count the parameters ----------------------------------------------------------------


def weights_and(biases):
    """Return a mistake: all weights, and so many biases."""
    return lambda right, sizes: sum(a * b for a, b in pairwise(sizes)) + biases(sizes)


@exercise(
    hints=[
        "A layer from a inputs to b outputs has a * b weights. How many biases?",
        "zip(sizes, sizes[1:]) gives the inputs and outputs of one layer after the other.",
    ],
    cases=st.fixed_dictionaries({"sizes": lists(sizes(1, 9) | one_of(100, 300), 2, 6)}),
    mistakes={
        "these are the weights alone: each output has a bias as well.": weights_and(lambda _: 0),
        "you count a bias for each input too: only the outputs of a layer have one.": (
            weights_and(sum)
        ),
        "you count a bias for each input of a layer: each output has one.": (
            weights_and(lambda sizes: sum(sizes[:-1]))
        ),
    },
)
def parameters(count_parameters, sizes):
    """count_parameters(sizes) -> weights and biases of linear layers between these sizes."""
    return call(count_parameters, sizes)


# ---- 2. The network -------------------------------------------------------------------------


def layers(activation, *last):
    """Return the network with another activation, or with something at its end."""
    return nn.Sequential(
        *(nn.Flatten(), nn.Linear(3072, 1024), activation(), nn.Linear(1024, 512), activation()),
        *(nn.Linear(512, 10), *last),
    )


@exercise(
    hints=[
        "In __init__: self.layers = nn.Sequential(...), or a name for each layer.",
        "nn.Flatten() makes (N, 3072) of (N, 3, 32, 32): it keeps the first dimension.",
        "nn.ReLU() stands after the first and the second linear layer, nothing after the third.",
    ],
    cases=st.just({"X": Code("torch.randn(3, 3, 32, 32)")}),  # and a single picture, in network
    examples=1,
    exact_dtype=True,
    mistakes={
        "your output ends in a softmax: return the logits, since nn.CrossEntropyLoss applies the "
        "softmax itself.": lambda right: layers(nn.ReLU, nn.Softmax(dim=1)),
        "there is no ReLU between the layers, so together they are only one linear layer.": (
            lambda right: layers(nn.Identity)
        ),
        "a ReLU follows the last layer: logits may be negative.": (
            lambda right: layers(nn.ReLU, nn.ReLU())
        ),
    },
)
def network(network, X):
    """Network() -> nn.Module; forward (N, 3, 32, 32) -> logits (N, 10)."""
    expect(not inspect.isfunction(network), "Network must be a class, class Network(nn.Module).")
    facts = use_network(network, (), X)
    for_one = call(call(network).eval(), X[:1])
    return Facts({**facts, "the shape of the output for one picture": tuple(for_one.shape)})


# ---- 3. The dark pictures -------------------------------------------------------------------


@cases
def pictures(draw):
    """X (N, 3, H, W), made of numbers in [0, 1], with the mean and std that were used."""
    n, h, w = draw(sizes(1, 3)), draw(sizes(1, 4)), draw(sizes(1, 4))
    mean, std = (
        tuple(draw(one_of(*numbers)) for _ in range(3))
        for numbers in ((0.5, 0.25, 0.4, 0.0, -0.5), (0.5, 0.2, 1.0, 2.0))
    )
    dtypes = one_of(torch.float32, torch.float64)
    pixels = draw(tensors((n, 3, h, w), one_of(0.0, 1.0, 0.5, 0.25), draw(dtypes)))
    return {"X": (pixels - channels(mean)) / channels(std), "mean": mean, "std": std}


def channels(values):
    """Return three numbers in a shape that broadcasts with pictures."""
    return torch.tensor(values).view(3, 1, 1)


def undo(formula):
    """Return a mistake: another formula of X, mean and std."""
    return lambda right, X, mean, std: formula(X, channels(mean), channels(std))


@exercise(
    hints=[
        "To undo (x - mean) / std, undo the division first, then the subtraction.",
        "torch.tensor(mean) has shape (3,). Against (N, 3, H, W) it needs the shape (3, 1, 1).",
        "torch.tensor(mean).view(3, 1, 1) has that shape.",
    ],
    cases=pictures,
    mistakes={
        "you add 0.05, as the tutorial does: it should be the mean.": (
            undo(lambda X, mean, std: X / 2 + 0.05),
            undo(lambda X, mean, std: X * std + 0.05),
        ),
        "you always use 0.5: use mean and std.": undo(lambda X, mean, std: X / 2 + 0.5),
        "you use one number for all three channels: each has its own.": (
            undo(lambda X, mean, std: X * std[0] + mean[0]),
            undo(lambda X, mean, std: X * std.mean() + mean.mean()),
        ),
        "undo the last step first: multiply by std, then add the mean.": (
            undo(lambda X, mean, std: (X + mean) * std)
        ),
        "mean and std are exchanged: X * std + mean.": undo(lambda X, mean, std: X * mean + std),
        "you repeat a step of the normalization: undo both, X * std + mean.": (
            undo(lambda X, mean, std: X * std - mean),
            undo(lambda X, mean, std: (X - mean) / std),
            undo(lambda X, mean, std: X / std + mean),
        ),
        "the result must lie in [0, 1], not in [0, 255].": (
            undo(lambda X, mean, std: 255 * (X * std + mean))
        ),
    },
)
def unnormalize(unnormalize, X, mean, std):
    """unnormalize(X, mean, std) -> the pictures before (x - mean) / std, each channel its own."""
    return call(unnormalize, X, mean, std)


# ---- 4. and 5. The two loops ----------------------------------------------------------------


def steps(model, loader, loss_fn, optimizer, *, zero_grad=True, times=1, turn=lambda z: z):
    """Train for an epoch, or with one thing wrong; return losses, right ones, rows of batches."""
    model.train()
    batches = []
    for X, y in loader:
        logits = model(X)
        loss = loss_fn(turn(logits), y)
        if zero_grad:
            optimizer.zero_grad()
        loss.backward()
        for _ in range(times):
            optimizer.step()
        batches.append((loss.item(), (logits.argmax(dim=1) == y).sum().item(), len(y)))
    return np.array(batches).T


@torch.no_grad()
def measure(model, loader, loss_fn, *, turn=lambda z: z):
    """Return losses, right ones and rows of the batches."""
    model.eval()
    parts = [(model(X), y) for X, y in loader]
    return np.array(
        [(loss_fn(turn(z), y).item(), (z.argmax(dim=1) == y).sum(), len(y)) for z, y in parts]
    ).T


def two_passes(right, model, loader, loss_fn):
    """Take the logits in one pass over the loader, and y in a second one."""
    model.eval()
    with torch.no_grad():
        logits = torch.cat([model(X) for X, _ in loader])
    y = torch.cat([y for _, y in loader])
    return loss_fn(logits, y).item(), (logits.argmax(dim=1) == y).float().mean().item()


def over_rows(loss, hits, rows):
    """Return the right loss and accuracy from the numbers of the batches."""
    return loss @ rows / rows.sum(), hits.sum() / rows.sum()


# What goes wrong with the numbers of the batches: functions that give the loss and the accuracy.
WRONG_SUMS = {
    "you average the numbers of the batches, so a small last batch counts too much: add up over "
    "the rows, and divide by the number of rows.": (
        lambda loss, hits, rows: (loss.mean(), (hits / rows).mean()),
        lambda loss, hits, rows: (loss.mean(), hits.sum() / rows.sum()),
        lambda loss, hits, rows: (loss @ rows / rows.sum(), (hits / rows).mean()),
    ),
    "the loss of a batch is a mean already: multiply it by len(X) before you add it up.": (
        lambda loss, hits, rows: (loss.sum() / rows.sum(), hits.sum() / rows.sum()),
    ),
    "the loss is a sum: it must be the mean over the rows.": (
        lambda loss, hits, rows: (loss.sum(), hits.sum() / rows.sum()),
        lambda loss, hits, rows: (loss @ rows, hits.sum() / rows.sum()),
    ),
    "these are numbers of the last batch alone: add up over all batches.": (
        lambda loss, hits, rows: (loss[-1], hits[-1] / rows[-1]),
        lambda loss, hits, rows: (loss[-1], hits.sum() / rows.sum()),
        lambda loss, hits, rows: (loss @ rows / rows.sum(), hits[-1] / rows[-1]),
    ),
    "the right ones must be divided by the number of rows.": (
        lambda loss, hits, rows: (loss @ rows / rows.sum(), hits.sum()),
        lambda loss, hits, rows: (loss @ rows / rows.sum(), hits.sum() / len(rows)),
    ),
    "the accuracy must be a fraction between 0 and 1, not per cent.": (
        lambda loss, hits, rows: (loss @ rows / rows.sum(), 100 * hits.sum() / rows.sum()),
    ),
    "the two numbers are swapped: return the loss first, then the accuracy.": (
        lambda *batches: over_rows(*batches)[::-1],
    ),
}


def wrong_loop(loop, **wrong):
    """Return a mistake: right sums, in a loop with one thing wrong."""
    return lambda right, *args: over_rows(*loop(*args, **wrong))


def mistakes_of(loop):
    """Return the mistakes that either loop may hold; loop gives the numbers of the batches."""

    def summed(wrong):
        return lambda right, *args: wrong(*loop(*args))

    def own_loss(right, model, loader, loss_fn, *optimizer):
        return right(model, loader, nn.CrossEntropyLoss(), *optimizer)

    return {
        **{text: tuple(map(summed, functions)) for text, functions in WRONG_SUMS.items()},
        "you applied a softmax before the loss: loss_fn takes the logits.": (
            wrong_loop(loop, turn=partial(torch.softmax, dim=1))
        ),
        "you use the cross-entropy whatever is passed in: use loss_fn.": own_loss,
    }


def expect_all_rows(seen, X):
    """Expect that the model was called with as many rows as there are, or more."""
    rows = sum(len(one.X) for one in seen)
    expect(
        rows >= len(X),
        f"the model is shown {rows} of {len(X)} rows: go through all batches, and put the return "
        "after the loop.",
    )


def two_numbers(answer, name):
    """Return Facts about a pair of numbers."""
    expect(
        isinstance(answer, tuple | list) and len(answer) == 2,
        f"{name} must return two numbers: return loss, accuracy.",
    )
    return Facts({"the loss": answer[0], "the accuracy": answer[1]})


@exercise(
    hints=[
        "The loss of a batch is a mean. How does it become the sum over the batch's pictures?",
        "Add loss.item() * len(X), add the number of pictures that are right, and add len(X).",
        "Both sums are divided by the number of pictures, at the end.",
    ],
    cases=training,
    examples=20,
    mistakes={
        **mistakes_of(steps),
        "the gradients of all batches add up: call optimizer.zero_grad() before each "
        "backward().": wrong_loop(steps, zero_grad=False),
        "each batch makes two steps: call optimizer.step() once.": wrong_loop(steps, times=2),
    },
)
def train_epoch(train_epoch, model, X, y, loader, loss_fn, optimizer):
    """train_epoch(model, loader, loss_fn, optimizer) -> (loss, accuracy) over all rows."""
    made = []
    optimizer.register_step_post_hook(lambda *_: made.append("a step"))
    with watch(model) as seen:
        answer = call(train_epoch, model, loader, loss_fn, optimizer, may_change=("model",))
    expect(seen, "your function never calls the model passed in.")
    modes = {one.training for one in seen}
    expect(modes != {False}, "the model is in evaluation mode: call model.train() before the loop.")
    expect(
        modes == {True},
        "besides its steps, your function calls the model in evaluation mode: take both numbers "
        "from the logits that each step has anyway.",
    )
    expect_all_rows(seen, X)
    expect(
        sum(len(one.X) for one in seen) <= len(X),
        "the model is shown more rows than the loader holds: call it once for each batch, and take "
        "both numbers from these logits, which come before the step.",
    )
    expect(made, "the optimizer passed in makes no step: call optimizer.step() in the loop.")
    return Facts({**two_numbers(answer, "train_epoch"), **weights(model)})


@exercise(
    hints=[
        "model.eval() first; then `with torch.no_grad():` around the loop over the loader.",
        "Collect the logits and the y of each batch in two lists, and join them with torch.cat.",
        "Then compute the loss and the accuracy once, from all the logits.",
    ],
    cases=batches(WITH_DROPOUT, WITH_BATCH_NORM),
    examples=25,
    mistakes={
        **mistakes_of(measure),
        "the logits and y come from two passes over the loader, which may shuffle: take both in "
        "one loop.": two_passes,
    },
)
def test_loop(test_loop, model, X, y, loader, loss_fn):
    """test_loop(model, loader, loss_fn) -> (loss, accuracy) over all rows; changes nothing."""
    with watch(model) as seen:
        answer = call(test_loop, model, loader, loss_fn, may_change=("model.mode",))
    expect(seen, "your function never calls the model passed in.")
    expect(
        not any(one.training for one in seen),
        "the model is called in training mode, where dropout is on: call model.eval() first.",
    )
    expect(
        not any(one.recording for one in seen),
        "the forward pass records a graph: use torch.no_grad().",
    )
    expect_all_rows(seen, X)
    return two_numbers(answer, "test_loop")


# ---- 6. Save and load -----------------------------------------------------------------------


@cases
def two_models(draw):
    """Two models with the same layers, and a path."""
    a, b = draw(sizes(1, 3)), draw(sizes(2, 4))
    text = draw(
        one_of("nn.Linear({a}, {b})", WITH_BATCH_NORM, DEEP, "nn.Linear({a}, {b}).double()")
    ).format(a=a, b=b)
    modes = one_of("", ".eval()")
    return {
        "model": Code(text + draw(modes)),
        "new_model": Code(text + draw(modes)),
        "path": draw(one_of("weights.pt", "model.pth", "epoch 10")),
    }


@exercise(
    hints=[
        "model.state_dict() is a dict from a name to a tensor. torch.save(what, path) writes it.",
        "torch.load(path, weights_only=True) reads it; new_model.load_state_dict(...) takes it.",
        "load_state_dict changes the model and returns something else: return new_model itself.",
    ],
    cases=two_models,
    examples=15,
)
def save_and_load(save_and_load, model, new_model, path):
    """save_and_load(model, new_model, path) -> new_model, with the weights read from the file.

    What torch.save and torch.load are given and return must be watched: whether the numbers have
    been through the file, and whether it was read safely, cannot be seen in the result.
    """
    with torch.no_grad():
        for value in model.state_dict().values():  # each starts with a 0, for mark
            numbers = torch.arange(value.numel()).reshape(value.shape)
            value.copy_(numbers if value.is_floating_point() else numbers + 5)
    saved, loaded = [], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / path
        with watched("save", saved), watched("load", loaded, partial(mark_file, path)):
            try:
                answer = call(save_and_load, model, new_model, path, may_change=("new_model",))
            finally:
                expect(
                    not any(
                        isinstance(part, nn.Module) for given in saved for part in given.values()
                    ),
                    "you save the whole model, which weights_only=True refuses to read: save "
                    "model.state_dict().",
                )
        expect(path.is_file(), "there is no file at path: torch.save(..., path) writes it.")
    expect(loaded, "torch.load is never called: the numbers must come from the file.")
    safe = all(given.get("weights_only") in (None, True) for given in loaded)  # by default: True
    expect(safe, "weights_only=False lets a file run code on your computer: use weights_only=True.")
    expect(answer is not model, "you return model: return new_model.")
    expect(answer is new_model, f"return new_model itself; yours returns {kind(answer)}.")
    state = new_model.state_dict()
    for name, value in state.items():
        first = value.flatten()[0]
        expect(
            not value.is_floating_point() or (first == 0 and torch.signbit(first)),
            f"{name} of new_model does not come from the file: give all that torch.load returns to "
            "new_model.load_state_dict(...).",
        )
    return Facts({f"{name} of new_model": value + 0 for name, value in state.items()})  # no -0


def mark_file(path, given, read):
    """Mark what torch.load has read, if it was the file at path."""
    source = given.get(0, given.get("f"))
    name = source if isinstance(source, str | Path) else getattr(source, "name", "")
    if Path(name).resolve() == path.resolve():
        mark(read)


def mark(read):
    """Turn each 0 that was read into -0: equal in every comparison, but with another sign bit."""
    if isinstance(read, torch.Tensor) and read.is_floating_point():
        with torch.no_grad():
            read[read == 0] = -0.0
    elif isinstance(read, dict | list | tuple):
        for part in read.values() if isinstance(read, dict) else read:
            mark(part)


@contextmanager
def watched(name, calls, change=lambda given, result: None):
    """Note what torch.save or torch.load is given, under both of its names, place or name -> value.

    change(given, result) may change the result before the student's code gets it.
    """
    function = getattr(torch, name)

    def watcher(*args, **kwargs):
        calls.append({**dict(enumerate(args)), **kwargs})
        result = function(*args, **kwargs)
        change(calls[-1], result)
        return result

    with (
        mock.patch.object(torch, name, watcher),
        mock.patch.object(torch.serialization, name, watcher),
    ):
        yield


# ---- 7. Accuracy per class ------------------------------------------------------------------


@cases
def predictions(draw):
    """Predicted and true classes; each class is true at least once."""
    count = draw(sizes(1, 5))
    more = draw(lists(st.integers(0, count - 1), 0, 6))
    y = torch.tensor(draw(st.permutations([*range(count), *more])))
    return {"y_pred": draw(classes(y.shape, count)), "y": y, "classes": count}


def quotient(divide):
    """Return a mistake: a wrong fraction of the numbers of right, predicted and true ones."""

    def wrong(right, y_pred, y, classes):
        count = partial(torch.bincount, minlength=classes)
        return divide(count(y[y_pred == y]), count(y_pred), count(y))

    return wrong


@exercise(
    hints=[
        "torch.bincount(y) counts how often each class occurs in y.",
        "y[y_pred == y] holds the true classes of the pictures that are right.",
        "minlength=classes makes both counts equally long, whatever the predictions are.",
    ],
    cases=predictions,
    examples=100,
    mistakes={
        "these are the numbers of right ones: divide by the pictures of each class.": quotient(
            lambda hits, predicted, true: hits.float()
        ),
        "the two counts differ in length where the last class is never right: bincount needs "
        "minlength=classes.": (
            lambda right, y_pred, y, classes: y[y_pred == y].bincount() / y.bincount(),
            lambda right, y_pred, y, classes: (
                y[y_pred == y].bincount() / y.bincount()[: len(y[y_pred == y].bincount())]
            ),
        ),
        "you divide by another number: divide the right ones of each class by how often it is the "
        "true one.": (
            quotient(lambda hits, predicted, true: hits / predicted),
            quotient(lambda hits, predicted, true: hits / true.sum()),
            quotient(lambda hits, predicted, true: hits / hits.sum()),
        ),
        "the result must hold fractions between 0 and 1, not per cent.": quotient(
            lambda hits, predicted, true: 100 * hits / true
        ),
        "you count how often a class is predicted, right or wrong: count only where y_pred == "
        "y.": quotient(lambda hits, predicted, true: predicted / true),
    },
)
def per_class(per_class_accuracy, y_pred, y, classes):
    """per_class_accuracy(y_pred, y, classes) -> for each true class, the fraction right."""
    answer = call(per_class_accuracy, y_pred, y, classes)
    if isinstance(answer, list | tuple | np.ndarray):  # as good as a tensor of these numbers
        try:
            return torch.tensor([float(number) for number in answer])
        except (TypeError, ValueError, RuntimeError):
            raise Wrong("the result must hold one number for each class.") from None
    return answer


# ---- 8. The most confused pairs -------------------------------------------------------------


@cases
def confusions(draw):
    """A matrix of counts, and a number of pairs that it has."""
    n = draw(sizes(2, 5))
    counts = one_of(1, 0, 2, 3, 5, 40, 1000)
    k = draw(sizes(1, n * (n - 1) // 2))
    return {"matrix": draw(tensors((n, n), counts, torch.int64)), "k": k}


def sorted_pairs(matrix, k, count):
    """Return the k pairs with the largest count(a, b)."""
    places = range(len(matrix))
    pairs = [(a, b, count(a, b).item()) for a in places for b in places if a < b]
    return sorted(pairs, key=lambda pair: -pair[2])[:k]


@exercise(
    hints=[
        "matrix + matrix.T adds the two directions.",
        "a, b = torch.triu_indices(C, C, offset=1) holds rows and columns of all pairs a < b: "
        "(matrix + matrix.T)[a, b] are their counts.",
        "counts.topk(k) gives the k largest and their places; a[places] and b[places] belong to "
        "them.",
    ],
    cases=confusions,
    examples=150,
    mistakes={
        "you count one direction only: add matrix[a, b] and matrix[b, a].": (
            lambda right, matrix, k: sorted_pairs(matrix, k, lambda a, b: matrix[a, b]),
            lambda right, matrix, k: sorted_pairs(matrix, k, lambda a, b: matrix[b, a]),
            lambda right, matrix, k: sorted_pairs(
                matrix, k, lambda a, b: max(matrix[a, b], matrix[b, a])
            ),
        ),
        "the pairs are right, but the largest count must come first.": (
            lambda right, matrix, k: right(matrix, k)[::-1]
        ),
        "return only k pairs.": (
            lambda right, matrix, k: right(matrix, len(matrix) * (len(matrix) - 1) // 2)
        ),
    },
)
def confused(most_confused, matrix, k):
    """most_confused(matrix, k) -> k tuples (a, b, count), a < b, the largest count first.

    Pairs with equal counts may stand in any order, so the counts are compared, not the pairs: each
    count must be that of its pair.
    """
    rows = triples(call(most_confused, matrix, k))
    for a, b, count in rows:
        expect(min(a, b) >= 0 and max(a, b) < len(matrix), f"there is no pair ({a}, {b}).")
        zeros = "" if count else " After .triu(1) zeros stand there, which must not be chosen."
        expect(a != b, f"({a}, {b}) is no pair: the diagonal holds what is right.{zeros}")
        twice = sum({a, b} == set(row[:2]) for row in rows) > 1
        expect(not twice, f"{a} and {b} come twice: add both directions to one pair.")
        expect(a < b, f"({a}, {b}) must start with the smaller class number.{zeros}")
    return Facts(
        {
            "the list of counts": [count for *_, count in rows],
            "looked up in the matrix, the list of the counts of your pairs": [
                int(matrix[a, b] + matrix[b, a]) for a, b, _ in rows
            ],
        }
    )


def triples(answer):
    """Return a list of (a, b, count) as tuples of int."""
    expect(
        isinstance(answer, list | tuple | torch.Tensor),
        f"the result must be a list of tuples (a, b, count), yours is {kind(answer)}.",
    )
    try:
        rows = [tuple(float(number) for number in row) for row in answer]
    except (TypeError, ValueError, RuntimeError):
        rows = None
    expect(
        rows is not None and all(len(row) == 3 and all(map(float.is_integer, row)) for row in rows),
        "each entry of the result must be a tuple of three whole numbers, (a, b, count).",
    )
    return [tuple(map(int, row)) for row in rows]
