"""Hotspots, for process designers: the steps that confuse, how sure that is, by which signs, at what cost."""

import streamlit as st

from dashboard import data, drawing, page, step_links
from dashboard.charts.step_ranking import step_ranking
from dashboard.charts.step_signs import step_signs
from dashboard.language import _
from dashboard.parts import verdict_card
from dashboard.sentences import openings, step_evidence
from dashboard.tables.found_steps import found_tables
from dashboard.tables.steps import found_first, name_of, named_steps, step_table

snapshot, scope = page.begin(_("Hotspots"), _("Which steps confuse, how sure are we, and what does it cost?"))
steps = data.ranked_steps(snapshot, scope)
if steps.is_empty():
    drawing.nothing_here(
        _("No step was visited in this selection"),
        _(
            "Tickets alone say nothing about steps: this page needs the step events of workflow runs "
            "(run_started, entered and so on). Remove a filter or choose a longer period in the sidebar, "
            "or load a file that has them with: stepsight load FILE"
        ),
    )
    st.stop()

rows = named_steps(steps)
drawing.say(openings.hotspots(steps))
drawing.say(step_evidence.control(steps))
clicked = drawing.chart(step_ranking(steps, palette=drawing.current_palette()), key="ranking", clickable=True)
if clicked and (name := name_of(rows, clicked)):
    st.session_state["step"] = name
for found in found_tables(steps, data.settings()):
    drawing.table(found)
step = page.choice(_("A closer look at"), found_first(rows), key="step")
verdict_card.verdict_card(snapshot, scope, rows[step], step)
step_links.to_step(step)
drawing.chart(step_signs(rows[step], palette=drawing.current_palette()), key="signs")
drawing.folded_table(step_table(steps))
