"""Differences around zero: a dot on its interval to either side, those beyond chance marked by shape."""

from __future__ import annotations

import polars as pl

from dashboard import words
from dashboard.charts import axes, intervals
from dashboard.charts.chart import Chart
from dashboard.charts.ranking import ROW_HEIGHT
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
        ordinary=pl.when(~pl.col("sure")).then("level"),
        marked=pl.when("sure").then("level"),
    )
    names = [
        words.label(name, 46) + (f"\n{words.label(detail, 46)}" if detail else "")
        for name, detail in rows["name", "detail"].rows()
    ]
    marks = (_("Within chance"), _("Beyond chance"))
    return Chart(
        headline=headline,
        alt=alt,
        option={
            "animation": False,
            "grid": axes.grid(top=34),
            "tooltip": {"trigger": "item"},
            "legend": axes.legend(marks, palette),
            "dataset": {"source": source},
            "xAxis": axes.amounts(
                [end for name in ("level", "low", "high") for end in rows[name]],
                palette,
                side="bottom",
                suffix=suffix,
            ),
            "yAxis": axes.names(names, palette),
            "series": [
                intervals.whiskers(rows["low", "high"].rows(), palette),
                *intervals.dots(marks, [_("Difference")], palette),
                intervals.upright(0, palette),
            ],
            "media": axes.folded(names),
        },
        height=max(170, ROW_HEIGHT * rows.height + 70),
        note=note,
    )
