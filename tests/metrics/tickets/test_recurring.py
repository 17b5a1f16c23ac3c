"""Change beyond chance: counts and shares against published values, exact tests, and made-up desks."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from metrics.query.scope import Scope
from metrics.statistics.two_periods import difference_of_shares, dispersion, ratio_of_counts
from metrics.tickets.recurring import reason_trends
from tests.lengths import LONG, examples
from tests.metrics.histories import warehouse

counts = st.integers(0, 300)


def of(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


@given(counts, counts)
@examples(150)
def test_without_spread_it_is_the_exact_binomial_test(now: int, before: int) -> None:
    (low,), (high,), (chance,) = ratio_of_counts(of(now), of(before))
    if now + before == 0:
        assert np.isnan([low, high, chance]).all()
        return
    test = binomtest(now, now + before, 0.5)
    exact = test.proportion_ci(0.95, method="exact")
    assert low == pytest.approx(exact.low / (1 - exact.low), rel=1e-6)
    assert high == (np.inf if exact.high == 1 else pytest.approx(exact.high / (1 - exact.high), rel=1e-6))
    assert chance == pytest.approx(test.pvalue, rel=1e-6)


def test_more_spread_makes_less_sure():
    tight, wide = (ratio_of_counts(of(60), of(40), spread=spread) for spread in (1.0, 2.0))
    assert wide[0] < tight[0]
    assert wide[1] > tight[1]
    assert wide[2] > tight[2]


def test_the_difference_of_two_shares_is_newcombes():
    # R. G. Newcombe, Statistics in Medicine 17, 1998, p. 873, table II, example (a): 56/70 less 48/80.
    low, high, _ = difference_of_shares(of(56), of(70), of(48), of(80))
    assert low[0] == pytest.approx(0.0524, abs=5e-5)
    assert high[0] == pytest.approx(0.3339, abs=5e-5)


def test_shares_of_nothing_are_not_compared():
    assert np.isnan(difference_of_shares(of(0, 1), of(0, 4), of(1, 0), of(4, 0))).all()
    assert difference_of_shares(of(0), of(9), of(0), of(7))[2][0] == 1.0


def test_independent_counts_have_no_spread_and_bursts_have():
    random = np.random.default_rng(7)
    assert dispersion(random.poisson(30, (40, 100)).astype(float)) == pytest.approx(1, abs=0.1)
    bursts = random.poisson(random.gamma(3, 10, (12, 50))).astype(float)
    assert dispersion(bursts) > 4
    # A steady growth is no spread.
    assert dispersion(random.poisson(np.linspace(10, 60, 50), (12, 50)).astype(float)) < 1.3
    assert dispersion(np.zeros((0, 0))) == dispersion(np.zeros((3, 9))) == dispersion(np.ones((3, 1))) == 1.0


MONDAY = date(2026, 3, 2)


def desk(rates: dict[str, tuple[int, int]], seed: int = 1) -> list[str]:
    """Tickets of each reason spread over four weeks before and four weeks now."""
    random, lines, number = Random(seed), [], 0  # noqa: S311
    for reason, (before, now) in rates.items():
        for start, how_many in ((0, before), (28, now)):
            for _ in range(how_many):
                minute = (start * 24 * 60) + random.randrange(28 * 24 * 60)
                lines.append(f"t{number} opened @{minute}m reason={reason}")
                number += 1
    return [*lines, f"last opened @{56 * 24 * 60 - 1}m reason=last"]


def scopes() -> dict[str, Scope]:
    now = Scope(start=MONDAY + timedelta(days=28), end=MONDAY + timedelta(days=55))
    before = now.previous()
    assert before is not None
    return {"scope": now, "before": before}


def test_what_grows_is_told_from_what_swings():
    rates = {"grown": (60, 120), "shrunk": (120, 50), "same": (90, 95), "rare": (1, 3)}
    found = reason_trends(warehouse(*desk(rates)), **scopes())
    trends = dict(found.select("reason", "trend").rows())
    assert trends == {
        "grown": "more",
        "shrunk": "less",
        "same": "usual range",
        "rare": "usual range",
        "last": "usual range",
    }
    assert found["reason"].to_list()[:2] == ["grown", "shrunk"]
    counted = {row[0]: row[1:] for row in found.select("reason", "tickets_before", "tickets").rows()}
    assert {reason: counted[reason] for reason in rates} == rates


def test_a_new_reason_has_no_ratio_and_may_still_be_more():
    found = reason_trends(warehouse(*desk({"new": (0, 30), "same": (50, 50)})), **scopes())
    row = found.filter(reason="new").row(0, named=True)
    assert (row["ratio"], row["trend"], row["tickets_before"]) == (None, "more", 0)


def test_where_nothing_changed_hardly_any_desk_shows_a_change():
    alarms = Counter()
    desks = 20 if LONG else 3
    for seed in range(desks):
        random = np.random.default_rng(seed)
        rates = {f"r{n}": tuple(int(x) for x in random.poisson(20 + 10 * n, 2)) for n in range(8)}
        found = reason_trends(warehouse(*desk(rates, seed)), **scopes())
        alarms[bool(found["trend"].is_in(["more", "less"]).any())] += 1
    assert alarms[True] <= 0.15 * desks


def test_no_tickets_give_no_trends():
    assert reason_trends(warehouse(), **scopes()).is_empty()
