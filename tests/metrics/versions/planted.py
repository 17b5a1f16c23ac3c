"""Version verdicts held against what a simulated desk planted: `python -m tests.metrics.versions.planted`."""

from __future__ import annotations

import argparse

import polars as pl

from etl.simulator import Conditions, simulate
from metrics.version_words import summary
from metrics.versions import verdicts
from tests.evaluation.desks import warehouse_of
from tests.evaluation.scoring import Share


def called(
    *, tickets: int, seed: int, weeks: int = 12, trouble: bool = True, effect_rate: float = 0.2
) -> pl.DataFrame:
    """One row per new version of a desk: what was planted at its rewritten step, and what was said.

    `said`: of that step's confusion; `version`: of the whole version's confusion and outcomes.
    """
    conditions = Conditions(effect_rate=effect_rate)
    history = simulate(tickets=tickets, seed=seed, weeks=weeks, trouble=trouble, conditions=conditions)
    connection = warehouse_of(history)
    found = verdicts(connection)
    connection.close()
    told = [*history.truth["version_effects"], *history.truth["versions_without_effect"]]
    planted = pl.DataFrame(
        [
            {"workflow": one["workflow"], "version": one["to"], "step": one["step"], "planted": one["effect"]}
            for one in told
        ]
    )
    steps = found.filter(measure="confusion").select("workflow", "version", "step", said="verdict")
    whole = summary(found).select("workflow", "version", whole="verdict")
    joined = planted.join(steps, on=["workflow", "version", "step"], how="left")
    return joined.join(whole, on=["workflow", "version"], how="left").with_columns(seed=pl.lit(seed))


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


def _share(rows: pl.DataFrame, what: pl.Expr) -> Share:
    return Share(rows.filter(what).height, rows.height)


def main() -> None:
    """Print one table per effect; nothing is kept."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, default=10)
    options.add_argument("--tickets", type=int, default=20_000)
    options.add_argument("--rates", type=float, nargs="*", default=[0.2, 0.1])
    options.add_argument("--calm", action="store_true", help="nothing planted at all")
    chosen = options.parse_args()
    for rate in chosen.rates:
        desks = [
            called(tickets=chosen.tickets, seed=seed, effect_rate=rate, trouble=not chosen.calm)
            for seed in range(1, chosen.seeds + 1)
        ]
        print(f"{chosen.tickets:,} tickets, 0.05 against {rate}, {chosen.seeds} desks")  # noqa: T201
        for name, share in scores(pl.concat(desks)).items():
            print(f"  {name}: {share}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
