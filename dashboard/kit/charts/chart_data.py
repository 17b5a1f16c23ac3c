"""The numbers of a chart as a table: what is exported, and what stands beside its picture in a report."""

from __future__ import annotations

import polars as pl

from dashboard.kit.charts.chart import Chart
from dashboard.kit.tables.table import Column, Table
from dashboard.language import N_, _

CALLED = {
    "low": N_("95% from"),
    "high": N_("95% to"),
    "name": N_("Name"),
    "series": N_("Series"),
    "source": N_("From the step"),
    "target": N_("To the step"),
    "week": N_("Week from"),
    "day": N_("Day"),
    "opened": N_("Came in"),
    "solved": N_("Solved"),
    "backlog": N_("Open tickets"),
    "minutes": N_("minutes"),
    "share": N_("Share"),
    "since_start": N_("Since the start"),
    "is_confused": N_("Confused"),
    "value": N_("value"),
    "n": N_("n"),
}


def data_of(chart: Chart) -> Table | None:
    """The chart's own data; None where nothing is drawn."""
    if chart.figure is None or chart.data is None:
        return None
    names = [
        name
        for name, kind in chart.data.schema.items()
        if not isinstance(kind, (pl.List, pl.Struct, pl.Object))
    ]
    if chart.data.is_empty() or not names:
        return None
    columns = {name: Column(_(CALLED[name]) if name in CALLED else name) for name in names}
    return Table(chart.headline, chart.data.select(names), columns, chart.alt, definition=chart.note)
