"""What earlier versions kept of rejected rows and of paths in the archive, brought to what is kept today.

Each record is changed by itself, and says then by which rules its rows were kept: if the process ends, the
next rebuild goes on.
"""

from __future__ import annotations

import json
import re
from secrets import token_hex
from typing import Any

import polars as pl

from etl.privacy.contact_details import ContactDetails
from etl.privacy.pseudonyms import Pseudonyms
from etl.privacy.shapes import shapes_of
from etl.store.archive import Archive, LoadRecord
from etl.store.file_names import pseudonyms_if_any, renamed
from etl.store.rejected_content import CONTENT_RULES, CONTRACT_WORDS

_STAYS = re.compile(
    r"[act]-[0-9a-f]{24}|\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?"
)


def shape_rejected_rows(archive: Archive) -> None:
    """Keep the shape of what rejected rows of earlier versions hold; nobody knows their columns any more."""
    pseudonyms = pseudonyms_if_any(archive)
    for record in list(archive.records(after=0)):
        if not isinstance(record, LoadRecord) or record.content_rules >= CONTENT_RULES:
            continue
        if (name := record.rejected_file) and archive.rejected(name).exists():
            rows = pl.read_parquet(archive.rejected(name))
            marks = _marks(rows["content"], pseudonyms)
            if "row" in rows.columns:
                marks = rows["row"].zip_with(rows["row"].is_not_null(), marks)
            name = archive.write_rejected(rows.with_columns(_shaped(rows["content"]), row=marks))
        changed = {"rejected_file": name, "content_rules": CONTENT_RULES}
        archive.commit(record.model_copy(update=changed))
    archive.remove_unused()


def hide_paths(archive: Archive, contacts: ContactDetails) -> None:
    """Keep the hash of paths in place of the paths themselves, and names of files without contact details."""
    pseudonyms = pseudonyms_if_any(archive)
    for record in list(archive.records(after=0)):
        if (
            isinstance(record, LoadRecord)
            and (changed := renamed(record, (), pseudonyms, contacts)) != record
        ):
            archive.commit(changed)


def _marks(contents: pl.Series, pseudonyms: Pseudonyms | None) -> pl.Series:
    """What tells rows apart whose shapes may be the same; without the key each row is one of its own."""
    if pseudonyms:
        return pseudonyms.marks(contents, "row")
    return pl.Series([f"r-{token_hex(12)}" for _ in contents], dtype=pl.String)


def _shaped(contents: pl.Series) -> pl.Series:
    """The contents of rows: what is in their cells, or the text of one whose columns cannot be told apart."""
    rows = [_cells(content) for content in contents]
    cells = {cell for row in rows for cell in (row.values() if isinstance(row, dict) else [row]) if cell}
    shapes = _shapes(sorted(cells))
    shaped = [
        json.dumps({name: shapes.get(cell or "", cell) for name, cell in row.items()})
        if isinstance(row, dict)
        else shapes.get(row, row)
        for row in rows
    ]
    return pl.Series("content", shaped, dtype=pl.String)


def _shapes(texts: list[str]) -> dict[str, str]:
    """The shapes of those texts that do not stay; one call for all, as a single one takes as long as many."""
    changed = [text for text in texts if text and text not in CONTRACT_WORDS and not _STAYS.fullmatch(text)]
    return dict(zip(changed, shapes_of(pl.Series(changed, dtype=pl.String)), strict=True))


def _cells(content: str) -> dict[str, str | None] | str:
    """The texts of a row's cells, or the text of a row that has none."""
    try:
        cells = json.loads(content)
    except ValueError:
        cells = None
    if not isinstance(cells, dict):
        return content
    return {name: None if cell is None else _text(cell) for name, cell in cells.items()}


def _text(cell: Any) -> str:
    return cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False)
