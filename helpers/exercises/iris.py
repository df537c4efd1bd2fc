"""Checks of the exercises in 03_iris."""

from functools import partial

import torch
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from helpers.exercises.cases import Code, cases, classes, grid, lists, one_of, sizes, tensors
from helpers.exercises.core import Facts, call, exercise, expect
from helpers.exercises.networks import expect_shown, use_network, watch, weights
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


@st.composite
def problems(draw, middle="nn.ReLU()"):
    """A network for D features and C classes, with X (N, D) and y (N,)."""
    n, d, c = draw(sizes(1, 7)), draw(one_of(4, 1, 2)), draw(one_of(3, 2, 4))
    deep = f"nn.Sequential(nn.Linear({d}, 5), {middle}, nn.Linear(5, {c}))"
    model = draw(one_of(f"nn.Linear({d}, {c})", deep))
    return {"model": Code(model), "X": draw(tensors((n, d))), "y": draw(classes((n,), c))}


@cases
def training(draw):
    """A network with its data, a number of epochs and a rate."""
    epochs, lr = draw(sizes(1, 4) | one_of(0, 7)), draw(one_of(0.1, 0.5, 0.01))
    return {**draw(problems()), "epochs": epochs, "lr": lr}


@cases
def measuring(draw):
    """A network whose dropout is on in training mode, with its data."""
    return draw(problems(middle="nn.Dropout(0.5)"))


@cases
def classifying(draw):
    """The same under another name."""
    case = draw(problems(middle="nn.Dropout(0.0)"))
    return {"classifier": case["model"], "X": case["X"], "y": case["y"]}


