"""Process map, for process designers: a workflow version as a graph, where it confuses and how runs move."""

import streamlit as st

from dashboard import data, drawing, going, page, step_links, words
from dashboard.charts.process_map import WIDTH
from dashboard.language import _
from dashboard.parts import mapping
from dashboard.sentences import openings_steps
from dashboard.tables.moves import move_table, variant_table

snapshot, scope = page.begin(
    _("Process map"), _("How do runs move through a workflow, and where do they falter?")
)
steps = data.ranked_steps(snapshot, scope)
if steps.is_empty():
    drawing.nothing_here(
        _("No step was visited in this selection"),
        _(
            "A map is drawn from the step events of workflow runs (run_started, entered and so on). Remove a "
            "filter or choose a longer period in the sidebar, or load a file that has them with: "
            "stepsight load FILE"
        ),
    )
    st.stop()

version = page.choice(_("Workflow, version"), mapping.versions(steps), key="version")
found = mapping.read(snapshot, scope, version)
drawing.say(openings_steps.process_map(found.moves))
if not found.defined:
    st.caption(words.escaped(mapping.undefined(), drawing.LONGEST))
looks = mapping.looks()
chart = mapping.chart(found, looks, palette=drawing.current_palette())
clicked = drawing.chart(chart, key="map", clickable=True, widest=WIDTH)
if clicked and (name := mapping.name_of(clicked, found)):
    going.go(step_links.STEP, step=name)
st.caption(words.escaped(mapping.shown(found, looks), drawing.LONGEST))
chosen = page.choice(_("A step of this map"), mapping.names(found), key="of")
step_links.to_step(chosen)
if found.variants.height:
    drawing.table(variant_table(found.variants, found.titles))
drawing.folded_table(move_table(found.moves, found.titles))
