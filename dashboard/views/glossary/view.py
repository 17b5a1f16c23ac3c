"""Glossary: what every number and every sign means, from the catalog itself."""

import streamlit as st

from dashboard.filters import widgets
from dashboard.kit import page, render
from dashboard.language import _, words
from dashboard.language.messages import say
from dashboard.queries import explanations
from dashboard.views.glossary.tables import exclusion_table, sign_table, term_table
from etl.messages import message_of
from metrics.catalog.metrics import CATALOG
from metrics.query.scope import Scope

snapshot, scope = page.begin_beside_the_scope(
    _("Glossary"), _("What does each number mean, and what is left out of it?")
)
terms = {_(metric.title): metric for metric in CATALOG.values()}
metric = widgets.choice(_("Term"), terms, key="term")

st.header(words.escaped(_(metric.title)), anchor=False)
render.say(_(metric.question))
st.markdown(words.escaped(_(metric.definition), 4 * render.LONGEST))
explanation = explanations.explained(snapshot, metric.name, Scope())
clock, date = (say(message_of(explanation[name])) for name in ("clock", "date"))
clock = _("Clock: {clock}. Falls into a period by {date}.", clock=clock, date=date)
st.markdown(words.escaped(clock, render.LONGEST))
if scope is not None:
    render.say(words.of_all_data(explanation["value"], explanation["n"], metric.unit, metric.fact))
    if explanation["exclusions"]:
        render.table(exclusion_table(explanation["exclusions"], metric))
render.folded_table(term_table(terms.values()))
render.folded_table(sign_table())
