"""Files and folders that nobody but their owner may read, whatever the process that makes them would allow.

What we write ourselves is made so. Libraries make files in ways of their own, so a writer has a strict mask
meanwhile, and looks at all that lies in the warehouse before and after: an earlier version, or a copy from a
backup, may have left files that others can read.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatch
from pathlib import Path

FILE_MODE, FOLDER_MODE = 0o600, 0o700
OTHERS = 0o077
"""What the owner's group and all others may do."""


def make_folder(folder: Path) -> None:
    """Make a folder of our own, if it is missing; those above it are as usual."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)


def write_private(path: Path, content: bytes) -> None:
    """Write a file, and see that it is on the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """See that the names of a folder's files are on the disk, where the system can do so."""
    if os.name != "posix":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def private_files(directory: Path, patterns: Collection[str]) -> Iterator[None]:
    """Whatever is made in the warehouse meanwhile, and what is there, is for its owner alone.

    `patterns`: of the names of our files and folders there. A folder that holds others, too, keeps its own
    mode: whoever names one that is not ours must not find it locked.
    """
    before = os.umask(OTHERS)
    try:
        _make_private(directory, patterns)
        yield
    finally:
        os.umask(before)
        _make_private(directory, patterns)


def _make_private(directory: Path, patterns: Collection[str]) -> None:
    if os.name != "posix":
        return
    with suppress(OSError):  # it is gone
        entries = list(os.scandir(directory))
        ours = [entry for entry in entries if any(fnmatch(entry.name, each) for each in patterns)]
        if len(ours) == len(entries):
            _close_to_others(directory)
        for entry in ours:
            _close_all(entry)


def _close_all(entry: os.DirEntry[str]) -> None:
    """Close a file or a folder with all that is in it; nothing that a link leads to."""
    if entry.is_symlink():
        return
    _close_to_others(Path(entry.path))
    with suppress(OSError):  # another user's, or gone meanwhile
        if entry.is_dir():
            for inner in os.scandir(entry.path):
                _close_all(inner)


def _close_to_others(path: Path) -> None:
    with suppress(OSError):  # another user's, a disk that is read only, or gone meanwhile
        mode = path.stat().st_mode
        if mode & OTHERS:
            path.chmod(mode & 0o7777 & ~OTHERS)
