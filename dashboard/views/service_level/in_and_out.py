"""Tickets that came in and tickets that were solved, week by week: is the desk keeping up?"""

from __future__ import annotations

from datetime import timedelta

import plotly.graph_objects as go
import polars as pl

from dashboard.kit.charts import axes
from dashboard.kit.charts.chart import Chart, empty
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.figure_template import hover, new_figure
from dashboard.kit.charts.palette import Palette
from dashboard.language import _, words
from dashboard.language.messages import say
from etl.messages import Message


@cached_chart
def in_and_out(opened: pl.DataFrame, solved: pl.DataFrame, *, palette: Palette) -> Chart:
    """Two lines over full weeks (week, value); they differ in dash and symbol as well as in colour."""
    if not opened.is_empty() and opened["value"].is_null().all():
        return empty(_("In and out: not known"), say(Message("explain.opening_unknown")))
    weeks = opened.select("week", opened="value").join(
        solved.select("week", solved="value"), on="week", how="full", coalesce=True
    )
    weeks = weeks.sort("week").with_columns(pl.col("opened", "solved").fill_null(0))
    if weeks.height < 2:
        why = _("This needs at least two full weeks of data. Choose a longer period in the sidebar.")
        return empty(_("In and out: no weeks to compare yet"), why)
    came, done = sum(weeks["opened"]), sum(weeks["solved"])
    headline = _headline(came, done, weeks.height)
    return Chart(
        headline=headline,
        alt=_(
            "Two lines, one point per full week: tickets that came in and tickets solved. {finding}.",
            finding=headline,
        ),
        figure=_figure(weeks, palette),
        data=weeks,
        note=_(
            "Full weeks only. A ticket counts as solved in the week of its last solve; one reopened since "
            "does not."
        ),
        days=(weeks["week"][0], weeks["week"][-1] + timedelta(days=6)),
    )


def _figure(weeks: pl.DataFrame, palette: Palette) -> go.Figure:
    figure = new_figure(
        palette,
        height=280,
        margin_t=46,
        hovermode="x",
        showlegend=True,
        legend={"yref": "container", "y": 1, "yanchor": "top"},
    )
    mondays = weeks["week"].to_list()
    for name, column, colour, dash, symbol in (
        (_("Came in"), "opened", palette.main, "solid", "circle"),
        (_("Solved"), "solved", palette.good, "dash", "square"),
    ):
        figure.add_scatter(
            x=mondays,
            y=weeks[column],
            name=name,
            mode="lines+markers",
            line={"color": colour, "width": 2.5, "dash": dash},
            marker={"color": colour, "size": 7, "symbol": symbol},
            hovertext=[
                hover(words.day(week), _("{kind}: {text}", kind=name, text=words.count(n)))
                for week, n in weeks["week", column].rows()
            ],
            hoverinfo="text",  # and no label on the axis
        )
    figure.update_xaxes(axes.days(mondays, last=mondays[-1] + timedelta(days=6)), ticklabelstandoff=5)
    figure.update_yaxes(axes.amounts([*weeks["opened"], *weeks["solved"]], is_whole=True))
    return figure


def _headline(came: float, done: float, weeks: int) -> str:
    values = {
        "came": words.counted(came, "ticket"),
        "done": words.count(done),
        "gap": words.count(abs(came - done)),
        "weeks": words.counted(weeks, "week"),
    }
    if came > done:
        return _("{came} came in and {done} were solved in {weeks}: {gap} more in than out", **values)
    if done > came:
        return _("{came} came in and {done} were solved in {weeks}: {gap} more out than in", **values)
    return _("{came} came in and as many were solved in {weeks}", **values)
