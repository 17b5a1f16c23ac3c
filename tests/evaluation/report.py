"""The tables of the evaluation, as they stand in the documentation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from tests.evaluation import calm, cost_coverage, few_steps, least_effect, other_releases
from tests.evaluation.ceiling import reach
from tests.evaluation.generators import GENERATORS, QUEUES
from tests.evaluation.jobs import CALM, VISITS, Jobs
from tests.evaluation.result_store import Frames, Job
from tests.evaluation.scoring import PEOPLE, RANKINGS, Share, found_by_ranking, scores
from tests.evaluation.work import EFFECTS
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
Results = Mapping[str, Frames]


def needed(jobs: Jobs, parts: Iterable[str]) -> list[Job]:
    """The jobs of some parts, each once."""
    return list({job.name: job for part in parts for job in _NEEDED[part](jobs)}.values())


def print_part(part: str, jobs: Jobs, results: Results) -> None:
    """The tables of one part, from the results of its jobs."""
    _PRINTED[part](jobs, results)


def _hotspots(jobs: Jobs, results: Results) -> None:
    columns = {name: _all(results, part, "steps") for name, part in jobs.desks.items()}
    title("The simulator: 12 weeks")
    table({name: scores(steps) for name, steps in columns.items()}, TARGETS)
    title("What other rankings would have named, told how many to name (20,000 tickets)")
    header("ranking", "process trouble among the first", "any trouble among the first")
    steps = columns["20,000 tickets"]
    for name, ranking in RANKINGS.items():
        line(name, found_by_ranking(steps, ranking), found_by_ranking(steps, ranking, ("process", *PEOPLE)))


def _counts(jobs: Jobs, results: Results) -> None:
    title("The other desk: counts drawn from beta-binomials")
    header("what is varied", *TARGETS)
    for name, job in jobs.counts.items():
        line(name, *(_short(share) for share in scores(results[job.name]["steps"]).values()))


def _versions(jobs: Jobs, results: Results) -> None:
    title("New versions of the simulator (20,000 tickets): ± 50 % of a step that confuses so many visits")
    rows = {name: _all(results, part, "versions") for name, part in jobs.effects.items()}
    rows["nothing planted"] = _all(results, jobs.desks[CALM], "versions")
    table({name: version_scores(part) for name, part in rows.items()}, VERSION_TARGETS)
    reaches = [could_be_called(part) for name, part in rows.items() if name in EFFECTS]
    for name in reaches[0]:
        line(name, *(f"{powers[name]:.3f}" for powers in reaches), "–", "")
    title("The other releases: called rightly / could be called, by visits to the step on each side")
    header("share of confused visits", *(f"{n:,}" for n in VISITS))
    for name, release in other_releases.VARIED.items():
        frames = [results[jobs.releases[name, n].name]["versions"] for n in VISITS]
        line(name, *(_against(release, n, frame) for n, frame in zip(VISITS, frames, strict=True)))


def _calm(jobs: Jobs, results: Results) -> None:
    title("Calm desks: the share with a finding, all of which are false")
    header("line", *GENERATORS, "wanted", *(f"findings, {name}" for name in GENERATORS), "planted, queues")
    desks = {name: _each(results, part, "findings") for name, part in jobs.calm_desks.items()}
    planted = _each(results, jobs.planted_desks, "findings")
    for name in calm.LINES:
        line(
            name,
            *(calm.share_of_desks(part, name) for part in desks.values()),
            "≤ 0.05",
            *(calm.share_of_findings(part, name) for part in desks.values()),
            calm.share_of_desks(planted, name),
        )


def _least(jobs: Jobs, results: Results) -> None:
    title("The least effect: one step of another rate, called a hotspot")
    header(
        *("generator", "rates", "observed", "called", "wanted", "observed rate reaches what matters"),
        "desks with another step called",
    )
    for (generator, case), part in jobs.least_effects.items():
        desks = _each(results, part, "steps")
        # The simulator's steps with trouble have too few visits for all that matters to be found.
        enough = "≥ 0.95" if generator == QUEUES else ""
        line(
            *(generator, case.title, least_effect.observed(desks), least_effect.share_called(desks)),
            *(enough if case.matters else "≤ 0.05", least_effect.share_reached(desks)),
            least_effect.share_of_others(desks),
        )


def _few(jobs: Jobs, results: Results) -> None:
    title("Few steps")
    header("generator", "what it has", "desks with a false hotspot", "wanted", "planted called", "not known")
    for (generator, name), part in jobs.few_steps.items():
        desks = _each(results, part, "steps")
        false, found = few_steps.share_of_false(desks), few_steps.share_called(desks)
        line(generator, name, false, "≤ 0.05", found, few_steps.share_unknown(desks))


def _cost(jobs: Jobs, results: Results) -> None:
    title("The interval of the cost holds the mean of the other desks, by confused visits at the step")
    ranges = {
        f"from {cost_coverage.ENOUGH}": (cost_coverage.ENOUGH, 10**9),
        "100 to 499": (100, cost_coverage.ENOUGH - 1),
        "20 to 99": (cost_coverage.TOO_FEW, 99),
    }
    header("generator", "law of times", *ranges, "wanted", f"has an interval below {cost_coverage.TOO_FEW}")
    for (generator, tail), part in jobs.costs.items():
        desks = _each(results, part, "steps")
        cells = [cost_coverage.coverage(desks, *ends) for ends in ranges.values()]
        few = cost_coverage.share_with_interval(desks, 0, cost_coverage.TOO_FEW - 1)
        line(generator, tail, *cells, "≥ 0.93 from 500", few)


_PRINTED: Mapping[str, Callable[[Jobs, Results], None]] = {
    "hotspots": _hotspots,
    "counts": _counts,
    "versions": _versions,
    "calm": _calm,
    "least": _least,
    "few": _few,
    "cost": _cost,
}
PARTS = tuple(_PRINTED)


def _flat(groups: Mapping[Any, Sequence[Job]]) -> list[Job]:
    return [job for group in groups.values() for job in group]


_NEEDED: Mapping[str, Callable[[Jobs], Sequence[Job]]] = {
    "hotspots": lambda jobs: _flat(jobs.desks),
    "counts": lambda jobs: list(jobs.counts.values()),
    "versions": lambda jobs: [*_flat(jobs.effects), *jobs.desks[CALM], *jobs.releases.values()],
    "calm": lambda jobs: [*_flat(jobs.calm_desks), *jobs.planted_desks],
    "least": lambda jobs: _flat(jobs.least_effects),
    "few": lambda jobs: _flat(jobs.few_steps),
    "cost": lambda jobs: _flat(jobs.costs),
}


def _each(results: Results, jobs: Sequence[Job], what: str) -> list[pl.DataFrame]:
    return [results[job.name][what] for job in jobs]


def _all(results: Results, jobs: Sequence[Job], what: str) -> pl.DataFrame:
    return pl.concat(_each(results, jobs, what))


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
    for name, target in targets.items():
        line(name, *(shares[name] for shares in columns.values()), target)


def header(*cells: object) -> None:
    line(*cells)
    line(*["---"] * len(cells))


def line(*cells: object) -> None:
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)  # noqa: T201


def title(text: str) -> None:
    print(f"\n## {text}\n", flush=True)  # noqa: T201
