"""Response and resolution, for managers: how long it takes, who still waits, and who waits longest."""

from dashboard import data, data_managers, drawing, page
from dashboard.charts.group_times import group_times
from dashboard.charts.still_waiting import still_waiting
from dashboard.charts.waiting_times import waiting_times
from dashboard.language import _
from dashboard.parts import promises, responding
from dashboard.sentences import openings_managers
from dashboard.tables.waiting import band_table, waiting_table
from metrics.catalog.metrics import CATALOG

snapshot, everything = page.begin(_("Response & resolution"), _("How long do customers wait, and for what?"))
asked = responding.asked(snapshot, everything)
chosen, by, group, scope = asked.chosen, asked.by, asked.group, asked.scope
metric, settings = CATALOG[chosen.metric], data.settings()
half, most = responding.at_percentiles(snapshot, scope, chosen)
waits = data_managers.waiting_medians(snapshot, chosen.metric, "", scope).row(0, named=True)
drawing.say(openings_managers.response(metric, group, half, waits))

title = f"{_(metric.title)}, {group}" if group else _(metric.title)
palette, targets = drawing.current_palette(), promises.drawn(settings, chosen, scope, by, group)
bands = responding.bands(snapshot, scope, chosen)
bars = waiting_times(bands, title=title, median=half, most=most, targets=targets, palette=palette)
clicked = drawing.chart(bars, key="bands", clickable=True)
responding.to_band(bands, chosen, clicked, by, group)
if bars.figure:
    drawing.folded_table(band_table(bands, metric=metric))
curve = data_managers.waiting_curve(snapshot, chosen.metric, scope)
others = data_managers.waiting_curve(snapshot, chosen.metric, everything) if group else None
steps = still_waiting(curve, others, title=title, whole=waits, targets=targets, palette=palette)
drawing.chart(steps, key="curve")
all_together = responding.at_percentiles(snapshot, everything, chosen)[0]
drawing.chart(
    group_times(asked.groups, metric=metric, whole=all_together, dimension=by, palette=palette), key="groups"
)
responding.to_group(asked.groups, chosen, by, group)
drawing.table(waiting_table(asked.groups, metric=metric, dimension=by))
promises.beside(settings, chosen.measure)
drawing.definition(metric)
