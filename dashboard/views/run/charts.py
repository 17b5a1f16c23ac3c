"""The course of one run: a bar for each visit on the run's clock, one line of steps below the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.kit.charts import axes
from dashboard.kit.charts.chart import Chart, empty
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.figure_template import hover, new_figure
from dashboard.kit.charts.palette import Palette
from dashboard.kit.tables.records_table import sign_names
from dashboard.language import _, ngettext, words
from dashboard.language.time_words import worked


@cached_chart
def run_course(visits: Sequence[Mapping[str, Any]], *, palette: Palette) -> Chart:
    """One bar per visit, in order, at the step it was to; a diamond and a colour mark the confused ones.

    A bar spans its pauses; what is said of it, the longest too, is the time without them.
    """
    if not visits:
        return empty(
            _("No step was entered in this run"),
            _("It has events without steps alone. Read them below, event by event."),
        )
    began: datetime = visits[0]["entered_at"]
    titles = list(dict.fromkeys(words.label(visit["title"] or visit["step"]) for visit in visits))
    rows = [_row(visit, began, titles) for visit in visits]
    longest = max(rows, key=lambda row: float(row["worked"]))
    values = {
        "visits": words.counted(len(visits), "visit"),
        "step": longest["name"],
        "time": longest["time"],
    }
    classified = [visit["is_confused"] for visit in visits if visit["is_confused"] is not None]
    if classified:
        headline = ngettext(
            "{n} of {visits} was confused; the longest, at “{step}”, took {time}",
            "{n} of {visits} were confused; the longest, at “{step}”, took {time}",
            sum(classified),
            n=words.count(sum(classified)),
            **values,
        )
    else:
        headline = _("{visits}; the longest, at “{step}”, took {time}", **values)
    spoken = [f"{row['name']} {row['time']}" for row in rows]
    return Chart(
        headline=headline,
        alt=_(
            "Bars in the order of time, one per visit: {visits}. {finding}.",
            visits="; ".join(spoken[:8]),
            finding=headline,
        ),
        figure=_figure(rows, titles, palette),
        data=pl.DataFrame(rows, schema_overrides={"confused": pl.Boolean}).select(
            "name", since_start="start", minutes="worked", is_confused="confused"
        ),
    )


def _row(visit: Mapping[str, Any], began: datetime, titles: list[str]) -> dict[str, Any]:
    name = words.label(visit["title"] or visit["step"])
    width = (visit["left_at"] - visit["entered_at"]).total_seconds() / 60
    paused = visit["paused_minutes"] or 0.0
    time, signs = worked(width, paused), sign_names(visit["signs"])
    return {
        "name": name,
        "place": titles.index(name),
        "start": (visit["entered_at"] - began).total_seconds() / 60,
        "width": width,
        "worked": width - paused,
        "time": time,
        "confused": visit["is_confused"],
        "label": _("{step}: {time}", step=name, time=f"{time} ({signs})" if signs else time),
    }


def _figure(rows: Sequence[Mapping[str, Any]], titles: Sequence[str], palette: Palette) -> go.Figure:
    ends = [row["start"] + row["width"] for row in rows]
    factor, suffix = words.axis("minutes", max(ends))
    figure = new_figure(
        palette,
        height=axes.rows_height(len(titles), extra=76),
        margin={"t": 34, "l": 20, "r": 28},  # for the ends of the axis
        barmode="overlay",
        showlegend=True,
        legend={"yref": "container", "y": 1, "yanchor": "top"},
    )
    axes.name_rows(figure, titles, [None] * len(titles), palette)
    figure.update_xaxes(axes.amounts([end * factor for end in ends], suffix=suffix))
    calm = [row for row in rows if not row["confused"]]
    confused = [row for row in rows if row["confused"]]
    if calm:
        _add_bars(figure, calm, _("Visit"), palette.main, factor)
    if confused:
        _add_bars(figure, confused, _("Confused visit ◆"), palette.alarm, factor)
        figure.add_scatter(
            x=[row["start"] * factor for row in confused],
            y=[row["place"] for row in confused],
            mode="markers",
            marker={
                "symbol": "diamond",
                "size": 17,
                "color": palette.alarm,
                "line": {"color": palette.background, "width": 2},
            },
            cliponaxis=False,
            hovertext=[hover(row["label"]) for row in confused],
            showlegend=False,
        )
    return figure


def _add_bars(
    figure: go.Figure, rows: Sequence[Mapping[str, Any]], name: str, colour: str, factor: float
) -> None:
    figure.add_bar(
        x=[row["width"] * factor for row in rows],
        base=[row["start"] * factor for row in rows],
        y=[row["place"] for row in rows],
        orientation="h",
        width=0.3,
        name=name,
        # The edge keeps a visit of a moment in sight.
        marker={"color": colour, "cornerradius": 3, "line": {"color": colour, "width": 1.5}},
        hovertext=[hover(row["label"]) for row in rows],
    )
