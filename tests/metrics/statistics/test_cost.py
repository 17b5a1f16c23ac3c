"""The interval of a sum over agents against Student's."""

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from metrics.statistics.cost import clustered_total_interval


def test_with_equal_agents_it_is_students_interval_of_their_mean():
    amounts = np.array([3.0, 5.0, 4.0, 9.0, 2.0])
    low, high = clustered_total_interval(amounts, np.full(5, 20.0), np.zeros(5, dtype=np.int64), 1)
    expected = ttest_1samp(amounts, 0).confidence_interval()
    assert (low[0], high[0]) == pytest.approx((5 * expected.low, 5 * expected.high))


def test_of_a_single_agent_nothing_is_known():
    ends = clustered_total_interval(np.array([3.0]), np.array([2.0]), np.zeros(1, dtype=np.int64), 1)
    assert np.isnan(ends).all()


def test_time_cannot_be_won():
    low, _ = clustered_total_interval(np.array([0.0, 9.0]), np.ones(2), np.zeros(2, dtype=np.int64), 1)
    assert low[0] == 0
