"""Variances that lend one another strength: what is fitted is what was drawn."""

import numpy as np
import pytest
from scipy.stats import f

from metrics.statistics import moderation
from metrics.statistics.moderation import moderated


def test_the_parameters_of_drawn_variances_are_recovered():
    # A variance ratio with d degrees around a true one of d0 degrees is distributed as s0² F(d, d0).
    rng = np.random.default_rng(3)
    own, prior, usual = 10, 8.0, 1.3
    ratio = usual * f.rvs(own, prior, size=20_000, random_state=rng)
    told, degrees = moderated(ratio, np.full(len(ratio), float(own)))
    assert degrees[0] - own == pytest.approx(prior, rel=0.05)
    drawn_toward = ((own + prior) * told - own * ratio) / prior
    assert np.median(drawn_toward) == pytest.approx(usual, rel=0.05)


def test_variances_that_differ_by_chance_alone_become_one():
    rng = np.random.default_rng(4)
    ratio = rng.chisquare(5, 30) / 5
    spread_by_less_than_chance = 1 + (ratio - 1) / 10
    told, degrees = moderated(spread_by_less_than_chance, np.full(30, 5.0))
    assert np.ptp(told) == 0
    assert np.isinf(degrees).all()


def test_the_inverse_of_the_trigamma_function_at_its_known_values():
    # M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, 1964, 6.4.2 and 6.4.4.
    assert moderation._trigamma_inverse(np.pi**2 / 6) == pytest.approx(1)
    assert moderation._trigamma_inverse(np.pi**2 / 2) == pytest.approx(0.5)


def test_what_is_not_known_neither_lends_nor_borrows():
    ratio = np.array([0.5, 1.0, 2.0, np.nan, 0.0])
    degrees = np.array([4.0, 4.0, 4.0, 4.0, 4.0])
    told, certain = moderated(ratio, degrees)
    assert np.isnan(told[3])
    assert (told[4], certain[3], certain[4]) == (0, 4, 4)
    alone, _ = moderated(ratio[:3], degrees[:3])
    assert told[:3] == pytest.approx(alone)


def test_fewer_than_three_units_stay_as_they_are():
    told, degrees = moderated(np.array([0.5, 2.0]), np.array([4.0, 9.0]))
    assert told.tolist() == [0.5, 2.0]
    assert degrees.tolist() == [4.0, 9.0]
