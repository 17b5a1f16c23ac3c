"""Minutes in opening hours: what counts, what does not, and a slow second way of counting."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.query.measure import measure
from metrics.refresh.facts import refresh
from metrics.refresh.opening_hours import open_intervals
from metrics.settings.model import Settings
from metrics.settings.schedules import DAYS, Schedule
from tests.lengths import examples
from tests.metrics.histories import add, events, only, rows
from tests.metrics.refresh import slow
from tests.metrics.refresh.desks import business_minutes, business_us, desk, local, own_set_up, set_up

OFFICE = desk("Mon-Fri 09:00-17:00")


def minutes(start: str, end: str, *schedules: Schedule, zone: str = "UTC") -> float:
    return business_minutes(local(start, zone), local(end, zone), *schedules, time_zone=zone)


def test_a_span_wholly_outside_hours_is_zero():
    assert minutes("2026-03-06 17:00", "2026-03-09 09:00", OFFICE) == 0
    assert minutes("2026-03-07 10:00", "2026-03-07 12:00", OFFICE) == 0
    assert minutes("2026-03-04 10:00", "2026-03-04 10:00", OFFICE) == 0


def test_only_hours_within_the_span_count():
    assert minutes("2026-03-04 08:00", "2026-03-04 18:00", OFFICE) == 480
    assert minutes("2026-03-04 16:00", "2026-03-05 10:00", OFFICE) == 120
    assert minutes("2026-03-04 09:00", "2026-03-11 09:00", OFFICE) == 5 * 480


def test_several_intervals_a_day_leave_out_the_break():
    split = desk("Mon-Fri 09:00-12:00", "Mon-Fri 13:00-17:00")
    assert minutes("2026-03-04 11:30", "2026-03-04 13:30", split) == 60
    assert minutes("2026-03-04 12:10", "2026-03-04 12:50", split) == 0


def test_hours_that_overlap_count_once():
    assert (
        minutes("2026-03-04 00:00", "2026-03-05 00:00", desk("Wed 09:00-12:00", "Mon-Fri 11:00-13:00")) == 240
    )


def test_hours_over_midnight_belong_to_two_days():
    night = desk("Fri 22:00-06:00")
    assert minutes("2026-03-06 23:00", "2026-03-07 01:00", night) == 120
    assert minutes("2026-03-06 00:00", "2026-03-08 00:00", night) == 480
    assert minutes("2026-03-07 06:00", "2026-03-13 22:00", night) == 0


def test_hours_over_midnight_end_with_the_week():
    assert minutes("2026-03-08 23:00", "2026-03-09 02:00", desk("Sun 22:00-01:00")) == 120


def test_closed_days_close_from_midnight_to_midnight():
    shut = desk("Mon-Fri 09:00-17:00", closed_on=[date(2026, 3, 5)])
    assert minutes("2026-03-04 16:00", "2026-03-06 10:00", shut) == 120
    night = desk("Mon-Sun 22:00-06:00", closed_on=[date(2026, 3, 5)])
    assert minutes("2026-03-04 22:00", "2026-03-06 06:00", night) == 120 + 360


def test_holidays_are_those_of_the_country_and_its_part():
    christmas = ("2026-12-24 16:00", "2026-12-28 10:00")  # the 25th is a Friday
    assert minutes(*christmas, desk("Mon-Fri 09:00-17:00")) == 60 + 480 + 60
    assert minutes(*christmas, desk("Mon-Fri 09:00-17:00", holidays="DE")) == 120
    epiphany = ("2026-01-06 09:00", "2026-01-06 17:00")
    assert minutes(*epiphany, desk("Mon-Fri 09:00-17:00", holidays="DE")) == 480
    assert minutes(*epiphany, desk("Mon-Fri 09:00-17:00", holidays="DE-BY")) == 0


def test_a_schedule_that_changes_inside_a_span_counts_each_day_by_its_own_version():
    versions = (OFFICE, desk("Mon-Fri 08:00-20:00", valid_from=date(2026, 3, 5)))
    assert minutes("2026-03-04 00:00", "2026-03-06 00:00", *versions) == 480 + 720
    moved = (OFFICE, desk("Mon-Fri 09:00-17:00", valid_from=date(2026, 3, 5), time_zone="Asia/Tokyo"))
    assert minutes("2026-03-04 00:00", "2026-03-05 09:00", *moved) == 480 + 480


def test_a_desk_may_close_for_good():
    assert minutes("2026-03-04 00:00", "2026-03-20 00:00", OFFICE, desk(valid_from=date(2026, 3, 5))) == 480
    assert minutes("2026-03-04 00:00", "2026-03-20 00:00", desk()) == 0


def test_without_settings_the_desk_is_open_on_weekdays_from_nine_to_five():
    connection = set_up("a opened @8h", "a replied by agent @1d9h30m", "a solved @6d")
    facts = only(rows(connection, "timed_tickets"))
    assert (facts.first_response_business_minutes, facts.resolution_business_minutes) == (510, 5 * 480)


def test_unanswered_is_unknown_and_answered_at_night_is_zero():
    connection = set_up("a opened @20h", "b opened @20h", "b replied by agent @21h", "c replied by agent @1h")
    told = rows(connection, "timed_tickets").sort("ticket_id")["first_response_business_minutes"]
    assert told.to_list() == [None, 0, None]


def test_the_agents_time_starts_at_the_hand_off():
    connection = set_up("a opened @9h", "a handed_off @10h", "a replied by agent @10h20m")
    assert only(rows(connection, "timed_tickets")).first_response_business_minutes == 20


HOTLINE = {"name": "hotline", "hours": ["Mon-Sun 00:00-24:00"], "channels": ["phone"]}
NIGHTS = {"name": "nights", "hours": ["Mon-Sun 22:00-06:00"], "teams": ["night"]}
NIGHT_HOTLINE = {
    "name": "night hotline",
    "hours": ["Mon-Sun 20:00-06:00"],
    "channels": ["phone"],
    "teams": ["night"],
}
REST = {"name": "rest", "hours": ["Mon-Fri 09:00-17:00"]}


def test_the_most_specific_schedule_holds():
    connection = set_up(
        *("a opened @0s channel=phone", "b opened @0s channel=chat team=night", "c opened @0s channel=chat"),
        *("d opened @0s channel=phone team=night", "e opened @0s channel=phone team=day", "f opened @0s"),
        schedules=[REST, HOTLINE, NIGHT_HOTLINE, NIGHTS],
    )
    assert dict(rows(connection, "business_times").select("ticket_id", "schedule").iter_rows()) == {
        "a": "hotline",
        "b": "nights",
        "c": "rest",
        "d": "night hotline",
        "e": "hotline",
        "f": "rest",
    }


def test_the_metrics_measure_it():
    connection = set_up(
        *("a opened @8h channel=phone", "a replied by agent @9h30m", "a solved @10h"),
        *("b opened @8h channel=chat", "b replied by agent @10h", "c opened @8h", "c discarded @9h"),
    )
    told = measure(connection, ["first_response_business_minutes", "resolution_business_minutes"])
    assert told.select("value", "n").rows() == [(45, 2), (60, 1)]
    by_channel = measure(connection, ["first_response_business_minutes"], by=["channel"])
    assert dict(by_channel.select("channel", "value").iter_rows()) == {"chat": 60, "phone": 30}


def test_other_hours_make_the_times_anew_and_a_load_touches_its_tickets_alone():
    connection = own_set_up("a opened @8h", "a replied by agent @10h", "b opened @8h")
    add(connection, events("c opened @8h").with_columns(event_id=pl.lit("c")))
    refresh(connection)
    assert rows(connection, "business_times").height == 3
    refresh(connection, Settings.model_validate({"schedules": [HOTLINE | {"channels": []}]}))
    times = rows(connection, "timed_tickets").sort("ticket_id")
    assert times["first_response_business_minutes"].to_list() == [120, None, None]


def test_a_later_year_of_data_extends_the_calendar():
    connection = own_set_up("a opened @8h")
    add(connection, events("b opened @1500d9h", "b replied by agent @1500d10h").with_columns("ticket_id"))
    refresh(connection)
    told = rows(connection, "timed_tickets").sort("ticket_id")["first_response_business_minutes"]
    assert told.to_list() == [None, 60]


HOURS = st.builds(
    lambda days, start, length: f"{days} {_clock(start)}-{_clock((start + length) % 1440)}",
    st.sampled_from([*DAYS, "Mon-Fri", "Sat-Sun", "Fri-Mon", "Mon-Sun"]),
    st.integers(0, 1439),
    st.sampled_from([1, 30, 90, 480, 600, 1300, 1439]),
)
ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Africa/Lagos", "Australia/Lord_Howe", "Asia/Kathmandu"]
)
CHANGES = st.sampled_from(
    ["2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01"]
)
SPANS = st.tuples(
    CHANGES.map(lambda day: datetime.fromisoformat(day).replace(tzinfo=UTC)),
    st.timedeltas(timedelta(days=-2), timedelta(days=2)),
    st.timedeltas(timedelta(0), timedelta(days=2)),
).map(lambda drawn: (drawn[0] + drawn[1], drawn[0] + drawn[1] + drawn[2]))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def versions(draw: st.DrawFn) -> tuple[Schedule, ...]:
    starts = draw(st.lists(st.sampled_from([None, *_DAYS_AROUND]), unique=True, max_size=2))
    return tuple(
        Schedule.model_validate(
            {
                "name": "desk",
                "hours": draw(st.lists(HOURS, max_size=3)),
                "time_zone": draw(st.none() | ZONES),
                "valid_from": start,
                "closed_on": draw(st.lists(st.sampled_from(_DAYS_AROUND), max_size=2, unique=True)),
                "holidays": draw(st.sampled_from([None, None, "DE", "US-NY"])),
            }
        )
        for start in {None, *starts}
    )


_DAYS_AROUND = [date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 6), date(2026, 10, 25), date(2026, 10, 4)]


@examples(8, long=250)
@given(versions(), ZONES, st.lists(SPANS, min_size=1, max_size=4))
def test_the_facts_agree_with_the_wall_clock_minute_by_minute(schedules, zone, spans):
    settings = Settings(time_zone=zone, schedules=schedules)
    assert business_us(spans, settings) == [slow.open_us(*span, schedules, zone) for span in spans]


@examples(8, long=250)
@given(versions(), ZONES)
def test_open_intervals_are_apart_in_order_and_add_up(schedules, zone):
    laid_out = open_intervals(schedules, zone, date(2026, 1, 1), date(2026, 12, 31))
    assert (laid_out["opens_at"] < laid_out["closes_at"]).all()
    assert (laid_out["opens_at"].shift(-1) > laid_out["closes_at"]).drop_nulls().all()
    assert (laid_out["open_us"].cum_sum().shift(1, fill_value=0) == laid_out["open_before_us"]).all()


@pytest.mark.parametrize("day", [date(1970, 1, 1), date(2100, 12, 31)])
def test_the_calendar_can_be_laid_out_at_its_ends(day):
    assert open_intervals([desk("Mon-Sun 00:00-24:00")], "Europe/Berlin", day, day)["open_us"].to_list() == [
        86_400_000_000
    ]
