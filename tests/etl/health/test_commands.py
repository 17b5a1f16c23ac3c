"""`stepsight health`, `stepsight rejected` and what `stepsight load` says of its worst findings."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

import stepsight
from etl.store.warehouse import open_writer, publish
from tests.test_command_line import Shell
from tests.warehouses import Templates

HEADER = "event_id,occurred_at,ticket_id,kind\n"
GOOD = "".join(f"e{n},2026-03-02T09:{n:02}:00Z,t{n},{'opened' if n % 2 else 'solved'}\n" for n in range(40))
BAD = "x1,soon,=1+1,opened\nx2,2026-03-02T09:00Z,t1,opend\n"


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path, capsys)


def write(shell: Shell, content: str, name: str = "tickets.csv") -> str:
    path = shell.folder / name
    path.write_text(HEADER + content)
    return str(path)


@pytest.fixture
def loaded(shell: Shell, templates: Templates, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Good rows and bad ones are loaded."""
    file = write(shell, GOOD + BAD)
    templates.copy(shell.warehouse, GOOD + BAD, lambda folder: load(file, folder))
    capsys.readouterr()  # whoever loads is told so
    return shell


def load(file: str, warehouse: Path) -> None:
    with pytest.raises(SystemExit) as exit_:
        stepsight.main(["load", file, "--warehouse", str(warehouse)])
    assert not exit_.value.code


def test_a_load_names_its_worst_findings_in_a_sentence_each(shell: Shell) -> None:
    code, out, _ = shell("load", write(shell, GOOD))
    assert code == 0
    assert "suspicious: missing_openings, tickets.csv: 20 tickets of 40 (50%) have no opening." in out
    code, out, _ = shell("health")
    assert out.startswith("SUSPICIOUS  missing_openings, tickets.csv")
    assert "What to do: " in out
    assert "fine  conflicts: No two rows contradict one another." in out


def test_health_as_json_is_a_list_of_findings_the_worst_first(shell: Shell) -> None:
    shell.json("load --json", write(shell, GOOD))
    first, *others = shell.json("health --json")
    assert (first["check"], first["severity"], first["source"]) == (
        "missing_openings",
        "suspicious",
        "tickets.csv",
    )
    assert first["numbers"] == {"tickets": 40, "unopened": 20}
    assert first["message"] == {
        "code": "health.missing_openings.some",
        "values": {"unopened": 20, "tickets": 40, "share": 0.5},
        "text": "20 tickets of 40 (50%) have no opening.",
    }
    assert first["why"]["code"] == "health.missing_openings.why"
    assert first["todo"]["text"].startswith("Load the history from before the first day")
    assert {other["check"] for other in others} >= {"day_and_month", "time_zone", "rejected_rows"}


def test_a_warehouse_of_an_earlier_version_is_examined_by_a_refresh(shell: Shell) -> None:
    shell.json("load --json", write(shell, GOOD))
    with open_writer(shell.warehouse) as connection:
        connection.execute("ALTER TABLE health RENAME COLUMN message TO seen")
        publish(connection, shell.warehouse)
    assert shell.json("health --json") == []
    _, out, _ = shell("health")
    assert out == "The data has not been examined yet. Load a file, or run: stepsight refresh\n"
    assert shell("refresh")[0] == 0
    assert shell.json("health --json")[0]["check"] == "missing_openings"


def test_rejected_rows_are_listed_with_source_place_rule_and_content(loaded: Shell) -> None:
    assert loaded("load", write(loaded, "y,never,t,opened\n", "other.csv"))[0] == 1  # nothing came of it
    rows = loaded.json("rejected --json")
    assert [(row["file"], row["position"], row["rule"]) for row in rows] == [
        ("tickets.csv", 41, "occurred_at_unreadable"),
        ("tickets.csv", 42, "kind_unknown"),
        ("other.csv", 1, "occurred_at_unreadable"),
    ]
    assert json.loads(rows[0]["content"])["ticket_id"] == "=9+9"
    assert [row["column"] for row in rows] == ["occurred_at", "kind", "occurred_at"]
    assert len(loaded.json("rejected --json --reason occurred_at_unreadable --file other.csv")) == 1
    assert loaded.json("rejected --json --reason seq_unreadable") == []
    _, out, _ = loaded("rejected")
    assert "kind_unknown" in out


@pytest.mark.sweep(2)
@pytest.mark.parametrize("ending", ["csv", "jsonl", "xlsx"])
def test_rejected_rows_are_exported(loaded: Shell, ending: str) -> None:
    target = loaded.folder / f"rejected.{ending}"
    code, out, _ = loaded("rejected --export", str(target))
    assert (code, f"Wrote 2 rows to {target}" in out) == (0, True)
    read = {"csv": pl.read_csv, "jsonl": pl.read_ndjson, "xlsx": pl.read_excel}[ending]
    assert read(target)["rule"].to_list() == ["occurred_at_unreadable", "kind_unknown"]  # type: ignore[operator]


@pytest.mark.sweep(2)
@pytest.mark.parametrize(
    ("command", "says"),
    [
        (
            "rejected --reason nope",
            "there is no such rule. Rows were rejected for: kind_unknown, occurred_at_unreadable",
        ),
        (
            "rejected --file nope.csv",
            "--file nope.csv: no file of this name was loaded. Loaded files: tickets.csv",
        ),
        ("rejected --export refused.pdf", "is not an ending to export to"),
    ],
)
def test_what_cannot_be_listed_is_said_in_a_sentence(loaded: Shell, command: str, says: str) -> None:
    code, out, err = loaded(command)
    assert (code, out) == (1, "")
    assert says in err


def test_rows_that_were_mended_load_without_doubling_the_others(loaded: Shell) -> None:
    mended = BAD.replace("soon", "2026-03-02T10:00Z").replace("opend", "solved")
    report = loaded.json("load --json", write(loaded, GOOD + mended))
    assert {name: report[name] for name in ("read", "loaded", "duplicates", "rejected")} == {
        "read": 42,
        "loaded": 2,
        "duplicates": 40,
        "rejected": 0,
    }
    (opened,) = loaded.json("metrics tickets_opened --format json")
    assert opened["value"] == 21
    assert len(loaded.json("rejected --json")) == 2
    found = {finding["check"]: finding for finding in loaded.json("health --json")}
    assert found["duplicates"]["severity"] == "ok"


def test_findings_are_part_of_a_rebuilt_warehouse(loaded: Shell) -> None:
    before = loaded.json("health --json")
    code, _, err = loaded("rebuild")
    assert (code, err) == (0, "")
    assert loaded.json("health --json") == before
