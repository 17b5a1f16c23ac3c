"""Recurring issues, for trainers: what customers come with, what they come again for, what confuses us."""

from dashboard.filters import links, widgets
from dashboard.kit import page, render
from dashboard.language import _
from dashboard.queries import explanations, warehouse
from dashboard.views.recurring_issues import controls, queries, text
from dashboard.views.recurring_issues.reason_ranking import reason_ranking
from dashboard.views.recurring_issues.reasons_table import reason_table
from metrics.catalog.metrics import CATALOG

snapshot, scope = page.begin(
    _("Recurring issues"), _("What do customers come with, and what do they come again for?")
)
earlier = warehouse.scope_before(snapshot, scope)
reasons, *rest = queries.by_reason(snapshot, (scope, earlier) if earlier else (scope,))
before = rest[0] if rest else None
if not queries.has_reasons(reasons):
    render.nothing_here(
        _("No contact reasons in this selection"),
        _(
            "No ticket was opened in it, or its tickets have no reason. Remove a filter or choose "
            "a longer period in the sidebar. Does your file have a category column? Name it as "
            "reason in the mapping: stepsight load FILE --mapping MAPPING"
        ),
    )
    page.end()

render.say(text.opening(reasons))
measures = [
    name for name in queries.REASON_MEASURES if not explanations.not_known_because(snapshot, name, scope)
]
measure = widgets.choice(_("Rank reasons by"), {_(CATALOG[name].title): name for name in measures}, key="by")
render.chart(
    reason_ranking(reasons, metric=CATALOG[measure], palette=render.current_palette()), key="reasons"
)
render.definition(CATALOG[measure])
render.folded_table(reason_table(reasons, before))
controls.trends(snapshot, scope, earlier)
reason = widgets.choice(_("Reason in detail"), links.reasons(reasons), key="of")
links.to_tickets_of(reason, reasons)
controls.where_confusion_sits(snapshot, scope, reason)
