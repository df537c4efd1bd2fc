"""Plots: what is drawn, not how it looks."""

import matplotlib as mpl
import pytest
import torch

from helpers import plot_confusion, plot_history, show_images

mpl.use("Agg")
import matplotlib.pyplot as plt


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_plot_history_draws_both_curves_into_the_given_axes():
    _, ax = plt.subplots()
    history = {"train_loss": [3.0, 2.0], "val_loss": [4.0, 1.0], "seconds": [0.1, 0.1]}
    assert plot_history(history, ax=ax) is ax
    assert [list(line.get_ydata()) for line in ax.lines] == [[3.0, 2.0], [4.0, 1.0]]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["training", "validation"]


def test_plot_history_names_the_metrics_it_knows():
    with pytest.raises(ValueError, match="no 'auc', only: loss"):
        plot_history({"train_loss": [1.0], "seconds": [0.1]}, metric="auc")


def test_plot_confusion_counts_true_rows_and_predicted_columns():
    logits = torch.eye(3)[[0, 0, 1, 2, 2]]
    y = torch.tensor([0, 1, 1, 2, 0])
    ax = plot_confusion(logits, y, ["a", "b", "c"])
    assert ax.images[0].get_array().tolist() == [[1, 0, 1], [1, 1, 0], [0, 0, 1]]
    assert ax.get_xlabel() == "predicted class"


def test_plot_confusion_ends_slanted_names_at_their_ticks():
    ax = plot_confusion(torch.eye(5), torch.arange(5), list("abcde"))
    ends = {(text.get_ha(), text.get_rotation_mode()) for text in ax.get_xticklabels()}
    assert ends == {("right", "anchor")}


def test_show_images_takes_bytes_and_floats():
    pictures = torch.randint(0, 256, (5, 8, 8, 3), dtype=torch.uint8)
    axes = show_images(pictures, titles=list("abcde"), columns=3)
    assert axes.shape == (2, 3)
    assert (axes[0, 1].images[0].get_array() == pictures[1].numpy()).all()
    assert axes[1, 1].get_title() == "e"
    axes = show_images(pictures.permute(0, 3, 1, 2) / 255, columns=5)
    assert axes[0, 4].images[0].get_array().shape == (8, 8, 3)


def test_show_images_takes_channels_first_and_last():
    first = torch.randint(0, 256, (2, 3, 8, 9), dtype=torch.uint8)
    last = first.permute(0, 2, 3, 1)
    for pictures in (first, last):
        assert (show_images(pictures)[0, 1].images[0].get_array() == last[1].numpy()).all()
        drawn = show_images(pictures / 255)[0, 1].images[0].get_array()
        assert (drawn == (last[1] / 255).numpy()).all()
    # Three rows of pixels could be three channels: then the dtype decides, as the docstring says.
    assert show_images(torch.rand(1, 3, 5, 3))[0, 0].images[0].get_array().shape == (5, 3, 3)
    drawn = show_images(torch.zeros(1, 3, 5, 3, dtype=torch.uint8))[0, 0].images[0].get_array()
    assert drawn.shape == (3, 5, 3)


@pytest.mark.parametrize(
    ("images", "titles", "message"),
    [
        (torch.rand(3, 8, 8), None, r"images.unsqueeze\(0\) for one picture in colour"),
        (torch.zeros(8, 8, 3, dtype=torch.uint8), None, r"4 dimensions, .* shape \(8, 8, 3\)"),
        (torch.rand(5, 3, 8, 8), ["a", "b"], "There are 5 images, but only 2 titles"),
    ],
)
def test_show_images_names_what_is_missing(images, titles, message):
    with pytest.raises(ValueError, match=message):
        show_images(images, titles)
    assert not plt.get_fignums()


@pytest.mark.parametrize(
    ("logits", "y", "message"),
    [
        (torch.eye(3), torch.arange(3), r"2 names need 2 columns .* shape \(3, 3\)"),
        (torch.rand(4, 1), torch.tensor([0, 1, 0, 1]), r"2 names need 2 columns .* \(4, 1\)"),
        (torch.rand(4), torch.tensor([0, 1, 0, 1]), r"2 names need 2 columns .* \(4,\)"),
        (torch.eye(2), torch.tensor([0, -1]), "labels run from 0 to 1; y holds -1"),
        (torch.eye(2), torch.tensor([0.0, 1.0]), "must be int64"),
    ],
)
def test_plot_confusion_names_what_does_not_fit(logits, y, message):
    with pytest.raises(ValueError, match=message):
        plot_confusion(logits, y, ["no", "yes"])
    assert not plt.get_fignums()
