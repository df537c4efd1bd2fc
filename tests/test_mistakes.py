"""The mistakes that everyone makes once: each sentence, and the right uses beside it."""

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.optim.lr_scheduler import (
    ChainedScheduler,
    ConstantLR,
    OneCycleLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
)
from torch.utils.data import DataLoader, TensorDataset

import helpers
from helpers import accuracy, evaluate, make_loader, predict, train

X = torch.linspace(-1, 1, 24).reshape(8, 3)
y = X.sum(dim=1, keepdim=True)
labels = torch.tensor([0, 1, 2, 0, 1, 2, 0, 1])


@pytest.fixture(autouse=True)
def seeded():
    helpers.seed_everything(0)


def line():
    return nn.Linear(3, 1)


def two_layers():
    return nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))


def fit(loader=(X, y), model=None, loss_fn=None, optimizer=None, epochs=2, *others, **options):
    """Train quietly, by default a line with the mean squared error."""
    model = line() if model is None else model
    optimizer = torch.optim.SGD(model.parameters(), 0.01) if optimizer is None else optimizer
    loss_fn = nn.MSELoss() if loss_fn is None else loss_fn
    return train(model, loader, loss_fn, optimizer, epochs, *others, progress=False, **options)


def fit_classes(loss_fn, y=labels, outputs=3):
    return fit((X, y), nn.Linear(3, outputs), loss_fn)


class Makes(nn.Module):
    """A model that makes something else of its output."""

    def __init__(self, change):
        super().__init__()
        self.layer = line()
        self.change = change

    def forward(self, X):
        return self.change(self.layer(X))


# ---- Loaders and batches --------------------------------------------------------------------


class Rows:
    """A dataset that forgot torch's class."""

    def __len__(self):
        return len(X)

    def __getitem__(self, i):
        return X[i], y[i]


@pytest.mark.parametrize(
    ("loader", "error", "message"),
    [
        ([{"X": X, "y": y}], TypeError, r"a pair \(X, y\), the loader yields a dict"),
        ([(X, y, y)], TypeError, "the loader yields a tuple of 3: let the dataset return two"),
        (DataLoader(TensorDataset(X), 4), TypeError, "the loader yields a list of 1"),
        (DataLoader(X, 4), TypeError, "the loader yields a Tensor"),
        (DataLoader(X, 2), TypeError, "the loader yields a Tensor"),  # 2 rows would unpack
        ([(X.numpy(), y)], TypeError, "X must be one tensor, .* a NumPy array: convert it with"),
        ([(X, y.numpy())], TypeError, "y must be one tensor, .* a NumPy array"),
        ([([X, X], y)], TypeError, "X must be one tensor, .* a list: .* torch.cat"),
        ([({"a": X}, y)], TypeError, "X must be one tensor, the loader yields a dict"),
        (make_loader(X, y, transform=lambda X: None), TypeError, "the loader yields None"),
        (X, TypeError, r"must yield batches \(X, y\), not be a Tensor: pass a DataLoader"),
        (3, TypeError, r"must yield batches \(X, y\), not be an int"),
        (
            DataLoader(TensorDataset(X, labels), None),
            ValueError,
            "y is a single number, .* batch_s",
        ),
        (Rows(), ValueError, "a Dataset, which yields single items: wrap it in a DataLoader"),
        ([X, y[:3]], ValueError, "X has 8 rows and y has 3"),
    ],
)
def test_batches_that_are_no_pairs_are_refused(loader, error, message):
    with pytest.raises(error, match=message):
        fit(loader)
    with pytest.raises(error, match=message):
        predict(line(), loader)


@pytest.mark.parametrize("rows", [2, 8])
def test_a_batch_of_a_dataloader_is_a_full_batch(rows):
    batch = next(iter(DataLoader(TensorDataset(X, y), rows)))
    assert isinstance(batch, list)
    model = line()
    expected = F.mse_loss(model(X[:rows]), y[:rows]).item()
    assert fit(batch, model)["train_loss"][0] == pytest.approx(expected)


