"""Checks of the exercises in 09_transfer_learning."""

import copy
import math
import random
import sys
from itertools import combinations

import torch
from hypothesis import strategies as st
from torch import nn

from helpers.exercises.cases import NAMESPACE, Code, build, cases, grid, one_of, sizes
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
        "nn.ReLU(), nn.Dropout(0.2), nn.AdaptiveAvgPool2d(1), nn.Flatten())",
        "torch.randn({1}, 3, 4, 4)",
    ),
)


@cases
def bodies(draw):
    """A body and its input."""
    features, rows = draw(sizes(1, 4)), draw(sizes(2, 5))
    body, X = (Code(text.format(features, rows)) for text in draw(BODIES))
    return {"body": body, "X": X, "features": features}


@cases
def models(draw):
    """A model, its input, and a number of classes."""
    case, old, classes = draw(bodies), draw(sizes(1, 4)), draw(sizes(1, 4))
    head = f"nn.Linear({case['features']}, {old})"
    model = Code(f"transfer.Model({case['body'].text}, {head})")
    return {"model": model, "classes": classes, "X": case["X"]}


@cases
def rates(draw):
    """A model, the names of its frozen parameters, and two rates."""
    case, hidden, lr = draw(bodies), draw(sizes(1, 3)), one_of(0.1, 0.01, 1.0, 0.003, 0.0)
    heads = (
        "nn.Linear({0}, {1})",
        "nn.Sequential(nn.Linear({0}, {1}), nn.ReLU(), nn.Linear({1}, 2))",
    )
    head = draw(one_of(*heads)).format(case["features"], hidden)
    model = Code(f"transfer.Model({case['body'].text}, {head})")
    names = [name for name, _ in build({"model": model})["model"].named_parameters()]
    return {
        "model": model,
        "frozen": [name for name in names if draw(st.booleans())],
        "body_lr": draw(lr),
        "head_lr": draw(lr),
    }


@cases
def labels(draw):
    """Labels in any order, k of each class at least, a seed, and how many seeds follow it."""
    k, extra = draw(sizes(1, 4)), one_of(0, 1, 2, 3, 20)
    counts = draw(st.dictionaries(one_of(0, 1, 2, 5, 40), extra, min_size=1, max_size=3))
    rows = [label for label, more in counts.items() for _ in range(k + more)]
    random.Random(draw(sizes(0, 9))).shuffle(rows)
    seed, seeds = draw(one_of(0, 1, 42, 1000)), draw(one_of(1, 100))
    return {"y": torch.tensor(rows), "k": k, "seed": seed, "seeds": seeds}


@cases
def pairs(draw):
    """Two lists of numbers: the mean of a - b is so many standard errors above 0."""
    n, decimals = draw(one_of(2, 3, 4, 5, 6, 12)), grid(-0.2, 0.2, 0.05)
    errors = draw(one_of(0, 1.97, 2.03, -1.97, -2.03, 4.3, -4.3))
    b = [0.5 + draw(decimals) for _ in range(n)]
    noise = torch.tensor([draw(decimals) for _ in range(n)], dtype=torch.float64)
    lead = errors * (noise.std() / n**0.5 if noise.std() > 1e-9 else 0.05)
    a = torch.tensor(b, dtype=torch.float64) + noise - noise.mean() + lead
    return {"a": [round(x, 6) for x in a.tolist()], "b": [round(x, 6) for x in b]}


larger_pairs = (
    {"a": [0.1, 0.2], "b": [0.5, 0.7]},
    {"a": [0.5012, 0.5031, 0.4998, 0.5004], "b": [0.501, 0.5022, 0.5, 0.5001]},
    {"a": Code("torch.rand(131).tolist()"), "b": Code("torch.rand(131).tolist()")},
)


def train_a_little(model):
    """Give batch norm running statistics as after some training."""
    for buffer in model.buffers():
        buffer.copy_(1 + torch.rand(buffer.shape))


# ---- 1. Replace the head --------------------------------------------------------------------


def memory(model):
    """Return where the numbers of a model lie."""
    return {tensor.untyped_storage().data_ptr() for tensor in model.state_dict().values()}


