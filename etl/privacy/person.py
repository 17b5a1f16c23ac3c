"""Who a customer is and what is kept of them: the one search behind `forget` and `export-person`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from etl.contract.names import name_of
from etl.contract.sources import SEPARATOR, candidate_ids, id_in_source, own_id, stated_id
from etl.errors import InvalidRequest
from etl.messages import Message
from etl.privacy.notes_erasure import entries_with
from etl.privacy.pseudonyms import Pseudonyms
from etl.privacy.words_in_text import Words, cells_of
from etl.store.archive import Archive, LoadRecord, taken_out
from etl.store.erased_list import ErasedIds
from etl.store.file_names import words_of_record
from etl.store.load_rules import names_of_definitions
from etl.store.mentions import MENTIONS, PlainIds, mentions_in
from etl.store.ticket_groups import RunIds, linked_to


@dataclass(frozen=True)
class Person:
    """A customer: the id that rows have, its pseudonym, and the tickets that go with them.

    `is_customer`: whether any row, accepted or rejected, has the id as its customer, or others mention it.
    `own_id`: the id as its `source` has it. `words`: what stands for them in a text, wherever it comes from.
    `tickets`: theirs, and those that a run or a merge links. `own_tickets`: as their source has them.
    `note_words`: what a note says that is of them. `sources`: all that loads name. `gone`: loads that were
    taken out, of which names of files are left alone. `stated_names`: they mention nobody.
    """

    customer: str
    pseudonym: str
    is_customer: bool
    source: str | None
    own_id: str
    words: tuple[str, ...]
    tickets: frozenset[str]
    own_tickets: frozenset[str]
    note_words: frozenset[str]
    sources: frozenset[str]
    gone: frozenset[int]
    stated_names: frozenset[str]

    @property
    def origin(self) -> Message | None:
        """Of which source the id is; None where no load names one."""
        if self.source is not None:
            return Message("customer.of_source", {"source": self.source})
        return Message("customer.of_no_source") if self.sources else None

    @property
    def ids(self) -> PlainIds:
        """Their id and those of the tickets, to look for in other tickets."""
        return PlainIds(self.tickets | {self.customer})

    def names_in(self, record: LoadRecord) -> tuple[str, ...]:
        """What stands for them in a load: the bare id may be somebody else's where another source counts."""
        is_theirs = record.source == self.source or record.load_id in self.gone
        return (*self.words, self.own_id) if is_theirs else self.words

    def words_in(self, record: LoadRecord) -> Words:
        """The same, to look for in texts."""
        return Words(self.names_in(record), ignore_case=True)

    def tickets_in(self, record: LoadRecord) -> Collection[str]:
        """The ids that the tickets have in a load, as its source gave them."""
        if record.load_id in self.gone:
            return self.tickets | self.own_tickets
        if record.source is None:
            return self.tickets
        prefix = f"{record.source}{SEPARATOR}"
        return {each.removeprefix(prefix) for each in self.tickets if each.startswith(prefix)}

    def is_in_name_of(self, record: LoadRecord) -> bool:
        """Whether a load's file, or a column of it, is called after them or one of the tickets."""
        ids = {each.casefold() for each in (*self.names_in(record), *self.tickets_in(record))}
        return not ids.isdisjoint(each.casefold() for each in words_of_record(record))


def find_person(
    text: str,
    directory: Path,
    archive: Archive,
    run_ids: RunIds,
    command: str,
    names: Collection[str] = (),
) -> Person:
    """The customer that a text names, as rows are read: blanks and the way signs are coded do not count.

    `source:id`, `:id` for one without a source, or the id alone where one source has it. A source that had
    one who is erased counts as one that has: whoever repeats an erasure does not mean its namesake.
    `command`: who asks. `names`: those that the settings state.

    An id that only others' tickets mention must have a digit: `forget --customer refund` is a mistake, and
    would take a word from everybody.

    Raises:
        InvalidRequest: no id is given, several sources have a customer of that id, nothing is kept of one, or
            the customer is written in another case.
        WarehouseDamaged: nobody can tell what is in the notes, or who is on the list of the erased.
        KeyMismatch: the key, or that of the list, is missing or another one.
    """
    pseudonyms = archive.pseudonyms()
    every = list(archive.records(after=0))
    records = [each for each in every if isinstance(each, LoadRecord)]
    sources = {record.source for record in records if record.source is not None}
    if not own_id(name_of(text).removeprefix(SEPARATOR), sources):
        raise InvalidRequest("customer.none_named", command=command)
    stated_names = frozenset(names) | names_of_definitions(archive)
    customer = _find_customer(text, sources, archive, pseudonyms, records, stated_names)
    own, pseudonym = own_id(customer, sources), pseudonyms.of(customer, "customer")
    own_tickets = segment_rows(archive, _OF_CUSTOMER, {"customer": pseudonym}, "ticket_id")
    tickets = frozenset(linked_to(own_tickets, archive, directory, run_ids) if own_tickets else ())
    # An earlier version read a floating-point 1002 in rejected rows as 1002.0.
    as_float = pseudonyms.of(f"{customer}.0", "customer")
    is_customer = bool(own_tickets or _in_rejected_rows([pseudonym, as_float], archive))
    bare_tickets = frozenset(own_id(each, sources) for each in tickets)
    person = Person(
        customer=customer,
        pseudonym=pseudonym,
        is_customer=is_customer,
        source=customer.removesuffix(own).removesuffix(SEPARATOR) or None,
        own_id=own,
        words=(pseudonym, as_float, *([customer] if customer != own else [])),
        tickets=tickets,
        own_tickets=bare_tickets,
        note_words=frozenset({pseudonym, customer, own, *tickets, *bare_tickets}),
        sources=frozenset(sources),
        gone=frozenset(taken_out(every)),
        stated_names=stated_names,
    )
    if not (
        tickets
        or any(rows_of(person, record, rows).any() for record, rows in rejected_rows(archive))
        or entries_with(person.note_words, directory)
        or any(map(person.is_in_name_of, records))
        or (_may_be_an_id(own) and mentions_of(person, archive).height)
    ):
        several = len({each.source for each in records}) > 1
        raise InvalidRequest("customer.unknown_there" if several else "customer.unknown", customer=text)
    return person


