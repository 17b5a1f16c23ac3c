"""After the first solve: reopening, follow-ups, surveys, closing, customers who come back."""

from __future__ import annotations

import numpy as np

from etl.contract.events import Kind
from etl.simulator.arrays import DAY, HOUR, Floats, Ints
from etl.simulator.centre import Centre
from etl.simulator.demand import UNANSWERED, Tickets, traits
from etl.simulator.flow import NOWHERE
from etl.simulator.intake import AGENT, CUSTOMER
from etl.simulator.ticket_work import NEVER_AT, Handled

_REOPENED, _REOPENED_CONFUSED, _REOPENED_TROUBLED, _REOPENED_AGAIN = 0.035, 0.025, 0.09, 0.1
_RUN_AGAIN = 0.5
_ROUNDS = 3
_FOLLOWED_UP = 0.07
_CLOSED_AFTER = 4 * DAY
_GIVEN_UP, _GIVEN_UP_AFTER = 0.7, 15 * DAY  # tickets nobody answered any more
_COME_BACK_WITHIN = 7 * DAY
_LATER = 2_000_000
_PLEASED = 4.72
SCALE = 5


def live_on(centre: Centre, tickets: Tickets, number: Ints, handled: Handled) -> None:
    """Logs what happens once tickets are solved."""
    _survey(centre, tickets, number, handled)
    solved = _reopen(centre, tickets, number, handled)
    is_solved = solved < NEVER_AT
    # A nightly sort of job closes at full hours.
    stale = ~is_solved & (tickets.fate <= UNANSWERED) & centre.chance(_GIVEN_UP, len(tickets))
    since = np.where(stale, tickets.opened + _GIVEN_UP_AFTER, solved + _CLOSED_AFTER)
    centre.add(Kind.CLOSED, is_solved | stale, number, -(-since // HOUR) * HOUR, _LATER + 90)
    follows = is_solved & ~handled.contained & centre.chance(_FOLLOWED_UP, len(tickets))
    since = np.where(follows, solved + centre.between(DAY / 1000, 6 * DAY / 1000, len(tickets)), 0)
    at = centre.after_work(since, centre.around(600, 0.5, len(tickets)))
    centre.add(Kind.FOLLOWED_UP, follows, number, at, _LATER + 80, agent=handled.agent)


def comes_back(centre: Centre, tickets: Tickets, handled: Handled, count: int) -> tuple[Ints, Ints]:
    """Which customers come back about the same within days, and when: rather those whose run went wrong."""
    size = len(tickets)
    at = handled.solved + centre.between(3 * HOUR / 1000, _COME_BACK_WITHIN / 1000, size)
    wrong = centre.confusion.conditions.consequences * (0.7 * handled.confused + 1.6 * handled.troubled)
    weight = 1.0 + wrong + 1.2 * handled.contained
    possible = (handled.solved < NEVER_AT) & (at < centre.calendar.end - DAY) & (tickets.workflow != NOWHERE)
    # The largest of log(u) / weight: a weighted draw without replacement (Efraimidis and Spirakis, 2006).
    keys = np.where(possible, np.log(centre.rng.random(size)) / weight, -np.inf)
    who = np.sort(np.argsort(-keys, kind="stable")[: min(count, int(possible.sum()))])
    return who, at[who]


def _reopen(centre: Centre, tickets: Tickets, number: Ints, handled: Handled) -> Ints:
    """Reopened and solved again, at most three times; returns the last solve."""
    solved, size = handled.solved.copy(), len(tickets)
    wrong = _REOPENED_CONFUSED * handled.confused + _REOPENED_TROUBLED * handled.troubled
    share: Floats = _REOPENED + centre.confusion.conditions.consequences * wrong + 0.03 * handled.contained
    for turn in range(_ROUNDS):
        again = np.flatnonzero((solved < NEVER_AT) & centre.chance(share, size))
        ticket, order, n = number[again], _LATER + 20 * turn, len(again)
        wrote = solved[again] + centre.between(HOUR / 1000, 3.5 * DAY / 1000, n)
        centre.add(Kind.REPLIED, None, ticket, wrote, order, actor=CUSTOMER)
        centre.add(Kind.REOPENED, None, ticket, wrote, order + 1)
        wait = traits("wait_seconds")[tickets.channel[again]]
        taken = centre.after_work(wrote, centre.around(np.maximum(wait, 1800), 0.8, n))
        team = traits("team").astype(np.int64)[tickets.channel[again]]
        agent = centre.agents.on_shift(centre.rng, team, taken)
        centre.add(Kind.ASSIGNED, None, ticket, taken, order + 2, agent=agent)
        ended = taken + centre.between(120, 900, n)
        runs = centre.chance(_RUN_AGAIN, n) & (tickets.workflow[again] != NOWHERE)
        start = taken + centre.between(10, 60, n)
        result = centre.run(ticket[runs], tickets.workflow[again][runs], agent[runs], start[runs])
        ended[runs] = result.end
        centre.add(Kind.REPLIED, None, ticket, ended + 30_000, order + 3, actor=AGENT, agent=agent)
        mended = centre.chance(0.96, n)
        at = np.where(mended, ended + 30_000 + centre.between(5, 90, n), NEVER_AT)
        centre.add(Kind.SOLVED, mended, ticket, at, order + 4, agent=agent)
        share = np.zeros(size)
        share[again] = _REOPENED_AGAIN
        solved[again] = at
    return solved


def _survey(centre: Centre, tickets: Tickets, number: Ints, handled: Handled) -> None:
    """Asked soon after the first solve; unhappy after confusion, long waits and bots."""
    size = len(tickets)
    solved = handled.solved < NEVER_AT
    offered = solved & centre.chance(traits("offered")[tickets.channel], size)
    at = np.where(solved, handled.solved + centre.between(300, 1800, size), NEVER_AT)
    centre.add(Kind.SURVEY_OFFERED, offered, number, at, _LATER - 2)
    rates = offered & centre.chance(traits("rated")[tickets.channel], size)
    wrong = 0.25 * handled.confused + 0.75 * handled.troubled
    mood = _PLEASED - centre.confusion.conditions.consequences * wrong - 0.55 * handled.late
    mood = mood - 0.5 * handled.contained + centre.rng.normal(0, 0.95, size)
    # Few give the middle marks: who is not pleased tends to be angry.
    score = np.clip(np.rint(np.where(mood < 3.2, mood - 0.9, mood)), 1, SCALE).astype(np.int64)
    answered = at + (centre.around(5400, 1.4, size) * 1000).astype(np.int64)
    centre.add(Kind.RATED, rates, number, np.where(rates, answered, NEVER_AT), _LATER - 1, score=score)
