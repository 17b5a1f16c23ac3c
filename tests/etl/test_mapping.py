"""A mapping turns any table into events, and says what is wrong with itself or the table."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from etl.contract.events import Kind
from etl.errors import InvalidMapping
from etl.mapping.mapping import Mapping, RowEvent
from etl.mapping.mapping_file import read_mapping
from tests.etl.desk import Desk

LOG = Mapping.model_validate(
    {
        "activity": "Activity",
        "null": ["?"],
        "columns": {"ticket_id": "Case", "occurred_at": "When", "agent_id": "Who", "priority": "Urgency"},
        "constants": {"workflow": "repair", "version": "1"},
        "values": {"priority": {"1": "urgent"}},
        "time": {"zone": "Europe/Berlin", "format": "%d/%m/%Y %H:%M"},
        "activities": {
            "Open": ["opened", "entered"],
            "Fix": ["entered", "solved"],
            "Close": ["entered", "closed", "run_finished"],
        },
        "event": [{"kind": "reopened", "when": {"Again": ["1"]}, "unless": {"Activity": ["Fix"]}}],
    }
)
HEADER = "Case,When,Who,Urgency,Activity,Again\n"


def kinds(desk: Desk) -> list[str]:
    return desk.events()["kind"].to_list()


def test_an_activity_is_a_step_of_one_run_per_ticket_and_may_be_a_ticket_event_too(desk: Desk) -> None:
    desk.load(desk.file(HEADER + "c1,5/3/2016 09:30,?,1,Open,0\nc1,5/3/2016 10:30,ann,1,Fix,0\n"), LOG)
    events = desk.events()
    assert events["kind"].to_list() == ["opened", "entered", "entered", "solved"]
    entered = events.filter(kind="entered").to_dicts()[0]
    assert (entered["run_id"], entered["workflow"], entered["step"]) == ("c1", "repair", "Open")
    assert entered["occurred_at"] == datetime(2016, 3, 5, 8, 30, tzinfo=UTC)
    assert (entered["agent_id"], entered["priority"]) == (None, "urgent")
    assert events.filter(kind="solved")["run_id"].to_list() == [None]


def test_the_events_of_one_row_keep_the_order_of_the_mapping(desk: Desk) -> None:
    desk.load(desk.file(HEADER + "c1,5/3/2016 09:30,ann,1,Close,0\n"), LOG)
    assert kinds(desk) == ["entered", "closed", "run_finished"]


def test_an_event_with_a_condition_is_told_only_where_it_holds(desk: Desk) -> None:
    rows = [
        "c1,5/3/2016 09:30,ann,1,Open,1",
        "c1,5/3/2016 09:40,ann,1,Fix,1",
        "c1,5/3/2016 09:50,ann,1,Close,0",
    ]
    desk.load(desk.file(HEADER + "\n".join(rows)), LOG)
    assert kinds(desk).count("reopened") == 1


def test_an_event_of_few_columns_is_told_once_however_many_rows_repeat_it(desk: Desk) -> None:
    opened = RowEvent(kind=Kind.OPENED, columns={"ticket_id": "Case", "occurred_at": "Began"})
    mapping = LOG.model_copy(update={"event": [opened]})
    header = HEADER.replace("Again", "Began")
    rows = "c1,5/3/2016 09:30,ann,1,Fix,1/3/2016 08:00\nc1,5/3/2016 09:40,ann,1,Close,1/3/2016 08:00\n"
    assert desk.load(desk.file(header + rows), mapping).loaded == 2
    assert kinds(desk).count("opened") == 1


def test_rows_are_counted_not_the_events_they_tell(desk: Desk) -> None:
    row = "c1,5/3/2016 09:30,ann,1,Close,0\n"
    report = desk.load(desk.file(HEADER + row * 2), LOG)
    assert (report.read, report.loaded, report.duplicates) == (2, 1, 1)


def test_a_row_that_tells_no_event_is_skipped_not_a_duplicate(desk: Desk) -> None:
    mapping = LOG.model_copy(update={"activities": {"Open": [Kind.OPENED], "*": []}})
    rows = "c1,5/3/2016 09:30,ann,1,Open,0\nc1,5/3/2016 09:31,ann,1,Note,0\nc1,5/3/2016 09:32,ann,1,Note,1\n"
    report = desk.load(desk.file(HEADER + rows), mapping)
    assert (report.read, report.loaded, report.duplicates, report.rejected, report.skipped) == (3, 2, 0, 0, 1)
    assert desk.table("loads")["skipped"].to_list() == [1]


def test_a_row_that_is_rejected_is_not_skipped_too(desk: Desk) -> None:
    report = desk.load(desk.file(HEADER + "c1,5/3/2016 09:30,ann,1,-100,0\n"), LOG)
    assert (report.read, report.rejected, report.skipped) == (1, 1, 0)


def test_a_row_of_the_contract_without_an_instant_is_rejected_not_skipped(desk: Desk) -> None:
    report = desk.load(desk.file("ticket_id,kind,occurred_at\nt1,opened,\n"))
    assert (report.rejected, report.skipped) == (1, 0)


def test_an_activity_the_mapping_does_not_know_is_rejected(desk: Desk) -> None:
    report = desk.load(desk.file(HEADER + "c1,5/3/2016 09:30,ann,1,-100,1\n"), LOG)
    assert report.reasons == {"activity_unknown": 1}
    assert desk.table("events").is_empty()


def test_an_id_of_the_source_is_the_rows_and_each_of_its_events_has_one(desk: Desk) -> None:
    mapping = LOG.model_copy(update={"columns": LOG.columns | {"event_id": "Row"}})
    row = "7,c1,5/3/2016 09:30,ann,1,Close,0\n"
    report = desk.load(desk.file("Row," + HEADER + row * 2), mapping)
    assert (report.loaded, report.duplicates) == (1, 1)
    assert set(desk.events()["event_id"]) == {"7:entered", "7:closed", "7:run_finished"}


def test_a_star_stands_for_all_other_activities(desk: Desk) -> None:
    mapping = LOG.model_copy(update={"activities": LOG.activities | {"*": LOG.activities["Open"][1:]}})
    desk.load(desk.file(HEADER + "c1,5/3/2016 09:30,ann,1,Think,0\n"), mapping)
    assert kinds(desk) == ["entered"]


def test_a_row_is_refused_whole_if_one_of_its_events_is(desk: Desk) -> None:
    report = desk.load(desk.file(HEADER + "c1,31/2/2016 09:30,ann,1,Close,0\n"), LOG)
    assert (report.loaded, report.reasons) == (0, {"occurred_at_unreadable": 1})


def test_a_contract_table_needs_only_what_differs(desk: Desk) -> None:
    mapping = Mapping.model_validate({"time": {"zone": "UTC"}, "columns": {"ticket_id": "case"}})
    desk.load(desk.file("event_id,case,kind,occurred_at\ne1,t1,opened,2026-03-02 09:00\n"), mapping)
    assert desk.events()["ticket_id"].to_list() == ["t1"]


def test_columns_the_mapping_names_must_be_there(desk: Desk) -> None:
    error = desk.load(desk.file("Case,When\nc1,x\n"), LOG).error
    assert "has no column 'Activity', 'Again', 'Urgency', 'Who'; it has 'Case', 'When'" in str(error)


def test_another_encoding_and_delimiter_are_stated(desk: Desk) -> None:
    mapping = Mapping.model_validate({"file": {"delimiter": ";", "encoding": "latin-1"}})
    content = "event_id;ticket_id;kind;occurred_at;reason\ne1;t1;opened;2026-03-02T09:00Z;Gebühr\n"
    assert desk.load(desk.file(content.encode("latin-1")), mapping).loaded == 1
    assert desk.events()["reason"].to_list() == ["Gebühr"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("columns = 3", "at columns"),
        ("[columns]\nticket = 'Case'", "'ticket' is not a column of the contract"),
        ("[time]\nzone = 'Berlin'", "'Berlin' is not an IANA time zone"),
        ("[activities]\nOpen = ['opend']", "activities.Open 1"),
        ("colums = {}", "colums"),
        ("not toml", "is not TOML"),
    ],
)
def test_a_mapping_that_is_wrong_names_the_place(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "m.toml"
    path.write_text(text)
    with pytest.raises(InvalidMapping, match=r"m\.toml") as raised:
        read_mapping(path)
    assert says in str(raised.value)


def test_a_mapping_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(InvalidMapping, match="cannot be read"):
        read_mapping(tmp_path / "none.toml")


TICKETS = Mapping.model_validate(
    {
        "columns": {"ticket_id": "id", "occurred_at": "created", "recorded_at": "updated"},
        "time": {"zone": "UTC"},
        "event": [
            {"kind": "opened", "columns": {"ticket_id": "id", "occurred_at": "created", "reason": "topic"}}
        ],
    }
)


def test_when_a_row_was_recorded_holds_for_events_with_columns_of_their_own(desk: Desk) -> None:
    rows = ["t1,2026-03-02 09:00,2026-03-09 00:00,delivery", "t1,2026-03-02 09:00,2026-03-03 00:00,billing"]
    desk.load(desk.file("id,created,updated,topic\n" + "\n".join(rows)), TICKETS)
    assert desk.events()["reason"].to_list() == ["delivery"]
    assert desk.events()["recorded_at"].to_list() == [datetime(2026, 3, 9, tzinfo=UTC)]


def test_a_mapping_may_say_what_makes_an_event_one_and_the_same(desk: Desk) -> None:
    text = {"columns": {"ticket_id": "case"}, "identity": {"columns": ["line"]}}
    mapping = Mapping.model_validate(text)
    header, row = "line,case,kind,occurred_at\n", "t1,solved,2026-03-02T09:00Z"
    desk.load(desk.file(f"{header}1,{row}\n2,{row}\n,{row}\n"), mapping)
    assert desk.events().height == 3
    report = desk.load(desk.file(f"{header}2,{row.replace('09:00', '10:00')}\n"), mapping)
    assert (report.loaded, report.conflicts, report.ignored_columns) == (0, 1, [])


def test_what_tells_rows_apart_does_not_count_for_an_event_with_columns_of_its_own(desk: Desk) -> None:
    mapping = TICKETS.model_copy(
        update={"identity": TICKETS.identity.model_copy(update={"columns": ["line"]})}
    )
    rows = ["1,t1,2026-03-02 09:00,,billing", "2,t1,2026-03-02 09:00,,billing"]
    desk.load(desk.file("line,id,created,updated,topic\n" + "\n".join(rows)), mapping)
    assert desk.events().height == 1


WRONG = """# a comment

activity = "Activity"
[columns]
ticket_id = "Case"
"occurred at" = "When"

[time]
zone = "Mars/Phobos"

[activities]
"Open" = [
  "opened",
  "opend",
]

[[event]]
kind = "reopened"
[[event]]
kind = "solvd"
"""


@pytest.mark.parametrize(
    ("mended", "line"),
    [((), 6), (("occurred at",), 9), (("occurred at", "Mars"), 12), (("occurred at", "Mars", "opend"), 20)],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, mended: tuple[str, ...], line: int) -> None:
    right = {"occurred at": "occurred_at", "Mars": "Mars/Phobos", "opend": "opened"}
    text = WRONG
    for wrong in mended:
        text = text.replace("Mars/Phobos", "UTC") if wrong == "Mars" else text.replace(wrong, right[wrong])
    path = tmp_path / "m.toml"
    path.write_text(text)
    with pytest.raises(InvalidMapping, match=f"line {line}, at"):
        read_mapping(path)


def test_a_field_that_does_not_exist_is_named_with_the_line_of_its_table(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text('[columns]\nticket_id = "a"\n\n[colums]\nkind = "b"\n')
    with pytest.raises(InvalidMapping, match="line 4, at colums"):
        read_mapping(path)
