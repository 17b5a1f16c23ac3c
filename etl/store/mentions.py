"""Ids of people who are erased, in tickets of others: as an answer, an attribute, or by a shifted cell.

Such a cell becomes a pseudonym of its text, at an erasure and whenever a file brings it again. Both look for
the same words, so a file that is loaded again says the same. People write an id in any case, so case does not
count. The ids of events are of the texts of before. Names that somebody stated, as in a definition, stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Protocol

import polars as pl

from etl.contract.events import is_custom
from etl.contract.kinds import Kind
from etl.contract.names import folded, names_of
from etl.contract.sources import SEPARATOR, ids_of_word
from etl.privacy.pseudonyms import Pseudonyms
from etl.store.archive import Archive, LoadRecord
from etl.store.attributes import attributes_of
from etl.store.event_ids import events_with_ids

FEWEST_CHARACTERS = 4
"""A shorter word is no mention: 12 is a number of many things."""
NAMES = ("team", "channel", "reason", "priority", "workflow", "version", "step", "run_id")
"""Names of a desk and of runs: where cells are shifted, an id of somebody is the whole cell there."""
FEWEST_OF_A_NAME = 6
"""A shorter name may be an id as well: 2026 is a version, and 1001 a step, whoever has that number."""

MENTIONS = pl.Schema(
    {
        "load_id": pl.Int64(),
        "position": pl.Int64(),
        **dict.fromkeys(("event_id", "column", "ids"), pl.String()),
    }
)
"""One row per cell of an archived event that mentions somebody; `ids`: which ones, with commas between."""

_VALUE_OF_STEP = "value of a step"
"""Where `value` stands of the events by which a run goes back: it is the name of a step."""
_FIELD_ENDS, _WORD_ENDS = re.compile(r"[,;|\t\n]+"), re.compile(r"\s+")
_ENDS_BUT_IN_ADDRESSES, _ALL_ENDS = re.compile(r"[^\w.@:/-]+"), re.compile(r"[^\w-]+")
_BARE_WORDS = re.compile(r"[\w -]*")
_PUNCTUATION = " .,:;!?/\"'()[]{}<>=#*"


class Ids(Protocol):
    """Whose mentions are looked for."""

    def mentioned(self, words: Collection[str], source: str | None) -> set[str]:
        """Those of the words that stand for one of them in rows of a source."""


@dataclass(frozen=True)
class PlainIds:
    """Ids as rows have them, with their source."""

    ids: frozenset[str]

    @cached_property
    def _by_folded(self) -> dict[str, str]:
        return {each.casefold(): each for each in sorted(self.ids)}

    def ids_of(self, word: str, source: str | None) -> set[str]:
        """The ids that a word stands for in rows of a source."""
        names = (each.casefold() for each in ids_of_word(word, source))
        return {self._by_folded[name] for name in names if name in self._by_folded}

    def mentioned(self, words: Collection[str], source: str | None) -> set[str]:
        """Those of the words that stand for one of the ids in rows of a source."""
        return {word for word in words if self.ids_of(word, source)}

    def possible(self, texts: pl.Series, *, as_json: bool = False) -> pl.Series:
        """The texts without most of those that mention none: to look for words in all takes long."""
        parts = {part for each in self._by_folded for part in (each, each.partition(SEPARATOR)[2]) if part}
        written = [json.dumps(part, ensure_ascii=False)[1:-1] if as_json else part for part in sorted(parts)]
        return texts.filter(folded(texts).str.contains_any(written).fill_null(value=False))


def words_of(text: str) -> set[str]:
    """All that could be an id in a cell: the cell, its fields, and its words with what joins them."""
    if _BARE_WORDS.fullmatch(text):  # as most texts are
        words = {text, text.strip(), *text.split(" ")}
    else:
        splits = (each.split(text) for each in (_FIELD_ENDS, _WORD_ENDS, _ENDS_BUT_IN_ADDRESSES, _ALL_ENDS))
        words = {text, *(word.strip(_PUNCTUATION) for word in chain.from_iterable(splits))}
        words |= {word[:-2] for word in words if word.endswith(".0") and word[:-2].isdigit()}
    return {word for word in words if len(word) >= FEWEST_CHARACTERS}


def _words_of_names(stated: Set[str]) -> Callable[[str], set[str]]:
    """What of a name could be an id: all of it, unless it is stated somewhere."""

    def words_of_name(text: str) -> set[str]:
        return {text} if len(text) >= FEWEST_OF_A_NAME and text not in stated else set()

    return words_of_name


def _with_values_apart(events: pl.DataFrame) -> pl.DataFrame:
    """Events with the `value` of a step in a column of its own, and none where it is the id of a ticket."""
    kind, value = pl.col("kind").str.strip_chars(), pl.col("value")
    return events.with_columns(
        pl.when(kind == Kind.WENT_BACK).then(value).alias(_VALUE_OF_STEP),
        pl.when(~kind.is_in([Kind.WENT_BACK, Kind.MERGED]) | kind.is_null()).then(value).alias("value"),
    )


def _with_values_together(events: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    value = pl.coalesce(_VALUE_OF_STEP, "value", pl.lit(before["value"]))
    return events.with_columns(value.alias("value")).drop(_VALUE_OF_STEP)


def texts_with_mentions(
    texts: pl.Series, ids: Ids, source: str | None, words_of: Callable[[str], set[str]] = words_of
) -> pl.Series:
    """The distinct texts of a column that mention somebody; `words_of`: what of a text could be an id."""
    words = {text: words_of(text) for text in texts.drop_nulls().unique().to_list()}
    hits = ids.mentioned(set(chain.from_iterable(words.values())), source)
    return pl.Series([text for text, each in words.items() if not hits.isdisjoint(each)], dtype=pl.String)


def hide_mentions(
    events: pl.DataFrame, ids: Ids, source: str | None, pseudonyms: Pseudonyms, stated: Set[str]
) -> pl.DataFrame:
    """Unchecked events, a pseudonym in place of each value, attribute and name that mentions somebody.

    Names that are `stated` stay. So does the ticket that another one is merged into.
    """
    before, has_value = events, {"kind", "value"} <= {*events.columns}
    events = _with_values_apart(events) if has_value else events
    words_of_name = _words_of_names(stated)
    for name in ("value", _VALUE_OF_STEP, *NAMES, *filter(is_custom, events.columns)):
        if name in events.columns:
            words = words_of_name if name in (_VALUE_OF_STEP, *NAMES) else words_of
            events = events.with_columns(hidden_in(events[name], ids, source, pseudonyms, words))
    return _with_values_together(events, before) if has_value else events


def hidden_in(
    column: pl.Series,
    ids: Ids,
    source: str | None,
    pseudonyms: Pseudonyms,
    words_of: Callable[[str], set[str]] = words_of,
) -> pl.Series:
    """A column of an unchecked table, a pseudonym in place of each cell that mentions somebody."""
    texts = names_of(column.cast(pl.String))
    hits = texts_with_mentions(texts, ids, source, words_of)
    return texts.replace(hits, pseudonyms.of_column(hits, "text")) if len(hits) else column


def mentions_in(
    record: LoadRecord, archive: Archive, ids: PlainIds, tickets: Collection[str], stated: Set[str]
) -> pl.DataFrame:
    """The mentions in what a load brought (`MENTIONS`), but for those in some tickets and `stated` names."""
    frames = [pl.DataFrame(schema=MENTIONS)]
    for name in record.segments:
        events = _with_values_apart(pl.read_parquet(archive.segment(name)))
        cells = _cells_with_mentions(events, ids, record.source, stated)
        if cells.is_empty():
            continue
        others = events.filter(~pl.col("ticket_id").is_in(sorted(tickets)))
        for column in cells["stored_in"].unique().sort():
            of_column = cells.filter(pl.col("stored_in") == column)
            matches = others.join(of_column, left_on=column, right_on="text", how="inner")
            place = matches.with_columns(
                load_id=pl.lit(record.load_id, pl.Int64), position=pl.col("position").cast(pl.Int64)
            )
            frames.append(place.select(*MENTIONS))
    return pl.concat(frames).sort("position", "column")


def without_mentions(
    record: LoadRecord, archive: Archive, ids: PlainIds, pseudonyms: Pseudonyms, stated: Set[str]
) -> tuple[LoadRecord, pl.DataFrame]:
    """The record with files that mention nobody of them, and the cells that did; `stated` names stay."""
    mentions = mentions_in(record, archive, ids, (), stated)
    if mentions.is_empty():
        return record, mentions
    segments: list[str] = []
    for name in record.segments:
        # An earlier version made ids of what rows say now, so these get them before anything is replaced.
        events = events_with_ids(archive.segment(name), record, pseudonyms.salt)
        segments += archive.write_segment(_hidden(events, ids, record.source, pseudonyms, stated))
    is_plain = record.is_plain and record.named_by == "event"
    return record.model_copy(
        update={"segments": segments, "named_by": "event", "is_plain": is_plain}
    ), mentions


def _cells_with_mentions(
    events: pl.DataFrame, ids: PlainIds, source: str | None, stated: Set[str]
) -> pl.DataFrame:
    """Stored texts with mentions: the column that a text is `stored_in`, `text`, and as `MENTIONS` has it."""
    words_of_name = _words_of_names(stated)

    def ids_in(words: set[str]) -> str:
        return ", ".join(sorted(set[str]().union(*(ids.ids_of(word, source) for word in words))))

    values = ids.possible(events["value"].unique())
    cells = [
        ("value", text, "value", ids_in(words_of(text))) for text in texts_with_mentions(values, ids, source)
    ]
    for name in (_VALUE_OF_STEP, *NAMES):
        texts = ids.possible(events[name].unique())
        cells += [
            (name, text, "value" if name == _VALUE_OF_STEP else name, ids_in(words_of_name(text)))
            for text in texts_with_mentions(texts, ids, source, words_of_name)
        ]
    if "custom" in events.columns:
        customs = ids.possible(events["custom"].unique(), as_json=True)
        attributes = [(text, *member) for text in customs for member in json.loads(text).items()]
        texts = pl.Series([cell for _text, _name, cell in attributes], dtype=pl.String)
        hits = set(texts_with_mentions(texts, ids, source))
        cells += [
            ("custom", text, name, ids_in(words_of(cell))) for text, name, cell in attributes if cell in hits
        ]
    columns = ("stored_in", "text", "column", "ids")
    return pl.DataFrame(cells, schema=dict.fromkeys(columns, pl.String), orient="row")


def _hidden(
    before: pl.DataFrame, ids: PlainIds, source: str | None, pseudonyms: Pseudonyms, stated: Set[str]
) -> pl.DataFrame:
    events = _with_values_apart(before)
    cells = _cells_with_mentions(events, ids, source, stated)
    for name in ("value", _VALUE_OF_STEP, *NAMES):
        texts = cells.filter(pl.col("stored_in") == name)["text"]
        if len(texts):
            events = events.with_columns(events[name].replace(texts, pseudonyms.of_column(texts, "text")))
    customs = cells.filter(pl.col("stored_in") == "custom")["text"].unique()
    if len(customs):
        written = pl.Series(_rewritten(customs, ids, source, pseudonyms), dtype=pl.String)
        events = events.with_columns(events["custom"].replace(customs, written))
    return _with_values_together(events, before)


def _rewritten(
    customs: pl.Series, ids: PlainIds, source: str | None, pseudonyms: Pseudonyms
) -> Iterator[str]:
    for text in customs:
        members = pl.DataFrame([json.loads(text)])
        yield attributes_of(hide_mentions(members, ids, source, pseudonyms, frozenset()))[0]
