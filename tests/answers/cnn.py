"""Answers to the exercises of 08_cifar10_cnn."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from answers import right, wrong

# ---- cnn.convolve ---------------------------------------------------------------------------


@right("cnn.convolve")
def with_unfold(picture, kernel):
    a, b = kernel.shape
    return (picture.unfold(0, a, 1).unfold(1, b, 1) * kernel).sum(dim=(2, 3))


@right("cnn.convolve")
def one_kernel_number_after_the_other(picture, kernel):
    (H, W), (a, b) = picture.shape, kernel.shape
    total = 0
    for i in range(a):
        for j in range(b):
            total = total + kernel[i, j] * picture[i : H - a + 1 + i, j : W - b + 1 + j]
    return total


@right("cnn.convolve")
def from_a_list(picture, kernel):
    (H, W), (a, b) = picture.shape, kernel.shape
    return torch.tensor(
        [
            [float((picture[r : r + a, c : c + b] * kernel).sum()) for c in range(W - b + 1)]
            for r in range(H - a + 1)
        ],
        dtype=torch.float64,
    )


@wrong("cnn.convolve", "you call PyTorch's own conv2d")
def with_conv2d(picture, kernel):
    return F.conv2d(picture[None, None], kernel[None, None])[0, 0]


@wrong("cnn.convolve", "you call PyTorch's own conv2d")
def with_a_layer(picture, kernel):
    layer = nn.Conv2d(1, 1, kernel.shape, bias=False)
    layer.weight.data = kernel[None, None]
    return layer(picture[None, None]).detach()[0, 0]


@wrong("cnn.convolve", "the kernel is turned around")
def turned_around(picture, kernel):
    return with_unfold(picture, kernel.flip(0, 1))


@wrong("cnn.convolve", "you take the mean of the products")
def mean_of_products(picture, kernel):
    return with_unfold(picture, kernel) / kernel.numel()


@wrong("cnn.convolve", "multiply it by the kernel first")
def sum_of_windows(picture, kernel):
    return with_unfold(picture, torch.ones_like(kernel))


@wrong("cnn.convolve", "use only places where the kernel fits completely")
def padded(picture, kernel):
    a, b = kernel.shape
    frame = F.pad(picture, ((b - 1) // 2, b // 2, (a - 1) // 2, a // 2))
    return with_unfold(frame, kernel)


@wrong("cnn.convolve", "the first place counts as well")
def one_place_short(picture, kernel):
    return with_unfold(picture, kernel)[:-1, :-1]


@wrong("cnn.convolve", "RuntimeError")
def for_square_kernels(picture, kernel):
    a = len(kernel)
    return (picture.unfold(0, a, 1).unfold(1, a, 1) * kernel).sum(dim=(2, 3))


@wrong("cnn.convolve", "must have shape (3, 6), yours has (6, 3)")
def transposed(picture, kernel):
    return with_unfold(picture, kernel).T


@wrong("cnn.convolve", "must be a tensor, yours is of type list")
def nested_lists(picture, kernel):
    return with_unfold(picture, kernel).tolist()


@wrong("cnn.convolve", "changes what is passed in")
def into_the_picture(picture, kernel):
    answer = with_unfold(picture, kernel)
    picture[: answer.shape[0], : answer.shape[1]] = answer
    return answer


@wrong("cnn.convolve", "changes what is passed in")
def into_the_kernel(picture, kernel):
    answer = with_unfold(picture, kernel)
    kernel.zero_()
    return answer


@wrong("cnn.convolve", "[0, 0] should be")
def maximum_of_products(picture, kernel):
    a, b = kernel.shape
    return (picture.unfold(0, a, 1).unfold(1, b, 1) * kernel).amax(dim=(2, 3))


# ---- cnn.output_size ------------------------------------------------------------------------


@right("cnn.output_size")
def counted(n, kernel, stride, padding):
    return len(range(-padding, n + padding - kernel + 1, stride))


@right("cnn.output_size")
def rounded_down(n, kernel, stride, padding):
    return math.floor((n + 2 * padding - kernel) / stride + 1)


@wrong("cnn.output_size", "must be an int, yours is a float")
def divided(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) / stride + 1


@wrong("cnn.output_size", "the first place is missing")
def without_the_first(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) // stride


@wrong("cnn.output_size", "the padding is put on both sides")
def padding_once(n, kernel, stride, padding):
    return (n + padding - kernel) // stride + 1


@wrong("cnn.output_size", "the kernel itself needs room")
def without_the_kernel(n, kernel, stride, padding):
    return (n + 2 * padding) // stride + 1


@wrong("cnn.output_size", "round down")
def rounded_up(n, kernel, stride, padding):
    return math.ceil((n + 2 * padding - kernel) / stride) + 1


@wrong("cnn.output_size", "divide by it")
def without_the_stride(n, kernel, stride, padding):
    return n + 2 * padding - kernel + 1


@wrong("cnn.output_size", "output_size(32, 3, 1, 0) should be 30, yours is 32")
def only_the_stride(n, kernel, stride, padding):
    return n // stride


@wrong("cnn.output_size", "must be a plain number, yours is a tensor")
def as_a_tensor(n, kernel, stride, padding):
    return torch.tensor(counted(n, kernel, stride, padding))


wrong("cnn.output_size", "pass your function output_size itself")(30)


# ---- cnn.one_block --------------------------------------------------------------------------


class Parts(nn.Module):
    """The right network, from parts that the wrong answers below exchange."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 32, 3, padding=1)
        self.linear = nn.Linear(32 * 32 * 32, 2)

    def maps(self, X):
        return F.max_pool2d(F.relu(self.conv(X)), 2)

    def forward(self, X):
        return self.linear(self.maps(X).flatten(1))


