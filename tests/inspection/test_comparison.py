"""The comparison itself: a right mapping is right, and each way to be wrong is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.inspection.comparison import Outcome, outcome_of
from tests.inspection.expectation import read_expectation
from tests.inspection.mapping_uses import column_uses, is_right

ROWS = """No,Made,Fixed,By,Topic,Stars
1,2026-01-05 09:00,2026-01-05 10:00,Ada,vat,5
2,2026-01-05 11:00,,Ben,login,
"""
EXPECTED = """
system = "made-up"
file = "tickets.csv"
documentation = []
time = { format = "%Y-%m-%d %H:%M", zone = "Europe/Berlin" }
facts = { tickets = 2, first = 2026-01-05T08:00:00Z, last = 2026-01-05T10:00:00Z }
event = [{ kind = "opened", at = "Made" }, { kind = "solved", at = "Fixed" }]

[columns]
No = "ticket_id"
Made = "opened"
Fixed = "solved"
By = "agent_id"
Topic = "reason"
Stars = "nothing"
"""
RIGHT = """
time = { zone = "Europe/Berlin" }
columns = { ticket_id = "No", occurred_at = "Made" }
[[event]]
kind = "opened"
columns = { ticket_id = "No", occurred_at = "Made", reason = "Topic", agent_id = "By" }
[[event]]
kind = "solved"
unless = { Fixed = [""] }
columns = { ticket_id = "No", occurred_at = "Fixed", agent_id = "By" }
"""


@pytest.fixture
def compare(tmp_path: Path):
    (tmp_path / "tickets.csv").write_text(ROWS)
    (tmp_path / "tickets.csv.expected.toml").write_text(EXPECTED)
    expectation = read_expectation(tmp_path / "tickets.csv.expected.toml")

    def compare_with(mapping: str) -> Outcome:
        (tmp_path / "mapping.toml").write_text(mapping)
        return outcome_of(tmp_path / "mapping.toml", expectation, tmp_path)

    return compare_with


def test_a_right_mapping_is_right(compare) -> None:
    result = compare(RIGHT)
    assert result.is_right
    assert result.events == {"opened": (2, 2), "solved": (1, 1)}


def test_another_zone_is_instants_wrong(compare) -> None:
    result = compare(RIGHT.replace("Europe/Berlin", "UTC"))
    assert len(result.wrong_instants) == 3
    assert not result.wrong_columns


def test_a_kind_that_is_nowhere_expected_is_wrong(compare) -> None:
    result = compare(RIGHT.replace('kind = "solved"', 'kind = "closed"'))
    assert result.wrong_columns == {"Fixed": "closed, not solved"}
    assert result.missed_events == ["solved by Fixed: 0 of 1"]
    assert result.wrong_instants == ["closed of 1 at 2026-01-05 09:00:00Z"]


def test_a_column_that_reaches_no_event_is_wrong(compare) -> None:
    lost = RIGHT.replace(', agent_id = "By"', "").replace(
        'ticket_id = "No", o', 'agent_id = "By", ticket_id = "No", o', 1
    )
    assert compare(lost).wrong_columns == {"By": "agent_id of 0 of 2 tickets only"}


def test_a_mapping_by_which_nothing_loads_is_seen(compare) -> None:
    assert compare(RIGHT.replace('zone = "Europe/Berlin"', 'format = "%d.%m.%Y"')).rejects_everything


def test_uses_of_a_column_are_read_from_any_part_of_a_mapping() -> None:
    mapping = {
        "columns": {
            "occurred_at": {"date": "Day", "time": "Hour"},
            "actor": {"from": "Who", "lookup": "users"},
        },
        "dimensions": {"plan": "Plan"},
        "event": [{"kind": "opened", "when": {"State": ["new"]}}],
    }
    uses = column_uses(mapping, {"Day", "Hour", "Who", "Plan", "State", "seq"})
    assert uses == {
        "Day": {"occurred_at", "opened"},
        "Hour": {"occurred_at", "opened"},
        "Who": {"actor"},
        "Plan": {"dimension"},
        "State": {"condition"},
        "seq": {"seq"},
    }


@pytest.mark.parametrize(
    ("uses", "roles", "right"),
    [
        (set(), ["nothing"], True),
        ({"condition"}, ["nothing"], True),
        (set(), ["channel"], False),
        ({"channel"}, ["channel", "nothing"], True),
        ({"channel", "reason"}, ["channel"], False),
        ({"occurred_at", "opened"}, ["opened"], True),
        ({"occurred_at"}, ["opened"], False),
        ({"occurred_at", "reopened"}, ["occurred_at"], True),
        ({"entered", "opened"}, ["entered", "occurred_at"], True),
        ({"entered", "team"}, ["entered", "occurred_at"], False),
        (set(), ["condition"], False),
    ],
)
def test_all_uses_must_be_among_the_roles(uses: set[str], roles: list[str], right: bool) -> None:
    assert is_right(uses, roles) == right