def loop(
    make_optimizer,
    model,
    X,
    y,
    epochs,
    lr,
    *,
    zero_grad=True,
    steps=1,
    after=False,
    turn=lambda logits: logits,
):
    """Train as asked for, or with one thing wrong; return the losses."""
    optimizer = make_optimizer(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        loss = F.cross_entropy(turn(model(X)), y)
        if zero_grad:
            optimizer.zero_grad()
        loss.backward()
        for _ in range(steps):
            optimizer.step()
        losses.append((F.cross_entropy(model(X), y) if after else loss).item())
    return losses


def wrong_loops(**wrong):
    """Return the loop with one thing wrong, for each optimizer that the statement allows."""
    return tuple(
        lambda right, *args, make=make: loop(make, *args, **wrong)
        for make in (torch.optim.Adam, torch.optim.SGD)
    )


def new_optimizers(right, model, X, y, epochs, lr):
    """Make the optimizer anew in each epoch."""
    return [loss for _ in range(epochs) for loss in right(model, X, y, 1, lr)]


# ---- 1. The network -------------------------------------------------------------------------


@exercise(
    hints=[
        "nn.Sequential takes the layers in the order in which the data passes them.",
        "It needs nn.Linear(4, 1024), nn.ReLU() and a second nn.Linear: how many classes?",
    ],
    cases=st.fixed_dictionaries({"X": sizes().flatmap(lambda n: tensors((n, 4)))}),
    examples=8,
    mistakes={
        "your output ends in a softmax: return the logits, since nn.CrossEntropyLoss applies the "
        "softmax itself.": lambda right: nn.Sequential(right(), nn.Softmax(dim=1)),
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


@exercise(
    hints=[
        "Make the loss function and the optimizer before the loop, and a list for the losses.",
        "In the loop come the five lines of the section above, in the same order.",
        "Append loss.item(), a plain number. The tensor would keep its graph alive.",
    ],
    cases=training,
    examples=30,
    also_right=(
        lambda right, *args: loop(torch.optim.SGD, *args),
        lambda right, *args: loop(partial(torch.optim.SGD, momentum=0.9), *args),
    ),
    mistakes={
        "the gradients of all steps add up: call optimizer.zero_grad() before each backward().": (
            wrong_loops(zero_grad=False)
        ),
        "each epoch makes two steps: call optimizer.step() once.": wrong_loops(steps=2),
        "the loss is measured after the step: take it before.": wrong_loops(after=True),
        "you applied a softmax before the loss: nn.CrossEntropyLoss takes the logits.": (
            wrong_loops(turn=partial(torch.softmax, dim=1))
        ),
        "the optimizer never steps, so the model does not change.": wrong_loops(steps=0),
        "a new optimizer is made in each epoch, which forgets what it has learned about its "
        "steps: make it once, before the loop.": new_optimizers,
    },
)
def fit(fit, model, X, y, epochs, lr):
    """fit(model, X, y, epochs, lr) -> list of losses, one before each step."""
    with watch(model) as seen:
        losses = call(fit, model, X, y, epochs, lr, may_change=("model.weights", "model.gradients"))
    if epochs:
        expect_shown(seen, X)
    return Facts({"the list of losses": losses, **weights(model)})


# ---- 3. Evaluate ----------------------------------------------------------------------------


def measure(model, X, y, *, mode=False, turn=lambda logits: logits):
    """Return (loss, accuracy), or with one thing wrong."""
    model.train(mode)
    with torch.no_grad():
        logits = model(X)
    model.train()
    loss = F.cross_entropy(turn(logits), y)
    return loss.item(), (logits.argmax(dim=1) == y).float().mean().item()


@exercise(
    hints=[
        "model.eval() before, model.train() after; `with torch.no_grad():` for the forward pass.",
        "The predicted class is logits.argmax(dim=1). Compare it with y to get True and False.",
        "The mean of (y_pred == y).float() is the accuracy. Return both numbers with .item().",
    ],
    cases=measuring,
    mistakes={
        "the two numbers are swapped: return the loss first, then the accuracy.": (
            lambda right, *args: right(*args)[::-1]
        ),
        "you applied a softmax before the loss: nn.CrossEntropyLoss takes the logits.": (
            lambda right, *args: measure(*args, turn=partial(torch.softmax, dim=1))
        ),
        "the accuracy must be a fraction between 0 and 1: divide the number right by len(y).": (
            lambda right, model, X, y: (
                right(model, X, y)[0],
                right(model, X, y)[1] * len(y),
            ),
            lambda right, *args: (right(*args)[0], 100 * right(*args)[1]),
        ),
    },
)
def evaluate(evaluate, model, X, y):
    """evaluate(model, X, y) -> (loss, accuracy), in evaluation mode and without a graph."""
    with watch(model) as seen:
        answer = call(evaluate, model, X, y, may_change=("model.mode",))
    expect_shown(seen, X)
    expect(
        not any(one.training for one in seen),
        "the model is called in training mode, where dropout is on: call model.eval() first.",
    )
    expect(
        not any(one.recording for one in seen),
        "the forward pass records a graph: use torch.no_grad().",
    )
    expect(model.training, "the model is left in evaluation mode: end with model.train().")
    expect(
        isinstance(answer, tuple | list) and len(answer) == 2,
        "evaluate must return two numbers: return loss, accuracy.",
    )
    return Facts({"the loss": answer[0], "the accuracy": answer[1]})


# ---- 4. Early stopping ----------------------------------------------------------------------


def ties_count(right, val_losses, patience):
    """Take an equal loss for a better one."""
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss <= val_losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best


@exercise(
    hints=[
        "Keep two variables: the lowest loss so far, and the epoch that had it.",
        "Stop as soon as epoch - best_epoch reaches patience.",
    ],
    cases=st.fixed_dictionaries(
        {
            "val_losses": lists(grid(0, 2) | one_of(150.5, 2500.0), 1, 9),
            "patience": sizes(1, 4),
        }
    ),
    examples=200,
    mistakes={
        "an equal loss is no improvement: ask for a lower one.": ties_count,
        "training has stopped before that epoch is reached: return the best one until then.": (
            lambda right, val_losses, patience: val_losses.index(min(val_losses))
        ),
        "that is where training stops: return the best epoch before it.": (
            lambda right, val_losses, patience: min(
                right(val_losses, patience) + patience, len(val_losses) - 1
            )
        ),
        "that is a loss: return the number of its epoch.": (
            lambda right, val_losses, patience: val_losses[right(val_losses, patience)]
        ),
        "epochs are counted from 0.": (
            lambda right, val_losses, patience: right(val_losses, patience) + 1
        ),
        "you wait one epoch too long.": (
            lambda right, val_losses, patience: right(val_losses, patience + 1)
        ),
        "you stop one epoch too early.": (
            lambda right, val_losses, patience: right(val_losses, max(patience - 1, 1))
        ),
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
    cases=classifying,
    mistakes={
        "the accuracy must be a fraction between 0 and 1: divide the number right by len(y).": (
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
