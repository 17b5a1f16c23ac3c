"""One visit of every active run, all at once: who, where, since when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from etl.contract.events import Kind
from etl.simulator.agents import Agents
from etl.simulator.arrays import Bools, Ints
from etl.simulator.confusion import Confusion
from etl.simulator.flow import Flow
from etl.simulator.log import Log

FINISHED, GIVEN_UP, SILENT = 0, 1, 2
FORWARD, WILL_NOTICE, CORRECTING, REPEATING, REREADING, RECONSIDERING, STILL_LOST = range(7)


@dataclass(frozen=True)
class Runs:
    """Runs to simulate: one entry each."""

    ticket: Ints
    number: Ints
    agent: Ints
    start: Ints
    first: Ints


@dataclass(frozen=True)
class State:
    """Where each run stands; moves on with every visit."""

    at: Ints
    place: Ints
    agent: Ints
    before: Ints
    """The step it came from."""
    choice: Ints
    """The answer given at the step before, or to be given again at the step returned to."""
    right: Ints
    """The answer that a wrong one will be changed into."""
    task: Ints
    """Going forward, about to notice a mistake, or correcting it. Back at a step: to repeat the answer, to
    read it again and return as lost as before, or to answer otherwise. Or returned like that."""


@dataclass(frozen=True)
class RunResults:
    """How the runs went."""

    end: Ints
    outcome: Ints
    agent: Ints
    """Who had the run at its end."""
    confused: Ints
    troubled: Ints
    """Confused visits at steps with planted trouble."""


@dataclass
class Visit:
    """The active runs at their present steps. `agent` may change while a visit is paused."""

    rng: np.random.Generator
    active: Ints
    runs: Runs
    state: State
    flow: Flow
    confusion: Confusion
    agents: Agents
    events: Log
    order: int

    def __post_init__(self) -> None:
        self.place = self.state.place[self.active]
        self.agent = self.state.agent[self.active]
        self.entered = self.state.at[self.active]
        self.task = self.state.task[self.active]
        self.size = len(self.active)
        self.asks = self.flow.is_type("question", "form", "decision")[self.place]
        """Whether the step wants an answer."""

    def chance(self, share: float) -> Bools:
        """Independent draws, one per run."""
        return np.asarray(self.rng.random(self.size) < share)

    def log(self, kind: Kind, where: Bools | None, at: Ints, order: int, **columns: Ints | int) -> None:
        """One event for each run `where` says; `order` sorts events of this visit at one instant."""
        self.events.add(
            kind,
            where,
            ticket=self.runs.ticket[self.active],
            at=at,
            order=self.order + order,
            agent=self.agent,
            run=self.runs.number[self.active],
            place=self.place,
            **columns,
        )
