"""Typed columns, as Parquet and Arrow have them: none stops a file, and one that cannot be used is named."""

from __future__ import annotations

import io
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow.feather import write_feather

from etl.mapping.inspect import inspect
from etl.mapping.mapping import Mapping
from tests.etl.desk import Desk

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
BASE: dict[str, Any] = {
    "ticket_id": pa.array(["A", "B"]),
    "kind": pa.array(["opened", "opened"]),
    "occurred_at": pa.array([AT, AT], pa.timestamp("us", "UTC")),
}


def parquet(**columns: pa.Array) -> bytes:
    content = io.BytesIO()
    pq.write_table(pa.table(BASE | columns), content)
    return content.getvalue()


def arrow(**columns: pa.Array) -> bytes:
    table, content = pa.table(BASE | columns), io.BytesIO()
    with pa.ipc.new_stream(content, table.schema) as writer:
        writer.write_table(table)
    return content.getvalue()


def feather(**columns: pa.Array) -> bytes:
    content = io.BytesIO()
    write_feather(pa.table(BASE | columns), content, compression="lz4")
    return content.getvalue()


TYPED = {"e.parquet": parquet, "e.arrow": arrow, "e.feather": feather}
ODD = {
    "lists": pa.array([["x", "y"], []]),
    "nested_bytes": pa.array([[b"\xff"], None]),
    "records": pa.array([{"a": 1, "b": timedelta(1)}, None]),
    "maps": pa.array([[("k", 1)], []], pa.map_(pa.string(), pa.int64())),
    "bytes": pa.array([b"\xff\x00", None]),
    "fixed": pa.array([b"ab", b"cd"], pa.binary(2)),
    "durations": pa.array([timedelta(minutes=3), None]),
    "decimals": pa.array([Decimal("1.50"), None], pa.decimal256(60, 2)),
    "times": pa.array([time(9, 1), None], pa.time64("ns")),
    "nanoseconds": pa.array([2**62, None], pa.timestamp("ns", "Europe/Berlin")),
    "far": pa.array([2**62, None], pa.timestamp("us")),
    "far_in_lists": pa.array([[2**62], None], pa.list_(pa.timestamp("us"))),
    "halves": pa.array([1.5, None], pa.float16()),
    "words": pa.array(["a", "b"]).dictionary_encode(),
    "nothing": pa.nulls(2),
    "dates": pa.array([2**30, None], pa.date32()),
    ":position": pa.array([7, 8]),
}


@pytest.mark.sweep(20)
@pytest.mark.parametrize("file", TYPED)
@pytest.mark.parametrize("name", ODD)
def test_a_column_that_is_not_used_never_stops_a_file(desk: Desk, name: str, file: str) -> None:
    path = desk.file(TYPED[file](**{name: ODD[name]}), file)
    assert inspect(path).problem is None
    report = desk.load(path)
    assert (report.loaded, report.rejected, report.error) == (2, 0, None)
    assert name.strip(":") in "".join(report.ignored_columns)
    assert desk.load(path).duplicates == 2


@pytest.mark.parametrize("file", TYPED)
@pytest.mark.parametrize(
    ("name", "held"),
    [("lists", "lists"), ("records", "records"), ("bytes", "bytes"), ("durations", "durations")],
)
def test_a_column_that_no_event_can_be_made_of_is_named_where_it_is_used(
    desk: Desk, name: str, held: str, file: str
) -> None:
    path = desk.file(TYPED[file](**{name: ODD[name]}), file)
    mapping = Mapping(columns={"reason": name})
    assert f"the column '{name}' holds {held}" in str(desk.load(path, mapping).error)
    assert inspect(path, mapping).problem == desk.load(path, mapping).error
    own = desk.file(TYPED[file](channel=ODD[name]), file)
    assert f"the column 'channel' holds {held}" in str(desk.load(own).error)


