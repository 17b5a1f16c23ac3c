"""All that is kept of one customer, as JSON and CSV: what `forget` would take, found by the same search."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import polars.selectors as cs

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
DOCUMENT, EXPLANATION = "person.json", "README.txt"
_INSTANT = "%Y-%m-%dT%H:%M:%S%.fZ"
"""ISO 8601 in UTC, in all files."""
_OF_LOAD: dict[str, pl.DataType] = {
    "load_id": pl.Int64(),
    "file": pl.String(),
    "source": pl.String(),
    "loaded_at": pl.Datetime("us", "UTC"),
}
_HOLD_JSON = ("custom", "content")
"""Columns whose texts are JSON: in the document they are what they say."""


@dataclass(frozen=True)
class PersonExport:
    """Where it was written, and how much: rows by the name of the table. `origin`: of which source.

    `rejecting_loads`: how many loads have their rejected rows. `is_customer`: whether any row has the id as
    its customer.
    """

    folder: Path
    rows: dict[str, int]
    tickets: int
    rejecting_loads: int
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
    in_words: Callable[[Message], str] = str,
) -> PersonExport:
    """Write what is kept of a customer: a table each as CSV, all of them as JSON, and what is what.

    `customer`, `names`: as `forget_customer` takes them. `folder`: a new one, or an empty one; None makes one
    in the current folder. `in_words`: in which language it is explained. Whoever calls this has the lock.

    Raises:
        InvalidRequest: as `find_person`; or the folder holds something, or lies in the warehouse.
        StorageFailed: the folder cannot be written.
    """
    require_sound(archive)
    person = find_person(customer, directory, archive, run_ids, "export-person", names)
    folder = folder or Path(f"person-{person.pseudonym}")
    if folder.resolve().is_relative_to(directory.resolve()):
        raise InvalidRequest("person.in_warehouse", folder=folder)
    tables = {name: _in_utc(rows) for name, rows in _tables(person, directory, archive).items()}
    document = {"customer": person.own_id, "source": person.source} | {
        name: [_with_objects(row) for row in rows.iter_rows(named=True)] for name, rows in tables.items()
    }
    try:
        if folder.exists() and any(folder.iterdir()):
            raise InvalidRequest("person.folder_taken", folder=folder)
        make_folder(folder)
        for name, rows in tables.items():
            write_private(folder / f"{name}.csv", exported(rows, ExportForm.CSV))
        write_private(folder / DOCUMENT, json.dumps(document, indent=1, ensure_ascii=False).encode())
        lines = [in_words(each) for each in _explanation(person, tables)]
        write_private(folder / EXPLANATION, "".join(f"{line}\n" for line in lines).encode())
    except OSError as error:
        raise StorageFailed("export.not_writable", path=folder, reason=os_reason(error)) from error
    rejected = tables["rejected_rows"]
    return PersonExport(
        folder=folder,
        rows={name: _n(rows, *_ONCE.get(name, ())) for name, rows in tables.items()},
        tickets=len(person.tickets),
        rejecting_loads=rejected["load_id"].n_unique() if rejected.height else 0,
        origin=person.origin,
        is_customer=person.is_customer,
    )


_ONCE = {"events": ("event_id",), "mentions": ("event_id", "column")}
"""What counts once, however many loads brought it, as a file that was loaded again in another one's place."""


def _n(rows: pl.DataFrame, *columns: str) -> int:
    return rows.select(columns).n_unique() if columns and rows.height else rows.height


_WHAT_IS_IN = {
    "events": "person.readme_events",
    "ratings": "person.readme_ratings",
    "repeated_rows": "person.readme_repeated_rows",
    "rejected_rows": "person.readme_rejected_rows",
    "loads": "person.readme_loads",
    "mentions": "person.readme_mentions",
    "notes": "person.readme_notes",
    "pseudonyms": "person.readme_pseudonyms",
}


def _explanation(person: Person, tables: dict[str, pl.DataFrame]) -> list[Message]:
    """What each file is, in plain words."""
    return [
        Message("person.readme_title", {"customer": person.own_id}),
        *([person.origin] if person.origin else []),
        Message("person.readme_document", {"file": DOCUMENT}),
        *(
            Message(code, {"file": f"{name}.csv", "n": tables[name].height})
            for name, code in _WHAT_IS_IN.items()
        ),
        Message("person.readme_columns"),
        Message("person.readme_names"),
        Message("person.readme_instants"),
        Message("person.readme_empty"),
    ]


def _in_utc(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(cs.datetime().dt.convert_time_zone("UTC").dt.strftime(_INSTANT))


def _with_objects(row: dict[str, object]) -> dict[str, object]:
    return row | {name: _object(text) for name in _HOLD_JSON if isinstance(text := row.get(name), str)}


def _object(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:  # a damaged row is kept as its text
        return text


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
        rows.filter(rows_of(person, record, rows))
        .drop("as_accepted", strict=False)  # names of columns
        .with_columns(load_id=pl.lit(record.load_id, pl.Int64))
        for record, rows in rejected_rows(archive)
    )
    notes = [
        (kind, json.dumps(entry, ensure_ascii=False))
        for kind, entries in entries_with(person.note_words, directory).items()
        for entry in entries
    ]
    ids = [("customer", person.customer, person.pseudonym)] if person.is_customer else []
    of_loads = {
        "events": events,
        "repeated_rows": repeated,
        "rejected_rows": rejected,
        "mentions": mentions_of(person, archive),
    }
    return of_loads | {
        "ratings": events.filter(pl.col("kind") == Kind.RATED.value) if events.width else events,
        "loads": _loads(person, archive, of_loads),
        "notes": _of_texts(notes, "kind", "content"),
        "pseudonyms": _of_texts(ids, "kind", "id", "pseudonym"),
    }


def _loads(person: Person, archive: Archive, tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The loads that brought the rows of tables, with how many of each, and those with a name of theirs."""
    counts = {name: Counter(rows["load_id"] if rows.height else ()) for name, rows in tables.items()}
    rows = [
        {name: getattr(each, name) for name in _OF_LOAD}
        | {name: of_table[each.load_id] for name, of_table in counts.items()}
        for each in archive.records(after=0)
        if isinstance(each, LoadRecord)
        and (person.is_in_name_of(each) or any(each.load_id in of_table for of_table in counts.values()))
    ]
    return pl.DataFrame(rows, schema=pl.Schema({**_OF_LOAD, **dict.fromkeys(counts, pl.Int64())}))


def _of_texts(rows: Sequence[tuple[str, ...]], *columns: str) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def _concat(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """One table, the rows of each load in the order of its file; without columns where there is nothing."""
    every = [frame for frame in frames if frame.height]
    return pl.concat(every, how="diagonal_relaxed").sort("load_id", "position") if every else pl.DataFrame()
