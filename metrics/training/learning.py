"""Which steps are learnt with practice and which stay hard, and what training would save."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import duckdb
import numpy as np
import polars as pl
import sqlglot
from scipy.special import stdtrit
from sqlglot import exp

from metrics.catalog.dimensions import VISITS
from metrics.facts.relations import DIALECT
from metrics.query.agents import least_agents
from metrics.query.complements import reportable_groups
from metrics.query.run_in_scope import run_in_scope
from metrics.query.scope import Over, Scope, conditions, date_column
from metrics.statistics.clustering import (
    Floats,
    Ints,
    clustered_interval,
    design_effect,
    ratio_variance,
    summed,
)
from metrics.statistics.evidence import LEAST_GROUP
from metrics.statistics.false_discovery import adjusted
from metrics.steps.counts import EXCESS_TIMES, KEY

USUAL_BAND = 20
"""Earlier visits below which an agent is new to a step, where nothing clearer is known."""
_MICROSECONDS_PER_HOUR = 3.6e9


class Learning(StrEnum):
    """What practice does for a step."""

    FADES = "learnt with practice"
    STAYS = "stays hard"
    BOTH = "hard at first, and stays hard"
    NONE = "no difference shown"
    UNKNOWN = "not known"


@dataclass(frozen=True)
class TrainingNeeds:
    """`steps`: one row per step version, what training would save most first (`training_needs` says more).

    `bands`: one row per step version and band of practice: the lower end of the band, null where the
    practice is not known; visits, confused, confusion_rate, low and high, null where it `is_shown` not.
    """

    steps: pl.DataFrame
    bands: pl.DataFrame


def training_needs(
    connection: duckdb.DuckDBPyConnection, ranked: pl.DataFrame, *, scope: Scope | None = None
) -> TrainingNeeds:
    """What practice does at every step version that `ranked` (by `metrics.steps.hotspots`) holds, but states.

    `learning`: newcomers stand above the others beyond doubt (`newcomer_chance`, which pays for the bands of
    practice looked at, at a false-discovery rate of 5 % over all steps), or a hotspot's others stay above the
    baseline, too, or both, or neither is shown.
    `saves_hours_per_week`: the active time over the usual one (as in the cost of a step) that newcomers take
    beyond what the others take there, in a week of those in which the version was in use, with its 95 %
    interval; null with fewer than five agents on a side, and where newcomers do not stand above the others:
    of many intervals some lie above zero by luck. Newcomers have fewer than `newcomers_below` earlier visits
    to the step. Steps that training helps come first, then those with the most confused visits.
    """
    scope = scope or Scope()
    entries = entries_by_band(connection, scope)
    return TrainingNeeds(
        judged(ranked.filter("guided"), entries), by_band(entries, least=least_agents(connection))
    )


def entries_by_band(connection: duckdb.DuckDBPyConnection, scope: Scope) -> pl.DataFrame:
    """One row per step version, agent and band (null: practice not known), with the sums of its visits."""
    over = Over(VISITS, date_column(scope, "entered_at"))
    groups = (*KEY, "agent_id", "practice")
    sums = [exp.alias_(sqlglot.parse_one(text, dialect=DIALECT), name) for name, text in _SUMS.items()]
    query = (
        exp.select(*groups, *sums)
        .from_(EXCESS_TIMES)
        .where("is_guided", *conditions(scope, over))
        .group_by(*groups)
    )
    rows = run_in_scope(connection, query, scope)
    return rows.cast(dict.fromkeys((*_SUMS, "practice"), pl.Int64)).sort(*groups)


def by_band(entries: pl.DataFrame, *, least: int = LEAST_GROUP) -> pl.DataFrame:
    """The confusion of every step version by band, with agent-clustered intervals, small groups hidden."""
    of_agents = entries.filter(pl.col("agent_id").is_not_null())
    groups = reportable_groups(of_agents, KEY, ("practice",), least=least).with_row_index("group")
    placed = of_agents.join(groups, on=[*KEY, "practice"], nulls_equal=True).sort(
        "group", "confused", "visits", "agent_id"
    )
    group, hits, visits = (
        placed["group"].cast(pl.Int64).to_numpy(),
        _floats(placed["confused"]),
        _floats(placed["visits"]),
    )
    rate, low, high = clustered_rates(hits, visits, group, groups.height)
    size = {"visits": summed(visits, group, groups.height), "confused": summed(hits, group, groups.height)}
    numbers = {name: pl.Series(values).cast(pl.Int64) for name, values in size.items()}
    ends = {"confusion_rate": _null_if_nan(rate), "low": _null_if_nan(low), "high": _null_if_nan(high)}
    rows = groups.drop("group").with_columns(**numbers, **ends)
    secret = ("agents", *numbers, *ends)
    return rows.with_columns(pl.when("is_shown").then(pl.col(name)).alias(name) for name in secret)


def clustered_rates(hits: Floats, visits: Floats, group: Ints, groups: int) -> tuple[Floats, Floats, Floats]:
    """The rate of each group with its interval; rows are agents."""
    clusters = summed(np.ones_like(visits), group, groups)
    confused, size = summed(hits, group, groups), summed(visits, group, groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = design_effect(hits, visits, group, groups)
        low, high = clustered_interval(confused, size, effect, clusters)
        return confused / size, low, high


def judged(ranked: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """The ranked steps with what practice does for them and what training would save in hours a week."""
    steps = ranked.select(
        *KEY,
        *("title", "visits", "confused", "confusion_rate", "baseline", "hotspot", "verdict"),
        *(pl.col("evidence").struct.field(name) for name in _EVIDENCE),
    ).with_row_index("place")
    of_agents = entries.filter(pl.col("agent_id").is_not_null())
    sides = (
        of_agents.join(steps.select(*KEY, "place", "newcomers_below"), on=list(KEY), nulls_equal=True)
        .with_columns(is_new=pl.col("practice") < pl.col("newcomers_below").fill_null(USUAL_BAND))
        .with_columns(pl.col("is_new").fill_null(value=False))
        .group_by("place", "agent_id", "is_new")
        .agg(pl.col("visits", "confused", "excess_us", "timed").sum())
        .sort("place", "is_new", "confused", "visits", "excess_us", "timed", "agent_id")
    )
    saved, error, reach = _saved(sides, steps.height)
    rest = sides.filter(~pl.col("is_new"))
    place = rest["place"].cast(pl.Int64).to_numpy()
    _, rest_low, _ = clustered_rates(_floats(rest["confused"]), _floats(rest["visits"]), place, steps.height)
    # Those of its version, in all sources that it is used in, whatever the scope filters.
    per_week = _MICROSECONDS_PER_HOUR * _floats(ranked["weeks_in_use"])
    return (
        steps.with_columns(
            newcomers_chance=_null_if_nan(adjusted(_floats(steps["newcomer_chance"]))),
            rest_low=_null_if_nan(rest_low),
            saves_hours_per_week=_null_if_nan(saved / per_week),
            saves_low=_null_if_nan((saved - reach * error) / per_week),
            saves_high=_null_if_nan((saved + reach * error) / per_week),
        )
        .with_columns(learning=_learning())
        .with_columns(pl.when(_HELPED).then(pl.col(name)).alias(name) for name in _SAVINGS)
        .drop("place", "rest_low", "newcomers_chance", "newcomer_chance")
        .sort(
            _HELPED, "saves_hours_per_week", "confused", *KEY,
            descending=[True, True, True, False, False, False], nulls_last=True,
        )
    )  # fmt: skip


def _saved(sides: pl.DataFrame, steps: int) -> tuple[Floats, Floats, Floats]:
    """Microseconds that newcomers take beyond the others, their standard error, and Student's quantile.

    The variance is that of two ratios of agents' totals (W. G. Cochran, Sampling Techniques, 3rd ed. 1977,
    § 6.4). Agents who were new and then were not stand on both sides; what they have in common is not
    taken off, so that the interval is rather too wide.
    """
    means, variances, agents, sizes = [], [], [], []
    for is_new in (True, False):
        side = sides.filter((pl.col("is_new") == is_new) & (pl.col("timed") > 0))
        place = side["place"].cast(pl.Int64).to_numpy()
        amounts, timed = _floats(side["excess_us"]), _floats(side["timed"])
        sizes.append(summed(timed, place, steps))
        with np.errstate(divide="ignore", invalid="ignore"):
            means.append(summed(amounts, place, steps) / sizes[-1])
        variances.append(ratio_variance(amounts, timed, place, steps))
        agents.append(summed(np.ones_like(timed), place, steps))
    fewest = np.minimum(*agents)
    saved = np.where(fewest >= LEAST_GROUP, (means[0] - means[1]) * sizes[0], np.nan)
    error = sizes[0] * np.sqrt(variances[0] + variances[1])
    return saved, error, stdtrit(np.maximum(fewest - 1, 1), 0.975)


def _learning() -> pl.Expr:
    new = pl.col("newcomers_chance") <= 0.05
    stays = pl.col("hotspot").fill_null(value=False) & (pl.col("rest_low") > pl.col("baseline"))
    return (
        pl.when(new & stays)
        .then(pl.lit(Learning.BOTH.value))
        .when(new)
        .then(pl.lit(Learning.FADES.value))
        .when(stays)
        .then(pl.lit(Learning.STAYS.value))
        .when(pl.col("newcomer_ratio").is_not_null())
        .then(pl.lit(Learning.NONE.value))
        .otherwise(pl.lit(Learning.UNKNOWN.value))
    )


def _floats(values: pl.Series) -> Floats:
    return values.cast(pl.Float64).fill_null(float("nan")).to_numpy().astype(np.float64)


def _null_if_nan(values: Floats) -> pl.Series:
    return pl.Series(np.where(np.isfinite(values), values, np.nan), dtype=pl.Float64).fill_nan(None)


_HELPED = pl.col("learning").is_in([Learning.FADES, Learning.BOTH])
_SAVINGS = ("saves_hours_per_week", "saves_low", "saves_high")
_EVIDENCE = (
    *("newcomer_ratio", "newcomer_ratio_low", "newcomer_ratio_high"),
    *("newcomer_chance", "newcomers_below"),
)
_SUMS = {
    "visits": "count(*)",
    "confused": "count(*) FILTER (WHERE is_confused)",
    # Whole numbers: their sum does not depend on their order.
    "excess_us": "CAST(coalesce(sum(excess_us), 0) AS BIGINT)",
    "timed": "count(excess_us)",
}
