"""Lists that hold several events: each of their elements is a row."""

from __future__ import annotations

import json

from etl.mapping.mapping import Mapping
from tests.etl.desk import Desk

AUDITS = {
    "audits": [
        {
            "id": 1,
            "ticket_id": 35436,
            "created_at": "2026-03-02T09:00:00Z",
            "events": [
                {"id": 11, "type": "Create", "field_name": "status", "value": "new"},
                {"id": 12, "type": "Comment", "author_id": 9},
            ],
        },
        {"id": 2, "ticket_id": 35436, "created_at": "2026-03-02T10:00:00Z", "events": []},
        {
            "id": 3,
            "ticket_id": 35436,
            "created_at": "2026-03-02T11:00:00Z",
            "events": [{"id": 13, "type": "Change", "field_name": "status", "value": "solved"}],
        },
    ]
}
MAPPING = {
    "file": {"each": "events"},
    "columns": {"event_id": "events.id", "ticket_id": "ticket_id", "occurred_at": "created_at"},
    "event": [
        {"kind": "opened", "when": {"events.type": ["Create"]}},
        {
            "kind": "replied",
            "when": {"events.type": ["Comment"]},
            "constants": {"actor": "agent"},
        },
        {"kind": "solved", "when": {"events.field_name": ["status"], "events.value": ["solved"]}},
    ],
}


def test_each_element_of_a_list_is_a_row_beside_what_the_row_has(desk: Desk) -> None:
    report = desk.load(desk.file(json.dumps(AUDITS), "audits.json"), Mapping.model_validate(MAPPING))
    # The audit without an event is one row, which tells nothing.
    assert (report.read, report.loaded, report.skipped, report.ignored_columns) == (4, 3, 1, ["id"])
    assert desk.events().select("ticket_id", "kind", "event_id").rows() == [
        ("35436", "opened", "11:opened"),
        ("35436", "replied", "12:replied"),
        ("35436", "solved", "13:solved"),
    ]


def test_a_list_within_the_elements_of_a_list_is_gone_through_in_turn(desk: Desk) -> None:
    histories = [
        {
            "created": f"2026-03-02T0{hour}:00Z",
            "items": [{"field": "assignee"}, {"field": "status", "to": to}],
        }
        for hour, to in ((8, "Open"), (9, "Done"))
    ]
    issues = [{"key": "SD-1", "changelog": {"histories": histories}}, {"key": "SD-2"}]
    path = "changelog.histories"
    mapping = {
        "file": {"each": [path, f"{path}.items"]},
        "columns": {"ticket_id": "key", "occurred_at": f"{path}.created"},
        "event": [{"kind": "solved", "when": {f"{path}.items.to": ["Done"]}}],
    }
    report = desk.load(desk.file(json.dumps(issues), "issues.json"), Mapping.model_validate(mapping))
    assert (report.read, report.loaded) == (5, 1)
    assert [(event["ticket_id"], event["occurred_at"].hour) for event in desk.events().to_dicts()] == [
        ("SD-1", 9)
    ]


def test_a_list_that_is_not_there_is_named(desk: Desk) -> None:
    mapping = Mapping.model_validate(MAPPING | {"file": {"each": "child_events"}})
    report = desk.load(desk.file(json.dumps(AUDITS), "audits.json"), mapping)
    assert "has no column 'child_events'" in str(report.error)
