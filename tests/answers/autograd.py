"""Answers to the exercises of 02_autograd."""

import torch
from torch import nn
from torch.nn import functional as F

from answers import right, unfinished, wrong

# ---- autograd.gradient ----------------------------------------------------------------------


@right("autograd.gradient")
def gradient_in_a_loop(w, b, x, y):
    dw = db = 0.0
    for x_i, y_i in zip(x.tolist(), y.tolist(), strict=True):
        error = w.item() * x_i + b.item() - y_i
        dw += 2 * error * x_i / len(x)
        db += 2 * error / len(x)
    return [dw, db]


@right("autograd.gradient")
def gradient_as_a_product(w, b, x, y):
    columns = torch.stack([x, torch.ones(len(x))]).double()
    return columns @ (w * x + b - y).double() * 2 / len(x)


@right("autograd.gradient")
def gradient_with_numpy(w, b, x, y):
    x, y = x.numpy(), y.numpy()
    error = w.item() * x + b.item() - y
    return 2 * (error * x).mean(), 2 * error.mean()


@wrong("autograd.gradient", "take the mean over the points, not the sum")
def sum_of_the_gradients(w, b, x, y):
    dw, db = gradient_in_a_loop(w, b, x, y)
    return dw * len(x), db * len(x)


@wrong("autograd.gradient", "both are half of what they should be")
def forgets_the_two(w, b, x, y):
    error = w * x + b - y
    return (error * x).mean(), error.mean()


@wrong("autograd.gradient", "both have the wrong sign")
def error_the_other_way_round(w, b, x, y):
    error = y - (w * x + b)
    return (2 * error * x).mean(), (2 * error).mean()


@wrong("autograd.gradient", "swapped: return the one for w first")
def gradients_swapped(w, b, x, y):
    return gradient_in_a_loop(w, b, x, y)[::-1]


@wrong("autograd.gradient", "each error counts x times as much")
def forgets_x(w, b, x, y):
    error = (2 * (w * x + b - y)).mean()
    return error, error


@wrong("autograd.gradient", "without backward()")
def gradient_by_backward(w, b, x, y):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    ((w * x + b - y) ** 2).mean().backward()
    return w.grad, b.grad


@wrong("autograd.gradient", "without backward()")
def gradient_by_autograd_grad(w, b, x, y):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    return torch.autograd.grad(((w * x + b - y) ** 2).mean(), (w, b))


@wrong("autograd.gradient", "the gradient for w must be one number, yours has shape (7,)")
def forgets_the_mean(w, b, x, y):
    error = w * x + b - y
    return 2 * error * x, 2 * error


@wrong("autograd.gradient", "the gradient for w must have shape (), yours has (1,)")
def keeps_a_dimension(w, b, x, y):
    error = w * x + b - y
    return (2 * error * x).mean(dim=0, keepdim=True), (2 * error).mean(dim=0, keepdim=True)


@wrong("autograd.gradient", "the gradient for b should be")
def adds_b_twice(w, b, x, y):
    dw, db = gradient_in_a_loop(w, b, x, y)
    return dw, db + b


@wrong("autograd.gradient", "the gradient for w should be")
def mean_of_the_factors(w, b, x, y):
    error = w * x + b - y
    return 2 * error.mean() * x.mean(), 2 * error.mean()


@wrong("autograd.gradient", "changes y in place")
def subtracts_in_place(w, b, x, y):
    y -= w * x + b
    return (-2 * y * x).mean(), (-2 * y).mean()


@wrong("autograd.gradient", "must return two numbers: return dw, db")
def gradient_for_w_alone(w, b, x, y):
    return gradient_in_a_loop(w, b, x, y)[0]


@wrong("autograd.gradient", "the gradient for w must be a number, yours is of type bool")
def gradient_of_truths(w, b, x, y):
    return True, False


@wrong("autograd.gradient", "the gradient for w should be")
def always_seven_points(w, b, x, y):
    error = w * x + b - y
    return 2 * (error * x).sum() / 7, 2 * error.sum() / 7


wrong("autograd.gradient", "pass your function gradient itself")((8.0, 4.0))


# ---- autograd.step --------------------------------------------------------------------------


@right("autograd.step")
def step_with_data(parameters, lr):
    for p in parameters:
        if p.grad is None:
            continue
        p.data -= lr * p.grad
        p.grad.zero_()


