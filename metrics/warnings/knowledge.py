"""Tribal knowledge: how few agents solve most tickets of a reason."""

from __future__ import annotations

import polars as pl

from metrics.statistics.intervals import wilson
from metrics.warnings.reading import LEAST_AGENTS, UNKNOWN, Reading, reading

LEAST_TICKETS = 50
"""Of a reason with fewer, some agents are the busiest by luck."""


def held_by_few(solved: pl.DataFrame) -> Reading:
    """The share of solved tickets that the five busiest agents of their reason solved; n tickets.

    `solved`: as `metrics.warnings.counting` counts them, here as in `reasons_in_few_hands`.
    Over the reasons with at least `LEAST_TICKETS`, at a desk of ten agents or more: of fewer, five are most
    of them anyway, and what is left would tell of fewer than five.
    """
    counts = _by_reason(solved)
    if _desk(counts) < 2 * LEAST_AGENTS:
        return UNKNOWN
    held = counts.group_by("reason").agg(held=pl.col("tickets").top_k(LEAST_AGENTS).sum(), n=_sum("tickets"))
    reasons = held.filter(pl.col("n") >= LEAST_TICKETS)
    total, n = float(reasons["held"].sum()), float(reasons["n"].sum())
    if not n:
        return UNKNOWN
    low, high = wilson([total], [n])
    return reading(total / n, low[0], high[0], n)


def reasons_in_few_hands(solved: pl.DataFrame, *, most: float) -> pl.DataFrame:
    """One row per reason with at least `LEAST_TICKETS` solved, the most concentrated first. It names nobody.

    `agents`: how many solved its tickets, null for fewer than five. `share`: solved by the five busiest of
    them, with its interval; null where the others are fewer than five, of whom it would tell. `is_few`: more
    than `most` of the tickets hang on five agents or fewer, beyond chance. At a desk of fewer than ten
    agents: no rows.
    """
    counts = _by_reason(solved)
    reasons = (
        counts.group_by("reason")
        .agg(held=pl.col("tickets").top_k(LEAST_AGENTS).sum(), tickets=_sum("tickets"), agents=pl.len())
        .filter((pl.col("tickets") >= LEAST_TICKETS) & pl.lit(_desk(counts) >= 2 * LEAST_AGENTS))
    )
    low, high = wilson(reasons["held"].cast(pl.Float64), reasons["tickets"].cast(pl.Float64))
    rows = reasons.with_columns(
        share=pl.col("held") / pl.col("tickets"), low=pl.Series(low), high=pl.Series(high)
    ).with_columns(is_few=pl.col("low") > most)
    is_shown = pl.col("agents") >= 2 * LEAST_AGENTS
    return (
        rows.sort("low", "tickets", "reason", descending=[True, True, False])
        .with_columns(pl.when(is_shown).then(pl.col(name)).alias(name) for name in ("share", "low", "high"))
        .select(
            "reason",
            pl.col("tickets").cast(pl.Int64),
            pl.when(pl.col("agents") >= LEAST_AGENTS).then(pl.col("agents")).cast(pl.Int64).alias("agents"),
            *("share", "low", "high", "is_few"),
        )
    )


def _by_reason(solved: pl.DataFrame) -> pl.DataFrame:
    rows = solved.filter(pl.col("reason").is_not_null())
    return rows.group_by("reason", "agent_id").agg(pl.col("tickets").sum())


def _desk(counts: pl.DataFrame) -> int:
    return counts["agent_id"].n_unique()


def _sum(name: str) -> pl.Expr:
    return pl.col(name).sum().cast(pl.Int64)
