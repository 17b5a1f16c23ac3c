"""Days, weeks and months as groups: those without a row stand among the others, as far as data reaches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import duckdb
import polars as pl
import sqlglot
from sqlglot import exp

from etl.contract.time_zones import zone
from metrics.catalog.dimensions import local_day
from metrics.catalog.metric import Metric
from metrics.facts.relations import DIALECT
from metrics.query.run import run_query
from metrics.query.scope import Over, Scope, conditions, date_column, parameters

_LENGTHS = {"day": "1d", "week": "1w", "month": "1mo"}


def event_days(connection: duckdb.DuckDBPyConnection, time_zone: str, *by: str) -> pl.DataFrame:
    """One row, or one per group of events: `first` and `last`, the local days of its first and last event."""
    at = exp.column("occurred_at")
    ends = exp.select(*by, exp.Min(this=at).as_("first"), exp.Max(this=at.copy()).as_("last")).from_("events")
    ends = ends.group_by(*by) if by else ends
    query = exp.select(*by, local_day("first").as_("first"), local_day("last").as_("last"))
    query = query.from_(ends.subquery("ends"))
    rows = run_query(connection, query, parameters(Scope(time_zone=time_zone), query))
    return rows.filter(pl.col("first").is_not_null())


def with_empty_periods(
    connection: duckdb.DuckDBPyConnection,
    rows: pl.DataFrame,
    metrics: Sequence[Metric],
    by: Sequence[str],
    scope: Scope,
) -> pl.DataFrame:
    """The rows of metrics by day, week or month alone, and one for every period that has none.

    Where nothing is counted a count is 0, unless nobody recorded what it counts, whatever the period; all
    else is not known. Periods reach from the first to the newest event, of the sources that the scope
    chooses, within the scope. Beside other dimensions nothing is added: a group need not have been there at
    all times.
    """
    if not by:
        unrecorded = [
            metric.name
            for metric in metrics
            if metric.recorded and _has_zero(rows, metric) and not _is_recorded(connection, metric, scope)
        ]
        is_unknown = pl.col("metric").is_in(unrecorded)
        return rows.with_columns(value=pl.when(~is_unknown).then("value")) if unrecorded else rows
    period = by[0] if len(by) == 1 else ""
    if period not in _LENGTHS or not (span := _span(connection, scope)):
        return rows
    length = _LENGTHS[period]
    periods = pl.select(pl.date_range(pl.lit(span[0]).dt.truncate(length), span[1], length).alias(period))
    names = [metric.name for metric in metrics]
    counts = [metric for metric in metrics if metric.kind == "count"]
    recorded = [metric.name for metric in counts if _is_recorded(connection, metric, scope)]
    empty = (
        pl.DataFrame({"metric": names})
        .join(periods, how="cross")
        .join(rows, on=["metric", period], how="anti")
    )
    empty = empty.with_columns(
        n=pl.lit(0, pl.Int64), value=pl.when(pl.col("metric").is_in(recorded)).then(0.0)
    )
    order = pl.col("metric").replace_strict(names, range(len(names)), return_dtype=pl.Int64)
    return pl.concat([rows, empty], how="diagonal").sort(order, period, nulls_last=True)


def _has_zero(rows: pl.DataFrame, metric: Metric) -> bool:
    return not rows.filter(pl.col("metric") == metric.name, pl.col("value") == 0).is_empty()


def _is_recorded(connection: duckdb.DuckDBPyConnection, metric: Metric, scope: Scope) -> bool:
    """Whether what a count counts is recorded at all, in any period of what the scope chooses."""
    if not metric.recorded:
        return True
    always = scope.model_copy(update={"start": None, "end": None})
    over = Over(metric.fact, date_column(scope, metric.date.column))
    condition = sqlglot.parse_one(metric.recorded, dialect=DIALECT)
    query = exp.select(exp.alias_(exp.func("bool_or", condition), "is_recorded")).from_(metric.fact)
    query = query.where(exp.true(), *conditions(always, over))
    rows = run_query(connection, query, parameters(always, query), as_of=scope.as_of)
    return rows["is_recorded"].item() is not False


def _span(connection: duckdb.DuckDBPyConnection, scope: Scope) -> tuple[date, date] | None:
    """The days from the first to the newest event within the scope; None where there are none."""
    if sources := dict(scope.where).get("source"):  # the empty text stands for none
        days = event_days(connection, scope.time_zone, "source")
        days = days.filter(pl.col("source").fill_null("").is_in(sources))
    else:
        days = event_days(connection, scope.time_zone)
    if days.is_empty():
        return None
    ends = [max(days["last"]), scope.end, _day_of(scope.as_of, scope.time_zone)]
    first, last = max(min(days["first"]), scope.start or date.min), min(day for day in ends if day)
    return (first, last) if first <= last else None


def _day_of(instant: datetime | None, time_zone: str) -> date | None:
    return instant.astimezone(zone(time_zone)).date() if instant else None
