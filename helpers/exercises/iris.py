"""Checks of the exercises in 03_iris."""

import copy

import torch
from torch import nn
from torch.nn import functional as F
from torch.optim.optimizer import register_optimizer_step_pre_hook

from helpers.exercises.core import (
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
)
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


def make_problem(rows=30):
    """Return X (rows, 4) and y (rows,) with three classes that a linear layer can separate."""
    X = torch.randn(rows, 4)
    return X, (X @ torch.randn(4, 3)).argmax(dim=1)


@exercise(
    title="A network for iris",
    notebook="03_iris",
    minutes=5,
    difficulty="complete",
    hints=[
        "nn.Sequential takes the layers in the order in which the data passes them.",
        "It needs nn.Linear(4, 1024), nn.ReLU() and a second nn.Linear: how many classes?",
    ],
)
def network(make_network):
    """make_network() -> nn.Module, 4 -> 1024 -> ReLU -> 3, returning logits."""
    expect_function(make_network, "make_network")
    model = call(make_network)
    expect_type(model, nn.Module, "make_network()")
    X = 10 * torch.randn(7, 4)
    logits = call(model, X)
    expect_tensor(logits, "the output for 7 flowers", shape=(7, 3), dtype=torch.float32)
    expect(
        not is_close(logits.sum(dim=1), torch.ones(7)),
        "each row of your output sums to 1, so it ends in a softmax: return the logits, "
        "since nn.CrossEntropyLoss applies the softmax itself.",
    )
    layers = {tuple(p.shape): p for p in model.parameters()}
    weights = sorted((shape for shape in layers if len(shape) == 2), reverse=True)
    expect(
        weights == [(1024, 4), (3, 1024)],
        "the weights must have the shapes (1024, 4) and (3, 1024), "
        f"yours have {', '.join(map(str, weights)) or 'none'}.",
    )
    expect(
        (1024,) in layers and (3,) in layers,
        "each of the two layers needs its bias: leave out bias=False.",
    )
    expect(
        logits.min() < 0 or not (logits == 0).any(),
        "no output is below 0 and some are exactly 0, so a ReLU follows the last layer: "
        "logits may be negative.",
    )
    bent = call(model, X) + call(model, -X) - 2 * call(model, torch.zeros(7, 4))
    expect(
        not is_close(bent, torch.zeros(7, 3), 1e-3),
        "there is no ReLU between the two layers, so together they are only one linear layer.",
    )
    hidden = F.relu(X @ layers[(1024, 4)].T + layers[(1024,)])
    expected = hidden @ layers[(3, 1024)].T + layers[(3,)]
    expect_close(logits, expected, "with a ReLU between two linear layers, the output", 1e-3)


@exercise(
    title="The training loop as a function",
    notebook="03_iris",
    minutes=10,
    difficulty="build",
    hints=[
        "Make the loss function and the optimizer before the loop, and a list for the losses.",
        "In the loop come the five lines of the section above, in the same order.",
        "Append loss.item(), a plain number. The tensor would keep its graph alive.",
    ],
)
def fit(fit):
    """fit(model, X, y, epochs, lr) -> list of losses, one before each step."""
    expect_function(fit, "fit")
    X, y = make_problem()
    model = nn.Linear(4, 3)
    before = copy.deepcopy(model)
    calls, optimizers = [], []
    model.register_forward_hook(lambda *_: calls.append(1))
    watch = register_optimizer_step_pre_hook(lambda optimizer, *_: optimizers.append(optimizer))
    try:
        losses = call(fit, model, X, y, 40, 0.05)
    finally:
        watch.remove()
    expect(calls, "your function never calls the model passed in: the body uses another one.")
    expect(
        len({id(optimizer) for optimizer in optimizers}) <= 1,
        "a new optimizer is made in each epoch, which forgets what it has learned about its "
        "steps: make it once, before the loop.",
    )
    expect_type(losses, (list, tuple), "what fit returns")
    expect(len(losses) == 40, f"for 40 epochs fit must return 40 losses, yours has {len(losses)}.")
    losses = [expect_number(loss, f"losses[{i}]") for i, loss in enumerate(losses)]
    with torch.no_grad():
        logits = before(X)
        first = F.cross_entropy(logits, y).item()
        softmaxed = F.cross_entropy(logits.softmax(dim=1), y).item()
    expect(
        not is_close(losses[0], softmaxed),
        "you applied a softmax before the loss: nn.CrossEntropyLoss takes the logits.",
    )
    expect_close(losses[0], first, "the first loss, before any step,")
    changed = any(
        not torch.equal(p, q) for p, q in zip(model.parameters(), before.parameters(), strict=True)
    )
    expect(
        changed,
        "the model that was passed in did not change: does the optimizer hold its "
        "parameters, and is optimizer.step() called?",
    )
    check_fresh_gradients(fit, before, X, y)
    check_lr_and_list(fit, before, X, y)
    expect(
        losses[-1] < 0.9 * losses[0],
        f"the loss must fall, yours goes from {losses[0]:.3f} to {losses[-1]:.3f}.",
    )


