"""When a new version of a workflow began to run: what annotates itself on every trend."""

from __future__ import annotations

import duckdb
import polars as pl
from sqlglot import exp

from metrics.catalog.dimensions import local_day
from metrics.query.run import run_query


def release_days(connection: duckdb.DuckDBPyConnection, *, time_zone: str = "UTC") -> pl.DataFrame:
    """One row per workflow version that followed another of its workflow: its first local day.

    Columns workflow, version, day; by day, then workflow and version. The version with which a workflow
    begins in the data replaced none that is known, so it is no release.
    """
    first = exp.Min(this=local_day("started_at"))
    query = (
        exp.select("workflow", "version", exp.alias_(first, "day"))
        .from_("runs")
        .where("NOT workflow IS NULL", "NOT version IS NULL", "NOT started_at IS NULL")
        .group_by("workflow", "version")
    )
    first_days = run_query(connection, query, {"time_zone": time_zone}).sort("workflow", "day", "version")
    return first_days.filter(
        pl.col("workflow").cum_count().over("workflow", order_by=["day", "version"]) > 1
    ).sort("day", "workflow", "version")
