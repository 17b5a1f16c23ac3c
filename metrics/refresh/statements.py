"""The statements that make the stored facts and keep them up to date, written from the files in `facts/`.

Writing them takes longer than running them on a small load. So each is written once in a process, and
`metrics.refresh.facts` keeps those for stale tickets in the warehouse, and asks here again only when what
they are written from has changed.
"""

from __future__ import annotations

import hashlib
from functools import cache

import sqlglot
from sqlglot import exp

from metrics.facts.relations import (
    DIALECT,
    FACT_TABLES,
    FORMER,
    LINKS,
    OF_AGENTS,
    RECOMPUTED,
    SERVED,
    SHARED,
    STORED,
    USUAL_TIMES,
    derived,
    limits,
    made_from,
    relations,
    with_definitions,
)
from metrics.settings.thresholds import Thresholds


@cache
def fingerprint(thresholds: Thresholds) -> str:
    """The same for the same SQL of stored facts and the same limits, and for no others."""
    definitions = [relations()[name].query.sql(dialect=DIALECT) for name in made_from(FACT_TABLES)]
    return hashlib.sha256("\n".join([*definitions, thresholds.model_dump_json()]).encode()).hexdigest()


@cache
def facts_anew(thresholds: Thresholds) -> tuple[str, ...]:
    """The facts of every ticket."""
    shared = [replacing(name, _made(name), lasting=False) for name in SHARED]
    stored = [replacing(name, _made(name)) for name in STORED]
    former = [_drop(name) for name in FORMER]
    links = [replacing(name, _made(name)) for name in LINKS]
    return (
        replacing("thresholds", limits(thresholds)),
        *former,
        *links,
        *shared,
        *stored,
        *_made_each_time(),
    )


def facts_dropped() -> list[str]:
    """No facts any more, as before they were first made."""
    return [_drop(name) for name in (*FACT_TABLES, *FORMER, "facts_made_with")]


@cache
def facts_of_stale() -> tuple[str, ...]:
    """The facts of stale tickets anew, and of those that are linked with them."""
    events = _stale_of("events")
    shared = [replacing(name, _made(name, events=events), lasting=False) for name in SHARED]
    stored = [statement for name in STORED for statement in _replacing_stale(name, _made(name))]
    return (*_links_of_stale(events), *shared, *stored, *_made_each_time())


def _links_of_stale(events: exp.Select) -> list[str]:
    """The links anew; stale is then what they lead to from a stale ticket, or from one with other links.

    Links as they were count as well: tickets that are linked no longer are made anew, too.
    """
    merges, run_tickets, run_links = LINKS
    return [
        replacing("merges_before", exp.select("*").from_(merges), lasting=False),
        replacing("links_before", exp.select("*").from_(run_links), lasting=False),
        *(
            text
            for name in (merges, run_tickets)
            for text in _replacing_stale(name, _made(name, events=events))
        ),
        replacing(run_links, _made(run_links)),
        _MARK_LINKED,
        "DROP TABLE merges_before",
        "DROP TABLE links_before",
    ]


_MARK_LINKED = """
WITH RECURSIVE links AS (
    SELECT ticket_id, into_ticket_id AS other_id FROM merges_before
    UNION SELECT ticket_id, into_ticket_id FROM merges
    UNION SELECT ticket_id, home_ticket_id FROM links_before
    UNION SELECT ticket_id, home_ticket_id FROM run_links
),
both_ways AS (SELECT ticket_id, other_id FROM links UNION SELECT other_id, ticket_id FROM links),
changed AS (
    (FROM links_before EXCEPT FROM run_links) UNION (FROM run_links EXCEPT FROM links_before)
),
reached AS (
    SELECT ticket_id FROM (SELECT ticket_id FROM stale_tickets UNION SELECT ticket_id FROM changed)
    UNION
    SELECT b.other_id FROM reached AS r JOIN both_ways AS b ON b.ticket_id = r.ticket_id
)
INSERT INTO stale_tickets SELECT ticket_id FROM reached ANTI JOIN stale_tickets USING (ticket_id)
"""


@cache
def served_anew() -> tuple[str, ...]:
    """What depends on opening hours and targets, for every ticket."""
    return tuple(replacing(name, _served(name)) for name in (*SERVED, OF_AGENTS, USUAL_TIMES))


@cache
def served_of_stale() -> tuple[str, ...]:
    """What depends on opening hours and targets, for stale tickets anew."""
    of_tickets = ("events", "tickets", "runs", "visits")
    served = [
        statement
        for at, name in enumerate(SERVED)
        for statement in _replacing_stale(
            name, _served(name, **{table: _stale_of(table) for table in (*of_tickets, *SERVED[:at])})
        )
    ]
    return (*served, *_replacing_touched(), replacing(USUAL_TIMES, _served(USUAL_TIMES)))


def _replacing_touched() -> tuple[str, ...]:
    """The rows of `OF_AGENTS` anew, of the days on which an agent is or was at work in a stale ticket.

    On those days, and on no others, visits of other tickets may get more or less of the agent's time.
    """
    days = exp.select("agent_id", "day")
    former = days.from_(OF_AGENTS).where(_is_stale())
    present = _served("work_days", **{name: _stale_of(name) for name in ("visits", "business_times")})
    touched = days.distinct().from_(
        exp.union(former, days.from_(present.subquery("present"))).subquery("days")
    )
    near = sqlglot.parse_one(_VISITS_NEAR, dialect=DIALECT, into=exp.Select)
    on_touched = sqlglot.parse_one(_ON_TOUCHED_DAYS, dialect=DIALECT)
    work_days = exp.select("*").from_(relations()["work_days"].query.subquery("every")).where(on_touched)
    return (
        replacing("touched_days", touched, lasting=False),
        _text(exp.delete(OF_AGENTS, where=on_touched.copy())),
        _text(exp.insert(_served(OF_AGENTS, visits=near, work_days=work_days), OF_AGENTS)),
        _text(exp.Drop(tables=[exp.table_("touched_days")], kind="TABLE")),
    )


_ON_TOUCHED_DAYS = "(agent_id, day) IN (SELECT agent_id, day FROM touched_days)"
# More than those of the days, never fewer: so that not every visit has to be cut into days.
_VISITS_NEAR = """
SELECT v.*
FROM main.visits AS v
JOIN (SELECT agent_id, min(day) AS first_day, max(day) AS last_day FROM touched_days GROUP BY agent_id) AS t
  ON t.agent_id = v.agent_id
WHERE
  epoch_us(v.left_at) >= t.first_day * 86400000000 AND epoch_us(v.entered_at) < (t.last_day + 1) * 86400000000
"""


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
