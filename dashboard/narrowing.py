"""Narrowing a list to what a link leads to: which number, which part of it, one reason or one step."""

from __future__ import annotations

from dashboard import data, page, words
from dashboard.tables.steps import named_steps
from metrics.catalog import CATALOG
from metrics.dimensions import VISITS
from metrics.metric import Metric
from metrics.records import Which
from metrics.scope import Scope

ALL_REASONS, ALL_STEPS = "All reasons", "All steps"
NOT_RECORDED = ""
"""How a scope says that a value is not recorded."""


def number() -> Metric:
    """The number whose records are listed, as the reader or the link chose it."""
    titles = {metric.title: metric for metric in CATALOG.values() if metric.available}
    return page.choice("Behind the number", titles, key="behind")


def part(metric: Metric) -> Which:
    """All of its records, or of a share those that count towards it, or those that do not."""
    parts: dict[str, Which] = {"All": "all"}
    if metric.kind == "share":
        counted = "Confused only" if metric.fact == VISITS else "Only those that count towards it"
        others = "Not confused only" if metric.fact == VISITS else "Only those that do not"
        parts |= {counted: "hits", others: "misses"}
    return page.choice("Show", parts, key="which")


def narrowed(snapshot: str | None, metric: Metric, scope: Scope) -> Scope:
    """The scope with the reason, and for visits the step version, that the reader or the link chose."""
    if metric.fact == VISITS:
        steps = named_steps(data.ranked_steps(snapshot, scope))
        picked = page.choice("Step", {ALL_STEPS: {}, **steps}, key="step")
        scope = only(
            scope, {name: picked[name] for name in ("workflow", "version", "step") if name in picked}
        )
    reasons = {words.label(reason): reason for reason in data.dimension_values(snapshot, "reason")}
    not_recorded = {words.label(None): NOT_RECORDED} if reasons else {}
    reason = page.choice("Reason", {ALL_REASONS: None, **reasons, **not_recorded}, key="reason")
    return scope if reason is None else only(scope, {"reason": reason})


def only(scope: Scope, values: dict[str, str | None]) -> Scope:
    """The scope with these dimensions held at one value each, instead of what it said of them."""
    where = dict(scope.where) | {name: (value or NOT_RECORDED,) for name, value in values.items()}
    return Scope.model_validate(scope.model_dump() | {"where": tuple(where.items())})


def said(n: int, metric: Metric, which: Which) -> str:
    """How many records are listed, in a sentence."""
    what = "visit" if metric.fact == VISITS else "ticket"
    of = {"all": "stand", "hits": "count towards", "misses": "are in and do not count towards"}[which]
    if n == 1:
        of = {"all": "stands", "hits": "counts towards", "misses": "is in and does not count towards"}[which]
    return f"{words.counted(n, what)} {of} {'behind ' if which == 'all' else ''}“{metric.title}”."
