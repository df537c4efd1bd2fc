"""What train and evaluate are given beside the data: model, loss, optimizer, metrics, scheduler."""

import operator

from torch import nn
from torch.optim import LBFGS, Optimizer
from torch.optim.lr_scheduler import OneCycleLR, ReduceLROnPlateau

from helpers.mistakes.batches import check_lasts
from helpers.mistakes.words import kind


def check_arguments(
    model, train_loader, loss_fn, optimizer, epochs, val_loader, metrics, scheduler, patience
):
    """Refuse what train cannot work with, before it starts; print what is odd but possible."""
    check_model(model)
    check_loss_fn(loss_fn)
    check_metrics(metrics)
    check_whole("epochs", epochs, at_least=0)
    if patience is not None:
        if val_loader is None:
            raise ValueError("patience watches the validation loss: pass a val_loader as well.")
        if patience < 1:
            raise ValueError(f"patience must be at least 1 epoch, not {patience}.")
    check_optimizer(model, optimizer)
    check_scheduler(scheduler, optimizer, epochs)
    if epochs > 1:
        check_lasts("train_loader", train_loader)
        check_lasts("val_loader", val_loader)


def check_model(model):
    """Refuse a class or a function instead of a model."""
    if isinstance(model, type):
        raise TypeError(f"The model is {kind(model)}, not yet made: write {model.__name__}(...).")
    if not isinstance(model, nn.Module):
        raise TypeError(f"The model must be an nn.Module, not {kind(model)}.")


def check_loss_fn(loss_fn):
    """Refuse what is no loss function, or gives no mean over the batch."""
    if isinstance(loss_fn, type):
        name = loss_fn.__name__
        raise TypeError(f"loss_fn is {kind(loss_fn)}, not yet made: write {name}(), with brackets.")
    if isinstance(loss_fn, Optimizer):
        raise TypeError("loss_fn is an optimizer: the loss comes first, then the optimizer.")
    if not callable(loss_fn):
        raise TypeError(f"loss_fn must be a function of (logits, y), not {kind(loss_fn)}.")
    # A loss of one's own may take reduction="none" inside, and the mean itself.
    of_torch = type(loss_fn).__module__.startswith("torch.")
    if of_torch and getattr(loss_fn, "reduction", "mean") in ("none", "sum"):
        raise ValueError(
            f'loss_fn has reduction="{loss_fn.reduction}", but the mean over the batch is needed: '
            "leave reduction out."
        )


def check_metrics(metrics):
    """Refuse metrics that are no dict from name to function."""
    if metrics is None:
        return
    if not hasattr(metrics, "values"):
        found = kind(metrics)
    else:
        found = ", ".join(kind(metric) for metric in metrics.values() if not callable(metric))
    if found:
        raise TypeError(
            'metrics must be a dict from name to function, such as {"accuracy": accuracy}, not '
            f"{found}."
        )
    if "loss" in metrics:
        raise ValueError('A metric cannot be called "loss": that is the name of the loss itself.')


def check_whole(name, number, at_least):
    """Refuse 2.5, "3", and what is too small."""
    try:
        operator.index(number)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, not {number!r}.") from None
    if number < at_least:
        raise ValueError(f"{name} must be at least {at_least}, not {number}.")


def check_optimizer(model, optimizer):
    """Refuse an optimizer that cannot move this model; say which parameters it leaves alone."""
    if isinstance(optimizer, type):
        raise TypeError(
            f"optimizer is {kind(optimizer)}, not yet made: "
            f"write {optimizer.__name__}(model.parameters(), lr=...)."
        )
    if not hasattr(optimizer, "param_groups"):
        raise TypeError(f"optimizer must be one of torch.optim, not {kind(optimizer)}.")
    if isinstance(optimizer, LBFGS):
        raise TypeError(
            "LBFGS needs the loss several times for one step (a closure), which train does not "
            "give: take Adam or SGD, or write the loop yourself."
        )
    trainable = {name: id(p) for name, p in model.named_parameters() if p.requires_grad}
    if not trainable:
        raise ValueError(
            "The model has no parameter that can learn: all are frozen (requires_grad=False), or "
            "it has none."
        )
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    unheld = [name for name, identity in trainable.items() if identity not in held]
    if len(unheld) == len(trainable):
        raise ValueError(
            "The optimizer holds no parameter of this model that can learn: create it again after "
            "the model."
        )
    if unheld:  # a forgotten head; but it may be meant, as another optimizer may hold the rest
        more = f" and {len(unheld) - 2} more" if len(unheld) > 2 else ""
        print(
            f"The optimizer does not hold {', '.join(unheld[:2])}{more}, so train leaves them as "
            "they are. If that is meant, freeze them: requires_grad_(False)."
        )


def check_scheduler(scheduler, optimizer, epochs):
    """Refuse a scheduler that does not do what is meant."""
    if scheduler is None:
        return
    if isinstance(scheduler, type):
        name = scheduler.__name__
        raise TypeError(
            f"scheduler is {kind(scheduler)}, not yet made: write {name}(optimizer, ...)."
        )
    if not hasattr(scheduler, "step"):
        raise TypeError(
            f"scheduler must be one scheduler, not {kind(scheduler)}: "
            "ChainedScheduler([...]) makes one of several."
        )
    # A wrapper of the optimizer has the same groups, so these are compared.
    scheduled = getattr(scheduler, "optimizer", optimizer)
    if scheduled.param_groups is not optimizer.param_groups:
        raise ValueError(
            "The scheduler belongs to another optimizer, so it changes nothing here: "
            "create it again after the optimizer."
        )
    if isinstance(scheduler, ReduceLROnPlateau) and scheduler.mode == "max":
        raise ValueError('ReduceLROnPlateau watches the loss, which should fall: use mode="min".')
    for part in getattr(scheduler, "_schedulers", ()):  # of a ChainedScheduler or SequentialLR
        # With epochs=1, train is one part of a longer training: then nothing can be said.
        if isinstance(part, OneCycleLR) and part.total_steps > epochs > 1:
            raise ValueError(
                f"The OneCycleLR inside {type(scheduler).__name__} plans {part.total_steps} steps, "
                f"but is stepped once an epoch, {epochs} times: pass it alone, then it is stepped "
                "after each batch, or give it total_steps=epochs."
            )
