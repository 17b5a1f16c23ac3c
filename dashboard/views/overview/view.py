"""Overview, for managers: each KPI with its change and its last weeks, then one of them week by week."""

from dashboard.filters import scope_words, widgets
from dashboard.kit import page, render
from dashboard.kit.charts.trend import trend
from dashboard.kit.tables.weeks_table import week_table
from dashboard.kit.tile import tiles
from dashboard.language import _, words
from dashboard.queries import explanations, warehouse
from dashboard.views.overview import opening, what_changed
from metrics.catalog.metrics import CATALOG, page_list

KPIS = page_list("overview")

snapshot, scope = page.begin(_("Overview"), _("How are we doing, and what changed?"))
history = warehouse.metric_history(snapshot, KPIS, scope)
now, before, weeks = history

ends_at = scope_words.end_of_data(scope, warehouse.newest_event(snapshot))
render.say(opening.opening(now, before, words.before(scope.start, scope.end), ends_at=ends_at))
not_known = explanations.reasons_not_known(snapshot, history.now, scope)
render.tiles(tiles(KPIS, history, not_known))
what_changed.sentences(snapshot, scope, history)
measures = {_(CATALOG[name].title): name for name in KPIS if name not in not_known}
kpi = widgets.choice(_("Week by week"), measures, key="kpi")
shaded, palette = (scope.start, scope.end) if scope.start and scope.end else None, render.current_palette()
render.chart(trend(weeks[kpi], metric=CATALOG[kpi], shaded=shaded, palette=palette), key="trend")
if weeks[kpi].height:
    render.folded_table(week_table(weeks[kpi], metric=CATALOG[kpi]))
what_changed.picture(snapshot, scope, kpi, palette)
render.definition(CATALOG[kpi])
