"""Runs against their definition: what it requires and allows."""

from metrics.process.conformance import breaches, conformance, runs_in_breach
from tests.metrics.histories import definition, only, warehouse

SHOP = definition(
    "ask > verify", "verify > pay refuse required", "pay > done", "refuse > done", "done is end"
)


def told(*lines, definitions=SHOP):
    return only(conformance(warehouse(*lines, definitions=definitions)))


def found(*lines, definitions=SHOP):
    columns = ("breach", "step", "next_step")
    return runs_in_breach(warehouse(*lines, definitions=definitions)).select(columns).rows()


def run(*steps, ticket="a", end="run_finished"):
    lines = [f"{ticket} entered @{place}m step={step}" for place, step in enumerate(steps)]
    return [*lines, f"{ticket} {end} @{len(steps)}m"]


def test_a_run_along_the_definition_conforms():
    one = told(*run("ask", "verify", "pay", "done"))
    assert (one.runs, one.conforming, one.share) == (1, 1, 1.0)
    assert 0 < one.low < one.high == 1


def test_without_a_definition_nothing_is_known():
    one = told(*run("ask", "done"), definitions=())
    assert (one.runs, one.conforming, one.share, one.low, one.runs_with_unlisted_moves) == (1, *[None] * 4)


def test_a_move_that_is_not_listed_is_a_breach_and_a_required_step_never_reached_is_another():
    lines = run("ask", "pay", "done")
    assert set(found(*lines)) == {
        ("unlisted next step", "ask", "pay"),
        ("required step never reached", "verify", None),
    }
    one = told(*lines, *run("ask", "verify", "refuse", "done", ticket="b"))
    assert (one.runs, one.conforming, one.runs_with_unlisted_moves, one.runs_with_required_missed) == (
        2,
        1,
        1,
        1,
    )


def test_going_back_is_no_breach():
    lines = ("a entered @0m step=ask", "a entered @1m step=verify", "a went_back @2m value=ask")
    assert found(*lines, *(line.replace("@", "@1h") for line in run("ask", "verify", "pay", "done"))) == []


def test_a_required_step_that_was_skipped_is_told_once():
    lines = run("ask", "verify", "pay", "done")
    assert found(*lines[:2], "a skipped @1m30s", *lines[2:]) == [("required step skipped", "verify", "pay")]


def test_a_step_that_some_allowed_way_avoids_need_not_be_reached():
    either = definition("ask > long done", "long > done required", "done is end")
    assert found(*run("ask", "done"), definitions=either) == []


def test_a_run_given_up_early_missed_nothing_yet():
    assert found(*run("ask", end="run_abandoned")) == []


def test_an_escalation_that_is_not_listed_is_a_breach():
    lines = ("a entered @0m step=ask", "a escalated @1m run=r step=ask", *run("ask")[1:])
    assert ("unlisted escalation", "ask", None) in found(*lines)


def test_breaches_are_counted_by_step():
    connection = warehouse(
        *run("ask", "pay", "done"), *run("ask", "pay", "done", ticket="b"), definitions=SHOP
    )
    rows = breaches(connection).select("breach", "step", "next_step", "runs", "times").rows()
    assert rows == [
        ("required step never reached", "verify", None, 2, 2),
        ("unlisted next step", "ask", "pay", 2, 2),
    ]


def test_an_empty_warehouse_has_neither():
    connection = warehouse()
    assert conformance(connection).is_empty()
    assert breaches(connection).is_empty()
