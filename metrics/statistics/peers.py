"""What is to be expected of an agent at a step: what peers show there, newness, and the agent's own level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.statistics.clustering import Floats, summed
from metrics.statistics.counts import BANDS, PRACTISED, Bools, Counts
from metrics.statistics.ordinary_steps import Ordinary, correlation

_LEAST_SPREAD = 0.3
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
class Known:
    """What has been found so far, so that it is not taken for usual."""

    apart: Bools
    """By entry: an agent who stands out there, and so is nobody's peer."""
    troubled: Bools
    """By step: says nothing about what is usual."""


def expected(counts: Counts, usual: Ordinary, *, hotspot: Bools, known: Known | None = None) -> Expected:
    """What peers let expect, at each entry.

    Peers at a step are all but newcomers to it; where there are none, all.
    Indirect standardisation with multiplicative levels: N. E. Breslow and N. E. Day, Statistical Methods in
    Cancer Research II, 1987, § 4; levels are shrunk by gamma and Poisson, D. G. Clayton and J. Kaldor,
    Biometrics 43, 1987, p. 671.
    """
    apart = known.apart if known else np.zeros(len(counts.step), dtype=np.bool_)
    troubled = known.troubled if known else np.zeros(counts.steps, dtype=np.bool_)
    peers = ~counts.is_new & ~apart
    visits = counts.by_step(counts.visits, peers)
    # A step with hardly any peers is compared within all who visit it.
    peers |= (visits < 1 / usual.baseline)[counts.step] & ~apart
    hits, visits = counts.by_step(counts.hits, peers), counts.by_step(counts.visits, peers)
    # The peers' rate leans on the ordinary steps, but at a hotspot, which is none.
    within = np.where(hotspot, correlation(1.0, usual.baseline), correlation(usual.spread, usual.baseline))
    weight = (1 - within) / within
    rate = np.minimum((hits + usual.baseline * weight) / (visits + weight), 0.9)
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
        _spread(counts, ordinary * level, quiet, 0.0 if known else _TRIMMED),
    )


def _newness(counts: Counts, plain: Floats, usual: Bools) -> Floats:
    """By band: how many times the confusion of peers is usual there; 1 for those who are not new."""
    factor = np.ones(len(BANDS) + 1)
    new = usual & counts.is_new
    seen, due = (summed(values[new], counts.band[new], PRACTISED) for values in (counts.hits, plain))
    # Two dozen imagined confused visits of a usual newcomer hold the factor near 1 where little is known.
    factor[:PRACTISED] = np.maximum((seen + 24) / (due + 24), 1.0)
    return factor


def _level(counts: Counts, due: Floats, usual: Bools) -> Floats:
    """For every entry: its agent's level, known from other steps alone."""
    seen, owed = np.where(usual, counts.hits, 0.0), np.where(usual, due, 0.0)
    all_seen, all_due = (summed(values, counts.agent, counts.agents) for values in (seen, owed))
    variance = np.sum((all_seen - all_due) ** 2 - all_due) / max(np.sum(all_due**2), 1e-9)
    strength = 1 / np.clip(variance, 0.1**2, 1.0)
    here_seen, here_due = (
        summed(values, counts.pair, len(counts.pairs.step))[counts.pair] for values in (seen, owed)
    )
    return np.asarray(
        (all_seen[counts.agent] - here_seen + strength) / (all_due[counts.agent] - here_due + strength)
    )


def _spread(counts: Counts, due: Floats, usual: Bools, trimmed: float) -> float:
    """Relative standard deviation of agents around what is expected of them, by weighted moments.

    The `trimmed` share of steps with the widest spread is left out: before trouble is found, it is among
    them.
    """
    pairs = counts.pairs
    size = len(pairs.step)
    seen, owed, visits = (
        summed(v[usual], counts.pair[usual], size) for v in (counts.hits, due, counts.visits)
    )
    chance = owed * (1 - owed / np.maximum(visits, 1))
    # A square's variance is about that of the residual squared; the weight need not be exact.
    weight = owed**2 / np.maximum(chance + (0.3 * owed) ** 2, 1e-9) ** 2
    beyond = pairs.by_step(weight * ((seen - owed) ** 2 - chance))
    whole = pairs.by_step(weight * owed**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        order = np.argsort(np.where(whole > 0, beyond / whole, -np.inf), kind="stable")
    kept = order[: int(np.ceil(len(order) * (1 - trimmed)))]
    variance = beyond[kept].sum() / max(whole[kept].sum(), 1e-9)
    return float(np.sqrt(np.clip(variance, _LEAST_SPREAD**2, 4.0)))
