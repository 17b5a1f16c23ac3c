"""A mapping can take an event from the row on which a column changes, whatever the order of the file."""

from __future__ import annotations

import tomllib

import pytest
from pydantic import ValidationError

from etl.mapping.changes import with_changes
from etl.mapping.mapping import Mapping
from etl.sources import read
from etl.sources import table as tables
from tests.etl.desk import Desk

REOPENED = """
null = ["?"]
[columns]
ticket_id = "Case"
occurred_at = "When"
seq = "No"
[time]
zone = "UTC"
[[event]]
kind = "reopened"
when = { ":change.Count" = ["up"] }
"""
ROWS = """Case,When,No,Count
1,2026-03-02 11:00,1,1
1,2026-03-02 09:00,1,0
1,2026-03-02 10:00,2,1
1,2026-03-02 10:00,1,0
2,2026-03-02 09:00,1,9
2,2026-03-02 10:00,1,10
1,2026-03-02 12:00,1,0
1,2026-03-02 13:00,1,?
3,never,1,1
"""


def mapping_of(text: str) -> Mapping:
    return Mapping.model_validate(tomllib.loads(text))


def test_each_row_is_compared_with_the_one_before_of_its_ticket(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for batch_rows in (2, 10_000):
        monkeypatch.setattr(tables, "BATCH_ROWS", batch_rows)
        table = with_changes(read(desk.file(ROWS)), mapping_of(REOPENED))
        changes = [change for rows in table.batches() for change in rows[":change.Count"]]
        assert changes == ["same", "first", "up", "same", "first", "up", "down", "other", None]


def test_a_counter_on_every_row_tells_one_event_for_each_time_it_rises(desk: Desk) -> None:
    report = desk.load(desk.file(ROWS), mapping_of(REOPENED))
    events = desk.connection.sql("SELECT ticket_id, hour(occurred_at) FROM events ORDER BY ALL").fetchall()
    assert (events, report.skipped, report.rejected) == ([("1", 10), ("2", 10)], 6, 1)


def test_a_change_that_no_row_has_and_a_column_that_is_not_there_are_named(desk: Desk) -> None:
    with pytest.raises(ValidationError, match="rises"):
        mapping_of(REOPENED.replace('["up"]', '["rises"]'))
    report = desk.load(desk.file(ROWS), mapping_of(REOPENED.replace("Count", "Counter")))
    assert "has no column 'Counter'" in str(report.error)
