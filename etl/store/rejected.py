"""What was refused, for whoever mends it."""

from __future__ import annotations

import duckdb
import polars as pl

from etl.contract.gate import rules
from etl.errors import InvalidRequest
from etl.messages import TEMPLATES, Message


def rejected_rows(
    connection: duckdb.DuckDBPyConnection, *, reason: str | None = None, source: str | None = None
) -> pl.DataFrame:
    """One row per refused row: `source`, `position` in it, `rule`, `content`.

    The content is that of the file, as JSON. Ordered by load, then position.

    Raises:
        InvalidRequest: there is no such rule, or no such source was ever loaded.
    """
    if reason is not None:
        _refuse_unknown_rule(connection, reason)
    if source is not None:
        _refuse_unknown_source(connection, source)
    rows = connection.sql(_REJECTED, params={"reason": reason, "source": source}).to_arrow_table()
    return pl.DataFrame(rows)


def _refuse_unknown_rule(connection: duckdb.DuckDBPyConnection, reason: str) -> None:
    broken = {str(rule) for (rule,) in connection.execute("SELECT DISTINCT rule FROM rejected").fetchall()}
    is_rule = f"rule.{reason}" in TEMPLATES or reason in {rule.name for rule in rules()}
    if reason not in broken and not is_rule:
        rules_broken = Message("rejected.rules", {"rules": sorted(broken)})
        hint = rules_broken if broken else Message("rejected.none")
        raise InvalidRequest("rejected.unknown_rule", rule=reason, hint=hint)


def _refuse_unknown_source(connection: duckdb.DuckDBPyConnection, source: str) -> None:
    loaded = {str(name) for (name,) in connection.execute("SELECT DISTINCT source FROM loads").fetchall()}
    if source not in loaded:
        sources = Message("rejected.sources", {"sources": sorted(loaded)})
        hint = sources if loaded else Message("rejected.nothing_loaded")
        raise InvalidRequest("rejected.unknown_source", source=source, hint=hint)


_REJECTED = """
SELECT source, position, rule, content
FROM rejected
WHERE rule = coalesce($reason, rule) AND source = coalesce($source, source)
ORDER BY load_id, position, rule
"""
