"""Processes of their own for what is measured; they start sooner than Python itself does."""

from __future__ import annotations

import multiprocessing

# The server of forks imports what starts no thread (its locks a fork would inherit): not polars, nor numpy.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["duckdb", "pydantic_settings", "rich.console", "sqlglot", "structlog", "typer"]
)
