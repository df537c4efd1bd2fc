"""Answers to the exercises of 07_cifar10_classifier."""

import copy
from itertools import pairwise

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from answers import right, wrong

# ---- cifar10.parameters ---------------------------------------------------------------------


@right("cifar10.parameters")
def counted_by_pytorch(sizes):
    layers = [nn.Linear(sizes[i], sizes[i + 1]) for i in range(len(sizes) - 1)]
    return sum(p.numel() for p in nn.Sequential(*layers).parameters())


@right("cifar10.parameters")
def counted_with_numpy(sizes):
    a, b = np.array(sizes[:-1]), np.array(sizes[1:])
    return np.dot(a + 1, b)


@wrong("cifar10.parameters", "should be 3676682, yours is 3676683")
def off_by_one(sizes):
    return counted_by_pytorch(sizes) + 1


@wrong("cifar10.parameters", "are the weights alone. Each output has a bias as well")
def weights_alone(sizes):
    return sum(a * b for a, b in pairwise(sizes))


@wrong("cifar10.parameters", "you count a bias for each input too")
def a_bias_for_every_size(sizes):
    return weights_alone(sizes) + sum(sizes)


@wrong("cifar10.parameters", "you count a bias for each input of a layer")
def a_bias_for_every_input(sizes):
    return weights_alone(sizes) + sum(sizes[:-1])


@wrong("cifar10.parameters", "IndexError")
def always_three_layers(sizes):
    pairs = [(sizes[i], sizes[i + 1]) for i in range(3)]
    return sum((a + 1) * b for a, b in pairs)


@wrong("cifar10.parameters", "count_parameters([4, 1]) should be 5, yours is 3676682")
def the_bare_number(sizes):
    return 3_676_682


@wrong("cifar10.parameters", "count_parameters([5, 7, 3, 3, 2]) should be 86, yours is 78")
def three_layers_at_most(sizes):
    return counted_by_pytorch(sizes[:4])


@wrong("cifar10.parameters", "must be a plain number, yours is a tensor")
def as_a_tensor(sizes):
    return torch.tensor(counted_by_pytorch(sizes))


@wrong("cifar10.parameters", "must be a number, yours is of type list")
def layer_by_layer(sizes):
    return [(a + 1) * b for a, b in pairwise(sizes)]


wrong("cifar10.parameters", "pass your function count_parameters itself")(3_676_682)


@wrong("cifar10.parameters", "changes the list that is passed in")
def parameters_that_empty_the_list(sizes):
    total = 0
    while len(sizes) > 1:
        total += (sizes.pop(0) + 1) * sizes[0]
    return total


@wrong("cifar10.parameters", "must be an int, yours is a float")
def parameters_as_a_float(sizes):
    return float(sum((a + 1) * b for a, b in pairwise(sizes)))


# ---- cifar10.network ------------------------------------------------------------------------


def stack(*, sizes=(3072, 1024, 512, 10), activation=nn.ReLU, bias=True, last=()):
    """Return the layers of a network with something of another kind."""
    a, b, c, d = sizes
    return [
        nn.Flatten(),
        nn.Linear(a, b, bias=bias),
        activation(),
        nn.Linear(b, c, bias=bias),
        activation(),
        nn.Linear(c, d, bias=bias),
        *last,
    ]


@right("cifar10.network")
class LayersWithNames(nn.Module):
    def __init__(self):
        super().__init__()
        self.output = nn.Linear(512, 10)
        self.second = nn.Linear(1024, 512)
        self.first = nn.Linear(3072, 1024)

    def forward(self, pictures):
        h = F.relu(self.first(pictures.reshape(pictures.shape[0], -1)))
        return self.output(torch.relu(self.second(h)))


@right("cifar10.network")
class ASequentialItself(nn.Sequential):
    def __init__(self):
        super().__init__(*stack())


@right("cifar10.network")
class AListOfModules(nn.Module):
    def __init__(self):
        super().__init__()
        self.parts = nn.ModuleList(stack())

    def forward(self, X):
        for part in self.parts:
            X = part(X)
        return X


class Stack(nn.Module):
    """A network of these layers, for a wrong answer to spoil."""

    kwargs = {}  # noqa: RUF012

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(*stack(**self.kwargs))

    def forward(self, X):
        return self.layers(X)


@wrong("cifar10.network", "it ends in a softmax")
class EndsInSoftmax(Stack):
    kwargs = {"last": [nn.Softmax(dim=1)]}  # noqa: RUF012


@wrong("cifar10.network", "a ReLU follows the last layer")
class EndsInRelu(Stack):
    kwargs = {"last": [nn.ReLU()]}  # noqa: RUF012


@wrong("cifar10.network", "there is no ReLU between the layers")
class NoRelu(Stack):
    kwargs = {"activation": nn.Identity}  # noqa: RUF012


