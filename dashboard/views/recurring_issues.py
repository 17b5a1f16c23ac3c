"""Recurring issues, for trainers: what customers come with, what they come again for, what confuses us."""

import streamlit as st

from dashboard import data, data_training, drawing, leading, page
from dashboard.charts.reason_ranking import reason_ranking
from dashboard.language import _
from dashboard.parts import reason_page
from dashboard.sentences import openings
from dashboard.tables.reasons import reason_table
from metrics.catalog.metrics import CATALOG

snapshot, scope = page.begin(
    _("Recurring issues"), _("What do customers come with, and what do they come again for?")
)
earlier = data.scope_before(snapshot, scope)
reasons, *rest = data_training.by_reason(snapshot, (scope, earlier) if earlier else (scope,))
before = rest[0] if rest else None
if not reasons["reason"].count():
    drawing.nothing_here(
        _("No contact reasons in this selection"),
        _(
            "Either nothing was opened in it, or its tickets carry no reason. Remove a filter or choose a "
            "longer period in the sidebar; where your file has a category column, name it in the mapping as "
            "reason and load it with: stepsight load FILE --mapping MAPPING"
        ),
    )
    st.stop()

drawing.say(openings.recurring_issues(reasons))
measure = page.choice(
    _("Rank reasons by"), {_(CATALOG[name].title): name for name in data_training.REASON_MEASURES}, key="by"
)
drawing.chart(
    reason_ranking(reasons, metric=CATALOG[measure], palette=drawing.current_palette()), key="reasons"
)
drawing.definition(CATALOG[measure])
drawing.folded_table(reason_table(reasons, before))
reason_page.trends(snapshot, scope, earlier)
reason = page.choice(_("A closer look at a reason"), leading.reasons(reasons), key="of")
leading.to_tickets_of(reason, reasons)
reason_page.where_confusion_sits(snapshot, scope, reason)
