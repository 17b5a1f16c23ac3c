"""What was loaded and what was rejected, file by file: the ledger a page about the data shows."""

from __future__ import annotations

from datetime import datetime

import duckdb
import polars as pl
from sqlglot import exp

from metrics.query.run import run_query


def loads(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """One row per load of a file, the newest first; rows read = loaded + duplicates + rejected + skipped.

    `erased` and `too_old`: rows more that were not taken, of who was erased and of tickets that a purge would
    take. `allow_erased`: whether rows of who was erased were taken.
    `path`: the beginning of a hash that tells files of one name apart; null where there is none yet.
    """
    return pl.DataFrame(connection.sql(_LOADS).to_arrow_table())


def without_idle_columns(history: pl.DataFrame) -> pl.DataFrame:
    """The loads to read in a table: without columns about rows not taken where there are none of these."""
    return history.drop(name for name in ("erased", "too_old", "allow_erased") if not history[name].sum())


def rejected(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """One row per rule and file whose rows broke it, the most frequent first; without the rows' content."""
    return pl.DataFrame(connection.sql(_REJECTED).to_arrow_table())


_LOADS = """
SELECT
    load_id, file, CASE WHEN path LIKE 'p-%' THEN left(path, 10) END AS path, source, loaded_at,
    read, loaded, duplicates, rejected, skipped, erased, too_old, events, conflicts, allow_erased
FROM loads
ORDER BY load_id DESC
"""

_REJECTED = """
SELECT rule, file, count(*) AS rows
FROM rejected
GROUP BY rule, file
ORDER BY rows DESC, rule, file
"""


def source_clocks(connection: duckdb.DuckDBPyConnection) -> list[tuple[str | None, datetime]]:
    """Each source with the instant at which its tickets are looked at, its newest event's; oldest first."""
    clocks = run_query(connection, exp.select("source", "as_of").from_("source_clocks"))
    return clocks.drop_nulls("as_of").sort("as_of", "source").rows()
