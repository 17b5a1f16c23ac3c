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
from etl.mapping.mapping import Mapping
from etl.store.archive import Archive
from etl.store.catch_up import catch_up
from etl.store.load import load
from etl.store.warehouse import open_writer
from metrics.refresh.facts import refresh
from tests.lengths import examples

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
LOADED_AT = datetime(2026, 4, 1, tzinfo=UTC)
COLUMNS = [
    *("event_id", "occurred_at", "seq", "ticket_id", "kind", "actor", "channel"),
    *("run_id", "workflow", "version", "step", "score", "scale_max", "recorded_at", "custom_plan"),
]
TYPES = SCHEMA | {"custom_plan": pl.String()}
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
        "recorded_at": draw(st.none() | st.just(START)),
        "custom_plan": draw(st.sampled_from(["gold", None])),
    }


@st.composite
def histories_in_pieces(draw: st.DrawFn) -> tuple[Rows, list[Rows]]:
    """A history without contradictions, and pieces that together hold each of its rows, in some order.

    Half of the rows have no id; what makes those one event decides all else that they say.
    """
    by_id = {row["event_id"]: row for row in draw(st.lists(events(), min_size=1, max_size=25))}
    rows = [row if int(name[1:]) % 2 else unnamed(row) for name, row in by_id.items()]
    pieces = draw(st.lists(st.lists(st.sampled_from(rows), max_size=8), max_size=4))
    cuts = sorted(draw(st.lists(st.integers(0, len(rows)), max_size=3)))
    for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True):
        pieces.append(rows[start:end])
    return rows, draw(st.permutations(pieces))


def unnamed(row: dict[str, Any]) -> dict[str, Any]:
    scale = 5.0 if row["kind"] == Kind.RATED else None
    return row | {"event_id": None, "channel": "phone", "custom_plan": None, "scale_max": scale}


@st.composite
def corrections(draw: st.DrawFn) -> list[Rows]:
    """Files whose rows contradict one another, some with the instant they were recorded at; no bad row."""
    rows = st.builds(
        row,
        event_id=st.sampled_from(["e1", "e2", None]),
        ticket_id=st.sampled_from(["t1", "t2"]),
        channel=st.sampled_from(["phone", "email", "chat", None]),
        recorded_at=st.none() | st.sampled_from([START + timedelta(days=day) for day in (1, 2, 3)]),
    )
    return draw(st.lists(st.lists(rows, max_size=4), min_size=1, max_size=5))


def latest(files: Sequence[Rows]) -> dict[Any, dict[str, Any]]:
    """What should stand of each event, worked out row by row."""
    contents: dict[Any, dict[Any, list[Any]]] = {}
    for number, rows in enumerate(files):
        for place, one in enumerate(rows):
            event = one["event_id"] or one["ticket_id"]
            content = (one["ticket_id"], one["channel"])
            recorded = one["recorded_at"] or datetime.min.replace(tzinfo=UTC)
            kept = contents.setdefault(event, {}).setdefault(content, [recorded, number, place])
            kept[0] = max(kept[0], recorded)
    found = {event: max(kept, key=kept.__getitem__) for event, kept in contents.items()}
    return {event: {"ticket_id": ticket, "channel": channel} for event, (ticket, channel) in found.items()}


def warehouse_of(
    files: Sequence[Rows],
    *,
    sources: Sequence[str | None] = (),
    rebuilt: bool = False,
    stepwise: bool = True,
) -> dict[str, pl.DataFrame]:
    """Every table that must not depend on how the history came, after loading files one by one.

    Facts are brought up to date after each file, or once after the last where the test is about events.
    """
    with tempfile.TemporaryDirectory() as name:
        home, key = Path(name), Path(name) / "key"
        key.touch(0o600)
        key.write_text("ab" * 32)  # ids made from rows are keyed
        with open_writer(home) as connection:
            archive = Archive(home / "archive", key)
            for number, rows in enumerate(files):
                path = home / f"{number}.parquet"
                pl.DataFrame(rows, schema={column: TYPES[column] for column in COLUMNS}).write_parquet(path)
                mapping = Mapping(source=sources[number]) if sources else None
                (report,) = load([path], connection, archive, now=LOADED_AT, mapping=mapping).files
                assert report.error is None
                assert (
                    report.loaded + report.duplicates + report.rejected + report.skipped
                    == report.read
                    == len(rows)
                )
                if stepwise:
                    refresh(connection)
            if not rebuilt:
                refresh(connection)
                return tables(connection)
        (home / "warehouse.duckdb").unlink()
        with open_writer(home) as connection:
            catch_up(connection, Archive(home / "archive", key))
            refresh(connection)
            return tables(connection)