def test_loaders_of_many_kinds_are_taken():
    class Halves:
        def __iter__(self):
            yield from zip(X.split(4), y.split(4), strict=True)

    model = line()
    loaders = (
        DataLoader(TensorDataset(X, y), 4),
        DataLoader(Rows(), 4),
        [(X[:4], y[:4]), (X[4:], y[4:])],
        [[X[:4], y[:4]], [X[4:], y[4:]]],
        make_loader(X, y, 4),
        Halves(),
    )
    losses = [fit(loader, copy.deepcopy(model))["train_loss"] for loader in loaders]
    assert all(loss == losses[0] for loss in losses)


def test_a_generator_lasts_for_one_epoch():
    halves = (X.split(4), y.split(4))
    for loader in (zip(*halves, strict=True), (pair for pair in zip(*halves, strict=True))):
        message = r"The train_loader is a (zip|generator) that is used up after one epoch"
        with pytest.raises(ValueError, match=message):
            fit(loader)
        with pytest.raises(ValueError, match=message.replace("train", "val")):
            fit((X, y), val_loader=loader)
        assert len(fit(loader, epochs=1)["train_loss"]) == 1


def test_an_empty_batch_is_refused_in_training_alone():
    loader = [(X, y), (X[:0], y[:0])]
    with pytest.raises(ValueError, match="gave an empty batch"):
        fit(loader)
    model = line()
    assert evaluate(model, loader, nn.MSELoss()) == evaluate(model, (X, y), nn.MSELoss())


def test_pictures_of_bytes_are_refused_where_the_layers_need_decimals():
    pictures = torch.randint(0, 256, (8, 3, 4, 4), dtype=torch.uint8)
    message = r"whole numbers from 0 to 255 \(uint8\), .* X.float\(\) / 255"
    dense = nn.Sequential(nn.Flatten(), nn.Linear(48, 1))
    convolution = nn.Sequential(nn.Conv2d(3, 1, 4), nn.Flatten())
    for model in (dense, convolution):
        with pytest.raises(ValueError, match=message):
            fit((pictures, y), model)

    class Scaled(nn.Sequential):
        def forward(self, X):
            return super().forward(X / 255)

    assert fit((pictures, y), Scaled(*dense))["train_loss"]


def test_a_batch_of_one_with_batch_norm_is_refused():
    model = nn.Sequential(nn.BatchNorm1d(3), line())
    with pytest.raises(ValueError, match=r"batch norm needs at least two rows.*drop_last=True"):
        fit(make_loader(X, y, 7), model)
    assert fit(make_loader(X, y, 7, drop_last=True), model)["train_loss"]


def test_autocast_converts_all_but_float64():
    with pytest.raises(ValueError, match=r"computes in float32, X is float64"):
        fit((X.double(), y), amp=True)
    assert fit((X.bfloat16(), y), amp=True)["train_loss"]


# ---- Models ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (Makes(lambda out: (out, out)), "returns a tuple, it must return one tensor"),
        (Makes(lambda out: {"out": out}), "returns a dict"),
        (Makes(lambda out: None), "returns None: its forward must end with return"),
        (nn.LSTM(3, 1), r"returns a tuple, .* \(an nn.LSTM, for example"),
    ],
)
def test_a_model_returns_one_tensor(model, message):
    with pytest.raises(TypeError, match=message):
        fit(model=model)
    with pytest.raises(TypeError, match=message):
        predict(model, (X, y))


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (lambda X: X, "must be an nn.Module, not a function"),
        (nn.Linear, r"is the class Linear, not yet made: write Linear\(...\)"),
    ],
)
def test_a_model_is_a_module(model, message):
    with pytest.raises(TypeError, match=message):
        fit(model=model, optimizer=torch.optim.SGD(line().parameters()))
    with pytest.raises(TypeError, match=message):
        evaluate(model, (X, y), nn.MSELoss())


