"""Checks of the exercises in 07_cifar10_classifier."""

import copy
import tempfile
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from unittest import mock

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

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
    expect_type,
    is_close,
    kind,
)
from helpers.exercises.dataloaders import check_epoch_loss, check_steps
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


@exercise(
    title="Count the parameters",
    notebook="07_cifar10_classifier",
    minutes=4,
    difficulty="complete",
    hints=[
        "A layer from a inputs to b outputs has a * b weights. How many biases?",
        "zip(sizes, sizes[1:]) gives the inputs and outputs of one layer after the other.",
    ],
)
def parameters(count_parameters):
    """count_parameters(sizes) -> weights and biases of linear layers between these sizes."""
    expect_function(count_parameters, "count_parameters")
    for sizes in ([3072, 1024, 512, 10], [4, 1], [5, 7, 3, 3, 2]):
        case = f"count_parameters({sizes})"
        given = list(sizes)
        number = call(count_parameters, given)
        expect(given == sizes, "your function changes the list that is passed in.")
        expect(not isinstance(number, float), f"{case} must be an int, yours is a float.")
        number = expect_number(number, case)
        layers = [nn.Linear(a, b, device="meta") for a, b in pairwise(sizes)]
        expected = sum(p.numel() for layer in layers for p in layer.parameters())
        weights = sum(layer.weight.numel() for layer in layers)
        expect(
            number != weights,
            f"{case}: {weights} are the weights alone. Each output has a bias as well.",
        )
        expect(
            number != weights + sum(sizes),
            f"{case}: you count a bias for each input too. Only the outputs of a layer have one.",
        )
        expect(
            number != weights + sum(sizes[:-1]),
            f"{case}: you count a bias for each input of a layer. Each output has one.",
        )
        expect(number == expected, f"{case} should be {expected}, yours is {number:.10g}.")


@exercise(
    title="The network as a module",
    notebook="07_cifar10_classifier",
    minutes=6,
    difficulty="complete",
    hints=[
        "In __init__: self.layers = nn.Sequential(...), or a name for each layer.",
        "nn.Flatten() makes (N, 3072) of (N, 3, 32, 32): it keeps the first dimension.",
        "nn.ReLU() stands after the first and the second linear layer, nothing after the third.",
    ],
)
def network(network):
    """Network() -> nn.Module; forward (N, 3, 32, 32) -> logits (N, 10)."""
    expect(
        not isinstance(network, nn.Module),
        "pass the class Network itself, without brackets; this is already a module made from it.",
    )
    expect_function(network, "Network")
    expect(
        isinstance(network, type),
        f"Network must be a class, class Network(nn.Module), yours is {kind(network)}.",
    )
    model = call(network)
    expect_type(model, nn.Module, "Network()")
    made = len(list(model.parameters()))
    X = 10 * torch.randn(6, 3, 32, 32)
    logits = call(model, X.clone())
    name = "the output for 6 pictures"
    expect_tensor(logits, name, shape=(6, 10), dtype=torch.float32)
    model.eval()  # so that a dropout is not taken for new layers
    again = [call(model, X.clone()) for _ in range(2)]
    model.train()
    expect(
        len(list(model.parameters())) == made and is_close(*again),
        "layers are made inside forward: what an optimizer was given does not hold them, and what "
        "they learn is lost. Make them in __init__.",
    )
    expect(
        not is_close(logits.sum(dim=1), torch.ones(6)),
        "each row of your output sums to 1, so it ends in a softmax: return the logits, "
        "since nn.CrossEntropyLoss applies the softmax itself.",
    )
    matrices = [p for p in model.parameters() if p.dim() == 2]
    shapes = sorted((tuple(p.shape) for p in matrices), reverse=True)
    expect(
        shapes,
        "model.parameters() finds no weights: layers in a plain list are not seen. "
        "Give each one a name, self.first = nn.Linear(...), or use nn.Sequential.",
    )
    expect(
        shapes == [(1024, 3072), (512, 1024), (10, 512)],
        "the weights must have the shapes (1024, 3072), (512, 1024) and (10, 512), "
        f"yours have {', '.join(map(str, shapes))}.",
    )
    by_shape = {tuple(p.shape): p for p in model.parameters()}
    expect(
        set(by_shape) == {*shapes, (1024,), (512,), (10,)} and len(list(model.parameters())) == 6,
        "the network must have three linear layers, each with its bias, and no other parameters.",
    )
    expect(
        logits.min() < 0 or not (logits == 0).any(),
        "no output is below 0 and some are exactly 0, so a ReLU follows the last layer: "
        "logits may be negative.",
    )
    expect_tensor(call(model, X[:1].clone()), "the output for 1 picture", shape=(1, 10))
    bent = call(model, X) + call(model, -X) - 2 * call(model, 0 * X)
    expect(
        not is_close(bent, torch.zeros(6, 10), 1e-3),
        "there is no ReLU between the layers, so together they are only one linear layer.",
    )
    expected = forward_by_hand(X, by_shape)
    name = f"with ReLU after the first and second layer only, {name}"
    expect_close(logits, expected, name, tolerance=1e-3)


