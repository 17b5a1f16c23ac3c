"""Data health: what was loaded, what was rejected and why, how fresh it is, and what looks suspicious."""

import streamlit as st

from dashboard.kit import page, render
from dashboard.language import _, words
from dashboard.queries import warehouse
from dashboard.views.data_health import text
from dashboard.views.data_health.tables import check_table, load_table, rejected_table

snapshot, scope = page.begin_beside_the_scope(
    _("Data health"), _("Can the numbers be trusted, and how fresh are they?"), has_numbers=False
)
loads = warehouse.loads(snapshot)
if scope is None and loads.is_empty():
    render.nothing_loaded()
    page.end()

zone = warehouse.settings().time_zone
findings = warehouse.findings(snapshot)
render.say(text.freshness(loads, warehouse.newest_event(snapshot), zone))
render.say(text.opening(findings))
if scope is not None and not warehouse.has_agents(snapshot):
    render.say(_("No agents are recorded, so that there is nobody to protect: groups of any size are shown."))
for finding in findings:
    render.finding(finding)
if findings:
    render.folded_table(check_table(findings))
rejected = warehouse.rejected(snapshot)
if rejected.height:
    render.table(rejected_table(rejected))
    command = "`stepsight rejected --export rejected.xlsx`"
    st.caption(f"{words.escaped(_('To see and mend these rows:'))} {command}")
render.table(load_table(loads, time_zone=zone))
