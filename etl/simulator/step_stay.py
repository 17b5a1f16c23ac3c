"""What happens while a run stays at a step: clear or confused, for how long, what the agent does."""

from __future__ import annotations

import numpy as np

from etl.contract.events import Kind
from etl.simulator.arrays import Bools, Floats, Ints, draw_by_row, milliseconds
from etl.simulator.confusion import FLAVOUR_EDGES, MISSING_KNOWLEDGE, Mode
from etl.simulator.flow import NOWHERE
from etl.simulator.log import uniform
from etl.simulator.visit import (
    CORRECTING,
    FORWARD,
    RECONSIDERING,
    REPEATING,
    REREADING,
    STILL_LOST,
    WILL_NOTICE,
    Visit,
)

_STAY_SPREAD = 0.42
# Habits of agents who are not confused.
_LOOKS_UP, _PEEKS, _SLIPS, _ASKS_ANYWAY = 0.03, 0.01, 0.022, 0.0012
_HANDED_ON = 0.12  # of the pauses
_PUTS_ASIDE = 0.1  # of the visits that end in help or in giving up
_CLICK_SHARE, _CLICK_SECONDS = 0.07, 3.0  # what is left of a visit that is only clicked through, at most
_MOST_REFUSALS = 6
_STILL_LOST_ASKS = 0.6
_OTHER_WORDS = 0.8  # of those who find what does not help; the others ask


def stay(visit: Visit) -> tuple[Ints, Ints]:
    """Logs everything at the step before it is left; returns the mode of the visit and when it ends."""
    visit.log(Kind.ENTERED, None, visit.entered, 0)
    practice = visit.confusion.practice(visit.agent, visit.place, visit.entered)
    mode = _mode(visit, practice)
    seconds = _seconds(visit, mode, practice)
    paused = _pause(visit, mode, seconds)
    _look_for_help(visit, mode, seconds, visit.entered + paused)
    return mode, visit.entered + milliseconds(seconds) + paused


def _mode(visit: Visit, practice: Floats) -> Ints:
    """Clear, or in which way confused: the step's flavour, bent to what is possible at it."""
    place, flow = visit.place, visit.flow
    confused = visit.rng.random(visit.size) < visit.confusion.chance(visit.agent, place, practice)
    confused &= (visit.task != WILL_NOTICE) & ~visit.confusion.clicks_through(visit.agent)
    mode = draw_by_row(visit.rng, FLAVOUR_EDGES[visit.confusion.flavour[place]])
    is_return = visit.task != FORWARD
    can_err = visit.asks & (flow.safe[place] > 1) & ~is_return
    can_leave = (visit.state.before[visit.active] != NOWHERE) & ~is_return
    is_last = flow.is_type("end", "escalation")[place]
    mode = np.where((mode == Mode.QUICK_BACK) & ~can_leave, Mode.WRONG_ANSWER, mode)
    mode = np.where((mode == Mode.WRONG_ANSWER) & ~can_err, Mode.HELP, mode)
    mode = np.where((mode == Mode.REFUSED) & ~visit.asks, Mode.STARED, mode)
    mode = np.where((mode == Mode.DETOUR) & (flow.detour[place] == NOWHERE), Mode.HELP, mode)
    mode = np.where((mode == Mode.GAVE_UP) & is_last, Mode.HELP, mode)
    peeks = can_leave & visit.chance(_PEEKS)
    mode = np.where(confused, mode, np.where(peeks, int(Mode.PEEK), int(Mode.CLEAR)))
    # Who is still lost searches in vain or asks. Who comes back where nothing else can be answered asks.
    lost = np.where(visit.chance(_STILL_LOST_ASKS), int(Mode.HELP), int(Mode.STARED))
    mode = np.where(visit.task == STILL_LOST, lost, mode)
    asks_back = (visit.task == RECONSIDERING) & ~(visit.asks & (flow.safe[place] > 1))
    return np.where(asks_back, int(Mode.HELP), mode)


