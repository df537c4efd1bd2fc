"""Answers to the exercises of 07_cifar10_classifier."""

import copy
from itertools import pairwise

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torchvision import transforms as v1
from torchvision.transforms import v2

from answers import obvious, right, unfinished, wrong

# ---- cifar10.transform ----------------------------------------------------------------------


@obvious("cifar10.transform")
def transform_by_hand(mean, std):
    def transform(image):
        height, width = image.size[1], image.size[0]
        x = torch.zeros(3, height, width)
        for row in range(height):
            for column in range(width):
                for channel, byte in enumerate(image.getpixel((column, row))):
                    x[channel, row, column] = (byte / 255 - mean[channel]) / std[channel]
        return x

    return transform


@right("cifar10.transform")
def transform_of_the_first_version(mean, std):
    return v1.Compose([v1.ToTensor(), v1.Normalize(mean, std)])


@right("cifar10.transform")
def transform_to_rgb_first(mean, std):
    steps = [v2.PILToTensor(), v2.RGB(), v2.ToDtype(torch.float32, scale=True)]
    return v2.Compose([*steps, v2.Normalize(list(mean), list(std))])


@right("cifar10.transform")
class TransformAsAClass:
    def __init__(self, mean, std):
        self.mean, self.std = torch.tensor(mean).view(3, 1, 1), torch.tensor(std).view(3, 1, 1)

    def __call__(self, image):
        x = torch.from_numpy(np.array(image)).permute(2, 0, 1)
        return (x / 255 - self.mean) / self.std


@unfinished("cifar10.transform")
def transform_to_be_done(mean, std):
    return ...


@wrong("cifar10.transform", "the result")
def transform_that_flips_by_chance(mean, std):
    steps = [v2.RandomHorizontalFlip(), v2.ToImage(), v2.ToDtype(torch.float32, scale=True)]
    return v2.Compose([*steps, v2.Normalize(mean, std)])


@wrong("cifar10.transform", "the result for the picture upside down")
def transform_that_keeps_the_first_picture(mean, std):
    kept = []

    def change(image):
        steps = [v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize(mean, std)]
        kept.append(v2.Compose(steps)(image))
        return kept[0]

    return change


@wrong("cifar10.transform", "the bytes are not divided by 255")
def transform_without_scale(mean, std):
    return v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32), v2.Normalize(mean, std)])


@wrong("cifar10.transform", "the mean and the std are not used")
def transform_without_normalize(mean, std):
    return v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])


@wrong("cifar10.transform", "you always use 0.5")
def transform_with_a_half(mean, std):
    return transform_of_the_first_version((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))


@wrong("cifar10.transform", "Input tensor should be a float tensor")
def transform_in_the_wrong_order(mean, std):
    return v2.Compose([v2.ToImage(), v2.Normalize(mean, std), v2.ToDtype(torch.float32)])


@wrong("cifar10.transform", "must be a tensor")
def transform_without_a_tensor(mean, std):
    return v2.Compose([v2.Resize(4)])


@wrong("cifar10.transform", "is torch.float64, right is torch.float32")
def transform_in_double(mean, std):
    steps = transform_of_the_first_version(mean, std)
    return lambda image: steps(image).double()


@wrong("cifar10.transform", "has shape")
def transform_to_32_pixels(mean, std):
    return v2.Compose([v2.Resize((32, 32)), *transform_of_the_first_version(mean, std).transforms])


@wrong("cifar10.transform", "has shape")
def transform_with_a_batch(mean, std):
    steps = transform_of_the_first_version(mean, std)
    return lambda image: steps(image).unsqueeze(0)


@wrong("cifar10.transform", "has shape")
def transform_with_the_colours_last(mean, std):
    steps = transform_of_the_first_version(mean, std)
    return lambda image: steps(image).permute(1, 2, 0)


@wrong("cifar10.transform", "your result is [[[-0.3333]]")
def transform_with_mean_and_std_exchanged(mean, std):
    return lambda image: (v1.ToTensor()(image) - std[0]) / (abs(mean[0]) + 1)


@wrong("cifar10.transform", "must return a transform, which can be called")
def transform_as_a_list(mean, std):
    return [v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize(mean, std)]


@wrong("cifar10.transform", "must return a transform, which can be called")
def transform_that_is_not_returned(mean, std):
    v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize(mean, std)])


@wrong("cifar10.transform", "your result is [[[-1.0]]")
def transform_with_the_first_numbers(mean, std):
    return transform_of_the_first_version((mean[0],) * 3, (std[0],) * 3)


@wrong("cifar10.transform", "must be a tensor")
def transform_as_an_array(mean, std):
    return lambda image: transform_by_hand(mean, std)(image).numpy()


@wrong("cifar10.transform", "your transform changes the image itself")
def transform_that_flips(mean, std):
    steps = transform_of_the_first_version(mean, std)

    def transform(image):
        x = steps(image)
        image.paste((9, 9, 9), (0, 0, *image.size))
        return x

    return transform


# ---- cifar10.lab ----------------------------------------------------------------------------


@obvious("cifar10.lab")
def rates_compared_one_by_one(measure, batch_sizes, rates, seeds):
    rows = []
    for batch_size in batch_sizes:
        best_lr, best_accuracy = None, None
        for lr in rates:
            total, number = 0, 0
            for seed in seeds:
                total += measure(batch_size, lr, seed)
                number += 1
            if best_accuracy is None or total / number > best_accuracy:
                best_lr, best_accuracy = lr, total / number
        rows.append({"batch size": batch_size, "best lr": best_lr, "accuracy": best_accuracy})
    return rows


def mean_of(measure, batch_size, lr, seeds):
    """Return the mean over the seeds."""
    return float(np.mean([measure(batch_size, lr, seed) for seed in seeds]))


@right("cifar10.lab")
def rates_with_a_dict(measure, batch_sizes, rates, seeds):
    rows = []
    for size in batch_sizes:
        means = {lr: mean_of(measure, size, lr, seeds) for lr in rates}
        lr = max(means, key=means.get)
        rows.append({"accuracy": means[lr], "best lr": lr, "batch size": size})
    return rows


@unfinished("cifar10.lab")
def rates_to_be_done(measure, batch_sizes, rates, seeds):
    rows = ...
    return rows


@right("cifar10.lab")
def with_the_best_so_far(measure, batch_sizes, rates, seeds):
    rows = []
    for size in batch_sizes:
        best, top = None, -1
        for lr in rates:
            mean = torch.tensor([measure(size, lr, seed) for seed in seeds]).mean().item()
            if mean > top:
                best, top = lr, mean
        rows.append({"batch size": size, "best lr": best, "accuracy": top})
    return rows


@wrong("cifar10.lab", "higher is better")
def rates_with_the_lowest(measure, batch_sizes, rates, seeds):
    rows = rates_with_a_dict(lambda *args: -measure(*args), batch_sizes, rates, seeds)
    return [row | {"accuracy": -row["accuracy"]} for row in rows]


@wrong("cifar10.lab", "one seed only is used")
def rates_of_one_seed(measure, batch_sizes, rates, seeds):
    return rates_with_a_dict(measure, batch_sizes, rates, seeds[:1])


@wrong("cifar10.lab", "take the first in rates")
def rates_the_last_of_equals(measure, batch_sizes, rates, seeds):
    return rates_with_a_dict(measure, batch_sizes, rates[::-1], seeds)


@wrong("cifar10.lab", "only the last batch size is there")
def rates_of_the_last_size(measure, batch_sizes, rates, seeds):
    return rates_with_a_dict(measure, batch_sizes, rates, seeds)[-1:]


@wrong("cifar10.lab", "the list")
def rates_by_the_best_seed(measure, batch_sizes, rates, seeds):
    rows = []
    for size in batch_sizes:
        most = {lr: max(measure(size, lr, seed) for seed in seeds) for lr in rates}
        lr = max(most, key=most.get)
        rows.append({"batch size": size, "best lr": lr, "accuracy": most[lr]})
    return rows


@wrong("cifar10.lab", "the sorted list of calls of measure")
def rates_measured_twice(measure, batch_sizes, rates, seeds):
    rates_with_a_dict(measure, batch_sizes, rates, seeds)
    return rates_with_a_dict(measure, batch_sizes, rates, seeds)


@wrong("cifar10.lab", "the list")
def rates_as_tuples(measure, batch_sizes, rates, seeds):
    rows = rates_with_a_dict(measure, batch_sizes, rates, seeds)
    return [(row["batch size"], row["best lr"], row["accuracy"]) for row in rows]


@wrong("cifar10.lab", "the list")
def rates_as_a_dict(measure, batch_sizes, rates, seeds):
    rows = rates_with_a_dict(measure, batch_sizes, rates, seeds)
    return {row["batch size"]: row["best lr"] for row in rows}


