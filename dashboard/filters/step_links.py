"""Links to a step, to a workflow's map, and to the runs of a ticket and back."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard.filters import links
from dashboard.language import _, words

MAP, STEP, RUN = "views/process_map/view.py", "views/step/view.py", "views/run/view.py"


def to_step(name: str, *, label: str = "") -> None:
    """A link to the page of a step version, as `named_steps` calls it."""
    st.page_link(
        STEP,
        label=words.escaped(label or _("All about this step →"), 120),
        icon="",
        help=_("Its signs over time, its ways in and out, its answers, searches and runs"),
        query_params=links.filters() | {"step": name},
    )


def to_map(version: str) -> None:
    """A link to the map of a workflow version, as the map calls it."""
    st.page_link(
        MAP,
        label=_("Its place on the process map →"),
        icon="",
        help=_("Every step of this workflow version and the moves between them"),
        query_params=links.filters() | {"version": version},
    )


def to_runs(ticket_id: str, runs: pl.DataFrame, *, time_zone: str) -> None:
    """Links to the pages of a ticket's runs, by when they began: one workflow may have run twice."""
    with st.container(horizontal=True):
        for row in runs.iter_rows(named=True):
            label = _(
                "Run of {workflow} {version}, {when}, {visits} →",
                workflow=words.label(row["workflow"], 40),
                version=words.label(row["version"], 12),
                when=words.instant(row["started_at"], time_zone),
                visits=words.counted(row["visits"], "visit"),
            )
            st.page_link(
                RUN,
                label=words.escaped(label, 160),
                icon=":material/route:",
                help=_("This run visit by visit and event by event"),
                query_params=links.filters() | {"ticket": ticket_id, "run": row["run_id"]},
            )


def to_ticket(ticket_id: str) -> None:
    """A link to the page of a ticket."""
    st.page_link(
        links.TICKET,
        label=words.escaped(_("The whole ticket {ticket} →", ticket=words.label(ticket_id)), 120),
        icon=":material/confirmation_number:",
        query_params=links.filters() | {"ticket": ticket_id},
    )
