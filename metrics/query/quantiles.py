"""Medians and other quantiles with their exact intervals, straight from the ordered values."""

from __future__ import annotations

import numpy as np
import polars as pl
import sqlglot
from numpy.typing import NDArray
from sqlglot import exp

from metrics.catalog.metric import Metric
from metrics.facts.relations import DIALECT
from metrics.statistics.intervals import quantile_ranks

_VALUES = "list(v) FILTER (WHERE among AND v IS NOT NULL)"  # put in order here, which is faster


def aggregates(metric: Metric) -> dict[str, exp.Expr]:
    """What a query has to count: `value`, `n`, and the `values` that the interval's ends are two of."""
    words = {
        "v": sqlglot.parse_one(metric.value, dialect=DIALECT),
        "among": exp.paren(sqlglot.parse_one(metric.among.condition, dialect=DIALECT)),
        "q": exp.Literal.number(metric.quantile),
    }
    return {
        "value": fill_in("quantile_cont(v, q) FILTER (WHERE among)", words),
        "n": fill_in("count(v) FILTER (WHERE among)", words),
        "values": fill_in(_VALUES, words),
    }


def fill_in(template: str, words: dict[str, exp.Expr]) -> exp.Expr:
    """The expression of a template, in which expressions stand for the columns of these names."""

    def replaced(node: exp.Expr) -> exp.Expr:
        is_replaced = isinstance(node, exp.Column) and not node.table and node.name in words
        return words[node.name].copy() if is_replaced else node

    return sqlglot.parse_one(template, dialect=DIALECT).transform(replaced)


def interval(frame: pl.DataFrame, metric: Metric) -> tuple[pl.Series, pl.Series]:
    """Lower and upper end of the 95 % interval of each row; null where n is too small for one."""
    ordered = frame["values"].list.sort()
    low, high = quantile_ranks(frame["n"].to_numpy(), metric.quantile)
    return _at(ordered, low), _at(ordered, high)


def _at(ordered: pl.Series, rank: NDArray[np.float64]) -> pl.Series:
    place = pl.Series(rank, nan_to_null=True, dtype=pl.Float64).cast(pl.Int64) - 1
    return ordered.list.get(place, null_on_oob=False)
