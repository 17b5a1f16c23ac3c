"""Step versions by confusion rate, those that stand out beyond chance marked."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from dashboard.kit.charts.chart import Chart
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.palette import Palette
from dashboard.kit.charts.ranking import MOST_BARS, ranking
from dashboard.kit.tables.table import texts
from dashboard.language import _, ngettext, words
from metrics.steps.counts import KEY


@cached_chart
def step_ranking(steps: pl.DataFrame, *, palette: Palette) -> Chart:
    """One row per step version as `hotspots` ranks them."""
    tested = steps["hotspot"].is_not_null().any()
    rows = steps.select(
        name=pl.coalesce("title", "step"),
        detail=texts(
            f"{workflow} {version} · {words.counted(n, 'visit')}"
            for workflow, version, n in steps["workflow", "version", "visits"].rows()
        ),
        value="confusion_rate",
        n="visits",
        low="low",
        high="high",
        marked=pl.col("hotspot").fill_null(value=False),
    )
    hot = int(rows["marked"].sum())
    if hot:
        headline = ngettext(
            "{n} of {steps} confuses agents more than the rest",
            "{n} of {steps} confuse agents more than the rest",
            hot,
            n=words.count(hot),
            steps=words.counted(rows.height, "step"),
        )
    elif tested:
        headline = _("No step confuses agents more than the rest")
    else:
        headline = "".join(
            _(
                "“{step}” leads: {share} of {visits} confused",
                step=words.label(name),
                share=words.share(rate),
                visits=words.counted(n, "visit"),
            )
            for name, rate, n in rows.head(1).select("name", "value", "n").rows()
        )
    if rows.height > MOST_BARS:
        headline = _(
            "{finding}; the first {shown} are shown",
            finding=headline,
            shown=MOST_BARS,
        )
    chart = ranking(
        rows,
        headline=headline or _("No steps to rank"),
        why_empty=_("No visit to a step has ended yet in this selection. Choose a longer period."),
        measure=_("Confused visits"),
        unit="share",
        marks=(_("Other step"), _("Stands out")) if tested else ("", ""),
        things=steps.select(pl.col(*KEY).fill_null("")).rows(),
        palette=palette,
    )
    ordered = _("Sorted by the lowest likely value, so small samples do not lead by luck.")
    return chart if chart.figure is None else replace(chart, note=ordered)
