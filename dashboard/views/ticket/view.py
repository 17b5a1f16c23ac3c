"""Ticket: one ticket to the event, and which events started and stopped each clock."""

import streamlit as st

from dashboard.filters import links, step_links, widgets
from dashboard.kit import page, render
from dashboard.kit.tables.timeline import timeline_table
from dashboard.language import _, words
from dashboard.queries import explanations, step_numbers, warehouse
from dashboard.views.ticket import text
from metrics.catalog.dimensions import VISITS
from metrics.catalog.metrics import CATALOG

snapshot, scope = page.begin_beside_the_scope(_("Ticket"), _("What happened in one ticket, event by event?"))
if scope is None:
    render.nothing_loaded()
    page.end()
links.to_list(_("Back to the list of tickets"))
ticket_id = widgets.text(_("Ticket"), key="ticket", placeholder=_("Its id"))
if not ticket_id:
    render.nothing_here(_("No ticket chosen"), _("Write its id above, or open one from the page Tickets."))
    page.end()

facts = warehouse.ticket(snapshot, ticket_id)
as_of = warehouse.source_clock(snapshot, facts["source"])
render.say(text.opening(facts, scope.time_zone, as_of=as_of))
runs = step_numbers.runs_of(snapshot, facts["ticket_id"])
step_links.to_runs(facts["ticket_id"], runs, time_zone=scope.time_zone)
clocks = sorted(CATALOG.values(), key=lambda metric: metric.unit != "minutes")
numbers = {_(metric.title): metric.name for metric in clocks if metric.fact != VISITS}
number = widgets.choice(_("Follow a number"), numbers, key="follow")
replay = explanations.replayed(snapshot, number, facts["ticket_id"])
render.say(text.replay(CATALOG[number], replay["value"], replay["left_out"]))
render.table(
    timeline_table(
        warehouse.timeline(snapshot, facts["ticket_id"]),
        replay["moments"],
        number=_(CATALOG[number].title),
        time_zone=scope.time_zone,
    ),
    tall=60,
)
st.caption(words.escaped(_("Times in {zone}. People are not named.", zone=scope.time_zone), 120))
render.definition(CATALOG[number])
