"""Checks of the exercises in 03_iris."""

from functools import partial

import torch
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from helpers.exercises.cases import Code, cases, lists, one_of, sizes, tensors
from helpers.exercises.core import Facts, call, exercise, expect
from helpers.exercises.networks import expect_shown, use_network, watch
from helpers.exercises.quiz import Question, Quiz

quiz = Quiz(
    Question(
        right="b",
        reasons={
            "a": "0 would mean that the network is sure and right about every flower.",
            "b": "With three species each gets the probability 1/3, and -ln(1/3) = 1.10.",
            "c": "Knowing nothing has a definite loss: that of the probability 1/3.",
        },
    ),
    Question(
        right="c",
        reasons={
            "a": "The loss is read from the logits of this step: zero_grad does not change it.",
            "b": "PyTorch raises no error: adding gradients up is useful for very large batches.",
            "c": "backward() adds to what is there: each step then follows old gradients too.",
        },
    ),
    Question(
        right="a",
        reasons={
            "a": "The training loss falls, the validation loss rises: it learns the rows by heart.",
            "b": "Underfitting would show in the training loss: it would be high as well.",
            "c": "Too small a learning rate makes both curves fall slowly; it lifts none of them.",
        },
    ),
    Question(
        right="c",
        reasons={
            "a": "Both losses are small here. Underfitting means that both are high.",
            "b": "Overfitting shows as a validation loss that rises again.",
            "c": "38 flowers are few. With another split the order of the curves can turn round.",
        },
    ),
    Question(
        right="b",
        reasons={
            "a": "The last weights are those after `patience` epochs without an improvement.",
            "b": "Yes: those of the epoch with the lowest validation loss.",
            "c": "Weights of different epochs are not averaged.",
        },
    ),
)


# ---- Cases ----------------------------------------------------------------------------------


def problem(model, n, d, c):
    """Return a case: a network for d features and c classes, with X (n, d) and y (n,)."""
    X, y = f"3 * torch.randn({n}, {d})", f"torch.randint(0, {c}, ({n},))"
    return {"model": Code(model), "X": Code(X), "y": Code(y)}


@st.composite
def problems(draw, middle="nn.ReLU()"):
    """Small problems, for networks with one layer or two."""
    n, d, c = draw(sizes(1, 7)), draw(one_of(4, 1, 2)), draw(one_of(3, 2, 4))
    deep = f"nn.Sequential(nn.Linear({d}, 5), {middle}, nn.Linear(5, {c}))"
    return problem(draw(one_of(f"nn.Linear({d}, {c})", deep)), n, d, c)


def classifying(case):
    """Return a case in which the model is called a classifier."""
    return {"classifier": case["model"], "X": case["X"], "y": case["y"]}


def into_softmax(right, model, *args):
    """Put a softmax between the model and the loss."""
    return right(nn.Sequential(model, nn.Softmax(dim=1)), *args)


LARGE = problem("nn.Linear(4, 3)", 38, 4, 3), problem("nn.Linear(9, 11).eval()", 149, 9, 11)
SOFTMAX = "you applied a softmax before the loss: nn.CrossEntropyLoss takes the logits."
FRACTION = "the accuracy is a fraction between 0 and 1: divide the number right by len(y)."


# ---- 1. The network -------------------------------------------------------------------------


