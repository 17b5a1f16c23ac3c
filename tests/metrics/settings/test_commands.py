"""Settings, service levels and breaches on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import stepsight
from commands.places import SAMPLE
from etl.settings.file import read_settings
from metrics.settings.model import Settings

HISTORY = """event_id,occurred_at,ticket_id,kind,actor,channel
a1,2026-03-02T22:30:00Z,a,opened,,phone
a2,2026-03-03T09:30:00Z,a,replied,agent,
a3,2026-03-03T10:00:00Z,a,solved,,
b1,2026-03-03T12:00:00Z,b,opened,,email
c1,2026-03-03T12:20:00Z,c,opened,,phone
"""
TARGETS = "[[targets]]\nfirst_response_minutes = 60\n"


class Shell:
    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.warehouse, self._capsys = folder, folder / "warehouse", capsys

    def __call__(self, *arguments: str, settings: str = "") -> tuple[int, str, str]:
        before = ["--settings", settings] if settings else []
        with pytest.raises(SystemExit) as exit_:
            stepsight.main([*before, *arguments, "--warehouse", str(self.warehouse)])
        out, err = self._capsys.readouterr()
        return int(exit_.value.code or 0), out, err

    def value(self, metric: str, *more: str) -> tuple[float | None, int]:
        code, out, err = self("metrics", metric, "--format", "json", *more)
        assert code == 0, err
        (row,) = json.loads(out)
        return row["value"], row["n"]


@pytest.fixture
def shell(tmp_path, capsys, monkeypatch, templates) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("STEPSIGHT_SETTINGS", raising=False)
    (tmp_path / "events.csv").write_text(HISTORY)
    shell = Shell(tmp_path, capsys)
    templates.copy(shell.warehouse, HISTORY, lambda folder: load(tmp_path / "events.csv", folder))
    capsys.readouterr()  # whoever loads is told so
    return shell


def load(file: Path, warehouse: Path) -> None:
    with pytest.raises(SystemExit) as exit_:
        stepsight.main(["load", str(file), "--warehouse", str(warehouse)])
    assert not exit_.value.code


def test_without_targets_there_is_nothing_to_breach(shell):
    assert shell.value("first_response_sla_rate") == (None, 0)
    code, _, err = shell("breaches")
    assert code == 1
    assert "No service-level targets are set. `stepsight settings > stepsight.toml`" in err


def test_changed_settings_are_noticed_and_applied_by_a_refresh(shell):
    (shell.folder / "stepsight.toml").write_text(TARGETS)
    assert "The settings have changed" in shell("metrics", "csat")[2]
    assert shell("refresh")[0] == 0
    assert shell("metrics", "csat")[2] == ""
    assert shell.value("first_response_sla_rate") == (1, 1)


def test_what_is_about_to_breach_is_listed(shell):
    (shell.folder / "stepsight.toml").write_text(TARGETS)
    shell("refresh")
    code, out, _ = shell("breaches", "--within", "50", "--format", "json")
    assert code == 0
    assert [(row["ticket_id"], row["remaining_minutes"]) for row in json.loads(out)] == [("b", 40)]
    _, out, _ = shell("breaches", "--where", "channel=phone", "--format", "csv")
    assert out.splitlines()[1].startswith("c,first_response,phone,")


def test_local_days_and_hours_are_those_of_the_settings(shell):
    assert shell.value("tickets_opened", "--to", "2026-03-02") == (1, 1)
    assert shell.value("first_response_business_minutes") == (30, 1)
    (shell.warehouse / "stepsight.toml").write_text('time_zone = "Europe/Berlin"')
    shell("refresh")
    assert shell.value("tickets_opened", "--to", "2026-03-02") == (1, 1)
    (shell.warehouse / "stepsight.toml").write_text('time_zone = "Asia/Tokyo"')
    shell("refresh")
    assert shell.value("tickets_opened", "--to", "2026-03-02") == (0, 0)
    assert shell.value("first_response_business_minutes") == (8 * 60, 1)


def test_the_settings_are_printed_and_checked(shell):
    code, out, _ = shell("settings")
    assert code == 0
    assert 'time_zone = "UTC"' in out
    assert "No settings file: the defaults can be used." in shell("settings", "--check")[1]
    other = shell.folder / "other.toml"
    other.write_text(out)
    assert "other.toml can be used." in shell("settings", "--check", str(other))[1].replace("\n", "")
    other.write_text('time_zon = "UTC"')
    code, _, err = shell("settings", "--check", str(other))
    assert code == 1
    assert err.startswith(f"stepsight: The settings file {other}, at time_zon: there is no such setting.")
    assert "Traceback" not in err


def test_the_file_is_named_by_an_option_or_the_environment(shell, monkeypatch):
    named = shell.folder / "named.toml"
    named.write_text('currency = "NGN"')
    assert 'currency = "NGN"' in shell("settings", settings=str(named))[1]
    assert 'currency = "EUR"' in shell("settings")[1]
    monkeypatch.setenv("STEPSIGHT_SETTINGS", str(named))
    assert 'currency = "NGN"' in shell("settings")[1]
    monkeypatch.setenv("STEPSIGHT_SETTINGS", "missing.toml")
    assert "There is no settings file missing.toml" in shell("metrics", "csat")[2]


def test_the_samples_settings_are_settings():
    sample = SAMPLE / "stepsight.toml"
    assert read_settings(sample, Settings).targets


def test_a_check_names_every_mistake(shell):
    (shell.folder / "bad.toml").write_text(
        'hourly_cost = "much"\ntime_zonee = "UTC"\n[thresholds]\nspeed = 1\n'
    )
    code, out, err = shell("settings", "bad.toml", "--check")
    assert code == 1
    assert not out
    for place in ("hourly_cost", "time_zonee", "thresholds, speed"):
        assert f"bad.toml, at {place}:" in err
    assert len(err.splitlines()) == 3
