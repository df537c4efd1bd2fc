"""Answers to the exercises of 09_transfer_learning."""

import copy
import math
import random
import statistics

import numpy as np
import pandas as pd
import torch
from sklearn.model_selection import train_test_split
from torch import nn

from answers import obvious, right, wrong

# ---- transfer.head --------------------------------------------------------------------------


@right("transfer.head")
def with_a_sequential_head(model, classes):
    new = copy.deepcopy(model)
    new.head = nn.Sequential(nn.Linear(new.head.weight.shape[1], classes))
    return new


@right("transfer.head")
class PutTogetherAnew(nn.Module):
    def __init__(self, network, outputs):
        super().__init__()
        self.body = copy.deepcopy(network.body)
        self.head = nn.Linear(network.head.weight.size(1), outputs)

    def forward(self, X):
        return self.head(self.body(X))


@obvious("transfer.head")
def copies_number_by_number(model, classes):
    changed = copy.deepcopy(model)
    with torch.no_grad():
        for mine, its in zip(
            changed.body.state_dict().values(), model.body.state_dict().values(), strict=True
        ):
            mine.copy_(its)
    features = len(model.head.weight[0])
    changed.head = nn.Linear(features, classes)
    return changed


@right("transfer.head")
def with_a_head_of_zeros(model, classes):
    changed = copy.deepcopy(model).eval()
    changed.head = nn.Linear(model.head.in_features, classes)
    nn.init.zeros_(changed.head.weight)
    nn.init.zeros_(changed.head.bias)
    return changed


def with_head(model, make):
    """Return a copy of the model with the head that make(features) gives."""
    changed = copy.deepcopy(model)
    changed.head = make(model.head.in_features)
    return changed


@wrong("transfer.head", "changes the weights of model")
def changes_the_model(model, classes):
    model.head = nn.Linear(model.head.in_features, classes)
    return model


@wrong("transfer.head", "changes the weights of model")
def copies_too_late(model, classes):
    nn.init.normal_(model.body[0].weight)
    return with_head(model, lambda features: nn.Linear(features, classes))


@wrong("transfer.head", "shares weights or running statistics")
def copies_the_outside(model, classes):
    changed = copy.copy(model)
    changed._modules = dict(model._modules)
    changed.head = nn.Linear(model.head.in_features, classes)
    return changed


@wrong("transfer.head", "A new value for head.out_features alone changes no weight")
def sets_out_features(model, classes):
    changed = copy.deepcopy(model)
    changed.head.out_features = classes
    return changed


@wrong("transfer.head", "None (is the return missing?)")
def forgets_the_return(model, classes):
    changed = copy.deepcopy(model)
    changed.head = nn.Linear(model.head.in_features, classes)


@wrong(
    "transfer.head",
    "an nn.Module with a body and a head: assign to its .head. Yours is of type tuple",
)
def returns_two_things(model, classes):
    changed = with_head(model, lambda features: nn.Linear(features, classes))
    return changed, changed.head


@wrong("transfer.head", "an nn.Module with a body and a head")
def as_a_sequential(model, classes):
    return nn.Sequential(copy.deepcopy(model.body), nn.Linear(model.head.in_features, classes))


@wrong("transfer.head", "mat1 and mat2")
def always_128(model, classes):
    return with_head(model, lambda _: nn.Linear(128, classes))


@wrong("transfer.head", "the sorted list of the shapes of all parameters")
def one_more(model, classes):
    return with_head(model, lambda features: nn.Linear(features, classes + 1))


@wrong("transfer.head", "the network must return a tensor")
def gives_a_list(model, classes):
    changed = with_head(model, lambda features: nn.Linear(features, classes))
    changed.head.register_forward_hook(lambda _, __, output: output.tolist())
    return changed


@wrong("transfer.head", "the head holds numbers of the old one")
def behind_the_old_head(model, classes):
    changed = copy.deepcopy(model)
    changed.head = nn.Sequential(changed.head, nn.Linear(model.head.out_features, classes))
    return changed


@wrong("transfer.head", "the sorted list of the shapes of all parameters")
def without_a_bias(model, classes):
    return with_head(model, lambda features: nn.Linear(features, classes, bias=False))


@wrong("transfer.head", "the head holds numbers of the old one")
def cuts_the_old_head(model, classes):
    changed = with_head(model, lambda features: nn.Linear(features, classes))
    changed.head.weight = nn.Parameter(model.head.weight[:classes].detach().clone())
    return changed


@wrong("transfer.head", "the list of the weights and running statistics")
def starts_anew(model, classes):
    changed = with_head(model, lambda features: nn.Linear(features, classes))
    for layer in changed.body:
        if hasattr(layer, "reset_parameters"):
            layer.reset_parameters()
    return changed


@wrong("transfer.head", "the list of the weights and running statistics")
def forgets_the_running_statistics(model, classes):
    changed = with_head(model, lambda features: nn.Linear(features, classes))
    changed.body[1].reset_running_stats()
    return changed


