"""What a command that was killed, or failed half-way, left to the next one; and what that one says of it.

A load counts once its record is in the archive, but readers have it only with a new snapshot.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import duckdb

from etl.errors import WarehouseDamaged
from etl.messages import Message
from etl.store.archive import Archive, LoadRecord, Record, UnloadRecord, taken_out
from etl.store.database_files import DATABASE
from etl.store.warehouse import latest_snapshot, open_snapshot


def unpublished(archive: Archive) -> list[Record]:
    """The records that readers do not have yet, in order; none where nobody can tell, as in a backup.

    Raises:
        WarehouseDamaged: a record cannot be read.
    """
    directory = archive.directory.parent
    published = _published(directory)
    return [] if published is None else list(archive.records(after=published))


def _published(directory: Path) -> int | None:
    """The number of the last record that readers have."""
    snapshot = latest_snapshot(directory)
    if snapshot is None:
        return 0 if (directory / DATABASE).exists() else None
    try:
        with closing(open_snapshot(snapshot)) as reader:
            ((last,),) = reader.execute("SELECT coalesce(max(load_id), 0) FROM applied").fetchall()
    except (WarehouseDamaged, duckdb.Error):  # damaged, or of another version
        return None
    return int(last)


def messages(records: Sequence[Record], archive: Archive) -> list[Message]:
    """What each of these records did, now that readers have it."""
    files = {each.load_id: each.file for each in archive.records(after=0) if isinstance(each, LoadRecord)}
    gone = taken_out(records)
    return [
        message
        for record in records
        if not (isinstance(record, LoadRecord) and record.load_id in gone)
        for message in _messages(record, files)
    ]


def _messages(record: Record, files: dict[int, str]) -> list[Message]:
    match record:
        case LoadRecord(replaces=[]):
            return [Message("interrupted.load", {"load": record.load_id, "file": record.file})]
        case LoadRecord():
            values = {"load": record.load_id, "file": record.file, "replaced": record.replaces}
            return [Message("interrupted.replacement", values)]
        case UnloadRecord():
            loads = [(number, files[number]) for number in record.unloads if number in files]
            return [Message("interrupted.unload", {"load": number, "file": file}) for number, file in loads]
    names = sorted({each.workflow for each in record.definitions})
    return [Message("interrupted.definitions", {"workflows": names})]


def is_taken_out(load_id: int, archive: Archive) -> bool:
    """Whether a load is out of the archive by a command that readers have not seen the end of."""
    records = archive.unpublished
    return any(isinstance(each, UnloadRecord) and load_id in each.unloads for each in records)


def replacement_of(load_id: int, archive: Archive) -> LoadRecord | None:
    """The load that has taken the place of another one, by such a command; None where none has."""
    records, present = archive.unpublished, {each.load_id for each in archive.loads()}
    replacements = [each for each in records if isinstance(each, LoadRecord) and load_id in each.replaces]
    return next((each for each in replacements if each.load_id in present), None)
