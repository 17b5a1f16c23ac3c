"""Process or people: every step found, with the verdict and what speaks for it in words."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from metrics.hotspots import EVIDENCE, hotspots
from metrics.scope import Scope
from metrics.statistics.verdict import Verdict
from metrics.step_counts import KEY

_MEND = {
    Verdict.PROCESS: "Rewrite the step",
    Verdict.TRAINING: "Train newcomers on it",
    Verdict.COACHING: "Coach the few",
    Verdict.UNCLEAR: "Watch it: more visits will tell",
}


def verdicts(
    connection: duckdb.DuckDBPyConnection,
    *,
    scope: Scope | None = None,
    hourly_cost: float | None = None,
    false_discovery_rate: float = 0.05,
) -> pl.DataFrame:
    """One row per hotspot and per step with hidden trouble: the hotspots first, each kind the dearest first.

    `found`: hotspot or hidden trouble. `action` and `because` say in words what to do and why; the numbers of
    the evidence stand beside them. No row shows an agent. No row at all is an answer.
    """
    ranked = hotspots(
        connection, scope=scope, hourly_cost=hourly_cost, false_discovery_rate=false_discovery_rate
    )
    found = (
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
    rows = found.to_dicts()
    return found.select(
        *KEY,
        "title",
        "found",
        "verdict",
        action=pl.Series([_MEND[Verdict(row["verdict"])] for row in rows], dtype=pl.String),
        because=pl.Series([because(row) for row in rows], dtype=pl.String),
        **{name: pl.col(name) for name in (*_NUMBERS, *EVIDENCE)},
    )


def because(row: dict[str, Any]) -> str:
    """The evidence for a verdict as sentences; what is not known is not said."""
    baseline, rate = _percent(row["baseline"]), _percent(row["confusion_rate"])
    interval = f"{_percent(row['low'])} to {_percent(row['high'])}"
    said = [
        f"{rate} of {row['visits']:,} visits are confused (95% interval {interval}).",
        f"The median step: {baseline}.",
    ]
    if row["agents_above_share"] is not None:
        said.append(f"{_percent(row['agents_above_share'])} of its {row['agents']} agents are above that.")
    if row["newcomer_ratio"] is not None:
        below = f"with fewer than {row['newcomers_below']} visits here " if row["newcomers_below"] else ""
        ends = f"{row['newcomer_ratio_low']:.1f} to {row['newcomer_ratio_high']:.1f}"
        said.append(
            f"Newcomers {below}are confused {row['newcomer_ratio']:.1f} times as often as others ({ends})."
        )
    if row["top_fifth_share"] is not None:
        said.append(f"One fifth of the agents hold {_percent(row['top_fifth_share'])} of the excess.")
    if row["icc"] is not None:
        said.append(f"{_percent(row['icc'])} of the differences between visits lie between agents.")
    return " ".join(said)


def in_words(found: pl.DataFrame, currency: str) -> list[str]:
    """The verdicts as lines for people, each step with what it costs and why."""
    if not found.height:
        return ["No step stands out beyond chance, and none hides trouble of newcomers or of a few agents."]
    lines: list[str] = []
    for row in found.iter_rows(named=True):
        name = row["title"] or row["step"]
        where = " ".join(part for part in (row["workflow"], row["version"], row["step"]) if part)
        lines.append(f"{row['verdict'].upper()}: {name} ({where}), {row['found']}. {row['action']}.")
        lines.append(f"  {_cost(row, currency)}{row['because']}")
    return lines


def _cost(row: dict[str, Any], currency: str) -> str:
    if row["cost_hours_per_week"] is None:
        return ""
    low, high = row["cost_hours_per_week_low"], row["cost_hours_per_week_high"]
    ends = "" if low is None or high is None else f" ({low:.2g} to {high:.2g})"
    money = "" if row["cost_per_week"] is None else f", {row['cost_per_week']:,.0f} {currency}"
    return f"It costs {row['cost_hours_per_week']:.2g} hours{ends}{money} a week. "


def _percent(share: float) -> str:
    return f"{share:.1%}" if share < _WHOLE_FROM else f"{share:.0%}"


_WHOLE_FROM = 0.2
_NUMBERS = (
    *("visits", "confused", "confusion_rate", "low", "high", "shrunk_rate", "baseline"),
    *("cost_hours_per_week", "cost_hours_per_week_low", "cost_hours_per_week_high", "cost_per_week"),
)
