"""A number over the hours of a day or the days of a week: a dot on its interval for each, in their order."""

from __future__ import annotations

from math import ceil

import plotly.graph_objects as go
import polars as pl

from dashboard.kit.charts import axes
from dashboard.kit.charts.chart import Chart, empty
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.figure_template import hover, new_figure, plain, value_lines
from dashboard.kit.charts.intervals import Dot, add_dots
from dashboard.kit.charts.palette import Palette
from dashboard.language import _, time_words, words

MOST_NAMES = 8


@cached_chart
def profile(rows: pl.DataFrame, *, title: str, unit: str, dimension: str, palette: Palette) -> Chart:
    """`rows`: one per hour or day of the week (group, value, n, low, high), in their order."""
    measured = rows.filter(pl.col("value").is_not_null())
    if measured.is_empty():
        why = _("No ticket of this selection has this number. Choose a longer period or remove a filter.")
        return empty(_("{number}: nothing to show", number=title), why)
    worst = measured.sort("value", "group", descending=[True, False]).row(0, named=True)
    best = measured.sort("value", "group").row(0, named=True)
    headline = _(
        "{number}: from {low} ({best}) to {high} ({worst})",
        number=title,
        low=words.value(best["value"], unit),
        best=time_words.group(best["group"], dimension),
        high=words.value(worst["value"], unit),
        worst=time_words.group(worst["group"], dimension),
    )
    names = [time_words.group(group, dimension) for group in rows["group"]]
    return Chart(
        headline=headline,
        alt=_("One dot on its interval for each, in order. {finding}.", finding=headline),
        figure=_figure(rows, names, _axis_names(rows["group"], dimension), title, unit, palette),
        data=rows.select("value", "n", "low", "high", name=pl.Series(names)).select(
            "name", "value", "n", "low", "high"
        ),
    )


def _figure(
    rows: pl.DataFrame, names: list[str], below: list[str], title: str, unit: str, palette: Palette
) -> go.Figure:
    factor, suffix = words.axis(unit, rows.select(pl.max_horizontal("value", "high").max()).item())
    figure = new_figure(palette, height=300)
    dots = [
        Dot(
            value=row["value"] * factor,
            low=None if row["low"] is None else row["low"] * factor,
            high=None if row["high"] is None else row["high"] * factor,
            row=place,
            hover=hover(names[place], title, *value_lines(row, unit)),
        )
        for place, row in enumerate(rows.iter_rows(named=True))
        if row["value"] is not None
    ]
    add_dots(figure, dots, (title, title), palette, upright=True)
    figure.update_traces(cliponaxis=False)
    every = ceil(len(below) / MOST_NAMES)
    figure.update_xaxes(
        range=[-0.5, len(below) - 0.5],
        tickvals=list(range(0, len(below), every)),
        ticktext=below[::every],
        ticklabelstandoff=5,
    )
    reached = rows.select(pl.max_horizontal("value", "high") * factor).to_series()
    figure.update_yaxes(axes.amounts(reached, suffix=suffix, is_whole=suffix == ""))
    return figure


def _axis_names(groups: pl.Series, dimension: str) -> list[str]:
    """What stands below the dots: a week of whole names has no room on a phone."""
    if dimension == "weekday":
        return [plain(time_words.short_weekday(int(group))) for group in groups]
    return [plain(time_words.group(group, dimension)) for group in groups]
