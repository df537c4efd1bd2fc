"""Answers to the exercises of 03_iris."""

import math
from functools import cache

import numpy as np
import torch
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from torch import nn
from torch.nn import functional as F

from answers import obvious, right, unfinished, wrong

# ---- iris.network ---------------------------------------------------------------------------


@obvious("iris.network")
class ByHand(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(4, 1024), nn.Linear(1024, 3)

    def forward(self, X):
        hidden = X @ self.first.weight.T + self.first.bias
        hidden = torch.where(hidden > 0, hidden, torch.zeros_like(hidden))
        return hidden @ self.last.weight.T + self.last.bias


@right("iris.network")
def lazily():
    return nn.Sequential(nn.LazyLinear(1024), nn.ReLU(), nn.LazyLinear(3))


@right("iris.network")
def started_otherwise():
    model = nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3))
    for p in model.parameters():
        nn.init.zeros_(p)
    return model


@right("iris.network")
class AsAClass(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(4, 1024), nn.Linear(1024, 3)

    def forward(self, X):
        return self.last(F.relu(self.first(X)))


@right("iris.network")
class LayersInAnotherOrder(nn.Module):
    def __init__(self):
        super().__init__()
        self.last = nn.Linear(1024, 3)
        self.first = nn.Linear(4, 1024)

    def forward(self, X):
        return self.last(self.first(X).clamp(min=0))


@wrong("iris.network", "the output in training mode is")
def with_another_activation():
    return nn.Sequential(nn.Linear(4, 1024), nn.Tanh(), nn.Linear(1024, 3))


@wrong("iris.network", "softmax")
def ends_in_softmax():
    return nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3), nn.Softmax(dim=1))


@wrong("iris.network", "no ReLU between")
def without_activation():
    return nn.Sequential(nn.Linear(4, 1024), nn.Linear(1024, 3))


@wrong("iris.network", "right is [(3,), (3, 1024), (1024,), (1024, 4)]")
def too_narrow():
    return nn.Sequential(nn.Linear(4, 100), nn.ReLU(), nn.Linear(100, 3))


@wrong("iris.network", "has 6 items, right is 4")
def with_a_third_layer():
    layers = nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(), nn.Linear(1024, 3)
    return nn.Sequential(*layers)


@wrong("iris.network", "ends in a softmax")
def ends_in_log_softmax():
    return nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3), nn.LogSoftmax(dim=1))


@wrong("iris.network", "the output in training mode is")
def relu_first():
    return nn.Sequential(nn.ReLU(), nn.Linear(4, 1024), nn.Sigmoid(), nn.Linear(1024, 3))


@wrong("iris.network", "the output in training mode is")
def with_dropout():
    return nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Dropout(0.5), nn.Linear(1024, 3))


@wrong("iris.network", "of all parameters is")
def without_a_bias():
    return nn.Sequential(nn.Linear(4, 1024, bias=False), nn.ReLU(), nn.Linear(1024, 3))


@wrong("iris.network", "[(4,), (4, 1024), (1024,), (1024, 4)]")
def four_outputs():
    return nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 4))


@wrong("iris.network", "a ReLU follows the last layer")
def ends_in_relu():
    return nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3), nn.ReLU())


@wrong("iris.network", "mat1 and mat2")
def three_inputs():
    return nn.Sequential(nn.Linear(3, 1024), nn.ReLU(), nn.Linear(1024, 3))


@wrong("iris.network", "None (is the return missing?)")
def forgets_the_return():
    nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3))


@wrong("iris.network", "must be an nn.Module, yours is of type list")
def a_list_of_layers():
    return [nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3)]


@wrong("iris.network", "the output in training mode is")
def in_half_precision():
    model = nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3)).bfloat16()
    model.register_forward_pre_hook(lambda _, inputs: inputs[0].bfloat16())
    return model


the_network = nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3))


@wrong("iris.network", "yours returns the same one")
def always_the_same_network():
    return the_network


@wrong("iris.network", "two networks share their parameters")
def with_shared_layers():
    return nn.Sequential(*the_network)


@wrong("iris.network", "in evaluation mode")
class SoftmaxInEvaluation(ByHand):
    def forward(self, X):
        logits = super().forward(X)
        return logits if self.training else logits.softmax(dim=1)


@wrong("iris.network", "a layer is made inside forward")
class MadeInForward(ByHand):
    def forward(self, X):
        self.first = nn.Linear(4, 1024)
        return super().forward(X)


@wrong("iris.network", "model.parameters() finds")
class NotAttributes(nn.Module):
    def forward(self, X):
        return the_network(X)


@wrong("iris.network", "no gradient reaches")
class WithoutAGraph(ByHand):
    def forward(self, X):
        with torch.no_grad():
            return super().forward(X)


@wrong("iris.network", "requires_grad=False")
def frozen():
    return nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3)).requires_grad_(False)


@wrong("iris.network", "no gradient reaches a parameter of shape (1024,)")
class DetachedInBetween(ByHand):
    def forward(self, X):
        return self.last(self.first(X).relu().detach())


@wrong("iris.network", "your function changes")
class ScalesItsInput(ByHand):
    def forward(self, X):
        X /= 8
        return super().forward(X)


