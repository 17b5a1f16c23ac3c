"""The statements that make the stored facts and keep them up to date, written from the files in `facts/`.

Writing them takes longer than running them on a small load. So each is written once in a process, and
`metrics.refresh.facts` keeps those for stale tickets in the warehouse, and asks here again only when what
they are written from has changed.
"""

from __future__ import annotations

import hashlib
from functools import cache

from sqlglot import exp

from metrics.facts.relations import (
    DIALECT,
    FORMER,
    LINKS,
    RECOMPUTED,
    SERVED,
    SHARED,
    STORED,
    derived,
    limits,
    made_from,
    relations,
    with_definitions,
)
from metrics.refresh.merges import with_linked_stale
from metrics.settings.thresholds import Thresholds


@cache
def fingerprint(thresholds: Thresholds) -> str:
    """The same for the same SQL of stored facts and the same limits, and for no others."""
    definitions = [relations()[name].query.sql(dialect=DIALECT) for name in made_from((*STORED, *RECOMPUTED))]
    return hashlib.sha256("\n".join([*definitions, thresholds.model_dump_json()]).encode()).hexdigest()


@cache
def facts_anew(thresholds: Thresholds) -> tuple[str, ...]:
    """The facts of every ticket."""
    shared = [replacing(name, _made(name), lasting=False) for name in SHARED]
    stored = [replacing(name, _made(name)) for name in STORED]
    former = [_drop(name) for name in FORMER]
    links = replacing(LINKS, _made(LINKS))
    return (replacing("thresholds", limits(thresholds)), *former, links, *shared, *stored, *_made_each_time())


def facts_dropped() -> list[str]:
    """No facts any more, as before they were first made."""
    return [_drop(name) for name in (LINKS, *STORED, *RECOMPUTED, *SERVED, *FORMER, "facts_made_with")]


@cache
def facts_of_stale() -> tuple[str, ...]:
    """The facts of stale tickets anew, and of those that are linked with them."""
    events = _stale_of("events")
    links = _replacing_stale(LINKS, _made(LINKS, events=events))
    shared = [replacing(name, _made(name, events=events), lasting=False) for name in SHARED]
    stored = [statement for name in STORED for statement in _replacing_stale(name, _made(name))]
    return (*with_linked_stale(links), *shared, *stored, *_made_each_time())


@cache
def served_anew() -> tuple[str, ...]:
    """What depends on opening hours and targets, for every ticket."""
    return tuple(replacing(name, _served(name)) for name in SERVED)


@cache
def served_of_stale() -> tuple[str, ...]:
    """What depends on opening hours and targets, for stale tickets anew."""
    return tuple(
        statement
        for at, name in enumerate(SERVED)
        for statement in _replacing_stale(
            name, _served(name, **{table: _stale_of(table) for table in ("events", "tickets", *SERVED[:at])})
        )
    )


def replacing(name: str, query: exp.Query, *, lasting: bool = True) -> str:
    """A table made anew from a query; one that does not last is this connection's alone."""
    temporary = exp.Properties(expressions=[] if lasting else [exp.TemporaryProperty()])
    return _text(
        exp.Create(this=exp.table_(name), kind="TABLE", replace=True, expression=query, properties=temporary)
    )


def _drop(name: str) -> str:
    """A table goes, where it is there."""
    return _text(exp.Drop(tables=[exp.table_(name)], kind="TABLE", exists=True))


def _replacing_stale(name: str, query: exp.Query) -> tuple[str, str]:
    """The rows of stale tickets in a table, put in again from a query."""
    return _text(exp.delete(name, where=_is_stale())), _text(exp.insert(query, name))


def _made_each_time() -> list[str]:
    drops = [_text(exp.Drop(tables=[exp.table_(name)], kind="TABLE")) for name in SHARED]
    return drops + [replacing(name, _made(name)) for name in RECOMPUTED]


def _stale_of(table: str) -> exp.Select:
    return exp.select("*").from_(exp.table_(table, db="main")).where(_is_stale())


def _is_stale() -> exp.Expr:
    return exp.column("ticket_id").isin(query=exp.select("ticket_id").from_("stale_tickets"))


def _made(name: str, **instead: exp.Query) -> exp.Select:
    """The rows of a relation, made by its definition from the shared tables that stand when it is made."""
    definitions = derived() | {name: relations()[name].query} | instead
    for shared in SHARED[: SHARED.index(name)] if name in SHARED else SHARED:
        del definitions[shared]
    return with_definitions(exp.select("*").from_(name), definitions)


def _served(name: str, **instead: exp.Query) -> exp.Select:
    definitions = derived() | {name: relations()[name].query} | instead
    return with_definitions(exp.select("*").from_(name), definitions)


def _text(query: exp.Expr) -> str:
    return query.sql(dialect=DIALECT, comments=False)
