"""What was rejected, for whoever mends it."""

from __future__ import annotations

import duckdb
import polars as pl

from etl.contract.gate import rules
from etl.errors import InvalidRequest
from etl.messages import TEMPLATES, Message


def rejected_rows(
    connection: duckdb.DuckDBPyConnection, *, reason: str | None = None, file: str | None = None
) -> pl.DataFrame:
    """One row per rejected row: `file`, `position` in it, `rule`, `column`, `content`.

    The content is what is kept of the row, as JSON. Ordered by load, then position.

    Raises:
        InvalidRequest: there is no such rule, or no such file was ever loaded.
    """
    if reason is not None:
        _refuse_unknown_rule(connection, reason)
    if file is not None:
        _refuse_unknown_file(connection, file)
    rows = connection.sql(_REJECTED, params={"reason": reason, "file": file}).to_arrow_table()
    return pl.DataFrame(rows)


def _refuse_unknown_rule(connection: duckdb.DuckDBPyConnection, reason: str) -> None:
    broken = {str(rule) for (rule,) in connection.execute("SELECT DISTINCT rule FROM rejected").fetchall()}
    is_rule = f"rule.{reason}" in TEMPLATES or reason in {rule.name for rule in rules()}
    if reason not in broken and not is_rule:
        rules_broken = Message("rejected.rules", {"rules": sorted(broken)})
        hint = rules_broken if broken else Message("rejected.none")
        raise InvalidRequest("rejected.unknown_rule", rule=reason, hint=hint)


def _refuse_unknown_file(connection: duckdb.DuckDBPyConnection, file: str) -> None:
    loaded = {str(name) for (name,) in connection.execute("SELECT DISTINCT file FROM loads").fetchall()}
    if file not in loaded:
        files = Message("rejected.files", {"files": sorted(loaded)})
        hint = files if loaded else Message("rejected.nothing_loaded")
        raise InvalidRequest("rejected.unknown_file", file=file, hint=hint)


_REJECTED = """
SELECT file, position, rule, "column", content
FROM (FROM rejected UNION ALL BY NAME SELECT NULL::VARCHAR AS "column" WHERE false)
WHERE rule = coalesce($reason, rule) AND file = coalesce($file, file)
ORDER BY load_id, position, rule
"""
"""A snapshot of an earlier version does not know which column a rule is about."""
