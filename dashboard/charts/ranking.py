"""Named rows in order, most striking first: a bar for a count, a dot on its 95 % interval for a share."""

from __future__ import annotations

import polars as pl

from dashboard import words
from dashboard.charts.chart import Chart, Option, empty
from dashboard.charts.tooltip import BASIS, INTERVAL, VALUE, tooltip
from dashboard.language import _
from dashboard.palette import Palette

ROW_HEIGHT = 44
SHOWN = 12
PHONE = 520


def ranking(
    rows: pl.DataFrame,
    *,
    headline: str,
    why_empty: str,
    measure: str,
    unit: str,
    marks: tuple[str, str] = ("", ""),
    palette: Palette,
) -> Chart:
    """One row per thing ranked (name, detail, value, n, low, high, marked), in the order given.

    `marks` names the unmarked and the marked rows; they differ in shape as well as in colour.
    """
    known = rows.filter(pl.col("value").is_not_null()).head(SHOWN)
    if known.is_empty():
        return empty(headline, why_empty)
    factor, suffix = words.axis(unit, known.select(pl.max_horizontal("value", "high").max()).item())
    source = known.select(
        name=pl.Series([words.label(name) for name in known["name"]], dtype=pl.String),
        **tooltip(known, unit),
        place=pl.int_range(pl.len()),
        level=pl.col("value") * factor,
        low=pl.col("low") * factor,
        width=(pl.col("high") - pl.col("low")) * factor,
        ordinary=pl.when(~pl.col("marked")).then(pl.col("value") * factor),
        marked=pl.when("marked").then(pl.col("value") * factor),
    )
    with_interval = known["low"].is_not_null().any()
    spoken = [
        f"{words.label(name)} {words.value(value, unit)}" for name, value in known["name", "value"].rows()
    ]
    return Chart(
        headline=headline,
        alt=_(
            "{measure}, ranked: {first}. {finding}",
            measure=measure,
            first="; ".join(spoken[:5]),
            finding=headline,
        ),
        option={
            "animation": False,
            "grid": {
                "left": 8,
                "right": 24,
                "top": 34 if any(marks) else 6,
                "bottom": 4,
                "containLabel": True,
            },
            "tooltip": {"trigger": "item"},
            "legend": {
                "show": any(marks),
                "top": 0,
                "left": 0,
                "itemWidth": 14,
                "itemHeight": 12,
                "textStyle": {"color": palette.muted},
                "data": [mark for mark in marks if mark],
            },
            "dataset": {"source": source},
            "xAxis": {
                "type": "value",
                "min": 0,
                "minInterval": 1 if suffix == "" else 0,
                "axisLabel": {"formatter": f"{{value}}{suffix}", "color": palette.muted},
                "splitLine": {"lineStyle": {"color": palette.grid}},
            },
            "yAxis": _names(known, palette),
            "series": _dots(measure, marks, palette) if with_interval else [_bar(measure, palette)],
            "media": [
                {"query": {"maxWidth": PHONE}, "option": {"yAxis": {"axisLabel": {"width": 125}}}},
            ],
        },
        height=max(170, ROW_HEIGHT * known.height + 60),
        data=known.select("name", "value", "n", "low", "high"),
    )


def _names(known: pl.DataFrame, palette: Palette) -> Option:
    lines = [
        words.label(name, 46) + (f"\n{words.label(detail, 46)}" if detail else "")
        for name, detail in known["name", "detail"].rows()
    ]
    return {
        "type": "category",
        "inverse": True,
        "data": lines,
        "axisTick": {"show": False},
        "axisLine": {"show": False},
        "axisLabel": {"color": palette.text, "lineHeight": 16, "width": 250, "overflow": "truncate"},
    }


def _bar(measure: str, palette: Palette) -> Option:
    return {
        "type": "bar",
        "name": measure,
        "encode": {"x": "level", "y": "place", "tooltip": [VALUE, BASIS]},
        "color": palette.main,
        "barWidth": 16,
        "itemStyle": {"borderRadius": [0, 4, 4, 0]},
        "label": {"show": True, "position": "right", "formatter": f"{{@{VALUE}}}", "color": palette.text},
    }


def _dots(measure: str, marks: tuple[str, str], palette: Palette) -> list[Option]:
    stacked = {"type": "bar", "stack": "interval", "barWidth": 6, "silent": True, "tooltip": {"show": False}}
    shapes = [("ordinary", "circle", palette.main, 12), ("marked", "diamond", palette.alarm, 17)]
    return [
        {**stacked, "encode": {"x": "low", "y": "place"}, "itemStyle": {"color": "transparent"}},
        {
            **stacked,
            "encode": {"x": "width", "y": "place"},
            "itemStyle": {"color": palette.quiet, "opacity": 0.35, "borderRadius": 3},
        },
        *(
            {
                "type": "scatter",
                "name": mark or measure,
                "encode": {"x": column, "y": "place", "tooltip": [VALUE, INTERVAL, BASIS]},
                "symbol": shape,
                "symbolSize": size,
                "color": colour,
            }
            for mark, (column, shape, colour, size) in zip(marks, shapes, strict=True)
        ),
    ]