@wrong("cifar10.network", "with ReLU after the first and second layer only, the output")
class WithTanhAndRelu(Stack):
    kwargs = {"activation": nn.Tanh, "last": []}  # noqa: RUF012

    def forward(self, X):
        return self.layers(X.abs())


@wrong("cifar10.network", "with ReLU after the first and second layer only, the output")
class WithLeakyRelu(Stack):
    kwargs = {"activation": nn.LeakyReLU}  # noqa: RUF012


@wrong("cifar10.network", "yours have (512, 3072), (256, 512), (10, 256)")
class WithOtherSizes(Stack):
    kwargs = {"sizes": (3072, 512, 256, 10)}  # noqa: RUF012


@wrong("cifar10.network", "three linear layers, each with its bias")
class WithoutBias(Stack):
    kwargs = {"bias": False}  # noqa: RUF012


@wrong("cifar10.network", "and no other parameters")
class WithBatchNorm(Stack):
    kwargs = {"last": [nn.BatchNorm1d(10)]}  # noqa: RUF012


@wrong("cifar10.network", "layers in a plain list are not seen")
class APlainList(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = stack()

    def forward(self, X):
        for layer in self.layers:
            X = layer(X)
        return X


@wrong("cifar10.network", "mat1 and mat2 shapes cannot be multiplied")
class ForgetsToFlatten(Stack):
    def forward(self, X):
        return self.layers[1:](X)


@wrong("cifar10.network", "the output for 6 pictures must be a tensor, yours is None")
class ForgetsToReturn(Stack):
    def forward(self, X):
        self.layers(X)


@wrong("cifar10.network", "must have shape (6, 10), yours has (6, 9)")
class NineClasses(Stack):
    kwargs = {"sizes": (3072, 1024, 512, 9)}  # noqa: RUF012


@wrong("cifar10.network", "the output for 1 picture must have shape (1, 10), yours has (10,)")
class Squeezes(Stack):
    def forward(self, X):
        return self.layers(X).squeeze()


@wrong("cifar10.network", "Network must be a class, class Network(nn.Module)")
def a_function_that_returns_a_module():
    return nn.Sequential(*stack())


@wrong("cifar10.network", "Network() must be a Module, yours is of type NoModule")
class NoModule:
    def __init__(self):
        self.layers = nn.Sequential(*stack())

    def forward(self, X):
        return self.layers(X)


@wrong("cifar10.network", "layers are made inside forward")
class MadeInForward(nn.Module):
    def forward(self, X):
        return nn.Sequential(*stack())(X)


@wrong("cifar10.network", "layers are made inside forward")
class MadeAnewOnSelf(nn.Module):
    def forward(self, X):
        self.layers = nn.Sequential(*stack())
        return self.layers(X)


@wrong("cifar10.network", "layers are made inside forward")
class LastMadeAnew(Stack):
    def forward(self, X):
        self.layers[-1] = nn.Linear(512, 10)
        return self.layers(X)


@wrong("cifar10.network", "layers are made inside forward")
class MadeAtTheFirstCall(nn.Module):
    def forward(self, X):
        if not hasattr(self, "layers"):
            self.layers = nn.Sequential(*stack())
        return self.layers(X)


@wrong("cifar10.network", "with ReLU after the first and second layer only, the output")
class WithDropout(Stack):
    kwargs = {"last": [nn.Dropout(0.5)]}  # noqa: RUF012


@wrong("cifar10.network", "must be torch.float32, yours is torch.float64")
class InDouble(Stack):
    def forward(self, X):
        return self.layers(X).double()


wrong("cifar10.network", "without brackets")(nn.Sequential(nn.Flatten()))
wrong("cifar10.network", "pass your function Network itself")("Network")

# ---- cifar10.unnormalize --------------------------------------------------------------------


@right("cifar10.unnormalize")
def channel_by_channel(X, mean, std):
    return torch.stack([X[:, c] * std[c] + mean[c] for c in range(3)], dim=1)


@right("cifar10.unnormalize")
def in_double_and_clamped(X, mean, std):
    mean, std = (torch.tensor(v, dtype=torch.float64)[:, None, None] for v in (mean, std))
    return (mean + std * X).clamp(0, 1)


@right("cifar10.unnormalize")
def with_normalize_itself(X, mean, std):
    m, s = (torch.tensor(v).reshape(1, 3, 1, 1) for v in (mean, std))
    return (X - (-m / s)) / (1 / s)


def columns(*values):
    """Return each tuple of three as a tensor of shape (3, 1, 1)."""
    return [torch.tensor(value).view(3, 1, 1) for value in values]


@wrong("cifar10.unnormalize", "you add 0.05, as the tutorial does")
def as_in_the_tutorial(X, mean, std):
    return X / 2 + 0.05


@wrong("cifar10.unnormalize", "you always use 0.5: use mean and std")
def always_a_half(X, mean, std):
    return X / 2 + 0.5


@wrong("cifar10.unnormalize", "undo the last step first")
def in_the_wrong_order(X, mean, std):
    mean, std = columns(mean, std)
    return (X + mean) * std


@wrong("cifar10.unnormalize", "mean and std are exchanged")
def exchanged(X, mean, std):
    mean, std = columns(mean, std)
    return X * mean + std


@wrong("cifar10.unnormalize", "you subtract the mean again")
def subtracts(X, mean, std):
    mean, std = columns(mean, std)
    return X * std - mean


@wrong("cifar10.unnormalize", "you normalize a second time")
def normalizes_again(X, mean, std):
    mean, std = columns(mean, std)
    return (X - mean) / std


@wrong("cifar10.unnormalize", "you divide by std again")
def divides_again(X, mean, std):
    mean, std = columns(mean, std)
    return X / std + mean


@wrong("cifar10.unnormalize", "not in [0, 255]")
def as_bytes(X, mean, std):
    mean, std = columns(mean, std)
    return 255 * (X * std + mean)


@wrong("cifar10.unnormalize", "the result[0, 0, 0, 0] should be")
def first_mean_for_all(X, mean, std):
    return X * std[1] + mean[0]


@wrong("cifar10.unnormalize", "changes X in place")
def in_place(X, mean, std):
    mean, std = columns(mean, std)
    return X.mul_(std).add_(mean)


@wrong("cifar10.unnormalize", "RuntimeError: The size of tensor a (8) must match")
def without_a_view(X, mean, std):
    return X * torch.tensor(std) + torch.tensor(mean)


@wrong("cifar10.unnormalize", "must have shape (4, 3, 6, 8), yours has (4, 6, 8, 3)")
def ready_for_matplotlib(X, mean, std):
    return channel_by_channel(X, mean, std).permute(0, 2, 3, 1)


@wrong("cifar10.unnormalize", "the result must be a tensor, yours is of type ndarray")
def as_an_array(X, mean, std):
    return channel_by_channel(X, mean, std).numpy()


wrong("cifar10.unnormalize", "pass your function unnormalize itself")(torch.zeros(2))

# ---- cifar10.train_epoch --------------------------------------------------------------------


@right("cifar10.train_epoch")
def joins_the_logits(model, loader, loss_fn, optimizer):
    model.train()
    outputs, targets = [], []
    for X, y in loader:
        optimizer.zero_grad()
        logits = model(X)
        loss_fn(logits, y).backward()
        optimizer.step()
        outputs.append(logits.detach())
        targets.append(y)
    logits, y = torch.cat(outputs), torch.cat(targets)
    return [loss_fn(logits, y).item(), (logits.argmax(1) == y).double().mean().item()]


def epoch(
    model,
    loader,
    loss_fn,
    optimizer,
    *,
    zero=True,
    step=True,
    mode=True,
    after=False,
    loss_after=False,
):
    """Train for an epoch; return losses, right ones and sizes of the batches as lists."""
    model.train(mode)
    losses, hits, sizes = [], [], []
    for X, y in loader:
        logits = model(X)
        loss = loss_fn(logits, y)
        if zero:
            optimizer.zero_grad()
        loss.backward()
        if step:
            optimizer.step()
        logits = model(X) if after else logits
        loss = loss_fn(model(X), y) if loss_after else loss
        losses.append(loss.item())
        hits.append((logits.argmax(1) == y).sum().item())
        sizes.append(len(y))
    return losses, hits, sizes


def weighted(losses, hits, sizes):
    """Return the right loss and accuracy."""
    total = sum(a * b for a, b in zip(losses, sizes, strict=True))
    return total / sum(sizes), sum(hits) / sum(sizes)


@right("cifar10.train_epoch")
def with_lists(*args):
    return weighted(*epoch(*args))


@right("cifar10.train_epoch")
def over_the_data_set(model, loader, loss_fn, optimizer):
    model.train()
    total, hits = 0.0, 0.0
    for X, y in loader:
        logits = model(X)
        loss = loss_fn(logits, y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total += loss.item() * X.shape[0]
        hits += (logits.argmax(1) == y).float().sum().item()
    return total / len(loader.dataset), hits / len(loader.dataset)


@wrong("cifar10.train_epoch", "you divide by the number of batches, not of rows")
def mean_of_the_losses(*args):
    losses, hits, sizes = epoch(*args)
    return sum(losses) / len(losses), sum(hits) / sum(sizes)


@wrong("cifar10.train_epoch", "multiply it by len(X) before you add")
def divides_means_by_rows(*args):
    losses, hits, sizes = epoch(*args)
    return sum(losses) / sum(sizes), sum(hits) / sum(sizes)


@wrong("cifar10.train_epoch", "you average the accuracies of the batches")
def mean_of_the_accuracies(*args):
    losses, hits, sizes = epoch(*args)
    accuracies = [a / b for a, b in zip(hits, sizes, strict=True)]
    return weighted(losses, hits, sizes)[0], sum(accuracies) / len(accuracies)


@wrong("cifar10.train_epoch", "the accuracy is the number of right ones")
def number_of_right_ones(*args):
    losses, hits, sizes = epoch(*args)
    return weighted(losses, hits, sizes)[0], sum(hits)


@wrong("cifar10.train_epoch", "a fraction between 0 and 1, not per cent")
def accuracy_in_per_cent(*args):
    loss, accuracy = weighted(*epoch(*args))
    return loss, 100 * accuracy


@wrong("cifar10.train_epoch", "is divided by the number of batches")
def right_ones_per_batch(*args):
    losses, hits, sizes = epoch(*args)
    return weighted(losses, hits, sizes)[0], sum(hits) / len(hits)


@wrong("cifar10.train_epoch", "the accuracy is that of the last batch alone")
def last_accuracy(*args):
    losses, hits, sizes = epoch(*args)
    return weighted(losses, hits, sizes)[0], hits[-1] / sizes[-1]


@wrong("cifar10.train_epoch", "the accuracy after the batch's step")
def accuracy_after_the_step(*args):
    return weighted(*epoch(*args, after=True))


@wrong("cifar10.train_epoch", "the loss after the batch's step")
def loss_after_the_step(*args):
    return weighted(*epoch(*args, loss_after=True))


@wrong("cifar10.train_epoch", "the loss after the batch's step")
def both_after_the_step(*args):
    return weighted(*epoch(*args, after=True, loss_after=True))


@wrong("cifar10.train_epoch", "the model after the epoch")
def measured_after_the_epoch(model, loader, loss_fn, optimizer):
    epoch(model, loader, loss_fn, optimizer)
    with torch.no_grad():
        logits = torch.cat([model(X) for X, _ in loader])
    y = torch.cat([y for _, y in loader])
    return loss_fn(logits, y).item(), (logits.argmax(1) == y).double().mean().item()


@wrong("cifar10.train_epoch", "in evaluation mode, as helpers.evaluate does")
def evaluated_after_the_epoch(model, loader, loss_fn, optimizer):
    import helpers

    epoch(model, loader, loss_fn, optimizer)
    scores = helpers.evaluate(model, loader, loss_fn, {"accuracy": helpers.accuracy})
    return scores["loss"], scores["accuracy"]


@wrong("cifar10.train_epoch", "in evaluation mode, as helpers.evaluate does")
def evaluates_each_batch(model, loader, loss_fn, optimizer):
    import helpers

    rows = []
    for batch in loader:
        scores = helpers.evaluate(model, tuple(batch), loss_fn, {"accuracy": helpers.accuracy})
        epoch(model, [batch], loss_fn, optimizer)
        rows.append((scores["loss"], scores["accuracy"], len(batch[0])))
    losses, accuracies, sizes = map(torch.tensor, zip(*rows, strict=True))
    return tuple(((x * sizes).sum() / sizes.sum()).item() for x in (losses, accuracies))


@wrong("cifar10.train_epoch", "the accuracy should be")
def the_error_rate(*args):
    loss, accuracy = weighted(*epoch(*args))
    return loss, 1 - accuracy


@wrong("cifar10.train_epoch", "swapped: return the loss first")
def swapped(*args):
    return weighted(*epoch(*args))[::-1]


@wrong("cifar10.train_epoch", "call model.train() before the loop")
def in_eval_mode(*args):
    return weighted(*epoch(*args, mode=False))


@wrong("cifar10.train_epoch", "call optimizer.zero_grad()")
def never_zeroes(*args):
    return weighted(*epoch(*args, zero=False))


@wrong("cifar10.train_epoch", "is optimizer.step() called?")
def never_steps(*args):
    return weighted(*epoch(*args, step=False))


@wrong("cifar10.train_epoch", "is the return inside the loop?")
def one_batch_only(model, loader, loss_fn, optimizer):
    return weighted(*epoch(model, [next(iter(loader))], loss_fn, optimizer))


@wrong("cifar10.train_epoch", "must return two numbers")
def loss_alone(*args):
    return weighted(*epoch(*args))[0]


@wrong("cifar10.train_epoch", "the loss must be a plain number, yours is a tensor")
def loss_as_a_tensor(*args):
    loss, accuracy = weighted(*epoch(*args))
    return torch.tensor(loss), accuracy


@wrong("cifar10.train_epoch", "the accuracy must be a plain number, yours is a tensor")
def accuracy_as_a_tensor(*args):
    loss, accuracy = weighted(*epoch(*args))
    return loss, torch.tensor(accuracy)


@wrong("cifar10.train_epoch", "never calls the model")
def another_model(model, loader, loss_fn, optimizer):
    other = nn.Linear(4, 3)
    return weighted(*epoch(other, loader, loss_fn, torch.optim.SGD(other.parameters(), lr=0.5)))


wrong("cifar10.train_epoch", "pass your function train_epoch itself")((1.1, 0.5))


@wrong("cifar10.train_epoch", "never calls the loss_fn")
def epoch_with_a_loss_of_its_own(model, loader, loss_fn, optimizer):
    model.train()
    total, right, rows = 0.0, 0, 0
    for X, y in loader:
        logits = model(X)
        loss = nn.functional.cross_entropy(logits, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(X)
        right += (logits.argmax(dim=1) == y).sum().item()
        rows += len(X)
    return total / rows, right / rows


# ---- cifar10.test_loop ----------------------------------------------------------------------


@right("cifar10.test_loop")
@torch.no_grad()
def adds_up(model, loader, loss_fn):
    model.eval()
    total, hits, rows = 0.0, 0, 0
    for X, y in loader:
        logits = model(X)
        total += loss_fn(logits, y).item() * len(X)
        hits += (logits.argmax(dim=1) == y).sum().item()
        rows += len(X)
    model.train()
    return total / rows, hits / rows


@right("cifar10.test_loop")
def with_helpers(model, loader, loss_fn):
    import helpers

    scores = helpers.evaluate(model, loader, loss_fn, {"accuracy": helpers.accuracy})
    return [scores["loss"], scores["accuracy"]]


@right("cifar10.test_loop")
def with_inference_mode(model, loader, loss_fn):
    model.eval()
    with torch.inference_mode():
        logits = torch.cat([model(X) for X, _ in loader])
        y = torch.cat([y for _, y in loader])
        return loss_fn(logits, y).item(), (logits.argmax(1) == y).float().mean().item()


def measure(model, loader, loss_fn, *, evaluating=True):
    """Return losses, right ones and sizes of the batches as lists."""
    model.train(not evaluating)
    losses, hits, sizes = [], [], []
    with torch.no_grad():
        for X, y in loader:
            logits = model(X)
            losses.append(loss_fn(logits, y).item())
            hits.append((logits.argmax(1) == y).sum().item())
            sizes.append(len(y))
    return losses, hits, sizes


@wrong("cifar10.test_loop", "Call model.eval() before the loop")
def dropout_is_on(*args):
    return weighted(*measure(*args, evaluating=False))


@wrong("cifar10.test_loop", "you average the losses of the batches")
def averages_the_losses(*args):
    losses, hits, sizes = measure(*args)
    return sum(losses) / len(losses), sum(hits) / sum(sizes)


@wrong("cifar10.test_loop", "you average the accuracies of the batches")
def averages_the_accuracies(*args):
    losses, hits, sizes = measure(*args)
    accuracies = [a / b for a, b in zip(hits, sizes, strict=True)]
    return weighted(losses, hits, sizes)[0], sum(accuracies) / len(accuracies)


@wrong("cifar10.test_loop", "the loss is the sum over the batches")
def sums_the_losses(*args):
    losses, hits, sizes = measure(*args)
    return sum(losses), sum(hits) / sum(sizes)


@wrong("cifar10.test_loop", "the loss is the sum over the rows")
def never_divides(*args):
    losses, hits, sizes = measure(*args)
    return weighted(losses, hits, sizes)[0] * sum(sizes), sum(hits) / sum(sizes)


@wrong("cifar10.test_loop", "the loss is that of the last batch alone")
def the_last_loss(*args):
    losses, hits, sizes = measure(*args)
    return losses[-1], sum(hits) / sum(sizes)


@wrong("cifar10.test_loop", "the number of right ones: divide it by the rows")
def counts_right_ones(*args):
    losses, hits, sizes = measure(*args)
    return weighted(losses, hits, sizes)[0], sum(hits)


@wrong("cifar10.test_loop", "not per cent")
def in_per_cent(*args):
    loss, accuracy = weighted(*measure(*args))
    return loss, 100 * accuracy


@wrong("cifar10.test_loop", "the accuracy should be")
def wrong_ones(*args):
    loss, accuracy = weighted(*measure(*args))
    return loss, 1 - accuracy


@wrong("cifar10.test_loop", "you applied a softmax before the loss")
def softmax_first(model, loader, loss_fn):
    return weighted(*measure(nn.Sequential(model, nn.Softmax(dim=1)), loader, loss_fn))


@wrong("cifar10.test_loop", "the loss_fn that is passed in is not used")
def own_loss(model, loader, loss_fn):
    return weighted(*measure(model, loader, nn.CrossEntropyLoss()))


@wrong("cifar10.test_loop", "swapped: return the loss first")
def accuracy_first(*args):
    return weighted(*measure(*args))[::-1]


@wrong("cifar10.test_loop", "is the return inside the loop?")
def returns_in_the_loop(model, loader, loss_fn):
    return weighted(*measure(model, [next(iter(loader))], loss_fn))


@wrong("cifar10.test_loop", "leaves autograd switched off")
def switches_autograd_off(*args):
    torch.set_grad_enabled(False)
    model, loader, loss_fn = args
    model.eval()
    logits = torch.cat([model(X) for X, _ in loader])
    y = torch.cat([y for _, y in loader])
    return loss_fn(logits, y).item(), (logits.argmax(1) == y).float().mean().item()


@wrong("cifar10.test_loop", "records a graph")
def with_a_graph(model, loader, loss_fn):
    model.eval()
    logits = torch.cat([model(X) for X, _ in loader])
    y = torch.cat([y for _, y in loader])
    return loss_fn(logits, y).item(), (logits.argmax(1) == y).float().mean().item()


@wrong("cifar10.test_loop", "it makes no step")
def trains_on_the_test_set(model, loader, loss_fn):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    return weighted(*epoch(model, loader, loss_fn, optimizer))


@wrong("cifar10.test_loop", "never calls the model")
def uses_another_model(model, loader, loss_fn):
    return weighted(*measure(nn.Linear(4, 3), loader, loss_fn))


@wrong("cifar10.test_loop", "must return two numbers")
def returns_a_dict(*args):
    loss, accuracy = weighted(*measure(*args))
    return {"loss": loss, "accuracy": accuracy}


wrong("cifar10.test_loop", "pass your function test_loop itself")((1.1, 0.5))

# ---- cifar10.save_and_load ------------------------------------------------------------------


@right("cifar10.save_and_load")
def by_default_weights_only(model, new_model, path):
    torch.save(model.state_dict(), path)
    new_model.load_state_dict(torch.load(path))
    return new_model


@right("cifar10.save_and_load")
def through_an_open_file(model, new_model, path):
    with open(path, "wb") as file:
        torch.save(obj=model.state_dict(), f=file)
    with open(path, "rb") as file:
        state = torch.load(file, map_location="cpu", weights_only=True)
    with torch.no_grad():
        for name, value in new_model.state_dict().items():
            value.copy_(state[name])
    return new_model


@right("cifar10.save_and_load")
def with_more_in_the_file(model, new_model, path):
    torch.save({"weights": model.state_dict(), "epoch": 10}, path)
    new_model.load_state_dict(torch.load(path, weights_only=True)["weights"], strict=True)
    return new_model


@right("cifar10.save_and_load")
def looks_at_what_it_reads(model, new_model, path):
    torch.save(list(model.state_dict().values()), path)
    values = torch.load(path, weights_only=True)
    for name, value in zip(model.state_dict(), values, strict=True):
        assert torch.equal(model.state_dict()[name], value)
    new_model.load_state_dict(dict(zip(model.state_dict(), values, strict=True)))
    return new_model


def save(model, path):
    """Save the weights."""
    torch.save(model.state_dict(), path)


@wrong("cifar10.save_and_load", "weights_only=False lets a file run code")
def trusts_the_file(model, new_model, path):
    save(model, path)
    new_model.load_state_dict(torch.load(path, weights_only=False))
    return new_model


@wrong("cifar10.save_and_load", "you save the whole model")
def saves_the_model(model, new_model, path):
    torch.save(model, path)
    return torch.load(path, weights_only=False)


@wrong("cifar10.save_and_load", "you save the whole model")
def saves_the_model_and_stumbles(model, new_model, path):
    torch.save(model, path)
    new_model.load_state_dict(torch.load(path, weights_only=True))
    return new_model


@wrong("cifar10.save_and_load", "torch.load is never called")
def never_reads(model, new_model, path):
    save(model, path)
    new_model.load_state_dict(model.state_dict())
    return new_model


@wrong("cifar10.save_and_load", "what torch.load returns is not used")
def ignores_what_it_reads(model, new_model, path):
    save(model, path)
    torch.load(path, weights_only=True)
    new_model.load_state_dict(model.state_dict())
    return new_model


@wrong("cifar10.save_and_load", "what torch.load returns is not used")
def returns_a_copy_of_the_old_one(model, new_model, path):
    ignores_what_it_reads(model, new_model, path)
    return copy.deepcopy(model)


@wrong("cifar10.save_and_load", "there is no file at path")
def in_memory(model, new_model, path):
    import io

    buffer = io.BytesIO()
    save(model, buffer)
    buffer.seek(0)
    new_model.load_state_dict(torch.load(buffer, weights_only=True))
    return new_model


@wrong("cifar10.save_and_load", "FileNotFoundError")
def never_saves(model, new_model, path):
    new_model.load_state_dict(torch.load(path, weights_only=True))
    return new_model


@wrong("cifar10.save_and_load", "new_model does not have the saved weights")
def never_puts_them_in(model, new_model, path):
    save(model, path)
    torch.load(path, weights_only=True)
    return new_model


@wrong("cifar10.save_and_load", "new_model does not have the saved weights")
def parameters_alone(model, new_model, path):
    torch.save(dict(model.named_parameters()), path)
    new_model.load_state_dict(torch.load(path, weights_only=True), strict=False)
    return new_model


@wrong("cifar10.save_and_load", "your function changes model")
def the_other_way_round(model, new_model, path):
    save(new_model, path)
    model.load_state_dict(torch.load(path, weights_only=True))
    return new_model


@wrong("cifar10.save_and_load", "must return new_model, yours is of type _IncompatibleKeys")
def returns_what_load_returns(model, new_model, path):
    save(model, path)
    return new_model.load_state_dict(torch.load(path, weights_only=True))


@wrong("cifar10.save_and_load", "must return new_model, yours is None")
def forgets_to_return(model, new_model, path):
    save(model, path)
    new_model.load_state_dict(torch.load(path, weights_only=True))


@wrong("cifar10.save_and_load", "you return model itself")
def returns_the_old_one(model, new_model, path):
    save(model, path)
    new_model.load_state_dict(torch.load(path, weights_only=True))
    return model


@wrong("cifar10.save_and_load", "the model that you return does not have")
def returns_a_third_model(model, new_model, path):
    save(model, path)
    new_model.load_state_dict(torch.load(path, weights_only=True))
    return nn.Linear(4, 3)


@wrong("cifar10.save_and_load", "shares its weights with model")
def shares_the_weights(model, new_model, path):
    save(model, path)
    torch.load(path, weights_only=True)
    new_model.load_state_dict(model.state_dict(), assign=True)
    return new_model


wrong("cifar10.save_and_load", "pass your function save_and_load itself")("weights.pt")


@wrong("cifar10.save_and_load", "leaves model in evaluation mode")
def save_and_load_in_evaluation_mode(model, new_model, path):
    torch.save(model.state_dict(), path)
    new_model.load_state_dict(torch.load(path, weights_only=True))
    model.eval()
    return new_model


# ---- cifar10.per_class ----------------------------------------------------------------------


@right("cifar10.per_class")
def with_a_loop(y_pred, y, classes):
    return [(y_pred[y == k] == k).float().mean() for k in range(classes)]


@right("cifar10.per_class")
def with_a_matrix(y_pred, y, classes):
    matrix = torch.bincount(y * classes + y_pred, minlength=classes**2).reshape(classes, classes)
    return matrix.diag().double() / matrix.sum(dim=1)


@right("cifar10.per_class")
def with_bincount_weights(y_pred, y, classes):
    return torch.bincount(y, weights=(y_pred == y).float()) / torch.bincount(y)


@right("cifar10.per_class")
def with_numpy(y_pred, y, classes):
    truth = np.eye(classes)[y.numpy()]
    return (truth * np.eye(classes)[y_pred.numpy()]).sum(0) / truth.sum(0)


def count(y, classes):
    """Return how often each class occurs."""
    return torch.bincount(y, minlength=classes)


@wrong("cifar10.per_class", "bincount needs minlength=classes")
def without_minlength(y_pred, y, classes):
    hits = torch.bincount(y[y_pred == y])
    return hits / torch.bincount(y)[: len(hits)]


@wrong("cifar10.per_class", "RuntimeError: The size of tensor a (3) must match")
def forgets_minlength(y_pred, y, classes):
    return torch.bincount(y[y_pred == y]) / torch.bincount(y)


@wrong("cifar10.per_class", "these are the numbers of right ones")
def counts_alone(y_pred, y, classes):
    return count(y[y_pred == y], classes).float()


@wrong("cifar10.per_class", "must hold fractions, not torch.int64")
def whole_numbers(y_pred, y, classes):
    return count(y[y_pred == y], classes)


@wrong("cifar10.per_class", "you divide by how often a class is predicted")
def precision(y_pred, y, classes):
    return count(y[y_pred == y], classes) / count(y_pred, classes)


@wrong("cifar10.per_class", "you divide by the number of all pictures")
def by_all_pictures(y_pred, y, classes):
    return count(y[y_pred == y], classes) / len(y)


@wrong("cifar10.per_class", "by the number of all right ones")
def share_of_the_right_ones(y_pred, y, classes):
    hits = count(y[y_pred == y], classes)
    return hits / hits.sum()


@wrong("cifar10.per_class", "not per cent")
def per_class_in_per_cent(y_pred, y, classes):
    return 100 * count(y[y_pred == y], classes) / count(y, classes)


@wrong("cifar10.per_class", "you count how often a class is predicted, right or wrong")
def share_predicted(y_pred, y, classes):
    return count(y_pred, classes) / count(y, classes)


@wrong("cifar10.per_class", "the result[0] should be")
def error_rates(y_pred, y, classes):
    return 1 - count(y[y_pred == y], classes) / count(y, classes)


@wrong("cifar10.per_class", "must have shape (4,), yours has ()")
def one_accuracy(y_pred, y, classes):
    return (y_pred == y).float().mean()


@wrong("cifar10.per_class", "in place")
def marks_the_wrong_ones(y_pred, y, classes):
    y_pred[y_pred != y] = classes
    return count(y_pred, classes)[:classes] / count(y, classes)


@wrong("cifar10.per_class", "must hold one number for each class")
def pairs_with_names(y_pred, y, classes):
    return [(k, (y_pred[y == k] == k).float().mean()) for k in range(classes)]


@wrong("cifar10.per_class", "the result must be a tensor, yours is of type dict")
def as_a_dict(y_pred, y, classes):
    return dict(enumerate(with_a_loop(y_pred, y, classes)))


wrong("cifar10.per_class", "pass your function per_class_accuracy itself")(torch.zeros(10))

# ---- cifar10.confused -----------------------------------------------------------------------


@right("cifar10.confused")
def with_loops(matrix, k):
    pairs = []
    for a in range(len(matrix)):
        for b in range(a + 1, len(matrix)):
            pairs.append([a, b, matrix[a, b] + matrix[b, a]])
    return sorted(pairs, key=lambda pair: pair[2], reverse=True)[:k]


@right("cifar10.confused")
def as_one_tensor(matrix, k):
    a, b = torch.triu_indices(len(matrix), len(matrix), 1)
    counts = (matrix + matrix.T)[a, b]
    order = counts.argsort(descending=True)[:k]
    return torch.stack([a[order], b[order], counts[order]], dim=1)


def best(matrix, k, *, upper=True):
    """Return the k largest entries, above the diagonal or anywhere."""
    matrix = matrix.triu(1) if upper else matrix
    counts, places = matrix.flatten().topk(min(k, matrix.numel()))
    places = [divmod(place, len(matrix)) for place in places.tolist()]
    return [(a, b, c) for (a, b), c in zip(places, counts.tolist(), strict=True)]


@right("cifar10.confused")
def with_numbers_of_numpy(matrix, k):
    return tuple((np.int64(a), np.int64(b), float(c)) for a, b, c in best(matrix + matrix.T, k))


@wrong("cifar10.confused", "a pair (a, a)")
def with_the_diagonal(matrix, k):
    return best(matrix, k, upper=False)


@wrong("cifar10.confused", "the same two classes come twice")
def each_pair_twice(matrix, k):
    matrix = matrix + matrix.T
    return best(matrix - matrix.diag().diag(), k, upper=False)


@wrong("cifar10.confused", "you count one direction only")
def one_direction(matrix, k):
    found, seen = [], set()
    for a, b, number in best(matrix - matrix.diag().diag(), len(matrix) ** 2, upper=False):
        if a != b and frozenset((a, b)) not in seen:
            seen.add(frozenset((a, b)))
            found.append((a, b, number))
    return found[:k]


@wrong("cifar10.confused", "you count one direction only")
def above_the_diagonal_alone(matrix, k):
    return best(matrix, k)


@wrong("cifar10.confused", "must start with the smaller class number")
def larger_first(matrix, k):
    return [(b, a, number) for a, b, number in best(matrix + matrix.T, k)]


@wrong("cifar10.confused", "the largest count must come first")
def smallest_first(matrix, k):
    return best(matrix + matrix.T, k)[::-1]


@wrong("cifar10.confused", "there must be 3 tuples, yours are 10")
def all_pairs(matrix, k):
    return best(matrix + matrix.T, len(matrix) * (len(matrix) - 1) // 2)


@wrong("cifar10.confused", "there must be 4 tuples, yours are 3")
def always_three(matrix, k):
    return best(matrix + matrix.T, 3)


@wrong("cifar10.confused", "must be a tuple of three numbers")
def without_the_count(matrix, k):
    return [row[:2] for row in best(matrix + matrix.T, k)]


@wrong("cifar10.confused", "must be a tuple of three numbers")
def count_apart(matrix, k):
    return [((a, b), number) for a, b, number in best(matrix + matrix.T, k)]


@wrong("cifar10.confused", "changes the matrix")
def clears_the_diagonal(matrix, k):
    matrix.fill_diagonal_(0)
    return best(matrix + matrix.T, k)


@wrong("cifar10.confused", "must be a list of tuples (a, b, count), yours is of type dict")
def as_a_dict_of_pairs(matrix, k):
    return {(a, b): number for a, b, number in best(matrix + matrix.T, k)}


@wrong("cifar10.confused", "tuple 0 should be")
def halves_the_count(matrix, k):
    return [(a, b, number // 2) for a, b, number in best(matrix + matrix.T, k)]


wrong("cifar10.confused", "pass your function most_confused itself")([(3, 5, 400)])
