"""Answers to the exercises of 02_autograd."""

import copy
import math
from collections import defaultdict, deque

import torch
from torch import nn
from torch.nn import functional as F

from answers import obvious, right, unfinished, wrong

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


@wrong("autograd.gradient", "the gradient for b is -1.0, right is 1.0")
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


@wrong("autograd.gradient", "return two numbers, without dimensions")
def forgets_the_mean(w, b, x, y):
    error = w * x + b - y
    return 2 * error * x, 2 * error


@wrong("autograd.gradient", "return two numbers, without dimensions")
def keeps_a_dimension(w, b, x, y):
    error = w * x + b - y
    return (2 * error * x).mean(dim=0, keepdim=True), (2 * error).mean(dim=0, keepdim=True)


@wrong("autograd.gradient", "the gradient for b is -1.5, right is -1.0")
def adds_b_twice(w, b, x, y):
    dw, db = gradient_in_a_loop(w, b, x, y)
    return dw, db + b


@wrong("autograd.gradient", "the gradient for w is")
def mean_of_the_factors(w, b, x, y):
    error = w * x + b - y
    return 2 * error.mean() * x.mean(), 2 * error.mean()


@wrong("autograd.gradient", "your function changes y, which is passed in")
def subtracts_in_place(w, b, x, y):
    y -= w * x + b
    return (-2 * y * x).mean(), (-2 * y).mean()


@wrong("autograd.gradient", "return two numbers, without dimensions: return dw, db. Yours is 0.0")
def gradient_for_w_alone(w, b, x, y):
    return gradient_in_a_loop(w, b, x, y)[0]


@wrong("autograd.gradient", "the gradient for w is True, of type bool, and must be a plain number")
def gradient_of_truths(w, b, x, y):
    return True, False


@wrong("autograd.gradient", "the gradient for b is")
def always_seven_points(w, b, x, y):
    error = w * x + b - y
    return 2 * (error * x).sum() / 7, 2 * error.sum() / 7


wrong("autograd.gradient", "pass your function gradient itself")((8.0, 4.0))


@obvious("autograd.gradient")
def gradient_point_by_point(w, b, x, y):
    w, b = float(w), float(b)
    sum_w, sum_b = 0.0, 0.0
    for i in range(len(x)):
        error = w * float(x[i]) + b - float(y[i])
        sum_w += 2 * error * float(x[i])
        sum_b += 2 * error
    return sum_w / len(x), sum_b / len(x)


@right("autograd.gradient")
def gradient_by_finite_differences(w, b, x, y):
    def loss(w, b):
        return ((w * x.double() + b - y.double()) ** 2).mean()

    dw = (loss(w + 0.5, b) - loss(w - 0.5, b)) / 1.0
    return dw, (loss(w, b + 0.5) - loss(w, b - 0.5)) / 1.0


from_torch = torch.autograd.grad


@wrong("autograd.gradient", "you let autograd find the gradient")
def gradient_by_an_imported_grad(w, b, x, y):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    return from_torch(((w * x + b - y) ** 2).mean(), (w, b))


@wrong("autograd.gradient", "you let autograd find the gradient")
def gradient_by_func(w, b, x, y):
    return torch.func.grad(lambda w, b: ((w * x + b - y) ** 2).mean(), argnums=(0, 1))(w, b)


@wrong("autograd.gradient", "leaves autograd switched off")
def gradient_that_switches_autograd_off(w, b, x, y):
    torch.set_grad_enabled(False)
    return gradient_in_a_loop(w, b, x, y)


@wrong("autograd.gradient", "the gradient for b is")
def divides_by_n_minus_1(w, b, x, y):
    error = w * x + b - y
    n = max(len(x) - 1, 1)
    return 2 * (error * x).sum() / n, 2 * error.sum() / n


@wrong("autograd.gradient", "the gradient for w is")
def size_of_the_error(w, b, x, y):
    error = (w * x + b - y).abs()
    return (2 * error * x).mean(), (2 * (w * x + b - y)).mean()


@wrong("autograd.gradient", "the gradient for b is")
def first_three_points(w, b, x, y):
    return gradient_in_a_loop(w, b, x[:3], y[:3])


@wrong("autograd.gradient", "the gradient for")
def rounded_gradient(w, b, x, y):
    return tuple(round(grad, 2) for grad in gradient_in_a_loop(w, b, x, y))


seen_gradients = []


@wrong("autograd.gradient", "an earlier call")
def mean_of_all_calls(w, b, x, y):
    seen_gradients.append(gradient_in_a_loop(w, b, x, y))
    return [sum(grads) / len(grads) for grads in zip(*seen_gradients, strict=True)]


@wrong("autograd.gradient", "your function changes w, which is passed in")
def adds_to_w(w, b, x, y):
    w *= x.mean()
    return gradient_in_a_loop(w, b, x, y)


@wrong("autograd.gradient", "the gradient for w is")
def gradient_of_the_mean_error(w, b, x, y):
    error = (w * x + b - y).mean()
    return 2 * error * x[0], 2 * error


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


@wrong("autograd.step", "no parameter changes, and no gradient")
def step_into_a_new_tensor(parameters, lr):
    with torch.no_grad():
        for p in parameters:
            if p.grad is not None:
                p = p - lr * p.grad


@wrong("autograd.step", "your function changes the list")
def new_tensors_in_the_list(parameters, lr):
    for i, p in enumerate(parameters):
        if p.grad is not None:
            parameters[i] = (p - lr * p.grad).detach().requires_grad_()


@wrong("autograd.step", "no parameter has moved when its gradient is cleared")
def clears_first(parameters, lr):
    for p in parameters:
        if p.grad is not None:
            p.grad.zero_()
    move(parameters, change=lambda p: -lr * p.grad)


@wrong("autograd.step", "the tensor parameters[0] is [-0.25], right is [0.25]")
def step_uphill(parameters, lr):
    move(parameters, change=lambda p: lr * p.grad)


@wrong("autograd.step", "the tensor parameters[0] is [0.5], right is [0.25]")
def step_without_lr(parameters, lr):
    move(parameters, change=lambda p: -p.grad)


@wrong("autograd.step", "].grad is a tensor of shape (1,), and must be None")
def step_without_clearing(parameters, lr):
    move(parameters, change=lambda p: -lr * p.grad, clear=False)


@wrong("autograd.step", "the tensor parameters[0] is [0.5], right is [0.25]")
def step_by_the_sign(parameters, lr):
    move(parameters, change=lambda p: -lr * p.grad.sign())


@wrong("autograd.step", "the tensor parameters[1] is [0.0], right is [0.25]")
def moves_the_first_only(parameters, lr):
    move(parameters[:1], change=lambda p: -lr * p.grad)


@wrong("autograd.step", "parameters[0].is_leaf and .requires_grad is False, right is True")
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


@wrong("autograd.step", "the tensor parameters[")
def zeroes_what_has_no_gradient(parameters, lr):
    with torch.no_grad():
        for p in parameters:
            if p.grad is None:
                p.zero_()
    move(parameters, change=lambda p: -lr * p.grad)


@wrong("autograd.step", "is [0.05], right is [0.25]")
def always_a_tenth(parameters, lr):
    step_with_data(parameters, 0.1)


@wrong("autograd.step", "is [0.25], right is [0.05]")
def always_a_half(parameters, lr):
    step_with_data(parameters, 0.5)


wrong("autograd.step", "pass your function step itself; this is None")(None)


@obvious("autograd.step")
def step_number_by_number(parameters, lr):
    for i in range(len(parameters)):
        p = parameters[i]
        if p.grad is None:
            continue
        new = torch.zeros(p.shape, dtype=p.dtype).flatten()
        for j in range(p.numel()):
            new[j] = p.detach().flatten()[j] - lr * p.grad.flatten()[j]
        p.data = new.reshape(p.shape)
        p.grad = None


@right("autograd.step")
def step_with_detach(parameters, lr):
    for p in parameters:
        if p.grad is not None:
            p.detach().add_(p.grad, alpha=-lr)
            p.grad = None


@right("autograd.step")
def step_with_switches(parameters, lr):
    torch.set_grad_enabled(False)
    for p in parameters:
        if p.grad is not None:
            p.grad *= lr
            p -= p.grad
            p.grad = None
    torch.set_grad_enabled(True)


