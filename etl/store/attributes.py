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
    texts = candidates.select(
        "position", *(names_of(candidates[name].cast(pl.String)).alias(name) for name in names)
    )
    members = texts.select("position", *(_member(name) for name in names))
    body = pl.concat_str(names, separator=",", ignore_nulls=True)
    written = pl.concat_str(pl.lit("{"), body, pl.lit("}"))
    custom = members.select("position", custom=pl.when(body != "").then(written))
    return accepted.join(custom, on="position", how="left", maintain_order="left")


def _member(name: str) -> pl.Expr:
    """A column as the one member of a JSON object without its braces; null where it is empty."""
    value = pl.col(name).replace("", None)
    written = pl.struct(value.alias(name)).struct.json_encode()
    return pl.when(value.is_not_null()).then(written.str.strip_prefix("{").str.strip_suffix("}")).alias(name)
