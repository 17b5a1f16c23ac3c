"""What of a file the archive needs: which rows are new, which contradict what stands, and which repeat it.

A row that repeats what stands is not archived a second time: a note says where the archive holds its content.
So taking the earlier load out again loses nothing (`etl.store.repeats`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl.store.archive import Archive
from etl.store.stage import StageResult


@dataclass(frozen=True)
class Counts:
    """What rows of a file tell, given the loads before.

    `loaded`: rows of the file with an event not told before. `events`: these events. `conflicts`: rows that
    say of an event something else than another.
    """

    loaded: int
    events: int
    conflicts: int


@dataclass(frozen=True)
class DeduplicationResult:
    """What of a file the archive needs.

    `segments`, `repeats`: names of files in the archive. `is_plain`: all events of the segments are new and
    each is there once. `has_seq`: the source gives all events of the file a `seq`; null where it has none.
    `repeated`: rows that say nothing but what rows before them in the file do.
    """

    counts: Counts
    is_plain: bool
    segments: list[str]
    has_seq: bool | None = None
    repeats: str | None = None
    repeated: int = 0


def deduplicate(
    staged: StageResult, warehouse: duckdb.DuckDBPyConnection, archive: Archive, *, place: int | None = None
) -> DeduplicationResult:
    """Move what is new into the archive's segments, and note there what is repeated.

    `place`: that of the load among loads, where it is not the last one.
    """
    if not staged.parts:
        return DeduplicationResult(Counts(0, 0, 0), is_plain=True, segments=[])
    values: dict[str, object] = {"files": [str(part) for part in staged.parts], "width": staged.width}
    ((events, rows, ids, placed, standing),) = warehouse.execute(_OVERVIEW, values).fetchall()
    if ids == placed == events and not standing:
        segments = [archive.adopt_segment(part) for part in staged.parts] if events else []
        return DeduplicationResult(Counts(rows, events, 0), is_plain=True, segments=segments, has_seq=True)
    repeated = 0
    if ids < events:
        ((repeated,),) = warehouse.execute(_REPEATED, values).fetchall()
    forms = {"has_repeats": ids < events, "has_places": placed == events, "has_standing": standing > 0}
    counts, is_plain = compare(staged.parts, staged.width, warehouse, place=place, **forms)
    segments = write_events(_WRITE_EVENTS, warehouse, archive)
    repeats = write_repeats(_WRITE_REPEATS, warehouse, archive)
    return DeduplicationResult(counts, is_plain, segments, placed == events, repeats, repeated)


def compare(
    files: Sequence[Path],
    width: int,
    warehouse: duckdb.DuckDBPyConnection,
    *,
    place: int | None,
    has_repeats: bool,
    has_places: bool,
    has_standing: bool,
) -> tuple[Counts, bool]:
    """Hold rows against what stands; whether all that they add are new events, each once.

    Afterwards the table `incoming` has the rows that say anything new, and `repeats` the notes of the others.
    """
    parts = {"files": [str(file) for file in files]}
    forms = {"has_repeats": has_repeats, "has_places": has_places, "has_standing": has_standing}
    warehouse.execute(_COMPARED, parts | forms | {"place": place})
    warehouse.execute(_INCOMING, parts)
    warehouse.execute(_RIVALS_OF_INCOMING, {"place": place})
    ((loaded, new, conflicts, rivals),) = warehouse.execute(_VERDICT, {"width": width}).fetchall()
    for statement in _PART_REPEATS:
        warehouse.execute(statement)
    return Counts(loaded, new, conflicts), not rivals


def write_repeats(copy: str, warehouse: duckdb.DuckDBPyConnection, archive: Archive) -> str | None:
    """Keep the notes that a statement copies to `$target`; the name of their file, if there are any."""
    target = archive.unfinished_segment()
    ((n,),) = warehouse.execute(copy, {"target": str(target)}).fetchall()
    return archive.adopt_repeats(target) if n else None


def write_events(copy: str, warehouse: duckdb.DuckDBPyConnection, archive: Archive) -> list[str]:
    """Keep the events that a statement copies to `$target` as a segment; its name, if there are any."""
    target = archive.unfinished_segment()
    ((n,),) = warehouse.execute(copy, {"target": str(target)}).fetchall()
    return [archive.adopt_segment(target)] if n else []


_WRITE_EVENTS = """
COPY (FROM incoming ORDER BY position) TO $target (FORMAT parquet, COMPRESSION zstd)
"""
_WRITE_REPEATS = """
COPY (FROM repeats ORDER BY position) TO $target (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2)
"""

# Ids alone are looked at: most files hold nothing that was loaded before. They are counted by their hashes;
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

# Each content of an event in the file once, and what it repeats: an event that stands with it, from a load no
# later in place, with no lower seq or recorded_at. 64 bits of a hash tell the contents of one id apart here:
# comparing all columns of all rows takes eight times as long.
_COMPARED = """
CREATE OR REPLACE TEMP TABLE compared AS
WITH staged AS NOT MATERIALIZED (
    SELECT
        position, event_id, ticket_id, occurred_at, seq, recorded_at,
        hash(*COLUMNS(* EXCLUDE (position, event_id, seq, recorded_at))) AS content
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
standing AS (
    SELECT
        event_id, seq, recorded_at, load_id, position,
        hash(*COLUMNS(* EXCLUDE (event_id, seq, recorded_at, load_id, position))) AS content
    FROM events SEMI JOIN staged USING (event_id)
    WHERE $has_standing AND load_id IN (FROM loads SELECT load_id WHERE place <= coalesce($place, place))
)
SELECT
    placed.position, placed.seq, placed.recorded_at,
    standing.load_id AS same_load, standing.position AS same_position
FROM placed
LEFT JOIN standing
    ON standing.event_id = placed.event_id AND standing.content = placed.content
    AND standing.seq >= placed.seq
    AND (placed.recorded_at IS NULL OR standing.recorded_at >= placed.recorded_at)
"""

_INCOMING = """
CREATE OR REPLACE TEMP TABLE incoming AS
SELECT staged.* REPLACE (compared.seq AS seq, compared.recorded_at AS recorded_at)
FROM read_parquet($files) AS staged
JOIN (FROM compared WHERE same_load IS NULL) AS compared USING (position)
"""

# Rows that say of an event something else than another, or what lost against another before.
_RIVALS_OF_INCOMING = """
CREATE OR REPLACE TEMP TABLE incoming_rivals AS
WITH standing AS (
    SELECT
        event_id, seq, recorded_at, load_id, position,
        struct_pack(*COLUMNS(* EXCLUDE (event_id, seq, recorded_at, load_id, position))) AS content
    FROM events SEMI JOIN incoming USING (event_id)
),
several AS (
    SELECT event_id FROM standing
    UNION
    SELECT event_id FROM incoming GROUP BY event_id HAVING count(*) > 1
),
brought AS (
    SELECT
        event_id, seq, recorded_at, position,
        struct_pack(*COLUMNS(* EXCLUDE (position, event_id, seq, recorded_at))) AS content
    FROM incoming SEMI JOIN several USING (event_id)
),
earlier AS (FROM loads SELECT load_id WHERE place <= coalesce($place, place)),
events_before AS (
    SELECT event_id FROM standing SEMI JOIN earlier USING (load_id)
    UNION
    SELECT event_id FROM conflicts SEMI JOIN brought USING (event_id) SEMI JOIN earlier USING (load_id)
),
compared AS (
    SELECT
        brought.*,
        brought.event_id NOT IN (FROM events_before) AS is_unknown,
        standing.content <> brought.content AS differs,
        standing.content = brought.content AND standing.seq >= brought.seq
            AND (brought.recorded_at IS NULL OR standing.recorded_at >= brought.recorded_at)
            AND standing.load_id IN (FROM earlier) AS stands,
        standing.load_id AS standing_load,
        standing.position AS standing_position
    FROM brought LEFT JOIN standing USING (event_id)
)
SELECT
    compared.position,
    is_unknown
        AND row_number() OVER (PARTITION BY compared.event_id ORDER BY compared.position) = 1 AS is_new,
    coalesce(differs, count(*) OVER (PARTITION BY compared.event_id) > 1) AS contradicts,
    CASE WHEN stands THEN standing_load ELSE lost.load_id END AS same_load,
    CASE WHEN stands THEN standing_position ELSE lost.position END AS same_position
FROM compared
LEFT JOIN (FROM conflicts SEMI JOIN earlier USING (load_id)) AS lost
    ON lost.event_id = compared.event_id AND lost.content = to_json(compared.content)
    AND (compared.recorded_at IS NULL OR lost.recorded_at >= compared.recorded_at)
"""

_VERDICT = """
SELECT
    count(DISTINCT position // $width) FILTER (WHERE is_new IS NOT FALSE),
    count(*) FILTER (WHERE is_new IS NOT FALSE),
    count(*) FILTER (WHERE contradicts AND NOT is_new),
    count(*) FILTER (WHERE is_new IS NOT NULL AND same_load IS NULL)
FROM incoming
LEFT JOIN incoming_rivals USING (position)
"""

_PART_REPEATS = (
    """
    CREATE OR REPLACE TEMP TABLE repeats AS
    FROM compared WHERE same_load IS NOT NULL
    UNION ALL
    SELECT position, seq, recorded_at, same_load, same_position
    FROM incoming JOIN incoming_rivals USING (position)
    WHERE same_load IS NOT NULL
    """,
    "DELETE FROM incoming WHERE position IN (SELECT position FROM repeats)",
    "DROP TABLE compared",
    "DROP TABLE incoming_rivals",
)
