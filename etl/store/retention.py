"""Tickets that are not kept for as long: at loading, rows that a purge would take do not come in."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import polars as pl

from etl.store.archive import Archive
from etl.store.erased_rows import drop_from_part
from etl.store.stage import StageResult
from etl.store.ticket_groups import Retention, old_tickets


def without_old(
    staged: StageResult, retention: Retention, archive: Archive, warehouse: duckdb.DuckDBPyConnection
) -> StageResult:
    """What is staged but the rows of tickets that a purge, after the load, would take.

    The warehouse must be up to the archive.
    """
    if not any(_has_old(file, retention) for file in map(pl.scan_parquet, staged.parts)):
        return staged
    old = pl.Series(sorted(old_tickets(retention, archive, warehouse, staged.parts)), dtype=pl.String)
    n = 0
    for part in staged.parts:
        events = pl.read_parquet(part, columns=["position", "ticket_id"])
        rows = events.filter(pl.col("ticket_id").is_in(old.implode()))["position"] // staged.width
        n += drop_from_part(part, rows.unique(), staged.width)
    return replace(staged, read=staged.read - n, too_old=n)


def _has_old(events: pl.LazyFrame, retention: Retention) -> bool:
    return bool(events.select((pl.col("occurred_at") < retention.first).any()).collect().item())
