"""Service level and backlog, for managers: attained, breached, about to breach, and everything still open."""

import streamlit as st

from dashboard import data, data_managers, drawing, page
from dashboard.charts.in_and_out import in_and_out
from dashboard.charts.open_ages import open_ages
from dashboard.charts.open_over_time import open_over_time
from dashboard.charts.within_target import within_target
from dashboard.language import _
from dashboard.parts import promises, serving
from dashboard.sentences import openings_managers
from dashboard.tables.service_levels import age_table, level_table
from metrics.catalog.metrics import CATALOG

snapshot, scope = page.begin(_("Service level & backlog"), _("Do we keep what we promise, and what waits?"))
settings, palette, whole = data.settings(), drawing.current_palette(), data_managers.whole_time(scope)
within = serving.hours() if settings.targets else 0
soon = data_managers.about_to_breach(snapshot, within, whole)
ages, tickets = data_managers.ages(snapshot, whole), data_managers.open_tickets(snapshot, whole)
told = data.told(snapshot, (*serving.LEVELS, *serving.FLOW), scope)
rates = {name: told.now[name] for name in serving.LEVELS}
drawing.say(openings_managers.service(rates, soon.height, within, tickets.height))
drawing.tiles(serving.tiles(told, promised=bool(settings.targets)))
if settings.targets:
    serving.breaches(soon, scope.time_zone)
    with st.container(horizontal=True):
        measure, by = serving.measure(), serving.split()
    metric, overall = CATALOG[f"{measure}_sla_rate"], rates[f"{measure}_sla_rate"]["low"]
    rows = serving.levels(snapshot, scope, measure, by, soon)
    drawing.chart(
        within_target(rows, metric=metric, whole_low=overall, dimension=by, palette=palette), "levels"
    )
    serving.to_targets(measure, snapshot, scope)
    drawing.table(level_table(rows, metric=metric, dimension=by))
else:
    promises.without_targets()
drawing.chart(open_over_time(data_managers.backlog_over_time(snapshot, scope), palette=palette), key="open")
drawing.chart(in_and_out(*(told.weeks[name] for name in serving.FLOW), palette=palette), key="flow")
band = serving.ages(open_ages(ages, palette=palette), ages)
drawing.folded_table(age_table(ages))
serving.unresolved(tickets, band, scope.time_zone)
promises.beside(settings)
