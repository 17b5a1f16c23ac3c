"""Which rows stand: each event once, and of what rows say of it the latest.

Rows of one id and one content are one event; of their places among events of the same instant, the greatest
stands. Of several contents of one id, that stands which its source recorded last (`recorded_at`, none before
any), then that which a load first brought last, then the one further down in its file. So a file loaded again
changes nothing, and a newer export corrects an older one. The others are kept in `conflicts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl.store.identity import EARLIER_IDS, define_identity


@dataclass(frozen=True)
class Brought:
    """What a load brought: files of its segments.

    `salt`: they are of an earlier version, which named events after all columns of their rows; the events get
    the names of today, which are keyed with it.
    """

    load_id: int
    segments: list[Path]
    is_plain: bool
    salt: str | None = None


def apply(brought: Brought, warehouse: duckdb.DuckDBPyConnection) -> None:
    """Bring segments into the warehouse; the tickets they touch are stale afterwards."""
    if not brought.segments:
        return
    if brought.is_plain and brought.salt is None:
        values = {"files": _files(brought)}
        warehouse.execute(_INSERT, values | {"load_id": brought.load_id})
        warehouse.execute(_MARK_STALE, values)
        return
    _arrive(brought, warehouse)
    _settle(warehouse)


def take_out(gone: list[Brought], others: list[Brought], warehouse: duckdb.DuckDBPyConnection) -> None:
    """Take out what loads brought, as if they had never come; `others`: the loads that stay, in order.

    What the others say of the same events is settled anew. The tickets are stale afterwards.
    """
    warehouse.execute("CREATE OR REPLACE TEMP TABLE taken_out (event_id VARCHAR)")
    for brought in gone:
        if brought.segments:
            _arrive(brought, warehouse)
            warehouse.execute("INSERT INTO taken_out SELECT DISTINCT event_id FROM arrived")
    for statement in _TAKE_OUT:
        warehouse.execute(statement)
    for brought in others:
        if brought.segments:
            _arrive(brought, warehouse)
            warehouse.execute("DELETE FROM arrived WHERE event_id NOT IN (FROM taken_out)")
            _settle(warehouse)
    warehouse.execute("DROP TABLE taken_out; DROP TABLE IF EXISTS arrived")


def _files(brought: Brought) -> list[str]:
    return [str(path) for path in brought.segments]


def _arrive(brought: Brought, warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute(_NOTHING_ARRIVED)
    warehouse.execute(_ARRIVED, {"files": _files(brought), "load_id": brought.load_id})
    if brought.salt is not None:
        define_identity(warehouse)
        warehouse.execute(EARLIER_IDS, {"salt": brought.salt})


def _settle(warehouse: duckdb.DuckDBPyConnection) -> None:
    for statement in _SETTLE:
        warehouse.execute(statement)


_TAKE_OUT = (
    """
    INSERT INTO stale_tickets
    SELECT DISTINCT ticket_id FROM events SEMI JOIN taken_out USING (event_id)
    ANTI JOIN stale_tickets USING (ticket_id)
    """,
    "DELETE FROM events WHERE event_id IN (FROM taken_out)",
    "DELETE FROM conflicts WHERE event_id IN (FROM taken_out)",
)

_INSERT = """
INSERT INTO events BY NAME SELECT *, $load_id AS load_id FROM read_parquet($files)
"""
_MARK_STALE = """
INSERT INTO stale_tickets
SELECT DISTINCT ticket_id FROM read_parquet($files) ANTI JOIN stale_tickets USING (ticket_id)
"""

_NOTHING_ARRIVED = "CREATE OR REPLACE TEMP TABLE arrived AS FROM events LIMIT 0"
_ARRIVED = "INSERT INTO arrived BY NAME SELECT *, $load_id AS load_id FROM read_parquet($files)"

# One row per content of an event that something arrived for; a content that lost before takes up what it had.
_RIVALS = """
CREATE OR REPLACE TEMP TABLE rivals AS
WITH every AS (
    FROM arrived UNION ALL BY NAME FROM events SEMI JOIN arrived USING (event_id)
),
told AS (
    SELECT
        event_id, seq, recorded_at, load_id, position,
        struct_pack(*COLUMNS(* EXCLUDE (event_id, seq, recorded_at, load_id, position))) AS content
    FROM every
),
contents AS (
    SELECT
        event_id, content,
        max(seq) AS seq, max(recorded_at) AS recorded_at,
        min((place, load_id, position)) AS brought
    FROM told JOIN loads USING (load_id)
    GROUP BY event_id, content
),
recalled AS (
    SELECT
        contents.event_id, contents.content, contents.seq,
        greatest(contents.recorded_at, lost.recorded_at) AS recorded_at,
        least(contents.brought, lost.brought) AS brought
    FROM contents
    LEFT JOIN (
        SELECT event_id, content, recorded_at, (place, load_id, position) AS brought
        FROM conflicts JOIN loads USING (load_id)
    ) AS lost ON lost.event_id = contents.event_id AND lost.content = to_json(contents.content)
)
SELECT
    *,
    brought[2] AS load_id,
    brought[3] AS position,
    row_number() OVER (PARTITION BY event_id ORDER BY recorded_at DESC NULLS LAST, brought DESC) = 1 AS stands
FROM recalled
"""
_SETTLE = (
    _RIVALS,
    """
    DELETE FROM conflicts USING rivals
    WHERE conflicts.event_id = rivals.event_id AND conflicts.content = to_json(rivals.content)
    """,
    "DELETE FROM events WHERE event_id IN (SELECT event_id FROM rivals)",
    """
    INSERT INTO events BY NAME
    SELECT event_id, seq, recorded_at, load_id, position, unnest(content) FROM rivals WHERE stands
    """,
    """
    INSERT INTO conflicts BY NAME
    SELECT event_id, content.ticket_id AS ticket_id, to_json(content) AS content, recorded_at, load_id,
        position
    FROM rivals WHERE NOT stands
    """,
    """
    INSERT INTO stale_tickets
    SELECT DISTINCT content.ticket_id FROM rivals
    WHERE content.ticket_id NOT IN (SELECT ticket_id FROM stale_tickets)
    """,
    "DROP TABLE rivals",
    "DROP TABLE arrived",
)
