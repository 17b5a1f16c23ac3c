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

from etl.contract.events import PEOPLE, is_custom
from etl.contract.kinds import WAITED_FOR, Kind
from etl.contract.names import name_of, names_of
from etl.errors import KeyMismatch
from etl.messages import Message, os_reason
from etl.privacy.contact_details import has_contact_details

MEANT_VALUES = (Kind.ANSWERED, Kind.SEARCHED, Kind.WENT_BACK, Kind.MERGED)
"""Kinds whose `value` the contract gives a meaning; any other is free text, but for whom a pause waits."""

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
            digest = hmac.digest(self._key, f"{role}:{name}".encode(), "sha256").hex()[:24]
            pseudonym = self._pseudonyms[(role, person)] = f"{role[0]}-{digest}"
        return pseudonym

    def of_column(self, column: pl.Series, role: str) -> pl.Series:
        """The pseudonyms of a column of texts; null stays null."""
        people = column.drop_nulls().unique()
        if people.is_empty():
            return column.cast(pl.String)
        names = pl.Series([self.of(person, role) for person in people], dtype=pl.String)
        return column.replace_strict(people, names, return_dtype=pl.String)

    @property
    def salt(self) -> str:
        """What a hash of a whole row is keyed with, lest the people in it be found by trying."""
        return hmac.digest(self._key, b"rows", "sha256").hex()

    @property
    def fingerprint(self) -> str:
        """Tells one key from another without giving it away."""
        return hmac.digest(self._key, b"fingerprint", "sha256").hex()[:16]


def pseudonymised(events: pl.DataFrame, pseudonyms: Pseudonyms, *, keep_free_text: bool) -> pl.DataFrame:
    """Events with people replaced by pseudonyms, and free text dropped unless it is to be kept.

    A long answer, or one with contact details in it, is replaced by a pseudonym of the text, so that it can
    still be told whether an answer was changed; so is such a value of a custom column.
    """
    for name in PEOPLE:
        if name in events.columns:
            events = events.with_columns(_text(events[name]))
            role = name.removesuffix("_id")
            events = events.with_columns(pseudonyms.of_column(events[name], role).alias(name))
    if keep_free_text:
        return events
    for name in filter(is_custom, events.columns):
        events = events.with_columns(without_prose(_text(events[name]), pseudonyms))
    if "value" not in events.columns:
        return events
    events = events.with_columns(_text(events["value"]), _text(events["kind"]).alias("kind_text"))
    says_for_whom = (pl.col("kind_text") == Kind.PAUSED.value) & pl.col("value").is_in(WAITED_FOR)
    means_something = pl.col("kind_text").is_in([kind.value for kind in MEANT_VALUES]) | says_for_whom
    events = events.with_columns(value=without_prose(events["value"], pseudonyms))
    return events.with_columns(value=pl.when(means_something).then("value")).drop("kind_text")


def without_prose(
    texts: pl.Series, pseudonyms: Pseudonyms, *, longest: int = LONGEST_ANSWER, has_numbers: bool = False
) -> pl.Series:
    """Texts, those that are prose or tell how to reach somebody replaced by a pseudonym.

    `longest`: how many characters are no prose yet. `has_numbers`: whether they are instants, numbers or ids,
    which may look like a telephone number; addresses alone tell of somebody then.
    """
    contact = texts.str.contains(ADDRESS) if has_numbers else has_contact_details(texts)
    is_prose = (texts.str.len_chars() > longest) | contact
    prose = texts.set(~is_prose.fill_null(value=False), None)
    return pseudonyms.of_column(prose, "text").fill_null(texts).alias(texts.name)


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
