"""A metric week by week, with its interval where it has one and the chosen period shaded."""

from __future__ import annotations

from datetime import date, timedelta

import plotly.graph_objects as go
import polars as pl

from dashboard.kit.charts import axes
from dashboard.kit.charts.chart import Chart, empty
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.figure_template import SMALL, add_layout, hover, new_figure, value_lines
from dashboard.kit.charts.intervals import add_band
from dashboard.kit.charts.palette import Palette
from dashboard.language import _, words
from metrics.catalog.metrics import Metric

WEEK = timedelta(days=7)


@cached_chart
def trend(
    weeks: pl.DataFrame, *, metric: Metric, shaded: tuple[date, date] | None, palette: Palette
) -> Chart:
    """One point per week of `weeks` (week, value, n, low, high), Mondays first, days as dates."""
    title, unit = _(metric.title), metric.unit
    points = weeks.filter(pl.col("value").is_not_null())
    if points.height < 2:
        return empty(
            _("{measure}: no trend yet", measure=title),
            _(
                "A trend needs at least two full weeks with data in this selection. "
                "Remove a filter or choose a longer period in the sidebar."
            ),
        )
    mondays: list[date] = weeks["week"].to_list()
    finding = _finding(points, max(mondays), title, unit)
    return Chart(
        headline=finding,
        alt=_(
            "Line, one point per week from {first} to {last}. {finding}.",
            first=words.day(points["week"][0]),
            last=words.day(points["week"][-1]),
            finding=finding,
        ),
        figure=_figure(weeks, title=title, unit=unit, shaded=shaded, palette=palette),
        data=weeks.select("week", "value", "n", "low", "high"),
        days=(mondays[0], max(mondays) + timedelta(days=6)),
    )


def _finding(points: pl.DataFrame, newest: date, title: str, unit: str) -> str:
    values = points["value"].to_list()
    latest, earlier = values[-1], values[:-1]
    common = {"measure": title, "value": words.value(latest, unit)}
    if unknown := (newest - points["week"][-1]) // WEEK:
        return _(
            "{measure}: {value} in the week of {week}, not known for {weeks} since",
            **common,
            weeks=words.counted(unknown, "week"),
            week=words.day(points["week"][-1]),
        )
    weeks, before = words.counted(len(values), "week"), words.counted(len(earlier), "week")
    if min(values) == max(values):
        return _("{measure}: {value} last week, as in the {weeks} before", **common, weeks=before)
    if latest > max(earlier):
        return _("{measure}: {value} last week, the highest of {weeks}", **common, weeks=weeks)
    if latest < min(earlier):
        return _("{measure}: {value} last week, the lowest of {weeks}", **common, weeks=weeks)
    return _(
        "{measure}: {value} last week, in the range of the {weeks} before ({interval})",
        **common,
        interval=words.interval(min(earlier), max(earlier), unit),
        weeks=before,
    )


def _figure(
    weeks: pl.DataFrame, *, title: str, unit: str, shaded: tuple[date, date] | None, palette: Palette
) -> go.Figure:
    factor, suffix = words.axis(unit, weeks["value"].max())  # type: ignore[arg-type]
    mondays = weeks["week"].to_list()
    value, low, high = ((weeks[name] * factor).to_list() for name in ("value", "low", "high"))
    figure = new_figure(palette, height=300, hovermode="x")
    if shaded:
        period = {"x0": f"{shaded[0]}", "x1": f"{shaded[1] + timedelta(days=1)}", "y0": 0, "y1": 1}
        label = {
            "text": _("chosen period"),
            "textposition": "bottom center",
            "font": {"color": palette.muted, "size": SMALL},
        }
        colours = {"fillcolor": palette.quiet, "opacity": 0.1, "line": {"width": 0}, "layer": "below"}
        add_layout(figure, shapes=[{"type": "rect", "yref": "paper", "label": label, **period, **colours}])
    add_band(figure, mondays, low, high, palette)
    figure.add_scatter(
        x=mondays,
        y=value,
        name=title,
        mode="lines+markers",
        line={"color": palette.main, "width": 2.5},
        marker={"size": 7, "color": palette.main},
        hovertext=[
            hover(words.day(row["week"]), title, *value_lines(row, unit))
            for row in weeks.iter_rows(named=True)
        ],
    )
    figure.update_xaxes(axes.days(mondays, last=mondays[-1] + timedelta(days=6)))
    figure.update_yaxes(axes.amounts([*value, *high], suffix=suffix, is_whole=suffix == ""))
    return figure
