"""What numbers can be split and filtered by: one small piece each, independent of the metrics."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from etl.errors import InvalidRequest
from metrics.catalog import durations
from metrics.catalog.local_days import day_within

VISITS_WITH_EXPERIENCE = "visits_with_experience"
TICKETS, CONTACTS, VISITS = "reportable_tickets", "contacts", "classified_visits"
ISSUES, RESOLUTION_WAITS, BACKLOG = "resolved_issues", "resolution_waits", "backlog_periods"
TIMED, PENDING = "timed_tickets", "pending_targets"
ANSWER_LEVELS, SOLVE_LEVELS, LEVELS = "first_response_levels", "resolution_levels", "service_levels"
RESPONSE_WAITS, RATED, RUNS = "response_waits", "rated_tickets", "ended_runs"
TIMED_RESPONSE_WAITS, TIMED_RESOLUTION_WAITS = "timed_response_waits", "timed_resolution_waits"
TICKET_AGENTS, GUIDED = "ticket_agents", "guided_tickets"
_OF_TICKETS = (
    TICKETS,
    CONTACTS,
    ISSUES,
    RESOLUTION_WAITS,
    BACKLOG,
    TIMED,
    ANSWER_LEVELS,
    SOLVE_LEVELS,
    LEVELS,
    PENDING,
    RESPONSE_WAITS,
    TIMED_RESPONSE_WAITS,
    TIMED_RESOLUTION_WAITS,
    RATED,
    GUIDED,
    TICKET_AGENTS,
)  # rows of a ticket, with all that is known of it
_BANDED = (TICKETS, TIMED, RESOLUTION_WAITS, ANSWER_LEVELS, SOLVE_LEVELS)
ZONE = "time_zone"  # the query parameter that holds the scope's IANA zone
CustomDimensions = tuple[tuple[str, str], ...]
"""Dimensions of the settings: the name of each, and the custom column that it is."""
Days = tuple[str, datetime.date, datetime.date]
"""A time zone, and the first and the last of some local days there."""


@dataclass(frozen=True)
class Dimension:
    """One dimension and the facts that have it; a calendar one comes from each metric's own date.

    `band_of`: the column of minutes whose band (`metrics.catalog.durations`) it is, by the lower end.
    `looked_up_in`: the relation of tickets that tells it, looked into only where it is asked for.
    `custom_column`: the custom attribute of tickets that it is, where settings say so.
    """

    name: str
    title: str
    facts: tuple[str, ...]
    is_calendar: bool = False
    band_of: str = ""
    looked_up_in: str = ""
    custom_column: str = ""

    @property
    def is_listed(self) -> bool:
        """Whether its values are few and can be listed, not those of a calendar or of bands of time."""
        return not (self.is_calendar or self.band_of)

    @property
    def is_outcome(self) -> bool:
        """Whether it tells what came of a ticket: how long it took, and what may go along with its rating."""
        return bool(self.band_of) or self.facts == (RATED,)


DIMENSIONS: Mapping[str, Dimension] = {
    dimension.name: dimension
    for dimension in (
        Dimension("channel", "Channel", (*_OF_TICKETS, VISITS, RUNS)),
        Dimension("team", "Team", (*_OF_TICKETS, VISITS, RUNS)),
        Dimension("reason", "Contact reason", (*_OF_TICKETS, VISITS, RUNS)),
        Dimension("priority", "Priority", (*_OF_TICKETS, VISITS, RUNS)),
        Dimension("source", "Source", (*_OF_TICKETS, VISITS, RUNS)),
        Dimension("workflow", "Workflow", (*_OF_TICKETS, VISITS, RUNS)),
        Dimension("version", "Version", (VISITS, RUNS)),
        Dimension("step", "Step", (VISITS,)),
        Dimension("title", "Step title", (VISITS,)),
        Dimension("kind", "Step type", (VISITS,)),
        Dimension("day", "Day", (*_OF_TICKETS, VISITS, RUNS), is_calendar=True),
        Dimension("week", "Week (from Monday)", (*_OF_TICKETS, VISITS, RUNS), is_calendar=True),
        Dimension("month", "Month", (*_OF_TICKETS, VISITS, RUNS), is_calendar=True),
        Dimension("weekday", "Day of the week", (*_OF_TICKETS, VISITS, RUNS), is_calendar=True),
        Dimension("hour", "Hour of the day", (*_OF_TICKETS, VISITS, RUNS), is_calendar=True),
        *(
            Dimension(f"{name}_band", f"{title} from, minutes", facts, band_of=f"{name}_minutes")
            for name, title, facts in (
                ("first_response", "First response", _BANDED),
                ("first_response_business", "First response in opening hours", (TIMED,)),
                ("first_resolution", "First resolution", _BANDED),
                ("resolution", "Resolution", _BANDED),
                ("resolution_business", "Resolution in opening hours", (TIMED,)),
            )
        ),
        Dimension("answered_within", "First response", (RATED,)),
        Dimension("reopened", "Reopened", (RATED,)),
        Dimension("confused", "Confused workflow run", (RATED,), looked_up_in="ticket_confusion"),
        Dimension("escalated", "Escalated", (RATED,)),
    )
}


def dimensions(custom: CustomDimensions = ()) -> Mapping[str, Dimension]:
    """The dimensions built in and those of the settings, by name."""
    if not custom:
        return DIMENSIONS
    facts = (*_OF_TICKETS, VISITS, RUNS)
    return {**DIMENSIONS} | {
        name: Dimension(name, name.replace("_", " ").capitalize(), facts, custom_column=attribute)
        for name, attribute in custom
    }


def dimension(name: str, custom: CustomDimensions = ()) -> Dimension:
    """The dimension of that name.

    Raises:
        InvalidRequest: there is none.
    """
    every = dimensions(custom)
    if name not in every:
        raise InvalidRequest("dimension.unknown", name=name, known=list(every))
    return every[name]


def column(
    name: str, *, fact: str, date: str, days: Days | None = None, custom: CustomDimensions = ()
) -> exp.Expr:
    """The expression for a dimension over a fact, whose rows fall into periods by the instant `date`.

    `days`: the local days on which all rows asked for fall, where they are known; weeks are cheaper then.

    Raises:
        InvalidRequest: no such dimension, or the fact doesn't have it.
    """
    wanted = dimension(name, custom)
    if fact not in wanted.facts:
        fitting = [other.name for other in dimensions(custom).values() if fact in other.facts]
        raise InvalidRequest("dimension.does_not_fit", name=name, known=fitting)
    if wanted.band_of:
        return durations.band(wanted.band_of)
    if wanted.looked_up_in:
        return _looked_up(name, wanted.looked_up_in, fact)
    if wanted.custom_column:
        return custom_value(wanted.custom_column)
    if not wanted.is_calendar:
        return exp.column(name)
    if name == "day":
        return day_within(date, *days) if days else local_day(date)
    if name in _CLOCK_PARTS:
        return exp.func("date_part", exp.Literal.string(_CLOCK_PARTS[name]), _local(date), dialect="duckdb")
    return exp.cast(_first_day(name, day_within(date, *days) if days else _day_near(name, date)), "date")


def custom_value(attribute: str) -> exp.Expr:
    """The value of a custom attribute, over any relation that has `custom`."""
    parts = [exp.column("custom"), exp.Literal.string(attribute)]
    return exp.Anonymous(this="map_extract_value", expressions=parts)


def _looked_up(name: str, relation: str, fact: str) -> exp.Expr:
    ticket = exp.column("ticket_id", table=relation).eq(exp.column("ticket_id", table=fact))
    return exp.select(exp.column(name)).from_(relation).where(ticket).subquery()


def local_day(date: str | exp.Expr) -> exp.Expr:
    """The day on which an instant falls, in the scope's time zone."""
    return exp.cast(_local(date), "date")


