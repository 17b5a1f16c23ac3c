"""Ways on: from a number to its tickets, from a ticket to its events, from a title to its meaning.

A link carries the filters of the view it stands on, so that what it leads to is of the same scope.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from dashboard.filters import filter_bar, navigation
from dashboard.language import _, words
from metrics.catalog.dimensions import VISITS
from metrics.catalog.metrics import CATALOG

TICKETS, TICKET, RUN = "views/tickets/view.py", "views/ticket/view.py", "views/run/view.py"
PERIOD = ("period", "dates")
Link = dict[str, str | list[str]]


def filters() -> Link:
    """What of the filters the address of this view says; the rest are defaults."""
    parameters = {
        name: list(dict.fromkeys(st.query_params.get_all(name)))
        for name in (*PERIOD, *filter_bar.keys().values())
    }
    return {name: values for name, values in parameters.items() if values}


def to_records(metric: str, n: int, *, name: str = "", **narrowed: str | list[str]) -> None:
    """A link to the tickets (or visits) behind a number, called by its name; nothing where there are none."""
    if n:
        is_visits = CATALOG[metric].fact == VISITS
        counted = words.counted(n, "visit" if is_visits else "ticket")
        st.page_link(
            TICKETS,
            label=words.escaped(
                _("{name}: {tickets} →", name=name, tickets=counted) if name else f"{counted} →", 120
            ),
            icon="",
            help=_("The visits behind this number, the newest first")
            if is_visits
            else _("The tickets behind this number, the newest first"),
            query_params=filters() | {"behind": CATALOG[metric].title, **narrowed},
        )


def reasons(measured: pl.DataFrame) -> dict[str, str]:
    """The reasons measured, the most frequent first, each under what a reader calls it."""
    recorded = measured.filter(pl.col("reason").is_not_null()).with_columns(
        opened=pl.when(pl.col("metric") == "tickets_opened").then("value").otherwise(0)
    )
    ranked = recorded.sort("opened", "reason", descending=[True, False])["reason"]
    return {words.label(reason): reason for reason in ranked}


def to_tickets_of(reason: str, measured: pl.DataFrame) -> None:
    """Links to the tickets of a reason behind each of its numbers."""
    rows = measured.filter(pl.col("reason") == reason, pl.col("n") > 0)
    with st.container(horizontal=True):
        for metric, n in rows.select("metric", "n").iter_rows():
            to_records(metric, n, name=_(CATALOG[metric].title), reason=words.label(reason))


def to_visits(step: Mapping[str, Any], name: str, **narrowed: str) -> None:
    """Links to the visits of a step version as ranked, all of them and those that were confused."""
    for label, n, which in (
        ("confused visit", step["confused"], "Confused only"),
        ("visit", step["visits"], "All"),
    ):
        if n:
            st.page_link(
                TICKETS,
                label=f"{words.counted(n, label)} →",
                icon="",
                help=_("The visits behind this number, the newest first"),
                query_params=filters()
                | {"behind": CATALOG["confusion_rate"].title, "which": which, "step": name, **narrowed},
            )


def open_ticket(ticket_id: str, run_id: str | None = None) -> None:
    """Go to the page of one ticket, or of a run of it."""
    if run_id is None:
        navigation.open_page(TICKET, ticket=ticket_id)
    else:
        navigation.open_page(RUN, ticket=ticket_id, run=run_id)


def to_list(label: str) -> None:
    """A link to the list of tickets."""
    st.page_link(TICKETS, label=label, icon=":material/list:", query_params=filters())


def page(title: str, address: str) -> str:
    """Markdown: a link to a page, with the filters of this view."""
    query = urlencode(filters(), doseq=True)
    return f"[{title}]({address}{'?' if query else ''}{query})"


def meaning(metric: str) -> str:
    """Markdown: a link to what a metric means."""
    term = urlencode({"term": CATALOG[metric].title})
    return f"[{_('What this number means')}](glossary?{term})"
