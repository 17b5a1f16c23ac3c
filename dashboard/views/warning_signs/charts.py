"""The pictures behind the warning signs: newcomers beside veterans, steps by errors, reasons in few hands."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from dashboard.kit.charts.chart import Chart
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.palette import Palette
from dashboard.kit.charts.ranking import ranking
from dashboard.language import N_, _, ngettext, words

BANDS = {
    0: N_("The first 5 visits"),
    5: N_("After 5 to 9 visits"),
    10: N_("After 10 to 19 visits"),
    20: N_("After 20 to 49 visits"),
}


@cached_chart
def onboarding_bands(bands: pl.DataFrame, *, measure: str, as_good: float, palette: Palette) -> Chart:
    """`bands`: one row per band of practice, as `metrics.warnings.onboarding.learning` gives them.

    A band is marked that is clearly behind: more than `as_good` times as often confused, or as slow.
    """
    rows = bands.filter(pl.col(measure).is_not_null())
    titles = {
        "confusion": (_("Confusion of newcomers"), _("Confused visits; veterans at the same steps = 100%")),
        "time": (_("Time of newcomers"), _("Time at a step; veterans at the same steps = 100%")),
    }
    title, label = titles[measure]
    first = rows.row(0, named=True) if rows.height else None
    chart = ranking(
        _ranked(
            rows,
            name=[_(BANDS[practice]) for practice in rows["practice"]],
            detail=[words.counted(agents, "agent") for agents in rows["agents"]],
            value=rows[measure],
            n=rows["visits"],
            low=rows[f"{measure}_low"],
            high=rows[f"{measure}_high"],
            marked=rows[f"{measure}_low"] > as_good,
        ),
        headline=title
        if first is None
        else _(
            "{title}: {share} of the veterans' in {band}",
            title=title,
            share=words.share(first[measure]),
            band=_(BANDS[first["practice"]]).lower(),
        ),
        why_empty=_(
            "This needs five newcomers whose first visits are in the data, and five agents who "
            "know the step. Choose a longer period."
        ),
        measure=label,
        unit="share",
        marks=(_("Not clearly behind"), _("Clearly behind")),
        beside=1.0,
        palette=palette,
    )
    return chart if chart.figure is None else replace(chart, note=label)


@cached_chart
def erring_steps(steps: pl.DataFrame, *, palette: Palette) -> Chart:
    """`steps`: one row per step version with errors, the surest first."""
    first = steps.row(0, named=True) if steps.height else None
    return ranking(
        _ranked(
            steps,
            name=[words.label(title or step) for title, step in steps["title", "step"].rows()],
            detail=[
                f"{words.label(workflow, 30)} {words.label(version, 12)} · {words.counted(visits, 'visit')}"
                for workflow, version, visits in steps["workflow", "version", "visits"].rows()
            ],
            value=steps["share"],
            n=steps["visits"],
            low=steps["low"],
            high=steps["high"],
            marked=pl.repeat(value=False, n=steps.height, eager=True),
        ),
        headline=_("Errors by step")
        if first is None
        else _(
            "First by errors is “{step}”: {share} of {visits}",
            step=words.label(first["title"] or first["step"]),
            share=words.share(first["share"]),
            visits=words.counted(first["visits"], "visit"),
        ),
        why_empty=_("No visit in this selection shows an error. Choose a longer period or remove a filter."),
        measure=_("Visits with an error"),
        unit="share",
        palette=palette,
    )


@cached_chart
def reasons_in_few_hands(reasons: pl.DataFrame, *, most: float, palette: Palette) -> Chart:
    """`reasons`: one row per reason with enough solved tickets; a share that would tell of few is null.

    `most`: the share beyond which a reason hangs on five agents.
    """
    measured = reasons.filter(pl.col("share").is_not_null())
    in_few_hands = sum(reasons["is_few"])
    return ranking(
        _ranked(
            measured,
            name=[words.label(reason) for reason in measured["reason"]],
            detail=[
                _(
                    "{tickets} by {agents}",
                    tickets=words.counted(t, "ticket"),
                    agents=words.counted(a, "agent"),
                )
                for t, a in measured["tickets", "agents"].rows()
            ],
            value=measured["share"],
            n=measured["tickets"],
            low=measured["low"],
            high=measured["high"],
            marked=measured["is_few"],
        ),
        headline=ngettext(
            "{n} reason depends on five agents or fewer",
            "{n} reasons depend on five agents or fewer",
            in_few_hands,
            n=words.count(in_few_hands),
        )
        if in_few_hands
        else _("No reason depends on five agents alone"),
        why_empty=_(
            "This needs ten agents, and a reason with fifty solved tickets of ten agents or more. "
            "Choose a longer period."
        ),
        measure=_("Solved by the five busiest agents of the reason"),
        unit="share",
        marks=(_("Spread over more"), _("More than {share} solved by five agents", share=words.share(most))),
        palette=palette,
    )


def _ranked(rows: pl.DataFrame, **columns: object) -> pl.DataFrame:
    kinds = {"name": pl.String, "detail": pl.String, "n": pl.Int64, "marked": pl.Boolean}
    if rows.is_empty():
        return pl.DataFrame(schema={name: kinds.get(name, pl.Float64) for name in columns})
    return pl.DataFrame(columns)
