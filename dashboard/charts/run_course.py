"""The course of one run: a bar for each visit on the run's clock, one line of steps below the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from dashboard import words
from dashboard.charts import axes
from dashboard.charts.chart import Chart, empty
from dashboard.language import _, ngettext
from dashboard.palette import Palette
from dashboard.sentences.time_words import worked
from dashboard.tables.records import signs_said

ROW = 34


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
    confused = sum(bool(visit["is_confused"]) for visit in visits)
    headline = ngettext(
        "{n} of {visits} was confused; the longest, at “{step}”, took {time}",
        "{n} of {visits} were confused; the longest, at “{step}”, took {time}",
        confused,
        n=words.count(confused),
        visits=words.counted(len(visits), "visit"),
        step=longest["name"],
        time=longest["time"],
    )
    factor, suffix = words.axis("minutes", max(row["start"] + row["width"] for row in rows))
    source = pl.DataFrame(rows).with_columns(pl.col("start", "width") * factor)
    spoken = [f"{row['name']} {row['time']}" for row in rows]
    return Chart(
        headline=headline,
        alt=_(
            "Bars in the order of time, one per visit: {visits}. {finding}.",
            visits="; ".join(spoken[:8]),
            finding=headline,
        ),
        option={
            "animation": False,
            "grid": axes.grid(top=34),
            "tooltip": {"trigger": "item", "formatter": "{b}", "confine": True},
            "legend": {"top": 0, "left": 0, "textStyle": {"color": palette.muted}, "selectedMode": False},
            "xAxis": axes.amounts(source["start"] + source["width"], palette, side="bottom", suffix=suffix),
            "yAxis": axes.names(titles, palette)
            | {"splitLine": {"show": True, "lineStyle": {"color": palette.grid}}},
            "series": [
                _bars(_("Visit"), source.filter(~pl.col("confused")), "roundRect", palette.main),
                _bars(_("Confused visit ◆"), source.filter("confused"), "diamond", palette.alarm),
            ],
            "media": axes.folded(titles),
        },
        height=max(180, ROW * len(titles) + 80),
    )


def _row(visit: Mapping[str, Any], began: datetime, titles: list[str]) -> dict[str, Any]:
    name = words.label(visit["title"] or visit["step"])
    width = (visit["left_at"] - visit["entered_at"]).total_seconds() / 60
    paused = visit["paused_minutes"] or 0.0
    time, said = worked(width, paused), signs_said(visit["signs"])
    return {
        "name": name,
        "place": titles.index(name),
        "start": (visit["entered_at"] - began).total_seconds() / 60,
        "width": width,
        "worked": width - paused,
        "time": time,
        "confused": bool(visit["is_confused"]),
        "said": _("{step}: {time}", step=name, time=f"{time} ({said})" if said else time),
    }


def _bars(name: str, rows: pl.DataFrame, symbol: str, colour: str) -> dict[str, Any]:
    """Lines from entering to leaving, for a bar cannot begin anywhere."""
    return {
        "type": "lines",
        "coordinateSystem": "cartesian2d",
        "name": name,
        "symbol": ["none", "none"] if symbol == "roundRect" else [symbol, "none"],
        "symbolSize": 13,
        "lineStyle": {"color": colour, "width": 13, "opacity": 1},
        "color": colour,
        "data": [
            {"name": said, "coords": [[start, place], [start + width, place]]}
            for said, start, place, width in rows["said", "start", "place", "width"].rows()
        ],
    }
