"""Contact reasons against the period before: how many times as often, those beyond chance marked."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from dashboard.kit.charts.chart import Chart
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.palette import Palette
from dashboard.kit.charts.ranking import MOST_BARS, ranking
from dashboard.language import _, ngettext, words


@cached_chart
def reason_trends(trends: pl.DataFrame, *, palette: Palette) -> Chart:
    """`trends`: rows of `metrics.tickets.recurring.reason_trends`, in order; the dot is now over before."""
    rows = trends.filter(pl.col("ratio").is_not_null()).select(
        name="reason",
        detail=pl.Series(
            [
                _("{now} against {before}", now=words.count(now), before=words.count(before))
                for now, before in trends.filter(pl.col("ratio").is_not_null())[
                    "tickets", "tickets_before"
                ].rows()
            ],
            dtype=pl.String,
        ),
        value="ratio",
        n=pl.col("tickets") + pl.col("tickets_before"),
        low="ratio_low",
        high="ratio_high",
        marked=pl.col("trend").is_in(["more", "less"]).fill_null(value=False),
    )
    finding = _finding(trends)
    chart = ranking(
        rows,
        headline=finding
        if rows.height <= MOST_BARS
        else _("{finding} (the first are shown)", finding=finding),
        why_empty=_(
            "The period before is not in the data, or no ticket of it has a reason. Choose a shorter period "
            "in the sidebar, so that one of equal length lies before it."
        ),
        measure=_("Tickets, as percent of the period before"),
        unit="share",
        marks=(_("No clear difference"), _("Clear difference")),
        beside=1.0,
        palette=palette,
    )
    note = _(
        "100% is as many tickets as before. Marked reasons changed more than weeks usually do; at "
        "most 5% of them are chance."
    )
    return chart if chart.figure is None else replace(chart, note=note)


def _finding(trends: pl.DataFrame) -> str:
    more, less = (trends.filter(pl.col("trend") == trend) for trend in ("more", "less"))
    parts = []
    if more.height:
        parts.append(
            ngettext(
                "{n} reason comes more often than before, “{first}” first",
                "{n} reasons come more often than before, “{first}” first",
                more.height,
                n=words.count(more.height),
                first=words.label(more["reason"][0]),
            )
        )
    if less.height:
        parts.append(
            ngettext(
                "{n} reason comes less often than before, “{first}” first",
                "{n} reasons come less often than before, “{first}” first",
                less.height,
                n=words.count(less.height),
                first=words.label(less["reason"][0]),
            )
        )
    return "; ".join(parts) or _("No reason comes clearly more or less often than before")