@exercise(
    hints=[
        "copy.deepcopy(model) gives a second network with the same weights.",
        "nn.Linear(features, classes) is the new head; model.head.in_features tells the features.",
    ],
    cases=models,
    examples=15,
    mistakes={
        "the head ends in a softmax: return the logits.": lambda right, model, classes: Model(
            copy.deepcopy(model.body),
            nn.Sequential(nn.Linear(model.head.in_features, classes), nn.Softmax(dim=1)),
        ),
    },
)
def head(replace_head, model, classes, X):
    """replace_head(model, classes) -> a copy of the model with a new linear head."""
    train_a_little(model)
    answer = call(replace_head, model, classes)
    expect(
        isinstance(answer, nn.Module), f"the copy must be an nn.Module, yours is {kind(answer)}."
    )
    body, head = getattr(answer, "body", None), getattr(answer, "head", None)
    expect(
        isinstance(body, nn.Module) and isinstance(head, nn.Module),
        "the copy must have a body and a head, like the model: assign to its .head.",
    )
    expect(
        not memory(answer) & memory(model),
        "the copy shares weights or running statistics with the model, so training one changes "
        "the other: use copy.deepcopy(model).",
    )
    old = [row.tolist() for row in model.head.weight]
    new = [row.tolist() for p in head.parameters() if p.dim() == 2 for row in p]
    expect(
        not any(row in old for row in new),
        "the head holds rows of the old one, which belong to other classes: assign a new "
        "nn.Linear. A new value for head.out_features alone changes no weight.",
    )
    facts = {
        "the list of the weights and running statistics of the copy's body": [
            tensor.clone() for tensor in body.state_dict().values()
        ],
        "the list of the shapes of the new head's parameters": [
            tuple(p.shape) for p in head.parameters()
        ],
    }
    return Facts({**facts, **use_network(replace_head, (model, classes), X)})


# ---- 2. The frozen body that drifts ---------------------------------------------------------


