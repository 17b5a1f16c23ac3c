"""What the warning signs are read from: visits and solved tickets of a period, each asked for once."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import polars as pl
import sqlglot
from sqlglot import exp

from metrics.catalog.dimensions import TICKETS, VISITS
from metrics.facts.relations import DIALECT
from metrics.query.guidance import is_guided
from metrics.query.run_in_scope import run_in_scope
from metrics.query.scope import Over, Scope, conditions, date_column

STEP = ("workflow", "version", "step")
MIX = ("reason", "channel")
ERRORS = {
    "any error": "had_input_rejected OR changed_answer OR coalesce(skipped_required, false)",
    "input refused": "had_input_rejected",
    "answer changed": "changed_answer",
    "required step skipped": "skipped_required",
}


def visits(connection: duckdb.DuckDBPyConnection, scope: Scope) -> pl.DataFrame:
    """One row per step version, agent and band of practice (null where it is not known), in that order.

    Those of guided workflows: a log of states tells no mistakes, and no practice.

    `title` of the step, `visits`, `hits` (confused ones), `timed` and the sum of their logarithms `logs`, and
    of each kind of error the visits with it (`… hits`) and those of which it is known (`… n`).
    """
    aggregates = {
        "title": "max(title)",
        "visits": "count(*)",
        "hits": "count(*) FILTER (WHERE is_confused)",
        "timed": "count(*) FILTER (WHERE unpaused_us > 0 AND NOT abandoned)",
        # Whole numbers add up to the same in any order.
        "logs": "coalesce(sum(TRY_CAST(round(ln(unpaused_us) * 1e9) AS BIGINT)) "
        "FILTER (WHERE unpaused_us > 0 AND NOT abandoned), 0) / 1e9",
        **{f"{name} hits": f"count(*) FILTER (WHERE {where})" for name, where in ERRORS.items()},
        **{f"{name} n": f"count({where})" for name, where in ERRORS.items()},
    }
    by = (*STEP, "agent_id", "practice")
    dated = (VISITS, "entered_at")
    return grouped(connection, scope, "visits_with_errors", dated, by, aggregates, among=is_guided())


def solved(connection: duckdb.DuckDBPyConnection, scope: Scope) -> pl.DataFrame:
    """One row per contact reason, channel and agent who solved, in that order: `tickets`, `reopened` ones.

    `traced`: those of which it is known whether they were reopened.
    """
    aggregates = {"tickets": "count(*)", "reopened": "count(*) FILTER (WHERE is_reopened)"}
    aggregates["traced"] = "count(is_reopened)"
    return grouped(connection, scope, "solvers", (TICKETS, "last_solved_at"), (*MIX, "agent_id"), aggregates)


def grouped(
    connection: duckdb.DuckDBPyConnection,
    scope: Scope,
    relation: str,
    dated: tuple[str, str],
    by: tuple[str, ...],
    aggregates: Mapping[str, str],
    *,
    among: exp.Expr | None = None,
) -> pl.DataFrame:
    """One row per group of the relation's rows that have a date in the scope, in the order of the groups.

    `dated`: the fact whose filters the rows know, and their own date. `among`: what else they must meet.
    """
    fact, date = dated
    over = Over(fact, date_column(scope, date))
    columns = [exp.alias_(_parsed(text), name) for name, text in aggregates.items()]
    has_date = exp.Not(this=exp.Is(this=exp.column(over.date), expression=exp.null()))
    groups = [_parsed(text) for text in by]
    query = (
        exp.select(*groups, *columns)
        .from_(relation)
        .where(has_date, among or exp.true(), *conditions(scope, over))
        .group_by(*groups)
    )
    rows = run_in_scope(connection, query, scope)
    return rows.sort(rows.columns[: len(by)], nulls_last=True)


def _parsed(text: str) -> exp.Expr:
    return sqlglot.parse_one(text, dialect=DIALECT)
