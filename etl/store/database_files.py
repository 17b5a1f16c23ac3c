"""Files of the warehouse that the archive can make anew, and how one is removed."""

from __future__ import annotations

import shutil
from pathlib import Path

from etl.store.readers import is_open

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


def spill_folder(database: Path) -> Path:
    """Where DuckDB puts what it lacks memory for while it has a database open; one killed leaves it there."""
    return database.with_name(f"{database.name}.tmp")


def remove_snapshot(snapshot: Path) -> None:
    """Remove an older snapshot with what its readers spilled; while one of them does, both stay.

    Another reader that has it open keeps it until it lets go.
    """
    spilled = spill_folder(snapshot)
    if not (spilled.exists() and is_open(snapshot)):
        snapshot.unlink(missing_ok=True)
        remove(spilled)


def remove_spilled(directory: Path) -> None:
    """Remove what readers of snapshots spilled who were killed."""
    for spilled in (directory / "snapshots").glob("*.duckdb.tmp"):
        if not is_open(spilled.with_suffix("")):
            remove(spilled)


def remove_leftovers(directory: Path) -> None:
    """Remove what a process that was killed was making, or had spilled from memory.

    Whoever calls this has the lock.
    """
    remove_database(directory, BESIDE)
    remove_spilled(directory)
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
