"""Autograd's graph: what is drawn, and what is counted."""

import subprocess
import sys

import matplotlib as mpl
import pytest
import torch

from helpers.graphs import count_kept, draw_backward

mpl.use("Agg")
import matplotlib.pyplot as plt


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def leaves(*numbers):
    return [torch.tensor(number, requires_grad=True) for number in numbers]


def places(ax):
    """Return the boxes, text -> (column, row)."""
    return {text.get_text(): text.get_position() for text in ax.texts if text.get_text()}


def arrows(ax):
    """Return the arrows, as (from, to)."""
    return {(text.xyann, text.xy) for text in ax.texts if not text.get_text()}


def test_a_graph_is_drawn_from_the_loss_down_to_the_leaves(ax):
    w, b = leaves(3.0, 1.0)
    assert draw_backward((w * 2 + b - 5) ** 2, ax, w=w, b=b) is ax
    found = {text.partition("\n")[0]: place for text, place in places(ax).items()}
    rows = {text: row for text, (_, row) in found.items()}
    assert rows == {"Pow": 0, "Sub": -1, "Add": -2, "Mul": -3, "b": -3, "w": -4}
    assert len(set(found.values())) == 6
    steps = [("Pow", "Sub"), ("Sub", "Add"), ("Add", "Mul"), ("Add", "b"), ("Mul", "w")]
    assert arrows(ax) == {(found[one], found[other]) for one, other in steps}


def test_a_leaf_without_a_name_shows_its_node(ax):
    (w,) = leaves(3.0)
    draw_backward(w * 2, ax)
    assert set(places(ax)) == {"Mul\ngradient 1", "AccumulateGrad\ngradient 2"}


def test_a_node_stands_below_all_that_lead_to_it(ax):
    (w,) = leaves(3.0)
    draw_backward(w + (w * 2).exp(), ax, w=w)
    rows = {text.partition("\n")[0]: row for text, (_, row) in places(ax).items()}
    assert rows == {"Add": 0, "Exp": -1, "Mul": -2, "w": -3}
    assert len(arrows(ax)) == 4


def test_a_product_of_a_tensor_with_itself_has_one_arrow(ax):
    (w,) = leaves(3.0)
    draw_backward(w * w, ax, w=w)
    assert w.grad == 6
    assert len(arrows(ax)) == 1


def test_backward_shows_the_gradient_that_reaches_each_node(ax):
    w, b = leaves(3.0, 1.0)
    draw_backward(w**2 + (w * 2 + b - 5) ** 2, ax, w=w, b=b)
    assert (w.grad, b.grad) == (14, 4)
    assert {"w\ngradient 14", "b\ngradient 4", "Mul\ngradient 4"} <= set(places(ax))


def test_backward_shows_the_shape_of_several_gradients(ax):
    (v,) = leaves([1.0, 2.0])
    draw_backward(v.mean(), ax, v=v)
    assert set(places(ax)) == {"Mean\ngradient 1", "v\ngradients (2,)"}


def test_a_tensor_without_a_graph_is_refused(ax):
    (w,) = leaves(3.0)
    for tensor in (w, w.detach()):
        with pytest.raises(ValueError, match="no recorded operation"):
            draw_backward(tensor, ax)


def test_hooks_are_gone_after_drawing(ax):
    (w,) = leaves(3.0)
    loss = (w * 2).exp()
    draw_backward(loss, ax, w=w)
    (w * 2).exp().backward()
    assert len(places(ax)) == 3


def test_what_graphs_keep_is_counted_once_and_forgotten_with_them():
    (w,) = leaves([0.0] * 250_000)  # a megabyte
    with count_kept() as megabytes:
        assert megabytes() == 0
        one = w.exp()
        assert megabytes() == 1
        two = one.square()  # keeps what one keeps
        assert megabytes() == 1
        three = w.cos()
        assert megabytes() == 2
        three.sum().backward()
        assert megabytes() == 1
        del one, two
        assert megabytes() == 0


def test_what_is_recorded_after_the_block_is_not_counted():
    (w,) = leaves([0.0])
    with count_kept() as megabytes:
        pass
    kept = w.exp()
    assert megabytes() == 0
    kept.backward()
    assert w.grad == 1


def test_importing_it_does_not_import_matplotlib():
    code = "import sys, helpers.graphs; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
