"""No command tells of a team of one, chosen, left over or a group of several, unless --small-groups does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

import stepsight
from commands import main
from tests.test_command_line import load
from tests.warehouses import Templates

AGENTS = {"Care": 7, "Billing": 6, "Tiny": 1}
COMMANDS = {
    "metrics": ("csat", "confusion_rate --by version", "tickets_opened --by channel"),
    "backlog": ("", "--ages"),
    "change": ("tickets_opened", "csat --moved"),
    "trend": ("tickets_opened",),
    "breaches": ("",),
    "hotspots": ("",),
    "training": ("",),
    "diagnose": ("",),
    "versions": ("",),
    "outcomes": ("",),
    "flow": ("edges", "steps", "variants", "ping-pong"),
    "causes": ("returns", "answers", "help", "searches", "team", "practice"),
    "conformance": ("versions", "breaches", "runs"),
}
"""Every command that takes a filter, in all its forms."""
SPLITS = (
    "metrics tickets_opened --by team",
    "metrics confusion_rate --by team,step",
    "metrics csat --by team,channel",
    "metrics resolution_minutes --by channel,team,week",
    "flow ping-pong",
    "causes team",
    "change tickets_opened --moved",
)
PERIOD = ("--from", "2026-03-09", "--to", "2026-03-15")


def history() -> str:
    """Each agent solves a ticket a day over two weeks; each first week's tickets come from another team."""
    lines = [
        "occurred_at,ticket_id,kind,actor,agent_id,team,channel,run_id,workflow,version,step,score,scale_max"
    ]
    agents = [(team, f"{team}-{number}") for team, size in AGENTS.items() for number in range(size)]
    for day in range(2, 16):
        for place, (team, agent) in enumerate(agents):
            ticket, channel = f"{day}-{agent}", "phone" if place % 2 else "chat"
            at, run = f"2026-03-{day:02}T09:{place:02}", f"r-{day}-{agent},refund,1"
            lines += [
                f"{at}:00Z,{ticket},opened,,,{team},{channel},,,,,,",
                f"{at}:05Z,{ticket},replied,agent,{agent},{team},,,,,,,",
                f"{at}:10Z,{ticket},entered,agent,{agent},{team},,{run},verify,,",
                f"{at}:20Z,{ticket},asked_help,agent,{agent},{team},,{run},verify,,",
                f"{at}:30Z,{ticket},run_finished,agent,{agent},{team},,{run},verify,,",
                f"{at}:35Z,{ticket},assigned,agent,{agent},{'Tiny' if team == 'Care' else team},,,,,,,",
                f"{at}:40Z,{ticket},assigned,agent,{agent},{team},,,,,,,",
                f"{at}:45Z,{ticket},solved,agent,{agent},{team},,,,,,,",
                f"{at}:50Z,{ticket},rated,customer,,,,,,,,4,5",
            ]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Path:
    content = history()
    return templates.copy(
        tmp_path_factory.mktemp("small") / "warehouse", content, lambda folder: load(folder, content)
    )


def run(
    command: str, warehouse: Path, capsys: pytest.CaptureFixture[str], *more: str
) -> tuple[int, str, str]:
    period = () if command.startswith("breaches") else PERIOD
    with pytest.raises(SystemExit) as exit_:
        stepsight.main([*command.split(), *period, "--no-small-groups", *more, "--warehouse", str(warehouse)])
    return int(exit_.value.code or 0), *capsys.readouterr()


def test_every_command_with_a_filter_is_among_these() -> None:
    group = typer.main.get_command(main.app)
    names = [name for part in main.COMMANDS.values() for name in part]
    filtered = {
        name for name in names if any(each.name == "where" for each in group.get_command(None, name).params)
    }
    assert filtered == set(COMMANDS)


