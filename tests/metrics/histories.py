"""Histories in words: `events("a opened @0", "a replied by agent @30m", "a entered step=verify @1h")`."""

from __future__ import annotations

import atexit
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import duckdb
import polars as pl
from sqlglot import exp

from etl.contract.events import STORED
from etl.contract.kinds import DEFAULT_ACTOR, RUN_KINDS, STEP_KINDS, Kind
from etl.store.warehouse import create_tables
from metrics.query.run import run_query
from metrics.refresh.facts import refresh
from metrics.settings.model import Settings
from metrics.settings.thresholds import Thresholds

START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
NAMES = {"run": "run_id", "agent": "agent_id", "customer": "customer_id", "id": "event_id"}
NUMBERS = {"score": float, "scale_max": float, "seq": int, "hits": int}

Definitions = Sequence[Mapping[str, Any]]


def at(text: str) -> datetime:
    """`1h30m` after the start of all histories."""
    seconds = sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([dhms])", text))
    return START + timedelta(seconds=seconds)


def events(*lines: str) -> pl.DataFrame:
    """One event per line: ticket, kind, `@` time; then `by` actor, `run=`, `step=` and any other column.

    Step events without a run belong to run r of workflow w, version 1, those of tickets other than a to a run
    of their own. They stand where the run last entered; what happens to the run itself stands nowhere.
    """
    rows, stands = [], {}
    for place, line in enumerate(lines):
        ticket, kind, *rest = line.replace(" by ", " actor=").split()
        row: dict[str, Any] = {"ticket_id": ticket, "kind": kind, "event_id": f"e{place:04}", "seq": place}
        row["actor"] = DEFAULT_ACTOR.get(Kind(kind))
        if kind in STEP_KINDS:
            row |= {"run_id": "r" if ticket == "a" else f"r.{ticket}", "workflow": "w", "version": "1"}
        for word in rest:
            if word.startswith("@"):
                row["occurred_at"] = at(word[1:])
            else:
                name, value = word.split("=")
                row[NAMES.get(name, name)] = NUMBERS.get(name, str)(value)
        if kind in STEP_KINDS:
            run = (ticket, row["run_id"])
            if kind not in RUN_KINDS:
                row.setdefault("step", stands.get(run, "start"))
            if kind == "entered":
                stands[run] = row["step"]
        rows.append({name: row.get(name) for name in STORED})
    return pl.DataFrame(rows, schema=STORED) if rows else STORED.to_frame()


def definition(*steps: str, version: str = "1") -> list[dict[str, Any]]:
    """Steps of workflow w in words: `ask > find help required`, `done is end`, `item > item by-design`.

    `searching`, `help-meant` and `wait-meant` mark what is by design, `customer-decides` whose answer it is;
    `seconds=40` and `confusion=0.05` say what is expected.
    """
    rows: list[dict[str, Any]] = []
    for position, text in enumerate(steps):
        words = re.sub(r"\s+", " ", text).split()
        expected = dict(word.split("=") for word in words[1:] if "=" in word)
        words = [word for word in words if "=" not in word]
        marks = {
            word
            for word in words[1:]
            if word in ("required", "by-design", "searching", "customer-decides", "help-meant", "wait-meant")
        }
        kind = words[words.index("is") + 1] if "is" in words else "question"
        follows = words[words.index(">") + 1 :] if ">" in words else []
        following = [word for word in follows if word not in marks and word not in ("is", kind)]
        rows.append(
            {
                "workflow": "w",
                "version": version,
                "workflow_title": "W",
                "position": position,
                "step": words[0],
                "title": words[0].title(),
                "type": kind,
                "next": following,
                "required": "required" in marks,
                "returns_by_design": "by-design" in marks,
                "searches_by_design": "searching" in marks,
                "customer_decides": "customer-decides" in marks,
                "help_by_design": "help-meant" in marks,
                "waits_by_design": "wait-meant" in marks,
                "expected_seconds": float(expected["seconds"]) if "seconds" in expected else None,
                "expected_confusion": float(expected["confusion"]) if "confusion" in expected else None,
            }
        )
    return rows


STEPS_SCHEMA = pl.Schema(
    {
        "workflow": pl.String(),
        "version": pl.String(),
        "workflow_title": pl.String(),
        "position": pl.Int32(),
        "step": pl.String(),
        "title": pl.String(),
        "type": pl.String(),
        "next": pl.List(pl.String()),
        "required": pl.Boolean(),
        "returns_by_design": pl.Boolean(),
        "searches_by_design": pl.Boolean(),
        "customer_decides": pl.Boolean(),
        "help_by_design": pl.Boolean(),
        "waits_by_design": pl.Boolean(),
        "expected_seconds": pl.Float64(),
        "expected_confusion": pl.Float64(),
    }
)