def tables(connection: Any) -> dict[str, pl.DataFrame]:
    found = {
        name: connection.table(name).pl() for name in ("events", "conflicts", "tickets", "runs", "visits")
    }
    rejected = connection.sql('SELECT DISTINCT rule, "column", "row" FROM rejected').pl()
    found = {name: frame.drop("load_id", "position", strict=False) for name, frame in found.items()} | {
        "rejected": rejected
    }
    return {name: frame.sort(frame.columns) for name, frame in found.items()}


def assert_same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> None:
    for name, frame in one.items():
        assert frame.equals(other[name]), f"{name}\n{frame}\n{other[name]}"


@examples(2, long=150)
@given(histories_in_pieces())
def test_any_split_order_and_repetition_gives_the_same_warehouse(history: tuple[Rows, list[Rows]]) -> None:
    whole, pieces = history
    assert_same(warehouse_of([whole]), warehouse_of(pieces))


@examples(2, long=100)
@given(histories_in_pieces(), histories_in_pieces(), st.randoms())
def test_sources_with_equal_ids_come_in_any_pieces_and_order(
    one: tuple[Rows, list[Rows]], other: tuple[Rows, list[Rows]], dice: Any
) -> None:
    """A file of the same bytes would replace what it gave under the other source: their channels differ."""
    there: list[Rows] = [[each | {"channel": "letter"} for each in piece] for piece in (other[0], *other[1])]
    pieces = [(piece, "a") for piece in one[1]] + [(piece, "b") for piece in there[1:]]
    mixed = dice.sample(pieces, len(pieces))
    whole = warehouse_of([one[0], there[0]], sources=["a", "b"])
    files, sources = [rows for rows, _ in mixed], [source for _, source in mixed]
    assert_same(whole, warehouse_of(files, sources=sources))
    assert_same(whole, warehouse_of(files, sources=sources, rebuilt=True))


@examples(2, long=100)
@given(corrections(), corrections())
def test_sources_with_equal_ids_correct_their_own_rows_alone(files: list[Rows], others: list[Rows]) -> None:
    there: list[Rows] = [[each | {"step": "-"} for each in rows] for rows in others]
    together = warehouse_of([*files, *there], sources=["a"] * len(files) + ["b"] * len(there), stepwise=False)
    for source, own in (("a", files), ("b", there)):
        alone = warehouse_of(own, sources=[source] * len(own), stepwise=False)
        mine = pl.col("ticket_id").str.starts_with(f"{source}:")
        for name in ("events", "conflicts", "tickets", "visits"):
            assert together[name].filter(mine).equals(alone[name])


@examples(2, long=80)
@given(histories_in_pieces())
def test_a_warehouse_rebuilt_from_its_archive_is_the_same(history: tuple[Rows, list[Rows]]) -> None:
    _, pieces = history
    assert_same(warehouse_of(pieces), warehouse_of(pieces, rebuilt=True, stepwise=False))


def row(**other: Any) -> dict[str, Any]:
    return (
        dict.fromkeys(COLUMNS) | {"occurred_at": START, "ticket_id": "t1", "kind": "opened", "seq": 0} | other
    )


@examples(4, long=150)
@given(corrections())
def test_of_rows_that_contradict_one_another_the_latest_stands(files: list[Rows]) -> None:
    found = warehouse_of(files, stepwise=False)
    standing = {
        one["event_id"] if one["event_id"] in {"e1", "e2"} else one["ticket_id"]: {
            name: one[name] for name in ("ticket_id", "channel")
        }
        for one in found["events"].to_dicts()
    }
    assert standing == latest(files)


@examples(2, long=80)
@given(corrections(), st.randoms())
def test_loading_corrected_files_again_in_any_order_changes_nothing(files: list[Rows], dice: Any) -> None:
    first, again = warehouse_of(files, stepwise=False), dice.sample(files, len(files))
    assert_same(first, warehouse_of([*files, *again]))
    assert_same(first, warehouse_of([*files, *again], rebuilt=True, stepwise=False))


def test_attributes_at_one_instant_are_those_that_came_last() -> None:
    phone, mail = row(event_id="z", channel="phone"), row(event_id="a", kind="assigned", channel="email")
    for files, channel in (([[phone], [mail]], "email"), ([[mail], [phone]], "phone")):
        assert warehouse_of(files)["tickets"]["channel"].to_list() == [channel]
    later = mail | {"recorded_at": START}
    assert warehouse_of([[later], [phone]])["tickets"]["channel"].to_list() == ["email"]


def test_files_that_do_not_cut_a_tie_keep_its_order() -> None:
    tie = [row(event_id=name, kind=kind, seq=None) for name, kind in (("z", "opened"), ("a", "solved"))]
    later = row(event_id="b", occurred_at=START + timedelta(hours=1), kind="closed", seq=None)
    whole = warehouse_of([[*tie, later]])
    assert_same(whole, warehouse_of([[later], tie, [*tie, *tie]]))
    assert whole["events"].sort("occurred_at", "seq")["event_id"].to_list() == ["z", "a", "b"]