@wrong("iris.network", "right is [(3,), (3, 1024), (1024,), (1024, 4)]")
def five_features():
    return nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 5))


@wrong("iris.network", "the output")
class ClampsItsInput(ByHand):
    def forward(self, X):
        return super().forward(X.clamp(-10, 10))


@wrong("iris.network", "has shape (38, 3), right is (151, 3)")
class OnlyTheValidationRows(ByHand):
    def forward(self, X):
        return super().forward(X[:38])


# ---- iris.evaluate --------------------------------------------------------------------------


@right("iris.evaluate")
def evaluate_by_counting(model, X, y):
    model.train(False)
    with torch.inference_mode():
        logits = model(X)
        loss = F.cross_entropy(logits, y).item()
    return [loss, np.mean((logits.argmax(1) == y).numpy())]


@right("iris.evaluate")
def evaluate_in_batches(model, X, y):
    model.eval()
    loss, right = 0.0, 0
    with torch.no_grad():
        for i in range(0, len(X), 3):
            logits = model.forward(X[i : i + 3])
            loss += F.cross_entropy(logits, y[i : i + 3], reduction="sum").item()
            right += (logits.argmax(1) == y[i : i + 3]).sum().item()
    return loss / len(X), right / len(X)


@obvious("iris.evaluate")
def evaluate_flower_by_flower(model, X, y):
    model.eval()
    loss, right = 0.0, 0
    with torch.no_grad():
        for i in range(len(X)):
            numbers = model(X[i : i + 1])[0].tolist()
            total = sum(math.exp(number) for number in numbers)
            loss += math.log(total) - numbers[int(y[i])]
            right += numbers.index(max(numbers)) == int(y[i])
    return loss / len(X), right / len(X)


X_val, y_val = torch.randn(38, 4), torch.randint(0, 3, (38,))


def measure(model, X, y, *, eval_mode=True, back=False, graph=False):
    """Evaluate with one thing wrong."""
    if eval_mode:
        model.eval()
    with torch.set_grad_enabled(graph):
        logits = model(X)
        loss = F.cross_entropy(logits, y).item()
    if back:
        model.train()
    return loss, (logits.argmax(dim=1) == y).float().mean().item()


@wrong("iris.evaluate", "call model.eval() first")
def forgets_eval(model, X, y):
    return measure(model, X, y, eval_mode=False)


@wrong("iris.evaluate", "use torch.no_grad()")
def records_a_graph(model, X, y):
    return measure(model, X, y, graph=True)


@wrong("iris.evaluate", "leave the model in evaluation mode")
def goes_back_to_training(model, X, y):
    return measure(model, X, y, back=True)


@wrong("iris.evaluate", "swapped")
def swaps_the_two(model, X, y):
    return measure(model, X, y)[::-1]


@wrong("iris.evaluate", "a fraction between 0 and 1")
def in_percent(model, X, y):
    loss, accuracy = measure(model, X, y)
    return loss, 100 * accuracy


@wrong("iris.evaluate", "a fraction between 0 and 1")
def counts_only(model, X, y):
    loss, accuracy = measure(model, X, y)
    return loss, accuracy * len(X)


@wrong("iris.evaluate", "(loss, accuracy) at [1] is a tensor, and must be a plain number")
def accuracy_as_a_tensor(model, X, y):
    loss, accuracy = measure(model, X, y)
    return loss, torch.tensor(accuracy)


@wrong("iris.evaluate", "(loss, accuracy) is 1.39473, of type float, and must be a list or tuple")
def loss_alone(model, X, y):
    return measure(model, X, y)[0]


@wrong("iris.evaluate", "does not call the model passed in")
def ignores_the_model(model, X, y):
    return measure(nn.Sequential(nn.Linear(4, 3)), X, y)


@wrong("iris.evaluate", "(loss, accuracy) is (5.334, 0.0), right is (2.667, 0.0)")
def a_sum_for_a_loss(model, X, y):
    loss, accuracy = measure(model, X, y)
    return loss * len(X), accuracy


@wrong("iris.evaluate", "a softmax before the loss")
def softmax_before_the_loss(model, X, y):
    model.eval()
    with torch.no_grad():
        loss = F.cross_entropy(model(X).softmax(dim=1), y).item()
    return loss, measure(model, X, y)[1]


@wrong("iris.evaluate", "the body uses other data")
def on_the_notebooks_data(model, X, y):
    return measure(model, X_val, y_val)


@wrong("iris.evaluate", "(loss, accuracy) is (0.4757, 0.02632), right is (0.4757, 1.0)")
def divides_by_38(model, X, y):
    loss, accuracy = measure(model, X, y)
    return loss, accuracy * len(X) / 38


@wrong("iris.evaluate", "leaves autograd switched off")
def switches_autograd_off_for_good(model, X, y):
    answer = measure(model, X, y)
    torch.set_grad_enabled(False)
    return answer


@wrong("iris.evaluate", "(loss, accuracy) is (1.395, 1.0), right is (1.395, 0.0)")
def the_error_rate(model, X, y):
    loss, accuracy = measure(model, X, y)
    return loss, 1 - accuracy


@wrong("iris.evaluate", "your function changes X")
def standardises_in_place(model, X, y):
    X -= X.mean(dim=0)
    return measure(model, X, y)


