"""Medians, percentiles and their exact intervals: published ranks, and a slow second way."""

from math import comb, isnan
from statistics import median

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.query.measure import measure
from metrics.statistics.intervals import quantile_ranks
from tests.lengths import examples
from tests.metrics.histories import events, only, warehouse


@pytest.mark.parametrize(
    # Ranks of the 95 % interval of a median, as tabled in D. G. Altman, D. Machin, T. N. Bryant and M. J.
    # Gardner, Statistics with Confidence, 2nd ed. 2000, and wherever the sign test is.
    ("n", "low", "high"),
    [(6, 1, 6), (10, 2, 9), (15, 4, 12), (20, 6, 15), (25, 8, 18), (30, 10, 21), (50, 18, 33), (100, 40, 61)],
)
def test_the_ranks_of_a_medians_interval_are_those_of_the_table(n, low, high):
    assert [float(rank) for rank in quantile_ranks(n, 0.5)] == [low, high]


def below(n, share, places):
    """The chance that fewer than so many of n values lie below the quantile."""
    return sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(places))


@examples(20, long=600)
@given(st.integers(1, 120), st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9]))
def test_the_ranks_are_the_tightest_that_hold(n, share):
    low, high = (float(rank) for rank in quantile_ranks(n, share))
    if isnan(low):
        assert below(n, share, 1) > 0.025
    else:
        assert below(n, share, int(low)) <= 0.025 < below(n, share, int(low) + 1)
    if isnan(high):
        assert below(n, share, n) < 0.975
    else:
        assert below(n, share, int(high)) >= 0.975 > below(n, share, int(high) - 1)


def answered(minutes):
    """One ticket for each number of minutes until its answer."""
    told = events(
        *(f"t{at} opened @0s" for at in range(len(minutes))),
        *(f"t{at} replied by agent @{after}m" for at, after in enumerate(minutes)),
    )
    places = pl.int_range(told.height).cast(pl.String)  # more than the four digits an id has by itself
    return warehouse(told.with_columns(event_id=pl.lit("e") + places))


@examples(5, long=120)
@given(st.lists(st.integers(0, 400), max_size=300), st.sampled_from([10, 50, 90]))
def test_the_interval_ends_at_two_of_the_values(minutes, percent):
    name = "first_response_minutes" if percent == 50 else f"first_response_minutes_p{percent}"
    told = only(measure(answered(minutes), [name]))
    ordered = sorted(minutes)
    ends = [float(rank) for rank in quantile_ranks(len(minutes), percent / 100)]
    expected = [None if isnan(rank) else ordered[int(rank) - 1] for rank in ends]
    assert [told.low, told.high] == expected
    assert told.n == len(minutes)
    if percent == 50:
        assert told.value == (median(minutes) if minutes else None)
    elif minutes:
        assert told.value == pytest.approx(np.quantile(minutes, percent / 100))


def test_few_values_have_no_interval():
    told = only(measure(answered([1, 2, 3, 4, 5]), ["first_response_minutes"]))
    assert (told.value, told.low, told.high) == (3, None, None)
