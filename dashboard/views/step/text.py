"""The sentences the page of a step, or of a state, opens with."""

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


def state(row: Mapping[str, Any]) -> str:
    """Time in a state, returns and hand-overs, of one row of `metrics.steps.states`."""
    sentences = []
    if row["median_hours"] is not None:
        sentences.append(
            _(
                "Half of the visits last up to {median}, nine in ten up to {most}.",
                median=words.hours(row["median_hours"]),
                most=words.hours(row["p90_hours"]),
            )
        )
    sentences.append(
        _(
            "{share} are returns: the ticket had left this state before.",
            share=words.share(row["return_share"]),
        )
    )
    if row["handed_over_share"] is not None:
        sentences.append(
            _(
                "After {share} of {visits} another agent goes on ({interval}).",
                share=words.share(row["handed_over_share"]),
                visits=words.counted(row["handed_over_n"], "visit"),
                interval=words.interval(row["handed_over_low"], row["handed_over_high"], "share"),
            )
        )
    return " ".join(sentences)
