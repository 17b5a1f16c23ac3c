"""Service levels told a second time: ticket by ticket, from the story of its events and the slow clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from math import inf
from typing import Any

import polars as pl

from metrics.settings.model import Settings
from metrics.settings.schedules import Schedule
from metrics.settings.targets import MEASURES, Target
from tests.metrics.facts.twin import US, Row, conversations, effective, tickets
from tests.metrics.refresh import slow


def service_levels(events: pl.DataFrame, settings: Settings, *, as_of: datetime | None = None) -> list[Row]:
    """Status and business minutes of each ticket and promise that counts, seen at `as_of`."""
    if events.is_empty():
        return []
    as_of = as_of or events["occurred_at"].max()
    told = {row["ticket_id"]: row for row in tickets(events)}
    return [
        {"ticket_id": ticket_id, "measure": measure, "status": status}
        for ticket_id, talk in conversations(events).items()
        if told[ticket_id]["excluded_because"] is None
        for measure, status in _statuses(told[ticket_id], talk, settings, as_of)
    ]


def business_times(events: pl.DataFrame, settings: Settings) -> list[Row]:
    """Both times of each ticket in opening hours, in microseconds."""
    told = {row["ticket_id"]: row for row in tickets(events)}
    found = []
    for ticket_id, story in conversations(events).items():
        row = {"ticket_id": ticket_id}
        for measure in MEASURES:
            start, end, _ = _span(measure, told[ticket_id], story)
            known = start is not None and end is not None
            row[measure] = _open_us(start, end, told[ticket_id], settings) if known else None
        found.append(row)
    return found


def _statuses(
    ticket: Row, talk: list[Row], settings: Settings, as_of: datetime
) -> Iterator[tuple[str, str | None]]:
    """Walks from one change of what is known to the next, until the time has run out or nothing is owed."""
    for measure in MEASURES:
        start, end, rested = _span(measure, ticket, talk)
        if start is None or (measure == "first_response" and ticket["is_answered_early"]):
            continue
        until = end or rested or as_of
        last = (until, _last_seq(measure, ticket, end, rested)) if until >= start else (start, inf)
        own = [row for row in talk if not row["moved"] and (row["occurred_at"], row["seq"]) <= last]
        changes = sorted({row["occurred_at"] for row in own if start < row["occurred_at"]})
        for at, following in zip([start, *changes], [*changes, None], strict=True):
            known = _known(own, at)
            target = _target(measure, known, settings)
            if target is None:
                if following is None:
                    break
                continue
            allowed = round((target.minutes(measure) or 0) * 6e7)
            judged_at = until if following is None else following
            if _used_us(start, judged_at, target, known, talk, settings) > allowed:
                yield measure, "breached"
                break
            if following is None:
                is_paused = _is_paused(target, _turns(talk)[-1:])
                owed = "paused" if is_paused else "pending"
                yield measure, "attained" if end is not None else None if rested is not None else owed


def _last_seq(measure: str, ticket: Row, end: datetime | None, rested: datetime | None) -> float:
    """Up to which `seq` of the last instant something is said in time: that of the answer or solve."""
    if end is not None:
        return float(ticket["first_response_seq" if measure == "first_response" else "last_solved_seq"])
    is_solve = rested is not None and rested == ticket["last_solved_at"]
    return float(ticket["last_solved_seq"]) if is_solve else inf


def _known(own: list[Row], at: datetime) -> Row:
    """What was known of a ticket at an instant; of equal instants `recorded_at` never differs here."""
    known: Row = dict.fromkeys(("channel", "priority", "team"))
    for row in own:
        if row["occurred_at"] <= at:
            known |= {name: row[name] for name in known if row[name] is not None}
    return known


def _turns(talk: list[Row]) -> list[tuple[datetime, bool, bool]]:
    """From when on, whether it is the customer's turn, and whether the ticket is on hold."""
    turns = []
    is_theirs = is_held = spoken = solved = False
    for row in effective(talk):
        kind = row["kind"]
        is_message = kind == "replied" and row["actor"] in ("agent", "customer")
        if is_message or (kind == "opened" and (row["moved"] or not spoken)):
            is_theirs, spoken = row["actor"] == "agent", True
        elif kind in ("solved", "closed"):
            solved, is_held = True, False
        elif kind == "reopened" and solved:
            is_theirs = is_held = False
        elif kind in ("held", "released"):
            is_held = kind == "held"
        turns.append((row["occurred_at"], is_theirs, is_held))
    return turns


def _is_paused(target: Target, turns: list[tuple[datetime, bool, bool]]) -> bool:
    return any(
        ("customer" in target.pauses_while and is_theirs) or ("hold" in target.pauses_while and is_held)
        for _, is_theirs, is_held in turns
    )


def _used_us(
    start: datetime, end: datetime, target: Target, known: Row, talk: list[Row], settings: Settings
) -> int:
    """The time on the target's clock from start to end, less the pauses."""
    turns = _turns(talk)
    used, since = 0, start
    for at, turn in zip([turn[0] for turn in turns[1:]] + [end], turns, strict=True):
        upto = max(min(at, end), since)
        if not _is_paused(target, [turn]):
            used += _spent_us(since, upto, target, known, settings)
        since = upto
    return used


def _span(
    measure: str, ticket: Row, story: list[Row]
) -> tuple[datetime | None, datetime | None, datetime | None]:
    """When the clock started, when it was met, and when the ticket came to rest."""
    rested = None
    if not ticket["is_open"]:
        own = [row["occurred_at"] for row in story if not row["moved"]]
        ended = ticket["last_solved_at"] or ticket["given_up_at"] or own[-1]
        rested = min(ended, ticket["customer_left_at"] or ended)
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
