"""A step that confuses more than the rest beyond doubt, but by how much? All else is calm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from etl.simulator import Conditions, simulate
from metrics.steps.counts import KEY
from metrics.steps.hotspots import hotspots
from tests.evaluation.desks import warehouse_of
from tests.evaluation.generators import CALM, QUEUES, SIMULATOR, queues, step_key
from tests.evaluation.queue_desk import QueueDesk
from tests.evaluation.result_store import Frames
from tests.evaluation.scoring import Share

_STEP = (0, 3)
_BUSY = QueueDesk(steps=(8,), tickets_a_day=100, agents=30, joiners=8)
"""Some 6,000 visits to each step: less than what matters is beyond doubt, too."""


@dataclass(frozen=True)
class Case:
    """The rate of all steps and that of the one planted, and whether that is enough to be called."""

    base: float
    rate: float
    matters: bool

    @property
    def title(self) -> str:
        return f"{self.base:.1%} and {self.rate:.1%}"


CASES = {
    QUEUES: (
        Case(0.0, 0.006, matters=False),
        Case(0.01, 0.022, matters=False),
        Case(0.05, 0.065, matters=False),
        Case(0.20, 0.26, matters=False),
        Case(0.01, 0.04, matters=True),
        Case(0.05, 0.10, matters=True),
        Case(0.20, 0.36, matters=True),
    ),
    SIMULATOR: (
        Case(0.01, 0.022, matters=False),
        Case(0.05, 0.065, matters=False),
        Case(0.20, 0.26, matters=False),
        Case(0.01, 0.04, matters=True),
        Case(0.05, 0.10, matters=True),
    ),
}
"""What matters is at least 2 points and half of the baseline."""


@dataclass(frozen=True)
class PlantedStep:
    """A desk with one step of another rate: whether it is called a hotspot, and how many others are."""

    generator: str
    case: Case
    seed: int

    @property
    def name(self) -> str:
        return f"least {self.generator} {self.case.base} {self.case.rate} {self.seed}"

    def __call__(self) -> Frames:
        ranked, planted = self._simulator() if self.generator == SIMULATOR else self._queues()
        here = ranked.join(planted, on=KEY, how="semi")
        others = ranked.join(planted, on=KEY, how="anti")
        is_reached = pl.col("confused") >= pl.col("hotspot_from") * pl.col("visits")
        return {
            "steps": here.select(
                visits=pl.col("visits").sum(),
                confused=pl.col("confused").sum(),
                baseline=pl.col("baseline").mean(),
                reached=is_reached.sum(),
                called=pl.col("hotspot").sum(),
                planted=pl.col("hotspot").count(),
            ).hstack(others.select(others_called=pl.col("hotspot").sum(), others=pl.col("hotspot").count()))
        }

    def _queues(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        noise = 0.0 if self.case.base == 0 else 1.0
        desk = replace(_BUSY, base=self.case.base, troubled={_STEP: self.case.rate}, noise=noise)
        with queues(self.seed, desk) as connection:
            return hotspots(connection), pl.DataFrame([step_key(_STEP)])

    def _simulator(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Process trouble at this rate; the training and coaching planted has no more than the base rate."""
        conditions = replace(CALM, base_rate=self.case.base, process_rates=(self.case.rate,) * 2)
        history = simulate(tickets=20_000, seed=self.seed, weeks=12, conditions=_without_people(conditions))
        planted = [
            {name: entry[name] for name in KEY}
            for entry in history.truth["trouble"]
            if entry["type"] == "process"
        ]
        with warehouse_of(history) as connection:
            return hotspots(connection), pl.DataFrame(planted, schema=dict.fromkeys(KEY, pl.String))


def _without_people(conditions: Conditions) -> Conditions:
    rate = conditions.base_rate
    return replace(conditions, people_times=(1.0, 1.0), repaired=(rate, rate), broken=(rate, rate))


def share_called(desks: Sequence[pl.DataFrame]) -> Share:
    """Planted steps that are called a hotspot, of those that could be."""
    rows = pl.concat(desks)
    return Share(int(rows["called"].sum()), int(rows["planted"].sum()))


def share_reached(desks: Sequence[pl.DataFrame]) -> Share:
    """Planted steps whose observed rate is one that matters, by luck or for good: no other may be called."""
    rows = pl.concat(desks)
    return Share(int(rows["reached"].sum()), int(rows["planted"].sum()))


def observed(desks: Sequence[pl.DataFrame]) -> str:
    """The baseline and the rate of all planted steps: detours and slips add to what was asked for."""
    rows = pl.concat(desks)
    return f"{rows['baseline'].mean():.1%} and {rows['confused'].sum() / rows['visits'].sum():.1%}"


def share_of_others(desks: Sequence[pl.DataFrame]) -> Share:
    """Desks on which another step is called."""
    rows = pl.concat(desks)
    return Share(rows.filter(pl.col("others_called") > 0).height, rows.height)
