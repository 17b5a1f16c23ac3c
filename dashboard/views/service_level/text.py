"""The sentence the page of service levels opens with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.language import N_, _, ngettext, words

Row = Mapping[str, Any]


def opening(rates: Mapping[str, Row], soon: int, hours: int, still_open: int | None) -> str:
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
        _("How many tickets are open is not known: no opening is recorded.")
        if still_open is None
        else ngettext("{n} ticket is open.", "{n} tickets are open.", still_open, n=words.count(still_open))
        if still_open
        else _("No ticket is open.")
    )
    return " ".join(sentences)
