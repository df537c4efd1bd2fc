# %% [markdown]
# # 02 Autograd: how PyTorch finds a gradient
#
# In this notebook you learn
# - what PyTorch records while it computes, and how `backward()` turns that into gradients;
# - to train with your own loop: gradient descent, and the optimizers up to Adam, by hand;
# - to control what is recorded and what is kept: `zero_grad`, `detach`, `no_grad`, `.item()`.
#
# **90 minutes, on any CPU.** You know tensors and broadcasting (notebook 01).

# %% [markdown]
# ## Why
#
# A model has **parameters**, numbers that it can change. The **loss** is one number that says how
# wrong the model is. To make it smaller we must know, for each parameter: if it grows a little, by
# how much does the loss grow? That is the **gradient**. PyTorch finds the gradients of thousands of
# parameters in one pass, from the loss backward. This is called **autograd**.
#
# ![A graph of one calculation. Forward: w = 3 times x = 2 is 6, plus b = 1 is 7, minus y = 5 is 2, squared is the loss, 4. Dashed arrows go backward, from the loss to b and to w, but not to x and y.](figures/autograd_graph.svg)

# %% tags=["setup"]
import matplotlib.pyplot as plt
import torch
from torch import nn

from helpers.exercises import autograd

plt.style.use("helpers.course")
torch.set_num_threads(1)  # small tensors: one thread is faster than two (04 explains)

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
# **By hand.** Call `y_pred - y` the error; here it is 2. The loss is its square. If the error grows
# from 2 to 2.001, its square grows from 4 to 4.004: the loss grows 2 · error = 4 times as fast as
# the error. If `b` grows by 0.001, so does the error; if `w` does, it grows by x · 0.001 = 0.002.
# The rates multiply: this is the **chain rule**.
#
# **Predict:** what are the gradients for `w` and for `b`?
#
# **With autograd.** `backward()` starts at the loss and puts each gradient into `.grad`.

# %%
loss.backward()
print(w.grad, b.grad)

# %% [markdown]
# 4 · 2 = 8 for `w`, and 4 · 1 = 4 for `b`. (To run this cell again, run the one above first:
# section 2 says why.)
#
# **By finite differences.** Move `w` a little up and a little down, and see how the loss changes.


# %%
def loss_at(w, b):
    """Return the loss of the line for the point (2, 5)."""
    return (w * 2.0 + b - 5.0) ** 2


eps = 0.001
print(f"{(loss_at(3.0 + eps, 1.0) - loss_at(3.0 - eps, 1.0)) / (2 * eps):.3f}")

# %% [markdown]
# All three ways agree. Finite differences are good for checking a gradient. For training they are
# too slow: they need two losses for each parameter.
#
# ### Exercise 1: a gradient by hand (3 minutes, complete)
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
# Section 3 uses your function.

# %% [markdown]
# ## 2. The graph, and backpropagation
#
# How did `backward()` know what to do? Each operation on a tensor that requires a gradient leaves
# a **node**, `grad_fn`, in the result. The node knows how to go back through this one operation,
# and which nodes come next. Here is the same calculation again.

# %%
w_leaf = torch.tensor(3.0, requires_grad=True)
b_leaf = torch.tensor(1.0, requires_grad=True)
recorded = loss_at(w_leaf, b_leaf)
print(type(recorded.grad_fn).__name__)

# %% [markdown]
# The last operation was a square (`Pow`, power). All nodes together are the **graph**.
# `draw_backward(loss, ax)` calls `loss.backward()`, and draws the graph with the gradient that
# arrives at each node.
#
# **Predict:** the node on top is the loss itself. Which gradient arrives there?

# %%
from helpers.graphs import draw_backward

fig, ax = plt.subplots(figsize=(4, 3.4))
_ = draw_backward(recorded, ax, w=w_leaf, b=b_leaf)

# %% [markdown]
# *Figure: the graph of the loss, in the order of `backward()`: square, subtraction, addition, then
# the multiplication and `b`, then `w`.*
#
# It starts with 1: the loss grows as fast as itself. Each node multiplies what arrives by the rate
# of its own operation, and hands the result on. The square multiplies by 2 · error = 4, the
# multiplication by x = 2. This is **backpropagation**: the chain rule, node by node, from the loss
# back. One pass finds all gradients. The point (2, 5) is not in the graph: plain numbers need none.
#
# Now a graph of your own: change the line in `my_loss` as you like. Here `w` is used twice.


# %%
def my_loss(w, b):
    """Return a loss of your own, for example ((w * b).exp() - w) ** 2."""
    return w**2 + (w * 2.0 + b - 5.0) ** 2


w_own, b_own = (torch.tensor(number, requires_grad=True) for number in (3.0, 1.0))
fig, ax = plt.subplots(figsize=(4, 4))
_ = draw_backward(my_loss(w_own, b_own), ax, w=w_own, b=b_own)

