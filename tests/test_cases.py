"""Cases are the same everywhere, vary in everything that a statement names, and can be pasted."""

import pandas as pd
import pytest
import torch
from hypothesis import strategies as st
from torch import nn

from helpers.exercises import EXERCISES, cases
from helpers.exercises.cases import Code

# What does not vary in the cases of a check, because the statement fixes it: "key.argument" or
# "key.argument[dimension]" -> the words of the statement.
FIXED = {
    "autograd.custom_function.x": "of any shape",  # many shapes, each drawn as a whole
    "autograd.custom_function.grad_output": "of any shape",
    "autograd.custom_function.other": "of any shape",
    "boston.bug_hunt.y[1]": "(N, 1)",
    "boston.compare.y[1]": "(N, 1)",
    "boston.importance.y[1]": "(N, 1)",
    "boston.mse.y_pred[1]": "(N, 1)",
    "boston.standardise.X_train[0]": "no column is constant",
    "boston.town_fold.towns[0]": "k is 2 to T",
    "iris.network.X[1]": "from 4 measurements",
    "tensors.bug_hunt.y_pred[1]": "(N,) or (N, 1)",
    "tensors.bug_hunt.y[1]": "(N,) or (N, 1)",
    "tensors.shapes.A": "Here are four tensors",
    "tensors.shapes.B": "Here are four tensors",
    "tensors.shapes.v": "Here are four tensors",
    "tensors.shapes.images": "Here are four tensors",
    "tensors.to_batch.images[3]": "(N, H, W, 3)",
    "dataloaders.self_data.data[1]": "with two or more columns",
    "dataloaders.challenge.first_seed": "with five seeds that you do not know",
    "iris.challenge.first_seed": "for ten new splits",
    "rain.accuracy.logits[1]": "(N, 1) or (N,)",
    "rain.accuracy.y[1]": "(N, 1) or (N,)",
    "cifar10.transform.pixels[2]": "a PIL image in mode RGB",
    "cifar10.confused.matrix[0]": "(C, C), with at least one pair of classes",
    "cifar10.confused.matrix[1]": "(C, C), with at least one pair of classes",
}


def sizes_of(values):
    """Return for each dimension of some tensors (by their rank) the set of sizes."""
    found = {}
    for value in values:
        for dimension, size in enumerate(value.shape):
            found.setdefault((value.dim(), dimension), set()).add(size)
    return found


@pytest.mark.parametrize("key", sorted(EXERCISES))
def test_every_argument_varies(key):
    """An argument, or a size of it, that is always the same is one that an answer can hard-code."""
    made = EXERCISES[key].cases
    for name in made[0]:
        given = [case[name] for case in made if name in case]
        texts = set(map(cases.literal_of, given))
        assert len(texts) > 1 or f"{key}.{name}" in FIXED, f"{name} never varies"
        values = [value for value in given if isinstance(value, torch.Tensor)]
        if f"{key}.{name}" in FIXED:
            continue
        for (rank, dimension), seen in sizes_of(values).items():
            place = f"{key}.{name}[{dimension}]"
            assert len(seen) > 1 or place in FIXED, f"{place} of {rank} is always {seen}"
            assert min(seen) <= 1 or place in FIXED, f"{place} of {rank} is never 1: {seen}"


def test_what_is_listed_as_fixed_is_fixed():
    assert {place.rpartition(".")[0] for place in FIXED} <= set(EXERCISES)


def test_cases_are_the_same_each_time_and_begin_with_the_simplest():
    strategy = st.fixed_dictionaries({"a": cases.lists(cases.grid(-1, 1)), "n": cases.sizes(1, 9)})
    one, two = cases.generate(strategy, 50), cases.generate(strategy, 50)
    assert one == two
    assert one[0] == {"a": [], "n": 1}
    assert len(one) > 30


def test_the_smallest_case_is_found():
    strategy = st.fixed_dictionaries({"a": cases.lists(cases.grid(-2, 2), high=9)})
    found = cases.smallest(strategy, lambda case: sum(case["a"]) >= 1.5, 200, None)
    assert found in ({"a": [1.5]}, {"a": [2.0]})
    assert cases.smallest(strategy, lambda case: False, 50, "none") == "none"


def test_grids_begin_with_zero_and_hold_both_ends():
    grid = cases.grid(-1, 2)
    made = [case["x"] for case in cases.generate(st.fixed_dictionaries({"x": grid}), 100)]
    assert made[0] == 0
    assert set(made) == {-1, -0.5, 0, 0.5, 1, 1.5, 2}


def test_a_case_is_made_anew_each_time():
    case = {"model": Code("nn.Linear(2, 3)"), "X": torch.ones(1, 2), "y": Code("model(X)")}
    one, two = cases.build(case), cases.build(case)
    assert one["model"] is not two["model"]
    assert torch.equal(one["model"].weight, two["model"].weight)
    assert torch.equal(one["y"], one["model"](one["X"]))
    one["X"].zero_()
    assert case["X"].sum() == 2


def test_a_case_can_be_pasted():
    case = {
        "table": pd.DataFrame({"a": [0.5, float("nan")], "b": [1, 2]}),
        "X": torch.tensor([[0.5, -1.0]], dtype=torch.float64),
        "y": torch.tensor([True, False]),
        "names": ["a", "it's"],
        "pair": (1, 2.0),
        "empty": torch.zeros(0, 3),
        "model": Code("nn.Linear(2, 1)"),
    }
    text = cases.show_case(case)
    namespace = {"torch": torch, "pd": pd, "nn": nn}
    for line in text.splitlines()[1:]:
        exec(line.strip(), namespace)
    assert namespace["table"].equals(case["table"])
    assert torch.equal(namespace["X"], case["X"])
    assert namespace["X"].dtype == torch.float64
    assert torch.equal(namespace["y"], case["y"])
    assert (namespace["names"], namespace["pair"]) == (case["names"], case["pair"])
    assert namespace["empty"].shape == (0, 3)
    torch.manual_seed(0)
    assert torch.equal(namespace["model"].weight, nn.Linear(2, 1).weight)
    assert cases.show_case({"a": [0.5], "n": 3}) == "a = [0.5]; n = 3"