def empty_warehouse() -> duckdb.DuckDBPyConnection:
    """A warehouse in memory with the tables that the loader fills."""
    connection = duckdb.connect(":memory:", config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    create_tables(connection)
    return connection


def add(connection: duckdb.DuckDBPyConnection, frame: pl.DataFrame, definitions: Definitions = ()) -> None:
    """Put events and definitions in as the loader does: the tickets they touch are stale afterwards."""
    connection.register("incoming", frame.to_arrow())
    connection.execute("INSERT INTO events BY NAME SELECT *, 1 AS load_id FROM incoming")
    connection.execute("INSERT INTO stale_tickets SELECT DISTINCT ticket_id FROM incoming")
    connection.unregister("incoming")
    if definitions:
        connection.register("defined", pl.DataFrame(list(definitions), schema=STEPS_SCHEMA).to_arrow())
        connection.execute("INSERT INTO workflow_steps BY NAME SELECT * FROM defined")
        connection.unregister("defined")


def warehouse(*lines: str | pl.DataFrame, **made_with: Any) -> duckdb.DuckDBPyConnection:
    """As `own_warehouse`, but the same one for the same history in words: to be read, never written to."""
    if any(isinstance(line, pl.DataFrame) for line in lines):
        return own_warehouse(*lines, **made_with)
    return shared_by(repr((lines, made_with)), lambda: own_warehouse(*lines, **made_with))


def own_warehouse(
    *lines: str | pl.DataFrame,
    definitions: Definitions = (),
    thresholds: Thresholds | None = None,
    settings: Settings | None = None,
    is_guarded: bool = False,
) -> duckdb.DuckDBPyConnection:
    """A refreshed warehouse that holds the history; numbers of few agents are shown unless `is_guarded`."""
    connection = empty_warehouse()
    frames = [line for line in lines if isinstance(line, pl.DataFrame)]
    frames.append(events(*(line for line in lines if isinstance(line, str))))
    add(connection, pl.concat(frames, how="diagonal"), definitions)
    refresh(connection, settings or Settings(thresholds=thresholds or Thresholds()))
    if not is_guarded:
        show_small_groups(connection)
    return connection


_MOST_SHARED = 12
_shared: dict[str, tuple[duckdb.DuckDBPyConnection, object]] = {}
atexit.register(_shared.clear)  # else DuckDB complains of what is left at the end


def shared_by(made_of: str, make: Callable[[], duckdb.DuckDBPyConnection]) -> duckdb.DuckDBPyConnection:
    """The warehouse made of the same before, if it is one of the last: facts take most of a test's time."""
    if made_of in _shared:
        connection, as_made = _shared.pop(made_of)
        assert _content(connection) == as_made, "a test wrote to a warehouse that others read"
    else:
        connection = make()
        as_made = _content(connection)
    _shared[made_of] = connection, as_made
    if len(_shared) > _MOST_SHARED:
        del _shared[next(iter(_shared))]
    return connection


def _content(connection: duckdb.DuckDBPyConnection) -> object:
    """What differs once somebody has written: tables as they were made, with their rows."""
    return connection.execute("SELECT list((table_oid, estimated_size)) FROM duckdb_tables()").fetchall()


def show_small_groups(connection: duckdb.DuckDBPyConnection) -> None:
    """What settings cannot: numbers of any group are shown, for tests of the numbers."""
    connection.execute("UPDATE small_group_rules SET smallest_group = 1")


def rows(
    connection: duckdb.DuckDBPyConnection, relation: str, *, as_of: datetime | None = None
) -> pl.DataFrame:
    """All rows of a relation, as known at `as_of`."""
    return run_query(connection, exp.select("*").from_(relation), as_of=as_of)


def only(frame: pl.DataFrame) -> SimpleNamespace:
    """The one row of a frame, its columns as attributes."""
    return SimpleNamespace(**frame.row(0, named=True)) if frame.height == 1 else _not_one(frame)


def _not_one(frame: pl.DataFrame) -> SimpleNamespace:
    raise AssertionError(f"expected one row, found {frame}")


def ticket(*lines: str, definitions: Definitions = ()) -> SimpleNamespace:
    """The facts of the one ticket of a history."""
    return only(rows(warehouse(*lines, definitions=definitions), "tickets"))


def visits(*lines: str, definitions: Definitions = (), as_of: str | None = None) -> list[SimpleNamespace]:
    """The visits of a history that count, with their signs, in order."""
    found = rows(
        warehouse(*lines, definitions=definitions), "classified_visits", as_of=at(as_of) if as_of else None
    )
    return [SimpleNamespace(**row) for row in found.sort("ticket_id", "run_id", "visit_number").to_dicts()]