def forward_by_hand(X, by_shape):
    """Return the logits of the three layers, their weights and biases found by their shapes."""
    sizes = 3072, 1024, 512, 10
    for a, b in pairwise(sizes):
        X = X.reshape(len(X), -1) if a == 3072 else F.relu(X)
        X = X @ by_shape[(b, a)].T + by_shape[(b,)]
    return X


@exercise(
    title="Bug hunt: the dark pictures",
    notebook="07_cifar10_classifier",
    minutes=5,
    difficulty="debug",
    hints=[
        "To undo (x - mean) / std, undo the division first, then the subtraction.",
        "torch.tensor(mean) has shape (3,). Against (N, 3, H, W) it needs the shape (3, 1, 1).",
        "torch.tensor(mean).view(3, 1, 1) has that shape.",
    ],
)
def unnormalize(unnormalize):
    """unnormalize(X, mean, std) -> the pictures before (x - mean) / std, each channel its own."""
    expect_function(unnormalize, "unnormalize")
    half, uneven = (0.5, 0.5, 0.5), ((0.4, 0.5, 0.3), (0.2, 0.25, 0.3))
    for mean, std in ((half, half), uneven):
        pixels = torch.rand(4, 3, 6, 8)
        m, s = (torch.tensor(v).view(3, 1, 1) for v in (mean, std))
        X = (pixels - m) / s
        given = X.clone()
        case = f"for mean={mean} and std={std}"
        answer = call(unnormalize, X, mean, std)
        expect_tensor(answer, f"{case} the result", shape=(4, 3, 6, 8))
        expect(
            torch.equal(X, given),
            "your function changes X in place (like X *= ...): make a new tensor.",
        )
        known = {
            X / 2 + 0.05: "you add 0.05, as the tutorial does: it should be the mean",
            X / 2 + 0.5: "you always use 0.5: use mean and std",
            (X + m) * s: "you add the mean before you multiply by std: undo the last step first",
            X * m + s: "mean and std are exchanged: X * std + mean",
            X * s - m: "you subtract the mean again: add it",
            (X - m) / s: "you normalize a second time: undo it instead, X * std + mean",
            X / s + m: "you divide by std again: multiply by it",
            255 * pixels: "the result must lie in [0, 1], not in [0, 255]",
        }
        for wrong, reason in known.items():
            expect(is_close(answer, pixels) or not is_close(answer, wrong), f"{case} {reason}.")
        expect_close(answer, pixels, f"{case} the result")


