"""What docs/OPERATING.md says an operator can do, done."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from etl.messages import TEMPLATES
from etl.privacy.key_file import key_path
from etl.store.archive import Archive
from etl.store.erased_list import FOR_GOOD, add_erased, entries_for
from tests.attacks.desk import ADA, content, desk, event_ids, files, is_same, run
from tests.warehouses import Templates

TEXT = (Path(__file__).parents[2] / "docs" / "OPERATING.md").read_text("utf-8")


@pytest.fixture
def warehouse(templates: Templates, tmp_path: Path) -> Path:
    return desk(templates, tmp_path)


def test_a_backup_as_described_is_restored_as_described(warehouse: Path, tmp_path: Path) -> None:
    (command,) = re.findall(r"^\( set -e.*?\)$", TEXT, re.MULTILINE | re.DOTALL)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "warehouse").symlink_to(warehouse)
    restored = tmp_path / "BACKUP"

    def back_up() -> set[str]:
        shutil.rmtree(restored, ignore_errors=True)
        subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True)
        return {path.name for path in restored.iterdir()}

    (warehouse / "notebook.json").rename(tmp_path / "notebook.json")
    assert back_up() == {"archive"}  # before anybody has noted, set or erased anything
    (tmp_path / "notebook.json").rename(warehouse / "notebook.json")
    (warehouse / "stepsight.toml").write_text("")
    (warehouse / "receipts").mkdir()
    add_erased(warehouse, entries_for(Archive(warehouse / "archive").pseudonyms(), {}, {"x": FOR_GOOD}))
    assert back_up() == {"archive", "notebook.json", "stepsight.toml", "receipts", "erased.json"}
    assert restored.stat().st_mode & 0o077 == 0
    shutil.copy(key_path(warehouse), key_path(restored))
    before = content(warehouse)
    shutil.rmtree(warehouse)
    assert run("rebuild", warehouse=restored) == 0
    assert is_same(content(restored), before)
    assert run("forget", "--customer", ADA, warehouse=restored) == 0
    assert event_ids(restored) == ["e3", "e5", "e6"]


def test_without_the_key_all_is_read_and_nothing_taken_in(
    warehouse: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, file = content(warehouse), files(tmp_path / "inputs")["third.csv"]
    key_path(warehouse).rename(tmp_path / "backup.key")
    for command in (["metrics", "tickets_opened"], ["refresh"], ["rebuild"], ["purge", "--months", "1200"]):
        assert run(*command, warehouse=warehouse) == 0
    capsys.readouterr()
    out = tmp_path / "ada"
    of_ada = ("--customer", ADA)
    stopped = (["load", file], ["forget", *of_ada], ["export-person", *of_ada, "--out", out], ["rekey"])
    for command in (*stopped, ["doctor", "--port", "0"]):
        assert run(*command, warehouse=warehouse) == 1
        text = " ".join("".join(capsys.readouterr()).split())
        assert str(key_path(warehouse)) in text
        assert all(f"`{name[0]}`" in text for name in stopped)
    assert is_same(content(warehouse), before)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "STEPSIGHT_KEY", str(tmp_path / "backup.key"))
        assert run("load", file, warehouse=warehouse) == 0


def test_every_message_of_the_table_is_one_that_there_is() -> None:
    rows = [line.split(" | ")[0].strip("| ") for line in TEXT.splitlines() if line.startswith("| ")]
    sentences = [row for row in rows if "…" in row]
    assert len(sentences) > 5
    parts = [part.strip() for sentence in sentences for part in sentence.split("…") if part.strip()]
    every = "\n".join(TEMPLATES.values())
    assert [part for part in parts if part not in every] == []
