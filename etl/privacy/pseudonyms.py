"""Who it was, kept out: keyed pseudonyms for people, and no free text, before anything is written.

A plain hash of a customer number is undone by hashing all numbers; a keyed one needs the key, which lies in a
file of its own outside the warehouse.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

import polars as pl

from etl.contract.events import COLUMNS, PEOPLE, is_custom
from etl.contract.kinds import Kind
from etl.contract.names import name_of, names_of
from etl.errors import KeyMismatch
from etl.messages import Message, os_reason
from etl.privacy.text_rules import TextRules

MEANT_VALUES = (Kind.ANSWERED, Kind.SEARCHED, Kind.WENT_BACK, Kind.MERGED)
"""Kinds whose `value` the contract gives a meaning; any other value is free text."""

LONGEST_ANSWER = 80
"""Characters; a longer answer or search is prose about somebody, not a choice."""

ADDRESS = "@"
"""What an e-mail address has in it."""


class Pseudonyms:
    """Gives a person the same name every time, which nobody without the key can undo."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._pseudonyms: dict[tuple[str, str], str] = {}

    def of(self, person: str, role: str) -> str:
        """The pseudonym of a customer, an agent or a text: 96 bits of HMAC-SHA-256 in hex."""
        pseudonym = self._pseudonyms.get((role, person))
        if pseudonym is None:
            name = name_of(person)
            pseudonym = self._pseudonyms[(role, person)] = f"{role[0]}-{self._digest(name, role)}"
        return pseudonym

    def _digest(self, text: str, role: str) -> str:
        return hmac.digest(self._key, f"{role}:{text}".encode(), "sha256").hex()[:24]

    def of_column(self, column: pl.Series, role: str) -> pl.Series:
        """The pseudonyms of a column of texts; null stays null."""
        people = column.drop_nulls().unique()
        if people.is_empty():
            return column.cast(pl.String)
        names = pl.Series([self.of(person, role) for person in people], dtype=pl.String)
        return column.replace_strict(people, names, return_dtype=pl.String)

    def marks(self, texts: pl.Series, role: str) -> pl.Series:
        """What tells texts from one another without saying any, as `of_column` does; none is remembered."""
        marks = [None if text is None else f"{role[0]}-{self._digest(text, role)}" for text in texts]
        return pl.Series(texts.name, marks, dtype=pl.String)

    @property
    def salt(self) -> str:
        """What a hash of a whole row is keyed with, lest the people in it be found by trying."""
        return hmac.digest(self._key, b"rows", "sha256").hex()

    @property
    def fingerprint(self) -> str:
        """Tells one key from another without giving it away."""
        return hmac.digest(self._key, b"fingerprint", "sha256").hex()[:16]


def pseudonymised(events: pl.DataFrame, pseudonyms: Pseudonyms, rules: TextRules) -> pl.DataFrame:
    """Events with people replaced by pseudonyms, and free text dropped unless it is to be kept.

    A long answer, or any text with contact details in it, is replaced by a pseudonym of the text, so that it
    can still be told whether it was changed. The ticket that one is merged into is an id.
    """
    for name in PEOPLE:
        if name in events.columns:
            events = events.with_columns(_text(events[name]))
            role = name.removesuffix("_id")
            events = events.with_columns(pseudonyms.of_column(events[name], role).alias(name))
    if rules.keep_free_text:
        return events
    events = events.with_columns(
        without_contacts(events[name].cast(pl.String), pseudonyms, rules)
        for name in FREE_COLUMNS
        if name in events.columns
    )
    for name in filter(is_custom, events.columns):
        events = events.with_columns(without_prose(_text(events[name]), pseudonyms, rules))
    if "value" not in events.columns:
        return events
    events = events.with_columns(_text(events["value"]), _text(events["kind"]).alias("kind_text"))
    kind, meant = pl.col("kind_text"), [kind.value for kind in MEANT_VALUES if kind != Kind.MERGED]
    texts = without_prose(events["value"], pseudonyms, rules)
    tickets = without_addresses(events["value"], pseudonyms)
    value = pl.when(kind.is_in(meant)).then(texts).when(kind == Kind.MERGED.value).then(tickets)
    return events.with_columns(value=value).drop("kind_text")


FREE_COLUMNS = tuple(
    name
    for name, column in COLUMNS.items()
    if column.type == "text" and not name.endswith("_id") and name != "value"
)
"""Columns of the contract whose texts are names of a desk: of teams, reasons, steps."""


def without_prose(texts: pl.Series, pseudonyms: Pseudonyms, rules: TextRules) -> pl.Series:
    """Texts, those that are prose or tell how to reach somebody replaced by a pseudonym."""
    is_prose = (texts.str.len_chars() > LONGEST_ANSWER) & ~texts.is_in(list(rules.names))
    return without_contacts(_as_pseudonyms(texts, is_prose, pseudonyms), pseudonyms, rules)


def without_contacts(texts: pl.Series, pseudonyms: Pseudonyms, rules: TextRules) -> pl.Series:
    """Texts, those that tell how to reach somebody replaced by a pseudonym; names that are stated stay."""
    contacts = rules.contacts.texts_with(texts)
    contacts = contacts.filter(~names_of(contacts).is_in(list(rules.names)))
    if contacts.is_empty():
        return texts
    return texts.replace(contacts, pseudonyms.of_column(contacts, "text"))


def without_addresses(ids: pl.Series, pseudonyms: Pseudonyms) -> pl.Series:
    """Ids, those that are prose or an e-mail address replaced by a pseudonym; ids may look like a number."""
    are_texts = ids.str.contains(ADDRESS) | (ids.str.len_chars() > LONGEST_ANSWER)
    return _as_pseudonyms(ids, are_texts, pseudonyms)


def _as_pseudonyms(texts: pl.Series, are_to_be: pl.Series, pseudonyms: Pseudonyms) -> pl.Series:
    replaced = texts.filter(are_to_be.fill_null(value=False)).unique()
    return texts.replace(replaced, pseudonyms.of_column(replaced, "text")) if len(replaced) else texts


def _text(column: pl.Series) -> pl.Series:
    names = names_of(column.cast(pl.String))
    return (
        names.to_frame("name")
        .select(pl.when(pl.col("name") != "").then("name").alias(column.name))
        .to_series()
    )


def read_key(path: Path, *, archive_fingerprint: str | None) -> Pseudonyms:
    """The key in a file, which is made with mode 600 where nothing was ever loaded with another.

    Raises:
        KeyMismatch: the archive was written with a key that is not in the file.
    """
    if path.exists():
        pseudonyms = Pseudonyms(_decoded(path))
        if archive_fingerprint not in {None, pseudonyms.fingerprint}:
            raise KeyMismatch("key.another", path=path, loss=Message("key.loss"))
        return pseudonyms
    if archive_fingerprint is not None:
        raise KeyMismatch("key.not_there", path=path, loss=Message("key.loss"))
    path.parent.mkdir(parents=True, exist_ok=True)
    key = secrets.token_bytes(32)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(key.hex() + "\n")
    return Pseudonyms(key)


def _decoded(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text().strip())
    except (ValueError, UnicodeDecodeError) as error:
        raise KeyMismatch("key.no_key", path=path) from error
    except OSError as error:
        raise KeyMismatch("key.not_readable", path=path, reason=os_reason(error)) from error
    if len(key) < hashlib.sha256().digest_size:
        raise KeyMismatch("key.too_short", path=path)
    return key


def key_path(warehouse: Path) -> Path:
    """Where the key of a warehouse lies unless named otherwise: beside its folder, not in it."""
    return warehouse.with_name(f"{warehouse.name}.key")
