"""Training needs, for trainers: what is learnt with practice, what stays hard, what training would save."""

import streamlit as st

from dashboard.filters import record_filters, widgets
from dashboard.filters.step_names import named_steps
from dashboard.kit import page, render
from dashboard.kit.steps.practice_words import AXES, MEASURES
from dashboard.language import _
from dashboard.views.training_needs import controls, queries, text
from dashboard.views.training_needs.learning_curve import learning_curve
from dashboard.views.training_needs.practice_heat_map import practice_heat
from dashboard.views.training_needs.tables import curve_table, needs_table
from metrics.steps.counts import KEY

question = _("Which steps are learnt with practice, which stay hard, and what would training save?")
snapshot, scope = page.begin(_("Training needs"), question)
needs = queries.training_needs(snapshot, scope)
states_note = queries.states_note(snapshot, scope)
render.say(states_note)
if needs.steps.is_empty():
    if not states_note:
        render.no_steps()
    page.end()

colours = render.current_palette()
render.say(text.training_needs(needs.steps))
rows = named_steps(needs.steps)
heat = practice_heat(needs.steps, needs.bands, palette=colours)
controls.follow(render.chart(heat, key="heat", clickable=True), needs, rows)
name = widgets.choice(_("Step in detail"), {title: title for title in rows}, key="step")
with st.container(horizontal=True):
    by = widgets.choice(_("Experience"), {_(title): by for by, title in AXES.items()}, key="by")
    of = widgets.choice(_("What changes"), {_(title): of for of, title in MEASURES.items()}, key="of")
of_step = record_filters.only(scope, {part: rows[name][part] for part in KEY})
points = queries.curve(snapshot, of_step, by, of)
render.chart(learning_curve(points, step=name, by=by, of=of, palette=colours), key="curve")
render.folded_table(curve_table(points, by=by, of=of))
controls.show(snapshot, of_step, rows[name], name, needs.bands)
render.table(needs_table(needs.steps))
