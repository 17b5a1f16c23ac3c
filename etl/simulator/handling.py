"""From opening to the first solve: bot, waiting, replies, guided runs, holding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from etl.events import Actor, Kind
from etl.simulator.arrays import HOUR, Bools, Floats, Ints
from etl.simulator.centre import Centre
from etl.simulator.channels import CHANNELS
from etl.simulator.demand import ANSWERED, DISCARDED, MERGED, Tickets, traits
from etl.simulator.flow import NOWHERE
from etl.simulator.log import ACTORS
from etl.simulator.runs import FINISHED

NEVER_AT = np.iinfo(np.int64).max // 4
AGENT, BOT, CUSTOMER = (ACTORS.index(actor) for actor in (Actor.AGENT, Actor.BOT, Actor.CUSTOMER))
_CONTAINED = 0.2
_HASTE = np.array([1.3, 1.0, 0.65, 0.35])
_ACKNOWLEDGED = 0.3
_PING_PONG = 0.045
_SECOND_TRY = 0.6
_CHECKED_AFTER_HOLD = 0.35
_OPEN_DAY_SECONDS = 15 * 3600.0
_LATE = 1_000_000


@dataclass(frozen=True)
class Handled:
    """What the desk made of each ticket; `solved` is `NEVER_AT` where it never was."""

    wait_seconds: Floats
    solved: Ints
    agent: Ints
    contained: Bools
    confused: Bools
    troubled: Bools
    late: Bools
    """Waited for far longer than usual on its channel."""


def handle(centre: Centre, tickets: Tickets, number: Ints) -> Handled:
    """Logs everything up to the first solve."""
    size = len(tickets)
    ready, contained = _greeted_by_bot(centre, tickets, number)
    answered = (tickets.fate == ANSWERED) & ~contained
    wait = centre.around(traits("wait_seconds")[tickets.channel], 1.0, size)
    wait = _spread(tickets, wait) * _HASTE[tickets.priority] * _crowding(centre, tickets)
    taken = np.where(tickets.proactive, ready, centre.after_work(ready, wait))
    agent = centre.agents.on_shift(centre.rng, traits("team").astype(np.int64)[tickets.channel], taken)
    _opened(centre, tickets, number, agent)
    _put_away(centre, tickets, number, agent)
    _assigned(centre, number, answered, ready, taken, agent)
    ended, agent_at_end, finished, confused, troubled, held = _worked_on(
        centre, tickets, number, answered, taken, agent
    )
    ended = _talked(centre, tickets, number, answered, taken, ended, agent, held)
    solved = answered & centre.chance(np.where(finished, 0.987, 0.7), size)
    at = np.where(solved, ended + centre.between(5, 60, size), NEVER_AT)
    centre.add(Kind.SOLVED, solved, number, at, _LATE, agent=agent_at_end)
    by_bot = ready + centre.between(4, 30, size)
    centre.add(Kind.SOLVED, contained, number, by_bot, _LATE, actor=BOT)
    at = np.where(contained, by_bot, at)
    usual = traits("wait_seconds")[tickets.channel]
    return Handled(wait, at, agent_at_end, contained, confused, troubled, answered & (wait > 3 * usual))


def _opened(centre: Centre, tickets: Tickets, number: Ints, agent: Ints) -> None:
    mine = tickets.proactive
    centre.add(Kind.OPENED, ~mine, number, tickets.opened, 0)
    centre.add(Kind.OPENED, mine, number, tickets.opened, 0, actor=AGENT, agent=agent)


def _put_away(centre: Centre, tickets: Tickets, number: Ints, agent: Ints) -> None:
    """Spam discarded, duplicates merged."""
    at = centre.after_work(tickets.opened, centre.around(1500, 1.0, len(tickets)))
    centre.add(Kind.DISCARDED, tickets.fate == DISCARDED, number, at, 5, agent=agent)
    # A ticket named in `value` is a number below `NONE`: see `assembling`.
    centre.add(Kind.MERGED, tickets.fate == MERGED, number, at, 5, agent=agent, value=-2 - tickets.into)


def _greeted_by_bot(centre: Centre, tickets: Tickets, number: Ints) -> tuple[Ints, Bools]:
    """When a person is needed, and which tickets the bot solved alone."""
    size = len(tickets)
    greeted = centre.chance(traits("bot_share")[tickets.channel], size) & (tickets.fate == ANSWERED)
    greeted &= ~tickets.proactive
    contained = greeted & centre.chance(_CONTAINED, size)
    at = tickets.opened
    for turn in range(2):
        on = greeted if turn == 0 else greeted & (contained | centre.chance(0.6, size))
        said = at + centre.between(1.5, 6, size)
        centre.add(Kind.REPLIED, on, number, said, 10 + 2 * turn, actor=BOT)
        back = said + centre.between(12, 90, size)
        centre.add(Kind.REPLIED, on, number, back, 11 + 2 * turn, actor=CUSTOMER)
        at = np.where(on, back, at)
    handed = greeted & ~contained
    passed_on = at + centre.between(1, 4, size)
    centre.add(Kind.HANDED_OFF, handed, number, passed_on, 15)
    return np.where(handed, passed_on, at), contained


def _spread(tickets: Tickets, wait: Floats) -> Floats:
    """Each channel's own spread around its median."""
    usual = traits("wait_seconds")[tickets.channel]
    return np.asarray(usual * (wait / usual) ** traits("wait_spread")[tickets.channel])


