"""What a load does with good rows, repeated rows and bad rows, and that nothing is ever lost."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from etl.mapping.mapping import Mapping
from etl.mapping.sections import Time
from etl.store.archive import Archive, LoadRecord
from etl.store.catch_up import catch_up
from etl.store.load import load
from etl.store.warehouse import open_writer
from tests.etl.desk import CSV_HEADER, LOADED_AT, Desk

THREE = CSV_HEADER + (
    "e1,2026-03-02T09:00:00Z,t1,opened\n"
    "e2,2026-03-02T09:05:00+01:00,t1,solved\n"
    "e3,2026-03-02T10:00:00Z,t2,opened\n"
)


def counts(report: object) -> tuple[int, int, int, int]:
    return tuple(getattr(report, name) for name in ("read", "loaded", "duplicates", "rejected"))  # type: ignore[return-value]


def test_loading_twice_adds_nothing(desk: Desk) -> None:
    path = desk.file(THREE)
    assert counts(desk.load(path)) == (3, 3, 0, 0)
    before = desk.events()
    assert counts(desk.load(path)) == (3, 0, 3, 0)
    assert desk.events().equals(before)


def test_a_bad_row_is_kept_aside_with_its_place_its_rule_and_its_content(desk: Desk) -> None:
    report = desk.load(desk.file(THREE + "e4,yesterday,t2,solved\ne5,2026-03-02T11:00:00Z,t2,solved\n"))
    assert counts(report) == (5, 4, 0, 1)
    assert report.reasons == {"occurred_at_unreadable": 1}
    (row,) = desk.table("rejected").to_dicts()
    assert (row["file"], row["position"], row["rule"]) == ("events.csv", 4, "occurred_at_unreadable")
    assert row["explanation"] == "occurred_at cannot be read as a date and time"
    assert json.loads(row["content"]) == {
        "event_id": "a9",
        "occurred_at": "aaaaaaaaa",
        "ticket_id": "a9",
        "kind": "solved",
    }


def test_a_rejected_row_is_kept_once_however_often_its_file_is_loaded(desk: Desk) -> None:
    path = desk.file(THREE + "e4,yesterday,t2,solved\n")
    assert desk.load(path).rejected == desk.load(path).rejected == 1
    assert desk.table("rejected").height == 1


def test_a_record_names_its_rejected_rows_as_every_archive_before_it(desk: Desk) -> None:
    desk.load(desk.file(THREE + "e4,yesterday,t2,solved\n"))
    (path,) = desk.folder.rglob("loads/000001.json")
    name = json.loads(path.read_text())["refused"]
    (record,) = desk.archive.loads()
    assert record.rejected_file == name
    assert pl.read_parquet(desk.archive.rejected(name))["rule"].to_list() == ["occurred_at_unreadable"]


def test_a_corrected_row_loads_without_doubling_the_others(desk: Desk) -> None:
    desk.load(desk.file(THREE + "e4,yesterday,t2,solved\n"))
    assert counts(desk.load(desk.file(THREE + "e4,2026-03-03T08:00Z,t2,solved\n"))) == (4, 1, 3, 0)


def test_a_repeated_row_in_one_file_counts_once(desk: Desk) -> None:
    line = "e1,2026-03-02T09:00:00Z,t1,opened\n"
    assert counts(desk.load(desk.file(CSV_HEADER + line * 3))) == (3, 1, 2, 0)


def test_a_file_that_has_grown_brings_its_new_rows_alone(desk: Desk) -> None:
    desk.load(desk.file(THREE))
    grown = desk.file(THREE + "e4,2026-03-02T11:00:00Z,t2,solved\n" * 2)
    assert counts(desk.load(grown)) == (5, 1, 4, 0)
    assert counts(desk.load(grown)) == (5, 0, 5, 0)
    _, second, third = (record for record in desk.archive.records(after=0) if isinstance(record, LoadRecord))
    (segment,) = second.segments
    assert pl.read_parquet(desk.archive.segment(segment))["event_id"].to_list() == ["e4"]
    assert second.is_plain
    assert not third.segments


def test_a_row_without_an_id_is_known_by_what_happened_not_by_what_is_said_of_it(desk: Desk) -> None:
    header = "occurred_at,ticket_id,kind,reason\n"
    row = "2026-03-02T09:00:00Z,t1,opened,refund\n"
    desk.load(desk.file(header + row))
    shuffled = "kind,reason,occurred_at,ticket_id,team\nopened,refund,2026-03-02T09:00:00Z,t1,\n"
    assert counts(desk.load(desk.file(shuffled))) == (1, 0, 1, 0)
    corrected = desk.load(desk.file(header + row.replace("refund", "return")))
    assert (*counts(corrected), corrected.conflicts) == (1, 0, 1, 0, 1)
    assert desk.events()["reason"].to_list() == ["return"]


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor", "bot"), ("agent_id", "zoe"), ("seq", "1"), ("run_id", "r2"), ("step", "pay"), ("value", "no")],
)
def test_what_makes_an_event_another_one(desk: Desk, column: str, value: str) -> None:
    row = {
        "occurred_at": "2026-03-02T09:00Z",
        "ticket_id": "t1",
        "kind": "answered",
        "actor": "agent",
        "agent_id": "ann",
        "seq": "0",
        "run_id": "r1",
        "workflow": "w",
        "version": "1",
        "step": "ask",
        "value": "yes",
        "team": "north",
    }
    rows = [row, row | {column: value}, row | {"team": "south", "version": "2"}]
    desk.load(desk.file(pl.DataFrame(rows).write_csv()))
    assert desk.events().height == 2


def test_the_value_counts_only_where_it_says_what_happened(desk: Desk) -> None:
    header = "occurred_at,ticket_id,kind,actor,value\n"
    row = "2026-03-02T09:00Z,t1,replied,agent,"
    desk.load(desk.file(header + f"{row}hello\n{row}hello again\n"))
    assert desk.events().height == 1
    merged = row.replace("replied", "merged")
    desk.load(desk.file(header + f"{merged}t2\n{merged}t3\n"))
    assert desk.events().height == 3


def test_a_newer_export_in_which_only_an_unused_column_changed_adds_nothing(desk: Desk) -> None:
    header, row = "occurred_at,ticket_id,kind,status\n", "2026-03-02T09:00Z,t1,opened,"
    desk.load(desk.file(f"{header}{row}solved\n"))
    again = desk.load(desk.file(f"{header}{row}closed\n"))
    assert (*counts(again), again.conflicts) == (1, 0, 1, 0, 0)


def test_rows_of_a_file_that_are_equal_in_all_that_is_used_are_one_event_and_counted(desk: Desk) -> None:
    header, row = "occurred_at,ticket_id,kind,status\n", "2026-03-02T09:00Z,t1,opened,"
    report = desk.load(desk.file(f"{header}{row}solved\n{row}closed\n{row}closed\n"))
    assert (*counts(report), report.repeated) == (3, 1, 2, 0, 2)


RATED = "event_id,occurred_at,ticket_id,kind,score,scale_max,recorded_at\n"


def rated(score: int, recorded: str = "", day: int = 2) -> str:
    return f"{RATED}e1,2026-03-{day:02}T11:00Z,t1,rated,{score},5,{recorded}\n"


def test_the_content_that_came_last_stands_and_an_older_export_stays_old(desk: Desk) -> None:
    first, second = desk.file(rated(2)), desk.file(rated(5, day=5))
    for path, score in ((first, 2.0), (second, 5.0), (first, 5.0), (second, 5.0)):
        desk.load(path)
        assert desk.events()["score"].to_list() == [score]
    (loser,) = desk.table("conflicts").to_dicts()
    assert (json.loads(loser["content"])["score"], loser["load_id"]) == (2.0, 1)


def test_what_was_recorded_later_stands_whatever_came_first(desk: Desk) -> None:
    desk.load(desk.file(rated(5, "2026-03-05T00:00Z")))
    desk.load(desk.file(rated(2, "2026-03-03T00:00Z")))
    desk.load(desk.file(rated(3)))
    assert desk.events()["score"].to_list() == [5.0]
    back = desk.file(rated(2, "2026-03-06T00:00Z"))
    desk.load(back)
    assert desk.events()["score"].to_list() == [2.0]
    assert desk.table("conflicts").height == 2
    before = desk.table("conflicts").sort("content")
    assert counts(desk.load(back)) == (1, 0, 1, 0)
    assert desk.table("conflicts").sort("content").equals(before)


def test_of_two_contents_in_one_file_the_one_further_down_stands(desk: Desk) -> None:
    desk.load(desk.file(rated(2) + rated(4).removeprefix(RATED)))
    assert desk.events()["score"].to_list() == [4.0]


def test_events_at_the_same_instant_keep_the_order_of_their_file(desk: Desk) -> None:
    kinds = ["solved", "reopened", "closed"]
    lines = [f"{name},2026-03-02T09:00Z,t1,{kind}\n" for name, kind in zip("zxy", kinds, strict=True)]
    desk.load(desk.file(CSV_HEADER + "".join(lines)))
    assert desk.events()["kind"].to_list() == kinds
    assert desk.events()["seq"].to_list() == [0, 1, 2]


FORMS = {
    "events.csv": lambda frame: frame.write_csv().encode(),
    "events.tsv": lambda frame: frame.write_csv(separator="\t").encode(),
    "events.jsonl": lambda frame: frame.write_ndjson().encode(),
    "events.parquet": lambda frame: _parquet(frame),
}


def _parquet(frame: pl.DataFrame) -> bytes:
    target = io.BytesIO()
    frame.write_parquet(target)
    return target.getvalue()


@pytest.mark.sweep(5)
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", FORMS)
def test_every_format_gives_the_same_events_packed_or_not(desk: Desk, name: str, packed: bool) -> None:
    frame = pl.read_csv(THREE.encode(), infer_schema=False)
    content = FORMS[name](frame)
    path = desk.file(gzip.compress(content), name + ".gz") if packed else desk.file(content, name)
    assert counts(desk.load(path)) == (3, 3, 0, 0)
    desk.load(desk.file(THREE))
    assert desk.table("events").height == 3


def test_columns_that_mean_nothing_to_us_are_named_in_the_report(desk: Desk) -> None:
    report = desk.load(
        desk.file("event_id,occurred_at,ticket_id,kind,mood\ne1,2026-03-02T09:00Z,t1,opened,bad\n")
    )
    assert report.ignored_columns == ["mood"]


def test_blank_lines_are_not_rows(desk: Desk) -> None:
    assert counts(desk.load(desk.file(THREE + "\n,,,\n"))) == (3, 3, 0, 0)


def test_a_row_with_too_many_fields_is_rejected_and_the_others_load(desk: Desk) -> None:
    report = desk.load(desk.file(THREE + "e4,2026-03-02T12:00Z,t2,solved,why,so,many\n"))
    assert counts(report) == (4, 3, 0, 1)
    assert report.reasons == {"wrong_number_of_fields": 1}


def test_a_line_that_is_no_json_object_is_rejected_and_the_others_load(desk: Desk) -> None:
    good = '{"event_id":"e1","occurred_at":"2026-03-02T09:00Z","ticket_id":"t1","kind":"opened"}'
    report = desk.load(desk.file(f"{good}\nnonsense\n[1]\n", "events.jsonl"))
    assert counts(report) == (3, 1, 0, 2)
    assert set(desk.table("rejected")["content"]) == {"aaaaaaaa", "[9]"}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("events.csv", b"", "events.csv is empty"),
        ("events.csv", b"\n\n", "events.csv is empty"),
        ("events.csv", b"a,b\n1,2\n", "has no column 'kind', 'occurred_at', 'ticket_id'; it has 'a', 'b'"),
        ("events.csv", THREE.replace(",", ";").encode(), """delimiter = ";\""""),
        ("events.csv", THREE.replace("t1", "é").encode("latin-1"), "line 2 holds the byte 0xe9"),
        ("events.parquet", b"PAR1 half a file", "not a whole Parquet file"),
        ("events.csv.gz", gzip.compress(THREE.encode())[:-9], "not a whole .gz file"),
        ("events.csv.gz", gzip.compress(b"a\n" * 2**24), "bytes or more, far more than"),
        ("events.docx", b"x", "no reader for files ending in '.docx'"),
        ("events.jsonl", b"not json\n", "holds no JSON object"),
        ("events.jsonl", '{"a": "é"}'.encode("latin-1"), "is not utf-8: line 1 holds the byte 0xe9"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_says_why_and_leaves_nothing(
    desk: Desk, name: str, content: bytes, says: str
) -> None:
    report = desk.load(desk.file(content, name))
    assert says in str(report.error)
    assert counts(report) == (0, 0, 0, 0)
    assert desk.table("events").is_empty()
    assert desk.table("loads").is_empty()


def test_a_missing_file_or_a_folder_says_so(desk: Desk) -> None:
    assert "There is no file" in str(desk.load(desk.folder / "nowhere.csv").error)
    assert "is a folder" in str(desk.load(desk.folder).error)


def test_one_wrong_file_does_not_stop_the_others(desk: Desk) -> None:
    paths = [desk.file(b""), desk.file(THREE)]
    report = load(paths, desk.connection, desk.archive, now=LOADED_AT)
    assert [file.error is None for file in report.files] == [False, True]
    assert report.loaded == 3


def test_a_local_time_without_a_zone_is_rejected_never_guessed(desk: Desk) -> None:
    report = desk.load(desk.file(CSV_HEADER + "e1,2026-03-02 09:00:00,t1,opened\n"))
    assert report.reasons == {"occurred_at_without_zone": 1}


def test_half_a_row_at_the_end_is_rejected(desk: Desk) -> None:
    assert desk.load(desk.file(THREE + "e4,2026-03-")).reasons == {"occurred_at_unreadable": 1}


def test_the_tickets_of_new_events_are_stale_afterwards(desk: Desk) -> None:
    desk.load(desk.file(THREE))
    assert set(desk.table("stale_tickets")["ticket_id"]) == {"t1", "t2"}


def test_the_ledger_has_a_row_per_load(desk: Desk) -> None:
    path = desk.file(THREE + "e4,yesterday,t2,solved\n")
    desk.load(path)
    desk.load(path)
    ledger = desk.table("loads").sort("load_id")
    assert ledger.select("read", "loaded", "duplicates", "rejected", "events").rows() == [
        (4, 3, 0, 1, 3),
        (4, 0, 3, 1, 0),
    ]
    assert ledger["loaded_at"].to_list() == [LOADED_AT] * 2


def test_a_lost_database_file_is_made_anew_from_the_archive(tmp_path: Path) -> None:
    home = tmp_path / "warehouse"
    file = tmp_path / "events.csv"
    file.write_text(THREE + "e4,yesterday,t2,solved\n")
    with open_writer(home) as connection:
        load([file], connection, Archive(home / "archive"), now=LOADED_AT)
        before = [connection.table(name).fetchall() for name in ("workflow_steps",)]
        rows = connection.execute("SELECT event_id, load_id FROM events ORDER BY event_id").fetchall()
    (home / "warehouse.duckdb").unlink()
    with open_writer(home) as connection:
        catch_up(connection, Archive(home / "archive"))
        assert connection.execute("SELECT event_id, load_id FROM events ORDER BY event_id").fetchall() == rows
        assert [connection.table(name).fetchall() for name in ("workflow_steps",)] == before
        assert connection.execute("SELECT position, rule FROM rejected").fetchall() == [
            (4, "occurred_at_unreadable")
        ]
        assert connection.execute("SELECT read, loaded FROM loads").fetchall() == [(4, 3)]


def test_rows_that_no_clock_could_have_recorded_are_rejected_by_a_rule_of_their_own(desk: Desk) -> None:
    text = THREE + "e4,9999-12-31T23:59:59Z,t2,closed\ne5,1970-01-01T00:00:00Z,t2,solved\n"
    report = desk.load(desk.file(text))
    assert report.reasons == {"occurred_at_in_future": 1, "occurred_at_too_early": 1}
    assert report.loaded == 3


def test_where_most_rows_lie_ahead_the_clock_is_in_doubt_and_the_file_is_refused(desk: Desk) -> None:
    text = CSV_HEADER + "e1,2026-03-02T09:00:00Z,t1,opened\n"
    text += "".join(f"e{n},2027-03-02T09:00:00Z,t{n},opened\n" for n in (2, 3))
    report = desk.load(desk.file(text))
    assert (report.read, report.loaded) == (0, 0)
    assert "this machine's clock says 9 Mar 2026, 00:00 UTC" in str(report.error)
    assert desk.events().is_empty()


def test_the_earliest_day_is_what_the_settings_say(desk: Desk) -> None:
    path = desk.file(CSV_HEADER + "e1,1985-03-02T09:00:00Z,t1,opened\n")
    assert desk.load(path).reasons == {"occurred_at_too_early": 1}
    how = {"now": LOADED_AT, "earliest": date(1980, 1, 1)}
    assert load([path], desk.connection, desk.archive, **how).loaded == 1  # type: ignore[arg-type]


def test_a_zone_beside_stated_offsets_changes_nothing_and_the_load_says_so(desk: Desk) -> None:
    mapping = Mapping(time=Time(zone="Asia/Tokyo"))
    report = desk.load(desk.file(THREE), mapping)
    assert desk.events()["occurred_at"][0] == datetime(2026, 3, 2, 8, 5, tzinfo=UTC)
    assert [str(remark) for remark in report.remarks] == [
        "events.csv: its times state their own offset, so zone = 'Asia/Tokyo' changes nothing."
    ]
    local = desk.file(CSV_HEADER + "e9,2026-03-02 09:00:00,t9,opened\n" + "e8,2026-03-02 09:00Z,t9,solved\n")
    assert desk.load(local, mapping).remarks == []
