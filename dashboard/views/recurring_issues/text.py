"""The sentence the page of recurring issues opens with."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboard.language import _, words


def opening(reasons: pl.DataFrame) -> str:
    """What trainers ask first: what do customers come with, for what do they come again, what confuses us.

    `reasons`: one row per reason and metric (metric, reason, value, n, low, high).
    """
    opened = reasons.filter(pl.col("metric") == "tickets_opened", pl.col("value") > 0)
    if opened.is_empty():
        return ""
    total = sum(opened["value"])
    most = opened.sort("value", "reason", descending=[True, False]).row(0, named=True)
    sentences = [
        _(
            "“{reason}” is the most frequent of {reasons}: {part} of {tickets} ({share}).",
            reason=words.label(most["reason"]),
            reasons=words.counted(opened.height, "reason"),
            part=words.count(most["value"]),
            tickets=words.counted(total, "ticket"),
            share=words.share(most["value"] / total),
        )
    ]
    if again := _surest(reasons, "repeat_contact_rate"):
        sentences.append(
            _(
                "Customers come back most for “{reason}”: {share} of {tickets} came within 7 days of a solve "
                "for the same reason.",
                reason=words.label(again["reason"]),
                share=words.share(again["value"]),
                tickets=words.counted(again["n"], "ticket"),
            )
        )
    if confusing := _surest(reasons, "confusion_rate"):
        sentences.append(
            _(
                "Guided steps confuse most for “{reason}”: {share} of {visits}.",
                reason=words.label(confusing["reason"]),
                share=words.share(confusing["value"]),
                visits=words.counted(confusing["n"], "visit"),
            )
        )
    return " ".join(sentences)


def _surest(reasons: pl.DataFrame, metric: str) -> dict[str, Any] | None:
    """The reason whose interval starts highest: few cases cannot be first by luck."""
    candidates = reasons.filter(pl.col("metric") == metric, pl.col("value") > 0, pl.col("low").is_not_null())
    return (
        None
        if candidates.is_empty()
        else candidates.sort("low", "reason", descending=[True, False]).row(0, named=True)
    )
