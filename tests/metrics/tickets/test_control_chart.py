"""The XmR chart and its rules, against published values and one sentence at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.tickets.control_chart import control_chart
from tests.lengths import examples


def test_it_equals_the_handbook():
    # NIST/SEMATECH e-Handbook of Statistical Methods, § 6.3.2.2: flow rates of ten batches. The handbook
    # divides by 1.128 where we multiply by 2.66, hence three digits of the limits.
    flow = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    chart = control_chart(flow)
    assert chart.centre == pytest.approx(50.81)
    assert chart.moving_range == pytest.approx(1.8778, abs=1e-4)
    assert (chart.lower, chart.upper) == (pytest.approx(45.8159, abs=2e-3), pytest.approx(55.8041, abs=2e-3))
    assert chart.patterns == ()
    assert chart.verdict == "noise"


CALM = [10.0, 12, 10, 12, 10, 12, 10, 12, 10, 12]  # centre 11, moving range 2, limits 11 ± 5.32


def rules(*more):
    chart = control_chart([*CALM, *more], baseline=len(CALM))
    return [(p.rule, p.side, p.first, p.last) for p in chart.patterns], chart


def test_a_value_beyond_a_limit_is_a_signal():
    found, chart = rules(16.4)
    assert found == [("beyond", "higher", 10, 10)]
    assert (chart.verdict, chart.since) == ("signal", 10)
    assert rules(16.3)[0] == []


def test_eight_in_a_row_on_one_side_are_a_signal_since_the_first():
    eight = [10.5] * 8
    found, chart = rules(11.5, *eight)
    assert found == [("run", "lower", 11, 18)]
    assert chart.since == 11
    assert rules(11.5, *eight[:7])[0] == []
    assert rules(*eight[:4], 11.0, *eight[:4])[0] == []


def test_three_of_four_nearer_a_limit_than_the_centre_are_a_signal():
    found, chart = rules(14.0, 11.0, 14.0, 14.0)
    assert found == [("near", "higher", 10, 13)]
    assert chart.since == 10
    assert rules(14.0, 11.0, 11.0, 14.0, 14.0)[0] == []
    assert rules(14.0, 8.0, 14.0, 8.0)[0] == []


def test_a_signal_that_is_over_is_kept_and_the_verdict_is_noise():
    found, chart = rules(17.0, 11.0)
    assert found == [("beyond", "higher", 10, 10)]
    assert (chart.verdict, chart.since) == ("noise", None)


@pytest.mark.parametrize("values", [[], [3.0], [1.0, 9.0, 1.0, 9.0, 30.0]])
def test_few_values_tell_nothing(values):
    chart = control_chart(values)
    assert (chart.verdict, chart.since, chart.patterns) == ("unknown", None, ())
    assert (chart.lower is None) == (len(values) < 2)


def test_equal_values_are_noise():
    assert control_chart([0.1] * 30).patterns == ()


@examples(100)
@given(st.lists(st.integers(0, 1000), min_size=6, max_size=40))
def test_patterns_turn_with_the_values(values):
    there, mirrored = control_chart(values), control_chart([-value for value in values])
    turned = {"higher": "lower", "lower": "higher"}
    assert {(p.rule, turned[p.side], p.first, p.last) for p in there.patterns} == {
        (p.rule, p.side, p.first, p.last) for p in mirrored.patterns
    }
    assert all(0 <= p.first <= p.last < len(values) for p in there.patterns)
