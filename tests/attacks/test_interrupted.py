"""A command that was killed and is run again says that its work was carried through, and succeeds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from etl.store.archive import Archive
from tests.attacks.desk import (
    ADA,
    BEN,
    content,
    copy,
    desk,
    event_ids,
    files,
    is_same,
    months_since_march,
    run,
)
from tests.warehouses import Templates


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


def stop(*_: object, **__: object) -> None:
    raise Killed


@pytest.fixture
def kill(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Runs a command that ends where it would call a function of that name."""

    def run_until(place: str, *command: object, warehouse: Path) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(place, stop)
            with pytest.raises(Killed):
                run(*command, warehouse=warehouse)

    return run_until


def test_an_archive_alone_says_nothing_of_commands_that_were_interrupted(
    templates: Templates, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As in a backup of the archive: the database is made anew, and nobody was killed."""
    warehouse = desk(templates, tmp_path)
    assert run("unload", "1", warehouse=warehouse) == 0
    for command, code in ((["refresh"], 0), (["unload", "1"], 1)):
        for path in warehouse.glob("warehouse.duckdb*"):
            path.unlink()
        shutil.rmtree(warehouse / "snapshots")
        capsys.readouterr()
        assert run(*command, warehouse=warehouse) == code
        assert "interrupted" not in capsys.readouterr().err


PUBLISHING = "commands.warehouses.bring_up_to_date"
RELEASING = "etl.store.erasure_plan.remove_spilled"
"""Readers have the new snapshot, and the receipt is not written."""
RECORDS = "etl.store.erasure_plan.ErasurePlan.commit_records"
ANEW = "commands.privacy.make_anew"


@pytest.mark.parametrize("place", [RECORDS, ANEW, PUBLISHING, RELEASING])
@pytest.mark.parametrize(
    "command", [["forget", "--customer", ADA], ["purge", "--months", months_since_march()], ["rekey"]]
)
@pytest.mark.sweep(4)
def test_an_erasure_is_answered_by_its_receipt(
    templates: Templates,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    kill: Callable[..., None],
    command: list[object],
    place: str,
) -> None:
    warehouse = desk(templates, tmp_path)
    kill(place, *command, warehouse=warehouse)
    capsys.readouterr()
    assert run(*command, warehouse=warehouse) == 0
    out, err = capsys.readouterr()
    (receipt,) = (warehouse / "receipts").iterdir()
    assert str(receipt) in out
    assert "interrupted" not in err
    if command[0] != "rekey":
        removed = json.loads(receipt.read_text())
        assert f"Removed {removed['tickets_removed']} ticket" in out
        assert removed["tickets_removed"] > 0
    if command[0] == "forget":  # that is over, and a new key changes nothing of it
        for other in ("refresh", "rekey"):
            assert run(other, warehouse=warehouse) == 0
            assert run(*command, warehouse=warehouse) == 1
            assert str(receipt) in capsys.readouterr().err


def test_another_command_says_which_erasure_it_carried_through(
    templates: Templates, tmp_path: Path, capsys: pytest.CaptureFixture[str], kill: Callable[..., None]
) -> None:
    template = desk(templates, tmp_path / "template")
    kill(ANEW, "forget", "--customer", ADA, warehouse=template)
    for number, (command, status) in enumerate(
        [(["refresh"], 0), (["forget", "--customer", BEN], 0), (["forget", "--customer", "nobody"], 1)]
    ):
        warehouse = copy(template, tmp_path / str(number) / "warehouse")
        capsys.readouterr()
        assert run(*command, warehouse=warehouse) == status
        assert "An interrupted `forget` was carried through. The receipt is " in capsys.readouterr().err
        assert "e1" not in event_ids(warehouse)


def test_a_load_that_was_taken_out_is_answered(
    templates: Templates, tmp_path: Path, capsys: pytest.CaptureFixture[str], kill: Callable[..., None]
) -> None:
    warehouse = desk(templates, tmp_path)
    kill(PUBLISHING, "unload", 1, warehouse=warehouse)
    assert "e1" in event_ids(warehouse)
    assert run("unload", 7, warehouse=warehouse) == 1
    err = capsys.readouterr().err
    assert "An interrupted command was carried through: load 1 (first.csv) is taken out." in err
    assert "There is no load 7" in err
    assert "e1" not in event_ids(warehouse)
    kill(PUBLISHING, "unload", 2, warehouse=warehouse)
    capsys.readouterr()
    assert run("unload", 2, warehouse=warehouse) == 0
    assert "carried through: load 2 (second.csv) is taken out." in capsys.readouterr().err
    assert event_ids(warehouse) == []
    assert run("unload", 2, warehouse=warehouse) == 1  # that is over
    assert "There is no load 2 any more: it was taken out." in capsys.readouterr().err


@pytest.mark.parametrize("place", ["etl.store.file_load.catch_up", PUBLISHING])
def test_a_load_in_place_of_another_is_answered(
    templates: Templates,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    kill: Callable[..., None],
    place: str,
) -> None:
    warehouse, paths = desk(templates, tmp_path), files(tmp_path / "inputs")
    command = ["load", paths["third.csv"], "--replace", 1]
    kill(place, *command, warehouse=warehouse)
    other = copy(warehouse, tmp_path / "other" / "warehouse")
    capsys.readouterr()
    assert run(*command, "--json", warehouse=warehouse) == 0
    out, err = capsys.readouterr()
    (file,) = json.loads(out)["files"]
    assert (file["loaded"], file["duplicates"], file["replaces"]) == (1, 0, [1])
    assert "load 4 (third.csv) is in the numbers now, in place of load 1." in err
    assert event_ids(warehouse) == ["e2", "e5", "e6", "e7"]
    assert Archive(warehouse / "archive").next_load_id() == 5
    assert run("unload", 1, warehouse=warehouse) == 1
    assert "There is no load 1 any more: load 4 took its place." in capsys.readouterr().err
    # Another file goes to the same place.
    assert run("load", paths["first.csv"], "--replace", 1, warehouse=other) == 0
    assert event_ids(other) == ["e1", "e2", "e3", "e5", "e6"]


def test_a_load_and_definitions_that_come_in_later_are_named(
    templates: Templates, tmp_path: Path, capsys: pytest.CaptureFixture[str], kill: Callable[..., None]
) -> None:
    warehouse, paths = desk(templates, tmp_path), files(tmp_path / "inputs")
    kill(PUBLISHING, "load", paths["third.csv"], warehouse=warehouse)
    kill(PUBLISHING, "workflows", "add", paths["workflows.json"], warehouse=warehouse)
    capsys.readouterr()
    assert run("refresh", warehouse=warehouse) == 0
    err = capsys.readouterr().err
    assert "load 4 (third.csv) is in the numbers now." in err
    assert "the definitions of refund are in use now." in err
    assert run("refresh", warehouse=warehouse) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "place", [f"etl.store.salvage.{name}" for name in ("_put_aside", "_put_unnamed_aside")]
)
@pytest.mark.parametrize("command", [["rebuild", "--salvage"], ["refresh"]])
def test_a_salvage_that_was_killed_still_lists_all_that_is_lost(
    templates: Templates,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    kill: Callable[..., None],
    command: list[str],
    place: str,
) -> None:
    template = desk(templates, tmp_path / "template")
    for file in Archive(template / "archive").loads()[0].segments:
        (template / "archive" / "segments" / file).write_bytes(b"damaged")
    whole, warehouse = (copy(template, tmp_path / name / "warehouse") for name in ("whole", "killed"))
    capsys.readouterr()
    assert run("rebuild", "--salvage", warehouse=whole) == 0
    losses = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Lost: ")]
    assert len(losses) == 2
    kill(place, "rebuild", "--salvage", warehouse=warehouse)
    capsys.readouterr()
    assert run(*command, warehouse=warehouse) == 0
    out = capsys.readouterr().out
    assert [line for line in out.splitlines() if line.startswith("Lost: ")] == losses
    assert is_same(content(warehouse), content(whole))
    assert run("rebuild", "--salvage", warehouse=warehouse) == 0
    assert "nothing was lost" in capsys.readouterr().out
