"""Prints the evaluation: no number is written down here, all are simulated, loaded and measured.

Each desk is kept when it is done, in a temporary folder of its own for this state of the code: stopped and
started again, the evaluation goes on. First a line for each desk as it is done, then the tables.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import polars as pl

from tests.evaluation import other_desks, other_releases
from tests.evaluation.ceiling import reach
from tests.evaluation.keeping import Frames, Job, folder, results
from tests.evaluation.scoring import PEOPLE, RANKINGS, Share, found_by_ranking, scores
from tests.evaluation.work import EFFECTS, Desk, OtherSteps, OtherVersions
from tests.metrics.releases.planted import could_be_called
from tests.metrics.releases.planted import scores as version_scores

TARGETS = {
    "process precision": "≥ 0.95",
    "process recall": "≥ 0.95",
    "people precision": "≥ 0.90",
    "people recall": "≥ 0.80",
    "verdict right": "≥ 0.90",
    "desks with a false hotspot": "≤ 0.05 where nothing is planted",
    "desks with false hidden trouble": "",
}
VERSION_TARGETS = {
    "step called rightly": "≥ 0.90",
    "version called rightly": "",
    "step called the wrong way": "",
    "step without effect called": "≤ 0.05",
    "version without effect called": "≤ 0.05",
}
VISITS = (250, 500, 1000, 2000, 4000, 8000)
SIZES = {"20,000 tickets": (20_000, 1), "5,000": (5_000, 1), "60,000": (60_000, 4)}


def main() -> None:
    options = argparse.ArgumentParser(prog="make evaluate", description=__doc__)
    options.add_argument("--seeds", type=int, default=20, help="simulated desks of each size with trouble")
    options.add_argument("--calm", type=int, help="simulated desks without trouble; five times the seeds")
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--kept", type=Path, default=None, help="folder of the results kept")
    chosen = options.parse_args()
    kept = chosen.kept or folder()
    print(f"Results are kept in {kept}", flush=True)  # noqa: T201
    calm = 5 * chosen.seeds if chosen.calm is None else chosen.calm
    desks = {
        **{
            column: [Desk("desk", tickets, seed) for seed in _seeds(chosen.seeds // part)]
            for column, (tickets, part) in SIZES.items()
        },
        "20,000, calm": [Desk("calm", 20_000, seed, trouble=False) for seed in _seeds(calm)],
    }
    effects = {
        name: [Desk(f"effect {place}", 20_000, seed, effects=name) for seed in _seeds(chosen.seeds)]
        for place, name in enumerate(EFFECTS)
    }
    lines = {name: OtherSteps(name, 2 * chosen.seeds) for name in other_desks.VARIED}
    curve = {
        (name, n): OtherVersions(replace(release, visits=n), 5 * chosen.seeds)
        for name, release in other_releases.VARIED.items()
        for n in VISITS
    }
    jobs: list[Job] = [*_flat(desks), *_flat(effects), *lines.values(), *curve.values()]
    # Each process computes on one core; polars does not survive a fork.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with ProcessPoolExecutor(chosen.jobs, mp_context=get_context("spawn")) as pool:
        known = dict(results(jobs, pool, kept))

    columns = {name: _whole(known, part, "steps") for name, part in desks.items()}
    title("The simulator: 12 weeks")
    table({name: scores(steps) for name, steps in columns.items()}, TARGETS)
    title("What other rankings would have named, told how many to name (20,000 tickets)")
    header("ranking", "process trouble among the first", "any trouble among the first")
    usual = columns["20,000 tickets"]
    for name, ranking in RANKINGS.items():
        line(name, found_by_ranking(usual, ranking), found_by_ranking(usual, ranking, ("process", *PEOPLE)))
    title("The other desk: counts drawn from beta-binomials")
    header("what is varied", *TARGETS)
    for name, job in lines.items():
        line(name, *(_short(share) for share in scores(known[job.name]["steps"]).values()))
    title("New versions of the simulator (20,000 tickets): ± 50 % of a step that confuses so many visits")
    told = {name: _whole(known, part, "versions") for name, part in effects.items()}
    told["nothing planted"] = _whole(known, desks["20,000, calm"], "versions")
    table({name: version_scores(rows) for name, rows in told.items()}, VERSION_TARGETS)
    reaches = [could_be_called(rows) for name, rows in told.items() if name in EFFECTS]
    for name in reaches[0]:
        line(name, *(f"{told_of[name]:.3f}" for told_of in reaches), "–", "")
    title("The other releases: called rightly / could be called, by visits to the step on each side")
    header("share of confused visits", *(f"{n:,}" for n in VISITS))
    for name, release in other_releases.VARIED.items():
        rows = [known[curve[name, n].name]["versions"] for n in VISITS]
        line(name, *(_against(release, n, frame) for n, frame in zip(VISITS, rows, strict=True)))


def _seeds(number: int) -> range:
    return range(1, max(number, 1) + 1)


def _flat(desks: Mapping[str, list[Desk]]) -> list[Desk]:
    return [desk for part in desks.values() for desk in part]


def _whole(known: Mapping[str, Frames], desks: list[Desk], what: str) -> pl.DataFrame:
    return pl.concat([known[desk.name][what] for desk in desks])


def _called(rows: pl.DataFrame, name: str) -> Share:
    """Of the other releases: they have nothing but the step."""
    return version_scores(rows.with_columns(whole="said"))[name.replace("without", "step without")]


def _against(release: other_releases.OtherRelease, visits: int, rows: pl.DataFrame) -> str:
    """What was called, and where there was something to call, what could be."""
    if release.before == release.after:
        return _short(_called(rows, "without effect called"))
    could = reach(release.before, release.after, visits, visits)
    return f"{_short(_called(rows, 'step called rightly'))} / {could:.2f}"


def _short(share: Share) -> str:
    return f"{share.value:.2f}" if share.n else "–"


def table(columns: Mapping[str, Mapping[str, Share]], targets: Mapping[str, str]) -> None:
    header("", *columns, "wanted")
    for name, wanted in targets.items():
        line(name, *(shares[name] for shares in columns.values()), wanted)


def header(*cells: object) -> None:
    line(*cells)
    line(*["---"] * len(cells))


def line(*cells: object) -> None:
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)  # noqa: T201


def title(text: str) -> None:
    print(f"\n## {text}\n", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