@pytest.mark.sweep(15)
@pytest.mark.parametrize("command", [f"{name} {how}" for name, hows in COMMANDS.items() for how in hows])
def test_a_choice_of_so_few_is_refused_in_a_sentence(
    warehouse, tmp_path, monkeypatch, capsys, command
) -> None:
    file = tmp_path / "stepsight.toml"
    file.write_text("[[targets]]\nfirst_response_minutes = 60\n")
    monkeypatch.setenv("STEPSIGHT_SETTINGS", str(file))
    for teams in (["Tiny"], ["Care", "Billing"]):
        code, out, err = run(command, warehouse, capsys, *(f"--where=team={team}" for team in teams))
        assert code == 1
        assert "fewer than five agents" in err
        assert not out


@pytest.mark.parametrize("command", SPLITS)
def test_a_split_leaves_the_small_team_out(warehouse, capsys, command) -> None:
    code, out, err = run(command, warehouse, capsys, "--format=json")
    assert not code, err
    assert json.loads(out) is not None
    assert "Tiny" not in out


def test_of_the_teams_left_one_large_enough_is_shown(warehouse, capsys) -> None:
    """Billing, the next smallest, goes with the team of one, or the total less Care would tell of it."""
    _, out, _ = run("metrics tickets_opened --by team", warehouse, capsys, "--format=json")
    assert [row["team"] for row in json.loads(out)] == ["Care"]


def test_parts_that_add_up_name_no_team_at_all(warehouse, capsys) -> None:
    _, out, _ = run("change tickets_opened --moved", warehouse, capsys, "--format=json")
    assert {row["dimension"] for row in json.loads(out)} == {"channel"}  # none has a reason


def test_commands_refuse_by_themselves_and_say_what_is_left_out(warehouse, capsys, monkeypatch) -> None:
    monkeypatch.delenv("STEPSIGHT_SMALL_GROUPS")
    log = warehouse / "small_groups.log"
    lines = log.read_text().splitlines() if log.exists() else []
    with pytest.raises(SystemExit):
        stepsight.main(["metrics", "tickets_opened", "--by", "team", "--warehouse", str(warehouse)])
    out, err = capsys.readouterr()
    assert "Tiny" not in out
    assert "Groups of fewer than 5 agents are left out" in err
    assert lines == (log.read_text().splitlines() if log.exists() else [])
    run("metrics tickets_opened", warehouse, capsys, "--where=team=Tiny", "--small-groups")
    *_, last = log.read_text().splitlines()
    assert {name: json.loads(last)[name] for name in ("command", "filters")} == {
        "command": "metrics",
        "filters": ["team"],
    }
    assert log.stat().st_mode & 0o777 == 0o600


def test_with_the_option_commands_give_all_groups(warehouse, capsys) -> None:
    _, out, _ = run("metrics tickets_opened --by team", warehouse, capsys, "--format=json", "--small-groups")
    assert {row["team"] for row in json.loads(out)} == {"Care", "Billing", "Tiny"}
    assert not run("metrics tickets_opened", warehouse, capsys, "--where=team=Tiny", "--small-groups")[0]


def test_a_group_that_is_too_small_since_a_customer_was_forgotten_is_refused_at_once(
    tmp_path, capsys
) -> None:
    """In one process: what it answered before is not remembered for the snapshot that is made anew."""
    lines = ["occurred_at,ticket_id,kind,actor,customer_id,agent_id,team"]
    for team in ("Care", "Billing"):
        for number in range(5):
            ticket, agent = f"{team}-{number}", f"{team}-agent-{number}"
            lines.append(f"2026-03-10T09:00:00Z,{ticket},opened,,customer-{ticket},,{team}")
            lines.append(f"2026-03-10T09:05:00Z,{ticket},replied,agent,,{agent},{team}")
    load(tmp_path / "warehouse", "\n".join(lines) + "\n")
    choice = ("metrics tickets_opened", tmp_path / "warehouse", capsys, "--where=team=Care")
    assert run(*choice)[0] == 0
    with pytest.raises(SystemExit) as exit_:
        stepsight.main(
            ["forget", "--customer", "customer-Care-4", "--warehouse", str(tmp_path / "warehouse")]
        )
    assert not exit_.value.code
    assert run(*choice)[0] == 1