def _first_day(span: str, day: exp.Expr) -> exp.Expr:
    return exp.func("date_trunc", exp.Literal.string(span), day, dialect="duckdb")


def _day_near(span: str, date: str) -> exp.Expr:
    """A day in the same week or month as the local one, worked out by the zone only where that matters.

    No zone is a whole day away from UTC: where the days before and after the one in UTC are in the same week,
    the local one is. Working out local days takes longer than all else that a query over a year does.
    """
    utc = exp.cast(exp.Anonymous(this="make_timestamp", expressions=[_microseconds(date)]), "date")
    ends = (
        _first_day(span, exp.paren(kind(this=utc.copy(), expression=exp.Literal.number(1))))
        for kind in (exp.Sub, exp.Add)
    )
    return exp.case().when(exp.EQ(this=next(ends), expression=next(ends)), utc).else_(local_day(date))


def _microseconds(date: str) -> exp.Expr:
    return exp.Anonymous(this="epoch_us", expressions=[exp.column(date)])


_CLOCK_PARTS = {"weekday": "isodow", "hour": "hour"}  # 1 is Monday; 0 is the hour after midnight


def _local(date: str | exp.Expr) -> exp.Expr:
    instant = exp.column(date) if isinstance(date, str) else date
    return exp.Anonymous(this="timezone", expressions=[exp.Placeholder(this=ZONE), instant])
