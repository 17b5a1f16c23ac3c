"""Inconsistent service: how much agents differ beyond chance, on equal cases."""

from __future__ import annotations

import numpy as np
import polars as pl

from metrics.statistics.heterogeneity import between
from metrics.warnings.counting import MIX, STEP
from metrics.warnings.reading import LEAST_AGENTS, UNKNOWN, Reading, reading

LEAST_CASES = 20


def spreads(visits: pl.DataFrame, solved: pl.DataFrame) -> dict[str, Reading]:
    """By measure, the standard deviation between agents in units of what is expected of them.

    `confused visits`: expected at the same step versions. `reopened tickets`: of the same reason and channel,
    by who solved them (both as `metrics.warnings.counting` counts). 0.3 means that agents differ by some 30 %
    either way, whatever they are given.
    """
    by_agent = visits.group_by(*STEP, "agent_id", maintain_order=True).agg(
        cases=pl.col("visits").sum(), hits=pl.col("hits").sum()
    )
    return {
        "confused visits": spread(by_agent, STEP),
        "reopened tickets": spread(solved.rename({"traced": "cases", "reopened": "hits"}), MIX),
    }


def spread(counts: pl.DataFrame, strata: tuple[str, ...]) -> Reading:
    """One row per stratum and agent (cases, hits) in; the spread between the agents out, with n cases.

    Each agent's hits are held against what the stratum's rate gives the agent's cases, with the variance of
    drawing them without replacement (N. Mantel and W. Haenszel, J. National Cancer Institute 22, 1959). Only
    agents with at least `LEAST_CASES` cases that somebody else has, too; not known of fewer than five.
    """
    total, hits = pl.col("cases").sum().over(strata), pl.col("hits").sum().over(strata)
    agents = (
        counts.filter(pl.col("agent_id").is_not_null())
        .with_columns(pl.col("cases", "hits").cast(pl.Float64))
        .with_columns(total=total, rate=hits / total)
        # A case that nobody else has says nothing of how agents differ.
        .filter(pl.col("total") > pl.col("cases"))
        .with_columns(
            expected=pl.col("cases") * pl.col("rate"),
            chance=pl.col("cases") * pl.col("rate") * (1 - pl.col("rate"))
            * (pl.col("total") - pl.col("cases")) / (pl.col("total") - 1),
        )
        .sort(*strata, "agent_id", nulls_last=True)
        .group_by("agent_id", maintain_order=True)
        .agg(pl.col("cases", "hits", "expected", "chance").sum())
        .filter((pl.col("cases") >= LEAST_CASES) & (pl.col("expected") >= 1) & (pl.col("chance") > 0))
        .sort("cases", "hits", "expected", "chance", "agent_id")
    )  # fmt: skip
    if agents.height < LEAST_AGENTS:
        return UNKNOWN
    expected_hits, chance = agents["expected"].to_numpy(), agents["chance"].to_numpy()
    estimate = between(
        np.asarray(agents["hits"].to_numpy() / expected_hits), np.asarray(chance / expected_hits**2)
    )
    return reading(*estimate, n=float(agents["cases"].sum()))
