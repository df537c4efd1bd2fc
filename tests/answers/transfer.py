"""Answers to the exercises of 09_transfer_learning."""

import copy
import statistics

import numpy as np
import torch
from sklearn.model_selection import train_test_split
from torch import nn

from answers import right, wrong

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


def with_head(model, make):
    """Return a copy of the model with the head that make(features) gives."""
    changed = copy.deepcopy(model)
    changed.head = make(model.head.in_features)
    return changed


@wrong("transfer.head", "your function changes the model that is passed in")
def changes_the_model(model, classes):
    model.head = nn.Linear(model.head.in_features, classes)
    return model


@wrong("transfer.head", "your function changes the model that is passed in")
def copies_too_late(model, classes):
    nn.init.normal_(model.body[0].weight)
    return with_head(model, lambda features: nn.Linear(features, classes))


@wrong("transfer.head", "shares parameters with the model")
def copies_the_outside(model, classes):
    changed = copy.copy(model)
    changed._modules = dict(model._modules)
    changed.head = nn.Linear(model.head.in_features, classes)
    return changed


@wrong("transfer.head", "A new value for head.out_features changes no weight")
def sets_out_features(model, classes):
    changed = copy.deepcopy(model)
    changed.head.out_features = classes
    return changed


@wrong("transfer.head", "None (is the return missing?)")
def forgets_the_return(model, classes):
    changed = copy.deepcopy(model)
    changed.head = nn.Linear(model.head.in_features, classes)


@wrong("transfer.head", "must be a Module, yours is of type tuple")
def returns_two_things(model, classes):
    changed = with_head(model, lambda features: nn.Linear(features, classes))
    return changed, changed.head


@wrong("transfer.head", "must have a body and a head")
def as_a_sequential(model, classes):
    return nn.Sequential(copy.deepcopy(model.body), nn.Linear(model.head.in_features, classes))


@wrong("transfer.head", "mat1 and mat2")
def always_128(model, classes):
    return with_head(model, lambda _: nn.Linear(128, classes))


@wrong("transfer.head", "must have shape (5, 2), yours has (5, 3)")
def one_more(model, classes):
    return with_head(model, lambda features: nn.Linear(features, classes + 1))


@wrong("transfer.head", "the copy's output must be a tensor")
def gives_a_list(model, classes):
    changed = with_head(model, lambda features: nn.Linear(features, classes))
    changed.head.register_forward_hook(lambda _, __, output: output.tolist())
    return changed


@wrong("transfer.head", "the head must be one nn.Linear(16, 2) in place of the old one")
def behind_the_old_head(model, classes):
    changed = copy.deepcopy(model)
    changed.head = nn.Sequential(changed.head, nn.Linear(model.head.out_features, classes))
    return changed


@wrong("transfer.head", "yours has parameters of shape (2, 16)")
def without_a_bias(model, classes):
    return with_head(model, lambda features: nn.Linear(features, classes, bias=False))


@wrong("transfer.head", "rows of the old one")
def cuts_the_old_head(model, classes):
    changed = with_head(model, lambda features: nn.Linear(features, classes))
    changed.head.weight = nn.Parameter(model.head.weight[:classes].detach().clone())
    return changed


@wrong("transfer.head", "must keep the weights and running statistics")
def starts_anew(model, classes):
    changed = with_head(model, lambda features: nn.Linear(features, classes))
    for layer in changed.body:
        if hasattr(layer, "reset_parameters"):
            layer.reset_parameters()
    return changed


@wrong("transfer.head", "must keep the weights and running statistics")
def forgets_the_running_statistics(model, classes):
    changed = with_head(model, lambda features: nn.Linear(features, classes))
    changed.body[1].reset_running_stats()
    return changed


@wrong("transfer.head", "head(body(X))[0, 0] should be")
def ends_in_softmax(model, classes):
    return with_head(
        model, lambda features: nn.Sequential(nn.Linear(features, classes), nn.Softmax(dim=1))
    )


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


@wrong("transfer.freeze", "the running statistics still drift")
def gradients_and_eval(body):
    body.requires_grad_(False)
    return body.eval()


@wrong("transfer.freeze", "the running statistics still drift")
def gradients_only(body):
    return body.requires_grad_(False)


@wrong("transfer.freeze", "the running statistics still drift")
class NoGradOnly(nn.Module):
    def __init__(self, body):
        super().__init__()
        self.body = body.requires_grad_(False)

    @torch.no_grad()
    def forward(self, X):
        return self.body(X)


