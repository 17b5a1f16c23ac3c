"""What is not resolved, ticket by ticket: the report behind the backlog."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import polars as pl
from sqlglot import exp

from metrics.catalog.dimensions import LEVELS, PENDING, TICKETS
from metrics.query.run import run_query
from metrics.query.run_in_scope import list_in_scope
from metrics.query.scope import Over, Scope, conditions
from metrics.tickets.backlog import BANDS

_TICKET = (
    *("ticket_id", "opened_at", "channel", "reason", "priority", "team"),
    *("first_response_at", "is_reply_recorded", "reopens", "is_reopening_recorded"),
    "is_answered_early",
)
_WITHOUT_TARGET = pl.Schema({"ticket_id": pl.String(), "due_at": pl.Datetime("us", "UTC")})
_WITHOUT_PAUSE = pl.Schema({"ticket_id": pl.String(), "used_minutes": pl.Float64()})


def unresolved(
    connection: duckdb.DuckDBPyConnection,
    *,
    scope: Scope | None = None,
    bands: Sequence[float] = BANDS,
) -> pl.DataFrame:
    """One row per open ticket, the longest open first: since when, in which age band, due when.

    `age_minutes` since the opening at the instant the data is looked at, `from_days` the lower end of its
    band. `due_at`: when the next of its targets that can still be met lapses; null without such.
    `used_minutes`: of a target of it that is paused, the time used (the most where there are several).
    `is_answered`: an agent has written since the customer did; null where no agent's messages are recorded.
    `reopens`: null where no reopenings are. A period means the tickets opened in it.
    """
    scope = scope or Scope()
    over = Over(TICKETS, "opened_at")
    age = exp.func(
        "date_diff",
        exp.Literal.string("microsecond"),
        exp.column("opened_at"),
        exp.column("data_until"),
        dialect="duckdb",
    )
    query = exp.select(*_TICKET, exp.alias_(age, "age_us")).from_(TICKETS)
    opened = exp.Not(this=exp.Is(this=exp.column("opened_at"), expression=exp.null()))
    query = query.where("is_open", opened, *conditions(scope, over))
    rows = list_in_scope(connection, query, scope)
    target_query = exp.select("ticket_id", "due_at").from_(PENDING)
    targets = run_query(connection, target_query, as_of=scope.as_of).cast(_WITHOUT_TARGET)
    next_deadline = targets.group_by("ticket_id").agg(pl.col("due_at").min())
    most_used = exp.Max(this=exp.column("used_minutes")).as_("used_minutes")
    paused_query = exp.select("ticket_id", most_used).from_(LEVELS).group_by("ticket_id")
    paused_query = paused_query.where(exp.column("status").eq(exp.Literal.string("paused")))
    paused = run_query(connection, paused_query, as_of=scope.as_of).cast(_WITHOUT_PAUSE)
    edges = sorted({0.0, *bands})
    days = pl.col("age_us") / 8.64e10
    return (
        rows.join(next_deadline, on="ticket_id", how="left")
        .join(paused, on="ticket_id", how="left")
        .select(
            *_TICKET[:6],
            is_answered=pl.when("is_reply_recorded").then(
                pl.col("first_response_at").is_not_null() | pl.col("is_answered_early")
            ),
            reopens=pl.when("is_reopening_recorded").then("reopens"),
            age_minutes=pl.col("age_us") / 6e7,
            from_days=pl.max_horizontal(*(pl.when(days >= edge).then(pl.lit(float(edge))) for edge in edges)),
            due_at="due_at",
            used_minutes="used_minutes",
        )
        .sort("opened_at", "ticket_id")
    )