@wrong("iris.evaluate", "your function changes y")
def writes_over_the_labels(model, X, y):
    answer = measure(model, X, y)
    y[:] = model(X).argmax(dim=1)
    return answer


@wrong("iris.evaluate", "(loss, accuracy) is")
def the_mean_of_batch_means(model, X, y):
    parts = [measure(model, X[i : i + 2], y[i : i + 2])[1] for i in range(0, len(X), 2)]
    return measure(model, X, y)[0], sum(parts) / len(parts)


@wrong("iris.evaluate", "(loss, accuracy) is")
def of_class_2(model, X, y):
    loss, _ = measure(model, X, y)
    model.eval()
    with torch.no_grad():
        probs = model(X).softmax(dim=1)
    right = (probs[:, 2] > 0.5) == (y == 2)
    return loss, right.float().mean().item()


@wrong("iris.evaluate", "changes the weights of model")
def trains_meanwhile(model, X, y):
    answer = measure(model, X, y)
    with torch.no_grad():
        for p in model.parameters():
            p += 1
    return answer


@wrong("iris.evaluate", "leaves other gradients in model")
def goes_backward(model, X, y):
    answer = measure(model, X, y)
    sum(p.sum() for p in model.parameters()).backward()
    return answer


@right("iris.evaluate")
def evaluate_without_requires_grad(model, X, y):
    for p in model.parameters():
        p.requires_grad_(False)
    model.eval()
    logits = model(X)
    for p in model.parameters():
        p.requires_grad_(True)
    return F.cross_entropy(logits, y).item(), (logits.argmax(1) == y).double().mean().item()


@wrong("iris.evaluate", "(loss, accuracy) is")
def means_of_batches_of_32(model, X, y):
    pairs = zip(X.split(32), y.split(32), strict=True)
    parts = [measure(model, *pair) for pair in pairs]
    return tuple(sum(column) / len(parts) for column in zip(*parts, strict=True))


@wrong("iris.evaluate", "(loss, accuracy) is")
def of_38_rows(model, X, y):
    return measure(model, X[:38], y[:38])


@wrong("iris.evaluate", "(loss, accuracy) is")
def without_the_short_batch(model, X, y):
    full = len(X) // 32 * 32 or len(X)
    return measure(model, X[:full], y[:full])


@wrong("iris.evaluate", "leave the model in evaluation mode")
def in_the_mode_that_was(model, X, y):
    was = model.training
    answer = measure(model, X, y)
    model.train(was)
    return answer


@wrong("iris.evaluate", "(loss, accuracy) is")
def with_a_clipped_probability(model, X, y):
    model.eval()
    with torch.no_grad():
        probs = model(X).softmax(dim=1)[torch.arange(len(y)), y]
    return -(probs + 1e-3).log().mean().item(), measure(model, X, y)[1]


# ---- iris.fit -------------------------------------------------------------------------------


@obvious("iris.fit")
def fit_flower_by_flower(model, train_set, val_set, optimizer, epochs):
    def mean_loss(X, y):
        logits = model(X)
        losses = [logits[i].exp().sum().log() - logits[i, int(y[i])] for i in range(len(y))]
        return sum(losses) / len(losses)

    train_losses, val_losses = [], []
    for _ in range(epochs):
        model.train()
        for p in model.parameters():
            p.grad = None
        loss = mean_loss(*train_set)
        loss.backward()
        train_losses.append(float(loss))
        optimizer.step()
        model.eval()
        with torch.no_grad():
            val_losses.append(float(mean_loss(*val_set)))
    return train_losses, val_losses


