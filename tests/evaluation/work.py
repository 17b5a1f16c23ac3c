"""What the evaluation works out: simulated desks, and lines of the two other generators."""

from __future__ import annotations

from dataclasses import astuple, dataclass

from etl.simulator import Conditions, simulate
from tests.evaluation import other_desks, other_releases
from tests.evaluation.desks import step_findings, warehouse_of
from tests.evaluation.result_store import Frames
from tests.metrics.releases.planted import calls

EFFECTS = {
    "20 %": Conditions(repaired=(0.2, 0.1), broken=(0.2, 0.3)),
    "10 %": Conditions(repaired=(0.1, 0.05), broken=(0.1, 0.15)),
    "5 %": Conditions(repaired=(0.05, 0.025), broken=(0.05, 0.075)),
    "halved or doubled": Conditions(repaired=(0.1, 0.05), broken=(0.05, 0.1)),
}
"""Rates of the step that a new version rewrote, each 50 % better or worse but for the last."""


@dataclass(frozen=True)
class Desk:
    """A simulated desk of twelve weeks: what was found at its steps and said of its new versions."""

    kind: str
    tickets: int
    seed: int
    trouble: bool = True
    effects: str | None = None
    """A name in `EFFECTS`: such a desk is there for its versions alone."""

    @property
    def name(self) -> str:
        return f"{self.kind} {self.tickets} {self.seed}"

    def __call__(self) -> Frames:
        conditions = EFFECTS[self.effects] if self.effects else Conditions()
        history = simulate(
            tickets=self.tickets, seed=self.seed, weeks=12, trouble=self.trouble, conditions=conditions
        )
        connection = warehouse_of(history)
        frames = {"versions": calls(connection, history.truth)}
        if not self.effects:
            frames["steps"] = step_findings(connection, history)
        connection.close()
        return frames


@dataclass(frozen=True)
class OtherSteps:
    """Desks of the other generator with one thing varied."""

    varied: str
    seeds: int

    @property
    def name(self) -> str:
        return f"other {list(other_desks.VARIED).index(self.varied)} {self.seeds}"

    def __call__(self) -> Frames:
        return {"steps": other_desks.measured(other_desks.VARIED[self.varied], range(self.seeds))}


@dataclass(frozen=True)
class OtherVersions:
    """New versions of the other generator, one like another."""

    release: other_releases.OtherRelease
    seeds: int

    @property
    def name(self) -> str:
        return " ".join(["release", *(str(value) for value in astuple(self.release)), str(self.seeds)])

    def __call__(self) -> Frames:
        return {"versions": other_releases.called(self.release, range(self.seeds))}
