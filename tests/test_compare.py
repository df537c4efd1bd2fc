"""Values that agree are left alone, and of others it is said where they differ."""

import numpy as np
import pandas as pd
import pytest
import torch

from helpers.exercises.compare import Facts, difference

NAN = float("nan")

AGREE = [
    (1, 1),
    (np.int64(3), 3),
    (0.1 + 0.2, 0.3),
    (2, 2.0),
    (2.0, 2),
    (NAN, NAN),
    (float("inf"), float("inf")),
    (True, True),
    (np.bool_(True), True),
    ([1, 2.0], (1, 2.0)),
    ({"a": 1}, {"a": 1.0}),
    ("text", "text"),
    (None, None),
    (torch.tensor([1.0, NAN]), torch.tensor([1.0, NAN])),
    (torch.ones(2, dtype=torch.float64), torch.ones(2)),
    (torch.ones(2, dtype=torch.int32), torch.ones(2, dtype=torch.int64)),
    (np.ones(2), np.ones(2)),
    (pd.DataFrame({"a": [1, NAN]}), pd.DataFrame({"a": [1, NAN]})),
    (Facts(a=1, b=2), Facts(a=1, b=2)),
]


@pytest.mark.parametrize(("yours", "right"), AGREE)
def test_what_agrees(yours, right):
    assert difference(yours, right) == ""


DIFFER = [
    (1, 2, "yours returns 1, right is 2"),
    (1.00004, 1.0003, "yours returns 1.0, right is 1.0003"),
    (1.76400001, 1.7650, "yours returns 1.764, right is 1.765"),
    (123456.0, 123556.0, "yours returns 123456.0, right is 123556.0"),
    (True, 1, "your result is True, of type bool, and must be a plain number"),
    (1, True, "your result is 1, of type int, and must be a plain True or False"),
    ("1", 1, "your result is '1', of type str, and must be a plain number"),
    (None, 1, "your result is None (is the return missing?), and must be a plain number"),
    (1, None, "your result is 1, of type int, and must be None"),
    (torch.tensor(1.0), 1.0, "your result is a tensor, and must be a plain number: use .item()"),
    (NAN, 1.0, 'yours returns float("nan"), right is 1.0'),
    ([1], [1, 2], "yours returns [1], right is [1, 2]"),
    ([1, 3], [1, 2], "yours returns [1, 3], right is [1, 2]"),
    (list(range(99)), list(range(98)), "your result has 99 items, right is 98"),
    ([*range(98), 0], list(range(99)), "your result[98] is 0, right is 98"),
    ({"a": 1}, {"b": 1}, "yours returns {'a': 1}, right is {'b': 1}"),
    ({"a": 60 * "x"}, {"b": 60 * "x"}, "your result has the keys ['a'], right are ['b']"),
    ("a", "b", "yours returns 'a', right is 'b'"),
    (torch.ones(2), torch.zeros(2), "yours returns [1.0, 1.0], right is [0.0, 0.0]"),
    (torch.ones(2), torch.ones(1, 2), "your result has shape (2,), right is (1, 2)"),
    (torch.ones(2), torch.ones(2).long(), "your result is torch.float32, right is torch.int64"),
    (torch.ones(2).bool(), torch.ones(2), "your result is torch.bool, right is torch.float32"),
    (torch.ones(2) + 1j, torch.ones(2) + 2j, "right is [(1+2j), (1+2j)]"),
    (torch.arange(9), torch.arange(9).flip(0), "your result[0] is 0, right is 8"),
    (pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [2]}), "right is pd.DataFrame({'a': [2]})"),
    (Facts(loss=1.0), Facts(loss=2.0), "loss is 1.0, right is 2.0"),
]


@pytest.mark.parametrize(("yours", "right", "text"), DIFFER)
def test_what_differs(yours, right, text):
    assert text in difference(yours, right)


def test_the_dtype_counts_where_the_statement_names_it():
    message = "your result is 2.0, of type float, and must be a whole number (int)"
    assert difference(2.0, 2, exact_dtype=True) == message
    double, single = torch.ones(2, dtype=torch.float64), torch.ones(2)
    assert difference(double, single, exact_dtype=True).endswith(
        "is torch.float64, right is torch.float32"
    )