@right("iris.fit")
def fit_with_evaluate(model, train_set, val_set, optimizer, epochs):
    X, y = train_set
    train_losses, val_losses = [], []
    for _ in range(epochs):
        model.train()
        loss = nn.CrossEntropyLoss()(model(X), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        train_losses.append(loss.item())
        val_losses.append(measure(model, *val_set)[0])
    return train_losses, val_losses


@right("iris.fit")
def fit_with_an_evaluate_that_goes_back(model, train_set, val_set, optimizer, epochs):
    model.train()
    pairs = []
    for _ in range(epochs):
        loss = F.cross_entropy(model.forward(train_set[0]), train_set[1])
        model.zero_grad()
        loss.backward()
        optimizer.step()
        pairs.append((loss.detach().numpy().item(), measure(model, *val_set, back=True)[0]))
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


@right("iris.fit")
def fit_that_measures_more(model, train_set, val_set, optimizer, epochs):
    lists = [], []
    for _ in range(epochs):
        measure(model, *train_set)
        one_epoch(model, train_set, val_set, optimizer, lists)
        measure(model, *train_set)
    return lists


def one_epoch(model, train_set, val_set, optimizer, lists, *, modes=True, graph=False, logits=None):
    """Make one epoch, right or with one thing wrong."""
    if modes:
        model.train()
    outputs = model(train_set[0])
    loss = F.cross_entropy(outputs if logits is None else logits(outputs), train_set[1])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    lists[0].append(loss.item())
    if modes:
        model.eval()
    with torch.set_grad_enabled(graph):
        lists[1].append(F.cross_entropy(model(val_set[0]), val_set[1]).item())


def train_and_validate(model, train_set, val_set, optimizer, epochs, **wrong):
    """Run so many epochs, right or with one thing wrong."""
    lists = [], []
    for _ in range(epochs):
        one_epoch(model, train_set, val_set, optimizer, lists, **wrong)
    return lists


small = nn.Linear(4, 3)
losses_of_the_notebook = []


@wrong("iris.fit", "does not call the model passed in")
def trains_the_small_one(model, train_set, val_set, optimizer, epochs):
    return train_and_validate(small, train_set, val_set, optimizer, epochs)


@wrong("iris.fit", "it is in training mode: call model.eval() before")
def never_sets_a_mode(model, train_set, val_set, optimizer, epochs):
    return train_and_validate(model, train_set, val_set, optimizer, epochs, modes=False)


@wrong("iris.fit", "a graph is recorded: use torch.no_grad()")
def validates_with_a_graph(model, train_set, val_set, optimizer, epochs):
    return train_and_validate(model, train_set, val_set, optimizer, epochs, graph=True)


@wrong("iris.fit", "call model.train() at the start of each epoch")
def train_mode_before_the_loop(model, train_set, val_set, optimizer, epochs):
    model.train()
    train_losses, val_losses = [], []
    for _ in range(epochs):
        loss = F.cross_entropy(model(train_set[0]), train_set[1])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        train_losses.append(loss.item())
        val_losses.append(measure(model, *val_set)[0])
    return train_losses, val_losses


@wrong("iris.fit", "a softmax before the loss")
def applies_softmax_first(model, train_set, val_set, optimizer, epochs):
    model = nn.Sequential(model, nn.Softmax(dim=1))
    return train_and_validate(model, train_set, val_set, optimizer, epochs)


@wrong("iris.fit", "the two lists are swapped")
def swaps_the_lists(model, train_set, val_set, optimizer, epochs):
    return train_and_validate(model, train_set, val_set, optimizer, epochs)[::-1]


@wrong("iris.fit", "never steps: call optimizer.step()")
def with_an_optimizer_of_its_own(model, train_set, val_set, optimizer, epochs):
    own = torch.optim.Adam(model.parameters(), lr=0.01)
    return train_and_validate(model, train_set, val_set, own, epochs)


def loop(model, train_set, val_set, optimizer, epochs, *, zero=True, step=True, sign=1, record):
    """Run a loop with one thing wrong; record(loss) gives what is kept of the training loss."""
    train_losses, val_losses = [], []
    for _ in range(epochs):
        model.train()
        loss = F.cross_entropy(model(train_set[0]), train_set[1])
        if zero:
            optimizer.zero_grad()
        (sign * loss).backward()
        if step:
            optimizer.step()
        train_losses.append(record(loss))
        val_losses.append(measure(model, *val_set)[0])
    return train_losses, val_losses


item = torch.Tensor.item


@wrong("iris.fit", "call optimizer.zero_grad()")
def forgets_zero_grad(*args):
    return loop(*args, zero=False, record=item)


@wrong("iris.fit", "the optimizer passed in never steps")
def forgets_the_step(*args):
    return loop(*args, step=False, record=item)


@wrong("iris.fit", "the list of validation losses is")
def climbs(*args):
    return loop(*args, sign=-1, record=item)


@wrong("iris.fit", "is a tensor, and must be a plain number: use .item()")
def keeps_tensors(*args):
    return loop(*args, record=lambda loss: loss)


@wrong("iris.fit", "the list of training losses is")
def records_the_sum(model, train_set, *args):
    return loop(model, train_set, *args, record=lambda loss: loss.item() * len(train_set[0]))


@wrong("iris.fit", "the training loss is measured after the step")
def records_after_the_step(model, train_set, *args):
    def again(_):
        model.train()
        return F.cross_entropy(model(train_set[0]), train_set[1]).item()

    return loop(model, train_set, *args, record=again)


@wrong("iris.fit", "the list of training losses")
def measures_training_in_eval_mode(model, train_set, *args):
    return loop(model, train_set, *args, record=lambda _: measure(model, *train_set)[0])


@wrong("iris.fit", "the validation loss is measured before the step")
def validates_first(model, train_set, val_set, optimizer, epochs):
    lists = [], []
    for _ in range(epochs):
        before = measure(model, *val_set)[0]
        one_epoch(model, train_set, val_set, optimizer, lists)
        lists[1][-1] = before
    return lists


@wrong("iris.fit", "the list of validation losses is")
def keeps_the_accuracy(model, train_set, val_set, optimizer, epochs):
    lists = [], []
    for _ in range(epochs):
        one_epoch(model, train_set, val_set, optimizer, lists)
        lists[1][-1] = measure(model, *val_set)[1]
    return lists


@wrong("iris.fit", "the list of validation losses is")
def validates_on_the_training_set(model, train_set, val_set, optimizer, epochs):
    return train_and_validate(model, train_set, train_set, optimizer, epochs)


@wrong("iris.fit", "the list of validation losses")
def validates_once_at_the_end(model, train_set, val_set, optimizer, epochs):
    train_losses, val_losses = train_and_validate(model, train_set, val_set, optimizer, epochs)
    return train_losses, val_losses[-1:]


@wrong("iris.fit", "a graph is recorded")
def learns_from_the_validation_set_too(model, train_set, val_set, optimizer, epochs):
    lists = [], []
    for _ in range(epochs):
        one_epoch(model, train_set, val_set, optimizer, lists)
        one_epoch(model, val_set, val_set, optimizer, ([], []))
    return lists


@wrong("iris.fit", "return two lists, train_losses and val_losses")
def returns_the_training_losses_only(*args):
    return train_and_validate(*args)[0]


@wrong("iris.fit", "must be a list or tuple")
def returns_the_last_two(*args):
    train_losses, val_losses = train_and_validate(*args)
    return train_losses[-1] if train_losses else 0.0, val_losses[-1] if val_losses else 0.0


@wrong("iris.fit", "make one step in each epoch")
def always_300_epochs(model, train_set, val_set, optimizer, epochs):
    return train_and_validate(model, train_set, val_set, optimizer, 300)


@wrong("iris.fit", "make one step in each epoch")
def steps_twice(model, train_set, val_set, optimizer, epochs):
    lists = train_and_validate(model, train_set, val_set, optimizer, epochs)
    for _ in range(epochs):
        optimizer.step()
    return lists


@wrong("iris.fit", "make one step in each epoch")
def stops_when_the_loss_is_small(model, train_set, val_set, optimizer, epochs):
    lists = [], []
    for _ in range(epochs):
        one_epoch(model, train_set, val_set, optimizer, lists)
        if lists[0][-1] < 0.05:
            break
    return lists


@wrong("iris.fit", "make one step in each epoch")
def in_batches_of_32(model, train_set, val_set, optimizer, epochs):
    lists = [], []
    for _ in range(epochs):
        parts = [], []
        for pair in zip(train_set[0].split(32), train_set[1].split(32), strict=True):
            one_epoch(model, pair, val_set, optimizer, parts)
        lists[0].append(sum(parts[0]) / len(parts[0]))
        lists[1].append(parts[1][-1])
    return lists


@wrong("iris.fit", "changes what an earlier call returned")
def uses_a_global_list(*args):
    train_losses, val_losses = train_and_validate(*args)
    losses_of_the_notebook[:] = train_losses
    return losses_of_the_notebook, val_losses


@wrong("iris.fit", "your function changes train_set")
def centres_in_place(model, train_set, val_set, optimizer, epochs):
    train_set[0].sub_(train_set[0].mean(dim=0))
    return train_and_validate(model, train_set, val_set, optimizer, epochs)


@wrong("iris.fit", "element 0 of tensors does not require grad")
def inside_no_grad(*args):
    with torch.no_grad():
        return train_and_validate(*args)


@wrong("iris.fit", "the list of training losses")
def of_112_rows(model, train_set, *args):
    return train_and_validate(model, tuple(part[:112] for part in train_set), *args)


@wrong("iris.fit", "the list of validation losses")
def of_30_validation_rows(model, train_set, val_set, *args):
    return train_and_validate(model, train_set, tuple(part[:30] for part in val_set), *args)


@wrong("iris.fit", "the list of training losses")
def a_smaller_rate_after_five_epochs(model, train_set, val_set, optimizer, epochs):
    lists = [], []
    for epoch in range(epochs):
        if epoch == 5:
            optimizer.param_groups[0]["lr"] /= 10
        one_epoch(model, train_set, val_set, optimizer, lists)
    return lists


# ---- iris.best_epoch ------------------------------------------------------------------------


@obvious("iris.best_epoch")
def best_epoch_by_trying_every_stop(val_losses, patience):
    for stop in range(1, len(val_losses) + 1):
        seen = val_losses[:stop]
        best = seen.index(min(seen))
        if stop - 1 - best >= patience:
            return best
    return val_losses.index(min(val_losses))


@right("iris.best_epoch")
def best_epoch_with_a_counter(val_losses, patience):
    lowest, best, waited = float("inf"), 0, 0
    for epoch, loss in enumerate(val_losses):
        waited += 1
        if loss < lowest:
            lowest, best, waited = loss, epoch, 0
        if waited == patience:
            return best
    return best


@wrong("iris.best_epoch", "training has stopped before that epoch is reached")
def looks_ahead(val_losses, patience):
    return val_losses.index(min(val_losses))


@wrong("iris.best_epoch", "yours returns 0.5, right is 0.")
def returns_the_loss(val_losses, patience):
    return min(val_losses[: patience + 1])


@wrong("iris.best_epoch", "counted from 0")
def counts_from_one(val_losses, patience):
    return best_epoch_with_a_counter(val_losses, patience) + 1


@wrong("iris.best_epoch", "an equal loss is no improvement")
def takes_a_tie_for_better(val_losses, patience):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss <= val_losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best


@wrong("iris.best_epoch", "you wait one epoch too long")
def waits_one_too_long(val_losses, patience):
    return best_epoch_with_a_counter(val_losses, patience + 1)


@wrong("iris.best_epoch", "With val_losses = [")
def starts_from_a_hundred(val_losses, patience):
    lowest, best = 100, 0
    for epoch, loss in enumerate(val_losses):
        if loss < lowest:
            lowest, best = loss, epoch
        elif epoch - best >= patience:
            break
    return best


@wrong("iris.best_epoch", "return the best epoch before it")
def returns_where_it_stops(val_losses, patience):
    best = best_epoch_with_a_counter(val_losses, patience)
    return min(best + patience, len(val_losses) - 1)


@wrong("iris.best_epoch", "IndexError")
def runs_past_the_end(val_losses, patience):
    best = 0
    for epoch in range(len(val_losses)):
        if val_losses[epoch + 1] < val_losses[best]:
            best = epoch + 1
    return best


@wrong("iris.best_epoch", "yours returns 0.5, right is 0.")
def the_lowest_loss_until_the_stop(val_losses, patience):
    return val_losses[best_epoch_with_a_counter(val_losses, patience)]


@wrong("iris.best_epoch", "yours returns")
def stops_too_early(val_losses, patience):
    return best_epoch_with_a_counter(val_losses, max(patience - 1, 1))


@wrong("iris.best_epoch", "your function changes val_losses")
def uses_the_list_up(val_losses, patience):
    best = best_epoch_with_a_counter(val_losses, patience)
    val_losses.pop(0)
    return best


@wrong("iris.best_epoch", "With val_losses")
def ties_do_not_wait(val_losses, patience):
    best, waited = 0, 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best]:
            best, waited = epoch, 0
        elif loss > val_losses[best]:
            waited += 1
            if waited >= patience:
                break
    return best


