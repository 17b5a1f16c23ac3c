"""What changed more than usual: seldom anything where nothing did, and a planted change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from metrics.catalog.metrics import CATALOG
from metrics.statistics.intervals import wilson
from metrics.tickets.unusual_changes import chance_of_no_change, unusual_changes
from tests.lengths import LONG

MONDAY = date(2026, 1, 5)
SHARES = ("csat", "reopen_rate", "repeat_contact_rate", "confusion_rate")
COUNTS = ("tickets_opened", "tickets_solved")
METRICS = [CATALOG[name] for name in (*SHARES, *COUNTS)]
PERIOD = (MONDAY + timedelta(weeks=22), MONDAY + timedelta(weeks=26, days=-1))
DESKS = 1000 if LONG else 200


def _weeks(values: Any) -> pl.DataFrame:
    days = [MONDAY + timedelta(weeks=week) for week in range(len(values))]
    return pl.DataFrame({"week": days, "value": values}, schema={"week": pl.Date, "value": pl.Float64})


def _sides(hits: Any, n: Any) -> list[dict[str, float]]:
    """The last four weeks, and the four before."""
    sides = []
    for part in (slice(-4, None), slice(-8, -4)):
        low, high = wilson(np.array([hits[part].sum()]), np.array([n[part].sum()]))
        value = hits[part].sum() / n[part].sum()
        sides.append({"value": value, "low": float(low[0]), "high": float(high[0])})
    return sides


def desk(
    seed: int, *, alike: float, more: Mapping[str, float] | None = None, weeks: int = 26
) -> list[str] | None:
    """What is called changed on a desk of so many weeks with about 120 cases each.

    `alike`: the standard deviation of what all cases of a week share, as a part of the number. `more`: by
    which factor a number of the last four weeks is another one.
    """
    rng = np.random.default_rng(seed)
    now, before, history = {}, {}, {}
    for name in (*SHARES, *COUNTS):
        level = np.exp(rng.normal(0, alike, weeks)) * np.where(
            np.arange(weeks) < weeks - 4, 1, (more or {}).get(name, 1)
        )
        if name in COUNTS:
            counts = rng.poisson(120 * level).astype(float)
            now[name], before[name] = (
                {"value": counts[part].sum()} for part in (slice(-4, None), slice(-8, -4))
            )
            history[name] = _weeks(counts)
        else:
            n = rng.poisson(120, weeks)
            hits = rng.binomial(n, np.clip(0.2 * level, 0, 1))
            now[name], before[name] = _sides(hits, n)
            history[name] = _weeks(hits / n)
    period = (MONDAY + timedelta(weeks=weeks - 4), MONDAY + timedelta(weeks=weeks, days=-1))
    return unusual_changes(METRICS, now, before, history, period=period)


@pytest.mark.parametrize("alike", [0.0, 0.15])
@pytest.mark.parametrize("weeks", [9, 26])
def test_of_desks_on_which_nothing_changed_at_most_one_in_twenty_names_anything(
    alike: float, weeks: int
) -> None:
    named = sum(bool(desk(seed, alike=alike, weeks=weeks)) for seed in range(DESKS))
    assert named <= 0.05 * DESKS + 2 * (0.05 * 0.95 * DESKS) ** 0.5


def test_a_planted_change_is_named_and_no_other() -> None:
    changes = [desk(seed, alike=0.05, more={"csat": 0.5, "tickets_opened": 1.4}) or [] for seed in range(20)]
    assert sum("csat" in names for names in changes) >= 18
    assert sum("tickets_opened" in names for names in changes) >= 18
    assert sum(bool({*names} - {"csat", "tickets_opened"}) for names in changes) <= 4


def test_a_change_among_weeks_that_differ_as_much_is_usual() -> None:
    def change(*weeks: float) -> float:
        row = {"value": 480.0}, {"value": 400.0}
        return chance_of_no_change(CATALOG["tickets_opened"], *row, _weeks([*weeks, *[120.0] * 4]), PERIOD)

    assert change(*[100.0] * 22) < 0.01
    assert change(*[60.0, 140.0] * 11) > 0.2


def test_a_count_that_changed_by_less_than_a_tenth_is_not_worth_a_word() -> None:
    opened = [CATALOG["tickets_opened"]]
    for now, names in ((42_000, []), (46_000, ["tickets_opened"])):
        rows = {"tickets_opened": {"value": now}}, {"tickets_opened": {"value": 40_000}}
        weeks = {"tickets_opened": _weeks([10_000.0 + week % 3 for week in range(26)])}
        assert unusual_changes(opened, *rows, weeks, period=PERIOD) == names


def test_too_few_weeks_or_an_unknown_number_tell_nothing() -> None:
    row, unknown = {"value": 0.9, "low": 0.85, "high": 0.95}, {"value": None, "low": None, "high": None}
    for now, weeks in ((row, 4), (unknown, 26)):
        frame = _weeks([0.5] * weeks)
        period = (MONDAY + timedelta(weeks=weeks - 1), MONDAY + timedelta(weeks=weeks, days=-1))
        rows = {"csat": now}, {"csat": row | {"value": 0.5}}
        assert unusual_changes([CATALOG["csat"]], *rows, {"csat": frame}, period=period) is None


def test_the_difference_from_the_period_before_is_not_what_weeks_usually_do() -> None:
    frame = _weeks([99.0, 101.0] * 11 + [149.0, 151.0] * 2)
    rows = {"value": 600.0}, {"value": 400.0}
    assert chance_of_no_change(CATALOG["tickets_opened"], *rows, frame, PERIOD) < 1e-6
