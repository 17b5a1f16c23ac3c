"""The command line, as a script calls it."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
import sys
from contextvars import copy_context
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import typer

import stepsight
from commands import main
from dashboard.language import of_terminal
from etl.store.warehouse import latest_snapshot, open_latest
from metrics.catalog.metrics import CATALOG
from tests.warehouses import Templates

ROOT = Path(__file__).parents[1]
HISTORY = """event_id,occurred_at,ticket_id,kind,actor,channel,run_id,workflow,version,step
a1,2026-03-02T09:00:00Z,a,opened,,phone,,,,
a2,2026-03-02T09:10:00Z,a,replied,agent,,,,,
a3,2026-03-02T09:11:00Z,a,entered,,,r1,refund,1,verify
a4,2026-03-02T09:12:00Z,a,asked_help,,,r1,refund,1,verify
a5,2026-03-02T09:13:00Z,a,run_finished,,,r1,refund,1,verify
a6,2026-03-02T10:00:00Z,a,solved,,,,,,
b1,2026-03-03T09:00:00Z,b,opened,,email,,,,
b2,2026-03-03T09:30:00Z,b,replied,agent,,,,,
b3,soon,b,solved,,,,,,
"""
DEFINITION = [
    {
        "workflow": "refund",
        "version": "1",
        "title": "Refund",
        "steps": [{"id": "verify", "title": "Verify", "type": "question"}],
    }
]


class Shell:
    """Runs commands against one warehouse."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.warehouse, self._capsys = folder, folder / "warehouse", capsys
        (folder / "events.csv").write_text(HISTORY)
        (folder / "workflows.json").write_text(json.dumps(DEFINITION))

    def __call__(self, command: str, *more: str) -> tuple[int, str, str]:
        arguments = [*shlex.split(command), *more, "--warehouse", str(self.warehouse)]
        with pytest.raises(SystemExit) as exit_:
            stepsight.main(arguments)
        out, err = self._capsys.readouterr()
        return int(exit_.value.code or 0), out, err

    def json(self, command: str, *more: str) -> Any:
        code, out, err = self(command, *more)
        assert code == 0, err
        return json.loads(out)


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path, capsys)


@pytest.fixture
def loaded(shell: Shell, templates: Templates, capsys: pytest.CaptureFixture[str]) -> Shell:
    templates.copy(shell.warehouse, HISTORY, load)
    capsys.readouterr()  # whoever loads is told so
    return shell


def load(warehouse: Path, content: str = HISTORY) -> None:
    """`stepsight load` of a file with this content."""
    file = warehouse.with_name("events.csv")
    file.write_text(content)
    with pytest.raises(SystemExit) as exit_:
        stepsight.main(["load", str(file), "--warehouse", str(warehouse)])
    assert not exit_.value.code


def test_a_load_reports_what_became_of_every_row(shell: Shell) -> None:
    path = str(shell.folder / "events.csv")
    report = shell.json("load --json", path)
    assert {name: report[name] for name in ("read", "loaded", "duplicates", "rejected")} == {
        "read": 9,
        "loaded": 8,
        "duplicates": 0,
        "rejected": 1,
    }
    (file,) = report["files"]
    assert file["path"] == path
    assert file["reasons"] == {"occurred_at_unreadable": 1}
    assert shell.json("load --json", path)["duplicates"] == 8


def test_a_load_of_nothing_but_rejected_rows_fails(shell: Shell) -> None:
    bad = shell.folder / "bad.csv"
    bad.write_text("event_id,occurred_at,ticket_id,kind\ne1,soon,t1,opened\n")
    code, out, _ = shell("load --json", str(bad))
    assert (code, json.loads(out)["rejected"]) == (1, 1)
    code, out, _ = shell("load --json", str(bad), str(shell.folder / "events.csv"))
    assert (code, json.loads(out)["loaded"]) == (0, 8)


def test_a_file_that_fails_as_a_whole_makes_the_command_fail_and_the_others_load(shell: Shell) -> None:
    code, out, _ = shell("load --json", str(shell.folder / "none.csv"), str(shell.folder / "events.csv"))
    report = json.loads(out)
    assert (code, report["loaded"]) == (1, 8)
    assert "There is no file" in report["files"][0]["error"]["text"]
    assert report["files"][0]["error"]["code"] == "file.not_there"
    code, _, err = shell("load", str(shell.folder / "none.csv"))
    assert (code, "stepsight: There is no file" in err) == (1, True)


