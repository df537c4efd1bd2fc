# %% [markdown]
# # 02 Autograd: how PyTorch finds a gradient
#
# In this notebook you learn
# - what PyTorch records while it computes, and how `backward()` turns that into gradients;
# - to fit a line by gradient descent: by hand, with autograd, with an optimizer, with `nn.Linear`;
# - to control what is recorded and what is kept: `zero_grad`, `detach`, `no_grad`, `.item()`.
#
# **95 minutes, on any CPU.** You know tensors and broadcasting (notebook 01).

# %% [markdown]
# ## Why
#
# A model has **parameters**, numbers that it can change. The **loss** is one number that says how
# wrong the model is. To make the loss smaller we must know, for each parameter: if it grows a
# little, by how much does the loss grow? That is the **gradient** of the loss. A network has
# thousands of parameters or more. PyTorch finds the gradients of all of them in one pass, from the
# loss backward. This is called **autograd**. Everything that learns in this course learns with it.
#
# ![A graph of one calculation. Forward: w = 3 times x = 2 is 6, plus b = 1 is 7, minus y = 5 is 2, squared is the loss, 4. Backward: the gradient is 4 for the error, for y_pred and for b, and 8 for w.](figures/autograd_graph.svg)

# %% tags=["setup"]
import matplotlib.pyplot as plt
import torch
from torch import nn

from helpers.exercises import autograd

# %% [markdown]
# ## 1. One gradient, found in three ways
#
# The model of the picture is a line, `w * x + b`, and there is one point, x = 2 and y = 5. With
# `requires_grad=True` we ask PyTorch for the gradients of `w` and `b`.

# %%
x, y = torch.tensor(2.0), torch.tensor(5.0)
w = torch.tensor(3.0, requires_grad=True)
b = torch.tensor(1.0, requires_grad=True)
y_pred = w * x + b
loss = (y_pred - y) ** 2
print(y_pred.item(), loss.item())

# %% [markdown]
# **By hand.** Call `y_pred - y` the error; here it is 2. The loss is its square, so the loss grows
# 2 · error = 4 times as fast as the error. The error grows as fast as `b`, and x = 2 times as fast
# as `w`. The two rates multiply: this is the **chain rule**.
#
# **Predict:** what are the gradients for `w` and for `b`?
#
# **With autograd.** `backward()` starts at the loss and puts each gradient into `.grad`.

# %%
loss.backward()
print(w.grad, b.grad)

# %% [markdown]
# 4 · 2 = 8 for `w`, and 4 · 1 = 4 for `b`. If `w` grows by 0.001, the loss grows by about 0.008.
#
# **By finite differences.** We can also try it: move `w` a little up and a little down, and see by
# how much the loss changes.


# %%
def loss_at(w, b):
    """Return the loss of the line for the point (2, 5)."""
    return (w * 2.0 + b - 5.0) ** 2


eps = 0.001
difference = (loss_at(3.0 + eps, 1.0) - loss_at(3.0 - eps, 1.0)) / (2 * eps)
torch.testing.assert_close(torch.tensor(difference, dtype=torch.float32), w.grad)
print(f"{difference:.3f}")

# %% [markdown]
# All three ways agree. Finite differences need no thinking. But they need two losses for each
# parameter, and in general they are not exact.
#
# **Predict:** would a much smaller step, 1e-8, give a better result in `float32`?

# %%
eps = torch.tensor(1e-8)
three, one = torch.tensor(3.0), torch.tensor(1.0)
print((loss_at(three + eps, one) - loss_at(three - eps, one)) / (2 * eps))

# %% [markdown]
# It gives 0. A `float32` has about 7 digits, so 3 + 1e-8 is rounded to 3, and nothing changes.
# Finite differences are good for checking a gradient, in `float64`. For training they are too slow
# and not exact enough.
#
# ### Exercise 1: a gradient by hand (4 minutes, complete)
#
# Now there are N points, and the loss is the mean of the N squared errors,
# `((w * x + b - y) ** 2).mean()`. Its gradient is the mean of the gradients of the points.
#
# Write `gradient(w, b, x, y)`. `w` and `b` are tensors with one number, of shape (); `x` and `y`
# have shape (N,). Return two numbers (or tensors of shape ()): the gradient for `w`, then the one
# for `b`. Do it without autograd, so do not call `backward()`.


