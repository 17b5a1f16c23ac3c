"""The facts, as relations that refer to one another by name, and how a query over them is composed.

`STORED` relations are tables, kept up to date ticket by ticket (`metrics.refresh.facts`), and so are `SERVED`
ones, which depend on opening hours and targets (`metrics.refresh.service_facts`). The one `OF_AGENTS` is kept
up to date by agents and days, since visits of other tickets change it. `RECOMPUTED` ones are small tables
made anew each time, and so is `USUAL_TIMES`, the last of all. All others are written into the query that asks
for them, and so cost nothing when nobody asks. `SHARED` ones, which several tables are made from, are worked
out once for all of them. `LINKS` say which tickets a merge or a run links, so that a change in one makes the
facts of the others anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import PurePath

import sqlglot
from sqlglot import exp

from metrics.catalog import signs
from metrics.facts import fact_files, service_tables
from metrics.settings.thresholds import Thresholds

STORED = ("tickets", "open_periods", "runs", "visits")
LINKS = ("merges", "run_tickets", "run_links")
"""Tables that say which tickets are about one another, by a merge or by a run: made before all others."""
FORMER = ("open_spells",)
"""Tables that earlier versions kept facts in: they go when facts are made anew."""
SHARED = ("ordered_events", "run_events")
RECOMPUTED = ("clock", "source_clocks", "fluent_times", "practice", "guided_workflows")
SERVED = ("business_times", "ticket_targets", "unended_runs", "visit_work")
OF_AGENTS = "overlaps"
USUAL_TIMES = "usual_times"
FACT_TABLES = (*LINKS, *STORED, *RECOMPUTED, *SERVED, OF_AGENTS, USUAL_TIMES)
DIALECT = "duckdb"


@dataclass(frozen=True)
class Relation:
    """One relation: its file, its grain in a sentence, its rules, its query and the relations it reads."""

    name: str
    place: str
    grain: str
    rules: str
    query: exp.Query
    reads: tuple[str, ...]


@cache
def relations() -> Mapping[str, Relation]:
    """Every relation by name, each after all it reads."""
    read = [_read(place, file.read_text("utf-8")) for place, file in fact_files().items()]
    by_name = {relation.name: relation for relation in read}
    queries = {name: relation.query for name, relation in by_name.items()}
    return {name: by_name[name] for name in _in_order(sorted(by_name), queries)}


def _read(place: str, text: str) -> Relation:
    head = [line.removeprefix("--").strip() for line in text.splitlines() if line.startswith("--")]
    parsed = sqlglot.parse_one(text, dialect=DIALECT)
    if not isinstance(parsed, exp.Query):
        raise TypeError(f"facts/{place} must be a single SELECT.")
    query = signs.written_out(parsed)
    name = PurePath(place).stem
    return Relation(name, place, head[0], " ".join(head[1:]), query, _names_read(query))


def _names_read(query: exp.Query) -> tuple[str, ...]:
    """Names of the relations a query reads, without its own table expressions and `main.…`."""
    own = {cte.alias for cte in query.find_all(exp.CTE)}
    return tuple(
        sorted({table.name for table in query.find_all(exp.Table) if table.name not in own and not table.db})
    )


def _in_order(wanted: list[str], definitions: Mapping[str, exp.Query]) -> list[str]:
    """The wanted names and all they read through `definitions`, each after what it reads."""
    ordered: list[str] = []

    def visit(name: str) -> None:
        if name in definitions and name not in ordered:
            for read in _names_read(definitions[name]):
                visit(read)
            ordered.append(name)

    for name in wanted:
        visit(name)
    return ordered


def made_from(names: tuple[str, ...]) -> list[str]:
    """The relations named and all that they are made from."""
    return _in_order(list(names), {name: relation.query for name, relation in relations().items()})


def with_definitions(query: exp.Select, definitions: Mapping[str, exp.Query]) -> exp.Select:
    """The query, preceded by the definitions it needs; names without one stay tables."""
    composed = query.copy()
    for name in _in_order(list(_names_read(query)), definitions):
        composed = composed.with_(name, as_=definitions[name].copy(), copy=False)
    return composed


def derived() -> dict[str, exp.Query]:
    """The relations that no table holds."""
    return {name: relation.query for name, relation in relations().items() if name not in FACT_TABLES}


def limits(thresholds: Thresholds) -> exp.Select:
    """The thresholds as a relation of one row."""
    types = {float: "double", int: "integer"}
    values = thresholds.model_dump().items()
    return exp.select(
        *(exp.alias_(exp.cast(exp.Literal.number(value), types[type(value)]), name) for name, value in values)
    )


@dataclass(frozen=True)
class WarehouseState:
    """How far a warehouse is: the instant of its newest event, and whether its facts have been made."""

    newest: datetime | None
    has_facts: bool


def compose(
    query: exp.Select,
    state: WarehouseState,
    *,
    as_of: datetime | None = None,
    tickets: exp.Select | None = None,
) -> exp.Select:
    """The query over any relations, ready to run on a warehouse in this state.

    Without `as_of` the data is looked at at the instant of its newest event, what is of a source at its own.
    A later `as_of` moves the clock alone, for every source; an earlier one answers with what was known then,
    from the events up to that instant. `tickets`, a query over `main.visits`, says of which tickets the
    answer may be at all: events and visits of others are then not looked at, where the facts stand. What is
    told of a ticket comes from it alone, or from tables.
    """
    definitions = derived()
    is_past = as_of is not None and state.newest is not None and as_of < state.newest
    if is_past or not state.has_facts:
        definitions |= {name: relations()[name].query for name in FACT_TABLES}
    if not state.has_facts:
        definitions["thresholds"] = limits(Thresholds())
        definitions |= service_tables.without_rows()
    if as_of is not None:
        instant = exp.cast(exp.Literal.string(as_of.isoformat()), "timestamptz")
        definitions["clock"] = exp.select(exp.alias_(instant, "as_of"))
        definitions["source_clocks"] = exp.select(
            exp.alias_(exp.cast(exp.null(), "text"), "source"),
            exp.alias_(exp.cast(exp.null(), "timestamptz"), "as_of"),
        ).where(exp.false())
        if is_past:
            state_then = exp.column("occurred_at") <= instant.copy()
            definitions["events"] = exp.select("*").from_(exp.table_("events", db="main")).where(state_then)
    if tickets is not None and state.has_facts and not is_past:
        with_others = exp.union(tickets, _tickets_of_runs_of(tickets))
        for name, among in (("events", with_others), ("visits", tickets)):
            is_among = exp.column("ticket_id").isin(query=among)
            definitions[name] = exp.select("*").from_(exp.table_(name, db="main")).where(is_among)
    return with_definitions(query, definitions)


def _tickets_of_runs_of(tickets: exp.Select) -> exp.Select:
    """The tickets that the runs of some tickets go over."""
    is_home = exp.column("home_ticket_id").isin(query=tickets.copy())
    return exp.select("ticket_id").from_(exp.table_("run_links", db="main")).where(is_home)
