"""What is kept of a rejected row: enough to find and mend it in its file, and nothing about anybody.

Its place in the file is kept beside it, so what is left out here is not lost: it stands in the file.
"""

from __future__ import annotations

import polars as pl

from etl.contract.events import COLUMNS, PEOPLE, is_custom
from etl.contract.sources import with_ids_of
from etl.mapping.mapping import Mapping
from etl.mapping.value_from import columns_of
from etl.privacy.pseudonyms import LONGEST_ANSWER, Pseudonyms


def content_to_keep(
    rejected: pl.DataFrame, mapping: Mapping, pseudonyms: Pseudonyms, *, keep_free_text: bool
) -> pl.DataFrame:
    """The columns that the contract or the mapping knows, in the source's own names.

    People become pseudonyms, and so do whatever stands as `value` and any text as long as prose. With free
    text to be kept, all columns stay, and people alone are replaced.
    """
    roles = {theirs: ours.removesuffix("_id") for ours, theirs in mapping.id_columns if ours in PEOPLE}
    if not keep_free_text:
        columns = mapping.source_columns | set(COLUMNS)
        rejected = rejected.select(name for name in rejected.columns if name in columns or is_custom(name))
        roles |= dict.fromkeys(_value_columns(mapping), "text")
        texts = [
            name for name in rejected.columns if rejected.schema[name] == pl.String and name not in roles
        ]
        rejected = rejected.with_columns(without_prose(rejected[name], pseudonyms) for name in texts)
    return rejected.with_columns(
        pseudonyms.of_column(_persons(rejected[name], role, mapping.source), role).alias(name)
        for name, role in roles.items()
        if name in rejected.columns
    )


def _persons(ids: pl.Series, role: str, source: str | None) -> pl.Series:
    """The ids in a column as accepted events have them; other texts have no source."""
    ids = ids.cast(pl.String).str.strip_chars()
    if role == "text":
        return ids
    return ids.to_frame("agent_id").pipe(with_ids_of, source)["agent_id"]


def without_prose(texts: pl.Series, pseudonyms: Pseudonyms, longest: int = LONGEST_ANSWER) -> pl.Series:
    """Texts longer than a name or a number would be, replaced by their pseudonym."""
    prose = texts.set(texts.str.len_chars() <= longest, None)
    return pseudonyms.of_column(prose, "text").fill_null(texts).alias(texts.name)


def _value_columns(mapping: Mapping) -> set[str]:
    values = [mapping.columns.get("value", "value")]
    values += [
        event.columns["value"] for event in mapping.event if event.columns and "value" in event.columns
    ]
    return {column for value in values for column in columns_of(value)}
