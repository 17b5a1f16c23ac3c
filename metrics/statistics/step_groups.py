"""Is a group of a step's visits confused more often than its others, beyond chance and beyond its agents?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import comb

from metrics.statistics.beta_binomial import tail
from metrics.statistics.clustering import (
    Floats,
    Ints,
    clustered_interval,
    design_effect,
    intraclass_correlation,
    summed,
)
from metrics.statistics.peers import LEAST_SPREAD


@dataclass(frozen=True)
class StepGroups:
    """Groups of visits, each of one step: all visits first, then one entry per group and agent in it."""

    step: Ints
    hits: Floats
    visits: Floats
    group: Ints
    agent: Ints
    """The number of the pair of step and agent, so that an agent is another one at another step."""
    agent_hits: Floats
    agent_visits: Floats

    def interval(self) -> tuple[Floats, Floats]:
        """Ends of the interval of each group's rate, widened for agents seen more than once in it."""
        groups = len(self.step)
        effect = np.fmax(design_effect(self.agent_hits, self.agent_visits, self.group, groups), 1.0)
        share = summed(self.agent_visits, self.group, groups) / self.visits
        agents = summed(np.ones_like(self.agent_visits), self.group, groups)
        return clustered_interval(self.hits, self.visits, effect * share + 1 - share, agents)

    @cached_property
    def others(self) -> tuple[Floats, Floats]:
        """By group: confused visits and visits of the other groups of its step."""
        hits, visits = (
            np.asarray(summed(own, self.step, self._steps)[self.step] - own)
            for own in (self.hits, self.visits)
        )
        return hits, visits

    @cached_property
    def rate_of_others(self) -> Floats:
        """NaN of a group that is the whole step."""
        hits, visits = self.others
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(hits / visits)

    def chance(self) -> Floats:
        """That a group like the others is confused so often; NaN where there are no others.

        The tail of a beta-binomial around the others' rate. Its spread is how little is known of that rate,
        and how far agents differ at the step, by as much as the two sides have different agents: where both
        have the same, they even out. As an agent also differs from group to group, it is no less than what
        agents usually differ by. Nor is the chance below that of drawing just the agents of a group that has
        agents of its own alone: one in a hundred and twenty for three of ten (R. A. Fisher, The Design of
        Experiments, 1935, § 21).
        """
        mean = np.clip(self.rate_of_others, 1e-6, 0.95)
        odds = mean / (1 - mean)
        ordinary = LEAST_SPREAD**2 * odds * self._by_group((self.agent_visits / self.visits[self.group]) ** 2)
        of_agents = np.fmax(self._correlation()[self.step] * self._difference(), ordinary)
        within = np.clip(odds / (self.others[0] + 1) + of_agents, 0, 0.9)
        has_others = self.others[1] > 0
        chance = np.full(len(self.step), np.nan)
        columns = (self.hits, self.visits, mean, within)
        chance[has_others] = tail(*(values[has_others] for values in columns))
        return np.asarray(np.fmax(chance, np.where(has_others, self._least_chance(), np.nan)))

    @property
    def _steps(self) -> int:
        return int(self.step.max(initial=-1)) + 1

    def _by_group(self, values: Floats) -> Floats:
        return summed(values, self.group, len(self.step))

    def _by_agent(self, values: Floats) -> Floats:
        return summed(values, self.agent, int(self.agent.max(initial=-1)) + 1)

    def _correlation(self) -> Floats:
        """By step: how much the visits of one agent resemble one another; 0 where nobody can tell."""
        step = np.zeros_like(self._by_agent(self.agent_visits), dtype=np.int64)
        step[self.agent] = self.step[self.group]
        hits, visits = self._by_agent(self.agent_hits), self._by_agent(self.agent_visits)
        return np.nan_to_num(intraclass_correlation(hits, visits, step, self._steps), nan=0.0)

    def _least_chance(self) -> Floats:
        """By group: one over the choices of as many of the step's agents; 0 if one also works elsewhere."""
        in_group = self._by_group(np.ones_like(self.agent_visits))
        first = np.unique(self.agent, return_index=True)[1]
        at_step = np.bincount(self.step[self.group[first]], minlength=self._steps)[self.step]
        elsewhere = self._by_group(self._by_agent(self.agent_visits)[self.agent] - self.agent_visits)
        is_apart = (in_group > 0) & (in_group < at_step) & (elsewhere == 0)
        return np.where(is_apart, 1 / comb(at_step, in_group), 0.0)

    def _difference(self) -> Floats:
        """By group: its agents' shares of it less their shares of the others, squared, over all agents."""
        at_step = self._by_agent(self.agent_visits)[self.agent]
        others = self.others[1]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = self.agent_visits / self.visits[self.group]
            share_of_others = (at_step - self.agent_visits) / others[self.group]
            # Each agent of the step once: over its entries, these products add up to its square.
            squares = summed(at_step * self.agent_visits, self.step[self.group], self._steps)[self.step]
            without_entry = (squares - self._by_group(at_step**2)) / others**2
        return np.asarray(self._by_group((share - share_of_others) ** 2) + without_entry)
