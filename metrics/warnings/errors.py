"""High error rate: visits with a refused input, an answer changed later, or a required step skipped."""

from __future__ import annotations

import numpy as np
import polars as pl

from metrics.statistics.clustering import clustered_interval, design_effect, summed
from metrics.warnings.counting import ERRORS, STEP
from metrics.warnings.reading import UNKNOWN, Reading, numbers, reading


def error_rates(visits: pl.DataFrame) -> dict[str, Reading]:
    """Of each kind of error, the share of visits with it; the interval is widened for agents seen often.

    `visits`: as `metrics.warnings.counting` counts them, here as in `erring_steps`. `required step skipped`
    is of visits to defined steps alone, and not known without any.
    """
    agents = visits.group_by("agent_id").agg(
        pl.col(f"{name} {part}").sum() for name in ERRORS for part in ("hits", "n")
    )
    return {name: _share(agents, name) for name in ERRORS}


def _share(by_agent: pl.DataFrame, name: str) -> Reading:
    rows = by_agent.filter(pl.col(f"{name} n") > 0).sort(
        f"{name} hits", f"{name} n", "agent_id", nulls_last=True
    )
    if rows.is_empty():
        return UNKNOWN
    hits, n = numbers(rows, f"{name} hits"), numbers(rows, f"{name} n")
    one = np.zeros(rows.height, dtype=np.int64)
    total, size = (summed(values, one, 1) for values in (hits, n))
    low, high = clustered_interval(
        total, size, design_effect(hits, n, one, 1), summed(np.ones_like(n), one, 1)
    )
    return reading(total[0] / size[0], low[0], high[0], size[0])


def erring_steps(visits: pl.DataFrame) -> pl.DataFrame:
    """One row per step version with errors, the surest high rate first: visits, errors, share, low, high.

    With the visits of each kind of error; the interval is widened for agents seen often.
    """
    names = ("errors", "refused", "changed", "skipped")
    kinds = {name: pl.col(f"{kind} hits").sum() for name, kind in zip(names, ERRORS, strict=True)}
    by_agent = visits.group_by(*STEP, "agent_id", maintain_order=True).agg(
        pl.col("title").max(), pl.col("visits").sum(), **kinds
    )
    sums = [pl.col(name).sum().cast(pl.Int64) for name in ("visits", *names)]
    steps = (
        by_agent.group_by(STEP, maintain_order=True)
        .agg(pl.col("title").max(), *sums, agents=pl.len())
        .with_row_index("place")
    )
    if steps.is_empty():
        none = pl.lit(None, pl.Float64)
        return steps.drop("place", "agents").with_columns(share=none, low=none, high=none)
    group = by_agent.join(steps, on=STEP, nulls_equal=True, how="left", maintain_order="left")["place"]
    places = group.cast(pl.Int64).to_numpy().astype(np.int64)
    effect = design_effect(numbers(by_agent, "errors"), numbers(by_agent, "visits"), places, steps.height)
    low, high = clustered_interval(
        numbers(steps, "errors"), numbers(steps, "visits"), effect, numbers(steps, "agents")
    )
    return (
        steps.with_columns(
            share=pl.col("errors") / pl.col("visits"), low=pl.Series(low), high=pl.Series(high)
        )
        .filter(pl.col("errors") > 0)
        .drop("place", "agents")
        .sort("low", "share", *STEP, descending=[True, True, False, False, False], nulls_last=True)
    )
