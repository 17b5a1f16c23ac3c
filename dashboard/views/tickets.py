"""Tickets: the very tickets, or visits to steps, that a number counted, the newest first."""

from functools import partial

import streamlit as st

from dashboard import data, drawing, leading, narrowing, page, words
from dashboard.exporting.exports import MOST
from dashboard.language import _
from dashboard.tables.records import ticket_table, visit_table
from metrics.catalog.dimensions import VISITS

snapshot, scope = page.begin(_("Tickets"), _("Which tickets stand behind a number?"))
with st.grid(3, min_column_width=240, gap="small"):
    metric = narrowing.number()
    which = narrowing.part(metric)
    scope = narrowing.narrowed(snapshot, metric, scope)

n = data.records_behind(snapshot, metric.name, scope, which)
drawing.say(narrowing.said(n, metric, which))
if not n:
    why = _("Choose a longer period, remove a filter in the sidebar, or choose another number above.")
    drawing.nothing_here(_("Nothing stands behind this number here"), why)
    st.stop()

visits = partial(data.visits, snapshot, scope, which)
tickets = partial(data.tickets, snapshot, metric.name, scope, which)
rows = visits if metric.fact == VISITS else tickets
as_table = visit_table if metric.fact == VISITS else ticket_table
table = partial(as_table, metric=metric, time_zone=scope.time_zone)
first = page.part_of(n)
shown = rows(page.PER_PAGE, first)
said = {"first": words.count(first + 1), "last": words.count(first + shown.height), "n": words.count(n)}
st.caption(_("{first} to {last} of {n}", **said))
row = drawing.page_of(table(shown), key="open", whole=lambda: table(rows(MOST, 0)))
if row is not None:
    leading.open_ticket(shown["ticket_id"][row], shown["run_id"][row] if metric.fact == VISITS else None)
drawing.definition(metric)
