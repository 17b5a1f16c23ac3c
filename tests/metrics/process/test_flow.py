"""Directly-follows, rework, variants and ping-pong, on few rows."""

from collections import Counter
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.process.flow import Runs, edges, ping_pong, ping_pong_total, steps, variants
from metrics.query.scope import Scope
from tests.lengths import examples
from tests.metrics.histories import events, warehouse

TWO_RUNS = (
    "a entered @0m step=ask agent=x",
    "a answered @2m value=1 agent=x",
    "a entered @3m step=find agent=x",
    "a paused @4m",
    "a resumed @6m",
    "a answered @7m value=2 agent=x",
    "a went_back @9m value=ask",
    "a entered @9m step=ask agent=y",
    "a entered @10m step=find agent=x",
    "a run_finished @20m",
    "b entered @0m step=ask agent=x",
    "b entered @4m step=ask agent=x",
    "b run_finished @5m",
)


def row(frame, **where):
    (found,) = frame.filter(*(pl.col(name).eq_missing(value) for name, value in where.items())).to_dicts()
    return found


def test_an_edge_counts_moves_and_runs_and_its_share_of_the_ways_out():
    found = edges(warehouse(*TWO_RUNS))
    there = row(found, step="ask", next_step="find")
    assert (there["moves"], there["runs"], there["share"]) == (2, 1, 0.5)
    assert row(found, step=None, next_step="ask")["moves"] == 2
    assert row(found, step="find", next_step=None)["moves"] == 1
    assert row(found, step="ask", next_step="ask")["moves"] == 1


def test_a_move_by_going_back_is_told_and_so_is_one_to_another_agent():
    found = edges(warehouse(*TWO_RUNS))
    back = row(found, step="find", next_step="ask")
    assert (back["going_back"], back["handed_over_share"], back["handed_over_n"]) == (1, 1.0, 1)
    assert row(found, step="ask", next_step="ask")["handed_over_share"] == 0.0


def test_the_time_of_a_move_is_processing_and_waiting():
    found = edges(warehouse(*TWO_RUNS))
    back = row(found, step="find", next_step="ask")
    # In at 3, paused from 4 to 6, the last thing at 9, out at 9.
    assert (back["throughput_seconds"], back["processing_seconds"], back["waiting_seconds"]) == (
        360,
        240,
        120,
    )
    loop = row(found, step="ask", next_step="ask")
    assert (loop["throughput_seconds"], loop["processing_seconds"], loop["waiting_seconds"]) == (
        240,
        None,
        None,
    )


def test_a_step_entered_again_is_rework_by_the_same_agent_or_another():
    ask, find = (row(steps(warehouse(*TWO_RUNS)), step=step) for step in ("ask", "find"))
    assert (ask["visits"], ask["runs"], ask["again"], ask["runs_again"], ask["self_loops"]) == (4, 2, 2, 2, 1)
    assert (ask["repeated_by_same"], ask["redone_by_another"]) == (1, 1)
    assert (find["again"], find["self_loops"], find["repeated_by_same"]) == (1, 0, 1)


def test_a_variant_is_a_way_that_ended_runs_took():
    found = variants(
        warehouse(*TWO_RUNS, "c entered @0m step=ask", "c run_finished @1m", "d entered @15m step=ask")
    )
    assert found["path"].to_list() == [["ask"], ["ask", "ask"], ["ask", "find", "ask", "find"]]
    assert found["runs"].to_list() == [1, 1, 1]
    assert found["share_so_far"].to_list() == pytest.approx([1 / 3, 2 / 3, 1])


def test_runs_are_chosen_by_how_they_begin_and_end():
    connection = warehouse(*TWO_RUNS)
    assert variants(connection, runs=Runs(ends=("find",)))["runs"].sum() == 1
    assert variants(connection, runs=Runs(starts=("find",))).is_empty()
    assert steps(connection, runs=Runs(starts=("ask",), ends=("ask",)))["visits"].sum() == 2


def test_a_ticket_that_comes_straight_back_is_ping_pong():
    found = ping_pong(
        warehouse(
            "a opened @0h team=first",
            "a assigned @1h team=second",
            "a replied by agent @2h team=second",
            "a assigned @3h team=first",
            "a assigned @5h team=third",
            "b opened @0h team=first",
            "b assigned @1h team=second",
        )
    )
    there, back = (
        row(found, from_team="first", to_team="second"),
        row(found, from_team="second", to_team="first"),
    )
    assert (there["hand_overs"], there["tickets"], there["returns"], there["median_hours"]) == (2, 2, 0, 2.0)
    assert (back["hand_overs"], back["returns"], back["return_share"]) == (1, 1, 1.0)
    assert row(found, from_team="first", to_team="third")["median_hours"] is None


def test_ping_pong_has_a_total_over_all_pairs():
    lines = (
        *("a opened @0h team=first", "a assigned @1h team=second", "a assigned @3h team=first"),
        *("b opened @0h team=first", "b assigned @2h team=second", "c opened @0h team=first"),
    )
    total = ping_pong_total(warehouse(*lines)).row(0, named=True)
    assert (total["hand_overs"], total["tickets"], total["returns"]) == (3, 2, 1)
    assert total["return_share"] == 1 / 3
    assert ping_pong_total(warehouse("c opened @0h team=first")).is_empty()


def test_a_scope_filters_the_flow():
    connection = warehouse(*TWO_RUNS)
    assert steps(connection, scope=Scope(where=(("step", ("find",)),)))["visits"].sum() == 2
    assert edges(connection, scope=Scope(where=(("workflow", ("none",)),))).is_empty()


def test_an_empty_warehouse_has_no_flow():
    connection = warehouse()
    assert all(found(connection).is_empty() for found in (edges, steps, variants, ping_pong))


@examples(5, long=150)
@given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=6), min_size=1, max_size=5))
def test_the_graph_agrees_with_counting_pairs_one_by_one(ways):
    lines = [
        line
        for number, way in enumerate(ways)
        for line in (
            *(f"t{number} entered @{place}m step={step}" for place, step in enumerate(way)),
            f"t{number} run_finished @{len(way)}m",
        )
    ]
    connection = warehouse(events(*lines))
    pairs = Counter(pair for way in ways for pair in pairwise([None, *way, None]))
    found = edges(connection).select("step", "next_step", "moves")
    assert {(step, to): moves for step, to, moves in found.iter_rows()} == pairs
    again = Counter(step for way in ways for step in way)
    again.subtract(step for way in ways for step in set(way))
    assert dict(steps(connection).select("step", "again").iter_rows()) == dict(again)