def test_metrics_answer_as_a_list_of_numbers_with_their_n(loaded: Shell) -> None:
    (number,) = loaded.json("metrics first_response_minutes --format json")
    assert number | {"low": None, "high": None} == {
        "metric": "first_response_minutes",
        "value": 20.0,
        "n": 2,
        "low": None,
        "high": None,
    }


def test_metrics_by_dimension_within_a_period(loaded: Shell) -> None:
    rows = loaded.json("metrics first_response_minutes tickets_opened --by channel --format json")
    assert {(row["metric"], row["channel"]): row["value"] for row in rows} == {
        ("first_response_minutes", "email"): 30.0,
        ("first_response_minutes", "phone"): 10.0,
        ("tickets_opened", "email"): 1,
        ("tickets_opened", "phone"): 1,
    }
    (row,) = loaded.json("metrics tickets_opened --from 2026-03-03 --to 2026-03-03 --format json")
    assert row["value"] == 1
    (row,) = loaded.json("metrics tickets_opened --where channel=phone --where channel=chat --format json")
    assert row["value"] == 1


def test_an_instant_in_the_past_knows_nothing_of_what_came_later(loaded: Shell) -> None:
    (row,) = loaded.json("metrics tickets_solved --as-of 2026-03-02T09:30Z --format json")
    assert row["value"] == 0


def test_hotspots_list_every_step_version_with_all_fields(loaded: Shell) -> None:
    (step,) = loaded.json("hotspots --format json")
    assert (step["workflow"], step["version"], step["step"]) == ("refund", "1", "verify")
    assert (step["visits"], step["confused"], step["confusion_rate"]) == (1, 1, 1.0)
    assert {
        *("low", "high", "shrunk_rate", "hotspot", "hidden", "verdict", "cost_hours_per_week"),
    } <= set(step)
    assert step["signs"]["asked_help"]["rate"] == 1.0
    assert step["signs"]["off_path"]["rate"] is None  # not known without a definition


def test_definitions_are_added_and_change_what_is_known(loaded: Shell) -> None:
    code, out, _ = loaded("workflows add", str(loaded.folder / "workflows.json"))
    assert (code, "refund 1: 1 step" in out) == (0, True)
    (step,) = loaded.json("hotspots --format json")
    assert step["signs"]["off_path"]["rate"] == 0.0


def test_a_metric_is_explained_and_a_ticket_replayed(loaded: Shell) -> None:
    told = loaded.json("explain resolution_minutes --json")
    assert (told["value"], told["n"]) == (60, 1)
    (exclusion,) = told["exclusions"]
    assert exclusion["n"] == 1
    assert exclusion["because"] == {
        "code": "explain.not_solved_now",
        "values": {},
        "text": "Not solved now: still open, or reopened since.",
    }
    assert told["clock"]["code"] == "explain.elapsed_time"
    replayed = loaded.json("explain first_response_minutes --ticket a --json")
    assert replayed["value"] == 10
    assert [moment["effect"] for moment in replayed["moments"]][:3] == ["starts", "stops", "none"]
    assert "It is not the last" not in loaded("explain first_response_minutes --ticket a")[1]


def test_change_trend_and_backlog_answer(loaded: Shell) -> None:
    days = "--from 2026-03-03 --to 2026-03-03 --format json"
    (row,) = loaded.json(f"change first_response_minutes {days}")
    assert (row["value"], row["value_before"], row["difference"]) == (30, 10, 20)
    moved = loaded.json(f"change tickets_opened --moved {days}")
    assert {part["group"]: part["total"] for part in moved if part["dimension"] == "channel"} == {
        "email": 1,
        "phone": -1,
    }
    assert [row["backlog"] for row in loaded.json("backlog --format json")] == [0, 1]
    assert sum(row["tickets"] for row in loaded.json("backlog --ages --format json")) == 1
    assert "not enough data yet" in loaded("trend tickets_opened")[1]
    (percentile,) = loaded.json("metrics first_response_minutes_p90 --cohort --format json")
    assert percentile["value"] == pytest.approx(28)


