"""Checks of the exercises in 09_transfer_learning."""

import copy

import numpy as np
import torch
from torch import nn

from helpers.exercises.core import (
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


class Small(nn.Module):
    """A small network with a body and a head, for the checks."""

    def __init__(self, features, classes):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, features, 3),
            nn.BatchNorm2d(features),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
        )
        self.head = nn.Linear(features, classes)

    def forward(self, X):
        """Return the logits."""
        return self.head(self.body(X))


def make_model(features, classes):
    """Return a network whose batch norm has seen some pictures."""
    model = Small(features, classes)
    for _ in range(20):
        model(2 * torch.randn(16, 3, 8, 8) + 1)
    return model


@exercise(
    title="Replace the head",
    notebook="09_transfer_learning",
    minutes=6,
    difficulty="complete",
    hints=[
        "copy.deepcopy(model) gives a second network with the same weights.",
        "nn.Linear(features, classes) is the new head; model.head.in_features tells the features.",
    ],
)
def head(replace_head):
    """replace_head(model, classes) -> a copy of the model with a new linear head."""
    expect_function(replace_head, "replace_head")
    for features, old, classes in ((16, 8, 2), (24, 5, 3)):
        model = make_model(features, old)
        given, old_head = copy.deepcopy(model).eval(), model.head
        answer = call(replace_head, model, classes)
        expect_type(answer, nn.Module, "what replace_head returns")
        expect(
            model.head is old_head and same_numbers(model, given),
            "your function changes the model that is passed in: work on copy.deepcopy(model).",
        )
        body, head = getattr(answer, "body", None), getattr(answer, "head", None)
        expect(
            isinstance(body, nn.Module) and isinstance(head, nn.Module),
            "the copy must have a body and a head, like the model: assign to its .head.",
        )
        expect(
            not shared(answer, model),
            "the copy shares parameters with the model, so training it changes both: "
            "use copy.deepcopy.",
        )
        answer.eval()
        X = torch.randn(5, 3, 8, 8)
        output = call(answer, X)
        expect_tensor(output, "the copy's output")
        expect(
            output.shape != (5, old),
            f"the copy still has {old} outputs. A new value for head.out_features changes no "
            "weight: assign a new nn.Linear.",
        )
        expect_tensor(output, "the copy's output for 5 pictures", shape=(5, classes))
        shapes = [tuple(p.shape) for p in head.parameters()]
        expect(
            shapes == [(classes, features), (classes,)],
            f"the head must be one nn.Linear({features}, {classes}) in place of the old one; "
            f"yours has parameters of shape {', '.join(map(str, shapes)) or 'none'}.",
        )
        weight, bias = head.parameters()
        expect(
            not is_close(weight, given.head.weight[:classes]),
            "the head holds rows of the old one, which belong to other classes: make a new one.",
        )
        hidden = given.body(X)
        expect(
            same_numbers(body, given.body),
            "the copy's body must keep the weights and running statistics of the model's.",
        )
        expect_close(output, hidden @ weight.T + bias, "head(body(X))", tolerance=1e-3)


def same_numbers(model, other):
    """Return whether two modules hold the same parameters and buffers, in the same order."""
    ours, theirs = model.state_dict().values(), other.state_dict().values()
    return len(ours) == len(theirs) and all(map(is_close, ours, theirs))


def shared(model, other):
    """Return whether two modules have a parameter in common."""
    return bool({id(p) for p in model.parameters()} & {id(p) for p in other.parameters()})


@exercise(
    title="Bug hunt: the frozen body that drifts",
    notebook="09_transfer_learning",
    minutes=10,
    difficulty="debug",
    hints=[
        "body.requires_grad_(False) stops the gradients. What stops the running statistics?",
        "body.eval() does, until somebody calls model.train(): it calls train() of each module "
        "inside.",
        "Write a class with the body in it whose train(self, mode=True) ignores the mode: "
        "return super().train(False).",
    ],
)
def freeze(freeze):
    """freeze(body) -> a module that computes what the body does in eval mode, whatever comes."""
    expect_function(freeze, "freeze")
    for features in (6, 9):
        body = make_model(features, 2).body
        expected = copy.deepcopy(body).eval()
        frozen = call(freeze, body)
        expect_type(frozen, nn.Module, "what freeze returns")
        X = torch.randn(12, 3, 8, 8)
        model = nn.Sequential(frozen, nn.Linear(features, 2))
        call(model.eval)
        before = call(frozen, X)
        expect_tensor(before, "the output of the frozen body", shape=(12, features))
        expect_close(before, expected(X), "the output of the frozen body in evaluation mode", 1e-3)
        learning = [name for name, p in frozen.named_parameters() if p.requires_grad]
        expect(
            not learning or "requires_grad" not in vars(body),
            "body.requires_grad = False sets an attribute that nobody reads: "
            "call body.requires_grad_(False).",
        )
        expect(
            not learning,
            f"{len(learning)} parameters still ask for a gradient, first {learning[:1]}: "
            "use requires_grad_(False).",
        )
        call(model.train)
        buffers = [buffer.clone() for buffer in frozen.buffers()]
        during = call(frozen, X)
        expect(
            all(map(torch.equal, frozen.buffers(), buffers)),
            "after model.train() the running statistics still drift: it has put the batch norm "
            "inside back into training mode.",
        )
        expect(
            is_close(during, expected(X), 1e-3),
            "after model.train() the body computes something else than in evaluation mode: "
            "batch norm takes the batch's own mean, or dropout is on.",
        )


