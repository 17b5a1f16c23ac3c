"""Readers see finished snapshots, read-only; one process writes."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from etl.contract.events import COLUMNS
from etl.errors import StorageFailed, WarehouseBusy, WarehouseDamaged
from etl.store.database_files import remove_database
from etl.store.storage_failures import storage_failures
from etl.store.tables import SCHEMA_VERSION
from etl.store.warehouse import (
    latest_snapshot,
    open_snapshot,
    open_writer,
    publish,
    snapshot_id,
)

OPEN = """
import sys
from pathlib import Path
from etl.store.warehouse import open_writer
with open_writer(Path(sys.argv[1])):
    pass
"""

HOLD = """
import sys
import duckdb
held = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


def test_an_empty_warehouse_answers_with_no_rows(tmp_path: Path) -> None:
    assert latest_snapshot(tmp_path) is None
    assert open_snapshot(None).execute("SELECT count(*) FROM events").fetchall() == [(0,)]


def test_a_reader_keeps_its_snapshot_while_a_newer_one_is_published(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        first = publish(writer, tmp_path)
        reader = open_snapshot(first)
        writer.execute("INSERT INTO stale_tickets VALUES ('t1')")
        second = publish(writer, tmp_path)
        assert reader.execute("SELECT count(*) FROM stale_tickets").fetchall() == [(0,)]
        assert latest_snapshot(tmp_path) == second
        assert open_snapshot(second).execute("SELECT count(*) FROM stale_tickets").fetchall() == [(1,)]
        assert [path.name for path in (tmp_path / "snapshots").iterdir()] == [second.name]


def test_name_and_id_of_a_snapshot_never_come_again_even_where_all_are_made_anew(tmp_path: Path) -> None:
    names: list[str] = []
    ids: set[str | None] = set()
    for _ in range(3):
        with open_writer(tmp_path) as writer:
            names += [publish(writer, tmp_path).name, publish(writer, tmp_path).name]
            latest = latest_snapshot(tmp_path)
        assert latest is not None
        assert latest.name == names[-1]
        with open_snapshot(latest) as reader:
            ids.add(snapshot_id(reader, latest))
        remove_database(tmp_path)
        latest.unlink()
    assert len(set(names)) == len(names)
    assert len(ids - {None}) == 3


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (a INTEGER)",
        "SELECT * FROM read_text('/etc/hostname')",
        "COPY events TO 'out.csv'",
        "ATTACH 'other.duckdb'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET threads = 1",
    ],
)
def test_a_reader_can_neither_write_nor_reach_files_nor_change_settings(
    tmp_path: Path, statement: str
) -> None:
    with open_writer(tmp_path) as writer:
        snapshot = publish(writer, tmp_path)
    with pytest.raises(duckdb.Error):
        open_snapshot(snapshot).execute(statement)


def test_a_second_writer_is_told_who_is_writing(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        publish(writer, tmp_path)  # copying the file must not let go of the lock
        second = subprocess.run(
            [sys.executable, "-c", OPEN, str(tmp_path)], capture_output=True, text=True, check=False
        )
        with pytest.raises(WarehouseBusy, match="another process"), open_writer(tmp_path):
            pass
    assert "is being written by another process (process " in second.stderr


@pytest.mark.parametrize("content", [b"nonsense" * 1000, b"", b"DUCK"])
def test_a_damaged_database_file_is_put_aside_and_started_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "warehouse.duckdb").write_bytes(content)
    with open_writer(tmp_path) as writer:
        assert writer.execute("SELECT count(*) FROM applied").fetchall() == [(0,)]
        if content:
            assert (tmp_path / "damaged.duckdb").read_bytes() == content
        publish(writer, tmp_path)
    assert not list(tmp_path.glob("damaged*"))  # the archive has made anew all that was in it


@pytest.mark.parametrize("name", ["warehouse.duckdb.tmp", "damaged.duckdb.tmp"])
def test_what_a_killed_process_had_spilled_from_memory_is_removed(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "duckdb_temp_storage-0.tmp").write_bytes(b"rows")
    (tmp_path / "warehouse.duckdb").write_bytes(b"nonsense" * 1000)
    with open_writer(tmp_path) as writer:
        publish(writer, tmp_path)
    assert not list(tmp_path.rglob("*.tmp"))


def test_a_database_that_another_program_has_open_is_left_where_it_is(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        writer.execute("INSERT INTO applied VALUES (7)")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "warehouse.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(WarehouseBusy, match="Another program"), open_writer(tmp_path):
            pass
        other.communicate(b"")
    with open_writer(tmp_path) as writer:
        assert writer.execute("FROM applied").fetchall() == [(7,)]


REFUSALS = {
    errno.ENOSPC: "Make room",
    errno.EROFS: "Mount the disk for writing",
    errno.EACCES: "the right to write",
    errno.ENOLCK: "no file locks",
    errno.EIO: "the disk fails",
    errno.ENOENT: "is gone",
}


@pytest.mark.parametrize("number", REFUSALS)
def test_each_refusal_of_the_disk_has_its_own_remedy(tmp_path: Path, number: int) -> None:
    with pytest.raises(StorageFailed, match=REFUSALS[number]) as refused, storage_failures(tmp_path):
        raise OSError(number, os.strerror(number), str(tmp_path / "some.file"))
    assert ("Make room" in str(refused.value)) == (number == errno.ENOSPC)


def test_a_database_of_another_version_is_started_anew(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        writer.execute("UPDATE schema_version SET version = 'older'")
        writer.execute("INSERT INTO applied VALUES (7)")
    with open_writer(tmp_path) as writer:
        assert writer.execute("SELECT count(*) FROM applied").fetchall() == [(0,)]
        assert writer.execute("SELECT version FROM schema_version").fetchall() == [(SCHEMA_VERSION,)]


@pytest.mark.parametrize("folder", ["file/inside", "/proc/stepsight"])
def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFailed, match="cannot be written"), open_writer(tmp_path / folder):
        pass


def test_a_damaged_snapshot_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "000001.duckdb").write_bytes(b"nonsense" * 1000)
    with pytest.raises(WarehouseDamaged, match="stepsight rebuild"):
        open_snapshot(tmp_path / "000001.duckdb")


def test_every_reader_and_cursor_is_in_utc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    with open_writer(tmp_path) as writer:
        snapshot = publish(writer, tmp_path)
    first, second = open_snapshot(snapshot), open_snapshot(snapshot)
    for reader in (first, second, first.cursor(), second.cursor(), open_snapshot(None).cursor()):
        assert reader.execute("SELECT current_setting('TimeZone')").fetchall() == [("UTC",)]
        with pytest.raises(duckdb.Error, match="configuration"):
            reader.execute("SET threads = 1")


def test_the_event_table_has_the_contracts_columns_and_types() -> None:
    events = open_snapshot(None).table("events")
    assert dict(zip(events.columns, map(str, events.types), strict=True)) | {
        "load_id": "BIGINT",
        "position": "BIGINT",
    } == {
        name: {"instant": "TIMESTAMP WITH TIME ZONE", "whole": "BIGINT", "number": "DOUBLE"}.get(
            column.type, "VARCHAR"
        )
        for name, column in COLUMNS.items()
    } | {"source": "VARCHAR", "custom": "VARCHAR", "load_id": "BIGINT", "position": "BIGINT"}
