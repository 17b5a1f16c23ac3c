"""Whether a choice of teams is about so few agents that its numbers would tell of a person."""

from __future__ import annotations

import duckdb
from sqlglot import exp

from metrics.catalog.dimensions import TICKET_AGENTS, VISITS
from metrics.query.run import run_query
from metrics.query.scope import Over, Scope, conditions, date_column, parameters
from metrics.statistics.evidence import LEAST_GROUP

_FACTS = ((TICKET_AGENTS, "arrived_at"), (VISITS, "entered_at"))


def is_about_few(connection: duckdb.DuckDBPyConnection, scope: Scope, *, least: int = LEAST_GROUP) -> bool:
    """Whether the teams chosen, or those left out, have fewer than `least` agents after all other filters.

    Those left out count as well: the whole less what is chosen would tell of them. Agents are those who did
    something in tickets that arrived in the scope, or at steps visited in it; where none are recorded,
    nothing can be told of any. Without a choice of teams nothing is about a group of agents.
    """
    teams = set(dict(scope.where).get("team", ()))
    if not teams:
        return False
    others = scope.model_copy(
        update={"where": tuple((name, values) for name, values in scope.where if name != "team")}
    )
    return any(_are_few(_agents(connection, others, *fact), teams, least) for fact in _FACTS)


def _are_few(agents: list[tuple[str | None, str]], teams: set[str], least: int) -> bool:
    """Rows of team and agent; the empty text stands for a team that is not recorded."""
    inside = {agent for team, agent in agents if (team or "") in teams}
    outside = {agent for team, agent in agents if (team or "") not in teams}
    return 0 < len(inside) < least or 0 < len(outside) < least


def _agents(
    connection: duckdb.DuckDBPyConnection, scope: Scope, fact: str, date: str
) -> list[tuple[str | None, str]]:
    over = Over(fact, date_column(scope, date))
    query = exp.select("team", "agent_id").distinct().from_(fact)
    query = query.where("NOT agent_id IS NULL", *conditions(scope, over))
    return run_query(connection, query, parameters(scope, query), as_of=scope.as_of).rows()
