"""The agents: teams, shifts, pace, tenure; who is at work at a given hour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from etl.simulator.arrays import DAY, WEEK, Bools, Floats, Ints, draw
from etl.simulator.calendar import Calendar

TEAMS = ("phone-berlin", "mail-leipzig", "messaging")
_TEAM_SHARE = np.array([0.42, 0.33, 0.25])
_SHIFTS = ((7, 15), (9, 17), (10, 18), (14, 22))
_SHIFT_SHARE = np.array([0.27, 0.27, 0.23, 0.23])
_OVERTIME = 0.0005  # somebody stays on when nobody of the team is on shift
_OUTSIDE_TEAM = 0.08


def crew_size(tickets: int, weeks: int) -> int:
    """How many agents: about 60 at 1,700 tickets a week, less than twice as many at four times that."""
    return int(np.clip(round(60 * (tickets / weeks / 1667) ** 0.45), 12, 400))


@dataclass(frozen=True)
class Agents:
    """One entry per agent, and when each is at work."""

    team: Ints
    weight: Floats
    """Full or part time."""
    pace: Floats
    """Time taken against the average."""
    hired: Ints
    is_newcomer: Bools
    """Hired during the period."""
    _edges: Floats
    _calendar: Calendar

    @property
    def count(self) -> int:
        """How many agents."""
        return len(self.team)

    def names(self) -> list[str]:
        """The agents' ids."""
        return [f"agent-{number:03d}" for number in range(1, self.count + 1)]

    def on_shift(self, rng: np.random.Generator, team: Ints, at: Ints) -> Ints:
        """Somebody of the team who is at work at each instant."""
        slot = self._calendar.slot(at)
        hour_of_week = self._calendar.weekday[slot] * 24 + self._calendar.hour[slot]
        row = (self._calendar.week(at) * 168 + hour_of_week) * len(TEAMS) + team
        place = np.searchsorted(self._edges, row + rng.random(len(at)), side="right")
        return np.asarray(np.clip(place - row * self.count, 0, self.count - 1), dtype=np.int64)


def hire(rng: np.random.Generator, calendar: Calendar, count: int, newcomer_share: float) -> Agents:
    """A crew of this size; newcomers start on Mondays, from the second week to two thirds of the period."""
    team = draw(rng, _TEAM_SHARE, count)
    team[: len(TEAMS)] = np.arange(len(TEAMS))
    weight = rng.choice([1.0, 0.8, 0.5], count, p=[0.6, 0.2, 0.2])
    pace = np.exp(rng.normal(0, 0.13, count))
    tenure_days = np.clip(rng.lognormal(np.log(420), 0.9, count), 60, 6000).astype(np.int64)
    hired = calendar.start - tenure_days * DAY
    is_newcomer = np.zeros(count, dtype=np.bool_)
    newcomers = max(2, round(newcomer_share * count))
    is_newcomer[rng.permutation(np.arange(len(TEAMS), count))[:newcomers]] = True
    first_weeks = rng.integers(min(1, calendar.weeks - 1), max(2, calendar.weeks * 2 // 3), count)
    hired = np.where(is_newcomer, calendar.start + first_weeks * WEEK, hired)
    return Agents(
        team, weight, pace, hired, is_newcomer, _roster(rng, calendar, team, weight, hired), calendar
    )


def _roster(rng: np.random.Generator, calendar: Calendar, team: Ints, weight: Floats, hired: Ints) -> Floats:
    """Shares of the agents, a row per week, hour of the week and team; row r runs from r to r + 1."""
    shift = draw(rng, _SHIFT_SHARE, len(team))
    from_to = np.array(_SHIFTS)[shift]
    hour = np.arange(168) % 24
    weekday = np.arange(168) // 24
    in_shift = (hour[:, None] >= from_to[:, 0]) & (hour[:, None] < from_to[:, 1])
    # On Saturdays and Sundays few work, and they take the whole short day.
    saturday, sunday = rng.random(len(team)) < 0.3, rng.random(len(team)) < 0.18
    in_shift = np.where(weekday[:, None] == 5, saturday, np.where(weekday[:, None] == 6, sunday, in_shift))
    own_team = np.where(np.arange(len(TEAMS))[:, None] == team, 1.0, _OUTSIDE_TEAM)
    weeks = calendar.start + np.arange(calendar.weeks) * WEEK
    employed = (hired <= weeks[:, None]).astype(np.float64)
    at_work = (in_shift + _OVERTIME) * weight
    table = employed[:, None, None, :] * at_work[None, :, None, :] * own_team[None, None, :, :]
    edges = np.cumsum(table, axis=3)
    edges /= edges[..., -1:]
    rows = np.arange(edges[..., 0].size, dtype=np.float64)
    return np.asarray((edges.reshape(-1, len(team)) + rows[:, None]).ravel())
