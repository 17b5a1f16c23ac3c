"""Change against another period and week by week, and whether the periods are complete."""

from datetime import date

import pytest

from etl.errors import InvalidRequest
from metrics.query.scope import Scope
from metrics.tickets.change import compare, is_complete, period_before, trend
from tests.metrics.histories import at, only, warehouse


def before(start, end, against):
    scope = period_before(Scope(start=start, end=end), against)
    return (scope.start, scope.end)


def test_the_period_before_is_as_long():
    assert before(date(2026, 3, 9), date(2026, 3, 10), "previous") == (date(2026, 3, 7), date(2026, 3, 8))
    assert period_before(Scope(start=date(2026, 3, 9))) is None


def test_last_year_is_the_same_dates_and_for_whole_weeks_the_same_weekdays():
    assert before(date(2024, 2, 29), date(2024, 3, 5), "last_year") == (date(2023, 2, 28), date(2023, 3, 5))
    assert before(date(2026, 3, 2), date(2026, 3, 8), "last_year") == (date(2025, 3, 3), date(2025, 3, 9))


HISTORY = ("a opened @0d", "b opened @1d", "c opened @8d", "c replied by agent @8d1h", "d opened @13d23h")


def test_a_period_is_complete_when_it_is_over_and_within_the_data():
    connection = warehouse(*HISTORY)

    def complete(start, end, **more):
        return is_complete(connection, Scope(start=date(2026, 3, start), end=date(2026, 3, end), **more))

    assert complete(2, 14)
    assert not complete(2, 15)
    assert complete(2, 15, as_of=at("14d"))
    assert not complete(1, 14)
    assert not complete(2, 14, time_zone="Pacific/Honolulu", as_of=at("13d"))
    assert not is_complete(warehouse(), Scope())


def test_two_periods_stand_side_by_side():
    scope = Scope(start=date(2026, 3, 9), end=date(2026, 3, 15))
    told = compare(warehouse(*HISTORY), ["first_response_minutes", "tickets_opened"], scope=scope)
    response, opened = (only(told.filter(metric=name)) for name in told["metric"])
    assert (opened.value, opened.value_before, opened.difference, opened.relative) == (2, 2, 0, 0)
    assert (opened.is_complete, opened.is_complete_before) == (False, True)
    assert (response.value, response.value_before, response.difference) == (60, None, None)
    with pytest.raises(InvalidRequest, match="give the scope a start and an end"):
        compare(warehouse(), ["csat"], scope=Scope())


def weekly(counts):
    """So many tickets opened in each week, and a last event after them."""
    lines = [
        f"t{week}x{n} opened @{week * 7 + 2}d" for week, count in enumerate(counts) for n in range(count)
    ]
    return warehouse("first opened @0d", *lines, f"last opened @{len(counts) * 7 + 1}d")


def test_a_signal_is_told_with_the_week_it_began():
    found = trend(weekly([4, 6, 5, 6, 5, 4, 6, 5, 4, 20]), "tickets_opened")
    assert (found.verdict, found.since, found.side) == ("signal", date(2026, 5, 4), "higher")
    assert found.weeks["rules"].to_list()[-2:] == [["beyond"], []]
    assert found.weeks["is_complete"].to_list() == [True] * 10 + [False]
    assert found.chart.n == 10


def test_noise_is_told_as_noise_and_an_empty_week_counts_as_none():
    found = trend(weekly([4, 6, 0, 6, 5, 4, 6]), "tickets_opened")
    assert (found.verdict, found.since, found.side) == ("noise", None, None)
    assert found.weeks["value"].to_list()[2] == 0
    assert trend(warehouse(), "csat").verdict == "unknown"
    quiet = trend(warehouse("a opened @0d", "a solved @21d"), "tickets_opened").weeks
    assert quiet["value"].to_list() == [1, 0, 0, 0]
    assert trend(weekly([4, 6, 0]), "first_response_minutes").chart.n == 0


def test_the_backlog_is_taken_at_the_end_of_each_week():
    found = trend(weekly([1, 1, 1]), "backlog")
    assert found.weeks["value"].to_list() == [2, 3, 4, 5]
