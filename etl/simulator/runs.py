"""All runs at once, visit by visit: what happens at a step and where the run goes from there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from etl.events import Kind
from etl.simulator.agents import Agents
from etl.simulator.arrays import Bools, Floats, Ints, draw_by_row, milliseconds
from etl.simulator.confusion import FLAVOUR_EDGES, MISSING_KNOWLEDGE, Confusion, Mode
from etl.simulator.flow import NOWHERE, Flow
from etl.simulator.log import Log, uniform

FINISHED, GIVEN_UP, SILENT = 0, 1, 2
_FORWARD, _WILL_NOTICE, _CORRECTING, _REPEATING = range(4)
_STAY_SPREAD = 0.42
_HANGS_UP, _FALLS_SILENT, _SKIPS = 0.0006, 0.0005, 0.005
_LOOKS_UP, _SLIPS, _ASKS_ANYWAY = 0.015, 0.022, 0.0012
_HANDED_ON = 0.12  # of the pauses
_RUN_ORDER = 100
_MOST_VISITS = 400


@dataclass(frozen=True)
class Runs:
    """Runs to simulate: one entry each."""

    ticket: Ints
    number: Ints
    agent: Ints
    start: Ints
    first: Ints


@dataclass(frozen=True)
class RunResults:
    """How the runs went."""

    end: Ints
    outcome: Ints
    agent: Ints
    """Who had the run at its end."""
    confused: Ints
    troubled: Ints
    """Confused visits at steps with planted trouble."""
    escalated: Bools


@dataclass
class _State:
    at: Ints
    place: Ints
    agent: Ints
    before: Ints
    choice: Ints
    """The answer given at the step before, or to be given at the step returned to."""
    right: Ints
    task: Ints


def simulate_runs(
    rng: np.random.Generator, runs: Runs, *, flow: Flow, confusion: Confusion, agents: Agents, log: Log
) -> RunResults:
    """Runs all workflows to their ends and logs every step event."""
    count = len(runs.ticket)
    state = _State(
        runs.start.copy(),
        runs.first.copy(),
        runs.agent.copy(),
        np.full(count, NOWHERE, dtype=np.int64),
        np.zeros(count, dtype=np.int64),
        np.zeros(count, dtype=np.int64),
        np.zeros(count, dtype=np.int64),
    )
    results = RunResults(
        state.at,
        np.full(count, FINISHED),
        state.agent,
        np.zeros(count, np.int64),
        np.zeros(count, np.int64),
        np.zeros(count, np.bool_),
    )
    log.add(
        Kind.RUN_STARTED,
        ticket=runs.ticket,
        at=runs.start,
        order=_RUN_ORDER,
        agent=runs.agent,
        run=runs.number,
        place=runs.first,
    )
    active = np.arange(count)
    for visit in range(_MOST_VISITS):
        if not len(active):
            break
        one = _Visit(rng, active, runs, state, flow, confusion, agents, log, _RUN_ORDER + 20 * (visit + 1))
        active = one.take_place(results)
    return results


class _Visit:
    """One visit of each active run, all at once."""

    def __init__(
        self,
        rng: np.random.Generator,
        active: Ints,
        runs: Runs,
        state: _State,
        flow: Flow,
        confusion: Confusion,
        agents: Agents,
        log: Log,
        order: int,
    ) -> None:
        self.rng, self.active, self.state, self.flow = rng, active, state, flow
        self.confusion, self.agents, self.log, self.order = confusion, agents, log, order
        self.ticket, self.run = runs.ticket[active], runs.number[active]
        self.place, self.agent, self.entered = state.place[active], state.agent[active], state.at[active]
        self.task = state.task[active]
        self.size = len(active)

    def take_place(self, results: RunResults) -> Ints:
        """Logs the visit, moves the runs on, and returns those still going."""
        self._log(Kind.ENTERED, None, self.entered, 0)
        practice = self.confusion.practice(self.agent, self.place, self.entered)
        mode = self._mode(practice)
        stay = self._stay(mode, practice)
        pause = self._pause(mode, stay)
        leave = self.entered + milliseconds(stay) + pause
        self._ask_and_search(mode, stay, pause)
        results.confused[self.active] += mode != Mode.CLEAR
        results.troubled[self.active] += (mode != Mode.CLEAR) & (
            self.confusion.planted[self.agent, self.place] > 0
        )
        going = self._leave(mode, leave, results)
        self.state.at[self.active] = leave
        self.state.agent[self.active] = self.agent
        return self.active[going]

    def _chance(self, share: float) -> Bools:
        return self.rng.random(self.size) < share

    def _log(self, kind: Kind, where: Bools | None, at: Ints, order: int, **columns: Ints | int) -> None:
        self.log.add(
            kind,
            where,
            ticket=self.ticket,
            at=at,
            order=self.order + order,
            agent=self.agent,
            run=self.run,
            place=self.place,
            **columns,
        )

    def _mode(self, practice: Floats) -> Ints:
        """Clear, or in which way confused: the step's flavour, bent to what is possible at it."""
        place, flow = self.place, self.flow
        confused = self.rng.random(self.size) < self.confusion.chance(self.agent, place, practice)
        confused &= self.task != _WILL_NOTICE
        mode = draw_by_row(self.rng, FLAVOUR_EDGES[self.confusion.flavour[place]])
        is_return = self.task != _FORWARD
        asks = flow.is_type("question", "form", "decision")[place]
        can_err = asks & (flow.safe[place] > 1) & ~is_return
        can_leave = (self.state.before[self.active] != NOWHERE) & ~is_return
        is_last = flow.is_type("end", "escalation")[place]
        mode = np.where((mode == Mode.QUICK_BACK) & ~can_leave, Mode.WRONG_ANSWER, mode)
        mode = np.where((mode == Mode.WRONG_ANSWER) & ~can_err, Mode.HELP, mode)
        mode = np.where((mode == Mode.REFUSED) & ~asks, Mode.STARED, mode)
        mode = np.where((mode == Mode.DETOUR) & (flow.detour[place] == NOWHERE), Mode.HELP, mode)
        mode = np.where((mode == Mode.GAVE_UP) & is_last, Mode.HELP, mode)
        return np.where(confused, mode, int(Mode.CLEAR))

    def _stay(self, mode: Ints, practice: Floats) -> Floats:
        """Seconds at the step without pauses."""
        rng, size = self.rng, self.size
        usual = np.array([step.seconds for step in self.flow.steps])[self.place]
        stay = usual * self.confusion.pace(self.agent, practice) * np.exp(rng.normal(0, _STAY_SPREAD, size))
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
        longer = np.where((self.task == _CORRECTING) | (self.task == _REPEATING), longer * 0.55, longer)
        stay = np.where(mode == Mode.QUICK_BACK, 6.5 * np.exp(rng.normal(0, 0.3, size)), stay * longer)
        stay = np.where(
            self.task == _WILL_NOTICE, np.maximum(stay, 48 * np.exp(rng.normal(0, 0.4, size))), stay
        )
        return np.asarray(np.maximum(stay, 1.2))

    def _pause(self, mode: Ints, stay: Floats) -> Ints:
        """Milliseconds paused; now and then somebody else goes on."""
        shares = np.array([step.pause_share for step in self.flow.steps])[self.place]
        paused = (self.rng.random(self.size) < shares) & (mode != Mode.QUICK_BACK)
        length = milliseconds(np.minimum(420 * np.exp(self.rng.normal(0, 1.0, self.size)), 5 * 3600)) * paused
        begin = self.entered + milliseconds(stay * 0.12)
        self._log(Kind.PAUSED, paused, begin, 1)
        handed_on = paused & (self.rng.random(self.size) < _HANDED_ON)
        team = self.agents.team[self.agent]
        self.agent = np.where(handed_on, self.agents.on_shift(self.rng, team, begin + length), self.agent)
        self._log(Kind.RESUMED, paused, begin + length, 2)
        return np.asarray(length)

    def _ask_and_search(self, mode: Ints, stay: Floats, pause: Ints) -> None:
        """Everything an agent does at a step besides answering."""
        begin = self.entered + pause
        searched = (self._chance(_LOOKS_UP) & (mode == Mode.CLEAR)) | (
            (mode == Mode.STARED) & self._chance(0.93)
        )
        searched |= (mode == Mode.HELP) & self._chance(0.25)
        workflow = self.flow.workflow[self.place]
        first, last = self.flow.search[workflow], self.flow.search[workflow + 1]
        # The same words are looked up at the same step again and again: squaring favours the first ones.
        step_first = (
            self.place * 7 + np.floor(self.rng.random(self.size) ** 2 * (last - first)).astype(np.int64)
        ) % (last - first)
        lacking = self.confusion.flavour[self.place] == MISSING_KNOWLEDGE
        empty = self.rng.random(self.size) < np.where(lacking, 0.55, 0.16)
        hits = np.where(empty, 0, 1 + self.rng.poisson(5, self.size))
        self._log(
            Kind.SEARCHED, searched, begin + milliseconds(stay * 0.3), 3, value=first + step_first, hits=hits
        )
        asked = (mode == Mode.HELP) | self._chance(_ASKS_ANYWAY)
        self._log(Kind.ASKED_HELP, asked, begin + milliseconds(stay * 0.45), 4)
        asks = self.flow.is_type("question", "form", "decision")[self.place]
        refused = np.where(mode == Mode.REFUSED, 1 + np.clip(self.rng.poisson(1.7, self.size), 1, 5), 0)
        refused = np.where((mode == Mode.CLEAR) & asks & self._chance(_SLIPS), 1, refused)
        for time in range(6):
            at = begin + milliseconds(stay * (0.55 + 0.06 * time))
            self._log(Kind.INPUT_REJECTED, refused > time, at, 5 + time)

    def _leave(self, mode: Ints, leave: Ints, results: RunResults) -> Bools:
        """Ends the visit: onward, back, out or over."""
        flow, state, active = self.flow, self.state, self.active
        gave_up = (mode == Mode.GAVE_UP) | self._chance(_HANGS_UP)
        silent = ~gave_up & self._chance(_FALLS_SILENT)
        back = ~gave_up & ~silent & ((mode == Mode.QUICK_BACK) | (self.task == _WILL_NOTICE))
        onward = ~(gave_up | silent | back)
        finished = onward & flow.is_type("end")[self.place]
        onward &= ~finished
        results.outcome[active] = np.where(
            gave_up, GIVEN_UP, np.where(silent, SILENT, results.outcome[active])
        )
        self._log(Kind.RUN_ABANDONED, gave_up, leave, 16)
        self._log(Kind.RUN_FINISHED, finished, leave, 16)
        self._log(Kind.WENT_BACK, back, leave, 16, value=flow.name[np.where(back, state.before[active], 0)])
        going = back | onward
        target = np.where(back, state.before[active], self._onward(mode, leave, onward, results))
        state.task[active] = np.select(
            [back & (self.task == _WILL_NOTICE), back, onward & (mode == Mode.WRONG_ANSWER)],
            [_CORRECTING, _REPEATING, _WILL_NOTICE],
            _FORWARD,
        )
        state.before[active] = np.where(back, NOWHERE, self.place)
        state.place[active] = np.where(going, target, self.place)
        return np.asarray(going)

    def _onward(self, mode: Ints, leave: Ints, onward: Bools, results: RunResults) -> Ints:
        """Answers, and where the answers lead."""
        flow, state, active, place = self.flow, self.state, self.active, self.place
        natural = draw_by_row(self.rng, flow.edges[place])
        safe = np.maximum(flow.safe[place], 1)
        slip = mode == Mode.WRONG_ANSWER
        right = np.where(slip, np.minimum(natural, safe - 1), natural)
        shift = 1 + np.floor(self.rng.random(self.size) * np.maximum(safe - 1, 1)).astype(np.int64)
        choice = np.where(slip, (right + shift) % safe, right)
        choice = np.where(self.task == _CORRECTING, state.right[active], choice)
        choice = np.where(self.task == _REPEATING, state.choice[active], choice)
        state.choice[active] = np.where(onward, choice, state.choice[active])
        state.right[active] = np.where(onward & slip, right, state.right[active])
        detour = onward & (mode == Mode.DETOUR)
        asks = flow.is_type("question", "form", "decision")[place]
        required = np.array([step.required for step in flow.steps])[place]
        breach = detour & required & ~asks  # a required instruction passed over instead of a wrong turn
        skipped = (
            onward & ~asks & ~required & ~flow.is_type("escalation")[place] & self._chance(_SKIPS)
        ) | breach
        self._log(Kind.SKIPPED, skipped, leave, 15)
        # Many systems log the answer and the next step in the same instant.
        gap = np.where(self._chance(0.3), 0, self.rng.integers(40, 900, self.size))
        answered = onward & asks & ~skipped
        self._log(
            Kind.ANSWERED, answered, np.maximum(leave - gap, self.entered), 14, value=flow.text[place, choice]
        )
        target = np.where(detour & ~breach, flow.detour[place], flow.following[place, choice])
        escalates = onward & flow.is_type("escalation")[target]
        self._log(Kind.ESCALATED, escalates, leave, 15)
        results.escalated[active] |= escalates
        return np.asarray(target)
