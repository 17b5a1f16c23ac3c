"""Which event a row tells: the source's own id, or else a keyed hash of what makes an event one and the same.

That is its source, ticket, run, kind, instant, actor, agent, step, `seq` where the source gives one, and the
value of the kinds whose value says what happened. Run, step and value count as the source has them: what the
rules of texts make of them depends on settings, definitions and keys. Never its place in a file, nor a column
that the mapping does not use: a longer or a newer export tells the same events.
"""

from __future__ import annotations

import duckdb
import polars as pl

from etl.contract.names import names_of
from etl.mapping.apply_mapping import IDENTITY, MappedRows
from etl.sources.table import ORDINAL

UNNAMED = "?"
"""The id of an event without one of its own, until it has passed the gate."""


def with_own_ids(events: pl.DataFrame) -> pl.DataFrame:
    """Events with the id that the source gives them, `UNNAMED` where it gives none."""
    if "event_id" not in events.columns:
        return events.with_columns(event_id=pl.lit(UNNAMED))
    own = pl.when(_is_named(events)).then("event_id").otherwise(pl.lit(UNNAMED))
    return events.with_columns(event_id=own)


def fill_ids(
    accepted: pl.DataFrame,
    mapped: MappedRows,
    hashing: duckdb.DuckDBPyConnection,
    salt: str,
    source: str | None = None,
) -> pl.DataFrame:
    """Accepted events with their ids: those that the source names keep theirs, the others get the hash.

    `hashing`: a connection with the macro of `define_identity`. `salt`: what the hash is keyed with.
    """
    with_id = mapped.events.filter(_is_named(mapped.events)).select("position")
    events = accepted.join(with_id, on="position", how="anti", maintain_order="left")
    if events.is_empty():
        return accepted
    events = events.drop("run_id", "step").join(
        _keys(mapped), on="position", how="left", maintain_order="left"
    )
    hashing.register("nameless", events)
    values = {"salt": salt, "source": source}
    hashes = pl.DataFrame(hashing.sql(_HASHES, params=values).to_arrow_table())
    hashing.unregister("nameless")
    return (
        accepted.join(hashes, on="position", how="left", maintain_order="left")
        .with_columns(event_id=pl.coalesce("hash", "event_id"))
        .drop("hash")
    )


def define_identity(connection: duckdb.DuckDBPyConnection) -> None:
    """Give a connection the macro `identity_of`."""
    connection.execute(_IDENTITY)


def _is_named(events: pl.DataFrame) -> pl.Expr:
    if "event_id" not in events.columns:
        return pl.lit(value=False)
    own = names_of(events["event_id"].cast(pl.String))
    is_named = pl.lit((own != "").fill_null(value=False))
    return is_named & pl.col(IDENTITY).is_null() if IDENTITY in events.columns else is_named


def _keys(mapped: MappedRows) -> pl.DataFrame:
    """What of a row counts as the source has it, beside the columns that the gate gave their form."""
    sources = {"stated": IDENTITY, "ordinal": ORDINAL, "given_seq": "seq"}
    sources |= {"run_id": "run_id", "step": "step", "meant": "value"}
    columns = [
        names_of(mapped.events[column].cast(pl.String)).alias(name)
        if column in mapped.events.columns
        else pl.lit(None, pl.String).alias(name)
        for name, column in sources.items()
    ]
    return mapped.events.select("position", *columns)


_IDENTITY = """
CREATE OR REPLACE TEMP MACRO identity_of(
    salt, source, stated, ticket_id, run_id, kind, occurred_at, actor, agent_id, step, seq, ordinal, val
) AS substr(sha256(concat_ws(
    chr(31),
    salt,
    'source=' || source,
    'kind=' || kind,
    CASE WHEN stated IS NOT NULL THEN 'stated=' || stated ELSE concat_ws(
        chr(31),
        'ticket=' || ticket_id,
        'run=' || run_id,
        'at=' || epoch_us(occurred_at),
        'actor=' || actor,
        'agent=' || agent_id,
        'step=' || step,
        'seq=' || seq,
        'ordinal=' || ordinal,
        CASE WHEN kind IN ('answered', 'searched', 'went_back', 'merged') THEN 'value=' || val END
    ) END
)), 1, 32)
"""

_HASHES = """
SELECT position, identity_of(
    $salt, $source, stated, ticket_id, nullif(run_id, ''), kind, occurred_at, actor, agent_id,
    nullif(step, ''), try_cast(given_seq AS BIGINT), ordinal, nullif(meant, '')
) AS hash
FROM nameless
"""

EARLIER_IDS = """
UPDATE arrived
SET event_id = identity_of(
    $salt, NULL, NULL, ticket_id, run_id, kind, occurred_at, actor, agent_id, step, NULL, NULL, value
)
WHERE regexp_full_match(event_id, '[0-9a-f]{32}')
"""
"""The ids that an earlier version made from all columns of a row, made anew."""
