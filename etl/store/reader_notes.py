"""What readers wrote down, saved views and annotations, in a file beside the warehouse: what goes of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import TypeAdapter

from etl.errors import WarehouseBusy, WarehouseDamaged
from etl.private_files import FILE_MODE
from etl.store.whole_files import UNFINISHED, write_whole

NOTEBOOK, LOCK = "notebook.json", "notebook.lock"
PATIENCE_SECONDS = 5.0

Notebook = dict[str, list[dict[str, Any]]]
"""Entries by their kind: saved views and annotations."""


def remove_notes(marks: Collection[str], directory: Path) -> None:
    """Remove the entries that have these marks, those that are still there.

    Raises:
        WarehouseBusy: a reader has been writing for seconds.
        WarehouseDamaged: nobody can tell what is in the file.
    """
    with no_other_writer(directory) as file:
        notebook = read_notebook(file) if marks else {}
        remaining = {
            kind: [entry for entry in entries if mark_of(entry) not in marks]
            for kind, entries in notebook.items()
        }
        if remaining != notebook:
            write_whole(file, json.dumps(remaining, indent=1, ensure_ascii=False).encode())


def mark_of(entry: dict[str, Any]) -> str:
    """What tells an entry from others without saying it."""
    return hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()


def read_notebook(file: Path) -> Notebook:
    """All entries; none where there is no file.

    Raises:
        WarehouseDamaged: nobody can tell what is in it.
    """
    try:
        return _NOTEBOOK.validate_json(file.read_bytes()) if file.exists() else {}
    except (OSError, ValueError) as error:
        # Nothing of what is wrong: pydantic repeats what stands there, which may be of the person to forget.
        raise WarehouseDamaged("forget.notes_damaged", path=file) from error


@contextmanager
def no_other_writer(directory: Path) -> Iterator[Path]:
    """The file of the notes, while no reader writes to it.

    Raises:
        WarehouseBusy: a reader has been writing for seconds.
    """
    file = directory / NOTEBOOK
    unfinished = file.with_suffix(UNFINISHED)
    if not (file.exists() or unfinished.exists()):
        yield file
        return
    try:
        with FileLock(directory / LOCK, timeout=PATIENCE_SECONDS, mode=FILE_MODE):
            unfinished.unlink(missing_ok=True)  # of a process that was killed while writing
            yield file
    except Timeout as error:
        raise WarehouseBusy("forget.notes_busy", path=file) from error


_NOTEBOOK = TypeAdapter(Notebook)
