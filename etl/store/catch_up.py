"""Bringing the warehouse up to the archive, record by record; each is one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb

from etl.contract.workflows import store_definitions
from etl.store.archive import Archive, LoadRecord, UnloadRecord, taken_out
from etl.store.settle import Brought, apply, take_out
from etl.store.warehouse import transaction


def catch_up(warehouse: duckdb.DuckDBPyConnection, archive: Archive) -> None:
    """Bring the warehouse up to the archive: a load killed half-way is completed, a lost file made anew."""
    ((done,),) = warehouse.execute("SELECT coalesce(max(load_id), 0) FROM applied").fetchall()
    records = list(archive.records(after=done))
    gone = taken_out(records)
    for record in records:
        with transaction(warehouse):
            if isinstance(record, LoadRecord):
                if record.load_id not in gone:
                    _apply_load(record, warehouse, archive)
            elif isinstance(record, UnloadRecord):
                _take_out(record.unloads, warehouse, archive)
            else:
                store_definitions(warehouse, record.definitions)
            warehouse.execute("INSERT INTO applied VALUES (?)", [record.load_id])


@contextmanager
def as_if_taken_out(
    load_ids: Sequence[int], warehouse: duckdb.DuckDBPyConnection, archive: Archive
) -> Iterator[None]:
    """The warehouse as it is without some loads; afterwards it is as before."""
    if not load_ids:
        yield
        return
    warehouse.execute("BEGIN")
    try:
        _take_out(load_ids, warehouse, archive)
        yield
    finally:
        warehouse.execute("ROLLBACK")


def _take_out(load_ids: Sequence[int], warehouse: duckdb.DuckDBPyConnection, archive: Archive) -> None:
    """Take loads out of the warehouse, if they are in it."""
    held = {load_id for (load_id,) in warehouse.execute("SELECT load_id FROM loads").fetchall()}
    gone = held & set(load_ids)
    if not gone:
        return
    loads = [record for record in archive.records(after=0) if isinstance(record, LoadRecord)]
    take_out(
        [_brought(record, archive) for record in loads if record.load_id in gone],
        [_brought(record, archive) for record in loads if record.load_id in held - gone],
        warehouse,
    )
    warehouse.execute("DELETE FROM loads WHERE load_id IN (SELECT unnest(?))", [sorted(gone)])
    warehouse.execute("DELETE FROM rejected WHERE load_id IN (SELECT unnest(?))", [sorted(gone)])


def _apply_load(record: LoadRecord, warehouse: duckdb.DuckDBPyConnection, archive: Archive) -> None:
    _take_out(record.replaces, warehouse, archive)
    known = record.model_dump(include=_LOADS_COLUMNS) | {"place": record.place or record.load_id}
    warehouse.execute("INSERT INTO loads BY NAME SELECT unnest($record)", {"record": known})
    apply(_brought(record, archive), warehouse)
    if record.refused:
        warehouse.execute(
            "INSERT INTO rejected BY NAME "
            "SELECT *, $load_id AS load_id, $source AS source FROM read_parquet($refused)",
            {
                "refused": str(archive.rejected(record.refused)),
                "load_id": record.load_id,
                "source": record.source,
            },
        )


def _brought(record: LoadRecord, archive: Archive) -> Brought:
    return Brought(
        load_id=record.load_id,
        segments=[archive.segment(name) for name in record.segments],
        is_plain=record.is_plain,
        salt=archive.pseudonyms().salt if record.named_by == "row" else None,
    )


_LOADS_COLUMNS = {
    *("load_id", "source", "path", "loaded_at", "ignored_columns", "mapping", "without_effect"),
    *("read", "loaded", "duplicates", "rejected", "skipped", "events", "repeated", "conflicts"),
}
