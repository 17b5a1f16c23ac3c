"""How many still wait after a while, those still open counted: Kaplan and Meier's curve with its band."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import words
from dashboard.charts import axes
from dashboard.charts.chart import Chart, Option, empty
from dashboard.charts.time_scale import TimeScale, spanning
from dashboard.charts.waiting_times import FOLDED, Mark, lines, marks_at, top_below
from dashboard.language import _
from dashboard.palette import Palette
from dashboard.sentences import time_words
from metrics.durations import EDGES

Row = Mapping[str, Any]


def still_waiting(
    curve: pl.DataFrame,
    others: pl.DataFrame | None,
    *,
    title: str,
    whole: Row,
    targets: Mapping[str, float],
    palette: Palette,
) -> Chart:
    """`curve` as `metrics.survival` gives it, `others` the same of the whole selection, as a thin line.

    `whole`: its median (value, low, high), and of n tickets how many are `waiting` or `broken_off`.
    """
    if curve.is_empty():
        why = _("Nobody has waited to an end here yet. Choose a longer period or remove a filter.")
        return empty(_("{time}: no wait has ended yet", time=title), why)
    longest = float(curve["minutes"][-1])
    scale = spanning([float(curve["minutes"][0]), longest, *targets.values()])
    headline = _headline(curve, whole, title, scale)
    series = [*_band(curve, scale, palette), _line(curve, scale, palette)]
    if others is not None and others.height:
        series.append(_thin(others, scale, palette))
    marks = marks_at(
        [Mark(minutes, name, palette.alarm, "dotted") for name, minutes in targets.items()], scale
    )
    return Chart(
        headline=headline,
        alt=_(
            "Falling steps: the share that still waits after a time, with its band. {finding}.",
            finding=headline,
        ),
        option={
            "animation": False,
            "grid": axes.grid(top=top_below(marks), right=30),
            "tooltip": {"trigger": "item"},
            "xAxis": scale.axes(palette),
            "yAxis": axes.amounts([100.0], palette, side="left", suffix=words.axis("share", None)[1]),
            "series": [*series, lines(marks)],
            "media": FOLDED,
        },
        height=330,
        note=_(
            "n {n} by the day the ticket was opened. {waiting} wait on and count with the time they have "
            "waited so far; {broken_off} came to rest without what was waited for, and count up to then.",
            n=words.count(whole["n"]),
            waiting=words.count(whole["waiting"]),
            broken_off=words.count(whole["broken_off"]),
        ),
    )


def at(curve: pl.DataFrame, minutes: float) -> float:
    """The share that still waits after that time."""
    before = curve.filter(pl.col("minutes") <= minutes)
    return 1.0 if before.is_empty() else float(before["open_share"][-1])


def _headline(curve: pl.DataFrame, whole: Row, title: str, scale: TimeScale) -> str:
    half = whole["value"]
    ends = [edge for edge in EDGES[scale.first : scale.last] if 0 < at(curve, edge) <= 0.25]
    if half is None:
        return _("{time}: fewer than half have seen an end so far", time=title)
    said = _(
        "{time}: with those still waiting counted, half are over within {half}",
        time=title,
        half=words.minutes(half),
    )
    if limits := words.interval(whole["low"], whole["high"], "minutes"):
        said = _("{finding} ({limits})", finding=said, limits=limits)
    if not ends:
        return said
    share = words.share(at(curve, ends[0]))
    return _(
        "{finding}; after {time} {share} still wait", finding=said, time=time_words.edge(ends[0]), share=share
    )


def _steps(curve: pl.DataFrame, scale: TimeScale, column: str, tips: dict[str, list[str]]) -> pl.DataFrame:
    places = [0.0, *(scale.place(minutes) for minutes in curve["minutes"])]
    levels = [100.0, *(share * 100 for share in curve[column])]
    return pl.DataFrame({"place": places, "level": levels, **tips})


def _tips(curve: pl.DataFrame) -> dict[str, list[str]]:
    limits = (words.interval(low, high, "share") for low, high in curve["low", "high"].rows())
    return {
        _("After"): ["0", *(words.minutes(minutes) for minutes in curve["minutes"])],
        _("Still waiting"): [words.share(1.0), *(words.share(share) for share in curve["open_share"])],
        _("95% interval"): ["", *limits],
        _("Have waited that long"): [
            words.count(curve["at_risk"][0]),
            *(words.count(n) for n in curve["at_risk"]),
        ],
    }


def _data(frame: pl.DataFrame) -> list[list[object]]:
    return [list(row) for row in frame.rows()]


def _line(curve: pl.DataFrame, scale: TimeScale, palette: Palette) -> Option:
    tips = _tips(curve)
    steps = _steps(curve, scale, "open_share", tips)
    return {
        "type": "line",
        "name": _("Still waiting"),
        "xAxisIndex": 1,
        "step": "end",
        "dimensions": steps.columns,
        "encode": {"x": "place", "y": "level", "tooltip": list(tips)},
        "data": _data(steps),
        "symbol": "circle",
        "symbolSize": 5,
        "showSymbol": True,
        "itemStyle": {"opacity": 0},
        "emphasis": {"itemStyle": {"opacity": 1}},
        "color": palette.main,
        "lineStyle": {"width": 2.5},
    }


def _thin(curve: pl.DataFrame, scale: TimeScale, palette: Palette) -> Option:
    steps = _steps(curve, scale, "open_share", {})
    return {
        "type": "line",
        "name": _("All of the selection"),
        "xAxisIndex": 1,
        "step": "end",
        "data": _data(steps),
        "symbol": "none",
        "silent": True,
        "color": palette.quiet,
        "lineStyle": {"width": 1.5, "type": "dashed"},
        "endLabel": {"show": False},
    }


def _band(curve: pl.DataFrame, scale: TimeScale, palette: Palette) -> list[Option]:
    low = _steps(curve, scale, "low", {})
    width = _steps(curve.with_columns(width=pl.col("high") - pl.col("low")), scale, "width", {})
    width = width.with_columns(level=pl.when(pl.int_range(pl.len()) == 0).then(0.0).otherwise("level"))
    shared: Option = {
        "type": "line",
        "xAxisIndex": 1,
        "step": "end",
        "stack": "band",
        "symbol": "none",
        "silent": True,
        "lineStyle": {"opacity": 0},
        "tooltip": {"show": False},
    }
    return [
        {**shared, "data": _data(low)},
        {**shared, "data": _data(width), "areaStyle": {"color": palette.main, "opacity": 0.16}},
    ]
