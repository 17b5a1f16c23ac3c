"""Missing days, dates without times, events of the future and sources left behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from etl.health.finding import Severity
from tests.etl.health.histories import MONDAY, Ward, event, minutes, ward


def weeks_of_work(weeks: int = 6) -> list[dict[str, object]]:
    days = [MONDAY + timedelta(days=number) for number in range(7 * weeks)]
    return [
        event(f"{day} {number}", day + minutes(number * 7.3))
        for day in days
        if day.weekday() < 5
        for number in range(20)
    ]


def without(rows: list[dict[str, object]], first: datetime, days: int) -> list[dict[str, object]]:
    gap = {(first + timedelta(days=number)).date() for number in range(days)}
    return [row for row in rows if row["occurred_at"].date() not in gap]  # type: ignore[attr-defined]


def test_days_of_rest_are_no_gap() -> None:
    assert ward(weeks_of_work()).severity("empty_days") == Severity.OK


def test_a_day_without_events_needs_a_look_and_two_weeks_are_suspicious() -> None:
    (finding,) = ward(without(weeks_of_work(12), MONDAY + timedelta(days=15), 1)).found("empty_days")
    assert (finding.severity, finding.numbers["empty_days"]) == (Severity.LOOK, 1)
    assert "17 Mar 2026" in str(finding.message)
    (finding,) = ward(without(weeks_of_work(120), MONDAY + timedelta(days=21), 14)).found("empty_days")
    assert (finding.severity, finding.numbers["longest_days"]) == (Severity.SUSPICIOUS, 10)


def test_too_few_weeks_do_not_tell_which_days_are_usual() -> None:
    (finding,) = ward(weeks_of_work(2)).found("empty_days")
    assert not finding.is_known


@pytest.mark.parametrize(
    ("exact", "severity"), [(0, Severity.OK), (3, Severity.LOOK), (25, Severity.SUSPICIOUS)]
)
def test_events_at_exact_midnight_are_counted(exact: int, severity: Severity) -> None:
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    rows = [
        event(f"t{number}", midnight + timedelta(days=number, minutes=0 if number < exact else 541))
        for number in range(40)
    ]
    assert ward(rows).severity("exact_midnight") == severity


def test_local_midnight_counts_though_utc_has_it_at_two_hours() -> None:
    summer, winter = datetime(2026, 6, 1, 22, tzinfo=UTC), datetime(2026, 12, 1, 23, tzinfo=UTC)
    rows = [event(f"t{number}", (summer, winter)[number % 2]) for number in range(30)]
    (finding,) = ward(rows).found("exact_midnight")
    assert (finding.severity, finding.numbers["exact_events"]) == (Severity.SUSPICIOUS, 30)


def test_times_to_the_minute_are_not_taken_for_dates() -> None:
    rows = [event(f"t{number}", MONDAY + minutes(number)) for number in range(600)]
    assert ward(rows).severity("exact_midnight") == Severity.OK


def test_an_event_later_than_its_load_is_of_the_future() -> None:
    rows = [event("a", MONDAY)]
    for later, severity in ((-1, Severity.OK), (6, Severity.LOOK), (72, Severity.SUSPICIOUS)):
        made = Ward()
        made.load(rows, loaded_at=MONDAY - timedelta(hours=later))
        assert made.severity("freshness") == severity


def test_a_source_that_came_daily_and_stopped_needs_a_look() -> None:
    made = Ward()
    for number in range(5):
        made.load([event(f"a{number}", MONDAY + timedelta(days=number))], f"tickets-{number}.csv")
    assert made.severity("freshness") == Severity.OK
    made.load([event("b", MONDAY + timedelta(days=14))], "chats.csv")
    (finding,) = made.found("freshness")
    assert (finding.severity, finding.source) == (Severity.LOOK, "tickets-#.csv")


def test_two_sources_with_one_load_each_have_no_rhythm_to_fall_behind() -> None:
    """Within three days nobody is behind, whatever the rhythm."""
    for days, is_known in ((2, True), (30, False)):
        (finding,) = ward([event("a", MONDAY)], [event("b", MONDAY + timedelta(days=days))]).found(
            "freshness"
        )
        assert (finding.severity, finding.is_known) == (Severity.OK, is_known)
    assert (finding.source, finding.message.code) == ("a.csv", "health.freshness.no_rhythm")


def weekly(*tickets: int) -> list[dict[str, object]]:
    """Weeks from a Monday on, with so many tickets each, an hour apart."""
    return [
        event(f"{week} {number}", MONDAY + timedelta(weeks=week, hours=number * 160 / count))
        for week, count in enumerate(tickets)
        for number in range(count)
    ]


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    ("at_the_end", "severity", "weeks"),
    [
        ((90, 120, 100), "ok", 0),
        ((100, 100, 40), "ok", 0),
        ((100, 100, 20), "look", 1),
        ((50, 30, 9, 8), "look", 3),
        ((100, 9, 8), "suspicious", 2),
    ],
)
def test_weeks_at_the_end_with_far_fewer_tickets_are_named(
    at_the_end: tuple[int, ...], severity: str, weeks: int
) -> None:
    last = weekly(100, 110, 90, 105, 95, *at_the_end)
    last += [event("last", MONDAY + timedelta(weeks=5 + len(at_the_end), hours=-12))]
    (finding,) = ward(last).found("volume_drop")
    assert (finding.severity, finding.numbers.get("low_weeks", 0)) == (severity, weeks)


def test_a_short_or_small_history_has_no_usual_volume() -> None:
    assert not ward(weekly(100, 100, 3)).found("volume_drop")[0].is_known
    assert ward(weekly(9, 8, 9, 8, 9, 1)).severity("volume_drop") == Severity.OK


@pytest.mark.parametrize(
    ("opened_to", "severity", "weeks"), [(10, "ok", 0), (9, "ok", 0), (5, "look", 5), (0, "ok", 0)]
)
def test_openings_that_stop_while_other_events_go_on_are_named(
    opened_to: int, severity: str, weeks: int
) -> None:
    """Ten tickets a week, so that one week without an opening says nothing; five weeks do."""
    rows = [
        event(f"{week} {number}", MONDAY + timedelta(weeks=week, hours=number * 16 + late), kind)
        for week in range(10)
        for number in range(10)
        for late, kind in enumerate(["opened", "replied", "solved"])
        if kind != "opened" or week < opened_to
    ]
    (finding,) = ward(rows).found("volume_drop")
    assert (finding.severity, finding.numbers.get("low_weeks", 0)) == (severity, weeks)
    if weeks:
        assert "6 Apr 2026" in str(finding.message)
        assert "0% of the usual number of tickets were opened" in str(finding.message)
