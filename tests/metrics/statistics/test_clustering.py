"""Design effects, intra-class correlation and clustered intervals against published and computed values."""

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import f_oneway, norm, t

from metrics.statistics.clustering import (
    clustered_interval,
    design_effect,
    design_effect_of_sums,
    intraclass_correlation,
    ratio_variance,
)
from metrics.statistics.intervals import wilson

# C. S. Weil, Food and Cosmetics Toxicology 8, 1970: pups alive of each litter, control and treated.
CONTROL = (
    (13, 12, 9, 9, 8, 8, 13, 12, 10, 10, 9, 13, 5, 7, 10, 10),
    (13, 12, 9, 9, 8, 8, 12, 11, 9, 9, 8, 11, 4, 5, 7, 7),
)
TREATED = (
    (12, 11, 10, 9, 11, 10, 10, 9, 9, 5, 9, 7, 10, 6, 10, 7),
    (12, 11, 10, 9, 10, 9, 9, 8, 8, 4, 7, 4, 5, 3, 3, 0),
)
LITTERS = np.array(CONTROL[0] + TREATED[0], dtype=float)
ALIVE = np.array(CONTROL[1] + TREATED[1], dtype=float)
GROUP = np.repeat([0, 1], 16)


def test_the_design_effects_are_those_of_rao_and_scott():
    # J. N. K. Rao and A. J. Scott, Biometrics 48, 1992, table 1; to six places in the R package PF, `rsb`.
    effects = design_effect(ALIVE, LITTERS, GROUP, 2)
    assert effects == pytest.approx([1.232495, 3.952861], abs=1e-6)


def test_sums_over_clusters_give_the_same_design_effects():
    def by_group(values):
        return np.bincount(GROUP, weights=values)

    sums = [ALIVE, LITTERS, np.ones(32), ALIVE**2, ALIVE * LITTERS, LITTERS**2]
    effects = design_effect_of_sums(*(by_group(values) for values in sums))
    assert effects == pytest.approx([1.232495, 3.952861], abs=1e-6)


def test_one_agent_or_nobody_confused_gives_no_design_effect():
    hits, visits = np.array([2.0, 0.0, 0.0]), np.array([5.0, 5.0, 5.0])
    assert np.isnan(design_effect(hits, visits, np.array([0, 1, 1]), 2)).all()


def test_the_correlation_is_that_of_an_analysis_of_variance():
    for group, (sizes, alive) in enumerate((CONTROL, TREATED)):
        visits = [[1] * k + [0] * (n - k) for n, k in zip(sizes, alive, strict=True)]
        ratio = f_oneway(*visits).statistic
        size = sum(sizes)
        typical = (size - sum(n * n for n in sizes) / size) / (len(sizes) - 1)
        expected = (ratio - 1) / (ratio - 1 + typical)
        assert intraclass_correlation(ALIVE, LITTERS, GROUP, 2)[group] == pytest.approx(expected)


def test_without_clustering_the_interval_is_wilsons():
    hits, visits = np.array([15.0]), np.array([148.0])
    ends = clustered_interval(hits, visits, np.array([np.nan]), np.array([1.0]))
    assert [end[0] for end in ends] == pytest.approx([end[0] for end in wilson(hits, visits)])


def test_a_clustered_interval_ends_where_the_score_test_does():
    hits, visits, effect, agents = 30.0, 200.0, 2.5, 12.0
    low, high = clustered_interval(*(np.array([v]) for v in (hits, visits, effect, agents)))
    reach = t.ppf(0.975, agents - 1)

    def score(rate: float) -> float:
        return (hits / visits - rate) ** 2 - reach**2 * effect * rate * (1 - rate) / visits

    assert low[0] == pytest.approx(brentq(score, 1e-9, 0.15))
    assert high[0] == pytest.approx(brentq(score, 0.15, 1 - 1e-9))
    assert norm.ppf(0.975) < reach


def test_the_variance_of_a_rate_is_that_between_equal_clusters():
    hits = np.array([1.0, 3.0, 2.0, 6.0])
    variance = ratio_variance(hits, np.full(4, 10.0), np.zeros(4, dtype=np.int64), 1)
    assert variance[0] == pytest.approx(np.var(hits / 10, ddof=1) / 4)
