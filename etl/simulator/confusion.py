"""How likely an agent is confused at a step, and how it shows.

This is the simulated truth. It knows nothing of how Stepsight looks for confusion, and shares no number
with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from etl.simulator.agents import Agents
from etl.simulator.arrays import WEEK, Bools, Floats, Ints
from etl.simulator.conditions import Conditions
from etl.simulator.flow import Flow

_NEW_TO_STEP = 0.5  # how much likelier at the very first visits, anywhere
_PRACTICE_FADES = 12.0
_TRAINING_FADES = 40.0
_PACE_NEW = 0.6
_VETERANS_PRACTICE = 200.0
_UNGUIDED = 0.07  # share of contacts handled without a workflow


class Mode(IntEnum):
    """What a visit turns into. The numbers are places in `FLAVOURS`; below 0 nobody is confused."""

    PEEK = -2
    CLEAR = -1
    HELP = 0
    WRONG_ANSWER = 1
    REFUSED = 2
    QUICK_BACK = 3
    STARED = 4
    DETOUR = 5
    GAVE_UP = 6


FLAVOURS: dict[str, tuple[float, ...]] = {
    "ordinary": (0.26, 0.24, 0.19, 0.13, 0.13, 0.03, 0.02),
    "unclear wording": (0.24, 0.48, 0.05, 0.12, 0.08, 0.01, 0.02),
    "refusing form": (0.16, 0.10, 0.60, 0.05, 0.05, 0.00, 0.04),
    "missing knowledge": (0.34, 0.07, 0.03, 0.04, 0.47, 0.01, 0.04),
    "wrong place": (0.12, 0.12, 0.03, 0.58, 0.06, 0.06, 0.03),
}
FLAVOUR_EDGES = np.cumsum(np.array(list(FLAVOURS.values())), axis=1)
MISSING_KNOWLEDGE = list(FLAVOURS).index("missing knowledge")
WRONG_PLACE = list(FLAVOURS).index("wrong place")


@dataclass(frozen=True)
class Confusion:
    """Chances of confusion by agent and step version; `planted` marks the troubled ones."""

    rates: Floats
    newcomer_rates: Floats
    """By step version: the chance of somebody wholly new where newcomers were not trained; else 0."""
    flavour: Ints
    planted: Ints
    """By agent and step version: 1 where trouble was planted."""
    visits_per_week: Floats
    """By step version: what one full-time agent sees of this step in a week, any version."""
    agents: Agents
    conditions: Conditions

    def practice(self, agent: Ints, place: Ints, at: Ints) -> Floats:
        """About how often the agent has been at the step before."""
        weeks = np.maximum(at - self.agents.hired[agent], 0) / WEEK
        visits = weeks * self.visits_per_week[place] * self.agents.weight[agent]
        return np.asarray(np.where(self.agents.is_newcomer[agent], visits, visits + _VETERANS_PRACTICE))

    def chance(self, agent: Ints, place: Ints, practice: Floats) -> Floats:
        """The chance that this visit confuses."""
        rate = self.rates[agent, place] * (
            1 + self.conditions.newness * _NEW_TO_STEP * np.exp(-practice / _PRACTICE_FADES)
        )
        untrained = self.newcomer_rates[place] * self.agents.is_newcomer[agent]
        excess = np.maximum(untrained - rate, 0.0)
        return np.asarray(np.minimum(rate + excess * np.exp(-practice / _TRAINING_FADES), 0.9))

    def clicks_through(self, agent: Ints) -> Bools:
        """Whether these agents only click through; whose number is low is as good as drawn."""
        return np.asarray(agent < round(self.conditions.click_share * self.agents.count))

    def pace(self, agent: Ints, practice: Floats) -> Floats:
        """Time taken against an average experienced agent."""
        slower = self.conditions.newness * _PACE_NEW * np.exp(-practice / _PRACTICE_FADES)
        return np.asarray(self.agents.pace[agent] * (1 + slower))


def untroubled(
    rng: np.random.Generator, agents: Agents, flow: Flow, tickets_per_week: float, conditions: Conditions
) -> Confusion:
    """A desk where every step confuses equally and agents differ a little."""
    person = np.exp(rng.normal(0, conditions.agent_spread, (agents.count, 1)))
    # An agent's knack for a step is the same in every version of it.
    name, step_name = np.unique(flow.workflow * 10_000 + flow.name, return_inverse=True)
    knack = np.exp(rng.normal(0, conditions.agent_step_spread, (agents.count, len(name))))[:, step_name]
    rates = person * knack
    rates *= conditions.base_rate / rates.mean()
    shares = np.array([workflow.share for workflow in flow.workflows])
    runs = tickets_per_week * (1 - _UNGUIDED) * shares / shares.sum() / agents.weight.sum()
    steps = len(flow.steps)
    return Confusion(
        rates,
        np.zeros(steps),
        np.zeros(steps, dtype=np.int64),
        np.zeros((agents.count, steps), dtype=np.int64),
        runs[flow.workflow] * flow.reach,
        agents,
        conditions,
    )
