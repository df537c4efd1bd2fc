"""Checks of the exercises in 02_autograd."""

import copy
import weakref
from unittest import mock

import torch
from torch import nn
from torch.nn import functional as F

from helpers.exercises.core import (
    NotStarted,
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
from helpers.exercises.quiz import Question, Quiz

quiz = Quiz(
    Question(
        right="b",
        reasons={
            "a": "8 would be there if the first gradient had been cleared before the second.",
            "b": "backward() adds to what is in .grad: 8 + 8.",
            "c": "Gradients of two losses add up, 8 + 8; they are not multiplied.",
        },
    ),
    Question(
        right="a",
        reasons={
            "a": "Going backward stops at the detached part; b is outside it.",
            "b": "w counts in the loss, but detach() has cut the way back to it.",
            "c": "No error: the loss still depends on b, which requires a gradient.",
        },
    ),
    Question(
        right="c",
        reasons={
            "a": "w.grad is not recorded at all. It is the update that would be.",
            "b": "Speed is not the point: without no_grad() PyTorch refuses with an error.",
            "c": "Only what leads to the loss belongs into its graph; the update comes after it.",
        },
    ),
    Question(
        right="c",
        reasons={
            "a": "That is what finite differences need: two losses for each parameter.",
            "b": "One loss for each parameter would be a kind of finite differences.",
            "c": "One pass forward computes the loss, one pass backward finds all gradients.",
        },
    ),
    Question(
        right="a",
        reasons={
            "a": "A plain number holds no graph, so its graph can be given back to the memory.",
            "b": "The tensor holds its graph, and the graph all that backward() would need.",
            "c": "backward() returns None, and it would add to the gradients of the training.",
        },
    ),
)


def expect_unchanged(given, copies, names):
    """Expect that the student's function left its inputs as they were."""
    for tensor, before, name in zip(given, copies, names, strict=True):
        expect(
            torch.equal(tensor, before),
            f"your function changes {name} in place (like {name} -= ...): make a new tensor.",
        )


def expect_pair(answer, function, names):
    """Expect two values, in a tuple, a list or a tensor of shape (2,); return them."""
    if isinstance(answer, torch.Tensor) and answer.shape == (2,):
        answer = list(answer)
    expect(
        isinstance(answer, tuple | list) and len(answer) == 2,
        f"{function} must return two numbers: return {names[0]}, {names[1]}.",
    )
    return answer


# ---- 1. A gradient by hand ------------------------------------------------------------------


@exercise(
    title="A gradient by hand",
    notebook="02_autograd",
    minutes=4,
    difficulty="complete",
    hints=[
        "Begin with error = w * x + b - y, one error for each point.",
        "For one point the gradient for b is 2 * error, and the one for w is x times as much.",
        "Compute both for all points at once, and take .mean() of each.",
    ],
)
def gradient(gradient):
    """gradient(w, b, x, y) -> (dw, db) of the mean squared error, without backward()."""
    expect_function(gradient, "gradient")
    for n in (7, 12):
        w, b, x, y = torch.randn(()), torch.randn(()), torch.randn(n) + 1, 3 * torch.randn(n)
        given = w, b, x, y
        copies = [tensor.clone() for tensor in given]
        with (
            mock.patch.object(torch.autograd, "backward", wraps=torch.autograd.backward) as one,
            mock.patch.object(torch.autograd, "grad", wraps=torch.autograd.grad) as other,
        ):
            answer = call(gradient, *given)
        dw, db = expect_pair(answer, "gradient", ("dw", "db"))
        expect_unchanged(given, copies, ("w", "b", "x", "y"))
        dw, db = scalar(dw, "the gradient for w", n), scalar(db, "the gradient for b", n)
        expect(
            not one.called and not other.called,
            "you let autograd find the gradient: here use the formula, without backward().",
        )
        check_gradient(dw, db, *copies)


def check_gradient(dw, db, w, b, x, y):
    """Compare both gradients with autograd's, and know the usual mistakes."""
    n = len(x)
    w, b = w.requires_grad_(), b.requires_grad_()
    F.mse_loss(w * x + b, y).backward()
    right_w, right_b = w.grad.item(), b.grad.item()
    both, right = torch.tensor([dw, db]), torch.tensor([right_w, right_b])
    for factor, message in (
        (n, "both are N times too large: take the mean over the points, not the sum."),
        (0.5, "both are half of what they should be: the derivative of error² is 2 * error."),
        (-1, "both have the wrong sign: the error is w * x + b - y, not y - (w * x + b)."),
    ):
        expect(not is_close(both, factor * right), message)
    expect(not is_close(both, right.flip(0)), "the two are swapped: return the one for w first.")
    expect(
        not is_close(dw, right_b),
        "the gradient for w is the same as for b: for w, each error counts x times as much.",
    )
    expect_close(dw, right_w, "the gradient for w")
    expect_close(db, right_b, "the gradient for b")


def scalar(value, name, n):
    """Expect a number or a tensor of shape (); return it as a number."""
    if isinstance(value, torch.Tensor):
        expect(
            value.shape != (n,),
            f"{name} must be one number, yours has shape ({n},), one for each point: "
            "take the mean.",
        )
        expect_tensor(value, name, shape=())
        value = value.item()
    return expect_number(value, name)


# ---- 2. One descent step --------------------------------------------------------------------


@exercise(
    title="One descent step",
    notebook="02_autograd",
    minutes=4,
    difficulty="complete",
    hints=[
        "with torch.no_grad(): around a loop over the parameters.",
        "p -= lr * p.grad changes p in place; p = p - lr * p.grad would make a new tensor.",
        "After the move, p.grad = None. Skip a parameter whose p.grad is None from the start.",
    ],
)
def step(step):
    """step(parameters, lr): move each leaf in place against its gradient, clear the gradient."""
    expect_function(step, "step")
    for lr in (0.1, 0.5):
        parameters = [torch.randn(shape, requires_grad=True) for shape in ((3,), (), (2, 4))]
        for p in parameters:
            p.grad = torch.randn(p.shape)
        without = torch.randn(2, requires_grad=True)
        parameters.insert(1, without)
        grads = [p.grad if p.grad is None else p.grad.clone() for p in parameters]
        before = [p.detach().clone() for p in parameters]
        call(step, list(parameters), lr)
        expect(
            not all(map(torch.equal, parameters, before)),
            "no parameter has changed: move each one in place, p -= lr * p.grad, before its "
            "gradient is cleared. (p = p - ... makes a new tensor.)",
        )
        for i, (p, old, grad) in enumerate(zip(parameters, before, grads, strict=True)):
            name = f"parameters[{i}]"
            expect(
                p.requires_grad and p.is_leaf,
                f"{name} is no longer a leaf that requires a gradient: "
                "change its numbers only, inside torch.no_grad().",
            )
            if grad is None:
                expect_close(p, old, f"{name}, which has no gradient,")
                continue
            expect(
                not is_close(p, old + lr * grad),
                f"{name} has moved along its gradient, uphill: go against it, with a minus.",
            )
            expect(
                not is_close(p, old - grad),
                f"{name} has moved by its whole gradient: multiply the gradient by lr.",
            )
            expect_close(p, old - lr * grad, name)
            expect(
                p.grad is None or not p.grad.any(),
                f"the gradient of {name} is still there, and the next backward() would add to it: "
                "clear it.",
            )


# ---- 3. Fit a line --------------------------------------------------------------------------


@exercise(
    title="Fit a line",
    notebook="02_autograd",
    minutes=5,
    difficulty="build",
    hints=[
        "Make w and b with torch.zeros((), requires_grad=True), before the loop.",
        "In the loop: the loss, loss.backward(), the update inside torch.no_grad(), and then "
        "both gradients back to None.",
        "After the loop, return w.item(), b.item().",
    ],
)
def fit_line(fit_line):
    """fit_line(x, y, steps, lr) -> (w, b) as numbers, after descent from (0, 0)."""
    expect_function(fit_line, "fit_line")
    x = torch.rand(20)
    y = 2 - 3 * x + 0.1 * torch.randn(20)
    for steps, lr in ((3, 0.0), (1, 0.1), (2, 0.3), (40, 0.3)):
        given = x.clone(), y.clone()
        answer = expect_pair(call(fit_line, *given, steps, lr), "fit_line", ("w", "b"))
        expect_unchanged(given, (x, y), ("x", "y"))
        w, b = expect_number(answer[0], "w"), expect_number(answer[1], "b")
        line = torch.tensor([w, b])
        case = f"after steps={steps} with lr={lr}"
        expect(
            lr > 0 or is_close(line, torch.zeros(2)),
            f"with lr=0 nothing moves, so w and b must stay 0, where they start; "
            f"yours are {w:.3g} and {b:.3g}.",
        )
        right = descend(x, y, steps, lr)
        if not is_close(line, right):
            name_the_mistake(line, right, case, x, y, steps, lr)
        expect_close(w, right[0], f"{case} w")
        expect_close(b, right[1], f"{case} b")


def name_the_mistake(line, right, case, x, y, steps, lr):
    """Raise Wrong if the line is what one of the usual mistakes leads to."""
    for mistake, message in (
        (right.flip(0), f"{case} the two are swapped: return w first, then b."),
        (
            descend(x, y, steps, lr, keep=True),
            f"{case} the gradients of all steps add up: clear them before each backward().",
        ),
        (
            descend(x, y, steps, lr, factor=len(x)),
            f"{case} the steps are N times too long: the loss is the mean over the points, "
            "not the sum.",
        ),
        (
            descend(x, y, steps, lr, factor=0.5),
            f"{case} the steps are half as long as they should be: the gradient of error² "
            "is 2 * error.",
        ),
        (descend(x, y, steps, lr, factor=-1), f"{case} the line has moved uphill: go against."),
        (descend(x, y, steps + 1, lr), f"{case} you have made one step too many."),
        (descend(x, y, steps - 1, lr), f"{case} you have made one step too few."),
    ):
        if is_close(line, mistake):
            raise Wrong(message)


def descend(x, y, steps, lr, *, keep=False, factor=1):
    """Return w and b after gradient descent from 0; keep: never clear the gradients."""
    line = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([line], lr=factor * lr if factor > 0 else lr, maximize=factor < 0)
    for _ in range(steps):
        loss = F.mse_loss(line[0] * x.double() + line[1], y.double())
        if not keep:
            optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return line.detach()


# ---- 4. The neuron --------------------------------------------------------------------------


@exercise(
    title="The neuron as a module",
    notebook="02_autograd",
    minutes=5,
    difficulty="build",
    hints=[
        "In __init__: self.w = nn.Parameter(torch.zeros(features)), and a bias like that of Line.",
        "In forward, X @ self.w has shape (N,): one weighted sum for each row.",
        "Add the bias, and return torch.sigmoid of the sum.",
    ],
)
def neuron(neuron):
    """Neuron(features) -> nn.Module; forward (N, features) -> probabilities (N,)."""
    expect(
        not isinstance(neuron, nn.Module),
        "pass the class Neuron itself, without brackets; this is already a module made from it.",
    )
    expect_function(neuron, "Neuron")
    for features in (3, 5):
        model = call(neuron, features)
        expect_type(model, nn.Module, f"Neuron({features})")
        X = torch.randn(6, features)
        case = f"the output for X ({', '.join(map(str, X.shape))})"
        probs = call(model, X.clone())
        expect_tensor(probs, case)
        expect(
            probs.shape != (6, 1),
            f"{case} must have shape (6,), yours has (6, 1): use .squeeze(1).",
        )
        expect_tensor(probs, case, shape=(6,), dtype=torch.float32)
        parameters = sorted(model.parameters(), key=torch.numel)
        expect(
            parameters,
            "model.parameters() finds nothing: wrap the weights and the bias in nn.Parameter.",
        )
        expect(
            all(p.requires_grad for p in parameters),
            "a parameter has requires_grad=False, so it could not learn: leave it True.",
        )
        expect(
            [p.numel() for p in parameters] == [1, features],
            f"Neuron({features}) must have {features} weights and 1 bias as parameters, yours "
            f"have the shapes {', '.join(str(tuple(p.shape)) for p in parameters)}.",
        )
        with torch.no_grad():  # whatever they start from, zeros too
            for p in parameters:
                p.copy_(torch.randn(p.shape))
        check_neuron(call(model, X.clone()), parameters, X, case)


def check_neuron(probs, parameters, X, case):
    """Compare the output and the gradients with those of a neuron with the same parameters."""
    b, w = parameters
    logits = X @ w.flatten() + b.squeeze()
    expected = torch.sigmoid(logits)
    expect_tensor(probs, case, shape=(6,))
    expect(not is_close(probs, logits), f"{case} is the logit: pass it through torch.sigmoid.")
    expect(
        not is_close(probs, torch.sigmoid(logits - b.squeeze())),
        f"{case} does not depend on the bias: add it to the weighted sum.",
    )
    expect_close(probs, expected, case)
    message = "no gradient reaches {}: compute with the parameters themselves, without detach, "
    message += ".data, .item() or no_grad()."
    expect(probs.requires_grad, message.format("the parameters"))
    grads = torch.autograd.grad(probs.sum(), parameters, allow_unused=True)
    right = torch.autograd.grad(expected.sum(), parameters)
    for grad, value, name in zip(grads, right, ("the bias", "the weights"), strict=True):
        expect(grad is not None, message.format(name))
        expect_close(grad, value, f"the gradient of the sum of the outputs for {name}")


# ---- 5. A custom Function -------------------------------------------------------------------


@exercise(
    title="An operation with its own backward",
    notebook="02_autograd",
    minutes=6,
    difficulty="build",
    hints=[
        "Follow Cube: ctx.save_for_backward(x) in forward, (x,) = ctx.saved_tensors in backward.",
        "With s = torch.sigmoid(x), the product rule gives s + x * s * (1 - s) for x * s.",
        "backward returns grad_output times this derivative.",
    ],
)
def custom_function(function):
    """SiLU.apply(x) -> x * sigmoid(x), with a backward that agrees with finite differences."""
    expect(
        isinstance(function, type) and issubclass(function, torch.autograd.Function),
        "pass your class SiLU itself, a subclass of torch.autograd.Function; "
        f"this is {kind(function)}.",
    )
    for shape in ((6,), (2, 3)):
        x, other = (2 * torch.randn(shape, dtype=torch.float64) for _ in range(2))
        given = x.clone().requires_grad_()
        result = run(function.apply, given)
        expect_tensor(result, "SiLU.apply(x)", shape=shape, dtype=torch.float64)
        expect(torch.equal(given, x), "forward changes x in place: make a new tensor.")
        expect(
            not is_close(result, torch.sigmoid(x)),
            "SiLU.apply(x) is the sigmoid alone: multiply it by x.",
        )
        expect_close(result, F.silu(x), "SiLU.apply(x)")
        expect(
            result.requires_grad,
            "SiLU.apply(x) requires no gradient, although x does: leave the recording to PyTorch.",
        )
        run(function.apply, other.requires_grad_())  # a second call before the first backward
        grad_output = torch.randn(shape, dtype=torch.float64)
        (grad,) = run(torch.autograd.grad, result, given, grad_output, allow_unused=True)
        expect_tensor(grad, "the gradient that backward returns")
        check_silu_gradient(grad, x, other.detach(), grad_output)


def check_silu_gradient(grad, x, other, grad_output):
    """Compare with F.silu's gradient, and know the usual mistakes."""
    s = torch.sigmoid(x)
    derivative = silu_derivative(x)
    for mistake, message in (
        (derivative, "backward returns the derivative alone: multiply it by grad_output."),
        (
            grad_output * silu_derivative(other),
            "backward uses the x of another call: keep x in ctx, which each call has for itself.",
        ),
        (
            grad_output * s,
            "your derivative is sigmoid(x): by the product rule x times the derivative of the "
            "sigmoid comes on top.",
        ),
        (
            grad_output * s * (1 - s),
            "your derivative is that of the sigmoid alone: SiLU is x * sigmoid(x).",
        ),
        (
            grad_output * x * s * (1 - s),
            "in your derivative the first part of the product rule is missing: sigmoid(x).",
        ),
    ):
        expect(not is_close(grad, mistake), message)
    expect_close(grad, grad_output * derivative, "the gradient that backward returns")


def silu_derivative(x):
    """Return the derivative of SiLU, from PyTorch's own."""
    x = x.detach().requires_grad_()
    return torch.autograd.grad(F.silu(x).sum(), x)[0]


def run(function, *args, **kwargs):
    """Call the student's Function; PyTorch itself stumbles over a stub, which returns `...`."""
    try:
        return call(function, *args, **kwargs)
    except StudentError as error:
        if "ellipsis" in str(error).lower():
            raise NotStarted from None
        raise


# ---- 6. Bug hunt: the loss that swings --------------------------------------------------------


@exercise(
    title="Bug hunt: the loss that swings",
    notebook="02_autograd",
    minutes=3,
    difficulty="debug",
    hints=[
        "How often is zero_grad() called, and how often backward()?",
        "optimizer.zero_grad() belongs into the loop, anywhere before loss.backward().",
    ],
)
def zero_grad(fit):
    """fit(model, X, y, steps, lr) -> the loss before each step, with SGD on fresh gradients."""
    expect_function(fit, "fit")
    X = torch.randn(15, 2)
    y = X @ torch.randn(2, 1) + 1
    for steps, lr in ((12, 0.1), (5, 0.2)):
        model = nn.Linear(2, 1)
        trained = copy.deepcopy(model)
        right, accumulated, summed = (
            train_with_sgd(copy.deepcopy(model), X, y, steps, lr, **mistake)
            for mistake in ({}, {"keep": True}, {"reduction": "sum"})
        )
        losses = call(fit, trained, X.clone(), y.clone(), steps, lr)
        expect_type(losses, (list, tuple), "what fit returns")
        expect(
            len(losses) == steps,
            f"for {steps} steps fit must return {steps} losses, yours has {len(losses)}.",
        )
        losses = [expect_number(loss, f"losses[{i}]") for i, loss in enumerate(losses)]
        expect(
            not unchanged(trained, model),
            "the model does not change: are the gradients cleared after backward() "
            "and before step(), or is step() missing?",
        )
        expect(
            not is_close(losses, accumulated),
            "the gradients of all steps still add up: call optimizer.zero_grad() in the loop, "
            "before each backward().",
        )
        expect(
            not is_close(losses, summed),
            "the loss is the sum over the points: use the mean, nn.MSELoss().",
        )
        expect(
            not is_close(losses[:-1], right[1:]),
            "losses[0] must be the loss before the first step; yours come after the steps.",
        )
        expect_close(losses, right, "losses")
        reference = copy.deepcopy(model)
        train_with_sgd(reference, X, y, steps, lr)
        for (name, p), q in zip(trained.named_parameters(), reference.parameters(), strict=True):
            expect_close(p, q, f"model.{name} after {steps} steps", tolerance=1e-3)


def train_with_sgd(model, X, y, steps, lr, *, keep=False, reduction="mean"):
    """Return the losses of plain SGD; keep: never clear the gradients."""
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = F.mse_loss(model(X), y, reduction=reduction)
        if not keep:
            optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def unchanged(model, other):
    """Return True if two models have equal parameters."""
    return all(map(torch.equal, model.parameters(), other.parameters()))


# ---- 7. Bug hunt: the history that fills the memory -------------------------------------------


class Box:
    """Holds a tensor for a graph, so that a WeakSet can tell whether it is still held."""

    def __init__(self, tensor):
        self.tensor = tensor.detach()


@exercise(
    title="Bug hunt: the history that fills the memory",
    notebook="02_autograd",
    minutes=4,
    difficulty="debug",
    hints=[
        "What does the list hold: numbers, or tensors with a grad_fn?",
        "Append loss.item(), at once and not at the end.",
        "`with torch.no_grad():` around the measuring alone records no graph in the first place.",
    ],
)
def history(watch):
    """watch(train_step, model, X_other, y_other, steps) -> losses as numbers, no graph kept."""
    expect_function(watch, "watch")
    steps, X, y = 8, torch.randn(9, 2), torch.randn(9, 1)
    model = nn.Linear(2, 1)
    alive, counts, recording, right, grads = weakref.WeakSet(), [], [], [], []

    def pack(tensor):
        box = Box(tensor)
        alive.add(box)
        return box

    def train_step():
        counts.append(len(alive))
        recording.append(torch.is_grad_enabled())
        grads.extend(p.grad for p in model.parameters())
        with torch.no_grad():
            for p in model.parameters():
                p += 0.3 * torch.randn(p.shape)
            right.append(F.mse_loss(model(X), y).item())

    with torch.no_grad():
        before = F.mse_loss(model(X), y).item()
    hooks = torch.autograd.graph.saved_tensors_hooks(pack, lambda box: box.tensor)
    with torch.enable_grad(), hooks:
        answer = call(watch, train_step, model, X.clone(), y.clone(), steps)
    expect_type(answer, (list, tuple), "what watch returns")
    expect(
        len(right) == steps,
        f"for steps={steps} train_step() must be called {steps} times, yours calls it "
        f"{len(right)} times.",
    )
    expect(
        all(recording),
        "train_step() runs inside torch.no_grad() and could not learn: "
        "put only the measuring inside.",
    )
    expect(
        len(answer) == steps,
        f"for {steps} steps watch must return {steps} losses, yours has {len(answer)}.",
    )
    for i, loss in enumerate(answer):
        expect(
            getattr(loss, "grad_fn", None) is None,
            f"history[{i}] is a tensor with a grad_fn, so it still keeps its graph: use .item().",
        )
    losses = [expect_number(loss, f"history[{i}]") for i, loss in enumerate(answer)]
    expect(
        not is_close(losses, [before, *right[:-1]]),
        "you measure before train_step(): measure after it.",
    )
    expect_close(losses, right, "history")
    expect(
        counts[-1] <= counts[1],
        f"the graphs keep {counts[1]} tensors after the first step and {counts[-1]} before the "
        "last: take the number out of each loss at once, not at the end.",
    )
    expect(
        all(grad is None for grad in grads),
        "the measuring calls backward(), which leaves gradients in the model: measure only.",
    )
