"""Answers to the exercises of 03_iris."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from answers import obvious, right, wrong

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


# ---- iris.fit -------------------------------------------------------------------------------


@right("iris.fit")
def fit_with_sgd(model, X, y, epochs, lr):
    optimizer = torch.optim.SGD(model.parameters(), lr)
    losses = []
    for _ in range(epochs):
        loss = F.cross_entropy(model(X), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses


@right("iris.fit")
def fit_with_momentum(model, X, y, epochs, lr):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    return [one_step(optimizer, model, X, y) for _ in range(epochs)]


@right("iris.fit")
def fit_with_an_optimizer_for_each_parameter(model, X, y, epochs, lr):
    optimizers = [torch.optim.Adam([p], lr=lr) for p in model.parameters()]
    losses = []
    for _ in range(epochs):
        model.zero_grad()
        loss = F.cross_entropy(model.forward(X), y)
        loss.backward()
        for optimizer in optimizers:
            optimizer.step()
        losses.append(loss.item())
    return losses


def one_step(optimizer, model, X, y):
    """Make one right step; return the loss before it."""
    loss = F.cross_entropy(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


@obvious("iris.fit")
def fit_without_an_optimizer(model, X, y, epochs, lr):
    losses = []
    for _ in range(epochs):
        model.zero_grad(set_to_none=False)
        loss = nn.CrossEntropyLoss()(model(X), y)
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
        losses.append(loss.detach().numpy().item())
    return tuple(losses)


small = nn.Linear(4, 3)
losses_of_the_notebook = []


def loop(model, X, y, epochs, lr, *, record, zero=True, step=True, sign=1, logits=None):
    """Run a training loop with one thing wrong."""
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, maximize=sign < 0)
    losses = []
    for _ in range(epochs):
        outputs = model(X)
        loss = F.cross_entropy(outputs if logits is None else logits(outputs), y)
        if zero:
            optimizer.zero_grad()
        loss.backward()
        if step:
            optimizer.step()
        losses.append(record(loss))
    return losses


@wrong("iris.fit", "does not call the model passed in")
def trains_the_small_one(model, X, y, epochs, lr):
    return loop(small, X, y, epochs, lr, record=torch.Tensor.item)


@wrong("iris.fit", "the loss of the model afterwards is")
def ignores_lr(model, X, y, epochs, lr):
    return loop(model, X, y, epochs, 0.01, record=torch.Tensor.item)


@wrong("iris.fit", "changes what an earlier call returned")
def uses_a_global_list(model, X, y, epochs, lr):
    if len(losses_of_the_notebook) >= 40:
        losses_of_the_notebook.extend(loop(model, X, y, epochs, lr, record=torch.Tensor.item))
    else:
        losses_of_the_notebook[:] = loop(model, X, y, epochs, lr, record=torch.Tensor.item)
    return losses_of_the_notebook


@wrong("iris.fit", "a new optimizer is made in each epoch")
def makes_an_optimizer_each_epoch(model, X, y, epochs, lr):
    losses = []
    for _ in range(epochs):
        losses += loop(model, X, y, 1, lr, record=torch.Tensor.item)
    return losses


@wrong("iris.fit", "is a tensor, and must be a plain number: use .item()")
def keeps_tensors(model, X, y, epochs, lr):
    return loop(model, X, y, epochs, lr, record=lambda loss: loss)


@wrong("iris.fit", "call optimizer.zero_grad()")
def forgets_zero_grad(model, X, y, epochs, lr):
    return loop(model, X, y, epochs, lr, record=torch.Tensor.item, zero=False)


@wrong("iris.fit", "the optimizer never steps")
def forgets_the_step(model, X, y, epochs, lr):
    return loop(model, X, y, epochs, lr, record=torch.Tensor.item, step=False)


@wrong("iris.fit", "does not call the model passed in")
def trains_a_model_of_its_own(model, X, y, epochs, lr):
    own = nn.Linear(4, 3)
    own.load_state_dict(model.state_dict())
    return loop(own, X, y, epochs, lr, record=torch.Tensor.item)


@wrong("iris.fit", "a softmax before the loss")
def applies_softmax_first(model, X, y, epochs, lr):
    return loop(
        model, X, y, epochs, lr, record=torch.Tensor.item, logits=lambda z: z.softmax(dim=1)
    )


@wrong("iris.fit", "the list of losses has 300 items, right is 1")
def always_300_epochs(model, X, y, epochs, lr):
    return loop(model, X, y, 300, lr, record=torch.Tensor.item)


@wrong("iris.fit", "must be a list or tuple")
def returns_only_the_last(model, X, y, epochs, lr):
    return loop(model, X, y, epochs, lr, record=torch.Tensor.item)[-1]


@wrong("iris.fit", "the loss is measured after the step")
def records_after_the_step(model, X, y, epochs, lr):
    return loop(model, X, y, epochs, lr, record=lambda _: F.cross_entropy(model(X), y).item())


@wrong("iris.fit", "the list of losses is [5.334], right is [2.667]")
def records_the_sum(model, X, y, epochs, lr):
    return loop(model, X, y, epochs, lr, record=lambda loss: loss.item() * len(X))


@wrong("iris.fit", "the loss of the model afterwards is")
def climbs(model, X, y, epochs, lr):
    return loop(model, X, y, epochs, lr, record=torch.Tensor.item, sign=-1)


def adam(model, lr):
    return torch.optim.Adam(model.parameters(), lr=lr)


@wrong("iris.fit", "the loss of the model afterwards is")
def steps_twice(model, X, y, epochs, lr):
    optimizer, losses = adam(model, lr), []
    for _ in range(epochs):
        loss = F.cross_entropy(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        optimizer.step()
        losses.append(loss.item())
    return losses


@wrong("iris.fit", "the list of losses")
def a_running_mean(model, X, y, epochs, lr):
    losses = loop(model, X, y, epochs, lr, record=torch.Tensor.item)
    return [sum(losses[: i + 1]) / (i + 1) for i in range(epochs)]


@wrong("iris.fit", "the list of losses is [1.395, 0.4764], right is [1.395]")
def one_epoch_more(model, X, y, epochs, lr):
    return loop(model, X, y, epochs + 1, lr, record=torch.Tensor.item)


@wrong("iris.fit", "the loss of the model afterwards is")
def one_step_more(model, X, y, epochs, lr):
    return loop(model, X, y, epochs + 1, lr, record=torch.Tensor.item)[:epochs]


@wrong("iris.fit", "the loss of the model afterwards is")
def only_the_last_bias(model, X, y, epochs, lr):
    optimizer = torch.optim.Adam(list(model.parameters())[-1:], lr=lr)
    return [one_step(optimizer, model, X, y) for _ in range(epochs)]


@wrong("iris.fit", "your function changes X")
def centres_in_place(model, X, y, epochs, lr):
    X -= X.mean(dim=0)
    return loop(model, X, y, epochs, lr, record=torch.Tensor.item)


@wrong("iris.fit", "leaves model in evaluation mode")
def leaves_the_model_measuring(model, X, y, epochs, lr):
    model.eval()
    return loop(model, X, y, epochs, lr, record=torch.Tensor.item)


@wrong("iris.fit", "the list of losses")
def of_three_classes(model, X, y, epochs, lr):
    optimizer = adam(model, lr)
    return [one_step(optimizer, model, X, y) * 3 / len(model(X)[0]) for _ in range(epochs)]


@wrong("iris.fit", "the list of losses")
def a_smaller_rate_after_five_epochs(model, X, y, epochs, lr):
    optimizer, losses = adam(model, lr), []
    for epoch in range(epochs):
        if epoch == 5:
            optimizer.param_groups[0]["lr"] /= 10
        losses.append(one_step(optimizer, model, X, y))
    return losses


@wrong("iris.fit", "element 0 of tensors does not require grad")
def inside_no_grad(model, X, y, epochs, lr):
    with torch.no_grad():
        return loop(model, X, y, epochs, lr, record=torch.Tensor.item)


@right("iris.fit")
def fit_with_the_loss_by_hand(model, X, y, epochs, lr):
    optimizer, losses = adam(model, lr), []
    for _ in range(epochs):
        logits = model(X)
        loss = (logits.logsumexp(1) - logits[torch.arange(len(y)), y]).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@wrong("iris.fit", "the list of losses")
def in_batches_of_32(model, X, y, epochs, lr):
    optimizer, losses = adam(model, lr), []
    for _ in range(epochs):
        pairs = zip(X.split(32), y.split(32), strict=True)
        parts = [one_step(optimizer, model, *pair) for pair in pairs]
        losses.append(sum(parts) / len(parts))
    return losses


@wrong("iris.fit", "the list of losses")
def of_112_rows(model, X, y, epochs, lr):
    return loop(model, X[:112], y[:112], epochs, lr, record=torch.Tensor.item)


@wrong("iris.fit", "the list of losses is [3.884, 3.872, 3.86]")
def with_a_rate_of_a_thousandth_at_least(model, X, y, epochs, lr):
    return loop(model, X, y, epochs, max(lr, 1e-3), record=torch.Tensor.item)


@wrong("iris.fit", "has 50 items, right is 113")
def at_most_50_epochs(model, X, y, epochs, lr):
    return loop(model, X, y, min(epochs, 50), lr, record=torch.Tensor.item)


@wrong("iris.fit", "the list of losses")
def stops_when_the_loss_is_small(model, X, y, epochs, lr):
    optimizer, losses = adam(model, lr), []
    for _ in range(epochs):
        losses.append(one_step(optimizer, model, X, y))
        if losses[-1] < 0.05:
            break
    return losses


@wrong("iris.fit", "the list of losses at [10")
def a_smaller_rate_after_100_epochs(model, X, y, epochs, lr):
    optimizer, losses = adam(model, lr), []
    for epoch in range(epochs):
        if epoch == 100:
            optimizer.param_groups[0]["lr"] /= 2
        losses.append(one_step(optimizer, model, X, y))
    return losses


@wrong("iris.fit", "the list of losses is [], right is [1.395]")
def one_epoch_less(model, X, y, epochs, lr):
    optimizer = adam(model, lr)
    return [one_step(optimizer, model, X, y) for _ in range(1, epochs)]


@wrong("iris.fit", "the loss of the model afterwards is")
def with_sgd_at_twice_the_rate(model, X, y, epochs, lr):
    optimizer = torch.optim.SGD(model.parameters(), lr=2 * lr)
    return [one_step(optimizer, model, X, y) for _ in range(epochs)]


# ---- iris.evaluate --------------------------------------------------------------------------


@right("iris.evaluate")
def evaluate_by_counting(model, X, y):
    model.train(False)
    with torch.inference_mode():
        logits = model(X)
        loss = F.cross_entropy(logits, y).item()
    model.train()
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
    model.train()
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
    model.train()
    return loss / len(X), right / len(X)


X_val, y_val = torch.randn(38, 4), torch.randint(0, 3, (38,))


def measure(model, X, y, *, eval_mode=True, back=True, graph=False):
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


@wrong("iris.evaluate", "end with model.train()")
def stays_in_eval_mode(model, X, y):
    return measure(model, X, y, back=False)


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
    model.train()
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
    model.train()
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


@wrong("iris.evaluate", "end with model.train()")
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
    model.train()
    return -(probs + 1e-3).log().mean().item(), measure(model, X, y)[1]


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


@wrong("iris.bug_hunt", "does not call the classifier passed in")
def still_the_global_model(classifier, X, y):
    return (model(X).argmax(dim=1) == y).float().mean().item()


@wrong("iris.bug_hunt", "the body uses other data")
def still_the_global_data(classifier, X, y):
    return (classifier(X_train).argmax(dim=1) == y_train).float().mean().item()


@wrong("iris.bug_hunt", "right is 0.0")
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


@wrong("iris.bug_hunt", "does not call the classifier")
def the_global_model_for_38_rows(classifier, X, y):
    return accuracy_by_counting(model if len(X) == 38 else classifier, X, y)


@wrong("iris.bug_hunt", "right is 0.")
def of_three_logits(classifier, X, y):
    return (classifier(X)[:, :3].argmax(1) == y).float().mean().item()
