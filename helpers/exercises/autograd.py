"""Checks of the exercises in 02_autograd."""

import weakref
from unittest import mock

import torch
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from helpers.exercises import networks
from helpers.exercises.cases import Code, cases, lists, one_of, sizes, tensors, ticks
from helpers.exercises.core import Facts, call, exercise, expect
from helpers.exercises.networks import use_network, weights
from helpers.exercises.quiz import Question, Quiz
from helpers.exercises.verdicts import NotStarted, StudentError

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


# ---- Cases and loops ------------------------------------------------------------------------

NUMBERS = [*ticks(-2, 2), 20.0, -20.0]  # the large ones show who limits a gradient


@cases
def points(draw):
    """A line, and N points."""
    n = draw(one_of(1, 2, 3, 5))
    shapes = {"w": (), "b": (), "x": (n,), "y": (n,)}
    return {name: draw(tensors(shape, NUMBERS)) for name, shape in shapes.items()}


@cases
def parameters_with_gradients(draw):
    """Parameters of several shapes and dtypes; some have no gradient."""
    parameters, grads = [], []
    for shape in draw(lists(one_of((1,), (), (2,), (2, 3), (1, 2, 2)), 1, 3)):
        numbers = tensors(shape, NUMBERS, draw(one_of(torch.float32, torch.float64)))
        parameters.append(draw(numbers))
        grads.append(draw(numbers) if draw(one_of(True, True, False)) else None)
    lr = draw(one_of(0.5, 0.1, 0.25, 1.0, 0.0))
    return {"parameters": parameters, "grads": grads, "lr": lr}


@cases
def points_to_fit(draw):
    """N points; with these rates no descent runs away."""
    n = draw(one_of(1, 2, 3, 5))
    data = {"x": draw(tensors((n,), ticks(-1, 1))), "y": draw(tensors((n,), NUMBERS))}
    lr = draw(one_of(0.1, 0.5, 0.25, 0.02, 0.0))
    return {**data, "steps": draw(one_of(1, 2, 3, 0, 12)), "lr": lr}


@cases
def rows(draw):
    """A number of features, and rows with so many."""
    features = draw(sizes(1, 4))
    return {"features": features, "X": draw(tensors((draw(sizes(1, 4)), features)))}


@cases
def numbers_to_bend(draw):
    """An input of any shape, the gradient that comes back to it, and an input of another call."""
    shape = draw(one_of((1,), (), (3,), (2, 3), (2, 1, 2)))
    dtype = draw(one_of(torch.float64, torch.float32))
    numbers = tensors(shape, [*ticks(-3, 3), -20.0, 20.0], dtype)
    return {"x": draw(numbers), "grad_output": draw(numbers), "other": draw(numbers)}


@st.composite
def regression(draw, X="X", y="y"):
    """A model, and data for it."""
    n, features, outputs = draw(sizes(1, 4)), draw(sizes(1, 3)), draw(sizes(1, 2))
    linear = f"nn.Linear({features}, {outputs})"
    network = f"nn.Sequential(nn.Linear({features}, 3), nn.Tanh(), nn.Linear(3, {outputs}))"
    model = Code(draw(one_of(linear, network)))
    return {
        "model": model,
        X: draw(tensors((n, features))),
        y: draw(tensors((n, outputs), NUMBERS)),
    }


@cases
def training(draw):
    """A model, its data, a number of steps and a rate."""
    steps, lr = draw(one_of(1, 2, 3, 0, 9)), draw(one_of(0.1, 0.05, 0.01, 0.2, 0.0))
    return {**draw(regression()), "steps": steps, "lr": lr}


@cases
def watching(draw):
    """A model, other data for it, and a function that changes the model."""
    data = draw(regression("X_other", "y_other"))
    train_step = draw(one_of(TRAIN_STEP, "lambda: [p.data.mul_(-0.5) for p in model.parameters()]"))
    return {**data, "train_step": Code(train_step), "steps": draw(one_of(1, 2, 3, 0, 6))}


TRAIN_STEP = (
    "lambda: [p.data.sub_(torch.autograd.grad(model(X_other).sum(), p)[0]) "
    "for p in model.parameters()]"
)


def train(model, X, y, steps, lr, *, clear="before", reduction="mean"):
    """Train with SGD, or with one thing wrong; return the losses."""
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = F.mse_loss(model(X), y, reduction=reduction)
        if clear == "before":
            optimizer.zero_grad()
        loss.backward()
        if clear == "between":
            optimizer.zero_grad()
        optimizer.step()
        losses.append(loss.item())
    return losses