@wrong("cifar10.lab", "the list")
def rates_sorted_by_size(measure, batch_sizes, rates, seeds):
    return rates_with_a_dict(measure, sorted(batch_sizes), rates, seeds)


@wrong("cifar10.lab", "the list")
def rates_all_of_them(measure, batch_sizes, rates, seeds):
    return [
        {"batch size": size, "best lr": lr, "accuracy": mean_of(measure, size, lr, seeds)}
        for size in batch_sizes
        for lr in rates
    ]


# ---- cifar10.challenge ----------------------------------------------------------------------


def small_network(units=64):
    """Return a network with one hidden layer."""
    return nn.Sequential(nn.Flatten(), nn.Linear(3072, units), nn.ReLU(), nn.Linear(units, 10))


@obvious("cifar10.challenge")
def recipe_with_adam():
    model = small_network()
    return model, 32, torch.optim.Adam(model.parameters(), lr=0.001)


@right("cifar10.challenge")
def recipe_with_convolutions():
    model = nn.Sequential(
        *(nn.LazyConv2d(16, 3, stride=2), nn.ReLU(), nn.LazyConv2d(32, 3, stride=2), nn.ReLU()),
        *(nn.Flatten(), nn.LazyLinear(64), nn.ReLU(), nn.Linear(64, 10)),
    )
    model(torch.zeros(1, 3, 32, 32))
    return [model, 16, torch.optim.AdamW(model.parameters(), lr=0.001)]


def usual_recipe():
    """Return what the notebook starts from."""
    model = small_network()
    return model, 64, torch.optim.SGD(model.parameters(), lr=0.01)


@wrong("cifar10.challenge", "for 2 rows the model gives shape (2, 5), right is (2, 10)")
def recipe_for_five_classes():
    model = nn.Sequential(nn.Flatten(), nn.Linear(3072, 5))
    return model, 32, torch.optim.SGD(model.parameters(), lr=0.01)


@wrong("cifar10.challenge", "below the goal of")
def recipe_as_usual():
    return usual_recipe()


@wrong("cifar10.challenge", "below the goal of")
def recipe_that_diverges():
    model, batch_size, _ = usual_recipe()
    return model, batch_size, torch.optim.SGD(model.parameters(), lr=100.0)


@wrong("cifar10.challenge", "300,000 are allowed")
def recipe_that_is_too_large():
    model = small_network(128)
    return model, 32, torch.optim.Adam(model.parameters(), lr=0.001)


@wrong("cifar10.challenge", "batch_size must be a whole number from 1 to 4000")
def recipe_with_a_large_batch():
    model, _, optimizer = usual_recipe()
    return model, 5000, optimizer


@wrong("cifar10.challenge", "batch_size must be a whole number from 1 to 4000")
def recipe_with_half_a_picture():
    model, _, optimizer = usual_recipe()
    return model, 16.5, optimizer


@wrong("cifar10.challenge", "the optimizer does not hold all parameters")
def recipe_for_another_model():
    return small_network(), 16, torch.optim.Adam(small_network().parameters(), lr=0.0005)


@wrong("cifar10.challenge", "and must be one of torch.optim")
def recipe_without_an_optimizer():
    return small_network(), 16, torch.optim.Adam


@wrong("cifar10.challenge", "must be an nn.Module")
def recipe_without_a_model():
    return 16, small_network(), None


@wrong("cifar10.challenge", "return (model, batch_size, optimizer); yours is a tuple of 2")
def recipe_of_two():
    return usual_recipe()[:2]


@wrong("cifar10.challenge", "mat1 and mat2 shapes cannot be multiplied")
def recipe_that_does_not_flatten():
    model = small_network()[1:]
    return model, 16, torch.optim.Adam(model.parameters(), lr=0.0005)


one_for_all = small_network()


@wrong("cifar10.challenge", "it remembers an earlier call")
def recipe_with_the_same_model():
    return one_for_all, 16, torch.optim.Adam(one_for_all.parameters(), lr=0.0005)


@unfinished("cifar10.challenge")
def recipe_to_be_done():
    return ...


# ---- cifar10.parameters ---------------------------------------------------------------------


@obvious("cifar10.parameters")
def counted_by_pytorch(sizes):
    layers = [nn.Linear(sizes[i], sizes[i + 1]) for i in range(len(sizes) - 1)]
    return sum(p.numel() for p in nn.Sequential(*layers).parameters())


@right("cifar10.parameters")
def counted_with_numpy(sizes):
    a, b = np.array(sizes[:-1]), np.array(sizes[1:])
    return np.dot(a + 1, b)


@wrong("cifar10.parameters", "yours returns 3, right is 2")
def off_by_one(sizes):
    return counted_by_pytorch(sizes) + 1


@wrong("cifar10.parameters", "these are the weights alone")
def weights_alone(sizes):
    return sum(a * b for a, b in pairwise(sizes))


@wrong("cifar10.parameters", "yours returns 3, right is 2")
def a_bias_for_every_size(sizes):
    return weights_alone(sizes) + sum(sizes)


@wrong("cifar10.parameters", "yours returns 101, right is 200")
def a_bias_for_every_input(sizes):
    return weights_alone(sizes) + sum(sizes[:-1])


@wrong("cifar10.parameters", "IndexError")
def always_three_layers(sizes):
    pairs = [(sizes[i], sizes[i + 1]) for i in range(3)]
    return sum((a + 1) * b for a, b in pairs)


@wrong("cifar10.parameters", "yours returns 3676682, right is 2")
def the_bare_number(sizes):
    return 3_676_682


@wrong("cifar10.parameters", "yours returns 6, right is 8")
def three_layers_at_most(sizes):
    return counted_by_pytorch(sizes[:4])


@wrong("cifar10.parameters", "is a tensor, and must be a plain number: use .item()")
def as_a_tensor(sizes):
    return torch.tensor(counted_by_pytorch(sizes))


@wrong("cifar10.parameters", "of type list, and must be a plain number")
def layer_by_layer(sizes):
    return [(a + 1) * b for a, b in pairwise(sizes)]


wrong("cifar10.parameters", "pass your function count_parameters itself")(3_676_682)


@wrong("cifar10.parameters", "your function changes sizes, which is passed in")
def parameters_that_empty_the_list(sizes):
    total = 0
    while len(sizes) > 1:
        total += (sizes.pop(0) + 1) * sizes[0]
    return total


@wrong("cifar10.parameters", "must be a whole number (int)")
def parameters_as_a_float(sizes):
    return float(sum((a + 1) * b for a, b in pairwise(sizes)))


@right("cifar10.parameters")
def counted_from_the_back(sizes):
    rest = list(sizes)
    total = 0
    while len(rest) > 1:
        outputs = rest.pop()
        total += outputs + outputs * rest[-1]
    return total


counted_before = []


@wrong("cifar10.parameters", "it remembers an earlier call")
def parameters_in_a_global_list(sizes):
    counted_before.extend((a + 1) * b for a, b in pairwise(sizes))
    return sum(counted_before)


@wrong("cifar10.parameters", "yours returns")
def first_layer_alone(sizes):
    return (sizes[0] + 1) * sizes[1]


@wrong("cifar10.parameters", "yours returns")
def one_bias_for_each_layer(sizes):
    return weights_alone(sizes) + len(sizes) - 1


@wrong("cifar10.parameters", "yours returns")
def without_repeated_layers(sizes):
    return sum((a + 1) * b for a, b in set(pairwise(sizes)))


@wrong("cifar10.parameters", "yours returns")
def no_bias_where_there_is_one_output(sizes):
    return sum(a * b + (b if b > 1 else 0) for a, b in pairwise(sizes))


@wrong("cifar10.parameters", "your function changes sizes, which is passed in")
def parameters_that_sort(sizes):
    total = sum((a + 1) * b for a, b in pairwise(sizes))
    sizes.sort()
    return total


@wrong("cifar10.parameters", "right is 16809999")
def parameters_in_float32(sizes):
    t = torch.tensor(sizes, dtype=torch.float32)
    return int(((t[:-1] + 1) * t[1:]).sum())


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


@obvious("cifar10.network")
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


@wrong("cifar10.network", "your output ends in a softmax")
class EndsInSoftmax(Stack):
    kwargs = {"last": [nn.Softmax(dim=1)]}  # noqa: RUF012


@wrong("cifar10.network", "the output in training mode at [0, ")
class EndsInRelu(Stack):
    kwargs = {"last": [nn.ReLU()]}  # noqa: RUF012


@wrong("cifar10.network", "there is no ReLU between the layers")
class NoRelu(Stack):
    kwargs = {"activation": nn.Identity}  # noqa: RUF012


@wrong("cifar10.network", "in training mode at [0, 0] is")
class WithTanhAndRelu(Stack):
    kwargs = {"activation": nn.Tanh, "last": []}  # noqa: RUF012

    def forward(self, X):
        return self.layers(X.abs())