@exercise(
    title="Bug hunt: the mean of the means",
    notebook="07_cifar10_classifier",
    minutes=7,
    difficulty="debug",
    hints=[
        "The loss of a batch is a mean. How does it become the sum over the batch's pictures?",
        "Add loss.item() * len(X), add the number of pictures that are right, and add len(X).",
        "Both sums are divided by the number of pictures, at the end.",
    ],
)
def train_epoch(train_epoch):
    """train_epoch(model, loader, loss_fn, optimizer) -> (loss, accuracy) over all rows."""
    expect_function(train_epoch, "train_epoch")
    for rows, batch_size in ((13, 5), (9, 8)):
        X, y = torch.randn(rows, 4), torch.randint(0, 3, (rows,))
        loader = DataLoader(TensorDataset(X, y), batch_size)
        model = nn.Linear(4, 3)
        before = copy.deepcopy(model)
        model.eval()
        modes = []
        model.register_forward_hook(lambda m, *_, modes=modes: modes.append(m.training))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        loss_fn, used = nn.CrossEntropyLoss(), []
        loss_fn.register_forward_hook(lambda *_, used=used: used.append(True))
        answer = call(train_epoch, model, loader, loss_fn, optimizer)
        loss, accuracy = two_numbers(answer, "train_epoch")
        expect(modes, "your function never calls the model that is passed in.")
        expect(any(modes), "the model is in evaluation mode: call model.train() before the loop.")
        expect(
            all(modes),
            "besides its steps, your function runs the model in evaluation mode, as "
            "helpers.evaluate does: take both numbers from the logits that each step has anyway.",
        )
        check_steps(model, before, list(loader))
        right_before, right_after, losses_after = around_the_steps(before, loader)
        expect_in_order(loss, accuracy, right_before.sum() / rows)
        sizes = torch.tensor([len(y) for _, y in loader])
        expect(
            not is_close(loss, (losses_after * sizes).sum() / rows),
            "you compute the loss after the batch's step: use the one from before it.",
        )
        expect(
            not is_close(loss, F.cross_entropy(model(X), y)),
            "the loss is that of the model after the epoch: add up the losses of the steps.",
        )
        check_epoch_loss(loss, before, list(loader))
        check_accuracy(accuracy, right_before, sizes)
        expect(
            is_close(accuracy, right_before.sum() / rows)
            or not is_close(accuracy, right_after.sum() / rows),
            "you compute the accuracy after the batch's step: use the logits from before it.",
        )
        expect_close(accuracy, right_before.sum() / rows, "the accuracy")
        expect(used, "your function never calls the loss_fn that is passed in.")


def around_the_steps(model, loader):
    """Return for each batch the rows right before its step, and the rows right and loss after."""
    model = copy.deepcopy(model)
    before, after, losses = [], [], []
    for X, y in loader:
        logits = model(X)
        gradients = torch.autograd.grad(F.cross_entropy(logits, y), list(model.parameters()))
        with torch.no_grad():
            for p, gradient in zip(model.parameters(), gradients, strict=True):
                p -= 0.5 * gradient
        before.append((logits.argmax(dim=1) == y).sum())
        after.append((model(X).argmax(dim=1) == y).sum())
        losses.append(F.cross_entropy(model(X), y).detach())
    return torch.stack(before), torch.stack(after), torch.stack(losses)


def two_numbers(answer, name):
    """Expect a pair of numbers; return it."""
    expect(
        isinstance(answer, tuple | list) and len(answer) == 2,
        f"{name} must return two numbers: return loss, accuracy.",
    )
    return expect_number(answer[0], "the loss"), expect_number(answer[1], "the accuracy")


def expect_in_order(loss, accuracy, right_accuracy):
    """Expect the loss first."""
    expect(
        not is_close(loss, right_accuracy) or is_close(accuracy, right_accuracy),
        "the two numbers are swapped: return the loss first, then the accuracy.",
    )


def check_accuracy(accuracy, right, sizes):
    """Recognise the usual wrong accuracies; right: how many rows of each batch are right."""
    rows = sizes.sum()
    known = {
        (right / sizes).mean(): "you average the accuracies of the batches: the small last batch "
        "then counts too much. Add up the number of right ones, and divide by the number of rows",
        right.sum().double(): "the accuracy is the number of right ones: divide it by the rows",
        100 * right.sum() / rows: "the accuracy must be a fraction between 0 and 1, not per cent",
        right.sum() / len(sizes): "the number of right ones is divided by the number of batches: "
        "divide it by the number of rows",
        right[-1] / sizes[-1]: "the accuracy is that of the last batch alone",
    }
    for wrong, reason in known.items():
        met = is_close(accuracy, right.sum() / rows)
        expect(met or not is_close(accuracy, wrong), f"{reason}.")


