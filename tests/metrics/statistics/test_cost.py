"""The interval of a sum over agents against Student's."""

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from metrics.statistics.cost import SingleVisits, clustered_total_interval
from tests.lengths import LONG


def test_with_equal_agents_it_is_students_interval_of_their_mean():
    amounts = np.array([3.0, 5.0, 4.0, 9.0, 2.0])
    low, high = clustered_total_interval(amounts, np.full(5, 20.0), np.zeros(5, dtype=np.int64), 1)
    expected = ttest_1samp(amounts, 0).confidence_interval()
    assert (low[0], high[0]) == pytest.approx((5 * expected.low, 5 * expected.high))


def test_of_a_single_agent_nothing_is_known():
    ends = clustered_total_interval(np.array([3.0]), np.array([2.0]), np.zeros(1, dtype=np.int64), 1)
    assert np.isnan(ends).all()


def test_time_cannot_be_won():
    low, _ = clustered_total_interval(np.array([0.0, 9.0]), np.full(2, 10.0), np.zeros(2, dtype=np.int64), 1)
    assert low[0] == 0


def test_a_visit_without_a_known_agent_is_a_cluster_of_its_own():
    times = np.arange(30.0)
    expected = clustered_total_interval(times, np.ones(30), np.zeros(30, dtype=np.int64), 1)
    nobody = SingleVisits(*(np.array([value]) for value in (30.0, times.sum(), (times**2).sum())))
    no_agent = np.zeros(0)
    found = clustered_total_interval(no_agent, no_agent, np.zeros(0, dtype=np.int64), 1, single=nobody)
    assert (found[0][0], found[1][0]) == pytest.approx((expected[0][0], expected[1][0]))


def test_of_fewer_than_twenty_visits_nothing_is_known():
    for visits, is_known in ((9.0, False), (10.0, True)):
        ends = clustered_total_interval(
            np.array([1.0, 2.0]), np.full(2, visits), np.zeros(2, dtype=np.int64), 1
        )
        assert np.isfinite(ends).all() == is_known


TIMES = {
    "lognormal": (lambda draw, size: draw.lognormal(0, 1, size), 1.0),
    "wide lognormal": (lambda draw, size: draw.lognormal(0, 1.5, size), 1.0),
    "Pareto": (lambda draw, size: 1 + draw.pareto(1.7, size), 2 ** (1 / 1.7)),
}


@pytest.mark.sweep(3)
@pytest.mark.parametrize("agents", [500, 25])
@pytest.mark.parametrize("name", TIMES)
def test_the_interval_of_500_visits_holds_the_truth_whatever_the_tail(name, agents):
    """Of the time capped as METRICS says: ten times the median of the others, beyond that median."""
    sample, usual = TIMES[name]
    draw = np.random.default_rng(7)
    rounds = 20_000 if LONG else 2_000

    def lost(size):
        return np.clip(sample(draw, size) - usual, 0, 10 * usual)

    truth = 500 * lost(4_000_000).mean()
    amounts = lost((rounds, agents, 500 // agents)).sum(axis=2).ravel()
    low, high = clustered_total_interval(
        amounts, np.full(len(amounts), 500.0 // agents), np.repeat(np.arange(rounds), agents), rounds
    )
    assert ((low <= truth) & (truth <= high)).mean() >= 0.93