@right("cnn.one_block")
class FromSequential(nn.Sequential):
    def __init__(self):
        block = nn.Conv2d(3, 32, 3, padding="same"), nn.MaxPool2d(2), nn.ReLU()
        super().__init__(*block, nn.Flatten(), nn.Linear(32768, 2))


@right("cnn.one_block")
class WithALazyLayer(nn.Sequential):
    def __init__(self):
        block = nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)
        super().__init__(*block, nn.Flatten(), nn.LazyLinear(2))


@right("cnn.one_block")
class WithView(Parts):
    def forward(self, X):
        return self.linear(self.maps(X).view(X.shape[0], -1))


wrong("cnn.one_block", "pass the class OneBlock itself, without brackets")(Parts())


@wrong("cnn.one_block", "4 pictures give only 1 row")
class SizedForTheWholePicture(Parts):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(32 * 64 * 64, 2)

    def forward(self, X):
        return self.linear(self.maps(X).view(-1, 32 * 64 * 64))


@wrong("cnn.one_block", "RuntimeError")
class FlattenedButSizedForTheWholePicture(SizedForTheWholePicture):
    def forward(self, X):
        return self.linear(self.maps(X).flatten(1))


@wrong("cnn.one_block", "yours are (32, 3, 3, 3), (32,), (2, 131072), (2,)")
class WithoutPooling(SizedForTheWholePicture):
    def forward(self, X):
        return self.linear(F.relu(self.conv(X)).flatten(1))


@wrong("cnn.one_block", "layers are made inside forward")
class LayersInForward(nn.Module):
    def forward(self, X):
        return Parts()(X)


@wrong("cnn.one_block", "layers are made inside forward")
class LayersMadeAnewAtEachCall(Parts):
    def forward(self, X):
        self.linear = nn.Linear(32 * 32 * 32, 2)
        return super().forward(X)


@wrong("cnn.one_block", "layers are made inside forward")
class LayersMadeAtTheFirstCall(nn.Module):
    def forward(self, X):
        if not hasattr(self, "parts"):
            self.parts = Parts()
        return self.parts(X)


@wrong("cnn.one_block", "layers in a plain list are not seen")
class APlainList(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [Parts()]

    def forward(self, X):
        return self.layers[0](X)


@wrong("cnn.one_block", "each with a bias")
class WithoutBias(Parts):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 32, 3, padding=1, bias=False)


@wrong("cnn.one_block", "each with a bias")
class OneLayerTooMany(Parts):
    def __init__(self):
        super().__init__()
        self.unused = nn.Linear(32 * 32 * 32, 2)


@wrong("cnn.one_block", "so it ends in a softmax")
class Probabilities(Parts):
    def forward(self, X):
        return super().forward(X).softmax(dim=1)


@wrong("cnn.one_block", "there is no ReLU after the convolution")
class WithoutReLU(Parts):
    def maps(self, X):
        return F.max_pool2d(self.conv(X), 2)


@wrong("cnn.one_block", "you pool with the mean")
class MeanPooling(Parts):
    def maps(self, X):
        return F.avg_pool2d(F.relu(self.conv(X)), 2)


@wrong("cnn.one_block", "a ReLU follows the linear layer")
class ReLUAtTheEnd(Parts):
    def forward(self, X):
        return super().forward(X).relu()


@wrong("cnn.one_block", "[0, 0] should be")
class WithTanh(Parts):
    def maps(self, X):
        return F.max_pool2d(self.conv(X).tanh(), 2)


