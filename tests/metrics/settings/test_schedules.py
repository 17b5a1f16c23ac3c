"""Hours as people write them, and schedules and targets that leave no gap and no contradiction."""

import re
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from etl.contract.time_zones import stretches
from metrics.settings.model import Settings
from metrics.settings.schedules import Schedule, read_hours
from tests.metrics.refresh.desks import desk


@pytest.mark.parametrize(
    ("text", "days", "start", "end"),
    [
        ("Mon-Fri 09:00-17:00", (0, 1, 2, 3, 4), 540, 1020),
        ("sat,SUN  10:00-12:30", (5, 6), 600, 750),
        ("Fri-Mon 00:00-24:00", (0, 4, 5, 6), 0, 1440),
        ("Mon,Wed-Thu 22:00-06:00", (0, 2, 3), 1320, 360),
    ],
)
def test_hours_are_days_and_times(text, days, start, end):
    read = read_hours(text)
    assert (read.days, read.start, read.end) == (days, start, end)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("9 to 5", "expected days and times, as in 'Mon-Fri 09:00-17:00'"),
        ("Mon 9:00-17:00", "expected days and times"),
        ("Mom 09:00-17:00", "'Mom' is not a day of the week; expected Mon, Tue"),
        ("Mon-Wed-Fri 09:00-17:00", "'Mon-Wed-Fri' is not a day"),
        ("Mon 09:00-25:00", "a time after 24:00"),
        ("Mon 24:00-06:00", "a time after 24:00"),
        ("Mon 09:00-09:00", "for the whole day write 00:00-24:00"),
        (9, "are not hours"),
    ],
)
def test_hours_that_are_none_say_what_was_expected(text, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        read_hours(text)


def test_overlapping_and_touching_hours_are_one_piece():
    assert desk("Mon 09:00-12:00", "Mon 12:00-13:00", "Mon 10:00-11:00").pieces() == [(0, 540, 780)]


def wrong(**settings):
    with pytest.raises(ValidationError) as error:
        Settings.model_validate(settings)
    first = error.value.errors()[0]
    return ".".join(map(str, first["loc"])), first["msg"]


OFFICE = {"name": "office", "hours": ["Mon-Fri 09:00-17:00"]}


@pytest.mark.parametrize(
    ("schedules", "says"),
    [
        ([OFFICE, OFFICE | {"name": "other"}], "'office' and 'other' are both for all tickets; keep one"),
        (
            [OFFICE | {"teams": ["x"]}],
            "no schedule covers the other tickets; add one without channels and teams",
        ),
        ([], "no schedule covers the other tickets"),
        ([OFFICE, OFFICE], "one (the first) must have no valid_from"),
        ([OFFICE | {"valid_from": "2026-01-01"}], "one (the first) must have no valid_from"),
        (
            [OFFICE, OFFICE | {"valid_from": "2026-01-01", "channels": ["chat"]}],
            "the versions of 'office' must be for the same channels and teams",
        ),
        (
            [
                OFFICE,
                OFFICE | {"name": "a", "channels": ["chat"], "teams": ["x", "y"]},
                OFFICE | {"name": "b", "channels": ["chat"], "teams": ["y"]},
            ],
            "'a' and 'b' are both for tickets with Channel chat, Team y",
        ),
    ],
)
def test_exactly_one_schedule_applies_to_a_ticket(schedules, says):
    where, told = wrong(schedules=schedules)
    assert where == "schedules"
    assert says in told


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("holidays", "Germany", "is not a country"),
        ("holidays", "DE-XX", "DE has no part 'XX' with holidays of its own; known are: BB"),
        ("time_zone", "Berlin", "'Berlin' is not an IANA time zone; expected a name such as Europe/Berlin"),
        ("closed_on", ["christmas"], "date"),
    ],
)
def test_a_wrong_field_of_a_schedule_is_named(field, value, says):
    where, told = wrong(schedules=[OFFICE | {field: value}])
    assert where.startswith(f"schedules.0.{field}")
    assert says in told


def test_a_part_of_a_country_and_a_country_are_known():
    assert Schedule.model_validate(OFFICE | {"holidays": "DE-BY"}).holidays == "DE-BY"


@pytest.mark.parametrize(
    ("targets", "says"),
    [
        ([{"channels": ["chat"]}], "promises nothing"),
        ([{"first_response_minutes": 0}], "greater than 0"),
        (
            [{"resolution_minutes": 1}, {"resolution_minutes": 2}],
            "two targets set resolution_minutes for all tickets",
        ),
        (
            [
                {"first_response_minutes": 1, "channels": ["chat", "phone"], "priorities": ["urgent"]},
                {"first_response_minutes": 2, "channels": ["phone"], "priorities": ["urgent", "high"]},
            ],
            "two targets set first_response_minutes for tickets with Channel phone, Priority urgent",
        ),
    ],
)
def test_targets_promise_something_and_do_not_contradict_one_another(targets, says):
    assert says in wrong(targets=targets)[1]


def test_targets_of_different_measures_do_not_contradict_one_another():
    assert (
        len(
            Settings.model_validate(
                {"targets": [{"resolution_minutes": 1}, {"first_response_minutes": 2}]}
            ).targets
        )
        == 2
    )


def test_the_stretches_between_clock_changes_leave_no_gap():
    start, end = (datetime(year, 1, 1, tzinfo=UTC) for year in (2026, 2027))
    found = stretches("Europe/Berlin", start, end)
    assert [since for since, _, _ in found] == [
        start,
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        datetime(2026, 10, 25, 1, tzinfo=UTC),
    ]
    assert [until for _, until, _ in found][:-1] == [since for since, _, _ in found][1:]
    assert [lead.total_seconds() / 3600 for *_, lead in found] == [1, 2, 1]
