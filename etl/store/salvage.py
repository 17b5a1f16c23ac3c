"""What is sound of a damaged archive, kept; what is not is put aside, and said.

A file that is not what was written says nothing reliable, so a load goes on without it. Of a record that
cannot be read nothing is known: an empty one takes its number, and the files that only it spoke of go aside.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby
from pathlib import Path

import duckdb
import polars as pl

from etl.errors import WarehouseDamaged
from etl.messages import Message
from etl.private_files import make_folder
from etl.store.archive import Archive, LoadRecord, UnloadRecord
from etl.store.archive_check import Damage, FileKind, find_damages
from etl.store.database_files import DAMAGED, DATABASE, remove_database
from etl.store.erasure_plan import salvage_within_erasure

FOLDERS = ("segments", "repeats", "rejected")


def salvage(directory: Path, archive: Archive, snapshot: Path | None) -> list[Message]:
    """Keep what is sound, and say what is lost; whoever calls this has the lock, and makes the database anew.

    The database goes before anything is changed: it may hold what the archive has lost. Readers have theirs.
    An erasure that is not over is carried through in what is sound; what is put aside goes with it.
    """
    with salvage_within_erasure(directory):
        messages = _keep_sound(directory, archive, snapshot)
    aside = directory / DAMAGED
    return [*messages, *([Message("archive.aside", {"folder": aside})] if aside.exists() else [])]


def _keep_sound(directory: Path, archive: Archive, snapshot: Path | None) -> list[Message]:
    applied = last_applied(directory, snapshot)
    damages = find_damages(archive, applied=applied, counts=True)
    if not damages:
        return [Message("archive.sound")]
    remove_database(directory)
    messages: list[Message] = []
    load_ids: set[int] = set()
    while damages:
        for load_id, group in groupby(damages, key=lambda damage: damage.load_id):
            load_ids.add(load_id)
            messages += _keep_rest(load_id, list(group), archive, directory)
        damages = find_damages(archive, applied=applied, counts=True)
    lost = _forget_repeats_of(load_ids, archive)
    _put_unnamed_aside(archive, directory)
    return [*messages, *(message for message in lost if message not in messages)]


def last_applied(directory: Path, snapshot: Path | None) -> int:
    """The number of the last load that the database or a snapshot has of the archive."""
    files = [directory / DATABASE, *([snapshot] if snapshot else [])]
    return max(_applied(file) for file in files)


def _applied(file: Path) -> int:
    if not file.is_file():
        return 0
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            ((last,),) = connection.execute("SELECT coalesce(max(load_id), 0) FROM applied").fetchall()
    except duckdb.Error:  # damaged as well: it says nothing
        return 0
    return int(last)


def _keep_rest(load_id: int, damages: list[Damage], archive: Archive, directory: Path) -> list[Message]:
    record = damages[0].record
    if record is None:
        return _without_record(load_id, damages[0].path, archive, directory)
    damaged = {damage.path.name for damage in damages}
    archive.commit(_recounted(_without_files(record, damaged), archive))
    for damage in damages:
        _put_aside(damage.path, directory)
    values = {"load": load_id, "file": record.file}
    return [
        Message(code, values) for code in dict.fromkeys(_LOST[each.kind] for each in damages if each.kind)
    ]


_LOST: dict[FileKind, str] = {
    "segments": "archive.lost_rows",
    "repeats": "archive.lost_repeats",
    "rejected": "archive.lost_rejected",
}


def _without_record(load_id: int, path: Path, archive: Archive, directory: Path) -> list[Message]:
    try:
        record = archive.record(load_id)
    except (OSError, WarehouseDamaged):
        _put_aside(path, directory)
        archive.commit(UnloadRecord(load_id=load_id, unloads=[]))
        return [Message("archive.lost_record", {"load": load_id})]
    if isinstance(record, LoadRecord):  # its counts alone are wrong
        archive.commit(_recounted(record, archive))
        return [Message("archive.recounted", {"load": load_id, "file": record.file})]
    return []


def _without_files(record: LoadRecord, damaged: Collection[str]) -> LoadRecord:
    return record.model_copy(
        update={
            "segments": [name for name in record.segments if name not in damaged],
            "repeats": None if record.repeats in damaged else record.repeats,
            "rejected_file": None if record.rejected_file in damaged else record.rejected_file,
        }
    )


def _recounted(record: LoadRecord, archive: Archive) -> LoadRecord:
    """The record with counts that its files bear out."""
    files = [archive.segment(name) for name in record.segments]
    positions = pl.concat(
        [pl.Series("position", dtype=pl.Int64)]
        + [pl.read_parquet(file, columns=["position"])["position"].cast(pl.Int64) for file in files]
    )
    rules = pl.Series("rule", dtype=pl.String)
    if record.rejected_file:
        rules = pl.read_parquet(archive.rejected(record.rejected_file), columns=["rule"])["rule"]
    events = min(record.events, len(positions))
    loaded = min(record.loaded, (positions // (record.width or 1)).n_unique())
    return record.model_copy(
        update={
            "read": loaded + record.duplicates + len(rules) + record.skipped,
            "loaded": loaded,
            "rejected": len(rules),
            "reasons": dict(rules.value_counts().sort("rule").iter_rows()),
            "events": events,
            "conflicts": min(record.conflicts, len(positions) - events),
        }
    )


def _forget_repeats_of(load_ids: Collection[int], archive: Archive) -> list[Message]:
    """Drop the notes of rows that repeat what is lost, and say of which loads: their files bring them."""
    messages = []
    places = [pl.DataFrame(schema={"same_load": pl.Int64, "same_position": pl.Int64})]
    for record in archive.loads():
        for name in record.segments if record.load_id in load_ids else []:
            positions = pl.read_parquet(archive.segment(name), columns=["position"])["position"]
            frame = pl.DataFrame({"same_position": positions.cast(pl.Int64)})
            places.append(frame.select(pl.lit(record.load_id, pl.Int64).alias("same_load"), "same_position"))
    left = pl.concat(places)
    for record in archive.loads():
        if record.repeats is None:
            continue
        notes = pl.read_parquet(archive.repeats(record.repeats))
        is_of_lost = pl.col("same_load").is_in(list(load_ids))
        gone = notes.filter(is_of_lost).join(left, on=["same_load", "same_position"], how="anti")
        if not gone.is_empty():
            remaining = notes.join(gone, on=["same_load", "same_position"], how="anti", maintain_order="left")
            rows = min(gone["position"].n_unique(), record.duplicates)
            changed = {"repeats": archive.write_repeats(remaining), "read": record.read - rows}
            archive.commit(record.model_copy(update=changed | {"duplicates": record.duplicates - rows}))
            values = {"load": record.load_id, "file": record.file}
            messages.append(Message("archive.lost_repeats", values))
    return messages


def _put_unnamed_aside(archive: Archive, directory: Path) -> None:
    """Files that no record speaks of: nobody can tell what they are of."""
    names = {
        name
        for record in archive.loads()
        for name in (*record.segments, record.repeats, record.rejected_file)
    }
    for folder in FOLDERS:
        for file in (archive.directory / folder).iterdir():
            if file.name not in names:
                _put_aside(file, directory)


def _put_aside(file: Path, directory: Path) -> None:
    if file.exists():
        folder = directory / DAMAGED / file.parent.name
        make_folder(folder)
        file.replace(folder / file.name)
