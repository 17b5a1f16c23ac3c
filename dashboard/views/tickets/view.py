"""Tickets: the very tickets, or visits to steps, that a number counted, the newest first."""

from functools import partial

import streamlit as st

from dashboard.filters import links, record_filters, widgets
from dashboard.kit import doubt, page, render
from dashboard.kit.export.table_exports import MOST
from dashboard.kit.tables.records_table import ticket_table, visit_table
from dashboard.language import _, words
from dashboard.language.messages import say
from dashboard.queries import explanations, warehouse
from metrics.catalog.dimensions import VISITS

snapshot, scope = page.begin(_("Tickets"), _("Which tickets is a number based on?"))
with st.grid(3, min_column_width=240, gap="small"):
    metric = record_filters.number()
    which = record_filters.part(metric)
    scope = record_filters.narrowed(snapshot, metric, scope)

n = warehouse.records_behind(snapshot, metric.name, scope, which)
because = None if n else explanations.not_known_because(snapshot, metric.name, scope)
if because is None:  # of what nobody knows there are not 0 either
    render.say(record_filters.count_text(n, metric, which))
if not n:
    way_out = _("Choose a longer period, remove a filter in the sidebar, or choose another number above.")
    why = f"{say(because)} {way_out}" if because else way_out
    render.nothing_here(_("This number is based on nothing here"), why)
    page.end()

visits = partial(warehouse.visits, snapshot, scope, which)
tickets = partial(warehouse.tickets, snapshot, metric.name, scope, which)
rows = visits if metric.fact == VISITS else tickets
as_table = visit_table if metric.fact == VISITS else ticket_table
table = partial(as_table, metric=metric, time_zone=scope.time_zone)
first = widgets.part_of(n)
page_rows = rows(widgets.PER_PAGE, first)
values = {"first": words.count(first + 1), "last": words.count(first + page_rows.height), "n": words.count(n)}
st.caption(_("{first} to {last} of {n}", **values))
row = render.page_of(table(page_rows), key="open", export=lambda: table(rows(MOST, 0)))
if row is not None:
    links.open_ticket(
        page_rows["ticket_id"][row], page_rows["run_id"][row] if metric.fact == VISITS else None
    )
if metric.fact != VISITS:
    doubt.age_of_states(warehouse.old_sources(snapshot, scope), scope.time_zone)
render.definition(metric)
