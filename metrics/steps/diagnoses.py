"""Process or people: every step found, with the verdict and the numbers that speak for it."""

from __future__ import annotations

import duckdb
import polars as pl

from metrics.query.scope import Scope
from metrics.steps.counts import KEY
from metrics.steps.hotspots import EVIDENCE, hotspots


def verdicts(
    connection: duckdb.DuckDBPyConnection,
    *,
    scope: Scope | None = None,
    hourly_cost: float | None = None,
    false_discovery_rate: float = 0.05,
) -> pl.DataFrame:
    """One row per hotspot and per step with hidden trouble: the hotspots first, each kind the dearest first.

    `found`: hotspot or hidden trouble. The numbers of the evidence stand beside the verdict. No row shows an
    agent. No row at all is an answer.
    """
    ranked = hotspots(
        connection, scope=scope, hourly_cost=hourly_cost, false_discovery_rate=false_discovery_rate
    )
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
    *("visits", "confused", "confusion_rate", "low", "high", "shrunk_rate", "baseline"),
    *("cost_hours_per_week", "cost_hours_per_week_low", "cost_hours_per_week_high", "cost_per_week"),
    *("cost_limit_minutes", "waiting_hours_per_week", "weeks_in_use"),
)
