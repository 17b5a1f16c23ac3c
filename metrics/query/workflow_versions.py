"""The workflow versions that there are, by their definitions and by their events."""

from __future__ import annotations

import duckdb
import polars as pl


def workflow_versions(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """One row per workflow version with a definition or with events, in order.

    `title` and `steps` are those of its definition, null without one; `runs` how many runs have its events.
    """
    return pl.DataFrame(connection.sql(_VERSIONS).to_arrow_table())


_VERSIONS = """
WITH defined AS (
    SELECT workflow, version, any_value(workflow_title) AS title, count(*) AS steps
    FROM workflow_steps
    GROUP BY workflow, version
),
used AS (
    SELECT workflow, version, count(DISTINCT (ticket_id, run_id)) AS runs
    FROM events
    WHERE workflow IS NOT NULL
    GROUP BY workflow, version
)
SELECT workflow, version, title, steps, coalesce(runs, 0) AS runs
FROM defined
FULL JOIN used USING (workflow, version)
ORDER BY workflow, version
"""