@wrong("cifar10.network", "in training mode at [0, 0] is")
class WithLeakyRelu(Stack):
    kwargs = {"activation": nn.LeakyReLU}  # noqa: RUF012


@wrong("cifar10.network", "[1] is (10, 256), right is (10, 512)")
class WithOtherSizes(Stack):
    kwargs = {"sizes": (3072, 512, 256, 10)}  # noqa: RUF012


@wrong("cifar10.network", "has 3 items, right is 6")
class WithoutBias(Stack):
    kwargs = {"bias": False}  # noqa: RUF012


@wrong("cifar10.network", "Expected more than 1 value per channel")
class WithBatchNorm(Stack):
    def __init__(self):
        super().__init__()
        self.layers.append(nn.BatchNorm1d(10))


@wrong("cifar10.network", "model.parameters() finds nothing")
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


@wrong("cifar10.network", "the network must return a tensor, yours returns None")
class ForgetsToReturn(Stack):
    def forward(self, X):
        self.layers(X)


@wrong("cifar10.network", "[0] is (9,), right is (10,)")
class NineClasses(Stack):
    kwargs = {"sizes": (3072, 1024, 512, 9)}  # noqa: RUF012


@wrong("cifar10.network", "in training mode has shape (10,), right is (1, 10)")
class Squeezes(Stack):
    def forward(self, X):
        return self.layers(X).squeeze()


@wrong("cifar10.network", "Network must be a class, class Network(nn.Module)")
def a_function_that_returns_a_module():
    return nn.Sequential(*stack())


@wrong("cifar10.network", "a network must be an nn.Module, yours is of type NoModule")
class NoModule:
    def __init__(self):
        self.layers = nn.Sequential(*stack())

    def forward(self, X):
        return self.layers(X)


@wrong("cifar10.network", "model.parameters() finds nothing")
class MadeInForward(nn.Module):
    def forward(self, X):
        return nn.Sequential(*stack())(X)


@wrong("cifar10.network", "model.parameters() finds nothing")
class MadeAnewOnSelf(nn.Module):
    def forward(self, X):
        self.layers = nn.Sequential(*stack())
        return self.layers(X)


@wrong("cifar10.network", "a layer is made inside forward")
class LastMadeAnew(Stack):
    def forward(self, X):
        self.layers[-1] = nn.Linear(512, 10)
        return self.layers(X)


@wrong("cifar10.network", "model.parameters() finds nothing")
class MadeAtTheFirstCall(nn.Module):
    def forward(self, X):
        if not hasattr(self, "layers"):
            self.layers = nn.Sequential(*stack())
        return self.layers(X)


@wrong("cifar10.network", "in training mode at [0, 0] is")
class WithDropout(Stack):
    kwargs = {"last": [nn.Dropout(0.5)]}  # noqa: RUF012


@wrong("cifar10.network", "is torch.float64, right is torch.float32")
class InDouble(Stack):
    def forward(self, X):
        return self.layers(X).double()


wrong("cifar10.network", "without brackets")(nn.Sequential(nn.Flatten()))
wrong("cifar10.network", "pass your class Network itself")("Network")