# %% exercise="autograd.gradient"
def gradient(w, b, x, y):
    """Return the gradients of the mean squared error for w and for b."""
    ### BEGIN SOLUTION
    error = w * x + b - y  # (N,)
    return (2 * error * x).mean(), (2 * error).mean()
    ### END SOLUTION


# %%
autograd.gradient.check(gradient)

# %% [markdown]
# Stuck? Run `autograd.gradient.hint()` in a new cell, as often as you like, and then
# `autograd.gradient.solution()`.

# %% [markdown]
# ## 2. The graph that PyTorch records
#
# How did `backward()` know what to do? Each operation on a tensor that requires a gradient leaves
# a **node**, `grad_fn`, in the result. The node knows how to go back through this one operation,
# and which nodes come next.

# %%
node = loss.grad_fn
print(type(node).__name__)
print([type(following).__name__ for following, _ in node.next_functions])

# %% [markdown]
# The last operation was a square (`Pow`, power); before it came a subtraction (`Sub`).
# `next_functions` holds pairs of a node and a number that we do not need here, hence the `_`. From
# node to node we can follow the whole graph.


# %%
def walk(node):
    """Return all nodes that can be reached from this one, each once."""
    nodes = [node]
    for node in nodes:  # the list grows while we go through it
        for following, _ in node.next_functions:
            if following is not None and following not in nodes:
                nodes.append(following)
    return nodes


print([type(node).__name__ for node in walk(loss.grad_fn)])

# %% [markdown]
# A picture is easier to read. The next function draws the same nodes. The loss stands on top; each
# node stands one level below the first node that leads to it, and an arrow connects the two.


# %%
def place_nodes(nodes):
    """Return a place (column, -level) for each node."""
    level, places = {nodes[0]: 0}, {}
    for node in nodes:
        column = sum(level[node] == level[other] for other in places)
        places[node] = (column, -level[node])
        for following, _ in node.next_functions:
            level.setdefault(following, level[node] + 1)
    return places


# %% [markdown]
# The drawing itself is matplotlib's work. You need not read it in detail.


# %%
def draw_graph(tensor, ax, **parameters):
    """Draw the recorded graph of a tensor, and name the parameters in it."""
    names = {p: f"AccumulateGrad: {name}" for name, p in parameters.items()}
    places = place_nodes(walk(tensor.grad_fn))
    style = {"ha": "center", "va": "center", "bbox": {"boxstyle": "round", "fc": "white"}}
    arrow = {"arrowstyle": "<-", "color": "#E69F00", "shrinkA": 0}
    for node, place in reversed(places.items()):  # a box covers the ends of its arrows
        for following, _ in node.next_functions:
            if following is not None:
                name = names.get(getattr(following, "variable", None), type(following).__name__)
                ax.annotate(name, place, places[following], arrowprops=arrow, **style)
    ax.text(0, 0, type(tensor.grad_fn).__name__, **style)
    columns, rows = zip(*places.values(), strict=True)
    ax.set(xlim=(-0.6, max(columns) + 0.6), ylim=(min(rows) - 0.5, 0.5))
    ax.axis("off")


# %%
fig, ax = plt.subplots(figsize=(5, 3.6), layout="constrained")
draw_graph(loss, ax, w=w, b=b)

# %% [markdown]
# *Figure: the graph of the loss, from top to bottom in the order of `backward()`: the square, the
# subtraction, the addition, then `b` and the multiplication, then `w`.*
#
# Compare it with the diagram at the top. It is the same graph, but only with what is needed: `x`
# and `y` are not there, because they require no gradient.
#
# ### Leaves
#
# The graph ends in `AccumulateGrad` nodes, one for each parameter. Tensors that no recorded
# operation has made are called **leaves**. `backward()` fills `.grad` of the leaves that require a
# gradient. Other tensors get no `.grad`, unless you call their method `retain_grad()` before.
#
# **Predict:** which of `w`, `x` and `y_pred` are leaves?

# %%
for name, tensor in {"w": w, "x": x, "y_pred": y_pred}.items():
    print(f"{name:6}  leaf: {tensor.is_leaf!s:5}  requires_grad: {tensor.requires_grad}")

# %% [markdown]
# `w` and `x` are leaves: we made them ourselves. `y_pred` is the result of recorded operations. It
# requires a gradient because `w` and `b` do.
#
# ### Gradients add up
#
# **Predict:** `w.grad` is 8. We compute the same loss again and call `backward()` again. What is
# `w.grad` now?

