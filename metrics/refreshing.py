"""Bringing the stored facts up to date: work for the tickets that changed, and for nothing else."""

from __future__ import annotations

import hashlib

import duckdb
from sqlglot import exp

from metrics.asking import has_facts
from metrics.relations import DIALECT, RECOMPUTED, STORED, derived, limits, relations, with_definitions
from metrics.thresholds import Thresholds

STALE = exp.select("ticket_id").from_("stale_tickets")


def refresh(connection: duckdb.DuckDBPyConnection, thresholds: Thresholds | None = None) -> None:
    """All facts agree with `events`, `workflow_steps` and the thresholds; `stale_tickets` is empty.

    One transaction: killed at any instant, the facts are as before and the tickets still stale. Facts made
    with other limits or by other SQL are made anew; those of a changed workflow definition, too.
    """
    thresholds = thresholds or Thresholds()
    connection.execute("BEGIN")
    try:
        if _made_with(connection) != _fingerprint(thresholds):
            _start_anew(connection, thresholds)
        else:
            _mark_changed_definitions(connection)
        _replace_stale(connection)
        _keep_definitions(connection)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _run(connection: duckdb.DuckDBPyConnection, statement: exp.Expr) -> None:
    connection.execute(statement.sql(dialect=DIALECT))


def _table(connection: duckdb.DuckDBPyConnection, name: str, query: exp.Query) -> None:
    _run(connection, exp.Create(this=exp.table_(name), kind="TABLE", replace=True, expression=query))


def _fingerprint(thresholds: Thresholds) -> str:
    parts = [relation.query.sql(dialect=DIALECT) for relation in relations().values()]
    return hashlib.sha256("\n".join([*parts, thresholds.model_dump_json()]).encode()).hexdigest()


def _made_with(connection: duckdb.DuckDBPyConnection) -> str | None:
    """What the stored facts were made with; None where there are none yet."""
    if not has_facts(connection):
        return None
    return str(connection.execute("SELECT fingerprint FROM facts_made_with").fetchall()[0][0])


def _start_anew(connection: duckdb.DuckDBPyConnection, thresholds: Thresholds) -> None:
    """Empty fact tables, the thresholds as a table of one row, and every ticket stale."""
    _table(connection, "thresholds", limits(thresholds))
    for name in STORED:
        nothing = exp.select("*").from_(name).limit(0)
        _table(connection, name, with_definitions(nothing, derived() | {name: relations()[name].query}))
    made_with = exp.alias_(exp.Literal.string(_fingerprint(thresholds)), "fingerprint")
    _table(connection, "facts_made_with", exp.select(made_with))
    _table(connection, "known_definitions", exp.select("*").from_("workflow_steps").limit(0))
    connection.execute("DELETE FROM stale_tickets")
    connection.execute("INSERT INTO stale_tickets SELECT DISTINCT ticket_id FROM events")


def _mark_changed_definitions(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        WITH added AS (FROM workflow_steps EXCEPT FROM known_definitions),
             removed AS (FROM known_definitions EXCEPT FROM workflow_steps),
             changed AS (SELECT workflow, version FROM added UNION SELECT workflow, version FROM removed)
        INSERT INTO stale_tickets
        SELECT DISTINCT ticket_id FROM visits SEMI JOIN changed USING (workflow, version)
    """)


def _keep_definitions(connection: duckdb.DuckDBPyConnection) -> None:
    _table(connection, "known_definitions", exp.select("*").from_("workflow_steps"))


def _replace_stale(connection: duckdb.DuckDBPyConnection) -> None:
    of_stale = exp.column("ticket_id").isin(query=STALE)
    definitions = derived()
    definitions["events"] = exp.select("*").from_(exp.table_("events", db="main")).where(of_stale)
    for name in STORED:
        _run(connection, exp.delete(name, where=of_stale.copy()))
        rows = exp.select("*").from_(name)
        rows = with_definitions(rows, definitions | {name: relations()[name].query})
        _run(connection, exp.insert(rows, name))
    connection.execute("DELETE FROM stale_tickets")
    for name in RECOMPUTED:
        query = exp.select("*").from_(name)
        _table(connection, name, with_definitions(query, derived() | {name: relations()[name].query}))
