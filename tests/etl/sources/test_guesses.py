"""What `inspect` writes loads: a guess rejects no table as a whole and takes no time for another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from commands.inspection_lines import inspection_lines
from dashboard.language.mapping_text import mapping_text
from dashboard.views.your_data import mapping_guide
from etl.contract.kinds import Kind
from etl.mapping.inspect import Inspection, inspect, write_mapping
from etl.mapping.inspect.activities import meanings
from etl.mapping.inspect.repair import without
from etl.mapping.mapping import Mapping
from etl.mapping.mapping_file import read_mapping
from tests.etl.desk import Desk
from tests.etl.sources.writing import as_csv

BEGIN = datetime(2025, 10, 29, 8, 15)  # noqa: DTZ001 - as a source writes it that names no zone
"""Thirty tickets from here, each some hours after the other, so that days go beyond 12."""


def _written(form: str) -> Callable[[datetime], str]:
    if form.startswith("epoch"):
        unit = {"epoch": 1, "epoch_ms": 1000}[form]
        return lambda instant: str(int(instant.replace(tzinfo=UTC).timestamp()) * unit)
    return lambda instant: instant.strftime(form)


FORMS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%d %H:%M:%S+02",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %I:%M %p",
    "%d.%m.%y %H:%M",
    "%d/%b/%y %I:%M %p",
    "%B %d, %Y, %H:%M",
    "%a, %d %b %Y %H:%M:%S +0000",
    "%Y%m%d%H%M%S",
    "epoch",
    "epoch_ms",
)


def _tickets(at: Callable[[datetime], str]) -> list[dict[str, object]]:
    return [
        {
            "Ticket ID": 4000 + n,
            "Status": ("Open", "Solved", "Closed")[n % 3],
            "Group": "Billing",
            "Assignee": f"agent {n % 4}",
            "Created at": at(BEGIN + timedelta(hours=17 * n)),
            "Purchase date": at(BEGIN - timedelta(days=40 + n)),
            "Due date": at(BEGIN + timedelta(days=90 + n)),
            "First response at": at(BEGIN + timedelta(hours=17 * n, minutes=20)) if n % 4 else "",
            "Solved at": at(BEGIN + timedelta(hours=17 * n + 5)) if n % 3 else "",
            "Updated at": at(BEGIN + timedelta(days=60)),
            "Satisfaction rating": 1 + n % 5 if n % 3 == 1 else "",
        }
        for n in range(30)
    ]


def _log(at: Callable[[datetime], str]) -> list[dict[str, object]]:
    activities = ("Intake", "Check contract", "Ask customer", "Payment")
    return [
        {
            "Case ID": f"C{n}",
            "Activity": activity,
            "Resource": f"agent {n % 4}",
            "Timestamp": at(BEGIN + timedelta(hours=17 * n + step)),
        }
        for n in range(30)
        for step, activity in enumerate(activities)
        if step != 2 or n % 2
    ]


def _states(at: Callable[[datetime], str]) -> list[dict[str, object]]:
    return [
        {
            "number": f"INC{n}",
            "state": state,
            "opened_at": at(BEGIN + timedelta(hours=17 * n)),
            "sys_updated_at": at(BEGIN + timedelta(hours=17 * n + step)),
        }
        for n in range(30)
        for step, state in enumerate(("New", "Active", "Active", "Resolved", "Closed"))
    ]


def _comments(at: Callable[[datetime], str]) -> list[dict[str, object]]:
    return [
        {
            "id": 10 * n + step,
            "ticket_id": f"T{n}",
            "author_role": role,
            "public": "true" if step < 2 else "false",
            "created_at": at(BEGIN + timedelta(hours=17 * n + step)),
        }
        for n in range(30)
        for step, role in enumerate(("end-user", "agent", "agent"))
    ]


def _history(at: Callable[[datetime], str]) -> list[dict[str, object]]:
    return [
        {
            "ticket_id": f"T{n}",
            "field": field,
            "new_value": value,
            "updated": at(BEGIN + timedelta(hours=17 * n + step)),
        }
        for n in range(30)
        for step, (field, value) in enumerate(
            (("status", "new"), ("priority", "high"), ("status", "open"), ("status", "solved"))
        )
    ]


def _two_columns(at: Callable[[datetime], str]) -> list[dict[str, object]]:
    return [
        {
            "Case number": n,
            "State": "Closed",
            "Created date": (BEGIN + timedelta(hours=17 * n)).strftime("%d/%m/%Y"),
            "Created time": (BEGIN + timedelta(hours=17 * n)).strftime("%H:%M"),
            "Closed at": at(BEGIN + timedelta(hours=17 * n + 5)),
        }
        for n in range(30)
    ]


TABLES = {
    "tickets": (_tickets, {"opened": 30, "replied": 22, "solved": 20, "rated": 10}),
    "log": (_log, {"opened": 30, "entered": 105, "closed": 30, "run_finished": 30}),
    "states": (_states, {"opened": 30, "entered": 150, "solved": 30, "closed": 30, "run_finished": 30}),
    "comments": (_comments, {"replied": 60}),
    "history": (_history, {"opened": 30, "entered": 90, "solved": 30, "run_finished": 30}),
    "two columns": (_two_columns, {"opened": 30, "closed": 30}),
}


@pytest.mark.sweep(20)
@pytest.mark.parametrize("form", FORMS, ids=[f"form {number}" for number in range(len(FORMS))])
@pytest.mark.parametrize("table", TABLES)
def test_a_guess_loads_as_it_says_and_rejects_nothing(
    desk: Desk, tmp_path: Path, table: str, form: str
) -> None:
    rows, events = TABLES[table]
    path = desk.file(as_csv(rows(_written(form))), "table.csv")
    found = _load(desk, path, tmp_path)
    assert (found.rejected, found.events) == ([], events)
    hour = timedelta(hours=2) if form.endswith("+02") else timedelta(0)
    opened = desk.events().filter(kind="opened")["occurred_at"]
    if table != "comments":
        shift = timedelta(0) if table == "two columns" else hour
        assert opened.min() == (BEGIN - shift).replace(tzinfo=UTC)
        assert opened.max() == (BEGIN - shift + timedelta(hours=17 * 29)).replace(tzinfo=UTC)


@pytest.mark.sweep(2)
@pytest.mark.parametrize("left_out", ["Ticket ID", "Status", "Created at", "Solved at", "Updated at"])
def test_a_table_that_lacks_something_still_loads_or_says_that_nothing_can_be_guessed(
    desk: Desk, tmp_path: Path, left_out: str
) -> None:
    rows = [
        {name: value for name, value in row.items() if name != left_out}
        for row in _tickets(_written("%Y-%m-%d %H:%M:%S"))
    ]
    path = desk.file(as_csv(rows))
    found = inspect(path)
    if found.problem:
        assert (found.mapping, found.events, left_out) == (Mapping(), {}, "Ticket ID")
    else:
        assert "entered" not in _load(desk, path, tmp_path).events


def _load(desk: Desk, path: Path, folder: Path) -> Inspection:
    """The look, after a load by what it wrote gave just that."""
    found = inspect(path)
    assert found.problem is None
    (folder / "m.toml").unlink(missing_ok=True)
    write_mapping(mapping_text(found), folder / "m.toml")
    report = desk.load(path, read_mapping(folder / "m.toml"))
    assert report.error is None
    assert (report.rejected, report.skipped) == (sum(r.rows for r in found.rejected), found.skipped)
    assert report.loaded + report.duplicates > 0
    assert report.without_effect == []
    assert dict(desk.events()["kind"].value_counts().iter_rows()) == found.events
    return found


def test_a_table_of_tickets_is_no_log_and_all_it_maps_reaches_the_events(desk: Desk, tmp_path: Path) -> None:
    path = desk.file(as_csv(_tickets(_written("%Y-%m-%d %H:%M:%S"))))
    found = _load(desk, path, tmp_path)
    assert found.mapping.activity is None
    assert {event.kind for event in found.mapping.event} == {
        *(Kind.OPENED, Kind.REPLIED, Kind.SOLVED, Kind.RATED)
    }
    used = {column.name: column.becomes for column in found.columns}
    assert not used["Purchase date"]
    assert not used["Due date"]
    assert found.mapping.columns["recorded_at"] == "Updated at"
    by_kind = {event["kind"]: event for event in desk.events().to_dicts()}
    assert by_kind["opened"]["team"] == "Billing"
    assert (by_kind["replied"]["actor"], by_kind["replied"]["agent_id"] is None) == ("agent", False)
    assert by_kind["rated"]["scale_max"] == 5


def test_a_time_before_the_opening_is_no_event_of_the_ticket(desk: Desk) -> None:
    text = (
        "id,created_at,finished\n1,2026-03-02 09:00,2020-01-01 10:00\n2,2026-03-03 09:00,2021-01-01 10:00\n"
    )
    assert inspect(desk.file(text)).events == {"opened": 2}


def test_a_day_alone_is_no_instant_of_a_ticket_that_was_opened_at_an_hour(desk: Desk) -> None:
    text = "id,created_at,closed_at\n1,2026-03-02 09:00,2026-03-05\n2,2026-03-03 09:00,2026-03-05\n"
    assert inspect(desk.file(text)).events == {"opened": 2}


def test_a_duration_after_the_opening_is_a_reply(desk: Desk, tmp_path: Path) -> None:
    text = "id,created_at,First reply time in minutes\n1,2026-03-02 09:00,42\n2,2026-03-03 09:00,\n"
    found = _load(desk, desk.file(text), tmp_path)
    assert found.events == {"opened": 2, "replied": 1}
    replied = desk.events().filter(kind="replied").to_dicts()[0]
    assert replied["occurred_at"] == datetime(2026, 3, 2, 9, 42, tzinfo=UTC)


def test_a_duration_in_business_hours_is_none(desk: Desk) -> None:
    name = "First reply time in minutes within business hours"
    text = f"id,created_at,solved_at,{name}\n1,2026-03-02 09:00,2026-03-02 12:00,42\n"
    assert inspect(desk.file(text)).events == {"opened": 1, "solved": 1}


def test_each_column_is_read_in_its_own_form(desk: Desk, tmp_path: Path) -> None:
    text = "id,created_at,solved_at\n1,2026-02-02 09:00,13/02/2026 10:00\n2,2026-02-02 09:00,\n"
    found = _load(desk, desk.file(text), tmp_path)
    assert (found.first, found.last) == (
        datetime(2026, 2, 2, 9, tzinfo=UTC),
        datetime(2026, 2, 13, 10, tzinfo=UTC),
    )


def test_one_column_tells_the_order_of_dates_for_all(desk: Desk) -> None:
    text = "id,created_at,solved_at\n1,3/4/2026 09:00,3/14/2026 10:00\n2,3/5/2026 09:00,3/6/2026 09:00\n"
    found = inspect(desk.file(text))
    assert (found.first, found.mapping.time.format) == (
        datetime(2026, 3, 4, 9, tzinfo=UTC),
        "%m/%d/%Y %H:%M",
    )


def test_where_no_day_tells_the_order_times_lie_closer_together_by_the_right_one(desk: Desk) -> None:
    rows = "".join(f"{n},3/{n}/2026 09:00,3/{n}/2026 11:00\n" for n in range(1, 11))
    found = inspect(desk.file(f"id,created_at,solved_at\n{rows}"))
    assert found.mapping.time.format == "%m/%d/%Y %H:%M"
    assert any(message.code == "guess.order_open" for message in found.assumed)


@pytest.mark.parametrize(
    ("header", "events"),
    [
        ("Vorgangsnummer,Geöffnet am,Gelöst am,Bearbeiter", {"opened": 2, "solved": 2}),
        ("Numéro de ticket,Créé le,Résolu le,Technicien", {"opened": 2, "solved": 2}),
        ("Folio,Fecha de creación,Cerrado el,Agente", {"opened": 2, "closed": 2}),
    ],
)
def test_other_languages_are_read(desk: Desk, header: str, events: dict[str, int]) -> None:
    text = f"{header}\n1,2026-03-02 09:00,2026-03-02 10:00,a\n2,2026-03-02 09:00,2026-03-02 11:00,b\n"
    found = inspect(desk.file(text))
    assert found.events == events
    assert any("agent_id" in (event.columns or {}) for event in found.mapping.event)


def test_an_activity_opens_tickets_only_where_it_is_their_first(desk: Desk) -> None:
    log = "Case,Activity,When\n" + "".join(
        f"{n},{activity},2026-03-{2 + n:02} 09:0{step}\n"
        for n in range(5)
        for step, activity in enumerate(("Intake", "Open contract", "Done with it"))
    )
    found = inspect(desk.file(log))
    assert [(event.kind, event.when) for event in found.mapping.event] == [
        (Kind.OPENED, {":place": ["first", "only"]})
    ]
    assert found.events["opened"] == 5
    assert "Open contract" not in found.mapping.activities
    assert found.mapping.activities["Done with it"] == [Kind.ENTERED, Kind.CLOSED, Kind.RUN_FINISHED]


@pytest.mark.parametrize("times", ["start_timestamp,time:timestamp", "start,end", "Started At,Finished At"])
def test_a_start_and_an_end_in_one_row_are_a_step_that_is_entered_and_answered(
    desk: Desk, tmp_path: Path, times: str
) -> None:
    log = f"Case ID,Activity,{times}\n" + "".join(
        f"{n},{name},2026-03-{2 + n:02} 09:{step}0,2026-03-{2 + n:02} 09:{step}5\n"
        for n in range(3)
        for step, name in enumerate(("Intake", "Check", "Pay"))
    )
    found = _load(desk, desk.file(log), tmp_path)
    assert found.events == {"answered": 9, "entered": 9, "closed": 3, "opened": 3, "run_finished": 3}
    entered = desk.events().filter(kind="entered", step="Check", ticket_id="0").to_dicts()[0]
    assert entered["occurred_at"] == datetime(2026, 3, 2, 9, 10, tzinfo=UTC)
    answered = desk.events().filter(kind="answered", step="Check", ticket_id="0").to_dicts()[0]
    assert answered["occurred_at"] == datetime(2026, 3, 2, 9, 15, tzinfo=UTC)


@pytest.mark.parametrize("header", ["id,status,created_at", "event_id,ticket_id,kind,occurred_at", "a,b"])
def test_a_header_alone_gives_no_guess(desk: Desk, header: str) -> None:
    found = inspect(desk.file(f"{header}\n"))
    assert (found.mapping, str(found.problem)) == (
        Mapping(),
        "The file has no rows, so nothing can be guessed.",
    )
    assert inspection_lines(found)[-1] == "The file has no rows, so nothing can be guessed."


def test_a_column_that_would_reject_rows_is_left_out(desk: Desk, tmp_path: Path) -> None:
    log = "ticket_id,Activity,occurred_at,score,hits\n" + "".join(
        f"{n},{name},2026-03-02 09:{step}0,good,many\n"
        for n in range(3)
        for step, name in enumerate(("Intake", "Close"))
    )
    found = _load(desk, desk.file(log), tmp_path)
    assert (found.rejected, found.events["closed"]) == ([], 3)


def test_a_column_that_no_event_can_do_without_stays() -> None:
    mapping = Mapping(columns={"ticket_id": "id"})
    assert without(mapping, "ticket_id", ["id"]) is None


def test_rows_without_an_event_are_said_to_be_skipped(desk: Desk) -> None:
    text = "id,created_at,solved_at\n1,2026-03-02 09:00,\n2,,\n3,2026-03-02 09:00,2026-03-02 10:00\n"
    found = inspect(desk.file(text))
    assert found.skipped == 1
    assert "1 row would be skipped: the mapping takes no event from them." in inspection_lines(found)


def test_signs_that_cannot_be_seen_are_written_out(desk: Desk) -> None:
    text = "id,created_at,solved_at,reason\n1,2026-03-02 09:00,2026-03-02 10:00,a\x1b[2Jb\u200b\n"
    assert r"a\x1b[2Jb\u200b" in "\n".join(inspection_lines(inspect(desk.file(text))))


def test_a_source_of_a_ticket_is_its_channel_and_no_system(desk: Desk) -> None:
    text = "id,source,created_at\n1,Email,2026-03-02 09:00\n2,Phone,2026-03-02 09:00\n"
    found = inspect(desk.file(text))
    assert (found.mapping.event[0].columns or {})["channel"] == "source"
    assert "source" not in found.mapping.columns


def test_ratings_in_words_have_a_scale(desk: Desk) -> None:
    text = "id,created_at,solved_at,csat\n" + "".join(
        f"{n},2026-03-02 09:00,2026-03-02 10:00,{word}\n"
        for n, word in enumerate(("Very satisfied", "Satisfied", "Unhappy", "Not offered", ""))
    )
    found = inspect(desk.file(text))
    assert found.events["rated"] == 3
    assert found.mapping.values["score"] == {"Very satisfied": "5", "Satisfied": "4", "Unhappy": "2"}


def test_two_activities_that_begin_most_tickets_both_open_them() -> None:
    log = pl.DataFrame(
        {
            "ticket": [str(n) for n in range(10) for _ in range(2)],
            "activity": [name for n in range(10) for name in (("By mail" if n % 2 else "By phone"), "Work")],
        }
    )
    found = meanings(log)
    assert found.activities_of(Kind.OPENED) == ["By mail", "By phone"]
    assert found.activities_of(Kind.RUN_FINISHED) == ["Work"]


def test_the_page_asks_for_what_the_events_of_a_table_of_tickets_take(desk: Desk) -> None:
    found = inspect(desk.file(as_csv(_tickets(_written("%Y-%m-%d %H:%M:%S")))))
    theirs = [column.name for column in found.columns]
    choices = mapping_guide.guessed(found)
    assert choices.columns["agent_id"] == "Assignee"
    assert mapping_guide.mapped(found.mapping, choices, theirs) == found.mapping
    changed = replace(choices, columns={**choices.columns, "agent_id": None, "priority": "Status"})
    events = {
        event.kind: event.columns or {}
        for event in mapping_guide.mapped(found.mapping, changed, theirs).event
    }
    assert "agent_id" not in events[Kind.SOLVED]
    assert events[Kind.OPENED]["priority"] == "Status"


@pytest.mark.parametrize("header", ["", ",actor"])
def test_replies_of_nobody_in_a_table_of_the_contract_are_taken_for_an_agent_s(
    desk: Desk, tmp_path: Path, header: str
) -> None:
    kinds = ("opened", "replied", "solved")
    text = f"ticket_id,kind,occurred_at{header}\n" + "".join(
        f"T1,{kind},2026-03-02T09:0{step}Z{',' if header else ''}\n" for step, kind in enumerate(kinds)
    )
    found = _load(desk, desk.file(text), tmp_path)
    assert found.events == dict.fromkeys(kinds, 1)
    assert dict(desk.events().select("kind", "actor").iter_rows())["replied"] == "agent"
    assert dict(desk.events().select("kind", "actor").iter_rows())["opened"] == "customer"


def test_replies_that_say_whose_they_are_keep_it(desk: Desk, tmp_path: Path) -> None:
    text = (
        "ticket_id,kind,occurred_at,actor\nT1,opened,2026-03-02T09:00Z,\nT1,replied,2026-03-02T09:01Z,customer\n"
        "T1,replied,2026-03-02T09:02Z,\n"
    )
    _load(desk, desk.file(text), tmp_path)
    replies = desk.events().filter(kind="replied").sort("occurred_at")
    assert replies["actor"].to_list() == ["customer", "agent"]


@pytest.mark.parametrize("instant", ["46083.375", "never"])
def test_a_mapping_that_would_reject_every_row_is_never_written(desk: Desk, instant: str) -> None:
    found = inspect(desk.file(f"ticket_id,kind,occurred_at\nT1,opened,{instant}\nT2,opened,{instant}\n"))
    assert found.mapping == Mapping()
    assert str(found.problem).startswith("No row would be loaded, so there is no mapping to start from. 2 ")


def test_a_column_stays_where_no_row_is_won_without_it(desk: Desk) -> None:
    text = (
        "ticket_id,kind,occurred_at,run_id,workflow,version,step\n"
        "T1,answered,2026-03-02T09:00Z,R1,w,1,\nT1,entered,2026-03-02T09:01Z,R1,w,1,a\n"
    )
    assert inspect(desk.file(text)).mapping == Mapping()


def test_rows_are_of_a_run_where_a_column_names_the_step(desk: Desk, tmp_path: Path) -> None:
    rows = (("Created", "", ""), ("Page shown", "customer", "1"), ("Run completed", "agent", "1"))
    rows += (("Public comment", "agent", ""), ("Solved", "agent", ""))
    log = "Ticket,Event,At,Role,Step,Run\n" + "".join(
        f"T{n},{name},2026-03-{2 + n:02} 09:{step}0,{role}," + (f"intro,{n}\n" if of_run else ",\n")
        for n in range(6)
        for step, (name, role, of_run) in enumerate(rows)
    )
    found = _load(desk, desk.file(log), tmp_path)
    assert found.events == dict.fromkeys(("opened", "entered", "run_finished", "replied", "solved"), 6)
    entered = desk.events().filter(kind="entered", ticket_id="T3").to_dicts()[0]
    assert (entered["run_id"], entered["step"]) == ("3", "intro")
    assert set(desk.events().filter(kind="replied")["actor"]) == {"agent"}
    theirs = [column.name for column in found.columns]
    assert mapping_guide.mapped(found.mapping, mapping_guide.guessed(found), theirs) == found.mapping


def test_a_run_begins_and_ends_where_no_step_is_named(desk: Desk, tmp_path: Path) -> None:
    rows = (("Created", "", ""), ("Guide started", "", "1"), ("Page shown", "intro", "1"))
    rows += (("Completed", "", "1"), ("Solved", "", ""))
    log = "Ticket,Event,At,Step,Run\n" + "".join(
        f"T{n},{name},2026-03-{2 + n:02} 09:{place}0,{step},{run and f'R{n}'}\n"
        for n in range(6)
        for place, (name, step, run) in enumerate(rows)
    )
    found = _load(desk, desk.file(log), tmp_path)
    assert found.events == dict.fromkeys(("opened", "run_started", "entered", "run_finished", "solved"), 6)
    assert set(desk.events().filter(kind="run_finished")["step"]) == {None}


def test_messages_in_a_log_are_replies_of_the_side_that_a_column_names(desk: Desk, tmp_path: Path) -> None:
    rows = (("Intake", "system"), ("Message", "customer"), ("Message", "agent"), ("Closed", "system"))
    log = "Ticket,Activity,At,Author type\n" + "".join(
        f"T{n},{name},2026-03-{2 + n:02} 09:{step}0,{role}\n"
        for n in range(6)
        for step, (name, role) in enumerate(rows)
    )
    found = _load(desk, desk.file(log), tmp_path)
    assert (found.events["entered"], found.events["replied"]) == (24, 12)
    assert sorted(set(desk.events().filter(kind="replied")["actor"])) == ["agent", "customer"]


def test_of_a_call_the_times_of_day_that_are_called_so_tell_when_it_was_answered_and_ended(
    desk: Desk, tmp_path: Path
) -> None:
    calls = (
        "call_id,date,queue_entry,queue_exit,agent_start,agent_end\n"
        "1,2026-03-02,9:00:00,9:02:00,9:02:05,9:10:00\n2,2026-03-02,9:01:00,9:03:00,0:00:00,0:00:00\n"
        "3,2026-02-13,9:01:00,9:03:00,9:03:00,9:04:00\n4,2026-03-02,9:01:00,9:03:00,0:00:00,0:00:00\n"
    )
    found = _load(desk, desk.file(calls), tmp_path)
    assert found.events == {"opened": 4, "replied": 2, "closed": 2}
    replied = desk.events().filter(kind="replied", ticket_id="1").to_dicts()[0]
    assert replied["occurred_at"] == datetime(2026, 3, 2, 9, 2, 5, tzinfo=UTC)
    assert replied["actor"] == "agent"


def test_a_log_that_names_no_end_ends_with_its_last_row(desk: Desk, tmp_path: Path) -> None:
    log = "Case,Activity,When\n" + "".join(
        f"{n},{name},2026-01-{1 + n:02} 09:{step}0\n"
        for n in range(20)
        for step, name in enumerate(("Intake", *(("Check", "Call", "Letter") * 2)[n % 3 : n % 3 + 3]))
    )
    found = _load(desk, desk.file(log), tmp_path)
    assert (found.events["opened"], found.events["closed"], found.events["run_finished"]) == (20, 20, 20)
    assert any(message.code == "guess.ends_last" for message in found.assumed)


def test_a_ticket_that_begins_before_the_file_does_is_not_opened_by_it(desk: Desk, tmp_path: Path) -> None:
    log = "Case,Activity,When\n" + "".join(
        f"{n},{name},2026-01-{1 + n:02} 09:{step}0\n"
        for n in range(20)
        for step, name in enumerate(("Created", "Check", "Created", "Closed")[n % 4 == 3 :])
    )
    found = _load(desk, desk.file(log), tmp_path)
    assert found.events["opened"] == 15
