"""Answers to the exercises of 08_cifar10_cnn."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from answers import obvious, right, wrong

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


@wrong("cnn.convolve", "right is")
def mean_of_products(picture, kernel):
    return with_unfold(picture, kernel) / kernel.numel()


@wrong("cnn.convolve", "right is")
def sum_of_windows(picture, kernel):
    return with_unfold(picture, torch.ones_like(kernel))


@wrong("cnn.convolve", "your result has shape")
def padded(picture, kernel):
    a, b = kernel.shape
    frame = F.pad(picture, ((b - 1) // 2, b // 2, (a - 1) // 2, a // 2))
    return with_unfold(frame, kernel)


@wrong("cnn.convolve", "there are H - a + 1 rows")
def one_place_short(picture, kernel):
    return with_unfold(picture, kernel)[:-1, :-1]


@wrong("cnn.convolve", "RuntimeError")
def for_square_kernels(picture, kernel):
    a = len(kernel)
    return (picture.unfold(0, a, 1).unfold(1, a, 1) * kernel).sum(dim=(2, 3))


@wrong("cnn.convolve", "has shape (2, 1), right is (1, 2)")
def transposed(picture, kernel):
    return with_unfold(picture, kernel).T


@wrong("cnn.convolve", "of type list, and must be a tensor")
def nested_lists(picture, kernel):
    return with_unfold(picture, kernel).tolist()


@wrong("cnn.convolve", "changes picture, which is passed in")
def into_the_picture(picture, kernel):
    answer = with_unfold(picture, kernel)
    picture[: answer.shape[0], : answer.shape[1]] = answer
    return answer


@wrong("cnn.convolve", "changes kernel, which is passed in")
def into_the_kernel(picture, kernel):
    answer = with_unfold(picture, kernel)
    kernel.zero_()
    return answer


@wrong("cnn.convolve", "right is")
def maximum_of_products(picture, kernel):
    a, b = kernel.shape
    return (picture.unfold(0, a, 1).unfold(1, b, 1) * kernel).amax(dim=(2, 3))


@obvious("cnn.convolve")
def number_by_number(picture, kernel):
    sums = []
    for row in range(len(picture) - len(kernel) + 1):
        sums.append([])
        for column in range(len(picture[0]) - len(kernel[0]) + 1):
            total = 0.0
            for i in range(len(kernel)):
                for j in range(len(kernel[0])):
                    total += picture[row + i, column + j].item() * kernel[i, j].item()
            sums[-1].append(total)
    return torch.tensor(sums)


@right("cnn.convolve")
def with_numpy(picture, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(picture.numpy(), tuple(kernel.shape))
    return torch.from_numpy(np.einsum("rcij,ij->rc", windows, kernel.numpy()))


@right("cnn.convolve")
def as_a_matrix_product(picture, kernel):
    (H, W), (a, b) = picture.shape, kernel.shape
    columns = F.unfold(picture[None, None], (a, b))
    return (kernel.reshape(1, -1) @ columns[0]).reshape(H - a + 1, W - b + 1)


@right("cnn.convolve")
def without_a_graph(picture, kernel):
    with torch.no_grad():
        return with_unfold(picture, kernel)


@wrong("cnn.convolve", "own conv_transpose2d")
def with_a_transposed_convolution(picture, kernel):
    a, b = kernel.shape
    whole = F.conv_transpose2d(picture[None, None], kernel.flip(0, 1)[None, None])[0, 0]
    return whole[a - 1 : picture.shape[0], b - 1 : picture.shape[1]]


@wrong("cnn.convolve", "own convolution")
def with_the_function_below(picture, kernel):
    rest = None, [1, 1], [0, 0], [1, 1], False, [0, 0], 1
    return torch.ops.aten.convolution(picture[None, None], kernel[None, None], *rest)[0, 0]


@wrong("cnn.convolve", "your result has shape")
def half_a_kernel_on_each_side(picture, kernel):
    a, b = kernel.shape
    return with_unfold(F.pad(picture, (b // 2, b // 2, a // 2, a // 2)), kernel)


@wrong("cnn.convolve", "has shape (1,), right is (1, 1)")
def squeezed(picture, kernel):
    return with_unfold(picture, kernel).squeeze(0)


@wrong("cnn.convolve", "RuntimeError")
def for_three_by_three(picture, kernel):
    return (picture.unfold(0, 3, 1).unfold(1, 3, 1) * kernel).sum(dim=(2, 3))


@wrong("cnn.convolve", "right is")
def never_negative(picture, kernel):
    return with_unfold(picture, kernel).relu()


@wrong("cnn.convolve", "torch.int64, right is torch.float32")
def whole_numbers(picture, kernel):
    return with_unfold(picture, kernel).long()


@wrong("cnn.convolve", "right is")
def turned_upside_down(picture, kernel):
    return with_unfold(picture, kernel.flip(0))


@wrong("cnn.convolve", "right is")
def only_the_first_row(picture, kernel):
    answer = with_unfold(picture, kernel)
    answer[1:] = answer[:1]
    return answer


@wrong("cnn.convolve", "right is")
def too_large_for_it(picture, kernel):
    return with_unfold(picture[:4, :4], kernel)


@wrong("cnn.convolve", "right is")
def wrong_for_a_kernel_as_large_as_the_picture(picture, kernel):
    return with_unfold(picture, kernel) * (picture.shape != kernel.shape)


@wrong("cnn.convolve", "a later call of your function changes what an earlier call returned")
def into_one_buffer(picture, kernel, buffers={}):  # noqa: B006 - that is the mistake
    answer = with_unfold(picture, kernel)
    return buffers.setdefault((answer.shape, answer.dtype), answer).copy_(answer)


@wrong("cnn.convolve", "autograd switched off")
def autograd_off(picture, kernel):
    torch.set_grad_enabled(False)
    return with_unfold(picture, kernel)


@wrong("cnn.convolve", "None (is the return missing?)")
def nothing_returned(picture, kernel):
    with_unfold(picture, kernel)


@wrong("cnn.convolve", "right is")
def kernels_of_at_most_eight(picture, kernel):
    kernel = kernel.clone()
    kernel[8:] = kernel[:, 8:] = 0
    return with_unfold(picture, kernel)


@wrong("cnn.convolve", "right is")
def sixteen_places_in_a_row(picture, kernel):
    answer = with_unfold(picture, kernel)
    answer[16:], answer[:, 16:] = 0, 0
    return answer


@wrong("cnn.convolve", "right is")
def strides_of_a_picture_that_is_contiguous(picture, kernel):
    (H, W), (a, b) = picture.shape, kernel.shape
    windows = picture.as_strided((H - a + 1, W - b + 1, a, b), (W, 1, W, 1))
    return (windows * kernel).sum(dim=(2, 3))


# ---- cnn.output_size ------------------------------------------------------------------------


@right("cnn.output_size")
def counted(n, kernel, stride, padding):
    return len(range(-padding, n + padding - kernel + 1, stride))


@right("cnn.output_size")
def rounded_down(n, kernel, stride, padding):
    return math.floor((n + 2 * padding - kernel) / stride + 1)


@wrong("cnn.output_size", "use // in place of /")
def divided(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) / stride + 1


@wrong("cnn.output_size", "the first place is missing")
def without_the_first(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) // stride


@wrong("cnn.output_size", "padding is put on both sides")
def padding_once(n, kernel, stride, padding):
    return (n + padding - kernel) // stride + 1


@wrong("cnn.output_size", "right is")
def without_the_kernel(n, kernel, stride, padding):
    return (n + 2 * padding) // stride + 1


@wrong("cnn.output_size", "round down, not up")
def rounded_up(n, kernel, stride, padding):
    return math.ceil((n + 2 * padding - kernel) / stride) + 1


@wrong("cnn.output_size", "right is")
def without_the_stride(n, kernel, stride, padding):
    return n + 2 * padding - kernel + 1


@wrong("cnn.output_size", "yours returns 0, right is 1")
def only_the_stride(n, kernel, stride, padding):
    return n // stride


@wrong("cnn.output_size", "is a tensor, and must be a plain number")
def as_a_tensor(n, kernel, stride, padding):
    return torch.tensor(counted(n, kernel, stride, padding))


wrong("cnn.output_size", "pass your function output_size itself")(30)


@obvious("cnn.output_size")
def step_by_step(n, kernel, stride, padding):
    row = [0] * padding + [1] * n + [0] * padding
    places, first = 0, 0
    while first + kernel <= len(row):
        places += 1
        first += stride
    return places


@right("cnn.output_size")
def with_a_layer_of_torch(n, kernel, stride, padding):
    return nn.Conv1d(1, 1, kernel, stride, padding)(torch.zeros(1, 1, n)).shape[2]


@right("cnn.output_size")
def with_numpy_integers(n, kernel, stride, padding):
    return np.int64(n + 2 * padding - kernel) // stride + 1


@wrong("cnn.output_size", "add 1 after the division")
def plus_one_first(n, kernel, stride, padding):
    return (n + 2 * padding - kernel + 1) // stride


@wrong("cnn.output_size", "yours returns 2, right is 1")
def rounded_to_the_nearest(n, kernel, stride, padding):
    return int((n + 2 * padding - kernel) / stride + 1.5)


@wrong("cnn.output_size", "yours returns 1, right is 3")
def padding_ignored(n, kernel, stride, padding):
    return max(n - kernel, 0) // stride + 1


@wrong("cnn.output_size", "yours returns 0, right is 1")
def none_where_the_kernel_just_fits(n, kernel, stride, padding):
    room = n + 2 * padding - kernel
    return room // stride + 1 if room > 0 else 0


@wrong("cnn.output_size", "right is")
def stride_at_most_two(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) // min(stride, 2) + 1


@wrong("cnn.output_size", "right is")
def kernel_of_three(n, kernel, stride, padding):
    return (n + 2 * padding - 3) // stride + 1


@wrong("cnn.output_size", "right is")
def padding_of_one(n, kernel, stride, padding):
    return (n + 2 * min(padding, 1) - kernel) // stride + 1


@wrong("cnn.output_size", "right is")
def small_pictures_only(n, kernel, stride, padding):
    return (min(n, 100) + 2 * padding - kernel) // stride + 1


@wrong("cnn.output_size", "right is")
def overlapping_only(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) // min(stride, kernel) + 1


@wrong("cnn.output_size", "of type float")
def half_for_odd_rests(n, kernel, stride, padding):
    return float((n + 2 * padding - kernel) // stride + 1)


@wrong("cnn.output_size", "right is")
def stride_at_most_eight(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) // min(stride, 8) + 1


@wrong("cnn.output_size", "right is")
def kernel_at_most_eleven(n, kernel, stride, padding):
    return (n + 2 * padding - min(kernel, 11)) // stride + 1


@wrong("cnn.output_size", "right is")
def rounded_up_for_large_strides(n, kernel, stride, padding):
    return (n + 2 * padding - kernel + (stride - 1 if stride > 4 else 0)) // stride + 1


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


wrong("cnn.one_block", "pass your class OneBlock itself, without brackets")(Parts())


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


@wrong("cnn.one_block", "(2, 131072)")
class WithoutPooling(SizedForTheWholePicture):
    def forward(self, X):
        return self.linear(F.relu(self.conv(X)).flatten(1))


@wrong("cnn.one_block", "model.parameters() finds")
class LayersInForward(nn.Module):
    def forward(self, X):
        return Parts()(X)


@wrong("cnn.one_block", "a layer is made inside forward")
class LayersMadeAnewAtEachCall(Parts):
    def forward(self, X):
        self.linear = nn.Linear(32 * 32 * 32, 2)
        return super().forward(X)


@wrong("cnn.one_block", "model.parameters() finds")
class LayersMadeAtTheFirstCall(nn.Module):
    def forward(self, X):
        if not hasattr(self, "parts"):
            self.parts = Parts()
        return self.parts(X)


@wrong("cnn.one_block", "model.parameters() finds")
class APlainList(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [Parts()]

    def forward(self, X):
        return self.layers[0](X)


@wrong("cnn.one_block", "of all parameters is")
class WithoutBias(Parts):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 32, 3, padding=1, bias=False)


@wrong("cnn.one_block", "use it in forward")
class OneLayerTooMany(Parts):
    def __init__(self):
        super().__init__()
        self.unused = nn.Linear(32 * 32 * 32, 2)


@wrong("cnn.one_block", "your output ends in a softmax")
class Probabilities(Parts):
    def forward(self, X):
        return super().forward(X).softmax(dim=1)


@wrong("cnn.one_block", "the output in training mode at [0, 0] is")
class LogProbabilities(Parts):
    def forward(self, X):
        return super().forward(X).log_softmax(dim=1)


@wrong("cnn.one_block", "there is no ReLU after the convolution")
class WithoutReLU(Parts):
    def maps(self, X):
        return F.max_pool2d(self.conv(X), 2)


@wrong("cnn.one_block", "the output in training mode at [0, 0] is")
class MeanPooling(Parts):
    def maps(self, X):
        return F.avg_pool2d(F.relu(self.conv(X)), 2)


@wrong("cnn.one_block", "the output in training mode at [0, 0] is 0.0")
class ReLUAtTheEnd(Parts):
    def forward(self, X):
        return super().forward(X).relu()


@wrong("cnn.one_block", "the output in training mode at [0, 0] is")
class WithTanh(Parts):
    def maps(self, X):
        return F.max_pool2d(self.conv(X).tanh(), 2)


@wrong("cnn.one_block", "[(2,), (2, 32), (32,), (32, 3, 3, 3)], right is")
class LinearOnRows(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 32, 3, padding=1)
        self.linear = nn.Linear(32, 2)

    def forward(self, X):
        maps = F.max_pool2d(F.relu(self.conv(X)), 2)
        return self.linear(maps)[:, :, :32]


@wrong("cnn.one_block", "is torch.float64, right is torch.float32")
class InDoublePrecision(Parts):
    def forward(self, X):
        return super().forward(X).double()


@wrong("cnn.one_block", "has shape (2,), right is (1, 2)")
class SqueezesOnePicture(Parts):
    def forward(self, X):
        return super().forward(X).squeeze(0)


@wrong("cnn.one_block", "OneBlock must be a class")
def a_function():
    return Parts()


@wrong("cnn.one_block", "a network must be an nn.Module, yours is of type NoModule")
class NoModule:
    def __call__(self, X):
        return Parts()(X)


@wrong("cnn.one_block", "the network must return a tensor, yours returns None")
class WithoutReturn(Parts):
    def forward(self, X):
        super().forward(X)


@obvious("cnn.one_block")
class WithoutLayers(nn.Module):
    def __init__(self):
        super().__init__()
        self.kernels = nn.Parameter(torch.randn(32, 3, 3, 3) / 5)
        self.shifts = nn.Parameter(torch.zeros(32))
        self.weight = nn.Parameter(torch.randn(2, 32 * 32 * 32) / 181)
        self.bias = nn.Parameter(torch.zeros(2))

    def forward(self, X):
        frame = torch.zeros(len(X), 3, 66, 66)
        frame[:, :, 1:65, 1:65] = X
        maps = self.shifts.view(1, 32, 1, 1)
        for row in range(3):
            for column in range(3):
                window = frame[:, :, row : row + 64, column : column + 64]
                weights = self.kernels[:, :, row, column]
                maps = maps + torch.einsum("nchw,kc->nkhw", window, weights)
        maps = maps.clamp(min=0)
        pairs = maps.reshape(len(X), 32, 32, 2, 32, 2)
        rows = pairs.amax(dim=(3, 5)).reshape(len(X), 32 * 32 * 32)
        return rows @ self.weight.T + self.bias


@right("cnn.one_block")
class WithMinusOne(Parts):
    def forward(self, X):
        return self.linear(self.maps(X).view(-1, 32 * 32 * 32))


@right("cnn.one_block")
class AnotherStart(Parts):
    def __init__(self):
        super().__init__()
        nn.init.kaiming_normal_(self.conv.weight)
        nn.init.zeros_(self.linear.weight)


@right("cnn.one_block")
class InPlaceReLU(Parts):
    def __init__(self):
        super().__init__()
        self.linear = nn.LazyLinear(2)
        self.conv = nn.LazyConv2d(32, 3, padding=1)

    def maps(self, X):
        return F.max_pool2d(self.conv(X).relu_(), (2, 2))


@wrong("cnn.one_block", "the output in training mode")
class WithDropout(Parts):
    def maps(self, X):
        return F.dropout(super().maps(X), 0.3, self.training)


@wrong("cnn.one_block", "the output in training mode")
class WithADropoutLayer(Parts):
    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout(0.5)

    def forward(self, X):
        return self.linear(self.drop(self.maps(X)).flatten(1))


@wrong("cnn.one_block", "of all parameters has 6 items, right is 4")
class WithBatchNorm(Parts):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm2d(32)

    def maps(self, X):
        return F.max_pool2d(self.norm(self.conv(X)).relu(), 2)


@wrong("cnn.one_block", "in training mode")
class WithBatchNormWithoutWeights(Parts):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm2d(32, affine=False)

    def maps(self, X):
        return F.max_pool2d(self.norm(self.conv(X)).relu(), 2)


@wrong("cnn.one_block", "in evaluation mode")
class SoftmaxInEvaluation(Parts):
    def forward(self, X):
        logits = super().forward(X)
        return logits if self.training else logits.softmax(dim=1)


@wrong("cnn.one_block", "no gradient reaches the parameters")
class Detached(Parts):
    def forward(self, X):
        return super().forward(X).detach()


@wrong("cnn.one_block", "no gradient reaches a parameter of shape (32,)")
class FrozenMaps(Parts):
    def maps(self, X):
        with torch.no_grad():
            return super().maps(X)


@wrong("cnn.one_block", "requires_grad=False")
class Frozen(Parts):
    def __init__(self):
        super().__init__()
        self.conv.requires_grad_(False)


@wrong("cnn.one_block", "two networks share their parameters")
class SharedLayers(Parts):
    shared = nn.Linear(32 * 32 * 32, 2)

    def __init__(self):
        super().__init__()
        self.linear = self.shared


only_one = Parts()


@wrong("cnn.one_block", "yours returns the same one")
class AlwaysTheSame(nn.Module):
    def __new__(cls):
        return only_one


@wrong("cnn.one_block", "your function changes X")
class ScalesInPlace(Parts):
    def forward(self, X):
        X /= 255
        return super().forward(X)


@wrong("cnn.one_block", "RuntimeError")
class ForEightPictures(Parts):
    def forward(self, X):
        return self.linear(self.maps(X).view(8, -1))


@wrong("cnn.one_block", "the output in training mode")
class TheFirstFour(Parts):
    def forward(self, X):
        return super().forward(X[:4])


@wrong("cnn.one_block", "the output in training mode")
class ReflectedFrame(Parts):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 32, 3, padding=1, padding_mode="reflect")


@wrong("cnn.one_block", "the output in training mode")
class StrideInPlaceOfPooling(Parts):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 32, 3, padding=1, stride=2)

    def maps(self, X):
        return self.conv(X).relu()


@wrong("cnn.one_block", "the output in training mode")
class TransposedBeforeFlatten(Parts):
    def forward(self, X):
        return self.linear(self.maps(X).transpose(0, 1).reshape(len(X), -1))


@wrong("cnn.one_block", "the output in training mode")
class MinusTheMean(Parts):
    def forward(self, X):
        return super().forward(X - X.mean(dim=0))


@wrong("cnn.one_block", "padding=1 is missing")
class WithoutPadding(Parts):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 32, 3)
        self.linear = nn.Linear(32 * 31 * 31, 2)


@wrong("cnn.one_block", "the output in training mode has shape (32, 2), right is (33, 2)")
class ThirtyTwoPicturesAtMost(Parts):
    def forward(self, X):
        return super().forward(X[:32])


@wrong("cnn.one_block", "RuntimeError")
class RemembersTheFirstBatch(Parts):
    def forward(self, X):
        self.count = getattr(self, "count", len(X))
        return self.linear(self.maps(X).reshape(self.count, -1))


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


@wrong("cnn.batch_norm", "subtract the mean first")
def from_mean_squares(X, eps):
    mean, squares = X.mean(dim=(0, 2, 3)), (X**2).mean(dim=(0, 2, 3))
    std = (squares - mean**2 + eps).sqrt()
    return (X - mean.view(1, -1, 1, 1)) / std.view(1, -1, 1, 1)


def over(X, eps, dims):
    mean = X.mean(dim=dims, keepdim=True)
    return (X - mean) / (((X - mean) ** 2).mean(dim=dims, keepdim=True) + eps).sqrt()


@wrong("cnn.batch_norm", "own batch_norm: here it is to be done by hand")
def with_the_layer(X, eps):
    return nn.BatchNorm2d(X.shape[1], eps=eps)(X).detach()


@wrong("cnn.batch_norm", "one mean and one variance for each channel")
def over_pictures(X, eps):
    return over(X, eps, (0,))


@wrong("cnn.batch_norm", "one mean and one variance for each channel")
def over_places(X, eps):
    return over(X, eps, (2, 3))


@wrong("cnn.batch_norm", "one mean and one variance for each channel")
def over_channels_and_places(X, eps):
    return over(X, eps, (1, 2, 3))


@wrong("cnn.batch_norm", "one mean and one variance for each channel")
def over_everything(X, eps):
    return over(X, eps, (0, 1, 2, 3))


@wrong("cnn.batch_norm", "divide by the count, not by count - 1")
def by_count_minus_one(X, eps):
    dims = (0, 2, 3)
    variance = X.var(dim=dims, keepdim=True)
    return (X - X.mean(dim=dims, keepdim=True)) / (variance + eps).sqrt()


def centred(X):
    return X - X.mean(dim=(0, 2, 3), keepdim=True)


@wrong("cnn.batch_norm", "add eps before the root")
def eps_after_the_root(X, eps):
    return centred(X) / (X.std(dim=(0, 2, 3), correction=0, keepdim=True) + eps)


@wrong("cnn.batch_norm", "right is")
def by_the_variance(X, eps):
    return centred(X) / (X.var(dim=(0, 2, 3), correction=0, keepdim=True) + eps)


@wrong("cnn.batch_norm", "right is")
def without_eps(X, eps):
    return centred(X) / X.std(dim=(0, 2, 3), correction=0, keepdim=True)


@wrong("cnn.batch_norm", "right is")
def without_the_mean(X, eps):
    return X / (X.var(dim=(0, 2, 3), correction=0, keepdim=True) + eps).sqrt()


@wrong("cnn.batch_norm", "right is")
def centred_only(X, eps):
    return centred(X)


@wrong("cnn.batch_norm", "changes X, which is passed in")
def in_place(X, eps):
    answer = with_var(X, eps)
    X.copy_(answer)
    return answer


@wrong("cnn.batch_norm", "has shape (1, 1), right is (1, 1, 1, 1)")
def flattened(X, eps):
    return with_var(X, eps).flatten(1)


@obvious("cnn.batch_norm")
def number_after_number(X, eps):
    N, C, H, W = X.shape
    places = [(n, h, w) for n in range(N) for h in range(H) for w in range(W)]
    out = torch.zeros(N, C, H, W)
    for c in range(C):
        numbers = [X[n, c, h, w].item() for n, h, w in places]
        mean = sum(numbers) / len(numbers)
        variance = sum((number - mean) ** 2 for number in numbers) / len(numbers)
        for (n, h, w), number in zip(places, numbers, strict=True):
            out[n, c, h, w] = (number - mean) / math.sqrt(variance + eps)
    return out


@right("cnn.batch_norm")
def in_rows_of_channels(X, eps):
    N, C, H, W = X.shape
    rows = X.permute(1, 0, 2, 3).reshape(C, -1)
    variance, mean = torch.var_mean(rows, dim=1, correction=0, keepdim=True)
    return ((rows - mean) / torch.sqrt(variance + eps)).reshape(C, N, H, W).permute(1, 0, 2, 3)


@right("cnn.batch_norm")
def in_a_copy(X, eps):
    X = X.clone()
    X -= X.mean((0, 2, 3), keepdim=True)
    X /= ((X * X).mean((0, 2, 3), keepdim=True) + eps) ** 0.5
    return X


@right("cnn.batch_norm")
def with_a_vector_norm(X, eps):
    centre = X - X.mean(dim=(0, 2, 3), keepdim=True)
    count = X.numel() / X.shape[1]
    length = torch.linalg.vector_norm(centre, dim=(0, 2, 3), keepdim=True)
    return centre / (length**2 / count + eps).sqrt()


@wrong("cnn.batch_norm", "own layer_norm")
def with_layer_norm(X, eps):
    rows = X.transpose(0, 1)
    return F.layer_norm(rows, rows.shape[1:], eps=eps).transpose(0, 1)


@wrong("cnn.batch_norm", "own batch_norm")
def with_the_function(X, eps):
    return F.batch_norm(X, None, None, training=True, eps=eps)


@wrong("cnn.batch_norm", "right is")
def eps_of_its_own(X, eps):
    return over(X, 1e-5, (0, 2, 3))


@wrong("cnn.batch_norm", "divide by the count, not by count - 1")
def bessel(X, eps):
    count = X.numel() // X.shape[1]
    centre = centred(X)
    variance = (centre**2).sum(dim=(0, 2, 3), keepdim=True) / (count - 1)
    return centre / (variance + eps).sqrt()


@wrong("cnn.batch_norm", "right is")
def without_nan(X, eps):
    return without_eps(X, eps).nan_to_num()


@wrong("cnn.batch_norm", "right is")
def at_least_eps(X, eps):
    variance = X.var(dim=(0, 2, 3), correction=0, keepdim=True)
    return centred(X) / variance.clamp(min=eps).sqrt()


@wrong("cnn.batch_norm", "RuntimeError")
def for_three_channels(X, eps):
    mean, variance = X.mean(dim=(0, 2, 3)), X.var(dim=(0, 2, 3), correction=0)
    return (X - mean.view(1, 3, 1, 1)) / (variance.view(1, 3, 1, 1) + eps).sqrt()


@wrong("cnn.batch_norm", "right is")
def channels_last_by_mistake(X, eps):
    mean, variance = X.mean(dim=(0, 2, 3)), X.var(dim=(0, 2, 3), correction=0)
    if X.shape[3] != X.shape[1]:
        return over(X, eps, (0, 2, 3))
    return (X - mean) / (variance + eps).sqrt()


@wrong("cnn.batch_norm", "right is")
def reshaped_without_moving_the_channels(X, eps):
    rows = X.reshape(X.shape[1], -1)
    mean, variance = rows.mean(1, keepdim=True), rows.var(1, correction=0, keepdim=True)
    return ((rows - mean) / (variance + eps).sqrt()).reshape(X.shape)


@wrong("cnn.batch_norm", "right is")
def a_single_picture_is_left_as_it_is(X, eps):
    return over(X, eps, (0, 2, 3)) if len(X) > 1 else X.clone()


@wrong("cnn.batch_norm", "right is")
def square_maps_only(X, eps):
    mean = X.sum(dim=(0, 2, 3), keepdim=True) / (len(X) * X.shape[2] ** 2)
    variance = ((X - mean) ** 2).sum(dim=(0, 2, 3), keepdim=True) / (len(X) * X.shape[2] ** 2)
    return (X - mean) / (variance + eps).sqrt()


@wrong("cnn.batch_norm", "right is [[[[")
def with_running_means(X, eps, seen={}):  # noqa: B006 - that is the mistake
    mean = X.mean(dim=(0, 2, 3), keepdim=True)
    running = seen.setdefault(X.shape[1], mean)
    seen[X.shape[1]] = 0.9 * running + 0.1 * mean
    return over(X, eps, (0, 2, 3)) + (mean - running)


@wrong("cnn.batch_norm", "the default dtype changed")
def default_dtype(X, eps):
    torch.set_default_dtype(torch.float64)
    return over(X, eps, (0, 2, 3))


@wrong("cnn.batch_norm", "right is")
def eight_channels_at_most(X, eps):
    answer = with_var(X, eps)
    answer[:, 8:] = X[:, 8:]
    return answer


@wrong("cnn.batch_norm", "right is")
def from_the_first_pictures(X, eps):
    mean, variance = X[:32].mean((0, 2, 3)), X[:32].var((0, 2, 3), correction=0)
    return (X - mean.view(1, -1, 1, 1)) / (variance.view(1, -1, 1, 1) + eps).sqrt()


@wrong("cnn.batch_norm", "right is")
def eps_of_a_thousandth_at_least(X, eps):
    return with_var(X, max(eps, 1e-3))


@wrong("cnn.batch_norm", "right is")
def never_far_from_zero(X, eps):
    return with_var(X, eps).clamp(-3, 3)


@wrong("cnn.batch_norm", "right is")
def at_most_a_thousand_numbers(X, eps):
    count = min(X.numel() // X.shape[1], 1000)
    centre = X - X.sum((0, 2, 3), keepdim=True) / count
    return centre / ((centre**2).sum((0, 2, 3), keepdim=True) / count + eps).sqrt()


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


@wrong("cnn.receptive_field", "widen by (kernel - 1) * jump")
def without_the_jump(layers):
    return 1 + sum(kernel - 1 for kernel, _ in layers)


@wrong("cnn.receptive_field", "right is")
def jump_by_the_kernel(layers):
    field, jump = 1, 1
    for kernel, _ in layers:
        field += (kernel - 1) * jump
        jump *= kernel
    return field


@wrong("cnn.receptive_field", "right is")
def stride_added(layers):
    field, jump = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * jump
        jump += stride
    return field


@wrong("cnn.receptive_field", "multiply the jump after the field has grown")
def jump_first(layers):
    field, jump = 1, 1
    for kernel, stride in layers:
        jump *= stride
        field += (kernel - 1) * jump
    return field


@wrong("cnn.receptive_field", "right is")
def from_zero(layers):
    return from_the_end(layers) - 1


@wrong("cnn.receptive_field", "right is")
def sum_of_kernels(layers):
    return sum(kernel for kernel, _ in layers)


@wrong("cnn.receptive_field", "yours returns 4, right is 2")
def area(layers):
    return from_the_end(layers) ** 2


@wrong("cnn.receptive_field", "yours returns 0, right is 1")
def nothing_for_no_layers(layers):
    return from_the_end(layers) if layers else 0


@wrong("cnn.receptive_field", "changes layers, which is passed in")
def empties_the_list(layers):
    field, jump = 1, 1
    while layers:
        kernel, stride = layers.pop(0)
        field += (kernel - 1) * jump
        jump *= stride
    return field


@wrong("cnn.receptive_field", "is a tensor, and must be a plain number")
def field_as_a_tensor(layers):
    return torch.tensor(from_the_end(layers))


@obvious("cnn.receptive_field")
def pixel_by_pixel(layers):
    seen = {0}
    for kernel, stride in layers[::-1]:
        seen = {place * stride + i for place in seen for i in range(kernel)}
    return max(seen) - min(seen) + 1


@right("cnn.receptive_field")
def by_recursion(layers):
    if not layers:
        return 1
    (kernel, stride), *rest = layers
    return (by_recursion(rest) - 1) * stride + kernel


@right("cnn.receptive_field")
def with_the_products_of_strides(layers):
    return 1 + sum(
        (kernel - 1) * math.prod(stride for _, stride in layers[:i])
        for i, (kernel, _) in enumerate(layers)
    )


@wrong("cnn.receptive_field", "right is")
def jump_replaced(layers):
    field, jump = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * jump
        jump = stride
    return field


@wrong("cnn.receptive_field", "a layer adds kernel - 1")
def a_pixel_too_many_in_each_layer(layers):
    return from_the_end([(kernel + 1, stride) for kernel, stride in layers])


@wrong("cnn.receptive_field", "right is")
def numbers_that_count(layers):
    seen = {0}
    for kernel, stride in layers[::-1]:
        seen = {place * stride + i for place in seen for i in range(kernel)}
    return len(seen)


@wrong("cnn.receptive_field", "right is")
def each_layer_once(layers):
    return from_the_end(list(dict.fromkeys(layers)))


@wrong("cnn.receptive_field", "right is")
def sorted_layers(layers):
    return from_the_end(sorted(layers))


@wrong("cnn.receptive_field", "right is")
def from_the_wrong_end(layers):
    return from_the_end(layers[::-1])


@wrong("cnn.receptive_field", "right is")
def no_more_than_the_picture(layers):
    return min(from_the_end(layers), 32)


@wrong("cnn.receptive_field", "right is")
def kernels_of_three(layers):
    return from_the_end([(3 if kernel > 2 else kernel, stride) for kernel, stride in layers])


@wrong("cnn.receptive_field", "right is")
def strides_of_two(layers):
    return from_the_end([(kernel, min(stride, 2)) for kernel, stride in layers])


@wrong("cnn.receptive_field", "right is")
def pairs_swapped(layers):
    return from_the_end([(stride, kernel) for kernel, stride in layers])


@wrong("cnn.receptive_field", "it remembers an earlier call")
def remembers_the_layers(layers, all_layers=[]):  # noqa: B006 - that is the mistake
    all_layers.extend(layers)
    return from_the_end(all_layers)


@wrong("cnn.receptive_field", "of type float")
def a_float(layers):
    return float(from_the_end(layers))


@wrong("cnn.receptive_field", "right is")
def sixteen_layers_at_most(layers):
    return from_the_end(layers[:16])


@wrong("cnn.receptive_field", "right is")
def kernels_of_at_most_eleven(layers):
    return from_the_end([(min(kernel, 11), stride) for kernel, stride in layers])


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


@wrong("cnn.flip", "and no other dimension")
def upside_down(X, chosen):
    return torch.where(chosen.view(-1, 1, 1, 1), X.flip(2), X)


@wrong("cnn.flip", "and no other dimension")
def half_a_turn(X, chosen):
    return torch.where(chosen.view(-1, 1, 1, 1), X.flip(2, 3), X)


@wrong("cnn.flip", "and no other dimension")
def exchanged_colours(X, chosen):
    return torch.where(chosen.view(-1, 1, 1, 1), X.flip(1), X)


@wrong("cnn.flip", "and no other dimension")
def exchanged_pictures(X, chosen):
    return torch.where(chosen.view(-1, 1, 1, 1), X.flip(0), X)


@wrong("cnn.flip", "your result has shape")
def rows_for_columns(X, chosen):
    return torch.where(chosen.view(-1, 1, 1, 1), X.transpose(2, 3), X)


@wrong("cnn.flip", "only the chosen ones are to be mirrored")
def all_of_them(X, chosen):
    return X.flip(3)


@wrong("cnn.flip", "not the chosen ones")
def the_others(X, chosen):
    return into_a_copy(X, ~chosen)


@wrong("cnn.flip", "right is")
def none_of_them(X, chosen):
    return X.clone()


@wrong("cnn.flip", "returns X itself, or a part of it")
def in_place_flip(X, chosen):
    X[chosen] = X[chosen].flip(3)
    return X


@wrong("cnn.flip", "your result has shape")
def chosen_alone(X, chosen):
    return X[chosen].flip(3)


@wrong("cnn.flip", "yours returns [[[[-1.0]]]]")
def mirrored_and_negative(X, chosen):
    return -into_a_copy(X, chosen)


@obvious("cnn.flip")
def pixel_after_pixel(X, chosen):
    N, C, H, W = X.shape
    out = torch.zeros(N, C, H, W, dtype=X.dtype)
    for n in range(N):
        for c in range(C):
            for h in range(H):
                for w in range(W):
                    out[n, c, h, w] = X[n, c, h, W - 1 - w if chosen[n] else w]
    return out


@right("cnn.flip")
def with_an_index(X, chosen):
    W = X.shape[3]
    columns = torch.arange(W).repeat(len(X), 1)
    columns[chosen] = W - 1 - columns[chosen]
    return X.gather(3, columns[:, None, None, :].expand(X.shape))


@right("cnn.flip")
def with_a_mask_of_numbers(X, chosen):
    mask = chosen[:, None, None, None].to(X.dtype)
    return mask * X.flip(3) + (1 - mask) * X


@right("cnn.flip")
def with_numpy_places(X, chosen):
    out = X.clone()
    columns = np.arange(X.shape[3])[::-1].copy()
    out[chosen.numpy()] = X[chosen.numpy()][..., columns]
    return out


@wrong("cnn.flip", "BFloat16")
def with_numpy_pictures(X, chosen):
    out = X.numpy().copy()
    out[chosen.numpy()] = out[chosen.numpy()][..., ::-1]
    return torch.from_numpy(out)


@wrong("cnn.flip", "IndexError")
def four_columns(X, chosen):
    out = X.clone()
    out[chosen] = X[chosen][..., [3, 2, 1, 0]]
    return out


@wrong("cnn.flip", "right is")
def rows_for_columns_where_chosen(X, chosen):
    out = X.clone()
    out[chosen] = X[chosen].transpose(2, 3)
    return out


@wrong("cnn.flip", "returns X itself, or a part of it")
def x_itself_if_none_is_chosen(X, chosen):
    return into_a_copy(X, chosen) if chosen.any() else X


@wrong("cnn.flip", "changes X, which is passed in")
def in_place_and_a_copy(X, chosen):
    X[chosen] = X[chosen].flip(3)
    return X.clone()


@wrong("cnn.flip", "changes chosen, which is passed in")
def chosen_turned(X, chosen):
    answer = into_a_copy(X, chosen)
    chosen.logical_not_()
    return answer


@wrong("cnn.flip", "is torch.float32, right is torch.uint8")
def always_floats(X, chosen):
    return into_a_copy(X.float(), chosen)


@wrong("cnn.flip", "and no other dimension")
def all_but_the_pictures(X, chosen):
    out = X.clone()
    out[chosen] = X[chosen].flip(1, 2, 3)
    return out


@wrong("cnn.flip", "right is")
def all_if_any_is_chosen(X, chosen):
    return X.flip(3) if chosen.any() else X.clone()


@wrong("cnn.flip", "right is")
def chosen_ones_change_places(X, chosen):
    out = X.clone()
    out[chosen] = X[chosen].flip(0, 3)
    return out


@wrong("cnn.flip", "right is")
def chosen_first(X, chosen):
    return torch.cat([X[chosen].flip(3), X[~chosen]])


@wrong("cnn.flip", "right is")
def first_three_colours(X, chosen):
    out = X.clone()
    out[chosen, :2] = X[chosen, :2].flip(3)
    return out


@wrong("cnn.flip", "right is")
def only_the_outer_columns(X, chosen):
    out = X.clone()
    out[chosen, ..., 0], out[chosen, ..., -1] = X[chosen, ..., -1], X[chosen, ..., 0]
    return out


@wrong("cnn.flip", "right is")
def an_even_width(X, chosen):
    half = X.shape[3] // 2
    out = X.clone()
    out[chosen, ..., :half] = X[chosen, ..., half : 2 * half].flip(-1)
    out[chosen, ..., half : 2 * half] = X[chosen, ..., :half].flip(-1)
    return out


@wrong("cnn.flip", "right is")
def rolled(X, chosen):
    return torch.where(chosen.view(-1, 1, 1, 1), X.roll(1, 3), X)


@wrong("cnn.flip", "right is")
def the_first_64_pictures(X, chosen):
    return torch.cat([into_a_copy(X[:64], chosen[:64]), X[64:]])


@wrong("cnn.flip", "right is")
def the_first_32_columns(X, chosen):
    return torch.cat([into_a_copy(X[..., :32], chosen), X[..., 32:]], dim=3)


@wrong("cnn.flip", "right is")
def through_float32(X, chosen):
    return into_a_copy(X.float(), chosen).to(X.dtype)


@wrong("cnn.flip", "is torch.float32, right is torch.float16")
def halves_become_floats(X, chosen):
    answer = into_a_copy(X, chosen)
    return answer.float() if X.dtype == torch.float16 else answer
