"""Any metrics by any dimensions in any scope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache, partial
from typing import NamedTuple

import duckdb
import polars as pl
import sqlglot
from sqlglot import exp

from etl.errors import InvalidRequest
from metrics.catalog import metrics as catalog
from metrics.catalog.dimensions import (
    TICKETS,
    VISITS,
    CustomDimensions,
    Dimension,
    column,
    custom_value,
    dimension,
)
from metrics.catalog.metrics import Metric
from metrics.facts.relations import DIALECT
from metrics.query import clustered_shares, means, quantiles
from metrics.query.periods import event_days, with_empty_periods
from metrics.query.run import run_parallel, run_query
from metrics.query.run_in_scope import run_in_scope
from metrics.query.scope import Over, Scope, conditions, date_column, days, parameters
from metrics.query.small_groups import refuse_small_group, without_small_groups
from metrics.statistics import survival


def measure(
    connection: duckdb.DuckDBPyConnection,
    metrics: Sequence[str],
    *,
    by: Sequence[str] = (),
    scope: Scope | None = None,
) -> pl.DataFrame:
    """One row per metric and group: `metric`, the dimensions asked for, `value`, `n`, `low`, `high`.

    Groups that are too small to be shown are left out (`metrics.query.small_groups`).
    `value` is null where n is 0; a count is 0 then, or null where nobody recorded it. `low` and `high` are
    the 95 % interval of a share or a median, null where n is too small for one. Metrics stand in the order
    asked, groups in their own order with "not recorded" last. Without dimensions each metric has a row even
    over no data.

    Raises:
        InvalidRequest: a metric or dimension that is unknown or not built yet, or does not fit the other.
    """
    scope = scope or Scope()
    names, dimensions = list(dict.fromkeys(metrics)), list(dict.fromkeys(by))
    definitions = [catalog.metric(name) for name in names]
    if not definitions:
        raise InvalidRequest("metric.none_named", example=next(iter(catalog.CATALOG)))
    return measured(connection, definitions, dimensions, scope)


def measured(
    connection: duckdb.DuckDBPyConnection, metrics: Sequence[Metric], by: Sequence[str], scope: Scope
) -> pl.DataFrame:
    """As `measure`, of metrics that need not be in the catalog."""
    return measured_in(connection, metrics, [Cut(tuple(by), scope)])[0]


class Cut(NamedTuple):
    """One way to look at some metrics: in a scope, by some dimensions."""

    by: tuple[str, ...]
    scope: Scope


def measured_in(
    connection: duckdb.DuckDBPyConnection, metrics: Sequence[Metric], cuts: Sequence[Cut]
) -> list[pl.DataFrame]:
    """As `measured`, for each cut. What a fact is made from is worked out once for all of them."""
    frames = [
        with_empty_periods(connection, rows, metrics, cut.by, cut.scope)
        for rows, cut in zip(cells_in(connection, metrics, cuts), cuts, strict=True)
    ]
    return [_to_show(connection, rows, cut, metrics) for rows, cut in zip(frames, cuts, strict=True)]


def _to_show(
    connection: duckdb.DuckDBPyConnection, rows: pl.DataFrame, cut: Cut, metrics: Sequence[Metric]
) -> pl.DataFrame:
    """The rows less those of groups that are too small to be shown.

    How many tickets took how long tells of tickets, as their list does: bands of time are no groups there.
    """
    if not cut.by:
        return rows
    parts = []
    for metric in {metric.name: metric for metric in metrics}.values():
        bands = {name: dimension(name, cut.scope.dimensions).band_of for name in cut.by}
        own = (metric.value,) if metric.kind != "count" else tuple(bands.values())
        by = [name for name in cut.by if not bands[name] or bands[name] not in own]
        rows_of_one = rows.filter(metric=metric.name)
        parts.append(without_small_groups(connection, rows_of_one, by, cut.scope, metric.fact))
    return pl.concat(parts)


def cells_in(
    connection: duckdb.DuckDBPyConnection, metrics: Sequence[Metric], cuts: Sequence[Cut]
) -> list[pl.DataFrame]:
    """As `measured_in`, with the groups that are too small: for sums over them, never to be shown."""
    if len({cut.scope.as_of for cut in cuts}) > 1:  # what is known differs, and with it the facts
        return [frame for cut in cuts for frame in cells_in(connection, metrics, [cut])]
    for cut in cuts:
        refuse_small_group(connection, cut.scope)
    together: dict[tuple[str, str, str], list[Metric]] = {}
    for metric in metrics:
        together.setdefault((metric.fact, metric.date.column, metric.cluster), []).append(metric)
    groups = list(together.values())
    queries = [partial(_counted, metrics=group, cuts=cuts) for group in groups]
    rows = run_parallel(connection, queries, as_of=cuts[0].scope.as_of)
    counted = [(metric, frames) for group, frames in zip(groups, rows, strict=True) for metric in group]
    names = [metric.name for metric in metrics]
    order = pl.col("metric").replace_strict(names, range(len(names)), return_dtype=pl.Int64)
    return [
        pl.concat([_long_form(metric, frames[place], cut.by) for metric, frames in counted]).sort(
            [order, *cut.by], nulls_last=True
        )
        for place, cut in enumerate(cuts)
    ]


def _sql(text: str) -> exp.Expr:
    return sqlglot.parse_one(text, dialect=DIALECT)


def _counted(
    connection: duckdb.DuckDBPyConnection, metrics: list[Metric], cuts: Sequence[Cut]
) -> list[pl.DataFrame]:
    """Of each cut one row per group, with n and the bare value (hits, median or count) of each metric."""
    names = list(dict.fromkeys(name for cut in cuts for name in cut.by))
    selects: list[exp.Select] = []
    values: dict[str, object] = {}
    for place, cut in enumerate(cuts):
        selects.append(_select(metrics, cut, names).select(exp.alias_(exp.Literal.number(place), "cut")))
        for name, value in parameters(cut.scope, selects[-1]).items():
            values[f"{name}_{place}"] = value
        for placeholder in selects[-1].find_all(exp.Placeholder):
            placeholder.set("this", f"{placeholder.name}_{place}")
    query = selects[0]
    if len(cuts) > 1:
        query = exp.select("*").from_(exp.union(*selects, distinct=False, copy=False).subquery("cuts"))
    rows = run_query(connection, query, values, as_of=cuts[0].scope.as_of)
    return [rows.filter(pl.col("cut") == place) for place in range(len(cuts))]


def _select(metrics: list[Metric], cut: Cut, names: list[str]) -> exp.Select:
    """The rows of one cut, with a column for every dimension named; null where it is not one of its own."""
    fact, date_at = metrics[0].fact, date_column(cut.scope, metrics[0].date.column)
    columns: list[exp.Expr] = []
    for name in names:
        expression: exp.Expr = exp.null()
        if name in cut.by:
            custom = cut.scope.dimensions
            expression = column(name, fact=fact, date=date_at, days=days(cut.scope), custom=custom)
        columns.append(exp.alias_(expression, name, quoted=True))
    for metric in metrics:
        columns += [
            exp.alias_(aggregate, f"{metric.name}_{what}") for what, aggregate in _aggregates(metric).items()
        ]
    over = Over(fact, date_at)
    has_date = exp.Not(this=exp.Is(this=exp.column(date_at), expression=exp.null()))
    query = exp.select(*columns).from_(fact).where(has_date, *conditions(cut.scope, over))
    if metrics[0].cluster:
        return clustered_shares.over_clusters(query, metrics, names, cut.by)
    return query.group_by(*(str(place) for place, name in enumerate(names, 1) if name in cut.by))


@cache  # reading expressions takes longer than running a small query
def _aggregates(metric: Metric) -> dict[str, exp.Expr]:
    """What is counted over the fact for a metric, by the name `_long_form` knows it by."""

    def filtered(aggregate: exp.Expr, *conditions: str) -> exp.Expr:
        met = exp.and_(*(exp.paren(_sql(text)) for text in conditions))
        return exp.Filter(this=aggregate, expression=exp.Where(this=met))

    def count(*conditions: str) -> exp.Expr:
        return filtered(exp.Count(this=exp.Star()), *conditions)

    match metric.kind:
        case "median":
            return quantiles.aggregates(metric)
        case "mean":
            return means.aggregates(metric)
        case "survival":
            waits = exp.func("list", exp.column(metric.value), dialect=DIALECT)
            return {
                "n": count(metric.among.condition),
                "ended": filtered(waits, metric.among.condition, metric.is_over),
                "waiting": filtered(waits.copy(), metric.among.condition, f"NOT {metric.is_over}"),
            }
        case "share":
            return {"n": count(metric.among.condition), "value": count(metric.among.condition, metric.hits)}
        case _:
            value: exp.Expr = count(metric.among.condition)
            if metric.recorded:  # rows there are, and of none is it known
                value = exp.case().when(_sql(f"NOT bool_or({metric.recorded})"), exp.null()).else_(value)
            return {"n": count(metric.among.condition), "value": value}


def _long_form(metric: Metric, frame: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """The long form of one metric, with its interval unless it is a count."""
    names = clustered_shares.COLUMNS if metric.cluster else _aggregates(metric)
    bare = frame.select(*by, *(pl.col(f"{metric.name}_{what}").alias(what) for what in names))
    none = pl.repeat(None, bare.height, dtype=pl.Float64, eager=True)
    match metric.kind:
        case "median":
            value, (low, high) = bare["value"], quantiles.interval(bare, metric)
        case "mean":
            value, low, high = means.over_groups(bare)
        case "survival":
            value, low, high = survival.over_groups(bare, metric.quantile)
        case "share":
            low, high = clustered_shares.interval(bare, metric)
            value = bare.select(pl.when(pl.col("n") > 0).then(pl.col("value") / pl.col("n"))).to_series()
        case _:
            value, low, high = bare["value"], none, none
    numbers = {"value": value, "low": low, "high": high}
    rows = bare.select(*by, "n").with_columns(
        **{name: series.cast(pl.Float64) for name, series in numbers.items()}
    )
    return rows.select(
        pl.lit(metric.name).alias("metric"), *by, "value", pl.col("n").cast(pl.Int64), "low", "high"
    )


def dimension_values(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str], custom: CustomDimensions = ()
) -> dict[str, list[str]]:
    """The values of each of these dimensions that occur, in order, "not recorded" left out.

    `custom`: the dimensions of the settings, which may be among them.

    Raises:
        InvalidRequest: no such dimension, or a calendar one, whose values are not listed.
    """
    by_fact: dict[str, list[str]] = {}
    for name in names:
        wanted = dimension(name, custom)
        if not wanted.is_listed:
            raise InvalidRequest("dimension.not_listed", name=name)
        for fact in _facts_of(wanted):
            by_fact.setdefault(fact, []).append(name)
    # Combinations are few: a fact is looked through once for all that it tells.
    combinations = run_parallel(
        connection, [partial(_combinations, fact=fact, of=of, custom=custom) for fact, of in by_fact.items()]
    )
    return {
        name: sorted({value for frame in combinations if name in frame for value in frame[name].drop_nulls()})
        for name in names
    }


def _combinations(
    connection: duckdb.DuckDBPyConnection, fact: str, of: list[str], custom: CustomDimensions
) -> pl.DataFrame:
    attributes = dict(custom)
    columns = [
        exp.alias_(custom_value(attributes[name]) if name in attributes else exp.column(name), name)
        for name in of
    ]
    return run_query(connection, exp.select(*columns).from_(fact).distinct())


def _facts_of(wanted: Dimension) -> tuple[str, ...]:
    """The smallest facts with all values of a dimension: visits are many, and judging them takes longer."""
    if wanted.custom_column or wanted.name in (
        "source",
        "channel",
        "reason",
        "priority",
    ):  # visits have them from their tickets, which count, too
        return (TICKETS,)
    of_visits = VISITS if wanted.name in ("title", "kind") else "reportable_visits"
    return tuple(of_visits if fact == VISITS else fact for fact in (TICKETS, VISITS) if fact in wanted.facts)


def data_range(connection: duckdb.DuckDBPyConnection, *, time_zone: str = "UTC") -> tuple[date, date] | None:
    """The local days of the first and the newest event; None without events."""
    rows = event_days(connection, time_zone).rows()
    return rows[0] if rows else None


def excluded_tickets(connection: duckdb.DuckDBPyConnection, scope: Scope | None = None) -> int:
    """How many tickets that arrived in the scope are left out of every number (merged away or discarded)."""
    scope = scope or Scope()
    over = Over(TICKETS, "arrived_at")
    query = exp.select(exp.Count(this=exp.Star()).as_("n")).from_("tickets")
    query = query.where("is_excluded", *conditions(scope, over))
    return int(run_in_scope(connection, query, scope)["n"].item())
