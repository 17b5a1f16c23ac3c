"""What the disk refuses, as an error that says what to do: make room, allow writing, look at the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from etl.errors import StorageFailed
from etl.messages import os_reason

# A disk that fills up while DuckDB commits ends the transaction, or the whole database object.
DISK_ERRORS = (
    duckdb.IOException,
    duckdb.TransactionException,
    duckdb.FatalException,
    pl.exceptions.ComputeError,
)
_REMEDIES = {
    "os.no_space": "warehouse.no_room",
    "os.too_large": "warehouse.no_room",
    "os.read_only": "warehouse.read_only",
    "os.not_permitted": "warehouse.not_permitted",
    "os.not_a_folder": "warehouse.no_folder",
    "os.not_there": "warehouse.file_gone",
    "os.no_locks": "warehouse.no_locks",
}


_OF_WRITING = ("os.no_space", "os.too_large", "os.read_only")


@contextmanager
def storage_failures(directory: Path) -> Iterator[None]:
    """What the disk refuses is an error with a message that fits what it refuses."""
    try:
        yield
    except (OSError, *DISK_ERRORS) as error:
        raise _storage_failed(error, directory) from error


def require_written(error: Exception, directory: Path) -> None:
    """What a library raises is not that the disk took no more.

    Raises:
        StorageFailed: it is.
    """
    if os_reason(error).code in _OF_WRITING:
        raise _storage_failed(error, directory) from error


def _storage_failed(error: Exception, directory: Path) -> StorageFailed:
    reason = os_reason(error)
    code = _REMEDIES.get(reason.code, "warehouse.disk_failed")
    if code == "warehouse.file_gone" and not directory.is_dir():
        code = "warehouse.no_folder"
    file = getattr(error, "filename", None) or directory
    return StorageFailed(code, folder=directory, reason=reason, file=file, detail=str(error))
