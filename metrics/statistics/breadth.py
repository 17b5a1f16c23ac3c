"""Is trouble broad: does it show without those agents who fare worst?"""

from __future__ import annotations

import numpy as np

from metrics.statistics.clustering import Floats
from metrics.statistics.counts import Bools, Counts


def worst_agents(counts: Counts, baseline: float, number: Floats) -> Bools:
    """By entry: one of the agents with the largest excess over the baseline at the step, so many of them.

    `number` is by step. Of agents with the same excess, the ones with fewer visits come first, whose trouble
    is the denser.
    """
    pairs = counts.pairs
    excess = pairs.hits - pairs.visits * baseline
    order = np.lexsort((pairs.visits, -excess, pairs.step))
    agents = pairs.by_step(np.ones_like(excess)).astype(np.int64)
    first = np.concatenate([[0], np.cumsum(agents)[:-1]])
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - first[pairs.step[order]]
    return np.asarray((rank < number[pairs.step])[counts.pair])
