"""From a version to its visits: links that hold whatever period is chosen, as releases lie anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboard.filters import widgets
from dashboard.filters.filter_bar import ALL
from dashboard.filters.links import TICKETS, filters
from dashboard.filters.step_names import named_steps
from dashboard.language import _, words
from dashboard.views.versions.text import names, place
from metrics.catalog.metrics import CATALOG


def versions_of_a_step(rows: pl.DataFrame, release: Mapping[str, Any], visited: pl.DataFrame) -> None:
    """A step to choose, and links to its visits in both versions; `visited`: step versions over all data."""
    steps = {place(row): row["step"] for row in rows.filter(pl.col("step").is_not_null()).to_dicts()}
    if not steps:
        return
    step = widgets.choice(_("The visits to a step"), steps, key="step")
    workflow, *versions = names(release)
    with st.container(horizontal=True):
        for version in versions:
            for name, row in named_steps(visited).items():
                if (row["workflow"], row["version"], row["step"]) == (workflow, version, step):
                    _to_visits(name, row)


def _to_visits(name: str, row: Mapping[str, Any]) -> None:
    label = _(
        "{visits} in version {version} →",
        visits=words.counted(row["visits"], "visit"),
        version=words.label(row["version"], 12),
    )
    st.page_link(
        TICKETS,
        label=words.escaped(label),
        icon="",
        help=_("The visits to this step in that version, the newest first"),
        query_params=filters() | {"period": ALL, "behind": CATALOG["confusion_rate"].title, "step": name},
    )
