"""The sentences that the managers' pages open with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import words
from dashboard.language import N_, _, ngettext
from metrics.metric import Metric

Row = Mapping[str, Any]


def response(metric: Metric, group: str, half: Row, most: Row, waits: Row) -> str:
    """How long half and nine of ten took, and how many still wait."""
    sentences = []
    if half["value"] is not None:
        said = {
            "number": f"{_(metric.title)}, {group}" if group else _(metric.title),
            "half": words.minutes(half["value"]),
            "most": words.minutes(most["value"]),
            "n": words.count(half["n"]),
        }
        if limits := words.interval(half["low"], half["high"], "minutes"):
            sentences.append(
                _(
                    "{number}: half within {half} ({interval}), nine of ten within {most} (n {n}).",
                    interval=limits,
                    **said,
                )
            )
        else:
            sentences.append(_("{number}: half within {half}, nine of ten within {most} (n {n}).", **said))
    if waits["waiting"]:
        waiting = words.count(waits["waiting"])
        of = words.count(waits["n"])
        if waits["value"] is None:
            sentences.append(
                ngettext(
                    "{waiting} of the {of} tickets opened still waits: too many for a time of half of all.",
                    "{waiting} of the {of} tickets opened still wait: too many for a time of half of all.",
                    waits["waiting"],
                    waiting=waiting,
                    of=of,
                )
            )
        else:
            sentences.append(
                ngettext(
                    "{waiting} of the {of} tickets opened still waits; counted with the time it has waited "
                    "so far, half are over within {half}.",
                    "{waiting} of the {of} tickets opened still wait; counted with the time they have waited "
                    "so far, half are over within {half}.",
                    waits["waiting"],
                    waiting=waiting,
                    of=of,
                    half=words.minutes(waits["value"]),
                )
            )
    return " ".join(sentences)


def service(rates: Mapping[str, Row], soon: int, hours: int, ages: pl.DataFrame) -> str:
    """What was kept of what was promised, what lapses next, and how much is open for how long."""
    sentences = []
    for name, said in (
        ("first_response_sla_rate", N_("{share} of {n} first responses were within target ({interval}).")),
        ("resolution_sla_rate", N_("{share} of {n} resolutions were ({interval}).")),
    ):
        row = rates[name]
        if row["value"] is not None:
            limits = words.interval(row["low"], row["high"], "share")
            sentences.append(
                _(said, share=words.share(row["value"]), n=words.count(row["n"]), interval=limits)
            )
    if sentences:
        sentences.append(
            ngettext(
                "{n} target lapses within the next {hours} working hours unless someone acts.",
                "{n} targets lapse within the next {hours} working hours unless someone acts.",
                soon,
                n=words.count(soon),
                hours=words.count(hours),
            )
        )
    total = int(ages["tickets"].sum())
    if total:
        old = ages.row(-1, named=True)
        sentences.append(
            _(
                "{tickets} open, {old} of them for more than {days} days.",
                tickets=words.counted(total, "ticket"),
                old=words.count(old["tickets"]),
                days=words.count(old["from_days"]),
            )
        )
    else:
        sentences.append(_("No ticket is open."))
    return " ".join(sentences)
