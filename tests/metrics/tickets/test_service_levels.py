"""Attained, breached, pending: what was promised, and whether it was kept at the instant of looking."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from metrics.query.measure import measure
from metrics.query.scope import Scope
from metrics.refresh.facts import is_up_to_date, refresh
from metrics.settings.model import Settings
from metrics.tickets.service_levels import about_to_breach, paused_targets, statuses
from metrics.tickets.unresolved import unresolved
from tests.metrics.histories import add, at, events, only, rows
from tests.metrics.refresh.desks import own_set_up, set_up

HOUR = {"first_response_minutes": 60, "clock": "calendar"}
DAY = {"resolution_minutes": 24 * 60, "clock": "calendar"}
OFFICE_HOURS = {"first_response_minutes": 60, "resolution_minutes": 480}


def status(*lines, targets=(HOUR,), as_of=None):
    """The status of each ticket (of each measure, where there are both)."""
    told = rows(set_up(*lines, targets=targets), "service_levels", as_of=at(as_of) if as_of else None)
    told = told.sort("ticket_id", "measure")
    return dict(zip(told["ticket_id"], told["status"], strict=True))


def due(*lines, targets):
    told = rows(set_up(*lines, targets=targets), "service_levels").sort("measure")
    return [None if instant is None else instant - at("0s") for instant in told["due_at"]]


def rate(name, *lines, targets=(HOUR | DAY,), **scope):
    told = measure(set_up(*lines, targets=targets), [name], scope=Scope(**scope)).row(0, named=True)
    return told["value"], told["n"]


def test_answered_by_the_due_instant_is_attained_and_later_breached():
    assert status("a opened @0s", "a replied by agent @60m") == {"a": "attained"}
    assert status("a opened @0s", "a replied by agent @60m1s") == {"a": "breached"}


def test_not_yet_answered_is_pending_until_its_time_has_run_out():
    assert status("a opened @0s", as_of="60m") == {"a": "pending"}
    assert status("a opened @0s", as_of="60m1s") == {"a": "breached"}


def test_now_is_the_instant_of_the_newest_event():
    assert status("a opened @0s", "b opened @30m") == {"a": "pending", "b": "pending"}
    assert status("a opened @0s", "b opened @2h") == {"a": "breached", "b": "pending"}


def test_a_breach_in_the_future_of_the_instant_is_not_known_yet():
    lines = ("a opened @0s", "a replied by agent @2h")
    assert status(*lines) == {"a": "breached"}
    assert status(*lines, as_of="30m") == {"a": "pending"}
    assert status(*lines, as_of="90m") == {"a": "breached"}


def test_bots_do_not_answer_and_the_agents_time_starts_at_the_hand_off():
    assert status("a opened @0s", "a replied by bot @1m", as_of="2h") == {"a": "breached"}
    assert status("a opened @0s", "a handed_off @2h", "a replied by agent @3h") == {"a": "attained"}
    assert status("a opened @0s", "a handed_off @2h", as_of="2h30m") == {"a": "pending"}


def test_a_ticket_opened_by_an_agent_promises_an_answer_once_the_customer_writes():
    assert status("a opened by agent @0s", as_of="9h") == {}
    assert status("a opened by agent @0s", "a replied by customer @2h", as_of="3h") == {"a": "pending"}


def test_solved_in_time_without_an_answer_owes_none():
    assert status("a opened @0s", "a solved @30m", as_of="9h") == {"a": None}
    assert status("a opened @0s", "a solved @90m", as_of="9h") == {"a": "breached"}
    assert status("a opened @0s", "a solved @30m", "a reopened @40m", as_of="9h") == {"a": "breached"}


def test_of_one_instant_only_what_comes_before_the_answer_decides():
    urgent = {"first_response_minutes": 10, "priorities": ["urgent"], "clock": "calendar"}
    raised, answered = "a assigned @30m priority=urgent", "a replied by agent @30m"
    opened = "a opened @0s priority=low"
    assert status(opened, answered, raised, targets=(HOUR, urgent)) == {"a": "attained"}
    assert status(opened, raised, answered, targets=(HOUR, urgent)) == {"a": "breached"}
    # The answer's own row says what was known with it; what passes within an instant decides nothing else.
    assert status(opened, f"{answered} priority=urgent", targets=(HOUR, urgent)) == {"a": "breached"}
    lowered = "a assigned @30m priority=low"
    assert status(opened, raised, lowered, "a replied by agent @40m", targets=(HOUR, urgent)) == {
        "a": "attained"
    }
    assert status(opened, raised, answered, lowered, targets=(HOUR, urgent)) == {"a": "breached"}
    at_once = ("a opened @0s priority=urgent", "a replied by agent @0s", "a assigned @0s priority=low")
    assert status(*at_once, targets=(urgent,)) == {"a": "attained"}
    assert status(opened, "a solved @30m", raised, targets=(HOUR, urgent), as_of="9h") == {"a": None}


def test_resolution_runs_to_the_last_solve_and_on_while_there_is_none():
    assert status("a opened @0s", "a solved @24h", targets=[DAY]) == {"a": "attained"}
    assert status("a opened @0s", "a solved @24h1s", targets=[DAY]) == {"a": "breached"}
    reopened = ("a opened @0s", "a solved @1h", "a reopened @2h")
    assert status(*reopened, targets=[DAY]) == {"a": "pending"}
    assert status(*reopened, targets=[DAY], as_of="2d") == {"a": "breached"}
    assert status(*reopened, "a solved @2d", targets=[DAY]) == {"a": "breached"}
    assert status(*reopened, "a closed @3h", targets=[DAY], as_of="9d") == {"a": None}


def test_the_business_clock_rests_while_the_desk_is_closed():
    # The history begins on a Monday; opened at 16:30, half an hour before closing.
    lines = ("a opened @16h30m", "a replied by agent @1d9h30m")
    assert status(*lines, targets=[{"first_response_minutes": 60}]) == {"a": "attained"}
    assert status(*lines, targets=[{"first_response_minutes": 59}]) == {"a": "breached"}
    assert due(*lines, targets=[{"first_response_minutes": 60}]) == [timedelta(days=1, hours=9, minutes=30)]
    friday = due("a opened @4d16h", targets=[OFFICE_HOURS])
    assert friday == [timedelta(days=7, hours=9), timedelta(days=7, hours=16)]


def test_a_target_that_ends_with_the_day_is_met_until_the_desk_opens_again():
    lines = ("a opened @16h", "a replied by agent @20h")
    assert status(*lines, targets=[{"first_response_minutes": 60}]) == {"a": "attained"}
    assert due(*lines, targets=[{"first_response_minutes": 60}]) == [timedelta(days=1, hours=9)]


def test_a_desk_that_never_opens_breaches_nothing():
    closed = {"schedules": [{"name": "shut", "hours": []}], "targets": [OFFICE_HOURS]}
    told = rows(set_up("a opened @0s", "b opened @9d", "b solved @10d", **closed), "service_levels")
    assert told.sort("ticket_id", "measure")["status"].to_list() == ["pending", "pending", None, "attained"]
    assert told["due_at"].null_count() == 4


def test_a_target_used_up_when_the_desk_closes_for_good_is_not_missed():
    office = {"name": "office", "hours": ["Mon-Fri 09:00-17:00"]}
    closed = office | {"hours": [], "valid_from": "2026-03-03"}
    connection = set_up(
        *("a opened @16h", "a replied by agent @5d", "b opened @15h59m", "b replied by agent @5d"),
        schedules=[office, closed],
        targets=[{"first_response_minutes": 60}],
    )
    told = rows(connection, "service_levels").sort("ticket_id")
    assert told["due_at"].to_list() == [None, at("16h59m")]
    assert told["status"].to_list() == ["attained", "breached"]


def test_the_most_specific_target_holds_and_priority_before_channel():
    targets = [
        {"first_response_minutes": 1},
        {"first_response_minutes": 2, "channels": ["chat", "phone"]},
        {"first_response_minutes": 3, "priorities": ["urgent"]},
        {"first_response_minutes": 4, "channels": ["chat"], "priorities": ["urgent", "high"]},
    ]
    connection = set_up(
        *("a opened @0s", "b opened @0s channel=phone", "c opened @0s channel=phone priority=urgent"),
        *("d opened @0s channel=chat priority=urgent", "e opened @0s channel=mail priority=low"),
        targets=targets,
    )
    told = rows(connection, "service_levels").select("ticket_id", "target_minutes")
    assert dict(told.iter_rows()) == {"a": 1, "b": 2, "c": 3, "d": 4, "e": 1}


BY_PRIORITY = (
    {"first_response_minutes": 240, "clock": "calendar", "priorities": ["normal"]},
    {"first_response_minutes": 30, "clock": "calendar", "priorities": ["urgent"]},
)


def test_a_priority_raised_after_the_answer_changes_nothing():
    lines = ("a opened @0m priority=normal", "a replied by agent @60m")
    assert status(*lines, "a escalated @2d priority=urgent", targets=BY_PRIORITY) == {"a": "attained"}


def test_a_priority_raised_before_the_answer_decides():
    lines = ("a opened @0m priority=normal", "a escalated @50m priority=urgent")
    assert status(*lines, "a replied by agent @60m", targets=BY_PRIORITY) == {"a": "breached"}
    assert status(*lines, targets=BY_PRIORITY, as_of="51m") == {"a": "breached"}
    early = ("a opened @0m priority=normal", "a escalated @10m priority=urgent")
    assert status(*early, "a replied by agent @29m", targets=BY_PRIORITY) == {"a": "attained"}
    assert status(*early, targets=BY_PRIORITY, as_of="29m") == {"a": "pending"}


def test_a_priority_lowered_after_a_breach_leaves_it_one():
    lines = ("a opened @0m priority=urgent", "a escalated @31m priority=normal")
    assert status(*lines, targets=BY_PRIORITY) == {"a": "breached"}
    assert status(*lines, "a replied by agent @40m", targets=BY_PRIORITY) == {"a": "breached"}
    in_time = ("a opened @0m priority=urgent", "a escalated @30m priority=normal", "a replied by agent @40m")
    assert status(*in_time, targets=BY_PRIORITY) == {"a": "attained"}


def test_a_target_that_comes_with_a_priority_holds_from_then_on_and_one_that_goes_owes_nothing():
    assert status("a opened @0m", "a escalated @20m priority=urgent", targets=BY_PRIORITY, as_of="25m") == {
        "a": "pending"
    }
    gone = ("a opened @0m priority=urgent", "a escalated @20m priority=low", "a replied by agent @9h")
    assert status(*gone, targets=BY_PRIORITY) == {}


def test_another_team_after_the_answer_brings_no_other_opening_hours():
    schedules = [
        {"name": "day", "hours": ["Mon-Fri 09:00-17:00"]},
        {"name": "night", "hours": ["Mon-Sun 00:00-24:00"], "teams": ["night"]},
    ]
    lines = ("a opened @8h team=day", "a replied by agent @9h30m", "a assigned @2d team=night")
    connection = set_up(*lines, schedules=schedules, targets=[{"first_response_minutes": 60}])
    assert rows(connection, "service_levels")["status"].to_list() == ["attained"]


PAUSING = ({"resolution_minutes": 60, "clock": "calendar", "pauses_while": ["customer", "hold"]},)
ON_HOLD = ({"resolution_minutes": 60, "clock": "calendar", "pauses_while": ["hold"]},)


def test_while_the_customer_is_waited_for_the_clock_rests():
    lines = ("a opened @0m", "a replied by agent @20m", "a replied by customer @5h")
    assert status(*lines, "a solved @5h40m", targets=PAUSING) == {"a": "attained"}
    assert status(*lines, "a solved @5h40m1s", targets=PAUSING) == {"a": "breached"}
    assert status(*lines, "a solved @5h40m", targets=ON_HOLD) == {"a": "breached"}
    assert due(*lines, targets=PAUSING) == [timedelta(hours=5, minutes=40)]


def test_what_is_paused_has_no_due_instant_and_keeps_the_time_used():
    lines = ("a opened @0m", "a held @20m")
    found = only(rows(set_up(*lines, targets=ON_HOLD), "service_levels", as_of=at("9d")))
    assert (found.status, found.due_at, found.used_minutes, found.is_judged) == ("paused", None, 20, False)
    assert rate("resolution_sla_rate", *lines, targets=ON_HOLD, as_of=at("9d")) == (None, 0)
    assert listed(*lines, within=10**6, targets=ON_HOLD) == []
    assert status(*lines, "a released @9d", targets=ON_HOLD) == {"a": "pending"}
    assert listed(*lines, "a released @9h", within=60, targets=ON_HOLD) == [("a", "resolution", 40, 40)]


def test_only_what_is_paused_tells_the_time_used():
    running = ("a opened @0m", "a held @20m", "a released @1h")
    late = ("b opened @0m", "b held @20m", "b solved @30m", "b reopened @40m", "b solved @50m")
    assert (
        rows(set_up(*running, *late, targets=ON_HOLD), "service_levels")["used_minutes"].to_list()
        == [None] * 2
    )


def test_a_target_that_ran_out_before_the_pause_is_breached():
    assert status("a opened @0m", "a held @61m", targets=ON_HOLD) == {"a": "breached"}
    assert status("a opened @0m", "a held @60m", "a released @9h", "a solved @9h", targets=ON_HOLD) == {
        "a": "attained"
    }


def test_paused_targets_are_counted_apart():
    lines = ("a opened @0m", "a held @20m", "b opened @10m", "c opened @0m", "c solved @30m")
    connection = set_up(*lines, targets=ON_HOLD)
    assert statuses(connection, "resolution").to_dicts() == [
        {"attained": 1, "breached": 0, "pending": 1, "paused": 1}
    ]
    assert paused_targets(connection) == 1
    told = unresolved(connection).sort("ticket_id")
    assert told["due_at"].to_list() == [None, at("70m")]
    assert told["used_minutes"].to_list() == [20, None]


def test_opening_hours_and_pauses_together():
    target = {"resolution_minutes": 60, "pauses_while": ["hold"]}
    lines = ("a opened @16h30m", "a held @16h40m", "a released @1d8h")
    # Ten minutes used on Monday, the rest from Tuesday's opening on.
    assert due(*lines, targets=[target]) == [timedelta(days=1, hours=9, minutes=50)]


def test_without_a_target_nothing_was_promised():
    lines = ("a opened @0s channel=mail", "a solved @1m")
    assert status(*lines, targets=[]) == {}
    assert status(*lines, targets=[HOUR | {"channels": ["chat"]}]) == {}
    assert rate("resolution_sla_rate", *lines, targets=[]) == (None, 0)


def test_the_rate_is_attained_among_attained_and_breached():
    lines = (
        *("a opened @0s", "a replied by agent @10m", "b opened @0s", "b replied by agent @2h"),
        *("c opened @0s", "d opened @2h", "e opened @0s", "e solved @1m", "f opened @0s", "f discarded @2h"),
    )
    assert rate("first_response_sla_rate", *lines) == (pytest.approx(1 / 3), 3)


def test_no_answer_is_known_to_be_late_where_no_messages_are_recorded():
    lines = ("a opened @0h", "b opened @9h")
    assert rate("first_response_sla_rate", *lines) == (None, 0)
    assert rate("first_response_sla_rate", *lines, "b replied by agent @9h") == (0.5, 2)


def test_nothing_is_promised_of_an_answer_that_lies_before_the_opening():
    lines = ("a opened @1h", "a replied by agent @0h", "b opened @9h", "b replied by agent @9h")
    assert status(*lines) == {"b": "attained"}


def test_an_answer_counts_by_the_opening_and_a_solve_by_its_day():
    lines = ("a opened @23h30m", "a replied by agent @1d", "a solved @1d1h", "b opened @1h", "c opened @5d")
    first, second = ({"start": day, "end": day} for day in (at("0s").date(), at("1d").date()))
    assert rate("first_response_sla_rate", *lines, **first) == (0.5, 2)
    assert rate("resolution_sla_rate", *lines, **first) == (None, 0)
    # b was never solved: it counts on the day its time ran out.
    assert rate("resolution_sla_rate", *lines, **second) == (0.5, 2)
    assert rate("resolution_sla_rate", *lines, **first, cohort=True) == (0.5, 2)


def test_the_rate_has_wilsons_interval():
    told = measure(set_up("a opened @0s", "a solved @1h", targets=[DAY]), ["resolution_sla_rate"])
    assert told.select("value", "n", "high").row(0) == (1, 1, 1)
    assert told["low"].item() == pytest.approx(0.2065, abs=1e-4)  # 1 / (1 + z²)


def test_other_targets_make_the_levels_anew():
    connection = own_set_up("a opened @0s", "a replied by agent @30m")
    assert rows(connection, "service_levels").is_empty()
    changed = Settings.model_validate({"targets": [HOUR]})
    assert is_up_to_date(connection, Settings())
    assert not is_up_to_date(connection, changed)
    refresh(connection, changed)
    assert is_up_to_date(connection, changed)
    assert rows(connection, "service_levels")["status"].to_list() == ["attained"]


def test_a_load_judges_the_tickets_it_touched():
    settings = Settings.model_validate({"targets": [HOUR]})
    connection = own_set_up("a opened @0s", "b opened @0s", targets=[HOUR])
    late = events("a replied by agent @30m").with_columns(event_id=pl.lit("late"), seq=pl.lit(9, pl.Int64))
    add(connection, late)
    refresh(connection, settings)
    told = rows(connection, "service_levels").sort("ticket_id")
    assert told["status"].to_list() == ["attained", "pending"]


def listed(*lines, within, targets, **scope):
    found = about_to_breach(set_up(*lines, targets=targets), Scope(**scope), within=timedelta(minutes=within))
    return found.select("ticket_id", "measure", "remaining_minutes", "minutes_to_breach").rows()


def test_what_is_about_to_breach_is_listed_the_next_one_first():
    lines = ("a opened @9h10m", "b opened @9h", "c opened @7h", "d opened @9h", "d replied by agent @9h20m")
    told = listed(*lines, within=60, targets=[HOUR])
    assert told == [("b", "first_response", 40, 40), ("a", "first_response", 50, 50)]
    assert listed(*lines, within=45, targets=[HOUR]) == told[:1]
    assert listed(*lines, within=5, targets=[HOUR]) == []


def test_what_remains_is_told_on_the_targets_clock_and_on_the_wall():
    lines = ("a opened @16h30m channel=chat", "b opened @16h45m channel=mail")
    remaining = ("a", "first_response", 45, 16 * 60 + 45)
    assert listed(*lines, within=24 * 60, targets=[{"first_response_minutes": 60}])[0] == remaining
    only_mail = {"where": (("channel", ("mail",)),)}
    assert [row[0] for row in listed(*lines, within=24 * 60, targets=[OFFICE_HOURS], **only_mail)] == [
        "b",
        "b",
    ]


def test_the_list_is_told_as_of_an_instant():
    lines = ("a opened @9h", "a replied by agent @9h50m", "b opened @5d")
    assert listed(*lines, within=60, targets=[HOUR], as_of=at("9h30m")) == [("a", "first_response", 30, 30)]
    later = datetime(2026, 3, 7, 0, 59, tzinfo=UTC)
    assert listed(*lines, within=60, targets=[HOUR], as_of=later) == [("b", "first_response", 1, 1)]
