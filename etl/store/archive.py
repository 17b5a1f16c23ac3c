"""The archive: everything ever accepted or rejected, in immutable files; the warehouse is derived from it.

archive/segments/<content hash>.parquet   accepted events of one load
archive/repeats/<content hash>.parquet    rows of one load whose content an earlier one brought: where it is
archive/rejected/<content hash>.parquet   rejected rows of one load
archive/loads/000001.json                 what that load was, which workflow definitions it brought, or
                                          which loads were taken out; written last, it makes the load count
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from etl.contract.instants import EARLIEST, Bounds
from etl.contract.workflows import Definition
from etl.errors import WarehouseDamaged
from etl.messages import Message
from etl.privacy.key_file import key_path, read_key
from etl.privacy.pseudonyms import Pseudonyms
from etl.private_files import make_folder
from etl.store.whole_files import FileVersion, content_name, version_of, write_whole


class Recount(BaseModel):
    """What a load counts since an earlier one is gone: rows that repeated it are now the first to tell."""

    model_config = ConfigDict(frozen=True)

    load_id: int
    loaded: int
    duplicates: int
    events: int
    conflicts: int


class LoadRecord(BaseModel):
    """What one load brought: rows of the file, and the files in the archive that hold them."""

    model_config = ConfigDict(frozen=True, validate_by_name=True, serialize_by_alias=True)

    kind: Literal["load"] = "load"
    load_id: int
    file: str  # its name
    source: str | None = None  # the system that it comes from, where one was named
    path: str
    loaded_at: datetime
    read: int
    loaded: int
    duplicates: int
    rejected: int
    skipped: int = 0  # records of earlier versions counted them as duplicates
    erased: int = 0  # rows more in the file, of who was erased
    too_old: int = 0  # rows more in the file, of tickets that a purge would take
    allow_erased: bool = False  # rows of who was erased were taken, too
    rows_of_erased: int = 0  # how many those were
    events: int
    reasons: dict[str, int]
    ignored_columns: list[str]
    without_effect: list[str] | None = None  # keys of the mapping; records of earlier versions do not say
    shared_without_effect: list[str] | None = None  # those of them that all tables of the mapping share
    conflicts: int
    repeated: int = 0
    segments: list[str]
    is_plain: bool
    has_seq: bool | None = None  # all its events have one of the source; earlier versions did not keep it
    rejected_file: str | None = Field(validation_alias="refused", serialization_alias="refused")  # as ever
    content_rules: int = 1  # what was kept of rejected rows; 1 stands for earlier versions
    sha256: str | None = None  # of the file; earlier versions did not keep it
    mapping: str | None = None  # what decided what the rows mean, as a hash
    stated_mapping: str | None = None  # the mapping as it was stated for all files, as a hash
    mapping_table: str | None = None  # which of its tables the file is
    guided: bool | None = None  # whether its workflows guide agents, where the mapping says so
    time_zone: str | None = None  # the one that the mapping declares; earlier versions did not keep it
    place: int | None = None  # among loads, where it took that of another one
    replaces: list[int] = []
    recounts: list[Recount] = []  # of later loads, without the replaced ones
    repeats: str | None = None
    width: int | None = None  # events a row may tell; earlier versions kept neither it nor `repeats`
    earliest: date | None = None  # nothing from before this day was taken
    key_fingerprint: str
    named_by: Literal["row", "event"] = "row"  # what makes the id of an event that has none; a row, once

    @model_validator(mode="before")
    @classmethod
    def _of_earlier_versions(cls, record: Any) -> Any:
        """Earlier versions knew of no sources, and called the file by that name."""
        if isinstance(record, dict) and "file" not in record and "source" in record:
            return {**record, "file": record["source"], "source": None}
        return record


class DefinitionsRecord(BaseModel):
    """Workflow definitions that were added."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["definitions"] = "definitions"
    load_id: int
    definitions: list[Definition]


