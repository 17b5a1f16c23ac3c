"""Two groups compared stratum by stratum, so that what differs between strata is not taken for the cause."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from metrics.statistics.clustering import Floats, Ints, summed


@dataclass(frozen=True)
class Compared:
    """By group of strata: an estimate, its interval and p-value; NaN where nothing can be compared."""

    estimate: Floats
    low: Floats
    high: Floats
    p: Floats


def risk_difference(
    a: Floats, n1: Floats, b: Floats, n0: Floats, group: Ints, groups: int, *, confidence: float = 0.95
) -> Compared:
    """The share of the exposed with the outcome less that of the others, pooled over the group's strata.

    One entry per stratum: `a` of `n1` exposed and `b` of `n0` others. Mantel and Haenszel's weights; the
    variance is right for few large and for many small strata: T. Sato, Biometrics 45, 1989, p. 1323, with
    weights after S. Greenland and J. M. Robins, Biometrics 41, 1985, p. 55.
    """
    n = n1 + n0
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = summed(_zero_if_nan(n1 * n0 / n), group, groups)
        estimate = summed(_zero_if_nan((a * n0 - b * n1) / n), group, groups) / weight
        p_term = _zero_if_nan((n1**2 * b - n0**2 * a + n1 * n0 * (n0 - n1) / 2) / n**2)
        q_term = _zero_if_nan((a * (n0 - b) + b * (n1 - a)) / (2 * n))
        # A stratum without one of the two says nothing.
        both = (n1 > 0) & (n0 > 0)
        spread = estimate * summed(p_term * both, group, groups) + summed(q_term * both, group, groups)
        error = np.sqrt(np.maximum(spread, 0)) / weight
        reach = ndtri(0.5 + confidence / 2) * error
        p = 2 * ndtr(-np.abs(estimate) / error)
    p = np.where(error > 0, p, np.nan)
    return Compared(estimate, estimate - reach, estimate + reach, p)


def risk_ratio(
    a: Floats, n1: Floats, b: Floats, n0: Floats, group: Ints, groups: int, *, confidence: float = 0.95
) -> Compared:
    """How many times likelier the outcome is among the exposed, pooled over the group's strata.

    Mantel and Haenszel's ratio with the variance of its logarithm: S. Greenland and J. M. Robins, Biometrics
    41, 1985, p. 55. NaN where the outcome is missing on either side.
    """
    n = n1 + n0
    with np.errstate(divide="ignore", invalid="ignore"):
        exposed = summed(_zero_if_nan(a * n0 / n), group, groups)
        others = summed(_zero_if_nan(b * n1 / n), group, groups)
        estimate = exposed / others
        spread = summed(_zero_if_nan((n1 * n0 * (a + b) - a * b * n) / n**2), group, groups) / (
            exposed * others
        )
        error = np.sqrt(spread)
        reach = np.exp(ndtri(0.5 + confidence / 2) * error)
        p = 2 * ndtr(-np.abs(np.log(estimate)) / error)
        is_valid = np.isfinite(estimate) & (estimate > 0)
        return Compared(
            *(np.where(is_valid, v, np.nan) for v in (estimate, estimate / reach, estimate * reach, p))
        )


def association(
    a: Floats, n1: Floats, b: Floats, n0: Floats, group: Ints, groups: int, *, corrected: bool = False
) -> Floats:
    """The p-value of no association in any stratum, by group; NaN where the counts are too few to tell.

    N. Mantel and W. Haenszel, J. National Cancer Institute 22, 1959, p. 719, with their correction for
    continuity where it is to be `corrected`: few cases are skewed. Too few: less than five cases of leeway to
    either side of what is expected (N. Mantel and J. L. Fleiss, American J. Epidemiology 112, 1980, p. 129).
    """
    n, cases = n1 + n0, a + b
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = summed(_zero_if_nan(n1 * cases / n), group, groups)
        variance = summed(_zero_if_nan(n1 * n0 * cases * (n - cases) / (n**2 * (n - 1))), group, groups)
        beyond = np.abs(summed(a, group, groups) - expected) - (0.5 if corrected else 0.0)
        z = np.maximum(beyond, 0) / np.sqrt(variance)
    least = summed(np.maximum(0.0, n1 + cases - n), group, groups)
    most = summed(np.minimum(n1, cases), group, groups)
    enough = np.minimum(expected - least, most - expected) >= _LEEWAY
    return np.where(enough & (variance > 0), 2 * ndtr(-z), np.nan)


_LEEWAY = 5


def mean_difference(
    sums: tuple[Floats, Floats],
    squares: tuple[Floats, Floats],
    sizes: tuple[Floats, Floats],
    group: Ints,
    groups: int,
    *,
    confidence: float = 0.95,
) -> Compared:
    """The mean of the exposed less that of the others within strata; each pair is exposed, others.

    The least-squares coefficient of exposure beside a constant for every stratum, with Student's interval
    (G. A. F. Seber and A. J. Lee, Linear Regression Analysis, 2nd ed. 2003, § 3.5 and § 4.2).
    """
    n1, n0 = sizes
    both = (n1 > 0) & (n0 > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(both, n1 * n0 / (n1 + n0), 0.0)
        gap = np.where(both, sums[0] / n1 - sums[1] / n0, 0.0)
        total = summed(weight, group, groups)
        estimate = summed(weight * gap, group, groups) / total
        # What is left over in a stratum: its whole spread less what its exposure explains.
        total_squares = squares[0] + squares[1] - _zero_if_nan((sums[0] + sums[1]) ** 2 / (n1 + n0))
        left = summed(total_squares, group, groups) - total * estimate**2
        cells = summed((n1 + n0 > 0).astype(np.float64), group, groups)
        degrees = summed(n1 + n0, group, groups) - cells - 1
        error = np.sqrt(np.maximum(left, 0) / degrees / total)
        reach = stdtrit(np.maximum(degrees, 1), 0.5 + confidence / 2) * error
        p = 2 * stdtr(np.maximum(degrees, 1), -np.abs(estimate) / error)
    is_valid = (degrees >= 1) & (total > 0)
    return Compared(
        *(np.where(is_valid, v, np.nan) for v in (estimate, estimate - reach, estimate + reach, p))
    )


def _zero_if_nan(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, 0.0)
