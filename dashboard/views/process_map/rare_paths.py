"""What of a process is drawn: the frequent steps and moves, and of each step its main way in and out."""

from __future__ import annotations

import polars as pl


def frequent_steps(visits: pl.DataFrame, share: float) -> list[str]:
    """The fewest steps (step, visits) that have this share of all visits, the most visited first."""
    return _covering(visits.sort("visits", "step", descending=[True, False]), "visits", share)[
        "step"
    ].to_list()


def frequent_moves(moves: pl.DataFrame, steps: list[str], share: float) -> pl.DataFrame:
    """The fewest moves between these steps that are this share of them, and each step's main way in and out.

    `moves` has a row per step, next step and way, the most frequent first; null is the outside of runs. A
    step entered straight from itself is no way out of it: such moves stand in its box and are all there.
    """
    inside = moves.filter(
        pl.col("step").is_null() | pl.col("step").is_in(steps),
        pl.col("next_step").is_null() | pl.col("next_step").is_in(steps),
    ).with_row_index("rank")
    is_repeat = pl.col("step").eq_missing(pl.col("next_step"))
    lines, repeats = inside.filter(~is_repeat), inside.filter(is_repeat)
    main = [lines.unique(end, keep="first", maintain_order=True)["rank"] for end in ("step", "next_step")]
    ranks = pl.concat([_covering(lines, "moves", share)["rank"], *main, repeats["rank"]]).unique()
    return inside.join(ranks.to_frame("rank"), on="rank", how="semi").sort("rank").drop("rank")


def _covering(rows: pl.DataFrame, of: str, share: float) -> pl.DataFrame:
    """The first rows that together hold this share; all of them for the whole."""
    if share >= 1:
        return rows
    before = pl.col(of).cum_sum() - pl.col(of)
    return rows.filter(before < share * pl.col(of).sum())
