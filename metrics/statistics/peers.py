"""What is to be expected of an agent at a step: what peers show there, newness, and the agent's own level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.statistics.clustering import Floats, summed
from metrics.statistics.counts import BANDS, PRACTISED, Bools, Counts
from metrics.statistics.ordinary_steps import Ordinary, correlation

LEAST_SPREAD = 0.3
_TRIMMED = 0.15


@dataclass(frozen=True)
class Expected:
    """Confused visits expected of every entry of the counts."""

    hits: Floats
    """With the newness that is usual at this desk."""
    without_newness: Floats
    newness: Floats
    """By band: how much likelier newcomers are confused, at ordinary steps."""
    peers: Floats
    """By step: confused visits of the peers compared with; the fewer, the less sure is the expectation."""
    spread: float
    """Relative standard deviation between agents at a step, beyond chance and their own level."""


@dataclass(frozen=True)
class Findings:
    """What has been found so far, so that it is not taken for usual."""

    apart: Bools
    """By entry: an agent who stands out there, and so is nobody's peer."""
    troubled: Bools
    """By step: says nothing about what is usual."""


def expected(
    counts: Counts, ordinary_steps: Ordinary, *, hotspot: Bools, findings: Findings | None = None
) -> Expected:
    """What peers let expect, at each entry.

    Peers at a step are all but newcomers to it; where there are none, all.
    Indirect standardisation with multiplicative levels: N. E. Breslow and N. E. Day, Statistical Methods in
    Cancer Research II, 1987, § 4; levels are shrunk by gamma and Poisson, D. G. Clayton and J. Kaldor,
    Biometrics 43, 1987, p. 671.
    """
    apart = findings.apart if findings else np.zeros(len(counts.step), dtype=np.bool_)
    troubled = findings.troubled if findings else np.zeros(counts.steps, dtype=np.bool_)
    peers = ~counts.is_new & ~apart
    visits = counts.by_step(counts.visits, peers)
    # A step with hardly any peers is compared within all who visit it.
    peers |= (visits < 1 / ordinary_steps.baseline)[counts.step] & ~apart
    hits, visits = counts.by_step(counts.hits, peers), counts.by_step(counts.visits, peers)
    # The peers' rate leans on the ordinary steps, but at a hotspot, which is none.
    within = np.where(
        hotspot,
        correlation(1.0, ordinary_steps.baseline),
        correlation(ordinary_steps.spread, ordinary_steps.baseline),
    )
    weight = (1 - within) / within
    rate = np.minimum((hits + ordinary_steps.baseline * weight) / (visits + weight), 0.9)
    plain = counts.visits * rate[counts.step]
    quiet = ~apart & ~troubled[counts.step]
    newness = _newness(counts, plain, quiet)
    ordinary = plain * newness[counts.band]
    level = _level(counts, ordinary, quiet)
    return Expected(
        ordinary * level,
        plain * level,
        newness,
        rate * (visits + weight),
        _spread(counts, ordinary * level, quiet, 0.0 if findings else _TRIMMED),
    )


def _newness(counts: Counts, plain: Floats, is_ordinary: Bools) -> Floats:
    """By band: how many times the confusion of peers is usual there; 1 for those who are not new."""
    factor = np.ones(len(BANDS) + 1)
    new = is_ordinary & counts.is_new
    hits, expected_hits = (
        summed(values[new], counts.band[new], PRACTISED) for values in (counts.hits, plain)
    )
    # Two dozen imagined confused visits of a usual newcomer hold the factor near 1 where little is known.
    factor[:PRACTISED] = np.maximum((hits + 24) / (expected_hits + 24), 1.0)
    return factor


def _level(counts: Counts, expected_hits: Floats, is_ordinary: Bools) -> Floats:
    """For every entry: its agent's level, known from other steps alone."""
    hits, owed = np.where(is_ordinary, counts.hits, 0.0), np.where(is_ordinary, expected_hits, 0.0)
    all_hits, all_expected = (summed(values, counts.agent, counts.agents) for values in (hits, owed))
    variance = np.sum((all_hits - all_expected) ** 2 - all_expected) / max(np.sum(all_expected**2), 1e-9)
    strength = 1 / np.clip(variance, 0.1**2, 1.0)
    here_hits, here_expected = (
        summed(values, counts.pair, len(counts.pairs.step))[counts.pair] for values in (hits, owed)
    )
    return np.asarray(
        (all_hits[counts.agent] - here_hits + strength)
        / (all_expected[counts.agent] - here_expected + strength)
    )


def _spread(counts: Counts, expected_hits: Floats, is_ordinary: Bools, trimmed: float) -> float:
    """Relative standard deviation of agents around what is expected of them, by weighted moments.

    The `trimmed` share of steps with the widest spread is left out: before trouble is found, it is among
    them.
    """
    pairs = counts.pairs
    size = len(pairs.step)
    hits, owed, visits = (
        summed(v[is_ordinary], counts.pair[is_ordinary], size)
        for v in (counts.hits, expected_hits, counts.visits)
    )
    chance = owed * (1 - owed / np.maximum(visits, 1))
    # A square's variance is about that of the residual squared; the weight need not be exact.
    weight = owed**2 / np.maximum(chance + (0.3 * owed) ** 2, 1e-9) ** 2
    beyond = pairs.by_step(weight * ((hits - owed) ** 2 - chance))
    squares = pairs.by_step(weight * owed**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        order = np.argsort(np.where(squares > 0, beyond / squares, -np.inf), kind="stable")
    trimmed_order = order[: int(np.ceil(len(order) * (1 - trimmed)))]
    variance = beyond[trimmed_order].sum() / max(squares[trimmed_order].sum(), 1e-9)
    return float(np.sqrt(np.clip(variance, LEAST_SPREAD**2, 4.0)))
