"""`stepsight doctor` finds what would stop Stepsight, and says what to do."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import stepsight
from commands import doctor as doctor_command
from commands import places
from commands.places import data_folder
from etl.privacy.key_file import key_path
from tests.test_command_line import load
from tests.warehouses import Templates

EVENTS = "event_id,occurred_at,ticket_id,kind\ne1,2026-03-02T09:00Z,a,opened\n"


class Doctor:
    """Looks at one warehouse."""

    def __init__(self, warehouse: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.warehouse, self._capsys = warehouse, capsys

    def run(self, *arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as exit_:
            stepsight.main([*arguments, "--warehouse", str(self.warehouse)])
        return int(exit_.value.code or 0), self._capsys.readouterr().out

    def look(self, *options: str) -> tuple[int, dict[str, Any]]:
        code, out = self.run("doctor", "--port", "0", "--json", *options)
        return code, json.loads(out)

    def problem(self, name: str, *options: str) -> str:
        """The one problem there is, which this check has."""
        code, found = self.look(*options)
        (wrong,) = [check for check in found["checks"] if not check["ok"]]
        assert (code, found["ok"], wrong["name"]) == (1, False, name)
        return str(wrong["message"]["text"])


@pytest.fixture
def doctor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Doctor:
    return Doctor(tmp_path / "warehouse", capsys)


@pytest.fixture
def loaded(doctor: Doctor, templates: Templates, capsys: pytest.CaptureFixture[str]) -> Doctor:
    templates.copy(doctor.warehouse, EVENTS, lambda warehouse: load(warehouse, EVENTS))
    capsys.readouterr()  # whoever loads is told so
    return doctor


def test_nothing_is_wrong_before_the_first_load_and_nothing_is_made(doctor: Doctor, tmp_path: Path) -> None:
    code, found = doctor.look()
    assert (code, found["ok"]) == (0, True), found
    assert {"stepsight", "python", "duckdb", "polars", "streamlit"} <= set(found["versions"])
    assert list(tmp_path.iterdir()) == []


def test_people_read_what_holds(loaded: Doctor) -> None:
    code, out = loaded.run("doctor", "--port", "0")
    assert (code, "Nothing is wrong" in out, str(loaded.warehouse) in out) == (0, True, True)
    assert "snapshots" in out


def test_a_key_that_others_can_read(loaded: Doctor) -> None:
    key = key_path(loaded.warehouse)
    key.chmod(0o644)
    assert f"chmod 600 {key}" in loaded.problem("key")
    key.chmod(0o600)
    assert loaded.look()[0] == 0


def lose_key(warehouse: Path) -> None:
    key_path(warehouse).unlink()


def exchange_key(warehouse: Path) -> None:
    key_path(warehouse).write_text("00" * 32)


def mistype_settings(warehouse: Path) -> None:
    (warehouse / "stepsight.toml").write_text("time_zoned = 1\n")


def damage_snapshots(warehouse: Path) -> None:
    for snapshot in (warehouse / "snapshots").glob("*.duckdb"):
        snapshot.write_bytes(b"damaged" * 999)


def damage_archive(warehouse: Path) -> None:
    for segment in (warehouse / "archive" / "segments").iterdir():
        segment.write_bytes(b"damaged" * 999)


def salvage(warehouse: Path) -> None:
    (warehouse / "damaged" / "segments").mkdir(parents=True)


def grow_database(warehouse: Path) -> None:
    with (warehouse / "warehouse.duckdb").open("r+b") as database:
        database.truncate(1 << 43)  # of holes, which take no room


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    ("harm", "check", "says"),
    [
        (lose_key, "key", "Put the key back from your backup"),
        (exchange_key, "key", "not the one this warehouse was loaded with"),
        (mistype_settings, "settings", "Did you mean time_zone?"),
        (damage_snapshots, "snapshot", "stepsight rebuild"),
        (damage_archive, "archive", "stepsight rebuild --salvage"),
        (salvage, "damaged", "Delete the folder when nobody needs it"),
        (grow_database, "space", "a load needs 16,384 GiB. Make room"),
    ],
)
def test_what_is_wrong_with_a_warehouse_is_the_one_problem_and_is_left(
    loaded: Doctor, harm: Callable[[Path], None], check: str, says: str
) -> None:
    harm(loaded.warehouse)
    assert says in loaded.problem(check)
    assert says in loaded.problem(check)


def test_a_warehouse_that_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("STEPSIGHT_KEY", str(tmp_path / "key"))
    text = Doctor(tmp_path / "file" / "warehouse", capsys).problem("warehouse")
    assert ("cannot be written" in text, "--warehouse" in text) == (True, True)


def test_a_port_in_use(doctor: Doctor) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert f"Port {port} is in use" in doctor.problem("port", "--port", port)


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        stepsight.main(["--version"])
    assert (exit_.value.code, capsys.readouterr().out.startswith("stepsight 0.")) == (0, True)


def test_a_package_that_is_not_installed_is_a_sentence(
    doctor: Doctor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a checkout that nobody installed, with the packages it needs."""
    monkeypatch.setattr(places, "STEPSIGHT", "stepsight-not-there")
    monkeypatch.setattr(doctor_command, "STEPSIGHT", "stepsight-not-there")
    assert "stepsight-not-there has version –, but Stepsight needs" in doctor.problem("packages")
    with pytest.raises(SystemExit) as exit_:
        stepsight.main(["--version"])
    assert (exit_.value.code, capsys.readouterr().out) == (0, "stepsight is not installed\n")


def test_data_lies_in_the_checkout_or_else_with_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    assert data_folder(tmp_path) == tmp_path / "home" / "stepsight"
    (tmp_path / "pyproject.toml").touch()
    assert data_folder(tmp_path) == tmp_path / "data"
