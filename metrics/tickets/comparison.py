"""Two sides, number by number: periods, teams, channels or workflow versions."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import polars as pl

from metrics.catalog import metrics as catalog
from metrics.catalog.metric import Metric
from metrics.catalog.runs import RUN_METRICS
from metrics.query.measure import Cut, measured_in
from metrics.query.scope import Scope
from metrics.statistics.differences import difference, sureness


def compared(
    connection: duckdb.DuckDBPyConnection,
    metrics: Sequence[str],
    *,
    now: Scope,
    before: Scope,
) -> pl.DataFrame:
    """One row per metric: value, n, low, high of both sides (`…_before`), and their difference.

    `difference` is now less before in the metric's unit, with its 95 % interval in `difference_low` and
    `difference_high`; the sides are taken as independent. `sureness`: a signal if the interval leaves out 0,
    noise if it does not, unknown where there is none: a count has no interval.

    Raises:
        InvalidRequest: there is no such metric, or it does not fit a filter.
    """
    definitions = [described(name) for name in metrics]
    sides = measured_in(connection, definitions, [Cut((), scope) for scope in (now, before)])
    rows = sides[0].join(sides[1], on="metric", how="left", suffix="_before", maintain_order="left")
    gaps = [
        difference(row[:3], row[3:])
        for row in rows.select("value", "low", "high", "value_before", "low_before", "high_before").rows()
    ]
    ends = {
        name: pl.Series([gap[place] for gap in gaps], dtype=pl.Float64)
        for place, name in enumerate(("difference", "difference_low", "difference_high"))
    }
    labels = pl.Series([sureness(low, high) for _, low, high in gaps], dtype=pl.String)
    return rows.with_columns(**ends, sureness=labels)


def described(name: str) -> Metric:
    """The metric of that name, of tickets, visits or runs.

    Raises:
        InvalidRequest: there is none.
    """
    of_runs = {metric.name: metric for metric in RUN_METRICS}
    return of_runs.get(name) or catalog.metric(name)
