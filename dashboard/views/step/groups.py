"""Who or what holds the confusion of a step: its confusion rate by channel, reason, team or practice."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from dashboard.filters import dimension_choices
from dashboard.kit.charts.chart import Chart
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.palette import Palette
from dashboard.kit.charts.ranking import ranking
from dashboard.kit.steps.practice_words import bands
from dashboard.kit.tables.table import Column, Table
from dashboard.language import N_, _, words

HOLDERS = {
    "channel": N_("Channel"),
    "reason": N_("Contact reason"),
    "practice": N_("Experience with the step"),
    "team": N_("Team"),
    "priority": N_("Priority"),
}


@cached_chart
def held_by(rows: pl.DataFrame, by: str, *, overall: float | None, palette: Palette) -> Chart:
    """One row per value of `by`, as `metrics.steps.holders` gives; `overall`: the rate of the step."""
    groups = with_names(rows, by).sort("low", "name", descending=[True, False], nulls_last=True)
    bars = groups.select(
        "name",
        detail=pl.Series([words.counted(n, "visit") for n in groups["visits"]], dtype=pl.String),
        value="confusion_rate",
        n="visits",
        low="low",
        high="high",
        marked=pl.lit(0) == 1,
    )
    chart = ranking(
        bars if len(groups) > 1 else bars.clear(),
        headline=_finding(groups, by, overall),
        why_empty=_(
            "It is not recorded, all visits are of one kind, or the groups have too few agents to be shown. "
            "Choose a longer period, or another division."
        ),
        measure=_("Confused visits"),
        unit="share",
        beside=overall,
        palette=palette,
    )
    if chart.figure is None or overall is None:
        return chart
    note = _(
        "Sorted by the lowest likely value, so small samples do not lead by luck. The line shows all "
        "visits to the step."
    )
    return replace(chart, note=note)


def _finding(groups: pl.DataFrame, by: str, overall: float | None) -> str:
    """The first group that stands out beyond chance; where none does, that none does."""
    if len(groups) < 2 or overall is None:
        return _("{by}: nothing to compare", by=_title(by))
    ahead = groups.filter("stands_out")
    if ahead.is_empty():
        return _("{by}: no group is clearly above the whole step", by=_title(by))
    lead = ahead.row(0, named=True)
    return _(
        "“{name}” leads: {share} of {visits} confused, against {whole} at the whole step",
        name=lead["name"],
        share=words.share(lead["confusion_rate"]),
        visits=words.counted(lead["visits"], "visit"),
        whole=words.share(overall),
    )


def holder_table(rows: pl.DataFrame, by: str) -> Table:
    """The numbers of the picture, the largest excess first."""
    groups = with_names(rows, by)
    return Table(
        title=_("Who is affected: every group"),
        frame=groups.select(
            "name",
            "visits",
            "confused",
            "confusion_rate",
            "excess_share",
            interval=pl.Series(
                [
                    words.interval(low, high, "share") or words.UNKNOWN
                    for low, high in groups["low", "high"].rows()
                ],
                dtype=pl.String,
            ),
        ),
        columns={
            "name": Column(_title(by), width=240),
            "visits": Column(_("Visits (n)"), "count"),
            "confused": Column(_("Confused (n)"), "count"),
            "confusion_rate": Column(_("Confused"), "share"),
            "interval": Column(_("95% interval"), width=130),
            "excess_share": Column(
                _("Share of the extra"),
                "share",
                _("Its share of the extra confused visits, against the other visits to the step."),
            ),
        },
        alt=_("Confusion at the step by group, with its interval and its share of the extra confused visits"),
    )


def _title(by: str) -> str:
    return _(HOLDERS.get(by) or dimension_choices.title(by))


def with_names(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    """With each group as a reader calls it."""
    titles = {str(low): _("Visits {band} to it", band=band) for low, band in bands("practice").items()}
    labels = [
        titles.get(value, words.label(value)) if by == "practice" else words.label(value)
        for value in rows[by]
    ]
    return rows.with_columns(name=pl.Series(labels, dtype=pl.String))