@exercise(
    title="Two learning rates",
    notebook="09_transfer_learning",
    minutes=8,
    difficulty="build",
    hints=[
        'Instead of parameters, an optimizer takes a list of dicts: {"params": ..., "lr": ...}.',
        "One dict for model.body.parameters(), one for model.head.parameters().",
        "[p for p in model.body.parameters() if p.requires_grad] leaves out the frozen ones.",
    ],
)
def groups(make_optimizer):
    """make_optimizer(model, body_lr, head_lr) -> SGD, momentum 0.9, only what can be trained."""
    expect_function(make_optimizer, "make_optimizer")
    for body_lr, head_lr, frozen in ((0.01, 0.1, 0), (0.003, 0.2, 2), (0.02, 0.05, 4)):
        model = Small(6, 3)
        for p in list(model.body.parameters())[:frozen]:
            p.requires_grad_(False)
        optimizer = call(make_optimizer, model, body_lr, head_lr)
        expect_type(optimizer, torch.optim.SGD, "the optimizer")
        rates = {id(p): g["lr"] for g in optimizer.param_groups for p in g["params"]}
        own = {id(p) for p in model.parameters()}
        expect(own & set(rates), "the optimizer holds no parameter of the model passed in.")
        expect(set(rates) <= own, "the optimizer holds parameters of another model too.")
        still = [p for p in model.parameters() if not p.requires_grad and id(p) in rates]
        expect(
            not still,
            f"{frozen} parameters of the body are frozen, and {len(still)} of them are in the "
            "optimizer: take only those with p.requires_grad.",
        )
        expect(
            sum(p.requires_grad for p in model.parameters()) == 6 - frozen,
            "your function freezes or thaws parameters: leave requires_grad as it is.",
        )
        parts = {"body": (model.body, body_lr), "head": (model.head, head_lr)}
        found = {
            name: {rates.get(id(p)) for p in part.parameters() if p.requires_grad}
            for name, (part, _) in parts.items()
        }
        expect(
            frozen == 4 or (found["body"], found["head"]) != ({head_lr}, {body_lr}),
            "the two rates are swapped: body_lr belongs to the body, head_lr to the head.",
        )
        expect(
            found["body"] != found["head"],
            f"body and head have the same rate, {next(iter(found['head']))}: "
            "they need a group each.",
        )
        for name, (_, lr) in parts.items():
            expect(
                None not in found[name],
                f"parameters of the {name} are missing in the optimizer.",
            )
            expect(
                found[name] <= {lr},
                f"the {name} must have the rate {lr}, yours has {sorted(found[name])}.",
            )
        momenta = {group["momentum"] for group in optimizer.param_groups if group["params"]}
        expect(momenta == {0.9}, f"the momentum must be 0.9, yours is {sorted(momenta)}.")


