"""Version verdicts held against what a simulated desk planted."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from etl.simulator import Conditions, simulate
from metrics.releases.summary import summary
from metrics.releases.versions import verdicts
from tests.evaluation.ceiling import mean_reach
from tests.evaluation.desks import warehouse_of
from tests.evaluation.scoring import Share

USUAL = Conditions()


def called(
    *, tickets: int, seed: int, weeks: int = 12, trouble: bool = True, conditions: Conditions = USUAL
) -> pl.DataFrame:
    """One row per new version of a simulated desk, as `calls` has them."""
    history = simulate(tickets=tickets, seed=seed, weeks=weeks, trouble=trouble, conditions=conditions)
    connection = warehouse_of(history)
    rows = calls(connection, history.truth)
    connection.close()
    return rows


def calls(connection: duckdb.DuckDBPyConnection, truth: dict[str, Any]) -> pl.DataFrame:
    """One row per new version of a desk: what was planted at its rewritten step, and what was said.

    `old_rate`, `rate`: the shares of confused visits planted; `before`, `after`: those seen; `said`: of that
    step's confusion; `whole`: of the whole version's confusion and outcomes.
    """
    verdict_rows = verdicts(connection)
    effects = [*truth["version_effects"], *truth["versions_without_effect"]]
    planted = pl.DataFrame(
        [
            {
                **{name: one[name] for name in ("workflow", "step", "old_rate", "rate")},
                "version": one["to"],
                "planted": one["effect"],
            }
            for one in effects
        ]
    )
    steps = verdict_rows.filter(measure="confusion").select(
        "workflow", "version", "step", "before", "after", "n_before", "n_after", said="verdict"
    )
    whole = summary(verdict_rows).select("workflow", "version", whole="verdict")
    joined = planted.join(steps, on=["workflow", "version", "step"], how="left")
    return joined.join(whole, on=["workflow", "version"], how="left").with_columns(seed=pl.lit(truth["seed"]))


def scores(rows: pl.DataFrame) -> dict[str, Share]:
    """What was called rightly, and what was called though nothing was planted."""
    effect, nothing = rows.filter(pl.col("planted") != "none"), rows.filter(planted="none")
    called_at_all = ["improved", "worse", "mixed"]
    return {
        "step called rightly": _share(effect, pl.col("said") == pl.col("planted")),
        "version called rightly": _share(effect, pl.col("whole") == pl.col("planted")),
        "step called the wrong way": _share(
            effect, pl.col("said").is_in(called_at_all) & (pl.col("said") != pl.col("planted"))
        ),
        "step without effect called": _share(nothing, pl.col("said").is_in(called_at_all)),
        "version without effect called": _share(nothing, pl.col("whole").is_in(called_at_all)),
    }


def could_be_called(rows: pl.DataFrame) -> dict[str, float]:
    """The share of planted effects that could be called by somebody who knows more than the data say.

    A few visits look confused that are not, so that the shares seen differ less than those planted. They are
    those of all desks together: of one desk they would hold its own luck.
    """
    effect = rows.filter(pl.col("planted") != "none")
    sizes = ("n_before", "n_after")
    observed = [
        ((pl.col(side) * pl.col(n)).sum() / pl.col(n).sum()).over("planted").alias(side)
        for side, n in zip(("before", "after"), sizes, strict=True)
    ]
    shares = effect.select(*observed, *sizes).rows()
    return {
        "could be called": mean_reach(effect.select("old_rate", "rate", *sizes).iter_rows()),
        "could be called, by the shares seen": mean_reach(shares),
        "the same if every step might stray by 10 %": mean_reach(shares, stray=0.1),
    }


def _share(rows: pl.DataFrame, what: pl.Expr) -> Share:
    return Share(rows.filter(what).height, rows.height)