@wrong("autograd.step", "leaves autograd switched off")
def step_that_switches_autograd_off(parameters, lr):
    torch.set_grad_enabled(False)
    for p in parameters:
        if p.grad is not None:
            p -= lr * p.grad
            p.grad = None


@wrong("autograd.step", "the tensor parameters[")
def stops_at_a_missing_gradient(parameters, lr):
    with torch.no_grad():
        for p in parameters:
            if p.grad is None:
                return
            p -= lr * p.grad
            p.grad = None


@wrong("autograd.step", "the tensor parameters[0] is")
def clips_the_gradient(parameters, lr):
    move(parameters, change=lambda p: -lr * p.grad.clamp(-1, 1))


@wrong("autograd.step", "the tensor parameters[0] is")
def decays_the_weights(parameters, lr):
    move(parameters, change=lambda p: -lr * (p.grad + 0.01 * p))


@wrong("autograd.step", "right is [0.0, -0.25]")
def moves_by_the_mean_gradient(parameters, lr):
    move(parameters, change=lambda p: -lr * p.grad.mean())


@wrong("autograd.step", "the value returned is")
def returns_the_parameters(parameters, lr):
    step_with_data(parameters, lr)
    return parameters


@wrong("autograd.step", "your function changes the list")
def takes_parameters_out(parameters, lr):
    while parameters:
        step_with_data([parameters.pop()], lr)


@wrong("autograd.step", "].grad is a tensor")
def makes_gradients_where_there_are_none(parameters, lr):
    step_with_data(parameters, lr)
    for p in parameters:
        p.grad = torch.zeros_like(p)


@wrong("autograd.step", "and must be None")
def clears_the_first_only(parameters, lr):
    grads = [p.grad for p in parameters]
    move(parameters, change=lambda p: -lr * p.grad)
    for p, grad in list(zip(parameters, grads, strict=True))[1:]:
        p.grad = grad


@wrong("autograd.step", "parameters[0].is_leaf and .requires_grad is False, right is True")
def detaches_them(parameters, lr):
    for p in parameters:
        grad = p.grad
        p.detach_()
        if grad is not None:
            p -= lr * grad
            p.grad = None


@wrong("autograd.step", "is torch.float32, right is torch.float64")
def turns_them_into_float32(parameters, lr):
    for p in parameters:
        if p.grad is not None:
            p.data = (p.data - lr * p.grad).float()
            p.grad = None


# ---- autograd.fit_line ----------------------------------------------------------------------


@right("autograd.fit_line")
def line_with_an_optimizer(x, y, steps, lr):
    model = nn.Linear(1, 1)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    path = [[model.weight.item(), model.bias.item()]]
    for _ in range(steps):
        optimizer.zero_grad()
        F.mse_loss(model(x[:, None]), y[:, None]).backward()
        optimizer.step()
        path.append([model.weight.item(), model.bias.item()])
    return tuple(path)


@obvious("autograd.fit_line")
def line_with_two_tensors(x, y, steps, lr):
    w, b = torch.tensor([0.0], requires_grad=True), torch.tensor([0.0], requires_grad=True)
    path = []
    for _ in range(steps):
        path.append((float(w), float(b)))
        total = 0
        for i in range(len(x)):
            error = w * x[i] + b - y[i]
            total = total + error * error
        (total / len(x)).backward()
        w.data = w.data - lr * w.grad
        b.data = b.data - lr * b.grad
        w.grad = b.grad = None
    path.append((float(w), float(b)))
    return path


@right("autograd.fit_line")
def line_that_stops_at_the_best(x, y, steps, lr):
    line, path = torch.zeros(2, requires_grad=True), [[0.0, 0.0]]
    for _ in range(steps):
        loss = ((line[0] * x + line[1] - y) ** 2).mean()
        if loss == 0:
            break
        line.grad = None
        loss.backward()
        line.data -= lr * line.grad
        path.append(line.tolist())
    return path + path[-1:] * (steps + 1 - len(path))


@right("autograd.fit_line")
def line_with_a_step_function(x, y, steps, lr):
    w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
    path = torch.zeros(steps + 1, 2)
    for i in range(steps):
        ((w * x + b - y) ** 2).mean().backward()
        step_with_data([w, b], lr)
        path[i + 1] = torch.stack([w, b]).detach()
    return path.tolist()


@right("autograd.fit_line")
def line_with_autograd_grad(x, y, steps, lr):
    line, path = torch.zeros(2, dtype=torch.float64, requires_grad=True), [[0.0, 0.0]]
    for _ in range(steps):
        loss = F.mse_loss(line[0] * x + line[1], y.double())
        (grad,) = torch.autograd.grad(loss, line)
        line = (line - lr * grad).detach().requires_grad_()
        path.append(tuple(line.tolist()))
    return path


@right("autograd.fit_line")
def line_with_a_function_of_func(x, y, steps, lr):
    def loss(line):
        return ((line[0] * x + line[1] - y) ** 2).mean()

    path = [torch.zeros(2)]
    for _ in range(steps):
        path.append(path[-1] - lr * torch.func.grad(loss)(path[-1]))
    return [[number.item() for number in line] for line in path]


def fit(x, y, steps, lr, *, start=0.0, mean=True, clear=True, sign=-1, factor=2, rest=None):
    """Return the path to a line with one thing wrong."""
    line = torch.full((2,), start, requires_grad=True)
    path = [tuple(line.tolist())]
    for _ in range(steps):
        errors = (line[0] * x + line[1] - y) ** 2
        (errors.mean() if mean else errors.sum()).backward()
        with torch.no_grad():
            if rest is not None:
                rest(line)
            line += sign * lr * line.grad * factor / 2
            if clear:
                line.grad = None
        path.append(tuple(line.tolist()))
    return path


def along(end):
    """Return a function that fits a line anew for every number of steps: end(...) is (w, b)."""

    def path(x, y, steps, lr):
        return [end(x, y, count, lr) for count in range(steps + 1)]

    return path


@wrong("autograd.fit_line", "autograd finds no gradient in your function")
def line_by_formulas(x, y, steps, lr):
    path = [(0.0, 0.0)]
    for _ in range(steps):
        w, b = path[-1]
        error = w * x + b - y
        dw, db = 2 * (error * x).mean().item(), 2 * error.mean().item()
        path.append((w - lr * dw, b - lr * db))
    return path


@wrong("autograd.fit_line", "the gradients of all steps add up")
def line_without_clearing(x, y, steps, lr):
    return fit(x, y, steps, lr, clear=False)


@wrong("autograd.fit_line", "the loss is the mean over the points, not the sum")
def line_with_a_sum(x, y, steps, lr):
    return fit(x, y, steps, lr, mean=False)


@wrong("autograd.fit_line", "path is [")
def line_uphill(x, y, steps, lr):
    return fit(x, y, steps, lr, sign=1)


@wrong("autograd.fit_line", "path")
def line_without_the_two(x, y, steps, lr):
    return fit(x, y, steps, lr, factor=1)


@wrong("autograd.fit_line", "path")
def line_with_one_step_more(x, y, steps, lr):
    return fit(x, y, steps + 1, lr)


@wrong("autograd.fit_line", "path")
def line_with_one_step_less(x, y, steps, lr):
    return fit(x, y, steps - 1, lr) + fit(x, y, steps - 1, lr)[-1:]


@wrong("autograd.fit_line", "path")
def line_from_elsewhere(x, y, steps, lr):
    return fit(x, y, steps, lr, start=1.0)


@wrong("autograd.fit_line", "autograd finds no gradient in your function")
def line_by_least_squares(x, y, steps, lr):
    columns = torch.stack([x, torch.ones(len(x))], dim=1)
    best = torch.linalg.lstsq(columns, y[:, None]).solution.flatten().tolist()
    return [(0.0, 0.0), *[best] * steps]


@wrong("autograd.fit_line", "the two are swapped: each pair is (w, b)")
def line_swapped(x, y, steps, lr):
    return [pair[::-1] for pair in fit(x, y, steps, lr)]


