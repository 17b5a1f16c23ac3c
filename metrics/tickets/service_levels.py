"""Which promises are about to be broken: the list to work on next."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import duckdb
import polars as pl
from sqlglot import exp

from metrics.catalog.dimensions import ANSWER_LEVELS, LEVELS, PENDING, SOLVE_LEVELS, column
from metrics.query.run_in_scope import list_in_scope, run_in_scope
from metrics.query.scope import Over, Scope, conditions, date_column
from metrics.query.small_groups import without_small_groups
from metrics.settings.targets import Measure

COLUMNS = (
    *("ticket_id", "measure", "channel", "priority", "team"),
    *("target_minutes", "clock", "remaining_minutes", "minutes_to_breach", "due_at"),
)


def about_to_breach(
    connection: duckdb.DuckDBPyConnection,
    scope: Scope | None = None,
    *,
    within: timedelta,
    on: Literal["wall", "clock"] = "wall",
) -> pl.DataFrame:
    """One row per target that will be breached `within` this time unless someone acts; the next one first.

    `on` the wall, every hour counts; on the target's own clock only opening hours do, where it does.
    `remaining_minutes` are left on the target's own clock (opening hours, or every hour), `minutes_to_breach`
    until `due_at` on the wall. Time is told from the newest event, or from the scope's `as_of`. A period
    of the scope means the tickets opened in it.
    """
    scope = scope or Scope()
    over = Over(PENDING, date_column(scope, "arrived_at"))
    left = "minutes_to_breach" if on == "wall" else "remaining_minutes"
    soon = exp.column(left) <= exp.Literal.number(within / timedelta(minutes=1))
    query = exp.select(*COLUMNS).from_(PENDING).where(soon, *conditions(scope, over))
    rows = list_in_scope(connection, query, scope)
    return rows.sort("due_at", "ticket_id", "measure")


def paused_targets(connection: duckdb.DuckDBPyConnection, scope: Scope | None = None) -> int:
    """How many targets are paused: their time does not run, so none of them is about to breach."""
    scope = scope or Scope()
    over = Over(LEVELS, date_column(scope, "arrived_at"))
    query = exp.select(exp.Count(this=exp.Star()).as_("n")).from_(LEVELS)
    query = query.where(exp.column("status").eq(exp.Literal.string("paused")), *conditions(scope, over))
    return int(run_in_scope(connection, query, scope)["n"].item())


STATUSES = ("attained", "breached", "pending", "paused")
_LEVELS: dict[Measure, tuple[str, str]] = {
    "first_response": (ANSWER_LEVELS, "arrived_at"),
    "resolution": (SOLVE_LEVELS, "judged_at"),
}


def statuses(
    connection: duckdb.DuckDBPyConnection,
    measure: Measure,
    *,
    by: str | None = None,
    scope: Scope | None = None,
) -> pl.DataFrame:
    """One row per value of a dimension: how many targets are in each of the `STATUSES`.

    A first response falls into the period by the ticket's opening, a resolution by the last solve, or by when
    its time ran or runs out, or its pause began: a pending one may so lie after the period. Where a source
    records no agent's message, nothing is known of its first responses. Without a dimension one row, always.
    """
    scope = scope or Scope()
    fact, own_date = _LEVELS[measure]
    date_at = date_column(scope, own_date)
    over = Over(fact, date_at)
    group = [exp.alias_(column(by, fact=fact, date=date_at, custom=scope.dimensions), by)] if by else []
    counted = [
        exp.Filter(
            this=exp.Count(this=exp.Star()),
            expression=exp.Where(this=exp.column("status").eq(exp.Literal.string(status))),
        ).as_(status)
        for status in STATUSES
    ]
    query = exp.select(*group, *counted).from_(fact).where(exp.true(), *conditions(scope, over))
    if measure == "first_response":
        query = query.where("is_reply_recorded")
    if by:
        query = query.group_by("1")
    rows = run_in_scope(connection, query, scope)
    if not by:
        return rows
    return without_small_groups(connection, rows, [by], scope, fact).sort(by, nulls_last=True)
