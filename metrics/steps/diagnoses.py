"""Process or people: every step found, with the verdict and the numbers that speak for it."""

from __future__ import annotations

import duckdb
import polars as pl

from metrics.query.scope import Scope
from metrics.settings.hotspot_rules import HotspotRules
from metrics.steps.counts import KEY
from metrics.steps.hotspots import DEFAULT_RULES, EVIDENCE, hotspots


def verdicts(
    connection: duckdb.DuckDBPyConnection,
    *,
    scope: Scope | None = None,
    hourly_cost: float | None = None,
    false_discovery_rate: float = 0.05,
    rules: HotspotRules = DEFAULT_RULES,
) -> pl.DataFrame:
    """The findings of a scope, as `findings` says."""
    ranked = hotspots(
        connection,
        scope=scope,
        hourly_cost=hourly_cost,
        false_discovery_rate=false_discovery_rate,
        rules=rules,
    )
    return findings(ranked)


def findings(ranked: pl.DataFrame) -> pl.DataFrame:
    """One row per hotspot and per step with hidden trouble: the hotspots first, each kind the dearest first.

    `ranked`: the rows of `metrics.steps.hotspots`. `found`: hotspot or hidden trouble. The numbers of the
    evidence stand beside the verdict. No row shows an agent. No row at all is an answer where `hotspot` is
    known.
    """
    rows = (
        ranked.filter(pl.col("hotspot") | pl.col("hidden"))
        .with_columns(found=pl.when("hotspot").then(pl.lit("hotspot")).otherwise(pl.lit("hidden trouble")))
        .sort(
            "hotspot",
            "cost_hours_per_week",
            *KEY,
            descending=[True, True, False, False, False],
            nulls_last=True,
        )
        .unnest("evidence")
    )
    return rows.select(
        *KEY,
        "title",
        "found",
        "verdict",
        **{name: pl.col(name) for name in (*_NUMBERS, *EVIDENCE)},
    )


_NUMBERS = (
    *("visits", "confused", "confusion_rate", "low", "high", "shrunk_rate", "baseline", "hotspot_from"),
    *("cost_hours_per_week", "cost_hours_per_week_low", "cost_hours_per_week_high", "cost_per_week"),
    *("cost_limit_minutes", "waiting_hours_per_week", "weeks_in_use"),
)
