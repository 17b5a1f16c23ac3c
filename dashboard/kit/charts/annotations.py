"""What happened on a day, drawn into a chart over time: releases, holidays, incidents, notes.

Each day has a number on the chart and a line under it that says what happened: nothing is left to hovering,
and long texts do not cover one another on a phone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import plotly.graph_objects as go
import streamlit as st

from dashboard import state
from dashboard.kit.charts.chart import Chart
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.figure_template import SMALL, add_layout, upright
from dashboard.kit.charts.palette import Palette
from dashboard.language import _, words
from dashboard.notes.marks import Mark, in_words
from dashboard.notes.store import read
from dashboard.queries.diagnoses import version_starts
from etl.errors import StepsightError
from metrics.query.scope import Scope

MOST = 8
"""Days that are numbered on one chart, the latest; more would hide what they explain."""


@cached_chart
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
    numbers = {"y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False}
    numbers["font"] = {"color": palette.second, "size": SMALL}
    add_layout(
        lined,
        shapes=(
            upright(f"{day}", color=palette.second, dash="dash", width=1.5, layer="below") for day in days
        ),
        annotations=({"x": f"{day}", "text": f"({place})", **numbers} for place, day in enumerate(days, 1)),
    )
    return lined


def marks(snapshot: str | None, scope: Scope) -> list[Mark]:
    """What happened, by day: annotations, and the first day of each new version of the scope's workflows.

    A notebook that cannot be read takes no chart away; the sidebar says what is wrong with it.
    """
    try:
        notes = read().annotations
    except StepsightError:
        notes = ()
    only = dict(scope.where).get("workflow")
    versions = [
        Mark(day, "version", _("{workflow} {version}", workflow=words.label(workflow), version=version))
        for workflow, version, day in version_starts(snapshot, scope.time_zone).iter_rows()
        if not only or workflow in only
    ]
    written = [Mark(note.day, note.occasion, note.text) for note in notes]
    return sorted([*versions, *written], key=lambda each: (each.day, each.kind, each.text))


def annotated(chart: Chart, palette: Palette, *, workflow: str | None = None) -> Chart:
    """The chart, with what happened in its time if it has a time axis; versions of one workflow alone."""
    snapshot, scope = st.session_state.get(state.SCOPE, (None, None))
    if scope is None or chart.days is None:
        return chart
    if workflow is not None:
        where = dict(scope.where) | {"workflow": (workflow,)}
        scope = scope.model_copy(update={"where": tuple(where.items())})
    return mark(chart, marks(snapshot, scope), palette=palette)
