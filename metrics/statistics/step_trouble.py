"""From counts to findings: which steps stand out, in whom, how sure that is, and what to mend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.statistics import beta_binomial
from metrics.statistics.breadth import worst_agents
from metrics.statistics.clustering import Floats, clustered_interval, design_effect
from metrics.statistics.counts import Bools, Counts
from metrics.statistics.false_discovery import adjusted
from metrics.statistics.few_agents import LEAST_AGENTS, MOST_SHARE, FewAgents, few_agents
from metrics.statistics.newcomers import Newcomers, newcomers
from metrics.statistics.ordinary_steps import Ordinary, correlation, ordinary
from metrics.statistics.peers import Expected, Findings, expected
from metrics.statistics.verdict import CHANCE, Excess, Verdict, verdicts

_ROUNDS = 2
_BROAD = 0.1
"""More than the usual 5 %: to leave out who fared worst makes any step look better than it is."""


@dataclass(frozen=True)
class StepTrouble:
    """By step version: rate with its interval, and what was found."""

    rate: Floats
    low: Floats
    high: Floats
    shrunk_rate: Floats
    ordinary: Ordinary
    hotspot: Bools
    hidden: Bools
    verdict: list[Verdict]
    excess: Excess
    newcomers: Newcomers
    few_agents: FewAgents


def step_trouble(counts: Counts, *, rate: float = 0.05) -> StepTrouble:
    """Everything about every step version; `rate` is the share of findings that may be chance."""
    pairs = counts.pairs
    hits, visits = counts.all_hits, counts.all_visits
    agents = pairs.by_step(np.ones_like(pairs.visits))
    named_share = pairs.by_step(pairs.visits) / np.maximum(visits, 1)
    own = _with_loose(design_effect(pairs.hits, pairs.visits, pairs.step, counts.steps), named_share)
    low, high = clustered_interval(hits, visits, own, agents)
    effect, findings = own, None
    for _ in range(_ROUNDS):
        # What is ordinary is known better once hidden trouble is, and the other way round.
        ordinary_steps = ordinary(
            hits, visits, effect, apart=findings.troubled if findings else None, rate=rate
        )
        hotspot = adjusted(ordinary_steps.chance(hits, visits, effect)) <= rate
        expectation = expected(counts, ordinary_steps, hotspot=hotspot, findings=findings)
        new, outliers = newcomers(counts, expectation), few_agents(counts, expectation)
        hidden = _has_hidden_trouble(new, outliers, rate)
        findings = Findings(outliers.is_among[counts.pair], hidden)
        effect = np.fmax(own, _with_loose(_common_effect(pairs, ordinary_steps, expectation), named_share))
    shrunk = _shrunk(hits / effect, visits / effect)
    hotspot &= shrunk > ordinary_steps.baseline
    hidden &= ~hotspot
    excess = _excess(counts, ordinary_steps, expectation, new, outliers)
    return StepTrouble(
        hits / visits,
        low,
        high,
        shrunk,
        ordinary_steps,
        hotspot,
        hidden,
        verdicts(excess),
        excess,
        new,
        outliers,
    )


def _with_loose(effect: Floats, named_share: Floats) -> Floats:
    """The design effect where only that share of visits has an agent: the others stand alone."""
    return np.fmax(effect, 1.0) * named_share + (1 - named_share)


def _has_hidden_trouble(new: Newcomers, outliers: FewAgents, rate: float) -> Bools:
    """Where newcomers or a few agents stand out; both questions share one control."""
    q = adjusted(np.concatenate([new.chance, outliers.chance])).reshape(2, -1)
    return np.asarray((np.nan_to_num(q, nan=1.0) <= rate).any(axis=0))


def _common_effect(pairs: Counts, ordinary_steps: Ordinary, expectation: Expected) -> Floats:
    """The design effect of the usual differences between agents: L. Kish, Survey Sampling, 1965, § 5.4."""
    typical = pairs.by_step(pairs.visits**2) / np.maximum(pairs.by_step(pairs.visits), 1)
    return 1 + correlation(expectation.spread, ordinary_steps.baseline) * np.maximum(typical - 1, 0)


def _shrunk(hits: Floats, visits: Floats) -> Floats:
    mean, within = beta_binomial.fit(hits, visits)
    return beta_binomial.shrunk(hits, visits, mean, within)


def _excess(
    counts: Counts, ordinary_steps: Ordinary, expectation: Expected, new: Newcomers, outliers: FewAgents
) -> Excess:
    beyond = counts.hits - counts.visits * ordinary_steps.baseline * expectation.newness[counts.band]
    # That newcomers fare badly does not hang on one of them, so that the few among them are newcomers first.
    of_new = counts.is_new & (np.nan_to_num(new.chance, nan=1.0) <= CHANCE)[counts.step]
    of_few = outliers.is_among[counts.pair] & ~of_new
    others = counts.where(~of_few & ~of_new)
    hits, visits = others.all_hits, others.all_visits
    # What is broad shows without a fifth of the agents, too; those taken out as the few are among that fifth.
    fifth = np.floor(MOST_SHARE * counts.pairs.by_step(np.ones_like(counts.pairs.visits)))
    calmer = others.where(
        ~worst_agents(others, ordinary_steps.baseline, np.maximum(fifth - outliers.number, 0))
    )
    chance = _chance(others, ordinary_steps)
    broad = _chance(calmer, ordinary_steps)
    chance = np.where(broad <= _BROAD, chance, np.fmax(chance, broad))
    return Excess(
        newcomers=counts.by_step(beyond, of_new),
        few_agents=counts.by_step(beyond, of_few),
        others=hits - visits * ordinary_steps.baseline,
        newcomers_chance=new.chance,
        few_agents_chance=outliers.chance,
        others_chance=chance,
    )


def _chance(others: Counts, ordinary_steps: Ordinary) -> Floats:
    """By step: that an ordinary one confuses these agents as much; NaN for fewer than `LEAST_AGENTS`."""
    pairs, hits, visits = others.pairs, others.all_hits, others.all_visits
    named_share = pairs.by_step(pairs.visits) / np.maximum(visits, 1)
    effect = _with_loose(design_effect(pairs.hits, pairs.visits, pairs.step, pairs.steps), named_share)
    enough = pairs.by_step(np.ones_like(pairs.visits)) >= LEAST_AGENTS
    return np.where(enough, ordinary_steps.chance(hits, visits, effect), np.nan)
