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

import structlog

from etl.private_files import make_folder
from etl.store.database_files import remove

UPLOADS = "uploads"


@contextmanager
def upload_folder(directory: Path) -> Iterator[Path]:
    """A folder that nobody else may read, and that is gone afterwards.

    Raises:
        OSError: the warehouse cannot be written.
    """
    parent = (directory / UPLOADS).absolute()
    make_folder(directory)
    make_folder(parent)
    while True:
        with TemporaryDirectory(dir=parent, ignore_cleanup_errors=True) as name:
            try:
                descriptor = os.open(name, os.O_RDONLY)
            except FileNotFoundError:  # whoever removes what nobody locks came first: take another
                continue
            try:
                _lock(descriptor)  # from here on it is not free
                if Path(name).exists():
                    yield Path(name)
                    return
            finally:
                os.close(descriptor)


def remove_stale_uploads(directory: Path) -> None:
    """Remove the folders of processes that were killed."""
    for folder in (directory / UPLOADS).glob("*"):
        try:
            _remove_if_free(folder)
        except FileNotFoundError:  # whoever used it removes it at this moment
            continue
        except OSError as error:  # another user's, which is no reason to write nothing
            structlog.get_logger().warning("upload_not_removed", folder=str(folder), detail=str(error))


def _remove_if_free(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if _is_free(descriptor):
            remove(folder)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    """Lock a folder, once nobody else has it locked; without locks nothing is removed."""
    try:
        import fcntl
    except ImportError:
        return
    with suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_EX)


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