@wrong("transfer.head", "the output in training mode is")
def ends_in_softmax(model, classes):
    return with_head(
        model, lambda features: nn.Sequential(nn.Linear(features, classes), nn.Softmax(dim=1))
    )


@wrong("transfer.head", "shares weights or running statistics")
class SharesTheRunningStatistics(nn.Module):
    def __init__(self, network, outputs):
        super().__init__()
        self.body = copy.deepcopy(network.body)
        for mine, its in zip(self.body.modules(), network.body.modules(), strict=True):
            if isinstance(its, nn.BatchNorm1d | nn.BatchNorm2d):
                mine.running_mean = its.running_mean
        self.head = nn.Linear(network.head.in_features, outputs)

    def forward(self, X):
        return self.head(self.body(X))


@wrong("transfer.head", "shares weights or running statistics")
def shares_the_memory(model, classes):
    changed = with_head(model, lambda features: nn.Linear(features, classes))
    for mine, its in zip(changed.body.parameters(), model.body.parameters(), strict=True):
        mine.data = its.data
    return changed


@wrong("transfer.head", "requires_grad=False")
def freezes_the_copy(model, classes):
    changed = copy.deepcopy(model).requires_grad_(False)
    changed.head = nn.Linear(model.head.in_features, classes)
    return changed


@wrong("transfer.head", "requires_grad=False")
def freezes_the_head(model, classes):
    return with_head(model, lambda features: nn.Linear(features, classes).requires_grad_(False))


@wrong("transfer.head", "no gradient reaches")
class DetachesTheFeatures(nn.Module):
    def __init__(self, network, outputs):
        super().__init__()
        self.body = copy.deepcopy(network.body)
        self.head = nn.Linear(network.head.in_features, outputs)

    def forward(self, X):
        return self.head(self.body(X).detach())


@wrong("transfer.head", "the output in evaluation mode")
class SoftmaxInEvaluationOnly(nn.Module):
    def __init__(self, network, outputs):
        super().__init__()
        self.body = copy.deepcopy(network.body)
        self.head = nn.Linear(network.head.in_features, outputs)

    def forward(self, X):
        logits = self.head(self.body(X))
        return logits if self.training else logits.softmax(dim=1)


the_one_head = {}


@wrong("transfer.head", "share their parameters")
def makes_one_head_for_all(model, classes):
    shape = model.head.in_features, classes
    return with_head(model, lambda features: the_one_head.setdefault(shape, nn.Linear(*shape)))


@wrong("transfer.head", "the sorted list of the shapes of all parameters")
def always_two_classes(model, classes):
    return with_head(model, lambda features: nn.Linear(features, 2))


@wrong("transfer.head", "the head holds numbers of the old one")
def keeps_the_old_head_for_as_many_classes(model, classes):
    if classes == model.head.out_features:
        return copy.deepcopy(model)
    return with_head(model, lambda features: nn.Linear(features, classes))


@wrong("transfer.head", "IndexError")
def asks_the_last_layer_of_the_body(model, classes):
    return with_head(model, lambda features: nn.Linear(model.body[-3].num_features, classes))


# ---- transfer.freeze ------------------------------------------------------------------------


@right("transfer.freeze")
def with_a_method_of_its_own(body):
    body.eval()
    body.train = lambda mode=True: body
    for p in body.parameters():
        p.requires_grad = False
    return body