@wrong("iris.best_epoch", "With val_losses")
def counts_all_bad_epochs(val_losses, patience):
    best, bad = 0, 0
    for epoch, loss in enumerate(val_losses[1:], start=1):
        if loss < val_losses[best]:
            best = epoch
        else:
            bad += 1
            if bad == patience:
                break
    return best


@wrong("iris.best_epoch", "With val_losses")
def compares_with_the_one_before(val_losses, patience):
    best, waited = 0, 0
    for epoch in range(1, len(val_losses)):
        if val_losses[epoch] < val_losses[epoch - 1]:
            best, waited = epoch, 0
        else:
            waited += 1
        if waited == patience:
            break
    return best


@wrong("iris.best_epoch", "With val_losses = [1e+30, 1e+29, 1e-09, 0.0]; patience = 1")
def starts_from_a_million(val_losses, patience):
    lowest, best = 1e6, 0
    for epoch, loss in enumerate(val_losses):
        if loss < lowest:
            lowest, best = loss, epoch
        elif epoch - best >= patience:
            break
    return best


@wrong("iris.best_epoch", "yours returns 2, right is 3")
def with_a_smallest_gain(val_losses, patience):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best] - 1e-8:
            best = epoch
        elif epoch - best >= patience:
            break
    return best


@wrong("iris.best_epoch", "With val_losses")
def of_rounded_losses(val_losses, patience):
    return best_epoch_with_a_counter([round(loss, 2) for loss in val_losses], patience)


