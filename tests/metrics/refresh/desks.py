"""Small histories on a desk with hours and targets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import polars as pl

from etl.contract.events import SCHEMA
from metrics.refresh.facts import refresh
from metrics.refresh.opening_hours import open_intervals
from metrics.settings.model import Settings
from metrics.settings.schedules import Schedule
from tests.metrics.histories import add, empty_warehouse, events, rows, shared_by

Span = tuple[datetime, datetime]


def desk(*hours: str, **rest: Any) -> Schedule:
    """A schedule of these hours for all tickets."""
    return Schedule.model_validate({"name": "desk", "hours": hours} | rest)


def local(text: str, zone: str, *, fold: int = 0) -> datetime:
    """`2026-03-29 09:00` on the wall of a zone; fold 1 is the second time in autumn."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def set_up(*lines: str, **settings: Any) -> duckdb.DuckDBPyConnection:
    """As `own_set_up`, but the same one for the same history and settings: to be read, never written to."""
    return shared_by(repr((lines, settings)), lambda: own_set_up(*lines, **settings))


def own_set_up(*lines: str, **settings: Any) -> duckdb.DuckDBPyConnection:
    """A refreshed warehouse with a history in words and these settings."""
    connection = empty_warehouse()
    add(connection, events(*lines))
    refresh(connection, Settings.model_validate(settings))
    return connection


def answered(spans: Sequence[Span], *, channel: str | None = None, team: str | None = None) -> pl.DataFrame:
    """One ticket per span: opened at its start, answered by an agent at its end."""
    found = []
    for number, span in enumerate(spans):
        for seq, (kind, actor, at) in enumerate(
            zip(("opened", "replied"), ("customer", "agent"), span, strict=True)
        ):
            row = dict.fromkeys(SCHEMA.names())
            row |= {"event_id": f"{number}-{seq}", "ticket_id": f"{number:03}", "seq": seq, "occurred_at": at}
            found.append(row | {"kind": kind, "actor": actor, "channel": channel, "team": team})
    return pl.DataFrame(found, schema=SCHEMA)


def business_us(spans: Sequence[Span], settings: Settings) -> list[int]:
    """The time in opening hours of each span, as the facts tell it, in microseconds."""
    connection = empty_warehouse()
    add(connection, answered(spans))
    refresh(connection, settings)
    told = rows(connection, "timed_tickets").sort("ticket_id")["first_response_business_minutes"]
    return [round(minutes * 6e7) for minutes in told]


def business_minutes(start: datetime, end: datetime, *schedules: Schedule, time_zone: str = "UTC") -> float:
    """The minutes of opening hours in one span."""
    (us,) = business_us([(start, end)], Settings(time_zone=time_zone, schedules=schedules))
    return us / 6e7


def hours_open(day: str, zone: str, *hours: str) -> float:
    """How many hours a desk with these hours is open on one local day."""
    wanted = date.fromisoformat(day)
    laid_out = open_intervals([desk(*hours)], zone, wanted, wanted)
    return float(laid_out["open_us"].sum()) / 3.6e9
