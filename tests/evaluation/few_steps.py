"""Desks with hardly a step: the lowest of three calm ones is no baseline for the other two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from etl.simulator import simulate
from metrics.steps.counts import KEY
from metrics.steps.hotspots import hotspots
from tests.evaluation.generators import CALM, QUEUES, SIMULATOR, loaded, queues, step_key
from tests.evaluation.queue_desk import QueueDesk, Step
from tests.evaluation.result_store import Frames
from tests.evaluation.scoring import Share


@dataclass(frozen=True)
class Case:
    """The steps of each workflow, a planted one if any, and whether definitions say what to expect."""

    steps: tuple[int, ...]
    planted: Step | None = None
    is_expected: bool = False

    def desk(self) -> QueueDesk:
        troubled = {self.planted: 0.2} if self.planted else {}
        return replace(_DESK, steps=self.steps, troubled=troubled)

    def definitions(self) -> list[dict[str, Any]]:
        """Workflows of one step after the other, expected to confuse at the base rate."""
        return [
            {
                **step_key((workflow, step)),
                "workflow_title": f"Workflow {workflow}",
                "position": step,
                "title": f"Step {step}",
                "type": "end" if step == number - 1 else "question",
                "next": [] if step == number - 1 else [f"s{step + 1}"],
                "required": False,
                "returns_by_design": False,
                "expected_confusion": _DESK.base,
            }
            for workflow, number in enumerate(self.steps)
            for step in range(number)
            if self.is_expected
        ]


_DESK = QueueDesk()


CASES = {
    QUEUES: {
        "3 steps": Case((3,)),
        "3 steps and 4 of another workflow": Case((3, 4)),
        "the same, one of the 3 confuses 20 %": Case((3, 4), planted=(0, 1)),
        "3 steps, expected confusion defined": Case((3,), is_expected=True),
        "the same, one confuses 20 %": Case((3,), planted=(0, 1), is_expected=True),
    },
    SIMULATOR: {"3 steps": Case((3,))},
}


@dataclass(frozen=True)
class FewSteps:
    """A desk of few steps: false hotspots, the planted one, and steps of which nothing is known."""

    generator: str
    title: str
    seed: int

    @property
    def name(self) -> str:
        return f"few {self.generator} {list(CASES[self.generator]).index(self.title)} {self.seed}"

    def __call__(self) -> Frames:
        case = CASES[self.generator][self.title]
        if self.generator == SIMULATOR:
            connection = loaded(_three_steps(self.seed).to_dicts())
        else:
            connection = queues(self.seed, case.desk(), definitions=case.definitions())
        with connection:
            ranked = hotspots(connection)
        key = step_key(case.planted) if case.planted else dict.fromkeys(KEY, "")
        is_planted = pl.all_horizontal(pl.col(name) == value for name, value in key.items())
        rows = ranked.select("hotspot", is_planted=is_planted)
        return {"steps": rows}


def _three_steps(seed: int) -> pl.DataFrame:
    """A simulated desk of which only the three most visited steps of one workflow are recorded."""
    events = simulate(tickets=20_000, seed=seed, weeks=12, trouble=False, conditions=CALM).events
    visits = events.filter(kind="entered").group_by("workflow", "version", "step").len()
    most = visits.sort("len", "step", descending=[True, False]).row(0, named=True)
    same = visits.filter(workflow=most["workflow"], version=most["version"])
    steps = same.sort("len", "step", descending=[True, False])["step"].head(3)
    is_kept = (
        (pl.col("workflow") == most["workflow"])
        & (pl.col("version") == most["version"])
        & (pl.col("step").is_in(steps.implode()) | (pl.col("kind") == "run_finished"))
    )
    tickets = events.filter(pl.col("workflow") == most["workflow"])["ticket_id"].unique()
    is_of_ticket = pl.col("run_id").is_null() & pl.col("ticket_id").is_in(tickets.implode())
    return events.filter(is_kept | is_of_ticket)


def share_of_false(desks: Sequence[pl.DataFrame]) -> Share:
    """Desks on which a step is called that is like the others."""
    false = [rows.filter("hotspot", ~pl.col("is_planted")).height > 0 for rows in desks]
    return Share(sum(false), len(false))


def share_called(desks: Sequence[pl.DataFrame]) -> Share:
    """Planted steps that are called a hotspot."""
    rows = pl.concat(desks).filter("is_planted")
    return Share(int(rows["hotspot"].fill_null(value=False).sum()), rows.height)


def share_unknown(desks: Sequence[pl.DataFrame]) -> Share:
    """Steps of which it is not known whether they are hotspots."""
    rows = pl.concat(desks)
    return Share(rows["hotspot"].null_count(), rows.height)