def test_a_model_that_cannot_learn_is_refused():
    frozen = line().requires_grad_(False)
    for model in (frozen, nn.Flatten()):
        with pytest.raises(ValueError, match="no parameter that can learn"):
            fit(model=model, optimizer=torch.optim.SGD(frozen.parameters()))


# ---- Losses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loss_fn", "error", "message"),
    [
        (nn.MSELoss, TypeError, r"is the class MSELoss, not yet made: write MSELoss\(\)"),
        (torch.optim.SGD(line().parameters()), TypeError, "the loss comes first, then the opt"),
        ("mse", TypeError, r"must be a function of \(logits, y\), not a str"),
        (nn.MSELoss(reduction="sum"), ValueError, 'has reduction="sum", but the mean'),
        (nn.MSELoss(reduction="none"), ValueError, 'has reduction="none", but the mean'),
        (lambda logits, y: (logits - y) ** 2, ValueError, r"shape \(8, 1\), not one number"),
        (lambda logits, y: (logits - y).abs().mean().item(), TypeError, "returned a float, not"),
        (lambda logits, y: None, TypeError, "returned None, not a tensor"),
    ],
)
def test_losses_that_are_none_are_refused(loss_fn, error, message):
    with pytest.raises(error, match=message):
        fit(loss_fn=loss_fn)
    with pytest.raises(error, match=message):
        evaluate(line(), (X, y), loss_fn)


def test_a_loss_without_a_graph_is_refused():
    with pytest.raises(ValueError, match="The loss has no graph"):
        fit(loss_fn=lambda logits, y: (logits.detach() - y).abs().mean())
    with torch.no_grad(), pytest.raises(ValueError, match=r"no_grad\(\) around the training"):
        fit()


def test_a_loss_of_ones_own_may_take_the_mean_itself():
    class Weighted(nn.MSELoss):
        def forward(self, logits, y):
            return (super().forward(logits, y) * y.abs()).mean()

    model = line()
    expected = ((model(X) - y) ** 2 * y.abs()).mean().item()
    loss = fit(model=model, loss_fn=Weighted(reduction="none"))["train_loss"]
    assert loss[0] == pytest.approx(expected)


@pytest.mark.parametrize("wrong", [-1.0, 2.0, torch.nan])
def test_labels_of_two_classes_lie_between_0_and_1(wrong):
    target = (y > 0).float()
    right = fit_classes(nn.BCEWithLogitsLoss(), target * 0.8 + 0.1, outputs=1)
    assert right["train_loss"][0] > 0
    target[2] = wrong
    for loss_fn in (nn.BCEWithLogitsLoss(), F.binary_cross_entropy_with_logits):
        with pytest.raises(ValueError, match=f"0.0 and 1.0, or between; y holds {wrong:g}"):
            fit_classes(loss_fn, target, outputs=1)


@pytest.mark.parametrize("loss_fn", [nn.NLLLoss(), F.nll_loss])
def test_nll_needs_logarithms(loss_fn):
    with pytest.raises(ValueError, match=r"logarithms of .* take nn.CrossEntropyLoss"):
        fit_classes(loss_fn)
    model = nn.Sequential(nn.Linear(3, 3), nn.LogSoftmax(dim=1))
    assert fit((X, labels), model, loss_fn)["train_loss"][0] > 0
    with pytest.raises(ValueError, match="must be int64, y is float32"):
        fit((X, F.one_hot(labels, 3).float()), model, loss_fn)


@pytest.mark.parametrize("dtype", [torch.int8, torch.int32, torch.float32])
def test_class_labels_are_int64_for_any_loss(dtype):
    with pytest.raises(ValueError, match=r"Class labels must be int64: use y.long\(\)"):
        fit_classes(lambda logits, y: F.cross_entropy(logits, y), labels.to(dtype))
    assert fit_classes(lambda logits, y: F.cross_entropy(logits, y.long()), labels.to(dtype))


