"""The visits behind a cell of the page on training needs: to one step, by agents of one band of practice."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from dashboard.filters import links, widgets
from dashboard.filters.clicks import Thing
from dashboard.filters.step_names import name_of
from dashboard.kit import render
from dashboard.kit.steps.practice_words import bands
from dashboard.kit.tables.records_table import visit_table
from dashboard.language import _, words
from dashboard.views.training_needs import queries
from metrics.catalog.metrics import CATALOG
from metrics.query.records import Which
from metrics.query.scope import Scope
from metrics.steps.counts import KEY
from metrics.training.learning import TrainingNeeds


def follow(thing: Thing | None, needs: TrainingNeeds, steps: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the clicked cell of the heat map into the address: the step, and the band of its visits."""
    name = thing and name_of(steps, thing[:-1])
    if not thing or not name:
        return
    st.query_params["step"] = name
    titles = {str(band): title for band, title in bands("practice").items()}
    if thing[-1] in map(str, band_titles(needs.bands, steps[name])):
        st.query_params["band"] = titles[thing[-1]]


def band_titles(by_band: pl.DataFrame, step: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """The bands of a step whose visits may be listed: of known practice, and of enough agents."""
    mine = by_band.filter(*(pl.col(name) == step[name] for name in KEY), pl.col("is_shown"))
    rows = mine.filter(pl.col("practice").is_not_null()).sort("practice")
    return {row["practice"]: row for row in rows.iter_rows(named=True)}


def show(
    snapshot: str | None, scope: Scope, step: Mapping[str, Any], name: str, by_band: pl.DataFrame
) -> None:
    """A page of the visits, newest first; bands of too few agents are not offered. No agent is named."""
    titles = bands("practice")
    offered = {titles[band]: row for band, row in band_titles(by_band, step).items()}
    st.header(_("The visits behind it"), anchor=False)
    if not offered:
        st.caption(_("No band of experience at this step has enough agents for its visits to be listed."))
        links.to_visits(step, name)
        return
    with st.container(horizontal=True):
        band = widgets.choice(_("Visits by experience"), offered, key="band")
        parts: dict[str, Which] = {_("Confused only"): "hits", _("All"): "all"}
        which = widgets.choice(_("Show"), parts, key="which")
    n = band["confused"] if which == "hits" else band["visits"]
    if not n:
        render.nothing_here(_("No confused visit here"), _("Show all visits, or choose another band."))
        return
    rows = partial(queries.visits_of_band, snapshot, scope, band["practice"], which)
    table = partial(visit_table, metric=CATALOG["confusion_rate"], time_zone=scope.time_zone)
    first = widgets.part_of(n)
    page_rows = rows(widgets.PER_PAGE, first)
    st.caption(
        _(
            "{first} to {last} of {n}",
            first=words.count(first + 1),
            last=words.count(first + page_rows.height),
            n=words.count(n),
        )
    )
    row = render.page_of(table(page_rows), key="open", export=lambda: table(rows(n, 0)))
    if row is not None:
        links.open_ticket(page_rows["ticket_id"][row], page_rows["run_id"][row])
