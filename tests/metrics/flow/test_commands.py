"""Versions, flow, causes, conformance and outcomes from the command line."""

import json

import pytest

import stepsight
from tests.metrics.flow.test_flow import TWO_RUNS
from tests.metrics.histories import events

COMMANDS = [
    *("versions", "outcomes", "flow", "flow steps", "flow variants", "flow ping-pong"),
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
