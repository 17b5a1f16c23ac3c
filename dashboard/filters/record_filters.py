"""Narrowing a list to what a link leads to: which number, which part of it, one reason or one step."""

from __future__ import annotations

import streamlit as st

from dashboard.filters import dimension_choices, widgets
from dashboard.filters.step_names import named_steps
from dashboard.language import N_, _, ngettext, words
from dashboard.queries import warehouse
from metrics.catalog.dimensions import VISITS
from metrics.catalog.metric import Metric
from metrics.catalog.metrics import CATALOG
from metrics.query.records import Which
from metrics.query.scope import Scope

ALL_REASONS, ALL_STEPS = N_("All reasons"), N_("All steps")
NOT_RECORDED = ""
"""How a scope says that a value is not recorded."""


def number() -> Metric:
    """The number whose records are listed, as the reader or the link chose it."""
    titles = {_(metric.title): metric for metric in CATALOG.values()}
    return widgets.choice(_("Behind the number"), titles, key="behind", width="stretch")


def part(metric: Metric) -> Which:
    """All of its records, or of a share those that count towards it, or those that do not."""
    parts: dict[str, Which] = {_("All"): "all"}
    if metric.kind == "share" and metric.fact == VISITS:
        parts |= {_("Confused only"): "hits", _("Not confused only"): "misses"}
    elif metric.kind == "share":
        parts |= {_("Only those that count towards it"): "hits", _("Only those that do not"): "misses"}
    return widgets.choice(_("Show"), parts, key="which", width="stretch")


def narrowed(snapshot: str | None, metric: Metric, scope: Scope) -> Scope:
    """The scope with the reason, and for visits the step version, that the reader or the link chose."""
    if metric.fact == VISITS:
        steps = named_steps(warehouse.ranked_steps(snapshot, scope))
        step = widgets.choice(_("Step"), {_(ALL_STEPS): {}, **steps}, key="step", width="stretch")
        scope = only(scope, {name: step[name] for name in ("workflow", "version", "step") if name in step})
    reasons = {words.label(reason): reason for reason in warehouse.dimension_values(snapshot, "reason")}
    not_recorded = {words.label(None): NOT_RECORDED} if reasons else {}
    reason = widgets.choice(
        _("Reason"), {_(ALL_REASONS): None, **reasons, **not_recorded}, key="reason", width="stretch"
    )
    scope = scope if reason is None else only(scope, {"reason": reason})
    for name in dimension_choices.narrowable(metric):
        key = f"{dimension_choices.FILTER_PREFIX}{name}"
        if key in st.query_params:  # else there would be a dozen boxes that hardly anybody needs
            values = {_("All"): None, **dimension_choices.choices(snapshot, name)}
            value = widgets.choice(_(dimension_choices.title(name)), values, key=key, width="stretch")
            scope = scope if value is None else only(scope, {name: value})
    return scope


def only(scope: Scope, values: dict[str, str | None]) -> Scope:
    """The scope with these dimensions held at one value each, instead of what it said of them."""
    where = dict(scope.where) | {name: (value or NOT_RECORDED,) for name, value in values.items()}
    return Scope.model_validate(scope.model_dump() | {"where": tuple(where.items())})


def count_text(n: int, metric: Metric, which: Which) -> str:
    """How many records are listed, in a sentence."""
    values = {"n": words.count(n), "number": _(metric.title)}
    if metric.fact == VISITS:
        return _visit_count_text(n, which, **values)
    match which:
        case "hits":
            return ngettext(
                "{n} ticket counts towards “{number}”.", "{n} tickets count towards “{number}”.", n, **values
            )
        case "misses":
            return ngettext(
                "{n} ticket is in and does not count towards “{number}”.",
                "{n} tickets are in and do not count towards “{number}”.",
                n,
                **values,
            )
        case _:
            return ngettext(
                "“{number}” is based on {n} ticket.", "“{number}” is based on {n} tickets.", n, **values
            )


def _visit_count_text(n: int, which: Which, /, **values: object) -> str:
    match which:
        case "hits":
            return ngettext(
                "{n} visit counts towards “{number}”.", "{n} visits count towards “{number}”.", n, **values
            )
        case "misses":
            return ngettext(
                "{n} visit is in and does not count towards “{number}”.",
                "{n} visits are in and do not count towards “{number}”.",
                n,
                **values,
            )
        case _:
            return ngettext(
                "“{number}” is based on {n} visit.", "“{number}” is based on {n} visits.", n, **values
            )
