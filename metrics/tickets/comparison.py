"""Two sides, number by number: periods, teams, channels or workflow versions."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import polars as pl

from metrics.catalog import metrics as catalog
from metrics.catalog.dimensions import RUNS
from metrics.catalog.metric import Metric
from metrics.query.measure import Cut, measured_in
from metrics.query.scope import Scope
from metrics.statistics.differences import difference, sureness

RUN_METRICS = (
    Metric(
        "run_minutes",
        "Time of a run",
        "How long does a run of the workflow take?",
        "Median minutes, without pauses, of the runs that were not given up, by the day they began.",
        "minutes", "lower", "median", RUNS, "entered_at", "run_us > 0 AND NOT abandoned", "run_us / 6e7",
    ),
    Metric(
        "run_confused_rate",
        "Runs with a confused visit",
        "How many runs confuse somewhere?",
        "Share of the ended runs in which a visit was confused, by the day they began.",
        "share", "lower", "share", RUNS, "entered_at", value="is_confused",
    ),
    Metric(
        "run_given_up_rate",
        "Runs given up",
        "How many runs are not brought to their end?",
        "Share of the ended runs that were given up, by the day they began.",
        "share", "lower", "share", RUNS, "entered_at", value="abandoned",
    ),
    Metric(
        "run_reopened_rate",
        "Tickets reopened after it",
        "How often was the matter not settled?",
        "Share of the tickets ever solved with such a run that were reopened, by the day the run began.",
        "share", "lower", "share", RUNS, "entered_at", "is_first AND is_reopened IS NOT NULL", "is_reopened",
    ),
    Metric(
        "run_satisfied_rate",
        "Satisfied after it",
        "How many of those who rate are satisfied?",
        "Share of the rated tickets with such a run whose rating is satisfied, by the day the run began.",
        "share", "higher", "share", RUNS, "entered_at", "is_first AND is_rated_low IS NOT NULL",
        "NOT is_rated_low",
    ),
)  # fmt: skip
"""What is told of the runs of a workflow version, beside the metrics of its visits."""


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
    found = [described(name) for name in metrics]
    sides = measured_in(connection, found, [Cut((), scope) for scope in (now, before)])
    rows = sides[0].join(sides[1], on="metric", how="left", suffix="_before", maintain_order="left")
    gaps = [
        difference(row[:3], row[3:])
        for row in rows.select("value", "low", "high", "value_before", "low_before", "high_before").rows()
    ]
    ends = {
        name: pl.Series([gap[place] for gap in gaps], dtype=pl.Float64)
        for place, name in enumerate(("difference", "difference_low", "difference_high"))
    }
    told = pl.Series([sureness(low, high) for _, low, high in gaps], dtype=pl.String)
    return rows.with_columns(**ends, sureness=told)


def described(name: str) -> Metric:
    """The metric of that name, of tickets, visits or runs.

    Raises:
        InvalidRequest: there is none.
    """
    of_runs = {metric.name: metric for metric in RUN_METRICS}
    return of_runs.get(name) or catalog.metric(name)