@wrong("transfer.freeze", "computes something else than in evaluation mode")
def without_momentum(body):
    for layer in body:
        if isinstance(layer, nn.BatchNorm2d):
            layer.momentum = 0.0
            layer.num_batches_tracked = None
    return body.requires_grad_(False)


@wrong("transfer.freeze", "computes something else than in evaluation mode")
class DropoutStaysOn(nn.Module):
    def __init__(self, body):
        super().__init__()
        self.body = body.requires_grad_(False)

    def train(self, mode=True):
        super().train(mode)
        for layer in self.body:
            if isinstance(layer, nn.BatchNorm2d):
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


@wrong("transfer.freeze", "4 parameters still ask for a gradient, first ['body.0.weight']")
def forgets_the_gradients(body):
    return StaysInEval(body)


@wrong("transfer.freeze", "2 parameters still ask for a gradient")
def freezes_the_convolution_alone(body):
    body[0].requires_grad_(False)
    return StaysInEval(body)


@wrong("transfer.freeze", "sets an attribute that nobody reads")
def sets_an_attribute(body):
    body.requires_grad = False
    return StaysInEval(body)


@wrong("transfer.freeze", "None (is the return missing?)")
def freezes_without_a_return(body):
    body.requires_grad_(False).eval()


@wrong("transfer.freeze", "the output of the frozen body must have shape (12, 6)")
class WithAHead(StaysInEval):
    def forward(self, X):
        return self.body(X)[:, :2]


@wrong("transfer.freeze", "the output of the frozen body in evaluation mode[0, 0] should be")
def takes_batch_norm_out(body):
    layers = [layer for layer in body if not isinstance(layer, nn.BatchNorm2d)]
    return nn.Sequential(*layers).requires_grad_(False)


@wrong("transfer.freeze", "the output of the frozen body in evaluation mode[0, 0] should be")
def forgets_what_was_seen(body):
    body[1].track_running_stats = False
    body[1].running_mean = body[1].running_var = None
    return body.requires_grad_(False).eval()


@wrong("transfer.freeze", "TypeError")
class TrainWithoutItsArgument(StaysInEval):
    def train(self):
        return self


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


def grouped(body, head, body_lr, head_lr, momentum=0.9):
    """Return SGD with two groups."""
    parts = [{"params": body, "lr": body_lr}, {"params": head, "lr": head_lr}]
    return torch.optim.SGD(parts, momentum=momentum)


@wrong("transfer.groups", "body and head have the same rate")
def one_rate(model, body_lr, head_lr):
    return torch.optim.SGD(trainable(model), lr=head_lr, momentum=0.9)


@wrong("transfer.groups", "are swapped")
def swapped(model, body_lr, head_lr):
    return grouped(trainable(model.body), trainable(model.head), head_lr, body_lr)


@wrong("transfer.groups", "2 of them are in the optimizer")
def holds_the_frozen_ones(model, body_lr, head_lr):
    return grouped(model.body.parameters(), model.head.parameters(), body_lr, head_lr)


@wrong("transfer.groups", "your function freezes or thaws")
def thaws(model, body_lr, head_lr):
    model.requires_grad_(True)
    return holds_the_frozen_ones(model, body_lr, head_lr)


@wrong("transfer.groups", "your function freezes or thaws")
def freezes_the_body(model, body_lr, head_lr):
    model.body.requires_grad_(False)
    return torch.optim.SGD(model.head.parameters(), head_lr, momentum=0.9)


@wrong("transfer.groups", "parameters of the body are missing")
def forgets_the_body(model, body_lr, head_lr):
    return torch.optim.SGD(trainable(model.head), lr=head_lr, momentum=0.9)


@wrong("transfer.groups", "parameters of the head are missing")
def forgets_the_head(model, body_lr, head_lr):
    return torch.optim.SGD(trainable(model.body), lr=body_lr, momentum=0.9)


@wrong("transfer.groups", "parameters of the body are missing")
def forgets_batch_norm(model, body_lr, head_lr):
    weights = [p for p in trainable(model.body) if p.dim() > 1]
    return grouped(weights, trainable(model.head), body_lr, head_lr)


@wrong("transfer.groups", "some parameters appear in more than one parameter group")
def holds_the_head_twice(model, body_lr, head_lr):
    return grouped(trainable(model), trainable(model.head), body_lr, head_lr)


@wrong("transfer.groups", "the body must have the rate 0.01, yours has [0.001]")
def a_rate_of_its_own(model, body_lr, head_lr):
    return grouped(trainable(model.body), trainable(model.head), 0.001, head_lr)


