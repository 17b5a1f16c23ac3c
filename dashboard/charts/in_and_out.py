"""Tickets that came in and tickets that were solved, week by week: is the desk keeping up?"""

from __future__ import annotations

import polars as pl

from dashboard import words
from dashboard.charts import axes
from dashboard.charts.chart import Chart, Option, empty
from dashboard.language import _
from dashboard.palette import Palette


def in_and_out(opened: pl.DataFrame, solved: pl.DataFrame, *, palette: Palette) -> Chart:
    """Two lines over full weeks (week, value); they differ in dash and symbol as well as in colour."""
    weeks = opened.select("week", opened="value").join(
        solved.select("week", solved="value"), on="week", how="full", coalesce=True
    )
    weeks = weeks.sort("week").with_columns(pl.col("opened", "solved").fill_null(0))
    if weeks.height < 2:
        why = _("This needs at least two full weeks of data. Choose a longer period in the sidebar.")
        return empty(_("In and out: no weeks to compare yet"), why)
    came, done = sum(weeks["opened"]), sum(weeks["solved"])
    headline = _headline(came, done, weeks.height)
    source = pl.DataFrame(
        {
            _("Week from"): weeks["week"].dt.strftime("%Y-%m-%d"),
            _("Came in"): [words.count(n) for n in weeks["opened"]],
            _("Solved"): [words.count(n) for n in weeks["solved"]],
            "opened": weeks["opened"],
            "solved": weeks["solved"],
        }
    )
    looks = [
        (_("Came in"), "opened", palette.main, "solid", "circle"),
        (_("Solved"), "solved", palette.good, "dashed", "rect"),
    ]
    series: list[Option] = [
        {
            "type": "line",
            "name": name,
            "encode": {"x": _("Week from"), "y": column, "tooltip": [name]},
            "symbol": symbol,
            "symbolSize": 7,
            "color": colour,
            "lineStyle": {"width": 2.5, "type": dash},
        }
        for name, column, colour, dash, symbol in looks
    ]
    return Chart(
        headline=headline,
        alt=_(
            "Two lines, one point per full week: tickets that came in and tickets solved. {finding}.",
            finding=headline,
        ),
        option={
            "animation": False,
            "grid": axes.grid(top=34, right=18),
            "tooltip": {"trigger": "axis"},
            "legend": axes.legend([name for name, *_look in looks], palette),
            "dataset": {"source": source},
            "xAxis": axes.days(weeks["week"], palette),
            "yAxis": axes.amounts([*weeks["opened"], *weeks["solved"]], palette, side="left", whole=True),
            "series": series,
        },
        height=280,
        note=_(
            "Full weeks only. A ticket counts as solved in the week of its last solve; one reopened since "
            "does not."
        ),
    )


def _headline(came: float, done: float, weeks: int) -> str:
    said = {
        "came": words.counted(came, "ticket"),
        "done": words.count(done),
        "gap": words.count(abs(came - done)),
        "weeks": words.counted(weeks, "week"),
    }
    if came > done:
        return _("{came} came in and {done} were solved in {weeks}: {gap} more in than out", **said)
    if done > came:
        return _("{came} came in and {done} were solved in {weeks}: {gap} more out than in", **said)
    return _("{came} came in and as many were solved in {weeks}", **said)
