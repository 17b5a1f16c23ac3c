"""What speaks for a verdict, in numbers that show no agent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from metrics.statistics.clustering import Floats, Ints, design_effect, intraclass_correlation, summed
from metrics.statistics.counts import BANDS, PRACTISED, Bools, Counts
from metrics.statistics.intervals import REACH

LEAST_GROUP = 5
"""A group is shown with at least so many agents."""
_AT_THE_TOP = 0.2


@dataclass(frozen=True)
class Evidence:
    """By step version; NaN where it is not known, or would be about fewer than `LEAST_GROUP` agents."""

    agents: Floats
    agents_above_share: Floats
    """Share of its agents with more confused visits than the baseline gives their visits."""
    icc: Floats
    newcomer_ratio: Floats
    newcomer_ratio_low: Floats
    newcomer_ratio_high: Floats
    newcomer_visits_share: Floats
    """Share of the visits that are those newcomers'."""
    newcomer_chance: Floats
    """That they are confused no more than the others there: looking for the band is paid for."""
    newcomers_below: Floats
    """Newcomers of the ratio are agents with fewer earlier visits to the step than this."""
    top_fifth_share: Floats
    """Share of the agents' excess that the fifth with the largest excess holds; of 10 agents or more."""


def evidence(
    counts: Counts, baseline: Floats, within: Ints, practice_chance: Floats | None = None
) -> Evidence:
    """Evidence on every step version; `baseline` is by step; newcomers are those up to the band `within`.

    `practice_chance`: what else says how likely newcomers are confused no more than others.
    """
    pairs = counts.pairs
    agents = pairs.by_step(np.ones_like(pairs.visits))
    above = agents_above(counts, baseline)
    enough = agents >= LEAST_GROUP
    new = counts.is_new & (counts.band <= within[counts.step])
    ratio, low, high = newcomer_ratio(counts, new)
    of_new = counts.by_step(counts.visits, new) / np.maximum(counts.by_step(counts.visits), 1)
    return Evidence(
        agents=agents,
        agents_above_share=np.where(enough, above, np.nan),
        icc=np.where(
            enough, intraclass_correlation(pairs.hits, pairs.visits, pairs.step, counts.steps), np.nan
        ),
        newcomer_ratio=ratio,
        newcomer_ratio_low=low,
        newcomer_ratio_high=high,
        newcomer_chance=_paid_chance(ratio, low, high, practice_chance),
        newcomer_visits_share=np.where(np.isnan(ratio), np.nan, of_new),
        newcomers_below=np.where(np.isnan(ratio), np.nan, np.array([*BANDS[1:], np.inf])[within]),
        top_fifth_share=_held_at_the_top(pairs, agents, baseline),
    )


def _paid_chance(ratio: Floats, low: Floats, high: Floats, practice_chance: Floats | None) -> Floats:
    """From the ratio's interval on the logarithm, times the bands among which the clearest was looked for.

    A normal interval of few agents is too sure of itself, so that the other test must agree.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.log(high / low) / (2 * REACH)
        chance = np.where(error > 0, np.minimum(ndtr(-np.log(ratio) / error) * PRACTISED, 1.0), np.nan)
    return chance if practice_chance is None else np.maximum(chance, practice_chance)


def agents_above(counts: Counts, baseline: Floats) -> Floats:
    """By step: the share of its agents with more confused visits than its baseline gives their visits."""
    pairs = counts.pairs
    above = pairs.by_step((pairs.hits > pairs.visits * baseline[pairs.step]).astype(np.float64))
    share = above / np.maximum(pairs.by_step(np.ones_like(pairs.visits)), 1)
    return np.where(np.isnan(baseline), np.nan, share)


def newcomer_ratio(counts: Counts, new: Bools) -> tuple[Floats, Floats, Floats]:
    """How many times likelier newcomers are confused than the others there, with its 95 % interval.

    The interval is symmetric on the logarithm: D. Katz and others, Biometrics 34, 1978, p. 469, method C,
    each side's variance widened by the design effect of its agents as in J. N. K. Rao and A. J. Scott,
    Statistics in Medicine 18, 1999, p. 1373.
    """
    rates, variances, agents = [], [], []
    for side in (new, ~new):
        there = counts.where(side).pairs
        hits, visits = there.by_step(there.hits), there.by_step(there.visits)
        effect = design_effect(there.hits, there.visits, there.step, counts.steps)
        # Where nobody was confused, half a visit is taken for one.
        hits, size = np.where(hits > 0, hits, 0.5), np.maximum(visits, 1)
        rates.append(hits / size)
        variances.append(np.fmax(effect, 1.0) * np.maximum(1 / hits - 1 / size, 0))
        agents.append(there.by_step(np.ones_like(there.visits)))
    enough = np.minimum(*agents) >= LEAST_GROUP
    ratio = np.where(enough, rates[0] / rates[1], np.nan)
    factor = np.exp(REACH * np.sqrt(variances[0] + variances[1]))
    return ratio, ratio / factor, ratio * factor


def _held_at_the_top(pairs: Counts, agents: Floats, baseline: Floats) -> Floats:
    excess = np.maximum(pairs.hits - pairs.visits * baseline[pairs.step], 0.0)
    order = np.lexsort((-excess, pairs.step))
    first = np.concatenate([[0], np.cumsum(agents)[:-1]])
    rank = np.arange(len(order)) - first[pairs.step[order]]
    top = rank < np.floor(agents * _AT_THE_TOP)[pairs.step[order]]
    total = pairs.by_step(excess)
    held = summed((excess[order] * top), pairs.step[order], pairs.steps)
    return np.where((agents >= 2 * LEAST_GROUP) & (total > 0), held / np.maximum(total, 1e-9), np.nan)
