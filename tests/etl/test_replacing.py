"""What was loaded can be told anew, or taken out again, as if it had never been loaded otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from etl.errors import InvalidRequest
from etl.mapping.mapping import Mapping
from etl.store.archive import Archive, LoadRecord, UnloadRecord
from etl.store.catch_up import brought_by, catch_up
from etl.store.load import load, unload
from etl.store.load_report import FileReport
from etl.store.settle import of_the_same_events
from etl.store.warehouse import open_writer
from etl.store.whole_files import content_name
from tests.etl.desk import LOADED_AT, Desk

HEADER = "ticket_id,kind,occurred_at,reason,agent_id\n"
TABLES = ("events", "conflicts", "rejected")


def zoned(zone: str, **words: str) -> Mapping:
    return Mapping.model_validate({"time": {"zone": zone}, "values": {"reason": words}})


def rows(reason: str, *tickets: str) -> str:
    return HEADER + "".join(f"{ticket},opened,2026-03-02 09:00,{reason},\n" for ticket in tickets)


def content(desk: Desk) -> dict[str, pl.DataFrame]:
    frames = {name: desk.table(name).drop("load_id") for name in TABLES}
    return {name: frame.sort(frame.columns) for name, frame in frames.items()}


def replacing(desk: Desk, path: Path, load_id: int, mapping: Mapping | None = None) -> FileReport:
    report = load(
        [path], desk.connection, desk.archive, now=LOADED_AT, mapping=mapping or zoned("UTC"), replace=load_id
    )
    return report.files[0]


def assert_same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> None:
    for name, frame in one.items():
        assert frame.equals(other[name]), f"{name}\n{frame}\n{other[name]}"


def test_the_right_zone_after_the_wrong_one_is_the_right_one_alone(desk: Desk) -> None:
    path = desk.file(rows("billing", "t1", "t2") + "t3,opend,2026-03-02 09:00,,\n")
    desk.load(path, zoned("Europe/Berlin"))
    desk.load(path, zoned("Europe/Berlin"))
    right = desk.load(path, zoned("UTC"))
    assert (right.loaded, right.replaces) == (2, [1, 2])
    assert desk.table("loads")["load_id"].to_list() == [3]
    assert {at.hour for at in desk.events()["occurred_at"]} == {9}
    assert desk.table("rejected").height == 1
    assert not desk.table("conflicts").height


def test_the_same_mapping_written_otherwise_replaces_nothing(desk: Desk) -> None:
    path = desk.file(rows("billing", "t1"))
    desk.load(path, Mapping.model_validate({"time": {"zone": "UTC"}}))
    again = desk.load(path, Mapping.model_validate({"file": {"encoding": "utf-8"}, "time": {"zone": "UTC"}}))
    assert (again.duplicates, again.replaces) == (1, [])


def test_what_is_read_anew_keeps_its_place_among_loads(desk: Desk) -> None:
    old, new = desk.file(rows("b", "t1", "t2")), desk.file(rows("d", "t1"))
    desk.load(old, zoned("UTC"))
    desk.load(new, zoned("UTC"))
    desk.load(old, zoned("UTC", b="billing"))
    assert desk.events()["reason"].to_list() == ["d", "billing"]
    assert desk.table("conflicts")["load_id"].to_list() == [3]


def test_equal_files_of_two_tables_do_not_replace_one_another(desk: Desk) -> None:
    table = {"time": {"zone": "UTC"}}
    tables = {
        "comments": table | {"files": "c*.csv", "constants": {"kind": "replied"}},
        "notes": table | {"files": "n*.csv", "constants": {"kind": "held"}},
    }
    mapping = Mapping.model_validate({"tables": tables})
    text = "ticket_id,occurred_at,actor\nt1,2026-03-02 09:00,agent\n"
    paths = [desk.file(text, name) for name in ("c1.csv", "n1.csv")]
    report = load(paths, desk.connection, desk.archive, now=LOADED_AT, mapping=mapping)
    assert [(file.loaded, file.replaces) for file in report.files] == [(1, []), (1, [])]
    assert desk.load(desk.file(text, "n2.csv"), mapping).replaces == []
    assert set(desk.events()["kind"]) == {"held", "replied"}


def test_files_of_one_command_do_not_replace_one_another(desk: Desk) -> None:
    mapping = {"lookup": {"who": {"files": "who.csv", "key": "id"}}, "time": {"zone": "UTC"}}
    mapping["columns"] = {"reason": {"from": "reason", "lookup": "who", "column": "name"}}
    paths = [desk.file(rows("r", "t1"), name) for name in ("one.csv", "two.csv")]
    for number, path in enumerate(paths):
        (path.parent / "who.csv").write_text(f"id,name\nr,billing{number}\n")
    report = load(
        paths, desk.connection, desk.archive, now=LOADED_AT, mapping=Mapping.model_validate(mapping)
    )
    assert [file.replaces for file in report.files] == [[], []]


def test_a_mended_table_replaces_its_file_whatever_it_is_called(desk: Desk) -> None:
    desk.load(desk.file(rows("billing", "t1"), "one.csv"), zoned("Europe/Berlin"))
    assert desk.load(desk.file(rows("billing", "t1"), "two.csv"), zoned("UTC")).replaces == [1]


def test_of_the_other_loads_those_alone_are_read_that_say_something_of_the_same_events(desk: Desk) -> None:
    for text in (rows("b", "t1"), rows("c", "t2"), rows("d", "t1", "t3")):
        desk.load(desk.file(text), zoned("UTC"))
    loads = [brought_by(record, desk.archive) for record in desk.archive.loads()]
    desk.connection.execute(
        "CREATE TEMP TABLE taken_out AS SELECT event_id FROM events WHERE ticket_id = 't1'"
    )
    assert [each.load_id for each in of_the_same_events(loads, desk.connection)] == [1, 3]


def test_a_file_of_which_no_row_is_accepted_replaces_nothing(desk: Desk) -> None:
    path = desk.file(rows("billing", "t1"))
    desk.load(path, zoned("UTC"))
    report = desk.load(path, Mapping())
    assert (report.rejected, report.replaces) == (1, [])
    assert desk.events().height == 1


def test_a_changed_file_takes_the_place_of_the_load_that_is_named(desk: Desk) -> None:
    desk.load(desk.file(rows("billing", "t1", "t2")), zoned("UTC"))
    assert replacing(desk, desk.file(rows("delivery", "t2", "t3")), 1).replaces == [1]
    assert desk.events()["ticket_id"].to_list() == ["t2", "t3"]
    assert not desk.table("conflicts").height


def counts(desk: Desk) -> list[tuple[object, ...]]:
    loads = desk.table("loads").select("load_id", "loaded", "duplicates", "events", "conflicts")
    return loads.sort("load_id").rows()


def test_counts_are_those_of_the_files_loaded_in_the_order_of_their_places(desk: Desk) -> None:
    first = desk.file(rows("billing", "t1"))
    desk.load(first, zoned("UTC"))
    desk.load(desk.file(rows("delivery", "t1", "t2")), zoned("UTC"))
    assert counts(desk) == [(1, 1, 0, 1, 0), (2, 1, 1, 1, 1)]
    replacing(desk, first, 1)
    assert counts(desk) == [(2, 1, 1, 1, 1), (3, 1, 0, 1, 0)]
    unload(3, desk.connection, desk.archive)
    assert counts(desk) == [(2, 2, 0, 2, 0)]


def test_only_a_load_that_counts_can_be_replaced_and_by_one_file(desk: Desk) -> None:
    path = desk.file(rows("billing", "t1"))
    desk.load(path, zoned("UTC"))
    desk.load(path, zoned("Europe/Berlin"))
    for load_id in (1, 7):
        with pytest.raises(InvalidRequest, match="no load"):
            replacing(desk, path, load_id)
    with pytest.raises(InvalidRequest, match="one file"):
        load([path, path], desk.connection, desk.archive, now=LOADED_AT, replace=2)


def test_an_unloaded_file_was_never_loaded(desk: Desk) -> None:
    first, second = desk.file(rows("billing", "t1")), desk.file(rows("delivery", "t1", "t2") + "t4,x,,,\n")
    desk.load(first, zoned("UTC"))
    before = content(desk)
    desk.load(second, zoned("UTC"))
    third = desk.file(rows("damage", "t3"))
    desk.load(third, zoned("UTC"))
    gone = unload(2, desk.connection, desk.archive)
    assert (gone.events, gone.repeated_by) == (1, [])
    assert set(desk.table("stale_tickets")["ticket_id"]) == {"t1", "t2", "t3"}
    unload(3, desk.connection, desk.archive)
    assert_same(content(desk), before)
    assert desk.table("loads")["load_id"].to_list() == [1]
    assert len(list((desk.archive.staging().parent / "segments").iterdir())) == 1
    with pytest.raises(InvalidRequest, match="no load 2"):
        unload(2, desk.connection, desk.archive)


def test_rows_that_a_later_load_repeats_are_its_own_once_the_first_is_gone(desk: Desk) -> None:
    desk.load(desk.file(rows("billing", "t1")), zoned("UTC"))
    desk.load(desk.file(rows("billing", "t1", "t2")), zoned("UTC"))
    assert unload(1, desk.connection, desk.archive).repeated_by == []
    assert desk.events()["ticket_id"].to_list() == ["t1", "t2"]
    assert desk.table("loads").select("load_id", "loaded", "duplicates").rows() == [(2, 2, 0)]


def test_unloading_names_the_loads_of_which_an_earlier_version_did_not_note_what_they_repeat(
    desk: Desk,
) -> None:
    desk.load(desk.file(rows("billing", "t1")), zoned("UTC"))
    desk.load(desk.file(rows("billing", "t1", "t2")), zoned("UTC"))
    second = next(desk.archive.records(after=1))
    assert isinstance(second, LoadRecord)
    desk.archive.commit(second.model_copy(update={"width": None, "repeats": None}))
    assert unload(1, desk.connection, desk.archive).repeated_by == [2]


def test_an_unloaded_file_can_be_loaded_again(desk: Desk) -> None:
    path = desk.file(rows("billing", "t1"))
    desk.load(path, zoned("UTC"))
    before = content(desk)
    unload(1, desk.connection, desk.archive)
    assert not desk.events().height
    assert desk.load(path, zoned("UTC")).loaded == 1
    assert_same(content(desk), before)


def test_a_rebuild_knows_what_was_replaced_and_unloaded(desk: Desk) -> None:
    old, new, other = (desk.file(rows(reason, *"ab")) for reason in ("b", "d", "e"))
    desk.load(old, zoned("UTC"))
    desk.load(new, zoned("UTC"))
    desk.load(other, zoned("UTC"))
    desk.load(old, zoned("UTC", b="billing"))
    unload(3, desk.connection, desk.archive)
    with open_writer(desk.folder / "anew") as connection:
        catch_up(connection, desk.archive)
        anew = Desk(desk.folder / "anew", connection, desk.archive)
        assert_same(content(anew), content(desk))
        assert sorted(anew.table("loads")["load_id"]) == sorted(desk.table("loads")["load_id"]) == [2, 4]


def test_what_was_killed_between_archive_and_warehouse_is_completed(desk: Desk) -> None:
    desk.load(desk.file(rows("billing", "t1")), zoned("UTC"))
    desk.archive.commit(UnloadRecord(load_id=2, unloads=[1]))
    desk.load(desk.file(rows("delivery", "t2")), zoned("UTC"))
    assert desk.events()["ticket_id"].to_list() == ["t2"]


def as_earlier(archive: Archive, folder: Path) -> None:
    """The only load as a version left it that named events after all columns of their row."""
    (record,) = archive.records(after=0)
    assert isinstance(record, LoadRecord)
    file = archive.segment(record.segments[0])
    events = pl.read_parquet(file).drop("recorded_at")
    names = [f"{number:032x}" for number in range(events.height)]
    events.with_columns(event_id=pl.Series(names)).write_parquet(file)
    segment = content_name(file)
    file.rename(archive.segment(segment))
    new = {"named_by", "sha256", "mapping", "place", "replaces", "skipped", "repeated"}
    text: dict[str, Any] = {
        name: value for name, value in record.model_dump(mode="json").items() if name not in new
    } | {"segments": [segment]}
    (folder / "000001.json").write_text(json.dumps(text))


def test_an_archive_of_an_earlier_version_knows_its_events_again(desk: Desk) -> None:
    path = desk.file(rows("billing", "t1", "t2"))
    desk.load(path, zoned("UTC"))
    before = desk.events()
    as_earlier(desk.archive, desk.archive.staging().parent / "loads")
    with open_writer(desk.folder / "anew") as connection:
        anew = Desk(desk.folder / "anew", connection, desk.archive, written=desk.written)
        catch_up(connection, desk.archive)
        assert anew.events().equals(before)
        assert anew.load(path, zoned("UTC")).duplicates == 2