@right("transfer.freeze")
class EvaluatesEachTime(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers = copy.deepcopy(layers).requires_grad_(False)

    @torch.no_grad()
    def forward(self, X):
        self.layers.eval()
        return self.layers(X)


@right("transfer.freeze")
class HiddenFromTrain(nn.Module):
    def __init__(self, body):
        super().__init__()
        self.inside = [body.eval()]  # a list hides a module from train() and parameters()
        for p in body.parameters():
            p.requires_grad_(False)

    def forward(self, X):
        return self.inside[0](X)


@obvious("transfer.freeze")
def puts_every_layer_back(body):
    class Back(nn.Module):
        def __init__(self):
            super().__init__()
            self.body = copy.deepcopy(body)

        def forward(self, X):
            for layer in self.body.modules():
                layer.training = False
            for p in self.body.parameters():
                p.requires_grad = False
            return self.body(X).detach()

    made = Back()
    for p in made.parameters():
        p.requires_grad = False
    return made


@right("transfer.freeze")
def with_train_of_every_layer(body):
    for layer in body.modules():
        layer.training = False
        layer.train = lambda mode=True, layer=layer: layer
    for p in body.parameters():
        p.requires_grad = False
    return body


@right("transfer.freeze")
def as_a_function_in_a_module(body):
    body = copy.deepcopy(body).eval().requires_grad_(False)

    class Frozen(nn.Module):
        def forward(self, X):
            return body(X)

    return Frozen()


@wrong("transfer.freeze", "model.train() puts your body back into training mode")
def gradients_and_eval(body):
    body.requires_grad_(False)
    return body.eval()


@wrong("transfer.freeze", "batch norm and dropout still work as in training")
def gradients_only(body):
    return body.requires_grad_(False)


@wrong("transfer.freeze", "batch norm and dropout still work as in training")
class NoGradOnly(nn.Module):
    def __init__(self, body):
        super().__init__()
        self.body = body.requires_grad_(False)

    @torch.no_grad()
    def forward(self, X):
        return self.body(X)


@wrong("transfer.freeze", "right after freeze(model.body), the output")
def without_momentum(body):
    for layer in body.modules():
        if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
            layer.momentum = 0.0
            layer.num_batches_tracked = None
    return body.requires_grad_(False)


@wrong("transfer.freeze", "Dropout(0.5)")
class DropoutStaysOn(nn.Module):
    def __init__(self, body):
        super().__init__()
        self.body = body.requires_grad_(False)
        self.train()

    def train(self, mode=True):
        super().train(mode)
        for layer in self.body.modules():
            if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
                layer.eval()
        return self

    def forward(self, X):
        return self.body(X)


class StaysInEval(nn.Module):
    """The right wrapper, but for the gradients."""

    def __init__(self, body):
        super().__init__()
        self.body = body.eval()

    def train(self, mode=True):
        return super().train(False)

    def forward(self, X):
        return self.body(X)


@wrong("transfer.freeze", "a parameter asks for a gradient")
def forgets_the_gradients(body):
    return StaysInEval(body)


@wrong("transfer.freeze", "a parameter asks for a gradient")
def freezes_the_convolution_alone(body):
    body[0].requires_grad_(False)
    return StaysInEval(body)


@wrong("transfer.freeze", "a method with a _ at its end")
def sets_an_attribute(body):
    body.requires_grad = False
    return StaysInEval(body)


@wrong("transfer.freeze", "None (is the return missing?)")
def freezes_without_a_return(body):
    body.requires_grad_(False).eval()


@wrong("transfer.freeze", "the output has shape (2, 2), right is (2, 3)")
class WithAHead(StaysInEval):
    def __init__(self, body):
        super().__init__(body.requires_grad_(False))

    def forward(self, X):
        return self.body(X)[:, :2]


@wrong("transfer.freeze", "right after freeze(model.body), the output")
def takes_batch_norm_out(body):
    layers = [layer for layer in body if not isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d)]
    return nn.Sequential(*layers).requires_grad_(False)


@wrong("transfer.freeze", "right after freeze(model.body), the output")
def forgets_what_was_seen(body):
    for layer in body.modules():
        if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
            layer.track_running_stats = False
            layer.running_mean = layer.running_var = None
    return body.requires_grad_(False).eval()


@wrong("transfer.freeze", "TypeError")
class TrainWithoutItsArgument(StaysInEval):
    def __init__(self, body):
        super().__init__(body.requires_grad_(False))

    def train(self):
        return self


@wrong("transfer.freeze", "right after freeze(model.body), the output")
class WithoutEvalAtFirst(nn.Module):
    def __init__(self, body):
        super().__init__()
        self.body = body.requires_grad_(False)

    def train(self, mode=True):
        return super().train(False)

    def forward(self, X):
        return self.body(X)


@wrong("transfer.freeze", "asks for a gradient")
class ThawsInTraining(StaysInEval):
    def train(self, mode=True):
        self.requires_grad_(mode)
        return super().train(False)


@wrong("transfer.freeze", "asks for a gradient")
class HiddenAndNotFrozen(nn.Module):
    def __init__(self, body):
        super().__init__()
        self.inside = [body.eval()]

    def forward(self, X):
        return self.inside[0](X)


@wrong("transfer.freeze", "fter model.train(), the output")
class KeepsTheOutsideOnly(nn.Module):
    def __init__(self, body):
        super().__init__()
        self.body = body.requires_grad_(False).eval()

    def train(self, mode=True):
        super().train(mode)
        self.training = self.body.training = False
        return self

    def forward(self, X):
        return self.body(X)


@wrong("transfer.freeze", "fter model.train(), the output")
def batch_norm_of_the_outer_layers(body):
    body.requires_grad_(False).eval()
    for layer in body.children():
        if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d | nn.Dropout):
            layer.train = lambda mode=True, layer=layer: layer
    return body


@wrong("transfer.freeze", "the output")
def all_batch_norm_and_dropout_alone(body):
    body.requires_grad_(False)
    for layer in body.modules():
        if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d | nn.Dropout):
            layer.eval().train = lambda mode=True, layer=layer: layer
    return body


@wrong("transfer.freeze", "the output")
class SharedByAll(nn.Module):
    def __init__(self, body):
        super().__init__()
        type(self).inside = [body.eval().requires_grad_(False)]

    def forward(self, X):
        return self.inside[0](X)


