"""Holidays and versions of schedules agree with a second calculation, and with edges worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.refresh.opening_hours import open_intervals
from metrics.settings.schedules import DAYS, Schedule
from tests.lengths import examples
from tests.metrics.refresh.desks import business_minutes, local
from tests.metrics.refresh.plain_calendar import QUARTER, easter, holidays, open_quarters

Words = dict[str, Any]


def schedules(*versions: Words) -> list[Schedule]:
    return [Schedule.model_validate({"name": "desk"} | version) for version in versions]


def laid_out(versions: list[Words], zone: str, first: date, last: date) -> set[datetime]:
    """The quarters of an hour that the package's intervals cover."""
    intervals = open_intervals(schedules(*versions), zone, first, last)
    return {
        opens + n * QUARTER
        for opens, closes in intervals.select("opens_at", "closes_at").rows()
        for n in range((closes - opens) // QUARTER)
    }


def minutes(start: str, end: str, *versions: Words, zone: str = "Europe/Berlin") -> float:
    """Open minutes between two times on the wall; the same twice over."""
    since, until = local(start, zone), local(end, zone)
    span = (since.date() - timedelta(days=1), until.date() + timedelta(days=1))
    ours, second = laid_out([*versions], zone, *span), open_quarters(versions, zone, *span)
    assert ours == second
    return len([at for at in ours if since <= at < until]) * QUARTER / timedelta(minutes=1)


def test_easter_is_where_almanacs_have_it():
    # The earliest and the latest of the last centuries, and those of these years.
    assert [easter(year) for year in (1818, 1943, 2008, 2024, 2025, 2026, 2038)] == [
        *(date(1818, 3, 22), date(1943, 4, 25), date(2008, 3, 23)),
        *(date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2038, 4, 25)),
    ]


@pytest.mark.parametrize("region", ["DE", "DE-BY", "DE-SN", "FR", "US"])
def test_holidays_are_those_of_the_law(region):
    every_hour = schedules({"hours": ["Mon-Sun 00:00-24:00"], "holidays": region})
    first, last = date(2022, 1, 1), date(2032, 12, 31)
    days = {first + timedelta(days=n) for n in range((last - first).days + 1)}
    opens = {
        (opens + timedelta(days=n)).date()
        for opens, closes in open_intervals(every_hour, "UTC", first, last)
        .select("opens_at", "closes_at")
        .rows()
        for n in range((closes - opens).days)
    }
    assert days - opens == set().union(*(holidays(region, year) for year in range(2022, 2033)))


def test_new_years_day_on_a_saturday_is_kept_in_the_year_before_where_that_year_is_laid_out_alone():
    # 1 January 2028 is a Saturday: federal offices are closed on Friday, 31 December 2027.
    desk = [{"hours": ["Mon-Fri 09:00-17:00"], "holidays": "US"}]
    span = (date(2027, 12, 27), date(2027, 12, 31))
    assert laid_out(desk, "UTC", *span) == open_quarters(desk, "UTC", *span)
    assert max(laid_out(desk, "UTC", *span)) == datetime(2027, 12, 30, 16, 45, tzinfo=UTC)


TIMES = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 15, 30, 45)]
HOURS = st.builds(
    lambda days, start, end: f"{days} {start}-{end}",
    st.sampled_from([*DAYS, "Mon-Fri", "Sat-Sun", "Fri-Mon", "Mon,Wed", "Mon-Sun"]),
    st.sampled_from(TIMES),
    st.sampled_from([*TIMES[1:], "24:00"]),
).filter(lambda words: words[-11:-6] != words[-5:])
ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Auckland"]
)
AROUND = {
    "Berlin's clocks go forward": (date(2026, 3, 24), date(2026, 4, 8)),
    "Berlin's clocks go back": (date(2026, 10, 20), date(2026, 11, 4)),
    "the year ends": (date(2026, 12, 20), date(2027, 1, 8)),
}


@st.composite
def versions(draw: st.DrawFn, first: date, last: date) -> list[Words]:
    days = [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]
    starts = draw(st.lists(st.sampled_from(days), unique=True, max_size=2))
    return [
        {
            "hours": draw(st.lists(HOURS, max_size=3)),
            "time_zone": draw(st.none() | ZONES),
            "valid_from": start,
            "closed_on": draw(st.lists(st.sampled_from(days), max_size=2, unique=True)),
            "holidays": draw(st.sampled_from([None, "DE", "DE-BY", "FR", "US"])),
        }
        for start in [None, *starts]
    ]


