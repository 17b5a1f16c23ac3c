"""The hours of the simulated period, in local time, and when the desk is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from etl.contract.time_zones import zone
from etl.simulator.arrays import HOUR, WEEK, Ints

ZONE = zone("Europe/Berlin")
_WEEKS_AFTER = 10
_OPEN_FROM_TO = {5: (8, 19), 6: (10, 17)}  # Saturday, Sunday
_WEEKDAY_FROM_TO = (7, 22)


@dataclass(frozen=True)
class Calendar:
    """Every hour from the first day to ten weeks after the last, and the open hours among them."""

    start: int
    end: int
    weeks: int
    hours: Ints
    """Start of every hour; the next three tell where it stands in local time."""
    weekday: Ints
    hour: Ints
    day_of_month: Ints
    _opens: Ints
    _open_before: Ints

    @classmethod
    def of(cls, start: date, weeks: int) -> Calendar:
        """The calendar of `weeks` weeks from midnight UTC on `start`, so that weeks are whole in UTC."""
        first = datetime(start.year, start.month, start.day, tzinfo=UTC)
        count = 168 * (weeks + _WEEKS_AFTER)
        hours = int(first.timestamp()) * 1000 + np.arange(count, dtype=np.int64) * HOUR
        local = [(first + timedelta(hours=hour)).astimezone(ZONE) for hour in range(count)]
        weekday = np.array([moment.weekday() for moment in local], dtype=np.int64)
        hour = np.array([moment.hour for moment in local], dtype=np.int64)
        day_of_month = np.array([moment.day for moment in local], dtype=np.int64)
        opens = hours[_is_open(weekday, hour)]
        open_before = np.arange(len(opens), dtype=np.int64) * HOUR
        end = int(hours[168 * weeks])
        return cls(int(hours[0]), end, weeks, hours, weekday, hour, day_of_month, opens, open_before)

    def slot(self, at: Ints) -> Ints:
        """Which local hour an instant falls in."""
        return np.clip((at - self.start) // HOUR, 0, len(self.hours) - 1)

    def week(self, at: Ints) -> Ints:
        """Which week of the period, the first being 0; the weeks after the end count as the last."""
        return np.clip((at - self.start) // WEEK, 0, self.weeks - 1)

    def at_fraction(self, fraction: float) -> int:
        """The midnight nearest to this fraction of the period."""
        return int(self.hours[24 * round(self.weeks * 7 * fraction)])

    def day(self, at: int) -> str:
        """The date of an instant, as text."""
        return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()

    def after_work(self, since: Ints, duration: Ints) -> Ints:
        """The instant at which `duration` of open time has passed; at the earliest when the desk opens."""
        slot = np.searchsorted(self._opens, since, side="right") - 1
        inside = np.where(slot >= 0, np.minimum(since - self._opens[slot], HOUR), 0)
        worked = np.where(slot >= 0, self._open_before[slot] + inside, 0) + duration
        target = np.clip(np.searchsorted(self._open_before, worked, side="right") - 1, 0, None)
        return np.asarray(self._opens[target] + worked - self._open_before[target], dtype=np.int64)


def _is_open(weekday: Ints, hour: Ints) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    opens, closes = (np.full(7, limit) for limit in _WEEKDAY_FROM_TO)
    for day, (opening, closing) in _OPEN_FROM_TO.items():
        opens[day], closes[day] = opening, closing
    return np.asarray((hour >= opens[weekday]) & (hour < closes[weekday]))
