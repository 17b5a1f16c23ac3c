"""Which rows of a file are of somebody who was erased: they are counted, and kept nowhere.

A ticket that was erased stays out. Of a customer's other tickets no row is taken up to the erasure, whichever
of their rows names the customer; what happened later is new contact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from etl.contract.kinds import Kind
from etl.contract.names import cells_of_broken, names_of
from etl.contract.numbers import texts_of
from etl.contract.sources import SEPARATOR
from etl.mapping.apply_mapping import MappedRows
from etl.store.erased_list import INSTANT, ErasedIds

TICKETS = pl.Schema({"ticket_id": pl.String(), "last": INSTANT})
"""Tickets of customers who were erased, and the last instant of which nothing is taken."""


@dataclass(frozen=True)
class BatchMatches:
    """Rows of a batch that are not taken, and what tells whether others are of the same tickets.

    `rows`: the numbers of these rows; a row goes as a whole. `of_customers`: tickets whose rows name a
    customer on the list (`TICKETS`). `rejected`: events of the other rejected rows: `row`, `ticket_id` and
    `occurred_at`, null where it cannot be read.
    """

    rows: pl.Series
    of_customers: pl.DataFrame
    rejected: pl.DataFrame


def match_batch(
    mapped: MappedRows,
    instants: pl.DataFrame,
    reasons: pl.DataFrame,
    content: pl.DataFrame,
    source: str | None,
    erased: ErasedIds,
) -> BatchMatches:
    """Hold a batch against the list: events with their `instants`, and rejected rows with their content."""
    events = _events(mapped, instants, erased)
    others = _rejected_with_ids(reasons, content, events, source, erased)
    rows = pl.concat([_rows_up_to(events.drop_nulls("last")), others]).unique()
    of_customers = events.drop_nulls(["ticket_id", "of_customer"]).group_by("ticket_id")
    remaining = reasons["position"].filter(~reasons["position"].is_in(rows.implode()))
    return BatchMatches(
        rows,
        of_customers.agg(last=pl.col("of_customer").max()).select(TICKETS.names()),
        events.filter(pl.col("row").is_in(remaining.implode())).select("row", "ticket_id", "occurred_at"),
    )


def tickets_of_customers(matches: Sequence[BatchMatches]) -> pl.DataFrame:
    """The tickets that any batch knows to be of erased customers (`TICKETS`)."""
    every = pl.concat([pl.DataFrame(schema=TICKETS), *(each.of_customers for each in matches)])
    return every.group_by("ticket_id").agg(pl.col("last").max()).sort("ticket_id")


def drop_of_tickets(tickets: pl.DataFrame, parts: Sequence[Path], width: int) -> int:
    """Take the rows of such tickets, up to the erasure, out of staged files; how many there were."""
    return sum(
        drop_from_part(part, _rows_in(part, tickets, width), width)
        for part in (parts if tickets.height else ())
    )


def count_rows_of_erased(
    matches: Sequence[BatchMatches], parts: Sequence[Path], rejected: pl.DataFrame, width: int
) -> int:
    """How many rows, accepted or rejected, would not be taken: those of the batches and of their tickets."""
    tickets = tickets_of_customers(matches)
    rows = [pl.Series(dtype=pl.Int64), *(each.rows for each in matches)]
    if tickets.height:
        others = rejected_of_others(rejected, tickets, matches)["position"]
        rows += [rejected["position"].filter(~rejected["position"].is_in(others.implode()))]
        rows += [_rows_in(part, tickets, width) for part in parts]
    return pl.concat(each.cast(pl.Int64) for each in rows).n_unique()


def _rows_in(part: Path, tickets: pl.DataFrame, width: int) -> pl.Series:
    events = pl.read_parquet(part, columns=["position", "ticket_id", "occurred_at"])
    events = events.with_columns(row=pl.col("position") // width)
    return _rows_up_to(events.join(tickets, on="ticket_id"))


def rejected_of_others(
    rejected: pl.DataFrame, tickets: pl.DataFrame, matches: Sequence[BatchMatches]
) -> pl.DataFrame:
    """The rejected rows but those of such tickets up to the erasure."""
    if tickets.is_empty():
        return rejected
    events = pl.concat([each.rejected for each in matches]).join(tickets, on="ticket_id")
    return rejected.filter(~pl.col("position").is_in(_rows_up_to(events).implode()))


def _events(mapped: MappedRows, instants: pl.DataFrame, erased: ErasedIds) -> pl.DataFrame:
    """Events with `row`, `ticket_id`, `occurred_at`; `last`: null where one names nobody who was erased."""
    columns = mapped.events.columns
    names = {
        name: names_of(mapped.events[name].cast(pl.String))
        if name in columns
        else pl.Series([None] * mapped.events.height, dtype=pl.String)
        for name in ("ticket_id", "customer_id", "kind", "value")
    }
    merged_into = names["value"].set((names["kind"] != Kind.MERGED.value).fill_null(value=True), None)
    events = mapped.events.select(
        "position",
        row=pl.col("position") // mapped.width,
        ticket_id=names["ticket_id"],
        of_customer=erased.last_instants(names["customer_id"], "customer"),
        of_ticket=erased.last_instants(names["ticket_id"], "ticket"),
        of_target=erased.last_instants(merged_into, "ticket"),
    ).join(instants, on="position", how="left", maintain_order="left")
    return events.with_columns(last=pl.max_horizontal("of_customer", "of_ticket", "of_target"))


def _rejected_with_ids(
    reasons: pl.DataFrame, content: pl.DataFrame, events: pl.DataFrame, source: str | None, erased: ErasedIds
) -> pl.Series:
    """Those of rejected rows in whose content an id stands, in whatever column."""
    last = pl.Series([None] * content.height, dtype=INSTANT)
    for column in content:
        if column.dtype.is_nested():
            continue
        own = names_of(texts_of(column))
        names = own if source is None else f"{source}{SEPARATOR}" + own
        instants_of = [erased.last_instants(names, kind) for kind in ("customer", "ticket", "mention")]
        last = pl.select(last=pl.max_horizontal(last, *instants_of))["last"]
    instants = events.group_by("row").agg(pl.col("occurred_at").min())
    matches = reasons.select(row="position").with_columns(last=last).drop_nulls("last")
    return _rows_up_to(matches.join(instants, on="row", how="left"))


def texts_with_erased_ids(texts: pl.Series, source: str | None, erased: ErasedIds) -> pl.Series:
    """Which texts of rows, whose columns nobody can tell apart, have an id between two delimiters."""
    words = pl.Series([sorted(cells_of_broken(text or "")) for text in texts], dtype=pl.List(pl.String))
    every = words.explode()
    names = names_of(every) if source is None else f"{source}{SEPARATOR}" + names_of(every)
    last = [erased.last_instants(names, kind) for kind in ("customer", "ticket", "mention")]
    hits = every.filter(pl.select(pl.max_horizontal(*last)).to_series().is_not_null()).drop_nulls()
    return words.list.eval(pl.element().is_in(hits.implode())).list.any().fill_null(value=False)


def drop_from_part(part: Path, rows: pl.Series, width: int) -> int:
    """Take rows out of a staged file; how many there were."""
    if rows.is_empty():
        return 0
    events = pl.read_parquet(part)
    is_gone = (pl.col("position") // width).is_in(rows.implode())
    events.filter(~is_gone).write_parquet(part, compression="zstd", compression_level=1)
    return int(events.filter(is_gone).select((pl.col("position") // width).n_unique()).item())


def _rows_up_to(events: pl.DataFrame) -> pl.Series:
    """The rows of events up to the `last` instant; one whose instant cannot be read may be of any time."""
    gone = events.filter((pl.col("occurred_at") <= pl.col("last")).fill_null(value=True))
    return gone["row"].unique().sort()
