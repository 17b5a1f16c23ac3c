"""Counts whose rate itself varies: tails of the beta-binomial, its fit, and rates shrunk by it."""

from __future__ import annotations

import numpy as np
from scipy.special import betaln, expit, gammaln, logit

from metrics.statistics.clustering import Floats

_LEAST, _MOST = 1e-7, 0.9


def tail(hits: Floats, visits: Floats, mean: Floats, correlation: Floats) -> Floats:
    """The chance of at least that many hits, where there are more than expected; else 1.

    `mean` and `correlation` (within the count: 1 / (α + β + 1)) give the beta distribution of the rate.
    Counts at or below expectation are no evidence of more, so that they are not worked out. Summed term by
    term as in N. L. Johnson, A. W. Kemp and S. Kotz, Univariate Discrete Distributions, 3rd ed. 2005, §
    6.2.2.
    """
    k, n, m, rho = np.broadcast_arrays(
        *(np.asarray(a, dtype=np.float64) for a in (hits, visits, mean, correlation))
    )
    m, rho = np.clip(m, 1e-9, 1 - 1e-9), np.clip(rho, _LEAST, _MOST)
    chance = np.ones(k.shape)
    at = np.flatnonzero(k > n * m)
    a, b = (m * (1 - rho) / rho)[at], ((1 - m) * (1 - rho) / rho)[at]
    x, size = k[at].copy(), n[at]
    choices = gammaln(size + 1) - gammaln(x + 1) - gammaln(size - x + 1)
    term = np.exp(choices + betaln(x + a, size - x + b) - betaln(a, b))
    total = term.copy()
    going = np.arange(len(at))
    while len(going):
        # From one count to the next the term changes by a simple factor.
        factor = (size - x) * (x + a) / ((x + 1) * (size - x - 1 + b))
        term, x = term * factor, x + 1
        total[going] += term
        goes_on = (x < size) & (term > 1e-9 * total[going])
        going, term, x, size, a, b = (array[goes_on] for array in (going, term, x, size, a, b))
    chance[at] = np.minimum(total, 1.0)
    return chance


def fit(hits: Floats, visits: Floats) -> tuple[float, float]:
    """Mean and correlation of the beta distribution that makes the counts likeliest.

    Counts need not be whole. Maximum likelihood on the logits of both: D. A. Williams, Biometrics 31, 1975,
    p. 949; D. A. Griffiths, Biometrics 29, 1973, p. 637.
    """
    k, n = np.asarray(hits, dtype=np.float64), np.asarray(visits, dtype=np.float64)
    start = np.clip((k.sum() + 0.5) / (n.sum() + 1), 1e-4, 1 - 1e-4)

    def unlikely(point: Floats) -> float:
        m = np.clip(expit(point[0]), _LEAST, 1 - _LEAST)
        rho = np.clip(expit(point[1]), _LEAST, _MOST)
        a, b = m * (1 - rho) / rho, (1 - m) * (1 - rho) / rho
        return -float(np.sum(betaln(k + a, n - k + b) - betaln(a, b)))

    from scipy.optimize import minimize  # here: it would slow the start of every command

    best = minimize(
        unlikely, [logit(start), logit(0.01)], method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-9}
    )
    return float(expit(best.x[0])), float(np.clip(expit(best.x[1]), _LEAST, _MOST))


def shrunk(hits: Floats, visits: Floats, mean: float, correlation: float) -> Floats:
    """Each rate drawn toward the mean, the more the fewer visits it has: the posterior mean.

    B. Efron and T. Hastie, Computer Age Statistical Inference, 2016, § 6.1; G. Casella, American Statistician
    39, 1985, p. 83.
    """
    weight = (1 - correlation) / correlation
    return (hits + mean * weight) / (visits + weight)
