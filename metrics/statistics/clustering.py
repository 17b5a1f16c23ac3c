"""Visits of one agent resemble one another: design effects, intra-class correlation, clustered intervals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from metrics.statistics.intervals import wilson

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def summed(values: Floats | Ints, group: Ints, groups: int) -> Floats:
    """The sum of the values of each group `0 … groups - 1`; 0 where there are none."""
    return np.bincount(group, weights=values, minlength=groups)[:groups].astype(np.float64)


def ratio_variance(amounts: Floats, sizes: Floats, group: Ints, groups: int) -> Floats:
    """Variance of each group's ratio `sum(amounts) / sum(sizes)`, its rows being whole clusters.

    NaN for a group of fewer than two clusters. The linearised variance of a ratio estimator: W. G. Cochran,
    Sampling Techniques, 3rd ed. 1977, § 6.4; for counts it is v in J. N. K. Rao and A. J. Scott, Biometrics
    48, 1992, p. 578.
    """
    clusters, size = summed(np.ones_like(sizes), group, groups), summed(sizes, group, groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = summed(amounts, group, groups) / size
        residual = amounts - ratio[group] * sizes
        spread = summed(residual**2, group, groups)
        variance = clusters / (clusters - 1) * spread / size**2
    return np.where(clusters > 1, variance, np.nan)


def design_effect(hits: Floats, visits: Floats, group: Ints, groups: int) -> Floats:
    """How many times wider the variance of each group's rate is than if its visits were independent.

    NaN where it cannot be told: fewer than two clusters, or a rate of 0 or 1. J. N. K. Rao and A. J. Scott,
    A simple method for the analysis of clustered binary data, Biometrics 48, 1992, p. 577.
    """
    size = summed(visits, group, groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = summed(hits, group, groups) / size
        independent = rate * (1 - rate) / size
        effect = ratio_variance(hits, visits, group, groups) / independent
    return np.where(independent > 0, effect, np.nan)


def design_effect_of_sums(
    hits: Floats, visits: Floats, clusters: Floats, squares: Floats, products: Floats, visit_squares: Floats
) -> Floats:
    """`design_effect` from sums over each group's clusters: of hits², of hits · visits, of visits²."""
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = hits / visits
        residual = np.maximum(squares - 2 * rate * products + rate**2 * visit_squares, 0)
        variance = clusters / (clusters - 1) * residual / visits**2
        independent = rate * (1 - rate) / visits
        effect = variance / independent
    return np.where((clusters > 1) & (independent > 0), effect, np.nan)


def clustered_interval(
    hits: Floats, visits: Floats, effect: Floats, clusters: Floats, *, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """Ends of the interval of each rate whose visits come in clusters.

    Wilson's interval on the effective number of visits, which is cut by the design effect (never below 1, 1
    where unknown) and by the squared ratio of Student's to the normal quantile, since the effect was
    estimated from few clusters: E. L. Korn and B. I. Graubard, Survey Methodology 24, 1998, p. 193, with
    Wilson's instead of the exact interval as in N. Dean and M. Pagano, J. Survey Stat. Methodol. 3, 2015,
    p. 484.
    """
    widening = np.fmax(effect, 1.0)
    upper = 0.5 + confidence / 2
    degrees = np.where(clusters > 1, clusters - 1, np.inf)
    # Independent visits need no t: what is unsure is the design effect alone.
    unsure = np.where(widening > 1, (stdtrit(degrees, upper) / ndtri(upper)) ** 2, 1.0)
    size = visits / (widening * unsure)
    return wilson(hits / visits * size, size, confidence=confidence)


def intraclass_correlation(hits: Floats, visits: Floats, group: Ints, groups: int) -> Floats:
    """Share of the variance of visits that lies between agents, by analysis of variance; NaN if unknown.

    Never below 0. M. S. Ridout, C. G. B. Demétrio and D. Firth, Estimating intraclass correlation for binary
    data, Biometrics 55, 1999, p. 137, estimator (5); first in R. C. Elston, 1977.
    """
    clusters, size = summed(np.ones_like(visits), group, groups), summed(visits, group, groups)
    total = summed(hits, group, groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = summed(hits**2 / visits, group, groups)
        between = (squares - total**2 / size) / (clusters - 1)
        within = (total - squares) / (size - clusters)
        typical = (size - summed(visits**2, group, groups) / size) / (clusters - 1)
        estimate = (between - within) / (between + (typical - 1) * within)
    return np.where(np.isfinite(estimate), np.maximum(estimate, 0.0), np.nan)
