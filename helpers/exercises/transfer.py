"""Checks of the exercises in 09_transfer_learning."""

import copy
import math
import sys
from functools import partial

import torch
from hypothesis import strategies as st
from torch import nn
from torch.nn.functional import pad

from helpers.exercises.cases import (
    NAMESPACE,
    Code,
    cases,
    lists,
    one_of,
    orders,
    sizes,
    tensors,
    ticks,
)
from helpers.exercises.compare import kind
from helpers.exercises.core import Facts, call, exercise, expect
from helpers.exercises.networks import use_network
from helpers.exercises.quiz import Question, Quiz

quiz = Quiz(
    Question(
        right="c",
        reasons={
            "a": "Both parts are needed: the body makes the features that the head works with.",
            "b": "The old head has one output for each old class, and none for the new ones.",
            "c": "Edges, colours and shapes serve new classes too; the old outputs do not.",
        },
    ),
    Question(
        right="a",
        reasons={
            "a": "They are buffers, no parameters: each pass in training mode updates them.",
            "b": "Without a gradient the parameters stay, but the running statistics have none.",
            "c": "The optimizer never holds buffers, so leaving them out of it changes nothing.",
        },
    ),
    Question(
        right="b",
        reasons={
            "a": "Both need a gradient, or else they could not be trained at all.",
            "b": "The body is good already and must not be spoiled; the head starts from nothing.",
            "c": "A step costs the same whatever its rate is.",
        },
    ),
    Question(
        right="b",
        reasons={
            "a": "One repeat each cannot tell a better method from a luckier draw of pictures.",
            "b": "The lead of 2 points is smaller than its error, so chance explains it easily.",
            "c": "It does not show that they are equal either: with more repeats one may lead.",
        },
    ),
    Question(
        right="a",
        reasons={
            "a": "The network has learned from pictures that were prepared in exactly this way.",
            "b": "These numbers differ from weights to weights: take what belongs to yours.",
            "c": "It does run with other numbers, and is silently less accurate.",
        },
    ),
)

# ---- Cases ----------------------------------------------------------------------------------


class Model(nn.Module):
    """A model with a body and a head, as in the notebook."""

    def __init__(self, body, head):
        super().__init__()
        self.body, self.head = body, head

    def forward(self, X):
        """Return the logits."""
        return self.head(self.body(X))


NAMESPACE["transfer"] = sys.modules[__name__]  # so that a case can say transfer.Model(...)

# Bodies with {0} features, and {1} rows for them.
BODIES = one_of(
    ("nn.Sequential(nn.Linear(3, {0}), nn.BatchNorm1d({0}))", "torch.randn({1}, 3)"),
    ("nn.Sequential(nn.Linear(3, {0}), nn.Dropout(0.5))", "torch.randn({1}, 3)"),
    ("nn.BatchNorm1d({0})", "torch.randn({1}, {0})"),
    ("transfer.Model(nn.Linear(2, 3), nn.Linear(3, {0}))", "torch.randn({1}, 2)"),
    (
        "nn.Sequential(nn.Sequential(nn.Conv2d(3, {0}, 3, bias=False), nn.BatchNorm2d({0})), "
        "nn.RReLU(), nn.Dropout(0.2), nn.AdaptiveAvgPool2d(1), nn.Flatten())",
        "torch.randn({1}, 3, 4, 4)",
    ),
)
HEADS = "nn.Linear({0}, {1})", "nn.Sequential(nn.Linear({0}, {1}), nn.ReLU(), nn.Linear({1}, 2))"


@st.composite
def networks(draw, heads=HEADS, **more):
    """A model with a body and one of these heads, its input, and more that is drawn."""
    features, rows, outputs = draw(sizes(1, 4)), draw(sizes(2, 5)), draw(sizes(1, 4))
    body, X = (text.format(features, rows) for text in draw(BODIES))
    model = f"transfer.Model({body}, {draw(one_of(*heads)).format(features, outputs)})"
    drawn = {name: draw(strategy) for name, strategy in more.items()}
    return {"model": Code(model), **drawn, "X": Code(X)}


