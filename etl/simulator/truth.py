"""The truth as a document: what was planted, what a new version did, what only looks bad."""

from __future__ import annotations

import numpy as np

from etl.simulator.calendar import Calendar
from etl.simulator.confusion import Confusion
from etl.simulator.flow import Flow
from etl.simulator.trouble import LONG_SECONDS, Effect, Plan

_RARE = 0.01


def traps(flow: Flow) -> list[tuple[str, int]]:
    """Step versions that look bad to a careless eye and are not: why, and which."""
    return [
        *[("long by nature", place) for place, step in enumerate(flow.steps) if step.seconds >= LONG_SECONDS],
        *[("loop by design", place) for place, step in enumerate(flow.steps) if step.returns_by_design],
        *[("rare step", int(place)) for place in np.flatnonzero(flow.reach < _RARE)],
    ]


def truth(planned: Plan, flow: Flow, confusion: Confusion, calendar: Calendar) -> dict[str, object]:
    """What was planted, as a document; rates are shares of visits in which an agent concerned is confused."""
    names, base = confusion.agents.names(), confusion.conditions.base_rate
    newcomers = [names[agent] for agent in np.flatnonzero(confusion.agents.is_newcomer)]
    return {
        "base_rate": base,
        "newcomers": newcomers,
        "trouble": [
            {
                "type": trouble.type,
                **_step(flow, trouble.place),
                "base_rate": base,
                "rate": trouble.rate,
                "shows_as": trouble.flavour,
                "agents": [names[agent] for agent in trouble.agents],
                **_life(flow, calendar, trouble.place),
            }
            for trouble in planned.trouble
            # A step that confuses less than usual is none.
            if trouble.rate > base
        ],
        "version_effects": [_effect_words(flow, calendar, e) for e in planned.effects if e.effect != "none"],
        "versions_without_effect": [
            _effect_words(flow, calendar, e) for e in planned.effects if e.effect == "none"
        ],
        "traps": [{"type": why, **_step(flow, place)} for why, place in traps(flow)],
    }


def _step(flow: Flow, place: int) -> dict[str, str]:
    workflow = flow.workflows[flow.workflow[place]].id
    return {"workflow": workflow, "version": flow.version_name(place), "step": flow.steps[place].id}


def _life(flow: Flow, calendar: Calendar, place: int) -> dict[str, str]:
    """First and last day of the version that holds the step."""
    released, version = flow.released[flow.workflow[place]], flow.version[place]
    end = int(released[version + 1]) if version + 1 < len(released) else calendar.end
    return {"start": calendar.day(int(released[version])), "end": calendar.day(end - 1)}


def _effect_words(flow: Flow, calendar: Calendar, effect: Effect) -> dict[str, object]:
    workflow = flow.workflows[effect.workflow]
    old_rate, new_rate = effect.rates
    return {
        "workflow": workflow.id,
        "from": flow.version_name(effect.before),
        "to": flow.version_name(effect.after),
        "step": workflow.changed_step,
        "effect": effect.effect,
        "old_rate": old_rate,
        "rate": new_rate,
        "released_at": calendar.day(int(flow.released[effect.workflow][-1])),
    }
