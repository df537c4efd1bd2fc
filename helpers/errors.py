"""What the errors mean that every beginner meets: `helpers.explain()` after one in a notebook."""

import re
import sys

# A pattern in "Type: message", and what it means; {1} is the first group of the pattern.
MEANINGS = (
    (
        r"mat1 and mat2 shapes cannot be multiplied \((\w+)x(\w+) and (\w+)x(\w+)\)",
        "a matrix product needs as many columns on its left, {2}, as rows on its right, {3}. In a "
        "network: this layer expects {3} features, and is given {2}.",
    ),
    (
        r"inconsistent tensor size|size mismatch, got input|must have same reduction dim|"
        r"Expected size for first two dimensions of batch2",
        "the two sides of a product do not fit: the last size of the left one must equal the first "
        "size of the right one.",
    ),
    (
        r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\) at non-singleton "
        r"dimension (\d+)",
        "two shapes do not broadcast: in dimension {3} one tensor has {1} and the other {2}. "
        "Sizes are compared from the right: each pair must be equal, or one of them 1.",
    ),
    (
        r"expected m1 and m2 to have the same dtype|expected scalar type \w+ but found \w+|"
        r"must have the same dtype|Input type \(.*\) and (?:bias|weight) type",
        "the two sides of a product have different dtypes, such as float32 and float64 (NumPy's "
        "usual one): convert one, for example with .float().",
    ),
    (
        r"Expected all tensors to be on the same device|on different devices|"
        r"is not on the expected device",
        "two tensors lie on different devices, such as the CPU and a GPU: move the model and its "
        "data to the same device with .to(device).",
    ),
    (
        r"element 0 of tensors does not require grad",
        "the loss has no graph. It was computed inside no_grad(), from detached tensors, or from "
        "numbers (.item()), so backward() has nowhere to go. (w = w - ... inside no_grad() "
        "makes a new w, without a graph: write w -= ...)",
    ),
    (
        r"backward through the graph a second time",
        "backward() frees its graph. Compute the loss anew before each backward().",
    ),
    (
        r"a leaf Variable that requires grad is being used in an in-place operation",
        "a parameter is changed in place while autograd records: do it inside torch.no_grad().",
    ),
    (
        r"modified by an inplace operation",
        "backward() needs a tensor that was changed in place meanwhile: make a new one instead.",
    ),
    (
        r"grad can be implicitly created only for scalar outputs",
        "backward() starts from one number. Make one of the loss first, for example with .mean().",
    ),
    (
        r"unsupported operand type\(s\) for [^:]+: '[^']*' and 'NoneType'|"
        r"unsupported operand type\(s\) for [^:]+: 'NoneType'",
        "one side is None. If it is a .grad: no backward() has reached that tensor yet. "
        "(w = w - ... makes a new tensor, which is no leaf and gets no .grad.)",
    ),
    (
        r"Can't call numpy\(\) on Tensor that requires grad",
        "NumPy knows no graphs: write .detach().numpy().",
    ),
    (
        r"can't convert cuda:?\d* device type tensor to numpy",
        "NumPy works on the CPU: write .cpu().numpy().",
    ),
    (
        r"Expected more than 1 value per channel when training",
        "in training mode batch norm needs at least two rows: a batch of one has no variance. Use "
        "drop_last=True, or model.eval() where you measure.",
    ),
    (
        r"target dtype to be Long|nll_loss.* not implemented for|"
        r"expected floating point type for target with class probabilities",
        "nn.CrossEntropyLoss takes class numbers as int64, of shape (N,): y.long().",
    ),
    (
        r"Target size \(torch.Size\((.*?)\)\) must be the same as input size "
        r"\(torch.Size\((.*?)\)\)",
        "the labels have shape {1}, the logits {2}: give both the same, for example with "
        ".unsqueeze(1) for the labels.",
    ),
    (
        r"to have (\d+) channels, but got (\d+) channels",
        "this convolution expects {1} channels and is given {2}. Pictures have the shape "
        "(N, channels, height, width).",
    ),
    (
        r"index (-?\d+) is out of bounds for dimension (\d+) with size (\d+)",
        "dimension {2} has {3} places, counted from 0: there is none with the number {1}.",
    ),
    (
        r"Target (-?\d+) is out of bounds",
        "the label {1} has no output: with C outputs labels run from 0 to C - 1.",
    ),
    (
        r"multi-target not supported|Expected target size",
        "the labels have the wrong shape: nn.CrossEntropyLoss takes logits (N, C) and y (N,).",
    ),
    (
        r"only one element tensors can be converted|"
        r"a Tensor with (\d+) elements cannot be converted to Scalar",
        "a tensor of several numbers is used as one number: choose one, or take .mean() or .sum().",
    ),
    (
        r"Boolean value of Tensor with more than one value is ambiguous",
        "an `if` cannot ask many numbers at once: use .any(), .all() or torch.where.",
    ),
    (
        r"could not infer output dtype|Input dtype must be either a floating point|"
        r"can only be applied to.*floating|not implemented for '(?:Long|Int|Byte)'",
        "whole numbers have no mean and no such function: convert with .float() first.",
    ),
    (
        r"shape '\[([^]]*)\]' is invalid for input of size (\d+)",
        "{2} numbers cannot be put into the shape ({1}): the sizes must multiply to {2}.",
    ),
    (
        r"view size is not compatible with input tensor's size and stride",
        "the numbers do not lie in memory in this order (after .T or permute): use .reshape().",
    ),
    (
        r"result type (\w+) can't be cast to the desired output type (\w+)",
        "an in-place operation cannot change a dtype, {1} does not fit into {2}: make a new one.",
    ),
    (
        r"stack expects each tensor to be equal size",
        "tensors of different shapes cannot be put into one batch: give all the same shape, or pad "
        "them.",
    ),
    (
        r"^KeyError: -?\d+$",
        "a table is asked for a column or a label of this name. The row at place i is "
        "table.iloc[i].",
    ),
    (
        r"could not determine the shape of object type '(?:Series|DataFrame)'",
        "torch.tensor does not read a table: write .to_numpy() behind it.",
    ),
    (
        r"(\w+)\.forward\(\) missing \d+ required|\bforward\(\) takes \d+ positional",
        "the module is called with another number of arguments than its forward takes.",
    ),
    (
        r"cannot assign module before Module\.__init__\(\) call|"
        r"cannot assign parameters? before Module\.__init__\(\) call",
        "super().__init__() must come first in __init__.",
    ),
    (
        r"optimizer got an empty parameter list",
        "model.parameters() is empty: layers must be attributes of the module (self.layer = ...), "
        "not in a plain list.",
    ),
)


def meaning(error):
    """Return in plain words what an exception means, "" if it is none of the well-known ones."""
    try:
        text = f"{type(error).__name__}: {error}"
    except Exception:  # an exception whose __str__ fails
        return ""
    for pattern, sentence in MEANINGS:
        if match := re.search(pattern, text):
            return sentence.format("", *(group or "?" for group in match.groups()))
    return ""


def explain():
    """Print what the last error in this notebook means."""
    error = getattr(sys, "last_value", None)
    if error is None:
        print("There has been no error yet.")
        return
    sentence = meaning(error)
    name = type(error).__name__
    print(
        f"The last error means: {sentence}"
        if sentence
        else f"{name}: no plain words for this one yet. Read its last line, then the arrow (---->) "
        "that points into your own cell."
    )