@exercise(
    title="Draw k pictures of each class",
    notebook="09_transfer_learning",
    minutes=10,
    difficulty="build",
    hints=[
        "(y == label).nonzero().flatten() gives the row numbers of one class.",
        "torch.randperm(n, generator=generator)[:k] draws k of n places, none twice.",
        "Make the generator once, with torch.Generator().manual_seed(seed), before the loop "
        "over y.unique(), and join the rows with torch.cat.",
    ],
)
def draw(draw):
    """draw(y, k, seed) -> int64 (k * classes,), k row numbers of each class, none twice."""
    expect_function(draw, "draw")
    for labels, sizes, k in (((0, 1), (24, 16), 10), ((2, 5, 9), (12, 20, 15), 6)):
        y = torch.tensor(labels).repeat_interleave(torch.tensor(sizes))
        y = y[torch.randperm(len(y))]
        given = y.clone()
        rows = call(draw, y, k, 0)
        expect(torch.equal(y, given), "your function changes y: work on a copy.")
        case = f"for {len(labels)} classes and k = {k} the row numbers"
        expect_tensor(rows, case, shape=(k * len(labels),), dtype=torch.int64)
        expect(
            bool(((rows >= 0) & (rows < len(y))).all()),
            f"{case} must lie between 0 and {len(y) - 1}.",
        )
        counts = {label: int((y[rows] == label).sum()) for label in labels}
        expect(
            set(counts.values()) == {k},
            f"{case} must hold {k} of each class, yours hold {list(counts.values())}. "
            "Are they numbers of rows of y, not places within a class?",
        )
        expect(
            len(rows.unique()) == len(rows),
            f"{case} hold one twice: draw without putting back, with randperm.",
        )
        drawn = [sorted(call(draw, y, k, seed).tolist()) for seed in range(60)]
        expect(
            drawn[0] == sorted(rows.tolist()),
            "the same seed must give the same rows: seed a generator, or call torch.manual_seed.",
        )
        first = torch.cat([(y == label).nonzero().flatten()[:k] for label in labels])
        expect(
            drawn[0] != sorted(first.tolist()),
            f"you always take the first {k} of each class: draw them at random.",
        )
        expect(drawn[0] != drawn[1], "another seed must give other rows: yours ignores the seed.")
        never = set(range(len(y))) - set().union(*drawn)
        expect(
            not never,
            f"{len(never)} of {len(y)} rows are never drawn, in 60 seeds: "
            "each row of a class must have the same chance.",
        )


@exercise(
    title="Does one method lead beyond its errors",
    notebook="09_transfer_learning",
    minutes=10,
    difficulty="build",
    hints=[
        "First the differences, draw by draw: torch.tensor(a) - torch.tensor(b).",
        "The standard error is their standard deviation, .std(), divided by the root of their "
        "number.",
        "(mean > 2 * error) is a tensor here: .item() makes plain numbers and a plain bool.",
    ],
)
def compare(compare):
    """compare(a, b) -> (mean of a - b, its standard error, whether a leads by over two errors)."""
    expect_function(compare, "compare")
    cases = (5, 0.03, True), (10, 0.012, True), (8, 0.005, False), (6, -0.05, False)
    for n, lead, leads in cases:
        luck = 0.1 * torch.randn(n, dtype=torch.float64)
        noise = torch.randn(n, dtype=torch.float64)
        noise = 0.01 * (noise - noise.mean()) / noise.std()
        b = 0.7 + luck
        a = b + lead + noise
        lists = a.tolist(), b.tolist()
        answer = call(compare, *lists)
        expect(
            isinstance(answer, tuple | list) and len(answer) == 3,
            "compare must return three values: the mean, the standard error, True or False.",
        )
        expect(
            lists == (a.tolist(), b.tolist()),
            "your function changes the lists that are passed in: work on copies.",
        )
        mean = expect_number(answer[0], "the mean difference")
        error = expect_number(answer[1], "the standard error")
        expect(
            not is_close(mean, -lead, 1e-5),
            "the sign is turned round: the difference is a - b.",
        )
        expect_close(mean, lead, "the mean difference", 1e-5)
        right = 0.01 / n**0.5
        expect(
            not is_close(error, 0.01, 1e-5),
            f"this is the standard deviation of one draw: divide by the root of {n}.",
        )
        expect(
            not is_close(error, 0.01 / n, 1e-5),
            f"you divide the standard deviation by {n}: divide by the root of {n}.",
        )
        expect(
            not is_close(error, noise.std(correction=0) / n**0.5, 1e-5),
            f"your standard deviation divides by {n}; a sample of {n} divides by {n - 1}: "
            "torch's .std() does, NumPy's needs ddof=1.",
        )
        apart = ((a.var() + b.var()) / n) ** 0.5
        expect(
            not is_close(error, apart, 1e-5),
            "this is the error for two independent sets of draws. Here both methods saw the same "
            "pictures: take the differences first.",
        )
        expect_close(error, right, "the standard error", 1e-5)
        expect(
            isinstance(answer[2], bool | np.bool_),
            f"the third value must be True or False, yours is {kind(answer[2])}.",
        )
        expect(
            bool(answer[2]) == leads,
            f"for a mean difference of {lead} and a standard error of {right:.4f} the third value "
            f"must be {leads}: is the mean above twice the error?",
        )
