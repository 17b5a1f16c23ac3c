"""Which steps confuse beyond doubt: every step version with its signs, ranked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import duckdb
import numpy as np
import polars as pl

from etl.contract.time_zones import zone
from metrics.catalog.signs import SIGNS
from metrics.query.measure import data_range
from metrics.query.scope import Scope
from metrics.settings.hotspot_rules import HotspotRules
from metrics.statistics.clustering import Floats
from metrics.statistics.cost import SingleVisits, clustered_total_interval
from metrics.statistics.counts import Bools
from metrics.statistics.evidence import Evidence, evidence
from metrics.statistics.step_trouble import (
    LEAST_STEPS,
    LeastEffect,
    StepTrouble,
    step_rates,
    step_trouble,
)
from metrics.steps.counts import KEY, StepCounts, expected_rates, guided_workflows, step_counts

DEFAULT_RULES = HotspotRules()
_MICROSECONDS_PER_HOUR, _MICROSECONDS_PER_MINUTE = 3.6e9, 6e7


def hotspots(
    connection: duckdb.DuckDBPyConnection,
    *,
    scope: Scope | None = None,
    hourly_cost: float | None = None,
    false_discovery_rate: float = 0.05,
    rules: HotspotRules = DEFAULT_RULES,
) -> pl.DataFrame:
    """One row per step version visited in the scope, the surest trouble first.

    Ranked by the lower end of the confusion rate's interval, which is widened for agents seen more than
    once, so that a rare step cannot top the list by luck. `shrunk_rate`: the rate drawn toward the other
    steps'. `hotspot`: above the `baseline` beyond doubt, at that false-discovery rate over all steps ranked,
    and at least at `hotspot_from`, the least rate that matters by the rules; `hidden`: not, but newcomers or
    a few agents stand far above their peers. `verdict`, of those found alone: process, training, coaching or
    unclear, with its `evidence`.

    `baseline_from`: the median of these `steps`; with fewer than six of them that of the `desk`, if their
    workflow or the others have six, or what the `definition` expects. Where it is null, `hotspot`, `hidden`
    and `verdict` are not known. Of a workflow that is not `guided` nothing but its visits is: no step of it
    stands in the ranking, all are behind it.

    `cost_hours_per_week`: active time of its confused visits beyond the median of the others, each at most
    `cost_limit_minutes`, per week of the `weeks_in_use` of its version, with its interval; `cost_per_week` at
    the hourly cost; `waiting_hours_per_week`: when its confused visits were open and nobody was at work.
    `signs`: for each sign the visits that show it, those for which it is known, and the share.
    """
    scope = scope or Scope()
    counts = step_counts(connection, scope)
    if not counts.steps.height:
        return _EMPTY
    least = LeastEffect(rules.least_points, rules.least_share)
    covered = weeks_covered(scope, data_range(connection, time_zone=scope.time_zone))
    costs = _cost(counts, scope, covered)
    numbered = counts.steps.with_columns(**_rates(counts)).hstack(costs)
    findings = _findings(connection, scope, counts, least, false_discovery_rate)
    return (
        numbered.join(findings, on=KEY, how="left", nulls_equal=True)
        .with_columns(pl.when("guided").then(pl.col(name)).alias(name) for name in _OF_GUIDED)
        .with_columns(
            cost_per_week=pl.col("cost_hours_per_week") * pl.lit(hourly_cost, pl.Float64),
            signs=pl.struct(_sign(sign.name).alias(sign.name) for sign in SIGNS),
        )
        .select(_EMPTY.columns)
        .cast(_EMPTY.schema)
        .sort(
            "low",
            "confusion_rate",
            "visits",
            *KEY,
            descending=[True, True, True, False, False, False],
            nulls_last=True,
        )
    )


def _findings(
    connection: duckdb.DuckDBPyConnection,
    scope: Scope,
    counts: StepCounts,
    least: LeastEffect,
    false_discovery_rate: float,
) -> pl.DataFrame:
    """One row per step version, with what was found there; nothing where the workflow is not guided."""
    guided_by_workflow = guided_workflows(connection, scope)

    def is_guided(steps: pl.DataFrame) -> Bools:
        return np.array([guided_by_workflow.get(name, True) for name in steps["workflow"]], dtype=np.bool_)

    guided = is_guided(counts.steps)
    keys = counts.steps.select(*KEY, guided=pl.Series(guided))
    desk, source = counts, "steps"
    if guided.any() and guided.sum() < LEAST_STEPS and (wider := scope.across_steps()) != scope:
        others = step_counts(connection, wider)
        is_own = others.steps["workflow"].is_in(counts.steps["workflow"].unique().to_list(), nulls_equal=True)
        own = is_guided(others.steps) & is_own.to_numpy()
        # Three steps and three others are no desk to be held against: each would be half of what is ordinary.
        if max(own.sum(), (is_guided(others.steps) & ~own).sum()) >= LEAST_STEPS:
            desk, source = others, "desk"
    included = is_guided(desk.steps)
    if not included.any():
        return keys.join(_EMPTY.select(*KEY, *_FINDINGS), on=KEY, how="left")
    steps, sizes = desk.steps.select(KEY).filter(pl.Series(included)), desk.counts.of_steps(included)
    stated = None
    if steps.height < LEAST_STEPS:
        source = "definition"
        rates = steps.join(expected_rates(connection), on=KEY, how="left", maintain_order="left")
        stated = rates["expected_confusion"].fill_null(float("nan")).to_numpy()
    trouble = step_trouble(sizes, rate=false_discovery_rate, least=least, expected_rates=stated)
    findings = steps.with_columns(
        **_trouble_columns(trouble, least, source),
        evidence=_evidence(
            evidence(sizes, trouble.baseline, trouble.newcomers.within, trouble.practice_chance)
        ),
    )
    return keys.join(findings, on=KEY, how="left", nulls_equal=True)


_FINDINGS = (
    *("shrunk_rate", "baseline", "baseline_from", "hotspot_from"),
    *("hotspot", "hidden", "verdict", "evidence"),
)
_OF_GUIDED = (
    *("confused", "confusion_rate", "low", "high", "weeks_in_use", "waiting_hours_per_week"),
    *("cost_hours_per_week", "cost_hours_per_week_low", "cost_hours_per_week_high", "cost_limit_minutes"),
)


def _rates(counts: StepCounts) -> dict[str, pl.Series]:
    rate, low, high = step_rates(counts.counts)
    return {"confusion_rate": _null_if_nan(rate), "low": _null_if_nan(low), "high": _null_if_nan(high)}


def _trouble_columns(trouble: StepTrouble, least: LeastEffect, source: str) -> dict[str, pl.Series]:
    has_baseline = ~np.isnan(trouble.baseline)
    is_finding = trouble.hotspot | trouble.hidden

    def where_judged(values: Sequence[object], is_there: Bools, dtype: pl.DataType) -> pl.Series:
        rows = zip(values, is_there, strict=True)
        return pl.Series([value if there else None for value, there in rows], dtype=dtype)

    return {
        "shrunk_rate": _null_if_nan(trouble.shrunk_rate),
        "baseline": _null_if_nan(trouble.baseline),
        "baseline_from": where_judged([source] * len(has_baseline), has_baseline, pl.String()),
        "hotspot_from": _null_if_nan(least.rate(trouble.baseline)),
        "hotspot": where_judged(trouble.hotspot.tolist(), has_baseline, pl.Boolean()),
        "hidden": where_judged(trouble.hidden.tolist(), has_baseline, pl.Boolean()),
        "verdict": where_judged([str(verdict) for verdict in trouble.verdict], is_finding, pl.String()),
    }


def _cost(counts: StepCounts, scope: Scope, covered: float) -> pl.DataFrame:
    """One row per step version, in the order of their numbers, with the columns of `_COST`."""
    costs = counts.costs.group_by("number").agg(pl.col("costed", "lost_us", "waiting_us").sum())
    of_step = (
        pl.select(number=pl.int_range(counts.steps.height))
        .join(costs, on="number", how="left")
        .with_columns(pl.col("costed", "lost_us", "waiting_us").fill_null(0))
        .join(counts.usual_times, on="number", how="left")
        .sort("number")
    )
    weeks = counts.steps.select("workflow", "version").join(
        _weeks_in_use(counts.in_use, scope.time_zone, covered),
        on=["workflow", "version"], how="left", nulls_equal=True, maintain_order="left",
    )["weeks_in_use"]  # fmt: skip
    low, high = _interval(counts.costs, counts.steps.height)
    per_week = _MICROSECONDS_PER_HOUR * weeks
    # Where no visit is without confusion nobody knows what would be saved; where none is confused, nothing.
    is_known = pl.col("limit_us").is_not_null() & (pl.col("costed") == counts.steps["confused"])
    hours: dict[str, pl.Expr | pl.Series] = {
        "cost_hours_per_week": pl.col("lost_us") / per_week,
        "cost_hours_per_week_low": _null_if_nan(low) / per_week,
        "cost_hours_per_week_high": _null_if_nan(high) / per_week,
        "cost_limit_minutes": pl.col("limit_us") / _MICROSECONDS_PER_MINUTE,
    }
    columns = {name: pl.when(is_known).then(value) for name, value in hours.items()}
    waiting = pl.col("waiting_us") / per_week
    return of_step.select(**columns, waiting_hours_per_week=waiting, weeks_in_use=weeks)


def _interval(costs: pl.DataFrame, steps: int) -> tuple[Floats, Floats]:
    """Ends of the interval of each step's lost time, in microseconds; NaN where they are not known."""
    confused = costs.filter(pl.col("costed") > 0)
    nobody = confused.filter(pl.col("agent_id").is_null())
    at = nobody["number"].cast(pl.Int64).to_numpy()
    visits, amounts, squares = np.zeros((3, steps))
    visits[at], amounts[at] = nobody["costed"].to_numpy(), nobody["lost_us"].to_numpy()
    squares[at] = nobody["lost_squares"].to_numpy() * 1e6  # from milliseconds
    agents = confused.filter(pl.col("agent_id").is_not_null())
    lost, costed = (agents[name].cast(pl.Float64).to_numpy() for name in ("lost_us", "costed"))
    group = agents["number"].cast(pl.Int64).to_numpy()
    single = SingleVisits(visits=visits, amounts=amounts, squares=squares)
    return clustered_total_interval(lost, costed, group, steps, single=single)


