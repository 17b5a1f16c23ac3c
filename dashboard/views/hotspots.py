"""Hotspots, for process designers: the steps that confuse, how sure that is, by which signs, at what cost."""

import streamlit as st

from dashboard import data, drawing, leading, openings, page
from dashboard.charts.step_ranking import step_ranking
from dashboard.charts.step_signs import most_frequent, step_signs
from dashboard.language import _
from dashboard.tables.steps import named_steps, step_table

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
drawing.say(openings.hotspots(steps, most_frequent))
drawing.chart(step_ranking(steps, palette=drawing.current_palette()), key="ranking")
step = page.choice(_("A closer look at"), {name: name for name in rows}, key="step")
drawing.chart(step_signs(rows[step], palette=drawing.current_palette()), key="signs")
leading.to_visits(rows[step], step)
drawing.table(step_table(steps))
