"""The backlog at any instant: what is open then, how old it is, and that reopened tickets wait again."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.kit.charts.palette import LIGHT
from dashboard.views.service_level.open_ages import open_ages
from metrics.query.measure import measure
from metrics.query.scope import Scope
from metrics.tickets import backlog
from tests.lengths import examples
from tests.metrics.facts.test_twin import histories
from tests.metrics.histories import at, only, warehouse

HISTORY = (
    "a opened @0d channel=chat",
    "a solved @2d",
    "a reopened @4d",
    "b opened @3d channel=phone",
    "c opened @3d",
    "c discarded @5d",
    "d opened @9d",
)


def waiting(moment):
    return backlog.ages(warehouse(*HISTORY), at=at(moment))["tickets"].to_list()


def test_a_ticket_waits_from_its_opening_to_its_solve_and_from_its_reopening():
    assert waiting("1d") == [0, 1, 0, 0, 0]
    assert sum(waiting("2d")) == 0
    assert waiting("4d") == [0, 2, 1, 0, 0]
    assert waiting("5d") == [0, 1, 1, 0, 0]
    assert waiting("40d") == [0, 0, 0, 0, 3]


def test_bands_include_their_beginning_and_tell_their_bounds():
    told = backlog.ages(warehouse(*HISTORY), at=at("9d"), bands=(9, 2))
    assert told.rows() == [(0.0, 2.0, 1), (2.0, 9.0, 1), (9.0, None, 1)]


def test_each_day_ends_with_its_backlog_and_quiet_days_are_told():
    told = backlog.series(warehouse(*HISTORY))
    assert told["day"].to_list() == [date(2026, 3, 2) + timedelta(days=day) for day in range(10)]
    assert told["backlog"].to_list() == [1, 1, 0, 2, 3, 2, 2, 2, 2, 3]
    weeks = backlog.series(warehouse(*HISTORY), every="week")
    assert weeks.rows() == [(date(2026, 3, 2), 2), (date(2026, 3, 9), 3)]


def test_the_period_chooses_days_and_filters_choose_tickets():
    scope = Scope(start=date(2026, 3, 6), end=date(2026, 3, 7), where=(("channel", ("chat",)),))
    assert backlog.series(warehouse(*HISTORY), scope=scope)["backlog"].to_list() == [1, 1]
    assert backlog.series(warehouse()).is_empty()
    assert backlog.ages(warehouse())["tickets"].to_list() == [0] * 5
    unopened = backlog.ages(warehouse("a replied by customer @0d"))
    assert unopened["tickets"].to_list() == [None] * 5
    assert open_ages(unopened, palette=LIGHT).figure is None


@settings(examples(3, long=80), deadline=None)
@given(histories(), st.integers(0, 20))
def test_it_is_what_measuring_in_that_instant_tells(history, days):
    connection = warehouse(history)
    day = date(2026, 3, 2) + timedelta(days=days)
    end = datetime.combine(day, time.max, UTC)
    told = backlog.series(connection, scope=Scope(start=day, end=day))["backlog"].to_list()
    then = only(measure(connection, ["backlog"], scope=Scope(as_of=end))).value
    # Before the first opening nobody knows how many tickets were open, and none is counted.
    assert told in ([], [then or 0])
    assert backlog.ages(connection, at=end)["tickets"].sum() == (then or 0)
