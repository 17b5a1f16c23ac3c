"""Process map, for process designers: a workflow version as a graph, where it confuses and how runs move."""

import streamlit as st

from dashboard.filters import navigation, step_links, step_names, widgets
from dashboard.kit import page, render
from dashboard.kit.steps import step_evidence
from dashboard.kit.tables.move_table import move_table
from dashboard.language import _, words
from dashboard.queries import warehouse
from dashboard.views.process_map import controls, text
from dashboard.views.process_map.charts import WIDTH
from dashboard.views.process_map.tables import variant_table

snapshot, scope = page.begin(
    _("Process map"), _("How do runs move through a workflow, and where do they falter?")
)
steps = warehouse.ranked_steps(snapshot, scope)
if steps.is_empty():
    render.nothing_here(
        _("No step was visited in this selection"),
        _(
            "A map is drawn from the step events of workflow runs (run_started, entered and so "
            "on). Remove a filter or choose a longer period in the sidebar. Or load a file that "
            "has them: stepsight load FILE"
        ),
    )
    page.end()

version = widgets.choice(_("Workflow, version"), step_names.version_titles(steps), key="version")
process = controls.read(snapshot, scope, version)
render.say(text.opening(process.moves), *step_evidence.logs_of_states(process.steps))
if not process.defined:
    st.caption(words.escaped(controls.undefined(), render.LONGEST))
options = controls.map_options()
chart = controls.chart(process, options, palette=render.current_palette())
clicked = render.chart(chart, key="map", clickable=True, widest=WIDTH)
if clicked and (name := controls.name_of(clicked, process)):
    navigation.open_page(step_links.STEP, step=name)
st.caption(words.escaped(controls.coverage(process, options), render.LONGEST))
step = widgets.choice(_("A step of this map"), controls.names(process), key="of")
step_links.to_step(step)
if process.variants.height:
    render.table(variant_table(process.variants, process.titles))
render.folded_table(move_table(process.moves, process.titles))
