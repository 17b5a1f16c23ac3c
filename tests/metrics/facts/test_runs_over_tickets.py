"""A run that goes over several tickets is one run, and belongs to one of them."""

import pytest
from sqlglot import exp

from metrics.facts.relations import compose
from metrics.process.run_events import run as run_of
from metrics.process.run_events import runs as runs_of
from metrics.query.records import timeline
from metrics.query.run import warehouse_state
from metrics.refresh.facts import refresh
from metrics.settings.model import Settings
from metrics.settings.run_rules import RunRules
from tests.metrics.histories import add, empty_warehouse, events, rows, warehouse

BEGUN = ("a opened @0m", "a entered @1m step=ask", "a entered @2m step=find", "a solved @9m")
GOES_ON = ("b opened @3m by agent", "b entered @4m step=pay run=r", "b run_finished @6m run=r")
LATER = "z opened @9d"


def unique_within(scope):
    return Settings(runs=RunRules(unique=scope))


def runs(*lines, unique=None):
    """Ticket, number of visits and end of each run."""
    frame = rows(warehouse(*lines, settings=unique_within(unique)), "runs")
    return frame.select("ticket_id", "visits", "ended_by").sort("ticket_id").rows()


ONE = [("a", 3, "run_finished")]
APART = [("a", 2, None), ("b", 1, "run_finished")]


def test_a_run_that_goes_on_in_a_second_ticket_is_one_run_of_the_first():
    connection = warehouse(*BEGUN, *GOES_ON, LATER)
    visits = rows(connection, "classified_visits").sort("visit_number")
    assert visits.select("ticket_id", "step", "next_step", "is_confused").rows() == [
        ("a", "ask", "find", False),
        ("a", "find", "pay", False),
        ("a", "pay", None, False),
    ]
    assert runs(*BEGUN, *GOES_ON) == ONE


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ((), ONE),
        (("b replied @3m by customer customer=x", "a replied @3m by customer customer=x"), ONE),
        (("b replied @3m by customer customer=x", "a replied @3m by customer customer=y"), APART),
        (("a answered @5m",), APART),
        (("c answered @7m run=r",), ONE),
        (("c answered @7m run=r", "d answered @8m run=r"), [*APART, ("c", 0, None), ("d", 0, None)]),
        (("c run_started @7m run=r", "d run_started @8m run=r"), [*APART, ("c", 0, None), ("d", 0, None)]),
        (("d replied @5m by agent run=r",), [*ONE, ("d", 0, None)]),
    ],
    ids=["no customer", "one", "two", "overlap", "three tickets", "four", "two begun", "named by a message"],
)
def test_unsaid_it_is_one_run_in_few_tickets_of_one_customer_one_after_the_other(more, expected):
    assert runs(*BEGUN, *GOES_ON, *more) == expected


def test_the_settings_say_what_a_run_id_is_unique_within():
    assert runs(*BEGUN, *GOES_ON, unique="ticket") == APART
    overlap = "a answered @5m"
    assert runs(*BEGUN, *GOES_ON, overlap, unique="source") == ONE


def test_a_run_belongs_to_the_first_of_its_tickets_that_counts():
    assert runs(*BEGUN, *GOES_ON, "a merged @7m value=b") == [("b", 3, "run_finished")]
    assert runs(*BEGUN, *GOES_ON, "a merged @7m value=b", "b discarded @8m") == ONE
    both_out = (*BEGUN, *GOES_ON, "a discarded @7m", "b discarded @8m")
    assert runs(*both_out, "b reopened @9m") == [("b", 3, "run_finished")]
    assert runs(*both_out, "a reopened @9m", "b reopened @9m") == ONE


@pytest.mark.sweep(3)
@pytest.mark.parametrize("change", ["b", "c", "customer", "setting"])
def test_what_changes_in_one_ticket_makes_the_run_of_all_of_them_anew(change):
    """Loaded bit by bit it is what it would be at once, also where the tickets part again."""
    steps = {
        "b": [(*BEGUN, LATER), GOES_ON],
        "c": [(*BEGUN, *GOES_ON), ("c answered @7m run=r", LATER), ("d answered @8m run=r",)],
        "customer": [
            (*BEGUN, *GOES_ON),
            ("a replied @3m by customer customer=x", LATER),
            ("b replied @3m by customer customer=y",),
        ],
        "setting": [(*BEGUN, *GOES_ON, LATER)],
    }[change]
    connection = empty_warehouse()
    for lines in steps:
        add(connection, named(lines))
        refresh(connection)
    settings = unique_within("ticket") if change == "setting" else Settings()
    refresh(connection, settings)
    at_once = empty_warehouse()
    for lines in steps:
        add(at_once, named(lines))
    refresh(at_once, settings)
    for name in ("runs", "visits", "tickets", "run_links"):
        here, there = (rows(each, name) for each in (connection, at_once))
        assert sorted(map(str, here.rows())) == sorted(map(str, there.select(here.columns).rows())), name


def named(lines):
    """Events whose ids differ from those of other lines."""
    frame = events(*lines)
    return frame.with_columns(event_id=frame["event_id"] + lines[0])


def test_a_page_of_a_run_has_the_events_of_all_its_tickets():
    connection = warehouse(*BEGUN, *GOES_ON, LATER)
    assert runs_of(connection, "b")["run_id"].to_list() == ["r"]
    for ticket in ("a", "b"):
        story = run_of(connection, ticket, "r")
        assert [visit["step"] for visit in story.visits] == ["ask", "find", "pay"]
        kinds = [event["kind"] for event in story.events]
        assert kinds == ["entered", "entered", "entered", "run_finished"]
        assert [effect["effect"] for event in story.events for effect in event["effects"]].count(
            "starts"
        ) >= 3


def test_events_of_tickets_and_their_runs_are_looked_up_by_one_join():
    connection = warehouse(*BEGUN, *GOES_ON, LATER)
    tickets = exp.select("ticket_id").from_(exp.table_("visits", db="main"))
    query = compose(exp.select("ticket_id").from_("events"), warehouse_state(connection), tickets=tickets)
    text = query.sql("duckdb")
    assert {ticket for (ticket,) in connection.execute(text).fetchall()} == {"a", "b"}
    ((_, plan),) = connection.execute("EXPLAIN " + text).fetchall()
    assert "SEMI" in plan
    assert "MARK" not in plan


def test_a_ticket_of_a_run_shows_the_visits_it_holds():
    connection = warehouse(*BEGUN, *GOES_ON, LATER)
    entered = timeline(connection, "b").filter(kind="entered").row(0, named=True)
    assert (entered["visit_number"], entered["minutes"], entered["is_confused"]) == (3, 2, False)
