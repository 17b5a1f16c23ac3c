"""What numbers can be split and filtered by: one small piece each, independent of the metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from etl.errors import InvalidRequest

TICKETS, CONTACTS, VISITS = "counted_tickets", "contacts", "judged_visits"
MATTERS, AWAITED, BACKLOG = "solved_matters", "awaited_resolutions", "backlog_spells"
TIMED, PENDING = "timed_tickets", "pending_targets"
ANSWER_LEVELS, SOLVE_LEVELS = "first_response_levels", "resolution_levels"
_OF_TICKETS = (
    TICKETS,
    CONTACTS,
    MATTERS,
    AWAITED,
    BACKLOG,
    TIMED,
    ANSWER_LEVELS,
    SOLVE_LEVELS,
    PENDING,
)  # a row per ticket, with all that is known of it
ZONE = "time_zone"  # the query parameter that holds the scope's IANA zone


@dataclass(frozen=True)
class Dimension:
    """One dimension and the facts that have it; a calendar one comes from each metric's own date."""

    name: str
    title: str
    facts: tuple[str, ...]
    is_calendar: bool = False


DIMENSIONS: Mapping[str, Dimension] = {
    dimension.name: dimension
    for dimension in (
        Dimension("channel", "Channel", (*_OF_TICKETS, VISITS)),
        Dimension("team", "Team", (*_OF_TICKETS, VISITS)),
        Dimension("reason", "Contact reason", (*_OF_TICKETS, VISITS)),
        Dimension("priority", "Priority", (*_OF_TICKETS, VISITS)),
        Dimension("workflow", "Workflow", (*_OF_TICKETS, VISITS)),
        Dimension("version", "Version", (VISITS,)),
        Dimension("step", "Step", (VISITS,)),
        Dimension("title", "Step title", (VISITS,)),
        Dimension("kind", "Step type", (VISITS,)),
        Dimension("day", "Day", (*_OF_TICKETS, VISITS), is_calendar=True),
        Dimension("week", "Week (from Monday)", (*_OF_TICKETS, VISITS), is_calendar=True),
        Dimension("month", "Month", (*_OF_TICKETS, VISITS), is_calendar=True),
    )
}


def dimension(name: str) -> Dimension:
    """The dimension of that name.

    Raises:
        InvalidRequest: there is none.
    """
    if name not in DIMENSIONS:
        raise InvalidRequest(f"There is no dimension {name!r}. There are: {', '.join(DIMENSIONS)}.")
    return DIMENSIONS[name]


def column(name: str, *, fact: str, date: str, asked_for: str) -> exp.Expr:
    """The expression for a dimension over a fact, whose rows fall into periods by the instant `date`.

    Raises:
        InvalidRequest: no such dimension, or the fact behind `asked_for` doesn't have it.
    """
    if fact not in dimension(name).facts:
        there = ", ".join(other.name for other in DIMENSIONS.values() if fact in other.facts)
        raise InvalidRequest(f"{asked_for} cannot be told by {name}. It can by: {there}.")
    if not DIMENSIONS[name].is_calendar:
        return exp.column(name)
    if name == "day":
        return local_day(date)
    start = exp.func("date_trunc", exp.Literal.string(name), local_day(date), dialect="duckdb")
    return exp.cast(start, "date")


def local_day(date: str) -> exp.Expr:
    """The day on which an instant falls, in the scope's time zone."""
    local = exp.Anonymous(this="timezone", expressions=[exp.Placeholder(this=ZONE), exp.column(date)])
    return exp.cast(local, "date")
