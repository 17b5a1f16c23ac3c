"""Service level and backlog, for managers: attained, breached, about to breach, and everything still open."""

import streamlit as st

from dashboard.kit import doubt, page, render, targets
from dashboard.kit.tile import tiles
from dashboard.language import _
from dashboard.queries import explanations, manager_numbers, warehouse
from dashboard.views.service_level import controls, text
from dashboard.views.service_level.in_and_out import in_and_out
from dashboard.views.service_level.open_ages import is_backlog_known, open_ages
from dashboard.views.service_level.open_over_time import open_over_time
from dashboard.views.service_level.tables import age_table, level_table
from dashboard.views.service_level.within_target import within_target
from metrics.catalog.metrics import CATALOG

snapshot, scope = page.begin(_("Service level & backlog"), _("Do we keep what we promise, and what waits?"))
doubt.age_of_data(warehouse.old_sources(snapshot, scope), scope.time_zone)
settings, palette = warehouse.settings(), render.current_palette()
all_time = manager_numbers.over_all_data(scope)
within = controls.hours() if settings.targets else 0
soon = manager_numbers.about_to_breach(snapshot, within, all_time)
ages, tickets = manager_numbers.ages(snapshot, all_time), manager_numbers.open_tickets(snapshot, all_time)
history = warehouse.metric_history(snapshot, (*controls.LEVELS, *controls.FLOW), scope)
rates = {name: history.now[name] for name in controls.LEVELS}
still_open = tickets.height if is_backlog_known(ages) else None
render.say(text.opening(rates, soon.height, within, still_open))
not_known = explanations.reasons_not_known(snapshot, history.now, scope)
render.tiles(tiles(controls.kpis(has_targets=bool(settings.targets)), history, not_known))
if settings.targets:
    controls.breaches(soon, manager_numbers.paused_targets(snapshot, all_time), scope.time_zone)
    with st.container(horizontal=True):
        measure, by = controls.measure(), controls.split(snapshot)
    metric, overall = CATALOG[f"{measure}_sla_rate"], rates[f"{measure}_sla_rate"]["low"]
    rows = controls.levels(snapshot, scope, measure, by, soon)
    render.chart(
        within_target(rows, metric=metric, axis_low=overall, dimension=by, palette=palette), "levels"
    )
    controls.to_targets(measure, snapshot, scope)
    render.table(level_table(rows, metric=metric, dimension=by))
else:
    targets.without_targets()
render.chart(open_over_time(manager_numbers.backlog_over_time(snapshot, scope), palette=palette), key="open")
render.chart(in_and_out(*(history.weeks[name] for name in controls.FLOW), palette=palette), key="flow")
band = controls.ages(open_ages(ages, palette=palette), ages)
render.folded_table(age_table(ages))
if still_open is not None:
    controls.unresolved(tickets, band, scope.time_zone)
targets.beside(settings)
