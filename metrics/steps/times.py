"""How long visits to the steps take, untroubled, usual and confused."""

from __future__ import annotations

import duckdb
import polars as pl
import sqlglot
from sqlglot import exp

from metrics.catalog.dimensions import VISITS
from metrics.facts.relations import DIALECT
from metrics.query.run_in_scope import run_in_scope
from metrics.query.scope import Over, Scope, conditions, date_column

KEY = ("workflow", "version", "step")


def step_times(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> pl.DataFrame:
    """One row per step version: seconds without pauses, by workflow, version and the most visited step first.

    `fluent`: the fluent time, over all data; `median` and `p90` of the visits in the scope, and the medians
    of those that were not `confused` and of those that were, each with its n. Of a state only `median` and
    `p90` are known.
    """
    scope = scope or Scope()
    over = Over(VISITS, date_column(scope, "entered_at"))
    aggregates = [
        exp.alias_(sqlglot.parse_one(text, dialect=DIALECT), name) for name, text in _AGGREGATES.items()
    ]
    query = (
        exp.select(*KEY, *aggregates).from_(VISITS).where(exp.true(), *conditions(scope, over)).group_by(*KEY)
    )
    rows = run_in_scope(connection, query, scope)
    seconds = ("fluent", "median", "p90", "calm", "confused")
    return rows.select(
        *KEY,
        "title",
        *(pl.col(name).cast(pl.Int64) for name in ("visits", "confused_visits")),
        *((pl.col(f"{name}_us") / 1e6).cast(pl.Float64).alias(f"{name}_seconds") for name in seconds),
    ).sort("workflow", "version", "visits", "step", descending=[False, False, True, False])


_AGGREGATES = {
    "title": "max(title)",
    "visits": "count(*)",
    "confused_visits": "CASE WHEN count(is_confused) > 0 THEN count(*) FILTER (WHERE is_confused) END",
    "fluent_us": "max(fluent_us)",
    "median_us": "median(unpaused_us)",
    "p90_us": "quantile_cont(unpaused_us, 0.9)",
    "calm_us": "median(unpaused_us) FILTER (WHERE NOT is_confused)",
    "confused_us": "median(unpaused_us) FILTER (WHERE is_confused)",
}
