"""Other new versions: weekly counts drawn straight from rates, to see from which size on an effect is called.

No clock, no runs, no flow, unlike the simulator: seven workflows of four steps, forty agents who differ,
weeks that differ for all, and one new version after six of twelve weeks that rewrites the first step. The
other workflows are untouched, or each has such a version of its own in another week.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import polars as pl

from metrics.catalog.dimensions import VISITS
from metrics.releases.comparison import compared
from metrics.releases.counts import MEASURES, Sums, left_alone, releases
from metrics.releases.entries import numbered
from metrics.releases.versions import USUAL_RULES, judged

_WORKFLOWS, _STEPS, _AGENTS, _WEEKS = 7, 4, 40, 12
_RELEASED, _ELSE_RELEASED = 6, (3, 4, 5, 7, 8, 9)
_ELSEWHERE = 1500
"""Visits to every other step in six weeks."""
_START = date(2026, 1, 5)
_DEFINED = pl.DataFrame(
    [
        {"workflow": f"w{workflow}", "version": version, "step": f"s{step}", "wording": version * (step == 0)}
        for workflow in range(_WORKFLOWS)
        for version in ("1", "2")
        for step in range(_STEPS)
    ]
)


@dataclass(frozen=True)
class OtherRelease:
    """What is varied: the rate of the rewritten step before and after, and its visits on each side."""

    before: float
    after: float
    visits: int
    usual: float = 0.05
    agent_spread: float = 0.3
    week_spread: float = 0.05
    """Standard deviation of the logarithm of what a week does to all steps alike."""
    stray: float = 0.0
    """The same of what happens to each step for itself, on the day of the release and for good."""
    all_released: bool = False
    """Whether no workflow is untouched: each has a release of its own, on another day."""

    def days(self, seed: int) -> pl.DataFrame:
        """One row per workflow version, step, agent and week, as the verdicts start from."""
        rng = np.random.default_rng(seed)
        shape = (_WORKFLOWS, _STEPS, _AGENTS, _WEEKS)
        workflow, step, agent, week = (axis.ravel() for axis in np.indices(shape))
        is_rewritten = (workflow == 0) & (step == 0)
        is_after = week >= _RELEASED
        since = np.array(
            [_RELEASED, *(_ELSE_RELEASED if self.all_released else (_WEEKS,) * (_WORKFLOWS - 1))]
        )
        level = rng.gamma(1 / self.agent_spread**2, self.agent_spread**2, (_WORKFLOWS, _STEPS, _AGENTS))
        busy = rng.gamma(2.0, size=_AGENTS)
        shock = np.exp(rng.normal(0, self.week_spread, _WEEKS))
        own = np.exp(rng.normal(0, self.stray, (_WORKFLOWS, _STEPS)))
        rate = np.where(is_rewritten, np.where(is_after, self.after, self.before), self.usual)
        rate = rate * np.where(is_after, own[workflow, step], 1.0)
        rate = np.minimum(rate * level[workflow, step, agent] * shock[week], 0.95)
        volume = np.where(is_rewritten, self.visits, _ELSEWHERE) / (_WEEKS - _RELEASED)
        visits = rng.poisson(volume * (busy / busy.sum())[agent])
        nothing = {
            f"{measure.name} {part}": pl.lit(0)
            for measure in MEASURES
            for part in ("amount", "size")
            if measure.fact == VISITS and measure.name != "confusion"
        }
        return pl.DataFrame(
            {
                "workflow": [f"w{number}" for number in workflow],
                "version": np.where(week >= since[workflow], "2", "1"),
                "step": [f"s{number}" for number in step],
                "agent_id": [f"a{number}" for number in agent],
                "day": [_START + timedelta(weeks=int(number)) for number in week],
                "confusion amount": rng.binomial(visits, rate).astype(float),
                "confusion size": visits.astype(np.int64),
            }
        ).with_columns(**nothing)


CHANGES = ((0.2, 0.3), (0.2, 0.1), (0.1, 0.15), (0.1, 0.05), (0.05, 0.075), (0.05, 0.025))
UNCHANGED = OtherRelease(0.05, 0.05, 1000)
VARIED = {
    **{f"{before:.1%} to {after:.1%}": OtherRelease(before, after, 1000) for before, after in CHANGES},
    "5.0% to 5.0%: called at all": UNCHANGED,
    "20.0% to 20.0%": OtherRelease(0.2, 0.2, 1000),
    "5.0% to 5.0%, agents differ by 60 %": replace(UNCHANGED, agent_spread=0.6),
    "5.0% to 5.0%, weeks differ by 20 %": replace(UNCHANGED, week_spread=0.2),
    "5.0% to 5.0%, every step strays by 10 %": replace(UNCHANGED, stray=0.1),
    "5.0% to 5.0%, every step strays by 20 %": replace(UNCHANGED, stray=0.2),
    "5.0% to 5.0%, every workflow released": replace(UNCHANGED, all_released=True),
    "10.0% to 15.0%, every workflow released": OtherRelease(0.1, 0.15, 1000, all_released=True),
}
"""What is varied beside the visits to the step: the change, then what must not be taken for one."""


def called(release: OtherRelease, seeds: range) -> pl.DataFrame:
    """One row per seed: what was planted at the rewritten step and said of its confusion."""
    change = np.sign(release.after - release.before)
    planted = {-1: "improved", 0: "none", 1: "worse"}[int(change)]
    verdicts = [_verdict(release.days(seed)) for seed in seeds]
    return pl.DataFrame({"seed": seeds, "said": verdicts}).with_columns(planted=pl.lit(planted))


def _verdict(days: pl.DataFrame) -> str:
    groups = ("workflow", "version", "step")
    versions = days.group_by("workflow", "version").agg(
        first=pl.col("day").min(), last=pl.col("day").max(), visits=pl.col("confusion size").sum()
    )
    release = next(
        one for one in releases(versions, most_weeks=USUAL_RULES.most_weeks) if one.workflow == "w0"
    )
    since = pl.max_horizontal(
        pl.when(pl.col("day") >= begins).then(pl.lit(begins))
        for begins in (release.start, release.half, release.day)
    )
    amounts = pl.exclude("agent_id", "day", "since").sum()
    by_agent = days.with_columns(since=since).group_by(*groups, "agent_id", "since").agg(amounts)
    by_day = days.group_by(*groups, "day").agg(amounts).with_columns(is_nameless=pl.lit(value=False))
    facts = {VISITS: numbered(Sums(by_day, by_agent), VISITS)}
    alone = left_alone(_DEFINED, versions, release)
    rows = judged(release, compared(facts, [release], alone), {"s0"}, USUAL_RULES)
    return str(rows.filter(measure="confusion", step="s0")["verdict"].item())
