"""Compare: two periods, teams, channels, reasons or workflow versions, number by number."""

import streamlit as st

from dashboard import data_managers, drawing, page
from dashboard.charts.compared_numbers import compared_numbers
from dashboard.data import settings
from dashboard.language import _
from dashboard.parts import comparing, promises
from dashboard.sentences import openings_managers
from dashboard.tables.compared_numbers import compared_table
from metrics.tickets.comparison import described

snapshot, scope = page.begin(_("Compare"), _("How do two sides differ, and is it more than chance?"))
sides = comparing.sides(snapshot, scope)
if sides is None:
    st.stop()
now, before = sides.now, sides.before
rows = data_managers.compared(snapshot, sides.metrics, now.scope, before.scope)
drawing.say(openings_managers.compared(rows, now.name, before.name))
picture = compared_numbers(rows, now=now.name, before=before.name, palette=drawing.current_palette())
drawing.chart(picture, key="compared")
drawing.table(compared_table(rows, now=now.name, before=before.name))
counts = {name: (n, was) for name, n, was in rows.select("metric", "n", "n_before").iter_rows()}
comparing.to_records(sides, counts, {name: _(described(name).title) for name in counts})
promises.beside(settings())