@right("autograd.step")
def step_with_an_optimizer(parameters, lr):
    optimizer = torch.optim.SGD(parameters, lr=lr)
    optimizer.step()
    optimizer.zero_grad()


@right("autograd.step")
@torch.no_grad()
def step_with_copy(parameters, lr):
    for p in filter(lambda p: p.grad is not None, parameters):
        p.copy_(p - lr * p.grad)
        p.grad = torch.zeros_like(p)


def move(parameters, *, change, clear=True):
    """Make a step with one thing wrong."""
    with torch.no_grad():
        for p in parameters:
            if p.grad is not None:
                p += change(p)
                if clear:
                    p.grad = None


@wrong("autograd.step", "a leaf Variable that requires grad is being used in an in-place")
def step_while_recording(parameters, lr):
    for p in parameters:
        p -= lr * p.grad
        p.grad = None


@wrong("autograd.step", "no parameter has changed")
def step_into_a_new_tensor(parameters, lr):
    with torch.no_grad():
        for p in parameters:
            if p.grad is not None:
                p = p - lr * p.grad


@wrong("autograd.step", "no parameter has changed")
def new_tensors_in_the_list(parameters, lr):
    for i, p in enumerate(parameters):
        if p.grad is not None:
            parameters[i] = (p - lr * p.grad).detach().requires_grad_()


@wrong("autograd.step", "no parameter has changed")
def clears_first(parameters, lr):
    for p in parameters:
        if p.grad is not None:
            p.grad.zero_()
    move(parameters, change=lambda p: -lr * p.grad)


@wrong("autograd.step", "uphill: go against it")
def step_uphill(parameters, lr):
    move(parameters, change=lambda p: lr * p.grad)


@wrong("autograd.step", "multiply the gradient by lr")
def step_without_lr(parameters, lr):
    move(parameters, change=lambda p: -p.grad)


@wrong("autograd.step", "the gradient of parameters[0] is still there")
def step_without_clearing(parameters, lr):
    move(parameters, change=lambda p: -lr * p.grad, clear=False)


@wrong("autograd.step", "parameters[0][0] should be")
def step_by_the_sign(parameters, lr):
    move(parameters, change=lambda p: -lr * p.grad.sign())


@wrong("autograd.step", "parameters[2] should be")
def moves_the_first_only(parameters, lr):
    move(parameters[:1], change=lambda p: -lr * p.grad)


@wrong("autograd.step", "is no longer a leaf that requires a gradient")
def switches_gradients_off(parameters, lr):
    for p in parameters:
        if p.grad is not None:
            p.requires_grad_(False)
            p -= lr * p.grad
            p.grad = None


@wrong("autograd.step", "TypeError: unsupported operand")
def forgets_that_a_gradient_may_be_missing(parameters, lr):
    with torch.no_grad():
        for p in parameters:
            p -= lr * p.grad
            p.grad = None


@wrong("autograd.step", "which has no gradient,[0] should be")
def zeroes_what_has_no_gradient(parameters, lr):
    with torch.no_grad():
        for p in parameters:
            if p.grad is None:
                p.zero_()
    move(parameters, change=lambda p: -lr * p.grad)


@wrong("autograd.step", "parameters[0][0] should be")
def always_a_tenth(parameters, lr):
    step_with_data(parameters, 0.1)


@wrong("autograd.step", "parameters[0][0] should be")
def always_a_half(parameters, lr):
    step_with_data(parameters, 0.5)


wrong("autograd.step", "pass your function step itself; this is None")(None)


# ---- autograd.fit_line ----------------------------------------------------------------------


@right("autograd.fit_line")
def line_with_an_optimizer(x, y, steps, lr):
    model = nn.Linear(1, 1)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        F.mse_loss(model(x[:, None]), y[:, None]).backward()
        optimizer.step()
    return [model.weight.item(), model.bias.item()]


def fit(x, y, steps, lr, *, start=0.0, mean=True, clear=True, sign=-1, factor=2):
    """Fit a line with one thing wrong, in float64 and by formulas."""
    w = b = start
    dw = db = 0.0
    x, y = x.double(), y.double()
    for _ in range(steps):
        error = w * x + b - y
        if clear:
            dw = db = 0.0
        dw += factor * ((error * x).mean() if mean else (error * x).sum()).item()
        db += factor * (error.mean() if mean else error.sum()).item()
        w, b = w + sign * lr * dw, b + sign * lr * db
    return w, b


