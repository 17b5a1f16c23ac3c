"""Taking people or old tickets out of everything that is kept: archive, warehouse and snapshots."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from etl.privacy.notes_erasure import forget_in_notes
from etl.store.archive import Archive, LoadRecord
from etl.store.warehouse import discard_database


@dataclass(frozen=True)
class Erased:
    """What was taken out. `notes`: of readers; `receipt`: the file that says so, without saying whom."""

    tickets: int
    events: int
    rejected_rows: int
    notes: int
    receipt: Path


def forget_customer(customer: str, directory: Path, archive: Archive, *, now: datetime) -> Erased:
    """Remove all tickets of a customer, and rejected rows that name them, from the archive and all derived.

    Notes of readers that name the customer or one of the tickets go, too. The database and the snapshots are
    removed as well; whoever calls this makes them anew.

    Raises:
        WarehouseBusy: a reader has been writing a note for seconds.
        WarehouseDamaged: nobody can tell what is in the notes. Nothing was removed, in both cases.
    """
    pseudonyms = archive.pseudonyms()
    name = pseudonyms.of(customer, "customer")
    tickets = _tickets(archive, _OF_CUSTOMER, {"customer": name})
    reference = pseudonyms.of(name, "receipt")
    notes = forget_in_notes({name, customer, *tickets["ticket_id"]}, directory)
    return _erase(tickets, [name, customer], "forget", reference, directory, archive, now, notes=notes)


def retain_since(first: datetime, directory: Path, archive: Archive, *, now: datetime) -> Erased:
    """Remove all tickets whose last event is older than an instant, as `forget_customer` does.

    Whole tickets go or stay: half of one would give wrong numbers. Rejected rows of loads before it go too.
    """
    tickets = _tickets(archive, _OLDER_THAN, {"first": first})
    return _erase(
        tickets, [], "retain", f"since {first:%Y-%m-%d}", directory, archive, now, rejected_before=first
    )


_OF_CUSTOMER = "SELECT DISTINCT ticket_id FROM read_parquet($files) WHERE customer_id = $customer"
_OLDER_THAN = """
SELECT ticket_id FROM read_parquet($files) GROUP BY ticket_id HAVING max(occurred_at) < $first
"""


def _tickets(archive: Archive, query: str, values: dict[str, object]) -> pl.DataFrame:
    segments = [str(archive.segment(name)) for record in archive.loads() for name in record.segments]
    if not segments:
        return pl.DataFrame(schema={"ticket_id": pl.String})
    with duckdb.connect() as engine:
        return pl.DataFrame(engine.sql(query, params=values | {"files": segments}).to_arrow_table())


def _erase(
    tickets: pl.DataFrame,
    words: list[str],
    act: str,
    reference: str,
    directory: Path,
    archive: Archive,
    now: datetime,
    *,
    rejected_before: datetime | None = None,
    notes: int = 0,
) -> Erased:
    events = rejected_rows = 0
    for record in archive.loads():
        segments, gone = [], 0
        for name in record.segments:
            remaining = pl.read_parquet(archive.segment(name)).join(
                tickets, on="ticket_id", how="anti", maintain_order="left"
            )
            before = pl.scan_parquet(archive.segment(name)).select(pl.len()).collect().item()
            gone += before - remaining.height
            segments += [name] if before == remaining.height else archive.write_segment(remaining)
        refused, refused_gone = _without(archive, record, words, rejected_before)
        if gone or refused_gone:
            archive.commit(record.model_copy(update={"segments": segments, "refused": refused}))
        events, rejected_rows = events + gone, rejected_rows + refused_gone
    # Also what an erasure that was interrupted has left behind.
    archive.remove_unused()
    discard_database(directory)
    receipt = _receipt(directory, act, reference, now, tickets.height, events, rejected_rows, notes)
    return Erased(tickets.height, events, rejected_rows, notes, receipt)


def _without(
    archive: Archive, record: LoadRecord, words: list[str], before: datetime | None
) -> tuple[str | None, int]:
    """The refused rows of a load but those that name one of the words, or all if it was before an instant."""
    if record.refused is None:
        return None, 0
    rows = pl.read_parquet(archive.rejected(record.refused))
    if before is not None and record.loaded_at < before:
        remaining = rows.clear()
    else:
        remaining = rows.filter(~pl.any_horizontal(pl.lit(value=False), *(_names(word) for word in words)))
    if remaining.height == rows.height:
        return record.refused, 0
    return archive.write_rejected(remaining), rows.height - remaining.height


def _names(word: str) -> pl.Expr:
    """Whether the content holds the word on its own, not as a part of a longer one."""
    content = pl.col("content")
    return content.str.extract_all(r'[^\s",;|]+').list.contains(word) | content.str.contains(
        json.dumps(word), literal=True
    )


def _receipt(
    directory: Path,
    act: str,
    reference: str,
    now: datetime,
    tickets: int,
    events: int,
    rejected_rows: int,
    notes: int,
) -> Path:
    content = {
        "act": act,
        "reference": reference,
        "at": now.isoformat(),
        "tickets_removed": tickets,
        "events_removed": events,
        "rejected_rows_removed": rejected_rows,
        "notes_removed": notes,
    }
    text = json.dumps(content, indent=1)
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    folder = directory / "receipts"
    folder.mkdir(exist_ok=True)
    receipt = folder / f"{act}-{now:%Y%m%dT%H%M%S}-{digest}.json"
    receipt.write_text(text)
    shutil.rmtree(directory / "archive" / "staging", ignore_errors=True)
    return receipt