@exercise(
    hints=[
        "body.requires_grad_(False) stops the gradients. What stops the running statistics?",
        "body.eval() does, until somebody calls model.train(): it calls train() of each module "
        "inside.",
        "Write a class with the body in it whose train(self, mode=True) ignores the mode: "
        "return super().train(False).",
    ],
    cases=bodies.map(lambda case: {"body": case["body"], "X": case["X"]}),
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
def freeze(freeze, body, X):
    """freeze(body) -> a module that computes what the body does in evaluation mode, always."""
    train_a_little(body)
    other = copy.deepcopy(body).apply(lambda layer: [p.data.add_(1) for p in layer.parameters()])
    frozen = call(freeze, body, may_change=("body",))
    call(freeze, other, may_change=("argument 1",))  # which must leave the first one alone
    expect(
        isinstance(frozen, nn.Module), f"freeze must return an nn.Module, yours is {kind(frozen)}."
    )
    model = nn.Sequential(frozen)
    facts = Facts()
    for moment, step in {
        "right after freeze(body)": lambda: None,
        "after model.train()": model.train,
        "after model.eval()": model.eval,
        "after frozen.train()": frozen.train,
        "after frozen.eval()": frozen.eval,
    }.items():
        call(step)
        X = X + 1  # another input each time
        output = call(frozen, X)
        expect(
            isinstance(output, torch.Tensor),
            f"the frozen body must return a tensor, yours returns {kind(output)}.",
        )
        expect(
            not output.requires_grad and not any(p.requires_grad for p in frozen.parameters()),
            f"{moment} a parameter asks for a gradient: call body.requires_grad_(False), a method "
            "with a _ at its end.",
        )
        facts[f"{moment}, the output"] = output.clone()
    return facts


# ---- 3. Two learning rates ------------------------------------------------------------------


@exercise(
    hints=[
        'Instead of parameters, an optimizer takes a list of dicts: {"params": ..., "lr": ...}.',
        "One dict for model.body.parameters(), one for model.head.parameters().",
        "[p for p in model.body.parameters() if p.requires_grad] leaves out the frozen ones.",
    ],
    cases=rates,
    examples=40,
    mistakes={
        "the two rates are swapped: body_lr belongs to the body, head_lr to the head.": (
            lambda right, model, body_lr, head_lr: right(model, head_lr, body_lr)
        ),
        "body and head have the same rate: they need a group each.": (
            lambda right, model, body_lr, head_lr: right(model, head_lr, head_lr),
            lambda right, model, body_lr, head_lr: right(model, body_lr, body_lr),
        ),
    },
)
def groups(make_optimizer, model, frozen, body_lr, head_lr):
    """make_optimizer(model, body_lr, head_lr) -> SGD, momentum 0.9, only what can be trained."""
    for name in frozen:
        model.get_parameter(name).requires_grad_(False)
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
        if p.requires_grad:
            expect(p in groups, f"model.{name} is missing in the optimizer, and can be trained.")
            facts[f"the lr of model.{name}"] = groups[p]["lr"]
            facts[f"the momentum of model.{name}"] = groups[p]["momentum"]
            facts[f"the dampening of model.{name}"] = float(groups[p]["dampening"])
            facts[f"maximize of model.{name}"] = groups[p]["maximize"]
        expect(
            p.requires_grad or p not in groups,
            f"model.{name} is frozen, and yet in the optimizer: take only parameters with "
            "p.requires_grad.",
        )
    return facts


# ---- 4. Draw k pictures of each class -------------------------------------------------------


def draw_often(draw, y, k, seed, seeds):
    """Return the rows for so many seeds."""
    return [draw(y, k, seed + i) for i in range(seeds)]


def may_be_even(counts):
    """Return False if equal chances do not explain counts as different as these."""
    counts = torch.tensor(counts, dtype=torch.float64)
    squares = (counts - counts.mean()).square().sum() / counts.mean()  # as in the chi-square test
    chance = torch.special.gammaincc(torch.tensor((len(counts) - 1) / 2).double(), squares / 2)
    return bool(len(counts) == 1 or counts.mean() < 5 or chance > 1e-8)


def expect_random(drawn, own, k):
    """Expect that draws of k of a class's own rows differ from seed to seed, without a bias."""
    count = math.comb(len(own), k)
    expect(
        2 * len(set(drawn)) > min(count, len(drawn)),
        "different seeds must give different rows: draw at random, with a generator that starts "
        f"from seed. In {len(drawn)} seeds yours has {len(set(drawn))} choices for a class.",
    )
    times = [sum(row in rows for rows in drawn) for row in own]
    expect(
        may_be_even(times),
        f"each row of a class must have the same chance. In {len(drawn)} seeds yours draws those "
        f"of one class {times} times.",
    )
    together = [drawn.count(rows) for rows in combinations(own, k)] if count <= 20 else [0]
    expect(
        may_be_even(together),
        "not every choice of k rows of a class has the same chance: torch.randperm is fair.",
    )


@exercise(
    hints=[
        "(y == label).nonzero().flatten() gives the row numbers of one class.",
        "torch.randperm(n, generator=generator)[:k] draws k of n places, none twice.",
        "Make the generator once, with torch.Generator().manual_seed(seed), before the loop "
        "over y.unique(), and join the rows with torch.cat.",
    ],
    cases=labels,
    more_cases=(
        {
            "y": Code(
                "torch.tensor([-3, 0, 7, 11, 12, 50, 101, 256, 300, 1000, 2048, 2049]).repeat(251)"
            ),
            "k": 120,
            "seed": 0,
            "seeds": 2,
        },
        {"y": Code("torch.arange(80) % 2"), "k": 5, "seed": 3, "seeds": 300},
    ),
    examples=14,
)
def draw(draw, y, k, seed, seeds):
    """draw(y, k, seed) -> int64 (k * classes,), k row numbers of each class, none twice."""
    # Right answers draw different rows: what they share is tested, and that the rows are random.
    rows = call(draw, y, k, seed)
    expect(isinstance(rows, torch.Tensor), f"return a tensor, yours is {kind(rows)}.")
    expect(rows.dtype == torch.int64, f"the rows must be torch.int64, yours are {rows.dtype}.")
    expect(rows.dim() == 1, f"the rows must have one dimension, yours have {rows.dim()}.")
    expect(
        all(0 <= row < len(y) for row in rows.tolist()),
        f"the rows must lie between 0 and {len(y) - 1}, yours are {rows.tolist()}.",
    )
    expect(
        len(rows.unique()) == len(rows),
        f"you draw a row twice, in {rows.tolist()}: draw without putting back, as randperm does.",
    )
    facts = Facts({"the list of the labels of your rows, sorted,": sorted(y[rows].tolist())})
    if sorted(y[rows].tolist()) != sorted(k * y.unique().tolist()):
        return facts
    expect(
        {*rows.tolist()} == {*call(draw, y, k, seed).tolist()},
        "the same seed must give the same rows: seed a generator, or call torch.manual_seed.",
    )
    draws = call(draw_often, draw, y, k, seed, seeds)
    for label in y.unique() if seeds > 1 else ():
        own = (y == label).nonzero().flatten().tolist()
        expect_random([tuple(sorted({*own} & {*rows.tolist()})) for rows in draws], own, k)
    return facts


# ---- 5. Does one method lead ----------------------------------------------------------------


def paired(a, b, *, root=0.5, correction=1, errors=2.0, both=False):
    """Return mean, error and whether it is beyond twice the error, or with one thing wrong."""
    d = torch.tensor(a, dtype=torch.float64) - torch.tensor(b, dtype=torch.float64)
    mean, error = d.mean().item(), d.std(correction=correction).item() / len(d) ** root
    return mean, error, (abs(mean) if both else mean) > errors * error


def unpaired(a, b, both=False):
    """Take the error for two independent sets."""
    a, b = torch.tensor(a, dtype=torch.float64), torch.tensor(b, dtype=torch.float64)
    mean, error = (a.mean() - b.mean()).item(), ((a.var() + b.var()) / len(a)).sqrt().item()
    return mean, error, (abs(mean) if both else mean) > 2 * error


def mistakes_in_pairs(both=False):
    """Return what people do wrong with paired lists; both: a and b may lead."""

    def wrong(**changes):
        return lambda right, a, b: paired(a, b, both=both, **changes)

    return {
        "the sign is wrong: take a - b.": lambda right, a, b: right(b, a),
        "that is the standard deviation: divide it by the square root of n.": wrong(root=0),
        "divide the standard deviation by the square root of n, not by n.": wrong(root=1),
        "your standard deviation divides by n, and must by n - 1: torch's .std() does, NumPy's "
        "needs ddof=1.": wrong(correction=0),
        "your error is that of two independent lists: the pairs share their luck, so take the "
        "differences first.": lambda right, a, b: unpaired(a, b, both),
        "compare the mean with 2 standard errors.": tuple(
            wrong(errors=errors) for errors in (1, 1.96, 3)
        ),
    }


def use_pairs(function, a, b):
    """Return the mean, the standard error and the verdict of a function of two lists."""
    answer = call(function, a, b)
    expect(
        isinstance(answer, tuple | list) and len(answer) == 3,
        f"return three things: the mean, its standard error, True or False; yours is "
        f"{kind(answer)}.",
    )
    names = "the mean of the differences", "the standard error", "the third value"
    return Facts(zip(names, answer, strict=True))


@exercise(
    hints=[
        "First the differences, draw by draw: torch.tensor(a) - torch.tensor(b).",
        "The standard error is their standard deviation, .std(), divided by the root of their "
        "number.",
        "(mean > 2 * error) is a tensor here: .item() makes plain numbers and a plain bool.",
    ],
    cases=pairs,
    more_cases=larger_pairs,
    examples=150,
    mistakes={
        **mistakes_in_pairs(),
        "a leads only if the mean is above 0: compare it with its sign, without abs().": (
            lambda right, a, b: paired(a, b, both=True)
        ),
    },
)
def compare(compare, a, b):
    """compare(a, b) -> (mean of a - b, its standard error, whether a leads by over two errors)."""
    return use_pairs(compare, a, b)
