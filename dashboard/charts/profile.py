"""A number over the hours of a day or the days of a week: a dot on its interval for each, in their order."""

from __future__ import annotations

import polars as pl

from dashboard import words
from dashboard.charts import axes, intervals
from dashboard.charts.chart import Chart, Option, empty
from dashboard.charts.tooltip import BASIS, INTERVAL, VALUE, tooltip
from dashboard.language import _
from dashboard.palette import Palette
from dashboard.sentences import time_words


def profile(rows: pl.DataFrame, *, title: str, unit: str, dimension: str, palette: Palette) -> Chart:
    """`rows`: one per hour or day of the week (group, value, n, low, high), in their order."""
    known = rows.filter(pl.col("value").is_not_null())
    if known.is_empty():
        why = _("No ticket of this selection has this number. Choose a longer period or remove a filter.")
        return empty(_("{number}: nothing to show", number=title), why)
    worst = known.sort("value", "group", descending=[True, False]).row(0, named=True)
    best = known.sort("value", "group").row(0, named=True)
    headline = _(
        "{number}: from {low} ({best}) to {high} ({worst})",
        number=title,
        low=words.value(best["value"], unit),
        best=time_words.group(best["group"], dimension),
        high=words.value(worst["value"], unit),
        worst=time_words.group(worst["group"], dimension),
    )
    highest = known.select(pl.max_horizontal("value", "high").max()).item()
    factor, suffix = words.axis(unit, highest)
    source = rows.select(
        name=pl.Series([time_words.group(group, dimension) for group in rows["group"]], dtype=pl.String),
        **tooltip(rows, unit),
        level=pl.col("value") * factor,
        low=pl.col("low") * factor,
        high=pl.col("high") * factor,
    )
    return Chart(
        headline=headline,
        alt=_("One dot on its interval for each, in order. {finding}.", finding=headline),
        option=_option(source, title=title, suffix=suffix, palette=palette),
        height=300,
    )


def _option(source: pl.DataFrame, *, title: str, suffix: str, palette: Palette) -> Option:
    return {
        "animation": False,
        "grid": axes.grid(top=14, right=18),
        "tooltip": {"trigger": "item"},
        "dataset": {"source": source},
        "xAxis": {
            "type": "category",
            "axisTick": {"show": False},
            "axisLabel": {"color": palette.muted, "hideOverlap": True},
            "axisLine": {"lineStyle": {"color": palette.grid}},
        },
        "yAxis": axes.amounts([*source["level"], *source["high"]], palette, side="left", suffix=suffix),
        "series": [
            intervals.whiskers(source["low", "high"].rows(), palette, along="y", width=7),
            {
                "type": "scatter",
                "name": title,
                "encode": {"x": "name", "y": "level", "tooltip": [VALUE, INTERVAL, BASIS]},
                "symbol": "circle",
                "symbolSize": 11,
                "color": palette.main,
            },
        ],
    }