# %% [markdown]
# *Figure: two ways lead to `w`. Their gradients are added there: 6 + 8 = 14.*
#
# ### Leaves
#
# The graph ends in the parameters, drawn green. Tensors that no recorded operation has made are
# **leaves**. Leaves that require a gradient get a `.grad`, results of recorded
# operations only after `retain_grad()`.
#
# **Predict:** which of `w_leaf`, `x` and `recorded` are leaves?

# %%
for name, tensor in {"w_leaf": w_leaf, "x": x, "recorded": recorded}.items():
    print(f"{name:8}  leaf: {tensor.is_leaf!s:5}  requires_grad: {tensor.requires_grad}")

# %% [markdown]
# `w_leaf` and `x` are leaves: we made them ourselves. `recorded` requires a gradient because
# `w_leaf` and `b_leaf` do.
#
# ### Gradients add up
#
# **Predict:** `w_leaf.grad` is 8. We compute the same loss again and call `backward()` again. What
# is `w_leaf.grad` now?

# %%
loss_at(w_leaf, b_leaf).backward()
print(w_leaf.grad)

# %% [markdown]
# 16: `backward()` **adds** to what is in `.grad`. That helps when a large batch is cut into small
# ones. In a usual training loop it means: clear the gradients before each new `backward()`.
#
# Compute the loss anew for each `backward()`: what a graph keeps is freed as soon as it has been
# used.

# %%
try:
    recorded.backward()
except RuntimeError as error:
    print(str(error).split(". ")[0])

# %% [markdown]
# "Backward through the graph a second time": compute the loss anew first. For an error that you do
# not understand, `import helpers` and `helpers.explain()` in a new cell: it knows the usual ones.

# %% [markdown]
# ## 3. Learn a line
#
# **Gradient descent** makes the loss smaller, step by step: it moves each parameter a little
# against its gradient. The **learning rate**, `lr`, says how far. We fit a line to 60 points that
# lie near 3x - 1.

# %%
torch.manual_seed(0)
xs = torch.rand(60)
ys = 3 * xs - 1 + 0.2 * torch.randn(60)

# %% [markdown]
# First without autograd: the gradients come from your formulas in exercise 1.

# %% tags=["approx-0.01"]
if autograd.gradient.done():
    w_hand, b_hand = torch.tensor(0.0), torch.tensor(0.0)
    for _step in range(300):
        dw, db = gradient(w_hand, b_hand, xs, ys)
        w_hand, b_hand = w_hand - 0.5 * dw, b_hand - 0.5 * db
    print(f"w {w_hand:.3f}, b {b_hand:.3f}")

# %% [markdown]
# Is it the best line? Linear algebra finds that directly (the method of least squares). For a
# network there is no such way, and descent still works.

# %% tags=["approx-0.01"]
columns = torch.stack([xs, torch.ones(60)], dim=1)  # (60, 2)
best = torch.linalg.lstsq(columns, ys.unsqueeze(1)).solution.squeeze(1)
best_loss = ((columns @ best - ys) ** 2).mean()
print(f"w {best[0]:.3f}, b {best[1]:.3f}, loss {best_loss:.4f}")

# %% [markdown]
# Both give the same line: yours is the best. Now autograd replaces the formulas. The first step:

# %% tags=["approx-0.01"]
w_auto = torch.zeros((), requires_grad=True)
b_auto = torch.zeros((), requires_grad=True)
loss_auto = ((w_auto * xs + b_auto - ys) ** 2).mean()
loss_auto.backward()
print(f"loss {loss_auto:.3f}, gradients {w_auto.grad:.3f} and {b_auto.grad:.3f}")

# %% [markdown]
# **Predict:** may we now write `w_auto -= 0.5 * w_auto.grad`?

# %%
try:
    w_auto -= 0.5 * w_auto.grad
except RuntimeError as error:
    print(error)

# %% [markdown]
# No. `-=` is an *in-place operation*, and `w_auto` a *leaf that requires grad*. The subtraction
# would be recorded, but it is not part of the calculation of the loss. Inside `torch.no_grad()`
# nothing is recorded.

# %% tags=["approx-0.01"]
with torch.no_grad():
    w_auto -= 0.5 * w_auto.grad
    b_auto -= 0.5 * b_auto.grad
print(f"loss {((w_auto * xs + b_auto - ys) ** 2).mean():.3f}")

# %% [markdown]
# The loss falls from 0.954 to 0.638. For another step the gradient must be computed anew.
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
# Write `fit_line(x, y, steps, lr)`; `x` and `y` have shape (N,). It starts with w = 0 and b = 0
# and makes exactly `steps` steps of gradient descent on the mean squared error. Let autograd find
# the gradients, with `backward()`; `step` may make the moves. Return the **path**: a list of
# `steps + 1` pairs `(w, b)` of plain numbers (`.item()`), the start first, then one pair after
# each step.