@right("cifar10.network")
class WithLazyLayers(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.LazyLinear(1024), nn.LazyLinear(512)
        self.third = nn.Linear(512, 10)

    def forward(self, X):
        h = self.first(torch.flatten(X, 1)).clamp(min=0)
        return self.third(self.second(h).relu())


@right("cifar10.network")
class InitialisedOtherwise(Stack):
    def __init__(self):
        super().__init__()
        for p in self.parameters():
            nn.init.constant_(p, 0.1)


@wrong("cifar10.network", "in evaluation mode")
class SoftmaxInEvaluationMode(Stack):
    def forward(self, X):
        logits = self.layers(X)
        return logits if self.training else logits.softmax(dim=1)


@wrong("cifar10.network", "requires_grad=False")
class WithFrozenLayers(Stack):
    def __init__(self):
        super().__init__()
        self.layers[1].requires_grad_(False)


@wrong("cifar10.network", "no gradient reaches")
class WithDetachedLayers(Stack):
    def forward(self, X):
        return self.layers[3:](self.layers[:3](X).detach())


@wrong("cifar10.network", "no gradient reaches")
class WithoutAGraph(Stack):
    def forward(self, X):
        with torch.no_grad():
            return self.layers(X)


shared_layers = nn.Sequential(*stack())


@wrong("cifar10.network", "two networks share their parameters")
class WithSharedLayers(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = shared_layers

    def forward(self, X):
        return self.layers(X)


@wrong("cifar10.network", "each call must make a new network")
class TheSameOne(Stack):
    only = None

    def __new__(cls):
        cls.only = cls.only or super().__new__(cls)
        return cls.only

    def __init__(self):
        if not hasattr(self, "layers"):
            super().__init__()


@wrong("cifar10.network", "your function changes X, which is passed in")
class DividesInPlace(Stack):
    def forward(self, X):
        X /= 255
        return self.layers(X)


@wrong("cifar10.network", "shape '[3, 3072]' is invalid")
class ThreePicturesOnly(Stack):
    def forward(self, X):
        return self.layers[1:](X.reshape(3, 3072))


@wrong("cifar10.network", "in training mode at [0, 0] is")
class FlattensTheColoursLast(Stack):
    def forward(self, X):
        return self.layers(X.permute(0, 2, 3, 1))


@wrong("cifar10.network", "in training mode at [0, 0] is")
class ReluOnThePixels(Stack):
    def forward(self, X):
        return self.layers(X.relu())


@wrong("cifar10.network", "in training mode at [0, 0] is")
class OneReluAlone(Stack):
    def forward(self, X):
        return self.layers[5](self.layers[3](self.layers[:3](X)))


@wrong("cifar10.network", "has shape (64, 10), right is (67, 10)")
class SixtyFourPicturesAtMost(Stack):
    def forward(self, X):
        return self.layers(X[:64])


@wrong("cifar10.network", "your output ends in a softmax")
class EndsInLogSoftmax(Stack):
    kwargs = {"last": [nn.LogSoftmax(dim=1)]}  # noqa: RUF012


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


@wrong("cifar10.unnormalize", "yours returns [[[[")
def in_the_wrong_order(X, mean, std):
    mean, std = columns(mean, std)
    return (X + mean) * std


@wrong("cifar10.unnormalize", "yours returns [[[[")
def exchanged(X, mean, std):
    mean, std = columns(mean, std)
    return X * mean + std


@wrong("cifar10.unnormalize", "yours returns [[[[")
def subtracts(X, mean, std):
    mean, std = columns(mean, std)
    return X * std - mean


@wrong("cifar10.unnormalize", "yours returns [[[[")
def normalizes_again(X, mean, std):
    mean, std = columns(mean, std)
    return (X - mean) / std


@wrong("cifar10.unnormalize", "yours returns [[[[")
def divides_again(X, mean, std):
    mean, std = columns(mean, std)
    return X / std + mean


@wrong("cifar10.unnormalize", "yours returns [[[[")
def as_bytes(X, mean, std):
    mean, std = columns(mean, std)
    return 255 * (X * std + mean)


@wrong("cifar10.unnormalize", "yours returns [[[[")
def first_mean_for_all(X, mean, std):
    return X * std[1] + mean[0]


@wrong("cifar10.unnormalize", "your function changes X, which is passed in")
def in_place(X, mean, std):
    mean, std = columns(mean, std)
    return X.mul_(std).add_(mean)


@wrong("cifar10.unnormalize", "has shape (1, 3, 1, 3), right is (1, 3, 1, 1)")
def without_a_view(X, mean, std):
    return X * torch.tensor(std) + torch.tensor(mean)


@wrong("cifar10.unnormalize", "has shape (1, 1, 1, 3), right is (1, 3, 1, 1)")
def ready_for_matplotlib(X, mean, std):
    return channel_by_channel(X, mean, std).permute(0, 2, 3, 1)


@wrong("cifar10.unnormalize", "is of type ndarray, and must be a tensor")
def as_an_array(X, mean, std):
    return channel_by_channel(X, mean, std).numpy()


wrong("cifar10.unnormalize", "pass your function unnormalize itself")(torch.zeros(2))


@obvious("cifar10.unnormalize")
def number_by_number(X, mean, std):
    result = torch.zeros_like(X)
    for n in range(X.shape[0]):
        for c in range(3):
            for row in range(X.shape[2]):
                for column in range(X.shape[3]):
                    result[n, c, row, column] = X[n, c, row, column] * std[c] + mean[c]
    return result


@wrong("cifar10.unnormalize", "your result has shape")
def works_on_squares(X, mean, std):
    moved = X.transpose(1, 3) * torch.tensor(std) + torch.tensor(mean)
    return moved.permute(0, 3, 1, 2)


@wrong("cifar10.unnormalize", "it should be the mean")
def tutorial_with_std(X, mean, std):
    return X * torch.tensor(std).view(3, 1, 1) + 0.05


@wrong("cifar10.unnormalize", "yours returns [[[[")
def first_channel_for_all(X, mean, std):
    return X * std[0] + mean[0]


@wrong("cifar10.unnormalize", "yours returns [[[[")
def means_of_both(X, mean, std):
    return X * (sum(std) / 3) + sum(mean) / 3


@wrong("cifar10.unnormalize", "yours returns [[[[")
def clamps_before_the_mean(X, mean, std):
    mean, std = columns(mean, std)
    return (X.clamp(-1, 1) * std) + mean


@wrong("cifar10.unnormalize", "has shape")
def one_picture_squeezed(X, mean, std):
    mean, std = columns(mean, std)
    return (X * std + mean).squeeze(0)


@wrong("cifar10.unnormalize", "right is torch.float32")
def rounded_to_bytes(X, mean, std):
    mean, std = columns(mean, std)
    return ((X * std + mean) * 255).byte()


@wrong("cifar10.unnormalize", "your function changes X, which is passed in")
def channel_by_channel_in_place(X, mean, std):
    for c in range(3):
        X[:, c] = X[:, c] * std[c] + mean[c]
    return X


@wrong("cifar10.unnormalize", "your result[")
def mean_with_two_digits(X, mean, std):
    return channel_by_channel(X, [round(m, 2) for m in mean], std)


@wrong("cifar10.unnormalize", "has shape (4, 3, 11, 9), right is (67, 3, 11, 9)")
def four_pictures_at_most(X, mean, std):
    return channel_by_channel(X[:4], mean, std)


@wrong("cifar10.unnormalize", "right is")
def black_below_minus_one(X, mean, std):
    return channel_by_channel(X, mean, std) * (X > -1)


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


@wrong("cifar10.train_epoch", "'TensorLoader' object has no attribute 'dataset'")
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


@wrong("cifar10.train_epoch", "you average the numbers of the batches")
def mean_of_the_losses(*args):
    losses, hits, sizes = epoch(*args)
    return sum(losses) / len(losses), sum(hits) / sum(sizes)


@wrong("cifar10.train_epoch", "multiply it by len(X) before you add")
def divides_means_by_rows(*args):
    losses, hits, sizes = epoch(*args)
    return sum(losses) / sum(sizes), sum(hits) / sum(sizes)


@wrong("cifar10.train_epoch", "you average the numbers of the batches")
def mean_of_the_accuracies(*args):
    losses, hits, sizes = epoch(*args)
    accuracies = [a / b for a, b in zip(hits, sizes, strict=True)]
    return weighted(losses, hits, sizes)[0], sum(accuracies) / len(accuracies)


@wrong("cifar10.train_epoch", "the pair (loss, accuracy) is (")
def number_of_right_ones(*args):
    losses, hits, sizes = epoch(*args)
    return weighted(losses, hits, sizes)[0], sum(hits)


@wrong("cifar10.train_epoch", ", 100.0), right is (")
def accuracy_in_per_cent(*args):
    loss, accuracy = weighted(*epoch(*args))
    return loss, 100 * accuracy


@wrong("cifar10.train_epoch", "the pair (loss, accuracy) is (")
def right_ones_per_batch(*args):
    losses, hits, sizes = epoch(*args)
    return weighted(losses, hits, sizes)[0], sum(hits) / len(hits)


@wrong("cifar10.train_epoch", "the pair (loss, accuracy) is (")
def last_accuracy(*args):
    losses, hits, sizes = epoch(*args)
    return weighted(losses, hits, sizes)[0], hits[-1] / sizes[-1]


@wrong("cifar10.train_epoch", "call it once for each batch, and return after the loop")
def accuracy_after_the_step(*args):
    return weighted(*epoch(*args, after=True))


@wrong("cifar10.train_epoch", "call it once for each batch, and return after the loop")
def loss_after_the_step(*args):
    return weighted(*epoch(*args, loss_after=True))


@wrong("cifar10.train_epoch", "call it once for each batch, and return after the loop")
def both_after_the_step(*args):
    return weighted(*epoch(*args, after=True, loss_after=True))


@wrong("cifar10.train_epoch", "call it once for each batch, and return after the loop")
def measured_after_the_epoch(model, loader, loss_fn, optimizer):
    epoch(model, loader, loss_fn, optimizer)
    with torch.no_grad():
        logits = torch.cat([model(X) for X, _ in loader])
    y = torch.cat([y for _, y in loader])
    return loss_fn(logits, y).item(), (logits.argmax(1) == y).double().mean().item()


@wrong("cifar10.train_epoch", "call it once for each batch, and return after the loop")
def evaluated_after_the_epoch(model, loader, loss_fn, optimizer):
    import helpers

    epoch(model, loader, loss_fn, optimizer)
    scores = helpers.evaluate(model, loader, loss_fn, {"accuracy": helpers.accuracy})
    return scores["loss"], scores["accuracy"]


@wrong("cifar10.train_epoch", "call it once for each batch, and return after the loop")
def evaluates_each_batch(model, loader, loss_fn, optimizer):
    import helpers

    rows = []
    for batch in loader:
        scores = helpers.evaluate(model, tuple(batch), loss_fn, {"accuracy": helpers.accuracy})
        epoch(model, [batch], loss_fn, optimizer)
        rows.append((scores["loss"], scores["accuracy"], len(batch[0])))
    losses, accuracies, sizes = map(torch.tensor, zip(*rows, strict=True))
    return tuple(((x * sizes).sum() / sizes.sum()).item() for x in (losses, accuracies))


@wrong("cifar10.train_epoch", "the pair (loss, accuracy) is (")
def the_error_rate(*args):
    loss, accuracy = weighted(*epoch(*args))
    return loss, 1 - accuracy


@wrong("cifar10.train_epoch", "the pair (loss, accuracy) is (")
def swapped(*args):
    return weighted(*epoch(*args))[::-1]


@wrong("cifar10.train_epoch", "call model.train() before the loop")
def in_eval_mode(*args):
    return weighted(*epoch(*args, mode=False))


@wrong("cifar10.train_epoch", "call optimizer.zero_grad()")
def never_zeroes(*args):
    return weighted(*epoch(*args, zero=False))


@wrong("cifar10.train_epoch", "makes 0 steps, for 1 batches")
def never_steps(*args):
    return weighted(*epoch(*args, step=False))


@wrong("cifar10.train_epoch", "call it once for each batch, and return after the loop")
def one_batch_only(model, loader, loss_fn, optimizer):
    return weighted(*epoch(model, [next(iter(loader))], loss_fn, optimizer))


@wrong("cifar10.train_epoch", "must be a list or tuple")
def loss_alone(*args):
    return weighted(*epoch(*args))[0]


@wrong("cifar10.train_epoch", "is a tensor, and must be a plain number")
def loss_as_a_tensor(*args):
    loss, accuracy = weighted(*epoch(*args))
    return torch.tensor(loss), accuracy


@wrong("cifar10.train_epoch", "is a tensor, and must be a plain number")
def accuracy_as_a_tensor(*args):
    loss, accuracy = weighted(*epoch(*args))
    return loss, torch.tensor(accuracy)


@wrong("cifar10.train_epoch", "call it once for each batch, and return after the loop")
def another_model(model, loader, loss_fn, optimizer):
    other = nn.Linear(next(iter(loader))[0].shape[1], 4)
    return weighted(*epoch(other, loader, loss_fn, torch.optim.SGD(other.parameters(), lr=0.5)))


wrong("cifar10.train_epoch", "pass your function train_epoch itself")((1.1, 0.5))


@wrong("cifar10.train_epoch", "the pair (loss, accuracy) is (")
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


@obvious("cifar10.train_epoch")
def row_by_row(model, loader, loss_fn, optimizer):
    model.train()
    losses, rights = [], []
    for X, y in loader:
        logits = model(X)
        for i in range(len(y)):
            losses.append(loss_fn(logits[i : i + 1], y[i : i + 1]).item())
            rights.append(int(logits[i].argmax()) == int(y[i]))
        optimizer.zero_grad()
        loss_fn(logits, y).backward()
        optimizer.step()
    return sum(losses) / len(losses), sum(rights) / len(rights)


@right("cifar10.train_epoch")
def ends_in_evaluation_mode(model, loader, loss_fn, optimizer):
    numbers = weighted(*epoch(model, list(loader), loss_fn, optimizer))
    model.eval()
    optimizer.zero_grad()
    return numbers


@wrong("cifar10.train_epoch", "after two epochs")
def its_own_optimizer_as_well(model, loader, loss_fn, optimizer):
    own = torch.optim.SGD(model.parameters(), lr=0.1)
    step = optimizer.step
    optimizer.step = lambda: (step(), own.step())
    return weighted(*epoch(model, loader, loss_fn, optimizer))


@wrong("cifar10.train_epoch", "makes 0 steps")
def ignores_the_optimizer(model, loader, loss_fn, optimizer):
    own = torch.optim.SGD(model.parameters(), lr=0.5)
    return weighted(*epoch(model, loader, loss_fn, own))


@wrong("cifar10.train_epoch", "makes 2 steps, for 1 batches")
def two_steps(model, loader, loss_fn, optimizer):
    step = optimizer.step
    optimizer.step = lambda: (step(), step())
    return weighted(*epoch(model, loader, loss_fn, optimizer))


@wrong("cifar10.train_epoch", "you applied a softmax before the loss")
def softmax_before_the_loss(model, loader, loss_fn, optimizer):
    turned = lambda logits, y: loss_fn(logits.softmax(dim=1), y)  # noqa: E731
    return weighted(*epoch(model, loader, turned, optimizer))


@wrong("cifar10.train_epoch", "the pair (loss, accuracy) is (")
def sum_of_the_losses(*args):
    losses, hits, sizes = epoch(*args)
    return sum(losses), sum(hits) / sum(sizes)


@wrong("cifar10.train_epoch", "right is")
def a_new_optimizer_for_each_batch(model, loader, loss_fn, optimizer):
    def batches():
        for batch in loader:
            optimizer.state.clear()
            yield batch

    return weighted(*epoch(model, batches(), loss_fn, optimizer))


@wrong("cifar10.train_epoch", "call it once for each batch, and return after the loop")
def leaves_out_a_short_last_batch(model, loader, loss_fn, optimizer):
    batches = list(loader)
    full = [batch for batch in batches if len(batch[0]) == len(batches[0][0])]
    return weighted(*epoch(model, full, loss_fn, optimizer))


@wrong("cifar10.train_epoch", "the pair (loss, accuracy) is (")
def weighted_by_the_first_batch(*args):
    losses, hits, sizes = epoch(*args)
    return sum(losses) * sizes[0] / sum(sizes), sum(hits) / sum(sizes)


@wrong("cifar10.train_epoch", "call it once for each batch, and return after the loop")
def two_forward_passes(model, loader, loss_fn, optimizer):
    model.train()
    total, hits, rows = 0.0, 0, 0
    for X, y in loader:
        hits += (model(X).argmax(dim=1) == y).sum().item()
        loss = loss_fn(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(X)
        rows += len(X)
    return total / rows, hits / rows


totals = [0.0, 0, 0]


@wrong("cifar10.train_epoch", "it remembers an earlier call")
def epoch_with_global_totals(*args):
    losses, hits, sizes = epoch(*args)
    totals[0] += sum(a * b for a, b in zip(losses, sizes, strict=True))
    totals[1] += sum(hits)
    totals[2] += sum(sizes)
    return totals[0] / totals[2], totals[1] / totals[2]


@wrong("cifar10.train_epoch", "after two epochs")
def clips_the_gradients(model, loader, loss_fn, optimizer):
    step = optimizer.step
    optimizer.step = lambda: (nn.utils.clip_grad_norm_(model.parameters(), 0.1), step())
    return weighted(*epoch(model, loader, loss_fn, optimizer))


@wrong("cifar10.train_epoch", "the pair (loss, accuracy) is")
def training_by_an_attribute(model, loader, loss_fn, optimizer):
    model.train = lambda mode: setattr(model, "training", True)
    try:
        return weighted(*epoch(model, loader, loss_fn, optimizer))
    finally:
        del model.train


@wrong("cifar10.train_epoch", "input to conv2d, but got input of size")
def flattens_the_pictures(model, loader, loss_fn, optimizer):
    return weighted(*epoch(model, [(X.flatten(1), y) for X, y in loader], loss_fn, optimizer))


@wrong("cifar10.train_epoch", "after two epochs")
def forgets_the_momentum(model, loader, loss_fn, optimizer):
    optimizer.state.clear()
    return weighted(*epoch(model, loader, loss_fn, optimizer))


@wrong("cifar10.train_epoch", "the pair (loss, accuracy) is")
def rows_of_the_data(model, loader, loss_fn, optimizer):
    losses, hits, sizes = epoch(model, loader, loss_fn, optimizer)
    rows = len(loader.X if hasattr(loader, "X") else getattr(loader, "dataset", range(sum(sizes))))
    return sum(a * b for a, b in zip(losses, sizes, strict=True)) / rows, sum(hits) / rows


@wrong("cifar10.train_epoch", "call it once for each batch")
def twenty_batches_at_most(model, loader, loss_fn, optimizer):
    return weighted(*epoch(model, list(loader)[:20], loss_fn, optimizer))


@wrong("cifar10.train_epoch", "the pair (loss, accuracy) is")
def no_loss_below_zero(*args):
    loss, accuracy = weighted(*epoch(*args))
    return max(loss, 0.0), accuracy


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
@torch.inference_mode()
def in_one_pass(model, loader, loss_fn):
    model.eval()
    parts = [(model.forward(X), y) for X, y in loader]
    logits, y = (torch.cat(part) for part in zip(*parts, strict=True))
    return loss_fn(logits, y).item(), np.mean((logits.argmax(1) == y).numpy())


@wrong("cifar10.test_loop", "come from two passes over the loader")
def two_passes_over_a_shuffling_loader(model, loader, loss_fn):
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


@wrong("cifar10.test_loop", "called in training mode, where dropout is on")
def dropout_is_on(*args):
    return weighted(*measure(*args, evaluating=False))


@wrong("cifar10.test_loop", "you average the numbers of the batches")
def averages_the_losses(*args):
    losses, hits, sizes = measure(*args)
    return sum(losses) / len(losses), sum(hits) / sum(sizes)


@wrong("cifar10.test_loop", "you average the numbers of the batches")
def averages_the_accuracies(*args):
    losses, hits, sizes = measure(*args)
    accuracies = [a / b for a, b in zip(hits, sizes, strict=True)]
    return weighted(losses, hits, sizes)[0], sum(accuracies) / len(accuracies)


@wrong("cifar10.test_loop", "the pair (loss, accuracy) is (")
def sums_the_losses(*args):
    losses, hits, sizes = measure(*args)
    return sum(losses), sum(hits) / sum(sizes)


@wrong("cifar10.test_loop", "the pair (loss, accuracy) is (")
def never_divides(*args):
    losses, hits, sizes = measure(*args)
    return weighted(losses, hits, sizes)[0] * sum(sizes), sum(hits) / sum(sizes)


@wrong("cifar10.test_loop", "the pair (loss, accuracy) is (")
def the_last_loss(*args):
    losses, hits, sizes = measure(*args)
    return losses[-1], sum(hits) / sum(sizes)


@wrong("cifar10.test_loop", "the pair (loss, accuracy) is (")
def counts_right_ones(*args):
    losses, hits, sizes = measure(*args)
    return weighted(losses, hits, sizes)[0], sum(hits)


@wrong("cifar10.test_loop", ", 100.0), right is (")
def in_per_cent(*args):
    loss, accuracy = weighted(*measure(*args))
    return loss, 100 * accuracy


@wrong("cifar10.test_loop", "the pair (loss, accuracy) is (")
def wrong_ones(*args):
    loss, accuracy = weighted(*measure(*args))
    return loss, 1 - accuracy


@wrong("cifar10.test_loop", "you applied a softmax before the loss")
def softmax_first(model, loader, loss_fn):
    return weighted(*measure(nn.Sequential(model, nn.Softmax(dim=1)), loader, loss_fn))


@wrong("cifar10.test_loop", "the pair (loss, accuracy) is (")
def own_loss(model, loader, loss_fn):
    return weighted(*measure(model, loader, nn.CrossEntropyLoss()))


@wrong("cifar10.test_loop", "the pair (loss, accuracy) is (")
def accuracy_first(*args):
    return weighted(*measure(*args))[::-1]


@wrong("cifar10.test_loop", "call it once for each batch, and return after the loop")
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


@wrong("cifar10.test_loop", "your function changes the weights of model")
def trains_on_the_test_set(model, loader, loss_fn):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    return weighted(*epoch(model, loader, loss_fn, optimizer))


@wrong("cifar10.test_loop", "call it once for each batch, and return after the loop")
def uses_another_model(model, loader, loss_fn):
    other = nn.Linear(next(iter(loader))[0].shape[1], 4)
    return weighted(*measure(other, loader, loss_fn))


@wrong("cifar10.test_loop", "must be a list or tuple")
def returns_a_dict(*args):
    loss, accuracy = weighted(*measure(*args))
    return {"loss": loss, "accuracy": accuracy}


wrong("cifar10.test_loop", "pass your function test_loop itself")((1.1, 0.5))


@obvious("cifar10.test_loop")
def one_row_at_a_time(model, loader, loss_fn):
    model.eval()
    losses, rights = [], []
    with torch.no_grad():
        for X, y in loader:
            for i in range(len(y)):
                logits = model(X[i : i + 1])
                losses.append(loss_fn(logits, y[i : i + 1]).item())
                rights.append(int(logits.argmax()) == int(y[i]))
    return sum(losses) / len(losses), sum(rights) / len(rights)


@right("cifar10.test_loop")
def with_a_copy(model, loader, loss_fn):
    return weighted(*measure(copy.deepcopy(model), loader, loss_fn))


@wrong("cifar10.test_loop", "'TensorLoader' object has no attribute 'dataset'")
def by_the_length_of_the_data_set(model, loader, loss_fn):
    losses, hits, sizes = measure(model, loader, loss_fn)
    return weighted(losses, hits, sizes)[0], sum(hits) / len(loader.dataset)


@wrong("cifar10.test_loop", "the pair (loss, accuracy) is (")
def right_ones_per_batch_size(model, loader, loss_fn):
    losses, hits, sizes = measure(model, loader, loss_fn)
    return weighted(losses, hits, sizes)[0], sum(hits) / (len(sizes) * sizes[0])


@wrong("cifar10.test_loop", "the loss of a batch is a mean already")
def batch_losses_by_rows(*args):
    losses, hits, sizes = measure(*args)
    return sum(losses) / sum(sizes), sum(hits) / sum(sizes)


@wrong("cifar10.test_loop", "the pair (loss, accuracy) is (")
def right_ones_by_batches(*args):
    losses, hits, sizes = measure(*args)
    return weighted(losses, hits, sizes)[0], sum(hits) / len(sizes)


@wrong("cifar10.test_loop", "the pair (loss, accuracy) is (")
def labels_of_another_pass(model, loader, loss_fn):
    loss = weighted(*measure(model, loader, loss_fn))[0]
    with torch.no_grad():
        y_pred = torch.cat([model(X).argmax(dim=1) for X, _ in loader])
    y = torch.cat([y for _, y in loader])
    return loss, (y_pred == y).float().mean().item()


@wrong("cifar10.test_loop", "in training mode")
def evaluation_mode_too_late(model, loader, loss_fn):
    with torch.no_grad():
        parts = [(model(X), y) for X, y in loader]
    model.eval()
    logits, y = (torch.cat(part) for part in zip(*parts, strict=True))
    return loss_fn(logits, y).item(), (logits.argmax(1) == y).float().mean().item()


@wrong("cifar10.test_loop", "requires_grad")
def freezes_the_model(model, loader, loss_fn):
    model.eval()
    for p in model.parameters():
        p.requires_grad_(False)
    return weighted(*measure(model, loader, loss_fn))


@wrong("cifar10.test_loop", "the pair (loss, accuracy) is (")
def accuracy_rounded(*args):
    loss, accuracy = weighted(*measure(*args))
    return loss, round(accuracy, 1)


best_so_far = []


@wrong("cifar10.test_loop", "it remembers an earlier call")
def keeps_the_best_accuracy(*args):
    loss, accuracy = weighted(*measure(*args))
    best_so_far.append(accuracy)
    return loss, max(best_so_far)


@wrong("cifar10.test_loop", "the pair (loss, accuracy) is")
def rows_of_the_loader(model, loader, loss_fn):
    losses, hits, sizes = measure(model, loader, loss_fn)
    rows = len(loader.X if hasattr(loader, "X") else getattr(loader, "dataset", range(sum(sizes))))
    return weighted(losses, hits, sizes)[0], sum(hits) / rows


@wrong("cifar10.test_loop", "'list' object has no attribute 'batch_size'")
def asks_for_the_batch_size(model, loader, loss_fn):
    assert loader.batch_size
    return weighted(*measure(model, loader, loss_fn))


@wrong("cifar10.test_loop", "your function changes loader, which is passed in")
def changes_the_batches(model, loader, loss_fn):
    numbers = weighted(*measure(model, loader, loss_fn))
    for X, _ in loader:
        X *= 0.5
    return numbers


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


@wrong("cifar10.save_and_load", "and nothing else")
def with_more_in_the_file(model, new_model, path):
    torch.save({"weights": model.state_dict(), "epoch": 10}, path)
    new_model.load_state_dict(torch.load(path, weights_only=True)["weights"], strict=True)
    return new_model


@right("cifar10.save_and_load")
def looks_at_what_it_reads(model, new_model, path):
    torch.save(model.state_dict(), path)
    state = torch.load(path, weights_only=True)
    for name, value in model.state_dict().items():
        assert torch.equal(value, state[name])
    new_model.load_state_dict(state)
    return new_model


@wrong("cifar10.save_and_load", "and nothing else")
def a_list_of_tensors(model, new_model, path):
    torch.save(list(model.state_dict().values()), path)
    values = torch.load(path, weights_only=True)
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


@wrong("cifar10.save_and_load", "weights_only=False lets a file run code")
def saves_the_model(model, new_model, path):
    torch.save(model, path)
    return torch.load(path, weights_only=False)


@wrong("cifar10.save_and_load", "UnpicklingError")
def saves_the_model_and_stumbles(model, new_model, path):
    torch.save(model, path)
    new_model.load_state_dict(torch.load(path, weights_only=True))
    return new_model


@wrong("cifar10.save_and_load", "does not come from the file")
def never_reads(model, new_model, path):
    save(model, path)
    new_model.load_state_dict(model.state_dict())
    return new_model


@wrong("cifar10.save_and_load", "weight of new_model does not come from the file")
def ignores_what_it_reads(model, new_model, path):
    save(model, path)
    torch.load(path, weights_only=True)
    new_model.load_state_dict(model.state_dict())
    return new_model


@wrong("cifar10.save_and_load", "return new_model itself, no other model")
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


@wrong("cifar10.save_and_load", "weight of new_model does not come from the file")
def never_puts_them_in(model, new_model, path):
    save(model, path)
    torch.load(path, weights_only=True)
    return new_model


@wrong("cifar10.save_and_load", "must hold model.state_dict() as it is")
def parameters_alone(model, new_model, path):
    torch.save(dict(model.named_parameters()), path)
    new_model.load_state_dict(torch.load(path, weights_only=True), strict=False)
    return new_model


@wrong("cifar10.save_and_load", "your function changes the weights of model")
def the_other_way_round(model, new_model, path):
    save(new_model, path)
    model.load_state_dict(torch.load(path, weights_only=True))
    return new_model


@wrong("cifar10.save_and_load", "return new_model itself, no other model")
def returns_what_load_returns(model, new_model, path):
    save(model, path)
    return new_model.load_state_dict(torch.load(path, weights_only=True))


@wrong("cifar10.save_and_load", "return new_model itself, no other model")
def forgets_to_return(model, new_model, path):
    save(model, path)
    new_model.load_state_dict(torch.load(path, weights_only=True))


@wrong("cifar10.save_and_load", "return new_model itself, no other model")
def returns_the_old_one(model, new_model, path):
    save(model, path)
    new_model.load_state_dict(torch.load(path, weights_only=True))
    return model


@wrong("cifar10.save_and_load", "return new_model itself, no other model")
def returns_a_third_model(model, new_model, path):
    save(model, path)
    new_model.load_state_dict(torch.load(path, weights_only=True))
    return nn.Linear(4, 3)


@wrong("cifar10.save_and_load", "weight of new_model does not come from the file")
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


@obvious("cifar10.save_and_load")
def tensor_by_tensor(model, new_model, path):
    torch.save(model.state_dict(), path)
    read = torch.load(path, weights_only=True)
    for name, value in new_model.state_dict().items():
        value.copy_(read[name])
    return new_model


@right("cifar10.save_and_load")
def with_the_default_named(model, new_model, path):
    torch.save(model.state_dict(), str(path))
    new_model.load_state_dict(torch.load(f=str(path), weights_only=None), assign=True)
    return new_model.eval()


@right("cifar10.save_and_load")
def with_a_true_one(model, new_model, path):
    torch.serialization.save(model.state_dict(), path)
    new_model.load_state_dict(torch.serialization.load(path, weights_only=1))
    return new_model


@right("cifar10.save_and_load")
def from_another_folder(model, new_model, path):
    torch.save(model.state_dict(), path)
    new_model.load_state_dict(torch.load(path.resolve(), "cpu", weights_only=True))
    new_model.train()
    return new_model


@wrong("cifar10.save_and_load", "there is no file at path")
def under_a_name_of_its_own(model, new_model, path):
    own = path.with_name("my_weights.pt")
    save(model, own)
    new_model.load_state_dict(torch.load(own, weights_only=True))
    return new_model


@wrong("cifar10.save_and_load", "there is no file at path")
def always_the_same_name(model, new_model, path):
    own = path.with_name("weights.pt")
    save(model, own)
    new_model.load_state_dict(torch.load(own, weights_only=True))
    return new_model


@wrong("cifar10.save_and_load", "there is no file at path")
def deletes_the_file(model, new_model, path):
    save(model, path)
    new_model.load_state_dict(torch.load(path, weights_only=True))
    path.unlink()
    return new_model


@wrong("cifar10.save_and_load", "weight of new_model does not come from the file")
def reads_something_else(model, new_model, path):
    import io

    buffer = io.BytesIO()
    save(model, path)
    save(model, buffer)
    buffer.seek(0)
    new_model.load_state_dict(torch.load(buffer, weights_only=True))
    return new_model


@wrong("cifar10.save_and_load", "bias of new_model does not come from the file")
def weights_without_biases(model, new_model, path):
    save(model, path)
    read = torch.load(path, weights_only=True)
    read = {name: value for name, value in read.items() if not name.endswith("bias")}
    new_model.load_state_dict(read, strict=False)
    return new_model


@wrong("cifar10.save_and_load", "not exactly the numbers of the file")
def in_half_the_digits(model, new_model, path):
    save(model, path)
    read = torch.load(path, weights_only=True)
    new_model.load_state_dict({name: value.clamp(max=0.1) for name, value in read.items()})
    return new_model


@wrong("cifar10.save_and_load", "weights_only=False lets a file run code")
def trusts_it_at_second_try(model, new_model, path):
    save(model, path)
    torch.load(path, weights_only=False)
    new_model.load_state_dict(torch.load(path, weights_only=True))
    return new_model


@wrong("cifar10.save_and_load", "leaves model in evaluation mode")
def evaluates_the_old_one(model, new_model, path):
    torch.save(model.eval().state_dict(), path)
    new_model.load_state_dict(torch.load(path, weights_only=True))
    return new_model


@wrong("cifar10.save_and_load", "must hold model.state_dict() as it is")
def with_four_digits(model, new_model, path):
    torch.save({name: value.round(decimals=4) for name, value in model.state_dict().items()}, path)
    new_model.load_state_dict(torch.load(path, weights_only=True))
    return new_model


@wrong("cifar10.save_and_load", "must hold model.state_dict() as it is")
def in_half_precision(model, new_model, path):
    torch.save({name: value.half() for name, value in model.state_dict().items()}, path)
    new_model.load_state_dict(torch.load(path, weights_only=True))
    return new_model


@wrong("cifar10.save_and_load", "Missing key(s) in state_dict")
def keeps_an_old_file(model, new_model, path):
    if not path.exists():
        save(model, path)
    new_model.load_state_dict(torch.load(path, weights_only=True))
    return new_model


@wrong("cifar10.save_and_load", "must hold model.state_dict() as it is")
def overwrites_the_file(model, new_model, path):
    save(model, path)
    new_model.load_state_dict(torch.load(path, weights_only=True))
    torch.save({}, path)
    return new_model


# ---- cifar10.per_class ----------------------------------------------------------------------


@obvious("cifar10.per_class")
def by_counting(y_pred, y, classes):
    shares = []
    for k in range(classes):
        number, hits = 0, 0
        for a, b in zip(y_pred.tolist(), y.tolist(), strict=True):
            if b == k:
                number += 1
                hits += a == b
        shares.append(hits / number)
    return torch.tensor(shares)


@right("cifar10.per_class")
def with_a_loop(y_pred, y, classes):
    return torch.stack([(y_pred[y == k] == k).float().mean() for k in range(classes)])


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
    return torch.tensor((truth * np.eye(classes)[y_pred.numpy()]).sum(0) / truth.sum(0))


def count(y, classes):
    """Return how often each class occurs."""
    return torch.bincount(y, minlength=classes)


@wrong("cifar10.per_class", "your result has shape (1,), right is (2,)")
def without_minlength(y_pred, y, classes):
    hits = torch.bincount(y[y_pred == y])
    return hits / torch.bincount(y)[: len(hits)]


@wrong("cifar10.per_class", "bincount needs minlength=classes")
def forgets_minlength(y_pred, y, classes):
    return torch.bincount(y[y_pred == y]) / torch.bincount(y)


@wrong("cifar10.per_class", "yours returns [2.0], right is [1.0]")
def counts_alone(y_pred, y, classes):
    return count(y[y_pred == y], classes).float()


@wrong("cifar10.per_class", "is torch.int64, right is torch.float32")
def whole_numbers(y_pred, y, classes):
    return count(y[y_pred == y], classes)


@wrong("cifar10.per_class", "divide by how often it is the true one")
def precision(y_pred, y, classes):
    return count(y[y_pred == y], classes) / count(y_pred, classes)


@wrong("cifar10.per_class", "yours returns [0.5, 0.0], right is [1.0, 0.0]")
def by_all_pictures(y_pred, y, classes):
    return count(y[y_pred == y], classes) / len(y)


@wrong("cifar10.per_class", "yours returns")
def share_of_the_right_ones(y_pred, y, classes):
    hits = count(y[y_pred == y], classes)
    return hits / hits.sum()


@wrong("cifar10.per_class", "yours returns [100.0], right is [1.0]")
def per_class_in_per_cent(y_pred, y, classes):
    return 100 * count(y[y_pred == y], classes) / count(y, classes)


@wrong("cifar10.per_class", "yours returns")
def share_predicted(y_pred, y, classes):
    return count(y_pred, classes) / count(y, classes)


@wrong("cifar10.per_class", "yours returns [0.0], right is [1.0]")
def error_rates(y_pred, y, classes):
    return 1 - count(y[y_pred == y], classes) / count(y, classes)


@wrong("cifar10.per_class", "your result has shape (), right is (1,)")
def one_accuracy(y_pred, y, classes):
    return (y_pred == y).float().mean()


@wrong("cifar10.per_class", "your function changes y_pred, which is passed in")
def marks_the_wrong_ones(y_pred, y, classes):
    y_pred[y_pred != y] = classes
    return count(y_pred, classes)[:classes] / count(y, classes)


@wrong("cifar10.per_class", "must be a tensor")
def pairs_with_names(y_pred, y, classes):
    return [(k, (y_pred[y == k] == k).float().mean()) for k in range(classes)]


@wrong("cifar10.per_class", "of type dict, and must be a tensor")
def as_a_dict(y_pred, y, classes):
    return dict(enumerate(with_a_loop(y_pred, y, classes)))


wrong("cifar10.per_class", "pass your function per_class_accuracy itself")(torch.zeros(10))


@right("cifar10.per_class")
def with_a_one_hot_matrix(y_pred, y, classes):
    of_class = F.one_hot(y, classes).double()
    return (of_class * (y_pred == y)[:, None]).sum(dim=0) / of_class.sum(dim=0)


@wrong("cifar10.per_class", "your result has shape")
def always_ten_classes(y_pred, y, classes):
    return F.pad(with_a_loop(y_pred, y, classes), (0, 10 - classes))


@wrong("cifar10.per_class", "your result has shape")
def only_predicted_classes(y_pred, y, classes):
    return torch.stack([(y_pred[y == k] == k).float().mean() for k in y_pred.unique()])


@wrong("cifar10.per_class", "yours returns")
def in_order_of_appearance(y_pred, y, classes):
    return with_a_loop(y_pred, y, classes)[list(dict.fromkeys(y.tolist()))]


@wrong("cifar10.per_class", "yours returns")
def precision_in_a_loop(y_pred, y, classes):
    return with_a_loop(y, y_pred, classes).nan_to_num()


@wrong("cifar10.per_class", "your function changes y, which is passed in")
def sorts_in_place(y_pred, y, classes):
    answer = by_counting(y_pred, y, classes)
    y.copy_(y.sort().values)
    return answer


@wrong("cifar10.per_class", "yours returns")
def rounded_to_one_decimal(y_pred, y, classes):
    return with_a_loop(y_pred, y, classes).round(decimals=1)


@wrong("cifar10.per_class", "yours returns")
def the_last_class_is_never_right(y_pred, y, classes):
    shares = by_counting(y_pred, y, classes)
    shares[-1] = 0
    return shares


class_counts = []


@wrong("cifar10.per_class", "it remembers an earlier call")
def per_class_with_global_counts(y_pred, y, classes):
    class_counts.append((y_pred, y))
    together = [torch.cat(part) for part in zip(*class_counts, strict=True)]
    return with_a_loop(*together, classes)


@wrong("cifar10.per_class", "your result[")
def in_bytes(y_pred, y, classes):
    return count(y[y_pred == y], classes).byte() / count(y, classes).byte()


@wrong("cifar10.per_class", "your result[")
def a_hundred_of_each_class(y_pred, y, classes):
    return torch.stack([(y_pred[y == k][:100] == k).float().mean() for k in range(classes)])


@wrong("cifar10.per_class", "must be a tensor")
def as_a_list(y_pred, y, classes):
    return with_a_loop(y_pred, y, classes).tolist()


# ---- cifar10.confused -----------------------------------------------------------------------


@obvious("cifar10.confused")
def with_loops(matrix, k):
    pairs = []
    for a in range(len(matrix)):
        for b in range(a + 1, len(matrix)):
            pairs.append([a, b, int(matrix[a, b] + matrix[b, a])])
    return sorted(pairs, key=lambda pair: pair[2], reverse=True)[:k]


@wrong("cifar10.confused", "must be a list of tuples")
def as_one_tensor(matrix, k):
    a, b = torch.triu_indices(len(matrix), len(matrix), 1)
    counts = (matrix + matrix.T)[a, b]
    order = counts.argsort(descending=True)[:k]
    return torch.stack([a[order], b[order], counts[order]], dim=1)


def best(matrix, k, *, upper=True):
    """Return the k largest entries, above the diagonal or anywhere."""
    if upper:
        n = len(matrix)
        pairs = [(a, b, matrix[a, b].item()) for a in range(n) for b in range(a + 1, n)]
        return sorted(pairs, key=lambda pair: -pair[2])[:k]
    counts, places = matrix.flatten().topk(min(k, matrix.numel()))
    places = [divmod(place, len(matrix)) for place in places.tolist()]
    return [(a, b, c) for (a, b), c in zip(places, counts.tolist(), strict=True)]


@right("cifar10.confused")
def with_numbers_of_numpy(matrix, k):
    return tuple((np.int64(a), np.int64(b), c) for a, b, c in best(matrix + matrix.T, k))


@wrong("cifar10.confused", "is no pair of classes with a < b")
def with_the_diagonal(matrix, k):
    return best(matrix, k, upper=False)


@wrong("cifar10.confused", "is no pair of classes with a < b")
def both_with_the_diagonal(matrix, k):
    n, both = len(matrix), matrix + matrix.T
    pairs = [(a, b, int(both[a, b])) for a in range(n) for b in range(a, n)]
    return sorted(pairs, key=lambda pair: -pair[2])[:k]


@wrong("cifar10.confused", "is no pair of classes with a < b")
def each_pair_twice(matrix, k):
    matrix = matrix + matrix.T
    return best(matrix - matrix.diag().diag(), k, upper=False)


@wrong("cifar10.confused", "0 and 1 are confused")
def one_direction(matrix, k):
    found, seen = [], set()
    for a, b, number in best(matrix - matrix.diag().diag(), len(matrix) ** 2, upper=False):
        if a != b and frozenset((a, b)) not in seen:
            seen.add(frozenset((a, b)))
            found.append((a, b, number))
    return found[:k]


@wrong("cifar10.confused", "0 and 1 are confused")
def above_the_diagonal_alone(matrix, k):
    return best(matrix, k)


@wrong("cifar10.confused", "is no pair of classes with a < b")
def larger_first(matrix, k):
    return [(b, a, number) for a, b, number in best(matrix + matrix.T, k)]


@wrong("cifar10.confused", "the list of counts is [0, 1, 1], right is [1, 1, 0]")
def smallest_first(matrix, k):
    return best(matrix + matrix.T, k)[::-1]


@wrong("cifar10.confused", "the list of counts is [2, 2, 2], right is [2]")
def all_pairs(matrix, k):
    return best(matrix + matrix.T, len(matrix) * (len(matrix) - 1) // 2)


@wrong("cifar10.confused", "the list of counts is [")
def always_three(matrix, k):
    return best(matrix + matrix.T, 3)


@wrong("cifar10.confused", "must be a list of tuples (a, b, count) of three whole numbers")
def without_the_count(matrix, k):
    return [row[:2] for row in best(matrix + matrix.T, k)]


@wrong("cifar10.confused", "must be a list of tuples (a, b, count) of three whole numbers")
def count_apart(matrix, k):
    return [((a, b), number) for a, b, number in best(matrix + matrix.T, k)]


@wrong("cifar10.confused", "your function changes matrix, which is passed in")
def clears_the_diagonal(matrix, k):
    matrix.fill_diagonal_(0)
    return best(matrix + matrix.T, k)


@wrong("cifar10.confused", "must be a list of tuples (a, b, count) of three whole numbers")
def as_a_dict_of_pairs(matrix, k):
    return {(a, b): number for a, b, number in best(matrix + matrix.T, k)}


@wrong("cifar10.confused", "0 and 1 are confused")
def halves_the_count(matrix, k):
    return [(a, b, number // 2) for a, b, number in best(matrix + matrix.T, k)]


wrong("cifar10.confused", "pass your function most_confused itself")([(3, 5, 400)])


@right("cifar10.confused")
def with_a_mask(matrix, k):
    both = matrix + matrix.T
    above = torch.ones_like(matrix, dtype=torch.bool).triu(1)
    counts, places = both.masked_fill(~above, -1).flatten().topk(k)
    return [[*divmod(int(i), len(matrix)), int(c)] for c, i in zip(counts, places, strict=True)]


@right("cifar10.confused")
def last_of_equal_counts(matrix, k):
    n = len(matrix)
    pairs = [(a, b, int(matrix[a, b] + matrix[b, a])) for a in range(n) for b in range(a + 1, n)]
    return sorted(pairs, key=lambda pair: (pair[2], pair[0], pair[1]))[::-1][:k]


@wrong("cifar10.confused", "is no pair of classes with a < b")
def zeros_of_triu(matrix, k):
    counts, places = (matrix + matrix.T).triu(1).flatten().topk(k)
    pairs = zip(places.tolist(), counts.tolist(), strict=True)
    return [(*divmod(place, len(matrix)), count) for place, count in pairs]


@wrong("cifar10.confused", "(0, 0) is no pair of classes with a < b")
def zeros_of_the_diagonal(matrix, k):
    n, both = len(matrix), (matrix + matrix.T).triu(1)
    places = [(a, b) for a in range(n) for b in range(a, n)]
    return sorted([(a, b, int(both[a, b])) for a, b in places], key=lambda row: -row[2])[:k]


@wrong("cifar10.confused", "the list of counts is [")
def without_zero_counts(matrix, k):
    return [row for row in best(matrix + matrix.T, k) if row[2] > 0]


@wrong("cifar10.confused", "is no pair of classes with a < b")
def ten_classes(matrix, k):
    return [(*divmod(a * len(matrix) + b, 10), c) for a, b, c in best(matrix + matrix.T, k)]


@wrong("cifar10.confused", "0 and 1 are confused")
def the_larger_direction(matrix, k):
    return best(torch.maximum(matrix, matrix.T), k)


@wrong("cifar10.confused", "0 and 1 are confused")
def below_the_diagonal_alone(matrix, k):
    return best(matrix.T, k)


@wrong("cifar10.confused", "0 and 2 are confused 0 times")
def counts_without_their_pairs(matrix, k):
    n = len(matrix)
    places = [(a, b) for a in range(n) for b in range(a + 1, n)]
    counts = [row[2] for row in best(matrix + matrix.T, k)]
    return [(a, b, c) for (a, b), c in zip(places, counts, strict=False)]


@wrong("cifar10.confused", "the list of counts is")
def one_pair_for_each_count(matrix, k):
    found = {count: (a, b, count) for a, b, count in best(matrix + matrix.T, 100)}
    rows = list(found.values())
    return (rows + [row for row in best(matrix + matrix.T, 100) if row not in rows])[:k]


@wrong("cifar10.confused", "the list of counts is")
def the_least_confused(matrix, k):
    return best(matrix + matrix.T, 100)[::-1][:k]


@wrong("cifar10.confused", "must be a list of tuples (a, b, count) of three whole numbers")
def shares_of_all(matrix, k):
    return [(a, b, c / 7 + 0.5) for a, b, c in best(matrix + matrix.T, k)]


@wrong("cifar10.confused", "is no pair of classes with a < b")
def counted_from_one(matrix, k):
    return [(a + 1, b + 1, c) for a, b, c in best(matrix + matrix.T, k)]


@wrong("cifar10.confused", "a pair comes twice")
def each_direction_apart(matrix, k):
    places = [(a, b) for a in range(len(matrix)) for b in range(len(matrix)) if a != b]
    rows = [(min(a, b), max(a, b), int(matrix[a, b] + matrix[b, a])) for a, b in places]
    return sorted(rows, key=lambda row: -row[2])[:k]


@wrong("cifar10.confused", "is no pair of classes with a < b")
def zeros_of_tril(matrix, k):
    counts, places = (matrix + matrix.T).tril(-1).flatten().topk(k)
    pairs = [divmod(place, len(matrix))[::-1] for place in places.tolist()]
    return [(*pair, count) for pair, count in zip(pairs, counts.tolist(), strict=True)]


@wrong("cifar10.confused", "the list of counts has 10 items, right is 37")
def ten_pairs_at_most(matrix, k):
    return best(matrix + matrix.T, min(k, 10))


@wrong("cifar10.confused", "are confused")
def counts_in_float32(matrix, k):
    return [(a, b, int(c)) for a, b, c in best((matrix + matrix.T).float(), k)]
