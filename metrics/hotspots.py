"""Which steps confuse: every step version with its signs, ranked."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import polars as pl
from sqlglot import exp

from metrics.asking import ask
from metrics.dimensions import VISITS
from metrics.intervals import wilson
from metrics.measure import data_range
from metrics.scope import Over, Scope, conditions, date_column, parameters
from metrics.signs import SIGNS

KEY = ("workflow", "version", "step")


def hotspots(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> pl.DataFrame:
    """One row per step version visited in the scope, the surest trouble first.

    Ranked by the lower end of the confusion rate's interval, so that a rare step cannot top the list by luck.
    `cost_hours_per_week`: time beyond the step's fluent time, over all its visits. `signs`: for each sign the
    visits that show it, those for which it is known, and the share. `shrunk_rate`, `hotspot`, `hidden` and
    `verdict` are not computed yet: null.
    """
    scope = scope or Scope()
    counted = _counted(connection, scope)
    low, high = wilson(counted["confused"].to_numpy(), counted["visits"].to_numpy())
    weeks = _weeks(scope, data_range(connection, time_zone=scope.time_zone))
    return counted.select(
        *KEY,
        "title",
        "visits",
        "confused",
        confusion_rate=pl.col("confused") / pl.col("visits"),
        low=pl.Series(low),
        high=pl.Series(high),
        shrunk_rate=pl.lit(None, pl.Float64),
        hotspot=pl.lit(None, pl.Boolean),
        hidden=pl.lit(None, pl.Boolean),
        verdict=pl.lit(None, pl.String),
        cost_hours_per_week=pl.col("excess_us") / 3.6e9 / weeks,
        signs=pl.struct(_sign(sign.name).alias(sign.name) for sign in SIGNS),
    ).sort("low", "confusion_rate", "visits", *KEY, descending=[True, True, True, False, False, False])


def _sign(name: str) -> pl.Expr:
    visits, n = pl.col(f"{name}_visits"), pl.col(f"{name}_n")
    rate = pl.when(n > 0).then(visits / n)
    return pl.struct(visits=visits, n=n, rate=rate)


def _counted(connection: duckdb.DuckDBPyConnection, scope: Scope) -> pl.DataFrame:
    """One row per step version: its visits, and how many show each sign."""

    def visits_with(sign: str) -> exp.Expr:
        return exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=exp.column(sign)))

    signs = [
        aggregate
        for sign in SIGNS
        for aggregate in (
            visits_with(sign.name).as_(f"{sign.name}_visits"),
            exp.Count(this=exp.column(sign.name)).as_(f"{sign.name}_n"),
        )
    ]
    beyond_fluent = exp.Sub(this=exp.column("unpaused_us"), expression=exp.column("fluent_us"))
    excess = exp.Filter(
        this=exp.Sum(this=exp.Greatest(this=beyond_fluent, expressions=[exp.Literal.number(0)])),
        # The greatest of null and 0 is 0: without a fluent time the cost is not known.
        expression=exp.Where(this=exp.Not(this=exp.Is(this=exp.column("fluent_us"), expression=exp.null()))),
    )
    date_at = date_column(scope, "entered_at")
    query = (
        exp.select(
            *KEY,
            exp.Max(this=exp.column("title")).as_("title"),
            exp.Count(this=exp.Star()).as_("visits"),
            visits_with("is_confused").as_("confused"),
            excess.as_("excess_us"),
            *signs,
        )
        .from_(VISITS)
        .where(exp.true(), *conditions(scope, Over(VISITS, date_at, "The confusion of steps")))
        .group_by(*KEY)
    )
    return ask(connection, query, parameters(scope, query), as_of=scope.as_of)


def _weeks(scope: Scope, data: tuple[date, date] | None) -> float:
    """The weeks that both the scope and the data cover, at least a day's worth."""
    if data is None:
        return 1.0
    first, last = data
    start, end = max(scope.start or first, first), min(scope.end or last, last)
    return max((end - start + timedelta(days=1)).days, 1) / 7