def rows_of(person: Person, record: LoadRecord, rows: pl.DataFrame) -> pl.Series:
    """Which rejected rows of a load name a person, or have the id of one of the tickets as a cell."""
    words, tickets = person.words_in(record), {each.casefold() for each in person.tickets_in(record)}
    are_of_tickets = [
        bool(tickets) and not tickets.isdisjoint(each.casefold() for each in cells_of(content))
        for content in rows["content"]
    ]
    return _has_words(rows, words) | pl.Series(are_of_tickets, dtype=pl.Boolean)


def mentions_of(person: Person, archive: Archive) -> pl.DataFrame:
    """Where other tickets mention them or one of theirs (`MENTIONS`)."""
    whose = (person.ids, person.tickets, person.stated_names)
    every = [mentions_in(each, archive, *whose) for each in archive.loads()]
    return pl.concat([pl.DataFrame(schema=MENTIONS), *every])


def _has_words(rows: pl.DataFrame, words: Words) -> pl.Series:
    return pl.Series([words.is_in_json(content) for content in rows["content"]], dtype=pl.Boolean)


def rejected_rows(archive: Archive) -> Iterator[tuple[LoadRecord, pl.DataFrame]]:
    """The rejected rows of each load that has any."""
    for record in archive.loads():
        if record.rejected_file:
            yield record, pl.read_parquet(archive.rejected(record.rejected_file))


def segment_rows(archive: Archive, query: str, values: dict[str, object], column: str) -> list[str]:
    """A column of what a query gives over all archived events, `$files`."""
    segments = [str(archive.segment(name)) for record in archive.loads() for name in record.segments]
    if not segments:
        return []
    with duckdb.connect() as engine:
        answer = engine.sql(query, params=values | {"files": segments}).to_arrow_table()
    return pl.DataFrame(answer)[column].to_list()


def _find_customer(
    text: str,
    sources: Collection[str],
    archive: Archive,
    pseudonyms: Pseudonyms,
    records: Collection[LoadRecord],
    stated_names: frozenset[str],
) -> str:
    """The whole id of the customer that is meant; as it stands where nobody has it."""
    candidates = candidate_ids(text, sorted(sources))
    wanted = {pseudonyms.of(each, "customer"): each for each in candidates}
    customers = segment_rows(archive, _CUSTOMERS, {"customers": list(wanted)}, "customer_id")
    matches = [each for name, each in wanted.items() if name in customers]
    if not matches:
        in_rejected = _in_rejected_rows(wanted, archive)
        matches = [each for name, each in wanted.items() if name in in_rejected]
    if not matches:
        _require_no_other_case(text, candidates, sources, archive, pseudonyms)
    if not matches:
        words = ((word, each.source) for each in records for word in words_of_record(each))
        in_names = {id_in_source(word, source).casefold() for word, source in words}
        matches = [each for each in candidates if each.casefold() in in_names]
    if not matches and _may_be_an_id(own_id(candidates[0], sources)):
        loads = archive.loads()
        matches = [
            each
            for each, ids in ((each, PlainIds(frozenset({each}))) for each in candidates)
            if any(mentions_in(load, archive, ids, (), stated_names).height for load in loads)
        ]
    erased = ErasedIds(archive.directory.parent, pseudonyms).customers_among(candidates) if matches else ()
    if len({*matches, *erased}) > 1:
        stated = [stated_id(each, sources) for each in candidates if each in matches or each in erased]
        raise InvalidRequest("customer.of_several", customer=text, candidates=stated)
    return matches[0] if matches else candidates[0]


def _may_be_an_id(text: str) -> bool:
    """Whether a text that is nobody's id as far as rows say may be one for all that."""
    return any(map(str.isdigit, text))


def _in_rejected_rows(names: Collection[str], archive: Archive) -> set[str]:
    """Those of the pseudonyms that rejected rows have."""
    files = [rows for _record, rows in rejected_rows(archive)]
    return {name for name in names if any(_has_words(rows, Words([name])).any() for rows in files)}


def _require_no_other_case(
    text: str,
    candidates: Collection[str],
    sources: Collection[str],
    archive: Archive,
    pseudonyms: Pseudonyms,
) -> None:
    """That none of the ids, which no row has as its customer, is that of one in another case."""
    own_ids = {each: own_id(each, sources) for each in candidates}
    others = {
        each.removesuffix(own) + written
        for each, own in own_ids.items()
        for written in (own.upper(), own.lower(), own.capitalize())
    }
    wanted = {pseudonyms.of(each, "customer"): each for each in others}
    customers = segment_rows(archive, _CUSTOMERS, {"customers": list(wanted)}, "customer_id")
    if customers:
        stated = sorted(wanted[each] for each in customers)
        raise InvalidRequest("customer.other_case", customer=text, others=stated)


_OF_CUSTOMER = "SELECT DISTINCT ticket_id FROM read_parquet($files) WHERE customer_id = $customer"
_CUSTOMERS = """
SELECT DISTINCT customer_id FROM read_parquet($files) WHERE customer_id IN (SELECT unnest($customers))
"""
