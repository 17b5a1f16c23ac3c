"""Who was erased, so that they stay so: keyed hashes of customers and tickets, in a list beside the database.

The key is derived from that of the pseudonyms for this list alone: nobody can tell from it whose pseudonym an
entry was. Which other tickets are a customer's the list learns from the rows that come.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict

from etl.contract.sources import ids_of_word
from etl.errors import KeyMismatch, WarehouseDamaged
from etl.privacy.pseudonyms import Pseudonyms
from etl.store.whole_files import write_whole

ERASED = "erased.json"
FOR_GOOD = datetime(9999, 12, 31, tzinfo=UTC)
Kind = Literal["customer", "ticket", "mention"]
"""A mention is the id of either, written in whatever case."""
Instants = dict[str, datetime]
"""By the hash of an id, the last instant of which no row is taken."""
INSTANT = pl.Datetime("us", "UTC")
_REMEMBERED = 2**16  # ids whose hashes are not made again for the next batch


class ErasedList(BaseModel):
    """What the file holds. `key_fingerprint`: of the key that the hashes are made with.

    `mentions`: all ids but those that the list has learnt, whatever their case, and how many characters these
    have (`lengths`), so that most words of a file need no hash. Earlier versions kept neither.
    """

    model_config = ConfigDict(frozen=True)

    key_fingerprint: str
    customers: Instants = {}
    tickets: Instants = {}
    mentions: Instants = {}
    lengths: frozenset[int] = frozenset()

    def of_kind(self, kind: Kind) -> Instants:
        """The entries of one kind."""
        return {"customer": self.customers, "ticket": self.tickets, "mention": self.mentions}[kind]

    def merged(self, other: ErasedList | None) -> ErasedList:
        """This list with the entries of another one of the same key; of two instants the later holds."""
        if other is None:
            return self
        return self.model_copy(
            update={
                "customers": _later(self.customers, other.customers),
                "tickets": _later(self.tickets, other.tickets),
                "mentions": _later(self.mentions, other.mentions),
                "lengths": self.lengths | other.lengths,
            }
        )

    def renewed(self, pseudonyms: Pseudonyms) -> ErasedList:
        """This list by the last key of pseudonyms, which have one key more than it."""
        renew = pseudonyms.renewed_erased
        return ErasedList(
            key_fingerprint=pseudonyms.fingerprint,
            customers={renew(each, "customer"): at for each, at in self.customers.items()},
            tickets={renew(each, "ticket"): at for each, at in self.tickets.items()},
            mentions={renew(each, "mention"): at for each, at in self.mentions.items()},
            lengths=self.lengths,
        )


def _later(one: Instants, other: Instants) -> Instants:
    every = sorted([*one.items(), *other.items()], key=lambda entry: entry[1])
    return dict(sorted(dict(every).items()))


class ErasedIds:
    """The list of a warehouse, to hold ids against.

    Raises:
        WarehouseDamaged: it cannot be read.
        KeyMismatch: it was made with another key.
    """

    def __init__(self, directory: Path, pseudonyms: Pseudonyms) -> None:
        self._directory, self._pseudonyms = directory, pseudonyms
        empty = ErasedList(key_fingerprint=pseudonyms.fingerprint)
        self._entries = read_of_keys(directory, pseudonyms) or empty
        self._hash_of = lru_cache(_REMEMBERED)(pseudonyms.of_erased)
        for_good = sum(at == FOR_GOOD for at in self._entries.tickets.values())
        self._has_older_entries = len(self._entries.mentions) < len(self._entries.customers) + for_good

    def __bool__(self) -> bool:
        return bool(self._entries.customers or self._entries.tickets)

    def last_instants(self, names: pl.Series, kind: Kind) -> pl.Series:
        """Up to which instant nothing is taken of each of the ids; null where it is on no list."""
        entries = self._entries.of_kind(kind)
        ids = names.drop_nulls().unique().to_list() if entries else []
        instants = {each: entries.get(self._hash(each, kind)) for each in ids}
        matches = {each: instant for each, instant in instants.items() if instant is not None}
        if not matches:
            return pl.Series([None] * len(names), dtype=INSTANT)
        return names.replace_strict(
            pl.Series(list(matches), dtype=pl.String),
            pl.Series(list(matches.values()), dtype=INSTANT),
            default=None,
            return_dtype=INSTANT,
        )

    def customers_among(self, ids: Collection[str]) -> set[str]:
        """Those of the ids that are customers on the list."""
        return {each for each in ids if self._has(each, "customer")}

    def among(self, words: Collection[str], source: str | None) -> set[str]:
        """Those of the words that are the id of anybody or anything on the list."""
        every: tuple[Kind, ...] = ("customer", "ticket", "mention")
        return {
            word
            for word in words
            if any(self._has(each, kind) for each in ids_of_word(word, source) for kind in every)
        }

    def mentioned(self, words: Collection[str], source: str | None) -> set[str]:
        """Those of the words that stand for somebody or something erased.

        Not tickets that the list has learnt: what comes of them later is taken.
        """
        return {word for word in words if any(map(self._is_gone, ids_of_word(word, source)))}

    def _is_gone(self, name: str) -> bool:
        if self._has(name, "mention"):
            return True
        if not self._has_older_entries:
            return False
        return self._has(name, "customer") or (
            self._entries.tickets.get(self._hash(name, "ticket")) == FOR_GOOD
        )

    def _has(self, name: str, kind: Kind) -> bool:
        entries = self._entries.of_kind(kind)
        if not entries or (kind == "mention" and len(name.casefold()) not in self._entries.lengths):
            return False
        return self._hash(name, kind) in entries

    def _hash(self, name: str, kind: Kind) -> str:
        return self._hash_of(name.casefold() if kind == "mention" else name, kind)

    def renewed(self, pseudonyms: Pseudonyms) -> ErasedList | None:
        """The list by the last key of pseudonyms that have one key more; None where there is none."""
        if not (self._directory / ERASED).exists():
            return None
        return self._entries.renewed(pseudonyms)

    def learn(self, tickets: pl.DataFrame) -> None:
        """Put tickets of erased customers onto the list: `ticket_id`, and the `last` instant of each."""
        if tickets.is_empty():
            return
        new = entries_for(self._pseudonyms, {}, dict(tickets.select("ticket_id", "last").iter_rows()))
        add_erased(self._directory, new)
        self._entries = new.merged(self._entries)


def entries_for(pseudonyms: Pseudonyms, customers: Instants, tickets: Instants) -> ErasedList:
    """A list of ids as rows have them, each with the last instant of which nothing is taken."""
    for_good = {each: at for each, at in tickets.items() if at == FOR_GOOD}
    mentions = {each.casefold(): at for each, at in (customers | for_good).items()}
    return ErasedList(
        key_fingerprint=pseudonyms.fingerprint,
        customers={pseudonyms.of_erased(each, "customer"): at for each, at in customers.items()},
        tickets={pseudonyms.of_erased(each, "ticket"): at for each, at in tickets.items()},
        mentions={pseudonyms.of_erased(each, "mention"): at for each, at in mentions.items()},
        lengths=frozenset(map(len, mentions)),
    )


def read_erased(directory: Path) -> ErasedList | None:
    """The list of a warehouse; None where nobody was erased.

    Raises:
        WarehouseDamaged: it cannot be read.
    """
    file = directory / ERASED
    try:
        return ErasedList.model_validate_json(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError as error:
        raise WarehouseDamaged("erased.damaged", path=file) from error


def read_of_keys(directory: Path, pseudonyms: Pseudonyms) -> ErasedList | None:
    """The list of a warehouse by the last key, also where it was made with an earlier one, as of a backup.

    Raises:
        WarehouseDamaged: it cannot be read.
        KeyMismatch: it was made with none of the keys.
    """
    entries = read_erased(directory)
    if entries is None:
        return None
    later = pseudonyms.since(entries.key_fingerprint)
    if later is None:
        raise KeyMismatch("erased.other_key", path=directory / ERASED)
    for each in later:
        entries = entries.renewed(each)
    return entries


def bring_to_last_key(directory: Path, pseudonyms: Pseudonyms) -> None:
    """Bring the list to the last key before anything is added to it; whoever calls this has the lock.

    Raises:
        WarehouseDamaged, KeyMismatch: as `read_of_keys`.
    """
    entries = read_of_keys(directory, pseudonyms)
    if entries and entries != read_erased(directory):
        write_erased(directory, entries)


def add_erased(directory: Path, new: ErasedList) -> None:
    """Put entries onto the list; whoever calls this has the lock.

    Raises:
        WarehouseDamaged: the list cannot be read.
        KeyMismatch: it was made with another key than the entries.
    """
    present = _read_of_key(directory, new.key_fingerprint)
    entries = new.merged(present)
    if entries != present:
        write_erased(directory, entries)


def write_erased(directory: Path, entries: ErasedList) -> None:
    """Put this list in the place of what is there."""
    write_whole(directory / ERASED, entries.model_dump_json(indent=1).encode())


def _read_of_key(directory: Path, fingerprint: str) -> ErasedList | None:
    entries = read_erased(directory)
    if entries and entries.key_fingerprint != fingerprint:
        raise KeyMismatch("erased.other_key", path=directory / ERASED)
    return entries
