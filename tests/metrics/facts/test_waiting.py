"""Who waited for whom, first-contact resolution, and what needs no agent."""

import pytest

from metrics.query.measure import measure
from metrics.query.scope import Scope
from tests.metrics.histories import at, only, ticket, warehouse


def waits(*lines):
    facts = ticket("a opened @0m", *lines)
    return facts.requester_wait_minutes, facts.agent_wait_minutes, facts.hold_minutes


def test_the_customer_waits_until_an_agent_writes_and_the_agent_until_the_customer_does():
    story = ("a replied by agent @10m", "a replied by customer @30m", "a solved @35m")
    assert waits(*story) == (15, 20, 0)


def test_bots_leave_the_turn_as_it_is():
    assert waits("a replied by bot @5m", "a replied by agent @10m", "a solved @12m") == (10, 2, 0)


def test_on_hold_the_customer_waits_whoever_wrote_last():
    story = ("a replied by agent @10m", "a held @12m", "a released @20m", "a solved @21m")
    assert waits(*story) == (18, 3, 8)


def test_a_hold_ends_with_the_solve():
    assert waits("a held @5m", "a solved @8m", "a reopened @20m", "a solved @21m") == (9, 0, 3)


def test_a_reopening_that_reopens_nothing_ends_no_hold():
    assert waits("a held @5m", "a reopened @5m", "a released @8m", "a solved @9m") == (9, 0, 3)
    left_out = ("a discarded @6m", "a closed @6m", "a reopened @7m")
    assert waits("a held @5m", *left_out, "a released @8m", "a solved @9m") == (9, 0, 3)


def test_nobody_waits_between_a_solve_and_a_reopening():
    story = ("a replied by agent @1m", "a solved @2m", "a replied by customer @5m", "a reopened @9m")
    assert waits(*story, "a solved @15m") == (7, 1, 0)


def test_before_it_is_solved_nobody_knows():
    assert waits("a replied by agent @10m") == (None, None, None)


def value(metric, *lines, **scope):
    told = only(measure(warehouse(*lines), [metric], scope=Scope(**scope)))
    return told.value, told.n


SAME = "customer=x reason=refund"
SOLVED = (f"a opened @0d {SAME}", "a solved @1d")


@pytest.mark.parametrize(
    ("then", "rate"),
    [
        ((), (1, 1)),
        (("a reopened @30d",), (0, 1)),
        ((f"b opened @8d {SAME}",), (0, 1)),
        ((f"b opened @8d1s {SAME}",), (1, 1)),
        ((f"b opened by agent @2d {SAME}",), (1, 1)),
        (("b opened @2d customer=x reason=other",), (1, 1)),
        ((f"b opened @2d {SAME}", "b merged @3d"), (1, 1)),
    ],
)
def test_first_contact_resolution_is_never_reopened_and_not_brought_up_again(then, rate):
    assert value("first_contact_resolution_rate", *SOLVED, *then, as_of=at("40d")) == rate


def test_first_contact_resolution_is_not_known_before_the_days_have_passed():
    assert value("first_contact_resolution_rate", *SOLVED, as_of=at("7d")) == (None, 0)
    assert value("first_contact_resolution_rate", *SOLVED, as_of=at("8d")) == (1, 1)
    assert value("first_contact_resolution_rate", "a opened @0d", "a solved @1d", as_of=at("9d")) == (None, 0)


def test_zero_touch_needs_no_agent_and_a_solve_by_one_is_a_touch():
    lines = ("a replied by bot @1m", "a solved by bot @2m", "b solved @2m")
    assert value("zero_touch_rate", *lines) == (0.5, 2)


def test_hand_offs_and_escalations_are_of_all_tickets_and_unknown_where_none_is_recorded():
    lines = ("a opened @0m", "a handed_off @1m", "b opened @0m", "b escalated @1m")
    assert value("hand_off_rate", *lines) == (0.5, 2)
    assert value("escalation_rate", *lines) == (0.5, 2)
    assert value("escalation_rate", *lines[:3]) == (None, 0)


def test_who_has_heard_from_nobody_is_unanswered():
    lines = (
        "a opened @0m",
        "b opened @0m",
        "b replied by agent @1m",
        "c opened by agent @0m",
        "d opened @0m",
    )
    assert value("unanswered", *lines, "d solved @1m") == (1, 1)


def test_each_part_of_a_record_alone():
    lines = (
        "a opened @0m reason=refund",
        "a solved @1m",
        "b opened @0m channel=chat",
        "b entered @1m step=ask",
    )
    told = measure(
        warehouse(*lines, "b solved @2m", "c solved @1m"),
        ["reason_completeness", "channel_completeness", "run_completeness", "record_completeness"],
    )
    assert told["value"].to_list() == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0])
