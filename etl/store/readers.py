"""Whether somebody still reads a snapshot.

DuckDB locks a file that it has open, against other processes; a process does not see its own locks, so what
it has open itself is looked up where the system lists it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection
from pathlib import Path

SECONDS_TO_RELEASE = 20.0
"""A dashboard lets go of an older snapshot within ten."""
_LOOK_EVERY_SECONDS = 0.1
_OPEN_FILES = Path("/proc/self/fd")


def wait_until_released(files: Collection[Path], seconds: float) -> bool:
    """Whether nobody has any of the files open any more, after so many seconds at the latest."""
    deadline = time.monotonic() + seconds
    while any(is_open(file) for file in files):
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_EVERY_SECONDS)
    return True


def is_open(file: Path) -> bool:
    """Whether this process or another one has the file open as a database."""
    return file.exists() and (_is_open_here(file) or _is_locked(file))


def _is_open_here(file: Path) -> bool:
    try:
        links = list(_OPEN_FILES.iterdir())
    except OSError:  # a system that has no such list
        return False
    return any(_target(link) == str(file.resolve()) for link in links)


def _target(link: Path) -> str:
    try:
        return os.readlink(link)  # noqa: PTH115 - as it stands: a file may be gone
    except OSError:
        return ""


def _is_locked(file: Path) -> bool:
    try:
        import fcntl
    except ImportError:  # a system that refuses to remove what is open, so nothing is to be asked
        return False
    try:
        with file.open("r+b") as opened:
            fcntl.lockf(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:  # somebody has it, or nobody can tell
        return True
    return False
