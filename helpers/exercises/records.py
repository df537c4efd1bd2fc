"""Which exercises were passed: remembered in a small text file, progress.txt, one key in a line.

COURSE_PROGRESS names another file; set to nothing, it switches remembering off.
"""

import os
from pathlib import Path

DEFAULT = Path(__file__).resolve().parents[2] / "data" / "cache" / "progress.txt"


def path():
    """Return the file, or None when remembering is switched off."""
    name = os.environ.get("COURSE_PROGRESS")
    if name is None:
        return DEFAULT
    return Path(name) if name else None


def passed():
    """Return what the file holds, the keys of passed exercises; none if it cannot be read."""
    file = path()
    try:
        return set(file.read_text(encoding="utf-8", errors="replace").split()) if file else set()
    except OSError:
        return set()


def remember(key):
    """Add a key to the file; a file that cannot be written must never disturb a student.

    A line is appended, never the file rewritten: two notebooks at once lose nothing, nor does one
    that was killed while it wrote.
    """
    file = path()
    if file is None or key in passed():
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as record:
            record.write(f"\n{key}\n")  # the first break ends a line that was cut short
    except OSError:
        pass
