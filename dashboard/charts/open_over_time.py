"""How many tickets were open at the end of each day."""

from __future__ import annotations

import polars as pl

from dashboard import words
from dashboard.charts.chart import Chart, Option, empty
from dashboard.language import _
from dashboard.palette import Palette


def open_over_time(days: pl.DataFrame, *, palette: Palette) -> Chart:
    """One point per day of `days` (day, backlog)."""
    if days.height < 2:
        why = _("A line needs at least two days of data. Choose a longer period in the sidebar.")
        return empty(_("Open tickets: no line yet"), why)
    days = days.sort("day")
    first, last = days["backlog"][0], days["backlog"][-1]
    most = days.sort("backlog", "day", descending=[True, False]).row(0, named=True)
    headline = _(
        "Open at the end of the day: {last} now, {first} on {day}, at most {most} on {when}",
        last=words.count(last),
        first=words.count(first),
        day=words.day(days["day"][0]),
        most=words.count(most["backlog"]),
        when=words.day(most["day"]),
    )
    source = pl.DataFrame(
        {
            _("Day"): days["day"].dt.strftime("%Y-%m-%d"),
            _("Open tickets"): [words.count(n) for n in days["backlog"]],
            "level": days["backlog"],
        }
    )
    line: Option = {
        "type": "line",
        "name": _("Open tickets"),
        "encode": {"x": _("Day"), "y": "level", "tooltip": [_("Open tickets")]},
        "symbol": "circle",
        "symbolSize": 5,
        "showSymbol": days.height < 40,
        "color": palette.main,
        "lineStyle": {"width": 2.5},
        "areaStyle": {"color": palette.main, "opacity": 0.1},
    }
    return Chart(
        headline=headline,
        alt=_("Line, one point per day. {finding}.", finding=headline),
        option={
            "animation": False,
            "grid": {"left": 8, "right": 18, "top": 16, "bottom": 4, "containLabel": True},
            "tooltip": {"trigger": "axis"},
            "dataset": {"source": source},
            "xAxis": time_axis(palette),
            "yAxis": count_axis(palette),
            "series": [line],
        },
        height=280,
        note=_("Reopened tickets are open again; one merged away or discarded was open until then."),
    )


def time_axis(palette: Palette) -> Option:
    """Days from left to right."""
    return {
        "type": "time",
        "axisTick": {"show": False},
        "axisLabel": {"formatter": _("{d} {MMM}"), "hideOverlap": True, "color": palette.muted},
        "axisLine": {"lineStyle": {"color": palette.grid}},
    }


def count_axis(palette: Palette) -> Option:
    """Whole numbers from zero upwards."""
    return {
        "type": "value",
        "min": 0,
        "minInterval": 1,
        "axisLabel": {"color": palette.muted},
        "splitLine": {"lineStyle": {"color": palette.grid}},
    }
