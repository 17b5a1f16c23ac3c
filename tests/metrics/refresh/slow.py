"""Time in opening hours, counted minute by minute off the wall clock: slow, obvious, and not by intervals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from metrics.settings.schedules import Schedule

MINUTE, US = timedelta(minutes=1), timedelta(microseconds=1)


def version_on(day: date, versions: Sequence[Schedule]) -> Schedule:
    """The version that holds on a day."""
    begun = [version for version in versions if version.valid_from is None or version.valid_from <= day]
    return max(begun, key=lambda version: version.valid_from or date.min)


def is_open(at: datetime, versions: Sequence[Schedule], time_zone: str) -> bool:
    """Whether the desk is open at an instant: what does its wall clock show, on what day?"""
    for version in versions:
        wall = at.astimezone(ZoneInfo(version.time_zone or time_zone))
        if version_on(wall.date(), versions) is not version:
            continue
        if wall.date() in version.closed_on or _is_holiday(wall.date(), version.holidays):
            continue
        minute, today, yesterday = wall.hour * 60 + wall.minute, wall.weekday(), (wall.weekday() - 1) % 7
        for hours in version.hours:
            if hours.start < hours.end and today in hours.days and hours.start <= minute < hours.end:
                return True
            if hours.start > hours.end and today in hours.days and minute >= hours.start:
                return True
            if hours.start > hours.end and yesterday in hours.days and minute < hours.end:
                return True
    return False


@cache
def _is_holiday(day: date, region: str | None) -> bool:
    country, _, part = (region or "").partition("-")
    return bool(country) and day in holidays.country_holidays(country, subdiv=part or None, years=day.year)


def open_us(start: datetime, end: datetime, versions: Sequence[Schedule], time_zone: str = "UTC") -> int:
    """Microseconds of opening hours from start to end."""
    total, at = 0, start.astimezone(UTC)
    while at < end:
        until = min(at.replace(second=0, microsecond=0) + MINUTE, end)
        if is_open(at, versions, time_zone):
            total += (until - at) // US
        at = until
    return total
