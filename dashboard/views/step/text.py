"""The sentence the page of a step opens with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard.language import _, words


def opening(row: Mapping[str, Any], times: pl.DataFrame) -> str:
    """How often a step was visited, and how long that takes; its card says how often it confuses."""
    sentences = [
        _(
            "{visits} to “{step}”.",
            visits=words.counted(row["visits"], "visit"),
            step=words.label(row["title"] or row["step"]),
        )
    ]
    mine = times.filter(step=row["step"]).head(1).to_dicts()
    if mine and mine[0]["fluent_seconds"] is not None and mine[0]["confused_seconds"] is not None:
        sentences.append(
            _(
                "A fluent visit takes {fluent}, a confused one {confused} (medians).",
                fluent=words.minutes(mine[0]["fluent_seconds"] / 60),
                confused=words.minutes(mine[0]["confused_seconds"] / 60),
            )
        )
    return " ".join(sentences)
