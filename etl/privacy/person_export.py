"""All that is kept of one customer, as JSON and CSV: what `forget` would take, found by the same search."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from etl.contract.kinds import Kind
from etl.errors import InvalidRequest, StorageFailed
from etl.export import ExportForm, exported
from etl.messages import Message, os_reason
from etl.privacy.notes_erasure import entries_with
from etl.privacy.person import Person, find_person, mentions_of, rejected_rows, rows_of
from etl.private_files import make_folder, write_private
from etl.store.archive import Archive, LoadRecord
from etl.store.archive_check import require_sound
from etl.store.ticket_groups import RunIds

TABLES_OF_PLACES = {
    "accepted events": "events",
    "notes of repeated rows": "repeated_rows",
    "rejected rows": "rejected_rows",
    "records of loads": "loads",
    "saved views and annotations": "notes",
}
"""Which table has what a place holds; a test holds them against the places that an erasure rewrites."""
DOCUMENT = "person.json"


@dataclass(frozen=True)
class PersonExport:
    """Where it was written, and how much: rows by the name of the table. `origin`: of which source.

    `is_customer`: whether any row has the id as its customer.
    """

    folder: Path
    rows: dict[str, int]
    tickets: int
    origin: Message | None
    is_customer: bool


def export_person(
    customer: str,
    directory: Path,
    archive: Archive,
    folder: Path | None,
    *,
    run_ids: RunIds = None,
    names: Collection[str] = (),
) -> PersonExport:
    """Write what is kept of a customer: a table each as CSV, and all of them in one JSON document.

    `customer`, `names`: as `forget_customer` takes them. `folder`: a new one, or an empty one; None makes one
    in the current folder. Whoever calls this has the lock.

    Raises:
        InvalidRequest: no id is given, several sources have a customer of that id, or nothing is kept of one;
            or the folder holds something, or lies in the warehouse.
        StorageFailed: the folder cannot be written.
    """
    require_sound(archive)
    person = find_person(customer, directory, archive, run_ids, "export-person", names)
    folder = folder or Path(f"person-{person.pseudonym}")
    if folder.resolve().is_relative_to(directory.resolve()):
        raise InvalidRequest("person.in_warehouse", folder=folder)
    tables = _tables(person, directory, archive)
    try:
        if folder.exists() and any(folder.iterdir()):
            raise InvalidRequest("person.folder_taken", folder=folder)
        make_folder(folder)
        for name, rows in tables.items():
            write_private(folder / f"{name}.csv", exported(rows, ExportForm.CSV))
        document = {"customer": person.own_id, "source": person.source} | {
            name: rows.to_dicts() for name, rows in tables.items() if name != "notes"
        }
        text = json.dumps(
            document | {"notes": entries_with(person.note_words, directory)},
            indent=1,
            ensure_ascii=False,
            default=str,
        )
        write_private(folder / DOCUMENT, text.encode())
    except OSError as error:
        raise StorageFailed("export.not_writable", path=folder, reason=os_reason(error)) from error
    heights = {name: rows.height for name, rows in tables.items()}
    return PersonExport(folder, heights, len(person.tickets), person.origin, person.is_customer)


def _tables(person: Person, directory: Path, archive: Archive) -> dict[str, pl.DataFrame]:
    """By name: events of all their tickets, and ratings among them; all else; ids and pseudonyms.

    Of mentions in tickets of others only the place: what else stands there is about somebody else.
    """
    events = _concat(
        pl.read_parquet(archive.segment(name))
        .filter(pl.col("ticket_id").is_in(sorted(person.tickets)))
        .with_columns(load_id=pl.lit(record.load_id, pl.Int64), position=pl.col("position").cast(pl.Int64))
        for record in archive.loads()
        for name in record.segments
    )
    places = events.select(same_load="load_id", same_position="position") if events.width else events
    repeated = _concat(
        pl.read_parquet(archive.repeats(record.repeats))
        .join(places, on=["same_load", "same_position"], how="semi", maintain_order="left")
        .with_columns(load_id=pl.lit(record.load_id, pl.Int64))
        for record in archive.loads()
        if record.repeats and events.height
    )
    rejected = _concat(
        rows.filter(rows_of(person, record, rows)).with_columns(load_id=pl.lit(record.load_id, pl.Int64))
        for record, rows in rejected_rows(archive)
    )
    load_ids = {load_id for rows in (events, repeated, rejected) if rows.width for load_id in rows["load_id"]}
    loads = pl.DataFrame(
        [
            (each.load_id, each.file, each.source, each.loaded_at)
            for each in archive.records(after=0)
            if isinstance(each, LoadRecord) and (each.load_id in load_ids or person.is_in_name_of(each))
        ],
        schema=["load_id", "file", "source", "loaded_at"],
        orient="row",
    )
    notes = [
        (kind, json.dumps(entry, ensure_ascii=False))
        for kind, entries in entries_with(person.note_words, directory).items()
        for entry in entries
    ]
    mentions = mentions_of(person, archive)
    ids = [("customer", person.customer, person.pseudonym)] if person.is_customer else []
    return {
        "events": events,
        "ratings": events.filter(pl.col("kind") == Kind.RATED.value) if events.width else events,
        "repeated_rows": repeated,
        "rejected_rows": rejected,
        "loads": loads,
        "mentions": mentions,
        "notes": pl.DataFrame(notes, schema=["kind", "content"], orient="row"),
        "pseudonyms": pl.DataFrame(
            ids, schema=dict.fromkeys(("kind", "id", "pseudonym"), pl.String), orient="row"
        ),
    }


def _concat(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """One table, the rows of each load in the order of its file; without columns where there is nothing."""
    every = [frame for frame in frames if frame.height]
    return pl.concat(every, how="diagonal_relaxed").sort("load_id", "position") if every else pl.DataFrame()
