"""What only repeats a load that goes: the later loads with the same rows take them over.

The archive holds the content of an event once, with the load that first brought it; of a later load that
repeats it, only where it is. Before a load goes, the events that it told are gone through load by load, as if
it had never been: what a later load is now the first to tell is archived as its own, and what repeats that is
noted anew. Until the load is gone, nothing in the warehouse depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from etl.private_files import make_folder
from etl.store.archive import Archive, LoadRecord, Recount
from etl.store.catch_up import as_if_taken_out, brought_by, place_of, rolled_back
from etl.store.deduplicate import Counts, compare, write_events, write_repeats
from etl.store.settle import arrive, settle


def take_over(
    load_ids: Sequence[int], warehouse: duckdb.DuckDBPyConnection, archive: Archive
) -> list[Recount]:
    """Let loads own what they only repeat of others that are to go; what they count once those are gone.

    The warehouse must be up to the archive.
    """
    records = sorted(archive.loads(), key=place_of)
    first = min((place_of(each) for each in records if each.load_id in load_ids), default=0)
    later = [each for each in records if place_of(each) > first and each.load_id not in load_ids]
    if not later:
        return []
    make_folder(archive.staging())
    with rolled_back(warehouse):
        _gather(load_ids, records, later, warehouse, archive)
        before = _walk(records, warehouse, archive)
        after = _walk([each for each in records if each.load_id not in load_ids], warehouse, archive)
        rows = {row[0]: row[1:] for row in warehouse.execute(_COUNTS).fetchall()}
    for record in after.revised:
        archive.commit(record)
    return _recounts(rows, before, after)


def recounts_behind(
    record: LoadRecord, warehouse: duckdb.DuckDBPyConnection, archive: Archive
) -> list[Recount]:
    """What other loads count once a load, not yet committed, stands in the place of those that it replaces.

    `record.recounts` are what they count without either. The warehouse must be up to the archive.
    """
    records = [each for each in archive.loads() if each.load_id not in record.replaces]
    later = [each for each in records if place_of(each) > place_of(record)]
    if not (later and record.segments):
        return record.recounts
    make_folder(archive.staging())
    others, every = sorted(records, key=place_of), sorted([*records, record], key=place_of)
    with as_if_taken_out(record.replaces, warehouse, archive):
        warehouse.execute(
            "INSERT INTO loads (load_id, place) VALUES ($load_id, $place)",
            {"load_id": record.load_id, "place": place_of(record)},
        )
        _gather([record.load_id], every, later, warehouse, archive)
        before, after = _walk(others, warehouse, archive), _walk(every, warehouse, archive)
        rows = {row[0]: row[1:] for row in warehouse.execute(_COUNTS).fetchall()}
    without = {each.load_id: each for each in record.recounts}
    rows |= {
        each.load_id: (each.loaded, each.duplicates, each.events, each.conflicts) for each in without.values()
    }
    del after.counts[record.load_id]
    changed = {each.load_id: each for each in _recounts(rows, before, after)}
    return list((without | changed).values())


def _recounts(rows: Mapping[int, Sequence[int]], before: _Walk, after: _Walk) -> list[Recount]:
    return [
        _recount(rows[load_id], load_id, before.counts.get(load_id, _NOTHING), counts)
        for load_id, counts in after.counts.items()
        if counts != before.counts.get(load_id, _NOTHING)
    ]


_NOTHING = Counts(0, 0, 0)


def _recount(row: Sequence[int], load_id: int, before: Counts, after: Counts) -> Recount:
    loaded, duplicates, events, conflicts = row
    more = after.loaded - before.loaded
    return Recount(
        load_id=load_id,
        loaded=loaded + more,
        duplicates=duplicates - more,
        events=events + after.events - before.events,
        conflicts=conflicts + after.conflicts - before.conflicts,
    )


def _gather(
    load_ids: Sequence[int],
    records: Sequence[LoadRecord],
    later: Sequence[LoadRecord],
    warehouse: duckdb.DuckDBPyConnection,
    archive: Archive,
) -> None:
    """The table `archived`: all that the archive holds of the events that the loads told.

    And of the events that stand in one row with these, since a row is loaded if any event of it is.
    """
    warehouse.execute("CREATE OR REPLACE TEMP TABLE touched (event_id VARCHAR)")
    for record in records:
        if record.load_id in load_ids and record.segments:
            arrive(brought_by(record, archive), warehouse)
            warehouse.execute("INSERT INTO touched SELECT DISTINCT event_id FROM arrived")
    _fill_archived(records, warehouse, archive)
    wide = [record for record in later if record.segments and (record.width or 1) > 1]
    for record in wide:
        _notes(record, warehouse, archive)
        warehouse.execute(_AGAIN, {"load_id": record.load_id})
        arrive(brought_by(record, archive), warehouse)
        warehouse.execute(_TOUCH_ROWS, {"width": record.width})
    if wide:
        _fill_archived(records, warehouse, archive)


def _fill_archived(
    records: Sequence[LoadRecord], warehouse: duckdb.DuckDBPyConnection, archive: Archive
) -> None:
    warehouse.execute("CREATE OR REPLACE TEMP TABLE archived AS FROM events LIMIT 0")
    for record in records:
        if record.segments:
            arrive(brought_by(record, archive), warehouse)
            warehouse.execute("INSERT INTO archived FROM arrived SEMI JOIN touched USING (event_id)")


def _notes(record: LoadRecord, warehouse: duckdb.DuckDBPyConnection, archive: Archive) -> None:
    """The table `notes`: which rows of a load repeat what is archived."""
    warehouse.execute(_NO_NOTES)
    if record.repeats:
        warehouse.execute(
            "INSERT INTO notes FROM read_parquet($file)", {"file": str(archive.repeats(record.repeats))}
        )


@dataclass
class _Walk:
    """What loads count of the events in `archived`, by load, and their records as they are to be."""

    counts: dict[int, Counts] = field(default_factory=dict)
    revised: list[LoadRecord] = field(default_factory=list)


def _walk(records: Sequence[LoadRecord], warehouse: duckdb.DuckDBPyConnection, archive: Archive) -> _Walk:
    """Load the events in `archived` anew, load by load; the records are in order of place."""
    walk = _Walk()
    warehouse.execute("DELETE FROM events WHERE event_id IN (SELECT event_id FROM archived)")
    warehouse.execute("DELETE FROM conflicts WHERE event_id IN (SELECT event_id FROM archived)")
    rows = archive.staging() / "again.parquet"
    for record in records:
        _notes(record, warehouse, archive)
        warehouse.execute(_AGAIN, {"load_id": record.load_id})
        ((n,),) = warehouse.execute(
            "COPY (SELECT * EXCLUDE (load_id) FROM again) TO $file (FORMAT parquet)", {"file": str(rows)}
        ).fetchall()
        if not n:
            continue
        walk.counts[record.load_id], _ = compare(
            [rows],
            record.width or 1,
            warehouse,
            place=record.place or record.load_id,
            has_repeats=True,
            has_places=True,
            has_standing=True,
        )
        segments = write_events(_TAKEN_OVER, warehouse, archive)
        repeats = write_repeats(_NOTED_ANEW, warehouse, archive)
        if segments or repeats != record.repeats:
            walk.revised.append(
                record.model_copy(
                    update={
                        "segments": [*record.segments, *segments],
                        "repeats": repeats,
                        "is_plain": record.is_plain and not segments,
                    }
                )
            )
        warehouse.execute(_ARRIVED_AGAIN)
        settle(warehouse)
    return walk


_COUNTS = "SELECT load_id, loaded, duplicates, events, conflicts FROM loads"

_NO_NOTES = """
CREATE OR REPLACE TEMP TABLE notes (
    position BIGINT, seq BIGINT, recorded_at TIMESTAMP WITH TIME ZONE, same_load BIGINT, same_position BIGINT
)
"""

# The rows of a load that only repeat what another one brought, with the content that is archived there.
_REPEATED_ROWS = """
SELECT archived.* REPLACE (
    notes.position AS position, notes.seq AS seq, notes.recorded_at AS recorded_at, $load_id AS load_id
)
FROM notes
JOIN archived ON archived.load_id = notes.same_load AND archived.position = notes.same_position
"""

_AGAIN = " ".join(
    (
        "CREATE OR REPLACE TEMP TABLE again AS FROM archived WHERE load_id = $load_id UNION ALL",
        _REPEATED_ROWS,
    )
)

_TOUCH_ROWS = """
INSERT INTO touched
SELECT DISTINCT event_id FROM arrived
WHERE position // $width IN (SELECT position // $width FROM again)
"""

_TAKEN_OVER = """
COPY (FROM incoming SEMI JOIN notes USING (position) ORDER BY position)
TO $target (FORMAT parquet, COMPRESSION zstd)
"""

# What is archived of the load itself stays so, even if it repeats another one.
_NOTED_ANEW = """
COPY (
    FROM notes ANTI JOIN again USING (position)
    UNION ALL
    FROM repeats SEMI JOIN notes USING (position)
    ORDER BY position
) TO $target (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2)
"""

_ARRIVED_AGAIN = """
CREATE OR REPLACE TEMP TABLE arrived AS
FROM again WHERE position NOT IN (SELECT position FROM repeats SEMI JOIN notes USING (position))
"""