@wrong("iris.best_epoch", "With val_losses")
def of_percents_gained(val_losses, patience):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < 0.999 * val_losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best


@wrong("iris.best_epoch", "yours returns 1, right is 101")
def patience_of_50_at_most(val_losses, patience):
    return best_epoch_with_a_counter(val_losses, min(patience, 50))


@wrong("iris.best_epoch", "right is 39")
def the_first_20_epochs(val_losses, patience):
    return best_epoch_with_a_counter(val_losses[:20], patience)


@wrong("iris.best_epoch", "With val_losses")
def compares_with_the_loss_patience_epochs_ago(val_losses, patience):
    for epoch in range(patience, len(val_losses)):
        if val_losses[epoch] >= val_losses[epoch - patience]:
            return val_losses.index(min(val_losses[: epoch + 1]))
    return val_losses.index(min(val_losses))


# ---- iris.lab -------------------------------------------------------------------------------

SHORT, SIMPLE, OVER, LARGE = "too little training", "too simple", "overfits", "rate too large"
LABELS = {
    **{"as it is": "fits", "epochs=20": SHORT, "lr=0.0001": SHORT, "lr=1": LARGE},
    **{"columns=2": SIMPLE, "hidden=0": "fits", "hidden=1024": "fits", "flowers=12": OVER},
}


@cache
def measured():
    """Train the lab's rows, and read each label off its curves."""
    settings = {
        **{"as it is": {}, "epochs=20": {"epochs": 20}, "lr=0.0001": {"lr": 1e-4}},
        **{"lr=1": {"lr": 1.0}, "columns=2": {"columns": 2}, "hidden=0": {"hidden": 0}},
        **{"hidden=1024": {"hidden": 1024}, "flowers=12": {"flowers": 12}},
    }
    return {row: label_of(*curves(**knobs)) for row, knobs in settings.items()}


def curves(hidden=16, columns=4, flowers=90, lr=0.01, epochs=1000):
    X, y = load_iris(return_X_y=True)
    X, _, y, _ = train_test_split(X, y, test_size=30, random_state=0, stratify=y)
    parts = train_test_split(X, y, test_size=30, random_state=0, stratify=y)
    X, X_val = (torch.tensor(part[:, :columns], dtype=torch.float32) for part in parts[:2])
    y, y_val = map(torch.tensor, parts[2:])
    torch.manual_seed(1)  # another network than the notebook's: its labels are no luck
    deep = nn.Sequential(nn.Linear(columns, hidden or 1), nn.ReLU(), nn.Linear(hidden or 1, 3))
    model = deep if hidden else nn.Linear(columns, 3)
    adam = torch.optim.Adam(model.parameters(), lr=lr)
    return train_and_validate(model, (X[:flowers], y[:flowers]), (X_val, y_val), adam, epochs)


