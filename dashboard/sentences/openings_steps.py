"""The sentences with which the pages of maps, steps and runs open, from their numbers, in plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboard import words
from dashboard.language import N_, _, ngettext
from dashboard.sentences.time_words import worked

ENDED = {"run_finished": N_("It was finished."), "run_abandoned": N_("It was given up.")}


def process_map(steps: pl.DataFrame, moves: pl.DataFrame) -> str:
    """What process designers ask of a map: how many runs, how many keep to the path, where it confuses."""
    begun = sum(moves.filter(way="began")["moves"])
    between = moves.filter(pl.col("step").is_not_null(), pl.col("next_step").is_not_null())
    told = [
        ngettext("{n} run began here.", "{n} runs began here.", begun, n=words.count(begun)),
        _finding(steps),
    ]
    total = sum(between["moves"])
    if total and "not known" not in set(between["way"]):
        off, back = (sum(between.filter(way=way)["moves"]) for way in ("not allowed", "went back"))
        told.append(
            _(
                "Of {moves} moves, {off} left the defined path and {back} went back.",
                moves=words.count(total),
                off=words.share(off / total),
                back=words.share(back / total),
            )
        )
    return " ".join(part for part in told if part)


def map_headline(steps: pl.DataFrame) -> str:
    """The finding of the map: where it confuses most."""
    return _finding(steps).removesuffix(".") or _("How runs move")


def _finding(steps: pl.DataFrame) -> str:
    known = steps.filter(pl.col("visits") > 0, pl.col("confused") > 0)
    if known.is_empty():
        return ""
    worst = known.sort("low", "step", descending=[True, False], nulls_last=True).row(0, named=True)
    said = {
        "step": words.label(worst["title"] or worst["step"]),
        "share": words.share(worst["confused"] / worst["visits"]),
        "visits": words.counted(worst["visits"], "visit"),
    }
    if worst["hotspot"]:
        return _("“{step}” confuses most, beyond chance: {share} of {visits}.", **said)
    return _("“{step}” confuses most: {share} of {visits}.", **said)


def step(row: Mapping[str, Any], times: pl.DataFrame) -> str:
    """What is asked of a step first: how often it confuses, and how long it takes."""
    name = words.label(row["title"] or row["step"])
    told = []
    if row["confusion_rate"] is not None:
        told.append(
            _(
                "“{step}” was visited {n} times; {share} of the visits were confused "
                "(95% interval {limits}).",
                step=name,
                n=words.count(row["visits"]),
                share=words.share(row["confusion_rate"]),
                limits=words.interval(row["low"], row["high"], "share") or words.UNKNOWN,
            )
        )
    mine = times.filter(step=row["step"]).head(1).to_dicts()
    if mine and mine[0]["fluent_seconds"] is not None and mine[0]["confused_seconds"] is not None:
        told.append(
            _(
                "An untroubled visit takes {fluent}, a confused one {confused} (medians).",
                fluent=words.minutes(mine[0]["fluent_seconds"] / 60),
                confused=words.minutes(mine[0]["confused_seconds"] / 60),
            )
        )
    return " ".join(told)


def run(facts: Mapping[str, Any], visits: Sequence[Mapping[str, Any]], time_zone: str) -> str:
    """One run in a few sentences: which workflow, how long, how it ended, where it was troubled."""
    told = [
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
    told.append(
        _(
            "It took {time} over {visits} to {steps}.",
            time=worked(minutes, paused),
            visits=words.counted(len(visits), "visit"),
            steps=words.counted(steps, "step"),
        )
    )
    told.append(
        _(ENDED[facts["ended_by"]]) if facts["ended_by"] in ENDED else _("It has no end in the data.")
    )
    confused = [visit for visit in visits if visit["is_confused"]]
    if confused:
        told.append(
            ngettext("{n} visit was confused.", "{n} visits were confused.", len(confused), n=len(confused))
        )
    off = sum(visit["breach"] is not None for visit in visits)
    if off:
        told.append(
            ngettext("It left the path once.", "It left the path {n} times.", off, n=words.count(off))
        )
    return " ".join(told)
