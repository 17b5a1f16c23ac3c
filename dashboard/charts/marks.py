"""What happened on a day, drawn into a chart over time: releases, holidays, incidents, notes.

Each day has a number on the chart and a line under it that says what happened: nothing is left to hovering,
and long texts do not cover one another on a phone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from dashboard import words
from dashboard.charts.chart import Chart, Option
from dashboard.language import N_, _
from dashboard.palette import Palette

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
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Mark:
    """One thing that happened on a day; `text` is plain text, `kind` one of `KINDS`."""

    day: date
    kind: str
    text: str


def marked(chart: Chart, marks: Sequence[Mark], *, palette: Palette) -> Chart:
    """The chart with those marks that fall into the time it shows.

    Any chart with a time axis (`xAxis.type` "time") can be marked; every other one stays as it is.
    """
    shown = None if chart.option is None else span(chart.option)
    if chart.option is None or shown is None:
        return chart
    within = [mark for mark in marks if shown[0] <= mark.day <= shown[1]]
    days = sorted({mark.day for mark in within})[-MOST:]
    if not days:
        return chart
    said = [
        _(
            "({number}) {day}: {events}",
            number=place,
            day=words.day(day),
            events=", ".join(in_words(mark) for mark in within if mark.day == day),
        )
        for place, day in enumerate(days, 1)
    ]
    listed = " · ".join(said)
    series = chart.option["series"]
    return replace(
        chart,
        option=chart.option
        | {"series": [*(series if isinstance(series, list) else [series]), _lines(days, palette)]},
        alt=f"{chart.alt} {listed}".strip(),
        note=f"{chart.note} {listed}".strip(),
    )


def in_words(mark: Mark) -> str:
    """What happened, with its kind: "Incident: telephone down"."""
    return _("{kind}: {text}", kind=_(KINDS[mark.kind]), text=words.label(mark.text, _LONGEST))


def span(option: Option) -> tuple[date, date] | None:
    """The first and the last day of a chart's time axis; None where it has another axis, or nothing on it."""
    axis = option.get("xAxis")
    axis = axis[0] if isinstance(axis, list) and axis else axis
    if not isinstance(axis, dict) or axis.get("type") != "time":
        return None
    days = [day for day in map(_day, _places(option)) if day]
    if not days:
        return None
    # A point of a week stands at its Monday, and tells of the days up to Sunday.
    return min(days), _day(axis.get("max")) or max(days) + _WEEK - timedelta(days=1)


def _places(option: Option) -> list[Any]:
    """Where the series' points stand on the time axis, as the option has them."""
    source = (option.get("dataset") or {}).get("source") if isinstance(option.get("dataset"), dict) else None
    series = option.get("series") or []
    found: list[Any] = []
    for each in series if isinstance(series, list) else [series]:
        column = (each.get("encode") or {}).get("x")
        column = column[0] if isinstance(column, list) and column else column
        if isinstance(source, pl.DataFrame) and column in source.columns:
            found += source[column].to_list()
        elif isinstance(source, list) and column is not None:
            found += [row[column] for row in source if isinstance(row, dict) and column in row]
        found += [pair[0] for pair in map(_pair, each.get("data") or []) if pair]
    return found


def _pair(point: object) -> Sequence[Any]:
    value = point.get("value") if isinstance(point, dict) else point
    return value if isinstance(value, list | tuple) else ()


def _day(place: object) -> date | None:
    try:
        return date.fromisoformat(str(place)[:10])
    except ValueError:
        return None


def _lines(days: Sequence[date], palette: Palette) -> Option:
    return {
        "type": "line",
        "id": "marks",  # a name would stand in the legend
        "data": [],
        "silent": True,
        "tooltip": {"show": False},
        "markLine": {
            "silent": True,
            "symbol": ["none", "none"],
            "lineStyle": {"color": palette.second, "type": "dashed", "width": 1.5},
            "label": {"position": "end", "distance": 2, "color": palette.second, "fontSize": 12},
            "data": [
                {"xAxis": f"{day}", "label": {"formatter": f"({place})"}} for place, day in enumerate(days, 1)
            ],
        },
    }
