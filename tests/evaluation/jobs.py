"""All that the evaluation works out, by the tables that it goes into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tests.evaluation import few_steps, least_effect, other_desks, other_releases
from tests.evaluation.calm import CalmDesk
from tests.evaluation.cost_coverage import TAILS, CostDesk
from tests.evaluation.few_steps import FewSteps
from tests.evaluation.generators import GENERATORS, QUEUES, SIMULATOR
from tests.evaluation.least_effect import PlantedStep
from tests.evaluation.work import EFFECTS, Desk, OtherSteps, OtherVersions

SIZES = {"20,000 tickets": (20_000, 1), "5,000": (5_000, 1), "60,000": (60_000, 4)}
"""Tickets, and by how much fewer desks there are than seeds."""
CALM = "20,000, calm"
VISITS = (250, 500, 1000, 2000, 4000, 8000)


@dataclass(frozen=True)
class Jobs:
    """`seeds`: desks of each kind with trouble; `calm`: those without."""

    seeds: int
    calm: int

    @cached_property
    def desks(self) -> Mapping[str, Sequence[Desk]]:
        """Desks of the simulator, by the column they stand in."""
        return {
            **{
                column: [Desk("desk", tickets, seed) for seed in _numbers(self.seeds // part)]
                for column, (tickets, part) in SIZES.items()
            },
            CALM: [Desk("calm", 20_000, seed, trouble=False) for seed in _numbers(self.calm)],
        }

    @cached_property
    def effects(self) -> Mapping[str, Sequence[Desk]]:
        """Desks of the simulator for their new versions alone."""
        return {
            name: [Desk(f"effect {place}", 20_000, seed, effects=name) for seed in _numbers(self.seeds)]
            for place, name in enumerate(EFFECTS)
        }

    @cached_property
    def counts(self) -> Mapping[str, OtherSteps]:
        """Counts drawn from beta-binomials, by what is varied."""
        return {name: OtherSteps(name, 2 * self.seeds) for name in other_desks.VARIED}

    @cached_property
    def releases(self) -> Mapping[tuple[str, int], OtherVersions]:
        """Weekly counts around a new version, by what is varied and the visits on each side."""
        return {
            (name, visits): OtherVersions(replace(release, visits=visits), 5 * self.seeds)
            for name, release in other_releases.VARIED.items()
            for visits in VISITS
        }

    @cached_property
    def calm_desks(self) -> Mapping[str, Sequence[CalmDesk]]:
        """Desks on which nothing is the matter, by generator: of fewer than 73 none shows less than 5 %."""
        return {name: [CalmDesk(name, seed) for seed in _numbers(8 * self.seeds)] for name in GENERATORS}

    @cached_property
    def planted_desks(self) -> Sequence[CalmDesk]:
        """Desks of queues with one of each planted."""
        return [CalmDesk(QUEUES, seed, has_trouble=True) for seed in _numbers(self.seeds)]

    @cached_property
    def least_effects(self) -> Mapping[tuple[str, least_effect.Case], Sequence[PlantedStep]]:
        """Desks with steps of another rate, by generator and rates; the simulator's have few visits each."""
        desks = {QUEUES: self.seeds // 2, SIMULATOR: 6 * self.seeds // 5}
        return {
            (name, case): [PlantedStep(name, case, seed) for seed in _numbers(desks[name])]
            for name, cases in least_effect.CASES.items()
            for case in cases
        }

    @cached_property
    def few_steps(self) -> Mapping[tuple[str, str], Sequence[FewSteps]]:
        """Desks of few steps, by generator and what they have."""
        return {
            (name, title): [FewSteps(name, title, seed) for seed in _numbers(2 * self.seeds)]
            for name, cases in few_steps.CASES.items()
            for title in cases
        }

    @cached_property
    def costs(self) -> Mapping[tuple[str, str], Sequence[CostDesk]]:
        """Desks whose steps cost, by generator and the law of times."""
        of_queues = {
            (QUEUES, tail): [CostDesk(QUEUES, tail, seed) for seed in _numbers(3 * self.seeds)]
            for tail in TAILS
        }
        of_simulator = [CostDesk(SIMULATOR, "its own", seed) for seed in _numbers(2 * self.seeds)]
        return of_queues | {(SIMULATOR, "its own"): of_simulator}


def _numbers(number: int) -> range:
    return range(1, max(number, 1) + 1)
