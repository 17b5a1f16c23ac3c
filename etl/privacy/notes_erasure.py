"""Finding people in what readers wrote down: saved views and annotations, kept beside the warehouse."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from etl.privacy.words_in_text import Words
from etl.store.reader_notes import NOTEBOOK, Notebook, mark_of, no_other_writer, read_notebook


def entries_with(words: Collection[str], directory: Path) -> Notebook:
    """Every entry that has one of the words in it, by its kind; kinds without any are left out.

    Raises:
        WarehouseDamaged: nobody can tell what is in the file.
    """
    wanted = Words(words, ignore_case=True)
    notebook = read_notebook(directory / NOTEBOOK)
    entries = {kind: [each for each in entries if _names(each, wanted)] for kind, entries in notebook.items()}
    return {kind: each for kind, each in entries.items() if each}


def marks_with(words: Collection[str], directory: Path) -> list[str]:
    """A mark of every entry that has one of the words in it on its own, for an erasure to plan.

    Whole entries: what else a note says about somebody is about them, too. Case does not matter, and an
    address is read as a browser does.

    Raises:
        WarehouseBusy: a reader has been writing for seconds.
        WarehouseDamaged: nobody can tell what is in the file.
    """
    with no_other_writer(directory):
        entries = entries_with(words, directory)
    return [mark_of(entry) for kind in entries.values() for entry in kind]


def _names(entry: dict[str, Any], words: Words) -> bool:
    plain = "\n".join(str(value) for value in entry.values())
    return words.is_in(f"{plain}\n{unquote_plus(plain)}")
