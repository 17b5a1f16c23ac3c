"""Run: one run of a workflow to the event, its signs, its moves off the path, the clocks it touched."""

import streamlit as st

from dashboard.filters import step_links, widgets
from dashboard.kit import page, render
from dashboard.language import _, words
from dashboard.queries import step_numbers, warehouse
from dashboard.views.run import text
from dashboard.views.run.charts import run_course
from dashboard.views.run.tables import event_list, run_choices, visit_list

snapshot, scope = page.begin_beside_the_scope(
    _("Run"), _("What happened in one run of a workflow, event by event?")
)
if scope is None:
    render.nothing_loaded()
    page.end()
ticket = widgets.text(_("Ticket"), key="ticket", placeholder=_("Its id"))
if not ticket:
    render.nothing_here(
        _("No run chosen"),
        _("Write the id of its ticket above, or open a run from the pages Step, Tickets or Ticket."),
    )
    page.end()
ticket = warehouse.whole_ticket_id(snapshot, ticket)
runs = step_numbers.runs_of(snapshot, ticket)
if runs.is_empty():
    render.nothing_here(
        _("No run of this ticket"),
        _("No ticket of this id has a run of a workflow in this data. Check the id, or open its ticket."),
    )
    page.end()

zone = scope.time_zone
choices = run_choices(runs, time_zone=zone)
run = step_numbers.run(snapshot, ticket, widgets.one_of(_("Run"), choices, key="run"))
render.say(text.opening(run["facts"], run["visits"], zone))
step_links.to_ticket(ticket)
render.chart(run_course(run["visits"], palette=render.current_palette()), key="course")
render.table(visit_list(run["visits"], time_zone=zone), tall=40)
render.table(event_list(run["events"], time_zone=zone), tall=80)
st.caption(words.escaped(_("Times in {zone}. People are not named.", zone=zone)))
