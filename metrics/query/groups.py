"""Which groups are large enough to be shown: numbers about a few agents are numbers about people."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
from sqlglot import exp

from metrics.catalog.dimensions import TICKET_AGENTS, column
from metrics.query.run import run_query
from metrics.query.scope import Over, Scope, conditions, parameters

LEAST_AGENTS = 5


def agents_by(
    connection: duckdb.DuckDBPyConnection, dimension: str, *, scope: Scope | None = None
) -> dict[str | None, int]:
    """How many agents did something in the tickets of each group that were opened in the scope."""
    scope = scope or Scope()
    over = Over(TICKET_AGENTS, "arrived_at")
    group = column(dimension, fact=over.fact, date=over.date, custom=scope.dimensions)
    agents = exp.Count(this=exp.Distinct(expressions=[exp.column("agent_id")]))
    query = exp.select(exp.alias_(group, "name"), agents.as_("agents")).from_(TICKET_AGENTS)
    query = query.where(exp.true(), *conditions(scope, over)).group_by("1")
    return dict(run_query(connection, query, parameters(scope, query), as_of=scope.as_of).rows())


def hidden(agents: Mapping[str | None, int], *, least: int = LEAST_AGENTS) -> frozenset[str | None]:
    """The groups not to be shown: those of fewer agents, and so many more that no difference tells of them.

    The total less all groups shown is what the hidden ones make together. So where they have fewer than
    `least` agents together (or one alone is hidden), the next smallest is hidden with them.
    """
    by_size = sorted(agents, key=lambda name: (agents[name], name is None, str(name)))
    small = [name for name in by_size if agents[name] < least]
    while small and len(small) < len(by_size) and (len(small) < 2 or sum(agents[n] for n in small) < least):
        small.append(by_size[len(small)])
    return frozenset(small)
