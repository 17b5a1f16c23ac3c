"""A second made-up desk: agents with shifts serve queues, one customer after the other. Plain rows come out.

It imports nothing of Stepsight and shares nothing with the simulator, from which it differs in structure: few
agents who have good and bad days in a row, one queue, customers who come often, short workflows, no branches,
times of any tail. Nothing is planted beyond what its settings say.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

Row = dict[str, Any]
Step = tuple[int, int]
"""The places of a workflow and of a step in it."""

START = datetime(2025, 9, 1, tzinfo=UTC)  # a Monday
_HOUR, _DAY = 3600.0, 86_400.0
_SHIFTS = ((8 * _HOUR, 16 * _HOUR), (12 * _HOUR, 20 * _HOUR))
_DEMAND = (1.3, 1.1, 1.0, 1.0, 1.1, 0.5, 0.0)
_CHANNELS = (("phone", "chat", "email"), (0.5, 0.3, 0.2))
_OPEN = 11.5 * _HOUR
_AFTER_WORK = 25 * 60.0
_FALLS_ILL, _ILL_FOR = 0.01, 3.0
_SEARCHES, _PAUSES, _SLIPS = 0.03, 0.03, 0.02
_CONFIRMED_AFTER = (1.5, 5.3 * _HOUR)
"""Shape and scale of a gamma: a ticket is solved when the customer has confirmed, long after the run."""
_REOPENS, _ESCALATES, _RATES = 0.06, (0.03, 0.06, 0.09), 0.3


@dataclass(frozen=True)
class QueueDesk:
    """What may be varied. Rates are shares of visits that confuse."""

    weeks: int = 10
    agents: int = 18
    joiners: int = 8
    """How many of the agents begin while data is recorded, in the second to fifth week."""
    tickets_a_day: float = 55.0
    steps: tuple[int, ...] = (4, 5, 3)
    """The number of steps of each workflow."""
    base: float = 0.06
    troubled: Mapping[Step, float] = field(default_factory=dict)
    """Steps that confuse at another rate than the base."""
    newness: Mapping[Step, float] = field(default_factory=dict)
    """Steps where somebody new is confused so many times more often; it fades with practice."""
    agent_spread: float = 0.3
    """Standard deviation of the logarithm of how easily an agent is confused."""
    day_spread: float = 0.3
    """The same of an agent's form of the day, which lasts: each day remembers six tenths of the last."""
    demand_spread: float = 0.1
    """The same of what comes in on a day; each day remembers three tenths of the last."""
    tail: str = "weibull"
    """The law of times: weibull, lognormal or pareto."""
    shows_as: tuple[str, ...] = ("help", "refused", "back", "wrong", "gave up")
    """The ways in which confusion may show."""
    noise: float = 1.0
    """How often visits that do not confuse hold a search, a pause or a refused input, against the usual."""
    takes: float = 1.6
    """How many times longer a confused visit takes."""
    seconds: tuple[float, float] = (25, 90)
    """Within what the median time of a step is drawn."""
    reopens_more: float = 0.0
    """How much more often a ticket is reopened where a visit was confused, in share points."""
    changes: tuple[float, float] = (1.0, 1.0)
    """How many times as much comes in, and confuses, in the last four weeks as before."""


def draw_time(rng: Random, tail: str) -> float:
    """A time with the median 1: Weibull of shape 1.6, log-normal with a deviation of 1, or Pareto of 1.7."""
    if tail == "weibull":
        return rng.weibullvariate(1 / math.log(2) ** (1 / 1.6), 1.6)
    return rng.lognormvariate(0, 1) if tail == "lognormal" else rng.paretovariate(1.7) / 2 ** (1 / 1.7)


def simulate(desk: QueueDesk, seed: int) -> list[Row]:
    """The events of a desk, in no order that matters; the same seed gives the same."""
    return _Simulation(desk, Random(seed)).rows()  # noqa: S311


def _lasting(rng: Random, days: int, spread: float, memory: float) -> list[float]:
    """A factor a day, each of which remembers some of the last; about 1 on average."""
    series = [rng.gauss(0, spread)]
    while len(series) < days:
        series.append(memory * series[-1] + math.sqrt(1 - memory**2) * rng.gauss(0, spread))
    return [math.exp(value - spread**2 / 2) for value in series]


