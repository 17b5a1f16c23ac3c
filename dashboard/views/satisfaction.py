"""Satisfaction, for managers: how many are content, who answers, what goes along with it, what to read."""

from dashboard import data, data_managers, drawing, page
from dashboard.charts.trend import trend
from dashboard.language import _
from dashboard.parts import contenting
from dashboard.sentences import openings_managers
from dashboard.tables.satisfaction import driver_table
from dashboard.tables.weeks import week_table
from metrics.catalog.metrics import CATALOG

snapshot, scope = page.begin(_("Satisfaction"), _("Are customers content, and what goes along with it?"))
told, palette = data.told(snapshot, contenting.KPIS, scope), drawing.current_palette()
if not told.now["tickets_rated"]["n"]:
    contenting.nothing_rated()
drawing.say(openings_managers.content(told.now["csat"]))
drawing.tiles(contenting.tiles(told))
drawing.say(openings_managers.answering(data_managers.answering(snapshot, scope)))
contenting.who_answers(snapshot, scope)
weeks = told.weeks["csat"]
shaded = (scope.start, scope.end) if scope.start and scope.end else None
drawing.chart(trend(weeks, metric=CATALOG["csat"], shaded=shaded, palette=palette), key="trend")
if weeks.height:
    drawing.folded_table(week_table(weeks, metric=CATALOG["csat"]))
drivers = contenting.without_small_teams(snapshot, scope, data_managers.drivers(snapshot, scope))
level = contenting.drivers(drivers, palette)
if drivers.height:
    drawing.folded_table(driver_table(drivers))
contenting.low_ratings(snapshot, scope, level)
drawing.definition(CATALOG["csat"])
