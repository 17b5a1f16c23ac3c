"""No data can make a command fail, and lists of days, weeks and months end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.extremes import HISTORIES, run, warehouse_of
from tests.test_filters import COMMANDS
from tests.warehouses import Templates

ALL_COMMANDS = (
    *COMMANDS,
    *("metrics", "metrics --cohort", "metrics --by day", "metrics --by week,team", "metrics --by month,hour"),
    *("backlog --every week", "loads", "health", "rejected", "settings", "change csat tickets_opened"),
    *("change tickets_solved --against last_year", "trend backlog", "trend csat --format json"),
    *("metrics tickets_opened --from 1990-01-01 --to 2026-12-31", "explain resolution_minutes"),
    *("metrics backlog --as-of 1990-01-01T00:00Z", "metrics backlog --as-of 9999-12-31T23:59Z"),
    "metrics backlog --as-of 0001-01-01T00:00Z",
)


@pytest.mark.sweep(4)
@pytest.mark.parametrize("name", HISTORIES)
def test_every_command_answers(
    name: str, tmp_path: Path, templates: Templates, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = warehouse_of(name, tmp_path, templates)
    capsys.readouterr()
    for command in ALL_COMMANDS:
        code = run(*command.split(), "--warehouse", str(warehouse))
        out, err = capsys.readouterr()
        assert "Traceback" not in err, command
        assert "internal" not in err.lower(), command
        assert code == 0 or err.startswith("stepsight: "), (command, err)
        assert len(out.splitlines()) < 40 * 520, command


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    "command", ["metrics tickets_opened --by {every}", "backlog --every {every}", "trend tickets_opened"]
)
@pytest.mark.parametrize("every", ["day", "week"])
def test_a_list_of_periods_ends_and_says_how_to_get_the_rest(
    command: str, every: str, tmp_path: Path, templates: Templates, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "one event at each end of thirty years"
    arguments = [*command.format(every=every).split(), "--warehouse"]
    warehouse = str(warehouse_of(name, tmp_path, templates))
    capsys.readouterr()
    run(*arguments, warehouse, "--format", "json")
    out, err = capsys.readouterr()
    rows = json.loads(out)
    if command.startswith("metrics"):  # which has no row for a day on which nothing happened
        run(*arguments, warehouse, "--format", "json", "--rows", "1")
        (row,) = json.loads(capsys.readouterr().out)
        assert row == rows[-1]
        return
    assert len(rows) == 520
    assert "The newest 520" in err
    total = err.split("--rows ")[1].split()[0]
    run(*arguments, warehouse, "--format", "json", "--rows", total)
    out, err = capsys.readouterr()
    assert json.loads(out)[-520:] == rows
    assert len(json.loads(out)) == int(total)
    assert not err


def test_instants_that_an_earlier_version_let_in_are_rejected_when_the_database_is_made_anew(
    tmp_path: Path, templates: Templates, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = str(warehouse_of("placeholders in the archive", tmp_path, templates))
    capsys.readouterr()
    run("loads", "--format", "json", "--warehouse", warehouse)
    (load,) = json.loads(capsys.readouterr().out)
    assert (load["read"], load["loaded"], load["rejected"]) == (84, 81, 3)
    run("rejected", "--json", "--warehouse", warehouse)
    rules = {row["position"]: row["rule"] for row in json.loads(capsys.readouterr().out)}
    assert sorted(rules.values()) == [
        "occurred_at_in_future",
        "occurred_at_too_early",
        "occurred_at_too_early",
    ]
    run("metrics", "resolution_minutes", "tickets_opened", "--format", "json", "--warehouse", warehouse)
    resolution, opened = json.loads(capsys.readouterr().out)
    assert resolution["value"] < 60
    assert opened["value"] == 6
    assert run("rebuild", "--warehouse", warehouse) == 0
    assert "2 rejected rows in the archive, occurred_at_too_early" in capsys.readouterr().err
