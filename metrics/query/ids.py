"""Which ticket an id names: the id as the warehouse has it, or, where one source alone has it, its own."""

from __future__ import annotations

import duckdb
from sqlglot import exp

from etl.contract.names import name_of
from etl.contract.sources import SEPARATOR, candidate_ids, stated_id
from etl.errors import InvalidRequest
from metrics.query.run import run_query


def find_ticket(connection: duckdb.DuckDBPyConnection, text: str, *, prefers_exact: bool = False) -> str:
    """The id of the ticket that is meant: `source:id`, the id alone, or `:id` for one without a source.

    `prefers_exact`: an id that is the whole id of a ticket is that one, as in a link.

    Raises:
        InvalidRequest: there is none, or there are several.
    """
    text = name_of(text)
    matches = matching_tickets(connection, text)
    if prefers_exact and text in matches:
        return text
    if not matches:
        raise InvalidRequest("ticket.unknown", ticket=text)
    if len(matches) > 1:
        names = source_names(connection)
        stated = [stated_id(each, names) for each in matches]
        raise InvalidRequest("ticket.of_several", ticket=text.removeprefix(SEPARATOR), candidates=stated)
    return matches[0]


def matching_tickets(connection: duckdb.DuckDBPyConnection, text: str) -> list[str]:
    """The ids of all tickets that may be meant, in order."""
    wanted = candidate_ids(text, source_names(connection))
    places = {f"id_{n}": each for n, each in enumerate(wanted)}
    query = exp.select("ticket_id").from_("tickets")
    query = query.where(exp.column("ticket_id").isin(*(exp.Placeholder(this=name) for name in places)))
    return sorted(run_query(connection, query, places)["ticket_id"])


def source_names(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The systems that a warehouse holds, by their names; none where no load named one."""
    return [name for (name,) in connection.execute(_SOURCES).fetchall()]


_SOURCES = "SELECT DISTINCT source FROM loads WHERE source IS NOT NULL ORDER BY source"
