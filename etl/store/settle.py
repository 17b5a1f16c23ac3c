"""Which rows stand: each event once, and of what rows say of it the latest.

Rows of one id and one content are one event; of their places among events of the same instant, the greatest
stands. Of several contents of one id, that stands which its source recorded last (`recorded_at`, none before
any), then that which a load first brought last, then the one further down in its file. So a file loaded again
changes nothing, and a newer export corrects an older one. The others are kept in `conflicts`.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from etl.store.identity import EARLIER_IDS, define_identity


def apply(
    segments: list[Path],
    load_id: int,
    warehouse: duckdb.DuckDBPyConnection,
    *,
    is_plain: bool,
    salt: str | None = None,
) -> None:
    """Bring segments into the warehouse; the tickets they touch are stale afterwards.

    `salt`: the segments are of an earlier version, which named events after all columns of their rows; they
    get the names of today, which are keyed with it.
    """
    values: dict[str, object] = {"files": [str(path) for path in segments], "load_id": load_id}
    if not segments:
        return
    if is_plain and salt is None:
        warehouse.execute(_INSERT, values)
        warehouse.execute(_MARK_STALE, {"files": values["files"]})
        return
    warehouse.execute(_NOTHING_ARRIVED)
    warehouse.execute(_ARRIVED, values)
    if salt is not None:
        define_identity(warehouse)
        warehouse.execute(EARLIER_IDS, {"salt": salt})
    for statement in _SETTLE:
        warehouse.execute(statement)


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
        min(load_id) AS load_id, arg_min(position, (load_id, position)) AS position
    FROM told
    GROUP BY event_id, content
),
recalled AS (
    SELECT
        contents.* REPLACE (
            greatest(contents.recorded_at, conflicts.recorded_at) AS recorded_at,
            least(contents.load_id, conflicts.load_id) AS load_id,
            CASE
                WHEN (conflicts.load_id, conflicts.position) < (contents.load_id, contents.position)
                    THEN conflicts.position ELSE contents.position
            END AS position
        )
    FROM contents
    LEFT JOIN conflicts
        ON conflicts.event_id = contents.event_id AND conflicts.content = to_json(contents.content)
)
SELECT
    *,
    row_number() OVER (
        PARTITION BY event_id ORDER BY recorded_at DESC NULLS LAST, load_id DESC, position DESC
    ) = 1 AS stands
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
