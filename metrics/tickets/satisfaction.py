"""What satisfaction goes along with, and what those who did not answer may hide: never causes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb
import numpy as np
import polars as pl
from sqlglot import exp

from metrics.catalog.dimensions import RATED, TICKETS, column, local_day
from metrics.query.run_in_scope import run_in_scope
from metrics.query.scope import Over, Scope, conditions, date_column
from metrics.query.small_groups import hidden_groups
from metrics.statistics.clustering import Ints, summed
from metrics.statistics.false_discovery import adjusted
from metrics.statistics.stratified import Compared, association, risk_difference
from metrics.statistics.stratified_clusters import Clustering, Effect, moderated_effect, widened

FACTORS = ("answered_within", "reopened", "confused", "escalated", "channel", "reason", "team", "priority")
STRATA = ("channel", "reason")
CLUSTERS = ("customer", "agent", "rating_day")
"""Whose tickets resemble one another."""
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
    itself) by Mantel and Haenszel, so that a level is compared with others of like tickets. Interval and
    chance are as wide as the tickets of one customer, of one agent who solved them, or of one day make them,
    whichever is widest. `association`: more often, less often or none shown at that false-discovery rate over
    all rows, and never where the interval holds no difference; null where there is too little
    to compare. Levels of fewer than `LEAST` ratings are left out, and so are unknown ones, and teams that are
    too small to be shown.
    """
    scope = scope or Scope()
    rated = _rated(connection, scope, factors)
    levels = [
        level
        for factor in factors
        for level in _levels(rated, factor, hidden_groups(connection, factor, scope=scope))
    ]
    rows = _compared(levels)
    q = adjusted(rows["p"].fill_null(float("nan")).to_numpy())
    rows = rows.with_columns(q=pl.Series(q, dtype=pl.Float64).fill_nan(None))
    sure = pl.col("q") <= false_discovery_rate
    return rows.with_columns(
        association=pl.when(sure & (pl.col("low") > 0))
        .then(pl.lit("more often"))
        .when(sure & (pl.col("high") < 0))
        .then(pl.lit("less often"))
        .when(pl.col("q").is_not_null())
        .then(pl.lit("none shown"))
    ).sort(pl.col("factor").replace_strict(factors, range(len(factors))), "level")


def _rated(connection: duckdb.DuckDBPyConnection, scope: Scope, factors: tuple[str, ...]) -> pl.DataFrame:
    """One row per rated ticket: factors, strata, clusters, whether it satisfied."""
    over = Over(RATED, date_column(scope, "rated_at"))
    names = list(dict.fromkeys((*factors, *STRATA)))
    columns = [
        exp.alias_(exp.cast(column(name, fact=RATED, date=over.date, custom=scope.dimensions), "text"), name)
        for name in names
    ]
    customer = exp.func("coalesce", exp.column("customer_id"), exp.column("ticket_id"))
    query = exp.select(
        "ticket_id",
        customer.as_("customer"),
        local_day("rated_at").as_("rating_day"),
        "is_satisfied",
        *columns,
    ).from_(RATED)
    query = query.where(exp.true(), *conditions(scope, over))
    days = conditions(scope.model_copy(update={"where": ()}), over)
    tickets = exp.select("ticket_id").from_(exp.table_("tickets", db="main")).where(exp.true(), *days)
    rated = run_in_scope(connection, query, scope, tickets=tickets)
    solvers = exp.select("ticket_id", exp.column("agent_id").as_("agent")).from_("solvers")
    by_whom = run_in_scope(connection, solvers, scope, tickets=tickets)
    # Of whom nobody knows who solved it, or who asked, stands alone.
    return (
        rated.join(by_whom, on="ticket_id", how="left")
        .with_columns(pl.col("agent").fill_null(pl.col("ticket_id")))
        .sort("ticket_id")
    )


@dataclass(frozen=True)
class _Level:
    """One level of a factor against the factor's other levels: its counts, and how much clusters widen it."""

    counts: tuple[object, ...]
    gap: Compared
    effects: tuple[Effect, ...]


def _levels(rated: pl.DataFrame, factor: str, hidden: frozenset[str | None]) -> list[_Level]:
    """Each level that is not hidden, with enough ratings on both sides."""
    tickets = rated.filter(pl.col(factor).is_not_null())
    strata = [pl.col(name).fill_null("") for name in STRATA if name != factor]
    stratum = _ranks(tickets.select(pl.concat_str(strata, separator="\x1f").alias("stratum"))["stratum"])
    satisfied = tickets["is_satisfied"].cast(pl.Float64).to_numpy()
    size = int(stratum.max(initial=-1)) + 1
    every, one = np.zeros(size, dtype=np.int64), np.zeros(len(stratum), dtype=np.int64)
    clustering = Clustering(one, stratum, [_ranks(tickets[name]) for name in CLUSTERS], 1)
    levels = []
    for level in tickets[factor].unique().sort():
        mine = (tickets[factor] == level).to_numpy()
        n1, n0 = (summed(np.ones(side.sum()), stratum[side], size) for side in (mine, ~mine))
        a, b = (summed(satisfied[side], stratum[side], size) for side in (mine, ~mine))
        if level in _OPPOSITES or level in hidden or min(n1.sum(), n0.sum()) < LEAST:
            continue
        gap = replace(risk_difference(a, n1, b, n0, every, 1), p=association(a, n1, b, n0, every, 1))
        effects = tuple(clustering.design_effects(mine, satisfied))
        counts = (factor, level, *(int(each.sum()) for each in (n1, a, n0, b)))
        levels.append(_Level(counts, gap, effects))
    return levels


def _compared(levels: Sequence[_Level]) -> pl.DataFrame:
    """The rows of `_LEVELS`: levels lend one another what clusters do, since one has too few to tell."""
    names = ("estimate", "low", "high", "p")
    gaps = Compared(*(np.array([getattr(each.gap, name)[0] for each in levels]) for name in names))
    lends = np.isfinite(gaps.p)
    effects = [
        moderated_effect(
            Effect(
                np.array([each.effects[place].times[0] for each in levels]),
                np.array([each.effects[place].degrees[0] for each in levels]),
            ),
            lends,
        )
        for place in range(len(CLUSTERS))
    ]
    gaps = widened(gaps, effects)
    is_interval = np.isfinite(gaps.low) & np.isfinite(gaps.high)  # half of one would look like knowledge
    values = [gaps.estimate, *(np.where(is_interval, end, np.nan) for end in (gaps.low, gaps.high)), gaps.p]
    counts = pl.DataFrame([each.counts for each in levels], schema=list(_LEVELS)[:6], orient="row")
    numbers = [
        pl.Series(name, each).fill_nan(None) for name, each in zip(list(_LEVELS)[6:], values, strict=True)
    ]
    return counts.with_columns(numbers).cast(_LEVELS)


def _ranks(values: pl.Series) -> Ints:
    """Equal values as equal numbers from 0, in the order in which they stand first."""
    order = values.unique(maintain_order=True)
    numbers = values.replace_strict(order, range(order.len()), return_dtype=pl.Int64)
    return numbers.to_numpy().astype(np.int64)


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
