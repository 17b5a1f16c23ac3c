"""What is kept of an event beside the contract's columns: its source, and the source's own attributes."""

from __future__ import annotations

import polars as pl

from etl.contract.events import is_custom
from etl.contract.names import names_of


def with_attributes(accepted: pl.DataFrame, candidates: pl.DataFrame, source: str | None) -> pl.DataFrame:
    """Accepted events with `source`, and with the custom columns of their candidates as one column `custom`.

    They stand in it as `etl.contract.events.STORED` says; null where all of them are empty.
    """
    names = sorted(filter(is_custom, candidates.columns))
    accepted = accepted.with_columns(source=pl.lit(source, pl.String))
    if not names:
        return accepted.with_columns(custom=pl.lit(None, pl.String))
    texts = candidates.select(names_of(candidates[name].cast(pl.String)).alias(name) for name in names)
    custom = candidates.select("position").with_columns(attributes_of(texts))
    return accepted.join(custom, on="position", how="left", maintain_order="left")


def attributes_of(texts: pl.DataFrame) -> pl.Series:
    """Columns of names as one column `custom` of JSON objects; null where all of them are empty."""
    members = texts.select(_member(name) for name in texts.columns)
    body = pl.concat_str(texts.columns, separator=",", ignore_nulls=True)
    written = pl.concat_str(pl.lit("{"), body, pl.lit("}"))
    return members.select(custom=pl.when(body != "").then(written))["custom"]


def _member(name: str) -> pl.Expr:
    """A column as the one member of a JSON object without its braces; null where it is empty."""
    value = pl.col(name).replace("", None)
    written = pl.struct(value.alias(name)).struct.json_encode()
    return pl.when(value.is_not_null()).then(written.str.strip_prefix("{").str.strip_suffix("}")).alias(name)
