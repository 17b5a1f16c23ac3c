"""A simulated desk, loaded, measured, and held against its truth."""

from __future__ import annotations

import duckdb
import polars as pl
from sqlglot import exp

from etl.simulator import Conditions, Simulation, simulate
from metrics.query.run import run_query
from metrics.refresh.facts import refresh
from metrics.steps.counts import KEY
from metrics.steps.hotspots import hotspots
from tests.metrics.histories import add, empty_warehouse

USUAL = Conditions()


def measured(
    *, tickets: int, seed: int, weeks: int = 12, trouble: bool = True, conditions: Conditions = USUAL
) -> pl.DataFrame:
    """One row per step version: what was found there, `planted` (empty where nothing), and mean dwell."""
    history = simulate(tickets=tickets, seed=seed, weeks=weeks, trouble=trouble, conditions=conditions)
    connection = warehouse_of(history)
    findings = step_findings(connection, history)
    connection.close()
    return findings


def step_findings(connection: duckdb.DuckDBPyConnection, history: Simulation) -> pl.DataFrame:
    """One row per step version of a loaded desk, as `measured` has them."""
    planted = pl.DataFrame(
        [{name: entry[name] for name in (*KEY, "type")} for entry in history.truth["trouble"]],
        schema=dict.fromkeys((*KEY, "type"), pl.String),
    ).rename({"type": "planted"})
    findings = hotspots(connection).join(planted, on=KEY, how="left").join(_dwell(connection), on=KEY)
    return findings.with_columns(pl.col("planted").fill_null(""), seed=pl.lit(history.truth["seed"])).sort(
        KEY
    )


def warehouse_of(history: Simulation) -> duckdb.DuckDBPyConnection:
    """A warehouse in memory that holds the history and its definitions."""
    steps = [
        {
            "workflow": definition["workflow"],
            "version": definition["version"],
            "workflow_title": definition["title"],
            "position": position,
            "step": step["id"],
            **{name: step[name] for name in _STEP},
        }
        for definition in history.definitions
        for position, step in enumerate(definition["steps"])
    ]
    connection = empty_warehouse()
    add(connection, history.events, steps)
    refresh(connection)
    return connection


_STEP = ("title", "type", "next", "required", "returns_by_design", "expected_seconds")


def _dwell(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    seconds = exp.Avg(this=exp.column("dwell_us")).as_("mean_dwell_us")
    return run_query(connection, exp.select(*KEY, seconds).from_("classified_visits").group_by(*KEY))