def label_of(train_losses, val_losses):
    train, val = train_losses[-1], val_losses[-1]
    if train < 0.01 and val > 1.2 * min(val_losses):
        return OVER
    if train < 0.2:
        return "fits"
    if max(train_losses) > 5:
        return LARGE
    fall = train_losses[-min(100, len(train_losses))] - train
    return SHORT if fall > 0.02 else SIMPLE


@obvious("iris.lab")
def measured_labels():
    return dict(measured())


@right("iris.lab")
def with_rows_of_my_own():
    return {"mine": "fits", **LABELS, "another": 7}


@right("iris.lab")
def one_layer_could_learn_more():
    return {**LABELS, "hidden=0": SHORT}


@wrong("iris.lab", 'the row "hidden=0" does not show "too simple"')
def a_layer_is_needed():
    return {**LABELS, "hidden=0": SIMPLE}


@wrong("iris.lab", "Does the validation loss rise for good?")
def large_means_overfitting():
    return {**LABELS, "hidden=1024": OVER}


@wrong("iris.lab", "what would help?")
def sepals_need_time():
    return {**LABELS, "columns=2": SHORT}


@wrong("iris.lab", "which way do the curves go?")
def twenty_epochs_are_too_simple():
    return {**LABELS, "epochs=20": SIMPLE}


@wrong("iris.lab", "What does its validation loss do?")
def few_flowers_fit():
    return {**LABELS, "flowers=12": "fits"}


@wrong("iris.lab", "then stand at 1.10")
def a_large_rate_is_simple():
    return {**LABELS, "lr=1": SIMPLE}


@wrong("iris.lab", "has no label yet")
def one_is_open():
    return {**LABELS, "lr=1": ...}


@wrong("iris.lab", "has no label yet")
def one_is_missing():
    return {row: label for row, label in LABELS.items() if row != "flowers=12"}


@wrong("iris.lab", "a label is one of fits")
def in_a_word_of_my_own():
    return {**LABELS, "flowers=12": "overfitting"}


@wrong("iris.lab", "return a dict")
def a_list_of_labels():
    return list(LABELS.values())


@unfinished("iris.lab")
def my_labels():
    return ...


# ---- iris.bug_hunt --------------------------------------------------------------------------

model = nn.Linear(4, 3)
X_train, y_train = torch.randn(112, 4), torch.randint(0, 3, (112,))


@obvious("iris.bug_hunt")
def accuracy_row_by_row(classifier, X, y):
    right = 0
    for i in range(len(X)):
        numbers = classifier(X[i : i + 1])[0].tolist()
        right += numbers.index(max(numbers)) == int(y[i])
    return right / len(X)


@right("iris.bug_hunt")
def accuracy_in_batches_and_twice(classifier, X, y):
    classifier(X)
    parts = [classifier.forward(part) for part in X.split(2)]
    return (torch.cat(parts).argmax(dim=1) == y).float().mean().item()


@right("iris.bug_hunt")
def accuracy_by_counting(network, inputs, labels):
    return (network(inputs).argmax(1) == labels).sum().item() / len(labels)


@wrong("iris.bug_hunt", "the notebook's model: use its argument classifier")
def still_the_global_model(classifier, X, y):
    return (model(X).argmax(dim=1) == y).float().mean().item()


@wrong("iris.bug_hunt", "the notebook's X_train: use its argument X")
def still_the_global_data(classifier, X, y):
    return (classifier(X_train).argmax(dim=1) == y_train).float().mean().item()


@wrong("iris.bug_hunt", "the notebook's y_train: use its argument y")
def still_the_global_labels(classifier, X, y):
    return (classifier(X).argmax(dim=1) == y_train).float().mean().item()


@wrong("iris.bug_hunt", "yours returns 1.0, right is 0.0")
def over_the_wrong_dimension(classifier, X, y):
    return (classifier(X).argmin(dim=1) == y).float().mean().item()


@wrong("iris.bug_hunt", "your result is a tensor, and must be a plain number")
def without_item(classifier, X, y):
    return (classifier(X).argmax(dim=1) == y).float().mean()


@wrong("iris.bug_hunt", "leaves autograd switched off")
def without_autograd_for_good(classifier, X, y):
    torch.set_grad_enabled(False)
    return accuracy_by_counting(classifier, X, y)


@wrong("iris.bug_hunt", "a fraction between 0 and 1")
def the_number_that_is_right(classifier, X, y):
    return float((classifier(X).argmax(1) == y).sum())


@wrong("iris.bug_hunt", "yours returns")
def of_the_first_ten(classifier, X, y):
    return accuracy_by_counting(classifier, X[:3], y[:3])


@wrong("iris.bug_hunt", "yours returns")
def only_class_1(classifier, X, y):
    return ((classifier(X).argmax(1) == y) & (y > 0)).float().mean().item()


@wrong("iris.bug_hunt", "your function changes y")
def answers_its_own_question(classifier, X, y):
    y[:] = classifier(X).argmax(dim=1)
    return 1.0


