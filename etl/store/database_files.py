"""Files of the warehouse that the archive can make anew, and how one is removed."""

from __future__ import annotations

import shutil
from pathlib import Path

DATABASE = "warehouse.duckdb"
BESIDE = "anew.duckdb"
"""A database that is being made anew, beside the one in use until it stands."""
ASIDE = "damaged.duckdb"
"""A database that is damaged, or of another version, until readers have a new snapshot."""
DAMAGED = "damaged"
"""The folder for files of the archive that are damaged: nobody can tell whose rows are in them."""


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that is in it, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def remove_database(directory: Path, name: str = DATABASE) -> None:
    """Remove a database with its log and its spill folder; snapshots stay for those who read."""
    for path in directory.glob(f"{name}*"):
        remove(path)


def remove_leftovers(directory: Path) -> None:
    """Remove what a process that was killed was making, or had spilled from memory.

    Whoever calls this has the lock.
    """
    remove_database(directory, BESIDE)
    for pattern in ("*.duckdb.tmp", "archive/**/*.unfinished", "receipts/*.unfinished"):
        for path in directory.glob(pattern):
            remove(path)


def put_aside(directory: Path) -> None:
    """Keep a database that cannot be used until a new snapshot stands."""
    remove_database(directory, ASIDE)
    for path in directory.glob(f"{DATABASE}*"):
        path.replace(path.with_name(path.name.replace(DATABASE, ASIDE)))


def swap_in(directory: Path) -> None:
    """Put the database that was made beside in the place of the one in use; both are closed."""
    for path in directory.glob(f"{DATABASE}.*"):  # its log belongs to the old one
        remove(path)
    (directory / BESIDE).replace(directory / DATABASE)
