"""Training needs, for trainers: what is learnt with practice, what stays hard, what training would save."""

import streamlit as st

from dashboard import data_training, drawing, narrowing, page
from dashboard.charts.learning_curve import learning_curve
from dashboard.charts.practice_heat import practice_heat
from dashboard.language import _
from dashboard.parts import training_visits
from dashboard.sentences import openings_training
from dashboard.sentences.practice_words import AXES, MEASURES
from dashboard.tables.steps import named_steps
from dashboard.tables.training import curve_table, needs_table
from metrics.steps.counts import KEY

question = _("Which steps are learnt with practice, which stay hard, and what would training save?")
snapshot, scope = page.begin(_("Training needs"), question)
needs = data_training.training_needs(snapshot, scope)
if needs.steps.is_empty():
    drawing.no_steps()
    st.stop()

colours = drawing.current_palette()
drawing.say(openings_training.training_needs(needs.steps))
rows = named_steps(needs.steps)
heat = practice_heat(needs.steps, needs.bands, palette=colours)
training_visits.follow(drawing.chart(heat, key="heat", clickable=True), needs, rows)
name = page.choice(_("A closer look at"), {title: title for title in rows}, key="step")
with st.container(horizontal=True):
    by = page.choice(_("Experience"), {_(title): by for by, title in AXES.items()}, key="by")
    of = page.choice(_("What changes"), {_(title): of for of, title in MEASURES.items()}, key="of")
of_step = narrowing.only(scope, {part: rows[name][part] for part in KEY})
points = data_training.curve(snapshot, of_step, by, of)
drawing.chart(learning_curve(points, step=name, by=by, of=of, palette=colours), key="curve")
drawing.folded_table(curve_table(points, by=by, of=of))
training_visits.show(snapshot, of_step, rows[name], name, needs.bands)
drawing.table(needs_table(needs.steps))