# %%
loss = (w * x + b - y) ** 2
loss.backward()
print(w.grad)

# %% [markdown]
# 16: `backward()` **adds** to what is in `.grad`. That is why the nodes are called
# `AccumulateGrad`: to accumulate is to add up. It is useful when a large batch is cut into small
# ones, each with its own `backward()`. In a usual training loop it means that we must clear the
# gradients before each new `backward()`.
#
# Normally each `backward()` needs a new graph. The tensors that a graph keeps for `backward()` are given
# back to the memory as soon as they have been used.

# %%
try:
    loss.backward()
except RuntimeError as error:
    print(str(error).split(" (")[0])

# %% [markdown]
# ### Not recording
#
# Inside `torch.no_grad()` nothing is recorded. `detach()` returns the same numbers as a tensor
# without a graph: going backward stops there.

# %%
with torch.no_grad():
    inside = w * x
print(inside.requires_grad, (w * x).requires_grad, (w * x).detach().requires_grad)

# %% [markdown]
# **Predict:** `w * x + w` has the gradient x + 1 = 3 for `w`. And with the first part detached?

# %%
w.grad = None  # forget the old gradient
loss = (w * x).detach() + w
loss.backward()
print(w.grad)

# %% [markdown]
# 1: for autograd the detached part is a number like any other. It counts in the loss, but not in
# the gradient.

# %% [markdown]
# ## 3. Fit a line, four times
#
# **Gradient descent** makes the loss smaller, step by step: it moves each parameter a little
# against its gradient. The **learning rate**, `lr`, says how far. We fit a line to 60 points that
# lie near 3x - 1, first without autograd.

# %%
torch.manual_seed(0)
x = torch.rand(60)
y = 3 * x - 1 + 0.2 * torch.randn(60)
print(x.shape, y.shape)

# %% [markdown]
# In each step come the errors of all points, the two gradients from exercise 1, and the two moves.

# %%
lr, steps = 0.5, 300
w, b = torch.tensor(0.0), torch.tensor(0.0)
for _step in range(steps):
    error = w * x + b - y
    w -= lr * 2 * (error * x).mean()
    b -= lr * 2 * error.mean()
by_hand = torch.stack([w, b])
print(f"w {w:.1f}, b {b:.1f}")

# %% [markdown]
# The noise keeps it from being exactly 3 and -1. A picture shows whether the line fits.

# %%
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
ax.scatter(x, y, s=14, color="#0072B2", label="points")
ends = torch.tensor([0.0, 1.0])
ax.plot(ends, w * ends + b, color="#E69F00", label="line after 300 steps")
ax.set(xlabel="x", ylabel="y")
_ = ax.legend()

# %% [markdown]
# *Figure: 60 points and the line that gradient descent has found.*
#
# Is it the best line? Linear algebra can compute the one with the smallest mean squared error
# directly (the method of least squares).

# %%
columns = torch.stack([x, torch.ones(60)], dim=1)  # (60, 2)
best = torch.linalg.lstsq(columns, y.unsqueeze(1)).solution.squeeze(1)
torch.testing.assert_close(by_hand, best, rtol=1e-3, atol=1e-3)

# %% [markdown]
# It is. For a line that way is shorter; for a network there is no such formula, and descent still
# works.
#
# ### One step with autograd
#
# Autograd replaces the two formulas. Here is the first step, forward and backward.

# %%
w = torch.zeros((), requires_grad=True)
b = torch.zeros((), requires_grad=True)
loss = ((w * x + b - y) ** 2).mean()
loss.backward()
print(w.grad.shape, b.grad.shape)

# %% [markdown]
# **Predict:** may we now simply write `w -= lr * w.grad`?

# %%
try:
    w -= lr * w.grad
except RuntimeError as error:
    print(error)

# %% [markdown]
# No. The subtraction would be recorded too, and `w` would become its result: it would be no leaf
# any more. The update is not part of the calculation of the loss, so we do not record it.

# %%
with torch.no_grad():
    w -= lr * w.grad
    b -= lr * b.grad
print(bool(((w * x + b - y) ** 2).mean() < loss))

