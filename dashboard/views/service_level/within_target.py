"""Groups by the share within target: a dot on its interval each, those below all together marked."""

from __future__ import annotations

import polars as pl

from dashboard.kit.charts.chart import Chart
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.groups import groups
from dashboard.kit.charts.palette import Palette
from dashboard.kit.charts.ranking import ranking
from dashboard.language import _, words
from metrics.catalog.metric import Metric


@cached_chart
def within_target(
    rows: pl.DataFrame, *, metric: Metric, axis_low: float | None, dimension: str, palette: Palette
) -> Chart:
    """`rows`: one per group (group, value, n, low, high); the lowest stands first."""
    measured = rows.filter(pl.col("value").is_not_null()).sort("value", "group", nulls_last=True)
    below = pl.lit(value=False) if axis_low is None else pl.col("high") < axis_low
    bars = groups(measured, dimension, marked=below)
    headline = _("{number}: no group has any", number=_(metric.title))
    if bars.height:
        worst, best = bars.row(0, named=True), bars.row(-1, named=True)
        headline = _(
            "{number}: lowest in “{worst}” with {low}, highest in “{best}” with {high}",
            number=_(metric.title),
            worst=worst["name"],
            low=words.share(worst["value"]),
            best=best["name"],
            high=words.share(best["value"]),
        )
    return ranking(
        bars,
        headline=headline,
        why_empty=_(
            "No ticket of this selection has come to its target yet. Choose a longer period or remove "
            "a filter."
        ),
        measure=_(metric.title),
        unit="share",
        marks=(_("Other group"), _("Clearly below all together")),
        palette=palette,
    )