@cases
def labels(draw):
    """Labels in any order, k of each class at least, a seed, and how many seeds follow it."""
    k, extra = draw(sizes(1, 4)), one_of(0, 1, 2, 3, 20)
    found = draw(st.sets(one_of(0, 1, 2, 5, 40), min_size=1, max_size=3))
    rows = [label for label in sorted(found) for _ in range(k + draw(extra))]
    seed, seeds = draw(one_of(0, 1, 42, 1000)), draw(one_of(1, 100))
    return {"y": torch.tensor(draw(orders(rows))), "k": k, "seed": seed, "seeds": seeds}


@cases
def pairs(draw):
    """Two lists of numbers: the mean of a - b is so many standard errors above 0."""
    n = draw(one_of(2, 3, 4, 5, 6, 12))
    errors = draw(one_of(0, 1.97, 2.03, -1.97, -2.03, 4.3, -4.3))
    b, noise = (draw(tensors((n,), ticks(-0.2, 0.2, 0.05), torch.float64)) for _ in range(2))
    a = b + noise - noise.mean() + errors * noise.std() / n**0.5
    return {"a": [round(x, 6) for x in a.tolist()], "b": [round(x, 6) for x in b.tolist()]}


more_pairs = (
    {"a": [0.1, 0.2], "b": [0.5, 0.7]},
    {"a": [0.5, 0.75], "b": [0.25, 0.5]},  # all differences are equal
    {"a": [0.5012, 0.5031, 0.4998, 0.5004], "b": [0.501, 0.5022, 0.5, 0.5001]},
    {"a": Code("torch.rand(131).tolist()"), "b": Code("torch.rand(131).tolist()")},
)


# ---- 1. Replace the head --------------------------------------------------------------------


@exercise(
    hints=[
        "copy.deepcopy(model) gives a second network with the same weights.",
        "nn.Linear(features, classes) is the new head; model.head.in_features tells the features.",
    ],
    cases=networks(HEADS[:1], classes=sizes(1, 4)),
    examples=15,
)
def head(replace_head, model, classes, X):
    """replace_head(model, classes) -> a copy of the model with a new linear head."""
    model(X)  # which changes the running statistics of batch norm
    answer = call(replace_head, model, classes)
    body, head = getattr(answer, "body", None), getattr(answer, "head", None)
    expect(
        all(isinstance(part, nn.Module) for part in (answer, body, head)),
        "return a copy of the model, an nn.Module with a body and a head: assign to its .head. "
        f"Yours is {kind(answer)}.",
    )
    mine, its = (
        {tensor.untyped_storage().data_ptr() for tensor in module.state_dict().values()}
        for module in (answer, model)
    )
    expect(
        not mine & its,
        "the copy shares weights or running statistics with the model, so training one changes "
        "the other: use copy.deepcopy(model).",
    )
    expect(
        not any(torch.isin(p, model.head.weight).any() for p in head.parameters()),
        "the head holds numbers of the old one, which belong to other classes: assign a new "
        "nn.Linear. A new value for head.out_features alone changes no weight.",
    )
    numbers = [tensor.clone() for tensor in body.state_dict().values()]
    facts = {"the list of the weights and running statistics of the copy's body": numbers}
    return Facts(**facts, **use_network(replace_head, (model, classes), X))


# ---- 2. The frozen body that drifts ---------------------------------------------------------


@exercise(
    hints=[
        "body.requires_grad_(False) stops the gradients. What stops the running statistics?",
        "body.eval() does, until somebody calls model.train(): it calls train() of each module "
        "inside.",
        "Write a class with the body in it whose train(self, mode=True) ignores the mode: "
        "return super().train(False).",
    ],
    cases=networks(),
    examples=25,
    mistakes={
        "model.train() puts your body back into training mode, so its running statistics still "
        "drift: give it a train() that leaves it in evaluation mode.": (
            lambda right, body: body.requires_grad_(False).eval()
        ),
        "your body has no gradients, but batch norm and dropout still work as in training: it must "
        "be in evaluation mode, and stay there.": lambda right, body: body.requires_grad_(False),
    },
)
def freeze(freeze, model, X):
    """freeze(body) -> a module that computes what the body does in evaluation mode, always."""
    model(X)  # which changes the running statistics of batch norm
    body, other = model.body, copy.deepcopy(model.body)
    for p in other.parameters():
        p.data.add_(1)
    frozen = call(freeze, body, may_change=("argument 1",))
    call(freeze, other, may_change=("argument 1",))  # which must leave the first one alone
    expect(
        isinstance(frozen, nn.Module), f"freeze must return an nn.Module, yours is {kind(frozen)}."
    )
    steps = {
        "right after freeze(model.body)": lambda: None,
        "after model.train()": nn.Sequential(frozen).train,
        "after model.eval()": nn.Sequential(frozen).eval,
        "after frozen.train()": frozen.train,
        "after frozen.eval()": frozen.eval,
    }
    facts = Facts()
    for moment, step in steps.items():
        call(step)
        X = X + 1  # another input each time
        output = call(frozen, X)
        asking = any(p.requires_grad for p in frozen.parameters())
        expect(
            not asking and not getattr(output, "requires_grad", False),
            f"{moment} a parameter asks for a gradient: call body.requires_grad_(False), a method "
            "with a _ at its end.",
        )
        facts[f"{moment}, the output"] = copy.copy(output)
    return facts


