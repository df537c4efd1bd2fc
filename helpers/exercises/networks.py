"""How a network is judged: as a function of its input and its parameters, however it is written."""

from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import nn

from helpers.exercises.compare import Facts, kind
from helpers.exercises.core import call, expect


def use_network(make, args, X, flat=False):
    """Return what a network made by make(*args) does with X, as Facts to compare.

    Its parameters are overwritten by known numbers, so how it starts does not matter. A gradient
    must reach each of them. flat: parameters may have other shapes with as many numbers.
    """
    model, other = (getattr(m, "_orig_mod", m) for m in (call(make, *args), call(make, *args)))
    expect(isinstance(model, nn.Module), f"a network must be an nn.Module, yours is {kind(model)}.")
    expect(model is not other, "each call must make a new network, yours returns the same one.")
    wake(model, X)
    wake(other, X)
    memory = {p.data_ptr() for p in model.parameters() if p.numel()}
    expect(
        not any(p.data_ptr() in memory for p in other.parameters()),
        "two networks share their parameters: make the layers anew for each, in __init__.",
    )
    before = list(map(id, model.parameters()))
    expect(
        before,
        "model.parameters() finds nothing: in __init__ write self.first = nn.Linear(...), or "
        "nn.Parameter(...). A plain tensor, or a layer in a plain list, is not found.",
    )
    fill(model, flat, seed=X.numel())  # others in other cases: outputs of both signs
    facts = Facts()
    for mode, training in (("training", True), ("evaluation", False)):
        model.train(training)
        output = call(model, X)
        expect(
            isinstance(output, torch.Tensor),
            f"the network must return a tensor, yours returns {kind(output)}.",
        )
        expect(
            before == list(map(id, model.parameters())),
            "a layer is made inside forward, so it is new, and untrained, in each call: make it "
            "in __init__.",
        )
        shapes = [tuple(p.shape) for p in model.parameters()]
        counts = [p.numel() for p in model.parameters()] if flat else shapes
        measure = "sizes" if flat else "shapes"
        facts[f"the sorted list of the {measure} of all parameters"] = sorted(counts)
        facts[f"with parameters that the check has set, the output in {mode} mode"] = (
            output.detach().clone()
        )
        for name, gradient in gradients(model, output, flat).items():
            facts[f"in {mode} mode, the gradient of {name}"] = gradient
    facts["with these parameters, the output for X + 1"] = call(model, X + 1).detach()
    return facts


def wake(model, X):
    """Let Lazy layers find out their sizes."""
    if any(isinstance(p, nn.parameter.UninitializedParameter) for p in model.parameters()):
        call(model, X)


def ranked(model, flat):
    """Return the parameters in an order that does not depend on how the network is written."""
    return sorted(
        model.parameters(), key=lambda p: p.numel() if flat else (p.dim(), tuple(p.shape))
    )


def fill(model, flat, seed):
    """Overwrite the parameters by known numbers, so that the outputs are near 1 in size."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for p in ranked(model, flat):
            numbers = torch.randn(p.numel(), generator=generator)
            fan_in = max(p.numel(), 1) if flat else p[0].numel() if p.dim() > 1 else 1
            p.copy_(numbers.reshape(p.shape) / fan_in**0.5)


def gradients(model, output, flat):
    """Return the gradient of each parameter; raise Wrong where none arrives."""
    parameters = ranked(model, flat)
    learns = all(p.requires_grad for p in parameters)
    expect(learns, "a parameter has requires_grad=False, so it cannot learn: leave it True.")
    reason = (
        "no gradient reaches {}, so it cannot learn: use it in forward, and compute with the "
        "layers themselves, without detach(), .data, .item() or no_grad()."
    )
    expect(output.requires_grad, reason.format("the parameters"))
    weights = torch.linspace(0.5, 1.5, output.numel()).reshape(output.shape)
    loss = (output * weights).sum()
    found = call(torch.autograd.grad, loss, parameters, allow_unused=True)
    facts = {}
    for i, (p, grad) in enumerate(zip(parameters, found, strict=True)):  # some have equal shapes
        shape = f"of shape {tuple(p.shape)}"
        expect(grad is not None, reason.format(f"a parameter {shape}"))
        name = f"the parameter {'' if flat else shape + ' '}(place {i} by size)"
        facts[name] = grad.flatten() if flat else grad
    return facts


@dataclass
class Seen:
    """One forward pass that was watched: its rows, the model's mode, whether a graph was kept."""

    X: torch.Tensor
    training: bool
    recording: bool


class Watched:
    """The forward of a model that is watched; a copy of the model watches itself."""

    def __init__(self, model, seen):
        self.model, self.seen = model, seen

    def __call__(self, X, *args, **kwargs):
        """Note what is seen, and go forward."""
        copy, training = X.detach().clone(), self.model.training
        output = type(self.model).forward(self.model, X, *args, **kwargs)
        self.seen.append(Seen(copy, training, output.requires_grad))
        return output

    def __deepcopy__(self, memo):
        """Return the forward of the copied model, which notes in the same list."""
        return Watched(memo[id(self.model)], self.seen)


@contextmanager
def watch(model):
    """Yield a list that grows by a Seen with each forward pass, by model(X) or model.forward(X)."""
    seen = []
    model.forward = Watched(model, seen)
    try:
        yield seen
    finally:
        del model.forward


def weights(model, when="afterwards"):
    """Return the numbers of all parameters of a model, copied, as Facts."""
    return Facts(
        {f"the model's {n} {when}": p.detach().clone() for n, p in model.named_parameters()}
    )


def expect_shown(seen, X, model="the model"):
    """Expect that this model was called, with rows of X, in batches or not."""
    expect(seen, f"your function does not call {model} passed in here: does it use another one?")
    rows = {tuple(row) for row in X.flatten(1).tolist()}
    shown = {tuple(row) for one in seen for row in one.X.flatten(1).tolist()}
    expect(
        shown <= rows,
        f"{model} is shown rows that are not in X: the body uses other data, or changes it.",
    )
