"""The sentences the page of satisfaction opens with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.language import _, words

Row = Mapping[str, Any]


def opening(csat: Row) -> str:
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
