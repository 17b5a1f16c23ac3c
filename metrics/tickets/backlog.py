"""What was waiting at any instant, from when each ticket was open: reopened ones wait again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

import duckdb
import polars as pl
from sqlglot import exp

from metrics.catalog.dimensions import BACKLOG, local_day
from metrics.query.measure import measure
from metrics.query.run_in_scope import run_in_scope
from metrics.query.scope import Over, Scope, conditions
from metrics.query.small_groups import refuse_small_group, without_small_groups

BANDS = (1, 3, 7, 30)  # days


def ages(
    connection: duckdb.DuckDBPyConnection,
    *,
    at: datetime | None = None,
    scope: Scope | None = None,
    bands: Sequence[float] = BANDS,
) -> pl.DataFrame:
    """One row per age band, the youngest first: tickets open at that instant, by the time since they opened.

    A band goes from `from_days`, included, to `to_days`, null for the last. Without `at` it is the instant
    the data is looked at. The scope's period chooses by the day of opening. `tickets` is null where no ticket
    has an opening: then nobody knows what is open.
    """
    scope = scope or Scope()
    instant = exp.column("data_until") if at is None else exp.cast(exp.Placeholder(this="at"), "timestamptz")
    age = exp.func(
        "date_diff", exp.Literal.string("microsecond"), exp.column("opened_at"), instant, dialect="duckdb"
    )
    was_open = exp.and_(
        exp.column("began_at") <= instant.copy(),
        exp.or_(
            exp.Is(this=exp.column("ended_at"), expression=exp.null()),
            exp.column("ended_at") > instant.copy(),
        ),
    )
    over = Over(BACKLOG, "opened_at")
    query = exp.select(exp.alias_(age, "age_us")).from_(BACKLOG)
    query = query.where(was_open, *conditions(scope, over))
    rows = run_in_scope(connection, query, scope, values={} if at is None else {"at": at})
    edges = [0.0, *sorted(bands)]
    band = pl.DataFrame(
        {"from_days": edges, "to_days": [*edges[1:], None]}, schema_overrides={"to_days": pl.Float64}
    )
    if rows.is_empty() and measure(connection, ["backlog"], scope=scope)["value"].item() is None:
        return band.with_columns(tickets=pl.lit(None, pl.Int64))
    days = rows["age_us"] / 8.64e10
    return band.with_columns(
        tickets=pl.Series(
            [
                int(((days >= row["from_days"]) & (days < (row["to_days"] or float("inf")))).sum())
                for row in band.iter_rows(named=True)
            ],
            dtype=pl.Int64,
        )
    )


def series(
    connection: duckdb.DuckDBPyConnection,
    *,
    every: Literal["day", "week"] = "day",
    scope: Scope | None = None,
) -> pl.DataFrame:
    """One row per local day or week (named by its Monday) of the scope's period: the backlog at its end.

    Of the last one, at the instant the data is looked at. Filters hold; the period only chooses the rows
    shown. Each number is what `backlog` was, had the data been looked at in that instant. Days of too few
    agents are left out: the difference of two evenings tells of the day.
    """
    scope = scope or Scope()
    refuse_small_group(connection, scope)
    changes = [_by_day(connection, scope, name).with_columns(pl.col("n") * sign) for name, sign in _SIGNS]
    net = pl.concat(changes).group_by("day").agg(pl.col("n").sum())
    last = _last_day(connection, scope)
    first = net["day"].min()
    if not isinstance(first, date) or last is None:
        return pl.DataFrame(schema={every: pl.Date, "backlog": pl.Int64})
    days = pl.DataFrame({"day": pl.date_range(first, last, eager=True)})
    rows = days.join(net, on="day", how="left").sort("day")
    rows = rows.select("day", backlog=pl.col("n").fill_null(0).cum_sum().cast(pl.Int64))
    rows = rows.filter(pl.col("day").is_between(scope.start or first, scope.end or last))
    if every == "week":
        week = pl.col("day").dt.truncate("1w").alias("week")
        rows = rows.group_by(week).agg(pl.col("backlog").sort_by("day").last()).sort("week")
    return without_small_groups(connection, rows, [every], scope, BACKLOG)


def _last_day(connection: duckdb.DuckDBPyConnection, scope: Scope) -> date | None:
    """The local day up to which the sources of the scope's tickets tell; None without tickets."""
    all_days = scope.model_copy(update={"start": None, "end": None})
    newest = exp.Max(this=exp.column("data_until")).as_("data_until")
    tickets = exp.select(newest).from_(BACKLOG).where(*conditions(all_days, Over(BACKLOG, "opened_at")))
    query = exp.select(exp.alias_(local_day("data_until"), "day")).from_(tickets.subquery("tickets"))
    day = run_in_scope(connection, query, all_days)["day"].item()
    return day if isinstance(day, date) else None


_SIGNS = (("began_at", 1), ("ended_at", -1))


def _by_day(connection: duckdb.DuckDBPyConnection, scope: Scope, name: str) -> pl.DataFrame:
    """How many spells began, or ended, on each local day."""
    all_days = scope.model_copy(update={"start": None, "end": None})
    query = (
        exp.select(exp.alias_(local_day(name), "day"), exp.Count(this=exp.Star()).as_("n"))
        .from_(BACKLOG)
        .where(
            exp.Not(this=exp.Is(this=exp.column(name), expression=exp.null())),
            *conditions(all_days, Over(BACKLOG, "opened_at")),
        )
        .group_by("1")
    )
    return run_in_scope(connection, query, all_days).with_columns(pl.col("n").cast(pl.Int64))