def test_an_instant_with_nanoseconds_is_kept_to_the_microsecond(desk: Desk) -> None:
    at = pa.array([1772442000_123456789, 1772442000_000000000], pa.timestamp("ns", "Europe/Berlin"))
    desk.load(desk.file(parquet(occurred_at=at), "e.parquet"))
    assert desk.events()["occurred_at"][0].microsecond == 123456


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    "ids",
    [
        pa.array([1001.0, 1002.0]),
        pa.array([1001.0, 1002.0], pa.float32()),
        pa.array([Decimal("1001.00"), Decimal("1002.00")], pa.decimal128(12, 2)),
        pa.array([1001, 1002]),
        pa.array(["1001", "1002"]),
    ],
)
def test_a_whole_number_is_the_same_id_however_it_is_typed(desk: Desk, ids: pa.Array) -> None:
    desk.load(desk.file(parquet(ticket_id=ids, customer_id=ids), "e.parquet"))
    desk.load(desk.file("ticket_id,kind,occurred_at,customer_id\n1001,solved,2026-03-02T09:00Z,1001\n"))
    events = desk.events()
    assert events["ticket_id"].to_list() == ["1001", "1001", "1002"]
    assert events["customer_id"][0] == events["customer_id"][1]


@pytest.mark.parametrize("file", TYPED)
def test_ids_in_floats_beyond_what_a_float_can_tell_apart_are_refused(desk: Desk, file: str) -> None:
    ids = pa.array([1.4896547890123456e18, 2.0])
    path = desk.file(TYPED[file](ticket_id=ids), file)
    assert "the ids in 'ticket_id' are decimal numbers too large" in str(desk.load(path).error)
    assert inspect(path).problem is not None
    assert desk.load(desk.file(parquet(weight=ids), "e.parquet")).loaded == 2


@pytest.mark.parametrize(("dtype", "limit"), [(pa.float64(), 2**53), (pa.float32(), 2**24)])
def test_how_large_an_id_in_floats_may_be_depends_on_how_many_digits_they_hold(
    desk: Desk, dtype: pa.DataType, limit: int
) -> None:
    exact, inexact = (pa.array([float(number), 2.0], dtype) for number in (limit - 1, limit + 1))
    assert desk.load(desk.file(parquet(customer_id=exact), "e.parquet")).error is None
    report = desk.load(desk.file(parquet(customer_id=inexact), "e.parquet"))
    assert "the ids in 'customer_id' are decimal numbers too large" in str(report.error)


def test_an_id_that_is_no_number_is_missing_in_its_row_alone(desk: Desk) -> None:
    ids = pa.array([1.0, float("nan")])
    report = desk.load(desk.file(parquet(ticket_id=ids), "e.parquet"))
    assert (report.error, report.loaded, report.reasons) == (None, 1, {"ticket_id_missing": 1})
    assert desk.load(desk.file(parquet(customer_id=ids), "f.parquet")).rejected == 0


def test_a_part_of_a_list_or_record_may_be_a_value(desk: Desk) -> None:
    columns = {"via": pa.array([{"channel": "web"}, None]), "tags": pa.array([["vpn", "vip"], []])}
    mapping = Mapping(columns={"channel": "via.channel", "reason": "tags.first", "priority": "tags.count"})
    for file, write in TYPED.items():
        report = desk.load(desk.file(write(**columns), file), mapping)
        assert (report.error, report.ignored_columns) == (None, [])
    assert desk.events().select("channel", "reason", "priority").rows() == [
        ("web", "vpn", "2"),
        (None, None, "0"),
    ]


def test_feather_of_the_first_version_says_so(desk: Desk) -> None:
    content = b"FEA1" + b"\0" * 100 + b"FEA1"
    assert "Feather of the first version" in str(desk.load(desk.file(content, "e.feather")).error)


def test_a_number_may_be_a_decimal(desk: Desk) -> None:
    marks = pa.array([Decimal("4.50"), Decimal("5.00")])
    table = {"kind": pa.array(["rated", "rated"]), "score": marks, "scale_max": pa.array([5.0, 5.0])}
    desk.load(desk.file(parquet(**table), "e.parquet"))
    assert desk.events()["score"].to_list() == [4.5, 5.0]


def test_a_value_that_no_one_foresaw_costs_one_file_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> pl.DataFrame:
        raise pl.exceptions.ComputeError

    path = desk.file(parquet(), "e.parquet")
    monkeypatch.setattr("etl.store.stage.apply_mapping", broken)
    assert "not foreseen (ComputeError)" in str(desk.load(path).error)
    monkeypatch.undo()
    assert desk.load(path).loaded == 2
