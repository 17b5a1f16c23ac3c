"""The sentences that the managers' pages open with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard.language import N_, _, ngettext, time_words, words
from metrics.catalog.metric import Metric
from metrics.tickets.comparison import described

Row = Mapping[str, Any]


def response(metric: Metric, group: str, half: Row, waits: Row) -> str:
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


def service(rates: Mapping[str, Row], soon: int, hours: int, still_open: int) -> str:
    """What was kept of what was promised, what lapses next, and how much is open."""
    sentences = []
    for name, label in (
        ("first_response_sla_rate", N_("{share} of {n} first responses were within target ({interval}).")),
        ("resolution_sla_rate", N_("{share} of {n} resolutions were ({interval}).")),
    ):
        row = rates[name]
        if row["value"] is not None:
            limits = words.interval(row["low"], row["high"], "share")
            sentences.append(
                _(label, share=words.share(row["value"]), n=words.count(row["n"]), interval=limits)
            )
    if sentences:
        sentences.append(
            ngettext(
                "{n} target runs out within {hours} working hours unless someone acts.",
                "{n} targets run out within {hours} working hours unless someone acts.",
                soon,
                n=words.count(soon),
                hours=words.count(hours),
            )
        )
    sentences.append(
        ngettext("{n} ticket is open.", "{n} tickets are open.", still_open, n=words.count(still_open))
        if still_open
        else _("No ticket is open.")
    )
    return " ".join(sentences)


def content(csat: Row) -> str:
    """How many are satisfied, of how many, and how sure that is."""
    if csat["value"] is None:
        return _("No rating of this period says whether the customer was satisfied.")
    return _(
        "{share} of {n} ratings are satisfied ({interval}).",
        share=words.share(csat["value"]),
        n=words.count(csat["n"]),
        interval=words.interval(csat["low"], csat["high"], "share"),
    )


def answering(row: Row) -> str:
    """How far the ratings speak for all who were asked."""
    if not row["offered"]:
        return _("The data does not record survey offers, so the number of silent customers is unknown.")
    values = {
        "rate": words.share(row["rated"] / row["offered"]),
        "offered": words.count(row["offered"]),
        "worst": words.share(row["worst"]),
        "best": words.share(row["best"]),
    }
    sentences = [
        _(
            "{rate} of the {offered} customers asked answered. Of all asked, {worst} to {best} may "
            "be satisfied.",
            **values,
        )
    ]
    if row["like_asked"] is not None:
        sentences.append(
            _(
                "If silent customers are like those who answered, by channel and reason, it is {share}.",
                share=words.share(row["like_asked"]),
            )
        )
    return " ".join(sentences)


def compared(rows: pl.DataFrame, now: str, before: str) -> str:
    """Which numbers differ beyond chance, the largest differences first."""
    sure = rows.filter(pl.col("sureness") == "signal", pl.col("value_before") > 0)
    if sure.is_empty():
        return _("No clear difference between {now} and {before}.", now=now, before=before)
    size = (pl.col("difference") / pl.col("value_before")).abs()
    differences = []
    for row in sure.sort(size, "metric", descending=[True, False]).head(3).iter_rows(named=True):
        metric = described(row["metric"])
        differences.append(
            _(
                "{number} {now} against {before} ({difference})",
                number=_(metric.title),
                now=words.value(row["value"], metric.unit),
                before=words.value(row["value_before"], metric.unit),
                difference=time_words.difference(row["difference"], metric.unit),
            )
        )
    values = {"now": now, "before": before, "numbers": words.joined(differences)}
    if sure.height > len(differences):
        return _("{now} clearly differs from {before}, most in: {numbers}.", **values)
    return _("{now} clearly differs from {before} in: {numbers}.", **values)