@exercise(
    hints=[
        "nn.Sequential takes the layers in the order in which the data passes them.",
        "It needs nn.Linear(4, 1024), nn.ReLU() and a second nn.Linear: how many classes?",
    ],
    cases=st.fixed_dictionaries({"X": sizes().flatmap(lambda n: tensors((n, 4)))}),
    more_cases=({"X": Code("20 * torch.randn(151, 4)")},),
    examples=8,
    mistakes={
        "your network ends in a softmax: nn.CrossEntropyLoss takes the logits, without it.": (
            lambda right: nn.Sequential(right(), nn.Softmax(dim=1)),
            lambda right: nn.Sequential(right(), nn.LogSoftmax(dim=1)),
        ),
        "there is no ReLU between the two layers, so together they are only one linear layer.": (
            lambda right: nn.Sequential(nn.Linear(4, 1024), nn.Linear(1024, 3))
        ),
        "a ReLU follows the last layer: logits may be negative.": (
            lambda right: nn.Sequential(right(), nn.ReLU())
        ),
    },
)
def network(make_network, X):
    """make_network() -> nn.Module, 4 -> 1024 -> ReLU -> 3, returning logits."""
    return use_network(make_network, (), X)


# ---- 2. The training loop -------------------------------------------------------------------


@cases
def training(draw):
    """A network with its data, a number of epochs and a rate."""
    epochs, lr = draw(sizes(1, 4) | one_of(0, 7)), draw(one_of(0.1, 0.5, 0.01))
    return {**draw(problems()), "epochs": epochs, "lr": lr}


