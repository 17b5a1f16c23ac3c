"""Statements that run over and over, each parsed once in a process: a quarter of a small load."""

from __future__ import annotations

from functools import lru_cache

import duckdb


def run_statements(connection: duckdb.DuckDBPyConnection, *texts: str) -> None:
    """Run the statements of texts one after another."""
    for text in texts:
        for statement in _parsed(text):
            connection.execute(statement)


@lru_cache(maxsize=500)
def _parsed(text: str) -> list[duckdb.Statement]:
    return duckdb.extract_statements(text)
