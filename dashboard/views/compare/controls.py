"""What the page Compare sets side by side: periods, teams, channels, reasons or versions of a workflow.

Never one person against another: teams of few agents are not offered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import polars as pl
import streamlit as st

from dashboard.filters import dimension_choices, links, record_filters, widgets
from dashboard.kit import render
from dashboard.language import _, words
from dashboard.queries import manager_numbers, warehouse
from metrics.catalog.metrics import page_list
from metrics.catalog.runs import RUN_METRICS
from metrics.query.scope import Scope
from metrics.tickets.comparison import described

KPIS = page_list("compare")
OF_VERSIONS = ("confusion_rate", *(metric.name for metric in RUN_METRICS))
MOST_PERIODS = 12


@dataclass(frozen=True)
class Side:
    """One side: what it is called, its scope, and what a link to its tickets says beside the filters."""

    name: str
    scope: Scope
    link: dict[str, str | list[str]]


@dataclass(frozen=True)
class Sides:
    """Two sides, and the numbers by which they are compared."""

    now: Side
    before: Side
    metrics: tuple[str, ...]
    of_versions: bool = False


def sides(snapshot: str | None, scope: Scope) -> Sides | None:
    """The two sides that the reader chose; None where there are no two, which is said."""
    kinds = {
        _("Periods"): "period",
        _("Teams"): "team",
        _("Channels"): "channel",
        _("Contact reasons"): "reason",
        **dimension_choices.further(snapshot),
        _("Workflow versions"): "version",
    }
    with st.container(horizontal=True):
        kind = widgets.choice(_("Compare"), dimension_choices.with_values(snapshot, kinds), key="what")
        if kind == "period":
            return _periods(snapshot, scope)
        return _versions(snapshot, scope) if kind == "version" else _groups(snapshot, scope, kind)


def _periods(snapshot: str | None, scope: Scope) -> Sides | None:
    days = warehouse.data_range(snapshot, scope.time_zone)
    if days is None or scope.start is None or scope.end is None:
        return None
    length = scope.end - scope.start + timedelta(days=1)
    periods: dict[str, Scope] = {}
    for back in range(1, MOST_PERIODS + 1):
        earlier = scope.model_copy(
            update={"start": scope.start - back * length, "end": scope.end - back * length}
        )
        if earlier.start is not None and earlier.start >= days[0]:
            periods[_period(earlier)] = earlier
    last_year = manager_numbers.a_year_earlier(scope)
    if last_year is not None and last_year.start is not None and last_year.start >= days[0]:
        periods[_("A year earlier: {period}", period=_period(last_year))] = last_year
    if not periods:
        render.nothing_here(
            _("No whole period before"),
            _(
                "The data holds no period of this length before. Choose a shorter one in the "
                "sidebar, or compare teams, channels, reasons or versions."
            ),
        )
        return None
    before = widgets.choice(_("{period} against", period=_period(scope)), periods, key="against")
    return Sides(_of_period(scope), _of_period(before), KPIS)


def _period(scope: Scope) -> str:
    return words.period(scope.start, scope.end) if scope.start and scope.end else ""


def _of_period(scope: Scope) -> Side:
    dates = [f"{scope.start}", f"{scope.end}"]
    return Side(_period(scope), scope, {"period": "Choose dates", "dates": dates})


def _groups(snapshot: str | None, scope: Scope, kind: str) -> Sides | None:
    hidden = manager_numbers.hidden(snapshot, kind, scope)
    allowed = dict(scope.where).get(kind)
    sides = {
        words.label(value): value
        for value in warehouse.dimension_values(snapshot, kind)
        if value not in hidden and (allowed is None or value in allowed)
    }
    if hidden:
        st.caption(_("Teams of fewer than five agents are not shown, nor one that would give them away."))
    if len(sides) < 2:
        render.nothing_here(
            _("There are no two of them to compare"),
            _("Choose a longer period or remove a filter in the sidebar, or compare something else."),
        )
        return None
    first = widgets.choice(_("This"), sides, key="this")
    others = {name: value for name, value in sides.items() if value != first}
    second = widgets.choice(_("against"), others, key="that")
    return Sides(_of_group(scope, kind, first), _of_group(scope, kind, second), KPIS)


def _of_group(scope: Scope, kind: str, value: str) -> Side:
    name = words.label(value)
    held = kind if kind == "reason" else f"{dimension_choices.FILTER_PREFIX}{kind}"
    return Side(name, record_filters.only(scope, {kind: value}), {held: name})


def _versions(snapshot: str | None, scope: Scope) -> Sides | None:
    scope = manager_numbers.over_all_data(scope)  # versions follow one another: few periods hold two
    st.caption(_("Versions are compared over all of the data, whatever period is chosen in the sidebar."))
    steps = warehouse.ranked_steps(snapshot, scope)
    pairs = steps.select("workflow", "version").unique().drop_nulls().sort("workflow", "version").rows()
    versions: dict[str, list[str]] = {}
    for workflow, version in pairs:
        versions.setdefault(workflow, []).append(version)
    several = {words.label(name): name for name, names in versions.items() if len(names) > 1}
    if not several:
        render.nothing_here(
            _("No workflow has two versions here"),
            _(
                "Versions are compared by their visits to steps. Remove a filter in the sidebar, or load "
                "events whose version column tells the versions apart."
            ),
        )
        return None
    workflow = widgets.choice(_("Workflow"), several, key="of")
    names = versions[workflow][::-1]
    first = widgets.choice(_("This version"), {words.label(name): name for name in names}, key="this")
    others = {words.label(name): name for name in names if name != first}
    second = widgets.choice(_("against"), others, key="that")
    return Sides(
        _of_version(scope, workflow, first),
        _of_version(scope, workflow, second),
        OF_VERSIONS,
        of_versions=True,
    )


def _of_version(scope: Scope, workflow: str, version: str) -> Side:
    held = record_filters.only(scope, {"workflow": workflow, "version": version})
    link: dict[str, str | list[str]] = {
        "period": "All data",
        "only_workflow": words.label(workflow),
        "only_version": words.label(version),
    }
    return Side(f"{words.label(workflow)} {words.label(version)}", held, link)


def to_records(sides: Sides, rows: pl.DataFrame) -> None:
    """Links to the records behind a number, on both sides; `rows`: one per metric, as compared."""
    counts = {name: (n, was) for name, n, was in rows.select("metric", "n", "n_before").iter_rows()}
    listed = {_(described(name).title): name for name in counts if name in KPIS and any(counts[name])}
    if not listed:
        return
    name = widgets.choice(_("Open the cases behind"), listed, key="number")
    with st.container(horizontal=True):
        for side, n in zip((sides.now, sides.before), counts[name], strict=True):
            links.to_records(name, n, name=side.name, **side.link)
    if sides.of_versions:
        st.page_link(
            "views/versions/view.py", label=_("The verdict on this version →"), icon=":material/difference:"
        )
