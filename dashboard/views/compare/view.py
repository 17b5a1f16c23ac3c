"""Compare: two periods, teams, channels, reasons or workflow versions, number by number."""

from dashboard.kit import page, render, targets
from dashboard.language import _
from dashboard.queries import manager_numbers
from dashboard.queries.warehouse import settings
from dashboard.views.compare import controls, text
from dashboard.views.compare.charts import compared_numbers
from dashboard.views.compare.tables import compared_table

snapshot, scope = page.begin(_("Compare"), _("How do two sides differ, and how sure is that?"))
sides = controls.sides(snapshot, scope)
if sides is None:
    page.end()
now, before = sides.now, sides.before
rows = manager_numbers.compared(snapshot, sides.metrics, now.scope, before.scope)
render.say(text.opening(rows, now.name, before.name))
picture = compared_numbers(rows, now=now.name, before=before.name, palette=render.current_palette())
render.chart(picture, key="compared")
render.table(compared_table(rows, now=now.name, before=before.name))
controls.to_records(sides, rows)
targets.beside(settings())
