"""Everything that stays the same while tickets come and go."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from etl.contract.events import Kind
from etl.simulator.agents import Agents
from etl.simulator.arrays import Bools, Floats, Ints, milliseconds
from etl.simulator.calendar import Calendar
from etl.simulator.confusion import Confusion
from etl.simulator.flow import Flow
from etl.simulator.log import Log
from etl.simulator.runs import simulate_runs
from etl.simulator.visit import RunResults, Runs


@dataclass
class Centre:
    """The desk: its people, workflows, opening hours, and the log it writes."""

    rng: np.random.Generator
    calendar: Calendar
    flow: Flow
    agents: Agents
    confusion: Confusion
    log: Log = field(default_factory=Log)
    runs_so_far: int = 0

    def run(self, ticket: Ints, workflow: Ints, agent: Ints, start: Ints) -> RunResults:
        """Runs the live version of each ticket's workflow."""
        number = self.runs_so_far + np.arange(len(ticket))
        self.runs_so_far += len(ticket)
        runs = Runs(ticket, number, agent, start, self.flow.start_of_run(workflow, start))
        return simulate_runs(
            self.rng, runs, flow=self.flow, confusion=self.confusion, agents=self.agents, log=self.log
        )

    def after_work(self, since: Ints, seconds: Floats) -> Ints:
        """The instant at which that much open time has passed."""
        return self.calendar.after_work(since, milliseconds(seconds))

    def chance(self, share: float | Floats, size: int) -> Bools:
        """Independent draws."""
        return np.asarray(self.rng.random(size) < share)

    def around(self, median: float | Floats, spread: float, size: int) -> Floats:
        """Log-normal durations."""
        return np.asarray(median * np.exp(self.rng.normal(0, spread, size)))

    def between(self, low: float, high: float, size: int) -> Ints:
        """Milliseconds evenly between two numbers of seconds."""
        return milliseconds(low + (high - low) * self.rng.random(size))

    def add(
        self, kind: Kind, where: Bools | None, ticket: Ints, at: Ints, order: int, **columns: Ints | int
    ) -> None:
        """One ticket event for each ticket `where` says."""
        self.log.add(kind, where, ticket=ticket, at=at, order=order, **columns)
