"""The sentences with which the pages of maps, steps and runs open, from their numbers, in plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboard.language import N_, _, ngettext, words
from dashboard.language.time_words import worked

ENDED = {"run_finished": N_("It was finished."), "run_abandoned": N_("It was given up.")}


def process_map(moves: pl.DataFrame) -> str:
    """What process designers ask of a map: how many runs, and how many keep to the path."""
    begun = sum(moves.filter(way="began")["moves"])
    between = moves.filter(pl.col("step").is_not_null(), pl.col("next_step").is_not_null())
    sentences = [ngettext("{n} run began here.", "{n} runs began here.", begun, n=words.count(begun))]
    total = sum(between["moves"])
    if total and "not known" not in set(between["way"]):
        off, back = (sum(between.filter(way=way)["moves"]) for way in ("not allowed", "went back"))
        sentences.append(
            _(
                "Of {moves} moves, {off} left the defined path and {back} went back.",
                moves=words.count(total),
                off=words.share(off / total),
                back=words.share(back / total),
            )
        )
    return " ".join(sentences)


def map_headline(steps: pl.DataFrame) -> str:
    """The finding of the map: where it confuses most."""
    return _finding(steps).removesuffix(".") or _("How runs move")


def _finding(steps: pl.DataFrame) -> str:
    visited = steps.filter(pl.col("visits") > 0, pl.col("confused") > 0)
    if visited.is_empty():
        return ""
    order = (pl.col("hotspot").fill_null(value=False), "low", "step")
    worst = visited.sort(*order, descending=[True, True, False], nulls_last=True).row(0, named=True)
    values = {
        "step": words.label(worst["title"] or worst["step"]),
        "share": words.share(worst["confused"] / worst["visits"]),
        "visits": words.counted(worst["visits"], "visit"),
    }
    if worst["hotspot"]:
        return _("“{step}” confuses agents most, and more than the rest: {share} of {visits}.", **values)
    return _("“{step}” confuses most: {share} of {visits}.", **values)


def step(row: Mapping[str, Any], times: pl.DataFrame) -> str:
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


def run(facts: Mapping[str, Any], visits: Sequence[Mapping[str, Any]], time_zone: str) -> str:
    """One run in a few sentences: which workflow, how long, how it ended, where it was troubled."""
    sentences = [
        _(
            "This run of {workflow}, version {version}, began on {when}.",
            workflow=words.label(facts["workflow"]),
            version=words.label(facts["version"], 12),
            when=words.instant(facts["started_at"], time_zone),
        )
    ]
    last = facts["ended_at"] or facts["last_event_at"]
    minutes = (last - facts["started_at"]).total_seconds() / 60
    paused = sum(visit["paused_minutes"] or 0.0 for visit in visits)
    steps = len({visit["step"] for visit in visits})
    sentences.append(
        _(
            "It took {time} over {visits} to {steps}.",
            time=worked(minutes, paused),
            visits=words.counted(len(visits), "visit"),
            steps=words.counted(steps, "step"),
        )
    )
    sentences.append(
        _(ENDED[facts["ended_by"]]) if facts["ended_by"] in ENDED else _("It has no end in the data.")
    )
    off = sum(visit["breach"] is not None for visit in visits)
    if off:
        sentences.append(
            ngettext("It left the path once.", "It left the path {n} times.", off, n=words.count(off))
        )
    return " ".join(sentences)