@wrong("iris.bug_hunt", "yours returns")
def rounded(classifier, X, y):
    return round(accuracy_by_counting(classifier, X, y), 1)


@wrong("iris.bug_hunt", "right is 0.")
def mean_of_batches_of_32(classifier, X, y):
    pairs = zip(X.split(32), y.split(32), strict=True)
    parts = [accuracy_by_counting(classifier, *pair) for pair in pairs]
    return sum(parts) / len(parts)


@wrong("iris.bug_hunt", "right is 0.")
def accuracy_of_38_rows(classifier, X, y):
    return accuracy_by_counting(classifier, X[:38], y[:38])


@wrong("iris.bug_hunt", "the notebook's model: use its argument classifier")
def the_global_model_for_38_rows(classifier, X, y):
    return accuracy_by_counting(model if len(X) == 38 else classifier, X, y)


@wrong("iris.bug_hunt", "right is 0.")
def of_three_logits(classifier, X, y):
    return (classifier(X)[:, :3].argmax(1) == y).float().mean().item()


another_model, other_rows = nn.Linear(4, 3), torch.randn(38, 4)


@wrong("iris.bug_hunt", "does not call the classifier passed in")
def another_global_model(classifier, X, y):
    return (another_model(X).argmax(dim=1) == y).float().mean().item()


@wrong("iris.bug_hunt", "the body uses other data")
def other_global_data(classifier, X, y):
    return (classifier(other_rows).argmax(dim=1)[: len(y)] == y).float().mean().item()


# ---- iris.challenge -------------------------------------------------------------------------


def recipe(*layers, lr=0.01, epochs=150, make=torch.optim.Adam, **options):
    """Return a recipe for these layers, the course's network if there are none."""
    model = nn.Sequential(*layers or (nn.Linear(4, 24), nn.ReLU(), nn.Linear(24, 3)))
    return model, make(model.parameters(), lr=lr, **options), epochs


@obvious("iris.challenge")
def one_linear_layer():
    return recipe(nn.Linear(4, 3), lr=0.2, epochs=200)


@right("iris.challenge")
def fewer_epochs_at_a_larger_rate():
    return recipe(lr=0.02, epochs=100)


@right("iris.challenge")
def sixteen_units():
    return recipe(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3), epochs=200)


@right("iris.challenge")
def with_tanh():
    return recipe(nn.Linear(4, 24), nn.Tanh(), nn.Linear(24, 3), epochs=120)


@right("iris.challenge")
def with_epochs_from_numpy():
    return recipe(epochs=np.int64(150))


@right("iris.challenge")
def with_lazy_layers():
    return list(recipe(nn.LazyLinear(24), nn.ReLU(), nn.LazyLinear(3)))


@wrong("iris.challenge", "far below: they learn by heart")
def too_fast_for_too_long():
    return recipe(nn.Linear(4, 24), nn.Tanh(), nn.Linear(24, 3), lr=0.05, epochs=200)


@wrong("iris.challenge", "high as well: they have learned too little")
def too_short():
    return recipe(epochs=50)


@wrong("iris.challenge", "above the goal of 0.14")
def with_the_default_rate():
    return recipe(lr=0.001, epochs=200)


@wrong("iris.challenge", "above the goal of 0.14")
def with_sgd():
    return recipe(lr=0.1, epochs=200, make=torch.optim.SGD)


@wrong("iris.challenge", "has 8,195 parameters, 200 are allowed")
def too_large():
    return recipe(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3))


class ThreeSteps(torch.optim.Adam):
    def step(self):
        for _ in range(3):
            super().step()


@wrong("iris.challenge", "must be one of torch.optim")
def with_three_steps_in_one():
    return recipe(make=ThreeSteps)


@wrong("iris.challenge", "from 1 to 200, yours is 1000")
def too_long():
    return recipe(epochs=1000)


@wrong("iris.challenge", "does not hold all parameters")
def with_a_strange_optimizer():
    model, _, epochs = recipe()
    return model, recipe()[1], epochs


the_model, the_optimizer, _ = recipe()


@wrong("iris.challenge", "the model has learned already")
def always_the_same_model():
    return the_model, the_optimizer, 150


@wrong("iris.challenge", "the model has learned already")
def trained_beforehand():
    X, y = (torch.tensor(part) for part in load_iris(return_X_y=True))
    model, optimizer, epochs = recipe()
    train_and_validate(model, (X.float(), y), (X.float(), y), optimizer, 300)
    return model, optimizer, epochs


@wrong("iris.challenge", "return (model, optimizer, epochs); yours is a tuple of 2")
def without_epochs():
    return recipe()[:2]


@wrong("iris.challenge", "must be a whole number")
def with_a_fraction_of_an_epoch():
    return recipe(epochs=99.5)


@wrong("iris.challenge", "must be an nn.Module")
def in_another_order():
    return recipe()[::-1]


@wrong("iris.challenge", "must be one of torch.optim")
def with_a_rate_for_an_optimizer():
    model, _, epochs = recipe()
    return model, 0.01, epochs


@wrong("iris.challenge", "mat1 and mat2")
def for_three_columns():
    return recipe(nn.Linear(3, 24), nn.ReLU(), nn.Linear(24, 3))


@unfinished("iris.challenge")
def an_open_recipe():
    return ...
