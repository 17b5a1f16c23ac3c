"""Step versions by confusion rate, those that stand out beyond chance marked."""

from __future__ import annotations

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
        detail=pl.concat_str("workflow", pl.lit(" "), "version", ignore_nulls=True),
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
    else:
        headline = "No step stands out beyond chance" if tested else "Steps by share of confused visits"
    if rows.height > SHOWN:
        headline += f"; the first {SHOWN} are shown"
    return ranking(
        rows,
        headline=headline,
        why_empty="No visit to a step has ended yet in this selection. Choose a longer period.",
        measure="Confused visits",
        unit="share",
        marks=("Other step", "Stands out") if tested else ("", ""),
        palette=palette,
    )