@wrong("autograd.fit_line", "is a tensor, and must be a plain number: use .item()")
def line_of_tensors(x, y, steps, lr):
    return [tuple(map(torch.tensor, pair)) for pair in fit(x, y, steps, lr)]


@wrong("autograd.fit_line", "path is a tensor of shape (1, 2), and must be a list or tuple")
def path_as_one_tensor(x, y, steps, lr):
    return torch.tensor(fit(x, y, steps, lr))


@wrong("autograd.fit_line", "is a tensor, and must be a plain number: use .item()")
def line_of_one_tensor(x, y, steps, lr):
    return [(w, torch.tensor(b)) for w, b in fit(x, y, steps, lr)]


@wrong("autograd.fit_line", "path")
def slopes_alone(x, y, steps, lr):
    return [w for w, _ in fit(x, y, steps, lr)]


@wrong("autograd.fit_line", "this is the last pair alone: return the list of all pairs")
def the_end_alone(x, y, steps, lr):
    return fit(x, y, steps, lr)[-1]


@wrong("autograd.fit_line", "the start (0.0, 0.0) is missing")
def path_without_its_start(x, y, steps, lr):
    return fit(x, y, steps, lr)[1:]


@wrong("autograd.fit_line", "the place after the last step is missing")
def path_without_its_end(x, y, steps, lr):
    return fit(x, y, steps, lr)[:-1]


@wrong("autograd.fit_line", "path")
def losses_instead(x, y, steps, lr):
    return [((w * x + b - y) ** 2).mean().item() for w, b in fit(x, y, steps, lr)]


@wrong("autograd.fit_line", "all pairs are the last one")
def path_of_one_list(x, y, steps, lr):
    pair, path = [0.0, 0.0], []
    for w, b in fit(x, y, steps, lr):
        pair[:] = [w, b]
        path.append(pair)
    return path


@wrong("autograd.fit_line", "is a tensor, and must be a plain number: use .item()")
def path_of_the_parameters(x, y, steps, lr):
    w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
    path = [(w, b)]
    for _ in range(steps):
        ((w * x + b - y) ** 2).mean().backward()
        step_with_data([w, b], lr)
        path.append((w, b))
    return path


@wrong("autograd.fit_line", "path")
def always_the_same_lr(x, y, steps, lr):
    return fit(x, y, steps, 0.1 if lr else 0.0)


@wrong("autograd.fit_line", "path")
def line_through_the_origin(x, y, steps, lr):
    return [(w, 0.0) for w, _ in fit(x, y, steps, lr)]


@wrong("autograd.fit_line", "your function changes x, which is passed in")
def centres_in_place(x, y, steps, lr):
    x -= x.mean()
    return fit(x, y, steps, lr)


@wrong("autograd.fit_line", "TypeError: unsupported operand")
def takes_gradients_before_backward(x, y, steps, lr):
    w = torch.zeros((), requires_grad=True)
    w.data -= lr * w.grad
    return [(w.item(), 0.0)]


@wrong("autograd.fit_line", "steps = 12")
def at_most_ten_steps(x, y, steps, lr):
    path = fit(x, y, min(steps, 10), lr)
    return path + path[-1:] * (steps - 10)


wrong("autograd.fit_line", "pass your function fit_line itself")((3.0, -1.0))


@wrong("autograd.fit_line", "path")
@along
def line_with_adam(x, y, steps, lr):
    line = torch.zeros(2, requires_grad=True)
    optimizer = torch.optim.Adam([line], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        F.mse_loss(line[0] * x + line[1], y).backward()
        optimizer.step()
    return line[0].item(), line[1].item()


@wrong("autograd.fit_line", "path")
@along
def line_with_momentum(x, y, steps, lr):
    line = torch.zeros(2, requires_grad=True)
    optimizer = torch.optim.SGD([line], lr=lr, momentum=0.9)
    for _ in range(steps):
        optimizer.zero_grad()
        F.mse_loss(line[0] * x + line[1], y).backward()
        optimizer.step()
    return line[0].item(), line[1].item()


@wrong("autograd.fit_line", "path")
def line_with_clipped_gradients(x, y, steps, lr):
    def clip(line):
        line.grad.clamp_(-6, 6)

    return fit(x, y, steps, lr, rest=clip)


@wrong("autograd.fit_line", "path")
def line_for_sixty_points(x, y, steps, lr):
    return fit(x, y, steps, lr * len(x) / 60)


@wrong("autograd.fit_line", "This means: one side is None")
def line_of_new_tensors(x, y, steps, lr):
    w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
    path = [(w.item(), b.item())]
    for _ in range(steps):
        ((w * x + b - y) ** 2).mean().backward()
        w = w - lr * w.grad
        b = b - lr * b.grad
        path.append((w.item(), b.item()))
    return path


@wrong("autograd.fit_line", "(w = w - ... inside no_grad() makes a new w")
def line_of_new_tensors_without_recording(x, y, steps, lr):
    w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
    path = [(w.item(), b.item())]
    for _ in range(steps):
        ((w * x + b - y) ** 2).mean().backward()
        with torch.no_grad():
            w = w - lr * w.grad
            b = b - lr * b.grad
        path.append((w.item(), b.item()))
    return path


@unfinished("autograd.fit_line")
def line_not_finished(x, y, steps, lr):
    w = torch.zeros((), requires_grad=True)
    return ... if w == 0 else w


line_of_all_calls = torch.zeros(2, requires_grad=True)


@wrong("autograd.fit_line", "an earlier call")
def line_that_goes_on(x, y, steps, lr):
    path = [tuple(line_of_all_calls.tolist())]
    for _ in range(steps):
        loss = F.mse_loss(line_of_all_calls[0] * x + line_of_all_calls[1], y)
        line_of_all_calls.grad = None
        loss.backward()
        line_of_all_calls.data -= lr * line_of_all_calls.grad
        path.append(tuple(line_of_all_calls.tolist()))
    return path


@wrong("autograd.fit_line", "path")
@along
def line_that_stops_when_good(x, y, steps, lr):
    line = torch.zeros(2, requires_grad=True)
    for _ in range(steps):
        loss = F.mse_loss(line[0] * x + line[1], y)
        if loss < 0.05:
            break
        line.grad = None
        loss.backward()
        line.data -= lr * line.grad
    return tuple(line.tolist())


@wrong("autograd.fit_line", "path")
@along
def line_one_after_the_other(x, y, steps, lr):
    w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
    for _ in range(steps):
        for p in (w, b):
            w.grad = b.grad = None
            F.mse_loss(w * x + b, y).backward()
            p.data -= lr * p.grad
    return w.item(), b.item()


@wrong("autograd.fit_line", "leaves autograd switched off")
def line_that_switches_autograd_off(x, y, steps, lr):
    line = fit(x, y, steps, lr)
    torch.set_grad_enabled(False)
    return line


@wrong("autograd.fit_line", "path")
def line_of_rounded_numbers(x, y, steps, lr):
    return [(round(w, 3), round(b, 3)) for w, b in fit(x, y, steps, lr)]


@wrong("autograd.fit_line", "path")
@along
def line_with_absolute_errors(x, y, steps, lr):
    line = torch.zeros(2, requires_grad=True)
    for _ in range(steps):
        line.grad = None
        (line[0] * x + line[1] - y).abs().mean().backward()
        line.data -= lr * line.grad
    return tuple(line.tolist())


# ---- autograd.snapshot ----------------------------------------------------------------------


@obvious("autograd.snapshot")
def snapshot_number_by_number(parameters):
    copies = []
    for p in parameters:
        new = torch.zeros(p.shape, dtype=p.dtype)
        with torch.no_grad():
            for i in range(p.numel()):
                new.view(-1)[i] = p.flatten()[i].item()
        copies.append(new)
    return copies


@right("autograd.snapshot")
def snapshot_as_a_tuple(parameters):
    return tuple(p.clone().detach() for p in parameters)


@right("autograd.snapshot")
@torch.no_grad()
def snapshot_without_recording(parameters):
    return [p.clone() for p in parameters]


@right("autograd.snapshot")
def snapshot_by_deepcopy(parameters):
    return [copy.deepcopy(p).requires_grad_(False) for p in parameters]


@right("autograd.snapshot")
def snapshot_by_numpy(parameters):
    return [torch.tensor(p.detach().numpy()) for p in parameters]


@wrong("autograd.snapshot", "Copy the numbers too, with .clone()")
def snapshot_that_shares_memory(parameters):
    return [p.detach() for p in parameters]


@wrong("autograd.snapshot", "Copy the numbers too, with .clone()")
def snapshot_of_the_data(parameters):
    return [p.data for p in parameters]


@wrong("autograd.snapshot", "your copies still require a gradient")
def snapshot_with_a_graph(parameters):
    return [p.clone() for p in parameters]


@wrong("autograd.snapshot", "your copies still require a gradient")
def snapshot_by_deepcopy_alone(parameters):
    return copy.deepcopy(parameters)


@wrong("autograd.snapshot", "the copies' requires_grad is [True], right is [False]")
def snapshot_of_the_list(parameters):
    return list(parameters)


@wrong("autograd.snapshot", "is of type ndarray, and must be a tensor")
def snapshot_as_arrays(parameters):
    return [p.detach().numpy().copy() for p in parameters]


@wrong("autograd.snapshot", "and must be a tensor")
def snapshot_as_lists(parameters):
    return [p.tolist() for p in parameters]


@wrong("autograd.snapshot", "torch.float32, right is torch.float64")
def snapshot_in_float32(parameters):
    return [p.detach().clone().float() for p in parameters]


@wrong("autograd.snapshot", "your list is [")
def snapshot_of_the_first(parameters):
    return [parameters[0].detach().clone()]


@wrong("autograd.snapshot", "your list is a tensor of shape")
def snapshot_in_one_tensor(parameters):
    return torch.cat([p.detach().flatten() for p in parameters])


@wrong("autograd.snapshot", "which is passed in")
def snapshot_that_freezes(parameters):
    return [p.requires_grad_(False).clone() for p in parameters]


@wrong("autograd.snapshot", "your list is [")
def snapshot_that_flattens(parameters):
    return [p.detach().flatten().clone() for p in parameters]


@unfinished("autograd.snapshot")
def snapshot_not_finished(parameters):
    copies = [p.detach() for p in parameters]
    return ... if copies else copies


kept_copies = []


@wrong("autograd.snapshot", "an earlier call")
def snapshot_into_a_global_list(parameters):
    kept_copies.extend(p.detach().clone() for p in parameters)
    return list(kept_copies)


# ---- autograd.adam --------------------------------------------------------------------------


@obvious("autograd.adam")
def adam_number_by_number(grad, state, lr):
    t = state["steps"] + 1
    state["steps"] = t
    move = torch.zeros(grad.numel(), dtype=torch.float64)
    for i, g in enumerate(grad.flatten().tolist()):
        state["m", i] = 0.9 * state["m", i] + (1 - 0.9) * g
        state["v", i] = 0.999 * state["v", i] + (1 - 0.999) * g * g
        m_corrected = state["m", i] / (1 - 0.9**t)
        v_corrected = state["v", i] / (1 - 0.999**t)
        move[i] = lr * m_corrected / (v_corrected**0.5 + 1e-8)
    return move.reshape(grad.shape).to(grad.dtype)


@right("autograd.adam")
def adam_by_torch(grad, state, lr):
    if "optimizer" not in state:
        state["p"] = torch.zeros_like(grad)
        state["optimizer"] = torch.optim.Adam([state["p"]], lr=lr)
    before = state["p"].clone()
    state["p"].grad = grad.clone()
    state["optimizer"].step()
    return before - state["p"]


@right("autograd.adam")
def adam_in_place(grad, state, lr):
    if not state:
        state.update(t=0, m=torch.zeros_like(grad), v=torch.zeros_like(grad))
    state["t"] += 1
    state["m"].mul_(0.9).add_(grad, alpha=0.1)
    state["v"].mul_(0.999).addcmul_(grad, grad, value=0.001)
    step_size = lr / (1 - 0.9 ** state["t"])
    return step_size * state["m"] / (state["v"].sqrt() / (1 - 0.999 ** state["t"]) ** 0.5 + 1e-8)


@right("autograd.adam")
def adam_with_a_list(grad, state, lr):
    grads = [*(state["grads"] or []), grad.clone()]
    state["grads"], t, m, v = grads, len(grads), 0, 0
    for g in grads:
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    return lr * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)).sqrt() + 1e-8)