def fitted(x, y, steps, lr, **wrong):
    """Return w and b of a line that is trained from (0, 0), or with one thing wrong."""
    model = nn.Linear(1, 1)
    for p in model.parameters():
        nn.init.zeros_(p)
    train(model, x.unsqueeze(1), y.unsqueeze(1), steps, lr, **wrong)
    return model.weight.item(), model.bias.item()


def watch_backward():
    """Return a context that yields a mock: its run_backward is called by every pass backward."""
    engine = torch.autograd.Variable._execution_engine
    return mock.patch.object(torch.autograd.Variable, "_execution_engine", wraps=engine)


# ---- 1. A gradient by hand ------------------------------------------------------------------


@exercise(
    hints=[
        "Begin with error = w * x + b - y, one error for each point.",
        "For one point the gradient for b is 2 * error, and the one for w is x times as much.",
        "Compute both for all points at once, and take .mean() of each.",
    ],
    cases=points,
    more_cases=(
        {
            **{"w": torch.tensor(0.7313), "b": torch.tensor(-2.1)},
            **{"x": Code("torch.randn(101)"), "y": Code("100 * torch.randn(101)")},
        },
    ),
    mistakes={
        "both are N times too large: take the mean over the points, not the sum.": (
            lambda right, w, b, x, y: [len(x) * grad for grad in right(w, b, x, y)]
        ),
        "both are half of what they should be: the derivative of error² is 2 * error.": (
            lambda right, *args: [grad / 2 for grad in right(*args)]
        ),
        "both have the wrong sign: the error is w * x + b - y, not y - (w * x + b).": (
            lambda right, *args: [-grad for grad in right(*args)]
        ),
        "the two are swapped: return the one for w first.": (
            lambda right, *args: right(*args)[::-1]
        ),
        "the gradient for w is the same as for b: for w, each error counts x times as much.": (
            lambda right, *args: [right(*args)[1]] * 2
        ),
    },
)
def gradient(gradient, w, b, x, y):
    """gradient(w, b, x, y) -> (dw, db) of the mean squared error, without autograd."""
    with watch_backward() as engine:
        answer = call(gradient, w, b, x, y)
    if isinstance(answer, torch.Tensor) and answer.shape == (2,):
        answer = list(answer)
    expect(
        isinstance(answer, tuple | list) and len(answer) == 2,
        "gradient must return two numbers: return dw, db.",
    )
    expect(
        not engine.run_backward.called,
        "you let autograd find the gradient: here use the formula, without backward().",
    )
    for grad in answer:
        shape = getattr(grad, "shape", ())
        expect(
            shape == (),
            f"return numbers, or tensors of shape (); yours has shape {tuple(shape)}.",
        )
    dw, db = (g.item() if isinstance(g, torch.Tensor) and g.dim() == 0 else g for g in answer)
    return Facts({"the gradient for w": dw, "the gradient for b": db})


# ---- 2. One descent step --------------------------------------------------------------------


def keeps_gradients(right, parameters, lr):
    """Make the step, and clear nothing."""
    grads = [p.grad for p in parameters]
    right(parameters, lr)
    for p, grad in zip(parameters, grads, strict=True):
        p.grad = grad


@exercise(
    hints=[
        "with torch.no_grad(): around a loop over the parameters.",
        "p -= lr * p.grad changes p in place; p = p - lr * p.grad would make a new tensor.",
        "After the move, p.grad = None. Skip a parameter whose p.grad is None from the start.",
    ],
    cases=parameters_with_gradients,
    more_cases=(
        {
            "parameters": Code("[torch.randn(2, 3).T, torch.randn(101).double()]"),
            "grads": Code("[torch.randn(3, 2), torch.randn(101).double()]"),
            "lr": 0.0321,
        },
    ),
    exact_dtype=True,
    mistakes={
        "no parameter changes, and no gradient: p -= ... changes p in place, but p = p - ... makes "
        "a new tensor.": lambda right, parameters, lr: None,
        "no parameter has moved when its gradient is cleared: move it in place, p -= lr * p.grad, "
        "before.": lambda right, parameters, lr: right(parameters, 0.0),
        "the parameters move along their gradients, uphill: go against them, with a minus.": (
            lambda right, parameters, lr: right(parameters, -lr)
        ),
        "the parameters move by their whole gradients: multiply each by lr.": (
            lambda right, parameters, lr: right(parameters, 1.0)
        ),
        "the gradients are still there, and the next backward() would add to them: clear them.": (
            keeps_gradients
        ),
    },
)
def step(step, parameters, grads, lr):
    """step(parameters, lr): move each leaf in place against its gradient, clear the gradient."""
    for p, grad in zip(parameters, grads, strict=True):
        p.requires_grad_().grad = grad
    given = list(parameters)
    facts = Facts({"the value returned": call(step, parameters, lr, may_change=("parameters",))})
    expect(
        list(map(id, parameters)) == list(map(id, given)),
        "your function changes the list: leave it alone, and change the tensors in it in place.",
    )
    for i, (p, grad) in enumerate(zip(parameters, grads, strict=True)):
        expect(
            p.requires_grad and p.is_leaf,
            f"parameters[{i}] is no longer a leaf that requires a gradient: change its numbers "
            "only, inside torch.no_grad().",
        )
        facts[f"the tensor parameters[{i}]"] = p.detach()
        zeros = grad is not None and p.grad is not None and not p.grad.any()  # cleared as well
        facts[f"the gradient parameters[{i}].grad"] = None if zeros else p.grad
    return facts