def _seconds(visit: Visit, mode: Ints, practice: Floats) -> Floats:
    """Time at the step without pauses."""
    rng, size, task = visit.rng, visit.size, visit.task
    expected = np.array([step.seconds for step in visit.flow.steps])[visit.place]
    pace = visit.confusion.pace(visit.agent, practice)
    seconds = expected * pace * np.exp(rng.normal(0, _STAY_SPREAD, size))
    longer = np.select(
        [mode == Mode.HELP, mode == Mode.REFUSED, mode == Mode.STARED, mode == Mode.GAVE_UP],
        [
            uniform(rng, 1.5, 4, size),
            uniform(rng, 1.3, 2.6, size),
            5.5 * np.exp(rng.normal(0, 0.3, size)),
            2.0,
        ],
        1.0,
    )
    is_back = np.isin(task, (CORRECTING, REPEATING, REREADING, RECONSIDERING))
    longer = np.where(is_back, longer * 0.55, longer)
    glance = 6.5 * np.exp(rng.normal(0, 0.3, size))
    seconds = np.where((mode == Mode.QUICK_BACK) | (mode == Mode.PEEK), glance, seconds * longer)
    # A mistake is noticed only after reading on for a while.
    notice = 48 * np.exp(rng.normal(0, 0.4, size))
    seconds = np.where(task == WILL_NOTICE, np.maximum(seconds, notice), seconds)
    clicked = np.minimum(seconds * _CLICK_SHARE, _CLICK_SECONDS)
    seconds = np.where(visit.confusion.clicks_through(visit.agent), clicked, seconds)
    return np.asarray(np.maximum(seconds, 1.2))


def _pause(visit: Visit, mode: Ints, seconds: Floats) -> Ints:
    """Milliseconds paused; now and then somebody else goes on."""
    shares = np.array([step.pause_share for step in visit.flow.steps])[visit.place]
    puts_aside = (mode == Mode.HELP) | (mode == Mode.GAVE_UP)
    shares = np.where(puts_aside, np.maximum(shares, _PUTS_ASIDE), shares)
    paused = (visit.rng.random(visit.size) < shares) & (mode != Mode.QUICK_BACK) & (mode != Mode.PEEK)
    length = np.minimum(420 * np.exp(visit.rng.normal(0, 1.0, visit.size)), 5 * 3600)
    duration = milliseconds(length) * paused
    begin = visit.entered + milliseconds(seconds * 0.12)
    visit.log(Kind.PAUSED, paused, begin, 1)
    handed_on = paused & visit.chance(_HANDED_ON)
    other = visit.agents.on_shift(visit.rng, visit.agents.team[visit.agent], begin + duration)
    visit.agent = np.where(handed_on, other, visit.agent)
    visit.log(Kind.RESUMED, paused, begin + duration, 2)
    return np.asarray(duration)


def _look_for_help(visit: Visit, mode: Ints, seconds: Floats, begin: Ints) -> None:
    """Searches, questions to colleagues, inputs that are refused."""
    rng, size = visit.rng, visit.size
    in_vain = (mode == Mode.STARED) & visit.chance(0.93)
    searched = (visit.chance(_LOOKS_UP) & (mode == Mode.CLEAR)) | in_vain
    searched |= (mode == Mode.HELP) & visit.chance(0.25)
    lacking = visit.confusion.flavour[visit.place] == MISSING_KNOWLEDGE
    hits = np.where(rng.random(size) < np.where(lacking, 0.55, 0.16), 0, 1 + rng.poisson(5, size))
    _search(visit, searched, begin + milliseconds(seconds * 0.3), 3, hits)
    # What was found did not help: other words, or somebody else.
    unhelpful = in_vain & (hits > 0)
    others = unhelpful & visit.chance(_OTHER_WORDS)
    _search(visit, others, begin + milliseconds(seconds * 0.4), 3, 1 + rng.poisson(3, size))
    asks_help = (mode == Mode.HELP) | (unhelpful & ~others) | visit.chance(_ASKS_ANYWAY)
    visit.log(Kind.ASKED_HELP, asks_help, begin + milliseconds(seconds * 0.45), 4)
    several = 1 + np.clip(rng.poisson(1.7, size), 1, _MOST_REFUSALS - 1)
    refused = np.where(mode == Mode.REFUSED, several, 0)
    refused = np.where((mode == Mode.CLEAR) & visit.asks & visit.chance(_SLIPS), 1, refused)
    for time in range(_MOST_REFUSALS):
        at = begin + milliseconds(seconds * (0.55 + 0.06 * time))
        visit.log(Kind.INPUT_REJECTED, refused > time, at, 5 + time)


def _search(visit: Visit, where: Bools, at: Ints, order: int, hits: Ints) -> None:
    """Words of the workflow, some more often than others at each step: squaring favours the first ones."""
    workflow = visit.flow.workflow[visit.place]
    first = visit.flow.search[workflow]
    phrases = visit.flow.search[workflow + 1] - first
    favourite = np.floor(visit.rng.random(visit.size) ** 2 * phrases).astype(np.int64)
    words = first + (visit.place * 7 + favourite) % phrases
    visit.log(Kind.SEARCHED, where, at, order, value=words, hits=hits)