def some_adam(grad, state, lr, *, correct=True, root=True, beta1=0.9, beta2=0.999, eps=1e-8):
    """Make a move of Adam with one thing wrong."""
    state["t"] += 1
    state["m"] = beta1 * state["m"] + (1 - beta1) * grad
    state["v"] = beta2 * state["v"] + (1 - beta2) * grad**2
    M = state["m"] / (1 - beta1 ** state["t"]) if correct else state["m"]
    V = state["v"] / (1 - beta2 ** state["t"]) if correct else state["v"]
    return lr * M / ((V.sqrt() if root else V) + eps)


@wrong("autograd.adam", "the bias correction is missing")
def adam_uncorrected(grad, state, lr):
    return some_adam(grad, state, lr, correct=False)


@wrong("autograd.adam", "the root is missing")
def adam_without_a_root(grad, state, lr):
    return some_adam(grad, state, lr, root=False)


@wrong("autograd.adam", "not inside it")
def adam_with_eps_in_the_root(grad, state, lr):
    some_adam(grad, state, lr)
    M, V = state["m"] / (1 - 0.9 ** state["t"]), state["v"] / (1 - 0.999 ** state["t"])
    return lr * M / (V + 1e-8).sqrt()


@wrong("autograd.adam", "the sign is wrong")
def adam_that_climbs(grad, state, lr):
    return -some_adam(grad, state, lr)


@wrong("autograd.adam", "the average of the gradient comes above")
def adam_like_rmsprop(grad, state, lr):
    some_adam(grad, state, lr)
    return lr * grad / ((state["v"] / (1 - 0.999 ** state["t"])).sqrt() + 1e-8)


@wrong("autograd.adam", "t is 0 in the first step")
def adam_that_counts_late(grad, state, lr):
    state["m"] = 0.9 * state["m"] + 0.1 * grad
    state["v"] = 0.999 * state["v"] + 0.001 * grad**2
    M, V = state["m"] / (1 - 0.9 ** state["t"]), state["v"] / (1 - 0.999 ** state["t"])
    state["t"] += 1
    return lr * M / (V.sqrt() + 1e-8)


@wrong("autograd.adam", "your moves forget the steps before")
def adam_that_forgets(grad, state, lr):
    m, v, t = 0.1 * grad, 0.001 * grad**2, 1
    return lr * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)).sqrt() + 1e-8)


@wrong("autograd.adam", "the move of step")
def adam_that_counts_to_one(grad, state, lr):
    state["t"] = 0
    return some_adam(grad, state, lr)


@wrong("autograd.adam", "the move of step")
def adam_that_keeps_the_corrected(grad, state, lr):
    state["t"] += 1
    state["m"] = (0.9 * state["m"] + 0.1 * grad) / (1 - 0.9 ** state["t"])
    state["v"] = (0.999 * state["v"] + 0.001 * grad**2) / (1 - 0.999 ** state["t"])
    return lr * state["m"] / (state["v"].sqrt() + 1e-8)


@wrong("autograd.adam", "the move of step")
def adam_with_swapped_rates(grad, state, lr):
    return some_adam(grad, state, lr, beta1=0.1)


@wrong("autograd.adam", "the move of step")
def adam_with_another_beta(grad, state, lr):
    return some_adam(grad, state, lr, beta2=0.99)


@wrong("autograd.adam", "the move of step")
def adam_without_eps(grad, state, lr):
    return some_adam(grad, state, lr, eps=0)


@wrong("autograd.adam", "the move of step")
def adam_without_lr(grad, state, lr):
    return some_adam(grad, state, 1.0)


@wrong("autograd.adam", "the move of step")
def adam_with_the_sum_of_squares(grad, state, lr):
    state["t"] += 1
    state["m"] = 0.9 * state["m"] + 0.1 * grad
    state["v"] = 0.999 * state["v"] + grad**2
    M, V = state["m"] / (1 - 0.9 ** state["t"]), state["v"] / (1 - 0.999 ** state["t"])
    return lr * M / (V.sqrt() + 1e-8)


