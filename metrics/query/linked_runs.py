"""Runs that go over several tickets: which tickets those are, and which one the run belongs to."""

from __future__ import annotations

import duckdb
from sqlglot import exp

from metrics.query.run import run_query


def homes(connection: duckdb.DuckDBPyConnection, ticket_id: str) -> dict[str, str]:
    """The ticket that each such run of a ticket belongs to, by run id; most tickets have none."""
    query = exp.select("run_id", "home_ticket_id").from_("run_links").where(_is("ticket_id"))
    return dict(run_query(connection, query, {"value": ticket_id}).iter_rows())


def tickets_of(connection: duckdb.DuckDBPyConnection, run_id: str, home: str) -> list[str]:
    """The tickets that a run goes over, the one it belongs to first; that one alone for most runs."""
    query = exp.select("ticket_id", "home_ticket_id").from_("run_links").where(_is("run_id"))
    rows = run_query(connection, query, {"value": run_id}).filter(home_ticket_id=home)
    return [home, *sorted(set(rows["ticket_id"]) - {home})]


def rows_of(*ticket_ids: str) -> exp.Select:
    """The query for `tickets` of `run_query` that leaves the events of these tickets and of merged ones."""
    wanted = [exp.Literal.string(ticket_id) for ticket_id in ticket_ids]
    merged = exp.select("ticket_id").from_("merge_ends").where(exp.column("end_ticket_id").isin(*wanted))
    is_here = exp.or_(exp.column("ticket_id").isin(*wanted), exp.column("ticket_id").isin(query=merged))
    return exp.select("ticket_id").from_(exp.table_("events", db="main")).where(is_here)


def _is(column: str) -> exp.Expr:
    return exp.column(column).eq(exp.Placeholder(this="value"))
