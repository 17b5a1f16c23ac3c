"""One metric week by week, the latest first: the numbers of its trend."""

from __future__ import annotations

import polars as pl

from dashboard.kit.tables.table import Column, Table
from dashboard.kit.tables.values import value_columns
from dashboard.language import _, words
from metrics.catalog.metrics import Metric


def week_table(weeks: pl.DataFrame, *, metric: Metric) -> Table:
    """One row per full week of `weeks` (week, value, n, low, high)."""
    latest = weeks.sort("week", descending=True)
    columns = {"week": Column(_("Week from"), width=120), "value": Column(_(metric.title), width=160)}
    if latest["low"].is_not_null().any():
        columns["interval"] = Column(_("95% interval"), width=130)
    if metric.unit != "count":
        columns["n"] = Column(_("n"), width=80)
    return Table(
        title=_("Every full week"),
        frame=latest.select(
            week=pl.Series([words.day(week) for week in latest["week"]], dtype=pl.String),
            **value_columns(latest, metric.unit),
        ),
        columns=columns,
        alt=_("{measure} of every full week, the latest first", measure=_(metric.title)),
    )