def loop(make, model, X, y, epochs, lr, *, zero_grad=True, step=True, after=False):
    """Train with an optimizer as asked for, or with one thing wrong; return the losses."""
    optimizer = make(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        loss = F.cross_entropy(model(X), y)
        if zero_grad:
            optimizer.zero_grad()
        loss.backward()
        if step:
            optimizer.step()
        losses.append((F.cross_entropy(model(X), y) if after else loss).item())
    return losses


def wrong_loops(**wrong):
    """Return the loop with one thing wrong, for each optimizer that the statement allows."""
    return tuple(
        lambda right, *args, make=make: loop(make, *args, **wrong)
        for make in (torch.optim.Adam, torch.optim.SGD)
    )


@exercise(
    hints=[
        "Make the loss function and the optimizer before the loop, and a list for the losses.",
        "In the loop come the five lines of the section above, in the same order.",
        "Append loss.item(), a plain number. The tensor would keep its graph alive.",
    ],
    cases=training,
    more_cases=(
        problem("nn.Linear(9, 11)", 151, 9, 11) | {"epochs": 3, "lr": 1e-4},
        problem("nn.Linear(41, 3)", 37, 41, 3) | {"epochs": 113, "lr": 0.01},
    ),
    examples=16,
    also_right=(
        lambda right, *args: loop(torch.optim.SGD, *args),
        lambda right, *args: loop(partial(torch.optim.SGD, momentum=0.9), *args),
    ),
    mistakes={
        "the gradients of all steps add up: call optimizer.zero_grad() before each backward().": (
            wrong_loops(zero_grad=False)
        ),
        "the loss is measured after the step: take it before.": wrong_loops(after=True),
        "the optimizer never steps, so the model does not change.": wrong_loops(step=False),
        SOFTMAX: into_softmax,
        "a new optimizer is made in each epoch, and forgets: make it once, before the loop.": (
            lambda right, model, X, y, epochs, lr: [
                loss for _ in range(epochs) for loss in right(model, X, y, 1, lr)
            ]
        ),
    },
)
def fit(fit, model, X, y, epochs, lr):
    """fit(model, X, y, epochs, lr) -> list of losses, one before each step."""
    with watch(model) as seen:
        losses = call(fit, model, X, y, epochs, lr, may_change=("model.weights", "model.gradients"))
    if not isinstance(losses, list | tuple) or losses:  # an empty list speaks for itself
        expect_shown(seen, X)
    # Not the weights: where a gradient is nearly 0, Adam makes a whole step of a rounding error.
    with torch.no_grad():
        after = F.cross_entropy(model(X), y).item()
    return Facts({"the list of losses": losses, "the loss of the model afterwards": after})


# ---- 3. Evaluate ----------------------------------------------------------------------------


@exercise(
    hints=[
        "model.eval() before, model.train() after; `with torch.no_grad():` for the forward pass.",
        "The predicted class is logits.argmax(dim=1). Compare it with y to get True and False.",
        "The mean of (y_pred == y).float() is the accuracy. Return both numbers with .item().",
    ],
    cases=problems(middle="nn.Dropout(0.5)"),
    more_cases=LARGE,
    examples=40,
    mistakes={
        "the two numbers are swapped: return the loss first, then the accuracy.": (
            lambda right, *args: right(*args)[::-1]
        ),
        SOFTMAX: into_softmax,
        FRACTION: (
            lambda right, *args: (right(*args)[0], right(*args)[1] * len(args[-1])),
            lambda right, *args: (right(*args)[0], right(*args)[1] * 100),
        ),
    },
)
def evaluate(evaluate, model, X, y):
    """evaluate(model, X, y) -> (loss, accuracy), in evaluation mode and without a graph."""
    with watch(model) as seen:
        answer = call(evaluate, model, X, y, may_change=("model.mode",))
    expect_shown(seen, X)
    for one in seen:
        expect(not one.training, "the model runs in training mode: call model.eval() first.")
        expect(not one.recording, "the forward pass records a graph: use torch.no_grad().")
    expect(model.training, "the model is left in evaluation mode: end with model.train().")
    return Facts({"(loss, accuracy)": answer})


# ---- 4. Early stopping ----------------------------------------------------------------------


@exercise(
    hints=[
        "Keep two variables: the lowest loss so far, and the epoch that had it.",
        "Stop as soon as epoch - best_epoch reaches patience.",
    ],
    cases=st.fixed_dictionaries(
        {
            "val_losses": lists(one_of(0.5, 1.0, 0.9999, 0.0, 2.0, -0.5, 150.5, 2500.0), 1, 8),
            "patience": sizes(1, 4),
        }
    ),
    more_cases=(
        {"val_losses": [1e30, 1e29, 1e-9, 0.0], "patience": 1},
        {"val_losses": Code("[1 / (1 + n) + n % 3 for n in range(41)]"), "patience": 4},
        {"val_losses": Code("[0.9, 0.3] + [0.5] * 99 + [0.2] * 200 + [0.1]"), "patience": 100},
    ),
    examples=80,
    mistakes={
        "an equal loss is no improvement: ask for a lower one.": (
            lambda right, v, patience: right([x - 1e-11 * i for i, x in enumerate(v)], patience)
        ),
        "training has stopped before that epoch is reached: return the best one until then.": (
            lambda right, v, patience: v.index(min(v))
        ),
        "that is where training stops: return the best epoch before it.": (
            lambda right, v, patience: min(right(v, patience) + patience, len(v) - 1)
        ),
        "epochs are counted from 0.": lambda right, *args: right(*args) + 1,
        "you wait one epoch too long.": lambda right, v, patience: right(v, patience + 1),
    },
)
def best_epoch(best_epoch, val_losses, patience):
    """best_epoch(val_losses, patience) -> the epoch whose weights early stopping keeps."""
    return call(best_epoch, val_losses, patience)


# ---- 5. The accuracy that never changes -----------------------------------------------------


@exercise(
    hints=[
        "Which of the names in the function body are its own arguments?",
        "The body uses the notebook's model and X_train. Use classifier and X.",
    ],
    cases=problems().map(classifying),
    more_cases=tuple(map(classifying, LARGE)),
    examples=40,
    mistakes={
        FRACTION: (
            lambda right, classifier, X, y: right(classifier, X, y) * len(y),
            lambda right, classifier, X, y: right(classifier, X, y) * 100,
        ),
    },
)
def bug_hunt(accuracy_of, classifier, X, y):
    """accuracy_of(classifier, X, y) -> the fraction that this classifier gets right on X."""
    with watch(classifier) as seen:
        accuracy = call(accuracy_of, classifier, X, y, may_change=("classifier.mode",))
    expect_shown(seen, X, "the classifier")
    return accuracy