@exercise(
    title="The test loop",
    notebook="07_cifar10_classifier",
    minutes=7,
    difficulty="build",
    hints=[
        "model.eval() first; then `with torch.no_grad():` around the loop over the loader.",
        "Collect the logits and the y of each batch in two lists, and join them with torch.cat.",
        "Then compute the loss and the accuracy once, from all the logits.",
    ],
)
def test_loop(test_loop):
    """test_loop(model, loader, loss_fn) -> (loss, accuracy) over the whole set."""
    expect_function(test_loop, "test_loop")
    for smoothing, rows in ((0.0, 23), (0.2, 17)):
        loss_fn = nn.CrossEntropyLoss(label_smoothing=smoothing)
        X, y = torch.randn(rows, 4), torch.randint(0, 3, (rows,))
        model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))
        loader = DataLoader(TensorDataset(X, y), batch_size=5)
        weights = copy.deepcopy(model.state_dict())
        seen = []
        watch = model.register_forward_hook(
            lambda _, args, __, seen=seen: seen.append((len(args[0]), torch.is_grad_enabled()))
        )
        loss, accuracy = two_numbers(call(test_loop, model, loader, loss_fn), "test_loop")
        watch.remove()
        shown, recorded = [n for n, _ in seen], [switch for _, switch in seen]
        expect(shown, "your function never calls the model that is passed in.")
        expect(
            all(torch.equal(p, weights[name]) for name, p in model.state_dict().items()),
            "the weights have changed: a test loop only measures, it makes no step.",
        )
        expect(
            torch.is_grad_enabled(),
            "your function leaves autograd switched off: use `with torch.no_grad():`.",
        )
        expect(
            sum(shown) >= rows,
            f"the model is shown {sum(shown)} of {rows} rows: is the return inside the loop?",
        )
        expect(not any(recorded), "the forward pass records a graph: use torch.no_grad().")
        check_scores(loss, accuracy, model, loader, loss_fn)


def check_scores(loss, accuracy, model, loader, loss_fn):
    """Expect the loss and the accuracy over all rows, in evaluation mode."""
    model.eval()
    with torch.no_grad():
        parts = [(model(X), y) for X, y in loader]
    logits, y = (torch.cat(part) for part in zip(*parts, strict=True))
    right = torch.stack([(a.argmax(dim=1) == b).sum() for a, b in parts])
    losses = torch.stack([loss_fn(a, b) for a, b in parts])
    sizes = torch.tensor([len(b) for _, b in parts])
    expected, right_accuracy = loss_fn(logits, y), right.sum() / len(y)
    expect_in_order(loss, accuracy, right_accuracy)
    known = {
        losses.mean(): "you average the losses of the batches: the small last batch then counts "
        "too much. Weigh each by its number of rows, or join the logits first",
        losses.sum(): "the loss is the sum over the batches: it must be the mean over the rows",
        (losses * sizes).sum(): "the loss is the sum over the rows: divide by their number",
        losses[-1]: "the loss is that of the last batch alone",
        loss_fn(logits.softmax(dim=1), y): "you applied a softmax before the loss: "
        "nn.CrossEntropyLoss takes the logits",
    }
    for wrong, reason in known.items():
        expect(is_close(loss, expected) or not is_close(loss, wrong), f"{reason}.")
    expect(
        is_close(loss, expected) or not is_close(loss, F.cross_entropy(logits, y)),
        "the loss_fn that is passed in is not used: the loss is another one.",
    )
    expect(
        is_close(loss, expected),
        f"the loss should be {expected:.4g}, yours is {loss:.4g}. Is dropout still on? "
        "Call model.eval() before the loop.",
    )
    check_accuracy(accuracy, right, sizes)
    expect_close(accuracy, right_accuracy, "the accuracy")


@exercise(
    title="Save and load",
    notebook="07_cifar10_classifier",
    minutes=6,
    difficulty="build",
    hints=[
        "model.state_dict() is a dict from a name to a tensor. torch.save(what, path) writes it.",
        "torch.load(path, weights_only=True) reads it; new_model.load_state_dict(...) takes it.",
        "load_state_dict changes the model and returns something else: return new_model itself.",
    ],
)
def save_and_load(save_and_load):
    """save_and_load(model, new_model, path) -> new_model, with the weights read from the file."""
    expect_function(save_and_load, "save_and_load")
    model, new_model = (nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3)) for _ in range(2))
    nn.init.zeros_(model[0].bias)  # what torch.load reads is marked there
    call(model, torch.randn(20, 4))  # so that the running mean, no parameter, differs too
    before = copy.deepcopy(model.state_dict())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "weights.pt"
        answer = run_watched(save_and_load, model, new_model, path)
        expect(path.is_file(), "there is no file at path: torch.save(..., path) writes it.")
    expect(model.training, "your function leaves model in evaluation mode: it must not change.")
    expect(
        same_weights(model.state_dict(), before),
        "your function changes model: only new_model gets new weights.",
    )
    expect(
        same_weights(new_model.state_dict(), before),
        "new_model does not have the saved weights: new_model.load_state_dict(...) takes them.",
    )
    expect(
        isinstance(answer, nn.Module),
        f"save_and_load must return new_model, yours is {kind(answer)}.",
    )
    expect(answer is not model, "you return model itself: return new_model.")
    expect(
        same_weights(answer.state_dict(), before),
        "the model that you return does not have the saved weights.",
    )
    first = {p.data_ptr() for p in model.parameters()}
    expect(
        not first & {p.data_ptr() for p in answer.parameters()},
        "the new model shares its weights with model: read them from the file.",
    )
    expect(
        torch.signbit(answer.state_dict()["0.bias"]).all(),
        "the weights come from model, and what torch.load returns is not used: "
        "give it to new_model.load_state_dict(...).",
    )