@wrong("transfer.groups", "the head must have the rate 0.1, yours has [0.001]")
def forgets_head_lr(model, body_lr, head_lr):
    parts = [{"params": trainable(model.body), "lr": body_lr}, {"params": trainable(model.head)}]
    return torch.optim.SGD(parts, momentum=0.9)


@wrong("transfer.groups", "the momentum must be 0.9, yours is [0]")
def without_momentum_at_all(model, body_lr, head_lr):
    return grouped(trainable(model.body), trainable(model.head), body_lr, head_lr, momentum=0)


@wrong("transfer.groups", "the optimizer must be a SGD, yours is of type Adam")
def with_adam(model, body_lr, head_lr):
    parts = [{"params": trainable(model.body), "lr": body_lr}, {"params": trainable(model.head)}]
    return torch.optim.Adam(parts, lr=head_lr)


@wrong("transfer.groups", "the optimizer must be a SGD, yours is of type list")
def the_groups_alone(model, body_lr, head_lr):
    return [{"params": trainable(model.body), "lr": body_lr}]


notebooks_model = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 2))


@wrong("transfer.groups", "holds no parameter of the model passed in")
def of_the_notebooks_model(model, body_lr, head_lr):
    return grouped(notebooks_model[0].parameters(), notebooks_model[1].parameters(), 0.01, 0.1)


@wrong("transfer.groups", "holds parameters of another model too")
def the_notebooks_body(model, body_lr, head_lr):
    return grouped(notebooks_model[0].parameters(), trainable(model.head), body_lr, head_lr)


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


def by_class(y, choose):
    """Return the rows that choose(rows of a class) gives, joined."""
    return torch.cat([choose((y == label).nonzero().flatten()) for label in y.unique()])


def permuted(rows, seed):
    """Return the rows in another order."""
    return rows[torch.randperm(len(rows), generator=torch.Generator().manual_seed(seed))]


@wrong("transfer.draw", "you always take the first 10 of each class")
def the_first_of_each(y, k, seed):
    return by_class(y, lambda rows: rows[:k])


@wrong("transfer.draw", "must hold 10 of each class")
def from_all_rows(y, k, seed):
    n = k * len(y.unique())
    return permuted(torch.arange(len(y)), seed)[:n]


@wrong("transfer.draw", "must hold 10 of each class, yours hold [12, 8]")
def with_the_shares_of_y(y, k, seed):
    n = k * len(y.unique())
    rows, _ = train_test_split(torch.arange(len(y)), train_size=n, random_state=seed, stratify=y)
    return rows


@wrong("transfer.draw", "not places within a class")
def places_within_a_class(y, k, seed):
    return by_class(y, lambda rows: permuted(torch.arange(len(rows)), seed)[:k])


@wrong("transfer.draw", "hold one twice")
def with_putting_back(y, k, seed):
    generator = torch.Generator().manual_seed(seed + 4)
    return by_class(y, lambda rows: rows[torch.randint(len(rows), (k,), generator=generator)])


@wrong("transfer.draw", "the same seed must give the same rows")
def ignores_the_seed(y, k, seed):
    return by_class(y, lambda rows: rows[torch.randperm(len(rows))[:k]])


@wrong("transfer.draw", "another seed must give other rows")
def always_seed_zero(y, k, seed):
    return by_class(y, lambda rows: permuted(rows, 0)[:k])


@wrong("transfer.draw", "are never drawn, in 60 seeds")
def from_the_first_half(y, k, seed):
    return by_class(y, lambda rows: permuted(rows[:15], seed)[:k])


@wrong("transfer.draw", "must have shape (20,), yours has (10,)")
def from_one_class_only(y, k, seed):
    return permuted((y == y[0]).nonzero().flatten(), seed)[:k]


@wrong("transfer.draw", "must have shape (20,), yours has (2, 10)")
def in_a_matrix(y, k, seed):
    return torch.stack([permuted((y == c).nonzero().flatten(), seed)[:k] for c in y.unique()])


@wrong("transfer.draw", "must have shape (18,), yours has (12,)")
def for_two_classes(y, k, seed):
    return by_class(y, lambda rows: permuted(rows, seed)[:k])[: 2 * k]


@wrong("transfer.draw", "must have shape (18,), yours has (6,)")
def for_the_labels_0_and_1(y, k, seed):
    own = [(y == label).nonzero().flatten() for label in (0, 1, 2)]
    return torch.cat([permuted(rows, seed)[:k] for rows in own])


@wrong("transfer.draw", "must be torch.int64")
def as_decimals(y, k, seed):
    return by_class(y, lambda rows: permuted(rows, seed)[:k]).float()


