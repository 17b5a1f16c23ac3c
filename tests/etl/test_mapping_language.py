"""What a mapping can say: constants of an event, times of a column, names, and rows that mean nothing."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from etl.errors import InvalidMapping
from etl.mapping.mapping import Mapping
from etl.mapping.mapping_file import read_mapping
from tests.etl.desk import Desk


def mapping_of(text: str) -> Mapping:
    return Mapping.model_validate(tomllib.loads(text))


def at(hour: int, minute: int = 0, second: int = 0, day: int = 2) -> datetime:
    return datetime(2026, 3, day, hour, minute, second, tzinfo=UTC)


def instants(desk: Desk) -> dict[str, datetime]:
    return dict(desk.events().select("kind", "occurred_at").iter_rows())


TICKETS = """
[columns]
ticket_id = "id"
occurred_at = "created"
[constants]
actor = "agent"
scale_max = "5"
channel = "email"
[time]
zone = "UTC"
[[event]]
kind = "opened"
columns = { ticket_id = "id", occurred_at = "created" }
[[event]]
kind = "replied"
unless = { replied = [""] }
columns = { ticket_id = "id", occurred_at = "replied" }
[[event]]
kind = "rated"
unless = { rating = [""] }
columns = { ticket_id = "id", occurred_at = "replied", score = "rating" }
"""
ROWS = "id,created,replied,rating\nT1,2026-03-02 09:00,2026-03-02 10:00,4\nT2,2026-03-02 09:00,,\n"


def test_an_event_with_columns_of_its_own_keeps_the_constants_that_fit_its_kind(desk: Desk) -> None:
    assert desk.load(desk.file(ROWS), mapping_of(TICKETS)).rejected == 0
    events = {row["kind"]: row for row in desk.events().filter(ticket_id="T1").to_dicts()}
    assert {kind: row["actor"] for kind, row in events.items()} == {
        "opened": "customer",
        "replied": "agent",
        "rated": "customer",
    }
    assert {kind: row["scale_max"] for kind, row in events.items()} == {
        "opened": None,
        "replied": None,
        "rated": 5.0,
    }
    assert {row["channel"] for row in events.values()} == {"email"}


def test_constants_of_an_event_stand_in_place_of_those_of_the_mapping(desk: Desk) -> None:
    text = TICKETS.replace(
        'kind = "replied"', 'kind = "replied"\nconstants = { actor = "bot", channel = "chat" }'
    )
    desk.load(desk.file(ROWS), mapping_of(text))
    replied = desk.events().filter(kind="replied")
    assert replied.select("actor", "channel").rows() == [("bot", "chat")]


def test_constants_of_an_event_without_columns_of_its_own_win_over_the_columns(desk: Desk) -> None:
    text = """
    [time]
    zone = "UTC"
    [columns]
    ticket_id = "id"
    occurred_at = "created"
    channel = "rating"
    [[event]]
    kind = "solved"
    constants = { channel = "web", actor = "bot" }
    """
    desk.load(desk.file(ROWS), mapping_of(text))
    assert desk.events().select("channel", "actor").unique().rows() == [("web", "bot")]


@pytest.mark.parametrize(
    ("condition", "tickets"),
    [
        ('unless = { private = ["true"] }', ["T2", "T3"]),
        ('unless = { private = ["true", ""] }', ["T3"]),
        ('when = { private = [""] }', ["T2"]),
        ('unless = { private = ["-"] }', ["T1", "T3"]),
    ],
)
def test_an_empty_cell_has_no_text_but_the_empty_one(desk: Desk, condition: str, tickets: list[str]) -> None:
    text = f"""
    null = ["-"]
    [time]
    zone = "UTC"
    [columns]
    ticket_id = "id"
    occurred_at = "at"
    [[event]]
    kind = "solved"
    {condition}
    """
    rows = "id,at,private\nT1,2026-03-02 09:00,true\nT2,2026-03-02 09:00,\nT3,2026-03-02 09:00,false\n"
    desk.load(desk.file(rows), mapping_of(text))
    assert sorted(desk.events()["ticket_id"]) == tickets


LOG = """
activity = "what"
[columns]
ticket_id = "id"
occurred_at = "at"
[constants]
workflow = "w"
version = "1"
[time]
zone = "UTC"
[activities]
"""


def log(*activities: str) -> str:
    return "id,at,what\n" + "".join(f"T{n},2026-03-02 09:0{n},{what}\n" for n, what in enumerate(activities))


def test_an_activity_that_means_nothing_is_skipped(desk: Desk) -> None:
    report = desk.load(
        desk.file(log("Open", "Note")), mapping_of(LOG + 'Open = ["opened"]\nNote = "nothing"')
    )
    assert (report.loaded, report.skipped, report.rejected) == (1, 1, 0)


def test_all_other_activities_may_mean_nothing_too(desk: Desk) -> None:
    report = desk.load(
        desk.file(log("Open", "Note", "")), mapping_of(LOG + 'Open = ["opened"]\n"*" = "nothing"')
    )
    assert (report.loaded, report.skipped, report.reasons) == (1, 1, {"activity_unknown": 1})


def test_a_file_of_activities_that_all_mean_nothing_is_skipped_whole(desk: Desk) -> None:
    report = desk.load(desk.file(log("Note", "Note")), mapping_of(LOG + '"*" = "nothing"'))
    assert (report.read, report.skipped, report.error) == (2, 2, None)


def test_an_empty_activity_is_no_other_but_may_be_listed(desk: Desk) -> None:
    mapping = mapping_of(LOG + '"" = ["opened"]\n"*" = ["entered"]')
    desk.load(desk.file(log("", "Check")), mapping)
    assert desk.events().select("ticket_id", "kind").rows() == [("T0", "opened"), ("T1", "entered")]


KINDS = """
[columns]
ticket_id = "id"
occurred_at = "at"
kind = "what"
actor = "who"
[time]
zone = "UTC"
[values.kind]
comment = "replied"
status = "nothing"
[values.actor]
customer = "customer"
"*" = "agent"
"""


def test_a_kind_that_means_nothing_is_skipped_and_a_star_stands_for_all_other_values(desk: Desk) -> None:
    rows = [
        "T1,2026-03-02 09:00,comment,Ann",
        "T1,2026-03-02 09:01,comment,customer",
        "T1,2026-03-02 09:02,status,Ann",
        "T1,2026-03-02 09:03,comment,",
        "T1,2026-03-02 09:04,solved,",
    ]
    report = desk.load(desk.file("id,at,what,who\n" + "\n".join(rows)), mapping_of(KINDS))
    assert (report.skipped, report.reasons) == (1, {"actor_missing": 1})
    assert desk.events().select("kind", "actor").rows() == [
        *(("replied", "agent"), ("replied", "customer"), ("solved", "agent"))
    ]


def test_all_other_kinds_may_mean_nothing(desk: Desk) -> None:
    mapping = mapping_of(KINDS.replace('status = "nothing"', '"*" = "nothing"'))
    rows = "T1,2026-03-02 09:00,comment,Ann\nT1,2026-03-02 09:01,edit,Ann\nT1,2026-03-02 09:02,solved,Ann\n"
    report = desk.load(desk.file("id,at,what,who\n" + rows), mapping)
    assert (report.loaded, report.skipped) == (1, 2)


def with_time(value: str, more: str = "") -> Mapping:
    return mapping_of(
        f"""
        {more}
        [time]
        zone = "UTC"
        [[event]]
        kind = "opened"
        columns = {{ ticket_id = "id", occurred_at = "created" }}
        [[event]]
        kind = "solved"
        columns = {{ ticket_id = "id", occurred_at = {value} }}
        """
    )


@pytest.mark.sweep(6)
@pytest.mark.parametrize(
    ("value", "cell", "solved"),
    [
        ('{ from = "x", zone = "Europe/Berlin" }', "2026-03-02 10:00", at(9)),
        ('{ from = "x", format = "%d.%m.%Y %H:%M" }', "02.03.2026 10:00", at(10)),
        ('{ from = "x", format = "epoch" }', "1772442000", at(9)),
        ('{ from = "x", format = "%H:%M %d/%m/%Y", zone = "America/New_York" }', "09:00 02/03/2026", at(14)),
        ('{ from = "created", plus = "x", unit = "minutes" }', "90", at(10, 30)),
        ('{ from = "created", plus = "x", unit = "seconds" }', "1.5e3", at(9, 25)),
        ('{ from = "created", plus = "x", unit = "hours" }', "0.5", at(9, 30)),
        ('{ from = "created", plus = "x", unit = "days" }', "1", at(9, day=3)),
        ('{ from = "created", plus = "x", unit = "milliseconds" }', "60000", at(9, 1)),
        ('{ from = "created", plus = "x", unit = "h:mm:ss" }', "25:00:30", at(10, 0, 30, day=3)),
        ('{ from = "created", plus = "x", unit = "h:mm:ss" }', "00:42", at(9, 42)),
        ('{ from = "created", minus = "x", unit = "h:mm:ss" }', "0:30:00", at(8, 30)),
    ],
)
def test_a_column_of_times_may_be_read_in_its_own_way(
    desk: Desk, value: str, cell: str, solved: datetime
) -> None:
    report = desk.load(desk.file(f"id,created,x\nT1,2026-03-02 09:00,{cell}\n"), with_time(value))
    assert report.reasons == {}
    assert instants(desk) == {"opened": at(9), "solved": solved}


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    ("value", "cell", "rule"),
    [
        ('{ from = "x", zone = "Europe/Berlin" }', "2026-03-29 02:30", "occurred_at_skipped_by_clock"),
        ('{ from = "x", format = "%d.%m.%Y" }', "2026-03-02", "occurred_at_unreadable"),
        ('{ from = "x", zone = "Europe/Berlin" }', "1772442000", "occurred_at_bare_number"),
        ('{ from = "x", zone = "Europe/Berlin" }', "1970-01-01 00:00", "occurred_at_too_early"),
        ('{ from = "created", plus = "x", unit = "minutes" }', "soon", "occurred_at_unreadable"),
        ('{ from = "created", plus = "x", unit = "minutes" }', "1e300", "occurred_at_unreadable"),
        ('{ from = "created", plus = "x", unit = "minutes" }', "", "occurred_at_missing"),
        ('{ from = "created", plus = "x", unit = "days" }', "400", "occurred_at_in_future"),
        ('{ from = "created", plus = "x", unit = "h:mm:ss" }', "90", "occurred_at_unreadable"),
    ],
)
def test_what_cannot_be_read_in_its_own_way_is_rejected_with_its_reason(
    desk: Desk, value: str, cell: str, rule: str
) -> None:
    report = desk.load(
        desk.file(f"id,created,x\nT1,2026-03-02 09:00,{cell}\nT2,2026-03-02 09:00,x\n"), with_time(value)
    )
    assert rule in report.reasons


def test_a_duration_is_written_as_the_numbers_of_the_file_are(desk: Desk) -> None:
    mapping = with_time(
        '{ from = "created", plus = "x", unit = "hours" }', '[file]\ndecimal = ","\ndelimiter = ";"'
    )
    desk.load(desk.file("id;created;x\nT1;2026-03-02 09:00;1,5\n"), mapping)
    assert instants(desk)["solved"] == at(10, 30)


CALLS = """
[time]
zone = "Europe/Rome"
[[event]]
kind = "opened"
columns = { ticket_id = "id", occurred_at = { from = ["day", "queued"] } }
[[event]]
kind = "solved"
unless = { answered = ["0:00:00"] }
columns = { ticket_id = "id", occurred_at = { from = ["day", "answered"] } }
"""


def test_a_date_and_its_time_may_stand_in_two_columns(desk: Desk) -> None:
    rows = ["T1,2026-03-02,9:05:00,10:00:30", "T2,2026-03-02,09:00,0:00:00", "T3,2026-03-02,,0:00:00"]
    report = desk.load(desk.file("id,day,queued,answered\n" + "\n".join(rows)), mapping_of(CALLS))
    assert report.reasons == {"occurred_at_missing": 1}
    assert sorted(desk.events().select("ticket_id", "occurred_at").rows()) == [
        *(("T1", at(8, 5)), ("T1", at(9, 0, 30)), ("T2", at(8)))
    ]


def test_a_typed_date_and_a_typed_time_are_joined_too(desk: Desk) -> None:
    import polars as pl

    path = desk.folder / "calls.parquet"
    rows = pl.DataFrame(
        {"id": ["T1"], "day": ["2026-03-02"], "queued": ["09:05:00.5"], "answered": ["10:00:00"]}
    )
    rows.with_columns(
        pl.col("day").str.to_datetime("%Y-%m-%d"), pl.col("queued", "answered").str.to_time("%H:%M:%S%.f")
    ).write_parquet(path)
    assert desk.load(path, mapping_of(CALLS)).reasons == {}
    assert instants(desk)["opened"] == at(8, 5).replace(microsecond=500_000)


def test_start_and_end_of_a_step_may_stand_in_one_row(desk: Desk) -> None:
    text = """
    [columns]
    ticket_id = "case"
    step = "task"
    occurred_at = "start"
    [constants]
    workflow = "orders"
    version = "1"
    [time]
    zone = "UTC"
    [[event]]
    kind = "entered"
    [[event]]
    kind = "answered"
    columns = { ticket_id = "case", occurred_at = "end", step = "task" }
    """
    rows = "case,task,start,end\nc1,Pack,2026-03-02 09:00,2026-03-02 09:20\n"
    assert desk.load(desk.file(rows), mapping_of(text)).rejected == 0
    assert desk.events().select("kind", "step", "workflow", "run_id").rows() == [
        *(("entered", "Pack", "orders", "c1"), ("answered", "Pack", "orders", "c1"))
    ]
    assert instants(desk) == {"entered": at(9), "answered": at(9, 20)}


# Names.


def test_names_are_one_however_they_are_written(desk: Desk) -> None:
    teams = ["Zo\u00eb", "Zoe\u0308", " Zo\u00eb\u00a0", "Zo\u200b\u00eb", "\ufeffZo\u00eb"]
    rows = [f"T{n},opened,2026-03-02T09:00Z,{team},{team}\n" for n, team in enumerate(teams)]
    desk.load(desk.file("ticket_id,kind,occurred_at,team,agent_id\n" + "".join(rows)))
    events = desk.events()
    assert set(events["team"]) == {"Zo\u00eb"}
    assert events["agent_id"].n_unique() == 1


def test_upper_and_lower_case_make_two_names(desk: Desk) -> None:
    rows = "T1,opened,2026-03-02T09:00Z,Billing\nT2,opened,2026-03-02T09:00Z,billing\n"
    desk.load(desk.file("ticket_id,kind,occurred_at,team\n" + rows))
    assert set(desk.events()["team"]) == {"Billing", "billing"}


def test_a_row_whose_names_are_written_otherwise_is_the_same_event(desk: Desk) -> None:
    header, row = (
        "ticket_id,kind,occurred_at,agent_id,value\n",
        "T1,merged,2026-03-02T09:00Z,Zo\u00eb,T\u00e9\n",
    )
    desk.load(desk.file(header + row))
    report = desk.load(desk.file(header + row.replace("\u00eb", "e\u0308").replace("\u00e9", "e\u0301")))
    assert (report.loaded, report.duplicates) == (0, 1)


def test_names_of_a_mapping_meet_those_of_the_rows_whatever_blanks_stand_around_them(desk: Desk) -> None:
    rows = log("Open", "Closed\u00a0", " Closed")
    desk.load(desk.file(rows), mapping_of(LOG + 'Open = ["opened"]\n"Closed " = ["solved"]\n"*" = ["held"]'))
    assert desk.events()["kind"].to_list() == ["opened", "solved", "solved"]


def test_people_of_an_event_with_columns_of_its_own_are_no_more_named_in_rejected_rows(desk: Desk) -> None:
    text = """
    [[event]]
    kind = "solved"
    columns = { ticket_id = "id", occurred_at = "at", agent_id = "who" }
    """
    desk.load(desk.file("id,at,who\nT1,never,Zoe Miller\n"), mapping_of(text))
    (content,) = desk.table("rejected")["content"]
    assert "Zoe" not in content


# What of a mapping has no effect.


def test_names_that_no_row_has_are_listed_with_their_key(desk: Desk) -> None:
    text = LOG + 'Open = ["opened"]\nClosed = ["solved"]\n[values.channel]\nEmail = "email"\n'
    text += '[[event]]\nkind = "held"\nwhen = { what = ["Hold"] }\nunless = { id = ["", "T9"] }\n'
    report = desk.load(desk.file(log("Open")), mapping_of(text))
    assert report.without_effect == [
        *("activities.Closed", "values.channel.Email", "event 1.when.what.Hold", "event 1.unless.id.T9")
    ]


def test_columns_and_constants_that_no_event_takes_are_listed_and_count_as_not_used(desk: Desk) -> None:
    text = """
    [columns]
    ticket_id = "id"
    occurred_at = "created"
    agent_id = "Agent"
    [constants]
    score = "1"
    [[event]]
    kind = "opened"
    columns = { ticket_id = "id", occurred_at = "created" }
    """
    report = desk.load(desk.file("id,created,Agent,team\nT1,2026-03-02T09:00Z,Ann,x\n"), mapping_of(text))
    assert report.without_effect == ["columns.agent_id", "constants.score"]
    assert report.ignored_columns == ["Agent", "team"]


def test_names_of_people_are_never_among_them(desk: Desk) -> None:
    text = """
    [columns]
    agent_id = "who"
    [values.agent_id]
    "Zoe Miller" = "a1"
    [[event]]
    kind = "solved"
    unless = { who = ["Ann Meyer"] }
    """
    report = desk.load(
        desk.file("ticket_id,occurred_at,who\nT1,2026-03-02T09:00Z,zoe miller\n"), mapping_of(text)
    )
    assert (report.loaded, report.without_effect, report.remarks) == (1, [], [])


def test_columns_of_a_run_are_not_taken_by_events_of_a_ticket(desk: Desk) -> None:
    text = """
    activity = "what"
    [columns]
    ticket_id = "id"
    occurred_at = "at"
    step = "place"
    [activities]
    Open = ["opened"]
    [[event]]
    kind = "closed"
    when = { what = ["Open"] }
    columns = { ticket_id = "id", occurred_at = "at", step = "place" }
    """
    report = desk.load(desk.file("id,at,what,place\nT1,2026-03-02T09:00Z,Open,x\n"), mapping_of(text))
    assert report.without_effect == ["columns.step", "event 1.columns.step"]


def test_a_text_that_only_looks_like_a_name_of_the_mapping_is_hinted_at(desk: Desk) -> None:
    mapping = mapping_of(LOG + 'Closed = ["solved"]\n"*" = ["entered"]')
    report = desk.load(desk.file(log("Closed", "closed", "C l o s e d", "Open")), mapping)
    assert [remark.values["text"] for remark in report.remarks] == ["C l o s e d", "closed"]
    assert "'closed' in the rows only looks like activities.Closed" in str(report.remarks[1])


def test_a_mapping_needs_no_columns_where_each_event_has_its_own(desk: Desk) -> None:
    text = '[[event]]\nkind = "opened"\ncolumns = { ticket_id = "id", occurred_at = "created" }'
    report = desk.load(desk.file("id,created\nT1,2026-03-02T09:00Z\n"), mapping_of(text))
    assert (report.loaded, report.error) == (1, None)


# Mistakes.


def mistakes(tmp_path: Path, text: str) -> str:
    path = tmp_path / "m.toml"
    path.write_text(text)
    with pytest.raises(InvalidMapping) as raised:
        read_mapping(path)
    return str(raised.value).replace(str(path), "m.toml")


OPENED = "[[event]]\nkind = 'opened'\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "[time]\nzon = 'UTC'",
            "line 2, at time.zon: there is no such key; expected one of 'zone', 'format'",
        ),
        (
            "[columns]\nteam = 3",
            "line 2, at columns.team: expected the name of a column, or a table with from =",
        ),
        (
            "[columns]\nteam = { from = 'x', zone = 'UTC' }",
            "line 2, at columns.team: team is no time; two columns, zone, format, plus and minus are for",
        ),
        (
            "[columns]\noccurred_at = { from = 'x', plus = 'y' }",
            "line 2, at columns.occurred_at: a duration needs its unit; expected one of 'milliseconds'",
        ),
        (
            "[columns]\noccurred_at = { from = 'x', zone = 'Rome' }",
            "line 2, at columns.occurred_at.zone: 'Rome' is",
        ),
        ("[columns]\noccurred_at = { form = 'x' }", "'from', 'zone', 'format', 'plus', 'minus', 'unit'"),
        ("[columns]\noccurred_at = { from = 'x', unit = 'days' }", "expected plus or minus with a column"),
        (
            "[columns]\noccurred_at = { from = 'x', plus = 'a', minus = 'b', unit = 'days' }",
            "expected plus or minus, not both",
        ),
        (
            "[activities]\nNote = 'solved'",
            "line 2, at activities.Note: 'solved' is no list of kinds; expected",
        ),
        (
            "[values.kind]\nNote = 'note'",
            "line 2, at values.kind.Note: 'note' is none of 'opened', 'replied'",
        ),
        ("[values.actor]\nAnn = 'me'", "'me' is none of 'customer', 'agent', 'bot', 'system'"),
        ("[constants]\nscale_max = 'five'", "line 2, at constants.scale_max: 'five' is no number"),
        (
            "[[event]]\nkind = 'opened'\ncolumns = { ticket_id = 'id' }",
            "line 3, at event 1.columns: an event with columns of its own needs 'occurred_at' among them",
        ),
        (
            OPENED
            + "columns = { ticket_id = 'id', occurred_at = 'a', team = 'b' }\nconstants = { team = 'c' }",
            "line 4, at event 1.constants.team: team is a column of this event, too; keep one of them",
        ),
        (
            "[[event]]\nkind = 'opened'\ncolumns = { ticket_id = 'id', occurred_at = 'a', kind = 'b' }",
            "line 3, at event 1.columns.kind: this event is 'opened' already",
        ),
        (
            "[[event]]\nkind = 'opened'\nif = {}",
            "expected one of 'kind', 'when', 'unless', 'columns', 'constants'",
        ),
        ("[[event]]\nkind = 'opened'\nwhen = { a = 'b' }", "line 3, at event 1.when.a: expected a list"),
    ],
)
def test_a_mistake_is_named_with_line_and_key_and_what_was_expected(
    tmp_path: Path, text: str, says: str
) -> None:
    assert says in mistakes(tmp_path, text)


def test_several_mistakes_are_all_named_in_the_order_of_their_lines(tmp_path: Path) -> None:
    text = '[values.kind]\na = "b"\n[columns]\nteem = "x"\n[time]\nzone = "Mars"\n'
    assert mistakes(tmp_path, text).startswith(
        "The mapping m.toml has several mistakes: line 4, at columns.teem:"
    )
    assert "; line 6, at time.zone: 'Mars' is not an IANA time zone" in mistakes(tmp_path, text)
    text = text.replace("teem", "team").replace("Mars", "UTC") + '[[event]]\nkind = "opened"\ncolumns = {}\n'
    assert "line 2, at values.kind.a: 'b' is none of" in mistakes(tmp_path, text)
    assert "; line 9, at event 1.columns: an event" in mistakes(tmp_path, text)


# What the documentation says.

EXAMPLES = re.findall(
    r"```csv\n(.*?)```\n```toml\n(.*?)```\n```text\n(.*?)```",
    (Path(__file__).parents[2] / "docs" / "LOADING.md").read_text("utf-8"),
    re.S,
)


def test_each_form_of_a_value_has_an_example() -> None:
    text = "".join(mapping for _, mapping, _ in EXAMPLES)
    words = ("constants = {", "plus =", "from = [", "format =", '"nothing"', '"*"', "unless =", '[""]')
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize(("rows", "mapping", "events"), EXAMPLES)
def test_an_example_of_the_documentation_gives_what_stands_there(
    desk: Desk, rows: str, mapping: str, events: str
) -> None:
    report = desk.load(desk.file(rows), mapping_of(mapping))
    assert (report.rejected, report.error, report.remarks) == (0, None, [])
    assert [key for key in report.without_effect if key != "values.kind.*"] == []
    loaded = sorted(
        desk.events().to_dicts(), key=lambda row: (row["ticket_id"], row["occurred_at"], row["kind"])
    )
    lines = events.splitlines()
    assert len(lines) == len(loaded)
    for line, row in zip(lines, loaded, strict=True):
        ticket, date, time, kind, *values = line.split()
        assert (row["ticket_id"], f"{row['occurred_at']:%Y-%m-%d %H:%M}", row["kind"]) == (
            *(ticket, f"{date} {time}", kind),
        )
        assert [f"{name}={row[name]}" for name in (value.split("=")[0] for value in values)] == values