@wrong("cnn.one_block", "must have shape (4, 2), yours has (4, 32, 32, 2)")
class LinearOnRows(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 32, 3, padding=1)
        self.linear = nn.Linear(32, 2)

    def forward(self, X):
        maps = F.max_pool2d(F.relu(self.conv(X)), 2)
        return self.linear(maps)[:, :, :32]


@wrong("cnn.one_block", "must be torch.float32")
class InDoublePrecision(Parts):
    def forward(self, X):
        return super().forward(X).double()


@wrong("cnn.one_block", "the output for 1 picture must have shape (1, 2), yours has (2,)")
class SqueezesOnePicture(Parts):
    def forward(self, X):
        return super().forward(X).squeeze(0)


@wrong("cnn.one_block", "OneBlock must be a class")
def a_function():
    return Parts()


@wrong("cnn.one_block", "OneBlock() must be a Module")
class NoModule:
    def __call__(self, X):
        return Parts()(X)


@wrong("cnn.one_block", "must be a tensor, yours is None")
class WithoutReturn(Parts):
    def forward(self, X):
        super().forward(X)


# ---- cnn.batch_norm -------------------------------------------------------------------------


@right("cnn.batch_norm")
def with_var(X, eps):
    dims = (0, 2, 3)
    variance = X.var(dim=dims, correction=0, keepdim=True)
    return (X - X.mean(dim=dims, keepdim=True)) * (variance + eps) ** -0.5


@right("cnn.batch_norm")
def channel_by_channel(X, eps):
    out = torch.empty_like(X)
    for c in range(X.shape[1]):
        x = X[:, c]
        out[:, c] = (x - x.mean()) / torch.sqrt(((x - x.mean()) ** 2).mean() + eps)
    return out


@right("cnn.batch_norm")
def from_mean_squares(X, eps):
    mean, squares = X.mean(dim=(0, 2, 3)), (X**2).mean(dim=(0, 2, 3))
    std = (squares - mean**2 + eps).sqrt()
    return (X - mean.view(1, -1, 1, 1)) / std.view(1, -1, 1, 1)


def over(X, eps, dims):
    mean = X.mean(dim=dims, keepdim=True)
    return (X - mean) / (((X - mean) ** 2).mean(dim=dims, keepdim=True) + eps).sqrt()


@wrong("cnn.batch_norm", "you call PyTorch's own batch_norm")
def with_the_layer(X, eps):
    return nn.BatchNorm2d(X.shape[1], eps=eps)(X).detach()


@wrong("cnn.batch_norm", "one for each pixel")
def over_pictures(X, eps):
    return over(X, eps, (0,))


@wrong("cnn.batch_norm", "you take a mean for each picture")
def over_places(X, eps):
    return over(X, eps, (2, 3))


@wrong("cnn.batch_norm", "you take a mean for each picture")
def over_channels_and_places(X, eps):
    return over(X, eps, (1, 2, 3))


@wrong("cnn.batch_norm", "you take one mean for all")
def over_everything(X, eps):
    return over(X, eps, (0, 1, 2, 3))


@wrong("cnn.batch_norm", "divides by count - 1")
def by_count_minus_one(X, eps):
    dims = (0, 2, 3)
    variance = X.var(dim=dims, keepdim=True)
    return (X - X.mean(dim=dims, keepdim=True)) / (variance + eps).sqrt()


def centred(X):
    return X - X.mean(dim=(0, 2, 3), keepdim=True)


@wrong("cnn.batch_norm", "eps is added after the root")
def eps_after_the_root(X, eps):
    return centred(X) / (X.std(dim=(0, 2, 3), correction=0, keepdim=True) + eps)


@wrong("cnn.batch_norm", "you divide by the variance")
def by_the_variance(X, eps):
    return centred(X) / (X.var(dim=(0, 2, 3), correction=0, keepdim=True) + eps)


@wrong("cnn.batch_norm", "eps is missing")
def without_eps(X, eps):
    return centred(X) / X.std(dim=(0, 2, 3), correction=0, keepdim=True)


@wrong("cnn.batch_norm", "the mean is not subtracted")
def without_the_mean(X, eps):
    return X / (X.var(dim=(0, 2, 3), correction=0, keepdim=True) + eps).sqrt()


@wrong("cnn.batch_norm", "[0, 0, 0, 0] should be")
def centred_only(X, eps):
    return centred(X)


@wrong("cnn.batch_norm", "changes X in place")
def in_place(X, eps):
    answer = with_var(X, eps)
    X.copy_(answer)
    return answer


@wrong("cnn.batch_norm", "must have shape (6, 3, 4, 5)")
def flattened(X, eps):
    return with_var(X, eps).flatten(1)


