"""Taking people or old tickets out of everything that is kept: archive, warehouse and snapshots."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from etl.contract.names import name_of
from etl.contract.sources import SEPARATOR, candidate_ids, own_id, stated_id
from etl.errors import InvalidRequest
from etl.privacy.notes_erasure import forget_in_notes
from etl.privacy.pseudonyms import Pseudonyms
from etl.privacy.ticket_groups import RunIds, linked_groups, linked_to
from etl.privacy.words_in_text import Words
from etl.store.archive import Archive, LoadRecord
from etl.store.archive_check import require_sound
from etl.store.erased_counts import REMOVED, counts_without, recounted, with_recounts_less
from etl.store.erasure_plan import ErasurePlan, erase_from_archive, is_pending, receipt_path
from etl.store.file_names import ErasedNames


@dataclass(frozen=True)
class Erased:
    """What was taken out. `notes`: of readers; `receipt`: the file that says so, without saying whom.

    It is written once readers have a new snapshot and nobody has an older one open.
    """

    tickets: int
    events: int
    rejected_rows: int
    notes: int
    receipt: Path


def forget_customer(
    customer: str, directory: Path, archive: Archive, *, now: datetime, run_ids: RunIds = None
) -> Erased:
    """Remove all tickets of a customer, and rejected rows that name them, from the archive and all derived.

    With them go the tickets that a run or a merge links with one of theirs. `run_ids`: within what run ids
    are unique, as the settings state it.

    The customer: `source:id`, `:id` for one without a source, or the id alone where one source has it. Notes
    of readers that name the customer or one of the tickets go, too. The database is removed as well; whoever
    calls this makes it anew. Its snapshot takes the place of the older ones, which readers have until then.

    Raises:
        InvalidRequest: no id is given, or several sources have a customer of that id. Nothing was removed.
        WarehouseBusy: a reader has been writing a note for seconds.
        WarehouseDamaged: nobody can tell what is in the notes. Nothing was removed, in both cases.
    """
    if is_pending(directory):
        erase_from_archive(directory)
    require_sound(archive)
    pseudonyms = archive.pseudonyms()
    names = {record.source for record in archive.loads() if record.source is not None}
    stated = name_of(customer)
    if not own_id(stated.removeprefix(SEPARATOR), names):
        raise InvalidRequest("forget.no_customer")
    whole_id = _find_customer(stated, names, archive, pseudonyms)
    own, name = own_id(whole_id, names), pseudonyms.of(whole_id, "customer")
    source = whole_id.removesuffix(own).removesuffix(SEPARATOR) or None
    own_tickets = _ids(archive, _OF_CUSTOMER, {"customer": name})["ticket_id"].to_list()
    linked = linked_to(own_tickets, archive, directory, run_ids) if own_tickets else []
    tickets = pl.DataFrame({"ticket_id": sorted(linked)}, schema={"ticket_id": pl.String})
    reference = pseudonyms.of(name, "receipt")
    in_notes = {
        name,
        whole_id,
        own,
        *tickets["ticket_id"],
        *(own_id(each, names) for each in tickets["ticket_id"]),
    }
    notes = forget_in_notes(in_notes, directory)
    # An earlier version read a floating-point 1002 in rejected rows as 1002.0.
    as_float = pseudonyms.of(f"{whole_id}.0", "customer")
    person = _Person(source, own, (name, as_float, whole_id))
    return _erase(tickets, person, "forget", reference, directory, archive, now, notes=notes)


@dataclass(frozen=True)
class _Person:
    """A customer: the id in the rows of the own source, and the words that stand for them anywhere."""

    source: str | None
    own_id: str
    words: tuple[str, ...]

    def words_in(self, record: LoadRecord) -> tuple[str, ...]:
        """What stands for them in the rows of a load: the bare id may be somebody else's elsewhere."""
        return (*self.words, self.own_id) if record.source == self.source else self.words


def _find_customer(text: str, sources: Collection[str], archive: Archive, pseudonyms: Pseudonyms) -> str:
    """The whole id of the customer that is meant; as it stands where nobody has it."""
    wanted = {pseudonyms.of(each, "customer"): each for each in candidate_ids(text, sorted(sources))}
    events = _ids(archive, _CUSTOMERS, {"customers": list(wanted)}, column="customer_id")
    matches = [each for name, each in wanted.items() if name in set(events["customer_id"])]
    if not matches:
        matches = [each for name, each in wanted.items() if _is_in_rejected_rows(name, archive)]
    if len(matches) > 1:
        candidates = [stated_id(each, sources) for each in matches]
        raise InvalidRequest("customer.of_several", customer=text, candidates=candidates)
    return matches[0] if matches else text.removeprefix(SEPARATOR)


def _is_in_rejected_rows(name: str, archive: Archive) -> bool:
    files = [archive.rejected(record.rejected_file) for record in archive.loads() if record.rejected_file]
    return any(_has_words(pl.read_parquet(file), Words([name])).any() for file in files)


def retain_since(
    first: datetime, directory: Path, archive: Archive, *, now: datetime, run_ids: RunIds = None
) -> Erased:
    """Remove all tickets whose last event is older than an instant, as `forget_customer` does.

    Whole tickets go or stay, and those that a run or a merge links together: half would give wrong numbers.
    Rejected rows of loads before it go too.
    """
    if is_pending(directory):
        erase_from_archive(directory)
    require_sound(archive)
    tickets = _ids(archive, _OLDER_THAN, {"first": first})
    older = set(tickets["ticket_id"])
    groups = linked_groups(archive, directory, run_ids) if older else []
    remaining = [ticket for group in groups if not group <= older for ticket in group]
    tickets = tickets.filter(~pl.col("ticket_id").is_in(remaining))
    return _erase(
        tickets, None, "retain", f"since {first:%Y-%m-%d}", directory, archive, now, rejected_before=first
    )


