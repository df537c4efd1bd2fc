"""The code that the notebooks share: data, loaders, training, metrics, plots and exercises."""

from helpers.datasets import load_boston
from helpers.exercises import progress
from helpers.loaders import make_loader
from helpers.metrics import accuracy, binary_accuracy, rmse
from helpers.plotting import plot_confusion, plot_history, show_images
from helpers.training import evaluate, pick_device, predict, seed_everything, train

__all__ = [
    "accuracy",
    "binary_accuracy",
    "evaluate",
    "load_boston",
    "make_loader",
    "pick_device",
    "plot_confusion",
    "plot_history",
    "predict",
    "progress",
    "rmse",
    "seed_everything",
    "show_images",
    "train",
]
