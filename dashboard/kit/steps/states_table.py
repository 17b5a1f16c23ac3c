"""Every state of a log of states: time in it, hand-overs and returns."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboard.kit.tables.table import Column, Table, texts
from dashboard.language import _, words


def _share(row: dict[str, Any], name: str) -> str:
    if row[f"{name}_share"] is None:
        return words.UNKNOWN
    interval = words.interval(row[f"{name}_low"], row[f"{name}_high"], "share")
    return _("{share} ({interval})", share=words.share(row[f"{name}_share"]), interval=interval)


def states_table(states: pl.DataFrame) -> Table:
    """The rows of `metrics.steps.states.states`, in their order."""
    rows = states.to_dicts()
    return Table(
        title=_("Logs of states: time in state, hand-overs, returns"),
        frame=states.with_columns(
            name=texts(words.label(row["title"] or row["step"]) for row in rows),
            where=texts(f"{words.label(row['workflow'])} {words.label(row['version'], 12)}" for row in rows),
            median=texts(words.hours(row["median_hours"]) for row in rows),
            p90=texts(words.hours(row["p90_hours"]) for row in rows),
            handed_over=texts(_share(row, "handed_over") for row in rows),
            returned=texts(_share(row, "return") for row in rows),
        ),
        columns={
            "name": Column(_("State"), pinned=True, width=225),
            "visits": Column(_("Visits (n)"), "count", _("How often a ticket came into this state.")),
            "median": Column(_("Time in state (median)"), help=_("Half of the visits are shorter.")),
            "p90": Column(_("9 in 10 within"), help=_("Nine of ten visits are shorter.")),
            "handed_over": Column(
                _("Handed over"),
                help=_("Share of visits after which another agent goes on, with its 95% interval."),
                width=170,
            ),
            "handed_over_n": Column(
                _("Of (n)"), "count", _("Visits where two agents in a row are recorded.")
            ),
            "returned": Column(
                _("Returns"),
                help=_("Share of visits to a state that the ticket had left before, with its 95% interval."),
                width=170,
            ),
            "where": Column(_("Workflow, version")),
        },
        alt=_("Every state, with the time in it, hand-overs and returns"),
    )