def _weeks_in_use(in_use: pl.DataFrame, time_zone: str, covered: float) -> pl.DataFrame:
    """By workflow version: weeks from the first to the last day of its visits, one at least if covered."""
    here = zone(time_zone)
    days = [
        (last.astimezone(here).date() - first.astimezone(here).date()).days + 1
        for first, last in in_use.select("first_at", "last_at").rows()
    ]
    weeks = pl.Series(days, dtype=pl.Float64) / 7
    return in_use.select("workflow", "version", weeks_in_use=weeks.clip(lower_bound=min(covered, 1.0)))


def _evidence(step_evidence: Evidence) -> pl.Series:
    columns = {name: _null_if_nan(getattr(step_evidence, name)) for name in EVIDENCE}
    return pl.DataFrame(columns).cast(pl.Schema(EVIDENCE)).to_struct("evidence")


def _null_if_nan(values: Floats) -> pl.Series:
    """Not known is null; neither is beyond all bounds a number."""
    return pl.Series(np.where(np.isfinite(values), values, np.nan)).fill_nan(None)


def _sign(name: str) -> pl.Expr:
    visits, n = pl.col(f"{name}_visits"), pl.col(f"{name}_n")
    rate = pl.when(n > 0).then(visits / n)
    return pl.struct(visits=visits, n=n, rate=rate)