@pytest.mark.parametrize("span", AROUND.values(), ids=AROUND.keys())
@examples(5, long=120)
@given(st.data(), ZONES)
def test_versions_zones_and_holidays_agree_with_the_second_calculation(span, data, zone):
    schedule = data.draw(versions(*span))
    assert laid_out(schedule, zone, *span) == open_quarters(schedule, zone, *span)


OFFICE = ["Mon-Fri 09:00-17:00"]
NIGHTS = ["Mon-Sun 22:00-06:00"]
ALWAYS = ["Mon-Sun 00:00-24:00"]


def test_epiphany_and_new_year_are_both_left_out_of_a_span_over_the_year():
    # Thursday 16-17, nothing on Friday 1 January, Monday and Tuesday, nothing on the 6th, Thursday 9-10.
    bavaria, span = {"hours": OFFICE, "holidays": "DE-BY"}, ("2026-12-31 16:00", "2027-01-07 10:00")
    assert minutes(*span, bavaria) == 60 + 480 + 480 + 60
    facts = business_minutes(*(local(at, "UTC") for at in span), *schedules(bavaria))
    assert facts == 60 + 480 + 480 + 60


def test_a_night_shift_stops_at_midnight_before_a_holiday_and_goes_on_after_it():
    # Good Friday is 3 April 2026: Thursday 22-24, nothing on Friday, Saturday 0-6 and 22-24.
    desk = {"hours": NIGHTS, "holidays": "DE"}
    assert minutes("2026-04-02 12:00", "2026-04-05 00:00", desk) == 120 + 360 + 120


def test_a_night_shift_ends_at_midnight_where_the_next_day_has_another_version():
    days = {"hours": [*OFFICE, "Sat 09:00-17:00"], "valid_from": "2026-03-07"}
    assert minutes("2026-03-06 12:00", "2026-03-08 00:00", {"hours": NIGHTS}, days) == 120 + 480


def test_a_version_that_begins_on_a_holiday_goes_by_its_own_holidays():
    # Friday 1 May: closed by the old version, open by the new one, which knows no holidays.
    old, new = {"hours": OFFICE, "holidays": "DE"}, {"hours": OFFICE, "valid_from": "2026-05-01"}
    assert minutes("2026-04-30 16:00", "2026-05-01 10:00", old, new) == 60 + 60
    other_way_round = ({"hours": OFFICE}, new | {"holidays": "DE"})
    assert minutes("2026-04-30 16:00", "2026-05-01 18:00", *other_way_round) == 60


def test_a_version_that_begins_on_the_day_of_a_clock_change_has_that_days_length():
    spring = ({"hours": ALWAYS}, {"hours": ALWAYS, "valid_from": "2026-03-29"})
    assert minutes("2026-03-28 00:00", "2026-03-30 00:00", *spring) == (24 + 23) * 60
    autumn = ({"hours": ALWAYS}, {"hours": ALWAYS, "valid_from": "2026-10-25"})
    assert minutes("2026-10-24 00:00", "2026-10-26 00:00", *autumn) == (24 + 25) * 60


def test_a_desk_that_moves_west_is_shut_while_its_new_day_has_not_begun():
    # Berlin's 31 May ends at 22:00 UTC, New York's 1 June begins at 04:00 UTC: six hours of nobody.
    moved = (
        {"hours": ALWAYS},
        {"hours": ALWAYS, "valid_from": "2026-06-01", "time_zone": "America/New_York"},
    )
    assert minutes("2026-05-31 12:00", "2026-06-01 12:00", *moved) == (24 - 6) * 60


def test_a_desk_that_moves_east_is_open_once_while_both_its_days_run():
    # Tokyo's 1 June begins at 15:00 UTC, before Berlin's 31 May is over: no hour counts twice.
    moved = ({"hours": ALWAYS}, {"hours": ALWAYS, "valid_from": "2026-06-01", "time_zone": "Asia/Tokyo"})
    assert minutes("2026-05-31 12:00", "2026-06-01 12:00", *moved) == 24 * 60
