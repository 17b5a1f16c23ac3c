"""Texts of who is erased in rejected rows of others: they stayed as written, as accepted rows had them.

Once no accepted row has one, its shape is kept, as if the rows of the erased had never come. What stays for
another reason is left alone: a name that the mapping states, and all of a row whose free text is kept.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Set
from pathlib import Path

import polars as pl

from etl.contract.names import name_of
from etl.privacy.pseudonyms import FREE_COLUMNS
from etl.privacy.shapes import shapes_of
from etl.store.archive import Archive
from etl.store.rejected_content import CONTRACT_WORDS


def texts_of_tickets_alone(
    tickets: Collection[str], archive: Archive, stated_names: Set[str]
) -> frozenset[str]:
    """Texts that archived events of these tickets have in any column of texts, and no others; none stated."""
    loads = archive.loads()
    if not tickets or not any(record.rejected_file for record in loads):
        return frozenset()
    segments = [archive.segment(name) for record in loads for name in record.segments]
    texts = set[str]().union(*(_texts(each, tickets, of_tickets=True) for each in segments))
    for segment in segments if texts else ():
        texts -= _texts(segment, tickets, of_tickets=False)
    return frozenset(texts) - CONTRACT_WORDS - stated_names


def with_shapes_of(texts: frozenset[str], rows: pl.DataFrame) -> pl.DataFrame:
    """Rejected rows with the shapes of these texts in place of cells that stay as accepted rows have them.

    Files of earlier versions do not say which cells these are: in them, all may be.
    """
    if not texts:
        return rows
    contents = rows["content"].to_list()
    columns = rows["as_accepted"].to_list() if "as_accepted" in rows.columns else [None] * len(contents)
    shaped = [_shaped(*each, texts) for each in zip(contents, columns, strict=True)]
    return rows if shaped == contents else rows.with_columns(content=pl.Series(shaped, dtype=pl.String))


def _shaped(content: str, columns: list[str] | None, texts: frozenset[str]) -> str:
    if columns == []:
        return content
    try:
        cells = json.loads(content)
    except ValueError:
        return content  # a row without columns has its shape alone
    if not isinstance(cells, dict):
        return content
    hits = [
        name
        for name, cell in cells.items()
        if isinstance(cell, str) and name_of(cell) in texts and (columns is None or name in columns)
    ]
    if not hits:
        return content
    shapes = shapes_of(pl.Series([cells[name] for name in hits], dtype=pl.String))
    return json.dumps(cells | dict(zip(hits, shapes, strict=True)), ensure_ascii=False, separators=(",", ":"))


def _texts(segment: Path, tickets: Collection[str], *, of_tickets: bool) -> set[str]:
    """The texts in a segment's events of these tickets, or in those of all others."""
    events = pl.read_parquet(segment)
    events = events.filter(pl.col("ticket_id").is_in(sorted(tickets)) == of_tickets)
    texts = {text for name in _TEXTS if name in events.columns for text in events[name].unique()}
    customs = events["custom"].drop_nulls().unique() if "custom" in events.columns else ()
    attributes = {text for custom in customs for text in json.loads(custom).values()}
    return (texts | attributes) - {None}


_TEXTS = ("value", *FREE_COLUMNS)
