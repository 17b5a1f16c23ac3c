"""The verdicts on new versions in one word each, and as lines for people."""

from __future__ import annotations

from typing import Any

import polars as pl

from metrics.versions import TIMES, Verdict


def summary(found: pl.DataFrame) -> pl.DataFrame:
    """One row per new version: `verdict` on confusion and outcomes; `faster` and `slower` beside it.

    Improved or worse where one of its rows is and none the other way, `mixed` where there are both; no change
    shown where the confusion of its runs could have shown one. The lists name what changed in words.
    """
    place = pl.coalesce("title", "step", pl.lit("the whole run"))
    is_time = pl.col("measure").is_in(TIMES)

    def named(name: str, verdict: Verdict, among: pl.Expr, words: pl.Expr) -> pl.Expr:
        return words.filter(among & (pl.col("verdict") == str(verdict))).alias(name)

    def quality(verdict: Verdict) -> pl.Expr:
        words = pl.concat_str(pl.col("measure"), pl.lit(" at "), place)
        return named(str(verdict), verdict, ~is_time, words)

    better, worse = (pl.col(str(verdict)).list.len() > 0 for verdict in (Verdict.IMPROVED, Verdict.WORSE))
    return (
        found.group_by(*_RELEASE, maintain_order=True)
        .agg(
            quality(Verdict.IMPROVED),
            quality(Verdict.WORSE),
            named("faster", Verdict.IMPROVED, is_time, place),
            named("slower", Verdict.WORSE, is_time, place),
            shown=(
                (pl.col("measure") == "run confused") & (pl.col("verdict") == str(Verdict.NO_CHANGE))
            ).any(),
        )
        .with_columns(
            verdict=pl.when(better & worse)
            .then(pl.lit("mixed"))
            .when(better)
            .then(pl.lit(str(Verdict.IMPROVED)))
            .when(worse)
            .then(pl.lit(str(Verdict.WORSE)))
            .when("shown")
            .then(pl.lit(str(Verdict.NO_CHANGE)))
            .otherwise(pl.lit(str(Verdict.UNKNOWN)))
        )
        .drop("shown")
    )


def in_words(found: pl.DataFrame) -> list[str]:
    """One line per new version, and below it what is told of it with its numbers."""
    if found.is_empty():
        return ["No workflow has a version that followed another within the data looked at."]
    lines: list[str] = []
    for version in summary(found).iter_rows(named=True):
        name = f"{version['workflow']} {version['from_version']} -> {version['version']}"
        lines.append(f"{version['verdict'].upper()}: {name}, released on {version['released_on']}.")
        rows = found.filter(
            pl.col("workflow") == version["workflow"], pl.col("version") == version["version"]
        )
        told = [row for row in rows.to_dicts() if row["verdict"] in (Verdict.IMPROVED, Verdict.WORSE)]
        lines += [f"  {_change(row)}" for row in told]
        if not told:
            lines.append(f"  {_nothing(rows)}")
    return lines


def _change(row: dict[str, Any]) -> str:
    place = row["title"] or row["step"] or "the whole run"
    shown = f"{row['before']:.0f} s to {row['after']:.0f} s"
    if row["measure"] not in TIMES:
        shown = f"{row['before']:.1%} to {row['after']:.1%}"
    ends = f"{row['low']:+.0%} to {row['high']:+.0%}"
    beside = f"{row['effect']:+.0%} beside what was left alone (95% interval {ends})"
    return f"{row['measure']} at {place}: {row['verdict']}, from {shown}; {beside}."


def _nothing(rows: pl.DataFrame) -> str:
    """Why nothing is told, by the runs as a whole."""
    row = rows.filter(measure="run confused").to_dicts()
    if not row or row[0]["untouched"] == 0:
        return "There is no untouched workflow in those weeks to compare with."
    if row[0]["smallest_detectable"] is None:
        return "There are too few weeks or runs on one side."
    return (
        f"Runs confused: {row[0]['effect']:+.0%} beside untouched workflows. A rise by "
        f"{row[0]['smallest_detectable']:.0%} is the smallest that this much data would show."
    )


_RELEASE = ("workflow", "from_version", "version", "released_on")