@wrong("transfer.freeze", "the output")
class CountsItsBatches(nn.Module):
    def __init__(self, body):
        super().__init__()
        self.body, self.calls = body.eval().requires_grad_(False), 0

    def forward(self, X):
        self.calls += 1
        return self.body.train(self.calls > 3)(X)


@wrong("transfer.freeze", "fter model.train(), the output")
class KeepsTheFirstOutput(StaysInEval):
    def __init__(self, body):
        super().__init__(body.requires_grad_(False))
        self.kept = None

    def forward(self, X):
        self.kept = self.body(X) if self.kept is None else self.kept
        return self.kept


@wrong("transfer.freeze", "the output")
class RoundsTheFeatures(nn.Module):
    def __init__(self, body):
        super().__init__()
        self.body = body.requires_grad_(False)

    @torch.no_grad()
    def forward(self, X):
        return self.body.eval()(X).bfloat16().float()


# ---- transfer.groups ------------------------------------------------------------------------


def trainable(module):
    """Return the parameters that ask for a gradient."""
    return [p for p in module.parameters() if p.requires_grad]


@right("transfer.groups")
def a_default_and_a_group(net, small, large):
    parts = [{"params": trainable(net.head)}, {"params": trainable(net.body), "lr": small}]
    return torch.optim.SGD(parts, lr=large, momentum=0.9, weight_decay=1e-4)


@right("transfer.groups")
def a_group_for_each_parameter(model, body_lr, head_lr):
    parts = []
    for name, p in model.named_parameters():
        if p.requires_grad:
            parts.append({"params": [p], "lr": head_lr if name.startswith("head") else body_lr})
    return torch.optim.SGD(parts, momentum=0.9)


@right("transfer.groups")
def adds_a_group(model, body_lr, head_lr):
    optimizer = torch.optim.SGD(trainable(model.head), lr=head_lr, momentum=0.9)
    if trainable(model.body):
        optimizer.add_param_group({"params": trainable(model.body), "lr": body_lr})
    return optimizer


@obvious("transfer.groups")
def with_two_lists(model, body_lr, head_lr):
    body, head = [], []
    for p in model.body.parameters():
        if p.requires_grad:
            body.append(p)
    for p in model.head.parameters():
        if p.requires_grad:
            head.append(p)
    return torch.optim.SGD(
        [{"params": body, "lr": body_lr}, {"params": head, "lr": head_lr}], momentum=0.9
    )


@wrong("transfer.groups", "is frozen, and yet in the optimizer")
def with_all_of_the_head(model, body_lr, head_lr):
    groups = [{"params": trainable(model.body), "lr": body_lr}]
    groups.append({"params": list(model.head.parameters()), "lr": head_lr})
    return torch.optim.SGD(groups, momentum=0.9)


@wrong("transfer.groups", "the lr of model.body.")
def with_groups_by_name(model, body_lr, head_lr):
    named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    groups = [
        {"params": [p for name, p in named if ("head" in name) == head], "lr": lr}
        for head, lr in ((False, body_lr), (True, head_lr))
    ]
    return torch.optim.SGD(groups, momentum=0.9)


@right("transfer.groups")
def as_the_notebooks_sgd(model, body_lr, head_lr):
    parts = [{"params": trainable(model.body), "lr": body_lr}, {"params": trainable(model.head)}]
    return torch.optim.SGD(parts, head_lr, momentum=0.9, nesterov=True, weight_decay=5e-4)


def grouped(body, head, body_lr, head_lr, momentum=0.9):
    """Return SGD with two groups."""
    parts = [{"params": body, "lr": body_lr}, {"params": head, "lr": head_lr}]
    return torch.optim.SGD(parts, momentum=momentum)


@wrong("transfer.groups", "the lr of model.body.0.weight is 0.01, right is 0.1")
def one_rate(model, body_lr, head_lr):
    return torch.optim.SGD(trainable(model), lr=head_lr, momentum=0.9)


@wrong("transfer.groups", "the lr of model.body.0.weight is 0.01, right is 0.1")
def swapped(model, body_lr, head_lr):
    return grouped(trainable(model.body), trainable(model.head), head_lr, body_lr)


@wrong("transfer.groups", "is frozen, and yet in the optimizer")
def holds_the_frozen_ones(model, body_lr, head_lr):
    return grouped(model.body.parameters(), model.head.parameters(), body_lr, head_lr)


@wrong("transfer.groups", "changes requires_grad of parameters")
def thaws(model, body_lr, head_lr):
    model.requires_grad_(True)
    return holds_the_frozen_ones(model, body_lr, head_lr)


@wrong("transfer.groups", "changes requires_grad of parameters")
def freezes_the_body(model, body_lr, head_lr):
    model.body.requires_grad_(False)
    return torch.optim.SGD(model.head.parameters(), head_lr, momentum=0.9)


@wrong("transfer.groups", "model.body.0.weight is missing")
def forgets_the_body(model, body_lr, head_lr):
    return torch.optim.SGD(trainable(model.head), lr=head_lr, momentum=0.9)


