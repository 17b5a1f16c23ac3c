"""Small histories written out event by event, and the warehouses made of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from etl.contract.events import SCHEMA
from etl.health.run_checks import run_checks
from etl.store.archive import Archive
from etl.store.load import load
from etl.store.warehouse import open_writer, publish
from metrics.refresh.facts import refresh
from tests.warehouses import Templates

Row = dict[str, Any]
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
NASTY = "Denied [claim](javascript:alert(1)) **now** $x$ :red[!]"
REASONS = ("charged twice", "password reset", "delivery lost", NASTY)
CHANNELS = ("chat", "email", "phone")


def one_ticket() -> list[Row]:
    """Opened, answered after twelve minutes, solved."""
    return list(_ticket(0, answered_after=12))


def tickets_only() -> list[Row]:
    """Forty tickets over ten weeks without runs, ratings or reasons."""
    return [row | {"reason": None} for number in range(40) for row in _ticket(number)]


def full() -> list[Row]:
    """A hundred and twenty tickets over ten weeks with runs, ratings, reopenings and repeat contacts."""
    rows: list[Row] = []
    for number in range(120):
        rows += _ticket(number, rated=5 if number % 4 else 2, reopened=number % 9 == 0)
        rows += _run(number, helped=number % 3 == 0)
    return rows


def _ticket(
    number: int, *, answered_after: int | None = None, rated: int | None = None, reopened: bool = False
) -> Iterator[Row]:
    opened = MONDAY + timedelta(days=number * 70 // 120 if rated else number * 70 // 40, minutes=number)
    about = {
        "ticket_id": f"t{number}",
        "customer_id": f"c{number % 7}-{number // 14}",
        "channel": CHANNELS[number % 3],
        "reason": REASONS[number % 7 % 4],
        "team": "Care" if number % 2 else "Billing",
    }
    answered = opened + timedelta(minutes=5 + number % 40 if answered_after is None else answered_after)
    solved = answered + timedelta(hours=2 + number % 30)
    yield about | {"occurred_at": opened, "kind": "opened", "actor": "customer"}
    yield about | {
        "occurred_at": answered,
        "kind": "replied",
        "actor": "agent",
        "agent_id": f"a{(number + number // 7) % 7}",
    }
    yield about | {"occurred_at": solved, "kind": "solved", "actor": "agent"}
    if rated:
        later = solved + timedelta(hours=1)
        yield about | {"occurred_at": later, "kind": "rated", "score": float(rated), "scale_max": 5.0}
    if reopened:
        yield about | {"occurred_at": solved + timedelta(hours=3), "kind": "reopened"}


def _run(number: int, *, helped: bool) -> Iterator[Row]:
    started = MONDAY + timedelta(days=number * 70 // 120, minutes=number + 30)
    about = {
        "ticket_id": f"t{number}",
        "run_id": f"r{number}",
        "agent_id": f"a{(number + number // 7) % 7}",
        "team": "Care" if number % 2 else "Billing",
        "workflow": "refund" if number % 2 else "reset",
        "version": "v1" if number < 60 else "v2",
    }
    yield about | {"occurred_at": started, "kind": "run_started", "step": "identify"}
    for place, step in enumerate(("identify", "decide", "close")):
        entered = started + timedelta(minutes=3 * place)
        yield about | {"occurred_at": entered, "kind": "entered", "step": step}
        if helped and step == "decide":
            yield about | {"occurred_at": entered + timedelta(seconds=40), "kind": "asked_help", "step": step}
    yield about | {"occurred_at": started + timedelta(minutes=9), "kind": "run_finished", "step": "close"}


def build(folder: Path, rows: list[Row]) -> Path:
    """A warehouse with these events, loaded the way a user's file is."""
    folder.mkdir(parents=True, exist_ok=True)
    filled = [
        dict.fromkeys(SCHEMA) | row | {"event_id": f"e{place}", "seq": place}
        for place, row in enumerate(rows)
    ]
    file = folder / "events.parquet"
    pl.DataFrame(filled, schema=dict(SCHEMA) | {"occurred_at": pl.Datetime("us", "UTC")}).write_parquet(file)
    with open_writer(folder) as connection:
        report = load([file], connection, Archive(folder / "archive"), now=MONDAY + timedelta(weeks=52))
        assert report.loaded == len(rows), report
        refresh(connection)
        run_checks(connection)
        publish(connection, folder)
    return folder


def copied(templates: Templates, folder: Path, rows: list[Row]) -> Path:
    """The same as `build`, made once in a run of the tests."""
    return templates.copy(folder, ["a user's file", rows], lambda template: build(template, rows))
