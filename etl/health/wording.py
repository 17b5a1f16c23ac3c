"""How numbers are said in findings, and how improbable a count is."""

from __future__ import annotations

from datetime import date, datetime


def counted(number: float, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 ticket, 2,041 tickets."""
    return f"{number:,.0f} {one if number == 1 else many or one + 's'}"


def percent(part: float, whole: float) -> str:
    """A share as text; shares that round to 0 or 100 but are not say so."""
    share = 100 * part / whole
    if 0 < share < 1:
        return "under 1 %"
    return "over 99 %" if 99 < share < 100 else f"{share:.0f} %"


def day(value: date) -> str:
    """A date, without the time."""
    return value.strftime("%Y-%m-%d")


def instant(value: datetime) -> str:
    """An instant in UTC, to the minute."""
    return value.strftime("%Y-%m-%d %H:%M UTC")


def lasting(minutes: float) -> str:
    """A span of time in the unit that reads best."""
    for limit, per, unit in ((1, 1 / 60, "second"), (120, 1, "minute"), (2880, 60, "hour")):
        if minutes < limit:
            return counted(max(round(minutes / per), 1), unit)
    return counted(round(minutes / 1440), "day")


def is_surely_above(count: int, of: int, share: float, chance: float) -> bool:
    """Whether so many would happen less often than `chance` if the true share were this (binomial)."""
    if count <= of * share:
        return False  # as likely as not, at least
    from scipy.special import bdtrc  # here: it would slow the start of every load

    return float(bdtrc(count - 1, of, share)) < chance
