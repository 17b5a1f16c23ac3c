"""The map counts as the flow does, tells the ways apart, and of some tickets alone the same as of all."""

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given
from sqlglot import exp

from metrics.catalog.dimensions import VISITS
from metrics.process import flow
from metrics.process.process_map import moves, order_of_steps, visited_versions, with_repeats
from metrics.query.run import run_query
from metrics.query.scope import Over, Scope, conditions, parameters
from metrics.query.ticket_prefilter import visiting
from metrics.steps import causes
from tests.lengths import examples
from tests.metrics.facts.test_twin import DEFINITIONS, histories
from tests.metrics.histories import START, definition, warehouse

DEFINED = definition("ask > find", "find > done", "done is end")
LINES = (
    "a entered step=ask @0s",
    "a entered step=find @1m",
    "a went_back @2m",
    "a entered step=ask @2m",
    "a entered step=done @3m",
    "a run_finished @4m",
    "b entered step=ask @0s",
    "b asked_help @30s",
    "b run_abandoned @1m",
)


def ways(*lines: str, defined=DEFINED) -> dict[tuple[str | None, str | None, str], int]:
    found = moves(warehouse(*lines, definitions=defined))
    return {(step, to, way): n for step, to, way, n in found["step", "next_step", "way", "moves"].rows()}


def test_each_way_from_step_to_step_is_told_apart():
    assert ways(*LINES) == {
        (None, "ask", "began"): 2,
        ("ask", "find", "allowed"): 1,
        ("find", "ask", "went back"): 1,
        ("ask", "done", "not allowed"): 1,
        ("done", None, "finished"): 1,
        ("ask", None, "given up"): 1,
    }


def test_without_a_definition_it_is_not_known_what_is_allowed():
    assert {way for *_, way in ways(*LINES, defined=())} == {
        "began",
        "not known",
        "went back",
        "finished",
        "given up",
    }


def test_a_move_tells_its_time_and_whether_the_step_left_confused():
    found = moves(warehouse(*LINES, definitions=DEFINED)).filter(step="find")
    assert found.select("seconds", "confused", "at_once", "share").row(0) == (60.0, 0, 0, 1.0)
    given_up = moves(warehouse(*LINES, definitions=DEFINED)).filter(way="given up")
    assert given_up["confused"].item() == 1


def test_no_visits_no_moves():
    assert moves(warehouse("a opened @0s")).is_empty()


@given(histories(), DEFINITIONS)
@examples(4, long=100)
def test_the_ways_together_are_the_edges_of_the_flow(frame, definitions):
    desk = warehouse(frame, definitions=definitions)
    key = ("workflow", "version", "step", "next_step")
    whole = moves(desk).group_by(key).agg(pl.col("moves").sum()).sort(key, nulls_last=True)
    edges = flow.edges(desk).select(*key, "moves").sort(key, nulls_last=True)
    assert whole.rows() == edges.rows()


SCOPES = (
    Scope(where=(("workflow", ("w",)), ("version", ("1",)))),
    Scope(where=(("step", ("ask", "start")),)),
    Scope(where=(("team", ("",)),)),
    Scope(start=START.date(), end=(START + timedelta(days=1)).date(), time_zone="Asia/Tokyo"),
    Scope(start=START.date(), cohort=True, where=(("channel", ("chat",)),)),
)
RELATIONS = {
    "moves": (),
    "answer_changes": ("changed_answer",),
    "run_happenings": (),
    "run_paths": (),
    VISITS: (),
}


@given(histories(), DEFINITIONS)
@examples(1, long=40)
def test_of_the_tickets_of_a_scope_alone_the_same_is_told(frame, definitions):
    desk = warehouse(frame, definitions=definitions)
    for scope in SCOPES:
        for relation, signs in RELATIONS.items():
            over = Over(VISITS, "arrived_at" if scope.cohort else "entered_at")
            named = {name for name, _ in scope.where}
            if relation == "run_paths" and "step" in named:
                continue
            query = exp.select("*").from_(relation).where(exp.true(), *conditions(scope, over))
            tickets = visiting(scope, *signs)
            values = parameters(scope, query) | (parameters(scope, tickets) if tickets else {})
            alone = run_query(desk, query, values, tickets=tickets)
            whole = run_query(desk, query, parameters(scope, query))
            assert sorted(map(str, alone.rows())) == sorted(map(str, whole.rows())), (relation, scope)


@pytest.mark.parametrize(
    "what", [causes.returns, causes.changed_answers, causes.before_help, causes.searches]
)
def test_causes_of_a_step_are_those_of_all_steps_that_are_its_own(what):
    lines = (*LINES, "a answered value=x @10s", "c entered step=ask @0s", "c searched value=iban hits=0 @9s")
    desk = warehouse(*lines, "c asked_help @20s", "c run_abandoned @1m", definitions=DEFINED)
    step = Scope(where=(("step", ("ask",)),))
    assert what(desk, scope=step).rows() == what(desk).filter(step="ask").rows()


def test_steps_without_a_definition_stand_in_the_order_of_their_first_visits():
    desk = warehouse(*LINES, "c entered step=lost @0s", "c entered step=done @1m", "c run_finished @2m")
    told = order_of_steps(["ask", "find"], flow.variants(desk), ["ask", "done", "find", "lost", "never"])
    assert told == ("ask", "find", "lost", "done", "never")


def test_versions_are_told_by_visits_and_steps_by_how_often_they_came_at_once_again():
    steps = pl.DataFrame({"workflow": ["a", "b", "b"], "version": ["1", "1", "1"], "visits": [5, 3, 4]})
    assert visited_versions(steps).rows() == [("b", "1"), ("a", "1")]
    desk = warehouse("a entered step=ask @0s", "a entered step=ask @1m", "a run_finished @2m")
    known = pl.DataFrame({"step": ["ask", "done"]})
    assert sorted(with_repeats(known, moves(desk)).rows()) == [("ask", 1), ("done", 0)]
