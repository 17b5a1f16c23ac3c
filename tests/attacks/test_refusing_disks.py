"""A disk that is full, read-only, or without locks: a sentence, and nothing is lost."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.attacks.desk import ADA, content, desk, event_ids, files, is_same, run
from tests.dashboard.browsing import ROOT
from tests.warehouses import Templates

READ_ONLY = """
mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 77
shift
exec "$@"
"""
COMMANDS = """
import sys
import stepsight
warehouse, file = sys.argv[1:]
for command in (["refresh"], ["rebuild"], ["load", file], ["loads"], ["metrics", "tickets_opened"]):
    try:
        stepsight.main([*command, "--warehouse", warehouse])
    except SystemExit as end:
        print(command[0], "ended with", end.code, flush=True)
from pathlib import Path
from dashboard.views.your_data import uploads
try:
    with uploads.on_disk(uploads.Upload("a.csv", b"a"), Path(warehouse)):
        pass
except Exception as error:
    print(f"upload: {type(error).__name__}: {error}")
"""


def test_a_read_only_folder_is_read_and_whatever_writes_says_so(templates: Templates, tmp_path: Path) -> None:
    warehouse = desk(templates, tmp_path / "disk")
    before, file = content(warehouse), files(tmp_path / "inputs")["third.csv"]
    if shutil.which("unshare") is None:
        pytest.skip("nothing here can mount a folder read-only for one process")
    command = ["unshare", "--mount", "sh", "-c", READ_ONLY, "sh", tmp_path / "disk"]
    script = [sys.executable, "-c", COMMANDS, warehouse, file]
    done = subprocess.run(
        [*map(str, [*command, *script])],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    if done.returncode in {1, 77} and "ended with" not in done.stdout:
        pytest.skip("nothing here can mount a folder read-only for one process")
    statuses = dict(line.split(" ended with ") for line in done.stdout.splitlines() if " ended with " in line)
    assert statuses == {"refresh": "1", "rebuild": "1", "load": "1", "loads": "0", "metrics": "0"}
    assert done.stderr.count("cannot be written: the disk is read-only") == 3
    assert "upload: StorageFailed: " in done.stdout
    assert "Make room" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert is_same(content(warehouse), before)


@pytest.mark.sweep(3)
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_disk_without_locks_is_a_sentence(
    templates: Templates,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: int,
) -> None:
    """No disk here is without locks: the call that asks for one is answered as by such a disk."""
    import fcntl

    warehouse = desk(templates, tmp_path)
    before = content(warehouse)

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(fcntl, "flock", refuse)
        assert run("refresh", warehouse=warehouse) == 1
    assert "has no file locks" in capsys.readouterr().err
    assert is_same(content(warehouse), before)
    assert run("refresh", warehouse=warehouse) == 0


FULL = """
import resource, signal, sys
import stepsight
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # so that writing fails instead of ending the process
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
stepsight.main(sys.argv[2:])
"""


def on_full_disk(
    *arguments: object, warehouse: Path, room: int = 200_000
) -> subprocess.CompletedProcess[str]:
    """A command that cannot write a file larger than `room` bytes."""
    command = [sys.executable, "-c", FULL, room, *arguments, "--warehouse", warehouse]
    return subprocess.run([*map(str, command)], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.sweep(2)
@pytest.mark.parametrize("command", [["forget", "--customer", ADA], ["rebuild"]])
def test_on_a_full_disk_readers_keep_what_they_have_and_the_next_command_completes(
    templates: Templates, tmp_path: Path, command: list[str]
) -> None:
    warehouse = desk(templates, tmp_path)
    before = content(warehouse)
    full = on_full_disk(*command, warehouse=warehouse)
    assert full.returncode == 1
    assert "Make room" in full.stderr
    assert "Traceback" not in full.stderr
    assert is_same(content(warehouse), before)
    assert not (warehouse / "receipts").exists()
    assert run("refresh", warehouse=warehouse) == 0
    if command[0] == "forget":
        assert event_ids(warehouse) == ["e3", "e5", "e6"]
        assert len(list((warehouse / "receipts").iterdir())) == 1
    else:
        assert is_same(content(warehouse), before)


def test_a_load_that_finds_no_room_says_so_alone(templates: Templates, tmp_path: Path) -> None:
    warehouse, file = desk(templates, tmp_path), files(tmp_path / "inputs")["third.csv"]
    full = on_full_disk("load", file, warehouse=warehouse, room=4_000)
    assert (full.returncode, full.stdout) == (1, "")
    assert full.stderr.startswith("stepsight: The warehouse folder")
    assert full.stderr.count("\n") == 1
    assert run("refresh", warehouse=warehouse) == 0
    assert event_ids(warehouse) == ["e1", "e2", "e3", "e5", "e6"]


def test_a_load_that_is_archived_when_the_disk_fills_up_is_named_then_and_when_it_comes_in(
    templates: Templates, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse, file = desk(templates, tmp_path), files(tmp_path / "inputs")["third.csv"]
    full = on_full_disk("load", file, warehouse=warehouse)
    assert full.returncode == 1
    assert "Load 4 (third.csv) is in the archive already." in full.stderr
    assert "Make room" in full.stderr
    assert run("refresh", warehouse=warehouse) == 0
    assert "load 4 (third.csv) is in the numbers now." in capsys.readouterr().err
    assert "e7" in event_ids(warehouse)
