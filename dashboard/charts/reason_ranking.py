"""Contact reasons by one measure: volume as bars, rates as dots on their interval."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from dashboard import words
from dashboard.charts.chart import Chart
from dashboard.charts.ranking import SHOWN, ranking
from dashboard.palette import Palette
from metrics.catalog import Metric


def reason_ranking(reasons: pl.DataFrame, *, metric: Metric, palette: Palette) -> Chart:
    """`reasons`: one row per metric and reason (metric, reason, value, n, low, high).

    Rates are ordered by where their interval starts, so that few cases cannot lead by luck.
    """
    title, unit = metric.title, metric.unit
    order = "low" if unit == "share" else "value"
    rows = (
        reasons.filter(pl.col("metric") == metric.name, pl.col("value").is_not_null())
        .sort(order, "value", "reason", descending=[True, True, False], nulls_last=True)
        .select(
            name=pl.col("reason").fill_null("(not recorded)"),
            detail=pl.lit("")
            if order == "value"
            else pl.format("n {}", pl.col("n").map_elements(words.count, return_dtype=pl.String)),
            value="value",
            n="n",
            low="low",
            high="high",
            marked=pl.lit(value=False),
        )
    )
    chart = ranking(
        rows,
        headline=_finding(rows, metric),
        why_empty="No reason has this measure in the selection. Choose a longer period or remove a filter; "
        "rates need solved tickets, confusion needs events of workflow steps.",
        measure=title,
        unit=unit,
        palette=palette,
    )
    ordered = "In the order of where the 95% interval begins: few cases cannot lead by luck."
    return chart if order == "value" or rows.is_empty() else replace(chart, note=ordered)


def _finding(rows: pl.DataFrame, metric: Metric) -> str:
    if rows.is_empty():
        return f"{metric.title}: nothing to rank"
    first = rows.row(0, named=True)
    among = f" of {words.count(first['n'])}" if metric.unit == "share" else ""
    shown = f"; the first {SHOWN} of {rows.height} reasons are shown" if rows.height > SHOWN else ""
    value = words.value(first["value"], metric.unit)
    return f"{metric.title}: “{words.label(first['name'])}” leads with {value}{among}{shown}"
