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

from etl.store.archive import Archive
from etl.store.stage import Staged


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
    forms = {"has_repeats": ids < events, "has_places": placed == events, "has_known": known > 0}
    warehouse.execute(_INCOMING, {"files": files, **forms})
    warehouse.execute(_RIVALS_OF_INCOMING)
    ((loaded, new, conflicts, copies, kept),) = warehouse.execute(
        _VERDICT, {"width": staged.width}
    ).fetchall()
    segments = []
    if kept:
        target = archive.unfinished_segment()
        warehouse.execute(_WRITE_SEGMENT, {"target": str(target)})
        segments = [archive.adopt_segment(target)]
    warehouse.execute("DROP TABLE incoming; DROP TABLE incoming_rivals")
    return Kept(segments, is_plain=not copies, loaded=loaded, events=new, conflicts=conflicts)


# `known` looks at ids alone: most files hold nothing that was loaded before. Ids are counted by their hashes:
# where two ids share one, the file is merely looked at more closely.
_OVERVIEW = """
WITH staged AS (SELECT event_id, seq, position FROM read_parquet($files))
SELECT
    count(*),
    count(DISTINCT position // $width),
    count(DISTINCT hash(event_id)),
    count(seq),
    (SELECT count(*) FROM staged SEMI JOIN events USING (event_id))
FROM staged
"""

# What the file tells that does not stand already. 64 bits of a hash tell the contents of one id apart here:
# comparing all columns of all rows takes eight times as long.
_INCOMING = """
CREATE OR REPLACE TEMP TABLE incoming AS
WITH staged AS NOT MATERIALIZED (
    SELECT *, hash(*COLUMNS(* EXCLUDE (position, event_id, seq))) AS content FROM read_parquet($files)
),
repeated AS (
    SELECT event_id FROM staged WHERE $has_repeats GROUP BY event_id HAVING count(*) > 1
),
once AS NOT MATERIALIZED (
    FROM staged ANTI JOIN repeated USING (event_id)
    UNION ALL
    FROM staged SEMI JOIN repeated USING (event_id)
    QUALIFY row_number() OVER (PARTITION BY event_id, content ORDER BY seq DESC NULLS LAST, position) = 1
),
places AS (
    SELECT position, row_number() OVER (PARTITION BY ticket_id, occurred_at ORDER BY position) - 1 AS place
    FROM once
    WHERE NOT $has_places
),
placed AS (
    SELECT once.* REPLACE (coalesce(once.seq, places.place) AS seq)
    FROM once LEFT JOIN places USING (position)
),
known AS (
    SELECT event_id, seq, hash(*COLUMNS(* EXCLUDE (event_id, seq, load_id))) AS content
    FROM events SEMI JOIN staged USING (event_id)
    WHERE $has_known
)
SELECT placed.* EXCLUDE (content)
FROM placed
ANTI JOIN known
    ON known.event_id = placed.event_id AND known.content = placed.content AND known.seq >= placed.seq
"""

_RIVALS_OF_INCOMING = """
CREATE OR REPLACE TEMP TABLE incoming_rivals AS
WITH known AS (
    SELECT event_id, seq, struct_pack(*COLUMNS(* EXCLUDE (event_id, seq, load_id))) AS content
    FROM events SEMI JOIN incoming USING (event_id)
),
several AS (
    SELECT event_id FROM known
    UNION
    SELECT event_id FROM incoming GROUP BY event_id HAVING count(*) > 1
),
told AS (
    SELECT event_id, seq, position, struct_pack(*COLUMNS(* EXCLUDE (position, event_id, seq))) AS content
    FROM incoming SEMI JOIN several USING (event_id)
)
SELECT
    told.position,
    known.event_id IS NULL
        AND row_number() OVER (PARTITION BY told.event_id ORDER BY told.position) = 1 AS is_new,
    coalesce(
        known.content <> told.content, count(*) OVER (PARTITION BY told.event_id) > 1
    ) AS contradicts,
    coalesce(known.content = told.content AND known.seq >= told.seq, false)
        OR EXISTS (
            FROM conflicts
            WHERE conflicts.event_id = told.event_id AND conflicts.content = to_json(told.content)
        ) AS is_copy
FROM told
LEFT JOIN known USING (event_id)
"""

_VERDICT = """
SELECT
    count(DISTINCT position // $width) FILTER (WHERE is_new IS NOT FALSE),
    count(*) FILTER (WHERE is_new IS NOT FALSE),
    count(*) FILTER (WHERE contradicts AND NOT is_new),
    count(*) FILTER (WHERE NOT is_copy),
    count(*) FILTER (WHERE is_copy IS NOT TRUE)
FROM incoming
LEFT JOIN incoming_rivals USING (position)
"""

_WRITE_SEGMENT = """
COPY (
    SELECT incoming.*
    FROM incoming
    ANTI JOIN (FROM incoming_rivals WHERE is_copy) AS copies USING (position)
    ORDER BY position
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
