"""The runs in breach, a page at a time, by the breach that the reader chose."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard.filters import links, widgets
from dashboard.kit import render
from dashboard.kit.export.table_exports import MOST
from dashboard.language import _, words
from dashboard.views.compliance import text
from dashboard.views.compliance.tables import run_table


def runs_in_breach(runs: pl.DataFrame, *, time_zone: str) -> None:
    """`runs`: one row per breach of a run, the newest first; a click opens the run."""
    st.header(_("Runs in breach, the newest first"), anchor=False)
    kind = widgets.choice(_("Runs with"), text.kinds(runs), key="breach")
    listed = runs.filter(breach=kind) if kind else runs
    first = widgets.part_of(listed.height)
    rows = listed.slice(first, widgets.PER_PAGE)
    st.caption(
        _(
            "{first} to {last} of {n}",
            first=words.count(first + 1),
            last=words.count(first + rows.height),
            n=words.count(listed.height),
        )
    )
    export = run_table(listed.head(MOST), time_zone=time_zone)
    row = render.page_of(run_table(rows, time_zone=time_zone), key="open", export=lambda: export)
    if row is not None:
        links.open_ticket(rows["ticket_id"][row], rows["run_id"][row])
