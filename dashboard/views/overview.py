"""Overview, for managers: each KPI with its change and its last weeks, then one of them week by week."""

from dashboard import data, drawing, page, words
from dashboard.charts.tile import tile
from dashboard.charts.trend import trend
from dashboard.language import _
from dashboard.parts import changing
from dashboard.sentences import openings
from dashboard.tables.weeks import week_table
from metrics.catalog.metrics import CATALOG

KPIS = (
    "tickets_opened",
    "first_response_minutes",
    "resolution_minutes",
    "csat",
    "tickets_solved",
    "reopen_rate",
    "repeat_contact_rate",
    "confusion_rate",
)

snapshot, scope = page.begin(_("Overview"), _("How are we doing, and what changed?"))
now, before, weeks = data.told(snapshot, KPIS, scope)

drawing.say(openings.overview(now, before, words.before(scope.start, scope.end)))
drawing.tiles(
    tile(CATALOG[name], now=now.get(name), before=before.get(name), weeks=weeks[name]["value"].to_list())
    for name in KPIS
)
changing.sentences(snapshot, scope, now, before)
kpi = page.choice(_("Week by week"), {_(CATALOG[name].title): name for name in KPIS}, key="kpi")
shaded, palette = (scope.start, scope.end) if scope.start and scope.end else None, drawing.current_palette()
drawing.chart(trend(weeks[kpi], metric=CATALOG[kpi], shaded=shaded, palette=palette), key="trend")
if weeks[kpi].height:
    drawing.folded_table(week_table(weeks[kpi], metric=CATALOG[kpi]))
changing.picture(snapshot, scope, kpi, palette)
drawing.definition(CATALOG[kpi])
