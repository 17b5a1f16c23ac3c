"""Ticket: one ticket to the event, and which events started and stopped each clock."""

import streamlit as st

from dashboard import data, data_steps, drawing, leading, page, step_links, words
from dashboard.language import _
from dashboard.sentences import openings
from dashboard.tables.timeline import timeline_table
from metrics.catalog.dimensions import VISITS
from metrics.catalog.metrics import CATALOG

snapshot, scope = page.begin_beside_the_scope(_("Ticket"), _("What happened in one ticket, event by event?"))
if scope is None:
    drawing.nothing_loaded()
    st.stop()
leading.to_list(_("Back to the list of tickets"))
asked = page.text(_("Ticket"), key="ticket", placeholder=_("Its id"))
if not asked:
    drawing.nothing_here(_("No ticket chosen"), _("Write its id above, or open one from the page Tickets."))
    st.stop()

facts = data.ticket(snapshot, asked)
drawing.say(openings.ticket(facts, scope.time_zone))
runs = data_steps.runs_of(snapshot, facts["ticket_id"])
step_links.to_runs(facts["ticket_id"], runs, time_zone=scope.time_zone)
clocks = sorted(CATALOG.values(), key=lambda metric: metric.unit != "minutes")
numbers = {_(metric.title): metric.name for metric in clocks if metric.available and metric.fact != VISITS}
number = page.choice(_("Follow a number"), numbers, key="follow")
told = data.replayed(snapshot, number, facts["ticket_id"])
drawing.say(openings.replay(CATALOG[number], told["value"]))
drawing.table(
    timeline_table(
        data.timeline(snapshot, facts["ticket_id"]),
        told["moments"],
        number=_(CATALOG[number].title),
        time_zone=scope.time_zone,
    ),
    tall=60,
)
st.caption(words.escaped(_("Times in {zone}. People are not named.", zone=scope.time_zone), 120))
drawing.definition(CATALOG[number])
