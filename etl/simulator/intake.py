"""Before anybody works on a ticket: opening, bot, queue, assignment; spam and duplicates put away."""

from __future__ import annotations

import numpy as np

from etl.contract.events import Actor, Kind
from etl.simulator.agents import TEAMS
from etl.simulator.arrays import Bools, Floats, Ints
from etl.simulator.centre import Centre
from etl.simulator.channels import CHANNELS
from etl.simulator.demand import ANSWERED, DISCARDED, MERGED, Tickets, traits
from etl.simulator.log import ACTORS

AGENT, BOT, CUSTOMER = (ACTORS.index(actor) for actor in (Actor.AGENT, Actor.BOT, Actor.CUSTOMER))
_CONTAINED = 0.2
_HASTE = np.array([1.3, 1.0, 0.65, 0.35])  # by priority
_PING_PONG = 0.045


def open_tickets(centre: Centre, tickets: Tickets, number: Ints, agent: Ints) -> None:
    """Opened, by the customer or on the desk's own account; what nobody need work on is put away."""
    mine = tickets.proactive
    centre.add(Kind.OPENED, ~mine, number, tickets.opened, 0)
    centre.add(Kind.OPENED, mine, number, tickets.opened, 0, actor=AGENT, agent=agent)
    at = centre.after_work(tickets.opened, centre.around(1500, 1.0, len(tickets)))
    centre.add(Kind.DISCARDED, tickets.fate == DISCARDED, number, at, 5, agent=agent)
    # A ticket named in `value` is a number below `NONE`: see `assembling`.
    centre.add(Kind.MERGED, tickets.fate == MERGED, number, at, 5, agent=agent, value=-2 - tickets.into)


def greet_by_bot(centre: Centre, tickets: Tickets, number: Ints) -> tuple[Ints, Bools]:
    """When a person is needed, and which tickets the bot solved alone."""
    size = len(tickets)
    greeted = centre.chance(traits("bot_share")[tickets.channel], size) & (tickets.fate == ANSWERED)
    greeted &= ~tickets.proactive
    contained = greeted & centre.chance(_CONTAINED, size)
    at = tickets.opened
    for turn in range(2):
        on = greeted if turn == 0 else greeted & (contained | centre.chance(0.6, size))
        replied = at + centre.between(1.5, 6, size)
        centre.add(Kind.REPLIED, on, number, replied, 10 + 2 * turn, actor=BOT)
        back = replied + centre.between(12, 90, size)
        centre.add(Kind.REPLIED, on, number, back, 11 + 2 * turn, actor=CUSTOMER)
        at = np.where(on, back, at)
    handed = greeted & ~contained
    passed_on = at + centre.between(1, 4, size)
    centre.add(Kind.HANDED_OFF, handed, number, passed_on, 15)
    return np.where(handed, passed_on, at), contained


def wait_seconds(centre: Centre, tickets: Tickets) -> Floats:
    """Open time until a person takes the ticket: longer at busy hours and on Mondays, shorter if urgent."""
    wait = traits("wait_seconds")[tickets.channel]
    luck = centre.around(1.0, 1.0, len(tickets)) ** traits("wait_spread")[tickets.channel]
    slot = centre.calendar.slot(tickets.opened)
    by_hour = np.array([channel.hourly() / channel.hourly().max() for channel in CHANNELS])
    by_day = np.array([channel.daily() for channel in CHANNELS])
    busy = by_hour[tickets.channel, centre.calendar.hour[slot]]
    day = by_day[tickets.channel, centre.calendar.weekday[slot]] ** 0.7
    return np.asarray(wait * luck * _HASTE[tickets.priority] * (0.6 + 0.6 * busy) * day)


def assign(centre: Centre, number: Ints, answered: Bools, ready: Ints, taken: Ints, agent: Ints) -> None:
    """Routed to the agent, some by way of another team."""
    size = len(number)
    at = np.maximum(ready, taken - centre.between(1, 120, size))
    first = np.maximum(ready, at - centre.between(60, 1800, size))
    bounced = answered & centre.chance(_PING_PONG, size)
    other = centre.agents.on_shift(centre.rng, centre.rng.integers(0, len(TEAMS), size), first)
    centre.add(Kind.ASSIGNED, bounced, number, first, 20, agent=other)
    centre.add(Kind.ASSIGNED, answered, number, at, 21, agent=agent)
