"""What happened on a day, drawn into a chart over time: releases, holidays, incidents, notes.

Each day has a number on the chart and a line under it that says what happened: nothing is left to hovering,
and long texts do not cover one another on a phone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import plotly.graph_objects as go

from dashboard.kit.chart import Chart
from dashboard.kit.figure_template import SMALL
from dashboard.kit.palette import Palette
from dashboard.language import N_, _, words

KINDS = {
    "release": N_("Release"),
    "holiday": N_("Holiday"),
    "incident": N_("Incident"),
    "note": N_("Note"),
    "version": N_("New version"),
}
MOST = 8
"""Days that are numbered on one chart, the latest; more would hide what they explain."""
_LONGEST = 48


@dataclass(frozen=True)
class Mark:
    """One thing that happened on a day; `text` is plain text, `kind` one of `KINDS`."""

    day: date
    kind: str
    text: str


def mark(chart: Chart, marks: Sequence[Mark], *, palette: Palette) -> Chart:
    """The chart with those marks that fall into its days; one without days stays as it is."""
    if chart.figure is None or chart.days is None:
        return chart
    first, last = chart.days
    within = [mark for mark in marks if first <= mark.day <= last]
    days = sorted({mark.day for mark in within})[-MOST:]
    if not days:
        return chart
    lines = [
        _(
            "({number}) {day}: {events}",
            number=place,
            day=words.day(day),
            events=", ".join(in_words(mark) for mark in within if mark.day == day),
        )
        for place, day in enumerate(days, 1)
    ]
    listed = " · ".join(lines)
    return replace(
        chart,
        figure=_with_lines(chart.figure, days, palette),
        alt=f"{chart.alt} {listed}".strip(),
        note=f"{chart.note} {listed}".strip(),
    )


def _with_lines(figure: go.Figure, days: Sequence[date], palette: Palette) -> go.Figure:
    lined = go.Figure(figure)  # a copy: the chart that was given stays as it is
    lined.update_layout(margin_t=max(lined.layout.margin.t or 0, 24))
    for place, day in enumerate(days, 1):
        lined.add_vline(
            x=f"{day}", line={"color": palette.second, "dash": "dash", "width": 1.5}, layer="below"
        )
        lined.add_annotation(
            x=f"{day}",
            y=1,
            yref="paper",
            yanchor="bottom",
            text=f"({place})",
            showarrow=False,
            font={"color": palette.second, "size": SMALL},
        )
    return lined


def in_words(mark: Mark) -> str:
    """What happened, with its kind: "Incident: telephone down"."""
    return _("{kind}: {text}", kind=_(KINDS[mark.kind]), text=words.label(mark.text, _LONGEST))
