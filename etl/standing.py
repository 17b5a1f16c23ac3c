"""Which rows stand: each event once, whatever the order of loading.

Rows of one id and one content are one event; of their places among events of the same instant, the greatest
stands. Rows of one id and different contents contradict one another: that stands whose first differing
column, in the contract's order, sorts first, a value before none. It is a rule on content alone, so it does
not matter which was loaded first; the others are kept in `conflicts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl.archive import Archive
from etl.staging import Staged


@dataclass(frozen=True)
class Kept:
    """What of a file the archive needs.

    `segments`: names of files in the archive. `is_plain`: all their events are new and each is there once.
    `loaded`: rows of the file that told an event not known before. `conflicts`: rows that contradict another.
    """

    segments: list[str]
    is_plain: bool
    loaded: int
    events: int
    conflicts: int


def keep(staged: Staged, warehouse: duckdb.DuckDBPyConnection, archive: Archive) -> Kept:
    """Move what is new into the archive's segments."""
    files = [str(part) for part in staged.parts]
    if not files:
        return Kept([], is_plain=True, loaded=0, events=0, conflicts=0)
    values: dict[str, object] = {"files": files, "width": staged.width}
    ((events, rows, ids, placed, known),) = warehouse.execute(_OVERVIEW, values).fetchall()
    if ids == placed == events and not known:
        segments = [archive.adopt_segment(part) for part in staged.parts] if events else []
        return Kept(segments, is_plain=True, loaded=rows, events=events, conflicts=0)
    warehouse.execute(_INCOMING, {"files": files, "is_told_once": ids == placed == events})
    ((loaded, new, conflicts, copies, kept),) = warehouse.execute(
        _VERDICT, {"width": staged.width}
    ).fetchall()
    segments = []
    if kept:
        target = archive.unfinished_segment()
        warehouse.execute(_WRITE_SEGMENT, {"target": str(target)})
        segments = [archive.adopt_segment(target)]
    warehouse.execute("DROP TABLE incoming")
    return Kept(segments, is_plain=not copies, loaded=loaded, events=new, conflicts=conflicts)


# `known` looks at ids alone: most files hold nothing that was loaded before.
_OVERVIEW = """
WITH staged AS (SELECT event_id, seq, position FROM read_parquet($files))
SELECT
    count(*),
    count(DISTINCT position // $width),
    count(DISTINCT event_id),
    count(seq),
    (SELECT count(*) FROM staged SEMI JOIN events USING (event_id))
FROM staged
"""

_INCOMING = """
CREATE OR REPLACE TEMP TABLE incoming AS
WITH staged AS (
    SELECT *, struct_pack(*COLUMNS(* EXCLUDE (position, event_id, seq))) AS content
    FROM read_parquet($files)
),
known AS (
    SELECT event_id, seq, struct_pack(*COLUMNS(* EXCLUDE (event_id, seq, load_id))) AS content
    FROM events SEMI JOIN staged USING (event_id)
),
-- A row that the file tells once, as it stands already, brings nothing.
told AS (
    SELECT staged.*
    FROM staged LEFT JOIN known USING (event_id)
    WHERE ($is_told_once AND known.content = staged.content AND known.seq >= staged.seq) IS NOT TRUE
),
once AS (
    SELECT * FROM told
    QUALIFY row_number() OVER (PARTITION BY event_id, content ORDER BY seq DESC NULLS LAST, position) = 1
),
placed AS (
    SELECT * REPLACE (
        coalesce(seq, row_number() OVER (PARTITION BY ticket_id, occurred_at ORDER BY position) - 1) AS seq
    )
    FROM once
)
SELECT
    placed.*,
    known.event_id IS NULL
        AND row_number() OVER (PARTITION BY placed.event_id ORDER BY placed.position) = 1 AS is_new,
    count(*) OVER (PARTITION BY placed.event_id) > 1 OR known.event_id IS NOT NULL AS is_rival,
    coalesce(
        known.content <> placed.content, count(*) OVER (PARTITION BY placed.event_id) > 1
    ) AS contradicts,
    coalesce(known.content = placed.content AND known.seq >= placed.seq, false)
        OR EXISTS (
            FROM conflicts
            WHERE conflicts.event_id = placed.event_id AND conflicts.content = to_json(placed.content)
        ) AS is_copy
FROM placed
LEFT JOIN known USING (event_id)
"""

_VERDICT = """
SELECT
    count(DISTINCT position // $width) FILTER (WHERE is_new),
    count(*) FILTER (WHERE is_new),
    count(*) FILTER (WHERE contradicts AND NOT is_new),
    count(*) FILTER (WHERE is_rival AND NOT is_copy),
    count(*) FILTER (WHERE NOT is_copy)
FROM incoming
"""

_WRITE_SEGMENT = """
COPY (
    SELECT * EXCLUDE (content, is_new, is_rival, contradicts, is_copy) FROM incoming
    WHERE NOT is_copy ORDER BY position
) TO $target (FORMAT parquet, COMPRESSION zstd)
"""


def apply(
    segments: list[Path], load_id: int, warehouse: duckdb.DuckDBPyConnection, *, is_plain: bool
) -> None:
    """Bring segments into the warehouse; the tickets they touch are stale afterwards."""
    values: dict[str, object] = {"files": [str(path) for path in segments], "load_id": load_id}
    if not segments:
        return
    if is_plain:
        warehouse.execute(_INSERT, values)
        warehouse.execute(_MARK_STALE, {"files": values["files"]})
        return
    warehouse.execute(_RIVALS, values)
    for statement in _SETTLE:
        warehouse.execute(statement)


_INSERT = """
INSERT INTO events BY NAME SELECT * EXCLUDE (position), $load_id AS load_id FROM read_parquet($files)
"""
_MARK_STALE = """
INSERT INTO stale_tickets
SELECT DISTINCT ticket_id FROM read_parquet($files) ANTI JOIN stale_tickets USING (ticket_id)
"""

_RIVALS = """
CREATE OR REPLACE TEMP TABLE rivals AS
WITH arrived AS (SELECT * EXCLUDE (position), $load_id AS load_id FROM read_parquet($files)),
every AS (FROM arrived UNION ALL BY NAME FROM events SEMI JOIN arrived USING (event_id)),
told AS (SELECT *, struct_pack(*COLUMNS(* EXCLUDE (event_id, seq, load_id))) AS content FROM every)
SELECT
    *,
    row_number() OVER (PARTITION BY event_id ORDER BY content, seq DESC, load_id) = 1 AS stands,
    content = first_value(content) OVER (PARTITION BY event_id ORDER BY content) AS agrees
FROM told
"""
_SETTLE = (
    "DELETE FROM events WHERE event_id IN (SELECT event_id FROM rivals)",
    "INSERT INTO events BY NAME SELECT * EXCLUDE (content, stands, agrees) FROM rivals WHERE stands",
    """
    INSERT INTO conflicts BY NAME
    SELECT event_id, ticket_id, to_json(content) AS content, min(load_id) AS load_id
    FROM rivals WHERE NOT agrees
    GROUP BY ALL
    """,
    """
    INSERT INTO stale_tickets
    SELECT DISTINCT ticket_id FROM rivals ANTI JOIN stale_tickets USING (ticket_id)
    """,
    "DROP TABLE rivals",
)
