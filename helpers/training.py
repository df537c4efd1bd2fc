"""The training loop of the course: train, evaluate, predict, and what they need to start."""

import copy
import random
import time
from contextlib import nullcontext

import numpy as np
import torch
import torch.distributed as dist
from torch.optim.lr_scheduler import CyclicLR, OneCycleLR, ReduceLROnPlateau

from helpers import mistakes
from helpers.report import open_report


def train(
    model,
    train_loader,
    loss_fn,
    optimizer,
    epochs,
    val_loader=None,
    *,
    metrics=None,
    device=None,
    scheduler=None,
    patience=None,
    amp=False,
    live_plot=False,
    progress=True,
):
    """Train the model; return its history, a dict of lists with one number for each epoch.

    The keys are train_loss, train_<metric>, val_loss, val_<metric> and seconds. Training numbers
    are taken while the model learns, validation numbers after each epoch with `evaluate`.

    train_loader, val_loader: what yields batches (X, y), or one full batch as a tuple (X, y).
    loss_fn: a function of (logits, y) that returns the mean over the batch.
    metrics: a dict from name to a function of (logits, y), for example {"accuracy": accuracy}.
    device: where to move the model and each batch; None leaves them where they are.
    scheduler: stepped after each epoch; OneCycleLR and CyclicLR after each batch.
    patience: stop after this many epochs without a lower val_loss, and restore the best weights.
    amp: compute the forward pass in bfloat16 where that is safe (autocast).

    Interrupt the kernel to stop early: the history so far is returned. An error carries it along
    as error.history. In the end the model is in evaluation mode, so that it gives what was
    measured.
    """
    mistakes.check_arguments(
        model, train_loader, loss_fn, optimizer, epochs, val_loader, metrics, scheduler, patience
    )
    if device is not None:
        model.to(device)
    metrics = metrics or {}
    val_names = [f"val_{name}" for name in ("loss", *metrics)] if val_loader is not None else []
    names = ["train_loss", *(f"train_{name}" for name in metrics), *val_names, "seconds"]
    step_each_batch = isinstance(scheduler, OneCycleLR | CyclicLR)
    sampler = getattr(train_loader, "sampler", None)
    best_loss, best_epoch, best_weights = float("inf"), -1, None
    rows = []
    report, close = open_report(epochs, live_plot, progress)
    try:
        for epoch in range(epochs):
            start = time.perf_counter()
            if hasattr(sampler, "set_epoch"):  # a DistributedSampler: one new order for all
                sampler.set_epoch(epoch)
            row = train_epoch(
                model,
                train_loader,
                loss_fn,
                optimizer,
                metrics,
                device=device,
                scheduler=scheduler if step_each_batch else None,
                amp=amp,
                check=epoch == 0,
            )
            mistakes.check_loss(row["train_loss"], epoch, optimizer)
            if val_loader is not None:
                scores = evaluate(model, val_loader, loss_fn, metrics, device, check=epoch == 0)
                mistakes.check_val_loss(scores["loss"], epoch)
                row |= {f"val_{name}": score for name, score in scores.items()}
            row["seconds"] = time.perf_counter() - start
            rows.append(row)
            report(row)

            if isinstance(scheduler, ReduceLROnPlateau):
                scheduler.step(row.get("val_loss", row["train_loss"]))
            elif scheduler is not None and not step_each_batch:
                scheduler.step()

            if patience is not None:
                if row["val_loss"] < best_loss:
                    best_loss, best_epoch = row["val_loss"], epoch
                    best_weights = copy.deepcopy(model.state_dict())  # it holds references: copy
                elif epoch - best_epoch >= patience:
                    break
    except KeyboardInterrupt:
        print(f"Interrupted in epoch {len(rows) + 1}: the history holds the {len(rows)} before it.")
    except Exception as error:
        error.history = columns(rows, names)  # what has been measured is not lost
        mistakes.name_error(error)
        raise
    finally:
        close()
        model.eval()
    if best_weights is not None:
        model.load_state_dict(best_weights)
    return columns(rows, names)


