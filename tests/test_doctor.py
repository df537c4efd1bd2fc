"""The doctor reports what it finds and never fails itself."""

import importlib.metadata

import pytest

from helpers import datasets, doctor


def test_a_healthy_machine(capsys):
    assert doctor.main() == 0
    shown = capsys.readouterr().out
    assert "torch " in shown
    assert "Everything is in place." in shown


@pytest.mark.parametrize(("missing", "status"), [("pooch", 1), ("nbval", 0)])
def test_a_missing_package_is_a_problem_if_helpers_needs_it(missing, status, monkeypatch, capsys):
    known = importlib.metadata.version

    def version(name):
        if name == missing:
            raise importlib.metadata.PackageNotFoundError(name)
        return known(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    assert doctor.main() == status
    shown = capsys.readouterr().out
    assert f"no {missing}" in shown
    assert (f"PROBLEM     {missing} is not installed" in shown) == bool(status)


def test_a_broken_torch_is_a_problem(monkeypatch, capsys):
    import torchvision

    def broken(*_):
        raise RuntimeError("operator torchvision::nms does not exist\nand more")

    monkeypatch.setattr(torchvision.ops, "nms", broken)
    assert doctor.main() == 1
    shown = capsys.readouterr().out
    assert "PyTorch does not work (operator torchvision::nms does not exist)" in shown
    assert "install torch and torchvision together" in shown


def test_broken_data_is_a_problem(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    (tmp_path / "boston.csv").touch()
    assert datasets.find("boston.csv").parent == tmp_path
    assert doctor.main() == 1
    assert "the file is empty" in capsys.readouterr().out
