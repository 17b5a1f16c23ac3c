"""What trainers ask for: what practice does and what recurs, cached as in `dashboard.queries.warehouse`."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard.queries import warehouse
from metrics.catalog.metrics import CATALOG, page_list
from metrics.query import records
from metrics.query.measure import Cut, measured_in
from metrics.query.records import Which
from metrics.query.scope import Scope
from metrics.tickets import recurring
from metrics.training import learning, learning_curve
from metrics.training.learning import TrainingNeeds
from metrics.training.learning_curve import By, Of

REASON_MEASURES = page_list("reasons")


@st.cache_data(max_entries=100, show_spinner=False)
def training_needs(snapshot: str | None, scope: Scope) -> TrainingNeeds:
    """Every step version with what practice does for it, and its confusion by band of practice."""
    cursor = warehouse._opened(snapshot).cursor()
    return learning.training_needs(cursor, warehouse.ranked_steps(snapshot, scope), scope=scope)


@st.cache_data(max_entries=200, show_spinner=False)
def curve(snapshot: str | None, scope: Scope, by: By, of: Of) -> pl.DataFrame:
    """One row per band of experience at the step that the scope holds."""
    return learning_curve.learning_curve(warehouse._opened(snapshot).cursor(), by=by, of=of, scope=scope)


@st.cache_data(max_entries=100, show_spinner=False)
def visits_of_band(
    snapshot: str | None, scope: Scope, practice: int, which: Which, limit: int, offset: int
) -> pl.DataFrame:
    """One row per visit of agents with so much practice, the newest first.

    Only for bands that `training_needs` shows for the same scope: others are of too few agents.
    """
    cursor = warehouse._opened(snapshot).cursor()
    return records.visits(cursor, scope=scope, which=which, practice=practice, limit=limit, offset=offset)


@st.cache_data(max_entries=100, show_spinner=False)
def by_reason(snapshot: str | None, scopes: tuple[Scope, ...]) -> list[pl.DataFrame]:
    """Of each scope one row per measure of `REASON_MEASURES` and contact reason, as `data.measured`."""
    metrics = [CATALOG[name] for name in REASON_MEASURES]
    return measured_in(warehouse.cursor(snapshot), metrics, [Cut(("reason",), scope) for scope in scopes])


@st.cache_data(max_entries=100, show_spinner=False)
def trends(snapshot: str | None, scope: Scope, before: Scope) -> pl.DataFrame:
    """One row per contact reason: how often it came now and before, and whether that is beyond chance."""
    now, then = by_reason(snapshot, (scope, before))
    return recurring.compared(now, then, recurring.weekly_spread(warehouse.cursor(snapshot), scope))
