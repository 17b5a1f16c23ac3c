"""Kaplan and Meier's estimate: a textbook's values, a slow second way, and the tickets still open."""

from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.query.measure import measure
from metrics.query.scope import Scope
from metrics.statistics.survival import curve, quantile
from metrics.tickets.response_times import time
from metrics.tickets.survival import waiting_curve
from tests.lengths import examples
from tests.metrics.histories import at, only, warehouse

# E. J. Freireich et al., Blood 21, 1963, p. 699: weeks in remission with 6-mercaptopurine. The estimate is
# given by D. G. Kleinbaum and M. Klein, Survival Analysis, 3rd ed. 2012, ch. 2.
ENDED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
GOING_ON = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]


def test_it_equals_the_textbook():
    found = curve(ENDED, GOING_ON)
    assert found["minutes"].to_list() == [6, 7, 10, 13, 16, 22, 23]
    shares = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert found["open_share"].to_list() == pytest.approx(shares, abs=5e-5)
    assert found["at_risk"].to_list() == [21, 17, 15, 12, 11, 7, 6]
    assert found["solved"].to_list() == [3, 1, 1, 1, 1, 1, 1]
    assert quantile(found) == (23, 13, None)  # as R's survfit prints with conf.type = "log-log"


def test_without_anything_open_it_is_the_ordinary_median():
    assert quantile(curve([1, 2, 3, 4], []))[0] == 2.5
    assert quantile(curve([1, 2, 3], []))[0] == 2
    assert quantile(curve([], [1, 2])) == (None, None, None)


waits = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40)


@examples(100)
@given(waits)
def test_it_agrees_with_fractions(told):
    ended = [minutes for minutes, over in told if over]
    waiting = [minutes for minutes, over in told if not over]
    found = curve(ended, waiting)
    left = Fraction(1)
    for row in found.iter_rows(named=True):
        at_risk = sum(minutes >= row["minutes"] for minutes, _ in told)
        solved = ended.count(row["minutes"])
        left *= Fraction(at_risk - solved, at_risk)
        assert (row["at_risk"], row["solved"]) == (at_risk, solved)
        assert row["open_share"] == pytest.approx(float(left), abs=1e-12)
        assert 0 <= row["low"] <= row["open_share"] + 1e-12
        assert row["open_share"] <= row["high"] + 1e-12 <= 1 + 2e-12
    value, low, high = quantile(found)
    assert low is None or value is None or low <= value
    assert high is None or (value is not None and value <= high)


RESOLUTION = time("resolution", "calendar").waits
HISTORY = (
    "a opened @0s channel=chat",
    "a solved @10m",
    "b opened @0s channel=chat",
    "b solved @20m",
    "c opened @0s channel=phone",
    "d opened @0s channel=phone",
    "d solved @5m",
    "d reopened @6m",
    "e opened @0s",
    "e merged @30m",
)


def test_open_and_reopened_tickets_are_not_forgotten():
    connection = warehouse(*HISTORY)
    now = only(measure(connection, ["resolution_km_minutes"], scope=Scope(as_of=at("1h"))))
    assert (now.value, now.n) == (20, 4)
    assert only(measure(connection, ["resolution_minutes"])).value == 15


def test_a_ticket_given_up_waits_no_longer():
    connection = warehouse("a opened @0s", "a solved @1m", "a reopened @2m", "a closed @5m", "b opened @1h")
    told = waiting_curve(connection, RESOLUTION, scope=Scope(as_of=at("2h")))
    assert told.is_empty()
    assert only(measure(connection, ["resolution_km_minutes"])).n == 2


def test_the_curve_by_a_dimension_and_thinned():
    connection = warehouse(*HISTORY)
    told = waiting_curve(connection, RESOLUTION, by="channel")
    assert told.select("channel", "minutes", "open_share").rows() == [
        ("chat", 10.0, 0.5),
        ("chat", 20.0, 0.0),
    ]
    assert told["at_risk"].to_list() == [2, 1]
    many = pl.Series(range(1000), dtype=pl.Float64)
    assert curve(many, []).height == 1000
    assert waiting_curve(connection, RESOLUTION, points=1)["minutes"].to_list() == [20.0]
