"""Bands of time, hours, days of the week and differences as a reader says them."""

from __future__ import annotations

from babel import Locale

from dashboard.language import N_, _, spoken, words
from metrics.catalog.durations import EDGES

WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
_HOUR, _DAY = 60, 24 * 60


def edge(minutes: float) -> str:
    """The round time at which a band ends: "5 min", "8 h", "7 d"."""
    if minutes < _HOUR:
        return _("{n} min", n=words.count(minutes))
    if minutes < _DAY:
        return _("{n} h", n=words.count(minutes / _HOUR))
    return _("{n} d", n=words.count(minutes / _DAY))


def worked(elapsed: float, paused: float) -> str:
    """Minutes without those paused, and these where there are any: "13 s plus 5 min paused"."""
    time = words.minutes(max(elapsed - paused, 0.0))
    return _("{time} plus {pause} paused", time=time, pause=words.minutes(paused)) if paused else time


def band(low: int) -> str:
    """A band of `metrics.catalog.durations` by its lower end: "under 1 min", "5 to 10 min", "over 30 d"."""
    at = EDGES.index(low)
    if at + 1 == len(EDGES):
        return _("over {time}", time=edge(low))
    if not low:
        return _("under {time}", time=edge(EDGES[1]))
    return _("{low} to {high}", low=edge(low), high=edge(EDGES[at + 1]))


def group(value: object, dimension: str) -> str:
    """A value of a dimension as a reader calls it."""
    if value is None:
        return words.label(None)
    if dimension == "weekday":
        return _(WEEKDAYS[int(str(value)) - 1])
    if dimension == "hour":
        return f"{int(str(value)):02}:00"
    return words.label(str(value))


def short_weekday(number: int) -> str:
    """A day of the week, Monday as 1, as an axis has room for: "Mon"."""
    return str(Locale.parse(spoken()).days["stand-alone"]["abbreviated"][number - 1])


def difference(value: float | None, unit: str) -> str:
    """A difference with its sign, a share's in points: "+1.2 points", "−12 min"."""
    if value is None:
        return words.UNKNOWN
    sign = "+" if value > 0 else words.MINUS if value < 0 else "±"
    if unit == "share":
        points = abs(value) * 100
        return _("{sign}{points} points", sign=sign, points=words.decimal(points, 1 if points < 9.95 else 0))
    return f"{sign}{words.value(abs(value), unit)}"


def difference_interval(low: float | None, high: float | None, unit: str) -> str:
    """The 95 % interval of a difference; nothing where there is none."""
    if low is None or high is None:
        return ""
    return _("{low} to {high}", low=difference(low, unit), high=difference(high, unit))
