"""Histories to examine: small ones row by row, and the simulator's, in a warehouse in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import duckdb
import polars as pl

from etl.contract.events import SCHEMA
from etl.contract.kinds import ACTOR_BY_NAME
from etl.health.finding import Finding, Severity
from etl.health.run_checks import CHECKS, run_checks
from etl.simulator import simulate
from etl.store.warehouse import create_tables

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
Rows = Sequence[dict[str, Any]]


def event(ticket: str, at: datetime, kind: str = "opened", **more: Any) -> dict[str, Any]:
    """One accepted event; its id is its content."""
    row = {"ticket_id": ticket, "occurred_at": at, "kind": kind, "actor": ACTOR_BY_NAME.get(kind, "agent")}
    return row | {"event_id": f"{ticket} {at} {kind} {more}", "seq": 0} | more


def step(
    ticket: str, at: datetime, kind: str = "entered", step: str | None = "ask", run: str = "", **more: Any
) -> dict[str, Any]:
    """One event of the ticket's only run."""
    return event(ticket, at, kind, run_id=run or ticket, workflow="refund", version="1", step=step, **more)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


class Ward:
    """A warehouse in memory, to which loads come."""

    def __init__(self) -> None:
        self.connection = duckdb.connect(config={"threads": 1})
        self.connection.execute("SET TimeZone = 'UTC'")
        create_tables(self.connection)
        self.loads = 0

    def load(self, rows: Rows | pl.DataFrame, source: str = "events.csv", **counts: Any) -> None:
        """Accepted events, as a load leaves them; counts are columns of `loads`."""
        self.loads += 1
        frame = rows if isinstance(rows, pl.DataFrame) else pl.DataFrame(list(rows), schema_overrides=SCHEMA)
        counts = {"read": frame.height, "loaded": frame.height, "duplicates": 0, "rejected": 0} | counts
        record = {"load_id": self.loads, "file": source, "path": source} | counts
        record = {"loaded_at": datetime(2027, 1, 1, tzinfo=UTC), "events": frame.height} | record
        self.connection.execute("INSERT INTO loads BY NAME SELECT unnest($record)", {"record": record})
        self.connection.register("arrived", frame.with_columns(load_id=pl.lit(self.loads, pl.Int64)))
        self.connection.execute("INSERT INTO events BY NAME FROM arrived")
        self.connection.unregister("arrived")

    def examine(self, *names: str) -> list[Finding]:
        """What all checks say, or those of these names."""
        checks = [check for check in CHECKS if not names or check.name in names]
        findings = run_checks(self.connection, checks=checks)
        assert not [finding for finding in findings if not str(finding.message)]  # each can be worded
        return findings

    def found(self, check: str) -> list[Finding]:
        """What a check says, all of one severity but for several sources."""
        return self.examine(check)

    def severity(self, check: str) -> Severity:
        """The worst that a check says."""
        return self.found(check)[0].severity


def ward(*loads: Rows | pl.DataFrame) -> Ward:
    """A warehouse with these loads, each of its own source: a.csv, b.csv …"""
    made = Ward()
    for name, rows in zip("abcdefgh", loads, strict=False):
        made.load(rows, f"{name}.csv")
    return made


@cache
def simulated(
    seed: int = 1, tickets: int = 1000, weeks: int = 14, start: date = date(2026, 2, 2)
) -> pl.DataFrame:
    """A history of a German desk without planted trouble, over the clock change of spring."""
    return simulate(tickets=tickets, seed=seed, weeks=weeks, start=start, trouble=False).events


def with_times(frame: pl.DataFrame, at: pl.Expr) -> pl.DataFrame:
    return frame.with_columns(occurred_at=at)


AT = pl.col("occurred_at")


def day_and_month_exchanged(local: pl.Expr) -> pl.Expr:
    """What a month-first reader makes of a day-first date, where it can."""
    day, month = local.dt.day(), local.dt.month()
    exchanged = local.dt.replace(month=pl.min_horizontal(day, 12), day=month)
    return pl.when(day <= 12).then(exchanged).otherwise(local)