def test_where_there_is_nothing_to_show_people_read_a_sentence(loaded: Shell) -> None:
    for command in ("hotspots", "flow edges", "causes searches", "conformance runs"):
        _, printed, _ = loaded(f"{command} --where channel=nowhere")
        assert "There is nothing to show in this selection." in printed
    assert loaded("hotspots --where channel=nowhere --format csv")[1].startswith("workflow,")


@pytest.mark.parametrize(
    "command", ["metrics csat", "hotspots", "diagnose", "versions", "health", "trend csat", "explain csat"]
)
def test_where_nothing_is_loaded_no_question_has_an_answer(shell: Shell, command: str) -> None:
    code, out, err = shell(command)
    assert (code, out) == (1, "")
    assert f"Nothing has been loaded into {shell.warehouse}" in err


@pytest.mark.parametrize("command", ["forget --customer c", "purge --months 1", "rebuild", "refresh"])
def test_a_mistyped_warehouse_is_not_made_into_one(shell: Shell, command: str) -> None:
    code, out, err = shell(command)
    assert (code, out) == (1, "")
    assert f"There is no warehouse in {shell.warehouse}" in err
    assert not shell.warehouse.exists()


@pytest.mark.sweep(2)
@pytest.mark.parametrize("command", ["metrics tickets_opened --format json", "refresh"])
def test_a_warehouse_of_another_version_is_made_anew_from_its_archive(loaded: Shell, command: str) -> None:
    before = loaded.json("metrics tickets_opened --format json")
    for file in (loaded.warehouse / "warehouse.duckdb", latest_snapshot(loaded.warehouse)):
        with duckdb.connect(str(file)) as database:
            database.execute("UPDATE schema_version SET version = 'another'")
            database.execute("UPDATE facts_made_with SET sources = 'another', fingerprint = 'another'")
    assert loaded(command)[0] == 0
    assert loaded.json("metrics tickets_opened --format json") == before
    assert before[0]["value"] > 0


def test_two_systems_with_equal_ids_stand_side_by_side(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shell.folder)
    (shell.folder / "stepsight.toml").write_text('[dimensions]\nplan = "custom_plan"\nsize = "custom_size"\n')
    lines = [line.replace("channel", "custom_plan") for line in HISTORY.splitlines()]
    for source in ("north", "south"):
        path = shell.folder / f"{source}.csv"
        path.write_text("\n".join(lines).replace("phone", source))
        assert shell.json(f"load --json --source {source}", str(path))["loaded"] == 8
    opened = shell.json("metrics tickets_opened --format json --by source,plan")
    assert [(row["source"], row["plan"], row["value"]) for row in opened] == [
        *(("north", "email", 1), ("north", "north", 1)),
        *(("south", "email", 1), ("south", "south", 1)),
    ]
    assert shell.json("metrics tickets_opened --format json --where plan=south")[0]["value"] == 1
    assert shell.json("metrics tickets_opened --format json --where", "plan = south\u00a0")[0]["value"] == 1
    _, out, err = shell("metrics tickets_opened --format json --where plan=suoth")
    assert (json.loads(out)[0]["value"], "Did you mean 'south'" in err) == (0, True), err
    moved = shell.json("change tickets_opened --moved --format json --from 2026-03-03 --to 2026-03-03")
    assert {"source", "plan"} <= {part["dimension"] for part in moved}
    code, _, err = shell("explain resolution_minutes --ticket a")
    assert (code, "Name one: north:a, south:a." in err) == (1, True)
    assert shell.json("explain resolution_minutes --json --ticket south:a")["ticket_id"] == "south:a"
    code, _, err = shell("load --source no:name", str(shell.folder / "north.csv"))
    assert (code, "the name of a source has letters" in err) == (1, True)
    assert "No event has custom_size" in shell("settings --check")[1]
    assert "unused_dimensions: No event has custom_size" in shell("health")[1]


def test_an_empty_path_is_not_the_current_folder(shell: Shell) -> None:
    code, _, err = shell("load", "")
    assert (code, "A path is empty" in err) == (1, True)


def test_a_pipe_is_not_waited_for(shell: Shell) -> None:
    os.mkfifo(shell.folder / "pipe.csv")
    code, _, err = shell("load", str(shell.folder / "pipe.csv"))
    assert (code, "is a pipe" in err) == (1, True)


