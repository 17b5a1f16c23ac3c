"""From counts to findings: which steps stand out, in whom, how sure that is, and what to mend."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from metrics.statistics import beta_binomial
from metrics.statistics.breadth import contradicts_breadth, worst_agents
from metrics.statistics.clustering import Floats, clustered_interval, design_effect
from metrics.statistics.counts import Bools, Counts
from metrics.statistics.false_discovery import adjusted
from metrics.statistics.few_agents import LEAST_AGENTS, MOST_SHARE, FewAgents, few_agents
from metrics.statistics.newcomers import Newcomers, newcomers
from metrics.statistics.ordinary_steps import EXPECTED_SPREAD, Ordinary, correlation, ordinary
from metrics.statistics.peers import Expected, Findings, expected
from metrics.statistics.verdict import CHANCE, Excess, Verdict, verdicts

LEAST_STEPS = 6
"""Of fewer step versions nobody can tell what is ordinary: to take the lowest would call calm desks."""
_ROUNDS = 2
_BROAD = 0.1
"""More than the usual 5 %: to leave out who fared worst makes any step look better than it is."""


@dataclass(frozen=True)
class LeastEffect:
    """How far above the baseline a rate must lie to matter: by so many points and by that part of it."""

    points: float = 0.02
    share: float = 0.5

    def rate(self, baseline: Floats) -> Floats:
        """The lowest rate that matters."""
        return baseline + np.maximum(self.points, self.share * baseline)

    def is_reached(self, rate: Floats, baseline: Floats) -> Bools:
        """Whether the rates matter; 5 % are two points above 3 %, whatever the last digit of a float."""
        return np.asarray(rate - self.rate(baseline) >= -1e-9)


LEAST_EFFECT = LeastEffect()


@dataclass(frozen=True)
class StepTrouble:
    """By step version: rate with its interval, and what was found."""

    rate: Floats
    low: Floats
    high: Floats
    shrunk_rate: Floats
    ordinary: Ordinary
    baseline: Floats
    """NaN where nobody can tell what is ordinary: then nothing is found, and that says nothing."""
    hotspot: Bools
    hidden: Bools
    verdict: list[Verdict]
    excess: Excess
    newcomers: Newcomers
    few_agents: FewAgents
    practice_chance: Floats
    """That newcomers to it are confused no more than the others there; every band of practice is paid for."""


def step_trouble(
    counts: Counts,
    *,
    rate: float = 0.05,
    least: LeastEffect = LEAST_EFFECT,
    expected_rates: Floats | None = None,
) -> StepTrouble:
    """Everything about every step version; `rate` is the share of findings that may be chance.

    Fewer than `LEAST_STEPS` are held against their `expected_rates` instead of one another; where none is
    stated (NaN), nothing is found.
    """
    pairs = counts.pairs
    hits, visits = counts.all_hits, counts.all_visits
    named_share = pairs.by_step(pairs.visits) / np.maximum(visits, 1)
    own = _own_effect(counts)
    rates, low, high = step_rates(counts)
    stated = _stated(counts.steps, expected_rates)
    has_baseline = np.ones(counts.steps, dtype=np.bool_) if stated is None else ~np.isnan(stated)
    effect, findings = own, None
    for _ in range(_ROUNDS):
        # What is ordinary is known better once hidden trouble is, and the other way round.
        ordinary_steps = ordinary(
            hits, visits, effect, apart=findings.troubled if findings else None, rate=rate
        )
        if stated is not None:
            baseline = np.where(has_baseline, stated, ordinary_steps.baseline)
            ordinary_steps = Ordinary(baseline, EXPECTED_SPREAD)
        chance = np.where(has_baseline, ordinary_steps.chance(hits, visits, effect), np.nan)
        stands_out = np.nan_to_num(adjusted(chance), nan=1.0) <= rate
        expectation = expected(counts, ordinary_steps, hotspot=stands_out, findings=findings)
        new, outliers = newcomers(counts, expectation), few_agents(counts, expectation)
        groups = _groups_that_stand_out(new, outliers, rate) & has_baseline
        findings = Findings(outliers.is_among[counts.pair], np.asarray(groups.any(axis=0)))
        effect = np.fmax(own, _with_loose(_common_effect(pairs, ordinary_steps, expectation), named_share))
    baseline = ordinary_steps.by_step(counts.steps)
    shrunk = _shrunk(hits / effect, visits / effect)
    stands_out &= shrunk > baseline
    hotspot = stands_out & least.is_reached(rates, baseline)
    # What stands out and is too little to matter on the whole hides trouble where it matters for a group.
    relevant_groups = groups & least.is_reached(_group_rates(counts, new, outliers), baseline)
    hidden = np.where(stands_out, relevant_groups.any(axis=0), groups.any(axis=0)) & ~hotspot
    excess = _excess(counts, baseline, ordinary_steps, expectation, new, outliers)
    return StepTrouble(
        rates,
        low,
        high,
        shrunk,
        ordinary_steps,
        np.where(has_baseline, baseline, np.nan),
        hotspot,
        hidden,
        verdicts(excess, broad=~contradicts_breadth(counts, baseline, least_agents=LEAST_AGENTS)),
        excess,
        new,
        outliers,
        newcomers(counts, replace(expectation, hits=expectation.without_newness)).chance,
    )


def step_rates(counts: Counts) -> tuple[Floats, Floats, Floats]:
    """By step: its share of confused visits, and the interval, widened for agents seen more than once."""
    hits, visits = counts.all_hits, counts.all_visits
    agents = counts.pairs.by_step(np.ones_like(counts.pairs.visits))
    return (hits / visits, *clustered_interval(hits, visits, _own_effect(counts), agents))


def _own_effect(counts: Counts) -> Floats:
    """By step: the design effect of its agents."""
    pairs = counts.pairs
    named_share = pairs.by_step(pairs.visits) / np.maximum(counts.all_visits, 1)
    return _with_loose(design_effect(pairs.hits, pairs.visits, pairs.step, counts.steps), named_share)


def _stated(steps: int, expected_rates: Floats | None) -> Floats | None:
    """The rates that few steps are held against, NaN where none is stated; None where there are enough."""
    if steps >= LEAST_STEPS:
        return None
    return np.full(steps, np.nan) if expected_rates is None else expected_rates


def _with_loose(effect: Floats, named_share: Floats) -> Floats:
    """The design effect where only that share of visits has an agent: the others stand alone."""
    return np.fmax(effect, 1.0) * named_share + (1 - named_share)


def _groups_that_stand_out(new: Newcomers, outliers: FewAgents, rate: float) -> Bools:
    """By group and step: whether newcomers, or a few agents, do; both questions share one control."""
    q = adjusted(np.concatenate([new.chance, outliers.chance])).reshape(2, -1)
    return np.asarray(np.nan_to_num(q, nan=1.0) <= rate)


def _group_rates(counts: Counts, new: Newcomers, outliers: FewAgents) -> Floats:
    """By group and step: the share of confused visits of its newcomers, and of its few agents."""
    of_new = counts.is_new & (counts.band <= new.within[counts.step])
    of_few = outliers.is_among[counts.pair]
    return np.array(
        [
            counts.by_step(counts.hits, group) / np.maximum(counts.by_step(counts.visits, group), 1)
            for group in (of_new, of_few)
        ]
    )


def _common_effect(pairs: Counts, ordinary_steps: Ordinary, expectation: Expected) -> Floats:
    """The design effect of the usual differences between agents: L. Kish, Survey Sampling, 1965, § 5.4."""
    typical = pairs.by_step(pairs.visits**2) / np.maximum(pairs.by_step(pairs.visits), 1)
    return 1 + correlation(expectation.spread, ordinary_steps.baseline) * np.maximum(typical - 1, 0)


def _shrunk(hits: Floats, visits: Floats) -> Floats:
    mean, within = beta_binomial.fit(hits, visits)
    return beta_binomial.shrunk(hits, visits, mean, within)


def _excess(
    counts: Counts,
    baseline: Floats,
    ordinary_steps: Ordinary,
    expectation: Expected,
    new: Newcomers,
    outliers: FewAgents,
) -> Excess:
    beyond = counts.hits - counts.visits * baseline[counts.step] * expectation.newness[counts.band]
    # That newcomers fare badly does not hang on one of them, so that the few among them are newcomers first.
    of_new = counts.is_new & (np.nan_to_num(new.chance, nan=1.0) <= CHANCE)[counts.step]
    of_few = outliers.is_among[counts.pair] & ~of_new
    others = counts.where(~of_few & ~of_new)
    hits, visits = others.all_hits, others.all_visits
    # What is broad shows without a fifth of the agents, too; those taken out as the few are among that fifth.
    fifth = np.floor(MOST_SHARE * counts.pairs.by_step(np.ones_like(counts.pairs.visits)))
    calmer = others.where(~worst_agents(others, baseline, np.maximum(fifth - outliers.number, 0)))
    chance = _chance(others, ordinary_steps)
    broad = _chance(calmer, ordinary_steps)
    chance = np.where(broad <= _BROAD, chance, np.fmax(chance, broad))
    return Excess(
        newcomers=counts.by_step(beyond, of_new),
        few_agents=counts.by_step(beyond, of_few),
        others=hits - visits * baseline,
        newcomers_chance=new.chance,
        few_agents_chance=outliers.chance,
        others_chance=chance,
    )


def _chance(others: Counts, ordinary_steps: Ordinary) -> Floats:
    """By step: that an ordinary one confuses these agents as much; NaN for fewer than `LEAST_AGENTS`."""
    enough = others.pairs.by_step(np.ones_like(others.pairs.visits)) >= LEAST_AGENTS
    chance = ordinary_steps.chance(others.all_hits, others.all_visits, _own_effect(others))
    return np.where(enough, chance, np.nan)
