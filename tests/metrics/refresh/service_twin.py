"""Service levels told a second time: ticket by ticket, from the story of its events and the slow clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import polars as pl

from metrics.settings.model import Settings
from metrics.settings.schedules import Schedule
from metrics.settings.targets import MEASURES, Target
from tests.metrics.facts.twin import US, Row, stories, tickets
from tests.metrics.refresh import slow


def service_levels(events: pl.DataFrame, settings: Settings, *, as_of: datetime | None = None) -> list[Row]:
    """Status and business minutes of each ticket and promise that counts, seen at `as_of`."""
    if events.is_empty():
        return []
    as_of = as_of or events["occurred_at"].max()
    told = {row["ticket_id"]: row for row in tickets(events)}
    return [
        {"ticket_id": ticket_id, "measure": measure, "status": status}
        for (ticket_id,), story in stories(events, "ticket_id").items()
        if told[ticket_id]["excluded_because"] is None
        for measure, status in _statuses(told[ticket_id], story, settings, as_of)
    ]


def business_times(events: pl.DataFrame, settings: Settings) -> list[Row]:
    """Both times of each ticket in opening hours, in microseconds."""
    told = {row["ticket_id"]: row for row in tickets(events)}
    found = []
    for (ticket_id,), story in stories(events, "ticket_id").items():
        row = {"ticket_id": ticket_id}
        for measure in MEASURES:
            start, end, _ = _span(measure, told[ticket_id], story)
            known = start is not None and end is not None
            row[measure] = _open_us(start, end, told[ticket_id], settings) if known else None
        found.append(row)
    return found


def _statuses(
    ticket: Row, story: list[Row], settings: Settings, as_of: datetime
) -> Iterator[tuple[str, str | None]]:
    for measure in MEASURES:
        target = _target(measure, ticket, settings)
        start, end, rested = _span(measure, ticket, story)
        if target is None or start is None:
            continue
        allowed = round((target.minutes(measure) or 0) * 6e7)
        until = end or rested or as_of
        is_late = _spent_us(start, until, target, ticket, settings) > allowed
        if is_late:
            yield measure, "breached"
        elif end is not None:
            yield measure, "attained"
        else:
            yield measure, None if rested is not None else "pending"


def _span(
    measure: str, ticket: Row, story: list[Row]
) -> tuple[datetime | None, datetime | None, datetime | None]:
    """When the clock started, when it was met, and when the ticket came to rest."""
    rested = None
    if not ticket["is_open"]:
        rested = ticket["last_solved_at"] or story[-1]["occurred_at"]
    contact, solved = ticket["first_contact_at"], ticket["last_solved_at"]
    if measure == "resolution":
        begins = [at for at in (contact, ticket["opened_at"]) if at is not None]
        in_time = [at for at in begins if solved is None or at <= solved]
        return (in_time[0] if in_time else None), solved, rested
    start, answered = contact, None
    for row in story:
        if contact is None or row["occurred_at"] < contact or answered is not None:
            continue
        if row["kind"] == "handed_off":
            start = row["occurred_at"]
        if row["kind"] == "replied" and row["actor"] == "agent":
            answered = row["occurred_at"]
    return start, answered, rested


def _target(measure: Any, ticket: Row, settings: Settings) -> Target | None:
    for channel, priority in (
        (ticket["channel"], ticket["priority"]),
        (None, ticket["priority"]),
        (ticket["channel"], None),
        (None, None),
    ):
        for target in settings.targets:
            if (measure, channel, priority) in target.rules():
                return target
    return None


def _versions(ticket: Row, settings: Settings) -> list[Schedule]:
    for channel, team in (
        (ticket["channel"], ticket["team"]),
        (None, ticket["team"]),
        (ticket["channel"], None),
        (None, None),
    ):
        found = [schedule for schedule in settings.schedules if (channel, team) in schedule.rules()]
        if found:
            return found
    raise AssertionError("settings leave no ticket without a schedule")


def _open_us(start: datetime, end: datetime, ticket: Row, settings: Settings) -> int:
    return slow.open_us(start, end, _versions(ticket, settings), settings.time_zone)


def _spent_us(start: datetime, end: datetime, target: Target, ticket: Row, settings: Settings) -> int:
    if target.clock == "calendar":
        return (end - start) // US
    return _open_us(start, end, ticket, settings)
