"""What is said of a desk on which nothing is the matter and nothing changes, all of which is false."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import duckdb
import polars as pl

from dashboard.queries.weeks import full_weeks
from metrics.catalog.metrics import CATALOG, page_list
from metrics.query.measure import Cut, data_range, measured_in
from metrics.query.scope import Scope
from metrics.steps.hotspots import hotspots
from metrics.steps.outcomes import outcome_links
from metrics.tickets.unusual_changes import unusual_changes
from metrics.training.learning import Learning, training_needs
from tests.evaluation.generators import CALM, QUEUES, SIMULATOR, queues, simulated
from tests.evaluation.queue_desk import QueueDesk
from tests.evaluation.result_store import Frames
from tests.evaluation.scoring import Share

LINES = ("hotspots", "hidden trouble", "learnt", "outcomes", "what changed")
OUTCOMES = {
    SIMULATOR: ("reopened", "low rating"),
    QUEUES: ("reopened", "low rating", "escalated", "resolution time"),
}
"""Confusion makes a simulated run longer, and its detours escalate: there these two links are true."""
_OFTEN = replace(CALM, base_rate=0.3)
"""For outcomes alone: with fewer confused visits too few of their tickets are reopened to say anything of.
For all else three in ten would be too many, for hardly anything can be twice as bad."""
_FOUR_WEEKS = timedelta(weeks=4)
_FINDINGS = {"line": pl.String, "findings": pl.Int64, "among": pl.Int64}
_LINKED = ("more often", "less often", "longer", "shorter")

PLANTED = QueueDesk(
    troubled={(1, 2): 0.18},
    newness={(0, 1): 9.0},
    reopens_more=0.15,
    changes=(1.3, 1.5),
)
"""The same desk with one of each: silence is no proof where nothing is ever said."""


@dataclass(frozen=True)
class CalmDesk:
    """A desk of either generator: how many findings of each kind there are, of how many there could be."""

    generator: str
    seed: int
    has_trouble: bool = False

    @property
    def name(self) -> str:
        return f"{'planted' if self.has_trouble else 'calm'} {self.generator} {self.seed}"

    def __call__(self) -> Frames:
        outcomes = OUTCOMES[self.generator]
        if self.generator == QUEUES:
            with queues(self.seed, PLANTED if self.has_trouble else None) as connection:
                return {"findings": findings(connection, outcomes=outcomes)}
        with simulated(self.seed) as usual, simulated(self.seed, _OFTEN) as often:
            rows = findings(usual, outcomes=())
            return {"findings": rows.vstack(outcome_findings(often, outcomes))}


def findings(connection: duckdb.DuckDBPyConnection, *, outcomes: Sequence[str]) -> pl.DataFrame:
    """One row per line of the evaluation: how many findings, and among how many that could be found."""
    ranked = hotspots(connection)
    learning = training_needs(connection, ranked).steps["learning"]
    is_learnt = learning.is_in([Learning.FADES, Learning.BOTH])
    rows = [
        ("hotspots", ranked["hotspot"].sum(), ranked["hotspot"].count()),
        ("hidden trouble", ranked["hidden"].sum(), ranked["hidden"].count()),
        ("learnt", is_learnt.sum(), (learning != Learning.UNKNOWN).sum()),
        ("what changed", *_changes(connection)),
    ]
    return pl.DataFrame(rows, schema=_FINDINGS, orient="row").vstack(outcome_findings(connection, outcomes))


def outcome_findings(connection: duckdb.DuckDBPyConnection, outcomes: Sequence[str]) -> pl.DataFrame:
    """The row of outcomes, of these alone; none where there are none."""
    if not outcomes:
        return pl.DataFrame(schema=_FINDINGS)
    links = outcome_links(connection).filter(pl.col("outcome").is_in(list(outcomes)))["association"]
    row = ("outcomes", links.is_in(list(_LINKED)).sum(), links.count())
    return pl.DataFrame([row], schema=_FINDINGS, orient="row")


def _changes(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """How many numbers of the overview are named for the last four weeks, and among how many."""
    covered = data_range(connection)
    if covered is None:
        return 0, 0
    first, last = covered
    scope = Scope(start=last - _FOUR_WEEKS + timedelta(days=1), end=last)
    metrics = [CATALOG[name] for name in page_list("overview")]
    cuts = [Cut(("week",), Scope(start=first, end=last)), Cut((), scope), Cut((), scope.previous() or scope)]
    by_week, *periods = measured_in(connection, metrics, cuts)
    weeks = {m.name: full_weeks(by_week.filter(metric=m.name), first, last) for m in metrics}
    now, before = ({row["metric"]: row for row in part.to_dicts()} for part in periods)
    names = unusual_changes(
        metrics, now, before, weeks, period=(last - _FOUR_WEEKS + timedelta(days=1), last)
    )
    return (0, 0) if names is None else (len(names), len(metrics))


def share_of_desks(desks: Sequence[pl.DataFrame], line: str) -> Share:
    """Desks with a finding, of those on which there could be one."""
    rows = pl.concat(desks).filter(pl.col("line") == line, pl.col("among") > 0)
    return Share(rows.filter(pl.col("findings") > 0).height, rows.height)


def share_of_findings(desks: Sequence[pl.DataFrame], line: str) -> Share:
    """Findings of all that could be."""
    rows = pl.concat(desks).filter(pl.col("line") == line)
    return Share(int(rows["findings"].sum()), int(rows["among"].sum()))