def mark(read):
    """Turn each 0 that was read into -0: equal in every comparison, but with another sign bit."""
    if isinstance(read, torch.Tensor):
        with torch.no_grad():
            read[read == 0] = -0.0
    elif isinstance(read, dict | list | tuple):
        for part in read.values() if isinstance(read, dict) else read:
            mark(part)
    return read


def run_watched(save_and_load, model, new_model, path):
    """Call the answer; expect a state_dict in the file and weights_only in reading it."""
    saved, loaded = [], []
    with watched(torch.save, saved), watched(torch.load, loaded, mark):
        try:
            answer = call(save_and_load, model, new_model, path)
        except StudentError:
            check_saved(saved)
            raise
    check_saved(saved)
    expect(loaded, "torch.load is never called: the weights must come from the file.")
    for _args, kwargs in loaded:
        expect(
            kwargs.get("weights_only", True) is True,
            "weights_only=False lets a file run code on your computer: use weights_only=True.",
        )
    return answer


@contextmanager
def watched(function, calls, change=lambda result: result):
    """Note the arguments of each call of torch.save or torch.load, under both of its names.

    change: a function of what the call returns; its own result is returned instead.
    """

    def watcher(*args, **kwargs):
        calls.append((args, kwargs))
        return change(function(*args, **kwargs))

    name = function.__name__
    with (
        mock.patch.object(torch, name, watcher),
        mock.patch.object(torch.serialization, name, watcher),
    ):
        yield


def check_saved(saved):
    """Expect that what was saved is a dict of tensors, not a whole model."""
    for args, kwargs in saved:
        what = args[0] if args else kwargs.get("obj")
        expect(
            not isinstance(what, nn.Module),
            "you save the whole model, which weights_only=True refuses to read: "
            "save model.state_dict().",
        )


def same_weights(state, expected):
    """Return True if two state dicts hold exactly the same numbers."""
    return set(state) == set(expected) and all(
        torch.equal(state[name], value) for name, value in expected.items()
    )


@exercise(
    title="Accuracy per class, without a loop",
    notebook="07_cifar10_classifier",
    minutes=7,
    difficulty="build",
    hints=[
        "torch.bincount(y) counts how often each class occurs in y.",
        "y[y_pred == y] holds the true classes of the pictures that are right.",
        "minlength=classes makes both counts equally long, whatever the predictions are.",
    ],
)
def per_class(per_class_accuracy):
    """per_class_accuracy(y_pred, y, classes) -> for each true class, the fraction right."""
    expect_function(per_class_accuracy, "per_class_accuracy")
    for classes, rows in ((4, 60), (7, 200)):
        y = torch.cat([torch.arange(classes), torch.randint(0, classes - 1, (rows,))])
        y_pred = torch.where(torch.rand(len(y)) < 0.5, y, torch.randint(0, classes, y.shape))
        y_pred[y == classes - 1] = 0  # the last class is never right
        given = y_pred.clone(), y.clone()
        answer = call(per_class_accuracy, y_pred, y, classes)
        expect(
            torch.equal(y_pred, given[0]) and torch.equal(y, given[1]),
            "your function changes y_pred or y in place: make new tensors.",
        )
        if isinstance(answer, list | tuple | np.ndarray):
            answer = numbers_of(answer, "the result")
        expect_tensor(answer, "the result")
        expect(
            answer.shape != (classes - 1,),
            f"the result has {classes - 1} numbers for {classes} classes: no picture of the last "
            "one is right here. bincount needs minlength=classes.",
        )
        expect(answer.is_floating_point(), f"the result must hold fractions, not {answer.dtype}.")
        hits = torch.bincount(y[y == y_pred], minlength=classes)
        counts, predicted = torch.bincount(y), torch.bincount(y_pred, minlength=classes)
        known = {
            hits.double(): "these are the numbers of right ones: divide by the pictures of the "
            "class",
            hits / predicted: "you divide by how often a class is predicted: divide by how often "
            "it is the true one",
            hits / len(y): "you divide by the number of all pictures: divide by those of the class",
            hits / hits.sum(): "you divide by the number of all right ones: divide by the pictures "
            "of the class",
            100 * hits / counts: "the result must be fractions between 0 and 1, not per cent",
            predicted / counts: "you count how often a class is predicted, right or wrong: count "
            "only where y_pred == y",
        }
        for wrong, reason in known.items():
            expect(not is_close(answer, wrong), f"{reason}.")
        expect_close(answer, hits / counts, "the result")


