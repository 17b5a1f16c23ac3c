"""Folders of uploaded files: in the warehouse, each for one file, for as long as it is looked at or loaded.

A process that is killed leaves its folders behind, with whatever its readers sent. Each is locked by the
process that uses it, and the system lets go of a lock when a process ends: what nobody locks is removed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from etl.store.database_files import remove

UPLOADS = "uploads"


@contextmanager
def upload_folder(directory: Path) -> Iterator[Path]:
    """A folder that nobody else may read, and that is gone afterwards.

    Raises:
        OSError: the warehouse cannot be written.
    """
    parent = (directory / UPLOADS).absolute()
    parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=parent, ignore_cleanup_errors=True) as name:
        descriptor = os.open(name, os.O_RDONLY)
        try:
            _is_free(descriptor)  # from here on it is not
            yield Path(name)
        finally:
            os.close(descriptor)


def remove_stale_uploads(directory: Path) -> None:
    """Remove the folders of processes that were killed."""
    for folder in (directory / UPLOADS).glob("*"):
        with suppress(FileNotFoundError):  # whoever used it removes it at this moment
            _remove_if_free(folder)


def _remove_if_free(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if _is_free(descriptor):
            remove(folder)
    finally:
        os.close(descriptor)


def _is_free(descriptor: int) -> bool:
    """Lock a folder; whether nobody else has it locked. Without locks every folder may be in use."""
    try:
        import fcntl
    except ImportError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