@pytest.mark.sweep(12)
@pytest.mark.parametrize("command", ["hotspots", "hotspots --format parquet", "--help", "health --json"])
@pytest.mark.parametrize(
    ("redirection", "status", "says"),
    [("> /dev/full", 1, "no space left"), (">&-", 0, ""), ("| true", 0, "")],
)
def test_an_output_that_cannot_be_written_is_no_traceback(
    loaded: Shell, command: str, redirection: str, status: int, says: str
) -> None:
    environment = os.environ | {"STEPSIGHT_WAREHOUSE": f"{loaded.warehouse}"}
    line = f"{sys.executable} -m stepsight {command} {redirection}"
    done = subprocess.run(line, shell=True, capture_output=True, text=True, env=environment)  # noqa: S602
    assert done.returncode == status
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == bool(says)


@pytest.mark.sweep(2)
@pytest.mark.parametrize(
    ("former", "name"), [("verdicts", "diagnose"), ("retain --months 9", "purge --months 9")]
)
def test_a_former_name_still_works_and_is_not_listed(loaded: Shell, former: str, name: str) -> None:
    assert loaded(former)[0] == loaded(name)[0] == 0
    assert former.split()[0] not in {each for names in main.COMMANDS.values() for each in names}


def test_a_simulation_that_has_no_place_says_so(shell: Shell) -> None:
    with pytest.raises(SystemExit) as exit_:
        stepsight.main(["simulate", str(shell.folder / "events.csv"), "--tickets", "5"])
    assert exit_.value.code == 1


@pytest.mark.sweep(5)
@pytest.mark.parametrize("command", ["metrics csat tickets_opened --by channel", "hotspots"])
def test_every_format_prints_the_same_rows(
    loaded: Shell, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = loaded.json(f"{command} --format json")
    _, text, _ = loaded(f"{command} --format csv")
    assert len(pl.read_csv(text.encode())) == len(rows)
    _, table, _ = loaded(f"{command} --format table")
    assert table.count("\n") >= len(rows)
    content = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(content, write_through=True))
    with pytest.raises(SystemExit):
        stepsight.main([*command.split(), "--format", "parquet", "--warehouse", str(loaded.warehouse)])
    assert len(pl.read_parquet(content.getvalue())) == len(rows)


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("metrics nope", "There is no metric 'nope'"),
        ("metrics csat --by mood", "mood"),
        ("metrics csat --where channel", "expected DIM=VALUE"),
        ("metrics csat --where mood=bad", "mood"),
        ("metrics csat --as-of yesterday", "expected an instant"),
        ("metrics csat --from 2026-03-05 --to 2026-03-01", "5 Mar 2026"),
        ("explain nope", "There is no metric 'nope'"),
        ("explain csat --ticket nope", "There is no ticket 'nope'"),
        ("change csat", "give the scope a start and an end"),
        ("change csat --against yesterday", "expected one of previous, last_year"),
        ("backlog --every hour", "expected one of day, week"),
        ("workflows add none.json", "cannot be read"),
        ("load none.csv --mapping none.toml", "cannot be read"),
    ],
)
def test_what_a_user_can_mend_is_said_in_a_sentence(loaded: Shell, command: str, says: str) -> None:
    code, out, err = loaded(command)
    assert code == 1
    assert err.startswith("stepsight: ")
    assert says in err
    assert "Traceback" not in out + err


def test_a_port_in_use_is_said_before_anything_starts(shell: Shell) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, _, err = shell(f"serve --port {taken.getsockname()[1]}")
    assert (code, "is in use" in err) == (1, True)


def test_the_command_is_installed() -> None:
    command = Path(sys.executable).parent / "stepsight"
    help_ = subprocess.run([command, "--help"], capture_output=True, text=True, check=True).stdout
    for name in ("load", "workflows", "metrics", "hotspots", "simulate", "serve", "demo"):
        assert name in help_


def test_every_metric_is_listed_with_its_unit_and_its_question(shell: Shell) -> None:
    rows = shell.json("metrics --list --format json")
    assert [row["name"] for row in rows] == list(CATALOG)
    csat = next(row for row in rows if row["name"] == "csat")
    assert csat["unit"] == "share"
    assert csat["question"] == "How many of those who rate are satisfied?"
    assert (
        "tickets_opened,Tickets opened,count,How much work comes in?\n"
        in shell("metrics --list --format csv")[1]
    )


