"""Run: one run of a workflow to the event, its signs, its moves off the path, the clocks it touched."""

import streamlit as st

from dashboard import data_steps, drawing, page, step_links, words
from dashboard.charts.run_course import run_course
from dashboard.language import _
from dashboard.sentences import openings_steps
from dashboard.tables.run import event_list, run_choices, visit_list

snapshot, scope = page.begin_beside_the_scope(
    _("Run"), _("What happened in one run of a workflow, event by event?")
)
if scope is None:
    drawing.nothing_loaded()
    st.stop()
ticket = page.text(_("Ticket"), key="ticket", placeholder=_("Its id"))
if not ticket:
    drawing.nothing_here(
        _("No run chosen"),
        _("Write the id of its ticket above, or open a run from the pages Step, Tickets or Ticket."),
    )
    st.stop()
runs = data_steps.runs_of(snapshot, ticket)
if runs.is_empty():
    drawing.nothing_here(
        _("No run of this ticket"),
        _("No ticket of this id has a run of a workflow in this data. Check the id, or open its ticket."),
    )
    st.stop()

zone = scope.time_zone
choices = run_choices(runs, time_zone=zone)
run = data_steps.run(snapshot, ticket, page.one_of(_("Run"), choices, key="run"))
drawing.say(openings_steps.run(run["facts"], run["visits"], zone))
step_links.to_ticket(ticket)
drawing.chart(run_course(run["visits"], palette=drawing.current_palette()), key="course")
drawing.table(visit_list(run["visits"], time_zone=zone), tall=40)
drawing.table(event_list(run["events"], time_zone=zone), tall=80)
st.caption(words.escaped(_("Times in {zone}. People are not named.", zone=zone)))
