"""Compliance, for process designers: which runs left the allowed way or skipped what is required."""

import streamlit as st

from dashboard.filters import links, widgets
from dashboard.kit import page, render
from dashboard.kit.table_exports import MOST
from dashboard.kit.trend import trend
from dashboard.language import _, words
from dashboard.queries import diagnoses
from dashboard.views.compliance import text
from dashboard.views.compliance.tables import breach_table, run_table, version_table

snapshot, scope = page.begin(_("Compliance"), _("Do runs keep to what was agreed?"))
found = diagnoses.compliance(snapshot, scope)
versions, breaches, runs = (found[name] for name in ("versions", "breaches", "runs"))
if versions["conforming"].null_count() == versions.height:
    render.nothing_here(*text.not_known(has_runs=versions.height > 0))
    st.stop()

render.say(text.opening(versions, breaches))
weeks = text.in_breach(found["weeks"])
measure, palette = text.IN_BREACH, render.current_palette()
render.chart(trend(weeks, metric=measure, shaded=text.shaded(scope), palette=palette), key="trend")
st.caption(words.escaped(_(measure.definition), render.LONGEST))
render.table(version_table(versions))
if breaches.is_empty():
    st.stop()
render.table(breach_table(breaches))
st.header(_("Runs in breach, the newest first"), anchor=False)
kind = widgets.choice(_("Runs with"), text.kinds(runs), key="breach")
chosen = runs.filter(breach=kind) if kind else runs
first = widgets.part_of(chosen.height)
shown = chosen.slice(first, widgets.PER_PAGE)
said = {"first": words.count(first + 1), "last": words.count(first + shown.height)}
st.caption(_("{first} to {last} of {n}", n=words.count(chosen.height), **said))
whole = run_table(chosen.head(MOST), time_zone=scope.time_zone)
row = render.page_of(run_table(shown, time_zone=scope.time_zone), key="open", whole=lambda: whole)
if row is not None:
    links.open_ticket(shown["ticket_id"][row], shown["run_id"][row])
