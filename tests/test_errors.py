"""The errors that beginners meet are raised for real, and explained in plain words."""

import sys

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from helpers.errors import MEANINGS, explain, meaning


def twice():
    loss = (torch.ones(2, requires_grad=True) ** 2).sum()
    loss.backward()
    loss.backward()


def in_place_on_a_leaf():
    w = torch.ones(2, requires_grad=True)
    w -= 1


def changed_meanwhile():
    w = torch.ones(2, requires_grad=True)
    x = w.exp()
    loss = (x**2).sum()
    x += 1
    loss.backward()


def no_gradient_yet():
    w = torch.ones(2, requires_grad=True)
    return 0.1 * w.grad


class Forgetful(nn.Module):
    def __init__(self):
        self.layer = nn.Linear(1, 1)


class ForgetfulOfParameters(nn.Module):
    def __init__(self):
        self.w = nn.Parameter(torch.ones(1))


class TwoInputs(nn.Module):
    def forward(self, a, b):
        return a + b


SNIPPETS = [
    (lambda: nn.Linear(3, 2)(torch.ones(4, 5)), "expects 3 features, and is given 5"),
    (lambda: torch.ones(2, 3) @ torch.ones(2), "must equal the first size of the right one"),
    (lambda: torch.ones(2) @ torch.ones(3), "must equal the first size of the right one"),
    (lambda: torch.ones(4, 2, 3) @ torch.ones(4, 2, 3), "must equal the first size of the right"),
    (lambda: torch.ones(3) + torch.ones(2), "in dimension 0 one tensor has 3 and the other 2"),
    (lambda: torch.ones(2, 3) @ torch.ones(3, 2).double(), "have different dtypes"),
    (lambda: nn.Linear(3, 2)(torch.ones(4, 3).double()), "have different dtypes"),
    (lambda: nn.Conv2d(1, 1, 1)(torch.ones(1, 1, 2, 2).double()), "have different dtypes"),
    (lambda: torch.ones(2, device="meta") + torch.ones(2), "move the model and its data"),
    (lambda: torch.ones(2).mean().backward(), "the loss has no graph"),
    (twice, "Compute the loss anew"),
    (in_place_on_a_leaf, "do it inside torch.no_grad()"),
    (changed_meanwhile, "was changed in place meanwhile"),
    (lambda: torch.ones(2, requires_grad=True).backward(), "for example with .mean()"),
    (no_gradient_yet, "no backward() has reached"),
    (lambda: torch.ones(2, requires_grad=True).numpy(), "write .detach().numpy()"),
    (lambda: np.asarray(torch.ones(2, requires_grad=True)), "write .detach().numpy()"),
    (lambda: nn.BatchNorm1d(2)(torch.ones(1, 2)), "a batch of one has no variance"),
    (lambda: F.cross_entropy(torch.ones(2, 3), torch.ones(2)), "as int64, of shape (N,)"),
    (lambda: F.cross_entropy(torch.ones(2, 3), torch.ones(2).int()), "as int64, of shape (N,)"),
    (lambda: F.cross_entropy(torch.ones(1, 3), torch.tensor([3])), "the label 3 has no output"),
    (lambda: F.cross_entropy(torch.ones(2, 3), torch.ones(2, 1).long()), "the wrong shape"),
    (
        lambda: F.binary_cross_entropy_with_logits(torch.ones(4, 1), torch.ones(4)),
        "have shape [4], the logits [4, 1]",
    ),
    (lambda: nn.Conv2d(3, 1, 1)(torch.ones(1, 4, 2, 2)), "expects 3 channels and is given 4"),
    (lambda: torch.ones(3)[3], "there is none with the number 3"),
    (lambda: torch.ones(2).item(), "several numbers is used as one number"),
    (lambda: float(torch.ones(2)), "several numbers is used as one number"),
    (lambda: bool(torch.ones(2) > 0), "cannot ask many numbers at once"),
    (lambda: torch.ones(2).long().mean(), "convert with .float() first"),
    (lambda: torch.ones(2).long().softmax(dim=0), "convert with .float() first"),
    (lambda: torch.ones(6).reshape(4, 2), "6 numbers cannot be put into the shape (4, 2)"),
    (lambda: torch.ones(2, 3).T.view(6), "use .reshape()"),
    (lambda: torch.ones(2).long().add_(0.5), "cannot change a dtype"),
    (lambda: torch.stack([torch.ones(2), torch.ones(3)]), "give all the same shape, or pad"),
    (lambda: pd.DataFrame({"a": [1.0]})[0], "The row at place i is table.iloc[i]"),
    (lambda: torch.tensor(pd.DataFrame({"a": [1.0]})), "write .to_numpy() behind it"),
    (lambda: TwoInputs()(1), "another number of arguments"),
    (lambda: TwoInputs()(1, 2, 3), "another number of arguments"),
    (Forgetful, "super().__init__() must come first"),
    (ForgetfulOfParameters, "super().__init__() must come first"),
    (lambda: torch.optim.SGD(nn.Module().parameters()), "model.parameters() is empty"),
]
WITHOUT_A_GPU = [
    (
        "Expected all tensors to be on the same device, but found at least two devices, cuda:0 "
        "and cpu!",
        "move the model and its data to the same device",
    ),
    (
        "can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu() to copy the tensor to "
        "host memory first.",
        "write .cpu().numpy()",
    ),
]


def raised(snippet):
    try:
        snippet()
    except Exception as error:
        return error
    raise AssertionError("no error")


@pytest.mark.parametrize(("snippet", "text"), SNIPPETS)
def test_each_error_is_explained(snippet, text):
    error = raised(snippet)
    assert text in meaning(error), error


@pytest.mark.parametrize(("message", "text"), WITHOUT_A_GPU)
def test_errors_of_a_gpu_are_explained(message, text):
    assert text in meaning(RuntimeError(message))


def test_every_sentence_is_used():
    said = [meaning(raised(snippet)) for snippet, _ in SNIPPETS]
    said += [meaning(RuntimeError(message)) for message, _ in WITHOUT_A_GPU]
    for _, sentence in MEANINGS:
        start = sentence.partition("{")[0][:20]
        assert any(text.startswith(start) for text in said), sentence


@pytest.mark.parametrize("error", [ValueError("3"), KeyError("a"), ZeroDivisionError(), OSError()])
def test_other_errors_are_left_to_themselves(error):
    assert meaning(error) == ""


def test_explain_speaks_of_the_last_error(monkeypatch, capsys):
    monkeypatch.delattr(sys, "last_value", raising=False)
    explain()
    assert capsys.readouterr().out == "There has been no error yet.\n"
    monkeypatch.setattr(sys, "last_value", raised(twice), raising=False)
    explain()
    assert capsys.readouterr().out.startswith("The last error means: backward() frees its graph.")
    monkeypatch.setattr(sys, "last_value", KeyError("a"), raising=False)
    explain()
    assert capsys.readouterr().out.startswith("KeyError: no plain words for this one yet.")
