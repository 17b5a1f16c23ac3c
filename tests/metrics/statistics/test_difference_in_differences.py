"""Differences in differences against published values, and what must hold whatever the numbers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.statistics.difference_in_differences import (
    Change,
    Entries,
    changes,
    effects,
    spread,
    usual_change,
    weighted,
)
from tests.lengths import examples


def told(effect, variance, degrees=math.inf):
    one = np.ones(1)
    return Change(one, one, (one, one), *(np.array([float(x)]) for x in (effect, variance, degrees)))


def test_the_minimum_wage_in_new_jersey_against_pennsylvania():
    # D. Card and A. B. Krueger, American Economic Review 84, 1994, table 3: employment rose by 0.59 (s.e.
    # 0.54) in New Jersey and fell by 2.16 (1.25) in Pennsylvania; the difference is 2.76 (1.36).
    untouched = usual_change(np.array([-2.16]), np.array([1.25**2]))
    found = effects(told(0.59, 0.54**2), untouched)
    assert found.effect[0] == pytest.approx(2.76, abs=0.011)
    assert (found.high[0] - found.low[0]) / 2 / 1.96 == pytest.approx(1.36, abs=0.005)
    assert found.p[0] == pytest.approx(math.erfc(2.75 / math.hypot(0.54, 1.25) / math.sqrt(2)), rel=1e-3)


BCG = [  # cases and others, vaccinated and not: G. A. Colditz and others, JAMA 271, 1994, p. 698
    *((4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619)),
    *((33, 5036, 47, 5761), (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892)),
    *((29, 7470, 45, 7232), (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338)),
    (27, 16886, 29, 17825),
]


def test_the_mean_and_the_spread_of_thirteen_trials_are_those_published():
    # W. Viechtbauer, metafor: DerSimonian and Laird's method gives -0.7141 (0.1787), tau² 0.3088.
    a, b, c, d = np.array(BCG, dtype=float).T
    effect = np.log(a / (a + b)) - np.log(c / (c + d))
    found = usual_change(effect, 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))
    assert found.effect == pytest.approx(-0.7141, abs=5e-5)
    assert math.sqrt(found.variance) == pytest.approx(0.1787, abs=5e-5)
    assert found.between == pytest.approx(0.3088, abs=5e-5)


def test_the_smallest_detectable_effect_is_two_point_eight_standard_errors():
    # H. S. Bloom, Evaluation Review 19, 1995, table 1: two-sided test at 0.05, power 0.8, many degrees.
    found = effects(told(0.0, 0.25), usual_change(np.zeros(2), np.full(2, 1e-12)))
    assert found.smallest_detectable[0] / 0.5 == pytest.approx(2.80, abs=0.005)


def entries(rows):
    """The same rows by agent and by week, from unit, after, agent, week, hits, visits."""
    unit, after, agent, week, amount, size = np.array(rows, dtype=float).T
    unit, agent, week = (column.astype(np.int64) for column in (unit, agent, week))
    units = int(unit.max()) + 1
    return tuple(Entries(unit, after.astype(bool), cluster, amount, size, units) for cluster in (agent, week))


def by_hand(rows, key):
    """The linearised variance of one unit's change of a logarithm of a rate, cluster by cluster."""
    total = {side: [sum(r[c] for r in rows if r[1] == side) for c in (4, 5)] for side in (0, 1)}
    clusters = {}
    for row in rows:
        hits, size = total[row[1]]
        share = (row[4] - hits / size * row[5]) / (hits + 0.5)
        clusters[key(row)] = clusters.get(key(row), 0.0) + (share if row[1] else -share)
    n = len(clusters)
    return n / (n - 1) * sum(value**2 for value in clusters.values()) if n > 1 else 0.0


ROWS = st.lists(
    st.tuples(
        st.just(0), st.integers(0, 1), st.integers(0, 4), st.integers(0, 2), st.integers(0, 9), st.just(9)
    ),
    min_size=8,
    max_size=40,
)


@examples(40)
@given(ROWS)
def test_the_variance_is_the_widest_of_three_worked_out_one_cluster_at_a_time(drawn):
    rows = [(u, a, g, w if a else w - 3, x, n) for u, a, g, w, x, n in drawn]
    hits = {side: sum(r[4] for r in rows if r[1] == side) for side in (0, 1)}
    size = {side: sum(r[5] for r in rows if r[1] == side) for side in (0, 1)}
    found = changes(spread(*entries(rows), "share"))
    if min(size.values()) == 0 or sum(hits.values()) < 10:
        assert np.isnan(found.effect[0])
        return
    rate = {side: (hits[side] + 0.5) / (size[side] + 0.5) for side in (0, 1)}
    assert found.effect[0] == pytest.approx(math.log(rate[1] / rate[0]))
    independent = sum(1 / (hits[s] + 0.5) - 1 / (size[s] + 0.5) for s in (0, 1))
    weeks = len({r[3] for r in rows})
    widest = max(
        independent,
        by_hand(rows, lambda r: r[2]),
        by_hand(rows, lambda r: r[3]) if weeks > 2 else 0.0,
    )
    assert found.variance[0] == pytest.approx(widest)


@examples(40)
@given(ROWS)
def test_to_exchange_before_and_after_turns_the_effect_round(drawn):
    rows = [(u, a, g, w if a else w - 3, x, n) for u, a, g, w, x, n in drawn]
    turned = [(u, 1 - a, g, -w, x, n) for u, a, g, w, x, n in rows]
    there, back = changes(spread(*entries(rows), "share")), changes(spread(*entries(turned), "share"))
    assert there.effect[0] == pytest.approx(-back.effect[0], nan_ok=True)
    assert there.variance[0] == pytest.approx(back.variance[0], nan_ok=True)


def test_an_agent_confused_as_often_before_as_after_makes_nothing_unsure():
    # The same ten agents, very unlike one another, each the same in both periods.
    rows = [(0, side, agent, side - 1, agent, 10) for agent in range(10) for side in (0, 1)]
    found = changes(spread(*entries(rows), "share"))
    assert found.effect[0] == 0
    assert found.variance[0] == pytest.approx(2 * (1 / 45.5 - 1 / 100.5))


def test_nobody_untouched_leaves_nothing_to_compare_with():
    found = effects(told(0.4, 0.01), usual_change(np.array([]), np.array([])))
    assert np.isnan(found.effect[0])
    assert np.isnan(found.p[0])


def test_most_of_the_attention_goes_where_a_change_is_expected():
    p = np.array([0.01, 0.01, 0.01, np.nan, 0.01])
    found = weighted(p, np.array([True, False, False, False, False]))
    assert found == pytest.approx([0.003125, 0.0375, 0.0375, np.nan, 0.0375], nan_ok=True)
    # The weights, what p is divided by, have the mean 1.
    assert np.nanmean(p / found) == pytest.approx(1)
    assert weighted(p, np.zeros(5, dtype=bool)) is p
