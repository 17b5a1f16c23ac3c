"""How a run leaves a step: onward with an answer, back, out to the specialists, or not at all."""

from __future__ import annotations

import numpy as np

from etl.contract.events import Kind
from etl.simulator.arrays import Bools, Ints, draw_by_row
from etl.simulator.confusion import WRONG_PLACE, Mode
from etl.simulator.flow import NOWHERE
from etl.simulator.visit import (
    CORRECTING,
    FORWARD,
    GIVEN_UP,
    RECONSIDERING,
    REPEATING,
    REREADING,
    SILENT,
    STILL_LOST,
    WILL_NOTICE,
    RunResults,
    Visit,
)

_HANGS_UP, _FALLS_SILENT, _SKIPS = 0.0006, 0.0005, 0.005
_SAME_INSTANT = 0.3
_RECONSIDERS = 0.4  # of those who go back at once; where the step stands in the wrong place no answer helps


def leave(visit: Visit, mode: Ints, at: Ints, results: RunResults) -> Bools:
    """Logs the end of the visits, moves the runs on, and says which still go."""
    flow, state, active = visit.flow, visit.state, visit.active
    gave_up = (mode == Mode.GAVE_UP) | visit.chance(_HANGS_UP)
    silent = ~gave_up & visit.chance(_FALLS_SILENT)
    goes_back = (mode == Mode.QUICK_BACK) | (mode == Mode.PEEK) | (visit.task == WILL_NOTICE)
    back = ~gave_up & ~silent & goes_back
    onward = ~(gave_up | silent | back)
    finished = onward & flow.is_type("end")[visit.place]
    onward &= ~finished
    results.outcome[active] = np.select([gave_up, silent], [GIVEN_UP, SILENT], results.outcome[active])
    visit.log(Kind.RUN_ABANDONED, gave_up, at, 16)
    visit.log(Kind.RUN_FINISHED, finished, at, 16)
    visit.log(Kind.WENT_BACK, back, at, 16, value=flow.name[np.where(back, state.before[active], 0)])
    target = np.where(back, state.before[active], _answer(visit, mode, at, onward))
    reconsiders = back & visit.chance(_RECONSIDERS) & (visit.confusion.flavour[visit.place] != WRONG_PLACE)
    state.task[active] = np.select(
        [
            back & (visit.task == WILL_NOTICE),
            back & (mode == Mode.PEEK),
            reconsiders,
            back,
            onward & (visit.task == REREADING),
            onward & (mode == Mode.WRONG_ANSWER),
        ],
        [CORRECTING, REPEATING, RECONSIDERING, REREADING, STILL_LOST, WILL_NOTICE],
        FORWARD,
    )
    state.before[active] = np.where(back, NOWHERE, visit.place)
    state.place[active] = np.where(back | onward, target, visit.place)
    state.at[active], state.agent[active] = at, visit.agent
    return np.asarray(back | onward)


def _answer(visit: Visit, mode: Ints, at: Ints, onward: Bools) -> Ints:
    """Answers, and where the answers lead."""
    flow, place = visit.flow, visit.place
    choice = _choice(visit, mode, onward)
    detour = onward & (mode == Mode.DETOUR)
    required = np.array([step.required for step in flow.steps])[place]
    breach = detour & required & ~visit.asks  # a required instruction passed over instead of a wrong turn
    optional = onward & ~visit.asks & ~required & ~flow.is_type("escalation")[place]
    skipped = (optional & visit.chance(_SKIPS)) | breach
    visit.log(Kind.SKIPPED, skipped, at, 15)
    # Many systems log the answer and the next step in the same instant.
    gap = np.where(visit.chance(_SAME_INSTANT), 0, visit.rng.integers(40, 900, visit.size))
    answered = onward & visit.asks
    visit.log(
        Kind.ANSWERED, answered, np.maximum(at - gap, visit.entered), 14, value=flow.text[place, choice]
    )
    target = np.where(detour & ~breach, flow.detour[place], flow.following[place, choice])
    visit.log(Kind.ESCALATED, onward & flow.is_type("escalation")[target], at, 15)
    return np.asarray(target)


def _choice(visit: Visit, mode: Ints, onward: Bools) -> Ints:
    """Which answer: a natural one, a wrong one that will be changed, or one decided before."""
    flow, state, active, place = visit.flow, visit.state, visit.active, visit.place
    natural = draw_by_row(visit.rng, flow.edges[place])
    safe = np.maximum(flow.safe[place], 1)
    slip = mode == Mode.WRONG_ANSWER
    right = np.where(slip, np.minimum(natural, safe - 1), natural)
    shift = 1 + np.floor(visit.rng.random(visit.size) * np.maximum(safe - 1, 1)).astype(np.int64)
    # A wrong answer is one that is often given, or else just any other.
    likely = np.minimum(draw_by_row(visit.rng, flow.edges[place]), safe - 1)
    wrong = np.where(likely != right, likely, (right + shift) % safe)
    before = state.choice[active]
    choice = np.where(slip, wrong, right)
    choice = np.where(visit.task == CORRECTING, state.right[active], choice)
    choice = np.where((visit.task == REPEATING) | (visit.task == REREADING), before, choice)
    other = np.where(likely != before, likely, (before + shift) % safe)
    choice = np.where((visit.task == RECONSIDERING) & (safe > 1), other, choice)
    state.choice[active] = np.where(onward, choice, state.choice[active])
    state.right[active] = np.where(onward & slip, right, state.right[active])
    return choice
