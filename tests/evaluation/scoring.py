"""What was found of what was planted, as counts that add up over desks."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from scipy.stats import binomtest

PEOPLE = ("training", "coaching")


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    hits: int
    n: int

    def __str__(self) -> str:
        if not self.n:
            return "–"
        low, high = self.interval
        return f"{self.value:.3f} ({self.hits:,} of {self.n:,}; {low:.3f} to {high:.3f})"

    @property
    def value(self) -> float:
        return self.hits / self.n if self.n else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval, by scipy: nothing here is calculated by what is evaluated."""
        ends = binomtest(self.hits, self.n).proportion_ci(method="wilson")
        return float(ends.low), float(ends.high)


def scores(steps: pl.DataFrame) -> dict[str, Share]:
    """Precision, recall and verdicts over all rows, and the share of desks with a false finding.

    A process hotspot is a hotspot with that verdict; people's trouble is found as a hotspot or as hidden
    trouble with one of their verdicts. To name the wrong one of the two is an error of the verdict alone.
    """
    is_process = pl.col("planted") == "process"
    is_people = pl.col("planted").is_in(PEOPLE)
    is_finding = pl.col("hotspot") | pl.col("hidden")
    said_process = pl.col("hotspot") & (pl.col("verdict") == "process")
    said_people = is_finding & pl.col("verdict").is_in(PEOPLE)
    ordinary = pl.col("planted") == ""
    return {
        "process precision": _share(steps, is_process, of=said_process),
        "process recall": _share(steps, said_process, of=is_process),
        "people precision": _share(steps, is_people, of=said_people),
        "people recall": _share(steps, is_finding, of=is_people),
        "verdict right": _share(steps, pl.col("verdict") == pl.col("planted"), of=is_finding & ~ordinary),
        "desks with a false hotspot": _desks(steps, pl.col("hotspot") & ordinary),
        "desks with false hidden trouble": _desks(steps, pl.col("hidden") & ordinary),
    }


def _share(steps: pl.DataFrame, what: pl.Expr, *, of: pl.Expr) -> Share:
    among = steps.filter(of)
    return Share(among.filter(what).height, among.height)


def _desks(steps: pl.DataFrame, what: pl.Expr) -> Share:
    return Share(steps.filter(what)["seed"].n_unique(), steps["seed"].n_unique())


FIXED_WEIGHTS = {
    "asked_help": 3.0,
    "changed_answer": 2.0,
    "backed_out": 2.0,
    "input_rejected": 1.0,
    "abandoned": 3.0,
    "hesitated": 1.0,
    "searched": 1.0,
    "repeated": 1.0,
}
RANKINGS = {
    "mean dwell": pl.col("mean_dwell_us"),
    "raw confusion rate": pl.col("confused") / pl.col("visits"),
    "fixed-weight score": pl.sum_horizontal(
        pl.col("signs").struct.field(sign).struct.field("rate").fill_null(0) * weight
        for sign, weight in FIXED_WEIGHTS.items()
    ),
}
"""How tools without statistics rank steps."""


def found_by_ranking(steps: pl.DataFrame, ranking: pl.Expr, kinds: tuple[str, ...] = ("process",)) -> Share:
    """Of the first steps of each desk, as many as trouble of these kinds was planted, those where it was.

    Such a ranking must be told how many to name; it names as many on a desk where nothing is wrong.
    """
    is_planted = pl.col("planted").is_in(kinds)
    placed = steps.with_columns(
        place=ranking.rank("ordinal", descending=True).over("seed"),
        planted_here=is_planted.sum().over("seed"),
    )
    return _share(placed, is_planted, of=pl.col("place") <= pl.col("planted_here"))
