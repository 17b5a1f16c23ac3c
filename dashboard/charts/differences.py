"""Differences around zero: a dot on its interval to either side, those beyond chance marked by shape."""

from __future__ import annotations

from math import ceil, floor, log10

import polars as pl

from dashboard import words
from dashboard.charts.chart import Chart, Option
from dashboard.charts.ranking import PHONE, ROW_HEIGHT
from dashboard.language import _
from dashboard.palette import Palette


def differences(
    rows: pl.DataFrame, *, headline: str, alt: str, suffix: str, palette: Palette, note: str = ""
) -> Chart:
    """One row per thing compared (name, detail, level, low, high, sure, said), in the order given.

    `level`, `low` and `high` are in the axis' own unit, whose sign is `suffix`; `sure` where the interval
    leaves out nothing; `said` is the difference in words, told on pointing at it.
    """
    source = rows.select(
        name=pl.Series([words.label(name) for name in rows["name"]], dtype=pl.String),
        **{_("Difference"): pl.col("said")},
        place=pl.int_range(pl.len()),
        noise=pl.when(~pl.col("sure")).then("level"),
        signal=pl.when("sure").then("level"),
    )
    names = [
        words.label(name, 46) + (f"\n{words.label(detail, 46)}" if detail else "")
        for name, detail in rows["name", "detail"].rows()
    ]
    return Chart(
        headline=headline,
        alt=alt,
        option={
            "animation": False,
            "grid": {"left": 8, "right": 24, "top": 34, "bottom": 4, "containLabel": True},
            "tooltip": {"trigger": "item"},
            "legend": {
                "top": 0,
                "left": 0,
                "itemWidth": 14,
                "itemHeight": 12,
                "textStyle": {"color": palette.muted},
                "data": [_("Within chance"), _("Beyond chance")],
            },
            "dataset": {"source": source},
            "xAxis": {
                "type": "value",
                **_ends(rows),
                "axisLabel": {"formatter": f"{{value}}{suffix}", "color": palette.muted, "hideOverlap": True},
                "splitLine": {"lineStyle": {"color": palette.grid}},
            },
            "yAxis": {
                "type": "category",
                "inverse": True,
                "data": names,
                "axisTick": {"show": False},
                "axisLine": {"show": False},
                "axisLabel": {"color": palette.text, "lineHeight": 16, "width": 250, "overflow": "truncate"},
            },
            "series": [*_whiskers(rows, palette), *_dots(palette), _zero(palette)],
            "media": [{"query": {"maxWidth": PHONE}, "option": {"yAxis": {"axisLabel": {"width": 125}}}}],
        },
        height=max(170, ROW_HEIGHT * rows.height + 70),
        note=note,
    )


def _ends(rows: pl.DataFrame) -> Option:
    """An axis as long as the longest interval, in round numbers: lines alone do not stretch one."""
    known = [value for name in ("level", "low", "high") for value in rows[name].drop_nulls()]
    low, high = min([0.0, *known]), max([0.0, *known])
    reach = (high - low) / 6 or 1.0
    power = 10.0 ** floor(log10(reach))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= reach)
    return {"min": floor(low / step) * step, "max": ceil(high / step) * step, "interval": step}


def _whiskers(rows: pl.DataFrame, palette: Palette) -> list[Option]:
    """A line over each interval: a bar cannot begin on one side of zero and end on the other."""
    ends = [
        {"coords": [[low, place], [high, place]]}
        for place, (low, high) in enumerate(rows["low", "high"].rows())
        if low is not None and high is not None
    ]
    return [
        {
            "type": "lines",
            "coordinateSystem": "cartesian2d",
            "data": ends,
            "silent": True,
            "tooltip": {"show": False},
            "lineStyle": {"color": palette.quiet, "opacity": 0.45, "width": 6, "cap": "round"},
        }
    ]


def _dots(palette: Palette) -> list[Option]:
    shapes = [
        (_("Within chance"), "noise", "circle", palette.main, 12),
        (_("Beyond chance"), "signal", "diamond", palette.alarm, 17),
    ]
    return [
        {
            "type": "scatter",
            "name": name,
            "encode": {"x": column, "y": "place", "tooltip": [_("Difference")]},
            "symbol": shape,
            "symbolSize": size,
            "color": colour,
        }
        for name, column, shape, colour, size in shapes
    ]


def _zero(palette: Palette) -> Option:
    return {
        "type": "line",
        "data": [],
        "silent": True,
        "markLine": {
            "symbol": "none",
            "silent": True,
            "label": {"show": False},
            "lineStyle": {"color": palette.text, "type": "solid", "width": 1.2},
            "data": [{"xAxis": 0}],
        },
    }
