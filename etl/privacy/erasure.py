"""Taking people or old tickets out of everything that is kept: archive, warehouse and snapshots."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

import polars as pl

from etl.privacy.contact_details import ContactDetails
from etl.privacy.notes_erasure import marks_with
from etl.privacy.person import Person, find_person, rows_of
from etl.privacy.phone_numbers import DEFAULT_REGIONS
from etl.privacy.receipts import Counts, Erased, receipt_text, since
from etl.privacy.texts_of_erased import texts_of_tickets_alone, with_shapes_of
from etl.store.archive import Archive, LoadRecord, Record
from etl.store.archive_check import require_sound
from etl.store.catch_up import catch_up
from etl.store.erased_counts import REMOVED, counts_without, recounted, with_recounts_less
from etl.store.erased_list import FOR_GOOD, ErasedList, bring_to_last_key, entries_for
from etl.store.erasure_plan import (
    ErasurePlan,
    erase_from_archive,
    is_pending,
    receipt_path,
    remove_put_aside,
)
from etl.store.file_names import ERASED, ErasedNames
from etl.store.mentions import MENTIONS, without_mentions
from etl.store.ticket_groups import Retention, RunIds, old_tickets
from etl.store.warehouse import open_with_lock


def forget_customer(
    customer: str,
    directory: Path,
    archive: Archive,
    *,
    now: datetime,
    run_ids: RunIds = None,
    regions: Sequence[str] = DEFAULT_REGIONS,
    names: Collection[str] = (),
) -> Erased:
    """Remove all tickets of a customer, and rejected rows that name them, from the archive and all derived.

    With them go the tickets that a run or a merge links with one of theirs. `run_ids`: within what run ids
    are unique, as the settings state it. `regions`: whose telephone numbers go from names of files that an
    earlier version kept. `names`: those that the settings state, which stay.

    The customer: `source:id`, `:id` for one without a source, or the id alone where one source has it. Notes
    of readers that name the customer or one of the tickets go, too. The database is removed as well; whoever
    calls this makes it anew. Its snapshot takes the place of the older ones, which readers have until then.

    Raises:
        InvalidRequest: no id is given, several sources have a customer of that id, or nothing is kept of one.
        WarehouseBusy: a reader has been writing a note for seconds.
        WarehouseDamaged: nobody can tell what is in the notes, or who is on the list of the erased.
        KeyMismatch: the key, or that of the list, is missing or another one. Nothing was removed, in all of
            these.
    """
    if is_pending(directory):
        erase_from_archive(directory)
    require_sound(archive)
    pseudonyms = archive.pseudonyms()
    bring_to_last_key(directory, pseudonyms)  # before anything is planned: the list can take more
    person = find_person(customer, directory, archive, run_ids, "forget", names)
    tickets = pl.DataFrame({"ticket_id": sorted(person.tickets)}, schema={"ticket_id": pl.String})
    reference = pseudonyms.of(person.pseudonym, "receipt")
    notes = marks_with(person.note_words, directory)
    erased = entries_for(pseudonyms, {person.customer: now}, dict.fromkeys(person.tickets, FOR_GOOD))
    plan, counts = _planned(
        tickets,
        archive,
        act="forget",
        reference=reference,
        now=now,
        contacts=ContactDetails(regions),
        person=person,
        notes=notes,
        erased=erased,
    )
    _carry_through(plan, directory)
    receipt = receipt_path(directory, plan.receipt_name)
    return Erased(counts, receipt, person.origin, person.is_customer)


def purge_older(
    retention: Retention,
    directory: Path,
    archive: Archive,
    *,
    now: datetime,
    regions: Sequence[str] = DEFAULT_REGIONS,
) -> Erased | None:
    """Remove all tickets whose last event is too old, as `forget_customer` does; linked ones as a whole.

    Rejected rows of loads before that go too. None where nothing is so old: there is no receipt of it.
    """
    if is_pending(directory):
        erase_from_archive(directory)
    require_sound(archive)
    with open_with_lock(directory) as warehouse:
        catch_up(warehouse, archive)
        older = old_tickets(retention, archive, warehouse)
    tickets = pl.DataFrame({"ticket_id": sorted(older)}, schema={"ticket_id": pl.String})
    plan, counts = _planned(
        tickets,
        archive,
        act="purge",
        reference=since(retention),
        now=now,
        contacts=ContactDetails(regions),
        rejected_before=retention.first,
    )
    if not plan.records:
        remove_put_aside(directory)  # nobody can tell how old that is
        return None
    _carry_through(plan, directory)
    return Erased(counts, receipt_path(directory, plan.receipt_name))


def _planned(
    tickets: pl.DataFrame,
    archive: Archive,
    *,
    act: str,
    reference: str,
    now: datetime,
    contacts: ContactDetails,
    person: Person | None = None,
    rejected_before: datetime | None = None,
    notes: list[str] | None = None,
    erased: ErasedList | None = None,
) -> tuple[ErasurePlan, Counts]:
    """What is to change, and how much goes; nothing but files that no record speaks of is written yet."""
    loads, removed = archive.loads(), [pl.DataFrame(schema=REMOVED)]
    changed: dict[int, LoadRecord] = {}
    rejected_rows = 0
    texts = frozenset[str]()
    if person:
        texts = texts_of_tickets_alone(person.tickets, archive, person.stated_names)
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
        rejected_file, rejected_gone = _without(archive, record, person, rejected_before, texts)
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
    mentions = [pl.DataFrame(schema=MENTIONS)]
    if person:
        for load_id, record in changed.items():
            changed[load_id], of_load = without_mentions(
                record, archive, person.ids, archive.pseudonyms(), person.stated_names
            )
            mentions.append(of_load)
    # A file that was loaded again in another one's place has the same events once more.
    n_mentions = pl.concat(mentions).select("event_id", "column").n_unique()
    n_events = every["event_id"].n_unique()
    names = ErasedNames(
        tickets["ticket_id"].to_list(), person.names_in if person else None, archive, contacts
    )
    records = [
        (each, names.out_of(with_recounts_less(changed.get(each.load_id, each), less)))
        for each in archive.records(after=0)
    ]
    records_to_change = [new for old, new in records if new != old]
    n_names = sum(_signs_in_name(new) > _signs_in_name(old) for old, new in records)
    counts = Counts(tickets.height, n_events, rejected_rows, len(notes or ()), n_mentions, n_names)
    what: dict[str, str | None] = {"act": act, "reference": reference}
    name, text = receipt_text(act, now, what | ({"source": person.source} if person else {}), counts)
    plan = ErasurePlan(records=records_to_change, receipt_name=name, receipt=text, erased=erased, notes=notes)
    return plan, counts


def _carry_through(plan: ErasurePlan, directory: Path) -> None:
    plan.write(directory)
    erase_from_archive(directory)


def _signs_in_name(record: Record) -> int:
    return record.file.count(ERASED) if isinstance(record, LoadRecord) else 0


def _without(
    archive: Archive,
    record: LoadRecord,
    person: Person | None,
    before: datetime | None,
    texts: frozenset[str],
) -> tuple[str | None, int]:
    """The rejected rows of a load but those of a person, or all if it was before an instant.

    Of `texts` in those that are left the shapes are kept.
    """
    if record.rejected_file is None:
        return None, 0
    rows = pl.read_parquet(archive.rejected(record.rejected_file))
    if before is not None and record.loaded_at < before:
        remaining = rows.clear()
    else:
        remaining = rows.filter(~rows_of(person, record, rows)) if person else rows
    shaped = with_shapes_of(texts, remaining)
    if remaining.height == rows.height and shaped is remaining:
        return record.rejected_file, 0
    return archive.write_rejected(shaped), rows.height - remaining.height


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
