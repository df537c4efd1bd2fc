"""Training, evaluation and prediction, and what they say about the usual mistakes."""

import copy
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.optim.lr_scheduler import OneCycleLR, ReduceLROnPlateau, StepLR
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

import helpers
from helpers import accuracy, evaluate, make_loader, predict, rmse, train


@pytest.fixture(autouse=True)
def seeded():
    helpers.seed_everything(0)


def regression(rows=40, width=1):
    X = torch.randn(rows, 3)
    return X, X @ torch.randn(3, width) + 0.1 * torch.randn(rows, width)


def classification(rows=60, classes=3):
    X = torch.randn(rows, 4)
    return X, (X @ torch.randn(4, classes)).argmax(dim=1)


def train_line(X, y, epochs=3, lr=0.01, model=None, loader=None, **options):
    """Train a linear model on (X, y) quietly."""
    model = model or nn.Linear(X.shape[1], 1)
    optimizer = torch.optim.SGD(model.parameters(), lr)
    loader = (X, y) if loader is None else loader
    return train(model, loader, nn.MSELoss(), optimizer, epochs, progress=False, **options)


# ---- What comes out -------------------------------------------------------------------------


def test_train_is_the_loop_written_by_hand():
    X, y = classification()
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    by_hand = copy.deepcopy(model)
    optimizer = torch.optim.Adam(by_hand.parameters(), lr=0.01)
    losses = []
    for _ in range(20):
        total = 0.0
        for rows in torch.arange(60).split(16):
            loss = nn.functional.cross_entropy(by_hand(X[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        losses.append(total / 60)

    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    loader = make_loader(X, y, 16)
    history = train(model, loader, nn.CrossEntropyLoss(), optimizer, 20, progress=False)
    torch.testing.assert_close(history["train_loss"], losses, rtol=1e-5, atol=1e-6)
    for p, q in zip(model.parameters(), by_hand.parameters(), strict=True):
        torch.testing.assert_close(p, q)


def test_the_history_holds_a_number_for_each_epoch():
    X, y = classification()
    model = nn.Linear(4, 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    options = {"metrics": {"accuracy": accuracy}, "progress": False}
    history = train(model, (X, y), nn.CrossEntropyLoss(), optimizer, 5, (X, y), **options)
    assert list(history) == [
        "train_loss",
        "train_accuracy",
        "val_loss",
        "val_accuracy",
        "seconds",
    ]
    assert all(len(numbers) == 5 for numbers in history.values())
    assert all(type(number) is float for numbers in history.values() for number in numbers)
    # The training numbers come before the step, the validation numbers after it.
    assert history["val_loss"][:-1] == pytest.approx(history["train_loss"][1:], rel=1e-5)
    assert history["val_accuracy"][:-1] == history["train_accuracy"][1:]


def test_the_training_loss_weighs_batches_by_their_rows():
    X, y = regression(rows=10)
    model = nn.Linear(3, 1)
    expected = nn.functional.mse_loss(model(X), y).item()
    history = train_line(X, y, 1, lr=0.0, model=model, loader=make_loader(X, y, 4))
    assert history["train_loss"] == pytest.approx([expected], rel=1e-5)


@pytest.mark.parametrize("batch_size", [1, 7, 8, 41])
def test_evaluation_is_exact_whatever_the_last_batch(batch_size):
    X, y = regression(rows=41)
    model = nn.Sequential(nn.Linear(3, 5), nn.Dropout(0.5), nn.Linear(5, 1))
    scores = evaluate(model, make_loader(X, y, batch_size), nn.MSELoss(), {"rmse": rmse})
    model.eval()
    mse = nn.functional.mse_loss(model(X), y).item()
    assert scores == pytest.approx({"loss": mse, "rmse": mse**0.5}, rel=1e-5)


def test_predict_joins_the_batches_in_evaluation_mode():
    X, y = classification(rows=23)
    model = nn.Sequential(nn.BatchNorm1d(4), nn.Linear(4, 3))
    logits, targets = predict(model, DataLoader(TensorDataset(X, y), batch_size=5))
    assert torch.equal(targets, y)
    assert logits.shape == (23, 3)
    assert not logits.requires_grad
    assert torch.equal(logits, model(X))
    assert not model[0].training


def test_training_and_validation_each_have_their_mode():
    X, y = regression()
    model = nn.Linear(3, 1).eval()
    modes = []
    model.register_forward_hook(lambda model, *_: modes.append(model.training))
    train_line(X, y, 2, model=model, val_loader=(X, y))
    assert modes == [True, False, True, False]
    assert not model.training


def test_after_training_the_model_gives_what_was_measured():
    X, y = classification()
    model = nn.Sequential(nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 3))
    optimizer, loss_fn = torch.optim.SGD(model.parameters(), lr=0.1), nn.CrossEntropyLoss()
    history = train(model, (X, y), loss_fn, optimizer, 2, (X, y), progress=False)
    assert loss_fn(model(X), y).item() == pytest.approx(history["val_loss"][-1])
    train(model, (X, y), loss_fn, optimizer, 1, progress=False)
    assert not model[1].training


def test_one_logit_and_one_full_batch():
    X = torch.randn(50, 2)
    y = (X.sum(dim=1, keepdim=True) > 0).float()
    model = nn.Linear(2, 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    metrics = {"accuracy": helpers.binary_accuracy}
    options = {"metrics": metrics, "progress": False}
    history = train(model, (X, y), nn.BCEWithLogitsLoss(), optimizer, 100, **options)
    assert history["train_accuracy"][-1] > 0.9


# ---- Stopping ---------------------------------------------------------------------------------


class Scripted(nn.Module):
    """Predicts its only weight; a scripted validation set then gives any curve."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, X):
        return self.weight.expand(len(X), 1)


def test_patience_stops_and_restores_the_best_weights():
    # The weight moves by 1 each epoch; validation wants 4, so epoch 4 is the best.
    model = Scripted()
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    X, y = torch.zeros(6, 1), torch.zeros(6, 1)
    history = train(
        model,
        (X, y),
        lambda prediction, y: ((prediction - 4) ** 2).mean() if y.any() else -prediction.mean(),
        optimizer,
        50,
        (X, y + 1),
        patience=3,
        progress=False,
    )
    assert history["val_loss"] == [9.0, 4.0, 1.0, 0.0, 1.0, 4.0, 9.0]
    assert model.weight.item() == 4.0


def test_the_best_weights_are_restored_when_no_epoch_was_in_vain():
    X, y = regression()
    model = nn.Linear(3, 1)
    history = train_line(X, y, 5, model=model, val_loader=(X, y), patience=10)
    assert len(history["val_loss"]) == 5
    final = evaluate(model, (X, y), nn.MSELoss())["loss"]
    assert final == pytest.approx(min(history["val_loss"]))


@pytest.mark.parametrize("patience", [None, 5])
def test_an_interruption_returns_the_history_so_far(patience, capsys):
    X, y = regression()
    model = nn.Linear(3, 1)
    steps = []

    def interrupt(model, *_):
        steps.append(model.training)
        if sum(steps) == 15:  # in the middle of the fourth epoch of four batches
            raise KeyboardInterrupt

    hook = model.register_forward_hook(interrupt)
    loader = make_loader(X, y, 10)
    history = train_line(X, y, 50, model=model, loader=loader, val_loader=(X, y), patience=patience)
    hook.remove()
    assert {len(numbers) for numbers in history.values()} == {3}
    assert "Interrupted in epoch 4" in capsys.readouterr().out
    assert not model.training
    assert math.isfinite(train_line(X, y, 1, model=model)["train_loss"][0])
    if patience:
        assert history["val_loss"] == sorted(history["val_loss"], reverse=True)


def test_an_interruption_in_the_first_epoch_returns_empty_lists():
    X, y = regression()
    model = nn.Linear(3, 1)

    def interrupt(*_):
        raise KeyboardInterrupt

    model.register_forward_hook(interrupt)
    history = train_line(X, y, 5, model=model, val_loader=(X, y))
    assert history == {"train_loss": [], "val_loss": [], "seconds": []}


# ---- Schedulers, autocast, devices --------------------------------------------------------


def rates(scheduler_of, epochs=4, **options):
    """Return the learning rate in each batch (two an epoch) under a scheduler."""
    X, y = regression(rows=8)
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    scheduler = scheduler_of(optimizer)
    seen = []
    model.register_forward_hook(lambda *_: seen.append(optimizer.param_groups[0]["lr"]))
    loader = make_loader(X, 0 * y, 4)
    loss_fn = nn.L1Loss()
    train(model, loader, loss_fn, optimizer, epochs, scheduler=scheduler, progress=False, **options)
    return seen


def test_a_scheduler_steps_after_each_epoch():
    seen = rates(lambda optimizer: StepLR(optimizer, 2, gamma=0.1))
    assert seen == pytest.approx([1, 1, 1, 1, 0.1, 0.1, 0.1, 0.1])


def test_one_cycle_steps_after_each_batch():
    seen = rates(lambda optimizer: OneCycleLR(optimizer, max_lr=1.0, total_steps=8))
    assert len(set(seen)) == 8


def test_reduce_on_plateau_watches_the_loss():
    seen = rates(lambda o: ReduceLROnPlateau(o, factor=0.1, patience=0, threshold=10.0))
    assert seen[-1] < 1.0


def test_autocast_computes_in_bfloat16():
    X, y = classification()
    model = nn.Linear(4, 3)
    seen = []
    model.register_forward_hook(lambda *args: seen.append(args[-1].dtype))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    options = {"amp": True, "metrics": {"accuracy": accuracy}, "progress": False}
    history = train(model, (X, y), nn.CrossEntropyLoss(), optimizer, 20, **options)
    assert set(seen) == {torch.bfloat16}
    assert model.weight.dtype == torch.float32
    assert history["train_loss"][-1] < history["train_loss"][0]


def test_the_device_moves_model_and_batches():
    X, y = regression()
    model = nn.Linear(3, 1)
    device = helpers.pick_device()
    train_line(X, y, 1, model=model, device=device)
    assert next(model.parameters()).device.type == device.type


# ---- Mistakes, each with one sentence -----------------------------------------------------


@pytest.mark.parametrize("loss_fn", [nn.MSELoss(), nn.functional.mse_loss, nn.L1Loss()])
def test_a_target_without_a_column_is_refused(loss_fn):
    X, y = regression()
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    message = r"\(40, 1\), y has \(40,\).*y.unsqueeze\(1\)"
    with pytest.raises(ValueError, match=message):
        train(model, (X, y.squeeze(1)), loss_fn, optimizer, 1, progress=False)
    with pytest.raises(ValueError, match=message):
        evaluate(model, (X, y.squeeze(1)), loss_fn)
    with pytest.raises(ValueError, match=r"y.squeeze\(1\)"):
        evaluate(nn.Sequential(model, nn.Flatten(0)), (X, y), loss_fn)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (torch.tensor([0, 1, 3]), "labels run from 0 to 2; y holds 3"),
        (torch.tensor([0, -1, 2]), "labels run from 0 to 2; y holds -1"),
        (torch.tensor([0.0, 1.0, 2.0]), "must be int64, y is float32"),
        (torch.tensor([0, 1, 2], dtype=torch.int32), "must be int64, y is int32"),
        (torch.tensor([[0], [1], [2]]), r"must have shape \(3,\), y has \(3, 1\)"),
    ],
)
@pytest.mark.parametrize("loss_fn", [nn.CrossEntropyLoss(), nn.functional.cross_entropy])
def test_labels_that_do_not_fit_are_refused(y, message, loss_fn):
    model = nn.Linear(4, 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with pytest.raises(ValueError, match=message):
        train(model, (torch.randn(3, 4), y), loss_fn, optimizer, 1, progress=False)
    with pytest.raises(ValueError, match=message):
        evaluate(model, (torch.randn(3, 4), y), loss_fn)


def test_labels_are_checked_in_every_batch():
    X, y = classification(rows=30)
    y[-1] = 3
    model = nn.Linear(4, 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with pytest.raises(ValueError, match="y holds 3"):
        train(model, make_loader(X, y, 4), nn.CrossEntropyLoss(), optimizer, 1, progress=False)


def test_what_the_loss_allows_is_not_refused():
    X, y = classification(rows=6)
    model = nn.Linear(4, 3)
    probabilities = nn.functional.one_hot(y, 3).float()
    assert evaluate(model, (X, probabilities), nn.CrossEntropyLoss())["loss"] > 0
    y[0] = -100  # PyTorch's mark for "leave this one out"
    assert evaluate(model, (X, y), nn.CrossEntropyLoss())["loss"] > 0
    quantiles = evaluate(model, (X, torch.randn(6, 1)), lambda logits, y: (logits - y).abs().mean())
    assert quantiles["loss"] > 0


@pytest.mark.parametrize(
    ("X_dtype", "y_dtype", "message"),
    [
        (torch.float64, torch.float32, "computes in float32, X is float64"),
        (torch.float32, torch.float64, "y is float64"),
        (torch.float32, torch.int64, r"y is int64, this loss needs decimals: use y.float\(\)"),
    ],
)
def test_types_that_do_not_fit_are_refused(X_dtype, y_dtype, message):
    X, y = regression()
    with pytest.raises(ValueError, match=message):
        train_line(X.to(X_dtype), y.to(y_dtype))


def test_other_devices_are_refused():
    X, y = regression()
    with pytest.raises(ValueError, match="model is on meta, the data on cpu: pass device="):
        train_line(X, y, model=nn.Linear(3, 1, device="meta"))
    with pytest.raises(ValueError, match="model is on cpu, the data on meta"):
        evaluate(nn.Linear(3, 1), (X.to("meta"), y), nn.MSELoss())
    with pytest.raises(ValueError, match="output is on cpu, y on meta"):
        train_line(X, y.to("meta"))


@pytest.mark.parametrize(
    ("loader", "message"),
    [
        ((torch.zeros(0, 3), torch.zeros(0, 1)), "gave (no|an empty) batch"),
        (make_loader(torch.zeros(5, 3), torch.zeros(5, 1), 8, drop_last=True), "drop_last"),
        (TensorDataset(torch.zeros(5, 3), torch.zeros(5, 1)), "wrap it in a DataLoader"),
        ((torch.zeros(5, 3), torch.zeros(4, 1)), "X has 5 rows and y has 4"),
        ((torch.zeros(5, 3).numpy(), torch.zeros(5, 1)), r"not \(ndarray, Tensor\)"),
    ],
)
def test_loaders_that_cannot_work_are_refused(loader, message):
    model = nn.Linear(3, 1)
    with pytest.raises(ValueError, match=message):
        train_line(torch.zeros(5, 3), None, loader=loader, model=model)
    with pytest.raises(ValueError, match=message):
        evaluate(model, loader, nn.MSELoss())


def test_a_generator_that_is_used_up_is_refused():
    X, y = regression()
    generator = ((X[rows], y[rows]) for rows in torch.arange(40).split(10))
    with pytest.raises(ValueError, match="a generator that is used up"):
        train_line(X, y, 2, loader=generator)


def test_patience_needs_a_validation_set():
    with pytest.raises(ValueError, match="pass a val_loader"):
        train_line(*regression(), patience=3)


def test_an_optimizer_of_another_model_is_refused():
    X, y = regression()
    optimizer = torch.optim.SGD(nn.Linear(3, 1).parameters(), lr=0.1)
    with pytest.raises(ValueError, match="create it again after the model"):
        train(nn.Linear(3, 1), (X, y), nn.MSELoss(), optimizer, 1, progress=False)


def test_a_loss_that_is_no_number_is_told_with_its_epoch():
    X, y = regression()
    optimizer_rate = 1e12
    message = r"became (nan|inf) in epoch [2-9].*smaller learning rate \(it is 1e\+12\)"
    with pytest.raises(FloatingPointError, match=message):
        train_line(X, y, 20, lr=optimizer_rate)
    X[3, 1] = torch.nan
    with pytest.raises(FloatingPointError, match="became nan in epoch 1"):
        train_line(X, y)


# ---- What is shown ------------------------------------------------------------------------


def test_the_bar_counts_the_epochs(capsys):
    X, y = regression()
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    train(model, (X, y), nn.MSELoss(), optimizer, 3)
    assert "3/3" in capsys.readouterr().err


def test_the_live_plot_groups_training_and_validation(monkeypatch):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from livelossplot import PlotLosses

    drawn = []
    monkeypatch.setattr(PlotLosses, "send", lambda self: drawn.append(self.logger))
    X, y = regression()
    train_line(X, y, 5, val_loader=(X, y), metrics={"rmse": rmse}, live_plot=True)
    groups = drawn[-1].grouped_log_history(raw_names=True, raw_group_names=True)
    assert {name: set(lines) for name, lines in groups.items()} == {
        "loss": {"train_loss", "val_loss"},
        "rmse": {"train_rmse", "val_rmse"},
    }
    assert len(groups["loss"]["val_loss"]) == 5


def test_the_live_plot_labels_its_axes(monkeypatch):
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("Agg")
    monkeypatch.setattr(plt, "show", lambda **_: None)
    X, y = regression()
    train_line(X, y, 2, metrics={"rmse": rmse}, live_plot=True)
    labels = {(ax.get_xlabel(), ax.get_ylabel().lower()) for ax in plt.gcf().axes}
    plt.close("all")
    assert labels == {("epoch", "loss"), ("epoch", "rmse")}


# ---- Several processes --------------------------------------------------------------------


def test_a_distributed_sampler_is_told_each_epoch():
    X, y = regression(rows=8)
    sampler = DistributedSampler(range(8), num_replicas=2, rank=0)
    loader = DataLoader(TensorDataset(X, y), batch_size=2, sampler=sampler)
    told = []
    sampler.set_epoch = told.append
    train_line(X, y, 3, loader=loader)
    assert told == [0, 1, 2]


SCRIPT = """
import json, os, sys
import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset
from helpers import accuracy, train

world = int(sys.argv[2])
if world > 1:
    dist.init_process_group("gloo")
torch.manual_seed(0)
X = torch.randn(64, 4)
y = (X @ torch.randn(4, 3)).argmax(dim=1)
model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3))
sampler = None
if world > 1:
    model = DistributedDataParallel(model)
    sampler = DistributedSampler(range(48), shuffle=False)
train_set = TensorDataset(X[:48], y[:48])
loader = DataLoader(train_set, batch_size=16 // world, sampler=sampler)
optimizer = torch.optim.SGD(model.parameters(), lr=0.3, momentum=0.9)
if world == 1:  # the batches that two processes see together
    order = torch.arange(48).reshape(3, 8, 2).transpose(1, 2).reshape(-1)
    train_set = TensorDataset(X[:48][order], y[:48][order])
    loader = DataLoader(train_set, batch_size=16)
history = train(model, loader, nn.CrossEntropyLoss(), optimizer, 5, (X[48:], y[48:]),
                metrics={"accuracy": accuracy})
if world == 1 or dist.get_rank() == 0:
    history.pop("seconds")
    with open(sys.argv[1], "w") as file:
        json.dump(history, file)
if world > 1:
    dist.destroy_process_group()
    # Gloo's threads outlive the group and drop tensors while Python is torn down: now and then
    # that aborts a process whose work is done. So the interpreter is not torn down.
    sys.stderr.flush()
    os._exit(0)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="PyTorch for Windows has no torchrun with gloo")
def test_two_processes_give_the_history_of_one(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    course = str(Path(helpers.__file__).parents[1])
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": course}
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    bars = []
    for number, command in enumerate(([sys.executable], torchrun), start=1):
        command = [*command, str(script), str(tmp_path / f"{number}.json"), str(number)]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        bars.append(done.stderr.count("| 0/5"))  # a bar is drawn once before its first epoch
    one, two = (json.loads((tmp_path / f"{number}.json").read_text()) for number in (1, 2))
    assert one.keys() == two.keys()
    for name in one:
        assert two[name] == pytest.approx(one[name], rel=1e-4), name
    assert bars == [1, 1]  # of two processes only the first shows a bar