@wrong("transfer.groups", "model.head.weight is missing")
def forgets_the_head(model, body_lr, head_lr):
    return torch.optim.SGD(trainable(model.body), lr=body_lr, momentum=0.9)


@wrong("transfer.groups", "is missing in the optimizer")
def forgets_batch_norm(model, body_lr, head_lr):
    weights = [p for p in trainable(model.body) if p.dim() > 1]
    return grouped(weights, trainable(model.head), body_lr, head_lr)


@wrong("transfer.groups", "some parameters appear in more than one parameter group")
def holds_the_head_twice(model, body_lr, head_lr):
    return grouped(trainable(model), trainable(model.head), body_lr, head_lr)


@wrong("transfer.groups", "the lr of model.body.0.weight is 0.001, right is 0.1")
def a_rate_of_its_own(model, body_lr, head_lr):
    return grouped(trainable(model.body), trainable(model.head), 0.001, head_lr)


@wrong("transfer.groups", "the lr of model.head.weight is 0.001, right is 0.1")
def forgets_head_lr(model, body_lr, head_lr):
    parts = [{"params": trainable(model.body), "lr": body_lr}, {"params": trainable(model.head)}]
    return torch.optim.SGD(parts, momentum=0.9)


@wrong("transfer.groups", "the momentum of model.body.0.weight is 0, right is 0.9")
def without_momentum_at_all(model, body_lr, head_lr):
    return grouped(trainable(model.body), trainable(model.head), body_lr, head_lr, momentum=0)


@wrong("transfer.groups", "must be a torch.optim.SGD, yours is of type Adam")
def with_adam(model, body_lr, head_lr):
    parts = [{"params": trainable(model.body), "lr": body_lr}, {"params": trainable(model.head)}]
    return torch.optim.Adam(parts, lr=head_lr)


@wrong("transfer.groups", "must be a torch.optim.SGD, yours is of type list")
def the_groups_alone(model, body_lr, head_lr):
    return [{"params": trainable(model.body), "lr": body_lr}]


notebooks_model = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 2))


@wrong("transfer.groups", "holds parameters of another model")
def of_the_notebooks_model(model, body_lr, head_lr):
    return grouped(notebooks_model[0].parameters(), notebooks_model[1].parameters(), 0.01, 0.1)


@wrong("transfer.groups", "holds parameters of another model")
def the_notebooks_body(model, body_lr, head_lr):
    return grouped(notebooks_model[0].parameters(), trainable(model.head), body_lr, head_lr)


@wrong("transfer.groups", "the lr of model.body.0.weight is 0.01, right is 0.1")
def the_bodys_rate_for_both(model, body_lr, head_lr):
    return grouped(trainable(model.body), trainable(model.head), head_lr, head_lr)


@wrong("transfer.groups", "is frozen, and yet in the optimizer")
def leaves_out_a_frozen_first_layer_only(model, body_lr, head_lr):
    body = list(model.body.parameters())
    body = body if body[0].requires_grad else body[1:]
    return grouped(body, trainable(model.head), body_lr, head_lr)


@wrong("transfer.groups", "is missing in the optimizer")
def drops_a_body_that_is_frozen_in_part(model, body_lr, head_lr):
    body = list(model.body.parameters())
    body = body if all(p.requires_grad for p in body) else []
    return grouped(body, trainable(model.head), body_lr, head_lr)


@wrong("transfer.groups", "is missing in the optimizer")
def the_first_two_parameters_of_the_head(model, body_lr, head_lr):
    return grouped(trainable(model.body), trainable(model.head)[:2], body_lr, head_lr)


@wrong("transfer.groups", "the dampening of model.body.0.weight is 0.9")
def with_dampening(model, body_lr, head_lr):
    parts = [{"params": trainable(model.body), "lr": body_lr}, {"params": trainable(model.head)}]
    return torch.optim.SGD(parts, head_lr, momentum=0.9, dampening=0.9)


@wrong("transfer.groups", "maximize of model.body.0.weight is True")
def uphill(model, body_lr, head_lr):
    parts = [{"params": trainable(model.body), "lr": body_lr}, {"params": trainable(model.head)}]
    return torch.optim.SGD(parts, head_lr, momentum=0.9, maximize=True)


@wrong("transfer.groups", "the lr of model.head")
def ten_times_the_bodys_rate(model, body_lr, head_lr):
    return grouped(trainable(model.body), trainable(model.head), body_lr, 10 * body_lr)


@wrong("transfer.groups", "the momentum of model.head.weight is 0.5")
def momentum_for_the_body_only(model, body_lr, head_lr):
    optimizer = grouped(trainable(model.body), trainable(model.head), body_lr, head_lr)
    optimizer.param_groups[1]["momentum"] = 0.5
    return optimizer