def numbers_of(values, name):
    """Return a tensor of the numbers in a list; each may be a tensor of one number."""
    try:
        return torch.tensor([float(value) for value in values], dtype=torch.float64)
    except (TypeError, ValueError, RuntimeError):
        raise Wrong(f"{name} must hold one number for each class.") from None


@exercise(
    title="The most confused pairs",
    notebook="07_cifar10_classifier",
    minutes=8,
    difficulty="build",
    hints=[
        "matrix + matrix.T adds the two directions. .triu(1) keeps what lies above the diagonal.",
        "pairs.flatten().topk(k) gives the k largest and their places in the flat row.",
        "Place i of the flat row lies in row i // C and column i % C; divmod(i, C) gives both.",
    ],
)
def confused(most_confused):
    """most_confused(matrix, k) -> k tuples (a, b, count), a < b, the largest count first."""
    expect_function(most_confused, "most_confused")
    for classes, k in ((5, 3), (10, 4), (4, 6)):
        matrix = torch.randperm(classes * classes).reshape(classes, classes) * 2
        matrix = matrix + (torch.rand(classes, classes) * 1000).long() * 100
        matrix.fill_diagonal_(500_000)
        expected = pairs_of(matrix)[:k]
        given = matrix.clone()
        answer = call(most_confused, matrix, k)
        case = f"for a matrix of {classes} classes and k={k}"
        expect(
            torch.equal(matrix, given),
            "your function changes the matrix that is passed in: work on a copy, matrix.clone().",
        )
        rows = triples(answer, case)
        expect(
            all(a != b for a, b, _ in rows),
            f"{case} you return a pair (a, a): the diagonal holds what is right, leave it out.",
        )
        expect(
            len({frozenset(row[:2]) for row in rows}) == len(rows),
            f"{case} the same two classes come twice: add both directions to one pair.",
        )
        expect(len(rows) == k, f"{case} there must be {k} tuples, yours are {len(rows)}.")
        check_pairs(rows, expected, matrix, case)


def pairs_of(matrix):
    """Return all (a, b, count) with a < b, the largest count first; both directions added."""
    n = len(matrix)
    pairs = [(a, b, int(matrix[a, b] + matrix[b, a])) for a in range(n) for b in range(a + 1, n)]
    return sorted(pairs, key=lambda pair: -pair[2])


def triples(answer, case):
    """Expect a list of (a, b, count); return it as tuples of int."""
    expect(
        isinstance(answer, list | tuple | torch.Tensor) and not isinstance(answer, str),
        f"{case} the result must be a list of tuples (a, b, count), yours is {kind(answer)}.",
    )
    try:
        rows = [tuple(int(number) for number in row) for row in answer]
    except (TypeError, ValueError, RuntimeError):
        rows = None
    expect(
        rows is not None and all(len(row) == 3 for row in rows),
        f"{case} each entry of the result must be a tuple of three numbers, (a, b, count).",
    )
    return rows


def check_pairs(rows, expected, matrix, case):
    """Compare the pairs with the expected ones; recognise the usual mistakes."""
    if rows == expected:
        return
    directed = sorted(((v, i) for i, v in enumerate(matrix.flatten().tolist())), reverse=True)
    n = len(matrix)
    one_way = [v for v, i in directed if i // n != i % n][: len(rows)]
    expect(
        [count for *_, count in rows] != one_way,
        f"{case} you count one direction only: add matrix[a, b] and matrix[b, a].",
    )
    expect(
        sorted((min(a, b), max(a, b), count) for a, b, count in rows) != sorted(expected)
        or all(a < b for a, b, _ in rows),
        f"{case} each tuple must start with the smaller class number.",
    )
    expect(
        sorted(rows) != sorted(expected),
        f"{case} the pairs are right, but the largest count must come first.",
    )
    for i, (row, right) in enumerate(zip(rows, expected, strict=True)):
        expect(row == right, f"{case} tuple {i} should be {right}, yours is {row}.")