# %% [markdown]
# The loss is smaller after the step.
#
# ### Exercise 2: one descent step (4 minutes, complete)
#
# Write `step(parameters, lr)`. `parameters` is a list of leaf tensors of any shape, in `float32` or
# `float64`. Move each one **in place**, by `lr` times its gradient, against the gradient. Then
# forget the gradient: set `.grad` to `None` (or fill it with 0). A parameter whose `.grad` is
# `None` stays as it is, and its `.grad` stays `None`. Leave the list alone, and return nothing.


# %% exercise="autograd.step"
def step(parameters, lr):
    """Move each parameter against its gradient, and clear the gradient."""
    ### BEGIN SOLUTION
    with torch.no_grad():
        for p in parameters:
            if p.grad is not None:
                p -= lr * p.grad
                p.grad = None
    ### END SOLUTION


# %%
autograd.step.check(step)

# %% [markdown]
# ### Exercise 3: fit a line (5 minutes, build)
#
# Write `fit_line(x, y, steps, lr)`; `x` and `y` have shape (N,). It starts with w = 0 and b = 0 and
# makes exactly `steps` steps of gradient descent on the mean squared error. Let autograd find the
# gradients, with `backward()`. Return `w` and `b` as two plain numbers (`.item()`).


# %% exercise="autograd.fit_line"
def fit_line(x, y, steps, lr):
    """Return w and b of the line after so many steps of gradient descent."""
    ### BEGIN SOLUTION
    w = torch.zeros((), requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    for _step in range(steps):
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for p in (w, b):
                p -= lr * p.grad
                p.grad = None
    return w.item(), b.item()
    ### END SOLUTION


# %%
autograd.fit_line.check(fit_line)

# %% [markdown]
# Autograd must lead to the same line as the formulas.

# %%
if autograd.fit_line.done():
    line = torch.tensor(fit_line(x, y, steps, lr))
    torch.testing.assert_close(line, by_hand, rtol=1e-4, atol=1e-4)
    print("the same line")

# %% [markdown]
# ### With an optimizer
#
# An **optimizer** holds the parameters and does both: `step()` moves them, `zero_grad()` clears
# their gradients. `SGD` is gradient descent.

# %%
w = torch.zeros((), requires_grad=True)
b = torch.zeros((), requires_grad=True)
optimizer = torch.optim.SGD([w, b], lr=lr)
for _step in range(steps):
    loss = ((w * x + b - y) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

# %%
with_optimizer = torch.stack([w, b]).detach()
torch.testing.assert_close(with_optimizer, by_hand, rtol=1e-4, atol=1e-4)

# %% [markdown]
# No message from `assert_close` means that the two are equal, up to rounding.
#
# ### With `nn.Linear`
#
# `nn.Linear(1, 1)` is the line once more. It holds `weight` and `bias`, and `parameters()` hands
# them to the optimizer. It expects a column for each input, so `X` has shape (60, 1). Its output
# has that shape too, and the target must have the same.

# %%
X = x.unsqueeze(1)  # (60, 1)
target = y.unsqueeze(1)  # (60, 1)
model = nn.Linear(1, 1)
nn.init.zeros_(model.weight)  # usually it starts at random
nn.init.zeros_(model.bias)
print([(name, tuple(p.shape)) for name, p in model.named_parameters()])

# %% [markdown]
# One weight and one bias, as before. `nn.MSELoss` is the mean squared error.

# %%
loss_fn = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=lr)
for _step in range(steps):
    y_pred = model(X)
    loss = loss_fn(y_pred, target)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
with_linear = torch.stack([model.weight.squeeze(), model.bias.squeeze()]).detach()
torch.testing.assert_close(with_linear, with_optimizer, rtol=1e-4, atol=1e-4)

# %% [markdown]
# The same line for the fourth time. These five lines in the loop are those of every training in
# this course; only the model, the data and the loss change.
#
# **Predict:** the learning rate was 0.5. What happens with 1, a step twice as long?

# %%
w, b = torch.tensor(0.0), torch.tensor(0.0)
losses = []
for _step in range(20):
    error = w * x + b - y
    losses.append((error**2).mean().item())
    w -= 1.0 * 2 * (error * x).mean()
    b -= 1.0 * 2 * error.mean()
print("the last loss is larger than the first:", losses[-1] > losses[0])

# %% [markdown]
# Each step jumps over the lowest point and lands higher on the other side. A loss that grows from
# step to step is the usual sign of a learning rate that is too large.

# %% [markdown]
# ## 4. A neuron
#
# A **neuron** multiplies each of its inputs by a weight, adds them up with a bias, and passes the
# sum through a nonlinear function. Here this is the **sigmoid**, 1 / (1 + exp(-z)). It turns any number
# z, the **logit**, into a number between 0 and 1, which we read as a probability.

# %%
torch.manual_seed(0)
spots = torch.randn(200, 2)
above = (spots[:, 0] + 2 * spots[:, 1] > 0.5).float()  # (200,), 1 above a line and 0 below
w = torch.tensor([1.0, -1.0], requires_grad=True)
b = torch.tensor(0.0, requires_grad=True)
logits = spots @ w + b  # (200,)
probs = 1 / (1 + torch.exp(-logits))
torch.testing.assert_close(probs, torch.sigmoid(logits))

# %% [markdown]
# The neuron should give the points of class 1 a high probability. The loss is minus the logarithm
# of the probability that it gives to the true class: `probs` for class 1, `1 - probs` for class 0.
# PyTorch calls this mean **binary cross-entropy**.

# %%
loss = -(above * probs.log() + (1 - above) * (1 - probs).log()).mean()
torch.testing.assert_close(loss, nn.BCELoss()(probs, above))
loss.backward()

# %% [markdown]
# The chain rule goes through a logarithm, a division and an exponential function. Nearly all of it
# cancels: for one point, the gradient for the logit is just `probs - above`. The logit grows as fast as
# `b`, and as fast as `w` times the input, as for the line.

# %%
error = (probs - above).detach()  # (200,)
torch.testing.assert_close(w.grad, error @ spots / 200)
torch.testing.assert_close(b.grad, error.mean())

# %% [markdown]
# Autograd has found the same gradients, without any formula of ours.
#
# ### A module of your own
#
# `nn.Module` is the base of all models. `__init__` makes the parameters, `forward` computes. What
# is wrapped in `nn.Parameter` requires a gradient, and `parameters()` finds it. Here is a line.


# %%
class Line(nn.Module):
    """The line w * x + b."""

    def __init__(self):
        super().__init__()  # must come first
        self.w = nn.Parameter(torch.zeros(()))
        self.b = nn.Parameter(torch.zeros(()))

    def forward(self, x):
        """Return the height of the line at x."""
        return self.w * x + self.b


print([name for name, _ in Line().named_parameters()], Line()(ends).requires_grad)

# %% [markdown]
# `line(x)` calls `forward(x)`. Write `line(x)`, not `line.forward(x)`.
#
# ### Exercise 4: the neuron as a module (5 minutes, build)
#
# Write the class `Neuron`. `Neuron(features)` has two parameters: one holds the `features` weights,
# the other the bias. Give them the start and the shapes that you like. `forward(X)` takes X of
# shape (N, features), in `float32`, and returns the probabilities, the sigmoid of the logits, with
# shape (N,) and in `float32` too. It must work for a single row as well, N = 1.


# %% exercise="autograd.neuron"
class Neuron(nn.Module):
    """A weighted sum of the inputs plus a bias, through a sigmoid."""

    def __init__(self, features):
        super().__init__()
        ### BEGIN SOLUTION
        self.w = nn.Parameter(torch.zeros(features))
        self.b = nn.Parameter(torch.zeros(()))
        ### END SOLUTION

    def forward(self, X):
        """Return the probabilities, (N,)."""
        ### BEGIN SOLUTION
        return torch.sigmoid(X @ self.w + self.b)
        ### END SOLUTION


# %%
autograd.neuron.check(Neuron)

# %% [markdown]
# Your neuron can learn, with the lines that have fitted the line.

# %%
if autograd.neuron.done():
    neuron = Neuron(2)
    optimizer = torch.optim.SGD(neuron.parameters(), lr=1.0)
    for _step in range(300):
        loss = nn.BCELoss()(neuron(spots), above)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    right = (neuron(spots) > 0.5) == (above == 1)
    print("more than 95 percent right:", bool(right.float().mean() > 0.95))

# %% [markdown]
# Only the model, the data and the loss are different. A network is many neurons, one layer behind
# the other; autograd needs nothing new for it.

# %% [markdown]
# ## 5. Graphs that change
#
# The graph is recorded anew each time, from the operations that really run. So you may use `if`
# and `while` as in any Python code.


# %%
def double_until_large(x):
    """Double x until it is at least 10."""
    while x < 10:
        x = 2 * x
    return x


# %% [markdown]
# **Predict:** what is the gradient of the result for an input of 3? And for an input of 6?

# %%
fig, axes = plt.subplots(1, 2, figsize=(6, 2.6), layout="constrained")
for ax, start in zip(axes, (3.0, 6.0), strict=True):
    start = torch.tensor(start, requires_grad=True)
    result = double_until_large(start)
    result.backward()
    draw_graph(result, ax, x=start)
    ax.set_title(f"x = {start.item():.0f}, gradient {start.grad.item():.0f}")
    print(start.item(), result.item(), start.grad.item())

# %% [markdown]
# *Figure: the graph for 3 has two multiplications, the graph for 6 has one.*
#
# 3 is doubled twice, to 12: the gradient is 2 · 2 = 4. 6 is doubled once: the gradient is 2. The
# comparison `x < 10` leaves no node. Autograd sees only the way that was taken.

# %% [markdown]
# ## 6. An operation of your own
#
# You can teach autograd a new operation, with a subclass of `torch.autograd.Function`. `forward`
# computes the result and keeps what `backward` needs in `ctx`, the context of this one call.
# `backward` gets `grad_output`, the gradient of the loss for the *result*, and returns the gradient
# for the *input*. By the chain rule this is `grad_output` times the derivative.


# %%
class Cube(torch.autograd.Function):
    """x³, with the derivative 3 x²."""

    @staticmethod
    def forward(ctx, x):
        """Return x³."""
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, grad_output):
        """Return the gradient for x."""
        (x,) = ctx.saved_tensors
        return grad_output * 3 * x**2


