"""From opening to the first solve: guided runs, replies of both sides, waiting for somebody outside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from etl.contract.events import Kind
from etl.simulator.arrays import Bools, Ints
from etl.simulator.centre import Centre
from etl.simulator.demand import ANSWERED, Tickets, traits
from etl.simulator.flow import NOWHERE
from etl.simulator.intake import AGENT, BOT, CUSTOMER, assign, greet_by_bot, open_tickets, wait_seconds
from etl.simulator.visit import FINISHED

NEVER_AT = np.iinfo(np.int64).max // 4
_ACKNOWLEDGED = 0.3
_SECOND_TRY = 0.6
_CHECKED_AFTER_HOLD = 0.35
_HOLD_SECONDS = 16 * 3600.0
_SOLVED, _SOLVED_AFTER_FAILURE = 0.987, 0.7
_LATE = 1_000_000
_EXCHANGES = 4


@dataclass(frozen=True)
class Handled:
    """What the desk made of each ticket; `solved` is `NEVER_AT` where it never was."""

    solved: Ints
    agent: Ints
    contained: Bools
    """Solved by the bot alone."""
    confused: Bools
    troubled: Bools
    late: Bools
    """Waited for far longer than usual on its channel."""


@dataclass(frozen=True)
class _Work:
    ended: Ints
    agent: Ints
    finished: Bools
    confused: Bools
    troubled: Bools
    held: Bools


def handle(centre: Centre, tickets: Tickets, number: Ints) -> Handled:
    """Logs everything up to the first solve."""
    size = len(tickets)
    ready, contained = greet_by_bot(centre, tickets, number)
    answered = (tickets.fate == ANSWERED) & ~contained
    wait = wait_seconds(centre, tickets)
    taken = np.where(tickets.proactive, ready, centre.after_work(ready, wait))
    agent = centre.agents.on_shift(centre.rng, traits("team").astype(np.int64)[tickets.channel], taken)
    open_tickets(centre, tickets, number, agent)
    assign(centre, number, answered, ready, taken, agent)
    work = _work(centre, tickets, number, answered, taken, agent)
    ended = _talk(centre, tickets, number, answered, taken, agent, work)
    solved = answered & centre.chance(np.where(work.finished, _SOLVED, _SOLVED_AFTER_FAILURE), size)
    at = np.where(solved, ended + centre.between(5, 60, size), NEVER_AT)
    centre.add(Kind.SOLVED, solved, number, at, _LATE + 50, agent=work.agent)
    by_bot = ready + centre.between(4, 30, size)
    centre.add(Kind.SOLVED, contained, number, by_bot, _LATE + 50, actor=BOT)
    late = answered & (wait > 3 * traits("wait_seconds")[tickets.channel])
    at = np.where(contained, by_bot, at)
    return Handled(at, work.agent, contained, work.confused, work.troubled, late)


def _work(centre: Centre, tickets: Tickets, number: Ints, answered: Bools, taken: Ints, agent: Ints) -> _Work:
    """One or two guided runs, perhaps a wait for somebody outside."""
    size = len(tickets)
    guided = answered & (tickets.workflow != NOWHERE)
    ended, agent = taken + centre.between(90, 600, size), agent.copy()
    finished = np.ones(size, dtype=np.bool_)
    confused, troubled = np.zeros(size, np.bool_), np.zeros(size, np.bool_)

    def run(which: Bools, start: Ints) -> None:
        result = centre.run(number[which], tickets.workflow[which], agent[which], start[which])
        ended[which], finished[which], agent[which] = result.end, result.outcome == FINISHED, result.agent
        confused[which] |= result.confused > 0
        troubled[which] |= result.troubled > 0

    run(guided, taken + centre.between(12, 50, size))
    retried = guided & ~finished & centre.chance(_SECOND_TRY, size)
    holds = np.array([workflow.hold_share for workflow in centre.flow.workflows])[tickets.workflow]
    held = guided & finished & centre.chance(holds, size)
    held_at = ended + centre.between(2, 20, size)
    released = centre.after_work(ended, centre.around(_HOLD_SECONDS, 0.7, size))
    centre.add(Kind.HELD, held, number, held_at, _LATE, agent=agent)
    centre.add(Kind.RELEASED, held, number, np.maximum(released, held_at), _LATE + 1, agent=agent)
    again = np.where(held, released, centre.after_work(ended, centre.around(2400, 1.0, size)))
    ended = np.where(held, released + centre.between(60, 400, size), ended)
    second = retried | (held & centre.chance(_CHECKED_AFTER_HOLD, size))
    fresh = centre.agents.on_shift(centre.rng, centre.agents.team[agent], again)
    agent = np.where(second, fresh, agent)
    run(second, again + centre.between(5, 60, size))
    return _Work(ended, agent, finished, confused, troubled, held)


def _talk(
    centre: Centre, tickets: Tickets, number: Ints, answered: Bools, taken: Ints, agent: Ints, work: _Work
) -> Ints:
    """Logs the replies of both sides; returns when the last of them was."""
    size = len(tickets)
    live = traits("is_live")[tickets.channel] > 0
    early = answered & (live | work.held | centre.chance(_ACKNOWLEDGED, size))
    greeting = taken + np.where(live, centre.between(2, 14, size), centre.between(60, 420, size))
    centre.add(Kind.REPLIED, early, number, greeting, 40, actor=AGENT, agent=agent)
    answer = answered & ~live
    ended = np.where(answer, work.ended + centre.between(20, 150, size), work.ended)
    centre.add(Kind.REPLIED, answer, number, ended, _LATE + 2, actor=AGENT, agent=work.agent)
    exchanges = centre.rng.poisson(traits("exchanges")[tickets.channel])
    wait = traits("wait_seconds")[tickets.channel]
    for turn in range(_EXCHANGES):
        talks = answered & (exchanges > turn)
        during = greeting + (np.maximum(ended - greeting, 0) * centre.rng.random(size)).astype(np.int64)
        question_at = np.where(live, during, ended + centre.between(60, 3 * 3600, size))
        later = centre.after_work(question_at, centre.around(0.5 * wait, 0.7, size))
        replied = np.where(live, question_at + centre.between(8, 60, size), later)
        order = _LATE + 3 + 2 * turn
        centre.add(Kind.REPLIED, talks, number, question_at, order, actor=CUSTOMER)
        centre.add(Kind.REPLIED, talks, number, replied, order + 1, actor=AGENT, agent=work.agent)
        ended = np.where(talks, np.maximum(ended, replied), ended)
    return np.asarray(ended)
