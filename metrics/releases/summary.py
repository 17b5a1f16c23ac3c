"""The verdict on a new version as a whole, in one word."""

from __future__ import annotations

import polars as pl

from metrics.releases.versions import TIMES, Verdict

_RELEASE = ("workflow", "from_version", "version", "released_on")


def summary(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per new version: `verdict` on its confusion and outcomes; times do not count.

    Improved or worse where one of its rows is and none the other way, `mixed` where there are both; no change
    shown where the confusion of its runs could have shown one.
    """

    def any_is(verdict: Verdict, among: pl.Expr) -> pl.Expr:
        return (among & (pl.col("verdict") == str(verdict))).any()

    is_quality = ~pl.col("measure").is_in(TIMES)
    return (
        rows.group_by(*_RELEASE, maintain_order=True)
        .agg(
            better=any_is(Verdict.IMPROVED, is_quality),
            worse=any_is(Verdict.WORSE, is_quality),
            shown=any_is(Verdict.NO_CHANGE, pl.col("measure") == "run confused"),
        )
        .select(
            *_RELEASE,
            verdict=pl.when(pl.col("better") & pl.col("worse"))
            .then(pl.lit("mixed"))
            .when("better")
            .then(pl.lit(str(Verdict.IMPROVED)))
            .when("worse")
            .then(pl.lit(str(Verdict.WORSE)))
            .when("shown")
            .then(pl.lit(str(Verdict.NO_CHANGE)))
            .otherwise(pl.lit(str(Verdict.UNKNOWN))),
        )
    )
