"""Downloads: bounded in time, tried again where that helps, and one sentence when they fail."""

import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

CONNECT_SECONDS = 3  # after so long without an answer there is no network
READ_SECONDS = 10  # the longest pause within a download
ATTEMPTS = 3
PAUSE_SECONDS = 1
SLOW = 100e3  # bytes per second; CIFAR-10 would take half an hour
SLOW_AFTER_SECONDS = 20
CHUNK = 2**16  # bytes


class DownloadFailed(Exception):
    """A download that did not succeed: the text is one sentence."""


class TooSlow(Exception):
    """A download that would take too long while another source is left."""


def download(url, path, sha256=None, *, patient=True):
    """Fetch a URL into the file `path`, and compare its checksum where one is known.

    patient: put up with a very slow server.
    DownloadFailed: nothing usable came; OSError: the disk is full, or the folder read-only.
    """
    import pooch

    host = urlsplit(url).netloc
    if not answers(url):
        raise DownloadFailed(f"{host} could not be reached within {CONNECT_SECONDS} seconds.")
    for attempt in range(ATTEMPTS):
        fault, again = try_once(url, path, patient)
        if not again:
            break
        if attempt < ATTEMPTS - 1:
            time.sleep(PAUSE_SECONDS)
    if fault is not None:
        raise DownloadFailed(f"{host} {fault}.")
    if sha256 is not None and pooch.file_hash(str(path)) != sha256:
        raise DownloadFailed(f"{host} sent a file with a wrong checksum.")


def answers(url):
    """Return whether the server of a URL answers at all, with whatever status.

    It is asked in a thread, because looking up a host name knows no time limit.
    """
    import requests

    heard = threading.Event()

    def ask():
        try:
            requests.head(url, timeout=CONNECT_SECONDS)
        except Exception:  # whatever it is, there was no answer
            return
        heard.set()

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(CONNECT_SECONDS)
    return heard.is_set()


def try_once(url, path, patient):
    """Download once; return what went wrong (None: nothing), and whether to try again."""
    import pooch
    import requests

    try:
        with progress_bar(Path(path).name, patient) as bar:
            timeout = (CONNECT_SECONDS, READ_SECONDS)
            fetch = pooch.HTTPDownloader(progressbar=bar, timeout=timeout, chunk_size=CHUNK)
            fetch(url, str(path), None)
    except TooSlow:
        return f"is too slow (under {SLOW / 1e3:.0f} kB a second)", False
    except requests.HTTPError as error:
        status = error.response.status_code
        return f"answers with error {status}", status >= 500
    except requests.Timeout:
        return f"sent nothing for {READ_SECONDS} seconds", False
    except requests.RequestException:  # a subclass of OSError, but not the disk's fault
        return "broke the connection off", True
    return None, False


def progress_bar(name, patient):
    """Return a progress bar; an impatient one stops a very slow download by raising TooSlow."""
    from tqdm import tqdm

    class Bar(tqdm):
        def __bool__(self):  # pooch asks "if bar", which tqdm cannot answer without a total
            return True

        def update(self, n=1):
            seconds = self.format_dict["elapsed"]
            if not patient and seconds > SLOW_AFTER_SECONDS and self.n < SLOW * seconds:
                raise TooSlow
            return super().update(n)

    return Bar(desc=name, unit="B", unit_scale=True, ncols=79, ascii=True)
