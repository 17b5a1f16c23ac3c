"""The statements that make the stored facts and keep them up to date, written from the files in `facts/`.

Writing them takes longer than running them on a small load. So `metrics.refreshing` keeps those for stale
tickets in the warehouse, and asks here again only when what they are written from has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlglot import exp

from metrics.relations import (
    DIALECT,
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
from metrics.thresholds import Thresholds


def fingerprint(thresholds: Thresholds) -> str:
    """The same for the same SQL of stored facts and the same limits, and for no others."""
    definitions = [relations()[name].query.sql(dialect=DIALECT) for name in made_from((*STORED, *RECOMPUTED))]
    return hashlib.sha256("\n".join([*definitions, thresholds.model_dump_json()]).encode()).hexdigest()


def facts_anew(thresholds: Thresholds) -> Iterator[str]:
    """The facts of every ticket."""
    yield replacing("thresholds", limits(thresholds))
    for name in SHARED:
        yield replacing(name, _made(name), lasting=False)
    for name in STORED:
        yield replacing(name, _made(name))
    yield from _made_each_time()


def facts_of_stale() -> Iterator[str]:
    """The facts of stale tickets anew."""
    events = exp.select("*").from_(exp.table_("events", db="main")).where(_is_stale())
    for name in SHARED:
        yield replacing(name, _made(name, events=events), lasting=False)
    for name in STORED:
        yield _text(exp.delete(name, where=_is_stale()))
        yield _text(exp.insert(_made(name), name))
    yield from _made_each_time()


def served_anew() -> Iterator[str]:
    """What depends on opening hours and targets, for every ticket."""
    for name in SERVED:
        yield replacing(name, _served(name))


def served_of_stale() -> Iterator[str]:
    """What depends on opening hours and targets, for stale tickets anew."""
    for at, name in enumerate(SERVED):
        stale = {
            table: exp.select("*").from_(exp.table_(table, db="main")).where(_is_stale())
            for table in ("tickets", *SERVED[:at])
        }
        yield _text(exp.delete(name, where=_is_stale()))
        yield _text(exp.insert(_served(name, **stale), name))


def replacing(name: str, query: exp.Query, *, lasting: bool = True) -> str:
    """A table made anew from a query; one that does not last is this connection's alone."""
    temporary = exp.Properties(expressions=[] if lasting else [exp.TemporaryProperty()])
    return _text(
        exp.Create(this=exp.table_(name), kind="TABLE", replace=True, expression=query, properties=temporary)
    )


def _made_each_time() -> Iterator[str]:
    for name in SHARED:
        yield _text(exp.Drop(tables=[exp.table_(name)], kind="TABLE"))
    for name in RECOMPUTED:
        yield replacing(name, _made(name))


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