_OF_CUSTOMER = "SELECT DISTINCT ticket_id FROM read_parquet($files) WHERE customer_id = $customer"
_OLDER_THAN = """
SELECT ticket_id FROM read_parquet($files) GROUP BY ticket_id HAVING max(occurred_at) < $first
"""
_CUSTOMERS = """
SELECT DISTINCT customer_id FROM read_parquet($files) WHERE customer_id IN (SELECT unnest($customers))
"""


def _ids(archive: Archive, query: str, values: dict[str, object], column: str = "ticket_id") -> pl.DataFrame:
    segments = [str(archive.segment(name)) for record in archive.loads() for name in record.segments]
    if not segments:
        return pl.DataFrame(schema={column: pl.String})
    with duckdb.connect() as engine:
        return pl.DataFrame(engine.sql(query, params=values | {"files": segments}).to_arrow_table())


def _erase(
    tickets: pl.DataFrame,
    person: _Person | None,
    act: str,
    reference: str,
    directory: Path,
    archive: Archive,
    now: datetime,
    *,
    rejected_before: datetime | None = None,
    notes: int = 0,
) -> Erased:
    loads, removed = archive.loads(), [pl.DataFrame(schema=REMOVED)]
    changed: dict[int, LoadRecord] = {}
    rejected_rows = 0
    for record in loads:
        segments: list[str] = []
        for name in record.segments:
            rows = pl.read_parquet(archive.segment(name))
            gone = rows.join(tickets, on="ticket_id", how="semi").select(
                pl.lit(record.load_id, pl.Int64).alias("load_id"),
                pl.col("position").cast(pl.Int64),
                "event_id",
            )
            remaining = rows.join(tickets, on="ticket_id", how="anti", maintain_order="left")
            segments += archive.write_segment(remaining) if gone.height else [name]
            removed.append(gone)
        words = Words(person.words_in(record) if person else ())
        rejected_file, rejected_gone = _without(archive, record, words, rejected_before)
        rejected_rows += rejected_gone
        changed[record.load_id] = record.model_copy(
            update={"segments": segments, "rejected_file": rejected_file}
        )
    every = pl.concat(removed)
    less = counts_without(every, loads, archive)
    for record in loads:
        new = changed[record.load_id]
        rejected = _rejected_left(archive, new) if new.rejected_file != record.rejected_file else None
        remaining_notes = _notes_of_the_rest(archive, record, changed)
        new = recounted(new, less[record.load_id], rejected)
        changed[record.load_id] = new.model_copy(update={"repeats": remaining_notes})
    names = ErasedNames(tickets["ticket_id"].to_list(), person.words_in if person else None, archive)
    records = [
        (each, names.out_of(with_recounts_less(changed.get(each.load_id, each), less)))
        for each in archive.records(after=0)
    ]
    records_to_change = [new for old, new in records if new != old]
    events = every.height
    name, text = _receipt(act, reference, now, tickets.height, events, rejected_rows, notes)
    ErasurePlan(records=records_to_change, receipt_name=name, receipt=text).write(directory)
    erase_from_archive(directory)
    return Erased(tickets.height, events, rejected_rows, notes, receipt_path(directory, name))


def _without(
    archive: Archive, record: LoadRecord, words: Words, before: datetime | None
) -> tuple[str | None, int]:
    """The rejected rows of a load but those that name a word, or all if it was before an instant."""
    if record.rejected_file is None:
        return None, 0
    rows = pl.read_parquet(archive.rejected(record.rejected_file))
    if before is not None and record.loaded_at < before:
        remaining = rows.clear()
    else:
        remaining = rows.filter(~_has_words(rows, words))
    if remaining.height == rows.height:
        return record.rejected_file, 0
    return archive.write_rejected(remaining), rows.height - remaining.height


def _notes_of_the_rest(archive: Archive, record: LoadRecord, erased: dict[int, LoadRecord]) -> str | None:
    """The notes of rows of a load that repeat what is still archived; the name of their file."""
    if record.repeats is None:
        return None
    notes = pl.read_parquet(archive.repeats(record.repeats))
    places = [pl.DataFrame(schema={"same_load": pl.Int64, "same_position": pl.Int64})]
    for load_id in sorted({*notes["same_load"]} & erased.keys()):
        for name in erased[load_id].segments:
            positions = pl.read_parquet(archive.segment(name), columns=["position"])["position"]
            places.append(
                pl.DataFrame({"same_position": positions.cast(pl.Int64)}).select(
                    pl.lit(load_id, pl.Int64).alias("same_load"), "same_position"
                )
            )
    remaining = notes.join(
        pl.concat(places), on=["same_load", "same_position"], how="semi", maintain_order="left"
    )
    return record.repeats if remaining.height == notes.height else archive.write_repeats(remaining)


def _rejected_left(archive: Archive, record: LoadRecord) -> pl.DataFrame:
    if record.rejected_file is None:
        return pl.DataFrame(schema={"rule": pl.String})
    return pl.read_parquet(archive.rejected(record.rejected_file))


def _has_words(rows: pl.DataFrame, words: Words) -> pl.Series:
    """Which rejected rows have one of the words."""
    return pl.Series([words.is_in_json(content) for content in rows["content"]], dtype=pl.Boolean)


def _receipt(
    act: str, reference: str, now: datetime, tickets: int, events: int, rejected_rows: int, notes: int
) -> tuple[str, str]:
    """The name of the receipt's file, and its text."""
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
    return f"{act}-{now:%Y%m%dT%H%M%S}-{digest}.json", text
