"""Histories at the edges of time: what no data may do is make a page or a command fail."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

import stepsight
from etl.store.whole_files import content_name
from tests.warehouses import Templates

HEADER = (
    "occurred_at,ticket_id,kind,actor,agent_id,team,customer_id,channel,reason,"
    "run_id,workflow,version,step,score,scale_max"
)
FIRST_DAY = datetime(1990, 1, 1, tzinfo=UTC)
SPRING = datetime(2026, 3, 2, 9, tzinfo=UTC)


def ticket(name: str, start: datetime, minute: timedelta = timedelta(minutes=1)) -> Iterator[str]:
    """A ticket with a run and a rating, its events a minute apart."""
    run = f"run-{name},refund,1"
    events = (
        f"opened,,,,c-{name},chat,damage,,,,,,",
        "replied,agent,ann,care,,,,,,,,,",
        f"run_started,,ann,care,,,,{run},ask,,",
        f"entered,,ann,care,,,,{run},ask,,",
        f"asked_help,,ann,care,,,,{run},ask,,",
        f"entered,,ann,care,,,,{run},close,,",
        f"run_finished,,ann,care,,,,{run},close,,",
        "solved,,ann,care,,,,,,,,,",
        "survey_offered,,,,,,,,,,,,",
        "rated,,,,,,,,,,,4,5",
        "reopened,,,,,,,,,,,,",
        "solved,,ann,care,,,,,,,,,",
    )
    for place, event in enumerate(events):
        yield f"{start + place * minute:%Y-%m-%dT%H:%M:%SZ},{name},{event}"


def _opened(name: str, at: datetime) -> str:
    return next(ticket(name, at))


HISTORIES: dict[str, list[str]] = {
    "the first day that may be": [
        line for n in range(7) for line in ticket(f"t{n}", FIRST_DAY + timedelta(seconds=n))
    ],
    "placeholders in the archive": [
        line for n in range(7) for line in ticket(f"t{n}", SPRING + timedelta(hours=n))
    ],
    "one event": [_opened("t1", SPRING)],
    "all at one instant": [line for n in range(7) for line in ticket(f"t{n}", SPRING, timedelta(0))],
    "one event at each end of thirty years": [
        _opened("t1", FIRST_DAY),
        _opened("t2", FIRST_DAY + timedelta(days=30 * 365)),
    ],
    "thirty years between two days": [
        line
        for n in range(7)
        for start in (FIRST_DAY, FIRST_DAY + timedelta(days=30 * 365))
        for line in ticket(f"t{n}-{start:%Y}", start + timedelta(minutes=n))
    ],
}


def run(*arguments: str) -> int:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as exit_:
        stepsight.main(list(arguments))
    return int(exit_.value.code or 0)


def make(name: str) -> Callable[[Path], None]:
    """How a warehouse with a history is made: as a user loads a file."""

    def load(warehouse: Path) -> None:
        file = warehouse.with_name("events.csv")
        file.write_text("\n".join((HEADER, *HISTORIES[name])) + "\n")
        assert run("load", str(file), "--warehouse", str(warehouse)) == 0
        if name == "placeholders in the archive":
            put_placeholders(warehouse)
            assert run("rebuild", "--warehouse", str(warehouse)) == 0

    return load


PLACEHOLDERS = (
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
)


def put_placeholders(warehouse: Path) -> None:
    """Instants that no gate let through, in the archive as a version without bounds has left it."""
    (file,) = (warehouse / "archive" / "segments").iterdir()
    events = pl.read_parquet(file)
    instants = pl.Series(
        [*PLACEHOLDERS, *events["occurred_at"].to_list()[len(PLACEHOLDERS) :]],
        dtype=events.schema["occurred_at"],
    )
    events.with_columns(occurred_at=instants).write_parquet(file)
    (record,) = (warehouse / "archive" / "loads").iterdir()
    content = json.loads(record.read_text())
    del content["earliest"]
    content["segments"] = [file.replace(file.with_name(content_name(file))).name]
    record.write_text(json.dumps(content))


def warehouse_of(name: str, folder: Path, templates: Templates) -> Path:
    """The warehouse with a history, made once in a run of the tests."""
    return templates.copy(folder / "warehouse", ["extremes", name, HISTORIES[name]], make(name))
