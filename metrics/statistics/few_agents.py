"""Do a few agents stand far above their peers at a step?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

from metrics.statistics.beta_binomial import tail
from metrics.statistics.clustering import Floats, Ints, summed
from metrics.statistics.counts import PRACTISED, Bools, Counts
from metrics.statistics.peers import Expected

LEAST_AGENTS = 5
MOST_SHARE = 0.2
TRIED = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89)
_HELD_BACK = 3.0


@dataclass(frozen=True)
class FewAgents:
    """By step version: whether a few stand out, and which pairs of step and agent they are."""

    chance: Floats
    """That agents like any show as much; NaN with fewer than `LEAST_AGENTS` agents."""
    number: Floats
    is_among: Bools
    """By pair: one of those with whom the few are clearest, where there are any at 5 %."""


def few_agents(
    counts: Counts, expectation: Expected, *, beyond: float = 0.05, among: float = 0.2
) -> FewAgents:
    """Compares each agent at each step with what is expected there of a person of that level and practice.

    The smallest chances of the agents of a step, the k-th against the k-th smallest of as many even draws,
    for some k up to a fifth of the agents, each k being paid for: R. H. Berk and D. H. Jones, Z. Wahrsch.
    verw. Gebiete 47, 1979, p. 47, restricted to few as in D. Donoho and J. Jin, Annals of Statistics 32,
    2004, p. 962. Where that is beyond chance, the few are those that stand out at a false-discovery rate of
    `among`.
    """
    pairs = counts.pairs
    owed = summed(_expected_hits(counts, expectation), counts.pair, len(pairs.step))
    mean = np.clip(owed / pairs.visits, 1e-6, 0.95)
    spread = expectation.spread**2 + 1 / (expectation.peers[pairs.step] + 1)
    chance = tail(pairs.hits, pairs.visits, mean, np.clip(spread * mean / (1 - mean), 0, 0.9))
    chance = np.where(
        pairs.hits > 1, chance, 1.0
    )  # one confused visit stands for no habit, however rare they are
    step, rank, agents = _ranked(pairs, chance)
    most = np.maximum(np.floor(agents * MOST_SHARE), 1)
    tried = np.isin(rank, TRIED) & (rank <= most[step])
    # The k-th smallest of n even draws is at most p with the chance I_p(k, n - k + 1).
    clear = np.where(tried, betainc(rank, np.maximum(agents[step] - rank + 1, 1), chance), 1.0)
    least = np.ones(counts.steps)
    np.minimum.at(least, step, clear)
    paid = np.searchsorted(TRIED, most, side="right")
    p = np.where(agents >= LEAST_AGENTS, np.minimum(least * paid, 1.0), np.nan)
    stands_out = np.nan_to_num(p, nan=1.0) <= beyond
    is_few = (chance * agents[step] <= among * rank) | (tried & (clear == least[step]))
    number = np.zeros(counts.steps)
    np.maximum.at(number, step, np.where(is_few, rank, 0))
    number = np.where(stands_out, np.minimum(number, most), 0)
    return FewAgents(p, number, rank <= number[step])


def _expected_hits(counts: Counts, expectation: Expected) -> Floats:
    """Expected hits where newcomers to the step are held against other newcomers to it."""
    new = counts.is_new
    key = counts.step * PRACTISED + np.where(new, counts.band, 0)
    hits, plain = (
        summed(np.where(new, values, 0.0), key, counts.steps * PRACTISED)
        for values in (counts.hits, expectation.without_newness)
    )
    newness = np.tile(expectation.newness[:PRACTISED], counts.steps)
    here = np.maximum((hits + _HELD_BACK * newness) / (plain + _HELD_BACK), newness)
    return np.where(new, expectation.without_newness * here[key], expectation.hits)


def _ranked(pairs: Counts, chance: Floats) -> tuple[Ints, Floats, Floats]:
    """By pair its step and its rank there, the smallest chance first; by step its number of agents.

    Whoever shows no more than expected comes last, in no order: such ranks are never asked for.
    """
    agents = summed(np.ones(len(pairs.step)), pairs.step, pairs.steps)
    above = np.flatnonzero(chance < 1)
    step = pairs.step[above]
    order = np.lexsort((-pairs.hits[above], chance[above], step))
    size = summed(np.ones(len(above)), step, pairs.steps)
    first = np.concatenate([[0], np.cumsum(size)[:-1]])
    rank = agents[pairs.step].copy()
    rank[above[order]] = np.arange(len(order)) - first[step[order]] + 1
    return pairs.step, rank, agents
