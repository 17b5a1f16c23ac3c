"""The sentence the page of hotspots opens with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard.language import _, ngettext, words


def opening(steps: pl.DataFrame) -> str:
    """What process designers ask first: which step, and how sure that is."""
    rated = steps.filter(pl.col("confusion_rate").is_not_null())
    if rated.is_empty():
        return ""
    hot = rated.filter(pl.col("hotspot"))
    visits = words.counted(sum(rated["visits"]), "visit")
    versions = words.counted(rated.height, "step version")
    if rated["hotspot"].is_null().all():
        first = _(
            "{visits} to {steps}, ranked by their share of confused visits.", visits=visits, steps=versions
        )
    elif hot.is_empty():
        return _(
            "No step confuses agents more than the rest ({visits} to {steps}).",
            visits=visits,
            steps=versions,
        )
    else:
        first = ngettext(
            "{n} step confuses agents more than the rest ({visits} to {steps}).",
            "{n} steps confuse agents more than the rest ({visits} to {steps}).",
            hot.height,
            visits=visits,
            steps=versions,
            n=words.count(hot.height),
        )
    worst = (rated if hot.is_empty() else hot).row(0, named=True)
    return f"{first} {_worst(worst, is_hot=not hot.is_empty())}"


def _worst(step: Mapping[str, Any], *, is_hot: bool) -> str:
    limits = words.interval(step["low"], step["high"], "share")
    rate = words.share(step["confusion_rate"])
    values = {
        "step": words.label(step["title"] or step["step"]),
        "workflow": words.label(step["workflow"]),
        "version": words.label(step["version"]),
        "share": f"{rate} ({limits})" if limits else rate,
        "visits": words.counted(step["visits"], "visit"),
    }
    if is_hot:
        return _(
            "The worst: “{step}” ({workflow}, version {version}), where {share} of {visits} were confused.",
            **values,
        )
    return _(
        "At the top: “{step}” ({workflow}, version {version}), where {share} of {visits} were confused.",
        **values,
    )
