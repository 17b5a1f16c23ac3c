"""Counts of visits to steps by what they are divided by, and of how many agents a group must be."""

from __future__ import annotations

import duckdb
import polars as pl
import sqlglot
from sqlglot import exp

from metrics.catalog.dimensions import VISITS
from metrics.facts.relations import DIALECT
from metrics.query.agents import smallest_group
from metrics.query.run_in_scope import run_in_scope
from metrics.query.scope import Over, Scope, conditions, date_column
from metrics.query.ticket_prefilter import visiting
from metrics.steps.counts import KEY


def least_shown(connection: duckdb.DuckDBPyConnection, scope: Scope | None) -> int:
    """Of how many agents a row must be: what fewer of them typed, answered or did is theirs."""
    return 1 if scope is not None and scope.small_groups else smallest_group(connection)


def group_counts(
    connection: duckdb.DuckDBPyConnection,
    scope: Scope | None,
    relation: str,
    aggregates: dict[str, str],
    by: dict[str, str],
    among: str = "TRUE",
) -> pl.DataFrame:
    """One row per step version and value of what it is grouped `by`, with the `aggregates` of each."""
    scope = scope or Scope()
    over = Over(VISITS, date_column(scope, "entered_at"))
    columns = {name: name for name in KEY} | by | aggregates
    groups = range(1, len(KEY) + len(by) + 1)
    query = (
        exp.select(
            *(exp.alias_(sqlglot.parse_one(text, dialect=DIALECT), name) for name, text in columns.items())
        )
        .from_(relation)
        .where(among, *conditions(scope, over), dialect=DIALECT)
        .group_by(*(str(place) for place in groups))
    )
    tickets = visiting(scope, *_SIGNS_NEEDED[relation]) if relation in _SIGNS_NEEDED else None
    return run_in_scope(connection, query, scope, tickets=tickets)


_SIGNS_NEEDED = {"answer_changes": ("changed_answer",), "run_happenings": ("asked_help", "searches > 0")}
"""What is told of a ticket alone, and the signs of visits to look for it at."""
