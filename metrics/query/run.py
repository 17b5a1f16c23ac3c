"""Run a composed query on a warehouse: a query in, a frame out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

import duckdb
import polars as pl
from sqlglot import exp

from metrics.facts.relations import DIALECT, WarehouseState, compose, relations

Parameters = Mapping[str, object]
Answer = TypeVar("Answer")
_AT_ONCE = 3


def warehouse_state(connection: duckdb.DuckDBPyConnection) -> WarehouseState:
    """How far the warehouse is; one whose facts were never made answers from its events alone."""
    try:
        newest = connection.sql("FROM clock").pl()["as_of"].item()
    except duckdb.CatalogException:
        return WarehouseState(
            newest=frame(connection, relations()["clock"].query.copy())["as_of"].item(), has_facts=False
        )
    return WarehouseState(newest=newest, has_facts=True)


def frame(
    connection: duckdb.DuckDBPyConnection, query: exp.Query, parameters: Parameters | None = None
) -> pl.DataFrame:
    """The rows of a query whose names are all tables, in its order or sorted. The query itself is used up.

    Sorted by all columns: what floats add up to depends on their order, and the same data must give the same
    bytes however it was loaded.
    """
    has_order = query.args.get("order") is not None
    text = query.sql(dialect=DIALECT, comments=False, copy=False)
    rows: pl.DataFrame = connection.sql(text, params=dict(parameters or {})).pl()
    keys = [name for name, kind in rows.schema.items() if not kind.is_nested()]
    return rows if has_order or not keys else rows.sort(keys)


def run_query(
    connection: duckdb.DuckDBPyConnection,
    query: exp.Select,
    parameters: Parameters | None = None,
    *,
    as_of: datetime | None = None,
    tickets: exp.Select | None = None,
) -> pl.DataFrame:
    """The rows of a query over any relations, as known at `as_of`, in its order or sorted by all columns.

    `tickets`: of which tickets the rows may be at all, so that others need not be looked at.
    """
    return frame(
        connection, compose(query, warehouse_state(connection), as_of=as_of, tickets=tickets), parameters
    )


def run_parallel(
    connection: duckdb.DuckDBPyConnection,
    queries: Iterable[Callable[[duckdb.DuckDBPyConnection], Answer]],
    *,
    as_of: datetime | None = None,
) -> list[Answer]:
    """The answer of each query, in their order. They run at once: one alone seldom keeps all cores busy.

    Each has a cursor of its own, which sees what is committed. What was known at an earlier instant, `as_of`,
    is worked out from all events every time, which takes memory: one after the other then.
    """
    with ThreadPoolExecutor(1 if as_of else _AT_ONCE) as pool:
        return list(pool.map(lambda query: query(connection.cursor()), queries))
