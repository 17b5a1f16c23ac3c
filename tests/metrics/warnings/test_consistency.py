"""Inconsistent service: the spread between agents, against a published value and planted ones."""

import numpy as np
import polars as pl
import pytest

from metrics.query.scope import Scope
from metrics.statistics.heterogeneity import between
from metrics.warnings.consistency import spread, spreads
from metrics.warnings.counting import solved, visits
from tests.metrics.histories import warehouse
from tests.metrics.statistics.test_difference_in_differences import BCG


def test_the_spread_of_thirteen_trials_is_the_one_published():
    # W. Viechtbauer, metafor: confint(rma(yi, vi, data = dat.bcg)) gives tau² from 0.1197 to 1.1115, and
    # rma(..., method = "PM") 0.3181.
    a, b, c, d = np.array(BCG, dtype=float).T
    effect = np.log(a / (a + b)) - np.log(c / (c + d))
    found = between(effect, 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))
    assert [each**2 for each in found] == pytest.approx([0.3181, 0.1197, 1.1115], abs=5e-5)


def test_equal_units_do_not_differ():
    value, low, high = between(np.ones(6), np.full(6, 0.1))
    assert (value, low) == (0, 0)
    assert high >= 0
    assert np.isnan(between(np.ones(1), np.ones(1))[0])


def desk(relative: float, *, agents: int = 40, seed: int = 5) -> pl.DataFrame:
    """Agents whose rates lie apart by that relative standard deviation, at steps of unequal difficulty."""
    draw = np.random.default_rng(seed)
    level = np.clip(1 + relative * draw.standard_normal(agents), 0.05, None)
    rows = [
        (step, f"a{agent}", cases, draw.binomial(cases, min(rate * level[agent], 1)))
        for step, rate in (("easy", 0.05), ("hard", 0.2))
        for agent in range(agents)
        # The better half gets the hard cases: case mix must not look like a difference.
        for cases in [600 if (step == "hard") == (agent % 2 == 0) else 60]
    ]
    return pl.DataFrame(rows, schema=["step", "agent_id", "cases", "hits"], orient="row")


def test_who_gets_the_hard_cases_does_not_look_inconsistent():
    found = [spread(desk(0.0, seed=seed), ("step",)) for seed in range(20)]
    assert max(reading.value for reading in found) < 0.1
    # One in forty intervals lies above the truth.
    assert sum(reading.low > 0 for reading in found) <= 2


@pytest.mark.parametrize("seed", range(4))
def test_a_planted_spread_lies_in_the_interval(seed):
    found = spread(desk(0.4, seed=seed), ("step",))
    assert found.low < 0.4 < found.high
    assert found.low > 0.2


def test_the_order_of_rows_does_not_matter():
    counts = desk(0.3)
    assert spread(counts, ("step",)) == spread(counts.sample(fraction=1, shuffle=True, seed=1), ("step",))


def test_fewer_than_five_agents_are_not_told():
    assert spread(desk(0.5, agents=4), ("step",)).value is None


def test_a_case_that_nobody_else_has_says_nothing():
    own = pl.DataFrame({"step": ["own"], "agent_id": ["a0"], "cases": [500], "hits": [500]})
    counts = desk(0.3).cast({"cases": pl.Int64, "hits": pl.Int64})
    assert spread(pl.concat([counts, own]), ("step",)) == spread(counts, ("step",))


def test_an_empty_warehouse_says_nothing():
    empty = warehouse()
    found = spreads(visits(empty, Scope()), solved(empty, Scope()))
    assert all(reading.value is None for reading in found.values())
