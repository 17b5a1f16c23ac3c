"""Another made-up desk: counts drawn straight from beta-binomials, unlike the simulator in every respect.

No clock, no runs, no flow: steps have very unequal volumes, agents work on some of the steps only, each agent
has an own rate at each step, and practice fades as a hyperbola.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.statistics.counts import BANDS, SETTLED, Counts

KINDS = ("", "process", "training", "coaching")


@dataclass(frozen=True)
class OtherDesk:
    """What is varied."""

    steps: int = 60
    agents: int = 40
    least_visits: int = 30
    most_visits: int = 5000
    base: float = 0.05
    step_spread: float = 0.15
    """Relative standard deviation of the ordinary steps' rates."""
    agent_spread: float = 0.3
    """Relative standard deviation of agents at a step."""
    newcomers: float = 0.2
    """Share of agents who came while data was kept."""
    newness: float = 1.5
    """How many times likelier the very first visits confuse, at any step."""
    fades: float = 15.0
    """After so many visits half of being new is gone."""
    planted: int = 4
    """Steps with trouble, of each kind."""
    process_times: float = 4.0
    people_times: float = 8.0
    agents_to_coach: int = 4
    breadth: float = 0.7
    """Share of the steps an agent works on."""

    def draw(self, seed: int) -> tuple[Counts, np.ndarray]:
        """The counts, and for every step what was planted there, a place in `KINDS`."""
        rng = np.random.default_rng(seed)
        kind = np.zeros(self.steps, dtype=np.int64)
        chosen = rng.permutation(self.steps)[: 3 * self.planted]
        kind[chosen] = np.arange(len(chosen)) % 3 + 1
        is_new = rng.random(self.agents) < self.newcomers
        visits = self._visits(rng)
        few = np.zeros((self.steps, self.agents), dtype=bool)
        for step in np.flatnonzero(kind == 3):
            there = np.flatnonzero((visits[step] > 0) & ~is_new)
            few[step, rng.permutation(there)[: self.agents_to_coach]] = True
        own = self.base * np.exp(rng.normal(0, self.step_spread, self.steps))
        own[kind == 1] *= self.process_times
        rate = _beta(rng, np.where(few, (own * self.people_times)[:, None], own[:, None]), self.agent_spread)
        parts = [self._settled(rng, visits * ~is_new, rate)]
        new_visits = visits * is_new
        ends = (*BANDS[1:], int(visits.max()) + 1)
        for band, (start, end) in enumerate(zip(BANDS, ends, strict=True)):
            there = np.clip(new_visits, start, max(end, start)) - start
            middle = start + np.minimum(there, end - start) / 2
            left = self.fades / (self.fades + middle)
            newness = 1 + (self.newness - 1) * left
            untrained = np.where(kind == 2, self.people_times - 1, 0.0)[:, None] * left
            parts.append(_entries(rng, there, np.minimum(rate * (newness + untrained), 0.95), band))
        step, agent, band_, n, k = (np.concatenate(column) for column in zip(*parts, strict=True))
        return Counts(step, agent, band_, n.astype(float), k.astype(float), self.steps, self.agents), kind

    def _visits(self, rng: np.random.Generator) -> np.ndarray:
        volume = np.exp(rng.uniform(np.log(self.least_visits), np.log(self.most_visits), self.steps))
        works = rng.random((self.steps, self.agents)) < self.breadth
        works[np.arange(self.steps), rng.integers(self.agents, size=self.steps)] = True
        weight = works * rng.gamma(2.0, size=self.agents)
        share = weight / weight.sum(axis=1, keepdims=True)
        return np.array([rng.multinomial(int(n), p) for n, p in zip(volume, share, strict=True)])

    def _settled(
        self, rng: np.random.Generator, visits: np.ndarray, rate: np.ndarray
    ) -> tuple[np.ndarray, ...]:
        return _entries(rng, visits, rate, SETTLED)


def _beta(rng: np.random.Generator, mean: np.ndarray, spread: float) -> np.ndarray:
    mean = np.clip(mean, 1e-4, 0.9)
    strength = np.maximum((1 - mean) / (spread**2 * mean) - 1, 0.2) if spread else np.full(mean.shape, 1e6)
    return rng.beta(mean * strength, (1 - mean) * strength)


def _entries(
    rng: np.random.Generator, visits: np.ndarray, rate: np.ndarray, band: int
) -> tuple[np.ndarray, ...]:
    step, agent = np.nonzero(visits)
    n = visits[step, agent]
    return step, agent, np.full(len(step), band), n, rng.binomial(n, rate[step, agent])
