"""What the page asks for: contact reasons now and before, cached as in `dashboard.queries.warehouse`."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard.queries import warehouse
from metrics.catalog.metrics import CATALOG, page_list
from metrics.query.measure import Cut, measured_in
from metrics.query.scope import Scope
from metrics.tickets import recurring

REASON_MEASURES = page_list("reasons")


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


def has_reasons(measured: pl.DataFrame) -> bool:
    """Whether any ticket carries a reason."""
    return measured["reason"].null_count() < measured.height
