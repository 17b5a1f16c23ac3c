"""What pages ask for: the only functions that are cached, and the only place that knows the warehouse.

Keys are plain values (the snapshot, names, the scope): Streamlit hashes a frame by what it prints, so two
frames could share an entry. A new snapshot is a new key; old entries leave by `max_entries`.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import streamlit as st

from dashboard.charts.trend import full_weeks
from etl.warehouse import latest_snapshot, open_snapshot
from metrics import hotspots, measure
from metrics.scope import Scope

YEAR = 52 * 7


def snapshot() -> str | None:
    """The newest published snapshot; None where nothing has been loaded yet."""
    path = latest_snapshot(Path(os.environ.get("STEPSIGHT_WAREHOUSE", "data/warehouse")))
    return None if path is None else str(path)


@st.cache_resource(max_entries=2, show_spinner=False, on_release=lambda connection: connection.close())
def _opened(snapshot: str | None) -> duckdb.DuckDBPyConnection:
    return open_snapshot(None if snapshot is None else Path(snapshot))


@st.cache_data(max_entries=1000, show_spinner=False)
def measured(snapshot: str | None, names: tuple[str, ...], by: tuple[str, ...], scope: Scope) -> pl.DataFrame:
    """One row per metric and group: metric, the dimensions of `by`, value, n, low, high."""
    return measure.measure(_opened(snapshot).cursor(), names, by=by, scope=scope)


@st.cache_data(max_entries=200, show_spinner=False)
def ranked_steps(snapshot: str | None, scope: Scope) -> pl.DataFrame:
    """One row per step version, the most confusing first."""
    return hotspots.hotspots(_opened(snapshot).cursor(), scope=scope)


@st.cache_data(max_entries=100, show_spinner=False)
def dimension_values(snapshot: str | None, dimension: str) -> list[str]:
    """The values a filter may take."""
    return measure.dimension_values(_opened(snapshot).cursor(), dimension)


@st.cache_data(max_entries=20, show_spinner=False)
def data_range(snapshot: str | None) -> tuple[date, date] | None:
    """The first and the last day with events; None where there are none."""
    return measure.data_range(_opened(snapshot).cursor())


@st.cache_data(max_entries=200, show_spinner=False)
def excluded_tickets(snapshot: str | None, scope: Scope) -> int:
    """How many merged, spam and deleted tickets the rates leave out."""
    return measure.excluded_tickets(_opened(snapshot).cursor(), scope)


def by_metric(snapshot: str | None, names: tuple[str, ...], scope: Scope) -> dict[str, dict[str, Any]]:
    """Each metric's row over the whole scope."""
    return {row["metric"]: row for row in measured(snapshot, names, (), scope).iter_rows(named=True)}


def scope_before(snapshot: str | None, scope: Scope) -> Scope | None:
    """The period of equal length before; None where the data does not reach back over all of it."""
    whole, before = data_range(snapshot), scope.previous()
    if whole is None or before is None or before.start is None or before.start < whole[0]:
        return None
    return before


def weekly(snapshot: str | None, names: tuple[str, ...], scope: Scope) -> dict[str, pl.DataFrame]:
    """Each metric's full weeks up to the scope's end, a year of them at most."""
    whole = data_range(snapshot)
    if whole is None:
        return {name: pl.DataFrame() for name in names}
    last = min(scope.end or whole[1], whole[1])
    first = max(whole[0], last - timedelta(days=YEAR))
    frame = measured(snapshot, names, ("week",), scope.model_copy(update={"start": first, "end": last}))
    return {name: full_weeks(frame.filter(pl.col("metric") == name), first, last) for name in names}
