"""Every state of a log of states: time in it, hand-overs and returns."""

from __future__ import annotations

import polars as pl

from dashboard.kit.tables.table import Column, Table, texts
from dashboard.language import _, words


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
        ),
        columns={
            "name": Column(_("State"), pinned=True, width=225),
            "visits": Column(_("Visits (n)"), "count", _("How often a ticket came into this state.")),
            "median": Column(_("Time in state (median)"), help=_("Half of the visits are shorter.")),
            "p90": Column(_("9 in 10 within"), help=_("Nine of ten visits are shorter.")),
            "handed_over_share": Column(
                _("Handed over"), "share", _("Share of visits after which another agent goes on.")
            ),
            "return_share": Column(
                _("Returns"), "share", _("Share of visits to a state that the ticket had left before.")
            ),
            "where": Column(_("Workflow, version")),
        },
        alt=_("Every state, with the time in it, hand-overs and returns"),
    )