# ---- cnn.receptive_field --------------------------------------------------------------------


@right("cnn.receptive_field")
def from_the_end(layers):
    field = 1
    for kernel, stride in reversed(layers):
        field = (field - 1) * stride + kernel
    return field


@right("cnn.receptive_field")
def with_products(layers):
    strides = [1]
    for _, stride in layers:
        strides.append(strides[-1] * stride)
    return 1 + sum((kernel - 1) * j for (kernel, _), j in zip(layers, strides, strict=False))


@wrong("cnn.receptive_field", "neighbours move apart after a stride")
def without_the_jump(layers):
    return 1 + sum(kernel - 1 for kernel, _ in layers)


@wrong("cnn.receptive_field", "not by the kernel")
def jump_by_the_kernel(layers):
    field, jump = 1, 1
    for kernel, _ in layers:
        field += (kernel - 1) * jump
        jump *= kernel
    return field


@wrong("cnn.receptive_field", "the stride multiplies the jump")
def stride_added(layers):
    field, jump = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * jump
        jump += stride
    return field


@wrong("cnn.receptive_field", "the jump of a layer's input counts")
def jump_first(layers):
    field, jump = 1, 1
    for kernel, stride in layers:
        jump *= stride
        field += (kernel - 1) * jump
    return field


@wrong("cnn.receptive_field", "the field begins with 1 pixel")
def from_zero(layers):
    return from_the_end(layers) - 1


@wrong("cnn.receptive_field", "a layer adds kernel - 1 pixels")
def sum_of_kernels(layers):
    return sum(kernel for kernel, _ in layers)


@wrong("cnn.receptive_field", "should be 3, yours is 9")
def area(layers):
    return from_the_end(layers) ** 2


@wrong("cnn.receptive_field", "receptive_field([]): the field begins with 1 pixel")
def nothing_for_no_layers(layers):
    return from_the_end(layers) if layers else 0


@wrong("cnn.receptive_field", "changes the list that is passed in")
def empties_the_list(layers):
    field, jump = 1, 1
    while layers:
        kernel, stride = layers.pop(0)
        field += (kernel - 1) * jump
        jump *= stride
    return field


@wrong("cnn.receptive_field", "must be a plain number, yours is a tensor")
def field_as_a_tensor(layers):
    return torch.tensor(from_the_end(layers))


# ---- cnn.flip -------------------------------------------------------------------------------


@right("cnn.flip")
def into_a_copy(X, chosen):
    out = X.clone()
    out[chosen] = X[chosen].flip(-1)
    return out


@right("cnn.flip")
def picture_by_picture(X, chosen):
    turned = [x[:, :, range(X.shape[3] - 1, -1, -1)] for x in X]
    return torch.stack([t if c else x for x, t, c in zip(X, turned, chosen, strict=True)])


@wrong("cnn.flip", "the pictures are upside down: turn the columns")
def upside_down(X, chosen):
    return torch.where(chosen.view(-1, 1, 1, 1), X.flip(2), X)


@wrong("cnn.flip", "the pictures are upside down as well")
def half_a_turn(X, chosen):
    return torch.where(chosen.view(-1, 1, 1, 1), X.flip(2, 3), X)


@wrong("cnn.flip", "the colours are exchanged")
def exchanged_colours(X, chosen):
    return torch.where(chosen.view(-1, 1, 1, 1), X.flip(1), X)


@wrong("cnn.flip", "the pictures change places")
def exchanged_pictures(X, chosen):
    return torch.where(chosen.view(-1, 1, 1, 1), X.flip(0), X)


@wrong("cnn.flip", "rows and columns are exchanged")
def rows_for_columns(X, chosen):
    return torch.where(chosen.view(-1, 1, 1, 1), X.transpose(2, 3), X)


@wrong("cnn.flip", "all pictures are mirrored")
def all_of_them(X, chosen):
    return X.flip(3)


@wrong("cnn.flip", "the chosen ones stay")
def the_others(X, chosen):
    return into_a_copy(X, ~chosen)


@wrong("cnn.flip", "nothing is mirrored")
def none_of_them(X, chosen):
    return X.clone()


@wrong("cnn.flip", "changes X in place")
def in_place_flip(X, chosen):
    X[chosen] = X[chosen].flip(3)
    return X


@wrong("cnn.flip", "must have shape (5, 3, 4, 4), yours has (3, 3, 4, 4)")
def chosen_alone(X, chosen):
    return X[chosen].flip(3)


@wrong("cnn.flip", "[0, 0, 0, 0] should be")
def mirrored_and_negative(X, chosen):
    return -into_a_copy(X, chosen)
