"""The doctor reports what it finds and never fails itself."""

import importlib.metadata
import os
import subprocess
import sys

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


def run(tmp_path, **environment):
    """Run the doctor with a folder first on its path; return its status and its text."""
    command = [sys.executable, "-m", "helpers.doctor"]
    found = subprocess.run(
        command,
        cwd=doctor.COURSE,
        env={**os.environ, "PYTHONPATH": str(tmp_path), **environment},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert b"Traceback" not in found.stderr
    return found.returncode, found.stdout.decode("utf-8", "replace")


@pytest.mark.parametrize("package", ["torch", "torchvision", "pandas", "numpy"])
def test_a_package_that_cannot_be_imported(package, tmp_path):
    (tmp_path / f"{package}.py").write_text("raise ImportError('it is broken')")
    status, shown = run(tmp_path)
    assert status == 1
    assert "(it is broken)" in shown
    assert "Python " in shown
    assert "Settings " in shown


def test_another_package_of_the_name(tmp_path):
    (tmp_path / "helpers.py").touch()
    status, shown = run(tmp_path)
    assert status == 1
    assert f"{tmp_path / 'helpers.py'} may hide the course's package" in shown


def test_folders_that_refuse_to_be_written_to(tmp_path):
    (tmp_path / "file").touch()
    nowhere = str(tmp_path / "file" / "folder")
    status, shown = run(tmp_path, COURSE_CACHE=nowhere, COURSE_PROGRESS=f"{nowhere}/progress.txt")
    assert status == 1
    assert "so downloads are not kept" in shown
    assert "so what you have passed is forgotten" in shown


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_console_that_knows_few_letters(encoding, tmp_path):
    folder = tmp_path / "Kurs f\u00fcr \u65e5\u672c"
    folder.mkdir()
    (folder / "helpers.py").touch()
    status, shown = run(folder, PYTHONIOENCODING=encoding)
    assert status == 1
    assert "helpers.py may hide" in shown
