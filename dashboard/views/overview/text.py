"""What changed and why, in sentences: the numbers whose change is more than chance, and what moved them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import polars as pl

from dashboard.filters import dimension_choices
from dashboard.language import _, words
from metrics.catalog.metric import Metric
from metrics.statistics.differences import difference, sureness
from metrics.tickets.contributions import Contributions

Row = Mapping[str, Any]
SPECK = 0.0005
"""A part of a share that a reader would see as nothing."""
LEAST_EXCESS = 0.1
"""By how much a group's part in a change must exceed its part of the cases to be told."""
LEAST_COUNT = 0.1
"""A count has no interval; one is told from a change by this share on."""


def is_told(metric: Metric, now: Row, before: Row) -> bool:
    """Whether a change is worth a sentence: beyond chance, or for a count a tenth at least."""
    if now["value"] is None or before["value"] is None:
        return False
    if metric.kind == "count":
        return bool(abs(now["value"] - before["value"]) > LEAST_COUNT * max(before["value"], 1))
    sides = [(row["value"], row["low"], row["high"]) for row in (now, before)]
    __, low, high = difference(sides[0], sides[1])
    return sureness(low, high) == "signal"


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
    cases = moved.parts.filter(pl.col("dimension") == part["dimension"])
    now_and_before = sum(cases["n"]) + sum(cases["n_before"])
    ratio = part["total"] / moved.change
    values = {
        "dimension": _(dimension_choices.title(part["dimension"])),
        "group": dimension_choices.value_title(part["group"], part["dimension"]),
        "weight": words.share((part["n"] + part["n_before"]) / now_and_before),
        "part": words.share(ratio),
    }
    if metric.kind == "count":
        if ratio > 1:
            return _(
                "{dimension} “{group}”, with {weight} of all, accounts for more than all of it.", **values
            )
        return _("{dimension} “{group}”, with {weight} of all, accounts for {part} of it.", **values)
    values["reasons"] = _reasons(part)
    if ratio > 1:
        return _(
            "{dimension} “{group}”, with {weight} of all, accounts for more than all of it, {reasons}.",
            **values,
        )
    return _("{dimension} “{group}”, with {weight} of all, accounts for {part} of it, {reasons}.", **values)


def _reasons(part: Row) -> str:
    """Whether its own cases went otherwise, or it has more or fewer of all, or both."""
    rate, mix = abs(part["rate"]), abs(part["mix"])
    if mix < SPECK:
        return _("by how its own cases went")
    if rate < SPECK:
        return _("by how many of all cases it has")
    if rate >= mix:
        return _("mostly by how its own cases went")
    return _("mostly by how many of all cases it has")
