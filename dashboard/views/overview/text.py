"""What changed and why, in sentences: the numbers that changed more than usual, and what moved them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import polars as pl

from dashboard.filters import dimension_choices
from dashboard.language import N_, _, words
from metrics.catalog.metric import Metric
from metrics.tickets.contributions import Contributions

Row = Mapping[str, Any]
HALF = 0.505
"""From this part on a reader sees more than a half."""
LEAST_EXCESS = 0.1
"""By how much a group's part in a change must exceed its part of the cases to be told."""


def changed(
    metric: Metric, now: Row, before: Row, moved: Contributions | None, *, without: Collection[str] = ()
) -> str:
    """One number: how it changed, and which group did most."""
    gap = now["value"] - before["value"]
    values = {
        "number": _(metric.title),
        "before": words.value(before["value"], metric.unit),
        "now": words.value(now["value"], metric.unit),
    }
    first = (
        _("{number} rose from {before} to {now}.", **values)
        if gap > 0
        else _("{number} fell from {before} to {now}.", **values)
    )
    mover = None if moved is None else first_mover(moved, without=without)
    if moved is None or mover is None:
        return first
    return f"{first} {_mover(metric, moved, mover)}"


def first_mover(moved: Contributions, *, without: Collection[str] = ()) -> dict[str, Any] | None:
    """The group whose part in the change most exceeds its weight; None where none does by `LEAST_EXCESS`.

    The largest group has the largest part in most changes; what tells is a part above its share of the cases.
    Dimensions in `without` are not looked at.
    """
    if not moved.change:
        return None
    share_of_change = pl.col("total") / moved.change
    weight = (pl.col("n") + pl.col("n_before")) / (pl.col("n") + pl.col("n_before")).sum().over("dimension")
    parts = moved.parts.filter(~pl.col("dimension").is_in(list(without)))
    parts = parts.with_columns(excess=share_of_change - weight).filter(
        pl.col("excess") > LEAST_EXCESS, pl.col("total") / moved.change > 0
    )
    ordered = parts.sort("excess", "dimension", "group", descending=[True, False, False], nulls_last=True)
    return ordered.row(0, named=True) if ordered.height else None


def _mover(metric: Metric, moved: Contributions, part: Row) -> str:
    """Two sentences: how much of the change comes from a group, and why; of a count the first alone."""
    cases = moved.parts.filter(pl.col("dimension") == part["dimension"])
    now_and_before = sum(cases["n"]) + sum(cases["n_before"])
    weight = words.share((part["n"] + part["n_before"]) / now_and_before)
    is_of_visits = metric.name == "confusion_rate"
    values = {
        "dimension": _(dimension_choices.title(part["dimension"])).lower(),
        "group": dimension_choices.value_title(part["group"], part["dimension"]),
        "weight": _("{share} of visits", share=weight)
        if is_of_visits
        else _("{share} of tickets", share=weight),
        "part": words.share(part["total"] / moved.change),
    }
    source = _source(part["total"] / moved.change, is_rise=part["total"] > 0)
    sentence = _(source, **values)
    return sentence if metric.kind == "count" else f"{sentence} {_(_reason(part, metric))}"


def _source(ratio: float, *, is_rise: bool) -> str:
    """The sentence for a group whose part in the change is `ratio`."""
    if ratio > 1:
        if is_rise:
            return N_("More than the whole rise comes from {dimension} “{group}” ({weight}).")
        return N_("More than the whole drop comes from {dimension} “{group}” ({weight}).")
    if ratio > HALF:
        if is_rise:
            return N_("More than half of the rise ({part}) comes from {dimension} “{group}” ({weight}).")
        return N_("More than half of the drop ({part}) comes from {dimension} “{group}” ({weight}).")
    if is_rise:
        return N_("{part} of the rise comes from {dimension} “{group}” ({weight}).")
    return N_("{part} of the drop comes from {dimension} “{group}” ({weight}).")


def _reason(part: Row, metric: Metric) -> str:
    """Whether its own cases went otherwise, or it has more or fewer of all; the larger of the two."""
    if abs(part["rate"]) < abs(part["mix"]):
        return N_("The main reason: its share of all cases changed.")
    if metric.unit == "minutes":
        if part["rate"] > 0:
            return N_("The main reason: its own tickets took longer than before.")
        return N_("The main reason: its own tickets took less time than before.")
    if part["rate"] > 0:
        return N_("The main reason: its own value rose.")
    return N_("The main reason: its own value fell.")