# %% [markdown]
# It is called through `apply`. `gradcheck` compares `backward` with finite differences, so the
# input must be `float64`.

# %%
points = torch.linspace(-2, 2, 5, dtype=torch.float64, requires_grad=True)
print(torch.autograd.gradcheck(Cube.apply, points))

# %% [markdown]
# ### Exercise 5: an operation with its own backward (6 minutes, build)
#
# SiLU is a bent function of many recent networks: `x * sigmoid(x)`. Write the class `SiLU` with
# `forward` and `backward`, for x of any shape, in `float32` or `float64`; the result has the shape
# and the dtype of x. The derivative of the sigmoid s is s · (1 - s); the product rule gives that of
# `x * s`. Change neither x nor `grad_output` in place.


# %% exercise="autograd.custom_function"
class SiLU(torch.autograd.Function):
    """x * sigmoid(x), with its own backward."""

    @staticmethod
    def forward(ctx, x):
        """Return x * sigmoid(x), and keep what backward needs."""
        ### BEGIN SOLUTION
        ctx.save_for_backward(x)
        return x * torch.sigmoid(x)
        ### END SOLUTION

    @staticmethod
    def backward(ctx, grad_output):
        """Return the gradient for x."""
        ### BEGIN SOLUTION
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return grad_output * (s + x * s * (1 - s))
        ### END SOLUTION