@right("autograd.fit_line")
def line_by_formulas(x, y, steps, lr):
    return fit(x, y, steps, lr)


@wrong("autograd.fit_line", "the gradients of all steps add up")
def line_without_clearing(x, y, steps, lr):
    return fit(x, y, steps, lr, clear=False)


@wrong("autograd.fit_line", "the loss is the mean over the points, not the sum")
def line_with_a_sum(x, y, steps, lr):
    return fit(x, y, steps, lr, mean=False)


@wrong("autograd.fit_line", "the line has moved uphill")
def line_uphill(x, y, steps, lr):
    return fit(x, y, steps, lr, sign=1)


@wrong("autograd.fit_line", "the steps are half as long")
def line_without_the_two(x, y, steps, lr):
    return fit(x, y, steps, lr, factor=1)


@wrong("autograd.fit_line", "one step too many")
def line_with_one_step_more(x, y, steps, lr):
    return fit(x, y, steps + 1, lr)


@wrong("autograd.fit_line", "one step too few")
def line_with_one_step_less(x, y, steps, lr):
    return fit(x, y, steps - 1, lr)


@wrong("autograd.fit_line", "with lr=0 nothing moves, so w and b must stay 0")
def line_from_elsewhere(x, y, steps, lr):
    return fit(x, y, steps, lr, start=1.0)


@wrong("autograd.fit_line", "with lr=0 nothing moves")
def line_by_least_squares(x, y, steps, lr):
    columns = torch.stack([x, torch.ones(len(x))], dim=1)
    return tuple(torch.linalg.lstsq(columns, y[:, None]).solution.flatten().tolist())


@wrong("autograd.fit_line", "the two are swapped: return w first, then b")
def line_swapped(x, y, steps, lr):
    return fit(x, y, steps, lr)[::-1]


@wrong("autograd.fit_line", "w must be a plain number, yours is a tensor: use .item()")
def line_of_tensors(x, y, steps, lr):
    return tuple(map(torch.tensor, fit(x, y, steps, lr)))


@wrong("autograd.fit_line", "b must be a plain number, yours is a tensor: use .item()")
def line_of_one_tensor(x, y, steps, lr):
    w, b = fit(x, y, steps, lr)
    return w, torch.tensor(b)


@wrong("autograd.fit_line", "must return two numbers: return w, b")
def slope_alone(x, y, steps, lr):
    return fit(x, y, steps, lr)[0]


@wrong("autograd.fit_line", "after steps=2 with lr=0.3 w should be")
def always_the_same_lr(x, y, steps, lr):
    return fit(x, y, steps, 0.1 if lr else 0.0)


@wrong("autograd.fit_line", "after steps=1 with lr=0.1 b should be")
def line_through_the_origin(x, y, steps, lr):
    return fit(x, y, steps, lr)[0], 0.0


@wrong("autograd.fit_line", "changes x in place")
def centres_in_place(x, y, steps, lr):
    x -= x.mean()
    return fit(x, y, steps, lr)


@wrong("autograd.fit_line", "TypeError: unsupported operand")
def takes_gradients_before_backward(x, y, steps, lr):
    w = torch.zeros((), requires_grad=True)
    w.data -= lr * w.grad
    return w.item(), 0.0


@wrong("autograd.fit_line", "after steps=40 with lr=0.3 w should be")
def at_most_ten_steps(x, y, steps, lr):
    return fit(x, y, min(steps, 10), lr)


wrong("autograd.fit_line", "pass your function fit_line itself")((3.0, -1.0))


# ---- autograd.neuron ------------------------------------------------------------------------


