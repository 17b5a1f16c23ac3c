"""The scope in the reader's language."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date

from dashboard.language import N_, _, spoken
from etl.contract.time_zones import zone
from metrics.catalog.dimensions import dimension
from metrics.query.scope import Scope

WHOLE_DAY = N_("d MMMM y")


def in_words(scope: Scope) -> str:
    """The scope as a person would say it: "1 October 2026 to 28 October 2026, days in UTC, team Care"."""
    parts = [_days(scope)]
    if scope.start or scope.end:
        parts.append(_("days in {time_zone}", time_zone=scope.time_zone))
    parts += [_filter(_(dimension(name, scope.dimensions).title), values) for name, values in scope.where]
    if scope.cohort:
        parts.append(_("by the day the ticket was opened"))
    if scope.as_of:
        parts.append(_instant(scope.as_of, scope.time_zone))
    return ", ".join(part for part in parts if part) or _("all data")


def sentence(scope: Scope) -> str:
    """The same with a capital letter."""
    text = in_words(scope)
    return f"{text[:1].upper()}{text[1:]}"


def end_of_data(scope: Scope, newest: datetime | None) -> str:
    """At what time the data ends on the last day of the period, if it is the newest: it may not be over."""
    local = newest.astimezone(zone(scope.time_zone)) if newest else None
    return f"{local:%H:%M}" if local is not None and scope.end == local.date() else ""


def _days(scope: Scope) -> str:
    match scope.start, scope.end:
        case (None, None):
            return ""
        case (None, end):
            return _("to {day}", day=_day(end))
        case (start, None):
            return _("from {day}", day=_day(start))
        case (start, end):
            return _("{first} to {last}", first=_day(start), last=_day(end))


def _filter(title: str, values: tuple[str, ...]) -> str:
    called = [value or _("not recorded") for value in values]
    several = called[0]
    for value in called[1:]:
        several = _("{one} or {other}", one=several, other=value)
    return _("{dimension} {values}", dimension=title.lower(), values=several)


def _day(day: date | None) -> str:
    return "" if day is None else format_date(day, _(WHOLE_DAY), locale=spoken())


def _instant(instant: datetime, time_zone: str) -> str:
    local = instant.astimezone(zone(time_zone))
    return _("as of {day} at {time}, with later corrections", day=_day(local.date()), time=f"{local:%H:%M}")