@pytest.mark.parametrize("options", [{}, {"patience": 3}])
def test_a_validation_loss_of_nan_is_told(options):
    X_val = X.clone()
    X_val[3] = torch.nan
    message = "The validation loss became nan in epoch 1, while the training loss is a number"
    with pytest.raises(FloatingPointError, match=message):
        fit(val_loader=(X_val, y), **options)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_coarse_losses_are_added_up_in_float32(dtype):
    ones = torch.ones(2000, 1, dtype=dtype)
    model = nn.Linear(1, 1, bias=False, dtype=dtype)
    nn.init.zeros_(model.weight)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    for target, batch_size in ((1, 2), (20, 1000)):  # too many, too large for float16
        loader = make_loader(ones, target * ones, batch_size)
        assert fit(loader, model, optimizer=optimizer)["train_loss"] == [target**2] * 2


def test_float64_stays_float64():
    model = line().double()
    expected = F.mse_loss(model(X.double()), y.double()).item()
    assert fit((X.double(), y.double()), model)["train_loss"][0] == pytest.approx(expected, 1e-12)


# ---- Optimizers and schedulers --------------------------------------------------------------


@pytest.mark.parametrize(
    ("optimizer_of", "message"),
    [
        (lambda parameters: torch.optim.SGD, r"write SGD\(model.parameters\(\), lr=...\)"),
        (lambda parameters: "adam", "must be one of torch.optim, not a str"),
        (lambda parameters: nn.MSELoss(), "must be one of torch.optim, not"),
        (torch.optim.LBFGS, r"LBFGS needs the loss several times for one step \(a closure\)"),
    ],
)
def test_optimizers_that_are_none_are_refused(optimizer_of, message):
    model = line()
    with pytest.raises(TypeError, match=message):
        fit(model=model, optimizer=optimizer_of(model.parameters()))


def test_a_forgotten_head_is_told(capsys):
    model = two_layers()
    optimizer = torch.optim.SGD(model[0].parameters(), 0.1)
    fit(model=model, optimizer=optimizer)
    said = capsys.readouterr().out
    assert "The optimizer does not hold 2.weight, 2.bias, so train leaves them" in said
    assert said.count("\n") == 1
    model.append(nn.Linear(1, 1))
    fit(model=model, optimizer=optimizer)
    assert "2.weight, 2.bias and 2 more, so" in capsys.readouterr().out
    model[0].requires_grad_(False)
    with pytest.raises(ValueError, match="holds no parameter of this model that can learn"):
        fit(model=model, optimizer=optimizer)


def test_a_frozen_body_is_not_told(capsys):
    model = two_layers()
    model[0].requires_grad_(False)
    fit(model=model, optimizer=torch.optim.SGD(model[2].parameters(), 0.1))
    fit(model=model)  # the optimizer may hold what is frozen
    groups = [{"params": model[0].parameters()}, {"params": model[2].parameters(), "lr": 0.1}]
    fit(model=model.requires_grad_(True), optimizer=torch.optim.SGD(groups, 0.01))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("scheduler_of", "error", "message"),
    [
        (lambda o: StepLR, TypeError, r"is the class StepLR, not yet made: write StepLR\(opt"),
        (lambda o: [StepLR(o, 1)], TypeError, r"one scheduler, not a list: ChainedScheduler\("),
        (lambda o: ReduceLROnPlateau(o, "max"), ValueError, 'should fall: use mode="min"'),
        (
            lambda o: StepLR(torch.optim.SGD(line().parameters()), 1),
            ValueError,
            "belongs to another optimizer",
        ),
        (
            lambda o: ChainedScheduler([OneCycleLR(o, 0.1, 6)], optimizer=o),
            ValueError,
            "The OneCycleLR inside ChainedScheduler plans 6 steps, but is stepped .* 3 times",
        ),
        (
            lambda o: SequentialLR(o, [ConstantLR(o), OneCycleLR(o, 0.1, 6)], [1]),
            ValueError,
            "The OneCycleLR inside SequentialLR",
        ),
    ],
)
def test_schedulers_that_do_not_fit_are_refused(scheduler_of, error, message):
    model = line()
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    with pytest.raises(error, match=message):
        fit(model=model, optimizer=optimizer, epochs=3, scheduler=scheduler_of(optimizer))


