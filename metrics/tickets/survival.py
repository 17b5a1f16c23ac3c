"""How long tickets wait, with those still open counted: Kaplan and Meier's estimate."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import polars as pl
from sqlglot import exp

from metrics.catalog.dimensions import column
from metrics.query.run_in_scope import run_in_scope
from metrics.query.scope import Over, Scope, conditions, date_column
from metrics.query.small_groups import without_small_groups
from metrics.statistics.survival import CURVE, curve, quantile


@dataclass(frozen=True)
class Waits:
    """Where waits are told: the fact with `is_over` in it, and the column with their minutes."""

    fact: str
    minutes: str


def waiting_curve(
    connection: duckdb.DuckDBPyConnection,
    waits: Waits,
    *,
    by: str | None = None,
    scope: Scope | None = None,
    points: int = 500,
) -> pl.DataFrame:
    """The curve of the waits of the tickets opened in the scope, for each value of a dimension.

    At most about `points` rows a group, evenly spread over them; each is exact.
    """
    curves = []
    kind, groups = _grouped(connection, waits, by, scope or Scope())
    for value, rows in groups:
        minutes = rows[waits.minutes]
        steps = curve(minutes.filter(rows["is_over"]), minutes.filter(~rows["is_over"]))
        group = [pl.lit(value, kind).alias(by)] if by else []
        curves.append(_thinned(steps, points).select(*group, pl.all()))
    return pl.concat(curves) if curves else CURVE.to_frame()


def waiting_medians(
    connection: duckdb.DuckDBPyConnection,
    waits: Waits,
    *,
    by: str | None = None,
    scope: Scope | None = None,
) -> pl.DataFrame:
    """One row per value of a dimension (one over all without): the Kaplan-Meier median, its interval, n.

    `waiting`: how many of the n wait on; `broken_off`: of how many tickets the wait ended without what was
    waited for.
    """
    kind, groups = _grouped(connection, waits, by, scope or Scope())
    medians = []
    for value, rows in groups:
        over, is_open, minutes = rows["is_over"], rows["is_open"], rows[waits.minutes]
        half = quantile(curve(minutes.filter(over), minutes.filter(~over)))
        counts = rows.height, int((~over & is_open).sum()), int((~over & ~is_open).sum())
        medians.append((value, *half, *counts))
    numbers = dict.fromkeys(("value", "low", "high"), pl.Float64())
    counted = dict.fromkeys(("n", "waiting", "broken_off"), pl.Int64())
    schema = pl.Schema({by or "": kind, **numbers, **counted})
    frame = pl.DataFrame(medians, schema=schema, orient="row")
    return frame if by else frame.drop("")


def _grouped(
    connection: duckdb.DuckDBPyConnection, waits: Waits, by: str | None, scope: Scope
) -> tuple[pl.DataType, list[tuple[object, pl.DataFrame]]]:
    """The type of values; then the value and the rows (minutes, is_over, is_open) of each group in order."""
    date_at = date_column(scope, "arrived_at")
    over = Over(waits.fact, date_at)
    group = column(by, fact=over.fact, date=date_at, custom=scope.dimensions) if by else None
    dimensions = [exp.alias_(group, by)] if by and group else []
    has_wait = exp.Not(this=exp.Is(this=exp.column(waits.minutes), expression=exp.null()))
    query = exp.select(*dimensions, waits.minutes, "is_over", "is_open").from_(waits.fact)
    query = query.where(has_wait, *conditions(scope, over))
    rows = run_in_scope(connection, query, scope)
    if by is None:
        return pl.String(), [(None, rows)]
    rows = without_small_groups(connection, rows, [by], scope, waits.fact)
    groups = [(key[0], group) for key, group in rows.group_by(by)]
    in_order = sorted(groups, key=lambda pair: (pair[0] is None, pair[0] if pair[0] is not None else 0))
    return rows.schema[by], in_order


def _thinned(steps: pl.DataFrame, points: int) -> pl.DataFrame:
    """Every so manieth row, the last one always."""
    return steps.reverse().gather_every(max(1, steps.height // max(points, 1))).reverse()
