"""Whether the archive is what was written: each file against the hash that names it, each record, counts.

A file of the archive is never changed, so one whose content is not what its name says was damaged or
replaced, and nothing may be made of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from etl.errors import WarehouseDamaged
from etl.messages import Message
from etl.store.archive import Archive, LoadRecord, Record, taken_out

FileKind = Literal["segments", "repeats", "rejected"]


@dataclass(frozen=True)
class Damage:
    """A file of the archive that is not there, or not what was written.

    `record`: the load that it belongs to; None where the file is the record `load_id` itself.
    `is_miscounted`: the record can be read, and counts what its files do not hold.
    """

    path: Path
    load_id: int
    record: LoadRecord | None = None
    kind: FileKind | None = None
    is_miscounted: bool = False

    def message(self, folder: Path) -> Message:
        """What is wrong, with the path as it stands in the archive's folder."""
        path, is_there = self.path.relative_to(folder).as_posix(), self.path.exists()
        if self.is_miscounted:
            return Message("archive.record_miscounted", {"path": path})
        if self.record is None:
            return Message("archive.record_changed" if is_there else "archive.record_missing", {"path": path})
        of = Message("archive.of_load", {"load": self.load_id, "file": self.record.file})
        return Message(
            "archive.file_changed" if is_there else "archive.file_missing", {"path": path, "of": of}
        )


def require_sound(archive: Archive, *, applied: int = 0, counts: bool = False) -> None:
    """Nothing is wrong with the archive; `applied`: the number of the last load that a database has of it.

    `counts`: whether to count, too, which opens every file.

    Raises:
        WarehouseDamaged: something is; it names every file.
    """
    if damages := find_damages(archive, applied=applied, counts=counts):
        problems = [each.message(archive.directory) for each in damages]
        raise WarehouseDamaged("archive.damaged", folder=archive.directory.parent, problems=problems)


def find_damages(archive: Archive, *, applied: int = 0, counts: bool = False) -> list[Damage]:
    """What is wrong with the archive, record by record."""
    damages, records = list[Damage](), list[Record]()
    numbers = archive.load_ids()
    for load_id in range(1, max([applied, *numbers]) + 1):
        try:
            record = archive.record(load_id)
        except (OSError, WarehouseDamaged):
            damages.append(Damage(archive.record_path(load_id), load_id))
        else:
            records.append(record)
    gone = taken_out(records)
    for record in records:
        if isinstance(record, LoadRecord) and record.load_id not in gone:
            files = list(_damaged_files(record, archive))
            damages += files
            if counts and not files and not _agrees_with_its_files(record, archive):
                path = archive.record_path(record.load_id)
                damages.append(Damage(path, record.load_id, is_miscounted=True))
    return damages


def _damaged_files(record: LoadRecord, archive: Archive) -> Iterator[Damage]:
    files: list[tuple[FileKind, Path]] = [("segments", archive.segment(name)) for name in record.segments]
    if record.repeats:
        files.append(("repeats", archive.repeats(record.repeats)))
    if record.rejected_file:
        files.append(("rejected", archive.rejected(record.rejected_file)))
    for kind, path in files:
        if not archive.is_sound(path):
            yield Damage(path, record.load_id, record, kind)


def _agrees_with_its_files(record: LoadRecord, archive: Archive) -> bool:
    """Whether a load counts as many rejected rows as there are, and no more events than were archived."""
    if record.rejected_file and _rows(archive.rejected(record.rejected_file)) != record.rejected:
        return False
    return record.events <= sum(_rows(archive.segment(name)) for name in record.segments)


def _rows(file: Path) -> int:
    return int(pl.scan_parquet(file).select(pl.len()).collect().item())
