"""Glossary: what every number and every sign means, from the catalog itself."""

import streamlit as st

from dashboard import data, drawing, page, words
from dashboard.language import _
from dashboard.messages import say
from dashboard.tables.glossary import exclusion_table, sign_table, term_table
from etl.messages import message_of
from metrics.catalog.metrics import CATALOG
from metrics.query.scope import Scope

snapshot, scope = page.begin_beside_the_scope(
    _("Glossary"), _("What does each number mean, and what is left out of it?")
)
terms = {_(metric.title): metric for metric in CATALOG.values() if metric.available}
metric = page.choice(_("Term"), terms, key="term")

st.header(words.escaped(_(metric.title)), anchor=False)
drawing.say(_(metric.question))
st.markdown(words.escaped(_(metric.definition), 4 * drawing.LONGEST))
told = data.explained(snapshot, metric.name, Scope())
clock, date = (say(message_of(told[name])) for name in ("clock", "date"))
clock = _("Clock: {clock}. Falls into a period by {date}.", clock=clock, date=date)
st.markdown(words.escaped(clock, drawing.LONGEST))
if scope is not None:
    drawing.say(words.of_all_data(told["value"], told["n"], metric.unit))
    if told["exclusions"]:
        drawing.table(exclusion_table(told["exclusions"], metric))
drawing.folded_table(term_table(terms.values()))
drawing.folded_table(sign_table())
