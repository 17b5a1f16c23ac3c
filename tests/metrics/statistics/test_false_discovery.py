"""False-discovery control against its first published example."""

import numpy as np

from metrics.statistics.false_discovery import adjusted

# Y. Benjamini and Y. Hochberg, J. R. Statist. Soc. B 57, 1995, p. 295: thrombolysis, 15 comparisons.
CHANCES = np.array(
    [
        *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459),
        *(0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
    ]
)


def test_four_of_the_fifteen_comparisons_are_found():
    assert (adjusted(CHANCES) <= 0.05).tolist() == [True] * 4 + [False] * 11


def test_what_is_not_known_counts_for_nothing():
    with_unknown = adjusted(np.append(CHANCES, [np.nan, np.nan]))
    assert np.isnan(with_unknown[-2:]).all()
    assert with_unknown[:-2].tolist() == adjusted(CHANCES).tolist()
    assert np.isnan(adjusted(np.array([np.nan]))).all()


def test_whatever_depends_on_what_costs_the_sum_of_the_first_fractions():
    # Y. Benjamini and D. Yekutieli, Annals of Statistics 29, 2001, theorem 1.3.
    times = sum(1 / place for place in range(1, 16))
    expected = np.minimum(adjusted(CHANCES) * times, 1)
    assert np.allclose(adjusted(CHANCES, dependence="any"), expected)
