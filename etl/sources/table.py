"""What every source gives: its rows in batches, as they stand in the file, and rows that are damaged."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace

import polars as pl

from etl.contract.names import name_of
from etl.errors import UnreadableFile
from etl.sources.limits import FREE_CELLS, MOST_COLUMNS

OURS = ":"
"""What the names of columns begin with that a reader adds itself; they are no part of a row's content."""

ORDINAL = ":ordinal"
"""How many events before this one equal it, where a reader can tell them apart; empty for the first."""

PLACE = ":place"
"""Where a row stands among those of its ticket in time: one of `PLACES`."""

PLACES = ("first", "between", "last", "only")
"""`only` where a ticket has one row."""

CHANGE = ":change."
"""With the name of a column behind it: how it changed since the ticket's row before, one of `CHANGES`."""

CHANGES = ("up", "down", "same", "other", "first")
"""`up` and `down` where both are numbers, `first` where a ticket has no row before."""

POSITION = ":position"
"""The row's number in its file; 1 is the first row below the header. No source column is called that."""

BATCH_ROWS = 500_000
"""Rows handled at a time, so that memory does not grow with the file."""

REJECTED_SCHEMA = pl.Schema({POSITION: pl.Int64(), "rule": pl.String(), "content": pl.String()})


@dataclass(frozen=True)
class FileForm:
    """How a file is written. Stated in a mapping; never guessed."""

    delimiter: str | None = None
    encoding: str = "utf-8"
    sheet: str | None = None
    rows: str | None = None


@dataclass(frozen=True)
class Table:
    """The rows of one file.

    `batches`: frames of `POSITION` and the source's columns, one row per row of the file that could be read,
    in order. `broken`: `REJECTED_SCHEMA`, one row per row of the file that is damaged in itself. `of_no_use`:
    columns that no event can be made of, and the code of what they hold.
    """

    columns: list[str]
    batches: Callable[[], Iterator[pl.DataFrame]]
    broken: pl.DataFrame
    of_no_use: dict[str, str] = field(default_factory=dict)


def whole_table(rows: pl.DataFrame, broken: pl.DataFrame | None = None) -> Table:
    """A table whose rows are in memory already."""
    columns = [name for name in rows.columns if name != POSITION]
    nothing_broken = pl.DataFrame(schema=REJECTED_SCHEMA)
    return Table(columns, lambda: rows.iter_slices(BATCH_ROWS), nothing_broken if broken is None else broken)


def unlike_ours(names: Iterable[str]) -> list[str]:
    """The names of a source's columns, made different from each other and from the names we add."""
    result: dict[str, None] = {}
    repeats: dict[str, int] = {}
    for source_name in names:
        name = f"_{source_name}" if source_name.startswith(OURS) else source_name
        while name in result:
            number = repeats.get(source_name, 0)
            name, repeats[source_name] = f"{source_name}_duplicated_{number}", number + 1
        result[name] = None
    return list(result)


def spelt_as(table: Table, names: Collection[str]) -> Table:
    """The table with those columns under these names that have another spelling of them, unlike to no eye."""
    by_name = {name_of(name): name for name in names}
    spellings: dict[str, str] = {}
    for column in table.columns:
        name = by_name.get(name_of(column))
        if name and name not in table.columns and name not in spellings.values():
            spellings[column] = name
    if not spellings:
        return table
    return replace(
        table,
        columns=[spellings.get(column, column) for column in table.columns],
        batches=lambda: (rows.rename(spellings, strict=False) for rows in table.batches()),
        of_no_use={spellings.get(column, column): held for column, held in table.of_no_use.items()},
    )


def require_size(source: str, *, columns: int, rows: int = 0, most_cells: int = FREE_CELLS) -> None:
    """Refuse a table that is not one of events; nothing of it is read.

    Args:
        source: the file's name.
        columns: how many it has.
        rows: how many it has.
        most_cells: cells that a file of its size may have.

    Raises:
        UnreadableFile: too many columns, or far more cells than the file has content for.
    """
    if columns > MOST_COLUMNS:
        raise UnreadableFile("file.too_many_columns", file=source, columns=columns, most=MOST_COLUMNS)
    if columns * rows > max(FREE_CELLS, most_cells):
        raise UnreadableFile("file.nearly_empty", file=source, rows=rows, columns=columns)
