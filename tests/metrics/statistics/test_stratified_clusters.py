"""What resembles one another says less: against a regression worked out row by row, and on plain cases."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, t

from metrics.statistics.stratified import Compared
from metrics.statistics.stratified_clusters import (
    Clustering,
    Effect,
    exponential,
    least_sure,
    logarithm,
    moderated_effect,
    widened,
)
from tests.lengths import examples


def effect_of(rows, groups=1):
    """Of single rows: group, stratum, exposed, outcome, cluster."""
    group, stratum, exposed, outcome, cluster = (np.array(column) for column in zip(*rows, strict=True))
    clustering = Clustering(group, stratum, [cluster], groups)
    return clustering.design_effects(exposed.astype(bool), outcome.astype(float))[0]


def coefficient(rows):
    """Of exposure, by least squares beside a constant for every stratum; none where it cannot be told."""
    strata = sorted({row[0] for row in rows})
    design = np.array([[float(s == k) for k in strata] + [float(e)] for s, e, *_ in rows])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    return float(np.linalg.lstsq(design, np.array([float(row[2]) for row in rows]))[0][-1])


def variance_without_each(rows, names):
    """Of the coefficients without the rows of one name; none where one of them cannot be told."""
    all_names = sorted(set(names))
    without = [
        coefficient([row for row, name in zip(rows, names, strict=True) if name != one]) for one in all_names
    ]
    if None in without:
        return None
    return sum((c - coefficient(rows)) ** 2 for c in without) * (len(all_names) - 1) / len(all_names)


ROWS = st.lists(
    st.tuples(st.integers(0, 2), st.booleans(), st.integers(0, 4), st.integers(0, 3)), min_size=8, max_size=30
)


@examples(50)
@given(ROWS)
def test_the_effect_is_that_of_regressions_without_one_cluster_against_those_without_one_row(rows):
    # Of strata with one side nothing is compared.
    rows = [row for row in rows if len({other[1] for other in rows if other[0] == row[0]}) == 2]
    if not rows or len({row[3] for row in rows}) in (1, len(rows)):
        return
    found = effect_of([(0, *row) for row in rows])
    between = variance_without_each(rows, [row[3] for row in rows])
    alone = variance_without_each(rows, range(len(rows)))
    if alone is None or alone < 1e-12:
        return
    assert found.times[0] == (np.inf if between is None else pytest.approx(between / alone, abs=1e-7))
    assert found.degrees[0] == len({row[3] for row in rows}) - 1


def test_rows_that_stand_alone_say_what_they_say():
    found = effect_of([(0, n % 2, n % 3 > 0, n % 5, n) for n in range(20)])
    assert (found.times[0], found.degrees[0]) == (1.0, np.inf)


def test_what_everybody_wrote_down_twice_is_known_half_as_well():
    once = [(0, n % 2, n % 3 > 0, n % 5, n) for n in range(500)]
    assert effect_of(once * 2).times[0] == pytest.approx(2, rel=0.02)


def test_one_cluster_tells_nothing_and_one_that_holds_a_side_alone_makes_nothing_sure():
    assert np.isnan(effect_of([(0, 0, n % 2, n % 5, 0) for n in range(20)]).times[0])
    assert np.isinf(effect_of([(0, 0, n % 4 == 0, n % 5, n % 4) for n in range(20)]).times[0])


def test_a_group_has_the_effect_of_its_own_rows():
    first = [(0, n % 2, n % 3 > 0, n % 5, n % 4) for n in range(20)]
    second = [(1, 2 + n % 2, n % 5 > 0, n % 3, n % 6) for n in range(30)]
    both = effect_of([*second, *first], groups=2)
    assert both.times[0] == pytest.approx(effect_of(first).times[0])
    assert both.degrees.tolist() == [3, 5]


def test_an_interval_is_as_wide_as_the_widest_cluster_makes_it_and_never_narrower():
    effects = [Effect(np.array([4.0, 0.2, np.nan]), np.array([9.0, 9.0, np.nan]))]
    effects.append(Effect(np.array([1.5, 0.9, 0.5]), np.array([99.0, 99.0, 99.0])))
    plain = Compared(np.ones(3), np.zeros(3), np.full(3, 3.0), np.full(3, 0.01))
    found = widened(plain, effects)
    factor = 2 * t.ppf(0.975, 9) / norm.ppf(0.975)
    assert found.low == pytest.approx([1 - factor, 0, 0])
    assert found.high == pytest.approx([1 + 2 * factor, 3, 3])
    assert found.p == pytest.approx([2 * t.sf(norm.isf(0.005) / 2, 9), 0.01, 0.01])


def test_what_is_not_tested_stays_untested():
    assert np.isnan(least_sure(np.array([np.nan]), [Effect(np.array([4.0]), np.array([9.0]))])[0])


def test_only_groups_that_lend_borrow():
    effect = Effect(np.array([1.0, 1.4, 0.8, 30.0]), np.full(4, 5.0))
    found = moderated_effect(effect, np.array([True, True, True, False]))
    # Three that differ no more than chance lets them share one effect, known for certain.
    assert len(set(found.times[:3])) == 1
    assert np.isinf(found.degrees[:3]).all()
    assert (found.times[3], found.degrees[3]) == (30.0, 5.0)


def test_a_ratio_comes_back_from_its_logarithm():
    ratio = Compared(*(np.array([v]) for v in (2.0, 1.0, 4.0, 0.1)))
    again = exponential(logarithm(ratio))
    assert [again.estimate[0], again.low[0], again.high[0]] == pytest.approx([2.0, 1.0, 4.0])
