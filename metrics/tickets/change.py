"""Change over time: against another period, and week by week on a control chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

import duckdb
import polars as pl

from etl.contract.time_zones import zone
from etl.errors import InvalidRequest
from metrics.catalog import metrics as catalog
from metrics.catalog.metric import Metric
from metrics.query.measure import Cut, data_range, measure, measured_in
from metrics.query.run import warehouse_state
from metrics.query.scope import Scope
from metrics.tickets import backlog
from metrics.tickets.control_chart import ControlChart, control_chart

Against = Literal["previous", "last_year"]
_WEEK = timedelta(days=7)


def period_before(scope: Scope, against: Against = "previous") -> Scope | None:
    """The period to compare with; None where the scope's has an open end.

    `previous`: of equal length, just before. `last_year`: the same dates a year earlier (28 February for
    the 29th); for whole weeks the same weekdays, 52 weeks earlier.
    """
    if not (scope.start and scope.end):
        return None
    if against == "previous":
        return scope.previous()
    whole_weeks = scope.start.weekday() == 0 and scope.end.weekday() == 6
    start, end = (day - 52 * _WEEK if whole_weeks else _year_before(day) for day in (scope.start, scope.end))
    return scope.model_copy(update={"start": start, "end": end})


def _year_before(day: date) -> date:
    leaps = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leaps else day.day)


def is_complete(connection: duckdb.DuckDBPyConnection, scope: Scope) -> bool:
    """Whether the data covers the scope's period: it is over, and began no earlier than the first event."""
    covered, looked_at = data_range(connection, time_zone=scope.time_zone), _looked_at(connection, scope)
    if covered is None or looked_at is None:
        return False
    return (scope.start is None or scope.start >= covered[0]) and (
        scope.end is None or _end_of(scope.end, scope.time_zone) <= looked_at
    )


def _looked_at(connection: duckdb.DuckDBPyConnection, scope: Scope) -> datetime | None:
    return scope.as_of or warehouse_state(connection).newest


def _end_of(day: date, time_zone: str) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone(time_zone))


def compare(
    connection: duckdb.DuckDBPyConnection,
    metrics: Sequence[str],
    *,
    scope: Scope,
    against: Against = "previous",
) -> pl.DataFrame:
    """One row per metric: value, n, low and high now and before (`…_before`), and what changed.

    `difference` is now less before in the metric's unit, `relative` that over the value before; null where
    either is unknown. `is_complete`, `is_complete_before`: whether the data covers the whole period.

    Raises:
        InvalidRequest: the scope's period has an open end.
    """
    earlier = period_before(scope, against)
    if earlier is None:
        raise InvalidRequest("period.open")
    now, before = measured_in(
        connection, [catalog.metric(name) for name in metrics], [Cut((), scope), Cut((), earlier)]
    )
    difference = pl.col("value") - pl.col("value_before")
    return now.join(before, on="metric", how="left", suffix="_before", maintain_order="left").with_columns(
        difference=difference,
        relative=pl.when(pl.col("value_before") != 0).then(difference / pl.col("value_before")),
        is_complete=pl.lit(is_complete(connection, scope)),
        is_complete_before=pl.lit(is_complete(connection, earlier)),
    )


@dataclass(frozen=True)
class Trend:
    """A metric week by week, and whether it has changed.

    `weeks`: week, value, n, low, high, is_complete, rules (names of the patterns it is part of). Only
    complete weeks with a value are on the `chart`. `since` is the week in which the present signal began.
    """

    weeks: pl.DataFrame
    chart: ControlChart
    since: date | None

    @property
    def verdict(self) -> Literal["signal", "noise", "unknown"]:
        """Signal, noise, or unknown with fewer than six complete weeks."""
        return self.chart.verdict

    @property
    def side(self) -> Literal["higher", "lower"] | None:
        """Where the signal goes."""
        return self.chart.now[0].side if self.since else None


def trend(connection: duckdb.DuckDBPyConnection, metric: str, *, scope: Scope | None = None) -> Trend:
    """The metric's weekly values in the scope, on their control chart.

    A week is complete if it is over, and lies within the data and the scope. The backlog is taken at the
    end of each week; all else is what came about in it.
    """
    scope = scope or Scope()
    weeks = _complete(connection, _weekly(connection, catalog.metric(metric), scope), scope)
    charted = weeks.filter(pl.col("is_complete") & pl.col("value").is_not_null())
    chart = control_chart(charted["value"].to_list())
    names = charted["week"].to_list()
    rules = {
        week: sorted({p.rule for p in chart.patterns if p.first <= at <= p.last})
        for at, week in enumerate(names)
    }
    marked = weeks.with_columns(
        rules=pl.Series([rules.get(week, []) for week in weeks["week"]], dtype=pl.List(pl.String))
    )
    return Trend(marked, chart, None if chart.since is None else names[chart.since])


def _weekly(connection: duckdb.DuckDBPyConnection, metric: Metric, scope: Scope) -> pl.DataFrame:
    """Every week of the data in the scope; a count of nothing is 0."""
    if metric.name == "backlog":
        rows = backlog.series(connection, every="week", scope=scope)
        none = pl.lit(None, pl.Float64)
        return rows.select("week", value=pl.col("backlog").cast(pl.Float64), n="backlog", low=none, high=none)
    return measure(connection, [metric.name], by=["week"], scope=scope).drop("metric")


def _complete(connection: duckdb.DuckDBPyConnection, weeks: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """The weeks, told which of them the data and the scope cover from Monday to Sunday."""
    covered, looked_at = data_range(connection, time_zone=scope.time_zone), _looked_at(connection, scope)
    flags = [
        covered is not None
        and looked_at is not None
        and week >= max(scope.start or covered[0], covered[0])
        and (scope.end is None or week + _WEEK - timedelta(days=1) <= scope.end)
        and _end_of(week + timedelta(days=6), scope.time_zone) <= looked_at
        for week in weeks["week"]
    ]
    return weeks.with_columns(is_complete=pl.Series(flags, dtype=pl.Boolean))
