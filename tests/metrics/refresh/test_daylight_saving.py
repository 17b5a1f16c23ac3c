"""Days of 23, 24 and 25 hours, and of 23½ and 24½: the desk is open when its wall clock says so."""

import pytest

from tests.metrics.refresh.desks import business_minutes, desk, hours_open, local

ALWAYS = "Mon-Sun 00:00-24:00"
NIGHT = "Mon-Sun 22:00-06:00"

BERLIN, NEW_YORK, LAGOS, LORD_HOWE = (
    "Europe/Berlin",
    "America/New_York",
    "Africa/Lagos",
    "Australia/Lord_Howe",
)


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        (BERLIN, "2026-03-28", 24),
        (BERLIN, "2026-03-29", 23),
        (BERLIN, "2026-10-25", 25),
        (NEW_YORK, "2026-03-08", 23),
        (NEW_YORK, "2026-11-01", 25),
        (LAGOS, "2026-03-29", 24),
        (LAGOS, "2026-10-25", 24),
        (LORD_HOWE, "2026-04-05", 24.5),
        (LORD_HOWE, "2026-10-04", 23.5),
    ],
)
def test_a_desk_that_never_closes_is_open_all_hours_of_the_day(zone, day, length):
    assert hours_open(day, zone, ALWAYS) == length


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        (BERLIN, "2026-03-29", 7),
        (BERLIN, "2026-10-25", 9),
        (NEW_YORK, "2026-03-08", 7),
        (NEW_YORK, "2026-11-01", 9),
        (LAGOS, "2026-03-29", 8),
        (LORD_HOWE, "2026-04-05", 8.5),
        (LORD_HOWE, "2026-10-04", 7.5),
    ],
)
def test_night_hours_gain_and_lose_what_the_clock_does(zone, day, length):
    assert hours_open(day, zone, NIGHT) == length


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, LAGOS, LORD_HOWE])
@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-04-05"])
def test_office_hours_are_as_long_as_ever_on_the_day_of_the_change(zone, day):
    assert hours_open(day, zone, "Sun 09:00-17:00") == 8


def test_a_weekend_with_a_change_is_worth_what_any_weekend_is():
    office = desk("Mon-Fri 09:00-17:00")
    before, after = local("2026-03-27 16:30", BERLIN), local("2026-03-30 09:15", BERLIN)
    assert business_minutes(before, after, office, time_zone=BERLIN) == 45
    before, after = local("2026-10-23 16:30", BERLIN), local("2026-10-26 09:15", BERLIN)
    assert business_minutes(before, after, office, time_zone=BERLIN) == 45


def test_an_hour_that_spring_skips_does_not_count():
    start, end = local("2026-03-29 01:30", BERLIN), local("2026-03-29 03:30", BERLIN)
    assert business_minutes(start, end, desk(ALWAYS), time_zone=BERLIN) == 60
    assert business_minutes(start, end, desk("Sun 02:00-03:00"), time_zone=BERLIN) == 0
    assert business_minutes(start, end, desk("Sun 02:30-03:15"), time_zone=BERLIN) == 15


def test_an_hour_that_autumn_repeats_counts_twice():
    start, end = local("2026-10-25 01:30", BERLIN), local("2026-10-25 03:30", BERLIN)
    assert business_minutes(start, end, desk(ALWAYS), time_zone=BERLIN) == 180
    assert business_minutes(start, end, desk("Sun 02:00-03:00"), time_zone=BERLIN) == 120
    second = local("2026-10-25 02:30", BERLIN, fold=1)
    assert business_minutes(second, end, desk("Sun 02:00-03:00"), time_zone=BERLIN) == 30


def test_closing_within_the_repeated_hour_closes_each_time():
    start, end = local("2026-10-25 00:00", BERLIN), local("2026-10-25 12:00", BERLIN)
    assert business_minutes(start, end, desk("Sun 00:00-02:30"), time_zone=BERLIN) == 180


def test_lord_howe_moves_by_half_an_hour():
    start, end = local("2026-04-05 01:00", LORD_HOWE), local("2026-04-05 02:30", LORD_HOWE)
    assert business_minutes(start, end, desk(ALWAYS), time_zone=LORD_HOWE) == 120
    start, end = local("2026-10-04 01:00", LORD_HOWE), local("2026-10-04 03:00", LORD_HOWE)
    assert business_minutes(start, end, desk(ALWAYS), time_zone=LORD_HOWE) == 90


def test_lagos_never_changes_its_clock():
    start, end = local("2026-03-27 16:30", LAGOS), local("2026-03-30 09:15", LAGOS)
    assert business_minutes(start, end, desk("Mon-Fri 09:00-17:00"), time_zone=LAGOS) == 45
