"""Satisfaction, for managers: how many are content, who answers, what goes along with it, what to read."""

from dashboard.kit import page, render
from dashboard.kit.charts.trend import trend
from dashboard.kit.tables.weeks_table import week_table
from dashboard.kit.tile import tiles
from dashboard.language import _
from dashboard.queries import explanations, manager_numbers, warehouse
from dashboard.views.satisfaction import controls, text
from dashboard.views.satisfaction.tables import driver_table
from metrics.catalog.metrics import CATALOG

snapshot, scope = page.begin(
    _("Satisfaction"), _("Are customers satisfied, and what is satisfaction linked to?")
)
history, palette = warehouse.metric_history(snapshot, controls.KPIS, scope), render.current_palette()
if not history.now["tickets_rated"]["n"]:
    controls.nothing_rated()
render.say(text.opening(history.now["csat"]))
not_known = explanations.reasons_not_known(snapshot, history.now, scope)
render.tiles(tiles(controls.KPIS, history, not_known))
render.say(text.answering(manager_numbers.answering(snapshot, scope)))
controls.who_answers(snapshot, scope)
weeks = history.weeks["csat"]
shaded = (scope.start, scope.end) if scope.start and scope.end else None
render.chart(trend(weeks, metric=CATALOG["csat"], shaded=shaded, palette=palette), key="trend")
if weeks.height:
    render.folded_table(week_table(weeks, metric=CATALOG["csat"]))
drivers = manager_numbers.drivers(snapshot, scope)
level = controls.drivers(drivers, palette)
if drivers.height:
    render.folded_table(driver_table(drivers))
controls.low_ratings(snapshot, scope, level)
render.definition(CATALOG["csat"])
