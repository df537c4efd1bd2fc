"""make_loader gives what a DataLoader would give, and can do what its arguments say."""

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from helpers import make_loader, train

X = torch.arange(20.0).reshape(10, 2)
y = torch.arange(10)


@pytest.mark.parametrize("batch_size", [1, 3, 5, 10, 64])
@pytest.mark.parametrize("drop_last", [False, True])
def test_the_batches_are_a_dataloaders(batch_size, drop_last):
    ours = make_loader(X, y, batch_size, drop_last=drop_last)
    theirs = DataLoader(TensorDataset(X, y), batch_size, drop_last=drop_last)
    assert len(ours) == len(theirs) == len(list(ours))
    for (X_ours, y_ours), (X_theirs, y_theirs) in zip(ours, theirs, strict=True):
        torch.testing.assert_close(X_ours, X_theirs)
        torch.testing.assert_close(y_ours, y_theirs)


def order(loader):
    return torch.cat([y_batch for _, y_batch in loader]).tolist()


def test_it_can_be_run_through_again():
    loader = make_loader(X, y, 3)
    assert order(loader) == order(loader) == list(range(10))


def test_shuffling_keeps_rows_and_labels_together():
    loader = make_loader(X, y, 3, shuffle=True, seed=0)
    for X_batch, y_batch in loader:
        torch.testing.assert_close(X_batch, X[y_batch])
    first, second = order(loader), order(loader)
    assert sorted(first) == sorted(second) == list(range(10))
    assert len({tuple(first), tuple(second), tuple(range(10))}) == 3


def test_a_seed_gives_the_same_orders_again():
    loaders = [make_loader(X, y, 3, shuffle=True, seed=seed) for seed in (1, 1, 2)]
    orders = [[order(loader) for _ in range(3)] for loader in loaders]
    assert orders[0] == orders[1]
    assert orders[0] != orders[2]


def test_a_seed_is_independent_of_the_global_one():
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    first = order(make_loader(X, y, 3, shuffle=True, seed=1))
    torch.testing.assert_close(torch.rand(1), expected)
    assert order(make_loader(X, y, 3, shuffle=True, seed=1)) == first


def test_without_a_seed_the_global_one_counts():
    torch.manual_seed(3)
    first = order(make_loader(X, y, 3, shuffle=True))
    torch.manual_seed(3)
    assert order(make_loader(X, y, 3, shuffle=True)) == first


def test_dropping_the_last_batch_drops_other_rows_each_epoch():
    loader = make_loader(X, y, 4, shuffle=True, seed=0, drop_last=True)
    epochs = [frozenset(order(loader)) for _ in range(10)]
    assert {len(rows) for rows in epochs} == {8}
    assert len(set(epochs)) > 1


def test_transform_sees_each_batch_of_x_and_leaves_the_data_alone():
    seen = []

    def double(X_batch):
        seen.append(len(X_batch))
        return 2 * X_batch

    before = X.clone()
    X_batch, y_batch = next(iter(make_loader(X, y, 4, transform=double)))
    torch.testing.assert_close(X_batch, 2 * X[:4])
    torch.testing.assert_close(y_batch, y[:4])
    torch.testing.assert_close(X, before)
    assert len(list(make_loader(X, y, 4, transform=double))) == 3
    assert seen == [4, 4, 4, 2]


def test_device_holds_the_batches():
    X_batch, y_batch = next(iter(make_loader(X, y, 4, shuffle=True, device="meta")))
    assert (X_batch.device.type, y_batch.device.type) == ("meta", "meta")


@pytest.mark.skipif(not torch.accelerator.is_available(), reason="there is no accelerator")
def test_an_accelerator_gets_the_same_batches():
    device = torch.accelerator.current_accelerator()
    ours = make_loader(X, y, 3, shuffle=True, seed=0, device=device)
    for (X_batch, y_batch), (X_cpu, y_cpu) in zip(
        ours, make_loader(X, y, 3, shuffle=True, seed=0), strict=True
    ):
        assert X_batch.device.type == device.type
        torch.testing.assert_close(X_batch.cpu(), X_cpu)
        torch.testing.assert_close(y_batch.cpu(), y_cpu)


def test_train_takes_it_for_a_dataloader():
    def fit(loader):
        torch.manual_seed(0)
        model = nn.Linear(2, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
        return train(model, loader, nn.MSELoss(), optimizer, epochs=3, progress=False)

    target = X.sum(dim=1, keepdim=True)
    ours = fit(make_loader(X, target, 4))
    theirs = fit(DataLoader(TensorDataset(X, target), 4))
    assert ours["train_loss"] == pytest.approx(theirs["train_loss"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((X, y, 0), "batch_size must be at least 1, not 0"),
        ((X, y[:5]), "X has 10 rows and y has 5"),
        ((X.numpy(), y), r"not \(ndarray, Tensor\)"),
    ],
)
def test_mistakes_get_one_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        make_loader(*arguments)


def test_a_batch_size_is_a_whole_number():
    with pytest.raises(TypeError, match=r"batch_size must be a whole number, not 2\.5"):
        make_loader(X, y, 2.5)
