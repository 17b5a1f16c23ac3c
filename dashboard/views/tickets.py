"""Tickets: the very tickets, or visits to steps, that a number counted, the newest first."""

from functools import partial

import streamlit as st

from dashboard import data, drawing, leading, narrowing, page, words
from dashboard.exports import MOST
from dashboard.tables.records import ticket_table, visit_table
from metrics.dimensions import VISITS

snapshot, scope = page.begin("Tickets", "Which tickets stand behind a number?")
leading.come_back()
with st.container(horizontal=True):
    metric = narrowing.number()
    which = narrowing.part(metric)
    scope = narrowing.narrowed(snapshot, metric, scope)

n = data.records_behind(snapshot, metric.name, scope, which)
drawing.say(narrowing.said(n, metric, which))
if not n:
    why = "Choose a longer period, remove a filter in the sidebar, or choose another number above."
    drawing.nothing_here("Nothing stands behind this number here", why)
    st.stop()

visits = partial(data.visits, snapshot, scope, which)
tickets = partial(data.tickets, snapshot, metric.name, scope, which)
rows = visits if metric.fact == VISITS else tickets
as_table = visit_table if metric.fact == VISITS else ticket_table
table = partial(as_table, metric=metric, time_zone=scope.time_zone)
first = page.part_of(n)
shown = rows(page.PER_PAGE, first)
st.caption(f"{words.count(first + 1)} to {words.count(first + shown.height)} of {words.count(n)}")
row = drawing.page_of(table(shown), key="open", whole=lambda: table(rows(MOST, 0)))
if row is not None:
    leading.open_ticket(shown["ticket_id"][row])
drawing.definition(metric)
