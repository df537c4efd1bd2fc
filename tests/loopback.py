"""A web server on this machine that answers as badly as it is told, and tiny data files for it."""

import gzip
import hashlib
import http.server
import io
import struct
import tarfile
import threading
import time

import numpy as np
from PIL import Image

from helpers.datasets import pictures

CUT, DRIP, SILENCE, LATE_SILENCE = "cut", "drip", "silence", "late silence"


class Server(http.server.ThreadingHTTPServer):
    """Gives for each path one answer after the other, the last one again and again.

    answers: a dict from path to a list, of: bytes, a status, (CUT, bytes), (DRIP, bytes),
        SILENCE from the first question on, or LATE_SILENCE, which follows an answer to HEAD.
    asked: the paths that were asked for with GET.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.asked = {}, []
        self.lock, self.released = threading.Lock(), threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def url(self, path):
        """Return the full address of a path."""
        return f"http://127.0.0.1:{self.server_address[1]}{path}"

    def next_answer(self, path):
        """Return what comes next for a path, and note that it was asked for."""
        with self.lock:
            self.asked.append(path)
            answers = self.answers.get(path, [404])
            return answers.pop(0) if len(answers) > 1 else answers[0]

    def handle_error(self, request, client_address):
        """Say nothing when a client hangs up: some tests do."""

    def __exit__(self, *error):
        self.released.set()
        self.shutdown()
        super().__exit__(*error)


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers one request as the server tells it."""

    def do_HEAD(self):
        """Answer 200, or nothing for a while."""
        if SILENCE in self.server.answers.get(self.path, []):
            self.server.released.wait(20)
            self.server.asked.append(self.path)
        self.send_response(200)
        self.end_headers()

    def do_GET(self):
        """Give the next answer."""
        answer = self.server.next_answer(self.path)
        if answer == LATE_SILENCE:
            self.server.released.wait(20)
            return
        if isinstance(answer, int):
            self.send_error(answer)
            return
        manner, content = answer if isinstance(answer, tuple) else (None, answer)
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if manner == CUT:
            self.wfile.write(content[: len(content) // 2])
        elif manner == DRIP:
            for i in range(0, len(content), 100):
                self.wfile.write(content[i : i + 100])
                time.sleep(0.02)
        else:
            self.wfile.write(content)

    def log_message(self, *args):
        """Keep the test's output clean."""


def closed_port():
    """Return a URL on which nothing listens."""
    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        port = server.server_address[1]
    return f"http://127.0.0.1:{port}/file"


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def make_folders(per_class, kind="png"):
    """Return a small cifar10.tgz; every pixel of a picture holds 10 * its class + its number."""
    contents = {"cifar10/labels.txt": b"airplane\n"}
    for part, count in per_class.items():
        for label, name in enumerate(pictures.CLASSES):
            for i in range(count):
                file = io.BytesIO()
                Image.new("RGB", (32, 32), (10 * label + i,) * 3).save(file, kind)
                ending = "jpg" if kind == "jpeg" else kind
                contents[f"cifar10/{part}/{name}/{i:04}.{ending}"] = file.getvalue()
    return make_archive(contents)


def make_archive(contents, extra=()):
    """Return a .tar.gz archive of these files, and of extra tarfile.TarInfo without content."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, content in contents.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for member in extra:
            archive.addfile(member)
    return file.getvalue()


def make_batches(per_class):
    """Return a small cifar-10-python.tar.gz: pixels run through channels, rows, columns."""
    rng = np.random.default_rng(0)
    contents = {"cifar-10-batches-py/readme.html": b"<p>"}
    expected = {}
    for part, names in pictures.BATCHES.items():
        labels = rng.permutation(np.repeat(np.arange(10), per_class[part]))
        X = rng.integers(0, 256, (len(labels), 3, 32, 32), dtype=np.uint8)
        expected[part] = X.transpose(0, 2, 3, 1), labels
        parts = [np.array_split(X, len(names)), np.array_split(labels, len(names))]
        for name, X_batch, y_batch in zip(names, *parts, strict=True):
            contents[f"cifar-10-batches-py/{name}"] = python2_pickle(X_batch, y_batch)
    return make_archive(contents), expected


def python2_pickle(X, labels):
    """Return what Python 2's cPickle, protocol 2, made of {"labels": [...], "data": array}."""
    rows = X.reshape(len(X), -1)
    shape = b"J" + struct.pack("<i", len(rows)) + b"J" + struct.pack("<i", rows.shape[1]) + b"\x86"
    dtype = b"cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNN" + 2 * b"J\xff\xff\xff\xff"
    state = b"(K\x01" + shape + dtype + b"K\x00tb\x89T" + struct.pack("<i", rows.size)
    array = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
    numbers = b"](" + b"".join(b"K" + bytes([int(label)]) for label in labels) + b"e"
    data = array + state + rows.tobytes() + b"tb"
    return b"\x80\x02}(U\x06labels" + numbers + b"U\x04data" + data + b"u."


def truncated(archive):
    """Return an archive whose tar ends in the middle, although its gzip is whole."""
    return gzip.compress(gzip.decompress(archive)[:1560])
