"""What satisfaction goes along with, and what those who did not answer may hide: never causes."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl
from sqlglot import exp

from metrics.catalog.dimensions import RATED, TICKETS, column
from metrics.query.run_in_scope import run_in_scope
from metrics.query.scope import Over, Scope, conditions, date_column
from metrics.query.small_groups import hidden_groups
from metrics.statistics.clustering import Floats
from metrics.statistics.false_discovery import adjusted
from metrics.statistics.stratified import association, risk_difference

FACTORS = ("answered_within", "reopened", "confused", "escalated", "channel", "reason", "team", "priority")
STRATA = ("channel", "reason")
LEAST = 10
_OPPOSITES = ("not reopened", "no visit confused", "not escalated")
"""Of two levels that say the same the other way round, the one that goes without saying."""
_LEVELS = pl.Schema(
    {
        "factor": pl.String(),
        "level": pl.String(),
        "n": pl.Int64(),
        "satisfied": pl.Int64(),
        "others": pl.Int64(),
        "others_satisfied": pl.Int64(),
        "difference": pl.Float64(),
        "low": pl.Float64(),
        "high": pl.Float64(),
        "p": pl.Float64(),
    }
)


def drivers(
    connection: duckdb.DuckDBPyConnection,
    *,
    scope: Scope | None = None,
    factors: tuple[str, ...] = FACTORS,
    false_discovery_rate: float = 0.05,
) -> pl.DataFrame:
    """One row per factor and level of rated tickets: are they satisfied more or less often than the others?

    `n` rated tickets of the level, `others` those of the factor's other levels, each with its `satisfied`.
    `difference` of the two shares with its 95 % interval, pooled over channel and reason (without the factor
    itself) by Mantel and Haenszel, so that a level is compared with others of like tickets. `association`:
    more often, less often or none shown at that false-discovery rate over all rows; null where there is too
    little to compare. Levels of fewer than `LEAST` ratings are left out, and so are unknown ones, and teams
    that are too small to be shown.
    """
    scope = scope or Scope()
    rated = _rated(connection, scope, factors)
    levels = [
        row
        for factor in factors
        for row in _levels(_cells(rated, factor), factor, hidden_groups(connection, factor, scope=scope))
    ]
    rows = pl.DataFrame(levels, schema=_LEVELS, orient="row")
    q = adjusted(rows["p"].fill_null(float("nan")).to_numpy())
    rows = rows.with_columns(q=pl.Series(q, dtype=pl.Float64).fill_nan(None))
    sure = pl.col("q") <= false_discovery_rate
    return rows.with_columns(
        association=pl.when(sure & (pl.col("difference") > 0))
        .then(pl.lit("more often"))
        .when(sure)
        .then(pl.lit("less often"))
        .when(pl.col("q").is_not_null())
        .then(pl.lit("none shown"))
    ).sort(pl.col("factor").replace_strict(factors, range(len(factors))), "level")


def _rated(connection: duckdb.DuckDBPyConnection, scope: Scope, factors: tuple[str, ...]) -> pl.DataFrame:
    """One row per combination of factors and strata: rated and satisfied tickets."""
    over = Over(RATED, date_column(scope, "rated_at"))
    names = list(dict.fromkeys((*factors, *STRATA)))
    columns = [
        exp.alias_(exp.cast(column(name, fact=RATED, date=over.date, custom=scope.dimensions), "text"), name)
        for name in names
    ]
    hits = exp.Where(this=exp.column("is_satisfied"))
    query = exp.select(
        *columns,
        exp.Count(this=exp.Star()).as_("n"),
        exp.Filter(this=exp.Count(this=exp.Star()), expression=hits).as_("satisfied"),
    ).from_(RATED)
    query = query.where(exp.true(), *conditions(scope, over))
    query = query.group_by(*(str(place + 1) for place in range(len(names))))
    days = conditions(scope.model_copy(update={"where": ()}), over)
    rated = exp.select("ticket_id").from_(exp.table_("tickets", db="main")).where(exp.true(), *days)
    return run_in_scope(connection, query, scope, tickets=rated)


def _cells(rated: pl.DataFrame, factor: str) -> pl.DataFrame:
    """One row per known level of a factor and stratum of the others."""
    strata = [pl.col(name).fill_null("") for name in STRATA if name != factor]
    return (
        rated.filter(pl.col(factor).is_not_null())
        .group_by(level=factor, stratum=pl.concat_str(strata, separator="\x1f"))
        .agg(pl.col("n", "satisfied").sum())
        .sort("level", "stratum")
    )


def _levels(cells: pl.DataFrame, factor: str, hidden: frozenset[str | None]) -> list[tuple[object, ...]]:
    """A row of `_LEVELS` for each level that is not hidden, with enough ratings on both sides."""
    strata = cells["stratum"].unique().sort()
    places = cells["stratum"].replace_strict(strata, range(strata.len()), return_dtype=pl.Int64).to_numpy()
    every = np.zeros(strata.len(), dtype=np.int64)
    totals = {name: _summed(cells, name, places, strata.len()) for name in ("n", "satisfied")}
    rows: list[tuple[object, ...]] = []
    for level in cells["level"].unique().sort():
        mine = cells["level"] == level
        at = places[mine.to_numpy()]
        n1, a = (_summed(cells.filter(mine), name, at, strata.len()) for name in ("n", "satisfied"))
        n0, b = totals["n"] - n1, totals["satisfied"] - a
        if level in _OPPOSITES or level in hidden or min(n1.sum(), n0.sum()) < LEAST:
            continue
        gap = risk_difference(a, n1, b, n0, every, 1)
        p = association(a, n1, b, n0, every, 1)
        ends = (_none_if_nan(each) for each in (gap.estimate, gap.low, gap.high, p))
        rows.append((factor, level, int(n1.sum()), int(a.sum()), int(n0.sum()), int(b.sum()), *ends))
    return rows


def _summed(cells: pl.DataFrame, name: str, places: Floats, size: int) -> Floats:
    return np.bincount(places.astype(np.int64), weights=cells[name].to_numpy(), minlength=size).astype(
        np.float64
    )


def _none_if_nan(values: Floats) -> float | None:
    return float(values[0]) if np.isfinite(values[0]) else None


@dataclass(frozen=True)
class Answering:
    """What the survey can say of all who were asked. Shares; null where no offer is recorded.

    `offered` tickets with a survey offered, `rated` of them, `satisfied` of those. `like_asked`: the share
    satisfied if, within each channel and reason, those who did not answer were as satisfied as those who did
    (post-stratification, D. Holt and T. M. F. Smith, J. Royal Statistical Society A 142, 1979, p. 33);
    strata without an answer are left out of it. `worst` and `best`: if none, or all, of those who did not
    answer were satisfied (C. F. Manski, American Economic Review 80, 1990, p. 319).
    """

    offered: int
    rated: int
    satisfied: int
    like_asked: float | None
    worst: float | None
    best: float | None


def answering(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> Answering:
    """How far the ratings can speak for all who were asked in the scope, by the day of the offer."""
    scope = scope or Scope()
    over = Over(TICKETS, date_column(scope, "survey_offered_at"))
    counted = [
        exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=exp.condition(condition))).as_(
            name
        )
        for name, condition in (
            ("offered", "true"),
            ("rated", "is_satisfied IS NOT NULL"),
            ("satisfied", "is_satisfied"),
        )
    ]
    was_offered = exp.condition("survey_offered_at IS NOT NULL")
    query = exp.select(*STRATA, *counted).from_(TICKETS).where(was_offered, *conditions(scope, over))
    query = query.group_by(*STRATA)
    cells = run_in_scope(connection, query, scope).sort(STRATA)
    offered, rated, satisfied = (int(cells[name].sum()) for name in ("offered", "rated", "satisfied"))
    if not offered:
        return Answering(0, 0, 0, None, None, None)
    heard = cells.filter(pl.col("rated") > 0)
    like_asked = (
        heard.select(
            (pl.col("satisfied") / pl.col("rated") * pl.col("offered")).sum() / pl.col("offered").sum()
        ).item()
        if heard.height
        else None
    )
    silent = offered - rated
    return Answering(
        offered, rated, satisfied, like_asked, satisfied / offered, (satisfied + silent) / offered
    )
