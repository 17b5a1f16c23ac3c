"""Are newcomers to a step confused beyond what newcomers usually are?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.statistics.beta_binomial import tail
from metrics.statistics.clustering import Floats, Ints, summed
from metrics.statistics.counts import PRACTISED, Bools, Counts
from metrics.statistics.peers import Expected

_LEAST_SPREAD = 0.2
_USUAL_BAND = 2
CHANCE = 0.05


@dataclass(frozen=True)
class Newcomers:
    """By step version: how newcomers to it fare."""

    chance: Floats
    """That newcomers who are like anywhere show as much; NaN where none is known."""
    within: Ints
    """The band up to which that is clearest; where it is not clear, that of fewer than 20 visits."""


def newcomers(counts: Counts, expectation: Expected) -> Newcomers:
    """Compares newcomers to each step with what peers there and newcomers elsewhere let expect.

    The end of being new is not known, so that each band is tried and paid for (Bonferroni). The tail is
    that of a beta-binomial whose spread holds the differences between agents and steps, and how little is
    known of the peers. What hangs on the one newcomer who fares worst is that agent's trouble and not the
    newcomers'.
    """
    tries = [_up_to(counts, expectation, counts.is_new & (counts.band <= band)) for band in range(PRACTISED)]
    chances = np.array(tries)
    has_chance = ~np.isnan(chances).all(axis=0)
    best = np.argmin(np.where(np.isnan(chances), np.inf, chances), axis=0)
    chance = np.minimum(np.take_along_axis(chances, best[None], axis=0)[0] * len(tries), 1.0)
    # Where nothing is clear, no band is clearest; looking for one would only find luck.
    best = np.where(has_chance & (chance <= CHANCE), best, _USUAL_BAND)
    return Newcomers(np.where(has_chance, chance, np.nan), best)


def _up_to(counts: Counts, expectation: Expected, new: Bools) -> Floats:
    step = counts.step[new]
    hits, owed, visits = (
        summed(values[new], step, counts.steps) for values in (counts.hits, expectation.hits, counts.visits)
    )
    chance = _chance(counts, expectation, new, hits, owed, visits)
    worst = _worst(counts, counts.hits - expectation.hits, new)
    others = new & ~worst[counts.pair]
    hits, owed, visits = (
        summed(v[others], counts.step[others], counts.steps)
        for v in (counts.hits, expectation.hits, counts.visits)
    )
    without = _chance(counts, expectation, others, hits, owed, visits)
    holds = without < CHANCE
    # Without anybody left it does not hold; where there never were newcomers, it stays unknown.
    doubtful = np.maximum(chance, np.where(np.isnan(without), 1.0, without))
    return np.where(holds, chance, doubtful)


def _chance(
    counts: Counts, expectation: Expected, new: Bools, hits: Floats, owed: Floats, visits: Floats
) -> Floats:
    pairs = len(counts.pairs.step)
    of_agent = summed(counts.visits[new], counts.pair[new], pairs)
    squares = summed(of_agent**2, counts.pairs.step, counts.steps)
    with np.errstate(divide="ignore", invalid="ignore"):
        # A few busy newcomers say less than many.
        agents = visits**2 / squares
        spread = expectation.spread**2 / agents + _LEAST_SPREAD**2 + 1 / (expectation.peers + 1)
        mean = np.clip(owed / visits, 1e-6, 0.95)
        p = tail(hits, visits, mean, np.clip(spread * mean / (1 - mean), 0, 0.9))
    return np.where(visits > 0, p, np.nan)


def _worst(counts: Counts, excess: Floats, new: Bools) -> Bools:
    """By pair: the newcomer with the largest excess at each step."""
    pairs = counts.pairs
    of_pair = summed(np.where(new, excess, 0.0), counts.pair, len(pairs.step))
    most = np.full(counts.steps, -np.inf)
    np.maximum.at(most, pairs.step, of_pair)
    alike = np.flatnonzero(of_pair == most[pairs.step])
    # Pairs stand in the order of steps: of several with the largest excess, the first.
    worst = np.zeros(len(pairs.step), dtype=np.bool_)
    worst[alike[np.diff(pairs.step[alike], prepend=-1) > 0]] = True
    return worst
