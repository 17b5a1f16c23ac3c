"""Groups by how long they take: a dot on its interval each, those slower than all together marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard.kit.charts.chart import Chart
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.groups import groups
from dashboard.kit.charts.palette import Palette
from dashboard.kit.charts.ranking import ranking
from dashboard.language import _, words
from dashboard.views.response.profile import profile
from metrics.catalog.metric import Metric

IN_ORDER = ("hour", "weekday")


@cached_chart
def group_times(
    rows: pl.DataFrame, *, metric: Metric, overall: Mapping[str, Any], dimension: str, palette: Palette
) -> Chart:
    """`rows`: one per group (group, value, n, low, high), `overall` the same of all of them together.

    Hours and days of the week stand in their order, all else with the slowest first.
    """
    if dimension in IN_ORDER:
        return profile(rows, title=_(metric.title), unit=metric.unit, dimension=dimension, palette=palette)
    slower = pl.lit(value=False) if overall["high"] is None else pl.col("low") > overall["high"]
    bars = groups(rows, dimension, marked=slower)
    return ranking(
        bars,
        headline=_headline(bars, metric),
        why_empty=_(
            "No ticket of this selection has this time yet. Choose a longer period or remove a filter."
        ),
        measure=_(metric.title),
        unit=metric.unit,
        marks=(_("Other group"), _("Clearly slower than all together")),
        palette=palette,
    )


def _headline(bars: pl.DataFrame, metric: Metric) -> str:
    measured = bars.filter(pl.col("value").is_not_null())
    if measured.is_empty():
        return _("{time}: nothing to compare", time=_(metric.title))
    if measured.height == 1:
        only = measured.row(0, named=True)
        return _(
            "{time}: {value}, all in “{name}”",
            time=_(metric.title),
            value=words.value(only["value"], metric.unit),
            name=only["name"],
        )
    slowest, fastest = measured.row(0, named=True), measured.row(-1, named=True)
    return _(
        "{time}: “{slow}” takes longest with {most}, “{fast}” shortest with {least}",
        time=_(metric.title),
        slow=slowest["name"],
        most=words.value(slowest["value"], metric.unit),
        fast=fastest["name"],
        least=words.value(fastest["value"], metric.unit),
    )
