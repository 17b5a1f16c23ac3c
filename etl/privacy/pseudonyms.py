"""Who it was, kept out: keyed pseudonyms for people, and no free text, before anything is written.

A plain hash of a customer number is undone by hashing all numbers; a keyed one needs the key, which lies in a
file of its own outside the warehouse.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator

import polars as pl

from etl.contract.events import COLUMNS, PEOPLE, is_custom
from etl.contract.kinds import WAITED_FOR, Kind
from etl.contract.names import name_of, names_of
from etl.privacy.text_rules import TextRules

MEANT_VALUES = (Kind.ANSWERED, Kind.SEARCHED, Kind.WENT_BACK, Kind.MERGED)
"""Kinds whose `value` the contract gives a meaning; any other is free text, but for whom a pause waits."""

LONGEST_ANSWER = 80
"""Characters; a longer answer or search is prose about somebody, not a choice."""

ADDRESS = "@"
"""What an e-mail address has in it."""


ROLES = {"a": "agent", "c": "customer", "p": "path", "r": "row", "t": "text"}
PSEUDONYM = re.compile(rf"(?<![\w-])([{''.join(ROLES)}])-[0-9a-f]{{24}}(?![\w-])")
EVENT = re.compile(r"[0-9a-f]{32}")
"""The id of an event that was made from what it says; one of a source that looks alike is renewed, too."""


class Pseudonyms:
    """Gives a person the same name every time, which nobody without the keys can undo.

    `keys`: the first one, and those that took its place, in order. Each makes a pseudonym of what the one
    before it made. So what is stored can be given a new key, and what comes later gets the same pseudonyms.
    """

    def __init__(self, *keys: bytes) -> None:
        self._keys = keys
        self._erased_keys = [hmac.digest(key, b"erased", "sha256") for key in keys]
        self._pseudonyms: dict[tuple[str, str], str] = {}

    def of(self, person: str, role: str) -> str:
        """The pseudonym of a customer, an agent or a text: 96 bits of HMAC-SHA-256 in hex."""
        pseudonym = self._pseudonyms.get((role, person))
        if pseudonym is None:
            pseudonym = self._pseudonyms[(role, person)] = self._mark(name_of(person), role)
        return pseudonym

    def of_erased(self, own_id: str, kind: str) -> str:
        """What stands for an erased customer or ticket, by a key derived for that alone: 128 bits in hex."""
        erased = name_of(own_id)
        for key in self._erased_keys:
            erased = _erased(key, erased, kind)
        return erased

    def of_events(self, ids: pl.Series) -> pl.Series:
        """The ids of events, those that the first key made renewed by those that took its place."""
        for key in self._keys[1:]:
            ids = _renewed_events(key, ids)
        return ids

    def renewed(self, text: str) -> str:
        """A text whose pseudonyms are of the keys before the last one, with those of the last one."""
        key = self._keys[-1]
        return PSEUDONYM.sub(lambda match: _pseudonym(key, match[0], ROLES[match[1]]), text)

    def renewed_events(self, ids: pl.Series) -> pl.Series:
        """Ids of events of the keys before the last one, by the last one."""
        return _renewed_events(self._keys[-1], ids)

    def renewed_erased(self, erased: str, kind: str) -> str:
        """What stands for who was erased, by the last key."""
        return _erased(self._erased_keys[-1], erased, kind)

    def since(self, fingerprint: str) -> tuple[Pseudonyms, ...] | None:
        """These pseudonyms as they were with each key that followed one; None where it is none of theirs."""
        stages = [Pseudonyms(*self._keys[: n + 1]) for n in range(len(self._keys))]
        places = [n for n, stage in enumerate(stages) if stage.fingerprint == fingerprint]
        return tuple(stages[places[-1] + 1 :]) if places else None

    def of_each_time(self) -> Iterator[Pseudonyms]:
        """These, and as they were with fewer keys: receipts of then are of those."""
        return (Pseudonyms(*self._keys[:n]) for n in range(len(self._keys), 0, -1))

    def with_key(self, key: bytes) -> Pseudonyms:
        """Pseudonyms with one key more."""
        return Pseudonyms(*self._keys, key)

    @property
    def first(self) -> Pseudonyms:
        """The pseudonyms of the first key, from which the ids of events are made."""
        return Pseudonyms(self._keys[0])

    @property
    def is_renewed(self) -> bool:
        """Whether another key took the place of the first one."""
        return len(self._keys) > 1

    @property
    def key_lines(self) -> bytes:
        """What the file of the keys holds."""
        return "".join(f"{key.hex()}\n" for key in self._keys).encode()

    def of_column(self, column: pl.Series, role: str) -> pl.Series:
        """The pseudonyms of a column of texts; null stays null."""
        people = column.drop_nulls().unique()
        if people.is_empty():
            return column.cast(pl.String)
        names = pl.Series([self.of(person, role) for person in people], dtype=pl.String)
        return column.replace_strict(people, names, return_dtype=pl.String)

    def marks(self, texts: pl.Series, role: str) -> pl.Series:
        """What tells texts from one another without saying any, as `of_column` does; none is remembered."""
        marks = [None if text is None else self._mark(text, role) for text in texts]
        return pl.Series(texts.name, marks, dtype=pl.String)

    def _mark(self, text: str, role: str) -> str:
        for key in self._keys:
            text = _pseudonym(key, text, role)
        return text

    @property
    def salt(self) -> str:
        """What a hash of a whole row is keyed with, lest the people in it be found by trying."""
        return hmac.digest(self._keys[0], b"rows", "sha256").hex()

    @property
    def fingerprint(self) -> str:
        """Tells one key from another without giving it away."""
        return hmac.digest(self._keys[-1], b"fingerprint", "sha256").hex()[:16]


def _pseudonym(key: bytes, name: str, role: str) -> str:
    return f"{role[0]}-{hmac.digest(key, f'{role}:{name}'.encode(), 'sha256').hex()[:24]}"


def _erased(key: bytes, name: str, kind: str) -> str:
    return hmac.digest(key, f"{kind}:{name}".encode(), "sha256").hex()[:32]


def _renewed_events(key: bytes, ids: pl.Series) -> pl.Series:
    return pl.Series(
        ids.name,
        [
            hmac.digest(key, f"event:{each}".encode(), "sha256").hex()[:32] if EVENT.fullmatch(each) else each
            for each in ids
        ],
        dtype=pl.String,
    )


def pseudonymised(events: pl.DataFrame, pseudonyms: Pseudonyms, rules: TextRules) -> pl.DataFrame:
    """Events with people replaced by pseudonyms, and free text dropped unless it is to be kept.

    A long answer, or any text with contact details in it, is replaced by a pseudonym of the text, so that it
    can still be told whether it was changed. The ticket that one is merged into is an id.
    """
    for name in PEOPLE:
        if name in events.columns:
            events = events.with_columns(person_column(events[name], pseudonyms))
    if rules.keep_free_text:
        return events
    events = events.with_columns(
        without_contacts(_text(events[name]), pseudonyms, rules)
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
    says_for_whom = (kind == Kind.PAUSED.value) & pl.col("value").is_in(WAITED_FOR)
    return events.with_columns(value=value.when(says_for_whom).then("value")).drop("kind_text")


def person_column(people: pl.Series, pseudonyms: Pseudonyms) -> pl.Series:
    """The pseudonyms of a column of customers or agents, as a source has them."""
    return pseudonyms.of_column(_text(people), people.name.removesuffix("_id")).alias(people.name)


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
