"""Many variances, each known from few clusters, that lend one another strength."""

from __future__ import annotations

import numpy as np
from scipy.special import digamma, polygamma

from metrics.statistics.clustering import Floats

_LEAST_UNITS = 3
_ROUNDS = 50


def moderated(ratio: Floats, degrees: Floats) -> tuple[Floats, Floats]:
    """Each ratio of variances drawn toward what is usual among all, and the degrees of freedom it then has.

    `ratio`: how many times wider than that of independent visits the variance of each unit is, estimated
    with so many degrees of freedom. The ratios are taken for scaled chi-squares around values that vary as
    an inverse chi-square, whose two parameters are fitted to the logarithms: G. K. Smyth, Statistical
    Applications in Genetics and Molecular Biology 3, 2004, article 3, § 6.2. Where the ratios vary no more
    than chance lets them, all units share one, known beyond doubt (infinite degrees). Units whose ratio is 0
    or unknown are left as they are and lend nothing; so are all of fewer than three.
    """
    is_usable = np.isfinite(ratio) & (ratio > 0) & np.isfinite(degrees) & (degrees > 0)
    if is_usable.sum() < _LEAST_UNITS:
        return ratio, degrees
    half = degrees[is_usable] / 2
    logs = np.log(ratio[is_usable]) - digamma(half) + np.log(half)
    excess = float(np.var(logs, ddof=1) - polygamma(1, half).mean())
    prior = 2 * _trigamma_inverse(excess) if excess > 0 else np.inf
    centre = float(logs.mean())
    prior_ratio = np.exp(centre + (digamma(prior / 2) - np.log(prior / 2) if np.isfinite(prior) else 0.0))
    result, certain = ratio.copy(), degrees.copy()
    own = degrees[is_usable]
    result[is_usable] = (
        prior_ratio if np.isinf(prior) else (prior * prior_ratio + own * ratio[is_usable]) / (prior + own)
    )
    certain[is_usable] = prior + own
    return result, certain


def _trigamma_inverse(value: float) -> float:
    """The y with trigamma(y) = value, by Newton's method on 1 / trigamma: Smyth 2004, appendix."""
    y = 0.5 + 1 / value
    for _ in range(_ROUNDS):
        tri = float(polygamma(1, y))
        step = tri * (1 - tri / value) / float(polygamma(2, y))
        y += step
        if -step / y < 1e-8:
            break
    return y
