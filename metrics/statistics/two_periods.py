"""Did a number of events, or a share, change between two periods beyond chance?"""

from __future__ import annotations

import numpy as np
from scipy.special import betainc, betaincinv, ndtr

from metrics.statistics.clustering import Floats
from metrics.statistics.intervals import wilson


def dispersion(counts: Floats) -> float:
    """How many times more the counts of successive spans vary than if they came independently; at least 1.

    `counts`: one row per series, one column per span, in order. From successive differences, so that a trend
    is not taken for spread: J. von Neumann and others, Annals of Mathematical Statistics 12, 1941, p. 153.
    For independent counts the squared difference of two is their sum, on average. 1 with fewer than two.
    """
    if counts.shape[0] == 0 or counts.shape[1] < 2:
        return 1.0
    differences, sums = np.diff(counts, axis=1) ** 2, counts[:, 1:] + counts[:, :-1]
    return max(float(differences.sum() / sums.sum()), 1.0) if sums.sum() > 0 else 1.0


def ratio_of_counts(
    now: Floats, before: Floats, *, spread: float = 1.0, confidence: float = 0.95
) -> tuple[Floats, Floats, Floats]:
    """Ends of the interval of `now / before` over periods of equal length, and the chance of no change.

    Given their sum, one of two counts is binomial: J. Przyborowski and H. Wilenski, Biometrika 31, 1940,
    p. 313, with the interval of C. J. Clopper and E. S. Pearson, Biometrika 26, 1934, p. 404. Both counts are
    cut by the `spread` first, as quasi-Poisson inference does (P. McCullagh and J. A. Nelder, Generalized
    Linear Models, 2nd ed. 1989, § 6.2.3). The chance is two-sided, twice the smaller tail. NaN where both
    counts are 0.
    """
    x, y = now / spread, before / spread
    tail = (1 - confidence) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(x > 0, betaincinv(np.maximum(x, 1e-12), y + 1, tail), 0.0)
        high = np.where(y > 0, betaincinv(x + 1, np.maximum(y, 1e-12), 1 - tail), 1.0)
        at_least = np.where(x > 0, betainc(np.maximum(x, 1e-12), y + 1, 0.5), 1.0)
        at_most = np.where(y > 0, 1 - betainc(x + 1, np.maximum(y, 1e-12), 0.5), 1.0)
        ends = low / (1 - low), high / (1 - high)
    none = x + y == 0
    chance = np.minimum(2 * np.minimum(at_least, at_most), 1.0)
    return (np.where(none, np.nan, ends[0]), np.where(none, np.nan, ends[1]), np.where(none, np.nan, chance))


def difference_of_shares(
    hits: Floats, n: Floats, hits_before: Floats, n_before: Floats
) -> tuple[Floats, Floats, Floats]:
    """Ends of the 95 % interval of one share less another, and the chance of none; NaN without cases.

    Newcombe's interval from Wilson's two (R. G. Newcombe, Statistics in Medicine 17, 1998, p. 873, method
    10); the chance is that of the pooled score test.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        p, q = hits / n, hits_before / n_before
        (low, high), (low_before, high_before) = wilson(hits, n), wilson(hits_before, n_before)
        down = np.sqrt((p - low) ** 2 + (high_before - q) ** 2)
        up = np.sqrt((high - p) ** 2 + (q - low_before) ** 2)
        pooled = (hits + hits_before) / (n + n_before)
        error = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / n_before))
        chance = np.where(error > 0, 2 * ndtr(-np.abs(p - q) / error), 1.0)
    is_valid = (n > 0) & (n_before > 0)
    return tuple(np.where(is_valid, end, np.nan) for end in (p - q - down, p - q + up, chance))  # type: ignore[return-value]
