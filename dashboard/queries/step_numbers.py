"""What the pages of steps, maps and runs ask for."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from dashboard.queries import warehouse
from dashboard.queries.weeks import full_weeks
from metrics.process import flow, process_map, run_events
from metrics.query import agents, records
from metrics.query.run import run_parallel
from metrics.query.scope import Scope
from metrics.steps import causes, times, weeks
from metrics.steps import holders as holders_of_excess
from metrics.steps import states as states_of_tickets

KEY = ("workflow", "version", "step")


@dataclass(frozen=True)
class VersionMoves:
    """A workflow version in a scope: its moves, its definition, and the most frequent ways through it."""

    moves: pl.DataFrame
    defined: pl.DataFrame
    variants: pl.DataFrame


@st.cache_data(max_entries=100, show_spinner=False)
def version_moves(snapshot: str | None, scope: Scope, workflow: str, version: str) -> VersionMoves:
    """Of the version that the scope holds; names apart, for its definition."""
    defined = process_map.definitions(warehouse.cursor(snapshot))
    moves, variants = run_parallel(
        warehouse.cursor(snapshot),
        [partial(process_map.moves, scope=scope), partial(flow.variants, scope=scope)],
    )
    return VersionMoves(
        moves, defined.filter(pl.col("workflow") == workflow, pl.col("version") == version), variants
    )


def guided(steps: pl.DataFrame) -> pl.DataFrame:
    """Of the ranked steps those of workflows that guide agents: the others are states of tickets."""
    return steps.filter("guided")


@st.cache_data(max_entries=100, show_spinner=False)
def states(snapshot: str | None, scope: Scope) -> pl.DataFrame:
    """One row per state of the workflows in the scope that are logs of states."""
    return states_of_tickets.states(warehouse.cursor(snapshot), scope=scope)


@st.cache_data(max_entries=50, show_spinner=False)
def visits_to_states(snapshot: str | None, scope: Scope, limit: int) -> pl.DataFrame:
    """One row per visit to a state of a log of states, the newest first."""
    return records.visits(warehouse.cursor(snapshot), scope=scope, guided=False, limit=limit)


@st.cache_data(max_entries=200, show_spinner=False)
def causes_of(snapshot: str | None, scope: Scope) -> dict[str, pl.DataFrame]:
    """Of the step in the scope: `returns` to it, `answers` changed, what came before `help`, `searches`."""
    return causes.of_steps(warehouse.cursor(snapshot), scope=scope)


def smallest_group(snapshot: str | None) -> int:
    """The fewest agents that numbers may be about."""
    return agents.smallest_group(warehouse.cursor(snapshot))


@st.cache_data(max_entries=200, show_spinner=False)
def holders(snapshot: str | None, by: str, scope: Scope) -> pl.DataFrame:
    """One row per value of `by`, the largest excess first; small groups are left out."""
    return holders_of_excess.holders(warehouse.cursor(snapshot), by, scope=scope)


@st.cache_data(max_entries=200, show_spinner=False)
def step_times(snapshot: str | None, scope: Scope) -> pl.DataFrame:
    """One row per step of the version that the scope holds: how long its visits take."""
    return times.step_times(warehouse.cursor(snapshot), scope=scope)


@st.cache_data(max_entries=200, show_spinner=False)
def _weeks(snapshot: str | None, scope: Scope) -> pl.DataFrame:
    return weeks.step_weeks(warehouse.cursor(snapshot), scope=scope)


def sign_weeks(snapshot: str | None, scope: Scope, sign: str) -> pl.DataFrame:
    """The full weeks of one sign (or of confusion) up to the scope's end, a year of them at most."""
    days = warehouse.data_range(snapshot, scope.time_zone)
    if days is None:
        return pl.DataFrame()
    last = min(scope.end or days[1], days[1])
    first = max(days[0], last - timedelta(days=warehouse.YEAR))
    rows = _weeks(snapshot, scope.model_copy(update={"start": first, "end": last}))
    return full_weeks(rows.filter(pl.col("sign") == sign).drop("sign"), first, last)


@st.cache_data(max_entries=50, show_spinner=False)
def runs_of(snapshot: str | None, ticket_id: str) -> pl.DataFrame:
    """One row per run of a ticket, the first first."""
    return run_events.runs(warehouse.cursor(snapshot), ticket_id)


@st.cache_data(max_entries=50, show_spinner=False)
def run(snapshot: str | None, ticket_id: str, run_id: str) -> dict[str, Any]:
    """One run: what is known of it, its `visits`, and its `events` with what they do to the clocks."""
    return asdict(run_events.run(warehouse.cursor(snapshot), ticket_id, run_id))