def check_lr_and_list(fit, model, X, y):
    """Expect another learning rate to lead elsewhere, and a new list from each call."""
    fast, slow = copy.deepcopy(model), copy.deepcopy(model)
    call(fit, fast, X, y, 2, 0.05)
    losses = call(fit, slow, X, y, 2, 0.005)
    expect(
        not torch.equal(fast.weight, slow.weight),
        "lr = 0.05 and lr = 0.005 lead to the same model: pass lr on to the optimizer.",
    )
    expect(
        len(losses) == 2,
        f"a later call for 2 epochs returns {len(losses)} losses: make a new list in the function.",
    )


def check_fresh_gradients(fit, model, X, y):
    """Expect the gradients of the third step alone, not the sum of all three.

    Two epochs lead to where the third step starts, so the gradient to expect is known,
    whatever the optimizer. No gradient at all is fine too: then zero_grad came last.
    """
    two, three = copy.deepcopy(model), copy.deepcopy(model)
    call(fit, two, X, y, 2, 0.05)
    call(fit, three, X, y, 3, 0.05)
    two.zero_grad()
    F.cross_entropy(two(X), y).backward()
    if three.weight.grad is not None and three.weight.grad.any():
        expect(
            is_close(three.weight.grad, two.weight.grad, tolerance=1e-3),
            "the gradients of all steps add up: call optimizer.zero_grad() before each backward().",
        )


@exercise(
    title="Evaluate on unseen data",
    notebook="03_iris",
    minutes=8,
    difficulty="build",
    hints=[
        "model.eval() before, model.train() after; `with torch.no_grad():` for the forward pass.",
        "The predicted class is logits.argmax(dim=1). Compare it with y to get True and False.",
        "The mean of (y_pred == y).float() is the accuracy. Return both numbers with .item().",
    ],
)
def evaluate(evaluate):
    """evaluate(model, X, y) -> (loss, accuracy), in evaluation mode and without a graph."""
    expect_function(evaluate, "evaluate")
    X, y = make_problem(rows=41)
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))
    graph_recorded, rows = [], []
    model.register_forward_hook(lambda *_: graph_recorded.append(torch.is_grad_enabled()))
    model.register_forward_hook(lambda _, args, __: rows.append(len(args[0])))
    answer = call(evaluate, model, X, y)
    in_training_mode = model.training
    expect(
        isinstance(answer, tuple | list) and len(answer) == 2,
        "evaluate must return two numbers: return loss, accuracy.",
    )
    loss = expect_number(answer[0], "the loss")
    accuracy = expect_number(answer[1], "the accuracy")
    expect(rows, "your function never calls the model passed in: the body uses another one.")
    expect(
        rows[0] == 41,
        f"X has 41 rows, but the model is shown {rows[0]}: the body uses other data than X.",
    )
    expect(
        torch.is_grad_enabled(),
        "your function leaves autograd switched off: use `with torch.no_grad():`.",
    )
    model.eval()
    with torch.no_grad():
        logits = model(X)
    correct = (logits.argmax(dim=1) == y).sum().item()
    right_loss = F.cross_entropy(logits, y).item()
    expect(
        not (is_close(loss, correct / 41) and is_close(accuracy, right_loss)),
        "the two numbers are swapped: return the loss first, then the accuracy.",
    )
    expect(
        is_close(loss, right_loss) or is_close(call(evaluate, model, X, y)[0], loss),
        "two calls give two different losses: dropout is still on, so call model.eval() first.",
    )
    softmaxed = F.cross_entropy(logits.softmax(dim=1), y).item()
    expect(
        not is_close(loss, softmaxed),
        "you applied a softmax before the loss: nn.CrossEntropyLoss takes the logits.",
    )
    expect_close(loss, right_loss, "the loss")
    expect(
        not is_close(accuracy, correct / 38),
        "you divide by 38, the notebook's number of rows: divide by len(y).",
    )
    expect(
        not is_close(accuracy, 100 * correct / 41) and not is_close(accuracy, correct),
        "the accuracy must be a fraction between 0 and 1: divide the number right by len(y).",
    )
    expect_close(accuracy, correct / 41, "the accuracy")
    expect(not any(graph_recorded), "the forward pass records a graph: use torch.no_grad().")
    expect(
        in_training_mode,
        "the model is left in evaluation mode: end with model.train().",
    )


