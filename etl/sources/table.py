"""What every source gives: its rows in batches, as they stand in the file, and rows that are damaged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

POSITION = ":position"
"""The row's number in its file; 1 is the first row below the header. No source column is called that."""

BATCH_ROWS = 500_000
"""Rows handled at a time, so that memory does not grow with the file."""

REJECTED_SCHEMA = pl.Schema(
    {POSITION: pl.Int64(), "rule": pl.String(), "explanation": pl.String(), "content": pl.String()}
)


@dataclass(frozen=True)
class FileForm:
    """How a text file is written. Stated in a mapping; never guessed."""

    delimiter: str | None = None
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Table:
    """The rows of one file.

    `batches`: frames of `POSITION` and the source's columns, one row per row of the file that could be read,
    in order. `broken`: `REJECTED_SCHEMA`, one row per row of the file that is damaged in itself.
    """

    columns: list[str]
    batches: Callable[[], Iterator[pl.DataFrame]]
    broken: pl.DataFrame


def whole_table(rows: pl.DataFrame, broken: pl.DataFrame | None = None) -> Table:
    """A table whose rows are in memory already."""
    columns = [name for name in rows.columns if name != POSITION]
    nothing_broken = pl.DataFrame(schema=REJECTED_SCHEMA)
    return Table(columns, lambda: rows.iter_slices(BATCH_ROWS), nothing_broken if broken is None else broken)
