"""Week by week: how often visits are confused, and how often they show each sign."""

from __future__ import annotations

import duckdb
import polars as pl
from sqlglot import exp

from metrics.catalog.dimensions import VISITS, column
from metrics.catalog.signs import SIGNS
from metrics.query.run_in_scope import run_in_scope
from metrics.query.scope import Over, Scope, conditions, date_column, days
from metrics.query.small_groups import without_small_groups
from metrics.statistics.intervals import wilson

CONFUSED = "is_confused"


def step_weeks(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> pl.DataFrame:
    """One row per sign and week (from Monday): share of the visits that show it, n, and Wilson's interval.

    `sign`: a sign's name, or `is_confused`. n are the visits of which it is known; a week in which it is
    known of none has no row.
    """
    scope = scope or Scope()
    date = date_column(scope, "entered_at")
    is_confused = exp.column(CONFUSED)
    confused = exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=is_confused))
    counted = {
        CONFUSED: (confused, exp.Count(this=is_confused.copy())),
        **{sign.name: sign.counts() for sign in SIGNS},
    }
    week = column("week", fact=VISITS, date=date, days=days(scope))
    counts = [
        part.as_(f"{name} {kind}")
        for name, parts in counted.items()
        for kind, part in zip(("hits", "n"), parts, strict=True)
    ]
    over = Over(VISITS, date)
    query = exp.select(week.as_("week"), *counts).from_(VISITS).where(exp.true(), *conditions(scope, over))
    query = query.group_by(week.copy())
    rows = run_in_scope(connection, query, scope)
    rows = without_small_groups(connection, rows, ["week"], scope, VISITS)
    shares = pl.concat(
        rows.select(
            "week",
            sign=pl.lit(name),
            n=pl.col(f"{name} n").cast(pl.Int64),
            hits=pl.col(f"{name} hits").cast(pl.Float64),
        )
        for name in counted
    ).filter(pl.col("n") > 0, pl.col("week").is_not_null())
    low, high = wilson(shares["hits"].to_numpy(), shares["n"].cast(pl.Float64).to_numpy())
    return shares.select(
        "sign", "week", "n", value=pl.col("hits") / pl.col("n"), low=pl.Series(low), high=pl.Series(high)
    ).sort("sign", "week")
