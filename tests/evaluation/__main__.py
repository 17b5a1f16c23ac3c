"""Prints the evaluation: nothing here is kept, every number is simulated, loaded and measured anew."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import polars as pl

from tests.evaluation import other_desks
from tests.evaluation.desks import measured
from tests.evaluation.scoring import PEOPLE, RANKINGS, Share, found_by_ranking, scores

TARGETS = {
    "process precision": "≥ 0.95",
    "process recall": "≥ 0.95",
    "people precision": "≥ 0.90",
    "people recall": "≥ 0.80",
    "verdict right": "≥ 0.90",
    "desks with a false hotspot": "≤ 0.05 where nothing is planted",
    "desks with false hidden trouble": "",
}


def main() -> None:
    options = argparse.ArgumentParser(prog="make evaluate", description=__doc__)
    options.add_argument("--seeds", type=int, default=20, help="simulated desks of each size with trouble")
    options.add_argument("--calm", type=int, default=100, help="simulated desks without trouble")
    options.add_argument("--jobs", type=int, default=2)
    chosen = options.parse_args()
    # polars does not survive a fork.
    with ProcessPoolExecutor(chosen.jobs, mp_context=get_context("spawn")) as pool:
        usual = simulated(pool, chosen.seeds, tickets=20_000)
        columns = {
            "20,000 tickets": usual,
            "5,000": simulated(pool, chosen.seeds, tickets=5_000),
            "60,000": simulated(pool, max(chosen.seeds // 4, 1), tickets=60_000),
            "20,000, calm": simulated(pool, chosen.calm, tickets=20_000, trouble=False),
        }
        title("The simulator: 12 weeks")
        table({name: scores(steps) for name, steps in columns.items()})
        title("What other rankings would have named, told how many to name (20,000 tickets)")
        line("ranking", "process trouble among the first", "any trouble among the first")
        line("---", "---", "---")
        for name, ranking in RANKINGS.items():
            any_kind = found_by_ranking(usual, ranking, ("process", *PEOPLE))
            line(name, found_by_ranking(usual, ranking), any_kind)
        title("The other desk: counts drawn from beta-binomials")
        line("what is varied", *TARGETS)
        line(*["---"] * (len(TARGETS) + 1))
        seeds = range(chosen.seeds)
        found = pool.map(partial(other_desks.measured, seeds=seeds), other_desks.VARIED.values())
        for name, steps in zip(other_desks.VARIED, found, strict=True):
            line(name, *(f"{share.value:.2f}" if share.n else "–" for share in scores(steps).values()))


def simulated(pool: ProcessPoolExecutor, seeds: int, **desk: object) -> pl.DataFrame:
    """The steps of so many desks; seeds from 1 on."""
    work = [pool.submit(measured, seed=seed, **desk) for seed in range(1, seeds + 1)]  # type: ignore[arg-type]
    return pl.concat([job.result() for job in work])


def table(columns: Mapping[str, Mapping[str, Share]]) -> None:
    line("", *columns, "wanted")
    line(*["---"] * (len(columns) + 2))
    for name, wanted in TARGETS.items():
        line(name, *(shares[name] for shares in columns.values()), wanted)


def line(*cells: object) -> None:
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)  # noqa: T201


def title(text: str) -> None:
    print(f"\n## {text}\n", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
