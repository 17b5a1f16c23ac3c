"""Visits and confused visits by step version, agent and practice: what every statistic starts from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from metrics.statistics.clustering import Floats, Ints, summed

Bools = NDArray[np.bool_]

BANDS = (0, 5, 10, 20, 50)
"""The lower ends of the bands of practice: earlier visits of the agent to that step."""
SETTLED = -1
"""The band of visits whose practice is not known, because agent and step were there when the data began."""
PRACTISED = len(BANDS) - 1
"""The band of those who have been there so often that they are no newcomers by anybody's count."""


@dataclass(frozen=True)
class Counts:
    """One entry per step version, agent and band that occur together, steps and agents numbered from 0."""

    step: Ints
    agent: Ints
    band: Ints
    """A place in `BANDS`, or `SETTLED`."""
    visits: Floats
    hits: Floats
    steps: int
    agents: int
    loose_visits: Floats | None = None
    """By step: visits of which no agent is recorded. They count in its rate and say nothing of agents."""
    loose_hits: Floats | None = None

    def where(self, is_included: Bools) -> Counts:
        """The entries kept, with the same numbers."""
        entries = {
            name: getattr(self, name)[is_included] for name in ("step", "agent", "band", "visits", "hits")
        }
        return replace(self, **entries)

    def of_steps(self, is_included: Bools) -> Counts:
        """These steps alone, numbered anew in their order."""
        number = np.cumsum(is_included) - 1
        entries = self.where(is_included[self.step])
        return replace(
            entries,
            step=number[entries.step],
            steps=int(is_included.sum()),
            loose_visits=None if self.loose_visits is None else self.loose_visits[is_included],
            loose_hits=None if self.loose_hits is None else self.loose_hits[is_included],
        )

    def by_step(self, values: Floats, where: Bools | None = None) -> Floats:
        """Sums per step version, of the entries `where` says."""
        if where is None:
            return summed(values, self.step, self.steps)
        return summed(values[where], self.step[where], self.steps)

    @property
    def all_visits(self) -> Floats:
        """Visits per step version, whoever made them."""
        visits = self.by_step(self.visits)
        return visits if self.loose_visits is None else visits + self.loose_visits

    @property
    def all_hits(self) -> Floats:
        """Confused visits per step version, whoever made them."""
        hits = self.by_step(self.hits)
        return hits if self.loose_hits is None else hits + self.loose_hits

    @cached_property
    def pair(self) -> Ints:
        """For every entry its pair of step version and agent, a place in `pairs`."""
        keys = self.step * self.agents + self.agent
        order = np.argsort(keys, kind="stable")
        begins = np.diff(keys[order], prepend=-1) > 0
        places = np.empty(len(keys), dtype=np.int64)
        places[order] = np.cumsum(begins) - 1
        return places

    @cached_property
    def pairs(self) -> Counts:
        """The same with one entry per pair of step version and agent, in their order; bands are lost."""
        size = int(self.pair.max()) + 1 if len(self.pair) else 0
        step, agent = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
        step[self.pair], agent[self.pair] = self.step, self.agent
        visits, hits = (summed(values, self.pair, size) for values in (self.visits, self.hits))
        return Counts(step, agent, np.full(size, SETTLED), visits, hits, self.steps, self.agents)

    @property
    def is_new(self) -> Bools:
        """Whether the agent was a newcomer to the step."""
        return (self.band >= 0) & (self.band < PRACTISED)
