"""How many tickets were open at the end of each day."""

from __future__ import annotations

from datetime import date

import polars as pl

from dashboard import words
from dashboard.charts import axes
from dashboard.charts.chart import Chart, Option, empty
from dashboard.language import _
from dashboard.palette import Palette

FEW_WEEKS = 3


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
            "grid": axes.grid(top=16, right=18),
            "tooltip": {"trigger": "axis"},
            "dataset": {"source": source},
            "xAxis": axes.days(_named(days["day"].to_list()), palette),
            "yAxis": axes.amounts(days["backlog"], palette, side="left", whole=True),
            "series": [line],
        },
        height=280,
        note=_("Reopened tickets are open again; one merged away or discarded was open until then."),
    )


def _named(days: list[date]) -> list[date]:
    """The days under which a date stands: Mondays, unless there are few days in all."""
    mondays = [day for day in days if day.weekday() == 0]
    return days if len(mondays) < FEW_WEEKS else mondays
