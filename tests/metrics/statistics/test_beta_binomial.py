"""Tails, fit and shrinkage against a reference implementation and published values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import betabinom

from metrics.statistics.beta_binomial import fit, shrunk, tail
from tests.lengths import examples


@examples(60)
@given(st.integers(1, 400), st.floats(0, 1), st.floats(0.005, 0.6), st.floats(0.0005, 0.3))
def test_the_tail_is_scipys(visits, share, mean, correlation):
    hits = round(share * visits)
    strength = (1 - correlation) / correlation
    # Its own tail is one minus the rest, which leaves nothing of small chances.
    counts = np.arange(hits, visits + 1)
    expected = betabinom.pmf(counts, visits, mean * strength, (1 - mean) * strength).sum()
    found = tail(*(np.array([v]) for v in (hits, visits, mean, correlation)))[0]
    assert found == (pytest.approx(expected, rel=1e-6, abs=1e-12) if hits > visits * mean else 1.0)


def test_the_fit_is_the_published_one():
    # Boys in the first 12 children of 6,115 families in Saxony (A. Geissler, 1889), fitted by
    # J. K. Lindsey and P. M. E. Altham, Applied Statistics 47, 1998: α = 34.09558, β = 31.5715.
    families = (3, 24, 104, 286, 670, 1033, 1343, 1112, 829, 478, 181, 45, 7)
    hits = np.repeat(np.arange(13.0), families)
    mean, correlation = fit(hits, np.full(len(hits), 12.0))
    strength = (1 - correlation) / correlation
    assert mean * strength == pytest.approx(34.09558, rel=2e-3)
    assert (1 - mean) * strength == pytest.approx(31.5715, rel=2e-3)


def test_shrinking_is_that_of_the_batting_averages():
    # D. Robinson, Introduction to Empirical Bayes, 2017, chapter 3: α = 78.7 and β = 224.9.
    found = shrunk(np.array([300.0, 4.0]), np.array([1000.0, 10.0]), 78.7 / 303.6, 1 / 304.6)
    assert found == pytest.approx([0.290, 0.264], abs=1e-3)


def test_all_alike_is_fitted_without_spread():
    mean, correlation = fit(np.full(30, 5.0), np.full(30, 100.0))
    assert mean == pytest.approx(0.05, rel=1e-3)
    assert correlation < 1e-3
