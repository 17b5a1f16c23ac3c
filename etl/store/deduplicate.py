"""What of a file the archive needs: which rows are new, which repeat and which contradict what is known."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from etl.store.archive import Archive
from etl.store.stage import Staged


@dataclass(frozen=True)
class Kept:
    """What of a file the archive needs.

    `segments`: names of files in the archive. `is_plain`: all their events are new and each is there once.
    `loaded`: rows of the file that told an event not known before. `repeated`: rows that say nothing but what
    rows before them in the file do. `conflicts`: rows that say of an event something else than another.
    """

    segments: list[str]
    is_plain: bool
    loaded: int
    events: int
    conflicts: int
    repeated: int = 0


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
    repeated = 0
    if ids < events:
        ((repeated,),) = warehouse.execute(_REPEATED, values).fetchall()
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
    return Kept(segments, not copies, loaded, new, conflicts, repeated)


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

# Rows all of whose events are told with the same content further up.
_REPEATED = """
WITH staged AS NOT MATERIALIZED (
    SELECT
        event_id, position,
        hash(*COLUMNS(* EXCLUDE (position, event_id, seq, recorded_at))) AS content
    FROM read_parquet($files)
),
several AS (SELECT event_id FROM staged GROUP BY event_id HAVING count(*) > 1),
places AS (
    SELECT position, row_number() OVER (PARTITION BY event_id, content ORDER BY position) > 1 AS is_copy
    FROM staged SEMI JOIN several USING (event_id)
),
copies AS (SELECT position FROM places WHERE is_copy),
others AS (SELECT DISTINCT position // $width AS place FROM staged ANTI JOIN copies USING (position))
SELECT count(*)
FROM (SELECT DISTINCT position // $width AS place FROM copies) ANTI JOIN others USING (place)
"""

# What the file tells that does not stand already. 64 bits of a hash tell the contents of one id apart here:
# comparing all columns of all rows takes eight times as long.
_INCOMING = """
CREATE OR REPLACE TEMP TABLE incoming AS
WITH staged AS NOT MATERIALIZED (
    SELECT *, hash(*COLUMNS(* EXCLUDE (position, event_id, seq, recorded_at))) AS content
    FROM read_parquet($files)
),
repeated AS (
    SELECT event_id FROM staged WHERE $has_repeats GROUP BY event_id HAVING count(*) > 1
),
once AS NOT MATERIALIZED (
    FROM staged ANTI JOIN repeated USING (event_id)
    UNION ALL
    SELECT * REPLACE (max(seq) OVER same AS seq, max(recorded_at) OVER same AS recorded_at)
    FROM staged SEMI JOIN repeated USING (event_id)
    WINDOW same AS (PARTITION BY event_id, content)
    QUALIFY row_number() OVER (PARTITION BY event_id, content ORDER BY position) = 1
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
    SELECT
        event_id, seq, recorded_at,
        hash(*COLUMNS(* EXCLUDE (event_id, seq, recorded_at, load_id, position))) AS content
    FROM events SEMI JOIN staged USING (event_id)
    WHERE $has_known
)
SELECT placed.* EXCLUDE (content)
FROM placed
ANTI JOIN known
    ON known.event_id = placed.event_id AND known.content = placed.content AND known.seq >= placed.seq
    AND (placed.recorded_at IS NULL OR known.recorded_at >= placed.recorded_at)
"""

_RIVALS_OF_INCOMING = """
CREATE OR REPLACE TEMP TABLE incoming_rivals AS
WITH known AS (
    SELECT
        event_id, seq, recorded_at,
        struct_pack(*COLUMNS(* EXCLUDE (event_id, seq, recorded_at, load_id, position))) AS content
    FROM events SEMI JOIN incoming USING (event_id)
),
several AS (
    SELECT event_id FROM known
    UNION
    SELECT event_id FROM incoming GROUP BY event_id HAVING count(*) > 1
),
told AS (
    SELECT
        event_id, seq, recorded_at, position,
        struct_pack(*COLUMNS(* EXCLUDE (position, event_id, seq, recorded_at))) AS content
    FROM incoming SEMI JOIN several USING (event_id)
)
SELECT
    told.position,
    known.event_id IS NULL
        AND row_number() OVER (PARTITION BY told.event_id ORDER BY told.position) = 1 AS is_new,
    coalesce(
        known.content <> told.content, count(*) OVER (PARTITION BY told.event_id) > 1
    ) AS contradicts,
    coalesce(
        known.content = told.content AND known.seq >= told.seq
            AND (told.recorded_at IS NULL OR known.recorded_at >= told.recorded_at),
        false
    )
        OR EXISTS (
            FROM conflicts
            WHERE conflicts.event_id = told.event_id AND conflicts.content = to_json(told.content)
                AND (told.recorded_at IS NULL OR conflicts.recorded_at >= told.recorded_at)
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