@wrong("autograd.adam", "and must be a tensor")
def adam_returns_both(grad, state, lr):
    return some_adam(grad, state, lr), state


@wrong("autograd.adam", "None (is the return missing?)")
def adam_moves_nothing(grad, state, lr):
    some_adam(grad, state, lr)


@wrong("autograd.adam", "your function changes grad in place")
def adam_squares_in_place(grad, state, lr):
    move = some_adam(grad, state, lr)
    grad.square_()
    return move


@wrong("autograd.adam", "is torch.float32, right is torch.float64")
def adam_in_float32(grad, state, lr):
    return some_adam(grad.float(), state, lr)


@wrong("autograd.adam", "the move of step")
def adam_of_the_mean(grad, state, lr):
    return some_adam(grad.mean().expand(grad.shape), state, lr)


@unfinished("autograd.adam")
def adam_not_finished(grad, state, lr):
    state["m"] = 0.9 * state["m"] + 0.1 * grad
    return ...


moments_of_all_calls = defaultdict(float)


@wrong("autograd.adam", "an earlier call")
def adam_with_a_global_state(grad, state, lr):
    return some_adam(grad, moments_of_all_calls, lr)


# ---- autograd.lab ---------------------------------------------------------------------------


@obvious("autograd.lab")
def table_by_numbers(settings, expected, run):
    table = []
    for i in range(len(settings)):
        row = {}
        row["result"] = run(settings[i][0], settings[i][1])
        row["optimizer"] = settings[i][0].__name__
        row["lr"] = settings[i][1]
        row["expected"] = expected[i]
        table.append(row)
    return table


@right("autograd.lab")
def table_of_dicts(settings, expected, run):
    return [
        dict(optimizer=move.__name__, lr=lr, expected=guess, result=run(move, lr))
        for (move, lr), guess in zip(settings, expected, strict=True)
    ]


@right("autograd.lab")
def table_as_a_tuple(settings, expected, run):
    results = [run(*setting) for setting in settings]
    names = [setting[0].__name__ for setting in settings]
    rates = [setting[1] for setting in settings]
    rows = zip(names, rates, expected, results, strict=True)
    return tuple(
        dict(zip(("optimizer", "lr", "expected", "result"), row, strict=True)) for row in rows
    )


@wrong("autograd.lab", "the name is optimizer.__name__, a text")
def table_with_functions(settings, expected, run):
    rows = table_of_dicts(settings, expected, run)
    return [{**row, "optimizer": move} for row, (move, _) in zip(rows, settings, strict=True)]


@wrong("autograd.lab", "each row holds the first guess")
def table_with_one_guess(settings, expected, run):
    return table_of_dicts(settings, expected[:1] * len(settings), run)


@wrong("autograd.lab", "once for each")
def table_that_runs_twice(settings, expected, run):
    for setting in settings:
        run(*setting)
    return table_of_dicts(settings, expected, run)


@wrong("autograd.lab", "your table")
def table_of_lists(settings, expected, run):
    return [list(row.values()) for row in table_of_dicts(settings, expected, run)]


@wrong("autograd.lab", "your table")
def table_without_expected(settings, expected, run):
    rows = table_of_dicts(settings, expected, run)
    return [{name: row[name] for name in ("optimizer", "lr", "result")} for row in rows]


@wrong("autograd.lab", "your table")
def table_from_behind(settings, expected, run):
    return table_of_dicts(settings[::-1], expected[::-1], run)[::-1]


@wrong("autograd.lab", "for which run is called")
def table_without_its_first(settings, expected, run):
    return table_of_dicts(settings[1:], expected[1:], run)


@wrong("autograd.lab", "for which run is called")
def table_without_running(settings, expected, run):
    return table_of_dicts(settings, expected, lambda move, lr: "?")


@wrong("autograd.lab", "your table")
def table_of_one_row(settings, expected, run):
    row, table = {}, []
    for (move, lr), guess in zip(settings, expected, strict=True):
        row.update(optimizer=move.__name__, lr=lr, expected=guess, result=run(move, lr))
        table.append(row)
    return table


@wrong("autograd.lab", "is passed in")
def table_that_empties_its_list(settings, expected, run):
    return [
        dict(optimizer=move.__name__, lr=lr, expected=expected.pop(0), result=run(move, lr))
        for move, lr in settings
    ]


@unfinished("autograd.lab")
def table_not_finished(settings, expected, run):
    for optimizer, lr in settings:
        run(optimizer, lr)
    return ...


wrong("autograd.lab", "pass your function make_table itself")([])


# ---- autograd.neuron ------------------------------------------------------------------------


