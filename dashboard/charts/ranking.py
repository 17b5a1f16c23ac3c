"""Named rows in order, most striking first: a bar for a count, a dot on its 95 % interval for a share."""

from __future__ import annotations

import polars as pl

from dashboard import words
from dashboard.charts import axes, intervals
from dashboard.charts.chart import Chart, Option, empty
from dashboard.charts.tooltip import BASIS, INTERVAL, VALUE, tooltip
from dashboard.language import _
from dashboard.palette import Palette

ROW_HEIGHT = 44
SHOWN = 12


def ranking(
    rows: pl.DataFrame,
    *,
    headline: str,
    why_empty: str,
    measure: str,
    unit: str,
    marks: tuple[str, str] = ("", ""),
    beside: float | None = None,
    palette: Palette,
) -> Chart:
    """One row per thing ranked (name, detail, value, n, low, high, marked), in the order given.

    `marks` names the unmarked and the marked rows; they differ in shape as well as in colour.
    `beside` is what the values are measured by, drawn as a line.
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
        high=pl.col("high") * factor,
        ordinary=pl.when(~pl.col("marked")).then(pl.col("value") * factor),
        marked=pl.when("marked").then(pl.col("value") * factor),
    )
    lines = [
        words.label(name, 46) + (f"\n{words.label(detail, 46)}" if detail else "")
        for name, detail in known["name", "detail"].rows()
    ]
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
            "grid": axes.grid(top=34 if any(marks) else 6),
            "tooltip": {"trigger": "item"},
            "legend": axes.legend([mark for mark in marks if mark], palette),
            "dataset": {"source": source},
            "xAxis": axes.amounts(
                [*source["level"], *source["high"]], palette, side="bottom", suffix=suffix, whole=suffix == ""
            ),
            "yAxis": axes.names(lines, palette),
            "series": [
                *(_dots(source, measure, marks, palette) if with_interval else [_bar(measure, palette)]),
                *([] if beside is None else [intervals.upright(beside * factor, palette)]),
            ],
            "media": axes.folded(lines),
        },
        height=max(170, ROW_HEIGHT * known.height + 60),
        data=known.select("name", "value", "n", "low", "high"),
    )


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


def _dots(source: pl.DataFrame, measure: str, marks: tuple[str, str], palette: Palette) -> list[Option]:
    ordinary, marked = (mark or measure for mark in marks)
    return [
        intervals.whiskers(source["low", "high"].rows(), palette),
        *intervals.dots((ordinary, marked), [VALUE, INTERVAL, BASIS], palette),
    ]
