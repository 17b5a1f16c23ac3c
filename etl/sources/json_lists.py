"""Lists that a column holds as JSON, each element a row of its own: the events of an audit, say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from etl.sources.json_document import decode
from etl.sources.json_members import with_members
from etl.sources.table import BATCH_ROWS, POSITION, Table


def with_elements(table: Table, names: Sequence[str]) -> Table:
    """The table with a row per element of the lists in these columns, or paths into columns, in turn.

    The element stands in place of its list, beside all else that the row has. A row without the list, or with
    an empty one, stays one row. Rows are numbered anew. A name that leads nowhere changes nothing.
    """
    for name in names:
        table = with_members(table, [name])
        if name in table.columns:
            table = _with_each(table, name)
    return table


def _with_each(table: Table, name: str) -> Table:
    def batches() -> Iterator[pl.DataFrame]:
        number = 0
        for rows in table.batches():
            lists = pl.Series(name, [*map(_elements, rows[name].cast(pl.String))], dtype=pl.List(pl.String))
            parts = rows.with_columns(lists).explode(name)
            places = pl.int_range(number + 1, number + 1 + parts.height, dtype=pl.Int64, eager=True)
            yield from parts.with_columns(places.alias(POSITION)).iter_slices(BATCH_ROWS)
            number += parts.height

    useless = {column: held for column, held in table.of_no_use.items() if column != name}
    return replace(table, batches=batches, of_no_use=useless)


def _elements(text: str | None) -> list[str | None]:
    try:
        value = decode(text) if text and text.startswith("[") else None
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, list):
        return [text]
    return [_text_of(element) for element in value] or [None]


def _text_of(element: Any) -> str | None:
    if isinstance(element, bool):
        return str(element).lower()
    return element if element is None or isinstance(element, str) else json.dumps(element, ensure_ascii=False)
