"""Versions, for process designers: did a new version help, how sure is that, and what did it change?"""

import polars as pl
import streamlit as st

from dashboard import data_verdicts, drawing, page, words
from dashboard.charts.version_steps import version_steps
from dashboard.language import _
from dashboard.parts import version_links
from dashboard.sentences import version_words
from dashboard.tables.versions import changes_table, told_first, verdict_table

snapshot, chosen = page.begin(_("Versions"), _("Did the new version of a workflow help?"))
scope = data_verdicts.whole_time(chosen)
releases = data_verdicts.version_summary(snapshot, scope)
if releases.is_empty():
    drawing.nothing_here(
        _("No workflow has a second version here"),
        _(
            "A version is judged once another one has followed it: its steps in the weeks before and after. "
            "Remove the workflow filter in the sidebar, or load events whose version column tells them apart."
        ),
    )
    st.stop()

named = {version_words.release(row): row for row in releases.to_dicts()}
release = page.choice(_("New version"), named, key="release")
found = data_verdicts.version_verdicts(snapshot, scope).filter(
    pl.col("workflow") == release["workflow"], pl.col("version") == release["version"]
)
drawing.say(version_words.summary(release, found))
st.caption(words.escaped(version_words.basis(found), drawing.LONGEST))
measure = page.choice(_("Show"), version_words.by_step(), key="measure")
rows = told_first(found.filter(pl.col("measure") == measure))
drawing.chart(version_steps(rows, measure=measure, palette=drawing.current_palette()), key="steps")
version_links.versions_of_a_step(rows, release, data_verdicts.visited(snapshot, scope))
changes = data_verdicts.definition_changed(snapshot, *version_words.names(release))
drawing.say(version_words.changed(changes))
if changes is not None and changes.height:
    drawing.table(changes_table(changes))
drawing.say(version_words.pre_trend(found))
drawing.table(verdict_table(found))