# ---- 3. Fit a line --------------------------------------------------------------------------


@exercise(
    hints=[
        "Make w and b with torch.zeros((), requires_grad=True), before the loop.",
        "In the loop: the loss, loss.backward(), the update inside torch.no_grad(), and then "
        "both gradients back to None.",
        "After the loop, return w.item(), b.item().",
    ],
    cases=points_to_fit,
    more_cases=(
        {"x": Code("torch.randn(101)"), "y": Code("torch.randn(101)"), "steps": 150, "lr": 0.013},
    ),
    examples=40,
    mistakes={
        "the two are swapped: return w first, then b.": lambda right, *args: right(*args)[::-1],
        "the gradients of all steps add up: clear them before each backward().": (
            lambda right, *args: fitted(*args, clear="never")
        ),
        "the steps are N times too long: the loss is the mean over the points, not the sum.": (
            lambda right, *args: fitted(*args, reduction="sum")
        ),
        "the steps are half as long as they should be: the loss is the mean of error², without a "
        "factor 1/2.": lambda right, x, y, steps, lr: right(x, y, steps, lr / 2),
        "the line moves uphill: go against the gradients, with a minus.": (
            lambda right, x, y, steps, lr: right(x, y, steps, -lr)
        ),
        "you make one step too many.": lambda right, x, y, steps, lr: right(x, y, steps + 1, lr),
        "you make one step too few.": lambda right, x, y, steps, lr: right(x, y, steps - 1, lr),
    },
)
def fit_line(fit_line, x, y, steps, lr):
    """fit_line(x, y, steps, lr) -> (w, b) as numbers, after descent from (0, 0) with autograd."""
    with watch_backward() as engine:
        answer = call(fit_line, x, y, steps, lr)
    expect(
        isinstance(answer, tuple | list) and len(answer) == 2,
        "fit_line must return two numbers: return w, b.",
    )
    expect(
        engine.run_backward.called or steps < 2 or not y.any(),  # for y = 0 nothing moves
        "autograd finds no gradient in your function: compute the loss, and call loss.backward().",
    )
    return Facts({"the number w": answer[0], "the number b": answer[1]})


# ---- 4. The neuron --------------------------------------------------------------------------


def bias_first(right, features):
    """Make the bias before the weights; for one feature nothing else tells them apart."""
    model = right(features)
    w = model.w
    del model.w
    model.w = w
    return model


def with_forward(forward):
    """Return a mistake: the neuron with another forward."""
    return lambda right, features: type("Neuron", (right,), {"forward": forward})(features)


@exercise(
    hints=[
        "In __init__: self.w = nn.Parameter(torch.zeros(features)), and a bias like that of Line.",
        "In forward, X @ self.w has shape (N,): one weighted sum for each row.",
        "Add the bias, and return torch.sigmoid of the sum.",
    ],
    cases=rows,
    more_cases=({"features": 23, "X": Code("20 * torch.randn(41, 23)")},),
    examples=20,
    exact_dtype=True,
    also_right=(bias_first,),
    mistakes={
        "the output is the logit: pass it through torch.sigmoid.": (
            with_forward(lambda self, X: X @ self.w + self.b)
        ),
        "the output has shape (N, 1), and must have shape (N,): use .squeeze(1).": (
            with_forward(lambda self, X: torch.sigmoid(X @ self.w + self.b).unsqueeze(1))
        ),
        "for a single row the output has shape (): .squeeze() takes N away too if N is 1, so use "
        ".squeeze(1).": (
            with_forward(lambda self, X: torch.sigmoid(X @ self.w + self.b).squeeze())
        ),
        "the sum over the features is missing: X @ w multiplies and adds up.": (
            with_forward(lambda self, X: torch.sigmoid(X * self.w + self.b))
        ),
    },
)
def neuron(neuron, features, X):
    """Neuron(features) -> nn.Module; forward (N, features) -> probabilities (N,)."""
    facts, model = use_network(neuron, (features,), X, flat=True), call(neuron, features)
    call(model, X)  # Lazy layers find out their sizes
    with torch.no_grad():  # a logit of 100: exp overflows
        for p in model.parameters():
            p.fill_(100 / (features + 1))
    facts["with the logit 100, the output"] = call(model, torch.ones(1, features)).detach()
    return facts


