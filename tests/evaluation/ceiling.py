"""How often a change of a share could be called at all, by whoever knows everything but the change."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt

from scipy.special import ndtr, ndtri

_CHANCE = 0.05


def reach(before: float, after: float, n_before: float, n_after: float, stray: float = 0.0) -> float:
    """The power of the score test of two shares at 5 %: nothing varies but by chance, nothing else is tested.

    J. L. Fleiss, B. Levin and M. C. Paik, Statistical Methods for Rates and Proportions, 3rd ed. 2003, § 4.4,
    without the correction for continuity. `stray`: by what share of itself each step changes anyway, as the
    standard deviation of a logarithm; then the test must allow for it.
    """
    pooled = (n_before * before + n_after * after) / (n_before + n_after)
    anyway = (stray * pooled) ** 2
    unchanged = sqrt(pooled * (1 - pooled) * (1 / n_before + 1 / n_after) + anyway)
    changed = sqrt(before * (1 - before) / n_before + after * (1 - after) / n_after + anyway)
    return float(ndtr((abs(after - before) + ndtri(_CHANCE / 2) * unchanged) / changed))


def mean_reach(changes: Iterable[tuple[float, float, float, float]], stray: float = 0.0) -> float:
    """The share of several changes that could be called."""
    powers = [reach(*change, stray) for change in changes]
    return sum(powers) / len(powers)
