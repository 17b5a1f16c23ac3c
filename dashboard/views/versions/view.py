"""Versions, for process designers: did a new version help, how sure is that, and what did it change?"""

import streamlit as st

from dashboard.filters import widgets
from dashboard.kit import page, render
from dashboard.language import _, words
from dashboard.queries import diagnoses
from dashboard.views.versions import links, text
from dashboard.views.versions.charts import version_steps
from dashboard.views.versions.tables import changes_table, decided_first, verdict_table

snapshot, scope = page.begin(_("Versions"), _("Did the new version of a workflow help?"))
scope = diagnoses.over_all_data(scope)
releases = diagnoses.version_summary(snapshot, scope)
if releases.is_empty():
    render.nothing_here(
        _("No workflow has a second version here"),
        _(
            "A version is judged once another one has followed it: its steps in the weeks before and after. "
            "Remove the workflow filter in the sidebar, or load events whose version column tells them apart."
        ),
    )
    page.end()

release = widgets.choice(_("New version"), text.releases(releases), key="release")
verdicts = diagnoses.verdicts_of(snapshot, scope, release["workflow"], release["version"])
render.say(text.summary(release, verdicts))
st.caption(words.escaped(text.basis(verdicts), render.LONGEST))
measure = widgets.choice(_("Show"), text.by_step(), key="measure")
rows = decided_first(verdicts, measure)
render.chart(version_steps(rows, measure=measure, palette=render.current_palette()), key="steps")
links.versions_of_a_step(rows, release, diagnoses.visited(snapshot, scope))
changes = diagnoses.definition_changed(snapshot, *text.names(release))
render.say(text.changed(changes))
if changes is not None and changes.height:
    render.table(changes_table(changes))
render.say(text.pre_trend(verdicts))
render.table(verdict_table(verdicts))
