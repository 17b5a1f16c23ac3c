"""A metric week by week, with its interval where it has one and the chosen period shaded."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from dashboard import words
from dashboard.charts import axes
from dashboard.charts.chart import Chart, Option, empty
from dashboard.charts.tooltip import BASIS, INTERVAL, VALUE, tooltip
from dashboard.language import _
from dashboard.palette import Palette
from metrics.catalog import Metric

WEEK = timedelta(days=7)


def full_weeks(weeks: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """Only weeks that lie wholly within the data: the others would look like a fall."""
    return weeks.filter(pl.col("week") >= first, pl.col("week") + pl.duration(days=6) <= last).sort("week")


def trend(
    weeks: pl.DataFrame, *, metric: Metric, shaded: tuple[date, date] | None, palette: Palette
) -> Chart:
    """One point per week of `weeks` (week, value, n, low, high), Mondays first, days as dates."""
    title, unit = _(metric.title), metric.unit
    known = weeks.filter(pl.col("value").is_not_null())
    if known.height < 2:
        return empty(
            _("{measure}: no trend yet", measure=title),
            _(
                "A trend needs at least two full weeks with data in this selection. "
                "Remove a filter or choose a longer period in the sidebar."
            ),
        )
    factor, suffix = words.axis(unit, known["value"].max())  # type: ignore[arg-type]
    source = weeks.select(
        Week=pl.col("week").dt.strftime("%Y-%m-%d"),
        **tooltip(weeks, unit),
        level=pl.col("value") * factor,
        low=pl.col("low") * factor,
        width=(pl.col("high") - pl.col("low")) * factor,
    )
    return Chart(
        headline=_finding(known, title, unit),
        alt=_(
            "Line, one point per week from {first} to {last}. {finding}.",
            first=words.day(known["week"][0]),
            last=words.day(known["week"][-1]),
            finding=_finding(known, title, unit),
        ),
        option=_option(source, title=title, suffix=suffix, shaded=shaded, palette=palette),
        height=300,
        data=weeks.select("week", "value", "n", "low", "high"),
    )


def _finding(known: pl.DataFrame, title: str, unit: str) -> str:
    values = known["value"].to_list()
    latest, earlier = values[-1], values[:-1]
    said = {"measure": title, "value": words.value(latest, unit)}
    weeks, before = words.counted(len(values), "week"), words.counted(len(earlier), "week")
    if min(values) == max(values):
        return _("{measure}: {value} in the latest full week, as in the {weeks} before", **said, weeks=before)
    if latest > max(earlier):
        return _("{measure}: {value} in the latest full week, the highest of {weeks}", **said, weeks=weeks)
    if latest < min(earlier):
        return _("{measure}: {value} in the latest full week, the lowest of {weeks}", **said, weeks=weeks)
    return _(
        "{measure}: {value} in the latest full week, within the {interval} of the {weeks} before",
        **said,
        interval=words.interval(min(earlier), max(earlier), unit),
        weeks=before,
    )


def _option(
    source: pl.DataFrame, *, title: str, suffix: str, shaded: tuple[date, date] | None, palette: Palette
) -> Option:
    mondays = [date.fromisoformat(week) for week in source["Week"]]
    band = {
        "type": "line",
        "stack": "interval",
        "symbol": "none",
        "silent": True,
        "lineStyle": {"opacity": 0},
        "tooltip": {"show": False},
    }
    line: Option = {
        "type": "line",
        "name": title,
        "encode": {"x": "Week", "y": "level", "tooltip": [VALUE, INTERVAL, BASIS]},
        "symbol": "circle",
        "symbolSize": 7,
        "color": palette.main,
        "lineStyle": {"width": 2.5},
    }
    if shaded:
        line["markArea"] = {
            "silent": True,
            "itemStyle": {"color": palette.quiet, "opacity": 0.1},
            "label": {"position": "insideBottom", "color": palette.muted, "fontSize": 12},
            "data": [
                [
                    {"xAxis": f"{shaded[0]}", "name": _("chosen period")},
                    {"xAxis": f"{shaded[1] + timedelta(days=1)}"},
                ]
            ],
        }
    return {
        "animation": False,
        "grid": axes.grid(top=16, right=18),
        "tooltip": {"trigger": "axis"},
        "dataset": {"source": source},
        "xAxis": axes.days(mondays, palette) | {"max": f"{mondays[-1] + timedelta(days=6)}"},
        "yAxis": axes.amounts(
            [*source["level"], *(source["low"] + source["width"])],
            palette,
            side="left",
            suffix=suffix,
            whole=suffix == "",
        ),
        "series": [
            {**band, "encode": {"x": "Week", "y": "low", "tooltip": []}},
            {
                **band,
                "encode": {"x": "Week", "y": "width", "tooltip": []},
                "areaStyle": {"color": palette.main, "opacity": 0.16},
            },
            line,
        ],
    }
