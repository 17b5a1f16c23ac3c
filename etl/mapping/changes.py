"""What a row changes: how a column of it compares with the row before of its ticket.

`CHANGE` with the column's name is `up` or `down` where both are numbers, `other` where they differ otherwise,
`same`, or `first` where the ticket has no row before. The order is that of places. A row without a ticket, or
without an instant that can be read, changes nothing that is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from etl.mapping.column_values import text_of, without_nulls
from etl.mapping.mapping import Mapping
from etl.mapping.places import in_time, order_columns
from etl.sources import Table
from etl.sources.table import POSITION


def with_changes(table: Table, mapping: Mapping) -> Table:
    """The table with the changes that the mapping asks for.

    The rows are read twice. Of all rows at once the tickets, instants and these columns are kept in memory,
    since what lies before a row may stand anywhere in the file.
    """
    columns = mapping.change_columns
    if not columns or not order_columns(mapping) | {*columns.values()} <= set(table.columns):
        return table

    def batches() -> Iterator[pl.DataFrame]:
        changes = _changes([_values(rows, columns, mapping) for rows in table.batches()], columns)
        for rows in table.batches():
            yield rows.join(changes, on=POSITION, how="left", maintain_order="left")

    return replace(table, columns=[*table.columns, *columns], batches=batches)


def _values(rows: pl.DataFrame, columns: dict[str, str], mapping: Mapping) -> pl.DataFrame:
    """The rows that have a place, with what stands in the columns; an empty text where that is not known."""
    texts = (
        text_of(without_nulls(rows[theirs], mapping.null)).alias(name) for name, theirs in columns.items()
    )
    return in_time(rows, mapping).join(rows.select(POSITION, *texts), on=POSITION)


def _changes(parts: list[pl.DataFrame], columns: dict[str, str]) -> pl.DataFrame:
    rows = pl.concat(parts).sort("ticket", "at", "seq", POSITION)
    return rows.select(POSITION, *(_change(name) for name in columns))


def _change(name: str) -> pl.Expr:
    now, before = pl.col(name), pl.col(name).shift().over("ticket", order_by=["at", "seq", POSITION])
    number, number_before = (text.cast(pl.Float64, strict=False) for text in (now, before))
    return (
        pl.when(before.is_null())
        .then(pl.lit("first"))
        .when(now == before)
        .then(pl.lit("same"))
        .when(number > number_before)
        .then(pl.lit("up"))
        .when(number < number_before)
        .then(pl.lit("down"))
        .otherwise(pl.lit("other"))
        .alias(name)
    )
