"""Is trouble broad: does it show without those agents who fare worst, and at most of them?"""

from __future__ import annotations

import numpy as np

from metrics.statistics.clustering import Floats
from metrics.statistics.counts import Bools, Counts

_CONFUSED = 2.0
"""So many confused visits the step's own rate must give an agent before the lack of them says anything."""


def contradicts_breadth(counts: Counts, baseline: Floats, *, least_agents: int) -> Bools:
    """By step: whether most agents are *not* above the baseline, of those busy enough there to show it.

    With fewer than `least_agents` of them nothing contradicts.
    """
    pairs = counts.pairs
    rate = pairs.by_step(pairs.hits) / np.maximum(pairs.by_step(pairs.visits), 1)
    is_busy = pairs.visits * rate[pairs.step] >= _CONFUSED
    busy = pairs.by_step(is_busy.astype(np.float64))
    above = pairs.by_step((is_busy & (pairs.hits > pairs.visits * baseline[pairs.step])).astype(np.float64))
    return np.asarray((busy >= least_agents) & (above <= busy / 2))


def worst_agents(counts: Counts, baseline: Floats, number: Floats) -> Bools:
    """By entry: one of the agents with the largest excess over the baseline at the step, so many of them.

    `baseline` and `number` are by step. Of agents with the same excess, the ones with fewer visits come
    first, whose trouble is the denser.
    """
    pairs = counts.pairs
    excess = pairs.hits - pairs.visits * baseline[pairs.step]
    order = np.lexsort((pairs.visits, -excess, pairs.step))
    agents = pairs.by_step(np.ones_like(excess)).astype(np.int64)
    first = np.concatenate([[0], np.cumsum(agents)[:-1]])
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - first[pairs.step[order]]
    return np.asarray((rank < number[pairs.step])[counts.pair])