# ---- 3. Two learning rates ------------------------------------------------------------------


@exercise(
    hints=[
        'Instead of parameters, an optimizer takes a list of dicts: {"params": ..., "lr": ...}.',
        "One dict for model.body.parameters(), one for model.head.parameters().",
        "[p for p in model.body.parameters() if p.requires_grad] leaves out the frozen ones.",
    ],
    cases=networks(
        frozen=lists(one_of("body.0", "bias", "body", "head.0", "1.", "0.weight"), 0, 2),
        body_lr=one_of(0.1, 0.01, 1.0, 0.003, 0.0),
        head_lr=one_of(0.1, 0.01, 1.0, 0.003, 0.0),
    ),
    examples=40,
)
def groups(make_optimizer, model, frozen, body_lr, head_lr, X):
    """make_optimizer(model, body_lr, head_lr) -> SGD, momentum 0.9, only what can be trained."""
    for name, p in model.named_parameters():
        p.requires_grad_(not any(part in name for part in frozen))
    optimizer = call(make_optimizer, model, body_lr, head_lr)
    expect(
        isinstance(optimizer, torch.optim.SGD),
        f"the optimizer must be a torch.optim.SGD, yours is {kind(optimizer)}.",
    )
    groups = {p: group for group in optimizer.param_groups for p in group["params"]}
    expect(
        set(groups) <= set(model.parameters()),
        "the optimizer holds parameters of another model: use those of the model passed in.",
    )
    facts = Facts()
    for name, p in model.named_parameters():
        expect(
            p.requires_grad == (p in groups),
            f"model.{name} is {'missing in' if p.requires_grad else 'frozen, and yet in'} the "
            "optimizer: it must hold the parameters with p.requires_grad, and no others.",
        )
        for option in ("lr", "momentum", "dampening", "maximize") if p in groups else ():
            facts[f"the {option} of model.{name}"] = groups[p][option]
    return facts


# ---- 4. Draw k pictures of each class -------------------------------------------------------


def draw_often(draw, *args, seed, seeds):
    """Return what is drawn from so many seeds, a list."""
    return [draw(*args, seed + i) for i in range(seeds)]


def may_be_even(times):
    """Return False if equal chances do not explain numbers as different as these."""
    times = times.double()
    squares = (times - times.mean()).square().sum() / times.mean()  # as in the chi-square test
    chance = torch.special.gammaincc(torch.tensor((len(times) - 1) / 2).double(), squares / 2)
    return bool(len(times) == 1 or times.mean() < 5 or chance > 1e-8)