# %%
autograd.custom_function.check(SiLU)

# %% [markdown]
# PyTorch has this function too, and `gradcheck` can look at yours.

# %%
if autograd.custom_function.done():
    torch.testing.assert_close(SiLU.apply(points), nn.functional.silu(points))
    print(torch.autograd.gradcheck(SiLU.apply, points))

# %% [markdown]
# ## 7. Bug hunt: the loss that swings
#
# A colleague fits the line with `nn.Linear` and a small learning rate, 0.1. There is no error, but
# no good line either. This is the function.


# %%
def broken_fit(model, X, y, steps, lr):
    """Return the loss before each step."""
    loss_fn = nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    optimizer.zero_grad()
    losses = []
    for _step in range(steps):
        loss = loss_fn(model(X), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% [markdown]
# **Predict:** what will the curve of the losses look like?

# %%
torch.manual_seed(0)
losses = broken_fit(nn.Linear(1, 1), X, target, steps=100, lr=0.1)
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
ax.plot(losses, color="#0072B2")
ax.set(xlabel="step", ylabel="mean squared error")
assert max(losses[50:]) > 5 * min(losses)

# %% [markdown]
# *Figure: the loss falls and rises again, over and over, and does not come to rest.*
#
# The line swings around the best one like a pendulum: when it gets there, something still pushes it
# on in the old direction. What does this function remember from one step to the next?
#
# ### Exercise 6: the loss that swings (3 minutes, debug)
#
# Write `fit(model, X, y, steps, lr)` without the bug. As before, it trains the model with
# `torch.optim.SGD` (no momentum) and the mean squared error, all points at once, and returns a list
# with the loss before each step, as plain numbers. `X` has shape (N, inputs), `y` (N, outputs).


# %% exercise="autograd.zero_grad"
def fit(model, X, y, steps, lr):
    """Train the model on (X, y); return the loss before each step."""
    ### BEGIN SOLUTION
    loss_fn = nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _step in range(steps):
        loss = loss_fn(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
    ### END SOLUTION


# %%
autograd.zero_grad.check(fit)

# %% [markdown]
# Now the same training with your function.

# %%
if autograd.zero_grad.done():
    torch.manual_seed(0)
    losses = fit(nn.Linear(1, 1), X, target, steps=100, lr=0.1)
    print("the loss never rises:", losses == sorted(losses, reverse=True))

# %% [markdown]
# ## 8. Bug hunt: the history that fills the memory
#
# Another colleague trains a network and measures its loss on other points after each step. After
# some hours the program is stopped, because the memory is full. Here is the function. Its argument
# `train_step` is itself a function; it makes one step of the training.


# %%
def broken_watch(train_step, model, X_other, y_other, steps):
    """Return the loss on the other points after each step."""
    loss_fn = nn.MSELoss()
    history = []
    for _step in range(steps):
        train_step()
        history.append(loss_fn(model(X_other), y_other))
    return history


# %% [markdown]
# To see the symptom we watch the tensors that graphs keep for `backward()`. PyTorch hands each of
# them to the first function given to `saved_tensors_hooks`, and keeps what that returns: here a
# `Box` with the tensor in it. The second function takes the tensor out again. All boxes are noted
# in `alive`, a `WeakSet`: such a set forgets what nobody else holds any more. So `alive` always
# shows what graphs still keep.

# %%
import weakref


class Box:
    """Holds a tensor for a graph."""

    def __init__(self, tensor):
        self.tensor = tensor.detach()
        alive.add(self)


alive = weakref.WeakSet()
counting = torch.autograd.graph.saved_tensors_hooks(Box, lambda box: box.tensor)


# %% [markdown]
# Two graphs may keep the same tensor. The next function counts each place in the memory once.


# %%
def megabytes_kept():
    """Return the size of all tensors that graphs keep alive, each counted once."""
    storages = [box.tensor.untyped_storage() for box in alive]
    return sum({s.data_ptr(): s.nbytes() for s in storages}.values()) / 1e6


# %% [markdown]
# Now a network with 100 hidden neurons, 60 points to learn from, and 10 000 others.

# %%
torch.manual_seed(0)
model = nn.Sequential(nn.Linear(1, 100), nn.ReLU(), nn.Linear(100, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
X_other = torch.rand(10_000, 1)
y_other = 3 * X_other - 1

# %% [markdown]
# The step of the training is the usual one. First it notes how much the graphs keep.


# %%
kept = []


def train_step():
    """Make one step of gradient descent, and note what graphs keep alive before it."""
    kept.append(megabytes_kept())
    loss = nn.functional.mse_loss(model(X), target)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


# %% [markdown]
# **Predict:** how will the memory that the graphs keep change from step to step?

# %%
with counting:
    history = broken_watch(train_step, model, X_other, y_other, steps=20)
fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
ax.plot(kept, "o-", color="#0072B2")
ax.set(xlabel="step", ylabel="kept by graphs (MB)", xticks=range(0, 20, 5))
print("nothing at first:", kept[0] == 0)
print("more at each step:", kept == sorted(set(kept)))

# %% [markdown]
# *Figure: what the graphs keep grows by the same amount at each step.*
#
# Each loss in the list holds its graph, and each graph holds the outputs of the hidden layer for
# 10 000 points. The training loss does less harm: its `backward()` gives those tensors back. But
# nobody calls `backward()` on the other losses.

# %%
print(history[0].grad_fn is not None, len(alive) > 0)
history.clear()
print(len(alive))

# %% [markdown]
# With the list the graphs are gone, and everything that they held.
#
# ### Exercise 7: the history that fills the memory (4 minutes, debug)
#
# Write `watch(train_step, model, X_other, y_other, steps)`. It does the same, with the mean squared
# error, but returns a list of **plain numbers**. Whenever it calls `train_step()`, at most one
# graph, that of the last loss, may still be alive. `train_step()` needs a graph of its own, so
# leave recording on for it, and the model in training mode. Only measure: no `backward()`.


# %% exercise="autograd.history"
def watch(train_step, model, X_other, y_other, steps):
    """Return the loss on the other points after each step, as plain numbers."""
    ### BEGIN SOLUTION
    loss_fn = nn.MSELoss()
    history = []
    for _step in range(steps):
        train_step()
        with torch.no_grad():
            history.append(loss_fn(model(X_other), y_other).item())
    return history
    ### END SOLUTION


# %%
autograd.history.check(watch)

# %% [markdown]
# The same network with your function:

# %%
if autograd.history.done():
    kept.clear()
    with counting:
        history = watch(train_step, model, X_other, y_other, steps=20)
    print("the memory does not grow:", kept[-1] <= kept[1])

# %% [markdown]
# The bug has a second form, `total = total + loss`. There the sum has a graph, with all the losses
# in it. The function `walk` from section 2 counts its nodes.

# %%
total = torch.tensor(0.0)
nodes = []
for _step in range(30):
    loss = nn.functional.mse_loss(model(X), target)
    loss.backward()
    total = total + loss
    nodes.append(len(walk(total.grad_fn)))
print(nodes[9] < nodes[19] < nodes[29])

# %% [markdown]
# With `total = total + loss.item()`, or `loss.detach()`, there is nothing to grow.

# %% [markdown]
# ## Recap
#
# - Each operation leaves a node. `backward()` goes through the nodes from the loss to the leaves,
#   multiplies by the chain rule, and adds the result to `.grad`.
# - Gradient descent moves each parameter against its gradient. Formulas, autograd, an optimizer
#   and `nn.Linear` lead to the same line.
# - Clear the gradients before each `backward()`. Update and measure without recording. Keep
#   numbers, not tensors that hold a graph.

# %% [markdown]
# ## Quiz
#
# Replace each `...` by the letter of your choice.
#
# **1.** The gradient of a loss for `w` is 8. The loss is computed twice, and `backward()` is called
# after each. What is `w.grad`, if nothing clears it?
# - **a** 8
# - **b** 16
# - **c** 64

# %%
autograd.quiz(1, "b")  ### STUB: autograd.quiz(1, ...)

# %% [markdown]
# **2.** The loss is `((w * x).detach() + b) ** 2`. For which parameters does `backward()` find a
# gradient?
# - **a** for `b` alone
# - **b** for `w` and `b`
# - **c** for none, it is an error

# %%
autograd.quiz(2, "a")  ### STUB: autograd.quiz(2, ...)

# %% [markdown]
# **3.** Why does the update `w -= lr * w.grad` stand inside `torch.no_grad()`?
# - **a** because `w.grad` would be recorded twice
# - **b** because it would be too slow otherwise
# - **c** because it is no part of the calculation of the loss

# %%
autograd.quiz(3, "c")  ### STUB: autograd.quiz(3, ...)

# %% [markdown]
# **4.** A model has a million parameters. How often must the loss be computed to find all
# gradients with `backward()`?
# - **a** two million times
# - **b** a million times
# - **c** once

# %%
autograd.quiz(4, "c")  ### STUB: autograd.quiz(4, ...)

# %% [markdown]
# **5.** A loop measures the loss on other points after each step. What should it append to its
# history?
# - **a** `loss.item()`
# - **b** `loss`
# - **c** `loss.backward()`

# %%
autograd.quiz(5, "a")  ### STUB: autograd.quiz(5, ...)

# %% [markdown]
# ## Where to go on
#
# - [PyTorch on how autograd works](https://docs.pytorch.org/docs/stable/notes/autograd.html): what
#   is recorded, what is kept, and the modes without a graph.
# - [PyTorch on extending autograd](https://docs.pytorch.org/docs/stable/notes/extending.html): more
#   about `torch.autograd.Function` and modules of your own.
# - [PyTorch's optimizers](https://docs.pytorch.org/docs/stable/optim.html): what there is besides
#   `SGD`, and how to choose a learning rate.
