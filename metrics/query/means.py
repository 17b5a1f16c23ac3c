"""Means with their intervals, from sums of whole numbers: the same data give the same bytes in any order."""

from __future__ import annotations

import polars as pl
import sqlglot
from sqlglot import exp

from metrics.catalog.metric import Metric
from metrics.facts.relations import DIALECT
from metrics.query.quantiles import fill_in
from metrics.statistics.intervals import REACH

_FEWEST = 30
"""Below, the mean of a long-tailed time has no interval that holds what it says."""
_PARTS = 1e9
"""A value is rounded to a billionth of its unit, which is finer than a microsecond of minutes."""


def aggregates(metric: Metric) -> dict[str, exp.Expr]:
    """What a query has to count: `n`, and the sums of the values and of their squares."""
    value = sqlglot.parse_one(metric.value, dialect=DIALECT)
    words = {
        "whole": fill_in("CAST(round(v * 1e9) AS hugeint)", {"v": value}),
        "v": value,
        "among": exp.paren(sqlglot.parse_one(metric.among.condition, dialect=DIALECT)),
    }
    return {
        "n": fill_in("count(v) FILTER (WHERE among)", words),
        "total": fill_in("CAST(sum(whole) FILTER (WHERE among) AS double)", words),
        "squares": fill_in("CAST(sum(whole * whole) FILTER (WHERE among) AS double)", words),
    }


def over_groups(frame: pl.DataFrame) -> tuple[pl.Series, pl.Series, pl.Series]:
    """The mean of each row, and the ends of its 95 % interval by the normal distribution."""
    n = pl.col("n")
    mean = pl.when(n > 0).then(pl.col("total") / _PARTS / n)
    squares = pl.col("squares") / _PARTS**2
    variance = ((squares - n * mean * mean) / (n - 1)).clip(0)
    half = pl.when(n >= _FEWEST).then(REACH * (variance / n).sqrt())
    ends = frame.select(value=mean, low=mean - half, high=mean + half)
    return ends["value"], ends["low"], ends["high"]
