"""Medians and other quantiles with their exact intervals, straight from the ordered values."""

from __future__ import annotations

import numpy as np
import polars as pl
import sqlglot
from numpy.typing import NDArray
from sqlglot import exp

from metrics.intervals import quantile_ranks
from metrics.metric import Metric
from metrics.relations import DIALECT

# The interval's ends are two of the ordered values, whose places follow from n. Only the values around the
# quantile leave the database: 2.5 standard deviations to both sides hold both ends of a 95 % interval.
_FIRST = """
greatest(1, CAST(floor(
    count(v) FILTER (WHERE among) * q - 2.5 * sqrt(count(v) FILTER (WHERE among) * q * (1 - q)) - 3
) AS BIGINT))
"""
_LAST = """
CAST(ceil(
    count(v) FILTER (WHERE among) * q + 2.5 * sqrt(count(v) FILTER (WHERE among) * q * (1 - q)) + 3
) AS BIGINT)
"""
_AROUND = "list_slice(list_sort(list(v) FILTER (WHERE among AND v IS NOT NULL)), first, last)"


def aggregates(metric: Metric) -> dict[str, exp.Expr]:
    """What a query has to count: `value`, `n`, and the ordered values `around` the quantile, from `first`."""
    words = {
        "v": sqlglot.parse_one(metric.value, dialect=DIALECT),
        "among": exp.paren(sqlglot.parse_one(metric.among, dialect=DIALECT)),
        "q": exp.Literal.number(metric.quantile),
    }
    words["first"], words["last"] = _said(_FIRST, words), _said(_LAST, words)
    return {
        "value": _said("quantile_cont(v, q) FILTER (WHERE among)", words),
        "n": _said("count(v) FILTER (WHERE among)", words),
        "first": words["first"],
        "around": _said(_AROUND, words),
    }


def _said(template: str, words: dict[str, exp.Expr]) -> exp.Expr:
    def replaced(node: exp.Expr) -> exp.Expr:
        known = isinstance(node, exp.Column) and not node.table and node.name in words
        return words[node.name].copy() if known else node

    return sqlglot.parse_one(template, dialect=DIALECT).transform(replaced)


def interval(frame: pl.DataFrame, metric: Metric) -> tuple[pl.Series, pl.Series]:
    """Lower and upper end of the 95 % interval of each row; null where n is too small for one."""
    n = frame["n"].to_numpy()
    low, high = quantile_ranks(n, metric.quantile)
    return _at(frame, low), _at(frame, high)


def _at(frame: pl.DataFrame, rank: NDArray[np.float64]) -> pl.Series:
    place = pl.Series(rank, nan_to_null=True, dtype=pl.Float64).cast(pl.Int64) - frame["first"]
    return frame["around"].list.get(place, null_on_oob=False)
