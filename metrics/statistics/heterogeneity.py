"""How much units differ beyond chance: the standard deviation between them, with its interval."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaincinv

from metrics.statistics.clustering import Floats


def between(effects: Floats, variances: Floats, *, confidence: float = 0.95) -> tuple[float, float, float]:
    """The standard deviation between units beyond the variance of each, and the ends of its interval.

    The estimate is that of R. C. Paule and J. Mandel, J. Research National Bureau of Standards 87, 1982, p.
    377; the interval profiles Cochran's Q: W. Viechtbauer, Statistics in Medicine 26, 2007, p. 37. Never
    below 0; NaN with fewer than two units.
    """
    if len(effects) < 2:
        return np.nan, np.nan, np.nan
    degrees = len(effects) - 1
    tail = (1 - confidence) / 2
    # A quantile of chi squared is one of gamma's.
    wanted = (degrees, *(2 * gammaincinv(degrees / 2, at) for at in (1 - tail, tail)))
    value, low, high = (float(np.sqrt(_solved(effects, variances, float(q)))) for q in wanted)
    return value, low, high


def _solved(effects: Floats, variances: Floats, wanted: float) -> float:
    """The variance between units at which Q is what is wanted; Q falls as it grows."""

    def beyond(between: float) -> float:
        weight = 1 / (variances + between)
        mean = np.sum(weight * effects) / np.sum(weight)
        return float(np.sum(weight * (effects - mean) ** 2) - wanted)

    if beyond(0.0) <= 0:
        return 0.0
    top = float(np.ptp(effects) ** 2 + variances.max())
    while beyond(top) > 0:
        top *= 4
    return float(brentq(beyond, 0.0, top, xtol=1e-12, rtol=1e-10))
