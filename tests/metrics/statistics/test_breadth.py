"""Broad trouble does not hang on those who fare worst."""

import numpy as np

from metrics.statistics.breadth import worst_agents
from metrics.statistics.counts import SETTLED, Counts
from metrics.statistics.step_trouble import step_trouble
from metrics.statistics.verdict import Verdict
from tests.metrics.statistics.other_desk import KINDS, OtherDesk


def test_the_worst_are_those_with_the_largest_excess_of_their_step():
    step, agent = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 1, 2, 0, 1, 2])
    visits, hits = np.array([10.0, 10, 100, 10, 10, 10]), np.array([5.0, 1, 6, 0, 3, 3])
    desk = Counts(step, agent, np.full(6, SETTLED), visits, hits, 2, 3)
    # Excess over 5 %: 4.5, 0.5, 1 at the first step; -0.5, 2.5, 2.5 at the second.
    assert worst_agents(desk, 0.05, np.array([2.0, 1.0])).tolist() == [True, False, True, False, True, False]
    assert not worst_agents(desk, 0.05, np.array([0.0, 0.0])).any()


def test_both_entries_of_an_agent_at_a_step_go_together():
    desk = Counts(
        *(np.array(column) for column in ([0, 0, 0], [0, 0, 1], [0, SETTLED, SETTLED])),
        *(np.array(column) for column in ([10.0, 10.0, 20.0], [5.0, 5.0, 1.0])),
        *(1, 2),
    )
    assert worst_agents(desk, 0.05, np.array([1.0])).tolist() == [True, True, False]


def test_trouble_that_may_be_that_of_a_few_is_not_called_the_processs():
    # A desk on which four of 27 agents are in trouble at step 10: 102 visits, too few to tell who they are.
    counts, planted = OtherDesk().draw(7)
    assert KINDS[planted[10]] == "coaching"
    found = step_trouble(counts)
    assert found.hotspot[10]
    assert found.few_agents.chance[10] > 0.05
    assert found.verdict[10] == Verdict.UNCLEAR