@right("autograd.neuron")
class WithALinearLayer(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.linear = nn.Linear(n, 1)

    def forward(self, inputs):
        return self.linear(inputs).sigmoid().squeeze(1)


@right("autograd.neuron")
class WithAColumnOfWeights(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.bias = nn.Parameter(torch.rand(1))
        self.weight = nn.Parameter(torch.randn(features, 1))

    def forward(self, X):
        z = (X @ self.weight + self.bias)[:, 0]
        return 1 / (1 + torch.exp(-z))


@right("autograd.neuron")
def neuron_from_sequential(features):
    return nn.Sequential(nn.Linear(features, 1), nn.Sigmoid(), nn.Flatten(0))


class Neuron(nn.Module):
    """A right neuron, for wrong answers to spoil."""

    def __init__(self, features):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(features))
        self.b = nn.Parameter(torch.zeros(()))

    def forward(self, X):
        return torch.sigmoid(X @ self.w + self.b)


@wrong("autograd.neuron", "pass it through torch.sigmoid")
class WithoutSigmoid(Neuron):
    def forward(self, X):
        return X @ self.w + self.b


@wrong("autograd.neuron", "must have shape (6,), yours has (6, 1): use .squeeze(1)")
class ReturnsAColumn(Neuron):
    def forward(self, X):
        return super().forward(X).unsqueeze(1)


@wrong("autograd.neuron", "must have shape (6,), yours has (6, 3)")
class ForgetsTheSum(Neuron):
    def forward(self, X):
        return torch.sigmoid(X * self.w + self.b)


@wrong("autograd.neuron", "model.parameters() finds nothing")
class WithPlainTensors(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.w = torch.zeros(features, requires_grad=True)
        self.b = torch.zeros((), requires_grad=True)

    def forward(self, X):
        return torch.sigmoid(X @ self.w + self.b)


@wrong("autograd.neuron", "must have 3 weights and 1 bias as parameters, yours have the shapes (3")
class WithoutBias(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(features))

    def forward(self, X):
        return torch.sigmoid(X @ self.w)


@wrong("autograd.neuron", "must have 3 weights and 1 bias")
class WithABiasForEachFeature(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(features))
        self.b = nn.Parameter(torch.zeros(features))

    def forward(self, X):
        return torch.sigmoid((X * self.w + self.b).sum(dim=1))


@wrong("autograd.neuron", "does not depend on the bias")
class ForgetsToAddTheBias(Neuron):
    def forward(self, X):
        return torch.sigmoid(X @ self.w)


@wrong("autograd.neuron", "the output for X (6, 3)[0] should be")
class SubtractsTheBias(Neuron):
    def forward(self, X):
        return torch.sigmoid(X @ self.w - self.b)


@wrong("autograd.neuron", "no gradient reaches the parameters")
class ComputesWithoutRecording(Neuron):
    @torch.no_grad()
    def forward(self, X):
        return super().forward(X)


@wrong("autograd.neuron", "no gradient reaches the bias")
class TakesTheNumberOfTheBias(Neuron):
    def forward(self, X):
        return torch.sigmoid(X @ self.w + self.b.item())


@wrong("autograd.neuron", "the gradient of the sum of the outputs for the bias should be")
class DetachesAPart(Neuron):
    def forward(self, X):
        probs = super().forward(X)
        return probs + (probs.detach() - probs) / 2


@wrong("autograd.neuron", "a parameter has requires_grad=False")
class WithAFixedBias(Neuron):
    def __init__(self, features):
        super().__init__(features)
        self.b.requires_grad_(False)


@wrong("autograd.neuron", "must be torch.float32, yours is torch.float64")
class ReturnsFloat64(Neuron):
    def forward(self, X):
        return super().forward(X).double()


@wrong("autograd.neuron", "the output for X (6, 3) must be a tensor, yours is of type ndarray")
class ReturnsAnArray(Neuron):
    def forward(self, X):
        return super().forward(X).detach().numpy()


@wrong("autograd.neuron", "must be a tensor, yours is None (is the return missing?)")
class ForgetsTheReturn(Neuron):
    def forward(self, X):
        torch.sigmoid(X @ self.w + self.b)


@wrong("autograd.neuron", "cannot assign")
class ForgetsSuper(nn.Module):
    def __init__(self, features):
        self.w = nn.Parameter(torch.zeros(features))


@wrong("autograd.neuron", "RuntimeError: ")
class AlwaysThreeFeatures(Neuron):
    def __init__(self, features):
        super().__init__(3)


@wrong("autograd.neuron", "the output for X (6, 3) must be a tensor, yours is of type list")
class BecomesAList(Neuron):
    """Right while the parameters are 0, no tensor afterwards."""

    def forward(self, X):
        probs = super().forward(X)
        return probs.tolist() if self.w.any() else probs


wrong("autograd.neuron", "pass your function Neuron itself")("Neuron")
wrong("autograd.neuron", "pass the class Neuron itself, without brackets")(Neuron(3))


@wrong("autograd.neuron", "Neuron(3) must be a Module, yours is a tensor")
def neuron_as_a_function(features):
    return torch.zeros(features)


# ---- autograd.custom_function ---------------------------------------------------------------


@right("autograd.custom_function")
class KeepsTheSigmoidToo(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        s = 1 / (1 + torch.exp(-x))
        ctx.save_for_backward(x, s)
        return x * s

    @staticmethod
    def backward(ctx, g):
        x, s = ctx.saved_tensors
        return g * s * (1 + x * (1 - s))


@right("autograd.custom_function")
class WithSetupContext(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x * x.sigmoid()

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.x = inputs[0]

    @staticmethod
    def backward(ctx, grad_output):
        s = ctx.x.sigmoid()
        return (grad_output * s + grad_output * ctx.x * (s - s**2),)


class SiLU(torch.autograd.Function):
    """A right SiLU, for wrong answers to spoil."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * torch.sigmoid(x)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return grad_output * (s + x * s * (1 - s))


def with_backward(backward):
    """Return SiLU with another backward."""
    return type("SiLU", (SiLU,), {"backward": staticmethod(backward)})


def with_forward(forward):
    """Return SiLU with another forward."""
    return type("SiLU", (SiLU,), {"forward": staticmethod(forward)})


@wrong("autograd.custom_function", "multiply it by grad_output")
@with_backward
def forgets_grad_output(ctx, grad_output):
    return SiLU.backward(ctx, 1)


@wrong("autograd.custom_function", "by the product rule x times the derivative")
@with_backward
def takes_the_sigmoid_for_a_constant(ctx, grad_output):
    return grad_output * torch.sigmoid(ctx.saved_tensors[0])


@wrong("autograd.custom_function", "that of the sigmoid alone")
@with_backward
def derivative_of_the_sigmoid(ctx, grad_output):
    s = torch.sigmoid(ctx.saved_tensors[0])
    return grad_output * s * (1 - s)


@wrong("autograd.custom_function", "the first part of the product rule is missing")
@with_backward
def only_the_second_part(ctx, grad_output):
    s = torch.sigmoid(ctx.saved_tensors[0])
    return grad_output * ctx.saved_tensors[0] * s * (1 - s)


@wrong("autograd.custom_function", "the gradient that backward returns[0] should be")
@with_backward
def a_wrong_sign(ctx, grad_output):
    (x,) = ctx.saved_tensors
    s = torch.sigmoid(x)
    return grad_output * (s - x * s * (1 - s))


@wrong("autograd.custom_function", "backward returns must be a tensor, yours is None")
@with_backward
def forgets_to_return_a_gradient(ctx, grad_output):
    SiLU.backward(ctx, grad_output)


@wrong("autograd.custom_function", "invalid gradient")
@with_backward
def returns_a_flat_gradient(ctx, grad_output):
    return SiLU.backward(ctx, grad_output).flatten()


@wrong("autograd.custom_function", "the sigmoid alone: multiply it by x")
@with_forward
def forward_of_the_sigmoid(ctx, x):
    ctx.save_for_backward(x)
    return torch.sigmoid(x)


@wrong("autograd.custom_function", "SiLU.apply(x)[0] should be")
@with_forward
def forward_of_relu(ctx, x):
    ctx.save_for_backward(x)
    return x.relu()


@wrong("autograd.custom_function", "forward changes x in place")
@with_forward
def forward_in_place(ctx, x):
    ctx.save_for_backward(x.clone())
    x *= torch.sigmoid(x)
    return x.clone()


@wrong("autograd.custom_function", "must be torch.float64, yours is torch.float32")
@with_forward
def forward_in_float32(ctx, x):
    ctx.save_for_backward(x)
    return x.float() * torch.sigmoid(x.float())


@wrong("autograd.custom_function", "must have shape (6,), yours has ()")
@with_forward
def forward_to_a_sum(ctx, x):
    ctx.save_for_backward(x)
    return (x * torch.sigmoid(x)).sum()


@wrong("autograd.custom_function", "SiLU.apply(x) requires no gradient")
@with_forward
def marks_it_as_not_differentiable(ctx, x):
    result = SiLU.forward(ctx, x)
    ctx.mark_non_differentiable(result)
    return result


@wrong("autograd.custom_function", "not enough values to unpack")
@with_forward
def forgets_to_save(ctx, x):
    return x * torch.sigmoid(x)


@wrong("autograd.custom_function", "the x of another call")
class KeepsItInTheClass(SiLU):
    @staticmethod
    def forward(ctx, x):
        KeepsItInTheClass.x = x
        return x * torch.sigmoid(x)

    @staticmethod
    def backward(ctx, grad_output):
        s = torch.sigmoid(KeepsItInTheClass.x)
        return grad_output * (s + KeepsItInTheClass.x * s * (1 - s))


@wrong("autograd.custom_function", "the gradient that backward returns[0] should be")
@with_forward
def saves_the_result(ctx, x):
    result = x * torch.sigmoid(x)
    ctx.save_for_backward(result)
    return result


@wrong("autograd.custom_function", "SiLU.apply(x) must be a tensor, yours is of type float")
@with_forward
def forward_to_a_number(ctx, x):
    return x.sum().item()


@unfinished("autograd.custom_function")
class WithoutItsBackward(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * torch.sigmoid(x)

    @staticmethod
    def backward(ctx, grad_output):
        return ...


wrong("autograd.custom_function", "pass your class SiLU itself")(SiLU.apply)
wrong("autograd.custom_function", "pass your class SiLU itself")(nn.SiLU)


# ---- autograd.zero_grad ---------------------------------------------------------------------


@right("autograd.zero_grad")
def fit_with_zero_grad_last(model, X, y, steps, lr):
    optimizer = torch.optim.SGD(model.parameters(), lr)
    losses = ()
    while len(losses) < steps:
        loss = ((model(X) - y) ** 2).mean()
        loss.backward()
        optimizer.step()
        model.zero_grad()
        losses += (float(loss.detach()),)
    return losses


@right("autograd.zero_grad")
def fit_without_an_optimizer(model, X, y, steps, lr):
    losses = []
    for _ in range(steps):
        loss = F.mse_loss(model(X), y)
        grads = torch.autograd.grad(loss, list(model.parameters()))
        with torch.no_grad():
            for p, grad in zip(model.parameters(), grads, strict=True):
                p -= lr * grad
        losses.append(loss.item())
    return losses


def train(model, X, y, steps, lr, *, clear="first", reduction="mean", optimizer=torch.optim.SGD):
    """Train with one thing wrong; return the losses."""
    optimizer = optimizer(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = F.mse_loss(model(X), y, reduction=reduction)
        if clear == "first":
            optimizer.zero_grad()
        loss.backward()
        if clear == "between":
            optimizer.zero_grad()
        optimizer.step()
        losses.append(loss.item())
    return losses


@wrong("autograd.zero_grad", "the gradients of all steps still add up")
def fit_without_zero_grad(model, X, y, steps, lr):
    model.zero_grad()
    return train(model, X, y, steps, lr, clear="never")


@wrong("autograd.zero_grad", "cleared after backward() and before step()")
def clears_between(model, X, y, steps, lr):
    return train(model, X, y, steps, lr, clear="between")


@wrong("autograd.zero_grad", "the loss is the sum over the points")
def fit_with_a_sum(model, X, y, steps, lr):
    return train(model, X, y, steps, lr, reduction="sum")


@wrong("autograd.zero_grad", "losses[1] should be")
def fit_with_adam(model, X, y, steps, lr):
    return train(model, X, y, steps, lr, optimizer=torch.optim.Adam)


@wrong("autograd.zero_grad", "yours come after the steps")
def losses_after_the_steps(model, X, y, steps, lr):
    losses = train(model, X, y, steps, lr)
    return [*losses[1:], F.mse_loss(model(X), y).item()]


@wrong("autograd.zero_grad", "for 12 steps fit must return 12 losses, yours has 13")
def one_loss_too_many(model, X, y, steps, lr):
    losses = train(model, X, y, steps, lr)
    return [*losses, F.mse_loss(model(X), y).item()]


@wrong("autograd.zero_grad", "losses[0] must be a plain number, yours is a tensor")
def losses_as_tensors(model, X, y, steps, lr):
    return list(map(torch.tensor, train(model, X, y, steps, lr)))


@wrong("autograd.zero_grad", "what fit returns must be a list or tuple")
def the_last_loss_alone(model, X, y, steps, lr):
    return train(model, X, y, steps, lr)[-1]


@wrong("autograd.zero_grad", "model.weight after 12 steps[0, 0] should be")
def one_step_too_many(model, X, y, steps, lr):
    losses = train(model, X, y, steps, lr)
    train(model, X, y, 1, lr)
    return losses


@wrong("autograd.zero_grad", "the model does not change")
def fits_a_model_of_its_own(model, X, y, steps, lr):
    return train(nn.Linear(2, 1), X, y, steps, lr)


@wrong("autograd.zero_grad", "losses[1] should be")
def fit_with_a_fixed_lr(model, X, y, steps, lr):
    return train(model, X, y, steps, 0.1)


wrong("autograd.zero_grad", "pass your function fit itself")([1.0, 0.5])


# ---- autograd.history -----------------------------------------------------------------------


@right("autograd.history")
def watch_with_item_alone(train_step, model, X_other, y_other, steps):
    history = []
    for _ in range(steps):
        train_step()
        loss = ((model(X_other) - y_other) ** 2).mean()
        history.append(loss.item())
    return history


@right("autograd.history")
def watch_with_a_function(train_step, model, X, y, steps):
    @torch.inference_mode()
    def measure():
        train = F.mse_loss(model(X), y)
        return float(train)

    def one():
        train_step()
        return measure()

    return tuple(one() for _ in range(steps))


@wrong("autograd.history", "history[0] is a tensor with a grad_fn")
def watch_that_keeps_losses(train_step, model, X, y, steps):
    history = []
    for _ in range(steps):
        train_step()
        history.append(F.mse_loss(model(X), y))
    return history


@wrong("autograd.history", "history[0] must be a plain number, yours is a tensor")
def watch_that_keeps_tensors(train_step, model, X, y, steps):
    return list(map(torch.tensor, watch_with_item_alone(train_step, model, X, y, steps)))


@wrong("autograd.history", "take the number out of each loss at once, not at the end")
def takes_numbers_at_the_end(train_step, model, X, y, steps):
    return [loss.item() for loss in watch_that_keeps_losses(train_step, model, X, y, steps)]


@wrong("autograd.history", "put only the measuring inside")
@torch.no_grad()
def trains_without_recording(train_step, model, X, y, steps):
    return watch_with_item_alone(train_step, model, X, y, steps)


@wrong("autograd.history", "put only the measuring inside")
def switches_recording_off(train_step, model, X, y, steps):
    history = []
    for _ in range(steps):
        train_step()
        torch.set_grad_enabled(False)
        history.append(F.mse_loss(model(X), y).item())
    return history


@wrong("autograd.history", "measure after it")
def measures_before_the_step(train_step, model, X, y, steps):
    history = []
    for _ in range(steps):
        history.append(F.mse_loss(model(X), y).item())
        train_step()
    return history


@wrong("autograd.history", "history[0] should be")
def watches_the_sum(train_step, model, X, y, steps):
    return [9 * loss for loss in watch_with_item_alone(train_step, model, X, y, steps)]


@wrong("autograd.history", "train_step() must be called 8 times, yours calls it 0 times")
def never_trains(train_step, model, X, y, steps):
    return watch_with_item_alone(lambda: None, model, X, y, steps)


@wrong("autograd.history", "for 8 steps watch must return 8 losses, yours has 1")
def the_last_one_alone(train_step, model, X, y, steps):
    return watch_with_item_alone(train_step, model, X, y, steps)[-1:]


@wrong("autograd.history", "what watch returns must be a list or tuple")
def the_mean(train_step, model, X, y, steps):
    return sum(watch_with_item_alone(train_step, model, X, y, steps)) / steps


@wrong("autograd.history", "the measuring calls backward()")
def measures_with_backward(train_step, model, X, y, steps):
    history = []
    for _ in range(steps):
        train_step()
        loss = F.mse_loss(model(X), y)
        loss.backward()
        history.append(loss.item())
    return history


wrong("autograd.history", "pass your function watch itself")([1.0, 0.5])
