"""The numbers of a chart as a table: what is exported, and what stands beside its picture in a report."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboard.charts.chart import Chart, Option
from dashboard.charts.tooltip import BASIS, INTERVAL, VALUE
from dashboard.language import N_, _
from dashboard.tables.table import Column, Table

FOR_THE_PEN = ("place", "level", "width", "ordinary", "marked")
"""Columns that say where and how something is drawn, and nothing of its own."""
CALLED = {
    "low": N_("95% from"),
    "high": N_("95% to"),
    "name": N_("Name"),
    "series": N_("Series"),
    "source": N_("From the step"),
    "target": N_("To the step"),
    "week": N_("Week from"),
    "Week": N_("Week from"),
    VALUE: N_("value"),
    INTERVAL: N_("95% interval"),
    BASIS: N_("n"),
}


def data_of(chart: Chart) -> Table | None:
    """The chart's own data, else what its picture is made of; None where nothing is drawn."""
    if chart.option is None:
        return None
    frame = _of_option(chart.option) if chart.data is None else chart.data
    aside = FOR_THE_PEN if chart.data is None else ()
    kept = [
        name
        for name, kind in frame.schema.items()
        if name not in aside and not isinstance(kind, (pl.List, pl.Struct, pl.Object))
    ]
    if frame.is_empty() or not kept:
        return None
    columns = {name: Column(_(CALLED[name]) if name in CALLED else name) for name in kept}
    return Table(chart.headline, frame.select(kept), columns, chart.alt, definition=chart.note)


def _of_option(option: Option) -> pl.DataFrame:
    dataset = option.get("dataset")
    source = dataset.get("source") if isinstance(dataset, dict) else None
    if isinstance(source, pl.DataFrame):
        return source
    rows = [
        {"series": f"{each.get('name', '')}", **_row(item)}
        for each in option.get("series", [])
        if not each.get("silent")
        for item in [*each.get("data", []), *each.get("links", [])]
    ]
    return pl.DataFrame(rows, infer_schema_length=None, strict=False) if rows else pl.DataFrame()


def _row(item: Any) -> dict[str, Any]:
    """One thing drawn by its name and its values."""
    if not isinstance(item, dict):
        values = list(item) if isinstance(item, (list, tuple)) else [item]
        several = len(values) > 1
        return {f"{VALUE} {place}" if several else VALUE: each for place, each in enumerate(values, 1)}
    named = {name: item[name] for name in ("name", "source", "target") if name in item}
    return named | (_row(item["value"]) if "value" in item else {})
