"""What the page on service levels lets its reader choose, and the rows it shows for that."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard.filters import dimension_choices, links, widgets
from dashboard.kit import render
from dashboard.kit.charts.chart import Chart
from dashboard.language import N_, _, ngettext, words
from dashboard.queries import manager_numbers, warehouse
from dashboard.views.service_level.open_ages import age_band
from dashboard.views.service_level.tables import breach_table, open_table
from metrics.catalog.metrics import CATALOG, page_list
from metrics.query.scope import Scope

NEXT = 10
"""Targets that are listed; the export has all."""
SOON = (1, 2, 4, 8, 24)
LEVELS = page_list("targets")
FLOW = page_list("in_and_out")
SPLITS = {
    "channel": N_("Channel"),
    "priority": N_("Priority"),
    "team": N_("Team"),
    "reason": N_("Contact reason"),
}


def kpis(*, has_targets: bool) -> tuple[str, ...]:
    """The service levels, where there are targets, and what came in and went out."""
    return (*(LEVELS if has_targets else ()), *FLOW)


def hours() -> int:
    """Within how many hours a target counts as about to lapse."""
    titles = {
        ngettext("{n} working hour", "{n} working hours", hours, n=words.count(hours)): hours
        for hours in SOON
    }
    order = sorted(titles, key=lambda title: (titles[title] != 2, titles[title]))
    return widgets.choice(
        _("About to breach within"), {title: titles[title] for title in order}, key="within"
    )


def measure() -> str:
    """First response or resolution."""
    titles = {_("First response"): "first_response", _("Resolution"): "resolution"}
    return widgets.choice(_("Which target"), titles, key="target")


def split(snapshot: str | None) -> str:
    """The dimension to tell the service level by."""
    titles = {_(title): name for name, title in SPLITS.items()} | dimension_choices.further(snapshot)
    return widgets.choice(_("Split by"), dimension_choices.with_values(snapshot, titles), key="level_by")


def levels(snapshot: str | None, scope: Scope, measure: str, by: str, soon: pl.DataFrame) -> pl.DataFrame:
    """One row per group that may be shown: its counts by state, and its share with the interval."""
    counts = manager_numbers.statuses(snapshot, measure, by, scope).rename({by: "group"})
    rates = warehouse.measured(snapshot, (f"{measure}_sla_rate",), (by,), scope).rename({by: "group"})
    rows = counts.join(
        rates.select("group", "value", "n", "low", "high"), on="group", how="left", nulls_equal=True
    )
    mine = soon.filter(pl.col("measure") == measure)[by] if by in soon.columns else None
    lapsing = [None if mine is None else _times(mine, group) for group in rows["group"]]
    rows = rows.with_columns(soon=pl.Series(lapsing, dtype=pl.Int64))
    return rows.sort("value", "group", nulls_last=True)


def _times(values: pl.Series, group: str | None) -> int:
    return int((values.is_null() if group is None else (values == group).fill_null(value=False)).sum())


def breaches(targets: pl.DataFrame, paused: int, time_zone: str) -> None:
    """The list of what lapses next, and how many are paused; each row opens its ticket."""
    if paused:
        st.caption(
            ngettext(
                "{n} target is paused: it has no due time and is not listed.",
                "{n} targets are paused: they have no due time and are not listed.",
                paused,
                n=words.count(paused),
            )
        )
    if targets.is_empty():
        render.nothing_here(
            _("No target runs out in that time"),
            _("No pending target runs out so soon after the newest event. Choose a longer time above."),
        )
        return
    st.header(_("About to breach, the next one first"), anchor=False)
    table = breach_table(targets.head(NEXT), time_zone=time_zone)
    row = render.page_of(table, key="lapsing", export=lambda: breach_table(targets, time_zone=time_zone))
    if targets.height > NEXT:
        st.caption(
            _(
                "The first {shown} of {n}; the export has all.",
                shown=words.count(NEXT),
                n=words.count(targets.height),
            )
        )
    if row is not None:
        links.open_ticket(targets["ticket_id"][row])


def ages(chart: Chart, bands: pl.DataFrame) -> tuple[float, float | None] | None:
    """The age band whose tickets are listed: clicked, or chosen; None for all."""
    titles: dict[str, tuple[float, float | None] | None] = {_("All ages"): None}
    bands_by_title = [
        (age_band(low, high), (low, high)) for low, high in bands["from_days", "to_days"].rows()
    ]
    titles |= dict(bands_by_title)
    clicked = render.chart(chart, key="ages", clickable=True)
    ends = {(f"{low:g}",): name for name, (low, _high) in bands_by_title}
    if clicked in ends:
        st.query_params["age"] = ends[clicked]
    return widgets.choice(_("List the tickets that are open"), titles, key="age")


def unresolved(tickets: pl.DataFrame, band: tuple[float, float | None] | None, time_zone: str) -> None:
    """The report of what is open, page by page; each row opens its ticket, the export has all."""
    listed = tickets if band is None else tickets.filter(pl.col("from_days") == band[0])
    if listed.is_empty():
        render.nothing_here(
            _("No ticket is open here"), _("Choose another age above, or remove a filter in the sidebar.")
        )
        return
    st.header(_("What is unresolved, the longest open first"), anchor=False)
    first = widgets.part_of(listed.height)
    page_rows = listed.slice(first, widgets.PER_PAGE)
    st.caption(
        _(
            "{first} to {last} of {n}",
            first=words.count(first + 1),
            last=words.count(first + page_rows.height),
            n=words.count(listed.height),
        )
    )
    row = render.page_of(
        open_table(page_rows, time_zone=time_zone),
        key="unresolved",
        export=lambda: open_table(listed, time_zone=time_zone),
    )
    if row is not None:
        links.open_ticket(page_rows["ticket_id"][row])


def to_targets(measure: str, snapshot: str | None, scope: Scope) -> None:
    """Links to the tickets that attained the target, and to those that breached it."""
    metric = CATALOG[f"{measure}_sla_rate"]
    overall = manager_numbers.statuses(snapshot, measure, "", scope).row(0, named=True)
    with st.container(horizontal=True):
        for name, part, n in (
            (_("Breached"), "Only those that do not", overall["breached"]),
            (_("Attained"), "Only those that count towards it", overall["attained"]),
        ):
            links.to_records(metric.name, n, name=name, which=part)
