"""What is sound of a damaged archive, kept; what is not is put aside, and said.

A file that is not what was written says nothing reliable, so a load goes on without it. Of a record that
cannot be read nothing is known: an empty one takes its number, and the files that only it spoke of go aside.
What is lost is noted before anything changes, so that a salvage that was killed can be ended, and said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import groupby
from pathlib import Path
from typing import Self

import duckdb
import polars as pl
from pydantic import BaseModel

from etl.errors import WarehouseDamaged
from etl.messages import Message
from etl.private_files import make_folder
from etl.store.archive import Archive, LoadRecord, Record, UnloadRecord
from etl.store.archive_check import Damage, FileKind, find_damages
from etl.store.database_files import DAMAGED, DATABASE, remove_database
from etl.store.erasure_plan import salvage_within_erasure
from etl.store.whole_files import write_whole

FOLDERS = ("segments", "repeats", "rejected")


def salvage(directory: Path, archive: Archive, snapshot: Path | None) -> list[Message]:
    """Keep what is sound, and say what is lost; whoever calls this has the lock, and makes the database anew.

    The database goes before anything is changed: it may hold what the archive has lost. Readers have theirs.
    An erasure that is not over is carried through in what is sound; what is put aside goes with it. Until
    `end_salvage`, the same is said again.
    """
    with salvage_within_erasure(directory):
        messages = _keep_sound(directory, archive, snapshot)
    aside = directory / DAMAGED
    return [*messages, *([Message("archive.aside", {"folder": aside})] if aside.exists() else [])]


def is_salvage_pending(archive: Archive) -> bool:
    """Whether a salvage was begun and not ended."""
    return _losses_file(archive).exists()


def end_salvage(archive: Archive) -> None:
    """The database is made anew, and what is lost was said."""
    _losses_file(archive).unlink(missing_ok=True)


class _Losses(BaseModel):
    """What a salvage has lost so far: codes of messages, each with the number of the load. It names nobody.

    `load_ids`: the loads whose files or records were damaged.
    """

    load_ids: set[int] = set()
    lost: list[tuple[str, int]] = []

    @classmethod
    def read(cls, archive: Archive) -> Self:
        try:
            return cls.model_validate_json(_losses_file(archive).read_bytes())
        except FileNotFoundError:
            return cls()
        except ValueError as error:
            raise WarehouseDamaged("salvage.damaged", path=_losses_file(archive)) from error

    def note(self, load_id: int, codes: Iterable[str], archive: Archive) -> None:
        """Before anything of a load is changed."""
        new = [(code, load_id) for code in codes if (code, load_id) not in self.lost]
        self.lost += new
        write_whole(_losses_file(archive), self.model_dump_json().encode())

    def messages(self, archive: Archive) -> list[Message]:
        """What is lost, as sentences."""
        files = {each.load_id: each.file for each in archive.records(after=0) if isinstance(each, LoadRecord)}
        values = {load_id: {"load": load_id, "file": files.get(load_id)} for _code, load_id in self.lost}
        return [Message(code, values[load_id]) for code, load_id in self.lost]


def _losses_file(archive: Archive) -> Path:
    return archive.directory / "salvage.json"


def _keep_sound(directory: Path, archive: Archive, snapshot: Path | None) -> list[Message]:
    losses, applied = _Losses.read(archive), last_applied(directory, snapshot)
    damages = find_damages(archive, applied=applied, counts=True)
    if not damages and not losses.lost:
        return [Message("archive.sound")]
    remove_database(directory)
    while damages:
        for load_id, group in groupby(damages, key=lambda damage: damage.load_id):
            files = list(group)
            losses.load_ids.add(load_id)
            losses.note(load_id, _lost(load_id, files, archive), archive)
            _keep_rest(load_id, files, archive, directory)
        damages = find_damages(archive, applied=applied, counts=True)
    _forget_repeats(losses, archive)
    _put_unnamed_aside(archive, directory)
    return losses.messages(archive)


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


def _lost(load_id: int, damages: list[Damage], archive: Archive) -> list[str]:
    """The codes of what is lost of a load, or put right."""
    if damages[0].record is not None:
        return list(dict.fromkeys(_LOST[each.kind] for each in damages if each.kind))
    record = _readable(load_id, archive)
    if record is None:
        return ["archive.lost_record"]
    return ["archive.recounted"] if isinstance(record, LoadRecord) else []


_LOST: dict[FileKind, str] = {
    "segments": "archive.lost_rows",
    "repeats": "archive.lost_repeats",
    "rejected": "archive.lost_rejected",
}


def _keep_rest(load_id: int, damages: list[Damage], archive: Archive, directory: Path) -> None:
    load = damages[0].record
    if load is not None:
        damaged = {damage.path.name for damage in damages}
        archive.commit(_recounted(_without_files(load, damaged), archive))
        for damage in damages:
            _put_aside(damage.path, directory)
        return
    record = _readable(load_id, archive)
    if record is None:
        _put_aside(damages[0].path, directory)
        archive.commit(UnloadRecord(load_id=load_id, unloads=[]))
    elif isinstance(record, LoadRecord):  # its counts alone are wrong
        archive.commit(_recounted(record, archive))


def _readable(load_id: int, archive: Archive) -> Record | None:
    try:
        return archive.record(load_id)
    except (OSError, WarehouseDamaged):
        return None


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


def _forget_repeats(losses: _Losses, archive: Archive) -> None:
    """Drop the notes of rows that repeat what is lost: the files of these loads bring them."""
    places = [pl.DataFrame(schema={"same_load": pl.Int64, "same_position": pl.Int64})]
    for record in archive.loads():
        for name in record.segments if record.load_id in losses.load_ids else []:
            positions = pl.read_parquet(archive.segment(name), columns=["position"])["position"]
            frame = pl.DataFrame({"same_position": positions.cast(pl.Int64)})
            places.append(frame.select(pl.lit(record.load_id, pl.Int64).alias("same_load"), "same_position"))
    left = pl.concat(places)
    for record in archive.loads():
        if record.repeats is None:
            continue
        notes = pl.read_parquet(archive.repeats(record.repeats))
        is_of_lost = pl.col("same_load").is_in(list(losses.load_ids))
        gone = notes.filter(is_of_lost).join(left, on=["same_load", "same_position"], how="anti")
        if not gone.is_empty():
            losses.note(record.load_id, ["archive.lost_repeats"], archive)
            remaining = notes.join(gone, on=["same_load", "same_position"], how="anti", maintain_order="left")
            rows = min(gone["position"].n_unique(), record.duplicates)
            changed = {"repeats": archive.write_repeats(remaining), "read": record.read - rows}
            archive.commit(record.model_copy(update=changed | {"duplicates": record.duplicates - rows}))


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
