"""Checks of the exercises in 02_autograd."""

import weakref
from collections import defaultdict
from unittest import mock

import torch
from hypothesis import strategies as st
from torch.nn import functional as F

from helpers.exercises.cases import Code, cases, lists, one_of, sizes, tensors, ticks
from helpers.exercises.compare import show
from helpers.exercises.core import Facts, call, exercise, expect, is_stub
from helpers.exercises.networks import use_network, weights
from helpers.exercises.quiz import Question, Quiz
from helpers.exercises.verdicts import NotStarted
from helpers.graphs import Box

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
            "c": "Only what leads to the loss belongs in its graph; the update comes after it.",
        },
    ),
    Question(
        right="b",
        reasons={
            "a": "That is what SGD does, and momentum. Adam divides by the size of the gradient.",
            "b": "m and the root of v both become 60 times as large: divided, they give the same.",
            "c": "m becomes 60 times as large too, so the two cancel.",
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
def parameters_to_keep(draw):
    """Parameters of several shapes and dtypes."""
    shapes = draw(lists(one_of((1,), (), (2,), (2, 3), (1, 2, 2)), 1, 3))
    dtypes = [draw(one_of(torch.float32, torch.float64)) for _ in shapes]
    pairs = zip(shapes, dtypes, strict=True)
    return {"parameters": [draw(tensors(shape, NUMBERS, dtype)) for shape, dtype in pairs]}


@cases
def gradients_in_turn(draw):
    """The gradients of one parameter in several steps."""
    shape = draw(one_of((1,), (), (3,), (2, 3), (2, 1, 2)))
    numbers = tensors(shape, NUMBERS, draw(one_of(torch.float64, torch.float32)))
    grads = [draw(numbers) for _ in range(draw(one_of(1, 2, 3, 5)))]
    return {"grads": grads, "lr": draw(one_of(0.5, 0.1, 0.25, 1.0))}


@cases
def settings_to_try(draw):
    """Pairs of a function and a rate, a guess for each, and what comes out."""
    names = draw(lists(one_of("torch.sin", "torch.cos", "torch.tan"), 0, 4))
    pairs = [f"({name}, {draw(one_of(0.1, 0.5, 1.0, 0.02))})" for name in names]
    expected = [draw(one_of(10, "?", 500, "never")) for _ in names]
    results = [draw(one_of(7, 12.5, "never", 499)) for _ in names]
    settings = Code(f"[{', '.join(pairs)}]")
    return {"settings": settings, "expected": expected, "results": results}


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


def problem(model, n, inputs, outputs, X="X", y="y"):
    """Return a case: a model, and n points for it."""
    data = {X: Code(f"torch.randn({n}, {inputs})"), y: Code(f"3 * torch.randn({n}, {outputs})")}
    return {"model": Code(model), **data}


@st.composite
def problems(draw, X="X", y="y", **others):
    """A line or a small network, points for it, and what the other strategies make."""
    n, inputs, outputs = draw(sizes(1, 4)), draw(sizes(1, 3)), draw(sizes(1, 2))
    network = f"nn.Sequential(nn.Linear({inputs}, 3), nn.Tanh(), nn.Linear(3, {outputs}))"
    model = draw(one_of(f"nn.Linear({inputs}, {outputs})", network))
    return problem(model, n, inputs, outputs, X, y) | draw(st.fixed_dictionaries(others))


def watch_backward():
    """Return a context that yields a mock: its run_backward is called by every pass backward."""
    engine = torch.autograd.Variable._execution_engine
    return mock.patch.object(torch.autograd.Variable, "_execution_engine", wraps=engine)


def two(answer, names):
    """Return the two numbers of an answer; tensors of shape () may stand for them."""
    if isinstance(answer, torch.Tensor):
        answer = answer.tolist()
    expect(
        isinstance(answer, tuple | list)
        and [getattr(number, "shape", ()) for number in answer] == [(), ()],
        f"return two numbers, without dimensions: return {names}. Yours is {show(answer)}.",
    )
    return answer


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
            name: Code(f"20 * torch.randn({n})")
            for name, n in dict(w=(), b=(), x=101, y=101).items()
        },
    ),
    mistakes={
        "both are N times too large: take the mean over the points, not the sum.": (
            lambda right, w, b, x, y: [len(x) * grad for grad in right(w, b, x, y)]
        ),
        "both are half of what they should be: the derivative of error² is 2 * error.": (
            lambda right, *args: [grad / 2 for grad in right(*args)]
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
    expect(
        not engine.run_backward.called,
        "you let autograd find the gradient: here use the formula, without backward().",
    )
    dw, db = (g.item() if isinstance(g, torch.Tensor) else g for g in two(answer, "dw, db"))
    return Facts({"the gradient for w": dw, "the gradient for b": db})


# ---- 2. One descent step --------------------------------------------------------------------


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
        facts[f"parameters[{i}].is_leaf and .requires_grad"] = p.is_leaf and p.requires_grad
        facts[f"the tensor parameters[{i}]"] = p.detach()
        zeros = grad is not None and p.grad is not None and not p.grad.any()  # cleared as well
        facts[f"the gradient parameters[{i}].grad"] = None if zeros else p.grad
    return facts


# ---- 3. Fit a line --------------------------------------------------------------------------


def fit_carelessly(right, x, y, steps, lr):
    """Fit a line, and never clear the gradients."""
    line, path = torch.zeros(2, requires_grad=True), [(0.0, 0.0)]
    for _ in range(steps):
        F.mse_loss(line[0] * x + line[1], y).backward()
        line.data -= lr * line.grad
        path.append(line.tolist())
    return path


@exercise(
    hints=[
        "Make w and b with torch.zeros((), requires_grad=True), before the loop.",
        "In the loop: the loss, loss.backward(), the update inside torch.no_grad() with "
        "w -= lr * w.grad, and then both gradients back to None. Or step([w, b], lr) after "
        "backward().",
        "path = [(w.item(), b.item())] before the loop, path.append(...) at the end of each step.",
    ],
    cases=points_to_fit,
    more_cases=(
        {"x": Code("torch.randn(101)"), "y": Code("torch.randn(101)"), "steps": 150, "lr": 0.013},
    ),
    examples=40,
    mistakes={
        "the gradients of all steps add up: clear them before each backward().": fit_carelessly,
        "the steps are N times too long: the loss is the mean over the points, not the sum.": (
            lambda right, x, y, steps, lr: right(x, y, steps, lr * len(x))
        ),
        "the two are swapped: each pair is (w, b).": (
            lambda right, *args: [pair[::-1] for pair in right(*args)]
        ),
        "the start (0.0, 0.0) is missing: it comes before the first step.": (
            lambda right, *args: right(*args)[1:]
        ),
        "the place after the last step is missing: the path has steps + 1 pairs.": (
            lambda right, *args: right(*args)[:-1]
        ),
        "this is the last pair alone: return the list of all pairs.": (
            lambda right, *args: right(*args)[-1]
        ),
        "all pairs are the last one: note plain numbers, w.item(), and a new pair in each step.": (
            lambda right, *args: [right(*args)[-1]] * (args[2] + 1)
        ),
    },
)
def fit_line(fit_line, x, y, steps, lr):
    """fit_line(x, y, steps, lr) -> the path of (w, b), in descent from (0, 0) with autograd."""
    with watch_backward() as engine:
        path = call(fit_line, x, y, steps, lr)
    expect(
        engine.run_backward.called or steps < 2 or not y.any(),  # for y = 0 nothing moves
        "autograd finds no gradient in your function: compute the loss, and call loss.backward().",
    )
    return Facts({"path": path})


# ---- 4. Keep the best -----------------------------------------------------------------------


@exercise(
    hints=[
        "p.detach() is p without a graph. What does it share with p?",
        "A list comprehension over the parameters, with p.detach().clone().",
    ],
    cases=parameters_to_keep,
    more_cases=(
        {"parameters": Code("[torch.randn(2, 3).T, torch.randn(101).double()]")},
        {"parameters": Code("[torch.tensor([1e300], dtype=torch.float64)]")},  # none of float32
    ),
    exact_dtype=True,
    mistakes={
        "a later step changes your copies: detach() shares its memory with the parameter. Copy the "
        "numbers too, with .clone().": lambda right, parameters: [p.detach() for p in parameters],
        "your copies still require a gradient: take them out of the graph with .detach().": (
            lambda right, parameters: [p.clone() for p in parameters]
        ),
    },
)
def snapshot(snapshot, parameters):
    """snapshot(parameters) -> a list of copies, without a graph, with memory of their own."""
    for p in parameters:
        p.requires_grad_().grad = torch.ones_like(p)
    copies = call(snapshot, parameters)
    facts = Facts({"the parameters' gradients": [p.grad for p in parameters], "your list": copies})
    if isinstance(copies, list | tuple) and all(isinstance(p, torch.Tensor) for p in copies):
        facts["the copies' requires_grad"] = [copy.requires_grad for copy in copies]
        facts["your list"] = [copy.detach().clone() for copy in copies]
        with torch.no_grad():
            for p in parameters:
                p += 1
        facts["after a step, your list"] = [copy.detach().clone() for copy in copies]
    return facts


# ---- 5. Adam --------------------------------------------------------------------------------


def adam_with(move):
    """Return a mistake: Adam with move(m, v, t, grad, lr), its averages not yet corrected."""

    def mistake(right, grad, state, lr):
        state["t"] += 1
        state["m"] = 0.9 * state["m"] + 0.1 * grad
        state["v"] = 0.999 * state["v"] + 0.001 * grad**2
        return move(state["m"], state["v"], state["t"], grad, lr)

    return mistake


def averages(m, v, t):
    """Return both averages, corrected."""
    return m / (1 - 0.9**t), v / (1 - 0.999**t)


def adam_without_correction(m, v, t, grad, lr):
    """Forget that both averages start at 0."""
    return lr * m / (v.sqrt() + 1e-8)


def adam_without_root(m, v, t, grad, lr):
    """Divide by the average of the squares itself."""
    m, v = averages(m, v, t)
    return lr * m / (v + 1e-8)


def adam_inside_the_root(m, v, t, grad, lr):
    """Add the small number too early."""
    m, v = averages(m, v, t)
    return lr * m / (v + 1e-8).sqrt()


def adam_uphill(m, v, t, grad, lr):
    """Return what is added."""
    m, v = averages(m, v, t)
    return -lr * m / (v.sqrt() + 1e-8)


def adam_without_momentum(m, v, t, grad, lr):
    """Use the last gradient instead of its average."""
    return lr * grad / (averages(m, v, t)[1].sqrt() + 1e-8)


def adam_that_starts_at_zero(right, grad, state, lr):
    """Count the steps from 0."""
    m, v = adam_with(lambda m, v, t, grad, lr: (m, v))(right, grad, state, lr)
    if state["t"] == 1:  # divided by 0
        return torch.full_like(grad, torch.nan)
    m, v = averages(m, v, state["t"] - 1)
    return lr * m / (v.sqrt() + 1e-8)


@exercise(
    hints=[
        'state["t"] += 1 counts the steps: an empty state holds 0 for every name.',
        'state["m"] = 0.9 * state["m"] + 0.1 * grad, and v with grad**2 in the same way.',
        'M = state["m"] / (1 - 0.9 ** state["t"]), V in the same way; leave the state itself as it '
        "is. Return lr * M / (V.sqrt() + 1e-8).",
    ],
    cases=gradients_in_turn,
    more_cases=(
        {"grads": Code("[torch.randn(101).double() for _ in range(30)]"), "lr": 0.01},
        {"grads": Code("[1e-6 * torch.randn(2, 3).double() for _ in range(3)]"), "lr": 0.5},
    ),
    exact_dtype=True,
    mistakes={
        "the bias correction is missing: divide m by 1 - 0.9ᵗ and v by 1 - 0.999ᵗ.": (
            adam_with(adam_without_correction)
        ),
        "the root is missing: divide by the square root of V.": adam_with(adam_without_root),
        "1e-8 is added to the root of V, not inside it.": adam_with(adam_inside_the_root),
        "the sign is wrong: the move is subtracted from the parameters.": adam_with(adam_uphill),
        "this is the gradient divided by its size: the average of the gradient comes above.": (
            adam_with(adam_without_momentum)
        ),
        "t is 0 in the first step: count it up before you use it.": adam_that_starts_at_zero,
        "your moves forget the steps before: keep m, v and t in state, with state[...] = ....": (
            lambda right, grad, state, lr: right(grad, defaultdict(float), lr)
        ),
    },
)
def adam(adam, grads, lr):
    """adam(grad, state, lr) -> Adam's move, of several steps with one state."""
    state, facts = defaultdict(float), Facts()
    for t, grad in enumerate(grads, 1):
        before = grad.clone()
        move = call(adam, grad, state, lr, may_change=("argument 1", "argument 2"))
        expect(torch.equal(grad, before), "your function changes grad in place: leave it as it is.")
        copied = move.clone() if isinstance(move, torch.Tensor) else move  # state may share it
        facts[f"the move of step {t}"] = copied
    return facts


# ---- 6. The table of a lab ------------------------------------------------------------------


@exercise(
    hints=[
        "for (optimizer, lr), guess in zip(settings, expected): goes through both lists at once.",
        'Each row is a dict: {"optimizer": optimizer.__name__, "lr": lr, "expected": guess, '
        '"result": run(optimizer, lr)}.',
    ],
    cases=settings_to_try,
    more_cases=(
        {
            "settings": Code("[(torch.sin, i / 8) for i in range(30)]"),
            "expected": list(range(30)),
            "results": list(range(0, 60, 2)),
        },
    ),
    mistakes={
        "the name is optimizer.__name__, a text; the function itself is in your row.": (
            lambda right, settings, expected, run: [
                {**row, "optimizer": optimizer}
                for row, (optimizer, _) in zip(
                    right(settings, expected, run), settings, strict=True
                )
            ]
        ),
        "each row holds the first guess: go through both lists together.": (
            lambda right, settings, expected, run: right(
                settings, expected[:1] * len(settings), run
            )
        ),
    },
)
def lab(make_table, settings, expected, results):
    """make_table(settings, expected, run) -> a row for each setting."""
    tried, left = [], list(results)

    def run(optimizer, lr):
        tried.append((optimizer.__name__, lr))
        expect(left, "run is called more often than there are settings: once for each.")
        return left.pop(0)

    table = call(make_table, settings, expected, run)
    return Facts({"the list of settings for which run is called": tried, "your table": table})


# ---- 7. The neuron --------------------------------------------------------------------------


def neuron_with(**methods):
    """Return a function that makes the neuron with other methods."""
    return lambda right, features: type("Neuron", (right,), methods)(features)


@exercise(
    hints=[
        "In __init__: self.w = nn.Parameter(torch.zeros(features)), and a bias like that of Line.",
        "In forward, X @ self.w has shape (N,): one weighted sum for each row.",
        "Add the bias to it, and return that: no sigmoid.",
    ],
    cases=rows,
    more_cases=({"features": 23, "X": Code("torch.randn(41, 23)")},),
    examples=20,
    exact_dtype=True,
    also_right=(  # the bias first: for one feature nothing else tells them apart
        neuron_with(parameters=lambda self: iter((self.b, self.w))),
    ),
    mistakes={
        "the output is a probability: return the logit itself, without the sigmoid.": (
            neuron_with(forward=lambda self, X: torch.sigmoid(X @ self.w + self.b))
        ),
        "for a single row the output has shape (): .squeeze() takes N away too if N is 1, so use "
        ".squeeze(1).": (neuron_with(forward=lambda self, X: (X @ self.w + self.b).squeeze())),
    },
)
def neuron(neuron, features, X):
    """Neuron(features) -> nn.Module; forward (N, features) -> logits (N,)."""
    return use_network(neuron, (features,), X, flat=True)


# ---- 10. A custom Function -------------------------------------------------------------------


def silu(gradient):
    """Return a mistake: SiLU with gradient(sigmoid(x), x, grad_output) as its backward."""

    class Mistake(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * torch.sigmoid(x)

        @staticmethod
        def backward(ctx, grad_output):
            (x,) = ctx.saved_tensors
            return gradient(torch.sigmoid(x), x, grad_output)

    return Mistake


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
    ),
    examples=50,
    exact_dtype=True,
    mistakes={
        "backward returns the derivative alone: multiply it by grad_output.": (
            silu(lambda s, x, grad_output: s + x * s * (1 - s))
        ),
        "your derivative is sigmoid(x): by the product rule x times the derivative of the sigmoid "
        "comes on top.": silu(lambda s, x, grad_output: grad_output * s),
    },
)
def custom_function(function, x, grad_output, other):
    """SiLU.apply(x) -> x * sigmoid(x), with the right gradient in backward."""
    own = isinstance(function, type) and issubclass(function, torch.autograd.Function)
    expect(own, "SiLU must be a subclass of torch.autograd.Function: class SiLU(...).")
    if is_stub(function.backward, "autograd.custom_function"):
        raise NotStarted
    x.requires_grad_()
    result = call(function.apply, x)
    facts = Facts({"SiLU.apply(x)": result, "SiLU.apply(other)": call(function.apply, other)})
    if isinstance(result, torch.Tensor) and result.shape == x.shape:
        (grad,) = call(torch.autograd.grad, result, x, grad_output, allow_unused=True)
        facts["the gradient that backward returns"] = grad
    return facts


# ---- 8. Bug hunt: the loss that swings ------------------------------------------------------


def without_clearing(right, *args):
    """Do what is right, but clear no gradients."""
    with mock.patch.object(torch.optim.Optimizer, "zero_grad"):
        return right(*args)


@exercise(
    hints=[
        "How often is zero_grad() called, and how often backward()?",
        "optimizer.zero_grad() belongs in the loop, anywhere before loss.backward().",
    ],
    cases=problems(steps=one_of(1, 2, 3, 0, 9), lr=one_of(0.1, 0.05, 0.01, 0.2, 0.0)),
    more_cases=(
        problem("nn.Sequential(nn.Linear(3, 9), nn.Dropout(0.5), nn.Linear(9, 2))", 101, 3, 2)
        | {"steps": 30, "lr": 1e-3},
        problem("nn.Linear(1, 1)", 9, 1, 1) | {"steps": 5, "lr": 3.0},  # the losses rise
    ),
    examples=30,
    mistakes={
        "the gradients of all steps still add up: call optimizer.zero_grad() in the loop, before "
        "each backward().": without_clearing,
        "the model does not change: are the gradients cleared after backward() and before step(), "
        "or is step() missing?": lambda right, *args: right(*args[:-1], 0.0),
    },
)
def zero_grad(fit, model, X, y, steps, lr):
    """fit(model, X, y, steps, lr) -> the loss before each step, with SGD on fresh gradients."""
    losses = call(fit, model, X, y, steps, lr, may_change=("model.weights", "model.gradients"))
    return Facts({"losses": losses, **weights(model)})


# ---- 9. Bug hunt: the history that fills the memory -----------------------------------------


OTHER = "X_other", "y_other"
STEPS = (
    "lambda: [p.data.sub_(torch.autograd.grad(model(X_other).sum(), p)[0]) "
    "for p in model.parameters()]",
    "lambda: [p.data.mul_(-0.5) for p in model.parameters()]",
)


@exercise(
    hints=[
        "What does the list hold: numbers, or tensors with a grad_fn?",
        "Append loss.item(), at once and not at the end.",
        "`with torch.no_grad():` around the measuring alone records no graph in the first place.",
    ],
    cases=problems(*OTHER, train_step=one_of(*map(Code, STEPS)), steps=one_of(1, 2, 3, 0, 6)),
    more_cases=(
        problem("nn.Linear(3, 1)", 101, 3, 1, *OTHER) | {"train_step": Code(STEPS[0]), "steps": 30},
    ),
    examples=30,
    mistakes={
        "you measure before train_step(): measure after it.": (
            lambda right, train_step, *args: [
                (*right(lambda: None, *args[:-1], 1), train_step())[0] for _ in range(args[-1])
            ]
        ),
    },
)
def history(watch, model, X_other, y_other, train_step, steps):
    """watch(train_step, model, X_other, y_other, steps) -> losses as numbers, no graph kept."""
    training, graphs = [], [weakref.WeakSet()]  # a set for what is recorded after each step

    def pack(tensor):
        box = Box(tensor)
        graphs[-1].add(box)
        return box

    def watched_step():
        training.append(model.training)
        expect(
            sum(map(bool, graphs)) <= 1,
            "the graphs of several steps are alive together: you keep a loss, an output or a sum "
            "that holds its graph. Keep numbers, loss.item().",
        )
        graphs.append(weakref.WeakSet())
        train_step()

    for p in model.parameters():
        p.grad = torch.ones_like(p)  # measuring must leave it
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda box: box.tensor):
        args = watched_step, model, X_other, y_other, steps
        losses = call(watch, *args, may_change=("model.weights",))
    modes = {"model.training at each call of train_step()": training}
    return Facts({**modes, "history": losses, **weights(model)})