def weeks_covered(scope: Scope, data: tuple[date, date] | None) -> float:
    """The weeks that both the scope and the data cover, at least a day's worth."""
    if data is None:
        return 1.0
    first, last = data
    if scope.as_of is not None:
        last = min(last, scope.as_of.astimezone(zone(scope.time_zone)).date())
    start, end = max(scope.start or first, first), min(scope.end or last, last)
    return max((end - start + timedelta(days=1)).days, 1) / 7


EVIDENCE: dict[str, pl.DataType] = {
    "agents": pl.Int64(),
    "agents_above_share": pl.Float64(),
    "icc": pl.Float64(),
    "newcomer_ratio": pl.Float64(),
    "newcomer_ratio_low": pl.Float64(),
    "newcomer_ratio_high": pl.Float64(),
    "newcomer_chance": pl.Float64(),
    "newcomer_visits_share": pl.Float64(),
    "newcomers_below": pl.Int64(),
    "top_fifth_share": pl.Float64(),
}
_SIGN = pl.Struct({"visits": pl.Int64(), "n": pl.Int64(), "rate": pl.Float64()})
_EMPTY = pl.DataFrame(
    schema={
        **dict.fromkeys((*KEY, "title"), pl.String()),
        **dict.fromkeys(("visits", "confused"), pl.Int64()),
        **dict.fromkeys(("confusion_rate", "low", "high", "shrunk_rate", "baseline"), pl.Float64()),
        "baseline_from": pl.String(),
        "hotspot_from": pl.Float64(),
        **dict.fromkeys(("guided", "hotspot", "hidden"), pl.Boolean()),
        "verdict": pl.String(),
        "cost_hours_per_week": pl.Float64(),
        "cost_hours_per_week_low": pl.Float64(),
        "cost_hours_per_week_high": pl.Float64(),
        **dict.fromkeys(
            ("cost_per_week", "cost_limit_minutes", "waiting_hours_per_week", "weeks_in_use"), pl.Float64()
        ),
        "evidence": pl.Struct(EVIDENCE),
        "signs": pl.Struct({sign.name: _SIGN for sign in SIGNS}),
    }
)