# %% exercise="autograd.fit_line"
def fit_line(x, y, steps, lr):
    """Return the path of (w, b), from the start to the last step of gradient descent."""
    ### BEGIN SOLUTION
    w = torch.zeros((), requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    path = [(w.item(), b.item())]
    for _step in range(steps):
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for p in (w, b):
                p -= lr * p.grad
                p.grad = None
        path.append((w.item(), b.item()))
    return path
    ### END SOLUTION


# %%
autograd.fit_line.check(fit_line)

# %% [markdown]
# Your loop can show how it learns. Here is the loss of every pair of a path.


# %%
def losses_along(path, x, y):
    """Return the loss of the line at each pair (w, b) of a path, (steps + 1,)."""
    path = torch.as_tensor(path)
    w, b = path[:, :1], path[:, 1:]  # (steps + 1, 1)
    return ((w * x + b - y) ** 2).mean(dim=1)


# %% [markdown]
# **Predict:** which of the learning rates 0.02, 0.1, 0.5 and 0.85 is the best after 60 steps?

# %% tags=["approx-0.01"]
rates = {0.02: "#9ECAE1", 0.1: "#4292C6", 0.5: "#08306B", 0.85: "C4"}  # blues, and vermilion
if autograd.fit_line.done():
    fig, ax = plt.subplots()
    for lr, colour in rates.items():
        losses = losses_along(fit_line(xs, ys, steps=60, lr=lr), xs, ys)
        ax.plot(losses, color=colour, label=f"lr = {lr}")
        print(f"lr {lr:4}: loss {losses[-1]:.3g}")
    ax.set(xlabel="step", ylabel="mean squared error", ylim=(0, 1.6))
    ax.legend()

# %% [markdown]
# *Figure: with 0.02 and 0.1 the loss falls slowly, with 0.5 it is soon the lowest. With 0.85 it
# falls at first, then grows without end.*
#
# A loss that grows from step to step is the usual sign of a learning rate that is too large. Why
# does it grow? Think of (w, b) as a place on a map, and of the loss as the height there: the **loss
# surface**.


# %%
def draw_surface(ax, x, y, best):
    """Draw the loss of each line (w, b), as lines of equal height; a star marks the best."""
    w, b = torch.meshgrid(torch.linspace(-1, 5, 121), torch.linspace(-3, 2, 101), indexing="xy")
    pairs = torch.stack([w.flatten(), b.flatten()], dim=1)
    height = losses_along(pairs, x, y).reshape(w.shape)
    ax.contour(w, b, height, levels=[0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4], colors="#BBBBBB")
    ax.plot(*best, "*", color="black", markersize=11)
    ax.grid(False)
    ax.set(xlabel="w", ylabel="b", xlim=(-1, 5), ylim=(-3, 2))
    return ax


# %%
if autograd.fit_line.done():
    fig, axes = plt.subplots(1, 3, figsize=(9, 3), sharey=True)
    for ax, lr in zip(axes, (0.1, 0.5, 0.85), strict=True):
        path = torch.tensor(fit_line(xs, ys, steps=12, lr=lr))
        draw_surface(ax, xs, ys, best).plot(*path.T, "o-", color=rates[lr])
        ax.set_title(f"lr = {lr}")

# %% [markdown]
# *Figure: the first 12 steps from (0, 0); the star is the best line, in a long valley. At 0.1 and
# 0.5 they go down into the valley, then creep along it. At 0.85 each crosses the valley and lands
# farther from its floor.*
#
# The steep sides limit the learning rate, and on the flat way along the valley the steps are short.
# Section 5 is about this.
#
# ### The same with PyTorch's parts
#
# `nn.Linear(1, 1)` is the line once more, with its `weight` and `bias`. It expects a column for
# each input, so `X_line` has shape (60, 1), and the target too. An **optimizer** holds the
# parameters: `step()` moves them, `zero_grad()` clears their gradients. `SGD` (stochastic gradient
# descent) is your `step`; *stochastic*, because a step usually sees only some of the data, drawn
# at random.

# %% tags=["approx-0.01"]
X_line, y_line = xs.unsqueeze(1), ys.unsqueeze(1)  # both (60, 1)
line_model = nn.Linear(1, 1)
loss_fn = nn.MSELoss()
optimizer = torch.optim.SGD(line_model.parameters(), lr=0.5)
for _step in range(300):
    line_loss = loss_fn(line_model(X_line), y_line)
    optimizer.zero_grad()
    line_loss.backward()
    optimizer.step()
print(f"w {line_model.weight.item():.3f}, b {line_model.bias.item():.3f}")

# %% [markdown]
# The best line again, from another start: `nn.Linear` starts at random. The lines in this loop are
# those of every training in this course; only the model, the data, the loss and the optimizer
# change.

# %% [markdown]
# ## 4. What is recorded, and what is not
#
# **`backward()` alone needs one number.** A gradient says how one number, the loss, reacts.

# %%
weight = torch.tensor([1.0, -2.0, 3.0], requires_grad=True)
squares = weight**2  # (3,)
try:
    squares.backward()
except RuntimeError as error:
    print(error)

# %% [markdown]
# A *scalar* is one number: make one first, with `.mean()` or `.sum()`. Or say how much each output
# counts: `squares.backward(g)` is the `backward()` of the weighted sum `(g * squares).sum()`.

# %%
squares.backward(torch.tensor([1.0, 1.0, 0.0]))
print(weight.grad)

# %% [markdown]
# **NumPy knows no graphs.** The message says how to get out of one.

# %%
try:
    weight.numpy()
except RuntimeError as error:
    print(error)

# %% [markdown]
# `detach()` returns the same numbers as a tensor without a graph: going backward stops there.
#
# **Predict:** `weight * 2 + weight` has the gradient 3. And with the first part detached?

# %%
weight.grad = None  # forget the old gradient
((weight * 2).detach() + weight).sum().backward()
print(weight.grad)

# %% [markdown]
# 1: the detached part counts in the result, but not in the gradient. And `detach()` copies nothing:
# both tensors share their memory.
#
# **Predict:** we keep the numbers with `detach()`, then the parameter moves. What have we kept?

# %%
kept = weight.detach()
with torch.no_grad():
    weight += 10
print(kept)

# %% [markdown]
# The new numbers. To keep the old ones, copy them: `detach().clone()`.
#
# **Three ways not to record.** `weight.requires_grad_(False)` freezes a parameter: it gets no
# gradient until you set it back. Inside `no_grad()` nothing is recorded. `inference_mode()` is
# stricter: what is made there can never be saved for a later `backward()`.

# %%
print((weight.requires_grad_(False) * 2).requires_grad, (weight.requires_grad_() * 2).requires_grad)
with torch.inference_mode():
    inferred = weight * 2
try:
    weight * inferred
except RuntimeError as error:
    print(error)

# %% [markdown]
# In doubt, use `no_grad()`.
#
# ### Exercise 4: keep the best (2 minutes, complete)
#
# During a training one likes to keep the parameters of the best moment. Write
# `snapshot(parameters)`. `parameters` is a list of leaf tensors of any shape, in `float32` or
# `float64`. Return a list with a copy of each: same numbers, shape and dtype, with
# `requires_grad=False` and no graph. The parameters will move on, in place; the copies must stay.
# Change nothing that you are given.


# %% exercise="autograd.snapshot"
def snapshot(parameters):
    """Return a copy of each parameter, without a graph and with a memory of its own."""
    ### BEGIN SOLUTION
    return [p.detach().clone() for p in parameters]
    ### END SOLUTION


# %%
autograd.snapshot.check(snapshot)

# %% [markdown]
# Your `step` and `snapshot` at work, with a learning rate that is too large:

# %% tags=["approx-0.01"]
if autograd.step.done() and autograd.snapshot.done():
    pair = [torch.zeros((), requires_grad=True) for _ in range(2)]
    lowest = float("inf")
    for _step in range(30):
        pair_loss = ((pair[0] * xs + pair[1] - ys) ** 2).mean()
        if pair_loss.item() < lowest:
            lowest, best_pair = pair_loss.item(), snapshot(pair)
        pair_loss.backward()
        step(pair, lr=0.85)
    print(f"last loss {pair_loss:.1f}, best {lowest:.3f} with w = {best_pair[0]:.2f}")

# %% [markdown]
# `snapshot` has kept the best of a training that runs away. A smaller rate gets further.

# %% [markdown]
# ## 5. Optimizers by hand, up to Adam
#
# Plain descent creeps along the valley. Other optimizers remember something of the steps before.
# Here each is a function: it gets the gradient and a `state`, and returns the **move**, which is
# subtracted from the parameters. The state is a `defaultdict(float)`: what was never stored counts
# as 0.


# %%
def sgd(grad, state, lr):
    """Gradient descent: no memory at all."""
    return lr * grad


def momentum(grad, state, lr):
    """Like a ball that rolls: the old velocity goes on, a little slower."""
    state["velocity"] = 0.9 * state["velocity"] + grad
    return lr * state["velocity"]


def rmsprop(grad, state, lr):
    """Divide by the size that the gradient has had lately, for each parameter."""
    state["square"] = 0.99 * state["square"] + 0.01 * grad**2
    return lr * grad / (state["square"].sqrt() + 1e-8)


# %% [markdown]
# **Momentum.** Gradients that keep their direction add up, in the end to 1 / (1 - 0.9) = 10 times
# one gradient. Those that alternate nearly halve. So it is fast along the valley. It can
# also roll too far, and swing.
#
# **RMSprop** (root mean square propagation). `square` is a **moving average** of the squared
# gradient: in each step 1 % of it is replaced. Its root is the usual size of the gradient. Divided
# by it, steep and flat directions move alike.
#
# The next function walks with any of them, in `float64`, so that we can compare many digits.

# %%
from collections import defaultdict


def descend(optimizer, x, y, steps, lr):
    """Return the path of (w, b) with one of these optimizers, (steps + 1, 2)."""
    x, y = x.double(), y.double()
    p = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    state, path = defaultdict(float), [p.detach().clone()]
    for _step in range(steps):
        loss = ((p[0] * x + p[1] - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            p -= optimizer(p.grad, state, lr)
        p.grad = None
        path.append(p.detach().clone())
    return torch.stack(path)


# %%
def descend_torch(make_optimizer, x, y, steps):
    """Return where an optimizer of torch.optim ends, (2,)."""
    p = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    optimizer = make_optimizer([p])
    for _step in range(steps):
        loss = ((p[0] * x.double() + p[1] - y.double()) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return p.detach()


# %% [markdown]
# ### Exercise 5: Adam by hand (6 minutes, build)
#
# **Adam** (adaptive moments) joins the two: it keeps a moving average m of the gradient, its
# momentum, and one, v, of the squared gradient, like RMSprop. Both start at 0, so at first they
# are too small: after one step m is only 0.1 of the gradient. After t steps the weights in m sum to
# 1 - 0.9ᵗ: the **bias correction** divides by that. In step t = 1, 2, 3, ...
#
# - m is 0.9 times the old m plus 0.1 times the gradient;
# - v is 0.999 times the old v plus 0.001 times the squared gradient;
# - the move is lr · M / (√V + 1e-8), with M = m / (1 - 0.9ᵗ) and V = v / (1 - 0.999ᵗ).
#
# Write `adam(grad, state, lr)`, which returns the move. `grad` has any shape, in `float32` or
# `float64`; the move has the same shape and dtype. `state` is a `defaultdict(float)`, empty before
# step 1. Keep in it, under names of your choice, what the next step needs, t too. Leave `grad` as
# it is.


# %% exercise="autograd.adam"
def adam(grad, state, lr):
    """Return Adam's move, and note in the state what the next step needs."""
    ### BEGIN SOLUTION
    state["t"] += 1
    state["m"] = 0.9 * state["m"] + 0.1 * grad
    state["v"] = 0.999 * state["v"] + 0.001 * grad**2
    M = state["m"] / (1 - 0.9 ** state["t"])
    V = state["v"] / (1 - 0.999 ** state["t"])
    return lr * M / (V.sqrt() + 1e-8)
    ### END SOLUTION


# %%
autograd.adam.check(adam)

# %% [markdown]
# All four against PyTorch's own: the slope `w` after 50 steps, in twelve decimals.

# %% tags=["approx-0.01"]
known = {
    sgd: lambda p: torch.optim.SGD(p, lr=0.1),
    momentum: lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
    rmsprop: lambda p: torch.optim.RMSprop(p, lr=0.1),
    adam: lambda p: torch.optim.Adam(p, lr=0.1),
}
if autograd.adam.done():
    for move, make_optimizer in known.items():
        ours = descend(move, xs, ys, steps=50, lr=0.1)[-1, 0]
        theirs = descend_torch(make_optimizer, xs, ys, steps=50)[0]
        print(f"{move.__name__:8} {ours:.12f} {theirs:.12f}")

# %% [markdown]
# The same numbers. Now the ways that they take, with the same learning rate.

# %%
if autograd.adam.done():
    fig, ax = plt.subplots(figsize=(6, 4))
    draw_surface(ax, xs, ys, best)
    for move in (sgd, momentum, rmsprop, adam):
        path = descend(move, xs, ys, steps=50, lr=0.1)
        ax.plot(*path.T, ".-", label=move.__name__)
    ax.legend(loc="lower left")

# %% [markdown]
# *Figure: 50 steps of each. SGD has covered half of the way. Momentum rolls past the best line and
# comes back. RMSprop's first step is 10 times too long: its average starts at 0 and is not
# corrected.*
#
# **Predict:** with the sum of the squared errors instead of the mean, gradients are 60 times as
# large. What does that change for SGD, and what for Adam?


# %%
def with_the_sum(move):
    """Return the optimizer as it is with the sum: each gradient is 60 times as large."""
    return lambda grad, state, lr: move(60 * grad, state, lr)


if autograd.adam.done():
    for move in (sgd, adam):
        ends = [descend(m, xs, ys, steps=50, lr=0.1)[-1, 0] for m in (move, with_the_sum(move))]
        print(f"{move.__name__:5} w {ends[0]:.4g}, and with the sum {ends[1]:.4g}")

# %% [markdown]
# SGD runs away: for it, gradients 60 times as large are a learning rate 60 times as large. Adam
# divides by the size of the gradient and goes the same way. So its rate depends less on the loss
# and the model, and it is often the first choice, in this course too.

# %% [markdown]
# ## 6. Lab: learning rate and optimizer
#
# Turn the knobs, **one at a time**: the rate of SGD, the optimizer at the rate 0.1, the rates of the
# others. We count the steps, up to 500, until the loss is within 1 % of the best and stays there.


# %%
def steps_needed(move, lr):
    """Return how many steps bring the loss within 1 % of the best, for good."""
    losses = losses_along(descend(move, xs, ys, steps=500, lr=lr), xs, ys)  # (501,)
    late = (~(losses <= 1.01 * best_loss)).nonzero()  # so NaN is late too
    steps = late.max().item() + 1
    return steps if steps <= 500 else "never"


# %%
if autograd.adam.done():
    settings = [
        *((sgd, lr) for lr in (0.02, 0.1, 0.5, 0.85)),
        *((move, 0.1) for move in (momentum, rmsprop, adam)),
        *[(momentum, 0.5), (momentum, 1.0), (rmsprop, 0.01)],
        *[(adam, 0.01), (adam, 0.5), (adam, 1.0)],
    ]
    print(*[f"{move.__name__} {lr}" for move, lr in settings], sep=", ")

# %% [markdown]
# **Predict:** replace the right side by a list of 13 guesses, in this order: a number of steps, or
# `"never"`.

# %%
expected = [100] * 13  ### STUB: expected = ["?"] * 13

# %% [markdown]
# ### Exercise 6: the table of a lab (2 minutes, complete)
#
# Write `make_table(settings, expected, run)`. `settings` is a list of pairs (optimizer, lr),
# `expected` a list of the same length. Call `run(optimizer, lr)` once for each setting, in this
# order; what it returns is the result. Return a list with one dict for each setting, with the keys
# `"optimizer"` (the function's name, `optimizer.__name__`), `"lr"`, `"expected"` and `"result"`.


# %% exercise="autograd.lab"
def make_table(settings, expected, run):
    """Return a row for each setting: what was expected, and what came out."""
    ### BEGIN SOLUTION
    rows = []
    for (optimizer, lr), guess in zip(settings, expected, strict=True):
        row = {"optimizer": optimizer.__name__, "lr": lr, "expected": guess}
        rows.append({**row, "result": run(optimizer, lr)})
    return rows
    ### END SOLUTION


# %%
autograd.lab.check(make_table)

# %%
import pandas as pd

if autograd.adam.done() and autograd.lab.done():
    print(pd.DataFrame(make_table(settings, expected, steps_needed)).to_string())

# %% [markdown]
# What does it show? Answer for yourself, then read on.
#
# - **The rate of SGD**: 0.02 is too slow, 0.85 runs away, 0.5 takes 56 steps.
# - **The optimizer at 0.1.** Momentum needs a quarter of SGD's steps: its moves add up. RMSprop
#   never rests at 0.1, and at 0.01 stays near up to step 500, not for ever: divided by their size,
#   small gradients move far too.
# - **The rates of momentum and Adam** matter less: at 0.1, 0.5 and 1.0 momentum takes 70 to 76 steps,
#   Adam 72 to 82. At 0.01 Adam is too slow.
#
# The fastest of the 13 is plain SGD, at 0.5. A comparison is fair only if each optimizer gets the rate that
# suits it.

# %% [markdown]
# ## 7. A neuron, and a loss that does not break
#
# A **neuron** multiplies each of its inputs by a weight and adds a bias. The sum is its **logit**.
# The **sigmoid**, 1 / (1 + exp(-logit)), turns it into a number between 0 and 1, which we read as
# the probability of class 1. Our neuron gets 200 spots in two classes.

# %%
torch.manual_seed(0)
spots = torch.randn(200, 2)
above = (spots[:, 0] + 2 * spots[:, 1] > 0.5).float()  # (200,), 1 above a line and 0 below

# %% [markdown]
# The loss is minus the logarithm of the probability of the true class, averaged: the **binary
# cross-entropy**.


# %%
def naive_loss(logits, y):
    """Return the binary cross-entropy, as the formula says."""
    probs = torch.sigmoid(logits)
    return -(y * probs.log() + (1 - y) * (1 - probs).log()).mean()


# %% [markdown]
# **Predict:** a line separates the classes, and the training is the usual one. Will the loss fall
# for 300 steps?

# %%
w_spot, b_spot = torch.zeros(2, requires_grad=True), torch.zeros((), requires_grad=True)
optimizer_spot = torch.optim.SGD([w_spot, b_spot], lr=1.0)
for step_spot in range(300):
    loss_spot = naive_loss(spots @ w_spot + b_spot, above)
    if loss_spot.isnan():
        break
    optimizer_spot.zero_grad()
    loss_spot.backward()
    optimizer_spot.step()
print(step_spot, loss_spot.item(), f"largest logit {(spots @ w_spot + b_spot).max():.1f}")

# %% [markdown]
# After 51 steps the loss is NaN (not a number). The most certain spot is to blame, with a logit of
# 16.8: in `float32`, 1 + exp(-16.8) rounds to 1, and so the computed sigmoid is exactly 1.

# %%
certain = torch.sigmoid(torch.tensor(16.8))
print(certain, (1 - certain).log(), 0 * (1 - certain).log())

# %% [markdown]
# The logarithm of 0 is minus infinity, and even 0 times infinity is NaN. `nn.BCELoss` takes
# probabilities and limits the logarithm, so there is no NaN. But look at its gradient, for two
# logits that are very wrong: the class is 0.

# %%
wrong_logits = torch.tensor([20.0, 30.0], requires_grad=True)
nn.BCELoss()(torch.sigmoid(wrong_logits), torch.zeros(2)).backward()
print("BCELoss          ", wrong_logits.grad)
wrong_logits.grad = None
nn.BCEWithLogitsLoss()(wrong_logits, torch.zeros(2)).backward()
print("BCEWithLogitsLoss", wrong_logits.grad)

# %% [markdown]
# With `BCELoss` it is exactly 0: the worst mistakes teach nothing. `BCEWithLogitsLoss` computes
# sigmoid and logarithm together. For one logit its gradient is the probability minus the class,
# here 1 - 0, and half of it in the mean of two. So from here on our models return logits; the
# sigmoid comes only where we read probabilities.
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
        return self.w * x + self.b


line = Line()
print([name for name, _ in line.named_parameters()], line(torch.ones(3)).shape)

# %% [markdown]
# `line(x)` calls `forward(x)`. Write `line(x)`, not `line.forward(x)`.
#
# ### Exercise 7: the neuron as a module (4 minutes, build)
#
# Write the class `Neuron`. `Neuron(features)` has two parameters: one holds the `features` weights,
# the other the bias. Give them the start and the shapes that you like. `forward(X)` takes X of
# shape (N, features), in `float32`, and returns the **logits**, with shape (N,) and in `float32`
# too. It must work for a single row as well, N = 1.


# %% exercise="autograd.neuron"
class Neuron(nn.Module):
    """A weighted sum of the inputs plus a bias."""

    def __init__(self, features):
        super().__init__()
        ### BEGIN SOLUTION
        self.w = nn.Parameter(torch.zeros(features))
        self.b = nn.Parameter(torch.zeros(()))
        ### END SOLUTION

    def forward(self, X):
        """Return the logits, (N,)."""
        ### BEGIN SOLUTION
        return X @ self.w + self.b
        ### END SOLUTION


# %%
autograd.neuron.check(Neuron)

# %% [markdown]
# Your neuron learns past step 51.

# %% tags=["approx-0.01"]
if autograd.neuron.done():
    neuron = Neuron(2)
    neuron_optimizer = torch.optim.SGD(neuron.parameters(), lr=1.0)
    for _step in range(300):
        neuron_loss = nn.BCEWithLogitsLoss()(neuron(spots), above)
        neuron_optimizer.zero_grad()
        neuron_loss.backward()
        neuron_optimizer.step()
    right = (neuron(spots) > 0) == (above == 1)  # a logit above 0 is a probability above 0.5
    print(f"loss {neuron_loss.item():.2f}, {right.sum().item()} of 200 right")

# %% [markdown]
# ## 8. Bug hunt: no error, and no good line
#
# A colleague fits the line with a small learning rate, 0.1.


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
swinging = broken_fit(nn.Linear(1, 1), X_line, y_line, steps=100, lr=0.1)
fig, ax = plt.subplots()
ax.plot(swinging, color="C4")
_ = ax.set(xlabel="step", ylabel="mean squared error")

# %% [markdown]
# *Figure: the loss falls and rises again, over and over, and does not come to rest.*
#
# The line swings around the best one like a pendulum. What does this function remember from one
# step to the next?
#
# ### Exercise 8: the loss that swings (2 minutes, debug)
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
# Now the same training with your function, drawn over the broken one.

# %%
if autograd.zero_grad.done():
    torch.manual_seed(0)
    falling = fit(nn.Linear(1, 1), X_line, y_line, steps=100, lr=0.1)
    fig, ax = plt.subplots()
    ax.plot(swinging, color="C4", label="broken")
    ax.plot(falling, color="C0", label="yours")
    ax.set(xlabel="step", ylabel="mean squared error")
    ax.legend()

# %% [markdown]
# *Figure: with fresh gradients in each step the loss falls and stays down. The broken training comes
# close to the best line earlier, but cannot stay there.*
#
# Why `.item()`? The losses themselves would keep all their graphs in the memory (an Extra).

# %% [markdown]
# ## Extra: the learning rate's limit, a second derivative
#
# Why does 0.5 work for the line and 0.85 not? The limit is 2 divided by the curvature of the loss,
# its second derivative, in the direction in which it curves most. Autograd can differentiate a
# gradient again: `hessian` returns all second derivatives, and its eigenvalues are the curvatures
# of the valley, along it and across it.


# %%
def loss_of_pair(p):
    """Return the loss of the line (w, b) = p."""
    return ((p[0] * xs + p[1] - ys) ** 2).mean()


curvatures = torch.linalg.eigvalsh(torch.autograd.functional.hessian(loss_of_pair, torch.zeros(2)))
print(f"curvatures {curvatures[0]:.2f} and {curvatures[1]:.2f}, limit {2 / curvatures[1]:.2f}")

# %% tags=["approx-0.01"]
for lr in (0.80, 0.83):
    ends = losses_along(descend(sgd, xs, ys, steps=300, lr=lr), xs, ys)
    print(f"lr {lr:.2f}: loss {ends[0]:.2f} -> {ends[-1]:.3g}")

# %% [markdown]
# ## Extra: graphs that change
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
fig, axes = plt.subplots(1, 2, figsize=(5, 2.6))
for ax, start in zip(axes, (3.0, 6.0), strict=True):
    start = torch.tensor(start, requires_grad=True)
    draw_backward(double_until_large(start), ax, start=start)
    print(start.item(), double_until_large(start).item(), start.grad.item())

# %% [markdown]
# *Figure: the graph for 3 has two multiplications, the graph for 6 has one.*
#
# 3 is doubled twice, to 12: the gradient is 2 · 2 = 4. 6 is doubled once: the gradient is 2. The
# comparison `x < 10` leaves no node. Autograd sees only the way that was taken.

# %% [markdown]
# ## Extra: a bug hunt in the measuring
#
# Another colleague trains a network and measures its loss on other points after each step. After
# some hours the program is stopped. Here is the function. Its argument `train_step` is itself a
# function; it makes one step of the training.


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
# We try it with a network that has 100 hidden neurons, 60 points to learn from, and 10,000 others.
# (`nn.Sequential` passes its input through one layer after the other, `nn.ReLU` replaces negative
# numbers by 0; notebook 03 is about them.) `count_kept()` watches what graphs keep for
# `backward()`: `megabytes()` says how much at that moment.

# %%
from helpers.graphs import count_kept


def try_watch(watch):
    """Return the history of 20 steps, and the megabytes that graphs keep before each step."""
    torch.manual_seed(0)
    X_other, kept = torch.rand(10_000, 1), []
    model = nn.Sequential(nn.Linear(1, 100), nn.ReLU(), nn.Linear(100, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

    def train_step():
        kept.append(megabytes())
        loss = nn.functional.mse_loss(model(X_line), y_line)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    with count_kept() as megabytes:
        history = watch(train_step, model, X_other, 3 * X_other - 1, steps=20)
    return history, kept


# %% [markdown]
# **Predict:** how will the memory that the graphs keep change from step to step?

# %%
tensors_kept, memory = try_watch(broken_watch)
fig, ax = plt.subplots()
ax.plot(range(1, 21), memory, "o-", color="C4")
ax.set(xlabel="step", ylabel="kept by graphs (MB)", xticks=range(5, 21, 5))
print([round(number, 1) for number in memory[:4]])

# %% [markdown]
# *Figure: what the graphs keep grows by the same amount at each step.*
#
# Each loss in the list holds its graph. Each graph holds the output of the hidden layer for all
# points: 10,000 rows · 100 neurons · 4 bytes are 4 MB. The training loss does less harm: its
# `backward()` gives those tensors back. But nobody calls `backward()` on the other losses.
#
# ### Exercise 9: the history that fills the memory (4 minutes, debug)
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
    numbers_kept, memory_of_yours = try_watch(watch)
    print([round(number, 1) for number in memory_of_yours[:4]])

# %% [markdown]
# The bug has a second form, `total = total + loss`. There the sum has a graph, with all the losses
# in it. With `total = total + loss.item()`, or `loss.detach()`, there is nothing to grow.

# %% [markdown]
# ## Extra: an operation of your own
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
# ### Exercise 10: an operation with its own backward (6 minutes, build)
#
# SiLU is a nonlinear function of many recent networks: `x * sigmoid(x)`. Write the class `SiLU`
# with `forward` and `backward`, for x of any shape, in `float32` or `float64`; the result has the
# shape and the dtype of x. The derivative of the sigmoid s is s · (1 - s). The product rule says:
# the derivative of u · v is u' · v + u · v'. Change neither x nor `grad_output` in place.


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
# PyTorch has this function too. Here are the gradients at the five points, PyTorch's and yours.

# %% tags=["approx-0.01"]
if autograd.custom_function.done():
    for silu in (nn.functional.silu, SiLU.apply):
        (slopes,) = torch.autograd.grad(silu(points).sum(), points)
        print([round(slope, 6) for slope in slopes.tolist()])

# %% [markdown]
# ## Recap
#
# - Each operation leaves a node. Backpropagation goes through the nodes from the loss to the
#   leaves, multiplies by the chain rule, and `backward()` adds the result to `.grad`.
# - Gradient descent moves each parameter against its gradient. Momentum remembers the direction,
#   RMSprop the size of the gradient, Adam both. Try several learning rates with each.
# - Clear the gradients before each `backward()`. Update and measure without recording. Keep
#   numbers, or `detach().clone()`, not tensors that hold a graph or share the memory.

# %% [markdown]
# ## Quiz
#
# Replace each `...` by the letter of your choice, in quotes.
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
# - **c** because it is not part of the calculation of the loss

# %%
autograd.quiz(3, "c")  ### STUB: autograd.quiz(3, ...)

# %% [markdown]
# **4.** All gradients become 60 times as large. What does Adam do, with the same learning rate?
# - **a** its moves become 60 times as large
# - **b** nearly the same as before
# - **c** its moves become 60 times smaller

# %%
autograd.quiz(4, "b")  ### STUB: autograd.quiz(4, ...)

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
# - [Why momentum really works](https://distill.pub/2017/momentum/): the valley and the ball, to be
#   tried in the browser.
# - [PyTorch's optimizers](https://docs.pytorch.org/docs/stable/optim.html): what there is besides
#   these four, and how to let the learning rate fall.
