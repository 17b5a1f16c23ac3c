"""What was loaded and what was rejected, file by file: the ledger a page about the data shows."""

from __future__ import annotations

import duckdb
import polars as pl


def loads(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """One row per load of a file, the newest first; rows read = loaded + duplicates + rejected + skipped."""
    return pl.DataFrame(connection.sql(_LOADS).to_arrow_table())


def rejected(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """One row per rule and file whose rows broke it, the most frequent first; without the rows' content."""
    return pl.DataFrame(connection.sql(_REJECTED).to_arrow_table())


_LOADS = """
SELECT load_id, file, source, loaded_at, read, loaded, duplicates, rejected, skipped, events, conflicts
FROM loads
ORDER BY load_id DESC
"""

_REJECTED = """
SELECT rule, file, count(*) AS rows
FROM rejected
GROUP BY rule, file
ORDER BY rows DESC, rule, file
"""
