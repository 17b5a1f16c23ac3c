"""Bringing the warehouse up to the archive, record by record; each is one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import duckdb
import polars as pl
import structlog

from etl.contract.workflows import store_definitions
from etl.messages import rejection
from etl.store.archive import Archive, LoadRecord, Recount, UnloadRecord, taken_out
from etl.store.archive_check import require_sound
from etl.store.settle import WITHIN_BOUNDS, Brought, apply, take_out
from etl.store.warehouse import transaction


class Outside(NamedTuple):
    """How many archived rows of a file break a rule on instants that an earlier version did not have."""

    file: str
    rule: str
    rows: int


def catch_up(warehouse: duckdb.DuckDBPyConnection, archive: Archive) -> list[Outside]:
    """Bring the warehouse up to the archive: a load killed half-way is completed, a lost file made anew.

    What is archived and lies outside of the bounds of its load is counted as rejected, and returned.

    Raises:
        WarehouseDamaged: the archive is not what was written.
    """
    ((done,),) = warehouse.execute("SELECT coalesce(max(load_id), 0) FROM applied").fetchall()
    require_sound(archive, applied=done)
    records = list(archive.records(after=done))
    gone = taken_out(records)
    outside: list[Outside] = []
    for record in records:
        with transaction(warehouse):
            if isinstance(record, LoadRecord):
                if record.load_id not in gone:
                    outside += _apply_load(record, warehouse, archive)
                else:
                    _recount(record.recounts, warehouse)  # what it replaced is gone all the same
            elif isinstance(record, UnloadRecord):
                _take_out(record.unloads, warehouse, archive)
                _recount(record.recounts, warehouse)
            else:
                store_definitions(warehouse, record.definitions)
            warehouse.execute("INSERT INTO applied VALUES (?)", [record.load_id])
    return outside


@contextmanager
def as_if_taken_out(
    load_ids: Sequence[int], warehouse: duckdb.DuckDBPyConnection, archive: Archive
) -> Iterator[None]:
    """The warehouse as it is without some loads; afterwards it is as before."""
    if not load_ids:
        yield
        return
    with rolled_back(warehouse):
        _take_out(load_ids, warehouse, archive)
        yield


@contextmanager
def rolled_back(warehouse: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Whatever is changed in the warehouse meanwhile is as before afterwards."""
    warehouse.execute("BEGIN")
    try:
        yield
    finally:
        warehouse.execute("ROLLBACK")


def brought_by(record: LoadRecord, archive: Archive) -> Brought:
    """What a load brought, with the bounds that held for it."""
    return Brought(
        load_id=record.load_id,
        segments=[archive.segment(name) for name in record.segments],
        is_plain=record.is_plain,
        bounds=archive.bounds_of(record),
        width=record.width or 1,
        salt=archive.pseudonyms().salt if record.named_by == "row" else None,
    )


def _take_out(load_ids: Sequence[int], warehouse: duckdb.DuckDBPyConnection, archive: Archive) -> None:
    """Take loads out of the warehouse, if they are in it."""
    standing = {load_id for (load_id,) in warehouse.execute("SELECT load_id FROM loads").fetchall()}
    gone = standing & set(load_ids)
    if not gone:
        return
    loads = [record for record in archive.records(after=0) if isinstance(record, LoadRecord)]
    others = [record for record in loads if record.load_id in standing - gone]
    take_out(
        [brought_by(record, archive) for record in loads if record.load_id in gone],
        [brought_by(record, archive) for record in sorted(others, key=place_of)],
        warehouse,
    )
    warehouse.execute("DELETE FROM loads WHERE load_id IN (SELECT unnest(?))", [sorted(gone)])
    warehouse.execute("DELETE FROM rejected WHERE load_id IN (SELECT unnest(?))", [sorted(gone)])
    files = {(record.file, record.source) for record in loads if record.load_id in gone}
    for record in others:
        if (record.file, record.source) in files:
            _put_rejected(record, warehouse, archive)


def _apply_load(record: LoadRecord, warehouse: duckdb.DuckDBPyConnection, archive: Archive) -> list[Outside]:
    _take_out(record.replaces, warehouse, archive)
    _recount(record.recounts, warehouse)
    row = record.model_dump(include=_LOADS_COLUMNS) | {"place": record.place or record.load_id}
    warehouse.execute("INSERT INTO loads BY NAME SELECT unnest($record)", {"record": row})
    brought = brought_by(record, archive)
    if record.place is None:
        apply(brought, warehouse)
    else:
        _put_in_place(record, warehouse, archive)
    _put_rejected(record, warehouse, archive)
    return _reject_outside(record, brought, warehouse)


