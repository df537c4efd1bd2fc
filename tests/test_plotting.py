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
