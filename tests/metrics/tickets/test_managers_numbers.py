"""Waits, service states, drivers, sides and small groups: textbook values and a second way of counting."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf
from sqlglot import exp

from metrics.catalog.durations import EDGES, band_of
from metrics.query.measure import measure
from metrics.query.run import run_query
from metrics.query.scope import Scope
from metrics.refresh.facts import refresh
from metrics.settings.model import Settings
from metrics.statistics.differences import difference, sureness
from metrics.tickets.comparison import compared
from metrics.tickets.response_times import time
from metrics.tickets.satisfaction import answering, drivers
from metrics.tickets.service_levels import about_to_breach, statuses
from metrics.tickets.survival import waiting_curve, waiting_medians
from metrics.tickets.unresolved import unresolved
from tests.lengths import examples
from tests.metrics.histories import own_warehouse, show_small_groups, warehouse

HISTORY = (
    "a opened by customer @0 channel=chat",
    "a replied by agent @10m agent=x",
    "a solved by agent @1h",
    "b opened by customer @0 channel=chat",
    "c opened by customer @0 channel=phone",
    "c solved by agent @2h",
    "d opened by customer @1h channel=phone",
    "d replied by agent @3h agent=y",
    "d solved by agent @4h",
)


def test_a_wait_without_an_answer_goes_on_or_was_broken_off():
    desk = warehouse(*HISTORY)
    (row,) = waiting_medians(desk, time("first_response", "calendar").waits).to_dicts()
    assert (row["n"], row["waiting"], row["broken_off"]) == (4, 1, 1)
    by = waiting_medians(desk, time("first_response", "calendar").waits, by="channel")
    assert by.select("channel", "n", "waiting").rows() == [("chat", 2, 1), ("phone", 2, 0)]
    # Two answered after 10 and 120 minutes, one solved after 120 without, one waiting since four hours.
    share = ecdf(CensoredData(uncensored=[10, 120], right=[120, 240])).sf
    told = waiting_curve(desk, time("first_response", "calendar").waits)
    assert told["open_share"].to_list() == pytest.approx(list(share.evaluate([10, 120])))


@pytest.mark.parametrize("clock", ["calendar", "business"])
@pytest.mark.parametrize("what", ["first_response", "resolution"])
def test_waits_that_are_over_are_the_times_measured(clock, what):
    desk = warehouse(*HISTORY)
    asked = time(what, clock)
    told = waiting_curve(desk, asked.waits)
    assert told["solved"].sum() == measure(desk, [asked.metric])["n"].item()


@examples(50)
@given(st.floats(0, 1e6))
def test_a_band_holds_its_times(minutes):
    low, high = band_of(minutes)
    assert low in EDGES
    assert low <= minutes
    assert high is None or minutes < high


def test_bands_in_the_data_are_the_bands_in_words():
    desk = warehouse(*HISTORY)
    found = measure(desk, ["first_response_minutes"], by=["first_response_band"])
    known = found.filter(pl.col("n") > 0)
    assert known.select("first_response_band", "n").rows() == [(10, 1), (120, 1)]
    only = Scope(where=(("first_response_band", ("10",)),))
    assert measure(desk, ["first_response_minutes"], scope=only)["n"].item() == 1


def test_hours_and_weekdays_are_those_of_the_local_clock():
    desk = warehouse(*HISTORY)
    hours = measure(desk, ["tickets_opened"], by=["hour"], scope=Scope(time_zone="Europe/Berlin"))
    assert hours.select("hour", "n").rows() == [(1, 3), (2, 1)]  # 0:00 and 1:00 UTC in winter
    days = measure(desk, ["tickets_opened"], by=["weekday"])
    assert days.select("weekday", "n").rows() == [(1, 4)]


TARGETS = Settings.model_validate(
    {"targets": [{"first_response_minutes": 60, "resolution_minutes": 600, "clock": "calendar"}]}
)


def promised(*lines):
    desk = own_warehouse(*lines)
    refresh(desk, TARGETS)
    show_small_groups(desk)
    return desk


def test_every_target_has_one_state():
    desk = promised(*HISTORY)
    first = statuses(desk, "first_response").row(0, named=True)
    # a in time; b unanswered and late; d late; c was solved late without an answer.
    assert first == {"attained": 1, "breached": 3, "pending": 0, "paused": 0}
    by = statuses(desk, "resolution", by="channel")
    assert by.rows() == [("chat", 1, 0, 1, 0), ("phone", 2, 0, 0, 0)]
    soon = about_to_breach(desk, within=timedelta(hours=6), on="clock")
    assert soon["ticket_id"].to_list() == ["b"]
    assert about_to_breach(desk, within=timedelta(hours=5), on="clock").is_empty()


def test_what_is_unresolved_is_the_backlog():
    desk = promised(*HISTORY)
    told = unresolved(desk)
    assert told["ticket_id"].to_list() == ["b"]
    assert told["age_minutes"].to_list() == [240]
    assert told["from_days"].to_list() == [0]
    assert told["is_answered"].to_list() == [False]
    assert told["due_at"][0] is not None
    assert told.height == measure(desk, ["backlog"])["n"].item()


def test_the_difference_of_two_shares_is_newcombes():
    # R. G. Newcombe, Statistics in Medicine 17, 1998, p. 873, table II (a), method 10: 56/70 and 48/80.
    now, before = (56 / 70, 0.6919, 0.8773), (48 / 80, 0.4906, 0.7005)
    gap, low, high = difference(now, before)
    assert gap == pytest.approx(0.2)
    assert (low, high) == (pytest.approx(0.0524, abs=2e-3), pytest.approx(0.3339, abs=2e-3))
    assert sureness(low, high) == "signal"
    assert sureness(-0.1, 0.1) == "noise"
    assert difference((1.0, None, None), (2.0, 1.0, 3.0)) == (-1.0, None, None)
    assert difference((None, None, None), (2.0, 1.0, 3.0)) == (None, None, None)


ends = st.tuples(st.floats(0, 1), st.floats(0, 0.5), st.floats(0, 0.5))


@examples(100)
@given(ends, ends)
def test_a_difference_read_the_other_way_has_the_other_sign(one, other):
    sides = [(value, value - below, value + above) for value, below, above in (one, other)]
    gap, low, high = difference(*sides)
    back, back_low, back_high = difference(sides[1], sides[0])
    assert back == pytest.approx(-gap)
    assert (back_low, back_high) == (pytest.approx(-high), pytest.approx(-low))
    assert low <= gap + 1e-12
    assert gap <= high + 1e-12


def test_two_sides_are_the_two_measures():
    desk = warehouse(*HISTORY)
    now, before = (Scope(where=(("channel", (name,)),)) for name in ("chat", "phone"))
    row = compared(desk, ["first_response_minutes"], now=now, before=before).row(0, named=True)
    assert (row["value"], row["value_before"], row["difference"]) == (10, 120, -110)
    assert row["sureness"] == "unknown"


def rated(ticket: str, score: int, *more: str) -> list[str]:
    return [
        f"{ticket} opened by customer @0 channel=chat",
        f"{ticket} solved by agent @1h",
        *(f"{ticket} {line}" for line in more),
        f"{ticket} rated @5h score={score} scale_max=5",
    ]


def test_drivers_count_what_a_loop_counts():
    reopened = ("reopened @2h", "solved by agent @3h")
    lines: list[str] = []
    for number in range(60):
        lines += rated(f"r{number}", 5 if number % 3 == 0 else 1, *reopened)
        lines += rated(f"n{number}", 5 if number % 5 else 1)
    told = drivers(warehouse(*lines), factors=("reopened",)).row(0, named=True)
    assert (told["level"], told["n"], told["satisfied"], told["others_satisfied"]) == ("reopened", 60, 20, 48)
    assert told["difference"] == pytest.approx(20 / 60 - 48 / 60)
    assert told["association"] == "less often"
    assert told["low"] < told["difference"] < told["high"] < 0


@pytest.mark.parametrize("of_one", ["customer", "agent"])
def test_what_one_customer_or_agent_alone_has_drives_nothing(of_one: str) -> None:
    lines: list[str] = []
    for number in range(40):
        many, alone = f"{of_one}=c{number}", f"{of_one}=x"
        again = ("reopened @2h", f"solved by agent @3h {alone}")
        lines += [f"{line} {alone}" for line in rated(f"r{number}", 5 if number % 3 == 0 else 1)]
        lines += [f"r{number} {line}" for line in again]
        lines += [f"{line} {many}" for line in rated(f"n{number}", 5 if number % 5 else 1)]
    found = drivers(warehouse(*lines), factors=("reopened",)).row(0, named=True)
    assert found["difference"] < -0.3
    assert (found["low"], found["high"], found["association"]) == (None, None, "none shown")


def test_few_ratings_drive_nothing():
    assert drivers(warehouse(*rated("a", 5), *rated("b", 1))).is_empty()
    assert drivers(warehouse()).is_empty()


def test_those_who_did_not_answer_may_be_anything():
    lines = [
        line for number in range(4) for line in (f"t{number} opened @0", f"t{number} survey_offered @1h")
    ]
    told = answering(warehouse(*lines, "t0 rated @2h score=5 scale_max=5"))
    assert (told.offered, told.rated, told.satisfied) == (4, 1, 1)
    assert (told.worst, told.best, told.like_asked) == (0.25, 1.0, 1.0)
    assert answering(warehouse()).like_asked is None


def test_a_wait_in_opening_hours_is_never_longer_than_on_the_wall():
    desk = warehouse(*HISTORY)
    query = exp.select("waited_minutes", "waited_business_minutes").from_("timed_response_waits")
    told = run_query(desk, query)
    assert (told["waited_business_minutes"] <= told["waited_minutes"] + 1e-9).all()
