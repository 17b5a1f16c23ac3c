"""Bringing the stored facts up to date: work for the tickets that changed, and for nothing else."""

from __future__ import annotations

import hashlib
from functools import cache

import duckdb
from sqlglot import exp

from etl.warehouse import transaction
from metrics.asking import has_facts
from metrics.relations import (
    DIALECT,
    RECOMPUTED,
    SHARED,
    STORED,
    derived,
    limits,
    made_from,
    relations,
    with_definitions,
)
from metrics.service_refreshing import is_made_with, refresh_service
from metrics.settings import Settings
from metrics.thresholds import Thresholds


def refresh(connection: duckdb.DuckDBPyConnection, settings: Settings | None = None) -> None:
    """All facts agree with `events`, `workflow_steps` and the settings; `stale_tickets` is empty.

    One transaction: killed at any instant, the facts are as before and the tickets still stale. Facts made
    with other limits or by other SQL are made anew; those of a changed workflow definition, too, and with
    other hours or targets what depends on them.
    """
    settings = settings or Settings()
    thresholds = settings.thresholds
    with transaction(connection):
        anew = _made_with(connection) != _fingerprint(thresholds)
        if anew:
            _make_anew(connection, thresholds)
        else:
            _mark_changed_definitions(connection)
            _replace_stale(connection)
        for name in SHARED:
            connection.execute(_dropping(name))
        for name in RECOMPUTED:
            connection.execute(_made_over_all(name))
        refresh_service(connection, settings, anew=anew)
        connection.execute("DELETE FROM stale_tickets")
        connection.execute("CREATE OR REPLACE TABLE known_definitions AS FROM workflow_steps")


def is_up_to_date(connection: duckdb.DuckDBPyConnection, settings: Settings) -> bool:
    """Whether the stored facts were made with these settings."""
    made_with = connection.sql("FROM thresholds").pl().to_dicts()
    return made_with == [settings.thresholds.model_dump()] and is_made_with(connection, settings)


def is_of_this_version(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the stored facts were made by the SQL of this version, or were never made."""
    if not has_facts(connection):
        return True
    limits_then = connection.sql("FROM thresholds").pl().to_dicts()
    same = [set(row) for row in limits_then] == [set(Thresholds.model_fields)]
    return same and _made_with(connection) == _fingerprint(Thresholds(**limits_then[0]))


def _fingerprint(thresholds: Thresholds) -> str:
    """The same for the same SQL and limits, and for no others."""
    return hashlib.sha256("\n".join([*_definitions(), thresholds.model_dump_json()]).encode()).hexdigest()


@cache
def _definitions() -> list[str]:
    """The SQL of every relation that stored tables are made from, not of what is only asked for."""
    return [relations()[name].query.sql(dialect=DIALECT) for name in made_from((*STORED, *RECOMPUTED))]


def _made_with(connection: duckdb.DuckDBPyConnection) -> str | None:
    """What the stored facts were made with; None where there are none yet."""
    if not has_facts(connection):
        return None
    return str(connection.execute("SELECT fingerprint FROM facts_made_with").fetchall()[0][0])


def _make_anew(connection: duckdb.DuckDBPyConnection, thresholds: Thresholds) -> None:
    """The facts of every ticket, and what they were made with."""
    made_with = exp.alias_(exp.Literal.string(_fingerprint(thresholds)), "fingerprint")
    connection.execute(_replacing("facts_made_with", exp.select(made_with)))
    connection.execute(_replacing("thresholds", limits(thresholds)))
    for name in SHARED:
        connection.execute(_shared_over_all(name))
    for name in STORED:
        connection.execute(_made_over_all(name))


def _mark_changed_definitions(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        WITH added AS (FROM workflow_steps EXCEPT FROM known_definitions),
             removed AS (FROM known_definitions EXCEPT FROM workflow_steps),
             changed AS (SELECT workflow, version FROM added UNION SELECT workflow, version FROM removed)
        INSERT INTO stale_tickets
        SELECT DISTINCT ticket_id FROM visits SEMI JOIN changed USING (workflow, version)
    """)


def _replace_stale(connection: duckdb.DuckDBPyConnection) -> None:
    """The rows of stale tickets anew."""
    for name in SHARED:
        connection.execute(_shared_of_stale(name))
    for name in STORED:
        connection.execute(_deleting(name))
        connection.execute(_inserting(name))


def _of_stale() -> exp.Expr:
    return exp.column("ticket_id").isin(query=exp.select("ticket_id").from_("stale_tickets"))


def _made(name: str, **instead: exp.Query) -> exp.Select:
    """The rows of a relation, made by its definition from the shared tables that stand when it is made."""
    definitions = derived() | {name: relations()[name].query} | instead
    for shared in SHARED[: SHARED.index(name)] if name in SHARED else SHARED:
        del definitions[shared]
    return with_definitions(exp.select("*").from_(name), definitions)


def _replacing(name: str, query: exp.Query, *, lasting: bool = True) -> str:
    temporary = exp.Properties(expressions=[] if lasting else [exp.TemporaryProperty()])
    table = exp.Create(
        this=exp.table_(name), kind="TABLE", replace=True, expression=query, properties=temporary
    )
    return table.sql(dialect=DIALECT)


# The statements below never change, and writing one takes longer than running it on a small load.
@cache
def _deleting(name: str) -> str:
    return exp.delete(name, where=_of_stale()).sql(dialect=DIALECT)


@cache
def _inserting(name: str) -> str:
    return exp.insert(_made(name), name).sql(dialect=DIALECT)


@cache
def _shared_of_stale(name: str) -> str:
    events = exp.select("*").from_(exp.table_("events", db="main")).where(_of_stale())
    return _replacing(name, _made(name, events=events), lasting=False)


@cache
def _shared_over_all(name: str) -> str:
    return _replacing(name, _made(name), lasting=False)


@cache
def _dropping(name: str) -> str:
    return exp.Drop(tables=[exp.table_(name)], kind="TABLE").sql(dialect=DIALECT)


@cache
def _made_over_all(name: str) -> str:
    return _replacing(name, _made(name))
