"""Whatever is written lies in a place that is on the list, and an erasure reaches all of them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.notes import notebook
from dashboard.views.your_data import uploads
from dashboard.views.your_data.uploads import Upload
from etl.mapping.mapping import Mapping
from etl.privacy.key_file import key_path
from etl.store.archive import Archive
from etl.store.places import PLACES, place_of_file
from etl.store.warehouse import latest_snapshot
from metrics.settings.model import Settings
from tests.attacks.byte_search import files_with, files_with_any
from tests.attacks.desk import ADA, THIRD, desk, event_ids, files, run
from tests.warehouses import Templates

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 6, 1, tzinfo=UTC)
_written: set[str] | None = None


def _note(event: str, values: tuple[Any, ...]) -> None:
    if _written is None:
        return
    if event == "open" and isinstance(values[0], str) and isinstance(values[2], int):
        if values[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            _written.add(values[0])
    elif event in {"os.rename", "shutil.copyfile"}:
        _written.add(str(values[1]))


@contextmanager
def noted() -> Iterator[set[str]]:
    """The files that this process opens for writing meanwhile, wherever they lie."""
    global _written
    if _note not in _HOOKS:
        sys.addaudithook(_note)
        _HOOKS.append(_note)
    _written = set()
    try:
        yield _written
    finally:
        _written = None


_HOOKS: list[Any] = []


def test_whatever_is_written_lies_in_a_place_that_is_on_the_list(
    templates: Templates, tmp_path: Path
) -> None:
    warehouse, inputs = desk(templates, tmp_path), files(tmp_path / "inputs")
    with noted() as written:
        for command in (
            ["load", inputs["first.csv"], "--mapping", inputs["mapping.toml"]],
            ["workflows", "add", inputs["workflows.json"]],
            ["unload", 2],
            ["rebuild"],
            ["metrics", "tickets_opened", "--small-groups"],
            ["forget", "--customer", ADA],
        ):
            assert run(*command, warehouse=warehouse) == 0
        uploads.keep(Upload("a.csv", THIRD.encode()), Mapping(), warehouse, Settings(), now=NOW)
        notebook.change(
            warehouse, lambda old: notebook.with_annotation(old, date(2026, 3, 2), "note", "slow")
        )
        damage_any(warehouse)
        assert run("rebuild", "--salvage", warehouse=warehouse) == 0
    written |= {str(path) for path in tmp_path.rglob("*") if path.is_file()}
    ours = {
        path for path in written if "__pycache__" not in path and path != os.devnull and path != "/dev/null"
    }
    beside = {path for path in ours if not Path(path).is_relative_to(tmp_path / "inputs")}
    assert len(beside) > 30
    unknown = {path for path in beside if not is_on_the_list(path, warehouse)}
    assert unknown == set()


def damage_any(warehouse: Path) -> None:
    segment = next((warehouse / "archive" / "segments").iterdir())
    segment.write_bytes(segment.read_bytes()[:50])


def is_on_the_list(path: str, warehouse: Path) -> bool:
    relative = os.path.relpath(path, warehouse)
    return place_of_file(relative, warehouse.name) is not None


LEFT = {
    "damaged.duckdb": "by an upgrade",
    "anew.duckdb": "by a rebuild that was killed",
    "damaged/segments/a.parquet": "by a salvage",
    "warehouse.duckdb.tmp/duckdb_temp_storage-0.tmp": "by DuckDB",
    "archive/staging/000000.parquet": "by a load that was killed",
    "archive/loads/000009.unfinished": "by a load that was killed",
    "snapshots/{snapshot}.tmp/duckdb_temp_storage-0.tmp": "by a reader that was killed",
    "snapshots/000000-a.duckdb.tmp/duckdb_temp_storage-0.tmp": "by a reader of an older snapshot",
    "snapshots/000009-a.unfinished": "by a load that was killed",
    "uploads/tmpa/third.csv": "by a server that was killed",
    "erased.unfinished": "by an erasure that was killed",
    "notebook.unfinished": "by a server that was killed",
    "receipts/forget-a.unfinished": "by an erasure that was killed",
}


@pytest.mark.sweep(9)
@pytest.mark.parametrize("database", ["sound", "damaged"])
def test_a_byte_search_finds_nobody_who_is_forgotten_whatever_was_left_behind(
    templates: Templates, tmp_path: Path, database: str
) -> None:
    warehouse = desk(templates, tmp_path)
    shutil.rmtree(tmp_path / "inputs", ignore_errors=True)
    archive = Archive(warehouse / "archive")
    words = (ADA, archive.pseudonyms().of(ADA, "customer"), "ada-ticket-1")
    original = (warehouse / "warehouse.duckdb").read_bytes()
    snapshot = latest_snapshot(warehouse)
    assert snapshot is not None
    for name in LEFT:
        file = warehouse / name.format(snapshot=snapshot.name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(original if name.endswith(".duckdb") else "\n".join(words).encode())
        assert is_on_the_list(str(file), warehouse), name
    damaged = []
    if database == "damaged":
        damaged = ["warehouse.duckdb"]
        (warehouse / "warehouse.duckdb").write_bytes(" ".join(words).encode() * 500)
    for word in words[1:]:
        assert len(files_with(word, warehouse, damaged=damaged)) >= len(LEFT)
    assert run("forget", "--customer", ADA, warehouse=warehouse) == 0
    assert files_with_any(words, warehouse, key_path(warehouse)) == []
    assert event_ids(warehouse) == ["e3", "e5", "e6"]


def test_a_pattern_of_a_place_does_not_reach_into_folders() -> None:
    assert place_of_file("snapshots/a/b.duckdb", "warehouse") is None


def test_the_places_are_those_that_the_privacy_page_lists() -> None:
    text = (ROOT / "docs" / "PRIVACY.md").read_text("utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ")]
    listed = {row[0].strip("| "): row[-1].strip("| ") for row in rows}
    assert {place.name: place.erasure for place in PLACES}.items() <= listed.items()
