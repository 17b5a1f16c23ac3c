"""How English writes what fills the blanks of a message; other languages do it in the dashboard.

The kinds of blanks: nothing (a text as it is), `count`, `number`, `percent` (of a share of 0–1), `date`,
`clock` (of an hour of the day), `instant`, `duration` (of minutes), or a noun in the singular, which is
counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from etl.messages.nouns import NOUNS


def count(number: float) -> str:
    """A whole number with its thousands apart: 2,041."""
    return f"{number:,.0f}"


def number(value: float) -> str:
    """A number as short as it is exact, never with an exponent: 10,000, 2.5, 0.0004."""
    return f"{value:,.6f}".rstrip("0").rstrip(".")


def counted(noun: str, number: float) -> str:
    """A number with its noun: 1 ticket, 2,041 tickets."""
    one, many = NOUNS[noun]
    return (one if number == 1 else many).format(n=count(number))


def percent(share: float) -> str:
    """A share as text; shares that round to 0 or 100 but are not say so."""
    if 0 < share < 0.01:
        return "under 1 %"
    return "over 99 %" if 0.99 < share < 1 else f"{100 * share:.0f} %"


def day(value: str) -> str:
    """A date, without the time."""
    return date.fromisoformat(value[:10]).isoformat()


def clock(hour: float) -> str:
    """A time of the day: 9.25 is 09:15."""
    return f"{int(hour):02}:{int(hour % 1 * 60):02}"


def instant(value: str) -> str:
    """An instant in UTC, to the minute."""
    return datetime.fromisoformat(value).astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def duration(minutes: float) -> str:
    """A span of time in the unit that reads best."""
    return counted(*largest_unit(minutes))


def largest_unit(minutes: float) -> tuple[str, int]:
    """The unit in which a span of time reads best, and how many of it there are."""
    for limit, per, unit in ((1, 1 / 60, "second"), (120, 1, "minute"), (2880, 60, "hour")):
        if minutes < limit:
            return unit, max(round(minutes / per), 1)
    return "day", round(minutes / 1440)


FORMATS: Mapping[str, Callable[[Any], str]] = {
    "count": count,
    "number": number,
    "percent": percent,
    "date": day,
    "clock": clock,
    "instant": instant,
    "duration": duration,
    **{noun: partial(counted, noun) for noun in NOUNS},
}