def test_the_metrics_are_listed_in_the_language_of_the_terminal(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert "Tickets ouverts" in shell("metrics --list")[1]


def test_the_list_of_commands_is_that_of_the_modules_that_hold_them() -> None:
    for module, names in main.COMMANDS.items():
        part: Any = typer.main.get_command(import_module(module).app)
        listed = {name for name, command in part.commands.items() if not command.hidden}
        assert set(names) == listed
        assert {name for name in part.commands if name not in listed} <= set(main.FORMER_NAMES)


def test_loading_does_not_wait_for_statistics_to_be_imported() -> None:
    program = "import sys, commands.data; print({'scipy', 'streamlit', 'plotly'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "set()\n"


def test_every_command_in_the_readme_is_one() -> None:
    root: Any = typer.main.get_command(main.app)
    lines = re.findall(r"^(?:\.venv/bin/)?stepsight (.+)$", (ROOT / "README.md").read_text("utf-8"), re.M)
    assert lines
    for line in lines:
        name, *arguments = shlex.split(line, comments=True)
        command = root.get_command(None, name)
        if name == "workflows":
            command, arguments = command.commands[arguments[0]], arguments[1:]
        command.make_context(name, arguments)


def test_a_warehouse_of_an_earlier_version_is_refreshed_by_the_first_command_that_reads_it(
    loaded: Shell,
) -> None:
    before = loaded.json("backlog --format json")
    for file in (loaded.warehouse / "warehouse.duckdb", latest_snapshot(loaded.warehouse)):
        with duckdb.connect(str(file)) as connection:
            connection.execute("ALTER TABLE open_periods RENAME TO open_spells")
            connection.execute(
                "UPDATE facts_made_with SET fingerprint = 'of older SQL', sources = 'of older files'"
            )
    code, out, err = loaded("backlog --format json")
    assert (code, json.loads(out)) == (0, before)
    assert "Another version of Stepsight made these numbers." in err
    assert loaded("backlog --format json")[2] == ""
    tables = open_latest(loaded.warehouse).sql("SHOW TABLES").pl()["name"].to_list()
    assert "open_periods" in tables
    assert "open_spells" not in tables


def test_a_rebuilt_database_answers_the_same(loaded: Shell) -> None:
    before = loaded.json("metrics tickets_opened first_response_minutes --by channel --format json")
    (loaded.warehouse / "warehouse.duckdb").write_bytes(b"damaged" * 999)
    code, out, _ = loaded("rebuild")
    assert (code, "anew from its archive" in out) == (0, True)
    assert loaded.json("metrics tickets_opened first_response_minutes --by channel --format json") == before


def test_a_damaged_database_is_reported_and_the_next_load_makes_it_anew(loaded: Shell) -> None:
    before = loaded.json("metrics tickets_opened --by channel --format json")
    (loaded.warehouse / "warehouse.duckdb").write_bytes(b"damaged" * 999)
    code, _, err = loaded("load", str(loaded.folder / "events.csv"))
    assert (code, "database_damaged" in err) == (0, True)
    assert loaded.json("metrics tickets_opened --by channel --format json") == before


def test_a_customer_is_forgotten_and_the_numbers_follow(shell: Shell) -> None:
    header = "event_id,occurred_at,ticket_id,kind,customer_id\n"
    rows = "e1,2026-03-02T09:00Z,a,opened,ada\ne2,2026-03-02T10:00Z,b,opened,ben\n"
    (shell.folder / "events.csv").write_text(header + rows)
    shell("load", str(shell.folder / "events.csv"))
    code, out, _ = shell("forget --customer ada")
    assert (code, "Removed 1 ticket with 1 event, 0 rejected rows and 0 notes of readers" in out) == (0, True)
    (number,) = shell.json("metrics tickets_opened --format json")
    assert number["value"] == 1
    before = sorted(shell.warehouse.rglob("*"))
    code, _, err = shell("forget --customer ada")
    assert (code, "Nothing is kept of a customer 'ada'" in err) == (1, True)
    assert sorted(shell.warehouse.rglob("*")) == before  # neither a receipt nor a snapshot


def test_where_no_ticket_is_so_old_there_is_no_receipt(loaded: Shell) -> None:
    code, out, _ = loaded("purge --months 1200")
    assert (code, "nothing was removed, so there is no receipt" in out) == (0, True)
    assert not (loaded.warehouse / "receipts").exists()


def test_a_script_hears_nothing_but_the_report_and_on_request_its_log_as_json(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, err = shell("load --json", str(shell.folder / "events.csv"))
    assert err == ""
    monkeypatch.setenv("STEPSIGHT_LOG", "info")
    _, _, err = shell("load --json", str(shell.folder / "events.csv"))
    events = [json.loads(line)["event"] for line in err.splitlines()]
    assert events[:3] == ["file_checked", "file_archived", "file_loaded"]


@pytest.mark.parametrize("kept", [True, False])
def test_free_text_is_kept_only_where_the_settings_say_so(shell: Shell, kept: bool) -> None:
    shell.warehouse.mkdir()
    (shell.warehouse / "stepsight.toml").write_text(f"[privacy]\nkeep_free_text = {str(kept).lower()}\n")
    (shell.folder / "events.csv").write_text(
        "event_id,occurred_at,ticket_id,kind,value\ne1,2026-03-02T09:00Z,a,held,called twice\n"
    )
    shell("load", str(shell.folder / "events.csv"))
    values = open_latest(shell.warehouse).table("events").pl()["value"].to_list()
    assert values == (["called twice"] if kept else [None])


def in_french(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, command: str, *more: str
) -> tuple[int, str, str]:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    try:
        return copy_context().run(shell, command, *more)
    finally:
        monkeypatch.setenv("LC_ALL", "C.UTF-8")


def test_a_french_terminal_reads_french(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, _ = in_french(shell, monkeypatch, "load", str(shell.folder / "events.csv"))
    assert (code, "events.csv\u202f: 1 ligne rejetée, occurred_at_unreadable" in out) == (0, True)
    code, out, err = in_french(shell, monkeypatch, "metrics nonsense")
    assert (code, out) == (1, "")
    assert err.startswith("stepsight: Il n’y a pas d’indicateur 'nonsense'. Il y a\u202f: tickets_opened, ")
    _, out, _ = in_french(shell, monkeypatch, "explain first_response_minutes --ticket a")
    assert "Le premier message d’un agent" in out
    _, out, _ = in_french(shell, monkeypatch, "explain csat")
    assert "chronomètre\u202f: aucun" in out
    _, out, _ = in_french(shell, monkeypatch, "trend tickets_opened")
    assert out.startswith("pas encore assez de données. Centre ")
    _, out, _ = in_french(shell, monkeypatch, "diagnose")
    assert out.startswith("Avec 1 version d’étape, les points chauds ne sont pas connus.")


def test_what_a_script_reads_is_the_same_in_every_language(
    loaded: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in (
        "metrics csat tickets_opened --format csv",
        "explain csat --json",
        "hotspots --format json",
    ):
        assert in_french(loaded, monkeypatch, command) == loaded(command)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "fr_CA.UTF-8"}, "fr"),
        ({"LC_ALL": "C.UTF-8", "LANG": "fr_FR.UTF-8"}, "en"),
        ({"LC_MESSAGES": "fr_BE@euro", "LANG": "en_GB.UTF-8"}, "fr"),
        ({"LANGUAGE": "xx:fr:en", "LC_ALL": "en_US.UTF-8"}, "fr"),
        ({"LANGUAGE": "", "LANG": "fr"}, "fr"),
        ({"LANG": "xx_XX.UTF-8"}, "en"),
    ],
)
def test_the_language_is_the_one_that_gettext_would_take(environment: dict[str, str], language: str) -> None:
    assert of_terminal(environment) == language


