"""All step statistics over ten million visits: 600 step versions, 500 agents, two threads: at most 3 seconds.

`python -m benchmarks.step_statistics [VISITS]` prints the best of three and fails when it is over the limit.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import duckdb

from etl.store.warehouse import create_tables
from metrics.refresh.facts import refresh
from metrics.releases.versions import verdicts as versions
from metrics.steps.diagnoses import verdicts
from metrics.steps.hotspots import hotspots

VISITS, LIMIT_SECONDS = 10_000_000, 3.0
WORK: dict[str, Callable[[duckdb.DuckDBPyConnection], object]] = {
    "hotspots": hotspots,
    "verdicts": verdicts,
    "versions": versions,
}
# 50 workflows of 10 steps, ten of which get a new version after six of twelve weeks; runs of six visits; 500
# agents, one in six of whom came after the data began.
_MADE_VISITS = """
    INSERT INTO visits BY NAME
    WITH numbers AS (
        SELECT number, hash(number) AS h, hash(number + 1_000_000_000) AS g
        FROM range($visits) AS numbers(number)
    ),
    drawn AS (
        SELECT *,
            hash(number // 6) % 50 * 10 + (number % 6 + (h >> 16) % 5) % 10 AS step_number,
            g % 500 AS agent_number,
            (h >> 32) % 10_000 / 10_000 AS luck
        FROM numbers
    ),
    placed AS (
        SELECT *,
            CASE WHEN agent_number % 6 = 0 THEN 14 + agent_number % 40 ELSE 0 END AS came_on_day,
            luck < CASE WHEN step_number % 50 = 7 THEN 0.2 ELSE 0.05 END AS is_lost
        FROM drawn
    )
    SELECT
        'T' || number // 6 AS ticket_id,
        'R' || number // 6 AS run_id,
        number % 6 + 1 AS visit_number,
        'workflow-' || step_number // 10 AS workflow,
        CASE WHEN step_number // 10 % 5 = 0 AND number >= $visits // 2 THEN '2' ELSE '1' END AS version,
        'step-' || step_number % 10 AS step,
        'agent-' || agent_number AS agent_id,
        'team' AS team, 'phone' AS channel, 'reason' AS reason, false AS is_excluded,
        TIMESTAMPTZ '2026-01-05 00:00:00+00'
            + to_microseconds(((came_on_day + (84 - came_on_day) * (number / $visits)) * 8.64e10)::BIGINT)
            AS entered_at,
        entered_at + INTERVAL 1 MINUTE AS left_at,
        number % 6 = 5 AS is_last, false AS is_unended,
        (20e6 + 40e6 * ((g >> 32) % 1000) / 1000)::BIGINT AS dwell_us,
        0 AS paused_us, 0 AS pauses, 0 AS inputs_rejected,
        is_lost AS asked_help,
        false AS changed_answer, false AS backed_out, false AS input_rejected, false AS abandoned,
        false AS off_path, luck > 0.98 AS searched, false AS repeated, false AS input_rejected_once
    FROM placed
"""
_MADE_TICKETS = """
    INSERT INTO tickets BY NAME
    SELECT 'T' || number AS ticket_id, 'phone' AS channel, 'reason' AS reason, false AS is_excluded,
        TIMESTAMPTZ '2026-01-05 00:00:00+00' AS first_event_at
    FROM range($visits // 6 + 1) AS numbers(number)
"""
_MADE_CLOCK = "CREATE OR REPLACE TABLE clock AS SELECT max(left_at) AS as_of FROM visits"


def warehouse(path: Path, visits: int) -> duckdb.DuckDBPyConnection:
    """A warehouse that holds that many visits and no events."""
    connection = duckdb.connect(str(path), config={"threads": 2})
    connection.execute("SET TimeZone = 'UTC'")
    create_tables(connection)
    refresh(connection)
    connection.execute(_MADE_VISITS, {"visits": visits})
    connection.execute(_MADE_TICKETS, {"visits": visits})
    refresh(connection)
    connection.execute(_MADE_CLOCK)
    connection.execute("CHECKPOINT")
    return connection


def _measured(
    work: Callable[[duckdb.DuckDBPyConnection], object], connection: duckdb.DuckDBPyConnection
) -> tuple[float, float]:
    """Seconds on the clock, and of processors: the latter says more on a machine that others use."""
    began, busy = perf_counter(), process_time()
    work(connection)
    return perf_counter() - began, process_time() - busy


def main() -> None:
    """Prints what was measured."""
    visits = int(sys.argv[1]) if len(sys.argv) > 1 else VISITS
    fastest = {}
    with TemporaryDirectory() as folder, warehouse(Path(folder) / "visits.duckdb", visits) as connection:
        for name, work in WORK.items():
            times = [_measured(work, connection) for _ in range(3)]
            fastest[name] = min(times)[0]
            elapsed, busy = min(times)
            print(f"{name}: {visits:,} visits in {elapsed:.2f} s, {busy / 2:.2f} s of two cores")
    if visits >= VISITS and max(fastest.values()) > LIMIT_SECONDS:
        sys.exit(f"Over {LIMIT_SECONDS} s.")


if __name__ == "__main__":
    main()
