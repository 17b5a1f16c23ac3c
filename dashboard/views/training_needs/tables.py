"""Every step with what practice does for it, and the points of a learning curve."""

from __future__ import annotations

import polars as pl

from dashboard.kit.steps.practice_words import (
    AXES,
    MEASURES,
    bands,
    learning_meaning,
    learning_title,
    newcomer_ratio,
)
from dashboard.kit.tables.table import Column, Table, texts
from dashboard.kit.tables.values import value_columns
from dashboard.language import _, words
from metrics.training.learning_curve import By, Of


def needs_table(steps: pl.DataFrame) -> Table:
    """The rows of `training_needs`, in its order."""
    return Table(
        title=_("Every step, by what training would save"),
        frame=steps.select(
            "visits",
            "newcomer_ratio",
            "saves_hours_per_week",
            name=texts(words.label(title or step) for title, step in steps["title", "step"].rows()),
            where=texts(
                f"{words.label(workflow, 30)} {words.label(version, 12)}"
                for workflow, version in steps["workflow", "version"].rows()
            ),
            learning=texts(map(learning_title, steps["learning"])),
            advice=texts(map(learning_meaning, steps["learning"])),
            ratio=texts(newcomer_ratio(row) for row in steps.iter_rows(named=True)),
            below=texts(
                words.UNKNOWN if below is None else _("fewer than {n}", n=words.count(below))
                for below in steps["newcomers_below"]
            ),
            saves=texts(
                words.minutes(None if hours is None else 60 * hours)
                for hours in steps["saves_hours_per_week"]
            ),
            saves_interval=texts(
                words.UNKNOWN
                if low is None or high is None
                else words.interval(60 * low, 60 * high, "minutes")
                for low, high in steps["saves_low", "saves_high"].rows()
            ),
        ),
        columns={
            "name": Column(_("Step"), pinned=True, width=220),
            "where": Column(_("Workflow, version"), width=170),
            "learning": Column(_("With practice"), width=175),
            "ratio": Column(
                _("Newcomers"),
                width=140,
                help=_("How many times likelier newcomers are confused than the others, with 95% interval."),
            ),
            "below": Column(
                _("New with"), width=110, help=_("Earlier visits to the step below which an agent is new.")
            ),
            "saves": Column(
                _("Training saves a week"),
                width=190,
                help=_("Extra time of newcomers at the step, compared with the others."),
            ),
            "saves_interval": Column(_("95% interval"), width=140),
            "visits": Column(_("Visits (n)"), "count"),
            "advice": Column(_("What to do"), width=480),
            "saves_hours_per_week": Column(_("The same in hours"), "hours"),
        },
        alt=_("Every step version with what practice does for it and what training would save"),
    )


def curve_table(points: pl.DataFrame, *, by: By, of: Of) -> Table:
    """One row per band of experience."""
    titles, unit = bands(by), "share" if of == "confusion" else "minutes"
    values = value_columns(points.rename({"visits": "n"}), unit)
    agents = texts(words.count(n) if n is not None else _("fewer than 5") for n in points["agents"])
    return Table(
        title=_("Every band of experience"),
        frame=pl.DataFrame(
            {"band": texts(titles[band] for band in points["band"]), "agents": agents, **values}
        ),
        columns={
            "band": Column(_(AXES[by]), width=300),
            "value": Column(_(MEASURES[of]), width=130),
            "interval": Column(_("95% interval"), width=150),
            "n": Column(_("Visits (n)"), width=90),
            "agents": Column(_("Agents"), width=110),
        },
        alt=_("The points of the learning curve, from newcomers to practised agents"),
    )
