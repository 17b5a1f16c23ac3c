"""Simulated events keep the contract."""

import polars as pl

from etl.contract.events import SCHEMA, Kind, broken_rules
from etl.simulator import Simulation
from tests.simulator.conftest import share


def test_events_have_the_schema_of_the_contract(history: Simulation) -> None:
    unstated = {"recorded_at"}  # nothing that is made up is corrected later
    assert history.events.schema == {name: SCHEMA[name] for name in SCHEMA if name not in unstated}


def test_no_row_breaks_a_rule(history: Simulation) -> None:
    rows = history.events.gather_every(97).iter_rows(named=True)
    assert [rules for row in rows if (rules := broken_rules(row))] == []


def test_every_kind_of_event_occurs(history: Simulation) -> None:
    never = {Kind.CONTACT_ABANDONED}  # the customers of this desk wait for an answer
    assert set(history.events["kind"]) == {kind.value for kind in Kind} - never


def test_event_ids_are_unique(history: Simulation) -> None:
    assert history.events["event_id"].is_unique().all()


def test_seq_orders_events_at_the_same_instant(history: Simulation) -> None:
    assert history.events.select("ticket_id", "occurred_at", "seq").is_unique().all()
    assert 0.01 < share(history.events["seq"] > 0) < 0.3


def test_there_are_as_many_tickets_as_asked_for(history: Simulation) -> None:
    opened = history.events.filter(pl.col("kind") == "opened")
    assert opened["ticket_id"].n_unique() == opened.height == history.events["ticket_id"].n_unique()
    assert 0.99 * 9_000 <= opened.height <= 9_000


def test_nothing_happens_outside_the_period(history: Simulation) -> None:
    first, last = history.events["occurred_at"].min(), history.events["occurred_at"].max()
    assert str(first) >= "2026-01-05"
    assert str(last) < "2026-03-16"


def test_a_run_belongs_to_one_ticket_and_one_version(history: Simulation) -> None:
    runs = history.events.filter(pl.col("run_id").is_not_null()).group_by("run_id")
    assert runs.agg(pl.col("ticket_id", "workflow", "version").n_unique()).drop("run_id").max().row(0) == (
        1,
        1,
        1,
    )


def test_a_run_starts_once_and_ends_at_most_once(history: Simulation) -> None:
    ends = pl.col("kind").is_in(["run_finished", "run_abandoned"])
    runs = history.events.filter(pl.col("run_id").is_not_null()).group_by("run_id")
    found = runs.agg(
        starts=(pl.col("kind") == "run_started").sum(), ends=ends.sum(), last=pl.col("kind").last()
    )
    assert set(found["starts"]) == {1}
    assert set(found["ends"]) == {0, 1}
    assert set(found.filter(pl.col("ends") == 1)["last"]) <= {"run_finished", "run_abandoned"}
