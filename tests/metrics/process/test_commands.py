"""Versions, flow, causes, conformance and outcomes from the command line."""

import json

import pytest

import stepsight
from tests.metrics.histories import events
from tests.metrics.process.test_flow import TWO_RUNS

COMMANDS = [
    *("versions", "outcomes", "flow", "flow steps", "flow variants", "flow ping-pong"),
    "flow ping-pong-total",
    *("causes", "causes answers", "causes help", "causes searches", "causes channel", "causes practice"),
    *("conformance", "conformance breaches", "conformance runs"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("commands")
    events(*TWO_RUNS).write_parquet(folder / "events.parquet")
    run("load", str(folder / "events.parquet"), "--warehouse", str(folder / "warehouse"))
    return folder / "warehouse"


def run(*arguments):
    with pytest.raises(SystemExit) as stopped:
        stepsight.main(list(arguments))
    return stopped.value.code


@pytest.mark.sweep(8)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_prints_rows_for_people_and_for_programs(folder, command, capsys):
    for form in ("table", "csv", "json"):
        capsys.readouterr()
        assert run(*command.split(), "--warehouse", str(folder), "--format", form) == 0
        out = capsys.readouterr().out
        assert out
        if form == "json":
            assert isinstance(json.loads(out), list)


@pytest.mark.parametrize("command", ["flow", "causes", "conformance"])
def test_what_cannot_be_shown_is_said_with_what_can(folder, command, capsys):
    assert run(command, "nonsense", "--warehouse", str(folder)) == 1
    assert "There is no 'nonsense' to show. There are: " in capsys.readouterr().err


def test_versions_follow_the_rules_of_the_settings(tmp_path, capsys):
    """A release is called improved by the usual rules and not by ones that hardly ever are content."""
    lines = [
        line
        for week in range(8)
        for workflow in ("w", "k", "l")
        for place in range(30)
        for line in _run(week, workflow, place)
    ]
    events(*lines).write_parquet(tmp_path / "events.parquet")
    folder = str(tmp_path / "warehouse")
    run("load", str(tmp_path / "events.parquet"), "--warehouse", folder)
    said = {}
    for rate in (0.05, 1e-12):
        (tmp_path / "stepsight.toml").write_text(f"[versions]\nfalse_discovery_rate = {rate}\n")
        capsys.readouterr()
        settings = ("--settings", str(tmp_path / "stepsight.toml"))
        assert run(*settings, "versions", "--warehouse", folder, "--format", "json") == 0
        rows = json.loads(capsys.readouterr().out)
        said[rate] = next(row["verdict"] for row in rows if row["measure"] == "confusion")
    assert said[0.05] == "improved"
    assert said[1e-12] != "improved"


def _run(week, workflow, place):
    is_new = workflow == "w" and week >= 4
    ticket, day = f"{workflow}{week}.{place}", week * 7 + place % 7
    where = f"workflow={workflow} version={2 if is_new else 1} agent=a{place % 6}"
    yield f"{ticket} opened @{day}d"
    yield f"{ticket} entered @{day}d1m step=ask {where}"
    if place < (8 if is_new else 16):
        yield f"{ticket} asked_help @{day}d2m {where}"
    yield f"{ticket} run_finished @{day}d{3 + place % 3}m {where}"
