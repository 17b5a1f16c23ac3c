"""What an ordinary step is like: the baseline, and how much ordinary steps differ without anybody's fault."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.statistics.beta_binomial import shrunk, tail
from metrics.statistics.clustering import Floats
from metrics.statistics.counts import Bools
from metrics.statistics.false_discovery import adjusted

_ROUNDS = 20


Rate = float | Floats
EXPECTED_SPREAD = 0.25
"""Relative standard deviation of ordinary steps where nothing is known of them yet."""


@dataclass(frozen=True)
class Ordinary:
    """The ordinary steps of a desk: the median step's rate, and their relative standard deviation."""

    baseline: Rate
    """One for all steps; by step where each is held against a rate of its own."""
    spread: float

    def by_step(self, steps: int) -> Floats:
        """The baseline of each step."""
        return np.broadcast_to(np.asarray(self.baseline, dtype=np.float64), (steps,))

    def chance(self, hits: Floats, visits: Floats, effect: Floats) -> Floats:
        """The chance that an ordinary step shows as many hits, given the design effect of its agents."""
        return tail(hits, visits, self.by_step(len(hits)), self._correlation(visits, effect))

    def _correlation(self, visits: Floats, effect: Floats) -> Floats:
        """Of a visit with another of its step: from the spread of steps, and of agents within them."""
        of_steps = correlation(self.spread, self.baseline)
        several = np.maximum(visits - 1, 1)
        return np.clip(of_steps + (1 - of_steps) * (effect - 1) / several, 0, 0.9)


def correlation(spread: float, mean: Rate) -> Floats:
    """The correlation within counts whose rate has that relative standard deviation."""
    of_mean = np.asarray(mean, dtype=np.float64)
    within: Floats = np.minimum(spread**2 * of_mean / np.maximum(1 - of_mean, 1e-9), 0.9)
    return within


def ordinary(
    hits: Floats,
    visits: Floats,
    effect: Floats,
    *,
    apart: Bools | None = None,
    expected_spread: float = EXPECTED_SPREAD,
    expected_weight: float = 4,
    least_spread: float = 0.15,
    rate: float = 0.05,
) -> Ordinary:
    """The ordinary among these steps: those left when steps beyond them are set aside, until none is.

    Steps `apart` are known not to be ordinary.

    An empirical null: B. Efron, J. Am. Statist. Assoc. 99, 2004, p. 96. The spread is that of the rates
    beyond chance, by moments (J. C. Kleinman, J. Am. Statist. Assoc. 68, 1973, p. 46), mixed with an
    expected one that counts as much as `expected_weight` steps, and never below `least_spread`: steps that
    differ by so little are alike to anybody who has to choose what to mend.
    """
    is_included = visits > 0 if apart is None else (visits > 0) & ~apart
    k, n, d = hits[is_included], visits[is_included], effect[is_included]
    if not len(k):
        return Ordinary(np.nan, expected_spread)
    size = n / d
    weight = size / (size + 50)
    # No step seen confusing anybody: half a confused visit in all, so that the first one is no wonder.
    first = max(_weighted_median(k / n, weight), 0.5 / (size.sum() + 1))
    estimate = Ordinary(first, expected_spread)
    is_ordinary = np.ones(len(k), dtype=np.bool_)
    for _ in range(_ROUNDS):
        still = adjusted(estimate.chance(k, n, d)) > rate
        middle = _mean(k[still], n[still], d[still], estimate)
        spread = _spread(k[still], n[still], d[still], middle)
        mixed = (expected_weight * expected_spread**2 + still.sum() * spread) / (
            expected_weight + still.sum()
        )
        spread = max(np.sqrt(mixed), least_spread)
        prior = float(correlation(spread, middle))
        rates = shrunk(k / d, size, middle, prior)
        estimate = Ordinary(_weighted_median(rates, weight), spread)
        if (still == is_ordinary).all():
            break
        is_ordinary = still
    return estimate


def _mean(k: Floats, n: Floats, d: Floats, estimate: Ordinary) -> float:
    m = np.asarray(estimate.baseline)
    precision = 1 / ((estimate.spread * m) ** 2 + m * (1 - m) * d / n)
    return float(np.clip(np.sum(precision * k / n) / precision.sum(), 1e-6, 1 - 1e-6))


def _spread(k: Floats, n: Floats, d: Floats, middle: float) -> float:
    """Squared relative spread of the rates, without that of chance."""
    chance = middle * (1 - middle) * d / n
    weight = 1 / (chance + (0.2 * middle) ** 2) ** 2
    beyond = np.sum(weight * ((k / n - middle) ** 2 - chance)) / np.sum(weight)
    return float(max(beyond, 0.0) / middle**2)


def _weighted_median(values: Floats, weights: Floats) -> float:
    """The smallest value that has half the weight at or below it."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])
