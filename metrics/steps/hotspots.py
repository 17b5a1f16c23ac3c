"""Which steps confuse beyond doubt: every step version with its signs, ranked."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import numpy as np
import polars as pl

from metrics.catalog.signs import SIGNS
from metrics.query.measure import data_range
from metrics.query.scope import Scope
from metrics.statistics.clustering import Floats
from metrics.statistics.cost import clustered_total_interval
from metrics.statistics.evidence import Evidence, evidence
from metrics.statistics.step_trouble import StepTrouble, step_trouble
from metrics.steps.counts import KEY, StepCounts, step_counts

_MICROSECONDS_PER_HOUR = 3.6e9


def hotspots(
    connection: duckdb.DuckDBPyConnection,
    *,
    scope: Scope | None = None,
    hourly_cost: float | None = None,
    false_discovery_rate: float = 0.05,
) -> pl.DataFrame:
    """One row per step version visited in the scope, the surest trouble first.

    Ranked by the lower end of the confusion rate's interval, which is widened for agents seen more than
    once, so that a rare step cannot top the list by luck. `shrunk_rate`: the rate drawn toward the other
    steps'. `hotspot`: above the `baseline` (the median step) beyond doubt; `hidden`: not, but newcomers or
    a few agents stand far above their peers; each at that false-discovery rate over all steps ranked.
    `verdict`, of those found alone: process, training, coaching or unclear, with its `evidence`.
    `cost_hours_per_week`: time beyond the step's fluent time, over all its visits, with its interval;
    `cost_per_week` at the hourly cost. `signs`: for each sign the visits that show it, those for which it
    is known, and the share. With a single step there is nothing to compare with: `hotspot`, `hidden` and
    `verdict` are null.
    """
    scope = scope or Scope()
    counts = step_counts(connection, scope)
    if not counts.steps.height:
        return _EMPTY
    trouble = step_trouble(counts.counts, rate=false_discovery_rate)
    step_evidence = evidence(counts.counts, trouble.ordinary.baseline, trouble.newcomers.within)
    weeks = weeks_covered(scope, data_range(connection, time_zone=scope.time_zone))
    return (
        counts.steps.with_columns(
            **_trouble_columns(trouble, is_alone=counts.steps.height == 1),
            **_cost(counts, weeks),
            evidence=_evidence(step_evidence),
            signs=pl.struct(_sign(sign.name).alias(sign.name) for sign in SIGNS),
        )
        .with_columns(cost_per_week=pl.col("cost_hours_per_week") * pl.lit(hourly_cost, pl.Float64))
        .select(_EMPTY.columns)
        .cast(_EMPTY.schema)
        .sort("low", "confusion_rate", "visits", *KEY, descending=[True, True, True, False, False, False])
    )


def _trouble_columns(trouble: StepTrouble, *, is_alone: bool) -> dict[str, pl.Series | pl.Expr]:
    is_finding = trouble.hotspot | trouble.hidden
    verdict = pl.Series(
        [str(v) if f else None for v, f in zip(trouble.verdict, is_finding, strict=True)], dtype=pl.String
    )
    nothing = pl.lit(None)
    return {
        "confusion_rate": _null_if_nan(trouble.rate),
        "low": _null_if_nan(trouble.low),
        "high": _null_if_nan(trouble.high),
        "shrunk_rate": _null_if_nan(trouble.shrunk_rate),
        "baseline": pl.lit(trouble.ordinary.baseline),
        "hotspot": nothing if is_alone else pl.Series(trouble.hotspot),
        "hidden": nothing if is_alone else pl.Series(trouble.hidden),
        "verdict": nothing if is_alone else verdict,
    }


def _cost(counts: StepCounts, weeks: float) -> dict[str, pl.Expr]:
    pairs = counts.counts.pairs
    low, high = clustered_total_interval(counts.excess_us, pairs.visits, pairs.step, pairs.steps)
    # Where agents are not recorded for all visits, the interval would be of a part.
    is_whole = np.zeros(pairs.steps) if counts.counts.loose_visits is None else counts.counts.loose_visits
    per_week = pl.col("excess_us") / _MICROSECONDS_PER_HOUR / weeks

    def end(values: Floats) -> pl.Expr:
        bound = pl.lit(_null_if_nan(np.where(is_whole == 0, values, np.nan)))
        return pl.when(pl.col("excess_us").is_not_null()).then(bound / _MICROSECONDS_PER_HOUR / weeks)

    return {
        "cost_hours_per_week": per_week,
        "cost_hours_per_week_low": end(low),
        "cost_hours_per_week_high": end(high),
    }


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
    start, end = max(scope.start or first, first), min(scope.end or last, last)
    return max((end - start + timedelta(days=1)).days, 1) / 7


EVIDENCE: dict[str, pl.DataType] = {
    "agents": pl.Int64(),
    "agents_above_share": pl.Float64(),
    "icc": pl.Float64(),
    "newcomer_ratio": pl.Float64(),
    "newcomer_ratio_low": pl.Float64(),
    "newcomer_ratio_high": pl.Float64(),
    "newcomers_below": pl.Int64(),
    "top_fifth_share": pl.Float64(),
}
_SIGN = pl.Struct({"visits": pl.Int64(), "n": pl.Int64(), "rate": pl.Float64()})
_EMPTY = pl.DataFrame(
    schema={
        **dict.fromkeys((*KEY, "title"), pl.String()),
        **dict.fromkeys(("visits", "confused"), pl.Int64()),
        **dict.fromkeys(("confusion_rate", "low", "high", "shrunk_rate", "baseline"), pl.Float64()),
        **dict.fromkeys(("hotspot", "hidden"), pl.Boolean()),
        "verdict": pl.String(),
        "cost_hours_per_week": pl.Float64(),
        "cost_hours_per_week_low": pl.Float64(),
        "cost_hours_per_week_high": pl.Float64(),
        "cost_per_week": pl.Float64(),
        "evidence": pl.Struct(EVIDENCE),
        "signs": pl.Struct({sign.name: _SIGN for sign in SIGNS}),
    }
)
