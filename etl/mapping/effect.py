"""What of a mapping has no effect: names that no row has, columns that no event takes, names misspelt."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Members
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from etl.contract.events import PEOPLE
from etl.contract.names import look_alike_keys, name_of
from etl.mapping.column_values import in_words, text_of
from etl.mapping.fit import idle_keys
from etl.mapping.mapping import OTHERS, Mapping
from etl.mapping.statements import toml_key
from etl.mapping.value_from import ValueFrom, columns_of
from etl.messages import Message
from etl.sources.table import OURS

MOST_NAMES = 10
_VALUES_OF_PEOPLE = {f"values.{name}" for name in PEOPLE}
_OF_A_COLUMN = re.compile(r"(event \d+\.)?(columns|constants)\.")


@dataclass(frozen=True)
class Effect:
    """Which of a mapping's names rows have.

    `matched`: the keys of those, as `activities.Closed`. `look_alikes`: such a key, and a text in the rows
    that is not listed and differs from its name in case, width or blanks only.
    """

    matched: frozenset[str] = frozenset()
    look_alikes: frozenset[tuple[str, str]] = frozenset()

    def __or__(self, other: Effect) -> Effect:
        return Effect(self.matched | other.matched, self.look_alikes | other.look_alikes)


@dataclass(frozen=True)
class _NamesOfColumn:
    """Names that a mapping expects in columns of the source, and `ours`: other texts that are right there."""

    prefix: str
    columns: Sequence[str | ValueFrom]
    names: Sequence[str]
    ours: Sequence[str] = ()

    def key(self, name: str) -> str:
        return f"{self.prefix}.{toml_key(name)}"


def effect_of(
    rows: pl.DataFrame, mapping: Mapping, sources: Iterable[Members[str, str | ValueFrom]]
) -> Effect:
    """Which names of a mapping the rows have; `sources`: the columns that its events are made of.

    Names of people are not looked at: what is said here is kept.
    """
    matched, look_alikes, texts = set[str](), set[tuple[str, str]](), dict[str, pl.Series]()

    def names_in(value: str | ValueFrom) -> pl.Series:
        column = columns_of(value)[0]
        if column not in texts:
            texts[column] = text_of(rows[column].unique()).unique()
        return in_words(texts[column], value)

    for group in _groups(mapping, sources):
        listed = dict(zip(look_alike_keys(pl.Series(group.names, dtype=pl.String)), group.names, strict=True))
        for names in map(names_in, group.columns):
            matched |= {group.key(name) for name in names.filter(names.is_in(group.names))}
            others = names.filter(~names.is_in([*group.names, *group.ours, ""]))
            keys = look_alike_keys(others)
            is_alike = keys.is_in(list(listed))
            look_alikes |= {
                (group.key(listed[key]), name)
                for key, name in zip(keys.filter(is_alike), others.filter(is_alike), strict=True)
            }
    return Effect(frozenset(matched), frozenset(look_alikes))


def _groups(mapping: Mapping, sources: Iterable[Members[str, str | ValueFrom]]) -> Iterator[_NamesOfColumn]:
    people = {theirs for ours, theirs in mapping.id_columns if ours in PEOPLE}
    for group in _all_groups(mapping, sources):
        columns = {columns_of(value)[0] for value in group.columns}
        if people.isdisjoint(columns) and group.prefix not in _VALUES_OF_PEOPLE:
            yield group


def _all_groups(
    mapping: Mapping, sources: Iterable[Members[str, str | ValueFrom]]
) -> Iterator[_NamesOfColumn]:
    if mapping.activity:
        yield _NamesOfColumn("activities", [mapping.activity], _plain_names(mapping.activities))
    elif mapping.activities:
        yield _NamesOfColumn("activities", [], _plain_names(mapping.activities))
    columns: dict[str, list[str | ValueFrom]] = defaultdict(list)
    for source in sources:
        for name in mapping.values.keys() & source.keys():
            if source[name] not in columns[name]:
                columns[name].append(source[name])
    for name, words in mapping.values.items():
        yield _NamesOfColumn(
            f"values.{toml_key(name)}", columns[name], _plain_names(words), [*words.values()]
        )
    for number, event in enumerate(mapping.event, start=1):
        for condition, wanted in (("when", event.when), ("unless", event.unless)):
            for column, texts in wanted.items():
                prefix = f"event {number}.{condition}.{toml_key(column)}"
                # A file in which every ticket has several rows has no `only`.
                names = [] if column.startswith(OURS) else _plain_names(texts)
                yield _NamesOfColumn(prefix, [column], names)


def _plain_names(names: Iterable[str]) -> list[str]:
    """The names that stand for themselves: not for all others, nor for an empty cell."""
    return [name for name in map(name_of, names) if name not in (OTHERS, "")]


def without_effect(mapping: Mapping, effect: Effect) -> list[str]:
    """The keys of a mapping that had no effect on the rows of a file, in its order."""
    sources = [mapping.columns, *(event.columns or {} for event in mapping.event)]
    keys = dict.fromkeys(group.key(name) for group in _groups(mapping, sources) for name in group.names)
    return [*idle_keys(mapping), *(key for key in keys if key not in effect.matched)]


def effect_remarks(keys: Sequence[str], file: str | Message) -> list[Message]:
    """Sentences about keys without effect: columns and constants, and names in the data."""
    idle = [key for key in keys if _OF_A_COLUMN.match(key)]
    names = [key for key in keys if key not in idle]
    codes = {"mapping.columns_unused": idle, "mapping.names_unmatched": names}
    return [
        Message(code, {"file": file, "keys": _keys(unused), "n": len(unused)})
        for code, unused in codes.items()
        if unused
    ]


def remarks_of_all(keys_of: Members[str, list[str]]) -> list[Message]:
    """What had no effect on any file, by its path; one file may have what another lacks."""
    keys = [key for key in next(iter(keys_of.values()), []) if all(key in each for each in keys_of.values())]
    names = [Path(path).name for path in list(keys_of)[:3]]
    return effect_remarks(keys, Message("names.plain", {"names": names}))


def _keys(keys: Sequence[str]) -> Message:
    if len(keys) <= MOST_NAMES:
        return Message("names.plain", {"names": list(keys)})
    return Message("names.plain_more", {"names": list(keys[:MOST_NAMES]), "n": len(keys) - MOST_NAMES})


def look_alike_remarks(look_alikes: Iterable[tuple[str, str]], file: str) -> list[Message]:
    """Sentences about texts that only look like a name of the mapping."""
    return [
        Message("mapping.look_alike", {"file": file, "text": text, "key": key})
        for key, text in sorted(look_alikes)[:MOST_NAMES]
    ]
