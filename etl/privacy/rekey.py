"""A new key for all that is kept: each pseudonym becomes one of itself, by the new key.

Nobody can tell any more who somebody is by the old key and what is kept. The archive is written anew, so the
old pseudonyms are in no file. The file of the key holds the old ones, too: an id that comes again goes
through all of them.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from etl.errors import StorageFailed
from etl.messages import os_reason
from etl.privacy.key_file import next_key
from etl.privacy.pseudonyms import ROLES, Pseudonyms
from etl.private_files import sync_folder, write_private
from etl.store.archive import Archive, LoadRecord, Record
from etl.store.archive_check import require_sound
from etl.store.erased_list import ErasedIds
from etl.store.erasure_plan import ErasurePlan, erase_from_archive, is_pending, receipt_path
from etl.store.event_ids import events_with_ids

_HAS_PSEUDONYM = f"[{''.join(ROLES)}]-[0-9a-f]{{24}}"
KEY_BYTES = 32


@dataclass(frozen=True)
class Rekeyed:
    """The file of the key; `receipt`: written once readers have a new snapshot and nobody an older one."""

    key_file: Path
    receipt: Path


def rekey(directory: Path, archive: Archive, *, now: datetime) -> Rekeyed:
    """Make a new key, and give it to all that is archived and to the list of who was erased.

    The database is removed as well; whoever calls this has the lock and makes it anew. What is to change is
    planned first, as an erasure is: if this is killed, the old state stands or the next command completes it.

    Raises:
        KeyMismatch: the key, or that of the list, is missing, unreadable or another one.
        WarehouseDamaged: the list cannot be read. Nothing was changed, in all of these.
        StorageFailed: no file can be written beside the key.
    """
    if is_pending(directory):
        erase_from_archive(directory)
    require_sound(archive)
    before = archive.pseudonyms()
    erased = ErasedIds(directory, before)
    pseudonyms = before.with_key(secrets.token_bytes(KEY_BYTES))
    key_file = archive.key_file.resolve()
    try:
        write_private(next_key(key_file), pseudonyms.key_lines)
        sync_folder(key_file.parent)
    except OSError as error:
        raise StorageFailed("key.not_written", path=key_file, reason=os_reason(error)) from error
    records = list(_renewed_records(archive, pseudonyms, before.salt))
    content = {"act": "rekey", "at": now.isoformat(), "loads": len(archive.loads())}
    text = json.dumps(content, indent=1)
    name = f"rekey-{now:%Y%m%dT%H%M%S}-{hashlib.sha256(text.encode()).hexdigest()[:8]}.json"
    plan = ErasurePlan(
        records=records,
        receipt_name=name,
        receipt=text,
        erased=erased.renewed(pseudonyms),
        key_file=str(key_file),
    )
    plan.write(directory)
    erase_from_archive(directory)
    return Rekeyed(archive.key_file, receipt_path(directory, name))


def _renewed_records(archive: Archive, pseudonyms: Pseudonyms, salt: str) -> Iterator[Record]:
    """The records of all loads as they are to be; those that count with the files that they are to have."""
    present = {record.load_id for record in archive.loads()}
    for record in archive.records(after=0):
        if not isinstance(record, LoadRecord):
            continue
        changed: dict[str, object] = {
            "key_fingerprint": pseudonyms.fingerprint,
            "path": pseudonyms.renewed(record.path),
        }
        if record.load_id in present:
            changed |= _renewed_files(record, archive, pseudonyms, salt)
        yield record.model_copy(update=changed)


def _renewed_files(
    record: LoadRecord, archive: Archive, pseudonyms: Pseudonyms, salt: str
) -> dict[str, object]:
    segments: list[str] = []
    for name in record.segments:
        events = events_with_ids(archive.segment(name), record, salt)
        texts = [column for column in events if column.dtype == pl.String and column.name != "event_id"]
        events = events.with_columns(*(_renewed(column, pseudonyms) for column in texts))
        segments += archive.write_segment(events.with_columns(pseudonyms.renewed_events(events["event_id"])))
    changed: dict[str, object] = {"segments": segments, "named_by": "event"}
    if record.named_by == "row":
        changed["is_plain"] = False
    if record.rejected_file:
        rows = pl.read_parquet(archive.rejected(record.rejected_file))
        texts = [column for column in rows if column.dtype == pl.String]
        rows = rows.with_columns(*(_renewed(column, pseudonyms) for column in texts))
        changed["rejected_file"] = archive.write_rejected(rows)
    return changed


def _renewed(column: pl.Series, pseudonyms: Pseudonyms) -> pl.Series:
    texts = column.filter(column.str.contains(_HAS_PSEUDONYM).fill_null(value=False)).unique()
    if texts.is_empty():
        return column
    return column.replace(texts, pl.Series([pseudonyms.renewed(text) for text in texts], dtype=pl.String))
