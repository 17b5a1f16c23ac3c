"""What could be called at all, against published values."""

import pytest

from tests.evaluation.ceiling import mean_reach, reach


def test_the_power_of_two_shares_is_that_of_the_manual_of_r():
    # R, ?power.prop.test: 50 against 75 per cent has power 0.740 at n = 50 a side, and 0.90 at 76.7.
    assert reach(0.50, 0.75, 50, 50) == pytest.approx(0.740, abs=5e-4)
    assert reach(0.50, 0.75, 76.7, 76.7) == pytest.approx(0.90, abs=5e-4)


def test_where_nothing_changes_one_side_of_chance_is_left():
    assert reach(0.1, 0.1, 300, 500) == pytest.approx(0.025)


def test_what_strays_by_itself_hides_a_change_of_its_size_however_many_visits_there_are():
    # A tenth more is about one standard error of what strays by a tenth: it must be 1.96 to be called.
    assert reach(0.10, 0.11, 1e9, 1e9, stray=0.1) == pytest.approx(0.157, abs=5e-3)
    assert reach(0.10, 0.11, 1e9, 1e9) == pytest.approx(1.0)


def test_several_changes_could_be_called_as_often_as_each_of_them():
    assert mean_reach([(0.1, 0.1, 300, 500), (0.5, 0.75, 50, 50)]) == pytest.approx(0.3825, abs=5e-4)
