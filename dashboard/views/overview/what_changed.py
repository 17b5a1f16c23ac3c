"""What changed and why, on the Overview: sentences, a picture for one number, and ways to its tickets."""

from __future__ import annotations

import streamlit as st

from dashboard.filters import dimension_choices, links, widgets
from dashboard.kit import render
from dashboard.kit.charts.palette import Palette
from dashboard.language import _, words
from dashboard.queries import manager_numbers, warehouse
from dashboard.queries.warehouse import MetricHistory
from dashboard.views.overview import text
from dashboard.views.overview.charts import moved_by, movers, thing_of
from dashboard.views.overview.tables import mover_table
from metrics.catalog.metrics import CATALOG
from metrics.query.scope import Scope
from metrics.tickets.unusual_changes import unusual_changes


def sentences(snapshot: str | None, scope: Scope, history: MetricHistory) -> None:
    """One sentence for each number that changed more than usual, and that the others did not."""
    st.header(_("What changed and why"), anchor=False)
    if not history.before or not (scope.start and scope.end):
        st.caption(
            _("There is no full period before to compare with. Choose a shorter period in the sidebar.")
        )
        return
    metrics = [CATALOG[name] for name in history.now]
    names = unusual_changes(
        metrics, history.now, history.before, history.weeks, period=(scope.start, scope.end)
    )
    if names is None:
        render.say(_("The data has too few weeks before and in this period to say what is more than usual."))
        return
    # Parts add up: one small team among them, and none is named.
    without = [
        by
        for by in manager_numbers.movers(snapshot, scope)
        if manager_numbers.hidden_in_changes(snapshot, by, scope)
    ]
    moved = manager_numbers.metric_contributions(snapshot, tuple(names), scope)
    lines = [
        text.changed(CATALOG[name], history.now[name], history.before[name], moved[name], without=without)
        for name in names
    ]
    if not lines:
        render.say(_("No number changed more than usual since the period before."))
        return
    st.markdown("\n".join(f"- {words.escaped(line, render.LONGEST)}" for line in lines))
    if len(lines) < len(metrics):
        st.caption(_("No other number changed more than usual."))


def picture(snapshot: str | None, scope: Scope, kpi: str, palette: Palette) -> None:
    """What moved one number, group by group, and the tickets of a group."""
    metric, is_reported = CATALOG[kpi], warehouse.scope_before(snapshot, scope) is not None
    moved = manager_numbers.metric_contributions(snapshot, (kpi,), scope)[kpi] if is_reported else None
    titles = {_(dimension_choices.title(name)): name for name in manager_numbers.movers(snapshot, scope)}
    if not titles:
        return  # of a group there is nothing to say
    by = widgets.choice(_("What moved it, by"), titles, key="moved_by")
    if manager_numbers.hidden_in_changes(snapshot, by, scope):
        render.nothing_here(
            _("Some teams are too small to be shown"),
            _("Parts that add up would give them away. Choose another kind of group."),
        )
        return
    clicked = render.chart(
        movers(moved, metric=metric, dimension=by, palette=palette), key="movers", clickable=True
    )
    if moved is None or moved.change is None or (parts := moved_by(moved, by)).is_empty():
        return
    render.folded_table(mover_table(moved, metric=metric, dimension=by))
    groups = {
        dimension_choices.value_title(group, by): (dimension_choices.value_title(group, by), n)
        for group, n in parts.select("group", "n").iter_rows()
        if n
    }
    clickable = {thing_of(group): dimension_choices.value_title(group, by) for group in parts["group"]}
    if clicked and clickable.get(clicked[0]) in groups:
        st.query_params["group"] = clickable[clicked[0]]
    if groups:
        group, n = widgets.choice(_("Open the cases of"), groups, key="group")
        held = by if by == "reason" else f"{dimension_choices.FILTER_PREFIX}{by}"
        links.to_records(kpi, n, name=group, **{held: group})
