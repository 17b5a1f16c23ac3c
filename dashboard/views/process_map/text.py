"""The sentence the process map opens with, and the headline of the map."""

from __future__ import annotations

import polars as pl

from dashboard.language import _, ngettext, words


def opening(moves: pl.DataFrame) -> str:
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
    """The finding of the map: where it confuses most, or of a log of states, where tickets stay longest."""
    finding = _finding(steps) if steps["guided"].all() else _longest(steps)
    return finding.removesuffix(".") or _("How runs move")


def _longest(states: pl.DataFrame) -> str:
    """The state with most time in it, of the time in all states."""
    timed = states.filter(pl.col("total_hours") > 0)
    if timed.is_empty():
        return ""
    first = timed.sort("total_hours", "step", descending=[True, False]).row(0, named=True)
    return _(
        "Tickets stay longest in “{state}”: {share} of all time in states.",
        state=words.label(first["title"] or first["step"]),
        share=words.share(first["total_hours"] / sum(timed["total_hours"])),
    )


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
