"""Which exercises were passed: remembered in a small text file, progress.txt, one key in a line.

COURSE_PROGRESS names another file; set to nothing, it switches remembering off.
"""

import os
from pathlib import Path

DEFAULT = Path(__file__).resolve().parents[2] / "data" / "cache" / "progress.txt"


LARGEST = 1_000_000  # bytes: a larger file is no record of ours


def path():
    """Return the file, or None when remembering is switched off."""
    name = os.environ.get("COURSE_PROGRESS")
    if name is None:
        return DEFAULT
    return Path(name).expanduser() if name else None


def usable(file):
    """Return True for a file of ours, or none yet: reading a pipe or a device could hang."""
    return not file.exists() or (file.is_file() and file.stat().st_size <= LARGEST)


def passed():
    """Return what the file holds, the keys of passed exercises; none if it cannot be read."""
    try:
        file = path()
        if file is None or not file.is_file() or not usable(file):
            return set()
        return set(file.read_text(encoding="utf-8", errors="replace").split())
    except (OSError, RuntimeError, ValueError):  # no rights, no home folder, a name with a NUL
        return set()


def remember(key):
    """Add a key to the file; a file that cannot be written must never disturb a student.

    A line is appended, never the file rewritten: two notebooks at once lose nothing, nor does one
    that was killed while it wrote.
    """
    try:
        file = path()
        if file is None or not usable(file) or key in passed():
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as record:
            record.write(f"\n{key}\n")  # the first break ends a line that was cut short
    except (OSError, RuntimeError, ValueError):
        pass
