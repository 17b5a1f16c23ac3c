"""A definition that contradicts itself is refused with the place named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from etl.contract.workflows import read_definitions
from etl.errors import InvalidDefinition
from tests.etl.desk import CSV_HEADER, Desk

ASK = {"id": "ask", "title": "Ask", "type": "question", "next": ["end"], "required": True}
END = {"id": "end", "title": "End", "type": "end"}


def written(folder: Path, *steps: dict[str, Any], **other: Any) -> Path:
    path = folder / "workflows.json"
    definition = {"workflow": "refund", "version": "1", "title": "Refund", "steps": list(steps)} | other
    path.write_text(json.dumps([definition]))
    return path


def test_a_definition_is_read_step_by_step(tmp_path: Path) -> None:
    (definition,) = read_definitions(written(tmp_path, ASK, END))
    assert [(step.id, step.required, step.next) for step in definition.steps] == [
        ("ask", True, ("end",)),
        ("end", False, ()),
    ]


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ([ASK | {"next": ["fin"]}, END], "step 'ask' leads to 'fin', which is not a step of it"),
        ([ASK, ASK, END], "step 'ask' is defined more than once"),
        ([ASK, END, END | {"id": "island"}], "no path from its first step 'ask' reaches island"),
        ([ASK | {"type": "riddle"}, END], "0.steps.0.type"),
        ([], "0.steps"),
        ([END | {"id": "\u00a0"}], "0.steps.0.id"),
        ([ASK | {"nxt": []}, END], "0.steps.0.nxt"),
    ],
)
def test_a_contradiction_is_refused_with_its_place(
    tmp_path: Path, steps: list[dict[str, Any]], says: str
) -> None:
    with pytest.raises(InvalidDefinition, match=r"workflows\.json") as raised:
        read_definitions(written(tmp_path, *steps))
    assert says in str(raised.value)


def test_what_is_no_list_of_definitions_says_what_is_expected(tmp_path: Path) -> None:
    path = tmp_path / "workflows.json"
    path.write_text("{}")
    with pytest.raises(InvalidDefinition, match="Write a JSON list"):
        read_definitions(path)
    with pytest.raises(InvalidDefinition, match="cannot be read"):
        read_definitions(tmp_path / "none.json")


def test_names_of_a_definition_are_those_of_events_however_they_are_written(desk: Desk) -> None:
    header = CSV_HEADER.strip() + ",run_id,workflow,version,step\n"
    desk.load(desk.file(header + "e1,2026-03-02T09:00Z,t1,entered,r1,refus\u00e9 , 1,fin\u00a0\n"))
    step = END | {"id": "fin\u200b"}
    desk.define(
        written(desk.folder, ASK | {"next": ["fin "]}, step, workflow="\u00a0refuse\u0301", version="1 ")
    )
    of_events = desk.events().select("workflow", "version", "step").row(0)
    assert of_events in desk.table("workflow_steps").select("workflow", "version", "step").rows()


def test_a_definition_takes_the_place_of_the_older_one_and_makes_its_tickets_stale(desk: Desk) -> None:
    header = CSV_HEADER.strip() + ",run_id,workflow,version,step\n"
    desk.load(desk.file(header + "e1,2026-03-02T09:00Z,t1,entered,r1,refund,1,ask\n"))
    desk.connection.execute("DELETE FROM stale_tickets")
    desk.define(written(desk.folder, ASK, END))
    desk.define(written(desk.folder, ASK | {"required": False}, END))
    assert desk.table("workflow_steps").sort("position")["required"].to_list() == [False, False]
    assert set(desk.table("stale_tickets")["ticket_id"]) == {"t1"}
