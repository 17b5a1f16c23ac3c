"""Contact reasons by one measure: volume as bars, rates as dots on their interval."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from dashboard.kit.charts.chart import Chart
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.palette import Palette
from dashboard.kit.charts.ranking import MOST_BARS, ranking
from dashboard.kit.tables.table import texts
from dashboard.language import _, words
from metrics.catalog.metrics import Metric


@cached_chart
def reason_ranking(reasons: pl.DataFrame, *, metric: Metric, palette: Palette) -> Chart:
    """`reasons`: one row per metric and reason (metric, reason, value, n, low, high).

    Rates are ordered by where their interval starts, so that few cases cannot lead by luck.
    """
    title, unit = _(metric.title), metric.unit
    order = "low" if unit == "share" else "value"
    ranked = reasons.filter(pl.col("metric") == metric.name, pl.col("value").is_not_null()).sort(
        order, "value", "reason", descending=[True, True, False], nulls_last=True
    )
    rows = ranked.select(
        name=pl.col("reason").fill_null(words.label(None)),
        detail=texts("" if order == "value" else words.cases(n, metric.fact) for n in ranked["n"]),
        value="value",
        n="n",
        low="low",
        high="high",
        marked=pl.lit(value=False),
    )
    chart = ranking(
        rows,
        headline=_finding(rows, metric),
        why_empty=_(
            "No reason has this measure in the selection. Choose a longer period or remove a filter; "
            "rates need solved tickets, confusion needs events of workflow steps."
        ),
        measure=title,
        unit=unit,
        palette=palette,
    )
    ordered = _("Sorted by the lowest likely value, so small samples do not lead by luck.")
    return chart if order == "value" or rows.is_empty() else replace(chart, note=ordered)


def _finding(rows: pl.DataFrame, metric: Metric) -> str:
    title = _(metric.title)
    if rows.is_empty():
        return _("{measure}: nothing to rank", measure=title)
    first = rows.row(0, named=True)
    values = {"measure": title, "reason": words.label(first["name"])}
    value = words.value(first["value"], metric.unit)
    if metric.unit == "share":
        value = _("{share} of {n}", share=value, n=words.count(first["n"]))
    if rows.height <= MOST_BARS:
        return _("{measure}: “{reason}” leads with {value}", **values, value=value)
    return _(
        "{measure}: “{reason}” leads with {value}; the first {shown} of {n} reasons are shown",
        **values,
        value=value,
        shown=MOST_BARS,
        n=words.count(rows.height),
    )
