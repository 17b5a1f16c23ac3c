"""The one way to rows of a scope: past the gate for small groups, with the scope's values in their places."""

from __future__ import annotations

import duckdb
import polars as pl
from sqlglot import exp

from metrics.catalog.dimensions import dimension
from metrics.query.lists import with_small_groups_unnamed
from metrics.query.run import Parameters, run_query
from metrics.query.scope import Scope, parameters
from metrics.query.small_groups import refuse_small_group, without_small_steps


def run_in_scope(
    connection: duckdb.DuckDBPyConnection,
    query: exp.Select,
    scope: Scope,
    *,
    values: Parameters | None = None,
    tickets: exp.Select | None = None,
) -> pl.DataFrame:
    """The rows of a query with the conditions of a scope, in its order or sorted by all columns.

    `values`: those of its other parameters. `tickets`: of which tickets the rows may be at all. Numbers of
    step versions that too few agents do are left out.

    Raises:
        SmallGroup: what the scope chooses, or what it leaves out, is the work of too few agents.
    """
    refuse_small_group(connection, scope)
    rows = _rows(connection, query, scope, values=values, tickets=tickets)
    return without_small_steps(connection, rows, scope)


def list_in_scope(
    connection: duckdb.DuckDBPyConnection,
    query: exp.Select,
    scope: Scope,
    *,
    tickets: exp.Select | None = None,
) -> pl.DataFrame:
    """As `run_in_scope`, of single tickets, visits or runs, or how many: small groups are not named.

    Which of them, by how long each took or what went along with its rating, may be chosen freely: the list
    says it of each.
    """
    where = tuple(each for each in scope.where if not dimension(each[0], scope.dimensions).is_outcome)
    refuse_small_group(connection, scope.model_copy(update={"where": where}))
    rows = _rows(connection, query, scope, tickets=tickets)
    return with_small_groups_unnamed(connection, rows, scope)


def _rows(
    connection: duckdb.DuckDBPyConnection,
    query: exp.Select,
    scope: Scope,
    *,
    values: Parameters | None = None,
    tickets: exp.Select | None = None,
) -> pl.DataFrame:
    bound = parameters(scope, query) | (parameters(scope, tickets) if tickets else {}) | dict(values or {})
    return run_query(connection, query, bound, as_of=scope.as_of, tickets=tickets)
