"""Who was erased stays so, whatever file comes again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from etl.privacy.erasure import forget_customer
from etl.privacy.key_file import key_path
from etl.privacy.notes_erasure import marks_with
from etl.privacy.pseudonyms import Pseudonyms
from etl.privacy.words_in_text import cells_of
from etl.store.archive import Archive, LoadRecord
from etl.store.erased_list import ERASED, FOR_GOOD, ErasedIds, add_erased, entries_for, read_erased
from etl.store.erased_rows import texts_with_erased_ids
from etl.store.erasure_plan import ErasurePlan, is_pending
from tests.attacks.byte_search import files_with, files_with_any
from tests.attacks.desk import ADA, BEN, FIRST, HEADER, SECOND, desk, event_ids, months_since_march, run
from tests.warehouses import Templates

SOON = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
LATER = (datetime.now(UTC) + timedelta(hours=12)).isoformat()


@pytest.fixture
def warehouse(templates: Templates, tmp_path: Path) -> Path:
    """The desk without Ada."""
    folder = desk(templates, tmp_path)
    assert run("forget", "--customer", ADA, warehouse=folder) == 0
    assert event_ids(folder) == ["e3", "e5", "e6"]
    return folder


def load(warehouse: Path, text: str, *options: str, name: str = "again.csv") -> LoadRecord:
    file = warehouse.parent / name
    file.write_text(text)
    assert run("load", file, *options, warehouse=warehouse) == 0
    file.unlink()
    archive = Archive(warehouse / "archive")
    record = archive.record(max(archive.load_ids()))
    assert isinstance(record, LoadRecord)
    return record


def counts(record: LoadRecord) -> dict[str, int]:
    names = ("read", "loaded", "duplicates", "rejected", "erased")
    return {name: getattr(record, name) for name in names}


def test_rows_of_the_erased_are_counted_and_in_no_file(
    warehouse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = (ADA, Archive(warehouse / "archive").pseudonyms().of(ADA, "customer"), "ada-ticket-1")
    for command in (["rebuild"], ["rebuild", "--salvage"]):
        assert run(*command, warehouse=warehouse) == 0
    more = [
        "e8,2026-03-02T09:20Z,ada-ticket-2,replied,,,eve,agent",  # whose it is, only the last row says
        f"e9,{LATER},ada-ticket-2,solved,,,,",
        "e10,yesterday,ada-ticket-2,solved,,,,",
        f'"{ADA}",a,row,of,too,many,fields,,,,',
        "e11,2026-03-02T09:20Z,ben-ticket-1,reopened,,,,",
        f"e12,2026-03-02T09:20Z,x,dance,,{ADA.upper()},,",
        f"e7,2026-03-02T09:00Z,ada-ticket-2,opened, {ADA} ,phone,,",
    ]
    capsys.readouterr()
    record = load(warehouse, FIRST + "\n".join(more) + "\n")
    assert counts(record) == {"read": 3, "loaded": 2, "duplicates": 1, "rejected": 0, "erased": 8}
    assert "again.csv: 8 rows not taken, of customers or tickets that were erased" in capsys.readouterr().out
    assert event_ids(warehouse) == ["e11", "e3", "e5", "e6", "e9"]
    assert files_with_any(words, warehouse, key_path(warehouse)) == []
    late = "e13,2026-03-03T09:00Z,ada-ticket-2,held,,,,\n"
    assert load(warehouse, HEADER + late).erased == 1  # the list has learnt whose the ticket is


@pytest.mark.parametrize("own_id", ["1002", "John Doe", "Zoë Ünal"])
def test_a_row_that_is_broken_is_held_against_the_list_as_well(own_id: str, tmp_path: Path) -> None:
    pseudonyms = Pseudonyms(b"k" * 32)
    add_erased(tmp_path, entries_for(pseudonyms, {own_id: FOR_GOOD}, {}))
    broken = [
        f"T1,opened,2026-03-02T09:00Z,,{own_id},billing,,,extra",
        f"T1;opened; {own_id} ;",
        f'{{"ticket_id": "T1", "customer_id": {json.dumps(own_id)}, "kind":',
        f'{{"ticket_id": "T1", "customer_id":{own_id}',
        "T1,opened,2026-03-02T09:00Z,,1003,billing,,,extra",
    ]
    found = texts_with_erased_ids(pl.Series(broken), None, ErasedIds(tmp_path, pseudonyms))
    assert found.to_list() == [True, True, True, True, False]
    assert [own_id in cells_of(row) for row in broken] == found.to_list()  # an erasure reads rows alike


def test_a_file_that_is_called_after_the_erased_is_not_kept_by_that_name(warehouse: Path) -> None:
    record = load(warehouse, FIRST, name=f"of_{ADA}_and_ben.csv")
    assert record.file == "of_(erased)_and_ben.csv"
    assert files_with(ADA, warehouse) == []


def test_later_contact_is_taken_but_never_an_erased_ticket(warehouse: Path) -> None:
    rows = [
        f"n1,{LATER},ada-ticket-9,opened,{ADA},phone,,",
        f"n2,{LATER},ada-ticket-1,reopened,,,,",
        f"n3,{SOON},ada-ticket-8,opened,{ADA},phone,,",
    ]
    merge = f"event_id,occurred_at,ticket_id,kind,value\nn4,{LATER},ben-ticket-1,merged,ada-ticket-1\n"
    record = load(warehouse, HEADER + "\n".join(rows) + "\n")
    assert (record.loaded, record.erased) == (1, 2)
    assert load(warehouse, merge).erased == 1
    assert "n1" in event_ids(warehouse)


def test_whoever_allows_it_has_the_rows_and_it_is_noted(
    warehouse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run("loads", warehouse=warehouse) == 0
    assert "erased" not in capsys.readouterr().out
    more = [
        "e8,2026-03-02T09:20Z,ada-ticket-3,solved,,,,",
        f"e9,2026-03-02T09:00Z,ada-ticket-3,opened,{ADA},,,",
    ]
    text = SECOND + "\n".join([*more, f'"{ADA}",a,row,of,too,many,fields,,,,', f"e10,soon,x,dance,{ADA},,,"])
    record = load(warehouse, text, "--allow-erased")
    assert (record.loaded, record.erased, record.allow_erased, record.rows_of_erased) == (3, 0, True, 5)
    out = capsys.readouterr().out
    assert "again.csv: 5 rows of customers or tickets that were erased, taken for --allow-erased" in out
    assert "e2" in event_ids(warehouse)
    again = load(warehouse, SECOND)
    assert (again.erased, again.duplicates, again.allow_erased) == (1, 2, False)
    capsys.readouterr()
    assert run("loads", "--format", "json", warehouse=warehouse) == 0
    loads = json.loads(capsys.readouterr().out)
    assert [(each["erased"], each["allow_erased"]) for each in loads[:3]] == [
        (1, False),
        (0, True),
        (0, False),
    ]


def test_an_unknown_id_leaves_no_earlier_erasure_half_done(templates: Templates, tmp_path: Path) -> None:
    warehouse = desk(templates, tmp_path)
    forget_customer(ADA, warehouse, Archive(warehouse / "archive"), now=datetime.now(UTC))
    assert is_pending(warehouse)
    assert run("forget", "--customer", "nobody", warehouse=warehouse) == 1
    assert event_ids(warehouse) == ["e3", "e5", "e6"]
    assert len(list((warehouse / "receipts").iterdir())) == 1


def test_who_is_erased_in_one_source_comes_again_in_another(
    templates: Templates, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = desk(templates, tmp_path)
    load(warehouse, FIRST, "--source", "shop", name="shop.csv")
    capsys.readouterr()
    assert run("forget", "--customer", f" shop : {ADA}", warehouse=warehouse) == 0
    assert "The id is one of the source shop." in capsys.readouterr().out
    (receipt,) = (warehouse / "receipts").iterdir()
    assert json.loads(receipt.read_text())["source"] == "shop"
    for command in ("forget", "export-person"):  # again, and not meant for the namesake
        assert run(command, "--customer", ADA, warehouse=warehouse) == 1
        assert f"Name one: :{ADA}, shop:{ADA}." in " ".join(capsys.readouterr().err.split())
    assert load(warehouse, FIRST, "--source", "shop", name="shop.csv").erased == 3
    assert load(warehouse, FIRST, name="first.csv").duplicates == 3


@pytest.mark.sweep(3)
@pytest.mark.parametrize("content", [b"{", b'{"key_fingerprint": "a", "customers": {}}'])
def test_a_list_that_cannot_be_used_stops_whatever_needs_it_before_anything_is_changed(
    warehouse: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (warehouse / ERASED).write_bytes(content)
    (warehouse.parent / "again.csv").write_text(SECOND)
    notes = warehouse / "notebook.json"
    notes.write_text(json.dumps({"views": [], "annotations": [{"text": f"{BEN} rang"}]}))
    before = notes.read_bytes()
    for command in (["load", warehouse.parent / "again.csv"], ["forget", "--customer", BEN], ["rekey"]):
        assert run(*command, warehouse=warehouse) == 1
        assert "list of who was erased" in capsys.readouterr().err
        assert (warehouse / ERASED).read_bytes() == content
        assert not is_pending(warehouse)
    assert (notes.read_bytes(), event_ids(warehouse)) == (before, ["e3", "e5", "e6"])
    assert run("doctor", "--port", "0", warehouse=warehouse) == 1
    assert "list of who was erased" in "".join(capsys.readouterr())


def test_a_list_of_before_a_new_key_holds_and_is_brought_to_it(warehouse: Path) -> None:
    before = (warehouse / ERASED).read_bytes()
    assert run("rekey", warehouse=warehouse) == 0
    renewed = (warehouse / ERASED).read_bytes()
    assert run("rekey", warehouse=warehouse) == 0
    for earlier in (before, renewed):
        (warehouse / ERASED).write_bytes(earlier)
        assert run("doctor", "--port", "0", warehouse=warehouse) == 0
        assert load(warehouse, FIRST).erased == 3
    (warehouse / ERASED).write_bytes(before)
    assert run("forget", "--customer", BEN, warehouse=warehouse) == 0
    entries = read_erased(warehouse)
    assert entries is not None
    assert len(entries.customers) == 2
    assert load(warehouse, FIRST).erased == 4


@pytest.mark.sweep(3)
@pytest.mark.parametrize("content", [b"{", b'{"key_fingerprint": "a", "customers": {}}'])
def test_an_erasure_that_was_planned_goes_on_once_such_a_list_is_away(
    templates: Templates, tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = desk(templates, tmp_path)
    erased = entries_for(Archive(warehouse / "archive").pseudonyms(), {ADA: datetime.now(UTC)}, {})
    marks = marks_with([ADA], warehouse)
    plan = ErasurePlan(records=[], receipt_name="r.json", receipt="{}", erased=erased, notes=marks)
    plan.write(warehouse)
    (warehouse / ERASED).write_bytes(content)
    assert run("refresh", warehouse=warehouse) == 1
    assert "run the command again" in " ".join(capsys.readouterr().err.split())
    (warehouse / ERASED).unlink()
    assert run("refresh", warehouse=warehouse) == 0
    assert read_erased(warehouse) == erased
    assert files_with(ADA, warehouse / "notebook.json") == []
    assert (warehouse / "receipts" / "r.json").exists()


def test_purged_tickets_come_back_with_their_files_unless_keep_months_is_set(
    templates: Templates, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse, months = desk(templates, tmp_path), months_since_march()
    assert run("purge", "--months", months, warehouse=warehouse) == 0
    assert f"Set keep_months = {months} in" in " ".join(capsys.readouterr().out.split())
    assert (load(warehouse, FIRST).loaded, read_erased(warehouse)) == (3, None)
    (warehouse / "stepsight.toml").write_text(f"[privacy]\nkeep_months = {months}\n")
    assert run("purge", "--months", months, warehouse=warehouse) == 0
    assert "keep_months" not in capsys.readouterr().out
    assert load(warehouse, FIRST).too_old == 3


def test_what_a_purge_would_take_does_not_come_in(templates: Templates, tmp_path: Path) -> None:
    warehouse, now = desk(templates, tmp_path), datetime.now(UTC)
    old, young = ((now - timedelta(days=days)).isoformat() for days in (400, 10))
    (warehouse / "stepsight.toml").write_text("[privacy]\nkeep_months = 12\n")
    rows = [
        f"o1,{old},old-1,opened,,,,",
        f"o2,{old},old-2,opened,,,,",
        f"o3,{young},old-2,solved,,,,",
        f"o4,{old},old-3,opened,,,,",
        f"o5,{old},old-3,merged,,,,",
        f"o6,{young},ben-ticket-3,opened,,,,",
        f"o7,{old},old-4,dance,,,,",
    ]
    text = HEADER.strip() + ",value\n" + "".join(f"{row},{into(row)}\n" for row in rows)
    record = load(warehouse, text)
    assert (record.read, record.loaded, record.rejected, record.too_old) == (6, 5, 1, 1)
    before = [each for each in event_ids(warehouse) if each.startswith("o")]
    assert before == ["o2", "o3", "o4", "o5", "o6"]
    assert run("purge", "--months", "12", warehouse=warehouse) == 0
    after = [each for each in event_ids(warehouse) if each.startswith("o")]
    assert after == before  # it would have taken that ticket and no other


def into(row: str) -> str:
    return "ben-ticket-3" if ",merged," in row else ""
