"""A simulated contact centre: its events, its workflow definitions, and the truth about its trouble."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from etl.simulator.aftermath import comes_back, live_on
from etl.simulator.agents import crew_size, hire
from etl.simulator.assemble import assemble
from etl.simulator.calendar import Calendar
from etl.simulator.centre import Centre
from etl.simulator.conditions import Conditions
from etl.simulator.confusion import untroubled
from etl.simulator.demand import Tickets, come_backs, first_contacts
from etl.simulator.desks import WORKFLOWS, definitions
from etl.simulator.flow import lay_out
from etl.simulator.ticket_work import Handled, handle
from etl.simulator.trouble import no_trouble, plan, troubled
from etl.simulator.truth import truth

_COME_BACK = 0.055
_CONDITIONS = Conditions()


@dataclass(frozen=True)
class Simulation:
    """One simulated history."""

    events: pl.DataFrame
    definitions: list[dict[str, Any]]
    truth: dict[str, Any]


def simulate(
    *,
    tickets: int,
    seed: int,
    weeks: int,
    start: date = date(2026, 1, 5),
    trouble: bool = True,
    conditions: Conditions = _CONDITIONS,
) -> Simulation:
    """The same arguments give the same history; the period starts at midnight UTC, best on a Monday."""
    rng = np.random.Generator(np.random.PCG64(seed))
    calendar = Calendar.of(start, weeks)
    flow = lay_out(WORKFLOWS, calendar)
    crew = conditions.agents or crew_size(tickets, weeks)
    agents = hire(rng, calendar, crew, conditions.newcomer_share)
    confusion = untroubled(rng, agents, flow, tickets / weeks, conditions)
    planned = plan(rng, confusion, flow, conditions) if trouble else no_trouble(flow, conditions)
    centre = Centre(rng, calendar, flow, agents, troubled(confusion, planned))
    events = assemble(centre, _simulate_tickets(centre, tickets, conditions.growth))
    inputs = {"seed": seed, "tickets": tickets, "weeks": weeks, "start": start.isoformat()}
    planted_truth = truth(planned, flow, confusion, calendar)
    return Simulation(events, definitions(), {**inputs, **planted_truth})


def _simulate_tickets(centre: Centre, count: int, growth: float) -> Tickets:
    """First contacts, then the customers who come back about the same."""
    back = round(count * _COME_BACK)
    first = first_contacts(
        centre.rng, count - back, calendar=centre.calendar, workflows=centre.flow.workflows, growth=growth
    )
    handled = _simulate_part(centre, first, 0)
    who, at = comes_back(centre, first, handled, back)
    second = come_backs(centre.rng, first, who, at, calendar=centre.calendar)
    _simulate_part(centre, second, len(first))
    return first.joined(second)


def _simulate_part(centre: Centre, tickets: Tickets, first_number: int) -> Handled:
    number = first_number + np.arange(len(tickets))
    handled = handle(centre, tickets, number)
    live_on(centre, tickets, number, handled)
    return handled
