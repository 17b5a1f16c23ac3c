"""What is shown of a file before its load names nobody who was erased from the warehouse."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from etl.mapping.inspect import Inspection
from etl.store.archive import Archive
from etl.store.erased_list import ERASED, ErasedIds, read_erased
from etl.store.mentions import words_of
from etl.store.whole_files import FileVersion, version_of


def erased_ids(folder: Path) -> ErasedIds | None:
    """Who was erased from the warehouse; None where nobody was.

    Raises:
        KeyMismatch: the key is missing or another one, as a load would say.
        WarehouseDamaged: the list cannot be read.
    """
    if read_erased(folder) is None:
        return None
    key = os.environ.get("STEPSIGHT_KEY")
    return ErasedIds(folder, Archive(folder / "archive", Path(key) if key else None).pseudonyms())


def version_of_list(folder: Path) -> FileVersion | None:
    """What changes whenever somebody is erased; None where nobody was."""
    file = folder / ERASED
    return version_of(file) if file.exists() else None


def without_erased(
    inspection: Inspection, erased: ErasedIds, sources: Sequence[str | None], tickets: frozenset[str]
) -> Inspection:
    """The look without examples and events that name the erased, as rows of any of the sources.

    `tickets`: others of theirs in the file, as a try of all its rows has found them.
    """

    def is_shown(value: object) -> bool:
        text = str(value)
        words = {text, *words_of(text)}
        return text not in tickets and not any(erased.among(words, source) for source in sources)

    columns = [
        column.model_copy(update={"examples": [each for each in column.examples if is_shown(each)]})
        for column in inspection.columns
    ]
    events = [event for event in inspection.preview if all(map(is_shown, event.values()))]
    return inspection.model_copy(update={"columns": columns, "preview": events})
