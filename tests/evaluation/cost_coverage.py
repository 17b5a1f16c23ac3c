"""How often the interval of a step's cost holds what such a desk costs on average.

The truth is what the other desks of the same make cost for each confused visit: it holds no formula of the
cost, and any formula is judged alike. It has an error of its own, which is large with few desks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from metrics.steps.counts import KEY
from metrics.steps.hotspots import hotspots
from tests.evaluation.generators import CALM, SIMULATOR, queues, simulated
from tests.evaluation.queue_desk import QueueDesk
from tests.evaluation.result_store import Frames
from tests.evaluation.scoring import Share

_DESK = QueueDesk(
    steps=(4,),
    troubled={(0, 0): 0.2, (0, 1): 0.05, (0, 2): 0.004, (0, 3): 0.25},
    shows_as=("help",),
    noise=0.0,
    takes=2.0,
    seconds=(60, 60),
    tickets_a_day=60,
)
"""Two steps with some 700 confused visits, one with some 170, and one with some 14."""
TAILS = ("lognormal", "pareto")
_LEAST_DESKS = 5
ENOUGH, TOO_FEW = 500, 20
"""Confused visits from which an interval must hold, and below which there is to be none."""


@dataclass(frozen=True)
class CostDesk:
    """The cost of every step of a desk, with its interval, in hours a week."""

    generator: str
    tail: str
    seed: int

    @property
    def name(self) -> str:
        return f"cost {self.generator} {self.tail} {self.seed}"

    def __call__(self) -> Frames:
        if self.generator == SIMULATOR:
            connection = simulated(self.seed, replace(CALM, base_rate=0.3), tickets=20_000)
        else:
            connection = queues(self.seed, replace(_DESK, tail=self.tail))
        with connection:
            columns = [f"cost_hours_per_week{end}" for end in ("", "_low", "_high")]
            return {"steps": hotspots(connection).select(*KEY, "confused", *columns)}


def coverage(desks: Sequence[pl.DataFrame], least: int, most: int) -> Share:
    """Intervals that hold the mean of the other desks, of steps with so many confused visits."""
    if len(desks) < _LEAST_DESKS:
        return Share(0, 0)
    steps = pl.concat(rows.with_columns(desk=pl.lit(at)) for at, rows in enumerate(desks))
    cost = pl.col("cost_hours_per_week")
    per_visit = cost / pl.col("confused")
    others = (per_visit.sum().over(KEY) - per_visit) / (pl.len().over(KEY) - 1)
    judged = (
        steps.filter(cost.is_not_null(), pl.col("confused") > 0)
        .with_columns(truth=others * pl.col("confused"), desks=pl.len().over(KEY))
        .filter(pl.col("desks") >= _LEAST_DESKS, pl.col("confused").is_between(least, most))
        .filter(pl.col("cost_hours_per_week_low").is_not_null())
    )
    holds = pl.col("truth").is_between("cost_hours_per_week_low", "cost_hours_per_week_high")
    return Share(judged.filter(holds).height, judged.height)


def share_with_interval(desks: Sequence[pl.DataFrame], least: int, most: int) -> Share:
    """Steps with so many confused visits whose cost has an interval."""
    steps = pl.concat(desks).filter(pl.col("confused").is_between(least, most))
    return Share(steps["cost_hours_per_week_low"].count(), steps.height)
