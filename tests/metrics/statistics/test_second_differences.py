"""The intervals of differences in differences agree with a second calculation, and with some by hand."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.statistics.difference_in_differences import Entries, Link, changes, effects, spread, usual_change
from tests.lengths import examples
from tests.metrics.statistics.plain_differences import Part, Result, results


def calculated(parts: list[Part], touched: set[int], link: Link) -> dict[int, Result | None]:
    """As the package has it."""
    unit = np.array([part.unit for part in parts])
    after = np.array([part.is_after for part in parts])
    amount, size = (np.array([float(getattr(part, of)) for part in parts]) for of in ("amount", "size"))
    agent = np.array([-1 if part.agent is None else part.agent for part in parts])
    week = np.array([part.week for part in parts])
    units = int(unit.max()) + 1
    by_agent, by_week = (Entries(unit, after, of, amount, size, units) for of in (agent, week))
    change = changes(spread(by_agent, by_week, link))
    is_touched = np.isin(np.arange(units), list(touched))
    untouched = usual_change(change.effect[~is_touched], change.variance[~is_touched])
    effect = effects(change, untouched)
    return {
        at: None
        if math.isnan(effect.effect[at])
        else Result(*(float(values[at]) for values in (effect.effect, effect.low, effect.high, effect.p)))
        for at in sorted(touched)
    }


def made_up(seed: int, link: Link) -> list[Part]:
    """Some units, agents of whom some are not recorded, and weeks on both sides; little or much of each."""
    rng = Random(seed)  # noqa: S311
    units, agents, weeks = rng.randint(2, 7), rng.randint(1, 6), rng.randint(1, 4)
    busy = rng.choice([2, 10, 40])
    parts = []
    for unit in range(units):
        level = rng.uniform(0.05, 0.6)
        for week in range(-weeks, weeks):
            for agent in range(agents):
                size = rng.randint(0, busy)
                if not size:
                    continue
                hits = sum(rng.random() < level for _ in range(size))
                amount = float(hits) if link == "share" else rng.gauss(5 * size, size)
                name = None if rng.random() < 0.1 else agent
                parts.append(Part(unit, week >= 0, name, week, amount, float(size)))
    # Every unit occurs, so that they are numbered alike.
    numbers = sorted({part.unit for part in parts})
    return [Part(numbers.index(p.unit), p.is_after, p.agent, p.week, p.amount, p.size) for p in parts]


@examples(60)
@given(st.integers(0, 2**32), st.sampled_from(["share", "mean"]))
def test_intervals_agree_with_the_second_calculation(seed, link):
    parts = made_up(seed, link)
    if not parts:
        return
    here, there = calculated(parts, {0}, link), results(parts, {0}, link)
    assert (here[0] is None) == (there[0] is None)
    if here[0] is not None and there[0] is not None:
        for name in ("effect", "low", "high", "p"):
            assert getattr(here[0], name) == pytest.approx(getattr(there[0], name), rel=1e-6, abs=1e-9), name


def test_the_second_calculation_is_asked_of_many_that_have_an_interval():
    intervals = [results(made_up(seed, "share"), {0}, "share")[0] for seed in range(40)]
    assert sum(each is not None for each in intervals) >= 15


def one_agent(unit: int, before: tuple[int, int], after: tuple[int, int]) -> list[Part]:
    """A unit of one agent and one week on each side: nothing but independent visits is known."""
    return [Part(unit, side, 1, side, float(x), float(n)) for side, (x, n) in enumerate((before, after))]


def test_one_unit_against_one_other_is_the_textbooks_ratio_of_ratios():
    # 20 of 100, then 30 of 100; the other 40 of 200 twice. By hand with half a hit more on each side:
    # ln(30.5/100.5) - ln(20.5/100.5) = 0.39730; variance 1/30.5 + 1/20.5 - 2/100.5 + 2/40.5 - 2/200.5.
    parts = one_agent(0, (20, 100), (30, 100)) + one_agent(1, (40, 200), (40, 200))
    error = math.sqrt(1 / 30.5 + 1 / 20.5 - 2 / 100.5 + 2 / 40.5 - 2 / 200.5)
    (first,) = calculated(parts, {0}, "share").values()
    assert first is not None
    assert first.effect == pytest.approx(math.log(30.5 / 20.5), abs=1e-12)
    assert (first.low, first.high) == pytest.approx(
        (first.effect - 1.959964 * error, first.effect + 1.959964 * error), abs=1e-6
    )


def test_nine_hits_in_both_periods_together_tell_nothing_and_ten_do():
    other = one_agent(1, (40, 200), (40, 200))
    for hits, is_known in ((9, False), (10, True)):
        parts = one_agent(0, (hits, 100), (0, 100)) + other
        assert (calculated(parts, {0}, "share")[0] is not None) == is_known
        assert (results(parts, {0}, "share")[0] is not None) == is_known


def test_without_anybody_untouched_there_is_no_interval():
    parts = one_agent(0, (20, 100), (30, 100))
    assert calculated(parts, {0}, "share") == results(parts, {0}, "share") == {0: None}


def test_two_others_that_differ_widen_the_interval_with_one_degree_of_freedom():
    # What differs between two others is known from two: Student's t with about one degree, 12.7 errors wide.
    parts = one_agent(0, (2000, 10_000), (2000, 10_000))
    parts += one_agent(1, (2000, 10_000), (4000, 10_000)) + one_agent(2, (4000, 10_000), (2000, 10_000))
    (first,) = calculated(parts, {0}, "share").values()
    (again,) = results(parts, {0}, "share").values()
    assert first is not None
    assert again is not None
    assert (first.low, first.high) == pytest.approx((again.low, again.high), rel=1e-9)
    assert first.high - first.effect > 8
