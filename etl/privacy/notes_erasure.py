"""Taking people out of what readers wrote down: saved views and annotations, kept beside the warehouse."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from filelock import FileLock, Timeout
from pydantic import TypeAdapter

from etl.errors import WarehouseBusy, WarehouseDamaged
from etl.privacy.words_in_text import Words
from etl.private_files import FILE_MODE
from etl.store.whole_files import UNFINISHED, write_whole

NOTEBOOK, LOCK = "notebook.json", "notebook.lock"
PATIENCE_SECONDS = 5.0


Notebook = dict[str, list[dict[str, Any]]]
"""Entries by their kind: saved views and annotations."""


def entries_with(words: Collection[str], directory: Path) -> Notebook:
    """Every entry that has one of the words in it, by its kind; kinds without any are left out.

    Raises:
        WarehouseDamaged: nobody can tell what is in the file.
    """
    wanted = Words(words, ignore_case=True)
    notebook = _read(directory / NOTEBOOK)
    entries = {kind: [each for each in entries if _names(each, wanted)] for kind, entries in notebook.items()}
    return {kind: each for kind, each in entries.items() if each}


def forget_in_notes(words: Collection[str], directory: Path) -> int:
    """Remove every entry that has one of the words in it on its own; how many there were.

    Whole entries: what else a note says about somebody is about them, too. Case does not matter, and an
    address is read as a browser does.

    Raises:
        WarehouseBusy: a reader has been writing for seconds.
        WarehouseDamaged: nobody can tell what is in the file.
    """
    file, wanted = directory / NOTEBOOK, Words(words, ignore_case=True)
    unfinished = file.with_suffix(UNFINISHED)
    if not (file.exists() or unfinished.exists()):
        return 0
    try:
        with FileLock(directory / LOCK, timeout=PATIENCE_SECONDS, mode=FILE_MODE):
            unfinished.unlink(missing_ok=True)  # of a process that was killed while writing
            notebook = _read(file)
            remaining = {
                kind: [entry for entry in entries if not _names(entry, wanted)]
                for kind, entries in notebook.items()
            }
            gone = sum(map(len, notebook.values())) - sum(map(len, remaining.values()))
            if gone:
                write_whole(file, json.dumps(remaining, indent=1, ensure_ascii=False).encode())
            return gone
    except Timeout as error:
        raise WarehouseBusy("forget.notes_busy", path=file) from error


def _read(file: Path) -> Notebook:
    try:
        return _NOTEBOOK.validate_json(file.read_bytes()) if file.exists() else {}
    except (OSError, ValueError) as error:
        # Nothing of what is wrong: pydantic repeats what stands there, which may be of the person to forget.
        raise WarehouseDamaged("forget.notes_damaged", path=file) from error


_NOTEBOOK = TypeAdapter(dict[str, list[dict[str, Any]]])


def _names(entry: dict[str, Any], words: Words) -> bool:
    plain = "\n".join(str(value) for value in entry.values())
    return words.is_in(f"{plain}\n{unquote_plus(plain)}")
