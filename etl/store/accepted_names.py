"""What the accepted rows of a file have: names that say nothing new in its rejected rows, and ids that do."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import polars as pl

from etl.contract.events import is_custom
from etl.contract.kinds import Kind
from etl.contract.names import names_of
from etl.contract.numbers import texts_of
from etl.contract.sources import with_ids_of
from etl.privacy.pseudonyms import Pseudonyms
from etl.store.mentions import FEWEST_CHARACTERS


def accepted_names(ours: str, names: pl.Series, parts: Sequence[Path]) -> pl.Series:
    """Those of the names that accepted events have in a column of ours; a ticket merged into is an id."""
    if names.is_empty() or not parts:
        return pl.Series([], dtype=pl.String)
    column = pl.col("custom").str.json_path_match(f"$.{ours}") if is_custom(ours) else pl.col(ours)
    events = pl.scan_parquet([*parts]).filter(pl.col("kind") != Kind.MERGED.value)
    matches = events.select(column.alias("name")).filter(pl.col("name").is_in(names.implode()))
    return matches.unique().collect()["name"]


def are_ids(
    names: pl.Series,
    source: str | None,
    parts: Sequence[Path],
    people: Collection[str],
    pseudonyms: Pseudonyms,
) -> pl.Series:
    """Which of the names are the id of a ticket, a customer or an agent in the same file.

    `people`: the pseudonyms of those in rejected rows, and the ids of their tickets.
    A short name is none: 12 is a number of many things.
    """
    is_id = pl.repeat(value=False, n=len(names), eager=True)
    if names.is_empty():
        return is_id
    ids, events = ids_of_people(names, source), pl.scan_parquet([*parts])
    for column, texts in (
        ("ticket_id", ids),
        ("customer_id", pseudonyms.of_column(ids, "customer")),
        ("agent_id", pseudonyms.of_column(ids, "agent")),
    ):
        matches = events.select(column).filter(pl.col(column).is_in(texts.implode())).unique().collect()
        is_id |= texts.is_in(matches[column].implode()) | texts.is_in([*people])
    return is_id.fill_null(value=False) & (names.str.len_chars() >= FEWEST_CHARACTERS)


def ids_of_people(ids: pl.Series, source: str | None) -> pl.Series:
    """The ids in a column as accepted events have them."""
    texts = names_of(texts_of(ids))
    texts = texts.set(texts == "", None)
    return texts.to_frame("agent_id").pipe(with_ids_of, source)["agent_id"]
