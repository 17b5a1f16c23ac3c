"""Tribal knowledge: how few agents solve most tickets of a reason, without telling of fewer than five."""

import pytest

from metrics.query.scope import Scope
from metrics.warnings import counting
from metrics.warnings.knowledge import LEAST_TICKETS, held_by_few, reasons_in_few_hands
from tests.metrics.histories import only, rows, warehouse


def solved(reason, by):
    """So many tickets of the reason solved by each agent."""
    return [
        line
        for agent, tickets in by.items()
        for n in range(tickets)
        for line in (
            f"{reason}-{agent}-{n} opened @0m reason={reason}",
            f"{reason}-{agent}-{n} solved @9m agent={agent}",
        )
    ]


def agents(number):
    return [f"a{n:02}" for n in range(number)]


EVEN = solved("everyday", dict.fromkeys(agents(20), 5))
RARE = solved("rare", {agent: 20 if n < 3 else 1 for n, agent in enumerate(agents(12))})


def test_the_share_of_the_five_busiest():
    found = reasons_in_few_hands(counting.solved(warehouse(*EVEN, *RARE), Scope()), most=0.5).to_dicts()
    assert [(row["reason"], row["tickets"], row["agents"], row["is_few"]) for row in found] == [
        ("rare", 69, 12, True),
        ("everyday", 100, 20, False),
    ]
    assert found[0]["share"] == pytest.approx(62 / 69)
    assert found[1]["share"] == 0.25


def test_over_all_reasons_it_is_every_ticket_of_one_of_its_five_busiest():
    one = held_by_few(counting.solved(warehouse(*EVEN, *RARE), Scope()))
    assert (one.value, one.n) == (pytest.approx((62 + 25) / 169), 169)
    assert one.low < one.value < one.high


def test_of_few_agents_neither_number_nor_share_is_told():
    three = solved("secret", dict.fromkeys(agents(3), 30))
    row = only(
        reasons_in_few_hands(counting.solved(warehouse(*EVEN, *three), Scope()), most=0.5).filter(
            reason="secret"
        )
    )
    assert (row.agents, row.share, row.is_few) == (None, None, True)


def test_what_the_others_did_is_not_told_where_they_are_fewer_than_five():
    seven = solved("seldom", {agent: 30 if n < 5 else 2 for n, agent in enumerate(agents(7))})
    row = only(
        reasons_in_few_hands(counting.solved(warehouse(*EVEN, *seven), Scope()), most=0.5).filter(
            reason="seldom"
        )
    )
    assert (row.agents, row.share, row.low, row.is_few) == (7, None, None, True)


def test_a_small_desk_and_a_small_reason_are_not_told():
    small = solved("everyday", dict.fromkeys(agents(9), 10))
    assert reasons_in_few_hands(counting.solved(warehouse(*small), Scope()), most=0.5).is_empty()
    assert held_by_few(counting.solved(warehouse(*small), Scope())).value is None
    few = solved("seldom", {"a00": LEAST_TICKETS - 1})
    assert reasons_in_few_hands(counting.solved(warehouse(*EVEN, *few), Scope()), most=0.5)[
        "reason"
    ].to_list() == ["everyday"]
    assert held_by_few(counting.solved(warehouse(), Scope())).value is None


def solver(*lines):
    return only(rows(warehouse(*lines), "solvers")).agent_id


def test_the_solver_is_the_agent_of_the_last_solve():
    lines = ("t opened @0m", "t solved @1m agent=a", "t reopened @2m", "t solved @3m agent=b")
    assert solver(*lines) == "b"


def test_where_the_solve_names_nobody_it_is_who_replied_last_before_it():
    lines = ("t opened @0m", "t replied by agent @1m agent=a", "t replied by agent @2m agent=b")
    assert solver(*lines, "t solved @3m", "t replied by agent @4m agent=c") == "b"


def test_equal_times_are_told_apart_by_their_order():
    lines = ("t opened @0m", "t replied by agent @2m agent=a", "t replied by agent @2m agent=b")
    assert solver(*lines, "t solved @3m") == "b"
    assert solver(*lines, "t solved @3m", "t replied by agent @3m agent=c", "t closed @3m agent=d") == "b"


def test_an_unsolved_ticket_has_no_solver():
    assert rows(warehouse("t opened @0m", "t replied by agent @1m agent=a"), "solvers").is_empty()
