"""Step, for process designers: all about one step of one workflow version, down to its runs."""

import streamlit as st

from dashboard import data, data_steps, drawing, narrowing, page
from dashboard.language import _
from dashboard.parts import step_sections, verdict_card
from dashboard.sentences import openings_steps
from dashboard.step_links import to_map
from dashboard.tables.moves import time_table
from dashboard.tables.steps import found_first, named_steps

snapshot, scope = page.begin(_("Step"), _("What goes wrong at one step, for whom, and why?"))
steps = data.ranked_steps(snapshot, scope)
if steps.is_empty():
    drawing.nothing_here(
        _("No step was visited in this selection"),
        _(
            "This page needs the step events of workflow runs (run_started, entered and so on). Remove a "
            "filter or choose a longer period in the sidebar, or load a file that has them with: "
            "stepsight load FILE"
        ),
    )
    st.stop()

rows = named_steps(steps)
name = page.choice(_("Step"), found_first(rows), key="step")
step = rows[name]
version = narrowing.only(scope, {key: step[key] for key in ("workflow", "version")})
here = narrowing.only(version, {"step": step["step"]})
times = data_steps.times(snapshot, version)
drawing.say(openings_steps.step(step, times))
to_map(step_sections.version_title(step))
verdict_card.verdict_card(snapshot, scope, step, name)
step_sections.signs(snapshot, here, step)
step_sections.ways(snapshot, version, step)
step_sections.causes(snapshot, here)
step_sections.affected(snapshot, here, step)
drawing.table(time_table(times, step=step["step"]))
step_sections.examples(snapshot, here)