@wrong("transfer.groups", "is missing in the optimizer")
def the_rate_of_each_by_its_place(model, body_lr, head_lr):
    body = [model.body[0].weight, model.body[1].weight]
    return grouped(body, trainable(model.head), body_lr, head_lr)


@wrong("transfer.groups", "AttributeError")
def a_head_of_one_layer(model, body_lr, head_lr):
    head = [model.head.weight, model.head.bias]
    return grouped(trainable(model.body), head, body_lr, head_lr)


@wrong("transfer.groups", "leaves other gradients in model")
def clears_the_gradients_to_zeros(model, body_lr, head_lr):
    for p in model.parameters():
        p.grad = torch.zeros_like(p)
    return grouped(trainable(model.body), trainable(model.head), body_lr, head_lr)


# ---- transfer.draw --------------------------------------------------------------------------


@right("transfer.draw")
def draw_with_numpy(labels, count, seed):
    rng = np.random.default_rng(seed)
    labels = labels.numpy()
    rows = [rng.choice(np.flatnonzero(labels == c), count, replace=False) for c in set(labels)]
    return torch.from_numpy(np.concatenate(rows))


@right("transfer.draw")
def draw_from_one_shuffle(y, k, seed):
    torch.manual_seed(seed)
    rows, left = [], dict.fromkeys(y.tolist(), k)
    for row in torch.randperm(len(y)).tolist():
        label = int(y[row])
        if left[label] > 0:
            rows.append(row)
            left[label] -= 1
    return torch.tensor(rows)


@obvious("transfer.draw")
def from_a_hat(y, k, seed):
    hat = random.Random(seed)
    drawn = []
    for label in set(y.tolist()):
        rows = []
        for row in range(len(y)):
            if y[row] == label:
                rows.append(row)
        for _ in range(k):
            drawn.append(rows.pop(hat.randrange(len(rows))))
    return torch.tensor(drawn, dtype=torch.int64)


@right("transfer.draw")
def with_pandas(y, k, seed):
    rows = pd.Series(y.numpy()).groupby(y.numpy()).sample(k, random_state=seed).index
    return torch.tensor(sorted(rows))


@right("transfer.draw")
def a_generator_for_each_class(y, k, seed):
    return by_class(y, lambda rows: permuted(rows, seed)[:k])


@right("transfer.draw")
def with_random_numbers_sorted(y, k, seed):
    keys = torch.rand(len(y), generator=torch.Generator().manual_seed(seed))
    return by_class(y, lambda rows: rows[keys[rows].argsort()[:k]])


def by_class(y, choose):
    """Return the rows that choose(rows of a class) gives, joined."""
    return torch.cat([choose((y == label).nonzero().flatten()) for label in y.unique()])


def permuted(rows, seed):
    """Return the rows in another order."""
    return rows[torch.randperm(len(rows), generator=torch.Generator().manual_seed(seed))]


@wrong("transfer.draw", "different seeds must give different rows")
def the_first_of_each(y, k, seed):
    return by_class(y, lambda rows: rows[:k])


@wrong("transfer.draw", "different rows of each class, and yours are [")
def from_all_rows(y, k, seed):
    n = k * len(y.unique())
    return permuted(torch.arange(len(y)), seed)[:n]


@wrong("transfer.draw", "ValueError: train_size")
def with_the_shares_of_y(y, k, seed):
    n = k * len(y.unique())
    rows, _ = train_test_split(torch.arange(len(y)), train_size=n, random_state=seed, stratify=y)
    return rows


@wrong("transfer.draw", "different rows of each class, and yours are [")
def places_within_a_class(y, k, seed):
    return by_class(y, lambda rows: permuted(torch.arange(len(rows)), seed)[:k])


@wrong("transfer.draw", "different rows of each class, and yours are [")
def with_putting_back(y, k, seed):
    generator = torch.Generator().manual_seed(seed + 4)
    return by_class(y, lambda rows: rows[torch.randint(len(rows), (k,), generator=generator)])


@wrong("transfer.draw", "the same seed must give the same rows")
def ignores_the_seed(y, k, seed):
    return by_class(y, lambda rows: rows[torch.randperm(len(rows))[:k]])


@wrong("transfer.draw", "different seeds must give different rows")
def always_seed_zero(y, k, seed):
    return by_class(y, lambda rows: permuted(rows, 0)[:k])


@wrong("transfer.draw", "must have the same chance")
def from_the_first_half(y, k, seed):
    return by_class(y, lambda rows: permuted(rows[:15], seed)[:k])


@wrong("transfer.draw", "different rows of each class, and yours are [")
def from_one_class_only(y, k, seed):
    return permuted((y == y[0]).nonzero().flatten(), seed)[:k]


@wrong("transfer.draw", "of dtype torch.int64, yours is a tensor of shape (1, 1)")
def in_a_matrix(y, k, seed):
    return torch.stack([permuted((y == c).nonzero().flatten(), seed)[:k] for c in y.unique()])


