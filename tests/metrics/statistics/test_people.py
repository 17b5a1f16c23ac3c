"""What is expected of agents, and of newcomers among them, worked out by hand or by scipy."""

import numpy as np
import pytest
from scipy.stats import betabinom

from metrics.statistics.clustering import clustered_interval, design_effect, summed
from metrics.statistics.counts import BANDS, SETTLED, Counts
from metrics.statistics.evidence import evidence
from metrics.statistics.newcomers import newcomers
from metrics.statistics.ordinary_steps import Ordinary
from metrics.statistics.peers import Expected, expected
from metrics.statistics.verdict import Excess, Verdict, verdicts

NOBODY = np.ones(len(BANDS) + 1)


def counts(*rows: tuple[int, int, int, float, float], steps: int = 1) -> Counts:
    """Rows of step, agent, band, visits, confused visits."""
    step, agent, band, visits, hits = (np.array(column) for column in zip(*rows, strict=True))
    return Counts(step, agent, band, visits.astype(float), hits.astype(float), steps, int(agent.max()) + 1)


def test_the_chance_of_newcomers_is_a_beta_binomial_tail_paid_for_each_band():
    # Ten newcomers of 4 visits, 2 of them confused, where 0.2 were due; the peers' rate is known exactly.
    desk = counts(*((0, agent, 0, 4, 2) for agent in range(10)))
    due = Expected(np.full(10, 0.2), np.full(10, 0.2), NOBODY, np.array([1e12]), 0.3)
    mean, spread = 0.05, 0.3**2 / 10 + 0.2**2
    strength = (1 - mean) / (mean * spread) - 1
    tail = betabinom.pmf(np.arange(20, 41), 40, mean * strength, (1 - mean) * strength).sum()
    assert newcomers(desk, due).chance[0] == pytest.approx(4 * tail, rel=1e-3)


def test_without_newcomers_nothing_is_known_of_them():
    desk = counts(*((0, agent, SETTLED, 40, 2) for agent in range(10)))
    due = Expected(np.full(10, 2.0), np.full(10, 2.0), NOBODY, np.array([20.0]), 0.3)
    assert np.isnan(newcomers(desk, due).chance).all()


def test_expected_is_the_rate_of_peers_at_a_hotspot():
    desk = counts(*((0, agent, SETTLED, 1000, 200) for agent in range(50)))
    due = expected(desk, Ordinary(0.05, 0.15), hotspot=np.array([True]))
    assert due.hits == pytest.approx(np.full(50, 200.0), rel=0.01)


def test_newcomers_are_no_peers():
    settled = [(0, agent, SETTLED, 1000, 50) for agent in range(50)]
    desk = counts(*settled, *((0, 50 + agent, 0, 1000, 500) for agent in range(9)))
    due = expected(desk, Ordinary(0.05, 0.15), hotspot=np.array([False]))
    assert due.without_newness[:50] == pytest.approx(np.full(50, 50.0), rel=0.02)


def test_the_level_of_an_agent_comes_from_other_steps():
    rows = [
        (step, agent, SETTLED, 1000, 100 if agent == 0 else 50) for step in range(8) for agent in range(30)
    ]
    due = expected(counts(*rows, steps=8), Ordinary(0.05, 0.15), hotspot=np.zeros(8, dtype=bool))
    assert due.hits[0] == pytest.approx(2 * due.hits[1], rel=0.1)


def test_shares_of_agents_and_of_the_excess_are_counted():
    desk = counts(*((0, agent, SETTLED, 100, 9 if agent < 2 else 5 + agent % 2) for agent in range(10)))
    known = evidence(desk, np.array([0.055]), np.array([2]))
    assert known.agents_above_share[0] == 0.6  # the two with 9, and the four with 6
    assert known.top_fifth_share[0] == pytest.approx(7 / 9)  # 3.5 each of 9 in all


@pytest.mark.parametrize(
    ("held", "chances", "verdict"),
    [
        ((60, 10, 10), (0.001, 0.5, 0.5), Verdict.PROCESS),
        ((10, 60, 10), (0.5, 0.001, 0.5), Verdict.TRAINING),
        ((-20, 5, 60), (0.5, 0.5, 0.001), Verdict.COACHING),
        ((60, 10, 10), (0.2, 0.5, 0.5), Verdict.UNCLEAR),
        ((30, 20, 25), (0.001, 0.001, 0.001), Verdict.UNCLEAR),
        ((60, 10, 10), (np.nan, np.nan, np.nan), Verdict.UNCLEAR),
    ],
)
def test_the_verdict_goes_to_who_holds_the_larger_part_beyond_chance(held, chances, verdict):
    others, new, few = (np.array([float(part)]) for part in held)
    of_others, of_new, of_few = (np.array([chance]) for chance in chances)
    excess = Excess(new, few, others, of_new, of_few, of_others)
    assert verdicts(excess, broad=np.array([True])) == [verdict]
    is_process = verdict == Verdict.PROCESS
    assert verdicts(excess, broad=np.array([False])) == [Verdict.UNCLEAR if is_process else verdict]


def test_clustered_intervals_hold_what_they_promise():
    """95 % of them hold the true rate, where plain ones hold it in two thirds of the cases."""
    rng = np.random.default_rng(3)
    desks, agents, mean, spread = 1000, 40, 0.08, 0.6
    strength = (1 - mean) / (spread**2 * mean) - 1
    rates = rng.beta(mean * strength, (1 - mean) * strength, desks * agents)
    visits = 1.0 + rng.poisson(60 * rng.gamma(3, 1 / 3, desks * agents))
    hits = rng.binomial(visits.astype(int), rates).astype(float)
    desk = np.repeat(np.arange(desks), agents)
    low, high = clustered_interval(
        summed(hits, desk, desks),
        summed(visits, desk, desks),
        design_effect(hits, visits, desk, desks),
        np.full(desks, float(agents)),
    )
    assert 0.92 < ((low <= mean) & (mean <= high)).mean() < 0.97
