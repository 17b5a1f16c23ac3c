"""Which of several numbers changed between two periods by more than they usually do from week to week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import nan, sqrt
from typing import Any

import numpy as np
import polars as pl
from scipy.special import ndtr, stdtr

from metrics.catalog.metric import Metric
from metrics.statistics.differences import difference
from metrics.statistics.false_discovery import adjusted
from metrics.statistics.intervals import REACH

Row = Mapping[str, Any]
RATE = 0.05
"""The share of calm desks of which any number may be named."""
LEAST_DIFFERENCES = 4
"""Of successive weeks; from fewer nobody knows what is usual."""
LEAST_COUNT_CHANGE = 0.1
"""Part of itself by which a count must change to be worth a word."""
_WEEK = timedelta(days=7)


def unusual_changes(
    metrics: Sequence[Metric],
    now: Mapping[str, Row],
    before: Mapping[str, Row],
    weeks: Mapping[str, pl.DataFrame],
    *,
    period: tuple[date, date],
) -> list[str] | None:
    """The metrics whose change is more than chance and the ups and downs of weeks explain, in their order.

    `now`, `before`: a row of each metric (value, low, high) in the `period` and in the one of equal length
    just before. `weeks`: the value of each full week (week, value). At most `RATE` of the desks on which
    nothing changed have any such metric: false discoveries are controlled over all of them. None where the
    weeks are too few to know of any.
    """
    names = [metric.name for metric in metrics]
    chances = np.array(
        [
            chance_of_no_change(metric, now[metric.name], before[metric.name], weeks[metric.name], period)
            if metric.name in now and metric.name in before
            else nan
            for metric in metrics
        ]
    )
    if np.isnan(chances).all():
        return None
    is_unusual = adjusted(chances) <= RATE
    return [
        name
        for name, metric, unusual in zip(names, metrics, is_unusual, strict=True)
        if unusual and _is_worth_a_word(metric, now[name]["value"], before[name]["value"])
    ]


def chance_of_no_change(
    metric: Metric, now: Row, before: Row, weeks: pl.DataFrame, period: tuple[date, date]
) -> float:
    """How probable so large a change is where nothing changed; NaN where it is not known.

    The larger of two chances: by the interval of the difference, or for a count as if its cases came
    independently (Poisson); and by how much weeks differ from the next one, which holds what makes cases
    alike: a busy day, an outage, an absence. The variance of a week is half the mean squared difference of
    two successive ones, so that a trend is not taken for spread (J. von Neumann and others, Annals of
    Mathematical Statistics 12, 1941, p. 153); of n differences it has about two thirds of n degrees of
    freedom. The difference across the start of the period is left out: there the change itself would be.
    """
    if now["value"] is None or before["value"] is None:
        return nan
    start, end = period
    length, gap = ((end - start).days + 1) / 7, abs(now["value"] - before["value"])
    squares = _squared_differences(weeks, start)
    is_count = metric.kind == "count"
    own_error = sqrt(now["value"] + before["value"]) if is_count else _error(now, before)
    # A shorter period has other days of the week than the one before.
    if len(squares) < LEAST_DIFFERENCES or own_error is None or (is_count and length < 1):
        return nan
    variance = sum(squares) / len(squares) / 2
    weekly_error = sqrt(2 * variance * (length if is_count else 1 / length))
    if not gap:
        return 1.0
    by_cases = 2 * ndtr(-gap / own_error) if own_error else 0.0
    by_weeks = 2 * stdtr(len(squares) * 2 / 3, -gap / weekly_error) if weekly_error else 0.0
    return float(max(by_cases, by_weeks))


def _error(now: Row, before: Row) -> float | None:
    """The standard error of a difference, on the side of no change; None without intervals."""
    sides = [(row["value"], row["low"], row["high"]) for row in (now, before)]
    gap, low, high = difference(sides[0], sides[1])
    if gap is None or low is None or high is None:
        return None
    return ((gap - low) if gap > 0 else (high - gap)) / REACH


def _squared_differences(weeks: pl.DataFrame, start: date) -> list[float]:
    """Of successive weeks, either both before the start of the period or both in it."""
    if weeks.is_empty():
        return []
    rows = weeks.filter(pl.col("value").is_not_null()).sort("week").select("week", "value").rows()
    return [
        (value - value_before) ** 2
        for (week_before, value_before), (week, value) in pairwise(rows)
        if week - week_before == _WEEK and (week_before >= start or week + _WEEK <= start)
    ]


def _is_worth_a_word(metric: Metric, now: float, before: float) -> bool:
    return metric.kind != "count" or abs(now - before) > LEAST_COUNT_CHANGE * max(before, 1)