@wrong("transfer.draw", "different rows of each class, and yours are [")
def for_two_classes(y, k, seed):
    return by_class(y, lambda rows: permuted(rows, seed)[:k])[: 2 * k]


@wrong("transfer.draw", "different rows of each class, and yours are [")
def for_the_labels_0_and_1(y, k, seed):
    own = [(y == label).nonzero().flatten() for label in (0, 1, 2)]
    return torch.cat([permuted(rows, seed)[:k] for rows in own])


@wrong("transfer.draw", "yours is a tensor of shape (1,), torch.float32")
def as_decimals(y, k, seed):
    return by_class(y, lambda rows: permuted(rows, seed)[:k]).float()


@wrong("transfer.draw", "of dtype torch.int64, yours is [0], of type list")
def as_a_list(y, k, seed):
    return by_class(y, lambda rows: permuted(rows, seed)[:k]).tolist()


@wrong("transfer.draw", "yours are [-1], with [0] of the classes [0]")
def counts_from_the_end(y, k, seed):
    return by_class(y, lambda rows: permuted(rows, seed)[:k]) - len(y)


@wrong("transfer.draw", "your function changes y")
def marks_what_is_drawn(y, k, seed):
    rows = by_class(y, lambda rows: permuted(rows, seed)[:k])
    y[rows] = -1
    return rows


@wrong("transfer.draw", "seeds")
def two_seeds_only(y, k, seed):
    return by_class(y, lambda rows: permuted(rows, seed % 2)[:k])


@wrong("transfer.draw", "the same chance")
def a_window_of_each_class(y, k, seed):
    generator = torch.Generator().manual_seed(seed)

    def window(rows):
        first = int(torch.randint(len(rows), (1,), generator=generator))
        return torch.cat([rows, rows])[first : first + k]

    return by_class(y, window)


@wrong("transfer.draw", "different seeds must give")
def never_the_last_of_a_class(y, k, seed):
    return by_class(y, lambda rows: permuted(rows[: max(k, len(rows) - 1)], seed)[:k])


@wrong("transfer.draw", "the same chance")
def prefers_the_first_rows(y, k, seed):
    generator = torch.Generator().manual_seed(seed)

    def choose(rows):
        chances = 1 / (1.0 + torch.arange(len(rows)))
        return rows[torch.multinomial(chances, k, generator=generator)]

    return by_class(y, choose)


@wrong("transfer.draw", "different rows of each class, and yours are [")
def classes_without_a_gap(y, k, seed):
    classes = torch.arange(len(y.unique()))
    own = [(y == label).nonzero().flatten() for label in classes]
    own = [rows if len(rows) else (y == y.min()).nonzero().flatten() for rows in own]
    return torch.cat([permuted(rows, seed)[:k] for rows in own]).unique()


@wrong("transfer.draw", "different rows of each class, and yours are [")
def the_ten_classes_of_cifar(y, k, seed):
    own = [(y == label).nonzero().flatten() for label in range(10)]
    return torch.cat([permuted(rows, seed)[:k] for rows in own])


drawn_before = {}


@wrong("transfer.draw", "earlier call")
def goes_on_where_it_was(y, k, seed):
    generator = drawn_before.setdefault(seed, torch.Generator().manual_seed(seed))
    return by_class(y, lambda rows: rows[torch.randperm(len(rows), generator=generator)[:k]])


@wrong("transfer.draw", "yours is a tensor of shape (), torch.int64")
def one_number_for_one_row(y, k, seed):
    return by_class(y, lambda rows: permuted(rows, seed)[:k]).squeeze()


@wrong("transfer.draw", "your function changes y")
def sorts_y(y, k, seed):
    y[:] = y.sort().values
    return by_class(y, lambda rows: permuted(rows, seed)[:k])


# ---- transfer.compare -----------------------------------------------------------------------


@right("transfer.compare")
def compare_with_numpy(a, b):
    gaps = np.array(a) - np.array(b)
    error = gaps.std(ddof=1) / np.sqrt(len(gaps))
    return gaps.mean(), error, bool(gaps.mean() > 2 * error)


@right("transfer.compare")
def compare_in_plain_python(ours, theirs):
    gaps = [x - y for x, y in zip(ours, theirs, strict=True)]
    mean = sum(gaps) / len(gaps)
    error = statistics.stdev(gaps) / len(gaps) ** 0.5
    return [mean, error, mean - 2 * error > 0]


@obvious("transfer.compare")
def compare_with_loops(a, b):
    total = 0.0
    for i in range(len(a)):
        total += a[i] - b[i]
    mean = total / len(a)
    squares = 0.0
    for i in range(len(a)):
        squares += (a[i] - b[i] - mean) ** 2
    error = math.sqrt(squares / (len(a) - 1)) / math.sqrt(len(a))
    return mean, error, bool(mean > 2 * error)


def compared(a, b, *, correction=1, root=0.5, threshold=2):
    """Compare with one thing wrong."""
    gaps = torch.tensor(a) - torch.tensor(b)
    mean = gaps.mean().item()
    error = gaps.std(correction=correction).item() / len(a) ** root
    return mean, error, mean > threshold * error


