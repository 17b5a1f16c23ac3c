"""Contact reasons by one measure: volume as bars, rates as dots on their interval."""

from __future__ import annotations

import polars as pl

from dashboard import words
from dashboard.charts.chart import Chart
from dashboard.charts.ranking import ranking
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
    first = rows.row(0, named=True) if rows.height else None
    return ranking(
        rows,
        headline=f"{title}: “{words.label(first['name'])}” leads with {words.value(first['value'], unit)}"
        + ("" if order == "value" else f" of {words.count(first['n'])}")
        if first
        else f"{title}: nothing to rank",
        why_empty="No reason has this measure in the selection. Choose a longer period or remove a filter; "
        "rates need solved tickets, confusion needs events of workflow steps.",
        measure=title,
        unit=unit,
        palette=palette,
    )
