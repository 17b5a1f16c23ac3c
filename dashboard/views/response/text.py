"""The sentence the page of response times opens with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.language import _, ngettext, words
from metrics.catalog.metric import Metric

Row = Mapping[str, Any]


def opening(metric: Metric, group: str, half: Row, waits: Row) -> str:
    """How long half took, and how many still wait."""
    sentences = []
    if half["value"] is not None:
        values = {
            "number": f"{_(metric.title)}, {group}" if group else _(metric.title),
            "half": words.minutes(half["value"]),
            "cases": words.counted(half["n"], "ticket"),
        }
        if limits := words.interval(half["low"], half["high"], "minutes"):
            sentences.append(
                _("{number}: the median is {half} ({interval}; {cases}).", interval=limits, **values)
            )
        else:
            sentences.append(_("{number}: the median is {half} ({cases}).", **values))
    if waits["waiting"]:
        sentences.append(
            ngettext(
                "{waiting} of the {of} tickets opened still waits.",
                "{waiting} of the {of} tickets opened still wait.",
                waits["waiting"],
                waiting=words.count(waits["waiting"]),
                of=words.count(waits["n"]),
            )
        )
    return " ".join(sentences)
