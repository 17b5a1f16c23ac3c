"""The same scope is the same key, and its days begin and end where its zone says."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from etl.errors import InvalidRequest
from metrics.query.measure import measure
from metrics.query.scope import Scope
from tests.metrics.histories import START, events, warehouse


def test_the_order_of_filters_does_not_matter():
    one = Scope(where=(("team", ("b", "a")), ("channel", ("chat",))))
    other = Scope(where=(("channel", ("chat",)), ("team", ("a",)), ("team", ("b", "a"))))
    assert (one, hash(one)) == (other, hash(other))


def test_the_previous_period_is_as_long_and_just_before():
    march = Scope(start=date(2026, 3, 1), end=date(2026, 3, 31), cohort=True)
    assert march.previous() == Scope(start=date(2026, 1, 29), end=date(2026, 2, 28), cohort=True)
    assert Scope(start=date(2026, 3, 1)).previous() is None


def test_what_makes_no_sense_is_refused_in_words():
    with pytest.raises(InvalidRequest, match="ends on 1 Mar 2026 before it starts on 2 Mar 2026"):
        Scope(start=date(2026, 3, 2), end=date(2026, 3, 1))
    with pytest.raises(InvalidRequest, match="no time zone 'Mars/Base'"):
        Scope(time_zone="Mars/Base")
    with pytest.raises(InvalidRequest, match="no dimension 'colour'"):
        Scope(where=(("colour", ("red",)),))


@pytest.mark.sweep(3)
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "Europe/Berlin", "America/St_Johns"])
def test_a_local_day_is_whole_in_every_zone(zone):
    """Fourteen hours ahead of UTC or twelve behind it: the bounds in UTC cut nothing off a day."""
    midnight = (datetime(2026, 3, 10, tzinfo=ZoneInfo(zone)) - START).total_seconds() // 60
    opened = [f"t{half} opened @{midnight + 30 * half:.0f}m" for half in range(-2, 2 * 48 + 2)]
    scope = Scope(start=date(2026, 3, 10), end=date(2026, 3, 11), time_zone=zone)
    rows = measure(warehouse(events(*opened)), ["tickets_opened"], scope=scope)
    assert rows["value"].item() == 2 * 48


@pytest.mark.sweep(3)
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "Europe/Berlin", "America/St_Johns"])
def test_weeks_and_months_are_those_of_the_local_day_in_every_zone(zone):
    begun = datetime(2026, 3, 27, tzinfo=UTC)  # a Friday: both a month and a week begin within six days
    opened = [
        f"t{hour} opened @{(begun - START).total_seconds() // 60 + 60 * hour:.0f}m" for hour in range(144)
    ]
    days = [(begun + timedelta(hours=hour)).astimezone(ZoneInfo(zone)).date() for hour in range(144)]
    firsts = {
        "week": [day - timedelta(days=day.weekday()) for day in days],
        "month": [day.replace(day=1) for day in days],
    }
    connection = warehouse(events(*opened))
    for span, first in firsts.items():
        rows = measure(connection, ["tickets_opened"], by=[span], scope=Scope(time_zone=zone))
        assert dict(rows.select(span, "n").rows()) == Counter(first)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_first_and_the_last_day_there_is_are_no_error(day):
    scope = Scope(start=day, end=day)
    assert measure(warehouse(events("a opened @0m")), ["tickets_opened"], scope=scope)["value"].item() == 0
