"""What the checks look at: small tables about the events, kept up to date load by load, ticket by ticket.

Each file in `observations/` holds one SELECT headed by its grain, over `observed` and the observations before
it. Those by load are made for loads not seen yet, those by ticket for the tickets that such loads touched; so
the work is proportional to what is new. Where a load seen before holds other events than then (a later load
won a contradiction, events were erased), or the SQL has changed, all of them are made anew.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

import duckdb

BY_LOAD = ("hours", "steps", "attributes", "names")
BY_TICKET = ("tickets", "runs", "parts", "cut_ties", "openings", "reopenings", "merges")
OBSERVATIONS = (*BY_LOAD, *BY_TICKET)


def table_of(observation: str) -> str:
    """The name of the table that holds an observation."""
    return f"health_{observation}"


def update_profile(connection: duckdb.DuckDBPyConnection) -> bool:
    """The tables of observations agree with `events`; whether there was anything new.

    One transaction: killed at any instant, they are as before.
    """
    connection.execute("BEGIN")
    try:
        is_new = _update(connection)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return is_new


def _update(connection: duckdb.DuckDBPyConnection) -> bool:
    if not _is_current(connection):
        _make_all(connection)
        return True
    connection.execute(_DIFFERENT_LOADS)
    ((added, changed),) = connection.execute(_DIFFERENCES).fetchall()
    if changed:
        _make_all(connection)
    elif added:
        connection.execute(_ADDED_LOADS)
        for name in BY_LOAD:
            connection.sql(_sql(name)).insert_into(table_of(name))
        connection.execute("DROP VIEW observed")
        connection.execute(_TOUCHED_TICKETS)
        for name in BY_TICKET:
            connection.execute(_FORGET[name])
            connection.sql(_sql(name)).insert_into(table_of(name))
        connection.execute("DROP TABLE observed")
    connection.execute("DROP TABLE different_loads")
    return bool(added or changed)


def _make_all(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE OR REPLACE TEMP VIEW observed AS FROM events")
    for name in OBSERVATIONS:
        connection.execute(_DROP[name])
        connection.sql(_sql(name)).create(table_of(name))
    connection.execute(
        "CREATE OR REPLACE TABLE health_made_with AS SELECT $made AS fingerprint", _made_with()
    )
    connection.execute("DROP VIEW observed")


@cache
def _sql(name: str) -> str:
    return (files("etl.health") / "observations" / f"{name}.sql").read_text("utf-8")


def _made_with() -> dict[str, str]:
    return {"made": hashlib.sha256("\n".join(_sql(name) for name in OBSERVATIONS).encode()).hexdigest()}


def _is_current(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the tables are there and were made by the SQL of today."""
    if not has_table(connection, "health_made_with"):
        return False
    return connection.execute("SELECT fingerprint FROM health_made_with").fetchall() == [
        (_made_with()["made"],)
    ]


def weekly_volumes(connection: duckdb.DuckDBPyConnection) -> list[list[int]]:
    """Tickets with events, once an hour each, in each seven days up to the newest day; and their openings.

    Each a list, the newest week first; openings are left out where there are none. Nothing where an earlier
    version counted no openings yet.
    """
    if not connection.execute(_HAS_OPENINGS).fetchall():
        return []
    rows = connection.execute(_WEEKLY_VOLUMES).fetchall()
    return [[*volume] for volume in zip(*rows, strict=True) if any(volume)]


def has_table(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether the warehouse has this table; one of an older version may not.

    Not tried out by reading it: what fails aborts the transaction.
    """
    query = "SELECT count(*) FROM duckdb_tables() WHERE table_name = ?"
    return connection.execute(query, [name]).fetchall() != [(0,)]


_HAS_OPENINGS = "FROM duckdb_columns() WHERE table_name = 'health_hours' AND column_name = 'opened'"
_WEEKLY_VOLUMES = """
WITH days AS (SELECT day, max(day) OVER () AS last_day, tickets, opened FROM health_hours),
weeks AS (
    SELECT (last_day - day) // 7 AS back, sum(tickets)::BIGINT AS tickets, sum(opened)::BIGINT AS openings
    FROM days
    GROUP BY back
)
SELECT coalesce(tickets, 0), coalesce(openings, 0)
FROM (SELECT unnest(range((SELECT max(back) + 1 FROM weeks))) AS back) LEFT JOIN weeks USING (back)
ORDER BY back
"""
_DIFFERENT_LOADS = """
CREATE OR REPLACE TEMP TABLE different_loads AS
WITH held AS (SELECT load_id, count(*) AS events FROM events GROUP BY load_id),
seen AS (SELECT load_id, sum(events) AS events FROM health_hours GROUP BY load_id)
SELECT load_id, seen.events IS NULL AS is_added
FROM held FULL JOIN seen USING (load_id)
WHERE held.events IS DISTINCT FROM seen.events
"""
_DIFFERENCES = "SELECT count(*) FILTER (is_added), count(*) FILTER (NOT is_added) FROM different_loads"
_ADDED_LOADS = """
CREATE OR REPLACE TEMP VIEW observed AS
FROM events WHERE load_id IN (SELECT load_id FROM different_loads)
"""
_TOUCHED_TICKETS = """
CREATE OR REPLACE TEMP TABLE observed AS
SELECT event_id, ticket_id, load_id, occurred_at, seq, kind, actor, customer_id, run_id, step, value
FROM events
WHERE ticket_id IN (
    SELECT ticket_id FROM events WHERE load_id IN (SELECT load_id FROM different_loads)
)
"""
_FORGET = {
    "tickets": "DELETE FROM health_tickets WHERE ticket_id IN (SELECT ticket_id FROM observed)",
    "runs": "DELETE FROM health_runs WHERE ticket_id IN (SELECT ticket_id FROM observed)",
    "parts": "DELETE FROM health_parts WHERE ticket_id IN (SELECT ticket_id FROM observed)",
    "cut_ties": "DELETE FROM health_cut_ties WHERE ticket_id IN (SELECT ticket_id FROM observed)",
    "openings": "DELETE FROM health_openings WHERE ticket_id IN (SELECT ticket_id FROM observed)",
    "reopenings": "DELETE FROM health_reopenings WHERE ticket_id IN (SELECT ticket_id FROM observed)",
    "merges": "DELETE FROM health_merges WHERE ticket_id IN (SELECT ticket_id FROM observed)",
}
_DROP = {
    "hours": "DROP TABLE IF EXISTS health_hours",
    "steps": "DROP TABLE IF EXISTS health_steps",
    "attributes": "DROP TABLE IF EXISTS health_attributes",
    "names": "DROP TABLE IF EXISTS health_names",
    "tickets": "DROP TABLE IF EXISTS health_tickets",
    "runs": "DROP TABLE IF EXISTS health_runs",
    "parts": "DROP TABLE IF EXISTS health_parts",
    "cut_ties": "DROP TABLE IF EXISTS health_cut_ties",
    "openings": "DROP TABLE IF EXISTS health_openings",
    "reopenings": "DROP TABLE IF EXISTS health_reopenings",
    "merges": "DROP TABLE IF EXISTS health_merges",
}
