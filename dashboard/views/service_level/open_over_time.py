"""How many tickets were open at the end of each day."""

from __future__ import annotations

from datetime import date

import plotly.graph_objects as go
import polars as pl

from dashboard.kit.charts import axes
from dashboard.kit.charts.chart import Chart, empty
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.figure_template import hover, new_figure, translucent
from dashboard.kit.charts.palette import Palette
from dashboard.language import _, words

FEW_WEEKS, FEW_DAYS, MOST_DAYS = 3, 40, 520


@cached_chart
def open_over_time(days: pl.DataFrame, *, palette: Palette) -> Chart:
    """One point per day of `days` (day, backlog), of more than `MOST_DAYS` the newest."""
    if days.height < 2:
        why = _("A line needs at least two days of data. Choose a longer period in the sidebar.")
        return empty(_("Open tickets: no line yet"), why)
    note = _("Reopened tickets are open again; one merged away or discarded was open until then.")
    if days.height > MOST_DAYS:
        note += " " + _(
            "The newest {n} are shown. Choose an earlier period in the sidebar for those before.",
            n=words.counted(MOST_DAYS, "day"),
        )
    days = days.sort("day").tail(MOST_DAYS)
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
    return Chart(
        headline=headline,
        alt=_("Line, one point per day. {finding}.", finding=headline),
        figure=_figure(days, palette),
        data=days.select("day", "backlog"),
        note=note,
        days=(days["day"][0], days["day"][-1]),
    )


def _figure(days: pl.DataFrame, palette: Palette) -> go.Figure:
    figure = new_figure(palette, height=280, hovermode="x")
    figure.add_scatter(
        x=days["day"].to_list(),
        y=days["backlog"],
        name=_("Open tickets"),
        mode="lines+markers" if days.height < FEW_DAYS else "lines",
        line={"color": palette.main, "width": 2.5},
        marker={"color": palette.main, "size": 5},
        fill="tozeroy",
        fillcolor=translucent(palette.main, 0.1),
        hovertext=[
            hover(words.day(day), _("{kind}: {text}", kind=_("Open tickets"), text=words.count(n)))
            for day, n in days["day", "backlog"].rows()
        ],
        hoverinfo="text",  # and no label on the axis
    )
    figure.update_xaxes(
        axes.days(_labelled_days(days["day"].to_list()), days["day"][0], days["day"][-1]), ticklabelstandoff=5
    )
    figure.update_yaxes(axes.amounts(days["backlog"], is_whole=True))
    return figure


def _labelled_days(days: list[date]) -> list[date]:
    """The days under which a date stands: Mondays, unless there are few days in all."""
    mondays = [day for day in days if day.weekday() == 0]
    return days if len(mondays) < FEW_WEEKS else mondays
