"""Compliance, for process designers: which runs left the allowed way or skipped what is required."""

import streamlit as st

from dashboard.kit import page, render
from dashboard.kit.charts.trend import trend
from dashboard.language import _, words
from dashboard.queries import diagnoses
from dashboard.views.compliance import controls, text
from dashboard.views.compliance.tables import breach_table, version_table

snapshot, scope = page.begin(_("Compliance"), _("Do runs keep to what was agreed?"))
conformance = diagnoses.compliance(snapshot, scope)
versions, breaches, runs = (conformance[name] for name in ("versions", "breaches", "runs"))
if not text.is_known(versions):
    render.nothing_here(*text.without_definition(has_runs=versions.height > 0))
    page.end()

render.say(text.opening(versions, breaches))
weeks = text.in_breach(conformance["weeks"])
measure, palette = text.IN_BREACH, render.current_palette()
render.chart(trend(weeks, metric=measure, shaded=text.shaded(scope), palette=palette), key="trend")
st.caption(words.escaped(_(measure.definition), render.LONGEST))
render.table(version_table(versions))
if not breaches.is_empty():
    render.table(breach_table(breaches))
    controls.runs_in_breach(runs, time_zone=scope.time_zone)
