"""What only shows from some hundred thousand rows on."""

from __future__ import annotations

import duckdb
import pytest

from etl.store.warehouse import create_tables
from metrics.refresh.facts import refresh

# DuckDB 2.0, with two threads: rows put into a large table that the same transaction made and deleted from
# were not all seen by that transaction's next query.
MANY_RUNS = """
INSERT INTO events BY NAME
SELECT
    'e' || run || kind AS event_id, 't' || run AS ticket_id, 'r' || run AS run_id, kind, 'agent' AS actor,
    TIMESTAMPTZ '2026-03-02 09:00Z' + to_seconds(run)
        + to_seconds(CASE WHEN kind = 'entered' THEN 0 ELSE 40 END) AS occurred_at,
    0 AS seq, 'refund' AS workflow, '1' AS version, 'ask' AS step, 1 AS load_id
FROM range(450000) AS runs(run), (VALUES ('entered'), ('run_finished')) AS kinds(kind)
"""


@pytest.mark.long
def test_the_small_tables_over_all_visits_see_every_visit_of_a_large_first_load() -> None:
    connection = duckdb.connect(config={"threads": 2})
    connection.execute("SET TimeZone = 'UTC'")
    create_tables(connection)
    connection.execute(MANY_RUNS)
    refresh(connection)
    assert connection.execute("SELECT workflow, step, fluent_us FROM fluent_times").fetchall() == [
        ("refund", "ask", 40_000_000)
    ]
