"""What fills the blanks of a message, by the rules of a language; and those of English.

The kinds of blanks: nothing (a text as it is), `count`, `number`, `percent` (of a share of 0–1), `date`,
`clock` (of an hour of the day), `instant`, `duration` (of minutes), `term` (a title of a metric), `kind` (the
contract's word, with its title in other languages), or a noun in the singular, which is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from etl.messages.controls import without_controls
from etl.messages.kinds import KIND_TITLES
from etl.messages.nouns import NOUNS

MINUS = "−"
UNDER, OVER = "under {percent}", "over {percent}"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
Formats = Mapping[str, Callable[[Any], str]]


def decimal(number: float, digits: int = 0, *, signed: bool = False) -> str:
    """A number with its thousands apart: 2,341.5, −0.3; a plus where asked for."""
    return (f"{number:+,.{digits}f}" if signed else f"{number:,.{digits}f}").replace("-", MINUS)


def day_of_year(when: date) -> str:
    """A date without doubt about what is day and what is month, nor its year: 1 Oct."""
    return f"{when.day} {_MONTHS[when.month - 1]}"


def day(when: date) -> str:
    """The same with its year: 1 Oct 2026."""
    return f"{day_of_year(when)} {when.year}"


def counted(number: float, noun: str) -> str:
    """A number with its noun: 1 ticket, 2,041 tickets."""
    one, many = NOUNS[noun]
    return (one if round(number) == 1 else many).format(n=decimal(number))


def number(value: float, decimal: Callable[[float, int], str]) -> str:
    """A number as short as it is exact, to six decimals and never with an exponent: 10,000, 2.5, 0.0004."""
    short = round(value, 6) + 0.0  # never minus zero
    return decimal(short, next(digits for digits in range(7) if digits == 6 or round(short, digits) == short))


def clock(hour: float) -> str:
    """A time of the day: 9.25 is 09:15."""
    hours, minutes = divmod(round(hour * 60), 60)
    return f"{hours % 24:02}:{minutes:02}"


def largest_unit(minutes: float) -> tuple[int, str]:
    """How long a span of time is in the unit in which it reads best."""
    for limit, per, unit in ((1, 1 / 60, "second"), (120, 1, "minute"), (2880, 60, "hour")):
        if minutes < limit:
            return max(round(minutes / per), 1), unit
    return round(minutes / 1440), "day"


def formats(
    *,
    decimal: Callable[[float, int], str],
    percent: Callable[[float], str],
    day: Callable[[date], str],
    counted: Callable[[float, str], str],
    look_up: Callable[[str], str],
) -> Formats:
    """A function for each kind of blank, of those by which a language writes its numbers, dates and nouns."""

    def of_share(share: float) -> str:
        """Shares that round to 0 or 100 but are not say so."""
        if 0 < share < 0.01:
            return look_up(UNDER).format(percent=percent(1))
        if 0.99 < share < 1:
            return look_up(OVER).format(percent=percent(99))
        return percent(100 * share)

    def of_noun(noun: str) -> Callable[[float], str]:
        return lambda number: counted(number, noun)

    def kind(name: str) -> str:
        name = without_controls(str(name))
        title = KIND_TITLES.get(name)
        translated = title and look_up(title)
        return name if translated == title else f"{name} ({translated})"

    def instant(text: str) -> str:
        at = datetime.fromisoformat(text).astimezone(UTC)
        return f"{day(at)}, {at:%H:%M} UTC"

    return {
        "count": lambda value: decimal(round(value), 0),
        "number": partial(number, decimal=decimal),
        "percent": of_share,
        "date": lambda text: day(date.fromisoformat(text[:10])),
        "clock": clock,
        "instant": instant,
        "duration": lambda minutes: counted(*largest_unit(minutes)),
        "term": look_up,
        "kind": kind,
        **{noun: of_noun(noun) for noun in NOUNS},
    }


FORMATS = formats(
    decimal=decimal,
    percent=lambda value: f"{decimal(value)}%",
    day=day,
    counted=counted,
    look_up=without_controls,
)
