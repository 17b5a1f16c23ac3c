"""Broad trouble does not hang on those who fare worst."""

import numpy as np

from metrics.statistics.breadth import contradicts_breadth, worst_agents
from metrics.statistics.counts import SETTLED, Counts
from metrics.statistics.step_trouble import step_trouble
from metrics.statistics.verdict import Verdict
from tests.metrics.statistics.other_desk import KINDS, OtherDesk


def test_the_worst_are_those_with_the_largest_excess_of_their_step():
    step, agent = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 1, 2, 0, 1, 2])
    visits, hits = np.array([10.0, 10, 100, 10, 10, 10]), np.array([5.0, 1, 6, 0, 3, 3])
    desk = Counts(step, agent, np.full(6, SETTLED), visits, hits, 2, 3)
    # Excess over 5 %: 4.5, 0.5, 1 at the first step; -0.5, 2.5, 2.5 at the second.
    assert worst_agents(desk, np.full(2, 0.05), np.array([2.0, 1.0])).tolist() == [
        True,
        False,
        True,
        False,
        True,
        False,
    ]
    assert not worst_agents(desk, np.full(2, 0.05), np.array([0.0, 0.0])).any()


def test_both_entries_of_an_agent_at_a_step_go_together():
    desk = Counts(
        *(np.array(column) for column in ([0, 0, 0], [0, 0, 1], [0, SETTLED, SETTLED])),
        *(np.array(column) for column in ([10.0, 10.0, 20.0], [5.0, 5.0, 1.0])),
        *(1, 2),
    )
    assert worst_agents(desk, np.array([0.05]), np.array([1.0])).tolist() == [True, True, False]


def test_trouble_that_may_be_that_of_a_few_is_not_called_the_processs():
    # A desk on which four of 27 agents are in trouble at step 10: 102 visits, too few to tell who they are.
    counts, planted = OtherDesk().draw(7)
    assert KINDS[planted[10]] == "coaching"
    found = step_trouble(counts)
    assert found.hotspot[10]
    assert found.few_agents.chance[10] > 0.05
    assert found.verdict[10] == Verdict.UNCLEAR


def one_step(*hits: float, visits: float = 40) -> Counts:
    agent = np.arange(len(hits))
    entries = (agent * 0, agent, np.full(len(hits), SETTLED), np.full(len(hits), visits), np.array(hits))
    return Counts(*entries, 1, len(hits))


def test_trouble_is_not_broad_where_most_agents_fare_no_worse_than_usual():
    # Two of 40 visits are usual.
    baseline = np.array([0.05])
    assert contradicts_breadth(one_step(16, 16, 16, 2, 2, 1), baseline, least_agents=5).all()
    assert not contradicts_breadth(one_step(16, 16, 16, 3, 2, 1), baseline, least_agents=5).any()


def test_agents_too_rarely_there_to_show_anything_contradict_nothing():
    # 15 of 90 visits are confused, of every agent one or none.
    rare = one_step(*[1.0] * 15, *[0.0] * 30, visits=2)
    assert not contradicts_breadth(rare, np.array([0.05]), least_agents=5).any()
