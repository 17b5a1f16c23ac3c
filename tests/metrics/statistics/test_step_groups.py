"""Whether a group of a step's visits stands out, and what of it may be its agents' doing."""

import numpy as np
import pytest

from metrics.statistics.clustering import intraclass_correlation
from metrics.statistics.step_groups import StepGroups


def groups(*cells):
    """One step; by group, its agents with their confused visits and visits."""
    entries = [(group, agent, *pair) for group, cell in enumerate(cells) for agent, pair in cell.items()]
    group, agent, hits, visits = (np.array(column) for column in zip(*entries, strict=True))
    hits, visits = hits.astype(float), visits.astype(float)
    sums = (np.bincount(group, weights=values) for values in (hits, visits))
    return StepGroups(np.zeros(len(cells), dtype=np.int64), *sums, group, agent, hits, visits)


def test_what_differs_by_agent_alone_is_hardly_unusual_for_a_group_of_few_agents():
    own_agents = groups({0: (12, 20), 1: (10, 20), 2: (11, 20)}, dict.fromkeys(range(3, 13), (2, 20)))
    same_agents = groups(dict.fromkeys(range(3), (11, 20)), dict.fromkeys(range(3), (2, 66)))
    assert own_agents.chance()[0] > 100 * same_agents.chance()[0]
    assert same_agents.chance()[0] < 1e-6
    assert own_agents.chance()[1] == 1


def test_agents_even_out_by_how_much_both_sides_have_the_same():
    mixed = groups({0: (6, 10), 1: (1, 30)}, {0: (6, 20), 1: (1, 20), 2: (0, 40)})
    # Shares of agents 0, 1 and 2: 1/4, 3/4 and 0 here, 1/4, 1/4 and 1/2 there.
    assert mixed._difference() == pytest.approx([0.5, 0.5])
    at_step = intraclass_correlation(
        np.array([12.0, 2.0, 0.0]), np.array([30.0, 50.0, 40.0]), np.zeros(3, dtype=np.int64), 1
    )
    assert mixed._correlation() == pytest.approx(at_step)


def test_a_group_that_is_the_whole_step_has_nothing_to_be_compared_with():
    assert np.isnan(groups({0: (3, 9), 1: (2, 9)}).chance()).all()


def test_three_of_ten_agents_are_no_less_likely_than_any_other_three():
    own_agents = groups(dict.fromkeys(range(3), (20, 20)), dict.fromkeys(range(3, 10), (0, 20)))
    assert own_agents.chance()[0] >= 1 / 120
    one_elsewhere = groups(dict.fromkeys(range(3), (20, 20)), dict.fromkeys(range(2, 10), (0, 20)))
    assert one_elsewhere._least_chance().tolist() == [0, 0]


@pytest.mark.parametrize("spread", [0.3, 0.6, 1.0])
def test_where_agents_alone_differ_hardly_a_group_of_few_agents_stands_out(spread):
    rng = np.random.default_rng(4)
    false = 0
    for _ in range(200):
        rates = np.minimum(0.1 * rng.gamma(1 / spread**2, spread**2, 13), 0.9)
        hits = rng.binomial(60, rates)
        own = {n: (int(hits[n]), 60) for n in range(3)}
        others = {n: (int(hits[n]), 60) for n in range(3, 13)}
        # Two groups, six dimensions to ask for.
        false += groups(own, others).chance().min() <= 0.05 / 6 / 2
    assert false <= 2
