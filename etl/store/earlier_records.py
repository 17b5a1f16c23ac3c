"""What earlier versions kept of rejected rows and of paths in the archive, brought to what is kept today.

Each record is changed by itself, and says then by which rules its rows were kept: if the process ends, the
next rebuild goes on.
"""

from __future__ import annotations

import json
import re
from typing import Any

import polars as pl

from etl.contract.kinds import Actor, Kind
from etl.privacy.shapes import shapes_of
from etl.store.archive import Archive, LoadRecord
from etl.store.file_names import pseudonyms_if_any, renamed
from etl.store.rejected_content import CONTENT_RULES

_STAYS = re.compile(
    r"[act]-[0-9a-f]{24}|\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?"
)
_WORDS = {*map(str, (*Kind, *Actor)), ""}


def shape_rejected_rows(archive: Archive) -> None:
    """Keep the shape of what rejected rows of earlier versions hold; nobody knows their columns any more."""
    for record in list(archive.records(after=0)):
        if not isinstance(record, LoadRecord) or record.content_rules >= CONTENT_RULES:
            continue
        if (name := record.rejected_file) and archive.rejected(name).exists():
            rows = pl.read_parquet(archive.rejected(name))
            content = pl.Series("content", map(_shaped, rows["content"]), dtype=pl.String)
            name = archive.write_rejected(rows.with_columns(content))
        changed = {"rejected_file": name, "content_rules": CONTENT_RULES}
        archive.commit(record.model_copy(update=changed))
    archive.remove_unused()


def hide_paths(archive: Archive) -> None:
    """Keep the hash of paths in place of the paths themselves, and names of files without contact details."""
    pseudonyms = pseudonyms_if_any(archive)
    for record in list(archive.records(after=0)):
        if isinstance(record, LoadRecord) and (changed := renamed(record, (), pseudonyms)) != record:
            archive.commit(changed)


def _shaped(content: str) -> str:
    """The content of a row: what is in its cells, or the text of one whose columns cannot be told apart."""
    try:
        cells = json.loads(content)
    except ValueError:
        cells = None
    if not isinstance(cells, dict):
        return _shape(content)
    return json.dumps(
        {name: _shape(_text(cell)) if cell is not None else None for name, cell in cells.items()}
    )


def _shape(text: str) -> str:
    if _STAYS.fullmatch(text) or text in _WORDS:
        return text
    return str(shapes_of(pl.Series([text]))[0])


def _text(cell: Any) -> str:
    return cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False)