@pytest.mark.sweep(3)
@pytest.mark.parametrize("arguments", ["--help", "metrics nonsense", "load nothing.csv"])
def test_english_waits_neither_for_other_languages_nor_for_pages(arguments: str, tmp_path: Path) -> None:
    program = (
        "import sys, stepsight\n"
        "try:\n    stepsight.main()\n"
        "finally:\n    print({'babel', 'streamlit'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, *arguments.split()],
        capture_output=True,
        text=True,
        env=os.environ | {"STEPSIGHT_WAREHOUSE": str(tmp_path / "none")},
    )
    assert run.stdout.endswith("set()\n"), run.stderr


def test_where_a_log_is_kept_an_error_is_a_line_of_it(loaded: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPSIGHT_LOG", "info")
    code, out, err = loaded("explain csat --ticket z")
    (line,) = err.splitlines()
    said = json.loads(line)
    assert (code, out, said["code"], said["values"]) == (1, "", "ticket.unknown", {"ticket": "z"})
    assert said["text"].startswith("There is no ticket 'z'")


def test_a_file_and_its_columns_are_named_as_they_are(shell: Shell) -> None:
    """Square brackets are markup to what draws tables, and control characters work on a terminal."""
    path = shell.folder / "a [b]x :smile:.csv"
    path.write_text("occurred_at,ticket_id,kind,n \x1b[31m[red]\n2026-03-02T09:00Z,[b]t,opened,x\n")
    code, out, _ = shell("load", str(path))
    assert code == 0
    assert "│ a [b]x :smile:.csv" in out
    assert r"columns not used: n \x1b[31m[red]" in out


def test_a_terminal_without_a_letter_gets_its_escape() -> None:
    command = [sys.executable, "-m", "stepsight", "settings", "nowhere.toml"]
    environment = os.environ | {"LC_ALL": "fr_FR.UTF-8", "PYTHONIOENCODING": "latin-1"}
    run = subprocess.run(command, capture_output=True, env=environment)
    assert run.returncode == 1
    assert b"n\\u2019existe pas" in run.stderr


def test_a_load_is_listed_taken_out_and_replaced_by_its_number(loaded: Shell) -> None:
    (listed,) = loaded.json("loads --format json")
    assert (listed["load_id"], listed["file"], listed["loaded"]) == (1, "events.csv", 8)
    changed = loaded.folder / "changed.csv"
    changed.write_text((loaded.folder / "events.csv").read_text() + "e99,2026-03-09T09:00Z,t9,opened\n")
    report = loaded.json("load --json --replace 1", str(changed))
    assert (report["loaded"], report["files"][0]["replaces"]) == (9, [1])
    code, out, _ = loaded("unload 2")
    assert (code, "Removed load 2 (changed.csv): 9 events." in out) == (0, True)
    assert loaded.json("loads --format json") == []
    code, _, err = loaded("unload 2")
    assert (code, "There is no load 2" in err) == (1, True)


def test_a_filter_that_finds_nothing_names_the_nearest_value(loaded: Shell) -> None:
    code, out, err = loaded("metrics tickets_opened --where channel=phon")
    assert code == 0
    assert "Did you mean 'phone'?" in err
    assert "tickets_opened" in out
    assert "no channel in the data has this value." in loaded("backlog --where channel=zzz")[2]
    assert not loaded("backlog --where channel=phone")[2]


def test_workflow_versions_are_listed_with_or_without_a_definition(loaded: Shell) -> None:
    versions = {"workflow": "refund", "version": "1", "title": None, "steps": None, "runs": 1}
    assert loaded.json("workflows list --format json") == [versions]
    assert loaded("workflows add", str(loaded.folder / "workflows.json"))[0] == 0
    assert loaded.json("workflows list --format json") == [versions | {"title": "Refund", "steps": 1}]


def test_a_list_without_a_definition_says_so(loaded: Shell) -> None:
    file = loaded.folder / "none.json"
    file.write_text("[]")
    code, _, err = loaded("workflows add", str(file))
    assert code == 1
    assert "none.json holds no definition." in err


def test_a_file_where_a_folder_belongs_and_the_other_way_round_is_said(shell: Shell) -> None:
    shell.warehouse.write_text("no folder")
    for command in ("metrics csat", "health", "refresh", f"load {shell.folder / 'events.csv'}"):
        code, _, err = shell(command)
        assert code == 1
        assert "is a file, but a warehouse is a folder." in err
    shell.warehouse.unlink()
    (shell.warehouse / "stepsight.toml").mkdir(parents=True)
    assert "stepsight.toml cannot be read: it is a folder." in shell("settings --check")[2]


def test_instants_have_one_form_wherever_json_has_them(loaded: Shell) -> None:
    at = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
    assert at.fullmatch(loaded.json("loads --format json")[0]["loaded_at"])
    moments = loaded.json("explain tickets_opened --ticket a --json")["moments"]
    assert moments[0]["occurred_at"] == "2026-03-02T09:00:00Z"


def test_nothing_unfinished_is_left_after_a_load(loaded: Shell) -> None:
    assert loaded("load", str(loaded.folder / "events.csv"))[0] == 0
    assert not (loaded.warehouse / "archive" / "staging").exists()