@wrong("transfer.draw", "must be a tensor, yours is of type list")
def as_a_list(y, k, seed):
    return by_class(y, lambda rows: permuted(rows, seed)[:k]).tolist()


@wrong("transfer.draw", "must lie between 0 and 39")
def counts_from_the_end(y, k, seed):
    return by_class(y, lambda rows: permuted(rows, seed)[:k]) - len(y)


@wrong("transfer.draw", "your function changes y")
def marks_what_is_drawn(y, k, seed):
    rows = by_class(y, lambda rows: permuted(rows, seed)[:k])
    y[rows] = -1
    return rows


# ---- transfer.compare -----------------------------------------------------------------------


@right("transfer.compare")
def compare_with_numpy(a, b):
    gaps = np.array(a) - np.array(b)
    error = gaps.std(ddof=1) / np.sqrt(len(gaps))
    return gaps.mean(), error, gaps.mean() > 2 * error


@right("transfer.compare")
def compare_in_plain_python(ours, theirs):
    gaps = [x - y for x, y in zip(ours, theirs, strict=True)]
    mean = sum(gaps) / len(gaps)
    error = statistics.stdev(gaps) / len(gaps) ** 0.5
    return [mean, error, mean - 2 * error > 0]


def compared(a, b, *, correction=1, root=0.5, threshold=2):
    """Compare with one thing wrong."""
    gaps = torch.tensor(a) - torch.tensor(b)
    mean = gaps.mean().item()
    error = gaps.std(correction=correction).item() / len(a) ** root
    return mean, error, mean > threshold * error


@wrong("transfer.compare", "the sign is turned round")
def the_other_way_round(a, b):
    return compared(b, a)


@wrong("transfer.compare", "the mean difference should be")
def the_median(a, b):
    return float(np.median(np.array(a) - np.array(b))), *compared(a, b)[1:]


@wrong("transfer.compare", "the standard deviation of one draw: divide by the root of 5")
def forgets_the_root(a, b):
    return compared(a, b, root=0)


@wrong("transfer.compare", "you divide the standard deviation by 5")
def divides_by_n(a, b):
    return compared(a, b, root=1)


@wrong("transfer.compare", "a sample of 5 divides by 4")
def numpys_default(a, b):
    return compared(a, b, correction=0)


@wrong("transfer.compare", "two independent sets of draws")
def not_paired(a, b):
    a, b = torch.tensor(a), torch.tensor(b)
    mean = (a.mean() - b.mean()).item()
    error = ((a.var() + b.var()) / len(a)).sqrt().item()
    return mean, error, mean > 2 * error


@wrong("transfer.compare", "the standard error should be")
def errors_added(a, b):
    mean, _, leads = compared(a, b)
    return mean, (torch.tensor(a).std() + torch.tensor(b).std()).item(), leads


@wrong("transfer.compare", "must be True: is the mean above twice the error?")
def above_two_deviations(a, b):
    mean, error, _ = compared(a, b)
    return mean, error, mean > 2 * error * len(a) ** 0.5


@wrong("transfer.compare", "must be False: is the mean above twice the error?")
def above_one_error(a, b):
    return compared(a, b, threshold=1)


@wrong("transfer.compare", "must be False: is the mean above twice the error?")
def either_may_lead(a, b):
    mean, error, _ = compared(a, b)
    return mean, error, abs(mean) > 2 * error


@wrong("transfer.compare", "the mean difference must be a plain number, yours is a tensor")
def tensors(a, b):
    gaps = torch.tensor(a) - torch.tensor(b)
    error = gaps.std() / len(a) ** 0.5
    return gaps.mean(), error, gaps.mean() > 2 * error


@wrong("transfer.compare", "the standard error must be a plain number, yours is a tensor")
def one_tensor(a, b):
    gaps = torch.tensor(a) - torch.tensor(b)
    error = gaps.std() / len(a) ** 0.5
    return gaps.mean().item(), error, bool(gaps.mean() > 2 * error)


@wrong("transfer.compare", "the third value must be True or False, yours is of type str")
def a_verdict_in_words(a, b):
    mean, error, leads = compared(a, b)
    return mean, error, "yes" if leads else "no"


@wrong("transfer.compare", "must be True or False, yours is a tensor of shape ()")
def a_verdict_as_a_tensor(a, b):
    mean, error, leads = compared(a, b)
    return mean, error, torch.tensor(leads)


@wrong("transfer.compare", "must return three values")
def without_a_verdict(a, b):
    return compared(a, b)[:2]


@wrong("transfer.compare", "your function changes the lists")
def sorts_in_place(a, b):
    a.sort()
    return compared(a, b)