@right("autograd.neuron")
class WithALinearLayer(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.linear = nn.Linear(n, 1)

    def forward(self, inputs):
        return self.linear(inputs).squeeze(1)


@right("autograd.neuron")
class WithAColumnOfWeights(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.bias = nn.Parameter(torch.rand(1))
        self.weight = nn.Parameter(torch.randn(features, 1))

    def forward(self, X):
        return (X @ self.weight + self.bias)[:, 0]


@right("autograd.neuron")
def neuron_from_sequential(features):
    return nn.Sequential(nn.Linear(features, 1), nn.Flatten(0))


class Neuron(nn.Module):
    """A right neuron, for wrong answers to spoil."""

    def __init__(self, features):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(features))
        self.b = nn.Parameter(torch.zeros(()))

    def forward(self, X):
        return X @ self.w + self.b


@wrong("autograd.neuron", "return the logit itself, without the sigmoid")
class WithASigmoid(Neuron):
    def forward(self, X):
        return torch.sigmoid(super().forward(X))


@wrong("autograd.neuron", "has shape (1, 1), right is (1,)")
class ReturnsAColumn(Neuron):
    def forward(self, X):
        return super().forward(X).unsqueeze(1)


@wrong("autograd.neuron", "has shape (1, 1), right is (1,)")
class ForgetsTheSum(Neuron):
    def forward(self, X):
        return X * self.w + self.b


@wrong("autograd.neuron", "model.parameters() finds nothing")
class WithPlainTensors(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.w = torch.zeros(features, requires_grad=True)
        self.b = torch.zeros((), requires_grad=True)

    def forward(self, X):
        return X @ self.w + self.b


@wrong("autograd.neuron", "of all parameters is")
class WithoutBias(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(features))

    def forward(self, X):
        return X @ self.w


@wrong(
    "autograd.neuron", "the sorted list of the sizes of all parameters is [2, 2], right is [1, 2]"
)
class WithABiasForEachFeature(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(features))
        self.b = nn.Parameter(torch.zeros(features))

    def forward(self, X):
        return (X * self.w + self.b).sum(dim=1)


@wrong("autograd.neuron", "no gradient reaches a parameter of shape (), so it cannot learn: use it")
class ForgetsToAddTheBias(Neuron):
    def forward(self, X):
        return X @ self.w


@wrong("autograd.neuron", "the output in training mode is")
class SubtractsTheBias(Neuron):
    def forward(self, X):
        return X @ self.w - self.b


@wrong("autograd.neuron", "no gradient reaches the parameters")
class ComputesWithoutRecording(Neuron):
    @torch.no_grad()
    def forward(self, X):
        return super().forward(X)


@wrong("autograd.neuron", "no gradient reaches a parameter of shape ()")
class TakesTheNumberOfTheBias(Neuron):
    def forward(self, X):
        return X @ self.w + self.b.item()


@wrong("autograd.neuron", "in training mode, the gradient of the parameter")
class DetachesAPart(Neuron):
    def forward(self, X):
        logits = super().forward(X)
        return logits + (logits.detach() - logits) / 2


@wrong("autograd.neuron", "a parameter has requires_grad=False")
class WithAFixedBias(Neuron):
    def __init__(self, features):
        super().__init__(features)
        self.b.requires_grad_(False)


@wrong("autograd.neuron", "is torch.float64, right is torch.float32")
class ReturnsFloat64(Neuron):
    def forward(self, X):
        return super().forward(X).double()


@wrong("autograd.neuron", "the network must return a tensor, yours returns of type ndarray")
class ReturnsAnArray(Neuron):
    def forward(self, X):
        return super().forward(X).detach().numpy()


@wrong("autograd.neuron", "yours returns None (is the return missing?)")
class ForgetsTheReturn(Neuron):
    def forward(self, X):
        X @ self.w + self.b


@wrong("autograd.neuron", "cannot assign")
class ForgetsSuper(nn.Module):
    def __init__(self, features):
        self.w = nn.Parameter(torch.zeros(features))


@wrong("autograd.neuron", "RuntimeError: ")
class AlwaysThreeFeatures(Neuron):
    def __init__(self, features):
        super().__init__(3)


@wrong("autograd.neuron", "the network must return a tensor, yours returns [")
class BecomesAList(Neuron):
    """Right while the parameters are 0, no tensor afterwards."""

    def forward(self, X):
        logits = super().forward(X)
        return logits.tolist() if self.w.any() else logits


wrong("autograd.neuron", "pass your class Neuron itself")("Neuron")
wrong("autograd.neuron", "pass your class Neuron itself, without brackets")(Neuron(3))


@wrong("autograd.neuron", "a network must be an nn.Module, yours is a tensor")
def neuron_as_a_function(features):
    return torch.zeros(features)


@obvious("autograd.neuron")
class RowByRow(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.features = features
        self.weights = nn.Parameter(torch.rand(1, features))
        self.bias = nn.Parameter(torch.rand(1, 1))

    def forward(self, X):
        logits = []
        for row in X:
            logit = self.bias[0, 0]
            for i in range(self.features):
                logit = logit + row[i] * self.weights[0, i]
            logits.append(logit)
        return torch.stack(logits)


@right("autograd.neuron")
class WithALazyLayer(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.linear = nn.LazyLinear(1)

    def forward(self, X):
        return self.linear(X).flatten()


@right("autograd.neuron")
class BiasFirst(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.b = nn.Parameter(torch.zeros(()))
        self.w = nn.Parameter(torch.zeros(features))

    def forward(self, X):
        return self.b + (X * self.w).sum(dim=1)


@wrong("autograd.neuron", ".squeeze() takes N away too")
class SqueezesAll(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.linear = nn.Linear(features, 1)

    def forward(self, X):
        return self.linear(X).squeeze()


the_only_neuron = {}


@wrong("autograd.neuron", "each call must make a new network")
def the_same_neuron(features):
    return the_only_neuron.setdefault(features, Neuron(features))


class WithSharedWeights(Neuron):
    shared = nn.Parameter(torch.zeros(()))

    def __init__(self, features):
        super().__init__(features)
        self.b = WithSharedWeights.shared


wrong("autograd.neuron", "two networks share their parameters")(WithSharedWeights)


@wrong("autograd.neuron", "size mismatch")
class AlwaysTwoFeatures(Neuron):
    def __init__(self, features):
        super().__init__(2)


@wrong("autograd.neuron", "in evaluation mode")
class RoundsInEvaluation(Neuron):
    def forward(self, X):
        logits = super().forward(X)
        return logits if self.training else logits + (logits.round() - logits).detach()


@wrong("autograd.neuron", "the output in training mode")
class WithASoftmax(Neuron):
    def forward(self, X):
        return torch.softmax(X @ self.w + self.b, dim=0) + 0 * self.b


@wrong("autograd.neuron", "the output in training mode")
class OfPositiveInputs(Neuron):
    def forward(self, X):
        return X.relu() @ self.w + self.b


@wrong("autograd.neuron", "which is passed in")
class ChangesX(Neuron):
    def forward(self, X):
        X *= self.w.detach()
        return (X * self.w / self.w.detach()).sum(dim=1) + self.b


@wrong("autograd.neuron", "model.parameters() finds nothing")
class NewLayerInForward(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.features = features

    def forward(self, X):
        return nn.Linear(self.features, 1)(X).squeeze(1)


@wrong("autograd.neuron", "a layer is made inside forward")
class NewParametersInForward(Neuron):
    def forward(self, X):
        self.w = nn.Parameter(torch.randn_like(self.w))
        return super().forward(X)


@wrong("autograd.neuron", "a parameter has requires_grad=False")
class FreezesInEvaluation(Neuron):
    def train(self, mode=True):
        super().train(mode)
        return self.requires_grad_(mode)


@wrong("autograd.neuron", "of all parameters is")
class WithAHiddenLayer(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.w = nn.Parameter(torch.randn(features))
        self.b = nn.Parameter(torch.zeros(()))
        self.scale = nn.Parameter(torch.ones(()))

    def forward(self, X):
        return self.scale * (X @ self.w + self.b)


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


@wrong(
    "autograd.custom_function", "the gradient that backward returns is [-0.125], right is [-0.25]"
)
@with_backward
def derivative_of_the_sigmoid(ctx, grad_output):
    s = torch.sigmoid(ctx.saved_tensors[0])
    return grad_output * s * (1 - s)


@wrong("autograd.custom_function", "the gradient that backward returns is [-0.0], right is [-0.25]")
@with_backward
def only_the_second_part(ctx, grad_output):
    s = torch.sigmoid(ctx.saved_tensors[0])
    return grad_output * ctx.saved_tensors[0] * s * (1 - s)


@wrong("autograd.custom_function", "the gradient that backward returns is")
@with_backward
def a_wrong_sign(ctx, grad_output):
    (x,) = ctx.saved_tensors
    s = torch.sigmoid(x)
    return grad_output * (s - x * s * (1 - s))


@wrong("autograd.custom_function", "backward returns is None (is the return missing?)")
@with_backward
def forgets_to_return_a_gradient(ctx, grad_output):
    SiLU.backward(ctx, grad_output)


@wrong("autograd.custom_function", "invalid gradient")
@with_backward
def returns_a_flat_gradient(ctx, grad_output):
    return SiLU.backward(ctx, grad_output).flatten()


@wrong("autograd.custom_function", "SiLU.apply(x) is [0.5], right is [0.0]")
@with_forward
def forward_of_the_sigmoid(ctx, x):
    ctx.save_for_backward(x)
    return torch.sigmoid(x)


@wrong("autograd.custom_function", "SiLU.apply(other) is")
@with_forward
def forward_of_relu(ctx, x):
    ctx.save_for_backward(x)
    return x.relu()


@wrong("autograd.custom_function", "which is passed in: make a new one")
@with_forward
def forward_in_place(ctx, x):
    ctx.save_for_backward(x.clone())
    x *= torch.sigmoid(x)
    return x.clone()


@wrong("autograd.custom_function", "SiLU.apply(x) is torch.float32, right is torch.float64")
@with_forward
def forward_in_float32(ctx, x):
    ctx.save_for_backward(x)
    return x.float() * torch.sigmoid(x.float())


@wrong("autograd.custom_function", "SiLU.apply(x) has shape (), right is (1,)")
@with_forward
def forward_to_a_sum(ctx, x):
    ctx.save_for_backward(x)
    return (x * torch.sigmoid(x)).sum()


@wrong("autograd.custom_function", "does not require grad")
@with_forward
def marks_it_as_not_differentiable(ctx, x):
    result = SiLU.forward(ctx, x)
    ctx.mark_non_differentiable(result)
    return result


@wrong("autograd.custom_function", "not enough values to unpack")
@with_forward
def forgets_to_save(ctx, x):
    return x * torch.sigmoid(x)


@wrong(
    "autograd.custom_function", "the gradient that backward returns is [-0.13], right is [-0.25]"
)
class KeepsItInTheClass(SiLU):
    @staticmethod
    def forward(ctx, x):
        KeepsItInTheClass.x = x
        return x * torch.sigmoid(x)

    @staticmethod
    def backward(ctx, grad_output):
        s = torch.sigmoid(KeepsItInTheClass.x)
        return grad_output * (s + KeepsItInTheClass.x * s * (1 - s))


@wrong("autograd.custom_function", "the gradient that backward returns is")
@with_forward
def saves_the_result(ctx, x):
    result = x * torch.sigmoid(x)
    ctx.save_for_backward(result)
    return result


@wrong("autograd.custom_function", "SiLU.apply(x) is 0.0, of type float, and must be a tensor")
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
wrong("autograd.custom_function", "a subclass of torch.autograd.Function")(nn.SiLU)
wrong("autograd.custom_function", "a subclass of torch.autograd.Function")(lambda x: F.silu(x))


@obvious("autograd.custom_function")
class NumberByNumber(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.numbers = x.flatten().tolist()
        result = [number * sigmoid(number) for number in ctx.numbers]
        return torch.tensor(result, dtype=x.dtype).reshape(x.shape)

    @staticmethod
    def backward(ctx, grad_output):
        grads = []
        for number, grad in zip(ctx.numbers, grad_output.flatten().tolist(), strict=True):
            s = sigmoid(number)
            grads.append(grad * (1 * s + number * s * (1 - s)))
        return torch.tensor(grads, dtype=grad_output.dtype).reshape(grad_output.shape)


def sigmoid(number):
    """Return the sigmoid of a plain number."""
    return 1 / (1 + math.exp(-number))


@right("autograd.custom_function")
class WithTorchsOwn(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return F.silu(x)

    @staticmethod
    def backward(ctx, grad_output):
        with torch.enable_grad():
            x = ctx.saved_tensors[0].detach().requires_grad_()
            return torch.autograd.grad(F.silu(x), x, grad_output)[0]


@wrong("autograd.custom_function", "changes grad_output, which is passed in")
@with_backward
def changes_grad_output(ctx, grad_output):
    (x,) = ctx.saved_tensors
    s = torch.sigmoid(x)
    grad_output *= s + x * s * (1 - s)
    return grad_output


@wrong("autograd.custom_function", "the gradient that backward returns")
@with_backward
def mean_of_grad_output(ctx, grad_output):
    return SiLU.backward(ctx, grad_output.mean().expand_as(grad_output))


@wrong("autograd.custom_function", "the gradient that backward returns")
@with_backward
def adds_grad_output(ctx, grad_output):
    return SiLU.backward(ctx, torch.ones_like(grad_output)) + grad_output - 1


@wrong("autograd.custom_function", "SiLU.apply(")
@with_forward
def forward_with_limits(ctx, x):
    ctx.save_for_backward(x)
    return x * torch.sigmoid(x.clamp(-5, 5))


@wrong("autograd.custom_function", "SiLU.apply(")
@with_forward
def forward_row_by_row(ctx, x):
    ctx.save_for_backward(x)
    return x * torch.softmax(torch.stack([x, torch.zeros_like(x)]), dim=-1)[0]


@wrong("autograd.custom_function", "the gradient that backward returns")
@with_backward
def no_gradient_below_zero(ctx, grad_output):
    return SiLU.backward(ctx, grad_output) * (ctx.saved_tensors[0] >= 0)


@wrong("autograd.custom_function", "iteration over a 0-d tensor")
@with_forward
def forward_over_the_rows(ctx, x):
    ctx.save_for_backward(x)
    return torch.stack([row * torch.sigmoid(row) for row in x]) if len(x.shape) < 2 else F.silu(x)


@wrong("autograd.custom_function", "SiLU.apply(other) is")
@with_forward
def forward_of_what_learns(ctx, x):
    ctx.save_for_backward(x)
    return x * torch.sigmoid(x) if ctx.needs_input_grad[0] else x


@wrong("autograd.custom_function", "has shape")
@with_forward
def forward_of_flat_numbers(ctx, x):
    ctx.save_for_backward(x)
    return (x * torch.sigmoid(x)).flatten()


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


@wrong("autograd.zero_grad", "losses is [8.13], right is [4.065]")
def fit_with_a_sum(model, X, y, steps, lr):
    return train(model, X, y, steps, lr, reduction="sum")


@wrong("autograd.zero_grad", "afterwards is")
def fit_with_adam(model, X, y, steps, lr):
    return train(model, X, y, steps, lr, optimizer=torch.optim.Adam)


@wrong("autograd.zero_grad", "losses is [")
def losses_after_the_steps(model, X, y, steps, lr):
    losses = train(model, X, y, steps, lr)
    return [*losses[1:], F.mse_loss(model(X), y).item()]


@wrong("autograd.zero_grad", "losses is [")
def one_loss_too_many(model, X, y, steps, lr):
    losses = train(model, X, y, steps, lr)
    return [*losses, F.mse_loss(model(X), y).item()]


@wrong("autograd.zero_grad", "losses[0] is a tensor, and must be a plain number: use .item()")
def losses_as_tensors(model, X, y, steps, lr):
    return list(map(torch.tensor, train(model, X, y, steps, lr)))


@wrong("autograd.zero_grad", "of type float, and must be a list or tuple")
def the_last_loss_alone(model, X, y, steps, lr):
    return train(model, X, y, steps, lr)[-1]


@wrong("autograd.zero_grad", "afterwards is")
def one_step_too_many(model, X, y, steps, lr):
    losses = train(model, X, y, steps, lr)
    train(model, X, y, 1, lr)
    return losses


@wrong("autograd.zero_grad", "mat1 and mat2 shapes cannot be multiplied")
def fits_a_model_of_its_own(model, X, y, steps, lr):
    return train(nn.Linear(2, 1), X, y, steps, lr)


@wrong("autograd.zero_grad", "afterwards is")
def fit_with_a_fixed_lr(model, X, y, steps, lr):
    return train(model, X, y, steps, 0.1)


wrong("autograd.zero_grad", "pass your function fit itself")([1.0, 0.5])


@obvious("autograd.zero_grad")
def fit_with_numbers_moved_by_hand(model, X, y, steps, lr):
    losses = []
    for _ in range(steps):
        total, count = 0, 0
        y_pred = model(X)
        for i in range(y.shape[0]):
            for j in range(y.shape[1]):
                total = total + (y_pred[i, j] - y[i, j]) * (y_pred[i, j] - y[i, j])
                count += 1
        loss = total / count
        for p in model.parameters():
            p.grad = None
        loss.backward()
        for p in model.parameters():
            p.data = p.data - lr * p.grad
        losses.append(loss.item())
    return losses


@right("autograd.zero_grad")
def fit_with_an_optimizer_for_each_parameter(model, X, y, steps, lr):
    optimizers = [torch.optim.SGD([p], lr=lr) for p in model.parameters()]
    losses = []
    for _ in range(steps):
        model.zero_grad()
        loss = nn.MSELoss()(model.forward(X), y)
        loss.backward()
        for optimizer in optimizers:
            optimizer.step()
        losses.append(loss.item())
    return losses


@right("autograd.zero_grad")
def fit_with_a_new_optimizer_each_time(model, X, y, steps, lr):
    model.train()
    losses = []
    for _ in range(steps):
        losses += train(model, X, y, 1, lr)
    return losses


@wrong("autograd.zero_grad", "losses is")
def appends_after_the_step(model, X, y, steps, lr):
    losses = []
    for _ in range(steps):
        train(model, X, y, 1, lr)
        losses.append(F.mse_loss(model(X), y).item())
    return losses


@wrong("autograd.zero_grad", "losses is [")
def fits_another_model_of_this_size(model, X, y, steps, lr):
    return train(nn.Linear(X.shape[1], y.shape[1]), X, y, steps, lr)


@wrong("autograd.zero_grad", "afterwards is")
def fits_a_copy(model, X, y, steps, lr):
    losses = train(copy.deepcopy(model), X, y, steps, lr)
    return [F.mse_loss(model(X), y).item() for _ in range(min(steps, 1))] + losses[1:]


@wrong("autograd.zero_grad", "the model does not change")
def never_steps(model, X, y, steps, lr):
    return [F.mse_loss(model(X), y).item() for _ in range(steps)]


@wrong("autograd.zero_grad", "afterwards is")
def trains_the_first_parameter_only(model, X, y, steps, lr):
    optimizer = torch.optim.SGD([next(iter(model.parameters()))], lr=lr)
    losses = []
    for _ in range(steps):
        loss = F.mse_loss(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@wrong("autograd.zero_grad", "afterwards is")
def clears_every_second_time(model, X, y, steps, lr):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for i in range(steps):
        loss = F.mse_loss(model(X), y)
        if i % 2 == 0:
            optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@wrong("autograd.zero_grad", "afterwards is")
def steps_twice(model, X, y, steps, lr):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = F.mse_loss(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        optimizer.step()
        losses.append(loss.item())
    return losses


@wrong("autograd.zero_grad", "losses")
def running_mean_of_the_losses(model, X, y, steps, lr):
    losses = train(model, X, y, steps, lr)
    return [sum(losses[: i + 1]) / (i + 1) for i in range(len(losses))]


@wrong("autograd.zero_grad", "leaves model in evaluation mode")
def fit_that_ends_in_evaluation(model, X, y, steps, lr):
    losses = train(model, X, y, steps, lr)
    model.eval()
    return losses


@wrong("autograd.zero_grad", "your function changes X, which is passed in")
def centres_the_inputs(model, X, y, steps, lr):
    X -= X.mean(dim=0)
    return train(model, X, y, steps, lr)


@wrong("autograd.zero_grad", "afterwards is")
def fit_with_momentum(model, X, y, steps, lr):
    def sgd(parameters, lr):
        return torch.optim.SGD(parameters, lr=lr, momentum=0.9)

    return train(model, X, y, steps, lr, optimizer=sgd)


@wrong("autograd.zero_grad", "losses")
def broadcasts_by_mistake(model, X, y, steps, lr):
    return train(model, X, y[:, :1].squeeze(1) if y.shape[1] == 1 else y, steps, lr)


@wrong("autograd.zero_grad", "afterwards is")
def fit_point_by_point(model, X, y, steps, lr):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        losses.append(F.mse_loss(model(X), y).item())
        for i in range(len(X)):
            optimizer.zero_grad()
            F.mse_loss(model(X[i : i + 1]), y[i : i + 1]).backward()
            optimizer.step()
    return losses


losses_of_all_calls = []


@wrong("autograd.zero_grad", "an earlier call")
def fit_with_a_global_list(model, X, y, steps, lr):
    losses_of_all_calls.extend(train(model, X, y, steps, lr))
    return losses_of_all_calls


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


@wrong("autograd.history", "history[0] is a tensor, and must be a plain number: use .item()")
def watch_that_keeps_losses(train_step, model, X, y, steps):
    history = []
    for _ in range(steps):
        train_step()
        history.append(F.mse_loss(model(X), y))
    return history


@wrong("autograd.history", "history[0] is a tensor, and must be a plain number: use .item()")
def watch_that_keeps_tensors(train_step, model, X, y, steps):
    return list(map(torch.tensor, watch_with_item_alone(train_step, model, X, y, steps)))


@wrong("autograd.history", "the graphs of several steps are alive")
def takes_numbers_at_the_end(train_step, model, X, y, steps):
    return [loss.item() for loss in watch_that_keeps_losses(train_step, model, X, y, steps)]


@wrong("autograd.history", "the loss has no graph")
@torch.no_grad()
def trains_without_recording(train_step, model, X, y, steps):
    return watch_with_item_alone(train_step, model, X, y, steps)


@wrong("autograd.history", "leaves autograd switched off")
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


@wrong("autograd.history", "history is [")
def watches_the_sum(train_step, model, X, y, steps):
    return [9 * loss for loss in watch_with_item_alone(train_step, model, X, y, steps)]


@wrong("autograd.history", "model.training at each call of train_step() is [], right is [True]")
def never_trains(train_step, model, X, y, steps):
    return watch_with_item_alone(lambda: None, model, X, y, steps)


@wrong("autograd.history", "history is [")
def the_last_one_alone(train_step, model, X, y, steps):
    return watch_with_item_alone(train_step, model, X, y, steps)[-1:]


@wrong("autograd.history", "of type float, and must be a list or tuple")
def the_mean(train_step, model, X, y, steps):
    return sum(watch_with_item_alone(train_step, model, X, y, steps)) / steps


@wrong("autograd.history", "leaves other gradients in model: do without backward()")
def measures_with_backward(train_step, model, X, y, steps):
    history = []
    for _ in range(steps):
        train_step()
        loss = F.mse_loss(model(X), y)
        loss.backward()
        history.append(loss.item())
    return history


wrong("autograd.history", "pass your function watch itself")([1.0, 0.5])


@obvious("autograd.history")
def watch_in_plain_steps(train_step, model, X_other, y_other, steps):
    history = []
    i = 0
    while i < steps:
        train_step()
        with torch.no_grad():
            y_pred = model(X_other)
            total = 0.0
            for row, right_row in zip(y_pred.tolist(), y_other.tolist(), strict=True):
                for one, other in zip(row, right_row, strict=True):
                    total += (one - other) ** 2
        history.append(total / y_other.numel())
        i += 1
    return history


@right("autograd.history")
def watch_in_evaluation_mode(train_step, model, X_other, y_other, steps):
    history = []
    for _ in range(steps):
        model.train()
        train_step()
        model.eval()
        with torch.no_grad():
            history.append(F.mse_loss(model(X_other), y_other).item())
        model.train()
    return history


@right("autograd.history")
def watch_with_detach(train_step, model, X_other, y_other, steps):
    history = []
    for _ in range(steps):
        train_step()
        history.append(F.mse_loss(model(X_other), y_other).detach())
    return [loss.item() for loss in history]


history_of_all_calls = []


@wrong("autograd.history", "an earlier call")
def watch_with_a_global_list(train_step, model, X, y, steps):
    history_of_all_calls.extend(watch_with_item_alone(train_step, model, X, y, steps))
    return history_of_all_calls


@wrong("autograd.history", "leaves model in evaluation mode")
def watch_that_ends_in_evaluation(train_step, model, X, y, steps):
    history = watch_with_item_alone(train_step, model, X, y, steps)
    model.eval()
    return history


@wrong(
    "autograd.history", "model.training at each call of train_step() is [False], right is [True]"
)
def watch_in_evaluation_mode_all_the_time(train_step, model, X, y, steps):
    model.eval()
    history = watch_with_item_alone(train_step, model, X, y, steps)
    model.train()
    return history


@wrong("autograd.history", "the graphs of several steps are alive")
def sums_the_losses_up(train_step, model, X, y, steps):
    history, total = [], torch.tensor(0.0)
    for _ in range(steps):
        train_step()
        loss = F.mse_loss(model(X), y)
        total = total + loss
        history.append(loss.item())
    return history


@wrong("autograd.history", "the graphs of several steps are alive")
def keeps_the_last_three(train_step, model, X, y, steps):
    history, last = [], deque(maxlen=3)
    for _ in range(steps):
        train_step()
        last.append(F.mse_loss(model(X), y))
        history.append(last[-1].item())
    return history


@wrong("autograd.history", "history[0] is a tensor, and must be a plain number")
def keeps_detached_losses(train_step, model, X, y, steps):
    history = []
    for _ in range(steps):
        train_step()
        history.append(F.mse_loss(model(X), y).detach())
    return history


@wrong(
    "autograd.history",
    "model.training at each call of train_step() is [True, True], right is [True]",
)
def one_step_more(train_step, model, X, y, steps):
    return watch_with_item_alone(train_step, model, X, y, steps + 1)[:steps]


@wrong("autograd.history", "history")
def watches_one_row(train_step, model, X, y, steps):
    return watch_with_item_alone(train_step, model, X[:1], y[:1], steps)


@wrong("autograd.history", "history")
def watches_a_copy(train_step, model, X, y, steps):
    return watch_with_item_alone(train_step, copy.deepcopy(model), X, y, steps)


@wrong("autograd.history", "your function changes X_other, which is passed in")
def watches_scaled_inputs(train_step, model, X, y, steps):
    X += 1
    return watch_with_item_alone(train_step, model, X, y, steps)


@wrong("autograd.history", "afterwards is")
def trains_on_the_others(train_step, model, X, y, steps):
    history = watch_with_item_alone(train_step, model, X, y, steps)
    model_copy = copy.deepcopy(model)
    train(model_copy, X, y, 1, 0.1)
    model.load_state_dict(model_copy.state_dict())
    return history


@wrong("autograd.history", "the loss has no graph")
def freezes_the_model(train_step, model, X, y, steps):
    model.requires_grad_(False)
    return watch_with_item_alone(train_step, model, X, y, steps)


@wrong("autograd.history", "history has 3 items, right is 6")
def six_steps_at_most(train_step, model, X, y, steps):
    history = watch_with_item_alone(train_step, model, X, y, steps)
    return history[:3]
