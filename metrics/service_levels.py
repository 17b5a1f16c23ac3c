"""Which promises are about to be broken: the list to work on next."""

from __future__ import annotations

from datetime import timedelta

import duckdb
import polars as pl
from sqlglot import exp

from metrics.asking import ask
from metrics.dimensions import PENDING
from metrics.scope import Over, Scope, conditions, date_column, parameters

COLUMNS = (
    *("ticket_id", "measure", "channel", "priority", "team"),
    *("target_minutes", "clock", "remaining_minutes", "minutes_to_breach", "due_at"),
)


def about_to_breach(
    connection: duckdb.DuckDBPyConnection, scope: Scope | None = None, *, within: timedelta
) -> pl.DataFrame:
    """One row per target that will be breached `within` this time unless someone acts; the next one first.

    `remaining_minutes` are left on the target's own clock (opening hours, or every hour), `minutes_to_breach`
    until `due_at` on the wall. Time is told from the newest event, or from the scope's `as_of`. A period
    of the scope means the tickets opened in it.
    """
    scope = scope or Scope()
    over = Over(PENDING, date_column(scope, "arrived_at"), "The list of targets about to be breached")
    soon = exp.column("minutes_to_breach") <= exp.Literal.number(within / timedelta(minutes=1))
    query = exp.select(*COLUMNS).from_(PENDING).where(soon, *conditions(scope, over))
    found = ask(connection, query, parameters(scope, query), as_of=scope.as_of)
    return found.sort("due_at", "ticket_id", "measure")
