"""A list of records is as long as its number's n, and holds the very tickets the number counted."""

import polars as pl
import pytest
from hypothesis import given

from etl.errors import InvalidRequest
from metrics.catalog.dimensions import VISITS
from metrics.catalog.metrics import CATALOG
from metrics.query import records
from metrics.query.measure import measure
from metrics.query.scope import Scope
from tests.lengths import examples
from tests.metrics.facts.test_twin import DEFINITIONS, histories
from tests.metrics.histories import warehouse

LINES = (
    "a opened @0s",
    "a replied by agent @10m",
    "a solved @20m",
    "b opened @1h",
    "b replied by agent @2h",
    "b solved @3h",
    "b reopened @4h",
    "c opened @5h",
)
RUN = (
    "a entered step=ask @0s",
    "a asked_help @30s",
    "a entered step=close @1m",
    "a run_finished @2m",
)
TICKET_METRICS = [name for name, metric in CATALOG.items() if metric.fact != VISITS]


@given(histories(), DEFINITIONS)
@examples(2, long=50)
def test_a_list_is_as_long_as_the_n_of_its_number(frame, definitions):
    desk = warehouse(frame, definitions=definitions)
    said = measure(desk, TICKET_METRICS)
    for name, n, value in said.select("metric", "n", "value").iter_rows():
        listed = records.tickets(desk, name, limit=1000)
        assert listed.height == n == records.count(desk, name), name
        if CATALOG[name].kind == "share" and n:
            hits = records.count(desk, name, which="hits")
            assert hits / n == value
            assert listed["value"].sum() == hits
            assert records.count(desk, name, which="misses") == n - hits
        if CATALOG[name].kind == "median" and n:
            assert listed["value"].median() == pytest.approx(value, abs=1e-6)
    (visits,) = measure(desk, ["confusion_rate"])["n"]
    listed = records.visits(desk, limit=1000)
    assert listed.height == visits
    assert records.visits(desk, which="hits", limit=1000).height == listed["is_confused"].sum()


def test_the_newest_stands_first_and_pages_follow_one_another():
    desk = warehouse(*LINES)
    assert records.tickets(desk, "tickets_opened", limit=2)["ticket_id"].to_list() == ["c", "b"]
    assert records.tickets(desk, "tickets_opened", limit=2, offset=2)["ticket_id"].to_list() == ["a"]


def test_the_value_is_the_one_the_number_is_made_of():
    answered = records.tickets(warehouse(*LINES), "first_response_minutes", limit=9)
    assert answered.select("ticket_id", "value").rows() == [("b", 60.0), ("a", 10.0)]
    reopened = records.tickets(warehouse(*LINES), "reopen_rate", which="hits", limit=9)
    assert reopened.select("ticket_id", "value").rows() == [("b", 1.0)]


def test_a_scope_filters_the_list_as_it_filters_the_number():
    desk = warehouse("a opened by customer @0s", "b opened by customer @0s")
    scope = Scope(where=(("channel", ("nowhere",)),))
    assert records.count(desk, "tickets_opened", scope=scope) == 0


def test_tickets_behind_a_number_of_visits_are_asked_for_as_visits():
    with pytest.raises(InvalidRequest, match="Ask for the visits"):
        records.tickets(warehouse(), "confusion_rate", limit=1)


def test_a_visit_is_listed_with_the_signs_it_shows():
    desk = warehouse(*LINES, *RUN)
    confused = records.visits(desk, which="hits", limit=9)
    assert confused.select("step", "signs", "minutes").rows() == [("ask", ["asked_help"], 1.0)]


def test_a_ticket_is_told_event_by_event_with_its_visits():
    told = records.timeline(warehouse(*LINES, *RUN), "a")
    assert told["place"].to_list() == list(range(1, told.height + 1))
    entered = told.filter(pl.col("kind") == "entered").select("step", "minutes", "is_confused", "signs")
    assert entered.rows() == [("ask", 1.0, True, ["asked_help"]), ("close", 1.0, False, [])]
    assert told.filter(pl.col("kind") != "entered")["minutes"].null_count() == told.height - 2


def test_no_record_names_an_agent_or_a_customer():
    desk = warehouse(*LINES, *RUN)
    shown = {
        *records.tickets(desk, "tickets_opened", limit=1).columns,
        *records.visits(desk, limit=1).columns,
        *records.timeline(desk, "a").columns,
    }
    assert not shown & {"agent_id", "customer_id"}


def test_an_unknown_ticket_is_a_sentence():
    with pytest.raises(InvalidRequest, match="no ticket 'x; DROP'"):
        records.ticket(warehouse(*LINES), "x; DROP")
