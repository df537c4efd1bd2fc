"""The code that the notebooks share: data, loaders, training, metrics, plots and exercises."""

from helpers.augment import normalize, random_flip, random_shift, to_tensors
from helpers.datasets import load_boston, load_cifar10, load_rain
from helpers.errors import explain
from helpers.exercises import progress
from helpers.loaders import make_loader
from helpers.metrics import accuracy, binary_accuracy, rmse
from helpers.plotting import plot_confusion, plot_history, show_images
from helpers.training import evaluate, pick_device, predict, seed_everything, train

__all__ = [
    "accuracy",
    "binary_accuracy",
    "evaluate",
    "explain",
    "load_boston",
    "load_cifar10",
    "load_rain",
    "make_loader",
    "normalize",
    "pick_device",
    "plot_confusion",
    "plot_history",
    "predict",
    "progress",
    "random_flip",
    "random_shift",
    "rmse",
    "seed_everything",
    "show_images",
    "to_tensors",
    "train",
]
