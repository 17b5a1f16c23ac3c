"""Day and month exchanged, wrong time zones, hours that jump: found where made on purpose, and only there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.health.finding import Severity
from etl.health.run_checks import CHECKS, run_checks
from etl.mapping.mapping import Mapping
from tests.etl.desk import Desk
from tests.etl.health.histories import (
    AT,
    MONDAY,
    Ward,
    day_and_month_exchanged,
    event,
    simulated,
    ward,
    with_times,
)
from tests.lengths import examples

BERLIN = "Europe/Berlin"


def tickets_of_a_year(exchange: bool) -> list[dict[str, object]]:
    """Each day a ticket that is opened on it and solved five days later."""
    rows = []
    for number in range(360):
        opened = datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(days=number)
        for kind, at in (("opened", opened), ("solved", opened + timedelta(days=5))):
            swapped = at.replace(day=at.month, month=at.day) if exchange and at.day <= 12 else at
            rows.append(event(f"t{number}", swapped, kind))
    return rows


def test_dates_with_day_and_month_exchanged_are_found_by_the_other_dates_of_their_tickets() -> None:
    assert ward(tickets_of_a_year(exchange=False)).severity("day_and_month") == Severity.OK
    (finding,) = ward(tickets_of_a_year(exchange=True)).found("day_and_month")
    assert finding.severity == Severity.SUSPICIOUS
    assert finding.numbers["nearer_if_swapped"] > finding.numbers["nearer_as_given"]


def test_tickets_of_a_single_day_tell_by_their_weekdays() -> None:
    days = [datetime(2025, 1, 1, 9, tzinfo=UTC) + timedelta(days=number) for number in range(540)]
    busy = [(day, number) for day in days for number in range(20 if day.weekday() < 5 else 2)]
    right = [event(f"{day} {number}", day, "opened") for day, number in busy]
    wrong = [
        row | {"occurred_at": at.replace(day=at.month, month=at.day) if at.day <= 12 else at}
        for row in right
        for at in [row["occurred_at"]]
    ]
    assert ward(right).severity("day_and_month") == Severity.OK
    assert ward(wrong).severity("day_and_month") == Severity.SUSPICIOUS


def test_dates_that_were_read_month_first_and_refused_past_the_twelfth_are_found() -> None:
    kept = [row for row in tickets_of_a_year(exchange=True) if row["occurred_at"].day <= 12]  # type: ignore[attr-defined]
    (finding,) = ward(kept).found("day_and_month")
    assert (finding.severity, finding.numbers["high_days"]) == (Severity.SUSPICIOUS, 0)


def test_a_single_swapped_file_among_good_ones_is_named() -> None:
    rows = tickets_of_a_year(exchange=False)
    made = Ward()
    made.load(rows, "export-1.csv")
    made.load(
        [row | {"ticket_id": f"x{row['ticket_id']}"} for row in tickets_of_a_year(exchange=True)],
        "export-2.csv",
    )
    assert [finding.source for finding in made.found("day_and_month")] == ["export-2.csv"]


def test_a_short_history_does_not_tell() -> None:
    (finding,) = ward([event("a", MONDAY), event("a", MONDAY, "solved")]).found("day_and_month")
    assert (finding.severity, finding.is_known) == (Severity.OK, False)


@examples(2, long=40)
@given(st.integers(0, 3), st.floats(0.3, 1), st.integers(0, 1000))
def test_any_part_of_a_history_is_flagged_exactly_if_its_dates_are_exchanged(
    seed: int, share: float, salt: int
) -> None:
    whole = simulated(seed=seed)
    drawn = pl.col("ticket_id").hash(salt) % 1000 < share * 1000
    part = whole.filter(drawn)
    swapped = with_times(part, day_and_month_exchanged(AT))
    assert ward(part).severity("day_and_month") == Severity.OK
    assert ward(swapped).severity("day_and_month") == Severity.SUSPICIOUS
    assert ward(swapped.filter(AT.dt.day() <= 12)).severity("day_and_month") == Severity.SUSPICIOUS


def local(zone: str) -> pl.Expr:
    """The time that a clock on a wall in this zone showed, had the desk been there."""
    return (
        AT.dt.convert_time_zone(BERLIN)
        .dt.replace_time_zone(None)
        .dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        .dt.convert_time_zone("UTC")
    )


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    "zone", [BERLIN, "America/New_York", "Australia/Sydney", "Asia/Kolkata", "America/Bogota"]
)
def test_true_instants_are_not_suspected_wherever_the_desk_is(zone: str) -> None:
    history = with_times(simulated(), local(zone)).drop_nulls("occurred_at")
    assert ward(history).severity("time_zone") == Severity.OK


def test_local_times_labelled_as_utc_are_suspected() -> None:
    (finding,) = ward(with_times(simulated(), local("UTC"))).found("time_zone")
    assert (finding.severity, finding.numbers["moved_hours"]) == (Severity.SUSPICIOUS, 0)


def test_instants_that_were_taken_for_local_times_are_suspected() -> None:
    twice = AT.dt.replace_time_zone(None).dt.replace_time_zone(
        BERLIN, ambiguous="earliest", non_existent="null"
    )
    history = with_times(simulated(), twice.dt.convert_time_zone("UTC")).drop_nulls("occurred_at")
    (finding,) = ward(history).found("time_zone")
    assert (finding.severity, finding.numbers["moved_hours"]) == (Severity.SUSPICIOUS, 2)


def test_without_a_clock_change_the_zone_is_not_known() -> None:
    (finding,) = ward(simulated(weeks=6, start=date(2026, 1, 5))).found("time_zone")
    assert (finding.severity, finding.is_known) == (Severity.OK, False)


@pytest.mark.sweep(3)
@pytest.mark.parametrize("hours", [-5, 2, 12])
def test_a_week_whose_hours_jump_is_named(hours: int) -> None:
    week = AT.is_between(datetime(2026, 4, 27, tzinfo=UTC), datetime(2026, 5, 3, 11, tzinfo=UTC))
    jumped = pl.when(week).then(AT + timedelta(hours=hours)).otherwise(AT)
    (finding,) = ward(with_times(simulated(tickets=2500), jumped)).found("hours_of_day")
    assert finding.severity == Severity.SUSPICIOUS
    assert finding.numbers["moved_weeks"] == ["2026-04-27"]
    assert finding.numbers["moved_hours"] == hours
    assert ward(simulated(tickets=2500)).severity("hours_of_day") == Severity.OK


def test_hours_that_jump_and_stay_are_named_with_their_first_week() -> None:
    jumped = pl.when(datetime(2026, 4, 27, tzinfo=UTC) <= AT).then(AT + timedelta(hours=3)).otherwise(AT)
    (finding,) = ward(with_times(simulated(tickets=2500), jumped)).found("hours_of_day")
    assert (finding.severity, finding.numbers["moved_hours"]) == (Severity.SUSPICIOUS, 3)
    assert finding.numbers["moved_weeks"][0] == "2026-04-27"


@pytest.mark.parametrize(
    ("desk", "declared", "severity"),
    [
        ("UTC", "UTC", "ok"),
        ("UTC", "Asia/Kolkata", "ok"),
        ("UTC", BERLIN, "suspicious"),
        (BERLIN, BERLIN, "ok"),
    ],
)
def test_a_declared_zone_without_clock_changes_is_believed_and_another_compared(
    desk: str, declared: str, severity: str
) -> None:
    made = Ward()
    made.load(with_times(simulated(), local(desk)), time_zone=declared)
    (finding,) = made.found("time_zone")
    assert (finding.severity, finding.is_known) == (severity, True)
    assert declared in str(finding.message) or severity == "suspicious"


def test_the_zone_of_the_settings_stands_for_sources_that_declare_none() -> None:
    made = ward(with_times(simulated(), local("UTC")))
    checks = [check for check in CHECKS if check.name == "time_zone"]
    assert run_checks(made.connection, checks=checks)[0].severity == Severity.SUSPICIOUS
    assert run_checks(made.connection, checks=checks, time_zone="UTC")[0].severity == Severity.OK


def test_a_load_keeps_the_zone_that_its_mapping_declares(desk: Desk) -> None:
    rows = "ticket_id,kind,at,due\nT1,opened,2026-03-02 09:00,x\n"
    zone, own = {"time": {"zone": "UTC"}}, {"occurred_at": {"from": "at", "zone": "Asia/Kolkata"}}
    plain = {"columns": {"occurred_at": "at"}}
    for stated in (plain | zone, {"columns": own} | zone):
        desk.load(desk.file(rows), Mapping.model_validate(stated))
    assert desk.table("loads").sort("load_id")["time_zone"].to_list()[-1] == "Asia/Kolkata"
    assert Mapping.model_validate(plain | zone).declared_zone == "UTC"
    other = [{"kind": "solved", "columns": {"ticket_id": "ticket_id"} | own}]
    assert Mapping.model_validate(plain | zone | {"event": other}).declared_zone is None