# ---- 5. A custom Function -------------------------------------------------------------------


def silu(gradient):
    """Return a mistake: SiLU with gradient(x, grad_output, x of the last call) as its backward."""

    class Mistake(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.x = Mistake.last = x.detach()
            return x * torch.sigmoid(x)

        @staticmethod
        def backward(ctx, grad_output):
            return gradient(ctx.x, grad_output, Mistake.last)

    return Mistake


def slope(x):
    """Return the derivative of SiLU."""
    s = torch.sigmoid(x)
    return s + x * s * (1 - s)


def sigmoid_slope(x):
    """Return the derivative of the sigmoid."""
    return torch.sigmoid(x) * (1 - torch.sigmoid(x))


def run(function, *args, **kwargs):
    """Call the student's Function; PyTorch itself stumbles over a stub, which returns `...`."""
    try:
        return call(function, *args, **kwargs)
    except StudentError as error:
        if "ellipsis" in str(error).lower():
            raise NotStarted from None
        raise


@exercise(
    hints=[
        "Follow Cube: ctx.save_for_backward(x) in forward, (x,) = ctx.saved_tensors in backward.",
        "With s = torch.sigmoid(x), the product rule gives s + x * s * (1 - s) for x * s.",
        "backward returns grad_output times this derivative.",
    ],
    cases=numbers_to_bend,
    more_cases=(
        {
            "x": Code("torch.tensor([[-300.0, 100.0, 6.0], [0.3, -6.0, 30.0]]).T"),
            **{"grad_output": Code("torch.randn(3, 2)"), "other": Code("torch.randn(101)")},
        },
        {
            "x": Code("torch.linspace(-9, 9, 101).double()"),
            **{"grad_output": Code("torch.randn(101).double()"), "other": Code("torch.ones(3)")},
        },
    ),
    examples=50,
    exact_dtype=True,
    mistakes={
        "backward returns the derivative alone: multiply it by grad_output.": (
            silu(lambda x, grad, last: slope(x))
        ),
        "backward uses the x of another call: keep x in ctx, which each call has for itself.": (
            silu(lambda x, grad, last: grad * slope(last))
        ),
        "your derivative is sigmoid(x): by the product rule x times the derivative of the sigmoid "
        "comes on top.": silu(lambda x, grad, last: grad * torch.sigmoid(x)),
        "your derivative is that of the sigmoid alone: SiLU is x * sigmoid(x).": (
            silu(lambda x, grad, last: grad * sigmoid_slope(x))
        ),
        "in your derivative the first part of the product rule is missing: sigmoid(x).": (
            silu(lambda x, grad, last: grad * x * sigmoid_slope(x))
        ),
    },
)
def custom_function(function, x, grad_output, other):
    """SiLU.apply(x) -> x * sigmoid(x), with the right gradient in backward."""
    expect(
        isinstance(function, type) and issubclass(function, torch.autograd.Function),
        "SiLU must be a class, a subclass of torch.autograd.Function: class SiLU(...).",
    )
    x.requires_grad_()
    result = run(function.apply, x)
    facts = Facts({"SiLU.apply(x)": result, "SiLU.apply(other)": run(function.apply, other)})
    if not isinstance(result, torch.Tensor) or result.shape != x.shape:
        return facts
    expect(
        result.requires_grad,
        "SiLU.apply(x) requires no gradient, although x does: leave the recording to PyTorch.",
    )
    (grad,) = run(torch.autograd.grad, result, x, grad_output, allow_unused=True)
    return Facts({**facts, "the gradient that backward returns": grad})


# ---- 6. Bug hunt: the loss that swings ------------------------------------------------------


MAY_CHANGE = "model.weights", "model.gradients", "model.mode"


@exercise(
    hints=[
        "How often is zero_grad() called, and how often backward()?",
        "optimizer.zero_grad() belongs into the loop, anywhere before loss.backward().",
    ],
    cases=training,
    more_cases=(
        {
            "model": Code("nn.Sequential(nn.Linear(3, 9), nn.Dropout(0.5), nn.Linear(9, 2))"),
            **{"X": Code("torch.randn(101, 3)"), "y": Code("torch.randn(101, 2)")},
            **{"steps": 30, "lr": 1e-3},
        },
        {
            "model": Code("nn.Linear(1, 1)"),  # with this rate the losses rise
            **{
                "X": Code("torch.ones(9, 1)"),
                "y": Code("torch.randn(9, 1)"),
                "steps": 5,
                "lr": 1.5,
            },
        },
    ),
    examples=30,
    mistakes={
        "the gradients of all steps still add up: call optimizer.zero_grad() in the loop, before "
        "each backward().": lambda right, *args: train(*args, clear="never"),
        "the model does not change: are the gradients cleared after backward() and before step(), "
        "or is step() missing?": lambda right, *args: train(*args, clear="between"),
        "the loss is the sum over the points: use the mean, nn.MSELoss().": (
            lambda right, *args: train(*args, reduction="sum")
        ),
    },
)
def zero_grad(fit, model, X, y, steps, lr):
    """fit(model, X, y, steps, lr) -> the loss before each step, with SGD on fresh gradients."""
    with networks.watch(model) as seen:
        losses = call(fit, model, X, y, steps, lr, may_change=MAY_CHANGE)
    expect(seen or not steps, "your function does not call the model passed in.")
    training = model.training and all(one.training for one in seen)
    expect(training, "your function calls model.eval(): it must train in training mode.")
    return Facts({"losses": losses, **weights(model)})


# ---- 7. Bug hunt: the history that fills the memory -----------------------------------------


class Box:
    """Holds a tensor for a graph of a step, so that a WeakSet can tell whether it is still held."""

    def __init__(self, tensor, step):
        self.tensor, self.step = tensor.detach(), step


def keeps_graphs(right, train_step, model, X, y, steps):
    """Keep the losses themselves: the bug."""
    losses = []
    for _ in range(steps):
        train_step()
        losses.append(F.mse_loss(model(X), y))
    return losses


def measures_before(right, train_step, model, X, y, steps):
    """Measure before each train_step()."""
    losses = []
    for _ in range(steps):
        losses.append(F.mse_loss(model(X), y).item())
        train_step()
    return losses


@exercise(
    hints=[
        "What does the list hold: numbers, or tensors with a grad_fn?",
        "Append loss.item(), at once and not at the end.",
        "`with torch.no_grad():` around the measuring alone records no graph in the first place.",
    ],
    cases=watching,
    more_cases=(
        {
            **{"model": Code("nn.Linear(3, 1)"), "X_other": Code("torch.randn(101, 3)")},
            **{"y_other": Code("torch.randn(101, 1)"), "train_step": Code(TRAIN_STEP), "steps": 30},
        },
    ),
    examples=30,
    mistakes={
        "each loss in the list keeps its graph: append its number, loss.item().": keeps_graphs,
        "you measure before train_step(): measure after it.": measures_before,
    },
)
def history(watch, model, X_other, y_other, train_step, steps):
    """watch(train_step, model, X_other, y_other, steps) -> losses as numbers, no graph kept."""
    recording, training, graphs, alive = [], [], [], weakref.WeakSet()

    def pack(tensor):
        box = Box(tensor, len(graphs))
        alive.add(box)
        return box

    def watched_step():
        recording.append(torch.is_grad_enabled())
        training.append(model.training)
        graphs.append(len({box.step for box in alive}))
        train_step()

    for p in model.parameters():
        p.grad = torch.ones_like(p)  # measuring must leave it
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda box: box.tensor):
        args = watched_step, model, X_other, y_other, steps
        losses = call(watch, *args, may_change=("model.weights",))
    expect(
        all(recording),
        "train_step() runs inside torch.no_grad() and could not learn: put only the measuring "
        "inside.",
    )
    expect(
        all(training),
        "train_step() is called in evaluation mode: call model.train() after measuring.",
    )
    expect(
        max(graphs, default=0) <= 1,
        "the graphs of several steps are alive together: you keep a loss, an output or a sum that "
        "holds its graph. Keep numbers, loss.item().",
    )
    calls = {"the number of calls of train_step()": len(graphs)}
    return Facts({**calls, "history": losses, **weights(model)})
