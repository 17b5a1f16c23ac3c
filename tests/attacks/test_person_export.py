"""Whatever is kept of a customer can be had, and it is what an erasure takes."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from etl.privacy.person_export import TABLES_OF_PLACES
from etl.store.archive import Archive
from etl.store.places import PLACES
from tests.attacks.desk import ADA, HEADER, desk, run
from tests.warehouses import Templates

RATED = f"""{HEADER.strip()},score,scale_max,custom_plan
e8,2026-03-04T09:00Z,ada-ticket-1,rated,,,,,4,5,
e9,2026-03-05T09:00Z,ada-ticket-2,opened,{ADA},phone,,,,,gold
"""


def test_what_a_file_brought_again_in_the_place_of_another_counts_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse, file = tmp_path / "warehouse", tmp_path / "few.csv"
    file.write_text(
        "occurred_at,ticket_id,kind,customer_id,custom_from\n"
        "2026-03-01T09:00Z,a,opened,cust-71,\n"
        "2026-03-01T10:00Z,a,closed,,\n"
        "2026-03-01T11:00Z,b,opened,cust-72,cust-71\n"
    )
    for how in ((), (), ("--replace", "1")):
        assert run("load", *how, file, warehouse=warehouse) == 0
    capsys.readouterr()
    out = tmp_path / "person"
    assert run("export-person", "--customer", "cust-71", "--out", out, warehouse=warehouse) == 0
    assert "1 ticket with 2 events, 0 rejected rows, 1 mention" in " ".join(capsys.readouterr().out.split())
    assert pl.read_csv(out / "events.csv").height == 4  # of either load
    assert run("forget", "--customer", "cust-71", warehouse=warehouse) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "1 ticket with 2 events" in said
    assert "in 1 cell" in said


def test_every_place_that_an_erasure_rewrites_is_exported() -> None:
    assert {place.name for place in PLACES if place.erasure == "rewritten"} == TABLES_OF_PLACES.keys()


def test_all_that_an_erasure_takes_is_exported_before(templates: Templates, tmp_path: Path) -> None:
    warehouse, out = desk(templates, tmp_path), tmp_path / "ada"
    (tmp_path / "rated.csv").write_text(RATED)
    assert run("load", tmp_path / "rated.csv", warehouse=warehouse) == 0
    assert run("export-person", "--customer", f" {ADA}", "--out", out, warehouse=warehouse) == 0
    tables = {file.stem: pl.read_csv(file, raise_if_empty=False) for file in out.glob("*.csv")}
    document = json.loads((out / "person.json").read_text())
    assert tables.keys() == {*TABLES_OF_PLACES.values(), "ratings", "mentions", "pseudonyms"}
    assert document.keys() == {*tables, "customer", "source"}
    assert tables["events"]["event_id"].sort().to_list() == ["e1", "e2", "e8", "e9"]
    assert tables["ratings"]["score"].to_list() == [4.0]
    assert tables["rejected_rows"]["position"].to_list() == [4]
    assert tables["repeated_rows"].select("load_id", "same_load").rows() == [(2, 1)]
    assert tables["loads"].select("file", "events", "rejected_rows").rows() == [
        ("first.csv", 2, 1),
        ("second.csv", 0, 0),
        ("rated.csv", 2, 0),
    ]
    assert [note["content"]["text"] for note in document["notes"]] == [f"{ADA} rang"]
    pseudonym = Archive(warehouse / "archive").pseudonyms().of(ADA, "customer")
    assert tables["pseudonyms"].rows() == [("customer", ADA, pseudonym)]
    for name, table in tables.items():  # the same in both forms
        assert document[name] == [_with_objects(row) for row in table.to_dicts()]
    assert document["events"][0]["occurred_at"] == "2026-03-02T09:00:00Z"
    assert {type(row["content"]) for row in document["rejected_rows"]} == {dict}
    explanation = (out / "README.txt").read_text()
    assert [name for name in tables if f"{name}.csv (" not in explanation] == []
    assert all(each in explanation for each in (ADA, "person.json", "pseudonyms", "UTC"))
    assert all(path.stat().st_mode & 0o077 == 0 for path in (out, *out.iterdir()))
    assert run("forget", "--customer", ADA, warehouse=warehouse) == 0
    (receipt,) = (warehouse / "receipts").iterdir()
    removed = json.loads(receipt.read_text())
    assert {
        "tickets_removed": tables["events"]["ticket_id"].n_unique(),
        "events_removed": tables["events"].height,
        "rejected_rows_removed": tables["rejected_rows"].height,
        "notes_removed": tables["notes"].height,
    }.items() <= removed.items()
    again = ["export-person", "--customer", ADA, "--out", tmp_path / "again"]
    assert run(*again, warehouse=warehouse) == 1
    assert not (tmp_path / "again").exists()


def _with_objects(row: dict[str, object]) -> dict[str, object]:
    return {
        name: json.loads(value) if isinstance(value, str) and value.startswith("{") else value
        for name, value in row.items()
    }


def test_it_is_written_to_a_new_folder_outside(
    templates: Templates, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = desk(templates, tmp_path)
    for folder in (tmp_path, warehouse / "ada"):
        assert run("export-person", "--customer", ADA, "--out", folder, warehouse=warehouse) == 1
        assert "with --out" in capsys.readouterr().err
    (warehouse / "notebook.json").write_text('{"views": [], "annotations": [{"text": "=carl rang"}]}')
    assert run("export-person", "--customer", "carl", "--out", tmp_path / "carl", warehouse=warehouse) == 0
    assert pl.read_csv(tmp_path / "carl" / "notes.csv").height == 1  # of whom there is nothing else
