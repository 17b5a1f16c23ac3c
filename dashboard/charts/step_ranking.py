"""Step versions by confusion rate, those that stand out beyond chance marked."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from dashboard import words
from dashboard.charts.chart import Chart
from dashboard.charts.ranking import SHOWN, ranking
from dashboard.palette import Palette


def step_ranking(steps: pl.DataFrame, *, palette: Palette) -> Chart:
    """One row per step version as `hotspots` ranks them."""
    tested = steps["hotspot"].is_not_null().any()
    rows = steps.select(
        name=pl.coalesce("title", "step"),
        detail=pl.format(
            "{} {} · n {}",
            "workflow",
            "version",
            pl.col("visits").map_elements(words.count, return_dtype=pl.String),
        ),
        value="confusion_rate",
        n="visits",
        low="low",
        high="high",
        marked=pl.col("hotspot").fill_null(value=False),
    )
    hot = rows["marked"].sum()
    if hot:
        headline = (
            f"{hot} of {words.counted(rows.height, 'step')} stand{'s' if hot == 1 else ''} out beyond chance"
        )
    elif tested:
        headline = "No step stands out beyond chance"
    else:
        headline = "".join(
            f"“{words.label(name)}” leads: {words.share(rate)} of {words.counted(n, 'visit')} confused"
            for name, rate, n in rows.head(1).select("name", "value", "n").rows()
        )
    if rows.height > SHOWN:
        headline += f"; the first {SHOWN} of {rows.height} steps are shown"
    chart = ranking(
        rows,
        headline=headline or "No steps to rank",
        why_empty="No visit to a step has ended yet in this selection. Choose a longer period.",
        measure="Confused visits",
        unit="share",
        marks=("Other step", "Stands out") if tested else ("", ""),
        palette=palette,
    )
    ordered = "In the order of where the 95% interval begins: few visits cannot lead by luck."
    return chart if chart.option is None else replace(chart, note=ordered)
