"""Downloads against a server on this machine: every fault ends in one sentence."""

import threading

import pytest
from loopback import CUT, DRIP, LATE_SILENCE, SILENCE, Server, closed_port, sha256

from helpers.datasets import downloads
from helpers.datasets.downloads import DownloadFailed, download

CONTENT = bytes(range(256)) * 40


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(downloads, "PAUSE_SECONDS", 0)
    with Server() as server:
        yield server


def test_good_file_is_written(server, tmp_path):
    server.answers["/file"] = [CONTENT]
    download(server.url("/file"), tmp_path / "file", sha256(CONTENT))
    assert (tmp_path / "file").read_bytes() == CONTENT


@pytest.mark.parametrize(
    "answers", [[500, CONTENT], [503, 500, CONTENT], [(CUT, CONTENT), CONTENT]]
)
def test_passing_faults_are_tried_again(server, tmp_path, answers):
    server.answers["/file"] = list(answers)
    download(server.url("/file"), tmp_path / "file", sha256(CONTENT))
    assert (tmp_path / "file").read_bytes() == CONTENT
    assert len(server.asked) == len(answers)


@pytest.mark.parametrize(
    ("answer", "sentence", "times"),
    [
        (404, "answers with error 404.", 1),
        (500, "answers with error 500.", 3),
        ((CUT, CONTENT), "broke the connection off.", 3),
        (b"another file", "sent a file with a wrong checksum.", 1),
    ],
)
def test_lasting_faults_become_one_sentence(server, tmp_path, answer, sentence, times):
    server.answers["/file"] = [answer]
    with pytest.raises(DownloadFailed) as caught:
        download(server.url("/file"), tmp_path / "file", sha256(CONTENT))
    host = f"127.0.0.1:{server.server_address[1]}"
    assert str(caught.value) == f"{host} {sentence}"
    assert len(server.asked) == times


def test_a_file_without_known_checksum_is_taken(server, tmp_path):
    server.answers["/file"] = [b"another file"]
    download(server.url("/file"), tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"another file"


def test_nobody_listens(tmp_path):
    with pytest.raises(DownloadFailed, match="could not be reached within 3 seconds"):
        download(closed_port(), tmp_path / "file")
    assert not (tmp_path / "file").exists()


def test_a_silent_server_is_given_up(server, tmp_path, monkeypatch):
    monkeypatch.setattr(downloads, "CONNECT_SECONDS", 0.3)
    server.answers["/file"] = [SILENCE]
    with pytest.raises(DownloadFailed, match="could not be reached"):
        download(server.url("/file"), tmp_path / "file")
    assert server.asked == []  # it has not yet stopped being silent


def test_a_server_that_sends_nothing_is_given_up(server, tmp_path, monkeypatch):
    monkeypatch.setattr(downloads, "READ_SECONDS", 0.3)
    server.answers["/file"] = [LATE_SILENCE]
    with pytest.raises(DownloadFailed, match=r"sent nothing for 0\.3 seconds"):
        download(server.url("/file"), tmp_path / "file")
    assert server.asked == ["/file"]  # once: it would cost as long again


def test_looking_up_a_name_is_given_up(tmp_path, monkeypatch):
    released, looked_up = threading.Event(), []

    def look_up(*args, **kwargs):
        released.wait(20)
        looked_up.append(args)
        raise OSError

    monkeypatch.setattr(downloads, "CONNECT_SECONDS", 0.3)
    monkeypatch.setattr("socket.getaddrinfo", look_up)
    with pytest.raises(DownloadFailed, match="could not be reached"):
        download("http://nowhere.invalid/file", tmp_path / "file")
    assert looked_up == []
    released.set()


def test_a_slow_server_is_left_for_another_one(server, tmp_path, monkeypatch):
    monkeypatch.setattr(downloads, "SLOW_AFTER_SECONDS", 0.2)
    monkeypatch.setattr(downloads, "CHUNK", 100)
    server.answers["/file"] = [(DRIP, CONTENT)]  # 5 kB a second
    with pytest.raises(DownloadFailed, match="too slow"):
        download(server.url("/file"), tmp_path / "file", patient=False)
    assert (tmp_path / "file").stat().st_size < len(CONTENT)


def test_a_slow_server_is_borne_where_it_is_the_only_one(server, tmp_path, monkeypatch):
    monkeypatch.setattr(downloads, "SLOW_AFTER_SECONDS", 0.1)
    monkeypatch.setattr(downloads, "CHUNK", 100)
    server.answers["/file"] = [(DRIP, CONTENT[:2000])]
    download(server.url("/file"), tmp_path / "file", sha256(CONTENT[:2000]))


def test_a_progress_bar_is_shown(server, tmp_path, capsys):
    server.answers["/file"] = [CONTENT]
    download(server.url("/file"), tmp_path / "weather.bin")
    assert "weather.bin: 100%" in capsys.readouterr().err
