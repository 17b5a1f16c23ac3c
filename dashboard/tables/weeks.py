"""One metric week by week, the latest first: the numbers of its trend."""

from __future__ import annotations

import polars as pl

from dashboard import words
from dashboard.charts.tooltip import BASIS, INTERVAL, VALUE, tooltip
from dashboard.tables.table import Column, Table
from metrics.catalog import Metric


def week_table(weeks: pl.DataFrame, *, metric: Metric) -> Table:
    """One row per full week of `weeks` (week, value, n, low, high)."""
    latest = weeks.sort("week", descending=True)
    columns = {
        "week": Column("Week from Monday", width=160),
        VALUE: Column(metric.title, width=180),
        INTERVAL: Column("95% interval", width=150),
        BASIS: Column("n", width=90),
    }
    if latest["low"].is_null().all():
        del columns[INTERVAL]
    return Table(
        title="Every full week",
        frame=latest.select(
            week=pl.Series([words.day(week) for week in latest["week"]], dtype=pl.String),
            **tooltip(latest, metric.unit),
        ),
        columns=columns,
        alt=f"{metric.title} of every full week, the latest first",
    )