class UnloadRecord(BaseModel):
    """Loads that were taken out again."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["unload"] = "unload"
    load_id: int
    unloads: list[int]
    recounts: list[Recount] = []


Record = LoadRecord | DefinitionsRecord | UnloadRecord
_RECORD: TypeAdapter[Record] = TypeAdapter(Annotated[Record, Field(discriminator="kind")])


class Archive:
    """The archive in one folder, made if missing; `key` is the file that its pseudonyms are made with.

    `earliest`: nothing from before this day counts, of loads whose record does not say which day held.
    """

    def __init__(self, directory: Path, key: Path | None = None, *, earliest: date = EARLIEST) -> None:
        self.directory = directory
        self._earliest = earliest
        self.key_file = key or key_path(directory.parent)
        self.unpublished: list[Record] = []  # that readers lacked when who writes opened the warehouse
        self._read: dict[Path, tuple[FileVersion, Record]] = {}
        self._sound: dict[Path, FileVersion] = {}
        for name in (".", "segments", "repeats", "rejected", "loads", "staging"):
            make_folder(directory / name)

    def next_load_id(self) -> int:
        """The number of the load to come; numbers are given in the order of loading."""
        return max(self.load_ids(), default=0) + 1

    def pseudonyms(self) -> Pseudonyms:
        """The pseudonyms of this archive; on the first load their key is made.

        Raises:
            KeyMismatch: the key is missing, unreadable or another one.
        """
        loads = [record for record in self.records(after=0) if isinstance(record, LoadRecord)]
        return read_key(self.key_file, archive_fingerprint=loads[-1].key_fingerprint if loads else None)

    def loads(self) -> list[LoadRecord]:
        """The loads that count, in order: those that no later record took out."""
        records = list(self.records(after=0))
        gone = taken_out(records)
        return [each for each in records if isinstance(each, LoadRecord) and each.load_id not in gone]

    def bounds_of(self, record: LoadRecord) -> Bounds:
        """Between which instants the events of a load may lie: those that held when it was loaded."""
        return Bounds.of_load(record.loaded_at, record.earliest or self._earliest)

    def staging(self) -> Path:
        """A folder for what is not kept yet; whoever uses it next empties it."""
        return self.directory / "staging"

    def unfinished_segment(self) -> Path:
        """Where a segment is written before it is adopted."""
        return self.staging() / "segment.parquet"

    def adopt_segment(self, written: Path) -> str:
        """Take over a file of accepted events, under the name that its content gives it."""
        return self._adopt(written, "segments")

    def adopt_repeats(self, written: Path) -> str:
        """Take over a file that says where the content of rows is, in the same way."""
        return self._adopt(written, "repeats")

    def write_segment(self, events: pl.DataFrame) -> list[str]:
        """Keep accepted events; the name of their file, if there are any."""
        name = self._write(events, "segments")
        return [] if name is None else [name]

    def remove_unused(self) -> None:
        """Remove files that no load speaks of which counts, and what was never finished."""
        used = {name for each in self.loads() for name in (*each.segments, each.repeats, each.rejected_file)}
        for kind in ("segments", "repeats", "rejected"):
            for file in (self.directory / kind).iterdir():
                if file.name not in used:
                    file.unlink()
        self.remove_unfinished()

    def remove_unfinished(self) -> None:
        """Remove what is on its way only: nothing of it counts, and it takes as much room as a load."""
        shutil.rmtree(self.staging(), ignore_errors=True)

    def write_rejected(self, rows: pl.DataFrame) -> str | None:
        """Keep rejected rows; the name of their file, or None where there are none."""
        return self._write(rows, "rejected")

    def write_repeats(self, notes: pl.DataFrame) -> str | None:
        """Keep notes of rows that repeat others; the name of their file, or None where there are none."""
        return self._write(notes, "repeats")

    def commit(self, record: Record) -> None:
        """Make a load count: from here on it is never lost."""
        write_whole(self.record_path(record.load_id), record.model_dump_json(indent=1).encode())

    def records(self, *, after: int) -> Iterator[Record]:
        """What was committed after the load of this number, in order.

        Raises:
            WarehouseDamaged: a record cannot be read.
        """
        for load_id in self.load_ids():
            if load_id > after:
                yield self.record(load_id)

    def load_ids(self) -> list[int]:
        """The numbers of all records, in order."""
        return sorted(int(path.stem) for path in (self.directory / "loads").glob("*.json"))

    def record_path(self, load_id: int) -> Path:
        """Where the record of this number lies."""
        return self.directory / "loads" / f"{load_id:06}.json"

    def record(self, load_id: int) -> Record:
        """The record of this number; read once, for every file of a load looks through all of them.

        Raises:
            WarehouseDamaged: it cannot be read.
        """
        path = self.record_path(load_id)
        version = version_of(path)
        if path not in self._read or self._read[path][0] != version:
            try:
                record = _RECORD.validate_json(path.read_bytes())
            except ValueError as error:
                raise self._damaged(path) from error
            if record.load_id != load_id:
                raise self._damaged(path)
            self._read[path] = version, record
        return self._read[path][1]

    def is_sound(self, file: Path) -> bool:
        """Whether a file is there and has the content that its name says; looked at once for each version."""
        if not file.is_file():
            return False
        version = version_of(file)
        if self._sound.get(file) != version:
            if content_name(file) != file.name:
                return False
            self._sound[file] = version
        return True

    def segment(self, name: str) -> Path:
        """The file of a segment."""
        return self.directory / "segments" / name

    def repeats(self, name: str) -> Path:
        """The file that says where the content of rows is."""
        return self.directory / "repeats" / name

    def rejected(self, name: str) -> Path:
        """The file of rejected rows."""
        return self.directory / "rejected" / name

    def _damaged(self, path: Path) -> WarehouseDamaged:
        problem = Message("archive.record_changed", {"path": path.relative_to(self.directory).as_posix()})
        return WarehouseDamaged("archive.damaged", folder=self.directory.parent, problems=[problem])

    def _write(self, rows: pl.DataFrame, kind: str) -> str | None:
        if rows.is_empty():
            return None
        unfinished = self.staging() / f"{kind}.parquet"
        make_folder(unfinished.parent)
        rows.write_parquet(unfinished, compression="zstd")
        return self._adopt(unfinished, kind)

    def _adopt(self, written: Path, kind: str) -> str:
        name = content_name(written)
        with written.open("rb") as file:
            os.fsync(file.fileno())
        target = self.directory / kind / name
        written.replace(target)
        self._sound[target] = version_of(target)
        return name


def taken_out(records: Iterable[Record]) -> set[int]:
    """The loads that records take out: unloaded, or replaced by another load."""
    gone: set[int] = set()
    for record in records:
        if isinstance(record, UnloadRecord):
            gone.update(record.unloads)
        elif isinstance(record, LoadRecord):
            gone.update(record.replaces)
    return gone
