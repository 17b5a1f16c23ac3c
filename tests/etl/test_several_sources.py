"""Several systems in one warehouse: whose id it is stands in front of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from etl.errors import InvalidMapping, InvalidRequest
from etl.mapping.mapping import Mapping
from etl.mapping.mapping_file import read_mapping, with_source
from etl.privacy.erasure import forget_customer
from etl.store.archive import Archive, LoadRecord
from etl.store.catch_up import catch_up
from etl.store.load import load
from etl.store.reader_notes import NOTEBOOK
from etl.store.warehouse import open_writer
from tests.etl.desk import Desk
from tests.warehouses import Templates

HEADER = "event_id,occurred_at,ticket_id,kind,customer_id,agent_id,run_id,workflow,version,step,value\n"
ROWS = HEADER + (
    "e1,2026-03-02T09:00Z,1,opened,c1,,,,,,\n"
    "e2,2026-03-02T09:05Z,1,entered,,x, r1 ,w,1,s,\n"
    "e3,2026-03-02T09:10Z,1,merged,,x,,,,,2\n"
)
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def of(source: str | None) -> Mapping:
    return with_source(Mapping(), source)


def test_ids_and_the_ticket_merged_into_say_their_source(desk: Desk) -> None:
    desk.load(desk.file(ROWS), of("a"))
    events = desk.events()
    assert set(events["ticket_id"]) == {"a:1"}
    assert events["event_id"].to_list() == ["a:e1", "a:e2", "a:e3"]
    assert events["run_id"].drop_nulls().to_list() == ["a:r1"]
    assert events["value"].drop_nulls().to_list() == ["a:2"]
    assert set(events["source"]) == {"a"}
    assert set(events["workflow"].drop_nulls()) == {"w"}


def test_without_a_source_ids_are_as_before(desk: Desk) -> None:
    desk.load(desk.file(ROWS))
    assert set(desk.events()["ticket_id"]) == {"1"}
    assert desk.events()["source"].null_count() == 3


def test_people_of_two_sources_are_not_the_same(desk: Desk) -> None:
    desk.load(desk.file(ROWS), of("a"))
    desk.load(desk.file(ROWS + "e4,2026-03-03T09:00Z,1,closed,,,,,,,\n"), of("b"))
    assert desk.events()["customer_id"].n_unique() == desk.events()["agent_id"].n_unique() == 3  # null, a, b


def test_an_event_without_an_id_is_told_apart_by_its_source(desk: Desk) -> None:
    mapping = {"identity": {"columns": ["line"]}}
    for number, source in enumerate(("a", "b")):
        rows = f"ticket_id,occurred_at,kind,line,note\n1,2026-03-02T09:00Z,opened,7,{number}\n"
        desk.load(desk.file(rows), with_source(Mapping.model_validate(mapping), source))
    assert desk.events()["event_id"].n_unique() == 2


def test_the_same_file_under_another_source_replaces_what_it_gave(desk: Desk) -> None:
    path = desk.file(ROWS)
    desk.load(path)
    report = desk.load(path, of("a"))
    assert (report.loaded, report.replaces) == (3, [1])
    assert desk.load(path, of("b")).replaces == [2]
    assert set(desk.events()["ticket_id"]) == {"b:1"}
    assert desk.load(path, of("b")).duplicates == 3


def test_equal_files_of_two_systems_do_not_replace_one_another(desk: Desk) -> None:
    desk.load(desk.file(ROWS, "tickets.csv"), of("a"))
    for name in ("tickets.csv", "other.csv"):
        source = name.removesuffix(".csv")
        assert desk.load(desk.file(ROWS, name), of(source)).replaces == []
    assert set(desk.events()["ticket_id"]) == {"a:1", "tickets:1", "other:1"}
    assert desk.load(desk.file(ROWS, "third.csv")).replaces == []


def test_a_file_loaded_without_a_source_is_replaced_under_its_name_alone(desk: Desk) -> None:
    desk.load(desk.file(ROWS, "tickets.csv"))
    assert desk.load(desk.file(ROWS, "south.csv"), of("south")).replaces == []
    assert desk.load(desk.file(ROWS, "tickets.csv"), of("north")).replaces == [1]
    assert set(desk.events()["ticket_id"]) == {"north:1", "south:1"}


BARE = "ticket_id,occurred_at,kind,customer_id\n"


@pytest.mark.parametrize("row", ["n:1,2026-03-02T09:00Z,opened,", "7,2026-03-02T09:00Z,opened,n:c1"])
def test_no_id_without_a_source_is_taken_for_one_of_a_source(desk: Desk, row: str) -> None:
    sourced, bare = (
        desk.file(f"{BARE}{text}\n", name)
        for text, name in (("1,2026-03-02T09:00Z,opened,c1", "sourced.csv"), (row, "bare.csv"))
    )
    desk.load(sourced, of("n"))
    refused = desk.load(bare)
    assert "some of its ids begin with 'n:', as ids of the source n do" in str(refused.error)
    assert desk.table("loads").height == 1
    assert desk.load(bare, of("m")).loaded == 1


@pytest.mark.parametrize("row", ["n:1,2026-03-02T09:00Z,opened,", "7,2026-03-02T09:00Z,opened,n:c1"])
def test_no_source_takes_over_ids_that_were_loaded_without_one(desk: Desk, row: str) -> None:
    sourced, bare = (
        desk.file(f"{BARE}{text}\n", name)
        for text, name in (("1,2026-03-02T09:00Z,opened,c1", "sourced.csv"), (row, "bare.csv"))
    )
    assert desk.load(bare).loaded == 1
    assert "ids of bare.csv, which was loaded without a source, begin with 'n:'" in str(
        desk.load(sourced, of("n")).error
    )
    assert desk.load(bare, of("m")).replaces == [1]
    assert desk.load(sourced, of("n")).loaded == 1


def test_ids_with_colons_of_no_source_are_as_before(desk: Desk) -> None:
    desk.load(desk.file(ROWS, "a.csv"), of("a"))
    report = desk.load(desk.file(f"{BARE}x:1,2026-03-02T09:00Z,opened,\n"))
    assert (report.error, report.loaded) == (None, 1)


def test_the_name_on_the_command_line_wins_over_the_mapping_s(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text('source = "mapped"')
    mapping = read_mapping(tmp_path / "m.toml")
    assert with_source(mapping, None).source == "mapped"
    assert with_source(mapping, "named").source == "named"


@pytest.mark.parametrize("name", ["", "a:b", "a b", ":", "é", "-a", "a" * 41])
def test_a_source_is_called_by_a_plain_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidRequest, match="the name of a source has letters"):
        with_source(Mapping(), name)
    (tmp_path / "m.toml").write_text(f'source = "{name}"')
    with pytest.raises(InvalidMapping, match="cannot name a source"):
        read_mapping(tmp_path / "m.toml")


def test_an_id_keeps_its_own_colons(desk: Desk) -> None:
    desk.load(desk.file("ticket_id,occurred_at,kind\nx:1,2026-03-02T09:00Z,opened\n"), of("a"))
    assert desk.events()["ticket_id"].to_list() == ["a:x:1"]


def test_a_column_called_source_is_the_file_s_own_affair(desk: Desk) -> None:
    report = desk.load(desk.file("ticket_id,occurred_at,kind,source\n1,2026-03-02T09:00Z,opened,web\n"))
    assert report.ignored_columns == ["source"]
    assert desk.events()["source"].to_list() == [None]


def test_rejected_rows_of_two_sources_are_both_kept(desk: Desk) -> None:
    bad = "ticket_id,occurred_at,kind\n1,soon,opened\n"
    desk.load(desk.file(bad), of("a"))
    desk.load(desk.file(bad + "2,later,opened\n"), of("b"))
    assert desk.table("rejected")["load_id"].sort().to_list() == [1, 2, 2]


def test_a_load_of_an_earlier_version_had_a_file_and_no_source(desk: Desk) -> None:
    desk.load(desk.file(ROWS))
    (path,) = desk.folder.rglob("loads/000001.json")
    record = json.loads(path.read_text())
    before = {name: value for name, value in record.items() if name != "file"} | {"source": "events.csv"}
    path.write_text(json.dumps(before))
    (load_record,) = desk.archive.loads()
    assert (load_record.file, load_record.source) == ("events.csv", None)


def test_a_warehouse_of_an_earlier_schema_is_taken_over(tmp_path: Path) -> None:
    """Segments without the newer columns, beside a load of today that contradicts one of their rows."""
    (tmp_path / "one.csv").write_text(ROWS.replace("opened,c1", "opened,c0"))
    (tmp_path / "two.csv").write_text(ROWS)
    home = tmp_path / "warehouse"
    with open_writer(home) as connection:
        load([tmp_path / "one.csv"], connection, Archive(home / "archive"), now=NOW)
    archive = Archive(home / "archive")
    (record,) = archive.loads()
    assert isinstance(record, LoadRecord)
    old = pl.read_parquet(archive.segment(record.segments[0])).drop("source", "custom")
    archive.commit(record.model_copy(update={"segments": archive.write_segment(old)}))
    (home / "warehouse.duckdb").unlink()
    with open_writer(home) as connection:
        catch_up(connection, archive)
        assert connection.execute("SELECT count(*), count(source) FROM events").fetchall() == [(3, 0)]
        (report,) = load([tmp_path / "two.csv"], connection, archive, now=NOW).files
        assert (report.duplicates, report.conflicts) == (3, 1)
        (again,) = load([tmp_path / "one.csv"], connection, archive, now=NOW).files
        assert (again.duplicates, again.loaded) == (3, 0)
        assert connection.execute("SELECT count(*) FROM conflicts").fetchall() == [(1,)]


@pytest.fixture
def home(tmp_path: Path, templates: Templates) -> Path:
    """Customer c1 in two sources and without one, and in rejected rows."""
    return templates.copy(tmp_path / "warehouse", ["several sources", ROWS], load_each)


def load_each(home: Path) -> None:
    with open_writer(home) as connection:
        for number, source in enumerate((None, "a", "b")):
            path = home.with_name(f"{number}.csv")
            path.write_text(f"{ROWS}bad,soon,9,opened,c1,,,,,,\nbad,later,9,opened,other{number},,,,,,\n")
            load([path], connection, Archive(home / "archive"), now=NOW, mapping=of(source))


def test_an_ambiguous_customer_is_not_forgotten(home: Path) -> None:
    with pytest.raises(InvalidRequest, match=r"several sources. Name one: :c1, a:c1, b:c1\."):
        forget_customer("c1", home, Archive(home / "archive"), now=NOW)
    with open_writer(home) as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchall() == [(9,)]


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    ("named", "left"),
    [
        ("a:c1", {"1", "b:1"}),
        (":c1", {"a:1", "b:1"}),
        (" :c1\u00a0", {"a:1", "b:1"}),
        ("a : c1", {"1", "b:1"}),
    ],
)
def test_a_customer_of_one_source_is_forgotten_there_alone(home: Path, named: str, left: set[str]) -> None:
    notes = {"views": [], "annotations": [{"text": "c1 was angry"}, {"text": "lunch"}]}
    (home / NOTEBOOK).write_text(json.dumps(notes))
    erased = forget_customer(named, home, Archive(home / "archive"), now=NOW)
    assert (
        erased.counts.tickets,
        erased.counts.events,
        erased.counts.rejected_rows,
        erased.counts.notes,
    ) == (1, 3, 1, 1)
    with open_writer(home) as connection:
        catch_up(connection, Archive(home / "archive"))
        tickets = {name for (name,) in connection.execute("SELECT DISTINCT ticket_id FROM events").fetchall()}
    assert tickets == left


def test_a_customer_that_one_source_has_needs_no_source(home: Path) -> None:
    erased = forget_customer("other1", home, Archive(home / "archive"), now=NOW)
    assert (erased.counts.tickets, erased.counts.rejected_rows) == (0, 1)


def test_custom_attributes_are_kept_with_the_event_and_prose_is_not(desk: Desk) -> None:
    mapping = Mapping.model_validate({"columns": {"custom_plan": "Plan"}, "null": ["-"]})
    rows = "ticket_id,occurred_at,kind,Plan,custom_seats,custom_who\n"
    rows += '1,2026-03-02T09:00Z,opened," ""Gold"" é ",5,ada@example.org\n2,2026-03-02T09:00Z,opened,-,,\n'
    report = desk.load(desk.file(rows), mapping)
    assert report.ignored_columns == []
    first, second = desk.events()["custom"]
    attributes = json.loads(first)
    assert list(attributes) == ["custom_plan", "custom_seats", "custom_who"]
    assert (attributes["custom_plan"], attributes["custom_seats"]) == ('"Gold" é', "5")
    assert attributes["custom_who"].startswith("t-")
    assert second is None


def test_a_newer_export_corrects_a_custom_attribute(desk: Desk) -> None:
    for plan in ("silver", "gold"):
        rows = f"event_id,ticket_id,occurred_at,kind,custom_plan\ne,1,2026-03-02T09:00Z,opened,{plan}\n"
        desk.load(desk.file(rows))
    assert json.loads(desk.events()["custom"].item()) == {"custom_plan": "gold"}
    assert desk.table("conflicts").height == 1