@wrong("transfer.compare", "the mean of the differences is -0.04925, right is 0.04925")
def the_other_way_round(a, b):
    return compared(b, a)


@wrong("transfer.compare", "the mean of the differences is")
def the_median(a, b):
    return float(np.median(np.array(a) - np.array(b))), *compared(a, b)[1:]


@wrong("transfer.compare", "that is the standard deviation: divide it by the square root of n")
def forgets_the_root(a, b):
    return compared(a, b, root=0)


@wrong("transfer.compare", "by the square root of n, not by n")
def divides_by_n(a, b):
    return compared(a, b, root=1)


@wrong("transfer.compare", "must by n - 1")
def numpys_default(a, b):
    return compared(a, b, correction=0)


@wrong("transfer.compare", "two independent lists")
def not_paired(a, b):
    a, b = torch.tensor(a), torch.tensor(b)
    mean = (a.mean() - b.mean()).item()
    error = ((a.var() + b.var()) / len(a)).sqrt().item()
    return mean, error, mean > 2 * error


@wrong("transfer.compare", "the standard error is")
def errors_added(a, b):
    mean, _, leads = compared(a, b)
    return mean, (torch.tensor(a).std() + torch.tensor(b).std()).item(), leads


@wrong("transfer.compare", "the third value is False, right is True")
def above_two_deviations(a, b):
    mean, error, _ = compared(a, b)
    return mean, error, mean > 2 * error * len(a) ** 0.5


@wrong("transfer.compare", "the third value is")
def above_one_error(a, b):
    return compared(a, b, threshold=1)


@wrong("transfer.compare", "without abs()")
def either_may_lead(a, b):
    mean, error, _ = compared(a, b)
    return mean, error, abs(mean) > 2 * error


@wrong("transfer.compare", "the mean of the differences is a tensor")
def tensors(a, b):
    gaps = torch.tensor(a) - torch.tensor(b)
    error = gaps.std() / len(a) ** 0.5
    return gaps.mean(), error, bool(gaps.mean() > 2 * error)


@wrong("transfer.compare", "the standard error is a tensor")
def one_tensor(a, b):
    gaps = torch.tensor(a) - torch.tensor(b)
    error = gaps.std() / len(a) ** 0.5
    return gaps.mean().item(), error, bool(gaps.mean() > 2 * error)


@wrong("transfer.compare", "the third value is 'no', of type str")
def a_verdict_in_words(a, b):
    mean, error, leads = compared(a, b)
    return mean, error, "yes" if leads else "no"


@wrong("transfer.compare", "the third value is a tensor")
def a_verdict_as_a_tensor(a, b):
    mean, error, leads = compared(a, b)
    return mean, error, torch.tensor(leads)


@wrong("transfer.compare", "return 3 values")
def without_a_verdict(a, b):
    return compared(a, b)[:2]


@wrong("transfer.compare", "your function changes a, which")
def sorts_in_place(a, b):
    a.sort()
    return compared(a, b)


@wrong("transfer.compare", "the third value is")
def above_196_errors(a, b):
    return compared(a, b, threshold=1.96)


@wrong("transfer.compare", "the third value is")
def above_one_and_a_half_errors(a, b):
    return compared(a, b, threshold=1.5)


@wrong("transfer.compare", "the third value is")
def above_three_errors(a, b):
    return compared(a, b, threshold=3)


@wrong("transfer.compare", "the third value is True, right is False")
def two_errors_or_more(a, b):
    mean, error, _ = compared(a, b)
    return mean, error, mean >= 2 * error


@wrong("transfer.compare", "the third value is")
def above_the_t_quantile(a, b):
    mean, error, _ = compared(a, b)
    return mean, error, mean > 2.571 * error


@wrong("transfer.compare", "the standard error is")
def always_five_draws(a, b):
    mean, error, _ = compared(a, b)
    error *= (len(a) / 5) ** 0.5
    return mean, error, mean > 2 * error


@wrong("transfer.compare", "the third value is")
def tests_the_unpaired_error(a, b):
    mean, error, _ = compared(a, b)
    return mean, error, not_paired(a, b)[2]


@wrong("transfer.compare", "leaves autograd switched off")
def switches_autograd_off(a, b):
    torch.set_grad_enabled(False)
    return compared(a, b)


@wrong("transfer.compare", "the standard error is")
def rounded_to_a_per_cent(a, b):
    mean, error, leads = compared(a, b)
    return round(mean, 2), round(error, 2), leads


@wrong("transfer.compare", "the mean of the differences is")
def pairs_the_sorted_lists(a, b):
    mean, _, _ = compared(a, b)
    return abs(mean), *compared(a, b)[1:]


@wrong("transfer.compare", "the standard error is")
def sorts_both_lists(a, b):
    return compared(sorted(a), sorted(b))
