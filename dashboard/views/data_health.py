"""Data health: what was loaded, what was rejected and why, how fresh it is, and what looks suspicious."""

import streamlit as st

from dashboard import data, drawing, page, words
from dashboard.language import _
from dashboard.sentences import openings
from dashboard.tables.health import check_table, load_table, rejected_table

snapshot, scope = page.begin_beside_the_scope(
    _("Data health"), _("Can the numbers be trusted, and how fresh are they?")
)
loads = data.loads(snapshot)
if scope is None and loads.is_empty():
    drawing.nothing_loaded()
    st.stop()

zone = data.settings().time_zone
findings = data.findings(snapshot)
drawing.say(openings.freshness(loads, data.newest_event(snapshot), zone))
drawing.say(openings.health(findings))
for finding in findings:
    drawing.finding(finding)
if findings:
    drawing.folded_table(check_table(findings))
rejected = data.rejected(snapshot)
if rejected.height:
    drawing.table(rejected_table(rejected))
    command = "`stepsight rejected --export rejected.xlsx`"
    st.caption(f"{words.escaped(_('To see and mend these rows:'))} {command}")
drawing.table(load_table(loads, time_zone=zone))