@exercise(
    hints=[
        "(y == label).nonzero().flatten() gives the row numbers of one class.",
        "torch.randperm(n, generator=generator)[:k] draws k of n places, none twice.",
        "Make the generator once, with torch.Generator().manual_seed(seed), before the loop "
        "over y.unique(), and join the rows with torch.cat.",
    ],
    cases=labels,
    more_cases=(
        {"y": Code("300 * torch.arange(3012) % 3600 - 3"), "k": 120, "seed": 0, "seeds": 2},
        {"y": Code("torch.arange(80) % 2"), "k": 5, "seed": 3, "seeds": 300},
    ),
    examples=14,
)
def draw(draw, y, k, seed, seeds):
    """draw(y, k, seed) -> int64 (k * classes,), k row numbers of each class, none twice."""
    # Right answers draw different rows: what they share is tested, and that the rows are random.
    rows = call(draw, y, k, seed)
    expect(
        isinstance(rows, torch.Tensor) and rows.dtype == torch.int64 and rows.dim() == 1,
        "return a tensor of one dimension and of dtype torch.int64, yours is "
        f"{kind(rows)}{f', {rows.dtype}' if isinstance(rows, torch.Tensor) else ''}.",
    )
    own = [{*(y == label).nonzero().flatten().tolist()} for label in y.unique()]
    found = [len(numbers & {*rows.tolist()}) for numbers in own]
    expect(
        found == [k] * len(own) and len(rows) == k * len(own),
        f"there must be k = {k} different rows of each class, and yours are {rows.tolist()}, with "
        f"{found} of the classes {y.unique().tolist()}.",
    )
    draws = call(draw_often, draw, y, k, seed=seed, seeds=seeds)
    expect(
        {*rows.tolist()} == {*draws[0].tolist()},
        "the same seed must give the same rows: seed a generator, or call torch.manual_seed.",
    )
    drawn = torch.stack([torch.zeros(len(y)).index_fill(0, rows, 1) for rows in draws])
    for label in y.unique() if seeds > 1 else ():
        own = drawn[:, y == label]
        choices, times = own.unique(dim=0, return_counts=True)
        possible = math.comb(own.shape[1], k)
        expect(
            2 * len(choices) > min(possible, seeds),
            "different seeds must give different rows: draw at random, with a generator that "
            f"starts from seed. In {seeds} seeds yours has {len(choices)} choices for a class.",
        )
        few = possible <= 20  # so that each choice is to come up as often as another one
        times = pad(times, (0, possible - len(times))) if few else own.sum(dim=0)
        expect(
            may_be_even(times),
            f"each row of a class, and each choice of {k} rows, must have the same chance: "
            f"torch.randperm is fair. In {seeds} seeds yours draws those of a class "
            f"{times.int().tolist()} times.",
        )


# ---- 5. Does one method lead ----------------------------------------------------------------


def paired(right, a, b, *, both, root=0.5, correction=1, independent=False):
    """Return mean, error and whether it is beyond twice the error, with one thing wrong."""
    a, b = (torch.tensor(numbers, dtype=torch.float64) for numbers in (a, b))
    variance = a.var() + b.var() if independent else (a - b).var(correction=correction)
    mean, error = (a - b).mean().item(), variance.sqrt().item() / len(a) ** root
    return mean, error, (abs(mean) if both else mean) > 2 * error


def in_pairs(both, sign):
    """Return cases and mistakes for paired lists; both: a and b may lead; sign: how to be told."""
    wrong = partial(partial, paired, both=both)
    mistakes = {
        "that is the standard deviation: divide it by the square root of n.": wrong(root=0),
        "divide the standard deviation by the square root of n, not by n.": wrong(root=1),
        "your standard deviation divides by n, and must by n - 1: torch's .std() does, NumPy's "
        "needs ddof=1.": wrong(correction=0),
        "your error is that of two independent lists: the pairs share their luck, so take the "
        "differences first.": wrong(independent=True),
        sign: partial(paired, both=not both),
    }
    cases = {"cases": pairs, "more_cases": more_pairs, "examples": 150}
    return {**cases, "mistakes": mistakes, "exact_dtype": True}  # a plain True or False


def named(answer, *names):
    """Return the values of an answer by their names."""
    expect(
        isinstance(answer, tuple | list) and len(answer) == len(names),
        f"return {len(names)} values, yours is {kind(answer)}.",
    )
    return Facts(zip(names, answer, strict=True))


def use_pairs(function, a, b):
    """Return the mean, the standard error and the verdict of a function of two lists."""
    answer = call(function, a, b)
    return named(answer, "the mean of the differences", "the standard error", "the third value")


@exercise(
    hints=[
        "First the differences, draw by draw: torch.tensor(a) - torch.tensor(b).",
        "The standard error is their standard deviation, .std(), divided by the root of their "
        "number.",
        "(mean > 2 * error) is a tensor here: .item() makes plain numbers and a plain bool.",
    ],
    **in_pairs(
        both=False,
        sign="a leads only if the mean is above 0: compare it with its sign, without abs().",
    ),
)
def compare(compare, a, b):
    """compare(a, b) -> (mean of a - b, its standard error, whether a leads by over two errors)."""
    return use_pairs(compare, a, b)
