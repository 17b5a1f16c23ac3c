"""The visits and runs of workflows that guide agents, without those of logs of states."""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from metrics.facts.relations import DIALECT


def is_guided() -> exp.Expr:
    """Whether a row's `workflow` guides agents: of states, nobody can tell how well they are handled."""
    return sqlglot.parse_one(_IS_GUIDED, dialect=DIALECT)


_IS_GUIDED = """
coalesce(
    workflow NOT IN (
        SELECT g.workflow FROM guided_workflows AS g WHERE NOT g.is_guided AND NOT g.workflow IS NULL
    ),
    true
)
"""
