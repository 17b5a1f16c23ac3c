"""Several systems in one warehouse: the name of one, and the ids of its rows, which say it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

import polars as pl

from etl.contract.kinds import Kind
from etl.contract.names import name_of, names_of

SOURCE_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}"
"""No colon: the first one in an id parts the name of its source from the id that the source gave."""
SEPARATOR = ":"
ID_COLUMNS = ("event_id", "ticket_id", "run_id", "customer_id", "agent_id")


def is_source_name(text: str) -> bool:
    """Whether a source may be called so."""
    return re.fullmatch(SOURCE_NAME, text) is not None


def id_in_source(own: str, source: str | None) -> str:
    """The id that a source gave, as the warehouse has it."""
    return own if source is None else f"{source}{SEPARATOR}{own}"


def ids_of_word(word: str, source: str | None) -> tuple[str, ...]:
    """The ids that a word may be in rows of a source: one of that source, or one that says its source."""
    own = id_in_source(word, source)
    return (own, word) if SEPARATOR in word and own != word else (own,)


def candidate_ids(text: str, sources: Iterable[str]) -> list[str]:
    """The ids that a user may mean: this one, or the same of a source; `:id` is the one without a source."""
    text, names = name_of(text), list(sources)
    if text.startswith(SEPARATOR):
        return [name_of(text.removeprefix(SEPARATOR))]
    source, separator, own = text.partition(SEPARATOR)
    if separator and name_of(source) in names:
        text = id_in_source(name_of(own), name_of(source))
    return [text, *(id_in_source(text, name) for name in names)]


def own_id(text: str, sources: Collection[str]) -> str:
    """The id as its source has it."""
    source, separator, rest = text.partition(SEPARATOR)
    return rest if separator and source in sources else text


def stated_id(text: str, sources: Collection[str]) -> str:
    """The id as a user names it beyond doubt."""
    return f"{SEPARATOR}{text}" if own_id(text, sources) == text else text


def prefixes_of_ids(events: pl.DataFrame) -> set[str]:
    """What stands before the first colon of ids, and of tickets merged into, where it could name a source."""
    columns = [name for name in (*ID_COLUMNS, "value") if name in events.columns]
    prefixes = set[str]()
    for name in columns:
        texts = events[name]
        if name == "value":
            texts = texts.filter(names_of(events["kind"].cast(pl.String)) == Kind.MERGED.value)
        before = names_of(texts.cast(pl.String)).str.extract(rf"^({SOURCE_NAME}){SEPARATOR}")
        prefixes.update(before.drop_nulls().unique())
    return prefixes


def with_ids_of(events: pl.DataFrame, source: str | None) -> pl.DataFrame:
    """Unchecked events whose ids, and tickets merged into, say of which source they are."""
    if source is None:
        return events
    ids = [name for name in ID_COLUMNS if name in events.columns]
    events = events.with_columns(_in_source(events[name], source) for name in ids)
    if "value" not in events.columns:
        return events
    is_merged = names_of(events["kind"].cast(pl.String)) == Kind.MERGED.value
    merged_into = _in_source(events["value"], source)
    return events.with_columns(pl.when(is_merged).then(merged_into).otherwise("value").alias("value"))


def _in_source(ids: pl.Series, source: str) -> pl.Series:
    names = names_of(ids.cast(pl.String))
    return (f"{source}{SEPARATOR}" + names).set(names == "", None).alias(ids.name)
