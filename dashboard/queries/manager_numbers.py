"""What the managers' pages ask for: waits, service levels, backlog, satisfaction, what changed, two sides."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import Any

import duckdb
import polars as pl
import streamlit as st

from dashboard.queries import warehouse
from etl.errors import InvalidRequest
from metrics.query import small_groups
from metrics.query.run import run_parallel
from metrics.query.scope import Scope
from metrics.settings.targets import MEASURES, Measure
from metrics.tickets import (
    backlog,
    change,
    comparison,
    contributions,
    satisfaction,
    service_levels,
    survival,
    unresolved,
)
from metrics.tickets.contributions import Contributions
from metrics.tickets.response_times import TIMES


def _measure(name: str) -> Measure:
    return next(measure for measure in MEASURES if measure == name)


@st.cache_data(max_entries=100, show_spinner=False)
def waiting_curve(snapshot: str | None, metric: str, scope: Scope) -> pl.DataFrame:
    """The Kaplan-Meier curve of a time: how many still wait after so many minutes."""
    return survival.waiting_curve(warehouse.cursor(snapshot), TIMES[metric].waits, scope=scope, points=300)


@st.cache_data(max_entries=100, show_spinner=False)
def waiting_medians(snapshot: str | None, metric: str, by: str, scope: Scope) -> pl.DataFrame:
    """One row per group (one in all where `by` is empty): Kaplan-Meier median, and how many wait on."""
    cursor = warehouse.cursor(snapshot)
    return survival.waiting_medians(cursor, TIMES[metric].waits, by=by or None, scope=scope)


def waiting_median(snapshot: str | None, metric: str, scope: Scope) -> dict[str, Any]:
    """The same of all together."""
    return waiting_medians(snapshot, metric, "", scope).row(0, named=True)


@st.cache_data(max_entries=100, show_spinner=False)
def statuses(snapshot: str | None, measure: str, by: str, scope: Scope) -> pl.DataFrame:
    """One row per group (one in all where `by` is empty): targets attained, breached, pending, paused."""
    return service_levels.statuses(warehouse.cursor(snapshot), _measure(measure), by=by or None, scope=scope)


@st.cache_data(max_entries=100, show_spinner=False)
def about_to_breach(snapshot: str | None, hours: int, scope: Scope) -> pl.DataFrame:
    """One row per target that lapses within so many hours of its own clock; the next one first."""
    return service_levels.about_to_breach(
        warehouse.cursor(snapshot), scope, within=timedelta(hours=hours), on="clock"
    )


@st.cache_data(max_entries=100, show_spinner=False)
def paused_targets(snapshot: str | None, scope: Scope) -> int:
    """How many targets are paused."""
    return service_levels.paused_targets(warehouse.cursor(snapshot), scope)


@st.cache_data(max_entries=50, show_spinner=False)
def ages(snapshot: str | None, scope: Scope) -> pl.DataFrame:
    """One row per age band of the tickets open now."""
    return backlog.ages(warehouse.cursor(snapshot), scope=scope)


@st.cache_data(max_entries=50, show_spinner=False)
def backlog_over_time(snapshot: str | None, scope: Scope) -> pl.DataFrame:
    """One row per day: how many tickets were open at its end."""
    return backlog.series(warehouse.cursor(snapshot), every="day", scope=scope)


@st.cache_data(max_entries=20, show_spinner=False)
def open_tickets(snapshot: str | None, scope: Scope) -> pl.DataFrame:
    """One row per open ticket, the longest open first."""
    return unresolved.unresolved(warehouse.cursor(snapshot), scope=scope)


@st.cache_data(max_entries=50, show_spinner=False)
def drivers(snapshot: str | None, scope: Scope) -> pl.DataFrame:
    """One row per factor and level that satisfaction may go along with."""
    return satisfaction.drivers(warehouse.cursor(snapshot), scope=scope)


@st.cache_data(max_entries=50, show_spinner=False)
def answering(snapshot: str | None, scope: Scope) -> dict[str, Any]:
    """How far the ratings speak for all who were asked."""
    return asdict(satisfaction.answering(warehouse.cursor(snapshot), scope=scope))


@st.cache_data(max_entries=200, show_spinner=False)
def metric_contributions(
    snapshot: str | None, metrics: tuple[str, ...], scope: Scope
) -> dict[str, Contributions | None]:
    """What moved each of these metrics since the period before; None where that is not told."""
    by = movers(snapshot, scope)
    queries = [partial(_contributions, metric=metric, scope=scope, by=by) for metric in metrics]
    return dict(zip(metrics, run_parallel(warehouse.cursor(snapshot), queries), strict=True))


def _contributions(
    connection: duckdb.DuckDBPyConnection, metric: str, scope: Scope, by: tuple[str, ...]
) -> Contributions | None:
    try:
        return contributions.contributions(connection, metric, scope=scope, by=by)
    except InvalidRequest:
        return None


@st.cache_data(max_entries=100, show_spinner=False)
def movers(snapshot: str | None, scope: Scope) -> tuple[str, ...]:
    """The dimensions that explain a change: those that the data has."""
    return contributions.movers(warehouse.cursor(snapshot), scope)


def hidden_in_changes(snapshot: str | None, by: str, scope: Scope) -> bool:
    """Whether a group of a dimension is too small to be shown, in the period or the one before."""
    earlier = change.period_before(scope)
    return any(hidden(snapshot, by, part) for part in (scope, earlier) if part is not None)


@st.cache_data(max_entries=100, show_spinner=False)
def compared(snapshot: str | None, metrics: tuple[str, ...], now: Scope, before: Scope) -> pl.DataFrame:
    """One row per metric: both sides and their difference."""
    return comparison.compared(warehouse.cursor(snapshot), metrics, now=now, before=before)


@st.cache_data(max_entries=100, show_spinner=False)
def hidden(snapshot: str | None, by: str, scope: Scope) -> tuple[str | None, ...]:
    """The groups that are too small to be shown, for a page to say so: their numbers never come here."""
    return tuple(small_groups.hidden_groups(warehouse.cursor(snapshot), by, scope=scope))


def a_year_earlier(scope: Scope) -> Scope | None:
    """The same dates a year earlier."""
    return change.period_before(scope, "last_year")


def over_all_data(scope: Scope) -> Scope:
    """The scope's filters over all of the data: what is open now is so whenever it was opened."""
    return scope.model_copy(update={"start": None, "end": None})
