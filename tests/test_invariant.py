"""Any split of a history into files, in any order, any number of times, gives the same warehouse."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from etl.contract.events import SCHEMA
from etl.contract.kinds import STEP_KINDS, Kind
from etl.store.archive import Archive
from etl.store.load import catch_up, load
from etl.store.warehouse import open_writer
from metrics.refresh.facts import refresh
from tests.lengths import examples

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
LOADED_AT = datetime(2026, 4, 1, tzinfo=UTC)
COLUMNS = [
    *("event_id", "occurred_at", "seq", "ticket_id", "kind", "actor", "channel"),
    *("run_id", "workflow", "version", "step", "score", "scale_max"),
]
Rows = Sequence[dict[str, Any]]


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """One row; few ids, tickets and instants, so that copies, contradictions and ties are common."""
    kind = draw(st.sampled_from(list(Kind)))
    in_run = kind in STEP_KINDS
    return {
        "event_id": draw(st.sampled_from([f"e{number}" for number in range(12)])),
        "occurred_at": START + timedelta(minutes=draw(st.integers(0, 5)), days=draw(st.integers(0, 1))),
        "seq": draw(st.integers(0, 2)),
        "ticket_id": draw(st.sampled_from(["t1", "t2", "t3"])),
        "kind": kind.value,
        "actor": draw(st.sampled_from(["agent", "customer", "robot", None])),
        "channel": draw(st.sampled_from(["phone", None])),
        "run_id": draw(st.sampled_from(["r1", "r2"])) if in_run else None,
        "workflow": "refund" if in_run else None,
        "version": "1" if in_run else None,
        "step": draw(st.sampled_from(["ask", "pay"])) if in_run else None,
        "score": 4.0 if kind == Kind.RATED else None,
        "scale_max": draw(st.sampled_from([5.0, 3.0])) if kind == Kind.RATED else None,
    }


@st.composite
def histories_in_pieces(draw: st.DrawFn) -> tuple[Rows, list[Rows]]:
    """A history, and pieces of it in some order that together hold every row at least once."""
    rows = draw(st.lists(events(), min_size=1, max_size=25))
    pieces = draw(st.lists(st.lists(st.sampled_from(rows), max_size=8), max_size=4))
    cuts = sorted(draw(st.lists(st.integers(0, len(rows)), max_size=3)))
    for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True):
        pieces.append(rows[start:end])
    return rows, draw(st.permutations(pieces))


def warehouse_of(files: Sequence[Rows], *, rebuilt: bool = False) -> dict[str, pl.DataFrame]:
    """Every table that must not depend on how the history came, after loading files one by one."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        with open_writer(home) as connection:
            archive = Archive(home / "archive")
            for number, rows in enumerate(files):
                path = home / f"{number}.parquet"
                pl.DataFrame(rows, schema={column: SCHEMA[column] for column in COLUMNS}).write_parquet(path)
                (report,) = load([path], connection, archive, now=LOADED_AT).files
                assert report.error is None
                assert (
                    report.loaded + report.duplicates + report.rejected + report.skipped
                    == report.read
                    == len(rows)
                )
                refresh(connection)
            if not rebuilt:
                return tables(connection)
        (home / "warehouse.duckdb").unlink()
        with open_writer(home) as connection:
            catch_up(connection, Archive(home / "archive"))
            refresh(connection)
            return tables(connection)


def tables(connection: Any) -> dict[str, pl.DataFrame]:
    found = {
        name: connection.table(name).pl() for name in ("events", "conflicts", "tickets", "runs", "visits")
    }
    rejected = connection.sql("SELECT DISTINCT rule, content FROM rejected").pl()
    found = {name: frame.drop("load_id", strict=False) for name, frame in found.items()} | {
        "rejected": rejected
    }
    return {name: frame.sort(frame.columns) for name, frame in found.items()}


def assert_same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> None:
    for name, frame in one.items():
        assert frame.equals(other[name]), f"{name}\n{frame}\n{other[name]}"


@examples(5, long=150)
@given(histories_in_pieces())
def test_any_split_order_and_repetition_gives_the_same_warehouse(history: tuple[Rows, list[Rows]]) -> None:
    whole, pieces = history
    assert_same(warehouse_of([whole]), warehouse_of(pieces))


@examples(3, long=80)
@given(histories_in_pieces())
def test_a_warehouse_rebuilt_from_its_archive_is_the_same(history: tuple[Rows, list[Rows]]) -> None:
    _, pieces = history
    assert_same(warehouse_of(pieces), warehouse_of(pieces, rebuilt=True))


def row(**other: Any) -> dict[str, Any]:
    return (
        dict.fromkeys(COLUMNS) | {"occurred_at": START, "ticket_id": "t1", "kind": "opened", "seq": 0} | other
    )


def test_rows_that_contradict_one_another_are_settled_by_content_and_the_loser_is_kept() -> None:
    phone, mail = row(event_id="e1", channel="phone"), row(event_id="e1", channel="email")
    for files in ([[phone], [mail]], [[mail], [phone]], [[phone, mail]]):
        found = warehouse_of(files)
        assert found["events"]["channel"].to_list() == ["email"]
        (conflict,) = found["conflicts"].to_dicts()
        assert conflict["event_id"] == "e1"
        assert '"channel":"phone"' in conflict["content"]


def test_a_value_stands_before_none() -> None:
    known, unknown = row(event_id="e1", channel="phone"), row(event_id="e1")
    assert warehouse_of([[unknown], [known]])["events"]["channel"].to_list() == ["phone"]


def test_files_that_do_not_cut_a_tie_keep_its_order() -> None:
    tie = [row(event_id=name, kind=kind, seq=None) for name, kind in (("z", "opened"), ("a", "solved"))]
    later = row(event_id="b", occurred_at=START + timedelta(hours=1), kind="closed", seq=None)
    whole = warehouse_of([[*tie, later]])
    assert_same(whole, warehouse_of([[later], tie, [*tie, *tie]]))
    assert whole["events"].sort("occurred_at", "seq")["event_id"].to_list() == ["z", "a", "b"]
