"""The code that the notebooks share: data, loaders, training, metrics, plots and exercises."""

from importlib import import_module

# A name is imported when it is first used: where PyTorch is missing or broken, the package can
# still be imported, and `python -m helpers.doctor` says what is wrong.
MODULES = {
    "augment": ("normalize", "random_flip", "random_shift", "to_tensors"),
    "datasets": ("load_boston", "load_cifar10", "load_rain"),
    "errors": ("explain",),
    "exercises": ("progress",),
    "loaders": ("make_loader",),
    "metrics": ("accuracy", "binary_accuracy", "rmse"),
    "plotting": ("plot_confusion", "plot_history", "show_images"),
    "training": ("evaluate", "pick_device", "predict", "seed_everything", "train"),
}
HOME = {name: module for module, names in MODULES.items() for name in names}

__all__ = sorted(HOME)


def __getattr__(name):
    """Import a name of the package, or one of its modules."""
    if name in MODULES:
        return import_module(f"helpers.{name}")
    if name not in HOME:
        raise AttributeError(f"module 'helpers' has no attribute {name!r}")
    return getattr(import_module(f"helpers.{HOME[name]}"), name)


def __dir__():
    """Return the public names, for completion."""
    return __all__