class _Simulation:
    def __init__(self, desk: QueueDesk, rng: Random) -> None:
        self.desk, self.rng = desk, rng
        self.days = desk.weeks * 7
        agents = range(desk.agents)
        spread = desk.agent_spread
        self.knack = [rng.lognormvariate(-(spread**2) / 2, spread) for _ in agents]
        self.form = [_lasting(rng, self.days + 7, desk.day_spread, 0.6) for _ in agents]
        self.pace = [rng.lognormvariate(0, 0.15) for _ in agents]
        self.begins = [7 * rng.randint(1, 4) if agent < desk.joiners else 0 for agent in agents]
        self.works = [self._shifts(agent) for agent in agents]
        self.free = [0.0] * desk.agents
        self.skilled = [
            [agent for agent in agents if agent % len(desk.steps) == place or rng.random() < 0.75]
            for place in range(len(desk.steps))
        ]
        self.seconds = [[rng.uniform(*desk.seconds) for _ in range(number)] for number in desk.steps]
        self.practice: dict[tuple[int, Step], int] = {}
        self.out: list[Row] = []

    def rows(self) -> list[Row]:
        arrivals = self._arrivals()
        pool = range(max(len(arrivals) * 2 // 3, 1))
        often = list(accumulate(self.rng.gammavariate(0.8, 1) for _ in pool))
        self.mood = [self.rng.gauss(0, 0.7) for _ in pool]
        self.restless = [self.rng.lognormvariate(-0.18, 0.6) for _ in pool]
        for number, at in enumerate(arrivals):
            self._ticket(number, at, self.rng.choices(pool, cum_weights=often)[0])
        end = START + timedelta(days=self.days)
        return [row for row in self.out if row["occurred_at"] < end]

    def _shifts(self, agent: int) -> list[int]:
        """The shift on each day; -1 is none: a Sunday, a day off, an illness, not yet there."""
        free_day, is_ill, shifts = self.rng.randrange(6), False, []
        for day in range(self.days + 7):
            is_ill = self.rng.random() < (1 - 1 / _ILL_FOR if is_ill else _FALLS_ILL)
            is_off = day % 7 in (6, free_day) or is_ill or day < self.begins[agent]
            shifts.append(-1 if is_off else (day // 7 + agent) % len(_SHIFTS))
        return shifts

    def _arrivals(self) -> list[float]:
        """When somebody gets in touch."""
        at = []
        for day, shock in enumerate(_lasting(self.rng, self.days, self.desk.demand_spread, 0.3)):
            number = self.desk.tickets_a_day * _DEMAND[day % 7] * shock * self._change(0, day)
            clock = 8 * _HOUR
            while (
                number and (clock := clock + self.rng.gammavariate(0.7, _OPEN / number / 0.7)) < 19.5 * _HOUR
            ):
                at.append(day * _DAY + clock)
        return at

    def _change(self, what: int, day: int) -> float:
        return self.desk.changes[what] if day >= self.days - 28 else 1.0

    def _taken(self, workflow: int, at: float) -> tuple[int, float]:
        """Who of those who know the workflow takes it first, and when."""
        offers = [
            (self._next(agent, max(at, self.free[agent])), self.rng.random(), agent)
            for agent in self.skilled[workflow]
        ]
        when, _, agent = min(offers)
        return agent, when

    def _next(self, agent: int, at: float) -> float:
        """The next instant at which the agent is at work."""
        for day in range(int(at // _DAY), len(self.works[agent])):
            if (shift := self.works[agent][day]) < 0:
                continue
            start, end = (day * _DAY + hour for hour in _SHIFTS[shift])
            if at < end - 600:
                return max(at, start)
        return 1e12

    def _ticket(self, number: int, at: float, customer: int) -> None:
        rng, desk = self.rng, self.desk
        workflow = rng.randrange(len(desk.steps))
        channel = rng.choices(*_CHANNELS)[0]
        of_ticket = {"ticket_id": f"t{number}", "channel": channel, "reason": f"about {workflow}"}
        self._add(at, "opened", "customer", customer_id=f"c{customer}", **of_ticket)
        agent, taken = self._taken(workflow, at + rng.expovariate(1 / 30))
        if taken > self.days * _DAY:
            return
        self._add(taken, "assigned", "system", **of_ticket, **self._who(agent))
        self._add(taken + rng.uniform(3, 20), "replied", "agent", **of_ticket, **self._who(agent))
        ended, is_confused = self._run(of_ticket["ticket_id"], workflow, agent, taken + rng.uniform(20, 60))
        self.free[agent] = ended + rng.expovariate(1 / _AFTER_WORK)
        if rng.random() < _ESCALATES[workflow % len(_ESCALATES)]:
            self._add(ended, "escalated", "agent", **of_ticket, **self._who(agent))
        solved = ended + rng.gammavariate(*_CONFIRMED_AFTER)
        self._add(solved, "solved", "agent", **of_ticket, **self._who(agent))
        if rng.random() < _RATES:
            pleased = 4.1 + self.mood[customer] + rng.gauss(0, 0.9)
            score = float(min(max(round(pleased), 1), 5))
            self._add(solved + 60, "survey_offered", "system", **of_ticket)
            rated = solved + rng.expovariate(1 / (2 * _HOUR)) + 90
            self._add(rated, "rated", "customer", score=score, scale_max=5.0, **of_ticket)
        if rng.random() < _REOPENS * self.restless[customer] + desk.reopens_more * is_confused:
            again = solved + rng.uniform(1, 48) * _HOUR
            self._add(again, "reopened", "customer", **of_ticket)
            closes = again + rng.gammavariate(*_CONFIRMED_AFTER)
            self._add(closes, "solved", "agent", **of_ticket, **self._who(agent))

    def _run(self, ticket: str, workflow: int, agent: int, at: float) -> tuple[float, bool]:
        """One way through the workflow: when it ends, and whether a visit was confused."""
        of_run = {
            "ticket_id": ticket,
            "run_id": f"r{ticket}",
            "workflow": f"w{workflow}",
            "version": "1",
            **self._who(agent),
        }
        last, any_confused, notices = self.desk.steps[workflow] - 1, False, False
        for place in range(last + 1):
            how = None if notices else self._confusion((workflow, place), agent, at)
            any_confused |= how is not None
            if how == "back":
                at = self._glance(of_run, workflow, place, agent, at)
                how = None
            at = self._enter(of_run, workflow, place, agent, at, how)
            if how == "gave up":
                self._add(at, "run_abandoned", "agent", step=f"s{place}", **of_run)
                return at, True
            if notices:
                at = self._correct(of_run, workflow, place, agent, at)
            notices = how == "wrong"
            self._add(at, "answered", "agent", step=f"s{place}", value="no" if notices else "yes", **of_run)
        self._add(at, "run_finished", "agent", step=f"s{last}", **of_run)
        return at, any_confused

    def _confusion(self, step: Step, agent: int, at: float) -> str | None:
        """In which way this visit confuses, or none; what is not possible at the step is a call for help."""
        earlier = self.practice.get((agent, step), 0)
        self.practice[agent, step] = earlier + 1
        rate = self.desk.troubled.get(step, self.desk.base) * self.knack[agent]
        day = int(at // _DAY)
        rate *= self.form[agent][day] * self._change(1, day)
        if self.begins[agent]:
            rate *= 1 + (self.desk.newness.get(step, 1.0) - 1) * math.exp(-earlier / 15)
        if self.rng.random() >= min(rate, 0.95):
            return None
        how = self.rng.choice(self.desk.shows_as)
        is_first, is_last = step[1] == 0, step[1] == self.desk.steps[step[0]] - 1
        if (how == "back" and is_first) or (how in ("wrong", "gave up") and is_last):
            return "help"
        return "help" if how == "gave up" and self.rng.random() < 0.8 else how

    def _enter(self, of_run: Row, workflow: int, place: int, agent: int, at: float, how: str | None) -> float:
        """Enters a step and stays there: when the stay ends. What is done at any step, now and then, too."""
        rng, here = self.rng, {"step": f"s{place}", **of_run}
        seconds = self.seconds[workflow][place] * self.pace[agent] * draw_time(rng, self.desk.tail)
        seconds *= self.desk.takes if how in ("help", "refused") else 1.0
        self._add(at, "entered", "agent", **here)
        if rng.random() < self.desk.noise * _SEARCHES:
            self._add(at + 0.2 * seconds, "searched", "agent", value="how to", hits=3, **here)
        if how == "help":
            self._add(at + 0.4 * seconds, "asked_help", "agent", **here)
        refused = 2 + rng.randrange(2) if how == "refused" else int(rng.random() < self.desk.noise * _SLIPS)
        for time in range(refused):
            self._add(at + (0.6 + 0.1 * time) * seconds, "input_rejected", "agent", **here)
        if rng.random() < self.desk.noise * _PAUSES:
            pause = rng.expovariate(1 / 240)
            self._add(at + 0.95 * seconds, "paused", "agent", **here)
            self._add(at + 0.95 * seconds + pause, "resumed", "agent", **here)
            seconds += pause
        return at + seconds

    def _glance(self, of_run: Row, workflow: int, place: int, agent: int, at: float) -> float:
        """Enters a step, leaves it within seconds to the one before, and comes to its door again."""
        self._add(at, "entered", "agent", step=f"s{place}", **of_run)
        at += self.rng.uniform(4, 12)
        self._add(at, "went_back", "agent", step=f"s{place}", value=f"s{place - 1}", **of_run)
        at = self._enter(of_run, workflow, place - 1, agent, at + 0.5, None)
        self._add(at, "answered", "agent", step=f"s{place - 1}", value="yes", **of_run)
        return at + 0.5

    def _correct(self, of_run: Row, workflow: int, place: int, agent: int, at: float) -> float:
        """Notices at a step that the answer before was wrong, corrects it there, and comes again."""
        at += 20
        self._add(at, "went_back", "agent", step=f"s{place}", value=f"s{place - 1}", **of_run)
        at = self._enter(of_run, workflow, place - 1, agent, at + 0.5, None)
        self._add(at, "answered", "agent", step=f"s{place - 1}", value="yes", **of_run)
        return self._enter(of_run, workflow, place, agent, at + 0.5, None)

    def _who(self, agent: int) -> Row:
        return {"agent_id": f"a{agent}", "team": "north" if agent % 2 else "south"}

    def _add(self, at: float, kind: str, actor: str, **columns: Any) -> None:
        number = len(self.out)
        row = {"event_id": f"e{number}", "seq": number, "kind": kind, "actor": actor}
        self.out.append({**row, "occurred_at": START + timedelta(seconds=round(at, 3)), **columns})
