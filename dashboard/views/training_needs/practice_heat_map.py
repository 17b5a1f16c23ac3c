"""Steps × experience: how often agents are confused at a step the first times, and later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboard.kit.charts.chart import Chart, empty
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.heat_map import Cell, heat
from dashboard.kit.charts.palette import Palette
from dashboard.kit.steps.practice_words import NOT_KNOWN, bands, learning_title
from dashboard.language import N_, _, ngettext, words
from metrics.steps.counts import KEY
from metrics.training.learning import Learning

MOST_STEPS = 12
FEW_AGENTS = N_("few")


def ranked_steps(steps: pl.DataFrame) -> pl.DataFrame:
    """The steps of the heat map, in its order."""
    return steps.filter(pl.col("learning") != Learning.UNKNOWN).head(MOST_STEPS)


def columns(steps: pl.DataFrame, by_band: pl.DataFrame) -> dict[int | None, str]:
    """The bands that any of the steps shown has visits in, by their lower end; None: practice not known."""
    here = by_band.join(ranked_steps(steps), on=list(KEY), how="semi", nulls_equal=True)
    met = set(here["practice"].to_list())
    titles: dict[int | None, str] = dict(bands("practice")) | {None: _(NOT_KNOWN)}
    return {band: title for band, title in titles.items() if band in met}


@cached_chart
def practice_heat(steps: pl.DataFrame, by_band: pl.DataFrame, *, palette: Palette) -> Chart:
    """One row per step version of `steps`, the surest need first; a column per band of `by_band`."""
    ranked = ranked_steps(steps)
    if ranked.is_empty():
        return empty(
            _("Too early to compare newcomers with the others"),
            _(
                "A step needs five newcomers and five others. A newcomer is an agent whose first "
                "visit to it is in the data. Choose a longer period, remove a filter, or load "
                "more weeks."
            ),
        )
    titles = columns(steps, by_band)
    by_cell = {(*(row[name] for name in KEY), row["practice"]): row for row in by_band.iter_rows(named=True)}
    cells = [
        [
            _cell(by_cell.get((*(row[name] for name in KEY), band)), title, thing_of(row, band))
            for band, title in titles.items()
        ]
        for row in ranked.iter_rows(named=True)
    ]
    values = [cell.value for line in cells for cell in line if cell.value is not None]
    return Chart(
        headline=_finding(steps),
        alt=_("Steps by experience, confused share in each cell. {finding}", finding=_finding(steps)),
        figure=heat(
            [words.label(row["title"] or row["step"]) for row in ranked.iter_rows(named=True)],
            [_detail(row) for row in ranked.iter_rows(named=True)],
            list(titles.values()),
            cells,
            axis=_("The agent's n-th visit to the step"),
            highest=max(values, default=0.0),
            palette=palette,
        ),
        data=by_band.join(ranked, on=list(KEY), how="semi", nulls_equal=True)
        .filter("is_shown")
        .select(*KEY, "practice", "visits", "confusion_rate", "low", "high"),
        note=_(
            "Share of confused visits; a stronger colour is more. “{few}”: fewer than five agents, "
            "or a group that would give a smaller one away. Steps that newcomers find hard come "
            "first, then those with the most confused visits.",
            few=_(FEW_AGENTS),
        ),
    )


def _detail(row: dict[str, Any]) -> str:
    # What was found first: on a phone the end of the line is cut.
    where = f"{words.label(row['workflow'], 24)} {words.label(row['version'], 8)}"
    return f"{learning_title(row['learning'])} · {where}"


def thing_of(row: Mapping[str, Any], band: int | None) -> tuple[str, ...]:
    """What a click on a cell names: workflow, version and step, and the band by its lower end."""
    return (*(row[name] or "" for name in KEY), "" if band is None else str(band))


def _cell(row: dict[str, Any] | None, title: str, thing: Sequence[str]) -> Cell:
    if row is None:
        return Cell(None, "", _("no visit ({band})", band=title))
    if not row["is_shown"]:
        return Cell(None, _(FEW_AGENTS), _("too few agents to show ({band})", band=title))
    detail = _(
        "{share} of {visits} confused, 95% interval {interval} ({band})",
        share=words.share(row["confusion_rate"]),
        visits=words.counted(row["visits"], "visit"),
        interval=words.interval(row["low"], row["high"], "share"),
        band=title,
    )
    return Cell(row["confusion_rate"], words.share(row["confusion_rate"]), detail, thing)


def _finding(steps: pl.DataFrame) -> str:
    n = {kind: steps.filter(pl.col("learning") == kind).height for kind in Learning}
    fades, stays = n[Learning.FADES] + n[Learning.BOTH], n[Learning.STAYS] + n[Learning.BOTH]
    if not fades and not stays:
        return _("No step clearly confuses newcomers or practised agents")
    first = ngettext(
        "{n} step confuses newcomers more than others", "{n} steps confuse newcomers more than others", fades,
        n=words.count(fades),
    )  # fmt: skip
    second = ngettext(
        "{n} step stays hard for practised agents", "{n} steps stay hard for practised agents", stays,
        n=words.count(stays),
    )  # fmt: skip
    return _("{newcomers}; {practised}", newcomers=first, practised=second)
