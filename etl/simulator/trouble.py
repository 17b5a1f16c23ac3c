"""The planted trouble: which steps confuse whom, and which new versions matter."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from etl.simulator.arrays import Ints
from etl.simulator.conditions import Conditions
from etl.simulator.confusion import FLAVOURS, Confusion
from etl.simulator.flow import Flow

_PROCESS_STEPS = 4
_ONE_IN = 12  # never more than one agent in so many
_LEAST_REACH = 0.6
_LEAST_SHARE_FOR_PEOPLE = 8.0
LONG_SECONDS = 300


@dataclass(frozen=True)
class Trouble:
    """One troubled step version: for everyone (process), for newcomers (training) or for a few (coaching)."""

    type: str
    place: int
    rate: float
    flavour: str
    agents: tuple[int, ...] = ()


@dataclass(frozen=True)
class Effect:
    """What a new version did to the step it rewrote: improved, worse or none."""

    effect: str
    workflow: int
    before: int
    after: int
    rates: tuple[float, float]
    """Before and after."""


@dataclass(frozen=True)
class Plan:
    """Everything planted."""

    trouble: tuple[Trouble, ...]
    effects: tuple[Effect, ...]


def plan(rng: np.random.Generator, confusion: Confusion, flow: Flow, conditions: Conditions) -> Plan:
    """Trouble in every workflow at most once, so that each can be told from the others."""
    changed = rng.permutation([n for n, workflow in enumerate(flow.workflows) if workflow.changed_step])
    planted = (("improved", conditions.repaired), ("worse", conditions.broken))
    effects = [_effect(flow, int(n), *one) for n, one in zip(changed, planted, strict=False)]
    base = conditions.base_rate
    neutral = [_effect(flow, int(n), "none", (base, base)) for n in changed[2:]]
    trouble = [one for effect in effects for one in _effect_trouble(rng, flow, effect, base)]
    left = [int(n) for n in rng.permutation(len(flow.workflows)) if n not in changed[:2]]
    busy = [n for n in left if flow.workflows[n].share >= _LEAST_SHARE_FOR_PEOPLE]
    for type_, workflow in zip(("training", "coaching", "training", "coaching"), busy, strict=False):
        trouble += _at_a_step(rng, confusion, flow, type_, workflow, conditions)
    for workflow in [n for n in left if n not in busy[:4]][:_PROCESS_STEPS]:
        trouble += _at_a_step(rng, confusion, flow, "process", workflow, conditions)
    return Plan(tuple(trouble), tuple(effects + neutral))


def no_trouble(flow: Flow, conditions: Conditions) -> Plan:
    """New versions that change nothing, and no trouble."""
    changed = [n for n, workflow in enumerate(flow.workflows) if workflow.changed_step]
    base = conditions.base_rate
    return Plan((), tuple(_effect(flow, n, "none", (base, base)) for n in changed))


def troubled(confusion: Confusion, planned: Plan) -> Confusion:
    """The same desk with the trouble planted."""
    rates, newcomer_rates = confusion.rates.copy(), confusion.newcomer_rates.copy()
    flavour, planted = confusion.flavour.copy(), confusion.planted.copy()
    for trouble in planned.trouble:
        place = trouble.place
        whom = np.arange(len(rates))
        if trouble.type == "training":
            newcomer_rates[place] = trouble.rate
            whom = np.flatnonzero(confusion.agents.is_newcomer)
        else:
            whom = np.array(trouble.agents, dtype=np.int64) if trouble.type == "coaching" else whom
            rates[whom, place] *= trouble.rate / confusion.conditions.base_rate
        flavour[place] = list(FLAVOURS).index(trouble.flavour)
        planted[whom, place] = 1
    return replace(confusion, rates=rates, newcomer_rates=newcomer_rates, flavour=flavour, planted=planted)


def _effect(flow: Flow, workflow: int, what: str, rates: tuple[float, float]) -> Effect:
    definition = flow.workflows[workflow]
    old, new = definition.versions[-2:]
    step = definition.changed_step or ""
    before = flow.index(definition.id, old.version, step)
    return Effect(what, workflow, before, flow.index(definition.id, new.version, step), rates)


def _effect_trouble(rng: np.random.Generator, flow: Flow, effect: Effect, base: float) -> list[Trouble]:
    """The version of the step, or both, whose rate is not the usual one."""
    flavour = _flavour(rng, flow, effect.before if effect.effect == "improved" else effect.after)
    versions = zip((effect.before, effect.after), effect.rates, strict=True)
    return [Trouble("process", place, rate, flavour) for place, rate in versions if rate != base]


def _at_a_step(
    rng: np.random.Generator,
    confusion: Confusion,
    flow: Flow,
    type_: str,
    workflow: int,
    conditions: Conditions,
) -> list[Trouble]:
    """Trouble at one step of the workflow, in every version that has the step."""
    suits = (flow.workflow == workflow) & (flow.reach >= _LEAST_REACH) & ~flow.is_type("end", "escalation")
    suits &= ~np.array([step.returns_by_design or step.seconds >= LONG_SECONDS for step in flow.steps])
    suits &= np.array([step.id != flow.workflows[workflow].changed_step for step in flow.steps])
    step = flow.steps[int(rng.choice(np.flatnonzero(suits)))].id
    places = [int(place) for place in np.flatnonzero(suits) if flow.steps[place].id == step]
    people = (
        tuple(int(agent) for agent in _agents_to_coach(rng, confusion, conditions.agents_to_coach))
        if type_ == "coaching"
        else ()
    )
    people_rates = [conditions.base_rate * times for times in conditions.people_times]
    low, high = conditions.process_rates if type_ == "process" else people_rates
    rate = round(float(rng.uniform(low, high)), 3)
    flavour = _flavour(rng, flow, places[0])
    return [Trouble(type_, place, rate, flavour, people) for place in places]


def _agents_to_coach(rng: np.random.Generator, confusion: Confusion, most: int) -> Ints:
    agents = confusion.agents
    settled = np.flatnonzero(~agents.is_newcomer)
    size = max(1, min(most, agents.count // _ONE_IN))
    return np.sort(rng.permutation(settled)[:size])


def _flavour(rng: np.random.Generator, flow: Flow, place: int) -> str:
    """How the trouble shows: any way that such a step can show."""
    possible = ["missing knowledge"]
    if flow.safe[place] > 1:
        possible.append("unclear wording")
    if flow.steps[place].type == "form":
        possible += ["refusing form"] * 2
    if place not in np.concatenate(flow.first_step):
        possible.append("wrong place")
    return possible[int(rng.integers(len(possible)))]