@exercise(
    title="When to stop",
    notebook="03_iris",
    minutes=10,
    difficulty="build",
    hints=[
        "Keep two variables: the lowest loss so far, and the epoch that had it.",
        "Stop as soon as epoch - best_epoch reaches patience.",
    ],
)
def best_epoch(best_epoch):
    """best_epoch(val_losses, patience) -> the epoch whose weights early stopping keeps."""
    expect_function(best_epoch, "best_epoch")
    cases = [([3.1, 2.1, 2.5, 2.6, 2.7, 1.1], 3), ([5.5, 4.5, 3.5, 2.5], 2), ([1.5, 1.5, 1.5], 1)]
    cases += [([2500.5, 1800.5, 1900.5, 1950.5], 2)]
    cases += [(torch.rand(30).tolist(), int(patience)) for patience in torch.randint(1, 9, (40,))]
    for losses, patience in cases:
        answer = call(best_epoch, list(losses), patience)
        expected = stop_early(losses, patience)
        shown = ", ".join(f"{loss:.2g}" for loss in losses[:8]) + (", ..." if losses[8:] else "")
        case = f"for the losses [{shown}] and patience {patience}"
        number = expect_number(answer, f"{case} the answer")
        if number == expected:
            continue
        if number == losses.index(min(losses)):
            raise Wrong(
                f"{case} training has stopped before epoch {number:.0f} is ever reached: "
                f"the best epoch seen is {expected}."
            )
        if number == min(expected + patience, len(losses) - 1):
            raise Wrong(f"{case} training stops at {number:.0f}: return the best epoch before it.")
        if number in losses:
            raise Wrong(f"{case} you return a loss, not the number of an epoch.")
        raise Wrong(f"{case} the answer is epoch {expected}, counted from 0; yours is {number:g}.")


def stop_early(losses, patience):
    """Return the best epoch that is seen before `patience` epochs without a lower loss."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best


@exercise(
    title="Bug hunt: the accuracy that never changes",
    notebook="03_iris",
    minutes=5,
    difficulty="debug",
    hints=[
        "Which of the names in the function body are its own arguments?",
        "The body uses the notebook's model and X_train. Use classifier and X.",
    ],
)
def bug_hunt(accuracy_of):
    """accuracy_of(classifier, X, y) -> the fraction that this classifier gets right on X."""
    expect_function(accuracy_of, "accuracy_of")
    for rows in (20, 33):
        X, y = make_problem(rows)
        classifier = nn.Linear(4, 3)
        calls = []
        classifier.register_forward_hook(lambda _, args, __, calls=calls: calls.append(args[0]))
        accuracy = expect_number(call(accuracy_of, classifier, X, y), "the accuracy")
        expect(calls, "the classifier passed in is never called: the body uses another model.")
        expect(
            all(len(seen) == rows for seen in calls),
            f"the classifier is shown {len(calls[0])} rows, but X has {rows}: "
            "the body uses other data than X.",
        )
        with torch.no_grad():
            expected = (classifier(X).argmax(dim=1) == y).float().mean()
        expect_close(accuracy, expected, "the accuracy")