def _put_in_place(record: LoadRecord, warehouse: duckdb.DuckDBPyConnection, archive: Archive) -> None:
    """Bring in a load before others: what they say of its events is settled anew, in order of place."""
    standing = {load_id for (load_id,) in warehouse.execute("SELECT load_id FROM loads").fetchall()}
    loads = [
        each for each in archive.records(after=0) if isinstance(each, LoadRecord) and each.load_id in standing
    ]
    in_order = [brought_by(each, archive) for each in sorted(loads, key=place_of)]
    take_out([brought_by(record, archive)], in_order, warehouse)


def place_of(record: LoadRecord) -> int:
    """Where a load stands among loads."""
    return record.place or record.load_id


def _recount(recounts: Sequence[Recount], warehouse: duckdb.DuckDBPyConnection) -> None:
    for recount in recounts:
        warehouse.execute(_RECOUNT, recount.model_dump())


def _put_rejected(record: LoadRecord, warehouse: duckdb.DuckDBPyConnection, archive: Archive) -> None:
    """The rejected rows of a load, but for those that an earlier load of the same file brought."""
    if record.rejected_file:
        warehouse.execute(
            _PUT_REJECTED,
            {
                "rejected_file": str(archive.rejected(record.rejected_file)),
                "load_id": record.load_id,
                "file": record.file,
                "source": record.source,
            },
        )


def _reject_outside(
    record: LoadRecord, brought: Brought, warehouse: duckdb.DuckDBPyConnection
) -> list[Outside]:
    """Count as rejected what lies outside of the bounds of its load: an earlier version knew none."""
    if not brought.segments:
        return []
    outside = pl.DataFrame(warehouse.sql(_OUTSIDE, params=brought.values).to_arrow_table())
    if outside.is_empty():
        return []
    sentences = {rule: str(rejection(rule)) for rule in outside["rule"].unique()}
    rows = outside.with_columns(
        explanation=pl.col("rule").replace_strict(sentences, return_dtype=pl.String)
    ).drop("events")
    warehouse.register("outside_rows", rows)
    values: dict[str, object] = {"load_id": record.load_id, "file": record.file}
    warehouse.execute(
        "INSERT INTO rejected BY NAME SELECT *, $load_id AS load_id, $file AS file FROM outside_rows",
        values,
    )
    warehouse.unregister("outside_rows")
    loaded = min(rows.height, record.loaded)
    warehouse.execute(
        _COUNT_OUTSIDE,
        {
            "load_id": record.load_id,
            "loaded": loaded,
            "duplicates": rows.height - loaded,
            "events": int(outside["events"].sum()),
        },
    )
    rules = dict(rows["rule"].value_counts().sort("rule").iter_rows())
    structlog.get_logger().warning("archived_rows_rejected", load_id=record.load_id, rules=rules)
    return [Outside(record.file, rule, n) for rule, n in rules.items()]


_LOADS_COLUMNS = {
    *("load_id", "file", "source", "path", "loaded_at", "ignored_columns"),
    *("mapping", "stated_mapping", "mapping_table", "without_effect", "shared_without_effect"),
    *("time_zone", "guided", "has_seq", "erased", "too_old", "allow_erased"),
    *("read", "loaded", "duplicates", "rejected", "skipped", "events", "repeated", "conflicts"),
}

_RECOUNT = """
UPDATE loads
SET loaded = $loaded, duplicates = $duplicates, events = $events, conflicts = $conflicts
WHERE load_id = $load_id
"""

_PUT_REJECTED = """
INSERT INTO rejected BY NAME
SELECT rows.*, $load_id AS load_id, $file AS file
FROM (
    FROM (SELECT position, rule, "column", "row", explanation, content FROM rejected LIMIT 0)
    UNION ALL BY NAME (SELECT COLUMNS(lambda name: name <> 'as_accepted') FROM read_parquet($rejected_file))
) AS rows
ANTI JOIN (
    SELECT rejected.*
    FROM rejected JOIN loads USING (load_id)
    WHERE rejected.file = $file AND loads.source IS NOT DISTINCT FROM CAST($source AS VARCHAR)
) AS others
    ON others.position = rows.position AND others.rule = rows.rule
    AND coalesce(others.row = rows.row, others.content = rows.content)
"""

# One row per row of the file, with its instants, kind and actor alone.
_OUTSIDE = " ".join(
    (
        WITHIN_BOUNDS,
        """
, first AS (
    SELECT
        position // $width AS position, rule,
        to_json({occurred_at: occurred_at, recorded_at: recorded_at, kind: kind, actor: actor}) AS content
    FROM outside
    QUALIFY row_number() OVER (PARTITION BY position // $width ORDER BY position) = 1
),
events AS (SELECT position // $width AS position, count(*) AS events FROM every GROUP BY ALL)
SELECT position, rule, content, events
FROM first JOIN events USING (position)
ORDER BY position
        """,
    )
)

_COUNT_OUTSIDE = """
UPDATE loads
SET
    loaded = loaded - $loaded, duplicates = duplicates - $duplicates,
    rejected = rejected + $loaded + $duplicates, events = greatest(events - $events, 0)
WHERE load_id = $load_id
"""