def train_epoch(model, loader, loss_fn, optimizer, metrics, *, device, scheduler, amp, check):
    """Show the model every batch once; return {"train_loss": ..., "train_<metric>": ...}.

    check: look at each batch for the usual mistakes first.
    """
    model.train()
    loss_sum, count = 0.0, 0
    outputs, targets = [], []
    autocast = torch.autocast(model_device(model).type, torch.bfloat16) if amp else nullcontext()
    for X, y in batches(loader, check):
        if device is not None:
            X, y = X.to(device), y.to(device)
        if check:
            mistakes.check_inputs(model, X, amp)
        # 1. Forget the gradients of the last step, so that the forward pass can use their memory.
        optimizer.zero_grad()
        # 2. Forward: from the inputs to the logits, and from those to the loss.
        with autocast:
            logits = model(X)
            if check:
                mistakes.check_targets(logits, y, loss_fn)
            loss = loss_fn(logits, y)
        if check:
            mistakes.check_batch_loss(loss, X)
        # 3. Backward: the gradient of the loss for every parameter.
        loss.backward()
        # 4. Step: move every parameter against its gradient.
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
        # 5. Record. The loss stays a tensor: .item() would wait for the device at every step.
        loss_sum += widen(loss.detach()) * len(X)
        count += len(X)
        if metrics:
            outputs.append(logits.detach().float())
            targets.append(y)
    mistakes.check_not_empty(count, "train_loader")
    several_processes = dist.is_available() and dist.is_initialized()
    if several_processes:
        loss_sum, count = join_sums(loss_sum, count)
    row = {"train_loss": (loss_sum / count).item()}
    if metrics:
        logits, y = torch.cat(outputs), torch.cat(targets)
        if several_processes:
            logits, y = join_rows(logits), join_rows(y)
        row |= {f"train_{name}": float(metric(logits, y)) for name, metric in metrics.items()}
    return row


def evaluate(model, loader, loss_fn, metrics=None, device=None, *, check=True):
    """Return {"loss": ..., "<metric>": ...}, each computed once over the whole set.

    The model stays in evaluation mode. check: look for the usual mistakes first.
    """
    if check:
        mistakes.check_loss_fn(loss_fn)
        mistakes.check_metrics(metrics)
    logits, y = predict(model, loader, device, check=check)
    if check:
        mistakes.check_targets(logits, y, loss_fn)
    loss = loss_fn(logits, y)
    mistakes.check_number(loss)
    scores = {"loss": loss.item()}
    return scores | {name: float(metric(logits, y)) for name, metric in (metrics or {}).items()}


@torch.no_grad()
def predict(model, loader, device=None, *, check=True):
    """Return the model's outputs for all batches, joined, and the targets: (logits, y).

    The model stays in evaluation mode. check: look for the usual mistakes first.
    """
    if check:
        mistakes.check_model(model)
    if device is not None:
        model.to(device)
    model.eval()
    outputs, targets = [], []
    for X, y in batches(loader, check):
        if device is not None:
            X, y = X.to(device), y.to(device)
        if check and not outputs:
            mistakes.check_inputs(model, X)
        outputs.append(model(X))
        targets.append(y)
    mistakes.check_not_empty(sum(map(len, targets)), "loader")
    mistakes.check_output(outputs[0])
    return torch.cat(outputs), torch.cat(targets)


def seed_everything(seed):
    """Seed Python, NumPy and PyTorch (every device), so that a run can be repeated."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def pick_device():
    """Return the accelerator of this machine (CUDA, Apple's MPS, ...), or else the CPU."""
    if torch.accelerator.is_available():
        return torch.accelerator.current_accelerator()
    return torch.device("cpu")


def batches(loader, check):
    """Return what yields the batches; a tuple (X, y) is one batch that holds everything."""
    if check:
        mistakes.check_loader(loader)
    if mistakes.is_full_batch(loader):
        loader = [loader]
    return mistakes.checked(loader) if check else loader


def widen(tensor):
    """Return float16 and bfloat16 as float32: a sum of many numbers is too much for them."""
    return tensor.float() if tensor.dtype.itemsize == 2 else tensor


def columns(rows, names):
    """Return a dict from name to the list of its numbers, one from each row."""
    return {name: [row[name] for row in rows] for name in names}


def model_device(model):
    """Return the device of the model's first parameter, the CPU if it has none."""
    return next((p.device for p in model.parameters()), torch.device("cpu"))


def join_sums(loss_sum, count):
    """Under torchrun: return the sums over all processes."""
    totals = torch.stack([loss_sum, torch.full_like(loss_sum, count)])
    dist.all_reduce(totals)
    return totals[0], totals[1]


def join_rows(tensor):
    """Under torchrun: return the rows of all processes, one process after the other."""
    parts = [torch.empty_like(tensor) for _ in range(dist.get_world_size())]
    dist.all_gather(parts, tensor)  # equally long: DistributedSampler pads the shorter parts
    return torch.cat(parts)
