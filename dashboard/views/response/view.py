"""Response and resolution, for managers: how long it takes, who still waits, and who waits longest."""

from dashboard.kit import page, render, targets
from dashboard.language import _
from dashboard.language.messages import say
from dashboard.queries import explanations, manager_numbers, warehouse
from dashboard.views.response import controls, text
from dashboard.views.response.group_times import group_times
from dashboard.views.response.survival_curve import survival_curve
from dashboard.views.response.tables import band_table, waiting_table
from dashboard.views.response.waiting_times import waiting_times
from metrics.catalog.metrics import CATALOG

snapshot, everything = page.begin(_("Response & resolution"), _("How long do customers wait, and for what?"))
selection = controls.selection(snapshot, everything)
choice, by, group, scope = selection.choice, selection.by, selection.group, selection.scope
metric, settings = CATALOG[choice.metric], warehouse.settings()
if because := explanations.not_known_because(snapshot, choice.metric, everything):
    render.nothing_here(_("{number}: not known", number=_(metric.title)), say(because))
    render.definition(metric)
    page.end()
half, most = controls.at_percentiles(snapshot, scope, choice)
waits = manager_numbers.waiting_median(snapshot, choice.metric, scope)
render.say(text.opening(metric, group, half, waits))

title = f"{_(metric.title)}, {group}" if group else _(metric.title)
palette, lines = render.current_palette(), targets.target_lines(settings, choice, scope, by, group)
bands = controls.bands(snapshot, scope, choice)
bars = waiting_times(bands, title=title, median=half, most=most, targets=lines, palette=palette)
clicked = render.chart(bars, key="bands", clickable=True)
controls.to_band(bands, choice, clicked, by, group)
if bars.figure:
    render.folded_table(band_table(bands, metric=metric))
curve = manager_numbers.waiting_curve(snapshot, choice.metric, scope)
others = manager_numbers.waiting_curve(snapshot, choice.metric, everything) if group else None
steps = survival_curve(curve, others, title=title, overall=waits, targets=lines, palette=palette)
render.chart(steps, key="curve")
all_together = controls.at_percentiles(snapshot, everything, choice)[0]
render.chart(
    group_times(selection.groups, metric=metric, overall=all_together, dimension=by, palette=palette),
    key="groups",
)
controls.to_group(selection.groups, choice, by, group)
render.table(waiting_table(selection.groups, metric=metric, dimension=by))
targets.beside(settings, choice.measure)
render.definition(metric)
