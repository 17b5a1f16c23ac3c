"""Time zones by their IANA names, and the stretches between their clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator

from etl.messages import field_error


def _check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise field_error("settings.unknown_zone", name=name) from error
    return name


TimeZone = Annotated[str, AfterValidator(_check_zone)]

_STEP = timedelta(hours=12)  # no zone changes its clock twice within half a day
_SECOND = timedelta(seconds=1)

Stretch = tuple[datetime, datetime, timedelta]


def stretches(time_zone: str, start: datetime, end: datetime) -> list[Stretch]:
    """From, to (instants in UTC) and the local clock's lead over UTC, without a gap from start to end.

    A lead changes on a whole second.
    """
    zone = ZoneInfo(time_zone)

    def lead(at: datetime) -> timedelta:
        return at.astimezone(zone).utcoffset() or timedelta(0)

    pieces: list[Stretch] = []
    since = before = start.astimezone(UTC)
    while before < end:
        after = min(before + _STEP, end)
        if lead(before) != lead(after):
            low, high = before, after
            while high - low > _SECOND:
                middle = low + (high - low) // _SECOND // 2 * _SECOND
                low, high = (middle, high) if lead(middle) == lead(before) else (low, middle)
            pieces.append((since, high, lead(before)))
            since = high
        before = after
    return [*pieces, (since, end, lead(since))]