@pytest.mark.parametrize(
    "scheduler_of",
    [
        lambda o: SequentialLR(o, [ConstantLR(o), OneCycleLR(o, 0.1, 3)], [1]),
        lambda o: ChainedScheduler([StepLR(o, 1), StepLR(o, 2)], optimizer=o),
        ReduceLROnPlateau,
    ],
)
def test_schedulers_that_fit_are_taken(scheduler_of):
    model = line()
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    scheduler = scheduler_of(optimizer)
    assert fit(model=model, optimizer=optimizer, epochs=3, scheduler=scheduler)["train_loss"]


def test_what_is_no_scheduler_of_torch_may_step():
    class Silent:
        def step(self):
            pass

    assert fit(scheduler=Silent())["train_loss"]


def test_a_training_in_parts_may_have_a_plan_for_all():
    model = line()
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    scheduler = ChainedScheduler([OneCycleLR(optimizer, 0.1, 6)], optimizer=optimizer)
    for _ in range(2):
        assert fit(model=model, optimizer=optimizer, epochs=1, scheduler=scheduler)["train_loss"]


# ---- The rest -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"epochs": 2.5}, TypeError, "epochs must be a whole number, not 2.5"),
        ({"epochs": "3"}, TypeError, "epochs must be a whole number, not '3'"),
        ({"epochs": -1}, ValueError, "epochs must be at least 0, not -1"),
        ({"patience": 0, "val_loader": (X, y)}, ValueError, "patience must be at least 1 epoch"),
        ({"patience": -2, "val_loader": (X, y)}, ValueError, "at least 1 epoch, not -2"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(options, error, message):
    with pytest.raises(error, match=message):
        fit(**options)


@pytest.mark.parametrize(
    ("metrics", "error", "message"),
    [
        ([accuracy], TypeError, "metrics must be a dict .* not a list"),
        (accuracy, TypeError, "metrics must be a dict .* not a function"),
        ({"accuracy": "accuracy"}, TypeError, "from name to function, .* not a str"),
        ({"loss": accuracy}, ValueError, 'A metric cannot be called "loss"'),
    ],
)
def test_metrics_are_refused_before_the_first_step(metrics, error, message):
    model = line()
    before = model.weight.clone()
    with pytest.raises(error, match=message):
        fit(model=model, metrics=metrics)
    assert torch.equal(model.weight, before)
    with pytest.raises(error, match=message):
        evaluate(model, (X, y), nn.MSELoss(), metrics)


def test_an_error_carries_the_history_so_far():
    class Breaks:
        epochs = 0

        def __iter__(self):
            yield X, y
            self.epochs += 1
            if self.epochs == 3:
                raise OSError("the disk is full")

    model = line()
    with pytest.raises(OSError, match="the disk is full") as caught:
        fit(Breaks(), model, None, None, 9, (X, y))
    history = caught.value.history
    assert list(history) == ["train_loss", "val_loss", "seconds"]
    assert [len(numbers) for numbers in history.values()] == [2, 2, 2]
    assert not model.training

    model = nn.Sequential(nn.BatchNorm1d(3), line())
    with pytest.raises(ValueError, match="batch norm") as caught:
        fit([(X, y), (X[:1], y[:1])], model)
    assert caught.value.history == {"train_loss": [], "seconds": []}
    assert "Expected more than 1 value" in str(caught.value.__cause__)
