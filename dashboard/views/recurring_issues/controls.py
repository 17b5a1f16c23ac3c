"""The lower parts of the page on recurring issues: what grows, and where confusion sits at one reason."""

from __future__ import annotations

import streamlit as st

from dashboard.filters import links, record_filters, widgets
from dashboard.filters.step_names import named_steps
from dashboard.kit import render
from dashboard.kit.steps.step_evidence import logs_of_states
from dashboard.kit.steps.step_ranking import step_ranking
from dashboard.language import _, words
from dashboard.queries import warehouse
from dashboard.views.recurring_issues import queries
from dashboard.views.recurring_issues.reason_trends import reason_trends
from dashboard.views.recurring_issues.trends_table import reason_trend_table
from metrics.query.scope import Scope


def trends(snapshot: str | None, scope: Scope, earlier: Scope | None) -> None:
    """Which reasons come more or less often than in the period before, beyond chance."""
    if earlier is None:
        st.info(
            words.escaped(
                _(
                    "The data holds no period of this length before. Choose a shorter period in "
                    "the sidebar to see which reasons grow."
                ),
                render.LONGEST,
            ),
            title=_("No period to compare with"),
            icon=":material/history:",
        )
        return
    rows = queries.trends(snapshot, scope, earlier)
    render.chart(reason_trends(rows, palette=render.current_palette()), key="trends")
    if rows.height:
        render.folded_table(reason_trend_table(rows))


def where_confusion_sits(snapshot: str | None, scope: Scope, reason: str) -> None:
    """The steps at which runs of one reason confuse, with links to their visits."""
    only = record_filters.only(scope, {"reason": reason})
    steps = warehouse.ranked_steps(snapshot, only)
    if steps.is_empty():
        st.caption(_("No workflow was run for tickets of this reason in this selection."))
        return
    if states := logs_of_states(steps):
        st.caption(words.escaped(" ".join(states), render.LONGEST))
    steps = steps.filter("guided")
    if steps.is_empty():
        return
    render.chart(step_ranking(steps, palette=render.current_palette()), key="steps of the reason")
    rows = named_steps(steps)
    name = widgets.choice(
        _("The visits to a step, for this reason"), {each: each for each in rows}, key="step"
    )
    with st.container(horizontal=True):
        links.to_visits(rows[name], name, reason=words.label(reason))