def _crowding(centre: Centre, tickets: Tickets) -> Floats:
    """Longer waits at busy hours and on Mondays."""
    slot = centre.calendar.slot(tickets.opened)
    by_hour = np.array([channel.hourly() / channel.hourly().max() for channel in CHANNELS])
    by_day = np.array([channel.daily() for channel in CHANNELS])
    busy = by_hour[tickets.channel, centre.calendar.hour[slot]]
    return np.asarray((0.6 + 0.6 * busy) * by_day[tickets.channel, centre.calendar.weekday[slot]] ** 0.7)


def _assigned(centre: Centre, number: Ints, answered: Bools, ready: Ints, taken: Ints, agent: Ints) -> None:
    size = len(number)
    at = np.maximum(ready, taken - centre.between(1, 120, size))
    first = np.maximum(ready, at - centre.between(60, 1800, size))
    bounced = answered & centre.chance(_PING_PONG, size)
    other = centre.agents.on_shift(centre.rng, centre.rng.integers(0, 3, size), first)
    centre.add(Kind.ASSIGNED, bounced, number, first, 20, agent=other)
    centre.add(Kind.ASSIGNED, answered, number, at, 21, agent=agent)


def _worked_on(
    centre: Centre, tickets: Tickets, number: Ints, answered: Bools, taken: Ints, agent: Ints
) -> tuple[Ints, Ints, Bools, Bools, Bools, Bools]:
    """One or two guided runs, perhaps a wait for somebody outside."""
    size = len(tickets)
    guided = answered & (tickets.workflow != NOWHERE)
    ended = taken + centre.between(90, 600, size)
    finished = np.ones(size, dtype=np.bool_)
    confused, troubled = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    agent = agent.copy()

    def run(which: Bools, start: Ints) -> None:
        result = centre.run(number[which], tickets.workflow[which], agent[which], start[which])
        ended[which], finished[which] = result.end, result.outcome == FINISHED
        agent[which] = result.agent
        confused[which] |= result.confused > 0
        troubled[which] |= result.troubled > 0

    run(guided, taken + centre.between(12, 50, size))
    retried = guided & ~finished & centre.chance(_SECOND_TRY, size)
    holds = np.array([workflow.hold_share for workflow in centre.flow.workflows])[tickets.workflow]
    held = guided & finished & centre.chance(holds, size)
    held_at = ended + centre.between(2, 20, size)
    released = centre.after_work(ended, centre.around(1.1 * _OPEN_DAY_SECONDS, 0.7, size))
    centre.add(Kind.HELD, held, number, held_at, _LATE, agent=agent)
    centre.add(Kind.RELEASED, held, number, released, _LATE, agent=agent)
    again = np.where(held, released, centre.after_work(ended, centre.around(2400, 1.0, size)))
    ended = np.where(held, released + centre.between(60, 400, size), ended)
    second = retried | (held & centre.chance(_CHECKED_AFTER_HOLD, size))
    fresh = centre.agents.on_shift(centre.rng, centre.agents.team[agent], again)
    agent = np.where(second, fresh, agent)
    run(second, again + centre.between(5, 60, size))
    return ended, agent, finished, confused, troubled, held


def _talked(
    centre: Centre,
    tickets: Tickets,
    number: Ints,
    answered: Bools,
    taken: Ints,
    ended: Ints,
    agent: Ints,
    held: Bools,
) -> Ints:
    """Replies of both sides, and when the last of them was."""
    size = len(tickets)
    live = traits("is_live")[tickets.channel] > 0
    early = answered & (live | held | centre.chance(_ACKNOWLEDGED, size))
    greeting = taken + np.where(live, centre.between(2, 14, size), centre.between(60, 420, size))
    centre.add(Kind.REPLIED, early, number, greeting, 40, actor=AGENT, agent=agent)
    answer = answered & ~live
    ended = np.where(answer, ended + centre.between(20, 150, size), ended)
    centre.add(Kind.REPLIED, answer, number, ended, _LATE, actor=AGENT, agent=agent)
    exchanges = centre.rng.poisson(traits("exchanges")[tickets.channel])
    usual = traits("wait_seconds")[tickets.channel]
    for turn in range(4):
        talks = answered & (exchanges > turn)
        during = greeting + ((ended - greeting) * centre.rng.random(size)).astype(np.int64)
        later = ended + centre.between(60, 3 * HOUR / 1000, size)
        asked = np.where(live, during, later)
        soon = asked + centre.between(8, 60, size)
        replied = np.where(live, soon, centre.after_work(asked, centre.around(0.5 * usual, 0.7, size)))
        order = _LATE + 1 + 2 * turn
        centre.add(Kind.REPLIED, talks, number, asked, order, actor=CUSTOMER)
        centre.add(Kind.REPLIED, talks, number, replied, order + 1, actor=AGENT, agent=agent)
        ended = np.where(talks, np.maximum(ended, replied), ended)
    return np.asarray(ended)
