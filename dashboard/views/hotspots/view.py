"""Hotspots, for process designers: the steps that confuse, how sure that is, by which signs, at what cost."""

import streamlit as st

from dashboard import state
from dashboard.filters import step_links, widgets
from dashboard.filters.step_names import hotspots_first, name_of, named_steps
from dashboard.kit import page, render
from dashboard.kit.steps import diagnosis_card, step_evidence
from dashboard.kit.steps.states_table import states_table
from dashboard.kit.steps.step_ranking import step_ranking
from dashboard.kit.steps.step_signs import step_signs
from dashboard.kit.steps.steps_table import step_table
from dashboard.language import _
from dashboard.queries import step_numbers, warehouse
from dashboard.views.hotspots import text
from dashboard.views.hotspots.tables import finding_tables

snapshot, scope = page.begin(_("Hotspots"), _("Which steps confuse, how sure are we, and what does it cost?"))
steps = warehouse.ranked_steps(snapshot, scope)
if steps.is_empty():
    render.nothing_here(
        _("No step was visited in this selection"),
        _(
            "Tickets alone say nothing about steps. This page needs the step events of workflow "
            "runs (run_started, entered and so on). Remove a filter or choose a longer period in "
            "the sidebar. Or load a file that has them: stepsight load FILE"
        ),
    )
    page.end()

states = step_numbers.states(snapshot, scope)
guided = step_numbers.guided(steps)
render.say(step_evidence.basis(steps, warehouse.settings().hotspots))
if states.height:
    render.table(states_table(states))
if guided.is_empty():
    page.end()

steps = guided
rows = named_steps(steps)
render.say(text.opening(steps))
render.say(step_evidence.control(steps))
clicked = render.chart(step_ranking(steps, palette=render.current_palette()), key="ranking", clickable=True)
if clicked and (name := name_of(rows, clicked)):
    st.session_state[state.STEP] = name
for table in finding_tables(steps, warehouse.settings()):
    render.table(table)
step = widgets.choice(_("Step in detail"), hotspots_first(rows), key=state.STEP)
diagnosis_card.diagnosis_card(snapshot, scope, rows[step], step)
step_links.to_step(step)
render.chart(step_signs(rows[step], palette=render.current_palette()), key="signs")
render.folded_table(step_table(steps))
