"""Compliance, for process designers: which runs left the allowed way or skipped what is required."""

import streamlit as st

from dashboard import data_verdicts, drawing, leading, page, words
from dashboard.charts.trend import trend
from dashboard.exporting.exports import MOST
from dashboard.language import _
from dashboard.sentences import compliance_words
from dashboard.tables.compliance import breach_table, run_table, version_table

snapshot, scope = page.begin(_("Compliance"), _("Do runs keep to what was agreed?"))
found = data_verdicts.compliance(snapshot, scope)
versions, breaches, runs = (found[name] for name in ("versions", "breaches", "runs"))
if versions["conforming"].null_count() == versions.height:
    drawing.nothing_here(*compliance_words.not_known(has_runs=versions.height > 0))
    st.stop()

drawing.say(compliance_words.opening(versions, breaches))
weeks = compliance_words.in_breach(found["weeks"])
measure, palette = compliance_words.IN_BREACH, drawing.current_palette()
drawing.chart(
    trend(weeks, metric=measure, shaded=compliance_words.shaded(scope), palette=palette), key="trend"
)
st.caption(words.escaped(_(measure.definition), drawing.LONGEST))
drawing.table(version_table(versions))
if breaches.is_empty():
    st.stop()
drawing.table(breach_table(breaches))
st.header(_("Runs in breach, the newest first"), anchor=False)
kind = page.choice(_("Runs with"), compliance_words.kinds(runs), key="breach")
chosen = runs.filter(breach=kind) if kind else runs
first = page.part_of(chosen.height)
shown = chosen.slice(first, page.PER_PAGE)
said = {"first": words.count(first + 1), "last": words.count(first + shown.height)}
st.caption(_("{first} to {last} of {n}", n=words.count(chosen.height), **said))
whole = run_table(chosen.head(MOST), time_zone=scope.time_zone)
row = drawing.page_of(run_table(shown, time_zone=scope.time_zone), key="open", whole=lambda: whole)
if row is not None:
    leading.open_ticket(shown["ticket_id"][row], shown["run_id"][row])
