"""Wilson's interval against published values."""

import numpy as np
import pytest

from metrics.statistics.intervals import wilson


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        # R. G. Newcombe, Statistics in Medicine 17 (1998), p. 857, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_it_equals_newcombes_table(hits, n, low, high):
    ends = wilson(hits, n)
    assert [round(float(end), 4) for end in ends] == [low, high]


def test_it_works_on_many_counts_and_says_nothing_about_none():
    low, high = wilson([0, 5, 10], [0, 10, 10])
    assert np.isnan(low[0])
    assert np.isnan(high[0])
    assert low[1] == pytest.approx(1 - high[1])
    assert high[2] == 1
