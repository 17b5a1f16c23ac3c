"""What changed and why, in sentences: the numbers whose change is more than chance, and what moved them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import dimension_choices, time_words, words
from dashboard.language import _
from metrics.contributions import Contributions
from metrics.metric import Metric
from metrics.statistics.differences import difference, sureness

Row = Mapping[str, Any]
LEAST_COUNT = 0.1
"""A count has no interval; one is told from a change by this share on."""


def is_told(metric: Metric, now: Row, before: Row) -> bool:
    """Whether a change is worth a sentence: beyond chance, or for a count a tenth at least."""
    if now["value"] is None or before["value"] is None:
        return False
    if metric.kind == "count":
        return abs(now["value"] - before["value"]) > LEAST_COUNT * max(before["value"], 1)
    sides = [(row["value"], row["low"], row["high"]) for row in (now, before)]
    __, low, high = difference(sides[0], sides[1])
    return sureness(low, high) == "signal"


def changed(metric: Metric, now: Row, before: Row, moved: Contributions | None) -> str:
    """One number: how it changed, and which group did most."""
    gap = now["value"] - before["value"]
    said = {
        "number": _(metric.title),
        "before": words.value(before["value"], metric.unit),
        "now": words.value(now["value"], metric.unit),
    }
    first = (
        _("{number} rose from {before} to {now}.", **said)
        if gap > 0
        else _("{number} fell from {before} to {now}.", **said)
    )
    mover = None if moved is None else first_mover(moved)
    if moved is None or mover is None:
        return first
    return f"{first} {_mover(metric, moved, mover)}"


def first_mover(moved: Contributions) -> dict[str, Any] | None:
    """The group with the largest part in the direction of the change; None where nothing moved it."""
    if not moved.change:
        return None
    along = pl.col("total") * (1 if moved.change > 0 else -1)
    parts = moved.parts.filter(along > 0).sort(
        along, "dimension", "group", descending=[True, False, False], nulls_last=True
    )
    return parts.row(0, named=True) if parts.height else None


def _mover(metric: Metric, moved: Contributions, part: Row) -> str:
    said = {
        "dimension": _(dimension_choices.title(part["dimension"])),
        "group": dimension_choices.said(part["group"], part["dimension"]),
    }
    if metric.kind == "count":
        return _(
            "{dimension} “{group}” moved it most: {part} of {whole}.",
            part=time_words.difference(part["total"], "count"),
            whole=time_words.difference(moved.change, "count"),
            **said,
        )
    points = {
        "part": time_words.difference(part["total"], "share"),
        "rate": time_words.difference(part["rate"], "share"),
        "mix": time_words.difference(part["mix"], "share"),
    }
    if metric.kind == "share":
        return _(
            "{dimension} “{group}” moved it most: {part}, of which {rate} because its cases went otherwise "
            "and {mix} because it has another weight.",
            **said,
            **points,
        )
    return _(
        "Of the share that takes longer than half did before, {dimension} “{group}” moved most: {part}, of "
        "which {rate} because its tickets went otherwise and {mix} because it has another weight.",
        **said,
        **points,
    )
