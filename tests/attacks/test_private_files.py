"""Nobody but their owner may read the files of a warehouse and its key, whatever the system would allow."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from dashboard.notes import notebook
from dashboard.views.your_data import uploads
from dashboard.views.your_data.uploads import Upload
from etl.privacy.key_file import key_path
from etl.private_files import private_files
from tests.attacks.desk import ADA, desk, files, run
from tests.attacks.test_refusing_disks import READ_ONLY
from tests.dashboard.browsing import ROOT
from tests.warehouses import Templates

OTHERS = 0o077


@pytest.fixture(autouse=True)
def _open_to_all() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(*folders: Path) -> list[str]:
    every = [path for folder in folders for path in (folder, *folder.rglob("*"))]
    return [str(path) for path in every if path.stat().st_mode & OTHERS]


def test_all_files_and_folders_are_for_their_owner_alone(templates: Templates, tmp_path: Path) -> None:
    inputs, made = files(tmp_path / "inputs"), tmp_path / "made"
    notebook.change(made, lambda old: notebook.with_annotation(old, date(2026, 3, 2), "note", "slow"))
    with uploads.on_disk(Upload("a.csv", b"a"), made) as path:
        assert open_to_others(made) == []
        assert path.read_bytes() == b"a"
    assert run("load", inputs["first.csv"], warehouse=made) == 0
    assert open_to_others(made, key_path(made)) == []
    warehouse = desk(templates, tmp_path)
    for each in (warehouse, *warehouse.rglob("*")):
        each.chmod(0o777)  # as an earlier version, or a copy, may have left them
    outside = tmp_path / "outside.toml"
    outside.touch(0o644)
    (warehouse / "stepsight.toml").symlink_to(outside)
    assert run("forget", "--customer", ADA, warehouse=warehouse) == 0
    (warehouse / "stepsight.toml").unlink()
    assert open_to_others(warehouse) == []
    assert outside.stat().st_mode & 0o777 == 0o644
    export = tmp_path / "rejected.csv"
    assert run("rejected", "--export", export, warehouse=made) == 0
    assert open_to_others(export) == []


def test_a_folder_that_holds_other_things_stays_open_and_what_is_ours_in_it_is_not(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    tmp_path.chmod(0o755)
    load = files(tmp_path / "inputs")["first.csv"]
    assert run("load", load, warehouse=tmp_path) == 0
    assert tmp_path.stat().st_mode & 0o777 == 0o755
    assert open_to_others(tmp_path / "archive", tmp_path / "snapshots", tmp_path / "warehouse.duckdb") == []


def test_a_folder_that_cannot_be_closed_leaves_none_of_its_files_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, close = tmp_path / "archive", Path.chmod
    folder.mkdir(0o755)
    (folder / "a").touch(0o644)

    def refuse(path: Path, mode: int) -> None:
        if path.is_dir():
            raise PermissionError
        close(path, mode)

    monkeypatch.setattr(Path, "chmod", refuse)
    with private_files(tmp_path, ["archive"]):
        assert open_to_others(folder) == [str(folder)]


def test_a_key_that_others_can_read_is_refused_unless_nobody_can_set_its_mode(
    templates: Templates, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse, load = desk(templates, tmp_path), files(tmp_path / "inputs")["third.csv"]
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    key = Path(shutil.move(key_path(warehouse), secrets / "key"))
    key.chmod(0o644)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "STEPSIGHT_KEY", str(key))
        for command in (["load", load], ["forget", "--customer", ADA]):
            assert run(*command, warehouse=warehouse) == 1
            assert f"chmod 600 {key}" in capsys.readouterr().err
        if shutil.which("unshare") is None:
            pytest.skip("nothing here can mount a folder read-only for one process")
        mounted = ["unshare", "--mount", "sh", "-c", READ_ONLY, "sh", secrets, sys.executable, "stepsight.py"]
        command = [*mounted, "load", load, "--warehouse", warehouse]
        done = subprocess.run(list(map(str, command)), cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("this user may not mount a folder read-only")
    assert done.returncode == 0, done.stderr


def test_a_linked_warehouse_has_the_key_beside_its_target(tmp_path: Path) -> None:
    inputs, target, link = files(tmp_path / "inputs"), tmp_path / "disk" / "numbers", tmp_path / "warehouse"
    target.mkdir(parents=True)
    link.symlink_to(target)
    assert run("load", inputs["first.csv"], warehouse=link) == 0
    assert key_path(link) == key_path(target)
    assert key_path(target).exists()
    assert run("load", inputs["second.csv"], warehouse=target) == 0
    shutil.move(key_path(target), tmp_path / "warehouse.key")  # where an earlier version made it
    assert run("load", inputs["third.csv"], warehouse=link) == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(target)
        assert key_path(Path()) == key_path(target)
