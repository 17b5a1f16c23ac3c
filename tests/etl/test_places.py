"""A mapping can say what the first or the last row of a ticket tells, of any file and whatever its length."""

from __future__ import annotations

import random
import tomllib
from datetime import UTC, datetime, timedelta

import pytest

from etl.mapping.mapping import Mapping
from etl.mapping.places import with_places
from etl.sources import read
from etl.sources import table as tables
from etl.sources.table import PLACE
from tests.etl.desk import Desk

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
OPENS_FIRST = """
activity = "Activity"
[columns]
ticket_id = "Case"
occurred_at = "When"
[time]
zone = "UTC"
[constants]
workflow = "desk"
version = "1"
[activities]
"*" = ["entered"]
[[event]]
kind = "opened"
when = { ":place" = ["first", "only"] }
[[event]]
kind = "run_finished"
when = { ":place" = ["last", "only"] }
"""


def mapping_of(text: str) -> Mapping:
    return Mapping.model_validate(tomllib.loads(text))


def places(desk: Desk, text: str, mapping: str = OPENS_FIRST) -> list[str | None]:
    table = with_places(read(desk.file(text)), mapping_of(mapping))
    return [place for rows in table.batches() for place in rows[PLACE]]


def test_the_first_and_the_last_row_of_a_ticket_are_so_in_time(desk: Desk) -> None:
    rows = (
        "Case,Activity,When\n1,b,2026-03-02 10:00\n1,c,2026-03-02 11:00\n2,x,2026-03-02 09:00\n"
        "1,a,2026-03-02 09:00\n"
    )
    assert places(desk, rows) == ["between", "last", "only", "first"]


def test_rows_of_one_instant_keep_the_order_of_the_file_or_of_their_number(desk: Desk) -> None:
    rows = "Case,Activity,When,No\n1,b,2026-03-02 09:00,10\n1,a,2026-03-02 09:00,9\n"
    assert places(desk, rows) == ["first", "last"]
    numbered = OPENS_FIRST.replace("[time]", 'seq = "No"\n[time]')
    assert places(desk, rows, numbered) == ["last", "first"]


def test_a_row_without_a_ticket_or_an_instant_has_no_place(desk: Desk) -> None:
    rows = "Case,Activity,When\n1,a,never\n1,b,2026-03-02 10:00\n,c,2026-03-02 09:00\n"
    assert places(desk, rows) == [None, "only", None]


def test_a_row_without_a_place_is_rejected_for_what_it_lacks(desk: Desk) -> None:
    """It may have been the only row of its ticket: left out, nobody would know of the ticket."""
    mapping = OPENS_FIRST.replace('activity = "Activity"', "")
    mapping = mapping.replace('[activities]\n"*" = ["entered"]\n', "")
    rows = "Case,When\n1,never\n2,2026-03-02 10:00\n,2026-03-02 09:00\n"
    report = desk.load(desk.file(rows), mapping_of(mapping))
    assert report.reasons == {"occurred_at_unreadable": 1, "ticket_id_missing": 1}
    assert desk.events()["ticket_id"].unique().to_list() == ["2"]


def test_a_ticket_opens_once_with_its_first_row_in_any_batches(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        f"{case},step {step},{(BEGIN + timedelta(minutes=step)).isoformat()}"
        for case in range(40)
        for step in range(1 + case % 5)
    ]
    random.Random(13).shuffle(rows)  # noqa: S311 - an order, no secret
    path = desk.file("\n".join(["Case,Activity,When", *rows]))
    for batch_rows in (7, 10_000):
        monkeypatch.setattr(tables, "BATCH_ROWS", batch_rows)
        report = desk.load(path, mapping_of(OPENS_FIRST))
        assert (report.rejected, report.without_effect) == (0, [])
        opened = desk.events().filter(kind="opened")
        assert opened["ticket_id"].n_unique() == opened.height == 40
        assert opened["occurred_at"].unique().to_list() == [BEGIN]
        ended = dict(desk.events().filter(kind="run_finished").select("ticket_id", "occurred_at").iter_rows())
        assert ended["4"] == BEGIN + timedelta(minutes=4)


def test_events_with_columns_of_their_own_have_it_too(desk: Desk) -> None:
    mapping = OPENS_FIRST.replace(
        'kind = "opened"', 'kind = "opened"\ncolumns = { ticket_id = "Case", occurred_at = "Since" }'
    )
    rows = (
        "Case,Activity,When,Since\n1,a,2026-03-02 10:00,2026-03-02 08:00\n"
        "1,b,2026-03-02 11:00,2026-03-02 08:30\n"
    )
    desk.load(desk.file(rows), mapping_of(mapping))
    assert desk.events().filter(kind="opened")["occurred_at"].to_list() == [
        datetime(2026, 3, 2, 8, tzinfo=UTC)
    ]


def test_a_place_that_no_row_can_have_is_refused() -> None:
    with pytest.raises(ValueError, match="frist"):
        mapping_of(OPENS_FIRST.replace('"first"', '"frist"'))


def test_without_a_column_of_the_ticket_the_table_is_refused_and_the_column_named(desk: Desk) -> None:
    report = desk.load(desk.file("Fall,Activity,When\n1,a,2026-03-02 10:00\n"), mapping_of(OPENS_FIRST))
    assert "Case" in str(report.error)
    assert ":place" not in str(report.error)
