"""A damaged archive is said file by file, costs nobody what is served, and gives what is sound."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from etl.privacy.erasure import forget_customer
from etl.store.archive import Archive, LoadRecord
from etl.store.erasure_plan import is_pending
from tests.attacks.byte_search import files_with
from tests.attacks.desk import ADA, content, desk, event_ids, files, is_same, run
from tests.warehouses import Templates

ALL = ["e1", "e2", "e3", "e5", "e6"]


@pytest.fixture
def warehouse(templates: Templates, tmp_path: Path) -> Path:
    return desk(templates, tmp_path)


def load_record(warehouse: Path, load_id: int) -> LoadRecord:
    record = Archive(warehouse / "archive").record(load_id)
    assert isinstance(record, LoadRecord)
    return record


def segment(warehouse: Path, load_id: int) -> Path:
    (name,) = load_record(warehouse, load_id).segments
    return warehouse / "archive" / "segments" / name


def damage(warehouse: Path, what: str) -> str:
    """Damage a file of the first load; its name."""
    file = segment(warehouse, 1)
    if what == "one byte":
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    elif what == "cut":
        file.write_bytes(file.read_bytes()[:100])
    elif what == "gone":
        file.unlink()
    elif what == "replaced by another":
        pl.read_parquet(file).head(1).write_parquet(file)
    elif what == "torn record":
        file = warehouse / "archive" / "loads" / "000001.json"
        file.write_text(file.read_text()[:80])
    elif what == "record gone":
        file = warehouse / "archive" / "loads" / "000001.json"
        file.unlink()
    elif what == "last record gone":
        file = warehouse / "archive" / "loads" / "000003.json"
        file.unlink()
    return file.name


DAMAGES = ["one byte", "replaced by another", "gone", "cut", "torn record", "record gone", "last record gone"]


@pytest.mark.sweep(9)
@pytest.mark.parametrize("what", DAMAGES)
def test_a_damaged_archive_is_named_and_changes_nothing_whatever_command_meets_it(
    warehouse: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, what: str
) -> None:
    served, paths = content(warehouse), files(tmp_path / "more")
    name = damage(warehouse, what)
    commands = (
        ["rebuild"],
        ["load", paths["third.csv"]],
        *([["forget", "--customer", "nobody"]] if what == "replaced by another" else []),
    )
    for command in commands:
        capsys.readouterr()
        assert run(*command, warehouse=warehouse) == 1, command
        text = capsys.readouterr().err
        assert name in text
        assert "stepsight rebuild --salvage" in text
        assert "Traceback" not in text
        assert is_same(content(warehouse), served)
    assert (warehouse / "warehouse.duckdb").exists()


@pytest.mark.sweep(9)
@pytest.mark.parametrize(
    ("what", "left", "sentence"),
    [
        ("replaced by another", ["e5", "e6"], "events of load 1 (first.csv)"),
        ("torn record", ["e5", "e6"], "load 1; its record cannot be read"),
        ("last record gone", ALL, "load 3; its record cannot be read"),
    ],
)
def test_salvage_keeps_what_is_sound_lists_what_is_lost_and_its_file_brings_it_back(
    warehouse: Path, capsys: pytest.CaptureFixture[str], what: str, left: list[str], sentence: str
) -> None:
    before = content(warehouse)
    name = damage(warehouse, what)
    assert run("rebuild", "--salvage", warehouse=warehouse) == 0
    said = capsys.readouterr().out
    assert sentence in said
    assert ("which rows of load 2 (second.csv) repeat others" in said) == (what != "last record gone")
    assert event_ids(warehouse) == left
    if what != "last record gone":
        assert [file.name for file in (warehouse / "damaged").rglob(name)] == [name]
    loads = content(warehouse)["loads"]
    assert (
        loads["read"]
        == loads.select(pl.sum_horizontal("loaded", "duplicates", "rejected", "skipped")).to_series()
    ).all()
    assert run("rebuild", warehouse=warehouse) == 0
    inputs = files(warehouse.parent / "inputs")
    assert run("load", inputs["first.csv"], inputs["second.csv"], warehouse=warehouse) == 0
    assert run("workflows", "add", inputs["workflows.json"], warehouse=warehouse) == 0
    after = content(warehouse)
    for table in ("tickets", "workflow_steps"):
        assert after[table].equals(before[table])
    assert event_ids(warehouse) == ALL
    for load_id in loads.filter(pl.col("file") == "first.csv")["load_id"]:
        assert run("unload", load_id, warehouse=warehouse) == 0
    assert {"e2", "e5", "e6"} <= set(event_ids(warehouse))  # what the second file has is still there


def test_a_sound_archive_loses_nothing_to_salvage(
    warehouse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = content(warehouse)
    assert run("rebuild", "--salvage", warehouse=warehouse) == 0
    assert "nothing was lost" in capsys.readouterr().out
    assert is_same(content(warehouse), before)
    assert not (warehouse / "damaged").exists()


def test_counts_that_files_do_not_bear_out_are_noticed_and_put_right(warehouse: Path) -> None:
    archive = Archive(warehouse / "archive")
    record = load_record(warehouse, 1)
    archive.commit(record.model_copy(update={"rejected": 7, "events": 70}))
    assert run("rebuild", warehouse=warehouse) == 1
    assert run("rebuild", "--salvage", warehouse=warehouse) == 0
    assert load_record(warehouse, 1).rejected == record.rejected == 1
    assert event_ids(warehouse) == ALL


def test_a_rebuild_that_cannot_finish_leaves_database_and_snapshot(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, database = content(warehouse), (warehouse / "warehouse.duckdb").read_bytes()

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("commands.warehouses.bring_up_to_date", fail)
        assert run("rebuild", warehouse=warehouse) == 1
    assert (warehouse / "warehouse.duckdb").read_bytes() == database
    assert is_same(content(warehouse), before)
    assert run("rebuild", warehouse=warehouse) == 0
    assert is_same(content(warehouse), before)


@pytest.mark.sweep(9)
@pytest.mark.parametrize("load_id", [1, 2, 3])
def test_a_damaged_record_within_an_erasure_is_salvaged_and_the_erasure_carried_through(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch, load_id: int
) -> None:
    archive = Archive(warehouse / "archive")
    with monkeypatch.context() as until_killed:
        until_killed.setattr(Archive, "commit", _end)
        with pytest.raises(InterruptedError):
            forget_customer(ADA, warehouse, archive, now=datetime(2026, 6, 1, tzinfo=UTC))
    assert is_pending(warehouse)
    name = archive.pseudonyms().of(ADA, "customer")
    archive.record_path(load_id).write_bytes(b"{}")
    assert run("metrics", "tickets_opened", warehouse=warehouse) == 0
    assert run("rebuild", "--salvage", warehouse=warehouse) == 0
    assert not is_pending(warehouse)
    assert len(list((warehouse / "receipts").iterdir())) == 1
    assert files_with(name, warehouse) == []
    assert run("rebuild", warehouse=warehouse) == 0


def _end(*_: object) -> None:
    raise InterruptedError


@pytest.mark.sweep(4)
@pytest.mark.parametrize("content", [b"", b'{"records": [', b"[]", b"\xff\x00"])
def test_a_damaged_plan_of_an_erasure_is_a_sentence_with_a_way_out(
    templates: Templates, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    warehouse = desk(templates, tmp_path)
    plan = warehouse / "archive" / "erasure.json"
    plan.write_bytes(content)
    assert run("metrics", "tickets_opened", warehouse=warehouse) == 0
    for command in (["forget", "--customer", ADA], ["rebuild"], ["rebuild", "--salvage"], ["doctor"]):
        capsys.readouterr()
        assert run(*command, warehouse=warehouse) == 1
        assert f"The plan of an erasure, {plan}, cannot be read" in "".join(capsys.readouterr())
    plan.unlink()
    for command in (["rebuild"], ["forget", "--customer", ADA]):
        assert run(*command, warehouse=warehouse) == 0
