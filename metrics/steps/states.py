"""What a log of states tells: how long tickets stay in each, how often they change hands there and return."""

from __future__ import annotations

import duckdb
import polars as pl
import sqlglot
from sqlglot import exp

from metrics.catalog.dimensions import VISITS
from metrics.facts.relations import DIALECT
from metrics.query.run_in_scope import run_in_scope
from metrics.query.scope import Over, Scope, conditions, date_column
from metrics.statistics.intervals import wilson
from metrics.steps.counts import KEY, guided_workflows, titles


def states(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> pl.DataFrame:
    """One row per state of the workflows that are not guided, the one with most time in it first.

    `visits`: stays, updates within the state included. `median_hours`, `p90_hours`: time in the state, of
    stays that ended, but for those in which the run ended on arrival; `total_hours`: of all of them.
    `handed_over_share`: stays in or after which another agent goes on, of those `handed_over_n` where two
    agents in a row are known. `returns`: stays in a state that the ticket's run had been in before and had
    left for another one, and their share. Both shares with their 95 % interval.
    """
    scope = scope or Scope()
    names = [name for name, is_guided in guided_workflows(connection, scope).items() if not is_guided]
    if not names:
        return pl.DataFrame(schema=_SCHEMA)
    is_state = exp.column("workflow").isin(*(exp.Literal.string(name) for name in sorted(names)))
    query = (
        exp.select(
            *KEY, *(exp.alias_(sqlglot.parse_one(text, dialect=DIALECT), of) for of, text in _SUMS.items())
        )
        .from_("stays")
        .where(is_state, *conditions(scope, Over(VISITS, date_column(scope, "entered_at"))))
        .group_by(*KEY)
    )
    rows = run_in_scope(connection, query, scope)
    return (
        rows.join(titles(connection), on=KEY, how="left")
        .with_columns(
            *_share(rows, "handed_over", hits="handed_over", n="handed_over_n"),
            *_share(rows, "return", hits="returns", n="visits"),
        )
        .select(_SCHEMA.names())
        .cast(_SCHEMA)
        .sort("total_hours", *KEY, descending=[True, False, False, False], nulls_last=True)
    )


def _share(rows: pl.DataFrame, name: str, *, hits: str, n: str) -> list[pl.Series]:
    """The share of a column in another one, with the ends of its interval; null where there is nothing."""
    low, high = wilson(rows[hits], rows[n])
    ends = [pl.Series(f"{name}_{end}", values) for end, values in (("low", low), ("high", high))]
    share = (rows[hits] / rows[n]).alias(f"{name}_share")
    return [each.fill_nan(None) for each in (share, *ends)]


_TIMED = "NOT is_unended AND NOT (is_last AND dwell_us = 0)"
_SUMS = {
    "visits": "count(*)",
    "median_hours": f"median(dwell_us) FILTER (WHERE {_TIMED}) / 3.6e9",
    "p90_hours": f"quantile_cont(dwell_us, 0.9) FILTER (WHERE {_TIMED}) / 3.6e9",
    "total_hours": "sum(dwell_us) FILTER (WHERE NOT is_unended) / 3.6e9",
    "handed_over_n": "count(handed_over)",
    "handed_over": "count(*) FILTER (WHERE handed_over)",
    "returns": "count(*) FILTER (WHERE is_return)",
}
_SCHEMA = pl.Schema(
    {
        **dict.fromkeys((*KEY, "title"), pl.String()),
        "visits": pl.Int64(),
        **dict.fromkeys(("median_hours", "p90_hours", "total_hours"), pl.Float64()),
        **dict.fromkeys(("handed_over_share", "handed_over_low", "handed_over_high"), pl.Float64()),
        **dict.fromkeys(("handed_over_n", "returns"), pl.Int64()),
        **dict.fromkeys(("return_share", "return_low", "return_high"), pl.Float64()),
    }
)
