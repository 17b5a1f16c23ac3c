"""Where a row stands among those of its ticket: what only the order of all rows of a file tells.

`PLACE` is `first` or `last` of its ticket's rows in time, `only` where the ticket has one row, otherwise
`between`. Of rows at one instant `seq` decides, where the mapping has one, then the order of the file. A row
without a ticket, or without an instant that can be read, has no place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import polars as pl

from etl.contract.time_formats import IN_UTC
from etl.mapping.column_values import instant_columns, text_of, value_of
from etl.mapping.mapping import Mapping
from etl.mapping.value_from import columns_of
from etl.sources import Table
from etl.sources.table import PLACE, POSITION

_IN_TIME = pl.Schema({"ticket": pl.String(), "at": IN_UTC, "seq": pl.Float64(), POSITION: pl.Int64()})


def with_places(table: Table, mapping: Mapping) -> Table:
    """The table with `PLACE`, where the mapping asks for it and the reader of the file does not give it.

    The rows are read twice: which is a ticket's last is not known before the end of the file.
    """
    is_asked = PLACE in mapping.condition_columns and PLACE not in table.columns
    if not is_asked or not order_columns(mapping) <= set(table.columns):
        return table

    def batches() -> Iterator[pl.DataFrame]:
        first, last = _ends(in_time(rows, mapping) for rows in table.batches())
        for rows in table.batches():
            yield _placed(rows, in_time(rows, mapping), first, last)

    return replace(table, columns=[*table.columns, PLACE], batches=batches)


def order_columns(mapping: Mapping) -> set[str]:
    """The columns of the file that say in which order the rows of a ticket are."""
    wanted = ("ticket_id", "occurred_at")
    return {name for ours in wanted for name in columns_of(mapping.columns.get(ours, ours))}


def in_time(rows: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """The rows that have a place: their ticket, instant, `seq` and number."""
    values = {ours: mapping.columns.get(ours, ours) for ours in ("ticket_id", "occurred_at", "seq")}
    has_seq = set(columns_of(values["seq"])) <= set(rows.columns)
    made = rows.select(
        pl.col(POSITION),
        ticket=text_of(value_of("ticket_id", values["ticket_id"], rows, mapping)),
        at=next(instant_columns("occurred_at", values["occurred_at"], rows, mapping)),
        seq=text_of(value_of("seq", values["seq"], rows, mapping)) if has_seq else pl.lit(None, pl.String),
    )
    made = made.with_columns(pl.col("seq").cast(pl.Float64, strict=False))
    return made.filter(pl.col("ticket") != "", pl.col("at").is_not_null()).select(_IN_TIME.names())


def _ends(parts: Iterable[pl.DataFrame]) -> tuple[pl.Series, pl.Series]:
    """The numbers of the first and of the last row of each ticket; two rows per ticket are kept in memory."""
    ends = pl.DataFrame(schema=_IN_TIME)
    for part in parts:
        rows = pl.concat([ends, part], how="vertical_relaxed").sort("at", "seq", POSITION)
        first, last = (rows.unique("ticket", keep=keep, maintain_order=True) for keep in ("first", "last"))
        ends = pl.concat([first, last]).unique(POSITION)
    rows = ends.sort("at", "seq", POSITION)
    return rows.unique("ticket", keep="first")[POSITION], rows.unique("ticket", keep="last")[POSITION]


def _placed(rows: pl.DataFrame, in_time: pl.DataFrame, first: pl.Series, last: pl.Series) -> pl.DataFrame:
    number = pl.col(POSITION)
    is_first, is_last = number.is_in(first.implode()), number.is_in(last.implode())
    place = (
        pl.when(~number.is_in(in_time[POSITION].implode()))
        .then(None)
        .when(is_first & is_last)
        .then(pl.lit("only"))
        .when(is_first)
        .then(pl.lit("first"))
        .when(is_last)
        .then(pl.lit("last"))
        .otherwise(pl.lit("between"))
    )
    return rows.with_columns(place.alias(PLACE))
